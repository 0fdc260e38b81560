"""One indicator's figures by field, and the printed total they are held against."""

from etl.conform.returns import Figure
from etl.conform.tables import Findings
from etl.labels import count_text
from etl.sheets import Odd, Position, Sheet, a1
from etl.vocabulary import Vocabulary

UNASSIGNED = "chua_phan"


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
    largest = cell_max(vocabulary)
    figures = []
    for field_id, position in parts:
        value = findings.count(sheet.cells.get(position), largest, sheet.name, position)
        if value is not None:
            figures.append(Figure(indicator_id, field_id, value, sheet.name, a1(position)))
    if total is None or total not in sheet.cells:
        return figures
    printed = sheet.cells[total]
    if figures and isinstance(printed, Odd) and printed.kind == "no_cache":
        findings.inform("tong_chua_tinh", "Ô tổng là công thức chưa có kết quả: không đối chiếu", sheet.name, total)
        return figures
    value = findings.count(printed, largest, sheet.name, total)
    if value is None:
        return figures
    if parts and not figures and value == 0:
        # Forms print 0 under an empty column by themselves; a total of blanks is not a report of zero.
        message = (
            "Tổng ghi 0 nhưng các ô lĩnh vực để trống: xem như chưa báo cáo; nếu đúng là không có thì ghi 0 từng ô"
        )
        findings.warn("tong_0_o_trong", message, sheet.name, total)
        return []
    if not figures:
        return [Figure(indicator_id, UNASSIGNED, value, sheet.name, a1(total))]
    _compare(indicator_id, value, sum(figure.value for figure in figures), sheet, total, vocabulary, findings)
    return figures


def cell_max(vocabulary: Vocabulary) -> int:
    """Return the largest count a cell may hold."""
    return int(vocabulary.catalogue.threshold("cell_max"))


def _compare(
    indicator_id: str,
    printed: int,
    added: int,
    sheet: Sheet,
    position: Position,
    vocabulary: Vocabulary,
    findings: Findings,
) -> None:
    if printed == added:
        return
    label = vocabulary.catalogue.indicator_by_id[indicator_id].label
    findings.warn(
        "tong_khong_khop",
        f"{label}: tổng ghi {count_text(printed)}, các lĩnh vực cộng lại {count_text(added)} "
        f"(chênh {count_text(abs(printed - added))}); số liệu nạp đúng như từng ô, không sửa",
        sheet.name,
        position,
    )
