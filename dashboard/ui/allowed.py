"""The reception desk with the viewer's rights before it: whatever a page asks of it, rights.py has allowed."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from dashboard import journal
from dashboard.access.rights import NotAllowed, Right, Viewer
from dashboard.data_folder import data_folder
from dashboard.ui.context import Context
from dashboard.ui.desk import Desk, Progress, Subject, Upload

_REFUSED = "Tài khoản này không có quyền làm việc đó."


class AllowedDesk:
    """A desk that does for a viewer what they may have done. What is refused is written to the journal."""

    def __init__(self, desk: Desk, viewer: Viewer) -> None:
        self._desk, self._viewer = desk, viewer
        self.Refused = desk.Refused

    def may(self, right: Right, don_vi_id: str | None = None) -> bool:
        """Whether the viewer has a right, so that what would be refused need not be offered."""
        return self._viewer.may(right, don_vi_id)

    @property
    def own_units(self) -> Collection[str] | None:
        """The units whose returns the viewer may hand in, None for all."""
        return self._viewer.units(Right.UPLOAD)

    @property
    def may_change(self) -> bool:
        """Whether what is shown is the installation's own store."""
        return self._desk.may_change

    def examine(self, uploads: Sequence[Upload], reason: str = "", progress: Progress | None = None) -> Sequence[Any]:
        """Say what would become of files."""
        self._require(Right.UPLOAD, self.own_units, "kiểm tra tệp nộp")
        return self._desk.examine(uploads, reason, progress)

    def take(self, uploads: Sequence[Upload], reason: str = "", progress: Progress | None = None) -> Sequence[Any]:
        """Load files; of a unit's account only those that speak for the unit alone."""
        self._require(Right.UPLOAD, self.own_units, "nộp báo cáo")
        return self._desk.take(uploads, reason, progress)

    def correction(self, upload: Upload, issues: Iterable[Any]) -> bytes:
        """Return a file that the viewer has just handed in with its cells marked."""
        self._require(Right.UPLOAD, self.own_units, "lấy tệp để sửa")
        return self._desk.correction(upload, issues)

    def correction_of(self, sha256: str) -> bytes:
        """Return a file held back with its cells marked."""
        if all(file.sha256 != sha256 for file in self.held_back()):
            self._refuse("lấy tệp để sửa")
        return self._desk.correction_of(sha256)

    def held_back(self) -> Sequence[Any]:
        """Return the files held back that are of the viewer's units, or that the viewer handed in."""
        units = self._viewer.units(Right.VIEW_RETURNS)
        return [file for file in self._desk.held_back() if units is None or self._is_own(file, units)]

    def has_original(self, sha256: str) -> bool:
        """Whether a file is still there as its sender wrote it."""
        return self._desk.has_original(sha256)

    def may_have_original(self, sha256: str) -> bool:
        """Whether the viewer may have a file as its sender wrote it: it holds returns of no other's units."""
        if self._viewer.may(Right.VIEW_RETURNS):
            return True
        senders = self._desk.senders(sha256)
        own_failures = {file.sha256 for file in self.held_back()}
        is_own = bool(senders) and all(self._viewer.may(Right.VIEW_RETURNS, unit) for unit in senders)
        return is_own or (not senders and sha256 in own_failures)

    def original(self, sha256: str) -> bytes | None:
        """Return a file as its sender wrote it; written down."""
        if not self.may_have_original(sha256):
            self._refuse("lấy tệp gốc")
        journal.record(data_folder(), journal.FETCHED, self._viewer.said, f"tệp {sha256[:8]}")
        return self._desk.original(sha256)

    def senders(self, sha256: str) -> frozenset[str]:
        """Return the units of which a file holds returns."""
        return self._desk.senders(sha256)

    def subjects(self) -> Mapping[Subject, str]:
        """Return the units and periods of the viewer's that have a history."""
        found = self._desk.subjects()
        if self._viewer.units(Right.VIEW_RETURNS) is None:
            return found
        return {key: label for key, label in found.items() if self._viewer.may(Right.VIEW_RETURNS, key[0])}

    def versions(self, subject: Subject) -> Sequence[Any]:
        """Return the history of a unit and period."""
        self._require(Right.VIEW_RETURNS, subject[:1], "xem lịch sử báo cáo")
        return self._desk.versions(subject)

    def closed_years(self) -> Mapping[int, str]:
        """Return the closed years with their reasons."""
        return self._desk.closed_years()

    def withdraw(self, return_ids: Sequence[str], reason: str) -> None:
        """Take returns back."""
        self._require(Right.WITHDRAW, None, "rút báo cáo")
        self._desk.withdraw(return_ids, reason)

    def close_year(self, year: int, reason: str) -> None:
        """Close a year."""
        self._require(Right.CLOSE, None, "khóa năm")
        self._desk.close_year(year, reason)

    def reopen_year(self, year: int, reason: str) -> None:
        """Open a closed year."""
        self._require(Right.CLOSE, None, "mở khóa năm")
        self._desk.reopen_year(year, reason)

    def freeze(self, name: str, by: str, note: str, seen: str) -> None:
        """Freeze the snapshot shown."""
        self._require(Right.FREEZE, None, "chốt số liệu")
        self._desk.freeze(name, by, note, seen)

    def form(self, don_vi_id: str, kind: str, year: int) -> tuple[str, bytes]:
        """Return the name and content of a unit's form."""
        self._require(Right.UPLOAD, (don_vi_id,), "lấy biểu mẫu")
        return self._desk.form(don_vi_id, kind, year)

    def acts(self) -> Sequence[Any]:
        """Return what was done to the store."""
        self._require(Right.VIEW_AUDIT, None, "xem nhật ký")
        return self._desk.acts()

    def _is_own(self, file: Any, units: Collection[str]) -> bool:
        about = {subject[0] for subject in file.subjects}
        return about <= set(units) if about else self._viewer.is_named_by(file.by)

    def _require(self, right: Right, units: Collection[str] | None, what: str) -> None:
        """Refuse unless the viewer has a right over the units, or (None) over all."""
        over = [None] if units is None else list(units)
        if not over or not all(self._viewer.may(right, unit) for unit in over):
            self._refuse(what)

    def _refuse(self, what: str) -> None:
        journal.record(data_folder(), journal.REFUSED, self._viewer.said, what)
        raise self._desk.Refused(_REFUSED)


def exporting(viewer: Viewer, what: str, *, with_support: bool = False) -> None:
    """Write down that a viewer is having a file made. Raises NotAllowed, which is written down as well."""
    try:
        viewer.require(Right.EXPORT)
        if with_support:
            viewer.require(Right.VIEW_SUPPORT)
    except NotAllowed:
        journal.record(data_folder(), journal.REFUSED, viewer.said, f"xuất {what}")
        raise
    journal.record(data_folder(), journal.EXPORTED, viewer.said, what)


def desk_for(context: Context, open_desk: Callable[[Path | None, str, Collection[str] | None], Desk]) -> AllowedDesk:
    """Return the desk over the data folder shown, with the viewer's rights before it.

    open_desk: makes the desk itself, of (data folder shown, for whom it acts, whose returns they may hand in).
    """
    viewer = context.viewer
    return AllowedDesk(open_desk(context.data, viewer.said, viewer.units(Right.UPLOAD)), viewer)
