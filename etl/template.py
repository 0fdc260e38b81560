"""The periodic return's form: the workbook a unit fills in, made from the catalogue.

Every row, column and drop-down list comes from the catalogue, so an indicator added there is in the next form.
The same catalogue, unit, period and content give the same bytes.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from etl.catalogue import Catalogue
from etl.catalogue_rows import DonVi, Indicator
from etl.periods import Period
from etl.template_style import (
    HEADER_ROW,
    EmptyResult,
    TitleBlock,
    begin_sheet,
    day_from,
    lock,
    new_workbook,
    one_of,
    whole_number,
    year_between,
)

LISTS_SHEET = "_danh_muc"
# The register's columns that take an entry of a list: column of layouts.toml -> list of lists.csv, or the fields.
REGISTER_LISTS = {
    "linh_vuc": "linh_vuc",
    "kind": "loai",
    "status": "tinh_trang",
    "award_level": "cap_khen_thuong",
    "theme": "chu_de",
    "area_kind": "dia_ban_dac_thu",
}
_REGISTER_WIDTHS = {
    "name": 44,
    "linh_vuc": 19,
    "commune": 22,
    "host": 27,
    "start_year": 9,
    "theme": 24,
    "area_kind": 22,
}
_REGISTER_ROWS = 1000
_EMPTY_REGISTER_ROWS = 25
_GUIDE = (
    "Ô để trống nghĩa là chưa có số liệu; không có thì ghi 0. Đơn vị không có hoạt động nào trong kỳ thì đánh dấu x "
    "vào ô Không phát sinh và để trống các biểu. Chỉ nhập vào các ô nền vàng nhạt; không đổi tên biểu, dòng, cột."
)


@dataclass(frozen=True)
class Content:
    """What a form is filled with.

    values: figures by (indicator_id, linh_vuc_id); the field is None for an indicator without fields.
    models: register rows by the column names of layouts.toml; listed columns hold the entry's id or label.
    """

    values: Mapping[tuple[str, str | None], int] = field(default_factory=dict)
    models: Iterable[Mapping[str, str | int]] = ()
    as_of_on: datetime.date | None = None
    sent_on: datetime.date | None = None
    not_arising: bool = False
    simulated: bool = False
    prepared_by: str = ""
    signed_by: str = ""


@dataclass(frozen=True)
class _Form:
    catalogue: Catalogue
    unit: DonVi
    period: Period
    content: Content
    workbook: Any
    styles: dict[str, Any]
    block: TitleBlock
    choices: dict[str, dict[str, str]]

    def add_sheet(self, name: str, title: str, note: str, widths: list[int]) -> Any:
        sheet = self.workbook.add_worksheet(name)
        begin_sheet(sheet, self.styles, self.block, title, note, widths)
        return sheet

    @property
    def cell_max(self) -> int:
        return int(self.catalogue.threshold("cell_max"))


def write_template(
    catalogue: Catalogue, unit: DonVi, period: Period, path: Path, content: Content | None = None
) -> None:
    """Write the form of one unit and period to `path`, empty or filled with `content`."""
    content = content or Content()
    workbook, styles = new_workbook(path)
    mark = catalogue.layouts.words.simulated if content.simulated else ""
    block = TitleBlock(catalogue.province.commission.upper(), f"{unit.full_label} - {period.label}", mark)
    form = _Form(catalogue, unit, period, content, workbook, styles, block, list_choices(catalogue))
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
    _write_register(form)
    _write_lists(form)
    workbook.close()


def list_choices(catalogue: Catalogue) -> dict[str, dict[str, str]]:
    """Return the drop-down lists, each id -> label in order: the fields, the periods and those of lists.csv."""
    fields = sorted(catalogue.linh_vuc, key=lambda item: item.position)
    choices: dict[str, dict[str, str]] = {"linh_vuc": {item.linh_vuc_id: item.label for item in fields}, "ky": {}}
    for label in catalogue.labels:
        if label.kind == "ky" and label.use == "accepted":
            choices["ky"].setdefault(label.id, label.label)
    for choice in sorted(catalogue.lists, key=lambda item: item.position):
        choices.setdefault(choice.list, {})[choice.id] = choice.label
    return choices


def _write_info(form: _Form) -> None:
    labels, period, content = form.catalogue.layouts.info, form.period, form.content
    title = f"BÁO CÁO PHONG TRÀO THI ĐUA “{form.catalogue.province.movement.upper()}”"
    sheet = form.add_sheet(labels.sheet[0], title, "", [32, 62])
    years: list[tuple[str, Any, str]] = [(labels.year[0], period.to_year, "fixed")]
    if period.kind == "giai_doan":
        years = [(labels.from_year[0], period.from_year, "fixed"), (labels.to_year[0], period.to_year, "fixed")]
    lines: list[tuple[str, Any, str]] = [
        (labels.unit[0], form.unit.full_label, "fixed"),
        (labels.period[0], form.choices["ky"][period.kind], "fixed"),
        *years,
        (labels.as_of_on[0], content.as_of_on, "date"),
        (labels.sent_on[0], content.sent_on, "date"),
        (labels.prepared_by[0], content.prepared_by or None, "text"),
        (labels.signed_by[0], content.signed_by or None, "text"),
        (labels.not_arising[0], form.catalogue.layouts.words.not_arising[0] if content.not_arising else None, "text"),
        (labels.layout_version[0], form.catalogue.layouts.version, "fixed"),
    ]
    if content.simulated:
        lines.append((labels.simulated[0], form.catalogue.layouts.words.not_arising[0], "fixed"))
    for row, (label, value, style) in enumerate(lines, HEADER_ROW):
        sheet.write_string(row, 0, label, form.styles["label"])
        sheet.write(row, 1, value, form.styles[style])
    rows = {label: row for row, (label, _, _) in enumerate(lines, HEADER_ROW)}
    _validate_info(form, sheet, rows)
    below = HEADER_ROW + len(lines) + 1
    sheet.merge_range(below, 0, below, 1, _GUIDE, form.styles["guide"])
    sheet.set_row(below, 70)
    lock(sheet)


def _validate_info(form: _Form, sheet: Any, rows: dict[str, int]) -> None:
    labels = form.catalogue.layouts.info
    rules = {
        labels.period[0]: one_of("ds_ky", labels.period[0]),
        labels.as_of_on[0]: day_from(form.period.start, labels.as_of_on[0]),
        labels.sent_on[0]: day_from(form.period.start, labels.sent_on[0]),
        labels.not_arising[0]: one_of("ds_khong_phat_sinh", labels.not_arising[0]),
    }
    for label, rule in rules.items():
        sheet.data_validation(rows[label], 1, rows[label], 1, rule)


def _write_models(form: _Form) -> None:
    layout, fields = form.catalogue.layouts.periodic.models, form.choices["linh_vuc"]
    indicators = _indicators(form.catalogue, by_linh_vuc=True)
    title = f"{layout.sheet[0].upper()}. MÔ HÌNH “{form.catalogue.province.movement.upper()}” THEO LĨNH VỰC"
    note = "Đơn vị tính: mô hình. Để trống: chưa có số liệu; ghi 0: không có. Dòng cuối tự tính."
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
        sheet.data_validation(first, column, total - 1, column, rule)
    _finish_table(sheet, total, frozen_columns=1)


def _write_total(form: _Form, sheet: Any, cell: tuple[int, int], figures: list[int | None]) -> None:
    row, column = cell
    known = [figure for figure in figures if figure is not None]
    span = f"{xl_rowcol_to_cell(row - len(figures), column)}:{xl_rowcol_to_cell(row - 1, column)}"
    formula = f'=IF(COUNT({span})=0,"",SUM({span}))'
    sheet.write_formula(row, column, formula, form.styles["total"], sum(known) if known else EmptyResult())


def _write_activities(form: _Form) -> None:
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
    _finish_table(sheet, HEADER_ROW + len(indicators), frozen_columns=1)


def _write_register(form: _Form) -> None:
    layout = form.catalogue.layouts.periodic.model_register
    headings: dict[str, str] = {"stt": "STT"}
    headings |= {name: spellings[0] for name, spellings in layout if name != "sheet"}
    title = f"{layout.sheet[0].upper()}. DANH SÁCH MÔ HÌNH “{form.catalogue.province.movement.upper()}” TRONG KỲ"
    note = "Mỗi mô hình một dòng. Lĩnh vực, loại, tình trạng, cấp khen thưởng, chủ đề, địa bàn: chọn trong danh sách."
    widths = [6, *[_REGISTER_WIDTHS.get(name, 15) for name in headings if name != "stt"]]
    sheet = form.add_sheet(layout.sheet[0], title, note, widths)
    styles = {"stt": form.styles["year"], "start_year": form.styles["year"]}
    for column, (name, heading) in enumerate(headings.items()):
        sheet.write_string(HEADER_ROW, column, heading, form.styles["heading"])
        # The column's own format keeps rows below the printed ones open for typing.
        sheet.set_column(column, column, widths[column], styles.get(name, form.styles["text"]))
    rows = [_with_labels(form, {"stt": number, **model}) for number, model in enumerate(form.content.models, 1)]
    rows += [{}] * (0 if rows or form.content.simulated else _EMPTY_REGISTER_ROWS)
    for row, values in enumerate(rows, HEADER_ROW + 1):
        for column, name in enumerate(headings):
            sheet.write(row, column, values.get(name), styles.get(name, form.styles["text"]))
    _validate_register(form, sheet, list(headings), headings)
    _finish_table(sheet, HEADER_ROW + max(len(rows), 1), frozen_columns=2, is_register=True)


def _with_labels(form: _Form, model: Mapping[str, str | int]) -> dict[str, str | int]:
    row = dict(model)
    for name, list_id in REGISTER_LISTS.items():
        if name in row:
            row[name] = form.choices.get(list_id, {}).get(str(row[name]), row[name])
    return row


def _validate_register(form: _Form, sheet: Any, names: list[str], headings: dict[str, str]) -> None:
    first_year, last_year = form.catalogue.province.first_year, form.period.to_year
    rules = {name: one_of(f"ds_{list_id}", headings[name]) for name, list_id in REGISTER_LISTS.items()}
    rules["start_year"] = year_between(min(first_year, last_year), last_year, headings["start_year"])
    for name, rule in rules.items():
        column = names.index(name)
        sheet.data_validation(HEADER_ROW + 1, column, HEADER_ROW + _REGISTER_ROWS, column, rule)


def _finish_table(sheet: Any, last_row: int, *, frozen_columns: int, is_register: bool = False) -> None:
    sheet.set_row(HEADER_ROW, 40)
    if not is_register:
        for row in range(HEADER_ROW + 1, last_row + 1):
            sheet.set_row(row, 24)
    sheet.freeze_panes(HEADER_ROW + 1, frozen_columns)
    sheet.repeat_rows(HEADER_ROW)
    lock(sheet, is_register=is_register)


def _write_lists(form: _Form) -> None:
    sheet = form.workbook.add_worksheet(LISTS_SHEET)
    marks = form.catalogue.layouts.words.not_arising[:1]
    columns = {name: list(entries.values()) for name, entries in form.choices.items()} | {"khong_phat_sinh": [*marks]}
    for column, (name, entries) in enumerate(columns.items()):
        sheet.write_column(0, column, [name, *entries])
        letter = xl_col_to_name(column)
        form.workbook.define_name(f"ds_{name}", f"='{LISTS_SHEET}'!${letter}$2:${letter}${len(entries) + 1}")
    sheet.very_hidden()


def _indicators(catalogue: Catalogue, *, by_linh_vuc: bool) -> list[Indicator]:
    found = [indicator for indicator in catalogue.indicators if indicator.by_linh_vuc == by_linh_vuc]
    return sorted(found, key=lambda indicator: indicator.position)
