"""The cases of tests/inputs/: a file of a real kind, or how to make one from a good form, and what must become of it.

`tests/inputs/README.md` says what may stand in a case. Nothing here knows what the program does with a file.
"""

import csv
import io
import re
import tomllib
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import xlwt
from openpyxl.utils import column_index_from_string
from openpyxl.utils.cell import coordinate_from_string

from tests.files import write_file

FOLDER = Path(__file__).resolve().parent / "inputs"
BASES = FOLDER / "goc"
REAL_FILES = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".pdf", ".docx", ".zip")

_CODE = re.compile("&#([0-9]{3,6});")  # openpyxl may write letters beyond ASCII so

Grid = dict[tuple[int, int], Any]
Sheets = dict[str, Grid]


@dataclass
class Case:
    """One case: its toml, read."""

    name: str
    expect: dict[str, Any]
    file: dict[str, Any] = field(default_factory=dict)
    before: list[dict[str, Any]] = field(default_factory=list)
    is_loaded: bool = False

    @property
    def base(self) -> str:
        """The good form that the file departs from, "" for none."""
        return str(self.file.get("base", ""))


def read_case(path: Path) -> Case:
    """Return the case in a .toml; a word that no case uses is an error, so that none is misspelt in vain."""
    parts = tomllib.loads(path.read_text(encoding="utf-8"))
    unknown = set(parts) - {"expect", "file", "before", "load"}
    unknown |= {key for made in [parts.get("file", {}), *parts.get("before", [])] for key in set(made) - _WORDS}
    assert not unknown, f"{path.name}: unknown {sorted(unknown)}"
    return Case(path.stem, parts["expect"], parts.get("file", {}), parts.get("before", []), parts.get("load", False))


def make_file(case: Case, folder: Path) -> Path:
    """Return the case's own file: the one beside its .toml, or one made as [file] says."""
    if case.file:
        return make(case.file, folder, case.name)
    beside = [path for path in sorted(FOLDER.glob(f"{case.name}.*")) if path.suffix in REAL_FILES]
    assert len(beside) == 1, f"{case.name}: put one file beside the .toml, or a [file] in it"
    return beside[0]


def make(how: dict[str, Any], folder: Path, stem: str) -> Path:
    """Make a file as a [file] table says."""
    kind = how.get("type", "csv" if "text" in how else "xlsx")
    path = folder / how.get("name", f"{stem}.{kind}")
    path.parent.mkdir(parents=True, exist_ok=True)
    if "text" in how:
        path.write_bytes(_encoded(how["text"], how.get("encoding", "utf-8")))
    elif "hex" in how:
        path.write_bytes(bytes.fromhex(how["hex"]))
    else:
        _write(path, kind, _edited(how), how)
    if "zip" in how:
        _edit_members(path, how["zip"])
    _damage(path, how)
    return path


def base_sheets(name: str) -> Sheets:
    """Return the sheets of a good form."""
    sheets = tomllib.loads((BASES / f"{name}.toml").read_text(encoding="utf-8"))
    return {
        sheet: {(row, column): value for row, values in enumerate(rows) for column, value in enumerate(values)}
        for sheet, rows in sheets.items()
    }


def position_of(cell: str) -> tuple[int, int]:
    """Return the zero-based (row, column) of "B2"."""
    letters, row = coordinate_from_string(cell)
    return row - 1, column_index_from_string(letters) - 1


# --- changing a good form, in the order of these functions


def _edited(how: dict[str, Any]) -> Sheets:
    sheets = base_sheets(how["base"]) if "base" in how else {}
    for name in how.get("drop_sheets", []):
        del sheets[name]
    for name, rows in how.get("sheets", {}).items():
        sheets[name] = {(row, column): value for row, cells in enumerate(rows) for column, value in enumerate(cells)}
    for name, rows in how.get("drop_rows", {}).items():
        for row in sorted(rows, reverse=True):
            sheets[name] = _moved(sheets[name], row, -1, {row})
    for insert in how.get("insert", []):
        name, row = insert["sheet"], insert["row"]
        sheets[name] = _moved(sheets[name], row - 1, 1, set())
        sheets[name] |= {(row - 1, column): value for column, value in enumerate(insert["values"])}
    for name, order in how.get("columns", {}).items():
        places = {column_index_from_string(letter) - 1: place for place, letter in enumerate(order)}
        sheets[name] = {(row, places[column]): value for (row, column), value in sheets[name].items()}
    for name, cells in how.get("cells", {}).items():
        sheets[name] |= {position_of(cell): value for cell, value in cells.items()}
    written = WRITINGS[how.get("writing", "unicode")]
    wanted = how.get("writing_of")
    for name, cells in sheets.items():
        for position, value in cells.items():
            if isinstance(value, str) and (wanted is None or _is_at(wanted, name, position)):
                cells[position] = written(value)
    return {how.get("rename_sheets", {}).get(name, name): cells for name, cells in sheets.items()}


