"""Files as offices send them, and files no office should: what each becomes."""

import contextlib
import datetime
import io
import pickle
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt

from etl.reading import MAX_FILE, Unreadable, read_workbook
from etl.reading.cells import MAX_MERGED, Budget, SheetBuilder
from etl.reading.csv_text import MAX_CSV
from etl.reading.formats import kind_of_format
from etl.sheets import Odd, Workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@pytest.fixture
def read(tmp_path):
    """Return a function that writes bytes to a file and reads it under a name."""

    def read_bytes(content: bytes, name: str = "a.xlsx") -> Workbook:
        path = tmp_path / "submitted"
        path.write_bytes(content)
        return read_workbook(path, name)

    return read_bytes


@pytest.fixture
def refused(read):
    """Return a function that gives the rule by which a file is refused."""

    def rule(content: bytes, name: str = "a.xlsx") -> str:
        with pytest.raises(Unreadable) as caught:
            read(content, name)
        return caught.value.rule

    return rule


def saved(book) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def openpyxl_book() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Biểu 01"
    sheet.append(["Lĩnh vực", "Đăng ký", "Công nhận"])
    sheet.append(["Kinh tế", 1236, 1.236])
    sheet.append(["Văn hóa - xã hội", "1.236", None])
    return saved(book)


def zipped(members: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def xlsx(rows: str, *, before: str = "", book: str = "", styles: str = "", extra: dict | None = None) -> bytes:
    """Return a minimal .xlsx whose only sheet has `rows` as the XML of its sheetData."""
    sheet = f'<sheet name="S" sheetId="1" r:id="r1" xmlns:r="{RELATIONS}"/>'
    links = "".join(
        f'<Relationship Id="r{number}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(
            [("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")][: 1 + bool(styles)], start=1
        )
    )
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}"><sheets>{sheet}</sheets>{book}</workbook>',
            "xl/_rels/workbook.xml.rels": f"<Relationships>{links}</Relationships>",
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData></worksheet>',
            **({"xl/styles.xml": styles} if styles else {}),
            **(extra or {}),
        }
    )


def ods(tables: str, *, styles: str = "", extra: dict | None = None) -> bytes:
    """Return a minimal .ods with `tables` as the XML of its spreadsheet."""
    spaces = " ".join(
        f'xmlns:{prefix}="urn:{prefix}"' for prefix in ("office", "table", "text", "calcext", "style", "draw")
    )
    content = (
        f"<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    mimetype = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": mimetype, "content.xml": content, **(extra or {})})


def ods_cell(attributes: str, text: str = "") -> str:
    table = f'<table:table table:name="S"><table:table-row><table:table-cell {attributes}>'
    return f"{table}<text:p>{text}</text:p></table:table-cell></table:table-row></table:table>"


# --- what good files become


def test_an_openpyxl_workbook_keeps_text_numbers_and_positions(read):
    workbook = read(openpyxl_book())

    assert workbook.kind == "xlsx"
    assert workbook.notes == []
    assert [sheet.name for sheet in workbook.sheets] == ["Biểu 01"]
    assert workbook.sheets[0].cells == {
        (0, 0): "Lĩnh vực",
        (0, 1): "Đăng ký",
        (0, 2): "Công nhận",
        (1, 0): "Kinh tế",
        (1, 1): 1236,
        (1, 2): 1.236,
        (2, 0): "Văn hóa - xã hội",
        (2, 1): "1.236",
    }


def test_whole_numbers_are_int_whatever_they_are_stored_as(read):
    cells = (
        read(xlsx("<row><c><v>12</v></c><c><v>12.0</v></c><c><v>1.2E1</v></c><c><v>12.5</v></c></row>")).sheets[0].cells
    )

    assert [(type(value), value) for value in cells.values()] == [(int, 12), (int, 12), (int, 12), (float, 12.5)]


def test_percentages_dates_and_booleans_are_odd_in_xlsx(read):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"], sheet["A2"], sheet["A3"] = 0.8307, datetime.date(2024, 10, 10), True
    sheet["A1"].number_format = "0.00%"
    sheet["A4"], sheet["A5"], sheet["A6"] = datetime.datetime(2024, 4, 4, 7, 30), datetime.time(7, 30), 12
    sheet["A6"].number_format = 'd" mô hình"'
    sheet["A7"], sheet["A8"] = 12, 12
    sheet["A7"].number_format = '#,##0" mô hình, xã";[Red]\\d0'
    sheet["A8"].number_format = "General"

    cells = read(saved(book)).sheets[0].cells

    assert list(cells.values()) == [
        Odd("percent", "83,07%"),
        Odd("date", "10/10/2024"),
        Odd("bool", "TRUE"),
        Odd("date", "04/04/2024 07:30"),
        Odd("date", "07:30"),
        Odd("date", "12/01/1900"),
        12,
        12,
    ]


