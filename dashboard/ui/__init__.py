"""The only part of the read side that talks to Streamlit: router, choices, and how an exhibit is shown."""

from dashboard.ui.allowed import desk_for
from dashboard.ui.audit import audit_trail
from dashboard.ui.choose import (
    choose_each,
    choose_goal,
    choose_indicator,
    choose_part,
    choose_year,
    search_box,
    search_text,
)
from dashboard.ui.context import Context, require_router
from dashboard.ui.downloads import downloads
from dashboard.ui.flags import (
    claim,
    download,
    flag_cards,
    flag_lines,
    flag_summary,
    flags_left_out,
    flags_seen,
    reasons,
    units_to_choose,
    ways,
)
from dashboard.ui.frame import serve
from dashboard.ui.frozen import frozen
from dashboard.ui.intake import offer_form, receive
from dashboard.ui.past import closed_years, held_back, history
from dashboard.ui.remind import remind
from dashboard.ui.show import cards, heading, note, section, show, show_list, show_table, side_by_side, way_on
from dashboard.ui.slides import present
from dashboard.ui.sources import choose_slice, show_provenance, show_warnings

__all__ = [
    "Context",
    "audit_trail",
    "cards",
    "choose_each",
    "choose_goal",
    "choose_indicator",
    "choose_part",
    "choose_slice",
    "choose_year",
    "claim",
    "closed_years",
    "desk_for",
    "download",
    "downloads",
    "flag_cards",
    "flag_lines",
    "flag_summary",
    "flags_left_out",
    "flags_seen",
    "frozen",
    "heading",
    "held_back",
    "history",
    "note",
    "offer_form",
    "present",
    "reasons",
    "receive",
    "remind",
    "require_router",
    "search_box",
    "search_text",
    "section",
    "serve",
    "show",
    "show_list",
    "show_provenance",
    "show_table",
    "show_warnings",
    "side_by_side",
    "units_to_choose",
    "way_on",
    "ways",
]
