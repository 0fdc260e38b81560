"""What a backup file holds, and whether all of it is whole.

One .zip: files of the data folder under their own paths (store/receipts, store/files, store/quarantine, store/frozen,
audit), and manifest.json, sealed as receipts are: the format, the program, the moment, size and sha256 of every file.
"""

import hashlib
import json
import re
import stat
import struct
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from etl.durable import write_durably
from etl.frozen import record_of
from etl.receipts import DamagedStore, Receipt, is_sealed
from etl.store import last_accepted
from etl.verify import issues_standing

FORMAT = 1
MANIFEST = "manifest.json"
Progress = Callable[[int, int], None]

_ORIGINAL = r'original(?:\.[^\x00-\x1f\x7f/\\:*?"<>|]{0,15})?'
_LAYOUT = re.compile(
    r"store/receipts/\d{8}\.json"
    rf"|store/files/[0-9a-f]{{64}}/(?:[a-z_]+\.parquet|{_ORIGINAL})"
    rf"|store/quarantine/[0-9a-f]{{64}}/(?:issues\.json|{_ORIGINAL})"
    r"|store/frozen/[\w-]+\.(?:json|duckdb)"
    r"|audit/[\w-][\w.-]*\.jsonl"
)
_MOST_JSON = 256 * 2**20
_BLOCK = 2**20
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
)
"""What the zip reader and the JSON of a file that is no backup, or a damaged one, may raise."""


class DamagedBackup(Exception):
    """A file is no backup or not a whole one; the message says what is wrong."""


@dataclass
class Backup:
    """A backup all of which was read and found whole.

    digests: the sha256 of each file by its path in the data folder; sizes likewise. texts: the JSON files' bytes.
    """

    path: Path
    manifest: dict[str, Any]
    digests: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    texts: dict[str, bytes] = field(default_factory=dict)
    receipts: list[Receipt] = field(default_factory=list)

    def below(self, folder: str) -> dict[str, list[str]]:
        """Return the paths below a folder, by the folder or file directly in it."""
        found = defaultdict(list)
        for name in sorted(self.digests):
            if name.startswith(f"{folder}/"):
                found[name.removeprefix(f"{folder}/").split("/")[0]].append(name)
        return dict(found)

    def original(self, folder: str) -> str | None:
        """Return the path of the original that a folder of files or rejected files holds."""
        return next((name for name in sorted(self.digests) if name.startswith(f"{folder}/original")), None)

    def read(self, name: str) -> bytes:
        """Return one file's bytes; raises DamagedBackup when it changed since it was checked."""
        with zipfile.ZipFile(self.path) as book:
            content = book.read(name)
        if hashlib.sha256(content).hexdigest() != self.digests[name]:
            raise DamagedBackup(f"{name} trong bản sao lưu vừa bị thay đổi")
        return content

    def write(self, name: str, target: Path, beside: Path | None = None) -> None:
        """Write one file of it to its place in one step; raises DamagedBackup when it changed since it was checked.

        beside: the folder where it is filled, as `write_durably` has it.
        """

        def fill(temporary: Path) -> None:
            with zipfile.ZipFile(self.path) as book, book.open(name) as source, temporary.open("wb") as copy:
                if copied(source, copy)[1] != self.digests[name]:
                    raise DamagedBackup(f"{name} trong bản sao lưu vừa bị thay đổi")

        write_durably(target, fill, beside)


def copied(source: Any, target: BinaryIO | Any | None) -> tuple[int, str]:
    """Copy a stream, or only read it; return its size and sha256."""
    size, digest = 0, hashlib.sha256()
    while block := source.read(_BLOCK):
        size += len(block)
        digest.update(block)
        if target is not None:
            target.write(block)
    return size, digest.hexdigest()


def read_backup(path: Path, progress: Progress | None = None) -> Backup:
    """Read and check a whole backup. Raises DamagedBackup; OSError where it cannot be opened."""
    path.open("rb").close()  # a file that is not there or may not be read is no damaged backup
    try:
        with zipfile.ZipFile(path) as book:
            backup = _read(path, book, progress)
        _check_receipts(backup)
        _check_rest(backup)
    except _UNREADABLE as problem:
        said = f" ({problem})" if isinstance(problem, zipfile.BadZipFile) else ""
        raise DamagedBackup(f"{path.name} không phải bản sao lưu, hoặc đã bị hỏng{said}") from None
    return backup


