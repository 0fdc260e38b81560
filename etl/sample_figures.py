"""Invented figures that add up to the signed report's totals: the arithmetic of the simulated sample.

Whole numbers are dealt out model by model, so every sum is exact; nothing here writes a file. All arrays are
[unit, year] or [unit, year, field], and one seed always gives the same figures.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from etl.catalogue import Catalogue
from etl.catalogue_checks import CatalogueError
from etl.catalogue_rows import DonVi, Indicator
from etl.periods import Period, unit_existed

Counts: TypeAlias = NDArray[np.int64]
Weights: TypeAlias = NDArray[np.float64]

# The indicators whose meaning ties them to others; any other is dealt out by its shape alone.
RECOGNISED, REGISTERED, KEPT = "mo_hinh_cong_nhan", "mo_hinh_dang_ky", "mo_hinh_duy_tri"
STOPPED, COMMUNES = "mo_hinh_dung", "xa_co_mo_hinh"
UNASSIGNED = "chua_phan"

# Assumptions of the simulation. None is a finding; only the totals come from the signed report.
_OTHER_UNITS_SHARE = 0.12
_FIRST_TO_LAST_YEAR = (0.6, 1.35)
_PANDEMIC_YEAR = 0.6
_SUMMARY_YEAR = 1.6
_YEAR_NOISE = 0.2
_LAGGING = 0.45
_HARDLY_ANY = 0.08
_EXTRA_REGISTERED = 0.12
_SHARE_OF_RECOGNISED = 0.12
_KEPT_SHARE = (0.60, 0.75)
_SMALL_COUNT = 1.5


@dataclass(frozen=True)
class Frame:
    """Who reports on what: the axes of every array. communes is 0 where unknown or not a district."""

    units: list[DonVi]
    years: list[int]
    fields: list[str]
    communes: Counts
    filled: NDArray[np.bool_]
    required: frozenset[str]


@dataclass(frozen=True)
class SampleFigures:
    """The invented counts by indicator, on the axes of `frame`; -1 stands for a cell left blank."""

    frame: Frame
    counts: dict[str, Counts]


def make_frame(catalogue: Catalogue, last_year: int) -> Frame:
    """Return the axes: every unit but the clusters, the movement's years, the fields a return must hold."""
    units = [unit for unit in catalogue.don_vi if unit.kind != "cum"]
    years = list(range(catalogue.province.first_year, last_year + 1))
    counted = {(row.don_vi_id, row.year): row.commune_count or 0 for row in catalogue.don_vi_year}
    communes = [[counted.get((unit.don_vi_id, year), 0) for year in years] for unit in units]
    existed = [[unit_existed(unit, Period("nam", year, year)) for year in years] for unit in units]
    fields = [*catalogue.layouts.periodic.models.required_rows, UNASSIGNED]
    return Frame(units, years, fields, np.array(communes), np.array(existed), frozenset(fields) - {UNASSIGNED})


def signed_totals(catalogue: Catalogue) -> dict[tuple[str, str | None], int]:
    """Return the signed report's whole-province totals of our own indicators, by (indicator, field or None)."""
    return {
        (row.indicator_id, row.linh_vuc_id): row.value
        for row in catalogue.published_totals
        if row.source_id == catalogue.province.signed_report
        and row.don_vi_id is None
        and row.indicator_id in catalogue.indicator_by_id
        and row.value is not None
    }


def invent_figures(catalogue: Catalogue, frame: Frame, rng: np.random.Generator) -> SampleFigures:
    """Deal out the signed totals over units, years and fields and derive what no total covers.

    Raises CatalogueError when the signed report gives no total of recognised models to start from.
    """
    totals = signed_totals(catalogue)
    if not any(indicator == RECOGNISED for indicator, _ in totals):
        raise CatalogueError(f"published_totals.csv: {catalogue.province.signed_report} không có tổng của {RECOGNISED}")
    activity = activity_weights(catalogue, frame, rng)
    leaning = field_leaning(catalogue, frame, totals, rng)
    recognised = deal_recognised(frame, totals, activity[:, :, None] * leaning[:, None, :], rng)
    kept, lost = keep_models(recognised, rng)
    basis = _Basis(totals, frame, activity, summary_weights(catalogue, frame), recognised, kept)
    counts = {RECOGNISED: recognised, KEPT: kept, STOPPED: _deal_from(STOPPED, lost, basis, rng)}
    counts[REGISTERED] = recognised + _extra_registered(basis, rng)
    counts[COMMUNES] = communes_with_models(frame, recognised + kept, rng)
    for indicator in sorted(catalogue.indicators, key=lambda item: item.position):
        if indicator.indicator_id not in counts:
            counts[indicator.indicator_id] = _deal_indicator(indicator, basis, rng)
    present = {name: count for name, count in counts.items() if name in catalogue.indicator_by_id}
    return SampleFigures(frame, {name: _blank_unfilled(count, frame) for name, count in present.items()})


