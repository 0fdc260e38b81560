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
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Self

import etl.cli
import etl.flags
import etl.loading
from bench.faults.forks import Ended, in_child
from dashboard.warehouse import WarehouseError, open_snapshot
from etl.build import open_read_only
from etl.catalogue import load_catalogue
from etl.conform.returns import Conformed
from etl.examining import examine
from etl.settings import Settings, read_settings
from etl.store import Store

HEADINGS = ("don_vi", "ky", "tu_nam", "den_nam", "chi_tieu", "linh_vuc", "gia_tri")
LEFTOVERS = (".*.tmp", ".building*", ".*.partial")
Tables = dict[str, str]


@dataclass(frozen=True)
class View:
    """What a reader sees: the tables by their digests, and what is said of damage, "" when all is well."""

    tables: Tables
    told: str


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


def seen(data: Path) -> View:
    """Return what a reader that begins now is shown."""
    try:
        opened, notices = open_snapshot(data)
    except WarehouseError as problem:
        return View({}, str(problem))
    opened.close()
    return View(table_digests(opened.path), " ".join(notices))


def seen_by_a_reader(data: Path) -> View:
    """Return what a reader in a process of its own is shown."""
    ended = in_child(lambda: asdict(seen(data)))
    return View(**ended.answer) if ended.code == 0 else View({}, ended.err[-400:])


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
class World:
    """A data folder, never changed itself. view: what a reader sees of it; kept: the digests of the store's files."""

    data: Path
    view: View
    kept: dict[str, str]

    def copy(self, folder: Path) -> Path:
        """Return a copy that may be harmed."""
        if folder.exists():
            shutil.rmtree(folder)
        return Path(shutil.copytree(self.data, folder))


@dataclass(frozen=True)
class Operation:
    """A command on a world, and when it has done its work: its exit status, what a reader sees, the store's files."""

    name: str
    start: World
    arguments: tuple[str, ...]
    code: int
    after: View
    files: frozenset[str]


def make_world(folder: Path) -> World:
    """Make a world in a folder: returns, one of them withdrawn, a refused file, a frozen snapshot and later ones."""
    _warm_up(folder)
    data, sent = folder / "world", folder / "sent"
    for number, figures in enumerate(([("tam_ky", 2022, 4), ("hoi_an", 2022, 7)], [("tam_ky", 2023, 5)])):
        _must(command(data, "load", write_return(sent / f"{number}.csv", *figures)))
    _must(command(data, "freeze", "--name", "Bản một"))
    _must(command(data, "load", write_return(sent / "held.csv", ("thang_binh", 2023, 8))))
    _must(command(data, "load", write_return(sent / "gone.csv", ("nui_thanh", 2023, 9))))
    _must(command(data, "withdraw", _return_of(data, "nui_thanh"), "--reason", "gửi nhầm"))
    _must(command(data, "load", _no_return(sent / "refused.csv", "không phải báo cáo")), 1)
    return _world(data)


def operations_on(world: World, folder: Path) -> Iterator[Operation]:
    """Yield the commands to be cut short, each with what it does when nothing goes wrong."""
    sent = folder / "sent"
    new = write_return(sent / "new.csv", ("dai_loc", 2023, 3), ("hoi_an", 2023, 6))
    yield _tried(world, folder, "load", "load", new)
    yield _tried(world, folder, "refuse", "load", _no_return(sent / "bad.csv", "cũng không phải báo cáo"), code=1)
    yield _tried(world, folder, "build", "build")
    yield _tried(world, folder, "withdraw", "withdraw", _return_of(world.data, "thang_binh"), "--reason", "gửi nhầm")
    yield _tried(world, folder, "freeze", "freeze", "--name", "Bản hai")
    backup = folder / "backup.zip"
    _must(command(world.data, "backup", backup))
    yield _tried(_half_lost(world, folder / "lost"), folder, "restore", "restore", backup)


def receipts_of(data: Path) -> list[dict[str, Any]]:
    """Return the receipts of a data folder's store."""
    return Store(data / "store").receipts


def catalogue_folder() -> Path:
    """Return the catalogue that the commands use."""
    return read_settings().catalogue


def settings_of(data: Path) -> Settings:
    """Return the settings of an installation over a data folder."""
    return Settings(data, catalogue_folder())


def _world(data: Path) -> World:
    return World(data, seen_by_a_reader(data), kept_files(data))


def _tried(world: World, folder: Path, name: str, *order: object, code: int = 0) -> Operation:
    data = world.copy(folder / "tried")
    _must(command(data, *order), code)
    return Operation(name, world, tuple(map(str, order)), code, seen_by_a_reader(data), frozenset(kept_files(data)))


def _half_lost(world: World, folder: Path) -> World:
    """Return the world without its warehouse and without every second file of its store."""
    data = world.copy(folder)
    shutil.rmtree(data / "warehouse")
    for name in list(world.kept)[::2]:
        (data / "store" / name).unlink()
    return _world(data)


def _no_return(path: Path, text: str) -> Path:
    path.write_text(f"{text}\n", encoding="utf-8")
    return path


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
