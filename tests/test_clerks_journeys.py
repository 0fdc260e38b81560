"""What a clerk does in a real browser: hands in a bad file, corrects it, loads it, undoes it, reminds a unit."""

from collections.abc import Iterator
from pathlib import Path

import docx
import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browsing import fetched, served
from tests.files import load, periodic, query, write_file

pytestmark = pytest.mark.browser
DROPZONE = "[data-testid=stFileUploaderDropzoneInput]"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one district's year before."""
    folder = tmp_path_factory.mktemp("data")
    load(write_file(folder / "in" / "a.xlsx", periodic(year=2022)), data=folder)
    return folder


@pytest.fixture(scope="module")
def address(data: Path) -> Iterator[str]:
    with served(data) as address:
        yield address


def recognised(data: Path) -> list[tuple[int]]:
    return query(
        data, "SELECT sum(value) FROM core_year_value WHERE indicator_id = 'mo_hinh_cong_nhan' AND year = 2023"
    )


def test_a_bad_file_is_corrected_loaded_seen_and_undone(address: str, data: Path, page: Page, tmp_path: Path) -> None:
    bad = periodic()
    bad["Biểu 01"][1][2], bad["Biểu 02"][2][2] = "1.36", "hơn 100"
    sent = write_file(tmp_path / "thang_binh_2023.xlsx", bad)

    page.goto(f"{address}/nop_bao_cao?muc=nop")
    page.set_input_files(DROPZONE, sent)
    expect(page.get_by_role("heading", name="Kết quả kiểm tra thử, chưa nạp gì")).to_be_visible()
    expect(page.get_by_role("row", name="Lỗi Biểu 01 C2")).to_contain_text("1.36")
    expect(page.get_by_role("row", name="Lỗi Biểu 02 C3")).to_contain_text("hơn 100")
    expect(page.get_by_role("button", name="Nạp 0 tệp nhận được")).to_be_disabled()
    downloaded = fetched(page, "Tải tệp để sửa")
    assert downloaded.suggested_filename == "thang_binh_2023_can_sua.xlsx"
    corrected = tmp_path / "lai" / "thang_binh_2023.xlsx"
    downloaded.save_as(corrected)
    book = openpyxl.load_workbook(corrected)
    assert "1.36" in book["Biểu 01"]["C2"].comment.text
    book["Biểu 01"]["C2"], book["Biểu 02"]["C3"] = 4, 6
    book.save(corrected)

    page.goto(f"{address}/nop_bao_cao?muc=nop")
    page.set_input_files(DROPZONE, corrected)
    page.get_by_role("button", name="Nạp 1 tệp nhận được").click()
    expect(page.get_by_role("heading", name="Kết quả lần nạp vừa rồi")).to_be_visible()
    assert recognised(data) == [(15,)]
    page.get_by_label("Lý do hoàn tác").fill("nạp nhầm")
    page.get_by_role("button", name="Hoàn tác lần nạp này (1 báo cáo)").click()
    expect(page.get_by_role("heading", name="Kết quả lần nạp vừa rồi")).to_have_count(0)
    assert recognised(data) == [(None,)]

    page.goto(f"{address}/nop_bao_cao?muc=lich_su&don_vi=thang_binh")
    expect(page.get_by_role("row").filter(has_text="đã rút")).to_contain_text("nạp nhầm")


def test_an_older_version_is_taken_only_with_a_reason_and_a_closed_year_takes_nothing(
    page: Page, tmp_path: Path
) -> None:
    data, files = tmp_path / "data", []
    for name, day, inspections in (("moi", "31/12/2023", 6), ("cu", "30/11/2023", 4)):
        sheets = periodic()
        sheets["Thông tin"].append(["Ngày chốt số liệu", day])
        sheets["Biểu 02"][2][2] = inspections
        files.append(write_file(tmp_path / f"{name}.xlsx", sheets))
    load(files[0], data=data)

    with served(data) as address:
        page.goto(f"{address}/nop_bao_cao?muc=nop")
        page.set_input_files(DROPZONE, files[1])
        expect(page.get_by_role("button", name="Nạp 0 tệp nhận được")).to_be_disabled()
        page.get_by_label("Lý do nhận bản có ngày chốt").fill("bản sau gửi nhầm")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Kiểm tra, đánh giá: 6 → 4 (Biểu 02 C3)")).to_be_visible()
        page.get_by_role("button", name="Nạp 1 tệp nhận được").click()
        expect(page.get_by_role("heading", name="Kết quả lần nạp vừa rồi")).to_be_visible()
        page.goto(f"{address}/nop_bao_cao?muc=lich_su")
        expect(page.get_by_role("row", name="2 đang dùng")).to_contain_text("bản sau gửi nhầm")
        page.get_by_test_id("stForm").filter(has_text="Khóa năm").get_by_label("Lý do").fill("đã duyệt")
        page.get_by_role("button", name="Khóa năm").click()
        expect(page.get_by_text("Năm 2023: đã khóa, đã duyệt")).to_be_visible()
        page.get_by_label("Lý do rút").first.fill("thử")
        page.get_by_role("button", name="Rút bản này").first.click()

        expect(page.get_by_text("mở khóa năm rồi rút báo cáo")).to_be_visible()
    assert query(data, "SELECT value FROM core_year_value WHERE indicator_id = 'kiem_tra'") == [(4,)]


