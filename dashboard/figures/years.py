"""Charts over the years: columns with events, stacked fields, a line."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from dashboard.drawing import Figure
from dashboard.figures.base import UNKNOWN, destinations, missing_marker, new_figure, plain
from dashboard.figures.events import Mark, place_labels
from dashboard.labels import number
from dashboard.theme import ACCENT, GREY, PROVISIONAL_PATTERN, text_on

_LANE = 19  # pixels a lane of event labels takes


def year_columns(frame: pd.DataFrame, marks: Sequence[Mark] = (), *, height: int = 300, width: int = 700) -> Figure:
    """Draw a column a year with its figure on top, and events above.

    Columns: year, value, text, is_provisional. `width` is the narrowest the chart is shown at, in pixels:
    event labels are placed so that they do not overlap there.
    """
    first, last = int(frame["year"].min()), int(frame["year"].max())
    placed = place_labels(marks, first, last, width)
    lanes = 1 + max((place.level for place in placed), default=-1)
    figure = new_figure(height=height + _LANE * lanes)
    frame = frame.assign(hover=frame["text"])
    if width < 36 * (last - first + 1):
        frame = frame.assign(text=_ends_and_extremes(frame))
    largest = max([value for value in frame["value"] if value is not None] or [1]) or 1
    for name, rows, marker in _year_groups(frame):
        unknown = name == "Chưa có số liệu"
        figure.add_bar(
            x=rows["year"].tolist(),
            y=[largest * 0.06 if unknown else value for value in rows["value"]],
            text=[UNKNOWN if unknown else plain(text) for text in rows["text"]],
            textposition="outside",
            textangle=0,
            textfont_size=12,
            constraintext="none",
            marker=marker,
            hovertext=[f"{year}: {plain(text)}" for year, text in zip(rows["year"], rows["hover"], strict=True)],
            hoverinfo="text",
            customdata=None if unknown else destinations(rows),
            name=name,
        )
    top = 1 - _LANE * lanes / figure.height
    for place in placed:
        _draw_event(figure, place.mark, place.anchor, place.level, top)
    figure.update_xaxes(
        range=[first - 0.6, last + 0.6],
        tickvals=_some(frame["year"].tolist(), width // 38),
        tickangle=0,
        showgrid=False,
    )
    figure.update_yaxes(range=[0, largest * 1.14], domain=[0, top], visible=False)
    return figure.update_layout(barmode="overlay")


def stacked_years(frame: pd.DataFrame, *, height: int = 380) -> Figure:
    """Draw the fields of every year on top of each other, named at the right end.

    Columns: short_label, colour, year, value. Years in which no field has a figure are hatched.
    """
    figure = new_figure(height=height)
    last, totals = int(frame["year"].max()), frame.dropna(subset=["value"]).groupby("year")["value"].sum()
    largest = float(totals.max()) if len(totals) else 1.0
    for label, rows in frame.groupby("short_label", sort=False):
        colour = rows["colour"].iloc[0]
        values = rows["value"].tolist()
        figure.add_bar(
            x=rows["year"].tolist(),
            y=values,
            name=plain(label),
            marker_color=colour,
            text=[number(value) if value and value > largest * 0.045 else "" for value in values],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            textfont={"color": text_on(colour), "size": 11},
            hovertext=[f"{label}, {year}: {number(v)}" for year, v in zip(rows["year"], values, strict=True)],
            hoverinfo="text",
            customdata=destinations(rows),
        )
    missing = sorted(set(frame["year"]) - set(totals.index))
    _add_missing_columns(figure, missing, largest * 0.06)
    figure.update_xaxes(
        tickvals=_some(sorted(set(frame["year"])), 20), tickangle=0, showgrid=False, range=[None, last + 0.6]
    )
    figure.update_yaxes(visible=False)
    return figure.update_layout(
        barmode="stack", showlegend=True, margin_t=36, uniformtext={"minsize": 10, "mode": "hide"}
    )


def year_line(frame: pd.DataFrame, *, height: int = 240, level: float | None = None) -> Figure:
    """Draw a line over the years, broken where a year is missing. Columns: year, value, text."""
    figure = new_figure(height=height)
    figure.add_scatter(
        x=frame["year"].tolist(),
        y=frame["value"].tolist(),
        mode="lines+markers+text",
        text=_ends_and_extremes(frame),
        textposition="top center",
        textfont_size=12,
        hovertext=[f"{year}: {plain(text)}" for year, text in zip(frame["year"], frame["text"], strict=True)],
        hoverinfo="text",
        customdata=destinations(frame),
        line={"color": ACCENT, "width": 2},
        marker={"size": 7, "color": ACCENT},
        cliponaxis=False,
        name="Số liệu",
    )
    for year in frame.loc[frame["value"].isna(), "year"]:
        figure.add_annotation(x=year, y=0, text=UNKNOWN, showarrow=False, yanchor="bottom")
    if level is not None:
        figure.add_hline(y=level, line={"color": GREY, "width": 1, "dash": "dot"})
    high = max([value for value in frame["value"] if value is not None] or [1]) or 1
    first, last = int(frame["year"].min()), int(frame["year"].max())
    figure.update_xaxes(
        tickvals=_some(frame["year"].tolist()), tickangle=0, showgrid=False, range=[first - 0.7, last + 0.7]
    )
    figure.update_yaxes(visible=False, range=[0, high * 1.25])
    return figure


def _year_groups(frame: pd.DataFrame) -> list[tuple[str, pd.DataFrame, dict[str, Any]]]:
    missing, provisional = frame["value"].isna(), frame["is_provisional"].astype(bool)
    groups: list[tuple[str, pd.DataFrame, dict[str, Any]]] = [
        ("Số liệu", frame[~missing & ~provisional], {"color": ACCENT}),
        ("Tạm tính", frame[~missing & provisional], {"color": ACCENT, "pattern": PROVISIONAL_PATTERN}),
        ("Chưa có số liệu", frame[missing], missing_marker()),
    ]
    return [group for group in groups if len(group[1])]


def _some(years: list[int], most: int = 9) -> list[int]:
    """Return every n-th year counted from the last, so that their names do not touch."""
    step = -(-len(years) // most)
    return years[::-1][::step][::-1]


def _ends_and_extremes(frame: pd.DataFrame, gap: int = 3) -> list[str]:
    """Return the texts of the last, first, highest and lowest value where they stand `gap` years apart.

    The others stay in the hover and in the table.
    """
    known = frame.dropna(subset=["value"]).sort_values("value", kind="stable")["year"]
    shown: list[int] = []
    for year in (known.max(), known.min(), known.iloc[-1], known.iloc[0]) if len(known) else ():
        if all(abs(year - other) >= gap for other in shown):
            shown.append(year)
    return [plain(text) if year in shown else "" for year, text in zip(frame["year"], frame["text"], strict=True)]


def _add_missing_columns(figure: Figure, years: list[int], length: float) -> None:
    if years:
        figure.add_bar(
            x=years,
            y=[length] * len(years),
            text=[UNKNOWN] * len(years),
            textposition="outside",
            marker=missing_marker(),
            hoverinfo="skip",
            name="Chưa có số liệu",
        )


def _draw_event(figure: Figure, mark: Mark, anchor: str, level: int, top: float) -> None:
    """Draw an event's line or band in the plot and its label in the lane `level` above it."""
    if mark.until is not None:
        figure.add_shape(
            type="rect",
            x0=mark.start,
            x1=mark.until,
            y0=0,
            y1=top,
            yref="paper",
            fillcolor=GREY,
            opacity=0.18,
            line_width=0,
            layer="below",
        )
    lane = 1 - (1 - top) / max(1, round((1 - top) * figure.height / _LANE)) * (level + 0.5)
    figure.add_shape(
        type="line",
        x0=mark.start,
        x1=mark.start,
        y0=0,
        y1=lane,
        yref="paper",
        layer="below",
        line={"color": GREY, "width": 1, "dash": "dot"},
    )
    figure.add_annotation(
        x=mark.start,
        y=lane,
        yref="paper",
        text=plain(mark.label),
        showarrow=False,
        xanchor=anchor,
        yanchor="middle",
        xshift=3 if anchor == "left" else -3,
        font_size=11,
    )
