"""The form a unit fills in: made from the catalogue, read back by our own reader, opened by LibreOffice."""

import datetime
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from python_calamine import CalamineWorkbook

from etl.catalogue import Catalogue, load_catalogue
from etl.periods import Period
from etl.template import LISTS_SHEET, Content, write_template

YEAR_2023 = Period("nam", 2023, 2023)
TABLES = ["Biểu 01", "Biểu 02", "Biểu 03"]


@pytest.fixture(scope="module")
def empty_form(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("form") / "thang_binh_2023.xlsx"
    write_template(catalogue, catalogue.unit_by_id["thang_binh"], YEAR_2023, path)
    return path


@pytest.fixture
def form(empty_form: Path) -> Workbook:
    return openpyxl.load_workbook(empty_form)


def write_filled(catalogue: Catalogue, path: Path, content: Content, period: Period = YEAR_2023) -> Workbook:
    write_template(catalogue, catalogue.unit_by_id["thang_binh"], period, path, content)
    return openpyxl.load_workbook(path, data_only=True)


def info_of(book: Workbook) -> dict[str, object]:
    return {row[0]: row[1] for row in book["Thông tin"].iter_rows(min_row=6, max_col=2, values_only=True) if row[0]}


def rows_of(book: Workbook, sheet: str) -> list[tuple[object, ...]]:
    return list(book[sheet].iter_rows(min_row=6, values_only=True))


def test_form_has_its_sheets_and_hides_the_lists_for_good(form: Workbook) -> None:
    assert form.sheetnames == ["Thông tin", *TABLES, LISTS_SHEET]
    assert form[LISTS_SHEET].sheet_state == "veryHidden"


def test_info_sheet_names_unit_period_and_version(form: Workbook) -> None:
    info = info_of(form)

    assert info["Đơn vị báo cáo"] == "Huyện Thăng Bình"
    assert info["Kỳ báo cáo"] == "Năm"
    assert info["Năm"] == 2023
    assert info["Phiên bản biểu mẫu"] == 1
    assert info["Ngày chốt số liệu"] is None


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        (Period("6_thang", 2023, 2023), {"Kỳ báo cáo": "6 tháng đầu năm", "Năm": 2023}),
        (Period("giai_doan", 2009, 2024), {"Kỳ báo cáo": "Giai đoạn", "Từ năm": 2009, "Đến năm": 2024}),
    ],
)
def test_info_sheet_states_other_periods(
    catalogue: Catalogue, tmp_path: Path, period: Period, expected: dict[str, object]
) -> None:
    info = info_of(write_filled(catalogue, tmp_path / "form.xlsx", Content(), period))

    assert expected.items() <= info.items()


def test_models_table_follows_catalogue(form: Workbook, catalogue: Catalogue) -> None:
    rows = rows_of(form, "Biểu 01")

    assert rows[0] == ("Lĩnh vực", "Đăng ký", "Công nhận", "Duy trì", "Nhân rộng", "Khen thưởng", "Dừng")
    assert [row[0] for row in rows[1:]] == [*(item.label for item in catalogue.linh_vuc), "Tổng cộng"]


def test_activities_table_follows_catalogue(form: Workbook, catalogue: Catalogue) -> None:
    rows = rows_of(form, "Biểu 02")

    assert rows[0] == ("Chỉ tiêu", "Đơn vị tính", "Số lượng", "Ghi chú")
    assert [row[:2] for row in rows[1:]] == [
        (item.label, item.unit_label) for item in catalogue.indicators if not item.by_linh_vuc
    ]


def test_register_has_the_contract_headings(form: Workbook) -> None:
    assert " | ".join(map(str, rows_of(form, "Biểu 03")[0])) == (
        "STT | Tên mô hình | Lĩnh vực | Xã, phường, thị trấn | Đơn vị chủ trì | Loại | Năm bắt đầu | Tình trạng | "
        "Cấp khen thưởng | Chủ đề | Địa bàn đặc thù | Ghi chú"
    )


def test_title_blocks_name_commission_unit_and_period(form: Workbook) -> None:
    for sheet in ["Thông tin", *TABLES]:
        assert form[sheet]["A1"].value == "BAN DÂN VẬN TỈNH ỦY QUẢNG NAM"
        assert form[sheet]["A3"].value == "Huyện Thăng Bình - năm 2023"


def test_form_holds_no_formula_that_another_program_could_save_without_its_result(empty_form: Path) -> None:
    with zipfile.ZipFile(empty_form) as parts:
        cells = [parts.read(name).decode() for name in parts.namelist() if "worksheets/sheet" in name]

    assert not any("<f>" in xml for xml in cells)


