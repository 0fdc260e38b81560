"""Does it add up? Every published figure beside what the returns add up to."""

from dashboard import exhibits, ui
from dashboard.topics import ledger

context = ui.require_router()
warehouse, choice = context.warehouse, context.choice

ui.heading("Đối chiếu", "Các con số đã công bố có khớp nhau, và có khớp với báo cáo của các đơn vị?")
ui.show(exhibits.printed_sums(warehouse, choice), lead=exhibits.printed_parts(warehouse))
ui.section("Số đã công bố và số các báo cáo cộng lại")
chosen = ui.choose_each(
    {"tai_lieu": ("Nguồn", ledger.sources(warehouse)), "ket_qua": ("Kết quả", ledger.states(warehouse))}
)
ui.show(exhibits.province_ledger(warehouse, choice, *chosen))
ui.show(exhibits.place_ledger(warehouse, choice, *chosen))
