"""From any figure to its cells: slices, the links they travel in, and the cells that add up to them."""

import json
import random
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import exhibits, markup
from dashboard.choice import Choice
from dashboard.exhibit import Exhibit
from dashboard.exports import safe_file_name, table_to_csv, to_csv
from dashboard.provenance.account import facts, provenance
from dashboard.provenance.cautions import caution
from dashboard.provenance.trace import Slice, cells_behind
from dashboard.warehouse import Warehouse, open_snapshot
from tests import warehouses
from tests.files import COMPILED, load, statuses, write_file
from tests.test_pages import PAGES, open_page, text_of

_LINK = re.compile(r'<a class="dvk-trace" href="([^"]+)"[^>]*title="([^"]+)">([^<]+)</a>')

ALL = Slice("mo_hinh_cong_nhan", 2022, 2024)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return Warehouse(warehouses.publish(tmp_path_factory.mktemp("warehouse"), warehouses.three_districts()))


@pytest.mark.parametrize(
    "slice_",
    [
        ALL,
        Slice("mo_hinh_cong_nhan", 2023, 2023, don_vi_id="tam_ky", linh_vuc_id="kinh_te"),
        Slice("kiem_tra", 2022, 2024, units="cap_huyen"),
        Slice("mo_hinh_khen_thuong", 2022, 2022, with_indicator_id="mo_hinh_cong_nhan"),
    ],
)
def test_slice_comes_back_from_its_link(slice_: Slice, warehouse: Warehouse) -> None:
    assert Slice.from_link(warehouse, slice_.link) == slice_


def test_link_of_a_slice_names_only_what_narrows_it() -> None:
    assert ALL.link == "nguon?chi_tieu=mo_hinh_cong_nhan&tu=2022&den=2024"


@pytest.mark.parametrize(
    "link",
    [
        "nguon?tu=2022&den=2024",
        "nguon?chi_tieu=la&tu=2022&den=2024",
        "nguon?chi_tieu=kiem_tra&tu=2022&den=2024&don_vi=cum_mien_nui",
        "nguon?chi_tieu=kiem_tra&tu=2022&den=2024&linh_vuc=';--",
        "nguon?chi_tieu=kiem_tra&tu=2022&den=2024&nhom=xa",
        "nguon?chi_tieu=kiem_tra&tu=2024&den=2022",
        "nguon?chi_tieu=kiem_tra&tu=1999&den=2024",
        "nguon?chi_tieu=kiem_tra&tu=2022",
    ],
)
def test_link_to_a_figure_the_snapshot_does_not_know_is_none(link: str, warehouse: Warehouse) -> None:
    assert Slice.from_link(warehouse, link) is None


def test_cells_of_a_total_are_those_of_years_and_of_the_span_inside(warehouse: Warehouse) -> None:
    cells = cells_behind(warehouse, ALL)

    assert sum(cells["value"]) == 118
    assert set(cells.loc[cells["don_vi_id"] == "nam_giang", "period"]) == {"giai đoạn 2022-2023", "năm 2024"}
    assert set(cells.loc[cells["is_provisional"].astype(bool), "period"]) == {"6 tháng đầu năm 2024"}


def test_cells_of_a_field_a_unit_and_a_group_are_its_own(warehouse: Warehouse) -> None:
    def total(**parts: str) -> int:
        return int(sum(cells_behind(warehouse, Slice("mo_hinh_cong_nhan", 2022, 2024, **parts))["value"]))

    assert total(linh_vuc_id="he_thong_chinh_tri") == 7
    assert total(don_vi_id="hoi_an") == 31
    assert (total(units="cap_huyen"), total(units="khac")) == (108, 10)


def test_stock_leads_to_the_cells_of_its_last_year(warehouse: Warehouse) -> None:
    cells = cells_behind(warehouse, Slice("mo_hinh_duy_tri", 2022, 2023))

    assert [(row.don_vi_id, row.period, row.value) for row in cells.itertuples()] == [("tam_ky", "năm 2023", 25)]


def test_ratio_counts_only_what_units_gave_beside_it(warehouse: Warehouse) -> None:
    cells = cells_behind(warehouse, Slice("mo_hinh_cong_nhan", 2022, 2022, with_indicator_id="mo_hinh_khen_thuong"))

    assert (set(cells["don_vi_id"]), sum(cells["value"])) == ({"tam_ky"}, 18)


