"""Exhibits for a unit that is weak in a field: the models of units like it that it could copy."""

from dataclasses import replace
from typing import Any

import pandas as pd

from dashboard.choice import Choice
from dashboard.exhibit import Exhibit, exhibit_of
from dashboard.labels import number
from dashboard.scope import MODELS, Scope
from dashboard.topics.profile import WeakField
from dashboard.topics.register import LATEST, coverage
from dashboard.warehouse import Warehouse, records


def models_to_copy(warehouse: Warehouse, choice: Choice, field: WeakField, limit: int | None = None) -> Exhibit:
    """List models of districts of the same terrain in a field: those the signed report names first, then registers'."""
    scope = Scope.of(warehouse, choice)
    found = records(scope.query("models_to_copy", linh_vuc_id=field.linh_vuc_id))
    named = sum(row["named_in_report"] for row in found)
    cut = limit is not None and len(found) > limit
    return exhibit_of(
        scope,
        key=f"mo_hinh_hoc_theo_{field.linh_vuc_id}",
        title=f"{field.label}: {_title(scope, named, len(found) - named)}",
        subtitle=f"Lĩnh vực {field.label} ({field.why}); mô hình của các huyện cùng vùng"
        + (f"; hiển thị {number(limit)} trong {number(len(found))}, tệp tải về có đủ" if cut else ""),
        figure=None,
        table=pd.DataFrame([_row(row, scope) for row in found[:limit]], dtype=object),
        under=("Nguồn",),
        unit=MODELS,
        completeness=coverage(Scope.of(warehouse, replace(choice, don_vi_id=None))),
        source=f"cước chú của {scope.report_label}; danh sách mô hình: {scope.source}",
        notes=(
            (LATEST, "Của danh sách chỉ lấy mô hình được khen thưởng, chọn làm điển hình hoặc nhân rộng.")
            if found
            else ("Báo cáo và danh sách của các huyện cùng vùng chưa có mô hình nổi bật ở lĩnh vực này.",)
        ),
    )


def _title(scope: Scope, named: int, listed: int) -> str:
    if not named + listed:
        return "chưa thấy mô hình nào ở các huyện cùng vùng để học theo"
    parts = [f"{number(named)} mô hình {scope.report_label} nêu tên"] if named else []
    parts += [f"{number(listed)} mô hình nổi bật trong danh sách"] if listed else []
    return f"{' và '.join(parts)} ở các huyện cùng vùng có thể học theo"


def _row(row: dict[str, Any], scope: Scope) -> dict[str, Any]:
    if row["named_in_report"]:
        source = f"Cước chú {row['footnote']} của {scope.report_label}"
    else:
        source = f"{row['file_name']}, {row['source_sheet']}, ô {row['source_cell']}"
    return {
        "Mô hình": row["name"],
        "Nơi": (row["host"] if row["named_in_report"] else row["commune"]) or row["don_vi"],
        "Đơn vị": row["don_vi"],
        "Tình trạng": "Báo cáo nêu tên" if row["named_in_report"] else row["status"] or "",
        "Nguồn": f"Nguồn: {source}",
    }
