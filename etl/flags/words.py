"""The phrases that flags share, in Vietnamese: numbers, years, chances and lists."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from babel.numbers import format_decimal, format_percent

from etl.labels import count_text


def decimal(value: float, digits: int = 2) -> str:
    """Return 0.345 as "0,35" ("0,345" with three digits)."""
    return str(format_decimal(value, format=f"#,##0.{'0' * digits}", locale="vi"))


@lru_cache(maxsize=1024)  # every rule's text is written with every threshold
def plain(value: float) -> str:
    """Return a number with as many decimals as it has: 0.6 -> "0,6", 10.0 -> "10"."""
    return str(format_decimal(value, locale="vi"))


def amount(value: float) -> str:
    """Return a number as a reader wants it: whole numbers and large ones without decimals, small ones with one."""
    return count_text(round(value)) if value >= 20 or value == int(value) else decimal(value, 1)


def percent(share: float, digits: int = 1) -> str:
    """Return 0.0862 as "8,6%"."""
    return str(format_percent(share, format=f"#,##0{'.' + '0' * digits if digits else ''}%", locale="vi"))


def years(places: Sequence[int]) -> str:
    """Return "năm 2024", or "các năm 2022-2024" for several."""
    return f"năm {places[0]}" if len(places) == 1 else f"các năm {places[0]}-{places[-1]}"


def listed(names: Iterable[str]) -> str:
    """Return "A", "A và B" or "A, B và C"."""
    found = list(names)
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} và {found[-1]}"


def one_in(p: float) -> str:
    """Return how rare a chance is: 0.024 -> "khoảng 1 trong 40 lần"."""
    if p < 0.0001:
        return "chưa tới 1 trong 10.000 lần"
    if p > 0.4:
        return f"khoảng {round(10 * p)} trong 10 lần"
    times = 1 / p
    step = 10 ** max(0, len(str(int(times))) - 2)
    rounded = round(times / step) * step if times < 20 * step else round(times / (5 * step)) * 5 * step
    return f"khoảng 1 trong {count_text(int(rounded))} lần"


def by_chance(p: float) -> str:
    """Say how often chance alone would show as much as was seen."""
    return f"Nếu thực ra không có gì khác mức chung thì chỉ {one_in(p)} mới thấy thấp như vậy"


def how_likely(probability: float) -> str:
    """Return the words agreed for a probability: 0,8 and more, 0,5 to 0,8, less."""
    if probability >= 0.8:
        return "nhiều khả năng (khoảng 8 trong 10)"
    return "có dấu hiệu, chưa chắc" if probability >= 0.5 else "chưa thể phân định"
