"""Who acts: the account that runs the program, or the viewer for whom a screen acts."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_viewer: ContextVar[str] = ContextVar("viewer", default="")


def who() -> str:
    """Return who acts, as records name them; "" where neither a viewer is set nor the system tells."""
    if viewer := _viewer.get():
        return viewer
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


@contextmanager
def acting_for(viewer: str) -> Iterator[None]:
    """Act for a viewer who has signed in; "" for the account itself."""
    token = _viewer.set(viewer)
    try:
        yield
    finally:
        _viewer.reset(token)
