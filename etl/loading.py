"""Loading: from paths on disk to accepted returns and a new snapshot.

Each file ends accepted, rejected whole with its issues, or recognised as already there. Nothing is
acknowledged before it is safely in the store.
"""

import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from etl.build import is_made_of, warm_up, warnings_of
from etl.catalogue import Catalogue
from etl.conform.returns import Conformed
from etl.examining import Examiner, get_ready
from etl.file_names import suffix_of
from etl.issues import Issue, Level
from etl.lock import writer_lock
from etl.publish import current, path_of, publish, snapshot_damage
from etl.reading import MAX_FILE
from etl.receipts import StoredReturn
from etl.settings import Settings
from etl.store import Store, digest_of
from etl.versions import OLDER, Change, changes, objections

SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".ods", ".csv"})


@dataclass(frozen=True)
class Taken:
    """A return that a file brought: the earlier one of the same unit and period, and what it changed of it."""

    found: StoredReturn
    supersedes: str | None = None
    changes: list[Change] = field(default_factory=list)


@dataclass
class FileResult:
    """What became of one file."""

    path: Path
    status: str
    issues: list[Issue] = field(default_factory=list)
    returns: list[Taken] = field(default_factory=list)
    is_quarantined: bool = False


@dataclass
class LoadResult:
    """What a load did: the snapshot now current, each file's end, and what was passed over with the reason."""

    snapshot_id: str | None
    files: list[FileResult]
    skipped: list[tuple[Path, str]]
    is_new_snapshot: bool

    @property
    def is_any_rejected(self) -> bool:
        """Whether any file was rejected."""
        return any(result.status == "rejected" for result in self.files)


Progress = Callable[[int, int], None]


def load(
    paths: Iterable[Path],
    settings: Settings,
    catalogue: Catalogue,
    *,
    dry_run: bool = False,
    reason: str = "",
    may_begin_simulated: bool = True,
    units: Collection[str] | None = None,
    progress: Progress | None = None,
) -> LoadResult:
    """Load files and folders; publish a new snapshot when anything was accepted.

    dry_run: say what would happen and change nothing. reason: why versions older than those in force are to be
    taken all the same; kept in their receipts. may_begin_simulated: whether an empty store may become one of simulated
    returns, which then takes no real ones. units: whose returns whoever loads may hand in, None for everybody's; of a
    file with another's nothing is kept. progress: called with (files done, files in all).
    A damaged snapshot is built anew. Raises StoreBusy, DamagedStore or DamagedSnapshot (of the new one).
    """
    files, skipped = find_files(paths)
    if files:
        get_ready()  # a child starts while receipts are read and files are copied
    with (
        writer_lock(settings.store),
        tempfile.TemporaryDirectory(prefix="dvk-") as folder,
        Examiner(catalogue.folder) as examiner,
    ):
        store = Store(settings.store, rehearsal=dry_run)
        terms = _Terms(dry_run, reason, may_begin_simulated, units)
        intake = _Intake(store, Path(folder), terms, catalogue)
        results = []
        with store.together():
            for number, result in enumerate(intake.take(files, examiner), 1):
                result.path = _printable(result.path)
                results.append(result)
                if progress is not None:
                    progress(number, len(files))
        snapshot_id, is_new = _publish_if_needed(settings, store, catalogue, dry_run)
    if is_new and snapshot_id is not None:
        _add_warnings(results, path_of(settings.warehouse, snapshot_id))
    return LoadResult(snapshot_id, results, skipped, is_new)


def find_files(paths: Iterable[Path]) -> tuple[list[Path], list[tuple[Path, str]]]:
    """Return (files to load, [(path passed over, why)]); a path given by name is always to be loaded."""
    files: list[Path] = []
    skipped: list[tuple[Path, str]] = []
    for path in paths:
        if not stat.S_ISDIR(_mode_of(path)) or not _may_walk(path):
            files.append(path)
            continue
        for item in sorted(path.rglob("*")):
            reason = _reason_to_skip(item, path)
            if reason:
                skipped.append((_printable(item), reason))
            elif not stat.S_ISDIR(_mode_of(item)):
                files.append(item)
    return files, skipped


@dataclass(frozen=True)
class _Copy:
    """A private copy of a submitted file, by the name it came under and its place in the load."""

    path: Path
    name: str
    sha256: str
    number: int


