"""What a reminder says: every fact is here, nothing is added by the letter or the message."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard import labels
from dashboard.choice import Choice
from dashboard.paper import Issuer, plain
from dashboard.topics import reporting
from dashboard.units import unit_rows
from dashboard.warehouse import Warehouse, records


class NothingToRemind(Exception):
    """Đơn vị không thiếu báo cáo đến hạn nào, không có ô phải sửa hay số liệu phải xác nhận: không có gì để nhắc."""

    def __init__(self) -> None:
        """Take the class's docstring as the message."""
        super().__init__(type(self).__doc__)


@dataclass(frozen=True)
class Office(Issuer):
    """Who writes letters, as the catalogue has it (province.toml, `letter`)."""

    commission: str
    short_commission: str
    movement: str
    addressees: Mapping[str, str]

    @classmethod
    def of(cls, warehouse: Warehouse) -> "Office | None":
        """Return the office of a snapshot; None when its catalogue says nothing about letters."""
        text = warehouse.info.get("letter")
        if not text:
            return None
        found: dict[str, Any] = json.loads(text)
        found |= {name: tuple(found[name]) for name in ("signature", "copies")}
        return cls(**found, commission=warehouse.info["commission"], movement=warehouse.info["movement"])

    def addressee(self, unit: Mapping[str, Any]) -> str:
        """Return how a unit (a row of the metric `units`) is addressed: by its kind, else by its full name."""
        form = self.addressees.get(unit["kind"], "{full_label}")
        return form.replace("{full_label}", unit["full_label"]).replace("{label}", unit["label"])


@dataclass(frozen=True)
class Missing:
    """A period whose return is overdue. is_empty: one came, without a single figure."""

    period_kind: str
    year: int
    due_on: date
    is_empty: bool = False

    @property
    def period(self) -> str:
        """The period as it stands in a sentence."""
        return reporting.period_label(self.period_kind, self.year)


@dataclass(frozen=True)
class FailingCell:
    """A cell for which a file was held back: what was read in it (perhaps "") and what its sender should do."""

    file: str
    sheet: str
    cell: str
    found: str
    wanted: str


@dataclass(frozen=True)
class Doubt:
    """A figure that was taken in and that its sender is asked to confirm."""

    period: str
    sheet: str
    cell: str
    message: str


@dataclass(frozen=True)
class Reminder:
    """Everything a letter or message to one unit says. written_on: None leaves day and month to the clerk."""

    office: Office
    addressee: str
    missing: tuple[Missing, ...]
    failing: tuple[FailingCell, ...]
    doubts: tuple[Doubt, ...]
    counted_on: date
    reply_by: date
    written_on: date | None
    is_simulated: bool

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to remind of."""
        return not (self.missing or self.failing or self.doubts)

    @property
    def files(self) -> list[str]:
        """The files that were held back, each once."""
        return list(dict.fromkeys(plain(cell.file) for cell in self.failing))

    def require_content(self) -> "Reminder":
        """Return the reminder; NothingToRemind when it is empty."""
        if self.is_empty:
            raise NothingToRemind
        return self


def reminder_for(
    warehouse: Warehouse,
    choice: Choice,
    don_vi_id: str,
    *,
    as_of: date,
    reply_by: date,
    failing: Sequence[FailingCell] = (),
    written_on: date | None = None,
) -> Reminder | None:
    """Gather what a unit owes over the choice's years (and on to `as_of`, as the grid shows them) and should confirm.

    `failing` are the cells of its files that were refused: no snapshot knows them. None when the unit is
    unknown or the catalogue says nothing about letters; a reminder of nothing is returned and `is_empty`.
    """
    office = Office.of(warehouse)
    units = unit_rows(warehouse)
    if office is None or don_vi_id not in units:
        return None
    years = reporting.followed(warehouse, choice, as_of)
    one = Choice(years.from_year, years.to_year, don_vi_id)
    owed = reporting.owed_by_unit(warehouse, years, don_vi_id, as_of)
    return Reminder(
        office=office,
        addressee=office.addressee(units[don_vi_id]),
        missing=tuple(Missing(found.period_kind, found.year, found.due_on, found.state == "trong") for found in owed),
        failing=tuple(failing),
        doubts=tuple(_doubt(row) for row in records(warehouse.query("returns_warnings", **one.params))),
        counted_on=as_of,
        reply_by=reply_by,
        written_on=written_on,
        is_simulated=warehouse.is_simulated,
    )


def _doubt(row: Mapping[str, Any]) -> Doubt:
    kind = row["period_kind"]
    period = (
        labels.period(row["from_year"], row["to_year"])
        if kind == "giai_doan"
        else reporting.period_label(kind, row["to_year"])
    )
    return Doubt(period, row["sheet"] or "", row["cell"] or "", row["message"])
