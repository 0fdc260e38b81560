"""What holds on every screen: width, headings, words, text alternatives, names, contrast, keyboard; nothing is fetched.

Every page and part of a page over the sample is looked at once, at 1024×768 and on a telephone, in light and in dark;
each rule is then a test of its own over what was found.
"""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from tests.browsing import served, settled

pytestmark = pytest.mark.browser
RULES = (Path(__file__).parent / "screen_rules.js").read_text(encoding="utf-8")
SCREENS = (
    *("tong_quan", "linh_vuc", "nam", "hoat_dong", "muc_tieu", "doi_chieu", "mo_hinh", "tu_dien", "nhat_ky"),
    *(f"dia_ban?xem={part}" for part in ("ban_do", "qua_cac_nam", "lanh_dao", "chu_de", "nhan_rong")),
    *(f"mat_can_doi?phan={part}" for part in ("canh_bao", "bang_chung", "can_ho_tro", "phuong_phap")),
    *("don_vi", "don_vi?don_vi=tam_ky", "nguon", "nguon?chi_tieu=kiem_tra&don_vi=tam_ky"),
    *(f"nop_bao_cao?muc={part}" for part in ("theo_doi", "nop", "giu_lai", "lich_su")),
    *(f"trinh_chieu?hoi_nghi={part}" for part in ("trinh_chieu", "tai_ve", "ban_chot")),
    "trinh_chieu?che_do=trinh_chieu&slide=tong_quan",
)
IN_DARK = (
    *("tong_quan", "linh_vuc", "hoat_dong", "mat_can_doi", "mat_can_doi?phan=can_ho_tro", "dia_ban?xem=qua_cac_nam"),
    *("muc_tieu", "nop_bao_cao", "nop_bao_cao?muc=nop", "doi_chieu", "trinh_chieu", "trinh_chieu?hoi_nghi=tai_ve"),
)
BY_KEYBOARD = ("tong_quan", "mat_can_doi", "nop_bao_cao?muc=nop")
PROJECTOR = {"width": 1024, "height": 768}
TELEPHONE = {"width": 390, "height": 844}
AT_ONCE = ("sideways", "small", "charts", "contrast", "words", "hints", "pictures")
CONTROLS = {
    *("button", "link", "combobox", "textbox", "searchbox", "spinbutton", "slider", "switch", "checkbox", "radio"),
    *("radiogroup", "listbox", "option", "tab", "menuitem", "DisclosureTriangle", "navigation", "region"),
}
OPEN_FOLDS = """() => {
  document.querySelectorAll('[data-testid=stExpander] details:not([open]) > summary').forEach(fold => fold.click())
  document.querySelectorAll('details:not([open])').forEach(fold => { fold.open = true })
}"""
CODE = re.compile(r"\bmã [0-9a-f]+|\b\w+\.(?:csv|toml)\b")
"""The end of a snapshot's id, and the name of a file of the catalogue."""
WORD = re.compile(r"[^\W\d_]{2,}")
SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdghklmnprstvx])?"
    r"(?:uyeu|uye|uya|uoi|uou|ieu|yeu|oai|oay|oeo|uay|[iuy]a|[iuy]e|uo|uu|uy|ui|oa|oe|oo|oi|eo|eu|ai|ao|au|ay|iu|[aeiouy])"
    r"(?:ch|ng|nh|[cmnpt])?"
)
"""A Vietnamese syllable without its marks."""
OTHER_WORDS = {
    *("Poisson", "Wilson", "Benjamini", "Hochberg", "Gini", "Mann", "Kendall", "Theil", "Dirichlet", "φ", "τ"),
    *("PowerPoint", "Word", "Excel", "xlsx", "xls", "ods", "csv", "docx", "pptx", "zip"),
    *("PageDown", "PageUp", "Space", "Home", "End", "Esc", "Enter"),
    *("Cơtu", "Dêê", "VietGap", "Covid", "Camera", "TTg"),
}
"""People after whom a method is named, programs and kinds of files, keys, and what names of models hold."""


def look_at(page: Page, address: str, screen: str) -> None:
    """Open a screen and everything that is folded up on it."""
    page.goto(f"{address}/{screen}")
    page.wait_for_selector(".dvk-slide-page" if "che_do" in screen else ".dvk-head")
    settled(page).evaluate(OPEN_FOLDS)
    page.wait_for_timeout(300)  # charts come a moment after the run has ended
    settled(page).evaluate(RULES)
    page.wait_for_function(asked_for("charts_fit"))


