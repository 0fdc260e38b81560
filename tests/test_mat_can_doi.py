"""The page of what is out of balance: every flag once, where it can be checked, nobody named without ground."""

import re
from collections import Counter
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page, expect

from dashboard import exhibits, exports, flag_markup
from dashboard.choice import Choice
from dashboard.exhibits.funnels import FUNNEL_CAPTION
from dashboard.exhibits.imbalance import claims
from dashboard.provenance.trace import PARAMS, Slice
from dashboard.topics import flags, review
from dashboard.warehouse import Warehouse
from tests import flagged, warehouses
from tests.browsing import served, settled
from tests.flagged import FLAGS, HOSTILE, figure, flag
from tests.test_pages import ROOT, charts_of, open_page, text_of
from tests.warehouses import Rows

WHOLE = Choice(2022, 2024, None)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DVK_DATA", str(tmp_path))
    return tmp_path


def opened(folder: Path, rows: Rows) -> Warehouse:
    return Warehouse(warehouses.publish(folder / "sample" / "warehouse", rows))


def html_of(found: list[flags.Card]) -> str:
    return flag_markup.groups(flags.groups(found)) + flag_markup.unjudged(flags.unjudged(found))


# --- cards


def test_every_flag_stands_on_the_page_once(data: Path) -> None:
    opened(data, flagged.reviewed())

    text = "\n".join(element.proto.body for element in open_page("mat_can_doi").get("html"))

    in_cards = Counter(re.findall(r'<p class="dvk-seen">(.*?)</p>', text))
    in_cards.update(re.findall(r"<li>([^<]*) <em>", text))
    assert in_cards == Counter(row["statement"] for row in FLAGS)


def test_data_quality_comes_first_then_norms_then_statistics_and_what_is_unjudged_last(tmp_path: Path) -> None:
    found = flags.cards(opened(tmp_path, flagged.reviewed()), WHOLE)

    html = html_of(found)

    order = ["Hội An chưa gửi", "Toàn tỉnh ít HTCT", "Lĩnh vực kinh_te trống", "Tam Kỳ ít hơn", "Hội An còn thiếu"]
    assert sorted(order, key=html.index) == order


def test_a_rules_severest_cards_come_first_and_the_rest_is_folded_up(tmp_path: Path) -> None:
    units = ("tam_ky", "hoi_an", "nam_giang", "mttq")
    rows = [flag("F9", "theo_doi", f"{unit} trống.", don_vi_id=unit) for unit in units[:-1]]
    rows.append(flag("F9", "nghiem_trong", "mttq trống.", don_vi_id="mttq"))

    html = html_of(flags.cards(opened(tmp_path, flagged.reviewed(flags=rows)), WHOLE))

    assert re.findall(r'dvk-seen">(\w+) trống', html)[0] == "mttq"
    assert "<summary>và 1 đơn vị nữa</summary>" in html
    assert html.count("<article") == 4


def test_what_all_cards_of_a_rule_share_is_said_once_above_them(tmp_path: Path) -> None:
    html = html_of(flags.cards(opened(tmp_path, flagged.reviewed()), WHOLE))

    assert html.count("Bình thường của F9.") == 1
    assert html.count("Bình thường của F3.") == 1


def test_level_is_told_by_word_and_bars_and_kinds_by_classes_of_their_own(tmp_path: Path) -> None:
    html = html_of(flags.cards(opened(tmp_path, flagged.reviewed()), WHOLE))

    (card,) = re.findall(r'<article class="dvk-flag dvk-th dvk-severity-3">.*?</article>', html)
    assert card.count('"dvk-on"') == 3 and "Nghiêm trọng" in card
    assert {"dvk-dl", "dvk-qd", "dvk-th"} <= set(re.findall(r"dvk-flag (dvk-\w+)", html))


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    rows = flagged.reviewed(
        flags=[flag("F3", "canh_bao", HOSTILE, don_vi_id="tam_ky", usual=HOSTILE, certainty=HOSTILE, action=HOSTILE)]
    )
    rows["dim_don_vi"][0]["label"] = HOSTILE
    rows["dim_rule"][1] |= {"label": HOSTILE, "question": HOSTILE}
    found = flags.cards(opened(tmp_path, rows), WHOLE)

    html = html_of(found) + flag_markup.cards(found) + flag_markup.lines(flags.foremost(found), HOSTILE)

    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 10


