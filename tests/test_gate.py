"""The gate before the server: who has no session, or not the right, reaches nothing."""

import asyncio
import base64
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import streamlit
import websockets
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from itsdangerous import URLSafeTimedSerializer
from oidc_provider_mock import User
from playwright.sync_api import Page, expect
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection

import run
from dashboard.access.gate import Gate
from dashboard.access.security_headers import SecurityHeaders
from dashboard.access.sign_in import NotConfigured, read_people, read_sign_in
from dashboard.server.browser_files import BrowserFiles, early
from tests import warehouses
from tests.browsing import ROOT, free_port, served
from tests.lan import Lan, Visitor, opened_to_others, serving, write_settings

PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
STATIC = Path(streamlit.__file__).with_name("static")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND")
LIST_ROUTES = """
import json
import re
from pathlib import Path
from dashboard.server.serve import build
routes = build(None, Path("."))._build_starlette_app().routes
print(json.dumps([getattr(route, "path", "") for route in routes]))
"""


@pytest.fixture(scope="module")
def lan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lan]:
    data = tmp_path_factory.mktemp("lan")
    warehouses.publish(data / "warehouse", warehouses.three_districts(simulated=False))
    with opened_to_others(data) as found:
        yield found


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data = tmp_path_factory.mktemp("local")
    warehouses.publish(data / "sample" / "warehouse", warehouses.three_districts())
    with served(data) as base:
        yield base


def routes() -> list[str]:
    """Return every route that the real app has, with something in the place of its parameters."""
    done = subprocess.run([sys.executable, "-c", LIST_ROUTES], cwd=ROOT, capture_output=True, text=True, check=True)
    found = {path.replace("{", "").replace("}", "").replace(":path", "") for path in json.loads(done.stdout)}
    return sorted(path or "/" for path in found)


def session_of(connection: ClientConnection) -> str:
    """Run the app to its end over a websocket, as a page does, and return the id of its session."""
    answers = asked(connection)
    found = next(answer for answer in answers if answer.WhichOneof("type") == "new_session")
    return found.new_session.initialize.session_id


def asked(connection: ClientConnection) -> list[ForwardMsg]:
    """Ask for a run of the app and return all that comes, to the run's end or the connection's."""
    message, answers = BackMsg(), []
    message.rerun_script.query_string = ""
    connection.send(message.SerializeToString())
    try:
        while not answers or answers[-1].WhichOneof("type") != "script_finished":
            answer = ForwardMsg()
            answer.ParseFromString(bytes(connection.recv(30)))  # type: ignore[arg-type]
            answers.append(answer)
    except websockets.ConnectionClosed:
        pass
    return answers


# --- without a session


def test_without_a_session_only_health_answers(lan: Lan) -> None:
    visitor, found = lan.visitor(), routes()
    odd = [
        "//",
        "/_stcore/health/",
        "/_stcore/health/x",
        "/x/../_stcore/stream",
        "/_stcore//health",
    ]

    answered = {
        (method, path): visitor.http.request(method, path)
        for path in [*found, *odd, *(f"/{page}" for page in PAGES), "/index.html", "/static/index.html"]
        for method in METHODS
    }

    open_ones = {key for key, answer in answered.items() if answer.status_code not in (400, 401, 403, 404)}
    assert {"/_stcore/stream", "/_stcore/upload_file/session_id/file_id", "/media/file_id", "/auth/login"} < set(found)
    assert open_ones == {("GET", "/_stcore/health"), ("HEAD", "/_stcore/health")}
    shown = {answer.text for answer in answered.values() if answer.status_code != 200 and "<html" not in answer.text}
    assert shown <= {"Chưa đăng nhập.", "Không có địa chỉ này.", ""}
    assert not any("static/js" in answer.text for answer in answered.values())


def test_the_websocket_is_refused_without_a_session(lan: Lan) -> None:
    with pytest.raises(websockets.InvalidStatus) as refused, lan.visitor().websocket():
        pass

    assert refused.value.response.status_code == 403


def test_a_viewer_without_a_session_is_shown_the_way_in(lan: Lan) -> None:
    shown = lan.visitor().http.get("/linh_vuc?tu=2015&den=2020")

    assert shown.status_code == 401
    assert 'href="/dang-nhap?ve=/linh_vuc%3Ftu%3D2015%26den%3D2020"' in shown.text
    assert shown.headers["cache-control"] == "no-store"


