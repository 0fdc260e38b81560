"""F4: districts in which some communes have no model at work."""

from dataclasses import dataclass

import numpy as np

from etl.flags.facts import RECOGNISED, Facts, FloatArray
from etl.flags.flag import Flag, Level, evidence
from etl.flags.norms import none_reported, not_reported, part_year_note
from etl.flags.rule import Rule
from etl.flags.words import amount, percent
from etl.labels import count_text

RULE = Rule(
    "F4",
    "QD",
    "Xã chưa có mô hình",
    "Mỗi xã đã có ít nhất 01 mô hình chưa?",
    "Số xã có mô hình trên số xã của năm; không có số ấy thì lấy mức cao nhất có thể: số mô hình đang hoạt động (duy "
    "trì và mới công nhận) trên số xã. Dưới {communes_cover_watch} → Theo dõi; dưới {communes_cover_warn}, hoặc "
    "{communes_cover_years} năm liền chưa đủ → Cảnh báo; dưới {communes_cover_severe} → Nghiêm trọng.",
    "Số xã có mô hình, hoặc số mô hình duy trì và công nhận của năm.",
)
COVERED, KEPT = "xa_co_mo_hinh", "mo_hinh_duy_tri"


@dataclass(frozen=True)
class Cover:
    """Communes with a model over communes, I x Y; NaN where not known. is_bound: at most so many, by the models."""

    reached: FloatArray
    share: FloatArray
    is_bound: FloatArray


def cover(facts: Facts) -> Cover:
    """Return how many communes have a model, or at most can have one: a model works in one commune at a time.

    More communes with a model than there are is a figure that cannot be right (F11), so the models speak instead.
    """
    told = np.where(facts.total(COVERED) <= facts.communes, facts.total(COVERED), np.nan)
    models = facts.total(KEPT) + facts.total(RECOGNISED)
    reached = np.where(np.isnan(told), np.minimum(models, facts.communes), told)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(facts.communes > 0, reached / facts.communes, np.nan)
    return Cover(reached, share, np.isnan(told))


def flags(facts: Facts) -> list[Flag]:
    """Name the districts that have, or must have, communes without a model in the year under review."""
    if facts.to_year is None:
        return [none_reported(RULE.rule, RULE.kind)]
    place = facts.years.index(facts.to_year)
    found = cover(facts)
    raised = []
    for index in np.flatnonzero(facts.existed[:, place] & (facts.communes[:, place] > 0)).tolist():
        if np.isnan(found.share[index, place]):
            raised.append(not_reported(RULE.rule, RULE.kind, facts, index, "số xã có mô hình"))
        elif level := _level(facts, found.share[index, : place + 1]):
            raised.append(_short(facts, index, place, found, level))
    return raised


def _level(facts: Facts, shares: FloatArray) -> Level | None:
    limits = facts.thresholds
    short = limits["communes_cover_watch"]
    years = int(limits["communes_cover_years"])
    if shares[-1] >= short:
        return None
    if shares[-1] < limits["communes_cover_severe"]:
        return "nghiem_trong"
    running = len(shares) >= years and bool((shares[-years:] < short).all())
    return "canh_bao" if running or shares[-1] < limits["communes_cover_warn"] else "theo_doi"


def _short(facts: Facts, index: int, place: int, found: Cover, level: Level) -> Flag:
    district, year = facts.districts[index], facts.years[place]
    reached, communes = float(found.reached[index, place]), float(facts.communes[index, place])
    share, missing = float(found.share[index, place]), count_text(round(communes - reached))
    if found.is_bound[index, place]:
        sources = [KEPT, RECOGNISED]
        seen = (
            f"Năm {year}, {district.label} chỉ có {amount(reached)} mô hình đang hoạt động trên {amount(communes)} xã, "
            f"phường, thị trấn: nhiều nhất {percent(share, 0)} số xã có mô hình, ít nhất {missing} xã chưa có."
        )
        sure = "Chắc chắn theo các báo cáo đã nhận: số xã có mô hình không thể nhiều hơn số mô hình."
    else:
        sources = [COVERED]
        seen = (
            f"Năm {year}, {district.label} mới có mô hình đang hoạt động ở {amount(reached)}/{amount(communes)} xã, "
            f"phường, thị trấn ({percent(share, 0)}); còn {missing} nơi chưa có."
        )
        sure = "Chắc chắn theo các báo cáo đã nhận: huyện tự báo số xã có mô hình."
    before = float(found.share[index, place - 1]) if place else np.nan
    is_again = before < facts.thresholds["communes_cover_watch"]
    again = f" Năm {year - 1} cũng chưa đủ ({percent(before, 0)})." if is_again else ""
    return Flag(
        rule=RULE.rule,
        kind=RULE.kind,
        level=level,
        don_vi_id=district.don_vi_id,
        from_year=year,
        to_year=year,
        observed=reached,
        expected=communes,
        ratio=share,
        statement=seen + again,
        usual="Mỗi xã, phường, thị trấn có ít nhất 01 mô hình “Dân vận khéo”.",
        certainty=sure + part_year_note(facts, index),
        action=f"Đề nghị {district.label} nêu tên các xã chưa có mô hình và giao mỗi xã đăng ký ít nhất 01 mô hình.",
        evidence=evidence(
            facts.returns_of(index, [place - 1, place] if is_again else [place], COVERED, *sources),
            [
                {"indicator_id": source, "don_vi_id": district.don_vi_id, "from_year": year, "to_year": year}
                for source in sources
            ],
            is_upper_bound=bool(found.is_bound[index, place]),
        ),
    )
