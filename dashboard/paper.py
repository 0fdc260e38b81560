"""What Word documents share: the Party's layout (guidance 36-HD/VPTW, 3/4/2018), ruled tables, the mark of simulation.

The same content gives the same bytes: nothing here reads the clock.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from dashboard.labels import SIMULATED

FONT = "Times New Roman"
GAP = "\u00a0" * 5  # a clerk writes here; it must not be broken into two lines
CENTRE, LEFT, BOTH = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.JUSTIFY
RIGHT = WD_ALIGN_PARAGRAPH.RIGHT
MARK_COLOUR = RGBColor(0xB4, 0x2B, 0x0A)
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the earliest moment a zip file can name
_UNIX = 3
# What XML 1.0 cannot hold (a vertical tab pasted from Word is one), and marks that turn the reading direction.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Issuer:
    """Who issues a paper: the body above ("" for none), its own name, the sign behind the number, who signs and reads.

    As the catalogue has it (province.toml); nobody's own name is printed.
    """

    parent: str
    name: str
    sign: str
    place: str
    signature: tuple[str, ...]
    copies: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """An A4 page: its margins in mm (top, right, bottom, left) and the size of its text in points."""

    margins: tuple[int, int, int, int] = (20, 15, 20, 30)
    size: float = 14
    head_distance: int = 10


def plain(text: str, longest: int = 300) -> str:
    """Return text on one line as a document can hold it, cut where it is too long to be read."""
    line = " ".join(_UNPRINTABLE.sub("", str(text)).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def new_document(
    title: str, author: str, made_on: date, *, is_simulated: bool, page: Page | None = None
) -> DocumentType:
    """Return an empty document of one section: A4, Times New Roman, Vietnamese; its facts name no person."""
    page = page or Page()
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = map(Mm, page.margins)
    section.header_distance = section.footer_distance = Mm(page.head_distance)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(page.size)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    normal.element.get_or_add_rPr().append(language)
    normal.paragraph_format.space_after = Pt(0)
    facts = document.core_properties
    facts.title, facts.author = plain(title, 250), plain(author, 250)  # core properties hold 255
    facts.comments, facts.keywords = "", SIMULATED if is_simulated else ""
    facts.created = facts.modified = datetime.combine(made_on, time())
    return document


def number_pages(section: Section, *, is_simulated: bool) -> None:
    """Number the pages from the second on, and mark every page of simulated data."""
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = CENTRE
    add_page_number(number)
    if is_simulated:
        number.add_run(" · ")  # one line: two would touch the text
        for paragraph in (number, section.first_page_header.paragraphs[0]):
            add_mark(paragraph)


def add_page_number(paragraph: Paragraph, size: float | None = None) -> None:
    """Add the number of the page that a reader looks at, `size` points high where the paragraph's own does not do."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    run = paragraph.add_run("1")  # what stands there until a program counts
    run.font.size = None if size is None else Pt(size)
    field.append(run._r)
    paragraph._p.append(field)


def add_mark(paragraph: Paragraph) -> None:
    """Add the words that mark simulated data."""
    paragraph.alignment = CENTRE
    run = paragraph.add_run(SIMULATED)
    run.bold = True
    run.font.size, run.font.color.rgb = Pt(12), MARK_COLOUR


def add_head(document: DocumentType, issuer: Issuer, date_line: str, subject: str = "") -> None:
    """Add the two columns every paper begins with: who writes (and about what), the Party's title and the date."""
    names, title, number, day = _cells(plain_table(document, 2, (75, 90)))
    if issuer.parent:
        write(names, plain(issuer.parent), 14)
    write(names, plain(issuer.name), 14, bold=True)
    write(names, "*", 14)
    write(title, "ĐẢNG CỘNG SẢN VIỆT NAM", 15, bold=True, underline=True)
    write(number, f"Số{GAP * 2}-{plain(issuer.sign)}", 14)
    if subject:
        write(number, subject, 12, italic=True)
    write(day, f"{plain(issuer.place)}, {date_line}", 14, italic=True)


def date_line(written_on: date | None, year: int) -> str:
    """Return the day of writing, or for None the gaps in which a clerk writes it, in `year`."""
    if written_on is None:
        return f"ngày{GAP}tháng{GAP}năm\u00a0{year}"
    # Days under 10 and the first two months take a zero, so that nobody can add a figure before them.
    month = f"{written_on.month:02d}" if written_on.month < 3 else f"{written_on.month}"
    return f"ngày {written_on.day:02d} tháng {month} năm {written_on.year}"


