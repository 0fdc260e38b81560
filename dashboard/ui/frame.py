"""The frame around every page: navigation, the open snapshot, the sidebar's choice, and what goes wrong."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import streamlit as st

from dashboard import labels, markup, warehouse
from dashboard.boundaries import AS_SENT, boundary_dates, boundary_from_link, moved_units, named
from dashboard.choice import Choice, id_from_link, year_from_link
from dashboard.exhibits.base import report_label
from dashboard.trace import known_years
from dashboard.ui.context import APP, Context, current, run_file
from dashboard.ui.link import BAD_LINK, IN_LINK, adopt, publish
from dashboard.warehouse import Warehouse, records

_ASSETS = Path(__file__).resolve().parents[1] / "assets"
_LOG = logging.getLogger(__name__)
_WHOLE_PROVINCE = "Toàn tỉnh"


def serve(groups: Mapping[str, Sequence[tuple[str, str]]]) -> None:
    """Draw the frame around the page a viewer asked for, then the page.

    groups: navigation heading -> (file in pages/ without .py, title), the first page being the default.
    """
    st.set_page_config(page_title="Dân vận khéo", page_icon=str(_ASSETS / "icon.svg"), layout="wide")
    st.html(_ASSETS / "style.css")
    listed = {
        group: [st.Page(f"pages/{name}.py", title=title, url_path=name) for name, title in pages]
        for group, pages in groups.items()
    }
    # A default page answers at "/" alone; standing in for the first page there keeps that page's own name a link too.
    first = APP.parent / "pages" / f"{next(iter(groups.values()))[0][0]}.py"
    root = st.Page(lambda: run_file(first), title="Dân vận khéo", url_path="goc", default=True, visibility="hidden")
    page = st.navigation({"": [root], **listed}, expanded=True)
    try:
        with _opened() as context:
            if context is not None:
                if context.has_figures:
                    _draw_banner(context.warehouse)
                page.run()
    except Exception:  # Stop and rerun are no Exception; anything else is ours to explain.
        _LOG.exception("page %s failed", page.url_path)
        st.error("Trang này gặp lỗi và đã được ghi lại. Hãy tải lại trang; nếu vẫn lỗi, báo người quản trị.")


@contextmanager
def _opened() -> Iterator[Context | None]:
    """Open the snapshot, read the choice, and hold both for the page; None when it cannot be opened."""
    try:
        opened, notices = warehouse.open_snapshot(warehouse.data_folder(), _open)
    except warehouse.NoSnapshotError as problem:
        _draw_empty(str(problem))
        context = Context(None, None)
    except warehouse.WarehouseError as problem:
        st.error(str(problem))
        yield None
        return
    else:
        context = Context(opened, _choose(opened))
        for notice in notices:
            st.warning(notice)
    token = current.set(context)
    try:
        yield context
    finally:
        current.reset(token)


@st.cache_resource(show_spinner=False, max_entries=8, on_release=Warehouse.close)
def _open(path: Path) -> Warehouse:
    return Warehouse(path)


def _choose(opened: Warehouse) -> Choice:
    """Draw the sidebar's period, boundaries and unit, kept across pages and in the link."""
    years = known_years(opened)
    units = {row["don_vi_id"]: row["label"] for row in records(opened.query("units"))}
    days = boundary_dates(opened)
    bad = [
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
        unit = st.selectbox("Đơn vị", list(names), format_func=names.__getitem__, key="don_vi", filter_mode=None)
        boundary = _choose_boundary(days)
    unknown = [name for name in st.query_params if name not in IN_LINK]
    for name in unknown:
        del st.query_params[name]
    publish("tu", start, years[0])
    publish("den", end, years[-1])
    publish("don_vi", unit, "")
    publish("dia_gioi", boundary, "")
    if any(bad) or unknown:
        st.warning(BAD_LINK)
    if moved:
        st.info(moved)
    if start > end:
        st.warning(f"“Từ năm” sau “Đến năm”: đang hiển thị {labels.period(end, start)}.")
    return Choice(min(start, end), max(start, end), unit or None, boundary_on)


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


def _follow_unit(opened: Warehouse, units: Mapping[str, str], boundary_on: date | None) -> str:
    """Move the chosen unit to the one its figures count to; say so, or return "" where it stays."""
    chosen = st.session_state["don_vi"]
    heir = moved_units(opened, boundary_on).get(chosen, chosen)
    if boundary_on is None or heir == chosen:
        return ""
    st.session_state["don_vi"] = heir
    return labels.sentence(f"{named(boundary_on)}, {units[chosen]} tính vào {units[heir]}: đang xem {units[heir]}.")


def _draw_banner(opened: Warehouse) -> None:
    if opened.is_simulated:
        text = f"Số từng đơn vị, từng năm dựng theo các tổng của {report_label(opened)}, không phải số thật."
        st.html(markup.banner(labels.SIMULATED, text))


def _draw_empty(message: str) -> None:
    commands = (
        ("Mở trang Nộp báo cáo ở cột bên trái, hoặc nạp bằng lệnh:", "python -m etl load THƯ_MỤC_BÁO_CÁO"),
        ("Hoặc khởi động lại để xem thử với dữ liệu mô phỏng:", "python run.py"),
    )
    st.html(markup.steps("Chưa có số liệu", f"{message} Làm một trong hai việc sau, rồi tải lại trang.", commands))
