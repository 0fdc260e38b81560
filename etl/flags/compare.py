"""Districts compared with what their communes would lead one to expect, with the swings that are usual."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from etl.flags.facts import RECOGNISED, Facts, FloatArray
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


def window_tau2(facts: Facts) -> float:
    """Return the extra variation of a window's counts of recognised models, estimated over both windows.

    Only the years of the two windows count: every return that the estimate rests on is one that is asked for. Over
    the one window alone when too few districts gave both. 0 when too few gave even that.
    """
    return _tau2(facts, len(facts.review.window)) or 0.0


def year_tau2(facts: Facts) -> float | None:
    """Return the extra variation of one year's counts, from the same years; None when too few districts gave them."""
    return _tau2(facts, 1)


def _tau2(facts: Facts, length: int) -> float | None:
    review = facts.review
    for places in ([*review.before, *review.window] if review.before else [], review.window):
        held = complete(facts, places)
        if held.sum() >= facts.thresholds["districts_needed"]:
            table = facts.total(RECOGNISED)[held][:, places]
            return float(np.nan_to_num(overdispersion_tau2(table, length)))
    return None


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
