"""Who is before the screen."""

import time
from collections.abc import Mapping

import streamlit as st

from dashboard import markup
from dashboard.access.required import sign_in_required
from dashboard.access.rights import AT_THE_MACHINE, NOBODY, ROLE_NAMES, Viewer
from dashboard.access.sign_in import host_of, is_loopback, known_viewer
from dashboard.ui.link import draw


def current_viewer() -> Viewer:
    """Return who is before the screen: who signed in and still is, or who sits at this machine; else nobody."""
    if not sign_in_required():
        return AT_THE_MACHINE if _is_at_this_machine() else NOBODY
    claims = st.user.to_dict()
    ends_at = claims.get("exp")
    if claims.get("is_logged_in") is not True or not isinstance(ends_at, int | float) or ends_at <= time.time():
        return NOBODY
    return known_viewer(claims)


def draw_viewer(viewer: Viewer, units: Mapping[str, str]) -> None:
    """Say in the sidebar who has signed in, with the way out; nothing where nobody has to. units: id -> name."""
    if not viewer.account:
        return
    roles = ", ".join(role_name(role, units) for role in viewer.roles)
    with st.sidebar:
        st.divider()
        draw(markup.viewer(viewer.name or viewer.account, roles))
        st.button("Đăng xuất", on_click=st.logout, width="stretch")


def role_name(role: str, units: Mapping[str, str]) -> str:
    """Return a role in words; what is no role as it is. units: id -> name."""
    kind, _, unit = role.partition(":")
    return f"{ROLE_NAMES[kind]} {units.get(unit, unit)}".strip() if kind in ROLE_NAMES else role


def _is_at_this_machine() -> bool:
    """Whether the server listens to this machine alone and is asked by this machine's own name.

    `streamlit run` may be told to listen to everyone, or stand behind a web server that does: then nobody has signed
    in, and nobody may come in.
    """
    listens_at, asked_for = st.get_option("server.address"), st.context.headers.get("Host")
    return is_loopback(listens_at or "") and (asked_for is None or is_loopback(host_of(asked_for)))
