"""What the catalogue knows of places: whom the signed report names for what, and official borders if any."""

import csv
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from etl.build import build, open_read_only
from etl.catalogue import Catalogue, load_catalogue
from etl.catalogue_checks import CatalogueError
from etl.store import Store

SQUARE = [[108.0, 15.5], [108.2, 15.5], [108.2, 15.7], [108.0, 15.7], [108.0, 15.5]]
REFERENCE = Path(__file__).resolve().parents[2] / "shared" / "reference" / "district_mentions.csv"


@pytest.fixture
def folder(repo: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(repo / "data" / "catalogue", tmp_path / "catalogue"))


def polygon(unit: str, ring: Any = SQUARE) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"don_vi_id": unit},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def draw(folder: Path, *features: Any) -> None:
    content = {"type": "FeatureCollection", "features": list(features)}
    (folder / "dia_gioi.geojson").write_text(json.dumps(content), encoding="utf-8")


def complaint(folder: Path) -> str:
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(folder)
    return str(caught.value)


def test_each_footnote_as_printed_names_just_the_units_that_the_rows_name(catalogue: Catalogue) -> None:
    districts = {unit.label: unit.don_vi_id for unit in catalogue.don_vi if unit.is_district}
    for action in catalogue.leadership_actions:
        named = {row.don_vi_id for row in catalogue.leadership_mentions if row.action_id == action.action_id}

        assert named == {unit for label, unit in districts.items() if re.search(rf"\b{label}\b", action.printed)}
    assert [action.footnote for action in catalogue.leadership_actions] == [5, 6, 7, 8]
    assert len(catalogue.leadership_mentions) == 7 + 5 + 5 + 6


@pytest.mark.skipif(not REFERENCE.is_file(), reason="the reference folder is not here")
def test_mentions_are_those_that_were_found_in_the_report(catalogue: Catalogue) -> None:
    units = {unit.gso_code: unit.don_vi_id for unit in catalogue.don_vi}
    with REFERENCE.open(encoding="utf-8") as stream:
        found = [row for row in csv.DictReader(stream) if row["footnote"] in ("5", "6", "7", "8")]
    footnotes = {action.action_id: str(action.footnote) for action in catalogue.leadership_actions}

    assert {(footnotes[row.action_id], row.don_vi_id) for row in catalogue.leadership_mentions} == {
        (row["footnote"], units[row["code"]]) for row in found
    }


def test_a_mention_of_an_unknown_unit_or_action_stops_with_file_and_line(folder: Path) -> None:
    with (folder / "leadership_mentions.csv").open("a", encoding="utf-8") as stream:
        stream.write("ban_chi_dao,hue\n")

    assert complaint(folder) == "leadership_mentions.csv, dòng 25: don_vi_id = 'hue' không có trong danh mục"
    text = (folder / "leadership_mentions.csv").read_text(encoding="utf-8").replace("ban_chi_dao,hue", "hop,tam_ky")
    (folder / "leadership_mentions.csv").write_text(text, encoding="utf-8")
    assert complaint(folder) == "leadership_mentions.csv, dòng 25: action_id = 'hop' không có trong danh mục"


def test_a_province_does_without_the_files_that_only_some_have(folder: Path) -> None:
    for name in ("leadership_actions", "leadership_mentions", "typical_models", "flag_bench"):
        (folder / f"{name}.csv").unlink()

    found = load_catalogue(folder)

    assert (found.leadership_mentions, found.typical_models, found.flag_bench, found.geometry) == ([], [], [], [])


def test_borders_reach_the_snapshot_as_they_were_written(folder: Path, tmp_path: Path) -> None:
    hole = [[108.05, 15.55], [108.05, 15.6], [108.1, 15.6], [108.05, 15.55]]
    island = {"type": "MultiPolygon", "coordinates": [[SQUARE, hole], [[[x + 1, y, 12.5] for x, y in SQUARE]]]}
    draw(folder, polygon("tam_ky"), {**polygon("hoi_an"), "geometry": island})
    store = Store(tmp_path / "store")

    build(tmp_path / "thu.duckdb", store, load_catalogue(folder))

    with open_read_only(tmp_path / "thu.duckdb") as connection:
        rows = dict(connection.execute("SELECT don_vi_id, geojson FROM dim_geometry").fetchall())
    assert {unit: json.loads(text) for unit, text in rows.items()} == {
        "tam_ky": polygon("tam_ky")["geometry"],
        "hoi_an": island,
    }


def test_borders_make_another_snapshot_of_the_same_returns(folder: Path, tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    without = build(tmp_path / "a.duckdb", store, load_catalogue(folder))
    draw(folder, polygon("tam_ky"))

    assert build(tmp_path / "b.duckdb", store, load_catalogue(folder))[-8:] != without[-8:]


@pytest.mark.parametrize(
    ("features", "problem"),
    [
        ([polygon("hue")], "vùng thứ 1: don_vi_id = 'hue' không có trong danh mục"),
        ([polygon("tam_ky"), {"type": "Feature"}], "vùng thứ 2: don_vi_id = None không có trong danh mục"),
        (["tam_ky"], "vùng thứ 1: don_vi_id = None không có trong danh mục"),
        ([polygon("tam_ky"), polygon("tam_ky")], "vùng thứ 2: don_vi_id = 'tam_ky' đã có ở một vùng trên"),
        ([polygon("tam_ky", SQUARE[:-1])], "vùng thứ 1 (tam_ky): geometry phải là Polygon hoặc MultiPolygon"),
        ([polygon("tam_ky", [[550_000, y] for _, y in SQUARE])], "vùng thứ 1 (tam_ky): geometry phải là Polygon"),
        ([polygon("tam_ky", [[float("nan"), y] for _, y in SQUARE])], "vùng thứ 1 (tam_ky): geometry phải là"),
        ([{**polygon("tam_ky"), "geometry": {"type": "Point", "coordinates": [108, 15]}}], "vùng thứ 1 (tam_ky)"),
        ([{**polygon("tam_ky"), "geometry": None}], "vùng thứ 1 (tam_ky)"),
    ],
)
def test_borders_that_cannot_be_drawn_stop_with_the_file_named(folder: Path, features: list[Any], problem: str) -> None:
    draw(folder, *features)

    assert complaint(folder).startswith(f"dia_gioi.geojson, {problem}")


@pytest.mark.parametrize("text", ["{", "[]", '{"type": "FeatureCollection"}', "\x00", '"features"'])
def test_a_file_that_holds_no_features_stops_with_its_name(folder: Path, text: str) -> None:
    (folder / "dia_gioi.geojson").write_text(text, encoding="utf-8")

    assert complaint(folder).startswith("dia_gioi.geojson: ")
