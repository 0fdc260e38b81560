"""Where? Rates on the map and over the years, whom the report names, themes, areas and models to replicate."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import exhibits, figures
from dashboard.choice import Choice
from dashboard.exhibits import Exhibit
from dashboard.exhibits.coverage import AREAS, THEMES
from dashboard.provenance import links, ways
from dashboard.warehouse import Warehouse
from etl.text import fold
from tests import warehouses
from tests.test_pages import charts_of, open_page, text_of

ALL = Choice(2022, 2024, None)
SQUARE = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]]
Open = Callable[[warehouses.Rows], Warehouse]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    return lambda rows: Warehouse(warehouses.publish(tmp_path / "warehouse", rows))


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DVK_DATA", str(tmp_path))
    return tmp_path


def column(exhibit: Exhibit, name: str, key: str = "Đơn vị") -> dict[str, Any]:
    return dict(zip(exhibit.table[key], exhibit.table[name], strict=True))


def leads(figure: figures.Figure) -> set[str]:
    return {lead for trace in figure.data for lead in (trace.customdata if trace.customdata is not None else ())}


# --- rates by district


def test_map_shows_any_indicator_per_commune_and_year(opened: Open) -> None:
    warehouse = opened(warehouses.three_districts())

    recognised = exhibits.district_map(warehouse, ALL)
    inspections = exhibits.district_map(warehouse, ALL, "kiem_tra")

    rates = column(recognised, "Mỗi xã mỗi năm")
    assert rates == {"Tam Kỳ": pytest.approx(47 / 39), "Hội An": pytest.approx(31 / 26), "Nam Giang": 30 / 36}
    assert column(inspections, "Mỗi xã mỗi năm")["Tam Kỳ"] == pytest.approx(10 / 26)
    assert "cuộc" in inspections.title and inspections.unit == "cuộc/xã/năm"


def test_rate_of_a_stock_counts_the_last_year_alone_and_says_so(opened: Open) -> None:
    shown = exhibits.district_map(opened(warehouses.three_districts()), ALL, "mo_hinh_duy_tri")

    assert column(shown, "Mỗi xã, cuối năm 2024") == {"Tam Kỳ": None, "Hội An": 7 / 13, "Nam Giang": None}
    assert shown.title == "Mới có số liệu của Hội An: 0,54 mô hình mỗi xã, cuối năm 2024"
    assert shown.subtitle.endswith("cuối năm 2024")


def test_small_rates_keep_a_digit_more(opened: Open) -> None:
    rows = warehouses.three_districts()
    rows["core_year_value"].append(
        {**rows["core_year_value"][0], "indicator_id": "hoi_nghi", "linh_vuc_id": None, "value": 1}
    )

    shown = exhibits.district_map(opened(rows), ALL, "hoi_nghi")

    assert shown.title == "Mới có số liệu của Tam Kỳ: 0,077 hội nghị mỗi xã mỗi năm"


def test_every_tile_leads_to_its_unit_even_without_a_figure(opened: Open) -> None:
    warehouse = opened(warehouses.one_district())

    found = {lead: ways.answer(warehouse, ALL, lead) for lead in leads(exhibits.district_map(warehouse, ALL).figure)}

    assert {lead.partition("?")[0] for lead in found} == {"nguon", "don_vi"}
    said = {answer.said: dict(answer.ways) for answer in found.values() if answer}
    assert said["Tam Kỳ: chưa có số liệu."] == {"Mở trang Tam Kỳ": "don_vi?don_vi=tam_ky&tu=2022&den=2024"}
    (known,) = (way for text, way in said.items() if "Hội An" in text)
    assert list(known) == ["Xem các ô", "Mở trang Hội An"]
    assert known["Mở trang Hội An"] == "don_vi?don_vi=hoi_an&tu=2022&den=2024"


def test_a_units_own_mark_does_not_offer_the_unit_that_is_chosen(opened: Open) -> None:
    warehouse = opened(warehouses.three_districts())
    own = Choice(2022, 2024, "hoi_an")
    lead = "nguon?chi_tieu=kiem_tra&don_vi=hoi_an&tu=2022&den=2024"

    answer = ways.answer(warehouse, own, lead)

    assert answer is not None and [text for text, _ in answer.ways] == ["Xem các ô"]


@pytest.mark.parametrize(
    "link", ["don_vi?don_vi=hue", "https://x.vn/nguon", "nguon?chi_tieu=x", "khac?don_vi=hoi_an", ""]
)
def test_a_link_the_snapshot_does_not_know_is_not_answered(opened: Open, link: str) -> None:
    assert ways.answer(opened(warehouses.three_districts()), ALL, link) is None


def test_way_to_a_unit_keeps_the_boundaries_that_were_chosen() -> None:
    link = links.unit_link("que_son", Choice(2009, 2025, None, date(2025, 1, 1)))

    assert link == "don_vi?don_vi=que_son&tu=2009&den=2025&dia_gioi=2025-01-01"


def test_ranking_is_highest_first_and_missing_last(opened: Open) -> None:
    shown = exhibits.district_rates(opened(warehouses.three_districts()), ALL, "kiem_tra")

    (known,) = (trace for trace in shown.figure.data if trace.name == "Số liệu")
    assert list(shown.figure.layout.yaxis.ticktext) == ["Hội An  ", "Tam Kỳ  ", "Nam Giang  "]
    assert list(known.x) == sorted(known.x, reverse=True)
    assert any("Chung các huyện" in note.text for note in shown.figure.layout.annotations)


# --- official borders


def bordered(*units: str) -> warehouses.Rows:
    rows = warehouses.three_districts()
    rows["dim_geometry"] = [
        {
            "don_vi_id": unit,
            "geojson": json.dumps({"type": "Polygon", "coordinates": [[[x + place, y] for x, y in SQUARE]]}),
        }
        for place, unit in enumerate(units)
    ]
    return rows


def test_borders_are_drawn_when_every_district_has_them(opened: Open) -> None:
    shown = exhibits.district_map(opened(bordered("tam_ky", "hoi_an", "nam_giang")), Choice(2022, 2024, "hoi_an"))

    areas = {trace.name: trace for trace in shown.figure.data if trace.fill == "toself"}
    assert set(areas) == {"Tam Kỳ", "Hội An", "Nam Giang"}
    assert list(areas["Hội An"].x) == [x + 1 for x, _ in SQUARE]
    assert areas["Hội An"].line.width > areas["Tam Kỳ"].line.width
    assert shown.figure.data[2].name == "Hội An", "the chosen outline lies on top"
    assert {"scatter"} == {trace.type for trace in shown.figure.data}, "no base map is fetched from anywhere"
    assert len(leads(shown.figure)) == 3
    assert "Mỗi ô một đơn vị" not in " ".join(shown.notes)


def test_a_district_without_a_figure_is_hatched_within_its_borders(opened: Open) -> None:
    shown = exhibits.district_map(opened(bordered("tam_ky", "hoi_an", "nam_giang")), ALL, "hoi_nghi")

    areas = [trace for trace in shown.figure.data if trace.fill == "toself"]
    assert all(area.fillpattern.shape == "/" and area.fillcolor is None for area in areas)
    assert {text.rpartition("<b>")[2] for trace in shown.figure.data for text in trace.text or ()} == {"?</b>"}


def test_tiles_stay_when_borders_of_a_district_are_missing(opened: Open) -> None:
    shown = exhibits.district_map(opened(bordered("tam_ky", "hoi_an")), ALL)

    assert not [trace for trace in shown.figure.data if trace.type == "scatter"]
    assert "dia_gioi.geojson chưa có Nam Giang: vẽ bằng ô." in shown.notes


def test_holes_and_islands_are_drawn_apart_and_the_name_stands_in_the_largest_part() -> None:
    hole = [[0.4, 0.4], [0.4, 0.6], [0.6, 0.6], [0.4, 0.4]]
    island = [[[x / 10 + 5, y / 10] for x, y in SQUARE]]
    text = json.dumps({"type": "MultiPolygon", "coordinates": [island, [SQUARE, hole]]})
    frame = pd.DataFrame(
        [{"label": "A", "value": 1.0, "text": "1", "is_highlighted": False, "geojson": text, "link": "x"}], dtype=object
    )

    area, name = figures.district_map(frame).data

    assert [x is None for x in area.x].count(True) == 2
    assert (name.x[0], name.y[0]) == (pytest.approx(0.5), pytest.approx(0.5))


# --- over the years


def test_panels_share_one_axis_and_break_where_a_year_is_missing(opened: Open) -> None:
    shown = exhibits.district_panels(opened(warehouses.three_districts()), ALL)

    lines = {trace.name: trace for trace in shown.figure.data if trace.mode == "lines+markers"}
    assert list(lines["Hội An"].y) == [13 / 13, None, 18 / 13]
    assert list(lines["Nam Giang"].y) == [None, None, 0]
    ranges = {shown.figure.layout[axis].range for axis in ("yaxis", "yaxis2", "yaxis3")}
    assert len(ranges) == 1
    base = next(trace for trace in shown.figure.data if trace.name == "Chung các huyện")
    assert base.y[0] == pytest.approx((18 + 13) / 26), "only districts that gave a figure, and their communes"
    assert sum(note.text == "?" for note in shown.figure.layout.annotations) == 3
    assert "2 đơn vị có năm chưa có số liệu" in shown.title
    assert "Xếp theo bình quân cả kỳ" in shown.notes[0]


def test_panels_stand_in_the_order_of_the_periods_rate(opened: Open) -> None:
    shown = exhibits.district_panels(opened(warehouses.three_districts()), ALL)

    assert list(shown.table["Đơn vị"]) == ["Tam Kỳ", "Hội An", "Nam Giang"]


def test_a_part_year_is_hollow_marked_and_left_out_of_the_title(opened: Open) -> None:
    rows = warehouses.three_districts()
    rows["dim_threshold"].append({**rows["dim_threshold"][0], "rule": "part_year", "level": "ghi_chu", "value": 45})
    for found in rows["core_return"]:
        found["as_of_on"] = date(2024, 9, 30) if found["to_year"] == 2024 else None

    shown = exhibits.district_panels(opened(rows), ALL)

    assert "2024†" in shown.table.columns
    tam_ky = next(trace for trace in shown.figure.data if trace.name == "Tam Kỳ")
    assert tam_ky.marker.color[2] == "#FFFFFF" and tam_ky.marker.color[0] != "#FFFFFF"
    assert "năm chưa trọn" in tam_ky.hovertext[2]
    assert "2024" not in shown.title and "năm 2023" in shown.title


def test_panels_of_a_merged_district_count_its_parts_and_their_communes(opened: Open) -> None:
    rows = warehouses.three_districts()
    gone = next(row for row in rows["dim_don_vi"] if row["don_vi_id"] == "tam_ky")
    gone.update(valid_to=date(2023, 12, 31), successor_id="hoi_an")

    shown = exhibits.district_panels(opened(rows), Choice(2022, 2023, None, date(2024, 1, 1)))

    assert column(shown, "2022") == {"Hội An": (18 + 13) / 26, "Nam Giang": None}
    merged = next(trace for trace in shown.figure.data if trace.name == "Hội An")
    assert merged.y[1] == 19 / 13 and "thiếu một phần" in merged.hovertext[1], (
        "of the part that gave a figure, and said"
    )


def test_groups_of_terrain_count_only_districts_that_reported_and_say_how_many(opened: Open) -> None:
    shown = exhibits.terrain_years(opened(warehouses.three_districts()), ALL)

    assert column(shown, "Đồng bằng", "Năm") == {"2022": 31 / 26, "2023": 19 / 13, "2024": 28 / 26}
    assert column(shown, "Đồng bằng: huyện có số liệu", "Năm")["2023"] == "1/2"
    assert column(shown, "Miền núi", "Năm") == {"2022": None, "2023": None, "2024": 0}
    assert shown.title.startswith("Miền núi 0,83, đồng bằng 1,20 mô hình mỗi xã mỗi năm; chỉ ")
    assert "1/2 huyện đồng bằng" in shown.title
    plain = next(trace for trace in shown.figure.data if trace.name == "Đồng bằng")
    assert plain.marker.color[1] == "#FFFFFF" and "1/2 huyện" in plain.hovertext[1]


def test_one_reporting_group_is_not_compared_with_the_other(opened: Open) -> None:
    shown = exhibits.terrain_years(opened(warehouses.one_district()), ALL)

    assert shown.title.startswith("Mới có số liệu của một nhóm: đồng bằng 1,38")


def test_without_returns_nothing_is_ranked(opened: Open) -> None:
    warehouse = opened(warehouses.published_only())

    assert exhibits.district_map(warehouse, ALL).title == "Chưa có số liệu của từng huyện"
    assert exhibits.district_panels(warehouse, ALL).title == "Chưa có số liệu từng năm của từng huyện"
    assert exhibits.terrain_years(warehouse, ALL).title == "Chưa có số liệu để so miền núi với đồng bằng"
    assert exhibits.covered_by_field(warehouse, ALL, THEMES).title == "Chưa đơn vị nào gửi danh sách mô hình"
    assert exhibits.replicated_models(warehouse, ALL).title == "Chưa đơn vị nào gửi danh sách mô hình"


# --- whom the report names


def with_actions(*named: tuple[str, str]) -> warehouses.Rows:
    rows = warehouses.three_districts()
    texts = {"section": "II.1", "citation": "Câu văn", "printed": "Tam Kỳ, Hội An…"}
    rows["dim_leadership_action"] = [
        {"action_id": "chi_thi", "label": "Ban hành chỉ thị", "short_label": "Chỉ thị", "position": 1, "footnote": 5}
        | {"note": "Danh sách để ngỏ", **texts},
        {
            "action_id": "ban_chi_dao",
            "label": "Lập Ban Chỉ đạo",
            "short_label": "Ban Chỉ đạo",
            "position": 2,
            "footnote": 6,
        }
        | {"note": "", **texts},
    ]
    rows["dim_leadership_mention"] = [{"action_id": action, "don_vi_id": unit} for action, unit in named]
    rows["core_mo_hinh"] = [row for row in rows["core_mo_hinh"] if row["don_vi_id"] != "hoi_an"]
    return rows


def test_units_are_named_or_not_named_and_never_said_to_have_done_or_failed(opened: Open) -> None:
    shown = exhibits.mentions(opened(with_actions(("chi_thi", "tam_ky"))), ALL)

    assert column(shown, "Chỉ thị") == {
        "Tam Kỳ": "● được nêu tên",
        "Hội An": "không nêu tên",
        "Nam Giang": "không nêu tên",
    }
    assert column(shown, "Mô hình được nêu tên") == {"Tam Kỳ": "1", "Hội An": "không nêu tên", "Nam Giang": "1"}
    assert (
        shown.title
        == "1/3 đơn vị cấp huyện được Báo cáo nêu tên ở việc lãnh đạo, chỉ đạo; Hội An không được nêu tên ở chỗ nào"
    )
    assert shown.notes == (
        "“Không nêu tên” không phải là không làm: Báo cáo chỉ nêu một số địa phương.",
        "Cước chú 5: Danh sách để ngỏ.",
    )
    assert not shown.is_simulated, "what the report says is real, whatever the figures are"
    assert shown.period == "Giai đoạn 2022-2024"


def test_mentions_do_not_follow_the_chosen_period_or_boundaries(opened: Open) -> None:
    warehouse = opened(with_actions(("chi_thi", "tam_ky")))

    shown = exhibits.mentions(warehouse, Choice(2024, 2024, None, date(2024, 6, 1)))

    assert shown.period == "Giai đoạn 2022-2024"
    assert shown.title == exhibits.mentions(warehouse, ALL).title
    assert "địa giới" not in shown.subtitle


@pytest.mark.parametrize(
    ("unit", "title"),
    [
        ("tam_ky", "Tam Kỳ: được Báo cáo nêu tên ở 1/2 việc lãnh đạo, chỉ đạo"),
        ("nam_giang", "Nam Giang: Báo cáo không nêu tên ở việc lãnh đạo, chỉ đạo nào; có nêu 1 mô hình"),
        ("hoi_an", "Hội An: Báo cáo không nêu tên ở chỗ nào"),
    ],
)
def test_one_units_mentions_stand_action_by_action(opened: Open, unit: str, title: str) -> None:
    shown = exhibits.mentions(opened(with_actions(("chi_thi", "tam_ky"))), Choice(2022, 2024, unit))

    assert shown.title == title
    assert list(shown.table["Việc"]) == ["Ban hành chỉ thị", "Lập Ban Chỉ đạo", "Mô hình ở bốn lĩnh vực"]
    assert not {"đã làm", "không làm"} & set(shown.table["Báo cáo"])


# --- themes and areas


def themed(*models: tuple[str, str | None, str | None, str | None]) -> warehouses.Rows:
    """Give the test register's models, in their order, a unit's theme, area and status."""
    rows = warehouses.three_districts()
    listed = [row for row in rows["core_mo_hinh"] if not row["named_in_report"]]
    for row, (field, theme, area, status) in zip(listed, models, strict=False):
        row.update(linh_vuc_id=field, theme=theme, area_kind=area, status=status)
    return rows


def test_a_theme_nobody_covers_is_named_in_the_title(opened: Open) -> None:
    shown = exhibits.covered_by_field(opened(themed()), ALL, THEMES)

    assert shown.title == "Chưa thấy mô hình nào thuộc chủ đề: bảo vệ môi trường"
    assert column(shown, "Kinh tế", "Chủ đề")["Bảo vệ môi trường"] == 0


def test_models_that_stopped_or_are_only_registered_cover_nothing(opened: Open) -> None:
    rows = themed(
        ("kinh_te", "moi_truong", "dtts", "dung"),
        ("kinh_te", "moi_truong", "dtts", "dang_ky"),
        ("van_hoa_xa_hoi", "moi_truong", "dtts", None),
        ("van_hoa_xa_hoi", "moi_truong", "dtts", "cong_nhan"),
    )
    warehouse = opened(rows)

    for list_id, name, label in (
        (THEMES, "Chủ đề", "Bảo vệ môi trường"),
        (AREAS, "Địa bàn đặc thù", "Vùng đồng bào dân tộc thiểu số"),
    ):
        shown = exhibits.covered_by_field(warehouse, ALL, list_id)
        assert column(shown, "VH-XH", name)[label] == 2
        assert column(shown, "Kinh tế", name)[label] == 0


def test_a_unit_without_a_register_is_unknown_and_one_without_models_is_zero(opened: Open) -> None:
    shown = exhibits.covered_by_district(opened(warehouses.one_district()), ALL, THEMES)

    assert column(shown, "Bảo vệ môi trường") == {"Hội An": 0, "Tam Kỳ": None, "Nam Giang": None}
    assert shown.title == "Ít nơi có nhất: bảo vệ môi trường (0/1 đơn vị có danh sách); 2 đơn vị chưa gửi danh sách"


def test_a_cell_of_models_leads_to_their_list(data: Path) -> None:
    rows = themed(("kinh_te", "moi_truong", None, "cong_nhan"))
    warehouse = Warehouse(warehouses.publish(data / "warehouse", rows))

    (lead,) = (
        lead
        for lead in leads(exhibits.covered_by_field(warehouse, ALL, THEMES).figure)
        if lead and "moi_truong" in lead
    )

    assert lead == "mo_hinh?linh_vuc=kinh_te&chu_de=moi_truong&tu=2022&den=2024"
    told = dict(part.split("=") for part in lead.partition("?")[2].split("&"))
    assert "1 mô hình của 1 đơn vị" in text_of(open_page("mo_hinh", **told))


# --- models to replicate


def register(rows: warehouses.Rows, unit: str, year: int, name: str, place: str | None, status: str) -> None:
    """Add a model to a unit's register."""
    like = next(row for row in rows["core_mo_hinh"] if not row["named_in_report"])
    key = {"mo_hinh_id": f"{unit}-{name}-{place}", "don_vi_id": unit, "return_id": f"{unit}-{year}"}
    said = {
        "name": name,
        "name_key": fold(name),
        "commune": place,
        "place_key": place and fold(place),
        "status": status,
    }
    rows["core_mo_hinh"].append({**like, **key, **said, "place_don_vi_id": unit, "start_year": 2023})
    cell = {"source_sheet": "Biểu 03", "source_cell": "B9", "period_kind": "nam", "from_year": year, "to_year": year}
    rows["core_mo_hinh_status"].append({**key, "status": status, **cell})


