"""Presentation mode: choosing and ordering slides, and one slide at a time over the whole screen.

The slide shown, the set and its order stand in the link. Turning a slide reruns the stage alone, with slides made once.
Keys are shortcuts of buttons, so that no script of our own runs; keys beyond the first of a way have a hidden button.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from urllib.parse import urlencode

import streamlit as st

from dashboard import labels, markup, slide_markup
from dashboard.access.rights import Right, Viewer
from dashboard.choice import Choice, id_from_link
from dashboard.slides import NAMES, PRESET_NAMES, PRESETS, Slide, picked
from dashboard.slides.content import SUPPORT
from dashboard.ui.context import ASSETS, Context, require_router
from dashboard.ui.link import BAD_LINK, adopt, draw, publish
from dashboard.ui.show import note
from dashboard.ui.trouble import telling
from dashboard.warehouse import Warehouse

_MODE, _PRESENTING = "che_do", "trinh_chieu"
_SLIDE, _SET, _ORDER, _INTERNAL = "slide", "bo", "trang", "noi_bo"
_FIRST_SET = next(iter(PRESETS))
_TOLD = {"co": True, "True": True, "": False, "False": False}
_FORWARD = ("Down", "PageDown", "Space")
_BACK = ("Up", "PageUp")
_MANY = 10_000  # steps, further than any talk is long
_KEYS = (
    "Phím: **→** hoặc **Space**, **PageDown** trang sau; **←**, **PageUp** trang trước; **Home**, **End** trang đầu, "
    "trang cuối; **Esc** thoát. Bấm **F11** để trình duyệt phủ kín màn hình."
)


def present() -> None:
    """Let the viewer choose and order slides and start them; while presenting, show one slide and nothing else."""
    context = require_router()
    if not context.has_figures:
        note("Chưa có số liệu nào để trình chiếu.")
        return
    if _adopted() and st.session_state[_MODE] != _PRESENTING:
        st.warning(BAD_LINK)
    if not context.viewer.may(Right.VIEW_SUPPORT):
        st.session_state[_INTERNAL] = False
    # slides of one unit name what it lacks: they are for itself and the province
    choice = context.choice if context.sees_returns else replace(context.choice, don_vi_id=None)
    if st.session_state[_MODE] != _PRESENTING:
        _choose(context.viewer)
    with_support = bool(st.session_state[_INTERNAL])
    keys = _chosen(with_support)
    found = [(key, _made(context.warehouse, str(context.warehouse.path), choice, key, with_support)) for key in keys]
    shown = [slide for _, slide in found if slide is not None]
    publish(_SET, st.session_state[_SET], _FIRST_SET)
    publish(_ORDER, st.session_state[_ORDER], "")
    publish(_INTERNAL, "co" if with_support else "", "")
    publish(_MODE, st.session_state[_MODE], "")
    if not shown:
        note("Chưa đủ số liệu cho trang nào đã chọn: chọn thêm trang khác.")
    elif st.session_state[_MODE] == _PRESENTING:
        st.html(ASSETS / "presentation.css")
        with st.container(key="chieu"):
            _stage(shown, _snapshot(context))
    else:
        publish(_SLIDE, "", "")
        _offer([key for key, slide in found if slide is None], shown)


def own_slides() -> tuple[str, ...]:
    """Return the slides that the viewer chose for presenting, in their order; () for a set as it is."""
    adopt(_ORDER, _order_from_link, "")
    publish(_ORDER, st.session_state[_ORDER], "")
    own = st.session_state[_ORDER]
    return tuple(own.split(",")) if own else ()


def _adopted() -> bool:
    """Bring what a link says into the session; return whether anything of it could not be used."""
    bad = [
        adopt(_SET, partial(id_from_link, ids=PRESETS), _FIRST_SET),
        adopt(_ORDER, _order_from_link, ""),
        adopt(_INTERNAL, _TOLD.get, False),
        adopt(_MODE, partial(id_from_link, ids=("", _PRESENTING)), ""),
        adopt(_SLIDE, partial(id_from_link, ids=("", *NAMES)), ""),
    ]
    return any(bad)


def _order_from_link(value: str) -> str | None:
    """Return slides in an order of the viewer's own as the link names them, "a,b"; None where one is no slide."""
    keys = list(dict.fromkeys(value.split(","))) if value else []
    return ",".join(keys) if all(key in NAMES for key in keys) else None


def _chosen(with_support: bool) -> list[str]:
    own = st.session_state[_ORDER]
    keys = own.split(",") if own else PRESETS[st.session_state[_SET]]
    return [key for key in keys if with_support or key != SUPPORT]


@st.cache_resource(show_spinner="Đang dựng các trang chiếu…", max_entries=256)
def _made(_warehouse: Warehouse, path: str, choice: Choice, key: str, with_support: bool) -> Slide | None:
    """Return a slide, made once for all viewers of a snapshot; None where it lacks the figures."""
    return next(iter(picked(_warehouse, choice, (key,), with_support=with_support)), None)


# --- before presenting


