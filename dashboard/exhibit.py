"""What every chart carries wherever it is shown: its message, what it counts, and how far to trust it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard import labels
from dashboard.boundaries import boundary_note, named
from dashboard.figures import Figure, watermarked
from dashboard.provenance.cautions import Caution, caution
from dashboard.scope import Scope

ZERO_AND_MISSING = "Số 0: có báo cáo, không có mô hình. Ô gạch chéo “?”: chưa có số liệu."
FLAGGED = "Khung cam: ô có cảnh báo."


@dataclass(frozen=True)
class Exhibit:
    """A chart with its table and everything a reader must know about it.

    title: the message, computed from the data. subtitle: measure, unit, period. table: Vietnamese column labels,
    typed values, None where missing; columns named in `shares` hold 0-1. base: what shares are taken of, else "".
    slices: as `table`, holding the Slice that each number leads to (of a ratio: its numerator), else None.
    caution: what loading and checks warned about in the returns used, None when nothing. figure: None where the
    table is the exhibit; its columns named in `under` are sentences and stand below each row. whole: makes the same
    exhibit of all units where this one shows some of them, else None.
    """

    key: str
    title: str
    subtitle: str
    figure: Figure | None
    table: pd.DataFrame
    shares: tuple[str, ...]
    unit: str
    period: str
    base: str
    completeness: str
    source: str
    notes: tuple[str, ...]
    is_simulated: bool
    slices: pd.DataFrame | None = None
    caution: Caution | None = None
    under: tuple[str, ...] = ()
    whole: "Callable[[], Exhibit] | None" = None

    def of_all(self) -> "Exhibit":
        """Return the exhibit with every unit it speaks of: what a file to download holds."""
        return self.whole() if self.whole else self


def exhibit_of(scope: Scope, **parts: Any) -> Exhibit:
    """Complete an exhibit with what all exhibits of a scope share."""
    if scope.unit_label:
        parts["title"] = f"{scope.unit_label}: {parts['title']}"
    if scope.warehouse.is_simulated and parts["figure"] is not None:
        parts["figure"] = watermarked(parts["figure"])
    common = {
        "period": labels.sentence(scope.period),
        "base": "",
        "shares": (),
        "source": scope.source,
        "caution": caution(scope.warehouse, scope.choice),
    }
    if scope.choice.boundary_on is not None:
        parts["subtitle"] = f"{parts['subtitle']} · {named(scope.choice.boundary_on)}"
    parts["notes"] = (*parts.get("notes", ()), *boundary_note(scope.warehouse, scope.choice), *scope.part_year_notes)
    return Exhibit(**{**common, **parts, "is_simulated": scope.warehouse.is_simulated})


def wide(frame: pd.DataFrame, index: str, columns: str, name: str, values: str = "value") -> pd.DataFrame:
    """Return `values` as a table with a row for every `index` and a column for every `columns`, in their order."""
    places = list(zip(frame[index], frame[columns], strict=True))
    held = {place: None if value != value else value for place, value in zip(places, frame[values], strict=True)}
    if len(held) < len(places):
        raise ValueError(f"several rows of one {index} and {columns}")
    heads = list(dict.fromkeys(column for _, column in places))
    rows = [[str(row), *(held.get((row, head)) for head in heads)] for row in dict.fromkeys(row for row, _ in places)]
    return pd.DataFrame(rows, columns=[name, *map(str, heads)], dtype=object)


def wide_slices(frame: pd.DataFrame, index: str, columns: str, name: str) -> pd.DataFrame:
    """Return the column `slice` in the shape that `wide` gives the values, and nothing where its names stand."""
    return wide(frame, index, columns, name, "slice").assign(**{name: None})


def main_fields(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep the four fields."""
    return frame[frame["is_main"].astype(bool)]


def used_fields(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep the four fields, and the grey two where they have a figure: nobody owes a figure there."""
    return frame[frame["is_main"].astype(bool) | frame["value"].notna()]