def _read(path: Path, book: zipfile.ZipFile, progress: Progress | None) -> Backup:
    infos = {info.filename: info for info in book.infolist()}
    if len(infos) != len(book.infolist()):
        raise DamagedBackup("Bản sao lưu có hai tệp cùng tên")
    for name, info in infos.items():
        kind = stat.S_IFMT(info.external_attr >> 16)
        if (name != MANIFEST and not _LAYOUT.fullmatch(name)) or kind not in (0, stat.S_IFREG):
            raise DamagedBackup(f"Bản sao lưu có “{name}”, không phải tệp của một kho")
    if MANIFEST not in infos or infos[MANIFEST].file_size > _MOST_JSON:
        raise DamagedBackup(f"{path.name} không có {MANIFEST}: không phải bản sao lưu của chương trình này")
    content = book.read(MANIFEST)
    manifest = json.loads(content)
    if not is_sealed(manifest, content):
        raise DamagedBackup(f"{MANIFEST} của bản sao lưu đã bị thay đổi")
    if manifest["format"] != FORMAT:
        raise DamagedBackup(f"Bản sao lưu do phiên bản khác của chương trình ({manifest['program_version']}) làm")
    backup, told = Backup(path, manifest), {item["path"]: item for item in manifest["files"]}
    if missing := sorted(told.keys() ^ (infos.keys() - {MANIFEST})):
        raise DamagedBackup(f"Bản sao lưu thiếu hoặc thừa {missing[0]}")
    for number, (name, item) in enumerate(told.items(), 1):
        if infos[name].file_size != item["size"]:
            raise DamagedBackup(f"{name} trong bản sao lưu đã bị thay đổi")
        if name.endswith(".json") and item["size"] <= _MOST_JSON:
            backup.texts[name] = book.read(name)
            digest = hashlib.sha256(backup.texts[name]).hexdigest()
        else:
            with book.open(name) as source:
                _, digest = copied(source, None)
        if digest != item["sha256"]:
            raise DamagedBackup(f"{name} trong bản sao lưu đã bị thay đổi")
        backup.digests[name], backup.sizes[name] = digest, item["size"]
        if progress is not None:
            progress(number, len(told))
    return backup


def _check_receipts(backup: Backup) -> None:
    """Check seals and order, and that just the files they name are there and are what they say."""
    for number, name in enumerate(sorted(name for name in backup.texts if name.startswith("store/receipts/")), 1):
        receipt = json.loads(backup.texts[name])
        if not is_sealed(receipt, backup.texts[name]) or name != f"store/receipts/{receipt['sequence']:08}.json":
            raise DamagedBackup(f"Biên nhận {name} trong bản sao lưu đã bị thay đổi")
        if receipt["sequence"] != number:
            raise DamagedBackup(f"Bản sao lưu thiếu biên nhận {number:08}.json")
        backup.receipts.append(receipt)
    files = backup.below("store/files")
    for sha256, receipt in last_accepted(backup.receipts).items():
        folder = f"store/files/{sha256}"
        parsed = {f"{folder}/{name}": digest for name, digest in receipt["parsed_sha256"].items()}
        names = files.pop(sha256, [])
        digests = {name: backup.digests[name] for name in names}
        originals = {name: sha256 for name in names if name.startswith(f"{folder}/original")}
        if not originals or digests != parsed | originals:
            raise DamagedBackup(f"Bản sao lưu không giữ đủ {folder} (“{receipt['file_name']}”)")
    if files:
        raise DamagedBackup(f"Bản sao lưu có store/files/{next(iter(files))} mà không biên nhận nào nói tới")


def _check_rest(backup: Backup) -> None:
    for sha256, names in backup.below("store/quarantine").items():
        issues, folder = backup.texts.get(f"store/quarantine/{sha256}/issues.json"), f"store/quarantine/{sha256}"
        originals = [name for name in names if name.startswith(f"{folder}/original")]
        is_listed = issues is not None and issues_standing(issues) != "damaged"
        if not originals or not is_listed or {backup.digests[name] for name in originals} != {sha256}:
            raise DamagedBackup(f"Bản sao lưu không giữ đủ {folder}")
    for names in backup.below("store/frozen").values():
        for stem in {Path(name).stem for name in names}:
            record, copy = backup.texts.get(f"store/frozen/{stem}.json"), f"store/frozen/{stem}.duckdb"
            try:
                is_whole = record is not None and record_of(record, stem).sha256 == backup.digests.get(copy)
            except DamagedStore:
                is_whole = False
            if not is_whole:
                raise DamagedBackup(f"Bản sao lưu không giữ đủ bản chốt {stem}")