def test_typed_total_that_disagrees_turns_red(form: Workbook) -> None:
    rules = form["Biểu 01"].conditional_formatting
    formulas = {rule.formula[0] for group in rules for rule in group.rules}

    assert 'AND(C13<>"",COUNT(C7:C12)>0,C13<>SUM(C7:C12))' in formulas


def test_empty_form_reads_back_without_any_figure(empty_form: Path) -> None:
    book = CalamineWorkbook.from_path(empty_form)
    models = book.get_sheet_by_name("Biểu 01").to_python(skip_empty_area=False)
    activities = book.get_sheet_by_name("Biểu 02").to_python(skip_empty_area=False)

    assert {cell for row in models[6:] for cell in row[1:]} == {""}
    assert {row[2] for row in activities[6:]} == {""}


def test_totals_carry_the_sum_of_the_figures(catalogue: Catalogue, tmp_path: Path) -> None:
    values = {("mo_hinh_cong_nhan", "kinh_te"): 1200, ("mo_hinh_cong_nhan", "chua_phan"): 36, ("kiem_tra", None): 0}

    book = write_filled(catalogue, tmp_path / "form.xlsx", Content(values=values))

    assert rows_of(book, "Biểu 01")[7] == ("Tổng cộng", None, 1236, None, None, None, None)
    assert rows_of(book, "Biểu 02")[2][:3] == ("Kiểm tra, đánh giá", "cuộc", 0)


def test_every_drop_down_has_a_named_range_with_entries(form: Workbook) -> None:
    listed = {
        rule.formula1.removeprefix("=")
        for sheet in ["Thông tin", *TABLES]
        for rule in form[sheet].data_validations.dataValidation
        if rule.type == "list"
    }

    assert len(listed) == 8
    for name in listed:
        sheet, cells = next(form.defined_names[name].destinations)
        assert all(cell.value for row in form[sheet][cells.replace("$", "")] for cell in row)


def test_validations_speak_vietnamese_within_the_lengths_excel_takes(form: Workbook) -> None:
    rules = [rule for sheet in ["Thông tin", *TABLES] for rule in form[sheet].data_validations.dataValidation]

    assert all(len(rule.promptTitle) <= 32 and len(rule.errorTitle) <= 32 for rule in rules)
    assert all(len(rule.prompt) <= 255 and len(rule.error) <= 255 for rule in rules)
    assert any("từ 0 đến 100.000" in rule.error for rule in rules)


def test_every_figure_cell_takes_whole_numbers_up_to_catalogue_limit(form: Workbook, catalogue: Catalogue) -> None:
    limit = str(int(catalogue.threshold("cell_max")))
    for sheet, cells in (("Biểu 01", "B7:G12"), ("Biểu 02", "C7:C14")):
        rules = [r for r in form[sheet].data_validations.dataValidation if r.type == "whole"]
        for row in form[sheet][cells]:
            for cell in row:
                matching = [rule for rule in rules if cell.coordinate in rule.sqref]
                assert [(rule.formula1, rule.formula2) for rule in matching] == [("0", limit)]


def test_only_cells_to_fill_are_unlocked(form: Workbook) -> None:
    assert all(form[sheet].protection.sheet and not form[sheet].protection.password for sheet in TABLES)
    for sheet, locked, unlocked in (
        ("Thông tin", ["A6", "B6", "B7", "B8"], ["B9", "B10", "B11", "B12", "B13"]),
        ("Biểu 01", ["A1", "A7", "B6", "A13"], ["B7", "G13"]),
        ("Biểu 02", ["A7", "B7", "C6"], ["C7", "C14", "D7"]),
        ("Biểu 03", ["A6", "B6"], ["A7", "B7", "L31"]),
    ):
        assert all(form[sheet][cell].protection.locked for cell in locked)
        assert not any(form[sheet][cell].protection.locked for cell in unlocked)


def test_form_prints_on_a4_landscape_under_a_frozen_heading(form: Workbook) -> None:
    for sheet in TABLES:
        assert (form[sheet].page_setup.paperSize, form[sheet].page_setup.orientation) == (9, "landscape")
        assert form[sheet].freeze_panes in ("B7", "C7")
        assert form[sheet]["A6"].font.name == "Times New Roman"


