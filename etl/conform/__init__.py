"""From a workbook's cells to returns: which layout it has, what it says, and what is wrong with it."""

import re
from pathlib import PurePath

from etl.conform.compiled import compiled_tables, conform_compiled
from etl.conform.long import conform_long, long_tables
from etl.conform.periodic import conform_periodic, is_periodic
from etl.conform.retrospective import conform_retrospective, retrospective_tables
from etl.conform.returns import Conformed
from etl.conform.tables import Findings
from etl.sheets import Workbook
from etl.text import fold
from etl.vocabulary import UnknownLabel, Vocabulary

_YEAR_IN_NAME = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


def conform(workbook: Workbook, file_name: str, vocabulary: Vocabulary) -> Conformed:
    """Return what a workbook says, with every issue; no exception for anything a sender can write."""
    findings = Findings()
    for note in workbook.notes:
        findings.inform("ghi_chu_tep", note)
    conformed = Conformed(is_simulated=_is_simulated(workbook, vocabulary))
    if any(long_tables(sheet, vocabulary) for sheet in workbook.sheets):
        conformed.returns = conform_long(workbook, vocabulary, findings)
    elif is_periodic(workbook, vocabulary):
        conformed.returns = conform_periodic(workbook, vocabulary, findings)
    elif any(retrospective_tables(sheet, vocabulary) for sheet in workbook.sheets):
        conformed.returns = conform_retrospective(workbook, vocabulary, findings)
    elif any(compiled_tables(sheet, vocabulary) for sheet in workbook.sheets):
        conformed.returns = conform_compiled(workbook, vocabulary, findings)
    else:
        findings.refuse(
            "khong_ro_bieu",
            "Không nhận ra biểu nào: tệp cần Biểu 01 và Biểu 02, hoặc bảng có cột Năm, hoặc cột Đơn vị, "
            "hoặc bảng dài don_vi, ky, tu_nam, den_nam, chi_tieu, linh_vuc, gia_tri",
        )
    _check_file_name(file_name, conformed, vocabulary, findings)
    _note_hidden(workbook, conformed, findings)
    conformed.issues = findings.issues
    if not conformed.returns and not conformed.is_refused:
        findings.refuse("khong_co_bao_cao", "Tệp không có dòng số liệu nào để nạp")
    return conformed


def _is_simulated(workbook: Workbook, vocabulary: Vocabulary) -> bool:
    mark = fold(vocabulary.catalogue.layouts.words.simulated)
    cells = (value for sheet in workbook.sheets for value in sheet.cells.values())
    return any(mark in fold(value) for value in cells if isinstance(value, str) and len(value) < 500)


def _check_file_name(file_name: str, conformed: Conformed, vocabulary: Vocabulary, findings: Findings) -> None:
    """Refuse a file whose name is another unit's, warn of one whose name is another year's."""
    stem = PurePath(file_name).stem
    units = {found.don_vi_id for found in conformed.returns}
    try:
        named = vocabulary.units_in(stem)
    except UnknownLabel:
        named = set()  # a commune's name in the file's name says nothing about the return's unit
    if len(units) == 1 and named and not named & units:
        labels = vocabulary.catalogue.unit_by_id
        inside, outside = labels[next(iter(units))].label, ", ".join(sorted(labels[unit].label for unit in named))
        message = f"Tên tệp nêu {outside} nhưng nội dung là của {inside}: kiểm tra xem có gửi nhầm tệp không"
        findings.refuse("ten_tep_khac_don_vi", message)
    years = {int(year) for year in _YEAR_IN_NAME.findall(stem)}
    covered = {year for found in conformed.returns for year in range(found.period.from_year, found.period.to_year + 1)}
    if years and covered and not years & covered:
        said = ", ".join(map(str, sorted(years)))
        findings.warn("ten_tep_khac_nam", f"Tên tệp nêu năm {said} nhưng số liệu không thuộc năm đó")


def _note_hidden(workbook: Workbook, conformed: Conformed, findings: Findings) -> None:
    hidden = {sheet.name for sheet in workbook.sheets if sheet.hidden}
    used = {figure.sheet for found in conformed.returns for figure in found.figures}
    for name in sorted(hidden & used):
        findings.inform("trang_an", f"Số liệu lấy từ trang ẩn “{name}”", name)
    for sheet in workbook.sheets:
        rows = {row + 1 for row in sheet.hidden_rows if any(position[0] == row for position in sheet.cells)}
        if rows and sheet.name in used:
            findings.inform(
                "dong_an", f"Trang có dòng ẩn chứa số liệu: {', '.join(map(str, sorted(rows)[:10]))}", sheet.name
            )
