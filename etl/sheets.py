"""A submitted workbook as plain data: what the readers produce and the layouts consume.

Cells are sparse, so a single figure in row 1.048.576 costs one entry. Positions are zero-based
(row, column) pairs; `a1` turns them into what a person sees in Excel.
"""

from dataclasses import dataclass, field

from etl.text import fold

LONGEST_LABEL = 500
Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Odd:
    """A cell whose value must not be taken as a plain number or text.

    kind: `error` (#REF!), `no_cache` (formula without cached value), `date`, `percent`, `bool`, or `scaled` (a number
    whose format shows another one).
    text: what a person sees there, for the message.
    """

    kind: str
    text: str


Value = str | int | float | Odd


@dataclass(slots=True)
class Sheet:
    """One worksheet: non-empty cells by position; blank text is never stored.

    merged: the last position of each merged range that holds something, by its first. Once filled it is only read: what
    the layouts ask of it again and again is put together once.
    """

    name: str
    cells: dict[Position, Value]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    merged: dict[Position, Position] = field(default_factory=dict)
    _rows: list[tuple[int, dict[int, Value]]] | None = field(default=None, init=False, repr=False, compare=False)
    _texts: frozenset[str] | None = field(default=None, init=False, repr=False, compare=False)
    _labels: dict[str, list[str]] | None = field(default=None, init=False, repr=False, compare=False)

    def rows(self) -> list[tuple[int, dict[int, Value]]]:
        """Return (row, {column: value}) in order, without rows that hold nothing."""
        if self._rows is None:
            by_row: dict[int, dict[int, Value]] = {}
            for (row, column), value in sorted(self.cells.items(), key=lambda item: item[0]):
                by_row.setdefault(row, {})[column] = value
            self._rows = list(by_row.items())
        return self._rows

    def texts(self) -> frozenset[str]:
        """Return every text that stands in a cell."""
        if self._texts is None:
            self._texts = frozenset(value for value in self.cells.values() if isinstance(value, str))
        return self._texts

    def labels(self) -> dict[str, list[str]]:
        """Return the texts that are short enough for a label, by their matching key."""
        if self._labels is None:
            self._labels = {}
            for text in self.texts():
                if len(text) <= LONGEST_LABEL:
                    self._labels.setdefault(fold(text), []).append(text)
        return self._labels


@dataclass(slots=True)
class Workbook:
    """A file's sheets in order. `kind` is the real type by content: xlsx, xlsm, xls, ods or csv.

    is_eight_bit: its text is one of the encodings older than Unicode, shown here as Windows-1252 would.
    """

    kind: str
    sheets: list[Sheet] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_eight_bit: bool = False


def a1(position: Position) -> str:
    """Return the A1 address of a zero-based (row, column)."""
    row, column = position
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"
