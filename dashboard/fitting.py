"""How large a text may be written so that it stays in its place, from the widths of Arial's letters.

Office programs are not asked: a deck must look right wherever it is opened.
"""

import unicodedata
from dataclasses import dataclass
from math import floor

_WIDTHS = {
    0.25: "ijl'|",
    0.3: "ftI.,:;/![]· ",
    0.36: 'r()-{}“”‘’"',
    0.5: "ckJsvxyz*†",
    0.88: "mM%",
    1.0: "W@…",
    0.78: "GOQwĐ",
}
_EMS = {char: width for width, chars in _WIDTHS.items() for char in chars}
_LINE = 1.22  # of the letter size
_POINTS = 72


@dataclass(frozen=True)
class Fitted:
    """A text as it may be written: cut where even the smallest size is too large."""

    text: str
    size: float
    lines: int

    @property
    def height(self) -> float:
        """Inches that its lines need."""
        return self.lines * self.size * _LINE / _POINTS


def fitted(text: str, width: float, height: float, sizes: tuple[float, ...], *, bold: bool = False) -> Fitted:
    """Return the text at the first of `sizes` (largest first) at which it fits a place in inches, cut at the last."""
    for size in sizes:
        needed = count_lines(text, width, size, bold=bold)
        if needed * size * _LINE / _POINTS <= height:
            return Fitted(text, size, needed)
    size = sizes[-1]
    allowed = max(1, floor(height * _POINTS / (size * _LINE)))
    return Fitted(_cut(text, width, size, allowed, bold=bold), size, allowed)


def count_lines(text: str, width: float, size: float, *, bold: bool = False) -> int:
    """Return how many lines a text takes in a width in inches, words kept whole where they fit."""
    room = width * _POINTS / size
    lines, used = 1, 0.0
    for word in text.split(" "):
        length = _ems(word, bold=bold)
        if used and used + _ems(" ", bold=bold) + length > room:
            lines, used = lines + 1, 0.0
        else:
            length += _ems(" ", bold=bold) if used else 0.0
        while used + length > room:
            lines, length = lines + 1, used + length - room
            used = 0.0
        used += length
    return lines


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a text is on one line, in inches."""
    return _ems(text, bold=bold) * size / _POINTS


def _cut(text: str, width: float, size: float, lines: int, *, bold: bool) -> str:
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if count_lines(text[:middle].rstrip() + "…", width, size, bold=bold) <= lines:
            low = middle
        else:
            high = middle - 1
    return text if low == len(text) else text[:low].rstrip() + "…"


def _ems(text: str, *, bold: bool) -> float:
    """Return a text's width in letter sizes."""
    width = sum(_letter(char) for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
    return width * (1.1 if bold else 1.03)


def _letter(char: str) -> float:
    if char in _EMS:
        return _EMS[char]
    if unicodedata.east_asian_width(char) in "WF":
        return 1.05
    return 0.7 if char.isupper() else 0.56
