"""F12: districts whose models do not last, and typical models that nobody took over."""

from functools import partial
from typing import Any

from etl.flags import shares
from etl.flags.facts import RECOGNISED, Facts, FloatArray
from etl.flags.flag import Flag, Level, evidence
from etl.flags.pictures import Pictures
from etl.flags.rule import Rule
from etl.flags.words import amount, percent, years
from etl.labels import count_text

RULE = Rule(
    "F12",
    "TH",
    "Duy trì, nhân rộng",
    "Mô hình có được duy trì, nhân rộng không?",
    "Mô hình duy trì trên mô hình của năm trước (mới công nhận và duy trì), cộng {window_years} năm; phễu Wilson quanh "
    "tỷ lệ chung của tỉnh: thấp hơn dải {share_confidence_watch} và dưới {effect_ratio} lần tỷ lệ chung → Theo dõi; "
    "thấp hơn dải {share_confidence_warn} → Cảnh báo. Các huyện khác nhau nhiều hơn ngẫu nhiên thì dải được nới rộng. "
    "Mô hình điển hình chưa nơi nào làm theo sau {typical_watch} năm → Theo dõi, sau {typical_warn} năm → Cảnh báo "
    "(theo quy định).",
    "Từ {share_trials} mô hình và {districts_needed} huyện đủ báo cáo; danh sách mô hình để xét nhân rộng.",
)
KEPT = "mo_hinh_duy_tri"


def _counts(facts: Facts) -> tuple[FloatArray, FloatArray]:
    """Return, per district, the models kept in the years of the window, and the models that might have been.

    A kept model was recognised in an earlier year (the indicator's definition), so those that might have been kept
    are the ones at work a year before: newly recognised and kept.
    """
    window = facts.review.window
    before = [place - 1 for place in window]
    kept = facts.total(KEPT)
    return kept[:, window].sum(axis=1), (kept + facts.total(RECOGNISED))[:, before].sum(axis=1)


def _found(facts: Facts) -> shares.Shares | None:
    window = facts.review.window
    if not window or window[0] == 0:
        return None
    return shares.shares(facts, *_counts(facts), [window[0] - 1, *window])


def flags(facts: Facts) -> list[Flag]:
    """Name the districts that keep far fewer models than is common, and typical models without a replica."""
    found = _found(facts)
    raised = _typical(facts)
    if found is None:
        return [*raised, shares.too_few(RULE, RULE.kind, facts, "số mô hình công nhận và duy trì, cả năm trước đó,")]
    low = partial(_short_lived, facts, found)
    return [*raised, *shares.raised(RULE, facts, found, low, partial(_more_than_all, facts, found))]


def pictures(facts: Facts) -> Pictures:
    """Return the funnel of kept over the models of the year before, and the province's share."""
    label = "Tỷ lệ mô hình của năm trước được duy trì sang năm sau, chung các huyện"
    return shares.pictures(RULE, facts, _found(facts), "ty_le_duy_tri", label)


def _short_lived(facts: Facts, found: shares.Shares, index: int, level: Level) -> Flag:
    places, district = facts.review.window, facts.districts[index]
    span = [facts.years[place] for place in places]
    kept, possible = float(found.observed[index]), float(found.trials[index])
    times = f"cộng {len(span)} năm {span[0]}-{span[-1]}" if len(span) > 1 else years(span)
    return Flag(
        rule=RULE.rule,
        kind="TH",
        level=level,
        don_vi_id=district.don_vi_id,
        from_year=span[0],
        to_year=span[-1],
        observed=kept,
        expected=possible * found.province,
        ratio=float(found.share[index] / found.province),
        p_value=found.p_low(index),
        statement=f"{district.label} duy trì được {amount(kept)} trên {amount(possible)} lượt mô hình của năm trước "
        f"({percent(found.share[index])}, {times}), trong khi mức chung của tỉnh là {percent(found.province)}.",
        usual=f"Theo mức chung thì khoảng {count_text(round(possible * found.province))} lượt mô hình được duy trì.",
        certainty=shares.certainty(found, index),
        action=f"Đề nghị {district.label} nêu lý do từng mô hình dừng, chọn mô hình còn hiệu quả để củng cố, và kiểm "
        "tra xem có mô hình đang hoạt động nào báo cáo sót không.",
        evidence=evidence(
            facts.returns_of(index, [places[0] - 1, *places], KEPT, RECOGNISED),
            [
                {
                    "indicator_id": key,
                    "don_vi_id": district.don_vi_id,
                    "from_year": span[0] - ago,
                    "to_year": span[-1] - ago,
                }
                for key, ago in ((KEPT, 0), (KEPT, 1), (RECOGNISED, 1))
            ],
        ),
    )


def _more_than_all(facts: Facts, found: shares.Shares, index: int) -> str:
    span = [facts.years[place] for place in facts.review.window]
    return (
        f"{facts.districts[index].label} báo {amount(found.observed[index])} lượt mô hình duy trì trong {years(span)}, "
        f"nhiều hơn {amount(found.trials[index])} lượt mô hình có từ năm trước, nên chưa xét được."
    )


def _typical(facts: Facts) -> list[Flag]:
    """Return a flag for each typical model that nobody has taken over for years."""
    raised = []
    for row in facts.tables.get("typical_models", []):
        waited = (facts.to_year or 0) - row["since_year"]
        steps: tuple[tuple[str, Level], ...] = (("typical_warn", "canh_bao"), ("typical_watch", "theo_doi"))
        level = next((level for name, level in steps if waited >= facts.thresholds[name]), None)
        if level and not row["is_replicated"]:
            raised.append(_not_replicated(facts, row, waited, level))
    return raised


def _not_replicated(facts: Facts, row: dict[str, Any], waited: int, level: Level) -> Flag:
    owner = f" của {facts.labels.get(row['don_vi_id'], row['don_vi_id'])}" if row["don_vi_id"] else ""
    return Flag(
        rule=RULE.rule,
        kind="QD",
        level=level,
        don_vi_id=row["don_vi_id"],
        linh_vuc_id=row["linh_vuc_id"],
        from_year=row["since_year"],
        to_year=facts.to_year,
        observed=0.0,
        statement=f"Mô hình điển hình “{row['name']}”{owner} được chọn từ năm {row['since_year']}, sau {waited} năm "
        "chưa thấy nơi nào làm theo.",
        usual="Mô hình điển hình được chọn là để nhân rộng ra địa bàn, đơn vị khác.",
        certainty="Theo các danh sách mô hình đã nhận, dò theo tên: nơi làm theo mà đặt tên khác hoặc chưa gửi danh "
        "sách thì chưa thấy được.",
        action="Chọn địa bàn có điều kiện tương tự để nhân rộng; nơi đã làm theo thì ghi đúng tên mô hình và tình "
        "trạng “Nhân rộng” trong danh sách.",
        evidence=evidence([row["return_id"]] if row["return_id"] else [], name=row["name"]),
    )
