"""Exhibits of what is out of balance: all flags as a table, funnels, the Lorenz curve, what the swings allow to claim.

They show the review of the snapshot: the sidebar chooses which unit is picked out, not which years.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from dashboard import figures, flags
from dashboard.choice import Choice
from dashboard.exhibits.base import MODELS, RECOGNISED, Exhibit, Scope, known_slices, links, slice_table
from dashboard.exhibits.fields import field_year_heat
from dashboard.exhibits.place_years import TERRAINS
from dashboard.exhibits.places import district_field_heat
from dashboard.flags import GREY, KINDS, Card
from dashboard.labels import number, percent
from dashboard.trace import Slice, known_years
from dashboard.warehouse import Warehouse, records

LOW_RATE, RECOGNITION = "F3", "F8"
AWARDED = "mo_hinh_khen_thuong"
FUNNEL_CAPTION = (
    "Vùng xám là mức dao động bình thường giữa các huyện cùng quy mô; nằm trong vùng này không phải là yếu, "
    "cũng không phải là giỏi."
)
AGAINST = {"toan_tinh": "So với toàn tỉnh", **{key: f"So trong vùng {name.lower()}" for key, name in TERRAINS.items()}}
_OUTCOMES = {-1: "thấp hơn mức dao động", 0: "trong mức dao động", 1: "cao hơn mức dao động"}


def flag_list(warehouse: Warehouse, choice: Choice, found: Sequence[Card]) -> Exhibit:
    """List flags with everything their cards say, a row each: what the download holds."""
    scope = reviewed(warehouse, choice)
    rows = [
        {
            "Loại": KINDS.get(card.kind, card.kind),
            "Mức": card.level_label,
            "Quy tắc": f"{card.rule} {card.rule_label}",
            "Đơn vị": card.who,
            "Lĩnh vực, kỳ": card.about,
            "Thấy gì": card.statement,
            "Bình thường": card.usual,
            "Chắc đến đâu": card.certainty,
            "Nên làm gì": card.action,
            "Quan sát": card.figures["observed"],
            "Mức chờ đợi": card.figures["expected"],
            "So với mức chung (lần)": card.figures["ratio"],
            "Xác suất ngẫu nhiên": card.figures["p_value"],
        }
        for card in found
    ]
    return scope.exhibit(
        key="canh_bao",
        title=f"{number(len(flags.named(found)))} cảnh báo, {number(len(flags.unjudged(found)))} việc chưa đủ số liệu",
        subtitle=f"{flags.review(warehouse).text}, {scope.place}",
        figure=None,
        table=pd.DataFrame(rows, dtype=object),
        unit="cảnh báo",
        completeness=scope.completeness(RECOGNISED),
        notes=(flags.FALSE_ALARMS,),
    )


def rate_funnel(warehouse: Warehouse, choice: Choice, against: str = "toan_tinh") -> Exhibit:
    """Show districts' models against what their communes let one expect, with the range in which they swing.

    against: `toan_tinh`, or a terrain: only the districts of it.
    """
    terrain = None if against == "toan_tinh" else against
    where = "toàn tỉnh" if terrain is None else f"vùng {TERRAINS[terrain].lower()}"
    scope, rows, limits = _funnel_rows(warehouse, choice, LOW_RATE, terrain)
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
    return scope.exhibit(
        key=f"pheu_ty_le_{against}",
        title=_funnel_title(rows),
        subtitle=f"Số mô hình được công nhận so với mức chờ đợi theo số xã, {where}, {scope.period}",
        figure=figures.funnel(
            frame,
            limits,
            x_title="Mức chờ đợi theo số xã (mô hình)",
            y_title="Số mô hình so với mức chờ đợi (lần)",
        ),
        table=table,
        slices=slice_table(table, dict.fromkeys(("Mô hình", "So với mức chung (lần)"), slices)),
        unit=MODELS,
        completeness=scope.completeness(RECOGNISED),
        notes=(FUNNEL_CAPTION, f"Chỉ gồm {len(rows)} huyện đủ báo cáo cả kỳ. Tên chỉ ghi ở điểm ngoài vùng xám."),
    )


def award_funnel(warehouse: Warehouse, choice: Choice) -> Exhibit:
    """Show which share of its recognised models each district had awarded, with the range in which shares swing."""
    scope, rows, limits = _funnel_rows(warehouse, choice, RECOGNITION, None)
    known = rows.dropna(subset=["ratio"])
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
    return scope.exhibit(
        key="pheu_khen_thuong",
        title=_funnel_title(rows, level),
        subtitle=f"Mô hình được khen thưởng trên mô hình được công nhận, {scope.period}",
        figure=figures.funnel(
            _points(rows, texts, slices),
            limits,
            x_title="Mô hình được công nhận",
            y_title="Tỷ lệ được khen thưởng",
            level=level,
            level_text=f"Chung các huyện: {percent(level)}",
            is_share=True,
        ),
        table=table,
        slices=slice_table(table, dict.fromkeys(("Được khen thưởng", "Tỷ lệ"), slices)),
        shares=("Tỷ lệ",),
        unit=MODELS,
        base="trên số mô hình được công nhận của huyện",
        completeness=scope.completeness(AWARDED),
        notes=(FUNNEL_CAPTION,),
    )


def concentration_curve(warehouse: Warehouse, choice: Choice) -> Exhibit:
    """Show whether the result comes from everywhere: cumulative models over cumulative communes, poorest first."""
    scope = reviewed(warehouse, replace(choice, don_vi_id=None))
    points = scope.query("lorenz_points")
    curve = points.dropna(subset=["model_share"])
    band = points.dropna(subset=["low", "high"])
    shares = list(zip(curve["commune_share"], curve["model_share"], strict=True))
    frame = pd.DataFrame(
        {
            "x": curve["commune_share"],
            "y": curve["model_share"],
            "label": [f"{percent(x, 0)} số xã có ít mô hình nhất" for x, _ in shares],
            "text": [f"{percent(y, 0)} số mô hình" for _, y in shares],
        },
        dtype=object,
    )
    table = curve.rename(
        columns={
            "commune_share": "Phần số xã, cộng dồn",
            "model_share": "Phần số mô hình, cộng dồn",
            "low": "Tỉnh cân bằng: từ",
            "high": "Tỉnh cân bằng: đến",
        }
    )
    return scope.exhibit(
        key="duong_lorenz",
        title=_lorenz_title(scope, curve),
        subtitle=f"Phần mô hình cộng dồn theo phần số xã, từ huyện ít mô hình nhất, {scope.period}",
        figure=figures.lorenz(
            frame,
            band.rename(columns={"commune_share": "x"})[["x", "low", "high"]],
            x_title="Phần số xã của tỉnh",
            y_title="Phần số mô hình của tỉnh",
            band_text="Một tỉnh cân bằng, chỉ có dao động ngẫu nhiên",
        ),
        table=table,
        shares=tuple(table.columns),
        unit="tỷ trọng",
        base="trên tổng số xã và tổng số mô hình của các huyện đủ báo cáo",
        completeness=scope.completeness(RECOGNISED),
        notes=(
            "Vùng xám: một tỉnh mà huyện nào cũng như nhau vẫn lệch khỏi đường chia đều đến mức này.",
            *_measured(scope),
        ),
    )


def flagged_heats(warehouse: Warehouse, choice: Choice) -> list[Exhibit]:
    """Show districts by field over the years that fields are judged, and fields by year; cells with a flag outlined."""
    every = replace(choice, don_vi_id=None)
    found = flags.cards(warehouse, every)
    years = known_years(warehouse)
    known = replace(reviewed(warehouse, choice).choice, from_year=years[0], to_year=years[-1])
    return [
        district_field_heat(warehouse, field_window(warehouse, choice), flags.flagged_fields(found)),
        field_year_heat(warehouse, known, flags.flagged_years(found, choice.don_vi_id)),
    ]


def claims(warehouse: Warehouse) -> str:
    """Say what the swings of districts' counts allow to claim: how low one must be to be told from chance."""
    held = flags.review(warehouse).choice
    measured = {row["measure_id"]: row["value"] for row in records(warehouse.query("flag_measures"))}
    tau2 = measured.get("tau2_cua_so")
    points = warehouse.query("funnel_points", rule=LOW_RATE, terrain=None)
    limits = warehouse.query("funnel_limits", rule=LOW_RATE, terrain=None)
    if held is None or tau2 is None or points.empty or limits.empty:
        return "Chưa đủ báo cáo của các huyện để biết một huyện tự dao động bao nhiêu, nên chưa so huyện với nhau."
    years = held.to_year - held.from_year + 1
    usual = float(np.median(points["expected"].astype(float)))
    low = float(np.interp(usual, limits["expected"].astype(float), limits["low95"].astype(float)))
    effect = _threshold(warehouse, "effect_ratio", 1.0)
    told = percent(1 - min(low, effect), 0)
    swing = (
        f"tự dao động khoảng ±{percent((tau2 * years) ** 0.5, 0)} mỗi năm" if tau2 > 0 else "chỉ dao động ngẫu nhiên"
    )
    return (
        f"Mỗi huyện {swing}; một huyện cỡ trung bình (chờ đợi {number(usual)} mô hình) phải thấp hơn mức chung khoảng "
        f"{told} trong {years} năm mới phân biệt được với ngẫu nhiên. Thấp ít hơn thế thì chưa thể phân định."
    )


