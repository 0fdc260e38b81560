"""The journal: who signed in, was refused, made or fetched a file. Lines are only ever added.

What was done to the store itself (loaded, rejected, withdrawn, closed, frozen) stands in the store's own sealed
records; the page of the audit trail shows both together. No figure and no content of a cell is written here.

    DVK_DATA/audit/2026.jsonl    one JSON object a line: at (UTC), event, who, address, what
"""

import errno
import getpass
import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

SIGNED_IN, SIGNED_OUT, REFUSED, EXPORTED, FETCHED = "dang_nhap", "dang_xuat", "tu_choi", "xuat", "tai_goc"
_LONGEST = 300


@dataclass(frozen=True)
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
    found = []
    for path in sorted(folder(data).glob("*.jsonl")):
        for line in path.read_bytes().split(b"\n"):
            try:
                entry = Entry(**json.loads(line))
                datetime.fromisoformat(entry.at).astimezone()
            except (ValueError, TypeError):
                continue
            found.append(entry)
    return found[::-1]