def test_a_link_survives_the_sign_in(lan: Lan) -> None:
    visitor = lan.visitor()
    visitor.sign_in("lanh_dao", "/linh_vuc?tu=2015&don_vi=hoi_an")

    assert visitor.http.get("/").headers["location"] == "/linh_vuc?tu=2015&don_vi=hoi_an"
    assert visitor.http.get("/").status_code == 200


@pytest.mark.parametrize(
    "path", ["https://evil.example/", "//evil.example", "/\\evil.example", "/a\r\nSet-Cookie: x=1", ""]
)
def test_a_link_to_elsewhere_is_not_followed_after_the_sign_in(lan: Lan, path: str) -> None:
    visitor = lan.visitor()
    visitor.sign_in("lanh_dao", path)

    assert visitor.http.get("/").status_code == 200
    assert "x" not in visitor.http.cookies


@pytest.mark.parametrize(
    "link", ["/oauth2callback", "/oauth2callback?state=x&code=y", "/oauth2callback?state=x&error=z"]
)
def test_the_way_back_is_closed_to_who_did_not_leave_by_it(lan: Lan, link: str) -> None:
    assert lan.visitor().http.get(link).status_code == 401


def test_an_answer_of_the_provider_counts_once_and_for_its_own_browser(lan: Lan) -> None:
    first, second = lan.visitor(), lan.visitor()
    asked = first.http.get("/dang-nhap")
    second.http.get("/dang-nhap")
    answer = httpx.post(asked.headers["location"], data={"sub": "ban_dan_van"}).headers["location"]

    assert second.http.get(answer).status_code == 302
    assert second.http.get("/").status_code == 401
    assert lan.journal()[-1]["what"] == "đăng nhập không thành"
    assert first.http.get(answer).status_code == 302
    assert first.http.get("/").status_code == 200


# --- cookies that are no session


def forged(secret: str, claims: dict[str, Any]) -> str:
    return str(URLSafeTimedSerializer(secret, salt="_streamlit_user").dumps(json.dumps(claims)))


def own_secret(lan: Lan) -> str:
    text = (lan.data / "secrets.toml").read_text()
    return str(json.loads(next(line for line in text.splitlines() if line.startswith("cookie_secret")).split(" = ")[1]))


def entered(lan: Lan, cookie: str) -> int:
    visitor = lan.visitor()
    visitor.http.cookies.set("_streamlit_user", cookie)
    return visitor.http.get("/").status_code


def good(lan: Lan) -> dict[str, Any]:
    claims = {"sub": "a", "roles": ["ban_dan_van"], "is_logged_in": True}
    return {**claims, "origin": lan.base, "exp": time.time() + 600}


def test_a_cookie_of_the_servers_own_is_a_session(lan: Lan) -> None:
    assert entered(lan, forged(own_secret(lan), good(lan))) == 200


@pytest.mark.parametrize(
    "change",
    [{"exp": 1}, {"exp": None}, {"exp": "x"}, {"origin": "https://evil.example"}, {"is_logged_in": False}, {"sub": ""}],
    ids=str,
)
def test_a_cookie_that_is_over_or_for_another_is_no_session(lan: Lan, change: dict[str, Any]) -> None:
    assert entered(lan, forged(own_secret(lan), {**good(lan), **change})) == 401


def test_a_cookie_signed_by_another_is_no_session(lan: Lan) -> None:
    cookie = forged(own_secret(lan), good(lan))
    body = base64.urlsafe_b64encode(b'"{}"').decode()

    assert entered(lan, forged("x" * 48, good(lan))) == 401
    assert entered(lan, f"{body}.{cookie.split('.', 1)[1]}") == 401
    assert entered(lan, "x") == 401


def test_a_session_that_is_over_ends(tmp_path: Path) -> None:
    warehouses.publish(tmp_path / "warehouse", warehouses.three_districts(simulated=False))
    with opened_to_others(tmp_path, session=timedelta(seconds=4)) as lan:
        visitor = lan.visitor("ban_dan_van")
        with visitor.websocket() as connection:
            session_of(connection)
            deadline = time.monotonic() + 60
            while visitor.http.get("/").status_code == 200:
                assert time.monotonic() < deadline
                time.sleep(0.2)

            assert sent_to(connection) == ["/"]
        with pytest.raises(websockets.InvalidStatus), visitor.websocket():
            pass


