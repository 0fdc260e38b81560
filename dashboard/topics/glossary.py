"""The dictionary page's tables, read from the snapshot's own catalogue, and the search in them."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard import labels
from dashboard.choice import Choice
from dashboard.labels import number
from dashboard.scope import LEVELS
from dashboard.warehouse import Warehouse, records

_PERIOD_KINDS = {"nam": "Báo cáo năm", "6_thang": "Báo cáo 6 tháng đầu năm", "giai_doan": "Báo cáo giai đoạn"}
_AGGREGATIONS = {"flow": "Cộng qua các năm", "stock": "Lấy số cuối kỳ, không cộng"}
_LEVELS = {
    **LEVELS,
    "loi": "Lỗi",
    "muc_tieu": "Mục tiêu",
    "trong_so": "Trọng số",
    "moc": "Mốc tính điểm",
    "mo_phong": "Cách thử",
    "can_ho_tro": "Cần hỗ trợ",
    "can_theo_doi": "Cần theo dõi",
}
_MARKS = (
    ("?", "Ô, cột gạch chéo hoặc dấu “?”", "Chưa có số liệu: chưa gửi, hoặc để trống. Không phải số 0."),
    ("0", "Số 0, ô trắng", "Có báo cáo và ghi 0, hoặc ký “không phát sinh”."),
    ("*", "Dấu * sau số, chữ “chưa đủ”", "Tổng còn thiếu số của một hay nhiều đơn vị, nên thấp hơn thực tế."),
    ("†", "Dấu † sau số", "Năm chưa trọn: số chỉ tính đến ngày chốt, không so ngang với năm đủ 12 tháng."),
    ("~", "Cột chấm, dấu ~, chữ “tạm tính”", "Mới có số 6 tháng đầu năm, chưa có báo cáo năm."),
    ("✓", "Dấu ✓ dưới con số", "Khớp với Báo cáo đã ký."),
    ("thừa, thiếu", "Chữ đậm dưới con số", "Lệch với Báo cáo đã ký; cả hai số và phần lệch đều được nêu."),
    ("—", "Vạch cam", "Số của Báo cáo đã ký, ngưỡng, hoặc đơn vị đang chọn."),
    ("suy ra", "Chữ “suy ra” ở sự kiện", "Ngày không ghi trong văn bản, được suy ra; chỉ để tham khảo."),
    ("DỮ LIỆU MÔ PHỎNG", "Dải chữ và chữ chìm", "Số của từng đơn vị, từng năm do chương trình dựng để xem thử."),
)


def events(warehouse: Warehouse, choice: Choice) -> pd.DataFrame:
    """Return the events of the period as a table."""
    return _events(warehouse.query("events", **choice.params))


def sections(warehouse: Warehouse) -> Mapping[str, pd.DataFrame]:
    """Return every part of the dictionary, in reading order."""
    return warehouse.once(_sections)


def _sections(warehouse: Warehouse) -> Mapping[str, pd.DataFrame]:
    return {
        "Lĩnh vực": _renamed(
            warehouse.query("field_list"), {"label": "Lĩnh vực", "short_label": "Viết tắt", "definition": "Nội dung"}
        ),
        "Chỉ tiêu": _indicators(warehouse.query("indicators")),
        "Dấu hiệu trên màn hình": pd.DataFrame(_MARKS, columns=["Dấu", "Trông thế nào", "Nghĩa là"]),
        "Ngưỡng": _thresholds(warehouse.query("thresholds")),
        "Hạn nộp báo cáo": _deadlines(warehouse.query("deadlines")),
        "Sự kiện": _events(warehouse.query("all_events")),
        "Đơn vị báo cáo": _units(warehouse.query("units")),
        "Nguồn đã công bố": _sources(warehouse.query("sources")),
        "Số đo các nguồn dùng, khác với chỉ tiêu của chương trình": _renamed(
            warehouse.query("measures"), {"label": "Số đo", "unit_label": "Đơn vị tính", "note": "Ghi chú"}
        ),
    }


def search(tables: Mapping[str, pd.DataFrame], words: str) -> dict[str, pd.DataFrame]:
    """Keep the rows that contain every one of the (unaccented) words, and the tables that have such rows."""
    if not words:
        return {title: table for title, table in tables.items() if len(table)}
    found = {}
    for title, table in tables.items():
        texts = [labels.unaccented(" ".join(str(cell) for cell in row)) for row in table.itertuples(index=False)]
        rows = table[[all(word in text for word in words.split()) for text in texts]]
        if len(rows):
            found[title] = rows
    return found


def _indicators(frame: pd.DataFrame) -> pd.DataFrame:
    rows = frame.assign(
        by=["Có" if by else "Không" for by in frame["by_linh_vuc"]],
        rule=[_AGGREGATIONS[kind] for kind in frame["aggregation"]],
        printed=[number(value) if value is not None else "Không nêu" for value in frame["published_value"]],
    )
    names = {
        "label": "Chỉ tiêu",
        "unit_label": "Đơn vị tính",
        "definition": "Cách hiểu",
        "by": "Chia lĩnh vực",
        "rule": "Qua các năm",
        "printed": "Trong Báo cáo đã ký",
    }
    return _renamed(rows, names)


def _thresholds(frame: pd.DataFrame) -> pd.DataFrame:
    rows = frame.assign(
        level_label=[_LEVELS.get(level, level) for level in frame["level"]],
        shown=[_shown(value, unit) for value, unit in zip(frame["value"], frame["unit"], strict=True)],
        decided=_decided(frame),
    )
    names = {"label": "Ngưỡng", "level_label": "Mức", "shown": "Giá trị", "reason": "Lý do", "decided": "Ai đặt, ngày"}
    return _renamed(rows, names)


def _shown(value: float, unit: str) -> str:
    """Return a threshold's value with its unit; a calendar year is no quantity: no point in it."""
    if unit == "năm dương lịch":
        return str(int(value))
    return f"{number(value, 0 if value == int(value) else 2)} ({unit})"


