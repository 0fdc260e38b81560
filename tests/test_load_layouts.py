"""Each layout in each file type, from the file on disk to the tables of a snapshot."""

import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from tests.files import (
    COMPILED,
    FILE_TYPES,
    LONG,
    RETROSPECTIVE,
    load,
    periodic,
    query,
    run_etl,
    statuses,
    write_file,
)
from tests.test_pages import open_page, text_of

RECOGNISED = """
    SELECT don_vi_id, year, CAST(sum(value) AS BIGINT)
    FROM core_year_value
    WHERE indicator_id = '{}'
    GROUP BY ALL
    ORDER BY ALL
"""


@pytest.mark.parametrize("suffix", [kind for kind in FILE_TYPES if kind != "csv"])
def test_periodic_return_loads_from_every_workbook_type(tmp_path: Path, suffix: str) -> None:
    answer = load(write_file(tmp_path / f"thang_binh.{suffix}", periodic()), data=tmp_path / "data")

    assert statuses(answer) == {f"thang_binh.{suffix}": "accepted"}
    assert query(tmp_path / "data", "SELECT sum(value), count(*) FROM core_value WHERE linh_vuc_id IS NOT NULL") == [
        (79, 24)
    ]
    assert query(
        tmp_path / "data", "SELECT value, source_sheet, source_cell FROM core_value WHERE indicator_id = 'tin_bai'"
    ) == [(5, "Biểu 02", "C8")]


@pytest.mark.parametrize("suffix", FILE_TYPES)
def test_retrospective_loads_a_return_for_each_year(tmp_path: Path, suffix: str) -> None:
    answer = load(write_file(tmp_path / f"hoi_cuu.{suffix}", RETROSPECTIVE), data=tmp_path / "data")

    assert [item["to_year"] for item in answer["files"][0]["returns"]] == [2021, 2022]
    assert query(tmp_path / "data", RECOGNISED.format("mo_hinh_cong_nhan")) == [
        ("thang_binh", 2021, 13),
        ("thang_binh", 2022, 14),
    ]
    assert query(tmp_path / "data", RECOGNISED.format("kiem_tra")) == [("thang_binh", 2021, 4), ("thang_binh", 2022, 5)]


@pytest.mark.parametrize("suffix", FILE_TYPES)
def test_compiled_table_loads_a_return_for_each_unit(tmp_path: Path, suffix: str) -> None:
    answer = load(write_file(tmp_path / f"tong_hop.{suffix}", COMPILED), data=tmp_path / "data")

    assert [item["don_vi_id"] for item in answer["files"][0]["returns"]] == ["tam_ky", "nong_son"]
    assert query(tmp_path / "data", RECOGNISED.format("mo_hinh_cong_nhan")) == [
        ("nong_son", 2023, 6),
        ("tam_ky", 2023, 12),
    ]
    awarded = (
        "SELECT don_vi_id, linh_vuc_id, value FROM core_value WHERE indicator_id = 'mo_hinh_khen_thuong' ORDER BY ALL"
    )
    assert query(tmp_path / "data", awarded) == [("nong_son", "chua_phan", 0), ("tam_ky", "chua_phan", 3)]


@pytest.mark.parametrize("suffix", FILE_TYPES)
def test_long_table_loads_a_figure_for_each_row(tmp_path: Path, suffix: str) -> None:
    load(write_file(tmp_path / f"so_lieu.{suffix}", LONG), data=tmp_path / "data")

    figures = (
        "SELECT don_vi_id, period_kind, indicator_id, linh_vuc_id, value, source_cell FROM core_value ORDER BY ALL"
    )
    assert query(tmp_path / "data", figures) == [
        ("hoi_an", "giai_doan", "mo_hinh_cong_nhan", "chua_phan", 501, "G4"),
        ("tam_ky", "nam", "kiem_tra", None, 6, "G3"),
        ("tam_ky", "nam", "mo_hinh_cong_nhan", "kinh_te", 1236, "G2"),
    ]


def test_merged_field_is_refused_by_name_and_cell_even_as_the_only_column(tmp_path: Path) -> None:
    rows = [["TỔNG HỢP NĂM 2018"], ["TT", "Đơn vị", "Tổng số", "Kinh tế - văn hóa xã hội"], [1, "Tam Kỳ", 10, 1]]

    answer = load(write_file(tmp_path / "a.xlsx", {"Tổng hợp": rows}), data=tmp_path / "data")

    (issue,) = answer["files"][0]["issues"]
    assert (issue["sheet"], issue["cell"]) == ("Tổng hợp", "D2")
    assert "Kinh tế - văn hóa xã hội" in issue["message"]


