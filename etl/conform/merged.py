"""Figures in merged cells: one number over two rows or two columns says nothing about either."""

from etl.conform.cells import shown
from etl.conform.findings import Findings
from etl.conform.returns import Return
from etl.sheets import Position, Sheet, Workbook, a1


def refuse_merged_figures(workbook: Workbook, returns: list[Return], findings: Findings) -> None:
    """Refuse every loaded figure whose cell is merged over a row that is in use, or over another column's heading."""
    for sheet in workbook.sheets:
        if not sheet.merged:
            continue
        figures = {figure.cell for found in returns for figure in found.figures if figure.sheet == sheet.name}
        for first, last in sheet.merged.items():
            if a1(first) in figures and _covers_others(sheet, first, last):
                message = (
                    f"Số {shown(sheet.cells[first])} nằm trong ô gộp {a1(first)}:{a1(last)}, trùm lên dòng hoặc cột "
                    "khác: bỏ gộp ô rồi ghi số cho từng ô"
                )
                findings.refuse("so_o_gop", message, sheet.name, first)


def _covers_others(sheet: Sheet, first: Position, last: Position) -> bool:
    """Whether a range spans a second row that is in use, or a second column with a heading, and blank cells only.

    Cells under it that hold figures of their own are figures of their own; reading notes them.
    """
    covers = False
    for (row, column), value in sheet.cells.items():
        in_rows, in_columns = first[0] <= row <= last[0], first[1] <= column <= last[1]
        if in_rows and in_columns and (row, column) != first:
            return False
        is_row = in_rows and row != first[0]
        is_column = in_columns and column != first[1] and row < first[0] and isinstance(value, str)
        covers = covers or is_row or is_column
    return covers
