"""Sessions that were signed out before their time: every process on a data folder knows them, and so after a restart.

    DVK_DATA/audit/ended/2026-11-23.txt    of the sessions whose time ends on that day (UTC) the marks, one a line

A day that is over is deleted: by then its sessions end by themselves.
"""

import os
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

_LATEST = 2.0**33
"""Seconds since 1970 that stand for any later end: in the year 2242."""


def end(data: Path, mark: str, ends_at: float, now: float) -> None:
    """Sign a session out for all processes, on disk before this returns. mark: without line breaks. Raises OSError.

    ends_at: when its time ends; now: the present moment; both in seconds since 1970.
    """
    path = _path(data, ends_at)
    path.parent.mkdir(parents=True, exist_ok=True)
    place = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(place, f"{mark}\n".encode())  # one call, so that lines of two processes do not mix
        os.fsync(place)
    finally:
        os.close(place)
    for other in path.parent.glob("*.txt"):
        if other.stem < _path(data, now).stem:
            other.unlink(missing_ok=True)


def is_ended(data: Path, mark: str, ends_at: float) -> bool:
    """Whether a session was signed out, by whichever process."""
    path = _path(data, ends_at)
    try:
        return mark in _marks(path, path.stat().st_size)  # there are only ever more
    except FileNotFoundError:
        return False


@lru_cache(maxsize=4)
def _marks(path: Path, size: int) -> frozenset[str]:
    return frozenset(path.read_text(encoding="ascii").splitlines())


def _path(data: Path, ends_at: float) -> Path:
    day = datetime.fromtimestamp(min(ends_at, _LATEST), UTC).date()
    return data / "audit" / "ended" / f"{day.isoformat()}.txt"