def test_information_sheet_under_another_name_is_found_by_its_labels(tmp_path: Path) -> None:
    sheets = periodic()
    sheets = {"THÔNG TIN1": sheets.pop("Thông tin"), **sheets}

    assert statuses(load(write_file(tmp_path / "a.xlsx", sheets), data=tmp_path / "data")) == {"a.xlsx": "accepted"}


def test_form_filled_with_openpyxl_loads(tmp_path: Path) -> None:
    form = fill(tmp_path)

    answer = load(form, data=tmp_path / "data")

    assert statuses(answer) == {form.name: "accepted_with_warnings"}
    assert [issue["rule"] for issue in answer["files"][0]["issues"]] == ["register_matches_summary"]
    assert query(tmp_path / "data", "SELECT indicator_id, value, source_cell FROM core_value ORDER BY ALL") == [
        ("kiem_tra", 12, "C8"),
        ("mo_hinh_cong_nhan", 3, "C8"),
        ("mo_hinh_cong_nhan", 1236, "C7"),
    ]
    assert query(tmp_path / "data", "SELECT name, linh_vuc_id FROM core_mo_hinh WHERE NOT named_in_report") == [
        ("Tiếng kẻng an ninh", "quoc_phong_an_ninh")
    ]


@pytest.mark.libreoffice
@pytest.mark.parametrize("suffix", ["ods", "xls", "xlsx"])
def test_form_saved_by_libreoffice_loads_the_same_figures(soffice: str, tmp_path: Path, suffix: str) -> None:
    form = fill(tmp_path)
    out = tmp_path / "saved"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    order = [soffice, profile, "--headless", "--convert-to", suffix, "--outdir", str(out), str(form)]
    subprocess.run(order, check=True, capture_output=True, timeout=180)

    load(form, data=tmp_path / "one")
    load(out / f"{form.stem}.{suffix}", data=tmp_path / "two")

    figures = "SELECT don_vi_id, to_year, indicator_id, linh_vuc_id, value, source_cell FROM core_value ORDER BY ALL"
    assert query(tmp_path / "two", figures) == query(tmp_path / "one", figures)


def test_indicator_added_as_a_row_is_loaded_from_the_form_and_offered_on_its_page(
    tmp_path: Path, repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = shutil.copytree(repo / "data" / "catalogue", tmp_path / "catalogue")
    with (catalogue / "indicators.csv").open("a", encoding="utf-8") as rows:
        rows.write("doi_thoai,Hội nghị đối thoại,Đối thoại,hội nghị,false,flow,15,Số hội nghị đối thoại.\n")
    form = tmp_path / "form.xlsx"
    run_etl("template", "--don-vi", "thang_binh", "--ky", 2023, "-o", form, data=tmp_path, catalogue=catalogue)
    book = openpyxl.load_workbook(form)
    row = next(cells[0].row for cells in book["Biểu 02"].iter_rows() if cells[0].value == "Hội nghị đối thoại")
    book["Biểu 02"].cell(row, 3, 9)
    book.save(form)

    load(form, data=tmp_path / "data", catalogue=catalogue)

    assert query(tmp_path / "data", "SELECT indicator_id, value FROM core_year_value") == [("doi_thoai", 9)]
    assert query(tmp_path / "data", "SELECT label FROM dim_indicator WHERE indicator_id = 'doi_thoai'") == [
        ("Hội nghị đối thoại",)
    ]
    monkeypatch.setenv("DVK_DATA", str(tmp_path / "data"))
    page = open_page("hoat_dong", chi_tieu="doi_thoai")
    assert "Hội nghị đối thoại" in page.selectbox(key="chi_tieu").options
    assert "Hội nghị đối thoại 9 hội nghị" in text_of(page)


def fill(folder: Path) -> Path:
    """Return a template filled with openpyxl."""
    form = folder / "thang_binh_2023.xlsx"
    run_etl("template", "--don-vi", "thang_binh", "--ky", 2023, "-o", form, data=folder)
    book = openpyxl.load_workbook(form)
    book["Biểu 01"]["C7"], book["Biểu 01"]["C8"] = "1.236", 3
    book["Biểu 02"]["C8"] = 12
    book["Biểu 03"]["B7"], book["Biểu 03"]["C7"] = "Tiếng kẻng an ninh", "Quốc phòng - an ninh"
    book.save(form)
    return form
