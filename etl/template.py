"""The periodic return's form: the workbook a unit fills in, made from the catalogue.

Every row, column and drop-down list comes from the catalogue, so an indicator added there is in the next form.
The same catalogue, unit, period and content give the same bytes.
"""

import datetime
from pathlib import Path
from typing import Any

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from etl.carried import COLUMN, LISTS_SHEET, as_texts
from etl.catalogue import Catalogue
from etl.catalogue_rows import DonVi, Indicator
from etl.periods import Period
from etl.template_form import Content, Form, list_choices
from etl.template_register import write_register
from etl.template_style import (
    HEADER_ROW,
    TitleBlock,
    day_from,
    finish_table,
    lock,
    new_workbook,
    one_of,
    whole_number,
)

__all__ = ["Content", "write_template"]

_GUIDE = (
    "Ô để trống nghĩa là chưa có số liệu; không có thì ghi 0. Đơn vị không có hoạt động nào trong kỳ thì đánh dấu x "
    "vào ô Không phát sinh và để trống các biểu. Chỉ nhập vào các ô nền vàng nhạt; không đổi tên biểu, dòng, cột."
)


def write_template(
    catalogue: Catalogue, unit: DonVi, period: Period, path: Path, content: Content | None = None
) -> None:
    """Write the form of one unit and period to `path`, empty or filled with `content`."""
    content = content or Content()
    workbook, styles = new_workbook(path)
    mark = catalogue.layouts.words.simulated if content.simulated else ""
    block = TitleBlock(catalogue.province.commission.upper(), f"{unit.full_label} - {period.label}", mark)
    form = Form(catalogue, unit, period, content, workbook, styles, block, list_choices(catalogue))
    workbook.set_properties(
        {
            "title": f"Báo cáo phong trào thi đua “{catalogue.province.movement}”: {block.scope}",
            "author": catalogue.province.commission,
            "comments": mark,
            "created": datetime.datetime.combine(period.start, datetime.time()),
        }
    )
    _write_info(form)
    _write_models(form)
    _write_activities(form)
    write_register(form)
    _write_lists(form)
    workbook.close()


def _write_info(form: Form) -> None:
    labels = form.catalogue.layouts.info
    title = f"BÁO CÁO PHONG TRÀO THI ĐUA “{form.catalogue.province.movement.upper()}”"
    sheet = form.add_sheet(labels.sheet[0], title, "", [32, 62])
    lines = _info_lines(form)
    for row, (label, value, style) in enumerate(lines, HEADER_ROW):
        sheet.write_string(row, 0, label, form.styles["label"])
        sheet.write(row, 1, value, form.styles[style])
        sheet.set_row(row, 24)
    _validate_info(form, sheet, {label: row for row, (label, _, _) in enumerate(lines, HEADER_ROW)})
    notes = [(text, "carried_note", 48) for text in _carried_notes(form)] + [(_GUIDE, "guide", 70)]
    for row, (text, style, height) in enumerate(notes, HEADER_ROW + len(lines) + 1):
        sheet.merge_range(row, 0, row, 1, text, form.styles[style])
        sheet.set_row(row, height)
    lock(sheet)


def _carried_notes(form: Form) -> list[str]:
    """Return what the form says about what it carried over, below the facts: a year above a table is its period."""
    content = form.content
    notes = []
    if content.carried is not None:
        notes.append(
            f"Số trên nền xanh ở cột Duy trì là số kỳ trước chuyển sang ({content.carried.said}), chưa phải số của "
            "kỳ này: sửa lại cho đúng kỳ này. Ô đã sửa trở về nền vàng nhạt."
        )
    if content.models_of:
        notes.append(
            f"Danh sách ở Biểu 03 chuyển từ báo cáo {content.models_of}, trừ mô hình đã dừng: sửa Tình trạng cho đúng "
            "kỳ này, xóa dòng không còn, thêm mô hình mới ở dưới."
        )
    return notes


