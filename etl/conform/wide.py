"""What layouts 2 and 3 share: a row is one return, its columns are fields and indicators."""

from collections.abc import Callable

from etl.conform.cells import Cells, is_figure
from etl.conform.columns import Columns, meaning_of, read_columns
from etl.conform.findings import Findings
from etl.conform.measures import refuse_scales
from etl.conform.returns import Figure
from etl.conform.sums import check_sums
from etl.conform.tables import SortedRows, T, Table, find_tables, refuse_others
from etl.conform.totals import figures_by_field
from etl.sheets import Sheet, a1
from etl.text import keys_of
from etl.vocabulary import Vocabulary


def wide_tables(
    sheet: Sheet, keys: tuple[str, ...], knows_row: Callable[[str], bool], vocabulary: Vocabulary
) -> list[Table]:
    """Return the tables of a sheet keyed by one of `keys` with field or indicator columns and rows to read."""

    def is_heading(text: str) -> bool:
        # A merged field heads a table too: its column is then refused by name.
        fields = vocabulary.fields
        return bool(fields.find(text) or vocabulary.indicators.find(text) or fields.is_refused(text))

    def is_group(text: str) -> bool:
        meaning = meaning_of((text, vocabulary.catalogue.layouts.words.total[0]), vocabulary)
        is_known = is_heading(text) or vocabulary.is_grouping(text) or not meaning.unknown
        return is_known or vocabulary.counts_otherwise(text)

    tables = find_tables(sheet, keys_of(keys), is_heading, is_group)
    # The drop-down lists of a form stand side by side under words that look like a head; they count nothing.
    return [
        table
        for table in tables
        if any(knows_row(table.label(cells)) or _has_number(table, cells) for _, cells in table.rows)
    ]


def read_rows(
    table: Table,
    rows: SortedRows[T],
    explain: Callable[[str], tuple[str, str]],
    vocabulary: Vocabulary,
    findings: Findings,
) -> tuple[Columns, dict[int, list[Figure]]]:
    """Return (columns, {row: figures}), noting every problem of the table."""
    columns = read_columns(table, rows, vocabulary, findings)
    said = len(findings.issues)
    refuse_others(table, rows, columns.all, explain, findings, every_row_counts=True)
    if not rows.parts and len(findings.issues) == said:
        findings.refuse("bang_trong", "Bảng không có dòng số liệu nào", *table.head)
    figures = {row: _row_figures(table, row, columns, vocabulary, findings) for row, _ in rows.parts}
    refuse_scales(table, rows.known, vocabulary, findings)
    check_sums(table, rows, columns.all, explain, findings)
    return columns, figures


def _has_number(table: Table, cells: Cells) -> bool:
    return any(column in table.headings and is_figure(value) for column, value in cells.items())


def _row_figures(table: Table, row: int, columns: Columns, vocabulary: Vocabulary, findings: Findings) -> list[Figure]:
    figures: list[Figure] = []
    for indicator_id in sorted({*columns.fields, *columns.totals}):
        parts = [(field_id, (row, column)) for field_id, column in columns.fields.get(indicator_id, [])]
        total = (row, columns.totals[indicator_id]) if indicator_id in columns.totals else None
        figures += figures_by_field(table.sheet, indicator_id, parts, total, vocabulary, findings)
    for indicator_id, column in columns.plain.items():
        place = table.at(row, column)
        value = findings.count(table.sheet.cells.get(place[1]), *place)
        if value is not None:
            figures.append(Figure(indicator_id, None, value, table.sheet.name, a1(place[1])))
    return figures
