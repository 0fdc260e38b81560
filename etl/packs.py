"""Packs: the parsed cells of many stored files in a few big Parquet files, so that a build opens few files.

warehouse/packs/figures-<sha256 of its content>.parquet holds figures of some files, each with the sha256 of its file;
models-… their registers. A pack only repeats what the store holds and may be deleted at any time; one that is altered,
or tells of a file otherwise than the store does, is deleted and its files are read again.
"""

import contextlib
import hashlib
import itertools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from etl.durable import write_bytes_durably
from etl.parsed import read_parsed

_FULL = 1_000_000
"""Rows from which on a pack is left alone."""
_TOLD = b"dvk_files"
Files = Mapping[str, tuple[str, Path]]
"""By a stored file's sha256: the digest of its parsed cells, and where they are."""


@dataclass(frozen=True)
class _Pack:
    """A pack on disk. files: the digest of the parsed cells of each file in it, by the file's sha256."""

    path: Path
    files: dict[str, str]
    rows: int


def packed(folder: Path, kind: str, files: Files) -> list[Path]:
    """Return Parquet files that hold the `kind` ("figures" or "models") of these stored files, each row once.

    They may still hold files that were withdrawn. What no pack holds is read from the store and packed; small packs
    become one. Raises OSError or pyarrow.ArrowException for what cannot be read.
    """
    packs = _whole_packs(folder, kind, files)
    packed_already = {sha256 for pack in packs for sha256 in pack.files}
    loose = iter(sorted(files.keys() - packed_already))
    while some := _read_some(loose, files):
        packs.append(_write(folder, kind, *some))
        while len(packs) > 1 and 2 * packs[-1].rows >= packs[-2].rows and packs[-2].rows < _FULL:
            packs[-2:] = [_merged(folder, kind, packs[-2:])]
    return [pack.path for pack in packs]


def altered_packs(folder: Path) -> list[Path]:
    """Return the packs that are not as they were written; the next build reads their files from the store."""
    return [pack.path for pack in map(_opened, sorted(folder.glob("*.parquet"))) if not pack.files]


def _whole_packs(folder: Path, kind: str, files: Files) -> list[_Pack]:
    """Return the packs to be used, the biggest first, and delete the others.

    Of two that hold the same file the smaller one is what a merge that was cut short left behind.
    """
    found = [pack for pack in map(_opened, sorted(folder.glob(f"{kind}-*.parquet"))) if pack.path.exists()]
    used: list[_Pack] = []
    met: set[str] = set()
    for pack in sorted(found, key=lambda pack: -pack.rows):
        is_true = all(files[sha256][0] == digest for sha256, digest in pack.files.items() if sha256 in files)
        if pack.files and is_true and met.isdisjoint(pack.files):
            used.append(pack)
            met |= pack.files.keys()
        else:
            _delete([pack])
    return used


def _opened(path: Path) -> _Pack:
    """Return a pack, without files where it is not as it was written."""
    try:
        content = path.read_bytes()
        if path.stem.rpartition("-")[2] != hashlib.sha256(content).hexdigest():
            return _Pack(path, {}, 0)
        told = pq.read_metadata(pa.BufferReader(content))
        return _Pack(path, json.loads(told.metadata[_TOLD]), told.num_rows)
    except (OSError, ValueError, TypeError, KeyError, pa.ArrowException):
        return _Pack(path, {}, 0)


def _read_some(loose: Iterable[str], files: Files) -> tuple[pa.Table, dict[str, str]] | None:
    """Return the rows of the next files, up to a full pack, and the files' digests; None when none are left."""
    tables: list[pa.Table] = []
    taken: dict[str, str] = {}
    rows = 0
    for sha256 in loose:
        tables.append(read_parsed(sha256, files[sha256][1]))
        taken[sha256] = files[sha256][0]
        rows += tables[-1].num_rows
        if rows >= _FULL:
            break
    return (pa.concat_tables(tables), taken) if tables else None


def _merged(folder: Path, kind: str, packs: list[_Pack]) -> _Pack:
    table = pa.concat_tables(pq.read_table(pack.path) for pack in packs)
    merged = _write(folder, kind, table, dict(itertools.chain.from_iterable(pack.files.items() for pack in packs)))
    _delete(packs)
    return merged


def _write(folder: Path, kind: str, table: pa.Table, files: dict[str, str]) -> _Pack:
    sink = pa.BufferOutputStream()
    pq.write_table(table.replace_schema_metadata({_TOLD: json.dumps(files)}), sink)
    content = sink.getvalue().to_pybytes()
    path = folder / f"{kind}-{hashlib.sha256(content).hexdigest()}.parquet"
    write_bytes_durably(path, content)
    return _Pack(path, files, table.num_rows)


def _delete(packs: Iterable[_Pack]) -> None:
    for pack in packs:
        with contextlib.suppress(OSError):  # one that stays is passed over again
            pack.path.unlink()
