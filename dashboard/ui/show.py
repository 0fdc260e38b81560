"""How a page shows its parts: heading, cards, exhibits, tables, words."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import exports, markup, theme
from dashboard.choice import MOST_OFFERED
from dashboard.exhibit import Exhibit
from dashboard.exhibits.few import MOST_UNITS
from dashboard.figures import Figure
from dashboard.labels import number
from dashboard.provenance.cautions import caution
from dashboard.provenance.ways import answer
from dashboard.server.turns import PAGES
from dashboard.topics.headlines import Headline, freshness
from dashboard.ui.context import require_router
from dashboard.ui.link import draw
from dashboard.ui.trouble import made_later

_MOMENT = 0.15
"""Seconds. A browser that gets words and charts together shows neither until it has read the script of charts."""
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


def heading(title: str, question: str) -> None:
    """Start a page: its title, the question it answers, how fresh the figures are."""
    context = require_router()
    if not context.has_figures:
        draw(markup.page_heading("", title, question, ""))
        return
    info = context.warehouse.info
    overline = f"Phong trào thi đua “{info.get('movement', '')}” · {info.get('province', '')}"
    draw(markup.page_heading(overline, title, question, freshness(context.warehouse, context.choice)))


def cards(headlines: Sequence[Headline]) -> None:
    """Show headline totals."""
    draw(markup.cards(headlines))
    context = require_router()
    found = caution(context.warehouse, context.choice)
    if found:
        draw(markup.caution(found))


def show(exhibit: Exhibit, *, lead: Sequence[Headline] = ()) -> None:
    """Show an exhibit with its caveats, its table and its download; `lead` are its main figures, under the title."""
    draw(markup.exhibit_heading(exhibit))
    if lead:
        draw(markup.cards(lead))
    if exhibit.figure is None and exhibit.table.empty:
        draw(markup.exhibit_footer(exhibit))
        return
    if exhibit.figure is None:
        draw(markup.table(exhibit.table, exhibit.shares, slices=exhibit.slices, whole=True, under=exhibit.under))
        draw(markup.exhibit_footer(exhibit))
        _offer_download(exhibit)
        return
    _let_words_appear()
    dark = st.context.theme.type == "dark"
    picture = {**_PICTURE, "toImageButtonOptions": {"filename": exports.file_name(exhibit, ""), "scale": 2}}
    event = st.plotly_chart(
        theme.themed(exhibit.figure, dark=dark),
        theme=None,
        key=f"chart_{'rong_' if exhibit.figure.is_wide else ''}{exhibit.key}",  # by which the style sheet knows it
        config=picture,
        alt=f"{exhibit.title}. {exhibit.subtitle}",
        on_select="rerun",
        selection_mode="points",
    )
    _answer_click(exhibit.figure, event)
    draw(markup.exhibit_footer(exhibit))
    with st.expander("Bảng số liệu và tải về"):
        draw(markup.table(exhibit.table, exhibit.shares, slices=exhibit.slices))
        _offer_download(exhibit)


def show_list(exhibit: Exhibit, whole: Callable[[], Exhibit] | None = None) -> None:
    """Show a long list in a box that scrolls; `whole`, when it shows a part only, is what the download holds."""
    draw(markup.exhibit_heading(exhibit))
    if exhibit.table.empty:
        note(exhibit.notes[0])  # what to try
        return
    draw(markup.listing(exhibit))
    draw(markup.exhibit_footer(exhibit))
    st.download_button(
        "Tải danh sách (CSV)",
        data=made_later(lambda: exports.to_csv(whole() if whole else exhibit)),
        file_name=exports.file_name(exhibit, ".csv"),
        mime="text/csv",
        key=f"csv_{exhibit.key}",
        on_click="ignore",
    )


def show_table(title: str, frame: pd.DataFrame, *, left_out: str = "") -> None:
    """Show a plain table under a title; of a very long one the first rows, and where (left_out) the others are."""
    section(title)
    if not left_out or len(frame) <= MOST_OFFERED:
        draw(markup.table(frame, whole=True))
        return
    draw(markup.table(frame[:MOST_UNITS], whole=True))
    st.caption(f"Bảng này có {MOST_UNITS} dòng đầu trong {number(len(frame))} dòng; {left_out}")


def side_by_side(*parts: Callable[[], None], widths: Sequence[int] | None = None) -> None:
    """Draw parts in columns, one beside the other."""
    for column, part in zip(st.columns(widths or len(parts), gap="medium"), parts, strict=True):
        with column:
            part()


def note(text: str) -> None:
    """Say something in a box."""
    st.info(text)


def way_on(text: str, link: str) -> None:
    """Lead on to another page."""
    draw(markup.way_on(text, link))


def section(title: str) -> None:
    """Start a part of a page."""
    draw(markup.section(title))


def _let_words_appear() -> None:
    """Wait a moment before the first chart of a session."""
    if not st.session_state.get("_has_charts"):
        st.session_state["_has_charts"] = True
        with PAGES.aside():
            time.sleep(_MOMENT)


def _answer_click(figure: Figure, event: Any) -> None:
    """Say under a chart what the mark that was clicked is, and where it leads: to its cells, to a unit's page.

    A selection outlives the chart it was made on: only a mark that this chart holds is answered.
    """
    clicked = [str(point.get("customdata") or "") for point in event["selection"]["points"]]
    held = {link for trace in figure.traces for link in trace.get("customdata", ())}
    context = require_router()
    for link in dict.fromkeys(link for link in clicked if link in held):
        found = answer(context.warehouse, context.choice, link)
        if found is not None:
            draw(markup.clicked(found.said, found.ways))


def _offer_download(exhibit: Exhibit) -> None:
    st.download_button(
        "Tải bảng (CSV)",
        data=made_later(lambda: exports.to_csv(exhibit)),
        file_name=exports.file_name(exhibit, ".csv"),
        mime="text/csv",
        key=f"csv_{exhibit.key}",
        on_click="ignore",
    )
