"""How long the program takes to start, `python -m bench start`: the second `python run.py` beside `streamlit hello`.

The first run sets up what is missing (environment, sample) and is not measured. Then one after the other, in turn.
"""

import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.report import Row, show, write_json
from bench.served import QUIET_STREAMLIT, ROOT, running, seconds_to_health
from tests.browsing import free_port

LIMIT = 1.5
_FIRST_RUN = 600
"""Seconds that the first run may take: it may have to install every library."""


def main(
    times: Annotated[int, typer.Option(help="Số lần khởi động mỗi chương trình.", min=1)] = 7,
    json_file: Annotated[Path | None, typer.Option("--json", help="Ghi kết quả ra tệp JSON.")] = None,
) -> None:
    """Đo thời gian từ `python run.py` (lần thứ hai) đến khi máy chủ trả lời, so với `streamlit hello`."""
    with tempfile.TemporaryDirectory(prefix="dvk-start-", ignore_cleanup_errors=True) as folder:
        found = starts(times, Path(os.environ.get("DVK_DATA") or folder))
    rows = rows_of(*found)
    show(Console(), "Khởi động đến khi trả lời /_stcore/health", rows)
    write_json(json_file, rows=rows, run=found[0], hello=found[1])


def starts(times: int, data: Path) -> tuple[list[float], list[float]]:
    """Return the seconds that run.py on a data folder and `streamlit hello` took, in turn, `times` each."""
    _start("run.py", data, _FIRST_RUN)
    pairs = [(_start("run.py", data), _start("hello", data)) for _ in range(times)]
    return [ours for ours, _ in pairs], [hello for _, hello in pairs]


def _start(what: str, data: Path, patience: float = 60) -> float:
    port = free_port()
    if what == "run.py":
        command = [sys.executable, "run.py", "--no-browser", "--port", str(port)]
    else:
        command = [sys.executable, "-m", "streamlit", "hello", "--server.port", str(port), *QUIET_STREAMLIT]
    with running(command, ROOT, {**os.environ, "DVK_DATA": str(data)}) as process:
        return seconds_to_health(port, process, patience)


def rows_of(ours: list[float], hello: list[float]) -> list[Row]:
    """Return the medians."""
    medians = statistics.median(ours), statistics.median(hello)
    return [Row("python run.py lần thứ hai (streamlit hello)", "s", len(ours), *medians, most_times=LIMIT)]
