"""From a workbook's cells to returns: which layout it has, what it says, and what is wrong with it.

It opens no file and knows nothing of the store: whether a return is taken, and what it replaces, is for `etl.loading`.
"""

import re
from dataclasses import replace
from pathlib import PurePath

from etl.conform.alphabets import in_unicode
from etl.conform.compiled import compiled_tables, conform_compiled
from etl.conform.findings import Findings
from etl.conform.hidden import note_hidden, warn_of_unread
from etl.conform.long import conform_long, long_tables
from etl.conform.merged import refuse_merged_figures
from etl.conform.ours import without_correction_sheet
from etl.conform.periodic import conform_periodic, is_periodic
from etl.conform.retrospective import conform_retrospective, retrospective_tables
from etl.conform.returns import Conformed, Return
from etl.conform.tables import Table
from etl.conform.typing_habits import note_odd_typing
from etl.sheets import Workbook
from etl.text import fold
from etl.vocabulary import Vocabulary

_YEAR_IN_NAME = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_TABLE_LAYOUTS = (
    ("bảng dài", long_tables, conform_long),
    ("bảng theo năm", retrospective_tables, conform_retrospective),
    ("bảng tổng hợp theo đơn vị", compiled_tables, conform_compiled),
)


def conform(workbook: Workbook, file_name: str, vocabulary: Vocabulary) -> Conformed:
    """Return what a workbook says, with every issue; no exception for anything a sender can write."""
    findings = Findings(int(vocabulary.catalogue.threshold("cell_max")))
    for note in workbook.notes:
        findings.inform("ghi_chu_tep", note)
    workbook = without_correction_sheet(workbook, vocabulary, findings)
    given, workbook = workbook, in_unicode(workbook, vocabulary, findings)
    note_odd_typing(workbook, findings)
    returns = _returns(workbook, vocabulary, findings)
    _check_file_name(file_name, returns, vocabulary, findings)
    note_hidden(workbook, returns, findings)
    refuse_merged_figures(workbook, returns, findings)
    conformed = Conformed(returns, findings.issues, _is_simulated(workbook, vocabulary))
    if not returns and not conformed.is_refused:
        findings.refuse("khong_co_bao_cao", "Tệp không có dòng số liệu nào để nạp")
    renamed = {new.name: old.name for old, new in zip(given.sheets, workbook.sheets, strict=True)}
    # Its sender finds a sheet by the name it has in the file, converted or not.
    conformed.issues = [replace(issue, sheet=renamed.get(issue.sheet, issue.sheet)) for issue in findings.issues]
    return conformed


def _returns(workbook: Workbook, vocabulary: Vocabulary, findings: Findings) -> list[Return]:
    """Return what the workbook's one layout says; several layouts in one file, or none, are refused."""
    found = _tables_by_layout(workbook, vocabulary)
    names = [name for name, _ in found]
    if is_periodic(workbook, vocabulary):
        names.append("báo cáo định kỳ (Biểu 01, Biểu 02)")
    if len(names) > 1:
        places = ", ".join(dict.fromkeys(f"“{table.sheet.name}”" for _, tables in found for table in tables))
        message = f"Tệp có nhiều loại biểu ({', '.join(names)}; trang {places}): tách mỗi loại thành một tệp"
        findings.refuse("nhieu_loai_bieu", message)
        return []
    if not names:
        findings.refuse(
            "khong_ro_bieu",
            "Không nhận ra biểu nào: tệp cần Biểu 01 và Biểu 02, hoặc bảng có cột Năm, hoặc cột Đơn vị, "
            "hoặc bảng dài don_vi, ky, tu_nam, den_nam, chi_tieu, linh_vuc, gia_tri",
        )
        return []
    if not found:
        return conform_periodic(workbook, vocabulary, findings)
    name, tables = found[0]
    warn_of_unread(workbook, {table.sheet.name for table in tables}, vocabulary, findings)
    read = next(read for other, _, read in _TABLE_LAYOUTS if other == name)
    return read(workbook, tables, vocabulary, findings)


def _tables_by_layout(workbook: Workbook, vocabulary: Vocabulary) -> list[tuple[str, list[Table]]]:
    """Return (layout's name, its tables) for each layout with tables.

    What looks like the head of one table inside the rows of another ("Năm" as a value) is none: its rows
    are read, and refused, as those of the table above.
    """
    seen = [
        (name, table)
        for name, find, _ in _TABLE_LAYOUTS
        for sheet in workbook.sheets
        for table in find(sheet, vocabulary)
    ]
    tops: dict[str, tuple[int, str]] = {}
    for name, table in seen:
        tops[table.sheet.name] = min(tops.get(table.sheet.name, (table.top, name)), (table.top, name))
    found: dict[str, list[Table]] = {}
    for name, table in seen:
        top, first = tops[table.sheet.name]
        if name == first or table.top == top:
            found.setdefault(name, []).append(table)
    return list(found.items())


def _is_simulated(workbook: Workbook, vocabulary: Vocabulary) -> bool:
    mark = fold(vocabulary.catalogue.layouts.words.simulated)
    return any(mark in fold(text) for sheet in workbook.sheets for text in (sheet.name, *sheet.texts()))


def _check_file_name(file_name: str, returns: list[Return], vocabulary: Vocabulary, findings: Findings) -> None:
    """Refuse a file whose name is another unit's, warn of one whose name is another year's."""
    stem = PurePath(file_name).stem
    units = {found.don_vi_id for found in returns}
    named = vocabulary.units_of_file_name(stem)
    if units and named and not named & units:
        labels = vocabulary.catalogue.unit_by_id
        inside, outside = (", ".join(sorted(labels[unit].label for unit in some)) for some in (units, named))
        message = f"Tên tệp nêu {outside} nhưng nội dung là của {inside}: kiểm tra xem có gửi nhầm tệp không"
        findings.refuse("ten_tep_khac_don_vi", message)
    elif units and named - units:
        others = ", ".join(sorted(vocabulary.catalogue.unit_by_id[unit].label for unit in named - units))
        message = f"Tên tệp nêu cả {others} nhưng tệp không có báo cáo của nơi đó: kiểm tra số có bị gộp không"
        findings.warn("ten_tep_them_don_vi", message)
    years = {int(year) for year in _YEAR_IN_NAME.findall(stem)}
    covered = {year for found in returns for year in range(found.period.from_year, found.period.to_year + 1)}
    if years and covered and not years & covered:
        said = ", ".join(map(str, sorted(years)))
        findings.warn("ten_tep_khac_nam", f"Tên tệp nêu năm {said} nhưng số liệu không thuộc năm đó")
