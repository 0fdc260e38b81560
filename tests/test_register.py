"""The register in the snapshot: a model's life, who names it, and models that look alike but stay apart."""

import csv
from pathlib import Path
from typing import Any

import pytest

from etl.catalogue import Catalogue
from etl.stage_models import Places
from tests.files import ROOT, load, periodic, query, write_file

HEAD = ["STT", "Tên mô hình", "Lĩnh vực", "Xã, phường, thị trấn", "Đơn vị chủ trì", "Năm bắt đầu", "Tình trạng"]
NAMED = ROOT / "tests" / "named_models_of_the_report.csv"


def send(folder: Path, year: int, *models: tuple[str, str, str], unit: str = "Huyện Thăng Bình") -> dict[str, Any]:
    """Load a return whose register lists models of (name, commune, status)."""
    rows = [[n, name, "Kinh tế", place, "", "", status] for n, (name, place, status) in enumerate(models, 1)]
    sheets = periodic(unit, year) | {"Biểu 03": [HEAD, *rows]}
    return load(write_file(folder / f"{unit}_{year}.xlsx", sheets), data=folder / "data")


def backward(folder: Path) -> list[tuple[Any, ...]]:
    return query(
        folder / "data", "SELECT year, sheet, cell, message FROM check_result WHERE rule = 'status_moves_forward'"
    )


# --- a model's life


def test_status_of_every_period_is_kept_with_its_cell(tmp_path: Path) -> None:
    send(tmp_path, 2021, ("Vườn mẫu", "Bình Tú", "Công nhận"))
    send(tmp_path, 2022, ("Cây xanh", "", "Đăng ký"), ("Vườn mẫu", "Bình Tú", "Khen thưởng"))

    life = query(
        tmp_path / "data",
        """
        SELECT name, told.to_year, told.status, told.source_sheet, told.source_cell
        FROM core_mo_hinh_status AS told
        JOIN core_mo_hinh USING (mo_hinh_id)
        ORDER BY ALL
        """,
    )
    assert life == [
        ("Cây xanh", 2022, "dang_ky", "Biểu 03", "B2"),
        ("Vườn mẫu", 2021, "cong_nhan", "Biểu 03", "B2"),
        ("Vườn mẫu", 2022, "khen_thuong", "Biểu 03", "B3"),
    ]


def test_superseded_register_tells_nothing_of_a_models_life(tmp_path: Path) -> None:
    send(tmp_path, 2021, ("Vườn mẫu", "Bình Tú", "Công nhận"))
    send(tmp_path, 2021, ("Vườn mẫu", "Bình Tú", "Điển hình"))

    assert query(tmp_path / "data", "SELECT status FROM core_mo_hinh_status") == [("dien_hinh",)]


@pytest.mark.parametrize(
    ("before", "after"),
    [("Dừng", "Duy trì"), ("Dừng", "Đăng ký"), ("Công nhận", "Đăng ký"), ("Nhân rộng", "Đăng ký")],
)
def test_status_that_goes_back_where_it_cannot_is_warned_about(tmp_path: Path, before: str, after: str) -> None:
    send(tmp_path, 2020, ("Vườn mẫu", "Bình Tú", before))
    send(tmp_path, 2021, ("Vườn mẫu", "Bình Tú", ""))
    answer = send(tmp_path, 2022, ("Cây xanh", "", "Đăng ký"), ("Vườn mẫu", "Bình Tú", after))

    ((year, sheet, cell, message),) = backward(tmp_path)
    assert (year, sheet, cell) == (2022, "Biểu 03", "B3")
    assert message.startswith(f"Mô hình “Vườn mẫu” đã ghi “{before}” (2020) nay lại ghi “{after}”")
    assert "status_moves_forward" in {issue["rule"] for issue in answer["files"][0]["issues"]}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Đăng ký", "Đăng ký"),
        ("Đăng ký", "Nhân rộng"),
        ("Khen thưởng", "Duy trì"),
        ("Nhân rộng", "Công nhận"),
        ("Nhân rộng", "Dừng"),
        ("Dừng", "Dừng"),
        ("Công nhận", ""),
    ],
)
def test_natural_steps_of_a_life_are_no_finding(tmp_path: Path, before: str, after: str) -> None:
    send(tmp_path, 2020, ("Vườn mẫu", "Bình Tú", before))
    send(tmp_path, 2021, ("Vườn mẫu", "Bình Tú", after))

    assert backward(tmp_path) == []


