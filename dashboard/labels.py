"""Numbers, dates and phrases the Vietnamese way, the same in tables, charts, exports and messages.

They know nothing else of the program.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

LOCALE = "vi"
_NOT_WORD = re.compile(r"[\W_]+")
MISSING = "chưa có số liệu"
SIMULATED = "DỮ LIỆU MÔ PHỎNG"


@lru_cache(maxsize=4096)
def number(value: float | None, digits: int = 0) -> str:
    """Return 1236 as "1.236" and, with digits, 0.52 as "0,52"."""
    if value is None:
        return MISSING
    pattern = "#,##0" if digits == 0 else "#,##0." + "0" * digits
    return str(format_decimal(value, format=pattern, locale=LOCALE))


@lru_cache(maxsize=4096)
def percent(share: float | None, digits: int = 1) -> str:
    """Return 0.248 as "24,8%"."""
    if share is None:
        return MISSING
    pattern = "#,##0%" if digits == 0 else "#,##0." + "0" * digits + "%"
    return str(format_percent(share, format=pattern, locale=LOCALE))


def day(value: date | datetime | None) -> str:
    """Return a date as "10/10/2024"."""
    return MISSING if value is None else str(format_date(value, "d/M/yyyy", locale=LOCALE))


def moment(text: str) -> str:
    """Return an ISO moment as this machine's clock shows it, "22/11/2026 17:05"; "" for none."""
    if not text:
        return ""
    found = datetime.fromisoformat(text).astimezone()
    return f"{day(found)} {found:%H:%M}"


def snapshot(info: Mapping[str, str]) -> str:
    """Return how readers tell one snapshot from another: when it was built and the end of its id."""
    built, code = moment(info.get("built_at", "")), info.get("snapshot_id", "").rsplit("-", 1)[-1]
    return f"{built}, mã {code}" if built else f"mã {code}"


def day_of_year(value: date | datetime) -> str:
    """Return a date whose year stands beside it as "10/10"."""
    return str(format_date(value, "d/M", locale=LOCALE))


def years(from_year: int, to_year: int) -> str:
    """Return "2009-2024", or "2024" for a single year."""
    return str(from_year) if from_year == to_year else f"{from_year}-{to_year}"


def period(from_year: int, to_year: int) -> str:
    """Return "giai đoạn 2009-2024", or "năm 2024" for a single year."""
    kind = "năm" if from_year == to_year else "giai đoạn"
    return f"{kind} {years(from_year, to_year)}"


def return_period(kind: str, from_year: int, to_year: int) -> str:
    """Return what a return is of: "năm 2024", "6 tháng đầu năm 2024" or "giai đoạn 2009-2024"."""
    return f"6 tháng đầu năm {to_year}" if kind == "6_thang" else period(from_year, to_year)


def sentence(text: str) -> str:
    """Return `text` with its first letter as a capital, the rest untouched."""
    return text[:1].upper() + text[1:]


def unaccented(text: str) -> str:
    """Return the text as typed without diacritics, in lower case, for searching."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char)).replace("đ", "d")


def whole(value: float | None) -> float | None:
    """Return a count as the integer it is; what is not whole stays as it is."""
    return int(value) if value is not None and value == int(value) else value


@lru_cache(maxsize=2**15)
def folded(text: str) -> str:
    """Return text as search keys have it: no case, diacritics or punctuation, đ as d, y as i."""
    seen = "".join(char for char in text if unicodedata.category(char) != "Cf" and char not in "\ufe0e\ufe0f")
    plain = unicodedata.normalize("NFKD", seen).casefold()
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return _NOT_WORD.sub(" ", plain.translate(str.maketrans("đðɖy", "dddi"))).strip()
