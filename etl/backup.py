"""Making a backup: one file of all that cannot be made again, the store and the audit trail.

Loads may go on meanwhile: receipts are only ever added, so a backup holds those there were when it began and just the
files that they name. Each file is compared with its receipt as it is copied, and the finished backup is read again.
"""

import io
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from etl import __version__
from etl.actor import who
from etl.backup_file import FORMAT, MANIFEST, Progress, copied, read_backup
from etl.decisions import Impossible
from etl.durable import write_durably
from etl.file_names import suffix_of
from etl.frozen import frozen_path, frozen_snapshots, without_record
from etl.publish import published_receipts
from etl.receipts import DamagedStore, Receipt, json_bytes, now, read_receipts, sealed
from etl.settings import Settings
from etl.store import digest_of, last_accepted
from etl.verify import lost_receipts, quarantine_damage

_TRIES = 4
_PAUSE = 0.5


@dataclass(frozen=True)
class Made:
    """A backup that was made: how many receipts and files it holds, its size in bytes and its sha256."""

    receipts: int
    files: int
    size: int
    sha256: str


@dataclass(frozen=True)
class _Part:
    """A file to copy, by its path in the data folder. sha256: what it must be. content: its bytes, read already."""

    name: str
    path: Path
    sha256: str | None = None
    content: bytes | None = None


def make_backup(settings: Settings, file: Path, *, force: bool = False, progress: Progress | None = None) -> Made:
    """Write a backup to `file`, in one step; force: in the place of a file that is there.

    Raises Impossible (a file is there, or it would lie in the data folder), DamagedStore naming what is damaged.
    """
    file = file.resolve()
    for folder in (settings.store, settings.warehouse, settings.data / "audit"):
        if file.is_relative_to(folder):
            raise Impossible(f"“{file}” nằm trong chính dữ liệu cần sao lưu: ghi ra nơi khác, tốt nhất là ổ đĩa khác.")
    if file.is_dir() or (file.exists() and not force):
        raise Impossible(f"Đã có “{file}”: đặt tên khác, hoặc thêm --force để ghi đè.")
    made: list[int] = []

    def write(temporary: Path) -> None:
        receipts = _write_anew(settings, temporary, progress)
        made[:] = [receipts, len(read_backup(temporary).digests)]  # one that cannot be read is no backup

    write_durably(file, write)
    return Made(made[0], made[1], file.stat().st_size, digest_of(file))


def _write_anew(settings: Settings, path: Path, progress: Progress | None) -> int:
    """Write the backup, anew where a file was being replaced meanwhile; return how many receipts it holds."""
    for left in reversed(range(_TRIES)):
        try:
            receipts, parts = _collect(settings)
            _write(path, parts, len(receipts), progress)
        except DamagedStore:
            if not left:
                raise
            time.sleep(_PAUSE)
        else:
            return len(receipts)
    raise AssertionError


def _collect(settings: Settings) -> tuple[list[Receipt], list[_Part]]:
    """Return the receipts there are and all files to copy; raises DamagedStore."""
    store = settings.store
    frozen = list(_frozen(store))  # before the receipts, of which they were made
    told = published_receipts(settings.warehouse)
    receipts = read_receipts(store / "receipts")
    for sentence in lost_receipts(store, told):
        raise DamagedStore(sentence)
    parts = [*frozen, *_accepted(store, receipts), *_quarantine(store)]
    parts += [_Part(f"audit/{path.name}", path) for path in sorted((settings.data / "audit").glob("[!.]*.jsonl"))]
    for receipt in receipts:
        name = f"receipts/{receipt['sequence']:08}.json"
        parts.append(_Part(f"store/{name}", store / name, content=json_bytes(receipt)))
    if not parts:
        raise Impossible("Kho chưa có gì để sao lưu.")
    return receipts, parts


def _accepted(store: Path, receipts: list[Receipt]) -> Iterator[_Part]:
    for sha256, receipt in last_accepted(receipts).items():
        folder = store / "files" / sha256
        yield from _originals(folder, f"“{receipt['file_name']}”")
        for name, digest in receipt["parsed_sha256"].items():
            yield _Part(f"store/files/{sha256}/{name}", folder / name, digest)


def _quarantine(store: Path) -> Iterator[_Part]:
    for folder in sorted((store / "quarantine").glob("*/")):
        for sentence in quarantine_damage(folder):
            raise DamagedStore(sentence)
        if any(folder.glob("[!.]*")):
            yield from _originals(folder, folder.name)
            issues = folder / "issues.json"
            yield _Part(f"store/quarantine/{folder.name}/issues.json", issues, content=issues.read_bytes())


def _originals(folder: Path, called: str) -> Iterator[_Part]:
    """Yield the original in a folder that is named by its sha256; copies of it under other names would say nothing."""
    original = next((path for path in sorted(folder.glob("original*")) if digest_of(path) == folder.name), None)
    if original is None:
        raise DamagedStore(f"Tệp gốc {called} bị mất hoặc bị thay đổi: store/{folder.parent.name}/{folder.name}")
    name = f"store/{folder.parent.name}/{folder.name}/original{suffix_of(original.name)}"
    yield _Part(name, original, folder.name)


def _frozen(store: Path) -> Iterator[_Part]:
    for copy in without_record(store):
        raise DamagedStore(f"Bản chốt {copy.name} mất phiếu chốt {copy.stem}.json")
    for record in frozen_snapshots(store):
        path = frozen_path(store, record.snapshot_id)
        yield _Part(f"store/frozen/{path.name}", path, record.sha256)
        told = path.with_suffix(".json")
        yield _Part(f"store/frozen/{told.name}", told, content=told.read_bytes())


def _write(path: Path, parts: list[_Part], receipts: int, progress: Progress | None) -> None:
    files: list[dict[str, Any]] = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as book:
        for number, part in enumerate(parts, 1):
            size, digest = _copy(part, book)
            if part.sha256 not in (None, digest):
                raise DamagedStore(f"{part.name} đã bị thay đổi")
            files.append({"path": part.name, "size": size, "sha256": digest})
            if progress is not None:
                progress(number, len(parts))
        head = {"format": FORMAT, "program_version": __version__, "at": now(), "by": who(), "receipts": receipts}
        book.writestr(MANIFEST, json_bytes(sealed(head | {"files": files})))


def _copy(part: _Part, book: zipfile.ZipFile) -> tuple[int, str]:
    entry = zipfile.ZipInfo(part.name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    try:
        with (
            io.BytesIO(part.content) if part.content is not None else part.path.open("rb") as source,
            book.open(entry, "w", force_zip64=True) as target,
        ):
            return copied(source, target)
    except FileNotFoundError:
        raise DamagedStore(f"{part.name} bị mất") from None
