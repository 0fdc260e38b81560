"""What a viewer can take away: deck, handout, report section, data, and the papers of many units."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import streamlit as st

from dashboard import documents, labels, markup
from dashboard.choice import MOST_OFFERED, Choice
from dashboard.documents import NoOfficeError
from dashboard.downloads import DAYS_TO_REPLY, DOWNLOADS, ZIP, Wanted, file_name
from dashboard.labels import SIMULATED
from dashboard.slides import PRESET_NAMES, PRESETS
from dashboard.ui.allowed import AllowedDesk, exporting
from dashboard.ui.context import Context, require_router
from dashboard.ui.desk import Progress, asked, with_progress
from dashboard.ui.link import draw
from dashboard.ui.remind import failing_cells
from dashboard.ui.show import note
from dashboard.ui.slides import own_slides
from dashboard.ui.trouble import made_later
from dashboard.warehouse import LacksDataError, Warehouse

_OWN = "tu_chon"
_SUPPORT = "Kèm danh sách cần hỗ trợ (nội bộ)"
_SIZES = {True: "16:9 (màn hình rộng)", False: "4:3 (máy chiếu cũ)"}
_LACKS = (
    "Bản số liệu này do phiên bản khác của chương trình dựng và thiếu phần mà tệp này cần; "
    "chọn “Mới nhất” ở “Bản số liệu”."
)


def downloads(desk: AllowedDesk) -> None:
    """Offer everything that can be downloaded; each file is made when it is asked for."""
    context = require_router()
    if not context.has_figures:
        note("Chưa có số liệu để tải về.")
        return
    warehouse, choice = context.warehouse, context.choice
    _say_of_what(warehouse, choice)
    draw(markup.section("Trang chiếu (PowerPoint)"))
    left, right = st.columns(2)
    sets, names = _sets()
    slides = left.selectbox("Bộ trang", list(sets), format_func=names.__getitem__, filter_mode=None)
    wide = right.selectbox("Khổ trang", list(_SIZES), format_func=_SIZES.__getitem__, filter_mode=None)
    is_internal = st.toggle(_SUPPORT, key="ho_tro_deck")
    _offer("deck", context, Wanted(is_internal, sets[slides], wide))
    draw(markup.section("Tài liệu của toàn tỉnh (Word)"))
    left, right = st.columns(2)
    with left:
        _offer("handout", context, Wanted())
    with right:
        _offer("report", context, Wanted())
    draw(markup.section("Số liệu (Excel)"))
    _offer("data", context, Wanted(st.toggle(_SUPPORT, key="ho_tro_data")))
    draw(markup.section("Giấy tờ của nhiều đơn vị"))
    _offer_bundles(desk, context)


def _sets() -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """Return the sets of slides to choose from, what the viewer chose for presenting first, and their names."""
    own = own_slides()
    if not own:
        return PRESETS, PRESET_NAMES
    return {_OWN: own, **PRESETS}, {_OWN: f"{len(own)} trang đã chọn ở phần Trình chiếu", **PRESET_NAMES}


def _say_of_what(warehouse: Warehouse, choice: Choice) -> None:
    period = labels.sentence(labels.period(choice.from_year, choice.to_year))
    mark = f" {SIMULATED}: mọi trang chiếu, trang in, trang tính đều ghi rõ." if warehouse.is_simulated else ""
    text = f"{period}, bản số liệu {labels.snapshot(warehouse.info)}. Đổi kỳ, đơn vị, bản số liệu ở cột bên trái."
    st.caption(markup.literal(text + mark))


def _offer(key: str, context: Context, wanted: Wanted) -> None:
    """Offer a file that is made at once, while the browser waits for it."""
    found = DOWNLOADS[key]
    choice = context.choice if found.is_of_one else _whole(context.choice)

    def make() -> bytes:
        exporting(context.viewer, found.label, with_support=wanted.with_support)
        return found.make(context.warehouse, choice, wanted)

    st.download_button(
        f"Tải {found.label[:1].lower()}{found.label[1:]} ({found.suffix})",
        data=made_later(make),
        file_name=file_name(key, found.suffix, context.warehouse, choice, with_support=wanted.with_support),
        mime=found.mime,
        key=f"tai_{key}",
        on_click="ignore",
    )


def _offer_bundles(desk: AllowedDesk, context: Context) -> None:
    """Let the viewer pick units, and make their profiles or letters under a bar before offering them."""
    warehouse, choice = context.warehouse, context.choice
    names = context.unit_names
    offered = documents.units_of(warehouse, choice)
    own = [choice.don_vi_id] if choice.don_vi_id in offered else []
    picked = st.multiselect(
        "Đơn vị",
        list(dict.fromkeys([*own, *offered[:MOST_OFFERED]])) if len(offered) > MOST_OFFERED else offered,
        default=own,
        format_func=names.__getitem__,
        placeholder=f"Tất cả {len(offered)} đơn vị có trong kỳ",
        filter_mode=None,
    )
    if len(offered) > MOST_OFFERED:
        st.caption(f"Danh sách có {MOST_OFFERED} đơn vị đầu: đơn vị khác chọn ở cột bên trái.")
    units = [unit for unit in offered if unit in picked] or offered
    left, right = st.columns(2)
    with left:
        is_internal = st.toggle("Kèm kết luận cần hỗ trợ (nội bộ)", key="ho_tro_profiles")
        name = file_name("profiles", ".zip", warehouse, _whole(choice), with_support=is_internal)

        def make(progress: Progress) -> bytes:
            exporting(context.viewer, "Hồ sơ đơn vị", with_support=is_internal)
            return documents.profiles_zip(warehouse, _whole(choice), units, with_support=is_internal, progress=progress)

        _offer_bundle("profiles", "hồ sơ đơn vị", name, (warehouse.path, choice, units, is_internal), make)
    with right:
        _offer_letters(desk, context, units)


def _offer_letters(desk: AllowedDesk, context: Context, units: Sequence[str]) -> None:
    """Offer the letters to units that owe something: always by the latest figures, with the files held back."""
    if context.as_of is not None:
        note("Công văn nhắc luôn viết theo số liệu mới nhất: chọn “Mới nhất” ở “Bản số liệu”.")
        return
    warehouse, choice, today = context.warehouse, _whole(context.choice), date.today()
    reply_by = st.date_input(
        "Đề nghị gửi trước ngày", today + timedelta(days=DAYS_TO_REPLY), min_value=today, format="DD/MM/YYYY"
    )

    def make(progress: Progress) -> bytes:
        exporting(context.viewer, "Công văn nhắc")
        # Over the simulated sample the files held back are real ones: they have no place in simulated letters.
        files = asked(desk, desk.held_back) if desk.may_change else None
        failing = {unit: failing_cells(files or [], unit) for unit in units}
        return documents.letters_zip(
            warehouse, choice, units, as_of=today, reply_by=reply_by, failing=failing, progress=progress
        )

    name = file_name("letters", ".zip", warehouse, choice)
    _offer_bundle("letters", "công văn nhắc", name, (warehouse.path, choice, units, today, reply_by), make)


def _offer_bundle(key: str, label: str, name: str, of: Any, make: Callable[[Progress], bytes]) -> None:
    """Make a .zip when its button is pressed and offer it; made of something else (`of`), it is no longer offered."""
    place = f"goi_{key}"
    if st.button(f"Lập {label} (.zip)", key=f"lap_{key}"):
        st.session_state.pop(place, None)
        try:
            made = with_progress(make, f"Đang lập {label}", steps_are="đơn vị")
        except NoOfficeError as problem:
            st.info(str(problem))
            return
        except LacksDataError:
            st.warning(_LACKS)
            return
        st.session_state[place] = (repr(of), made)
    kept = st.session_state.get(place)
    if kept is None or kept[0] != repr(of):
        return
    st.download_button(f"Tải {label} (.zip)", kept[1], name, ZIP, key=f"tai_{key}", on_click="ignore")


def _whole(choice: Choice) -> Choice:
    return replace(choice, don_vi_id=None)
