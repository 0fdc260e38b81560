"""The sender's workbook as one that can be marked and saved.

An .xlsx keeps all that openpyxl keeps: drop-downs, messages, locks, names, widths, hidden sheets. Of .xls, .ods
and .csv, which it cannot write, and of an .xlsx that it stumbles over, the sheets are made again with every
value in its cell.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.datetime import to_excel

from etl.correction.dropdowns import restore_dropdowns
from etl.reading.cells import MAX_MERGED_AREA
from etl.sheets import Odd, Position, Sheet, Value, Workbook, a1

MAX_SHEET_NAME = 31
_NOT_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
# Characters that XML cannot hold, half surrogates included; a line break is the only control that is kept.
_NOT_PRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{1,4}_)")  # LibreOffice takes even the "_xa_" of an id for one
_DAY = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")
_FORMULA_CELL = re.compile(
    r'<c r="(?P<cell>[A-Z]+[0-9]+)"(?P<style>[^>]*)>(?P<formula><f\b[^>]*?(?:/>|>[^<]*</f>))<v(?: ?/>|></v>)</c>'
)


@dataclass
class Marked:
    """A workbook to mark. sheet_names: the sender's name -> the name it has here; results: of its formulas.

    is_own: whether it is the sender's own file and not its values made again.
    """

    book: Any
    is_own: bool = False
    sheet_names: dict[str, str] = field(default_factory=dict)
    results: dict[str, dict[str, Any]] = field(default_factory=dict)

    def save(self, path: Path) -> None:
        """Save the workbook with the results that its formulas had.

        openpyxl drops them, and a figure without its result is refused. The formulas stay, so that Excel and
        LibreOffice, which are asked to calculate on opening, follow what the sender corrects: a result frozen as
        a number would not, and load a stale figure unnoticed.
        """
        self.book.calculation.fullCalcOnLoad = True
        self.book.save(path)
        by_part = {sheet.path.lstrip("/"): self.results.get(sheet.title) for sheet in self.book.worksheets}
        if any(by_part.values()):
            _put_results(path, {part: results for part, results in by_part.items() if results})


def text_of(value: str) -> str:
    """Return text as a cell can hold it, without control characters."""
    return _LOOKS_ESCAPED.sub("_x005F_", _NOT_PRINTABLE.sub(" ", value))


def put_text(cell: Any, value: str) -> None:
    """Write text that no program takes for a formula, whatever it begins with; "" leaves the cell blank."""
    if not value:
        return
    cell.value = text_of(value)
    cell.data_type = "s"
    cell.quotePrefix = not value[:1].isalnum()


def cells_of(sheet: Any) -> list[Any]:
    """Return the cells that a sheet has; walking its rows would visit a million where one stands in the last."""
    return list(sheet._cells.values())


def own_workbook(path: Path, workbook: Workbook) -> Marked:
    """Return the .xlsx in `path` itself, which our reader saw as `workbook`; may raise anything, as openpyxl does."""
    with path.open("rb") as stream:  # by content: openpyxl goes by the suffix of a path
        reader = ExcelReader(stream, rich_text=True)
        reader.read()
        with ZipFile(stream) as archive:  # reading has closed the reader's own
            restore_dropdowns(reader, archive)
    book = reader.wb
    for seen in workbook.sheets:
        _uncover(book[seen.name], seen)
    names = {name: name for name in book.sheetnames}
    formulas = {sheet.title: list(_formula_cells(sheet)) for sheet in book.worksheets}
    results: dict[str, dict[str, Any]] = {}
    if any(formulas.values()):
        with path.open("rb") as stream:
            calculated = openpyxl.load_workbook(stream, data_only=True)
        for name, cells in formulas.items():
            results[name] = {cell: calculated[name][cell].value for cell in cells}
    return Marked(book, True, names, results)


def _formula_cells(sheet: Any) -> Iterator[str]:
    return (cell.coordinate for cell in cells_of(sheet) if cell.data_type == "f")


def _put_results(path: Path, by_part: dict[str, dict[str, Any]]) -> None:
    """Write the results into the saved file's formula cells, which openpyxl leaves empty."""
    plain = path.with_name(f"{path.name}.plain")
    path.rename(plain)
    try:
        with ZipFile(plain) as old, ZipFile(path, "w", ZIP_DEFLATED) as new:
            for part in old.namelist():
                content = old.read(part)
                if part in by_part:
                    content = _with_results(content.decode("utf-8"), by_part[part]).encode("utf-8")
                new.writestr(part, content)
    finally:
        plain.unlink()


def _with_results(xml: str, results: dict[str, Any]) -> str:
    def put(match: re.Match[str]) -> str:
        kind, value = _result(results.get(match["cell"]))
        if not value:
            return match[0]
        return f'<c r="{match["cell"]}"{match["style"]}{kind}>{match["formula"]}<v>{value}</v></c>'

    return _FORMULA_CELL.sub(put, xml)


