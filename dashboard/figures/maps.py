"""Districts where they lie: within their official borders when there are any, else as tiles."""

import json
from collections.abc import Iterator
from itertools import pairwise
from math import cos, radians
from typing import Any

import pandas as pd

from dashboard.drawing import Figure
from dashboard.figures.base import UNKNOWN, destinations, new_figure, plain
from dashboard.figures.cells import names_and_figures, tile_map
from dashboard.theme import GREY, HIGHLIGHT, MISSING_PATTERN, SCALE, shade, text_on

_TALLER = 1.25  # than tiles: real districts are small where they are many
_MARK = 34  # pixels across: what of a district answers to a click

Ring = list[tuple[float, float]]


def district_map(frame: pd.DataFrame, *, height: int = 400) -> Figure:
    """Draw districts on a map, darker for more; real borders where every district has them, else tiles.

    Columns: label, tile_row, tile_col, value, text, is_highlighted, geojson (a Polygon or MultiPolygon, or None).
    """
    if len(frame) and frame["geojson"].notna().all():
        return _border_map(frame, round(height * _TALLER))
    return tile_map(frame, height=height)


def _border_map(frame: pd.DataFrame, height: int) -> Figure:
    figure = new_figure(height=height)
    high = max((value for value in frame["value"] if value is not None), default=1)
    shapes = [_polygons(text) for text in frame["geojson"]]
    fills = [None if value is None else shade(value, high * 1.25) for value in frame["value"]]
    # The chosen district last: its outline lies over its neighbours'.
    for place in sorted(range(len(frame)), key=lambda place: bool(frame["is_highlighted"].iloc[place])):
        row = frame.iloc[place]
        _add_area(figure, row["label"], shapes[place], fills[place], is_chosen=bool(row["is_highlighted"]))
    _add_names(figure, frame, [_middle(shape) for shape in shapes], fills)
    places = [place for shape in shapes for polygon in shape for ring in polygon for place in ring]
    middle = sum(y for _, y in places) / len(places)
    # One degree of longitude is shorter than one of latitude: without this the province would look too wide.
    figure.update_yaxes(visible=False, scaleanchor="x", scaleratio=1 / cos(radians(middle)))
    return figure.update_xaxes(visible=False)


def _add_area(figure: Figure, label: str, shape: list[list[Ring]], fill: str | None, *, is_chosen: bool) -> None:
    xs: list[float | None] = []
    ys: list[float | None] = []
    for ring in (ring for polygon in shape for ring in polygon):
        xs += [*(x for x, _ in ring), None]
        ys += [*(y for _, y in ring), None]
    missing: dict[str, Any] = {"fillpattern": MISSING_PATTERN} if fill is None else {"fillcolor": fill}
    figure.add_scatter(
        x=xs[:-1],
        y=ys[:-1],
        mode="lines",
        fill="toself",
        line={"color": HIGHLIGHT if is_chosen else GREY, "width": 3 if is_chosen else 1},
        hoverinfo="skip",
        name=plain(label),
        **missing,
    )


def _add_names(figure: Figure, frame: pd.DataFrame, at: list[tuple[float, float]], fills: list[str | None]) -> None:
    """Write each district's name and figure in its middle; there a click is answered.

    Texts in one colour are a trace of their own: beside a clicked mark a trace keeps one colour of text.
    """
    rows = frame.assign(x=[x for x, _ in at], y=[y for _, y in at], ink=[text_on(fill or SCALE[0]) for fill in fills])
    for (ink, is_missing), part in rows.groupby(["ink", rows["value"].isna()], sort=True):
        ends = [UNKNOWN] * len(part) if is_missing else part["text"]
        figure.add_scatter(
            x=part["x"].tolist(),
            y=part["y"].tolist(),
            mode="markers+text",
            text=names_and_figures(part["label"], ends, room_for=len(frame)),
            textfont={"size": 11, **({} if is_missing else {"color": str(ink)})},
            marker={"size": _MARK, "color": "rgba(0,0,0,0)"},
            hovertext=[f"{plain(label)}: {plain(t)}" for label, t in zip(part["label"], part["text"], strict=True)],
            hoverinfo="text",
            customdata=destinations(part),
            cliponaxis=False,
            name="Chưa có số liệu" if is_missing else "Số liệu",
        )


def _polygons(geojson: str) -> list[list[Ring]]:
    """Return the polygons of a geometry, each its outer ring and its holes, as (longitude, latitude)."""
    shape = json.loads(geojson)
    polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    return [[[(place[0], place[1]) for place in ring] for ring in polygon] for polygon in polygons]


def _middle(shape: list[list[Ring]]) -> tuple[float, float]:
    """Return the centre of gravity of the largest polygon, holes apart."""
    ring = max((polygon[0] for polygon in shape), key=lambda ring: abs(sum(_crosses(ring))))
    area = sum(_crosses(ring))
    if not area:
        return ring[0]
    pairs = list(zip(ring, ring[1:], _crosses(ring), strict=False))
    x = sum((one[0] + two[0]) * cross for one, two, cross in pairs) / (3 * area)
    y = sum((one[1] + two[1]) * cross for one, two, cross in pairs) / (3 * area)
    return x, y


def _crosses(ring: Ring) -> Iterator[float]:
    return (one[0] * two[1] - two[0] * one[1] for one, two in pairwise(ring))
