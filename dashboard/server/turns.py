"""Taking turns to draw: in a hall, pages are drawn a few at a time instead of all a little at a time.

Python runs one thread at a moment. Thirty pages that are drawn together are all ready at the end, and going from one to
the other takes a part of the time; drawn in turn, half of them are ready after half of the time.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """At most `at_once` have their turn; who has waited for `patience` seconds goes on without one."""

    def __init__(self, at_once: int, patience: float) -> None:
        self._free, self._patience = threading.Semaphore(at_once), patience
        self._mine = threading.local()

    @contextmanager
    def mine(self) -> Iterator[None]:
        """Wait for a turn, and have it for as long as the block lasts."""
        self._take()
        try:
            yield
        finally:
            self._give_back()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Let others go first for as long as the block lasts: for what takes long, or waits itself."""
        held = self._give_back()
        try:
            yield
        finally:
            if held:
                self._take()

    def _take(self) -> None:
        self._mine.held = self._free.acquire(timeout=self._patience)

    def _give_back(self) -> bool:
        held: bool = getattr(self._mine, "held", False)
        self._mine.held = False
        if held:
            self._free.release()
        return held


PAGES = Turns(at_once=2, patience=5.0)
"""The turns of the pages of one server: two, because a query runs beside Python."""
