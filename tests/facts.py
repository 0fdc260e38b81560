"""Facts from plain arrays: a province of N districts over some years, for the tests of rules and of the score."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from etl.catalogue import load_catalogue
from etl.flags.facts import RECOGNISED, District, Facts, FloatArray, LinhVuc
from etl.settings import ROOT

FIELDS = ("kinh_te", "van_hoa_xa_hoi", "quoc_phong_an_ninh", "he_thong_chinh_tri")
THRESHOLDS = {row.rule: row.value for row in load_catalogue(ROOT / "data" / "catalogue").thresholds}


def province(
    recognised: Sequence[Sequence[float]] | FloatArray,
    *,
    communes: Sequence[float] | float = 10,
    last_year: int = 2024,
    terrain: Sequence[str | None] | None = None,
    by_field: Mapping[str, FloatArray] | None = None,
    totals: Mapping[str, FloatArray] | None = None,
    names: Sequence[str] | None = None,
    population: Sequence[float] | None = None,
    tables: Mapping[str, list[dict[str, Any]]] | None = None,
    thresholds: Mapping[str, float] | None = None,
) -> Facts:
    """Return the facts of districts (rows) by year (columns, up to `last_year`); NaN where nothing was reported."""
    counts = np.array(recognised, dtype=np.float64)
    size, length = counts.shape
    years = tuple(range(last_year - length + 1, last_year + 1))
    called = names or [f"huyen_{place}" for place in range(size)]
    lands = terrain or ["mien_nui" if place % 2 else "dong_bang" for place in range(size)]
    return Facts(
        districts=tuple(
            District(name, name.title(), name.title(), land) for name, land in zip(called, lands, strict=True)
        ),
        fields=tuple(LinhVuc(name, name) for name in FIELDS),
        years=years,
        existed=np.ones(counts.shape, dtype=np.bool_),
        communes=np.broadcast_to(np.atleast_1d(np.array(communes, dtype=np.float64))[:, None], counts.shape).copy(),
        totals={RECOGNISED: counts, **(totals or {})},
        by_field=dict(by_field or {}),
        thresholds={**THRESHOLDS, **(thresholds or {})},
        population=np.full(size, np.nan) if population is None else np.array(population, dtype=np.float64),
        return_ids={
            (called[row], year, RECOGNISED): f"{called[row]}-{year}"
            for row in range(size)
            for column, year in enumerate(years)
            if not np.isnan(counts[row, column])
        },
        tables=dict(tables or {}),
    )


def level_districts(size: int = 18, length: int = 6, each: float = 20) -> FloatArray:
    """Return counts of districts that are all alike."""
    return np.full((size, length), float(each))


def due(unit: str, year: int, state: str = "dung_han", kind: str = "nam") -> dict[str, Any]:
    """Return a unit's period: dung_han, cham, khong_ngay (no day of sending), trong (empty) or thieu."""
    due_on = date(year, 6 if kind == "6_thang" else 12, 20)
    return {
        "don_vi_id": unit,
        "label": unit.title(),
        "period_kind": kind,
        "year": year,
        "due_on": due_on,
        "stated_on": date(2025, 1, 31),
        "is_received": state != "thieu",
        "is_reported": state not in ("thieu", "trong"),
        "is_on_time": state in ("dung_han", "trong"),
        "is_late": state == "cham",
        "received_on": date(year + 1, 1, 19) if state == "cham" else due_on,
        "return_ids": [f"{unit}-{year}"] if state != "thieu" else [],
    }
