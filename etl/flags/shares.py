"""Shares of models (awarded, kept) held against the province's: the funnel of F8 and F12.

A district lies outside when its Wilson interval leaves out the province's share. Where shares vary more between
districts than chance explains, every interval is widened by the same factor, so that ordinary differences name nobody.
Sources: Wilson (1927); Spiegelhalter (2005), Stat Med 24:1185-1202, for the widening.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from etl.flags.facts import Facts, FloatArray
from etl.flags.flag import Flag, Kind, Level, grey
from etl.flags.pictures import Pictures, measure
from etl.flags.rule import Rule
from etl.flags.unjudged import owing
from etl.flags.words import by_chance
from etl.statistics import wilson_interval

_WINSORISED = 0.10
_OF_PURE_NOISE = 0.68  # what winsorised squares of standard normals average, 18 of them: by simulation
_GRID = 60


@dataclass(frozen=True)
class Shares:
    """Shares of I districts over one window; NaN where not known.

    observed: how many of `trials`. known: both were reported, every year. possible: not more than there were.
    tested: known, possible and enough to be judged. province: the share of all that are possible. phi: how many
    times more the tested shares vary than chance alone would make them, at least 1.
    """

    observed: FloatArray
    trials: FloatArray
    known: NDArray[np.bool_]
    possible: NDArray[np.bool_]
    tested: NDArray[np.bool_]
    province: float
    phi: float

    @property
    def share(self) -> FloatArray:
        """Each district's own share."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.observed / self.trials

    def p_low(self, index: int) -> float:
        """Return how often a district of the province's share would show one as low, by the score test."""
        spread = (self.phi * self.province * (1 - self.province) / self.trials[index]) ** 0.5
        return NormalDist().cdf((self.share[index] - self.province) / spread)

    def upper(self, confidence: float) -> FloatArray:
        """Return the upper ends of the tested districts' intervals, NaN elsewhere; some district must be tested."""
        ends = np.full(self.trials.shape, np.nan)
        held = self.tested
        ends[held] = wilson_interval(self.observed[held] / self.phi, self.trials[held] / self.phi, confidence)[1]
        return ends


def shares(facts: Facts, observed: FloatArray, trials: FloatArray, places: list[int]) -> Shares | None:
    """Return the shares of a window's counts; None where too few districts gave them, or all are 0 or 1.

    observed, trials: I, NaN where a year is missing. places: the years in which a district must have existed.
    """
    known = ~np.isnan(observed) & ~np.isnan(trials) & facts.existed[:, places].all(axis=1)
    possible = known & (np.nan_to_num(observed) <= np.nan_to_num(trials)) & (np.nan_to_num(trials) > 0)
    if possible.sum() < facts.thresholds["districts_needed"]:
        return None
    province = float(observed[possible].sum() / trials[possible].sum())
    if not 0 < province < 1:
        return None
    tested = possible & (np.nan_to_num(trials) >= facts.thresholds["share_trials"])
    return Shares(observed, trials, known, possible, tested, province, _phi(observed[tested], trials[tested], province))


def _phi(observed: FloatArray, trials: FloatArray, province: float) -> float:
    """Return max(1, mean of winsorised z^2 over what pure noise would average): one odd district does not widen all."""
    if not len(trials):
        return 1.0
    z = (observed / trials - province) / np.sqrt(province * (1 - province) / trials)
    low, high = np.quantile(z, [_WINSORISED, 1 - _WINSORISED])
    return max(1.0, float((np.clip(z, low, high) ** 2).mean()) / _OF_PURE_NOISE)


def level(facts: Facts, found: Shares, index: int) -> Level | None:
    """Return the level at which a district's share is low: both rarely so low by chance and low enough to matter."""
    limits = facts.thresholds
    if not found.tested[index] or found.share[index] >= limits["effect_ratio"] * found.province:
        return None
    steps: Sequence[tuple[str, Level]] = (("share_confidence_warn", "canh_bao"), ("share_confidence_watch", "theo_doi"))
    return next((name for rule, name in steps if found.upper(limits[rule])[index] < found.province), None)