def _deadlines(frame: pd.DataFrame) -> pd.DataFrame:
    rows = frame.assign(
        name=[_PERIOD_KINDS.get(kind, kind) for kind in frame["period_kind"]],
        due=[
            f"ngày {day}/{month} của năm cuối kỳ"
            for day, month in zip(frame["due_day"], frame["due_month"], strict=True)
        ],
        decided=_decided(frame),
    )
    return _renamed(rows, {"name": "Kỳ", "due": "Hạn nộp", "reason": "Lý do", "decided": "Ai đặt, ngày"})


def _events(frame: pd.DataFrame) -> pd.DataFrame:
    rows = frame.assign(
        when=[_dates(row) for row in records(frame)],
        certainty=["Ngày suy ra" if inferred else "" for inferred in frame["is_inferred"]],
    )
    names = {
        "when": "Thời gian",
        "label": "Sự kiện",
        "detail": "Nội dung",
        "legal_basis": "Văn bản",
        "certainty": "Độ chắc",
        "note": "Ghi chú",
    }
    return _renamed(rows, names)


def _units(frame: pd.DataFrame) -> pd.DataFrame:
    rows = frame.assign(
        kind_label=["Cấp huyện" if district else "Cấp tỉnh, trực thuộc tỉnh" for district in frame["is_district"]],
        ended=["" if day is None else labels.day(day) for day in frame["valid_to"]],
    )
    names = {"full_label": "Đơn vị", "kind_label": "Loại", "ended": "Đến ngày", "note": "Ghi chú"}
    return _renamed(rows, names)


def _sources(frame: pd.DataFrame) -> pd.DataFrame:
    rows = frame.assign(published=["" if day is None else labels.day(day) for day in frame["published_on"]])
    names = {"label": "Nguồn", "published": "Ngày", "figure_count": "Số con số đã ghi", "note": "Ghi chú"}
    return _renamed(rows, names)


def _decided(frame: pd.DataFrame) -> list[str]:
    return [f"{who}, {labels.day(when)}" for who, when in zip(frame["decided_by"], frame["decided_on"], strict=True)]


def _dates(row: dict[str, Any]) -> str:
    start = labels.day(row["from_on"])
    return start if row["to_on"] is None else f"{start} - {labels.day(row['to_on'])}"


def _renamed(frame: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    return frame[list(names)].rename(columns=names)
