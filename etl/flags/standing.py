"""Where districts stand on the six parts of the "Cần hỗ trợ" score, and how sure that is.

Numbers only: every part is a ratio to a fixed level of the province, drawn towards the common level, and the whole way
of scoring is tried again many times. Draws belong to the districts' figures, never to their names or their order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from etl.flags.compare import recent_tau2
from etl.flags.facts import RECOGNISED, Facts, FloatArray
from etl.statistics import empirical_bayes, empirical_bayes_variances, overdispersion_tau2, rank_bounds

_BLOCK = 4_000_000
"""How many draws are held at once."""
_SEED = 20241010  # of the draws: any number, but always the same


@dataclass(frozen=True)
class Part:
    """One indicator of the score, I districts x Y years: numerator / denominator, higher is better, NaN not known.

    places: the years of the window that count (a stock is that of the last one). is_share: a share of 0-1, binomial;
    otherwise a rate of counts.
    """

    part: str
    label: str
    unit_label: str
    indicator_id: str
    is_share: bool
    places: list[int]
    numerator: FloatArray
    denominator: FloatArray

    @property
    def given(self) -> NDArray[np.bool_]:
        """I x Y: what the returns say, whatever the catalogue lacks."""
        return ~np.isnan(self.numerator)

    @property
    def known(self) -> NDArray[np.bool_]:
        """I x Y: where there is a ratio, or would be one if it had anything to be a ratio of."""
        return self.given & ~np.isnan(self.denominator)

    @property
    def complete(self) -> NDArray[np.bool_]:
        """I: who is known in every year that counts."""
        return np.asarray(self.known[:, self.places].all(axis=1) & bool(self.places))

    def sums(self) -> tuple[FloatArray, FloatArray]:
        """Return numerator and denominator of each district (I) over the window, NaN unless complete."""
        over, under = (cells[:, self.places].sum(axis=1) for cells in (self.numerator, self.denominator))
        return np.where(self.complete, over, np.nan), np.where(self.complete, under, np.nan)


def parts(facts: Facts) -> list[Part]:
    """Return the parts of the score, the results first, then what supports them."""

    def of(indicator_id: str) -> FloatArray:
        return np.where(facts.existed, facts.total(indicator_id), np.nan)

    window, communes, models = facts.review.window, facts.communes, of(RECOGNISED)
    cells = np.where(facts.existed[:, None, :], facts.field_figures(RECOGNISED), np.nan)
    filled = np.where(np.isnan(cells).any(axis=1), np.nan, (cells > 0).sum(axis=1))
    fields = np.full(models.shape, float(len(facts.fields)))

    def rate(part: str, label: str, unit_label: str, indicator_id: str) -> Part:
        return Part(part, label, unit_label, indicator_id, False, window, of(indicator_id), communes)

    def share(part: str, label: str, indicator_id: str, over: FloatArray, under: FloatArray, places: list[int]) -> Part:
        return Part(part, label, "%", indicator_id, True, places, over, under)

    covered, awarded = of("xa_co_mo_hinh"), of("mo_hinh_khen_thuong")
    return [
        rate("mo_hinh", "Mô hình mỗi xã mỗi năm", "mô hình", RECOGNISED),
        share("xa_co_mo_hinh", "Xã có mô hình", "xa_co_mo_hinh", covered, communes, window[-1:]),
        share("o_linh_vuc", "Lĩnh vực × năm có mô hình", RECOGNISED, filled, fields, window),
        rate("kiem_tra", "Cuộc kiểm tra mỗi xã mỗi năm", "cuộc", "kiem_tra"),
        rate("hoi_nghi", "Hội nghị mỗi xã mỗi năm", "hội nghị", "hoi_nghi"),
        share("khen_thuong", "Khen thưởng trên công nhận", "mo_hinh_khen_thuong", awarded, models, window),
    ]


@dataclass(frozen=True)
class Level:
    """A level of the province that stays the same from review to review, and the years it was taken from."""

    value: float
    from_year: int
    to_year: int


def level(facts: Facts, part: Part, who: NDArray[np.bool_]) -> Level | None:
    """Return the level of some districts (I) in the years that fix it; None when there is none, or it is 0.

    The years are those the catalogue names; where too few districts gave them the window before, then the window.
    """
    enough = part.known.sum(axis=0) >= facts.thresholds["districts_needed"]
    for places in (level_places(facts), facts.review.before, part.places):
        used = [place for place in places if enough[place]]
        if used:
            known = part.known[:, used] & who[:, None]
            over, under = (np.where(known, a[:, used], 0).sum() for a in (part.numerator, part.denominator))
            return Level(float(over / under), facts.years[used[0]], facts.years[used[-1]]) if over > 0 else None
    return None


def level_places(facts: Facts) -> list[int]:
    """Return the positions of the years that fix the levels, as far as they are there."""
    first, last = facts.thresholds["score_level_from"], facts.thresholds["score_level_to"]
    return [place for place, year in enumerate(facts.years) if first <= year <= last]


@dataclass(frozen=True)
class Standing:
    """What the draws say of n districts. members: their positions. Triples are the 5 %, 50 % and 95 % of the draws.

    part_scores: n x K, 0-100, of the parts that were used, by name in `used`; weights: K, summing to 1.
    p_lowest: n, the chance of being among the `lowest` worst.
    """

    members: NDArray[np.intp]
    used: Mapping[str, Level]
    weights: FloatArray
    part_scores: FloatArray
    scores: FloatArray
    ranks: FloatArray
    p_lowest: FloatArray
    lowest: int


def standing(facts: Facts, found: Sequence[Part], who: NDArray[np.bool_], *, is_whole: bool) -> Standing | None:
    """Let some districts (I) compete with each other; None when none of them can, or no part has a level.

    found: the parts in use, for which all of them have figures. is_whole: they are the province, not a terrain.
    """
    levels = {part.part: at for part in found if (at := level(facts, part, who))}
    used = [part for part in found if part.part in levels]
    members = np.flatnonzero(who)
    if not used or not len(members):
        return None
    members = members[np.lexsort(_figures(used, members).T[::-1])]
    inputs = _figures(used, members)
    estimates, errors = _estimates(facts, used, members)
    weights = np.array([facts.thresholds[f"score_weight_{part.part}"] for part in used])
    weights = weights / weights.sum()
    full = facts.thresholds["score_full"] * np.array([levels[part.part].value for part in used])
    drawn = _draws(estimates / full, errors / full, weights, facts.thresholds)
    lowest = _lowest(len(members), facts.thresholds, is_whole=is_whole)
    ranks, is_lowest = _ranks(drawn, lowest)
    alike = np.unique(inputs, axis=0, return_inverse=True)[1].ravel()
    scores, spans = (np.array([_spread(cells[:, alike == group]) for group in alike]) for cells in (drawn, ranks))
    p_lowest = np.array([is_lowest[:, alike == group].mean() for group in alike])
    part_scores = _points(estimates / full, facts.thresholds)
    return Standing(members, levels, weights, part_scores, scores, spans, p_lowest, lowest)


def _figures(used: Sequence[Part], members: NDArray[np.intp]) -> FloatArray:
    """Return n x 2K: all that tells districts apart here. Districts alike in it may change places."""
    return np.column_stack([cells[members] for cells in chain.from_iterable(part.sums() for part in used)])


def _estimates(facts: Facts, used: Sequence[Part], members: NDArray[np.intp]) -> tuple[FloatArray, FloatArray]:
    """Return the parts' ratios drawn towards the common one, and their standard errors: both n x K."""
    drawn, errors = [], []
    for part in used:
        over, under = (cells[members] for cells in part.sums())
        common = over.sum() / under.sum() if under.sum() else 0.0
        base = np.maximum(under, 1.0)  # nothing to be a share of says nothing: the common level, hardly known
        ratios = np.where(under > 0, over / base, common)
        chance = common * max(0.0, 1 - common) if part.is_share else common
        variances = chance / base + (0.0 if part.is_share else _tau2(facts, part, members) * common**2)
        drawn.append(empirical_bayes(ratios, variances))
        errors.append(np.sqrt(empirical_bayes_variances(ratios, variances)))
    return np.column_stack(drawn), np.column_stack(errors)


