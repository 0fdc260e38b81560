"""Layout 2, the retrospective: one unit, a row a year (or a span of years)."""

from etl.conform.identity import Info, check_period, date_of, period_of_row, read_info, unit_of, unit_of_titles
from etl.conform.returns import Figure, Return
from etl.conform.tables import Findings, Table, is_figure, shown
from etl.conform.wide import check_column_sums, read_columns, row_figures, titles_of, wide_tables
from etl.periods import Period
from etl.sheets import Sheet, Workbook
from etl.vocabulary import Vocabulary

LAYOUT = "retrospective"


def retrospective_tables(sheet: Sheet, vocabulary: Vocabulary) -> list[Table]:
    """Return the tables of a sheet that look like a retrospective."""
    return wide_tables(sheet, vocabulary.catalogue.layouts.retrospective.key, vocabulary)


def conform_retrospective(workbook: Workbook, vocabulary: Vocabulary, findings: Findings) -> list[Return]:
    """Return one return for each row of years; every problem is noted in `findings`."""
    tables = [table for sheet in workbook.sheets for table in retrospective_tables(sheet, vocabulary)]
    if len(tables) > 1:
        findings.refuse("trung_bieu", "Có nhiều hơn một bảng theo năm: mỗi tệp chỉ một bảng", tables[1].sheet.name)
        return []
    table = tables[0]
    info = read_info(workbook.sheets, vocabulary, above={table.sheet.name: table.top} | _whole(workbook, table))
    don_vi_id = (
        unit_of(info, vocabulary, findings)
        if info.get("unit") is not None
        else unit_of_titles(titles_of(table), vocabulary, findings)
    )
    rows, total_row = _year_rows(table, vocabulary, findings)
    columns = read_columns(table, vocabulary, findings)
    figures = {row: row_figures(table, row, columns, vocabulary, findings) for row, _ in rows}
    if total_row is not None:
        everything = [figure for values in figures.values() for figure in values]
        check_column_sums(table, total_row, columns, everything, vocabulary, findings)
    if don_vi_id is None:
        return []
    for row, period in rows:
        check_period(don_vi_id, period, vocabulary, findings, table.sheet.name, (row, table.key_column))
    return [_return(don_vi_id, period, columns.covers, figures[row], info, findings) for row, period in rows]


def _whole(workbook: Workbook, table: Table) -> dict[str, int]:
    """Say that the sheets without the table are read whole for their facts."""
    return {sheet.name: 2**20 for sheet in workbook.sheets if sheet is not table.sheet}


def _return(
    don_vi_id: str, period: Period, covers: frozenset[str], figures: list[Figure], info: Info, findings: Findings
) -> Return:
    return Return(
        don_vi_id=don_vi_id,
        period=period,
        layout=LAYOUT,
        state="co_so_lieu" if figures else "trong",
        covers=covers,
        figures=tuple(figures),
        as_of_on=date_of(info, "as_of_on", "Ngày chốt số liệu", findings),
        sent_on=date_of(info, "sent_on", "Ngày gửi", findings),
    )


def _year_rows(table: Table, vocabulary: Vocabulary, findings: Findings) -> tuple[list[tuple[int, Period]], int | None]:
    """Return ([(row, period)], row of the printed total)."""
    rows: list[tuple[int, Period]] = []
    total_row = None
    for row, cells in table.rows:
        key = cells.get(table.key_column)
        has_figures = any(column > table.key_column and is_figure(value) for column, value in cells.items())
        place = (table.sheet.name, (row, table.key_column))
        period = period_of_row(key) if key is not None else None
        if key is not None and vocabulary.is_total(shown(key)):
            total_row = row if total_row is None else total_row
        elif period is None:
            if has_figures and not (key is not None and vocabulary.is_subtotal(shown(key))):
                read = f"“{shown(key)}”" if key is not None else "(trống)"
                findings.refuse("nam_la", f"Năm {read} không rõ: ghi đủ bốn chữ số, ví dụ 2023", *place)
        elif any(period == other for _, other in rows):
            findings.refuse("trung_dong", f"Kỳ {period.label} có hai dòng", *place)
        else:
            rows.append((row, period))
    if not rows:
        findings.refuse("bang_trong", "Bảng không có dòng năm nào", table.sheet.name, (table.top, table.key_column))
    return rows, total_row
