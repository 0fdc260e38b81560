"""The dashboard opened to other machines: the real server behind its gate, and a real sign-in provider beside it."""

import json
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import websockets
from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import Page
from websockets.sync.client import ClientConnection, connect

from tests.browsing import ROOT, free_port, wait_for

ROLES = {
    "lanh_dao": ["lanh_dao"],
    "ban_dan_van": ["ban_dan_van"],
    "don_vi": ["don_vi:thang_binh"],
    "khong_vai_tro": [],
}
"""The accounts that the provider knows, each with the roles it says they have."""


def users(roles: Mapping[str, Sequence[str]] = ROLES) -> list[User]:
    return [
        User(sub=sub, claims={"name": f"Tài khoản {sub}", "email": f"{sub}@example.org", "roles": list(given)})
        for sub, given in roles.items()
    ]


@dataclass(frozen=True)
class Lan:
    """A running server and its provider."""

    base: str
    provider: str
    data: Path

    def visitor(self, sub: str | None = None) -> "Visitor":
        """Return a visitor, signed in as one of the provider's accounts or not at all."""
        visitor = Visitor(self)
        if sub is not None:
            visitor.sign_in(sub)
        return visitor

    def journal(self) -> list[dict[str, str]]:
        lines = [line for path in (self.data / "audit").glob("*.jsonl") for line in path.read_text().splitlines()]
        return [json.loads(line) for line in lines]


@contextmanager
def opened_to_others(
    data: Path,
    *,
    accounts: Sequence[User] | None = None,
    session: timedelta = timedelta(hours=1),
    scheme: str = "http",
    more: str = "",
    **env: str,
) -> Iterator[Lan]:
    """Serve a data folder to everyone who signs in.

    session: how long a sign-in lasts. more: further lines of the settings.
    """
    port = free_port()
    base = f"{scheme}://127.0.0.1:{port}"
    given = users() if accounts is None else list(accounts)
    with run_server_in_thread(user_claims=given, access_token_max_age=session) as provider:
        issuer = f"http://localhost:{provider.server_port}"
        settings = write_settings(data / "secrets.toml", base, issuer)
        with settings.open("a") as stream:
            stream.write(f"\n{more}")
        with serving(data, port, DVK_SIGN_IN=str(settings), **env):
            yield Lan(base, issuer, data)


def write_settings(path: Path, base: str, issuer: str, **changed: str) -> Path:
    """Write what an administrator writes to set up sign-in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    found = {
        "redirect_uri": f"{base}/oauth2callback",
        "cookie_secret": secrets.token_urlsafe(48),
        "client_id": "bang-dieu-khien",
        "client_secret": secrets.token_urlsafe(16),
        "server_metadata_url": f"{issuer}/.well-known/openid-configuration",
        **changed,
    }
    lines = ["[auth]", *(f"{name} = {json.dumps(value)}" for name, value in found.items() if value)]
    path.write_text("\n".join(lines))
    return path


@contextmanager
def serving(data: Path, port: int, way: str = "--lan", **env: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run the server with sign-in. way: who can reach it, `--lan` or `--behind-proxy`."""
    with (data / "server.log").open("ab") as log:
        command = [sys.executable, "-m", "dashboard.server", way, "--port", str(port)]
        server = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "DVK_DATA": str(data), **env}, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            wait_for(port, server)
            yield server
        finally:
            server.terminate()
            server.wait(10)


class Visitor:
    """A browser without a screen: it keeps cookies and speaks HTTP and the websocket as Streamlit's page does."""

    def __init__(self, lan: Lan) -> None:
        self.lan = lan
        self.http = httpx.Client(base_url=lan.base, follow_redirects=False, timeout=30, verify=False)

    def sign_in(self, sub: str, path: str = "/") -> httpx.Response:
        """Go to the provider, say who one is, and come back; return the answer to the way back."""
        asked = self.http.get("/dang-nhap", params={"ve": path})
        assert asked.status_code == 302, asked.text
        chosen = httpx.post(asked.headers["location"], data={"sub": sub}, timeout=30)
        assert chosen.status_code == 302, chosen.text
        return self.http.get(chosen.headers["location"])

    @property
    def cookies(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.http.cookies.items())

    def xsrf(self) -> str:
        self.http.get("/_stcore/health")
        return self.http.cookies.get("_streamlit_xsrf", "")

    @contextmanager
    def websocket(self, **headers: str) -> Iterator[ClientConnection]:
        """Open the websocket as the page does. Raises websockets.InvalidStatus when it is refused."""
        xsrf = self.xsrf()
        told = {"Cookie": self.cookies, **headers}
        with connect(
            self.lan.base.replace("http", "ws") + "/_stcore/stream",
            additional_headers=told,
            origin=websockets.Origin(headers.pop("Origin", self.lan.base)),
            subprotocols=[websockets.Subprotocol("streamlit"), websockets.Subprotocol(xsrf)] if xsrf else None,
            max_size=None,
        ) as connection:
            yield connection

    def upload(self, session_id: str, content: bytes = b"x" * 1000, **headers: str) -> httpx.Response:
        """Hand a file to the upload route."""
        return self.http.put(
            f"/_stcore/upload_file/{session_id}/{secrets.token_hex(8)}",
            files={"file": ("a.xlsx", content)},
            headers={"X-Xsrftoken": self.xsrf(), **headers},
        )


def sign_in(page: Page, lan: Lan, sub: str, path: str = "") -> Page:
    """Sign in by the screens: the gate's page, then the provider's."""
    page.goto(f"{lan.base}/{path}")
    page.get_by_role("link", name="Đăng nhập").click()
    page.get_by_role("button", name=re.compile(sub)).click()
    page.wait_for_selector("[data-testid=stApp]")
    return page