def raised(
    rule: Rule,
    facts: Facts,
    found: Shares,
    low: Callable[[int, Level], Flag],
    reason: Callable[[int], str],
    spared: Collection[int] = (),
) -> list[Flag]:
    """Return the flags of all districts but the spared: grey where returns are owed or counts cannot both be right.

    low: makes the flag of a low share. reason: says why a district's counts cannot be right, as a sentence.
    """
    flags = []
    for index in (place for place in range(len(facts.districts)) if place not in spared):
        if owed := facts.owes(index):
            flags.append(owing(rule, facts, index, owed, "báo cáo", "không so với mức chung"))
        elif found.known[index] and found.observed[index] > found.trials[index]:
            flags.append(_impossible(rule, facts, index, reason(index)))
        elif reached := level(facts, found, index):
            flags.append(low(index, reached))
    return flags


def certainty(found: Shares, index: int) -> str:
    """Say how sure a low share is."""
    swing = ", đã tính cả khác biệt thường có giữa các huyện" if found.phi > 1 else ""
    return f"{by_chance(found.p_low(index))}{swing}."


def _impossible(rule: Rule, facts: Facts, index: int, reason: str) -> Flag:
    """Return the grey row of a district whose counts cannot both be right."""
    district = facts.districts[index]
    row = grey(
        rule.rule,
        rule.kind,
        reason,
        f"Đề nghị {district.label} rà lại hai số liệu này, rồi xét lại.",
        don_vi_id=district.don_vi_id,
        from_year=facts.years[facts.review.window[0]],
        to_year=facts.to_year,
    )
    return replace(row, certainty="Chưa kết luận: số liệu chưa hợp lý thì không nêu tên, cũng không coi là đạt.")


def too_few(rule: Rule, kind: Kind, facts: Facts, what: str) -> Flag:
    """Return the one row of a rule that cannot compare the districts. what: the figures, as a sentence names them."""
    needed, length = int(facts.thresholds["districts_needed"]), int(facts.thresholds["window_years"])
    reason = (
        f"Chưa có báo cáo của huyện nào (cần từ {needed} huyện)."
        if facts.to_year is None
        else f"Chưa đủ để so các huyện với nhau: cần từ {needed} huyện có {what} đủ {length} năm liền."
    )
    return grey(rule.rule, kind, reason, "Đôn đốc các báo cáo còn thiếu, rồi xét lại.", to_year=facts.to_year)


def pictures(rule: Rule, facts: Facts, found: Shares | None, measure_id: str, label: str) -> Pictures:
    """Return the funnel of shares along the number of models, with the province's share as a measure."""
    if found is None or not found.tested.any():
        return {}
    span = [facts.years[place] for place in facts.review.window]
    subject = {"rule": rule.rule, "terrain": None}
    held: list[int] = np.flatnonzero(found.tested).tolist()
    points = [
        {
            **subject,
            "don_vi_id": facts.districts[index].don_vi_id,
            "from_year": span[0],
            "to_year": span[-1],
            "observed": float(found.observed[index]),
            "expected": float(found.trials[index]),
            "ratio": float(found.share[index]),
            "is_outside": bool(min(found.p_low(index), 1 - found.p_low(index)) < (1 - 0.95) / 2),
        }
        for index in held
    ]
    reach = np.linspace(found.trials[held].min() * 0.8, found.trials[held].max() * 1.1, _GRID)
    limits = [{**subject, "expected": float(trials), **_limits(found, float(trials))} for trials in reach]
    measured = [
        measure(measure_id, found.province, label),
        measure(f"{measure_id}_phi", found.phi, f"{label}: mức phân tán giữa các huyện (φ), 1 là chỉ do ngẫu nhiên"),
    ]
    return {"flag_funnel": points, "flag_funnel_limit": limits, "flag_measure": measured}


def _limits(found: Shares, trials: float) -> dict[str, float]:
    """Return P -+ z sqrt(phi P (1 - P) / n), within 0 and 1."""
    spread = (found.phi * found.province * (1 - found.province) / trials) ** 0.5
    ends = {}
    for name, confidence in (("95", 0.95), ("998", 0.998)):
        z = NormalDist().inv_cdf((1 + confidence) / 2)
        ends[f"low{name}"] = max(0.0, found.province - z * spread)
        ends[f"high{name}"] = min(1.0, found.province + z * spread)
    return ends