def add_foot(document: DocumentType, issuer: Issuer) -> None:
    """Add whom the paper goes to, and the place to sign: nobody's name is printed."""
    add_line(document, "", after=0, with_next=True)
    copies, signing = plain_table(document, 1, (75, 90)).rows[0].cells
    write(copies, "Nơi nhận:", 14, align=LEFT, underline=True)
    for place, text in enumerate(issuer.copies, 1):
        write(copies, f"- {plain(text)}{'.' if place == len(issuer.copies) else ','}", 12, align=LEFT)
    for text in issuer.signature:
        write(signing, plain(text), 14, bold=True)
    for _ in range(5):
        write(signing, "", 14)


def add_line(
    document: DocumentType,
    text: str,
    align: WD_ALIGN_PARAGRAPH = BOTH,
    *,
    indent: bool = False,
    before: float = 6,
    after: float = 6,
    with_next: bool = False,
) -> Paragraph:
    """Add a paragraph as the guidance spaces them."""
    follows_table = document.element.body[-2].tag == qn("w:tbl")  # the last element holds the page's size
    paragraph = document.add_paragraph(text)
    paragraph.alignment = align
    form = paragraph.paragraph_format
    form.space_before = Pt(before + 6 if follows_table else before)
    form.space_after, form.keep_with_next = Pt(after), with_next
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.AT_LEAST, Pt(18)
    form.widow_control = True
    if indent:
        form.first_line_indent = Mm(10)
    return paragraph


def add_table(
    document: DocumentType,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    *,
    size: float = 12,
    aligns: Sequence[WD_ALIGN_PARAGRAPH] = (),
    with_next: bool = False,
) -> Table:
    """Add a ruled table. Its heading stands again on every page, and no row is torn apart.

    with_next: it stays on one page with what follows it.
    """
    table: Table = document.add_table(rows=1 + len(rows), cols=len(heads), style="Table Grid")
    for cell, text in zip(_cells(table, 0), heads, strict=True):
        write(cell, text, size, bold=True).paragraph_format.keep_with_next = with_next or None
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for place, row in enumerate(rows, 1):
        for cell, text, align in zip(_cells(table, place), row, aligns or [LEFT] * len(heads), strict=True):
            write(cell, text, size, align=align).paragraph_format.keep_with_next = with_next or None
    _keep_rows(table)
    _fix_widths(table, widths)
    return table


def plain_table(document: DocumentType, rows: int, widths: Sequence[float]) -> Table:
    """Add a table without rules, to set things beside each other."""
    table: Table = document.add_table(rows=rows, cols=len(widths))
    _fix_widths(table, widths)
    _keep_rows(table)
    return table


def write(
    cell: _Cell,
    text: str,
    size: float,
    *,
    align: WD_ALIGN_PARAGRAPH = CENTRE,
    bold: bool = False,
    italic: bool = False,
    underline: bool = False,
) -> Paragraph:
    """Add a paragraph to a cell; the one a new cell comes with is used first."""
    first = cell.paragraphs[0]
    paragraph: Paragraph = first if not first.runs and len(cell.paragraphs) == 1 else cell.add_paragraph()
    paragraph.alignment = align
    run = paragraph.add_run(text)
    for name, holds in (("bold", bold), ("italic", italic), ("underline", underline)):
        if holds:  # a document has thousands of runs: nothing is set that is so anyway
            setattr(run, name, True)
    run.font.size = Pt(size)
    return paragraph


def packed(document: DocumentType) -> bytes:
    """Return a document as a .docx file; the same document gives the same bytes."""
    stream = io.BytesIO()
    document.save(stream)
    with zipfile.ZipFile(stream) as made:
        return zipped({name: made.read(name) for name in made.namelist()})


def zipped(files: dict[str, bytes]) -> bytes:
    """Return files (name -> content) as a .zip that names no moment and no machine."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as bundle:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, _UNIX, 0o644 << 16
            bundle.writestr(entry, content)
    return stream.getvalue()


def _cells(table: Table, row: int | None = None) -> list[_Cell]:
    """Return the cells of a row or of the whole table; rows and columns of python-docx look them up one by one."""
    width = len(table.columns)
    cells = table._cells
    return cells if row is None else cells[row * width : (row + 1) * width]


def _keep_rows(table: Table) -> None:
    for line in table.rows:
        line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _fix_widths(table: Table, widths: Sequence[float]) -> None:
    """Give columns their widths in mm: programs differ in which of the two places they read."""
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for place, cell in enumerate(_cells(table)):
        cell.width = Mm(widths[place % len(widths)])
