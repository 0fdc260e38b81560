"""Whatever returns a store holds, every number that pages show is the sum of the cells it leads to."""

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dashboard.choice import Choice
from dashboard.exhibits import field_year_heat, indicator_years, unit_years
from dashboard.provenance.trace import Slice, cells_behind
from dashboard.topics.headlines import headlines
from dashboard.warehouse import Warehouse, records
from etl.build import build
from etl.conform.returns import Figure, Return
from etl.periods import Period
from etl.receipts import subject_of
from tests.test_build_properties import CATALOGUE, UNITS, history

FLOW, STOCK, PLAIN = "mo_hinh_cong_nhan", "mo_hinh_duy_tri", "kiem_tra"
FIELDS: dict[str, tuple[str | None, ...]] = {
    FLOW: ("kinh_te", "khac", "khac"),  # several rows of a table may be "khac"
    STOCK: ("kinh_te", "chua_phan"),
    PLAIN: (None,),
}
PERIODS = [Period(kind, year, year) for kind in ("nam", "6_thang") for year in (2021, 2022, 2023)]
PERIODS += [Period("giai_doan", 2021, 2022), Period("giai_doan", 2022, 2023), Period("giai_doan", 2021, 2023)]
CHOICES = [Choice(*years, unit) for years in ((2021, 2023), (2022, 2023), (2023, 2023)) for unit in (None, *UNITS)]


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out waiting for the disk."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@st.composite
def returns(draw: st.DrawFn) -> Return:
    unit, period = draw(st.sampled_from(UNITS)), draw(st.sampled_from(PERIODS))
    if draw(st.integers(0, 3)) == 0:
        return nothing_arose(unit, period)
    covers = draw(st.frozensets(st.sampled_from(list(FIELDS)), min_size=1))
    figures = tuple(
        Figure(indicator, field, value, "Biểu", f"{indicator}{row}")
        for indicator in sorted(covers)
        for row, field in enumerate(FIELDS[indicator])
        if (value := draw(st.none() | st.integers(0, 9))) is not None
    )
    return Return(unit, period, "periodic", "co_so_lieu" if figures else "trong", covers, figures, ())


def nothing_arose(unit: str, period: Period) -> Return:
    """Return a signed "không phát sinh": every flow is a zero whose cell is the mark."""
    zeros = tuple(Figure(key, field, 0, "Thông tin", "B9") for key in (FLOW, PLAIN) for field in (FIELDS[key][0],))
    return Return(unit, period, "periodic", "khong_phat_sinh", frozenset(FIELDS), zeros, ())


def annual(unit: str, year: int, value: int) -> Return:
    figures = (Figure(PLAIN, None, value, "Biểu 02", "C3"), Figure(STOCK, "kinh_te", value, "Biểu 01", "D2"))
    return Return(unit, Period("nam", year, year), "periodic", "co_so_lieu", frozenset({PLAIN, STOCK}), figures, ())


FILES = st.lists(st.lists(returns(), min_size=1, max_size=2, unique_by=subject_of), min_size=1, max_size=6)


@settings(max_examples=10)
@given(files=FILES, choice=st.sampled_from(CHOICES))
@example(files=[[annual("mttq", 2022, 5)], [annual("mttq", 2022, 7)], [annual("mttq", 2023, 2)]], choice=CHOICES[0])
@example(files=[[nothing_arose("mttq", Period("6_thang", 2023, 2023))]], choice=CHOICES[0])
def test_every_number_is_the_sum_of_its_cells(files: list[list[Return]], choice: Choice) -> None:
    def check(warehouse: Warehouse) -> None:
        numbers = shown(warehouse, choice)

        assert [value for value, _ in numbers] == [added(warehouse, found) for _, found in numbers]

    over(files, check)


def test_figures_replaced_by_a_later_return_are_no_longer_led_to() -> None:
    def check(warehouse: Warehouse) -> None:
        cells = cells_behind(warehouse, Slice(PLAIN, 2021, 2023))

        assert [(row["file_name"], row["value"]) for row in records(cells)] == [("1.csv", 7)]

    over([[annual("mttq", 2022, 5)], [annual("mttq", 2022, 7)]], check)


def test_nothing_arising_leads_to_the_cell_of_the_mark() -> None:
    def check(warehouse: Warehouse) -> None:
        (cell,) = records(cells_behind(warehouse, Slice(PLAIN, 2023, 2023, don_vi_id="mttq")))

        assert (cell["sheet"], cell["cell"], cell["value"], cell["state"]) == ("Thông tin", "B9", 0, "khong_phat_sinh")

    over([[nothing_arose("mttq", Period("nam", 2023, 2023))]], check)


def shown(warehouse: Warehouse, choice: Choice) -> list[tuple[int, Slice]]:
    """Return the numbers that cards and exhibits of a choice show, each with its slice."""
    exhibits = [field_year_heat(warehouse, choice)]
    exhibits += [make(warehouse, choice, key) for key in FIELDS for make in (indicator_years, unit_years)]
    found = []
    for exhibit in exhibits:
        assert exhibit.slices is not None
        pairs = zip(exhibit.table.to_numpy().ravel(), exhibit.slices.to_numpy().ravel(), strict=True)
        found += [(value, lead) for value, lead in pairs if lead is not None]
    cards = [card for card in headlines(warehouse, choice, tuple(FIELDS)) if card.slice is not None]
    return found + [(int(card.value.replace(".", "")), card.slice) for card in cards if card.slice]


def added(warehouse: Warehouse, found: Slice) -> int | None:
    cells = cells_behind(warehouse, found)
    return sum(cells["value"]) if len(cells) else None


def over(files: list[list[Return]], check: Callable[[Warehouse], Any]) -> None:
    """Build a snapshot of files sent one after the other and look at it."""
    with history(list(files)) as told, TemporaryDirectory() as folder:
        build(Path(folder) / "x.duckdb", told.store, CATALOGUE)
        warehouse = Warehouse(Path(folder) / "x.duckdb")
        try:
            check(warehouse)
        finally:
            warehouse.close()
