"""The command: four kinds of harm done to a small world, and what came of them; exit status 1 when not all is well."""

import json
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from bench.faults.calls import FAULTS, Point, Tried, calls_of, try_point
from bench.faults.flips import Flipped, flips, try_flip
from bench.faults.forks import Child
from bench.faults.kills import Killed, try_kills
from bench.faults.readers import Reads, try_reads
from bench.faults.world import Operation, World, command, make_world, operations_on, seen_by_a_reader

T = TypeVar("T")
PARTS = ("calls", "flips", "kills", "reads")
_TRIES = 6
"""How often a point is tried until the run that is harmed comes to the call that is meant."""


def main(
    short: Annotated[bool, typer.Option("--short", help="Bản ngắn: lấy mẫu đều, dưới một phút.")] = False,
    json_file: Annotated[Path | None, typer.Option("--json", help="Ghi kết quả ra tệp JSON.")] = None,
    operation: Annotated[list[str] | None, typer.Option(help="Chỉ lệnh này (calls); lặp lại được.")] = None,
    points: Annotated[int | None, typer.Option(help="Số lời gọi mỗi lệnh và mỗi lỗi; không ghi: tất cả.")] = None,
    seed: Annotated[int, typer.Option(help="Hạt giống cho chỗ lật bit và lúc dừng.")] = 2024,
    jobs: Annotated[int, typer.Option(help="Số việc làm cùng lúc.", min=1)] = 2,
    only: Annotated[list[str] | None, typer.Option("--only", help="calls, flips, kills, reads; lặp lại được.")] = None,
) -> None:
    """Thử hỏng: dừng đột ngột, lỗi đĩa, đầy đĩa ở từng lệnh ghi; lật bit; đọc trong lúc công bố."""
    console = Console()
    if shutil.which("strace") is None:
        console.print("Cần strace (Linux): apt-get install strace.")
        raise typer.Exit(2)
    parts = only or PARTS
    result: dict[str, Any] = {"seed": seed, "short": short, "measured_on": date.today().isoformat()}
    with tempfile.TemporaryDirectory(prefix="dvk-faults-") as name:
        folder = Path(name)
        world = make_world(folder)
        if "calls" in parts:
            operations = [item for item in operations_on(world, folder) if item.name in (operation or (item.name,))]
            result["calls"] = _calls(operations, folder, console, 2 if short else points, jobs)
        if "flips" in parts:
            result["flips"] = _flips(world, folder, console, 24 if short else 250, seed, jobs)
        if "kills" in parts:
            result["kills"] = _kills(world, folder, console, 4 if short else 120, seed, jobs)
        if "reads" in parts:
            result["reads"] = _reads(world, folder, console, 300 if short else 10_000, seed)
    failures = [item for part in PARTS for item in result.get(part, {}).get("failures", ())]
    if json_file is not None:
        json_file.write_text(json.dumps(result, ensure_ascii=False, indent=1), encoding="utf-8")
    for failure in failures:
        console.print(failure, markup=False, highlight=False, soft_wrap=True)
    if failures:
        sys.exit(1)


def _calls(
    tried_on: Sequence[Operation], folder: Path, console: Console, sample: int | None, jobs: int
) -> dict[str, Any]:
    """Try every write-side call of every operation, or `sample` of each operation and fault, evenly chosen."""
    start = time.perf_counter()
    operations = {operation.name: operation for operation in tried_on}
    counted = {name: calls_of(operation, folder / "counting") for name, operation in operations.items()}
    points = [
        Point(name, call, k, fault)
        for name, calls in counted.items()
        for turn, fault in enumerate(FAULTS)
        for call, k in _evenly(calls, sample, turn)
    ]

    def tried(point: Point, own: Path) -> dict[str, Any]:
        for _ in range(_TRIES):
            found = try_point(operations[point.operation], point, own)
            if found.is_met:
                break
        return asdict(found)

    done = [_tried(item) for item in _shared(points, tried, folder, jobs)]
    taken = time.perf_counter() - start
    table = Table("Lệnh", "Lỗi", "Lời gọi ghi", "Điểm thử", "Giữ nguyên", "Chạy lại đúng")
    rows = []
    for name, calls in counted.items():
        for fault in FAULTS:
            mine = [item for item in done if (item.point.operation, item.point.fault) == (name, fault) and item.is_met]
            row = (name, fault, len(calls), len(mine), sum(not i.lost for i in mine), sum(not i.stuck for i in mine))
            table.add_row(*map(str, row))
            rows.append(dict(zip(("operation", "fault", "calls", "tried", "survived", "converged"), row, strict=True)))
    missed = [item.point for item in done if not item.is_met]
    met = [item for item in done if item.is_met]
    console.print(table)
    console.print(
        f"{len(met)} điểm; kết thúc: {dict(Counter(item.code for item in met))}; "
        f"{len(missed)} điểm không gặp lại đúng lời gọi sau {_TRIES} lần; {taken:.0f} giây"
    )
    return {
        "rows": rows,
        "tried": len(met),
        "missed": [asdict(point) for point in missed],
        "seconds": taken,
        "failures": [str(item) for item in met if item.lost or item.stuck],
    }


