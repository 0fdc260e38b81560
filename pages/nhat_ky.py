"""Who did what, and who was refused?"""

from dashboard import ui
from etl.desk import open_desk

context = ui.require_router()
desk = ui.desk_for(context, open_desk)

ui.heading("Nhật ký", "Ai đã đăng nhập, nạp, rút, chốt, xuất; ai bị từ chối?")
ui.audit_trail(desk)
