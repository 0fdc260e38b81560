"""The only part of the read side that talks to Streamlit: router, choices, and how an exhibit is shown."""

from dashboard.ui.choose import choose_each, choose_indicator, search_box
from dashboard.ui.context import Context, require_router
from dashboard.ui.frame import serve
from dashboard.ui.show import cards, heading, note, section, show, show_table, side_by_side

__all__ = [
    "Context",
    "cards",
    "choose_each",
    "choose_indicator",
    "heading",
    "note",
    "require_router",
    "search_box",
    "section",
    "serve",
    "show",
    "show_table",
    "side_by_side",
]
