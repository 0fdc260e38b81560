"""The published snapshot, opened read-only, and the metrics it answers.

A metric is a file in `metrics/`: one SELECT, its first comment the grain. `{{name}}` inside one stands
for the rows of another metric, so that a rule ("what counts inside a period") is written once, and worked out once
for all that ask it of the same period and boundaries.
"""

import hashlib
import re
import warnings
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pandas as pd
import pyarrow

from dashboard import labels
from dashboard.kept import Kept

# Frames are small here: pandas' strings in Arrow cost more at each look-up, of a column's name too, than they save.
pd.set_option("mode.string_storage", "python")

# A statement that is executed is planned once, a relation twice; copying its few rows is less.
warnings.filterwarnings("ignore", "Arrow output on a DB-API result")

METRICS = Path(__file__).parent / "metrics"
_REFERENCE = re.compile(r"\{\{(\w+)\}\}")
_PARAMETER = re.compile(r"\$(\w+)")
_COMMENT = re.compile(r"--.*")
# One process may hold a file open only with one configuration: the load of a return opens a snapshot with the same.
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "lock_configuration": "true",
}
_LEAST, _ANSWERS, _ROWS = 24 * 2**20, 48 * 2**20, 128 * 2**20
"""Bytes to keep of a snapshot's answers, and of rows that metrics hand to others: as its file has, within these."""
_LISTED = 40_000
"""Things that are kept in lists made of a snapshot: some 60 MB of flags, the largest of them."""
_CELL = 72
"""Bytes that a value of an answer takes, roughly: a reference and a short text."""
_WRITTEN_IN = ("year_value",)
"""Metrics of as many rows as there are figures: part of the query that asks, which then reads few of them."""
_WRITTEN_IN_LARGE = (*_WRITTEN_IN, "counted_value")
"""The same in a snapshot of more than `_LEAST` bytes: the rows of a nation would not be kept, and be made each time."""
T = TypeVar("T")
_Asked = tuple[str, tuple[tuple[str, Any], ...]]
"""A metric and the parameters that it uses."""
_NOT_BUILT = (
    "Kho đã giữ báo cáo nhưng chưa có bản số liệu nào dựng từ đó. Hãy báo người quản trị chạy `python -m etl build`."
)


class WarehouseError(Exception):
    """Không mở được kho số liệu."""

    def __init__(self) -> None:
        """Take the class's docstring as the message."""
        super().__init__(type(self).__doc__)


class NoSnapshotError(WarehouseError):
    """Chưa có bản số liệu nào được công bố."""


class UnreadableSnapshotError(WarehouseError):
    """Bản số liệu bị hỏng hoặc thiếu, và không còn bản nào khác. Hãy chạy `python -m etl verify`, rồi `python -m etl build`."""  # noqa: E501


class LacksDataError(WarehouseError):
    """Bản số liệu này do phiên bản khác của chương trình dựng và thiếu phần mà mục này cần. Các mục khác vẫn xem được; xem mục này theo số liệu mới nhất."""  # noqa: E501


