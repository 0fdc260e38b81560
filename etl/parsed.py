"""A stored file's parsed cells as Parquet: its figures and its register, each row with its cell.

It knows nothing of where they are stored, nor whether they still count.
"""

from dataclasses import fields
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from etl.conform.returns import RegisterRow, Return

FIGURES = pa.schema(
    [
        ("return_no", pa.int32()),
        ("indicator_id", pa.string()),
        ("linh_vuc_id", pa.string()),
        ("value", pa.int64()),
        ("sheet", pa.string()),
        ("cell", pa.string()),
    ]
)
MODELS = pa.schema(
    [("return_no", pa.int32())]
    + [(item.name, pa.int32() if item.name == "start_year" else pa.string()) for item in fields(RegisterRow)]
)
SCHEMAS = {"figures": FIGURES, "models": MODELS}
# small files: what helps in big ones costs more than it saves
_AS_WRITTEN: dict[str, Any] = {"compression": "none", "write_statistics": False, "store_schema": False}


def parsed_files(returns: list[Return]) -> dict[str, bytes]:
    """Return the Parquet files of a file's returns by name: `figures.parquet`, and `models.parquet` for a register."""
    files = {}
    for kind, schema in SCHEMAS.items():
        rows = [(number, item) for number, found in enumerate(returns) for item in getattr(found, kind)]
        if rows or kind == "figures":
            columns = {"return_no": [number for number, _ in rows]}
            columns |= {name: [getattr(item, name) for _, item in rows] for name in schema.names[1:]}
            sink = pa.BufferOutputStream()
            pq.write_table(pa.Table.from_pydict(columns, schema=schema), sink, **_AS_WRITTEN)
            files[f"{kind}.parquet"] = sink.getvalue().to_pybytes()
    return files


def read_parsed(sha256: str, path: Path) -> pa.Table:
    """Return the rows of one stored file's Parquet file, with a column `sha256`.

    Raises OSError or pyarrow.ArrowException when it is missing or cannot be read.
    """
    # from memory and without threads: thousands of small files take a third of the time
    table = pq.ParquetFile(pa.BufferReader(path.read_bytes())).read(use_threads=False)
    return table.append_column("sha256", pa.array([sha256] * table.num_rows, pa.string()))
