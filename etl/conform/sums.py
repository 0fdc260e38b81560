"""Printed sums held against the rows they add up: a difference is said, never repaired."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from etl.conform.cells import shown
from etl.conform.findings import Findings
from etl.conform.tables import SortedRows, Table
from etl.counts import NotACount, parse_count
from etl.labels import count_text

T = TypeVar("T")
_ANY = 10**15


def check_sums(
    table: Table,
    rows: SortedRows[T],
    columns: Iterable[int],
    explain: Callable[[str], tuple[str, str]],
    findings: Findings,
    *,
    apart_from: int | None = None,
) -> None:
    """Compare totals, subtotals and group rows with the rows above, below or all of them.

    A sum that differs is warned about. A group row whose figures are no sum may be a misspelt row: refused.
    apart_from: a total that is compared elsewhere.
    """
    sums = sorted({*rows.totals, *rows.subtotals, *rows.groups})
    subtotals, groups = set(rows.subtotals), set(rows.groups)
    wrong_groups: dict[int, None] = {}
    for column in sorted(columns):
        if not all(_is_readable(table, row, column) for row, _ in rows.parts):
            continue  # beside a cell that was refused, a sum says nothing
        sections = _sections(table, [row for row, _ in rows.parts], sums, column)
        known = [section for section in sections if section is not None]
        everything = sum(known) if known else None
        for index, row in enumerate(sums):
            place = table.at(row, column)
            printed = None if row == apart_from else findings.count(table.sheet.cells.get(place[1]), *place)
            near = [section for section in sections[index : index + 2] if section is not None]
            if printed is None or printed in (everything, *near) or (printed == 0 and not near):
                continue
            if row in groups:
                wrong_groups[row] = None
            else:
                added = near[0] if row in subtotals and near else everything
                findings.warn("tong_khong_khop", _difference(printed, added), *place)
    for row in wrong_groups:
        rule, reason = explain(shown(table.sheet.cells.get((row, table.key_column))))
        message = f"{reason}; số của dòng cũng không bằng tổng của nhóm"
        findings.refuse(rule, message, *table.at(row, table.key_column))


def _difference(printed: int, added: int | None) -> str:
    if added is None:
        return f"Dòng tổng ghi {count_text(printed)} nhưng các dòng đều để trống: không nạp số tổng"
    return f"Dòng tổng ghi {count_text(printed)}, các dòng cộng lại {count_text(added)}: không sửa số nào"


def _is_readable(table: Table, row: int, column: int) -> bool:
    try:
        parse_count(table.sheet.cells.get((row, column)), _ANY)
    except NotACount:
        return False
    return True


def _sections(table: Table, parts: list[int], sums: list[int], column: int) -> list[int | None]:
    """Return the sums of the parts before, between and after the printed sums; None where all are blank."""
    sections: list[int | None] = [None] * (len(sums) + 1)
    index = 0
    for row in sorted(parts):
        while index < len(sums) and sums[index] < row:
            index += 1
        value = parse_count(table.sheet.cells.get((row, column)), _ANY)
        if value is not None:
            sections[index] = (sections[index] or 0) + value
    return sections
