"""Small real snapshots for the read side's tests: three districts and a provincial body over three years."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from tests.registers import LISTS, register_rows

SCHEMA = Path(__file__).parent.parent / "etl" / "sql" / "schema.sql"
FIELDS = ("kinh_te", "van_hoa_xa_hoi", "quoc_phong_an_ninh", "he_thong_chinh_tri", "khac", "chua_phan")
MAIN_FIELDS = FIELDS[:4]

Rows = dict[str, list[dict[str, Any]]]

# What snapshot_info holds of the catalogue's [letter].
LETTER: dict[str, Any] = {
    "parent": "TỈNH ỦY QUẢNG NAM",
    "name": "BAN DÂN VẬN",
    "short_commission": "Ban Dân vận Tỉnh ủy",
    "sign": "CV/BDVTU",
    "place": "Quảng Nam",
    "signature": ["TRƯỞNG BAN"],
    "copies": ["Như trên", "Lưu Ban Dân vận"],
    "addressees": {
        "huyen": "Ban Dân vận Huyện ủy {label}",
        "thanh_pho": "Ban Dân vận Thành ủy {label}",
        "co_quan_tinh": "{full_label}",
    },
}

# Recognised models by field. Tam Kỳ's 2024 is half a year; Hội An never sent 2023; Nam Giang gave 2022-2023 as one
# figure and signed "không phát sinh" for 2024.
RECOGNISED = {
    ("tam_ky", 2022): (4, 10, 3, 1),
    ("tam_ky", 2023): (5, 12, 2, 0),
    ("tam_ky", 2024): (2, 6, 1, 1),
    ("hoi_an", 2022): (3, 7, 2, 1),
    ("hoi_an", 2024): (6, 8, 3, 1),
    ("nam_giang", 2024): (0, 0, 0, 0),
    ("mttq", 2022): (1, 2, 0, 0),
    ("mttq", 2023): (0, 3, 0, 1),
    ("mttq", 2024): (1, 1, 0, 0),
}
SPAN = {("nam_giang", 2022, 2023): (10, 12, 6, 2)}
INSPECTIONS = {
    ("tam_ky", 2022): 6,
    ("tam_ky", 2023): 4,
    ("hoi_an", 2022): 5,
    ("hoi_an", 2024): 1230,
    ("nam_giang", 2024): 0,
}
KEPT = {("tam_ky", 2022): 20, ("tam_ky", 2023): 25, ("hoi_an", 2024): 7}


def three_districts(*, simulated: bool = True) -> Rows:
    """Return the tables of the usual test snapshot."""
    rows = dimensions()
    rows["core_year_value"] = [
        *(_value(key, "mo_hinh_cong_nhan", pair) for key, values in RECOGNISED.items() for pair in _by_field(values)),
        *(_value(key, "mo_hinh_duy_tri", (FIELDS[0], value)) for key, value in KEPT.items()),
        *(_value(key, "kiem_tra", (None, value)) for key, value in INSPECTIONS.items()),
        _value(("mttq", 2024), "mo_hinh_cong_nhan", ("chua_phan", 1)),
        _value(("tam_ky", 2022), "mo_hinh_khen_thuong", ("chua_phan", 9)),
    ]
    rows["core_span_value"] = [
        {
            "don_vi_id": unit,
            "from_year": first,
            "to_year": last,
            "indicator_id": "mo_hinh_cong_nhan",
            "linh_vuc_id": field,
            "value": value,
            "return_id": f"{unit}-{first}-{last}",
        }
        for (unit, first, last), values in SPAN.items()
        for field, value in _by_field(values)
    ]
    rows["core_return"] = [
        *(_return((unit, year, year), simulated=simulated) for unit, year in RECOGNISED),
        *(_return(key, simulated=simulated) for key in SPAN),
    ]
    rows["core_value"] = cells_of(rows)
    rows["core_mo_hinh"], rows["core_mo_hinh_status"] = register_rows()
    rows["published_total"] = [
        _published("mo_hinh_cong_nhan", None, 107),
        _published("mo_hinh_cong_nhan", "kinh_te", 32),
        _published("mo_hinh_cong_nhan", "van_hoa_xa_hoi", 61),
        _published("mo_hinh_cong_nhan", "quoc_phong_an_ninh", 10),
        _published("mo_hinh_cong_nhan", "he_thong_chinh_tri", 3),
        _published("kiem_tra", None, 1236),
        _published("mo_hinh_khen_thuong", None, 9),
        {**_published("mo_hinh_cong_nhan", None, 999), "don_vi_id": "hoi_an", "territory": "Hội An"},
    ]
    rows["snapshot_info"] = info(returns=len(rows["core_return"]), simulated=simulated)
    return rows


def cells_of(rows: Rows) -> list[dict[str, Any]]:
    """Return the rows of core_value that stand behind the yearly and the several-year figures, each a cell apart."""
    kinds = {found["return_id"]: found["period_kind"] for found in rows["core_return"]}
    figures = [
        *({**row, "from_year": row["year"], "to_year": row["year"]} for row in rows["core_year_value"]),
        *rows["core_span_value"],
    ]
    kept = ("return_id", "don_vi_id", "from_year", "to_year", "indicator_id", "linh_vuc_id", "value")
    return [
        {
            **{name: row[name] for name in kept},
            "period_kind": kinds.get(row["return_id"], "nam"),
            "source_sheet": "Biểu 01" if row["linh_vuc_id"] else "Biểu 02",
            "source_cell": f"C{place}",
        }
        for place, row in enumerate(figures, 5)
    ]


def one_district() -> Rows:
    """Return a real (not simulated) snapshot in which a single district has sent a single return."""
    rows = three_districts(simulated=False)
    for table in ("core_year_value", "core_return", "core_value", "core_mo_hinh_status"):
        rows[table] = [row for row in rows[table] if row["return_id"] == "hoi_an-2024"]
    rows["core_mo_hinh"] = [row for row in rows["core_mo_hinh"] if row["return_id"] in ("hoi_an-2024", None)]
    rows["core_span_value"] = []
    rows["snapshot_info"] = info(returns=1, simulated=False)
    return rows


def published_only() -> Rows:
    """Return a real snapshot without a return: the signed report's totals alone."""
    rows = three_districts(simulated=False)
    for table in ("core_year_value", "core_return", "core_span_value", "core_value", "core_mo_hinh_status"):
        rows[table] = []
    rows["core_mo_hinh"] = [row for row in rows["core_mo_hinh"] if row["named_in_report"]]
    rows["snapshot_info"] = info(returns=0, simulated=False)
    return rows


