"""Finding tables in a sheet by their headings and reading their cells, with every problem noted where it stands.

Real sheets have title blocks above the table, headings in two merged rows, a row of column numbers,
subtotals in the middle and a signature block below; nothing here relies on a position.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from etl.counts import NotACount, parse_count
from etl.issues import Issue, Level
from etl.sheets import Odd, Sheet, Value, a1
from etl.text import clean, fold

Cells = dict[int, Value]
_DATE_LINE = re.compile(r"\bngai \d{1,2} thang \d{1,2} nam \d{4}\b")
_COLUMN_NUMBER = re.compile(r"^(?:\d{1,2}|[a-z])$")
_ROMAN = re.compile(r"^[ivx]{1,5}$")


class Findings:
    """Collects the issues of one file."""

    def __init__(self) -> None:
        self.issues: list[Issue] = []

    def refuse(self, rule: str, message: str, sheet: str = "", position: tuple[int, int] | None = None) -> None:
        """Note something that rejects the file."""
        self._add(rule, Level.LOI, message, sheet, position)

    def warn(self, rule: str, message: str, sheet: str = "", position: tuple[int, int] | None = None) -> None:
        """Note something that every page using the figure should show."""
        self._add(rule, Level.CANH_BAO, message, sheet, position)

    def inform(self, rule: str, message: str, sheet: str = "", position: tuple[int, int] | None = None) -> None:
        """Note something worth knowing that needs no action."""
        self._add(rule, Level.GHI_CHU, message, sheet, position)

    def count(self, value: Value | None, largest: int, sheet: str, position: tuple[int, int]) -> int | None:
        """Return the count in a cell, None where it is blank or refused; a refusal is noted."""
        if value is None:
            return None
        try:
            return parse_count(value, largest)
        except NotACount as problem:
            self.refuse(problem.rule, problem.message, sheet, position)
            return None

    def _add(self, rule: str, level: Level, message: str, sheet: str, position: tuple[int, int] | None) -> None:
        self.issues.append(Issue(rule, level, message, sheet, a1(position) if position else ""))


@dataclass(frozen=True)
class Table:
    """A table of a sheet: its key column, the heading texts above each other column, and its rows."""

    sheet: Sheet
    key_column: int
    headings: dict[int, tuple[str, ...]]
    top: int
    rows: list[tuple[int, Cells]]

    def has_figures(self, column: int) -> bool:
        """Whether any row of the table holds something like a figure in `column`."""
        return any(is_figure(cells[column]) for _, cells in self.rows if column in cells)

    def unnamed_columns(self) -> Iterator[int]:
        """Yield columns right of the key that hold figures under no heading."""
        columns = {column for _, cells in self.rows for column in cells if column > self.key_column}
        for column in sorted(columns - set(self.headings)):
            if self.has_figures(column):
                yield column


def find_tables(sheet: Sheet, is_key: Callable[[str], bool], is_heading: Callable[[str], bool]) -> list[Table]:
    """Return the tables of a sheet whose key column's heading satisfies `is_key`.

    A row is a header when, besides the key, it or its neighbour holds at least one cell that `is_heading` knows.
    """
    rows = list(sheet.rows())
    tables = []
    for index, (_, cells) in enumerate(rows):
        key = next((column for column, value in cells.items() if isinstance(value, str) and is_key(value)), None)
        if key is None:
            continue
        above = rows[index - 1] if index else None
        below = rows[index + 1] if index + 1 < len(rows) else None
        lines = [line for line in (_parents(above, is_heading), rows[index], _children(below, key)) if line]
        headings = _headings(lines, key)
        if any(is_heading(text) for texts in headings.values() for text in texts):
            last = lines[-1][0]
            body = [(row, values) for row, values in rows if row > last]
            tables.append(Table(sheet, key, headings, lines[0][0], _without_column_numbers(body, key)))
    return tables


def is_figure(value: Value) -> bool:
    """Whether a cell holds something meant as a number: not a note, a signature or a date line."""
    if not isinstance(value, str):
        return True
    key = fold(value)
    return len(key) <= 20 and any(char.isdigit() for char in key) and not _DATE_LINE.search(key)


def is_group_row(label: str, cells: Cells, key_column: int) -> bool:
    """Whether a row only heads a group: numbered I, II, III before its label or left of it."""
    left = [fold(value) for column, value in cells.items() if column < key_column and isinstance(value, str)]
    first_word = re.split(r"[\s.)]", clean(label), maxsplit=1)[0]
    return any(_ROMAN.match(key) for key in left) or (first_word.isupper() and bool(_ROMAN.match(fold(first_word))))


def shown(value: Value) -> str:
    """Return a cell's value as a message quotes it."""
    return value.text if isinstance(value, Odd) else clean(value)


def _parents(line: tuple[int, Cells] | None, is_heading: Callable[[str], bool]) -> tuple[int, Cells] | None:
    """Return the line above a header when it carries group headings, each spread over the blanks to its right."""
    if line is None or not any(isinstance(value, str) and is_heading(value) for value in line[1].values()):
        return None
    return line


def _children(line: tuple[int, Cells] | None, key: int) -> tuple[int, Cells] | None:
    """Return the line below a header when it continues the header: only words, and nothing under the key."""
    if line is None or key in line[1] or min(line[1]) < key:
        return None
    words = all(isinstance(value, str) and not is_figure(value) for value in line[1].values())
    return line if words else None


def _headings(lines: list[tuple[int, Cells]], key: int) -> dict[int, tuple[str, ...]]:
    last = max(max(cells) for _, cells in lines)
    headings: dict[int, tuple[str, ...]] = {}
    for column in range(last + 1):
        own = [clean(cells[column]) for _, cells in lines if isinstance(cells.get(column), str)]
        if column == key or not own:
            continue
        lower = any(column in cells for _, cells in lines[1:])
        if lower and column not in lines[0][1]:
            # A group heading stands once, in the first of the columns it spans.
            spanning = [left for left in lines[0][1] if key < left < column]
            own = [clean(lines[0][1][max(spanning)])] * bool(spanning) + own
        headings[column] = tuple(own)
    return headings


def _without_column_numbers(body: list[tuple[int, Cells]], key: int) -> list[tuple[int, Cells]]:
    """Drop the row (1) (2) (3) or A B 1 2 that forms print under their headings."""
    if body and key in body[0][1]:
        texts = [fold(value) for value in body[0][1].values() if not isinstance(value, Odd)]
        if len(texts) > 1 and _COLUMN_NUMBER.match(fold(body[0][1][key])) and all(map(_COLUMN_NUMBER.match, texts)):
            return body[1:]
    return body
