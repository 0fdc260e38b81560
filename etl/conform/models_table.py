"""Biểu 01: models by field, a row a field and a column an indicator."""

from etl.conform.returns import Figure
from etl.conform.tables import Cells, Findings, Table, find_tables, is_figure, is_group_row, shown
from etl.conform.totals import figures_by_field
from etl.sheets import Sheet, Value
from etl.text import clean, fold
from etl.vocabulary import UnknownLabel, Vocabulary


def models_tables(sheet: Sheet, vocabulary: Vocabulary) -> list[Table]:
    """Return the tables of a sheet that look like Biểu 01."""
    keys = {fold(key) for key in vocabulary.catalogue.layouts.periodic.models.key}
    return find_tables(sheet, lambda text: fold(text) in keys, lambda text: _by_field(text, vocabulary) is not None)


def read_models(table: Table, vocabulary: Vocabulary, findings: Findings) -> tuple[set[str], list[Figure]]:
    """Return (indicators the table speaks for, figures), noting every problem."""
    columns = _columns(table, vocabulary, findings)
    rows, total_row = _field_rows(table, set(columns), vocabulary, findings)
    figures = []
    for column, indicator_id in columns.items():
        parts = [(field_id, (row, column)) for row, field_id in rows]
        total = None if total_row is None else (total_row, column)
        figures += figures_by_field(table.sheet, indicator_id, parts, total, vocabulary, findings)
    return set(columns.values()), figures


def _by_field(text: str, vocabulary: Vocabulary) -> str | None:
    found = vocabulary.indicators.find(text)
    return found if found and vocabulary.catalogue.indicator_by_id[found].by_linh_vuc else None


def _columns(table: Table, vocabulary: Vocabulary, findings: Findings) -> dict[int, str]:
    columns: dict[int, str] = {}
    for column, texts in table.headings.items():
        heading = " ".join(texts)
        indicator_id = _by_field(heading, vocabulary) or _by_field(texts[-1], vocabulary)
        place = (table.sheet.name, (table.top, column))
        if indicator_id in columns.values():
            findings.refuse("trung_cot", f"Cột “{heading}” có hai lần", *place)
        elif indicator_id:
            columns[column] = indicator_id
        elif not vocabulary.is_ignored(heading) and table.has_figures(column):
            message = f"Cột “{heading}” có số nhưng không phải chỉ tiêu của Biểu 01"
            findings.refuse("tieu_de_la", message, *place)
    for column in table.unnamed_columns():
        findings.refuse("cot_khong_ten", "Có số dưới cột không có tiêu đề", table.sheet.name, (table.top, column))
    return columns


def _field_rows(
    table: Table, columns: set[int], vocabulary: Vocabulary, findings: Findings
) -> tuple[list[tuple[int, str]], int | None]:
    """Return ([(row, field)], row of the printed total)."""
    layout = vocabulary.catalogue.layouts.periodic.models
    rows: list[tuple[int, str]] = []
    total_row: int | None = None
    for row, cells in table.rows:
        label = cells.get(table.key_column)
        field_id = vocabulary.fields.find(shown(label)) if label is not None else None
        if label is not None and vocabulary.is_total(shown(label)):
            total_row = row if total_row is None else total_row
        elif field_id is None:
            _refuse_unknown_row(table, row, cells, label, columns, vocabulary, findings)
        elif field_id not in layout.repeatable_rows and any(field_id == other for _, other in rows):
            message = f"Lĩnh vực “{clean(label)}” có hai dòng: gộp lại thành một"
            findings.refuse("trung_dong", message, table.sheet.name, (row, table.key_column))
        else:
            rows.append((row, field_id))
    present = {field_id for _, field_id in rows}
    for field_id in layout.required_rows:
        if field_id not in present:
            name = vocabulary.catalogue.linh_vuc_by_id[field_id].label
            message = f"Thiếu dòng “{name}”: không có số thì để trống ô, không xóa dòng"
            findings.refuse("thieu_dong", message, table.sheet.name, (table.top, table.key_column))
    return rows, total_row


def _refuse_unknown_row(
    table: Table,
    row: int,
    cells: Cells,
    label: Value | None,
    columns: set[int],
    vocabulary: Vocabulary,
    findings: Findings,
) -> None:
    """Refuse a row with figures whose label is no field; notes and subtotals are passed over."""
    if not any(column in cells and is_figure(cells[column]) for column in columns):
        return
    place = (table.sheet.name, (row, table.key_column))
    if label is None:
        findings.refuse("dong_khong_ten", "Có số nhưng dòng không ghi lĩnh vực", *place)
        return
    text = shown(label)
    if vocabulary.is_subtotal(text) or is_group_row(text, cells, table.key_column):
        return
    try:
        vocabulary.fields.match(text)
    except UnknownLabel as problem:
        findings.refuse("linh_vuc_la", f"Dòng có số nhưng {problem}", *place)
