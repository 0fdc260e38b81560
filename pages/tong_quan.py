"""Where do we stand? Totals against the signed report, fields, years, places."""

from dashboard import exhibits, ui
from dashboard.topics.headlines import headlines

context = ui.require_router()
warehouse, choice = context.warehouse, context.choice

ui.heading("Tổng quan", "Phong trào đang ở đâu so với Báo cáo đã ký?")
ui.cards(headlines(warehouse, choice))
ui.flag_lines(ui.flags_seen(context), more=True)
ui.side_by_side(
    lambda: ui.show(exhibits.field_shares(warehouse, choice)),
    lambda: ui.show(exhibits.years_recognised(warehouse, choice, brief=True)),
    lambda: ui.show(exhibits.district_map(warehouse, choice)),
)