def _flips(world: World, folder: Path, console: Console, count: int, seed: int, jobs: int) -> dict[str, Any]:
    start = time.perf_counter()
    before = world.copy(folder / "before")  # the snapshot published before the current one
    (current,) = [path for path in (before / "warehouse").glob("*.duckdb") if path.stem == _current(before)]
    current.unlink()
    previous = seen_by_a_reader(before).tables

    def tried(flip: Any, own: Path) -> dict[str, Any]:
        data = own / "data"
        if not data.exists():
            world.copy(data)
        return asdict(try_flip(world, data, flip, previous))

    done = [Flipped(**item) for item in _shared(list(flips(world.data, count, seed)), tried, folder, jobs, "flips")]
    whole = command(world.data, "verify").code == 0
    current_ones = [item for item in done if item.is_current]
    facts = {
        "tried": len(done),
        "found": sum(item.is_found for item in done),
        "current": len(current_ones),
        "previous_served": sum(item.is_served for item in current_ones),
        "others_served": sum(item.is_served for item in done if not item.is_current),
        "seconds": time.perf_counter() - start,
    }
    console.print(
        f"Lật bit: {facts['tried']} lần, verify thấy {facts['found']}; ở bản hiện hành {facts['current']}, "
        f"bản trước được dùng kèm báo {facts['previous_served']}; {facts['seconds']:.0f} giây"
    )
    failures = [str(item) for item in done if not (item.is_found and item.is_served)]
    return facts | {"failures": failures + ([] if whole else ["verify finds damage where there is none"])}


def _kills(world: World, folder: Path, console: Console, count: int, seed: int, jobs: int) -> dict[str, Any]:
    start = time.perf_counter()
    shares = [(count + turn) // jobs for turn in range(jobs)]

    def tried(turn: int, own: Path) -> list[dict[str, Any]]:
        return [asdict(item) for item in try_kills(world, own, shares[turn], seed + turn)]

    done = [Killed(**item) for part in _shared(range(jobs), tried, folder, jobs, "kills") for item in part]
    facts = {
        "tried": len(done),
        "survived": sum(not item.lost for item in done),
        "converged": sum(not item.stuck for item in done),
        "acknowledged": sum(item.done for item in done),
        "seconds": time.perf_counter() - start,
    }
    console.print(
        f"kill -9 lúc bất kỳ: {facts['tried']} lần ({facts['acknowledged']} lệnh đã báo xong), giữ nguyên "
        f"{facts['survived']}, chạy lại đúng {facts['converged']}; {facts['seconds']:.0f} giây"
    )
    return facts | {"failures": [str(item) for item in done if item.lost or item.stuck]}


def _reads(world: World, folder: Path, console: Console, count: int, seed: int) -> dict[str, Any]:
    found: Reads = try_reads(world, folder / "reads", count, seed)
    console.print(
        f"Đọc: {found.reads} lần bởi 30 luồng trong lúc công bố {found.published} bản "
        f"({found.snapshots} bản được thấy): {found.torn} rách, {found.stale} cũ, {found.wrong} sai; "
        f"{found.seconds:.0f} giây"
    )
    return asdict(found) | {"failures": found.problems}


def _shared(
    items: Sequence[Any], act: Callable[[Any, Path], T], folder: Path, jobs: int, name: str = "points"
) -> list[Any]:
    """Do something with every item in a few processes, each with a folder of its own; return the answers as JSON is."""

    processors = sorted(os.sched_getaffinity(0))

    def share(turn: int) -> list[T]:
        os.sched_setaffinity(0, {processors[turn % len(processors)]})
        own = folder / f"{name}-{turn}"
        own.mkdir()
        return [act(item, own) for item in items[turn::jobs]]

    children = [Child(lambda turn=turn: share(turn)) for turn in range(jobs)]  # type: ignore[misc]
    ended = [child.wait() for child in children]
    for one in ended:
        if one.code != 0:
            raise RuntimeError(f"a part of the bench ended {one.code}: {one.err[-600:]}")
    return [answer for one in ended for answer in one.answer]


def _evenly(calls: Sequence[tuple[str, int]], sample: int | None, turn: int) -> Sequence[tuple[str, int]]:
    """Return all calls, or a few of them an even way apart; each turn takes others."""
    if sample is None or sample >= len(calls):
        return calls
    step = len(calls) / sample
    return [calls[int((place + (turn + 0.5) / len(FAULTS)) * step) % len(calls)] for place in range(sample)]


def _tried(item: dict[str, Any]) -> Tried:
    told = item | {"point": Point(**item["point"]), "lost": tuple(item["lost"]), "stuck": tuple(item["stuck"])}
    return Tried(**told)


def _current(data: Path) -> str:
    return (data / "warehouse" / "CURRENT").read_text(encoding="utf-8").strip()


if __name__ == "__main__":
    typer.run(main)
