"""The funnel: units by size, with the range in which chance alone keeps them."""

from typing import Any

import pandas as pd

from dashboard.drawing import Figure
from dashboard.figures.base import destinations, new_figure, plain
from dashboard.theme import ACCENT, GREY, HIGHLIGHT

_BANDS = (("998", "99,8%", "rgba(138,146,156,0.16)", "dot"), ("95", "95%", "rgba(138,146,156,0.24)", "dash"))
_WIDTH, _LETTER, _LINE = 640, 7, 16  # the narrowest a funnel is shown at, a letter and a line of text, in pixels
_SIDES = (("middle right", 0, 0), ("middle left", -1, 0), ("top center", -0.5, 1.25), ("bottom center", -0.5, -1.25))


def funnel(
    points: pd.DataFrame,
    limits: pd.DataFrame,
    *,
    x_title: str,
    y_title: str,
    level: float = 1.0,
    level_text: str = "Mức chung",
    is_share: bool = False,
    log_x: bool = False,
    height: int = 420,
) -> Figure:
    """Draw a point a unit over the two grey bands, its name only where the frame says so.

    points: label, x (expected or trials), y (ratio, or share 0-1), text (shown on hover), is_named; optional
    is_highlighted (ringed and named), link. A row without x or y has no place: the exhibit names it.
    limits: x, low95, high95, low998, high998, in rising x, on the scale of y. level: where a horizontal line stands.
    """
    points = points[points["x"].notna() & points["y"].notna()]
    chosen = points["is_highlighted"].eq(True) if "is_highlighted" in points else points["label"].isna()
    top = _top(points, limits, level)
    right = float(max([*limits["x"], *points["x"]], default=1))
    figure = new_figure(height=height)
    _add_bands(figure, limits)
    figure.add_hline(y=level, line={"color": GREY, "width": 1.5}, layer="below")
    named = points["is_named"].astype(bool) | chosen
    sides = _beside(points[named], right, top, height)
    groups: tuple[tuple[str, pd.Series, dict[str, Any]], ...] = (
        ("Trong mức dao động", ~named, {"symbol": "circle-open", "size": 9, "color": ACCENT, "line": {"width": 1.6}}),
        ("Ngoài mức dao động", named & ~chosen, {"symbol": "diamond", "size": 11, "color": HIGHLIGHT}),
        (
            "Đơn vị đang xem",
            chosen,
            {
                "symbol": ["diamond" if is_named else "circle" for is_named in points.loc[chosen, "is_named"]],
                "size": 13,
                "color": ACCENT,
                "line": {"color": HIGHLIGHT, "width": 3},
            },
        ),
    )
    for name, rows, marker in groups:
        _add_points(figure, points[rows], name, marker, sides)
    note: dict[str, Any] = {"showarrow": False, "font_size": 11, "xref": "paper", "xanchor": "left"}
    figure.add_annotation(x=0, y=level, text=plain(level_text), yanchor="bottom", xshift=2, **note)
    axis: dict[str, Any] = {"type": "log", "nticks": 6} if log_x else {"range": [0, right * 1.08]}
    figure.update_xaxes(title_text=plain(x_title), separatethousands=True, showgrid=False, **axis)
    figure.update_yaxes(title_text=plain(y_title), range=[0, top], tickformat=".0%" if is_share else None)
    return figure.update_layout(showlegend=True, legend={"itemclick": False, "itemdoubleclick": False}, margin_t=36)


def _top(points: pd.DataFrame, limits: pd.DataFrame, level: float) -> float:
    """Return the upper end of y: all points fit; the bands, which grow without end for the smallest, may leave."""
    bands = min(max(limits["high998"], default=level), level * 2)
    return float(max([*points["y"], bands, level * 1.4])) * 1.1


def _add_bands(figure: Figure, limits: pd.DataFrame) -> None:
    """Draw both bands with their edges, the wider first."""
    for key, name, fill, dash in _BANDS:
        edge: dict[str, Any] = {"mode": "lines", "line": {"color": GREY, "width": 1, "dash": dash}, "hoverinfo": "skip"}
        xs = limits["x"].tolist()
        figure.add_scatter(x=xs, y=limits[f"low{key}"].tolist(), showlegend=False, name=f"Vùng {name}, dưới", **edge)
        figure.add_scatter(
            x=xs, y=limits[f"high{key}"].tolist(), fill="tonexty", fillcolor=fill, name=f"Vùng {name}", **edge
        )


def _add_points(figure: Figure, rows: pd.DataFrame, name: str, marker: dict[str, Any], sides: dict[Any, str]) -> None:
    if rows.empty:
        return
    figure.add_scatter(
        x=rows["x"].tolist(),
        y=rows["y"].tolist(),
        mode="markers+text",
        marker=marker,
        text=[plain(label) if index in sides else "" for index, label in rows["label"].items()],
        textposition=[sides.get(index, "middle right") for index in rows.index],
        textfont_size=12,
        hovertext=[f"{plain(label)}: {plain(text)}" for label, text in zip(rows["label"], rows["text"], strict=True)],
        hoverinfo="text",
        customdata=destinations(rows),
        cliponaxis=False,
        name=name,
    )


def _beside(named: pd.DataFrame, right: float, top: float, height: int) -> dict[Any, str]:
    """Return on which side of its point each name stands, so that names do not cover each other if that can be."""
    taken: list[tuple[float, float, float, float]] = []
    found = {}
    for index, label, x, y in zip(named.index, named["label"], named["x"], named["y"], strict=True):
        at, up, width = x / (right * 1.08) * _WIDTH, y / top * height, len(label) * _LETTER
        boxes = {
            side: (at + start * (width + 20) + 10, up + rise * _LINE, at + start * (width + 20) + 10 + width, _LINE)
            for side, start, rise in _SIDES
        }
        free = [
            side
            for side, box in boxes.items()
            if box[0] >= 0 and box[2] <= _WIDTH and not any(_touch(box, other) for other in taken)
        ]
        found[index] = free[0] if free else _SIDES[0][0]
        taken.append(boxes[found[index]])
    return found


def _touch(box: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    """Return whether two texts (left, middle, right, height) cover each other."""
    return box[0] < other[2] and other[0] < box[2] and abs(box[1] - other[1]) < max(box[3], other[3])
