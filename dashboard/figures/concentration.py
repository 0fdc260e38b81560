"""The Lorenz curve: whether the result comes from everywhere or from a few places."""

from typing import Any

import pandas as pd

from dashboard.drawing import Figure
from dashboard.figures.base import destinations, new_figure, plain
from dashboard.theme import ACCENT, GREY


def lorenz(
    curve: pd.DataFrame,
    band: pd.DataFrame,
    *,
    x_title: str,
    y_title: str,
    band_text: str = "Một tỉnh cân bằng",
    height: int = 420,
) -> Figure:
    """Draw the cumulative share of the result over the cumulative share of places, poorest places first.

    curve: x, y (both 0-1, rising, the first row 0, 0), label (the place added there), text (shown on hover); optional
    link. band: x, low, high: where a balanced province's curve would run; may be empty.
    """
    figure = new_figure(height=height)
    edge: dict[str, Any] = {"mode": "lines", "hoverinfo": "skip", "line": {"color": GREY, "width": 0.5}}
    if len(band):
        figure.add_scatter(x=band["x"].tolist(), y=band["low"].tolist(), showlegend=False, name="Vùng, dưới", **edge)
        figure.add_scatter(
            x=band["x"].tolist(),
            y=band["high"].tolist(),
            fill="tonexty",
            fillcolor="rgba(138,146,156,0.28)",
            name=plain(band_text),
            **edge,
        )
    equal = {"color": GREY, "width": 1.2, "dash": "dash"}
    figure.add_scatter(x=[0, 1], y=[0, 1], mode="lines", line=equal, hoverinfo="skip", name="Chia đều tuyệt đối")
    figure.add_scatter(
        x=curve["x"].tolist(),
        y=curve["y"].tolist(),
        mode="lines+markers",
        line={"color": ACCENT, "width": 2.5},
        marker={"size": 6, "color": ACCENT},
        hovertext=[f"{plain(label)}: {plain(text)}" for label, text in zip(curve["label"], curve["text"], strict=True)],
        hoverinfo="text",
        customdata=destinations(curve),
        cliponaxis=False,
        name="Thực tế",
    )
    quarters: dict[str, Any] = {"range": [0, 1], "dtick": 0.25, "tickformat": ".0%"}
    figure.update_xaxes(title_text=plain(x_title), **quarters)
    figure.update_yaxes(title_text=plain(y_title), **quarters)
    fixed = {"itemclick": False, "itemdoubleclick": False}
    return figure.update_layout(showlegend=True, legend=fixed, margin={"t": 36, "r": 24})
