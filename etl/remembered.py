"""What was read of a folder and checked, remembered for screens while its files are the same ones.

Only where showing is all that follows: what vouches for the bytes themselves (verify, backup, restore, a load, a build)
reads them. A bit that flips on the disk leaves a file's stamp as it was: `verify` finds it, and so does the next start.
"""

import os
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")
Stamp = tuple[tuple[str, int, int, int, int], ...]
"""Of each file its name, inode, size, and the times in ns at which it and its entry were changed last."""
_SETTLED = 2_000_000_000
"""Nanoseconds after which another change of a file cannot bear the same times: no file system counts more coarsely."""

_LARGEST = 50_000
"""Files: so many receipts take some 300 MB of memory."""


class Remembered(Generic[T]):
    """Reads a folder again only when its files are others than when it was read last; safe among threads.

    What is handed out is everybody's: nobody may change it. listed: the folder in it whose files it is read from.
    most: how many folders are remembered, those read last. largest: of how many files at most, for memory is finite.
    settled: ns that the files must have been as they are.
    """

    def __init__(
        self,
        read: Callable[[Path], T],
        listed: str = ".",
        *,
        most: int = 2,
        largest: int = _LARGEST,
        settled: int = _SETTLED,
    ) -> None:
        self._read, self._listed, self._most, self._largest, self._settled = read, listed, most, largest, settled
        self._kept: dict[Path, tuple[Stamp, T]] = {}
        self._lock = threading.Lock()

    def __call__(self, folder: Path) -> T:
        """Return what stands in a folder now. Raises what reading it raises, and then remembers nothing."""
        with self._lock:  # who comes meanwhile waits for one reading instead of reading the same
            stamp = stamp_of(folder / self._listed)
            kept = self._kept.pop(folder, None)
            if kept is None or kept[0] != stamp:
                kept = stamp, self._read(folder)
            if len(stamp) <= self._largest and last_change(stamp) + self._settled <= time.time_ns():
                self._kept[folder] = kept
                for other in list(self._kept)[: -self._most]:
                    del self._kept[other]
            return kept[1]


def stamp_of(folder: Path) -> Stamp:
    """Return what tells the files of a folder from others, without reading them; nothing where there is no folder."""
    try:
        with os.scandir(folder) as entries:
            return tuple(sorted(_entry_stamp(entry) for entry in entries if not entry.is_dir()))
    except FileNotFoundError:
        return ()


def _entry_stamp(entry: "os.DirEntry[str]") -> tuple[str, int, int, int, int]:
    try:
        at = entry.stat()
    except OSError:  # gone meanwhile, as the temporary file of a writer, or a link that leads nowhere
        return entry.name, 0, 0, 0, 0
    return entry.name, at.st_ino, at.st_size, at.st_mtime_ns, at.st_ctime_ns


def last_change(stamp: Iterable[tuple[str, int, int, int, int]]) -> int:
    """Return when the files of a stamp were changed last, in ns since 1970; 0 for none."""
    return max((max(changed, entered) for *_, changed, entered in stamp), default=0)
