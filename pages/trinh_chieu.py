"""What goes onto the conference screen, from figures that stay put?"""

from dashboard import ui
from etl.desk import Desk
from etl.settings import read_settings

context = ui.require_router()
settings = read_settings()
PARTS = {
    "ban_chot": "Bản chốt",
}
desk = Desk(settings, shown=context.data or settings.data)

ui.heading("Trình chiếu", "Trình bày số liệu nào ở hội nghị, và từ bản chốt trước đã đổi những gì?")
part = ui.choose_part("hoi_nghi", PARTS)
ui.frozen(desk)
