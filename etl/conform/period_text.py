"""Reporting periods in running text: "năm 2023", "6 tháng đầu năm 2023", "giai đoạn 2009-2024"."""

import functools
import re

from etl.conform.cells import shown
from etl.periods import Period
from etl.sheets import Value
from etl.text import clean, fold, remembered, words_of

_Y = r"(20[0-9]{2})"
_DATE = re.compile(rf"\bngai[ ,0-9]*thang[ ,0-9]*nam {_Y}|\bthang[ ,]*[0-9]{{1,2}}[ ,]*nam {_Y}")
_PLACE_AND_DATE = re.compile(r"^[^,]{0,40}, ngai\b[ ,0-9]*thang\b")
_TERM = re.compile(rf"\bnhiem ki {_Y} (?:-|den) {_Y}")
_SPAN = re.compile(rf"\b(?:giai doan )?(?:tu )?(?:nam )?{_Y} (?:-|den)(?: het)?(?: nam)? {_Y}\b")
_HALF = re.compile(rf"\b(?:0?6|sau) thang(?:[ ,]+dau)?(?:[ ,]+nam)?[ ,]+{_Y}\b")
_BARE_HALF = re.compile(r"\b(?:0?6|sau) thang\b")
_YEAR = re.compile(rf"\bnam {_Y}\b")
_ONE_YEAR = re.compile(r"^(?:nam )?([0-9]{4})$")
_OTHER = re.compile(
    r"\bthang cuoi nam\b|\b(?:0?[1-57-9]|1[01]|mot|hai|ba|bon|bai|tam|chin|muoi) thang\b|\bqui (?:[0-9]|i{1,3}|iv)\b"
    rf"|\bnam hoc\b|\b(?:den|den het|den cuoi|tu|tu dau|ke tu|dau|truoc|so voi) nam {_Y}|\bnam {_Y} den nai\b"
)
_KINDS = "ghi “năm 2023”, “6 tháng đầu năm 2023” hoặc “giai đoạn 2009-2024”"


class UnclearPeriod(Exception):
    """A text from which the reporting period cannot be told; the message says why."""


def period_in_text(text: str) -> Period | None:
    """Return the one period that a running text names, None when it names none.

    Raises UnclearPeriod when it names two, or one the program does not take (quarters, nine months).
    """
    found = periods_in_text(text)
    if len(found) > 1:
        names = ", ".join(sorted(period.label for period in found))
        raise UnclearPeriod(f"“{clean(text)}” nêu nhiều kỳ ({names}): ghi rõ một kỳ")
    return found.pop() if found else None


def periods_in_text(text: str) -> set[Period]:
    """Return the periods that a running text names, dates and terms of office apart; may raise UnclearPeriod."""
    key = _TERM.sub(" , ", _DATE.sub(" , ", _key(text)))
    found: set[Period] = set()
    for match in _SPAN.finditer(key):
        found.add(span(int(match[1]), int(match[2])))
    key = _SPAN.sub(" , ", key)
    found |= {Period("6_thang", int(match[1]), int(match[1])) for match in _HALF.finditer(key)}
    key = _HALF.sub(" , ", key)
    if _OTHER.search(key):
        raise UnclearPeriod(f"“{clean(text)}” không nêu kỳ nào nhận được: {_KINDS}")
    if _BARE_HALF.search(key):
        raise UnclearPeriod(f"“{clean(text)}” nêu 6 tháng nhưng không có năm liền sau: ghi “6 tháng đầu năm 2023”")
    return found | {Period("nam", int(match[1]), int(match[1])) for match in _YEAR.finditer(key)}


@remembered
def is_place_and_date(text: str) -> bool:
    """Whether a text is the line "Thăng Bình, ngày 10 tháng 12 năm 2023" over or under a document."""
    return "ngai" in fold(text) and bool(_PLACE_AND_DATE.search(_key(text)))  # few texts need the longer look


def year_of(value: Value) -> int | None:
    """Return the year of four digits that a cell holds, None for anything else."""
    match = _ONE_YEAR.match(_key(shown(value))) if isinstance(value, str | int | float) else None
    return int(match[1]) if match else None


def period_of_row(value: Value) -> Period | None:
    """Return the period that a row's key cell names: a year, a span of years or a half-year; else None."""
    year = year_of(value)
    if year is not None:
        return Period("nam", year, year)
    if not isinstance(value, str):
        return None
    key = _key(value)
    if _SPAN.fullmatch(key) is None and _HALF.fullmatch(key) is None:
        return None
    try:
        return period_in_text(value)
    except UnclearPeriod:
        return None


def span(first: int, last: int) -> Period:
    """Return the span of years; raises UnclearPeriod when it is none."""
    if first >= last:
        raise UnclearPeriod(f"giai đoạn {first}-{last} không rõ: năm cuối phải sau năm đầu, một năm thì ghi kỳ Năm")
    return Period("giai_doan", first, last)


@functools.lru_cache(maxsize=2**14)
def _key(text: str) -> str:
    """Return the words of a text, "-" for a dash between them and "," for other marks.

    "Nam" without its breve, in a text that has diacritics, is part of a name (Quảng Nam 2023).
    """
    words = words_of(text)
    has_marks = any(word.marks for word in words)
    keys: list[str] = []
    for word in words:
        if keys and re.search("[-\u2010-\u2015\u2212]", word.gap):
            keys.append("-")
        elif word.gap.strip():
            keys.append(",")
        keys.append("Nam" if word.key == "nam" and has_marks and not word.marks else word.key)
    return " ".join(keys)
