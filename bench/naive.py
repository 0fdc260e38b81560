"""Rules that look sensible and name the innocent: what the flags are held against."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from etl.flags.facts import RECOGNISED, Facts
from etl.statistics import tail_probabilities

Named = NDArray[np.bool_]


def _rates(facts: Facts) -> NDArray[np.float64]:
    """Return models over what the province's rate per commune would give, I x Y."""
    counts = facts.total(RECOGNISED)
    return np.asarray(counts / (counts.sum(axis=0) * facts.communes / facts.communes.sum(axis=0)))


def under_80(facts: Facts) -> Named:
    """Name who is under 80 % of the province's rate this year."""
    return _rates(facts)[:, -1] < 0.8


def bottom_three(facts: Facts) -> Named:
    """Name the three lowest rates of this year."""
    named = np.zeros(len(facts.districts), dtype=np.bool_)
    named[np.argsort(_rates(facts)[:, -1], kind="stable")[:3]] = True
    return named


def falling(facts: Facts) -> Named:
    """Name who fell three years in a row."""
    return np.asarray((np.diff(facts.total(RECOGNISED)[:, -4:], axis=1) < 0).all(axis=1))


def poisson_funnel(years: int, tail: float) -> Callable[[Facts], Named]:
    """Return the rule that names whom a funnel without extra variation leaves below its limit."""

    def named(facts: Facts) -> Named:
        counts, communes = facts.total(RECOGNISED)[:, -years:].sum(axis=1), facts.communes[:, -years:].sum(axis=1)
        return np.asarray(tail_probabilities(counts, counts.sum() * communes / communes.sum())[0] < tail)

    return named


NAIVE: dict[str, tuple[str, Callable[[Facts], Named]]] = {
    "duoi_80": ("Dưới 80% mức bình quân năm nay", under_80),
    "ba_cuoi": ("Ba huyện thấp nhất", bottom_three),
    "giam_3_nam": ("Giảm 3 năm liền", falling),
    "pheu_95_1": ("Phễu Poisson 95%, một năm", poisson_funnel(1, 0.025)),
    "pheu_998_1": ("Phễu Poisson 99,8%, một năm", poisson_funnel(1, 0.001)),
    "pheu_95_3": ("Phễu Poisson 95%, ba năm", poisson_funnel(3, 0.025)),
    "pheu_998_3": ("Phễu Poisson 99,8%, ba năm", poisson_funnel(3, 0.001)),
}
"""Each naive rule by id: what it is called, and whom it names."""
