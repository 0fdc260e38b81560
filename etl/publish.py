"""Snapshots on disk: built beside the old ones, verified, then made current in one step.

warehouse/<snapshot_id>.duckdb   a whole snapshot, never written to again
warehouse/<snapshot_id>.sha256   its digest
warehouse/CURRENT                the id of the one readers open
"""

import contextlib
import re
import shutil
from pathlib import Path

from etl.build import Engine, build, duckdb_engine, open_read_only, receipts_in
from etl.catalogue import Catalogue
from etl.durable import clear_leftovers, make_folder, sync_file, sync_folder, write_bytes_durably
from etl.store import Store, digest_of

KEPT = 5
"""How many snapshots stay; older ones are deleted once a new one is current."""
_ID = re.compile(r"\d{8}T\d{12}-[0-9a-f]{8}")
_NAME = re.compile(r"[\w-]+")


class DamagedSnapshot(Exception):
    """The current snapshot is missing, altered or cannot be opened; the message says which."""


def publish(warehouse: Path, store: Store, catalogue: Catalogue, *, engine: Engine = duckdb_engine) -> str:
    """Build a snapshot of the store, verify it, make it current and prune old ones; return its id."""
    make_folder(warehouse)
    _clear_leftovers(warehouse)
    temporary = warehouse / ".building.duckdb"
    after = _last_id(warehouse, store.folder / "frozen")
    snapshot_id = build(temporary, store, catalogue, after=after, engine=engine)
    _verify_built(temporary, snapshot_id)
    sync_file(temporary)
    write_bytes_durably(warehouse / f"{snapshot_id}.sha256", digest_of(temporary).encode())
    temporary.replace(path_of(warehouse, snapshot_id))
    sync_folder(warehouse)
    write_bytes_durably(warehouse / "CURRENT", snapshot_id.encode())
    _prune(warehouse, snapshot_id)
    return snapshot_id


def current(warehouse: Path) -> str | None:
    """Return the id of the current snapshot, None when nothing was ever published."""
    pointer = warehouse / "CURRENT"
    return pointer.read_text(encoding="utf-8", errors="replace").strip() if pointer.exists() else None


def published_receipts(warehouse: Path) -> int:
    """Return how many receipts the current snapshot was made of, 0 where there is no whole one."""
    snapshot_id = current(warehouse)
    return 0 if snapshot_id is None or snapshot_damage(warehouse) else receipts_in(path_of(warehouse, snapshot_id))


def path_of(warehouse: Path, snapshot_id: str) -> Path:
    """Return the file of a snapshot."""
    return warehouse / f"{snapshot_id}.duckdb"


def snapshot_damage(warehouse: Path) -> list[str]:
    """Return a sentence for everything wrong with the current snapshot; none means it is whole."""
    snapshot_id = current(warehouse)
    if snapshot_id is None:
        return []
    if not _NAME.fullmatch(snapshot_id):
        return ["CURRENT không còn ghi đúng mã của một bản dựng"]
    path = path_of(warehouse, snapshot_id)
    if not path.exists():
        return [f"CURRENT chỉ tới {snapshot_id} nhưng không có tệp {path.name}"]
    return _altered(path)


def older_damage(warehouse: Path) -> list[str]:
    """Return a sentence for every damaged snapshot but the current one: readers fall back on them.

    Where there are snapshots, none of them being current is a damage too.
    """
    snapshot_id = current(warehouse)
    others = [path for path in sorted(warehouse.glob("[!.]*.duckdb")) if path.stem != snapshot_id]
    lost = ["Thiếu tệp CURRENT: không biết bản dựng nào là bản hiện hành"] if others and snapshot_id is None else []
    return lost + [sentence for path in others for sentence in _altered(path)]


def _altered(path: Path) -> list[str]:
    """Return what is wrong with a snapshot's file, nothing when it was pruned meanwhile."""
    seal = path.with_suffix(".sha256")
    with contextlib.suppress(FileNotFoundError):
        digest = digest_of(path)
        if not seal.exists():
            return [f"Thiếu {seal.name}: không kiểm được {path.name}"] if path.exists() else []
        if digest.encode() != seal.read_bytes():
            return [f"{path.name} hoặc {seal.name} đã bị thay đổi sau khi dựng"]
    return []


def _last_id(*folders: Path) -> str:
    """Return the id that sorts last among the snapshots in these folders, "" when there is none."""
    ids = (path.stem for folder in folders for path in folder.glob("*.duckdb"))
    return max((snapshot_id for snapshot_id in ids if _ID.fullmatch(snapshot_id)), default="")


def _clear_leftovers(warehouse: Path) -> None:
    """Delete what builds that were cut short left behind; DuckDB's own temporary files are in a folder."""
    clear_leftovers(warehouse, warehouse / "packs")
    for leftover in warehouse.glob(".building*"):
        if leftover.is_dir():
            shutil.rmtree(leftover)
        else:
            leftover.unlink(missing_ok=True)
    for seal in warehouse.glob("*.sha256"):
        if not seal.with_suffix(".duckdb").exists():
            seal.unlink()


def _verify_built(path: Path, snapshot_id: str) -> None:
    """Reopen the new file read-only and read every table, so that a bad build is never published."""
    if path.with_name(f"{path.name}.wal").exists():
        raise DamagedSnapshot("Bản dựng còn phần chưa ghi xong (.wal)")
    with open_read_only(path) as connection:
        tables = [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        # a digest over all columns reads every block, and keeps nothing in memory as DISTINCT does
        connection.execute(
            " UNION ALL ".join(f"SELECT bit_xor(hash(*COLUMNS(*))) FROM {name}" for name in tables)
        ).fetchall()
        found = connection.execute("SELECT value FROM snapshot_info WHERE key = 'snapshot_id'").fetchone()
    if found != (snapshot_id,):
        raise DamagedSnapshot(f"Bản dựng không mang mã {snapshot_id}")


def _prune(warehouse: Path, snapshot_id: str) -> None:
    """Delete all but the newest whole snapshots; one that cannot be deleted, as on Windows while it is read, waits."""
    newest_first = sorted(warehouse.glob("[!.]*.duckdb"), key=lambda path: path.stem, reverse=True)
    others = [path for path in newest_first if path.stem != snapshot_id]
    damaged = [path for path in others if _altered(path)]
    whole = [path for path in others if path not in damaged]
    for path in (*whole[KEPT - 1 :], *damaged):
        with contextlib.suppress(OSError):
            path.unlink()
            path.with_suffix(".sha256").unlink(missing_ok=True)