def test_form_filled_with_openpyxl_keeps_its_rules(empty_form: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(empty_form)
    before = {name: len(book[name].data_validations.dataValidation) for name in ["Thông tin", *TABLES]}
    book["Biểu 01"]["B7"] = 12
    book.save(tmp_path / "filled.xlsx")

    again = openpyxl.load_workbook(tmp_path / "filled.xlsx")

    assert {name: len(again[name].data_validations.dataValidation) for name in before} == before
    assert "ds_linh_vuc" in again.defined_names
    assert again[LISTS_SHEET].sheet_state == "veryHidden"


def test_register_shows_the_labels_of_the_lists(catalogue: Catalogue, tmp_path: Path) -> None:
    model = {"name": "Tiếng kẻng an ninh", "linh_vuc": "quoc_phong_an_ninh", "kind": "tap_the", "start_year": 2023}

    book = write_filled(catalogue, tmp_path / "form.xlsx", Content(models=[model]))

    assert rows_of(book, "Biểu 03")[1][:7] == (
        1,
        "Tiếng kẻng an ninh",
        "Quốc phòng - an ninh",
        None,
        None,
        "Tập thể",
        2023,
    )


def test_text_that_looks_like_a_formula_stays_text(catalogue: Catalogue, tmp_path: Path) -> None:
    write_filled(catalogue, tmp_path / "form.xlsx", Content(models=[{"name": '=HYPERLINK("http://a")'}]))

    cell = openpyxl.load_workbook(tmp_path / "form.xlsx")["Biểu 03"]["B7"]

    assert cell.data_type == "s"


def test_dates_and_the_mark_of_nothing_to_report_stand_on_the_info_sheet(catalogue: Catalogue, tmp_path: Path) -> None:
    content = Content(as_of_on=datetime.date(2023, 12, 1), sent_on=datetime.date(2023, 12, 8), not_arising=True)

    info = info_of(write_filled(catalogue, tmp_path / "form.xlsx", content))

    assert info["Ngày chốt số liệu"] == datetime.datetime(2023, 12, 1)
    assert info["Ngày gửi"] == datetime.datetime(2023, 12, 8)
    assert info["Không phát sinh"] == "x"


def test_simulated_form_says_so_on_every_sheet_and_in_its_properties(catalogue: Catalogue, tmp_path: Path) -> None:
    book = write_filled(catalogue, tmp_path / "form.xlsx", Content(simulated=True))

    assert [book[sheet]["A5"].value for sheet in ["Thông tin", *TABLES]] == ["DỮ LIỆU MÔ PHỎNG"] * 4
    assert info_of(book)["Dữ liệu mô phỏng"] == "x"
    assert book.properties.description == "DỮ LIỆU MÔ PHỎNG"


def test_real_form_never_mentions_simulation(empty_form: Path) -> None:
    with zipfile.ZipFile(empty_form) as parts:
        text = "".join(parts.read(name).decode() for name in parts.namelist()).lower()

    assert "mô phỏng" not in text


def test_indicator_added_to_catalogue_is_on_the_form(catalogue: Catalogue, tmp_path: Path) -> None:
    shutil.copytree(catalogue.folder, tmp_path / "catalogue")
    with (tmp_path / "catalogue" / "indicators.csv").open("a", encoding="utf-8") as rows:
        rows.write("mo_hinh_so,Mô hình chuyển đổi số,Chuyển đổi số,mô hình,true,flow,15,Mô hình chuyển đổi số.\n")
        rows.write("lop_hoc,Lớp tập huấn,Tập huấn,lớp,false,flow,16,Số lớp tập huấn trong kỳ.\n")

    book = write_filled(load_catalogue(tmp_path / "catalogue"), tmp_path / "form.xlsx", Content())

    assert rows_of(book, "Biểu 01")[0][-1] == "Chuyển đổi số"
    assert rows_of(book, "Biểu 02")[-1][:2] == ("Lớp tập huấn", "lớp")


def test_same_form_has_the_same_bytes(catalogue: Catalogue, empty_form: Path, tmp_path: Path) -> None:
    write_template(catalogue, catalogue.unit_by_id["thang_binh"], YEAR_2023, tmp_path / "again.xlsx")

    assert (tmp_path / "again.xlsx").read_bytes() == empty_form.read_bytes()


@pytest.mark.libreoffice
def test_form_saved_by_libreoffice_keeps_rules_and_blank_totals(soffice: str, empty_form: Path, tmp_path: Path) -> None:
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    order = [soffice, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path), str(empty_form)]
    subprocess.run(order, check=True, capture_output=True, timeout=120)

    saved = tmp_path / empty_form.name
    book = openpyxl.load_workbook(saved)
    models = CalamineWorkbook.from_path(saved).get_sheet_by_name("Biểu 01").to_python(skip_empty_area=False)

    assert all(book[sheet].data_validations.dataValidation for sheet in ["Thông tin", *TABLES])
    assert {cell for row in models[6:13] for cell in row[1:7]} == {""}
