"""What the rules on written norms share: years of zero in a row, and rows for what cannot be judged.

A zero counts only where a return says so; a figure that is not known ends a row of zeros and accuses nobody.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from etl.flags.facts import Facts, FloatArray
from etl.flags.flag import Flag, Kind, Level, grey
from etl.labels import date_text

CERTAIN = "Chắc chắn theo các báo cáo đã nhận: đơn vị ghi rõ số 0, không phải bỏ trống."


def zero_years(figures: FloatArray) -> NDArray[np.int_]:
    """Return how many years of known zeros in a row each series (last axis: years) ends with."""
    is_zero = np.flip(figures == 0, axis=-1)
    return np.asarray(np.cumprod(is_zero, axis=-1).sum(axis=-1), dtype=np.int_)


def level_of_years(length: int, limits: Mapping[str, float], name: str) -> Level | None:
    """Return the level that so many years reach, by the thresholds `name`_watch, `name`_warn and `name`_severe."""
    steps: Sequence[tuple[str, Level]] = (("severe", "nghiem_trong"), ("warn", "canh_bao"), ("watch", "theo_doi"))
    return next((level for step, level in steps if length >= limits.get(f"{name}_{step}", np.inf)), None)


def cut_off(facts: Facts, index: int) -> date | None:
    """Return the day a district's figures of the year under review stop, None when they hold the whole year."""
    unit = facts.districts[index].don_vi_id
    days = [
        row["as_of_on"]
        for row in facts.tables.get("part_years", [])
        if row["don_vi_id"] == unit and row["year"] == facts.to_year
    ]
    return days[0] if days else None


def part_year_note(facts: Facts, index: int) -> str:
    """Say that the year under review is not over in a district's figures, "" when it is."""
    day = cut_off(facts, index)
    return f" Năm {facts.to_year} chưa trọn: số liệu chốt ngày {date_text(day)}." if day else ""


def none_reported(rule: str, kind: Kind) -> Flag:
    """Return the one row of a rule on districts when no district has reported anything."""
    return grey(rule, kind, "Chưa có báo cáo của huyện nào.", "Đôn đốc các huyện gửi báo cáo, rồi xét lại.")


def not_reported(rule: str, kind: Kind, facts: Facts, index: int, what: str) -> Flag:
    """Return the row of a district whose figures of the year under review are not known. what: the figures."""
    label, year = facts.districts[index].label, facts.to_year
    return grey(
        rule,
        kind,
        f"{label} chưa có số liệu năm {year} về {what}.",
        f"Đôn đốc {label} gửi hoặc bổ sung báo cáo năm {year}.",
        don_vi_id=facts.districts[index].don_vi_id,
        from_year=year,
        to_year=year,
    )
