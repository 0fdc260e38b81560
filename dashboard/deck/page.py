"""The sheet a slide is drawn on: its size and places in inches, its texts, the mark of simulation, the notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_LINE, MSO_PATTERN
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Inches, Pt

from dashboard.fitting import Fitted, fitted
from dashboard.labels import SIMULATED
from dashboard.paper import plain

FONT = "Arial"
RED, GOLD, INK, SOFT, RULE, PALE, DEEP = "B3201B", "E0A526", "1F2933", "52606D", "C9D1DA", "F3F5F8", "153B5E"
MARK = "D9622B"
CENTRE, LEFT, RIGHT = PP_ALIGN.CENTER, PP_ALIGN.LEFT, PP_ALIGN.RIGHT
TOP, MIDDLE, BOTTOM = MSO_ANCHOR.TOP, MSO_ANCHOR.MIDDLE, MSO_ANCHOR.BOTTOM
_LONGEST = 1200


@dataclass(frozen=True)
class Box:
    """A place on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float

    @property
    def emu(self) -> tuple[int, int, int, int]:
        """The place in the file's units."""
        return Inches(self.left), Inches(self.top), Inches(self.width), Inches(self.height)

    def split(self, share: float, gap: float = 0.25) -> tuple["Box", "Box"]:
        """Return a left part of a share of the width, and the rest."""
        first = (self.width - gap) * share
        rest = self.width - gap - first
        return (
            Box(self.left, self.top, first, self.height),
            Box(self.left + first + gap, self.top, rest, self.height),
        )


@dataclass(frozen=True)
class Sheet:
    """The size of every slide: wide (16:9) or not (4:3), both 7,5 inches high."""

    wide: bool

    @property
    def width(self) -> float:
        """The width in inches."""
        return 13.333 if self.wide else 10.0

    @property
    def height(self) -> float:
        """The height in inches."""
        return 7.5

    @property
    def margin(self) -> float:
        """What stays free left and right."""
        return 0.6 if self.wide else 0.45

    @property
    def inner(self) -> float:
        """The width between the margins."""
        return self.width - 2 * self.margin

    def band(self, top: float, height: float) -> Box:
        """Return a place from margin to margin."""
        return Box(self.margin, top, self.inner, height)


def write(
    slide: Any,
    box: Box,
    text: str,
    sizes: tuple[float, ...],
    *,
    colour: str = INK,
    bold: bool = False,
    align: PP_ALIGN = LEFT,
    anchor: MSO_ANCHOR = TOP,
    name: str = "",
) -> Any:
    """Write a text into a place, as large as it fits; returns the shape."""
    shape = slide.shapes.add_textbox(*box.emu)
    if name:
        shape.name = name
    fill_text(shape.text_frame, box, [plain(text, _LONGEST)], sizes, colour=colour, bold=bold, align=align)
    shape.text_frame.vertical_anchor = anchor
    return shape


def fill_text(
    frame: Any,
    box: Box,
    texts: Sequence[str],
    sizes: tuple[float, ...],
    *,
    colour: str = INK,
    bold: bool = False,
    align: PP_ALIGN = LEFT,
    after: float = 0,
) -> None:
    """Write paragraphs into a text frame at the one size at which all of them fit; `after`: points between them."""
    prepare(frame)
    for place, found in enumerate(fit_together(texts, box, sizes, bold=bold, after=after)):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.alignment = align
        paragraph.space_after = Pt(after)
        add_run(paragraph, found.text, found.size, colour=colour, bold=bold)


def fit_together(
    texts: Sequence[str], box: Box, sizes: tuple[float, ...], *, bold: bool = False, after: float = 0
) -> list[Fitted]:
    """Return the texts at the largest size at which they stand under each other, at the smallest cut to equal parts."""
    gaps = after / 72 * max(0, len(texts) - 1)
    for size in sizes:
        found = [fitted(text, box.width, 1000, (size,), bold=bold) for text in texts]
        if sum(one.height for one in found) + gaps <= box.height:
            return found
    room = (box.height - gaps) / max(1, len(texts))
    return [fitted(text, box.width, room, sizes[-1:], bold=bold) for text in texts]


def prepare(frame: Any, margin: float = 0) -> None:
    """Make a text frame wrap, keep its size and give all its room to the text."""
    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Inches(margin)


def add_run(paragraph: Any, text: str, size: float, *, colour: str = INK, bold: bool = False) -> Any:
    """Add text to a paragraph; it is Vietnamese, so that nobody's spelling check underlines it."""
    run = paragraph.add_run()
    run.text = text
    set_font(run.font, size, colour=colour, bold=bold)
    run.font._element.set("lang", "vi-VN")
    return run


