"""From the store to a snapshot: every table filled by one SELECT, then the checks, then the flags.

It writes one new file and knows nothing of which snapshot readers see: that is for `etl.publish`.
"""

import errno
import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from etl import __version__
from etl.catalogue import Catalogue
from etl.settings import ROOT
from etl.stage import Staged, dimensions, stage
from etl.store import Store

_SQL = ROOT / "etl" / "sql"
_CHECKS = ROOT / "etl" / "checks"
_FLAGS = ROOT / "etl" / "flags"
_MEMORY = "1GB"
"""What DuckDB may take while it builds; beyond that it uses the disk."""
_MOMENT = "%Y%m%dT%H%M%S%f"
_CATALOGUED = (".csv", ".toml", ".geojson")
_STEPS = ("core_return", "core_value", "core_year_value", "core_span_value", "core_mo_hinh", "core_mo_hinh_status")
# how much districts swing by themselves in a year, as the flags estimated it; NULL when too few gave returns
_TELL_TAU = """
    UPDATE snapshot_info
    SET value = (SELECT CAST(round(sqrt(value), 4) AS VARCHAR) FROM flag_measure WHERE measure_id = 'tau2_nam')
    WHERE key = 'tau'
"""


Queries = Mapping[str, str]
Engine = Callable[[Queries, Mapping[str, Staged], Path], AbstractContextManager[Queries]]
"""Answers queries over the staged tables, keeping what it must in a folder; gives the queries that read its answers."""


def duckdb_engine(queries: Queries, staged: Mapping[str, Staged], folder: Path) -> AbstractContextManager[Queries]:
    """Leave all to DuckDB, which builds the snapshot: the queries are their own answers."""
    return nullcontext(queries)


def core_queries() -> dict[str, str]:
    """Return what fills the core tables: each query reads the staged tables and the answers before its own."""
    return {name: _read(_SQL / f"{name}.sql") for name in ("in_force", *_STEPS)}


def in_parquet(paths: Iterable[Path]) -> str:
    """Return the query that reads Parquet files, whatever signs are in their names (DuckDB takes them for patterns)."""
    literals = ("'" + re.sub(r"([*?[])", r"[\1]", str(path)).replace("'", "''") + "'" for path in paths)
    return f"SELECT * FROM read_parquet([{', '.join(literals)}])"


def give(connection: duckdb.DuckDBPyConnection, name: str, content: Staged) -> None:
    """Let queries read a table the build starts from under a name."""
    if isinstance(content, list):
        connection.execute(f"CREATE TEMP VIEW {name} AS {in_parquet(content)}")
    else:
        connection.register(name, content)


def open_read_only(path: Path) -> duckdb.DuckDBPyConnection:
    """Open a snapshot for reading: it can reach no other file.

    The settings are those of the dashboard: one process may hold a file open only with one configuration.
    """
    return duckdb.connect(
        str(path), read_only=True, config={"enable_external_access": "false", "lock_configuration": "true"}
    )


def warm_up() -> None:
    """Begin to bring in what a build needs, while other work is done: scipy and what belongs to it take seconds."""
    threading.Thread(target=_bring_flags, name="warm-up").start()


def _bring_flags() -> None:
    with suppress(Exception):  # the build, which waits for the same import, says what is wrong with it
        import pandas  # noqa: F401  # first: pyarrow asks for it at its first table, and would wait for all of scipy

        import etl.flags  # noqa: F401


def build(path: Path, store: Store, catalogue: Catalogue, *, after: str = "", engine: Engine = duckdb_engine) -> str:
    """Write a whole snapshot to `path`, a new file; return its snapshot_id, which sorts behind the id `after`.

    The same store and catalogue give the same rows in the same order. Raises DamagedStore, and OSError when the disk is
    full or fails.
    """
    warm_up()
    snapshot_id = _new_snapshot_id(store, catalogue, after)
    staged = stage(store, catalogue, path.parent / "packs")
    from etl.flags import flag_tables, read_facts  # only a build pays for it; see `warm_up`

    with (
        engine(core_queries(), staged, path.parent) as answers,
        _failures_of_disk(path),
        duckdb.connect(str(path), config={"memory_limit": _MEMORY}) as connection,
    ):
        connection.begin()  # one wait for the disk instead of one a statement
        connection.execute((_SQL / "schema.sql").read_text(encoding="utf-8"))
        for table, rows in dimensions(catalogue).items():
            _insert_rows(connection, table, rows)
        _insert_rows(connection, "snapshot_info", _info(snapshot_id, store, catalogue))
        for name, content in staged.items():
            give(connection, name, content)
        connection.execute(f"CREATE TEMP TABLE in_force AS {answers['in_force']}")
        for name in _STEPS:
            connection.execute(f"INSERT INTO {name} BY NAME SELECT * FROM ({answers[name]}) ORDER BY ALL")
        _insert_load_warnings(connection, store)
        for check in sorted(_CHECKS.glob("*.sql")):
            _run_check(connection, check)
        facts = read_facts(connection)
        with ThreadPoolExecutor(1, thread_name_prefix="commit") as beside:  # takes as long as flags do
            committed = beside.submit(connection.commit)
            flagged = flag_tables(facts)
            committed.result()
        connection.begin()
        for table, rows in flagged.items():
            _insert_rows(connection, table, rows)
        connection.execute(_TELL_TAU)
        connection.commit()
        connection.execute("CHECKPOINT")
    return snapshot_id