@dataclass(frozen=True)
class _Terms:
    """On what terms files are taken, as `load` was asked."""

    dry_run: bool
    reason: str
    may_begin_simulated: bool
    units: Collection[str] | None


class _Intake:
    """Takes files into one store, in the order given."""

    def __init__(self, store: Store, folder: Path, terms: _Terms, catalogue: Catalogue) -> None:
        self.store, self.folder, self.terms, self.catalogue = store, folder, terms, catalogue
        self.met: set[str] = set()

    def take(self, files: list[Path], examiner: Examiner) -> Iterator[FileResult]:
        """Yield the end of each file; all are copied first, so that nothing changes while it is read."""
        copies = [self._copy(path, number) for number, path in enumerate(files)]
        unread = [copy for copy in copies if isinstance(copy, _Copy) and not self.store.holds_all_of(copy.sha256)]
        if unread and not self.terms.dry_run:
            warm_up()
        answers = examiner.many((copy.path, copy.name) for copy in unread)
        to_read = set(unread)
        for path, copy in zip(files, copies, strict=True):
            if isinstance(copy, Issue):
                yield FileResult(path, "rejected", [copy])
            elif copy not in to_read:
                yield self._duplicate(path, copy)
            else:
                yield self._end(path, copy, next(answers))

    def _copy(self, path: Path, number: int) -> _Copy | Issue:
        """Return a private copy of a file, or the reason why there can be none."""
        try:
            status = path.lstat()
            if path.name.startswith("~$"):
                message = (
                    "Đây là tệp khóa mà Excel tự tạo khi đang mở báo cáo: đóng Excel rồi gửi tệp không có “~$” ở tên"
                )
                return Issue("tep_khoa", Level.LOI, message)
            if stat.S_ISLNK(status.st_mode):
                return Issue(
                    "khong_phai_tep", Level.LOI, "Đây là một liên kết, không phải tệp: nạp chính tệp mà nó trỏ tới"
                )
            if stat.S_ISDIR(status.st_mode) and not _may_walk(path):
                return Issue("khong_mo_duoc", Level.LOI, "Không mở được thư mục: không có quyền đọc")
            if not stat.S_ISREG(status.st_mode):
                return Issue(
                    "khong_phai_tep", Level.LOI, "Đây không phải một tệp thường (thư mục, thiết bị hoặc ống dẫn)"
                )
            if status.st_size > MAX_FILE:
                return Issue("tep_qua_lon", Level.LOI, f"Tệp lớn hơn {MAX_FILE // 2**20} MB: không phải báo cáo")
            copy = self.folder / f"{number}{suffix_of(path.name)}"
            shutil.copyfile(path, copy)
            is_whole = copy.stat().st_size == status.st_size and path.stat().st_mtime_ns == status.st_mtime_ns
        except FileNotFoundError:
            return Issue("khong_co_tep", Level.LOI, "Không có tệp này")
        except PermissionError:
            return Issue("khong_mo_duoc", Level.LOI, "Không mở được tệp: không có quyền đọc, hoặc đang mở ở nơi khác")
        except OSError as error:
            return Issue("khong_mo_duoc", Level.LOI, f"Không mở được tệp: {error.strerror or error}")
        if not is_whole:
            return Issue("tep_dang_ghi", Level.LOI, "Tệp đang được ghi: đợi ghi xong rồi nạp lại")
        return _Copy(copy, _printable(path).name, digest_of(copy), number)

    def _end(self, path: Path, copy: _Copy, conformed: Conformed) -> FileResult:
        if copy.sha256 in self.met:
            return self._duplicate(path, copy)
        if others := self._of_others(found.don_vi_id for found in conformed.returns):
            return FileResult(path, "rejected", [others])
        if conformed.returns:  # what a refused file says of itself may be objected to as well
            self._refuse_mixing(conformed)
        for found in conformed.returns:
            conformed.issues += objections(found, self.store, self.terms.reason)
        if conformed.is_refused:
            if not self.terms.dry_run:
                self.store.quarantine(copy.path, copy.name, copy.sha256, conformed)
            return FileResult(path, "rejected", conformed.issues, is_quarantined=not self.terms.dry_run)
        self.met.add(copy.sha256)
        needed = any(issue.rule == OLDER for issue in conformed.issues)
        reason = self.terms.reason if needed else ""
        accepted = self.store.accept(copy.path, copy.name, copy.sha256, conformed, reason=reason)
        taken = [Taken(found, self.store.earlier(found), changes(found, self.store)) for found in accepted]
        return FileResult(path, status_of(conformed.issues), conformed.issues, taken)

    def _of_others(self, senders: Iterable[str]) -> Issue | None:
        """Return the reason against a file that speaks for units whose returns this load may not hand in."""
        others = set(senders) - set(self.terms.units) if self.terms.units is not None else set()
        if not others:
            return None
        names = ", ".join(sorted(self.catalogue.unit_by_id[unit].label for unit in others))
        message = f"Tệp là báo cáo của {names}: tài khoản này chỉ nộp báo cáo của đơn vị mình. Không giữ lại gì của tệp"
        return Issue("nop_thay", Level.LOI, message)

    def _duplicate(self, path: Path, copy: _Copy) -> FileResult:
        if others := self._of_others(found.don_vi_id for found in self.store.holds(copy.sha256)):
            return FileResult(path, "rejected", [others])
        message = "Tệp này đã nạp trước đó, không có gì thay đổi"
        held = [Taken(found) for found in self.store.holds(copy.sha256)]
        return FileResult(path, "duplicate", [Issue("trung_tep", Level.GHI_CHU, message)], held)

    def _refuse_mixing(self, conformed: Conformed) -> None:
        expected = self.store.is_simulated
        if expected is None and not self.terms.may_begin_simulated:
            expected = False
        if expected in (None, conformed.is_simulated):
            return
        message = (
            "Tệp là dữ liệu mô phỏng, không nạp chung với báo cáo thật"
            if conformed.is_simulated
            else "Kho này đang giữ dữ liệu mô phỏng, không nạp chung với báo cáo thật: dùng thư mục dữ liệu khác"
        )
        conformed.issues.append(Issue("tron_mo_phong", Level.LOI, message))


