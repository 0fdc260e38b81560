"""Registers for the read side's tests: the rows that units sent, and models that the signed report names."""

from typing import Any

from etl.text import fold

LISTS = {
    "tinh_trang": {
        "dang_ky": "Đăng ký",
        "cong_nhan": "Công nhận",
        "khen_thuong": "Khen thưởng",
        "dung": "Dừng",
    },
    "cap_khen_thuong": {"xa": "Cấp xã"},
    "chu_de": {"moi_truong": "Bảo vệ môi trường"},
    "dia_ban_dac_thu": {"dtts": "Vùng đồng bào dân tộc thiểu số"},
}

# Every row of a register: unit, year, name, commune, key of the commune, the district it lies in, status.
# Tam Kỳ's kẻng model was kept a year and dropped; MTTQ and Hội An name one kitchen garden; the bầu in Nam Giang may be
# that of the report, which names it without its commune.
REGISTER = [
    ("tam_ky", 2022, "Tiếng kẻng an ninh", "Xã Tam Thăng", "tam thang", "tam_ky", "cong_nhan"),
    ("tam_ky", 2023, "Tiếng kẻng an ninh", "Xã Tam Thăng", "tam thang", "tam_ky", "dung"),
    ("tam_ky", 2023, "Tổ tiết kiệm & vay vốn <b>", None, None, "tam_ky", None),
    ("hoi_an", 2024, "Vườn rau sạch", "Cẩm Hà", "cam ha", "hoi_an", "khen_thuong"),
    ("mttq", 2022, "VƯỜN RAU SẠCH", "Cẩm Hà", "cam ha", None, "cong_nhan"),
    ("mttq", 2022, "Vườn rau sạch", None, None, None, "cong_nhan"),
    ("nam_giang", 2024, "Tổ dệt thổ cẩm", "La Dêê", "la dee", "nam_giang", "cong_nhan"),
]
NAMED = [
    (1, "Tổ dệt thổ cẩm", "nam_giang", "ở huyện Nam Giang", 10),
    (2, "Camera an ninh", "tam_ky", "ở Tam Kỳ và Hội An", 12),
    (2, "Camera an ninh", "hoi_an", "ở Tam Kỳ và Hội An", 12),
    (3, "Phiên chợ 0 đồng", None, "Nhiều mô hình ở các địa phương", 11),
]


def register_rows() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the rows of core_mo_hinh, with the models the report names, and of core_mo_hinh_status."""
    models: dict[str, dict[str, Any]] = {}
    lives = []
    for number, (unit, year, name, commune, key, district, status) in enumerate(REGISTER, 2):
        cell = {"return_id": f"{unit}-{year}", "source_sheet": "Biểu 03", "source_cell": f"B{number}"}
        model_id = f"{unit}-{fold(name)}-{key}"
        period = {"period_kind": "nam", "from_year": year, "to_year": year}
        lives.append({"mo_hinh_id": model_id, "don_vi_id": unit, **period, "status": status, **cell})
        place = {"commune": commune, "place_key": key, "place_don_vi_id": district}
        facts = {"linh_vuc_id": "kinh_te", "start_year": 2022, "award_level": "xa" if unit == "hoi_an" else None}
        models[model_id] = {**_model(model_id, unit, name, commune, "Hội Nông dân"), **place, **facts, **cell}
        models[model_id]["status"] = status
    named = [
        {
            **_model(f"bc-{no:02}-{unit}", unit, name, None, host),
            "named_in_report": True,
            "model_no": no,
            "footnote": note,
        }
        for no, name, unit, host, note in NAMED
    ]
    return [*models.values(), *named], lives


def _model(model_id: str, unit: str | None, name: str, commune: str | None, host: str) -> dict[str, Any]:
    return {
        "mo_hinh_id": model_id,
        "don_vi_id": unit,
        "name": name,
        "linh_vuc_id": "van_hoa_xa_hoi",
        "host": host,
        "return_id": None,
        "named_in_report": False,
        "name_key": fold(name),
        "search_key": fold(f"{name} {commune or ''} {host}"),
    }
