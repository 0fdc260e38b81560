"""Charts as pure functions: a frame with its texts in, a figure out.

Every frame holds `value` (None: missing) and `text` (the value as shown). A missing value is a hatched
mark with "?", never a bar of length zero; a zero is the figure 0 without a hatch.
"""

from collections.abc import Sequence
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.events import Mark, place_labels
from dashboard.labels import SIMULATED, number
from dashboard.theme import ACCENT, GREY, HIGHLIGHT, LIGHT, MISSING_PATTERN, PROVISIONAL_PATTERN, SCALE, shade, text_on

Figure = go.Figure
UNKNOWN = "?"
_CELL = 0.94


def bars(
    frame: pd.DataFrame, *, limits: Sequence[tuple[float, str]] = (), row_height: int = 30, labels_above: bool = False
) -> go.Figure:
    """Draw horizontal bars, first row on top, each with its text at the end.

    Columns: label, value, text; optional colour.
    `limits` are vertical lines with a name, such as thresholds. `labels_above` puts each name over its bar
    instead of left of it, where names are long and the chart narrow.
    """
    row_height = row_height + 14 if labels_above else row_height
    figure = _figure(height=row_height * len(frame) + 16 + 15 * len(limits))
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
        text=[_plain(frame["text"].iloc[place]) for place in known],
        textposition="outside",
        marker_color=[colours[place] for place in known],
        hovertext=[f"{_plain(frame['label'].iloc[place])}: {_plain(frame['text'].iloc[place])}" for place in known],
        hoverinfo="text",
        name="Số liệu",
    )
    if missing:
        figure.add_bar(
            orientation="h",
            y=missing,
            x=[largest * 0.06] * len(missing),
            text=[f"{UNKNOWN} {_plain(frame['text'].iloc[place])}" for place in missing],
            textposition="outside",
            marker={"pattern": MISSING_PATTERN, "color": "rgba(0,0,0,0)", "line": {"color": GREY, "width": 1}},
            hoverinfo="skip",
            name="Chưa có số liệu",
        )
    for lane, (limit, name) in enumerate(limits):
        figure.add_vline(x=limit, layer="below", opacity=0.7, line={"color": HIGHLIGHT, "width": 1, "dash": "dash"})
        mark = {"showarrow": False, "font_size": 11, "xanchor": "left", "yanchor": "bottom", "xshift": 2}
        figure.add_annotation(x=limit, y=1, yref="paper", yshift=15 * lane, text=_plain(name), **mark)
    figure.update_xaxes(range=[0, largest * (_room(frame["text"]) if labels_above else 1.32)], visible=False)
    figure.update_yaxes(range=[len(frame) - 0.5, -0.75 if labels_above else -0.5], showgrid=False)
    if labels_above:
        figure.update_yaxes(visible=False)
        figure.update_layout(bargap=0.55)
        for place, label in enumerate(frame["label"]):
            side = {"showarrow": False, "xanchor": "left", "yanchor": "bottom", "yshift": 9, "xshift": -2}
            figure.add_annotation(x=0, y=place, text=_plain(label), **side)
    else:
        figure.update_yaxes(tickvals=positions, ticktext=[_plain(label) + "  " for label in frame["label"]])
    return figure.update_layout(margin_t=8 + 15 * len(limits))


def year_columns(frame: pd.DataFrame, marks: Sequence[Mark] = (), *, height: int = 300, width: int = 700) -> go.Figure:
    """Draw a column a year with its figure on top, and events above.

    Columns: year, value, text, is_provisional. `width` is the narrowest the chart is shown at, in pixels:
    event labels are placed so that they do not overlap there.
    """
    first, last = int(frame["year"].min()), int(frame["year"].max())
    placed = place_labels(marks, first, last, width)
    lanes = 1 + max((place.level for place in placed), default=-1)
    figure = _figure(height=height + 19 * lanes)
    frame = frame.assign(hover=frame["text"])
    if width < 36 * (last - first + 1):
        frame = frame.assign(text=_ends_and_extremes(frame))
    largest = max([value for value in frame["value"] if value is not None] or [1]) or 1
    for name, rows, marker in _year_groups(frame):
        unknown = name == "Chưa có số liệu"
        figure.add_bar(
            x=rows["year"].tolist(),
            y=[largest * 0.06 if unknown else value for value in rows["value"]],
            text=[UNKNOWN if unknown else _plain(text) for text in rows["text"]],
            textposition="outside",
            textangle=0,
            textfont_size=12,
            constraintext="none",
            marker=marker,
            hovertext=[f"{year}: {_plain(text)}" for year, text in zip(rows["year"], rows["hover"], strict=True)],
            hoverinfo="text",
            name=name,
        )
    top = 1 - 19 * lanes / figure.layout.height
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


