"""F5: districts that report no inspection, no conference or no award."""

from dataclasses import dataclass

import numpy as np

from etl.flags.facts import Facts
from etl.flags.flag import Flag, Level, evidence
from etl.flags.norms import CERTAIN, cut_off, level_of_years, none_reported, not_reported, part_year_note, zero_years
from etl.flags.rule import Rule
from etl.labels import date_text

RULE = Rule(
    "F5",
    "QD",
    "Không kiểm tra, sơ kết, khen thưởng",
    "Năm nay có kiểm tra, sơ kết, khen thưởng không?",
    "Số 0 trong báo cáo của năm → Theo dõi; {no_activity_warn} năm liền → Cảnh báo; {no_activity_severe} năm liền → "
    "Nghiêm trọng.",
    "Báo cáo năm của huyện, có ghi số (ô trống không phải số 0).",
)


@dataclass(frozen=True)
class Activity:
    """What a district should do every year. thing: what there was none of; action: what to ask a district for."""

    indicator_id: str
    thing: str
    usual: str
    action: str


ACTIVITIES = (
    Activity(
        "kiem_tra",
        "cuộc kiểm tra, đánh giá phong trào nào",
        "Mỗi năm cấp ủy kiểm tra, đánh giá phong trào ít nhất một lần, kể cả lồng ghép với cuộc kiểm tra khác",
        "đưa việc kiểm tra, đánh giá phong trào vào kế hoạch năm tới; nếu đã lồng ghép với cuộc kiểm tra khác thì báo "
        "cáo bổ sung",
    ),
    Activity(
        "hoi_nghi",
        "hội nghị sơ kết, tổng kết phong trào nào",
        "Mỗi năm sơ kết, tổng kết phong trào ít nhất một lần, kể cả lồng ghép với hội nghị công tác dân vận",
        "sơ kết phong trào, có thể lồng ghép với hội nghị công tác dân vận; nếu đã lồng ghép thì báo cáo bổ sung",
    ),
    Activity(
        "mo_hinh_khen_thuong",
        "mô hình nào được biểu dương, khen thưởng",
        "Mỗi năm chọn mô hình tiêu biểu để biểu dương, khen thưởng",
        "chọn trong số mô hình đã công nhận những mô hình tiêu biểu để biểu dương, khen thưởng, và báo cáo bổ sung nếu "
        "đã khen mà chưa ghi",
    ),
)


def flags(facts: Facts) -> list[Flag]:
    """Name the districts that did without an activity in the year under review, one flag for each activity."""
    if facts.to_year is None:
        return [none_reported(RULE.rule, RULE.kind)]
    place = facts.years.index(facts.to_year)
    lengths = {item.indicator_id: zero_years(facts.total(item.indicator_id)[:, : place + 1]) for item in ACTIVITIES}
    raised = []
    for index in np.flatnonzero(facts.existed[:, place]).tolist():
        if all(np.isnan(facts.total(item.indicator_id)[index, place]) for item in ACTIVITIES):
            raised.append(not_reported(RULE.rule, RULE.kind, facts, index, "kiểm tra, sơ kết, khen thưởng"))
            continue
        for item in ACTIVITIES:
            length = int(lengths[item.indicator_id][index])
            if level := level_of_years(length, facts.thresholds, "no_activity"):
                raised.append(_without(facts, index, item, length, level))
    return raised


def _without(facts: Facts, index: int, item: Activity, length: int, level: Level) -> Flag:
    district, year = facts.districts[index], facts.to_year or 0
    place, first = facts.years.index(year), year - length + 1
    day = cut_off(facts, index)
    until = f" (năm {year} tính đến {date_text(day)})" if day else ""
    if length > 1:
        seen = f"{district.label} {length} năm liền ({first}-{year}) không có {item.thing}{until}."
    elif day:
        seen = f"{district.label} chưa có {item.thing} trong năm {year}, tính đến {date_text(day)}."
    else:
        seen = f"{district.label} không có {item.thing} trong năm {year}."
    figures = facts.total(item.indicator_id)[:, place]
    done, told = int((figures > 0).sum()), int((~np.isnan(figures)).sum())
    return Flag(
        rule=RULE.rule,
        kind=RULE.kind,
        level=level,
        don_vi_id=district.don_vi_id,
        from_year=first,
        to_year=year,
        observed=0.0,
        statement=seen,
        usual=f"{item.usual}; năm {year} có {done}/{told} huyện đã có.",
        certainty=CERTAIN + part_year_note(facts, index),
        action=f"Đề nghị {district.label} {item.action}.",
        evidence=evidence(
            facts.returns_of(index, range(place - length + 1, place + 1), item.indicator_id),
            [
                {
                    "indicator_id": item.indicator_id,
                    "don_vi_id": district.don_vi_id,
                    "from_year": first,
                    "to_year": year,
                }
            ],
            indicator_id=item.indicator_id,
            years=length,
        ),
    )
