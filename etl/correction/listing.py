"""The first sheet of a correction: every issue in words, with a link to its cell."""

from typing import Any

from openpyxl.cell.rich_text import CellRichText
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.hyperlink import Hyperlink

from etl.catalogue_layouts import Correction
from etl.correction.book import Marked, cells_of, put_text
from etl.correction.marks import COLOURS, FORMER_FILL, Spot
from etl.issues import Issue, Level
from etl.text import fold

_FONT, _SIZE = "Times New Roman", 13
_HEADINGS = ("STT", "Mức", "Trang", "Ô", "Đọc được gì, cần làm gì")
_WIDTHS = (7, 20, 20, 11, 96)
_ORDER = (Level.LOI, Level.CANH_BAO, Level.GHI_CHU)
_LETTERS_A_LINE, _LINE_HEIGHT = 98, 18
_LINE = Side(style="thin", color="FF7A828C")
_HOW = (
    "Bấm vào cột “Ô” để tới chỗ cần sửa. Ô tô đỏ là lỗi, phải sửa; ô tô vàng nên xem lại. "
    "Lời nhắc hiện khi đưa chuột vào ô. Sửa xong thì lưu rồi gửi lại chính tệp này; không cần xóa trang này."
)
_MADE_AGAIN = "Tệp gốc được chép sang dạng .xlsx: đủ giá trị, đúng từng ô; khung kẻ, màu và danh sách chọn không giữ."
_LIST_ONLY = (
    "Không mở được tệp gốc để tô màu: sửa trên tệp gốc theo danh sách này rồi gửi lại tệp gốc, không gửi tệp này."
)
_LOCKED = "Trang có khóa: muốn thêm dòng, cột thì vào Xem lại (Review), bấm Bỏ bảo vệ trang tính (Unprotect Sheet)."
_HIDDEN = " (trang đang ẩn: bấm chuột phải vào tên một trang, chọn Bỏ ẩn)"


def counted(issues: list[Issue]) -> str:
    """Return how many issues there are, in words: "2 lỗi phải sửa, 1 chỗ nên xem lại"."""
    levels = [issue.level for issue in issues]
    words = ((Level.LOI, "lỗi phải sửa"), (Level.CANH_BAO, "chỗ nên xem lại"))
    return (
        ", ".join(f"{levels.count(level)} {said}" for level, said in words if level in levels) or "không có gì cần sửa"
    )


def add_list(marked: Marked, spots: list[Spot], name: str, words: Correction, mark: str) -> None:
    """Put the list before the sender's sheets and open the workbook on it. mark: that of simulated data."""
    for sheet in marked.book.worksheets:
        sheet.sheet_view.tabSelected = False  # sheets selected together are edited together
    page = marked.book.create_sheet(words.sheet, 0)
    marked.book.active = 0
    is_simulated = any(_holds(sheet, mark) for sheet in marked.book.worksheets)
    lines = [words.title, *([mark] if is_simulated else []), f"Tệp: {name}"]
    lines += [f"{counted([spot.issue for spot in spots]).capitalize()}.", *_advice(marked)]
    for row, line in enumerate(lines, 1):
        _write_line(page, row, line, is_title=row == 1, is_mark=is_simulated and row == 2)
    top = len(lines) + 2
    for column, (heading, width) in enumerate(zip(_HEADINGS, _WIDTHS, strict=True), 1):
        cell = _write(page, top, column, heading, bold=True, centred=True)
        cell.fill = PatternFill("solid", fgColor="FFE8EBEF")
        page.column_dimensions[cell.column_letter].width = width
    ordered = [spot for level in _ORDER for spot in spots if spot.issue.level is level]
    for number, spot in enumerate(ordered, 1):
        _write_spot(page, top + number, number, spot, marked, words)
    _set_up(page, top)


def _advice(marked: Marked) -> list[str]:
    if not marked.sheet_names:
        return [_LIST_ONLY]
    is_locked = any(sheet.protection.sheet for sheet in marked.book.worksheets)
    return [_HOW, *([] if marked.is_own else [_MADE_AGAIN]), *([_LOCKED] if is_locked else [])]


def _write_line(page: Any, row: int, text: str, *, is_title: bool, is_mark: bool) -> None:
    page.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(_HEADINGS))
    cell = page.cell(row, 1)
    put_text(cell, text)
    colour = "FFC00000" if is_mark else "FF000000"
    cell.font = Font(name=_FONT, size=15 if is_title else _SIZE, bold=is_title or is_mark, color=colour)
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    page.row_dimensions[row].height = 26 if is_title else _LINE_HEIGHT * (1 + len(text) // 140)


def _write_spot(page: Any, row: int, number: int, spot: Spot, marked: Marked, words: Correction) -> None:
    issue, sheet = spot.issue, marked.sheet_names.get(spot.issue.sheet, "")
    is_hidden = bool(sheet) and marked.book[sheet].sheet_state != "visible"
    message = issue.message + (_HIDDEN if is_hidden and spot.cell is not None else "")
    where = spot.cell.coordinate if spot.cell is not None else issue.cell
    texts = (str(number), words.levels[issue.level.value], sheet or issue.sheet, where, message)
    for column, text in enumerate(texts, 1):
        cell = _write(page, row, column, text, centred=column in (1, 4))
        if column == 1:
            cell.value = number
        if column == 2 and issue.level in COLOURS:
            cell.fill = PatternFill("solid", fgColor=COLOURS[issue.level])
    if sheet and not is_hidden:
        _link(page.cell(row, 4 if spot.cell is not None else 3), sheet, where if spot.cell is not None else "A1")
    put_text(page.cell(row, FORMER_FILL), spot.former_fill)
    lines = max(1 + len(message) // _LETTERS_A_LINE, 1 + len(texts[2]) // 18)
    page.row_dimensions[row].height = 6 + _LINE_HEIGHT * lines


def _write(page: Any, row: int, column: int, text: str, *, bold: bool = False, centred: bool = False) -> Any:
    cell = page.cell(row, column)
    put_text(cell, text)
    cell.font = Font(name=_FONT, size=_SIZE, bold=bold)
    cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center" if centred else "left")
    cell.border = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
    return cell


def _link(cell: Any, sheet: str, where: str) -> None:
    quoted = sheet.replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!{where}")
    cell.font = Font(name=_FONT, size=_SIZE, color="FF0B4F9E", underline="single")


def _set_up(page: Any, top: int) -> None:
    page.column_dimensions["F"].hidden = True
    page.row_dimensions[top].height = 28
    page.freeze_panes = page.cell(top + 1, 1)
    page.print_title_rows = f"{top}:{top}"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.sheet_properties.tabColor = COLOURS[Level.LOI]
    page.oddFooter.right.text = "Trang &P/&N"


def _holds(sheet: Any, mark: str) -> bool:
    key = fold(mark)
    values = [cell.value for cell in cells_of(sheet)]
    return any(key in fold(value) for value in values if isinstance(value, str | CellRichText))
