"""The strict number rule: what a cell must look like to be a count.

`int()` and `float()` accept '1_236', '1e3' and 'inf', and libraries turn '1.236' into 1.236 without a
word. Here text is recognised by pattern only, and whatever is not certainly one number is refused with
its likely meaning, because a wrong figure costs more than a question.
"""

import math
import re
import unicodedata

from etl.sheets import Odd, Value
from etl.text import clean

_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")
_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_FULL_WIDTH = {0xFF10 + digit: str(digit) for digit in range(10)}

_UNKNOWN = re.compile("[-\u2010-\u2015\u2212\ufe63\uff0d]*|n/a", re.IGNORECASE)
_PLAIN = re.compile(r"([0-9]+)(?:[.,]0)?")
_GROUPED = re.compile(r"([1-9][0-9]{0,2}([., ])[0-9]{3}(?:\2[0-9]{3})*)(?:(?!\2)[.,]0)?")

_ERROR = re.compile(r"#(?:REF|DIV/0|VALUE|NAME|NUM|NULL|N/A|SPILL|CALC)[!?]?|Err:[0-9]{3}", re.IGNORECASE)
_DATE = re.compile(r"[0-9]{1,2}([/.-])[0-9]{1,2}\1[0-9]{2,4}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*")
_NEGATIVE = re.compile(r"[-\u2010-\u2015\u2212\uff0d] ?[0-9].*|\([0-9., ]+\)")
_SHORT_GROUP = re.compile(r"([1-9][0-9]{0,2})[.,]([0-9]{1,2})")
_MULTIPLE = re.compile("chục|trăm|nghìn|ngàn|triệu|tỷ", re.IGNORECASE)
_POWER = re.compile(r"([0-9]+)[eE]\+?([0-9])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_RUN = re.compile(r"[0-9]+(?:[., ][0-9]+)*")
_LOOKALIKE = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "_": "", "+": "", "*": ""})

_NUMERALS = {
    word: str(count)
    for count, word in enumerate(("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"))
}

_WANTED = "cần một số nguyên từ 0 trở lên"


