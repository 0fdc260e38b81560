"""Receipts: the store's log of decisions, one file each, numbered without a gap and sealed by a digest."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from etl import __version__
from etl.actor import who
from etl.catalogue_rows import PeriodKind
from etl.conform.returns import Return
from etl.durable import write_files_durably
from etl.periods import Period

Receipt = dict[str, Any]
Subject = tuple[str, PeriodKind, int, int]
"""Unit and period: what a later return supersedes."""


class DamagedStore(Exception):
    """A file of the store is missing or does not hold what its receipt says; the message names it."""


@dataclass(frozen=True)
class StoredReturn:
    """A return as its receipt records it; `sequence` is the receipt's place in the order of versions."""

    return_id: str
    don_vi_id: str
    period_kind: PeriodKind
    from_year: int
    to_year: int
    state: str
    covers: tuple[str, ...]
    as_of_on: date | None
    sent_on: date | None
    sequence: int
    return_no: int
    sha256: str
    file_name: str
    layout: str
    is_simulated: bool

    @property
    def period(self) -> Period:
        """The period it speaks for."""
        return Period(self.period_kind, self.from_year, self.to_year)

    @property
    def subject(self) -> Subject:
        """Its unit and period."""
        return (self.don_vi_id, self.period_kind, self.from_year, self.to_year)


def read_receipts(folder: Path) -> list[Receipt]:
    """Return all receipts in order; raises DamagedStore when one is missing or altered."""
    return [_read(path, number) for number, path in enumerate(sorted(folder.glob("[0-9]*.json")), 1)]


def receipt_damage(folder: Path) -> list[str]:
    """Return a sentence for every receipt that is missing or altered."""
    damage = []
    paths = sorted(folder.glob("[0-9]*.json"))
    for path in paths:
        try:
            read_receipt(path)
        except DamagedStore as problem:
            damage.append(str(problem))
    last = max((int(path.stem) for path in paths if path.stem.isdigit()), default=0)
    present = {path.stem for path in paths}
    missing = (f"{number:08}" for number in range(1, last + 1) if f"{number:08}" not in present)
    return damage + [f"Kho thiếu biên nhận {name}.json" for name in missing]


def read_receipt(path: Path) -> Receipt:
    """Return one receipt; raises DamagedStore when it is altered or does not bear its own number."""
    return _read(path, int(path.stem) if path.stem.isdecimal() else 0)


def seal_receipt(sequence: int, content: Receipt) -> Receipt:
    """Return the next receipt whole: what was decided, its place, when and by whom, and the seal over all."""
    head = {"sequence": sequence, "at": now(), "by": who(), "program_version": __version__}
    return sealed(head | content)


def write_receipts(folder: Path, receipts: Iterable[Receipt]) -> None:
    """Write sealed receipts to their places, in their order and each in one step."""
    write_files_durably(folder, {f"{receipt['sequence']:08}.json": json_bytes(receipt) for receipt in receipts})


def return_id_of(found: Return, sha256: str) -> str:
    """Return the id of a return: unit, period and the start of its file's digest, the same in any order of loading."""
    period = found.period
    span = str(period.to_year) if period.kind != "giai_doan" else f"{period.from_year}-{period.to_year}"
    return f"{found.don_vi_id}-{span}{'-6t' if period.kind == '6_thang' else ''}-{sha256[:8]}"


def subject_of(found: Return) -> Subject:
    """Return a return's unit and period."""
    return (found.don_vi_id, found.period.kind, found.period.from_year, found.period.to_year)


def describe(found: Return, return_id: str) -> dict[str, Any]:
    """Return what a receipt records of a return; its figures are in Parquet."""
    return {
        "return_id": return_id,
        "don_vi_id": found.don_vi_id,
        "period_kind": found.period.kind,
        "from_year": found.period.from_year,
        "to_year": found.period.to_year,
        "state": found.state,
        "covers": sorted(found.covers),
        "as_of_on": found.as_of_on.isoformat() if found.as_of_on else None,
        "sent_on": found.sent_on.isoformat() if found.sent_on else None,
    }


def returns_of(receipt: Receipt) -> Iterator[StoredReturn]:
    """Yield the returns that a receipt records, none for a withdrawal."""
    for number, found in enumerate(receipt.get("returns", ())):
        days = {name: date.fromisoformat(found[name]) if found[name] else None for name in ("as_of_on", "sent_on")}
        common = {name: receipt[name] for name in ("sequence", "sha256", "file_name", "layout", "is_simulated")}
        yield StoredReturn(**{"return_no": number} | found | days | common | {"covers": tuple(found["covers"])})


def json_bytes(value: Receipt) -> bytes:
    """Return a record as readable UTF-8 JSON."""
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def now() -> str:
    """Return the present moment in UTC, to the second, as ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _read(path: Path, number: int) -> Receipt:
    try:
        content = path.read_bytes()
        receipt: Receipt = json.loads(content)
        is_whole = is_sealed(receipt, content) and path.name == f"{receipt['sequence']:08}.json"
    except (OSError, ValueError, KeyError, TypeError):
        raise DamagedStore(f"Kho không đọc được biên nhận {path.name}") from None
    if not is_whole:
        raise DamagedStore(f"Biên nhận {path.name} của kho đã bị thay đổi")
    if receipt["sequence"] != number:
        raise DamagedStore(f"Kho thiếu biên nhận {number:08}.json")
    return receipt


def sealed(content: Receipt) -> Receipt:
    """Return a record with the seal over all that it says."""
    return content | {"receipt_sha256": seal_of(content)}


def is_sealed(record: Receipt, content: bytes) -> bool:
    """Say whether a record is as it was sealed, and its file byte by byte as it was written.

    JSON can be written otherwise and say the same (an escaped character's digits in capitals): that is an altered file.
    """
    return bool(record["receipt_sha256"] == seal_of(record)) and content == json_bytes(record)


def seal_of(receipt: Receipt) -> str:
    """Return the digest over everything else that a receipt says, which `receipt_sha256` holds."""
    content = {key: value for key, value in receipt.items() if key != "receipt_sha256"}
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
