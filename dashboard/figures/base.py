"""What all figures share: the empty figure, the mark of what is missing, text that is shown as it is."""

from html import escape
from typing import Any

import pandas as pd

from dashboard.drawing import Figure
from dashboard.labels import SIMULATED
from dashboard.theme import GREY, MISSING_PATTERN, NO_FILL

UNKNOWN = "?"


def watermarked(figure: Figure) -> Figure:
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
        opacity=0.32,
        font={"size": 26, "color": "#D9622B"},
    )
    return figure


def new_figure(height: int) -> Figure:
    """Return an empty figure; the template comes with the ground that it is shown on."""
    return Figure(height=height, separators=",.")


def plain(text: object) -> str:
    """Return text that a chart shows as it is: charts read a few HTML tags."""
    return escape(str(text), quote=False)


def destinations(rows: pd.DataFrame) -> list[str] | None:
    """Return where each mark of a trace leads when it is clicked: the optional column `link`."""
    return [link or "" for link in rows["link"]] if "link" in rows else None


def missing_marker() -> dict[str, Any]:
    """Return the hatch of what is missing."""
    return {"pattern": MISSING_PATTERN, "color": NO_FILL, "line": {"color": GREY, "width": 1}}
