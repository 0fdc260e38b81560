"""Snapshots that someone froze: which there are, and opening one to view any page as of it.

What a record says comes from the store's own files. An id from a link or a command is looked up among them: nothing
that a viewer types becomes a path.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dashboard import labels
from dashboard.warehouse import UnreadableSnapshotError, Warehouse, WarehouseError, is_whole

LATEST = "moi_nhat"
"""What a link calls the latest snapshot, which is no frozen one."""
OUTDATED = "do phiên bản khác của chương trình dựng và thiếu dữ liệu mà chương trình này cần, nên không xem được nữa."


class NoSuchFrozenError(WarehouseError):
    """Không có bản chốt mang mã này. Xem các mã bằng `python -m etl status`."""


class FrozenUnreadableError(WarehouseError):
    """Không mở được bản chốt này: tệp hỏng hoặc thiếu. Hãy chạy `python -m etl verify`, rồi lấy lại tệp từ bản sao lưu."""  # noqa: E501


@dataclass(frozen=True)
class Frozen:
    """A frozen snapshot as its record tells it. sha256: of the copy."""

    snapshot_id: str
    name: str
    frozen_on: date
    who: str
    note: str
    path: Path
    sha256: str

    @property
    def label(self) -> str:
        """Its name and day: "“Hội nghị tổng kết”, chốt ngày 10/10/2024"."""
        return f"“{self.name}”, chốt ngày {labels.day(self.frozen_on)}"


def frozen_snapshots(data: Path) -> list[Frozen]:
    """Return what was frozen of the store in a data folder, the latest first; damaged records are left out."""
    found = [_read(path) for path in sorted((data / "store" / "frozen").glob("*.json"), reverse=True)]
    return [one for one in found if one is not None]


def frozen_before(frozen: list[Frozen], snapshot_id: str) -> Frozen | None:
    """Return the latest of `frozen` that was published before a snapshot, None when there is none."""
    return next((one for one in frozen if one.snapshot_id < snapshot_id), None)


def open_frozen(found: Frozen, opener: Callable[[Path], Warehouse] = Warehouse) -> Warehouse:
    """Open a frozen snapshot that is as its record says. Raises FrozenUnreadableError."""
    if not is_whole(found.path, found.sha256):
        raise FrozenUnreadableError
    try:
        return opener(found.path)
    except UnreadableSnapshotError:
        raise FrozenUnreadableError from None


def open_as_of(data: Path, snapshot_id: str) -> Warehouse:
    """Open the frozen snapshot of this id. Raises NoSuchFrozenError, FrozenUnreadableError."""
    found = next((one for one in frozen_snapshots(data) if one.snapshot_id == snapshot_id), None)
    if found is None:
        raise NoSuchFrozenError
    return open_frozen(found)


def _read(record: Path) -> Frozen | None:
    try:
        told = json.loads(record.read_bytes())
        seal = told.pop("receipt_sha256")
        texts = [str(told[name]) for name in ("name", "who", "note")]
        frozen_on = date.fromisoformat(told["frozen_on"])
        sha256 = str(told["sha256"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    # As the write side seals its records: the digest of all that they say besides.
    if seal != hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest():
        return None
    return Frozen(record.stem, texts[0], frozen_on, texts[1], texts[2], record.with_suffix(".duckdb"), sha256)
