"""kill -9 at random moments of a process that loads, withdraws and freezes without a pause."""

import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bench.faults.calls import kept_losses
from bench.faults.forks import Child, in_child
from bench.faults.world import (
    Tables,
    World,
    command,
    leftovers,
    run_etl,
    seen_by_a_reader,
    settings_of,
    table_digests,
    write_return,
)
from etl.build import build
from etl.catalogue import load_catalogue
from etl.store import Store

UNITS = ("dien_ban", "duy_xuyen", "que_son", "phu_ninh", "hiep_duc")
_FRESH = 12
"""Kills after which the work goes on in a new copy of the world, so that the store stays small."""


@dataclass(frozen=True)
class Killed:
    """What came of one kill. done: commands acknowledged before it; lost, stuck: as of a point of `calls`."""

    after: float
    done: int
    lost: tuple[str, ...]
    stuck: tuple[str, ...]


def try_kills(world: World, folder: Path, kills: int, seed: int) -> Iterator[Killed]:
    """Yield what came of each kill; the folder is worked on from one kill to the next."""
    chance = random.Random(seed)
    data = folder / "data"
    log = folder / "acknowledged"
    for number in range(kills):
        if number % _FRESH == 0:
            world.copy(data)
        log.unlink(missing_ok=True)
        child = Child(lambda: _work(data, folder, log))
        after = chance.uniform(0.0, 2.5)
        time.sleep(after)
        child.kill()
        child.wait()
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        done = [line for line in lines if line.startswith("done ")]
        yield Killed(after, len(done), tuple(_losses(world, data, folder, done)), tuple(_stuck(data, folder)))


def _work(data: Path, folder: Path, log: Path) -> None:
    """Load, withdraw and freeze until killed; write down what was acknowledged, and how much was there."""
    store = Store(data / "store")
    begun = len(store.receipts)
    with log.open("a", encoding="utf-8") as acknowledged:
        for number in count(begun):
            unit, year = UNITS[number % len(UNITS)], 2015 + number % 9
            sent = write_return(folder / "sent" / f"{number}.csv", (unit, year, number % 90))
            orders: list[tuple[object, ...]] = [("load", sent), ("freeze", "--name", f"Bản {number}")]
            for order in orders:
                _acknowledged(data, order, acknowledged)
            held = Store(data / "store").returns
            if len(held) > 3:
                order = ("withdraw", held[-1].return_id, "--reason", "thử")
                _acknowledged(data, order, acknowledged)


def _acknowledged(data: Path, order: tuple[object, ...], log) -> None:  # type: ignore[no-untyped-def]
    try:
        run_etl(data, *order)
    except SystemExit as end:
        if end.code in (0, None):
            receipts = len(list((data / "store" / "receipts").glob("[0-9]*.json")))
            frozen = len(list((data / "store" / "frozen").glob("*.json")))
            log.write(f"done {order[0]} {receipts} {frozen}\n")
            log.flush()
            os.fsync(log.fileno())


def _losses(world: World, data: Path, folder: Path, done: list[str]) -> Iterator[str]:
    yield from kept_losses(world.kept, data)
    store = Store(data / "store")
    receipts, frozen = map(int, done[-1].split()[2:]) if done else (0, 0)
    if len(store.receipts) < receipts:
        yield f"{receipts} receipts were acknowledged, {len(store.receipts)} are there"
    there = len(list((data / "store" / "frozen").glob("*.json")))
    if there < frozen:
        yield f"{frozen} frozen snapshots were acknowledged, {there} are there"
    shown = seen_by_a_reader(data)
    if shown.told:
        yield f"a reader is told: {shown.told}"
        return
    # Whole: just what the receipts up to some acknowledged one, or a later one, amount to.
    possible = (_tables_of(data, folder, number) for number in range(len(store.receipts), max(receipts, 1) - 1, -1))
    if not any(shown.tables == tables for tables in possible):
        yield "a reader sees what is made of no acknowledged state of the store"


def _tables_of(data: Path, folder: Path, receipts: int) -> Tables:
    """Return the tables that the first receipts of a store amount to."""

    def built() -> Tables:
        store = Store(data / "store")
        cut = Store(folder / "empty")
        cut.folder = store.folder
        for receipt in store.receipts[:receipts]:
            cut._remember(receipt)
        path = folder / "expected.duckdb"
        path.unlink(missing_ok=True)
        build(path, cut, load_catalogue(settings_of(data).catalogue))
        return table_digests(path)

    found: Tables = in_child(built).answer
    return found


def _stuck(data: Path, folder: Path) -> Iterator[str]:
    """Load again what may have been cut short; yield what is then not in order."""
    again = command(data, "load", *sorted((folder / "sent").glob("*.csv"))[-1:])
    if again.code != 0:
        yield f"again: ended {again.code}: {again.err[-300:]}"
    shown = seen_by_a_reader(data)
    if shown.told or shown.tables != _tables_of(data, folder, _count(data)):
        yield f"again: a reader sees not what the store holds, and is told: {shown.told}"
    verified = command(data, "verify")
    if verified.code != 0:
        yield f"again: verify ends {verified.code}: {verified.err[-300:]}"
    if leftovers(data):
        yield f"again: left over {leftovers(data)}"


def _count(data: Path) -> int:
    return len(Store(data / "store").receipts)
