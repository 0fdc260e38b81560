"""Squares with a figure in each: tables of shaded cells and the map of tiles."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from dashboard.drawing import Figure
from dashboard.figures.base import UNKNOWN, destinations, missing_marker, new_figure, plain
from dashboard.theme import HIGHLIGHT, SCALE, shade, text_on

_CELL = 0.94  # of the square's side is filled
_MOST_NAMED = 60  # places on a map that have room for a name


def heat_map(frame: pd.DataFrame, *, row_height: int = 27) -> Figure:
    """Draw a table of shaded cells, first row on top.

    Columns: row, column (labels, in their order), value, text; optional is_flagged (outlined, neighbours as one) and
    link. Pairs that are absent stay blank (the unit did not exist); a missing value is hatched with "?".
    """
    rows, columns = list(dict.fromkeys(frame["row"])), list(dict.fromkeys(frame["column"]))
    at = [(columns.index(c), rows.index(r)) for c, r in zip(frame["column"], frame["row"], strict=True)]
    values = frame["value"].tolist()
    high = max([value for value in values if value is not None] or [1])
    known = [place for place, value in enumerate(values) if value is not None]
    missing = [place for place, value in enumerate(values) if value is None]
    figure = new_figure(height=row_height * len(rows) + 40)
    fills = {place: "#FFFFFF" if values[place] == 0 else shade(values[place], high) for place in known}
    hover = [
        f"{plain(r)}, {plain(c)}: {plain(t)}" for r, c, t in frame[["row", "column", "text"]].itertuples(index=False)
    ]
    texts = [plain(text) for text in frame["text"]]
    leads = destinations(frame)
    _add_cells(
        figure,
        "Số liệu",
        [at[p] for p in known],
        [texts[p] for p in known],
        [hover[p] for p in known],
        list(fills.values()),
        [leads[p] for p in known] if leads else None,
    )
    _add_cells(
        figure, "Chưa có số liệu", [at[p] for p in missing], [UNKNOWN] * len(missing), [hover[p] for p in missing], None
    )
    table_axes(figure, rows, columns)
    if "is_flagged" in frame:
        _outline(figure, {cell for cell, is_flagged in zip(at, frame["is_flagged"], strict=True) if is_flagged})
    return figure.update_layout(barmode="overlay", bargap=0)


def table_axes(figure: Figure, rows: list[str], columns: list[str], *, room_for: int = 1) -> None:
    """Name the rows and, above them, the columns of a table of cells; names that would touch stand upright.

    room_for: so many columns are as wide as the figure.
    """
    figure.update_xaxes(
        side="top",
        tickfont_size=11,
        tickvals=list(range(len(columns))),
        ticktext=[_lines(column) for column in columns],
        autotickangles=[0, 90],
        range=[-0.5, max(len(columns), room_for) - 0.5],
        showgrid=False,
    )
    figure.update_yaxes(
        tickvals=list(range(len(rows))),
        ticktext=[_lines(row) + "  " for row in rows],
        range=[len(rows) - 0.5, -0.5],
        showgrid=False,
    )


def _lines(name: str) -> str:
    """Return a name as an axis shows it: a new line where the text has one."""
    return plain(name).replace("\n", "<br>")


def tile_map(frame: pd.DataFrame, *, height: int = 400) -> Figure:
    """Draw districts as tiles placed roughly as on the map, darker for more.

    Columns: label, tile_row, tile_col, value, text, is_highlighted.
    """
    values = [value for value in frame["value"] if value is not None]
    high = max(values, default=1)
    figure = new_figure(height=height)
    for name, rows in (("Số liệu", frame[frame["value"].notna()]), ("Chưa có số liệu", frame[frame["value"].isna()])):
        known = name == "Số liệu"
        fills = [shade(value, high * 1.25) for value in rows["value"]] if known else None
        ends = rows["text"] if known else [UNKNOWN] * len(rows)
        texts = names_and_figures(rows["label"], ends, room_for=len(frame))
        hover = [f"{plain(label)}: {plain(text)}" for label, text in zip(rows["label"], rows["text"], strict=True)]
        at = list(zip(rows["tile_col"], rows["tile_row"], strict=True))
        _add_cells(figure, name, at, texts, hover, fills, destinations(rows))
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


def _outline(figure: Figure, cells: set[tuple[int, int]]) -> None:
    """Draw a frame round each run of neighbouring cells (column, row) of one row."""
    line = {"color": HIGHLIGHT, "width": 3}
    for column, row in sorted(cells):
        if (column - 1, row) not in cells:
            end = next(place for place in range(column, column + len(cells) + 1) if (place + 1, row) not in cells)
            figure.add_shape(type="rect", x0=column - 0.47, x1=end + 0.47, y0=row - 0.47, y1=row + 0.47, line=line)


def names_and_figures(labels: Iterable[str], texts: Iterable[str], *, room_for: int) -> list[str]:
    """Return what stands in places on a map: their names in two lines, their figures under them.

    room_for: how many places the map has; in very small ones nothing stands, and pointing at one tells.
    """
    if room_for > _MOST_NAMED:
        return ["" for _ in labels]
    names = ("<br>".join(plain(label).split(" ", 1)) for label in labels)
    return [f"{name}<br><b>{plain(text)}</b>" for name, text in zip(names, texts, strict=True)]


def _add_cells(
    figure: Figure,
    name: str,
    at: list[tuple[Any, Any]],
    texts: list[str],
    hover: list[str],
    fills: list[str] | None,
    leads: list[str] | None = None,
) -> None:
    """Add square cells as bars, because only bars carry a hatch. `fills` None: the hatch of missing values.

    Cells with black and with white texts are traces apart: beside a clicked mark a trace keeps one colour of text.
    """
    cells = pd.DataFrame({"at": at, "text": texts, "hover": hover, "fill": fills, "lead": leads}, dtype=object)
    ink = cells["fill"].map(text_on) if fills is not None else pd.Series("", cells.index, object)
    for colour, part in cells.groupby(ink, sort=True):
        line = {"color": SCALE[1], "width": 1}
        figure.add_bar(
            x=[column for column, _ in part["at"]],
            base=[row - _CELL / 2 for _, row in part["at"]],
            y=[_CELL] * len(part),
            width=_CELL,
            text=part["text"].tolist(),
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            constraintext="none",
            textfont={"size": 11, **({"color": colour} if colour else {})},
            hovertext=part["hover"].tolist(),
            hoverinfo="text",
            customdata=part["lead"].tolist() if leads is not None else None,
            marker={"color": part["fill"].tolist(), "line": line} if fills is not None else missing_marker(),
            name=f"{name}, ô đậm" if colour == "#FFFFFF" else name,
        )
