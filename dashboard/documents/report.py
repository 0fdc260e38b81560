"""The results of a report in the Party's layout: sentences of report.toml, the source of each figure in a comment."""

import json
import string
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from docx.document import Document as DocumentType
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from dashboard import labels, paper
from dashboard.choice import Choice
from dashboard.documents.cited import Cited, cited, main_fields
from dashboard.documents.sheet import built_on, snapshot_name
from dashboard.labels import SIMULATED
from dashboard.paper import CENTRE, LEFT, RIGHT, Issuer, plain
from dashboard.provenance.cautions import caution
from dashboard.scope import RECOGNISED, Scope
from dashboard.warehouse import Warehouse

_SENTENCES = Path(__file__).with_name("report.toml")
_OWN, _EACH = ".linh_vuc", ".moi_linh_vuc"
_LONGEST = 600  # of what a figure says in words
_LETTERS = "abcdđeghiklmnopqrstuvxy"
_UNKNOWN_ISSUER = Issuer("", "[cơ quan ban hành]", "BC", "[nơi ban hành]", ("[thẩm quyền ký]",), ("[nơi nhận]",))

Facts = Mapping[str, Cited | str]


def report_section(warehouse: Warehouse, choice: Choice) -> bytes:
    """Return the results of the chosen period for the whole province as a .docx file.

    Figures are those of `cited`; one that nobody gives leaves a marked gap. Number, day and signer are left open.
    """
    choice = Choice(choice.from_year, choice.to_year, None, choice.boundary_on)
    scope = Scope.of(warehouse, choice)
    issuer = _issuer(warehouse)
    movement = plain(warehouse.info["movement"])
    made_on = built_on(warehouse)
    title = f"Báo cáo kết quả phong trào thi đua “{movement}” {scope.period}"
    document = paper.new_document(title, issuer.name, made_on, is_simulated=warehouse.is_simulated)
    paper.number_pages(document.sections[0], is_simulated=warehouse.is_simulated)
    paper.add_head(document, issuer, paper.date_line(None, made_on.year))
    _add_title(document, movement, scope)
    writer = _Writer(document, _facts(warehouse, choice), snapshot_name(warehouse))
    for section in _sentences():
        writer.section(section, main_fields(warehouse))
    _add_basis(document, scope, writer.used)
    paper.add_foot(document, issuer)
    _add_appendix(document, writer.used)
    return paper.packed(document)


def _issuer(warehouse: Warehouse) -> Issuer:
    """Return who issues the report, as the catalogue has it; else gaps to fill in."""
    told = warehouse.info.get("report")
    if not told:
        return _UNKNOWN_ISSUER
    found: dict[str, Any] = json.loads(told)
    return Issuer(**{**found, "signature": tuple(found["signature"]), "copies": tuple(found["copies"])})


@cache
def _sentences() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(_SENTENCES.read_text(encoding="utf-8"))["section"]
    return found


def _facts(warehouse: Warehouse, choice: Choice) -> Facts:
    words = {
        "ky": labels.period(choice.from_year, choice.to_year),
        "phong_trao": warehouse.info["movement"],
    }
    return {**cited(warehouse, choice), **words}


def _add_title(document: DocumentType, movement: str, scope: Scope) -> None:
    lines = ("BÁO CÁO", f"kết quả thực hiện phong trào thi đua “{movement}”,", scope.period, "-----")
    for place, text in enumerate(lines):
        line = paper.add_line(document, text, CENTRE, before=12 if not place else 0, after=0 if place < 3 else 6)
        line.runs[0].bold = place < 3
    paper.add_line(document, "KẾT QUẢ ĐẠT ĐƯỢC", CENTRE, with_next=True).runs[0].bold = True


