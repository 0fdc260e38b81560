"""Thirty viewers in one process under a publisher that does not pause, the way the screens open a snapshot.

A load says of one unit and year as many inspections as there are receipts, and one model more: in any whole snapshot
the two figures and the count of receipts agree. A read is torn when two figures of one page do not agree; stale when
its snapshot was published before the one that CURRENT named as the read began; wrong when its figures are not those
that were loaded, or when it is told of damage, or fails.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from bench.faults.forks import Child, in_child
from bench.faults.world import World, receipts_of, run_etl, write_return
from dashboard.ui.frame import open_once
from dashboard.warehouse import Warehouse, open_snapshot

THREADS = 30
UNIT, YEAR = "bac_tra_my", 2023


@dataclass(frozen=True)
class Reads:
    """What came of all reads. snapshots: how many different ones were seen; problems: some of what went wrong."""

    reads: int
    torn: int
    stale: int
    wrong: int
    snapshots: int
    published: int
    seconds: float
    problems: list[str]


def try_reads(world: World, folder: Path, reads: int, seed: int) -> Reads:
    """Read a copy of the world while it is published again and again."""
    data = world.copy(folder / "data")
    begun = len(receipts_of(data))
    in_child(lambda: _publish(data, folder, [begun + 1]))
    publisher = Child(lambda: _publish(data, folder, count(begun + 2)))
    try:
        ended = Child(lambda: _read_all(data, reads, seed)).wait()
    finally:
        publisher.kill()
        publisher.wait()
    if ended.code != 0:
        raise RuntimeError(f"readers ended {ended.code}: {ended.err[-400:]}")
    return Reads(**ended.answer, published=len(receipts_of(data)) - begun)


def _publish(data: Path, folder: Path, numbers: Iterable[int]) -> None:
    """Load returns, each of which makes that many receipts and says so."""
    for number in numbers:
        sent = write_return(folder / "published" / f"{number}.csv", (UNIT, YEAR, number))
        try:
            run_etl(data, "load", sent)
        except SystemExit as end:
            if end.code not in (0, None):
                raise RuntimeError("the publisher's load failed") from None


def _read_all(data: Path, reads: int, seed: int) -> dict[str, Any]:
    left = iter(range(reads))
    lock, kinds, seen, problems = threading.Lock(), Counter[str](), set[str](), list[str]()

    def reader(number: int) -> None:
        chance = random.Random(seed * 1000 + number)
        while True:
            with lock:
                if next(left, None) is None:
                    return
            kind, what = _read(data, chance, open_once)
            with lock:
                kinds[kind] += 1
                if kind == "right":
                    seen.add(what)
                elif len(problems) < 10:
                    problems.append(f"{kind}: {what}")

    start = time.perf_counter()
    threads = [threading.Thread(target=reader, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - start
    return {
        "reads": kinds.total(),
        **{kind: kinds[kind] for kind in ("torn", "stale", "wrong")},
        "snapshots": len(seen),
        "seconds": taken,
        "problems": problems,
    }


def _read(data: Path, chance: random.Random, opener: Callable[[Path], Warehouse]) -> tuple[str, str]:
    """Do what a page does once: open what is current, ask it two questions; return what kind of read it was."""
    try:
        current = (data / "warehouse" / "CURRENT").read_text(encoding="utf-8")
        opened, notices = open_snapshot(data, opener)
        period = {"from_year": chance.randint(2009, YEAR), "to_year": YEAR}
        totals = opened.query("totals", don_vi_id=UNIT, boundary_on=None, **period).set_index("indicator_id")["value"]
        fields = opened.query("fields", don_vi_id=UNIT, boundary_on=None, **period).set_index("linh_vuc_id")["value"]
    except Exception as problem:
        return "wrong", f"{type(problem).__name__}: {problem}"
    receipts = int(opened.info["receipts"])
    told = (totals["kiem_tra"], totals["mo_hinh_cong_nhan"] - 1, fields["kinh_te"] - 1)
    if len({*told, receipts}) > 1:
        return ("wrong" if len(set(told)) == 1 else "torn"), f"{opened.path.stem}: {told}, {receipts} receipts"
    if opened.path.stem < current:
        return "stale", f"{opened.path.stem} after {current}"
    if notices or opened.path.stem != opened.info["snapshot_id"]:
        return "wrong", f"{opened.path.stem} is {opened.info['snapshot_id']}, told {notices}"
    return "right", opened.path.stem
