"""The guarded child: makes one call after another, asked on stdin and answered on stdout.

Run by `etl.guard.pool`, never by hand. Everything here happens inside the limits set in `main`; what breaks
them ends this process, and the parent says so.
"""

import importlib
import os
import pickle
import signal
import struct
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

if sys.platform != "win32":  # Windows has no such limits; the parent's clock still holds there
    import resource

OUT_OF_MEMORY = 77
ANSWERED, FAILED, TOO_LARGE = "answered", "failed", "too large"
HEADER = struct.Struct(">Q")


def main(task: str, memory_bytes: int, cpu_seconds: int, answer_bytes: int) -> None:
    """Serve until stdin closes. `task` is "module:function", called with the arguments that each request holds."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent, which then ends this process
    requests, answers = sys.stdin.buffer, _private_stdout()
    module, _, function = task.partition(":")
    call: Callable[..., Any] = getattr(importlib.import_module(module), function)
    _limit_memory(memory_bytes)
    while (request := receive(requests)) is not None:
        _limit_cpu(cpu_seconds)
        try:
            answer = pickle.dumps(_answer(call, pickle.loads(request)), protocol=5)
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        send(answers, answer if len(answer) <= answer_bytes else pickle.dumps((TOO_LARGE, None)))


def receive(stream: IO[bytes]) -> bytes | None:
    """Return the next message, or None where the stream ends, even in the middle of a message."""
    header = stream.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    (length,) = HEADER.unpack(header)
    message = stream.read(length)
    return message if len(message) == length else None


def send(stream: IO[bytes], message: bytes) -> None:
    """Write one message, its length first."""
    stream.write(HEADER.pack(len(message)))
    stream.write(message)
    stream.flush()


def _answer(call: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[str, Any]:
    try:
        return ANSWERED, call(*arguments)
    except MemoryError:
        raise
    except Exception:
        return FAILED, traceback.format_exc(limit=20)


def _private_stdout() -> IO[bytes]:
    """Keep stdout for answers: a library that prints would otherwise break into them."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _limit_memory(memory_bytes: int) -> None:
    """Allow `memory_bytes` above what this process has mapped already; leave no core files."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with suppress(OSError, ValueError):  # macOS has no /proc and does not enforce this limit
            mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
            _lower(resource.RLIMIT_AS, mapped + memory_bytes)


def _limit_cpu(seconds: int) -> None:
    """Allow `seconds` of processor time from now on; the limit counts from the start of the process."""
    if sys.platform != "win32":
        used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
        _lower(resource.RLIMIT_CPU, int(used) + seconds + 1)


def _lower(limit: int, value: int) -> None:
    """Set a soft limit below the hard one, which may be the administrator's and is left alone."""
    if sys.platform != "win32":
        hard = resource.getrlimit(limit)[1]
        resource.setrlimit(limit, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))
