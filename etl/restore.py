"""Restoring a backup into a data folder: what is missing or damaged comes from the backup, what is whole stays.

The whole backup is checked first. Then one file after another is put right, receipts last and in order, so that a
restore cut short at any point is finished by running it again. Nothing is deleted or overwritten: what was in the way
is moved to store/aside/<moment>/ under its own path, and nothing reads it there.
"""

import errno
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from etl.backup_file import Backup, Progress, read_backup
from etl.build import is_made_of, open_read_only
from etl.catalogue import Catalogue
from etl.decisions import Impossible
from etl.durable import make_folder, sync_folder, write_bytes_durably, write_durably
from etl.file_names import safe_name
from etl.frozen import frozen_damage, read_record, without_record
from etl.lock import writer_lock
from etl.publish import current, older_damage, path_of, publish, published_receipts, snapshot_damage
from etl.receipts import DamagedStore, Receipt
from etl.settings import Settings
from etl.store import Store, digest_of, last_accepted
from etl.verify import issues_standing, quarantine_damage, readable_receipts, store_damage

TO_DO = "viec_can_lam.txt"


@dataclass
class Restored:
    """What a restore did. receipts: how many the store has now; newer: how many of them the backup did not know.

    files: how many were put back. aside: where what was in the way lies. again: what is to be done again, in sentences;
    lists: the files that say so, of earlier restores too.
    """

    receipts: int = 0
    newer: int = 0
    files: int = 0
    aside: Path | None = None
    again: list[str] = field(default_factory=list)
    lists: list[Path] = field(default_factory=list)
    snapshot_id: str | None = None


def restore(file: Path, settings: Settings, catalogue: Catalogue, progress: Progress | None = None) -> Restored:
    """Put a data folder right from a backup and publish what it holds.

    Raises DamagedBackup (nothing is changed), Impossible (the store has another history), StoreBusy, DamagedStore.
    """
    backup = read_backup(file)
    with writer_lock(settings.store):
        own = readable_receipts(settings.store)
        _check_same_history(backup, own, settings)
        _check_room(backup, settings)
        repair = _Repair(backup, settings, progress)
        repair.run(own)
        store = Store(settings.store)
        damage = store_damage(settings.store) + frozen_damage(settings.store)
        if damage:
            raise DamagedStore("; ".join(damage))
        done = repair.done
        done.receipts, done.newer = len(store.receipts), len(store.receipts) - len(backup.receipts)
        done.lists = sorted((settings.store / "aside").glob(f"*/{TO_DO}"))
        done.snapshot_id = _publish(settings, store, catalogue)
    return done


def _check_same_history(backup: Backup, own: dict[int, Receipt], settings: Settings) -> None:
    """Raise Impossible when the store took other decisions than the backup, or holds the other kind of returns."""
    elsewhere = "Khôi phục vào một thư mục dữ liệu khác: đặt DVK_DATA rồi chạy lại lệnh này."
    for receipt in backup.receipts:
        number = receipt["sequence"]
        if number in own and own[number]["receipt_sha256"] != receipt["receipt_sha256"]:
            raise Impossible(f"Kho này không phải kho đã sao lưu: biên nhận {number:08}.json khác nhau. {elsewhere}")
    kinds = {receipt["is_simulated"] for receipt in backup.receipts if receipt["kind"] == "accepted"}
    held = {receipt["is_simulated"] for receipt in own.values() if receipt["kind"] == "accepted"}
    if kinds and len(kinds | held | _published_kind(settings)) > 1:
        raise Impossible(f"Bản sao lưu và kho này không cùng loại: một bên là dữ liệu mô phỏng. {elsewhere}")


def _published_kind(settings: Settings) -> set[bool]:
    """Return whether the current snapshot's returns are simulated; nothing where there is no whole one with returns."""
    snapshot_id = current(settings.warehouse)
    if snapshot_id is None or snapshot_damage(settings.warehouse):
        return set()
    with open_read_only(path_of(settings.warehouse, snapshot_id)) as connection:
        info = dict(connection.execute("SELECT key, value FROM snapshot_info").fetchall())
    return {info.get("is_simulated") == "true"} if int(info.get("returns") or 0) else set()


def _check_room(backup: Backup, settings: Settings) -> None:
    """Raise OSError when the disk has no room for the files to put back."""
    missing = [name for name in backup.sizes if not (settings.data / name).exists()]
    if shutil.disk_usage(settings.store).free < sum(backup.sizes[name] for name in missing):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(settings.data))


