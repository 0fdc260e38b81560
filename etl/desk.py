"""The reception desk: what a clerk does with returns on screen, told in plain records that a page can show.

It takes uploaded bytes and gives back words. Every decision goes through the same functions as the commands.
"""

import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakKeyDictionary

from etl import decisions, history
from etl.actor import acting_for
from etl.catalogue import Catalogue, load_catalogue
from etl.catalogue_rows import PeriodKind
from etl.correction import write_correction
from etl.examining import get_ready
from etl.file_names import safe_name
from etl.frozen import freeze
from etl.issues import Issue, Level
from etl.labels import date_text
from etl.loading import FileResult, Taken, load
from etl.lock import StoreBusy
from etl.periods import Period, unit_existed
from etl.prefill import prefill
from etl.publish import DamagedSnapshot
from etl.receipts import DamagedStore, StoredReturn, Subject, returns_of
from etl.remembered import Remembered
from etl.settings import Settings, read_settings
from etl.store import Store, original_of
from etl.template import write_template
from etl.versions import OLDER, change_text

Upload = tuple[str, bytes]
Progress = Callable[[int, int], None]
STANDINGS = {history.IN_FORCE: "đang dùng", history.REPLACED: "đã bị thay", history.WITHDRAWN: "đã rút"}
_store_in = Remembered(Store, "receipts")
"""Of a store's folder what its receipts say, for showing alone: what is decided opens a store of its own."""
_catalogue_in = Remembered(load_catalogue)
_subjects: WeakKeyDictionary[Store, tuple[Catalogue, dict[Subject, str]]] = WeakKeyDictionary()


class Refused(Exception):
    """Something could not be done; the message tells a clerk why and what to do."""


