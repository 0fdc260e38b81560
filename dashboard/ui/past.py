"""What happened to returns: files held back, the history of a unit and period, what can be undone, closed years."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import exports, labels, markup
from dashboard.access.rights import Right
from dashboard.choice import MOST_OFFERED
from dashboard.ui.allowed import AllowedDesk
from dashboard.ui.desk import Subject, asked, done
from dashboard.ui.intake import correction_name, tell_issues
from dashboard.ui.link import draw
from dashboard.ui.trouble import made_later

_SHOWN = 40


def held_back(desk: AllowedDesk) -> None:
    """Show the rejected files that are kept, with what to correct."""
    files = asked(desk, desk.held_back)
    if files is None:
        return
    draw(markup.section(f"{len(files)} tệp bị giữ lại chờ sửa" if files else "Không có tệp nào bị giữ lại"))
    if not files:
        st.info("Mọi tệp đã nộp đều được nhận, hoặc chưa có tệp nào được nộp.")
    for file in files[:_SHOWN]:
        errors = sum(issue.level == "loi" for issue in file.issues)
        with st.expander(f"{markup.literal(file.file_name)}: {errors} lỗi, nộp lúc {labels.moment(file.at)}"):
            tell_issues(file.issues)
            left, right = st.columns(2)
            left.download_button(
                "Tải tệp để sửa (ô sai được tô màu)",
                data=made_later(partial(desk.correction_of, file.sha256)),
                file_name=correction_name(file.file_name),
                key=f"sua_{file.sha256}",
                on_click="ignore",
            )
            offer_original(desk, right, file.sha256, file.file_name, f"goc_{file.sha256}")
    if len(files) > _SHOWN:
        st.caption(f"Còn {len(files) - _SHOWN} tệp cũ hơn, giữ trong store/quarantine.")


def history(desk: AllowedDesk, don_vi_id: str | None) -> None:
    """Show every version of one unit's returns for one period, and offer to take the one in force back."""
    subjects = asked(desk, desk.subjects)
    if subjects is None:
        return
    offered = list(subjects) if don_vi_id is None else [one for one in subjects if one[0] == don_vi_id]
    draw(markup.section("Lịch sử báo cáo"))
    if don_vi_id is not None and not desk.may(Right.VIEW_RETURNS, don_vi_id):
        st.info("Lịch sử của đơn vị này chỉ đơn vị ấy và cấp tỉnh xem được.")
        return
    if not offered:
        st.info("Chưa có báo cáo nào của đơn vị này.")
        return
    if len(offered) > MOST_OFFERED:
        offered = _narrowed(offered, subjects)
    if not offered:
        return
    chosen: Subject = st.selectbox("Đơn vị và kỳ (gõ để tìm)", offered, format_func=lambda one: subjects[one])
    versions = asked(desk, lambda: desk.versions(chosen)) or []
    draw(markup.table(pd.DataFrame([_row(number, one) for number, one in enumerate(versions, 1)], dtype=object)))
    for number, one in reversed(list(enumerate(versions, 1))):
        with st.expander(
            f"Bản {number}: {one.standing}, {markup.literal(one.file_name)}", expanded=one is versions[-1]
        ):
            _tell_version(desk, one, has_others=sum(other.is_held for other in versions) > 1)


def _narrowed(offered: Sequence[Subject], names: Mapping[Subject, str]) -> list[Subject]:
    """Let the viewer type a part of a name among more than one list holds; return the first that have it."""
    typed = st.text_input("Tìm trong lịch sử", placeholder="Gõ một phần tên đơn vị hoặc kỳ, không cần dấu")
    wanted = labels.folded(typed or "")
    found = list(islice((one for one in offered if wanted in labels.folded(names[one])), MOST_OFFERED))
    if not found:
        st.info("Không có báo cáo nào như vậy. Thử một từ ngắn hơn.")
    elif len(found) == MOST_OFFERED:
        st.caption(f"Danh sách dưới có {MOST_OFFERED} mục đầu trong {labels.number(len(offered))}: gõ tên để tìm.")
    return found


def closed_years(desk: AllowedDesk) -> None:
    """Show the closed years; close or open one with a reason."""
    closed = asked(desk, desk.closed_years)
    if closed is None:
        return
    draw(markup.section("Khóa số liệu theo năm"))
    said = [f"Năm {year}: đã khóa, {reason}" for year, reason in closed.items()]
    draw(markup.lines("Năm đã khóa thì không nhận, không rút báo cáo nào của năm đó.", said or ["Chưa khóa năm nào."]))
    if not desk.may_change or not desk.may(Right.CLOSE):
        return
    spans = {one[2:] for one in asked(desk, desk.subjects) or {}}
    covered = {year for first, last in spans for year in range(first, last + 1)}
    open_years = sorted(covered - set(closed), reverse=True)
    left, right = st.columns(2)
    if open_years:
        with left:
            _decide(desk, "Khóa năm", open_years, desk.close_year)
    if closed:
        with right:
            _decide(desk, "Mở khóa năm", list(closed), desk.reopen_year)


def _decide(desk: AllowedDesk, what: str, years: Sequence[int], action: Callable[[int, str], None]) -> None:
    with st.form(what):
        year = st.selectbox(what, years, filter_mode=None)
        reason = st.text_input("Lý do", max_chars=300, key=f"ly_do {what}", placeholder="Được giữ trong kho")
        if st.form_submit_button(what) and done(desk, lambda: action(year, reason)):
            st.rerun()


def _row(number: int, one: Any) -> dict[str, Any]:
    return {
        "Bản": number,
        "Tình trạng": one.standing,
        "Nạp lúc": ", ".join(part for part in (labels.moment(one.at), one.by) if part),
        "Số liệu chốt ngày": one.closed_on or "không ghi",
        "Tệp": one.file_name,
        "Số thay đổi so với bản trước": len(one.changes),
        "Cảnh báo": len(one.issues),
        "Lý do": one.reason,
    }


def _tell_version(desk: AllowedDesk, one: Any, *, has_others: bool) -> None:
    if one.changes:
        draw(markup.lines("So với bản trước đó:", one.changes))
    tell_issues(one.issues)
    offer_original(desk, st, one.sha256, one.file_name, f"goc_{one.return_id}")
    if not desk.may(Right.WITHDRAW):
        return
    if one.is_held and desk.may_change:
        with st.form(f"rut_{one.return_id}"):
            reason = st.text_input("Lý do rút", max_chars=300, placeholder="Được giữ trong kho")
            what = "Rút bản này, dùng lại bản trước" if has_others else "Rút bản này, kỳ này thành chưa có báo cáo"
            clicked = st.form_submit_button(what)
            if clicked and done(desk, lambda: desk.withdraw([one.return_id], reason)):
                st.rerun()
    elif one.is_held:
        st.caption("Đang xem dữ liệu mô phỏng: không rút được ở đây.")


def offer_original(desk: AllowedDesk, place: Any, sha256: str, name: str, key: str) -> None:
    """Offer a file as its sender wrote it, to those who may have it, where the store still has it."""
    if not desk.may_have_original(sha256):
        return
    if not asked(desk, lambda: desk.has_original(sha256)):
        place.caption("Kho không còn tệp gốc này, hoặc tệp đã bị thay đổi. Hãy báo người quản trị.")
        return
    place.download_button(
        "Tải tệp gốc",
        data=made_later(lambda: desk.original(sha256) or b""),
        file_name=exports.safe_file_name(name),
        mime="application/octet-stream",
        key=key,
        on_click="ignore",
    )
