"""Biểu 02: activities, a row an indicator without fields."""

from etl.conform.returns import Figure
from etl.conform.tables import Findings, Table, find_tables, is_figure, shown
from etl.conform.totals import cell_max
from etl.sheets import Sheet, a1
from etl.text import fold
from etl.vocabulary import UnknownLabel, Vocabulary


def activity_tables(sheet: Sheet, vocabulary: Vocabulary) -> list[Table]:
    """Return the tables of a sheet that look like Biểu 02."""
    layout = vocabulary.catalogue.layouts.periodic.activities
    keys, values = {fold(key) for key in layout.key}, {fold(value) for value in layout.value}
    return find_tables(sheet, lambda text: fold(text) in keys, lambda text: fold(text) in values)


def read_activities(table: Table, vocabulary: Vocabulary, findings: Findings) -> tuple[set[str], list[Figure]]:
    """Return (indicators the table speaks for, figures), noting every problem."""
    column = _value_column(table, vocabulary, findings)
    covers: set[str] = set()
    figures: list[Figure] = []
    if column is None:
        return covers, figures
    for row, cells in table.rows:
        label, value = cells.get(table.key_column), cells.get(column)
        place = (table.sheet.name, (row, table.key_column))
        if label is None:
            if value is not None and is_figure(value):
                findings.refuse("dong_khong_ten", "Có số nhưng dòng không ghi chỉ tiêu", *place)
            continue
        indicator_id = _indicator(shown(label), value is not None and is_figure(value), vocabulary, findings, place)
        if indicator_id is None:
            continue
        if indicator_id in covers:
            findings.refuse("trung_dong", f"Chỉ tiêu “{shown(label)}” có hai dòng: gộp lại thành một", *place)
            continue
        covers.add(indicator_id)
        count = findings.count(value, cell_max(vocabulary), table.sheet.name, (row, column))
        if count is not None:
            figures.append(Figure(indicator_id, None, count, table.sheet.name, a1((row, column))))
    return covers, figures


def _value_column(table: Table, vocabulary: Vocabulary, findings: Findings) -> int | None:
    values = {fold(value) for value in vocabulary.catalogue.layouts.periodic.activities.value}
    columns = [column for column, texts in table.headings.items() if fold(texts[-1]) in values]
    if len(columns) > 1:
        findings.refuse("trung_cot", "Cột số lượng có hai lần", table.sheet.name, (table.top, columns[1]))
        return None
    for column, texts in table.headings.items():
        heading = " ".join(texts)
        if column not in columns and not vocabulary.is_ignored(heading) and table.has_figures(column):
            message = f"Cột “{heading}” có số nhưng không thuộc Biểu 02"
            findings.refuse("tieu_de_la", message, table.sheet.name, (table.top, column))
    for column in table.unnamed_columns():
        findings.refuse("cot_khong_ten", "Có số dưới cột không có tiêu đề", table.sheet.name, (table.top, column))
    return columns[0]


def _indicator(
    label: str, has_figure: bool, vocabulary: Vocabulary, findings: Findings, place: tuple[str, tuple[int, int]]
) -> str | None:
    """Return the row's indicator; refuse a figure beside an unknown one, pass over notes."""
    try:
        indicator_id = vocabulary.indicators.match(label)
    except UnknownLabel as problem:
        if has_figure:
            findings.refuse("chi_tieu_la", f"Dòng có số nhưng {problem}", *place)
        return None
    if vocabulary.catalogue.indicator_by_id[indicator_id].by_linh_vuc:
        if has_figure:
            findings.refuse("chi_tieu_theo_linh_vuc", f"“{label}” chia theo lĩnh vực: ghi ở Biểu 01", *place)
        return None
    return indicator_id
