"""Who has sent what, and what became of it?"""

from datetime import date

from dashboard import exhibits, reporting, ui
from etl.desk import Desk
from etl.settings import read_settings

context = ui.require_router()
settings = read_settings()
PARTS = {
    "theo_doi": "Ai đã gửi",
    "nop": "Nộp báo cáo",
    "giu_lai": "Tệp bị giữ lại",
    "lich_su": "Lịch sử, hoàn tác, khóa năm",
}
desk = Desk(settings, shown=context.data or settings.data)
today = date.today()

ui.heading("Nộp báo cáo", "Đơn vị nào đã gửi, chưa gửi, gửi muộn; tệp nào phải sửa?")
part = ui.choose_part("muc", PARTS) if context.has_figures else "nop"
if part == "nop":
    ui.receive(desk)
    if context.has_figures:
        ui.offer_form(desk, reporting.period_kinds(context.warehouse), range(context.years[0], today.year + 1))
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
else:
    ui.history(desk, context.choice.don_vi_id)
    ui.closed_years(desk)