class Warehouse:
    """One snapshot. Threads may share it: every query runs on a cursor of its own."""

    def __init__(self, path: Path) -> None:
        """Open the snapshot at `path`; UnreadableSnapshotError when it is not one."""
        self.path = path
        try:
            self._connection = duckdb.connect(str(path), read_only=True, config=_CONFIG)
            rows = self._connection.cursor().execute("SELECT key, value FROM snapshot_info").fetchall()
        except duckdb.Error as error:
            raise UnreadableSnapshotError from error
        self.info: dict[str, str] = dict(rows)
        # A published snapshot never changes, so an answer once given stays true.
        most = max(path.stat().st_size, _LEAST)
        self.is_large = most > _LEAST
        """Whether the rows of all figures are too many to keep: each query then reads those that it needs itself."""
        self._answer: Kept[_Asked, pd.DataFrame] = Kept(
            self._run, lambda frame: (frame.size + 50) * _CELL, min(most, _ANSWERS)
        )
        self._rows: Kept[_Asked, pyarrow.Table] = Kept(
            self._run_shared, lambda table: int(table.nbytes) + 4096, min(most, _ROWS)
        )
        self._made: Kept[Callable[[Warehouse], Any], Any] = Kept(lambda work: work(self), lambda _: 0, 0)
        self._listed: Kept[tuple[Callable[..., Any], tuple[Any, ...]], Sequence[Any]] = Kept(
            lambda asked: asked[0](self, *asked[1]), len, _LISTED
        )

    @property
    def is_simulated(self) -> bool:
        """Whether the figures come from the simulated sample."""
        return self.info.get("is_simulated") == "true"

    @property
    def has_returns(self) -> bool:
        """Whether any return stands behind the snapshot; without one it holds published totals only."""
        return int(self.info.get("returns") or 0) > 0

    def query(self, name: str, **params: Any) -> pd.DataFrame:
        """Run metrics/<name>.sql and return its rows; counts are int, a missing figure is None.

        Parameters the metric does not use are ignored, so that one choice can be handed to all. Raises LacksDataError
        when another version of the program built the snapshot, without a table or column that the metric reads.
        """
        return self._answer((name, _used(name, params))).copy(deep=False)  # copied in truth once it is written to

    def once(self, work: "Callable[[Warehouse], T]") -> T:
        """Return what a module's own function makes of this snapshot and nothing else: made once, and kept.

        What is handed out is everybody's: nobody may change it. Raises what `work` raises, and then keeps nothing.
        """
        made: T = self._made(work)
        return made

    def listed(self, work: "Callable[..., tuple[T, ...]]", *of: Hashable) -> tuple[T, ...]:
        """Return what a module's own function lists of this snapshot and `of`, kept while it is asked for again."""
        return tuple(self._listed((work, of)))

    def _run(self, asked: _Asked) -> pd.DataFrame:
        name, params = asked
        try:
            if name in _referred(self._written_in()):  # others ask for the same rows
                return _frame(self._rows(asked))
            cursor = self._connection.cursor()
            cursor.execute(*self._prepared(cursor, name, dict(params)))
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise LacksDataError from error
        except duckdb.Error:
            _digest.cache_clear()  # the disk may have failed: the file is read again before it is next shown
            raise
        return _answer([column[0] for column in cursor.description or []], cursor.fetchall())

    def _run_shared(self, asked: _Asked) -> pyarrow.Table:
        """Return the rows of a metric that others refer to, in the shape in which DuckDB reads them again."""
        name, params = asked
        cursor = self._connection.cursor()
        cursor.execute(*self._prepared(cursor, name, dict(params)))
        return cursor.to_arrow_table()

    def _prepared(
        self, cursor: duckdb.DuckDBPyConnection, name: str, params: Mapping[str, Any]
    ) -> tuple[str, dict[str, Any]]:
        """Return what a cursor is to execute, with the rows that the metric refers to beside the snapshot's tables."""
        text, references = _metric(name, self._written_in())
        for reference in references:
            cursor.register(_table(reference), self._rows((reference, _used(reference, params))))
        return text, {key: params[key] for key in _PARAMETER.findall(text)}

    def _written_in(self) -> tuple[str, ...]:
        return _WRITTEN_IN_LARGE if self.is_large else _WRITTEN_IN

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


@cache
def parameters(name: str) -> frozenset[str]:
    """Return the parameters that a metric asks for, itself or through those that it refers to."""
    text, references = _metric(name, _WRITTEN_IN)
    return frozenset(_PARAMETER.findall(text)).union(*map(parameters, references))


def _text(name: str) -> str:
    return _COMMENT.sub("", (METRICS / f"{name}.sql").read_text(encoding="utf-8"))


