"""F7: districts whose part, measured against the others, has been shrinking for years."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from etl.flags.compare import mended_correlation, window_tau2
from etl.flags.facts import RECOGNISED, Facts, FloatArray, once
from etl.flags.flag import LEVELS, Flag, Level, evidence, grey
from etl.flags.pictures import Pictures, measure
from etl.flags.rule import Rule
from etl.flags.rules import f03_low_rate
from etl.flags.unjudged import owing, too_few
from etl.flags.words import decimal, one_in, percent
from etl.statistics import benjamini_hochberg, mann_kendall, sen_slope

RULE = Rule(
    "F7",
    "TH",
    "Giảm kéo dài",
    "Phần đóng góp của huyện có giảm kéo dài?",
    "Mỗi năm so số mô hình của huyện với mức chung theo số xã (1 là bằng mức chung); kiểm định xu thế Mann-Kendall có "
    "tính tương quan giữa các năm liền nhau, độ dốc Sen: giảm từ {decline_share} trở lên và xác suất (hai phía) dưới "
    "{decline_p} → Theo dõi; còn lại sau khi kiểm soát tỷ lệ báo động nhầm {false_discovery} → Cảnh báo; quy tắc F3 "
    "cũng từ mức Cảnh báo → Nghiêm trọng.",
    "Từ {decline_years} năm liền có số liệu tới năm xét; từ {districts_needed} huyện mỗi năm.",
)
_NORMAL = NormalDist()


@dataclass(frozen=True)
class Trends:
    """What each of I districts did over its run of years. run: how many years, 0 where nothing is judged.

    share: I x Y, observed over expected. start, end: Sen's line in the run's first and last year, where it falls.
    p_low: how often a series without trend falls as steadily. correlation: ρ, of a year with the next, all districts.
    """

    share: FloatArray
    run: NDArray[np.int_]
    start: FloatArray
    end: FloatArray
    p_low: FloatArray
    correlation: float

    @property
    def change(self) -> FloatArray:
        """Change of Sen's line over the run, -0.5 for a half; never under -1."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.maximum(self.end / self.start - 1, -1.0)


@once
def trends(facts: Facts) -> Trends:
    """Return the trend of every district that has enough years in a row, up to the year under review."""
    share = shares(facts)
    run = np.array([_run(line) for line in share], dtype=np.int_)
    run[run < facts.thresholds["decline_years"]] = 0
    lines = {index: share[index, -run[index] :] for index in np.flatnonzero(run)}
    correlation = _correlation([_detrended(line) for line in lines.values()])
    widening = (1 + correlation) / (1 - correlation)
    start, end, p_low = (np.full(run.size, np.nan) for _ in range(3))
    for index, line in lines.items():
        s, variance, _ = mann_kendall(line)
        # all years alike: no variance, no trend
        p_low[index] = _NORMAL.cdf((s - np.sign(s)) / (variance * widening) ** 0.5) if variance else 1.0
        if s < 0:
            slope, last = sen_slope(line), line.size - 1
            start[index] = np.median(line) - slope * last / 2
            end[index] = start[index] + slope * last
    return Trends(share, run, start, end, p_low, correlation)


def _detrended(line: FloatArray) -> FloatArray:
    """Return what is left of a series without its straight line (least squares)."""
    at = np.arange(line.size) - (line.size - 1) / 2
    around = line - line.mean()
    return np.asarray(around - at * (at @ around) / (at @ at))