@pytest.mark.parametrize(("year_zero", "shown"), [("", "04/04/2024"), ('<workbookPr date1904="1"/>', "05/04/2028")])
def test_dates_follow_the_calendar_of_their_workbook(read, year_zero, shown):
    styles = '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'

    cells = read(xlsx('<row><c s="1"><v>45386</v></c></row>', book=year_zero, styles=styles)).sheets[0].cells

    assert cells == {(0, 0): Odd("date", shown)}


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('<c t="e"><v>#REF!</v></c>', Odd("error", "#REF!")),
        ('<c t="e"><f>1/0</f><v>#DIV/0!</v></c>', Odd("error", "#DIV/0!")),
        ("<c><f>SUM(B2:B5)</f></c>", Odd("no_cache", "=SUM(B2:B5)")),
        ("<c><f>SUM(B2:B5)</f><v></v></c>", Odd("no_cache", "=SUM(B2:B5)")),
        ("<c><f>SUM(B2:B5)</f><v/></c>", Odd("no_cache", "=SUM(B2:B5)")),
        ("<c><f>SUM(B2:B5)</f><v>12</v></c>", 12),
        ('<c t="str"><f>"x"</f><v>x</v></c>', "x"),
        ('<c t="d"><v>2024-10-10T00:00:00</v></c>', Odd("date", "10/10/2024")),
        ('<c t="inlineStr"><is><r><t>Kinh</t></r><r><t> tế</t></r><rPh><t>ki</t></rPh></is></c>', "Kinh tế"),
        ('<c t="str"><v>a_x000D_b</v></c>', "a\rb"),
        ("<c><v>1_236</v></c>", "1_236"),
        ("<c><v>NaN</v></c>", "NaN"),
    ],
)
def test_each_kind_of_xlsx_cell_keeps_its_distinction(read, cell, expected):
    assert read(xlsx(f"<row>{cell}</row>")).sheets[0].cells == {(0, 0): expected}


@pytest.mark.parametrize(
    "cell",
    [
        "<c/>",
        "<c><v></v></c>",
        '<c t="str"><f>IF(A1="","",A1)</f><v></v></c>',
        '<c t="str"><v> &#160;&#8203; </v></c>',
        '<c t="inlineStr"><is><t>\n</t></is></c>',
    ],
)
def test_cells_in_which_nothing_is_visible_are_absent(read, cell):
    assert read(xlsx(f"<row>{cell}</row>")).sheets[0].cells == {}


def test_raw_text_is_kept_as_typed(read):
    book = openpyxl.Workbook()
    book.active["A1"] = " Kinh\u00a0te\u0302\u0301 "

    assert read(saved(book)).sheets[0].cells == {(0, 0): " Kinh\u00a0te\u0302\u0301 "}


def test_one_value_in_the_last_row_and_column_costs_one_cell(read):
    sheet = read(
        xlsx('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>5</v></c></row>')
    ).sheets[0]

    assert sheet.cells == {(0, 0): 1, (1_048_575, 16_383): 5}


def test_an_absurd_declared_dimension_is_harmless(read):
    content = xlsx("<row><c><v>5</v></c></row>", before='<dimension ref="A1:XFD1048576"/>')

    assert read(content).sheets[0].cells == {(0, 0): 5}


def test_hidden_rows_columns_and_sheets_are_read_and_marked(read):
    book = openpyxl.Workbook()
    shown, hidden, very_hidden = book.active, book.create_sheet("Ẩn"), book.create_sheet("Rất ẩn")
    hidden.sheet_state, very_hidden.sheet_state = "hidden", "veryHidden"
    shown["A1"], shown["C2"], shown["A3"] = "a", 5, "b"
    shown.row_dimensions[2].hidden = shown.row_dimensions[9].hidden = True
    shown.column_dimensions["C"].hidden = True

    workbook = read(saved(book))

    assert [sheet.hidden for sheet in workbook.sheets] == [False, True, True]
    assert workbook.sheets[0].hidden_rows == {1}
    assert workbook.notes == ["Trang “Sheet” có cột ẩn chứa số liệu (C); các ô đó vẫn được đọc."]


