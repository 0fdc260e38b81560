"""Layout 3, the compiled table: one period, a row a unit; each sheet has its own period."""

from etl.conform.findings import Findings
from etl.conform.identity import check_period, period_of
from etl.conform.info import Info, above_table, dates_of, info_sheets, read_info
from etl.conform.period_text import UnclearPeriod, period_in_text
from etl.conform.returns import Return
from etl.conform.tables import Table, sort_rows
from etl.conform.titles import Title, agrees, check_titles, check_what_titles_count, titles_of, warn_of_running_totals
from etl.conform.wide import read_rows, wide_tables
from etl.periods import Period
from etl.sheets import Sheet, Workbook
from etl.vocabulary import Vocabulary

LAYOUT = "compiled"


def compiled_tables(sheet: Sheet, vocabulary: Vocabulary) -> list[Table]:
    """Return the tables of a sheet that look like a compiled table."""
    return wide_tables(
        sheet,
        vocabulary.catalogue.layouts.compiled.key,
        lambda label: vocabulary.find_unit(label) is not None,
        vocabulary,
    )


def conform_compiled(
    workbook: Workbook, tables: list[Table], vocabulary: Vocabulary, findings: Findings
) -> list[Return]:
    """Return one return for each unit's row of each sheet; every problem is noted in `findings`."""
    common = read_info(info_sheets(workbook, vocabulary), vocabulary, findings)
    returns: list[Return] = []
    met: dict[tuple[str, Period], str] = {}
    for table in tables:
        same = [other for other in tables if other.sheet is table.sheet]
        if same[0] is not table:
            message = "Trang có nhiều hơn một bảng tổng hợp: mỗi trang chỉ một bảng của một kỳ"
            findings.refuse("trung_bieu", message, *table.head)
            continue
        found = _sheet_returns(table.until(other.top for other in same[1:]), common, vocabulary, findings)
        for one in found:
            earlier = met.setdefault((one.don_vi_id, one.period), table.sheet.name)
            if earlier != table.sheet.name:
                label = vocabulary.catalogue.unit_by_id[one.don_vi_id].label
                message = f"{label}, {one.period.label}: đã có ở trang “{earlier}”; chỉ giữ một trang cho mỗi kỳ"
                findings.refuse("trung_ky", message, table.sheet.name)
        returns += found
    return returns


def _sheet_returns(table: Table, common: Info, vocabulary: Vocabulary, findings: Findings) -> list[Return]:
    def explain(label: str) -> tuple[str, str]:
        return "don_vi_la", f"Dòng này: {vocabulary.units.why_not(label)}"

    own = read_info([above_table(table.sheet, table.top)], vocabulary, findings)
    period = _period(table, own, common, vocabulary, findings)
    check_what_titles_count(titles_of([table]), vocabulary, findings)
    rows = sort_rows(table, vocabulary.find_unit, vocabulary)
    columns, figures = read_rows(table, rows, explain, vocabulary, findings)
    if period is not None:
        warn_of_running_totals(period, titles_of([table]), vocabulary, findings)
    as_of_on, sent_on = dates_of(Info(common.facts | own.facts), findings)
    returns = []
    met: set[str] = set()
    for row, don_vi_id in rows.parts:
        place = table.at(row, table.key_column)
        if don_vi_id in met:
            label = vocabulary.catalogue.unit_by_id[don_vi_id].label
            findings.refuse("trung_dong", f"{label} có hai dòng: chỉ giữ một", *place)
        met.add(don_vi_id)
        if period is not None and check_period(don_vi_id, period, vocabulary, findings, place):
            state, values = "co_so_lieu" if figures[row] else "trong", tuple(figures[row])
            returns.append(
                Return(don_vi_id, period, LAYOUT, state, columns.covers, values, as_of_on=as_of_on, sent_on=sent_on)
            )
    return returns


def _period(table: Table, own: Info, common: Info, vocabulary: Vocabulary, findings: Findings) -> Period | None:
    """Return the sheet's period: stated above the table, in its title, else in "Thông tin"; they must agree."""
    fact_rows = {position[0] for _, position, _ in own.facts.values()}
    titles = [title for title in titles_of([table]) if title[1][0] not in fact_rows]
    stated = [period_of(info, vocabulary, findings) for info in (own, common) if info.get("period") is not None]
    if None in stated:
        return None
    if own.get("period") is not None and stated[0] is not None:
        check_titles(stated[0], titles, findings)
        named = {stated[0]}
    else:
        found = _named_in(titles, findings)
        if found is None:
            return None
        named = found or {period for period in stated if period}
    if not named:
        message = "Không thấy kỳ báo cáo ở tiêu đề: ghi “năm 2023”, “6 tháng đầu năm 2023” hoặc “giai đoạn 2009-2024”"
        findings.refuse("ky_trong", message, *table.head)
        return None
    period = next(iter(named))
    if len(named) == 1 and all(agrees(period, other) for other in stated if other):
        return period
    names = ", ".join(sorted({found.label for found in (*named, *stated) if found}))
    message = f"Tiêu đề và Thông tin nêu nhiều kỳ ({names}): chỉ ghi một kỳ của bảng"
    findings.refuse("ky_mau_thuan", message, *table.head)
    return None


def _named_in(titles: list[Title], findings: Findings) -> set[Period] | None:
    """Return the periods that titles name, None after refusing one that is unclear."""
    named: set[Period] = set()
    for sheet, position, text in titles:
        try:
            found = period_in_text(text)
        except UnclearPeriod as problem:
            findings.refuse("ky_la", f"Tiêu đề {problem}", sheet, position)
            return None
        named |= {found} if found else set()
    return named
