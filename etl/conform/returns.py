"""What the layouts make of a workbook: returns with their figures, each tied to its cell."""

from dataclasses import dataclass, field
from datetime import date

from etl.issues import Issue, Level
from etl.periods import Period

REGISTER = "mo_hinh"
"""Stands among a return's covered indicators when it holds the register of models."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure and the cell it stands in. linh_vuc_id: None for an indicator without fields."""

    indicator_id: str
    linh_vuc_id: str | None
    value: int
    sheet: str
    cell: str


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One model of the register, as its row says."""

    name: str
    linh_vuc_id: str
    commune: str | None
    host: str | None
    kind: str | None
    start_year: int | None
    status: str | None
    award_level: str | None
    theme: str | None
    area_kind: str | None
    sheet: str
    cell: str


@dataclass(frozen=True, slots=True)
class Return:
    """What one unit says about one period. covers: the indicators it speaks for, blank cells included."""

    don_vi_id: str
    period: Period
    layout: str
    state: str
    covers: frozenset[str]
    figures: tuple[Figure, ...] = ()
    models: tuple[RegisterRow, ...] = ()
    as_of_on: date | None = None
    sent_on: date | None = None


@dataclass(slots=True)
class Conformed:
    """A whole file's returns and everything to be said about it."""

    returns: list[Return] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    is_simulated: bool = False

    @property
    def is_refused(self) -> bool:
        """Whether any issue rejects the file."""
        return any(issue.level is Level.LOI for issue in self.issues)
