"""Finding tables in a sheet by their headings, and sorting their rows by what they are.

Real sheets have title blocks above the table, headings in several merged rows, a row of column numbers,
group rows and subtotals in the middle and a signature block below; nothing here relies on a position.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from etl.conform.cells import Cells, is_date, is_figure, shown
from etl.conform.findings import Findings
from etl.conform.headings import Line, Test, header_lines, headings_of, is_column_numbers
from etl.sheets import LONGEST_LABEL, Position, Sheet, a1
from etl.text import clean, fold
from etl.vocabulary import Vocabulary

T = TypeVar("T")

_ROMAN = re.compile(r"[IVX]{1,5}[.)]?")
_ROMAN_LABEL = re.compile(r"(?:I{1,3}|IV|VI{0,3}|IX)[\s.)/]")  # not "X.": that shortens xã
_NUMBERING = re.compile(r"([0-9]{1,5})[.)]?")
_MOST_TABLES = 20  # on one sheet; the head of a further one is read, and refused, as a row of the last
_FAR = 50  # rows below a table; a number out there without a label belongs to no table


@dataclass(frozen=True)
class Table:
    """A table of a sheet: its key column, the headings above each other column, and its rows."""

    sheet: Sheet
    key_column: int
    headings: dict[int, tuple[str, ...]]
    top: int
    rows: list[Line]

    def label(self, cells: Cells) -> str:
        """Return what a row's key cell says."""
        return shown(cells.get(self.key_column))

    def at(self, row: int, column: int) -> tuple[str, Position]:
        """Return a place in the table, as findings take it."""
        return self.sheet.name, (row, column)

    @property
    def head(self) -> tuple[str, Position]:
        """The place of the table as a whole."""
        return self.at(self.top, self.key_column)

    def until(self, stops: Iterable[int]) -> "Table":
        """Return the table cut off before the first of `stops`, rows where other tables of the sheet begin."""
        end = min((stop for stop in stops if stop > self.top), default=None)
        return self if end is None else replace(self, rows=[line for line in self.rows if line[0] < end])

    def titles(self) -> list[tuple[Position, str]]:
        """Return the place and text of everything written above the table."""
        above = sorted(position for position in self.sheet.cells if position[0] < self.top)
        found = ((position, self.sheet.cells[position]) for position in above)
        return [(position, clean(value)[:LONGEST_LABEL]) for position, value in found if isinstance(value, str)]


@dataclass
class SortedRows(Generic[T]):
    """A table's rows by kind: what is counted, printed sums, group rows, and all others."""

    parts: list[tuple[int, T]] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    subtotals: list[int] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)
    others: list[Line] = field(default_factory=list)

    @property
    def known(self) -> set[int]:
        """The rows that are part of the table for certain."""
        return {row for row, _ in self.parts} | {*self.totals, *self.subtotals, *self.groups}


def find_tables(sheet: Sheet, wanted: frozenset[str], is_heading: Test, is_group: Test | None = None) -> list[Table]:
    """Return the tables of a sheet: a heading that is a key, and others beside it that name what is counted.

    wanted: the matching keys of the headings that are one.
    """
    rows = sheet.rows()
    tables: list[Table] = []
    keys = {text for found in wanted & sheet.labels().keys() for text in sheet.labels()[found]}
    for index, (_, cells) in enumerate(rows) if keys else ():
        key = next((column for column, value in cells.items() if value in keys), None)
        if key is None or len(tables) == _MOST_TABLES:
            continue
        lines = header_lines(rows, index, key, is_heading, is_group or is_heading)
        headings = headings_of(lines, key)
        if any(is_heading(text) for texts in headings.values() for text in texts):
            body = [line for line in rows[index + 1 :] if line[0] > lines[-1][0]]
            if body and is_column_numbers(body[0][1], key):
                body = body[1:]
            tables.append(Table(sheet, key, headings, lines[0][0], body))
    return tables


def sort_rows(table: Table, find: Callable[[str], T | None], vocabulary: Vocabulary) -> SortedRows[T]:
    """Sort a table's rows. find: what a label means, None for a label that is nothing the table counts."""
    found: SortedRows[T] = SortedRows()
    for row, cells in table.rows:
        label = table.label(cells)
        item = find(label) if label else None
        # A total's label often stands in a cell merged over the numbering and the key.
        labels = [label, *(shown(value) for column, value in cells.items() if column < table.key_column)]
        if item is not None:
            found.parts.append((row, item))
        elif any(map(vocabulary.is_total, labels)):
            found.totals.append(row)
        elif any(map(vocabulary.is_subtotal, labels)):
            found.subtotals.append(row)
        elif label and _is_roman(table, label, cells):
            found.groups.append(row)
        else:
            found.others.append((row, cells))
    _tell_groups_from_rows(table, found)
    return found


