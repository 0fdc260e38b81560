"""Exhibits of the register's counts: a model's life, and distinct models beside the recognitions of the returns."""

from collections.abc import Mapping

import pandas as pd

from dashboard import figures
from dashboard.choice import Choice
from dashboard.exhibit import Exhibit, exhibit_of
from dashboard.labels import number
from dashboard.provenance.tables import known_slices, links, slice_table
from dashboard.provenance.trace import Slice
from dashboard.scope import MODELS, RECOGNISED, Scope
from dashboard.theme import ACCENT, GREY
from dashboard.topics.register import LATEST, coverage, none_sent
from dashboard.warehouse import Warehouse, records

DISTINCT, COUNTED = "Mô hình (không trùng)", "Lượt công nhận"
_TWO_COUNTS = (
    "Hai số đếm hai việc, không cộng và không chia cho nhau: “mô hình” là mỗi mô hình trong danh sách (Biểu 03) "
    "đếm một lần; “lượt” là số công nhận (Biểu 01) cộng qua các năm."
)
_MISSING = "Ô gạch chéo “?”: chưa có danh sách hoặc chưa có số liệu."
_YEARS_OVERLAP = "Mô hình có tên trong danh sách của nhiều năm được đếm ở mỗi năm ấy: các năm không cộng thành tổng."


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
    return exhibit_of(
        scope,
        key="doi_mo_hinh",
        title=f"{number(base - ended)}/{number(base)} mô hình trong danh sách chưa dừng" if base else none_sent(scope),
        subtitle=f"Số mô hình theo tình trạng ghi gần nhất, {scope.place}, {scope.period}",
        figure=figures.bars(frame, row_height=28),
        table=pd.DataFrame({"Tình trạng": found["label"], "Mô hình": values}, dtype=object),
        unit=MODELS,
        completeness=coverage(scope),
        notes=(LATEST,),
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
    listed, counted = total["model_count"], total["recognised_count"]
    said = "chưa có danh sách mô hình" if listed is None else f"{number(listed)} mô hình trong danh sách"
    said += ", chưa có số công nhận" if counted is None else f", {number(counted)} lượt công nhận"
    return exhibit_of(
        scope,
        key=f"mo_hinh_va_luot_{key}",
        title=f"Theo {name.lower()}: {said}",
        subtitle=f"{DISTINCT} và {COUNTED.lower()} qua các năm, {scope.place}, {scope.period}",
        figure=figures.paired_bars(frame, (DISTINCT, COUNTED)),
        table=table,
        slices=slice_table(table, {COUNTED: leads}),
        unit="mô hình; lượt",
        completeness=f"{coverage(scope)}; lượt công nhận: {scope.completeness(RECOGNISED)}",
        notes=(_TWO_COUNTS, *notes, *((_MISSING,) if (frame[["first", "second"]].isna()).any(axis=None) else ())),
    )
