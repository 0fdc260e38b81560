"""Presentation mode: the slides of a link, their order, keys, and that nothing is cut on any screen."""

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

from dashboard import slide_markup
from dashboard.choice import Choice
from dashboard.slides import NAMES, PRESETS, BigNumber, Slide, picked
from dashboard.slides.content import SUPPORT
from dashboard.warehouse import Warehouse
from etl.catalogue import Catalogue
from tests import warehouses
from tests.browsing import served, settled
from tests.flagged import HOSTILE
from tests.test_frozen import REHEARSAL, freeze_rows
from tests.test_pages import open_page, text_of

SIZES = ((1024, 768), (1280, 720), (1920, 1080))


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DVK_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture
def sample(data: Path) -> Path:
    warehouses.publish(data / "sample" / "warehouse", warehouses.three_districts())
    return data


def presented(**link: str) -> AppTest:
    return open_page("trinh_chieu", che_do="trinh_chieu", **link)


def place(app: AppTest) -> str:
    found = re.search(r'class="dvk-slide-page"[^>]*>([^<]*)<', "".join(one.proto.body for one in app.get("html")))
    assert found, "no slide is shown"
    return found[1]


def pressed(app: AppTest, key: str) -> AppTest:
    return app.button(key=key).click().run()


def is_presenting(app: AppTest) -> bool:
    return 'class="dvk-slide-page"' in "".join(one.proto.body for one in app.get("html"))


# --- choosing


def test_the_start_shows_the_first_slide_of_the_set_and_stands_in_the_link(sample: Path) -> None:
    app = open_page("trinh_chieu")
    assert not is_presenting(app) and app.multiselect[0].value == list(PRESETS["5_phut"])

    next(one for one in app.button if one.label == "Trình chiếu").click().run()

    assert place(app).startswith("1/") and not app.exception
    assert app.query_params["che_do"] == "trinh_chieu" and app.query_params["slide"] == "mo_dau"


def test_slides_of_ones_own_stand_in_the_link_in_their_order(sample: Path) -> None:
    app = open_page("trinh_chieu")
    app.multiselect[0].set_value(["nguon", "tong_quan", "mo_dau"]).run()
    assert app.query_params["trang"] == "nguon,tong_quan,mo_dau"

    app.selectbox(key="doi_cho").set_value("mo_dau").run()
    next(one for one in app.button if one.label == "Lên trước").click().run()
    assert app.query_params["trang"] == "nguon,mo_dau,tong_quan"

    app.radio(key="bo").set_value("day_du").run()
    assert "trang" not in app.query_params and app.query_params["bo"] == "day_du"


def test_slides_without_figures_are_left_out_and_named(data: Path) -> None:
    warehouses.publish(data / "warehouse", warehouses.published_only())

    text = text_of(open_page("trinh_chieu"))

    assert f"Chưa đủ số liệu nên bỏ qua: {NAMES['cac_nam']}" in text
    assert "Chiếu trang này" in text


def test_units_that_need_support_are_shown_only_when_switched_on(sample: Path) -> None:
    app = open_page("trinh_chieu", bo="day_du")
    assert SUPPORT not in app.multiselect[0].value

    app.toggle(key="noi_bo").set_value(True).run()

    assert SUPPORT in app.multiselect[0].value and app.query_params["noi_bo"] == "co"


# --- links


def test_every_slide_is_a_link_and_keeps_its_place(sample: Path) -> None:
    keys = ("mo_dau", "linh_vuc", "nguon")
    for number, key in enumerate(keys, 1):
        app = presented(trang=",".join(keys), slide=key)
        assert place(app) == f"{number}/3" and app.query_params["slide"] == key


@pytest.mark.parametrize(
    "link", [{"slide": "khong_co"}, {"trang": "mo_dau,<b>"}, {"bo": "10_phut"}, {"slide": HOSTILE}]
)
def test_a_link_of_no_slide_shows_the_first(sample: Path, link: dict[str, str]) -> None:
    app = presented(**link)

    assert place(app).startswith("1/") and not app.exception


def test_a_wrong_link_is_said_before_presenting(sample: Path) -> None:
    assert "Đường dẫn có giá trị không dùng được" in text_of(open_page("trinh_chieu", trang="khong_co"))


