"""The writer's lock: one at a time adds to a store, whoever it is and in whatever process.

It knows nothing of what is written. Readers need no lock: what they read is made in one step.
"""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from etl.actor import who
from etl.durable import clear_leftovers, make_folder

WAIT_SECONDS = 60


class StoreBusy(Exception):
    """Another writer holds the store; the message says who."""


@contextmanager
def writer_lock(folder: Path) -> Iterator[None]:
    """Hold the store for writing; wait a minute for another writer, then raise StoreBusy naming it."""
    make_folder(folder)
    holder = folder / "writer.txt"
    lock: AbstractContextManager[object] = FileLock(folder / "writer.lock", timeout=WAIT_SECONDS)
    try:
        with lock:
            # whatever goes to a folder below these is filled in the store's own: thousands of folders are not looked at
            clear_leftovers(folder, folder / "receipts", folder / "frozen")
            holder.write_text(f"{who() or 'không rõ'} (tiến trình {os.getpid()})", encoding="utf-8")
            yield
    except Timeout:
        name = holder.read_text(encoding="utf-8") if holder.exists() else "không rõ"
        raise StoreBusy(f"Kho đang do {name} ghi: đợi lần nạp đó xong rồi chạy lại") from None
