"""Horizontal bars, each with its text at the end."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.base import UNKNOWN, missing_marker, new_figure, plain
from dashboard.theme import ACCENT, HIGHLIGHT


def bars(
    frame: pd.DataFrame, *, limits: Sequence[tuple[float, str]] = (), row_height: int = 30, labels_above: bool = False
) -> go.Figure:
    """Draw horizontal bars, first row on top, each with its text at the end.

    Columns: label, value, text; optional colour.
    `limits` are vertical lines with a name, such as thresholds. `labels_above` puts each name over its bar
    instead of left of it, where names are long and the chart narrow.
    """
    row_height = row_height + 14 if labels_above else row_height
    figure = new_figure(height=row_height * len(frame) + 16 + 15 * len(limits))
    positions = list(range(len(frame)))
    values = frame["value"].tolist()
    largest = max([value for value in [*values, *(limit for limit, _ in limits)] if value is not None] or [1]) or 1
    colours = frame["colour"].tolist() if "colour" in frame else [ACCENT] * len(frame)
    known = [place for place in positions if values[place] is not None]
    missing = [place for place in positions if values[place] is None]
    figure.add_bar(
        orientation="h",
        y=known,
        x=[values[place] for place in known],
        text=[plain(frame["text"].iloc[place]) for place in known],
        textposition="outside",
        marker_color=[colours[place] for place in known],
        hovertext=[f"{plain(frame['label'].iloc[place])}: {plain(frame['text'].iloc[place])}" for place in known],
        hoverinfo="text",
        name="Số liệu",
    )
    if missing:
        figure.add_bar(
            orientation="h",
            y=missing,
            x=[largest * 0.06] * len(missing),
            text=[f"{UNKNOWN} {plain(frame['text'].iloc[place])}" for place in missing],
            textposition="outside",
            marker=missing_marker(),
            hoverinfo="skip",
            name="Chưa có số liệu",
        )
    for lane, (limit, name) in enumerate(limits):
        figure.add_vline(x=limit, layer="below", opacity=0.7, line={"color": HIGHLIGHT, "width": 1, "dash": "dash"})
        mark = {"showarrow": False, "font_size": 11, "xanchor": "left", "yanchor": "bottom", "xshift": 2}
        figure.add_annotation(x=limit, y=1, yref="paper", yshift=15 * lane, text=plain(name), **mark)
    figure.update_xaxes(range=[0, largest * (_room(frame["text"]) if labels_above else 1.32)], visible=False)
    figure.update_yaxes(range=[len(frame) - 0.5, -0.75 if labels_above else -0.5], showgrid=False)
    if labels_above:
        figure.update_yaxes(visible=False)
        figure.update_layout(bargap=0.55)
        for place, label in enumerate(frame["label"]):
            side = {"showarrow": False, "xanchor": "left", "yanchor": "bottom", "yshift": 9, "xshift": -2}
            figure.add_annotation(x=0, y=place, text=plain(label), **side)
    else:
        figure.update_yaxes(tickvals=positions, ticktext=[plain(label) + "  " for label in frame["label"]])
    return figure.update_layout(margin_t=8 + 15 * len(limits))


def _room(texts: pd.Series) -> float:
    """Return how much longer than the longest bar the axis must be for its text, on a chart 330 pixels wide."""
    return 1 / (1 - min(0.65, max(len(str(text)) for text in texts) * 7 / 330))
