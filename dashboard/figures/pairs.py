"""Two counts of the same rows side by side, each on an axis of its own: nothing invites to divide one by the other."""

from typing import Any

import pandas as pd

from dashboard.drawing import Figure
from dashboard.figures.base import UNKNOWN, destinations, missing_marker, new_figure, plain
from dashboard.theme import ACCENT, GREY

_HEAD = 26  # pixels the two names take above the bars
_GAP = 0.04
_ROOM = 1.45  # how much longer than its longest bar a side is, for the text at the bar's end


def paired_bars(frame: pd.DataFrame, names: tuple[str, str], *, row_height: int = 26) -> Figure:
    """Draw each row as two horizontal bars, `first` left and `second` right, first row on top, text at their ends.

    Columns: label, first, first_text, second, second_text; optional link (of `second`). names: what each side counts.
    """
    figure = new_figure(height=row_height * len(frame) + _HEAD + 8)
    half = 0.5 - _GAP / 2
    for side, (column, axis, colour, start) in enumerate(
        (("first", "x", ACCENT, 0.0), ("second", "x2", GREY, half + _GAP))
    ):
        rows = frame.assign(value=frame[column], text=frame[f"{column}_text"], place=range(len(frame)))
        _add_side(figure, rows if side else rows.drop(columns="link", errors="ignore"), axis, colour, names[side])
        head: dict[str, Any] = {"xref": "paper", "yref": "paper", "yanchor": "bottom", "xanchor": "left"}
        figure.add_annotation(x=start, y=1, text=f"<b>{plain(names[side])}</b>", showarrow=False, font_size=12, **head)
    figure.update_layout(
        xaxis={"domain": [0, half], "visible": False},
        xaxis2={"domain": [half + _GAP, 1], "visible": False, "anchor": "y", "fixedrange": True},
        barmode="overlay",
        margin_t=_HEAD,
    )
    ticks = [plain(label) + "  " for label in frame["label"]]
    return figure.update_yaxes(
        range=[len(frame) - 0.5, -0.5], showgrid=False, tickvals=list(range(len(frame))), ticktext=ticks
    )


def _add_side(figure: Figure, rows: pd.DataFrame, axis: str, colour: str, name: str) -> None:
    known, missing = rows[rows["value"].notna()], rows[rows["value"].isna()]
    longest = max(known["value"], default=1) or 1
    common: dict[str, Any] = {"orientation": "h", "xaxis": axis, "yaxis": "y", "textposition": "outside"}
    texts = [plain(text) for text in known["text"]]
    figure.add_bar(
        y=known["place"].tolist(),
        x=known["value"].tolist(),
        text=texts,
        marker_color=colour,
        hovertext=[f"{plain(row)}: {text}" for row, text in zip(known["label"], texts, strict=True)],
        hoverinfo="text",
        customdata=destinations(known),
        name=name,
        **common,
    )
    if len(missing):
        figure.add_bar(
            y=missing["place"].tolist(),
            x=[longest * 0.06] * len(missing),
            text=[UNKNOWN] * len(missing),
            marker=missing_marker(),
            hoverinfo="skip",
            name=f"{name}: chưa có số liệu",
            **common,
        )
    figure.update_layout(**{axis.replace("x", "xaxis"): {"range": [0, longest * _ROOM]}})
