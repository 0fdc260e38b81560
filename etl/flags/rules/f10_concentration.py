"""F10: whether the province's models crowd into a few districts more than in a balanced province."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from etl.flags.compare import complete, window_tau2, year_tau2
from etl.flags.facts import RECOGNISED, Facts, FloatArray, once
from etl.flags.flag import Flag, Level, evidence
from etl.flags.pictures import Pictures, measure, merged
from etl.flags.rule import Rule
from etl.flags.unjudged import too_few
from etl.flags.words import decimal, one_in, percent, years
from etl.labels import count_text
from etl.statistics import gini, theil

RULE = Rule(
    "F10",
    "TH",
    "Kết quả dồn vào vài huyện",
    "Kết quả có dồn vào vài huyện?",
    "Hệ số Gini của số mô hình trên một xã, {window_years} năm, mỗi xã tính như nhau; so với 5.000 tỉnh cân bằng mô "
    "phỏng có cùng dao động riêng (τ²): trên phân vị {concentration_watch} của các tỉnh đó → Theo dõi; trên phân vị "
    "{concentration_warn} → Cảnh báo. Kèm tỷ trọng của 5 huyện đứng đầu và chỉ số Theil giữa hai vùng.",
    "Từ {districts_needed} huyện đủ báo cáo {window_years} năm.",
)
_DRAWS = 5_000
_DRAWN = 1_000
_SEED = 20241010
_TOP = 5
_GRID = 41
_LEVELS: tuple[tuple[str, Level], ...] = (("concentration_warn", "canh_bao"), ("concentration_watch", "theo_doi"))


@dataclass(frozen=True)
class Spread:
    """The window's counts and communes of the districts compared, least communes first, and balanced draws of them.

    terrain: which terrain each district has, as numbers. draws: N x I counts of a province in which every commune is
    worth the same, with the swings that are usual.
    """

    counts: FloatArray
    communes: FloatArray
    terrain: NDArray[np.int_]
    draws: FloatArray

    def gini(self, counts: FloatArray) -> FloatArray:
        """Return the commune-weighted Gini of rates of one row of counts or of many."""
        return gini(counts / self.communes, self.communes)

    def top(self, counts: FloatArray) -> FloatArray:
        """Return the share of models that the districts with the most hold."""
        held: FloatArray = np.sort(counts, axis=-1)[..., -_TOP:].sum(axis=-1) / counts.sum(axis=-1)
        return held

    def theil(self, counts: FloatArray) -> FloatArray:
        """Return Theil's index of rates."""
        return theil(counts / self.communes, self.communes)

    def between(self, counts: FloatArray) -> FloatArray:
        """Return the part of Theil's index that lies between terrains."""
        groups = np.unique(self.terrain)
        communes = np.array([self.communes[self.terrain == group].sum() for group in groups])
        models = np.stack([counts[..., self.terrain == group].sum(axis=-1) for group in groups], axis=-1)
        return theil(models / communes, communes)


@once
def spread(facts: Facts) -> Spread | None:
    """Return what is compared with what; None when too few districts gave the whole window, or nobody a model."""
    places = facts.review.window
    held = complete(facts, places)
    if held.sum() < facts.thresholds["districts_needed"]:
        return None
    counts = facts.total(RECOGNISED)[held][:, places].sum(axis=1)
    communes = facts.communes[held][:, places].sum(axis=1)
    names = sorted({district.terrain or "" for district in facts.districts})
    terrain = np.array([names.index(district.terrain or "") for district in facts.districts])[held]
    if not counts.sum() or not communes.all():
        return None
    # the draws know communes and terrain alone: how districts are called or ordered moves none of them
    order = np.lexsort((counts, terrain, communes))
    counts, communes, terrain = counts[order], communes[order], terrain[order]
    expected = counts.sum() * communes / communes.sum()
    return Spread(counts, communes, terrain, _balanced(expected, window_tau2(facts)))


def _balanced(expected: FloatArray, tau2: float) -> FloatArray:
    """Draw counts of balanced provinces: Poisson, or negative binomial with variance E + tau2 E^2. None is empty."""
    rng = np.random.default_rng(_SEED)
    swings = rng.gamma(1 / tau2, tau2, (_DRAWS, expected.size)) if tau2 > 0 else 1.0
    draws = np.asarray(rng.poisson(expected * swings, (_DRAWS, expected.size)), dtype=np.float64)
    return np.asarray(draws[draws.sum(axis=1) > 0])


def flags(facts: Facts) -> list[Flag]:
    """Say whether the province is less equal than a balanced one would be by chance."""
    found = spread(facts)
    if found is None:
        return [_too_few(facts)]
    seen, usual = float(found.gini(found.counts)), found.gini(found.draws)
    p = float((1 + (usual >= seen).sum()) / (1 + usual.size))
    level = next((level for name, level in _LEVELS if seen > np.quantile(usual, facts.thresholds[name])), None)
    return [_crowded(facts, found, level, p)] if level else []


