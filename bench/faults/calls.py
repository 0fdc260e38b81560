"""A fault at one system call after the other: kill -9, EIO and ENOSPC wherever a command writes to the data folder.

strace counts the calls of one kind in each thread and harms the k-th. Which k concern the data folder is found out by a
run that is only watched; in the run that is harmed it is looked up again, so that a point counts only when it was met.
"""

import os
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.faults.forks import Child, Ended, traced
from bench.faults.world import (
    Operation,
    command,
    kept_files,
    leftovers,
    run_etl,
    seen_by_a_reader,
)

WRITING = (
    "write",
    "pwrite64",
    "writev",
    "pwritev",
    "pwritev2",
    "fsync",
    "fdatasync",
    "sync_file_range",
    "fallocate",
    "ftruncate",
    "truncate",
    "rename",
    "renameat",
    "renameat2",
    "link",
    "linkat",
    "symlink",
    "symlinkat",
    "unlink",
    "unlinkat",
    "rmdir",
    "mkdir",
    "mkdirat",
    "openat",
    "open",
    "creat",
    "copy_file_range",
    "sendfile",
    "chmod",
    "fchmod",
    "fchmodat",
    "utimensat",
)
FAULTS = {"kill": "signal=SIGKILL", "EIO": "error=EIO", "ENOSPC": "error=ENOSPC"}
_ENTRY = re.compile(r"^(\d+) +(\w+)\(")
_TO_WRITE = re.compile(r"O_WRONLY|O_RDWR|O_CREAT")
_VIETNAMESE = re.compile(r"[ăâđêôơưạảấầậắằặẹẻếềệỉịọỏốồộớờợụủứừựỳỵỷỹ]")


@dataclass(frozen=True)
class Point:
    """One fault: the k-th call of a kind in whichever thread comes to it."""

    operation: str
    call: str
    k: int
    fault: str


@dataclass(frozen=True)
class Tried:
    """What came of one point. lost: what no longer holds; stuck: what running the command again did not put right."""

    point: Point
    is_met: bool
    code: int
    lost: tuple[str, ...] = ()
    stuck: tuple[str, ...] = ()


def calls_of(operation: Operation, folder: Path) -> list[tuple[str, int]]:
    """Return which calls (kind, k) of an operation write to the data folder, in their order."""
    data, log = operation.start.copy(folder / "data"), folder / "watched.log"
    child = Child(partial(_alone, data, operation), held=True)
    with traced(child, log, "-e", "trace=" + ",".join(f"?{name}" for name in WRITING)):
        pass
    ended = child.wait()
    if ended.code != operation.code:
        raise RuntimeError(f"{operation.name} failed while it was only watched: {ended.err[-400:]}")
    return list(dict.fromkeys((name, k) for name, k, line in _entries(log) if _is_write(name, line, data)))


def try_point(operation: Operation, point: Point, folder: Path) -> Tried:
    """Harm one call, then look at what is left, run the command again and look once more."""
    data, log = operation.start.copy(folder / "data"), folder / "harmed.log"
    child = Child(partial(_alone, data, operation), held=True)
    with traced(
        child, log, "-e", f"trace={point.call}", "-e", f"inject={point.call}:{FAULTS[point.fault]}:when={point.k}"
    ):
        pass
    ended = child.wait()
    met = [_is_write(name, line, data) for name, k, line in _entries(log) if k == point.k]
    # An error in the same call of another thread, of standard output say, would be another fault as well.
    if not any(met) or (point.fault != "kill" and not all(met)):
        return Tried(point, False, ended.code)
    lost = tuple(_losses(operation, data, ended, point.fault))
    return Tried(point, True, ended.code, lost, tuple(not_converged(operation, data, ended.code)))


def _alone(data: Path, operation: Operation) -> None:
    """Run an operation on one processor: DuckDB then has one thread, and calls come in the same order each time."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    run_etl(data, *operation.arguments)


def _losses(operation: Operation, data: Path, ended: Ended, fault: str) -> Iterator[str]:
    """Yield what of the invariant does not hold right after a fault."""
    if fault == "kill":
        if ended.code != -9:
            yield f"ended {ended.code}, not killed: {ended.err[-300:]}"
    elif ended.code not in (operation.code, 4):
        yield f"ended {ended.code}: {ended.err[-600:]}"
    elif ended.code == 4 and not (_VIETNAMESE.search(ended.err) and "Traceback" not in ended.err):
        yield f"did not say why: {ended.err[-300:]}"
    yield from kept_losses(operation.start.kept, data)
    shown = seen_by_a_reader(data)
    # Where there was nothing to read, the first snapshot is shown, with a notice, before it is named as current.
    is_first = not operation.start.view.tables and shown.tables == operation.after.tables
    allowed = [operation.after] if ended.code == operation.code else [operation.start.view, operation.after]
    if shown not in allowed and not (is_first and ended.code != operation.code):
        yield f"a reader sees neither the old nor the new, and is told: {shown.told}"
    if ended.code == operation.code:
        yield from _missing(operation, data)


def kept_losses(kept: dict[str, str], data: Path) -> Iterator[str]:
    """Yield each file that the store acknowledged and that is gone or altered."""
    now = kept_files(data)
    for name, digest in kept.items():
        if now.get(name) != digest:
            yield f"store/{name} was lost or altered"


def not_converged(operation: Operation, data: Path, code: int) -> Iterator[str]:
    """Run a command that did not do its work again, and yield whatever is then not as if nothing had happened."""
    again = command(data, *operation.arguments) if code != operation.code else None
    # What is frozen is frozen once: asked again, the command says that it is there and under which name.
    is_there = operation.name == "freeze" and again and again.code == 2 and "đã chốt" in again.err
    if again and again.code != operation.code and not is_there:
        yield f"again: ended {again.code}: {again.err[-600:]}"
    shown = seen_by_a_reader(data)
    if shown != operation.after:
        different = [name for name in operation.after.tables if shown.tables.get(name) != operation.after.tables[name]]
        yield f"again: a reader sees other tables {different}, and is told: {shown.told}"
    yield from _missing(operation, data)
    verified = command(data, "verify")
    if verified.code != 0:
        yield f"again: verify ends {verified.code}: {verified.err[-300:]}"
    left = leftovers(data)
    if left:
        yield f"again: left over {left}"
    yield from kept_losses(operation.start.kept, data)


def _missing(operation: Operation, data: Path) -> Iterator[str]:
    """Yield where the store does not hold just the files that the operation leaves when nothing goes wrong."""
    different = operation.files ^ kept_files(data).keys()
    if different:
        yield f"the store lacks, or has too many: {sorted(different)}"


def _entries(log: Path) -> Iterator[tuple[str, int, str]]:
    """Yield each call of a log as it began: (kind, its number among those of its thread, the line)."""
    counts: defaultdict[tuple[str, str], int] = defaultdict(int)
    with log.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            found = _ENTRY.match(line)
            if found:
                counts[found[1], found[2]] += 1
                yield found[2], counts[found[1], found[2]], line


def _is_write(name: str, line: str, data: Path) -> bool:
    if not re.search(rf"{re.escape(str(data))}[/>\"]", line):
        return False
    return name not in ("openat", "open") or bool(_TO_WRITE.search(line))
