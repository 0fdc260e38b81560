"""The slides of a summary conference, in order, made of one snapshot.

Whoever shows slides asks three things of this module: `slides` makes them, `PRESETS` and `NAMES` say what can be
chosen, `picked` puts chosen ones in order. Deck and presentation mode show the same slides, so their figures agree.
"""

from collections.abc import Callable, Iterable, Sequence

from dashboard.choice import Choice
from dashboard.slides import charts, words
from dashboard.slides.slide import Slide, Talk
from dashboard.warehouse import LacksDataError, Warehouse

Maker = Callable[[Talk], Slide | None]

SUPPORT = "can_ho_tro"
_MAKERS: dict[str, tuple[str, Maker]] = {
    "mo_dau": ("Mở đầu", words.cover),
    "tong_quan": ("Các số tổng", words.totals),
    "linh_vuc": ("Bốn lĩnh vực", charts.fields),
    "linh_vuc_yeu": ("Lĩnh vực yếu", charts.weak_field),
    "linh_vuc_yeu_cac_nam": ("Lĩnh vực yếu qua các năm", charts.weak_field_years),
    "cac_nam": ("Mô hình qua các năm", charts.years),
    "linh_vuc_cac_nam": ("Lĩnh vực qua các năm", charts.field_years),
    "dia_ban": ("Các huyện trên bản đồ", charts.places),
    "mien_nui_dong_bang": ("Miền núi và đồng bằng", charts.terrain),
    "hoat_dong": ("Các hoạt động", words.activities),
    "kiem_tra": ("Kiểm tra qua các năm", charts.inspections),
    "hoi_nghi": ("Hội nghị qua các năm", charts.conferences),
    "khen_thuong": ("Khen thưởng qua các năm", charts.awards),
    "ty_le_khen_thuong": ("Tỷ lệ khen thưởng", charts.awarded_shares),
    "canh_bao": ("Chỗ mất cân đối", words.imbalances),
    "mo_hinh_dien_hinh": ("Mô hình điển hình", charts.typical_models),
    "mo_hinh_neu_ten": ("Mô hình được nêu tên", words.named_models),
    "muc_tieu": ("Mục tiêu tỷ trọng", charts.targets),
    "viec_can_lam": ("Việc cần làm", words.actions),
    SUPPORT: ("Đơn vị cần hỗ trợ (nội bộ)", words.support),
    "nguon": ("Nguồn và phương pháp", words.sources),
}
NAMES: dict[str, str] = {key: name for key, (name, _) in _MAKERS.items()}
"""Every slide there can be, in order: key -> name, for choosing them."""

PRESETS: dict[str, tuple[str, ...]] = {
    "5_phut": ("mo_dau", "tong_quan", "linh_vuc", "linh_vuc_yeu", "cac_nam", "dia_ban", "muc_tieu", "nguon"),
    "day_du": tuple(NAMES),
}
PRESET_NAMES = {"5_phut": "5 phút", "day_du": "Đầy đủ"}


def slides(warehouse: Warehouse, choice: Choice, *, with_support: bool = False) -> list[Slide]:
    """Return every slide that the snapshot has figures for, in order.

    The units that need support are named only with_support: that list is for internal use.
    """
    return picked(warehouse, choice, tuple(NAMES), with_support=with_support)


def picked(warehouse: Warehouse, choice: Choice, keys: Sequence[str], *, with_support: bool = False) -> list[Slide]:
    """Return the chosen slides in the order chosen, each once; those without figures are left out.

    UnknownSlideError for a key that no slide has.
    """
    unknown = [key for key in keys if key not in _MAKERS]
    if unknown:
        raise UnknownSlideError(unknown)
    wanted = [key for key in dict.fromkeys(keys) if key != SUPPORT or with_support]
    talk = Talk(warehouse, choice, with_support)
    return [slide for key in wanted if (slide := _made(_MAKERS[key][1], talk)) is not None]


def _made(make: Maker, talk: Talk) -> Slide | None:
    """Return a slide; None where a snapshot of another version lacks what it is made of, as where it lacks figures."""
    try:
        return make(talk)
    except LacksDataError:
        return None


class UnknownSlideError(ValueError):
    """Không có trang chiếu nào mang tên này."""

    def __init__(self, keys: Iterable[str]) -> None:
        """Name what was asked for and what there is."""
        super().__init__(f"Không có trang chiếu {', '.join(keys)}. Có: {', '.join(NAMES)}.")