def sent_to(connection: ClientConnection) -> list[str]:
    """Ask for a run of the app and return where the browser is sent instead, or what is drawn."""
    answers = [answer for answer in asked(connection) if answer.WhichOneof("type") != "session_status_changed"]
    return [answer.auth_redirect.url or str(answer.WhichOneof("type")) for answer in answers]


def test_signing_out_ends_the_session_in_every_window(lan: Lan) -> None:
    visitor = lan.visitor("lanh_dao")
    kept = dict(visitor.http.cookies)
    with visitor.websocket() as connection:
        session_of(connection)
        assert visitor.http.get("/auth/logout").status_code == 302

        assert sent_to(connection) == ["/"]
    again = lan.visitor()
    again.http.cookies.update(kept)
    assert again.http.get("/").status_code == 401
    assert lan.journal()[-1] | {"at": ""} == {
        "at": "",
        "event": "dang_xuat",
        "who": "Tài khoản lanh_dao (lanh_dao)",
        "address": "127.0.0.1",
        "what": "",
    }


def test_another_site_cannot_sign_a_viewer_out(lan: Lan) -> None:
    visitor = lan.visitor("lanh_dao")

    assert visitor.http.get("/auth/logout", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert visitor.http.get("/").status_code == 200


def test_an_account_without_a_role_comes_no_further_than_the_sentence(lan: Lan) -> None:
    visitor = lan.visitor("khong_vai_tro")
    shown = visitor.http.get("/tong_quan")

    assert shown.status_code == 403
    assert "Tài khoản khong_vai_tro (khong_vai_tro) chưa được giao vai trò nào" in shown.text
    assert visitor.http.get("/_stcore/host-config").status_code == 403
    with pytest.raises(websockets.InvalidStatus), visitor.websocket():
        pass
    assert [line["what"] for line in lan.journal() if line["who"].endswith("(khong_vai_tro)")][-1] == "không có vai trò"


def test_a_name_that_is_markup_is_shown_as_it_is(tmp_path: Path) -> None:
    name = '<img src=x onerror=alert(1)>\n{"event": "nap"}'
    account = User(sub="x", claims={"name": name, "roles": []})
    warehouses.publish(tmp_path / "warehouse", warehouses.three_districts(simulated=False))
    with opened_to_others(tmp_path, accounts=[account]) as lan:
        shown = lan.visitor("x").http.get("/")

        assert "<img" not in shown.text and "&lt;img src=x onerror=alert(1)&gt;" in shown.text
        assert {line["event"] for line in lan.journal()} == {"dang_nhap", "tu_choi"}


# --- roles from the catalogue


def test_a_role_may_stand_in_the_catalogue_and_is_taken_away_at_once(tmp_path: Path) -> None:
    people = tmp_path / "catalogue" / "access" / "people.csv"
    people.parent.mkdir(parents=True)
    for path in (ROOT / "data" / "catalogue").iterdir():
        if path.is_file():
            (tmp_path / "catalogue" / path.name).write_bytes(path.read_bytes())
    people.write_text("account,role,note\nA@Example.org,ban_dan_van,\nb@example.org,lanh_dao,\n", encoding="utf-8")
    accounts = [
        User(sub="a", claims={"email": "a@example.org", "email_verified": True}),
        User(sub="b", claims={"email": "b@example.org", "email_verified": False}),
    ]
    warehouses.publish(tmp_path / "warehouse", warehouses.three_districts(simulated=False))
    with opened_to_others(tmp_path, accounts=accounts, DVK_CATALOGUE=str(tmp_path / "catalogue")) as lan:
        known, unproven = lan.visitor("a"), lan.visitor("b")
        assert known.http.get("/").status_code == 200
        assert unproven.http.get("/").status_code == 403

        with known.websocket() as connection:
            session_of(connection)
            people.write_text("account,role,note\na@example.org,lanh_dao,\n", encoding="utf-8")

            assert sent_to(connection) == ["/"]
        people.write_text("account,role,note\n", encoding="utf-8")
        assert known.http.get("/").status_code == 403


def test_a_role_that_is_none_stops_the_server_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    people = tmp_path / "access" / "people.csv"
    people.parent.mkdir()
    people.write_text("account,role,note\na@example.org,lanh_dao,\nb@example.org,don_vi,\n", encoding="utf-8")
    monkeypatch.setenv("DVK_CATALOGUE", str(tmp_path))

    with pytest.raises(NotConfigured, match=r"dòng 3: “b@example.org”, vai trò “don_vi” không rõ"):
        read_people()


# --- what someone who may enter may not do


def test_an_upload_without_the_right_is_refused_and_nothing_of_it_kept(lan: Lan) -> None:
    visitor = lan.visitor("lanh_dao")
    with visitor.websocket() as connection:
        answer = visitor.upload(session_of(connection))

    assert (answer.status_code, answer.text) == (403, "Tài khoản này không được nộp tệp.")
    assert lan.journal()[-1]["what"] == "nộp tệp"


@pytest.mark.parametrize("account", ["ban_dan_van", "don_vi"])
def test_who_may_upload_hands_files_to_their_own_session(lan: Lan, account: str) -> None:
    visitor = lan.visitor(account)
    with visitor.websocket() as connection:
        session_id = session_of(connection)

        assert visitor.upload(session_id).status_code == 204
        assert visitor.upload("another").status_code == 400
        assert visitor.upload(session_id, b"x" * (21 * 2**20)).status_code == 413


def test_an_upload_comes_from_a_page_of_this_server(lan: Lan) -> None:
    visitor = lan.visitor("ban_dan_van")
    with visitor.websocket() as connection:
        session_id = session_of(connection)

        assert visitor.upload(session_id, Origin="https://evil.example").status_code == 403
        assert visitor.upload(session_id, **{"X-Xsrftoken": "x"}).status_code == 403


class Kept:
    """A server that keeps whatever reaches it."""

    def __init__(self) -> None:
        self.bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            self.bytes += len(message.get("body", b""))
            if not message.get("more_body"):
                break
        await PlainTextResponse("kept")(scope, receive, send)


def sent(gate: Any, path: str, content: bytes = b"", method: str = "PUT", **headers: str) -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(gate)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.request(method, path, content=content, headers=headers)

    return asyncio.run(send())


def test_one_session_cannot_fill_the_memory_with_uploads(tmp_path: Path) -> None:
    kept = Kept()
    gate, part = Gate(kept, sign_in=None, data=tmp_path), b"x" * (20 * 2**20)

    answers = [sent(gate, f"/_stcore/upload_file/one/{number}", part).status_code for number in range(12)]

    assert answers == [200] * 10 + [413] * 2
    assert kept.bytes == 200 * 2**20
    assert sent(gate, "/_stcore/upload_file/another/1", b"x").status_code == 200


def test_an_upload_that_does_not_say_how_long_it_is_is_refused(tmp_path: Path) -> None:
    kept = Kept()

    async def parts() -> Any:
        yield b"x"

    answer = sent(Gate(kept, sign_in=None, data=tmp_path), "/_stcore/upload_file/one/1", parts())  # type: ignore[arg-type]

    assert (answer.status_code, kept.bytes) == (411, 0)


# --- without sign-in, on this machine


def test_another_name_for_this_machine_is_not_answered(local: str) -> None:
    for name in ("evil.example", "evil.example:8501", "127.0.0.1.evil.example", ""):
        assert httpx.get(local, headers={"Host": name}).status_code == 400, name
    for name in ("127.0.0.1:1", "localhost", "[::1]:8501"):
        assert httpx.get(local, headers={"Host": name}).status_code == 200, name


def test_a_page_elsewhere_cannot_open_the_websocket(local: str) -> None:
    visitor = Visitor(Lan(local, "", Path()))
    with visitor.websocket() as connection:
        assert session_of(connection)
    with pytest.raises(websockets.InvalidStatus), visitor.websocket(Origin="https://evil.example"):
        pass


def test_an_address_without_a_page_is_said_to_have_none(local: str) -> None:
    wants_page = {"Accept": "text/html,application/xhtml+xml"}
    shown = httpx.get(f"{local}/khong_co", headers=wants_page)

    assert (shown.status_code, "Không có trang ở địa chỉ này." in shown.text) == (404, True)
    for page in ["", *PAGES]:
        assert httpx.get(f"{local}/{page}", headers=wants_page).status_code == 200


def test_the_servers_inner_figures_are_shown_to_nobody(local: str, lan: Lan) -> None:
    for path in ("/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/script-health-check"):
        assert httpx.get(local + path).status_code == 404
        assert lan.visitor("ban_dan_van").http.get(path).status_code == 404


def test_every_answer_tells_browsers_what_to_allow(local: str, lan: Lan) -> None:
    for answer in (
        httpx.get(local),
        httpx.get(f"{local}/media/x"),
        lan.visitor().http.get("/"),
        lan.visitor().http.get("/x.js"),
    ):
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "http" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "server" not in answer.headers
    assert httpx.get(f"{local}/media/x").headers["cache-control"] == "no-store"


@pytest.mark.parametrize("compress", [True, False])
def test_scripts_are_compressed_for_a_network_alone_and_kept_for_ever(*, compress: bool) -> None:
    script = early(STATIC)[-1]
    app = BrowserFiles(PlainTextResponse("x", 404), folder=STATIC, compress=compress)

    async def got(path: str, **headers: str) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as browser:
            return await browser.get(path, headers=headers)

    first = asyncio.run(got(f"/static/js/{script}"))
    as_is = asyncio.run(got(f"/static/js/{script}", **{"accept-encoding": "identity"}))

    assert first.headers.get("content-encoding") == ("gzip" if compress else None)
    assert first.content == as_is.content == (STATIC / "static" / "js" / script).read_bytes()
    assert "immutable" in first.headers["cache-control"]
    assert "content-encoding" not in as_is.headers
    assert asyncio.run(got("/static/js/none.js")).status_code == 404


def test_a_page_names_beforehand_the_scripts_that_charts_and_choices_need(local: str) -> None:
    links = httpx.get(local, headers={"accept": "text/html"}).headers["link"]
    named = re.findall(r"<\./static/js/([^>]+)>; rel=modulepreload", links)

    assert {name.partition(".")[0] for name in named} >= {"Html", "Selectbox", "PlotlyChart"}
    assert all((STATIC / "static" / "js" / name).is_file() for name in named)
    assert len(links) < 3000, "some web servers in front take no more than 4 kB of headers"
    assert "link" not in httpx.get(f"{local}/_stcore/health").headers


def test_cookies_and_browsers_keep_to_an_encrypted_server() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        response = PlainTextResponse("x")
        response.set_cookie("a", "1")
        response.set_cookie("b", "2", secure=True)
        await response(scope, receive, send)

    plain = sent(SecurityHeaders(app, is_encrypted=False), "/", method="GET")
    encrypted = sent(SecurityHeaders(app, is_encrypted=True), "/", method="GET")

    assert "strict-transport-security" not in plain.headers
    assert encrypted.headers["strict-transport-security"]
    assert [value.count("ecure") for value in encrypted.headers.get_list("set-cookie")] == [1, 1]


def certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate for this machine and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1)
    )
    paths = folder / "cert.pem", folder / "key.pem"
    paths[0].write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    unlocked = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, *unlocked))
    return paths


