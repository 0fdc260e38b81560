"""Handing in returns: files are examined first, then loaded, and a load can be undone."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import exports, labels, markup
from dashboard.access.rights import Right
from dashboard.ui.allowed import AllowedDesk
from dashboard.ui.context import require_router
from dashboard.ui.desk import Progress, Upload, asked, done, mark_of, with_progress
from dashboard.ui.link import draw
from dashboard.ui.trouble import made_later, telling

ENDS = {
    "accepted": "nhận được",
    "accepted_with_warnings": "nhận được, có cảnh báo",
    "rejected": "phải sửa",
    "duplicate": "đã có, không đổi",
}
LEVELS = {"loi": "Lỗi", "canh_bao": "Cảnh báo", "ghi_chu": "Ghi chú"}
_PART = "nop"
"""This part of the page in its link. The first load ever is made where the page has no parts yet."""
_OPENED = 30
"""So many files are told one by one; the table above them has all."""


@dataclass
class _Load:
    """A session's last load: what became of its files, and those of them to correct.

    It is changed in place: a run that Streamlit has ended, since the clerk turned to another page, can set nothing.
    """

    outcomes: Sequence[Any] = ()
    to_correct: Mapping[int, Upload] = field(default_factory=dict)
    is_running: bool = False


def receive(desk: AllowedDesk) -> None:
    """Let a clerk hand in files."""
    last = st.session_state.get("_last_load")
    if last is not None and last.is_running:
        st.query_params["muc"] = _PART
        _await(last)
        return
    number = st.session_state.setdefault("_intake", 0)
    # Any file may be chosen: what it is, and what to do about it, is said by the desk, in Vietnamese.
    found = st.file_uploader(
        "Chọn một hoặc nhiều tệp báo cáo (.xlsx, .xls, .ods, .csv), mỗi tệp không quá 20 MB",
        accept_multiple_files=True,
        key=f"tep_{number}",
    )
    uploads = [(file.name, file.getvalue()) for file in found]
    if not uploads or not _rehearse(desk, uploads):
        _show_taken(desk)


def offer_form(desk: AllowedDesk, kinds: Mapping[str, str], years: Sequence[int]) -> None:
    """Let a clerk fetch a unit's form for a period, with the last register and kept models in it."""
    context = require_router()
    own = desk.own_units
    units = {unit: label for unit, label in context.unit_names.items() if own is None or unit in own}
    if not units:
        return
    asked_for, newest = context.choice.don_vi_id, list(reversed(years))
    with st.expander("Lấy biểu mẫu cho một đơn vị"), st.form("bieu_mau", border=False):
        first, second, third = st.columns(3)
        unit = first.selectbox(
            "Đơn vị nhận biểu",
            list(units),
            format_func=units.__getitem__,
            index=list(units).index(asked_for) if asked_for in units else 0,
            filter_mode=None,
        )
        kind = second.selectbox("Kỳ", list(kinds), format_func=kinds.__getitem__, filter_mode=None)
        year = third.selectbox("Năm", newest, index=newest.index(context.choice.to_year), filter_mode=None)
        if st.form_submit_button("Lập biểu mẫu"):
            st.session_state["_form"] = asked(desk, lambda: desk.form(unit, kind, year))
    made = st.session_state.get("_form")
    if made:
        if context.warehouse.is_simulated:
            st.warning(
                f"{labels.SIMULATED}: biểu mẫu chép từ dữ liệu mô phỏng, chỉ để xem thử, không dùng gửi báo cáo thật."
            )
        st.download_button(f"Tải biểu mẫu {made[0]}", data=made[1], file_name=made[0], on_click="ignore")


def _rehearse(desk: AllowedDesk, uploads: Sequence[Upload]) -> bool:
    """Examine files and offer to load them; return whether anything was said about them."""
    mark = mark_of(uploads)
    reason = st.session_state.get("ly_do_nap", "").strip()
    said = st.session_state.get("_rehearsed")
    if said is None or said[0] != (mark, reason):
        examined = asked(
            desk, lambda: with_progress(lambda step: desk.examine(uploads, reason, step), "Đang kiểm tra thử")
        )
        if examined is None:
            return False
        said = ((mark, reason), list(examined))
        st.session_state["_rehearsed"] = said
    outcomes = said[1]
    draw(markup.section("Kết quả kiểm tra thử, chưa nạp gì"))
    ready = sum(outcome.status in ("accepted", "accepted_with_warnings") for outcome in outcomes)
    if reason or any(outcome.is_older for outcome in outcomes):
        st.text_input(
            "Lý do nhận bản có ngày chốt số liệu cũ hơn bản đang dùng (được giữ trong kho)",
            key="ly_do_nap",
            placeholder="Ví dụ: bản gửi sau là gửi nhầm",
            max_chars=300,
        )
    if st.button(f"Nạp {ready} tệp nhận được", type="primary", disabled=not ready):
        _load(desk, uploads, reason)
    _tell(desk, outcomes, dict(enumerate(uploads)))
    return True


def _load(desk: AllowedDesk, uploads: Sequence[Upload], reason: str) -> None:
    last = st.session_state.setdefault("_last_load", _Load())
    number = st.session_state["_intake"]
    st.session_state["_intake"] = number + 1  # a new, empty uploader
    st.session_state.pop("_rehearsed", None)
    take = partial(_take, desk, uploads, reason, last)
    if not done(desk, lambda: with_progress(take, "Đang nạp", is_cut_short=False)):
        st.session_state["_intake"] = number  # the files are still there, to be tried again
        return
    st.session_state.pop("ly_do_nap", None)
    st.query_params["muc"] = _PART
    st.rerun()  # the snapshot on screen is now another


