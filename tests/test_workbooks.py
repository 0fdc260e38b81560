"""The workbook: every exhibit as a sheet with the screen's and the snapshot's figures, read back by another library."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from openpyxl.workbook import Workbook as Book
from openpyxl.worksheet.worksheet import Worksheet as Sheet

from dashboard import exhibits, labels
from dashboard.choice import Choice
from dashboard.exports import safe_text
from dashboard.warehouse import Warehouse
from dashboard.workbooks import workbook
from dashboard.workbooks.contents import Page, contents
from dashboard.workbooks.sheets import COUNTS, INDEX
from tests import flagged, warehouses
from tests.payloads import PAYLOADS, shown

WHOLE = Choice(2022, 2024, None)


def opened(folder: Path, rows: Mapping[str, Any] | None = None, **parts: Any) -> Warehouse:
    return Warehouse(warehouses.publish(folder, rows or warehouses.three_districts(**parts)))


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Three districts, a provincial body, flags and scores of a simulated review."""
    return opened(tmp_path_factory.mktemp("usual"), flagged.with_scores(flagged.with_funnel(flagged.reviewed())))


@pytest.fixture(scope="module")
def plain(usual: Warehouse) -> bytes:
    """Its workbook as it may be handed out."""
    return workbook(usual, WHOLE)


@pytest.fixture(scope="module")
def internal(usual: Warehouse) -> bytes:
    """Its workbook with the units that need support."""
    return workbook(usual, WHOLE, with_support=True)


def book_of(data: bytes) -> Book:
    return openpyxl.load_workbook(io.BytesIO(data))


def head_row(sheet: Sheet, page: Page) -> int:
    """Return the row that holds the table's headings, by all of them."""
    wanted = [safe_text(name) for name in page.exhibit.table.columns]
    for row in range(1, sheet.max_row + 1):
        if [sheet.cell(row, column).value for column in range(1, len(wanted) + 1)] == wanted:
            return row
    raise AssertionError(f"{sheet.title}: no row of {wanted}")


def table_of(sheet: Sheet, page: Page) -> list[list[Any]]:
    top, (height, width) = head_row(sheet, page), page.exhibit.table.shape
    return [
        [sheet.cell(row, column).value for column in range(1, width + 1)] for row in range(top + 1, top + 1 + height)
    ]


def texts(book: Book) -> Iterator[str]:
    for sheet in book:
        for row in sheet.iter_rows():
            yield from (cell.value for cell in row if isinstance(cell.value, str))


def expected(value: Any) -> Any:
    """Return what a cell must hold: figures as they are, texts made harmless, nothing (not 0) where none is known."""
    if not isinstance(value, str):
        return value
    return f"'{shown(value)}" if value[:1] in ("=", "+", "-", "@") else shown(value)


@pytest.mark.parametrize("unit", [None, "tam_ky"])
def test_every_sheet_holds_the_figures_of_its_exhibit(usual: Warehouse, unit: str | None) -> None:
    choice = Choice(2022, 2024, unit)
    found = contents(usual, choice, with_support=True)

    book = book_of(workbook(usual, choice, with_support=True))

    assert book.sheetnames == [INDEX, *(page.name for page in found.pages)]
    for page in found.pages:
        wanted = [[expected(value) for value in row] for row in page.exhibit.table.itertuples(index=False, name=None)]
        told = table_of(book[page.name], page)
        for told_row, wanted_row in zip(told, wanted, strict=True):
            # 16 digits of a share are kept, a text of no letter is an empty cell.
            right = [pytest.approx(value, rel=1e-14) if isinstance(value, float) else value for value in wanted_row]
            assert told_row == [None if value == "" else value for value in right], page.name


def test_its_totals_are_those_of_the_snapshot(usual: Warehouse, plain: bytes) -> None:
    sheet = book_of(plain)["Lĩnh vực"]
    counts = {row[0].value: row[1].value for row in sheet.iter_rows() if isinstance(row[1].value, int)}

    fields = usual.query("fields", **WHOLE.params)
    assert counts == {row.label: row.value for row in fields.itertuples() if row.value is not None}
    assert counts["Kinh tế"] == 32


