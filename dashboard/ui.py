"""The only part of the read side that talks to Streamlit: router, choices, and how an exhibit is shown."""

import logging
import runpy
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import exports, labels, markup, theme, warehouse
from dashboard.choice import Choice, id_from_link, year_from_link
from dashboard.exhibits.base import Exhibit, report_label
from dashboard.headlines import Headline, freshness
from dashboard.warehouse import Warehouse, records

ASSETS = Path(__file__).parent / "assets"
_APP = Path(__file__).resolve().parent.parent / "app.py"
_LOG = logging.getLogger(__name__)
_WHOLE_PROVINCE = "Toàn tỉnh"
_IN_LINK = ("tu", "den", "don_vi", "chi_tieu")
_BAD_LINK = "Đường dẫn có giá trị không dùng được; phần đó đang lấy giá trị mặc định."
_PICTURE = {
    "displaylogo": False,
    "modeBarButtons": [["toImage"]],
    "locale": "vi",
    "locales": {
        "vi": {
            "dictionary": {
                "Download plot as a PNG": "Tải ảnh biểu đồ",
                "Download plot": "Tải ảnh biểu đồ",
                "Preparing image - this may take a few seconds": "Đang tạo ảnh, xin đợi vài giây",
                "Image download succeeded": "Đã tải ảnh",
                "Sorry, there was a problem downloading your image!": "Không tạo được ảnh",
            },
            "format": {"decimal": ",", "thousands": "."},
        }
    },
}


@dataclass(frozen=True)
class Context:
    """What a page draws on: the open snapshot and what the viewer has chosen."""

    warehouse: Warehouse
    choice: Choice


_current: ContextVar[Context | None] = ContextVar("current", default=None)


def require_router() -> Context:
    """Return the page's context; a page started without app.py shows nothing of its own.

    Until app.py has called `st.navigation` once, Streamlit itself serves pages/*.py beside it. Such a start
    is led through app.py, so that a link works as a server's first request too; any other start stops.
    """
    context = _current.get()
    if context is None:
        run = get_script_run_ctx()
        if run is not None and Path(run.main_script_path).resolve() == _APP:
            _run_file(_APP)
        else:
            st.info("Trang này chỉ xem được từ trang chính của chương trình. Hãy mở lại từ địa chỉ gốc.")
        st.stop()
    return context


def serve(groups: Mapping[str, Sequence[tuple[str, str]]]) -> None:
    """Draw the frame around the page a viewer asked for, then the page.

    groups: navigation heading -> (file in pages/ without .py, title), the first page being the default.
    """
    st.set_page_config(page_title="Dân vận khéo", page_icon=str(ASSETS / "icon.svg"), layout="wide")
    st.html(ASSETS / "style.css")
    listed = {
        group: [st.Page(f"pages/{name}.py", title=title, url_path=name) for name, title in pages]
        for group, pages in groups.items()
    }
    # A default page answers at "/" alone; standing in for the first page there keeps that page's own name a link too.
    first = _APP.parent / "pages" / f"{next(iter(groups.values()))[0][0]}.py"
    root = st.Page(lambda: _run_file(first), title="Dân vận khéo", url_path="goc", default=True, visibility="hidden")
    page = st.navigation({"": [root], **listed}, expanded=True)
    try:
        with _opened() as context:
            if context is not None:
                _draw_banner(context.warehouse)
                page.run()
    except Exception:  # Stop and rerun are no Exception; anything else is ours to explain.
        _LOG.exception("page %s failed", page.url_path)
        st.error("Trang này gặp lỗi và đã được ghi lại. Hãy tải lại trang; nếu vẫn lỗi, báo người quản trị.")


def heading(title: str, question: str) -> None:
    """Start a page: its title, the question it answers, how fresh the figures are."""
    context = require_router()
    info = context.warehouse.info
    overline = f"Phong trào thi đua “{info.get('movement', '')}” · {info.get('province', '')}"
    st.html(markup.page_heading(overline, title, question, freshness(context.warehouse, context.choice)))


def cards(headlines: Sequence[Headline]) -> None:
    """Show headline totals."""
    st.html(markup.cards(headlines))


def show(exhibit: Exhibit) -> None:
    """Show an exhibit with its caveats, its table and its download."""
    st.html(markup.exhibit_heading(exhibit))
    dark = st.context.theme.type == "dark"
    picture = {**_PICTURE, "toImageButtonOptions": {"filename": exports.file_name(exhibit, ""), "scale": 2}}
    st.plotly_chart(
        theme.themed(exhibit.figure, dark=dark),
        theme=None,
        key=f"chart_{exhibit.key}",
        config=picture,
        alt=f"{exhibit.title}. {exhibit.subtitle}",
    )
    st.html(markup.exhibit_footer(exhibit))
    with st.expander("Bảng số liệu và tải về"):
        st.html(markup.table(exhibit.table, exhibit.shares))
        st.download_button(
            "Tải bảng (CSV)",
            data=exports.to_csv(exhibit),
            file_name=exports.file_name(exhibit, ".csv"),
            mime="text/csv",
            key=f"csv_{exhibit.key}",
            on_click="ignore",
        )


