"""The headings of a table: one, two or three lines, with group headings spread over the columns they span."""

import re
from collections.abc import Callable

from etl.conform.cells import Cells, is_figure, shown
from etl.text import clean

Line = tuple[int, Cells]
Test = Callable[[str], bool]

_MOST_CHILDREN = 2
_WIDEST = 300  # columns with headings; what stands further right has none and is refused if it holds figures
_NUMBER = re.compile(r"\(?(\d{1,2})\)?(?:\s*=.*)?")
_LETTER = re.compile(r"\(?[A-Za-z]\)?")


def header_lines(rows: list[Line], index: int, key: int, is_heading: Test, is_group: Test) -> list[Line]:
    """Return the lines of a header around rows[index], which holds the key heading.

    is_heading: whether a text names what a column counts; is_group: whether it may stand over such headings.
    """
    lines = [rows[index]]
    if index and rows[index - 1][0] == rows[index][0] - 1 and _is_parent(rows[index - 1][1], key, is_heading, is_group):
        lines.insert(0, rows[index - 1])
    for line in rows[index + 1 : index + 1 + _MOST_CHILDREN]:
        if line[0] != lines[-1][0] + 1 or not _is_child(line[1], key, is_group):
            break
        lines.append(line)
    return lines


def headings_of(lines: list[Line], key: int) -> dict[int, tuple[str, ...]]:
    """Return {column: its headings from the widest group down to its own}, the key's column apart."""
    headings: dict[int, tuple[str, ...]] = {}
    columns = {column for _, cells in lines for column in cells} - {key}
    for column in sorted(columns)[:_WIDEST]:
        depths = [depth for depth, (_, cells) in enumerate(lines) if isinstance(cells.get(column), str)]
        if depths:
            texts = (_text_at(lines, depth, column, key) for depth in range(depths[-1] + 1))
            if found := tuple(text for text in texts if text):
                headings[column] = found
    return headings


def is_column_numbers(cells: Cells, key: int) -> bool:
    """Whether a row is the (1) (2) (3) or A B 1 2 3=1+2 that forms print under their headings."""
    texts = [clean(shown(value)) for _, value in sorted(cells.items())]
    found = [_NUMBER.fullmatch(text) for text in texts]
    if key not in cells or not all(match or _LETTER.fullmatch(text) for match, text in zip(found, texts, strict=True)):
        return False
    numbers = [int(match[1]) for match in found if match]
    return len(numbers) > 1 and numbers[0] <= 2 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _is_parent(cells: Cells, key: int, is_heading: Test, is_group: Test) -> bool:
    """Whether the line above the key's carries group headings, told from a title by what they say."""
    texts = [value for value in cells.values() if isinstance(value, str)]
    if key in cells or len(texts) < len(cells):
        return False
    # What stands only left of the key is a title: "Mô hình đăng ký năm 2023" in A1 over "TT | Đơn vị | …".
    return max(cells) > key and any(is_heading(text) or is_group(text) for text in texts)


def _is_child(cells: Cells, key: int, is_group: Test) -> bool:
    """Whether a line below the key's continues the header: only words, none under the key, no group's label."""
    if key in cells or any(not isinstance(value, str) or is_figure(value) for value in cells.values()):
        return False
    return min(cells) > key or any(is_group(value) for value in cells.values() if isinstance(value, str))


def _text_at(lines: list[Line], depth: int, column: int, key: int) -> str:
    """Return the heading over a column in one line: its own, or the group's that spans it."""
    cells = lines[depth][1]
    own = cells.get(column)
    if isinstance(own, str):
        return clean(own)
    left = max((other for other, value in cells.items() if other < column and isinstance(value, str)), default=None)
    if left is None or left <= key < column:
        return ""
    is_over_others = any(left in lower for _, lower in lines[depth + 1 :])
    is_cut_off = any(left < other <= column for _, upper in lines[:depth] for other in upper)
    return clean(cells[left]) if is_over_others and not is_cut_off else ""
