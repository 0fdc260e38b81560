"""F2: fields that a district leaves almost empty, against the common structure of all districts."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from etl.flags.facts import RECOGNISED, Facts, FloatArray
from etl.flags.flag import LEVELS, Flag, Level, evidence
from etl.flags.pictures import Pictures, measure
from etl.flags.rule import Rule
from etl.flags.unjudged import owing, too_few
from etl.flags.words import amount, by_chance, decimal, percent, years
from etl.statistics import adjusted_residuals, benjamini_hochberg, location_quotient

RULE = Rule(
    "F2",
    "TH",
    "Lĩnh vực yếu ở huyện",
    "Huyện có bỏ trống lĩnh vực nào so với cơ cấu chung?",
    "Bảng huyện × lĩnh vực {field_window_years} năm: tỷ trọng của lĩnh vực trong huyện so với tỷ trọng chung (LQ) dưới "
    "{effect_ratio}, và phần dư hiệu chỉnh (chia √φ) còn lại sau khi kiểm soát tỷ lệ báo động nhầm {weak_cell_watch} → "
    "Theo dõi; {weak_cell_warn} → Cảnh báo; {field_window_years} năm trước cũng ở mức Cảnh báo → Nghiêm trọng. φ là "
    "dao động riêng của cơ cấu lĩnh vực từ năm này sang năm khác, ngoài ngẫu nhiên.",
    "Từ {districts_needed} huyện đủ số liệu theo lĩnh vực trong {field_window_years} năm; ô có mức chờ đợi từ "
    "{weak_cell_expected} mô hình.",
)
_NORMAL = NormalDist()
_SETTLED = 1e-8
_ROUNDS = 500


@dataclass(frozen=True)
class Judgement:
    """A window judged. members: I, who is compared. The others are I x F, NaN or 0 where nothing is compared.

    quotient: the field's share of the district over its share of all. p_low: how often chance alone shows so few.
    level: 0 none, 1 Theo dõi, 2 Cảnh báo. dispersion: φ of the window.
    """

    members: NDArray[np.bool_]
    observed: FloatArray
    expected: FloatArray
    quotient: FloatArray
    p_low: FloatArray
    level: NDArray[np.int_]
    dispersion: float


def judge(facts: Facts, places: list[int]) -> Judgement | None:
    """Judge the table of districts and fields over the years at `places`; None when too few districts gave it."""
    limits = facts.thresholds
    figures = facts.field_figures(RECOGNISED)[:, :, places]
    held = np.asarray(~np.isnan(figures).any(axis=(1, 2)) & facts.existed[:, places].all(axis=1))
    if not places or held.sum() < limits["districts_needed"] or not figures[held].sum():
        return None
    table = figures[held].sum(axis=2)
    phi, phi_by_field = dispersion(figures[held])
    shape = (held.size, table.shape[1])
    observed, expected, quotient, p = (np.full(shape, np.nan) for _ in range(4))
    observed[held], quotient[held] = table, location_quotient(table)
    expected[held] = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    residual = np.full(shape, np.nan)
    residual[held] = adjusted_residuals(table) / phi_by_field**0.5
    tested = ~np.isnan(residual) & (expected >= limits["weak_cell_expected"])
    p[tested] = [_NORMAL.cdf(z) for z in residual[tested]]
    level = np.zeros(shape, dtype=np.int_)
    for name in ("weak_cell_watch", "weak_cell_warn"):
        level[tested] += benjamini_hochberg(p[tested], limits[name])
    level[~(quotient < limits["effect_ratio"])] = 0
    return Judgement(held, observed, expected, quotient, p, level, phi)


def dispersion(figures: FloatArray) -> tuple[float, FloatArray]:
    """Return φ of counts by district, field and year, of all and by field: how much the mix swings beyond chance.

    X²/df of the model in which every two of the three hang together but not all three, fitted by iterative
    proportional fitting; at least 1. Empty margins fit exactly and free no degrees: df = (I-1)(F-1)(Y-1) - empty cells
    + empty margins. Large counts swing the most: a field's own φ is its part of X² over its part of df, which is
    1 - its share of all models, and never under that of all.
    Source: Bishop, Fienberg & Holland (1975), Discrete Multivariate Analysis, chapters 3 and 4.
    """
    by_field = np.ones(figures.shape[1])
    counts = figures
    for axis in range(3):
        counts = np.compress(counts.sum(axis=tuple({0, 1, 2} - {axis})) > 0, counts, axis=axis)
    if min(counts.shape) < 2:
        return 1.0, by_field
    fitted, margins = _fitted(counts)
    alive = fitted > _SETTLED
    freedom = (np.array(counts.shape) - 1).prod() - (~alive).sum() + sum(int((m == 0).sum()) for m in margins)
    if freedom < 1:
        return 1.0, by_field
    squares = np.divide((counts - fitted) ** 2, fitted, out=np.zeros_like(fitted), where=alive).sum(axis=(0, 2))
    whole = max(1.0, float(squares.sum() / freedom))
    parts = (1 - counts.sum(axis=(0, 2)) / counts.sum()) / (counts.shape[1] - 1)
    by_field[figures.sum(axis=(0, 2)) > 0] = np.maximum(whole, squares / (freedom * parts))
    return whole, by_field


def _fitted(counts: FloatArray) -> tuple[FloatArray, list[FloatArray]]:
    """Return the table without three-way interaction that has the margins of the counts, and these margins."""
    margins = [np.asarray(counts.sum(axis=axis, keepdims=True)) for axis in range(3)]
    fitted = np.ones_like(counts)
    for _ in range(_ROUNDS):
        before = fitted
        for margin, axis in zip(margins, range(3), strict=True):
            own = fitted.sum(axis=axis, keepdims=True)
            fitted = fitted * np.divide(margin, own, out=np.zeros_like(own), where=own > 0)
        if np.abs(fitted - before).max() < _SETTLED * counts.max():
            break
    return fitted, margins


def flags(facts: Facts) -> list[Flag]:
    """Name the cells of district and field that are emptier than the common structure and chance explain."""
    length = int(facts.thresholds["field_window_years"])
    places = facts.window(length)
    found = judge(facts, places)
    if found is None:
        return [_too_few(facts, length)]
    before = judge(facts, facts.window(length, length))
    raised = []
    for index in range(len(facts.districts)):
        if facts.owes(index) or not found.members[index]:
            raised += [_unknown(facts, index, places)] if facts.existed[index, places].all() else []
            continue
        for column in np.flatnonzero(found.level[index]):
            level = int(found.level[index, column])
            was_low = before is not None and before.level[index, column] == 2
            raised.append(_weak(facts, index, int(column), found, LEVELS[level - 1 + (level == 2 and was_low)]))
    return raised


def pictures(facts: Facts) -> Pictures:
    """Return φ of the window, 1 where the mix of fields swings no more than chance."""
    found = judge(facts, facts.window(int(facts.thresholds["field_window_years"])))
    label = "Dao động riêng (φ) của cơ cấu lĩnh vực: 1 là chỉ do ngẫu nhiên"
    return {} if found is None else {"flag_measure": [measure("phi_linh_vuc", found.dispersion, label)]}


def _weak(facts: Facts, index: int, column: int, found: Judgement, level: Level) -> Flag:
    places = facts.window(int(facts.thresholds["field_window_years"]))
    span = [facts.years[place] for place in places]
    district, item = facts.districts[index], facts.fields[column]
    seen, expected, p = found.observed[index, column], found.expected[index, column], found.p_low[index, column]
    whole = found.observed[index].sum()
    common = np.nansum(found.observed[:, column]) / np.nansum(found.observed)
    count = f"có {amount(seen)}" if seen else "không có"
    again = f" {len(span)} năm trước đó cũng vậy." if level == "nghiem_trong" else ""
    swing = ", đã tính cả dao động thường thấy của cơ cấu lĩnh vực qua các năm" if found.dispersion > 1 else ""
    figure = {"indicator_id": RECOGNISED, "don_vi_id": district.don_vi_id}
    return Flag(
        rule=RULE.rule,
        kind=RULE.kind,
        level=level,
        don_vi_id=district.don_vi_id,
        linh_vuc_id=item.linh_vuc_id,
        from_year=span[0],
        to_year=span[-1],
        observed=float(seen),
        expected=float(expected),
        ratio=float(found.quotient[index, column]),
        p_value=float(p),
        statement=f"Trong {amount(whole)} mô hình của {district.label} {years(span)}, lĩnh vực {item.label} {count} mô "
        f"hình ({percent(seen / whole)}), bằng {decimal(found.quotient[index, column])} lần tỷ trọng chung của các "
        f"huyện.{again}",
        usual=f"Tính chung các huyện, lĩnh vực này chiếm {percent(common)}: với {amount(whole)} mô hình thì thường có "
        f"khoảng {amount(expected)} mô hình.",
        certainty=f"{by_chance(p)}{swing}; đã trừ hao việc xét nhiều huyện và lĩnh vực cùng lúc.",
        action=f"Trao đổi với {district.label} về nguyên nhân ít mô hình {item.label}; giao đăng ký thêm, chọn mô hình "
        "lĩnh vực này của các huyện tương tự để nhân rộng.",
        evidence=evidence(
            facts.returns_of(index, places, RECOGNISED),
            [
                {**figure, "linh_vuc_id": item.linh_vuc_id, "from_year": span[0], "to_year": span[-1]},
                {**figure, "from_year": span[0], "to_year": span[-1]},
            ],
            common_share=float(common),
            dispersion=found.dispersion,
        ),
    )


def _unknown(facts: Facts, index: int, places: list[int]) -> Flag:
    """Return why a district is not judged: it owes returns, or gave counts without fields."""
    hence = "không so cơ cấu lĩnh vực"
    if owed := facts.owes(index):
        return owing(RULE, facts, index, owed, "báo cáo", hence)
    missing = np.isnan(facts.field_figures(RECOGNISED)[index][:, places]).any(axis=0)
    lacking = [facts.years[place] for place, is_missing in zip(places, missing, strict=True) if is_missing]
    return owing(RULE, facts, index, lacking, "số liệu theo lĩnh vực", hence)


def _too_few(facts: Facts, length: int) -> Flag:
    reason = f"Chưa đủ huyện có số liệu theo lĩnh vực {length} năm liền để so cơ cấu"
    return too_few(RULE, facts, reason, f"từ {int(facts.thresholds['districts_needed'])} huyện")
