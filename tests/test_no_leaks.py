"""No leak of insides: whatever fails, a viewer gets a Vietnamese sentence with a code, and the log has the rest."""

import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import duckdb
import pytest
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

from etl.catalogue import Catalogue
from etl.frozen import freeze
from etl.settings import Settings
from tests import warehouses
from tests.browsing import ROOT, free_port, served, settled, wait_for
from tests.files import periodic, write_file
from tests.test_pages import PAGES, open_page

SECRET = "boom of /srv/x/secret.py"
CODE = re.compile(r"\bmã ([A-Z3-9]{6})\b")
# What stands inside the program: paths, names of exceptions and of tables, SQL, Python.
INSIDES = re.compile(
    r"boom|secret|Traceback|\w+Error\b|Exception|SELECT|core_\w+|dim_\w+|\.py\b|\.duckdb|(?<![\w.])/\w+/\w+|site-packages"
    r"|Errno|duckdb|None\b|redacted"
)
# The frame reads these before any page: they stay whole where a page is to fail by itself.
OF_THE_FRAME = {
    "snapshot_info",
    "dim_don_vi",
    "dim_don_vi_year",
    "core_return",
    "core_value",
    "core_year_value",
    "core_span_value",
    "published_total",
    "dim_source",
}
JOURNAL, SLIDES = "nhat_ky", "trinh_chieu"
"""The page that shows no figures but the audit trail; the one that leaves out, by name, the slides it cannot draw."""


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DVK_DATA", str(tmp_path))
    return tmp_path


def seal(path: Path) -> None:
    path.with_suffix(".sha256").write_text(hashlib.sha256(path.read_bytes()).hexdigest())


