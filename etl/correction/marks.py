"""Cells to correct, coloured and commented; and what an earlier correction had marked, cleaned away."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill, Protection
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet.worksheet import Worksheet

from etl.catalogue_layouts import Correction
from etl.correction.book import Marked, cells_of, text_of
from etl.issues import Issue, Level
from etl.reading.cells import MAX_COLUMNS, MAX_ROWS
from etl.text import fold

COLOURS = {Level.LOI: "FFF8B4B4", Level.CANH_BAO: "FFFFE08A"}
FORMER_FILL = 6
"""The list's hidden column with the colour that each cell had."""
_CELL = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")
_ALREADY_THERE = "\n\nGhi chú sẵn có: "
_LONGEST_COMMENT = 4000
_WIDTH, _LINE_HEIGHT, _LETTERS_A_LINE = 340, 19, 46


@dataclass(frozen=True)
class Spot:
    """An issue and the cell it is marked in, None where there is no such cell. former_fill: the cell's own colour."""

    issue: Issue
    cell: Any
    former_fill: str = ""


def mark(marked: Marked, issues: Iterable[Issue], words: Correction) -> list[Spot]:
    """Colour and comment the cells of the issues, and unlock them; return every issue with its cell."""
    placed = [(issue, _cell_of(marked, issue)) for issue in issues]
    by_cell: dict[tuple[str, str], list[Issue]] = {}
    for issue, cell in placed:
        if cell is not None and issue.level in COLOURS:
            by_cell.setdefault((cell.parent.title, cell.coordinate), []).append(issue)
    fills = {key: _fill_text(marked.book[key[0]][key[1]]) for key in by_cell}
    for (sheet, coordinate), found in by_cell.items():
        _mark(marked.book[sheet][coordinate], found, words)
    return [
        Spot(issue, cell, "" if cell is None else fills.get((cell.parent.title, cell.coordinate), ""))
        for issue, cell in placed
    ]


def clear_earlier(marked: Marked, words: Correction) -> None:
    """Take away what an earlier correction left: its sheet, its comments and, where it noted them, its colours."""
    openings = tuple(f"{words.levels[level.value]}: " for level in COLOURS)  # LibreOffice drops a comment's author
    fills: dict[tuple[str, str], str] = {}
    for sheet in [sheet for sheet in marked.book.worksheets if _is_ours(sheet, words)]:
        fills |= _former_fills(sheet)
        marked.book.remove(sheet)
    for sheet in marked.book.worksheets:
        for cell in cells_of(sheet):
            if cell.comment is not None and cell.comment.text.startswith(openings):
                _clear(cell, fills.get((sheet.title, cell.coordinate), ""))


def _cell_of(marked: Marked, issue: Issue) -> Any:
    """Return the cell an issue is about, the first of a merged range; None where the file has no such place."""
    sheet_name = marked.sheet_names.get(issue.sheet)
    if sheet_name is None or not _is_cell(issue.cell):
        return None
    sheet = marked.book[sheet_name]
    if not isinstance(sheet, Worksheet):  # a chart on a page of its own
        return None
    cell = sheet[issue.cell]
    if isinstance(cell, MergedCell):
        ranges = sheet.merged_cells.ranges
        return next((sheet[held.start_cell.coordinate] for held in ranges if cell.coordinate in held), None)
    return cell


def _is_cell(text: str) -> bool:
    if not _CELL.fullmatch(text):
        return False
    row, column = coordinate_to_tuple(text)
    return bool(row <= MAX_ROWS and column <= MAX_COLUMNS)


def _mark(cell: Any, issues: list[Issue], words: Correction) -> None:
    worst = Level.LOI if any(issue.level is Level.LOI for issue in issues) else Level.CANH_BAO
    text = "\n\n".join(f"{words.levels[issue.level.value]}: {issue.message}" for issue in issues)
    if cell.comment is not None:
        text += f"{_ALREADY_THERE}{cell.comment.text}"
    text = text_of(text)[:_LONGEST_COMMENT]
    lines = sum(1 + len(line) // _LETTERS_A_LINE for line in text.split("\n"))
    cell.comment = Comment(text, words.author, height=20 + _LINE_HEIGHT * min(lines, 25), width=_WIDTH)
    cell.fill = PatternFill("solid", fgColor=COLOURS[worst])
    cell.protection = Protection(locked=False, hidden=cell.protection.hidden)


def _clear(cell: Any, fill: str) -> None:
    _, _, own = cell.comment.text.partition(_ALREADY_THERE)
    cell.comment = Comment(own, "") if own else None
    cell.fill = PatternFill("solid", fgColor=fill) if fill else PatternFill()


def _fill_text(cell: Any) -> str:
    """Return a cell's plain colour, "" for none and for what is no plain colour."""
    colour = cell.fill.fgColor
    return str(colour.rgb) if cell.fill.fill_type == "solid" and colour.type == "rgb" else ""


def _is_ours(sheet: Any, words: Correction) -> bool:
    return fold(sheet["A1"].value or "") == fold(words.title)


def _former_fills(sheet: Any) -> Iterator[tuple[tuple[str, str], str]]:
    for row in sheet.iter_rows(min_col=1, max_col=FORMER_FILL, values_only=True):
        if re.fullmatch("[0-9A-F]{8}", str(row[FORMER_FILL - 1] or "")):
            yield (str(row[2]), str(row[3])), str(row[FORMER_FILL - 1])
