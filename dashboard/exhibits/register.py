"""Exhibits that list models: those of the registers, those the signed report names, those that may be one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from dashboard.choice import Choice
from dashboard.exhibit import Exhibit, exhibit_of
from dashboard.labels import number
from dashboard.scope import MODELS, Scope
from dashboard.topics.register import LATEST, Search, coverage, none_sent
from dashboard.warehouse import Warehouse, records

SHOWN = 200
LINKED = "Có trong danh sách của đơn vị"


def register_models(warehouse: Warehouse, choice: Choice, search: Search, limit: int | None = None) -> Exhibit:
    """Show the models that a search finds, each with its life and the cell it stands in; at most `limit` of them."""
    scope = Scope.of(warehouse, choice)
    found = records(scope.query("register_found", **search.params))[0]
    rows = records(scope.query("register_rows", **search.params, row_limit=limit))
    table = pd.DataFrame([_in_full(row) if limit is None else _in_brief(row) for row in rows], dtype=object)
    cut = limit is not None and found["model_count"] > limit
    return exhibit_of(
        scope,
        key="danh_sach_mo_hinh",
        title=_list_title(scope, found),
        subtitle=f"Danh sách mô hình (Biểu 03), {scope.place}, {scope.period}"
        + ("" if search.is_empty else ", theo điều kiện tìm")
        + (f"; hiển thị {number(limit)} trong {number(found['model_count'])}, tệp tải về có đủ" if cut else ""),
        figure=None,
        table=table,
        under=() if limit is None else ("Chi tiết",),
        unit=MODELS,
        completeness=coverage(scope),
        notes=(LATEST,) if rows else (_what_to_do(scope),),
    )


def named_models(warehouse: Warehouse, choice: Choice, search: Search) -> Exhibit:
    """Show the models the signed report names, with footnote and owner, and the register rows that name them too."""
    scope = Scope.of(warehouse, choice)
    rows = records(scope.query("register_named", **search.params))
    linked = sum(1 for row in rows if row["cell_count"])
    subtitle = "Tên mô hình và nơi có mô hình đúng như Báo cáo ghi"
    exhibit = exhibit_of(
        scope,
        key="mo_hinh_bao_cao_neu_ten",
        title=_named_title(scope, len(rows), linked),
        subtitle=subtitle,
        figure=None,
        table=pd.DataFrame([_named_row(row) for row in rows], dtype=object),
        under=(LINKED,),
        unit=MODELS,
        completeness=coverage(scope),
        source=f"các cước chú của {scope.report_label}; danh sách của đơn vị: {scope.source}",
    )
    notes = [f"“{LINKED}”: cùng tên (không kể dấu), cùng đơn vị, xã không trái nhau; chỉ nối để tra, không gộp."]
    is_simulated = warehouse.is_simulated and linked > 0
    if warehouse.is_simulated:
        notes.append(f"Tên và nơi là thật, theo Báo cáo{'; chỗ nối với danh sách là mô phỏng' if linked else ''}.")
    if not rows:
        notes.insert(0, "Thử một từ ngắn hơn, bỏ bớt điều kiện lọc, hoặc chọn Toàn tỉnh.")
    # Printed names and places stay where the report has them, whatever the boundaries.
    return replace(exhibit, subtitle=subtitle, notes=tuple(notes), is_simulated=is_simulated, caution=None)


def likely_duplicates(warehouse: Warehouse, choice: Choice) -> Exhibit:
    """Show pairs of register rows of two senders that may be one model: both rows, both cells, nothing merged."""
    scope = Scope.of(warehouse, choice)
    rows = records(scope.query("register_duplicates"))
    return exhibit_of(
        scope,
        key="mo_hinh_co_the_trung",
        title=f"{number(len(rows))} cặp mô hình có thể là một, do hai đơn vị cùng ghi"
        if rows
        else "Chưa thấy mô hình nào do hai đơn vị cùng ghi",
        subtitle=f"Cùng tên (không kể dấu), cùng xã, trong danh sách của hai đơn vị, {scope.place}, {scope.period}",
        figure=None,
        table=pd.DataFrame([_pair_row(row) for row in rows], dtype=object),
        under=("Nguồn thứ nhất", "Nguồn thứ hai"),
        unit="cặp",
        completeness=coverage(scope),
        notes=(
            "Cặp cùng tên, cùng xã được liệt kê để hỏi lại hai đơn vị; không cặp nào tự gộp, mỗi bên vẫn được tính.",
            "Xã không ghi thì không xem là cùng nơi; xã trùng tên ở hai huyện khác nhau là hai nơi.",
            *(("Mỗi bên mang tên đơn vị đã gửi danh sách.",) if choice.boundary_on else ()),
        ),
    )


def _named_title(scope: Scope, count: int, linked: int) -> str:
    every = records(scope.query("register_summary"))[0]["named_count"]
    found = f"{linked} có trong danh sách của đơn vị" if linked else "chưa thấy trong danh sách của đơn vị"
    if not count:
        return f"{scope.report_label} không nêu tên mô hình nào khớp"
    if count == every:
        return f"{scope.report_label} nêu tên {count} mô hình; {found}"
    return f"{scope.report_label} nêu tên {count} mô hình khớp, trong {every}; {found}"


def _list_title(scope: Scope, found: Mapping[str, Any]) -> str:
    if found["model_count"]:
        units = "" if not scope.is_province else f" của {found['unit_count']} đơn vị"
        return f"{number(found['model_count'])} mô hình{units}"
    return "Không có mô hình nào khớp" if _has_register(scope) else none_sent(scope)


def _has_register(scope: Scope) -> bool:
    return bool(records(scope.query("register_summary"))[0]["register_count"])


def _what_to_do(scope: Scope) -> str:
    if _has_register(scope):
        return "Thử một từ ngắn hơn, bỏ bớt điều kiện lọc, hoặc chọn Toàn tỉnh và kỳ dài hơn ở cột bên trái."
    return (
        f"Danh sách là Biểu 03 của báo cáo: lấy biểu mẫu ở trang Nộp báo cáo gửi cho đơn vị, nạp khi nhận lại. "
        f"Các mô hình {scope.report_label} nêu tên vẫn có ở dưới."
    )


def _in_full(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a model as the file holds it: every column of Biểu 03, its life, its cell."""
    return {
        "Mô hình": row["name"],
        "Đơn vị": row["don_vi"],
        "Lĩnh vực": row["linh_vuc"],
        "Xã, phường, thị trấn": row["commune"] or "",
        "Đơn vị chủ trì": row["host"] or "",
        "Loại": row["kind"] or "",
        "Năm bắt đầu": row["start_year"] or "",
        "Tình trạng": row["status"] or "",
        "Cấp khen thưởng": row["award_level"] or "",
        "Chủ đề": row["theme"] or "",
        "Địa bàn đặc thù": row["area_kind"] or "",
        "Các chặng": row["life"],
        "Tệp": row["file_name"],
        "Trang": row["source_sheet"],
        "Ô": row["source_cell"],
    }


