"""What a column counts, from the headings over it: an indicator, a field, or both, in either order.

Every text of a heading must be understood: a group "Lũy kế" over a known heading changes what is counted.
"""

from dataclasses import dataclass, field

from etl.conform.findings import Findings
from etl.conform.tables import SortedRows, T, Table, refuse_unnamed, used_columns, warn_of_ignored
from etl.conform.titles import titles_of
from etl.sheets import Position
from etl.vocabulary import Vocabulary

HEADLINE = "mo_hinh_cong_nhan"
REGISTERED = "mo_hinh_dang_ky"
_LONGEST_GROUP = 200


@dataclass(frozen=True)
class Meaning:
    """What a heading says. unknown: the first of its texts that says nothing known."""

    indicator_id: str | None = None
    field_id: str | None = None
    is_total: bool = False
    unknown: str = ""

    @property
    def counts_models(self) -> bool:
        """Whether the heading names a field or a total, which a title may qualify."""
        return bool(self.field_id) or self.is_total


@dataclass
class Columns:
    """A table's columns by meaning: fields and total of each indicator by field, and the plain indicators."""

    fields: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)
    plain: dict[str, int] = field(default_factory=dict)

    @property
    def covers(self) -> frozenset[str]:
        """The indicators that every row of the table speaks for."""
        return frozenset({*self.fields, *self.totals, *self.plain})

    @property
    def all(self) -> set[int]:
        """The columns that are loaded or compared."""
        by_field = {column for parts in self.fields.values() for _, column in parts}
        return by_field | {*self.totals.values(), *self.plain.values()}


def meaning_of(texts: tuple[str, ...], vocabulary: Vocabulary) -> Meaning:
    """Return what a column's headings say together, from the widest group to its own."""
    whole = " ".join(texts)
    if vocabulary.fields.find(whole) or vocabulary.indicators.find(whole) or vocabulary.is_total(whole):
        texts = (whole,)
    indicator_id = vocabulary.indicators.find(texts[-1])
    field_id, is_total, unknown = None, False, ""
    for text in texts:
        found_field, found = vocabulary.fields.find(text), vocabulary.indicators.find(text)
        is_total = is_total or vocabulary.is_total(text)
        if found_field and field_id in (None, found_field):
            field_id = found_field
        elif found:
            indicator_id = indicator_id or found
        elif found_field or not vocabulary.is_grouping(text):
            unknown = unknown or text
    if 0 < len(unknown) <= _LONGEST_GROUP and unknown != texts[-1] and indicator_id is None and (field_id or is_total):
        mentioned = _mentioned(unknown, vocabulary)
        if len(mentioned) == 1:
            indicator_id, unknown = mentioned.pop(), ""
    return Meaning(indicator_id, field_id, is_total, unknown)


def heading_problem(texts: tuple[str, ...], meaning: Meaning, vocabulary: Vocabulary) -> str:
    """Return the sentence that refuses a heading over figures."""
    text = meaning.unknown or " / ".join(texts)
    reason = vocabulary.fields.why_not(text) if vocabulary.fields.is_refused(text) else ""
    if not reason:
        close = vocabulary.indicators.suggestion(text) or vocabulary.fields.suggestion(text)
        reason = f"không rõ “{text}” là lĩnh vực hay chỉ tiêu nào{close}"
    return f"Cột này có số nhưng {reason}: sửa tiêu đề theo biểu mẫu hoặc xóa cột"


def read_columns(table: Table, rows: SortedRows[T], vocabulary: Vocabulary, findings: Findings) -> Columns:
    """Give every column its meaning; a heading that has none, over figures, is refused."""
    used = used_columns(table, rows.known)
    meanings = {column: meaning_of(texts, vocabulary) for column, texts in table.headings.items()}
    adder = _Adder(vocabulary, findings, _counted_by_title(table, meanings, vocabulary, findings))
    for column, meaning in meanings.items():
        texts, place = table.headings[column], table.at(table.top, column)
        if not meaning.unknown and (meaning.indicator_id or meaning.counts_models):
            adder.add(meaning, column, " / ".join(texts), place)
        elif column in used and not vocabulary.is_ignored(texts[-1]):
            findings.refuse("tieu_de_la", heading_problem(texts, meaning, vocabulary), *place)
    refuse_unnamed(table, used, findings)
    warn_of_ignored(table, rows.known, vocabulary, findings)
    return adder.columns