@cache
def _metric(name: str, written_in: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return the text of a metric, without comments and with tables for those that it refers to, and their names.

    written_in: the metrics whose own text stands in it instead.
    """
    text = _text(name)
    for whole in written_in:
        text = text.replace(f"{{{{{whole}}}}}", f"({_text(whole)})")
    return _REFERENCE.sub(lambda match: _table(match[1]), text), tuple(dict.fromkeys(_REFERENCE.findall(text)))


@cache
def _referred(written_in: tuple[str, ...]) -> frozenset[str]:
    """Return the metrics that others refer to."""
    return frozenset(name for path in METRICS.glob("*.sql") for name in _metric(path.stem, written_in)[1])


def _frame(table: pyarrow.Table) -> pd.DataFrame:
    """Return shared rows as an answer: a whole number too long for DuckDB's own is a decimal there, and an int here."""
    columns = [column.to_pylist() for column in table.columns]
    for place, kind in enumerate(table.schema.types):
        if pyarrow.types.is_decimal(kind) and kind.scale == 0:
            columns[place] = [None if value is None else int(value) for value in columns[place]]
    return _answer(table.column_names, list(zip(*columns, strict=True)))


def _answer(names: list[str], rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    # names as plain objects: looking one up among pandas' own strings takes several times as long
    return pd.DataFrame(rows, columns=pd.Index(names, dtype=object), dtype=object)


def _table(name: str) -> str:
    return f"metric_{name}"


def _used(name: str, params: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Return the parameters that a metric asks for, as a key to its answer."""
    return tuple((key, params[key]) for key in sorted(parameters(name)))


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a metric as dictionaries by column."""
    names = frame.columns.tolist()
    return [dict(zip(names, row, strict=True)) for row in rows_of(frame)]


def rows_of(frame: pd.DataFrame) -> list[list[Any]]:
    """Return the rows of a frame, values only: several times as fast as `itertuples`."""
    rows: list[list[Any]] = frame.to_numpy(dtype=object).tolist()
    return rows


def open_snapshot(data: Path, opener: Callable[[Path], Warehouse] = Warehouse) -> tuple[Warehouse, list[str]]:
    """Open the snapshot that viewers should see, and say what they must be told about it.

    The real one once it holds returns, else the simulated sample, else the real one with its published
    totals alone. Raises NoSnapshotError when nothing was ever published, UnreadableSnapshotError when nothing is whole.
    """
    real = _open_published(data / "warehouse", opener)
    if real and (real[0].has_returns or real[1]):  # an older one that stands in may be of before the first return
        return real
    sample = _open_published(data / "sample" / "warehouse", opener)
    found = sample or real
    if found is None:
        raise NoSnapshotError
    if real is None and next((data / "store" / "receipts").glob("[0-9]*.json"), None) is not None:
        return found[0], [*found[1], _NOT_BUILT]
    return found


def is_whole(path: Path, sha256: str) -> bool:
    """Say whether a file is there and holds the bytes of this digest; it is read again only once it has changed."""
    try:
        found = path.stat()
        return _digest(path, found.st_ino, found.st_size, found.st_mtime_ns) == sha256
    except OSError:
        return False


@lru_cache(maxsize=64)
def _digest(path: Path, *_state: int) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _open_published(folder: Path, opener: Callable[[Path], Warehouse]) -> tuple[Warehouse, list[str]] | None:
    """Open what CURRENT names; when that is not whole, the one published last before it, with a notice.

    Which was published last its name says, never the clock of its file. None when nothing was ever published.
    """
    pointed = _pointed(folder)
    published = sorted((path for path in folder.glob("*.duckdb") if not path.name.startswith(".")), reverse=True)
    if pointed is None and not published:
        return None
    latest = next((path for path in published if path.stem == pointed), None)
    opened = latest and _opened(latest, opener)
    if opened:
        return opened, []
    if _pointed(folder) != pointed:  # another was published, and this one deleted, since we looked
        return _open_published(folder, opener)
    for path in published:
        opened = None if path == latest else _opened(path, opener)
        if opened:
            why = "Bản số liệu mới nhất bị hỏng" if latest else "Không tìm thấy bản số liệu mới nhất"
            built = labels.moment(opened.info.get("built_at", ""))
            since = f", dựng lúc {built}" if built else ""
            return opened, [
                f"{why}; đang dùng bản {path.stem}{since}. Hãy báo người quản trị chạy `python -m etl verify`."
            ]
    raise UnreadableSnapshotError


def _opened(path: Path, opener: Callable[[Path], Warehouse]) -> Warehouse | None:
    """Open a snapshot that is as its seal says; None for one that is not, or that has no seal."""
    try:
        sealed = path.with_suffix(".sha256").read_text(encoding="ascii")
        return opener(path) if is_whole(path, sealed) else None
    except (OSError, UnicodeDecodeError, UnreadableSnapshotError):
        return None


def _pointed(folder: Path) -> str | None:
    """Return what CURRENT says, None when there is no such file; "" stands for what cannot be read."""
    try:
        return (folder / "CURRENT").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError):
        return ""
