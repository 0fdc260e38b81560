"""A page that outlives the server it was opened on: what is chosen after the server is there again counts."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests import warehouses
from tests.browsing import free_port, pick, served, settled

pytestmark = pytest.mark.browser


@pytest.fixture
def data(tmp_path: Path) -> Path:
    warehouses.publish(tmp_path / "sample" / "warehouse", warehouses.three_districts())
    return tmp_path


def back(page: Page) -> None:
    """Wait until an open page has found the server again, and has run to its end there."""
    page.wait_for_selector("[data-testid=stApp][data-test-connection-state=CONNECTED]")
    settled(page)


def gone(page: Page) -> None:
    page.wait_for_selector("[data-testid=stApp]:not([data-test-connection-state=CONNECTED])")


def test_a_choice_made_after_the_server_was_started_anew_stays(data: Path, page: Page) -> None:
    port = free_port()
    with served(data, port) as address:
        page.goto(f"{address}/tong_quan")
        pick(page, "Đơn vị", "Tam Kỳ")
        pick(page, "Đến năm", "2023")
        expect(page.locator(".dvk-card").first).to_contain_text("37 mô hình")
        settled(page)
    gone(page)

    with served(data, port):
        back(page)
        pick(page, "Đơn vị", "Hội An")
        page.wait_for_url("**don_vi=hoi_an*")
        settled(page)

        expect(page.get_by_role("combobox", name="Đơn vị")).to_have_value("Hội An")
        expect(page.get_by_role("combobox", name="Đến năm")).to_have_value("2023")
        assert parse_qs(urlsplit(page.url).query) == {"den": ["2023"], "don_vi": ["hoi_an"]}


def test_a_presentation_goes_on_after_the_server_was_started_anew(data: Path, page: Page) -> None:
    port = free_port()
    with served(data, port) as address:
        page.goto(f"{address}/trinh_chieu?che_do=trinh_chieu&slide=mo_dau")
        number = page.locator(".dvk-slide-page")
        expect(number).to_contain_text("1/")
        settled(page)
    gone(page)

    with served(data, port):
        back(page)
        page.keyboard.press("ArrowRight")
        expect(number).to_contain_text("2/")