def test_chart_sheets_are_passed_over(read):
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    book.add_worksheet("Số liệu").write(0, 0, 1)
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"values": "='Số liệu'!$A$1:$A$1"})
    book.add_chartsheet("Biểu đồ").set_chart(chart)
    book.close()

    assert [sheet.name for sheet in read(buffer.getvalue()).sheets] == ["Số liệu"]


def test_formulas_a_library_could_not_calculate_are_not_zeros(read):
    def book_with(result: int) -> bytes:
        buffer = io.BytesIO()
        book = xlsxwriter.Workbook(buffer)
        sheet = book.add_worksheet()
        sheet.write_column("A1", [5, 7])
        sheet.write_formula("A3", "=SUM(A1:A2)", None, result)
        book.close()
        return buffer.getvalue()

    assert read(book_with(0)).sheets[0].cells[2, 0] == Odd("no_cache", "=SUM(A1:A2)")
    assert read(book_with(12)).sheets[0].cells[2, 0] == 12


def test_xlsm_without_macros_is_read(read):
    types = '<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
    workbook = read(xlsx("<row><c><v>5</v></c></row>", extra={"[Content_Types].xml": types}), "a.xlsm")

    assert (workbook.kind, workbook.notes) == ("xlsm", [])


def test_values_agree_with_an_independent_reader(read, tmp_path):
    calamine = pytest.importorskip("python_calamine", reason="python-calamine is not installed")
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        for row in range(40):
            for column in range(0, 12, 1 + row % 3):
                sheet.write(row, column, [row * column, f"ô {row}", row / 8, f"{row}.236"][(row + column) % 4])
        sheet.write_rich_string(40, 0, "Kinh ", book.add_format({"bold": True}), "tế")
    content = buffer.getvalue()

    ours = read(content).sheets[0].cells
    (tmp_path / "b.xlsx").write_bytes(content)
    theirs = calamine.load_workbook(tmp_path / "b.xlsx").get_sheet_by_index(0).to_python(skip_empty_area=False)

    assert ours == {
        (row, column): value for row, line in enumerate(theirs) for column, value in enumerate(line) if value != ""
    }


@pytest.mark.parametrize(
    ("attributes", "text", "expected"),
    [
        ('office:value-type="float" office:value="1236"', "1.236", 1236),
        ('office:value-type="float" office:value="1.236"', "1,236", 1.236),
        ('office:value-type="string"', "Kinh tế", "Kinh tế"),
        ('office:value-type="string"', 'Kinh<text:s text:c="2"/><text:span>tế</text:span>', "Kinh  tế"),
        ('office:value-type="percentage" office:value="0.8307"', "83,07%", Odd("percent", "83,07%")),
        ('office:value-type="date" office:date-value="2024-10-10"', "10/10/24", Odd("date", "10/10/2024")),
        ('office:value-type="time" office:time-value="PT07H30M00S"', "07:30:00", Odd("date", "07:30")),
        ('office:value-type="boolean" office:boolean-value="true"', "ĐÚNG", Odd("bool", "TRUE")),
        ('table:formula="of:=SUM([.A1])"', "", Odd("no_cache", "=SUM([.A1])")),
        (
            'table:formula="of:=1/0" office:value-type="string" calcext:value-type="error"',
            "#DIV/0!",
            Odd("error", "#DIV/0!"),
        ),
        ('table:formula="of:=A1" office:value-type="float" office:value="12"', "12", 12),
        ('table:formula="of:=TRUE()" office:value-type="float" office:value="1"', "TRUE", Odd("bool", "TRUE")),
    ],
)
def test_each_kind_of_ods_cell_keeps_its_distinction(read, attributes, text, expected):
    workbook = read(ods(ods_cell(attributes, text)), "a.ods")

    assert (workbook.kind, workbook.notes) == ("ods", [])
    assert workbook.sheets[0].cells == {(0, 0): expected}


def test_repeated_ods_rows_and_cells_keep_positions_and_cost_nothing_when_blank(read):
    five = '<table:table-cell office:value-type="float" office:value="5" table:number-columns-repeated="2"/>'
    gap = '<table:table-cell table:number-columns-repeated="3"/>'
    table = (
        '<table:table table:name="S"><table:table-row table:number-rows-repeated="1048570"/>'
        f'<table:table-row table:number-rows-repeated="2" table:visibility="collapse">{gap}{five}</table:table-row>'
        "</table:table>"
    )

    sheet = read(ods(table), "a.ods").sheets[0]

    assert sheet.cells == {(row, column): 5 for row in (1_048_570, 1_048_571) for column in (3, 4)}
    assert sheet.hidden_rows == {1_048_570, 1_048_571}