def test_numbers_are_numbers_in_vietnamese_form_shares_are_percents_and_missing_is_an_empty_hatched_cell(
    usual: Warehouse, plain: bytes
) -> None:
    found = {page.name: page for page in contents(usual, WHOLE).pages}
    book = book_of(plain)

    name = "Đơn vị x năm - Kiểm tra"
    top = head_row(book[name], found[name])
    heads = [cell.value for cell in book[name][top]]
    by_unit = {row[0].value: row for row in book[name].iter_rows(min_row=top + 1)}
    many = by_unit["Hội An"][heads.index("2024")]
    unknown = by_unit["Hội An"][heads.index("2023")]
    none = by_unit["Nam Giang"][heads.index("2024")]
    assert (many.value, many.number_format, many.data_type) == (1230, COUNTS, "n")
    assert unknown.value is None and unknown.fill.patternType == "lightUp"
    assert none.value == 0 and none.fill.patternType != "lightUp"
    assert f"Ô gạch chéo để trống: {labels.MISSING}, không phải số 0." in set(texts_of(book[name]))

    fields = book["Lĩnh vực"]
    share = fields.cell(head_row(fields, found["Lĩnh vực"]) + 1, 3)
    assert share.number_format == "0.0%" and 0 < share.value < 1


def texts_of(sheet: Sheet) -> list[str]:
    return [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]


def test_a_year_is_not_written_as_a_count(usual: Warehouse, plain: bytes) -> None:
    page = next(page for page in contents(usual, WHOLE).pages if page.name == "Danh sách mô hình")
    sheet = book_of(plain)[page.name]
    column = list(page.exhibit.table.columns).index("Năm bắt đầu") + 1

    cells = [sheet.cell(row, column) for row in range(head_row(sheet, page) + 1, sheet.max_row + 1)]
    assert {cell.number_format for cell in cells if cell.value is not None} == {"0"}


def test_every_sheet_says_what_it_rests_on(usual: Warehouse, internal: bytes) -> None:
    book = book_of(internal)

    for page in contents(usual, WHOLE, with_support=True).pages:
        told = {row[0].value: row[1].value for row in book[page.name].iter_rows(max_col=2)}
        exhibit = page.exhibit
        assert safe_text(exhibit.title) in told and safe_text(exhibit.subtitle) in told
        assert told["Đơn vị tính"] == exhibit.unit and told["Kỳ số liệu"] == exhibit.period
        assert told["Nguồn"] == exhibit.source and told["Mức đầy đủ"] == exhibit.completeness
        assert told.get("Tỷ trọng tính", "") == exhibit.base
        assert told["Bản số liệu"] == "thu"
        assert all(safe_text(note) in set(texts_of(book[page.name])) for note in exhibit.notes)


def test_the_index_leads_to_every_sheet_and_back(plain: bytes) -> None:
    book = book_of(plain)

    ways = {cell.value: cell.hyperlink.location for row in book[INDEX].iter_rows() for cell in row if cell.hyperlink}
    assert ways == {name: f"'{name}'!A1" for name in book.sheetnames[1:]}
    for name in book.sheetnames[1:]:
        back = [cell.hyperlink.location for row in book[name].iter_rows() for cell in row if cell.hyperlink]
        assert back == [f"'{INDEX}'!A1"]


def test_sheet_names_are_short_and_no_two_alike(tmp_path: Path) -> None:
    rows = warehouses.three_districts()
    for place, row in enumerate(rows["dim_indicator"]):
        row["short_label"] = f"[Chỉ tiêu]: rất dài * để thử tên trang {'A' if place % 2 else 'a'}/"

    names = book_of(workbook(opened(tmp_path, rows), WHOLE)).sheetnames

    assert len({name.casefold() for name in names}) == len(names)
    assert all(0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) for name in names)


def test_simulated_figures_are_marked_on_every_sheet_in_every_chart_and_in_print(internal: bytes) -> None:
    for sheet in book_of(internal):
        assert sheet["A1"].value == labels.SIMULATED
        assert labels.SIMULATED in sheet.oddHeader.center.text
    drawn = charts(internal)
    assert drawn and all(labels.SIMULATED in chart for chart in drawn)


def test_real_figures_carry_no_mark(tmp_path: Path) -> None:
    data = workbook(opened(tmp_path, simulated=False), WHOLE)

    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert not any(labels.SIMULATED in parts.read(name).decode() for name in parts.namelist())


