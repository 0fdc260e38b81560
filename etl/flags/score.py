"""The "Cần hỗ trợ" score: which districts probably need support, and what says so. No league table.

Whether a figure is asked of a district never depends on the district's own returns; only figures that are asked of
districts decide; and whoever lacks one of them has no rank. So leaving out a return never makes a label milder.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from etl.flags.facts import Facts
from etl.flags.flag import Flag, severity
from etl.flags.pictures import Pictures, measure
from etl.flags.standing import Part, Standing, level, level_places, parts, standing
from etl.flags.words import how_likely, listed

LACKS_RETURNS = "Chưa đủ báo cáo"
NEEDS_SUPPORT = "Cần hỗ trợ"
TO_WATCH = "Cần theo dõi"
NOT_TOLD_APART = "Chưa phân định"
LACKS_FIGURES = "Chưa đủ số liệu"

LABELS = (LACKS_RETURNS, NEEDS_SUPPORT, TO_WATCH, NOT_TOLD_APART, LACKS_FIGURES)
"""In the order in which districts are listed; the last two claim nothing."""

_RANKED = (NEEDS_SUPPORT, TO_WATCH, NOT_TOLD_APART)
_LEVELS = {"canh_bao": "Cảnh báo", "nghiem_trong": "Nghiêm trọng"}

Row = dict[str, Any]


@dataclass(frozen=True)
class Scored:
    """All that labels rest on. whole: None when nobody is compared. rules: what each rule is called."""

    facts: Facts
    parts: Sequence[Part]
    whole: Standing | None
    peers: Mapping[str, Standing]
    reasons: Sequence[Flag]
    rules: Mapping[str, str]


def tables(facts: Facts, reasons: Sequence[Flag], rules: Mapping[str, str]) -> Pictures:
    """Return the rows of `district_score` and `score_indicator`, and what they say in `flag_measure`.

    reasons: the flags on what is commonly given (`Facts.commonly_given`), which may say why a district needs support.
    rules: what each rule is called, by its number. A row a district that existed in the year under review.
    """
    if facts.to_year is None:
        return {}
    found = parts(facts)
    used, members = _compared(facts, found)
    whole = standing(facts, used, members, is_whole=True) if members.any() else None
    scored = Scored(facts, found, whole, _peers(facts, used, members) if whole else {}, reasons, rules)
    there = np.asarray(facts.existed[:, facts.years.index(facts.to_year) :].any(axis=1))
    scores = {index: _score(scored, index) for index in _by_name(facts, there)}
    rows: Pictures = {"district_score": list(scores.values()), "score_indicator": _indicators(scored, scores)}
    if whole:
        label = f"Số huyện được so với nhau để tính điểm; nhóm thấp nhất gồm {whole.lowest} huyện"
        rows["flag_measure"] = [measure("diem_so_huyen", float(len(whole.members)), label)]
    return rows


def _by_name(facts: Facts, who: NDArray[np.bool_]) -> list[int]:
    return sorted(map(int, np.flatnonzero(who)), key=lambda index: facts.districts[index].don_vi_id)


def _compared(facts: Facts, found: Sequence[Part]) -> tuple[list[Part], NDArray[np.bool_]]:
    """Return the parts that enough districts gave, and which districts (I) gave all of these.

    Nobody is compared when the models themselves are not known of enough districts, or enough do not give all.
    """
    needed = facts.thresholds["districts_needed"]
    everybody = np.ones(len(facts.districts), dtype=np.bool_)
    used = [part for part in found if part.complete.sum() >= needed and level(facts, part, everybody)]
    members = np.all([part.complete for part in used], axis=0) if used else ~everybody
    if found[0] not in used or members.sum() < needed:
        return used, ~everybody
    return used, members


def _peers(facts: Facts, used: Sequence[Part], members: NDArray[np.bool_]) -> dict[str, Standing]:
    """Return the standing within each terrain that has enough districts."""
    terrains = np.array([district.terrain or "" for district in facts.districts])
    found = {}
    for terrain in sorted({str(name) for name in terrains if name}):
        who = members & (terrains == terrain)
        if who.sum() >= facts.thresholds["peers_needed"]:
            among = standing(facts, used, who, is_whole=False)
            if among:
                found[terrain] = among
    return found


# --- a district's label


def _score(scored: Scored, index: int) -> Row:
    district, whole = scored.facts.districts[index], scored.whole
    among = scored.peers.get(district.terrain or "")
    label, reason = _label(scored, index)
    is_ranked = label in _RANKED
    numbers = _numbers(whole, _place(whole, index) if is_ranked else None)
    beside = _numbers(among, _place(among, index) if is_ranked else None)
    return {
        "don_vi_id": district.don_vi_id,
        "to_year": scored.facts.to_year,
        "label": label,
        "reason": reason,
        **{name: numbers[name] for name in ("score_low", "score_mid", "score_high")},
        **{name: numbers[name] for name in ("rank_low", "rank_mid", "rank_high")},
        "p_lowest_six": numbers["p_lowest"],
        "ranked_count": len(whole.members) if whole else None,
        "lowest_count": whole.lowest if whole else None,
        **{f"peer_{name}": beside[name] for name in ("score_mid", "rank_low", "rank_mid", "rank_high", "p_lowest")},
        "peer_ranked_count": len(among.members) if among else None,
        "peer_lowest_count": among.lowest if among else None,
    }


def _place(among: Standing | None, index: int) -> int | None:
    """Return where a district stands among the members of a standing."""
    if among is None or index not in among.members:
        return None
    return list(among.members).index(index)


def _numbers(among: Standing | None, place: int | None) -> Row:
    """Return scores as whole numbers, ranks as places that are there, and the chance of the lowest group."""
    names = ("score_low", "score_mid", "score_high", "rank_low", "rank_mid", "rank_high", "p_lowest")
    if among is None or place is None:
        return dict.fromkeys(names)
    low, middle, high = among.ranks[place]
    ranks = (int(np.floor(low)), round(middle), int(np.ceil(high)))
    return dict(zip(names, (*among.scores[place].round().tolist(), *ranks, float(among.p_lowest[place])), strict=True))


def _label(scored: Scored, index: int) -> tuple[str, str]:
    """Return a district's label and the sentence that says why."""
    facts, whole = scored.facts, scored.whole
    name, limits = facts.districts[index].label, facts.thresholds
    missing = _missing(scored, index)
    if missing:
        return LACKS_RETURNS, f"{name} còn thiếu {missing}, nên chưa được xếp thứ tự."
    if whole is None:
        return LACKS_FIGURES, _too_few(facts)
    place = _place(whole, index)
    if place is None:
        why = "đơn vị mới thành lập, hoặc danh mục chưa ghi số xã"
        return LACKS_FIGURES, f"{name} chưa có đủ số liệu {int(limits['window_years'])} năm để so ({why})."
    p_lowest = float(whole.p_lowest[place])
    among = f"{len(whole.members)} huyện được so"
    lowest = f"thuộc nhóm {whole.lowest} huyện thấp nhất trong {among}"
    if p_lowest >= limits["score_support"]:
        return _probably(scored, index, f"{name} {how_likely(p_lowest)} {lowest}")
    if p_lowest >= limits["score_watch"]:
        chance = f"xác suất khoảng {round(10 * p_lowest)} trong 10"
        return TO_WATCH, f"{name} có dấu hiệu {lowest}, nhưng chưa chắc ({chance})."
    ranks = _numbers(whole, place)
    span = f"thứ hạng có thể từ {ranks['rank_low']} đến {ranks['rank_high']} trong {among}"
    return NOT_TOLD_APART, f"{name} {how_likely(p_lowest)} với các huyện khác: {span}."


