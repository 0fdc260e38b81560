"""What a single cell looks like: something meant as a number, or a note, a date line, a signature."""

import re

from etl.sheets import Odd, Value
from etl.text import clean, fold

Cells = dict[int, Value]

_LONGEST_FIGURE = 20
_DATE = re.compile(r"\bngai[ \d]*thang\b|\bthang \d{1,2} nam\b|^(?:ngai )?\d{1,2} \d{1,2} \d{4}$")
_NOTE = re.compile(r"^(?:so|dt|sdt|dien thoai|tel|ngai|thang|nam|qui|trang|bieu|qd|cv|bc|kh)\b")


def shown(value: Value | None) -> str:
    """Return a cell's value as a message quotes it, "" for none."""
    if value is None:
        return ""
    if isinstance(value, Odd):
        return value.text
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return clean(value)


def is_figure(value: Value) -> bool:
    """Whether a cell holds something meant as a number: not a note, a signature or a date line."""
    if not isinstance(value, str):
        return True
    key = fold(value)
    has_digit = any(char.isdigit() for char in key)
    return has_digit and len(key) <= _LONGEST_FIGURE and not _DATE.search(key) and not _NOTE.match(key)


def is_date(value: Value) -> bool:
    """Whether a cell holds a date typed as one."""
    return isinstance(value, Odd) and value.kind == "date"
