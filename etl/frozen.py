"""Frozen snapshots: copies of published snapshots that someone named, kept in the store for ever.

    store/frozen/<snapshot_id>.duckdb   the snapshot as it was published
    store/frozen/<snapshot_id>.json     its name, when, by whom, why, and its digest; sealed as receipts are

The record is written last, in one step: a copy without one was never frozen. Nothing here is overwritten or pruned.
`.<snapshot_id>.begun`, there while a freeze is under way or cut short, tells its copy from one that lost its record.
"""

import json
import shutil
import unicodedata
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from etl.actor import who
from etl.decisions import Impossible
from etl.durable import write_bytes_durably, write_durably
from etl.labels import date_text
from etl.lock import writer_lock
from etl.publish import DamagedSnapshot, current, path_of, snapshot_damage
from etl.receipts import DamagedStore, is_sealed, json_bytes, now, sealed
from etl.settings import Settings
from etl.store import digest_of

_BEGUN = ".begun"
_LONGEST_NAME = 100


@dataclass(frozen=True)
class FrozenSnapshot:
    """A frozen snapshot as its record tells it. sha256: of the copy. who: as whoever froze it said.

    at: the moment (ISO 8601, UTC); account: who acted. Both are "" in records of older versions.
    """

    snapshot_id: str
    name: str
    frozen_on: date
    who: str
    note: str
    sha256: str
    at: str
    account: str


_NAMES = tuple(field.name for field in fields(FrozenSnapshot))


def freeze(settings: Settings, name: str, by: str = "", note: str = "", *, seen: str | None = None) -> FrozenSnapshot:
    """Freeze the current snapshot under a name that no other has; return its record.

    by: who decided it, else the account that runs the program. seen: the snapshot that was looked at when deciding.
    Raises Impossible (no snapshot, frozen already, another was published since `seen`); DamagedSnapshot, StoreBusy.
    """
    called = " ".join(unicodedata.normalize("NFC", name).split())
    if not called:
        raise Impossible("Cần đặt tên cho bản chốt.")
    if len(called) > _LONGEST_NAME:
        raise Impossible(f"Tên bản chốt dài quá {_LONGEST_NAME} ký tự: đặt tên ngắn hơn, phần còn lại ghi ở ghi chú.")
    with writer_lock(settings.store):
        _clear_begun(settings.store)
        snapshot_id = current(settings.warehouse)
        if snapshot_id is None:
            raise Impossible("Chưa có bản số liệu nào để chốt.")
        if seen not in (None, snapshot_id):
            raise Impossible("Số liệu vừa đổi sang bản mới: xem lại rồi chốt.")
        for other in frozen_snapshots(settings.store):
            _check_apart(other, snapshot_id, called)
        damage = snapshot_damage(settings.warehouse)
        if damage:
            raise DamagedSnapshot("; ".join(damage))
        source = path_of(settings.warehouse, snapshot_id)
        sha256 = digest_of(source)
        begun = _folder(settings.store) / f".{snapshot_id}{_BEGUN}"
        write_bytes_durably(begun, b"")
        write_durably(frozen_path(settings.store, snapshot_id), lambda copy: _copy(source, copy, sha256))
        record = FrozenSnapshot(
            snapshot_id, called, date.today(), by.strip() or who(), note.strip(), sha256, now(), who()
        )
        write_bytes_durably(_record_path(settings.store, snapshot_id), json_bytes(sealed(frozen_json(record))))
        begun.unlink()
    return record


def frozen_snapshots(store: Path) -> list[FrozenSnapshot]:
    """Return the frozen snapshots of a store, the latest published first. Raises DamagedStore."""
    return [read_record(path) for path in sorted(_folder(store).glob("*.json"), reverse=True)]


def frozen_path(store: Path, snapshot_id: str) -> Path:
    """Return where a frozen snapshot lies, or would lie."""
    return _folder(store) / f"{snapshot_id}.duckdb"