def test_a_named_model_seen_elsewhere_is_listed_with_its_place_and_year(opened: Open) -> None:
    rows = warehouses.three_districts()
    register(rows, "tam_ky", 2024, "Tổ dệt THỔ CẨM", "Tam Thăng", "cong_nhan")
    register(rows, "hoi_an", 2024, "Camera an ninh", None, "cong_nhan")

    shown = exhibits.replicated_models(opened(rows), ALL)

    assert shown.title == "1/3 mô hình được nêu tên đã thấy ở nơi khác"
    assert column(shown, "Nơi khác", "Mô hình") == {
        "Tổ dệt thổ cẩm": "Thấy ở nơi khác: Tam Kỳ, Tam Thăng (từ năm 2023)",
        "Camera an ninh": "Chưa thấy trong danh sách các đơn vị gửi",
        "Phiên chợ 0 đồng": "Chưa thấy trong danh sách các đơn vị gửi",
    }
    assert shown.is_simulated


def test_replication_counts_registers_of_the_period_alone(opened: Open) -> None:
    rows = warehouses.three_districts()
    register(rows, "tam_ky", 2024, "Tổ dệt thổ cẩm", "Tam Thăng", "nhan_rong")
    warehouse = opened(rows)

    before = exhibits.replicated_models(warehouse, Choice(2022, 2023, None))

    assert before.title == "3 mô hình được nêu tên: chưa thấy mô hình nào ở nơi khác trong danh sách các đơn vị gửi"
    assert not before.is_simulated, "nothing but the report's own words is shown"