def test_evidence_leads_to_cells_returns_published_figures_and_the_unit_that_exist(tmp_path: Path) -> None:
    warehouse = opened(tmp_path, flagged.reviewed())
    pages = {path.stem for path in (ROOT / "pages").glob("*.py")}

    found = {card.statement: card.basis.ways for card in flags.cards(warehouse, WHOLE)}

    ways = [way for card in found.values() for way in card]
    assert {urlsplit(link).path for _, link in ways} <= pages
    slices = [Slice.from_link(warehouse, link) for _, link in ways if link.startswith("nguon?")]
    assert Slice("mo_hinh_cong_nhan", 2022, 2024, "tam_ky") in slices and None not in slices
    low = dict(found["Tam Kỳ ít hơn hẳn mức chung."])
    assert dict(parse_qsl(urlsplit(low["2 báo cáo làm căn cứ"]).query)) == {
        "don_vi": "tam_ky",
        "tu": "2022",
        "den": "2024",
    }
    assert "don_vi?don_vi=tam_ky" in low["Trang Tam Kỳ"]
    assert ("Đối chiếu: Báo cáo tổng kết", "doi_chieu?tai_lieu=bao_cao") in found["Toàn tỉnh ít HTCT. Câu thứ hai."]


def test_figures_of_one_field_and_of_all_are_told_apart(tmp_path: Path) -> None:
    told = {"slices": [figure("tam_ky", linh_vuc_id="he_thong_chinh_tri"), figure("tam_ky")]}

    (card,) = flags.cards(
        opened(tmp_path, flagged.reviewed(flags=[flag("F9", "theo_doi", "Ít.", don_vi_id="tam_ky", evidence=told)])),
        WHOLE,
    )

    assert [text for text, _ in card.basis.ways[:2]] == [
        "Ô số liệu: Mô hình công nhận, HTCT, 2022-2024",
        "Ô số liệu: Mô hình công nhận, 2022-2024",
    ]


def test_a_link_names_only_years_there_are(tmp_path: Path) -> None:
    rows = [flag("F6", "canh_bao", "Thiếu.", don_vi_id="tam_ky", from_year=1999, to_year=2030)]

    (card,) = flags.cards(opened(tmp_path, flagged.reviewed(flags=rows)), WHOLE)

    assert dict(card.basis.ways)["Tình trạng gửi báo cáo"] == "nop_bao_cao?don_vi=tam_ky"


def test_figure_of_an_indicator_the_snapshot_lacks_is_no_way(tmp_path: Path) -> None:
    rows = [flag("F1", "canh_bao", "Lạ.", evidence={"slices": [figure() | {"indicator_id": "la"}]})]

    (card,) = flags.cards(opened(tmp_path, flagged.reviewed(flags=rows)), WHOLE)

    assert card.basis.ways == ()


def test_flag_of_a_rule_without_a_name_is_not_lost(tmp_path: Path) -> None:
    rows = flagged.reviewed()
    rows["dim_rule"] = []

    assert len(flags.cards(opened(tmp_path, rows), WHOLE)) == len(FLAGS)


# --- choosing


def test_unit_level_and_kind_narrow_the_cards(data: Path) -> None:
    opened(data, flagged.reviewed())

    def seen(**link: str) -> list[str]:
        bodies = "\n".join(element.proto.body for element in open_page("mat_can_doi", **link).get("html"))
        return re.findall(r'<p class="dvk-seen">(.*?)</p>', bodies)

    assert seen(muc_do="nghiem_trong") == ["Tam Kỳ ít hơn hẳn mức chung."]
    assert seen(loai="DL") == ["Hội An chưa gửi báo cáo năm 2023."]
    assert seen(don_vi="hoi_an") == ["Hội An chưa gửi báo cáo năm 2023."]


def test_review_is_not_the_sidebars_and_says_so(data: Path) -> None:
    opened(data, flagged.with_funnel(flagged.reviewed()))

    whole, other = (text_of(open_page("mat_can_doi", **link)) for link in ({}, {"tu": "2023"}))

    assert "Kỳ rà soát 2022-2024. " in whole
    assert "Kỳ rà soát 2022-2024, không đổi theo kỳ và địa giới chọn ở cột bên trái" in other
    assert "Nguồn: Dữ liệu mô phỏng, dựng theo các số tổng của Báo cáo 10/10/2024." in whole
    assert whole.count("Cứ khoảng 10 kỳ rà soát có thể có 1 cảnh báo nhầm") == 1


