"""How did the movement go over the years, and what happened meanwhile?"""

from dashboard import exhibits, ui
from dashboard.scope import RECOGNISED
from dashboard.topics import glossary

context = ui.require_router()
warehouse, choice = context.warehouse, context.choice

ui.heading("Theo năm", "Phong trào tăng giảm ra sao, vào lúc có những sự kiện nào?")
ui.show(exhibits.years_recognised(warehouse, choice))
ui.section("Một chỉ tiêu khác theo năm")
indicator = ui.choose_indicator("mo_hinh_khen_thuong")
if indicator == RECOGNISED:
    ui.note("Chỉ tiêu này là biểu đồ đầu trang. Hãy chọn một chỉ tiêu khác.")
else:
    ui.show(exhibits.indicator_years(warehouse, choice, indicator))
ui.show_table("Các sự kiện trên biểu đồ", glossary.events(warehouse, choice))
