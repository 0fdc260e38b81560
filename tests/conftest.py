"""What every test may use, and what a machine must have for the tests that drive other programs."""

import os
import shutil
import subprocess
import sys
from collections.abc import Generator, Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Page, expect, sync_playwright

from etl.catalogue import Catalogue, load_catalogue
from tests.browsing import QUIET
from tests.files import run_etl

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")  # no test fails for being slow: speed lives in bench/

_BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "microsoft-edge",
)
_INSTALLED_BROWSERS = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
    "win32": (
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
        r"C:\Program Files\Microsoft\Edge\Application\msedge.exe",
    ),
}


def find_browser() -> str | None:
    """Return an installed Chromium, Chrome or Edge."""
    on_path = (shutil.which(name) for name in _BROWSERS)
    installed = (path for path in _INSTALLED_BROWSERS.get(sys.platform, ()) if Path(path).is_file())
    return next((path for path in (*on_path, *installed) if path), None)


def find_office() -> str | None:
    """Return an installed LibreOffice."""
    return shutil.which("soffice") or shutil.which("libreoffice")


@cache
def find_strace() -> str | None:
    """Return an installed strace that may trace."""
    path = shutil.which("strace")
    works = path and subprocess.run([path, "-o", os.devnull, sys.executable, "-c", ""], capture_output=True)
    return path if works and works.returncode == 0 else None


_NEEDS = {
    "browser": (find_browser, "no Chromium, Chrome or Edge on this machine"),
    "libreoffice": (find_office, "no LibreOffice (soffice) on this machine"),
    "strace": (find_strace, "no strace on this machine, or the system does not let it trace"),
}


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose program is missing, with the reason; where everything is required, fail it."""
    for marker, (find, reason) in _NEEDS.items():
        if item.get_closest_marker(marker) and find() is None:
            if os.environ.get("DVK_REQUIRE_ALL"):
                pytest.fail(f"{reason}, and DVK_REQUIRE_ALL is set", pytrace=False)
            pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Make what a test printed and logged fit to be sent between processes, whatever hostile text it was about."""
    report = yield
    report.sections = [(name, text.encode("utf-8", "backslashreplace").decode()) for name, text in report.sections]
    return report


@pytest.fixture(scope="session")
def repo() -> Path:
    """Return the project's root."""
    return ROOT


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """Return the project's own catalogue."""
    return load_catalogue(ROOT / "data" / "catalogue")


@pytest.fixture(scope="session")
def loaded_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder of the whole simulated sample, loaded by the real commands; answer.json is their word."""
    folder = tmp_path_factory.mktemp("sample_loaded")
    assert run_etl("sample", folder / "in", data=folder).returncode == 0
    done = run_etl("load", folder / "in", "--json", data=folder)
    (folder / "answer.json").write_text(done.stdout, encoding="utf-8")
    assert done.returncode == 0
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the browser that tests marked `browser` drive."""
    path = find_browser()
    assert path, "mark the test with pytest.mark.browser"
    return path


@pytest.fixture(scope="session")
def soffice() -> str:
    """Return the LibreOffice that tests marked `libreoffice` drive."""
    path = find_office()
    assert path, "mark the test with pytest.mark.libreoffice"
    return path


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A browser for all journeys."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh window of it."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(60_000)
    expect.set_options(timeout=30_000)
    yield page
    context.close()