def test_a_frozen_snapshot_is_presented_and_named(data: Path, catalogue: Catalogue) -> None:
    freeze_rows(data, warehouses.one_district(), REHEARSAL, "ban-1", catalogue)
    warehouses.publish(data / "warehouse", warehouses.three_districts(simulated=False))

    latest, frozen = (text_of(presented(trang="tong_quan", ban=name)) for name in ("moi_nhat", "ban-1"))

    assert "Bản chốt “Tổng duyệt”" in frozen and "18 mô hình" in frozen
    assert "Bản chốt" not in latest and "118 mô hình" in latest


# --- turning


def test_ways_lead_on_back_to_the_ends_and_out(sample: Path) -> None:
    app = presented(trang="mo_dau,tong_quan,linh_vuc,nguon")
    steps = [
        ("chieu_sau", "2/4"),
        ("chieu_phim_Space", "3/4"),
        ("chieu_phim_PageUp", "2/4"),
        ("chieu_phim_End", "4/4"),
        ("chieu_sau", "4/4"),
        ("chieu_truoc", "3/4"),
        ("chieu_phim_Home", "1/4"),
        ("chieu_truoc", "1/4"),
    ]
    for key, expected in steps:
        assert place(pressed(app, key)) == expected, key

    app = pressed(pressed(app, "chieu_sau"), "chieu_thoat")
    assert not is_presenting(app) and "che_do" not in app.query_params and "slide" not in app.query_params
    assert any(one.label == "Tiếp tục từ trang 2/4" for one in app.button)


# --- what is shown


def test_simulated_figures_are_marked_on_every_slide(sample: Path) -> None:
    warehouse = Warehouse(next((sample / "sample" / "warehouse").glob("*.duckdb")))
    found = picked(warehouse, Choice(2009, 2024, None), tuple(NAMES), with_support=True)

    assert len(found) >= 8
    for slide in found:
        assert "DỮ LIỆU MÔ PHỎNG" in slide_markup.head(slide), slide.key
        figure = slide_markup.picture(slide, "")
        if figure is None:
            assert "DỮ LIỆU MÔ PHỎNG" in slide_markup.body(slide, ""), slide.key
        else:
            assert any(note.text == "DỮ LIỆU MÔ PHỎNG" for note in figure.objects.layout.annotations), slide.key


def test_a_figure_is_shown_as_a_copy_so_that_other_pages_keep_theirs(sample: Path) -> None:
    warehouse = Warehouse(next((sample / "sample" / "warehouse").glob("*.duckdb")))
    (slide,) = picked(warehouse, Choice(2009, 2024, None), ("linh_vuc",))
    assert slide.exhibit is not None and slide.exhibit.figure is not None
    before = slide.exhibit.figure.drawn().to_json()

    shown = slide_markup.picture(slide, "")

    assert shown is not None and len(shown.objects.data) == len(slide.exhibit.figure.data)
    assert slide.exhibit.figure.drawn().to_json() == before


