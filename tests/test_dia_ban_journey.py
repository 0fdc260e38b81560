"""From a place on the map to the unit's page and to the cells behind, in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import warehouses
from tests.browsing import served, settled
from tests.test_dia_ban import bordered

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=["tiles", "borders"])
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data: Path = tmp_path_factory.mktemp("data")
    rows = bordered("tam_ky", "hoi_an", "nam_giang") if request.param == "borders" else warehouses.three_districts()
    warehouses.publish(data / "warehouse", rows)
    with served(data) as address:
        yield address


def test_a_clicked_place_offers_its_cells_and_its_page(address: str, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/dia_ban?chi_tieu=kiem_tra&tu=2023")
    settled(page)
    name = page.locator("[data-testid=stPlotlyChart]").first.locator("text").filter(has_text="Tam").last
    expect(name).to_be_visible()

    box = name.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    said = page.get_by_role("status").filter(has_text="Kiểm tra, đánh giá · Tam Kỳ · giai đoạn 2023-2024")
    expect(said).to_contain_text("cộng từ 1 ô")
    expect(said.get_by_role("link", name="Mở trang Tam Kỳ")).to_have_attribute(
        "href", "don_vi?don_vi=tam_ky&tu=2023&den=2024"
    )
    expect(said.get_by_role("link", name="Xem các ô")).to_have_attribute(
        "href", "nguon?chi_tieu=kiem_tra&don_vi=tam_ky&tu=2023&den=2024"
    )
    assert {
        url for url in asked if not url.startswith((address, address.replace("http", "ws"), "data:", "blob:"))
    } == set()