def test_a_unit_that_owes_returns_is_reminded(address: str, page: Page) -> None:
    page.goto(f"{address}/nop_bao_cao?don_vi=nui_thanh&tu=2022&den=2022")

    expect(page.get_by_text("đơn vị cấp huyện đã gửi báo cáo năm").first).to_be_visible()
    expect(page.locator("[data-testid=stCode]")).to_contain_text("Núi Thành")
    downloaded = fetched(page, "Tải công văn nhắc Núi Thành")
    text = "\n".join(paragraph.text for paragraph in docx.Document(downloaded.path()).paragraphs)
    assert "năm 2022" in text
    assert "MÔ PHỎNG" not in text


def test_the_uploader_speaks_vietnamese(address: str, page: Page) -> None:
    page.goto(f"{address}/nop_bao_cao?muc=nop")

    dropzone = page.get_by_test_id("stFileUploaderDropzone")
    expect(dropzone.get_by_role("button", name="Chọn tệp")).to_be_visible()
    expect(dropzone).to_contain_text("20MB mỗi tệp")


def test_a_file_that_is_no_workbook_is_refused_in_vietnamese_and_the_skip_link_speaks_it_too(
    address: str, page: Page, tmp_path: Path
) -> None:
    (tmp_path / "bao_cao.docx").write_bytes(b"PK\x03\x04 not a workbook")
    page.goto(f"{address}/nop_bao_cao?muc=nop")
    page.set_input_files(DROPZONE, tmp_path / "bao_cao.docx")

    expect(page.get_by_role("row", name="bao_cao.docx phải sửa")).to_be_visible()
    expect(page.locator('a[href="#stMain"]')).to_have_text("Tới nội dung chính")


def test_without_any_return_files_can_be_handed_in(page: Page, tmp_path: Path) -> None:
    with served(tmp_path / "data") as address:
        page.goto(f"{address}/nop_bao_cao")
        expect(page.get_by_role("heading", name="Chưa có số liệu", level=2)).to_be_visible()
        expect(page.get_by_role("heading", level=1)).to_have_text("Nộp báo cáo")
        page.set_input_files(DROPZONE, write_file(tmp_path / "a.xlsx", periodic()))
        page.get_by_role("button", name="Nạp 1 tệp nhận được").click()

        expect(page.get_by_role("heading", name="Kết quả lần nạp vừa rồi")).to_be_visible()
        assert recognised(tmp_path / "data") == [(15,)]


def test_a_load_goes_to_its_end_although_the_clerk_turns_to_another_page(page: Page, tmp_path: Path) -> None:
    files = [write_file(tmp_path / f"{year}.xlsx", periodic(year=year)) for year in range(2009, 2024)]
    receipts, warehouse = tmp_path / "data" / "store" / "receipts", tmp_path / "data" / "warehouse"

    with served(tmp_path / "data") as address:
        page.goto(f"{address}/nop_bao_cao")
        page.set_input_files(DROPZONE, files)
        page.get_by_role("button", name=f"Nạp {len(files)} tệp nhận được").click()
        while not any(receipts.glob("*.json")):
            page.wait_for_timeout(20)
        page.get_by_role("link", name="Mô hình").click()
        expect(page.get_by_role("heading", name="Kết quả kiểm tra thử")).to_have_count(0)
        page.get_by_role("link", name="Nộp báo cáo").click()

        expect(page.get_by_role("button", name=f"Hoàn tác lần nạp này ({len(files)} báo cáo)")).to_be_visible()
    assert len(list(receipts.glob("*.json"))) == len(files)
    assert (warehouse / "CURRENT").is_file()


def test_a_file_name_is_shown_as_it_is_and_reaches_no_other_server(address: str, page: Page, tmp_path: Path) -> None:
    bad = periodic()
    bad["Biểu 01"][1][2] = "1.36"
    name = ":red[a] **b** $c$ `d` ![e](http://127.0.0.1:9/f.png) :streamlit: [g](h) i--j->k.xlsx"
    sent = {"name": name, "mimeType": "", "buffer": write_file(tmp_path / "a.xlsx", bad).read_bytes()}
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"{address}/nop_bao_cao?muc=nop")
    page.set_input_files(DROPZONE, sent)
    told = page.locator("summary").filter(has_text="phải sửa")

    expect(told).to_be_visible()
    assert told.locator("p").inner_text().replace("\u2060", "") == f"{name}: phải sửa"
    assert told.locator("p *").count() == 0
    assert not [url for url in asked if "127.0.0.1:9/" in url]
