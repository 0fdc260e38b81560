"""Getting ready for viewers while the server already answers: what pages are drawn with, and the snapshot.

Viewers are connected when that is done: two threads that import the same modules in different orders would each see
some of them half made. Asked at the connection, because Streamlit runs a page's file without app.py where a link to it
is the server's first request.
"""

import asyncio
import contextlib
import gc
import sys
import threading
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

_AFTER = 0.2
"""Seconds until it begins: who asks whether the server is healthy is answered first."""
_DONE = threading.Event()
_DONE.set()  # where nobody gets ready, nobody need wait


def get_ready(data: Path) -> None:
    """Load what pages are drawn with and open the snapshot of a data folder, in a thread of its own."""
    _DONE.clear()
    thread = threading.Timer(_AFTER, _get_ready, [data])
    thread.daemon = True
    thread.start()


def let_go() -> None:
    """Give back to the garbage collector what was kept from it, so that a process ends with everything closed."""
    gc.unfreeze()


class WhenReady:
    """ASGI middleware: lets no viewer's connection through while the server is getting ready."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold a websocket back until all is ready; the rest passes."""
        if scope["type"] == "websocket" and not _DONE.is_set():
            await asyncio.to_thread(_DONE.wait)
        await self.app(scope, receive, send)


def _get_ready(data: Path) -> None:
    patience = sys.getswitchinterval()
    sys.setswitchinterval(patience / 10)  # whoever asks for something meanwhile goes first
    gc.disable()  # nothing of this is ever garbage
    try:
        from dashboard import warehouse
        from dashboard.ui.frame import open_once

        with contextlib.suppress(warehouse.WarehouseError):  # the page will say it
            warehouse.open_snapshot(data, open_once)
    finally:
        gc.freeze()
        gc.enable()
        sys.setswitchinterval(patience)
        _DONE.set()
