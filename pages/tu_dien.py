"""What does each word, number and mark mean?"""

from dashboard import ui
from dashboard.topics import glossary

context = ui.require_router()
sections = glossary.sections(context.warehouse)

ui.heading("Từ điển", "Mỗi từ, mỗi ngưỡng, mỗi dấu hiệu trên màn hình nghĩa là gì?")
words = ui.search_box("Tìm trong từ điển", "Gõ không dấu cũng được, ví dụ: khen thuong")
found = glossary.search(sections, words)
for title, table in found.items():
    ui.show_table(title, table, left_out="tìm ở ô trên để thấy.")
if not found:
    ui.note("Không có mục nào chứa những từ này. Thử một từ ngắn hơn.")
