"""What a slide shows besides charts: big figures, tiles, tables, sentences."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from pptx.dml.color import RGBColor
from pptx.oxml.ns import qn
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Inches, Pt

from dashboard.deck import page
from dashboard.deck.page import Box
from dashboard.fitting import count_lines, fitted, text_width
from dashboard.labels import number, percent
from dashboard.paper import plain
from dashboard.slides.slide import BigNumber, Tile
from dashboard.theme import HIGHLIGHT, text_on

_UNKNOWN = "?"
_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
_PAD = 0.08
_ROW = 0.42  # inches: rows closer than this are hard to follow from the back of a hall
_WORD = 14  # letters of a word that is not torn apart
_SIZES = (18.0, 16.0, 15.0, 14.0, 13.0, 12.0, 11.0, 10.0)


def add_numbers(slide: Any, numbers: Sequence[BigNumber], box: Box) -> None:
    """Draw big figures as cards, side by side."""
    across = min(4 if box.width > 10 else 2, len(numbers))
    down = -(-len(numbers) // across)
    gap = 0.2
    width = (box.width - gap * (across - 1)) / across
    height = min(3.2, (box.height - gap * (down - 1)) / down)
    top = box.top + (box.height - down * height - (down - 1) * gap) / 2
    for place, one in enumerate(numbers):
        left = box.left + (place % across) * (width + gap)
        _add_card(slide, one, Box(left, top + (place // across) * (height + gap), width, height))


def _add_card(slide: Any, one: BigNumber, box: Box) -> None:
    page.rectangle(slide, box, page.PALE, name=plain(one.label, 60))
    page.rectangle(slide, Box(box.left, box.top, box.width, 0.05), page.GOLD)
    inner = Box(box.left + 0.15, box.top + 0.15, box.width - 0.3, box.height - 0.25)
    parts = (
        (one.label, 0.0, 0.22, (18.0, 16.0, 14.0, 12.0, 11.0, 10.0), page.INK, True),
        (one.value, 0.22, 0.34, (60.0, 54.0, 48.0, 40.0, 34.0, 28.0, 24.0), page.DEEP, True),
        (one.unit, 0.56, 0.13, (16.0, 14.0, 12.0, 11.0), page.SOFT, False),
        (one.note, 0.7, 0.3, (14.0, 13.0, 12.0, 11.0, 10.0, 9.0), page.SOFT, False),
    )
    for text, top, height, sizes, colour, bold in parts:
        place = Box(inner.left, inner.top + top * inner.height, inner.width, height * inner.height)
        page.write(slide, place, text, sizes, colour=colour, bold=bold)


def add_tiles(slide: Any, tiles: Sequence[Tile], box: Box) -> None:
    """Draw districts as tiles placed roughly as on the map; hatched where there is no figure."""
    if not tiles:
        return
    rows, cols = [tile.row for tile in tiles], [tile.col for tile in tiles]
    across, down = max(cols) - min(cols) + 1, max(rows) - min(rows) + 1
    width, height = min(1.9, box.width / across), min(1.3, box.height / down)
    left = box.left + (box.width - width * across) / 2
    top = box.top + (box.height - height * down) / 2
    for tile in tiles:
        place = Box(
            left + (tile.col - min(cols)) * width + 0.03,
            top + (tile.row - min(rows)) * height + 0.03,
            width - 0.06,
            height - 0.06,
        )
        shape = page.rectangle(slide, place, tile.fill, page.RULE, name=plain(tile.label, 60))
        if tile.is_chosen:
            shape.line.color.rgb, shape.line.width = RGBColor.from_string(HIGHLIGHT.lstrip("#")), Pt(3)
        colour = text_on(tile.fill).lstrip("#") if tile.fill else page.INK
        _write_tile(shape.text_frame, tile, place, colour)


def _write_tile(frame: Any, tile: Tile, box: Box, colour: str) -> None:
    page.prepare(frame, 0.02)
    frame.vertical_anchor = page.MIDDLE
    room = box.height - 0.06
    name = fitted(plain(tile.label, 60), box.width - 0.06, room * 0.55, (13.0, 12.0, 11.0, 10.0, 9.0, 8.0))
    paragraphs = (frame.paragraphs[0], frame.add_paragraph())
    looks = ((name.text, name.size, False), (plain(tile.text, 20), min(16.0, name.size + 3), True))
    for paragraph, (text, size, bold) in zip(paragraphs, looks, strict=True):
        paragraph.alignment = page.CENTRE
        page.add_run(paragraph, text, size, colour=colour, bold=bold)


def add_points(slide: Any, points: Sequence[str], box: Box) -> None:
    """Write sentences under each other, each behind a small red mark."""
    inner = Box(box.left + 0.35, box.top, box.width - 0.35, box.height)
    texts = [plain(point, 600) for point in points]
    found = page.fit_together(texts, inner, (22.0, 20.0, 18.0, 16.0, 14.0, 12.0), after=12)
    top = inner.top
    for one in found:
        page.rectangle(slide, Box(box.left, top + one.size / 72 * 0.36, 0.12, 0.12), page.RED)
        page.write(slide, Box(inner.left, top, inner.width, one.height + 0.04), one.text, (one.size,))
        top += one.height + 12 / 72


def add_table(slide: Any, table: pd.DataFrame, shares: Sequence[str], box: Box, *, name: str) -> None:
    """Draw a table that can be edited, its letters as large as its rows fit; cells too long are cut with "…"."""
    heads = [plain(head, 60) for head in table.columns]
    rows = [[_text(value, is_share=head in shares) for head, value in row.items()] for row in _rows(table)]
    numeric = [_is_numeric(table[head]) for head in table.columns]
    widths = _widths(heads, rows, box.width)
    size, heights = _heights([heads, *rows], widths, box.height)
    frame = slide.shapes.add_table(
        len(rows) + 1, len(heads), Inches(box.left), Inches(box.top), Inches(box.width), Inches(sum(heights))
    )
    frame.name = plain(name, 60)
    grid = frame.table
    grid._tbl.tblPr.find(qn("a:tableStyleId")).text = _NO_STYLE
    for place, width in enumerate(widths):
        grid.columns[place].width = Inches(width)
    for down, texts in enumerate([heads, *rows]):
        grid.rows[down].height = Inches(heights[down])
        for across, text in enumerate(texts):
            room = Box(0, 0, widths[across] - 2 * _PAD, heights[down] - 2 * _PAD * 0.5)
            _write_cell(grid.cell(down, across), text, room, size, is_head=down == 0, to_right=numeric[across])


def _text(value: Any, *, is_share: bool) -> str:
    if value is None:
        return _UNKNOWN
    if is_share:
        return percent(value)
    if isinstance(value, float):
        return number(value, 2)
    return number(value) if isinstance(value, int) else plain(str(value), 600)


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.itertuples(index=False, name=None)]


def _is_numeric(column: pd.Series) -> bool:
    known = column.dropna()
    return len(known) > 0 and all(isinstance(value, int | float) for value in known)


def _widths(heads: Sequence[str], rows: Sequence[Sequence[str]], width: float) -> list[float]:
    """Share the width out: room for its longest word to every column, then by what the columns say."""
    columns = list(zip(heads, *rows, strict=True))
    longest = [max(min(len(text), 140) for text in column) for column in columns]
    short = [min(max(len(text) for text in column) * 1.1, 14) for column in columns]
    weights = [max(length**0.75, least * 0.75, 4) for length, least in zip(longest, short, strict=True)]
    words = [max((word for text in column for word in text.split(" ")), key=len, default="") for column in columns]
    least = [text_width(word[:_WORD], _SIZES[-2], bold=True) + 2 * _PAD for word in words]
    rest = max(0.0, width - sum(least))
    shared = [own + rest * weight / sum(weights) for own, weight in zip(least, weights, strict=True)]
    return [width * one / sum(shared) for one in shared]


def _heights(lines: Sequence[Sequence[str]], widths: Sequence[float], height: float) -> tuple[float, list[float]]:
    """Return the largest letter size at which all rows fit, with their heights; at the smallest rows are cut."""
    found: list[float] = []
    largest = 18.0 if sum(widths) > 6 else 14.0
    for size in (one for one in _SIZES if one <= largest):
        found = [_row_height(texts, widths, size, is_head=place == 0) for place, texts in enumerate(lines)]
        even = [found[0], *[max(_ROW, *found)] * (len(found) - 1)]
        if sum(found) <= height:
            return size, even if sum(even) <= height else found
    share = height / sum(found)
    return _SIZES[-1], [one * share for one in found]


def _row_height(texts: Sequence[str], widths: Sequence[float], size: float, *, is_head: bool) -> float:
    most = max(
        count_lines(text, width - 2 * _PAD, size, bold=is_head) for text, width in zip(texts, widths, strict=True)
    )
    return most * size * 1.22 / 72 + 2 * _PAD * 0.6


def _write_cell(cell: Any, text: str, room: Box, size: float, *, is_head: bool, to_right: bool) -> None:
    cell.margin_left = cell.margin_right = Inches(_PAD)
    cell.margin_top = cell.margin_bottom = Inches(_PAD * 0.4)
    cell.vertical_anchor = page.MIDDLE
    cell.fill.solid()
    cell.fill.fore_color.rgb = RGBColor.from_string("E8ECF1" if is_head else "FFFFFF")
    found = fitted(text, room.width, room.height + 0.02, (size,), bold=is_head)
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = page.RIGHT if to_right else page.LEFT
    page.add_run(paragraph, found.text, size, bold=is_head)
    _underline(cell, page.RED if is_head else page.RULE)


def _underline(cell: Any, colour: str) -> None:
    """Rule a line under a cell; the schema wants it before the cell's fill."""
    border = OxmlElement("a:lnB")
    border.set("w", str(Pt(1)))
    fill = page.child(page.child(border, "a:solidFill"), "a:srgbClr")
    fill.set("val", colour)
    cell._tc.get_or_add_tcPr().insert(0, border)
