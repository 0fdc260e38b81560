"""Letters that only look Vietnamese: look-alikes of other alphabets and text of fonts older than Unicode."""

import re
import unicodedata

from etl.conform.cells import shown
from etl.conform.findings import Findings
from etl.sheets import Workbook

_CYRILLIC = re.compile("[\u0400-\u052f]")
_GREEK_IN_WORD = re.compile("(?<=[A-Za-z])[\u0370-\u03ff]|[\u0370-\u03ff](?=[A-Za-z])")
_TCVN3 = re.compile("(?<=[A-Za-z])[\u00a8-\u00ac\u00ae\u00af\u00b5-\u00b9\u00bb-\u00be]|[\u00a8\u00ac\u00ae](?=[a-z])")
_VNI = re.compile("[A-Za-z][\u00e4\u00e5\u00eb\u00ef\u00f1\u00f6\u00f8\u00fb\u00fc\u00ff]|\u00f1[\u00f6\u00f4a-z]")
_TWICE_ENCODED = re.compile(
    "\u00e1[\u00ba\u00bb]|\u00c3[\u00a0-\u00bf]|\u00c4[\u0090\u0091\u2018]|\u00c6[\u00a0\u00b0]|\ufffd"
)
_KINDS = (
    (_CYRILLIC, "có chữ cái Kirin trông giống chữ Việt"),
    (_GREEK_IN_WORD, "có chữ cái Hy Lạp trông giống chữ Việt"),
    (_TWICE_ENCODED, "bị lỗi bảng mã (UTF-8 đọc sai)"),
    (_TCVN3, "viết bằng bảng mã cũ TCVN3 (phông .VnTime)"),
    (_VNI, "viết bằng bảng mã cũ VNI (phông VNI-Times)"),
)


def refuse_other_alphabets(workbook: Workbook, findings: Findings) -> None:
    """Refuse every cell whose text is not Vietnamese in Unicode: it would be stored as something else."""
    for sheet in workbook.sheets:
        for position, value in sheet.cells.items():
            if isinstance(value, str) and not value.isascii():
                reason = _reason(unicodedata.normalize("NFC", value))
                if reason:
                    message = f"“{shown(value)[:60]}” {reason}: gõ lại bằng Unicode"
                    findings.refuse("bang_ma_la", message, sheet.name, position)


def _reason(text: str) -> str:
    return next((reason for pattern, reason in _KINDS if pattern.search(text)), "")
