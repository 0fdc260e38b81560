"""Damage to a good workbook, drawn from a seed: to the bytes of the zip, to the XML inside, and to the cells."""

import datetime
import io
import random
import zipfile
from collections.abc import Callable
from contextlib import suppress
from xml.etree import ElementTree

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ElementTree.register_namespace("", MAIN)
ElementTree.register_namespace("r", RELATIONS)


def mutant(original: bytes, family: str, seed: int) -> bytes:
    """Return `original` damaged in one to three ways of a family; the same seed gives the same bytes."""
    rng = random.Random(f"{family} {seed}")
    return _FAMILIES[family](original, rng)


# --- bytes


def _bytes(content: bytes, rng: random.Random) -> bytes:
    damage = rng.choice((_flip, _flip, _flip, _cut, _erase, _double, _insert))
    return bytes(damage(bytearray(content), rng))


def _flip(content: bytearray, rng: random.Random) -> bytearray:
    for _ in range(rng.choice((1, 1, 1, 4, 16))):
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    return content


def _cut(content: bytearray, rng: random.Random) -> bytearray:
    return content[: rng.randrange(len(content))]


def _erase(content: bytearray, rng: random.Random) -> bytearray:
    start = rng.randrange(len(content))
    stop = min(start + rng.choice((1, 8, 64, 512)), len(content))
    content[start:stop] = bytes(stop - start)
    return content


def _double(content: bytearray, rng: random.Random) -> bytearray:
    start = rng.randrange(len(content))
    return content + content[start:]


def _insert(content: bytearray, rng: random.Random) -> bytearray:
    start = rng.randrange(len(content))
    return content[:start] + rng.randbytes(rng.choice((1, 7, 100))) + content[start:]


# --- XML

_PARTS = ("xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", *["xl/worksheets/sheet{}.xml"] * 4)
_VALUES: dict[str, Callable[[random.Random], str]] = {
    "t": lambda rng: rng.choice(("s", "n", "str", "b", "e", "inlineStr", "d", "x", "")),
    "r": lambda rng: f"{rng.choice('ABCDEFGHZ')}{rng.choice((0, 1, 6, 7, 8, 9, 12, 13, 99, 1048576, 1048577))}",
    "s": lambda rng: str(rng.choice((*range(40), 999, -1))),
    "ref": lambda rng: rng.choice(("A1", "A1:XFD1", "B7:D9", "B1:C3", "A7:A8")),
    "numFmtId": lambda rng: str(rng.choice((0, 1, 2, 9, 10, 14, 22, 46, 49, 164, 165, 999))),
    "formatCode": lambda rng: rng.choice(("0%", "dd/mm/yyyy", '"x"0', "[h]:mm", "0.000", "#,##0", "")),
    "hidden": lambda rng: rng.choice(("1", "0", "x")),
    "state": lambda rng: rng.choice(("hidden", "veryHidden", "visible")),
    "date1904": lambda rng: rng.choice(("1", "0")),
    "name": lambda rng: rng.choice(("Biểu 01", "Biểu 02", "Biểu 03", "Thông tin", "Sheet1", "")),
    "count": lambda rng: str(rng.choice((0, 1, 2**31, -1))),
    "uniqueCount": lambda rng: str(rng.choice((0, 1, 2**31, -1))),
}
_TEXTS = ("0", "1", "7", "12", "99", "1000000", "-5", "1.5", "12.0", "1e3", "NaN", "", " 8 ", "#REF!", "x", "45000")