def test_an_encrypted_server_lets_in_who_signs_in_and_its_cookies_stay_encrypted(tmp_path: Path) -> None:
    warehouses.publish(tmp_path / "warehouse", warehouses.three_districts(simulated=False))
    cert, key = certificate(tmp_path)
    settings = f'[tls]\ncertificate = "{cert.name}"\nkey = "{key}"\n'
    with opened_to_others(tmp_path, scheme="https", more=settings) as lan:
        answer = lan.visitor().sign_in("lanh_dao")
        cookies = answer.headers.get_list("set-cookie")

        assert any(cookie.startswith("_streamlit_user=") for cookie in cookies)
        assert all("; secure" in cookie.casefold() for cookie in cookies)
        assert lan.visitor("lanh_dao").http.get("/").status_code == 200
        assert run.answers(int(lan.base.rsplit(":", 1)[1]), is_lan=True)


# --- what must be set up first


def started(settings: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dashboard.server", "--lan", "--port", str(free_port()), *options]
    environment = {**run.child_environment(), "DVK_SIGN_IN": str(settings)}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


def test_other_machines_may_not_come_before_sign_in_is_set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DVK_SIGN_IN", str(tmp_path / "none.toml"))
    done = started(tmp_path / "none.toml")

    assert done.returncode == 2
    assert "Không mở cho máy khác vào được. Chưa có tệp" in done.stderr
    assert "Traceback" not in done.stderr
    assert run.serve(Path(sys.executable), free_port(), with_browser=False, lan=["--lan"]) == 2


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"client_id": ""}, "thiếu: client_id"),
        ({"cookie_secret": "ngan"}, "cookie_secret phải là chuỗi ngẫu nhiên"),
        ({"cookie_secret": "x" * 40}, "cookie_secret phải là chuỗi ngẫu nhiên"),
        ({"redirect_uri": "https://may.example.org/"}, "redirect_uri phải có dạng"),
        ({"redirect_uri": "may.example.org/oauth2callback"}, "redirect_uri phải có dạng"),
        ({"redirect_uri": "http://may.example.org/oauth2callback"}, "lấy được phiên đăng nhập"),
    ],
)
def test_sign_in_that_is_not_set_up_safely_is_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], said: str
) -> None:
    settings = write_settings(tmp_path / "secrets.toml", "https://may.example.org", "https://a.example.org", **changed)
    monkeypatch.setenv("DVK_SIGN_IN", str(settings))

    with pytest.raises(NotConfigured, match=said):
        read_sign_in()


