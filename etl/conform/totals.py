"""One indicator's figures by field, and the printed total they are held against."""

from etl.conform.findings import Findings
from etl.conform.returns import Figure
from etl.labels import count_text
from etl.sheets import Position, Sheet, a1
from etl.vocabulary import Vocabulary

UNASSIGNED = "chua_phan"
_ZERO_OVER_BLANKS = (
    "Tổng ghi 0 nhưng các ô lĩnh vực để trống: xem như chưa báo cáo; nếu đúng là không có thì ghi 0 từng ô"
)


def figures_by_field(
    sheet: Sheet,
    indicator_id: str,
    parts: list[tuple[str, Position]],
    total: Position | None,
    vocabulary: Vocabulary,
    findings: Findings,
) -> list[Figure]:
    """Return the figures of one indicator from its fields' cells.

    A printed total is compared with their sum and not loaded, unless every part is blank: then it is all
    that is known and counts as belonging to no field. A difference is a warning, never a correction.
    """
    figures, said = [], len(findings.issues)
    for field_id, position in parts:
        value = findings.count(sheet.cells.get(position), sheet.name, position)
        if value is not None:
            figures.append(Figure(indicator_id, field_id, value, sheet.name, a1(position)))
    printed = None if total is None else findings.count(sheet.cells.get(total), sheet.name, total)
    if printed is None or total is None or len(findings.issues) > said:
        return figures  # beside a cell that was refused, a sum says nothing
    if not figures and parts and printed == 0:
        # Forms print 0 under an empty column by themselves; a total of blanks is not a report of zero.
        findings.warn("tong_0_o_trong", _ZERO_OVER_BLANKS, sheet.name, total)
        return []
    if not figures:
        return [Figure(indicator_id, UNASSIGNED, printed, sheet.name, a1(total))]
    added = sum(figure.value for figure in figures)
    if printed != added:
        label = vocabulary.catalogue.indicator_by_id[indicator_id].label
        findings.warn("tong_khong_khop", f"{label}: {_difference(printed, added)}", sheet.name, total)
    return figures


def _difference(printed: int, added: int) -> str:
    return (
        f"tổng ghi {count_text(printed)}, các lĩnh vực cộng lại {count_text(added)} "
        f"(chênh {count_text(abs(printed - added))}); số liệu nạp đúng như từng ô, không sửa"
    )
