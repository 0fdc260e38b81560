"""Router of the dashboard: which pages there are, in which group."""

from dashboard import ui
from dashboard.access.rights import Right

PAGES = {
    "Theo dõi": [
        ("tong_quan", "Tổng quan"),
        ("linh_vuc", "Lĩnh vực"),
        ("dia_ban", "Địa bàn"),
        ("nam", "Theo năm"),
        ("hoat_dong", "Hoạt động"),
    ],
    "Cảnh báo": [
        ("mat_can_doi", "Mất cân đối"),
        ("don_vi", "Đơn vị"),
        ("muc_tieu", "Mục tiêu"),
    ],
    "Số liệu": [
        ("nop_bao_cao", "Nộp báo cáo"),
        ("doi_chieu", "Đối chiếu"),
        ("nguon", "Nguồn số liệu"),
        ("mo_hinh", "Mô hình"),
        ("tu_dien", "Từ điển"),
        ("nhat_ky", "Nhật ký"),
    ],
    "Hội nghị": [
        ("trinh_chieu", "Trình chiếu"),
    ],
}

ui.serve(PAGES, at_latest=("nop_bao_cao", "nhat_ky"), needs={"nhat_ky": Right.VIEW_AUDIT})
