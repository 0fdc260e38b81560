"""What leaves the screen: files that open right in Excel and carry their own caveats.

The CSV is UTF-8 with a byte-order mark (without it Excel reads the diacritics as Windows-1252) and separated
by semicolons: where the decimal mark is a comma, as Vietnamese regional settings have it, Excel's list
separator is the semicolon. Counts are plain digits and fractions have a decimal comma, so both are numbers there.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import pandas as pd

from dashboard.exhibit import Exhibit
from dashboard.labels import MISSING, SIMULATED, percent

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# Control characters, marks that turn the direction of writing, and what Windows refuses in a name.
_UNSAFE_IN_NAMES = re.compile(r'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069<>:"|?*]')
_LIVE_STARTS = ("=", "+", "-", "@")


def to_csv(exhibit: Exhibit) -> bytes:
    """Return the exhibit's table under lines that say what it is; simulated rows say so one by one."""
    exhibit = exhibit.of_all()
    return table_to_csv(facts_of(exhibit), exhibit.table, is_simulated=exhibit.is_simulated, shares=exhibit.shares)


def table_to_csv(
    facts: Sequence[tuple[str, str]], table: pd.DataFrame, *, is_simulated: bool, shares: Sequence[str] = ()
) -> bytes:
    """Return a table under lines of facts (name, text)."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    simulated = [SIMULATED] if is_simulated else []
    for line in simulated:
        writer.writerow([line])
    for name, text in facts:
        if text:
            writer.writerow([name, safe_text(text)])
    writer.writerow([])
    writer.writerow([safe_text(column) for column in table.columns] + (["Ghi chú dữ liệu"] if simulated else []))
    for row in table.itertuples(index=False):
        cells = zip(table.columns, row, strict=True)
        writer.writerow([_cell(value, is_share=column in shares) for column, value in cells] + simulated)
    return stream.getvalue().encode("utf-8-sig")


def safe_file_name(name: str) -> str:
    """Return the last part of a sender's file name, without what a file system or a browser could trip over."""
    last = _UNSAFE_IN_NAMES.sub("_", re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]).strip(" .")
    stem, dot, suffix = last.rpartition(".")
    return f"{stem[:100].strip(' .')}.{suffix[:10]}" if dot and stem else last[:100] or "bao_cao"


def file_name(exhibit: Exhibit, suffix: str) -> str:
    """Return a file name that says what is inside, and that it is simulated."""
    parts = [exhibit.key, exhibit.period.split()[-1], *(["mo_phong"] if exhibit.is_simulated else [])]
    return "_".join(parts) + suffix


def safe_text(value: object) -> str:
    """Return text that a spreadsheet shows instead of running: no formula start, no control character.

    A leading = + - @ counts also after spaces, tabs or line breaks, and in its full-width form.
    """
    text = _CONTROL.sub("", str(value))
    start = unicodedata.normalize("NFKC", text).lstrip()[:1]
    if text[:1] in ("\t", "\r", "\n") or start in _LIVE_STARTS:
        return "'" + text
    return text


def facts_of(exhibit: Exhibit) -> list[tuple[str, str]]:
    """Return what a reader must know about an exhibit, name and text; a text may be empty."""
    return [
        ("Tiêu đề", exhibit.title),
        ("Nội dung", exhibit.subtitle),
        ("Đơn vị tính", exhibit.unit),
        ("Kỳ số liệu", exhibit.period),
        ("Tỷ trọng tính", exhibit.base),
        ("Mức đầy đủ", exhibit.completeness),
        ("Nguồn", exhibit.source),
        ("Cảnh báo", exhibit.caution.text if exhibit.caution else ""),
        *(("Chú thích", note) for note in exhibit.notes),
    ]


def _cell(value: Any, *, is_share: bool) -> str:
    if value is None:
        return MISSING
    if is_share:
        return percent(value)
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".").replace(".", ",")
    if isinstance(value, int):
        return str(value)
    return safe_text(value)
