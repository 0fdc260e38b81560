"""How the periodic form looks: fonts, title block, print setup, what is locked, what a clerk is told.

Rows 0-4 of every sheet are the title block and `HEADER_ROW` is the table's heading, so that a form with the
simulation's mark and one without it have their figures in the same cells.
"""

import datetime
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
from babel.numbers import format_decimal

HEADER_ROW = 5
_A4 = 9
_FONT = "Times New Roman"  # 13 points: the size the Party's offices print tables in
_LINE = {"border": 1, "border_color": "#7A828C", "valign": "vcenter"}
_INPUT = {**_LINE, "locked": False, "bg_color": "#FFFDF2"}
_STYLES: dict[str, dict[str, Any]] = {
    "office": {"bold": True, "align": "center"},
    "title": {"bold": True, "align": "center", "font_size": 14},
    "scope": {"align": "center"},
    "note": {"italic": True, "align": "center", "font_size": 12, "text_wrap": True, "valign": "vcenter"},
    "mark": {"bold": True, "align": "center", "font_color": "#C00000", "font_size": 16},
    "heading": {**_LINE, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#E8EBEF"},
    "label": {**_LINE, "text_wrap": True},
    "unit": {**_LINE, "align": "center", "text_wrap": True},
    "fixed": {**_LINE, "align": "left"},
    "total_label": {**_LINE, "bold": True},
    "total": {**_INPUT, "bold": True, "num_format": "#,##0", "align": "right"},
    "wrong": {"font_color": "#9C0006", "bold": True},  # no ground: a correction says by it how grave an issue is
    "number": {**_INPUT, "num_format": "#,##0", "align": "right"},
    "carried": {**_INPUT, "num_format": "#,##0", "align": "right", "bg_color": "#CFE2F3", "font_color": "#0B4F9E"},
    "reviewed": {"bg_color": "#FFFDF2", "font_color": "#000000"},
    "year": {**_INPUT, "num_format": "0", "align": "center"},
    "date": {**_INPUT, "num_format": "dd/mm/yyyy", "align": "left"},
    "text": {**_INPUT, "text_wrap": True, "align": "left"},
    "small_text": {**_INPUT, "text_wrap": True, "align": "left", "font_size": 11},
    "small_year": {**_INPUT, "num_format": "0", "align": "center", "font_size": 11},
    "carried_note": {"bold": True, "font_size": 12, "text_wrap": True, "valign": "vcenter", "bg_color": "#CFE2F3"},
    "guide": {"italic": True, "font_size": 12, "text_wrap": True, "valign": "top"},
}
_MAY = {"format_columns": True, "format_rows": True}
_MAY_IN_REGISTER = {**_MAY, "insert_rows": True, "delete_rows": True, "sort": True, "autofilter": True}


@dataclass(frozen=True)
class TitleBlock:
    """What stands above every table of one form. mark: the simulation's mark or ""."""

    office: str
    scope: str
    mark: str


def new_workbook(path: Path) -> tuple[xlsxwriter.Workbook, dict[str, Any]]:
    """Open a workbook for writing and make its formats, by name; text is never taken for a formula or a link."""
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_format_properties": {"font_name": _FONT, "font_size": 13},
    }
    workbook = xlsxwriter.Workbook(path, options)
    styles = {
        name: workbook.add_format({"font_name": _FONT, "font_size": 13, **look}) for name, look in _STYLES.items()
    }
    return workbook, styles


def begin_sheet(
    sheet: Any, styles: dict[str, Any], block: TitleBlock, title: str, note: str, widths: list[int]
) -> None:
    """Write the title block over all columns and set up widths and an A4 landscape page."""
    lines = ((block.office, "office"), (title, "title"), (block.scope, "scope"), (note, "note"), (block.mark, "mark"))
    for row, (text, style) in enumerate(lines):
        if text:
            sheet.merge_range(row, 0, row, len(widths) - 1, text, styles[style])
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.set_row(3, 34 if note else 8)
    sheet.set_row(4, 26 if block.mark else 8)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.6, right=0.4, top=0.6, bottom=0.6)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&RTrang &P/&N")


def lock(sheet: Any, *, is_register: bool = False) -> None:
    """Protect the sheet without a password: only the cells to fill can be typed in."""
    sheet.protect("", _MAY_IN_REGISTER if is_register else _MAY)


def finish_table(sheet: Any, last_row: int, *, frozen_columns: int, is_register: bool = False) -> None:
    """Set row heights, keep the heading in sight on screen and on every printed page, and lock the sheet."""
    sheet.set_row(HEADER_ROW, 40)
    if not is_register:
        for row in range(HEADER_ROW + 1, last_row + 1):
            sheet.set_row(row, 24)
    sheet.freeze_panes(HEADER_ROW + 1, frozen_columns)
    sheet.repeat_rows(HEADER_ROW - 1, HEADER_ROW)  # the mark of simulation and the heading
    lock(sheet, is_register=is_register)


def whole_number(cell_max: int, title: str, message: str) -> dict[str, Any]:
    """Return a validation that takes whole numbers from 0 to `cell_max` and explains the figure beside the cell."""
    top = format_decimal(cell_max, locale="vi")
    error = f"Chỉ nhập số nguyên từ 0 đến {top}. Chưa có số liệu thì để trống; không có thì ghi 0."
    bounds = {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": cell_max}
    return {**bounds, **_messages(title, message, "Số liệu không hợp lệ", error)}


def one_of(named_range: str, title: str) -> dict[str, Any]:
    """Return a validation that takes an entry of a named range."""
    error = "Chọn một mục trong danh sách (bấm mũi tên bên phải ô), hoặc để trống."
    return {
        "validate": "list",
        "source": f"={named_range}",
        **_messages(title, "Chọn trong danh sách.", "Không có trong danh sách", error),
    }


def day_from(first: datetime.date, title: str) -> dict[str, Any]:
    """Return a validation that takes a date not before `first`."""
    error = f"Nhập ngày dạng ngày/tháng/năm, từ {first:%d/%m/%Y} trở đi."
    return {
        "validate": "date",
        "criteria": ">=",
        "value": first,
        **_messages(title, "Nhập dạng ngày/tháng/năm.", "Ngày không hợp lệ", error),
    }


def year_between(first: int, last: int, title: str) -> dict[str, Any]:
    """Return a validation that takes a year of the given span."""
    error = f"Nhập năm bằng bốn chữ số, từ {first} đến {last}."
    bounds = {"validate": "integer", "criteria": "between", "minimum": first, "maximum": last}
    return {**bounds, **_messages(title, error, "Năm không hợp lệ", error)}


def _messages(input_title: str, input_message: str, error_title: str, error_message: str) -> dict[str, str]:
    # Excel refuses a workbook whose title is over 32 characters or whose message is over 255.
    return {
        "input_title": textwrap.shorten(input_title, 32, placeholder="…"),
        "input_message": textwrap.shorten(input_message, 255, placeholder="…"),
        "error_title": error_title,
        "error_message": error_message,
    }