def _info_lines(form: Form) -> list[tuple[str, Any, str]]:
    """Return label, value and style of every line; unit and period are fixed, as the titles repeat them."""
    labels, period, content = form.catalogue.layouts.info, form.period, form.content
    mark = form.catalogue.layouts.words.not_arising[0]
    years = [(labels.year[0], period.to_year, "fixed")]
    if period.kind == "giai_doan":
        years = [(labels.from_year[0], period.from_year, "fixed"), (labels.to_year[0], period.to_year, "fixed")]
    return [
        (labels.unit[0], form.unit.full_label, "fixed"),
        (labels.period[0], form.choices["ky"][period.kind], "fixed"),
        *years,
        (labels.as_of_on[0], content.as_of_on, "date"),
        (labels.sent_on[0], content.sent_on, "date"),
        (labels.prepared_by[0], content.prepared_by or None, "text"),
        (labels.signed_by[0], content.signed_by or None, "text"),
        (labels.not_arising[0], mark if content.not_arising else None, "text"),
        (labels.layout_version[0], form.catalogue.layouts.version, "fixed"),
        *([(labels.simulated[0], mark, "fixed")] if content.simulated else []),
    ]


def _validate_info(form: Form, sheet: Any, rows: dict[str, int]) -> None:
    labels = form.catalogue.layouts.info
    rules = {
        labels.period[0]: one_of("ds_ky", labels.period[0]),
        labels.as_of_on[0]: day_from(form.period.start, labels.as_of_on[0]),
        labels.sent_on[0]: day_from(form.period.start, labels.sent_on[0]),
        labels.not_arising[0]: one_of("ds_khong_phat_sinh", labels.not_arising[0]),
    }
    for label, rule in rules.items():
        sheet.data_validation(rows[label], 1, rows[label], 1, rule)


def _write_models(form: Form) -> None:
    layout, fields = form.catalogue.layouts.periodic.models, form.choices["linh_vuc"]
    indicators = _indicators(form.catalogue, by_linh_vuc=True)
    title = f"{layout.sheet[0].upper()}. MÔ HÌNH “{form.catalogue.province.movement.upper()}” THEO LĨNH VỰC"
    note = "Đơn vị tính: mô hình. Để trống: chưa có số liệu; ghi 0: không có. Dòng cuối: ghi tổng để đối chiếu."
    note += " Ô nền xanh: số kỳ trước chuyển sang, sửa lại cho đúng kỳ này." if form.content.carried else ""
    sheet = form.add_sheet(layout.sheet[0], title, note, [36, *[13] * len(indicators)])
    first, total = HEADER_ROW + 1, HEADER_ROW + 1 + len(fields)
    sheet.write_string(HEADER_ROW, 0, layout.key[0], form.styles["heading"])
    for row, label in enumerate(fields.values(), first):
        sheet.write_string(row, 0, label, form.styles["label"])
    sheet.write_string(total, 0, "Tổng cộng", form.styles["total_label"])
    for column, indicator in enumerate(indicators, 1):
        sheet.write_string(HEADER_ROW, column, indicator.short_label, form.styles["heading"])
        figures = [form.content.values.get((indicator.indicator_id, field_id)) for field_id in fields]
        for row, figure in enumerate(figures, first):
            sheet.write(row, column, figure, form.styles["number"])
        _write_total(form, sheet, (total, column), figures)
        rule = whole_number(form.cell_max, indicator.label, indicator.definition)
        carried = _write_carried(form, sheet, (first, column), indicator)
        spans = [(row, row) for row in range(first, total + 1) if row not in carried] if carried else [(first, total)]
        for top, bottom in spans:  # the carried ones have a message of their own
            sheet.data_validation(top, column, bottom, column, rule)
    finish_table(sheet, total, frozen_columns=1)


