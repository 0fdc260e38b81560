"""The deck of a summary conference: one message a slide, charts and tables that can be edited, a speaker's notes."""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pptx import Presentation
from pptx.util import Inches

from dashboard.choice import Choice
from dashboard.deck import charts, page, shapes
from dashboard.deck.page import Box, Sheet
from dashboard.labels import SIMULATED
from dashboard.paper import plain, zipped
from dashboard.slides import Slide, picked
from dashboard.warehouse import Warehouse

_TITLE_ONLY = 5
_BODY = (1.95, 3.95)
_SMALL = (12.0, 11.0, 10.0, 9.0)


def to_pptx(
    warehouse: Warehouse, choice: Choice, keys: Sequence[str], *, wide: bool = True, with_support: bool = False
) -> bytes:
    """Return the chosen slides in their order as a .pptx file, 16:9 or (not `wide`) 4:3.

    The same snapshot and choice give the same bytes. UnknownSlideError for a key that no slide has. Units are named
    for what they lack only with_support.
    """
    sheet = Sheet(wide)
    found = picked(warehouse, choice, keys, with_support=with_support)
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(sheet.width), Inches(sheet.height)
    _describe(deck, warehouse, found)
    snapshot_id = warehouse.info.get("snapshot_id") or ""
    for one in found:
        _add(deck, sheet, one, snapshot_id)
    return _packed(deck)


def _describe(deck: Any, warehouse: Warehouse, found: Sequence[Slide]) -> None:
    """Name the deck, its maker and its snapshot; its date is the snapshot's."""
    facts = deck.core_properties
    facts.title = plain(found[0].title if found else "", 250)
    facts.author = facts.last_modified_by = plain(warehouse.info.get("commission") or "", 250)
    facts.subject = plain(f"Bản số liệu {warehouse.info.get('snapshot_id', '')}", 250)
    facts.keywords = SIMULATED if warehouse.is_simulated else ""
    facts.language, facts.revision = "vi-VN", 1
    built_at = warehouse.info.get("built_at")
    facts.created = facts.modified = (
        datetime.fromisoformat(built_at).replace(tzinfo=None) if built_at else datetime(2000, 1, 1)
    )


def _add(deck: Any, sheet: Sheet, found: Slide, snapshot_id: str) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
    if found.kind == "cover":
        _add_cover(slide, sheet, found, snapshot_id)
    else:
        _add_frame(slide, sheet, found, snapshot_id)
        _add_body(slide, found, sheet.band(*_BODY))
    if found.is_simulated:
        page.watermark(slide, sheet)
    page.speak(slide, found.spoken)


def _add_cover(slide: Any, sheet: Sheet, found: Slide, snapshot_id: str) -> None:
    """The Party's colours and its order of names: who is above, who speaks, of what."""
    page.rectangle(slide, Box(0, 0, sheet.width, 0.35), page.RED)
    page.rectangle(slide, Box(0, 0.35, sheet.width, 0.06), page.GOLD)
    for place, head in enumerate(found.points[:2]):
        last = place == len(found.points[:2]) - 1
        page.write(slide, sheet.band(0.8 + 0.42 * place, 0.42), head, (20.0, 16.0), bold=last, align=page.CENTRE)
    page.star(slide, Box(sheet.width / 2 - 0.16, 1.72, 0.32, 0.32), page.GOLD)
    page.title(slide, sheet.band(2.2, 1.9), found.title, (44.0, 38.0, 32.0, 26.0), colour=page.RED, align=page.CENTRE)
    middle = sheet.width / 2
    page.line(slide, (middle - 1.2, 4.25), (middle + 1.2, 4.25), page.GOLD)
    page.write(slide, sheet.band(4.4, 0.6), found.subtitle, (26.0, 22.0), align=page.CENTRE)
    notes = " · ".join(found.notes)
    page.write(slide, sheet.band(5.3, 0.7), notes, (16.0, 14.0), colour=page.SOFT, align=page.CENTRE)
    snapshot = f"Bản số liệu {snapshot_id}"
    page.write(slide, sheet.band(6.55, 0.3), snapshot, (11.0,), colour=page.SOFT, align=page.CENTRE)
    page.rectangle(slide, Box(0, 7.15, sheet.width, 0.35), page.RED)


def _add_frame(slide: Any, sheet: Sheet, found: Slide, snapshot_id: str) -> None:
    """Write what surrounds a slide's figure: the message, what is measured, notes, source, snapshot, page."""
    page.rectangle(slide, Box(0, 0, sheet.width, 0.12), page.RED)
    page.rectangle(slide, Box(0, 0.12, sheet.width, 0.03), page.GOLD)
    page.title(slide, sheet.band(0.35, 1.0), found.title, (30.0, 28.0, 26.0, 24.0, 22.0, 20.0, 18.0), colour=page.DEEP)
    page.write(slide, sheet.band(1.38, 0.45), found.subtitle, (16.0, 15.0, 14.0, 13.0, 12.0, 11.0), colour=page.SOFT)
    notes = " ".join(found.notes)
    page.write(slide, sheet.band(6.0, 0.5), notes, (13.0, *_SMALL), anchor=page.BOTTOM, name="Chú thích")
    page.line(slide, (sheet.margin, 6.6), (sheet.width - sheet.margin, 6.6), page.RULE)
    foot = sheet.band(6.67, 0.4)
    page.write(slide, foot, found.foot, _SMALL, colour=page.SOFT, name="Nguồn")
    snapshot = f"Bản số liệu {snapshot_id}"
    page.write(slide, Box(sheet.margin, 7.12, 5, 0.25), snapshot, (10.0,), colour=page.SOFT, name="Bản số liệu")
    page.page_number(slide, Box(sheet.width - sheet.margin - 1, 7.08, 1, 0.28))


def _add_body(slide: Any, found: Slide, box: Box) -> None:
    if found.kind == "chart":
        _add_chart(slide, found, box)
    elif found.kind == "numbers":
        shapes.add_numbers(slide, found.numbers, box)
    elif found.kind == "tiles":
        shapes.add_tiles(slide, found.tiles, box)
    elif found.kind == "table":
        shapes.add_table(slide, found.table, found.shares, box, name=f"Bảng {found.key}")
    else:
        shapes.add_points(slide, found.points, box)


def _add_chart(slide: Any, found: Slide, box: Box) -> None:
    if not found.beside:
        charts.add_chart(slide, found, box)
        return
    left, right = box.split(0.54)
    charts.add_chart(slide, found, left)
    top = Box(right.left, right.top + 0.15, right.width, right.height - 0.15)
    shapes.add_table(slide, found.table[list(found.beside)], found.shares, top, name=f"Bảng {found.key}")


def _packed(deck: Any) -> bytes:
    """Return the deck as a file that names no moment of saving."""
    stream = io.BytesIO()
    deck.save(stream)
    with zipfile.ZipFile(stream) as made:
        return zipped({name: made.read(name) for name in made.namelist()})
