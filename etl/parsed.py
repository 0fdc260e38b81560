"""A stored file's parsed cells as Parquet: its figures and its register, each row with its cell."""

from collections.abc import Iterable
from dataclasses import asdict, fields
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from etl.conform.returns import RegisterRow, Return
from etl.durable import write_durably

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


PARSED_FILES = tuple(f"{kind}.parquet" for kind in SCHEMAS)


def write_parsed(folder: Path, returns: list[Return]) -> None:
    """Write `figures.parquet` and `models.parquet` of a file's returns."""
    for kind, schema in SCHEMAS.items():
        rows = [
            {"return_no": number} | asdict(item)
            for number, found in enumerate(returns)
            for item in getattr(found, kind)
        ]
        table = pa.Table.from_pylist(rows, schema=schema)
        path = folder / f"{kind}.parquet"
        write_durably(path, lambda temporary, table=table: pq.write_table(table, temporary))  # type: ignore[misc]


def read_parsed(files: Path, digests: Iterable[str], kind: str) -> pa.Table:
    """Return the `kind` ("figures" or "models") of the stored files with these sha256, with a column `sha256`.

    Raises OSError or pyarrow.ArrowException for a file that is missing or cannot be read.
    """
    schema = SCHEMAS[kind]
    tables = [schema.empty_table().append_column("sha256", pa.array([], pa.string()))]
    for sha256 in digests:
        table = pq.ParquetFile(files / sha256 / f"{kind}.parquet").read()
        tables.append(table.append_column("sha256", pa.array([sha256] * table.num_rows, pa.string())))
    return pa.concat_tables(tables)
