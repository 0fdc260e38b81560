"""When two snapshots hold the same: the sha256 of every table exported with its rows sorted."""

import hashlib
from pathlib import Path

from etl.build import open_read_only

_OF_A_BUILD = ("snapshot_id", "built_at")
"""Facts of `snapshot_info` that differ from build to build."""


def table_digests(snapshot: Path) -> dict[str, str]:
    """Return the sha256 of every table of a snapshot, without when and as what it was built."""
    digests = {}
    with open_read_only(snapshot) as connection:
        names = connection.execute("SELECT table_name FROM duckdb_tables() ORDER BY ALL").fetchall()
        for (name,) in names:
            rows = connection.execute(f"SELECT * FROM {name}").fetchall()
            lines = sorted(repr(row) for row in rows if name != "snapshot_info" or row[0] not in _OF_A_BUILD)
            digests[name] = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return digests
