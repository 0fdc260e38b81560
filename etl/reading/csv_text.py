"""Reading .csv: every cell is text, exactly as it stands in the file."""

import csv
import io
import itertools
import re
from collections import Counter

from etl.reading.cells import MAX_CELL_TEXT, Budget, SheetBuilder
from etl.reading.errors import Unreadable
from etl.sheets import Workbook

MAX_CSV = 16 * 2**20  # text has no pictures: this is a hundred times the largest return
_DELIMITERS = ";\t,"
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n")

_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")


def read_csv(content: bytes, name: str) -> Workbook:
    """Return the one sheet of a csv file; it is named like the file."""
    if len(content) > MAX_CSV:
        raise Unreadable("tep_qua_lon", f"Tệp csv lớn hơn {MAX_CSV // 2**20} MB, quá lớn so với một báo cáo.")
    text, encoding = decode(content)
    builder = SheetBuilder(name, Budget())
    first = _SEPARATOR_LINE.match(text)  # Excel's own way to name the delimiter; it hides the line
    delimiter = first[1] if first else _delimiter(text)
    body = text[first.end() :] if first else text
    csv.field_size_limit(MAX_CELL_TEXT)
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
    try:
        for row, values in enumerate(reader):
            for column, value in enumerate(values):
                builder.add(row, column, value)
    except csv.Error:
        raise Unreadable(
            "csv_sai_cau_truc",
            f"Dòng {reader.line_num} của tệp csv sai cấu trúc: kiểm tra dấu nháy kép mở mà không đóng.",
        ) from None
    return Workbook("csv", [builder.finish()], is_eight_bit=encoding == "8-bit")


def decode(content: bytes) -> tuple[str, str]:
    """Return (text, encoding): "utf-8", "utf-16", or "8-bit" for bytes older than Unicode, shown as Windows-1252 does.

    Which encoding the bytes of the last are in only their words can tell, which are no matter of reading.
    """
    if content.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        raise _not_text("UTF-32")
    encoding = _utf16(content) or "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8-sig":
            raise _not_text("UTF-16 bị cắt cụt") from None
        return _eight_bit(content), "8-bit"
    if "\0" in text:
        raise _not_text("dữ liệu nhị phân")
    return text, encoding.removesuffix("-sig")


def _utf16(content: bytes) -> str | None:
    """Return the kind of UTF-16 that a byte order mark, or the zero bytes between plain letters, tell."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    zeros = content[0:8192:2].count(0), content[1:8192:2].count(0)
    if max(zeros) * 4 < min(len(content), 8192) // 2 or min(zeros) * 4 > max(zeros):
        return None
    return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"


def _eight_bit(content: bytes) -> str:
    """Return what the bytes look like as Windows-1252, unless they are damaged UTF-8 or no text at all."""
    as_utf8 = content.decode("utf-8", "replace")
    lost = as_utf8.count("\ufffd")
    if sum(not char.isascii() for char in as_utf8) > 2 * lost:
        raise _not_text("UTF-8 bị hỏng hoặc bị cắt cụt")
    if _CONTROL.search(content):
        raise _not_text("dữ liệu nhị phân")
    return content.decode("cp1252", "surrogateescape").translate(_GAPS)


# Windows-1252 gives five bytes no letter; other programs show them as the control codes of Latin-1.
_GAPS = {0xDC00 + byte: chr(byte) for byte in range(0x80, 0xA0)}


def _not_text(likely: str) -> Unreadable:
    return Unreadable(
        "bang_ma_la",
        f"Tệp csv không đọc được thành chữ (có vẻ là {likely}). "
        "Mở bằng Excel, lưu lại dạng “CSV UTF-8” rồi gửi, hoặc gửi tệp .xlsx.",
    )


def _delimiter(text: str) -> str:
    """Return the delimiter that splits most lines into the same number of columns."""
    return max(_DELIMITERS, key=lambda delimiter: _regularity(text, delimiter))


def _regularity(text: str, delimiter: str) -> int:
    rows = itertools.islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 100)
    try:
        widths = Counter(len(row) - 1 for row in rows if len(row) > 1)
    except csv.Error:
        return 0
    return max((width * count for width, count in widths.items()), default=0)