def _result(value: Any) -> tuple[str, str]:
    """Return the type attribute and the text of a formula's result, ("", "") where there is none."""
    if isinstance(value, bool):
        return ' t="b"', str(int(value))
    if isinstance(value, int | float):
        return "", repr(value)
    if isinstance(value, str):
        is_error = re.fullmatch(r"#[A-Z0-9/]+[!?]?", value)
        return ' t="e"' if is_error else ' t="str"', escape(text_of(value))
    return ("", "") if value is None else ("", repr(to_excel(value)))


def made_again(workbook: Workbook) -> Marked:
    """Return a workbook with the sheets, cells and values that our reader saw."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    names: dict[str, str] = {}
    for sheet in workbook.sheets:
        page = book.create_sheet(_sheet_name(sheet.name))
        page.title = page.title[-MAX_SHEET_NAME:]  # a number is added at the end of a name that is there already
        names.setdefault(sheet.name, page.title)
        page.sheet_state = "hidden" if sheet.hidden else "visible"
        for (row, column), value in sheet.cells.items():
            _put(page.cell(row + 1, column + 1), value)
        for row in sheet.hidden_rows:
            page.row_dimensions[row + 1].hidden = True
        for first, last in sheet.merged.items():
            _merge(page, sheet, first, last)
        for letters, width in _widths(page, sheet):
            page.column_dimensions[letters].width = width
    return Marked(book, False, names)


def _merge(page: Any, sheet: Sheet, first: Position, last: Position) -> None:
    """Merge a range as it was; not one larger than any heading, over another, or with a value under it."""
    area = _area(first, last)
    covered = any(position in sheet.cells for position in area[1:])
    if area and not covered and not any(isinstance(page.cell(row + 1, column + 1), MergedCell) for row, column in area):
        page.merge_cells(range_string=f"{a1(first)}:{a1(last)}")


def _area(first: Position, last: Position) -> list[Position]:
    """Return the positions of a range, none of one larger than any heading or title."""
    rows, columns = range(first[0], last[0] + 1), range(first[1], last[1] + 1)
    return [(row, column) for row in rows for column in columns] if len(rows) * len(columns) <= MAX_MERGED_AREA else []


def _uncover(page: Any, sheet: Sheet) -> None:
    """Take apart merged ranges with values under them, which openpyxl would drop and our reader counts."""
    for first, last in sheet.merged.items():
        under = [position for position in _area(first, last)[1:] if position in sheet.cells]
        merged = f"{a1(first)}:{a1(last)}"
        if under and merged in page.merged_cells:
            page.unmerge_cells(merged)
            for row, column in under:
                _put(page.cell(row + 1, column + 1), sheet.cells[row, column])


def _sheet_name(name: str) -> str:
    cleaned = _NOT_IN_SHEET_NAME.sub("-", text_of(name)).replace("\n", " ").strip("' ")
    return cleaned[:MAX_SHEET_NAME] or "Trang"


_NUMBER = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?")
_DOUBTFUL = '0" (nghìn?)"'
"""A format that is refused like the sender's own, which said that the number may stand for another."""


def _put(cell: Any, value: Value) -> None:
    if isinstance(value, str):
        put_text(cell, value)
    elif not isinstance(value, Odd):
        cell.value = value
    elif value.kind == "bool":
        cell.value = value.text == "TRUE"
    elif value.kind == "error":
        cell.value, cell.data_type = text_of(value.text), "e"
    elif value.kind == "scaled" and _NUMBER.fullmatch(value.text):
        cell.value, cell.number_format = float(value.text.replace(",", ".")), _DOUBTFUL
    elif (day := _day(value)) is not None:
        cell.value, cell.number_format = day, "dd/mm/yyyy"
    else:  # a percentage, or a formula without a result: as it was shown
        put_text(cell, value.text)


def _day(value: Odd) -> datetime | None:
    match = _DAY.fullmatch(value.text) if value.kind == "date" else None
    try:
        return datetime(int(match[3]), int(match[2]), int(match[1])) if match else None
    except ValueError:
        return None


def _widths(page: Any, sheet: Sheet) -> Iterator[tuple[str, int]]:
    """Yield (column, width) so that most texts can be read; titles run over the cells beside them."""
    longest: dict[int, int] = {}
    for (_, column), value in sheet.cells.items():
        length = len(value.text if isinstance(value, Odd) else str(value))
        longest[column] = max(longest.get(column, 0), min(length, 40))
    for column, length in longest.items():
        yield openpyxl.utils.get_column_letter(column + 1), max(length + 2, 9)
