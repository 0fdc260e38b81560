"""A dense A4 page for a meeting: small tables, each with unit, period, source and completeness under it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph

from dashboard import labels, paper
from dashboard.exhibit import Exhibit
from dashboard.labels import number, percent
from dashboard.paper import BOTH, CENTRE, LEFT, RIGHT, Page, plain
from dashboard.scope import Scope
from dashboard.warehouse import Warehouse

WIDTH = 182  # mm between the margins
TEXT, SMALL = 9.5, 7.5  # points
_PAGE = Page(margins=(15, 14, 13, 14), size=TEXT, head_distance=6)
_GREY = RGBColor(0x50, 0x58, 0x62)


def built_on(warehouse: Warehouse) -> date:
    """Return the day the snapshot was built: the only today that a document knows."""
    return datetime.fromisoformat(warehouse.info["built_at"]).date()


def snapshot_name(warehouse: Warehouse) -> str:
    """Return the snapshot's id."""
    return plain(warehouse.info.get("snapshot_id", ""))


def new_sheet(warehouse: Warehouse, title: str, scope: Scope) -> DocumentType:
    """Return an empty document: every page names whose figures these are, the snapshot, and any simulation."""
    commission, made_on = plain(warehouse.info["commission"]), built_on(warehouse)
    document = paper.new_document(title, commission, made_on, is_simulated=warehouse.is_simulated, page=_PAGE)
    section = document.sections[0]
    if warehouse.is_simulated:
        paper.add_mark(section.header.paragraphs[0])
    foot = section.footer.paragraphs[0]
    foot.alignment = CENTRE
    said = f"{commission} · {labels.sentence(scope.period)} · Bản số liệu {snapshot_name(warehouse)}"
    _small(foot, f"{said}, lập ngày {labels.day(made_on)} · Trang ")
    paper.add_page_number(foot, SMALL)
    return document


def add_title(document: DocumentType, text: str, under: str) -> None:
    """Add the document's title and what stands under it."""
    title = _line(document, text, CENTRE)
    title.runs[0].bold, title.runs[0].font.size = True, Pt(15)
    _line(document, under, CENTRE, after=3).runs[0].italic = True


def add_heading(document: DocumentType, text: str, before: float = 6) -> None:
    """Add a message; what it rests on follows on the same page."""
    line = _line(document, text, LEFT, before=before, after=1.5, with_next=True)
    line.runs[0].bold, line.runs[0].font.size = True, Pt(10.5)


def add_text(document: DocumentType, text: str, lead: str = "", *, longest: int = 600) -> None:
    """Add a paragraph; `lead` stands bold before it."""
    line = _line(document, "", BOTH, after=1.5)
    if lead:
        line.add_run(f"{plain(lead)} ").bold = True
    line.add_run(plain(text, longest))


def add_rows(
    document: DocumentType,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    widths: Sequence[float],
    *,
    size: float = 8.5,
    aligns: Sequence[WD_ALIGN_PARAGRAPH] = (),
) -> None:
    """Add a table over the whole width: a column of names, then figures, unless `aligns` says otherwise."""
    told = [[plain(text) for text in row] for row in rows]
    sides = aligns or [LEFT, *[RIGHT] * (len(heads) - 1)]
    scale = WIDTH / sum(widths)
    heads = [plain(text) for text in heads]
    paper.add_table(document, heads, told, [width * scale for width in widths], size=size, aligns=sides, with_next=True)


def add_basis(document: DocumentType, exhibit: Exhibit, notes: Iterable[str] = ()) -> None:
    """Say under a table what it counts: unit, period, base, completeness, source, and what limits it."""
    base = f"Tỷ trọng {exhibit.base}" if exhibit.base else ""
    held = exhibit.caution.text if exhibit.caution else ""
    add_small(
        document, f"Đơn vị tính: {exhibit.unit}", exhibit.period, base, f"Mức đầy đủ: {exhibit.completeness}",
        f"Nguồn: {exhibit.source}", held, *notes,
    )  # fmt: skip


def add_small(document: DocumentType, *parts: str) -> None:
    """Add small print, its parts one after the other."""
    line = _line(document, "", LEFT, after=2)
    _small(line, " · ".join(plain(part, 600) for part in parts if part))


def completeness(row: Mapping[str, Any]) -> str:
    """Return in how many units a figure of the province is complete, in few words; row: of the metric completeness."""
    groups = (("district", "cấp huyện"), ("other", "khác"))
    full = [
        f"{row[f'complete_{key}_count']}/{row[f'{key}_count']} {name}" for key, name in groups if row[f"{key}_count"]
    ]
    return f"đủ ở {', '.join(full)}"


def shown(value: Any, *, is_share: bool = False, digits: int = 2) -> str:
    """Return a table's value as text: what is missing says so."""
    if value is None or value != value:  # a column in which all is missing may hold NaN
        return labels.MISSING
    if isinstance(value, str):
        return value
    if is_share:
        return percent(value)
    return number(value, digits if isinstance(value, float) else 0)


def _line(
    document: DocumentType,
    text: str,
    align: WD_ALIGN_PARAGRAPH,
    *,
    before: float = 0,
    after: float = 0,
    with_next: bool = False,
) -> Paragraph:
    paragraph = document.add_paragraph(plain(text, 600)) if text else document.add_paragraph()
    paragraph.alignment = align
    form = paragraph.paragraph_format
    form.space_before, form.space_after, form.keep_with_next = Pt(before), Pt(after), with_next
    form.widow_control = True
    return paragraph


def _small(paragraph: Paragraph, text: str) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb = Pt(SMALL), _GREY
