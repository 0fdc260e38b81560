"""The store: accepted files and their receipts, append-only. It is the truth; snapshots are built from it.

    store/files/<sha256>/original.xlsx    the file as received
    store/files/<sha256>/figures.parquet  its figures, each with its cell; models.parquet: its register, if any
    store/receipts/00000001.json          one a decision, in order: a file accepted, a return withdrawn, a year closed
    store/quarantine/<sha256>/            a rejected file and its issues, sealed as receipts are
    store/aside/<moment>/                 what a restore found in the way; nothing ever reads it

A receipt is written last, in one step: a file without one was never accepted.
It knows nothing of the catalogue or of snapshots: it keeps what it is given, whatever that means.
"""

import functools
import hashlib
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import pyarrow as pa

from etl.actor import who
from etl.conform.returns import Conformed, Figure
from etl.durable import Contents, write_bytes_durably, write_durably, write_folders_durably
from etl.file_names import suffix_of
from etl.parsed import parsed_files, read_parsed
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
    write_receipts,
)

_GROUP = 50
"""How many files of a load are made safe on disk together."""


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
        self._is_together = False
        self._waiting: list[tuple[Receipt, Contents]] = []
        """Decisions not written yet, each with the files that must be there before its receipt."""
        self._unwritten: dict[str, tuple[Figure, ...]] = {}
        """The figures of returns whose files are not written, by return_id."""
        self.receipts: list[Receipt] = []
        self._returns: dict[str, StoredReturn] = {}
        self._ids: Counter[str] = Counter()
        self._by_file: defaultdict[str, list[StoredReturn]] = defaultdict(list)
        self._ever: defaultdict[Subject, list[StoredReturn]] = defaultdict(list)
        """Every return that was ever taken, withdrawn ones included, by unit and period."""
        self._brought: dict[str, set[Subject]] = {}
        self._parsed_of: dict[str, dict[str, str]] = {}
        """The digests of each file's parsed cells, by the sha256 of the file and by name."""
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
        return [found for found in self._ever.get(subject, ()) if found.return_id in self._returns]

    @property
    def subjects(self) -> list[Subject]:
        """Every unit and period of which a return was ever taken, withdrawn ones included."""
        return sorted(self._ever)

    def ever(self, subject: Subject) -> list[tuple[Receipt, StoredReturn]]:
        """Return every return that was ever taken of a unit and period, each with its receipt, in receipt order."""
        return [(self.receipts[found.sequence - 1], found) for found in self._ever.get(subject, ())]

    def earlier(self, found: StoredReturn) -> str | None:
        """Return the id of the latest earlier return of the same unit and period, None when there is none."""
        before = [other for other in self.versions(found.subject) if other.sequence < found.sequence]
        return before[-1].return_id if before else None

    def figures_of(self, found: StoredReturn) -> tuple[Figure, ...]:
        """Return the figures of one return as its file gave them; may raise DamagedStore."""
        if found.return_id in self._unwritten:
            return self._unwritten[found.return_id]
        names = [item.name for item in fields(Figure)]
        return tuple(Figure(**{name: row[name] for name in names}) for row in self._rows_of(found, "figures"))

    def models_of(self, found: StoredReturn) -> list[dict[str, Any]]:
        """Return the rows of one return's register as its file gave them; may raise DamagedStore."""
        return self._rows_of(found, "models")

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
        original: Contents = {f"original{suffix_of(name)}": lambda kept: shutil.copyfile(path, kept)}
        parsed = {} if held or self._is_rehearsal else parsed_files(conformed.returns)
        digests = {name: hashlib.sha256(content).hexdigest() for name, content in parsed.items()}
        content = {
            "kind": "accepted",
            "file_name": name,
            "sha256": sha256,
            "parsed_sha256": self._parsed_of[sha256] if held else digests,
            "layout": conformed.returns[0].layout,
            "is_simulated": conformed.is_simulated,
            "returns": returns,
            "issues": [asdict(issue) for issue in conformed.issues],
            **({"reason": reason} if reason else {}),
        }
        files = original | {name: functools.partial(_write_bytes, content) for name, content in parsed.items()}
        accepted = list(returns_of(self._decide(content, files)))
        if self._waiting or self._is_rehearsal:
            self._unwritten |= {found.return_id: conformed.returns[found.return_no].figures for found in accepted}
        return accepted

    @contextmanager
    def together(self) -> Iterator[None]:
        """Write what is accepted inside in groups: one wait for the disk a group instead of several a file.

        Nothing inside is safe before the end; what an error cuts short was never accepted.
        """
        self._is_together = True
        try:
            yield
            self._write()
        finally:
            self._is_together = False

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
            self._mend(folder, {original: lambda kept: shutil.copyfile(path, kept)}, sha256)
            write_bytes_durably(folder / "issues.json", content, self.folder)
            return
        # in one step: a file here without its list, or a list without its file, is a loss and no load cut short
        copies: Contents = {
            original: lambda kept: shutil.copyfile(path, kept),
            "issues.json": lambda kept: kept.write_bytes(content),
        }
        write_folders_durably({folder: copies}, self.folder)

    def parsed_files(self, kind: str) -> dict[str, tuple[str, Path]]:
        """Return (digest, path) of the "figures" or "models" of every file in the store that has any, by its sha256."""
        name = f"{kind}.parquet"
        held = {found.sha256: self._parsed_of[found.sha256] for found in self._returns.values()}
        return {
            sha256: (digests[name], self.folder / "files" / sha256 / name)
            for sha256, digests in held.items()
            if name in digests
        }

    def damage(self) -> list[str]:
        """Return a sentence for every stored file that is missing or altered; none means the store is whole."""
        return file_damage(self.folder, self.receipts)

    def _decide(self, content: Receipt, files: Contents | None = None) -> Receipt:
        """Seal a decision as the next receipt and remember it; a rehearsal leaves it unwritten.

        files: what writes the files that the receipt speaks of, by name.
        """
        receipt = seal_receipt(len(self.receipts) + 1, content)
        self._remember(receipt)
        if not self._is_rehearsal:
            self._waiting.append((receipt, files or {}))
            if not self._is_together or len(self._waiting) == _GROUP:
                self._write()
        return receipt

    def _write(self) -> None:
        """Write the decisions that wait: their files first, so that no receipt speaks of what is not there."""
        new: dict[Path, Contents] = {}
        for receipt, files in self._waiting:
            folder = self.folder / "files" / receipt.get("sha256", "")
            if files and folder.exists():
                self._mend(folder, files, receipt["sha256"])
            elif files:
                new[folder] = files
        if new:
            write_folders_durably(new, self.folder)
        if self._waiting:
            write_receipts(self.folder / "receipts", [receipt for receipt, _ in self._waiting])
        self._waiting, self._unwritten = [], {}

    def _mend(self, folder: Path, files: Contents, sha256: str) -> None:
        """Write a file's folder that is there again: of a load that was cut short, or of what was withdrawn."""
        for name, write in files.items():
            kept = folder / name
            if not (name.startswith("original") and kept.exists() and digest_of(kept) == sha256):
                write_durably(kept, write, self.folder)

    def _rows_of(self, found: StoredReturn, kind: str) -> list[dict[str, Any]]:
        """Return the rows of a return's "figures" or "models", none for a return without a register."""
        path = self.folder / "files" / found.sha256 / f"{kind}.parquet"
        if path.name not in self._parsed_of[found.sha256]:
            return []
        try:
            rows = read_parsed(found.sha256, path).to_pylist()
        except (OSError, pa.ArrowException) as error:
            raise DamagedStore("Kho không đọc được số liệu đã tách của một tệp") from error
        return [row for row in rows if row["return_no"] == found.return_no]

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
        else:
            self._parsed_of[receipt["sha256"]] = receipt["parsed_sha256"]
            if not self.holds(receipt["sha256"]):
                self._brought[receipt["sha256"]] = set()
        for found in returns_of(receipt):
            self._returns[found.return_id] = found
            self._by_file[found.sha256].append(found)
            self._ever[found.subject].append(found)
            self._brought[found.sha256].add(found.subject)
            self._ids[found.return_id.split("~")[0]] += 1

    def _new_id(self, return_id: str) -> str:
        """Return an id not yet used: the same bytes sent again after a withdrawal are a new return."""
        earlier = self._ids[return_id]
        return f"{return_id}~{earlier + 1}" if earlier else return_id


def _write_bytes(content: bytes, path: Path) -> None:
    path.write_bytes(content)


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