def _choose(viewer: Viewer) -> None:
    """Draw the choice of slides and of their order."""
    left, right = st.columns(2)
    with left:
        st.radio(
            "Bộ trang",
            list(PRESETS),
            format_func=PRESET_NAMES.__getitem__,
            key=_SET,
            horizontal=True,
            on_change=st.session_state.update,
            args=({_ORDER: ""},),
        )
    if viewer.may(Right.VIEW_SUPPORT):
        right.toggle(
            "Có trang nội bộ: đơn vị cần hỗ trợ",
            key=_INTERNAL,
            help="Trang này nêu tên đơn vị; chỉ dùng khi họp nội bộ. Có trong bộ Đầy đủ, hoặc chọn thêm ở ô dưới.",
        )
    with_support = bool(st.session_state[_INTERNAL])
    keys = _chosen(with_support)
    st.session_state["chon_trang"] = keys
    st.multiselect(
        "Các trang, theo thứ tự chiếu",
        [key for key in NAMES if with_support or key != SUPPORT],
        format_func=NAMES.__getitem__,
        key="chon_trang",
        placeholder="Chọn trang",
        filter_mode=None,
        select_all=False,
        on_change=_keep_chosen,
    )
    place, up, down = st.columns([3, 1, 1], vertical_alignment="bottom")
    if st.session_state.get("doi_cho") not in keys:
        st.session_state["doi_cho"] = keys[0]
    moved = place.selectbox("Đổi chỗ trang", keys, format_func=NAMES.__getitem__, key="doi_cho", filter_mode=None)
    up.button("Lên trước", on_click=_move, args=(keys, moved, -1), width="stretch", disabled=moved == keys[0])
    down.button("Lùi sau", on_click=_move, args=(keys, moved, 1), width="stretch", disabled=moved == keys[-1])


def _offer(missing: Sequence[str], shown: Sequence[Slide]) -> None:
    """Draw the start, the keys, and the slides in their order, each a link of its own."""
    if missing:
        note(f"Chưa đủ số liệu nên bỏ qua: {', '.join(NAMES[key] for key in missing)}.")
    keys = [slide.key for slide in shown]
    start, resume, _ = st.columns([1, 2, 2])
    start.button("Trình chiếu", type="primary", on_click=_begin, args=(keys[0],), width="stretch")
    left_at = st.session_state[_SLIDE]
    if left_at in keys[1:]:
        text = f"Tiếp tục từ trang {keys.index(left_at) + 1}/{len(keys)}"
        resume.button(text, on_click=_begin, args=(left_at,), width="stretch")
    st.caption(_KEYS)
    draw(markup.entries([(NAMES[slide.key], slide.title, [("Chiếu trang này", _link(slide))]) for slide in shown]))


def _link(slide: Slide) -> str:
    """Return the address of one slide of this very choice."""
    return f"trinh_chieu?{urlencode({**st.query_params.to_dict(), _MODE: _PRESENTING, _SLIDE: slide.key})}"


def _keep_order(keys: Sequence[str]) -> None:
    """Keep an order of the viewer's own; none where it is that of the set."""
    st.session_state[_ORDER] = "" if tuple(keys) == PRESETS[st.session_state[_SET]] else ",".join(keys)


def _keep_chosen() -> None:
    _keep_order(st.session_state["chon_trang"])


def _move(keys: Sequence[str], moved: str, step: int) -> None:
    order = list(keys)
    place = order.index(moved)
    order.insert(place + step, order.pop(place))
    _keep_order(order)


def _begin(key: str) -> None:
    st.session_state.update({_MODE: _PRESENTING, _SLIDE: key})


# --- presenting


@st.fragment
@telling("presenting failed", "trinh_chieu")
def _stage(shown: Sequence[Slide], snapshot: str) -> None:
    """Draw one slide over everything else, and the ways on from it."""
    if st.session_state[_MODE] != _PRESENTING:
        st.rerun()
    keys = [slide.key for slide in shown]
    key = st.session_state[_SLIDE] if st.session_state[_SLIDE] in keys else keys[0]
    st.session_state[_SLIDE] = key
    publish(_SLIDE, key)
    slide = shown[keys.index(key)]
    with st.container(key="chieu_trang"):
        draw(slide_markup.head(slide))
        figure = slide_markup.picture(slide, snapshot)
        if figure is not None:
            with st.container(key="chieu_o"):
                st.plotly_chart(
                    figure,
                    theme=None,
                    key=f"chieu_{key}",
                    config={"staticPlot": True},
                    alt=f"{slide.title}. {slide.subtitle}",
                )
        else:
            draw(slide_markup.body(slide, snapshot))
        draw(slide_markup.foot(slide, snapshot))
        with st.container(key="chieu_thanh", horizontal=True, vertical_alignment="center"):
            st.button("Trước", key="chieu_truoc", shortcut="Left", on_click=_turn, args=(keys, -1))
            draw(slide_markup.place_of(keys.index(key) + 1, len(keys)))
            st.button("Sau", key="chieu_sau", shortcut="Right", on_click=_turn, args=(keys, 1))
            st.button("Thoát", key="chieu_thoat", shortcut="Escape", on_click=_leave)
    with st.container(key="chieu_phim"):
        ways = [*((name, -1) for name in _BACK), *((name, 1) for name in _FORWARD), ("Home", -_MANY), ("End", _MANY)]
        for name, step in ways:
            st.button(name, key=f"chieu_phim_{name}", shortcut=name, on_click=_turn, args=(keys, step))


def _turn(keys: Sequence[str], step: int) -> None:
    """Go so many slides on, or back, and no further than the last or first."""
    place = keys.index(st.session_state[_SLIDE]) + step
    st.session_state[_SLIDE] = keys[min(max(place, 0), len(keys) - 1)]


def _leave() -> None:
    st.session_state[_MODE] = ""


def _snapshot(context: Context) -> str:
    """Return which snapshot the slides are of: by its name where it is a frozen one."""
    if context.as_of is not None:
        return f"Bản chốt {context.as_of.label}"
    return f"Bản số liệu {labels.snapshot(context.warehouse.info)}"
