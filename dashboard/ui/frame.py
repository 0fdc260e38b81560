"""The frame around every page: navigation, the open snapshot, the sidebar's choice, and what goes wrong."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from dashboard import labels, log, markup, warehouse
from dashboard.access.rights import Right, Viewer
from dashboard.boundaries import AS_SENT, boundary_dates, boundary_from_link, moved_units, named
from dashboard.choice import MOST_OFFERED, Choice, id_from_link, offered, year_from_link
from dashboard.data_folder import data_folder
from dashboard.frozen import LATEST, OUTDATED, Frozen, frozen_snapshots, open_frozen
from dashboard.provenance.trace import known_years
from dashboard.scope import report_label
from dashboard.server.turns import PAGES
from dashboard.ui import trouble
from dashboard.ui.context import APP, ASSETS, Context, current, run_file, say_what_brings_figures
from dashboard.ui.link import BAD_LINK, IN_LINK, adopt, draw, publish, run_again_when_reconnected
from dashboard.ui.viewer import current_viewer, draw_viewer
from dashboard.units import unit_names
from dashboard.warehouse import Warehouse

_WHOLE_PROVINCE = "Toàn tỉnh"
_NOT_LET_IN = (
    "Chưa đăng nhập, phiên đăng nhập đã hết hạn, hoặc tài khoản chưa được giao vai trò. Hãy tải lại trang để đăng "
    "nhập. Muốn mở cho máy khác, người quản trị chạy “python run.py --lan”."
)


def serve(
    groups: Mapping[str, Sequence[tuple[str, str]]],
    *,
    at_latest: Collection[str] = (),
    needs: Mapping[str, Right] | None = None,
) -> None:
    """Draw the frame around the page a viewer asked for, then the page.

    groups: navigation heading -> (file in pages/ without .py, title), the first page being the default.
    at_latest: pages that act on the store, and so show the latest snapshot whichever one is viewed.
    needs: the right without which there is no such page for a viewer, where that is more than to see figures.
    """
    log.configure(data_folder() / "log")
    with PAGES.mine(), trouble.telling("the frame failed"):
        st.set_page_config(page_title="Dân vận khéo", page_icon=str(ASSETS / "icon.svg"), layout="wide")
        viewer = current_viewer()
        if not viewer.may(Right.VIEW):
            st.navigation([st.Page(_refuse, title="Dân vận khéo")], position="hidden").run()
            return
        page = _navigated({group: _allowed(pages, viewer, needs or {}) for group, pages in groups.items()})
        st.set_page_config(page_title=" · ".join(dict.fromkeys((page.title, "Dân vận khéo"))))
        with trouble.telling("a page failed", page.url_path):
            _draw(page, viewer, may_be_frozen=page.url_path not in at_latest)


def _refuse() -> None:
    st.error(_NOT_LET_IN)


def _allowed(pages: Sequence[tuple[str, str]], viewer: Viewer, needs: Mapping[str, Right]) -> list[tuple[str, str]]:
    return [(name, title) for name, title in pages if name not in needs or viewer.may(needs[name])]


def _navigated(groups: Mapping[str, Sequence[tuple[str, str]]]) -> Page:
    """Draw the navigation and return the page that a viewer asked for."""
    st.html(ASSETS / "style.css")
    run_again_when_reconnected()
    listed = {
        group: [st.Page(f"pages/{name}.py", title=title, url_path=name) for name, title in pages]
        for group, pages in groups.items()
        if pages
    }
    # A default page answers at "/" alone; standing in for the first page there keeps that page's own name a link too.
    first = APP.parent / "pages" / f"{next(iter(groups.values()))[0][0]}.py"
    root = st.Page(lambda: run_file(first), title="Dân vận khéo", url_path="goc", default=True, visibility="hidden")
    return st.navigation({"": [root], **listed}, expanded=True)


def _draw(page: Page, viewer: Viewer, *, may_be_frozen: bool) -> None:
    """Draw a page over the snapshot that it shows."""
    with _opened(viewer, may_be_frozen=may_be_frozen) as context:
        draw_viewer(viewer, context.unit_names if context is not None and context.has_figures else {})
        if context is not None:
            trouble.draw_download_failure(is_frozen=context.as_of is not None)
            if context.has_figures:
                _draw_banner(context.warehouse, context.as_of)
            page.run()
            if not context.has_figures:
                say_what_brings_figures(level=2)


@contextmanager
def _opened(viewer: Viewer, *, may_be_frozen: bool) -> Iterator[Context | None]:
    """Open the snapshot, read the choice, and hold both for the page; None when it cannot be opened."""
    try:
        latest, notices = warehouse.open_snapshot(data_folder(), open_once)
    except warehouse.NoSnapshotError:
        context = Context(None, None)
    except warehouse.WarehouseError as problem:
        trouble.tell("no snapshot opens", problem)
        yield None
        return
    else:
        context = _context(latest, may_be_frozen=may_be_frozen)
        for notice in notices:
            st.warning(notice)
    context = replace(context, viewer=viewer)
    token = current.set(context)
    try:
        yield context
    finally:
        current.reset(token)


@st.cache_resource(show_spinner=False, max_entries=8, on_release=Warehouse.close)
def open_once(path: Path) -> Warehouse:
    """Open a snapshot, once for all viewers. Raises UnreadableSnapshotError."""
    return Warehouse(path)


def _context(latest: Warehouse, *, may_be_frozen: bool) -> Context:
    """Draw the sidebar over the frozen snapshot that was chosen, or over the latest one; say why where it is not that.

    A frozen one that does not open, or that lacks even what the sidebar needs, gives way to the latest.
    """
    frozen = {one.snapshot_id: one for one in frozen_snapshots(latest.path.parent.parent)}
    offered = {LATEST: "Mới nhất", **{key: f"{one.name} ({labels.day(one.frozen_on)})" for key, one in frozen.items()}}
    is_bad = adopt("ban", lambda value: id_from_link(value, offered), LATEST)
    as_of = frozen.get(st.session_state["ban"])
    opened = latest
    if as_of is not None and not may_be_frozen:
        st.info(f"Trang này luôn làm việc với số liệu mới nhất, không theo bản chốt {markup.literal(as_of.label)}.")
        as_of = None
    if as_of is not None:
        try:
            opened = open_frozen(as_of, open_once)
            _names(opened)
        except warehouse.WarehouseError as problem:
            why = OUTDATED if isinstance(problem, warehouse.LacksDataError) else str(problem)
            st.warning(f"Bản chốt {markup.literal(as_of.label)}: {why} Đang xem số liệu mới nhất.")
            opened, as_of = latest, None
    return Context(opened, _choose(opened, offered, is_bad=is_bad), latest, as_of)


def _names(opened: Warehouse) -> tuple[list[int], Mapping[str, str], dict[date, int]]:
    """Return what the sidebar offers: years, units by id, days of boundaries. Raises LacksDataError."""
    moved_units(opened, None)
    return known_years(opened), unit_names(opened), boundary_dates(opened)


def _choose(opened: Warehouse, snapshots: Mapping[str, str], *, is_bad: bool) -> Choice:
    """Draw the sidebar's period, boundaries, unit and snapshot, kept across pages and in the link."""
    years, units, days = _names(opened)
    _follow_years(years)
    bad = [
        is_bad,
        adopt("tu", lambda value: year_from_link(value, years), years[0]),
        adopt("den", lambda value: year_from_link(value, years), years[-1]),
        adopt("don_vi", lambda value: id_from_link(value, units), ""),
        adopt("dia_gioi", lambda value: boundary_from_link(value, days) and value, ""),
    ]
    boundary_on = boundary_from_link(st.session_state["dia_gioi"], days)
    moved = _follow_unit(opened, units, boundary_on)
    with st.sidebar:
        left, right = st.columns(2)
        start = left.selectbox("Từ năm", years, key="tu", filter_mode=None)
        end = right.selectbox("Đến năm", years, key="den", filter_mode=None)
        gone = moved_units(opened, boundary_on)
        names = {"": _WHOLE_PROVINCE, **{key: label for key, label in units.items() if key not in gone}}
        unit = _choose_unit(names)
        boundary = _choose_boundary(days)
        snapshot = _choose_snapshot(snapshots)
    unknown = [name for name in st.query_params if name not in IN_LINK]
    for name in unknown:
        del st.query_params[name]
    publish("tu", start, years[0])
    publish("den", end, years[-1])
    publish("don_vi", unit, "")
    publish("dia_gioi", boundary, "")
    publish("ban", snapshot, LATEST)
    if any(bad) or unknown:
        st.warning(BAD_LINK)
    if moved:
        st.info(moved)
    if start > end:
        st.warning(f"“Từ năm” sau “Đến năm”: đang hiển thị {labels.period(end, start)}.")
    return Choice(min(start, end), max(start, end), unit or None, boundary_on)


