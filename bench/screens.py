"""How fast the screens are, `python -m bench screens`: in a browser beside two other apps, and each page on the server.

In Chromium, each time with an empty cache, on a server just started and then on the same again: our first page, an app
with only a title, and the usual tutorial app, in turn. On the server: over a websocket, from a viewer's wish to the end
of the run, every page and every part of one, with a choice that nobody made before and with the same again.
"""

import asyncio
import random
import statistics
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from playwright.sync_api import Browser
from rich.console import Console
from rich.table import Table

from bench.browser import Opened, changed, chromium, opened, window
from bench.report import Row, said, show, write_json
from bench.served import NAMES, OURS, TITLE, TUTORIAL, Served, Stage, staged
from bench.sessions import Run, Session, options_of, session

HEADING, CHART, CHOICE, RERUN = 1.3, 0.8, 0.5, 60.0
"""Targets: times the title-only app; times the tutorial app, twice; milliseconds."""
APPS = (OURS, TITLE, TUTORIAL)
COLD, WARM = "máy chủ mới", "máy chủ đang chạy"
_BOX = {OURS: "Từ năm", TUTORIAL: "Năm"}
_PARTS = "Phần của trang"
_FRAME = ("Từ năm", "Đến năm", "Đơn vị")


@dataclass
class Seen:
    """What the browser saw of an app, in milliseconds, a figure a visit."""

    headings: list[float] = field(default_factory=list)
    charts: list[float] = field(default_factory=list)
    choices: list[float] = field(default_factory=list)

    def add(self, first: Opened, choices: Sequence[float]) -> None:
        """Add a visit."""
        self.headings.append(first.heading)
        self.charts += [] if first.chart is None else [first.chart]
        self.choices += choices


@dataclass
class Reruns:
    """How long a page's runs took on the server: milliseconds with a new choice, with the same again; bytes sent."""

    page: str
    changed: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def is_reached(self) -> bool:
        """Whether both medians are below the target."""
        return max(statistics.median(self.changed), statistics.median(self.again)) < RERUN


def main(
    times: Annotated[int, typer.Option(help="Số lần đo.", min=1)] = 5,
    pages: Annotated[str, typer.Option(help="Chỉ đo máy chủ ở các trang này, cách nhau bằng dấu phẩy.")] = "",
    only: Annotated[str, typer.Option(help="Chỉ đo một phía: trinh_duyet hoặc may_chu.")] = "",
    seed: Annotated[int, typer.Option(help="Hạt giống: chọn những gì.")] = 2026,
    json_file: Annotated[Path | None, typer.Option("--json", help="Ghi kết quả ra tệp JSON.")] = None,
) -> None:
    """Đo màn hình: tiêu đề, biểu đồ đầu tiên, đổi lựa chọn trong trình duyệt; thời gian chạy từng trang ở máy chủ."""
    console = Console()
    found: dict[str, object] = {}
    reruns: list[Reruns] = []
    with staged() as stage:
        if only != "may_chu":
            with chromium() as browser:
                seen = visits(stage, browser, times)
            found["rows"] = rows = rows_of(seen)
            found["visits"] = {f"{app}, {state}": one for (app, state), one in seen.items()}
            show(console, "Màn hình đầu trong trình duyệt (trung vị)", rows)
        if only != "trinh_duyet":
            wanted = {page for page in pages.split(",") if page}
            found["reruns"] = reruns = list(server_times(stage, wanted, times, seed))
            _show_reruns(console, reruns)
    write_json(json_file, seed=seed, **found)
    if any(one.errors for one in reruns):
        raise typer.Exit(1)


def visits(stage: Stage, browser: Browser, times: int) -> dict[tuple[str, str], Seen]:
    """Visit every app `times`, on a fresh server and then once more; return what was seen by app and state."""
    found = {(app, state): Seen() for app in APPS for state in (COLD, WARM)}
    for turn in range(times):
        for app in APPS[turn % 3 :] + APPS[: turn % 3]:
            with stage.serving(app) as server:
                for state in (COLD, WARM):
                    found[app, state].add(*visit(browser, server))
    return found


def visit(browser: Browser, server: Served) -> tuple[Opened, list[float]]:
    """Open an app in an empty window and change its choice three times, where it has one."""
    box = _BOX.get(server.app)
    with window(browser) as page:
        first = opened(page, server.address, with_chart=box is not None)
        return first, [changed(page, box, place) for place in (1, 2, 3)] if box else []