def dimensions() -> Rows:
    """Return the dim_* tables: fields, units, indicators, events, thresholds, deadlines and one source."""
    names = (
        "Kinh tế",
        "Văn hóa - xã hội",
        "Quốc phòng - an ninh",
        "Xây dựng hệ thống chính trị",
        "Khác",
        "Chưa phân lĩnh vực",
    )
    short = ("Kinh tế", "VH-XH", "QP,AN", "HTCT", "Khác", "Chưa phân")
    colours = ("#E08E0B", "#0B6FB8", "#1B9E77", "#8E1B3A", "#7A828C", "#B4BAC2")
    decided = {"decided_by": "Thử nghiệm", "decided_on": date(2026, 1, 1), "reason": "Để thử"}
    return {
        "dim_linh_vuc": [
            {
                "linh_vuc_id": key,
                "label": label,
                "position": place,
                "colour": colour,
                "short_label": brief,
                "definition": "…",
            }
            for place, (key, label, colour, brief) in enumerate(zip(FIELDS, names, colours, short, strict=True), 1)
        ],
        "dim_don_vi": [
            _unit("tam_ky", "Tam Kỳ", "thanh_pho", "dong_bang", (0, 1)),
            _unit("hoi_an", "Hội An", "thanh_pho", "dong_bang", (0, 0)),
            _unit("nam_giang", "Nam Giang", "huyen", "mien_nui", (1, 0)),
            _unit("mttq", "MTTQ Việt Nam tỉnh", "co_quan_tinh", None, (None, None)),
            _unit("cum_mien_nui", "Cụm miền núi", "cum", None, (None, None)),
        ],
        "dim_don_vi_year": [
            {"don_vi_id": unit, "year": year, "commune_count": communes, "population": None, "note": ""}
            for unit, communes in (("tam_ky", 13), ("hoi_an", 13), ("nam_giang", 12))
            for year in (2022, 2023, 2024)
        ],
        "dim_indicator": [
            _indicator(1, "mo_hinh_cong_nhan", "Mô hình công nhận", "Công nhận", "mô hình", by_field=True),
            _indicator(2, "mo_hinh_duy_tri", "Mô hình duy trì", "Duy trì", "mô hình", by_field=True, kind="stock"),
            _indicator(3, "mo_hinh_khen_thuong", "Mô hình được khen thưởng", "Khen thưởng", "mô hình", by_field=True),
            _indicator(4, "kiem_tra", "Kiểm tra, đánh giá", "Kiểm tra", "cuộc"),
            _indicator(5, "hoi_nghi", "Hội nghị sơ kết, tổng kết", "Hội nghị", "hội nghị"),
        ],
        "dim_event": [
            _event("phat_dong", date(2022, 5, 14), None, "phong_trao", "Tỉnh phát động", "high"),
            _event("covid_19", date(2022, 2, 1), date(2022, 12, 31), "dich_benh", "Covid-19", "medium"),
            _event("so_ket", date(2023, 5, 14), None, "tong_ket", "Sơ kết", "low"),
        ],
        "dim_threshold": [
            {"rule": rule, "level": level, "value": value, "unit": "tỷ lệ", "label": "Ngưỡng thử", **decided}
            for rule, level, value in (
                ("weak_field_watch", "theo_doi", 0.60),
                ("weak_field_warn", "canh_bao", 0.50),
                ("weak_field_severe", "nghiem_trong", 0.33),
                ("complete_enough", "chua_du_so_lieu", 0.80),
                ("target_share_low", "muc_tieu", 0.12),
                ("target_share_high", "muc_tieu", 0.15),
                ("target_from_year", "muc_tieu", 2025),
                ("target_to_year", "muc_tieu", 2030),
                ("target_pace_years", "muc_tieu", 2),
                ("field_window_years", "theo_doi", 2),
            )
        ],
        "dim_deadline": [{"period_kind": "nam", "due_month": 12, "due_day": 20, **decided}],
        "dim_list": [
            {"list": name, "id": key, "label": label, "position": place, "note": ""}
            for name, entries in LISTS.items()
            for place, (key, label) in enumerate(entries.items(), 1)
        ],
        "dim_source": [
            {"source_id": "bao_cao", "label": "Báo cáo tổng kết", "published_on": date(2024, 10, 10), "note": ""}
        ],
        "dim_measure": [
            {"measure_id": "doi_thoai", "label": "Hội nghị đối thoại", "unit_label": "hội nghị", "note": ""}
        ],
    }


