"""What goes onto the conference screen, from figures that stay put?"""

from dashboard import ui
from dashboard.access.rights import Right
from etl.desk import open_desk

context = ui.require_router()
viewer = context.viewer
PARTS = {
    "trinh_chieu": "Trình chiếu",
    "tai_ve": "Tải về",
    "ban_chot": "Bản chốt",
}
allowed = {"tai_ve": viewer.may(Right.EXPORT), "ban_chot": viewer.may(Right.VIEW_RETURNS)}
desk = ui.desk_for(context, open_desk)

ui.heading("Trình chiếu", "Trình bày số liệu nào ở hội nghị, và từ bản chốt trước đã đổi những gì?")
part = ui.choose_part("hoi_nghi", PARTS, allowed)
if part == "trinh_chieu":
    ui.present()
elif part == "tai_ve":
    ui.downloads(desk)
elif part == "ban_chot":
    ui.frozen(desk)
