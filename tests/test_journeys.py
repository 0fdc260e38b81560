"""What a viewer does in a real browser, from the first look to the downloaded file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import warehouses
from tests.browsing import fetched, pick, served

pytestmark = pytest.mark.browser


@contextmanager
def sample(data: Path) -> Iterator[str]:
    """Serve the simulated three-district snapshot."""
    warehouses.publish(data / "sample" / "warehouse", warehouses.three_districts())
    with served(data) as address:
        yield address


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with sample(tmp_path_factory.mktemp("data")) as address:
        yield address


def test_ten_seconds_suffice_for_total_fields_weak_field_and_freshness(address: str, page: Page) -> None:
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))

    page.goto(address)

    expect(page.get_by_role("note")).to_contain_text("DỮ LIỆU MÔ PHỎNG")
    expect(page.locator(".dvk-card").first).to_contain_text("118 mô hình")
    expect(page.locator(".dvk-card").first).to_contain_text("Báo cáo 10/10/2024: 107; thừa 11")
    expect(page.locator(".dvk-fresh")).to_contain_text("3/3 đơn vị cấp huyện đã báo cáo năm 2024")
    expect(page.get_by_text("Xây dựng hệ thống chính trị chỉ chiếm 5,9% số mô hình")).to_be_visible()
    first_chart = page.locator("[data-testid=stPlotlyChart]").first
    for text in ("Kinh tế", "Văn hóa - xã hội", "Quốc phòng - an ninh", "32 · 27,1%", "7 · 5,9% (Báo cáo: 3)"):
        expect(first_chart.get_by_text(text, exact=True)).to_be_visible()
    expect(page.locator("[data-testid=stPlotlyChart]")).to_have_count(3)
    expect(page.get_by_role("combobox", name="Đơn vị")).to_have_value("Toàn tỉnh")
    assert {urlsplit(url).hostname for url in requested if url.startswith(("http", "ws"))} == {"127.0.0.1"}


def test_choice_travels_with_the_viewer_the_link_and_the_file(address: str, page: Page, browser: Browser) -> None:
    page.goto(f"{address}/tong_quan")
    pick(page, "Đơn vị", "Tam Kỳ")
    pick(page, "Đến năm", "2023")
    expect(page.locator(".dvk-card").first).to_contain_text("37 mô hình")

    page.get_by_test_id("stSidebarNav").get_by_text("Lĩnh vực", exact=True).click()
    title = page.locator("h2").filter(has_text="Tam Kỳ:").first
    expect(title).to_be_visible()
    expect(page.get_by_role("heading", name="Lĩnh vực", exact=True)).to_be_visible()
    page.wait_for_url("**/linh_vuc?*don_vi=tam_ky*")
    assert parse_qs(urlsplit(page.url).query) == {"den": ["2023"], "don_vi": ["tam_ky"]}

    fresh = browser.new_context().new_page()
    fresh.goto(page.url)
    expect(fresh.locator("h2").filter(has_text="Tam Kỳ:").first).to_have_text(title.inner_text(), timeout=30_000)
    fresh.context.close()

    page.get_by_text("Bảng số liệu và tải về").first.click()
    downloaded = fetched(page, "Tải bảng (CSV)")
    lines = Path(downloaded.path()).read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "DỮ LIỆU MÔ PHỎNG"
    assert "mo_phong" in downloaded.suggested_filename
    assert any(line.startswith("Kinh tế;9;24,3%") for line in lines)


def test_link_to_a_page_works_as_the_servers_very_first_request(tmp_path: Path, page: Page) -> None:
    with sample(tmp_path) as address:
        page.goto(f"{address}/linh_vuc?don_vi=hoi_an")

        expect(page.get_by_role("note")).to_contain_text("DỮ LIỆU MÔ PHỎNG")
        expect(page.locator("h2").filter(has_text="Hội An:").first).to_be_visible()
        expect(page.get_by_test_id("stSidebarNav").get_by_text("Tổng quan", exact=True)).to_be_visible()


def test_a_server_that_is_told_to_end_in_the_midst_of_a_run_ends_quietly(tmp_path: Path, page: Page) -> None:
    for seconds in (0.5, 1.0, 2.0):
        with sample(tmp_path / str(seconds)) as address:
            page.goto(f"{address}/linh_vuc", wait_until="commit")
            page.wait_for_timeout(seconds * 1000)