def test_an_ods_formula_that_libreoffice_found_empty_is_blank(read):
    table = ods_cell('table:formula="of:=IF([.A1]=0;&quot;&quot;;1)"')
    meta = "<office:document-meta><meta:generator>LibreOffice/24.8</meta:generator></office:document-meta>"

    assert read(ods(table, extra={"meta.xml": meta}), "a.ods").sheets[0].cells == {}


def test_ods_comments_are_not_content_and_hidden_tables_are_marked(read):
    comment = "</text:p><office:annotation><text:p>ghi chú</text:p></office:annotation><text:p>"
    table = ods_cell('office:value-type="string"', f"{comment}Kinh tế").replace(">", ' table:style-name="t">', 1)
    style = '<style:style style:name="t"><style:table-properties table:display="false"/></style:style>'

    sheet = read(ods(table, styles=style), "a.ods").sheets[0]

    assert sheet.hidden
    assert [str(value).strip() for value in sheet.cells.values()] == ["Kinh tế"]


def xls_book() -> xlwt.Workbook:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Biểu 01")
    sheet.write(0, 0, "Kinh tế")
    sheet.write(0, 1, 1236)
    sheet.write(0, 2, 1.236)
    sheet.write(0, 3, 0.8307, xlwt.easyxf(num_format_str="0.00%"))
    sheet.write(1, 0, datetime.date(2024, 10, 10), xlwt.easyxf(num_format_str="dd/mm/yyyy"))
    sheet.write(1, 1, True)
    sheet.write(1, 2, xlwt.Formula("SUM(B1:B1)"))
    sheet.write(1, 3, "\u00a0")
    sheet.row(1).hidden = True
    book.add_sheet("Ẩn").visibility = 1
    return book


def test_an_xls_workbook_keeps_the_same_distinctions(read):
    workbook = read(saved(xls_book()), "a.xls")

    assert (workbook.kind, workbook.notes) == ("xls", [])
    assert [(sheet.name, sheet.hidden) for sheet in workbook.sheets] == [("Biểu 01", False), ("Ẩn", True)]
    assert workbook.sheets[0].hidden_rows == {1}
    assert workbook.sheets[0].cells == {
        (0, 0): "Kinh tế",
        (0, 1): 1236,
        (0, 2): 1.236,
        (0, 3): Odd("percent", "83,07%"),
        (1, 0): Odd("date", "10/10/2024"),
        (1, 1): Odd("bool", "TRUE"),
        (1, 2): Odd("no_cache", "=…"),
    }


def test_an_excel_4_macro_sheet_is_refused_as_a_macro(refused):
    content = bytearray(saved(xls_book()))
    content[content.find("Ẩn".encode("utf-16-le")) - 3] = 1  # the type byte of its BOUNDSHEET record

    assert refused(bytes(content), "a.xls") == "co_macro"


CSV = "don_vi;ky;gia_tri\nThăng Bình;nam;1.236\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_is_read_in_its_accepted_encodings_and_delimiters(read, encoding, delimiter):
    workbook = read(CSV.replace(";", delimiter).encode(encoding), "thang_binh.csv")

    assert (workbook.kind, workbook.sheets[0].name, workbook.notes) == ("csv", "thang_binh.csv", [])
    assert workbook.sheets[0].cells[1, 0] == "Thăng Bình"
    assert workbook.sheets[0].cells[1, 2] == "1.236"


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        (
            "a;b\n1;2;3;4\n\n5\n",
            {(0, 0): "a", (0, 1): "b", (1, 0): "1", (1, 1): "2", (1, 2): "3", (1, 3): "4", (3, 0): "5"},
        ),
        ('a,b\n"1,236"," "\n', {(0, 0): "a", (0, 1): "b", (1, 0): "1,236"}),
        (
            "Báo cáo, năm 2023\nđv;a\nx;1,5\n",
            {(0, 0): "Báo cáo, năm 2023", (1, 0): "đv", (1, 1): "a", (2, 0): "x", (2, 1): "1,5"},
        ),
        ("sep=|\r\na|b\r\n", {(0, 0): "a", (0, 1): "b"}),
        ('a;"dòng\nhai"\nb;c\n', {(0, 0): "a", (0, 1): "dòng\nhai", (1, 0): "b", (1, 1): "c"}),
        (" a ;\u00a0\n", {(0, 0): " a "}),
    ],
)
def test_csv_cells_are_text_as_typed_and_ragged_rows_are_kept(read, text, cells):
    assert read(text.encode(), "a.csv").sheets[0].cells == cells


