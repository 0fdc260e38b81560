"""Exhibits of what is out of balance: all flags as a table, funnels, the Lorenz curve, what the swings allow to claim.

They show the review of the snapshot: the sidebar chooses which unit is picked out, not which years.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from dashboard import figures
from dashboard.choice import Choice
from dashboard.exhibit import Exhibit, exhibit_of
from dashboard.exhibits.few import MOST_POINTS, MOST_UNITS
from dashboard.exhibits.field_years import field_year_heat
from dashboard.exhibits.funnels import LOW_RATE
from dashboard.exhibits.places import district_field_heat
from dashboard.labels import number, percent
from dashboard.provenance.trace import known_years
from dashboard.scope import RECOGNISED, Scope
from dashboard.topics import flags
from dashboard.topics.flags import KINDS, Card
from dashboard.topics.review import field_window, review, reviewed, threshold
from dashboard.warehouse import Warehouse, records


def flag_list(warehouse: Warehouse, choice: Choice, found: Sequence[Card], most: int | None = MOST_UNITS) -> Exhibit:
    """List flags with everything their cards say, a row each (`most`: the first): what the download holds."""
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
        for card in found[:most]
    ]
    return exhibit_of(
        scope,
        key="canh_bao",
        title=f"{number(len(flags.named(found)))} cảnh báo, {number(len(flags.unjudged(found)))} việc chưa đủ số liệu",
        subtitle=f"{review(warehouse).text}, {scope.place}",
        figure=None,
        table=pd.DataFrame(rows, dtype=object),
        unit="cảnh báo",
        completeness=scope.completeness(RECOGNISED),
        notes=(flags.FALSE_ALARMS,),
        whole=(lambda: flag_list(warehouse, choice, found, None)) if most and len(found) > most else None,
    )


def concentration_curve(warehouse: Warehouse, choice: Choice) -> Exhibit:
    """Show whether the result comes from everywhere: cumulative models over cumulative communes, poorest first."""
    scope = reviewed(warehouse, replace(choice, don_vi_id=None))
    points = scope.query("lorenz_points")
    curve = _thinned(points.dropna(subset=["model_share"]))
    band = _thinned(points.dropna(subset=["low", "high"]))
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
    return exhibit_of(
        scope,
        key="duong_lorenz",
        title=_lorenz_title(scope, curve),
        subtitle=f"Phần mô hình cộng dồn theo phần số xã, từ huyện ít mô hình nhất, {scope.period}",
        figure=figures.lorenz(
            frame,
            band.rename(columns={"commune_share": "x"})[["x", "low", "high"]],
            x_title="Phần số xã của tỉnh",
            y_title="Phần số mô hình của tỉnh",
            band_text="Một tỉnh cân bằng, chỉ có dao động ngẫu nhiên",
        )
        if len(curve)
        else None,
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


def _thinned(points: pd.DataFrame) -> pd.DataFrame:
    """Return a part of the points of a long curve, its first and last among them: the eye sees the same line."""
    step = len(points) // MOST_POINTS + 1
    return points.iloc[sorted({*range(0, len(points), step), *range(len(points))[-1:]})]


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
    held = review(warehouse).choice
    measured = {row["measure_id"]: row["value"] for row in records(warehouse.query("flag_measures"))}
    tau2 = measured.get("tau2_cua_so")
    points = warehouse.query("funnel_points", rule=LOW_RATE, terrain=None)
    limits = warehouse.query("funnel_limits", rule=LOW_RATE, terrain=None)
    if held is None or tau2 is None or points.empty or limits.empty:
        return "Chưa đủ báo cáo của các huyện để biết một huyện tự dao động bao nhiêu, nên chưa so huyện với nhau."
    years = held.to_year - held.from_year + 1
    usual = float(np.median(points["expected"].astype(float)))
    low = float(np.interp(usual, limits["expected"].astype(float), limits["low95"].astype(float)))
    effect = threshold(warehouse, "effect_ratio", 1.0)
    told = percent(1 - min(low, effect), 0)
    yearly = measured.get("tau2_nam") or tau2 * years
    swing = f"tự dao động khoảng ±{percent(yearly**0.5, 0)} mỗi năm" if yearly > 0 else "chỉ dao động ngẫu nhiên"
    return (
        f"Mỗi huyện {swing}; một huyện cỡ trung bình (chờ đợi {number(usual)} mô hình) phải thấp hơn mức chung khoảng "
        f"{told} trong {years} năm mới phân biệt được với ngẫu nhiên. Thấp ít hơn thế thì chưa thể phân định."
    )


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
