"""Corrections: the sender's own file with its cells marked, and what comes of loading it again."""

import shutil
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from etl.catalogue import Catalogue
from etl.correction import write, write_correction
from etl.correction.what import NothingFound, find
from etl.examining import examine
from etl.issues import Issue, Level
from etl.periods import Period
from etl.reading import read_workbook
from etl.settings import Settings
from etl.template import Content, write_template
from tests.cases import FOLDER, Case, make_file, read_case
from tests.files import LONG, load, periodic, run_etl, through_libreoffice, write_file

RED, AMBER = "FFF8B4B4", "FFFFE08A"
CASES = [read_case(path) for path in sorted(FOLDER.glob("*.toml"))[::6]]  # each kind is a few neighbours
SHEETS = ["Cần sửa", "Thông tin", "Biểu 01", "Biểu 02", "Biểu 03", "_danh_muc"]
MODEL = {"name": "Tiếng kẻng an ninh", "linh_vuc": "quoc_phong_an_ninh", "status": "duy_tri", "start_year": 2021}
# What is typed wrongly into the form, and what the sender meant.
WRONG = {
    ("Thông tin", "B6"): (None, "Huyện Thăng Bình"),
    ("Biểu 01", "A8"): ("Văn hóa và quốc phòng", "Văn hóa - xã hội"),
    ("Biểu 01", "B7"): ("1.23", 123),
    ("Biểu 02", "C7"): ("hơn 100", 100),
    ("Biểu 02", "C8"): (-5, 5),
    ("Biểu 03", "C7"): ("Nông nghiệp", "Kinh tế"),
}


def examined(path: Path, catalogue: Catalogue) -> Any:
    return examine(path, path.name, catalogue.folder)


def corrected(path: Path, output: Path, catalogue: Catalogue) -> Any:
    """Write the correction of a file and return it as openpyxl reads it."""
    write_correction(path, path.name, examined(path, catalogue).issues, output, catalogue.layouts)
    return openpyxl.load_workbook(output)


def coloured(book: Any, colour: str) -> set[tuple[str, str]]:
    """Return the sender's cells that are filled with a colour of the correction."""
    return {
        (sheet.title, cell.coordinate)
        for sheet in book.worksheets
        if sheet.title != "Cần sửa"
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fill_type == "solid" and cell.fill.fgColor.rgb == colour
    }


def listed(book: Any) -> list[tuple[Any, ...]]:
    """Return level, sheet, cell and text of the correction's list."""
    rows = list(book["Cần sửa"].iter_rows(values_only=True))
    return [row[1:5] for row in rows if str(row[0] or "").isdecimal()]


@pytest.fixture
def bad(catalogue: Catalogue, tmp_path: Path) -> Path:
    """A form of our own, filled and then spoilt on every sheet."""
    values = {("mo_hinh_dang_ky", field): 3 for field in ("kinh_te", "van_hoa_xa_hoi", "he_thong_chinh_tri")}
    path = tmp_path / "thang_binh_2023.xlsx"
    content = Content(values=values, models=[MODEL, {**MODEL, "name": "=HYPERLINK(1)"}])
    write_template(catalogue, catalogue.unit_by_id["thang_binh"], Period("nam", 2023, 2023), path, content)
    book = openpyxl.load_workbook(path)
    for (sheet, cell), (wrong, _) in WRONG.items():
        book[sheet][cell] = wrong
    for sheet in SHEETS[1:5]:  # the titles would tell the unit
        book[sheet]["A3"] = None
    book.save(path)
    return path


def fix(book: Any, red: set[tuple[str, str]]) -> None:
    """Correct what is wrong, every bit of it in a cell marked as an error."""
    for (sheet, cell), (_, right) in WRONG.items():
        assert (sheet, cell) in red
        book[sheet][cell] = right


def test_every_offending_cell_is_red_and_says_what_to_do(bad: Path, catalogue: Catalogue, tmp_path: Path) -> None:
    book = corrected(bad, tmp_path / "sua.xlsx", catalogue)

    assert coloured(book, RED) >= WRONG.keys()
    assert "Đọc được “hơn 100”" in book["Biểu 02"]["C7"].comment.text
    assert book["Biểu 02"]["C7"].comment.text.startswith("Lỗi, phải sửa: ")
    assert not any(book[sheet][cell].protection.locked for sheet, cell in coloured(book, RED))
    assert book["Biểu 01"]["C6"].protection.locked