@pytest.mark.parametrize("tls", ['certificate = "a.pem"', 'certificate = "a.pem"\nkey = "khong_co"', "key = 1"])
def test_a_certificate_without_its_key_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tls: str) -> None:
    settings = write_settings(tmp_path / "secrets.toml", "https://may.example.org", "https://a.example.org")
    (tmp_path / "a.pem").touch()
    settings.write_text(f"{settings.read_text()}\n[tls]\n{tls}\n")
    monkeypatch.setenv("DVK_SIGN_IN", str(settings))

    with pytest.raises(NotConfigured, match="certificate và key"):
        read_sign_in()


def test_the_example_of_settings_is_refused_until_it_is_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DVK_SIGN_IN", str(ROOT / "docs" / "secrets.example.toml"))

    with pytest.raises(NotConfigured, match="cookie_secret"):
        read_sign_in()


def test_unencrypted_sign_in_needs_to_be_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = write_settings(tmp_path / "secrets.toml", "http://may.example.org", "https://a.example.org")
    monkeypatch.setenv("DVK_SIGN_IN", str(settings))

    assert read_sign_in(may_be_plain=True).origin == "http://may.example.org"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux answers at every address of 127.0.0.0/8")
@pytest.mark.parametrize(("way", "is_reached"), [("--lan", True), ("--behind-proxy", False)])
def test_behind_a_proxy_viewers_sign_in_and_no_other_machine_comes(
    tmp_path: Path, way: str, *, is_reached: bool
) -> None:
    port = free_port()
    settings = write_settings(tmp_path / "secrets.toml", "https://may.example.org", "https://a.example.org")
    by_proxy = {"Host": "may.example.org", "X-Forwarded-For": "10.0.0.1"}
    with serving(tmp_path, port, way, DVK_SIGN_IN=str(settings)):
        assert httpx.get(f"http://127.0.0.1:{port}/tong_quan", headers=by_proxy, timeout=30).status_code == 401
        assert httpx.get(f"http://127.0.0.1:{port}/tong_quan", timeout=30).status_code == 400, "asked by another name"
        # an address of this machine that is not the one a proxy on it uses, as a network card's would be
        try:
            assert httpx.get(f"http://127.0.0.2:{port}/_stcore/health", timeout=30).status_code == 200
            assert is_reached
        except httpx.ConnectError:
            assert not is_reached


@pytest.mark.browser
def test_streamlit_alone_lets_nobody_in_from_other_machines(tmp_path: Path, page: Page) -> None:
    warehouses.publish(tmp_path / "warehouse", warehouses.three_districts(simulated=False))
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    for address, is_let_in in (("127.0.0.1", True), ("0.0.0.0", False)):
        process = subprocess.Popen(
            [*command, "--server.address", address],
            cwd=ROOT,
            env={**run.child_environment(), "DVK_DATA": str(tmp_path)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            while not run.answers(port, is_lan=False):
                assert process.poll() is None
                time.sleep(0.1)
            page.goto(f"http://127.0.0.1:{port}/tong_quan")
            if is_let_in:
                expect(page.get_by_text("Phong trào đang ở đâu")).to_be_visible()
            else:
                expect(page.get_by_text("Muốn mở cho máy khác")).to_be_visible()
                expect(page.get_by_text("Phong trào đang ở đâu")).to_have_count(0)
        finally:
            process.terminate()
            process.wait(10)