def typical(*names: str) -> warehouses.Rows:
    rows = warehouses.three_districts()
    counts = {"kinh_te": 6, "van_hoa_xa_hoi": 7, "quoc_phong_an_ninh": 3, "he_thong_chinh_tri": 3}
    like = rows["published_total"][0]
    rows["published_total"] += [
        {**like, "indicator_id": "mo_hinh_dien_hinh", "linh_vuc_id": field, "value": count}
        for field, count in counts.items()
    ]
    rows["dim_typical_model"] = [
        {"name": name, "name_key": fold(name), "linh_vuc_id": "kinh_te", "don_vi_id": "hoi_an", "citation": "Đề án"}
        | {"note": ""}
        for name in names
    ]
    return rows


def test_typical_models_stand_by_field_and_their_names_are_said_to_be_unknown(opened: Open) -> None:
    shown = exhibits.typical_models(opened(typical()), ALL)

    assert list(shown.table["Được chọn"]) == [6, 7, 3, 3]
    assert shown.title == (
        "19 mô hình điển hình được chọn để nhân rộng 2025-2030; Báo cáo chỉ ghi số lượng từng lĩnh vực, không nêu tên"
    )
    assert any("typical_models.csv" in note for note in shown.notes)


def test_a_typical_model_whose_name_is_known_is_followed_first(opened: Open) -> None:
    rows = typical("Vườn rau sạch")

    warehouse = opened(rows)

    assert "đã biết tên 1" in exhibits.typical_models(warehouse, ALL).title
    first = exhibits.replicated_models(warehouse, ALL).table.iloc[0]
    assert (first["Mô hình"], first["Thuộc"]) == ("Vườn rau sạch", "Được chọn")
    assert "MTTQ Việt Nam tỉnh" in first["Nơi khác"] and "Hội An" not in first["Nơi khác"]