def test_nothing_given_leads_to_no_cell(warehouse: Warehouse, tmp_path: Path) -> None:
    assert cells_behind(warehouse, Slice("hoi_nghi", 2022, 2024)).empty


# --- what exhibits and pages lead to


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DVK_DATA", str(tmp_path))
    return tmp_path


def every_exhibit(warehouse: Warehouse, choice: Choice) -> list[Exhibit]:
    plain = ("field_shares", "weak_fields", "field_years", "field_year_heat", "district_map", "district_field_heat")
    ratios = ("awarded_shares", "models_per_inspection", "years_recognised")
    by_indicator = ("indicator_years", "districts_by_indicator", "others_by_indicator", "unit_years")
    made = [getattr(exhibits, name)(warehouse, choice) for name in (*plain, *ratios)]
    return made + [getattr(exhibits, name)(warehouse, choice, "kiem_tra") for name in by_indicator]


def test_every_count_of_every_exhibit_leads_somewhere_and_nothing_missing_does(warehouse: Warehouse) -> None:
    how_complete = {
        "Năm có số liệu",
        "Năm phải có",
        "Đơn vị có số liệu",
        "Đơn vị phải báo cáo",
        "Xã × năm có số liệu",
        "Báo cáo 10/10/2024",
    }
    for exhibit in every_exhibit(warehouse, Choice(2022, 2024, None)):
        assert exhibit.slices is not None
        for column in set(exhibit.table.columns) - how_complete:
            for value, lead in zip(exhibit.table[column], exhibit.slices[column], strict=True):
                assert (lead is not None) == isinstance(value, int | float), (exhibit.key, column, value)


def links_of(app: AppTest) -> list[tuple[str, str, str]]:
    """Return every number of a page that leads to cells: (link, hint, text)."""
    bodies = [element.proto.body for element in app.get("html")]
    return [tuple(map(unescape, match)) for body in bodies for match in _LINK.findall(body)]


def marks_of(app: AppTest) -> list[str]:
    """Return where the marks of a page's charts lead."""
    traces = [trace for chart in app.get("plotly_chart") for trace in json.loads(chart.proto.spec)["data"]]
    leads = [lead for trace in traces for lead in trace.get("customdata") or () if isinstance(lead, str)]
    return [lead for lead in leads if lead.startswith("nguon?")]


