"""Reporting periods: what span of days a return covers, when it is due, and whether its unit existed.

Nothing here reads a file; deadlines and units come from the catalogue.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from etl.catalogue_rows import Deadline, DonVi, PeriodKind
from etl.labels import date_text


@dataclass(frozen=True)
class Period:
    """The span a return speaks for; `nam` and `6_thang` lie within one year."""

    kind: PeriodKind
    from_year: int
    to_year: int

    def __post_init__(self) -> None:
        """Refuse a span that runs backwards, or a yearly kind over several years, with ValueError."""
        if self.from_year > self.to_year:
            raise ValueError(f"Kỳ báo cáo kết thúc ({self.to_year}) trước khi bắt đầu ({self.from_year})")
        if self.kind != "giai_doan" and self.from_year != self.to_year:
            raise ValueError(f"Chỉ “giai đoạn” mới có thể gồm nhiều năm: {self.from_year}-{self.to_year}")

    @property
    def start(self) -> date:
        """The first day of the period."""
        return date(self.from_year, 1, 1)

    @property
    def end(self) -> date:
        """The last day of the period: 30 June for a half-year."""
        return date(self.to_year, 6, 30) if self.kind == "6_thang" else date(self.to_year, 12, 31)

    @property
    def label(self) -> str:
        """The period in Vietnamese, as it stands in a sentence: "năm 2023", "giai đoạn 2009-2024"."""
        if self.kind == "giai_doan":
            return f"giai đoạn {self.from_year}-{self.to_year}"
        return f"{'năm' if self.kind == 'nam' else '6 tháng đầu năm'} {self.to_year}"


def due_on(period: Period, deadlines: Iterable[Deadline]) -> date | None:
    """Return the day by which the period's return is due, in its last year; None when no deadline is set."""
    for deadline in deadlines:
        if deadline.period_kind == period.kind:
            return date(period.to_year, deadline.due_month, deadline.due_day)
    return None


def unit_existed(unit: DonVi, period: Period) -> bool:
    """Say whether the unit existed from the period's first day to its last; a missing date is open."""
    began = unit.valid_from is None or unit.valid_from <= period.start
    return began and (unit.valid_to is None or period.end <= unit.valid_to)


def absence(unit: DonVi, period: Period, units: Mapping[str, DonVi]) -> str:
    """Return why a unit cannot report on a period and who can, "" when it existed all through. units: all, by id."""
    if unit_existed(unit, period):
        return ""
    said = f"{unit.full_label} không tồn tại suốt kỳ {period.label}"
    if unit.valid_to is not None and period.end > unit.valid_to:
        said += f": đơn vị kết thúc ngày {date_text(unit.valid_to)}"
        if unit.successor_id:
            return f"{said}, số liệu từ đó ghi ở {units[unit.successor_id].full_label}"
        return f"{said}, kỳ cuối nhận được là {_last_period(unit.valid_to).label}"
    if unit.valid_from is not None:
        said += f": đơn vị có từ ngày {date_text(unit.valid_from)}, trước đó ghi ở đơn vị cũ"
    return said


def _last_period(ended: date) -> Period:
    """Return the last period that lies wholly before the end of a unit."""
    if (ended.month, ended.day) == (12, 31):
        return Period("nam", ended.year, ended.year)
    is_half_over = (ended.month, ended.day) >= (6, 30)
    return Period("6_thang", ended.year, ended.year) if is_half_over else Period("nam", ended.year - 1, ended.year - 1)
