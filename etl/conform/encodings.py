"""What text becomes when a font older than Unicode or a wrong encoding is undone.

Each `Encoding` takes characters as a program shows them today (the bytes read as Windows-1252) and returns
Unicode, or None for text that cannot have been written that way. Nothing here decides what is certain.
"""

import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT = "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"
_BREVE, _CIRCUMFLEX = "\u0306", "\u0302"
_SHARED = frozenset("“”‘’–—…«»\u00a0")  # marks that stand for themselves wherever they are not letters


@dataclass(frozen=True)
class Encoding:
    """A way of writing Vietnamese that is not Unicode. fault: what messages say of a text written so."""

    fault: str
    convert: Callable[[str], str | None]


def character_of(byte: int) -> str:
    """Return what a byte looks like to a program that takes it for Windows-1252, whose gaps are control codes."""
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


_BYTE_OF = {character_of(byte): byte for byte in range(256)} | {chr(byte): byte for byte in range(0x80, 0xA0)}

# TCVN 5712:1993 (TCVN3, "ABC"), the encoding of .VnTime: one byte a letter, from 0xA1 and from 0xB5 on.
_TCVN3_CAPITALS = "ĂÂÊÔƠƯĐăâêôơưđ"
_TCVN3_TONED = {
    0xB5: "àảãáạ",
    0xBB: "ằẳẵắ",
    0xC6: "ặầẩẫấậ",
    0xCC: "è",
    0xCE: "ẻẽéẹềểễếệìỉ",
    0xDC: "ĩíịò",
    0xE1: "ỏõóọồổỗốộờởỡớợù",
    0xF1: "ủũúụừửữứựỳỷỹýỵ",
}
_TCVN3 = {character_of(0xA1 + place): letter for place, letter in enumerate(_TCVN3_CAPITALS)} | {
    character_of(first + place): letter
    for first, letters in _TCVN3_TONED.items()
    for place, letter in enumerate(letters)
}
_TCVN3["\u03bc"] = "à"  # the Greek letter that some programs make of the micro sign

# VNI-Windows: a letter and, behind it, its mark; five letters stand alone.
_VNI_AFTER = {
    "aeouyôö": {"ù": _ACUTE, "ø": _GRAVE, "û": _HOOK, "õ": _TILDE, "ï": _DOT},
    "aeo": {
        "â": _CIRCUMFLEX,
        "á": _CIRCUMFLEX + _ACUTE,
        "à": _CIRCUMFLEX + _GRAVE,
        "å": _CIRCUMFLEX + _HOOK,
        "ã": _CIRCUMFLEX + _TILDE,
        "ä": _CIRCUMFLEX + _DOT,
    },
    "a": {
        "ê": _BREVE,
        "é": _BREVE + _ACUTE,
        "è": _BREVE + _GRAVE,
        "ú": _BREVE + _HOOK,
        "ü": _BREVE + _TILDE,
        "ë": _BREVE + _DOT,
    },
}
_VNI_ALONE = dict(zip("íìæóòîñôö", "íìỉĩịỵđơư", strict=True))


def _vni_pairs() -> dict[str, str]:
    pairs = {}
    for bases, marks in _VNI_AFTER.items():
        for base in bases:
            for mark, diacritics in marks.items():
                letter = unicodedata.normalize("NFC", _VNI_ALONE.get(base, base) + diacritics)
                pairs[base + mark] = letter
                pairs[(base + mark).upper()] = pairs[base.upper() + mark] = letter.upper()
    alone = _VNI_ALONE | {key.upper(): letter.upper() for key, letter in _VNI_ALONE.items()}
    return pairs | alone


_VNI = _vni_pairs()
_VNI_UNIT = re.compile("|".join(sorted(_VNI, key=len, reverse=True)))

# Letters of other alphabets that look like ours; a small Cyrillic "т" does not look like "t".
_CYRILLIC = dict(zip("АВСЕНІЈКМОРЅТХҮавсеіјорѕхуһԁ", "ABCEHIJKMOPSTXYaBceijopsxyhd", strict=True))
_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧανοικρυ", "ABEZHIKMNOPTYXavoikpu", strict=True))
_CYRILLIC_LETTER = re.compile("[\u0400-\u052f]")
_GREEK_LETTER = re.compile("[\u0370-\u03ff]")