def test_hostile_text_stays_text() -> None:
    table = pd.DataFrame({HOSTILE: [HOSTILE, None]}, dtype=object)
    number = BigNumber(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    common = {"title": HOSTILE, "subtitle": HOSTILE, "source": HOSTILE, "notes": (HOSTILE,), "points": (HOSTILE,)}
    for kind in ("cover", "numbers", "points", "table"):
        slide = Slide("x", kind, numbers=(number,), table=table, **common)  # type: ignore[arg-type]
        html = slide_markup.head(slide) + slide_markup.body(slide, HOSTILE) + slide_markup.foot(slide, HOSTILE)
        assert "<script" not in html and "&lt;script&gt;" in html, kind


def test_longer_texts_are_written_smaller_and_never_below_the_least() -> None:
    def size(words: int) -> int:
        slide = Slide("x", "points", "Một câu", "", points=(" ".join(["việc cần làm"] * words),) * 5)
        found = re.search(r"--on-wide:(\d+)px", slide_markup.body(slide, ""))
        assert found
        return int(found[1])

    assert size(5) == 30 and 14 <= size(60) < 30 and size(2000) == 14


def test_an_empty_store_and_one_district_say_what_is_missing(data: Path) -> None:
    assert "Chưa có số liệu nào để trình chiếu" in text_of(presented())

    warehouses.publish(data / "warehouse", warehouses.one_district())
    app = presented(bo="day_du")
    assert place(app).startswith("1/") and not app.exception


# --- in a browser


@pytest.fixture(scope="module")
def address(loaded_sample: Path) -> Iterator[str]:
    with served(loaded_sample) as address:
        yield address


def shows(page: Page, number: int, key: str) -> None:
    expect(page.locator(".dvk-slide-page")).to_have_text(re.compile(rf"^{number}/"))
    page.wait_for_url(f"**slide={key}*")
    settled(page)  # the buttons that own the keys are drawn after the slide


@pytest.mark.browser
def test_keys_turn_slides_and_leave(address: str, page: Page) -> None:
    foreign: list[str] = []
    page.on("request", lambda request: foreign.append(request.url))
    page.goto(f"{address}/trinh_chieu?che_do=trinh_chieu&slide=tong_quan")
    keys = PRESETS["5_phut"]
    shows(page, 2, "tong_quan")
    expect(page.locator("[data-testid=stSidebar]")).not_to_be_visible()
    expect(page.locator(".dvk-head")).not_to_be_visible()
    for pressed_key, number in (
        ("ArrowRight", 3),
        ("Space", 4),
        ("PageDown", 5),
        ("ArrowLeft", 4),
        ("PageUp", 3),
        ("Home", 1),
        ("End", len(keys)),
    ):
        page.keyboard.press(pressed_key)
        shows(page, number, keys[number - 1])

    page.reload()
    shows(page, len(keys), keys[-1])
    expect(page.locator("[data-testid=stSidebar]")).not_to_be_visible()
    for _ in range(3):  # nothing under the slide takes the focus
        page.keyboard.press("Tab")
        assert page.evaluate("() => Boolean(document.activeElement.closest('.st-key-chieu_thanh'))")
    page.get_by_role("button", name="Trước").click()
    shows(page, len(keys) - 1, keys[-2])
    page.keyboard.press("Space")  # the button just clicked has the focus and must not take the key
    shows(page, len(keys), keys[-1])

    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Trình chiếu", exact=True)).to_be_visible()
    assert "che_do" not in page.url
    assert [url for url in foreign if not url.startswith((address, "data:", "blob:"))] == []


OVERFLOWING = """() => ['html', '.st-key-chieu_trang', '.dvk-slide-body'].filter(name => {
  const found = document.querySelector(name)
  return found && (found.scrollHeight > found.clientHeight + 1 || found.scrollWidth > found.clientWidth + 1)
})"""
OUTSIDE = """() => {
  const stage = document.querySelector('.st-key-chieu_trang').getBoundingClientRect()
  const names = '.dvk-slide-title, .dvk-slide-foot, .dvk-slide-body > *, .main-svg, .st-key-chieu_thanh'
  const parts = document.querySelectorAll(names)
  return [...parts].filter(part => {
    const at = part.getBoundingClientRect()
    return at.height && !part.matches('.dvk-slide-across') &&
      (at.top < 0 || at.left < 0 || at.bottom > innerHeight + 1 || at.right > innerWidth + 1 || at.left < stage.left)
  }).map(part => part.className.baseVal ?? part.className)
}"""


@pytest.mark.browser
def test_nothing_is_cut_on_any_screen(address: str, page: Page) -> None:
    page.goto(f"{address}/trinh_chieu?che_do=trinh_chieu&bo=day_du&noi_bo=co")
    expect(page.locator(".dvk-slide-page")).to_be_visible()
    count = int(page.locator(".dvk-slide-page").inner_text().split("/")[1])
    assert count == len(NAMES)
    for number in range(1, count + 1):
        expect(page.locator(".dvk-slide-page")).to_have_text(f"{number}/{count}")
        settled(page)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_function("() => document.querySelector('.dvk-slide-body, .main-svg')")
            assert page.evaluate(OVERFLOWING) == [], (number, width)
            assert page.evaluate(OUTSIDE) == [], (number, width)
            assert page.evaluate("() => document.documentElement.scrollHeight <= innerHeight")
        page.keyboard.press("ArrowRight")
