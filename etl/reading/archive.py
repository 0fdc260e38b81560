"""Opening the zip inside .xlsx and .ods files without trusting anything it says about itself."""

import functools
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol
from xml.parsers import expat

from etl.reading.errors import Unreadable, damaged, password

MAX_UNPACKED = 256 * 2**20
MAX_MEMBERS = 5_000
MAX_RATIO = 300  # deflate ends at 1.032; the most repetitive real sheets reach about 100
RATIO_MATTERS_FROM = 8 * 2**20
_CHUNK = 256 * 1024

_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError, OSError)


class XmlTarget(Protocol):
    """Receives the elements of one XML member; names come without their namespace prefix."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take an opening tag."""

    def end(self, name: str) -> None:
        """Take a closing tag."""

    def data(self, text: str) -> None:
        """Take text between tags."""


class Archive:
    """A zip held in memory whose declared sizes, names and checksums have been looked at first."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except _BROKEN:
            raise damaged("gói nén không mở được") from None
        self._members: dict[str, zipfile.ZipInfo] = {}
        for info in self._zip.infolist():
            if self._members.setdefault(_key(info.filename), info) is not info:
                raise damaged("gói nén có hai thành phần cùng tên")
        self._refuse_bombs(len(content))

    def _refuse_bombs(self, size: int) -> None:
        infos = self._members.values()
        total = sum(info.file_size for info in infos)
        is_squeezed = total > RATIO_MATTERS_FROM and total > MAX_RATIO * size
        if total > MAX_UNPACKED or is_squeezed or len(infos) > MAX_MEMBERS:
            raise Unreadable("bom_nen", "Tệp phình ra quá lớn khi giải nén nên không được mở. Chỉ gửi tệp báo cáo gốc.")
        if any(info.flag_bits & 0x1 for info in infos):
            raise password()
        if any(info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in infos):
            raise damaged("gói nén dùng kiểu nén lạ")

    def names(self) -> list[str]:
        """Return the members' names in lower case with forward slashes."""
        return list(self._members)

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._members

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a member piece by piece; zipfile stops at the declared size and checks the checksum."""
        info = self._members.get(_key(name))
        if info is None:
            raise damaged(f"thiếu thành phần {name}")
        try:
            with self._zip.open(info) as member:
                while piece := member.read(_CHUNK):
                    yield piece
        except _BROKEN:
            raise damaged(f"không giải nén được {name}") from None

    def read(self, name: str) -> bytes:
        """Return a whole member."""
        return b"".join(self.chunks(name))

    def parse(self, name: str, target: XmlTarget) -> None:
        """Send the elements of an XML member to `target`; document types and entities are refused."""
        parser = _parser(target)
        try:
            for piece in self.chunks(name):
                parser.Parse(piece, False)
            parser.Parse(b"", True)
        except (expat.ExpatError, LookupError, ValueError):  # the last two: an encoding nobody knows
            raise damaged(f"nội dung {name} không đúng cấu trúc XML") from None


def _key(name: str) -> str:
    return name.replace("\\", "/").removeprefix("/").lower()


def _parser(target: XmlTarget) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    start, end = target.start, target.end
    parser.StartElementHandler = lambda name, attributes: start(_local(name), attributes)
    parser.EndElementHandler = lambda name: end(_local(name))
    parser.CharacterDataHandler = target.data
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


@functools.lru_cache(maxsize=256)
def _local(name: str) -> str:
    """Return an element's name without its namespace prefix."""
    return name.rpartition(":")[2]


def _refuse_doctype(*_: object) -> None:
    raise Unreadable(
        "xml_nguy_hiem",
        "Tệp có khai báo thực thể XML, thường chỉ thấy ở tệp phá hoại, nên không được mở. Chỉ gửi tệp báo cáo gốc.",
    )


class Elements:
    """An `XmlTarget` that passes only opening tags to a function: enough for small parts such as relations."""

    def __init__(self, take: Callable[[str, dict[str, str]], None]) -> None:
        self.start = take

    def end(self, name: str) -> None:
        """Ignore closing tags."""

    def data(self, text: str) -> None:
        """Ignore text."""
