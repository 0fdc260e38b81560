"""Roles through the real server, a real provider and a real browser: what each may do, tried one by one."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from oidc_provider_mock import User
from playwright.sync_api import Browser, Locator, Page, expect

from etl.receipts import returns_of
from etl.store import Store
from tests.browsing import fetched, settled
from tests.files import load, periodic, write_file
from tests.lan import Lan, opened_to_others, sign_in, users

pytestmark = pytest.mark.browser
DROPZONE = "[data-testid=stFileUploaderDropzoneInput]"
FLAG = "{} (chưa gửi|gửi chậm) báo cáo"
HOSTILE = "<img src=x onerror=alert(1)> ](http://evil.example) **x** :material/home:\nhai\u202e" + "y" * 2000
ROLES = ("lanh_dao", "don_vi", "ban_dan_van")  # who changes most comes last
MAY = {
    # action: lanh_dao, don_vi (of Thăng Bình), ban_dan_van
    "see the province's figures": (True, True, True),
    "see its own cells": (True, True, True),
    "see another's cells": (True, False, True),
    "see its own history": (True, True, True),
    "see another's history": (True, False, True),
    "see its own files held back": (True, True, True),
    "see another's files held back": (True, False, True),
    "see its own page": (True, True, True),
    "see another's page": (True, False, True),
    "see another's flags": (True, False, True),
    "see who sent what": (True, False, True),
    "see the units that need support": (True, False, True),
    "show the units that need support": (True, False, True),
    "see the evidence of flags": (True, False, True),
    "see frozen snapshots": (True, False, True),
    "see the audit trail": (True, False, True),
    "get its own form": (False, True, True),
    "get another's form": (False, False, True),
    "load its own return": (False, True, True),
    "load another's return": (False, False, True),
    "undo a load": (False, False, True),
    "get its own file to correct": (True, True, True),
    "get another's file to correct": (True, False, True),
    "get its own original": (True, True, True),
    "get another's original": (True, False, True),
    "get its own original held back": (True, True, True),
    "get another's original held back": (True, False, True),
    "withdraw": (False, False, True),
    "close a year": (False, False, True),
    "freeze": (False, False, True),
    "export the deck": (False, False, True),
    "export the deck with the units that need support": (False, False, True),
    "export the data": (False, False, True),
    "export profiles and letters": (False, False, True),
    "write a reminder": (False, False, True),
}


@pytest.fixture(scope="module")
def lan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lan]:
    """A server over returns of four districts, with a file held back of two of them."""
    data = tmp_path_factory.mktemp("roles")
    labels = {"thang_binh": "Huyện Thăng Bình", "hoi_an": "Thành phố Hội An", "que_son": "Huyện Quế Sơn"}
    for unit, label in {**labels, "nong_son": "Huyện Nông Sơn"}.items():
        load(write_file(data / "in" / f"{unit}.xlsx", periodic(label, 2022)), data=data)
    for unit in ("thang_binh", "hoi_an"):
        wrong = periodic(labels[unit])
        wrong["Biểu 01"][1][2] = "1.36"
        load(write_file(data / "in" / f"{unit}_sai.xlsx", wrong), data=data)
    hostile = User(sub="xau", claims={"name": HOSTILE, "roles": ["ban_dan_van"]})
    formula = User(sub="=1+1", claims={"name": "=HYPERLINK(1)", "roles": ["lanh_dao"]})
    merged = users({"que_son": ["don_vi:que_son"], "nham_ma": ["don_vi:khong_co"]})
    with opened_to_others(data, accounts=[*users(), *merged, hostile, formula]) as lan:
        yield lan


def window(browser: Browser) -> Page:
    """A window of a browser of its own."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True).new_page()
    page.set_default_timeout(60_000)
    expect.set_options(timeout=30_000)
    return page


def text(page: Page, lan: Lan, path: str) -> str:
    """Go to a page by its link and return what it says."""
    page.goto(f"{lan.base}/{path}")
    page.wait_for_selector(".dvk-head")
    settled(page).wait_for_timeout(300)  # a page that sets its link runs once more
    return settled(page).get_by_test_id("stMain").inner_text()


def offered(page: Page, button: str) -> int:
    return settled(page).get_by_role("button", name=re.compile(button)).count()


def gives_file(place: Page | Locator, button: str) -> bool:
    """Whether a file comes when its button, if there is one, is pressed."""
    page = settled(place.page if isinstance(place, Locator) else place)
    found = place.get_by_role("button", name=re.compile(button))
    if not found.count():
        return False
    return fetched(page, found.first).path().stat().st_size > 0


