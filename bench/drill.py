"""The drill of a loss, `python -m bench drill`: a store is backed up, half destroyed, restored; tables must be equal.

In a folder of its own, on returns of the simulated sample: some in force, one withdrawn, a year closed, a
snapshot frozen, a file refused. Then the warehouse goes, and every second file of the store.
"""

import json
import random
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from bench.table_digests import table_digests
from etl.backup import make_backup
from etl.catalogue import Catalogue, load_catalogue
from etl.decisions import close_year, withdraw
from etl.frozen import freeze
from etl.loading import load
from etl.publish import current, path_of
from etl.restore import restore
from etl.sample import write_sample
from etl.settings import Settings, read_settings
from etl.store import Store, digest_of
from etl.verify import examine

LOCKS = {"writer.lock", "writer.txt"}


@dataclass(frozen=True)
class Drill:
    """What a drill found: digests of tables and files before and after, how many files were lost, damage seen then."""

    tables: dict[str, tuple[str, str]]
    files: int
    lost: int
    other_files: list[str]
    seen: int
    left: int

    @property
    def is_passed(self) -> bool:
        """Whether every table and file is as before, the loss was seen and nothing is damaged afterwards."""
        same = all(before == after for before, after in self.tables.values())
        return same and bool(self.tables) and not self.other_files and self.seen > 0 and not self.left


def main(
    files: Annotated[int, typer.Option(help="Số báo cáo mô phỏng đem nạp.", min=3)] = 60,
    seed: Annotated[int, typer.Option(help="Hạt giống: chọn báo cáo và tệp bị mất.")] = 2026,
    json_file: Annotated[Path | None, typer.Option("--json", help="Ghi kết quả ra tệp JSON.")] = None,
) -> None:
    """Diễn tập mất dữ liệu: sao lưu, xóa kho dựng và nửa kho báo cáo, khôi phục, so từng bảng."""
    catalogue = load_catalogue(read_settings().catalogue)
    with tempfile.TemporaryDirectory(prefix="dvk-drill-") as folder:
        found = drill(Path(folder), catalogue, files, seed)
    for name, (before, after) in found.tables.items():
        typer.echo(f"{name:22} {before[:16]} {'giống hệt' if before == after else f'KHÁC: {after[:16]}'}")
    typer.echo(
        f"Mất {found.lost}/{found.files} tệp của kho và cả kho dựng; verify thấy {found.seen} chỗ hỏng. Sau khôi phục: "
        f"{sum(before == after for before, after in found.tables.values())}/{len(found.tables)} bảng giống hệt, "
        f"{len(found.other_files)} tệp khác trước, {found.left} chỗ hỏng."
    )
    if json_file is not None:
        json_file.write_text(json.dumps(_told(found, seed), ensure_ascii=False, indent=1), encoding="utf-8")
    if not found.is_passed:
        raise typer.Exit(1)


def drill(folder: Path, catalogue: Catalogue, files: int, seed: int) -> Drill:
    """Run the drill in an empty folder."""
    rng = random.Random(seed)
    settings, backup = Settings(folder / "data", catalogue.folder), folder / "backup.zip"
    _fill(folder, settings, catalogue, files, rng)
    before, tables = _files(settings.store), table_digests(_snapshot(settings))
    make_backup(settings, backup)
    shutil.rmtree(settings.warehouse)
    lost = rng.sample(sorted(before), len(before) // 2)
    for name in lost:
        (settings.store / name).unlink()
    seen = len(examine(settings).damage)
    restore(backup, settings, catalogue)
    after = table_digests(_snapshot(settings))
    names = sorted(tables.keys() | after.keys())
    now = _files(settings.store)
    return Drill(
        tables={name: (tables.get(name, ""), after.get(name, "")) for name in names},
        files=len(before),
        lost=len(lost),
        other_files=sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name)),
        seen=seen,
        left=len(examine(settings).damage),
    )


def _fill(folder: Path, settings: Settings, catalogue: Catalogue, files: int, rng: random.Random) -> None:
    write_sample(catalogue, folder / "in")
    chosen = rng.sample(sorted((folder / "in").rglob("*.xlsx")), files)
    refused = folder / "hong.xlsx"
    refused.write_bytes(chosen[0].read_bytes()[:2000])
    load(chosen[: files // 2], settings, catalogue)
    freeze(settings, "Diễn tập")
    load([*chosen[files // 2 :], refused], settings, catalogue)
    held = Store(settings.store).returns
    withdraw([rng.choice(held).return_id], "diễn tập", settings, catalogue)
    close_year(Store(settings.store).returns[0].to_year, "diễn tập", settings, catalogue)


def _snapshot(settings: Settings) -> Path:
    return path_of(settings.warehouse, str(current(settings.warehouse)))


def _files(store: Path) -> dict[str, str]:
    """Return the sha256 of every file of a store by its path in it; what was set aside is not of the store."""
    paths = [path for path in store.rglob("*") if path.is_file() and path.name not in LOCKS]
    names = {path.relative_to(store).as_posix(): path for path in paths}
    return {name: digest_of(path) for name, path in sorted(names.items()) if not name.startswith("aside/")}


def _told(found: Drill, seed: int) -> dict[str, Any]:
    return {
        "passed": found.is_passed,
        "seed": seed,
        "store_files": found.files,
        "lost_files": found.lost,
        "damage_seen": found.seen,
        "damage_left": found.left,
        "other_files": found.other_files,
        "tables": {name: {"before": before, "after": after} for name, (before, after) in found.tables.items()},
    }
