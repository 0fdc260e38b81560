"""Many small charts of years on one axis, and a few lines beside each other."""

from functools import cache
from itertools import pairwise
from typing import Any

import pandas as pd
from plotly.subplots import make_subplots

from dashboard.drawing import Figure
from dashboard.figures.base import UNKNOWN, destinations, new_figure, plain
from dashboard.theme import ACCENT, GREY, HIGHLIGHT

_PER_ROW = 6
_PERCENT = ".0%"
_PANEL = 128  # pixels of height
_LETTER = 8  # pixels of a bold one, at the most


def year_panels(frame: pd.DataFrame, *, of_shares: bool = False) -> Figure:
    """Draw a small chart of years for every label, in their order, all on one axis.

    Columns: label, year, value, text, base (what is drawn grey behind, such as the rate of all), is_part (the year is
    not over), is_highlighted; link. A missing year is a gap with "?".
    """
    names = list(dict.fromkeys(frame["label"]))
    rows = -(-len(names) // _PER_ROW) or 1
    figure = new_figure(height=_PANEL * rows + 40)
    figure.update_layout(**_panel_axes(rows, min(_PER_ROW, len(names)) or 1))
    for place, name in enumerate(names):
        _add_panel(figure, frame[frame["label"] == name], str(place + 1) if place else "")
    known = [value for column in ("value", "base") for value in frame[column] if value is not None]
    first, last = int(frame["year"].min()), int(frame["year"].max())
    ends = sorted({first, last})
    figure.update_xaxes(
        range=[first - 0.9, last + 0.9],
        tickvals=ends,
        ticktext=[f"’{year % 100:02}" for year in ends],
        tickangle=0,
        tickfont_size=10,
        showgrid=False,
    )
    figure.update_yaxes(range=[0, (max(known, default=1) or 1) * 1.08], nticks=3, tickfont_size=10)
    figure.update_yaxes(tickformat=_PERCENT if of_shares else None)
    return figure.update_layout(margin={"t": 28, "l": 8, "r": 8, "b": 8})


@cache
def _panel_axes(rows: int, columns: int) -> dict[str, Any]:
    """Return the axes of panels in rows and columns, all of one scale."""
    empty = make_subplots(
        rows=rows,
        cols=columns,
        shared_xaxes="all",
        shared_yaxes="all",
        horizontal_spacing=0.018,
        vertical_spacing=0.3 / rows,
    )
    axes: dict[str, Any] = empty.to_plotly_json()["layout"]
    return {name: axis for name, axis in axes.items() if name != "template"}


def _add_panel(figure: Figure, rows: pd.DataFrame, number: str) -> None:
    """Draw a panel on the axes of this number ("" for the first), its name above it."""
    years = rows["year"].tolist()
    left, right = figure.properties[f"xaxis{number}"]["domain"]
    figure.add_annotation(
        x=(left + right) / 2,
        y=figure.properties[f"yaxis{number}"]["domain"][1],
        xref="paper",
        yref="paper",
        xanchor="center",
        yanchor="bottom",
        text=plain(rows["label"].iloc[0]),
        showarrow=False,
        font_size=12,
    )
    at = {"xaxis": f"x{number}", "yaxis": f"y{number}"}
    colour = HIGHLIGHT if rows["is_highlighted"].any() else ACCENT
    figure.add_scatter(
        x=years,
        y=rows["base"].tolist(),
        mode="lines",
        line={"color": GREY, "width": 1.2},
        hoverinfo="skip",
        name="Chung các huyện",
        **at,
    )
    figure.add_scatter(
        x=years,
        y=rows["value"].tolist(),
        mode="lines+markers",
        line={"color": colour, "width": 1.8},
        marker=_markers(rows, colour, size=4.5),
        hovertext=[f"{plain(rows['label'].iloc[0])}, {plain(text)}" for text in rows["text"]],
        hoverinfo="text",
        customdata=destinations(rows),
        name=plain(rows["label"].iloc[0]),
        **at,
    )
    for year in rows.loc[rows["value"].isna(), "year"]:
        mark = {"showarrow": False, "yanchor": "bottom", "font_size": 11}
        figure.add_annotation(x=year, y=0, xref=at["xaxis"], yref=at["yaxis"], text=UNKNOWN, **mark)


def group_lines(frame: pd.DataFrame, *, height: int = 300, of_shares: bool = False) -> Figure:
    """Draw a line a group over the years, each named at its end.

    Columns: group, colour, year, value, text, is_part (the figure is not whole: hollow); link. A missing
    year is a gap, with "?" where no group has a figure.
    """
    figure = new_figure(height=height)
    first, last = int(frame["year"].min()), int(frame["year"].max())
    high = max([value for value in frame["value"] if value is not None] or [1]) or 1
    ends: list[tuple[str, Any]] = []
    for name, rows in frame.groupby("group", sort=False):
        colour = rows["colour"].iloc[0]
        figure.add_scatter(
            x=rows["year"].tolist(),
            y=rows["value"].tolist(),
            mode="lines+markers",
            line={"color": colour, "width": 2, "dash": rows["dash"].iloc[0]},
            marker=_markers(rows, colour, size=7),
            hovertext=[f"{plain(name)}, {plain(text)}" for text in rows["text"]],
            hoverinfo="text",
            customdata=destinations(rows),
            cliponaxis=False,
            name=plain(name),
        )
        known = rows.dropna(subset=["value"])
        if len(known):
            ends.append((str(name), known.iloc[-1]))
    for (name, row), shift in zip(ends, _apart([row["value"] for _, row in ends], high, height), strict=True):
        side = {"showarrow": False, "xanchor": "left", "xshift": 8, "yshift": shift}
        figure.add_annotation(x=row["year"], y=row["value"], text=f"<b>{plain(name)}</b>", **side)
    years = sorted(set(frame["year"]))
    for year in sorted(set(years) - set(frame.loc[frame["value"].notna(), "year"])):
        mark = {"showarrow": False, "yanchor": "bottom", "font_size": 12}
        figure.add_annotation(x=year, y=0, text=UNKNOWN, **mark)
    step = -(-len(years) // 6)
    figure.update_xaxes(
        range=[first - 0.6, last + 0.6],
        tickvals=years[::-1][::step][::-1],
        tickangle=0,
        showgrid=False,
    )
    figure.update_yaxes(range=[0, high * 1.12], nticks=5, tickformat=_PERCENT if of_shares else None)
    return figure.update_layout(margin_r=16 + _LETTER * max((len(plain(name)) for name, _ in ends), default=0))


def _markers(rows: pd.DataFrame, colour: str, *, size: float) -> dict[str, Any]:
    """Return filled marks, hollow where a figure is not whole."""
    return {
        "size": size,
        "color": ["#FFFFFF" if part else colour for part in rows["is_part"]],
        "line": {"color": colour, "width": 1.4},
    }


def _apart(values: list[float], high: float, height: int, gap: int = 16) -> list[float]:
    """Return by how many pixels names at these values must move so that no two of two or three touch."""
    order = sorted(range(len(values)), key=lambda place: values[place])
    shifts = [0.0] * len(values)
    for lower, upper in pairwise(order):
        between = (values[upper] - values[lower]) / (high * 1.12) * (height - 40) - shifts[lower]
        if between < gap:
            shifts[upper] += (gap - between) / 2
            shifts[lower] -= (gap - between) / 2
    return shifts