def _write_carried(form: Form, sheet: Any, top: tuple[int, int], indicator: Indicator) -> set[int]:
    """Write an indicator's figures of the period before so that they are told apart until they are changed.

    Return their rows; their total is left blank, since it would be of two periods.
    """
    first, column = top
    carried, rows = form.content.carried, set()
    for row, field_id in enumerate(form.choices["linh_vuc"], first):
        figure = carried.figures.get((indicator.indicator_id, field_id)) if carried is not None else None
        if carried is None or figure is None:
            continue
        rows.add(row)
        sheet.write_number(row, column, figure, form.styles["carried"])
        message = f"Số kỳ trước chuyển sang ({carried.said}): sửa lại cho đúng kỳ này."
        sheet.data_validation(row, column, row, column, whole_number(form.cell_max, indicator.label, message))
        changed = {"type": "cell", "criteria": "!=", "value": figure, "format": form.styles["reviewed"]}
        sheet.conditional_format(row, column, row, column, changed)
    return rows


def _write_total(form: Form, sheet: Any, cell: tuple[int, int], figures: list[int | None]) -> None:
    """Leave the total to be typed: a total that adds itself up checks nothing. One that disagrees turns red."""
    row, column = cell
    known = [figure for figure in figures if figure is not None]
    sheet.write(row, column, sum(known) if known else None, form.styles["total"])
    span = f"{xl_rowcol_to_cell(row - len(figures), column)}:{xl_rowcol_to_cell(row - 1, column)}"
    own = xl_rowcol_to_cell(row, column)
    differs = f'AND({own}<>"",COUNT({span})>0,{own}<>SUM({span}))'
    sheet.conditional_format(
        row, column, row, column, {"type": "formula", "criteria": differs, "format": form.styles["wrong"]}
    )


def _write_activities(form: Form) -> None:
    layout = form.catalogue.layouts.periodic.activities
    indicators = _indicators(form.catalogue, by_linh_vuc=False)
    title = f"{layout.sheet[0].upper()}. HOẠT ĐỘNG CHỈ ĐẠO, KIỂM TRA, TUYÊN TRUYỀN"
    note = "Để trống: chưa có số liệu; ghi 0: không có."
    sheet = form.add_sheet(layout.sheet[0], title, note, [44, 26, 16, 44])
    for column, heading in enumerate((layout.key[0], "Đơn vị tính", layout.value[0], "Ghi chú")):
        sheet.write_string(HEADER_ROW, column, heading, form.styles["heading"])
    for row, indicator in enumerate(indicators, HEADER_ROW + 1):
        sheet.write_string(row, 0, indicator.label, form.styles["label"])
        sheet.write_string(row, 1, indicator.unit_label, form.styles["unit"])
        sheet.write(row, 2, form.content.values.get((indicator.indicator_id, None)), form.styles["number"])
        sheet.write_blank(row, 3, None, form.styles["text"])
        rule = whole_number(form.cell_max, indicator.label, indicator.definition)
        sheet.data_validation(row, 2, row, 2, rule)
    finish_table(sheet, HEADER_ROW + len(indicators), frozen_columns=1)


def _write_lists(form: Form) -> None:
    sheet = form.workbook.add_worksheet(LISTS_SHEET)
    marks = form.catalogue.layouts.words.not_arising[:1]
    columns = {name: list(entries.values()) for name, entries in form.choices.items()} | {"khong_phat_sinh": [*marks]}
    kept = form.content.carried
    for column, (name, entries) in enumerate(columns.items()):
        sheet.write_column(0, column, [name, *entries])
        letter = xl_col_to_name(column)
        form.workbook.define_name(f"ds_{name}", f"='{LISTS_SHEET}'!${letter}$2:${letter}${len(entries) + 1}")
    if kept is not None:
        sheet.write_column(0, len(columns), [COLUMN, *as_texts(kept)])
    sheet.very_hidden()


def _indicators(catalogue: Catalogue, *, by_linh_vuc: bool) -> list[Indicator]:
    found = [indicator for indicator in catalogue.indicators if indicator.by_linh_vuc == by_linh_vuc]
    return sorted(found, key=lambda indicator: indicator.position)