class _Adder:
    """Sorts columns by meaning. counted: the indicator of bare fields and totals."""

    def __init__(self, vocabulary: Vocabulary, findings: Findings, counted: str) -> None:
        self.columns = Columns()
        self._vocabulary, self._findings, self._counted = vocabulary, findings, counted

    def add(self, meaning: Meaning, column: int, heading: str, place: tuple[str, Position]) -> None:
        """Add one column, refusing what stands twice or has a field where it cannot."""
        catalogue = self._vocabulary.catalogue
        indicator = catalogue.indicator_by_id[meaning.indicator_id or self._counted]
        if meaning.field_id is None:
            known = self.columns.totals if indicator.by_linh_vuc else self.columns.plain
            if indicator.indicator_id in known:
                self._findings.refuse("trung_cot", f"Cột “{heading}” có hai lần: chỉ giữ một", *place)
            known.setdefault(indicator.indicator_id, column)
        elif not indicator.by_linh_vuc:
            message = f"“{indicator.label}” không chia theo lĩnh vực"
            self._findings.refuse("chi_tieu_khong_linh_vuc", message, *place)
        else:
            parts = self.columns.fields.setdefault(indicator.indicator_id, [])
            is_repeatable = meaning.field_id in catalogue.layouts.periodic.models.repeatable_rows
            if not is_repeatable and meaning.field_id in dict(parts):
                label = catalogue.linh_vuc_by_id[meaning.field_id].label
                self._findings.refuse("trung_cot", f"Lĩnh vực “{label}” có hai cột: chỉ giữ một", *place)
            else:
                parts.append((meaning.field_id, column))


def _counted_by_title(table: Table, meanings: dict[int, Meaning], vocabulary: Vocabulary, findings: Findings) -> str:
    """Return what bare field columns count: recognised models, unless the title says otherwise."""
    if all(meaning.indicator_id or not meaning.counts_models for meaning in meanings.values()):
        return HEADLINE
    named = {meaning.indicator_id for meaning in meanings.values()}
    mentioned = {found for _, _, text in titles_of([table]) for found in _mentioned(text, vocabulary)} - named
    if REGISTERED in mentioned and (HEADLINE in mentioned or HEADLINE in named):
        message = "Tiêu đề nêu cả đăng ký và công nhận: ghi rõ ở đầu cột số nào là đăng ký, số nào là công nhận"
        findings.refuse("tieu_de_khong_ro", message, *table.head)
    others = mentioned - {REGISTERED, HEADLINE}
    if others and others == mentioned:
        label = vocabulary.catalogue.indicator_by_id[min(others)].label
        message = f"Tiêu đề nêu “{label}” nhưng các cột lĩnh vực không ghi đếm gì: ghi “{label}” ở đầu nhóm cột"
        findings.refuse("tieu_de_khong_ro", message, *table.head)
    return REGISTERED if REGISTERED in mentioned else HEADLINE


def _mentioned(text: str, vocabulary: Vocabulary) -> set[str]:
    """Return the indicators of models that a running text names: "đăng ký", "công nhận", "mô hình duy trì"."""
    found = set()
    for indicator in vocabulary.catalogue.indicators:
        is_status = indicator.indicator_id in (REGISTERED, HEADLINE)
        wanted = indicator.short_label if is_status else indicator.label
        if indicator.by_linh_vuc and vocabulary.mentions(text, wanted):
            found.add(indicator.indicator_id)
    return found
