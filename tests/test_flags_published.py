"""What the flags say before the first return comes: the signed report's totals are all there is."""

import json

import duckdb
import pytest

from etl.build import build
from etl.catalogue import Catalogue
from etl.store import Store

Rows = list[tuple[str, str, str | None, str | None, str, str]]


@pytest.fixture(scope="module")
def flags(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Rows:
    """Return (rule, level, don_vi_id, linh_vuc_id, statement, evidence) of a snapshot without any return."""
    folder = tmp_path_factory.mktemp("published")
    path = folder / "snapshot.duckdb"
    build(path, Store(folder / "store"), catalogue)
    with duckdb.connect(str(path), read_only=True) as connection:
        query = "SELECT rule, level, don_vi_id, linh_vuc_id, statement, CAST(evidence AS VARCHAR) FROM flag"
        return connection.execute(query).fetchall()


def of(flags: Rows, rule: str) -> Rows:
    return [row for row in flags if row[0] == rule]


def test_the_political_system_is_a_warning_and_defence_is_watched(flags: Rows) -> None:
    assert {(field, level) for _, level, _, field, _, _ in of(flags, "F1")} == {
        ("he_thong_chinh_tri", "canh_bao"),
        ("quoc_phong_an_ninh", "theo_doi"),
    }


def test_the_fields_miss_seven_of_the_total_and_nineteen_typical_models_are_twenty_elsewhere(flags: Rows) -> None:
    found = {
        level: (unit, statement, json.loads(evidence)) for _, level, unit, _, statement, evidence in of(flags, "F11")
    }

    assert set(found) == {"theo_doi", "canh_bao"}
    assert "thiếu 7, bằng 0,11%" in found["theo_doi"][1]
    assert found["theo_doi"][2]["gap"] == -7
    assert "ghi 19" in found["canh_bao"][1]
    assert "ghi 20" in found["canh_bao"][1]
    assert {unit for unit, _, _ in found.values()} == {None}


def test_every_district_rule_is_one_grey_row_and_nothing_else_is_flagged(flags: Rows) -> None:
    rest = [row for row in flags if row[0] not in ("F1", "F11")]

    assert [(rule, level, unit) for rule, level, unit, _, _, _ in rest] == [
        (f"F{number}", "chua_du_so_lieu", None) for number in (2, 3, 4, 5, 6, 7, 8, 9, 10, 12)
    ]
