"""Collecting the cells of one workbook within bounds that no honest return comes near."""

from dataclasses import dataclass, field

from etl.reading.errors import Unreadable, damaged
from etl.sheets import Position, Sheet, Value, a1
from etl.text import clean

MAX_CELLS = 200_000
MAX_SHEETS = 60
MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
MAX_CELL_TEXT = 32_767  # Excel's own limit
MAX_TEXT = 50_000_000
MAX_MERGED = 500
MAX_MERGED_AREA = 5_000  # cells; no heading or title is merged over more


@dataclass(slots=True)
class Budget:
    """What one workbook may still hold, and the sheet names it has used."""

    cells: int = MAX_CELLS
    sheets: int = MAX_SHEETS
    text: int = MAX_TEXT
    names: set[str] = field(default_factory=set)


@dataclass(slots=True)
class SheetBuilder:
    """One sheet while it is being read: refuses a second value in a cell and more cells than the budget has."""

    name: str
    budget: Budget
    hidden: bool = False
    cells: dict[Position, Value] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[tuple[Position, Position]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.budget.sheets -= 1
        if self.budget.sheets < 0:
            raise Unreadable("qua_nhieu_sheet", f"Tệp có hơn {MAX_SHEETS} trang: chỉ giữ các biểu báo cáo rồi gửi lại.")
        if self.name.casefold() in self.budget.names:  # a place in the file would be two places
            raise damaged(f"hai trang cùng mang tên “{self.name}”")
        self.budget.names.add(self.name.casefold())

    def add(self, row: int, column: int, value: Value) -> None:
        """Store a value; text in which nothing is visible is a blank cell and not stored."""
        if isinstance(value, str):
            if not value[:1].isalnum() and not clean(value):  # most text opens visibly: no need to clean it
                return
            self._count_text(row, column, len(value))
        if not (0 <= row < MAX_ROWS and 0 <= column < MAX_COLUMNS):
            raise damaged(f"trang “{self.name}” có ô nằm ngoài bảng tính")
        if (row, column) in self.cells:
            raise damaged(f"trang “{self.name}”, ô {a1((row, column))} xuất hiện hai lần")
        self.budget.cells -= 1
        if self.budget.cells < 0:
            limit = f"{MAX_CELLS:,}".replace(",", ".")
            raise Unreadable("qua_nhieu_o", f"Tệp có hơn {limit} ô có dữ liệu, quá lớn so với một báo cáo.")
        self.cells[row, column] = value

    def _count_text(self, row: int, column: int, length: int) -> None:
        if length > MAX_CELL_TEXT:
            place = f"Trang “{self.name}”, ô {a1((row, column))}"
            raise Unreadable("o_qua_dai", f"{place}: nội dung dài hơn 32.767 ký tự; kiểm tra dấu nháy hoặc rút ngắn.")
        self.budget.text -= length
        if self.budget.text < 0:
            raise Unreadable("qua_nhieu_chu", "Tệp chứa quá nhiều chữ so với một báo cáo.")

    def merge(self, first: Position, last: Position) -> None:
        """Note a merged range; those beyond the bound are left out."""
        if len(self.merged) < MAX_MERGED:
            self.merged.append((first, last))

    def finish(self) -> Sheet:
        """Return the sheet; of hidden rows and merged ranges only those that hold something matter."""
        used = {row for row, _ in self.cells}
        merged = {first: last for first, last in self.merged if first in self.cells}
        return Sheet(self.name, self.cells, self.hidden, frozenset(self.hidden_rows & used), merged)

    def hidden_column_note(self) -> str | None:
        """Return a note naming hidden columns that hold numbers, since nobody sees those on screen."""
        spans = [(first, last) for first, last in self.hidden_columns if self._has_number(first, last)]
        if not spans:
            return None
        names = ", ".join(
            f"{_letters(first)}–{_letters(last)}" if last > first else _letters(first) for first, last in spans
        )
        return f"Trang “{self.name}” có cột ẩn chứa số liệu ({names}); các ô đó vẫn được đọc."

    def merged_cells_note(self) -> str | None:
        """Return a note naming numbers under a merged cell: LibreOffice can keep them there, shown to nobody."""
        covered = sorted(position for position in self._covered() if not isinstance(self.cells[position], str))
        if not covered:
            return None
        names = ", ".join(map(a1, covered[:20])) + ("…" if len(covered) > 20 else "")
        return f"Trang “{self.name}” có số nằm dưới ô gộp, không hiện ra ({names}); các ô đó vẫn được đọc."

    def _covered(self) -> set[Position]:
        found: set[Position] = set()
        for (top, left), (bottom, right) in self.merged:
            if (bottom - top + 1) * (right - left + 1) <= MAX_MERGED_AREA:
                area = ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
                found.update(position for position in area if position != (top, left) and position in self.cells)
        return found

    def _has_number(self, first: int, last: int) -> bool:
        return any(first <= column <= last and not isinstance(value, str) for (_, column), value in self.cells.items())


def plain_number(number: float) -> int | float:
    """Return a whole number as int, the way a cell shows it."""
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _letters(column: int) -> str:
    return a1((0, column))[:-1]