def test_models_of_one_name_in_two_communes_have_lives_of_their_own(tmp_path: Path) -> None:
    send(tmp_path, 2020, ("Vườn mẫu", "Bình Tú", "Dừng"))
    send(tmp_path, 2021, ("Vườn mẫu", "Bình An", "Đăng ký"))

    assert backward(tmp_path) == []


def test_life_begins_and_ends_where_the_check_thinks(catalogue: Catalogue) -> None:
    life = sorted((row.position, row.id) for row in catalogue.lists if row.list == "tinh_trang")

    assert [status for _, status in life] == [
        *("dang_ky", "cong_nhan", "duy_tri", "khen_thuong", "dien_hinh", "nhan_rong", "dung"),
    ]


# --- places


@pytest.mark.parametrize(
    ("commune", "sender", "place"),
    [
        ("Xã Trà Ka", "bac_tra_my", ("tra ka", "bac_tra_my")),
        ("P. Tân Thạnh", "tam_ky", ("tan thanh", "tam_ky")),
        ("Trà Ka, huyện Bắc Trà My", "lhpn", ("tra ka", "bac_tra_my")),
        ("Trà Ka", "lhpn", ("tra ka", None)),
        ("Trà Ka, Trà Giác", "lhpn", ("tra ka tra giac", None)),
        ("Xã", "tam_ky", ("xa", "tam_ky")),
        (" - ", "tam_ky", (None, "tam_ky")),
        (None, "lhpn", (None, None)),
    ],
)
def test_place_is_known_as_far_as_it_is_written(
    catalogue: Catalogue, commune: str | None, sender: str, place: tuple[str | None, str | None]
) -> None:
    assert Places(catalogue).find(commune, sender) == place


def test_commune_with_and_without_its_word_is_one_model_over_the_years(tmp_path: Path) -> None:
    send(tmp_path, 2020, ("Vườn mẫu", "Xã Bình Tú", "Công nhận"))
    send(tmp_path, 2021, ("VƯỜN MẪU", "bình tú", "Khen thưởng"))

    rows = query(tmp_path / "data", "SELECT name, status FROM core_mo_hinh WHERE NOT named_in_report")
    assert rows == [("VƯỜN MẪU", "khen_thuong")]


def test_like_models_of_two_senders_stay_two_with_equal_keys(tmp_path: Path) -> None:
    send(tmp_path, 2021, ("Vườn mẫu", "Xã Bình Tú", "Công nhận"))
    send(tmp_path, 2021, ("Vườn  mẫu", "Bình Tú, Thăng Bình", "Công nhận"), unit="Hội LHPN tỉnh")

    rows = query(
        tmp_path / "data",
        "SELECT don_vi_id, name_key, place_key, place_don_vi_id FROM core_mo_hinh WHERE NOT named_in_report ORDER BY 1",
    )
    assert rows == [(unit, "vuon mau", "binh tu", "thang_binh") for unit in ("lhpn", "thang_binh")]


# --- the models that the signed report names


def test_named_models_of_the_catalogue_are_those_of_the_report_line_by_line(catalogue: Catalogue) -> None:
    names = ("model_no", "model_name", "owner_as_written", "commune", "footnote", "district_code", "field")
    codes: dict[str | None, str | None] = {unit.don_vi_id: unit.gso_code for unit in catalogue.don_vi}
    fields = {field.linh_vuc_id: field.label.casefold().removeprefix("xây dựng ") for field in catalogue.linh_vuc}
    with NAMED.open(encoding="utf-8-sig", newline="") as stream:
        printed = [[row[name] for name in names] for row in csv.DictReader(stream)]

    held = [
        [row.model_no, row.name, row.host, row.commune, row.footnote, codes.get(row.don_vi_id), fields[row.linh_vuc_id]]
        for row in catalogue.named_models
    ]
    assert [["" if value is None else str(value) for value in row] for row in held] == printed


def test_named_models_are_in_every_snapshot_with_footnote_and_owner(tmp_path: Path) -> None:
    send(tmp_path, 2021, ("Vườn mẫu", "", "Công nhận"))

    data = tmp_path / "data"
    named = query(data, "SELECT count(*), count(DISTINCT model_no) FROM core_mo_hinh WHERE named_in_report")
    without = "SELECT count(*) FROM core_mo_hinh WHERE named_in_report <> (footnote IS NOT NULL AND host IS NOT NULL)"
    one = query(data, "SELECT footnote, host, place_key FROM core_mo_hinh WHERE model_no = 16")
    assert named == [(59, 54)]
    assert query(data, f"{without} AND named_in_report") == [(0,)]
    assert one == [(10, "của Khối Dân vận Đảng ủy xã La Dêê, huyện Nam Giang", "la dee")]
