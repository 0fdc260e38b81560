"""One flipped bit, anywhere in store or warehouse: `verify` finds it, and readers are shown a snapshot without it."""

import os
import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import etl.cli
from bench.faults.forks import in_child
from bench.faults.world import Tables, View, World, seen

_UNSEALED = ("writer.txt", "writer.lock")  # they say who writes, and are written anew by the next one


@dataclass(frozen=True)
class Flip:
    """A bit of a file of the data folder."""

    file: str
    byte: int
    bit: int


@dataclass(frozen=True)
class Flipped:
    """What came of a flip. served: whether a reader saw what it must; wrong: what it saw instead."""

    flip: Flip
    is_current: bool
    is_found: bool
    is_served: bool
    wrong: str = ""


def flips(data: Path, count: int, seed: int) -> Iterator[Flip]:
    """Yield flips: a third in what the current snapshot is made of, the others in any file, small or large."""
    chance = random.Random(seed)
    files = sorted(
        path
        for part in ("store", "warehouse")
        for path in (data / part).rglob("*")
        if path.is_file() and path.name not in _UNSEALED and path.stat().st_size
    )
    current = [path for path in files if path.parent.name == "warehouse" and _is_current(path, data)]
    for number in range(count):
        path = chance.choice(current if number % 3 == 0 else files)
        yield Flip(str(path.relative_to(data)), chance.randrange(path.stat().st_size), chance.randrange(8))


def try_flip(world: World, data: Path, flip: Flip, previous: Tables) -> Flipped:
    """Flip a bit of a copy of the world, verify, read, and flip it back. previous: the snapshot before the current."""
    path = data / flip.file
    is_current = path.parent.name == "warehouse" and _is_current(path, data)
    _flip(path, flip)
    try:
        shown = in_child(lambda: _verified_and_seen(data))
    finally:
        _flip(path, flip)
    if shown.code != 0:
        return Flipped(flip, is_current, False, False, shown.err[-300:])
    code, now = shown.answer[0], View(**shown.answer[1])
    # Without CURRENT the one published last is shown, which is the same one: the notice says that it is not known.
    expected = previous if is_current and path.name != "CURRENT" else world.view.tables
    wrong = [name for name in expected if now.tables.get(name) != expected[name]]
    is_served = not wrong and bool(now.told) == is_current
    return Flipped(flip, is_current, code == 4, is_served, "" if is_served else f"{now.told} {wrong}")


def _verified_and_seen(data: Path) -> tuple[int, dict[str, Any]]:
    os.environ["DVK_DATA"] = str(data)
    code = etl.cli.app(["verify"], standalone_mode=False)
    return code or 0, asdict(seen(data))


def _is_current(path: Path, data: Path) -> bool:
    return path.name == "CURRENT" or path.stem == (data / "warehouse" / "CURRENT").read_text(encoding="utf-8").strip()


def _flip(path: Path, flip: Flip) -> None:
    with path.open("rb+") as stream:
        stream.seek(flip.byte)
        (found,) = stream.read(1)
        stream.seek(flip.byte)
        stream.write(bytes([found ^ 1 << flip.bit]))
