"""The boundaries figures are counted by: as they were sent, or restated to the units of a chosen day.

Restating only moves figures from a district that was gone by then to the one that took it over: no total changes, and
what was sent for a later unit is never split back.
"""

from collections.abc import Collection, Iterable
from datetime import date

from dashboard import labels
from dashboard.choice import Choice
from dashboard.warehouse import Warehouse, records

AS_SENT = "Như báo cáo"


def boundary_dates(warehouse: Warehouse) -> dict[date, int]:
    """Return the days from which a district counts to its successor -> how many districts there were on that day."""
    return {row["boundary_on"]: row["district_count"] for row in records(warehouse.query("boundary_dates"))}


def boundary_from_link(value: str, days: Collection[date]) -> date | None:
    """Return the day a link names ("2025-01-01"), or None when it is not one of `days`."""
    return next((day for day in days if day.isoformat() == value), None)


def named(boundary_on: date) -> str:
    """Return boundaries as a sentence names them: "theo địa giới ngày 1/1/2025"."""
    return f"theo địa giới ngày {labels.day(boundary_on)}"


def moved_units(warehouse: Warehouse, boundary_on: date | None) -> dict[str, str]:
    """Return the units whose figures count to another -> that other one."""
    rows = records(warehouse.query("moved_units", boundary_on=boundary_on))
    return {row["don_vi_id"]: row["counted_as"] for row in rows if row["is_moved"]}


def boundary_note(warehouse: Warehouse, choice: Choice) -> tuple[str, ...]:
    """Say by which boundaries a choice's figures count and what was moved for that; nothing where they stand as sent.

    Of one unit only what concerns it.
    """
    if choice.boundary_on is None:
        return ()
    rows = records(warehouse.query("moved_units", boundary_on=choice.boundary_on))
    mine = [row for row in rows if choice.don_vi_id in (None, row["counted_as"])]
    moves = [f"{row['label']} tính vào {row['counted_label']}" for row in mine if row["is_moved"]]
    later = [row["label"] for row in mine if not row["is_moved"]]
    day = labels.day(choice.boundary_on)
    notes = [f"Theo địa giới ngày {day}: {'; '.join(moves) or 'không gộp số của đơn vị nào'}."]
    if later:
        notes.append(f"Ngày {day} chưa có {_listed(later)}: số liệu không tách ngược được, giữ nguyên ở đó.")
    return tuple(notes)


def as_sent_note(choice: Choice, reason: str = "mỗi báo cáo là của đơn vị đã gửi") -> tuple[str, ...]:
    """Say that the chosen boundaries do not touch an exhibit, and why; nothing where none are chosen."""
    return (f"Không tính {named(choice.boundary_on)}: {reason}.",) if choice.boundary_on else ()


def _listed(names: Iterable[str]) -> str:
    *before, last = names
    return f"{', '.join(before)} và {last}" if before else last