@dataclass(frozen=True)
class Brought:
    """A return that a file brings. changes: figure by figure, against the version it replaces."""

    return_id: str
    label: str
    replaces: str
    changes: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What became, or would become, of one uploaded file.

    is_older: whether a reason would let it in.
    """

    name: str
    status: str
    brought: tuple[Brought, ...]
    issues: tuple[Issue, ...]
    is_older: bool


@dataclass(frozen=True)
class VersionSaid:
    """One version in the history of a unit and period, in words."""

    return_id: str
    file_name: str
    sha256: str
    at: str
    by: str
    closed_on: str
    standing: str
    reason: str
    changes: tuple[str, ...]
    issues: tuple[Issue, ...]
    is_held: bool


class Desk:
    """The desk over one installation. shown: the data folder of the snapshot on screen, perhaps the sample's.

    Files are taken into the installation's own store and held back there; history is that of the store shown.
    by: for whom it acts, as the store's records will name them; else the account that runs the program.
    units: whose returns they may hand in, None for everybody's.
    """

    Refused = Refused

    def __init__(self, settings: Settings, shown: Path, *, by: str = "", units: Collection[str] | None = None) -> None:
        self._settings = settings
        self._shown = Settings(shown.resolve(), settings.catalogue)
        self._by, self._units = by, units

    @property
    def may_change(self) -> bool:
        """Whether what is shown is the installation's own store, so that it may be undone and closed here."""
        return self._shown.data == self._settings.data

    def examine(self, uploads: Sequence[Upload], reason: str = "", progress: Progress | None = None) -> list[Outcome]:
        """Say what would become of files, and change nothing. Raises Refused."""
        return self._receive(uploads, reason, progress, dry_run=True)

    def take(self, uploads: Sequence[Upload], reason: str = "", progress: Progress | None = None) -> list[Outcome]:
        """Load files and publish what they change. Raises Refused."""
        return self._receive(uploads, reason, progress, dry_run=False)

    def correction(self, upload: Upload, issues: Iterable[Issue]) -> bytes:
        """Return an uploaded file as a correction workbook. Raises Refused."""
        with tempfile.TemporaryDirectory(prefix="dvk-") as folder, _explained():
            return self._correct(_written(Path(folder), [upload])[0], upload[0], issues)

    def correction_of(self, sha256: str) -> bytes:
        """Return a file that is held back as a correction workbook. Raises Refused."""
        with _explained():
            for found in history.held_back(_store_in(self._settings.store)):
                if found.sha256 == sha256 and found.original is not None:
                    return self._correct(found.original, found.file_name, found.issues)
        raise Refused("Tệp này không còn trong số tệp bị giữ lại.")

    def held_back(self) -> list[history.HeldBack]:
        """Return the files held back that were not accepted since, the latest first. Raises Refused."""
        with _explained():
            return [found for found in history.held_back(_store_in(self._settings.store)) if not found.is_taken]

    def has_original(self, sha256: str) -> bool:
        """Whether an accepted or held-back file is still there as its sender wrote it. Raises Refused."""
        with _explained():
            return self._original(sha256) is not None

    def original(self, sha256: str) -> bytes | None:
        """Return an accepted or held-back file as its sender wrote it, None when it is lost or was altered."""
        with _explained():
            path = self._original(sha256)
            return path.read_bytes() if path else None

    def senders(self, sha256: str) -> frozenset[str]:
        """Return the units of which a file in the store shown, or one held back, holds returns. Raises Refused."""
        with _explained():
            receipts = (one for one in self._store().receipts if one.get("sha256") == sha256)
            sent = {found.don_vi_id for receipt in receipts for found in returns_of(receipt)}
            held = (one for one in history.held_back(_store_in(self._settings.store)) if one.sha256 == sha256)
            return frozenset(sent | {subject[0] for one in held for subject in one.subjects})

    def acts(self) -> list[history.Act]:
        """Return what was done to the store shown. Raises Refused."""
        with _explained():
            return history.acts(self._store())

    def subjects(self) -> dict[Subject, str]:
        """Return every unit and period that has a history, with its name: by unit, the latest first. Raises Refused.

        It is everybody's, and nobody may change it: a nation has tens of thousands.
        """
        with _explained():
            return _subjects_of(self._store(), self._catalogue())

    def versions(self, subject: Subject) -> list[VersionSaid]:
        """Return the history of a unit and period, the first received first. Raises Refused."""
        with _explained():
            catalogue = self._catalogue()
            return [_said(version, catalogue) for version in history.versions(self._store(), subject)]

    def closed_years(self) -> dict[int, str]:
        """Return the closed years with their reasons. Raises Refused."""
        with _explained():
            return dict(sorted(self._store().closed_years.items()))

    def form(self, don_vi_id: str, kind: PeriodKind, year: int) -> tuple[str, bytes]:
        """Return the name and content of a unit's form, with what the last period carries over. Raises Refused."""
        with tempfile.TemporaryDirectory(prefix="dvk-") as folder, _explained():
            catalogue = self._catalogue()
            unit, period = catalogue.unit_by_id[don_vi_id], Period(kind, year, year)
            if not unit_existed(unit, period):
                is_over = unit.valid_to is not None and period.end > unit.valid_to
                heir = catalogue.unit_by_id.get(unit.successor_id or "") if is_over else None
                other = f", hoặc lập cho {heir.full_label}" if heir else ""
                raise Refused(f"{unit.full_label} không tồn tại suốt kỳ {period.label}: chọn kỳ khác{other}.")
            output = Path(folder) / "form.xlsx"
            content = prefill(self._store(), catalogue, unit, period)
            write_template(catalogue, unit, period, output, content)
            mark = "_mo_phong" if content is not None and content.simulated else ""
            return f"{don_vi_id}_{'6_thang_' if kind == '6_thang' else ''}{year}{mark}.xlsx", output.read_bytes()

    def withdraw(self, return_ids: Sequence[str], reason: str) -> None:
        """Take returns back with a reason. Raises Refused."""
        with _explained(), acting_for(self._by):
            decisions.withdraw(return_ids, reason, self._settings, self._catalogue())

    def close_year(self, year: int, reason: str) -> None:
        """Close a year with a reason. Raises Refused."""
        with _explained(), acting_for(self._by):
            decisions.close_year(year, reason, self._settings, self._catalogue())

    def reopen_year(self, year: int, reason: str) -> None:
        """Open a closed year again with a reason. Raises Refused."""
        with _explained(), acting_for(self._by):
            decisions.reopen_year(year, reason, self._settings, self._catalogue())

    def freeze(self, name: str, by: str, note: str, seen: str) -> None:
        """Freeze the snapshot shown, `seen` by the clerk, under a name. Raises Refused."""
        with _explained(), acting_for(self._by):
            freeze(self._shown, name, by, note, seen=seen)

    def _receive(
        self, uploads: Sequence[Upload], reason: str, progress: Progress | None, *, dry_run: bool
    ) -> list[Outcome]:
        with tempfile.TemporaryDirectory(prefix="dvk-") as folder, _explained(), acting_for(self._by):
            catalogue = self._catalogue()
            paths = _written(Path(folder), uploads)
            result = load(
                paths,
                self._settings,
                catalogue,
                dry_run=dry_run,
                reason=reason,
                may_begin_simulated=False,
                units=self._units,
                progress=progress,
            )
        if dry_run:
            get_ready()  # what was examined is loaded next
        return [_outcome(item, name, catalogue) for item, (name, _) in zip(result.files, uploads, strict=True)]

    def _correct(self, path: Path, name: str, issues: Iterable[Issue]) -> bytes:
        with tempfile.TemporaryDirectory(prefix="dvk-") as folder:
            output = Path(folder) / "correction.xlsx"
            write_correction(path, name, list(issues), output, self._catalogue().layouts)
            return output.read_bytes()

    def _original(self, sha256: str) -> Path | None:
        return original_of(self._shown.store, sha256) or original_of(self._settings.store, sha256, "quarantine")

    def _store(self) -> Store:
        return _store_in(self._shown.store)

    def _catalogue(self) -> Catalogue:
        return _catalogue_in(self._settings.catalogue)