def _publish(settings: Settings, store: Store, catalogue: Catalogue) -> str | None:
    """Publish unless every snapshot is whole and the current one made of what the store holds; return its id."""
    snapshot_id = current(settings.warehouse)
    is_whole = not snapshot_damage(settings.warehouse) and not older_damage(settings.warehouse)
    if not store.receipts or (is_whole and snapshot_id is not None and is_made_of(snapshot_id, store, catalogue)):
        return snapshot_id
    return publish(settings.warehouse, store, catalogue)


class _Repair:
    """One run over a data folder, under the writer's lock."""

    def __init__(self, backup: Backup, settings: Settings, progress: Progress | None) -> None:
        self.backup, self.data, self.store = backup, settings.data, settings.store
        self.done = Restored()
        self._progress = progress
        self._published = published_receipts(settings.warehouse)
        self._seen = 0
        self._digest = cache(lambda path: digest_of(path) if path.is_file() else None)

    def run(self, own: dict[int, Receipt]) -> None:
        """Put everything right; own: the store's unaltered receipts by number."""
        receipts = self._receipts_to_stay(own)
        self._put_files(receipts)
        self._put_quarantine()
        self._put_frozen()
        self._put_audit()
        self._set_apart(own, len(receipts))
        for receipt in self.backup.receipts:
            self._put(f"store/receipts/{receipt['sequence']:08}.json")

    def _receipts_to_stay(self, own: dict[int, Receipt]) -> list[Receipt]:
        """Return the backup's receipts and those of the store that follow without a gap and whose files can be had."""
        newer: list[Receipt] = []
        while (number := len(self.backup.receipts) + len(newer) + 1) in own:
            newer.append(own[number])
        while newer and not self._can_be_had(self.backup.receipts + newer):
            newer.pop()
        return self.backup.receipts + newer

    def _can_be_had(self, receipts: list[Receipt]) -> bool:
        return all(
            (self._whole_original(sha256) or self.backup.original(f"store/files/{sha256}"))
            and all(
                digest in (self._digest(self.data / name), self.backup.digests.get(name))
                for name, digest in _parsed(sha256, receipt).items()
            )
            for sha256, receipt in last_accepted(receipts).items()
        )

    def _whole_original(self, sha256: str, kept: str = "files") -> Path | None:
        originals = sorted((self.store / kept / sha256).glob("original*"))
        return next((path for path in originals if self._digest(path) == sha256), None)

    def _put_files(self, receipts: list[Receipt]) -> None:
        for sha256, receipt in last_accepted(receipts).items():
            self._put_original("files", sha256)
            for name, digest in _parsed(sha256, receipt).items():
                self._put(name, digest)

    def _put_original(self, kept: str, sha256: str) -> None:
        for path in sorted((self.store / kept / sha256).glob("original*")):
            if self._digest(path) != sha256:
                self._set_aside(path)
        name = self.backup.original(f"store/{kept}/{sha256}")
        if name is not None and self._whole_original(sha256, kept) is None:
            self._put(name)
        elif name is not None:
            self._step()

    def _put_quarantine(self) -> None:
        for sha256 in self.backup.below("store/quarantine"):
            self._put_original("quarantine", sha256)
            name = f"store/quarantine/{sha256}/issues.json"
            # a list that is whole stays: the file may have been refused again since
            self._put(name, is_whole=lambda path: issues_standing(path.read_bytes()) != "damaged")
        for folder in sorted((self.store / "quarantine").glob("*/")):
            if quarantine_damage(folder):
                self._set_aside(folder)
                self.done.again.append(f"Tệp bị từ chối {folder.name} không còn nguyên vẹn: nạp lại tệp ấy")

    def _put_frozen(self) -> None:
        for stem in sorted({Path(name).stem for name in self.backup.below("store/frozen")}):
            self._put(f"store/frozen/{stem}.duckdb")
            self._put(f"store/frozen/{stem}.json")
        folder = self.store / "frozen"
        for record in sorted(folder.glob("*.json")):
            copy = record.with_suffix(".duckdb")
            if self._digest(copy) is None or self._digest(copy) != _frozen_digest(record):
                self._set_aside(record)
                self._lost_frozen(copy)
        for copy in without_record(self.store):
            self._lost_frozen(copy)

    def _lost_frozen(self, copy: Path) -> None:
        self.done.again.append(f"Bản chốt {copy.stem} không còn nguyên vẹn và không có trong bản sao lưu")
        if copy.exists():
            self._set_aside(copy)

    def _put_audit(self) -> None:
        """Put audit files back; what is there and says more stays, and what says otherwise is left to be looked at."""
        for (name,) in self.backup.below("audit").values():
            path = self.data / name
            here, there = path.read_bytes() if path.exists() else None, self.backup.read(name)
            if here is None or (there != here and there.startswith(here)):
                self._put(name)
                continue
            self._step()
            if not here.startswith(there):
                copy = self._aside() / "from_backup" / name
                self.backup.write(name, copy, self.store)
                self.done.again.append(f"{name} khác bản trong bản sao lưu: giữ nguyên, bản kia ở {copy}")

    def _set_apart(self, own: dict[int, Receipt], stay: int) -> None:
        """Move receipts that cannot stay aside; first keep the files they took for loading again."""
        apart, since = {}, self.backup.manifest["at"]
        for path in sorted((self.store / "receipts").glob("[0-9]*.json")):
            number = int(path.stem) if path.stem.isdecimal() else 0
            if path.name == f"{number:08}.json" and 0 < number <= stay:
                continue
            apart[path] = own.get(number) if path.name == f"{number:08}.json" else None
        ask = f"nạp lại những báo cáo nhận sau bản sao lưu (từ {since}, giờ UTC)"
        for path, receipt in apart.items():
            self.done.again.append(self._to_do_again(receipt) if receipt else f"{path.name} không đọc được: {ask}")
        present = {path.stem for path in apart}
        lost = [number for number in range(stay + 1, self._published + 1) if f"{number:08}" not in present]
        if lost:
            self.done.again.append(f"Mất hẳn {len(lost)} biên nhận: {ask}")
        if self.done.again:
            said = "".join(f"{sentence}.\n" for sentence in self.done.again)
            write_bytes_durably(self._aside() / TO_DO, said.encode(), self.store)
        for path in apart:
            self._set_aside(path)

    def _to_do_again(self, receipt: Receipt) -> str:
        said = f"Biên nhận {receipt['sequence']:08}.json"
        match receipt["kind"]:
            case "accepted":
                kept = self._whole_original(receipt["sha256"])
                if kept is None:
                    return f"{said}: mất “{receipt['file_name']}”, xin lại đơn vị rồi nạp"
                folder = self._aside() / "load_again" / f"{receipt['sequence']:08}"
                name = safe_name(receipt["file_name"])
                write_durably(folder / name, lambda copy: shutil.copyfile(kept, copy), self.store)
                return f"{said}: nạp lại “{receipt['file_name']}”"
            case "withdrawn":
                return f"{said}: rút lại {receipt['return_id']} (lý do: {receipt['reason']})"
            case "closed":
                return f"{said}: khóa lại năm {receipt['year']} (lý do: {receipt['reason']})"
            case _:
                return f"{said}: mở khóa lại năm {receipt['year']} (lý do: {receipt['reason']})"

    def _put(self, name: str, digest: str = "", is_whole: Callable[[Path], bool] | None = None) -> None:
        """Put one file of the backup back unless the one there is whole; digest: what it must be, else the backup's."""
        self._step()
        path, wanted = self.data / name, digest or self.backup.digests[name]
        if path.is_file() and (is_whole(path) if is_whole else self._digest(path) == wanted):
            return
        if os.path.lexists(path):
            self._set_aside(path)
        for parent in path.relative_to(self.data).parents:
            if os.path.lexists(self.data / parent) and not (self.data / parent).is_dir():
                self._set_aside(self.data / parent)
        self.backup.write(name, path, self.store)
        self._digest.cache_clear()
        self.done.files += 1

    def _set_aside(self, path: Path) -> None:
        target = self._aside() / path.relative_to(self.data)
        make_folder(target.parent)
        path.rename(target)
        sync_folder(target.parent)
        sync_folder(path.parent)
        self._digest.cache_clear()

    def _aside(self) -> Path:
        """Return the folder of this run for what is in the way, one that was never used before."""
        if self.done.aside is None:
            self.done.aside = self.store / "aside" / f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
            while self.done.aside.exists():
                self.done.aside = self.done.aside.with_name(f"{self.done.aside.name}_")
            make_folder(self.done.aside)
        return self.done.aside

    def _step(self) -> None:
        self._seen += 1
        if self._progress is not None:
            self._progress(min(self._seen, len(self.backup.digests)), len(self.backup.digests))


def _parsed(sha256: str, receipt: Receipt) -> dict[str, str]:
    """Return the digests of a file's parsed cells by their paths in the data folder."""
    return {f"store/files/{sha256}/{name}": digest for name, digest in receipt["parsed_sha256"].items()}


def _frozen_digest(record: Path) -> str:
    """Return the sha256 that a frozen snapshot's record tells, "" for a damaged record."""
    try:
        return read_record(record).sha256
    except DamagedStore:
        return ""
