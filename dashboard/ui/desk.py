"""The reception desk as the screens see it. The page that takes in returns brings the real one.

Its records are plain: an outcome has name, status, brought, issues, is_older; a version has return_id,
file_name, sha256, at, by, closed_on, standing, reason, changes, issues, is_held; an issue has level, message,
sheet, cell.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException, StopException

from dashboard import log, markup
from dashboard.server.turns import PAGES

Upload = tuple[str, bytes]
Progress = Callable[[int, int], None]
Subject = tuple[str, str, int, int]
T = TypeVar("T")


class Desk(Protocol):
    """What a clerk can have done. Every method may raise `Refused`, whose message is for the clerk.

    With a cause it is no refusal but a failure, which is logged.
    """

    Refused: type[Exception]

    @property
    def may_change(self) -> bool:
        """Whether what is shown may be undone and closed here."""

    def examine(self, uploads: Sequence[Upload], reason: str = "", progress: Progress | None = None) -> Sequence[Any]:
        """Say what would become of files."""

    def take(self, uploads: Sequence[Upload], reason: str = "", progress: Progress | None = None) -> Sequence[Any]:
        """Load files."""

    def correction(self, upload: Upload, issues: Iterable[Any]) -> bytes:
        """Return an uploaded file with its cells marked."""

    def correction_of(self, sha256: str) -> bytes:
        """Return a file held back with its cells marked."""

    def held_back(self) -> Sequence[Any]:
        """Return the files held back."""

    def has_original(self, sha256: str) -> bool:
        """Whether a file is still there as its sender wrote it."""

    def original(self, sha256: str) -> bytes | None:
        """Return a file as its sender wrote it."""

    def senders(self, sha256: str) -> frozenset[str]:
        """Return the units of which a file holds returns."""

    def acts(self) -> Sequence[Any]:
        """Return what was done to the store, the latest first."""

    def subjects(self) -> Mapping[Subject, str]:
        """Return the units and periods that have a history."""

    def versions(self, subject: Subject) -> Sequence[Any]:
        """Return the history of a unit and period."""

    def closed_years(self) -> Mapping[int, str]:
        """Return the closed years with their reasons."""

    def withdraw(self, return_ids: Sequence[str], reason: str) -> None:
        """Take returns back."""

    def close_year(self, year: int, reason: str) -> None:
        """Close a year."""

    def reopen_year(self, year: int, reason: str) -> None:
        """Open a closed year."""

    def freeze(self, name: str, by: str, note: str, seen: str) -> None:
        """Freeze the snapshot shown, `seen` by the clerk, under a name."""

    def form(self, don_vi_id: str, kind: str, year: int) -> tuple[str, bytes]:
        """Return the name and content of a unit's form, with what the last period carries over."""


def asked(desk: Desk, action: Callable[[], T]) -> T | None:
    """Return what the desk answers; None after telling the clerk why it refused."""
    try:
        return action()
    except desk.Refused as problem:
        failed = problem.__cause__ is not None
        code = f" (mã {log.failure('the desk failed', problem)})" if failed else ""
        st.error(markup.literal(f"{problem}{code}"))
        return None


def done(desk: Desk, action: Callable[[], object]) -> bool:
    """Have the desk do something; return whether it did, after telling the clerk why it refused."""
    with PAGES.aside():
        return asked(desk, lambda: (action(), True)) is not None


def with_progress(
    action: Callable[[Progress], T], what: str, *, is_cut_short: bool = True, steps_are: str = "tệp"
) -> T:
    """Run an action of many steps under a bar.

    Streamlit ends a run at its next call once the viewer has clicked elsewhere or left. With is_cut_short False the
    action is finished first, without the bar, and only then the run ends: what must be kept, the action itself keeps.
    """
    bar = st.progress(0.0, text=what)
    ended: list[BaseException] = []

    def advance(step: int, steps: int) -> None:
        if ended:
            return
        try:
            bar.progress(step / max(steps, 1), text=f"{what}: {step}/{steps} {steps_are}")
        except (RerunException, StopException) as end:
            if is_cut_short:
                raise
            ended.append(end)

    try:
        with PAGES.aside():
            result = action(advance)
        if ended:
            raise ended[0]
        return result
    finally:
        bar.empty()


def mark_of(uploads: Sequence[Upload]) -> str:
    """Return a digest of files, so that what was said of them is not shown over others."""
    content = hashlib.sha256()
    for name, data in uploads:
        content.update(f"{name}\0{len(data)}\0".encode(errors="replace"))
        content.update(data)
    return content.hexdigest()
