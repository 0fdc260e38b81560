"""What goes onto the conference screen, from figures that stay put?"""

from dashboard import ui
from etl.desk import Desk
from etl.settings import read_settings

context = ui.require_router()
settings = read_settings()
PARTS = {
    "trinh_chieu": "Trình chiếu",
    "tai_ve": "Tải về",
    "ban_chot": "Bản chốt",
}
desk = Desk(settings, shown=context.data or settings.data)

ui.heading("Trình chiếu", "Trình bày số liệu nào ở hội nghị, và từ bản chốt trước đã đổi những gì?")
part = ui.choose_part("hoi_nghi", PARTS)
if part == "trinh_chieu":
    ui.present()
elif part == "tai_ve":
    ui.downloads(desk)
elif part == "ban_chot":
    ui.frozen(desk)
