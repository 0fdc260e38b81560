"""A chart as plotly's JSON says it, under plotly's own names, without plotly's check of every property.

That check takes longer than all else of a page, and of one annotation it repeats those of all before it. The tests run
it over every chart instead; what is drawn on a screen is not checked again.
"""

import re
from collections.abc import Sequence
from copy import deepcopy
from typing import Any, Self

import plotly.graph_objects as go
from plotly.basedatatypes import BaseFigure

_OF_TWO_WORDS = ("paper_bgcolor", "plot_bgcolor", "error_x", "error_y")
"""Names that hold an underscore themselves; in all others it leads into a group: `font_size`."""
_MOST_COLUMNS = 10
"""What the width of a phone shows beside each other without running together."""
_TEXT_BESIDE = 200
"""Pixels to the left of a chart, of which a phone has some 330 in all."""


class Drawn(BaseFigure):  # type: ignore[misc]
    """A chart on its way to a screen: what takes a plotly figure asks it for its dictionary, and for nothing else.

    A figure of plotly's own copies all properties three times and looks through each for arrays on the way.
    """

    def __init__(self, traces: Sequence[dict[str, Any]], layout: dict[str, Any]) -> None:
        """Hold traces and layout as they are; plotly's own making of a figure is left out."""
        self._chart = {"data": list(traces), "layout": layout}

    def to_dict(self) -> dict[str, Any]:
        """Return traces and layout."""
        return self._chart

    @property
    def objects(self) -> go.Figure:
        """The same as plotly's objects, to read."""
        return go.Figure(deepcopy(self._chart), _validate=False)  # it changes what it is given


class Figure:
    """A chart being drawn. Properties are plotly's, in its short form too (`font_size=11`); None leaves one out."""

    def __init__(self, **layout: Any) -> None:
        """Start with an empty chart."""
        self.traces: list[dict[str, Any]] = []
        self.properties: dict[str, Any] = {}
        self.update_layout(**layout)

    @property
    def data(self) -> tuple[Any, ...]:
        """The traces, as plotly's objects to read."""
        return tuple(self.drawn().objects.data)

    @property
    def layout(self) -> go.Layout:
        """The layout, as plotly's object to read."""
        return self.drawn().objects.layout

    @property
    def height(self) -> float:
        """Height in pixels."""
        return float(self.properties["height"])

    @property
    def is_wide(self) -> bool:
        """Whether it holds more side by side than a phone shows: many columns, panels, or columns of text."""
        axes = [axis for name, axis in self.properties.items() if name.startswith("xaxis")]
        columns = max((len(axis.get("tickvals") or ()) for axis in axes), default=0)
        return columns > _MOST_COLUMNS or len(axes) > 1 or self.properties.get("margin", {}).get("l", 0) > _TEXT_BESIDE

    def drawn(self, traces: Sequence[dict[str, Any]] | None = None, **layout: Any) -> Drawn:
        """Return it as plotly draws it; `traces` instead of its own, `layout` over its own, where they are given."""
        return Drawn(self.traces if traces is None else traces, {**self.properties, **layout})

    def add_bar(self, **properties: Any) -> None:
        """Add bars."""
        self._add_trace("bar", properties)

    def add_scatter(self, **properties: Any) -> None:
        """Add points or lines."""
        self._add_trace("scatter", properties)

    def add_annotation(self, **properties: Any) -> None:
        """Add a text."""
        self._list("annotations").append(_update({}, properties))

    def add_shape(self, **properties: Any) -> None:
        """Add a line or a rectangle."""
        self._list("shapes").append(_update({}, properties))

    def add_hline(self, y: float, **properties: Any) -> None:
        """Add a line from left to right."""
        self.add_shape(type="line", x0=0, x1=1, xref="x domain", y0=y, y1=y, yref="y", **properties)

    def add_vline(self, x: float, **properties: Any) -> None:
        """Add a line from bottom to top."""
        self.add_shape(type="line", x0=x, x1=x, xref="x", y0=0, y1=1, yref="y domain", **properties)

    def update_layout(self, **properties: Any) -> Self:
        """Set properties of the layout."""
        _update(self.properties, properties)
        return self

    def update_xaxes(self, **properties: Any) -> Self:
        """Set properties of every x axis."""
        return self._update_axes("xaxis", properties)

    def update_yaxes(self, **properties: Any) -> Self:
        """Set properties of every y axis."""
        return self._update_axes("yaxis", properties)

    def _add_trace(self, kind: str, properties: dict[str, Any]) -> None:
        self.traces.append(_update({"type": kind}, properties))

    def _list(self, name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.properties.setdefault(name, [])
        return found

    def _update_axes(self, kind: str, properties: dict[str, Any]) -> Self:
        for name in {kind, *(name for name in self.properties if re.fullmatch(rf"{kind}\d+", name))}:
            _update(self.properties.setdefault(name, {}), properties)
        return self


def _update(target: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    """Put properties into a group of them and return it."""
    for name, value in properties.items():
        first, _, rest = (name, "", "") if name in _OF_TWO_WORDS else name.partition("_")
        if rest:
            _update(target.setdefault(first, {}), {rest: value})
        elif isinstance(value, dict):
            _update(target.setdefault(name, {}), value)
        elif value is None:
            target.pop(name, None)
        else:
            target[name] = value
    return target
