"""The store: accepted files and their receipts, append-only. It is the truth; snapshots are built from it.

    store/files/<sha256>/original.xlsx    the file as received
    store/files/<sha256>/figures.parquet  its figures, each with its cell; models.parquet: its register
    store/receipts/00000001.json          one a decision, in order: a file accepted, a return withdrawn, a year closed
    store/quarantine/<sha256>/            a rejected file and its issues, sealed as receipts are
    store/aside/<moment>/                 what a restore found in the way; nothing ever reads it

A receipt is written last, in one step: a file without one was never accepted.
"""

import hashlib
import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict, fields
from pathlib import Path

import pyarrow as pa

from etl.actor import who
from etl.conform.returns import Conformed, Figure
from etl.durable import write_bytes_durably, write_durably, write_folder_durably
from etl.parsed import PARSED_FILES, read_parsed, write_parsed
from etl.receipts import (
    DamagedStore,
    Receipt,
    StoredReturn,
    Subject,
    describe,
    json_bytes,
    now,
    read_receipts,
    return_id_of,
    returns_of,
    seal_receipt,
    sealed,
    subject_of,
    write_receipt,
)


class Store:
    """One store's folder, read once; only the holder of the writer's lock may add to it.

    rehearsal: decisions are taken and remembered as they would be, but nothing is written.
    Raises DamagedStore when a receipt is missing or altered.
    """

    def __init__(self, folder: Path, *, rehearsal: bool = False) -> None:
        self.folder = folder
        self.closed_years: dict[int, str] = {}
        """Years in which nothing may change, each with the reason given."""
        self._is_rehearsal = rehearsal
        self._rehearsed: dict[str, tuple[Figure, ...]] = {}
        self.receipts: list[Receipt] = []
        self._returns: dict[str, StoredReturn] = {}
        self._ids: Counter[str] = Counter()
        self._by_file: defaultdict[str, list[StoredReturn]] = defaultdict(list)
        self._by_subject: defaultdict[Subject, list[StoredReturn]] = defaultdict(list)
        self._brought: dict[str, set[Subject]] = {}
        for receipt in read_receipts(folder / "receipts"):
            self._remember(receipt)

    @property
    def returns(self) -> list[StoredReturn]:
        """Every accepted return that was not withdrawn, in receipt order."""
        return list(self._returns.values())

    @property
    def is_simulated(self) -> bool | None:
        """Whether the store holds simulated returns, None while it holds none."""
        return next((found.is_simulated for found in self._returns.values()), None)

    def holds_all_of(self, sha256: str) -> bool:
        """Whether a file with these bytes was accepted and nothing that it brought was withdrawn."""
        held = {found.subject for found in self.holds(sha256)}
        return bool(held) and held >= self._brought[sha256]

    def holds(self, sha256: str) -> list[StoredReturn]:
        """Return the returns in the store that a file with these bytes brought."""
        return list(self._by_file.get(sha256, ()))

    def versions(self, subject: Subject) -> list[StoredReturn]:
        """Return the returns of one unit and period, in the order in which they came."""
        return list(self._by_subject.get(subject, ()))

    def earlier(self, found: StoredReturn) -> str | None:
        """Return the id of the latest earlier return of the same unit and period, None when there is none."""
        before = [other for other in self._by_subject[found.subject] if other.sequence < found.sequence]
        return before[-1].return_id if before else None

    def figures_of(self, found: StoredReturn) -> tuple[Figure, ...]:
        """Return the figures of one return as its file gave them; may raise DamagedStore."""
        if found.return_id in self._rehearsed:
            return self._rehearsed[found.return_id]
        rows = self._read_parsed([found.sha256], "figures").to_pylist()
        names = [item.name for item in fields(Figure)]
        return tuple(
            Figure(**{name: row[name] for name in names}) for row in rows if row["return_no"] == found.return_no
        )

    def accept(
        self, path: Path, name: str, sha256: str, conformed: Conformed, *, reason: str = ""
    ) -> list[StoredReturn]:
        """Keep a file and its parsed cells, then write its receipt; return what it brought.

        Of a file that the store still holds in part, only what was withdrawn is brought again.
        reason: why it was taken although something spoke against it.
        """
        held = {found.subject for found in self.holds(sha256)}
        returns = [
            {"return_no": number} | describe(found, self._new_id(return_id_of(found, sha256)))
            for number, found in enumerate(conformed.returns)
            if subject_of(found) not in held
        ]
        if not returns:
            return []
        content = {
            "kind": "accepted",
            "file_name": name,
            "sha256": sha256,
            "parsed_sha256": self._keep_file(path, name, sha256, conformed, is_new=not held),
            "layout": conformed.returns[0].layout,
            "is_simulated": conformed.is_simulated,
            "returns": returns,
            "issues": [asdict(issue) for issue in conformed.issues],
            **({"reason": reason} if reason else {}),
        }
        accepted = list(returns_of(self._decide(content)))
        if self._is_rehearsal:
            self._rehearsed |= {found.return_id: conformed.returns[found.return_no].figures for found in accepted}
        return accepted

    def withdraw(self, return_id: str, reason: str) -> None:
        """Take a return back with a reason; the one before it counts again. Raises KeyError for an unknown id."""
        if return_id not in self._returns:
            raise KeyError(return_id)
        self._decide({"kind": "withdrawn", "return_id": return_id, "reason": reason})

    def close_year(self, year: int, reason: str) -> None:
        """Close a year: no return that covers it is taken or withdrawn until it is opened again."""
        self._decide({"kind": "closed", "year": year, "reason": reason})

    def reopen_year(self, year: int, reason: str) -> None:
        """Open a closed year again, with a reason. Raises KeyError for a year that is not closed."""
        if year not in self.closed_years:
            raise KeyError(year)
        self._decide({"kind": "reopened", "year": year, "reason": reason})

    def quarantine(self, path: Path, name: str, sha256: str, conformed: Conformed) -> None:
        """Keep a rejected file beside the list of its issues and the units and periods it speaks for."""
        folder, original = self.folder / "quarantine" / sha256, f"original{suffix_of(name)}"
        said = {
            "file_name": name,
            "at": now(),
            "by": who(),
            "subjects": [subject_of(found) for found in conformed.returns],
            "issues": [asdict(issue) for issue in conformed.issues],
        }
        content = json_bytes(sealed(said))
        if folder.exists():
            self._keep(path, folder / original, sha256)
            write_bytes_durably(folder / "issues.json", content)
            return
        # in one step: a file here without its list, or a list without its file, is a loss and no load cut short
        self.folder.mkdir(parents=True, exist_ok=True)
        copies: dict[str, Callable[[Path], object]] = {
            original: lambda kept: shutil.copyfile(path, kept),
            "issues.json": lambda kept: kept.write_bytes(content),
        }
        write_folder_durably(folder, copies, self.folder)

    def parsed(self, kind: str) -> pa.Table:
        """Return the "figures" or "models" of all files in the store, with their sha256; may raise DamagedStore."""
        return self._read_parsed(sorted({found.sha256 for found in self._returns.values()}), kind)

    def damage(self) -> list[str]:
        """Return a sentence for every stored file that is missing or altered; none means the store is whole."""
        return file_damage(self.folder, self.receipts)

    def _decide(self, content: Receipt) -> Receipt:
        """Seal a decision as the next receipt and remember it; a rehearsal leaves it unwritten."""
        receipt = seal_receipt(len(self.receipts) + 1, content)
        if not self._is_rehearsal:
            write_receipt(self.folder / "receipts", receipt)
        self._remember(receipt)
        return receipt

    def _keep_file(self, path: Path, name: str, sha256: str, conformed: Conformed, *, is_new: bool) -> dict[str, str]:
        """Keep a file and its parsed cells; return the digests of the latter."""
        if self._is_rehearsal:
            return {}
        folder = self.folder / "files" / sha256
        self._keep(path, folder / f"original{suffix_of(name)}", sha256)
        if is_new:
            write_parsed(folder, conformed.returns)
        return {name: digest_of(folder / name) for name in PARSED_FILES}

    def _read_parsed(self, digests: list[str], kind: str) -> pa.Table:
        try:
            return read_parsed(self.folder / "files", digests, kind)
        except (OSError, pa.ArrowException) as error:
            raise DamagedStore("Kho không đọc được số liệu đã tách của một tệp") from error

    def _remember(self, receipt: Receipt) -> None:
        self.receipts.append(receipt)
        if receipt["kind"] == "closed":
            self.closed_years[receipt["year"]] = receipt["reason"]
        elif receipt["kind"] == "reopened":
            self.closed_years.pop(receipt["year"], None)
        elif receipt["kind"] == "withdrawn":
            taken = self._returns.pop(receipt["return_id"], None)
            if taken is not None:
                self._by_file[taken.sha256].remove(taken)
                self._by_subject[taken.subject].remove(taken)
        elif not self.holds(receipt["sha256"]):
            self._brought[receipt["sha256"]] = set()
        for found in returns_of(receipt):
            self._returns[found.return_id] = found
            self._by_file[found.sha256].append(found)
            self._by_subject[found.subject].append(found)
            self._brought[found.sha256].add(found.subject)
            self._ids[found.return_id.split("~")[0]] += 1

    def _new_id(self, return_id: str) -> str:
        """Return an id not yet used: the same bytes sent again after a withdrawal are a new return."""
        earlier = self._ids[return_id]
        return f"{return_id}~{earlier + 1}" if earlier else return_id

    @staticmethod
    def _keep(path: Path, kept: Path, sha256: str) -> None:
        if not kept.exists() or digest_of(kept) != sha256:
            write_durably(kept, lambda temporary: shutil.copyfile(path, temporary))


