"""What the rules may look at: the figures of one snapshot as arrays, from the first year to the one under review.

Missing is NaN. A half-year's figure, standing in for a year that has not been reported, is missing here: a part of
a year is never compared with a whole one. Districts stand in an order that depends on their figures alone, so that
no draw of a simulation depends on how a district is called.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from etl.settings import ROOT

FloatArray = NDArray[np.float64]

RECOGNISED = "mo_hinh_cong_nhan"
NOT_A_FIELD = ("khac", "chua_phan")
_OF_REGISTERS = ("core_mo_hinh", "typical_models")


@dataclass(frozen=True)
class District:
    """A unit that is compared with others like it. terrain: `dong_bang`, `mien_nui` or None where not known."""

    don_vi_id: str
    label: str
    full_label: str = ""
    terrain: str | None = None


@dataclass(frozen=True)
class LinhVuc:
    """One of the fields that an even share is taken of."""

    linh_vuc_id: str
    label: str


@dataclass(frozen=True)
class Facts:
    """I districts, F fields, Y years; every array is float with NaN where nothing is known.

    existed: I x Y, whether the district existed the whole year. communes: I x Y. population: I, of the one census
    known. totals: indicator -> I x Y, of all fields together. by_field: indicator -> I x F x Y. return_ids:
    (don_vi_id, year, indicator) -> the return that speaks for it. thresholds: rule -> value. tables: every other
    table a rule may need, by name, as rows.
    """

    districts: tuple[District, ...]
    fields: tuple[LinhVuc, ...]
    years: tuple[int, ...]
    existed: NDArray[np.bool_]
    communes: FloatArray
    totals: Mapping[str, FloatArray]
    by_field: Mapping[str, FloatArray]
    thresholds: Mapping[str, float]
    population: FloatArray = field(default_factory=lambda: np.zeros(0))
    return_ids: Mapping[tuple[str, int, str], str] = field(default_factory=dict)
    tables: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)

    # --- the year under review

    @cached_property
    def gave(self) -> NDArray[np.bool_]:
        """I x Y: whether the district's annual figure of recognised models, the headline, is known."""
        return ~np.isnan(self.total(RECOGNISED)) & self.existed

    @cached_property
    def to_year(self) -> int | None:
        """The year under review: the last that enough districts to compare have given; without one, the last given."""
        givers = self.gave.sum(axis=0)
        for enough in (self.thresholds["districts_needed"], 1):
            years = [year for year, count in zip(self.years, givers, strict=True) if count >= enough]
            if years:
                return years[-1]
        return None

    def window(self, length: int, ago: int = 0) -> list[int]:
        """Return the positions of `length` years, the last `ago` years before the review's; [] if not all are there."""
        if self.to_year is None:
            return []
        last = self.years.index(self.to_year) - ago
        return list(range(last - length + 1, last + 1)) if last - length + 1 >= 0 else []

    @cached_property
    def review(self) -> "Review":
        """What is compared: the window, and the window before it."""
        length = int(self.thresholds["window_years"])
        return Review(self.window(length), self.window(length, length))

    def asked(self, index: int, given: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return for Y years whether a figure that districts gave (I x Y) is asked of this district.

        It is once enough others have given it for the comparison to be held with this district: whether a figure is
        asked of a district never depends on the district's own, so leaving one out never spares it.
        """
        others = given.sum(axis=0) - given[index]
        return np.asarray(self.existed[index] & (others >= self.thresholds["districts_needed"] - 1))

    def owes(self, index: int) -> list[int]:
        """Return the years whose return a district owes to its review: those asked of it in two windows, or later.

        The two windows end with the last year asked of it: the one under review, unless that hangs on its own return.
        """
        asked = np.flatnonzero(self.asked(index, self.gave))
        if not len(asked):
            return []
        start = asked[-1] - 2 * int(self.thresholds["window_years"]) + 1
        return [self.years[place] for place in asked if place >= start and not self.gave[index, place]]

    def commonly_given(self) -> "Facts":
        """Return the facts without what no district is asked for: figures that too few gave, and registers of models.

        What a rule finds in these is found or not as a district leaves out what nobody asks it for.
        """

        def kept(figures: FloatArray) -> FloatArray:
            by_year = np.isnan(figures).any(axis=1) if figures.ndim == 3 else np.isnan(figures)
            enough = (~by_year & self.existed).sum(axis=0) >= self.thresholds["districts_needed"]
            return np.where(enough, figures, np.nan)

        return replace(
            self,
            totals={key: kept(figures) for key, figures in self.totals.items()},
            by_field={key: kept(figures) for key, figures in self.by_field.items()},
            tables={name: rows for name, rows in self.tables.items() if name not in _OF_REGISTERS},
        )

    # --- figures

    @cached_property
    def info(self) -> dict[str, str]:
        """What the snapshot says of itself."""
        return {row["key"]: row["value"] for row in self.tables.get("snapshot_info", [])}

    @property
    def source(self) -> str:
        """Where figures of returns come from, as a sentence names it."""
        return "dữ liệu mô phỏng" if self.info.get("is_simulated") == "true" else "báo cáo của các đơn vị"

    def total(self, indicator_id: str) -> FloatArray:
        """Return an indicator's figures, I x Y."""
        return self.totals.get(indicator_id, np.full(self.communes.shape, np.nan))

    def field_figures(self, indicator_id: str) -> FloatArray:
        """Return an indicator's figures by field, I x F x Y."""
        shape = (len(self.districts), len(self.fields), len(self.years))
        return self.by_field.get(indicator_id, np.full(shape, np.nan))

    def peers(self, index: int) -> NDArray[np.bool_]:
        """Return which districts are a district's like (mountain or lowland), itself among them."""
        terrain = self.districts[index].terrain
        return np.array([district.terrain == terrain for district in self.districts])

    def returns_of(self, index: int, places: Iterable[int], *indicator_ids: str) -> list[str]:
        """Return the ids of the returns that speak for a district's indicators in the years at `places`."""
        unit = self.districts[index].don_vi_id
        asked = [(unit, self.years[place], key) for place in places for key in indicator_ids]
        return sorted({self.return_ids[key] for key in asked if key in self.return_ids})

    def until(self, to_year: int) -> "Facts":
        """Return the same facts as if nothing after a year were known."""
        kept = [place for place, year in enumerate(self.years) if year <= to_year]
        return replace(
            self,
            years=tuple(self.years[place] for place in kept),
            existed=self.existed[:, kept],
            communes=self.communes[:, kept],
            totals={key: values[:, kept] for key, values in self.totals.items()},
            by_field={key: values[:, :, kept] for key, values in self.by_field.items()},
        )


@dataclass(frozen=True)
class Review:
    """Positions of years: the window under review and the one before it; [] where the years are not there."""

    window: list[int]
    before: list[int]


def read_facts(connection: duckdb.DuckDBPyConnection) -> Facts:
    """Read from a snapshot under construction what the rules may look at."""
    units = _rows(connection, "SELECT * FROM dim_don_vi WHERE kind IN ('huyen', 'thi_xa', 'thanh_pho')")
    fields = [
        LinhVuc(row["linh_vuc_id"], row["label"])
        for row in _rows(connection, "SELECT * FROM dim_linh_vuc ORDER BY position")
        if row["linh_vuc_id"] not in NOT_A_FIELD
    ]
    figures = _rows(connection, "SELECT * FROM core_year_value WHERE NOT is_provisional")
    given = [row["year"] for row in figures]
    years = tuple(range(min(given), max(given) + 1)) if given else ()
    facts = Facts(
        districts=tuple(District(u["don_vi_id"], u["label"], u["full_label"], u["terrain"]) for u in units),
        fields=tuple(fields),
        years=years,
        existed=_existed(units, years),
        communes=_communes(units, years, _rows(connection, "SELECT * FROM dim_don_vi_year")),
        totals={},
        by_field={},
        thresholds={row["rule"]: row["value"] for row in _rows(connection, "SELECT * FROM dim_threshold")},
        population=_population(units, _rows(connection, "SELECT * FROM dim_don_vi_year WHERE population IS NOT NULL")),
        return_ids={(row["don_vi_id"], row["year"], row["indicator_id"]): row["return_id"] for row in figures},
        tables=_tables(connection),
    )
    totals, by_field = _figures(facts, figures)
    return ordered(replace(facts, totals=totals, by_field=by_field))


_AS_THEY_ARE = (
    "dim_don_vi",
    "dim_linh_vuc",
    "dim_indicator",
    "dim_measure",
    "dim_source",
    "dim_list",
    "core_mo_hinh",
    "published_total",
    "check_result",
    "snapshot_info",
)
_QUERIES = ROOT / "etl" / "flags" / "tables"


def _tables(connection: duckdb.DuckDBPyConnection) -> dict[str, list[dict[str, Any]]]:
    """Return what single rules need beyond the figures of districts: small tables whole, and a query a file."""
    whole = {name: _rows(connection, f"SELECT * FROM {name} ORDER BY ALL") for name in _AS_THEY_ARE}
    asked = {path.stem: _rows(connection, path.read_text(encoding="utf-8")) for path in sorted(_QUERIES.glob("*.sql"))}
    return {**whole, **asked}


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _existed(units: Sequence[dict[str, Any]], years: Sequence[int]) -> NDArray[np.bool_]:
    """Return I x Y: whether a unit existed from the year's first day to its last."""
    whole = [
        [
            (unit["valid_from"] or date.min) <= date(year, 1, 1)
            and (unit["valid_to"] or date.max) >= date(year, 12, 31)
            for year in years
        ]
        for unit in units
    ]
    return np.array(whole, dtype=np.bool_).reshape(len(units), len(years))


def _communes(units: Sequence[dict[str, Any]], years: Sequence[int], counts: Sequence[dict[str, Any]]) -> FloatArray:
    known = {(row["don_vi_id"], row["year"]): row["commune_count"] for row in counts}
    found = [[known.get((unit["don_vi_id"], year)) for year in years] for unit in units]
    return np.array(found, dtype=np.float64).reshape(len(units), len(years))


def _population(units: Sequence[dict[str, Any]], counts: Sequence[dict[str, Any]]) -> FloatArray:
    known = {row["don_vi_id"]: row["population"] for row in sorted(counts, key=lambda row: row["year"])}
    return np.array([known.get(unit["don_vi_id"], np.nan) for unit in units], dtype=np.float64)


def _figures(facts: Facts, figures: Sequence[dict[str, Any]]) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    """Return totals and figures by field of every indicator.

    A total is known where every field is, or where none is and the count was given without fields.
    """
    place_of = {district.don_vi_id: place for place, district in enumerate(facts.districts)}
    column_of = {year: column for column, year in enumerate(facts.years)}
    field_of = {item.linh_vuc_id: place for place, item in enumerate(facts.fields)}
    shape = (len(facts.districts), len(facts.fields), len(facts.years))
    by_field: dict[str, FloatArray] = {}
    beside: dict[str, FloatArray] = {}
    for row in figures:
        if row["don_vi_id"] not in place_of:
            continue
        place, column, key = place_of[row["don_vi_id"]], column_of[row["year"]], row["indicator_id"]
        if row["linh_vuc_id"] in field_of:
            cells = by_field.setdefault(key, np.full(shape, np.nan))
            cells[place, field_of[row["linh_vuc_id"]], column] = row["value"]
        else:
            cells = beside.setdefault(key, np.full((shape[0], shape[2]), np.nan))
            cells[place, column] = np.nan_to_num(cells[place, column]) + row["value"]
    totals = {}
    for key in {*by_field, *beside}:
        parts = by_field.get(key, np.full(shape, np.nan))
        rest = beside.get(key, np.full((shape[0], shape[2]), np.nan))
        complete = ~np.isnan(parts).any(axis=1)
        without = np.isnan(parts).all(axis=1) & ~np.isnan(rest)
        added = np.nansum(parts, axis=1) + np.nan_to_num(rest)
        totals[key] = np.where(complete | without, added, np.nan)
    return totals, by_field


def ordered(facts: Facts) -> Facts:
    """Return the facts with the districts in an order that depends on their figures alone, where they differ."""

    def key(place: int) -> tuple[Any, ...]:
        rows = [facts.communes[place], *(facts.total(name)[place] for name in sorted(facts.totals))]
        return (*np.nan_to_num(np.concatenate(rows), nan=-1.0).tolist(), facts.districts[place].don_vi_id)

    order = sorted(range(len(facts.districts)), key=key)
    return replace(
        facts,
        districts=tuple(facts.districts[place] for place in order),
        existed=facts.existed[order],
        communes=facts.communes[order],
        population=facts.population[order],
        totals={name: values[order] for name, values in facts.totals.items()},
        by_field={name: values[order] for name, values in facts.by_field.items()},
    )