def test_bad_file_corrected_in_its_marked_cells_is_accepted(bad: Path, catalogue: Catalogue, tmp_path: Path) -> None:
    book = corrected(bad, tmp_path / "sua.xlsx", catalogue)
    fix(book, coloured(book, RED))
    book.save(tmp_path / "sua.xlsx")

    answer = load(tmp_path / "sua.xlsx", data=tmp_path / "data")

    assert answer["files"][0]["status"] in ("accepted", "accepted_with_warnings")
    assert [issue["rule"] for issue in answer["files"][0]["issues"]].count("trang_can_sua") == 1
    figures = {item.cell: item.value for item in examined(tmp_path / "sua.xlsx", catalogue).returns[0].figures}
    assert (figures["B7"], figures["C7"], figures["C8"]) == (123, 100, 5)


@pytest.mark.libreoffice
def test_correction_edited_in_libreoffice_keeps_its_rules_and_is_accepted(
    soffice: str, bad: Path, catalogue: Catalogue, tmp_path: Path
) -> None:
    corrected(bad, tmp_path / "sua.xlsx", catalogue)
    book = openpyxl.load_workbook(through_libreoffice(soffice, tmp_path / "sua.xlsx", tmp_path))
    rules = [rule for sheet in SHEETS[1:5] for rule in book[sheet].data_validations.dataValidation]
    fix(book, coloured(book, RED))
    book.save(tmp_path / "sua.xlsx")

    answer = load(tmp_path / "sua.xlsx", data=tmp_path / "data")

    assert answer["files"][0]["status"] in ("accepted", "accepted_with_warnings")
    assert any(rule.type == "list" and rule.formula1.removeprefix("=") == "ds_linh_vuc" for rule in rules)
    assert any("Chỉ nhập số nguyên từ 0" in (rule.error or "") for rule in rules)
    assert "Đọc được “hơn 100”" in book["Biểu 02"]["C7"].comment.text
    assert all(book[sheet].protection.sheet for sheet in SHEETS[1:5])
    assert "ds_linh_vuc" in book.defined_names


def test_everything_else_of_the_form_survives(bad: Path, catalogue: Catalogue, tmp_path: Path) -> None:
    before, after = openpyxl.load_workbook(bad), corrected(bad, tmp_path / "sua.xlsx", catalogue)

    assert after.sheetnames == SHEETS
    assert after.defined_names.keys() == before.defined_names.keys()
    for name in SHEETS[1:]:
        old, new = before[name], after[name]
        assert new.sheet_state == old.sheet_state
        assert new.protection.sheet == old.protection.sheet
        assert {k: d.width for k, d in new.column_dimensions.items()} == {
            k: d.width for k, d in old.column_dimensions.items()
        }
        assert [(r.sqref, r.formula1, r.prompt, r.error) for r in new.data_validations.dataValidation] == [
            (r.sqref, r.formula1, r.prompt, r.error) for r in old.data_validations.dataValidation
        ]
        assert str(new.merged_cells.ranges) == str(old.merged_cells.ranges)
        assert len(new.conditional_formatting) == len(old.conditional_formatting)
        values = [[cell.value for cell in row] for row in old.iter_rows()]
        assert [[cell.value for cell in row] for row in new.iter_rows(max_row=old.max_row)] == values


