"""From a submitted file to a `Workbook`. Meant to run in the child process of `etl.guard`.

It knows nothing of the catalogue or of what a return is: what a cell means is for `etl.conform`.
"""

import re
import stat
import unicodedata
from pathlib import Path, PurePath

from etl.reading import sniff
from etl.reading.archive import Archive
from etl.reading.csv_text import read_csv
from etl.reading.errors import Unreadable
from etl.reading.ods import read_ods
from etl.reading.xlsx import read_xlsx
from etl.sheets import Workbook

__all__ = ["Unreadable", "read_workbook"]

MAX_FILE = 20 * 2**20
"""Bytes: a hundred times the largest return. A load refuses more before it copies a file."""


def read_workbook(path: Path, name: str) -> Workbook:
    """Return the workbook in `path`, which its sender called `name`; raise Unreadable otherwise.

    The file is taken in once and read from memory, so that one that is still growing gives one answer.
    """
    content = _content(path)
    workbook = _by_content(content, _base_name(name))
    suffix = PurePath(name).suffix.lower()
    if suffix != f".{workbook.kind}":
        called = f"mang đuôi “{suffix}”" if suffix else "không có đuôi"
        workbook.notes.insert(0, f"Tệp {called} nhưng nội dung là .{workbook.kind}; đã đọc theo nội dung.")
    return workbook


def _content(path: Path) -> bytes:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise Unreadable("khong_phai_tep", "Đường dẫn này không phải một tệp thường nên không đọc.")
        with path.open("rb") as file:
            content = file.read(MAX_FILE + 1)
    except OSError as error:
        raise Unreadable("khong_mo_duoc", f"Không mở được tệp: {_reason(error)}.") from None
    if not content:
        raise Unreadable("tep_rong", "Tệp rỗng (0 byte): có thể việc sao chép chưa xong. Gửi lại tệp gốc.")
    if len(content) > MAX_FILE:
        raise Unreadable("tep_qua_lon", f"Tệp lớn hơn {MAX_FILE // 2**20} MB, quá lớn so với một báo cáo.")
    return content


def _reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "tệp không còn ở đó"
    if isinstance(error, PermissionError):
        return "không có quyền đọc; nếu tệp đang mở trong Excel thì đóng lại"
    return f"ổ đĩa hoặc mạng báo lỗi {error.errno}"


def _by_content(content: bytes, name: str) -> Workbook:
    if sniff.is_zip(content):
        archive = Archive(content)
        return read_ods(archive) if sniff.zip_kind(archive) == "ods" else read_xlsx(archive)
    if content.startswith(sniff.OLE):
        from etl.reading.xls import read_xls  # xlrd takes a tenth of a second to import, for few files

        return read_xls(content)
    sniff.refuse_unless_csv(content, name)
    return read_csv(content, name)


def _base_name(name: str) -> str:
    """Return a file's name without folders and line breaks, since it becomes the name of a sheet."""
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    return re.sub(r"[\x00-\x1f\x7f]", " ", base).strip() or "csv"