def _moved(cells: Grid, after: int, by: int, dropped: set[int]) -> Grid:
    """Return the cells with the rows from a zero-based row on, or below a dropped one (1-based), moved."""
    if dropped:
        gone = after - 1
        return {(row + by * (row > gone), column): value for (row, column), value in cells.items() if row != gone}
    return {(row + by * (row >= after), column): value for (row, column), value in cells.items()}


def _is_at(wanted: dict[str, list[str]], sheet: str, position: tuple[int, int]) -> bool:
    return position in map(position_of, wanted.get(sheet, []))


# --- writing it


def _write(path: Path, kind: str, sheets: Sheets, how: dict[str, Any]) -> None:
    if kind in ("xlsx", "xlsm"):
        _write_xlsx(path, sheets, how)
        return
    if kind == "xls":
        _write_xls(path, sheets)
        return
    rows = {name: _rows(cells) for name, cells in sheets.items()}
    write_file(path, rows)
    if kind == "csv" and ("encoding" in how or "delimiter" in how):
        stream = io.StringIO(newline="")
        csv.writer(stream, delimiter=how.get("delimiter", ",")).writerows(next(iter(rows.values())))
        path.write_bytes(_encoded(stream.getvalue(), how.get("encoding", "utf-8")))


def _rows(cells: Grid) -> list[list[Any]]:
    height, width = (1 + max(position[axis] for position in cells) for axis in (0, 1))
    return [[cells.get((row, column), "") for column in range(width)] for row in range(height)]


