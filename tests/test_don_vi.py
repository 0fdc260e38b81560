"""The page of one unit: its flags, its place in an interval, its returns, its models and whose it could copy."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from dashboard import exhibits
from dashboard.choice import Choice
from dashboard.exhibits.support import rank_sentence
from dashboard.topics import flags, profile
from dashboard.topics.profile import WeakField
from tests import flagged, warehouses
from tests.browsing import served, settled
from tests.flagged import HOSTILE, flag
from tests.test_mat_can_doi import opened
from tests.test_pages import open_page, text_of
from tests.warehouses import Rows

TAM_KY = Choice(2022, 2024, "tam_ky")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DVK_DATA", str(tmp_path))
    return tmp_path


def with_silent_unit(rows: Rows) -> Rows:
    """Add a district that never sent anything."""
    rows["dim_don_vi"].append({**rows["dim_don_vi"][0], "don_vi_id": "im_lang", "label": "Im Lặng", "tile_col": 5})
    return rows


def model(name: str, unit: str, **parts: Any) -> dict[str, Any]:
    """Return a row of the register, of the field that builds the political system."""
    return {
        "mo_hinh_id": name,
        "don_vi_id": unit,
        "name": name,
        "linh_vuc_id": "he_thong_chinh_tri",
        "named_in_report": False,
        "status": "khen_thuong",
        "commune": "Cẩm Hà",
        "return_id": "hoi_an-2024",
        "source_sheet": "Biểu 03",
        "source_cell": "B9",
        "name_key": "x",
        "search_key": "x",
        **parts,
    }


# --- choosing a unit


def test_without_a_unit_all_are_offered_in_their_usual_order_with_flags_and_completeness(data: Path) -> None:
    warehouse = opened(data, flagged.reviewed())

    groups = profile.directory(warehouse, replace(TAM_KY, don_vi_id=None))

    assert [entry.label for entry in groups["Đồng bằng"]] == ["Hội An", "Tam Kỳ"]
    hoi_an, tam_ky = groups["Đồng bằng"]
    assert (tam_ky.flags, tam_ky.completeness) == ("1 Nghiêm trọng · 2 Theo dõi", "3/3 năm có số liệu")
    assert (hoi_an.flags, hoi_an.completeness) == ("1 Theo dõi · 1 việc chưa đủ số liệu", "2/3 năm có số liệu")
    text = text_of(open_page("don_vi"))
    assert "không xếp hạng" in text and "MTTQ Việt Nam tỉnh 3/3 năm có số liệu" in text


def test_every_unit_offered_opens_its_page(data: Path) -> None:
    warehouse = opened(data, flagged.reviewed())
    entries = [e for group in profile.directory(warehouse, replace(TAM_KY, don_vi_id=None)).values() for e in group]

    for entry in entries:
        unit = dict(part.split("=") for part in urlsplit(entry.link).query.split("&"))["don_vi"]
        app = open_page("don_vi", don_vi=unit)
        assert not app.exception and not app.error
        assert entry.label in text_of(app)


# --- one unit


def test_unit_shows_its_own_flags_only_and_not_the_way_to_itself(data: Path) -> None:
    opened(data, flagged.reviewed())

    text = text_of(open_page("don_vi", don_vi="tam_ky"))

    assert "Tam Kỳ ít hơn hẳn mức chung." in text
    assert "Hội An chưa gửi" not in text and "Toàn tỉnh ít HTCT" not in text
    assert "Trang Tam Kỳ" not in text


def test_spine_holds_the_unit_against_province_and_peers_and_marks_what_is_flagged(tmp_path: Path) -> None:
    warehouse = opened(tmp_path, flagged.with_scores(flagged.reviewed()))
    found = flags.flagged_indicators(flags.cards(warehouse, TAM_KY))

    exhibit = exhibits.unit_spine(warehouse, TAM_KY, found)

    assert exhibit.figure is not None
    (mark,) = [trace for trace in exhibit.figure.data if trace.name == "Tam Kỳ: có cảnh báo"]
    (level,) = [trace for trace in exhibit.figure.data if trace.name == "Toàn tỉnh"]
    assert (list(level.x), mark.x[0] > level.x[0]) == ([0.5], True)
    assert list(exhibit.table["Tam Kỳ"]) == ["1,18"] and list(exhibit.table["Tử số"]) == [46]
    assert exhibit.slices is not None and exhibit.slices["Tử số"].iloc[0].don_vi_id == "tam_ky"


def test_rank_is_said_as_an_interval_or_not_at_all(tmp_path: Path) -> None:
    warehouse = opened(tmp_path, flagged.with_scores(flagged.reviewed()))

    assert rank_sentence(warehouse, TAM_KY) == "Chưa phân định: Tam Kỳ chưa thể phân định."
    assert rank_sentence(warehouse, replace(TAM_KY, don_vi_id="hoi_an")).startswith(
        "Chưa đủ báo cáo: Hội An còn thiếu báo cáo năm 2023"
    )
    assert rank_sentence(warehouse, replace(TAM_KY, don_vi_id="mttq")) == ""


def test_unit_with_everything_in_order_is_not_praised(data: Path) -> None:
    opened(data, flagged.reviewed(flags=[]))

    text = text_of(open_page("don_vi", don_vi="tam_ky"))

    assert "Tam Kỳ: không có cảnh báo nào" in text
    assert "Không bị nêu tên chưa có nghĩa là tốt hay kém." in text


def test_district_is_told_which_rules_could_judge_nobody(data: Path) -> None:
    rows = [flag("F3", "chua_du_so_lieu", "Chưa đủ huyện để so."), flag("F1", "canh_bao", "Toàn tỉnh ít HTCT.")]
    warehouse = opened(data, flagged.reviewed(flags=rows))

    district, body = (text_of(open_page("don_vi", don_vi=unit)) for unit in ("tam_ky", "mttq"))
    offered = profile.directory(warehouse, replace(TAM_KY, don_vi_id=None))

    assert {entry.flags for entry in offered["Đồng bằng"]} == {"1 việc chưa đủ số liệu"}
    assert "Tam Kỳ: không có cảnh báo nào; 1 việc chưa đủ số liệu để xét" in district
    assert "Chưa đủ huyện để so." in district and "Toàn tỉnh ít HTCT." not in district
    assert "Chưa đủ huyện để so." not in body


def test_unit_without_returns_is_said_to_be_so_and_ranked_nowhere(data: Path) -> None:
    opened(data, with_silent_unit(flagged.with_scores(flagged.reviewed())))

    text = text_of(open_page("don_vi", don_vi="im_lang"))

    assert "Chưa có báo cáo nào của Im Lặng: trang này không so sánh, không xếp hạng" in text
    assert (
        "không có cảnh báo" not in text
        and "hạng từ" not in text
        and "mức toàn tỉnh" not in text
        and "có thể học theo" not in text
    )


def test_provincial_body_is_compared_with_nobody(data: Path) -> None:
    opened(data, flagged.with_scores(flagged.reviewed()))

    text = text_of(open_page("don_vi", don_vi="mttq"))

    assert "không so với các huyện" in text
    assert "mức toàn tỉnh" not in text and "không có cảnh báo" not in text and "có thể học theo" not in text


def test_returns_of_the_unit_stand_period_by_period(tmp_path: Path) -> None:
    warehouse = opened(tmp_path, flagged.reviewed())
    as_of = date(2025, 6, 1)

    exhibit = exhibits.unit_returns(warehouse, replace(TAM_KY, don_vi_id="hoi_an"), as_of=as_of)

    assert exhibit.title == "Hội An: đã gửi 2/3 báo cáo năm đến hạn"
    assert exhibit.table.to_numpy().tolist() == [["Năm", "có số liệu", "chưa gửi", "có số liệu"]]


# --- whose models to copy


def test_flagged_fields_are_the_weak_ones(tmp_path: Path) -> None:
    warehouse = opened(tmp_path, flagged.reviewed())

    found = profile.weak_fields(warehouse, TAM_KY, flags.cards(warehouse, TAM_KY))

    assert {field.linh_vuc_id for field in found} == {"kinh_te", "he_thong_chinh_tri"}
    assert {field.why for field in found} == {"Lĩnh vực trống nhiều năm"}


def test_without_a_flag_the_field_furthest_below_the_common_share_is_named_with_its_quotient(tmp_path: Path) -> None:
    warehouse = opened(tmp_path, flagged.reviewed(flags=[]))

    (field,) = profile.weak_fields(warehouse, TAM_KY, [])

    assert field.linh_vuc_id == "he_thong_chinh_tri"
    # 2 of Tam Kỳ's 47 models; 6 of all districts' 108
    assert field.why.endswith(f"của đơn vị, bằng {2 / 47 / (6 / 108):.2f} lần tỷ trọng chung".replace("0.", "0,"))


def test_models_to_copy_are_those_of_the_same_terrain_and_field_the_reports_first(tmp_path: Path) -> None:
    rows = flagged.reviewed()
    rows["core_mo_hinh"] += [
        model("Được khen", "hoi_an"),
        model("Mới đăng ký", "hoi_an", status="dang_ky"),
        model("Của mình", "tam_ky"),
        model("Miền núi", "nam_giang"),
        model("Kinh tế", "hoi_an", linh_vuc_id="kinh_te"),
        model(HOSTILE, "hoi_an", named_in_report=True, model_no=9, footnote=13, host="ở Hội An", return_id=None),
    ]

    exhibit = exhibits.models_to_copy(opened(tmp_path, rows), TAM_KY, WeakField("he_thong_chinh_tri", "HTCT", "ít"))

    assert exhibit.table[["Mô hình", "Nơi"]].to_numpy().tolist() == [[HOSTILE, "ở Hội An"], ["Được khen", "Cẩm Hà"]]
    assert list(exhibit.table["Nguồn"]) == [
        "Nguồn: Cước chú 13 của Báo cáo 10/10/2024",
        "Nguồn: hoi_an_2024.xlsx, Biểu 03, ô B9",
    ]


def test_where_nobody_alike_has_a_model_the_page_says_so(data: Path) -> None:
    opened(
        data,
        flagged.reviewed(
            flags=[flag("F9", "theo_doi", "Trống.", don_vi_id="tam_ky", linh_vuc_id="quoc_phong_an_ninh")]
        ),
    )

    assert "chưa có mô hình nổi bật ở lĩnh vực này" in text_of(open_page("don_vi", don_vi="tam_ky"))


# --- other snapshots


@pytest.mark.parametrize("unit", ["", "tam_ky", "hoi_an", "nam_giang", "mttq"])
@pytest.mark.parametrize("rows", [warehouses.one_district(), warehouses.published_only(), warehouses.three_districts()])
def test_page_stands_for_every_unit_of_any_snapshot(unit: str, rows: Rows, data: Path) -> None:
    warehouses.publish(data / "warehouse", rows)

    app = open_page("don_vi", don_vi=unit)

    assert not app.exception and not app.error


def test_hostile_name_of_a_unit_stays_text(data: Path) -> None:
    rows = flagged.with_scores(flagged.reviewed())
    rows["dim_don_vi"][0]["label"] = HOSTILE
    opened(data, rows)

    bodies = [
        element.proto.body for link in ({}, {"don_vi": "tam_ky"}) for element in open_page("don_vi", **link).get("html")
    ]

    assert not any("<script>alert" in body for body in bodies)
    assert any("&lt;script&gt;alert(1)" in body for body in bodies)


@pytest.mark.browser
def test_a_unit_is_chosen_from_the_list_with_the_keyboard(tmp_path: Path, page: Page) -> None:
    opened(tmp_path, flagged.with_scores(flagged.reviewed()))

    with served(tmp_path) as address:
        page.goto(f"{address}/don_vi")
        expect(page.locator(".dvk-units").first).to_be_visible()
        settled(page)
        page.locator(".dvk-units").get_by_role("link", name="Tam Kỳ").focus()
        page.keyboard.press("Enter")

        expect(page.locator(".dvk-review")).to_contain_text("Tam Kỳ: 3 cảnh báo")
        expect(page.get_by_role("combobox", name="Đơn vị")).to_have_value("Tam Kỳ")
