"""What a leader and who prepares a conference do in a real browser, each way from its first screen to its end."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from playwright.sync_api import Locator, Page, expect
from pptx import Presentation

from dashboard.labels import unaccented
from tests.browsing import fetched, pick, served, settled
from tests.files import load, periodic, write_file

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(loaded_sample: Path) -> Iterator[str]:
    with served(loaded_sample) as address:
        yield address


def turn_to(page: Page, title: str) -> None:
    """Turn to another page by the navigation."""
    settled(page).get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
    expect(page.locator("h1")).to_have_text(title)


def whole_number(place: Locator) -> int:
    return int(place.inner_text().split()[0].replace(".", ""))


def test_the_weak_field_leads_down_to_the_cell_of_a_district(address: str, page: Page, tmp_path: Path) -> None:
    page.goto(address)
    expect(page.locator(".dvk-exhibit h2").first).to_contain_text("Xây dựng hệ thống chính trị chỉ chiếm 8,6%")
    turn_to(page, "Lĩnh vực")
    pick(page, "Từ năm", "2023")
    pick(page, "Đến năm", "2023")
    settled(page).get_by_text("Bảng số liệu và tải về").last.click()
    row = page.locator(".dvk-table").last.locator("tbody tr").filter(has_text="Thăng Bình")
    row.locator("a.dvk-trace").last.click()

    page.wait_for_url("**/nguon?*")
    assert parse_qs(urlsplit(page.url).query)["linh_vuc"] == ["he_thong_chinh_tri"]
    expect(page.locator(".dvk-figure")).to_contain_text("Xây dựng hệ thống chính trị · Thăng Bình · năm 2023")
    *_, sheet, cell, value, _ = page.locator(".dvk-table tbody tr").first.locator("td").all_inner_texts()
    sent = tmp_path / "goc.xlsx"
    fetched(page, "Tải tệp gốc").save_as(sent)
    assert str(openpyxl.load_workbook(sent)[sheet][cell].value) == value


def test_a_flag_of_the_first_page_says_why_how_sure_what_to_do_and_from_which_cells(address: str, page: Page) -> None:
    page.goto(address)
    line = page.locator(".dvk-foremost a").filter(has_text="Đại Lộc")
    expect(line).to_contain_text("lĩnh vực Xây dựng hệ thống chính trị")
    settled(page)
    line.click()

    page.wait_for_url("**/don_vi?*")
    card = page.locator(".dvk-flag").filter(has_text="Xây dựng hệ thống chính trị").first
    for part in ("Bình thường", "Chắc đến đâu", "Nên làm gì"):
        expect(card.get_by_text(part, exact=True)).to_be_visible()
    settled(page)
    card.get_by_role("link", name="Ô số liệu").first.click()
    expect(page.locator(".dvk-figure")).to_contain_text("Đại Lộc")
    expect(page.locator(".dvk-table tbody tr").first).to_be_visible()


def test_the_total_of_6540_is_reconciled_with_its_fields_and_with_the_returns(address: str, page: Page) -> None:
    page.goto(address)
    settled(page)
    page.get_by_role("link", name="Báo cáo 10/10/2024: 6.540; khớp").click()

    expect(page.locator("h1")).to_have_text("Đối chiếu")
    total, added, *fields = [whole_number(card) for card in page.locator(".dvk-cards .dvk-value").all()]
    assert (total, added, len(fields)) == (6540, sum(fields), 4)
    expect(page.locator(".dvk-exhibit h2").first).to_contain_text(f"{total - added} mô hình chưa phân lĩnh vực")
    row = page.locator(".dvk-table tbody tr").filter(has_text="6.540").filter(has=page.locator("a.dvk-trace")).first
    settled(page)
    row.locator("a.dvk-trace").first.click()
    expect(page.locator(".dvk-figure .dvk-value")).to_have_text("6.540 mô hình")


def test_a_model_is_found_without_typing_its_diacritics(address: str, page: Page) -> None:
    page.goto(f"{address}/mo_hinh")
    listed = page.locator(".dvk-list").first.locator("td").first
    name = listed.inner_text()
    search = settled(page).get_by_role("textbox", name="Tìm mô hình")
    search.fill(unaccented(name))
    search.press("Enter")

    page.wait_for_url("**/mo_hinh?*tim_mo_hinh=*")
    expect(page.locator(".dvk-exhibit h2").first).not_to_contain_text("6.540 mô hình của")
    assert unaccented(name) != name
    expect(listed).to_have_text(name)


def test_a_target_is_planned_with_the_keyboard_and_stands_in_the_link(address: str, page: Page) -> None:
    page.goto(f"{address}/linh_vuc")
    settled(page)
    page.get_by_role("link", name="Tính thử: cần thêm bao nhiêu mô hình").click()
    title = page.locator(".dvk-exhibit h2").first
    expect(title).to_have_text("Xây dựng hệ thống chính trị cần thêm 491 mô hình để chiếm 15%")
    for percents in (14, 13):
        settled(page)
        page.get_by_role("slider").press("ArrowLeft")
        expect(title).to_contain_text(f"để chiếm {percents}%")

    needed = title.inner_text()
    page.wait_for_url("**/muc_tieu?*muc_tieu=13*")
    page.reload()
    expect(title).to_have_text(needed)


def test_presenting_starts_by_a_button_covers_the_screen_and_gives_it_back(address: str, page: Page) -> None:
    page.goto(address)
    turn_to(page, "Trình chiếu")
    settled(page).get_by_role("button", name="Trình chiếu", exact=True).click()
    expect(page.locator(".dvk-slide-page")).to_contain_text("1/")
    for hidden in (page.get_by_test_id("stSidebar"), page.locator(".dvk-head"), page.get_by_test_id("stHeader")):
        expect(hidden).not_to_be_visible()
    settled(page).keyboard.press("ArrowRight")
    expect(page.locator(".dvk-slide-page")).to_contain_text("2/")

    settled(page).keyboard.press("Escape")
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    expect(page.get_by_role("button", name="Tiếp tục từ trang 2/")).to_be_visible()


def test_a_frozen_snapshot_is_shown_at_the_conference_whatever_comes_in_later(page: Page, tmp_path: Path) -> None:
    data = tmp_path / "data"
    load(write_file(tmp_path / "2022.xlsx", periodic(year=2022)), data=data)

    with served(data) as address:
        page.goto(f"{address}/trinh_chieu?hoi_nghi=ban_chot")
        page.get_by_label("Tên bản chốt").fill("Hội nghị tổng kết")
        page.get_by_label("Người chốt").fill("Trưởng ban")
        settled(page).get_by_role("button", name="Chốt số liệu").click()
        expect(page.get_by_text("Số liệu mới nhất đã chốt là")).to_be_visible()
        load(write_file(tmp_path / "2023.xlsx", periodic(year=2023)), data=data)
        page.goto(address)
        expect(page.locator(".dvk-card").first).to_contain_text("30 mô hình")

        page.goto(f"{address}/trinh_chieu?hoi_nghi=ban_chot")
        settled(page).get_by_role("link", name="Xem các trang theo bản này").click()
        expect(page.locator(".dvk-as-of")).to_contain_text("Hội nghị tổng kết")
        expect(page.locator(".dvk-card").first).to_contain_text("15 mô hình")
        turn_to(page, "Trình chiếu")
        settled(page).get_by_role("radio", name="Tải về").click(force=True)
        deck = Presentation(fetched(page, "Tải bộ trang chiếu (.pptx)").path())

    said = [shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame]
    assert any("15 mô hình" in text for text in said)
    assert not any("30 mô hình" in text for text in said)