def test_drop_down_on_another_sheet_as_excel_keeps_it_survives(catalogue: Catalogue, tmp_path: Path) -> None:
    extension = (
        '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" '
        'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"><x14:dataValidations count="1" '
        'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:dataValidation type="list" allowBlank="1" '
        'showErrorMessage="1" errorTitle="Sai" error="Chọn trong danh sách."><x14:formula1><xm:f>\'Biểu 02\'!$A$2:$A$9'
        "</xm:f></x14:formula1><xm:sqref>B1:B2</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst>"
    )
    plain = write_file(tmp_path / "plain.xlsx", periodic(unit="Trà My"))
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as new:
        for name in old.namelist():
            content = old.read(name).decode()
            is_first = name == "xl/worksheets/sheet1.xml"
            new.writestr(name, content.replace("</worksheet>", f"{extension}</worksheet>") if is_first else content)

    (rule,) = corrected(tmp_path / "a.xlsx", tmp_path / "sua.xlsx", catalogue)[
        "Thông tin"
    ].data_validations.dataValidation

    assert (str(rule.sqref), rule.formula1) == ("B1:B2", "'Biểu 02'!$A$2:$A$9")
    assert (rule.type, rule.error, rule.showErrorMessage) == ("list", "Chọn trong danh sách.", True)


def test_list_comes_first_and_links_to_each_cell(bad: Path, catalogue: Catalogue, tmp_path: Path) -> None:
    book = corrected(bad, tmp_path / "sua.xlsx", catalogue)
    page = book["Cần sửa"]
    links = {link.location for row in page.iter_rows() for cell in row if (link := cell.hyperlink)}

    assert book.sheetnames[0] == "Cần sửa" and book.active.title == "Cần sửa"
    assert [sheet.title for sheet in book.worksheets if sheet.sheet_view.tabSelected] in (["Cần sửa"], [])
    assert {"'Biểu 02'!C7", "'Biểu 03'!C7"} <= links
    assert ("Lỗi, phải sửa", "Biểu 01", "A8") in [row[:3] for row in listed(book)]
    assert page["A1"].value == "NHỮNG CHỖ CẦN SỬA TRONG TỆP NÀY"
    assert any("lỗi phải sửa" in str(page.cell(row, 1).value) for row in range(1, 6))


def test_warnings_are_amber_and_notes_are_only_listed(catalogue: Catalogue, tmp_path: Path) -> None:
    path = write_file(tmp_path / "a.xlsx", periodic())
    issues = [
        Issue("a", Level.CANH_BAO, "Tổng lệch", "Biểu 01", "B6"),
        Issue("b", Level.GHI_CHU, "Chỉ để biết", "Biểu 01", "C6"),
    ]

    write_correction(path, "a.xlsx", issues, tmp_path / "sua.xlsx", catalogue.layouts)
    book = openpyxl.load_workbook(tmp_path / "sua.xlsx")

    assert coloured(book, AMBER) == {("Biểu 01", "B6")}
    assert book["Biểu 01"]["C6"].comment is None
    assert [row[:3] for row in listed(book)] == [("Nên xem lại", "Biểu 01", "B6"), ("Ghi chú", "Biểu 01", "C6")]


def test_issues_of_one_cell_share_a_comment_with_what_its_sender_wrote(catalogue: Catalogue, tmp_path: Path) -> None:
    path = write_file(tmp_path / "a.xlsx", periodic())
    book = openpyxl.load_workbook(path)
    book["Biểu 01"]["B2"].comment = openpyxl.comments.Comment("hỏi lại xã", "cán bộ")
    book.save(path)
    issues = [
        Issue("a", Level.CANH_BAO, "Nên xem.", "Biểu 01", "B2"),
        Issue("b", Level.LOI, "Phải sửa.", "Biểu 01", "B2"),
    ]

    write_correction(path, "a.xlsx", issues, tmp_path / "sua.xlsx", catalogue.layouts)
    cell = openpyxl.load_workbook(tmp_path / "sua.xlsx")["Biểu 01"]["B2"]

    assert all(text in cell.comment.text for text in ("Nên xem.", "Phải sửa.", "hỏi lại xã"))
    assert cell.fill.fgColor.rgb == RED


def test_issue_in_a_merged_range_marks_its_first_cell(catalogue: Catalogue, tmp_path: Path) -> None:
    path = write_file(tmp_path / "a.xlsx", periodic())
    book = openpyxl.load_workbook(path)
    book["Thông tin"].merge_cells("B1:D2")
    book.save(path)

    issues = [Issue("a", Level.LOI, "Sai.", "Thông tin", "C2")]
    write_correction(path, "a.xlsx", issues, tmp_path / "sua.xlsx", catalogue.layouts)

    assert coloured(openpyxl.load_workbook(tmp_path / "sua.xlsx"), RED) == {("Thông tin", "B1")}


