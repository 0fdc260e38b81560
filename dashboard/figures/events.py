"""Events beside a chart of years, and where their labels go so that none covers another."""

from collections.abc import Sequence
from dataclasses import dataclass

_LETTER = 5.7
_GAP = 6


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
    """Give each label the highest lane in which it covers no other and no line, on an axis `width` pixels wide.

    A mark's line runs from its label down to the columns, so it also has to pass the labels below it.
    """
    scale = width / (last - first + 1.2)
    placed: list[PlacedMark] = []
    boxes: list[_Box] = []
    for mark in sorted(marks, key=lambda mark: mark.start):
        line = (max(mark.start, first - 0.5) - first + 0.6) * scale
        length = len(mark.label) * _LETTER + _GAP
        tries = [
            _Box(anchor, lane, line, start, start + length)
            for lane in range(len(boxes) + 1)
            for anchor, start in (("left", line), ("right", line - length))
            if start >= 0 and start + length <= width
        ]
        # A line through a label is ugly, a label on a label unreadable: only the second is never accepted.
        apart = [box for box in tries if not any(box.covers(other) for other in boxes)]
        best = next((box for box in apart if not any(box.crosses(other) for other in boxes)), apart[0])
        boxes.append(best)
        placed.append(PlacedMark(mark, best.anchor, best.lane))
    return placed


@dataclass(frozen=True)
class _Box:
    """A label's place in pixels: its side and lane, its mark's line, its left and right end."""

    anchor: str
    lane: int
    line: float
    start: float
    end: float

    def covers(self, other: "_Box") -> bool:
        return self.lane == other.lane and self.start < other.end and self.end > other.start

    def crosses(self, other: "_Box") -> bool:
        upper, lower = (self, other) if self.lane < other.lane else (other, self)
        return upper.lane < lower.lane and lower.start < upper.line < lower.end
