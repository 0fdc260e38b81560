"""What browsers are told to allow: the headers of every answer. A page needs nothing from anywhere but this server."""

import base64
import hashlib
import re
from pathlib import Path

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MEDIA = "/media/"


class SecurityHeaders:
    """ASGI middleware. is_encrypted: whether viewers come by HTTPS, so that browsers may be kept to it."""

    def __init__(self, app: ASGIApp, *, is_encrypted: bool) -> None:
        self.app, self.is_encrypted = app, is_encrypted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to every answer."""

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message), scope["path"])
            await send(message)

        await self.app(scope, receive, sent if scope["type"] == "http" else send)

    def _add(self, headers: MutableHeaders, path: str) -> None:
        headers.update(_HEADERS)
        if path.startswith(_MEDIA):
            headers["Cache-Control"] = "no-store"
        if not self.is_encrypted:
            return
        headers["Strict-Transport-Security"] = "max-age=31536000"
        cookies = headers.getlist("set-cookie")
        del headers["set-cookie"]
        for cookie in cookies:
            headers.append("set-cookie", cookie if "; secure" in cookie.casefold() else f"{cookie}; Secure")


def _inline_scripts() -> list[str]:
    """Return the digests of the scripts that stand in Streamlit's own page: they alone may run inline."""
    page = Path(streamlit.__file__).with_name("static") / "index.html"
    scripts = re.findall(r"<script>(.*?)</script>", page.read_text(encoding="utf-8"), re.DOTALL)
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    return [f"'sha256-{digest}'" for digest in digests]


_POLICY = {
    "default-src": "'self'",
    "script-src": " ".join(["'self'", "'wasm-unsafe-eval'", *_inline_scripts()]),
    "style-src": "'self' 'unsafe-inline'",  # Streamlit's components write their styles into the page
    "img-src": "'self' data: blob:",  # charts are saved as pictures through both
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
_HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in _POLICY.items()),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
