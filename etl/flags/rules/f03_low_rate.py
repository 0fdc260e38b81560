"""F3: districts with far fewer models than their communes lead one to expect, beyond what chance explains."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from etl.flags.compare import Comparison, compare, complete, window_tau2
from etl.flags.facts import RECOGNISED, Facts
from etl.flags.flag import LEVELS, Flag, Level, evidence, grey
from etl.flags.pictures import Pictures, funnel, measure, merged, only
from etl.flags.rule import Rule
from etl.flags.unjudged import owing, too_few
from etl.flags.words import amount, by_chance, percent, years
from etl.statistics import benjamini_hochberg

RULE = Rule(
    "F3",
    "TH",
    "Tỷ lệ mô hình thấp",
    "Với số xã của mình, huyện có ít hơn hẳn mức chung, hay chỉ là dao động?",
    "Phễu {window_years} năm, so với toàn tỉnh và với các huyện cùng vùng: xác suất dưới {low_rate_p} và dưới "
    "{effect_ratio} lần mức chung ở cả hai phép so → Theo dõi; còn lại sau khi kiểm soát tỷ lệ báo động nhầm "
    "{false_discovery} → Cảnh báo; {window_years} năm trước cũng ở mức Theo dõi → Nghiêm trọng. Dao động riêng của "
    "từng năm (τ²) được ước lượng và tính vào; nếu theo dân số huyện không thấp thì hạ một mức.",
    "Từ {districts_needed} huyện đủ báo cáo; mức chờ đợi từ {low_rate_expected} mô hình. Hơn {structural_share} số "
    "huyện nằm ngoài phễu thì không nêu tên ai: chênh lệch mang tính cơ cấu.",
)


@dataclass(frozen=True)
class Judgement:
    """A window judged, per district. province, peers: the two comparisons; level: 0 none, 1 Theo dõi, 2 Cảnh báo.

    is_structural: so many districts lie outside that their differences are no exception, and nobody is named.
    """

    province: Comparison
    peers: Comparison
    level: NDArray[np.int_]
    is_structural: bool


def judge(facts: Facts, places: list[int], tau2: float) -> Judgement | None:
    """Judge the window of the years at `places`; None when too few districts gave all of them."""
    limits = facts.thresholds
    held = complete(facts, places)
    if held.sum() < limits["districts_needed"]:
        return None
    observed = facts.total(RECOGNISED)[:, places].sum(axis=1)
    communes = facts.communes[:, places].sum(axis=1)
    province = compare(observed, communes, held, tau2)
    peers = _against_peers(facts, observed, communes, held, tau2)
    low = _is_low(province, limits) & _is_low(peers, limits)
    kept = np.zeros_like(low)
    tested = ~np.isnan(peers.p_low) & (peers.expected >= limits["low_rate_expected"])
    kept[tested] = benjamini_hochberg(peers.p_low[tested], limits["false_discovery"])
    level = low.astype(np.int_) + (low & kept)
    level -= (level > 0) & _population_disagrees(facts, observed, held)
    outside = np.fmin(province.p_low, province.p_high) < limits["low_rate_p"]
    return Judgement(province, peers, level, bool(outside[held].mean() > limits["structural_share"]))


def _against_peers(
    facts: Facts, observed: NDArray[np.float64], communes: NDArray[np.float64], held: NDArray[np.bool_], tau2: float
) -> Comparison:
    """Compare every district with those of its terrain only."""
    parts = {}
    for terrain in {district.terrain for district in facts.districts}:
        alike = np.array([district.terrain == terrain for district in facts.districts])
        enough = (alike & held).sum() >= facts.thresholds["peers_needed"]
        parts[terrain] = (alike, compare(observed, communes, alike & held & enough, tau2))
    names = ("members", "observed", "expected", "tau2", "p_low", "p_high")
    return Comparison(
        *(
            np.select([alike for alike, _ in parts.values()], [getattr(p, name) for _, p in parts.values()])
            for name in names
        )
    )


def _is_low(found: Comparison, limits: Mapping[str, float]) -> NDArray[np.bool_]:
    """Return where a count is both rarely so low by chance and low enough to matter."""
    is_tested = found.expected >= limits["low_rate_expected"]
    return is_tested & (found.p_low < limits["low_rate_p"]) & (found.ratio < limits["effect_ratio"])


def _population_disagrees(facts: Facts, observed: NDArray[np.float64], held: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return where a district has its full share by population: then its communes are many and small."""
    known = held & ~np.isnan(facts.population)
    return compare(observed, facts.population, known, 0.0).ratio >= 1