def _write_xlsx(path: Path, sheets: Sheets, how: dict[str, Any]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, cells in sheets.items():
        page = book.create_sheet(name)
        for (row, column), value in cells.items():
            if value != "":
                _put(page.cell(row + 1, column + 1), value)
        for merged in how.get("merge", {}).get(name, []):
            page.merge_cells(merged)
        for row in how.get("hide_rows", {}).get(name, []):
            page.row_dimensions[row].hidden = True
        for letter in how.get("hide_columns", {}).get(name, []):
            page.column_dimensions[letter].hidden = True
        if name in how.get("hide_sheets", []):
            page.sheet_state = "hidden"
    book.save(path)


def _put(cell: Any, value: Any) -> None:
    """Write a value; a table says more than a value can: literal text, or a number and its format."""
    if isinstance(value, dict) and "literal" in value:
        cell.value, cell.data_type = value["literal"], "s"
    elif isinstance(value, dict):
        cell.value, cell.number_format = value["number"], value["format"]
    else:
        cell.value = value


def _write_xls(path: Path, sheets: Sheets) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    for name, cells in sheets.items():
        page = book.add_sheet(name)
        for (row, column), value in cells.items():
            if isinstance(value, str) and value.startswith("="):
                page.write(row, column, xlwt.Formula(value[1:]))
            elif isinstance(value, dict):
                page.write(row, column, value["number"], xlwt.easyxf(num_format_str=value["format"]))
            elif value != "":
                page.write(row, column, value)
    book.save(str(path))


# --- harming it


def _edit_members(path: Path, edits: list[dict[str, Any]]) -> None:
    """Change, add or remove members of the zip that a workbook is."""
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    for edit in edits:
        name = edit["member"]
        if edit.get("remove"):
            del members[name]
        elif "replace" in edit:
            before, after = edit["replace"]
            text = _CODE.sub(lambda found: chr(int(found[1])), members[name].decode("utf-8"))
            assert before in text, f"{name} has no {before}"
            members[name] = text.replace(before, after, 1).encode("utf-8")
        else:
            members[name] = edit.get("text", "").encode("utf-8") * edit.get("times", 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in members.items():
            new.writestr(name, content)


def _damage(path: Path, how: dict[str, Any]) -> None:
    content = bytearray(path.read_bytes())
    if "keep" in how:
        content = content[: int(len(content) * how["keep"])]
    for share in how.get("flip", []):
        content[int(len(content) * share)] ^= 0xFF
    if "append" in how:
        content += how["append"].encode("latin-1")
    path.write_bytes(content)


# --- text as older programs wrote it; what is shown is what a program of today makes of their bytes

_TCVN3 = (
    "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉËÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ®¡¢§£¤¥¦",
    "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđĂÂĐÊÔƠƯ",
)
_VNI = {
    **dict(zip("àáảãạ", ("aø", "aù", "aû", "aõ", "aï"), strict=True)),
    **dict(zip("ăằắẳẵặ", ("aê", "aè", "aé", "aú", "aü", "aë"), strict=True)),
    **dict(zip("âầấẩẫậ", ("aâ", "aà", "aá", "aå", "aã", "aä"), strict=True)),
    **dict(zip("èéẻẽẹ", ("eø", "eù", "eû", "eõ", "eï"), strict=True)),
    **dict(zip("êềếểễệ", ("eâ", "eà", "eá", "eå", "eã", "eä"), strict=True)),
    **dict(zip("ìíỉĩị", ("ì", "í", "æ", "ó", "ò"), strict=True)),
    **dict(zip("òóỏõọ", ("oø", "où", "oû", "oõ", "oï"), strict=True)),
    **dict(zip("ôồốổỗộ", ("oâ", "oà", "oá", "oå", "oã", "oä"), strict=True)),
    **dict(zip("ơờớởỡợ", ("ô", "ôø", "ôù", "ôû", "ôõ", "ôï"), strict=True)),
    **dict(zip("ùúủũụ", ("uø", "uù", "uû", "uõ", "uï"), strict=True)),
    **dict(zip("ưừứửữự", ("ö", "öø", "öù", "öû", "öõ", "öï"), strict=True)),
    **dict(zip("ỳýỷỹỵđ", ("yø", "yù", "yû", "yõ", "î", "ñ"), strict=True)),
}
_CYRILLIC = str.maketrans("KTHMBCAaeopcx", "КТНМВСАаеорсх")
_GREEK = str.maketrans("KTHMBAo", "ΚΤΗΜΒΑο")
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def tcvn3(text: str) -> str:
    """Return text as a .VnTime font needs it; its capitals with tones are typed small."""
    table = dict(zip(_TCVN3[1], _TCVN3[0], strict=True))
    return "".join(table.get(char, table.get(char.lower(), char)) for char in unicodedata.normalize("NFC", text))


def vni(text: str) -> str:
    """Return text as a VNI-Times font needs it."""
    table = _VNI | {key.upper(): value.upper() for key, value in _VNI.items()}
    return "".join(table.get(char, char) for char in unicodedata.normalize("NFC", text))


def cp1258(text: str) -> bytes:
    """Return text as bytes of Windows-1258, which writes a tone behind its letter."""
    content = b""
    for char in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", char)
        tone = "".join(part for part in parts if part in "\u0300\u0301\u0303\u0309\u0323")
        letter = unicodedata.normalize("NFC", "".join(part for part in parts if part not in tone))
        try:
            content += char.encode("cp1258")
        except UnicodeEncodeError:
            content += (letter + tone).encode("cp1258")
    return content


def seen_as(content: bytes, encoding: str) -> str:
    """Return bytes as a program shows that takes them for `encoding`; bytes without a letter are control codes."""
    return "".join(_character(bytes([byte]), encoding) for byte in content)


def _character(byte: bytes, encoding: str) -> str:
    try:
        return byte.decode(encoding)
    except UnicodeDecodeError:
        return byte.decode("latin-1")


WRITINGS: dict[str, Callable[[str], str]] = {
    "unicode": lambda text: text,
    "nfd": lambda text: unicodedata.normalize("NFD", text),
    "nfkc-mixed": lambda text: "".join(
        unicodedata.normalize("NFD" if place % 2 else "NFC", char) for place, char in enumerate(text)
    ),
    "tcvn3": tcvn3,
    "vni": vni,
    "cp1258": lambda text: seen_as(cp1258(text), "cp1252"),
    "utf-8 as cp1252": lambda text: seen_as(text.encode(), "cp1252"),
    "utf-8 as latin-1": lambda text: text.encode().decode("latin-1"),
    "utf-8 as cp1258": lambda text: seen_as(text.encode(), "cp1258"),
    "html": lambda text: "".join(char if char.isascii() else f"&#{ord(char)};" for char in text),
    "cyrillic": lambda text: text.translate(_CYRILLIC),
    "greek": lambda text: text.translate(_GREEK),
    "lost": lambda text: "".join(char if char.isascii() else "?" for char in text),
    "no diacritics": lambda text: "".join(
        char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char)
    ).translate(str.maketrans("đĐ", "dD")),
    "upper": str.upper,
    "full width": lambda text: text.translate(_FULL_WIDTH),
    "eth": lambda text: text.replace("Đ", "Ð").replace("đ", "ð"),
    "nbsp": lambda text: text.replace(" ", "\u00a0"),
    "zero width": lambda text: "\u200b".join(text) + "\ufeff",
    "soft hyphens": lambda text: "\u00ad".join(text),
    "line breaks": lambda text: text.replace(" ", "\n"),
    "two spaces": lambda text: f"  {text.replace(' ', '  ')}\t",
    "old tone": lambda text: text.replace("óa", "oá").replace("ỳ", "ì").replace("ỷ", "ỉ"),
    "long dash": lambda text: text.replace(" - ", "–"),
}


def _encoded(text: str, encoding: str) -> bytes:
    if encoding == "cp1258":
        return cp1258(text)
    if encoding in ("tcvn3", "vni"):
        return bytes(_western_byte(char) for char in WRITINGS[encoding](text))
    return text.encode(encoding)


def _western_byte(char: str) -> int:
    return char.encode("cp1252")[0]


_WORDS = {
    *("base", "type", "name", "text", "encoding", "delimiter", "hex", "sheets", "cells", "drop_sheets", "drop_rows"),
    *("insert", "columns", "rename_sheets", "writing", "writing_of", "merge", "hide_rows", "hide_columns"),
    *("hide_sheets", "zip", "keep", "flip", "append", "same"),
}
