"""What the program itself wrote into a file that comes back: the correction's sheet is never part of a report."""

from dataclasses import replace

from etl.conform.findings import Findings
from etl.sheets import Sheet, Workbook
from etl.text import fold
from etl.vocabulary import Vocabulary


def without_correction_sheet(workbook: Workbook, vocabulary: Vocabulary, findings: Findings) -> Workbook:
    """Return the workbook without the sheet that listed what to correct: it quotes what was wrong.

    It is known by the title in its first cell, not by its name, which a sender may use for a table.
    """
    title = fold(vocabulary.catalogue.layouts.correction.title)
    kept = [sheet for sheet in workbook.sheets if not _is_titled(sheet, title)]
    for sheet in workbook.sheets:
        if _is_titled(sheet, title):
            findings.inform(
                "trang_can_sua", f"Trang “{sheet.name}” do chương trình lập lần trước: không đọc", sheet.name
            )
    return replace(workbook, sheets=kept)


def _is_titled(sheet: Sheet, title: str) -> bool:
    first = sheet.cells.get((0, 0))
    return isinstance(first, str) and fold(first) == title