def test_replication_is_unknown_where_no_register_was_sent(opened: Open) -> None:
    rows = typical()
    rows["core_mo_hinh"] = [row for row in rows["core_mo_hinh"] if row["named_in_report"]]
    rows["core_mo_hinh_status"] = []

    shown = exhibits.typical_models(opened(rows), ALL)

    assert set(shown.table["Thấy ở nơi khác"]) == {None}
    assert set(shown.table["Danh sách ghi “Nhân rộng”"]) == {None}


# --- the page


@pytest.mark.parametrize("part", ["ban_do", "qua_cac_nam", "lanh_dao", "chu_de", "nhan_rong"])
@pytest.mark.parametrize("rows", [warehouses.three_districts, warehouses.one_district, warehouses.published_only])
def test_every_part_opens_on_any_store(part: str, rows: Callable[[], warehouses.Rows], data: Path) -> None:
    warehouses.publish(data / "warehouse", rows())

    app = open_page("dia_ban", xem=part)

    assert not app.exception and not app.error
    assert app.query_params.get("xem", "ban_do") == part


def test_map_and_ranking_follow_the_indicator_of_the_link(data: Path) -> None:
    warehouses.publish(data / "sample" / "warehouse", warehouses.three_districts())

    app: AppTest = open_page("dia_ban", chi_tieu="kiem_tra")

    assert "Kiểm tra, đánh giá trên mỗi xã, phường, thị trấn mỗi năm" in text_of(app)
    assert len(charts_of(app)) == 3
    assert all("DỮ LIỆU" in chart or "D\\u1eee LI" in chart for chart in charts_of(app))


