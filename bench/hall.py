"""A hall of viewers, `python -m bench hall`: websocket sessions against our server and the usual tutorial app.

For each number of sessions a fresh server, which one viewer has opened before. All sessions open the first page at the
same moment; all change a choice at the same moment, some times over; then each goes its own way (turns to another page
or changes period or unit, with seconds of reading between); at last all do so at the same moment, wherever they are.
"""

import asyncio
import random
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.report import Row, show, write_json
from bench.served import OURS, TUTORIAL, Served, Stage, memory, staged
from bench.sessions import Run, Session, options_of, session

CHOICES = ("Từ năm", "Đến năm", "Đơn vị", "Năm")
"""The select boxes that stand beside every page, ours and the tutorial app's."""
_READING = (2.0, 6.0)
"""Seconds between what a viewer does and what they do next."""
_JUDGED, _HELD = 30, 60
"""The sizes of hall that the targets speak of: all at once, and memory."""
_SLOWEST, _RATIO, _MEMORY = 2.0, 0.4, 350.0
Act = Callable[[Session, random.Random], Awaitable[Run]]


@dataclass
class Hall:
    """What a hall of viewers saw of an app. Times in seconds, memory in MB (None where it cannot be read)."""

    app: str
    sessions: int
    first: list[float] = field(default_factory=list)
    """Until the first page was whole, all coming at once."""
    choices: list[list[float]] = field(default_factory=list)
    """Until a changed choice was answered, all at once: a list a round."""
    own_ways: list[float] = field(default_factory=list)
    """Until any page or choice was answered, each viewer at their own time."""
    mixed: list[float] = field(default_factory=list)
    """Until any page or choice was answered, all at once."""
    runs_per_second: float = 0
    errors: list[str] = field(default_factory=list)
    memory_before: float | None = None
    memory: float | None = None

    @property
    def slowest(self) -> float:
        """Seconds of the slowest changed choice of all rounds."""
        return max(max(one) for one in self.choices)


def main(
    sessions: Annotated[str, typer.Option(help="Số người xem cùng lúc, cách nhau bằng dấu phẩy.")] = "1,10,30,60",
    rounds: Annotated[int, typer.Option(help="Số lần tất cả cùng đổi lựa chọn.", min=1)] = 3,
    actions: Annotated[int, typer.Option(help="Số thao tác của mỗi người khi xem theo ý mình.", min=1)] = 4,
    seed: Annotated[int, typer.Option(help="Hạt giống: ai xem gì, chọn gì.")] = 2026,
    json_file: Annotated[Path | None, typer.Option("--json", help="Ghi kết quả ra tệp JSON.")] = None,
) -> None:
    """Đo một hội trường người xem cùng lúc, so với bài mẫu plotly.express."""
    console = Console()
    sizes = [int(size) for size in sessions.split(",")]
    found: dict[str, list[Hall]] = {OURS: [], TUTORIAL: []}
    rows = {}
    with staged() as stage:
        for size in sizes:
            pair = [hall(stage, app, size, rounds, actions, seed) for app in found]
            for one in pair:
                found[one.app].append(one)
            rows[size] = rows_of(*pair)
            show(console, f"Hội trường {size} người xem; để so: bài mẫu plotly.express", rows[size])
    errors = [error for halls in found.values() for one in halls for error in one.errors]
    for error in sorted(set(errors))[:5]:
        console.print(f"Lỗi ({errors.count(error)} lần): {error}", markup=False)
    write_json(json_file, seed=seed, rounds=rounds, actions=actions, rows=rows, halls=found)
    if errors:
        raise typer.Exit(1)


def hall(stage: Stage, app: str, size: int, rounds: int, actions: int, seed: int) -> Hall:
    """Let `size` viewers come to a fresh server of an app: `rounds` together, then `actions` each on their own."""
    with stage.serving(app) as server:
        return asyncio.run(_attend(server, size, rounds, actions, seed))


