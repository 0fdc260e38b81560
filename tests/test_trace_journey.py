"""From a number on the first screen to the cell it was typed in, in a real browser."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browsing import fetched, served
from tests.files import load, periodic, write_file

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data = tmp_path_factory.mktemp("data")
    for year in (2022, 2023):
        sent = write_file(data / "in" / f"thang_binh_{year}.xlsx", periodic(year=year))
        load(sent, data=data)
    with served(data) as address:
        yield address


def test_number_leads_to_its_cells_and_to_the_file_that_holds_them(address: str, page: Page, tmp_path: Path) -> None:
    page.goto(f"{address}/tong_quan?don_vi=thang_binh&tu=2023&den=2023")
    card = page.locator(".dvk-card").first
    expect(card).to_contain_text("15 mô hình")

    card.get_by_role("link", name="15").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/nguon?*")
    assert parse_qs(urlsplit(page.url).query)["chi_tieu"] == ["mo_hinh_cong_nhan"]
    expect(page.locator(".dvk-figure")).to_contain_text("Mô hình công nhận · Thăng Bình · năm 2023")
    expect(page.locator(".dvk-table tfoot")).to_contain_text("15")
    row = page.locator(".dvk-table tbody tr").filter(has_text="Văn hóa - xã hội")
    *_, sheet, cell, value, _ = row.locator("td").all_inner_texts()
    downloaded = fetched(page, "Tải tệp gốc")

    assert downloaded.suggested_filename == "thang_binh_2023.xlsx"
    downloaded.save_as(tmp_path / "goc.xlsx")
    book = openpyxl.load_workbook(tmp_path / "goc.xlsx")
    assert str(book[sheet][cell].value) == value == "8"


def test_way_back_restores_what_was_chosen(address: str, page: Page) -> None:
    page.goto(f"{address}/nam?don_vi=thang_binh")
    page.get_by_text("Bảng số liệu và tải về").first.click()
    page.locator(".dvk-table a.dvk-trace").first.click()
    expect(page.locator(".dvk-figure")).to_contain_text("Thăng Bình · năm")

    page.go_back()

    expect(page.get_by_role("combobox", name="Đơn vị")).to_have_value("Thăng Bình")
    assert parse_qs(urlsplit(page.url).query).get("tu") is None


def test_clicked_column_names_its_cells_below_the_chart(address: str, page: Page) -> None:
    page.goto(f"{address}/nam?don_vi=thang_binh")
    chart = page.locator("[data-testid=stPlotlyChart]").first
    column = chart.locator(".trace.bars").first.locator(".point path").last
    expect(column).to_be_visible()

    box = column.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    expect(page.get_by_role("status").filter(has_text="Thăng Bình · năm 2023")).to_contain_text("cộng từ 4 ô của 1 báo")
