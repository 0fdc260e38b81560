"""One submitted file, read and conformed in a guarded child: the answer is what it says, or why not."""

import logging
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

from etl.catalogue import load_catalogue
from etl.conform import conform
from etl.conform.returns import Conformed, Figure, RegisterRow, Return
from etl.guard import GaveUp, GuardedPool, Limits, Spare
from etl.issues import Issue, Level
from etl.periods import Period
from etl.reading import read_workbook
from etl.reading.errors import SAVE_AGAIN, Unreadable
from etl.vocabulary import Vocabulary

_LOG = logging.getLogger(__name__)
_TASK = "etl.examining:examine"
_ANSWERS = (Conformed, Return, Figure, RegisterRow, Period, Issue, Level, date)
_OURS = ("loi_chuong_trinh", "Chương trình gặp lỗi khi đọc tệp này; tệp được giữ lại, hãy báo người quản trị")
_GAVE_UP = {
    "time": ("qua_thoi_gian", f"Đọc tệp quá lâu nên đã dừng: tệp bị hỏng hoặc quá lớn. {SAVE_AGAIN}"),
    "memory": ("qua_bo_nho", f"Tệp đòi quá nhiều bộ nhớ nên đã dừng: tệp bị hỏng hoặc quá lớn. {SAVE_AGAIN}"),
    "died": ("lam_dung_trinh_doc", f"Tệp làm trình đọc dừng đột ngột, có thể tệp bị hỏng. {SAVE_AGAIN}"),
    "garbled": ("lam_dung_trinh_doc", f"Trình đọc trả lời không hiểu được về tệp này. {SAVE_AGAIN}"),
    "too large": ("tep_qua_lon", "Tệp có quá nhiều chữ và số so với một báo cáo: chia thành nhiều tệp rồi gửi lại."),
    "failed": _OURS,
}


_SPARE = Spare(_TASK)


class Examiner:
    """Examines files in a few guarded children, by the catalogue in `folder`."""

    def __init__(self, folder: Path, *, processes: int = 2, limits: Limits | None = None) -> None:
        self._folder = folder
        spare = None if limits else _SPARE
        self._pool = GuardedPool(_TASK, _ANSWERS, processes=processes, limits=limits, spare=spare)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.close()

    def many(self, items: Iterable[tuple[Path, str]]) -> Iterator[Conformed]:
        """Yield what each (path, name the sender gave it) says, in their order."""
        for answer in self._pool.call_many((path, name, self._folder) for path, name in items):
            yield _refused(answer) if isinstance(answer, GaveUp) else answer


def get_ready() -> None:
    """Start a child for the next examiner: files to be examined are about to come."""
    _SPARE.start()


def examine(path: Path, name: str, catalogue_folder: Path) -> Conformed:
    """Return what a file says, with every issue. Runs in the child; what it raises is a fault of ours."""
    try:
        workbook = read_workbook(path, name)
    except Unreadable as refusal:
        return _with_issue(refusal.rule, refusal.message)
    except MemoryError:
        raise
    except Exception as error:
        message = f"Không đọc được nội dung tệp ({type(error).__name__}), có thể tệp bị hỏng. {SAVE_AGAIN}"
        return _with_issue("khong_doc_duoc", message)
    return conform(workbook, name, _vocabulary(catalogue_folder))


@cache
def _vocabulary(catalogue_folder: Path) -> Vocabulary:
    return Vocabulary(load_catalogue(catalogue_folder))


def _refused(problem: GaveUp) -> Conformed:
    if problem.reason == "failed":
        _LOG.error("examining a file failed:\n%s", problem.detail)
    return _with_issue(*_GAVE_UP[problem.reason])


def _with_issue(rule: str, message: str) -> Conformed:
    return Conformed(issues=[Issue(rule, Level.LOI, message)])
