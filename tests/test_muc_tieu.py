"""The page of targets and the weakest field explained, on figures that can be added up by hand."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard import exhibits
from dashboard.choice import Choice
from dashboard.exhibits.targets import Goal, Goals
from dashboard.figures.base import UNKNOWN
from dashboard.warehouse import Warehouse
from etl.catalogue import Catalogue
from tests import warehouses
from tests.test_pages import open_page, text_of
from tests.warehouses import Rows

WHOLE = Choice(2022, 2024, None)
HTCT = Goal("he_thong_chinh_tri", 12, 2025, 2030)
REPORT = {None: 6540, "kinh_te": 1621, "van_hoa_xa_hoi": 3391, "quoc_phong_an_ninh": 957, "he_thong_chinh_tri": 564}

Opener = Callable[[Rows], Warehouse]


@pytest.fixture
def opened(tmp_path: Path) -> Opener:
    return lambda rows: Warehouse(warehouses.publish(tmp_path, rows))


def signed_report() -> Rows:
    """Return a snapshot without a return that holds the totals the province signed."""
    rows = warehouses.published_only()
    printed = next(row for row in rows["published_total"] if row["don_vi_id"] is None)
    rows["published_total"] = [{**printed, "linh_vuc_id": key, "value": value} for key, value in REPORT.items()]
    return rows


@pytest.mark.parametrize(("percents", "more", "a_year"), [(12, "251", "41,8"), (15, "491", "81,8"), (8, "0", "0")])
def test_published_totals_alone_say_what_a_target_asks_for(
    opened: Opener, percents: int, more: str, a_year: str
) -> None:
    warehouse = opened(signed_report())

    cards = exhibits.target_cards(warehouse, WHOLE, replace(HTCT, percents=percents))

    assert [card.value for card in cards] == [more, a_year, "564"]
    assert cards[1].comparison == "mỗi năm trong 6 năm 2025-2030"


def test_every_field_is_held_against_the_target_alone_and_together(opened: Opener) -> None:
    found = exhibits.target_fields(opened(signed_report()), WHOLE, replace(HTCT, percents=15))

    assert found.title == "Xây dựng hệ thống chính trị cần thêm 491 mô hình để chiếm 15%"
    assert list(found.table["Cần thêm (chỉ lĩnh vực này tăng)"]) == [0, 0, 29, 491]
    assert list(found.table["Cần thêm (mọi lĩnh vực cùng đạt 15%)"]) == [0, 0, 119, 512]
    assert found.base == "trên 6.540 mô hình, kể cả mô hình chưa rõ lĩnh vực"
    assert found.figure is not None
    assert list(found.figure.data[0].text)[-1] == "8,6% · cần thêm 491"


def test_a_share_that_four_fields_cannot_all_have_is_said_to_be_impossible(opened: Opener) -> None:
    found = exhibits.target_fields(opened(signed_report()), WHOLE, replace(HTCT, percents=30))

    assert set(found.table["Cần thêm (mọi lĩnh vực cùng đạt 30%)"]) == {"không thể"}


def test_nobody_has_set_the_target_and_the_page_says_so(opened: Opener) -> None:
    warehouse = opened(warehouses.three_districts())

    assert "Chưa có văn bản nào giao chỉ tiêu" in exhibits.target_arithmetic(warehouse, WHOLE, HTCT)
    for exhibit in (exhibits.target_fields, exhibits.target_readings):
        assert any("Chưa có văn bản nào giao chỉ tiêu" in note for note in exhibit(warehouse, WHOLE, HTCT).notes)


def test_need_is_divided_by_communes_and_adds_up(opened: Opener) -> None:
    found = exhibits.target_districts(opened(warehouses.three_districts()), WHOLE, replace(HTCT, percents=15))

    table = found.table.set_index("Đơn vị")
    assert dict(table["Phần cần thêm"]) == {"Hội An": 5, "Tam Kỳ": 4, "Nam Giang": 4}  # 13 by 13, 13 and 12 communes
    assert dict(table["Đã có"]) == {"Hội An": 2, "Tam Kỳ": 2, "Nam Giang": 2}
    assert found.title == "Chia theo số xã: phần của Hội An nhiều nhất, 5 trên 13 mô hình"
    assert found.slices is not None
    assert [lead.don_vi_id for lead in found.slices["Đã có"]] == ["hoi_an", "tam_ky", "nam_giang"]


def test_district_without_returns_has_its_part_and_no_zero(opened: Opener) -> None:
    found = exhibits.target_districts(opened(warehouses.one_district()), WHOLE, HTCT)

    table = found.table.set_index("Đơn vị")
    assert sum(table["Phần cần thêm"]) == 12  # (3 + 12) / (107 + 12), as the signed report counts
    assert dict(table["Đã có"]) == {"Hội An": 1, "Tam Kỳ": None, "Nam Giang": None}
    assert found.figure is not None
    assert [list(trace.text) for trace in found.figure.data if "chưa có số liệu" in trace.name] == [[UNKNOWN, UNKNOWN]]


def test_chosen_district_is_named_and_the_rest_of_the_page_stays_the_provinces(opened: Opener) -> None:
    warehouse, chosen = opened(warehouses.three_districts()), replace(WHOLE, don_vi_id="nam_giang")

    assert exhibits.target_districts(warehouse, chosen, HTCT).title.startswith("Chia theo số xã: phần của Nam Giang, ")
    assert exhibits.target_cards(warehouse, chosen, HTCT) == exhibits.target_cards(warehouse, WHOLE, HTCT)


def test_district_that_was_merged_is_counted_and_given_its_part_with_its_successor(opened: Opener) -> None:
    rows = warehouses.three_districts()
    gone = {"valid_to": "2023-12-31", "successor_id": "tam_ky"}
    rows["dim_don_vi"] = [{**row, **gone} if row["don_vi_id"] == "nam_giang" else row for row in rows["dim_don_vi"]]
    rows["dim_don_vi_year"] = [
        row for row in rows["dim_don_vi_year"] if (row["don_vi_id"], row["year"]) != ("nam_giang", 2024)
    ]

    found = exhibits.target_districts(opened(rows), WHOLE, HTCT)

    assert dict(found.table.set_index("Đơn vị")["Đã có"]) == {"Hội An": 2, "Tam Kỳ": 4}
    assert "Theo địa giới ngày 1/1/2024: Nam Giang tính vào Tam Kỳ." in found.notes


def test_more_is_needed_when_the_other_fields_go_on_growing(opened: Opener) -> None:
    found = exhibits.target_readings(opened(warehouses.three_districts()), WHOLE, HTCT)

    # 2022 and 2023 are whole: 3 models of this field and 54 others in 2 years, so 9 and 162 in 6 years.
    assert list(found.table["Cần thêm"]) == [9, 31, 23, 9]
    assert found.notes[0] == (
        "Nhịp: bình quân 2022-2023, số chưa đủ, 1,5 mô hình mới mỗi năm ở lĩnh vực này và 27 ở phần còn lại."
    )


def test_pace_is_not_guessed_where_no_year_is_known(opened: Opener) -> None:
    found = exhibits.target_readings(opened(warehouses.published_only()), WHOLE, HTCT)

    assert found.title.startswith("Chưa tính được khi các lĩnh vực khác cũng tăng: thiếu số liệu")
    assert found.figure is None


def test_too_few_returns_and_no_printed_total_give_no_number(opened: Opener) -> None:
    warehouse, part = opened(warehouses.one_district()), Choice(2023, 2024, None)

    assert exhibits.target_cards(warehouse, part, HTCT) == []
    for exhibit in (exhibits.target_fields, exhibits.target_districts):
        assert exhibit(warehouse, part, HTCT).title == "Chưa đủ số liệu để tính mục tiêu"
    assert "chọn cả giai đoạn của Báo cáo" in exhibits.target_arithmetic(warehouse, part, HTCT)


def test_catalogue_without_targets_asks_for_them(opened: Opener) -> None:
    rows = warehouses.three_districts()
    rows["dim_threshold"] = [row for row in rows["dim_threshold"] if not row["rule"].startswith("target_share")]

    assert Goals.of(opened(rows), WHOLE) is None


def test_targets_begin_with_the_weakest_field_and_the_catalogues_lowest_share(opened: Opener) -> None:
    goals = Goals.of(opened(warehouses.three_districts()), WHOLE)

    assert goals is not None
    assert (goals.weakest, goals.first, goals.from_year, goals.to_year) == ("he_thong_chinh_tri", 12, 2025, 2030)
    assert list(goals.fields) == list(warehouses.MAIN_FIELDS)


def test_the_projects_catalogue_gives_two_shares_and_the_years_of_the_tasks(catalogue: Catalogue) -> None:
    rules = ("target_share_low", "target_share_high", "target_from_year", "target_to_year", "target_pace_years")

    assert [catalogue.threshold(rule) for rule in rules] == [0.12, 0.15, 2025, 2030, 3]


def test_weakest_field_is_explained_by_what_it_lacks_and_where_it_is_empty(opened: Opener) -> None:
    cards = exhibits.weak_field_cards(opened(warehouses.three_districts()), WHOLE)

    # 13 more of 118 are 15 %, 30 more 25 %. In 2024 Nam Giang signed "none"; before, only Tam Kỳ gave both years.
    assert [(card.label, card.value) for card in cards] == [
        ("Thiếu để qua ngưỡng theo dõi", "13"),
        ("Thiếu để bằng mức chia đều", "30"),
        ("Không có mô hình năm 2024", "1/3"),
        ("Không có mô hình cả 2 năm 2023-2024", "0/1"),
    ]
    assert cards[-1].comparison == "2 huyện chưa đủ số liệu để biết"


def test_field_is_not_called_empty_where_nobody_gave_a_figure(opened: Opener) -> None:
    rows = warehouses.one_district()
    rows["core_year_value"] = [row for row in rows["core_year_value"] if row["linh_vuc_id"] != "he_thong_chinh_tri"]

    cards = exhibits.weak_field_cards(opened(rows), WHOLE)

    assert [card.value for card in cards[2:]] == [UNKNOWN, UNKNOWN]


def test_weakest_fields_share_is_followed_over_blocks_of_years(opened: Opener) -> None:
    found = exhibits.weak_field_years(opened(warehouses.three_districts()), WHOLE)

    assert found.title == "Xây dựng hệ thống chính trị dưới 15% suốt các năm có số liệu"
    assert list(found.table["Các năm"]) == ["2022", "2023-2024"]
    assert list(found.table["Mọi mô hình"]) == [34, 54]
    assert list(found.table["Tỷ trọng"]) == pytest.approx([2 / 34, 3 / 54])
    assert found.slices is not None
    assert found.slices["Tỷ trọng"].iloc[1].link.endswith("tu=2023&den=2024")


def test_the_year_since_when_a_field_is_weak_is_named(opened: Opener) -> None:
    rows = warehouses.three_districts()
    for row in rows["core_year_value"]:
        if (row["don_vi_id"], row["year"], row["linh_vuc_id"]) == ("tam_ky", 2022, "he_thong_chinh_tri"):
            row["value"] = 8

    title = exhibits.weak_field_years(opened(rows), WHOLE).title

    assert title == "Xây dựng hệ thống chính trị dưới 15% từ năm 2023"


def test_weak_field_leads_to_its_target_and_keeps_the_choice(opened: Opener) -> None:
    link = urlsplit(exhibits.weak_field_goal(opened(warehouses.three_districts()), Choice(2022, 2024, "tam_ky")))

    assert link.path == "muc_tieu"
    assert parse_qs(link.query) == {
        "tu": ["2022"],
        "den": ["2024"],
        "don_vi": ["tam_ky"],
        "linh_vuc_muc_tieu": ["he_thong_chinh_tri"],
        "muc_tieu": ["15"],
    }


def test_link_asks_for_a_field_and_a_share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DVK_DATA", str(tmp_path))
    warehouses.publish(tmp_path / "sample" / "warehouse", warehouses.three_districts())

    app = open_page("muc_tieu", muc_tieu="20", linh_vuc_muc_tieu="quoc_phong_an_ninh")

    assert app.slider(key="muc_tieu").value == 20
    assert "Quốc phòng - an ninh cần thêm 9 mô hình để chiếm 20%" in text_of(app)
    assert "(17 + 9) / (118 + 9) = 26 / 127 = 20,47%" in text_of(app)
    assert (app.query_params["muc_tieu"], app.query_params["linh_vuc_muc_tieu"]) == ("20", "quoc_phong_an_ninh")


@pytest.mark.parametrize("link", [{"muc_tieu": "51"}, {"muc_tieu": "²"}, {"linh_vuc_muc_tieu": "chua_phan"}])
def test_target_that_cannot_be_asked_for_gives_the_default_with_a_notice(
    link: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DVK_DATA", str(tmp_path))
    warehouses.publish(tmp_path / "sample" / "warehouse", warehouses.three_districts())

    app = open_page("muc_tieu", **link)

    assert not app.exception
    assert "Đường dẫn có giá trị không dùng được" in text_of(app)
    assert "Xây dựng hệ thống chính trị cần thêm 9 mô hình để chiếm 12%" in text_of(app)