def store(lan: Lan) -> list[tuple[str, str]]:
    """What was done to the store: (kind, unit)."""
    return [
        (one["kind"], next((found.don_vi_id for found in returns_of(one)), ""))
        for one in Store(lan.data / "store").receipts
    ]


def quarantined(lan: Lan) -> int:
    return len(list((lan.data / "store" / "quarantine").iterdir()))


# --- the table: every role tries every action


def sees(page: Page, lan: Lan) -> dict[str, bool]:
    """Try to see."""
    cells = {unit: text(page, lan, f"nguon?chi_tieu=kiem_tra&don_vi={unit}") for unit in ("thang_binh", "hoi_an")}
    pages = {unit: text(page, lan, f"don_vi?don_vi={unit}") for unit in ("thang_binh", "hoi_an")}
    held = text(page, lan, "nop_bao_cao?muc=giu_lai")
    found = {
        "see the province's figures": "60 mô hình" in text(page, lan, "tong_quan").replace("\n", " "),
        "see its own cells": "thang_binh.xlsx" in cells["thang_binh"],
        "see another's cells": "hoi_an.xlsx" in cells["hoi_an"],
        "see its own files held back": "thang_binh_sai.xlsx" in held.replace("\\", ""),
        "see another's files held back": "hoi_an_sai.xlsx" in held.replace("\\", ""),
        "see its own page": "Thăng Bình: đã gửi" in pages["thang_binh"],
        "see another's page": "Hội An: đã gửi" in pages["hoi_an"],
        "see another's flags": re.search(FLAG.format("Hội An"), text(page, lan, "mat_can_doi?don_vi=hoi_an"))
        is not None,
        "see who sent what": "Bắc Trà My" in text(page, lan, "nop_bao_cao"),
        "see the units that need support": "Vì sao" in text(page, lan, "mat_can_doi?phan=can_ho_tro")
        or page.get_by_role("radio", name="Cần hỗ trợ").count() > 0,
        "see the evidence of flags": page.get_by_role("radio", name="Bằng chứng").count() > 0,
    }
    slides = text(page, lan, "trinh_chieu?noi_bo=co&bo=day_du")
    found["show the units that need support"] = "Đơn vị cần hỗ trợ" in slides
    found["see the audit trail"] = "Ai đã đăng nhập" in text(page, lan, "nhat_ky")
    return found


def gets(page: Page, lan: Lan) -> dict[str, bool]:
    """Try to get files."""
    found = {}
    for whose, unit in (("its own", "thang_binh"), ("another's", "hoi_an")):
        history = text(page, lan, f"nop_bao_cao?muc=lich_su&don_vi={unit}")
        found[f"see {whose} history"] = f"{unit}.xlsx" in history
        found[f"get {whose} original"] = gives_file(page, "Tải tệp gốc")
        text(page, lan, "nop_bao_cao?muc=giu_lai")
        held = page.get_by_test_id("stExpander").filter(has_text=f"{unit}_sai")
        if held.count():
            held.locator("summary").click()
        found[f"get {whose} file to correct"] = gives_file(held, "Tải tệp để sửa")
        found[f"get {whose} original held back"] = gives_file(held, "Tải tệp gốc")
        text(page, lan, f"nop_bao_cao?muc=nop&don_vi={unit}")
        if page.get_by_test_id("stExpander").filter(has_text="Lấy biểu mẫu").count():
            page.get_by_text("Lấy biểu mẫu cho một đơn vị").click()
            page.get_by_role("button", name="Lập biểu mẫu").click()
            expect(page.get_by_role("button", name=re.compile("Tải biểu mẫu"))).to_be_visible()
        found[f"get {whose} form"] = gives_file(page, f"Tải biểu mẫu {unit}_")
    return found


def loads(page: Page, lan: Lan, folder: Path, year: int) -> dict[str, bool]:
    """Try to hand in a file of one's own and one of another's at once."""
    before, held = store(lan), quarantined(lan)
    text(page, lan, "nop_bao_cao?muc=nop")
    if page.locator(DROPZONE).count():
        units = {"thang_binh": "Huyện Thăng Bình", "hoi_an": "Thành phố Hội An"}
        files = [write_file(folder / f"{unit}_{year}.xlsx", periodic(label, year)) for unit, label in units.items()]
        page.set_input_files(DROPZONE, files)
        page.get_by_role("button", name=re.compile("Nạp [12] tệp nhận được")).click()
        expect(page.get_by_role("heading", name="Kết quả lần nạp vừa rồi")).to_be_visible()
        assert ("accepted", "thang_binh") in store(lan)[len(before) :], page.get_by_test_id("stMain").inner_text()
    done = store(lan)[len(before) :]
    assert quarantined(lan) == held
    return {
        "load its own return": ("accepted", "thang_binh") in done,
        "load another's return": ("accepted", "hoi_an") in done,
        "undo a load": offered(page, "Hoàn tác lần nạp này") > 0,
    }


