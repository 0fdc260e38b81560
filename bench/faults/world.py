"""A small data folder to do harm to, the commands that change it, and what must hold of it whatever was done.

A command runs as `python -m etl` would, in a child of its own. Only the reading of submitted files, which writes
nothing into the data folder, is done in that same child instead of in guarded ones: it would cost a second a run.
"""

import csv
import hashlib
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Self

import etl.cli
import etl.flags
import etl.loading
from bench.faults.forks import Ended, in_child
from dashboard.warehouse import open_snapshot
from etl.build import open_read_only
from etl.catalogue import load_catalogue
from etl.conform.returns import Conformed
from etl.examining import examine
from etl.settings import Settings, read_settings
from etl.store import Store

HEADINGS = ("don_vi", "ky", "tu_nam", "den_nam", "chi_tieu", "linh_vuc", "gia_tri")
LEFTOVERS = (".*.tmp", ".building*", ".*.partial")
Tables = dict[str, str]


class _Examiner:
    """Stands in for the guarded children."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def many(self, items: Iterable[tuple[Path, str]]) -> Iterator[Conformed]:
        for path, name in items:
            yield examine(path, name, self._folder)


def run_etl(data: Path, *arguments: object) -> None:
    """Be `python -m etl` over a data folder; ends with SystemExit."""
    os.environ["DVK_DATA"] = str(data)
    etl.loading.Examiner = _Examiner  # type: ignore[attr-defined, assignment]
    etl.cli.app([str(item) for item in arguments], prog_name="python -m etl")


def command(data: Path, *arguments: object) -> Ended:
    """Run `python -m etl` over a data folder in a child."""
    return in_child(lambda: run_etl(data, *arguments))


def write_return(path: Path, *figures: tuple[str, int, int]) -> Path:
    """Write a return of (unit, year, count of inspections) each, a table of rows that names every column."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(HEADINGS)
        for unit, year, count in figures:
            rows.writerow((unit, "nam", year, year, "kiem_tra", "", count))
            rows.writerow((unit, "nam", year, year, "mo_hinh_cong_nhan", "kinh_te", count + 1))
    return path


