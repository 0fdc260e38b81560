"""Getting ready for viewers while the server already answers: what pages are drawn with, and the snapshot.

Whoever draws waits until that is done (`wait`): two threads that import the same modules in different orders would
each see some of them half made.
"""

import contextlib
import gc
import sys
import threading
from pathlib import Path

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


def wait() -> None:
    """Return once nothing is being made ready."""
    _DONE.wait()


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
