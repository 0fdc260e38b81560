"""Charts as pure functions: a frame with its texts in, a figure out. They know no snapshot and no choice.

Every frame holds `value` (None: missing) and `text` (the value as shown). A missing value is a hatched
mark with "?", never a bar of length zero; a zero is the figure 0 without a hatch. An optional column `link` says
where a mark leads when it is clicked (the mark's customdata).
"""

from dashboard.drawing import Figure
from dashboard.figures.bars import bars
from dashboard.figures.base import watermarked
from dashboard.figures.cells import heat_map, tile_map
from dashboard.figures.concentration import lorenz
from dashboard.figures.funnels import funnel
from dashboard.figures.maps import district_map
from dashboard.figures.pairs import paired_bars
from dashboard.figures.panels import group_lines, year_panels
from dashboard.figures.ranges import intervals, spine
from dashboard.figures.states import State, state_grid
from dashboard.figures.years import stacked_years, year_columns, year_line

__all__ = [
    "Figure",
    "State",
    "bars",
    "district_map",
    "funnel",
    "group_lines",
    "heat_map",
    "intervals",
    "lorenz",
    "paired_bars",
    "spine",
    "stacked_years",
    "state_grid",
    "tile_map",
    "watermarked",
    "year_columns",
    "year_line",
    "year_panels",
]