def test_communes_that_have_a_model_are_a_share_of_all_communes(opened: Open) -> None:
    rows = warehouses.three_districts()
    rows["dim_indicator"].append(
        {
            **rows["dim_indicator"][1],
            "indicator_id": "xa_co_mo_hinh",
            "label": "Xã có mô hình",
            "unit_label": "xã",
            "position": 9,
        }
    )
    like = rows["core_year_value"][0] | {"indicator_id": "xa_co_mo_hinh", "linh_vuc_id": None}
    given = (("tam_ky", 2023, 10), ("tam_ky", 2024, 13), ("hoi_an", 2024, 6), ("nam_giang", 2024, 3))
    rows["core_year_value"] += [like | {"don_vi_id": unit, "year": year, "value": count} for unit, year, count in given]
    warehouse = opened(rows)

    shown = exhibits.district_map(warehouse, ALL, "xa_co_mo_hinh")

    assert shown.title == "Cuối năm 2024: 58% số xã có mô hình; các huyện từ 25% đến 100%"
    assert (shown.unit, shown.shares) == ("%", ("Tỷ lệ xã, cuối năm 2024",))
    over_years = exhibits.district_panels(warehouse, ALL, "xa_co_mo_hinh")
    assert over_years.title.startswith("Chung các huyện: 77% số xã có mô hình năm 2023, 58% năm 2024")
    assert over_years.figure.layout.yaxis.tickformat == ".0%"
    assert exhibits.terrain_years(warehouse, ALL, "xa_co_mo_hinh").title == (
        "Miền núi 25%, đồng bằng 73% số xã có mô hình, cuối năm 2024"
    )


