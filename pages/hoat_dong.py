"""How many inspections, conferences, awards and everything else, by district and year?"""

from dashboard import exhibits, ui
from dashboard.topics.headlines import headlines

context = ui.require_router()
warehouse, choice = context.warehouse, context.choice
FIRST = ("kiem_tra", "hoi_nghi", "mo_hinh_khen_thuong")

ui.heading("Hoạt động", "Kiểm tra, hội nghị, khen thưởng và các chỉ tiêu khác: ai làm được bao nhiêu, năm nào?")
ui.cards(headlines(warehouse, choice, FIRST))
indicator = ui.choose_indicator("kiem_tra")
if indicator not in FIRST:
    ui.cards(headlines(warehouse, choice, (indicator,)))
ui.show(exhibits.indicator_years(warehouse, choice, indicator, with_events=False))
ui.side_by_side(
    lambda: ui.show(exhibits.districts_by_indicator(warehouse, choice, indicator)),
    lambda: ui.show(exhibits.others_by_indicator(warehouse, choice, indicator)),
)
ui.show(exhibits.unit_years(warehouse, choice, indicator))
ui.section("Tỷ lệ giữa các chỉ tiêu")
ui.side_by_side(
    lambda: ui.show(exhibits.awarded_shares(warehouse, choice)),
    lambda: ui.show(exhibits.models_per_inspection(warehouse, choice)),
)
