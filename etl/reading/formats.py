"""What a number format makes of a number: a plain figure, a percentage, a date, or another number."""

import functools
import re
from datetime import datetime, timedelta
from typing import Literal

from etl.sheets import Odd

FormatKind = Literal["number", "percent", "date", "scaled"]

# ECMA-376 part 1, 18.8.30: the formats a file need not spell out (27-36 and 50-58 are East Asian dates).
_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_BUILT_IN_PERCENTS = frozenset((9, 10))

_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
# A comma behind the last digit divides by a thousand; digits or words such as "nghìn" may be part of the format.
_THOUSANDTHS = re.compile(r"[0#?],+(?![0#?,])")
_LITERAL_TEXT = re.compile(r'"([^"]*)"|\\(.)')
MULTIPLE = re.compile("[0-9%‰]|chục|trăm|nghìn|ngàn|triệu|tỷ", re.IGNORECASE)
_CONDITION = re.compile(r"\[[<>=]")
_DIGITS = re.compile("[0#?@]")
_GENERAL = re.compile("general|standard", re.IGNORECASE)


@functools.lru_cache(maxsize=1000)
def kind_of_format(code: str, number: int = -1) -> FormatKind:
    """Return what a format code (or, where it is empty, a built-in format number) shows."""
    if not code:
        if number in _BUILT_IN_DATES:
            return "date"
        return "percent" if number in _BUILT_IN_PERCENTS else "number"
    if _ELAPSED.search(code):
        return "date"
    bare = _GENERAL.sub("", _LITERAL.sub("", code))
    if "%" in bare:
        return "percent"
    if re.search("[ymdhs]", bare, re.IGNORECASE):
        return "date"
    literals = "".join(quoted + escaped for quoted, escaped in _LITERAL_TEXT.findall(code))
    is_other = _THOUSANDTHS.search(bare) or MULTIPLE.search(literals) or not _shows_digits(code)
    return "scaled" if is_other else "number"


def _shows_digits(code: str) -> bool:
    """Whether a format shows a number above zero at all: ";;;" shows nothing, '"-"' a dash, whatever the cell holds."""
    bare = _LITERAL.sub("", code)
    part = bare if _CONDITION.search(code) else bare.partition(";")[0]
    return bool(_DIGITS.search(part) or _GENERAL.search(part))


def odd_number(kind: FormatKind, number: float, is_1904: bool = False) -> Odd:
    """Return a number in a percent or date format with the text a person sees there, in others the number itself."""
    if kind == "percent":
        return Odd("percent", f"{number * 100:.4f}".rstrip("0").rstrip(".").replace(".", ",") + "%")
    if kind == "scaled":
        return Odd("scaled", f"{number:g}".replace(".", ","))
    return Odd("date", _date_text(number, is_1904))


def _date_text(serial: float, is_1904: bool) -> str:
    """Return dd/mm/yyyy for a serial day number; numbers that no date has stay numbers."""
    if not 0 <= serial < 2_958_466:
        return f"{serial:g}"
    if serial < 1:
        return _moment_text(datetime(1900, 1, 1) + timedelta(days=serial), is_time=True)
    # Excel believes in 29/02/1900, so days before it are counted from one day later.
    start = datetime(1904, 1, 1) if is_1904 else datetime(1899, 12, 30 if serial >= 60 else 31)
    try:
        return _moment_text(start + timedelta(seconds=round(serial * 86400)))
    except OverflowError:
        return f"{serial:g}"


def _moment_text(moment: datetime, is_time: bool = False) -> str:
    if is_time:
        return f"{moment:%H:%M}"
    date = f"{moment.day:02}/{moment.month:02}/{moment.year:04}"
    return date if (moment.hour, moment.minute) == (0, 0) else f"{date} {moment:%H:%M}"


def iso_date(text: str) -> Odd:
    """Return an ISO 8601 date or time as dd/mm/yyyy; other text stays as it is."""
    match = re.match(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T([0-9]{2}:[0-9]{2}))?", text)
    if match is None:
        return Odd("date", text[:40])
    year, month, day, time = match.groups()
    return Odd("date", f"{day}/{month}/{year}" + (f" {time}" if time and time != "00:00" else ""))