def _xml(content: bytes, rng: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for _ in range(rng.choice((1, 1, 2, 3))):
        name = rng.choice(_PARTS).format(rng.choice((1, 2, 2, 2, 3, 3, 4)))
        damage = rng.choice((*[_edit_element] * 8, _flip_in_text))
        parts[name] = damage(parts[name], rng)
    if rng.random() < 0.05:
        del parts[rng.choice(sorted(parts))]
    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return changed.getvalue()


def _edit_element(part: bytes, rng: random.Random) -> bytes:
    try:
        root = ElementTree.fromstring(part)
    except ElementTree.ParseError:  # an earlier edit broke it
        return part
    pairs = [(parent, child) for parent in root.iter() for child in parent]
    cells = [pair for pair in pairs if pair[1].tag.endswith(("}c", "}v", "}row"))]
    if not pairs:
        return part
    parent, element = rng.choice(cells if cells and rng.random() < 0.7 else pairs)
    _ELEMENT_EDITS[rng.choice(list(_ELEMENT_EDITS))](parent, element, rng)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _set_attribute(parent: ElementTree.Element, element: ElementTree.Element, rng: random.Random) -> None:
    names = [name for name in element.attrib if name in _VALUES] or ["t", "r", "s", "hidden"]
    name = rng.choice(names)
    is_huge = element.tag.endswith("}dimension") and rng.random() < 0.5
    element.set(name, "A1:XFD1048576" if is_huge else _VALUES[name](rng))


def _drop_attribute(parent: ElementTree.Element, element: ElementTree.Element, rng: random.Random) -> None:
    if element.attrib:
        del element.attrib[rng.choice(sorted(element.attrib))]


def _set_text(parent: ElementTree.Element, element: ElementTree.Element, rng: random.Random) -> None:
    element.text = rng.choice((*_TEXTS, str(rng.randrange(80))))


def _remove(parent: ElementTree.Element, element: ElementTree.Element, rng: random.Random) -> None:
    parent.remove(element)


def _repeat(parent: ElementTree.Element, element: ElementTree.Element, rng: random.Random) -> None:
    parent.insert(rng.randrange(len(parent) + 1), element)


def _exchange(parent: ElementTree.Element, element: ElementTree.Element, rng: random.Random) -> None:
    other = rng.choice(list(parent))
    element.text, other.text = other.text, element.text
    element.attrib, other.attrib = dict(other.attrib), dict(element.attrib)


def _make_formula(parent: ElementTree.Element, element: ElementTree.Element, rng: random.Random) -> None:
    if element.tag.endswith("}c"):
        formula = ElementTree.Element(f"{{{MAIN}}}f")
        formula.text = "SUM(A1:A9)"
        element.insert(0, formula)


def _merge(parent: ElementTree.Element, element: ElementTree.Element, rng: random.Random) -> None:
    merged = ElementTree.SubElement(parent, f"{{{MAIN}}}mergeCells")
    ElementTree.SubElement(merged, f"{{{MAIN}}}mergeCell").set("ref", _VALUES["ref"](rng))


_ELEMENT_EDITS = {
    edit.__name__: edit
    for edit in (
        _set_attribute,
        _drop_attribute,
        _set_text,
        _remove,
        _repeat,
        _exchange,
        _make_formula,
        _merge,
    )
}


def _flip_in_text(part: bytes, rng: random.Random) -> bytes:
    return bytes(_flip(bytearray(part), rng))


# --- cells

_ENTRIES: tuple[object, ...] = (
    *("123", " 45 ", "1.236", "1,236", "1 236", "12.0", "0016", "-", "n/a", "-5", "(5)", "12*", "105/130", "hơn 100"),
    *("83,07%", "1e3", "NaN", "#REF!", "mười", "=B7+B8", "x", "Kinh tế", "Công nhận", "Tổng cộng", "Hội thi"),
    *(0, 7, 1236, 100_001, -3, 12.0, 12.5, 1.236, True, None, datetime.date(2023, 4, 4)),
)
_NAMES = ("Biểu 1", "BIEU SO 01", "Biểu 02", "Biểu 03", "Sheet1", "Thông tin chung", "Phụ lục")


def _cells(content: bytes, rng: random.Random) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    for _ in range(rng.choice((1, 1, 2, 3))):
        page = rng.choice([page for page in book.worksheets if page.sheet_state == "visible"])
        with suppress(AttributeError):  # openpyxl cannot move a cell onto a merged range
            rng.choice(_CELL_EDITS)(page, rng)
    changed = io.BytesIO()
    book.save(changed)
    return changed.getvalue()


def _put(cell: object, value: object) -> None:
    """Set a cell's value; the covered cells of a merged range take none."""
    if isinstance(cell, Cell):
        cell.value = value  # type: ignore[assignment]


def _filled(page: Worksheet, rng: random.Random, count: int = 1) -> list[Cell]:
    cells = [cell for row in page.iter_rows(max_row=20) for cell in row if isinstance(cell, Cell)]
    full = [cell for cell in cells if cell.value is not None]
    return rng.choices(full or cells or [page["A1"]], k=count)


def _retype(page: Worksheet, rng: random.Random) -> None:
    (cell,) = _filled(page, rng)
    _put(cell, rng.choice(_ENTRIES))
    if rng.random() < 0.2:
        cell.number_format = rng.choice(("0%", "dd/mm/yyyy", "0.00", "@", "#,##0"))


def _swap_cells(page: Worksheet, rng: random.Random) -> None:
    one, other = _filled(page, rng, 2)
    kept = one.value
    _put(one, other.value)
    _put(other, kept)


def _blank(page: Worksheet, rng: random.Random) -> None:
    for cell in _filled(page, rng, rng.choice((1, 1, 5))):
        _put(cell, None)


def _copy_over(page: Worksheet, rng: random.Random) -> None:
    one, other = _filled(page, rng, 2)
    _put(other, one.value)


def _respell(page: Worksheet, rng: random.Random) -> None:
    (cell,) = _filled(page, rng)
    if isinstance(cell.value, str):
        change = rng.choice(
            (str.upper, str.lower, lambda text: f"{text} khác", lambda text: text[:-2], lambda t: f"I. {t}")
        )
        _put(cell, change(cell.value))


def _move_rows(page: Worksheet, rng: random.Random) -> None:
    change = rng.choice((page.insert_rows, page.delete_rows))
    change(rng.randint(1, page.max_row), rng.choice((1, 1, 2)))


def _move_columns(page: Worksheet, rng: random.Random) -> None:
    change = rng.choice((page.insert_cols, page.delete_cols))
    change(rng.randint(1, page.max_column), 1)


def _exchange_lines(page: Worksheet, rng: random.Random) -> None:
    if rng.random() < 0.5:
        one, other = rng.randint(1, page.max_row), rng.randint(1, page.max_row)
        pairs = [(page.cell(one, column), page.cell(other, column)) for column in range(1, page.max_column + 1)]
    else:
        one, other = rng.randint(1, page.max_column), rng.randint(1, page.max_column)
        pairs = [(page.cell(row, one), page.cell(row, other)) for row in range(6, page.max_row + 1)]
    for first, second in pairs:
        if isinstance(first, Cell) and isinstance(second, Cell):
            first.value, second.value = second.value, first.value


def _rename(page: Worksheet, rng: random.Random) -> None:
    page.title = rng.choice(_NAMES)


def _hide(page: Worksheet, rng: random.Random) -> None:
    page.row_dimensions[rng.randint(6, 14)].hidden = True
    page.column_dimensions[rng.choice("ABCD")].hidden = True
    if rng.random() < 0.3:
        page.sheet_state = "hidden"


def _scribble(page: Worksheet, rng: random.Random) -> None:
    page.cell(rng.choice((2, 5, 10, 16, 30, 200)), rng.randint(1, 14)).value = rng.choice(
        (5, "5", "Ghi chú", "x", 2023)
    )


def _join(page: Worksheet, rng: random.Random) -> None:
    row, column = rng.randint(6, 13), rng.randint(1, 6)
    page.merge_cells(start_row=row, end_row=row + rng.randint(0, 1), start_column=column, end_column=column + 1)


_CELL_EDITS = (
    *[_retype] * 4,
    _swap_cells,
    _blank,
    _copy_over,
    _respell,
    _move_rows,
    _move_columns,
    _exchange_lines,
    _rename,
    _hide,
    _scribble,
    _join,
)
_FAMILIES: dict[str, Callable[[bytes, random.Random], bytes]] = {"bytes": _bytes, "xml": _xml, "cells": _cells}
