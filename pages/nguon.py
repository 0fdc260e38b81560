"""Which cells of which returns add up to a number?"""

from dashboard import ui
from dashboard.provenance.account import provenance, warning_table
from dashboard.provenance.cautions import warnings_of_choice
from dashboard.scope import RECOGNISED
from etl.desk import open_desk

context = ui.require_router()
warehouse = context.warehouse
NOT_SEEN = (
    "Từng ô và cảnh báo của báo cáo chỉ đơn vị gửi và cấp tỉnh xem được: chọn đơn vị của mình ở cột bên trái, "
    "địa giới “Như báo cáo”."
)

ui.heading("Nguồn số liệu", "Con số này cộng từ những ô nào, của những báo cáo nào?")
chosen = ui.choose_slice()
if chosen is None:
    ui.note(
        "Bấm vào một con số trong bảng, trên thẻ hoặc một cột, một ô trên biểu đồ ở bất kỳ trang nào để tới đây, "
        "hoặc chọn một chỉ tiêu ở trên; kỳ và đơn vị chọn ở cột bên trái."
    )
    ui.way_on("Mở thử: các ô cộng thành số mô hình công nhận", f"nguon?chi_tieu={RECOGNISED}")
    if not context.sees_cells:
        ui.note(NOT_SEEN)
    elif len(warnings := warning_table(warnings_of_choice(warehouse, context.choice))):
        ui.show_warnings(warnings)
elif not context.sees_cells:
    ui.note(NOT_SEEN)
else:
    desk = ui.desk_for(context, open_desk)
    ui.show_provenance(provenance(warehouse, chosen), desk)
