"""F8: districts whose recognised models are hardly ever, or never, awarded."""

from functools import partial

import numpy as np

from etl.flags import shares
from etl.flags.facts import RECOGNISED, Facts
from etl.flags.flag import Flag, Level, evidence
from etl.flags.norms import CERTAIN
from etl.flags.pictures import Pictures
from etl.flags.rule import Rule
from etl.flags.words import amount, percent, years
from etl.labels import count_text

RULE = Rule(
    "F8",
    "TH",
    "Công nhận mà không khen thưởng",
    "Mô hình tốt có được biểu dương không?",
    "Khen thưởng trên công nhận trong {window_years} năm, phễu Wilson quanh tỷ lệ chung của tỉnh: thấp hơn dải "
    "{share_confidence_watch} và dưới {effect_ratio} lần tỷ lệ chung → Theo dõi; thấp hơn dải {share_confidence_warn} "
    "→ Cảnh báo. Từ {unrewarded_recognised} mô hình được công nhận mà không khen thưởng mô hình nào: Cảnh báo theo "
    "quy định. Các huyện khác nhau nhiều hơn ngẫu nhiên thì dải được nới rộng.",
    "Từ {share_trials} mô hình được công nhận và {districts_needed} huyện đủ báo cáo.",
)
AWARDED = "mo_hinh_khen_thuong"


def _found(facts: Facts) -> shares.Shares | None:
    places = facts.review.window
    if not places:
        return None
    awarded, recognised = (facts.total(key)[:, places].sum(axis=1) for key in (AWARDED, RECOGNISED))
    return shares.shares(facts, awarded, recognised, places)


def flags(facts: Facts) -> list[Flag]:
    """Name the districts that awarded nothing, and those that awarded far less than is common."""
    found = _found(facts)
    never = _never_awarded(facts)
    raised = [_never(facts, index, found) for index in never]
    if found is None:
        return [*raised, shares.too_few(RULE, RULE.kind, facts, "số mô hình công nhận và khen thưởng")]
    low = partial(_rarely, facts, found)
    return [*raised, *shares.raised(RULE, facts, found, low, partial(_more_than_all, facts, found), never)]


def pictures(facts: Facts) -> Pictures:
    """Return the funnel of awarded over recognised, and the province's share."""
    label = "Tỷ lệ mô hình được khen thưởng trên mô hình được công nhận, chung các huyện"
    return shares.pictures(RULE, facts, _found(facts), "ty_le_khen_thuong", label)


def _never_awarded(facts: Facts) -> list[int]:
    """Return the districts with models enough and a reported zero of awards in every year of the window."""
    places = facts.review.window
    if not places:
        return []
    is_zero = (facts.total(AWARDED)[:, places] == 0).all(axis=1)
    recognised = facts.total(RECOGNISED)[:, places].sum(axis=1)
    return [int(index) for index in np.flatnonzero(is_zero & (recognised >= facts.thresholds["unrewarded_recognised"]))]


def _never(facts: Facts, index: int, found: shares.Shares | None) -> Flag:
    places = facts.review.window
    span, label = [facts.years[place] for place in places], facts.districts[index].label
    recognised = float(facts.total(RECOGNISED)[index, places].sum())
    common = f", mức chung của tỉnh là {percent(found.province)}" if found else ""
    return Flag(
        rule=RULE.rule,
        kind="QD",
        level="canh_bao",
        don_vi_id=facts.districts[index].don_vi_id,
        from_year=span[0],
        to_year=span[-1],
        observed=0.0,
        expected=recognised * found.province if found else None,
        ratio=0.0,
        statement=f"{label} có {amount(recognised)} mô hình được công nhận trong {years(span)} nhưng chưa có mô hình "
        "nào được biểu dương, khen thưởng.",
        usual=f"Trong số mô hình được công nhận có những mô hình được biểu dương, khen thưởng{common}.",
        certainty=CERTAIN,
        action=_action(label),
        evidence=_evidence(facts, index),
    )


def _rarely(facts: Facts, found: shares.Shares, index: int, level: Level) -> Flag:
    span, label = [facts.years[place] for place in facts.review.window], facts.districts[index].label
    awarded, recognised = float(found.observed[index]), float(found.trials[index])
    return Flag(
        rule=RULE.rule,
        kind="TH",
        level=level,
        don_vi_id=facts.districts[index].don_vi_id,
        from_year=span[0],
        to_year=span[-1],
        observed=awarded,
        expected=recognised * found.province,
        ratio=float(found.share[index] / found.province),
        p_value=found.p_low(index),
        statement=f"{label} có {amount(awarded)} mô hình được khen thưởng trên {amount(recognised)} mô hình được công "
        f"nhận trong {years(span)} ({percent(found.share[index])}), trong khi mức chung của tỉnh là "
        f"{percent(found.province)}.",
        usual=f"Theo mức chung, {amount(recognised)} mô hình được công nhận thì khoảng "
        f"{count_text(round(recognised * found.province))} mô hình được khen thưởng.",
        certainty=shares.certainty(found, index),
        action=_action(label),
        evidence=_evidence(facts, index),
    )


def _action(label: str) -> str:
    return (
        f"Đề nghị {label} rà lại các mô hình đã công nhận để biểu dương, khen thưởng mô hình tiêu biểu; nếu đã khen mà "
        "chưa ghi vào báo cáo thì báo cáo bổ sung."
    )


def _more_than_all(facts: Facts, found: shares.Shares, index: int) -> str:
    span = [facts.years[place] for place in facts.review.window]
    return (
        f"{facts.districts[index].label} báo {amount(found.observed[index])} mô hình được khen thưởng, nhiều hơn "
        f"{amount(found.trials[index])} mô hình được công nhận trong {years(span)}, nên chưa xét được."
    )


def _evidence(facts: Facts, index: int) -> dict[str, object]:
    places, unit = facts.review.window, facts.districts[index].don_vi_id
    span = {"from_year": facts.years[places[0]], "to_year": facts.years[places[-1]]}
    return evidence(
        facts.returns_of(index, places, AWARDED, RECOGNISED),
        [{"indicator_id": key, "don_vi_id": unit, **span} for key in (AWARDED, RECOGNISED)],
    )
