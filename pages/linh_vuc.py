"""Which fields carry the movement, and which one is weak?"""

from dashboard import exhibits, ui

context = ui.require_router()
warehouse, choice = context.warehouse, context.choice

ui.heading("Lĩnh vực", "Lĩnh vực nào là chỗ mạnh, lĩnh vực nào yếu, từ bao giờ?")
ui.side_by_side(
    lambda: ui.show(exhibits.field_shares(warehouse, choice)),
    lambda: ui.show(exhibits.weak_fields(warehouse, choice)),
)
ui.show(exhibits.weak_field_years(warehouse, choice), lead=exhibits.weak_field_cards(warehouse, choice))
ui.way_on("Tính thử: cần thêm bao nhiêu mô hình, ở đâu, mỗi năm bao nhiêu", exhibits.weak_field_goal(warehouse, choice))
ui.show(exhibits.field_years(warehouse, choice))
ui.show(exhibits.field_year_heat(warehouse, choice))
ui.show(exhibits.district_field_heat(warehouse, choice))
