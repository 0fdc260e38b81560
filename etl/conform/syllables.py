"""Whether a text reads as Vietnamese: every word with a diacritic is a syllable that Vietnamese has.

Text of an old font or a wrong encoding does not: "Kinh tÕ", "Kinh teá" and "Kinh táº¿" are three spellings
of one word that fail here, while "Kinh tế" passes.
"""

import itertools
import re
import unicodedata

from etl.text import remembered

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_WORD = re.compile(r"[^\s\"'“”‘’()\[\]{}.,;:!?/\\\u2013\u2014\u2026_+*&%@#<>=|~^-]+")
_ONSET = re.compile("ch|gh|gi|kh|nh|ngh|ng|ph|qu|th|tr|[bcdđghklmnpqrstvx]|")
_RHYME = re.compile(
    # each vowel with what may follow it
    "a(?:c|ch|i|m|n|ng|nh|o|p|t|u|y|)|ă(?:c|k|m|n|ng|p|t)|â(?:c|m|n|ng|p|t|u|y)|e(?:c|m|n|ng|o|p|t|)"
    "|ê(?:ch|m|n|nh|p|t|u|)|i(?:a|ch|m|n|nh|p|t|u|)|iê(?:c|m|n|ng|p|t|u)|o(?:c|i|m|n|ng|p|t|)|oo(?:c|ng)"
    "|oa(?:c|ch|i|m|n|ng|nh|o|p|t|y|)|oă(?:c|m|n|ng|t)|oe(?:n|o|t|)|ô(?:c|i|m|n|ng|p|t|)|ơ(?:i|m|n|ng|p|t|)"
    "|u(?:a|c|i|m|n|ng|p|t|)|uâ(?:n|ng|t|y)|uê(?:ch|n|nh|t|)|uô(?:c|i|m|n|ng|t)|uơ|uy(?:a|ch|nh|p|t|u|)|uyê(?:n|t)"
    "|ư(?:a|c|i|m|n|ng|t|u|)|ươ(?:c|i|m|n|ng|p|t|u)|y|yê(?:m|n|ng|t|u)"
)
_EITHER = ("oa", "oe", "uy")  # hoà and hòa are both written


def reads_as_vietnamese(text: str) -> bool:
    """Whether every word of `text` that is not plain ASCII is a Vietnamese syllable."""
    words = _WORD.findall(unicodedata.normalize("NFC", text))
    return all(word.isascii() or _is_word(word) for word in words)


@remembered
def _is_word(word: str) -> bool:
    return _is_evenly_cased(word) and _is_syllable(word.casefold())


def _is_evenly_cased(word: str) -> bool:
    """Whether no capital follows a small letter, as one does in "tÕ", which old fonts show as "tế"."""
    return not any(first.islower() and second.isupper() for first, second in itertools.pairwise(word))


def _is_syllable(word: str) -> bool:
    letters, tones = _without_tone(word.replace("ð", "đ"))
    if len(tones) > 1:
        return False
    found = _ONSET.match(letters)
    onset = found[0] if found else ""
    # The i of "gi" is also the vowel: gì, giếng.
    splits = ("gi", "g") if onset == "gi" else (onset,)
    rhymes = ((len(start), letters.removeprefix(start)) for start in splits)
    return any(
        _RHYME.fullmatch(rhyme) and (not tones or tones[0] - length in _toned(rhyme)) for length, rhyme in rhymes
    )


def _without_tone(word: str) -> tuple[str, list[int]]:
    """Return a word without its tones, and which of its letters had one."""
    letters: list[str] = []
    tones: list[int] = []
    for char in unicodedata.normalize("NFD", word):
        if char in _TONES:
            tones.append(len(letters) - 1)
        elif unicodedata.combining(char) and letters:
            letters[-1] = unicodedata.normalize("NFC", letters[-1] + char)
        else:
            letters.append(char)
    return "".join(letters), tones


def _toned(rhyme: str) -> set[int]:
    """Return which letters of a rhyme may carry its tone."""
    marked = [place for place, char in enumerate(rhyme) if char in "ăâêôơư"]
    if marked:
        return {marked[-1]}
    vowels = re.match("[aeiouy]*", rhyme)
    count = len(vowels[0]) if vowels else 0
    if count == 2 and len(rhyme) == 2:
        return {0, 1} if rhyme in _EITHER else {0}
    return {1} if count > 1 else {0}
