"""The letter on paper: A4, Times New Roman 14, the parts where the Party's guidance 36-HD/VPTW (2018) puts them."""

from collections.abc import Sequence

from docx.document import Document as DocumentType

from dashboard import paper
from dashboard.letters import content
from dashboard.letters.facts import Reminder
from dashboard.paper import CENTRE, plain

_WIDTHS = {3: (30, 18, 117), 4: (30, 18, 45, 72)}  # mm, of the failing cells' columns


def reminder(found: Reminder) -> bytes:
    """Return the letter as a .docx file; NothingToRemind when there is nothing to say."""
    found.require_content()
    office = found.office
    document = paper.new_document(
        content.subject(found), office.commission, found.counted_on, is_simulated=found.is_simulated
    )
    paper.number_pages(document.sections[0], is_simulated=found.is_simulated)
    paper.add_head(document, office, paper.date_line(found.written_on, found.counted_on.year), content.subject(found))
    paper.add_line(document, f"Kính gửi: {plain(found.addressee)}", CENTRE, before=12, after=12)
    _add_body(document, found)
    paper.add_foot(document, office)
    return paper.packed(document)


def _add_body(document: DocumentType, found: Reminder) -> None:
    paper.add_line(document, content.opening(found), indent=True)
    parts = [bool(found.missing), bool(found.failing), bool(found.doubts)]
    numbers = iter(("1. ", "2. ", "3. ") if sum(parts) > 1 else ("", "", ""))
    if found.missing:
        paper.add_line(document, next(numbers) + content.missing_lead(), indent=True)
        lines = content.missing_lines(found.missing)
        for place, line in enumerate(lines, 1):
            paper.add_line(document, f"- {line}{'.' if place == len(lines) else ';'}", indent=True)
    if found.failing:
        paper.add_line(document, next(numbers) + content.failing_lead(), indent=True, with_next=True)
        for file, rows, left_out in content.failing_files(found):
            paper.add_line(document, file, indent=True, with_next=True)
            heads = content.failing_heads(found)
            _add_table(document, heads, rows, _WIDTHS[len(heads)], left_out)
    if found.doubts:
        paper.add_line(document, next(numbers) + content.doubt_lead(), indent=True, with_next=True)
        left_out = content.left_out(len(found.doubts))
        heads = ("Kỳ", "Trang tính", "Ô", "Nội dung")
        _add_table(document, heads, content.doubt_rows(found), (28, 27, 18, 92), left_out)
    paper.add_line(document, content.request(found), indent=True)
    if found.missing:
        paper.add_line(document, content.not_arising(), indent=True)
    paper.add_line(document, content.thanks(found), indent=True, with_next=True)


def _add_table(
    document: DocumentType,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[int],
    left_out: str,
) -> None:
    """Add a table and what is said of rows left out."""
    paper.add_table(document, heads, rows, widths)
    if left_out:
        paper.add_line(document, left_out, before=2)
