"""The parent's side of the guard: a few reused children, and what becomes of a call that a child did not survive."""

import atexit
import io
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from etl.guard.child import ANSWERED, FAILED, HEADER, OUT_OF_MEMORY, TOO_LARGE, send

Reason = Literal["time", "memory", "died", "failed", "too large", "garbled"]
_AHEAD = 32
"""How many calls children may be ahead of whoever takes the answers, while those are small."""
_HELD_BYTES = 64 * 2**20
"""From how many bytes of answers that nobody took yet children wait."""
_STARVED_TIMES, _LOOK_SECONDS = 4, 0.25
"""How many times its time a child may have that works all the while, and how often that is looked at."""
_START = (
    "import sys; sys.path[:] = {path!r}; from etl.guard.child import main; main({task!r}, {memory}, {cpu}, {answer})"
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call may cost. Memory and processor time are held by the system where it can (not on Windows)."""

    memory_bytes: int = 2**30
    cpu_seconds: int = 10
    wall_seconds: float = 15.0
    answer_bytes: int = 32 * 2**20


class GaveUp(Exception):
    """A call had no answer; `reason` says why, `detail` holds the child's traceback when the call itself failed."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail


class GuardedPool:
    """A few reused children that all make the same call, started when first needed.

    task: "module:function", importable by name; its arguments must be plain data. answers: the classes, other
    than Python's plain ones, that an answer may contain; any other is not unpickled. spare: where a child of the same
    task and limits may stand ready.

    >>> with GuardedPool("package.parser:parse", answers=[Document]) as pool:
    ...     for answer in pool.call_many([(path,) for path in paths]):
    ...         print("refused" if isinstance(answer, GaveUp) else answer)
    """

    def __init__(
        self,
        task: str,
        answers: Iterable[type] = (),
        *,
        processes: int = 2,
        limits: Limits | None = None,
        spare: "Spare | None" = None,
    ) -> None:
        self._task = task
        self._spare = spare
        self._classes = {(found.__module__, found.__qualname__): found for found in answers}
        self._processes = processes
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
        """End all children at once, even those that are busy."""
        with self._lock:
            self._is_closed = True
            children, self._all, self._idle = list(self._all), set(), []
        for child in children:
            child.end()

    def call(self, *arguments: Any) -> Any:
        """Return what the task returns; raise GaveUp where it raised, or its child did not survive it."""
        return self._ask(arguments)[0]

    def _ask(self, arguments: tuple[Any, ...]) -> tuple[Any, int]:
        """Return what the task returns, and how many bytes the answer took."""
        with self._places:
            child = self._take()
            try:
                answer = child.ask(pickle.dumps(arguments), self._limits)
                kind, content = _unpack(answer, self._classes)
            except BaseException:
                self._drop(child)
                raise
            with self._lock:
                self._idle.append(child)
        if kind == FAILED:
            raise GaveUp("failed", str(content))
        if kind == TOO_LARGE:
            raise GaveUp("too large")
        return content, len(answer)

    def call_many(self, calls: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
        """Yield one answer or GaveUp for each tuple of arguments, in their order, working some calls ahead."""
        threads = ThreadPoolExecutor(self._processes, thread_name_prefix="guard")
        waiting: deque[Future[tuple[Any, int]]] = deque()
        held = _Held()
        try:
            for number, arguments in enumerate(calls):
                waiting.append(threads.submit(self._answer, number, arguments, held))
                if len(waiting) > _AHEAD:
                    yield held.taken(_result(waiting.popleft()))
            while waiting:
                yield held.taken(_result(waiting.popleft()))
        finally:
            held.let_go()
            threads.shutdown(wait=False, cancel_futures=True)

    def _answer(self, number: int, arguments: tuple[Any, ...], held: "_Held") -> tuple[Any, int]:
        held.wait_for_room(number)
        try:
            answer, size = self._ask(arguments)
        except GaveUp as refusal:
            answer, size = refusal, 0
        held.put(size)
        return answer, size

    def _take(self) -> "_Child":
        """Return an idle child that is still alive, or a new one."""
        with self._lock:
            if self._is_closed:
                raise RuntimeError("GuardedPool is closed")
            while self._idle:
                child = self._idle.pop()
                if child.is_alive():
                    return child
                self._all.discard(child)
                child.end()
            ready = self._spare.take(self._task, self._limits) if self._spare else None
            child = ready or _Child(self._task, self._limits)
            self._all.add(child)
            return child

    def _drop(self, child: "_Child") -> None:
        child.end()
        with self._lock:
            self._all.discard(child)


class Spare:
    """A child that is started before there is anything to ask, for the next pool of the same task and limits.

    It has read nothing yet: what one pool's child was asked never reaches another's.
    """

    def __init__(self, task: str, limits: Limits | None = None) -> None:
        self._task, self._limits = task, limits or Limits()
        self._lock = threading.Lock()
        self._child: _Child | None = None
        atexit.register(self.close)

    def start(self) -> None:
        """Start the child unless there is one; it gets ready by itself."""
        with self._lock:
            if self._child is None:
                self._child = _Child(self._task, self._limits)

    def take(self, task: str, limits: Limits) -> "_Child | None":
        """Hand the child over, None when there is none that lives, or it is there for another task or limits."""
        if (task, limits) != (self._task, self._limits):
            return None
        with self._lock:
            child, self._child = self._child, None
        if child is not None and not child.is_alive():
            child.end()
            return None
        return child

    def close(self) -> None:
        """End the child, if there is one."""
        child = self.take(self._task, self._limits)
        if child is not None:
            child.end()


class _Held:
    """How large the answers are that nobody took yet: many small ones may lie ready, but few large ones.

    The call whose answer is taken next never waits, for later ones may have filled the room before it began.
    """

    def __init__(self) -> None:
        self._bytes, self._taken = 0, 0
        self._room = threading.Condition()

    def wait_for_room(self, number: int) -> None:
        with self._room:
            self._room.wait_for(lambda: self._bytes < _HELD_BYTES or number <= self._taken)

    def put(self, size: int) -> None:
        with self._room:
            self._bytes += size
            self._room.notify_all()

    def taken(self, answer: tuple[Any, int]) -> Any:
        self._taken += 1
        self.put(-answer[1])
        return answer[0]

    def let_go(self) -> None:
        """Let nobody wait any more: no answer will be taken."""
        with self._room:
            self._bytes = -(2**62)
            self._room.notify_all()


def _result(future: "Future[Any]") -> Any:
    """Wait in short steps: on Windows a long wait would not hear Ctrl+C."""
    while not wait([future], timeout=0.5).done:
        pass
    return future.result()


class _Child:
    """One guarded process and the pipes to it."""

    def __init__(self, task: str, limits: Limits) -> None:
        numbers = {"memory": limits.memory_bytes, "cpu": limits.cpu_seconds, "answer": limits.answer_bytes}
        code = _START.format(path=sys.path, task=task, **numbers)
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
        for pipe in filter(None, (self._process.stdin, self._process.stdout)):
            with suppress(OSError):
                pipe.close()

    def ask(self, request: bytes, limits: Limits) -> bytes:
        """Return the child's answer; raise GaveUp if it has none in time."""
        is_answered, is_late = threading.Event(), threading.Event()
        watch = threading.Thread(target=self._watch, args=(limits.wall_seconds, is_answered, is_late), daemon=True)
        watch.start()
        try:
            answer = self._exchange(request, limits.answer_bytes)
        finally:
            is_answered.set()
            watch.join()
        if answer is None or is_late.is_set():  # killed for being late, perhaps just after it answered
            raise self._why_silent(is_late.is_set())
        return answer

    def _watch(self, seconds: float, is_answered: threading.Event, is_late: threading.Event) -> None:
        """Kill the process once its time is over.

        One that works has some times as long: how much it may work is limited, and a busy machine lets it wait.
        """
        patience, latest = seconds, time.monotonic() + _STARVED_TIMES * seconds
        while not is_answered.wait(patience):
            if time.monotonic() >= latest or not self._is_at_work():
                is_late.set()
                self._process.kill()
                return
            patience = _LOOK_SECONDS

    def _is_at_work(self) -> bool:
        """Whether the process computes, reads the disk or waits for a turn; never where the system does not tell."""
        with suppress(OSError):
            return Path(f"/proc/{self._process.pid}/stat").read_bytes().rpartition(b")")[2].split()[0] in (b"R", b"D")
        return False

    def _exchange(self, request: bytes, largest: int) -> bytes | None:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None
        try:
            send(stdin, request)
            header = stdout.read(HEADER.size)
            length = HEADER.unpack(header)[0] if len(header) == HEADER.size else largest + 1
            answer = stdout.read(length) if length <= largest else b""
        except (OSError, ValueError):  # the pipe broke, or the pool was closed meanwhile
            return None
        return answer if len(answer) == length else None

    def _why_silent(self, is_late: bool) -> GaveUp:
        self._process.kill()
        code = self._process.wait()
        if is_late or code == -getattr(signal, "SIGXCPU", 999):
            return GaveUp("time")
        return GaveUp("memory" if code == OUT_OF_MEMORY else "died")


class _AnswerUnpickler(pickle.Unpickler):
    """Unpickles plain data and the named classes of an answer, so that no child can run code here."""

    def __init__(self, answer: bytes, classes: dict[tuple[str, str], type]) -> None:
        super().__init__(io.BytesIO(answer))
        self._classes = classes

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in self._classes:
            raise pickle.UnpicklingError(f"{module}.{name} has no place in an answer")
        return self._classes[module, name]


def _unpack(answer: bytes, classes: dict[tuple[str, str], type]) -> tuple[str, Any]:
    try:
        kind, content = _AnswerUnpickler(answer, classes).load()
    except Exception:
        raise GaveUp("garbled") from None
    if kind not in (ANSWERED, FAILED, TOO_LARGE):
        raise GaveUp("garbled")
    return kind, content
