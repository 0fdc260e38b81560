"""HTML of the presentation mode: a slide's head, what it shows, its foot. Every text of it is escaped here.

A slide is drawn on a stage of a fixed size, wide (16:9) or not (4:3), which the style sheet scales to the screen:
what fits the stage fits every screen. Sizes are in the stage's pixels; each text takes the largest that fits.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from dashboard import markup, theme
from dashboard.drawing import Drawn
from dashboard.fitting import count_lines, text_width
from dashboard.labels import MISSING, SIMULATED, number, percent
from dashboard.markup import escape
from dashboard.slides import BigNumber, Slide

_POINTS = 72  # a deck measures in inches, a stage in pixels: one pixel is taken for one point
_LINE = 1.3  # of the letter size
_TITLES, _TEXTS, _FEET = (40, 36, 32, 28, 24), (30, 27, 24, 22, 20, 18, 16, 14), (16, 15, 14, 13, 12, 11)
_GAP = 0.55  # between sentences, of the letter size


@dataclass(frozen=True)
class Stage:
    """What a stage leaves for texts, in pixels: between its margins, and above the bar of buttons.

    enlarged: how many times as large a figure stands there; it is drawn 790 pixels wide, as on a page.
    """

    width: int
    height: int
    enlarged: float


_STAGES = (Stage(1184, 622, 1.498), Stage(944, 670, 1.194))
_HEAD, _FOOT = 110, 84  # the highest that a title and a foot may be
_TALLER = 1.15  # a figure may be than on a page: then gaps between its marks grow more than its letters
_ROOM = 0.97  # of a body's height: estimates of lines are a little off


def head(slide: Slide) -> str:
    """Return a slide's message and what it measures; a cover says both in its middle."""
    mark = f'<p class="dvk-slide-mark">{SIMULATED}</p>' if slide.is_simulated else "<p></p>"
    if slide.kind == "cover":
        return mark
    return (
        f'{mark}<h1 class="dvk-slide-title" style="{_styled(partial(_title_size, slide))}">{escape(slide.title)}</h1>'
        f'<p class="dvk-slide-sub">{escape(slide.subtitle)}</p>'
    )


def body(slide: Slide, snapshot: str) -> str:
    """Return what a slide shows where that is no picture: a cover, big numbers, sentences or a table."""
    if slide.kind == "cover":
        made = _cover(slide)
    elif slide.kind == "numbers":
        made = _numbers(slide)
    else:
        made = (_points if slide.kind == "points" else _table)(slide, snapshot)
    mark = f'<p class="dvk-slide-across" aria-hidden="true">{SIMULATED}</p>' if slide.is_simulated else ""
    return f'<div class="dvk-slide-body">{made}{mark}</div>'


def picture(slide: Slide, snapshot: str) -> Drawn | None:
    """Return the figure that shows what a slide charts, as high as the stages leave it; None where there is none."""
    exhibit, chart = slide.exhibit, slide.chart
    if exhibit is None or exhibit.figure is None:
        return None
    if chart is not None and not {chart.category, *chart.series} <= set(exhibit.table.columns):
        return None  # the screens' figure is of something else
    room = min(_body_height(slide, snapshot, stage) / stage.enlarged for stage in _STAGES)
    return theme.staged(exhibit.figure, min(room, exhibit.figure.height * _TALLER))


def foot(slide: Slide, snapshot: str) -> str:
    """Return what an audience must know of a slide, where it comes from, and of which snapshot it is."""
    said = _foot_text(slide, snapshot)
    return f'<p class="dvk-slide-foot" style="{_styled(partial(_foot_size, said))}">{escape(said)}</p>'


def place_of(number_of_slide: int, count: int) -> str:
    """Return which slide of how many is shown: "3/12"."""
    said = f'role="status" aria-label="Trang {number_of_slide} trên {count}"'
    return f'<p class="dvk-slide-page" {said}>{number_of_slide}/{count}</p>'


def table_of(slide: Slide) -> pd.DataFrame:
    """Return the table a slide shows: of one that is charted elsewhere, the charted columns and those beside them."""
    if slide.chart is None:
        return slide.table
    wanted = dict.fromkeys((slide.chart.category, *slide.chart.series, *slide.beside))
    table = slide.table[[name for name in wanted if name in slide.table]]
    # A stack without one of its parts is there to be compared with, and lacks no figure.
    return table.dropna() if slide.chart.kind == "stacked_bars" else table


def _cover(slide: Slide) -> str:
    heads = "".join(f"<p>{escape(text)}</p>" for text in slide.points)
    return (
        f'<section class="dvk-slide-cover"><div>{heads}</div><h1>{escape(slide.title)}</h1>'
        f"<p>{escape(slide.subtitle)}</p></section>"
    )


