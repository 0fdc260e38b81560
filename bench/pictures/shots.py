"""Which pictures there are, and what each shows of a scene.

Of a long screen a picture begins at the top, which says that the figures are simulated, and ends where the guide does.
"""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from bench.pictures import papers, png
from bench.pictures.scenes import RESENT, Scene
from tests.browsing import settled

Act = Callable[[Page, Scene], None]
_WIDE, _TALL = 1280, 900
_MOST_TALL = 6000
_UNDER = 4
"""Pixels kept under the last element."""
_TICK, _PATIENCE = 0.3, 60
"""Seconds between two looks at a page that is still being drawn, and until it counts as stuck."""
_TROUBLE = "[data-testid=stAlertContentError], [data-testid=stException]"
"""What a page shows where it has failed: nothing that belongs in a guide."""
_DRAWN = """
() => {
  const main = document.querySelector('[data-testid=stMain]');
  const charts = [...document.querySelectorAll('[data-testid=stPlotlyChart]')];
  const drawn = charts.filter(chart => chart.querySelector('.main-svg'));
  const isWaiting = document.querySelector('[data-testid=stSkeleton]') || document.fonts.status !== 'loaded';
  return drawn.length < charts.length || isWaiting ? null : main.scrollHeight;
}
"""
"""The page's height once all of it is drawn, null before."""


@dataclass(frozen=True)
class Shot:
    """A picture: the scene that it is of, and what makes it from an open window to a file."""

    name: str
    scene: str
    make: Callable[[Page, Scene, Path], None]


def _screen(
    link: str, last: str = "", first: str = "", *, act: Act | None = None, size: tuple[int, int] = (_WIDE, _TALL)
) -> Callable[[Page, Scene, Path], None]:
    """Make a picture of a page: its main part from `first` (else its top) to `last`; without that the whole window."""

    def make(page: Page, scene: Scene, place: Path) -> None:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.goto(f"{scene.address}/{link}")
        _drawn(page)
        if act is not None:
            act(page, scene)
            _drawn(page)
        if last:  # so tall that nothing is scrolled, and nothing lazily left out
            page.set_viewport_size({"width": size[0], "height": min(_drawn(page) + 40, _MOST_TALL)})
            _drawn(page)
        box = _box(page, first, last) if last else None
        trouble = page.locator(_TROUBLE)
        if trouble.count():
            raise RuntimeError(f"{page.url}: {trouble.first.inner_text()}")
        with tempfile.TemporaryDirectory() as folder:
            whole = Path(folder) / "whole.png"
            page.screenshot(path=whole, animations="disabled", caret="hide")
            png.reduce(whole, place, box)

    return make


def _box(page: Page, first: str, last: str) -> tuple[int, int, int, int]:
    """Return the part of the window from one element to another, as wide as the page's main part."""
    main, end = page.locator("[data-testid=stMain]").bounding_box(), page.locator(last).last.bounding_box()
    begin = page.locator(first).first.bounding_box() if first else {"y": 0}
    assert main and end and begin, f"{page.url}: {first!r} or {last!r} is not shown"
    top = max(round(begin["y"]) - _UNDER, 0)
    return round(main["x"]) + 1, top, round(main["x"] + main["width"]), round(end["y"] + end["height"]) + _UNDER


def _drawn(page: Page) -> int:
    """Wait until a page is drawn and no longer grows; return its height in pixels."""
    end, before = time.monotonic() + _PATIENCE, None
    page.wait_for_selector("h1:visible, .dvk-slide-page:visible")
    while time.monotonic() < end:
        page.wait_for_timeout(_TICK * 1000)
        height = settled(page).evaluate(_DRAWN)
        if height is not None and height == before:
            return int(height)
        before = height
    raise TimeoutError(f"{page.url}: not drawn within {_PATIENCE} seconds")


def _hand_in(page: Page, scene: Scene) -> None:
    page.set_input_files("[data-testid=stFileUploaderDropzoneInput]", list(scene.uploads))
    page.get_by_role("heading", name="Kết quả kiểm tra thử").wait_for()


def _slide(key: str) -> Callable[[Page, Scene, Path], None]:
    return lambda _page, scene, place: papers.slide(key, scene, place)


def _sheet(name: str) -> Callable[[Page, Scene, Path], None]:
    return lambda _page, scene, place: papers.sheet(name, scene, place)


_WEAK = "linh_vuc=he_thong_chinh_tri&chi_tieu=mo_hinh_cong_nhan"
_NOTES = "p.dvk-foot"

SHOTS = (
    Shot("tong_quan", "viewers", _screen("tong_quan", size=(1440, 900))),
    Shot("linh_vuc", "viewers", _screen("linh_vuc", f"{_NOTES} >> nth=2")),
    Shot("nguon", "viewers", _screen(f"nguon?{_WEAK}&don_vi=dai_loc&tu=2020", "table.dvk-table tfoot")),
    Shot("can_ho_tro", "viewers", _screen("mat_can_doi?phan=can_ho_tro", _NOTES)),
    Shot("don_vi", "viewers", _screen("don_vi?don_vi=nam_tra_my", f"{_NOTES} >> nth=0")),
    Shot("doi_chieu", "viewers", _screen("doi_chieu", "tr.dvk-under >> nth=1")),
    Shot(
        "mo_hinh", "viewers", _screen("mo_hinh?tim_mo_hinh=to+hop+tac+nam+giang", "div.dvk-list tr.dvk-under >> nth=3")
    ),
    Shot("muc_tieu", "viewers", _screen("muc_tieu", "[data-testid=stAlert] >> nth=0")),
    Shot("trinh_chieu", "viewers", _screen("trinh_chieu?che_do=trinh_chieu&slide=linh_vuc", size=(1280, 720))),
    Shot("trang_chieu", "viewers", _slide("dia_ban")),
    Shot("ai_da_gui", "clerks", _screen("nop_bao_cao?tu=2016&den=2024", f"{_NOTES} >> nth=0")),
    Shot(
        "nhac_don_vi",
        "clerks",
        _screen("nop_bao_cao?don_vi=tay_giang", "button:has-text('Tải công văn')", "h2.dvk-section"),
    ),
    Shot("nop_bao_cao", "clerks", _screen("nop_bao_cao?muc=nop", "button:has-text('Tải tệp để sửa')", act=_hand_in)),
    Shot("tep_can_sua", "clerks", _sheet("Biểu 01")),
    Shot("lich_su", "clerks", _screen(f"nop_bao_cao?muc=lich_su&don_vi={RESENT}", "[data-testid=stForm] >> nth=-1")),
    Shot("ban_chot", "clerks", _screen("trinh_chieu?hoi_nghi=ban_chot", "tr.dvk-under >> nth=3")),
)
