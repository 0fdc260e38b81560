"""What a viewer has chosen: a period, perhaps a unit and boundaries, read from a link that anyone may have typed.

It knows no snapshot: who asks says what there is to choose from.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from dashboard.labels import folded

MOST_OFFERED = 300
"""Units that one list offers; of more, those whose name was typed."""


@dataclass(frozen=True)
class Choice:
    """A period, and one unit or (None) the whole province.

    boundary_on: figures are counted to the units that were there on this day; None: to the units that sent them.
    """

    from_year: int
    to_year: int
    don_vi_id: str | None
    boundary_on: date | None = None

    @property
    def params(self) -> dict[str, Any]:
        """The choice as parameters of a metric."""
        return dict(vars(self))


def offered(names: Mapping[str, str], typed: str, kept: str) -> dict[str, str]:
    """Return the first of these names (id -> name) that hold what was typed, diacritics or not; "" and `kept` stay."""
    wanted = folded(typed)
    found = islice((key for key, name in names.items() if key and wanted in folded(name)), MOST_OFFERED)
    return {key: names[key] for key in dict.fromkeys(["", kept, *found])}


def year_from_link(value: str, years: Collection[int]) -> int | None:
    """Return the year a link names, or None when it is not one of `years`."""
    # isdecimal alone would let the digits of other scripts through.
    if len(value) == 4 and value.isascii() and value.isdecimal() and int(value) in years:
        return int(value)
    return None


def id_from_link(value: str, ids: Collection[str]) -> str | None:
    """Return the id a link names, or None when it is not one of `ids`."""
    return value if value in ids else None
