"""A table of cells that each stand in one of a few states: told apart by a mark in the cell, then by colour."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.drawing import Figure
from dashboard.figures.base import destinations, missing_marker, new_figure, plain
from dashboard.figures.cells import table_axes
from dashboard.theme import GREY, HIGHLIGHT, text_on

_CELL = 0.9  # of the square's side is filled
_ROOM_FOR_LEGEND = 60  # and for the names of columns, in pixels


@dataclass(frozen=True)
class State:
    """How a state looks. fill: None for the hatch of what is missing."""

    key: str
    label: str
    mark: str
    fill: str | None


def state_grid(
    frame: pd.DataFrame, states: tuple[State, ...], *, line_after: int | None = None, row_height: int = 24
) -> Figure:
    """Draw a table of cells by state, first row on top, with a legend of the states that occur.

    Columns: row, column (labels, in their order), state (a key), text (the mark shown), hover, is_outlined; link.
    Pairs that are absent stay blank. `line_after` is the number of rows above a dividing line.
    """
    rows, columns = list(dict.fromkeys(frame["row"])), list(dict.fromkeys(frame["column"]))
    figure = new_figure(height=row_height * len(rows) + 84)
    for state in states:
        # the legend looks like a state's first cell: an outline there would be taken for a part of the state
        cells = frame[frame["state"] == state.key].sort_values("is_outlined", kind="stable")
        if len(cells):
            at = [(columns.index(c), rows.index(r)) for c, r in zip(cells["column"], cells["row"], strict=True)]
            figure.add_bar(**_cells(state, cells, at))
    if line_after is not None and 0 < line_after < len(rows):
        figure.add_hline(y=line_after - 0.5, line={"color": GREY, "width": 1.5})
    table_axes(figure, rows, columns, room_for=6)
    return figure.update_layout(
        barmode="overlay",
        bargap=0,
        showlegend=True,
        # above the table: what its signs mean is read first, and a long table's foot is a screen away
        legend={
            "yref": "container",
            "y": 1,
            "yanchor": "top",
            "x": 0,
            "itemclick": False,
            "itemdoubleclick": False,
            "font_size": 12,
        },
        margin_t=_ROOM_FOR_LEGEND,
    )


def _cells(state: State, cells: pd.DataFrame, at: list[tuple[int, int]]) -> dict[str, Any]:
    """Return the cells of one state as bars, because only bars carry a hatch."""
    outlined = [bool(value) for value in cells["is_outlined"]]
    marker: dict[str, Any] = missing_marker() if state.fill is None else {"color": state.fill}
    marker["line"] = {
        "color": [HIGHLIGHT if value else GREY for value in outlined],
        "width": [3 if value else 1 for value in outlined],
    }
    return {
        "x": [column for column, _ in at],
        "base": [row - _CELL / 2 for _, row in at],
        "y": [_CELL] * len(at),
        "width": _CELL,
        "text": [plain(text) for text in cells["text"]],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "constraintext": "none",
        "textfont": {"size": 12, **({"color": text_on(state.fill)} if state.fill is not None else {})},
        "hovertext": [plain(text) for text in cells["hover"]],
        "hoverinfo": "text",
        "customdata": destinations(cells),
        "marker": marker,
        "name": f"{plain(state.mark)} {plain(state.label)}",
    }
