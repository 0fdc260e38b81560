"""Text that only looks Vietnamese: fonts older than Unicode, wrong encodings, look-alikes of other alphabets.

Such text is converted where every affected word, once converted, is a word the catalogue knows and only
one encoding makes it so. Everything else is refused by the name of its encoding: it is never kept as it stands.
"""

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from etl.conform.cells import shown
from etl.conform.encodings import CYRILLIC, ENCODINGS, GREEK, ONE_BYTE, Encoding
from etl.conform.findings import Findings
from etl.conform.register import free_text_columns, register_tables
from etl.conform.syllables import reads_as_vietnamese
from etl.sheets import Position, Sheet, Workbook, a1
from etl.text import clean, remembered
from etl.vocabulary import Vocabulary

# Letters that only Unicode has; what an encoding error leaves behind may hold them all the same.
_UNICODE = re.compile("[ăĂđĐơƠưƯĩĨũŨ\u1ea0-\u1ef9]")
_UNKNOWN_ENCODING = "viết bằng một bảng mã lạ"
# Signs that text is not Vietnamese in Unicode, and what to call them where no encoding undoes the text.
_SIGNS = (
    (re.compile("[\u0400-\u052f]"), "có chữ cái Kirin trông giống chữ Việt"),
    (
        re.compile("(?<=[A-Za-z\u00c0-\u1ef9])[\u0370-\u03ff]|[\u0370-\u03ff](?=[A-Za-z\u00c0-\u1ef9])"),
        "có chữ cái Hy Lạp trông giống chữ Việt",
    ),
    (re.compile("\ufffd"), "có chữ đã mất khi chuyển bảng mã"),
    (re.compile(r"^[^/]*[^\W\d_]\?[^\W\d_][^/]*$"), "có chữ đã mất khi chuyển bảng mã (thành dấu ?)"),
    (re.compile("&#x?[0-9A-Fa-f]+;"), "viết bằng mã ký tự HTML"),
    (
        re.compile(
            "\u00e1[\u00ba\u00bb]|[\u00c3\u0102][\u0080-\u00bf]|\u00c4[\u0090\u0091\u2018]|\u00c6[\u00a0\u00b0]"
        ),
        "bị lỗi bảng mã (UTF-8 đọc nhầm)",
    ),
)
_LOOSE_SIGNS = (
    (
        re.compile("(?<=[A-Za-z])[\u00a8-\u00ac\u00ae\u00af\u00b5-\u00b9\u00bb-\u00be]|[\u00a8\u00ac\u00ae](?=[a-z])"),
        "viết bằng bảng mã cũ TCVN3 (phông .VnTime)",
    ),
    (
        re.compile("[A-Za-z][\u00e4\u00e5\u00eb\u00ef\u00f1\u00f6\u00f8\u00fb\u00fc\u00ff]|\u00f1[\u00f6\u00f4a-z]"),
        "viết bằng bảng mã cũ VNI (phông VNI-Times)",
    ),
)
_TYPE_AGAIN = "gõ lại bằng Unicode (phông Times New Roman)"

Place = tuple[int, Position | None]
"""A text's sheet, by its number, and its position, None for the sheet's own name."""


@dataclass
class _Plan:
    """What is to become of a workbook's texts."""

    converted: dict[Place, tuple[str, Encoding]] = field(default_factory=dict)
    refused: dict[Place, tuple[str, str]] = field(default_factory=dict)

    def convert(self, place: Place, text: str, encoding: Encoding) -> None:
        self.converted[place] = (text, encoding)

    def refuse(self, place: Place, fault: str, likely: str = "") -> None:
        self.refused[place] = (fault, likely)