def open_desk(shown: Path | None, by: str, units: Collection[str] | None) -> Desk:
    """Return the desk of this installation; shown: the data folder on screen, None while there is nothing to show."""
    settings = read_settings()
    return Desk(settings, shown or settings.data, by=by, units=units)


@contextmanager
def _explained() -> Iterator[None]:
    """Turn what may go wrong into one sentence for a clerk; a refusal with a cause is a failure, to be logged."""
    try:
        yield
    except (StoreBusy, decisions.Impossible) as problem:
        raise Refused(str(problem)) from None
    except (DamagedStore, DamagedSnapshot) as problem:
        raise Refused(f"{problem}. Báo người quản trị chạy “python -m etl verify”.") from problem
    except OSError as problem:
        raise Refused("Không đọc hoặc ghi được thư mục dữ liệu: kiểm tra quyền ghi và chỗ trống.") from problem


def _written(folder: Path, uploads: Sequence[Upload]) -> list[Path]:
    """Write uploads to files of their own names, one folder each, whatever the names hold."""
    paths = []
    for number, (name, content) in enumerate(uploads):
        path = folder / str(number) / safe_name(name)
        path.parent.mkdir()
        path.write_bytes(content)
        paths.append(path)
    return paths


def _outcome(item: FileResult, name: str, catalogue: Catalogue) -> Outcome:
    brought = tuple(_brought(taken, catalogue) for taken in item.returns)
    is_older = any(issue.rule == OLDER and issue.level is Level.LOI for issue in item.issues)
    return Outcome(name, item.status, brought, tuple(item.issues), is_older)


def _brought(taken: Taken, catalogue: Catalogue) -> Brought:
    changes = tuple(change_text(change, catalogue) for change in taken.changes)
    label = _subject_label(taken.found.subject, catalogue)
    return Brought(taken.found.return_id, label, taken.supersedes or "", changes)


def _said(version: history.Version, catalogue: Catalogue) -> VersionSaid:
    found = version.found
    return VersionSaid(
        return_id=found.return_id,
        file_name=found.file_name,
        sha256=found.sha256,
        at=version.at,
        by=version.by,
        closed_on=_closed_on(found),
        standing=STANDINGS[version.standing],
        reason=version.reason,
        changes=tuple(change_text(change, catalogue) for change in version.changes),
        issues=tuple(issue for issue in version.issues if issue.level is not Level.GHI_CHU),
        is_held=version.standing != history.WITHDRAWN,
    )


def _closed_on(found: StoredReturn) -> str:
    return date_text(found.as_of_on) if found.as_of_on else ""


def _subjects_of(store: Store, catalogue: Catalogue) -> dict[Subject, str]:
    """Return every unit and period of a store with its name, put together once for as long as both are remembered."""
    kept = _subjects.get(store)
    if kept is None or kept[0] is not catalogue:
        ordered = sorted(store.subjects, key=lambda one: (one[0], -one[3], one[1]))
        kept = catalogue, {subject: _subject_label(subject, catalogue) for subject in ordered}
        _subjects[store] = kept
    return kept[1]


def _subject_label(subject: Subject, catalogue: Catalogue) -> str:
    don_vi_id, kind, from_year, to_year = subject
    unit = catalogue.unit_by_id.get(don_vi_id)
    period = Period(kind, from_year, to_year)
    return f"{unit.label if unit else don_vi_id}, {period.label}"