class _Writer:
    """Writes sentences into a document and keeps which figures they used."""

    def __init__(self, document: DocumentType, facts: Facts, author: str) -> None:
        self.document, self.facts, self.author = document, facts, author
        self.used: dict[str, Cited] = {}
        self.beside: list[str] = []  # what the signed report says of the paragraph's figures, where that is another

    def section(self, section: Mapping[str, Any], fields: Sequence[Mapping[str, Any]]) -> None:
        """Write a section whose figures the catalogue knows."""
        if not _holds(section, self.facts):
            return
        self._heading(section["heading"], self.facts)
        for paragraph in section["paragraph"]:
            if paragraph.get("for_each_field"):
                for place, field in enumerate(fields):
                    self._paragraph(paragraph, self._of_field(place, field), fields)
            elif _holds(paragraph, self.facts):
                self._paragraph(paragraph, self.facts, fields)

    def _of_field(self, place: int, field: Mapping[str, Any]) -> Facts:
        """Return the facts with those of one field under names that end in ".linh_vuc"."""
        ending = f".{field['linh_vuc_id']}"
        own = {name.removesuffix(ending) + _OWN: fact for name, fact in self.facts.items() if name.endswith(ending)}
        words = {"chu": _LETTERS[place], "ten_linh_vuc": field["label"], "noi_dung_linh_vuc": field["definition"]}
        return {**self.facts, **own, **words}

    def _heading(self, template: str, facts: Facts) -> None:
        text = template.format_map({name: plain(fact) for name, fact in facts.items() if isinstance(fact, str)})
        paper.add_line(self.document, text, indent=True, with_next=True).runs[0].bold = True

    def _paragraph(self, told: Mapping[str, Any], facts: Facts, fields: Sequence[Mapping[str, Any]]) -> None:
        if "heading" in told:
            self._heading(told["heading"], facts)
        line = paper.add_line(self.document, "", indent=True)
        also = [part["text"] for part in told.get("also", ()) if _holds(part, facts)]
        for literal, name in _pieces(told["text"] + "".join(also)):
            line.add_run(literal)
            if name.endswith(_EACH):
                self._each_field(line, name.removesuffix(_EACH), fields)
            elif name:
                self._fact(line, name, facts.get(name))
        if self.beside:
            beside = plain("; ".join(self.beside), 2000)
            line.add_run(f" (Để đối chiếu: {beside}.)").italic = True
            self.beside.clear()

    def _each_field(self, line: Paragraph, name: str, fields: Sequence[Mapping[str, Any]]) -> None:
        for place, field in enumerate(fields):
            line.add_run(f"{'; ' if place else ''}{plain(field['label'])} ")
            self._fact(line, f"{name}.{field['linh_vuc_id']}", self.facts.get(f"{name}.{field['linh_vuc_id']}"))
            line.add_run(" mô hình")

    def _fact(self, line: Paragraph, name: str, fact: Cited | str | None) -> None:
        """Write a word, or a figure with its source in a comment, or the gap where a figure is missing."""
        if isinstance(fact, str):
            line.add_run(plain(fact, _LONGEST))
            return
        fact = fact or Cited(name, "", "", None, "", lack=f"danh mục không có “{name}”")
        text = f"[{labels.MISSING}: {fact.lack}]" if fact.text is None else fact.text
        run = line.add_run(plain(text, _LONGEST))
        if fact.text is None:
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW
        if fact.beside:
            self.beside.append(f"{fact.name}: {fact.beside}")
        comment = self.document.add_comment(run, plain(fact.said, _LONGEST), author=self.author, initials="SL")
        comment._comment_elm.attrib.pop(qn("w:date"), None)  # the clock has no place in it
        self.used.setdefault(f"{fact.name}\0{fact.period}", fact)


def _holds(part: Mapping[str, Any], facts: Facts) -> bool:
    """Return whether a part of the text has something to say: the name it hangs on is known."""
    return "when" not in part or part["when"] in facts


def _pieces(template: str) -> Iterator[tuple[str, str]]:
    """Yield (text, the name of the figure behind it or "")."""
    for literal, name, _, _ in string.Formatter().parse(template):
        yield literal, name or ""


def _add_basis(document: DocumentType, scope: Scope, used: Mapping[str, Cited]) -> None:
    """Say what the figures rest on."""
    paper.add_line(document, "Về số liệu", indent=True, with_next=True).runs[0].bold = True
    held = caution(scope.warehouse, scope.choice)
    parts = [
        f"Số liệu trích từ bản số liệu {snapshot_name(scope.warehouse)}; "
        "nguồn của từng số ghi ở lời chú bên lề và phụ lục.",
        "Dấu *: chưa đủ báo cáo của các đơn vị hoặc có số tạm tính "
        f"(mô hình công nhận: {scope.completeness(RECOGNISED)})."
        if any((fact.text or "").endswith("*") for fact in used.values())
        else "",
        f"Chỗ tô màu trong ngoặc vuông: {labels.MISSING}, cần bổ sung trước khi trình ký."
        if any(fact.text is None for fact in used.values())
        else "",
        *scope.part_year_notes,
        f"{held.text}." if held else "",
        f"{SIMULATED}: không dùng làm căn cứ." if scope.warehouse.is_simulated else "",
    ]
    paper.add_line(document, plain(" ".join(filter(None, parts)), 2000), indent=True, with_next=True)


def _add_appendix(document: DocumentType, used: Mapping[str, Cited]) -> None:
    """List every figure once with its unit, period, source and completeness."""
    heading = paper.add_line(document, "PHỤ LỤC: SỐ LIỆU ĐÃ DÙNG VÀ NGUỒN", CENTRE, with_next=True)
    heading.runs[0].bold, heading.paragraph_format.page_break_before = True, True
    rows = [
        [
            plain(labels.sentence(fact.name)),
            plain(labels.MISSING if fact.text is None else fact.text),
            plain(fact.unit),
            plain(fact.period),
            plain("; ".join(part for part in (fact.source, fact.beside) if part) or "–", _LONGEST),
            plain(fact.completeness or "–"),
        ]
        for fact in used.values()
        if fact.unit
    ]
    heads = ("Nội dung", "Số", "Đơn vị tính", "Kỳ", "Nguồn", "Mức đầy đủ")
    aligns = (LEFT, RIGHT, LEFT, LEFT, LEFT, LEFT)
    paper.add_table(document, heads, rows, (38, 15, 17, 20, 48, 27), size=9, aligns=aligns)
