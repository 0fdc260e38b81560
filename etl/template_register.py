"""The form's register, Biểu 03: a row a model, with drop-down lists."""

from collections.abc import Mapping
from typing import Any

from etl.catalogue_layouts import REGISTER_LISTS
from etl.template_form import Form
from etl.template_style import HEADER_ROW, finish_table, one_of, year_between

_WIDTHS = {"name": 36, "linh_vuc": 16, "commune": 15, "host": 20, "kind": 9, "start_year": 9, "status": 12}
_WIDTHS |= {"award_level": 11, "theme": 18, "area_kind": 17, "note": 12}
_VALIDATED_ROWS = 1000
_EMPTY_ROWS = 25
_ROW_HEIGHT = 32  # two lines


def write_register(form: Form) -> None:
    """Write the register: the content's models, or empty rows to fill; the lists cover the first thousand rows."""
    layout = form.catalogue.layouts.periodic.model_register
    headings: dict[str, str] = {"stt": "STT"}
    headings |= {name: spellings[0] for name, spellings in layout if name != "sheet"}
    title = f"{layout.sheet[0].upper()}. DANH SÁCH MÔ HÌNH “{form.catalogue.province.movement.upper()}” TRONG KỲ"
    note = "Mỗi mô hình một dòng. Lĩnh vực, loại, tình trạng, cấp khen thưởng, chủ đề, địa bàn: chọn trong danh sách."
    note += " Mô hình kỳ trước chuyển sang: sửa Tình trạng cho đúng kỳ này." if form.content.models_of else ""
    widths = [6, *[_WIDTHS.get(name, 15) for name in headings if name != "stt"]]
    sheet = form.add_sheet(layout.sheet[0], title, note, widths)
    styles = {"stt": form.styles["small_year"], "start_year": form.styles["small_year"]}
    for column, (name, heading) in enumerate(headings.items()):
        sheet.write_string(HEADER_ROW, column, heading, form.styles["heading"])
        # The column's own format keeps rows below the printed ones open for typing.
        sheet.set_column(column, column, widths[column], styles.get(name, form.styles["small_text"]))
    rows = [_with_labels(form, {"stt": number, **model}) for number, model in enumerate(form.content.models, 1)]
    rows += [{}] * (_EMPTY_ROWS if form.content.models_of or not (rows or form.content.simulated) else 0)
    for row, values in enumerate(rows, HEADER_ROW + 1):
        sheet.set_row(row, _ROW_HEIGHT)
        for column, name in enumerate(headings):
            sheet.write(row, column, values.get(name), styles.get(name, form.styles["small_text"]))
    _validate_register(form, sheet, headings)
    finish_table(sheet, HEADER_ROW + max(len(rows), 1), frozen_columns=2, is_register=True)


def _with_labels(form: Form, model: Mapping[str, str | int]) -> dict[str, str | int]:
    row = dict(model)
    for name, list_id in REGISTER_LISTS.items():
        if name in row:
            row[name] = form.choices.get(list_id, {}).get(str(row[name]), row[name])
    return row


def _validate_register(form: Form, sheet: Any, headings: dict[str, str]) -> None:
    first_year, last_year = form.catalogue.province.first_year, form.period.to_year
    rules = {name: one_of(f"ds_{list_id}", headings[name]) for name, list_id in REGISTER_LISTS.items()}
    rules["start_year"] = year_between(min(first_year, last_year), last_year, headings["start_year"])
    for name, rule in rules.items():
        column = list(headings).index(name)
        sheet.data_validation(HEADER_ROW + 1, column, HEADER_ROW + _VALIDATED_ROWS, column, rule)