def charts(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/charts/chart")]


def test_charts_are_drawn_from_the_cells_and_name_unit_period_and_source(usual: Warehouse, plain: bytes) -> None:
    found = [page for page in contents(usual, WHOLE).pages if page.kind]
    book = book_of(plain)

    drawn = charts(plain)
    assert len(drawn) == len(found) == sum(len(sheet._charts) for sheet in book)
    for page, chart in zip(found, drawn, strict=True):
        top, height = head_row(book[page.name], page), len(page.exhibit.table)
        for name in page.series:
            letter = openpyxl.utils.get_column_letter(list(page.exhibit.table.columns).index(name) + 1)
            first, last = f"${letter}${top + 1}", f"${letter}${top + height}"
            cells = first if first == last else f"{first}:{last}"
            assert f"<c:f>'{page.name}'!{cells}</c:f>" in chart.replace("&apos;", "'")
        assert page.exhibit.source in chart and page.exhibit.period in chart


def test_units_that_need_support_are_listed_only_when_asked_for(
    usual: Warehouse, plain: bytes, internal: bytes
) -> None:
    without, with_support = map(book_of, (plain, internal))

    assert set(with_support.sheetnames) - set(without.sheetnames) == {"Cần hỗ trợ (nội bộ)"}
    title = exhibits.support_ranks(usual, WHOLE).title
    assert title in set(texts(with_support)) and title not in set(texts(without))


def test_the_same_snapshot_gives_the_same_bytes(usual: Warehouse, internal: bytes) -> None:
    again = Warehouse(usual.path)

    assert internal == workbook(again, WHOLE, with_support=True)


def test_what_has_no_figure_is_left_out_and_named(tmp_path: Path) -> None:
    warehouse = opened(tmp_path, warehouses.published_only())
    found = contents(warehouse, WHOLE)

    book = book_of(workbook(warehouse, WHOLE))

    assert "Lĩnh vực" in book.sheetnames and "Lĩnh vực theo năm" in found.left_out
    row = next(row for row in book[INDEX].iter_rows() if row[0].value == "Chưa có số liệu")
    assert row[1].value == "; ".join(found.left_out)
    counts = {row[0].value: row[1].value for row in book["Lĩnh vực"].iter_rows() if isinstance(row[1].value, int)}
    assert counts["Văn hóa - xã hội"] == 61


def test_one_district_s_single_return_makes_a_workbook(tmp_path: Path) -> None:
    book = book_of(workbook(opened(tmp_path, warehouses.one_district()), WHOLE))

    told = [[cell.value for cell in row[:2]] for row in book["Huyện - Kiểm tra"].iter_rows()]
    assert ["Hội An", 1230] in told and ["Tam Kỳ", None] in told


def test_a_snapshot_of_another_version_gives_what_it_can(tmp_path: Path) -> None:
    warehouse = opened(tmp_path)
    warehouse.close()
    with duckdb.connect(str(warehouse.path)) as connection:
        connection.execute("DROP TABLE flag")
    found = Warehouse(warehouse.path)

    assert "Cảnh báo" in contents(found, WHOLE).left_out
    assert "Lĩnh vực" in book_of(workbook(found, WHOLE)).sheetnames


@pytest.mark.parametrize("first", range(0, len(PAYLOADS), 5))
def test_hostile_names_stand_in_cells_as_text_and_do_nothing(tmp_path: Path, first: int) -> None:
    payloads = PAYLOADS[first : first + 5]
    rows = flagged.reviewed(flags=[flagged.flag("F1", "canh_bao", text, action=text) for text in payloads])
    listed = [row for row in rows["core_mo_hinh"] if row["return_id"]]
    for place, row in enumerate(listed):
        row["name"] = payloads[place % len(payloads)]
    rows["dim_don_vi"][0]["label"] = rows["dim_linh_vuc"][0]["label"] = payloads[0]
    rows["dim_indicator"][0]["short_label"] = payloads[-1]

    data = workbook(opened(tmp_path, rows), WHOLE, with_support=True)

    book = book_of(data)
    for name in ("Danh sách mô hình", "Cảnh báo"):
        assert {expected(payload) for payload in payloads} <= set(texts_of(book[name]))
    assert expected(payloads[0]) in texts_of(book["Lĩnh vực"])
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        names = parts.namelist()
        assert not any("externalLink" in name or "vba" in name.casefold() for name in names)
        assert not any(b"TargetMode" in parts.read(name) for name in names if name.endswith(".rels"))