async def _attend(server: Served, size: int, rounds: int, actions: int, seed: int) -> Hall:
    found = Hall(server.app, size)
    rngs = [random.Random(seed + place) for place in range(size)]
    opener, run = await _come(server)
    await opener.socket.close()
    found.errors += run.errors
    found.memory_before = _megabytes(server)
    came = await asyncio.gather(*(_come(server) for _ in range(size)))
    viewers = [viewer for viewer, _ in came]
    found.first = _kept(found, [run for _, run in came])
    start = time.perf_counter()
    for _ in range(rounds):
        found.choices.append(_kept(found, await _all_at_once(viewers, rngs, choose)))
    found.runs_per_second = size * rounds / (time.perf_counter() - start)
    own = await asyncio.gather(*(_own_way(*one, actions, size) for one in zip(viewers, rngs, strict=True)))
    found.own_ways = _kept(found, [run for runs in own for run in runs])
    found.mixed = _kept(found, await _all_at_once(viewers, rngs, go_on))
    found.memory = _megabytes(server)
    await asyncio.gather(*(viewer.socket.close() for viewer in viewers))
    return found


async def _come(server: Served) -> tuple[Session, Run]:
    """Connect and open the first page; the run's time begins with connecting."""
    start = time.perf_counter()
    viewer = await session(server.address)
    run = await viewer.open()
    return viewer, Run(time.perf_counter() - start, run.size, run.errors)


async def _all_at_once(viewers: Sequence[Session], rngs: Sequence[random.Random], act: Act) -> list[Run]:
    return await asyncio.gather(*(act(viewer, rng) for viewer, rng in zip(viewers, rngs, strict=True)))


async def _own_way(viewer: Session, rng: random.Random, actions: int, size: int) -> list[Run]:
    """Let a viewer do things at their own pace; one who is alone need not wait for anybody, and does more."""
    runs = []
    for _ in range(actions if size > 1 else 5 * actions):
        await asyncio.sleep(rng.uniform(*_READING) if size > 1 else 0)
        runs.append(await go_on(viewer, rng))
    return runs


async def choose(viewer: Session, rng: random.Random) -> Run:
    """Change one of the choices beside the page to another than it is."""
    label = rng.choice([label for label in CHOICES if label in viewer.boxes])
    return await viewer.choose(label, rng.choice(_others(viewer, label)))


async def go_on(viewer: Session, rng: random.Random) -> Run:
    """Turn to another page where there are others, or change a choice: one as often as the other."""
    others = sorted(viewer.pages.keys() - {viewer.page})
    if others and rng.random() < 0.5:
        return await viewer.turn_to(rng.choice(others))
    return await choose(viewer, rng)


def _others(viewer: Session, label: str) -> list[str]:
    return [option for option in options_of(viewer.boxes[label]) if option != viewer.chosen(label)]


def _kept(found: Hall, runs: Sequence[Run]) -> list[float]:
    """Keep what went wrong; return how long each run took."""
    found.errors += [error for run in runs for error in run.errors]
    return [run.seconds for run in runs]


def _megabytes(server: Served) -> float | None:
    held = memory(server.pid)
    return None if held is None else held / 1e6


def rows_of(ours: Hall, other: Hall) -> list[Row]:
    """Return the figures of two halls of the same size; the targets speak of halls of 30 and of 60."""
    n, changes = ours.sessions, sum(map(len, ours.choices))
    most, most_times = (_SLOWEST, _RATIO) if n == _JUDGED else (None, None)
    own, others = (sorted(one.own_ways) for one in (ours, other))
    rows = [
        Row("mở trang đầu cùng lúc: trung vị", "s", n, statistics.median(ours.first), statistics.median(other.first)),
        Row("mở trang đầu cùng lúc: chậm nhất", "s", n, max(ours.first), max(other.first), most, most_times),
        Row("đổi lựa chọn cùng lúc: chậm nhất", "s", changes, ours.slowest, other.slowest, most, most_times),
        Row("mỗi người một lúc: trung vị", "s", len(own), statistics.median(own), statistics.median(others)),
        Row("mỗi người một lúc: p95", "s", len(own), _p95(own), _p95(others)),
        Row("mọi trang cùng lúc: chậm nhất", "s", n, max(ours.mixed), max(other.mixed), most),
        Row("lượt chạy mỗi giây", "", changes, ours.runs_per_second, other.runs_per_second),
        Row("lỗi", "", n, len(ours.errors), len(other.errors), most=0),
    ]
    if ours.memory is not None:
        rows.append(Row("bộ nhớ máy chủ", "MB", 1, ours.memory, other.memory, _MEMORY if n == _HELD else None))
    return rows


def _p95(ordered: Sequence[float]) -> float:
    return ordered[int(0.95 * (len(ordered) - 1))]