def _from_tcvn3(text: str) -> str | None:
    """Undo TCVN3, whose capitals with tones are small letters shown by a font of capitals, .VnTimeH."""
    plain = _letters_only("".join(_TCVN3.get(char, _keep(char)) for char in text))
    return None if plain is None else re.sub(r"[^\W\d_]{2,}", _like_its_plain_letters, plain)


def _like_its_plain_letters(word: re.Match[str]) -> str:
    plain = [char for char in word[0] if char.isascii()]
    return word[0].upper() if plain and all(char.isupper() for char in plain) else word[0]


def _from_vni(text: str) -> str | None:
    rest = _VNI_UNIT.sub("", text)
    if any(_keep(char) == _LOST for char in rest):
        return None
    return _VNI_UNIT.sub(lambda unit: _VNI[unit[0]], text)


def _from_cp1258(text: str) -> str | None:
    content = _bytes_of(text)
    try:
        return None if content is None else unicodedata.normalize("NFC", content.decode("cp1258"))
    except UnicodeDecodeError:
        return None


def _from_utf8_as_western(text: str) -> str | None:
    """Undo UTF-8 read as Windows-1252 or Latin-1; a program may have made a plain space of its NBSP."""
    return _utf8(_bytes_of(text)) or _utf8(_bytes_of(text.replace("Ã ", "Ã\u00a0")))


def _from_utf8_as_cp1258(text: str) -> str | None:
    return _utf8(_bytes_of(text, _CP1258_BYTE_OF))


def _from_html(text: str) -> str | None:
    return html.unescape(text) if re.search("&#x?[0-9A-Fa-f]+;", text) else None


def _from_cyrillic(text: str) -> str | None:
    return _without(_CYRILLIC_LETTER, _CYRILLIC, text)


def _from_greek(text: str) -> str | None:
    return _without(_GREEK_LETTER, _GREEK, text)


def _without(letter: re.Pattern[str], look_alikes: dict[str, str], text: str) -> str | None:
    plain = letter.sub(lambda found: look_alikes.get(found[0], found[0]), text)
    return None if plain == text or letter.search(plain) else unicodedata.normalize("NFC", plain)


TCVN3 = Encoding("viết bằng bảng mã cũ TCVN3 (phông .VnTime)", _from_tcvn3)
VNI = Encoding("viết bằng bảng mã cũ VNI (phông VNI-Times)", _from_vni)
CP1258 = Encoding("viết bằng bảng mã cũ Windows-1258", _from_cp1258)
UTF8_AS_WESTERN = Encoding("bị lỗi bảng mã (UTF-8 đọc nhầm)", _from_utf8_as_western)
UTF8_AS_CP1258 = Encoding("bị lỗi bảng mã (UTF-8 đọc nhầm)", _from_utf8_as_cp1258)
HTML = Encoding("viết bằng mã ký tự HTML", _from_html)
CYRILLIC = Encoding("có chữ cái Kirin trông giống chữ Việt", _from_cyrillic)
GREEK = Encoding("có chữ cái Hy Lạp trông giống chữ Việt", _from_greek)

ENCODINGS = (CYRILLIC, GREEK, HTML, UTF8_AS_WESTERN, UTF8_AS_CP1258, TCVN3, VNI, CP1258)
ONE_BYTE = (TCVN3, VNI, CP1258)
"""Those in which letters of Windows-1252 stand for others: a text may make sense both ways."""

_LOST = "\ufffd"


def _keep(char: str) -> str:
    """Return a character that no font replaces, or the mark of one that it should have."""
    return char if char.isascii() or char in _SHARED else _LOST


def _letters_only(text: str) -> str | None:
    return None if _LOST in text else text


def _bytes_of(text: str, table: dict[str, int] = _BYTE_OF) -> bytes | None:
    found = [table.get(char) for char in text]
    return bytes(byte for byte in found if byte is not None) if None not in found else None


def _utf8(content: bytes | None) -> str | None:
    try:
        return None if content is None else unicodedata.normalize("NFC", content.decode("utf-8"))
    except UnicodeDecodeError:
        return None


def _cp1258_character(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1258")
    except UnicodeDecodeError:
        return chr(byte)


_CP1258_BYTE_OF = {_cp1258_character(byte): byte for byte in range(256)}