def _choose_unit(names: Mapping[str, str]) -> str:
    """Draw the choice of a unit; among so many that the browser would be sent a book, of those with the typed name."""
    if len(names) > MOST_OFFERED:
        typed = st.text_input("Tìm đơn vị", key="tim_don_vi", placeholder="Gõ một phần tên, không cần dấu")
        names = offered(names, typed, st.session_state["don_vi"])
    return str(st.selectbox("Đơn vị", list(names), format_func=names.__getitem__, key="don_vi", filter_mode=None))


def _choose_boundary(days: Mapping[date, int]) -> str:
    """Draw the switch of boundaries where a district was ever merged; return the day as a link has it, "" for none."""
    if not days:
        return ""
    told = {day.isoformat(): f"{labels.day(day)} ({count} đơn vị)" for day, count in days.items()}
    names = {"": AS_SENT, **told}
    return str(
        st.selectbox(
            "Địa giới",
            list(names),
            format_func=names.__getitem__,
            key="dia_gioi",
            filter_mode=None,
            help="Như báo cáo: số của đơn vị nào để ở đơn vị ấy. Theo một ngày: số của đơn vị đã nhập vào đơn vị khác "
            "trước ngày ấy tính vào đơn vị kế thừa; không tổng số nào đổi.",
        )
    )


