"""Numbers and dates in messages to Vietnamese readers."""

from datetime import date

from babel.dates import format_date
from babel.numbers import format_decimal


def count_text(value: int) -> str:
    """Return a count as Vietnamese print it: 1236 -> "1.236"."""
    return str(format_decimal(value, locale="vi"))


def date_text(value: date) -> str:
    """Return a date as Vietnamese print it: 10/10/2024."""
    return str(format_date(value, "d/M/yyyy", locale="vi"))
