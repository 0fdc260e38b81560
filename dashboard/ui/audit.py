"""The audit trail on screen: what was done to the store, and what the journal says of viewers."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

import pandas as pd
import streamlit as st

from dashboard import exports, journal, labels, markup
from dashboard.data_folder import data_folder
from dashboard.ui.allowed import AllowedDesk
from dashboard.ui.choose import choose_each
from dashboard.ui.context import require_router
from dashboard.ui.desk import asked
from dashboard.ui.link import draw
from dashboard.ui.trouble import made_later
from dashboard.ui.viewer import role_name

EVENTS = {
    journal.SIGNED_IN: "Đăng nhập",
    journal.SIGNED_OUT: "Đăng xuất",
    journal.REFUSED: "Bị từ chối",
    journal.EXPORTED: "Xuất tệp",
    journal.FETCHED: "Tải tệp gốc",
    "nap": "Nạp báo cáo",
    "giu_lai": "Tệp bị giữ lại",
    "rut": "Rút báo cáo",
    "khoa_nam": "Khóa năm",
    "mo_nam": "Mở khóa năm",
    "chot": "Chốt số liệu",
}
_AT_ONCE = 100


class _Line(NamedTuple):
    at: str
    event: str
    who: str
    what: str
    address: str


def audit_trail(desk: AllowedDesk) -> None:
    """List what happened, the latest first: who, when, from where, what."""
    acts = asked(desk, desk.acts)
    if acts is None:
        return
    told = [_Line(one.at, one.event, one.who, one.what, "") for one in acts]
    told += [_Line(one.at, one.event, one.who, one.what, one.address) for one in journal.entries(data_folder())[::-1]]
    (event,) = choose_each({"viec": ("Việc", EVENTS)})
    latest_first = sorted(told, key=lambda one: one.at)[::-1]  # within a second as well
    chosen = [one for one in latest_first if event in ("", one.event)]
    draw(markup.section(f"{labels.number(len(chosen))} việc"))
    if not chosen:
        st.info("Chưa có việc nào như vậy.")
        return
    context = require_router()
    units = context.unit_names if context.opened else {}
    draw(markup.table(_table(chosen[:_AT_ONCE], units)))
    if len(chosen) > _AT_ONCE:
        st.caption(f"Bảng này có {_AT_ONCE} việc gần nhất; tệp tải về có đủ.")
    is_simulated = context.opened is not None and context.opened.is_simulated  # what was loaded of the sample is, too
    written_at = ("Nhật ký", labels.moment(datetime.now(UTC).isoformat()))
    st.download_button(
        "Tải nhật ký (CSV)",
        data=made_later(lambda: exports.table_to_csv([written_at], _table(chosen, units), is_simulated=is_simulated)),
        file_name=f"nhat_ky{'_mo_phong' if is_simulated else ''}.csv",
        mime="text/csv",
        key="csv_nhat_ky",
        on_click="ignore",
    )


def _table(told: Iterable[_Line], units: Mapping[str, str]) -> pd.DataFrame:
    rows = [
        {
            "Lúc": labels.moment(one.at),
            "Việc": EVENTS.get(one.event, one.event),
            "Người": one.who or "không rõ",
            "Về": _roles(one.what, units) if one.event == journal.SIGNED_IN else one.what,
            "Từ máy": one.address,
        }
        for one in told
    ]
    return pd.DataFrame(rows, dtype=object)


def _roles(what: str, units: Mapping[str, str]) -> str:
    """Return the roles that a sign-in had, in words."""
    return ", ".join(role_name(role, units) for role in what.split(", "))