def _probably(scored: Scored, index: int, likely: str) -> tuple[str, str]:
    """Return the label of a district that is probably among the lowest: with a reason, without, or not yet known."""
    reasons = _reasons(scored, index)
    if reasons:
        named = listed(f"{scored.rules.get(flag.rule, '')} ({flag.rule}, {_LEVELS[flag.level]})" for flag in reasons)
        return NEEDS_SUPPORT, f"{likely}. Cảnh báo nêu lý do: {named}."
    unsaid = f"{likely}, chưa có cảnh báo nào nêu được lý do"
    lacking = _lacking(scored, index)
    if lacking:
        return LACKS_RETURNS, f"{unsaid}; còn thiếu {lacking} nên chưa loại trừ được."
    return TO_WATCH, f"{unsaid}."


def _reasons(scored: Scored, index: int) -> list[Flag]:
    """Return the flags that say why a district needs support: the severest of each rule.

    A flag on the quality of figures says nothing of the movement.
    """
    found: dict[str, Flag] = {}
    for flag in scored.reasons:
        is_own = flag.don_vi_id == scored.facts.districts[index].don_vi_id and flag.kind != "DL"
        if is_own and severity(flag.level) >= severity("canh_bao"):
            known = found.get(flag.rule, flag)
            found[flag.rule] = max(known, flag, key=lambda one: severity(one.level))
    return list(found.values())


def _too_few(facts: Facts) -> str:
    length, needed = int(facts.thresholds["window_years"]), int(facts.thresholds["districts_needed"])
    return f"Chưa có đủ {needed} huyện gửi đủ số liệu {length} năm liền để so, nên chưa xếp thứ tự huyện nào."


