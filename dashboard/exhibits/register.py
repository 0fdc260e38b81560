"""Exhibits of the register: the list itself, its counts beside the returns', the report's models, likely duplicates."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from dashboard import figures
from dashboard.choice import Choice
from dashboard.exhibits.base import MODELS, RECOGNISED, Exhibit, Scope, known_slices, links, slice_table
from dashboard.labels import number
from dashboard.register import Search, coverage
from dashboard.theme import ACCENT, GREY
from dashboard.trace import Slice
from dashboard.warehouse import Warehouse, records

SHOWN = 200
LINKED = "Có trong danh sách của đơn vị"
DISTINCT, COUNTED = "Mô hình (không trùng)", "Lượt công nhận"
_TWO_COUNTS = (
    "Hai số đếm hai việc, không cộng và không chia cho nhau: “mô hình” là mỗi mô hình trong danh sách (Biểu 03) "
    "đếm một lần; “lượt” là số công nhận (Biểu 01) cộng qua các năm."
)
_YEARS_OVERLAP = "Mô hình có tên trong danh sách của nhiều năm được đếm ở mỗi năm ấy: các năm không cộng thành tổng."
_LATEST = "Mỗi mô hình theo danh sách mới nhất có tên nó."


def register_models(warehouse: Warehouse, choice: Choice, search: Search, limit: int | None = None) -> Exhibit:
    """Show the models that a search finds, each with its life and the cell it stands in; at most `limit` of them."""
    scope = Scope.of(warehouse, choice)
    found = records(scope.query("register_found", **search.params))[0]
    rows = records(scope.query("register_rows", **search.params, row_limit=limit))
    table = pd.DataFrame([_in_full(row) if limit is None else _in_brief(row) for row in rows], dtype=object)
    cut = limit is not None and found["model_count"] > limit
    return scope.exhibit(
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
        notes=(_LATEST,) if rows else (_what_to_do(scope),),
    )


def register_statuses(warehouse: Warehouse, choice: Choice) -> Exhibit:
    """Show at which point of its life each model of the register is."""
    scope = Scope.of(warehouse, choice)
    found = scope.query("register_statuses")
    base = found["base"].iloc[0]
    ended = sum(found.loc[found["is_end"].astype(bool), "model_count"])
    values = found["model_count"] if base else found["base"]
    frame = pd.DataFrame(
        {
            "label": found["label"],
            "value": values,
            "text": [number(value) for value in values],
            "colour": [GREY if is_end else ACCENT for is_end in found["is_end"]],
        },
        dtype=object,
    )
    return scope.exhibit(
        key="doi_mo_hinh",
        title=f"{number(base - ended)}/{number(base)} mô hình trong danh sách chưa dừng" if base else _none_sent(scope),
        subtitle=f"Số mô hình theo tình trạng ghi gần nhất, {scope.place}, {scope.period}",
        figure=figures.bars(frame, row_height=28),
        table=pd.DataFrame({"Tình trạng": found["label"], "Mô hình": values}, dtype=object),
        unit=MODELS,
        completeness=coverage(scope),
        notes=(_LATEST,),
    )


def register_by_field(warehouse: Warehouse, choice: Choice) -> Exhibit:
    """Show models and recognitions by field."""
    scope = Scope.of(warehouse, choice)
    found = scope.query("register_fields", indicator_id=RECOGNISED)
    slices = [scope.slice(RECOGNISED, linh_vuc_id=key) for key in found["linh_vuc_id"]]
    return _two_counts(
        scope, found.assign(name=found["label"], tick=found["short_label"]), slices, "Lĩnh vực", "linh_vuc"
    )


def register_by_year(warehouse: Warehouse, choice: Choice) -> Exhibit:
    """Show models and recognitions year by year."""
    scope = Scope.of(warehouse, choice)
    found = scope.query("register_years")
    names = found["year"].astype(str)
    slices = [scope.slice(RECOGNISED, from_year=year, to_year=year) for year in found["year"]]
    return _two_counts(scope, found.assign(name=names, tick=names), slices, "Năm", "nam", notes=(_YEARS_OVERLAP,))


def register_by_unit(warehouse: Warehouse, choice: Choice) -> Exhibit:
    """Show models and recognitions by unit, and for how many of its years each unit sent a list."""
    scope = Scope.of(warehouse, choice)
    found = scope.query("register_units")
    sent = [f"{row['register_years']}/{row['expected_years']}" for row in records(found)]
    slices = [scope.slice(RECOGNISED, don_vi_id=unit) for unit in found["don_vi_id"]]
    rows = found.assign(name=found["label"], tick=found["label"])
    return _two_counts(scope, rows, slices, "Đơn vị", "don_vi", {"Năm có danh sách / năm phải có": sent})


def named_models(warehouse: Warehouse, choice: Choice, search: Search) -> Exhibit:
    """Show the models the signed report names, with footnote and owner, and the register rows that name them too."""
    scope = Scope.of(warehouse, choice)
    rows = records(scope.query("register_named", **search.params))
    linked = sum(1 for row in rows if row["cell_count"])
    exhibit = scope.exhibit(
        key="mo_hinh_bao_cao_neu_ten",
        title=_named_title(scope, len(rows), linked),
        subtitle="Tên mô hình và nơi có mô hình đúng như Báo cáo ghi",
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
    return replace(exhibit, notes=tuple(notes), is_simulated=is_simulated, caution=None)


def likely_duplicates(warehouse: Warehouse, choice: Choice) -> Exhibit:
    """Show pairs of register rows of two senders that may be one model: both rows, both cells, nothing merged."""
    scope = Scope.of(warehouse, choice)
    rows = records(scope.query("register_duplicates"))
    return scope.exhibit(
        key="mo_hinh_co_the_trung",
        title=f"{number(len(rows))} cặp mô hình có thể là một, do hai đơn vị cùng ghi"
        if rows
        else "Chưa thấy mô hình nào do hai đơn vị cùng ghi",
        subtitle=f"Cùng tên (không kể dấu), cùng xã, trong danh sách của hai đơn vị, {scope.place}, {scope.period}",
        figure=None,
        table=pd.DataFrame([_pair_row(row) for row in rows], dtype=object),
        unit="cặp",
        completeness=coverage(scope),
        notes=(
            "Chương trình không tự gộp: mỗi đơn vị vẫn được tính mô hình của mình. "
            "Cần hỏi hai đơn vị rồi để một bên ghi.",
            "Xã không ghi thì không xem là cùng nơi; xã trùng tên ở hai huyện khác nhau là hai nơi.",
        ),
    )


def _two_counts(
    scope: Scope,
    found: pd.DataFrame,
    slices: list[Slice],
    name: str,
    key: str,
    more: Mapping[str, list[str]] | None = None,
    notes: tuple[str, ...] = (),
) -> Exhibit:
    """Return the exhibit of rows of `name` (label), `tick` (short label), model_count and recognised_count."""
    total = records(scope.query("register_summary"))[0]
    leads = known_slices(found["recognised_count"], slices)
    frame = pd.DataFrame(
        {
            "label": found["tick"],
            "first": found["model_count"],
            "first_text": [number(value) for value in found["model_count"]],
            "second": found["recognised_count"],
            "second_text": [number(value) for value in found["recognised_count"]],
            "link": links(leads),
        },
        dtype=object,
    )
    columns = {name: found["name"], DISTINCT: found["model_count"], COUNTED: found["recognised_count"], **(more or {})}
    table = pd.DataFrame(columns, dtype=object)
    listed = "?" if total["model_count"] is None else number(total["model_count"])
    counted = "?" if total["recognised_count"] is None else number(total["recognised_count"])
    return scope.exhibit(
        key=f"mo_hinh_va_luot_{key}",
        title=f"Theo {name.lower()}: {listed} mô hình trong danh sách, {counted} lượt công nhận",
        subtitle=f"{DISTINCT} và {COUNTED.lower()} qua các năm, {scope.place}, {scope.period}",
        figure=figures.paired_bars(frame, (DISTINCT, COUNTED)),
        table=table,
        slices=slice_table(table, {COUNTED: leads}),
        unit="mô hình; lượt",
        completeness=f"{coverage(scope)}; lượt công nhận: {scope.completeness(RECOGNISED)}",
        notes=(_TWO_COUNTS, *notes),
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
    return "Không có mô hình nào khớp" if _has_register(scope) else _none_sent(scope)


def _none_sent(scope: Scope) -> str:
    return "Chưa đơn vị nào gửi danh sách mô hình" if scope.is_province else "Chưa gửi danh sách mô hình"


def _has_register(scope: Scope) -> bool:
    return bool(records(scope.query("register_summary"))[0]["register_count"])


def _what_to_do(scope: Scope) -> str:
    if _has_register(scope):
        return "Thử một từ ngắn hơn, bỏ bớt điều kiện lọc, hoặc chọn Toàn tỉnh và kỳ dài hơn ở cột bên trái."
    return (
        f"Danh sách là Biểu 03 của báo cáo: gửi biểu mẫu cho đơn vị (python -m etl template), nạp khi nhận lại. "
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
        "Lĩnh vực": row["linh_vuc_ngan"],
        "Cước chú": str(row["footnote"]),
        LINKED: f"{LINKED}: {row['cells']}" if row["cells"] else "",
    }


def _pair_row(row: Mapping[str, Any]) -> dict[str, Any]:
    other = {name.removeprefix("other_"): value for name, value in row.items() if name.startswith("other_")}
    return {
        "Mô hình": _names(row["name"], other["name"]),
        "Xã, phường, thị trấn": _names(row["commune"], other["commune"]),
        "Đơn vị thứ nhất": row["don_vi"],
        "Nguồn thứ nhất": f"{row['life']} · {_cell(row)}",
        "Đơn vị thứ hai": other["don_vi"],
        "Nguồn thứ hai": f"{other['life']} · {_cell(other)}",
    }


def _unbroken(text: str) -> str:
    """Return a short text that stays on one line in a narrow column."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def _names(one: str, other: str) -> str:
    return one if one == other else f"{one} / {other}"


def _cell(row: Mapping[str, Any]) -> str:
    return f"{row['file_name']}, {row['source_sheet']}, ô {row['source_cell']}"
