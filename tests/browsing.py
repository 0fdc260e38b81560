"""A real browser before the real server: what the journeys of viewers and clerks are driven with."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Download, Locator, Page, TimeoutError

ROOT = Path(__file__).resolve().parent.parent
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@contextmanager
def served(data: Path, port: int = 0) -> Iterator[str]:
    """Serve the dashboard over a data folder and give its address."""
    port = port or free_port()
    data.mkdir(parents=True, exist_ok=True)
    with (data / "server.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "dashboard.server", "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, "DVK_DATA": str(data)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_for(port, server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
            status = server.wait(20)
    assert status == 0 or os.name != "posix"
    told = (data / "server.log").read_text(encoding="utf-8")
    assert all(line.startswith("Có lỗi, mã ") for line in told.splitlines()), f"who closes the program sees: {told}"


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    """Wait until a server answers on its port."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert server.poll() is None, "the server ended before it answered"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError("the server did not answer within a minute")


def settled(page: Page) -> Page:
    """Wait until the page has run to its end: what is clicked before that may be drawn anew under the click."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    return page


def pick(page: Page, box: str, option: str) -> None:
    """Pick an option of a select box; open it again where the page was drawn anew under the list."""
    offered = page.get_by_role("option", name=option, exact=True)
    for _ in range(5):
        settled(page).get_by_role("combobox", name=box).click()
        try:
            offered.click(timeout=5000)
        except TimeoutError:
            continue
        return
    raise AssertionError(f"{option!r} is not offered by {box!r}")


def fetched(page: Page, button: str | Locator) -> Download:
    """Press a button until a file comes: a page drawn anew under the click swallows it, and a viewer clicks again."""
    found = page.get_by_role("button", name=button).first if isinstance(button, str) else button
    for _ in range(3):
        settled(page)
        try:
            with page.expect_download(timeout=20_000) as downloaded:
                found.click()
        except TimeoutError:
            continue
        return downloaded.value
    raise AssertionError(f"no file comes of {button!r}")
