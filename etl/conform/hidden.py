"""What a person looking at the file may not see: hidden sheets and rows, and sheets that are not loaded."""

from etl.conform.findings import Findings
from etl.conform.info import info_sheets
from etl.conform.returns import Return
from etl.counts import NotACount, parse_count
from etl.sheets import Workbook, a1
from etl.vocabulary import Vocabulary


def note_hidden(workbook: Workbook, returns: list[Return], findings: Findings) -> None:
    """Note figures and models that come from hidden sheets or rows."""
    used = {(figure.sheet, figure.cell) for found in returns for figure in found.figures}
    used |= {(model.sheet, model.cell) for found in returns for model in found.models}
    sheets = {sheet for sheet, _ in used}
    for sheet in workbook.sheets:
        if sheet.hidden and sheet.name in sheets:
            findings.inform("trang_an", f"Số liệu lấy từ trang ẩn “{sheet.name}”", sheet.name)
        cells = [position for position in sheet.cells if position[0] in sheet.hidden_rows]
        rows = sorted({row + 1 for row, column in cells if (sheet.name, a1((row, column))) in used})
        if rows:
            message = f"Số liệu lấy từ dòng ẩn: {', '.join(map(str, rows[:10]))}"
            findings.inform("dong_an", message, sheet.name)


def warn_of_unread(workbook: Workbook, read: set[str], vocabulary: Vocabulary, findings: Findings) -> None:
    """Warn of sheets with numbers in which no table was found. read: the names of the sheets with one."""
    known = read | {sheet.name for sheet in info_sheets(workbook, vocabulary)}
    for sheet in workbook.sheets:
        if sheet.name not in known and any(_is_count(value) for value in sheet.cells.values()):
            message = f"Trang “{sheet.name}” có số nhưng không nhận ra bảng nào: không nạp; kiểm tra dòng tiêu đề"
            findings.warn("trang_khong_doc", message, sheet.name)


def _is_count(value: object) -> bool:
    try:
        return parse_count(value, 10**15) is not None  # type: ignore[arg-type]
    except NotACount:
        return False
