"""Which models are there, where, at which point of their life, and which does the signed report name?"""

from dashboard import exhibits, ui
from dashboard.exhibits.register import SHOWN
from dashboard.topics import register

context = ui.require_router()
warehouse, choice = context.warehouse, context.choice

ui.heading("Mô hình", "Có những mô hình nào, ở đâu, đang ở chặng nào?")
ui.cards(register.headlines(warehouse, choice))
typed = ui.search_text("tim_mo_hinh", "Tìm mô hình", "Tên mô hình, xã hoặc đơn vị chủ trì; gõ không dấu cũng được")
search = register.Search.of(typed, *ui.choose_each(register.filters(warehouse)))
ui.show_list(
    exhibits.register_models(warehouse, choice, search, limit=SHOWN),
    whole=lambda: exhibits.register_models(warehouse, choice, search),
)
ui.section("Mô hình Báo cáo nêu tên")
ui.show_list(exhibits.named_models(warehouse, choice, search))
ui.section("Mô hình và lượt công nhận")
ui.side_by_side(
    lambda: ui.show(exhibits.register_statuses(warehouse, choice)),
    lambda: ui.show(exhibits.register_by_field(warehouse, choice)),
)
ui.show(exhibits.register_by_year(warehouse, choice))
ui.show(exhibits.register_by_unit(warehouse, choice))
ui.section("Có thể trùng nhau")
ui.show_list(exhibits.likely_duplicates(warehouse, choice))