def shares(facts: Facts) -> FloatArray:
    """Return I x years up to the one under review: observed over expected by communes, leaving each one out.

    NaN where a district gave nothing, and in years in which too few districts gave to say what is common.
    """
    last = -1 if facts.to_year is None else facts.years.index(facts.to_year)
    observed, communes = facts.total(RECOGNISED)[:, : last + 1], facts.communes[:, : last + 1]
    known = facts.gave[:, : last + 1] & ~np.isnan(communes)
    known &= known.sum(axis=0) >= facts.thresholds["districts_needed"]
    seen, size = np.where(known, observed, 0.0), np.where(known, communes, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = (seen.sum(axis=0) - seen) * size / (size.sum(axis=0) - size)
        return np.where(known & (expected > 0), seen / expected, np.nan)


def _run(line: FloatArray) -> int:
    """Return how many years in a row are known up to the last."""
    missing = np.flatnonzero(np.isnan(line))
    return int(line.size - 1 - missing[-1]) if missing.size else line.size


def _correlation(rests: list[FloatArray]) -> float:
    """Return ρ, the correlation of a year's rest with the next year's, of all districts together."""
    around = sum(float((rest**2).sum()) for rest in rests)
    if not around:
        return 0.0
    raw = sum(float((rest[1:] * rest[:-1]).sum()) for rest in rests) / around
    return mended_correlation(raw, round(sum(rest.size for rest in rests) / len(rests)))


def levels(facts: Facts, found: Trends) -> list[Level | None]:
    """Return the level of every district, None where nothing is named."""
    limits = facts.thresholds
    tested = found.run > 0
    kept = np.zeros(tested.shape, dtype=np.bool_)
    kept[tested] = benjamini_hochberg(found.p_low[tested], limits["false_discovery"])
    # the limit is that of the two-sided test: half of it lies on the side of a fall
    watched = tested & (found.change <= -limits["decline_share"]) & (2 * found.p_low < limits["decline_p"])
    warned = watched & kept
    severe = warned & _low_rate(facts) if warned.any() else warned
    reached = watched.astype(np.int_) + warned + severe
    return [LEVELS[level - 1] if level else None for level in reached]


def _low_rate(facts: Facts) -> NDArray[np.bool_]:
    """Return which districts F3 names at Cảnh báo or worse."""
    found = f03_low_rate.judge(facts, facts.review.window, window_tau2(facts))
    if found is None or found.is_structural:
        return np.zeros(len(facts.districts), dtype=np.bool_)
    return found.level >= 2


def flags(facts: Facts) -> list[Flag]:
    """Name the districts whose part has fallen by a good deal, and more steadily than swings explain."""
    found = trends(facts)
    if not found.run.any():
        return [_too_short(facts, found)]
    raised = []
    for index, level in enumerate(levels(facts, found)):
        if facts.owes(index) or not found.run[index]:
            is_there = facts.to_year is not None and facts.existed[index, facts.years.index(facts.to_year)]
            raised += [_unknown(facts, index)] if is_there else []
        elif level:
            raised.append(_fallen(facts, index, found, level))
    return raised


def pictures(facts: Facts) -> Pictures:
    """Return ρ, how alike the rests of two years in a row are."""
    found = trends(facts)
    label = "Tương quan (ρ) giữa hai năm liền nhau, đã bỏ xu thế"
    return {"flag_measure": [measure("rho_nam", found.correlation, label)]} if found.run.any() else {}


def _fallen(facts: Facts, index: int, found: Trends, level: Level) -> Flag:
    district, last = facts.districts[index], found.share.shape[1]
    places = list(range(last - int(found.run[index]), last))
    span = [facts.years[place] for place in places]
    start, end, change, p = (values[index] for values in (found.start, found.end, found.change, found.p_low))
    end = max(float(end), 0.0)
    low = " Quy tắc F3 cũng thấy mức hiện nay thấp hẳn so với mức chung." if level == "nghiem_trong" else ""
    return Flag(
        rule=RULE.rule,
        kind=RULE.kind,
        level=level,
        don_vi_id=district.don_vi_id,
        from_year=span[0],
        to_year=span[-1],
        observed=end,
        expected=float(start),
        ratio=float(1 + change),
        p_value=float(p),
        statement=f"So với mức chung theo số xã, phần của {district.label} giảm dần từ khoảng {decimal(start)} lần năm "
        f"{span[0]} xuống {decimal(end)} lần năm {span[-1]}, tức giảm {percent(-change, 0)} trong {len(span)} năm."
        f"{low}",
        usual="Bình thường phần của một huyện lên xuống quanh một mức, không giảm dần qua nhiều năm. Số mô hình cả "
        "tỉnh tăng hay giảm không tính vào đây.",
        certainty=f"Nếu thực ra không có xu thế thì chỉ {one_in(p)} mới thấy giảm đều như vậy"
        f"{', đã tính việc năm sau thường giống năm trước' if found.correlation > 0 else ''}.",
        action=f"Cùng {district.label} xem lại từ năm nào bắt đầu giảm và vì sao (nhân sự, cách công nhận, mô hình cũ "
        "không còn), rồi thống nhất chỉ tiêu phục hồi từng năm.",
        evidence=evidence(
            facts.returns_of(index, places, RECOGNISED),
            [{"indicator_id": RECOGNISED, "don_vi_id": district.don_vi_id, "from_year": span[0], "to_year": span[-1]}],
            shares=[round(float(value), 4) for value in found.share[index, places]],
            change=float(change),
            correlation=found.correlation,
        ),
    )


def _unknown(facts: Facts, index: int) -> Flag:
    """Return why a district's trend is not judged: it lacks returns, or too few others gave theirs."""
    needed = int(facts.thresholds["decline_years"])
    lacking = facts.owes(index) or [
        facts.years[place] for place in facts.window(needed) if not facts.gave[index, place]
    ]
    if lacking:
        return owing(RULE, facts, index, lacking, "báo cáo", "không xét xu thế")
    label = facts.districts[index].label
    return grey(
        RULE.rule,
        RULE.kind,
        f"{label} chưa có {needed} năm liền so được với các huyện khác, nên không xét xu thế.",
        f"Kiểm tra số xã và báo cáo các năm trước của {label}, rồi xét lại.",
        don_vi_id=facts.districts[index].don_vi_id,
        to_year=facts.to_year,
    )


def _too_short(facts: Facts, found: Trends) -> Flag:
    needed, held = int(facts.thresholds["decline_years"]), int((~np.isnan(found.share)).any(axis=0).sum())
    reason = f"Mới có {held} năm so được các huyện với nhau, chưa đủ liền mạch"
    return too_few(RULE, facts, reason, f"{needed} năm liền")
