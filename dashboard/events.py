"""Events beside a chart of years, and where their labels go so that none covers another."""

from collections.abc import Sequence
from dataclasses import dataclass

_LETTER = 6.1
_GAP = 10


@dataclass(frozen=True)
class Mark:
    """An event on the axis of years; `until` is the end of a lasting one."""

    start: float
    until: float | None
    label: str


@dataclass(frozen=True)
class PlacedMark:
    """A mark with the side its label stands on (anchor `left`: to the right of the line) and its lane, 0 on top."""

    mark: Mark
    anchor: str
    level: int


def place_labels(marks: Sequence[Mark], first: int, last: int, width: int) -> list[PlacedMark]:
    """Give each label the lowest lane in which it covers no other, on an axis `width` pixels wide."""
    scale = width / (last - first + 1.2)
    lanes: list[list[tuple[float, float]]] = []
    placed = []
    for mark in sorted(marks, key=lambda mark: mark.start):
        at = (max(mark.start, first - 0.5) - first + 0.6) * scale
        length = len(mark.label) * _LETTER + _GAP
        anchor = "left" if at + length <= width else "right"
        extent = (at, at + length) if anchor == "left" else (at - length, at)
        level = next((n for n, lane in enumerate(lanes) if all(_apart(extent, taken) for taken in lane)), len(lanes))
        if level == len(lanes):
            lanes.append([])
        lanes[level].append(extent)
        placed.append(PlacedMark(mark, anchor, level))
    return placed


def _apart(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[1] <= other[0] or one[0] >= other[1]