def told_to_screen_readers(session: CDPSession) -> list[dict[str, str]]:
    """Return what the browser tells a screen reader: role, name and description of each node."""
    return [
        {name: str(node.get(name, {}).get("value", "")) for name in ("role", "name", "description")}
        for node in session.send("Accessibility.getFullAXTree")["nodes"]
        if not node["ignored"]
    ]


def asked_for(rule: str) -> str:
    return f"() => screen_rules.{rule}()"


PLANTED = """<div id=root>
  <h1 style="color: #999">Nhạt quá</h1>
  <div style="overflow: auto; width: 90px"><p style="width: 900px; font-size: 8px">Choose a file</p></div>
  <img width=20 height=20 src="data:," title="Upload"> <button style="all: unset">Không viền</button>
  <div class="js-plotly-plot" style="width: 300px">
    <svg class="main-svg" width=200 height=40><text y=20>Chồng lên</text><text x=5 y=22>Bị chồng</text></svg>
  </div>
</div>"""
"""One of each fault that the rules look for."""


@pytest.fixture(scope="module")
def address(loaded_sample: Path) -> Iterator[str]:
    with served(loaded_sample) as address:
        yield address


@pytest.fixture(scope="module")
def requested() -> set[str]:
    """The addresses that any of the screens asked for."""
    return set()


def window(browser: Browser, requested: set[str], scheme: Any = "light") -> BrowserContext:
    """A browser as viewers have it."""
    context = browser.new_context(viewport=PROJECTOR, color_scheme=scheme, locale="vi-VN")  # type: ignore[arg-type]
    context.set_default_timeout(60_000)
    context.on("request", lambda request: requested.add(request.url))
    return context


@pytest.fixture(scope="module")
def found(address: str, browser: Browser, requested: set[str]) -> dict[str, dict[str, Any]]:
    """What the rules find on every screen."""
    outcome = {}
    context = window(browser, requested)
    page = context.new_page()
    session = context.new_cdp_session(page)
    for screen in SCREENS:
        page.set_viewport_size(PROJECTOR)  # type: ignore[arg-type]
        look_at(page, address, screen)
        one = {rule: page.evaluate(asked_for(rule)) for rule in AT_ONCE}
        one |= {"nodes": told_to_screen_readers(session), "headings": page.evaluate(asked_for("headings"))}
        one["charts_shown"] = page.evaluate(asked_for("charts_shown"))
        page.set_viewport_size(TELEPHONE)  # type: ignore[arg-type]
        page.wait_for_timeout(100)  # until charts know of it
        page.wait_for_function(asked_for("charts_fit"))
        if "che_do" not in screen:  # a stage is scaled as a whole: tests/test_trinh_chieu.py
            one["phone"] = {rule: page.evaluate(asked_for(rule)) for rule in ("sideways", "small", "charts")}
        outcome[screen] = one
    context.close()
    return outcome


def breaking(found: dict[str, dict[str, Any]], rule: str) -> dict[str, Any]:
    return {screen: one[rule] for screen, one in found.items() if one.get(rule)}


def test_the_rules_find_every_planted_fault(page: Page) -> None:
    page.set_content(PLANTED)
    page.evaluate(RULES)

    assert not page.evaluate(asked_for("charts_fit"))
    for rule in ("sideways", "small", "charts", "contrast", "hints", "pictures", "unreached"):
        assert page.evaluate(asked_for(rule)), rule
    page.locator("button").focus()
    assert page.evaluate(asked_for("note_focus"))
    page.locator("button").blur()
    assert page.evaluate(asked_for("unseen"))
    assert not is_vietnamese("Choose") and "Choose a file" in page.evaluate(asked_for("words"))


def test_nothing_scrolls_sideways_or_is_cut_on_a_projector(found: dict[str, dict[str, Any]]) -> None:
    assert breaking(found, "sideways") == {}
    assert breaking(found, "charts") == {}


def test_nothing_is_cut_runs_together_or_gets_too_small_on_a_telephone(
    found: dict[str, dict[str, Any]],
) -> None:
    assert breaking(found, "small") == {}
    for rule in ("sideways", "small", "charts"):
        assert {screen: one["phone"][rule] for screen, one in found.items() if one.get("phone", {}).get(rule)} == {}, (
            rule
        )


