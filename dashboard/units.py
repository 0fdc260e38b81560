"""The units that send returns, by id: asked of a snapshot once, because every run of every page names them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from dashboard.warehouse import Warehouse, records


def unit_rows(warehouse: Warehouse) -> Mapping[str, Mapping[str, Any]]:
    """Return every unit as the metric `units` has it, in its order. Raises LacksDataError."""
    return warehouse.once(_unit_rows)


def unit_names(warehouse: Warehouse) -> Mapping[str, str]:
    """Return every unit's name, in the order of the units. Raises LacksDataError."""
    return warehouse.once(_unit_names)


def unit_name(warehouse: Warehouse, don_vi_id: str | None) -> str:
    """Return a unit's name, "" for none and for one that the snapshot does not know."""
    return unit_names(warehouse).get(don_vi_id or "", "")


def is_district(warehouse: Warehouse, don_vi_id: str | None) -> bool:
    """Return whether there is such a unit and it is a district."""
    return bool(unit_rows(warehouse).get(don_vi_id or "", {}).get("is_district"))


def _unit_rows(warehouse: Warehouse) -> Mapping[str, Mapping[str, Any]]:
    return MappingProxyType({row["don_vi_id"]: MappingProxyType(row) for row in records(warehouse.query("units"))})


def _unit_names(warehouse: Warehouse) -> Mapping[str, str]:
    return MappingProxyType({key: row["label"] for key, row in unit_rows(warehouse).items()})