def in_unicode(workbook: Workbook, vocabulary: Vocabulary, findings: Findings) -> Workbook:
    """Return the workbook with its text in Unicode, noting what was converted and refusing what cannot be.

    Refused text is returned as it was most likely meant, so that its file's other problems are said as well.
    """
    if not workbook.is_eight_bit and not any(map(_is_affected, filter(_needs_a_look, _distinct(workbook)))):
        return workbook
    texts = {place: text for place, text in _texts(workbook) if _needs_a_look(text)}
    plan = _plan_of_bytes(texts, vocabulary) if workbook.is_eight_bit else _plan_of_texts(texts, vocabulary)
    if not plan.converted and not plan.refused:
        return workbook
    readable = _converted(workbook, plan)
    for place in _in_free_text(readable, plan, vocabulary):
        plan.refuse(place, plan.converted[place][1].fault, plan.converted[place][0])
    _say(workbook, texts, plan, findings)
    return readable


def _needs_a_look(text: str) -> bool:
    return not text.isascii() or "&#" in text or "?" in text


def _distinct(workbook: Workbook) -> set[str]:
    names = {sheet.name for sheet in workbook.sheets if workbook.kind != "csv"}
    return names.union(*(sheet.texts() for sheet in workbook.sheets))


def _texts(workbook: Workbook) -> Iterator[tuple[Place, str]]:
    for number, sheet in enumerate(workbook.sheets):
        if workbook.kind != "csv":  # there it is the file's name
            yield (number, None), sheet.name
        for position, value in sheet.cells.items():
            if isinstance(value, str):
                yield (number, position), value


def _plan_of_texts(texts: dict[Place, str], vocabulary: Vocabulary) -> _Plan:
    """Decide text by text, as fonts differ from cell to cell; what reads well both ways is decided last."""
    plan = _Plan()
    affected = {place: text for place, text in texts.items() if _is_affected(text)}
    usual = Counter(encoding for text in affected.values() for encoding in _readings(text))
    for place, text in affected.items():
        readings = _readings(text)
        known = {
            reading: encoding for encoding, reading in readings.items() if _is_known(reading, encoding, vocabulary)
        }
        if len(known) == 1:
            plan.convert(place, *next(iter(known.items())))
        elif readings:
            likely = max(readings, key=lambda encoding: usual[encoding])
            plan.refuse(place, likely.fault, readings[likely])
        else:
            plan.refuse(place, _fault(text))
    used = {encoding for encoding in usual if encoding in ONE_BYTE}
    for place in texts.keys() - affected.keys() if used else ():
        _decide_doubtful(plan, place, texts[place], used, vocabulary)
    return plan


def _is_known(reading: str, encoding: Encoding, vocabulary: Vocabulary) -> bool:
    """Whether a reading is made of known words; look-alikes hide in plain words too, fonts only in diacritics."""
    return vocabulary.knows_words(reading, bare_too=encoding in (CYRILLIC, GREEK))


def _decide_doubtful(plan: _Plan, place: Place, text: str, used: set[Encoding], vocabulary: Vocabulary) -> None:
    """Decide about text that reads well as it stands, in a workbook where other text is in an old encoding."""
    readings = {} if _UNICODE.search(unicodedata.normalize("NFC", text)) else _readings(text)
    for encoding in used & set(readings):
        is_known, would_be = vocabulary.knows_words(text), vocabulary.knows_words(readings[encoding])
        if would_be and not is_known:
            plan.convert(place, readings[encoding], encoding)
        elif would_be or not is_known:
            plan.refuse(place, f"có thể {encoding.fault}, có thể không", readings[encoding])


def _plan_of_bytes(texts: dict[Place, str], vocabulary: Vocabulary) -> _Plan:
    """Decide for a whole .csv of one-byte letters: one encoding must make known words of all of it."""
    plan = _Plan()
    readings = {encoding: {place: encoding.convert(text) for place, text in texts.items()} for encoding in ONE_BYTE}
    fit = {
        encoding: sum(reading is not None and reads_as_vietnamese(reading) for reading in found.values())
        for encoding, found in readings.items()
    }
    certain = [
        encoding
        for encoding, found in readings.items()
        if all(reading is not None and vocabulary.knows_words(reading) for reading in found.values())
    ]
    likely = max(certain or ONE_BYTE, key=lambda encoding: fit[encoding])
    for place in texts:
        reading, others = readings[likely][place], {readings[encoding][place] for encoding in certain or [likely]}
        if reading is not None and len(others) == 1 and vocabulary.knows_words(reading):
            plan.convert(place, reading, likely)
        elif reading is not None and reads_as_vietnamese(reading):
            plan.refuse(place, likely.fault, reading)
        else:
            plan.refuse(place, _UNKNOWN_ENCODING)
    return plan