def test_every_page_has_one_first_heading_which_is_its_title_and_says_its_language(
    found: dict[str, dict[str, Any]],
) -> None:
    heads = {screen: one["headings"] for screen, one in found.items()}

    assert {screen: head["first"] for screen, head in heads.items() if len(head["first"]) != 1} == {}
    assert {head["language"] for head in heads.values()} == {"vi"}
    titles = {
        head["title"]: f"{head['first'][0]} · Dân vận khéo" for name, head in heads.items() if "che_do" not in name
    }
    assert list(titles) == list(titles.values())


def test_every_chart_and_list_is_headed_by_a_message(found: dict[str, dict[str, Any]]) -> None:
    titles = {title for one in found.values() for title in one["headings"]["messages"]}

    assert len(titles) > 30
    assert [title for title in titles if len(title.split()) < 4] == []


def test_every_chart_and_picture_has_a_text_alternative(found: dict[str, dict[str, Any]]) -> None:
    for screen, one in found.items():
        assert one["pictures"] == [], screen
        named = [node for node in one["nodes"] if node["role"] == "figure" and len(node["name"].split()) > 5]
        assert len(named) == one["charts_shown"], screen


def test_every_control_has_a_name(found: dict[str, dict[str, Any]]) -> None:
    for screen, one in found.items():
        assert [node for node in one["nodes"] if node["role"] in CONTROLS and not node["name"].strip()] == [], screen


def is_vietnamese(word: str) -> bool:
    """Whether a word may be a Vietnamese syllable, an abbreviation, or stands in the list of other words."""
    plain = "".join(sign for sign in unicodedata.normalize("NFD", word.casefold().replace("đ", "d")) if sign.isalpha())
    return bool(SYLLABLE.fullmatch(plain)) or bool(re.fullmatch("[A-ZĐƯ]+", word)) or word in OTHER_WORDS


def test_the_interface_says_nothing_in_english(found: dict[str, dict[str, Any]]) -> None:
    english = {}
    for screen, one in found.items():
        named = [node for node in one["nodes"] if node["role"] in {"figure", *CONTROLS}]
        said = [*one["words"], *one["hints"], *(text for node in named for text in (node["name"], node["description"]))]
        words = {word for text in said for word in WORD.findall(CODE.sub("", text))}
        assert len(words) > 20, screen
        english[screen] = {word for word in words if not is_vietnamese(word)}
    assert {screen: words for screen, words in english.items() if words} == {}


def test_text_has_contrast_on_the_light_ground(found: dict[str, dict[str, Any]]) -> None:
    assert breaking(found, "contrast") == {}


def test_text_has_contrast_on_the_dark_ground(address: str, browser: Browser, requested: set[str]) -> None:
    context = window(browser, requested, "dark")
    page = context.new_page()
    faint = {}
    for screen in IN_DARK:
        look_at(page, address, screen)
        ground = page.get_by_test_id("stApp").evaluate("app => getComputedStyle(app).backgroundColor")
        assert ground == "rgb(18, 22, 28)"
        faint[screen] = page.evaluate(asked_for("contrast"))
    context.close()

    assert {screen: texts for screen, texts in faint.items() if texts} == {}


@pytest.mark.parametrize("screen", BY_KEYBOARD)
def test_the_keyboard_reaches_everything_and_shows_where_it_is(
    screen: str, address: str, browser: Browser, requested: set[str]
) -> None:
    context = window(browser, requested)
    page = context.new_page()
    look_at(page, address, screen)
    for _ in range(400):
        page.keyboard.press("Tab")
        if not page.evaluate(asked_for("note_focus")):
            break
        while page.evaluate(asked_for("in_group")):
            page.keyboard.press("ArrowRight")
            if not page.evaluate(asked_for("note_focus")):
                break
    else:
        pytest.fail("the focus never comes round")
    page.wait_for_timeout(300)  # what fades out has done so

    assert page.evaluate(asked_for("unreached")) == []
    assert page.evaluate(asked_for("unseen")) == []
    context.close()


def test_no_screen_asks_another_machine_for_anything(found: dict[str, dict[str, Any]], requested: set[str]) -> None:
    assert {urlsplit(url).hostname for url in requested if not url.startswith(("data:", "blob:"))} == {"127.0.0.1"}