def _in_brief(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a model as the screen lists it: a line of facts, and under it whose it is, its life, its cell."""
    said = (
        f"Chủ trì: {row['host']}" if row["host"] else "",
        row["theme"] or "",
        row["area_kind"] or "",
        row["life"] if "→" in row["life"] else "",
        f"Nguồn: {_cell(row)}",
    )
    return {
        "Mô hình": row["name"],
        "Đơn vị": row["don_vi"],
        "Xã, phường, thị trấn": row["commune"] or "",
        "Lĩnh vực": _unbroken(row["linh_vuc_ngan"]),
        "Bắt đầu": str(row["start_year"] or ""),
        "Tình trạng": _unbroken(row["status"] or ""),
        "Khen thưởng": _unbroken(row["award_level"] or ""),
        "Chi tiết": " · ".join(text for text in said if text),
    }


def _named_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "Mô hình": row["name"],
        "Nơi có mô hình, theo Báo cáo": row["host"],
        "Đơn vị": row["don_vi"] or "Báo cáo không nêu",
        "Lĩnh vực": _unbroken(row["linh_vuc_ngan"]),
        "Cước chú": str(row["footnote"]),
        LINKED: f"{LINKED}: {row['cells']}" if row["cells"] else "",
    }


def _pair_row(row: Mapping[str, Any]) -> dict[str, Any]:
    other = {name.removeprefix("other_"): value for name, value in row.items() if name.startswith("other_")}
    return {
        "Mô hình": _names(row["name"], other["name"]),
        "Xã, phường, thị trấn": _names(row["commune"], other["commune"]),
        "Đơn vị thứ nhất": row["don_vi"],
        "Đơn vị thứ hai": other["don_vi"],
        "Nguồn thứ nhất": f"{row['don_vi']}: {row['life']}, {_cell(row)}",
        "Nguồn thứ hai": f"{other['don_vi']}: {other['life']}, {_cell(other)}",
    }


def _unbroken(text: str) -> str:
    """Return a short text that stays on one line in a narrow column."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def _names(one: str, other: str) -> str:
    return one if one == other else f"{one} / {other}"


def _cell(row: Mapping[str, Any]) -> str:
    return f"{row['file_name']}, {row['source_sheet']}, ô {row['source_cell']}"