def decides(page: Page, lan: Lan) -> dict[str, bool]:
    """Try to close, freeze and withdraw; what is offered is done."""
    text(page, lan, "nop_bao_cao?muc=lich_su&don_vi=thang_binh")
    if offered(page, "^Khóa năm"):
        page.get_by_test_id("stForm").filter(has_text="Khóa năm").get_by_label("Lý do").fill("đã duyệt")
        page.get_by_role("button", name="Khóa năm").click()
        expect(page.get_by_text(re.compile("Năm .*: đã khóa, đã duyệt"))).to_be_visible()
        closed = [one["year"] for one in Store(lan.data / "store").receipts if one["kind"] == "closed"]
        page.get_by_test_id("stForm").filter(has_text="Mở khóa năm").get_by_label("Lý do").fill("thử")
        settled(page).get_by_role("button", name="Mở khóa năm").click()
        expect(page.get_by_text("Chưa khóa năm nào")).to_be_visible()
        assert len(closed) == 1
    if offered(page, "Rút bản này"):
        page.get_by_label("Lý do rút").first.fill("thử")
        page.get_by_role("button", name=re.compile("Rút bản này")).first.click()
        expect(page.get_by_role("row").filter(has_text="đã rút")).to_be_visible()
    page.goto(f"{lan.base}/trinh_chieu?hoi_nghi=ban_chot")
    page.wait_for_selector(".dvk-head")
    found = {"see frozen snapshots": settled(page).get_by_role("heading", name="Các bản chốt").count() > 0}
    if offered(page, "Chốt số liệu"):
        page.get_by_label("Tên bản chốt").fill("Hội nghị thử")
        page.get_by_label("Người chốt").fill("Tổ số liệu")
        page.get_by_role("button", name="Chốt số liệu").click()
        expect(page.get_by_text("Số liệu mới nhất đã chốt là")).to_be_visible()
    kinds = [kind for kind, _ in store(lan)]
    return {
        **found,
        "withdraw": "withdrawn" in kinds,
        "close a year": "closed" in kinds,
        "freeze": any((lan.data / "store" / "frozen").glob("*")),
    }


def exports(page: Page, lan: Lan) -> dict[str, bool]:
    """Try to take files away."""
    text(page, lan, "trinh_chieu?hoi_nghi=tai_ve")
    found = {
        "export the deck": gives_file(page, "^Tải .*pptx"),
        "export the data": gives_file(page, "^Tải .*xlsx"),
        "export profiles and letters": offered(page, "Lập công văn nhắc") + offered(page, "Lập hồ sơ đơn vị") == 2,
    }
    support = settled(page).get_by_text("Kèm danh sách cần hỗ trợ (nội bộ)")
    if support.count():
        support.first.click()
    found["export the deck with the units that need support"] = support.count() > 0 and gives_file(page, "^Tải .*pptx")
    text(page, lan, "nop_bao_cao?don_vi=nui_thanh&tu=2022&den=2022")
    found["write a reminder"] = gives_file(page, "Tải công văn nhắc")
    return found


@pytest.fixture(scope="module")
def found(lan: Lan, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bool]]:
    """What each role could do."""
    outcome = {}
    for year, role in enumerate(ROLES, 2019):
        page = sign_in(window(browser), lan, role)
        outcome[role] = {
            **sees(page, lan),
            **gets(page, lan),
            **decides(page, lan),
            **exports(page, lan),
            **loads(page, lan, tmp_path_factory.mktemp(role), year),
        }
        page.context.close()
    return outcome


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", MAY)
def test_a_role_can_do_what_the_table_says_and_no_more(
    action: str, role: str, found: dict[str, dict[str, bool]]
) -> None:
    assert found[role][action] == MAY[action][ROLES.index(role)]


def test_nothing_was_tried_that_the_table_leaves_out(found: dict[str, dict[str, bool]]) -> None:
    assert all(set(tried) == set(MAY) for tried in found.values())


