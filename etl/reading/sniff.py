"""What a file really is, by its content; its extension only decides about plain text."""

from pathlib import PurePath

from etl.reading.archive import Archive
from etl.reading.errors import Unreadable, damaged

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_TEXT_EXTENSIONS = frozenset((".csv",))

# Openings of files that people send by mistake, with what they are called.
_OTHERS = (
    (b"%PDF", "tệp PDF"),
    (b"{\\rtf", "tài liệu RTF"),
    (b"\x89PNG", "ảnh PNG"),
    (b"\xff\xd8\xff", "ảnh JPEG"),
    (b"Rar!", "tệp nén RAR"),
    (b"7z\xbc\xaf", "tệp nén 7z"),
    (b"\x1f\x8b", "tệp nén gzip"),
    (b"MZ", "chương trình"),
    (b"MIME-Version", "trang web (MHTML)"),
)

_ZIPPED = (
    ("xl/workbook.bin", "bảng tính nhị phân .xlsb"),
    ("word/document.xml", "tài liệu Word"),
    ("ppt/presentation.xml", "bài trình chiếu PowerPoint"),
    ("index/document.iwa", "tệp của Apple Numbers"),
)


def is_zip(content: bytes) -> bool:
    """Tell whether a file opens like a zip."""
    return content.startswith(_ZIP)


def zip_kind(archive: Archive) -> str:
    """Return "xlsx" (which may turn out to be .xlsm) or "ods" for a zip, or refuse it by name."""
    if "mimetype" in archive:
        mimetype = archive.read("mimetype").decode("ascii", "replace").strip()
        if mimetype.startswith("application/vnd.oasis.opendocument.spreadsheet"):
            return "ods"
        if mimetype.startswith("application/"):
            raise _not_a_workbook("tài liệu OpenDocument không phải bảng tính")
    for name, what in _ZIPPED:
        if name in archive:
            raise _not_a_workbook(what)
    if "[content_types].xml" in archive and any(name.startswith("xl/") for name in archive.names()):
        return "xlsx"
    if any(name.endswith((".xlsx", ".xls", ".ods", ".csv")) for name in archive.names()):
        raise _not_a_workbook("tệp nén chứa các tệp khác; giải nén rồi gửi từng tệp")
    raise _not_a_workbook("tệp nén không chứa bảng tính")


def refuse_unless_csv(content: bytes, name: str) -> None:
    """Let plain text under .csv pass; name what anything else is."""
    for opening, what in _OTHERS:
        if content.startswith(opening):
            raise _not_a_workbook(what)
    if content.startswith(b"PK"):
        raise damaged("gói nén không mở được")
    head = content[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if (
        head.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<head", b"<style"))
        or b"<html" in head[:1024]
    ):
        raise _not_a_workbook("trang web (HTML) mang đuôi tệp bảng tính")
    if head.startswith((b"<?xml", b"<workbook")):
        raise _not_a_workbook("tệp XML")
    if PurePath(name).suffix.lower() not in _TEXT_EXTENSIONS:
        is_text = b"\0" not in content[:4096] or content.startswith((b"\xff\xfe", b"\xfe\xff"))
        raise _not_a_workbook("văn bản thuần (như csv)" if is_text else "dữ liệu không rõ định dạng")


def _not_a_workbook(what: str) -> Unreadable:
    message = f"Tệp này thật ra là {what}. Chỉ nhận bảng tính thật: .xlsx, .xlsm (không macro), .xls, .ods, .csv."
    return Unreadable("khong_phai_bang_tinh", message)
