"""Who has sent what, by the definitions of DHIS2's reporting rates.

Expected: the units that existed over the whole of a period, times the periods. Received: a return is there,
be it empty. Reported: it has figures or is signed "không phát sinh". On time: it came by the day it was due;
a return that does not say when it was sent is not known to have been on time.
Source: DHIS2, "Reporting rates": reporting rate = actual reports / expected reports; reporting rate on time =
actual reports on time / expected reports.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import pandas as pd

from dashboard.choice import Choice
from dashboard.units import unit_names
from dashboard.warehouse import Warehouse, records

KINDS = {"nam": "Năm", "6_thang": "6 tháng đầu năm"}
STATES = {
    "co_so_lieu": "có số liệu",
    "khong_phat_sinh": "không phát sinh",
    "trong": "gửi nhưng trống",
    "chua_gui": "chưa gửi",
    "chua_den_han": "chưa đến hạn",
}


@dataclass(frozen=True)
class Counts:
    """How many returns were expected, and what became of them. Each count but `expected` is part of it."""

    expected: int
    received: int
    reported: int
    on_time: int
    late: int

    @property
    def undated(self) -> int:
        """Returns of which nobody can say whether they were on time."""
        return self.received - self.on_time - self.late

    @property
    def reporting_rate(self) -> float | None:
        """Received over expected; None where nothing was expected."""
        return self._of_expected(self.received)

    @property
    def reported_rate(self) -> float | None:
        """Returns that say something over expected."""
        return self._of_expected(self.reported)

    @property
    def on_time_rate(self) -> float | None:
        """Received by the day they were due over expected (not over received)."""
        return self._of_expected(self.on_time)

    def _of_expected(self, count: int) -> float | None:
        return count / self.expected if self.expected else None


def total(rows: Iterable[Mapping[str, Any]]) -> Counts:
    """Add up rows of the metric `reporting_counts`."""
    found = list(rows)
    return Counts(**{field.name: sum(row[field.name] for row in found) for field in fields(Counts)})


def period_label(kind: str, year: int) -> str:
    """Return a period as it stands in a sentence: "năm 2024", "6 tháng đầu năm 2024"."""
    return f"{KINDS[kind].lower()} {year}"


def period_kinds(warehouse: Warehouse) -> dict[str, str]:
    """Return the kinds of period that have a deadline, with their names, the year first."""
    return {row["period_kind"]: KINDS[row["period_kind"]] for row in records(warehouse.query("returns_period_kinds"))}


def followed(warehouse: Warehouse, choice: Choice, as_of: date) -> Choice:
    """Return the choice, run on to the year of `as_of` when it ends with the last year there are figures of.

    Otherwise a year that nobody has sent anything for could not be seen to be missing. The simulated sample
    ends where it ends: nobody owes it anything.
    """
    last = warehouse.query("year_range")["to_year"].iloc[0]
    if warehouse.is_simulated or last is None or choice.to_year < last:
        return choice
    return Choice(choice.from_year, max(choice.to_year, as_of.year), choice.don_vi_id)


def due_years(warehouse: Warehouse, choice: Choice, kind: str, as_of: date) -> list[int]:
    """Return the years of the choice whose return is due by `as_of`, the last first; its own last when none is."""
    run_on = followed(warehouse, choice, as_of)
    counts = warehouse.query("reporting_counts", **run_on.params, period_kind=kind, as_of=as_of)
    due = {row["year"] for row in records(counts) if row["is_due"] and row["expected"]}
    return sorted(due, reverse=True) or [choice.to_year]


@dataclass(frozen=True)
class Owed:
    """A return a unit still owes: it never came, or it came empty (`state`: chua_gui or trong)."""

    don_vi_id: str
    unit_label: str
    period_kind: str
    year: int
    due_on: date
    state: str
    days_after_due: int | None
    span_label: str
    ended_on: date | None
    successor_label: str

    @property
    def period(self) -> str:
        """The period as it stands in a sentence."""
        return period_label(self.period_kind, self.year)


def owed(warehouse: Warehouse, choice: Choice, kind: str, as_of: date) -> list[Owed]:
    """Return what units (or the chosen one) owe for the periods of one kind whose deadline has passed.

    What came empty is owed only once it is due, too: until then the unit may still fill it in.
    """
    names = unit_names(warehouse)
    return [
        Owed(
            don_vi_id=row["don_vi_id"],
            unit_label=row["unit_label"],
            period_kind=kind,
            year=row["year"],
            due_on=row["due_on"],
            state=row["state"],
            days_after_due=row["days_after_due"],
            span_label=span_label(row),
            ended_on=row["valid_to"] if row["valid_to"] is not None and row["valid_to"] < as_of else None,
            successor_label=names.get(row["successor_id"], ""),
        )
        for row in records(grid(warehouse, choice, kind, as_of, _own(choice)))
        if row["is_due"] and row["is_expected"] and row["state"] in ("chua_gui", "trong")
    ]


def owed_by_unit(warehouse: Warehouse, choice: Choice, don_vi_id: str, as_of: date) -> list[Owed]:
    """Return what one unit should be asked for, of every kind of period, oldest first.

    A half-year is not asked for once the whole year has come or is itself overdue: the year holds it.
    """
    one = Choice(choice.from_year, choice.to_year, don_vi_id)
    asked = [found for kind in period_kinds(warehouse) for found in owed(warehouse, one, kind, as_of)]
    years = grid(warehouse, one, "nam", as_of, [don_vi_id])
    settled = {row["year"] for row in records(years) if _settles_half(row)}
    kept = [found for found in asked if found.period_kind == "nam" or found.year not in settled]
    return sorted(kept, key=lambda found: (found.due_on, found.period_kind))


def grid(
    warehouse: Warehouse, choice: Choice, kind: str, as_of: date, units: Collection[str] | None = None
) -> pd.DataFrame:
    """Return the metric `returns_grid` for one kind of period, of these units alone (None: of all)."""
    asked = None if units is None else tuple(sorted(units))
    return warehouse.query("returns_grid_of", **choice.params, period_kind=kind, as_of=as_of, don_vi_ids=asked)


def _own(choice: Choice) -> list[str] | None:
    return None if choice.don_vi_id is None else [choice.don_vi_id]


def span_label(row: Mapping[str, Any]) -> str:
    """Say within which several years' figure a period without a return is contained, else ""."""
    if row["span_from_year"] is None:
        return ""
    return f"đã có số gộp giai đoạn {row['span_from_year']}-{row['span_to_year']}"


def _settles_half(row: Mapping[str, Any]) -> bool:
    return bool(row["is_reported"] or row["is_due"])
