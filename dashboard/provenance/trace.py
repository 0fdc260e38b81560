"""From a figure to its cells: which cells of which returns add up to a number that a page shows.

A `Slice` names such a number: an indicator in a period, of one unit or several, in one field or all. It travels
in links, so what a link says is taken only as far as the snapshot knows it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pandas as pd

from dashboard import labels
from dashboard.boundaries import boundary_dates, boundary_from_link
from dashboard.choice import id_from_link, year_from_link
from dashboard.units import unit_names
from dashboard.warehouse import Warehouse, records

PAGE = "nguon"
ALL_UNITS = "tat_ca"
GROUPS = {
    ALL_UNITS: "Mọi đơn vị",
    "cap_huyen": "Các đơn vị cấp huyện",
    "khac": "Cơ quan cấp tỉnh và đảng bộ trực thuộc",
}
# What a slice's parts are called in a link, in their order there.
PARAMS = {
    "indicator_id": "chi_tieu",
    "linh_vuc_id": "linh_vuc",
    "don_vi_id": "don_vi",
    "units": "nhom",
    "with_indicator_id": "cung_co",
    "from_year": "tu",
    "to_year": "den",
    "boundary_on": "dia_gioi",
}


@dataclass(frozen=True)
class Slice:
    """One number of a page. don_vi_id None: all units of `units`; linh_vuc_id None: all fields, or none.

    units: `tat_ca`, `cap_huyen` (districts) or `khac` (all others). with_indicator_id: only units and periods that
    gave this indicator too, as ratios count them. boundary_on: as in `Choice`.
    """

    indicator_id: str
    from_year: int
    to_year: int
    don_vi_id: str | None = None
    linh_vuc_id: str | None = None
    units: str = ALL_UNITS
    with_indicator_id: str | None = None
    boundary_on: date | None = None

    @property
    def params(self) -> dict[str, Any]:
        """The slice as parameters of a metric."""
        return dict(vars(self))

    @property
    def link(self) -> str:
        """The address of the page that lists the slice's cells."""
        return _link(self)

    @classmethod
    def from_link(cls, warehouse: Warehouse, link: str | Mapping[str, str]) -> "Slice | None":
        """Return the slice that a link or its parameters name; None when the snapshot knows no such figure."""
        told = dict(parse_qsl(urlsplit(link).query)) if isinstance(link, str) else link
        years = [year_from_link(told.get(name, ""), known_years(warehouse)) for name in ("tu", "den")]
        known = _known(warehouse)
        given = {name: id_from_link(told[PARAMS[name]], known[name]) for name in known if PARAMS[name] in told}
        parts: dict[str, Any] = {**given, "from_year": years[0], "to_year": years[1]}
        if PARAMS["boundary_on"] in told:
            parts["boundary_on"] = boundary_from_link(told[PARAMS["boundary_on"]], boundary_dates(warehouse))
        if "indicator_id" not in parts or None in parts.values() or parts["from_year"] > parts["to_year"]:
            return None
        return cls(**parts)


@lru_cache(maxsize=4096)  # a page links hundreds of figures, and the next run the same ones
def _link(slice_: Slice) -> str:
    told = {PARAMS[name]: getattr(slice_, name) for name in PARAMS}
    return f"{PAGE}?{urlencode({k: v for k, v in told.items() if v not in (None, ALL_UNITS)})}"


def cells_behind(warehouse: Warehouse, slice_: Slice) -> pd.DataFrame:
    """Return the cells that add up to a slice's number, one a row; no row: nobody gave a figure.

    Columns: don_vi_id, don_vi (the unit it counts to), sender_id, sender (the unit that sent it), linh_vuc_id,
    linh_vuc, from_year, to_year, period_kind, period, return_id, state, file_name, sha256, sheet, cell, value,
    is_provisional, is_simulated, received_at, as_of_on.
    """
    found = warehouse.query("cells_behind", **slice_.params)
    periods = [labels.return_period(row["period_kind"], row["from_year"], row["to_year"]) for row in records(found)]
    return found.assign(period=pd.Series(periods, found.index, object))


def known_years(warehouse: Warehouse) -> list[int]:
    """Return every year from the first to the last that any figure speaks of."""
    found = warehouse.query("year_range").iloc[0]
    first = found["from_year"] or int(warehouse.info.get("first_year") or 2009)
    return list(range(first, (found["to_year"] or first) + 1))


def _known(warehouse: Warehouse) -> dict[str, Collection[str]]:
    """Return the ids that each part of a slice may name."""
    indicators = [row["indicator_id"] for row in records(warehouse.query("indicators"))]
    return {
        "indicator_id": indicators,
        "linh_vuc_id": [row["linh_vuc_id"] for row in records(warehouse.query("field_list"))],
        "don_vi_id": unit_names(warehouse),
        "units": list(GROUPS),
        "with_indicator_id": indicators,
    }
