"""Writing the workbook: an index that leads to every sheet, and on each sheet its exhibit with all its caveats.

Texts come from returns as they were sent: every one is written as a string, and none can become a formula or a link.
The same snapshot and choice give the same bytes.
"""

import io
from datetime import datetime

import xlsxwriter

from dashboard import labels
from dashboard.choice import Choice
from dashboard.exports import safe_text
from dashboard.labels import SIMULATED
from dashboard.scope import Scope
from dashboard.topics.headlines import freshness
from dashboard.warehouse import Warehouse
from dashboard.workbooks.contents import Contents, contents
from dashboard.workbooks.sheets import INDEX, Looks, add_page, cell_text, row_height, set_up

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_FIRST_DAY = datetime(2000, 1, 1)
_WIDTHS = (28, 70, 16, 60)


def workbook(warehouse: Warehouse, choice: Choice, *, with_support: bool = False) -> bytes:
    """Return the exhibits of a choice as an .xlsx file; those without a figure are named on its index.

    The units that need support are listed only with_support: that sheet is for internal use.
    """
    found = contents(warehouse, choice, with_support=with_support)
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, _OPTIONS) as book:
        scope = Scope.of(warehouse, choice)
        _describe(book, scope)
        looks = Looks.of(book)
        _add_index(book, looks, scope, found)
        colours = dict(warehouse.query("field_list")[["label", "colour"]].itertuples(index=False, name=None))
        for page in found.pages:
            add_page(book, looks, page, warehouse, colours)
    return stream.getvalue()


def _describe(book: xlsxwriter.Workbook, scope: Scope) -> None:
    """Name the file, its maker and its snapshot; its date is the snapshot's."""
    info = scope.warehouse.info
    built_at = info.get("built_at")
    book.set_properties(
        {
            "title": cell_text(_title(scope), 250),
            "author": cell_text(info.get("commission", ""), 250),
            "subject": cell_text(f"Bản số liệu {info.get('snapshot_id', '')}", 250),
            "keywords": SIMULATED if scope.warehouse.is_simulated else "",
            "created": datetime.fromisoformat(built_at).replace(tzinfo=None) if built_at else _FIRST_DAY,
        }
    )


def _title(scope: Scope) -> str:
    return f"Số liệu phong trào thi đua “{scope.warehouse.info.get('movement', '')}”, {scope.place}, {scope.period}"


def _add_index(book: xlsxwriter.Workbook, looks: Looks, scope: Scope, found: Contents) -> None:
    """Write the first sheet: whose figures these are, and a line and a link for every other sheet."""
    sheet = book.add_worksheet(INDEX)
    set_up(sheet, scope.warehouse)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    row = 0
    if scope.warehouse.is_simulated:
        sheet.write_string(row, 0, SIMULATED, looks.mark)
        row += 1
    sheet.write_string(row, 0, safe_text(cell_text(_title(scope))), looks.title)
    told = (
        ("Bản số liệu", scope.warehouse.info.get("snapshot_id", "")),
        ("Lập ngày", _built_on(scope)),
        ("Nguồn", scope.source if scope.warehouse.has_returns else scope.report_label),
        ("Số liệu", freshness(scope.warehouse, scope.choice)),
        ("Ô trống", f"Ô gạch chéo để trống: {labels.MISSING}, không phải số 0."),
    )
    for row, (name, text) in enumerate(told, row + 1):  # noqa: B020 - the row goes on below
        sheet.write_string(row, 0, name, looks.name)
        sheet.write_string(row, 1, safe_text(cell_text(text)), looks.fact)
    row += 2
    for column, text in enumerate(("Trang", "Nội dung", "Đơn vị tính", "Mức đầy đủ")):
        sheet.write_string(row, column, text, looks.head)
    for row, page in enumerate(found.pages, row + 1):  # noqa: B020
        sheet.write_url(row, 0, f"internal:'{page.name}'!A1", looks.link, page.name)
        texts = (page.exhibit.title, page.exhibit.unit, page.exhibit.completeness)
        for column, text in enumerate(texts, 1):
            sheet.write_string(row, column, safe_text(cell_text(text)), looks.text)
        sheet.set_row(row, row_height(texts, _WIDTHS[1:]))
    if found.left_out:
        sheet.write_string(row + 2, 0, labels.sentence(labels.MISSING), looks.name)
        sheet.merge_range(row + 2, 1, row + 2, len(_WIDTHS) - 1, "", looks.text)
        sheet.write_string(row + 2, 1, safe_text(cell_text("; ".join(found.left_out))), looks.text)
        sheet.set_row(row + 2, row_height(["; ".join(found.left_out)], [sum(_WIDTHS[1:])]))


def _built_on(scope: Scope) -> str:
    built_at = scope.warehouse.info.get("built_at")
    return labels.day(datetime.fromisoformat(built_at)) if built_at else labels.MISSING
