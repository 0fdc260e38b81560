"""What a viewer can choose or type on a page."""

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from dashboard import labels
from dashboard.choice import Choice, id_from_link, year_from_link
from dashboard.exhibits.targets import Goal, Goals
from dashboard.topics.targets import GOAL, GOAL_FIELD, PERCENTS, percents_from_link
from dashboard.ui.context import require_router
from dashboard.ui.link import BAD_LINK, adopt, publish
from dashboard.warehouse import Warehouse, records

_LONGEST_SEARCH = 100


def choose_indicator(default: str) -> str:
    """Let the viewer pick an indicator; the choice stands in the link as `chi_tieu`."""
    found = require_router().warehouse.query("indicators")
    names = {row["indicator_id"]: row["label"] for row in records(found)}
    fallback = default if default in names else next(iter(names))
    if adopt("chi_tieu", lambda value: id_from_link(value, names), fallback):
        st.warning(BAD_LINK)
    chosen = st.selectbox("Chỉ tiêu", list(names), format_func=names.__getitem__, key="chi_tieu", filter_mode=None)
    publish("chi_tieu", chosen)
    return str(chosen)


def choose_each(choices: Mapping[str, tuple[str, Mapping[str, str]]]) -> list[str]:
    """Let the viewer narrow what is shown, one box beside the other; return what was picked, "" for all.

    choices: name in the link -> (label, id -> name of what can be picked).
    """
    picked = []
    for column, (name, (label, names)) in zip(st.columns(len(choices)), choices.items(), strict=True):
        offered = {"": "Tất cả", **names}
        if adopt(name, partial(id_from_link, ids=offered), ""):
            st.warning(BAD_LINK)
        with column:
            chosen = st.selectbox(label, list(offered), format_func=offered.__getitem__, key=name, filter_mode=None)
        publish(name, chosen, "")
        picked.append(str(chosen))
    return picked


def choose_goal(warehouse: Warehouse, choice: Choice) -> Goal | None:
    """Let the viewer pick a field (the weakest first) and the share it should have.

    None: the catalogue names no target. In the link they are `linh_vuc_muc_tieu` and `muc_tieu` (in percent).
    """
    goals = Goals.of(warehouse, choice)
    if goals is None:
        return None
    left, right = st.columns([2, 3], gap="medium")
    if adopt(GOAL_FIELD, partial(id_from_link, ids=goals.fields), goals.weakest):
        st.warning(BAD_LINK)
    if adopt(GOAL, percents_from_link, goals.first):
        st.warning(BAD_LINK)
    field = left.selectbox(
        "Lĩnh vực", list(goals.fields), format_func=goals.fields.__getitem__, key=GOAL_FIELD, filter_mode=None
    )
    percents = right.slider(
        "Tỷ trọng mục tiêu trong tổng số mô hình", PERCENTS[0], PERCENTS[-1], key=GOAL, format="%d%%"
    )
    publish(GOAL_FIELD, field, goals.weakest)
    publish(GOAL, percents, goals.first)
    return goals.goal(str(field), int(percents))


def choose_part(name: str, every: Mapping[str, str], allowed: Mapping[str, bool] | None = None) -> str:
    """Let the viewer turn to one part of a page; the first, and what was chosen stands in the link as `name`.

    allowed: whether there is such a part for this viewer, where that is not so for everyone.
    """
    parts = {key: label for key, label in every.items() if (allowed or {}).get(key, True)}
    first = next(iter(parts))
    if adopt(name, lambda value: id_from_link(value, parts), first):
        st.warning(BAD_LINK)
    chosen = st.segmented_control(
        "Phần của trang", list(parts), format_func=parts.__getitem__, key=name, label_visibility="collapsed"
    )
    publish(name, chosen or first, first)
    return str(chosen or first)


def choose_year(name: str, label: str, years: Sequence[int]) -> int:
    """Let the viewer pick one of `years`; the first, and what was picked stands in the link as `name`."""
    if adopt(name, lambda value: year_from_link(value, years), years[0]):
        st.warning(BAD_LINK)
    chosen = int(st.selectbox(label, years, key=name, width=240, filter_mode=None))
    publish(name, chosen, years[0])
    return chosen


def search_text(name: str, label: str, placeholder: str) -> str:
    """Let the viewer type words to look for; they stand in the link as `name` and are returned as typed."""
    if adopt(name, lambda text: text if len(text) <= _LONGEST_SEARCH else None, ""):
        st.warning(BAD_LINK)
    typed = st.text_input(label, key=name, placeholder=placeholder, max_chars=_LONGEST_SEARCH)
    publish(name, typed or "", "")
    return typed or ""


def search_box(label: str, placeholder: str) -> str:
    """Let the viewer type words to look for; return them without diacritics."""
    typed = st.text_input(label, key="tim", placeholder=placeholder, max_chars=_LONGEST_SEARCH)
    return labels.unaccented((typed or "").strip())
