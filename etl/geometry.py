"""Official borders of units, when the catalogue holds them: `dia_gioi.geojson`, a feature a unit (RFC 7946).

Nothing is simplified or repaired: borders are drawn as their publisher wrote them, or the file is refused.
"""

import json
from pathlib import Path
from typing import Any

from etl.catalogue_checks import CatalogueError
from etl.catalogue_rows import Geometry

_LINEAR_RING = 4  # positions a ring has at least: the last repeats the first


def read_geometry(path: Path, units: set[str]) -> list[Geometry]:
    """Return each unit's borders, none where the catalogue has no such file.

    Raises CatalogueError naming the file, and the feature where one is wrong: an unknown unit or one met twice, no
    polygon, coordinates that are no longitude and latitude.
    """
    if not path.exists():
        return []
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise CatalogueError(f"{path.name}: không đọc được ({error})") from None
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list):
        raise CatalogueError(f"{path.name}: phải là một FeatureCollection có “features”")
    found: dict[str, Geometry] = {}
    for number, feature in enumerate(features, 1):
        where = f"{path.name}, vùng thứ {number}"
        unit, shape = _parts(feature)
        if unit not in units:
            raise CatalogueError(f"{where}: don_vi_id = {unit!r} không có trong danh mục")
        if unit in found:
            raise CatalogueError(f"{where}: don_vi_id = {unit!r} đã có ở một vùng trên")
        if not _is_area(shape):
            raise CatalogueError(
                f"{where} ({unit}): geometry phải là Polygon hoặc MultiPolygon, mỗi vòng khép kín, "
                "tọa độ là kinh độ và vĩ độ (WGS84)"
            )
        found[unit] = Geometry(don_vi_id=unit, geojson=json.dumps(shape))
    return list(found.values())


def _parts(feature: Any) -> tuple[Any, Any]:
    """Return what a feature names and what it draws, None for what it lacks."""
    if not isinstance(feature, dict):
        return None, None
    properties = feature.get("properties")
    unit = properties.get("don_vi_id") if isinstance(properties, dict) else None
    return unit if isinstance(unit, str) else None, feature.get("geometry")


def _is_area(shape: Any) -> bool:
    if not isinstance(shape, dict) or not isinstance(shape.get("coordinates"), list):
        return False
    polygons = {"Polygon": [shape["coordinates"]], "MultiPolygon": shape["coordinates"]}.get(str(shape.get("type")))
    return bool(polygons) and all(
        isinstance(polygon, list) and polygon and all(_is_ring(ring) for ring in polygon) for polygon in polygons or ()
    )


def _is_ring(ring: Any) -> bool:
    return (
        isinstance(ring, list)
        and len(ring) >= _LINEAR_RING
        and all(_is_position(place) for place in ring)
        and ring[0] == ring[-1]
    )


def _is_position(place: Any) -> bool:
    """Say whether a place is a longitude and a latitude in degrees, perhaps with a height."""
    return (
        isinstance(place, list)
        and len(place) in (2, 3)
        and all(isinstance(part, int | float) and not isinstance(part, bool) for part in place)
        and abs(place[0]) <= 180
        and abs(place[1]) <= 90
    )
