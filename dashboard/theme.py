"""One look for every chart: colours, fonts, separators, the mark of what is missing.

Text and grid colours come from the template alone, so that a figure built once can be shown on a light or
a dark ground. Colours in this module reach a contrast of 3:1 as shapes and 4,5:1 as text on their ground.
"""

from typing import Any

from dashboard.drawing import Drawn, Figure

FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif'
ACCENT = "#44698F"
HIGHLIGHT = "#C2410C"
GREY = "#8A929C"
SCALE = ("#EEF3F8", "#C5D6E6", "#8FB1CF", "#5486B0", "#2B5C8A", "#153B5E")
NO_FILL = "rgba(0,0,0,0)"
MISSING_PATTERN = {"shape": "/", "fgcolor": GREY, "bgcolor": NO_FILL, "size": 6, "solidity": 0.25}
PROVISIONAL_PATTERN = {"shape": ".", "fgcolor": "#FFFFFF", "size": 5, "solidity": 0.35, "fillmode": "overlay"}
FIELD_COLOURS = ("#E08E0B", "#0B6FB8", "#1B9E77", "#8E1B3A", "#7A828C", "#B4BAC2")


def _steady(text: str) -> dict[str, Any]:
    """Return how marks look once one was clicked: as before."""
    look = {"marker": {"opacity": 1}, "textfont": {"color": text}}
    return {"selected": look, "unselected": look}


def _template(text: str, ground: str, grid: str, outline: str) -> dict[str, Any]:
    axis: dict[str, Any] = {
        "gridcolor": grid,
        "linecolor": grid,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "automargin": True,
        "fixedrange": True,
        "title": {"font": {"size": 12}},
    }
    # A clicked mark is named in words below the chart; the others do not fade.
    steady = _steady(text)
    return {
        "layout": {
            "font": {"family": FONT, "size": 13, "color": text},
            "paper_bgcolor": ground,
            "plot_bgcolor": ground,
            "separators": ",.",
            "colorway": [ACCENT, *FIELD_COLOURS],
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": axis,
            "yaxis": axis,
            "hoverlabel": {"font": {"family": FONT, "size": 13}},
            "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
            "dragmode": False,
            "bargap": 0.25,
            "showlegend": False,
        },
        # An outline keeps dark field colours apart from a dark ground.
        "data": {
            "bar": [
                {"type": "bar", "marker": {"line": {"color": outline, "width": 0.8}}, "cliponaxis": False, **steady}
            ],
            "scatter": [{"type": "scatter", **steady}],
        },
    }


LIGHT = _template("#1F2933", "#FFFFFF", "#E3E7EC", "#FFFFFF")
DARK = _template("#E6EAF0", "#12161C", "#2C333D", "#C9D1DC")


def themed(figure: Figure, *, dark: bool, **layout: Any) -> Drawn:
    """Return the figure for a light or a dark ground; texts in a colour of their own keep it beside a clicked mark."""
    template = DARK if dark else LIGHT
    return figure.drawn([_on(template, trace) for trace in figure.traces], template=template, **layout)


def _on(template: dict[str, Any], trace: dict[str, Any]) -> dict[str, Any]:
    """Return a trace on its ground. Within a bar plotly writes for its colour, and takes none for white."""
    if trace["type"] == "bar" and trace["marker"].get("color") == NO_FILL:
        return {**trace, "insidetextfont": {"color": template["layout"]["font"]["color"]}}
    colour = trace.get("textfont", {}).get("color")
    return {**trace, **_steady(colour)} if isinstance(colour, str) else trace


def staged(figure: Figure, height: float) -> Drawn:
    """Return the figure for a stage: on a light ground, `height` pixels high; the style sheet enlarges it whole."""
    return themed(figure, dark=False, height=round(height))


def text_on(colour: str) -> str:
    """Return black or white, whichever reads better on `colour` (#RRGGBB)."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#FFFFFF" if 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 else "#111111"


def shade(value: float, high: float) -> str:
    """Return the step of the scale for `value` between 0 and `high`: from zero, so that noise does not look large."""
    return SCALE[min(int(value / high * len(SCALE)), len(SCALE) - 1)] if high > 0 else SCALE[0]
