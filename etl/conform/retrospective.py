"""Layout 2, the retrospective: one unit, a row a year (or a span of years)."""

from etl.conform.findings import Findings
from etl.conform.identity import check_period, unit_of
from etl.conform.info import above_table, dates_of, info_sheets, read_info
from etl.conform.period_text import period_of_row
from etl.conform.returns import Return
from etl.conform.tables import Table, sort_rows
from etl.conform.titles import check_what_titles_count, titles_of
from etl.conform.wide import read_rows, wide_tables
from etl.periods import Period
from etl.sheets import Sheet, Workbook
from etl.vocabulary import Vocabulary

LAYOUT = "retrospective"


def retrospective_tables(sheet: Sheet, vocabulary: Vocabulary) -> list[Table]:
    """Return the tables of a sheet that look like a retrospective."""
    return wide_tables(
        sheet,
        vocabulary.catalogue.layouts.retrospective.key,
        lambda label: period_of_row(label) is not None,
        vocabulary,
    )


def conform_retrospective(
    workbook: Workbook, tables: list[Table], vocabulary: Vocabulary, findings: Findings
) -> list[Return]:
    """Return one return for each row of years; every problem is noted in `findings`."""
    if len(tables) > 1:
        message = "Có nhiều hơn một bảng theo năm: mỗi tệp chỉ một bảng của một đơn vị"
        findings.refuse("trung_bieu", message, *tables[1].head)
        return []
    table = tables[0]
    info = read_info([*info_sheets(workbook, vocabulary), above_table(table.sheet, table.top)], vocabulary, findings)
    don_vi_id = unit_of(info, titles_of([table]), vocabulary, findings)
    check_what_titles_count(titles_of([table]), vocabulary, findings)
    rows = sort_rows(table, period_of_row, vocabulary)
    columns, figures = read_rows(table, rows, _explain, vocabulary, findings)
    as_of_on, sent_on = dates_of(info, findings)
    returns = []
    met: set[Period] = set()
    for row, period in rows.parts:
        place = table.at(row, table.key_column)
        if period in met:
            findings.refuse("trung_dong", f"Kỳ {period.label} có hai dòng: chỉ giữ một", *place)
        met.add(period)
        if check_period(don_vi_id, period, vocabulary, findings, place) and don_vi_id is not None:
            state = "co_so_lieu" if figures[row] else "trong"
            values = tuple(figures[row])
            returns.append(
                Return(don_vi_id, period, LAYOUT, state, columns.covers, values, as_of_on=as_of_on, sent_on=sent_on)
            )
    return returns


def _explain(label: str) -> tuple[str, str]:
    return "nam_la", f"Năm “{label}” không rõ: ghi đủ bốn chữ số, ví dụ 2023, hoặc giai đoạn 2009-2010"