def set_font(font: Any, size: float, *, colour: str = INK, bold: bool = False) -> None:
    """Give a font its face, size in points, colour and weight."""
    font.name, font.size, font.bold = FONT, Pt(size), bold
    font.color.rgb = RGBColor.from_string(colour)


def rectangle(slide: Any, box: Box, fill: str | None, line: str | None = None, *, name: str = "") -> Any:
    """Draw a rectangle; without a fill it is hatched, as what is missing is."""
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *box.emu)
    _plain_look(shape)
    if name:
        shape.name = name
    if fill is None:
        hatch(shape.fill)
    else:
        shape.fill.solid()
        shape.fill.fore_color.rgb = RGBColor.from_string(fill.lstrip("#"))
    if line is None:
        shape.line.fill.background()
    else:
        shape.line.color.rgb = RGBColor.from_string(line.lstrip("#"))
        shape.line.width = Pt(1)
    return shape


def star(slide: Any, box: Box, fill: str) -> None:
    """Draw a five-pointed star: as a letter it is missing in many fonts."""
    shape = slide.shapes.add_shape(MSO_SHAPE.STAR_5_POINT, *box.emu)
    _plain_look(shape)
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string(fill)
    shape.line.fill.background()


def _plain_look(shape: Any) -> None:
    """Take the theme's shadow and shine off a shape."""
    shape._element.remove(shape._element.find(qn("p:style")))


def hatch(fill: Any) -> None:
    """Hatch what is missing."""
    fill.patterned()
    fill.pattern = MSO_PATTERN.LIGHT_UPWARD_DIAGONAL
    fill.fore_color.rgb = RGBColor.from_string("8A929C")
    fill.back_color.rgb = RGBColor.from_string("FFFFFF")


def line(slide: Any, start: tuple[float, float], end: tuple[float, float], colour: str, *, dashed: bool = False) -> Any:
    """Draw a straight line between two points in inches."""
    shape = slide.shapes.add_connector(
        MSO_CONNECTOR.STRAIGHT, Inches(start[0]), Inches(start[1]), Inches(end[0]), Inches(end[1])
    )
    _plain_look(shape)
    shape.line.color.rgb = RGBColor.from_string(colour.lstrip("#"))
    shape.line.width = Pt(1.25)
    if dashed:
        shape.line.dash_style = MSO_LINE.DASH
    return shape


def title(slide: Any, box: Box, text: str, sizes: tuple[float, ...], **look: Any) -> None:
    """Write a slide's message into its title placeholder, so that outline and screen readers find it."""
    shape = slide.shapes.title
    shape.left, shape.top, shape.width, shape.height = box.emu
    anchor = look.pop("anchor", MIDDLE)
    fill_text(shape.text_frame, box, [plain(text, _LONGEST)], sizes, bold=True, **look)
    shape.text_frame.vertical_anchor = anchor


def child(parent: Any, tag: str) -> Any:
    """Add an element of the file's own language, e.g. "a:alpha", to another and return it."""
    found = OxmlElement(tag)
    parent.append(found)
    return found


def page_number(slide: Any, box: Box) -> None:
    """Write the number of the page as a field: it stays right when slides are moved."""
    shape = slide.shapes.add_textbox(*box.emu)
    shape.name = "Số trang"
    prepare(shape.text_frame)
    paragraph = shape.text_frame.paragraphs[0]
    paragraph.alignment = RIGHT
    field = child(paragraph._p, "a:fld")
    field.set("id", "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}")
    field.set("type", "slidenum")
    look = child(field, "a:rPr")
    look.set("lang", "vi-VN")
    look.set("sz", "1200")
    colour = child(child(look, "a:solidFill"), "a:srgbClr")
    colour.set("val", SOFT)
    child(look, "a:latin").set("typeface", FONT)
    child(field, "a:t").text = "‹#›"


def watermark(slide: Any, sheet: Sheet) -> None:
    """Write the mark of simulated data across a slide, over everything else."""
    width, height = sheet.width * 0.72, 1.0
    box = Box((sheet.width - width) / 2, (sheet.height - height) / 2, width, height)
    shape = write(slide, box, SIMULATED, (54.0, 44.0, 36.0), colour=MARK, bold=True, align=CENTRE, name="Mô phỏng")
    shape.text_frame.vertical_anchor = MIDDLE
    shape.rotation = -18
    colour = shape.text_frame.paragraphs[0].runs[0].font._element.find(f".//{qn('a:srgbClr')}")
    child(colour, "a:alpha").set("val", "24000")


def speak(slide: Any, texts: Sequence[str]) -> None:
    """Write the speaker's notes."""
    slide.notes_slide.notes_text_frame.text = "\n".join(plain(text, _LONGEST) for text in texts)
