"""Horizontal bars, each with its text at the end."""

from collections.abc import Sequence

import pandas as pd

from dashboard.drawing import Figure
from dashboard.figures.base import UNKNOWN, destinations, missing_marker, new_figure, plain
from dashboard.theme import ACCENT, HIGHLIGHT

_LANE = 15  # pixels the name of a limit takes
_FAR = 0.8  # of the longest bar: beyond it a limit's name stands left of its line


def bars(
    frame: pd.DataFrame, *, limits: Sequence[tuple[float, str]] = (), row_height: int = 30, labels_above: bool = False
) -> Figure:
    """Draw horizontal bars, first row on top, each with its text at the end.

    Columns: label, value, text; optional colour.
    `limits` are vertical lines with a name, such as thresholds. `labels_above` puts each name over its bar
    instead of left of it, where names are long and the chart narrow.
    """
    row_height = row_height + 14 if labels_above else row_height
    figure = new_figure(height=row_height * len(frame) + 16 + _LANE * len(limits))
    rows = frame.assign(place=range(len(frame)))
    known, missing = rows[rows["value"].notna()], rows[rows["value"].isna()]
    longest = max([*known["value"], *(limit for limit, _ in limits)], default=1) or 1
    _add_known(figure, known)
    _add_missing(figure, missing, longest * 0.06)
    _add_limits(figure, limits, longest)
    _name_bars(figure, frame["label"], above=labels_above)
    figure.update_xaxes(range=[0, longest * (_room(frame["text"]) if labels_above else 1.32)], visible=False)
    return figure.update_layout(barmode="overlay", margin_t=8 + _LANE * len(limits))


def _add_known(figure: Figure, rows: pd.DataFrame) -> None:
    texts = [plain(text) for text in rows["text"]]
    figure.add_bar(
        orientation="h",
        y=rows["place"].tolist(),
        x=rows["value"].tolist(),
        text=texts,
        textposition="outside",
        marker_color=rows["colour"].tolist() if "colour" in rows else ACCENT,
        hovertext=[f"{plain(label)}: {text}" for label, text in zip(rows["label"], texts, strict=True)],
        hoverinfo="text",
        customdata=destinations(rows),
        name="Số liệu",
    )


def _add_missing(figure: Figure, rows: pd.DataFrame, length: float) -> None:
    if len(rows):
        figure.add_bar(
            orientation="h",
            y=rows["place"].tolist(),
            x=[length] * len(rows),
            text=[f"{UNKNOWN} {plain(text)}" for text in rows["text"]],
            textposition="outside",
            marker=missing_marker(),
            hoverinfo="skip",
            name="Chưa có số liệu",
        )


def _add_limits(figure: Figure, limits: Sequence[tuple[float, str]], longest: float) -> None:
    """Draw each limit's line, its name above the bars in a lane of its own."""
    for lane, (limit, name) in enumerate(limits):
        figure.add_vline(x=limit, layer="below", opacity=0.7, line={"color": HIGHLIGHT, "width": 1, "dash": "dash"})
        side = "right" if limit > longest * _FAR else "left"  # to the right a name would be cut off
        mark = {"showarrow": False, "font_size": 11, "xanchor": side, "yanchor": "bottom", "xshift": 2}
        figure.add_annotation(x=limit, y=1, yref="paper", yshift=_LANE * lane, text=plain(name), **mark)


def _name_bars(figure: Figure, names: pd.Series, *, above: bool) -> None:
    figure.update_yaxes(range=[len(names) - 0.5, -0.75 if above else -0.5], showgrid=False)
    if not above:
        figure.update_yaxes(tickvals=list(range(len(names))), ticktext=[plain(name) + "  " for name in names])
        return
    figure.update_yaxes(visible=False)
    figure.update_layout(bargap=0.55)
    for place, name in enumerate(names):
        side = {"showarrow": False, "xanchor": "left", "yanchor": "bottom", "yshift": 9, "xshift": -2}
        figure.add_annotation(x=0, y=place, text=plain(name), **side)


def _room(texts: pd.Series) -> float:
    """Return how much longer than the longest bar the axis must be for its text, on a chart 330 pixels wide."""
    return 1 / (1 - min(0.65, max(len(str(text)) for text in texts) * 7 / 330))