def info(*, returns: int, simulated: bool, snapshot_id: str = "thu") -> list[dict[str, Any]]:
    """Return the rows of snapshot_info."""
    facts = {
        "snapshot_id": snapshot_id,
        "built_at": "2024-10-12T08:00:00",
        "program_version": "0.1.0",
        "is_simulated": "true" if simulated else "false",
        "returns": str(returns),
        "tau": "0",
        "province": "Quảng Nam",
        "movement": "Dân vận khéo",
        "commission": "Ban Dân vận Tỉnh ủy Quảng Nam",
        "signed_report": "bao_cao",
        "first_year": "2022",
        "letter": json.dumps(LETTER, ensure_ascii=False),
    }
    return [{"key": key, "value": value} for key, value in facts.items()]


def publish(folder: Path, rows: Mapping[str, Sequence[Mapping[str, Any]]], snapshot_id: str = "thu") -> Path:
    """Write a snapshot with these rows into a warehouse folder, point CURRENT at it and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{snapshot_id}.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(SCHEMA.read_text(encoding="utf-8"))
        for table, table_rows in rows.items():
            for row in table_rows:
                names, marks = ", ".join(row), ", ".join("?" * len(row))
                connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values()))
    path.with_suffix(".sha256").write_text(hashlib.sha256(path.read_bytes()).hexdigest())
    (folder / "CURRENT").write_text(snapshot_id + "\n", encoding="utf-8")
    return path


def _return(key: tuple[str, int, int], *, simulated: bool) -> dict[str, Any]:
    unit, first, last = key
    years = str(last) if first == last else f"{first}-{last}"
    return {
        "return_id": f"{unit}-{years}",
        "don_vi_id": unit,
        "period_kind": "giai_doan" if first < last else "6_thang" if key == ("tam_ky", 2024, 2024) else "nam",
        "from_year": first,
        "to_year": last,
        "due_on": date(last, 12, 20),
        "received_at": datetime(last, 10, 5),
        "state": "khong_phat_sinh" if key == ("nam_giang", 2024, 2024) else "co_so_lieu",
        "file_name": f"{unit}_{years}.xlsx",
        "sha256": hashlib.sha256(f"{unit}_{years}".encode()).hexdigest(),
        "layout": "periodic",
        "is_simulated": simulated,
        "superseded_by": None,
        "as_of_on": date(last, 9, 30),
    }


def _by_field(values: Sequence[int]) -> list[tuple[str, int]]:
    return list(zip(MAIN_FIELDS, values, strict=True))


def _value(key: tuple[str, int], indicator: str, figure: tuple[str | None, int]) -> dict[str, Any]:
    unit, year = key
    return {
        "don_vi_id": unit,
        "year": year,
        "indicator_id": indicator,
        "linh_vuc_id": figure[0],
        "value": figure[1],
        "is_provisional": key == ("tam_ky", 2024),
        "return_id": f"{unit}-{year}",
    }


def _published(indicator: str, field: str | None, value: int) -> dict[str, Any]:
    return {
        "source_id": "bao_cao",
        "territory": "Quảng Nam",
        "indicator_id": indicator,
        "linh_vuc_id": field,
        "from_year": 2022,
        "to_year": 2024,
        "value": value,
        "value_text": str(value),
        "citation": "Mục II",
        "published_on": date(2024, 10, 10),
        "don_vi_id": None,
        "note": "",
    }


def _unit(
    unit_id: str, label: str, kind: str, terrain: str | None, tile: tuple[int | None, int | None]
) -> dict[str, Any]:
    return {
        "don_vi_id": unit_id,
        "label": label,
        "kind": kind,
        "gso_code": None,
        "terrain": terrain,
        "valid_from": None,
        "valid_to": None,
        "successor_id": None,
        "tile_row": tile[0],
        "tile_col": tile[1],
        "full_label": label,
        "note": "",
    }


def _indicator(
    position: int, key: str, label: str, short: str, unit: str, *, by_field: bool = False, kind: str = "flow"
) -> dict[str, Any]:
    return {
        "indicator_id": key,
        "label": label,
        "unit_label": unit,
        "by_linh_vuc": by_field,
        "aggregation": kind,
        "definition": f"Số {unit} trong kỳ.",
        "position": position,
        "short_label": short,
    }


def _event(key: str, start: date, end: date | None, kind: str, label: str, confidence: str) -> dict[str, Any]:
    return {
        "event_id": key,
        "from_on": start,
        "to_on": end,
        "kind": kind,
        "label": label,
        "detail": f"{label}, chi tiết",
        "legal_basis": "",
        "confidence": confidence,
        "note": "",
    }
