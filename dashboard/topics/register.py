"""What a viewer looks for in the register of models, and how the register stands in a few figures."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from dashboard.choice import Choice
from dashboard.labels import MISSING, folded, number
from dashboard.scope import RECOGNISED, Scope
from dashboard.topics.headlines import Headline
from dashboard.warehouse import Warehouse, records

BLANK = "khong_ghi"
LATEST = "Mỗi mô hình theo danh sách mới nhất có tên nó."
# name in the link -> (label, list of the catalogue it chooses from; "" for the fields)
_FILTERS = {
    "linh_vuc": ("Lĩnh vực", ""),
    "tinh_trang": ("Tình trạng", "tinh_trang"),
    "cap": ("Khen thưởng", "cap_khen_thuong"),
    "chu_de": ("Chủ đề", "chu_de"),
    "dia_ban": ("Địa bàn đặc thù", "dia_ban_dac_thu"),
}


@dataclass(frozen=True)
class Search:
    """Words to find in name, commune and host, and what the register must say; None asks for nothing."""

    words: str = ""
    linh_vuc_id: str | None = None
    status: str | None = None
    award_level: str | None = None
    theme: str | None = None
    area_kind: str | None = None

    @classmethod
    def of(cls, typed: str, *chosen: str) -> "Search":
        """Return the search for typed words and what was chosen of `filters`, "" for all."""
        return cls(folded(typed), *(item or None for item in chosen))

    @property
    def params(self) -> dict[str, Any]:
        """The search as parameters of a metric."""
        return asdict(self)

    @property
    def is_empty(self) -> bool:
        """Whether nothing in particular is looked for."""
        return self == Search()


def filters(warehouse: Warehouse) -> dict[str, tuple[str, Mapping[str, str]]]:
    """Return what the list can be narrowed by: name in the link -> (label, id -> name)."""
    entries = records(warehouse.query("register_choices"))
    fields = {row["linh_vuc_id"]: row["label"] for row in records(warehouse.query("field_list"))}
    return {
        name: (label, {row["id"]: row["label"] for row in entries if row["list"] == list_id} | {BLANK: "Không ghi"})
        if list_id
        else (label, fields)
        for name, (label, list_id) in _FILTERS.items()
    }


def headlines(warehouse: Warehouse, choice: Choice) -> list[Headline]:
    """Return the register's main figures: models, recognitions, models the signed report names, who sent a list."""
    scope = Scope.of(warehouse, choice)
    found = records(scope.query("register_summary"))[0]
    named = len(scope.query("register_named", **Search().params))
    return [
        _card("mo_hinh", "Mô hình trong danh sách", found["model_count"], "mô hình", "Mỗi mô hình đếm một lần"),
        _card(RECOGNISED, "Lượt công nhận", found["recognised_count"], "lượt", "Cộng Biểu 01 của các năm", scope),
        _card("neu_ten", f"{scope.report_label} nêu tên", named, "mô hình", _of_named(scope, found["named_count"])),
        _card(
            "danh_sach",
            "Đơn vị có danh sách",
            found["register_count"],
            f"/ {found['unit_count']} đơn vị",
            _years(found),
        ),
    ]


def coverage(scope: Scope) -> str:
    """Say how many units sent a register of the period, and for how many of their years."""
    found = records(scope.query("register_summary"))[0]
    text = f"{found['register_count']}/{found['unit_count']} đơn vị có danh sách mô hình (Biểu 03)"
    return f"{text}, {_years(found)}"


def none_sent(scope: Scope) -> str:
    """Say that nobody sent a register."""
    return "Chưa đơn vị nào gửi danh sách mô hình" if scope.is_province else "Chưa gửi danh sách mô hình"


def _years(found: Mapping[str, Any]) -> str:
    return f"{number(found['register_years'] or 0)}/{number(found['expected_years'] or 0)} danh sách năm"


def _of_named(scope: Scope, named_count: int) -> str:
    return "Ở các cước chú về bốn lĩnh vực" if scope.is_province else f"Trong {named_count} mô hình của toàn tỉnh"


def _card(key: str, label: str, value: int | None, unit: str, said: str, scope: Scope | None = None) -> Headline:
    is_known = value is not None
    return Headline(
        indicator_id=key,
        label=label,
        value=number(value) if is_known else "?",
        unit=unit,
        marks="" if is_known else MISSING,
        comparison=said,
        state="",
        trend=(),
        slice=scope.slice(RECOGNISED) if scope and is_known else None,
    )