def frozen_damage(store: Path) -> list[str]:
    """Return a sentence for every frozen snapshot that is missing or altered; none means all are whole."""
    damage = []
    for path in sorted(_folder(store).glob("*.json")):
        try:
            record = read_record(path)
        except DamagedStore as problem:
            damage.append(str(problem))
            continue
        copy = frozen_path(store, record.snapshot_id)
        if not copy.exists():
            damage.append(f"Bản chốt “{record.name}” thiếu tệp {copy.name}")
        elif digest_of(copy) != record.sha256:
            damage.append(f"Bản chốt “{record.name}”: {copy.name} đã bị thay đổi sau khi chốt")
    return damage + [f"Bản chốt {copy.name} mất phiếu chốt {copy.stem}.json" for copy in without_record(store)]


def without_record(store: Path) -> list[Path]:
    """Return the copies whose record is lost; those of a freeze under way or cut short are not among them."""
    copies = sorted(_folder(store).glob("[!.]*.duckdb"))
    begun = {path.name[1 : -len(_BEGUN)] for path in _folder(store).glob(f".*{_BEGUN}")}
    return [copy for copy in copies if copy.stem not in begun and not _record_path(store, copy.stem).exists()]


def frozen_json(record: FrozenSnapshot) -> dict[str, Any]:
    """Return a record as plain JSON."""
    return asdict(record) | {"frozen_on": record.frozen_on.isoformat()}


def _clear_begun(store: Path) -> None:
    """Delete what freezes that were cut short left behind."""
    for begun in _folder(store).glob(f".*{_BEGUN}"):
        snapshot_id = begun.name[1 : -len(_BEGUN)]
        if not _record_path(store, snapshot_id).exists():
            frozen_path(store, snapshot_id).unlink(missing_ok=True)
        begun.unlink()


def _check_apart(other: FrozenSnapshot, snapshot_id: str, name: str) -> None:
    said = f"“{other.name}” ngày {date_text(other.frozen_on)}"
    if other.snapshot_id == snapshot_id:
        raise Impossible(f"Số liệu này đã chốt là {said} và chưa đổi từ đó: dùng lại bản chốt ấy.")
    if other.name.casefold() == name.casefold():
        raise Impossible(f"Đã có bản chốt {said}: đặt tên khác.")


def _copy(source: Path, copy: Path, sha256: str) -> None:
    shutil.copyfile(source, copy)
    if digest_of(copy) != sha256:
        raise DamagedSnapshot(f"Bản sao của {source.name} không giống bản gốc")


def read_record(path: Path) -> FrozenSnapshot:
    """Return the frozen snapshot that a record tells of; raises DamagedStore when the record is altered."""
    try:
        content = path.read_bytes()
    except OSError:
        raise DamagedStore(f"Kho không đọc được phiếu chốt {path.name}") from None
    return record_of(content, path.stem)


def record_of(content: bytes, snapshot_id: str) -> FrozenSnapshot:
    """Return the frozen snapshot that the bytes of a record tell of; raises DamagedStore when they are altered."""
    name = f"{snapshot_id}.json"
    try:
        told = json.loads(content)
        is_whole = is_sealed(told, content)
        named = {"at": "", "account": ""} | {name: told[name] for name in _NAMES if name in told}
        record = FrozenSnapshot(**named | {"frozen_on": date.fromisoformat(told["frozen_on"])})
    except (ValueError, KeyError, TypeError):
        raise DamagedStore(f"Kho không đọc được phiếu chốt {name}") from None
    if not is_whole or record.snapshot_id != snapshot_id:
        raise DamagedStore(f"Phiếu chốt {name} của kho đã bị thay đổi")
    return record


def _record_path(store: Path, snapshot_id: str) -> Path:
    return frozen_path(store, snapshot_id).with_suffix(".json")


def _folder(store: Path) -> Path:
    return store / "frozen"
