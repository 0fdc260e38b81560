"""Workbooks in memory: sheets from rows of Python values, and a complete periodic return to start from."""

from collections.abc import Iterable
from typing import Any

from etl.conform import conform
from etl.conform.returns import Conformed
from etl.issues import Level
from etl.sheets import Sheet, Value, Workbook
from etl.vocabulary import Vocabulary

Grid = list[list[Any]]

INFO: Grid = [
    ["Đơn vị báo cáo", "Huyện Thăng Bình"],
    ["Kỳ báo cáo", "Năm"],
    ["Năm", 2023],
]
MODELS: Grid = [
    ["Lĩnh vực", "Đăng ký", "Công nhận", "Duy trì", "Nhân rộng", "Khen thưởng", "Dừng"],
    ["Kinh tế", 10, 7, 20, 2, 1, 0],
    ["Văn hóa - xã hội", 12, 9, 31, 3, 2, 1],
    ["Quốc phòng - an ninh", 4, 3, 11, 0, 1, 0],
    ["Xây dựng hệ thống chính trị", 3, 2, 5, 0, None, None],
    ["Khác", None, None, None, None, None, None],
    ["Chưa phân lĩnh vực", None, None, None, None, None, None],
    ["Tổng cộng", 29, 21, 67, 5, 4, 1],
]
ACTIVITIES: Grid = [
    ["Chỉ tiêu", "Đơn vị tính", "Số lượng", "Ghi chú"],
    ["Văn bản chỉ đạo, hướng dẫn", "văn bản", 5, None],
    ["Kiểm tra, đánh giá", "cuộc", 3, None],
    ["Hội nghị sơ kết, tổng kết", "hội nghị", 2, None],
    ["Hội thi", "hội thi", 0, None],
    ["Tọa đàm", "buổi", None, None],
    ["Cẩm nang", "cẩm nang", None, None],
    ["Tin, bài", "tin, bài", 16, None],
    ["Xã, phường, thị trấn có mô hình", "xã", 20, None],
]
REGISTER_HEADINGS = [
    "STT",
    "Tên mô hình",
    "Lĩnh vực",
    "Xã, phường, thị trấn",
    "Đơn vị chủ trì",
    "Loại",
    "Năm bắt đầu",
    "Tình trạng",
    "Cấp khen thưởng",
    "Chủ đề",
    "Địa bàn đặc thù",
    "Ghi chú",
]


def copy(grid: Grid) -> Grid:
    return [list(row) for row in grid]


def sheet(name: str, rows: Iterable[Iterable[Any]], **options: Any) -> Sheet:
    cells: dict[tuple[int, int], Value] = {
        (row, column): value
        for row, values in enumerate(rows)
        for column, value in enumerate(values)
        if value is not None and value != ""
    }
    return Sheet(name, cells, **options)


def workbook(**sheets: Grid) -> Workbook:
    return Workbook("xlsx", [sheet(name, rows) for name, rows in sheets.items()])


def periodic(
    info: Grid | None = None,
    models: Grid | None = None,
    activities: Grid | None = None,
    register: Grid | None = None,
) -> Workbook:
    """Return the return of Thăng Bình for 2023, its parts replaced where given."""
    sheets = {
        "Thông tin": INFO if info is None else info,
        "Biểu 01": MODELS if models is None else models,
        "Biểu 02": ACTIVITIES if activities is None else activities,
    }
    if register is not None:
        sheets["Biểu 03"] = register
    return workbook(**sheets)


class Read:
    """What conform made of a workbook, in the shapes that tests compare."""

    def __init__(self, book: Workbook, vocabulary: Vocabulary, file_name: str = "bao_cao.xlsx") -> None:
        self.conformed: Conformed = conform(book, file_name, vocabulary)
        self.returns = self.conformed.returns
        self.issues = self.conformed.issues

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        return [(issue.rule, issue.sheet, issue.cell) for issue in self.issues if issue.level is Level.LOI]

    @property
    def warnings(self) -> list[tuple[str, str, str]]:
        return [(issue.rule, issue.sheet, issue.cell) for issue in self.issues if issue.level is Level.CANH_BAO]

    @property
    def notes(self) -> list[tuple[str, str, str]]:
        return [(issue.rule, issue.sheet, issue.cell) for issue in self.issues if issue.level is Level.GHI_CHU]

    @property
    def rules(self) -> set[str]:
        return {issue.rule for issue in self.issues if issue.level is Level.LOI}

    @property
    def messages(self) -> str:
        return "\n".join(issue.message for issue in self.issues)

    @property
    def figures(self) -> dict[tuple[str, str | None], tuple[int, str]]:
        """{(indicator, field): (value, cell)} of the one return."""
        (only,) = self.returns
        return {(item.indicator_id, item.linh_vuc_id): (item.value, item.cell) for item in only.figures}

    @property
    def values(self) -> dict[tuple[str, str, str, str | None], int]:
        """{(unit, period, indicator, field): value} of all returns."""
        return {
            (found.don_vi_id, found.period.label, item.indicator_id, item.linh_vuc_id): item.value
            for found in self.returns
            for item in found.figures
        }
