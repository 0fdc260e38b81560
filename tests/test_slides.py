"""Slides as data: which there are, in what order, whose figures they show, and whom they do not name."""

from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard.choice import Choice
from dashboard.slides import NAMES, PRESET_NAMES, PRESETS, Slide, UnknownSlideError, picked, slides
from dashboard.warehouse import Warehouse
from etl.build import build
from etl.catalogue import Catalogue
from etl.store import Store
from tests import flagged, warehouses
from tests.warehouses import Rows

ALL = Choice(2022, 2024, None)


def warehouse_of(folder: Path, rows: Rows) -> Warehouse:
    return Warehouse(warehouses.publish(folder, rows))


def by_key(warehouse: Warehouse, choice: Choice = ALL, **asked: Any) -> dict[str, Slide]:
    return {slide.key: slide for slide in slides(warehouse, choice, **asked)}


def texts_of(slide: Slide) -> str:
    """Return every text and value of a slide, whatever holds it, but the screens' exhibit."""
    held = [getattr(slide, field.name) for field in fields(slide) if field.name not in ("exhibit", "table")]
    return "\n".join([*map(str, held), slide.table.to_csv(), *map(str, slide.table.columns)])


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return warehouse_of(tmp_path_factory.mktemp("usual"), flagged.reviewed())