@remembered
def _is_affected(text: str) -> bool:
    """Whether a text is certainly not Vietnamese in Unicode."""
    plain = unicodedata.normalize("NFC", text)
    if any(sign.search(plain) for sign, _ in _SIGNS):
        return True
    # A soft hyphen is nothing to see, but the letter ư in TCVN3.
    is_plain = "\u00ad" not in text and reads_as_vietnamese(clean(text))
    if _UNICODE.search(plain) or is_plain:
        return False
    return bool(_readings(text)) or any(sign.search(plain) for sign, _ in _LOOSE_SIGNS)


@functools.lru_cache(maxsize=2**12)
def _readings(text: str) -> dict[Encoding, str]:
    """Return what a text may have been meant as, by encoding: Vietnamese, and not what it is already."""
    found = ((encoding, encoding.convert(text)) for encoding in ENCODINGS)
    return {
        encoding: reading
        for encoding, reading in found
        if reading is not None and reading != unicodedata.normalize("NFC", text) and reads_as_vietnamese(reading)
    }


def _fault(text: str) -> str:
    plain = unicodedata.normalize("NFC", text)
    return next((fault for sign, fault in (*_SIGNS, *_LOOSE_SIGNS) if sign.search(plain)), _UNKNOWN_ENCODING)


def _converted(workbook: Workbook, plan: _Plan) -> Workbook:
    """Return the workbook with the converted texts, and with the likely meaning of the refused."""
    meant = {place: likely for place, (_, likely) in plan.refused.items() if likely}
    meant |= {place: text for place, (text, _) in plan.converted.items()}
    sheets = []
    for number, sheet in enumerate(workbook.sheets):
        cells = {position: meant.get((number, position), value) for position, value in sheet.cells.items()}
        sheets.append(replace(sheet, name=meant.get((number, None), sheet.name), cells=cells))
    return replace(workbook, sheets=sheets)


def _in_free_text(workbook: Workbook, plan: _Plan, vocabulary: Vocabulary) -> Iterable[Place]:
    """Return the converted texts that stand where anything may be written: nothing says that they are right."""
    touched = {number for number, _ in plan.converted}
    found = set()
    for number in touched:
        for table in register_tables(workbook.sheets[number], vocabulary):
            columns = free_text_columns(table, vocabulary)
            found |= {(number, (row, column)) for row, _ in table.rows for column in columns}
    return [place for place in plan.converted if place in found]


def _say(workbook: Workbook, texts: dict[Place, str], plan: _Plan, findings: Findings) -> None:
    for place, (fault, likely) in plan.refused.items():
        plan.converted.pop(place, None)
        hint = f"có phải “{shown(likely)[:60]}”? " if likely else ""
        message = f"“{shown(texts[place])[:60]}” {fault}: {hint}{_TYPE_AGAIN}"
        findings.refuse("bang_ma_la", message, *_where(workbook.sheets, place))
    for fault in dict.fromkeys(encoding.fault for _, encoding in plan.converted.values()):
        places = [place for place, (_, encoding) in plan.converted.items() if encoding.fault == fault]
        first = min(places, key=lambda place: (place[0], place[1] or (-1, -1)))
        message = (
            f"Có {len(places)} ô {fault}; đã đổi sang Unicode, "
            f"ví dụ “{shown(texts[first])[:60]}” thành “{plan.converted[first][0][:60]}”"
        )
        findings.inform("da_chuyen_bang_ma", message, *_where(workbook.sheets, first))


def _where(sheets: list[Sheet], place: Place) -> tuple[str, str]:
    number, position = place
    return sheets[number].name, "" if position is None else a1(position)
