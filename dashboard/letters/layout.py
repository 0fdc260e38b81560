"""The letter on paper: A4, Times New Roman 14, the parts where the Party's guidance 36-HD/VPTW (2018) puts them."""

import io
from collections.abc import Sequence
from datetime import datetime, time

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
from dashboard.letters import content
from dashboard.letters.facts import Office, Reminder, plain

FONT = "Times New Roman"
_GAP = "\u00a0" * 5  # a clerk writes here; it must not be broken into two lines
_WIDTHS = {3: (30, 18, 117), 4: (30, 18, 45, 72)}  # mm, of the failing cells' columns
CENTRE, LEFT, BOTH = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.JUSTIFY


def reminder(found: Reminder) -> bytes:
    """Return the letter as a .docx file; NothingToRemind when there is nothing to say."""
    found.require_content()
    document = Document()
    _prepare(document, found)
    _add_head(document, found)
    _add_line(document, f"Kính gửi: {plain(found.addressee)}", CENTRE, before=12, after=12)
    _add_body(document, found)
    _add_foot(document, found.office)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _prepare(document: DocumentType, found: Reminder) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = section.footer_distance = Mm(10)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(14)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    normal.element.get_or_add_rPr().append(language)
    normal.paragraph_format.space_after = Pt(0)
    _add_page_heads(section, found.is_simulated)
    facts = document.core_properties
    facts.title, facts.author = content.subject(found), plain(found.office.commission)
    facts.comments, facts.keywords = "", SIMULATED if found.is_simulated else ""
    facts.created = facts.modified = datetime.combine(found.counted_on, time())


def _add_page_heads(section: Section, is_simulated: bool) -> None:
    """Number the pages from the second on, and mark every page of a simulated letter."""
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = CENTRE
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    number._p.append(field)
    if is_simulated:
        number.add_run(" · ")  # one line: two would touch the text
        for paragraph in (number, section.first_page_header.paragraphs[0]):
            paragraph.alignment = CENTRE
            run = paragraph.add_run(SIMULATED)
            run.bold = True
            run.font.size, run.font.color.rgb = Pt(12), RGBColor(0xB4, 0x2B, 0x0A)


def _add_head(document: DocumentType, found: Reminder) -> None:
    """Add the two columns every letter begins with: who writes and about what, the Party's title and the date."""
    office = found.office
    table = _plain_table(document, 2, (75, 90))
    names, title = table.rows[0].cells
    _write(names, plain(office.parent), 14)
    _write(names, plain(office.name), 14, bold=True)
    _write(names, "*", 14)
    _write(title, "ĐẢNG CỘNG SẢN VIỆT NAM", 15, bold=True, underline=True)
    number, day = table.rows[1].cells
    _write(number, f"Số{_GAP * 2}-{plain(office.sign)}", 14)
    _write(number, content.subject(found), 12, italic=True)
    _write(day, f"{plain(office.place)}, {_date_line(found)}", 14, italic=True)


def _date_line(found: Reminder) -> str:
    """Return the day of writing, or the gaps in which a clerk writes it."""
    written = found.written_on
    if written is None:
        return f"ngày{_GAP}tháng{_GAP}năm\u00a0{found.counted_on.year}"
    # Days under 10 and the first two months take a zero, so that nobody can add a figure before them.
    month = f"{written.month:02d}" if written.month < 3 else f"{written.month}"
    return f"ngày {written.day:02d} tháng {month} năm {written.year}"


def _add_body(document: DocumentType, found: Reminder) -> None:
    _add_line(document, content.opening(found), indent=True)
    parts = [bool(found.missing), bool(found.failing), bool(found.doubts)]
    numbers = iter(("1. ", "2. ", "3. ") if sum(parts) > 1 else ("", "", ""))
    if found.missing:
        _add_line(document, next(numbers) + content.missing_lead(), indent=True)
        lines = content.missing_lines(found.missing)
        for place, line in enumerate(lines, 1):
            _add_line(document, f"- {line}{'.' if place == len(lines) else ';'}", indent=True)
    if found.failing:
        _add_line(document, next(numbers) + content.failing_lead(), indent=True, with_next=True)
        for file, rows, left_out in content.failing_files(found):
            _add_line(document, file, indent=True, with_next=True)
            heads = content.failing_heads(found)
            _add_table(document, heads, rows, _WIDTHS[len(heads)], left_out)
    if found.doubts:
        _add_line(document, next(numbers) + content.doubt_lead(), indent=True, with_next=True)
        left_out = content.left_out(len(found.doubts))
        heads = ("Kỳ", "Trang tính", "Ô", "Nội dung")
        _add_table(document, heads, content.doubt_rows(found), (28, 27, 18, 92), left_out)
    _add_line(document, content.request(found), indent=True)
    if found.missing:
        _add_line(document, content.not_arising(), indent=True)
    _add_line(document, content.thanks(found), indent=True, with_next=True)


def _add_foot(document: DocumentType, office: Office) -> None:
    """Add whom the letter goes to, and the place to sign: nobody's name is printed."""
    _add_line(document, "", after=0, with_next=True)
    copies, signing = _plain_table(document, 1, (75, 90)).rows[0].cells
    _write(copies, "Nơi nhận:", 14, align=LEFT, underline=True)
    for place, text in enumerate(office.copies, 1):
        _write(copies, f"- {plain(text)}{'.' if place == len(office.copies) else ','}", 12, align=LEFT)
    for text in office.signature:
        _write(signing, plain(text), 14, bold=True)
    for _ in range(5):
        _write(signing, "", 14)


def _add_line(
    document: DocumentType,
    text: str,
    align: WD_ALIGN_PARAGRAPH = BOTH,
    *,
    indent: bool = False,
    before: float = 6,
    after: float = 6,
    with_next: bool = False,
) -> Paragraph:
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


def _add_table(
    document: DocumentType,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[int],
    left_out: str,
) -> None:
    """Add a ruled table and what is said of rows left out.

    Its heading stands again on every page, and no row is torn apart.
    """
    table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    _fix_widths(table, widths)
    for cell, text in zip(table.rows[0].cells, heads, strict=True):
        _write(cell, text, 12, bold=True)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            _write(cell, text, 12, align=LEFT)
    for line in table.rows:
        line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    _fix_widths(table, widths)
    if left_out:
        _add_line(document, left_out, before=2)


def _plain_table(document: DocumentType, rows: int, widths: Sequence[int]) -> Table:
    table: Table = document.add_table(rows=rows, cols=len(widths))
    _fix_widths(table, widths)
    for line in table.rows:
        line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    return table


def _fix_widths(table: Table, widths: Sequence[int]) -> None:
    """Give columns their widths in mm: programs differ in which of the two places they read."""
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def _write(
    cell: _Cell,
    text: str,
    size: int,
    *,
    align: WD_ALIGN_PARAGRAPH = CENTRE,
    bold: bool = False,
    italic: bool = False,
    underline: bool = False,
) -> None:
    """Add a paragraph to a cell; the one a new cell comes with is used first."""
    first = cell.paragraphs[0]
    paragraph = first if not first.runs and len(cell.paragraphs) == 1 else cell.add_paragraph()
    paragraph.alignment = align
    run = paragraph.add_run(text)
    run.bold, run.italic, run.underline = bold, italic, underline
    run.font.size = Pt(size)