def table_digests(path: Path) -> Tables:
    """Return the sha256 of every table of a snapshot, its rows sorted, without when and as what it was built."""
    with open_read_only(path) as connection:
        names = [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        rows = {name: connection.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall() for name in sorted(names)}
    rows["snapshot_info"] = [row for row in rows["snapshot_info"] if row[0] not in ("snapshot_id", "built_at")]
    return {name: hashlib.sha256(repr(found).encode()).hexdigest() for name, found in rows.items()}


def seen(data: Path) -> dict[str, Any]:
    """Return what a reader that begins now is shown: the snapshot's id and tables, and what it is told."""
    opened, notices = open_snapshot(data)
    opened.close()
    return {"snapshot_id": opened.path.stem, "tables": table_digests(opened.path), "notices": notices}


def seen_by_a_reader(data: Path) -> dict[str, Any]:
    """Return what a reader in a process of its own is shown."""
    ended = in_child(lambda: seen(data))
    return ended.answer if ended.code == 0 else {"failed": ended.err[-400:], "tables": {}, "notices": []}


def kept_files(data: Path) -> dict[str, str]:
    """Return the digest of every file of the store but those that only say who writes."""
    store = data / "store"
    return {
        str(path.relative_to(store)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(store.rglob("*"))
        if path.is_file() and not path.name.startswith("writer.")
    }


def leftovers(data: Path) -> list[str]:
    """Return the temporary files below a data folder."""
    return sorted(str(path.relative_to(data)) for mark in LEFTOVERS for path in data.rglob(mark))


@dataclass(frozen=True)
class Operation:
    """A command, and when it has done its work: its exit status, the tables that a reader sees, the store's files."""

    name: str
    arguments: tuple[str, ...]
    code: int
    after: Tables
    files: frozenset[str]


@dataclass(frozen=True)
class World:
    """A data folder with returns, one withdrawn, one refused, one snapshot frozen; it is never changed itself."""

    data: Path
    tables: Tables
    kept: dict[str, str]
    operations: tuple[Operation, ...]

    def copy(self, folder: Path) -> Path:
        """Return a copy that may be harmed."""
        if folder.exists():
            shutil.rmtree(folder)
        return Path(shutil.copytree(self.data, folder))


def make_world(folder: Path) -> World:
    """Make the world in a folder and find out what each operation does to it when nothing goes wrong."""
    _warm_up(folder)
    data, sent = folder / "world", folder / "sent"
    for number, figures in enumerate(([("tam_ky", 2022, 4), ("hoi_an", 2022, 7)], [("tam_ky", 2023, 5)])):
        _must(command(data, "load", write_return(sent / f"{number}.csv", *figures)))
    _must(command(data, "freeze", "--name", "Bản một"))
    held = write_return(sent / "held.csv", ("thang_binh", 2023, 8))
    _must(command(data, "load", held))
    gone = write_return(sent / "gone.csv", ("nui_thanh", 2023, 9))
    _must(command(data, "load", gone))
    _must(command(data, "withdraw", _return_of(data, "nui_thanh"), "--reason", "gửi nhầm"))
    refused = sent / "refused.csv"
    refused.write_text("không phải báo cáo\n", encoding="utf-8")
    _must(command(data, "load", refused), 1)
    bad = sent / "bad.csv"
    bad.write_text("cũng không phải báo cáo\n", encoding="utf-8")
    new = write_return(sent / "new.csv", ("dai_loc", 2023, 3), ("hoi_an", 2023, 6))
    orders: dict[str, tuple[object, ...]] = {
        "load": ("load", new),
        "refuse": ("load", bad),
        "build": ("build",),
        "withdraw": ("withdraw", _return_of(data, "thang_binh"), "--reason", "gửi nhầm"),
        "freeze": ("freeze", "--name", "Bản hai"),
    }
    world = World(data, seen_by_a_reader(data)["tables"], kept_files(data), ())
    operations = tuple(_tried(world, folder / "tried", name, order) for name, order in orders.items())
    return World(world.data, world.tables, world.kept, operations)


def receipts_of(data: Path) -> list[dict[str, Any]]:
    """Return the receipts of a data folder's store."""
    return Store(data / "store").receipts


def catalogue_folder() -> Path:
    """Return the catalogue that the commands use."""
    return read_settings().catalogue


def settings_of(data: Path) -> Settings:
    """Return the settings of an installation over a data folder."""
    return Settings(data, catalogue_folder())


def _tried(world: World, folder: Path, name: str, order: tuple[object, ...]) -> Operation:
    data, code = world.copy(folder), 1 if name == "refuse" else 0
    _must(command(data, *order), code)
    after = seen_by_a_reader(data)["tables"]
    return Operation(name, tuple(map(str, order)), code, after, frozenset(kept_files(data)))


def _return_of(data: Path, unit: str) -> str:
    return next(found.return_id for found in Store(data / "store").returns if found.don_vi_id == unit)


def _must(ended: Ended, code: int = 0) -> None:
    if ended.code != code:
        raise RuntimeError(f"a command without any fault ended {ended.code}: {ended.out}{ended.err}")


def _warm_up(folder: Path) -> None:
    """Import in this process whatever a command imports by the way, so that its children need not."""
    data = folder / "warm"
    load_catalogue(catalogue_folder())

    def modules() -> list[str]:
        try:
            run_etl(data, "load", write_return(folder / "warm.csv", ("tam_ky", 2022, 4)))
        except SystemExit:
            seen(data)
        return sorted(sys.modules)

    for name in in_child(modules).answer or ():
        if name not in sys.modules and not name.startswith("__"):
            import_module(name)
