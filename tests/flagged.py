"""Snapshots with flags for the read side's tests: the usual three districts after a review."""

import json
from datetime import date
from typing import Any

from tests import warehouses
from tests.warehouses import Rows

RULES = {
    "F1": ("QD", "Lĩnh vực yếu toàn tỉnh", "Lĩnh vực nào đang có quá ít mô hình?"),
    "F3": ("TH", "Tỷ lệ mô hình thấp", "Huyện có ít hơn hẳn mức chung?"),
    "F6": ("DL", "Báo cáo thiếu, chậm", "Đã gửi đủ, đúng hạn chưa?"),
    "F9": ("QD", "Lĩnh vực trống nhiều năm", "Lĩnh vực nào N năm liền không có mô hình?"),
}
HOSTILE = "<script>alert(1)</script> [x](javascript:alert(1)) **đậm**"


def flag(rule: str, level: str, statement: str, **parts: Any) -> dict[str, Any]:
    """Return a row of the table flag; `evidence` is given as the rule gives it."""
    evidence = parts.pop("evidence", {})
    said = {"usual": f"Bình thường của {rule}.", "certainty": f"Chắc chắn của {rule}.", "action": f"Việc của {rule}."}
    return {
        "rule": rule,
        "kind": RULES[rule][0],
        "level": level,
        "statement": statement,
        "evidence": json.dumps(evidence, ensure_ascii=False),
        **said,
        **parts,
    }


def figure(don_vi_id: str | None = None, **parts: Any) -> dict[str, Any]:
    """Return a figure as a flag's evidence names it."""
    unit = {"don_vi_id": don_vi_id} if don_vi_id else {}
    return {"indicator_id": "mo_hinh_cong_nhan", "from_year": 2022, "to_year": 2024, **unit, **parts}


FLAGS = [
    flag(
        "F1",
        "canh_bao",
        "Toàn tỉnh ít HTCT. Câu thứ hai.",
        linh_vuc_id="he_thong_chinh_tri",
        from_year=2022,
        to_year=2024,
        evidence={
            "slices": [figure(linh_vuc_id="he_thong_chinh_tri")],
            "published": [{"source_id": "bao_cao", "indicator_id": "mo_hinh_cong_nhan"}],
        },
    ),
    flag(
        "F3",
        "nghiem_trong",
        "Tam Kỳ ít hơn hẳn mức chung.",
        don_vi_id="tam_ky",
        from_year=2022,
        to_year=2024,
        observed=46.0,
        expected=80.0,
        ratio=0.575,
        p_value=0.001,
        evidence={"slices": [figure("tam_ky")], "returns": ["tam_ky-2022", "tam_ky-2023"]},
    ),
    flag("F3", "chua_du_so_lieu", "Hội An còn thiếu báo cáo năm 2023.", don_vi_id="hoi_an", to_year=2024, usual=""),
    flag("F6", "theo_doi", "Hội An chưa gửi báo cáo năm 2023.", don_vi_id="hoi_an", from_year=2023, to_year=2023),
    *(
        flag(
            "F9",
            "theo_doi",
            f"Lĩnh vực {field} trống.",
            don_vi_id=unit,
            linh_vuc_id=field,
            from_year=2023,
            to_year=2024,
        )
        for unit in ("tam_ky", "nam_giang")
        for field in ("kinh_te", "he_thong_chinh_tri")
    ),
]


def reviewed(*, simulated: bool = True, flags: list[dict[str, Any]] | None = None) -> Rows:
    """Return the usual snapshot with its rules and flags."""
    rows = warehouses.three_districts(simulated=simulated)
    rows["dim_rule"] = [
        {
            "rule": rule,
            "kind": kind,
            "label": label,
            "question": question,
            "formula": f"Công thức của {rule}.",
            "needs": f"{rule} cần báo cáo.",
            "position": int(rule[1:]),
        }
        for rule, (kind, label, question) in RULES.items()
    ]
    rows["flag"] = FLAGS if flags is None else flags
    rows["dim_threshold"] += [
        {
            "rule": "window_years",
            "level": "chua_du_so_lieu",
            "value": 3,
            "unit": "năm",
            "label": "Cửa sổ",
            "decided_by": "Phương pháp quy tắc F3",
            "decided_on": date(2026, 1, 1),
            "reason": "Cửa sổ 3 năm",
        }
    ]
    return rows


def with_funnel(rows: Rows) -> Rows:
    """Add a funnel of the province in which Tam Kỳ lies below and Nam Giang above, its limits and what it measured."""
    rows["flag_funnel"] = [
        {
            "rule": "F3",
            "terrain": None,
            "don_vi_id": unit,
            "from_year": 2022,
            "to_year": 2024,
            "observed": observed,
            "expected": expected,
            "ratio": observed / expected,
            "is_outside": is_outside,
        }
        for unit, observed, expected, is_outside in (
            ("tam_ky", 46.0, 80.0, True),
            ("hoi_an", 34.0, 40.0, False),
            ("nam_giang", 30.0, 20.0, True),
        )
    ]
    rows["flag_funnel_limit"] = [
        {"rule": "F3", "terrain": None, "expected": at, "low95": 0.7, "high95": 1.3, "low998": 0.5, "high998": 1.5}
        for at in (10.0, 40.0, 100.0)
    ]
    rows["flag_measure"] = [
        {"measure_id": "tau2_cua_so", "label": "τ²", "value": 0.01, "low": None, "high": None},
        {"measure_id": "tau2_nam", "label": "τ² năm", "value": 0.04, "low": None, "high": None},
    ]
    return rows


def with_scores(rows: Rows) -> Rows:
    """Add scores: Nam Giang needs support, Tam Kỳ cannot be told apart, Hội An lacks a return."""
    known = {"ranked_count": 2, "lowest_count": 1, "score_low": 40.0, "score_mid": 55.0, "score_high": 70.0}
    rows["district_score"] = [
        {
            "don_vi_id": "tam_ky",
            "to_year": 2024,
            **known,
            "rank_low": 1,
            "rank_mid": 1,
            "rank_high": 2,
            "p_lowest_six": 0.3,
            "label": "Chưa phân định",
            "reason": "Tam Kỳ chưa thể phân định.",
        },
        {
            "don_vi_id": "hoi_an",
            "to_year": 2024,
            "label": "Chưa đủ báo cáo",
            "reason": "Hội An còn thiếu báo cáo năm 2023, nên chưa được xếp thứ tự.",
            "ranked_count": 2,
        },
        {
            "don_vi_id": "nam_giang",
            "to_year": 2024,
            **known,
            "rank_low": 2,
            "rank_mid": 2,
            "rank_high": 2,
            "p_lowest_six": 0.9,
            "label": "Cần hỗ trợ",
            "reason": "Nhiều khả năng thuộc nhóm thấp nhất.",
        },
    ]
    rows["score_indicator"] = [
        {
            "don_vi_id": unit,
            "to_year": 2024,
            "part": "mo_hinh",
            "label": "Mô hình mỗi xã mỗi năm",
            "unit_label": "mô hình",
            "is_share": False,
            "position": 1,
            "from_year": 2022,
            "indicator_id": "mo_hinh_cong_nhan",
            "numerator": numerator,
            "denominator": 39.0,
            "value": None if numerator is None else numerator / 39,
            "province": 1.0,
            "peers": 1.1,
            "known_count": 2,
            "lowest": 0.5,
            "q25": 0.7,
            "median": 0.9,
            "q75": 1.1,
            "highest": 1.2,
        }
        for unit, numerator in (("tam_ky", 46.0), ("hoi_an", None), ("nam_giang", 30.0))
    ]
    return rows