def warnings_of(path: Path, return_ids: list[str]) -> list[tuple[str, ...]]:
    """Return what a snapshot's checks found about these returns: (return_id, rule, level, sheet, cell, message)."""
    query = """
        SELECT return_id, rule, level, coalesce(sheet, ''), coalesce(cell, ''), message
        FROM check_result
        WHERE return_id IN (SELECT unnest($ids))
    """
    with open_read_only(path) as connection:
        return connection.execute(query, {"ids": return_ids}).fetchall()


def receipts_in(path: Path) -> int:
    """Return how many of the store's receipts a snapshot was made of."""
    with open_read_only(path) as connection:
        found = connection.execute("SELECT value FROM snapshot_info WHERE key = 'receipts'").fetchone()
    return int(found[0]) if found else 0


def is_made_of(snapshot_id: str, store: Store, catalogue: Catalogue) -> bool:
    """Say whether a snapshot was built by this program from just these receipts and this catalogue."""
    return snapshot_id.endswith(f"-{_digest_of(store, catalogue)}")


@contextmanager
def _failures_of_disk(path: Path) -> Iterator[None]:
    """Raise what DuckDB says of a full or failing disk as the OSError that it is."""
    try:
        yield
    except (duckdb.IOException, duckdb.TransactionException, duckdb.FatalException) as problem:
        raise OSError(errno.EIO, str(problem).rpartition(": ")[2].strip(), str(path)) from problem


def _new_snapshot_id(store: Store, catalogue: Catalogue, after: str) -> str:
    """Return an id that sorts by time and names what went in: the receipts, the catalogue and the program.

    Where the clock was set back, it is a moment later than `after`: ids tell which snapshot was published last.
    """
    moment = datetime.now(UTC)
    with suppress(ValueError, OverflowError):
        last = datetime.strptime(after.split("-")[0], _MOMENT).replace(tzinfo=UTC)
        moment = max(moment, last + timedelta(microseconds=1))
    return f"{moment.strftime(_MOMENT)}-{_digest_of(store, catalogue)}"


def _digest_of(store: Store, catalogue: Catalogue) -> str:
    content = hashlib.sha256(__version__.encode())
    for receipt in store.receipts:
        content.update(receipt["receipt_sha256"].encode())
    catalogued = [item for item in sorted(catalogue.folder.iterdir()) if item.suffix in _CATALOGUED]
    for item in (*catalogued, *sorted(_SQL.glob("*.sql")), *sorted(_CHECKS.glob("*.sql")), *_flag_files()):
        content.update(item.read_bytes())
    return content.hexdigest()[:8]


def _flag_files() -> list[Path]:
    """Return what flags are computed with: a rule that changes asks for a new snapshot."""
    return [
        ROOT / "etl" / "statistics.py",
        *(path for path in sorted(_FLAGS.rglob("*")) if path.suffix in (".py", ".sql")),
    ]


def _info(snapshot_id: str, store: Store, catalogue: Catalogue) -> list[dict[str, Any]]:
    province = catalogue.province
    facts = {
        "snapshot_id": snapshot_id,
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "program_version": __version__,
        "is_simulated": str(bool(store.is_simulated)).lower(),
        "returns": str(len(store.returns)),
        "tau": None,
        "receipts": str(len(store.receipts)),
        "province": province.name,
        "movement": province.movement,
        "commission": province.commission,
        "signed_report": province.signed_report,
        "first_year": str(province.first_year),
        "closed_years": ",".join(map(str, sorted(store.closed_years))),
        "letter": province.letter.model_dump_json() if province.letter else None,
        "report": province.report.model_dump_json() if province.report else None,
    }
    return [{"key": key, "value": value} for key, value in facts.items()]


def _insert_rows(connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    """Insert rows by name, ignoring what the table has no column for."""
    described = connection.execute(f"SELECT column_name FROM (DESCRIBE {table})").fetchall()
    columns = [name for (name,) in described]
    if not rows:
        return
    given = pa.Table.from_pylist([{name: row[name] for name in columns} for row in rows])
    connection.register("given", given)  # one INSERT of all rows: row by row takes a second a snapshot
    connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM given")
    connection.unregister("given")


def _insert_load_warnings(connection: duckdb.DuckDBPyConnection, store: Store) -> None:
    """Carry over what loading warned about, tied to what all returns of the file share: one return, unit or year."""
    held = {found.return_id for found in store.returns}
    rows = []
    met = set()
    for receipt in store.receipts:
        returns = receipt.get("returns", [])
        if not any(found["return_id"] in held for found in returns) or receipt["sha256"] in met:
            continue
        met.add(receipt["sha256"])  # a file that came again for what was withdrawn of it says nothing new
        shared = {"return_id": "return_id", "don_vi_id": "don_vi_id", "year": "to_year"}
        subject = {column: _only({found[name] for found in returns}) for column, name in shared.items()}
        rows += [issue | subject for issue in receipt["issues"] if issue["level"] == "canh_bao"]
    rows.sort(key=lambda row: json.dumps(row, ensure_ascii=False, sort_keys=True))
    _insert_rows(connection, "check_result", rows)


def _only(values: set[Any]) -> Any:
    """Return the one value of a set, None where there are more."""
    return next(iter(values)) if len(values) == 1 else None


def _run_check(connection: duckdb.DuckDBPyConnection, check: Path) -> None:
    text = _read(check)
    level = text.splitlines()[0].removeprefix("-- level:").strip()
    connection.execute(
        "INSERT INTO check_result BY NAME "
        f"SELECT '{check.stem}' AS rule, '{level}' AS level, found.* FROM ({text}) AS found ORDER BY ALL"
    )


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8").rstrip().rstrip(";") + "\n"
