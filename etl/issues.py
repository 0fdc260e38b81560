"""What is said about a file: one `Issue` for each thing that its sender should know."""

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
