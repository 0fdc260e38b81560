"""The store and the catalogue as Arrow tables: what the SQL of `etl/sql/` starts from."""

from typing import Any

import pyarrow as pa

from etl.catalogue import Catalogue
from etl.periods import Period, due_on
from etl.receipts import StoredReturn
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
_COVERAGE = pa.schema([("return_id", pa.string()), ("indicator_id", pa.string())])


def stage(store: Store, catalogue: Catalogue) -> dict[str, pa.Table]:
    """Return the tables that the build's SQL reads, by name.

    Raises DamagedStore when a stored file cannot be read.
    """
    returns = store.returns
    coverage = [
        {"return_id": found.return_id, "indicator_id": indicator_id}
        for found in returns
        for indicator_id in found.covers
    ]
    return {
        "stage_return": pa.Table.from_pylist([_return(found, catalogue) for found in returns], schema=_RETURN),
        "stage_coverage": pa.Table.from_pylist(coverage, schema=_COVERAGE),
        "stage_figure": store.parsed("figures"),
        "stage_model": staged_models(store.parsed("models"), returns, catalogue),
        "stage_named_model": staged_named_models(catalogue),
    }


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


def _return(found: StoredReturn, catalogue: Catalogue) -> dict[str, Any]:
    row = {name: getattr(found, name) for name in _RETURN.names if name != "due_on"}
    period = Period(found.period_kind, found.from_year, found.to_year)  # type: ignore[arg-type]
    return row | {"due_on": due_on(period, catalogue.deadlines)}
