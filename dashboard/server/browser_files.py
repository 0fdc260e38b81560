"""Streamlit's own scripts and styles on their way to the browser: in Vietnamese, compressed once, and asked for early.

Streamlit reads them from disk piece by piece at every request and sends them as they are; and a browser learns that
it needs the scripts of charts only when the first chart has come. Its page says that it is in English, by which
browsers would offer to translate it, and screen readers would read it out as English.
"""

import asyncio
import gzip
import re
from collections.abc import Iterator
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.server.streamlit_words import in_vietnamese

_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
_FOR_EVER = "public, immutable, max-age=31536000"
"""The names of these files hold a digest of what is in them."""
_NEEDED = ("Html", "Selectbox", "PlotlyChart")
"""Scripts that every first page turns out to need, in this order, although Streamlit's page does not name them."""
_IMPORTED = re.compile(r'(?:\bfrom|\bimport)"\./([^"]+\.js)"')
_ENGLISH, _VIETNAMESE = b'<html lang="en">', b'<html lang="vi">'
_HEAD = 10_000
"""Bytes of a script in which all its imports stand."""


class BrowserFiles:
    """ASGI middleware. folder: Streamlit's static folder; compress: whether viewers come over a network."""

    def __init__(self, app: ASGIApp, *, folder: Path, compress: bool) -> None:
        self.app, self.compress = app, compress
        self._files = {f"/{path.relative_to(folder).as_posix()}": path for path in _scripts_and_styles(folder)}
        self._compressed: dict[Path, asyncio.Task[bytes]] = {}
        self._links = ", ".join(f"<./static/js/{name}>; rel=modulepreload; fetchpriority=low" for name in early(folder))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for a script or a style; with each page, tell the browser its language and what it will need."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = self._files.get(scope["path"])
        headers = Headers(scope=scope)
        if path is not None and scope["method"] == "GET" and "range" not in headers:
            await (await self._answer(path, headers))(scope, receive, send)
            return
        if "text/html" in headers.get("accept", ""):  # the page, as it is: compressed, its language could not be told
            scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]}

        is_page = False

        async def sent(message: Message) -> None:
            nonlocal is_page
            if message["type"] == "http.response.start":
                told = MutableHeaders(scope=message)
                is_page = told.get("content-type", "").startswith("text/html")
                if self._links and is_page:
                    told["Link"] = self._links
            elif is_page:
                message = {**message, "body": message.get("body", b"").replace(_ENGLISH, _VIETNAMESE, 1)}
            await send(message)

        await self.app(scope, receive, sent)

    async def _answer(self, path: Path, asked: Headers) -> Response:
        told = {"Content-Type": _TYPES[path.suffix], "Cache-Control": _FOR_EVER}
        if not self.compress or "gzip" not in asked.get("accept-encoding", ""):
            return Response(_read(path), headers=told)
        if path not in self._compressed:
            self._compressed[path] = asyncio.create_task(asyncio.to_thread(_gzipped, path))
        told |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return Response(await asyncio.shield(self._compressed[path]), headers=told)


def _scripts_and_styles(folder: Path) -> Iterator[Path]:
    return (path for path in (folder / "static").rglob("*") if path.suffix in _TYPES)


def early(folder: Path) -> list[str]:
    """Return the scripts in static/js/ that a first page needs beyond those that Streamlit's page names."""
    scripts = folder / "static" / "js"
    page = (folder / "index.html").read_text(encoding="utf-8")
    found: list[str] = []
    for start in _NEEDED:
        group = [path.name for path in scripts.glob(f"{start}.*.js")]
        for name in group:  # grows meanwhile
            with (scripts / name).open(encoding="utf-8", errors="replace") as script:
                imported = dict.fromkeys(_IMPORTED.findall(script.read(_HEAD)))
            group += [other for other in imported if other not in page and other not in found + group]
        found += group
    return found


def _read(path: Path) -> bytes:
    return in_vietnamese(path.name, path.read_bytes())


def _gzipped(path: Path) -> bytes:
    return gzip.compress(_read(path), 6)
