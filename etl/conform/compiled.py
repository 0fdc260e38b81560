"""Layout 3, the compiled table: one period, a row a unit; each sheet has its own period."""

from etl.conform.identity import (
    UnclearPeriod,
    check_period,
    date_of,
    period_in_text,
    period_of,
    read_info,
)
from etl.conform.returns import Return
from etl.conform.tables import Findings, Table, is_figure, is_group_row, shown
from etl.conform.wide import check_column_sums, read_columns, row_figures, titles_of, wide_tables
from etl.periods import Period
from etl.sheets import Sheet, Workbook, a1
from etl.text import fold
from etl.vocabulary import UnknownLabel, Vocabulary

LAYOUT = "compiled"


def compiled_tables(sheet: Sheet, vocabulary: Vocabulary) -> list[Table]:
    """Return the tables of a sheet that look like a compiled table."""
    return wide_tables(sheet, vocabulary.catalogue.layouts.compiled.key, vocabulary)


def conform_compiled(workbook: Workbook, vocabulary: Vocabulary, findings: Findings) -> list[Return]:
    """Return one return for each unit's row of each sheet; every problem is noted in `findings`."""
    returns: list[Return] = []
    for sheet in workbook.sheets:
        tables = compiled_tables(sheet, vocabulary)
        if len(tables) > 1:
            message = "Trang có nhiều hơn một bảng tổng hợp: mỗi trang chỉ một bảng của một kỳ"
            findings.refuse("trung_bieu", message, sheet.name, (tables[1].top, tables[1].key_column))
        elif tables:
            for found in _sheet_returns(tables[0], workbook, vocabulary, findings):
                if any((found.don_vi_id, found.period) == (other.don_vi_id, other.period) for other in returns):
                    label = vocabulary.catalogue.unit_by_id[found.don_vi_id].label
                    findings.refuse("trung_ky", f"{label}, {found.period.label}: có ở hai trang", sheet.name)
                returns.append(found)
    return returns


def _sheet_returns(table: Table, workbook: Workbook, vocabulary: Vocabulary, findings: Findings) -> list[Return]:
    info_names = {fold(name) for name in vocabulary.catalogue.layouts.info.sheet}
    infos = [sheet for sheet in workbook.sheets if fold(sheet.name) in info_names]
    period = _period(table, infos, vocabulary, findings)
    info = read_info([table.sheet], vocabulary, above={table.sheet.name: table.top})
    columns = read_columns(table, vocabulary, findings)
    units, total_row = _unit_rows(table, vocabulary, findings)
    figures = {row: row_figures(table, row, columns, vocabulary, findings) for row, _ in units}
    if total_row is not None:
        everything = [figure for values in figures.values() for figure in values]
        check_column_sums(table, total_row, columns, everything, vocabulary, findings)
    if period is None:
        return []
    for row, don_vi_id in units:
        check_period(don_vi_id, period, vocabulary, findings, table.sheet.name, (row, table.key_column))
    as_of_on = date_of(info, "as_of_on", "Ngày chốt số liệu", findings)
    sent_on = date_of(info, "sent_on", "Ngày gửi", findings)
    return [
        Return(
            don_vi_id=don_vi_id,
            period=period,
            layout=LAYOUT,
            state="co_so_lieu" if figures[row] else "trong",
            covers=columns.covers,
            figures=tuple(figures[row]),
            as_of_on=as_of_on,
            sent_on=sent_on,
        )
        for row, don_vi_id in units
    ]


def _period(table: Table, infos: list[Sheet], vocabulary: Vocabulary, findings: Findings) -> Period | None:
    """Return the sheet's period: labelled above the table, else in its title, else in "Thông tin"."""
    above = read_info([table.sheet], vocabulary, above={table.sheet.name: table.top})
    if above.get("period") is not None:
        return period_of(above, vocabulary, findings)
    found: set[Period] = set()
    for sheet, position, text in titles_of(table):
        try:
            period = period_in_text(text)
        except UnclearPeriod as problem:
            findings.refuse("ky_la", f"Tiêu đề {problem}", sheet, position)
            return None
        if period is not None:
            found.add(period)
    if len(found) == 1:
        return found.pop()
    if len(found) > 1:
        names = ", ".join(sorted(period.label for period in found))
        findings.refuse("ky_mau_thuan", f"Tiêu đề nêu nhiều kỳ ({names}): chỉ ghi kỳ của bảng", table.sheet.name)
        return None
    if infos:
        return period_of(read_info(infos, vocabulary), vocabulary, findings)
    message = "Không thấy kỳ báo cáo ở tiêu đề: ghi “năm 2023”, “6 tháng đầu năm 2023” hoặc “giai đoạn 2009-2024”"
    findings.refuse("ky_trong", message, table.sheet.name, (table.top, table.key_column))
    return None


def _unit_rows(table: Table, vocabulary: Vocabulary, findings: Findings) -> tuple[list[tuple[int, str]], int | None]:
    """Return ([(row, unit)], row of the printed total)."""
    rows: list[tuple[int, str]] = []
    total_row = None
    for row, cells in table.rows:
        key = cells.get(table.key_column)
        has_figures = any(column > table.key_column and is_figure(value) for column, value in cells.items())
        text = shown(key) if key is not None else ""
        place = (table.sheet.name, (row, table.key_column))
        labels = [shown(value) for column, value in cells.items() if column <= table.key_column]
        if any(vocabulary.is_total(label) for label in labels):
            total_row = row if total_row is None else total_row
            continue
        try:
            don_vi_id = vocabulary.unit(text)
        except UnknownLabel as problem:
            skipped = vocabulary.is_subtotal(text) or is_group_row(text, cells, table.key_column)
            if has_figures and not skipped:
                reason = f"Dòng có số nhưng {problem}" if text else "Có số nhưng dòng không ghi đơn vị"
                findings.refuse("don_vi_la", reason, *place)
            continue
        if any(don_vi_id == other for _, other in rows):
            label = vocabulary.catalogue.unit_by_id[don_vi_id].label
            findings.refuse("trung_dong", f"{label} có hai dòng (dòng này ở ô {a1(place[1])})", *place)
        else:
            rows.append((row, don_vi_id))
    if not rows:
        findings.refuse("bang_trong", "Bảng không có dòng đơn vị nào", table.sheet.name, (table.top, table.key_column))
    return rows, total_row
