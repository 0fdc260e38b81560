"""Two processes of the dashboard on one data folder, behind nginx with the configuration that docs/ holds.

Skipped where nginx is not installed.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from oidc_provider_mock import run_server_in_thread
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browsing import ROOT, fetched, free_port, pick, settled, wait_for
from tests.files import load, periodic, write_file
from tests.lan import Lan, serving, sign_in, users, write_settings
from tests.test_gate import certificate

NGINX = shutil.which("nginx", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"]))
pytestmark = [pytest.mark.browser, pytest.mark.skipif(NGINX is None, reason="no nginx on this machine")]

Process = subprocess.Popen[bytes]


@contextmanager
def nginx(folder: Path, ports: dict[str, int]) -> Iterator[None]:
    """Run nginx as docs/nginx.conf says, but for its ports and the place of the certificate."""
    text = (ROOT / "docs" / "nginx.conf").read_text(encoding="utf-8")
    places = {name: str(path) for name, path in zip(("may.pem", "may.key"), certificate(folder), strict=True)}
    said = {
        **{f"/etc/nginx/{name}": path for name, path in places.items()},
        "listen 80;": f"listen 127.0.0.1:{ports['80']};",
        "listen 443 ssl;": f"listen 127.0.0.1:{ports['443']} ssl;",
        **{f":{port}": f":{ports[port]}" for port in ("8501", "8502")},
    }
    for ours, theirs in said.items():
        assert ours in text, ours
        text = text.replace(ours, theirs)
    (folder / "dvk.conf").write_text(text, encoding="utf-8")
    around = folder / "nginx.conf"
    around.write_text(f"pid {folder}/nginx.pid; events {{}} http {{ access_log off; include {folder}/dvk.conf; }}")
    command = [str(NGINX), "-p", str(folder), "-e", "stderr", "-c", str(around), "-g", "daemon off;"]
    with (folder / "nginx.log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_for(ports["443"], server)
            yield
        finally:
            server.terminate()
            server.wait(10)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[tuple[Lan, dict[str, Process]]]:
    """The address that everybody uses, and the two processes by the value of the cookie that leads to each."""
    ports = {port: free_port() for port in ("80", "443", "8501", "8502")}
    base = f"https://127.0.0.1:{ports['443']}"
    load(write_file(tmp_path / "a.xlsx", periodic(year=2022)), data=tmp_path)
    with run_server_in_thread(user_claims=users()) as provider, ExitStack() as running:
        issuer = f"http://localhost:{provider.server_port}"
        settings = write_settings(tmp_path / "secrets.toml", base, issuer)
        processes = {
            name: running.enter_context(serving(tmp_path, ports[port], "--behind-proxy", DVK_SIGN_IN=str(settings)))
            for name, port in (("a", "8501"), ("b", "8502"))
        }
        running.enter_context(nginx(tmp_path, ports))
        yield Lan(base, issuer, tmp_path), processes


def arrive(browser: Browser, lan: Lan) -> Page:
    """Return the first screen in a browser of its own, signed in."""
    page = browser.new_context(ignore_https_errors=True, accept_downloads=True).new_page()
    page.set_default_timeout(60_000)
    expect.set_options(timeout=60_000)
    return sign_in(page, lan, "ban_dan_van", "tong_quan")


def process_of(context: BrowserContext) -> str:
    """Return which of the two processes answered a browser last."""
    return next(cookie["value"] for cookie in context.cookies() if cookie["name"] == "dvk_may")


def fetch_table(page: Page) -> str:
    """Fetch the first table of a page as a file."""
    settled(page).get_by_text("Bảng số liệu và tải về").first.click()
    downloaded = fetched(page, "Tải bảng (CSV)")
    return Path(downloaded.path()).read_text(encoding="utf-8-sig")


def test_viewers_share_two_processes_that_show_the_same_and_go_on_with_one_when_the_other_ends(
    office: tuple[Lan, dict[str, Process]], browser: Browser, tmp_path: Path
) -> None:
    lan, processes = office
    viewers = {process_of(page.context): page for page in (arrive(browser, lan), arrive(browser, lan))}
    assert set(viewers) == {"a", "b"}, "two who come from one address are given a process each"
    for page in viewers.values():
        pick(page, "Đến năm", "2022")
        expect(page.locator(".dvk-card").first).to_contain_text("15 mô hình")
        assert "\nKinh tế;4;" in fetch_table(page)

    load(write_file(tmp_path / "b.xlsx", periodic(year=2021)), data=tmp_path)
    for name, page in viewers.items():
        page.reload()
        expect(page.locator(".dvk-card").first).to_contain_text("30 mô hình")
        assert process_of(page.context) == name

    processes["a"].kill()
    newcomer, left = arrive(browser, lan), viewers["a"]
    expect(newcomer.locator(".dvk-card").first).to_contain_text("30 mô hình")
    left.wait_for_selector("[data-testid=stApp][data-test-connection-state=CONNECTED]")
    pick(left, "Đến năm", "2021")
    expect(left.locator(".dvk-card").first).to_contain_text("15 mô hình")
    assert "\nKinh tế;4;" in fetch_table(left)
    assert {process_of(page.context) for page in (newcomer, left)} == {"b"}
    for page in (newcomer, *viewers.values()):
        page.context.close()
