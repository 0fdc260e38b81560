"""The page of sources: which number, its cells, who is missing, and the files as they were sent."""

from functools import partial

import pandas as pd
import streamlit as st

from dashboard import exports, markup
from dashboard.choice import id_from_link
from dashboard.provenance.account import Provenance, facts
from dashboard.provenance.trace import ALL_UNITS, GROUPS, Slice
from dashboard.ui.allowed import AllowedDesk
from dashboard.ui.choose import choose_each
from dashboard.ui.context import require_router
from dashboard.ui.link import BAD_LINK, adopt, draw, publish
from dashboard.ui.past import offer_original
from dashboard.warehouse import records

_AT_ONCE = 100  # cells listed at once
_WITHOUT_SCROLLING = 30


def choose_slice() -> Slice | None:
    """Let the viewer name a number beside the sidebar's period and unit; None until an indicator is chosen."""
    context = require_router()
    indicators = {row["indicator_id"]: row for row in records(context.warehouse.query("indicators"))}
    chosen = _choose_indicator({key: row["label"] for key, row in indicators.items()})
    if chosen is None:
        return None
    boxes = {}
    if indicators[chosen]["by_linh_vuc"]:
        fields = {row["linh_vuc_id"]: row["label"] for row in records(context.warehouse.query("field_list"))}
        boxes["linh_vuc"] = ("Lĩnh vực", fields)
    if context.choice.don_vi_id is None:
        boxes["nhom"] = ("Nhóm đơn vị", {key: label for key, label in GROUPS.items() if key != ALL_UNITS})
    others = {key: row["label"] for key, row in indicators.items() if key != chosen}
    boxes["cung_co"] = ("Chỉ tính đơn vị cũng có số", others)
    picked = dict(zip(boxes, choose_each(boxes), strict=True))
    return Slice(
        chosen,
        **context.choice.params,
        linh_vuc_id=picked.get("linh_vuc") or None,
        units=picked.get("nhom") or ALL_UNITS,
        with_indicator_id=picked["cung_co"] or None,
    )


def show_provenance(found: Provenance, desk: AllowedDesk) -> None:
    """Show one number with its cells, their sum at the foot, and its files as the desk keeps them."""
    lines = (
        f"Số này {found.summary}." if found.value is not None else "",
        f"Mức đầy đủ: {found.completeness}.",
        f"Chưa có số liệu: {found.missing}." if found.missing else "",
        *found.notes,
        f"Nguồn: {found.source}.",
    )
    draw(markup.figure(found.words, found.value_text, lines))
    if found.fault:
        st.error(f"{found.fault} Hãy báo người quản trị.")
    if len(found.warnings):
        show_warnings(found.warnings)
    if found.value is None:
        return
    if len(found.units) > 1:
        draw(markup.section("Từng đơn vị"))
        foot = [["Cộng", int(found.units["Báo cáo"].sum()), len(found.cells), found.value]]
        draw(markup.table(found.units, slices=found.unit_slices, foot=foot))
    draw(markup.section("Từng ô"))
    _show_cells(found)
    _offer_original(found, desk)


def show_warnings(warnings: pd.DataFrame) -> None:
    """List warnings about returns, each with its place."""
    draw(markup.section("Cảnh báo trong các báo cáo"))
    draw(markup.table(warnings))


def _choose_indicator(names: dict[str, str]) -> str | None:
    if adopt("chi_tieu", partial(id_from_link, ids=names), None):
        st.warning(BAD_LINK)
    chosen = st.selectbox(
        "Chỉ tiêu",
        list(names),
        format_func=names.__getitem__,
        key="chi_tieu",
        index=None,
        placeholder="Chọn một chỉ tiêu",
        filter_mode=None,
    )
    publish("chi_tieu", chosen)
    return chosen


def _show_cells(found: Provenance) -> None:
    """Show the cells, a hundred at a time, and the sum of all of them at the foot."""
    count, start = len(found.cells), 0
    if count > _AT_ONCE:
        starts = list(range(0, count, _AT_ONCE))
        start = st.selectbox(
            "Các ô",
            starts,
            format_func=lambda at: f"{at + 1}-{min(at + _AT_ONCE, count)} trên {count}",
            key=f"tu_o {found.slice.link}",  # another number starts at its own first cell
            filter_mode=None,
        )
    part = found.cells.iloc[start : start + _AT_ONCE]
    foot = [_sum_row(f"Cộng {count} ô", found.cells)]
    if len(part) < count:
        foot.insert(0, _sum_row(f"Cộng {len(part)} ô đang xem", part))
    draw(markup.table(part, foot=foot, whole=len(part) <= _WITHOUT_SCROLLING))
    suffix = "_mo_phong" if found.is_simulated else ""
    st.download_button(
        "Tải danh sách ô (CSV)",
        data=exports.table_to_csv(facts(found), found.cells, is_simulated=found.is_simulated),
        file_name=f"nguon_{found.slice.indicator_id}_{found.slice.from_year}-{found.slice.to_year}{suffix}.csv",
        mime="text/csv",
        key="csv_nguon",
        on_click="ignore",
    )


def _sum_row(label: str, cells: pd.DataFrame) -> list[object]:
    row: list[object] = [None] * len(cells.columns)
    row[0], row[list(cells.columns).index("Giá trị")] = label, sum(cells["Giá trị"])
    return row


def _offer_original(found: Provenance, desk: AllowedDesk) -> None:
    """Let those who may pick a file of the list and download it as its sender wrote it."""
    rows = {row["sha256"]: row for row in records(found.files) if desk.may_have_original(row["sha256"])}
    if not rows:
        return
    draw(markup.section("Tệp gốc"))
    picked = st.selectbox(
        "Tệp gốc, đúng như đơn vị đã gửi",
        list(rows),
        format_func=lambda sha256: rows[sha256]["label"],
        key=f"tep_goc {found.slice.link}",
        index=0 if len(rows) == 1 else None,
        placeholder="Chọn một tệp; gõ để tìm theo tên",
    )
    if picked is None:
        return
    offer_original(desk, st, picked, rows[picked]["file_name"], "goc")
