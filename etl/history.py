"""What happened to returns: the versions of one unit and period, and files held back.

Read from the receipts, which are numbered in the order of deciding: clocks may be wrong, numbers are not.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from etl.frozen import FrozenSnapshot, frozen_snapshots
from etl.issues import Issue, issues_of
from etl.receipts import Receipt, StoredReturn, Subject
from etl.store import Store
from etl.versions import Change, changes, speakers

IN_FORCE, REPLACED, WITHDRAWN = "dang_dung", "da_thay", "da_rut"


@dataclass(frozen=True)
class Version:
    """One return of a unit and period, in force or not.

    standing: `dang_dung` while any of its figures counts, `da_thay`, or `da_rut`. reason: why it was taken although
    older, or why it was withdrawn. at, by: when it was taken and by which account.
    """

    found: StoredReturn
    at: str
    by: str
    standing: str
    reason: str
    issues: tuple[Issue, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class HeldBack:
    """A rejected file that is kept. is_taken: whether the same bytes were accepted after all.

    subjects: the units and periods that could be read from it. original: None when the store lost it.
    """

    sha256: str
    file_name: str
    at: str
    by: str
    subjects: tuple[Subject, ...]
    issues: tuple[Issue, ...]
    original: Path | None
    is_taken: bool


@dataclass(frozen=True)
class Act:
    """Something done to a store: event `nap`, `giu_lai`, `rut`, `khoa_nam`, `mo_nam` or `chot`. at: ISO 8601."""

    at: str
    event: str
    who: str
    what: str


def acts(store: Store) -> list[Act]:
    """Return everything that was ever done to a store, as its own records tell it; no figures. Raises DamagedStore."""
    done = [Act(receipt["at"], *_told(receipt)) for receipt in store.receipts]
    done += [Act(file.at, "giu_lai", file.by, file.file_name) for file in held_back(store) if file.at]
    return done + [_frozen(one) for one in frozen_snapshots(store.folder)]


def _frozen(one: FrozenSnapshot) -> Act:
    said = one.name if one.account in ("", one.who) else f"{one.name} (người chốt ghi: {one.who})"
    return Act(one.at or f"{one.frozen_on.isoformat()}T00:00:00+00:00", "chot", one.account or one.who, said)


def _told(receipt: Receipt) -> tuple[str, str, str]:
    """Return the event of a receipt, who decided it, and about what."""
    by, reason = receipt["by"], receipt.get("reason", "")
    if receipt["kind"] == "accepted":
        return "nap", by, f"{receipt['file_name']}: {len(receipt['returns'])} báo cáo"
    if receipt["kind"] == "withdrawn":
        return "rut", by, f"{receipt['return_id']}: {reason}"
    return {"closed": "khoa_nam", "reopened": "mo_nam"}[receipt["kind"]], by, f"{receipt['year']}: {reason}"


def versions(store: Store, subject: Subject) -> list[Version]:
    """Return all versions of a unit and period, the first received first. May raise DamagedStore."""
    held = {found.return_id for found in store.versions(subject)}
    indicators = {indicator for found in store.versions(subject) for indicator in found.covers}
    in_force = {found.return_id for found in speakers(store, subject, indicators).values()}
    withdrawn = {receipt["return_id"]: receipt for receipt in store.receipts if receipt["kind"] == "withdrawn"}
    history = []
    for receipt, found in store.ever(subject):
        taken_back = withdrawn.get(found.return_id)
        standing = IN_FORCE if found.return_id in in_force else REPLACED if found.return_id in held else WITHDRAWN
        reason = taken_back["reason"] if taken_back else receipt.get("reason", "")
        issues = issues_of(receipt["issues"])
        history.append(
            Version(found, receipt["at"], receipt["by"], standing, reason, issues, tuple(changes(found, store)))
        )
    return history


def held_back(store: Store) -> list[HeldBack]:
    """Return the files in quarantine, the latest first."""
    folders = (store.folder / "quarantine").glob("*/")
    # a load that was cut short leaves a folder without a file: nobody was told that the file is kept
    found = [_held_back(folder, store) for folder in folders if any(folder.glob("[!.]*"))]
    return sorted(found, key=lambda item: (item.at, item.file_name, item.sha256), reverse=True)


def _held_back(folder: Path, store: Store) -> HeldBack:
    original = next(folder.glob("original*"), None)
    try:
        said: dict[str, Any] = json.loads((folder / "issues.json").read_bytes())
        issues = issues_of(said["issues"])
        names = said["file_name"], said["at"], said["by"]
        about = tuple((unit, kind, first, last) for unit, kind, first, last in said.get("subjects", ()))
    except (OSError, ValueError, KeyError, TypeError):
        # its list is written last: a load that was cut short leaves the file without one
        issues, names, about = (), ("", "", ""), ()
    return HeldBack(folder.name, *names, about, issues, original, store.holds_all_of(folder.name))