def status_of(issues: Iterable[Issue]) -> str:
    """Return the end of a file with these issues, none of which rejects it."""
    warned = any(issue.level is Level.CANH_BAO for issue in issues)
    return "accepted_with_warnings" if warned else "accepted"


def _mode_of(path: Path) -> int:
    """Return what the system says of a path, links not followed; 0 where it says nothing."""
    try:
        return path.lstat().st_mode
    except OSError:
        return 0


def _may_walk(folder: Path) -> bool:
    return os.access(folder, os.R_OK | os.X_OK)


def _printable(path: Path) -> Path:
    """Return a path that can be written down: bytes of its name that are no UTF-8 become a mark."""
    return Path(os.fsencode(path).decode("utf-8", "replace"))


def _reason_to_skip(item: Path, root: Path) -> str:
    mode = _mode_of(item)
    if stat.S_ISLNK(mode):
        return "liên kết, không phải tệp"
    if any(part.startswith(".") for part in item.relative_to(root).parts):
        return "tệp ẩn"
    if item.name.startswith("~$"):
        return "tệp khóa của Excel"
    if _mode_of(item.parent / "layouts.toml"):
        return "danh mục, không phải báo cáo"
    if stat.S_ISDIR(mode) and not _may_walk(item):
        return "thư mục không có quyền đọc"
    if stat.S_ISREG(mode) and item.suffix.lower() not in SUFFIXES:
        return "không phải bảng tính"
    return ""


def _publish_if_needed(
    settings: Settings, store: Store, catalogue: Catalogue, dry_run: bool
) -> tuple[str | None, bool]:
    """Publish unless the current snapshot is whole and made of what there is now; return (snapshot_id, is new)."""
    now = current(settings.warehouse)
    if dry_run or not store.receipts:
        return now, False
    if now is not None and is_made_of(now, store, catalogue) and not snapshot_damage(settings.warehouse):
        return now, False
    return publish(settings.warehouse, store, catalogue), True


def _add_warnings(results: list[FileResult], snapshot: Path) -> None:
    """Add what the checks of the new snapshot say about the returns just accepted."""
    told = {id(result): set(result.issues) for result in results}
    owners = {
        taken.found.return_id: result for result in results if result.status != "duplicate" for taken in result.returns
    }
    for return_id, rule, level, sheet, cell, message in warnings_of(snapshot, list(owners)):
        result, issue = owners[return_id], Issue(rule, Level(level), message, sheet, cell)
        if issue not in told[id(result)]:
            told[id(result)].add(issue)
            result.issues.append(issue)
            result.status = status_of(result.issues)
