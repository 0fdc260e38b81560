"""The register's screen: what it finds, what it says of models and recognitions, and what it never merges."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import exhibits, exports, figures
from dashboard.choice import Choice
from dashboard.labels import folded
from dashboard.provenance.trace import cells_behind
from dashboard.topics import register
from dashboard.topics.register import Search
from dashboard.warehouse import Warehouse, records
from etl.text import fold
from tests import warehouses
from tests.test_pages import open_page, text_of

WHOLE = Choice(2022, 2024, None)
TONES = "aăâáàảãạắằẳẵặấầẩẫậđeêéèẻẽẹếềểễệiíìỉĩịoôơóòỏõọốồổỗộớờởỡợuưúùủũụứừửữựyýỳỷỹỵ"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return Warehouse(warehouses.publish(tmp_path_factory.mktemp("register"), warehouses.three_districts()))


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DVK_DATA", str(tmp_path))
    return tmp_path


def found(warehouse: Warehouse, search: Search, choice: Choice = WHOLE) -> list[str]:
    table = exhibits.register_models(warehouse, choice, search).table
    return list(table["Mô hình"]) if len(table) else []


# --- searching


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("vuon rau", ["Vườn rau sạch", "Vườn rau sạch", "VƯỜN RAU SẠCH"]),
        ("VƯỜN  rau,", ["Vườn rau sạch", "Vườn rau sạch", "VƯỜN RAU SẠCH"]),
        ("rau ha cam", ["Vườn rau sạch", "VƯỜN RAU SẠCH"]),
        ("tam thang", ["Tiếng kẻng an ninh"]),
        ("la dee", ["Tổ dệt thổ cẩm"]),
        ("hội nông dân thổ cẩm", ["Tổ dệt thổ cẩm"]),
        ("tiết kiệm & vay", ["Tổ tiết kiệm & vay vốn <b>"]),
        ("khong co", []),
    ],
)
def test_search_finds_name_commune_and_host_without_diacritics(
    warehouse: Warehouse, typed: str, names: list[str]
) -> None:
    assert found(warehouse, Search.of(typed)) == names


@pytest.mark.parametrize(
    "typed", ["'; DROP TABLE core_mo_hinh; --", "%", "_", "\\", "' OR 1=1 --", "{{units}}", "$words"]
)
def test_hostile_words_are_only_words(warehouse: Warehouse, typed: str) -> None:
    everything = len(found(warehouse, Search()))

    names = found(warehouse, Search.of(typed))

    assert len(names) in (0, everything)
    assert bool(names) == (folded(typed) == "")
    assert len(found(warehouse, Search())) == everything == 6


@pytest.mark.parametrize(
    ("search", "names"),
    [
        (Search(status="dung"), ["Tiếng kẻng an ninh"]),
        (Search(status="khong_ghi"), ["Tổ tiết kiệm & vay vốn <b>"]),
        (Search(award_level="xa"), ["Vườn rau sạch"]),
        (Search(linh_vuc_id="kinh_te", words="kẻng"), []),
        (Search(linh_vuc_id="quoc_phong_an_ninh"), []),
        (Search(theme="moi_truong"), []),
        (Search(area_kind="dtts"), []),
    ],
)
def test_filters_ask_for_what_the_latest_register_says(warehouse: Warehouse, search: Search, names: list[str]) -> None:
    assert found(warehouse, search) == names


@given(
    st.text(
        st.sampled_from(TONES + TONES.upper() + " -–,.;:/()“”&+_%'0123\u200b\ufe0f\u00adKſﬁ²\u0301\u0323\t"),
        max_size=30,
    )
)
def test_words_are_folded_as_the_registers_key_is(text: str) -> None:
    assert folded(text) == fold(text)


def test_unit_and_period_narrow_the_list(warehouse: Warehouse) -> None:
    assert found(warehouse, Search(), Choice(2022, 2022, None)) == [
        "Tiếng kẻng an ninh",
        "Vườn rau sạch",
        "VƯỜN RAU SẠCH",
    ]
    assert found(warehouse, Search(), Choice(2022, 2024, "nam_giang")) == ["Tổ dệt thổ cẩm"]


def test_list_shows_a_part_says_so_and_the_file_holds_all(warehouse: Warehouse) -> None:
    part = exhibits.register_models(warehouse, WHOLE, Search(), limit=2)
    whole = exhibits.register_models(warehouse, WHOLE, Search())

    assert part.title == "6 mô hình của 4 đơn vị"
    assert "hiển thị 2 trong 6, tệp tải về có đủ" in part.subtitle
    assert (len(part.table), len(whole.table)) == (2, 6)
    rows = exports.to_csv(whole).decode("utf-8-sig").splitlines()
    assert rows[0] == "DỮ LIỆU MÔ PHỎNG"
    assert all(row.endswith(";DỮ LIỆU MÔ PHỎNG") for row in rows[-6:])
    assert any("tam_ky_2023.xlsx;Biểu 03;B3" in row for row in rows)


def test_model_shows_its_life_and_the_cell_of_its_latest_row(warehouse: Warehouse) -> None:
    (row,) = records(exhibits.register_models(warehouse, WHOLE, Search.of("kẻng")).table)

    assert row["Các chặng"] == "Công nhận 2022 → Dừng 2023"
    assert (row["Tình trạng"], row["Tệp"], row["Ô"]) == ("Dừng", "tam_ky_2023.xlsx", "B3")


# --- models and recognitions


def test_models_and_recognitions_stand_side_by_side_and_are_never_mixed(warehouse: Warehouse) -> None:
    exhibit = exhibits.register_by_unit(warehouse, WHOLE)

    table = {row["Đơn vị"]: row for row in records(exhibit.table)}
    assert exhibit.title == "Theo đơn vị: 6 mô hình trong danh sách, 118 lượt công nhận"
    assert (table["Tam Kỳ"]["Mô hình (không trùng)"], table["Tam Kỳ"]["Lượt công nhận"]) == (2, 47)
    assert table["Tam Kỳ"]["Năm có danh sách / năm phải có"] == "2/3"
    assert any("không cộng và không chia" in note for note in exhibit.notes)
    assert exhibit.completeness.startswith("4/4 đơn vị có danh sách mô hình (Biểu 03), 5/12 danh sách năm")
    assert [axis for axis in ("x", "x2") if any(trace.xaxis == axis for trace in exhibit.figure.data)] == ["x", "x2"]


def test_missing_count_is_a_hatch_with_a_question_mark_and_a_zero_is_a_number() -> None:
    rows = {
        "label": ["A", "B"],
        "first": [0, None],
        "first_text": ["0", "?"],
        "second": [5, 7],
        "second_text": ["5", "7"],
    }

    left, hatched, right = figures.paired_bars(pd.DataFrame(rows, dtype=object), ("Mô hình", "Lượt")).data

    assert (list(left.x), list(left.text)) == ([0], ["0"])
    assert (list(hatched.y), list(hatched.text), hatched.marker.pattern.shape) == ([1], ["?"], "/")
    assert (list(right.x), right.xaxis) == ([5, 7], "x2")


def test_recognitions_lead_to_the_cells_that_add_up_to_them(warehouse: Warehouse) -> None:
    for exhibit in (exhibits.register_by_unit, exhibits.register_by_field, exhibits.register_by_year):
        shown = exhibit(warehouse, WHOLE)
        assert shown.slices is not None
        for value, lead in zip(shown.table["Lượt công nhận"], shown.slices["Lượt công nhận"], strict=True):
            added = None if lead is None else sum(cells_behind(warehouse, lead)["value"])
            assert added == value


def test_year_without_a_register_is_missing_and_not_zero(warehouse: Warehouse) -> None:
    years = {row["year"]: row["model_count"] for row in records(warehouse.query("register_years", **PARAMS))}
    alone = {**PARAMS, "don_vi_id": "hoi_an"}

    assert years == {2022: 3, 2023: 2, 2024: 2}
    assert [row["model_count"] for row in records(warehouse.query("register_years", **alone))] == [None, None, 1]


def test_field_without_a_model_is_zero_where_there_is_a_register_and_missing_where_there_is_none(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    without = Warehouse(warehouses.publish(tmp_path, warehouses.published_only()))

    listed = {row["linh_vuc_id"]: row["model_count"] for row in records(warehouse.query("register_fields", **PARAMS))}
    assert (listed["kinh_te"], listed["he_thong_chinh_tri"]) == (6, 0)
    assert set(without.query("register_fields", **PARAMS)["model_count"]) == {None}


def test_statuses_stand_in_the_order_of_a_life_and_the_ended_are_told_apart(warehouse: Warehouse) -> None:
    exhibit = exhibits.register_statuses(warehouse, WHOLE)

    assert exhibit.title == "5/6 mô hình trong danh sách chưa dừng"
    assert [tuple(row.values()) for row in records(exhibit.table)] == [
        ("Đăng ký", 0),
        ("Công nhận", 3),
        ("Khen thưởng", 1),
        ("Dừng", 1),
        ("Không ghi", 1),
    ]


def test_cards_count_models_recognitions_the_reports_models_and_registers(warehouse: Warehouse) -> None:
    cards = [(card.label, card.value, card.unit) for card in register.headlines(warehouse, WHOLE)]

    assert cards == [
        ("Mô hình trong danh sách", "6", "mô hình"),
        ("Lượt công nhận", "118", "lượt"),
        ("Báo cáo 10/10/2024 nêu tên", "3", "mô hình"),
        ("Đơn vị có danh sách", "4", "/ 4 đơn vị"),
    ]


# --- the report's models, likely duplicates


def test_model_of_the_report_is_linked_to_the_register_row_of_its_unit(warehouse: Warehouse) -> None:
    exhibit = exhibits.named_models(warehouse, WHOLE, Search())

    rows = {row["Mô hình"]: row for row in records(exhibit.table)}
    assert exhibit.title == "Báo cáo 10/10/2024 nêu tên 3 mô hình; 1 có trong danh sách của đơn vị"
    assert rows["Tổ dệt thổ cẩm"]["Có trong danh sách của đơn vị"].endswith("nam_giang_2024.xlsx · Biểu 03 · B8")
    assert (rows["Camera an ninh"]["Đơn vị"], rows["Camera an ninh"]["Cước chú"]) == ("Hội An, Tam Kỳ", "12")
    assert rows["Phiên chợ 0 đồng"]["Đơn vị"] == "Báo cáo không nêu"


def test_models_of_the_report_are_searched_too(warehouse: Warehouse) -> None:
    exhibit = exhibits.named_models(warehouse, WHOLE, Search.of("cho 0 dong"))

    assert list(exhibit.table["Mô hình"]) == ["Phiên chợ 0 đồng"]
    assert exhibit.title.startswith("Báo cáo 10/10/2024 nêu tên 1 mô hình khớp, trong 3;")


def test_likely_duplicates_are_listed_with_both_cells_and_stay_two_models(warehouse: Warehouse) -> None:
    exhibit = exhibits.likely_duplicates(warehouse, WHOLE)

    (row,) = records(exhibit.table)
    assert (row["Đơn vị thứ nhất"], row["Đơn vị thứ hai"]) == ("Hội An", "MTTQ Việt Nam tỉnh")
    assert row["Nguồn thứ nhất"].endswith("hoi_an_2024.xlsx, Biểu 03, ô B5")
    assert row["Nguồn thứ hai"].endswith("mttq_2022.xlsx, Biểu 03, ô B6")
    assert len(found(warehouse, Search.of("vuon rau sach"))) == 3


PARAMS: dict[str, Any] = {**WHOLE.params, "indicator_id": "mo_hinh_cong_nhan"}
PLACES = [
    ("hoi_an", "hoi_an", "tam_ky", "tam_ky", 0),  # a commune's name in two districts is two places
    ("hoi_an", "hoi_an", "mttq", "tam_ky", 0),  # the body says which district it means: another
    ("hoi_an", "hoi_an", "mttq", "hoi_an", 1),
    ("hoi_an", "hoi_an", "mttq", None, 1),
    ("nam_giang", "nam_giang", "tam_ky", "tam_ky", 1),  # Nam Giang went into Tam Kỳ here
    ("hoi_an", "hoi_an", "hoi_an", "hoi_an", 0),  # one sender names two models alike: its own affair
]


@pytest.mark.parametrize(("first", "first_place", "second", "second_place", "pairs"), PLACES)
def test_same_place_is_one_district_or_its_successor(
    tmp_path: Path, first: str, first_place: str, second: str, second_place: str | None, pairs: int
) -> None:
    rows = warehouses.three_districts()
    for unit in rows["dim_don_vi"]:
        unit["successor_id"] = "tam_ky" if unit["don_vi_id"] == "nam_giang" else None
    models, lives = rows["core_mo_hinh"][:2], rows["core_mo_hinh_status"][:2]
    for number, (unit_id, place) in enumerate([(first, first_place), (second, second_place)]):
        models[number] |= {"mo_hinh_id": str(number), "don_vi_id": unit_id, "place_don_vi_id": place}
        models[number] |= {"name": "Vườn", "name_key": "vuon", "place_key": "cam ha"}
        lives[number] |= {"mo_hinh_id": str(number), "don_vi_id": unit_id}
    rows |= {"core_mo_hinh": models, "core_mo_hinh_status": lives}
    warehouse = Warehouse(warehouses.publish(tmp_path, rows))

    assert len(exhibits.likely_duplicates(warehouse, WHOLE).table) == pairs


# --- the page


def test_page_finds_what_is_typed_and_keeps_it_in_the_link(data: Path) -> None:
    warehouses.publish(data / "sample" / "warehouse", warehouses.three_districts())
    app = open_page("mo_hinh")

    app.text_input(key="tim_mo_hinh").set_value("kẻng").run()
    app.selectbox(key="tinh_trang").set_value("dung").run()

    assert "1 mô hình của 1 đơn vị" in text_of(app)
    assert "Công nhận 2022 → Dừng 2023 · Nguồn: tam_ky_2023.xlsx, Biểu 03, ô B3" in text_of(app)
    assert app.query_params["tim_mo_hinh"] == "kẻng"
    assert app.query_params["tinh_trang"] == "dung"


def test_link_brings_the_search_and_a_bad_filter_is_said(data: Path) -> None:
    warehouses.publish(data / "sample" / "warehouse", warehouses.three_districts())

    text = text_of(open_page("mo_hinh", tim_mo_hinh="tho cam", chu_de="<b>"))

    assert "1 mô hình của 1 đơn vị" in text
    assert "Đường dẫn có giá trị không dùng được" in text


def test_names_are_shown_as_they_are_written(data: Path) -> None:
    warehouses.publish(data / "warehouse", warehouses.three_districts(simulated=False))

    app = open_page("mo_hinh")

    bodies = "\n".join(element.proto.body for element in app.get("html"))
    assert "Tổ tiết kiệm &amp; vay vốn &lt;b&gt;" in bodies
    assert "vốn <b>" not in bodies
    assert "MÔ PHỎNG" not in text_of(app)


def test_nothing_found_says_what_to_try(data: Path) -> None:
    warehouses.publish(data / "sample" / "warehouse", warehouses.three_districts())

    text = text_of(open_page("mo_hinh", tim_mo_hinh="khong co mo hinh nay"))

    assert "Không có mô hình nào khớp" in text
    assert "Thử một từ ngắn hơn" in text


def test_without_a_register_the_reports_models_are_still_there(data: Path) -> None:
    warehouses.publish(data / "warehouse", warehouses.published_only())

    app = open_page("mo_hinh")

    text = text_of(app)
    assert not app.exception and not app.error
    assert "Chưa đơn vị nào gửi danh sách mô hình" in text
    assert "lấy biểu mẫu ở trang Nộp báo cáo" in text
    assert "nêu tên 3 mô hình; chưa thấy trong danh sách của đơn vị" in text
    assert "Mô hình trong danh sách ? mô hình" in text
