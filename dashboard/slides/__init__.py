"""Slides as data: what the deck and the presentation mode show of one snapshot. They know neither of the two."""

from dashboard.slides.content import NAMES, PRESET_NAMES, PRESETS, UnknownSlideError, picked, slides
from dashboard.slides.slide import BigNumber, Chart, Slide, Tile

__all__ = [
    "NAMES",
    "PRESETS",
    "PRESET_NAMES",
    "BigNumber",
    "Chart",
    "Slide",
    "Tile",
    "UnknownSlideError",
    "picked",
    "slides",
]