# --- what is missing


def _missing(scored: Scored, index: int) -> str:
    """Name what a district owes to the score: returns of both windows, and figures of them and of the fixed levels."""
    facts = scored.facts
    places = {*level_places(facts), *facts.review.before, *facts.review.window}
    gaps = {part.label: _gaps(facts, index, part.given, places) for part in scored.parts}
    return _named(facts.owes(index), gaps)


def _lacking(scored: Scored, index: int) -> str:
    """Name whatever is asked of a district in any year and not there: a rule might have found its reason in it."""
    facts = scored.facts
    labels = {row["indicator_id"]: row["short_label"] for row in facts.tables.get("dim_indicator", [])}
    places = set(range(len(facts.years)))
    gaps = {part.label: _gaps(facts, index, part.given, places) for part in scored.parts}
    gaps |= {labels.get(key, key): _gaps(facts, index, ~np.isnan(facts.total(key)), places) for key in facts.totals}
    return _named(_gaps(facts, index, facts.gave, places), gaps)


def _gaps(facts: Facts, index: int, given: NDArray[np.bool_], places: set[int]) -> list[int]:
    """Return the years at `places` whose figure (given: I x Y) is asked of a district and missing."""
    lacking = facts.asked(index, given & facts.existed) & ~given[index]
    return [facts.years[place] for place in np.flatnonzero(lacking) if place in places]


def _named(owed: Sequence[int], gaps: Mapping[str, Sequence[int]]) -> str:
    """Return "báo cáo năm 2021 và 2022, số liệu Hội nghị năm 2023"; "" when nothing is missing."""
    found = [f"báo cáo năm {listed(map(str, owed))}"] if owed else []
    for label, years in gaps.items():
        rest = [str(year) for year in years if year not in owed]
        if rest:
            found.append(f"số liệu “{label}” năm {listed(rest)}")
    return "; ".join(found)


# --- the pictures


def _indicators(scored: Scored, scores: Mapping[int, Row]) -> list[Row]:
    """Return a row a district and part: its own figure, and where the province, the peers and all districts lie."""
    common = [(part, *_common(scored, part, position)) for position, part in enumerate(scored.parts, 1) if part.places]
    rows = []
    for index, score in scores.items():
        district = scored.facts.districts[index]
        place = _place(scored.whole, index) if score["score_mid"] is not None else None
        for part, shared, points in common:
            over, under = part.sums()
            alike = scored.facts.peers(index) & part.complete
            own = {
                "don_vi_id": district.don_vi_id,
                "numerator": _known(over[index]),
                "denominator": _known(under[index]),
                "value": _known(_ratio(over, under)[index]),
                "peers": _pooled(over, under, alike) if district.terrain else None,
                "score": None if place is None or points is None else float(points[place].round()),
            }
            rows.append(own | shared)
    return rows


def _common(scored: Scored, part: Part, position: int) -> tuple[Row, NDArray[np.float64] | None]:
    """Return what a part's rows share, and its points by member; None where the part is not used."""
    whole, years = scored.whole, scored.facts.years
    over, under = part.sums()
    values = _ratio(over, under)
    known = ~np.isnan(values)
    at = whole.used.get(part.part) if whole else None
    column = list(whole.used).index(part.part) if whole and at else 0
    row = {
        "to_year": scored.facts.to_year,
        "part": part.part,
        "label": part.label,
        "unit_label": part.unit_label,
        "is_share": part.is_share,
        "position": position,
        "from_year": years[part.places[0]],
        "indicator_id": part.indicator_id,
        "province": _pooled(over, under, part.complete),
        "known_count": int(known.sum()),
        **_summary(values[known]),
        "weight": float(whole.weights[column]) if whole and at else None,
        "level": at.value if at else None,
        "level_from_year": at.from_year if at else None,
        "level_to_year": at.to_year if at else None,
    }
    return row, whole.part_scores[:, column] if whole and at else None


def _ratio(over: NDArray[np.float64], under: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return over / under, NaN where there is nothing to be a ratio of."""
    found: NDArray[np.float64] = np.divide(over, under, out=np.full(over.shape, np.nan), where=under > 0)
    return found


def _pooled(over: NDArray[np.float64], under: NDArray[np.float64], who: NDArray[np.bool_]) -> float | None:
    base = under[who].sum()
    return float(over[who].sum() / base) if base else None


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _summary(values: NDArray[np.float64]) -> dict[str, float | None]:
    names = ("lowest", "q25", "median", "q75", "highest")
    if not len(values):
        return dict.fromkeys(names)
    return dict(zip(names, np.quantile(values, [0, 0.25, 0.5, 0.75, 1]).tolist(), strict=True))
