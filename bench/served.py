"""Servers to measure: the dashboard as users get it, and the apps it is compared with, each in a process of its own."""

import http.client
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.baselines.workbook import write_workbook
from dashboard.data_folder import data_folder
from dashboard.warehouse import WarehouseError, open_snapshot
from tests.browsing import free_port

ROOT = Path(__file__).resolve().parent.parent
OURS, TITLE, TUTORIAL = "dashboard", "title", "tutorial"
NAMES = {OURS: "chương trình này", TITLE: "chỉ tiêu đề", TUTORIAL: "bài mẫu plotly.express"}
_POLL = 0.01
_PATIENCE = 60
"""Seconds after which a server that does not answer counts as failed."""
QUIET_STREAMLIT = ("--browser.gatherUsageStats", "false", "--server.headless", "true", "--server.address", "127.0.0.1")
"""What plain Streamlit is told: to ask nothing, and nothing of the network; all else is its default."""


@dataclass(frozen=True)
class Served:
    """A running server: its app, address and process."""

    app: str
    port: int
    pid: int

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"


@dataclass(frozen=True)
class Stage:
    """A folder to serve from: `data` holds what viewers see (never written to), `work` the tutorial app's workbook."""

    data: Path
    work: Path

    def command(self, app: str, port: int) -> list[str]:
        """Return the command that serves an app on a port."""
        if app == OURS:
            return [sys.executable, "-m", "dashboard.server", "--port", str(port)]
        script = ROOT / "bench" / "baselines" / f"{app}.py"
        return [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port), *QUIET_STREAMLIT]

    @contextmanager
    def serving(self, app: str) -> Iterator[Served]:
        """Serve an app in a fresh process for as long as the block lasts, from the moment that it is healthy."""
        port = free_port()
        with (
            (self.work / f"{app}.log").open("ab") as log,
            running(self.command(app, port), ROOT if app == OURS else self.work, self.environment, log) as process,
        ):
            seconds_to_health(port, process)
            yield Served(app, port, process.pid)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the servers."""
        return {**os.environ, "DVK_DATA": str(self.data)}


@contextmanager
def staged() -> Iterator[Stage]:
    """Set the stage: what the screens show, linked so that the data folder stays as it is; without any, the sample."""
    with tempfile.TemporaryDirectory(prefix="dvk-bench-", ignore_cleanup_errors=True) as folder:
        stage = Stage(Path(folder) / "data", Path(folder) / "work")
        stage.data.mkdir()
        stage.work.mkdir()
        try:
            open_snapshot(data_folder())[0].close()
        except WarehouseError:
            build_sample(stage.data / "sample")
        else:
            for part in ("store", "warehouse", "sample"):
                if (data_folder() / part).is_dir():
                    (stage.data / part).symlink_to((data_folder() / part).resolve(), target_is_directory=True)
        shown = open_snapshot(stage.data)[0]
        shown.close()
        write_workbook(shown.path, stage.work / "so_lieu.xlsx")
        yield stage


def build_sample(folder: Path) -> None:
    """Write the simulated returns and load them as real ones are loaded."""
    for arguments in (["sample", str(folder / "workbooks")], ["load", str(folder / "workbooks"), "--json"]):
        subprocess.run(
            [sys.executable, "-m", "etl", *arguments],
            cwd=ROOT,
            env={**os.environ, "DVK_DATA": str(folder)},
            check=True,
            stdout=subprocess.DEVNULL,
        )


@contextmanager
def running(
    command: list[str], folder: Path, environment: dict[str, str], log: int | object = subprocess.DEVNULL
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command for as long as the block lasts."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=log,  # type: ignore[arg-type]
        stderr=subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def seconds_to_health(port: int, process: subprocess.Popen[bytes], patience: float = _PATIENCE) -> float:
    """Wait until the server on the port says that it is healthy; return how long that took from now."""
    start = time.perf_counter()
    while time.perf_counter() - start < patience:
        if _is_healthy(port):
            return time.perf_counter() - start
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with status {process.returncode} before it answered")
        time.sleep(_POLL)
    raise RuntimeError(f"the server did not answer within {patience:g} seconds")


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def memory(pid: int) -> int | None:
    """Return the bytes that a process and its children hold (PSS: what they share is counted once); None off Linux."""
    held = [_pss(one) for one in _tree(pid)]
    return sum(held) or None


def _pss(pid: int) -> int:
    found = re.search(r"^Pss:\s+(\d+) kB", _read(Path(f"/proc/{pid}/smaps_rollup")), re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for thread in _read_folder(Path(f"/proc/{pid}/task")):
        for child in _read(thread / "children").split():
            yield from _tree(int(child))


def _read(path: Path) -> str:
    """Return a file's text, "" where there is none any more: processes and threads end while they are counted."""
    try:
        return path.read_text()
    except OSError:
        return ""


def _read_folder(path: Path) -> list[Path]:
    return list(path.iterdir()) if path.is_dir() else []