@pytest.fixture(scope="module")
def report_alone(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Warehouse:
    """Return the real catalogue's snapshot without any return."""
    folder = tmp_path_factory.mktemp("report_alone")
    build(folder / "ban.duckdb", Store(folder / "store"), catalogue)
    return Warehouse(folder / "ban.duckdb")


def test_every_preset_names_slides_in_their_order_and_has_a_name() -> None:
    order = list(NAMES)

    assert PRESETS.keys() == PRESET_NAMES.keys()
    for keys in PRESETS.values():
        assert sorted(keys, key=order.index) == list(keys)
        assert {"mo_dau", "nguon"} <= set(keys)
    assert list(PRESETS["day_du"]) == order
    assert "can_ho_tro" not in PRESETS["5_phut"]


def test_slides_come_in_the_order_chosen_each_once(usual: Warehouse) -> None:
    found = picked(usual, ALL, ["nguon", "cac_nam", "mo_dau", "cac_nam"])

    assert [slide.key for slide in found] == ["nguon", "cac_nam", "mo_dau"]


def test_unknown_slide_is_refused_with_what_there_is(usual: Warehouse) -> None:
    with pytest.raises(UnknownSlideError, match=r"Không có trang chiếu khong_co\. Có: mo_dau"):
        picked(usual, ALL, ["mo_dau", "khong_co"])


def test_every_slide_says_where_its_figures_come_from_and_which_snapshot_they_are(usual: Warehouse) -> None:
    for slide in slides(usual, ALL):
        spoken = "\n".join(slide.spoken)
        assert "Bản số liệu: thu" in spoken, slide.key
        assert "Nguồn: " in spoken and "Mức đầy đủ: " in spoken, slide.key
        if slide.kind not in ("cover", "points"):
            assert slide.source and slide.completeness and slide.subtitle, slide.key


def test_years_show_the_figures_of_the_returns(usual: Warehouse) -> None:
    slide = by_key(usual)["cac_nam"]

    expected = {str(year): 0 for year in (2022, 2023, 2024)}
    for (_, year), values in warehouses.RECOGNISED.items():
        expected[str(year)] += sum(values)
    expected["2024"] += 1  # counted, but in no field
    shown = {name.rstrip("*†"): value for name, value in zip(slide.table["Năm"], slide.table["Mô hình"], strict=True)}
    assert shown == expected
    assert slide.chart is not None and slide.chart.series == ("Mô hình",)


def test_a_year_without_figures_stays_unknown_and_a_zero_stays_zero(usual: Warehouse) -> None:
    hoi_an = by_key(usual, Choice(2022, 2024, "hoi_an"))["cac_nam"].table
    nam_giang = by_key(usual, Choice(2022, 2024, "nam_giang"))["cac_nam"].table

    assert hoi_an["Mô hình"].tolist()[1] is None
    assert nam_giang["Mô hình"].tolist()[2] == 0


def test_flags_name_no_district_unless_that_was_asked_for(usual: Warehouse) -> None:
    hidden, told = by_key(usual), by_key(usual, with_support=True)

    for key in ("canh_bao", "viec_can_lam"):
        said = texts_of(hidden[key])
        assert not any(unit in said for unit in ("Tam Kỳ", "Hội An", "Nam Giang")), key
        assert hidden[key].exhibit is None
    assert "2 đơn vị" in texts_of(hidden["canh_bao"])
    assert "Tam Kỳ ít hơn hẳn mức chung" in texts_of(told["canh_bao"])


def test_units_that_need_support_are_listed_only_when_switched_on(tmp_path: Path) -> None:
    rows = flagged.reviewed()
    score = {"don_vi_id": "tam_ky", "to_year": 2024, "label": "Cần hỗ trợ", "reason": "Tam Kỳ thấp.", "ranked_count": 3}
    rows["district_score"] = [
        score,
        {**score, "don_vi_id": "hoi_an", "label": "Chưa phân định", "reason": "Chưa phân định."},
    ]
    warehouse = warehouse_of(tmp_path, rows)

    assert "can_ho_tro" not in by_key(warehouse)
    assert picked(warehouse, ALL, ["can_ho_tro"]) == []
    shown = by_key(warehouse, with_support=True)["can_ho_tro"]
    assert shown.table["Đơn vị"].tolist() == ["Tam Kỳ"]
    assert any("chỉ dùng nội bộ" in note for note in shown.notes)


def test_one_unit_gets_its_own_figures_and_no_judgement_of_the_province(usual: Warehouse) -> None:
    found = by_key(usual, Choice(2022, 2024, "tam_ky"))

    assert found["tong_quan"].title.startswith("Tam Kỳ: ")
    assert not {"linh_vuc_yeu", "muc_tieu", "mien_nui_dong_bang", "mo_hinh_dien_hinh"} & set(found)
    assert [tile.label for tile in found["dia_ban"].tiles if tile.is_chosen] == ["Tam Kỳ"]


def test_published_totals_alone_give_the_slides_that_need_no_return(report_alone: Warehouse) -> None:
    found = by_key(report_alone, Choice(2009, 2024, None))

    assert [one.value for one in found["tong_quan"].numbers] == ["6.540", "1.360", "1.236", "793"]
    assert found["linh_vuc"].table["Mô hình"].tolist() == [1621, 3391, 957, 564, 7]
    assert found["linh_vuc"].title == "Xây dựng hệ thống chính trị chỉ chiếm 8,6% số mô hình"
    assert [one.value for one in found["hoat_dong"].numbers[3:]] == ["2.229", "93", "563", "30", "1.577"]
    assert "185" in found["tong_quan"].notes[0] and "không cộng thêm" in found["tong_quan"].notes[0]
    assert found["mo_hinh_dien_hinh"].table["Được chọn"].tolist() == [6, 7, 3, 3]
    assert found["muc_tieu"].table["Cần thêm"].tolist() == [None, 251, 491]
    assert not {"cac_nam", "linh_vuc_cac_nam", "dia_ban", "mien_nui_dong_bang", "kiem_tra", "can_ho_tro"} & set(found)
    assert all("bản số liệu" not in slide.source for slide in found.values())


def test_slides_say_by_which_boundaries_they_count(tmp_path: Path) -> None:
    rows = flagged.reviewed()
    rows["dim_don_vi"][1] |= {"valid_to": date(2024, 12, 31), "successor_id": "tam_ky"}
    found = by_key(warehouse_of(tmp_path, rows), Choice(2022, 2024, None, date(2025, 1, 1)))

    assert all("theo địa giới ngày 1/1/2025" in found[key].subtitle for key in ("tong_quan", "linh_vuc", "cac_nam"))
    assert any("Hội An tính vào Tam Kỳ" in note for note in found["dia_ban"].notes)
    assert [tile.label for tile in found["dia_ban"].tiles] == ["Nam Giang", "Tam Kỳ"]
    assert any("huyện gửi báo cáo ở vùng nào" in note for note in found["mien_nui_dong_bang"].notes)


def test_a_part_of_the_returns_is_not_told_as_the_whole(tmp_path: Path) -> None:
    found = by_key(warehouse_of(tmp_path, warehouses.one_district()))

    assert found["tong_quan"].title == "Mới có báo cáo của một phần các đơn vị: 18 mô hình công nhận"
    assert found["tong_quan"].source.endswith("; Báo cáo 10/10/2024")  # the awards are the report's own
    assert found["linh_vuc"].title == "Chưa đủ số liệu để kết luận về cơ cấu lĩnh vực"
    assert "“?”: chưa có số liệu, không phải số 0." in found["cac_nam"].notes


def test_a_snapshot_without_any_figure_still_says_who_speaks_and_how_figures_are_read(tmp_path: Path) -> None:
    rows = warehouses.published_only()
    rows["published_total"], rows["core_mo_hinh"] = [], []

    found = by_key(warehouse_of(tmp_path, rows))

    assert {"mo_dau", "nguon"} <= set(found)
    assert not {"tong_quan", "linh_vuc", "cac_nam", "dia_ban"} & set(found)


def test_only_charts_and_maps_point_to_an_exhibit_of_the_screens(usual: Warehouse) -> None:
    for slide in slides(usual, ALL, with_support=True):
        assert (slide.exhibit is not None) == (slide.kind in ("chart", "tiles")), slide.key


def test_a_chart_names_columns_of_its_table_and_a_colour_for_each(usual: Warehouse) -> None:
    for slide in slides(usual, ALL):
        if slide.chart is None:
            continue
        assert {slide.chart.category, *slide.chart.series, *slide.beside} <= set(slide.table.columns), slide.key
        assert len(slide.chart.colours) in (len(slide.chart.series), len(slide.table)), slide.key
        values = [value for name in slide.chart.series for value in slide.table[name]]
        assert all(value is None or isinstance(value, int | float) for value in values), slide.key
        assert not any(pd.isna(value) for value in values if value is not None), slide.key