def suffix_of(name: str) -> str:
    """Return a file name's suffix for the name of a copy: lower case, short, and a name on any system."""
    suffix = re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|]', "_", Path(name).suffix.lower())
    return suffix[:16].rstrip(" .")


def last_accepted(receipts: Iterable[Receipt]) -> dict[str, Receipt]:
    """Return of each accepted file, by its sha256, the last receipt: what was kept of it is what that one says.

    A file that came again after it was withdrawn whole is read again, by a newer program perhaps otherwise.
    """
    return {receipt["sha256"]: receipt for receipt in receipts if receipt["kind"] == "accepted"}


def file_damage(folder: Path, receipts: Iterable[Receipt]) -> list[str]:
    """Return a sentence for every file of a store that is missing or is not what these receipts say it is."""
    found = []
    for sha256, receipt in last_accepted(receipts).items():
        kept, of = folder / "files" / sha256, f"của “{receipt['file_name']}”"
        originals = sorted(kept.glob("original*"))
        expected = dict.fromkeys(originals, sha256) | {kept / n: d for n, d in receipt["parsed_sha256"].items()}
        if not originals:
            found.append(f"Tệp gốc {of} bị mất: không có store/files/{sha256}/original…")
        for path, digest in expected.items():
            if not path.exists():
                found.append(f"Số liệu đã tách {of} bị mất: không có {stored_name(path)}")
            elif digest_of(path) != digest:
                found.append(
                    f"{'Tệp gốc' if path in originals else 'Số liệu đã tách'} {of} đã bị thay đổi: {stored_name(path)}"
                )
    return found


def stored_name(path: Path) -> str:
    """Return where a file of files/<sha256> or quarantine/<sha256> lies, as seen from the data folder."""
    return "/".join(("store", *path.parts[-3:]))


def digest_of(path: Path) -> str:
    """Return the sha256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def original_of(folder: Path, sha256: str, kept: str = "files") -> Path | None:
    """Return a file kept in a store as its sender wrote it, None when the store lost it or it was altered.

    kept: `files` for an accepted one, `quarantine` for one that is held back.
    """
    found = next((folder / kept / sha256).glob("original*"), None)
    return found if found is not None and digest_of(found) == sha256 else None
