"""Districts compared with what their communes would lead one to expect, with the swings that are usual."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from etl.flags.facts import RECOGNISED, Facts, FloatArray, once
from etl.statistics import overdispersion_tau2, tail_probabilities


@dataclass(frozen=True)
class Comparison:
    """Observed counts of I districts against expectations; NaN where a district cannot be compared.

    members: who is compared. expected: leave-one-out, by exposure. tau2: extra variation of each one's window.
    p_low, p_high: P(X <= O) and P(X >= O) if the district were like the others.
    """

    members: NDArray[np.bool_]
    observed: FloatArray
    expected: FloatArray
    tau2: FloatArray
    p_low: FloatArray
    p_high: FloatArray

    @property
    def ratio(self) -> FloatArray:
        """O/E: 1 is the common level."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.observed / self.expected


def complete(facts: Facts, places: Sequence[int], indicator_id: str = RECOGNISED) -> NDArray[np.bool_]:
    """Return which districts have a figure and a number of communes for every one of the years at `places`."""
    if not places:
        return np.zeros(len(facts.districts), dtype=np.bool_)
    known = ~np.isnan(facts.total(indicator_id)) & ~np.isnan(facts.communes) & facts.existed
    return np.asarray(known[:, places].all(axis=1), dtype=np.bool_)


@once
def window_tau2(facts: Facts) -> float:
    """Return the extra variation of a window's counts of recognised models.

    The larger of two estimates: over the two windows, which knows how much districts swing now; and over the longest
    run of years, which knows how much of a swing stays the next year and so does not average out within a window.
    0 when too few districts gave even one window.
    """
    return max(recent_tau2(facts, len(facts.review.window)) or 0.0, _carried_tau2(facts))


def year_tau2(facts: Facts) -> float | None:
    """Return the extra variation of one year's counts, over the two windows; None when too few districts gave them."""
    return recent_tau2(facts, 1)


def recent_tau2(facts: Facts, length: int) -> float | None:
    """Return the moment estimate for `length` years over both windows, or over the one when too few gave both.

    None when too few gave even that. Every return that it rests on is one that is owed (`Facts.owes`).
    """
    review = facts.review
    for places in ([*review.before, *review.window] if review.before else [], review.window):
        held = complete(facts, places)
        if held.sum() >= facts.thresholds["districts_needed"]:
            table = facts.total(RECOGNISED)[held][:, places]
            return float(np.nan_to_num(overdispersion_tau2(table, length)))
    return None


def _carried_tau2(facts: Facts) -> float:
    """Return the extra variation of a window if swings fade by ρ a year, as they did over the longest run of years.

    tau2 of one year (moments) and ρ = its lag-1 part, without the part that Poisson chance has in both, each mended
    for what the fitted rows take away; a window of w years keeps tau2 (1 + 2 sum (1 - k/w) ρ^k) / w. 0 when enough
    districts gave no two windows in a row. Source: variance of the mean of a first-order autoregression, e.g. Box,
    Jenkins & Reinsel (2008), Time Series Analysis, chapter 2.
    """
    run = _longest_run(facts)
    length, count = len(facts.review.window), len(run)
    if count < 2 * length:
        return 0.0
    table = facts.total(RECOGNISED)[complete(facts, run)][:, run]
    table = table[table.sum(axis=1) > 0]
    yearly = overdispersion_tau2(table) if len(table) > 1 and table.sum(axis=0).all() else 0.0
    if not yearly > 0:
        return 0.0
    usual = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    rest = table - usual
    kept = (1 - 1 / count) * (1 - 1 / len(table))
    same = ((rest**2).sum() - usual.sum() * kept) / (usual**2).sum()
    next_year = (rest[:, 1:] * rest[:, :-1]).sum() / (usual[:, 1:] * usual[:, :-1]).sum()
    chance = usual.sum() / (table.sum(axis=1) ** 2).sum()
    correlation = mended_correlation(float((next_year + chance) / same), count)
    level = yearly * (1 - 1 / count) / (1 - _of_mean(correlation, count))
    return float(level * _of_mean(correlation, length))


def _longest_run(facts: Facts) -> list[int]:
    """Return the positions of the longest run of years up to the one under review that enough districts gave whole."""
    if facts.to_year is None:
        return []
    for length in range(facts.years.index(facts.to_year) + 1, 0, -1):
        places = facts.window(length)
        if complete(facts, places).sum() >= facts.thresholds["districts_needed"]:
            return places
    return []


def _of_mean(correlation: float, count: int) -> float:
    """Return the variance of the mean of so many years, against that of one year, when swings fade by ρ a year."""
    lags = np.arange(1, count)
    return float((1 + 2 * ((1 - lags / count) * correlation**lags).sum()) / count)


def mended_correlation(raw: float, count: int) -> float:
    """Return ρ between 0 and 0,7 from the lag-1 correlation of rests over so many years.

    Taking out a level or a trend makes rests look less alike than they are: (1 + 4ρ)/n is added back.
    """
    return float(np.clip(raw + (1 + 4 * raw) / count, 0.0, 0.7))


def compare(observed: FloatArray, exposure: FloatArray, members: NDArray[np.bool_], tau2: float) -> Comparison:
    """Compare each member with all others by exposure: E_i = (sum O - O_i) e_i / (sum e - e_i).

    tau2 is the window's; each district's own is larger by 1/(sum O - O_i), as the expectation is itself a count.
    """
    shape = observed.shape
    expected, extra, p_low, p_high = (np.full(shape, np.nan) for _ in range(4))
    others = observed[members].sum() - observed
    elsewhere = exposure[members].sum() - exposure
    held = members & (others > 0) & (elsewhere > 0)
    expected[held] = others[held] * exposure[held] / elsewhere[held]
    extra[held] = tau2 + 1 / others[held]
    if held.any():
        p_low[held], p_high[held] = tail_probabilities(observed[held], expected[held], extra[held])
    return Comparison(held, np.where(members, observed, np.nan), expected, extra, p_low, p_high)