def test_what_was_done_is_written_down_with_who_did_it(found: dict[str, dict[str, bool]], lan: Lan) -> None:
    told = {(one["event"], one["who"]) for one in lan.journal()}
    unit, office, head = (f"Tài khoản {sub} ({sub})" for sub in ("don_vi", "ban_dan_van", "lanh_dao"))

    assert {("dang_nhap", unit), ("dang_nhap", office), ("dang_nhap", head)} <= told
    assert {("tai_goc", unit), ("tai_goc", office), ("tai_goc", head), ("xuat", office)} <= told
    assert not {("xuat", unit), ("xuat", head)} & told
    by = {(one["kind"], one["by"]) for one in Store(lan.data / "store").receipts}
    assert {("accepted", unit), ("accepted", office), ("withdrawn", office), ("closed", office)} <= by
    assert head not in {who for _, who in by}


# --- what a unit's account is told of others


@pytest.fixture(scope="module")
def unit_page(lan: Lan, browser: Browser) -> Iterator[Page]:
    page = sign_in(window(browser), lan, "don_vi")
    yield page
    page.context.close()


@pytest.mark.parametrize(
    "path",
    [
        "nop_bao_cao?don_vi=hoi_an",
        "nop_bao_cao?muc=lich_su&don_vi=hoi_an",
        "don_vi?don_vi=hoi_an",
        "nguon?don_vi=hoi_an&chi_tieu=kiem_tra",
        "nguon?don_vi=hoi_an",
        "nguon?chi_tieu=kiem_tra",
        "mat_can_doi?don_vi=hoi_an",
        "tong_quan",
        "trinh_chieu?don_vi=hoi_an&bo=day_du",
        "trinh_chieu?don_vi=hoi_an&bo=day_du&che_do=trinh_chieu&slide=canh_bao",
    ],
)
def test_no_page_tells_a_unit_what_another_sent_or_is_flagged_for(unit_page: Page, lan: Lan, path: str) -> None:
    if "che_do" in path:
        unit_page.goto(f"{lan.base}/{path}")
        expect(unit_page.get_by_text("Thoát")).to_be_visible()
    else:
        text(unit_page, lan, path)

    told = settled(unit_page).get_by_test_id("stMain").text_content() or ""  # what is folded up as well
    assert "hoi_an" not in told and "Hội An: " not in told and not re.search(FLAG.format("Hội An"), told)


def test_the_flags_that_a_unit_downloads_are_its_own_and_the_provinces(unit_page: Page, lan: Lan) -> None:
    text(unit_page, lan, "mat_can_doi")
    download = fetched(unit_page, "Tải các cảnh báo (CSV)")

    told = download.path().read_text(encoding="utf-8-sig")
    assert re.search(FLAG.format("Thăng Bình"), told) and not re.search(FLAG.format("Hội An"), told)


def test_a_part_that_is_not_for_a_unit_cannot_be_reached_by_its_link(unit_page: Page, lan: Lan) -> None:
    for path in ("mat_can_doi?phan=can_ho_tro", "trinh_chieu?hoi_nghi=tai_ve", "trinh_chieu?hoi_nghi=ban_chot"):
        assert "Đường dẫn có giá trị không dùng được" in text(unit_page, lan, path)
    assert "Cảnh báo của đơn vị này chỉ đơn vị ấy và cấp tỉnh xem được" in text(
        unit_page, lan, "mat_can_doi?don_vi=hoi_an"
    )
    assert "Ở đây chỉ có cảnh báo của toàn tỉnh và của đơn vị mình" in text(unit_page, lan, "mat_can_doi")
    assert "Trang của đơn vị này chỉ đơn vị ấy và cấp tỉnh xem được" in text(unit_page, lan, "don_vi?don_vi=hoi_an")
    assert "chỉ đơn vị ấy và cấp tỉnh" in text(unit_page, lan, "nop_bao_cao?muc=lich_su&don_vi=hoi_an")


def test_a_successor_does_not_see_the_cells_of_the_unit_it_took_over(lan: Lan, browser: Browser) -> None:
    page = sign_in(window(browser), lan, "que_son")

    as_sent = text(page, lan, "nguon?don_vi=que_son&chi_tieu=kiem_tra")
    merged = text(page, lan, "nguon?don_vi=que_son&chi_tieu=kiem_tra&dia_gioi=2025-01-01")

    assert "que_son.xlsx" in as_sent
    assert "nong_son.xlsx" not in merged and "chỉ đơn vị gửi và cấp tỉnh xem được" in merged
    page.context.close()


def test_a_role_for_a_unit_that_is_not_there_is_told_so(lan: Lan, browser: Browser) -> None:
    page = sign_in(window(browser), lan, "nham_ma")

    assert "không có trong danh mục" in text(page, lan, "nop_bao_cao")
    assert "Lấy biểu mẫu" not in text(page, lan, "nop_bao_cao?muc=nop")
    page.context.close()


# --- coming and going


