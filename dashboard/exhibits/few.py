"""Which units an exhibit shows where they are more than a screen holds: both ends, and the unit that was chosen.

A title still speaks of all units, and the download holds them all.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import pandas as pd

from dashboard.exhibit import Exhibit
from dashboard.labels import number

MOST_UNITS = 60
"""Units that one chart and the table under it show: a province has 18 districts, and a screen some 60 rows."""
MOST_POINTS = 400
"""Units that a map or a chart of points shows."""
Whole = Callable[[], Exhibit] | None


@dataclass(frozen=True)
class Few:
    """The units to show (None: all of them), and the sentence that says so."""

    units: Collection[str] | None
    notes: tuple[str, ...] = ()

    def of(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of these units."""
        return frame if self.units is None else frame[frame["don_vi_id"].isin(list(self.units))]

    def whole(self, make: Callable[[], Exhibit]) -> Whole:
        """Return what makes the exhibit of all units; None where it shows them all already."""
        return None if self.units is None else make


def both_ends(units: pd.Series, values: pd.Series, chosen: str | None, most: int | None) -> Few:
    """Return the units with the highest and the lowest values, at most `most` (None: all) and the chosen one.

    units: an id a row; values: theirs, None where missing. Missing ones are shown only while there is room.
    """
    if most is None or len(units) <= most:
        return Few(None)
    ordered = pd.DataFrame({"don_vi_id": units, "value": values.astype(float)}).sort_values(
        "value", ascending=False, kind="stable"
    )
    ids, known = ordered["don_vi_id"].tolist(), int(ordered["value"].notna().sum())
    high = min(most // 2, known)
    low = max(high, known - (most - high))
    said = f"{number(high)} đơn vị cao nhất và {number(known - low)} đơn vị thấp nhất"
    room = most - high - (known - low)
    if room:
        said += f", {number(room)} đơn vị chưa có số liệu"
    return _few([*ids[:high], *ids[low:known], *ids[known : known + room]], said, len(units), chosen)


def first_ones(units: pd.Series, said: str, chosen: str | None, most: int | None) -> Few:
    """Return the first `most` units (None: all) in the order they stand in, and the chosen one.

    said: how the sentence calls them behind their number, as "đơn vị thiếu nhiều báo cáo nhất".
    """
    ids = units.drop_duplicates().tolist()
    if most is None or len(ids) <= most:
        return Few(None)
    return _few(ids[:most], f"{number(most)} {said}", len(ids), chosen)


def _few(shown: list[str], said: str, every: int, chosen: str | None) -> Few:
    if chosen is not None and chosen not in shown:
        shown, said = [*shown, chosen], f"{said}, và đơn vị được chọn"
    return Few(frozenset(shown), (f"Chỉ hiện {said} trong {number(every)} đơn vị; tệp tải về có đủ.",))
