"""The store and the catalogue as Arrow tables: what the SQL of `etl/sql/` starts from."""

from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from etl.catalogue import Catalogue
from etl.packs import packed
from etl.parsed import SCHEMAS
from etl.periods import due_on
from etl.receipts import DamagedStore, StoredReturn
from etl.stage_models import staged_models, staged_named_models
from etl.store import Store
from etl.text import fold

_RETURN = pa.schema(
    [
        ("return_id", pa.string()),
        ("don_vi_id", pa.string()),
        ("period_kind", pa.string()),
        ("from_year", pa.int32()),
        ("to_year", pa.int32()),
        ("due_on", pa.date32()),
        ("sent_on", pa.date32()),
        ("as_of_on", pa.date32()),
        ("state", pa.string()),
        ("file_name", pa.string()),
        ("sha256", pa.string()),
        ("layout", pa.string()),
        ("is_simulated", pa.bool_()),
        ("sequence", pa.int64()),
        ("return_no", pa.int32()),
    ]
)
_SHA256 = pa.field("sha256", pa.string())
Staged: TypeAlias = pa.Table | list[Path]
"""A table the build starts from: in memory, or as the Parquet files that hold it."""
_COVERAGE = pa.schema([("return_id", pa.string()), ("indicator_id", pa.string())])


def stage(store: Store, catalogue: Catalogue, packs: Path) -> dict[str, Staged]:
    """Return the tables that the build's SQL reads, by name. packs: the folder of the store's packed cells.

    Raises DamagedStore when a stored file cannot be read.
    """
    returns = store.returns
    figures, models = (_packed(store, packs, kind) for kind in ("figures", "models"))
    registers = pa.concat_tables([SCHEMAS["models"].append(_SHA256).empty_table(), *map(pq.read_table, models)])
    return {
        "stage_return": _returns(returns, catalogue),
        "stage_coverage": _coverage(returns),
        "stage_figure": figures or SCHEMAS["figures"].append(_SHA256).empty_table(),
        "stage_model": staged_models(registers, returns, catalogue),
        "stage_named_model": staged_named_models(catalogue),
    }


def _packed(store: Store, packs: Path, kind: str) -> list[Path]:
    try:
        return packed(packs, kind, store.parsed_files(kind))
    except (OSError, pa.ArrowException) as error:
        raise DamagedStore("Kho không đọc được số liệu đã tách của một tệp") from error


def dimensions(catalogue: Catalogue) -> dict[str, list[dict[str, Any]]]:
    """Return the catalogue's rows by the table of the snapshot they fill."""
    sources = {row.source_id: row.published_on for row in catalogue.sources}
    tables = {
        "dim_linh_vuc": catalogue.linh_vuc,
        "dim_don_vi": catalogue.don_vi,
        "dim_don_vi_year": catalogue.don_vi_year,
        "dim_indicator": catalogue.indicators,
        "dim_event": catalogue.events,
        "dim_threshold": catalogue.thresholds,
        "dim_deadline": catalogue.deadlines,
        "dim_source": catalogue.sources,
        "dim_measure": catalogue.measures,
        "dim_list": catalogue.lists,
        "dim_leadership_action": catalogue.leadership_actions,
        "dim_leadership_mention": catalogue.leadership_mentions,
        "dim_geometry": catalogue.geometry,
        "dim_flag_bench": catalogue.flag_bench,
    }
    rows = {name: [item.model_dump() for item in items] for name, items in tables.items()}  # type: ignore[attr-defined]
    rows["published_total"] = [
        item.model_dump() | {"published_on": sources[item.source_id]} for item in catalogue.published_totals
    ]
    rows["dim_typical_model"] = [item.model_dump() | {"name_key": fold(item.name)} for item in catalogue.typical_models]
    return rows


def _returns(returns: list[StoredReturn], catalogue: Catalogue) -> pa.Table:
    periods = [found.period for found in returns]
    due = {period: due_on(period, catalogue.deadlines) for period in set(periods)}
    columns: dict[str, list[Any]] = {
        name: [getattr(found, name) for found in returns] for name in _RETURN.names if name != "due_on"
    }
    columns["due_on"] = [due[period] for period in periods]
    return pa.Table.from_pydict(columns, schema=_RETURN)


def _coverage(returns: list[StoredReturn]) -> pa.Table:
    ids = [found.return_id for found in returns for _ in found.covers]
    indicators = [indicator_id for found in returns for indicator_id in found.covers]
    return pa.Table.from_pydict({"return_id": ids, "indicator_id": indicators}, schema=_COVERAGE)
