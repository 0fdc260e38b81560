"""The typical models chosen to be replicated in 2025-2030, and what registers show of models under the same name."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from dashboard.choice import Choice
from dashboard.exhibit import Exhibit, exhibit_of
from dashboard.labels import number
from dashboard.scope import MODELS, Scope
from dashboard.topics.register import coverage, none_sent
from dashboard.warehouse import Warehouse, records

NOT_SEEN = "Chưa thấy trong danh sách các đơn vị gửi"
_BY_NAME = "Tìm theo tên (không kể dấu) trong danh sách của kỳ: mô hình nhân rộng dưới tên khác thì không thấy được."


def typical_models(warehouse: Warehouse, choice: Choice) -> Exhibit:
    """Show how many typical models were chosen in each field, and what is known of replicating them."""
    scope = Scope.of(warehouse, replace(choice, don_vi_id=None))
    rows = records(scope.query("typical_fields"))
    chosen = sum(row["chosen_count"] or 0 for row in rows)
    named = sum(row["chosen_named_count"] for row in rows)
    title = f"{scope.report_label} không nêu mô hình điển hình chọn để nhân rộng"
    if chosen:
        title = f"{number(chosen)} mô hình điển hình được chọn để nhân rộng 2025-2030; "
        title += f"đã biết tên {named}" if named else "Báo cáo chỉ ghi số lượng từng lĩnh vực, không nêu tên"
    notes = ["Số được chọn theo Báo cáo; các cột khác theo danh sách (Biểu 03) và Biểu 01 của các đơn vị."]
    if named < chosen:
        notes.append(
            "Khi có tên (Đề án nhân rộng mô hình điển hình), người quản trị ghi vào danh mục (typical_models.csv) để "
            "theo dõi từng mô hình; trước đó theo dõi các mô hình Báo cáo nêu tên ở dưới."
        )
    return exhibit_of(
        scope,
        key="mo_hinh_dien_hinh",
        title=title,
        subtitle=f"Mô hình điển hình theo lĩnh vực; nhân rộng trong {scope.period}",
        figure=None,
        table=pd.DataFrame([_field_row(row) for row in rows], dtype=object),
        unit=MODELS,
        completeness=coverage(scope),
        source=f"{scope.report_label}; {scope.source}",
        notes=tuple(notes),
    )


def replicated_models(warehouse: Warehouse, choice: Choice) -> Exhibit:
    """List the models to replicate (chosen or named by the report), each with other places whose registers name it."""
    scope = Scope.of(warehouse, choice)
    rows = records(scope.query("replication"))
    seen = sum(1 for row in rows if row["elsewhere_count"])
    made = exhibit_of(
        scope,
        key="nhan_rong_mo_hinh",
        title=_list_title(warehouse, choice, len(rows), seen),
        subtitle=f"Mô hình điển hình đã biết tên và mô hình {scope.report_label} nêu tên; danh sách của {scope.period}",
        figure=None,
        table=pd.DataFrame([_model_row(row) for row in rows], dtype=object),
        under=("Nơi khác",),
        unit=MODELS,
        completeness=coverage(scope),
        source=f"tên: {scope.report_label}; nơi khác: {scope.source}",
    )
    notes = [_BY_NAME] if rows else ["Báo cáo không nêu tên mô hình nào ở đây. Chọn Toàn tỉnh để xem tất cả."]
    if warehouse.is_simulated and seen:
        notes.append("Tên là thật, theo Báo cáo; nơi khác là mô phỏng.")
    return replace(made, notes=tuple(notes), is_simulated=warehouse.is_simulated and seen > 0, caution=None)


def _list_title(warehouse: Warehouse, choice: Choice, count: int, seen: int) -> str:
    everyone = Scope.of(warehouse, replace(choice, don_vi_id=None))
    if not count:
        return "Báo cáo không nêu tên mô hình nào"
    if not records(everyone.query("register_summary"))[0]["register_count"]:
        return none_sent(everyone)
    if seen:
        return f"{seen}/{count} mô hình được nêu tên đã thấy ở nơi khác"
    return f"{count} mô hình được nêu tên: chưa thấy mô hình nào ở nơi khác trong danh sách các đơn vị gửi"


def _field_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "Lĩnh vực": row["label"],
        "Được chọn": row["chosen_count"],
        "Đã biết tên": row["chosen_named_count"],
        "Báo cáo nêu tên": row["named_count"],
        "Thấy ở nơi khác": row["elsewhere_count"],
        "Danh sách ghi “Điển hình”": row["typical_count"],
        "Danh sách ghi “Nhân rộng”": row["replicated_count"],
        "Lượt nhân rộng (Biểu 01)": row["returned_count"],
    }


def _model_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "Mô hình": row["name"],
        "Nơi có, theo văn bản": row["said"],
        "Lĩnh vực": row["linh_vuc_ngan"],
        "Thuộc": "Được chọn" if row["is_chosen"] else "Báo cáo nêu tên",
        "Nơi khác": f"Thấy ở nơi khác: {row['places']}" if row["elsewhere_count"] else NOT_SEEN,
    }
