"""Where? Districts on the map and over the years, whom the report names, which themes and areas have models."""

from dashboard import exhibits, ui
from dashboard.exhibits.coverage import AREAS, THEMES

context = ui.require_router()
warehouse, choice = context.warehouse, context.choice
PARTS = {
    "ban_do": "Bản đồ",
    "qua_cac_nam": "Từng huyện qua các năm",
    "lanh_dao": "Lãnh đạo, chỉ đạo",
    "chu_de": "Chủ đề 2025-2030",
    "nhan_rong": "Nhân rộng mô hình",
}

ui.heading("Địa bàn", "Phong trào mạnh, yếu ở đâu; nơi nào chưa có mô hình về việc gì?")
part = ui.choose_part("xem", PARTS)
if part == "ban_do":
    indicator = ui.choose_indicator("mo_hinh_cong_nhan")
    ui.side_by_side(
        lambda: ui.show(exhibits.district_map(warehouse, choice, indicator)),
        lambda: ui.show(exhibits.district_rates(warehouse, choice, indicator)),
    )
    ui.show(exhibits.terrain_years(warehouse, choice, indicator))
elif part == "qua_cac_nam":
    ui.show(exhibits.district_panels(warehouse, choice, ui.choose_indicator("mo_hinh_cong_nhan")))
elif part == "lanh_dao":
    ui.show(exhibits.mentions(warehouse, choice))
elif part == "chu_de":
    for entries in (THEMES, AREAS):
        ui.show(exhibits.covered_by_field(warehouse, choice, entries))
        ui.show(exhibits.covered_by_district(warehouse, choice, entries))
else:
    ui.show(exhibits.typical_models(warehouse, choice))
    ui.show_list(exhibits.replicated_models(warehouse, choice))
