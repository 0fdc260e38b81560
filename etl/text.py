"""Text as people type it, made comparable.

`clean` keeps what a reader sees; `fold` gives the key by which whole labels are matched; `find_phrases`
finds names inside running text. Nothing here knows any particular label.
"""

import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

# Soft hyphen, zero-width characters, writing-direction marks, emoji variation selectors, byte order mark.
_UNSEEN = (0x00AD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), *range(0x2066, 0x206A))
_CLEANED = dict.fromkeys([*_UNSEEN, 0xFE0E, 0xFE0F, 0xFEFF]) | dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), " ")
_SPACES = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[\W_]+")
_WORD = re.compile(r"[^\W_]+")
_LOOSE_GAP = re.compile(r"[\s_.\-\u2010-\u2015]*")
_SHORT = 200
"""Characters up to which a text is remembered: labels and names are, running text is not."""
_MOST_KEPT = 2**15
"""Texts remembered at a time."""
# Not "X." or "P.": those shorten xã and phường, and dropping them would turn a ward into a district.
_ENUMERATOR = re.compile(r"^(?:\(?\d{1,2}(?:\.\d{1,2})*\s*[.)/]|(?:I{1,3}|IV|VI{0,3}|IX)\s*[.)/]|[a-gđ][.)])\s*")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a running text. marks: its diacritics, "" for a word typed bare; gap: what stands before it."""

    key: str
    marks: str
    gap: str


Phrase = tuple[Word, ...]
PhraseIndex = Mapping[str, Sequence[tuple[Phrase, str]]]


T = TypeVar("T")


class _Bare(dict[int, int | str | None]):
    """What becomes of each character of a key: diacritics go, đ is d, y is i; each is looked up once."""

    def __missing__(self, code: int) -> int | str | None:
        self[code] = None if unicodedata.combining(chr(code)) else code
        return self[code]


# U+00F0 (Icelandic eth) and U+0256 are the small letters of what some input methods type for the Vietnamese Đ.
_BARE = _Bare({ord("đ"): "d", ord("ð"): "d", ord("ɖ"): "d", ord("y"): "i"})


def remembered(function: Callable[[str], T]) -> Callable[[object], T]:
    """Let a function of a text keep its answers: the same few hundred short texts stand in every return."""
    kept: dict[object, T] = {}  # a plain table: asked millions of times, it costs half of an lru_cache behind a test

    @functools.wraps(function)
    def answer(value: object) -> T:
        try:
            return kept[value]
        except KeyError:
            text = str(value)
        found = function(text)
        if len(text) <= _SHORT:
            if len(kept) >= _MOST_KEPT:
                kept.clear()
            kept[text] = found
        return found

    return answer


@remembered
def clean(value: str) -> str:
    """Return `value` as NFC text without invisible or control characters and with single spaces."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", value).translate(_CLEANED)).strip()


@remembered
def fold(value: str) -> str:
    """Return the matching key of `value`: no case, diacritics or punctuation, đ as d, y as i.

    "Văn hoá – Xã hội" and "văn hóa - xã hội" have one key; so do "Kì" and "Kỳ".
    """
    text = unicodedata.normalize("NFKD", clean(value)).casefold()
    return _NOT_WORD.sub(" ", text.translate(_BARE)).strip()


@functools.lru_cache(maxsize=2**10)
def keys_of(labels: tuple[str, ...]) -> frozenset[str]:
    """Return the matching keys of the catalogue's labels for one thing."""
    return frozenset(map(fold, labels))


@remembered
def without_enumerator(value: str) -> str:
    """Return `value` without a leading "1.", "II.", "a)" or "-", as table rows carry."""
    return _ENUMERATOR.sub("", clean(value).lstrip("-+•*–— "), count=1)


@remembered
def words_of(text: str) -> Phrase:
    """Return the words of a running text."""
    cleaned, end, found = clean(text), 0, []
    for match in _WORD.finditer(cleaned):
        found.append(Word(fold(match[0]), _marks(match[0]), cleaned[end : match.start()]))
        end = match.end()
    return tuple(found)


def index_phrases(labels: Iterable[str]) -> PhraseIndex:
    """Return labels ready for `find_phrases`: by their first word, the longest first."""
    index: dict[str, list[tuple[Phrase, str]]] = {}
    for phrase, label in sorted(((words_of(label), label) for label in labels), key=lambda item: -len(item[0])):
        if phrase:
            index.setdefault(phrase[0].key, []).append((phrase, label))
    return index


def find_phrases(text: Phrase, index: PhraseIndex) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, label) for each of the index's labels in the text, from left to right, the longest first.

    A word typed bare stands for any diacritics; otherwise they must agree, so that "tháng bình quân" does
    not name Thăng Bình. Commas and brackets end a phrase.
    """
    start = 0
    while start < len(text):
        candidates = index.get(text[start].key, ())
        hit = next(((phrase, name) for phrase, name in candidates if stands_at(text, start, phrase)), None)
        if hit is None:
            start += 1
            continue
        yield start, start + len(hit[0]), hit[1]
        start += len(hit[0])


def stands_at(text: Phrase, start: int, phrase: Phrase) -> bool:
    """Say whether the words of `text` from `start` on are `phrase`, as `find_phrases` compares them."""
    part = text[start : start + len(phrase)]
    return len(part) == len(phrase) and all(
        word.key == wanted.key
        and word.marks in ("", wanted.marks)
        and (index == 0 or _LOOSE_GAP.fullmatch(word.gap) or word.gap.strip() == wanted.gap.strip())
        for index, (word, wanted) in enumerate(zip(part, phrase, strict=True))
    )


def _marks(word: str) -> str:
    """Return a word's diacritics in one order, so that hòa and hoà have the same."""
    text = unicodedata.normalize("NFD", word.casefold())
    return "".join(sorted(char for char in text if unicodedata.combining(char) or char in "đðɖ")).replace("ð", "đ")
