"""What is said about a file: one `Issue` for each thing that its sender should know.

Nothing here knows who says it: reading, conforming, loading and the checks of a snapshot all say it like this.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much an issue matters: `loi` rejects the file, `canh_bao` marks it, `ghi_chu` only informs."""

    LOI = "loi"
    CANH_BAO = "canh_bao"
    GHI_CHU = "ghi_chu"


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding, in Vietnamese, tied to a place in the file ("" where no place applies)."""

    rule: str
    level: Level
    message: str
    sheet: str = ""
    cell: str = ""


def issues_of(rows: Iterable[dict[str, str]]) -> tuple[Issue, ...]:
    """Return issues as they were before they were written to a file of the store."""
    return tuple(Issue(**{**row, "level": Level(row["level"])}) for row in rows)  # type: ignore[arg-type]
