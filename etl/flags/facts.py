"""What the rules may look at: the figures of one snapshot as arrays, from the first year to the one under review.

Missing is NaN. A half-year's figure, standing in for a year that has not been reported, is missing here: a part of
a year is never compared with a whole one. Districts stand in an order that depends on their figures alone, so that
no draw of a simulation depends on how a district is called.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, wraps
from typing import Any, TypeVar

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from etl.settings import ROOT

FloatArray = NDArray[np.float64]
T = TypeVar("T")

RECOGNISED = "mo_hinh_cong_nhan"
NOT_A_FIELD = ("khac", "chua_phan")
_OF_REGISTERS = ("typical_models",)


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
    def _givers(self) -> NDArray[np.intp]:
        """Y: how many districts gave the headline."""
        return np.asarray(self.gave.sum(axis=0))

    @cached_property
    def to_year(self) -> int | None:
        """The year under review: the last that enough districts to compare have given; without one, the last given."""
        givers = self._givers
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
        givers = self._givers if given is self.gave else given.sum(axis=0)
        others = givers - given[index]
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
        return np.asarray(self._terrains == terrain)

    @cached_property
    def _terrains(self) -> NDArray[np.object_]:
        return np.array([district.terrain for district in self.districts], dtype=object)

    @cached_property
    def labels(self) -> dict[str, str]:
        """The name of every unit, by its id."""
        return {unit["don_vi_id"]: unit["label"] for unit in self.tables.get("dim_don_vi", [])}

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


def once(question: Callable[[Facts], T]) -> Callable[[Facts], T]:
    """Let what is worked out of facts be worked out once for the same facts: flags and pictures both ask for it."""

    @wraps(question)
    def answer(facts: Facts) -> T:
        kept: dict[Any, T] = facts.__dict__.setdefault("_answers", {})  # beside those of the cached properties
        if question not in kept:
            kept[question] = question(facts)
        return kept[question]

    return answer


def read_facts(connection: duckdb.DuckDBPyConnection) -> Facts:
    """Read from a snapshot under construction what the rules may look at."""
    units = _rows(connection, "SELECT * FROM dim_don_vi WHERE kind IN ('huyen', 'thi_xa', 'thanh_pho')")
    fields = [
        LinhVuc(row["linh_vuc_id"], row["label"])
        for row in _rows(connection, "SELECT * FROM dim_linh_vuc ORDER BY position")
        if row["linh_vuc_id"] not in NOT_A_FIELD
    ]
    figures = _columns(connection, _OF_DISTRICTS)
    given = [row["year"] for row in _rows(connection, f"SELECT DISTINCT year FROM {_ANNUAL}")]
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
        return_ids=_return_ids(connection),
        tables=_tables(connection),
    )
    totals, by_field = _figures(facts, figures)
    return ordered(replace(facts, totals=totals, by_field=by_field))


_ANNUAL = "core_year_value WHERE NOT is_provisional"
_OF_DISTRICTS = f"""
    SELECT don_vi_id, year, indicator_id, linh_vuc_id, CAST(value AS DOUBLE) AS value
    FROM (FROM {_ANNUAL})
    JOIN dim_don_vi USING (don_vi_id)
    WHERE kind IN ('huyen', 'thi_xa', 'thanh_pho')
"""
_AS_THEY_ARE = (
    "dim_don_vi",
    "dim_indicator",
    "dim_measure",
    "dim_source",
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


def _columns(connection: duckdb.DuckDBPyConnection, query: str) -> dict[str, NDArray[Any]]:
    """Return a query's columns; what is missing in one of text is None."""
    columns: pa.Table = connection.sql(query).to_arrow_table()
    return {name: columns[name].to_numpy() for name in columns.column_names}


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


def _return_ids(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, int, str], str]:
    asked = f"SELECT DISTINCT don_vi_id, year, indicator_id, return_id FROM {_ANNUAL} ORDER BY ALL"
    return {(unit, year, key): found for unit, year, key, found in connection.execute(asked).fetchall()}


def _figures(facts: Facts, figures: Mapping[str, NDArray[Any]]) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    """Return totals and figures by field of every indicator. figures: the columns of `_OF_DISTRICTS`.

    A total is known where every field is, or where none is and the count was given without fields.
    """
    places = _places(figures["don_vi_id"], [district.don_vi_id for district in facts.districts])
    columns = _places(figures["year"], facts.years)
    fields = _places(figures["linh_vuc_id"], [item.linh_vuc_id for item in facts.fields])
    indicators = np.asarray(figures["indicator_id"])
    shape = (len(facts.districts), len(facts.fields), len(facts.years))
    totals, by_field = {}, {}
    for key in dict.fromkeys(indicators.tolist()):
        of_key, values = indicators == key, figures["value"]
        parts, rest = np.full(shape, np.nan), np.full((shape[0], shape[2]), np.nan)
        own, beside = of_key & (fields >= 0), of_key & (fields < 0)
        parts[places[own], fields[own], columns[own]] = values[own]
        rest[places[beside], columns[beside]] = 0
        np.add.at(rest, (places[beside], columns[beside]), values[beside])
        if own.any():
            by_field[key] = parts
        complete = ~np.isnan(parts).any(axis=1)
        without = np.isnan(parts).all(axis=1) & ~np.isnan(rest)
        added = np.nansum(parts, axis=1) + np.nan_to_num(rest)
        totals[key] = np.where(complete | without, added, np.nan)
    return totals, by_field


def _places(values: NDArray[Any], known: Sequence[Any]) -> NDArray[np.intp]:
    """Return the place of each value among the known ones, -1 for another."""
    place_of = {value: place for place, value in enumerate(known)}
    return np.array([place_of.get(value, -1) for value in values.tolist()], dtype=np.intp)


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
