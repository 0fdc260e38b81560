"""Whether all that was acknowledged is still there, bit by bit: store, frozen snapshots, snapshots, audit trail."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from etl.frozen import frozen_damage
from etl.packs import altered_packs
from etl.publish import older_damage, published_receipts, snapshot_damage
from etl.receipts import DamagedStore, Receipt, is_sealed, read_receipt, receipt_damage
from etl.settings import Settings
from etl.store import digest_of, file_damage, stored_name

RESTORE = "khôi phục từ bản sao lưu (python -m etl restore TỆP)"
REBUILD = "dựng lại từ kho (python -m etl build)"
_UNSEALED = {"file_name", "at", "by", "subjects", "issues"}
"""What a list of issues says; those of earlier versions of the program say just this, without a seal."""


@dataclass
class Findings:
    """What a check of everything found. damage: sentences, each with what to do; notes: what is no damage."""

    damage: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def examine(settings: Settings) -> Findings:
    """Check every file of the store, every snapshot and the audit trail against its digest or seal."""
    told = published_receipts(settings.warehouse)  # before the receipts: a load may add some meanwhile
    found = Findings()
    lost = store_damage(settings.store) + lost_receipts(settings.store, told) + frozen_damage(settings.store)
    found.damage += [f"{sentence}. Cách xử lý: {RESTORE}" for sentence in lost]
    _examine_quarantine(settings.store, found)
    snapshots = snapshot_damage(settings.warehouse) + older_damage(settings.warehouse)
    found.damage += [f"{sentence}. Cách xử lý: {REBUILD}" for sentence in snapshots]
    found.notes += [
        f"{seal.name} không có bản dựng đi kèm (lần dựng hay dọn bị ngắt): lần dựng sau tự xóa"
        for seal in sorted(settings.warehouse.glob("*.sha256"))
        if not seal.with_suffix(".duckdb").exists()
    ]
    found.notes += [
        f"packs/{pack.name} đã bị thay đổi: lần dựng sau tự bỏ và đọc lại từ kho"
        for pack in altered_packs(settings.warehouse / "packs")
    ]
    _examine_audit(settings.data / "audit", found)
    return found


def store_damage(folder: Path) -> list[str]:
    """Return a sentence for everything wrong with receipts and with the files that the readable ones speak of."""
    return receipt_damage(folder / "receipts") + file_damage(folder, readable_receipts(folder).values())


def readable_receipts(folder: Path) -> dict[int, Receipt]:
    """Return the unaltered receipts of a store by their numbers, in order."""
    found = {}
    for path in sorted((folder / "receipts").glob("[0-9]*.json")):
        try:
            receipt = read_receipt(path)
        except DamagedStore:
            continue
        found[receipt["sequence"]] = receipt
    return found


def lost_receipts(folder: Path, told: int) -> list[str]:
    """Return a sentence for every receipt lost at the end. told: of how many the current snapshot was made."""
    last = max(
        (int(path.stem) for path in (folder / "receipts").glob("[0-9]*.json") if path.stem.isdecimal()), default=0
    )
    return [
        f"Kho thiếu biên nhận {number:08}.json, mà bản hiện hành đã dựng từ {told} biên nhận"
        for number in range(last + 1, told + 1)
    ]


def quarantine_damage(folder: Path) -> list[str]:
    """Return a sentence for what is wrong with one rejected file's folder; an empty folder holds nothing to lose."""
    if not any(folder.glob("[!.]*")):
        return []
    originals, issues = sorted(folder.glob("original*")), folder / "issues.json"
    found = [
        f"Tệp bị từ chối {stored_name(path)} đã bị thay đổi" for path in originals if digest_of(path) != folder.name
    ]
    if not originals:
        found.append(f"Mất tệp bị từ chối {stored_name(folder / 'original')}…")
    if not issues.exists():
        found.append(f"Mất danh sách lỗi {stored_name(issues)}")
    elif issues_standing(issues.read_bytes()) == "damaged":
        found.append(f"Danh sách lỗi {stored_name(issues)} đã bị thay đổi")
    return found


def issues_standing(content: bytes) -> Literal["whole", "unsealed", "damaged"]:
    """Return how far a rejected file's list of issues can be trusted; early ones were not sealed."""
    try:
        said = json.loads(content)
        if is_sealed(said, content):
            return "whole"
    except KeyError:
        return "unsealed" if said.keys() <= _UNSEALED and "issues" in said else "damaged"
    except (ValueError, TypeError):
        pass
    return "damaged"


def _examine_quarantine(store: Path, found: Findings) -> None:
    for folder in sorted((store / "quarantine").glob("*/")):
        damage = quarantine_damage(folder)
        found.damage += [f"{sentence}. Cách xử lý: nạp lại tệp ấy, hoặc {RESTORE}" for sentence in damage]
        issues = folder / "issues.json"
        if not damage and issues.exists() and issues_standing(issues.read_bytes()) == "unsealed":
            found.notes.append(
                f"{stored_name(issues)} do bản cũ của chương trình ghi, chưa niêm phong: không kiểm được"
            )


def _examine_audit(folder: Path, found: Findings) -> None:
    for path in sorted(folder.glob("*.jsonl")):
        content = path.read_bytes()
        for number in _unread_lines(content):
            what = f"audit/{path.name}, dòng {number} không đọc được"
            if number == content.count(b"\n") + 1:
                found.notes.append(f"{what}: dòng cuối đang được ghi, hoặc lần ghi ấy bị ngắt")
            else:
                keep = "chuyển tệp này sang nơi khác để xem xét rồi"
                found.damage.append(f"{what}. Cách xử lý: {keep} {RESTORE}")


def _unread_lines(content: bytes) -> Iterator[int]:
    for number, line in enumerate(content.split(b"\n"), 1):
        if not line:
            continue  # after the last line's end, or begun anew because another was half written at that moment
        try:
            json.loads(line)
        except ValueError:
            yield number
