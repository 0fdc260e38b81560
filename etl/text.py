"""Text as people type it, made comparable.

`clean` keeps what a reader sees; `fold` gives the key by which labels are matched. Nothing here
knows any particular label.
"""

import functools
import re
import unicodedata

_INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
_CONTROL = dict.fromkeys((*range(0x00, 0x20), *range(0x7F, 0xA0)), " ")
_SPACES = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[\W_]+")
# Not "X." or "P.": those shorten xã and phường, and dropping them would turn a ward into a district.
_ENUMERATOR = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2})*\s*[.)/]|(?:I{1,3}|IV|VI{0,3}|IX)\s*[.)/]|[a-hđ]\))\s*")


def clean(value: object) -> str:
    """Return `value` as NFC text without invisible or control characters and with single spaces."""
    text = unicodedata.normalize("NFC", str(value)).translate(_INVISIBLE).translate(_CONTROL)
    return _SPACES.sub(" ", text).strip()


def fold(value: object) -> str:
    """Return the matching key of `value`: no case, diacritics or punctuation, đ as d, y as i.

    "Văn hoá – Xã hội" and "văn hóa - xã hội" have one key; so do "Kì" and "Kỳ".
    """
    return _fold(str(value))


@functools.lru_cache(maxsize=2**16)  # the same few hundred labels stand in every return
def _fold(text: str) -> str:
    text = unicodedata.normalize("NFKD", clean(text)).casefold()
    text = "".join(char for char in text if not unicodedata.combining(char))
    # U+00D0 (Icelandic Eth) is what some input methods type for the Vietnamese Đ.
    text = text.replace("đ", "d").replace("ð", "d").replace("y", "i")
    return _NOT_WORD.sub(" ", text).strip()


def without_enumerator(value: object) -> str:
    """Return `value` without a leading "1.", "II.", "a)" or "-", as table rows carry."""
    text = clean(value).lstrip("-+•* ")
    return _ENUMERATOR.sub("", text, count=1)
