"""Handing in returns: files are examined first, then loaded, and a load can be undone."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import markup
from dashboard.ui.context import require_router
from dashboard.ui.desk import Desk, Upload, asked, done, mark_of, with_progress
from dashboard.warehouse import records

TYPES = ["xlsx", "xlsm", "xls", "ods", "csv"]
ENDS = {
    "accepted": "nhận được",
    "accepted_with_warnings": "nhận được, có cảnh báo",
    "rejected": "phải sửa",
    "duplicate": "đã có, không đổi",
}
LEVELS = {"loi": "Lỗi", "canh_bao": "Cảnh báo", "ghi_chu": "Ghi chú"}
_OPENED = 30
"""So many files are told one by one; the table above them has all."""


def receive(desk: Desk) -> None:
    """Let a clerk hand in files."""
    number = st.session_state.setdefault("_intake", 0)
    found = st.file_uploader(
        "Chọn một hoặc nhiều tệp báo cáo (.xlsx, .xls, .ods, .csv), mỗi tệp không quá 20 MB",
        type=TYPES,
        accept_multiple_files=True,
        key=f"tep_{number}",
    )
    uploads = [(file.name, file.getvalue()) for file in found]
    if not uploads or not _rehearse(desk, uploads):
        _show_taken(desk)


def offer_form(desk: Desk, kinds: Mapping[str, str], years: Sequence[int]) -> None:
    """Let a clerk fetch a unit's form for a period, with the last register and kept models in it."""
    units = {row["don_vi_id"]: row["label"] for row in records(require_router().warehouse.query("units"))}
    with st.expander("Lấy biểu mẫu cho một đơn vị"), st.form("bieu_mau", border=False):
        first, second, third = st.columns(3)
        unit = first.selectbox("Đơn vị nhận biểu", list(units), format_func=units.__getitem__, filter_mode=None)
        kind = second.selectbox("Kỳ", list(kinds), format_func=kinds.__getitem__, filter_mode=None)
        year = third.selectbox("Năm", list(reversed(years)), filter_mode=None)
        if st.form_submit_button("Lập biểu mẫu"):
            st.session_state["_form"] = asked(desk, lambda: desk.form(unit, kind, year))
    made = st.session_state.get("_form")
    if made:
        st.download_button(f"Tải biểu mẫu {made[0]}", data=made[1], file_name=made[0], on_click="ignore")


def _rehearse(desk: Desk, uploads: Sequence[Upload]) -> bool:
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
    st.html(markup.section("Kết quả kiểm tra thử, chưa nạp gì"))
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


def _load(desk: Desk, uploads: Sequence[Upload], reason: str) -> None:
    taken = asked(desk, lambda: with_progress(lambda step: desk.take(uploads, reason, step), "Đang nạp"))
    if taken is None:
        return
    st.session_state["_taken"] = (list(taken), list(uploads))
    st.session_state["_intake"] += 1  # a new, empty uploader
    st.session_state.pop("_rehearsed", None)
    st.session_state.pop("ly_do_nap", None)
    st.query_params["muc"] = "nop"  # the first load ever is made where the page has no parts yet
    st.rerun()  # the snapshot on screen is now another


def _show_taken(desk: Desk) -> None:
    """Show what the last load of this session did, and offer to undo it."""
    if "_taken" not in st.session_state:
        return
    outcomes, uploads = st.session_state["_taken"]
    st.html(markup.section("Kết quả lần nạp vừa rồi"))
    brought = [one for outcome in outcomes if outcome.status != "duplicate" for one in outcome.brought]
    _tell(desk, outcomes, dict(enumerate(uploads)))
    if brought and desk.may_change:
        with st.form("hoan_tac"):
            reason = st.text_input("Lý do hoàn tác", placeholder="Ví dụ: nạp nhầm thư mục", max_chars=300)
            ids = [one.return_id for one in brought]
            clicked = st.form_submit_button(f"Hoàn tác lần nạp này ({len(brought)} báo cáo)")
            if clicked and done(desk, lambda: desk.withdraw(ids, reason)):
                del st.session_state["_taken"]
                st.rerun()


def _tell(desk: Desk, outcomes: Sequence[Any], uploads: dict[int, Upload]) -> None:
    """Tell the end of every file: a table of all, then those that have something to say."""
    counts = Counter(outcome.status for outcome in outcomes)
    st.html(markup.counts([(name, counts[status]) for status, name in ENDS.items() if counts[status]]))
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
    st.html(markup.table(pd.DataFrame(rows, dtype=object)))
    notable = [
        (number, outcome)
        for number, outcome in enumerate(outcomes)
        if outcome.status in ("rejected", "accepted_with_warnings") or any(one.changes for one in outcome.brought)
    ]
    for number, outcome in notable[:_OPENED]:
        with st.expander(f"{outcome.name}: {ENDS[outcome.status]}", expanded=len(notable) <= 3):
            for one in outcome.brought:
                _tell_changes(one)
            tell_issues(outcome.issues)
            if any(issue.level != "ghi_chu" for issue in outcome.issues):
                st.download_button(
                    "Tải tệp để sửa (ô sai được tô màu)",
                    data=partial(desk.correction, uploads[number], outcome.issues),
                    file_name=correction_name(outcome.name),
                    key=f"sua_{st.session_state['_intake']}_{number}",
                    on_click="ignore",
                )
    if len(notable) > _OPENED:
        st.caption(f"Còn {len(notable) - _OPENED} tệp có điều cần nói: xem cột Lỗi và Cảnh báo ở bảng trên.")


def _tell_changes(one: Any) -> None:
    if one.replaces:
        st.html(markup.lines(f"{one.label}: thay bản {one.replaces}, thay đổi {len(one.changes)} số", one.changes))


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
        st.html(markup.table(pd.DataFrame(rows, dtype=object)))


def correction_name(name: str) -> str:
    """Return the name of a correction: the sender's own, so that nobody wonders whose it is."""
    stem = name.rpartition(".")[0] or name
    return f"{stem}_can_sua.xlsx"


def _more(items: Sequence[Any], shown: int) -> str:
    return f" và {len(items) - shown} báo cáo khác" if len(items) > shown else ""
