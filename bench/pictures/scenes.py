"""What the pictures show: the simulated sample in a store of its own, as viewers find it and as a clerk does.

Both are made anew each time, from the sample's fixed seed. All figures are simulated, and the screens say so.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import openpyxl

from bench.served import OURS, ROOT, Stage, build_sample

LATE = ("duy_xuyen", "tay_giang")
"""Districts whose return of the last year is not loaded yet: the first one's is good, the second one's bad."""
RESENT = "nam_giang"
YEAR = 2024
CLERK = "bdv"
"""The account that the store says has loaded the returns."""


@dataclass(frozen=True)
class Scene:
    """A running server, its data folder, and the files that somebody is about to hand in or has been sent back."""

    address: str
    data: Path
    uploads: tuple[Path, ...] = ()
    correction: Path | None = None


@contextmanager
def viewers(folder: Path) -> Iterator[Scene]:
    """Serve the whole sample."""
    data = _sample(folder)
    with Stage(data, folder).serving(OURS) as server:
        yield Scene(server.address, data)


@contextmanager
def clerks(folder: Path) -> Iterator[Scene]:
    """Serve a store in which returns are owed, one was sent anew, a year is closed and a snapshot was frozen."""
    data, sent = folder / "clerks", folder / "sent"
    shutil.copytree(_sample(folder) / "workbooks", data / "workbooks")
    sent.mkdir()
    good, bad = (Path(shutil.move(_of(data, unit), sent)) for unit in LATE)
    _mistyped(bad)
    run = partial(_run, data)
    run("load", data / "workbooks")
    run("freeze", "--name", "Tổng duyệt", "--who", "Văn phòng Ban Dân vận")
    again = sent / "lan_2" / f"{RESENT}_{YEAR}.xlsx"
    again.parent.mkdir()
    shutil.copy(_of(data, RESENT), again)
    _revised(again)
    run("load", again)
    run("close", str(YEAR - 2), "--reason", "Ban Thường vụ đã duyệt")
    correction = folder / "can_sua.xlsx"
    run("correction", bad, "-o", correction)
    with Stage(data, folder).serving(OURS) as server:
        yield Scene(server.address, data, (good, bad), correction)


SCENES: dict[str, Callable[[Path], AbstractContextManager[Scene]]] = {"viewers": viewers, "clerks": clerks}


def _sample(folder: Path) -> Path:
    """Return the folder of the whole sample, built once."""
    data = folder / "viewers"
    if not (data / "warehouse" / "CURRENT").is_file():
        build_sample(data)
    return data


def _of(data: Path, unit: str) -> Path:
    return data / "workbooks" / str(YEAR) / f"{unit}_{YEAR}.xlsx"


def _run(data: Path, *arguments: str | Path) -> None:
    environment = {**os.environ, "DVK_DATA": str(data), "LOGNAME": CLERK}
    command = [sys.executable, "-m", "etl", *map(str, arguments)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


def _mistyped(path: Path) -> None:
    """Type into a return what people type: what may be two numbers, a bound, a mark, and a wrong total."""
    book = openpyxl.load_workbook(path)
    book["Biểu 01"]["C8"], book["Biểu 01"]["D13"] = "1.36", 90
    book["Biểu 02"]["C8"], book["Biểu 02"]["C13"] = "hơn 10", "12*"
    book.save(path)


def _revised(path: Path) -> None:
    """Change two figures of a return that is sent anew, and the total of one."""
    book = openpyxl.load_workbook(path)
    book["Biểu 01"]["E7"], book["Biểu 01"]["E13"], book["Biểu 02"]["C8"] = 3, 5, 12
    book.save(path)