def pictures(facts: Facts) -> Pictures:
    """Return the Lorenz curve by communes with the balanced band, and the measures of concentration."""
    swing = year_tau2(facts)
    measured: Pictures = {"flag_measure": [] if swing is None else [measure("tau2_nam", swing, _of_swing(swing))]}
    found = spread(facts)
    if found is None:
        return measured
    named = {
        "gini": ("Hệ số Gini của số mô hình trên một xã", found.gini),
        "top5": (f"Tỷ trọng của {_TOP} huyện có nhiều mô hình nhất", found.top),
        "theil": ("Chỉ số Theil của số mô hình trên một xã", found.theil),
        "theil_giua_vung": ("Phần của chỉ số Theil nằm giữa các vùng", found.between),
    }
    rows = []
    for measure_id, (label, of) in named.items():
        low, high = np.quantile(of(found.draws), [0.05, 0.95])
        rows.append(measure(measure_id, float(of(found.counts)), label, float(low), float(high)))
    return merged(measured, {"flag_measure": rows, "flag_lorenz": _lorenz(found)})


def _of_swing(tau2: float) -> str:
    return (
        "Dao động riêng (τ²) của số mô hình một huyện một năm, ngoài ngẫu nhiên: khoảng "
        f"±{percent(tau2**0.5, 0)} quanh mức của huyện"
    )


def _lorenz(found: Spread) -> list[dict[str, float]]:
    grid = np.linspace(0.0, 1.0, _GRID)
    balanced = np.array([_curve(counts, found.communes, grid) for counts in found.draws[:_DRAWN]])
    low, high = np.quantile(balanced, [0.05, 0.95], axis=0)
    columns = {
        "commune_share": grid,
        "model_share": _curve(found.counts, found.communes, grid),
        "low": low,
        "high": high,
    }
    return [{name: float(values[place]) for name, values in columns.items()} for place in range(_GRID)]


def _curve(counts: FloatArray, communes: FloatArray, grid: FloatArray) -> FloatArray:
    """Return the share of models that the lowest districts hold, at shares of communes."""
    order = np.argsort(counts / communes)
    along = np.concatenate([[0.0], np.cumsum(communes[order])]) / communes.sum()
    held = np.concatenate([[0.0], np.cumsum(counts[order])]) / counts.sum()
    return np.asarray(np.interp(grid, along, held), dtype=np.float64)


def _crowded(facts: Facts, found: Spread, level: Level, p: float) -> Flag:
    span = [facts.years[place] for place in facts.review.window]
    seen, top = float(found.gini(found.counts)), float(found.top(found.counts))
    usual_top = float(np.median(found.top(found.draws)))
    high = float(np.quantile(found.gini(found.draws), facts.thresholds["concentration_watch"]))
    whole, between = float(found.theil(found.counts)), float(found.between(found.counts))
    size, existing = found.counts.size, int(facts.existed[:, facts.review.window].all(axis=1).sum())
    partly = f" (tính trên {size}/{existing} huyện đủ báo cáo)" if size < existing else ""
    is_terrain = bool(between > np.quantile(found.between(found.draws), 0.95)) and between >= whole / 2
    where = (
        "phần lớn chênh lệch nằm giữa miền núi và đồng bằng"
        if is_terrain
        else "chênh lệch nằm giữa các huyện cùng vùng"
    )
    target = (
        "Xem lại mức giao chỉ tiêu và hỗ trợ cho từng vùng, nhất là vùng có ít mô hình trên một xã."
        if is_terrain
        else "Rà lại các huyện có ít mô hình trên một xã trong từng vùng; đưa mô hình của các huyện đứng đầu sang."
    )
    return Flag(
        rule=RULE.rule,
        kind=RULE.kind,
        level=level,
        from_year=span[0],
        to_year=span[-1],
        observed=seen,
        expected=float(np.median(found.gini(found.draws))),
        ratio=seen / float(np.median(found.gini(found.draws))),
        p_value=p,
        statement=f"{_TOP} huyện có nhiều mô hình nhất giữ {percent(top, 0)} số mô hình của các huyện trong "
        f"{years(span)}{partly}; hệ số Gini theo xã là {decimal(seen)}, {where}.",
        usual=f"Một tỉnh cân bằng, cùng số xã và cùng mức dao động, có hệ số Gini tới {decimal(high)} và {_TOP} huyện "
        f"đứng đầu giữ khoảng {percent(usual_top, 0)}.",
        certainty=f"Nếu các huyện thực ra ngang nhau thì chỉ {one_in(p)} mới thấy dồn như vậy (mô phỏng "
        f"{count_text(_DRAWS)} tỉnh cân bằng).",
        action=target,
        evidence=evidence(
            slices=[{"indicator_id": RECOGNISED, "from_year": span[0], "to_year": span[-1], "units": "cap_huyen"}],
            top_share=top,
            theil=whole,
            theil_between=between,
        ),
    )


def _too_few(facts: Facts) -> Flag:
    limits, given = facts.thresholds, int(complete(facts, facts.review.window).sum())
    held = f"Mới có {given} huyện đủ báo cáo {int(limits['window_years'])} năm liền"
    reason = f"{held}, hoặc chưa có mô hình nào: chưa nói được kết quả có dồn vào vài huyện hay không"
    return too_few(RULE, facts, reason, f"từ {int(limits['districts_needed'])} huyện")
