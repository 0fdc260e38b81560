"""Biểu 02: activities, a row an indicator without fields."""

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
from etl.sheets import Sheet, a1
from etl.text import fold, keys_of
from etl.vocabulary import Vocabulary


def activity_tables(sheet: Sheet, vocabulary: Vocabulary) -> list[Table]:
    """Return the tables of a sheet that look like Biểu 02."""
    layout = vocabulary.catalogue.layouts.periodic.activities
    values = keys_of(layout.value)

    def is_value(text: str) -> bool:
        return fold(text) in values

    return find_tables(
        sheet,
        keys_of(layout.key),
        is_value,
        lambda text: is_value(text) or vocabulary.counts_otherwise(text),
    )


def read_activities(table: Table, vocabulary: Vocabulary, findings: Findings) -> tuple[set[str], list[Figure]]:
    """Return (indicators the table speaks for, figures), noting every problem."""
    indicators = vocabulary.catalogue.indicator_by_id

    def plain(label: str) -> str | None:
        found = vocabulary.indicators.find(label)
        return found if found and not indicators[found].by_linh_vuc else None

    def explain(label: str) -> tuple[str, str]:
        indicator_id = vocabulary.indicators.find(label)
        if indicator_id is not None:
            return "chi_tieu_theo_linh_vuc", f"“{indicators[indicator_id].label}” chia theo lĩnh vực: ghi ở Biểu 01"
        return "chi_tieu_la", f"Dòng này có số nhưng {vocabulary.indicators.why_not(label)}"

    rows = sort_rows(table, plain, vocabulary)
    column = _value_column(table, rows, vocabulary, findings)
    if column is None:
        return set(), []
    refuse_others(table, rows, [column], explain, findings)
    for row in rows.subtotals:
        # "Tổng số tin, bài" sums nothing here: indicators are not added to each other.
        if (row, column) in table.sheet.cells:
            findings.refuse(*explain(table.label(dict(table.rows)[row])), *table.at(row, table.key_column))
    refuse_scales(table, rows.known, vocabulary, findings)
    check_sums(table, rows, [column], explain, findings)
    covers: set[str] = set()
    figures: list[Figure] = []
    for row, indicator_id in rows.parts:
        if indicator_id in covers:
            message = f"Chỉ tiêu “{indicators[indicator_id].label}” có hai dòng: gộp lại thành một"
            findings.refuse("trung_dong", message, *table.at(row, table.key_column))
            continue
        covers.add(indicator_id)
        count = findings.count(table.sheet.cells.get((row, column)), *table.at(row, column))
        if count is not None:
            figures.append(Figure(indicator_id, None, count, table.sheet.name, a1((row, column))))
    return covers, figures


def _value_column(table: Table, rows: SortedRows[str], vocabulary: Vocabulary, findings: Findings) -> int | None:
    values = keys_of(vocabulary.catalogue.layouts.periodic.activities.value)
    columns = [column for column, texts in table.headings.items() if fold(" ".join(texts)) in values]
    used = used_columns(table, rows.known)
    for column, texts in table.headings.items():
        if column in used and column not in columns and not vocabulary.is_ignored(texts[-1]):
            message = f"Cột “{' '.join(texts)}” có số nhưng không thuộc Biểu 02: xóa cột hoặc chuyển số về cột số lượng"
            findings.refuse("tieu_de_la", message, *table.at(table.top, column))
    refuse_unnamed(table, used, findings)
    warn_of_ignored(table, rows.known, vocabulary, findings)
    if len(columns) == 1:
        return columns[0]
    if columns:
        findings.refuse("trung_cot", "Biểu 02 có nhiều hơn một cột số lượng: chỉ giữ một cột", *table.head)
    else:
        findings.refuse("thieu_cot", "Biểu 02 không có cột Số lượng: giữ cột này như trong biểu mẫu", *table.head)
    return None
