"""Who has sent what, and what became of it?"""

from datetime import date

from dashboard import exhibits, ui
from dashboard.access.rights import Right
from dashboard.topics import reporting
from etl.desk import open_desk

context = ui.require_router()
PARTS = {
    "theo_doi": "Ai đã gửi",
    "nop": "Nộp báo cáo",
    "giu_lai": "Tệp bị giữ lại",
    "lich_su": "Lịch sử, hoàn tác, khóa năm",
}
desk = ui.desk_for(context, open_desk)
today = date.today()

ui.heading("Nộp báo cáo", "Đơn vị nào đã gửi, chưa gửi, gửi muộn; tệp nào phải sửa?")
may_upload = context.viewer.may_anywhere(Right.UPLOAD)
part = ui.choose_part("muc", PARTS, {"nop": may_upload}) if context.has_figures else "nop"
if part == "nop" and may_upload:
    ui.receive(desk)
    if context.has_figures:
        ui.offer_form(desk, reporting.period_kinds(context.warehouse), range(context.years[0], today.year + 1))
elif part == "theo_doi" and not context.viewer.may(Right.VIEW_RETURNS):
    for choice in context.own_choices:
        ui.show(exhibits.unit_returns(context.warehouse, choice, as_of=today))
    if not context.own_choices:
        ui.note("Đơn vị ghi trong vai trò của tài khoản này không có trong danh mục. Hãy báo người quản trị.")
elif part == "theo_doi":
    warehouse, choice = context.warehouse, context.choice
    kind = ui.choose_part("ky", reporting.period_kinds(warehouse))
    ui.show(exhibits.returns_grid(warehouse, choice, kind, as_of=today))
    year = ui.choose_year("don_doc", "Đôn đốc báo cáo của năm", reporting.due_years(warehouse, choice, kind, today))
    ui.show(exhibits.returns_to_chase(warehouse, kind, year, as_of=today))
    ui.show(exhibits.reporting_rates(warehouse, choice, kind, as_of=today))
    ui.remind(desk, today)
elif part == "giu_lai":
    ui.held_back(desk)
elif part == "lich_su":
    ui.history(desk, context.choice.don_vi_id)
    ui.closed_years(desk)
