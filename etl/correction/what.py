"""What is to be corrected: a file, a return in the store or a file in quarantine, each with what is said about it."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from etl.build import warnings_of
from etl.catalogue import Catalogue
from etl.issues import Issue, Level, issues_of
from etl.loading import load
from etl.publish import DamagedSnapshot, current, path_of, snapshot_damage
from etl.receipts import DamagedStore, Receipt
from etl.settings import Settings
from etl.store import Store, digest_of

_DIGEST = re.compile(r"[0-9a-f]{6,64}")


class NothingFound(Exception):
    """No file, return or quarantined file goes by this name; the message says what may be named."""


@dataclass(frozen=True)
class Correctable:
    """A file and what is said about it. name: what its sender called it."""

    path: Path
    name: str
    issues: list[Issue]

    @property
    def is_in_order(self) -> bool:
        """Whether nothing in it needs correcting; notes alone ask for nothing."""
        return all(issue.level is Level.GHI_CHU for issue in self.issues)


def find(what: str, settings: Settings, catalogue: Catalogue) -> Correctable:
    """Return what a path, the id of a return or the start of a quarantined file's sha256 names.

    A path is examined now, as `load --dry-run` would. Raises NothingFound, DamagedStore, DamagedSnapshot, StoreBusy.
    """
    path = Path(what)
    if path.is_file():
        return _file(path, settings, catalogue)
    store = Store(settings.store)
    for receipt in store.receipts:
        if any(found["return_id"] == what for found in receipt.get("returns", ())):
            return _accepted(receipt, store, settings)
    kept = (settings.store / "quarantine").glob(f"{what}*/issues.json") if _DIGEST.fullmatch(what) else ()
    folders = sorted(path.parent for path in kept)  # one without a list is what a load cut short has left
    if len(folders) == 1:
        said = json.loads((folders[0] / "issues.json").read_bytes())
        return Correctable(_original(folders[0]), said["file_name"], list(issues_of(said["issues"])))
    if folders:
        raise NothingFound(f"“{what}” trùng với {len(folders)} tệp bị từ chối: ghi dài thêm vài ký tự")
    raise NothingFound(
        f"Không có tệp, báo cáo hay tệp bị từ chối nào là “{what}”: ghi đường dẫn tệp, mã báo cáo như lệnh load đã in, "
        "hoặc ít nhất 6 ký tự đầu tên thư mục trong store/quarantine"
    )


def _file(path: Path, settings: Settings, catalogue: Catalogue) -> Correctable:
    (result,) = load([path], settings, catalogue, dry_run=True).files
    if result.status == "duplicate":
        store, digest = Store(settings.store), digest_of(path)
        known = [receipt for receipt in store.receipts if receipt.get("sha256") == digest]
        if known:
            return _accepted(known[0], store, settings)
    return Correctable(path, path.name, result.issues)


def _accepted(receipt: Receipt, store: Store, settings: Settings) -> Correctable:
    """Return an accepted file with what loading said about it and what the current snapshot's checks do."""
    issues = list(issues_of(receipt["issues"]))
    snapshot_id = current(settings.warehouse)
    if snapshot_id is not None:
        if damage := snapshot_damage(settings.warehouse):
            raise DamagedSnapshot("; ".join(damage))
        held = [found.return_id for found in store.holds(receipt["sha256"])]
        for _, rule, level, sheet, cell, message in warnings_of(path_of(settings.warehouse, snapshot_id), held):
            issues.append(Issue(rule, Level(level), message, sheet, cell))
    original = _original(settings.store / "files" / receipt["sha256"])
    return Correctable(original, receipt["file_name"], list(dict.fromkeys(issues)))


def _original(folder: Path) -> Path:
    original = next(folder.glob("original*"), None)
    if original is None:
        raise DamagedStore(f"Kho mất tệp gốc trong {folder.parent.name}/{folder.name[:8]}")
    return original
