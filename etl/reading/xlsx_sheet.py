"""The XML of one worksheet, and of the shared strings, turned into cells."""

import functools
import re
from collections.abc import Sequence

from etl.reading.cells import SheetBuilder, plain_number
from etl.reading.errors import Unreadable, damaged
from etl.reading.formats import FormatKind, iso_date, odd_number
from etl.sheets import Odd, Position, Value

MAX_STRINGS = 1_000_000

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


class SharedStrings:
    """The workbook's table of texts; reading aids (phonetic runs) are left out."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._pieces: list[str] = []
        self._in_text = False
        self._in_phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Open a text or a run of it."""
        if name == "si":
            self._pieces = []
        elif name == "rPh":
            self._in_phonetic = True
        elif name == "t":
            self._in_text = not self._in_phonetic

    def end(self, name: str) -> None:
        """Close a run, or store the finished text."""
        if name == "t":
            self._in_text = False
        elif name == "rPh":
            self._in_phonetic = False
        elif name == "si":
            self.texts.append(unescape("".join(self._pieces)))
            if len(self.texts) > MAX_STRINGS:
                raise Unreadable("qua_nhieu_chu", "Tệp chứa quá nhiều chữ so với một báo cáo.")

    def data(self, text: str) -> None:
        """Collect text inside <t>."""
        if self._in_text:
            self._pieces.append(text)


class SheetXml:
    """Takes the elements of one worksheet and fills a `SheetBuilder`."""

    def __init__(
        self, builder: SheetBuilder, strings: Sequence[str], kinds: Sequence[FormatKind], is_1904: bool
    ) -> None:
        self._builder = builder
        self._strings = strings
        self._kinds = kinds
        self._is_1904 = is_1904
        self._row = self._column = -1
        self._cell: dict[str, str] | None = None
        self._parts: dict[str, list[str]] = {}
        self._into: list[str] | None = None
        self._phonetic = False
        self._formulas: dict[Position, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take a row, a cell or a part of a cell."""
        if self._cell is not None:
            if name in ("v", "f", "t") and not self._phonetic:
                if name != "t" and name in self._parts:  # two values would be read as one number
                    raise damaged(f"trang “{self._builder.name}” có ô chứa hai giá trị")
                self._into = self._parts.setdefault(name, [])
            elif name == "rPh":
                self._phonetic = True
        elif name == "c":
            self._cell = attributes
            self._parts = {}
        elif name == "row":
            self._open_row(attributes)
        elif name == "col" and _is_true(attributes.get("hidden")):
            first, last = attributes.get("min", ""), attributes.get("max", "")
            if first.isdecimal() and last.isdecimal():
                self._builder.hidden_columns.append((int(first[:6]) - 1, int(last[:6]) - 1))
        elif name == "mergeCell":
            top_left, bottom_right = map(_position, attributes.get("ref", "").partition(":")[::2])
            if top_left and bottom_right:
                self._builder.merge(top_left, bottom_right)

    def end(self, name: str) -> None:
        """Finish a cell or a part of it."""
        if self._cell is None:
            return
        if name == "c":
            self._locate(self._cell.get("r"))
            if self._parts or "t" in self._cell:  # most cells are formatted and empty
                self._close_cell(self._cell)
            self._cell = None
        elif name == "rPh":
            self._phonetic = False
        else:
            self._into = None

    def data(self, text: str) -> None:
        """Collect the text of the part that is open."""
        if self._into is not None:
            self._into.append(text)

    def distrust_zero_results(self) -> None:
        """Mark formulas as never calculated where all show 0 beside figures that are not 0.

        Libraries that cannot calculate store 0 as the result of every formula and ask for a calculation
        on opening; a program that did calculate drops that request.
        """
        cells = self._builder.cells
        has_result = any(cells.get(position) not in (0, None) for position in self._formulas)
        has_figure = any(isinstance(value, int | float) and value for value in cells.values())
        if not has_result and has_figure:
            for position, formula in self._formulas.items():
                if position in cells:
                    cells[position] = Odd("no_cache", formula)

    def _open_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r", "")
        if number and not (number.isdecimal() and len(number) <= 7):
            raise damaged(f"trang “{self._builder.name}” có số dòng không hợp lệ")
        self._row = int(number) - 1 if number else self._row + 1
        self._column = -1
        if _is_true(attributes.get("hidden")):
            self._builder.hidden_rows.add(self._row)

    def _close_cell(self, attributes: dict[str, str]) -> None:
        value = self._value(attributes.get("t", "n"), attributes.get("s", "0"))
        if value is not None:
            self._builder.add(self._row, self._column, value)
        if "f" in self._parts:
            self._formulas[self._row, self._column] = self._formula()

    def _locate(self, reference: str | None) -> None:
        if reference is None:
            self._column += 1
            return
        position = _position(reference)
        if position is None:
            raise damaged(f"trang “{self._builder.name}” có địa chỉ ô không hợp lệ")
        self._row, self._column = position

    def _formula(self) -> str:
        text = "".join(self._parts["f"]).strip()
        return f"={text[:80]}"

    def _value(self, kind: str, style: str) -> Value | None:
        text = "".join(self._parts.get("v", ()))
        if kind == "e":
            return Odd("error", text.strip()[:20] or "#?")
        if kind == "inlineStr" and "t" in self._parts:
            return unescape("".join(self._parts["t"]))
        if not text.strip():
            is_result = kind == "str" and "v" in self._parts  # a formula whose result is the empty text
            return Odd("no_cache", self._formula()) if "f" in self._parts and not is_result else None
        if kind == "s":
            return self._shared(text.strip())
        if kind in ("str", "inlineStr"):
            return unescape(text)
        if kind == "b":
            return Odd("bool", "TRUE" if text.strip() in ("1", "true") else "FALSE")
        return iso_date(text.strip()) if kind == "d" else self._number(text.strip(), style)

    def _shared(self, text: str) -> str:
        index = int(text) if text.isdecimal() and len(text) <= 9 else -1
        if not 0 <= index < len(self._strings):
            raise damaged(f"trang “{self._builder.name}” trỏ tới chữ không có trong tệp")
        return self._strings[index]

    def _number(self, text: str, style: str) -> Value:
        if _NUMBER.fullmatch(text) is None:
            return text
        number = float(text)
        index = int(style) if style.isdecimal() and len(style) <= 6 else -1
        kind: FormatKind = self._kinds[index] if 0 <= index < len(self._kinds) else "number"
        return plain_number(number) if kind == "number" else odd_number(kind, number, self._is_1904)


@functools.lru_cache(maxsize=2**14)  # the same few hundred cells are filled in every return
def _position(reference: str) -> Position | None:
    """Return the zero-based place that an A1 address means, None for what is no address."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def unescape(text: str) -> str:
    """Decode the _xHHHH_ that Office writes for characters XML cannot hold; half surrogates stay as they are."""
    if "_x" not in text:
        return text
    return _ESCAPE.sub(lambda match: match[0] if _is_surrogate(match[1]) else chr(int(match[1], 16)), text)


def _is_surrogate(code: str) -> bool:
    return 0xD800 <= int(code, 16) <= 0xDFFF


def _is_true(flag: str | None) -> bool:
    return flag in ("1", "true")