def flags(facts: Facts) -> list[Flag]:
    """Name the districts that are low beyond chance in the window under review."""
    review = facts.review
    tau2 = window_tau2(facts)
    found = judge(facts, review.window, tau2)
    if found is None:
        return [_too_few(facts)]
    if found.is_structural:
        return [_structural(facts, found)]
    before = judge(facts, review.before, tau2) if review.before else None
    raised = []
    for index in range(len(facts.districts)):
        level = int(found.level[index])
        if owed := facts.owes(index):
            raised.append(owing(RULE, facts, index, owed, "báo cáo", "không so với mức chung"))
        elif level:
            was_low = before is not None and bool(before.level[index])
            raised.append(_low(facts, index, found, LEVELS[level - 1 + (level == 2 and was_low)], tau2))
    return raised


def pictures(facts: Facts) -> Pictures:
    """Return the funnels of the window: against the province, and against each terrain."""
    tau2 = window_tau2(facts)
    found = judge(facts, facts.review.window, tau2)
    measured = [measure("tau2_cua_so", tau2, "Dao động riêng (τ²) của số mô hình trong một cửa sổ, ngoài ngẫu nhiên")]
    if found is None:
        return {"flag_measure": measured}
    terrains = np.array([district.terrain for district in facts.districts], dtype=object)
    parts = [funnel(RULE.rule, None, found.province, facts)]
    parts += [
        funnel(RULE.rule, str(terrain), only(found.peers, terrains == terrain), facts)
        for terrain in sorted({terrain for terrain in terrains if terrain})
    ]
    return merged(*parts, {"flag_measure": measured})


def _low(facts: Facts, index: int, found: Judgement, level: Level, tau2: float) -> Flag:
    places = facts.review.window
    span = [facts.years[place] for place in places]
    district, province, peers = facts.districts[index], found.province, found.peers
    seen, expected, likewise = province.observed[index], province.expected[index], peers.expected[index]
    swing = f"đã tính cả dao động khoảng ±{percent(tau2**0.5, 0)} mà huyện nào cũng có"
    again = f" {len(span)} năm trước đó cũng thấp như vậy." if level == "nghiem_trong" else ""
    return Flag(
        rule=RULE.rule,
        kind=RULE.kind,
        level=level,
        don_vi_id=district.don_vi_id,
        from_year=span[0],
        to_year=span[-1],
        observed=float(seen),
        expected=float(expected),
        ratio=float(province.ratio[index]),
        p_value=float(peers.p_low[index]),
        statement=f"{district.label} có {amount(seen)} mô hình được công nhận trong {years(span)}, bằng "
        f"{percent(province.ratio[index], 0)} mức chung của tỉnh theo số xã và {percent(peers.ratio[index], 0)} mức "
        f"của các huyện cùng vùng.{again}",
        usual=f"Với số xã của huyện, mức chung là khoảng {amount(expected)} mô hình (theo toàn tỉnh) hay "
        f"{amount(likewise)} mô hình (theo các huyện cùng vùng).",
        certainty=f"{by_chance(peers.p_low[index])}{f', {swing}' if tau2 > 0 else ''}.",
        action=f"Làm việc với {district.label} để rõ nguyên nhân: đăng ký ít, công nhận ít hay báo cáo sót; chọn mô "
        "hình của các huyện cùng vùng để nhân rộng.",
        evidence=evidence(
            facts.returns_of(index, places, RECOGNISED),
            [{"indicator_id": RECOGNISED, "don_vi_id": district.don_vi_id, "from_year": span[0], "to_year": span[-1]}],
            peers={"expected": float(peers.expected[index]), "ratio": float(peers.ratio[index])},
        ),
    )


def _structural(facts: Facts, found: Judgement) -> Flag:
    limits, held = facts.thresholds, found.province.members
    outside = np.fmin(found.province.p_low, found.province.p_high) < limits["low_rate_p"]
    return grey(
        RULE.rule,
        RULE.kind,
        f"{int((outside & held).sum())}/{int(held.sum())} huyện nằm ngoài mức dao động bình thường: chênh lệch mang "
        "tính cơ cấu, không phải chuyện của riêng huyện nào, nên không nêu tên.",
        "Xem lại mức giao chỉ tiêu theo vùng và cách các huyện tính số mô hình, trước khi so từng huyện.",
        from_year=facts.years[facts.review.window[0]],
        to_year=facts.to_year,
        evidence=evidence(is_structural=True),
    )


def _too_few(facts: Facts) -> Flag:
    needed, given = int(facts.thresholds["districts_needed"]), int(complete(facts, facts.review.window).sum())
    held = f"mới có {given} huyện đủ báo cáo {int(facts.thresholds['window_years'])} năm liền"
    return too_few(RULE, facts, f"Chưa đủ để so các huyện với nhau: {held}", f"từ {needed} huyện")