def rows_of(seen: dict[tuple[str, str], Seen]) -> list[Row]:
    """Return the medians of what the browser saw, beside those of the app that each is compared with."""
    rows = []
    for state in (COLD, WARM):
        ours, title, tutorial = (seen[app, state] for app in APPS)
        for what, mine, other, app, most in (
            ("tiêu đề", ours.headings, title.headings, TITLE, HEADING),
            ("biểu đồ đầu tiên", ours.charts, tutorial.charts, TUTORIAL, CHART),
            ("đổi lựa chọn", ours.choices, tutorial.choices, TUTORIAL, CHOICE),
        ):
            name, medians = f"{state}: {what} ({NAMES[app]})", map(statistics.median, (mine, other))
            rows.append(Row(name, "ms", len(mine), *medians, most_times=most))
    return rows


def server_times(stage: Stage, wanted: Collection[str], times: int, seed: int) -> Iterator[Reruns]:
    """Measure our pages (all, or those wanted), and then what the other apps take for the same."""
    with stage.serving(OURS) as server:
        yield from asyncio.run(page_times(server, wanted, times, random.Random(seed)))
    for app in (TITLE, TUTORIAL):
        with stage.serving(app) as server:
            yield asyncio.run(_other(server, times))


async def page_times(server: Served, wanted: Collection[str], times: int, rng: random.Random) -> list[Reruns]:
    """Measure the runs of our pages, all or those wanted, part by part."""
    viewer = await session(server.address)
    await viewer.open()
    found, made = [], set[tuple[str, ...]]()
    for page in viewer.pages:
        if wanted and page not in wanted:
            continue
        first = await viewer.turn_to(page)
        parts = options_of(viewer.boxes[_PARTS]) if _PARTS in viewer.boxes else [""]
        for part in parts:
            one = Reruns(f"{page}: {part}" if part else page, errors=list(first.errors))
            if part:
                one.errors += (await viewer.choose(_PARTS, part)).errors
            for _ in range(times):
                _note(one, one.changed, await _choose_anew(viewer, made, rng))
                _note(one, one.again, await viewer.again())
            found.append(one)
    await viewer.socket.close()
    return found


async def _choose_anew(viewer: Session, made: set[tuple[str, ...]], rng: random.Random) -> Run:
    """Change one choice beside the page, so that all of them together were never made before while that is possible."""
    offered = []
    for label in _FRAME:
        for option in options_of(viewer.boxes[label]):
            chosen = tuple(option if name == label else viewer.chosen(name) for name in _FRAME)
            if option != viewer.chosen(label) and chosen[0] <= chosen[1]:
                offered.append((label, option, chosen))
    label, option, chosen = rng.choice([one for one in offered if one[2] not in made] or offered)
    made.add(chosen)
    return await viewer.choose(label, option)


async def _other(server: Served, times: int) -> Reruns:
    viewer = await session(server.address)
    one = Reruns(NAMES[server.app], errors=list((await viewer.open()).errors))
    box = _BOX.get(server.app, "")
    for place in range(1, times + 1):
        if box:
            _note(one, one.changed, await viewer.choose(box, options_of(viewer.boxes[box])[place]))
        _note(one, one.again, await viewer.again())
    await viewer.socket.close()
    return Reruns(one.page, one.changed or one.again, one.again, one.sizes, one.errors)


def _note(one: Reruns, taken: list[float], run: Run) -> None:
    taken.append(run.seconds * 1000)
    one.sizes.append(run.size)
    one.errors += run.errors


def _show_reruns(console: Console, reruns: Sequence[Reruns]) -> None:
    table = Table("trang", "đổi lựa chọn", "chậm nhất", "chạy lại", "gửi đi", "mục tiêu", "đạt", title_justify="left")
    table.title = f"Một lượt chạy ở máy chủ (trung vị, n = {len(reruns[0].again)} mỗi ô)"
    for column in table.columns[1:6]:
        column.justify = "right"
    for one in reruns:
        ours = one.page not in NAMES.values()
        cells = [statistics.median(one.changed), max(one.changed), statistics.median(one.again)]
        target, reached = (said(RERUN, "ms"), "đạt" if one.is_reached else "[red]chưa[/red]") if ours else ("", "")
        size = said(statistics.median(one.sizes) / 1000, "kB")
        table.add_row(one.page, *(said(cell, "ms") for cell in cells), size, f"< {target}" if target else "", reached)
    console.print(table)
    for one in reruns:
        for error in sorted(set(one.errors)):
            console.print(f"Lỗi ở {one.page} ({one.errors.count(error)} lần): {error}", markup=False)
