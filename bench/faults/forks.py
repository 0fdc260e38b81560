"""Children forked off a parent that has imported everything: a command starts in milliseconds, and may be killed.

The parent itself opens no snapshot and starts no thread, so a child is as fresh as a new process.
"""

import ctypes
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PR_SET_PTRACER = 0x59616D61
_ANY = ctypes.c_ulong(-1)


@dataclass(frozen=True)
class Ended:
    """How a child ended. code: its exit status, or minus the signal that ended it; answer: what its action returned."""

    code: int
    out: str
    err: str
    answer: Any = None


class Child:
    """A child that runs one action; `held` ones wait for `go`."""

    def __init__(self, action: Callable[[], Any], *, held: bool = False) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="dvk-child-")
        folder = Path(self._folder.name)
        reading, self._writing = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._writing)
            _run(action, folder, reading)
        os.close(reading)
        if not held:
            self.go()

    def go(self) -> None:
        """Let it begin."""
        os.close(self._writing)

    def kill(self) -> None:
        """End it as a power cut of one process would."""
        os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> Ended:
        """Wait for its end."""
        _, status = os.waitpid(self.pid, 0)
        folder = Path(self._folder.name)
        out, err = ((folder / name).read_text(encoding="utf-8", errors="replace") for name in ("out", "err"))
        answer = folder / "answer.json"
        found = json.loads(answer.read_text(encoding="utf-8")) if answer.exists() else None
        self._folder.cleanup()
        return Ended(os.waitstatus_to_exitcode(status), out, err, found)


def in_child(action: Callable[[], Any]) -> Ended:
    """Run an action in a child and wait for it."""
    return Child(action).wait()


@contextmanager
def traced(child: Child, log: Path, *options: str) -> Iterator[None]:
    """Trace a held child with strace, let it begin, and wait until strace has written all it saw."""
    order = ["strace", "-f", "-y", "-s", "64", "-o", str(log), *options, "-p", str(child.pid)]
    tracer = subprocess.Popen(order, stderr=subprocess.PIPE, text=True)
    assert tracer.stderr is not None
    try:
        line = tracer.stderr.readline()
        if not re.search(r"attached", line):
            raise RuntimeError(f"strace: {line.strip()}")
        child.go()
        yield
    finally:
        tracer.communicate()


def _run(action: Callable[[], Any], folder: Path, reading: int) -> None:
    """Be the child: never returns."""
    code = 70
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PTRACER, _ANY, 0, 0, 0)
        for stream, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(folder / name, os.O_WRONLY | os.O_CREAT, 0o600), stream)
        os.read(reading, 1)
        try:
            answer = action()
            (folder / "answer.json").write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8")
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except BaseException:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)