def stacked_years(frame: pd.DataFrame, *, height: int = 380) -> go.Figure:
    """Draw the fields of every year on top of each other, named at the right end.

    Columns: short_label, colour, year, value. Years in which no field has a figure are hatched.
    """
    figure = _figure(height=height)
    last, totals = int(frame["year"].max()), frame.dropna(subset=["value"]).groupby("year")["value"].sum()
    largest = float(totals.max()) if len(totals) else 1.0
    for label, rows in frame.groupby("short_label", sort=False):
        colour = rows["colour"].iloc[0]
        values = rows["value"].tolist()
        figure.add_bar(
            x=rows["year"].tolist(),
            y=values,
            name=_plain(label),
            marker_color=colour,
            text=[number(value) if value and value > largest * 0.045 else "" for value in values],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            textfont={"color": text_on(colour), "size": 11},
            hovertext=[f"{label}, {year}: {number(v)}" for year, v in zip(rows["year"], values, strict=True)],
            hoverinfo="text",
        )
    missing = sorted(set(frame["year"]) - set(totals.index))
    _add_missing_columns(figure, missing, largest * 0.06)
    figure.update_xaxes(tickvals=sorted(set(frame["year"])), tickangle=0, showgrid=False, range=[None, last + 0.6])
    figure.update_yaxes(visible=False)
    return figure.update_layout(
        barmode="stack", showlegend=True, margin_t=36, uniformtext={"minsize": 10, "mode": "hide"}
    )


def heat_map(frame: pd.DataFrame, *, row_height: int = 27) -> go.Figure:
    """Draw a table of shaded cells, first row on top.

    Columns: row, column (labels, in their order), value, text. Pairs that are absent stay blank (the unit did not
    exist); a missing value is hatched with "?".
    """
    rows, columns = list(dict.fromkeys(frame["row"])), list(dict.fromkeys(frame["column"]))
    at = [(columns.index(c), rows.index(r)) for c, r in zip(frame["column"], frame["row"], strict=True)]
    values = frame["value"].tolist()
    high = max([value for value in values if value is not None] or [1])
    known = [place for place, value in enumerate(values) if value is not None]
    missing = [place for place, value in enumerate(values) if value is None]
    figure = _figure(height=row_height * len(rows) + 40)
    fills = {place: "#FFFFFF" if values[place] == 0 else shade(values[place], high) for place in known}
    hover = [
        f"{_plain(r)}, {_plain(c)}: {_plain(t)}" for r, c, t in frame[["row", "column", "text"]].itertuples(index=False)
    ]
    texts = [_plain(text) for text in frame["text"]]
    _add_cells(
        figure,
        "Số liệu",
        [at[p] for p in known],
        [texts[p] for p in known],
        [hover[p] for p in known],
        list(fills.values()),
    )
    _add_cells(
        figure, "Chưa có số liệu", [at[p] for p in missing], [UNKNOWN] * len(missing), [hover[p] for p in missing], None
    )
    figure.update_xaxes(
        side="top",
        tickfont_size=11,
        tickvals=list(range(len(columns))),
        ticktext=[_plain(c) for c in columns],
        tickangle=0,
        range=[-0.5, len(columns) - 0.5],
        showgrid=False,
    )
    figure.update_yaxes(
        tickvals=list(range(len(rows))),
        ticktext=[_plain(r) + "  " for r in rows],
        range=[len(rows) - 0.5, -0.5],
        showgrid=False,
    )
    return figure.update_layout(barmode="overlay", bargap=0)


def tile_map(frame: pd.DataFrame, *, height: int = 400) -> go.Figure:
    """Draw districts as tiles placed roughly as on the map, darker for more.

    Columns: label, tile_row, tile_col, value, text, is_highlighted.
    """
    values = [value for value in frame["value"] if value is not None]
    high = max(values, default=1)
    figure = _figure(height=height)
    for name, rows in (("Số liệu", frame[frame["value"].notna()]), ("Chưa có số liệu", frame[frame["value"].isna()])):
        known = name == "Số liệu"
        fills = [shade(value, high * 1.25) for value in rows["value"]] if known else None
        names = ["<br>".join(_plain(label).split(" ", 1)) for label in rows["label"]]
        ends = rows["text"] if known else [UNKNOWN] * len(rows)
        texts = [f"{label}<br><b>{_plain(end)}</b>" for label, end in zip(names, ends, strict=True)]
        hover = [f"{_plain(label)}: {_plain(text)}" for label, text in zip(rows["label"], rows["text"], strict=True)]
        _add_cells(figure, name, list(zip(rows["tile_col"], rows["tile_row"], strict=True)), texts, hover, fills)
    for column, row in frame.loc[frame["is_highlighted"].astype(bool), ["tile_col", "tile_row"]].itertuples(
        index=False
    ):
        line = {"color": HIGHLIGHT, "width": 4}
        figure.add_shape(type="rect", x0=column - 0.47, x1=column + 0.47, y0=row - 0.47, y1=row + 0.47, line=line)
    if len(frame):
        figure.update_xaxes(range=[frame["tile_col"].min() - 0.5, frame["tile_col"].max() + 0.5])
        figure.update_yaxes(range=[frame["tile_row"].max() + 0.5, frame["tile_row"].min() - 0.5])
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    return figure.update_layout(barmode="overlay", bargap=0)


