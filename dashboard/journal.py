"""The journal: who signed in, was refused, made or fetched a file. Lines are only ever added.

What was done to the store itself (loaded, rejected, withdrawn, closed, frozen) stands in the store's own sealed
records; the page of the audit trail shows both together. No figure and no content of a cell is written here.

    DVK_DATA/audit/2026.jsonl    one JSON object a line: at (UTC), event, who, address, what
"""

import errno
import getpass
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

SIGNED_IN, SIGNED_OUT, REFUSED, EXPORTED, FETCHED = "dang_nhap", "dang_xuat", "tu_choi", "xuat", "tai_goc"
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened. at: UTC, ISO 8601. address: where the viewer came from, "" when not known."""

    at: str
    event: str
    who: str
    address: str
    what: str


def folder(data: Path) -> Path:
    """Return where the journal of a data folder lies."""
    return data / "audit"


def this_account() -> str:
    """Return the account that runs the program, for what is done by a command; "" where the system does not tell."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def record(data: Path, event: str, who: str, what: str = "", address: str = "") -> Entry:
    """Add a line, which is on disk before this returns. Raises OSError."""
    now = datetime.now(UTC)
    entry = Entry(now.isoformat(timespec="seconds"), event, who[:_LONGEST], address[:_LONGEST], what[:_LONGEST])
    # ASCII alone: every line break there is, also of other scripts, is escaped and cannot begin a line of its own.
    line = json.dumps(asdict(entry)).encode("ascii") + b"\n"
    folder(data).mkdir(parents=True, exist_ok=True)
    path = folder(data) / f"{now.year}.jsonl"
    place = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        # One call, so that lines of two processes do not mix; never on the line that a crash cut short.
        line = line if _ends_whole(path) else b"\n" + line
        written = os.write(place, line)
        if written < len(line):  # the disk is full: what did not fit whole goes again
            os.ftruncate(place, os.fstat(place).st_size - written)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        os.fsync(place)
    finally:
        os.close(place)
    return entry


def _ends_whole(path: Path) -> bool:
    """Whether a file is empty or ends with a whole line."""
    with path.open("rb") as stream:
        if stream.seek(0, os.SEEK_END) == 0:
            return True
        stream.seek(-1, os.SEEK_END)
        return stream.read(1) == b"\n"


def entries(data: Path) -> list[Entry]:
    """Return every line of the journal, the latest first; one that cannot be read is left out (`verify` names it)."""
    return [entry for path in sorted(folder(data).glob("*.jsonl")) for entry in _entries_in(path)][::-1]


@dataclass(frozen=True)
class _Known:
    """What was read of a file: the entries of its whole lines, how many bytes those are, and their digest."""

    entries: tuple[Entry, ...] = ()
    size: int = 0
    digest: bytes = hashlib.sha256().digest()


_known: dict[Path, _Known] = {}
"""Of each file what was read last: a year of lines is long in the reading, and there are only ever more."""


def _entries_in(path: Path) -> tuple[Entry, ...]:
    """Return the entries of a file; of one that begins as it did when it was read last, only the rest is read."""
    content = path.read_bytes()
    known = _known.get(path, _Known())
    if hashlib.sha256(content[: known.size]).digest() != known.digest:
        known = _Known()
    end = content.rfind(b"\n") + 1
    if end != known.size:
        found = (*known.entries, *_parsed(content[known.size : end]))
        known = _known[path] = _Known(found, end, hashlib.sha256(content[:end]).digest())
    return (*known.entries, *_parsed(content[end:]))


def _parsed(content: bytes) -> Iterator[Entry]:
    for line in content.split(b"\n"):
        try:
            entry = Entry(**json.loads(line))
            datetime.fromisoformat(entry.at).astimezone()
        except (ValueError, TypeError):
            continue
        yield entry
