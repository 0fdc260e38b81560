"""Frozen snapshots on screen: freezing the latest, the list of them, and what differs between two."""

from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st

from dashboard import exhibits, labels, markup
from dashboard.access.rights import Right
from dashboard.choice import id_from_link
from dashboard.exhibit import Exhibit
from dashboard.exhibits.differences import Side
from dashboard.frozen import LATEST, OUTDATED, Frozen, frozen_before, frozen_snapshots, open_frozen
from dashboard.ui.allowed import AllowedDesk
from dashboard.ui.context import Context, require_router
from dashboard.ui.desk import done
from dashboard.ui.frame import open_once
from dashboard.ui.link import BAD_LINK, adopt, draw, publish
from dashboard.ui.show import note, show, show_list
from dashboard.warehouse import LacksDataError, WarehouseError

_LINES = 200
_LATEST = "số liệu mới nhất"


def frozen(desk: AllowedDesk) -> None:
    """Offer to freeze what is shown, list what was frozen, and compare two of them."""
    context = require_router()
    if context.latest is None or context.data is None:
        note("Chưa có bản số liệu nào để chốt.")
        return
    found = frozen_snapshots(context.data)
    _offer_to_freeze(desk, context, found)
    draw(markup.section("Các bản chốt"))
    if not found:
        note("Chưa chốt bản nào. Chốt một bản trước hội nghị để số liệu trình bày không đổi khi có báo cáo mới.")
        return
    draw(markup.entries([(one.name, _told(one), _ways(one)) for one in found]))
    _compare(context, found)


def _offer_to_freeze(desk: AllowedDesk, context: Context, found: list[Frozen]) -> None:
    latest = str(context.latest.info.get("snapshot_id", "")) if context.latest else ""
    if not desk.may(Right.FREEZE):
        return
    draw(markup.section("Chốt số liệu mới nhất"))
    same = next((one for one in found if one.snapshot_id == latest), None)
    if same is not None:
        note(f"Số liệu mới nhất đã chốt là {markup.literal(same.label)}; từ đó chưa có gì đổi.")
        return
    if context.as_of is not None:
        note("Đang xem một bản đã chốt. Muốn chốt số liệu mới nhất, chọn “Mới nhất” ở “Bản số liệu” rồi xem lại.")
        return
    with st.form("chot", clear_on_submit=False):
        left, right = st.columns(2)
        name = left.text_input("Tên bản chốt", max_chars=100, placeholder="Ví dụ: Hội nghị tổng kết năm 2024")
        by = right.text_input("Người chốt", max_chars=100, placeholder="Họ tên, chức vụ")
        text = st.text_input("Ghi chú", max_chars=300, placeholder="Được giữ cùng bản chốt")
        if st.form_submit_button("Chốt số liệu") and done(desk, lambda: desk.freeze(name, by, text, latest)):
            st.rerun()
    st.caption("Bản chốt giữ mãi, không sửa và không xóa được ở đây.")


def _told(one: Frozen) -> str:
    parts = (f"chốt ngày {labels.day(one.frozen_on)}", one.who and f"người chốt: {one.who}", one.note)
    return " · ".join(part for part in (*parts, f"bản số liệu {one.snapshot_id}") if part)


def _ways(one: Frozen) -> list[tuple[str, str]]:
    return [
        ("Xem các trang theo bản này", f"tong_quan?ban={one.snapshot_id}"),
        ("So với số liệu mới nhất", f"trinh_chieu?hoi_nghi=ban_chot&ban={LATEST}&ban_truoc={one.snapshot_id}"),
    ]


def _compare(context: Context, found: list[Frozen]) -> None:
    """Let the viewer choose two snapshots and show what differs between them."""
    draw(markup.section("Khác gì so với bản chốt trước"))
    by_id = {one.snapshot_id: one for one in found}
    names = {key: one.label for key, one in by_id.items()}
    as_of = context.as_of.snapshot_id if context.as_of else LATEST
    shown = as_of if frozen_before(found, as_of) else LATEST  # the first of all has nothing before it
    left, right = st.columns(2)
    with right:
        after_id = _choose("ban_sau", "Bản sau", {LATEST: "Số liệu mới nhất", **names}, shown)
    end = context.latest.info.get("snapshot_id", "") if after_id == LATEST and context.latest else after_id
    earlier = frozen_before(found, end)
    with left:
        before_id = _choose("ban_truoc", "Bản trước", names, earlier.snapshot_id if earlier else found[0].snapshot_id)
    if before_id == end:
        note("Hai bản này là một: chọn một bản khác.")
        return
    try:
        before, after = (_side(context, by_id.get(chosen)) for chosen in (before_id, after_id))
    except WarehouseError as problem:
        st.warning(str(problem))
        return
    unit = context.choice.don_vi_id
    figures = partial(exhibits.figure_changes, before, after, unit)
    _shown(lambda: exhibits.total_changes(before, after, unit), show)
    _shown(lambda: figures(limit=_LINES), lambda found: show_list(found, whole=figures))
    _shown(lambda: exhibits.flag_changes(before, after), show)


def _shown(make: Callable[[], Exhibit], show: Callable[[Exhibit], None]) -> None:
    """Show an exhibit; say so where one of the two snapshots lacks what it needs."""
    try:
        found = make()
    except LacksDataError:
        st.warning(f"Không so được phần này: một trong hai bản {OUTDATED}")
        return
    show(found)


def _choose(name: str, label: str, offered: Mapping[str, str], default: str) -> str:
    if adopt(name, partial(id_from_link, ids=offered), default):
        st.warning(BAD_LINK)
    chosen = st.selectbox(label, list(offered), format_func=offered.__getitem__, key=name, filter_mode=None)
    publish(name, chosen, default)
    return str(chosen)


def _side(context: Context, one: Frozen | None) -> Side:
    if one is not None:
        return Side(open_frozen(one, open_once), f"bản chốt “{one.name}”", one.snapshot_id)
    assert context.latest is not None
    return Side(context.latest, _LATEST, LATEST)
