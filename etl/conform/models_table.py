"""Biểu 01: models by field, a row a field and a column an indicator."""

from etl.conform.columns import heading_problem, meaning_of
from etl.conform.findings import Findings
from etl.conform.measures import refuse_scales
from etl.conform.returns import Figure
from etl.conform.sums import check_sums
from etl.conform.tables import (
    SortedRows,
    Table,
    find_tables,
    refuse_others,
    refuse_unnamed,
    sort_rows,
    used_columns,
    warn_of_ignored,
)
from etl.conform.totals import figures_by_field
from etl.sheets import Sheet
from etl.text import keys_of
from etl.vocabulary import Vocabulary


def models_tables(sheet: Sheet, vocabulary: Vocabulary) -> list[Table]:
    """Return the tables of a sheet that look like Biểu 01."""

    def is_heading(text: str) -> bool:
        found = vocabulary.indicators.find(text)
        return bool(found and vocabulary.catalogue.indicator_by_id[found].by_linh_vuc)

    return find_tables(
        sheet,
        keys_of(vocabulary.catalogue.layouts.periodic.models.key),
        is_heading,
        lambda text: is_heading(text) or vocabulary.is_grouping(text) or vocabulary.counts_otherwise(text),
    )


def read_models(table: Table, vocabulary: Vocabulary, findings: Findings) -> tuple[set[str], list[Figure]]:
    """Return (indicators the table speaks for, figures), noting every problem."""

    def explain(label: str) -> tuple[str, str]:
        return "linh_vuc_la", f"Dòng này có số nhưng {vocabulary.fields.why_not(label)}"

    rows = sort_rows(table, vocabulary.fields.find, vocabulary)
    columns = _columns(table, rows, vocabulary, findings)
    refuse_others(table, rows, columns, explain, findings)
    _check_rows(table, rows, vocabulary, findings)
    total = rows.totals[-1] if rows.totals else None
    figures = []
    for column, indicator_id in columns.items():
        parts = [(field_id, (row, column)) for row, field_id in rows.parts]
        place = None if total is None else (total, column)
        figures += figures_by_field(table.sheet, indicator_id, parts, place, vocabulary, findings)
    refuse_scales(table, rows.known, vocabulary, findings)
    check_sums(table, rows, columns, explain, findings, apart_from=total)
    return set(columns.values()), figures


def _columns(table: Table, rows: SortedRows[str], vocabulary: Vocabulary, findings: Findings) -> dict[int, str]:
    """Return {column: indicator}; a heading that is none, over figures, is refused."""
    used = used_columns(table, rows.known)
    columns: dict[int, str] = {}
    for column, texts in table.headings.items():
        meaning = meaning_of(texts, vocabulary)
        indicator_id, place = meaning.indicator_id, table.at(table.top, column)
        is_clear = indicator_id and not meaning.field_id and not meaning.unknown
        if is_clear and indicator_id in columns.values():
            findings.refuse("trung_cot", f"Cột “{' '.join(texts)}” có hai lần: chỉ giữ một", *place)
        elif is_clear and indicator_id and vocabulary.catalogue.indicator_by_id[indicator_id].by_linh_vuc:
            columns[column] = indicator_id
        elif column in used and not vocabulary.is_ignored(texts[-1]):
            findings.refuse("tieu_de_la", heading_problem(texts, meaning, vocabulary), *place)
    refuse_unnamed(table, used, findings)
    warn_of_ignored(table, rows.known, vocabulary, findings)
    return columns


def _check_rows(table: Table, rows: SortedRows[str], vocabulary: Vocabulary, findings: Findings) -> None:
    """Refuse a field's row that stands twice or, of the four fields, not at all."""
    layout = vocabulary.catalogue.layouts.periodic.models
    present: set[str] = set()
    for row, field_id in rows.parts:
        if field_id in present and field_id not in layout.repeatable_rows:
            name = vocabulary.catalogue.linh_vuc_by_id[field_id].label
            message = f"Lĩnh vực “{name}” có hai dòng: gộp lại thành một"
            findings.refuse("trung_dong", message, *table.at(row, table.key_column))
        present.add(field_id)
    for field_id in layout.required_rows:
        if field_id not in present:
            name = vocabulary.catalogue.linh_vuc_by_id[field_id].label
            message = f"Thiếu dòng “{name}”: không có số thì để trống ô, không xóa dòng"
            findings.refuse("thieu_dong", message, *table.head)