@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_figures_under_a_merged_cell_are_still_there(catalogue: Catalogue, tmp_path: Path, suffix: str) -> None:
    plain = write_file(tmp_path / f"plain.{suffix}", periodic(unit="Trà My"))
    changes = {
        "xl/worksheets/sheet2.xml": ("</sheetData>", '</sheetData><mergeCells><mergeCell ref="B2:C3"/></mergeCells>'),
        "content.xml": (
            '<table:table-cell office:value-type="float" office:value="5">',
            '<table:table-cell table:number-rows-spanned="2" table:number-columns-spanned="2" '
            'office:value-type="float" office:value="5">',
        ),
    }
    path = tmp_path / f"a.{suffix}"
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            was, now = changes.get(name, ("", ""))
            new.writestr(name, old.read(name).decode().replace(was, now, 1))

    corrected(path, tmp_path / "sua.xlsx", catalogue)
    before, after = read_workbook(path, path.name), read_workbook(tmp_path / "sua.xlsx", "sua.xlsx")

    assert [sheet.cells for sheet in after.sheets[1:]] == [sheet.cells for sheet in before.sheets]


def test_issue_without_a_place_in_the_file_is_only_listed(catalogue: Catalogue, tmp_path: Path) -> None:
    path = write_file(tmp_path / "a.xlsx", periodic())
    places = [("", ""), ("Biểu 09", "A1"), ("Biểu 01", "XFE1"), ("Biểu 01", "A1048577"), ("Biểu 01", "B2:C3")]
    issues = [Issue("a", Level.LOI, f"Lỗi {number}.", *place) for number, place in enumerate(places)]

    write_correction(path, "a.xlsx", issues, tmp_path / "sua.xlsx", catalogue.layouts)
    book = openpyxl.load_workbook(tmp_path / "sua.xlsx")

    assert coloured(book, RED) == set()
    assert [row[3] for row in listed(book)] == [f"Lỗi {number}." for number in range(5)]


@pytest.mark.parametrize("text", ["=1+1", "+84", "-a", "@SUM(A1)", "\tx", "'x", "=cmd|' /C calc'!A1", "a\x0bb\ud800c"])
def test_hostile_text_is_listed_as_text(catalogue: Catalogue, tmp_path: Path, text: str) -> None:
    path = write_file(tmp_path / "a.csv", {"": [[text.replace("\ud800", ""), 1]]})
    issues = [Issue("a", Level.LOI, text, "a.csv", "A1"), Issue("b", Level.LOI, "x", text, text)]

    write_correction(path, text, issues, tmp_path / "sua.xlsx", catalogue.layouts)
    book = openpyxl.load_workbook(tmp_path / "sua.xlsx")
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]

    assert {cell.data_type for cell in cells if cell.value != 1 and cell.value != 2} == {"s"}
    assert any(row[3] == text.replace("\x0b", " ").replace("\ud800", " ").replace("\t", " ") for row in listed(book))


@pytest.mark.parametrize("suffix", ["xls", "ods", "xlsm"])
def test_other_types_become_xlsx_with_every_value_in_its_cell(
    catalogue: Catalogue, tmp_path: Path, suffix: str
) -> None:
    sheets = periodic()
    sheets["Biểu 01"][1][1], sheets["Biểu 02"][2][2] = "12*", "0016"
    path = write_file(tmp_path / f"a.{suffix}", sheets)

    book = corrected(path, tmp_path / "sua.xlsx", catalogue)
    again = read_workbook(tmp_path / "sua.xlsx", "sua.xlsx").sheets[1:]

    assert [(sheet.name, sheet.cells) for sheet in again] == [
        (sheet.name, sheet.cells) for sheet in read_workbook(path, path.name).sheets
    ]
    assert coloured(book, RED) == {("Biểu 01", "B2")}
    book["Biểu 01"]["B2"] = 5
    book.save(tmp_path / "sua.xlsx")
    assert load(tmp_path / "sua.xlsx", data=tmp_path / "data")["files"][0]["status"] == "accepted"


