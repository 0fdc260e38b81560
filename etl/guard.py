"""Reading files that may be broken or hostile without ever breaking the program that asks.

A parser fed a bad file may hang, eat all memory or abort, and none of that is an exception. So files are
read in child processes with limits; a child that dies, stays silent or goes over a limit becomes one
`Unreadable` and is replaced. The one thing this module knows of the reader is its dotted name.
"""

import io
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from etl.reading.child import HEADER, OUT_OF_MEMORY, send
from etl.reading.errors import SAVE_AGAIN, Unreadable
from etl.sheets import Workbook

MAX_ANSWER = 256 * 2**20
_START = "import sys; sys.path[:] = {path!r}; from etl.reading.child import main; main({reader!r}, {memory}, {cpu})"

# All that an answer may contain; anything else a child sends is not unpickled.
_ANSWER_CLASSES = {
    ("etl.sheets", "Workbook"),
    ("etl.sheets", "Sheet"),
    ("etl.sheets", "Odd"),
    ("etl.reading.errors", "Unreadable"),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost. Memory and processor time are held by the system where it can (not on Windows)."""

    memory_bytes: int = 2**30
    cpu_seconds: int = 10
    wall_seconds: float = 15.0


class ReaderPool:
    """A few reused reading children, started when first needed.

    >>> with ReaderPool(processes=2) as pool:
    ...     for answer in pool.read_many([(path, path.name) for path in paths]):
    ...         ...
    """

    def __init__(
        self, processes: int = 2, *, reader: str = "etl.reading:read_workbook", limits: Limits | None = None
    ) -> None:
        self._processes = processes
        self._reader = reader
        self._limits = limits or Limits()
        self._places = threading.BoundedSemaphore(processes)
        self._lock = threading.Lock()
        self._idle: list[_Child] = []
        self._all: set[_Child] = set()
        self._is_closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all children at once, even those that are reading."""
        with self._lock:
            self._is_closed = True
            children, self._all, self._idle = list(self._all), set(), []
        for child in children:
            child.end()

    def read(self, path: Path, name: str) -> Workbook:
        """Return the workbook in `path`; raise Unreadable where the file or its child gave up."""
        with self._places:
            child = self._take()
            try:
                answer = child.ask(path, name, self._limits.wall_seconds)
            except BaseException:
                self._drop(child)
                raise
            with self._lock:
                self._idle.append(child)
        if isinstance(answer, Unreadable):
            raise answer
        return answer

    def read_many(self, items: Iterable[tuple[Path, str]]) -> Iterator[Workbook | Unreadable]:
        """Yield one answer for each (path, name), in their order, reading a few files ahead."""
        threads = ThreadPoolExecutor(self._processes, thread_name_prefix="reader")
        waiting: deque[Future[Workbook | Unreadable]] = deque()
        try:
            for path, name in items:
                waiting.append(threads.submit(self._answer, path, name))
                if len(waiting) > 2 * self._processes:
                    yield _result(waiting.popleft())
            while waiting:
                yield _result(waiting.popleft())
        finally:
            threads.shutdown(wait=False, cancel_futures=True)

    def _answer(self, path: Path, name: str) -> Workbook | Unreadable:
        try:
            return self.read(path, name)
        except Unreadable as refusal:
            return refusal

    def _take(self) -> "_Child":
        """Return an idle child that is still alive, or a new one."""
        with self._lock:
            if self._is_closed:
                raise RuntimeError("ReaderPool is closed")
            while self._idle:
                child = self._idle.pop()
                if child.is_alive():
                    return child
                self._all.discard(child)
                child.end()
            child = _Child(self._reader, self._limits)
            self._all.add(child)
            return child

    def _drop(self, child: "_Child") -> None:
        child.end()
        with self._lock:
            self._all.discard(child)


def _result(future: "Future[Workbook | Unreadable]") -> Workbook | Unreadable:
    """Wait in short steps: on Windows a long wait would not hear Ctrl+C."""
    while not wait([future], timeout=0.5).done:
        pass
    return future.result()


class _Child:
    """One reading process and the pipes to it."""

    def __init__(self, reader: str, limits: Limits) -> None:
        code = _START.format(path=sys.path, reader=reader, memory=limits.memory_bytes, cpu=limits.cpu_seconds)
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", code],  # no site: its path comes from here, and it starts sooner
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        """Kill the process and take away what is left of it."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    def ask(self, path: Path, name: str, wall_seconds: float) -> Workbook | Unreadable:
        """Return the child's answer; raise Unreadable if it has none in time."""
        is_late = threading.Event()
        clock = threading.Timer(wall_seconds, self._stop, [is_late])
        clock.daemon = True
        clock.start()
        try:
            answer = self._exchange(pickle.dumps((os.fspath(path), name)))
        finally:
            clock.cancel()
        if answer is None:
            raise self._why_silent(is_late.is_set())
        return _unpack(answer)

    def _stop(self, is_late: threading.Event) -> None:
        is_late.set()
        self._process.kill()

    def _exchange(self, request: bytes) -> bytes | None:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None
        try:
            send(stdin, request)
            header = stdout.read(HEADER.size)
            length = HEADER.unpack(header)[0] if len(header) == HEADER.size else MAX_ANSWER + 1
            answer = stdout.read(length) if length <= MAX_ANSWER else b""
        except (OSError, ValueError):  # the pipe broke, or the pool was closed meanwhile
            return None
        return answer if len(answer) == length else None

    def _why_silent(self, is_late: bool) -> Unreadable:
        self._process.kill()
        code = self._process.wait()
        if is_late or code == -getattr(signal, "SIGXCPU", 999):
            return Unreadable("qua_thoi_gian", f"Đọc tệp quá lâu nên đã dừng: tệp bị hỏng hoặc quá lớn. {SAVE_AGAIN}")
        if code == OUT_OF_MEMORY:
            return Unreadable(
                "qua_bo_nho", f"Tệp đòi quá nhiều bộ nhớ nên đã dừng: tệp bị hỏng hoặc quá lớn. {SAVE_AGAIN}"
            )
        return Unreadable("lam_dung_trinh_doc", f"Tệp làm trình đọc dừng đột ngột, có thể tệp bị hỏng. {SAVE_AGAIN}")


class _AnswerUnpickler(pickle.Unpickler):
    """Unpickles plain data and the four classes of an answer, so that no child can run code here."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ANSWER_CLASSES:
            raise pickle.UnpicklingError(f"{module}.{name} has no place in an answer")
        return super().find_class(module, name)


def _unpack(answer: bytes) -> Workbook | Unreadable:
    try:
        unpacked = _AnswerUnpickler(io.BytesIO(answer)).load()
    except Exception:
        unpacked = None
    if isinstance(unpacked, Workbook | Unreadable):
        return unpacked
    return Unreadable("lam_dung_trinh_doc", f"Trình đọc trả lời không hiểu được về tệp này. {SAVE_AGAIN}")
