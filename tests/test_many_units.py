"""More units than a screen holds: what is shown says so, titles speak of all, files to download hold all."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import exhibits, exports, figures, flag_markup
from dashboard.choice import MOST_OFFERED, Choice, offered
from dashboard.exhibits.few import both_ends, first_ones
from dashboard.topics import flags
from dashboard.topics.flags import Card
from dashboard.units import unit_names
from dashboard.warehouse import Warehouse
from tests import warehouses
from tests.test_dia_ban import with_actions

ALL_YEARS = Choice(2022, 2024, None)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Three districts (Hội An, Nam Giang, Tam Kỳ) and a provincial body."""
    return Warehouse(warehouses.publish(tmp_path_factory.mktemp("many"), with_actions(("chi_thi", "tam_ky"))))


def _units(count: int) -> pd.Series:
    return pd.Series([f"u{place}" for place in range(count)], dtype=object)


def test_as_many_units_as_a_screen_holds_are_all_shown() -> None:
    few = both_ends(_units(3), pd.Series([1, 2, None], dtype=object), None, 3)
    assert (few.units, few.notes, few.whole(lambda: None)) == (None, (), None)


def test_of_more_units_both_ends_are_shown_and_the_sentence_says_so() -> None:
    few = both_ends(_units(6), pd.Series([3, 6, 1, 5, 2, 4]), None, 4)
    assert few.units == {"u1", "u3", "u2", "u4"}
    assert few.notes == ("Chỉ hiện 2 đơn vị cao nhất và 2 đơn vị thấp nhất trong 6 đơn vị; tệp tải về có đủ.",)


def test_units_without_a_figure_are_shown_only_where_there_is_room() -> None:
    values = pd.Series([5, None, 4, None, None], dtype=object)
    few = both_ends(_units(5), values, None, 3)
    assert few.units == {"u0", "u2", "u1"}
    assert "1 đơn vị cao nhất và 1 đơn vị thấp nhất, 1 đơn vị chưa có số liệu trong 5 đơn vị" in few.notes[0]


def test_the_chosen_unit_is_always_shown() -> None:
    few = first_ones(_units(5), "đơn vị đầu", "u4", 2)
    assert few.units == {"u0", "u1", "u4"}
    assert few.notes[0].startswith("Chỉ hiện 2 đơn vị đầu, và đơn vị được chọn trong 5 đơn vị")


@given(st.lists(st.one_of(st.none(), st.floats(0, 9)), max_size=30), st.integers(1, 12))
def test_never_more_than_asked_for_and_never_fewer_while_there_are_units(values: list[float | None], most: int) -> None:
    few = both_ends(_units(len(values)), pd.Series(values, dtype=object), None, most)
    shown = len(values) if few.units is None else len(few.units)
    assert shown == min(len(values), most)


EXHIBITS = {
    "bản đồ": lambda warehouse, most: exhibits.district_map(warehouse, ALL_YEARS, most=most),
    "mỗi xã": lambda warehouse, most: exhibits.district_rates(warehouse, ALL_YEARS, most=most),
    "qua các năm": lambda warehouse, most: exhibits.district_panels(warehouse, ALL_YEARS, most=most),
    "lĩnh vực": lambda warehouse, most: exhibits.district_field_heat(warehouse, ALL_YEARS, most=most),
    "đơn vị × năm": lambda warehouse, most: exhibits.unit_years(warehouse, ALL_YEARS, "kiem_tra", most=most),
    "chủ đề": lambda warehouse, most: exhibits.covered_by_district(warehouse, ALL_YEARS, "chu_de", most=most),
    "được nêu tên": lambda warehouse, most: exhibits.mentions(warehouse, ALL_YEARS, most=most),
    "đã gửi": lambda warehouse, most: exhibits.returns_grid(
        warehouse, ALL_YEARS, "nam", as_of=date(2025, 1, 31), most=most
    ),
}


@pytest.mark.parametrize("name", EXHIBITS)
def test_an_exhibit_of_some_units_speaks_of_all_and_its_download_holds_all(warehouse: Warehouse, name: str) -> None:
    some, every = EXHIBITS[name](warehouse, 2), EXHIBITS[name](warehouse, None)
    assert len(some.table) == 2 < len(every.table)
    assert some.title == every.title
    assert set(some.notes) - set(every.notes) == {some.notes[-1]} and "Chỉ hiện " in some.notes[-1]
    pd.testing.assert_frame_equal(some.of_all().table, every.table)
    assert exports.to_csv(some) == exports.to_csv(every)


def test_of_a_rule_with_very_many_flags_the_page_says_how_many_only_the_file_has(warehouse: Warehouse) -> None:
    card = Card("F4", "Đứt quãng", "Ai bỏ?", "QD", "canh_bao", "Tam Kỳ", "", "Thấy.", "Thường.", "Chắc.", "Làm.")
    nothing = dict.fromkeys(("observed", "expected", "ratio", "p_value"))
    found = [replace(card, who=f"Đơn vị {place}", figures=nothing) for place in range(flag_markup.MOST + 5)]
    html = flag_markup.groups(flags.groups(found))
    assert html.count("dvk-seen") == flag_markup.MOST
    assert "và 102 cảnh báo nữa" in html and "Còn 5 cảnh báo nữa: tệp tải về có đủ." in html
    listed = exhibits.flag_list(warehouse, ALL_YEARS, found)
    assert len(listed.table) < len(listed.of_all().table) == len(found)


def test_what_is_made_of_a_snapshot_once_is_the_same_thing_again(warehouse: Warehouse) -> None:
    assert unit_names(warehouse) is unit_names(warehouse)
    assert list(unit_names(warehouse)) == list(warehouse.query("units")["don_vi_id"])
    assert flags.cards(warehouse, ALL_YEARS) == flags.cards(warehouse, ALL_YEARS)


def test_a_long_list_of_units_is_narrowed_by_what_is_typed_without_diacritics() -> None:
    names = {"": "Toàn tỉnh"} | {f"u{place}": f"Xã {place}" for place in range(1000)} | {"td": "Tân Đức", "x": "Yên"}
    assert list(offered(names, "tan duc", "x")) == ["", "x", "td"]
    assert len(offered(names, "xa", "")) == MOST_OFFERED + 1
    assert list(offered(names, "không có", "")) == [""]


def test_a_map_of_many_places_names_them_only_to_who_points_at_one() -> None:
    def drawn(count: int) -> list[str]:
        frame = pd.DataFrame(
            [
                {"label": f"Xã {place}", "tile_row": place, "tile_col": 0, "value": 1.0, "text": "1"}
                | {"is_highlighted": False, "geojson": None}
                for place in range(count)
            ]
        )
        return [text for trace in figures.district_map(frame).traces for text in trace["text"]]

    assert drawn(60)[59] == "Xã<br>59<br><b>1</b>"
    assert set(drawn(61)) == {""}
