"""Invented register rows: names of models that could stand in a return, and places that plainly do not exist.

No commune list is invented: a commune bears its district's name and a number. No person is named anywhere.
"""

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np

from etl.catalogue import Catalogue
from etl.catalogue_rows import DonVi

# Phrases by field, each with the theme of lists.csv that it belongs to.
PHRASES: dict[str, tuple[tuple[str, str], ...]] = {
    "kinh_te": (
        ("Vận động Nhân dân hiến đất làm đường", "nong_thon_moi"),
        ("Chuyển đổi cây trồng trên đất kém hiệu quả", "giam_ngheo"),
        ("Tổ hợp tác chăn nuôi bò sinh sản", "giam_ngheo"),
        ("Vườn mẫu nông thôn mới", "nong_thon_moi"),
        ("Giúp nhau vốn, giống phát triển kinh tế vườn", "giam_ngheo"),
        ("Vận động Nhân dân bàn giao mặt bằng đúng tiến độ", "gpmb"),
        ("Dồn điền đổi thửa, chỉnh trang đồng ruộng", "nong_thon_moi"),
        ("Tổ tiết kiệm và vay vốn vượt nghèo", "giam_ngheo"),
        ("Thắp sáng đường quê", "nong_thon_moi"),
        ("Nhóm hộ trồng rau an toàn", "khac"),
    ),
    "van_hoa_xa_hoi": (
        ("Tổ tự quản bảo vệ môi trường", "moi_truong"),
        ("Phân loại rác thải tại nguồn", "moi_truong"),
        ("Tuyến đường hoa do phụ nữ tự quản", "moi_truong"),
        ("Khu dân cư sáng, xanh, sạch, đẹp", "moi_truong"),
        ("Ngôi nhà thu gom phế liệu gây quỹ giúp học sinh nghèo", "moi_truong"),
        ("Hũ gạo tình thương", "giam_ngheo"),
        ("Xây nhà Đại đoàn kết", "giam_ngheo"),
        ("Gia đình hòa thuận, khu dân cư văn hóa", "khac"),
        ("Dòng họ khuyến học", "khac"),
        ("Câu lạc bộ dân ca, bài chòi", "khac"),
        ("Thực hiện nếp sống văn minh trong việc cưới, việc tang", "khac"),
        ("Tiếp sức học sinh đến trường", "khac"),
    ),
    "quoc_phong_an_ninh": (
        ("Tiếng kẻng an ninh", "khac"),
        ("Camera an ninh", "khac"),
        ("Tổ tự quản an ninh trật tự", "khac"),
        ("Khu dân cư không có tội phạm, ma túy", "diem_nong"),
        ("Tổ hòa giải ở cơ sở", "diem_nong"),
        ("Đoạn đường tự quản an toàn giao thông", "khac"),
        ("Vận động thanh niên nhập ngũ đủ chỉ tiêu", "khac"),
        ("Quân dân giúp nhau ngày mùa", "khac"),
    ),
    "he_thong_chinh_tri": (
        ("Ngày thứ Bảy nghe dân nói", "diem_nong"),
        ("Nụ cười công sở", "cai_cach_hanh_chinh"),
        ("Trả kết quả thủ tục hành chính tại nhà", "cai_cach_hanh_chinh"),
        ("Chính quyền thân thiện, vì Nhân dân phục vụ", "cai_cach_hanh_chinh"),
        ("Chi bộ gần dân, sát dân", "khac"),
        ("Đảng viên phụ trách hộ gia đình", "khac"),
        ("Đối thoại định kỳ với Nhân dân", "diem_nong"),
        ("Hộp thư góp ý xây dựng Đảng, chính quyền", "khac"),
    ),
}
_AWARD_LEVELS = {"xa": 0.5, "huyen": 0.35, "tinh": 0.14, "trung_uong": 0.01}
_AREAS = {
    "mien_nui": {"dtts": 0.45, "vung_sau_xa": 0.25, "khong": 0.3},
    "dong_bang": {"ton_giao": 0.12, "khu_cong_nghiep": 0.08, "khong": 0.8},
}
_COLLECTIVE_SHARE = 0.85
_SHARED_SHARE = 0.025  # of a provincial body's models, those that a district's register lists too

