"""Choices that stand in the page's address: read once when a link is new, written back when a viewer chooses.

What a page draws leads on to other pages as of the same snapshot: `draw` sees to it.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import streamlit as st

from dashboard import markup
from dashboard.ui.context import current

IN_LINK = (
    "tu",
    "muc",
    "ky",
    "don_doc",
    "den",
    "don_vi",
    "dia_gioi",
    "chi_tieu",
    "linh_vuc",
    "nhom",
    "cung_co",
    "tai_lieu",
    "ket_qua",
    "viec",
    "tim_mo_hinh",
    "tinh_trang",
    "cap",
    "chu_de",
    "dia_ban",
    "xem",
    "muc_tieu",
    "linh_vuc_muc_tieu",
    "phan",
    "muc_do",
    "loai",
    "so_voi",
    "ban",
    "ban_truoc",
    "ban_sau",
    "hoi_nghi",
    "che_do",
    "slide",
    "bo",
    "trang",
    "noi_bo",
)
BAD_LINK = "Đường dẫn có giá trị không dùng được; phần đó đang lấy giá trị mặc định."


def adopt(name: str, parse: Callable[[str], Any], default: Any) -> bool:
    """Bring a link's value into the widget `name` when the link is new; return whether it could not be used."""
    link, seen = st.query_params.get(name), f"_link_{name}"
    is_bad = False
    if link is not None and link != st.session_state.get(seen):
        value = parse(link)
        is_bad = value is None
        st.session_state[name] = default if is_bad else value
    kept = st.session_state.get(name, default)
    # Also keeps the value while a page without this widget is shown.
    st.session_state[name] = kept if parse(str(kept)) is not None else default
    return is_bad


def publish(name: str, value: Any, default: Any = None) -> None:
    """Write a chosen value into the link; a default leaves the link short.

    A link that says so already stays as it is: each change is a step of the browser's way back.
    """
    text = str(value)
    st.session_state[f"_link_{name}"] = text
    if st.query_params.get(name) == text:
        return
    if value == default:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = text


@st.fragment(run_every=timedelta(days=1))
def run_again_when_reconnected() -> None:
    """Have a page that outlived its session run again as soon as it finds a server, before anything is chosen on it.

    A session ends when the server is started anew, and some minutes after a machine fell asleep. The new one knows no
    widget of the page: the first choice would reach it with a link that still says the one before, and be undone.
    Streamlit's browser side runs a page again by itself only where a part of it runs by the clock, as this one does.
    """


def draw(html: str) -> None:
    """Show HTML whose links keep to the frozen snapshot that the page is viewed as of; nothing for none."""
    if not html:
        return  # Streamlit refuses an empty body
    context = current.get()
    frozen = context.as_of if context else None
    st.html(markup.as_of(html, frozen.snapshot_id) if frozen else html)