def _tell_groups_from_rows(table: Table, rows: SortedRows[T]) -> None:
    """Where the counted rows themselves are numbered I, II, III, such a number makes no group."""
    parts = {row for row, _ in rows.parts}
    counted = ((table.label(cells), cells) for row, cells in table.rows if row in parts)
    if any(_is_roman(table, label, cells) for label, cells in counted):
        moved = {*rows.groups, *(row for row, _ in rows.others)}
        rows.others = [line for line in table.rows if line[0] in moved]
        rows.groups = []


def _is_roman(table: Table, label: str, cells: Cells) -> bool:
    left = (shown(value) for column, value in cells.items() if column < table.key_column)
    return bool(_ROMAN_LABEL.match(label)) or any(map(_ROMAN.fullmatch, left))


def refuse_others(
    table: Table,
    rows: SortedRows[T],
    columns: Iterable[int],
    explain: Callable[[str], tuple[str, str]],
    findings: Findings,
    *,
    every_row_counts: bool = False,
) -> None:
    """Refuse rows that hold figures but are nothing the table counts; notes and signatures are passed over.

    explain: (rule, message) for a row's label. every_row_counts: whether a numbered row without figures is one too.
    """
    last = max(rows.known, default=table.top)
    counted = set(columns)
    for row, cells in rows.others:
        if findings.is_full:
            return
        label = table.label(cells)
        place = table.at(row, table.key_column)
        beside = [column for column in cells if column in counted or column > table.key_column]
        figures = [column for column in beside if is_figure(cells[column])]
        if figures and not label and row > last + _FAR:
            cell = a1((row, figures[0]))
            message = f"Ô {cell} ghi “{shown(cells[figures[0]])}”, cách xa bảng và không có tên dòng: không nạp"
            findings.warn("o_lac", message, table.sheet.name, cell)
        elif figures and row > last and all(is_date(cells[column]) for column in figures):
            continue
        elif figures and not label:
            findings.refuse("dong_khong_ten", "Có số nhưng dòng không ghi tên: điền tên dòng hoặc xóa số", *place)
        elif label and (figures or _is_row(table, row < last, cells, counted, every_row_counts)):
            findings.refuse(*explain(label), *place)


def used_columns(table: Table, rows: set[int]) -> set[int]:
    """Return the columns, the key's apart, that hold figures in `rows` which do not merely number them."""
    figures: dict[int, list[str]] = {}
    for row, cells in table.rows:
        if row in rows:
            for column, value in cells.items():
                if column != table.key_column and is_figure(value):
                    figures.setdefault(column, []).append(shown(value))
    return {column for column, texts in figures.items() if column > table.key_column or not _is_numbering(texts)}


def refuse_unnamed(table: Table, used: set[int], findings: Findings) -> None:
    """Refuse figures under no heading. used: see `used_columns`."""
    for column in sorted(used - set(table.headings)):
        findings.refuse(
            "cot_khong_ten",
            "Có số dưới cột không có tiêu đề: ghi tiêu đề cho cột hoặc xóa số",
            *table.at(table.top, column),
        )


def warn_of_ignored(table: Table, rows: set[int], vocabulary: Vocabulary, findings: Findings) -> None:
    """Warn of numbers in the table's rows under a heading such as "Ghi chú", where nothing is loaded from."""
    headings = {column: texts[-1] for column, texts in table.headings.items()}
    columns = {
        column for column, text in headings.items() if vocabulary.is_ignored(text) and not vocabulary.is_numbering(text)
    }
    for row, cells in table.rows:
        for column in columns & set(cells) if row in rows else ():
            if re.fullmatch(r"[0-9][0-9., ]*", shown(cells[column])):
                message = (
                    f"Số {shown(cells[column])} ở cột “{headings[column]}” không được nạp: chuyển về đúng cột nếu cần"
                )
                findings.warn("so_o_cot_ghi_chu", message, *table.at(row, column))


def _is_numbering(texts: list[str]) -> bool:
    """Whether figures left of the key number the rows: 1, 2, 3 and perhaps 1 again in the next group."""
    previous = 0
    for text in texts:
        match = _NUMBERING.fullmatch(text)
        if match is None or int(match[1]) not in (1, previous + 1):
            return False
        previous = int(match[1])
    return True


def _is_row(table: Table, is_inside: bool, cells: Cells, counted: set[int], every_row_counts: bool) -> bool:
    """Whether a row without figures is still meant as a row: text stands for its figures, or it is numbered."""
    words = [cells[column] for column in counted if column in cells]
    if is_inside and any(every_row_counts or fold(shown(value)) not in ("", "n a") for value in words):
        return True
    is_numbered = any(column < table.key_column and is_figure(value) for column, value in cells.items())
    return every_row_counts and is_numbered
