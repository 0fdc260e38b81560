"""Papers of many units in one .zip: profiles, and letters to those that owe something."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from dashboard import labels, letters
from dashboard.choice import Choice
from dashboard.documents.sheet import snapshot_name
from dashboard.documents.unit_profile import UnknownUnitError, profile
from dashboard.labels import SIMULATED
from dashboard.letters import FailingCell
from dashboard.paper import plain, zipped
from dashboard.units import unit_rows
from dashboard.warehouse import Warehouse

Progress = Callable[[int, int], None]
"""What is told after each unit: how many are done, of how many."""
LIST_NAME = "danh_sach.txt"
_LONGEST = 60


class NoOfficeError(Exception):
    """Danh mục chưa khai báo cơ quan gửi thư (province.toml, mục letter)."""

    def __init__(self) -> None:
        """Take the class's docstring as the message."""
        super().__init__(type(self).__doc__)


def profiles_zip(
    warehouse: Warehouse,
    choice: Choice,
    don_vi_ids: Sequence[str] | None = None,
    *,
    with_support: bool = False,
    progress: Progress | None = None,
) -> bytes:
    """Return the profiles of units (None: of all that are there in the period) as a .zip; UnknownUnitError."""
    units = _asked(warehouse, choice, don_vi_ids)
    names = _file_names("ho_so", units, choice, is_simulated=warehouse.is_simulated)
    files = {
        names[unit["don_vi_id"]]: profile(warehouse, choice, unit["don_vi_id"], with_support=with_support)
        for unit in _told(units, progress)
    }
    return zipped(files)


def letters_zip(
    warehouse: Warehouse,
    choice: Choice,
    don_vi_ids: Sequence[str] | None = None,
    *,
    as_of: date,
    reply_by: date,
    failing: Mapping[str, Sequence[FailingCell]] | None = None,
    written_on: date | None = None,
    progress: Progress | None = None,
) -> bytes:
    """Return the letters to the units that owe something as a .zip, with a list that names those that do not.

    don_vi_ids None: all units that are there in the period. `failing` are cells of refused files by unit.
    UnknownUnitError; NoOfficeError where the catalogue says nothing about letters.
    """
    if letters.Office.of(warehouse) is None:
        raise NoOfficeError
    units = _asked(warehouse, choice, don_vi_ids)
    names = _file_names("nhac_bao_cao", units, choice, is_simulated=warehouse.is_simulated)
    written: dict[str, bytes] = {}
    listed: dict[bool, list[str]] = {True: [], False: []}
    for unit in _told(units, progress):
        unit_id, label = unit["don_vi_id"], plain(unit["full_label"])
        found = letters.reminder_for(
            warehouse,
            choice,
            unit_id,
            as_of=as_of,
            reply_by=reply_by,
            failing=(failing or {}).get(unit_id, ()),
            written_on=written_on,
        )
        owes = found is not None and not found.is_empty
        listed[owes].append(f"{label}: {names[unit_id]}" if owes else label)
        if found is not None and owes:
            written[names[unit_id]] = letters.reminder(found)
    lines = [
        *([SIMULATED] if warehouse.is_simulated else []),
        f"Công văn nhắc báo cáo, {labels.period(choice.from_year, choice.to_year)}, tính đến {labels.day(as_of)}",
        f"Bản số liệu: {snapshot_name(warehouse)}",
        "",
        f"Có công văn ({len(listed[True])} đơn vị):",
        *(f"- {line}" for line in listed[True]),
        "",
        f"Không nợ báo cáo, không có gì phải sửa hay xác nhận ({len(listed[False])} đơn vị):",
        *(f"- {line}" for line in listed[False]),
    ]
    return zipped({**written, LIST_NAME: "\r\n".join([*lines, ""]).encode("utf-8-sig")})


def units_of(warehouse: Warehouse, choice: Choice) -> list[str]:
    """Return the units that are there in the period, districts first."""
    return list(warehouse.query("units_there", **choice.params)["don_vi_id"])


def _asked(warehouse: Warehouse, choice: Choice, don_vi_ids: Sequence[str] | None) -> list[Mapping[str, Any]]:
    known = unit_rows(warehouse)
    asked = units_of(warehouse, choice) if don_vi_ids is None else list(dict.fromkeys(don_vi_ids))
    for don_vi_id in asked:
        if don_vi_id not in known:
            raise UnknownUnitError(don_vi_id)
    return [known[don_vi_id] for don_vi_id in asked]


def _told(units: Sequence[Mapping[str, Any]], progress: Progress | None) -> Iterator[Mapping[str, Any]]:
    """Yield the units and tell after each how many are done."""
    for done, unit in enumerate(units, 1):
        yield unit
        if progress:
            progress(done, len(units))


def _file_names(what: str, units: Sequence[Mapping[str, Any]], choice: Choice, *, is_simulated: bool) -> dict[str, str]:
    """Return a file name for each unit: letters a-z, digits and underscores, no two alike."""
    years = labels.years(choice.from_year, choice.to_year)
    mark = "_mo_phong" if is_simulated else ""
    taken: dict[str, str] = {}
    for unit in units:
        stem = re.sub("[^a-z0-9]+", "_", labels.unaccented(unit["label"])).strip("_")[:_LONGEST] or "don_vi"
        name, again = stem, 1
        while f"{what}_{name}_{years}{mark}.docx" in taken.values():
            again += 1
            name = f"{stem}_{again}"
        taken[unit["don_vi_id"]] = f"{what}_{name}_{years}{mark}.docx"
    return taken