def break_tables(path: Path, is_broken: Callable[[str], bool]) -> None:
    """Put views that raise in the place of tables: their columns are there, reading them fails."""
    with duckdb.connect(str(path)) as connection:
        tables = [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        for name in filter(is_broken, tables):
            connection.execute(f"ALTER TABLE {name} RENAME TO {name}_whole")
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM {name}_whole WHERE error('{SECRET}')")
    seal(path)


def publish_broken(data: Path, is_broken: Callable[[str], bool]) -> None:
    break_tables(warehouses.publish(data / "warehouse", warehouses.three_districts(simulated=False)), is_broken)


def records(data: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (data / "log" / "dashboard.jsonl").read_text(encoding="utf-8").splitlines()]


def logged(data: Path, code: str) -> dict[str, Any]:
    """Return the one record that has the code."""
    (found,) = [one for one in records(data) if one.get("code") == code]
    return found


def all_texts(app: AppTest) -> str:
    """Return every text that the page sends to the browser, its style apart."""
    bodies = [element.proto.body for element in app.get("html")]
    markup = re.sub(r"<style>.*?</style>", " ", "\n".join(bodies), flags=re.DOTALL)
    kinds = (app.info, app.warning, app.error, app.markdown, app.caption, app.exception)
    said = [str(element.value) for kind in kinds for element in kind]
    return unescape(re.sub(r"<[^>]+>", " ", "\n".join([markup, *said])))


def code_of(app: AppTest) -> str:
    """Return the code that the page's one error names, after seeing that nothing else is said of it."""
    assert not app.exception
    (error,) = app.error
    assert INSIDES.findall(all_texts(app)) == []
    (code,) = CODE.findall(error.value)
    return str(code)


# --- pages


@pytest.mark.parametrize("page", PAGES)
def test_a_page_that_fails_says_so_with_a_code_and_the_log_has_the_traceback(page: str, data: Path) -> None:
    publish_broken(data, lambda table: table not in OF_THE_FRAME)
    (data / "audit" / "2026.jsonl").mkdir(parents=True)  # what the page of the audit trail reads

    app = open_page(page)

    found = logged(data, code_of(app))
    assert app.error[0].value.startswith("Trang này gặp lỗi và đã được ghi lại (mã ")
    assert found["page"] == page and found["message"] == "a page failed"
    reason = "IsADirectoryError" if page == JOURNAL else SECRET
    assert reason in found["traceback"] and str(Path("pages", f"{page}.py")) in found["traceback"]


@pytest.mark.parametrize("page", PAGES)
def test_a_frame_that_fails_says_so_on_every_page(page: str, data: Path) -> None:
    publish_broken(data, lambda table: table == "dim_don_vi")

    found = logged(data, code_of(open_page(page)))

    assert SECRET in found["traceback"] and found["page"] == page


@pytest.mark.parametrize("page", [page for page in PAGES if page not in (JOURNAL, SLIDES)])
def test_a_snapshot_of_another_program_says_what_it_lacks_with_a_code(page: str, data: Path) -> None:
    path = warehouses.publish(data / "warehouse", warehouses.three_districts(simulated=False))
    with duckdb.connect(str(path)) as connection:
        for (table,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall():
            if table not in OF_THE_FRAME:
                connection.execute(f"DROP TABLE {table} CASCADE")
    seal(path)

    app = open_page(page)

    assert "do phiên bản khác của chương trình dựng" in app.error[0].value
    assert "CatalogException" in logged(data, code_of(app))["traceback"]


def test_no_snapshot_that_opens_is_told_with_a_code(data: Path) -> None:
    path = warehouses.publish(data / "warehouse", warehouses.three_districts(simulated=False))
    path.write_bytes(b"x" * 4096)

    app = open_page("tong_quan")

    assert "python -m etl verify" in app.error[0].value
    assert "UnreadableSnapshotError" in logged(data, code_of(app))["traceback"]


# --- the store


@pytest.fixture
def loaded(loaded_sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the loaded sample, to be damaged."""
    shutil.copytree(loaded_sample, tmp_path / "data")
    monkeypatch.setenv("DVK_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def a_folder_for_a_receipt(store: Path) -> None:
    path = store / "receipts" / "00000001.json"
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("part", ["lich_su", "giu_lai"])
def test_a_store_that_cannot_be_read_is_told_with_a_code(part: str, loaded: Path) -> None:
    a_folder_for_a_receipt(loaded / "store")

    app = open_page("nop_bao_cao", muc=part)

    assert not app.exception and app.error
    assert INSIDES.findall("\n".join(error.value for error in app.error)) == []
    for error in app.error:
        assert logged(loaded, CODE.findall(error.value)[0])["traceback"]


# --- a real browser before the real server


def visible_text(page: Page) -> str:
    return settled(page).locator("body").inner_text()


@pytest.mark.browser
@pytest.mark.parametrize("name", ["tong_quan", "mat_can_doi", "nop_bao_cao"])
def test_a_browser_shows_the_sentence_and_the_server_s_terminal_no_traceback(
    name: str, page: Page, tmp_path: Path
) -> None:
    publish_broken(tmp_path, lambda table: table not in OF_THE_FRAME)

    with served(tmp_path) as address:
        page.goto(f"{address}/{name}")
        expect(page.get_by_test_id("stAlert")).to_contain_text("đã được ghi lại")
        shown = visible_text(page)

    (code,) = CODE.findall(shown)
    assert INSIDES.findall(shown) == [] and SECRET in logged(tmp_path, code)["traceback"]
    terminal = (tmp_path / "server.log").read_text(encoding="utf-8")
    assert f"Có lỗi, mã {code}" in terminal
    assert not re.search(r"Traceback|boom|Error\b", terminal)


@pytest.mark.browser
def test_a_callback_that_fails_says_so_with_a_code(page: Page, tmp_path: Path) -> None:
    (tmp_path / "callback.py").write_text(
        "import streamlit as st\nst.button('Bấm', on_click=lambda: open('/khong/co/' + 'secret'))\n", encoding="utf-8"
    )
    (tmp_path / "serve.py").write_text(
        "import sys\nfrom pathlib import Path\nimport streamlit as st\nimport uvicorn\nfrom dashboard import log\n"
        "from dashboard.ui.trouble import on_script_error\nhere = Path(sys.argv[1])\nlog.configure(here / 'log')\n"
        "app = st.App(here / 'callback.py', on_script_error=on_script_error)\n"
        "uvicorn.run(app, port=int(sys.argv[2]), log_config=None)\n",
        encoding="utf-8",
    )
    port = free_port()
    server = subprocess.Popen([sys.executable, tmp_path / "serve.py", tmp_path, str(port)], cwd=ROOT, env=path_to_us())
    try:
        wait_for(port, server)
        page.goto(f"http://127.0.0.1:{port}")
        page.get_by_role("button", name="Bấm").click()
        told = page.get_by_test_id("stAlert")
        expect(told).to_contain_text("Trang này gặp lỗi và đã được ghi lại")
        shown = visible_text(page)
    finally:
        server.terminate()
        server.wait(10)
    (code,) = CODE.findall(shown)
    assert "secret" not in shown and "secret" in logged(tmp_path, code)["traceback"]


def path_to_us() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.mark.browser
def test_a_download_that_an_older_frozen_snapshot_lacks_is_explained_in_vietnamese(
    page: Page, tmp_path: Path, catalogue: Catalogue
) -> None:
    rows = warehouses.one_district()
    rows["snapshot_info"] = warehouses.info(returns=1, simulated=False, snapshot_id="ban-1")
    path = warehouses.publish(tmp_path / "warehouse", rows, "ban-1")
    with duckdb.connect(str(path)) as connection:
        connection.execute("DROP TABLE flag")
    seal(path)
    freeze(Settings(tmp_path, catalogue.folder), "Tổng duyệt")
    warehouses.publish(tmp_path / "warehouse", warehouses.three_districts(simulated=False))

    with served(tmp_path) as address:
        said, shown = download_failure(
            page, f"{address}/trinh_chieu?hoi_nghi=tai_ve&ban=ban-1", "Tải tài liệu phát (.docx)"
        )

    assert "chọn “Mới nhất” ở “Bản số liệu”" in said
    assert "LacksDataError" in logged(tmp_path, CODE.findall(said)[0])["traceback"]
    assert INSIDES.findall(shown) == [] and "Failed" not in shown


@pytest.mark.browser
def test_a_download_that_fails_says_so_with_the_code(page: Page, tmp_path: Path) -> None:
    path = warehouses.publish(tmp_path / "warehouse", warehouses.three_districts(simulated=False))
    with duckdb.connect(str(path)) as connection:
        connection.execute("DROP TABLE flag")
    seal(path)

    with served(tmp_path) as address:
        place = f"{address}/trinh_chieu?hoi_nghi=tai_ve"
        said, shown = download_failure(page, place, "Tải tài liệu phát (.docx)")

    assert said.startswith("Không lập được tệp này.")
    assert "LacksDataError" in logged(tmp_path, CODE.findall(said)[0])["traceback"]
    assert INSIDES.findall(shown) == [] and "Failed" not in shown


def download_failure(page: Page, address: str, button: str) -> tuple[str, str]:
    """Click a download that fails; return what stands under its button, and every text that can be seen."""
    page.goto(address)
    settled(page).get_by_role("button", name=button).click()
    failure = page.get_by_test_id("stDownloadButtonError")
    failure.wait_for(state="attached")
    style = failure.evaluate("it => [getComputedStyle(it).visibility, getComputedStyle(it, '::after').content]")
    assert style[0] == "hidden" and failure.evaluate("it => getComputedStyle(it, '::after').visibility") == "visible"
    return style[1].strip('"'), page.locator("body").inner_text()


@pytest.mark.browser
def test_an_upload_over_a_damaged_store_fails_with_a_code_and_no_insides(
    page: Page, loaded: Path, tmp_path: Path
) -> None:
    a_folder_for_a_receipt(loaded / "store")
    sent = write_file(tmp_path / "thang_binh_2023.xlsx", periodic())

    with served(loaded) as address:
        page.goto(f"{address}/nop_bao_cao?muc=nop")
        settled(page).locator("[data-testid=stFileUploaderDropzoneInput]").set_input_files(sent)
        expect(page.get_by_test_id("stAlert").filter(has_text="mã ")).to_be_visible()
        shown = page.get_by_test_id("stAlert").filter(has_text="mã ").inner_text()

    (code,) = CODE.findall(shown)
    assert INSIDES.findall(shown) == [] and logged(loaded, code)["traceback"]


# --- the server's own answers


def ask(port: int, request: bytes) -> bytes:
    """Send bytes and return what the server answers until it closes or keeps silent."""
    with socket.create_connection(("127.0.0.1", port), 10) as line:
        line.settimeout(3)
        line.sendall(request.replace(b"HOST", f"Host: 127.0.0.1:{port}\r\nConnection: close".encode()))
        answer = b""
        try:
            while len(answer) < 100_000 and (piece := line.recv(65536)):
                answer += piece
        except (TimeoutError, ConnectionError):
            pass
        return answer


STREAM = b"GET /_stcore/stream HTTP/1.1\r\nHOST, Upgrade\r\nUpgrade: websocket\r\n"
OPENED = STREAM + b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
REQUESTS = {
    "a file that is not there": b"GET /media/khong_co.xlsx HTTP/1.1\r\nHOST\r\n\r\n",
    "a script that is not there": b"GET /static/khong_co.js HTTP/1.1\r\nHOST\r\n\r\n",
    "a way out of the folder": b"GET /static/../../../etc/passwd HTTP/1.1\r\nHOST\r\n\r\n",
    "a way out, encoded": b"GET /static/..%2f..%2f..%2fetc/passwd HTTP/1.1\r\nHOST\r\n\r\n",
    "a way out of a component": b"GET /component/x.y/..%2f..%2fapp.py HTTP/1.1\r\nHOST\r\n\r\n",
    "a zero byte": b"GET /static/%00 HTTP/1.1\r\nHOST\r\n\r\n",
    "a method that is not allowed": b"DELETE / HTTP/1.1\r\nHOST\r\n\r\n",
    "an upload of nobody": b"PUT /_stcore/upload_file/a/b HTTP/1.1\r\nHOST\r\nContent-Length: 3\r\n\r\nabc",
    "a range beyond the end": b"GET /static/index.html HTTP/1.1\r\nHOST\r\nRange: bytes=9999999-1\r\n\r\n",
    "a range of nonsense": b"GET /static/index.html HTTP/1.1\r\nHOST\r\nRange: bytes=a-b,-\r\n\r\n",
    "no HTTP": b"NONSENSE\r\n\r\n",
    "a huge header": b"GET / HTTP/1.1\r\nHOST\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
    "a damaged body": b"POST / HTTP/1.1\r\nHOST\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "a length of nonsense": b"POST / HTTP/1.1\r\nHOST\r\nContent-Length: abc\r\n\r\n",
    "a websocket without its key": STREAM + b"\r\n",
    "a websocket that sends text": OPENED + b"\x81\x85\x00\x00\x00\x00hello",
    "a websocket that sends no message of ours": OPENED + b"\x82\x85\x00\x00\x00\x00\xff\xff\xff\xff\xff",
    "a websocket frame without its mask": OPENED + b"\x81\x05hello",
    "a websocket frame of a kind that does not exist": OPENED + b"\x8f\x80\x00\x00\x00\x00",
}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("served")
    warehouses.publish(folder / "warehouse", warehouses.three_districts())
    with served(folder) as address:
        yield int(address.rsplit(":", 1)[1])


@pytest.mark.parametrize("request_of", REQUESTS)
def test_the_server_s_answer_names_no_path_no_version_and_no_exception(request_of: str, port: int) -> None:
    answer = ask(port, REQUESTS[request_of])

    leaks = [b"Traceback", b"Exception", b'File "', b"site-packages", b".py", sys.version.split()[0].encode()]
    assert [leak for leak in [*leaks, str(ROOT).encode(), b"root:", b"import "] if leak in answer] == []
    assert not re.search(rb"(?:uvicorn|starlette|streamlit|python|h11|websockets)/\d", answer, re.IGNORECASE)
    assert not answer.startswith(b"HTTP/1.1 5")


def test_the_server_goes_on_after_all_of_them(port: int) -> None:
    for request in REQUESTS.values():
        ask(port, request)

    assert ask(port, b"GET /_stcore/health HTTP/1.1\r\nHOST\r\n\r\n").startswith(b"HTTP/1.1 200")
