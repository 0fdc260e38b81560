"""Figures that a form carries over from an earlier period, and how the form itself remembers them.

They are suggestions to correct. The very hidden sheet of lists keeps a copy of them, so that a form that comes
back with just these figures is told apart from one whose sender looked at them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from etl.sheets import Sheet

Key = tuple[str, str | None]
"""Indicator and field."""
LISTS_SHEET = "_danh_muc"
COLUMN = "ky_truoc"


@dataclass(frozen=True)
class Carried:
    """Figures of an earlier period. said: that period as it stands in a sentence: "năm 2023"."""

    said: str
    figures: Mapping[Key, int]


def as_texts(carried: Carried) -> list[str]:
    """Return the entries that the sheet of lists keeps: the period, then one a figure."""
    rows = [f"{indicator_id}|{field_id or ''}|{value}" for (indicator_id, field_id), value in carried.figures.items()]
    # LibreOffice takes the "_xa_" of an id for an escaped character; no id has a hyphen.
    return [carried.said, *(row.replace("_", "-") for row in rows)]


def carried_in(sheets: Iterable[Sheet]) -> Carried | None:
    """Return what a form carried over, None for a form that carried nothing or no longer says so."""
    for sheet in sheets:
        columns = [column for (row, column), value in sheet.cells.items() if row == 0 and value == COLUMN]
        if sheet.name == LISTS_SHEET and columns:
            entries = [
                str(value) for (row, column), value in sorted(sheet.cells.items()) if column == columns[0] and row
            ]
            parts = [entry.replace("-", "_").split("|") for entry in entries[1:]]
            figures = {(row[0], row[1] or None): int(row[2]) for row in parts if len(row) == 3 and row[2].isdecimal()}
            return Carried(entries[0], figures) if figures else None
    return None
