"""Exhibits of funnels: districts by size, with the range in which they swing without anything being the matter."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from dashboard import figures
from dashboard.choice import Choice
from dashboard.exhibit import Exhibit, exhibit_of
from dashboard.exhibits.few import MOST_POINTS, Few, first_ones
from dashboard.labels import number, percent, whole
from dashboard.provenance.tables import known_slices, links, slice_table
from dashboard.provenance.trace import Slice
from dashboard.scope import MODELS, RECOGNISED, TERRAINS, Scope
from dashboard.topics.review import reviewed
from dashboard.warehouse import Warehouse, records

LOW_RATE, RECOGNITION = "F3", "F8"
AWARDED = "mo_hinh_khen_thuong"
FUNNEL_CAPTION = (
    "Vùng xám là mức dao động bình thường giữa các huyện cùng quy mô; nằm trong vùng này không phải là yếu, "
    "cũng không phải là giỏi."
)
OUTSIDE_IS_NO_FLAG = (
    "Nằm dưới vùng xám chưa hẳn là có cảnh báo: quy tắc còn đòi thấp cả khi so toàn tỉnh lẫn khi so cùng vùng, "
    "và thấp cả theo dân số."
)
AGAINST = {"toan_tinh": "So với toàn tỉnh", **{key: f"So trong vùng {name.lower()}" for key, name in TERRAINS.items()}}
_OUTCOMES = {-1: "thấp hơn mức dao động", 0: "trong mức dao động", 1: "cao hơn mức dao động"}


def rate_funnel(
    warehouse: Warehouse, choice: Choice, against: str = "toan_tinh", most: int | None = MOST_POINTS
) -> Exhibit:
    """Show districts' models against what their communes let one expect, with the range in which they swing.

    against: `toan_tinh`, or a terrain: only the districts of it.
    """
    terrain = None if against == "toan_tinh" else against
    where = "toàn tỉnh" if terrain is None else f"vùng {TERRAINS[terrain].lower()}"
    scope, every, limits = _funnel_rows(warehouse, choice, LOW_RATE, terrain)
    few = _few(every, choice, most)
    rows = few.of(every)
    slices = known_slices(rows["observed"], [_own(scope, RECOGNISED, row) for row in records(rows)])
    texts = [
        f"{number(row['observed'])} mô hình, mức chờ đợi {number(row['expected'])}; {_outcome(row)}"
        for row in records(rows)
    ]
    frame = _points(rows, texts, slices)
    table = pd.DataFrame(
        {
            "Đơn vị": rows["don_vi"],
            "Mô hình": [whole(value) for value in rows["observed"]],
            "Mức chờ đợi": rows["expected"],
            "So với mức chung (lần)": rows["ratio"],
            "Kết quả": [_outcome(row) for row in records(rows)],
        },
        dtype=object,
    )
    return exhibit_of(
        scope,
        key=f"pheu_ty_le_{against}",
        title=_funnel_title(every),
        subtitle=f"Số mô hình được công nhận so với mức chờ đợi theo số xã, {where}, {scope.period}",
        figure=figures.funnel(
            frame,
            limits,
            x_title="Mức chờ đợi theo số xã (mô hình)",
            y_title="Số mô hình so với mức chờ đợi (lần)",
        )
        if len(rows)
        else None,
        table=table,
        slices=slice_table(table, dict.fromkeys(("Mô hình", "So với mức chung (lần)"), slices)),
        unit=MODELS,
        completeness=scope.completeness(RECOGNISED),
        notes=(
            FUNNEL_CAPTION,
            f"Chỉ gồm {number(len(every))} huyện đủ báo cáo cả kỳ. Tên chỉ ghi ở điểm ngoài vùng xám.",
            *((OUTSIDE_IS_NO_FLAG,) if every["is_outside"].any() else ()),
            *few.notes,
        ),
        whole=few.whole(lambda: rate_funnel(warehouse, choice, against, most=None)),
    )


def award_funnel(warehouse: Warehouse, choice: Choice, most: int | None = MOST_POINTS) -> Exhibit:
    """Show which share of its recognised models each district had awarded, with the range in which shares swing."""
    scope, every, limits = _funnel_rows(warehouse, choice, RECOGNITION, None)
    few = _few(every, choice, most)
    rows, known = few.of(every), every.dropna(subset=["ratio"])
    level = float(known["observed"].sum() / known["expected"].sum()) if known["expected"].sum() else 0.0
    slices = known_slices(rows["observed"], [_own(scope, AWARDED, row) for row in records(rows)])
    texts = [
        f"{number(row['observed'])} được khen trên {number(row['expected'])} được công nhận ({percent(row['ratio'])})"
        for row in records(rows)
    ]
    table = pd.DataFrame(
        {
            "Đơn vị": rows["don_vi"],
            "Được khen thưởng": [whole(value) for value in rows["observed"]],
            "Được công nhận": [whole(value) for value in rows["expected"]],
            "Tỷ lệ": rows["ratio"],
            "Kết quả": [_outcome(row, level) for row in records(rows)],
        },
        dtype=object,
    )
    return exhibit_of(
        scope,
        key="pheu_khen_thuong",
        title=_funnel_title(every, level),
        subtitle=f"Mô hình được khen thưởng trên mô hình được công nhận, {scope.period}",
        figure=figures.funnel(
            _points(rows, texts, slices),
            limits,
            x_title="Mô hình được công nhận",
            y_title="Tỷ lệ được khen thưởng",
            level=level,
            level_text=f"Chung các huyện: {percent(level)}",
            is_share=True,
        )
        if len(rows)
        else None,
        table=table,
        slices=slice_table(table, dict.fromkeys(("Được khen thưởng", "Tỷ lệ"), slices)),
        shares=("Tỷ lệ",),
        unit=MODELS,
        base="trên số mô hình được công nhận của huyện",
        completeness=scope.completeness(AWARDED),
        notes=(FUNNEL_CAPTION, *few.notes),
        whole=few.whole(lambda: award_funnel(warehouse, choice, most=None)),
    )


def _funnel_rows(
    warehouse: Warehouse, choice: Choice, rule: str, terrain: str | None
) -> tuple[Scope, pd.DataFrame, pd.DataFrame]:
    """Return a rule's funnel: whose, its points with is_named and is_chosen, its limits.

    Nobody is named who cannot be judged, and nobody at all once so many lie outside that it is no exception.
    """
    scope = reviewed(warehouse, replace(choice, don_vi_id=None))
    rows = scope.query("funnel_points", rule=rule, terrain=terrain)
    if len(rows):
        scope = replace(
            scope, choice=replace(scope.choice, from_year=rows["from_year"].min(), to_year=rows["to_year"].max())
        )
    limits = scope.query("funnel_limits", rule=rule, terrain=terrain).rename(columns={"expected": "x"})
    grey = scope.query("unjudged", rule=rule)["don_vi_id"]
    outside = rows["is_outside"].astype(bool)
    is_structural = bool(grey.isna().any())
    is_named = outside & ~rows["don_vi_id"].isin(grey.dropna()) & (not is_structural)
    return scope, rows.assign(is_named=is_named, is_chosen=rows["don_vi_id"] == choice.don_vi_id), limits


def _few(rows: pd.DataFrame, choice: Choice, most: int | None) -> Few:
    ordered = rows.sort_values(["is_outside", "expected"], ascending=False, kind="stable")["don_vi_id"]
    return first_ones(ordered, "huyện, nơi ngoài vùng xám và nơi lớn trước,", choice.don_vi_id, most)


def _points(rows: pd.DataFrame, texts: Sequence[str], slices: "pd.Series[Any]") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "label": rows["don_vi"],
            "x": rows["expected"],
            "y": rows["ratio"],
            "text": pd.Series(texts, rows.index, object),
            "is_named": rows["is_named"],
            "is_highlighted": rows["is_chosen"],
            "link": links(slices),
        },
        dtype=object,
    )


def _own(scope: Scope, indicator_id: str, row: dict[str, Any]) -> Slice:
    return scope.slice(indicator_id, don_vi_id=row["don_vi_id"], from_year=row["from_year"], to_year=row["to_year"])


def _outcome(row: dict[str, Any], level: float = 1.0) -> str:
    side = 0 if not row["is_outside"] else -1 if row["ratio"] < level else 1
    return _OUTCOMES[side]


def _funnel_title(rows: pd.DataFrame, level: float = 1.0) -> str:
    if rows.empty:
        return "Chưa đủ báo cáo để so các huyện với nhau"
    outside = rows[rows["is_outside"].astype(bool)]
    if outside.empty:
        return f"Cả {number(len(rows))} huyện so được đều trong mức dao động bình thường"
    if not rows["is_named"].any():
        said = f"{number(len(outside))}/{number(len(rows))} huyện ngoài mức dao động"
        return f"{said}: chênh lệch mang tính cơ cấu, không nêu tên ai"
    low = int((outside["ratio"].astype(float) < level).sum())
    counts = {"thấp hơn": low, "cao hơn": len(outside) - low}
    sides = [f"{number(count)} huyện {word}" for word, count in counts.items() if count]
    return f"Trong {number(len(rows))} huyện so được, {', '.join(sides)} mức dao động bình thường"