def show_table(title: str, frame: pd.DataFrame) -> None:
    """Show a plain table under a title."""
    section(title)
    st.html(markup.table(frame, whole=True))


def side_by_side(*parts: Callable[[], None], widths: Sequence[int] | None = None) -> None:
    """Draw parts in columns, one beside the other."""
    for column, part in zip(st.columns(widths or len(parts), gap="medium"), parts, strict=True):
        with column:
            part()


def choose_indicator(default: str) -> str:
    """Let the viewer pick an indicator; the choice stands in the link as `chi_tieu`."""
    found = require_router().warehouse.query("indicators")
    names = {row["indicator_id"]: row["label"] for row in records(found)}
    fallback = default if default in names else next(iter(names))
    if _adopt("chi_tieu", lambda value: id_from_link(value, names), fallback):
        st.warning(_BAD_LINK)
    chosen = st.selectbox("Chỉ tiêu", list(names), format_func=names.__getitem__, key="chi_tieu", filter_mode=None)
    _publish("chi_tieu", chosen)
    return str(chosen)


def search_box(label: str, placeholder: str) -> str:
    """Let the viewer type words to look for; return them without diacritics."""
    typed = st.text_input(label, key="tim", placeholder=placeholder, max_chars=100)
    return labels.unaccented((typed or "").strip())


def note(text: str) -> None:
    """Say something in a box."""
    st.info(text)


def section(title: str) -> None:
    """Start a part of a page."""
    st.html(markup.section(title))


@contextmanager
def _opened() -> Iterator[Context | None]:
    """Open the snapshot, read the choice, and hold both for the page; None when there is nothing to show."""
    try:
        opened, notices = warehouse.open_snapshot(warehouse.data_folder(), _open)
    except warehouse.NoSnapshotError as problem:
        _draw_empty(str(problem))
        yield None
        return
    except warehouse.WarehouseError as problem:
        st.error(str(problem))
        yield None
        return
    choice = _choose(opened)
    for notice in notices:
        st.warning(notice)
    token = _current.set(Context(opened, choice))
    try:
        yield _current.get()
    finally:
        _current.reset(token)


@st.cache_resource(show_spinner=False, max_entries=8, on_release=Warehouse.close)
def _open(path: Path) -> Warehouse:
    return Warehouse(path)


def _choose(opened: Warehouse) -> Choice:
    """Draw the sidebar's period and unit, kept across pages and in the link."""
    found = opened.query("year_range").iloc[0]
    first = found["from_year"] or int(opened.info.get("first_year") or 2009)
    years = list(range(first, (found["to_year"] or first) + 1))
    units = {row["don_vi_id"]: row["label"] for row in records(opened.query("units"))}
    bad = [
        _adopt("tu", lambda value: year_from_link(value, years), years[0]),
        _adopt("den", lambda value: year_from_link(value, years), years[-1]),
        _adopt("don_vi", lambda value: id_from_link(value, units), ""),
    ]
    with st.sidebar:
        left, right = st.columns(2)
        start = left.selectbox("Từ năm", years, key="tu", filter_mode=None)
        end = right.selectbox("Đến năm", years, key="den", filter_mode=None)
        names = {"": _WHOLE_PROVINCE, **units}
        unit = st.selectbox("Đơn vị", list(names), format_func=names.__getitem__, key="don_vi", filter_mode=None)
    unknown = [name for name in st.query_params if name not in _IN_LINK]
    for name in unknown:
        del st.query_params[name]
    _publish("tu", start, years[0])
    _publish("den", end, years[-1])
    _publish("don_vi", unit, "")
    if any(bad) or unknown:
        st.warning(_BAD_LINK)
    if start > end:
        st.warning(f"“Từ năm” sau “Đến năm”: đang hiển thị {labels.period(end, start)}.")
    return Choice(min(start, end), max(start, end), unit or None)


def _adopt(name: str, parse: Callable[[str], Any], default: Any) -> bool:
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


def _publish(name: str, value: Any, default: Any = None) -> None:
    """Write a chosen value into the link; a default leaves the link short."""
    text = str(value)
    st.session_state[f"_link_{name}"] = text
    if value == default:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != text:
        st.query_params[name] = text


def _run_file(path: Path) -> None:
    runpy.run_path(str(path))


def _draw_banner(opened: Warehouse) -> None:
    if opened.is_simulated:
        text = f"Số từng đơn vị, từng năm dựng theo các tổng của {report_label(opened)}, không phải số thật."
        st.html(markup.banner(labels.SIMULATED, text))


def _draw_empty(message: str) -> None:
    commands = (
        ("Nạp báo cáo của các đơn vị:", "python -m etl load THƯ_MỤC_BÁO_CÁO"),
        ("Hoặc khởi động lại để xem thử với dữ liệu mô phỏng:", "python run.py"),
    )
    st.html(markup.steps("Chưa có số liệu", f"{message} Làm một trong hai việc sau, rồi tải lại trang.", commands))
