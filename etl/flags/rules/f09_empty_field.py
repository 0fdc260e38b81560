"""F9: fields in which a district has recognised no model for years."""

import numpy as np

from etl.flags.facts import RECOGNISED, Facts
from etl.flags.flag import Flag, Level, evidence
from etl.flags.norms import CERTAIN, level_of_years, none_reported, not_reported, part_year_note, zero_years
from etl.flags.rule import Rule
from etl.flags.words import amount
from etl.labels import count_text

RULE = Rule(
    "F9",
    "QD",
    "Lĩnh vực trống nhiều năm",
    "Lĩnh vực nào nhiều năm liền không có mô hình?",
    "Số 0 mô hình được công nhận trong báo cáo của {empty_field_watch} năm liền → Theo dõi; {empty_field_warn} năm → "
    "Cảnh báo; {empty_field_severe} năm → Nghiêm trọng.",
    "Báo cáo năm của huyện, có ghi số của lĩnh vực (ô trống không phải số 0).",
)
KEPT = "mo_hinh_duy_tri"


def flags(facts: Facts) -> list[Flag]:
    """Name each field of a district whose last years all have a reported zero."""
    if facts.to_year is None:
        return [none_reported(RULE.rule, RULE.kind)]
    place = facts.years.index(facts.to_year)
    figures = facts.field_figures(RECOGNISED)[:, :, : place + 1]
    lengths = zero_years(figures)
    raised = []
    for index in np.flatnonzero(facts.existed[:, place]).tolist():
        if np.isnan(figures[index, :, place]).all():
            raised.append(not_reported(RULE.rule, RULE.kind, facts, index, "mô hình theo lĩnh vực"))
        for item in range(len(facts.fields)):
            length = int(lengths[index, item])
            if level := level_of_years(length, facts.thresholds, "empty_field"):
                raised.append(_empty(facts, index, item, length, level))
    return raised


def _empty(facts: Facts, index: int, item: int, length: int, level: Level) -> Flag:
    district, field, year = facts.districts[index], facts.fields[item], facts.to_year or 0
    last = facts.years.index(year)
    places, first = range(last - length + 1, last + 1), year - length + 1
    others = np.delete(facts.field_figures(RECOGNISED)[:, item, places], index, axis=0)
    elsewhere = float(np.nanmean(others)) if (~np.isnan(others)).any() else None
    kept = facts.field_figures(KEPT)[index, item, last]
    still = f" Còn {count_text(int(kept))} mô hình từ các năm trước được duy trì." if kept > 0 else ""
    return Flag(
        rule=RULE.rule,
        kind=RULE.kind,
        level=level,
        don_vi_id=district.don_vi_id,
        linh_vuc_id=field.linh_vuc_id,
        from_year=first,
        to_year=year,
        observed=0.0,
        statement=f"{district.label} {length} năm liền ({first}-{year}) không có mô hình nào được công nhận ở lĩnh vực "
        f"{field.label}.{still}",
        usual="Lĩnh vực nào hằng năm cũng có mô hình mới"
        + (
            f"; các huyện khác bình quân {amount(round(elsewhere, 1))} mô hình một năm ở lĩnh vực này."
            if elsewhere
            else "."
        ),
        certainty=CERTAIN + part_year_note(facts, index),
        action=f"Đề nghị {district.label} chọn một mô hình lĩnh vực {field.label} của huyện cùng vùng để "
        "nhân rộng, đăng ký ít nhất 01 mô hình trong năm tới.",
        evidence=evidence(
            facts.returns_of(index, places, RECOGNISED),
            [
                {
                    "indicator_id": RECOGNISED,
                    "don_vi_id": district.don_vi_id,
                    "linh_vuc_id": field.linh_vuc_id,
                    "from_year": first,
                    "to_year": year,
                }
            ],
            years=length,
        ),
    )