def reviewed(warehouse: Warehouse, choice: Choice) -> Scope:
    """Return the scope of the review: its years, the units as they sent; the choice's years where there is none."""
    held = flags.review(warehouse).choice or choice
    asked = replace(choice, from_year=held.from_year, to_year=held.to_year, boundary_on=None)
    return Scope.of(warehouse, asked)


def field_window(warehouse: Warehouse, choice: Choice) -> Choice:
    """Return the years over which districts' fields are judged, up to the review's last, as a choice."""
    scope = reviewed(warehouse, choice)
    years = int(_threshold(warehouse, "recent_field_years", 5))
    first = scope.choice.to_year - years + 1 if flags.review(warehouse).choice else scope.choice.from_year
    return replace(scope.choice, from_year=max(first, known_years(warehouse)[0]))


def whole(value: float | None) -> float | None:
    """Return a count as the integer it is; what is not whole stays."""
    return int(value) if value is not None and value == int(value) else value


def _threshold(warehouse: Warehouse, rule: str, otherwise: float) -> float:
    found = {row["rule"]: row["value"] for row in records(warehouse.query("thresholds"))}
    return float(found.get(rule, otherwise))


def _measured(scope: Scope) -> list[str]:
    """Say how concentrated the result is in figures, each beside what a balanced province would show."""
    found = {row["measure_id"]: row for row in records(scope.query("flag_measures"))}
    said = []
    for key, shown in (("gini", number), ("top5", percent)):
        row = found.get(key)
        if row and None not in (row["value"], row["low"], row["high"]):
            value, low, high = (shown(row[name], 2 if shown is number else 1) for name in ("value", "low", "high"))
            said.append(f"{row['label']}: {value} (một tỉnh cân bằng: {low} đến {high}).")
    return said


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
    grey = [row for row in records(scope.query("flags")) if row["rule"] == rule and row["level"] == GREY]
    outside = rows["is_outside"].astype(bool)
    is_structural = any(row["don_vi_id"] is None for row in grey)
    is_named = outside & ~rows["don_vi_id"].isin([row["don_vi_id"] for row in grey]) & (not is_structural)
    return scope, rows.assign(is_named=is_named, is_chosen=rows["don_vi_id"] == choice.don_vi_id), limits


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
        return f"Cả {len(rows)} huyện so được đều trong mức dao động bình thường"
    if not rows["is_named"].any():
        return f"{len(outside)}/{len(rows)} huyện ngoài mức dao động: chênh lệch mang tính cơ cấu, không nêu tên ai"
    low = int((outside["ratio"].astype(float) < level).sum())
    sides = [f"{count} huyện {word}" for count, word in ((low, "thấp hơn"), (len(outside) - low, "cao hơn")) if count]
    return f"Trong {len(rows)} huyện so được, {', '.join(sides)} mức dao động bình thường"


def _lorenz_title(scope: Scope, curve: pd.DataFrame) -> str:
    """Say which share of models the poorer half of communes has, and whether that is usual in a balanced province."""
    if curve.empty:
        return "Chưa đủ báo cáo để biết kết quả có dồn vào vài huyện"
    half = float(np.interp(0.5, curve["commune_share"].astype(float), curve["model_share"].astype(float)))
    said = f"Nửa số xã ở các huyện ít mô hình hơn có {percent(half, 0)} số mô hình"
    gini = {row["measure_id"]: row for row in records(scope.query("flag_measures"))}.get("gini")
    if gini is None or gini["high"] is None:
        return said
    return f"{said}: {'dồn hơn' if gini['value'] > gini['high'] else 'không dồn hơn'} mức của một tỉnh cân bằng"