def test_summary_counts_each_kind_and_level(tmp_path: Path) -> None:
    warehouse = opened(tmp_path, flagged.reviewed())
    found = flags.cards(warehouse, WHOLE)

    summary = review.summary(warehouse, WHOLE, found)

    assert summary.title == "7 cảnh báo: 1 Nghiêm trọng, 1 Cảnh báo, 5 Theo dõi"
    assert summary.counts["QD"] == {"theo_doi": 4, "canh_bao": 1, "nghiem_trong": 0, "chua_du_so_lieu": 0}
    assert sum(sum(levels.values()) for levels in summary.counts.values()) == len(FLAGS)


# --- the first page


def test_foremost_flags_are_the_severest_one_of_a_rule_and_never_grey(tmp_path: Path) -> None:
    found = flags.foremost(flags.cards(opened(tmp_path, flagged.reviewed()), WHOLE), limit=3)

    assert [(card.rule, more) for card, more in found] == [("F3", 0), ("F1", 0), ("F9", 3)]


def test_first_page_shows_the_foremost_flags_in_a_sentence_each(data: Path) -> None:
    opened(data, flagged.reviewed())

    text = text_of(open_page("tong_quan"))

    assert "Nghiêm trọng Tam Kỳ ít hơn hẳn mức chung." in text
    assert "Toàn tỉnh ít HTCT." in text and "Câu thứ hai" not in text
    assert "Xem cả 7 cảnh báo" in text


def test_first_page_says_nothing_of_flags_where_nothing_is_named(data: Path) -> None:
    opened(data, flagged.reviewed(flags=[FLAGS[2]]))

    assert "Chưa đủ số liệu: " not in text_of(open_page("tong_quan"))


# --- evidence


def test_funnel_names_only_whom_it_may_and_carries_its_caption(tmp_path: Path) -> None:
    exhibit = exhibits.rate_funnel(opened(tmp_path, flagged.with_funnel(flagged.reviewed())), WHOLE)

    assert exhibit.figure is not None
    named = {text for trace in exhibit.figure.data for text in (trace.text or ()) if text}
    assert named == {"Tam Kỳ", "Nam Giang"}
    assert exhibit.title == "Trong 3 huyện so được, 1 huyện thấp hơn, 1 huyện cao hơn mức dao động bình thường"
    assert exhibit.notes[0] == FUNNEL_CAPTION
    assert list(exhibit.table["Mô hình"]) == [34, 30, 46]


def test_funnel_of_structural_differences_names_nobody(tmp_path: Path) -> None:
    rows = flagged.with_funnel(flagged.reviewed(flags=[flag("F3", "chua_du_so_lieu", "Mang tính cơ cấu.")]))

    exhibit = exhibits.rate_funnel(opened(tmp_path, rows), WHOLE)

    assert exhibit.figure is not None
    assert not {text for trace in exhibit.figure.data for text in (trace.text or ()) if text}
    assert "không nêu tên ai" in exhibit.title


def test_claim_is_computed_from_the_swings_and_the_limits(tmp_path: Path) -> None:
    text = claims(opened(tmp_path, flagged.with_funnel(flagged.reviewed())))

    assert "tự dao động khoảng ±20% mỗi năm" in text
    assert "phải thấp hơn mức chung khoảng 30% trong 3 năm" in text


def test_claim_without_a_funnel_claims_nothing(tmp_path: Path) -> None:
    assert claims(opened(tmp_path, flagged.reviewed())).startswith("Chưa đủ báo cáo của các huyện")


def test_flagged_cells_are_outlined_in_the_heat_maps(data: Path) -> None:
    opened(data, flagged.with_funnel(flagged.reviewed()))

    district = next(chart for chart in charts_of(open_page("mat_can_doi", phan="bang_chung")) if "HTCT" in chart)

    assert district.count('"type":"rect"') == 4


def test_what_has_no_figures_draws_no_empty_chart(data: Path) -> None:
    opened(data, flagged.reviewed())

    parts = [open_page("mat_can_doi", phan=part) for part in ("bang_chung", "can_ho_tro")]

    assert [len(charts_of(app)) for app in parts] == [2, 0]
    assert "Chưa đủ báo cáo để so các huyện với nhau" in text_of(parts[0])
    assert "Chưa đủ báo cáo để xét huyện nào cần hỗ trợ" in text_of(parts[1])


