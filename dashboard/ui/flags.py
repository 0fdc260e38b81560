"""How a page shows flags: the summary of a review, cards by rule, the foremost as lines, units to choose from."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import exports, flag_markup, markup
from dashboard.access.rights import Right
from dashboard.choice import MOST_OFFERED
from dashboard.exhibit import Exhibit
from dashboard.labels import number
from dashboard.topics.flags import Card, cards, foremost, groups, named, seen_by, unjudged
from dashboard.topics.profile import Entry
from dashboard.topics.review import Summary
from dashboard.ui.context import Context
from dashboard.ui.link import draw
from dashboard.ui.show import note
from dashboard.ui.trouble import made_later


def flags_seen(context: Context) -> list[Card]:
    """Return the flags of the chosen unit, or of all, that the viewer may see."""
    return seen_by(cards(context.warehouse, context.choice), context.viewer.units(Right.VIEW_RETURNS))


def flags_left_out(context: Context) -> None:
    """Say which flags the viewer may not see; end the page where those of the chosen unit are not for them."""
    if context.viewer.may(Right.VIEW_RETURNS):
        return
    if context.choice.don_vi_id is None:
        st.caption("Ở đây chỉ có cảnh báo của toàn tỉnh và của đơn vị mình.")
    elif not context.sees_returns:
        note("Cảnh báo của đơn vị này chỉ đơn vị ấy và cấp tỉnh xem được: chọn “Toàn tỉnh” hoặc đơn vị của mình.")
        st.stop()


def flag_summary(found: Summary) -> None:
    """Show how the review stands."""
    draw(flag_markup.summary(found))


def flag_cards(found: Sequence[Card], *, of_one: bool = False) -> None:
    """Show flags as cards, by kind and rule or (of_one) one below the other; what could not be judged folded up."""
    if named(found):
        draw(flag_markup.cards(named(found)) if of_one else flag_markup.groups(groups(found)))
    elif not found:
        note("Không có cảnh báo nào ở đây. Không bị nêu tên chưa có nghĩa là tốt hay kém.")
    if unjudged(found):
        draw(flag_markup.unjudged(unjudged(found)))


def flag_lines(found: Sequence[Card], *, more: bool = False) -> None:
    """Show the foremost flags as short lines, with the way to all of them (more); nothing where nothing is named."""
    shown = foremost(found)
    if shown:
        way = f"Xem cả {len(named(found))} cảnh báo, chắc đến đâu và nên làm gì" if more else ""
        draw(flag_markup.lines(shown, way))


def download(exhibit: Exhibit, text: str) -> None:
    """Offer an exhibit's table alone."""
    st.download_button(
        text,
        data=made_later(lambda: exports.to_csv(exhibit)),
        file_name=exports.file_name(exhibit, ".csv"),
        mime="text/csv",
        key=f"csv_{exhibit.key}",
        on_click="ignore",
    )


def units_to_choose(found: Mapping[str, Sequence[Entry]]) -> None:
    """Show the units to choose from; of a group of many the first."""
    draw(flag_markup.units({group: entries[:MOST_OFFERED] for group, entries in found.items()}))
    left = sum(max(len(entries) - MOST_OFFERED, 0) for entries in found.values())
    if left:
        note(f"Còn {number(left)} đơn vị nữa: tìm theo tên ở cột bên trái.")


def reasons(found: Mapping[str, Sequence[str]]) -> None:
    """Show sentences under what they are reasons for."""
    for lead, sentences in found.items():
        draw(markup.lines(f"{lead}:", sentences))


def ways(found: Sequence[tuple[str, str]]) -> None:
    """Show links to other pages: (text, address)."""
    draw(flag_markup.ways(found))


def claim(text: str) -> None:
    """Show a sentence that says what the figures allow to claim; nothing for none."""
    if text:
        draw(flag_markup.claim(text))