def _tau2(facts: Facts, part: Part, members: NDArray[np.intp]) -> float:
    """Return the extra variation of a window's counts: of the models over both windows, else of the window's own.

    Not over more years, as the funnel has it: an older return that is left out must not move a district.
    """
    if part.indicator_id == RECOGNISED:
        return recent_tau2(facts, len(part.places)) or 0.0
    return float(np.nan_to_num(overdispersion_tau2(part.numerator[members][:, part.places], len(part.places))))


def _points(share_of_full: FloatArray, limits: Mapping[str, float]) -> FloatArray:
    """Return points from the floor to 100."""
    return np.clip(100 * share_of_full, limits["score_floor"], 100)


def _draws(estimates: FloatArray, errors: FloatArray, weights: FloatArray, limits: Mapping[str, float]) -> FloatArray:
    """Return D x n scores: other figures, other weights, a part left out or none, geometric or arithmetic mean."""
    count, (members, width) = int(limits["score_draws"]), estimates.shape
    blocks = [len(block) for block in np.array_split(np.arange(count), 1 + count * members * width // _BLOCK)]
    noises, generator = np.random.default_rng(_SEED), np.random.default_rng(_SEED)
    for block in blocks:  # the noise is drawn again below, block by block: all at once a nation's takes gigabytes
        generator.standard_normal((block, members, width))
    tried = generator.dirichlet(limits["score_concentration"] * weights, count)
    left_out = generator.integers(0, width + 1, count)  # `width` leaves out none
    is_geometric = generator.random(count) < 0.5
    if width > 1:
        tried = tried * (np.arange(width) != left_out[:, None])
    tried = (tried / tried.sum(axis=1, keepdims=True))[:, None, :]
    scores = np.empty((count, members))
    for start, block in zip(np.cumsum([0, *blocks]), blocks, strict=False):
        part = slice(start, start + block)
        points = _points(estimates + errors * noises.standard_normal((block, members, width)), limits)
        geometric = np.exp((np.log(points) * tried[part]).sum(axis=2))
        scores[part] = np.where(is_geometric[part, None], geometric, (points * tried[part]).sum(axis=2))
    return scores


def _ranks(drawn: FloatArray, lowest: int) -> tuple[FloatArray, FloatArray]:
    """Return D x n ranks, 1 the best, ties sharing theirs, and how much of each is among the `lowest` worst (0-1)."""
    first, last = rank_bounds(-drawn)
    below = drawn.shape[1] - last
    return (first + last) / 2, np.clip((lowest - below) / (last - first + 1), 0.0, 1.0)


def _lowest(count: int, limits: Mapping[str, float], *, is_whole: bool) -> int:
    """Return how many of `count` districts are the lowest group: six of a province, a third of fewer."""
    if is_whole and count >= limits["score_lowest_from"]:
        return int(limits["score_lowest"])
    return max(1, round(count / 3))


def _spread(cells: FloatArray) -> FloatArray:
    return np.quantile(cells, [0.05, 0.5, 0.95])