def test_a_year_whose_communes_are_not_known_has_no_rate_and_counts_in_none(opened: Open) -> None:
    rows = warehouses.three_districts()
    known = [row for row in rows["dim_don_vi_year"] if (row["don_vi_id"], row["year"]) != ("hoi_an", 2022)]
    rows["dim_don_vi_year"] = known
    gone = next(row for row in rows["dim_don_vi"] if row["don_vi_id"] == "tam_ky")
    gone.update(valid_to=date(2024, 12, 31), successor_id="hoi_an")
    warehouse = opened(rows)

    shown = exhibits.district_panels(warehouse, ALL)
    merged = exhibits.district_panels(warehouse, Choice(2022, 2024, None, date(2025, 1, 1)))

    assert column(shown, "2022") == {"Tam Kỳ": 18 / 13, "Hội An": None, "Nam Giang": None}
    base = next(trace for trace in shown.figure.data if trace.name == "Chung các huyện")
    assert base.y[0] == 18 / 13
    assert column(merged, "2022")["Hội An"] is None


def test_the_same_name_in_another_commune_of_its_unit_is_another_place(opened: Open) -> None:
    rows = warehouses.three_districts()
    named = next(row for row in rows["core_mo_hinh"] if row.get("model_no") == 1)
    named["place_key"] = "cha val"

    shown = exhibits.replicated_models(opened(rows), ALL)

    assert column(shown, "Nơi khác", "Mô hình")["Tổ dệt thổ cẩm"] == "Thấy ở nơi khác: Nam Giang, La Dêê (từ năm 2022)"


def test_one_units_themes_and_models_are_its_own(opened: Open) -> None:
    warehouse = opened(themed(("kinh_te", "moi_truong", None, "cong_nhan")))
    first = next(row for row in themed()["core_mo_hinh"] if not row["named_in_report"])["don_vi_id"]
    other = next(unit for unit in ("hoi_an", "nam_giang") if unit != first)

    own, others = (
        exhibits.covered_by_field(warehouse, Choice(2022, 2024, unit), THEMES).table for unit in (first, other)
    )
    listed = exhibits.replicated_models(warehouse, Choice(2022, 2024, "nam_giang")).table

    assert (own["Kinh tế"].iloc[0], others["Kinh tế"].iloc[0]) == (1, 0)
    assert list(listed["Mô hình"]) == ["Tổ dệt thổ cẩm"]