Row: TypeAlias = dict[str, str | int]
Counts: TypeAlias = Mapping[str, int]


class ModelNames:
    """Deals names to the models of one unit, each once, with a place that tells like-named models apart."""

    def __init__(self, catalogue: Catalogue, unit: DonVi, rng: np.random.Generator, districts: list[Row]) -> None:
        """Prepare an empty register of `unit`; `rng` decides phrases, places and lists.

        districts: the rows that districts list, of which a provincial body names a few as well.
        """
        self._unit = unit
        self._rng = rng
        self._districts = districts
        self._used: dict[str, int] = {}
        self._live: dict[str, list[Row]] = {}
        themes = tuple((choice.label, choice.id) for choice in catalogue.lists if choice.list == "chu_de")
        self._any_theme = themes or (("Mô hình", ""),)

    def rows(self, recognised: Counts, awarded: Counts, year: int, communes: int) -> list[Row]:
        """Return a register row for each recognised model of the year; the first ones of a field are the awarded."""
        rows = [
            self._row(field_id, year, communes, is_awarded=number < awarded.get(field_id, 0))
            for field_id, count in recognised.items()
            for number in range(count)
        ]
        for row in rows:
            self._live.setdefault(str(row["linh_vuc"]), []).append(row)
        self._districts.extend(rows if communes else ())
        return rows

    def changed_rows(self, replicated: Counts, stopped: Counts) -> list[Row]:
        """Return rows of earlier years' models that were replicated or came to an end, as far as there are any."""
        changed = []
        for field_id, models in self._live.items():
            self._rng.shuffle(models)
            ended = min(stopped.get(field_id, 0), len(models))
            last = [models.pop() | {"status": "dung"} for _ in range(ended)]
            spread = [model | {"status": "nhan_rong"} for model in models[: replicated.get(field_id, 0)]]
            models[: len(spread)] = spread
            changed += [*spread, *last]
        return changed

    def _row(self, field_id: str, year: int, communes: int, *, is_awarded: bool) -> Row:
        phrases = PHRASES.get(field_id, self._any_theme)
        phrase, theme = phrases[int(self._rng.integers(len(phrases)))]
        row: Row = {"linh_vuc": field_id, "start_year": year}
        row["kind"] = "tap_the" if self._rng.random() < _COLLECTIVE_SHARE else "ca_nhan"
        row["status"] = "khen_thuong" if is_awarded else "cong_nhan"
        if is_awarded:
            row["award_level"] = self._pick(_AWARD_LEVELS)
        if theme:
            row["theme"] = theme
        row["area_kind"] = self._pick(_AREAS.get(self._unit.terrain or "", {"khong": 1.0}))
        return row | (self._in_commune(phrase, communes) if communes else self._of_body(phrase, row))

    def _in_commune(self, phrase: str, communes: int) -> Row:
        number = f"{int(self._rng.integers(communes)) + 1:02d}"
        commune = f"{self._unit.label} {number} (mô phỏng)"
        name = self._name(phrase, f", xã số {number}", "thôn")
        return {"name": name, "commune": f"Xã {commune}", "host": f"Khối Dân vận xã {commune}"}

    def _of_body(self, phrase: str, row: Row) -> Row:
        twins = [item for item in self._districts if all(item[key] == row[key] for key in ("linh_vuc", "start_year"))]
        if twins and self._rng.random() < _SHARED_SHARE:
            twin = self._districts.pop(self._districts.index(twins[int(self._rng.integers(len(twins)))]))
            return {key: twin[key] for key in ("name", "commune", "host")}
        place = f"cơ sở số {int(self._rng.integers(40)) + 1:02d}"
        return {"host": f"{place.capitalize()} (mô phỏng)", "name": self._name(phrase, f", {place}", "tổ")}

    def _name(self, phrase: str, place: str, part: str) -> str:
        self._used[phrase + place] = number = self._used.get(phrase + place, 0) + 1
        return f"{phrase} - {part} {number}{place}"

    def _pick(self, chances: Mapping[str, float]) -> str:
        return list(chances)[int(np.searchsorted(np.cumsum([*chances.values()])[:-1], self._rng.random()))]