def test_csv_is_corrected_in_an_xlsx_and_loads(catalogue: Catalogue, tmp_path: Path) -> None:
    rows = [list(row) for row in LONG["so_lieu"]]
    rows[1][6], rows[2][6] = "1.23", "6"
    path = write_file(tmp_path / "bang [dai] : so lieu cua cac don vi tinh den nay.csv", {"": rows})

    book = corrected(path, tmp_path / "sua.xlsx", catalogue)
    (red,) = coloured(book, RED)
    book[red[0]][red[1]] = "1.236"
    book.save(tmp_path / "sua.xlsx")

    assert red[1] == "G2" and len(red[0]) <= 31
    values = [item.value for found in examined(tmp_path / "sua.xlsx", catalogue).returns for item in found.figures]
    assert values == [1236, 6, 501]


@pytest.mark.parametrize("content", [b"PK\x03\x04 cut short", b"%PDF-1.4", b""])
def test_file_that_cannot_be_read_gets_a_list_that_says_so(
    catalogue: Catalogue, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    issues = examined(path, catalogue).issues

    is_marked = write_correction(path, "a.xlsx", issues, tmp_path / "sua.xlsx", catalogue.layouts)
    book = openpyxl.load_workbook(tmp_path / "sua.xlsx")

    assert not is_marked
    assert book.sheetnames == ["Cần sửa"]
    assert any("gửi lại tệp gốc" in str(cell.value) for (cell,) in book["Cần sửa"].iter_rows(max_col=1))
    assert [row[3] for row in listed(book)] == [issues[0].message]


def test_workbook_that_openpyxl_stumbles_over_is_made_again(catalogue: Catalogue, tmp_path: Path) -> None:
    good = write_file(tmp_path / "good.xlsx", periodic(unit="Trà My"))
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name, b"<broken" if name == "xl/theme/theme1.xml" or "docProps" in name else old.read(name))

    book = corrected(tmp_path / "a.xlsx", tmp_path / "sua.xlsx", catalogue)

    assert coloured(book, RED) == {("Thông tin", "B1")}
    assert any("chép sang dạng .xlsx" in str(cell.value) for (cell,) in book["Cần sửa"].iter_rows(max_col=1))


def test_child_that_gives_up_costs_the_marks_and_not_the_list(
    catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write, "_LIMITS", write.Limits(wall_seconds=0.01))
    path = write_file(tmp_path / "a.xlsx", periodic(unit="Trà My"))

    book = corrected(path, tmp_path / "sua.xlsx", catalogue)

    assert book.sheetnames == ["Cần sửa"]
    assert "Bắc Trà My và Nam Trà My" in listed(book)[0][3]