def test_two_hundred_numbers_shown_on_pages_are_the_sums_of_their_cells(
    loaded_sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DVK_DATA", str(loaded_sample))
    choices: dict[str, dict[str, str]] = {
        "kiem_tra": {},
        "mo_hinh_duy_tri": {"tu": "2015", "den": "2020", "don_vi": "nui_thanh"},
        "mo_hinh_cong_nhan": {"tu": "2019", "den": "2023", "don_vi": "mttq"},
    }
    found, marks = [], set()
    for page in PAGES:
        for indicator, link in choices.items():
            app = open_page(page, **link, **({"chi_tieu": indicator} if page in ("hoat_dong", "nam", "nguon") else {}))
            found += links_of(app)
            marks |= set(marks_of(app))
    sums = sorted({(where, text) for where, hint, text in found if hint.endswith("thành số này")})
    taken = random.Random(2024).sample(sums, 200)
    warehouse, _ = open_snapshot(loaded_sample)

    wrong = []
    for where, text in taken:
        slice_ = Slice.from_link(warehouse, where)
        assert slice_ is not None, where
        if sum(cells_behind(warehouse, slice_)["value"]) != int(text.replace(".", "")):
            wrong.append((where, text))

    assert wrong == []
    assert len(marks) > 200
    assert [lead for lead in marks | {where for where, _, _ in found} if Slice.from_link(warehouse, lead) is None] == []
    warehouse.close()


def test_page_of_sources_lists_the_cells_with_their_sum_and_names_who_is_missing(data: Path) -> None:
    warehouses.publish(data / "sample" / "warehouse", warehouses.three_districts())

    text = text_of(open_page("nguon", chi_tieu="mo_hinh_cong_nhan", linh_vuc="kinh_te", tu="2022", den="2023"))

    assert "Mô hình công nhận · Kinh tế · Toàn tỉnh · giai đoạn 2022-2023 23 mô hình" in text
    assert "Số này cộng từ 6 ô của 6 báo cáo." in text
    assert "Chưa có số liệu: Hội An (2023)." in text
    assert re.search(r"Nam Giang giai đoạn 2022-2023 Kinh tế nam_giang_2022-2023.xlsx Biểu 01 C\d+ 10", text)
    assert "Cộng 6 ô 23" in text


def test_page_of_sources_says_how_to_get_there_until_a_number_is_named(data: Path) -> None:
    warehouses.publish(data / "sample" / "warehouse", warehouses.three_districts())

    app = open_page("nguon")

    assert "Bấm vào một con số" in text_of(app)
    app.selectbox(key="chi_tieu").set_value("kiem_tra").run()
    assert "1.245 cuộc" in text_of(app)
    assert app.query_params["chi_tieu"] == "kiem_tra"


@pytest.mark.parametrize("link", [{"chi_tieu": "la"}, {"chi_tieu": "kiem_tra", "nhom": "xa"}])
def test_bad_link_to_a_number_gives_the_default_with_a_notice(link: dict[str, str], data: Path) -> None:
    warehouses.publish(data / "sample" / "warehouse", warehouses.three_districts())

    app = open_page("nguon", **link)

    assert not app.exception and not app.error
    assert "Đường dẫn có giá trị không dùng được" in text_of(app)


def test_clicked_mark_is_answered_with_its_cells_until_the_chart_no_longer_holds_it(data: Path) -> None:
    warehouses.publish(data / "sample" / "warehouse", warehouses.three_districts())
    app = open_page("tong_quan")
    lead = next(mark for mark in marks_of(app) if "linh_vuc=kinh_te" in mark)

    app.session_state["chart_linh_vuc_ty_trong"] = chosen(lead)
    app.run()

    assert "Mô hình công nhận · Kinh tế · Toàn tỉnh · giai đoạn 2022-2024: số này cộng từ 10 ô của 10" in text_of(app)
    app.session_state["chart_linh_vuc_ty_trong"] = chosen("nguon?chi_tieu=kiem_tra&tu=2022&den=2022")
    app.run()
    assert "số này cộng từ" not in text_of(app)


def chosen(lead: str) -> dict[str, Any]:
    """Return what Streamlit hands over once a mark was clicked."""
    return {"selection": {"points": [{"customdata": lead}], "point_indices": [0], "box": [], "lasso": []}}


def test_list_of_cells_is_marked_simulated_in_its_file_too(data: Path) -> None:
    path = warehouses.publish(data / "sample" / "warehouse", warehouses.three_districts())
    warehouse = Warehouse(path)
    found = provenance(warehouse, Slice("kiem_tra", 2022, 2024))
    warehouse.close()

    lines = table_to_csv(facts(found), found.cells, is_simulated=found.is_simulated).decode("utf-8-sig").splitlines()

    assert lines[0] == "DỮ LIỆU MÔ PHỎNG"
    assert "Giá trị;1.245 cuộc" in lines
    assert sum(line.endswith("DỮ LIỆU MÔ PHỎNG") for line in lines) == 1 + len(found.cells)
    assert "DỮ LIỆU MÔ PHỎNG" in text_of(open_page("nguon", chi_tieu="kiem_tra"))


def test_long_list_of_cells_is_shown_in_parts_with_the_sum_of_all(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.ui.sources._AT_ONCE", 20)
    warehouses.publish(data / "sample" / "warehouse", warehouses.three_districts())
    app = open_page("nguon", chi_tieu="mo_hinh_cong_nhan")
    parts = next(box for box in app.selectbox if box.label == "Các ô")

    parts.set_value(40).run()

    assert parts.options == ["1-20 trên 41", "21-40 trên 41", "41-41 trên 41"]
    assert "Cộng 1 ô đang xem" in text_of(app)
    assert "Cộng 41 ô 118" in text_of(app)


def test_lost_original_is_said_to_be_lost(data: Path) -> None:
    warehouses.publish(data / "sample" / "warehouse", warehouses.three_districts())

    app = open_page("nguon", chi_tieu="kiem_tra", don_vi="tam_ky", tu="2022", den="2022")

    assert any("Kho không còn tệp gốc này" in caption.value for caption in app.caption)


def test_cells_that_do_not_add_up_are_said_to(tmp_path: Path) -> None:
    rows = warehouses.three_districts()
    rows["core_value"] = [{**row, "value": row["value"] + 1} for row in rows["core_value"]]
    warehouse = Warehouse(warehouses.publish(tmp_path, rows))

    assert "khác con số trên trang" in provenance(warehouse, ALL).fault


# --- warnings


def warned(**changes: Any) -> dict[str, Any]:
    finding = {"rule": "x", "level": "canh_bao", "return_id": "hoi_an-2024", "don_vi_id": "hoi_an", "year": 2024}
    return {**finding, "sheet": "Biểu 02", "cell": "C5", "message": "<b>Gấp 100 lần</b> năm trước", **changes}


def warned_warehouse(folder: Path, *findings: dict[str, Any]) -> Warehouse:
    rows = warehouses.three_districts()
    rows["check_result"] = list(findings)
    return Warehouse(warehouses.publish(folder, rows))


def test_every_exhibit_whose_returns_were_warned_about_says_so(tmp_path: Path) -> None:
    warehouse = warned_warehouse(tmp_path, warned(), warned(cell="C6"), warned(level="ghi_chu", cell="C7"))

    for exhibit in every_exhibit(warehouse, Choice(2022, 2024, None)):
        assert exhibit.caution is not None, exhibit.key
        assert exhibit.caution.text == "Có 2 cảnh báo trong 1 báo cáo của giai đoạn này"
        assert "nguon?tu=2022&amp;den=2024" in markup.exhibit_footer(exhibit)
        assert "Cảnh báo;Có 2 cảnh báo" in to_csv(exhibit).decode("utf-8-sig")


def test_warnings_of_other_places_and_years_and_of_replaced_returns_are_not_said(tmp_path: Path) -> None:
    warehouse = warned_warehouse(tmp_path, warned(), warned(return_id="gone-2024"))

    assert caution(warehouse, Choice(2022, 2023, None)) is None
    assert caution(warehouse, Choice(2022, 2024, "tam_ky")) is None
    assert caution(warehouse, Choice(2024, 2024, "hoi_an")) is not None


def test_warning_about_a_file_of_many_returns_is_said_of_all_it_may_concern(tmp_path: Path) -> None:
    unsure = warned(return_id=None, don_vi_id=None, year=2024)
    warehouse = warned_warehouse(tmp_path, unsure)

    found = caution(warehouse, Choice(2024, 2024, "tam_ky"))
    assert found is not None and found.text == "Có 1 cảnh báo trong các báo cáo của năm này"
    assert caution(warehouse, Choice(2022, 2023, None)) is None


@pytest.mark.parametrize("page", ["tong_quan", "hoat_dong", "nguon"])
def test_pages_show_warnings_as_they_are_written(page: str, data: Path) -> None:
    warned_warehouse(data / "sample" / "warehouse", warned()).close()

    app = open_page(page)

    bodies = "".join(element.proto.body for element in app.get("html"))
    assert "<b>Gấp 100 lần" not in bodies
    assert "Có 1 cảnh báo trong 1 báo cáo" in text_of(app) or "Gấp 100 lần" in text_of(app)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\Báo cáo 2023.xlsx", "Báo cáo 2023.xlsx"),
        ("a\nb<c>.xlsx", "a_b_c_.xlsx"),
        ("a\u202exslx.exe", "a_xslx.exe"),
        ("...", "bao_cao"),
        ("x" * 300 + ".xlsx", "x" * 100 + ".xlsx"),
    ],
)
def test_name_of_a_downloaded_original_is_safe(sent: str, kept: str) -> None:
    assert safe_file_name(sent) == kept


def test_warning_of_a_table_of_many_units_is_tied_to_its_year(tmp_path: Path) -> None:
    rows = [list(row) for row in COMPILED["Tổng hợp"]]
    rows[2][2] = 13  # the printed total of one unit, one more than its fields
    loaded = load(write_file(tmp_path / "in" / "tong_hop.xlsx", {"Tổng hợp": rows}), data=tmp_path)
    warehouse, _ = open_snapshot(tmp_path)

    assert statuses(loaded) == {"tong_hop.xlsx": "accepted_with_warnings"}
    assert caution(warehouse, Choice(2023, 2023, "tam_ky")) is not None
    assert caution(warehouse, Choice(2009, 2022, None)) is None
    warehouse.close()


def test_figure_of_the_signed_report_leads_to_the_ledger_and_a_units_own_does_not(data: Path) -> None:
    warehouses.publish(data / "warehouse", warehouses.published_only())

    def ledger_links(app: AppTest) -> int:
        return sum(element.proto.body.count('href="doi_chieu"') for element in app.get("html"))

    assert ledger_links(open_page("tong_quan")) == 3  # hoi_nghi was not published
    assert links_of(open_page("tong_quan")) == []
    assert ledger_links(open_page("tong_quan", don_vi="hoi_an")) == 0
