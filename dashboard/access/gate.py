"""The gate: what stands before every route and the websocket of the dashboard's server.

Streamlit's own sign-in decides what a script sees, not who may reach the server: whoever opens a websocket may run the
app and fill its memory with uploads. Here nothing but the health check passes without a session of someone who has a
role; the rest of the rights is asked where it is used (dashboard/access/rights.py).
"""

import hashlib
import html
import json
import logging
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from starlette.datastructures import URL, Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.auth_util import encode_provider_token, get_cookie_with_chunks
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import SESSION_COOKIE_NAME, USER_COOKIE_NAME

from dashboard import journal
from dashboard.access import ended
from dashboard.access.rights import NOBODY, Right, Viewer
from dashboard.access.sign_in import CALLBACK, SignIn, host_of, is_loopback, known_viewer

HEALTH, UPLOADS = "/_stcore/health", "/_stcore/upload_file/"
SIGN_IN, SIGN_OUT = "/dang-nhap", "/auth/logout"
_NEVER = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check")
_INSIDE = ("/_stcore", "/media/", "/static/", "/component/", "/auth/")
_WAY_BACK = "dvk_ve"
_MOST_UPLOADED = 200 * 2**20
"""Bytes that one session may hand in: Streamlit keeps them in memory until the session ends."""
_PAGE = Path(__file__).parents[1] / "assets" / "gate.html"
_REPEATED = 60
"""Seconds in which the same refusal of the same viewer is written to the journal once."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Session:
    """A signed-in browser. mark: a digest of its cookie; ends_at: seconds since 1970."""

    viewer: Viewer
    mark: str
    ends_at: float


@dataclass
class _Uploads:
    """Bytes that each session of the app has handed in."""

    taken: dict[str, int] = field(default_factory=dict)

    def allow(self, session_id: str, length: int) -> bool:
        so_far = self.taken.get(session_id, 0) + length
        if so_far > _MOST_UPLOADED:
            return False
        if len(self.taken) > 10_000:  # sessions long gone
            self.taken.clear()
        self.taken[session_id] = so_far
        return True


class Gate:
    """ASGI middleware. sign_in: how viewers sign in, None where only this machine is served and nobody has to.

    pages: the addresses of the pages there are; who opens another is told so here, in Vietnamese.
    """

    def __init__(self, app: ASGIApp, *, sign_in: SignIn | None, data: Path, pages: Collection[str] = ()) -> None:
        self.app, self.sign_in, self.data, self.pages, self.now = app, sign_in, data, frozenset(pages), time.time
        self._ended: dict[str, float] = {}
        self._refused: dict[tuple[str, str], float] = {}
        self._uploads = _Uploads()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, answer it here, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        path, method = scope["path"], scope.get("method", "")
        if scope["type"] == "http" and path == HEALTH and method in ("GET", "HEAD"):
            await self.app(scope, receive, send)
        elif not self._is_asked_by_our_name(scope):
            await _refuse(scope, receive, send, 400, self._wrong_name())
        elif path.startswith(_NEVER):
            await _refuse(scope, receive, send, 404, "Không có địa chỉ này.")
        elif self.sign_in is None:
            await self._pass_on(scope, receive, send, None)
        else:
            await self._ask(scope, receive, send)

    async def _ask(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through when it comes from someone who has signed in and has a role."""
        request, path = HTTPConnection(scope), scope["path"]
        session = self.session_of(request.cookies)
        if scope["type"] == "http" and path == SIGN_IN:
            await self._begin(scope, receive, send)
        elif scope["type"] == "http" and path == CALLBACK and _comes_from_provider(request):
            await self._come_back(scope, receive, send)
        elif session is None:
            await self._turn_away(scope, receive, send)
        elif scope["type"] == "http" and path == SIGN_OUT:
            await self._leave(scope, receive, send, session)
        elif not session.viewer.roles:
            self._note_refusal(request, session.viewer, "không có vai trò")
            page = _page(
                "Chưa được vào",
                f"Tài khoản {session.viewer.said} chưa được giao vai trò nào. Hãy báo người quản trị.",
                SIGN_OUT,
                "Dùng tài khoản khác",
            )
            await _refuse(scope, receive, send, 403, "Tài khoản chưa được giao vai trò.", page)
        else:
            await self._pass_on(scope, receive, send, session)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send, session: Session | None) -> None:
        """Hand a request of someone who may enter to the app, an upload only of someone who may upload."""
        request = HTTPConnection(scope)
        if not _is_from_our_pages(request):
            await _refuse(scope, receive, send, 403, "Yêu cầu đến từ một trang khác.")
            return
        if scope["type"] == "websocket":
            await self._talk(scope, receive, send, session)
            return
        if scope["path"].startswith(UPLOADS) and scope["method"] == "PUT":
            if session is not None and not session.viewer.may_anywhere(Right.UPLOAD):
                self._note_refusal(request, session.viewer, "nộp tệp")
                await _refuse(scope, receive, send, 403, "Tài khoản này không được nộp tệp.")
                return
            length = request.headers.get("content-length", "")
            if not length.isascii() or not length.isdigit():
                await _refuse(scope, receive, send, 411, "Tệp gửi lên phải nói trước độ dài.")
                return
            if not self._uploads.allow(scope["path"].split("/")[3], int(length)):
                await _refuse(scope, receive, send, 413, "Phiên này đã gửi quá nhiều tệp: tải lại trang rồi gửi tiếp.")
                return
        if self._is_no_page(request):
            page = _page("Không có trang này", "Không có trang ở địa chỉ này.", "/", "Về trang đầu")
            await _refuse(scope, receive, send, 404, "Không có trang này.", page)
            return
        way_back = unquote(request.cookies.get(_WAY_BACK, "")) if scope["path"] == "/" else ""
        if session is not None and _is_own_path(way_back):
            response = RedirectResponse(way_back, 303)
            response.delete_cookie(_WAY_BACK)
            await response(scope, receive, send)
            return
        await self.app(scope, receive, send)

    async def _talk(self, scope: Scope, receive: Receive, send: Send, session: Session | None) -> None:
        """Hand a websocket to the app until the session ends or its roles change: then the browser begins anew."""
        cookies = HTTPConnection(scope).cookies

        async def heard() -> Message:
            message = await receive()
            if message["type"] != "websocket.receive" or self.session_of(cookies) == session:
                return message
            away = ForwardMsg()
            away.auth_redirect.url = "/"
            await send({"type": "websocket.send", "bytes": away.SerializeToString()})
            await send({"type": "websocket.close", "code": 1008})
            return {"type": "websocket.disconnect", "code": 1008}

        await self.app(scope, heard, send)

    async def _begin(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a browser to the provider, and remember which page it wanted."""
        query = parse_qs(scope["query_string"].decode("latin-1"))
        way_back = query.get("ve", ["/"])[0]
        told = urlencode({"provider": encode_provider_token("default")})
        login = {**scope, "path": "/auth/login", "raw_path": b"/auth/login", "query_string": told.encode()}

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_own_path(way_back) and way_back != "/":
                cookie = f"{_WAY_BACK}={quote(way_back, safe='')}; Path=/; Max-Age=600; HttpOnly; SameSite=Lax"
                MutableHeaders(scope=message).append("set-cookie", cookie)
            await send(message)

        await self.app(login, receive, sent)

    async def _come_back(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the provider's answer through and write down who it was."""
        request = HTTPConnection(scope)

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                session = self.session_of(_cookies_set(Headers(raw=message["headers"])))
                if session is None:
                    self._write(journal.REFUSED, request, "", "đăng nhập không thành")
                else:
                    roles = ", ".join(session.viewer.roles) or "chưa có vai trò"
                    self._write(journal.SIGNED_IN, request, session.viewer.said, roles)
            await send(message)

        await self.app(scope, receive, sent)

    async def _leave(self, scope: Scope, receive: Receive, send: Send, session: Session) -> None:
        """End a session for good, also in the browser's other windows."""
        request = HTTPConnection(scope)
        if request.headers.get("sec-fetch-site") == "cross-site":
            await _refuse(scope, receive, send, 403, "Yêu cầu đến từ một trang khác.")
            return
        self._ended = {mark: end for mark, end in self._ended.items() if end > self.now()}
        self._ended[session.mark] = session.ends_at  # here in any case, even where nothing can be written
        try:
            ended.end(self.data, session.mark, session.ends_at, self.now())
        except OSError:
            _log.exception("the end of a session cannot be written")
        self._write(journal.SIGNED_OUT, request, session.viewer.said)
        await self.app(scope, receive, send)

    async def _turn_away(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse someone who has not signed in; who wanted a page is shown where to."""
        wanted, query = scope["path"], scope.get("query_string", b"").decode("latin-1")
        back = quote(f"{wanted}?{query}" if query else wanted, safe="/") if wanted != CALLBACK else "/"
        page = _page("Đăng nhập", "Đăng nhập để xem số liệu phong trào.", f"{SIGN_IN}?ve={back}", "Đăng nhập")
        is_page = scope.get("method") == "GET" and not wanted.startswith(_INSIDE)
        await _refuse(scope, receive, send, 401, "Chưa đăng nhập.", page if is_page else "")

    def session_of(self, cookies: Mapping[str, str]) -> Session | None:
        """Return the session that cookies prove, None without one: not ours, over, ended, or for another address."""
        if self.sign_in is None:
            return None
        raw = get_cookie_with_chunks(lambda name: _unsigned(cookies, name), USER_COOKIE_NAME)
        if not raw:
            return None
        try:
            claims = json.loads(raw)
            ends_at = float(claims["exp"])
        except (ValueError, KeyError, TypeError):
            return None
        session = Session(known_viewer(claims), hashlib.sha256(raw).hexdigest(), ends_at)
        is_ours = claims.get("origin") == self.sign_in.origin and claims.get("is_logged_in") is True
        return session if is_ours and session.viewer != NOBODY and not self._is_over(session) else None

    def _is_over(self, session: Session) -> bool:
        if self.now() >= session.ends_at or session.mark in self._ended:
            return True
        return ended.is_ended(self.data, session.mark, session.ends_at)

    def _is_asked_by_our_name(self, scope: Scope) -> bool:
        """Whether the request names this server: else a page elsewhere may have pointed its own name at us."""
        name = host_of(Headers(scope=scope).get("host", ""))
        if self.sign_in is None:
            return is_loopback(name)
        return name.casefold() == self.sign_in.host.casefold()

    def _is_no_page(self, request: HTTPConnection) -> bool:
        """Whether a browser wants to show something that is neither a page nor anything else of the app."""
        path = request.scope["path"]
        wants_page = request.scope["method"] == "GET" and "text/html" in request.headers.get("accept", "")
        return bool(self.pages) and wants_page and not path.startswith(_INSIDE) and path.strip("/") not in self.pages

    def _wrong_name(self) -> str:
        address = self.sign_in.origin if self.sign_in else "http://127.0.0.1"
        return f"Máy chủ này chỉ trả lời ở địa chỉ {address}."

    def _note_refusal(self, request: HTTPConnection, viewer: Viewer, what: str) -> None:
        key, now = (viewer.account, what), self.now()
        if now - self._refused.get(key, 0) >= _REPEATED:
            self._refused = {**{one: at for one, at in self._refused.items() if now - at < _REPEATED}, key: now}
            self._write(journal.REFUSED, request, viewer.said, what)

    def _write(self, event: str, request: HTTPConnection, who: str, what: str = "") -> None:
        try:
            journal.record(self.data, event, who, what, request.client.host if request.client else "")
        except OSError:
            _log.exception("the journal cannot be written")


def _unsigned(cookies: Mapping[str, str], name: str) -> bytes | None:
    value = cookies.get(name)
    return decode_signed_value(get_cookie_secret(), name, value.encode("latin-1", "replace")) if value else None


def _cookies_set(headers: Headers) -> dict[str, str]:
    pairs: Iterable[tuple[str, str, str]] = (value.partition("=") for value in headers.getlist("set-cookie"))
    return {name.strip(): value.partition(";")[0].strip('"') for name, _, value in pairs}


def _comes_from_provider(request: HTTPConnection) -> bool:
    """Whether an answer of the provider belongs to a sign-in that this browser began."""
    asked = request.query_params
    return bool(asked.get("state") and (asked.get("code") or asked.get("error"))) and bool(
        request.cookies.get(SESSION_COOKIE_NAME)
    )


def _is_from_our_pages(request: HTTPConnection) -> bool:
    """Whether a websocket or a request that changes something was begun by a page of this server."""
    if request.scope["type"] == "http" and request.scope["method"] in ("GET", "HEAD", "OPTIONS"):
        return True
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _is_own_path(path: str) -> bool:
    """Whether a path leads to a page of this server and nowhere else."""
    parts = URL(path)
    return path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.netloc and path.isprintable()


def _page(title: str, text: str, address: str, action: str) -> str:
    fields = {"title": title, "text": text, "address": address, "action": action}
    template = Template(_PAGE.read_text(encoding="utf-8"))
    return template.substitute({name: html.escape(value) for name, value in fields.items()})


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, text: str, page: str = "") -> None:
    """Answer without the app; a websocket is not even accepted."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    response: Response = HTMLResponse(page, status) if page else PlainTextResponse(text, status)
    response.headers["Cache-Control"] = "no-store"
    await response(scope, receive, send)
