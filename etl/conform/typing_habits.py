"""Text that reads well and is typed oddly: read like any other, and said once for a file."""

import re
import unicodedata

from etl.conform.cells import shown
from etl.conform.findings import Findings
from etl.sheets import Workbook
from etl.text import remembered

# Marks apart from their letters, spaces that are none of the keyboard's, what nobody sees, full-width letters.
_ODD = re.compile(
    "[\u0300-\u036f\u00a0\u2000-\u200f\u202a-\u202f\u205f-\u2064\u3000\ufeff\u00ad\uff01-\uff5e\u00d0\u00f0]"
)


def note_odd_typing(workbook: Workbook, findings: Findings) -> None:
    """Note how many cells hold text that is not typed as Vietnamese keyboards type it, and where the first is."""
    odd = {text for sheet in workbook.sheets for text in sheet.texts() if not text.isascii() and _is_odd(text)}
    places = [
        (sheet.name, position, value)
        for sheet in (workbook.sheets if odd else ())
        for position, value in sorted(sheet.cells.items(), key=lambda cell: cell[0])
        if isinstance(value, str) and value in odd
    ]
    if places:
        sheet_name, position, value = places[0]
        message = (
            f"Có {len(places)} ô gõ bằng dấu tách rời, dấu cách lạ hoặc ký tự ẩn, ví dụ “{shown(value)[:60]}”: "
            "đã đọc như chữ thường"
        )
        findings.inform("da_chuan_hoa_chu", message, sheet_name, position)


@remembered
def _is_odd(text: str) -> bool:
    is_word = any(char.isalpha() for char in text)
    return is_word and (bool(_ODD.search(text)) or not unicodedata.is_normalized("NFC", text))
