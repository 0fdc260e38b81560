"""What a target share asks for: how many more models, and how they divide over places, in whole numbers.

Shares are exact fractions: 12 % of 6.540 is decided by whole numbers, not by the last digit of a decimal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from dashboard import labels
from dashboard.labels import number, percent

GOAL_PAGE, GOAL, GOAL_FIELD = "muc_tieu", "muc_tieu", "linh_vuc_muc_tieu"  # the page, and its choices in a link
PERCENTS = range(1, 51)  # what can be asked for: a share of one in a hundred up to a half


@dataclass(frozen=True)
class Need:
    """What one field needs for a share of all models, the other fields as they are. `base` counts all models."""

    count: int
    base: int
    target: Fraction

    @property
    def more(self) -> int:
        """How many more models the field needs."""
        return models_needed(self.count, self.base, self.target)

    @property
    def sentence(self) -> str:
        """The arithmetic: that so many reach the target and one fewer does not."""
        share = f"{number(self.count)} / {number(self.base)} = {percent(self.count / self.base, 2)}"
        goal = goal_text(self.target)
        if not self.more:
            return f"{share}: đã đạt {goal}."
        reached = f"{self._sum(self.more)}, đạt {goal}"
        return f"Hiện có {share}. Thêm {number(self.more)}: {reached}; thêm {number(self.more - 1)} thì chưa: {self._sum(self.more - 1)}."  # noqa: E501

    def _sum(self, more: int) -> str:
        """Return "(564 + 251) / (6.540 + 251) = 815 / 6.791 = 12,00%", with as many decimals as the target needs."""
        count, base = self.count + more, self.base + more
        digits = next((n for n in range(2, 6) if _is_told(count, base, self.target, n)), 6)
        return (
            f"({number(self.count)} + {number(more)}) / ({number(self.base)} + {number(more)}) = "
            f"{number(count)} / {number(base)} = {percent(count / base, digits)}"
        )


def share_of(percents: int) -> Fraction:
    """Return 12 as the share 12/100."""
    return Fraction(percents, 100)


def percents_from_link(value: str) -> int | None:
    """Return the percentage a link names, or None when it is not one that can be asked for."""
    # isdecimal alone would let the digits of other scripts through.
    if len(value) <= 2 and value.isascii() and value.isdecimal() and int(value) in PERCENTS:
        return int(value)
    return None


def goal_text(target: Fraction) -> str:
    """Return a target share as "12%", or "12,5%"."""
    return percent(float(target), 0 if (target * 100).denominator == 1 else 1)


def models_needed(count: int, base: int, target: Fraction) -> int:
    """Return the smallest whole x ≥ 0 with (count + x) / (base + x) ≥ target.

    count models of the field are among `base`; the other fields stay as they are. 0 ≤ target < 1.
    """
    return max(0, ceil((target * base - count) / (1 - target)))


def models_needed_together(counts: Mapping[str, int], base: int, target: Fraction) -> dict[str, int] | None:
    """Return the fewest models each field needs so that all of them reach `target` at once; None: no number does.

    What one field adds makes the whole larger for the others: each number is at least `models_needed` alone.
    """
    alone = {key: models_needed(count, base, target) for key, count in counts.items()}
    while True:
        whole = base + sum(alone.values())
        more = {key: max(0, ceil(target * whole - count)) for key, count in counts.items()}
        if more == alone:
            return more
        if all(more.values()) and target * len(counts) >= 1:
            return None
        alone = {key: max(more[key], alone[key]) for key in counts}


def divided(whole: int, weights: Sequence[int]) -> list[int]:
    """Return `whole` divided over places by their weights in whole parts that add up to it exactly (largest remainder).

    Equal remainders: the place named first. No weight above zero: nothing can be divided, every part is 0.
    """
    total = sum(weights)
    if not total:
        return [0] * len(weights)
    parts = [whole * weight // total for weight in weights]
    remainders = sorted(range(len(weights)), key=lambda place: -(whole * weights[place] % total))
    for place in remainders[: whole - sum(parts)]:
        parts[place] += 1
    return parts


def per_year(more: int, years: int) -> str:
    """Return how many a year that is: "41,8"; a whole number without decimals."""
    return number(more // years) if more % years == 0 else number(more / years, 1)


def years_left(first: int, last: int, known_to: int) -> tuple[int, int] | None:
    """Return the years of a target period that come after the figures' last year; None when none is left."""
    start = max(first, known_to + 1)
    return (start, last) if start <= last else None


def in_years(years: tuple[int, int]) -> str:
    """Return "mỗi năm trong 6 năm 2025-2030", or "trong năm 2030"."""
    first, last = years
    return f"mỗi năm trong {last - first + 1} năm {labels.years(first, last)}" if first < last else f"trong năm {last}"


def _is_told(count: int, base: int, target: Fraction, digits: int) -> bool:
    """Return whether so many decimals of the percentage show on which side of the target a share is."""
    shown = Fraction(f"{count / base * 100:.{digits}f}")
    return (shown >= target * 100) == (Fraction(count, base) >= target)