def year_line(frame: pd.DataFrame, *, height: int = 240, level: float | None = None) -> go.Figure:
    """Draw a line over the years, broken where a year is missing. Columns: year, value, text."""
    figure = _figure(height=height)
    figure.add_scatter(
        x=frame["year"].tolist(),
        y=frame["value"].tolist(),
        mode="lines+markers+text",
        text=_ends_and_extremes(frame),
        textposition="top center",
        textfont_size=12,
        hovertext=[f"{year}: {_plain(text)}" for year, text in zip(frame["year"], frame["text"], strict=True)],
        hoverinfo="text",
        line={"color": ACCENT, "width": 2},
        marker={"size": 7, "color": ACCENT},
        cliponaxis=False,
        name="Số liệu",
    )
    for year in frame.loc[frame["value"].isna(), "year"]:
        figure.add_annotation(x=year, y=0, text=UNKNOWN, showarrow=False, yanchor="bottom", font_color=GREY)
    if level is not None:
        figure.add_hline(y=level, line={"color": GREY, "width": 1, "dash": "dot"})
    high = max([value for value in frame["value"] if value is not None] or [1]) or 1
    first, last = int(frame["year"].min()), int(frame["year"].max())
    figure.update_xaxes(
        tickvals=_some(frame["year"].tolist()), tickangle=0, showgrid=False, range=[first - 0.7, last + 0.7]
    )
    figure.update_yaxes(visible=False, range=[0, high * 1.25])
    return figure


def watermarked(figure: go.Figure) -> go.Figure:
    """Return the figure with the mark of simulated data, which a picture taken of it carries along."""
    figure.add_annotation(
        text=SIMULATED,
        name="watermark",
        xref="paper",
        yref="paper",
        x=0.5,
        y=0.5,
        showarrow=False,
        textangle=-18,
        opacity=0.28,
        font={"size": 26, "color": HIGHLIGHT},
    )
    return figure


def _figure(height: int) -> go.Figure:
    return go.Figure(layout={"template": LIGHT, "height": height, "separators": ",."})


def _plain(text: object) -> str:
    """Return text that a chart shows as it is: charts read a few HTML tags."""
    return escape(str(text), quote=False)


def _year_groups(frame: pd.DataFrame) -> list[tuple[str, pd.DataFrame, dict[str, Any]]]:
    missing, provisional = frame["value"].isna(), frame["is_provisional"].astype(bool)
    groups: list[tuple[str, pd.DataFrame, dict[str, Any]]] = [
        ("Số liệu", frame[~missing & ~provisional], {"color": ACCENT}),
        ("Tạm tính", frame[~missing & provisional], {"color": ACCENT, "pattern": PROVISIONAL_PATTERN}),
        ("Chưa có số liệu", frame[missing], _missing_marker()),
    ]
    return [group for group in groups if len(group[1])]


def _room(texts: pd.Series) -> float:
    """Return how much longer than the longest bar the axis must be for its text, on a chart 330 pixels wide."""
    return 1 / (1 - min(0.65, max(len(str(text)) for text in texts) * 7 / 330))


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
    return [_plain(text) if year in shown else "" for year, text in zip(frame["year"], frame["text"], strict=True)]


def _missing_marker() -> dict[str, Any]:
    return {"pattern": MISSING_PATTERN, "color": "rgba(0,0,0,0)", "line": {"color": GREY, "width": 1}}


def _add_missing_columns(figure: go.Figure, years: list[int], length: float) -> None:
    if years:
        figure.add_bar(
            x=years,
            y=[length] * len(years),
            text=[UNKNOWN] * len(years),
            textposition="outside",
            marker=_missing_marker(),
            hoverinfo="skip",
            name="Chưa có số liệu",
        )


def _add_cells(
    figure: go.Figure, name: str, at: list[tuple[Any, Any]], texts: list[str], hover: list[str], fills: list[str] | None
) -> None:
    """Add square cells as bars, because only bars carry a hatch. `fills` None: the hatch of missing values."""
    if not at:
        return
    filled = {"color": fills, "line": {"color": SCALE[1], "width": 1}} if fills is not None else _missing_marker()
    figure.add_bar(
        x=[column for column, _ in at],
        base=[row - _CELL / 2 for _, row in at],
        y=[_CELL] * len(at),
        width=_CELL,
        text=texts,
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        constraintext="none",
        textfont={"size": 11, **({"color": [text_on(fill) for fill in fills]} if fills is not None else {})},
        hovertext=hover,
        hoverinfo="text",
        marker=filled,
        name=name,
    )


def _draw_event(figure: go.Figure, mark: Mark, anchor: str, level: int, top: float) -> None:
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
    lane = 1 - (1 - top) / max(1, round((1 - top) * figure.layout.height / 19)) * (level + 0.5)
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
        text=_plain(mark.label),
        showarrow=False,
        xanchor=anchor,
        yanchor="middle",
        xshift=3 if anchor == "left" else -3,
        font_size=11,
    )