def _choose_snapshot(snapshots: Mapping[str, str]) -> str:
    """Draw the choice of a frozen snapshot where there is any; return it as a link has it."""
    if len(snapshots) == 1:
        return LATEST
    return str(
        st.selectbox(
            "Bản số liệu",
            list(snapshots),
            format_func=snapshots.__getitem__,
            key="ban",
            filter_mode=None,
            help="Bản chốt giữ nguyên số liệu của ngày chốt, dù sau đó có báo cáo nộp thêm hay sửa lại.",
        )
    )


def _follow_years(years: Sequence[int]) -> None:
    """Keep the whole period whole when another snapshot, with other years, is viewed."""
    whole = {"tu": years[0], "den": years[-1]}
    before = st.session_state.get("_whole_period", whole)
    for name, year in whole.items():
        if st.session_state.get(name) == before[name]:
            st.session_state[name] = year
    st.session_state["_whole_period"] = whole


def _follow_unit(opened: Warehouse, units: Mapping[str, str], boundary_on: date | None) -> str:
    """Move the chosen unit to the one its figures count to; say so, or return "" where it stays."""
    chosen = st.session_state["don_vi"]
    heir = moved_units(opened, boundary_on).get(chosen, chosen)
    if boundary_on is None or heir == chosen:
        return ""
    st.session_state["don_vi"] = heir
    return labels.sentence(f"{named(boundary_on)}, {units[chosen]} tính vào {units[heir]}: đang xem {units[heir]}.")


def _draw_banner(opened: Warehouse, as_of: Frozen | None) -> None:
    if as_of is not None:
        said = f"Đang xem bản chốt {as_of.label}, không phải số mới nhất."
        draw(markup.as_of_banner(said, ("Về số liệu mới nhất", f"tong_quan?ban={LATEST}")))
    if opened.is_simulated:
        text = f"Số từng đơn vị, từng năm dựng theo các tổng của {report_label(opened)}, không phải số thật."
        draw(markup.banner(labels.SIMULATED, text))
