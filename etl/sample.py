"""The simulated sample: returns of every unit and year that add up to the signed report, marked as simulated.

One seed gives the same bytes. The figures come from `sample_figures`, the register's rows from `sample_models`;
here they become workbooks, and with a scale above 1 also the long tables of copied provinces.
"""

import dataclasses
import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from etl.catalogue import Catalogue
from etl.catalogue_rows import DonVi
from etl.periods import Period, due_on
from etl.sample_copies import write_copies
from etl.sample_figures import RECOGNISED, STOPPED, Frame, SampleFigures, invent_figures, make_frame
from etl.sample_models import ModelNames, Row
from etl.template import Content, write_template

AWARDED, REPLICATED = "mo_hinh_khen_thuong", "mo_hinh_nhan_rong"
_SIMULATED_PERSON = "(mô phỏng)"

State = Literal["filled", "late", "blank", "not_arising"]
_ODD_RETURNS: dict[State, int] = {"not_arising": 4, "blank": 4, "late": 8}


@dataclass(frozen=True)
class SampleReturn:
    """One simulated annual return: whose it is, when it came, what it says."""

    unit: DonVi
    year: int
    content: Content


def write_sample(catalogue: Catalogue, folder: Path, seed: int = 2024, scale: int = 1) -> int:
    """Write the simulated returns under `folder` and return how many files they are: none without published totals.

    A workbook per unit and year stands in a folder per year. With scale N > 1, `folder`/catalogue describes
    N provinces in one and each further province's returns are one long table beside the workbooks.
    """
    returns = list(invent_returns(catalogue, seed))
    for item in returns:
        path = folder / str(item.year) / f"{item.unit.don_vi_id}_{item.year}.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_template(catalogue, item.unit, Period("nam", item.year, item.year), path, item.content)
    figures = [(item.unit.don_vi_id, item.year, item.content.values) for item in returns]
    return len(returns) + write_copies(catalogue, folder, figures, scale)


def invent_returns(catalogue: Catalogue, seed: int) -> Iterator[SampleReturn]:
    """Yield the simulated returns in order of year and unit; the signed report's last year is the last.

    Nothing where the catalogue holds no total of that report: there is nothing that they could add up to.
    """
    rng = np.random.default_rng(seed)
    last = _last_year(catalogue)
    if last is None:
        return
    frame = make_frame(catalogue, last)
    states = _draw_states(frame, rng)
    silent = np.zeros_like(frame.filled)
    for cell, state in states.items():
        silent[cell] = state in ("blank", "not_arising")
    figures = invent_figures(catalogue, dataclasses.replace(frame, filled=frame.filled & ~silent), rng)
    districts: list[Row] = []
    names = [ModelNames(catalogue, unit, rng, districts) for unit in frame.units]
    for y, year in enumerate(frame.years):
        for u, unit in enumerate(frame.units):
            if frame.filled[u, y]:
                content = _content(catalogue, figures, (u, y), states.get((u, y), "filled"), names[u], rng)
                yield SampleReturn(unit, year, content)


def _last_year(catalogue: Catalogue) -> int | None:
    """Return the last year that the signed report counts; None where the catalogue holds no figure of it."""
    years = [row.to_year for row in catalogue.published_totals if row.source_id == catalogue.province.signed_report]
    return max((year for year in years if year is not None), default=None)


def _draw_states(frame: Frame, rng: np.random.Generator) -> dict[tuple[int, int], State]:
    """Choose the few returns that are late, blank or signed "không phát sinh", each of another unit.

    The last year's returns are all in order, and a district always has something to report.
    """
    states: dict[tuple[int, int], State] = {}
    cells = [(int(u), int(y)) for u, y in rng.permutation(np.argwhere(frame.filled[:, :-1]))]
    for state, count in _ODD_RETURNS.items():
        for _ in range(count):
            taken = {unit for unit, _ in states}
            free = [
                (u, y)
                for u, y in cells
                if u not in taken and not (state == "not_arising" and frame.units[u].is_district)
            ]
            if free:
                states[free[0]] = state
    return states


def _content(
    catalogue: Catalogue,
    figures: SampleFigures,
    cell: tuple[int, int],
    state: State,
    names: ModelNames,
    rng: np.random.Generator,
) -> Content:
    frame, (u, y) = figures.frame, cell
    as_of_on, sent_on = _dates(catalogue, frame.years[y], state, rng)
    values = _values(figures, cell)
    told = (RECOGNISED, AWARDED, REPLICATED, STOPPED)
    recognised, awarded, replicated, stopped = ({f: values.get((name, f), 0) for f in frame.fields} for name in told)
    changed = names.changed_rows(replicated, stopped)  # before this year's models are there to change
    return Content(
        values=values,
        models=names.rows(recognised, awarded, frame.years[y], int(frame.communes[u, y])) + changed,
        as_of_on=as_of_on,
        sent_on=sent_on,
        not_arising=state == "not_arising",
        simulated=True,
        prepared_by=_SIMULATED_PERSON,
        signed_by=_SIMULATED_PERSON,
    )


def _values(figures: SampleFigures, cell: tuple[int, int]) -> dict[tuple[str, str | None], int]:
    """Return what stands in one return's cells: a field outside the required rows only where it has models."""
    values: dict[tuple[str, str | None], int] = {}
    for indicator_id, counts in figures.counts.items():
        if counts.ndim == 2:
            values[indicator_id, None] = int(counts[cell])
            continue
        for field_id, count in zip(figures.frame.fields, counts[cell], strict=True):
            if count > 0 or field_id in figures.frame.required:
                values[indicator_id, field_id] = int(count)
    return {key: value for key, value in values.items() if value >= 0}


def _dates(
    catalogue: Catalogue, year: int, state: State, rng: np.random.Generator
) -> tuple[datetime.date, datetime.date]:
    """Return the days a return's figures stop and it was sent: before its deadline, or before the signed report."""
    due = due_on(Period("nam", year, year), catalogue.deadlines) or datetime.date(year, 12, 31)
    signed_on = {source.source_id: source.published_on for source in catalogue.sources}[
        catalogue.province.signed_report
    ]
    if signed_on is not None and signed_on.year == year:
        due = min(due, signed_on)
    as_of_on = due - datetime.timedelta(days=10)
    if state == "late":
        return as_of_on, due + datetime.timedelta(days=int(rng.integers(3, 45)))
    return as_of_on, as_of_on + datetime.timedelta(days=int(rng.integers(1, 10)))