def test_a_link_survives_signing_in_and_the_sidebar_says_who_it_is(lan: Lan, browser: Browser) -> None:
    page = sign_in(window(browser), lan, "don_vi", "tong_quan?tu=2015")

    expect(page.get_by_role("combobox", name="Từ năm")).to_have_value("2015")
    assert page.url.endswith("/tong_quan?tu=2015")
    expect(page.locator(".dvk-viewer")).to_have_text("Tài khoản don_viĐơn vị Thăng Bình")
    page.context.close()


def test_signing_out_ends_the_session_in_every_tab(lan: Lan, browser: Browser) -> None:
    page = sign_in(window(browser), lan, "lanh_dao")
    other = page.context.new_page()
    text(other, lan, "linh_vuc")

    settled(page).get_by_role("button", name="Đăng xuất").click()
    page.get_by_role("button", name="End session").click()  # the provider asks as well
    expect(page.get_by_role("link", name="Đăng nhập")).to_be_visible()
    other.get_by_test_id("stSidebarNav").get_by_text("Mô hình", exact=True).click()

    expect(other.get_by_role("link", name="Đăng nhập")).to_be_visible()
    assert lan.journal()[-1]["event"] == "dang_xuat"
    page.context.close()


def test_an_account_without_a_role_is_told_so_and_may_come_as_another(lan: Lan, browser: Browser) -> None:
    page = window(browser)
    page.goto(lan.base)
    page.get_by_role("link", name="Đăng nhập").click()
    with page.expect_response(lambda answer: answer.url == f"{lan.base}/") as answer:
        page.get_by_role("button", name="khong_vai_tro").click()

    assert answer.value.status == 403
    expect(page.get_by_text("Tài khoản khong_vai_tro (khong_vai_tro) chưa được giao vai trò nào")).to_be_visible()
    page.get_by_role("link", name="Dùng tài khoản khác").click()
    page.get_by_role("button", name="End session").click()
    expect(page.get_by_role("link", name="Đăng nhập")).to_be_visible()
    page.context.close()


def test_a_session_that_runs_out_while_a_page_is_open_leads_to_the_sign_in_page(
    browser: Browser, tmp_path: Path
) -> None:
    load(write_file(tmp_path / "a.xlsx", periodic()), data=tmp_path / "data")
    with opened_to_others(tmp_path / "data", session=timedelta(seconds=20)) as short:
        page = sign_in(window(browser), short, "lanh_dao")
        expect(page.locator(".dvk-card").first).to_be_visible()
        page.wait_for_timeout(21_000)
        settled(page).get_by_test_id("stSidebarNav").get_by_text("Mô hình", exact=True).click()

        expect(page.get_by_role("link", name="Đăng nhập")).to_be_visible()
        page.context.close()


# --- names that anyone may have chosen


def test_a_hostile_name_is_shown_as_it_is_everywhere(lan: Lan, browser: Browser, tmp_path: Path) -> None:
    page = window(browser)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    sign_in(page, lan, "xau")
    shown = "<img src=x onerror=alert(1)> ](http://evil.example) **x** :material/home: hai yy"
    expect(page.locator(".dvk-viewer")).to_contain_text(shown)
    assert page.locator(".dvk-viewer img, .dvk-viewer a").count() == 0

    text(page, lan, "nop_bao_cao?muc=nop")
    page.set_input_files(DROPZONE, write_file(tmp_path / "a.xlsx", periodic("Huyện Đại Lộc")))
    page.get_by_role("button", name="Nạp 1 tệp nhận được").click()
    expect(page.get_by_role("heading", name="Kết quả lần nạp vừa rồi")).to_be_visible()
    by = Store(lan.data / "store").receipts[-1]["by"]
    assert by.startswith(shown) and by.endswith("… (xau)") and len(by) < 120 and by.isprintable()
    assert shown in text(page, lan, "nop_bao_cao?muc=lich_su&don_vi=dai_loc")
    assert text(page, lan, "nhat_ky").count(shown) >= 2
    assert page.locator("td img, td a").count() == 0
    assert not [url for url in asked if "evil" in url or url.endswith("/x")]
    page.context.close()


def test_a_name_that_is_a_formula_is_text_in_the_audit_trails_file(lan: Lan, browser: Browser) -> None:
    page = sign_in(window(browser), lan, re.escape("=1+1"))

    text(page, lan, "nhat_ky?viec=dang_nhap")
    download = fetched(page, "Tải nhật ký (CSV)")

    rows = csv.reader(io.StringIO(download.path().read_text(encoding="utf-8-sig")), delimiter=";")
    cells = [cell for row in rows for cell in row]
    assert "'=HYPERLINK(1) (=1+1)" in cells and not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
    page.context.close()
