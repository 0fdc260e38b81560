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

# Bytes that a few everyday words leave behind: năm, tế, hội, xã, mô, đơn.
_TRACES = {
    "TCVN3 (.VnTime)": (b"n\xa8m", b"t\xd5", b"h\xe9i", b"x\xb7", b"m\xab", b"\xae\xacn"),
    "VNI-Windows": (b"na\xeam", b"te\xe1", b"ho\xe4i", b"xa\xf5", b"mo\xe2", b"\xf1\xf4n"),
    "Windows-1258": (b"n\xe3m", b"t\xea\xec", b"h\xf4\xf2i", b"xa\xde", b"m\xf4", b"\xf0\xf5n"),
}


def read_csv(content: bytes, name: str) -> Workbook:
    """Return the one sheet of a csv file; it is named like the file."""
    if len(content) > MAX_CSV:
        raise Unreadable("tep_qua_lon", f"Tệp csv lớn hơn {MAX_CSV // 2**20} MB, quá lớn so với một báo cáo.")
    text = decode(content)
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
    return Workbook("csv", [builder.finish()])


def decode(content: bytes) -> str:
    """Return the text of a UTF-8 or marked UTF-16 file; anything else is refused by name."""
    if content.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        raise _not_utf8("UTF-32")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding, likely = "utf-16", "UTF-16 bị cắt cụt"
    else:
        encoding, likely = "utf-8-sig", _likely_encoding(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise _not_utf8(likely) from None
    if "\0" in text:
        raise _not_utf8("UTF-16 không có dấu đầu tệp" if content.count(0) * 4 > len(content) else "dữ liệu nhị phân")
    return text


def _not_utf8(likely: str) -> Unreadable:
    return Unreadable(
        "bang_ma_la",
        f"Tệp csv không phải UTF-8 (có vẻ là {likely}). "
        "Mở bằng Excel, lưu lại dạng “CSV UTF-8” rồi gửi, hoặc gửi tệp .xlsx.",
    )


def _likely_encoding(content: bytes) -> str:
    lowered = content.lower()
    scores = {name: sum(trace in lowered for trace in traces) for name, traces in _TRACES.items()}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] else "một bảng mã cũ như Windows-1258 hoặc TCVN3"


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