def test_formulas_stay_and_keep_the_results_they_had(catalogue: Catalogue, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rows in periodic(unit="Trà My").items():
            sheet = book.add_worksheet(name)
            for row, values in enumerate(rows):
                sheet.write_row(row, 0, values)
        book.get_worksheet_by_name("Biểu 01").write_formula("B6", "=SUM(B2:B5)", None, 19)
        book.get_worksheet_by_name("Biểu 01").write_formula("C2", '=IF(1<2,"4","x")', None, "4")
        book.get_worksheet_by_name("Biểu 02").write_formula("C2", "=3+4", None, 7)

    marked = corrected(path, tmp_path / "sua.xlsx", catalogue)

    assert marked["Biểu 01"]["B6"].value == "=SUM(B2:B5)"
    assert marked["Biểu 01"]["C2"].value == '=IF(1<2,"4","x")'
    assert marked.calculation.fullCalcOnLoad
    before, after = (examined(item, catalogue).issues for item in (path, tmp_path / "sua.xlsx"))
    assert [issue for issue in after if issue.rule != "trang_can_sua"] == before
    values = openpyxl.load_workbook(tmp_path / "sua.xlsx", data_only=True)
    assert [values["Biểu 01"]["B6"].value, values["Biểu 01"]["C2"].value, values["Biểu 02"]["C2"].value] == [19, "4", 7]


@pytest.mark.parametrize("editor", ["openpyxl", pytest.param("libreoffice", marks=pytest.mark.libreoffice)])
def test_second_correction_takes_away_what_the_first_had_marked(
    bad: Path, catalogue: Catalogue, tmp_path: Path, editor: str, request: pytest.FixtureRequest
) -> None:
    first = tmp_path / "sua.xlsx"
    book = corrected(bad, first, catalogue)
    book["Biểu 02"]["C7"] = 100
    book.save(first)
    if editor == "libreoffice":
        first = through_libreoffice(request.getfixturevalue("soffice"), first, tmp_path)

    again = corrected(first, tmp_path / "sua_2.xlsx", catalogue)

    assert again.sheetnames == SHEETS
    assert again["Biểu 02"]["C7"].comment is None
    assert again["Biểu 02"]["C7"].fill.fgColor.rgb == openpyxl.load_workbook(bad)["Biểu 02"]["C7"].fill.fgColor.rgb
    assert again["Biểu 02"]["C8"].comment.text.count("Đọc được số âm") == 1
    assert ("Biểu 02", "C8") in coloured(again, RED)


def test_correction_says_where_a_hidden_sheet_is(catalogue: Catalogue, tmp_path: Path) -> None:
    path = write_file(tmp_path / "a.xlsx", periodic())
    book = openpyxl.load_workbook(path)
    book["Biểu 02"].sheet_state = "hidden"
    book.save(path)

    issues = [Issue("a", Level.LOI, "Sai.", "Biểu 02", "C2")]
    write_correction(path, "a.xlsx", issues, tmp_path / "sua.xlsx", catalogue.layouts)
    again = openpyxl.load_workbook(tmp_path / "sua.xlsx")

    assert again["Biểu 02"].sheet_state == "hidden"
    assert "trang đang ẩn" in listed(again)[0][3]


def test_simulated_file_stays_marked_and_a_real_one_is_not(catalogue: Catalogue, tmp_path: Path) -> None:
    real = write_file(tmp_path / "a.xlsx", periodic())
    write_template(
        catalogue,
        catalogue.unit_by_id["thang_binh"],
        Period("nam", 2023, 2023),
        tmp_path / "b.xlsx",
        Content(simulated=True),
    )
    issues = [Issue("a", Level.LOI, "Ghi “DỮ LIỆU MÔ PHỎNG” ở đây là sai.", "Biểu 01", "B2")]
    for path in (real, tmp_path / "b.xlsx"):
        write_correction(path, path.name, issues, tmp_path / f"sua_{path.name}", catalogue.layouts)

    assert not examined(tmp_path / "sua_a.xlsx", catalogue).is_simulated
    assert examined(tmp_path / "sua_b.xlsx", catalogue).is_simulated
    assert openpyxl.load_workbook(tmp_path / "sua_b.xlsx")["Cần sửa"]["A2"].value == "DỮ LIỆU MÔ PHỎNG"


def test_senders_own_sheet_called_like_ours_is_read(catalogue: Catalogue, tmp_path: Path) -> None:
    sheets = periodic()
    sheets["Cần sửa"] = sheets.pop("Biểu 01")

    found = examined(write_file(tmp_path / "a.xlsx", sheets), catalogue)

    assert {figure.sheet for figure in found.returns[0].figures} == {"Cần sửa", "Biểu 02"}


def test_command_corrects_a_file_a_return_and_a_quarantined_file(tmp_path: Path) -> None:
    data, output = tmp_path / "data", tmp_path / "sua.xlsx"
    warned = write_file(tmp_path / "warned.xlsx", periodic(models=wrong_total()))
    refused = write_file(tmp_path / "refused.xlsx", periodic(unit="Trà My"))
    answer = load(warned, refused, data=data)
    return_id = answer["files"][0]["returns"][0]["return_id"]
    (kept,) = (data / "store" / "quarantine").iterdir()

    for what, cells in (
        (refused, {("Thông tin", "B1")}),
        (kept.name[:8], {("Thông tin", "B1")}),
        (warned, {("Biểu 01", "B6")}),
        (return_id, {("Biểu 01", "B6")}),
    ):
        output.unlink(missing_ok=True)
        done = run_etl("correction", what, "-o", output, data=data)
        book = openpyxl.load_workbook(output)

        assert done.returncode == 0, done.stderr
        assert "python -m etl load" in done.stdout
        assert coloured(book, RED) | coloured(book, AMBER) == cells


def wrong_total() -> list[list[Any]]:
    models = periodic()["Biểu 01"]
    models[-1][1] = 20
    return models


def test_command_writes_nothing_where_nothing_is_wrong(tmp_path: Path) -> None:
    path = write_file(tmp_path / "a.xlsx", periodic())

    done = run_etl("correction", path, "-o", tmp_path / "sua.xlsx", data=tmp_path / "data")

    assert done.returncode == 0
    assert "không có gì cần sửa" in done.stdout
    assert not (tmp_path / "sua.xlsx").exists()


@pytest.mark.parametrize(
    ("what", "output", "said"),
    [
        ("khong_co.xlsx", "sua.xlsx", "khong_co.xlsx"),
        ("abcdef12", "sua.xlsx", "abcdef12"),
        ("../../etc", "sua.xlsx", "../../etc"),
        ("bad.xlsx", "sua.ods", "đuôi .xlsx"),
        ("bad.xlsx", "bad.xlsx", "chính tệp gốc"),
    ],
)
def test_command_refuses_wrong_use_with_a_sentence(tmp_path: Path, what: str, output: str, said: str) -> None:
    bad = write_file(tmp_path / "bad.xlsx", periodic(unit="Trà My"))
    before = bad.read_bytes()
    what = str(tmp_path / what) if what.endswith(".xlsx") else what

    done = run_etl("correction", what, "-o", tmp_path / output, data=tmp_path / "data")

    assert done.returncode == 2
    assert said in done.stderr and "Traceback" not in done.stderr
    assert bad.read_bytes() == before


def test_original_in_the_store_is_left_as_it_was(tmp_path: Path) -> None:
    data = tmp_path / "data"
    load(write_file(tmp_path / "a.xlsx", periodic(unit="Trà My")), data=data)
    (kept,) = (data / "store" / "quarantine").iterdir()
    before = {path: path.read_bytes() for path in kept.iterdir()}

    run_etl("correction", kept.name[:6], "-o", tmp_path / "sua.xlsx", data=data)

    assert {path: path.read_bytes() for path in kept.iterdir()} == before
    shutil.rmtree(kept)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_correction_neither_mends_nor_spoils_what_a_file_says(case: Case, catalogue: Catalogue, tmp_path: Path) -> None:
    path = make_file(case, tmp_path)
    before = examined(path, catalogue)
    output = tmp_path / "sua" / f"{path.stem[:100]}.xlsx"
    output.parent.mkdir()

    is_marked = write.mark_file(path, path.name, before.issues, output, catalogue.layouts)
    after = examined(output, catalogue)

    if is_marked:
        assert said_in(after) == said_in(before)
        assert figures_in(after) == figures_in(before)
    else:
        assert [issue.rule for issue in after.issues] == ["trang_can_sua", "khong_ro_bieu"]


def said_in(found: Any) -> list[tuple[str, ...]]:
    """Return what is said of the cells: not of the file's own shape, nor of our sheet."""
    about_file = ("trang_can_sua", "ghi_chu_tep")
    return sorted(
        (item.rule, item.level, item.cell, item.message) for item in found.issues if item.rule not in about_file
    )


def figures_in(found: Any) -> list[str]:
    return sorted(
        str((one.don_vi_id, one.period, item.indicator_id, item.linh_vuc_id, item.value, item.cell))
        for one in found.returns
        for item in one.figures
    )


def test_what_a_load_cut_short_left_in_quarantine_is_no_file_to_correct(tmp_path: Path, catalogue: Catalogue) -> None:
    settings = Settings(tmp_path, catalogue.folder)
    begun = settings.store / "quarantine" / ("ab" * 32)
    begun.mkdir(parents=True)
    (begun / "original.xlsx").write_bytes(b"PK")

    with pytest.raises(NothingFound):
        find("abababab", settings, catalogue)
