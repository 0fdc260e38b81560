"""Router of the dashboard: which pages there are, in which group."""

from dashboard import ui

PAGES = {
    "Theo dõi": [
        ("tong_quan", "Tổng quan"),
        ("linh_vuc", "Lĩnh vực"),
        ("nam", "Theo năm"),
        ("hoat_dong", "Hoạt động"),
    ],
    "Số liệu": [
        ("doi_chieu", "Đối chiếu"),
        ("tu_dien", "Từ điển"),
    ],
}

ui.serve(PAGES)