def test_lorenz_says_what_the_poorer_half_has_and_whether_that_is_usual(tmp_path: Path) -> None:
    rows = flagged.with_funnel(flagged.reviewed())
    rows["flag_lorenz"] = [
        {"commune_share": 0.0, "model_share": 0.0, "low": 0.0, "high": 0.0},
        {"commune_share": 0.5, "model_share": 0.2, "low": 0.4, "high": 0.5},
        {"commune_share": 1.0, "model_share": 1.0, "low": 1.0, "high": 1.0},
    ]
    rows["flag_measure"].append({"measure_id": "gini", "label": "Hệ số Gini", "value": 0.3, "low": 0.05, "high": 0.11})

    exhibit = exhibits.concentration_curve(opened(tmp_path, rows), WHOLE)

    assert exhibit.title == (
        "Nửa số xã ở các huyện ít mô hình hơn có 20% số mô hình: dồn hơn mức của một tỉnh cân bằng"
    )
    assert "Hệ số Gini: 0,30 (một tỉnh cân bằng: 0,05 đến 0,11)." in exhibit.notes


# --- who needs support


def test_ranks_come_with_their_interval_and_owing_units_first_without_one(tmp_path: Path) -> None:
    exhibit = exhibits.support_ranks(opened(tmp_path, flagged.with_scores(flagged.reviewed())), WHOLE)

    assert list(exhibit.table["Đơn vị"]) == ["Hội An", "Nam Giang", "Tam Kỳ"]
    assert list(exhibit.table["Khoảng thứ hạng"]) == ["không xếp", "từ 2 đến 2 trên 2", "từ 1 đến 2 trên 2"]
    assert list(exhibit.table["Điểm (0-100)"])[2] == "55 (từ 40 đến 70)"
    assert exhibit.title.startswith("1 huyện cần hỗ trợ; 1 huyện chưa đủ báo cáo")
    assert "nội bộ" in exhibit.notes[0]


def test_only_the_units_to_support_stand_out_and_the_unranked_stand_at_the_low_end(tmp_path: Path) -> None:
    exhibit = exhibits.support_ranks(opened(tmp_path, flagged.with_scores(flagged.reviewed())), WHOLE)

    assert exhibit.figure is not None
    traces = {trace.name: trace for trace in exhibit.figure.data}
    assert list(traces["Đơn vị được nêu"].hovertext) == ["Nam Giang: Cần hỗ trợ · 2-2"]
    assert traces["Chưa có số liệu"].base == 2


def test_missing_returns_of_the_unranked_are_named_on_the_page(data: Path) -> None:
    opened(data, flagged.with_scores(flagged.reviewed()))

    text = text_of(open_page("mat_can_doi", phan="can_ho_tro"))

    assert "Chưa đủ báo cáo: Hội An còn thiếu báo cáo năm 2023, nên chưa được xếp thứ tự." in text


# --- method


def test_method_lists_every_rule_and_threshold_with_who_decided(data: Path) -> None:
    opened(data, flagged.reviewed())

    text = text_of(open_page("mat_can_doi", phan="phuong_phap"))

    assert all(f"Công thức của {rule}." in text and f"{rule} cần báo cáo." in text for rule in flagged.RULES)
    assert re.search(r"F3 Cửa sổ Chưa đủ số liệu 3 năm Cửa sổ 3 năm Phương pháp quy tắc F3, 1/1/2026", text)


def test_bench_prints_false_alarms_beside_simple_rules_and_power(tmp_path: Path) -> None:
    common = {"error": 0.01, "provinces": 1000, "seed": 1, "measured_on": "2026-11-22"}
    rows = flagged.reviewed()
    rows["dim_flag_bench"] = [
        {
            "scenario": scenario,
            "scenario_label": label,
            "rule": rule,
            "rule_label": name,
            "level": level,
            "measure": measure,
            "value": value,
            "bound": bound,
            **common,
        }
        for scenario, label, rule, name, level, measure, value, bound in (
            ("deu", "Đều", "F3", "Tỷ lệ thấp", "canh_bao", "bao_nham", 0.07, 0.12),
            ("deu", "Đều", "duoi_80", "Dưới 80%", None, "bao_nham", 5.4, None),
            ("kem", "Một huyện kém", "F3", "Tỷ lệ thấp", "canh_bao", "bao_nham", 0.5, None),
            ("nui", "Miền núi kém", "F10", "Dồn", "canh_bao", "phat_hien", 0.98, None),
            ("kem", "Một huyện kém", "F3", "Tỷ lệ thấp", "canh_bao", "phat_hien", 0.8, None),
        )
    ]
    warehouse = opened(tmp_path, rows)

    false, power = exhibits.false_alarms(warehouse, WHOLE), exhibits.power(warehouse, WHOLE)

    assert false.title == "Nêu nhầm nhiều nhất 0,07 lần mỗi kỳ; quy tắc đơn giản nêu nhầm tới 5,4 huyện"
    assert list(false.table.columns) == ["Quy tắc", "Đều", "Không được vượt"]
    assert [[str(row[0]).replace("\xa0", " "), *row[1:]] for row in false.table.to_numpy().tolist()] == [
        ["F3 Tỷ lệ thấp, từ mức Cảnh báo", 0.07, 0.12],
        ["Quy tắc đơn giản: Dưới 80%", 5.4, ""],
    ]
    assert list(power.table["Một huyện kém"]) == ["80%", "không xét"]
    assert list(power.table["Miền núi kém"]) == ["không xét", "98%"]
    assert "Đo ngày 22/11/2026 trên 1.000 tỉnh mô phỏng" in power.notes[0]


