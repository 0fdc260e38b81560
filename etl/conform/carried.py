"""Figures that the form carried over from an earlier period and that came back as they were."""

from etl.carried import Key, carried_in
from etl.conform.findings import Findings
from etl.conform.returns import Figure
from etl.sheets import Workbook


def warn_of_carried(workbook: Workbook, figures: list[Figure], findings: Findings) -> None:
    """Warn when every figure that the form carried over is still there: perhaps nobody looked at them."""
    carried = carried_in(workbook.sheets)
    if carried is None:
        return
    found: dict[Key, list[Figure]] = {}
    for figure in figures:
        found.setdefault((figure.indicator_id, figure.linh_vuc_id), []).append(figure)
    now = {key: sum(figure.value for figure in found.get(key, ())) for key in carried.figures if key in found}
    if now == carried.figures:
        first = found[next(iter(now))][0]
        message = (
            f"Số duy trì vẫn đúng bằng số chuyển sang từ báo cáo {carried.said}: "
            "kiểm tra lại, sửa cho đúng kỳ này; nếu quả thật không đổi thì giữ nguyên"
        )
        findings.warn("so_ky_truoc", message, first.sheet, first.cell)
