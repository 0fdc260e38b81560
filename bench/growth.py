"""How the cost grows with the data, `python -m bench growth`: the sample's province 1, 10 and 100 times over, or more.

Each copy has the sample's units under names of their own and its returns, a little changed, as one long table. Of each
size: loading it, building again, building with the warehouse deleted, the snapshot, and runs of pages. A load or a
build is a process of its own, so that its memory is known. With --small also a store of so many returns of two figures,
each in a file of its own: built from the files alone, and again once their cells are packed.
"""

import asyncio
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.report import Row, show, write_json
from bench.screens import Reruns, page_times
from bench.served import OURS, Stage
from etl.catalogue import load_catalogue
from etl.conform.returns import Conformed, Figure, Return
from etl.periods import Period
from etl.sample import invent_returns
from etl.sample_copies import write_copies
from etl.settings import ROOT, read_settings
from etl.store import Store, digest_of

MEMORY, PAGES = 2000.0, 1.3
"""Targets: megabytes of the load of a hundred provinces; times the page's run at the first size."""
_MEASURED_AT = 100
_SEED = 2024


@dataclass(frozen=True)
class Cost:
    """What a process took: seconds, processor seconds, and the most megabytes that any of its processes held."""

    seconds: float
    processor: float
    megabytes: float


@dataclass(frozen=True)
class Size:
    """What one size of the data cost. snapshot: megabytes."""

    provinces: int
    returns: int
    load: Cost
    build: Cost
    from_files: Cost
    snapshot: float
    pages: list[Reruns]


def main(
    scales: Annotated[str, typer.Option(help="Gấp mấy lần tỉnh mẫu, cách nhau bằng dấu phẩy; 1000 là hơn cả nước.")] = (
        "1,10"
    ),
    pages: Annotated[str, typer.Option(help="Các trang được đo, cách nhau bằng dấu phẩy; trống: mọi trang.")] = (
        "tong_quan,linh_vuc,nam"
    ),
    times: Annotated[int, typer.Option(help="Số lần chạy mỗi trang.", min=1)] = 3,
    small: Annotated[int, typer.Option(help="Số báo cáo nhỏ của kho thứ hai; 0: không đo.", min=0)] = 0,
    json_file: Annotated[Path | None, typer.Option("--json", help="Ghi kết quả ra tệp JSON.")] = None,
) -> None:
    """Đo chi phí tăng theo số liệu: nạp, dựng, bộ nhớ, các trang; và một kho rất nhiều báo cáo nhỏ."""
    console, sizes, rows = Console(), [], list[Row]()
    with tempfile.TemporaryDirectory(prefix="dvk-bench-", ignore_cleanup_errors=True) as folder:
        for scale in map(int, scales.split(",")):
            sizes.append(measured(Path(folder) / str(scale), scale, {page for page in pages.split(",") if page}, times))
            rows = list(rows_of(sizes))
            show(console, f"Đến {scale} lần tỉnh mẫu", rows)
        if small:
            rows += small_returns(Path(folder) / "small", small)
            show(console, f"Kho {small} báo cáo nhỏ", rows[-2:])
    write_json(json_file, rows=rows, sizes=sizes)
    if any(one.errors for size in sizes for one in size.pages):
        raise typer.Exit(1)


def rows_of(sizes: Sequence[Size]) -> Iterator[Row]:
    """Yield every cost, beside that of the size before: data of ten times the size may cost ten times as much."""
    for place, size in enumerate(sizes):
        before = sizes[place - 1] if place else None
        grown = size.returns / before.returns if before else None
        name = f"×{size.provinces}"
        for what, cost, other in (
            ("nạp", size.load, before and before.load),
            ("dựng lại", size.build, before and before.build),
            ("dựng từ kho, không còn gì của kho số liệu", size.from_files, before and before.from_files),
        ):
            most = grown if what != "nạp" else None
            yield Row(f"{name} {what}", "s", 1, cost.seconds, other.seconds if other else None, most_times=most)
            limit = MEMORY if what == "nạp" and size.provinces == _MEASURED_AT else None
            yield Row(f"{name} {what}: bộ nhớ", "MB", 1, cost.megabytes, most=limit)
        yield Row(f"{name} bản số liệu", "MB", 1, size.snapshot, before.snapshot if before else None)
        for one, first in zip(size.pages, sizes[0].pages, strict=False):
            for way, runs, others in (("lựa chọn mới", one.changed, first.changed), ("lại", one.again, first.again)):
                other = statistics.median(others) if place else None
                taken = statistics.median(runs)
                yield Row(
                    f"{name} {one.page}, {way}", "ms", len(runs), taken, other, most_times=PAGES if place else None
                )


def measured(folder: Path, scale: int, wanted: set[str], times: int) -> Size:
    """Write a country of `scale` provinces, load and build it, and turn its pages."""
    catalogue = load_catalogue(read_settings().catalogue)
    returns = [(item.unit.don_vi_id, item.year, item.content.values) for item in invent_returns(catalogue, _SEED)]
    write_copies(catalogue, folder / "tables", returns, scale, first=1)
    shutil.move(folder / "tables" / "catalogue", folder / "catalogue")
    data = folder / "data"
    load = run(folder, "load", str(folder / "tables"), "--json")
    build = run(folder, "build")
    shutil.rmtree(data / "warehouse")
    from_files = run(folder, "build")
    snapshot = sum(path.stat().st_size for path in (data / "warehouse").glob("*.duckdb")) / 2**20
    (folder / "work").mkdir()
    with Stage(data, folder / "work").serving(OURS) as server:
        pages = asyncio.run(page_times(server, wanted, times, random.Random(_SEED)))
    return Size(scale, scale * len(returns), load, build, from_files, snapshot, pages)


def small_returns(folder: Path, count: int) -> list[Row]:
    """Keep `count` returns of a unit, each in a file of its own with two figures, and build from them twice."""
    shutil.copytree(read_settings().catalogue, folder / "catalogue")
    store, file = Store(folder / "data" / "store"), folder / "a.csv"
    with store.together():
        for number in range(count):
            file.write_text(f"{number}", encoding="utf-8")
            figures = tuple(Figure(name, None, number % 1000, "a", f"G{place}") for place, name in enumerate(_SMALL, 2))
            found = Return("tam_ky", Period("nam", 2023, 2023), "long", "co_so_lieu", frozenset(_SMALL), figures)
            store.accept(file, file.name, digest_of(file), Conformed(returns=[found]))
    first, again = run(folder, "build"), run(folder, "build")
    return [
        Row("dựng từ các tệp nhỏ", "s", 1, first.seconds),
        Row("dựng lại, khi số liệu đã gộp (từ các tệp nhỏ)", "s", 1, again.seconds, first.seconds),
    ]


_SMALL = ("kiem_tra", "hoi_nghi")


def run(folder: Path, *arguments: str) -> Cost:
    """Run a command of etl on a folder's data and catalogue; return what it cost."""
    own = {"DVK_DATA": str(folder / "data"), "DVK_CATALOGUE": str(folder / "catalogue")}
    start = time.perf_counter()
    with (folder / "log.txt").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "etl", *arguments], cwd=ROOT, env={**os.environ, **own}, stdout=log, stderr=log
        )
        _, status, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status):
        raise RuntimeError(f"etl {arguments[0]} failed: {(folder / 'log.txt').read_text(encoding='utf-8')[-2000:]}")
    return Cost(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