def _numbers(slide: Slide) -> str:
    few = " dvk-few" if len(slide.numbers) <= 4 else ""
    return f'<div class="dvk-slide-numbers{few}">{"".join(_number(one) for one in slide.numbers)}</div>'


def _number(one: BigNumber) -> str:
    note = f"<p>{escape(one.note)}</p>" if one.note else ""
    value = f"<strong>{escape(one.value)}</strong> <small>{escape(one.unit)}</small>"
    return f"<section><h2>{escape(one.label)}</h2><p>{value}</p>{note}</section>"


def _points(slide: Slide, snapshot: str) -> str:
    gaps = (len(slide.points) - 1) * _GAP

    def size_on(stage: Stage) -> int:
        room = _body_height(slide, snapshot, stage)
        return _size(_TEXTS, lambda size: _height(slide.points, stage.width - 40, size) + gaps * size <= room)

    said = "".join(f"<li>{escape(text)}</li>" for text in slide.points)
    return f'<ul class="dvk-slide-points" style="{_styled(size_on)}">{said}</ul>'


def _table(slide: Slide, snapshot: str) -> str:
    frame = table_of(slide)
    rows = [[str(name) for name in frame.columns]]
    rows += [
        [_said(value, name in slide.shares) for name, value in zip(frame.columns, row, strict=True)]
        for row in frame.itertuples(index=False, name=None)
    ]

    def size_on(stage: Stage) -> int:
        room = _body_height(slide, snapshot, stage)
        return _size(_TEXTS, lambda size: _table_height(rows, stage.width, size) <= room)

    table = markup.table(frame, slide.shares, whole=True)
    return f'<div class="dvk-slide-table" style="{_styled(size_on)}">{table}</div>'


def _said(value: Any, is_share: bool) -> str:
    """Return a cell about as long as it is shown."""
    if value is None:
        return MISSING
    if isinstance(value, int | float):
        return percent(value) if is_share else number(value)
    return str(value)


def _foot_text(slide: Slide, snapshot: str) -> str:
    said = (*slide.notes, slide.foot, snapshot)
    return " ".join(text if text.endswith(".") else f"{text}." for text in said if text)


def _title_size(slide: Slide, stage: Stage) -> int:
    return _size(_TITLES, lambda size: _height([slide.title], stage.width - 30, size, bold=True) <= _HEAD)


def _foot_size(said: str, stage: Stage) -> int:
    return _size(_FEET, lambda size: _height([said], stage.width, size) <= _FOOT)


def _body_height(slide: Slide, snapshot: str, stage: Stage) -> float:
    """Return what head and foot leave of a stage."""
    said = _foot_text(slide, snapshot)
    title = _height([slide.title], stage.width - 30, _title_size(slide, stage), bold=True)
    below = _height([slide.subtitle], stage.width - 24, 19) + _height([said], stage.width, _foot_size(said, stage))
    return _ROOM * (stage.height - title - below - 20)


def _styled(size_on: Callable[[Stage], int]) -> str:
    """Return the size of a text on either stage as the style sheet reads it."""
    wide, square = (size_on(stage) for stage in _STAGES)
    return f"--on-wide:{wide}px;--on-square:{square}px"


def _size(sizes: Sequence[int], fits: Callable[[int], bool]) -> int:
    """Return the first size that fits, or the smallest."""
    return next((size for size in sizes if fits(size)), sizes[-1])


def _height(texts: Sequence[str], width: float, size: int, *, bold: bool = False) -> float:
    """Return how high texts get below each other."""
    lines = sum(count_lines(text, width / _POINTS, size, bold=bold) for text in texts)
    return lines * size * _LINE


def _table_height(rows: Sequence[Sequence[str]], width: int, size: int) -> float:
    """Return how high a table gets about, its columns as wide as browsers make them."""
    padding = 1.2 * size
    columns = list(zip(*rows, strict=True))
    least = [max(_width(word, size) for text in column for word in text.split() or [""]) for column in columns]
    most = [max(_width(text, size) for text in column) for column in columns]
    spare = width - sum(least) - padding * len(columns)
    if spare < 0:
        return float("inf")
    wanted = sum(most) - sum(least)
    share = min(1.0, spare / wanted) if wanted else 1.0
    widths = [low + (high - low) * share + 1 for low, high in zip(least, most, strict=True)]
    heights = (max(_height([text], room, size) for text, room in zip(row, widths, strict=True)) for row in rows)
    return sum(height + 0.55 * size for height in heights)


def _width(text: str, size: int) -> float:
    return text_width(text, size) * _POINTS