@pytest.mark.parametrize(
    ("build", "kind"), [(openpyxl_book, "xlsx"), (lambda: saved(xls_book()), "xls"), (lambda: ods(""), "ods")]
)
def test_a_workbook_under_another_extension_is_read_by_content_and_noted(read, build, kind):
    workbook = read(build(), "bao_cao.csv")

    assert workbook.kind == kind
    assert workbook.notes == [f"Tệp mang đuôi “.csv” nhưng nội dung là .{kind}; đã đọc theo nội dung."]


def test_a_reading_aid_of_asian_text_is_not_the_text(read):
    shared = f'<sst xmlns="{MAIN}"><si><t>Kinh tế</t><rPh><t>phiên âm</t></rPh><phoneticPr/></si></sst>'
    inline = "<c t='inlineStr'><is><t>Khác</t><rPh><t>phiên âm</t></rPh></is></c>"
    content = xlsx(f"<row><c t='s'><v>0</v></c>{inline}</row>", extra={"xl/sharedStrings.xml": shared})

    assert read(with_strings(content)).sheets[0].cells == {(0, 0): "Kinh tế", (0, 1): "Khác"}


def with_strings(content: bytes) -> bytes:
    """Return a minimal .xlsx whose workbook names its shared strings."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    link = f'<Relationship Id="r9" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    links = members["xl/_rels/workbook.xml.rels"].decode().replace("</Relationships>", link)
    return zipped({**members, "xl/_rels/workbook.xml.rels": links})


def test_numbers_that_a_merged_cell_hides_are_read_and_noted(read):
    sheet = (
        f'<worksheet xmlns="{MAIN}"><sheetData>'
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>5</v></c></row></sheetData>'
        '<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="C3:D4"/><mergeCell ref="F1"/></mergeCells>'
        '<cols><col min="x" max="2" hidden="1"/></cols></worksheet>'
    )

    workbook = read(xlsx("", extra={"xl/worksheets/sheet1.xml": sheet}))

    assert workbook.sheets[0].cells == {(0, 0): 1, (0, 1): 5}
    assert workbook.sheets[0].merged == {(0, 0): (0, 1)}
    assert workbook.notes == ["Trang “S” có số nằm dưới ô gộp, không hiện ra (B1); các ô đó vẫn được đọc."]


def test_an_ods_sheet_keeps_merged_cells_and_names_hidden_columns_and_spaces(read):
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/>'
    cells = (
        '<table:table-cell table:number-rows-spanned="2" table:number-columns-spanned="1" office:value-type="string">'
        "<text:p>a<text:tab/>b<text:line-break/>c</text:p><text:p>d</text:p></table:table-cell>"
        '<table:table-cell office:value-type="float" office:value="5"/>'
    )
    table = f'<table:table table:name="S">{columns}<table:table-row>{cells}</table:table-row></table:table>'

    workbook = read(ods(table), "a.ods")

    assert workbook.sheets[0].cells == {(0, 0): "a\tb\nc\nd", (0, 1): 5}
    assert workbook.sheets[0].merged == {(0, 0): (1, 0)}
    assert workbook.notes == ["Trang “S” có cột ẩn chứa số liệu (B); các ô đó vẫn được đọc."]


def test_an_ods_table_within_a_table_is_refused(refused):
    inner = '<table:table table:name="T"/>'

    assert refused(ods(f'<table:table table:name="S">{inner}</table:table>'), "a.ods") == "tep_hong"


def test_an_ods_number_that_is_shown_as_a_word_is_odd(read):
    found = read(ods(ods_cell('office:value-type="float" office:value="12"', "không")), "a.ods")

    assert found.sheets[0].cells == {(0, 0): Odd("scaled", "12")}


def test_an_xls_sheet_keeps_merged_cells_and_errors_and_names_hidden_columns(read):
    book = xlwt.Workbook()
    sheet = book.add_sheet("S")
    sheet.write_merge(0, 1, 0, 0, "Kinh tế")
    sheet.write(0, 1, 5)
    sheet.col(1).hidden = True
    sheet.row(2).set_cell_error(0, "#REF!")

    workbook = read(saved(book), "a.xls")

    assert workbook.sheets[0].cells == {(0, 0): "Kinh tế", (0, 1): 5, (2, 0): Odd("error", "#REF!")}
    assert workbook.sheets[0].merged == {(0, 0): (1, 0)}
    assert workbook.notes == ["Trang “S” có cột ẩn chứa số liệu (B); các ô đó vẫn được đọc."]


@pytest.mark.parametrize(
    ("number", "style", "shown"),
    [
        (45_000, 14, "15/03/2023"),
        (3_000_000, 14, "3e+06"),
        (-1, 14, "-1"),
        (0.5, 20, "12:00"),
    ],
)
def test_a_number_in_a_built_in_format_of_dates_is_a_date_where_there_is_one(read, number, style, shown):
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="{style}"/></cellXfs></styleSheet>'
    content = xlsx(f'<row><c s="0"><v>{number}</v></c></row>', styles=styles)

    assert read(content).sheets[0].cells == {(0, 0): Odd("date", shown)}


def test_a_day_that_no_calendar_has_stays_a_number(read):
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>'
    content = xlsx(
        '<row><c s="0"><v>2958465</v></c><c t="d"><v>hôm qua</v></c></row>',
        styles=styles,
        book='<workbookPr date1904="1"/>',
    )

    assert read(content).sheets[0].cells == {(0, 0): Odd("date", "2.95846e+06"), (0, 1): Odd("date", "hôm qua")}


def test_the_name_of_a_csv_sheet_has_no_folders_or_line_breaks(read):
    assert read(b"a;b", "../../tmp/a\nb.csv").sheets[0].name == "a b.csv"


# --- what is refused


@pytest.mark.parametrize(
    ("content", "name", "rule"),
    [
        (b"", "a.xlsx", "tep_rong"),
        (b"x" * (MAX_FILE + 1), "a.csv", "tep_qua_lon"),
        (b"%PDF-1.7 ...", "a.xlsx", "khong_phai_bang_tinh"),
        (b"<html><table></table></html>", "a.xls", "khong_phai_bang_tinh"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><html>", "a.csv", "khong_phai_bang_tinh"),
        (b"<?xml version='1.0'?><Workbook/>", "a.xls", "khong_phai_bang_tinh"),
        (b"a;b\n1;2\n", "a.xlsx", "khong_phai_bang_tinh"),
        (b"a;b\n1;2\n", "a", "khong_phai_bang_tinh"),
        (b"\x00\x01\x02\x03", "a.xls", "khong_phai_bang_tinh"),
        (b"\x89PNG\r\n", "a.csv", "khong_phai_bang_tinh"),
        (zipped({"word/document.xml": "<d/>"}), "a.xlsx", "khong_phai_bang_tinh"),
        (zipped({"xl/workbook.bin": "x", "[Content_Types].xml": ""}), "a.xlsx", "khong_phai_bang_tinh"),
        (zipped({"a.xlsx": "x"}), "a.xlsx", "khong_phai_bang_tinh"),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.text"}), "a.ods", "khong_phai_bang_tinh"),
        (b"PK\x05\x06" + bytes(18), "a.xlsx", "tep_hong"),
        ("Năm;Hội".encode("utf-16")[:-1], "a.csv", "bang_ma_la"),
        ("Năm;Hội".encode("utf-32"), "a.csv", "bang_ma_la"),
        ("Năm;Hội nghị;Kinh tế".encode()[:-1], "a.csv", "bang_ma_la"),
        (b"n\xa8m;\x02\x03", "a.csv", "bang_ma_la"),
        (b'a;"b\n1;2\n', "a.csv", "csv_sai_cau_truc"),
        (b'a;"b"c\n', "a.csv", "csv_sai_cau_truc"),
        (b"a;" + b"x" * 40_000, "a.csv", "csv_sai_cau_truc"),
    ],
)
def test_what_is_not_a_spreadsheet_is_refused_by_rule(refused, content, name, rule):
    assert refused(content, name) == rule


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_its_mark_is_told_by_its_zero_bytes(read, encoding):
    assert read("Năm;Hội".encode(encoding), "a.csv").sheets[0].cells == {(0, 0): "Năm", (0, 1): "Hội"}


def test_csv_of_one_byte_letters_is_kept_as_western_text_and_marked(read):
    workbook = read(b"n\xa8m;h\xe9i ngh\xde;\x81", "a.csv")

    assert workbook.is_eight_bit
    assert workbook.sheets[0].cells == {(0, 0): "n\u00a8m", (0, 1): "h\u00e9i ngh\u00de"}


def test_a_truncated_workbook_is_refused_wherever_it_ends(refused):
    content = openpyxl_book()

    assert {refused(content[:length]) for length in range(4, len(content), 97)} == {"tep_hong"}


def test_a_flipped_byte_changes_no_value_silently(read):
    content = bytearray(openpyxl_book())
    expected = read(bytes(content)).sheets
    for position in range(0, len(content), 11):
        content[position] ^= 0x10
        with contextlib.suppress(Unreadable):
            assert read(bytes(content)).sheets == expected
        content[position] ^= 0x10


def test_a_truncated_or_flipped_xls_is_read_or_refused_and_nothing_else(read):
    content = bytearray(saved(xls_book()))
    for length in range(8, len(content), 256):
        with contextlib.suppress(Unreadable):
            read(bytes(content[:length]), "a.xls")
    for position in range(8, len(content), 37):
        content[position] ^= 0x10
        with contextlib.suppress(Unreadable):
            read(bytes(content), "a.xls")
        content[position] ^= 0x10


@pytest.mark.parametrize(
    "content",
    [
        xlsx("", extra={"xl/vbaProject.bin": b"x"}),
        xlsx("", extra={"xl/macrosheets/sheet1.xml": b"x"}),
        ods("", extra={"Basic/Standard/Module1.xml": "<x/>"}),
    ],
)
def test_macros_are_refused(refused, content):
    assert refused(content, "a.xlsm") == "co_macro"


def ole(*names: str, after_last: int = -2) -> bytes:
    """Return a minimal OLE file: a stream of 8 kB for each name, all in sector 2, then `after_last`."""
    fat = struct.pack("<128i", -3, -2, after_last, *[-1] * 125)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6xiiiiiiiii", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, -2, 0, -2, 0)
    header += struct.pack("<109i", 0, *[-1] * 108)
    directory = b""
    for index, name in enumerate(("Root Entry", *names)):
        raw = name.encode("utf-16-le") + b"\0\0"
        kind, child, start, size = (2, -1, 2, 8192) if index else (5, 1, -2, 0)
        following = index + 1 if 0 < index < len(names) else -1
        links = struct.pack("<HBBiii36xii4x", len(raw), kind, 1, -1, following, child, start, size)
        directory += raw.ljust(64, b"\0") + links
    return header.ljust(512, b"\0") + fat + directory.ljust(512, b"\0") + bytes(512)


def test_an_ole_stream_that_runs_in_a_circle_is_refused(read):
    with pytest.raises(Unreadable, match="thành vòng"):
        read(ole("Workbook", after_last=2), "a.xls")


@pytest.mark.parametrize(
    ("names", "rule"),
    [
        (("EncryptedPackage", "EncryptionInfo"), "co_mat_khau"),
        (("Workbook", "_VBA_PROJECT_CUR"), "co_macro"),
        (("WordDocument",), "khong_phai_bang_tinh"),
    ],
)
def test_ole_files_are_refused_by_what_their_directory_says(refused, names, rule):
    assert refused(ole(*names), "a.xls") == rule


def test_encrypted_files_are_refused_as_having_a_password(refused):
    encrypted = bytearray(zipped({"xl/workbook.xml": "x", "[Content_Types].xml": "x"}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        encrypted[encrypted.find(signature) + offset] |= 1
    manifest = {"META-INF/manifest.xml": "<manifest:encryption-data/>"}

    assert refused(bytes(encrypted)) == "co_mat_khau"
    assert refused(ods("", extra=manifest), "a.ods") == "co_mat_khau"


@pytest.mark.parametrize(
    "prologue",
    ['<!DOCTYPE a [<!ENTITY b "ha">]>', '<!DOCTYPE a SYSTEM "file:///etc/passwd">', "<!DOCTYPE a>"],
)
def test_document_types_are_refused(refused, prologue):
    sheet = {"xl/worksheets/sheet1.xml": f"{prologue}<worksheet><sheetData/></worksheet>"}

    assert refused(xlsx("", extra=sheet)) == "xml_nguy_hiem"


def test_a_zip_bomb_is_refused_before_it_is_unpacked(refused):
    assert refused(xlsx("", extra={"xl/media/a.bin": bytes(60 * 2**20)})) == "bom_nen"


def test_forged_sizes_are_refused(refused):
    content = bytearray(xlsx("<row><c><v>5</v></c></row>" * 50))
    central = content.find(b"PK\x01\x02", content.rfind(b"PK\x01\x02") - 400)
    while central >= 0:
        content[central + 24 : central + 28] = struct.pack("<I", 20)
        central = content.find(b"PK\x01\x02", central + 4)

    assert refused(bytes(content)) == "tep_hong"


@pytest.mark.parametrize(
    "rows",
    [
        '<row><c t="s"><v>7</v></c></row>',
        '<row><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="1048577"><c><v>1</v></c></row>',
        '<row r="0"><c><v>1</v></c></row>',
        '<row r="-5"><c><v>1</v></c></row>',
        '<row><c r="ZZZ1"><v>1</v></c></row>',
        '<row><c r="1A"><v>1</v></c></row>',
        "<row><c></row>",
    ],
)
def test_sheets_that_contradict_themselves_are_refused(refused, rows):
    assert refused(xlsx(rows)) == "tep_hong"


def test_two_members_of_one_name_are_refused(refused):
    with pytest.warns(UserWarning, match="Duplicate name"):
        buffer = io.BytesIO(openpyxl_book())
        with zipfile.ZipFile(buffer, "a") as archive:
            archive.writestr("xl/worksheets/sheet1.xml", "<worksheet/>")

    assert refused(buffer.getvalue()) == "tep_hong"


def test_more_cells_or_sheets_than_any_return_has_are_refused(refused):
    cell = '<table:table-cell office:value-type="float" office:value="5" table:number-columns-repeated="9"/>'
    row = f'<table:table-row table:number-rows-repeated="999999">{cell}</table:table-row>'

    assert refused(ods(f'<table:table table:name="S">{row}</table:table>'), "a.ods") == "qua_nhieu_o"
    sheets = "".join(f'<table:table table:name="S{number}"/>' for number in range(61))
    assert refused(ods(sheets), "a.ods") == "qua_nhieu_sheet"


def test_more_text_than_any_return_has_is_refused():
    builder = SheetBuilder("S", Budget(text=10))
    builder.add(0, 0, "Kinh tế")

    with pytest.raises(Unreadable) as caught:
        builder.add(0, 1, "Khác")
    assert caught.value.rule == "qua_nhieu_chu"


def test_merged_ranges_beyond_what_a_form_has_are_not_kept():
    builder = SheetBuilder("S", Budget())
    for row in range(MAX_MERGED + 1):
        builder.merge((row, 0), (row, 1))

    assert len(builder.merged) == MAX_MERGED


def test_a_csv_file_that_is_larger_than_any_return_or_not_text_is_refused(refused):
    assert refused(b"a" * (MAX_CSV + 1), "a.csv") == "tep_qua_lon"
    assert refused(b"don_vi;ky\n\0;1\n", "a.csv") == "bang_ma_la"


def test_a_zip_of_another_compression_is_refused(refused):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")

    assert refused(buffer.getvalue()) == "tep_hong"


def test_a_zip_that_calls_itself_something_else_is_not_a_workbook(refused):
    assert refused(zipped({"mimetype": "text/plain", "a.txt": "a"}), "a.ods") == refused(
        zipped({"a.txt": "a"}), "a.ods"
    )


def test_what_is_not_a_regular_file_is_refused(tmp_path):
    with pytest.raises(Unreadable, match="không phải một tệp thường"):
        read_workbook(tmp_path, "a.xlsx")
    with pytest.raises(Unreadable, match="không còn ở đó"):
        read_workbook(tmp_path / "gone.xlsx", "gone.xlsx")


def test_a_refusal_survives_pickling():
    error = pickle.loads(pickle.dumps(Unreadable("tep_rong", "Tệp rỗng.")))

    assert (error.rule, error.message, str(error)) == ("tep_rong", "Tệp rỗng.", "Tệp rỗng.")


def test_reading_leaves_the_file_as_it_was(tmp_path):
    path = Path(tmp_path / "a.xlsx")
    path.write_bytes(openpyxl_book())
    before = (path.read_bytes(), path.stat().st_mtime_ns)

    read_workbook(path, "a.xlsx")

    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


@pytest.mark.parametrize("code", ["[h]:mm", "[mm]:ss"])
def test_a_format_of_elapsed_time_shows_a_time_and_no_number(code):
    assert kind_of_format(code) == "date"