def _take(desk: AllowedDesk, uploads: Sequence[Upload], reason: str, last: _Load, step: Progress) -> None:
    last.is_running = True
    try:
        last.outcomes = desk.take(uploads, reason, step)
        # of the files only those to correct are kept: a session may last for days
        last.to_correct = {
            number: uploads[number] for number, one in enumerate(last.outcomes) if needs_correcting(one.issues)
        }
    finally:
        last.is_running = False


@st.fragment(run_every=2)
@telling("waiting for a load failed")
def _await(last: _Load) -> None:
    """Say that files are being loaded until they are."""
    if not last.is_running:
        st.rerun()
    st.info("Đang nạp các tệp vừa gửi; kết quả hiện ở đây khi nạp xong.")


def _show_taken(desk: AllowedDesk) -> None:
    """Show what the last load of this session did, and offer to undo it."""
    last = st.session_state.get("_last_load")
    if last is None or not last.outcomes:
        return
    draw(markup.section("Kết quả lần nạp vừa rồi"))
    brought = [one for outcome in last.outcomes if outcome.status != "duplicate" for one in outcome.brought]
    _tell(desk, last.outcomes, last.to_correct)
    if brought and desk.may_change and desk.may(Right.WITHDRAW):
        with st.form("hoan_tac"):
            reason = st.text_input("Lý do hoàn tác", placeholder="Ví dụ: nạp nhầm thư mục", max_chars=300)
            ids = [one.return_id for one in brought]
            clicked = st.form_submit_button(f"Hoàn tác lần nạp này ({len(brought)} báo cáo)")
            if clicked and done(desk, lambda: desk.withdraw(ids, reason)):
                del st.session_state["_last_load"]
                st.rerun()


def _tell(desk: AllowedDesk, outcomes: Sequence[Any], uploads: Mapping[int, Upload]) -> None:
    """Tell the end of every file: a table of all, then those that have something to say."""
    counts = Counter(outcome.status for outcome in outcomes)
    draw(markup.counts([(name, counts[status]) for status, name in ENDS.items() if counts[status]]))
    rows = [
        {
            "Tệp": outcome.name,
            "Kết quả": ENDS[outcome.status],
            "Báo cáo": "; ".join(one.label for one in outcome.brought[:3]) + _more(outcome.brought, 3),
            "Số thay đổi": sum(len(one.changes) for one in outcome.brought),
            "Lỗi": sum(issue.level == "loi" for issue in outcome.issues),
            "Cảnh báo": sum(issue.level == "canh_bao" for issue in outcome.issues),
        }
        for outcome in outcomes
    ]
    draw(markup.table(pd.DataFrame(rows, dtype=object)))
    notable = [
        (number, outcome)
        for number, outcome in enumerate(outcomes)
        if outcome.status in ("rejected", "accepted_with_warnings") or any(one.changes for one in outcome.brought)
    ]
    for number, outcome in notable[:_OPENED]:
        with st.expander(f"{markup.literal(outcome.name)}: {ENDS[outcome.status]}", expanded=len(notable) <= 3):
            for one in outcome.brought:
                _tell_changes(one)
            tell_issues(outcome.issues)
            if needs_correcting(outcome.issues):
                st.download_button(
                    "Tải tệp để sửa (ô sai được tô màu)",
                    data=made_later(partial(desk.correction, uploads[number], outcome.issues)),
                    file_name=correction_name(outcome.name),
                    key=f"sua_{st.session_state['_intake']}_{number}",
                    on_click="ignore",
                )
    if len(notable) > _OPENED:
        st.caption(f"Còn {len(notable) - _OPENED} tệp có điều cần nói: xem cột Lỗi và Cảnh báo ở bảng trên.")


def _tell_changes(one: Any) -> None:
    if one.replaces:
        draw(markup.lines(f"{one.label}: thay bản {one.replaces}, thay đổi {len(one.changes)} số", one.changes))


def tell_issues(issues: Sequence[Any]) -> None:
    """Show issues with their cells, the gravest first."""
    order = list(LEVELS)
    rows = [
        {
            "Mức": LEVELS[issue.level],
            "Trang": issue.sheet or "(cả tệp)",
            "Ô": issue.cell or "–",
            "Điều cần biết và cách sửa": issue.message,
        }
        for issue in sorted(issues, key=lambda issue: order.index(issue.level))
    ]
    if rows:
        draw(markup.table(pd.DataFrame(rows, dtype=object)))


def needs_correcting(issues: Sequence[Any]) -> bool:
    """Whether a file has anything to correct or to look at again; notes alone ask for nothing."""
    return any(issue.level != "ghi_chu" for issue in issues)


def correction_name(name: str) -> str:
    """Return the name of a correction: the sender's own, so that nobody wonders whose it is."""
    safe = exports.safe_file_name(name)
    return f"{safe.rpartition('.')[0] or safe}_can_sua.xlsx"


def _more(items: Sequence[Any], shown: int) -> str:
    return f" và {len(items) - shown} báo cáo khác" if len(items) > shown else ""
