"""Reminding the units that owe something: a letter to sign and a short text to paste."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import streamlit as st

from dashboard import exports, labels, letters, markup
from dashboard.access.rights import Right
from dashboard.choice import MOST_OFFERED
from dashboard.downloads import DAYS_TO_REPLY, PAPER
from dashboard.ui.allowed import AllowedDesk, exporting
from dashboard.ui.context import require_router
from dashboard.ui.desk import asked
from dashboard.ui.link import draw
from dashboard.ui.trouble import made_later
from dashboard.units import unit_rows


def remind(desk: AllowedDesk, as_of: date) -> None:
    """Offer a letter and a message for each unit that owes a return, has a file to correct or figures to confirm."""
    context = require_router()
    if not desk.may(Right.EXPORT):
        return
    draw(markup.section("Nhắc đơn vị"))
    rows, units = unit_rows(context.warehouse), context.unit_names
    asked_for = context.choice.don_vi_id
    left, right = st.columns(2)
    unit = left.selectbox(
        "Đơn vị cần nhắc",
        [asked_for] if asked_for else list(units)[:MOST_OFFERED],
        format_func=units.__getitem__,
        index=0 if asked_for else None,
        placeholder="Chọn một đơn vị",
        filter_mode=None,
    )
    if not asked_for and len(units) > MOST_OFFERED:
        left.caption(f"Danh sách có {MOST_OFFERED} đơn vị đầu: đơn vị khác chọn ở cột bên trái.")
    reply_by = right.date_input(
        "Đề nghị gửi trước ngày", as_of + timedelta(days=DAYS_TO_REPLY), min_value=as_of, format="DD/MM/YYYY"
    )
    if unit is None or not isinstance(reply_by, date):
        return
    # Over the simulated sample the files held back are real ones: they have no place in a simulated letter.
    files = asked(desk, desk.held_back) if desk.may_change else None
    failing = failing_cells(files or [], unit)
    found = letters.reminder_for(
        context.warehouse, context.choice, unit, as_of=as_of, reply_by=reply_by, failing=failing
    )
    if found is None:
        st.info("Danh mục chưa khai báo cơ quan gửi thư (province.toml, mục letter).")
    elif found.is_empty:
        st.info(f"{units[unit]} không nợ báo cáo, không có tệp phải sửa hay số liệu phải xác nhận: không cần nhắc.")
    else:
        if rows[unit]["valid_to"] is not None and rows[unit]["valid_to"] < as_of:
            st.warning(f"{units[unit]} đã kết thúc ngày {labels.day(rows[unit]['valid_to'])}: kiểm tra nơi nhận thư.")
        _offer(found, unit, units[unit])


def _offer(found: letters.Reminder, unit: str, label: str) -> None:
    st.caption("Tin nhắn (bấm biểu tượng ở góc phải để chép)")
    st.code(letters.message(found), language=None, wrap_lines=True)
    mark = "_mo_phong" if found.is_simulated else ""
    viewer = require_router().viewer

    def make() -> bytes:
        exporting(viewer, f"Công văn nhắc {label}")
        return letters.reminder(found)

    st.download_button(
        f"Tải công văn nhắc {label} (.docx)",
        data=made_later(make),
        file_name=exports.safe_file_name(f"nhac_bao_cao_{unit}{mark}.docx"),
        mime=PAPER,
        on_click="ignore",
    )


def failing_cells(files: Iterable[Any], unit: str) -> Sequence[letters.FailingCell]:
    """Return the failing cells of the unit's files that are held back."""
    return [
        letters.FailingCell(file.file_name, issue.sheet, issue.cell, "", issue.message)
        for file in files
        if unit in {subject[0] for subject in file.subjects}
        for issue in file.issues
        if issue.level == "loi"
    ]