class NotACount(Exception):
    """A cell holds something else than a count; `message` says what was read and what it may mean."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(rule, message)
        self.rule = rule
        self.message = message

    def __str__(self) -> str:
        return self.message


def parse_count(value: Value | None, largest: int) -> int | None:
    """Return the count that `value` certainly means, or None where it says that nothing is known.

    Raises NotACount for everything else, and for counts above `largest`.
    """
    if value is None:
        return None
    if isinstance(value, Odd):
        raise _odd(value)
    if isinstance(value, bool):
        raise _odd(Odd("bool", str(value).upper()))
    if isinstance(value, str):
        return _from_text(value, largest)
    return _from_number(value, largest)


def _from_number(number: int | float, largest: int) -> int:
    read = _shown(number)
    if isinstance(number, float) and not math.isfinite(number):
        raise NotACount("so_khong_ro", f"Đọc được “{read}”; {_WANTED}.")
    whole = round(number)
    if abs(number - whole) > 1e-9:
        if number < 0:
            raise _negative(read, [], largest)
        hint = _hint(_likely(read), largest)
        raise NotACount("so_khong_ro", f"Đọc được số thập phân {read}; {_WANTED}.{hint}")
    if whole < 0:
        raise _negative(read, [-whole], largest)
    return _within(whole, read, largest)


def _from_text(raw: str, largest: int) -> int | None:
    text = _comparable(raw)
    if _UNKNOWN.fullmatch(text):
        return None
    digits = _digits(text.removeprefix("'"))
    if digits is None:
        raise _refusal(text, largest)
    if len(digits) > 15:
        raise _too_large(text, largest)
    return _within(int(digits), text, largest)


def _comparable(raw: str) -> str:
    """Make spaces and full-width digits plain; a line break stays, since two lines are two numbers."""
    text = unicodedata.normalize("NFC", raw)
    return _SPACE.sub(" ", _INVISIBLE.sub("", text)).translate(_FULL_WIDTH).strip()


def _digits(text: str) -> str | None:
    """Return the digits of a well-formed count without leading zeros, or None."""
    match = _PLAIN.fullmatch(text) or _GROUPED.fullmatch(text)
    if match is None:
        return None
    return re.sub("[., ]", "", match[1]).lstrip("0") or "0"


def _within(count: int, read: str, largest: int) -> int:
    if count > largest:
        raise _too_large(read, largest)
    return count


def _refusal(text: str, largest: int) -> NotACount:
    """Say why `text` is not a count: the most telling reason first."""
    read = _CONTROL.sub("↵", text if len(text) <= 60 else f"{text[:60]}…")
    if _ERROR.fullmatch(text):
        return _odd(Odd("error", read))
    if "%" in text:
        return _odd(Odd("percent", read))
    if _DATE.fullmatch(text):
        return _odd(Odd("date", read))
    if _NEGATIVE.fullmatch(text):
        likely = _likely(text.strip("()-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d "))
        return _negative(read, likely, largest)
    likely = _likely(text)
    hint = _hint(likely, largest)
    if not any(char.isdigit() for char in text):
        message = f"Đọc được “{read}”; {_WANTED}, viết bằng chữ số; chưa rõ thì để trống.{hint}"
        return NotACount("khong_phai_so", message)
    return NotACount("so_khong_ro", f"Đọc được “{read}”; {_WANTED}, chỉ ghi chữ số.{hint}")


def _likely(text: str) -> list[int]:
    """Guess what numbers a sender may have meant, the likeliest first, for the question at the end of a message."""
    plain = "".join(str(unicodedata.decimal(char, char)) for char in text).strip()
    found = [_digits(plain.translate(_LOOKALIKE).strip())]
    if short := _SHORT_GROUP.fullmatch(plain):
        # A spreadsheet drops the last zeros of 1.360; or the mark is a slip; or it is a fraction.
        found = [short[1] + short[2].ljust(3, "0"), short[1] + short[2], short[1]]
    elif power := _POWER.fullmatch(plain):
        found = [power[1] + "0" * int(power[2])]
    elif found == [None] and not _MULTIPLE.search(plain):
        found = [_digits(run) for run in _RUN.findall(plain)]
        found = found if len(found) <= 2 else []
    if not found:
        found = [_NUMERALS.get(clean(text).casefold())]
    return [int(digits) for digits in dict.fromkeys(found) if digits is not None and len(digits) <= 15]


def _hint(likely: list[int], largest: int) -> str:
    possible = [str(count) for count in likely if count <= largest]
    if not possible:
        return ""
    return f" Có phải {possible[0]}?" if len(possible) == 1 else f" Ý là {', '.join(possible[:-1])} hay {possible[-1]}?"


def _negative(read: str, likely: list[int], largest: int) -> NotACount:
    return NotACount("so_am", f"Đọc được số âm “{read}”; {_WANTED}.{_hint(likely, largest)}")


def _too_large(read: str, largest: int) -> NotACount:
    limit = f"{largest:,}".replace(",", ".")
    shown = read if len(read) <= 40 else f"{read[:40]}…"
    return NotACount(
        "so_qua_lon",
        f"Đọc được “{shown}”, lớn hơn mức cao nhất của một ô ({limit}): kiểm tra xem có gõ thừa chữ số không.",
    )


def _shown(number: int | float) -> str:
    """Write a number as a Vietnamese spreadsheet shows it, with a decimal comma."""
    if isinstance(number, float) and (not math.isfinite(number) or abs(number) >= 1e16):
        return str(number)
    if number == round(number):
        return str(round(number))
    return f"{number:.10f}".rstrip("0").replace(".", ",")


def _odd(cell: Odd) -> NotACount:
    rule, message = _ODD_MESSAGES[cell.kind]
    return NotACount(rule, message.format(read=cell.text))


_ODD_MESSAGES = {
    "error": ("o_loi", "Ô đang báo lỗi {read}; " + _WANTED + ". Mở bằng Excel, sửa công thức rồi lưu lại."),
    "no_cache": (
        "cong_thuc_chua_tinh",
        "Công thức “{read}” chưa có kết quả lưu trong tệp. Mở bằng Excel, lưu lại rồi gửi, hoặc gõ thẳng con số.",
    ),
    "date": (
        "o_ngay_thang",
        "Đọc được ngày “{read}”; " + _WANTED + ". Có thể Excel đã đổi số vừa gõ thành ngày, "
        "ví dụ 4/4: chuyển định dạng ô sang Số rồi gõ lại.",
    ),
    "percent": (
        "o_phan_tram",
        "Đọc được tỷ lệ “{read}”; " + _WANTED + ". Ghi số lượng, không ghi phần trăm.",
    ),
    "scaled": (
        "so_dinh_dang_la",
        "Ô lưu số {read} nhưng định dạng của ô làm hiện ra số khác; " + _WANTED + ". Chuyển định dạng ô sang Số rồi "
        "kiểm tra lại con số.",
    ),
    "bool": ("o_dung_sai", "Đọc được giá trị đúng/sai “{read}”; " + _WANTED + ". Ghi số lượng bằng chữ số."),
}