def activity_weights(catalogue: Catalogue, frame: Frame, rng: np.random.Generator) -> Weights:
    """Weigh every unit and year: districts by communes, a growing trend, pandemic years down, noise, one laggard."""
    is_district = np.array([unit.is_district for unit in frame.units])
    size = np.where(is_district[:, None], np.maximum(frame.communes, 1), 0).astype(float)
    size *= (1 - _OTHER_UNITS_SHARE) / np.maximum(size.sum(axis=0), 1)
    other = np.where(is_district, 0, rng.lognormal(0, 0.4, len(frame.units)))
    size += (_OTHER_UNITS_SHARE * other / max(other.sum(), 1e-9))[:, None]
    trend = np.linspace(*_FIRST_TO_LAST_YEAR, len(frame.years))
    pandemic = [
        any(e.kind == "dich_benh" and e.from_on.year <= year <= (e.to_on or e.from_on).year for e in catalogue.events)
        for year in frame.years
    ]
    trend = np.where(pandemic, trend * _PANDEMIC_YEAR, trend)
    weights = size * trend * rng.lognormal(0, _YEAR_NOISE, size.shape)
    # Of the larger half: in a small district a low figure could be chance.
    by_size = sorted(_may_be_weak(catalogue, frame), key=lambda u: -int(frame.communes[u].sum()))
    if by_size:
        weights[rng.choice(by_size[: (len(by_size) + 1) // 2])] *= _LAGGING
    return np.asarray(np.where(frame.filled, weights, 0.0))


def field_leaning(
    catalogue: Catalogue, frame: Frame, totals: dict[tuple[str, str | None], int], rng: np.random.Generator
) -> Weights:
    """Weigh the fields of every unit: near the province's shares, but two districts hardly touch the smallest field."""
    published = np.array([totals.get((RECOGNISED, name), 0) for name in frame.fields], dtype=float)
    is_district = np.array([unit.is_district for unit in frame.units])
    spread = np.where(is_district, 0.15, 0.4)[:, None]
    leaning = np.exp(rng.normal(0, 1, (len(frame.units), len(frame.fields))) * spread)
    weak = _may_be_weak(catalogue, frame)
    if weak and published.any():
        smallest = int(np.argmin(np.where(published > 0, published, np.inf)))
        leaning[rng.permutation(weak)[:2], smallest] *= _HARDLY_ANY
    return np.asarray(leaning)


def _may_be_weak(catalogue: Catalogue, frame: Frame) -> list[int]:
    """Return the districts that may be drawn as weak: none about which a real figure is published."""
    published = {row.don_vi_id for row in catalogue.published_totals}
    return [u for u, unit in enumerate(frame.units) if unit.is_district and unit.don_vi_id not in published]


def deal_recognised(
    frame: Frame, totals: dict[tuple[str, str | None], int], weights: Weights, rng: np.random.Generator
) -> Counts:
    """Deal each field's published total over units and years; what the fields leave of the whole has no field."""
    by_field = [totals.get((RECOGNISED, name), 0) for name in frame.fields]
    whole = totals.get((RECOGNISED, None), sum(by_field))
    by_field[frame.fields.index(UNASSIGNED)] += max(whole - sum(by_field), 0)
    dealt = [deal(total, weights[:, :, k], rng) for k, total in enumerate(by_field)]
    return np.stack(dealt, axis=2)


def deal(total: int, weights: Weights, rng: np.random.Generator) -> Counts:
    """Deal `total` one by one over the cells, each with the chance its weight gives it."""
    shares = weights.ravel() / weights.sum()
    return np.asarray(rng.multinomial(total, shares).reshape(weights.shape), dtype=np.int64)


def draw_within(total: int, caps: Counts, weights: Weights, rng: np.random.Generator) -> Counts:
    """Draw `total` of the `caps` things lying in the cells without replacement, heavier cells likelier."""
    owner = np.repeat(np.arange(caps.size), caps.ravel())
    luck = rng.exponential(size=len(owner)) / weights.ravel()[owner]
    drawn = owner[np.argsort(luck)[:total]]
    return np.asarray(np.bincount(drawn, minlength=caps.size).reshape(caps.shape))


def keep_models(recognised: Counts, rng: np.random.Generator) -> tuple[Counts, Counts]:
    """Return, per year, how many earlier models are still at work, and how many of last year's no longer are."""
    kept, lost = np.zeros_like(recognised), np.zeros_like(recognised)
    for year in range(1, recognised.shape[1]):
        before = kept[:, year - 1] + recognised[:, year - 1]
        kept[:, year] = rng.binomial(before, rng.uniform(*_KEPT_SHARE, before.shape))
        lost[:, year] = before - kept[:, year]
    return kept, lost


def communes_with_models(frame: Frame, live: Counts, rng: np.random.Generator) -> Counts:
    """Return how many communes of each district have a live model: growing, never more than communes or models."""
    reached = np.zeros_like(frame.communes)
    for year in range(len(frame.years)):
        here, models = frame.communes[:, year], live[:, year].sum(axis=1)
        before = reached[:, year - 1] if year else np.zeros_like(here)
        chance = 0.12 if year else 0.4
        grown = before + rng.binomial(np.maximum(here - before, 0), chance)
        reached[:, year] = np.minimum(np.minimum(np.maximum(grown, 1), here), models)
    is_district = np.array([unit.is_district for unit in frame.units])
    return np.where(is_district[:, None] & (reached > 0), reached, -1)


def summary_weights(catalogue: Catalogue, frame: Frame) -> Weights:
    """Weigh the years: more conferences and awards where the catalogue's events have a summing-up."""
    summed_up = {event.from_on.year for event in catalogue.events if event.kind == "tong_ket"}
    return np.array([_SUMMARY_YEAR if year in summed_up else 1.0 for year in frame.years])


@dataclass(frozen=True)
class _Basis:
    """What the remaining indicators are dealt from."""

    totals: dict[tuple[str, str | None], int]
    frame: Frame
    activity: Weights
    summary: Weights
    recognised: Counts
    kept: Counts


def _deal_indicator(indicator: Indicator, basis: _Basis, rng: np.random.Generator) -> Counts:
    if indicator.by_linh_vuc:
        base = basis.recognised if indicator.aggregation == "flow" else basis.kept
        return _deal_from(indicator.indicator_id, base, basis, rng)
    weights = basis.activity * basis.summary
    whole = basis.totals.get((indicator.indicator_id, None))
    if whole is not None:
        return deal(whole, weights, rng)
    return np.asarray(rng.poisson(_SMALL_COUNT * weights / weights[weights > 0].mean()))


def _deal_from(indicator_id: str, base: Counts, basis: _Basis, rng: np.random.Generator) -> Counts:
    """Deal an indicator by fields out of `base`, never more than lies there unless its published total is larger."""
    whole = basis.totals.get((indicator_id, None))
    by_field = [basis.totals.get((indicator_id, name)) for name in basis.frame.fields]
    if any(total is not None for total in by_field):
        dealt = [_deal_within(total or 0, base[:, :, k], basis, rng) for k, total in enumerate(by_field)]
        counts = np.stack(dealt, axis=2)
        rest = max((whole or 0) - int(counts.sum()), 0)
        counts[:, :, basis.frame.fields.index(UNASSIGNED)] += deal(rest, basis.activity, rng)
        return counts
    if whole is not None:
        return _deal_within(whole, base, basis, rng)
    return np.asarray(rng.binomial(base, _SHARE_OF_RECOGNISED))


def _deal_within(total: int, base: Counts, basis: _Basis, rng: np.random.Generator) -> Counts:
    years = basis.summary if base.ndim == 2 else basis.summary[:, None]
    if total <= base.sum():
        return draw_within(total, base, np.broadcast_to(years, base.shape), rng)
    return deal(total, (base + 0.5) * (basis.activity if base.ndim == 2 else basis.activity[:, :, None]), rng)


def _extra_registered(basis: _Basis, rng: np.random.Generator) -> Counts:
    whole = basis.totals.get((REGISTERED, None))
    if whole is not None and whole >= basis.recognised.sum():
        return deal(whole - int(basis.recognised.sum()), basis.recognised.astype(float), rng)
    return np.asarray(rng.poisson(_EXTRA_REGISTERED * basis.recognised))


def _blank_unfilled(counts: Counts, frame: Frame) -> Counts:
    filled = frame.filled if counts.ndim == 2 else frame.filled[:, :, None]
    return np.where(filled, counts, -1)