# --- other snapshots


def test_snapshot_that_was_never_reviewed_says_so(data: Path) -> None:
    warehouses.publish(data / "warehouse", warehouses.three_districts(simulated=False))

    assert "Bản số liệu này chưa được rà soát" in text_of(open_page("mat_can_doi"))


def test_nothing_found_is_not_praised(data: Path) -> None:
    opened(data, flagged.reviewed(flags=[]))

    text = text_of(open_page("mat_can_doi"))

    assert "Không có cảnh báo nào" in text
    assert "Không bị nêu tên chưa có nghĩa là tốt hay kém." in text


@pytest.mark.parametrize("part", ["canh_bao", "bang_chung", "can_ho_tro", "phuong_phap"])
@pytest.mark.parametrize("rows", [warehouses.one_district(), warehouses.published_only(), flagged.reviewed()])
def test_every_part_stands_on_any_snapshot(part: str, rows: Rows, data: Path) -> None:
    warehouses.publish(data / "warehouse", rows)

    app = open_page("mat_can_doi", phan=part)

    assert not app.exception and not app.error


def test_downloaded_flags_say_everything_the_cards_say_and_that_they_are_simulated(tmp_path: Path) -> None:
    warehouse = opened(tmp_path, flagged.reviewed())

    rows = exports.to_csv(exhibits.flag_list(warehouse, WHOLE, flags.cards(warehouse, WHOLE))).decode("utf-8-sig")

    assert rows.startswith("DỮ LIỆU MÔ PHỎNG")
    assert all(row["statement"] in rows and row["action"] in rows for row in FLAGS)


def test_links_of_slices_are_spelled_as_the_source_page_reads_them(tmp_path: Path) -> None:
    (card,) = (card for card in flags.cards(opened(tmp_path, flagged.reviewed()), WHOLE) if card.rule == "F1")

    told = dict(parse_qsl(urlsplit(card.basis.ways[0][1]).query))

    assert told[PARAMS["linh_vuc_id"]] == "he_thong_chinh_tri"


# --- in a browser


@pytest.mark.browser
def test_a_cards_evidence_opens_with_the_keyboard(tmp_path: Path, page: Page) -> None:
    opened(tmp_path, flagged.with_funnel(flagged.reviewed()))

    with served(tmp_path) as address:
        page.goto(f"{address}/mat_can_doi")
        card = page.locator(".dvk-flag").filter(has_text="Tam Kỳ ít hơn hẳn mức chung.")
        expect(card).to_contain_text("Nghiêm trọng")
        settled(page)
        card.get_by_role("link", name=re.compile("Ô số liệu")).focus()
        page.keyboard.press("Enter")

        page.wait_for_url("**/nguon?*")
        expect(page.locator(".dvk-figure")).to_contain_text("Mô hình công nhận · Tam Kỳ · giai đoạn 2022-2024")


@pytest.mark.browser
def test_the_folded_cards_and_reasons_open(tmp_path: Path, page: Page) -> None:
    opened(tmp_path, flagged.reviewed())

    with served(tmp_path) as address:
        page.goto(f"{address}/mat_can_doi")
        reason = page.get_by_text("Hội An còn thiếu báo cáo năm 2023.")
        expect(page.locator(".dvk-unjudged summary")).to_be_visible()
        expect(reason).to_be_hidden()
        settled(page)
        page.locator(".dvk-unjudged summary").focus()
        page.keyboard.press("Enter")

        expect(reason).to_be_visible()
