"""Collecting what is to be said about one file."""

from etl.counts import NotACount, parse_count
from etl.issues import Issue, Level
from etl.sheets import Position, Value, a1

MOST = 500


class Findings:
    """Collects the issues of one file. largest: the largest count a cell may hold."""

    def __init__(self, largest: int) -> None:
        self.issues: list[Issue] = []
        self._seen: set[Issue] = set()
        self._largest = largest

    @property
    def is_full(self) -> bool:
        """Whether so much is wrong that looking for more helps nobody."""
        return len(self.issues) >= MOST

    def refuse(self, rule: str, message: str, sheet: str = "", place: Position | str | None = None) -> None:
        """Note something that rejects the file. place: a position, or a cell's address."""
        self._add(rule, Level.LOI, message, sheet, place)

    def warn(self, rule: str, message: str, sheet: str = "", place: Position | str | None = None) -> None:
        """Note something that every page using the figure should show."""
        self._add(rule, Level.CANH_BAO, message, sheet, place)

    def inform(self, rule: str, message: str, sheet: str = "", place: Position | str | None = None) -> None:
        """Note something worth knowing that needs no action."""
        self._add(rule, Level.GHI_CHU, message, sheet, place)

    def count(self, value: Value | None, sheet: str, position: Position) -> int | None:
        """Return the count in a cell, None where it is blank or refused; a refusal is noted."""
        try:
            return parse_count(value, self._largest)
        except NotACount as problem:
            self.refuse(problem.rule, problem.message, sheet, position)
            return None

    def _add(self, rule: str, level: Level, message: str, sheet: str, place: Position | str | None) -> None:
        cell = a1(place) if isinstance(place, tuple) else place or ""
        issue = Issue(rule, level, message, sheet, cell)
        if self.is_full or issue in self._seen:
            return
        self._seen.add(issue)
        self.issues.append(issue)
        if len(self.issues) == MOST:
            text = f"Tệp có từ {MOST} điều cần nói trở lên, chỉ nêu bấy nhiêu: sửa các lỗi đã nêu rồi gửi lại"
            self.issues.append(Issue("qua_nhieu_loi", Level.LOI, text))
