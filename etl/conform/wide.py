"""What layouts 2 and 3 share: a row is one return, its columns are fields and indicators.

A field column counts recognised models, unless its group heading or the title says otherwise.
"""

from dataclasses import dataclass, field

from etl.conform.returns import Figure
from etl.conform.tables import Findings, Table, find_tables
from etl.conform.totals import cell_max, figures_by_field
from etl.labels import count_text
from etl.sheets import Position, Sheet, a1
from etl.text import clean, fold
from etl.vocabulary import Vocabulary

HEADLINE = "mo_hinh_cong_nhan"
REGISTERED = "mo_hinh_dang_ky"


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


def wide_tables(sheet: Sheet, keys: tuple[str, ...], vocabulary: Vocabulary) -> list[Table]:
    """Return the tables of a sheet keyed by one of `keys` with field or indicator columns."""
    wanted = {fold(key) for key in keys}

    def is_heading(text: str) -> bool:
        return bool(vocabulary.fields.find(text) or vocabulary.indicators.find(text))

    return find_tables(sheet, lambda text: fold(text) in wanted, is_heading)


def titles_of(table: Table) -> list[tuple[str, Position, str]]:
    """Return (sheet, position, text) of every text above the table."""
    above = [(position, value) for position, value in table.sheet.cells.items() if position[0] < table.top]
    return [(table.sheet.name, position, clean(value)) for position, value in sorted(above) if isinstance(value, str)]


def read_columns(table: Table, vocabulary: Vocabulary, findings: Findings) -> Columns:
    """Give every column its meaning; a heading that has none, over figures, is refused."""
    columns = Columns()
    counted = _counted_by_title(table, findings)
    for column, texts in table.headings.items():
        group, heading = _group(texts, vocabulary), texts[-1]
        place = (table.sheet.name, (table.top, column))
        field_id, indicator_id = vocabulary.fields.find(heading), vocabulary.indicators.find(heading)
        if field_id is not None:
            _add_field(columns, group or counted, field_id, column, vocabulary, findings, place)
        elif vocabulary.is_total(heading):
            _add_once(columns.totals, group or counted, column, heading, findings, place)
        elif indicator_id is not None and vocabulary.catalogue.indicator_by_id[indicator_id].by_linh_vuc:
            _add_once(columns.totals, indicator_id, column, heading, findings, place)
        elif indicator_id is not None:
            _add_once(columns.plain, indicator_id, column, heading, findings, place)
        elif not vocabulary.is_ignored(heading) and table.has_figures(column) and column > table.key_column:
            findings.refuse("tieu_de_la", _unknown_heading(heading, vocabulary), *place)
    for column in table.unnamed_columns():
        findings.refuse("cot_khong_ten", "Có số dưới cột không có tiêu đề", table.sheet.name, (table.top, column))
    return columns


def row_figures(table: Table, row: int, columns: Columns, vocabulary: Vocabulary, findings: Findings) -> list[Figure]:
    """Return the figures of one row, noting every problem."""
    figures: list[Figure] = []
    for indicator_id in sorted({*columns.fields, *columns.totals}):
        parts = [(field_id, (row, column)) for field_id, column in columns.fields.get(indicator_id, [])]
        total = (row, columns.totals[indicator_id]) if indicator_id in columns.totals else None
        figures += figures_by_field(table.sheet, indicator_id, parts, total, vocabulary, findings)
    for indicator_id, column in columns.plain.items():
        position = (row, column)
        value = findings.count(table.sheet.cells.get(position), cell_max(vocabulary), table.sheet.name, position)
        if value is not None:
            figures.append(Figure(indicator_id, None, value, table.sheet.name, a1(position)))
    return figures


def check_column_sums(
    table: Table, row: int, columns: Columns, figures: list[Figure], vocabulary: Vocabulary, findings: Findings
) -> None:
    """Compare the printed total row with the sums of the columns; a difference is a warning."""
    added: dict[tuple[str, str | None], int] = {}
    for figure in figures:
        key = (figure.indicator_id, figure.linh_vuc_id)
        added[key] = added.get(key, 0) + figure.value
    keys: list[tuple[tuple[str, str | None], int]] = [((name, None), column) for name, column in columns.plain.items()]
    for indicator_id, parts in columns.fields.items():
        fields = [field_id for field_id, _ in parts]
        keys += [((indicator_id, field_id), column) for field_id, column in parts if fields.count(field_id) == 1]
    for key, column in keys:
        place = (table.sheet.name, (row, column))
        printed = findings.count(table.sheet.cells.get(place[1]), 100 * cell_max(vocabulary), *place)
        if printed is not None and key in added and printed != added[key]:
            message = (
                f"Dòng tổng ghi {count_text(printed)}, các dòng cộng lại {count_text(added[key])}; không sửa số nào"
            )
            findings.warn("tong_khong_khop", message, *place)


def _counted_by_title(table: Table, findings: Findings) -> str:
    """Return the indicator that bare field columns count."""
    texts = [fold(text) for _, _, text in titles_of(table)]
    registered, recognised = (any(word in text for text in texts) for word in ("dang ki", "cong nhan"))
    if registered and recognised:
        message = "Tiêu đề nêu cả đăng ký và công nhận: ghi rõ ở đầu cột số nào là đăng ký, số nào là công nhận"
        findings.refuse("tieu_de_khong_ro", message, table.sheet.name)
    return REGISTERED if registered else HEADLINE


def _group(texts: tuple[str, ...], vocabulary: Vocabulary) -> str | None:
    for text in texts[:-1]:
        found = vocabulary.indicators.find(text)
        if found is not None:
            return found
    return None


def _add_field(
    columns: Columns,
    indicator_id: str,
    field_id: str,
    column: int,
    vocabulary: Vocabulary,
    findings: Findings,
    place: tuple[str, Position],
) -> None:
    if not vocabulary.catalogue.indicator_by_id[indicator_id].by_linh_vuc:
        label = vocabulary.catalogue.indicator_by_id[indicator_id].label
        findings.refuse("chi_tieu_khong_linh_vuc", f"“{label}” không chia theo lĩnh vực", *place)
        return
    parts = columns.fields.setdefault(indicator_id, [])
    repeatable = vocabulary.catalogue.layouts.periodic.models.repeatable_rows
    if field_id not in repeatable and any(field_id == other for other, _ in parts):
        label = vocabulary.catalogue.linh_vuc_by_id[field_id].label
        findings.refuse("trung_cot", f"Lĩnh vực “{label}” có hai cột", *place)
        return
    parts.append((field_id, column))


def _add_once(
    known: dict[str, int], indicator_id: str, column: int, heading: str, findings: Findings, place: tuple[str, Position]
) -> None:
    if indicator_id in known:
        findings.refuse("trung_cot", f"Cột “{heading}” có hai lần", *place)
    known.setdefault(indicator_id, column)


def _unknown_heading(heading: str, vocabulary: Vocabulary) -> str:
    key = fold(heading)
    if key in vocabulary.fields.refused:
        return f"Cột “{heading}” không dùng được: {vocabulary.fields.refused[key]}"
    return f"Cột “{heading}” có số nhưng không phải lĩnh vực hay chỉ tiêu trong danh mục"
