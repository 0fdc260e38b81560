"""Exhibits of every indicator by unit and year, and the two ratios between indicators."""

from dataclasses import replace
from typing import Any

import pandas as pd

from dashboard import figures, labels
from dashboard.choice import Choice
from dashboard.exhibit import Exhibit, exhibit_of, wide, wide_slices
from dashboard.exhibits.few import MOST_UNITS, both_ends
from dashboard.labels import number, percent
from dashboard.provenance.tables import known_slices, links, slice_table
from dashboard.provenance.trace import Slice
from dashboard.scope import RECOGNISED, Scope, indicator_facts
from dashboard.theme import ACCENT, HIGHLIGHT
from dashboard.warehouse import Warehouse, records

AWARDED = "mo_hinh_khen_thuong"
INSPECTIONS = "kiem_tra"


def districts_by_indicator(warehouse: Warehouse, choice: Choice, indicator_id: str) -> Exhibit:
    """Show one indicator of every district, most first."""
    return _units_by_indicator(warehouse, choice, indicator_id, of_districts=True)


def others_by_indicator(warehouse: Warehouse, choice: Choice, indicator_id: str) -> Exhibit:
    """Show one indicator of the provincial bodies and Party committees directly under the province."""
    return _units_by_indicator(warehouse, choice, indicator_id, of_districts=False)


def unit_years(warehouse: Warehouse, choice: Choice, indicator_id: str, most: int | None = MOST_UNITS) -> Exhibit:
    """Show one indicator by unit and year as a table of shaded cells."""
    scope = Scope.of(warehouse, choice)
    indicator = indicator_facts(scope, indicator_id)
    every = scope.query("unit_years", indicator_id=indicator_id)
    if scope.is_province:
        every = every[every["is_district"].astype(bool)]
    totals = every["value"].astype(float).groupby(every["don_vi_id"], sort=False).sum(min_count=1).reset_index()
    few = both_ends(totals["don_vi_id"], totals["value"], choice.don_vi_id, most)
    found = few.of(every)
    texts = [_cell_text(row) for row in records(found)]
    slices = [_unit_year_slice(scope, indicator_id, row) for row in records(found)]
    found = found.assign(slice=known_slices(found["value"], slices))
    frame = found.assign(
        row=found["unit_label"], column=found["year"].astype(str), text=texts, link=links(found["slice"])
    )
    missing = int((~every["is_complete"].astype(bool)).sum())
    notes = ["Số 0: có báo cáo, không phát sinh. Ô gạch chéo “?”: chưa có số liệu. Dấu ~: tạm tính."]
    if (found["value"].notna() & ~found["is_complete"].astype(bool)).any():
        notes.append("Dấu *: mới có số của một phần các đơn vị gộp lại.")
    title = (
        f"Còn thiếu {number(missing)}/{number(len(every))} lượt số liệu (đơn vị × năm)"
        if missing
        else "Đủ số liệu mọi năm"
    )
    return exhibit_of(
        scope,
        key=f"don_vi_nam_{indicator_id}",
        title=title,
        subtitle=f"{indicator['label']} ({indicator['unit_label']}), đơn vị × năm, {scope.period}",
        figure=figures.heat_map(frame),
        table=wide(found, "unit_label", "year", "Đơn vị"),
        slices=wide_slices(found, "unit_label", "year", "Đơn vị"),
        unit=indicator["unit_label"],
        completeness=scope.completeness(indicator_id),
        notes=(*notes, *few.notes),
        whole=few.whole(lambda: unit_years(warehouse, choice, indicator_id, most=None)),
    )


def awarded_shares(warehouse: Warehouse, choice: Choice) -> Exhibit:
    """Show which share of recognised models was awarded, year by year."""
    scope = Scope.of(warehouse, choice)
    ratios = scope.query("ratios")
    overall = ratios["period_awarded_share"].iloc[0]
    return _ratio(
        scope,
        ratios,
        column="awarded_share",
        overall=overall,
        parts={
            "Khen thưởng": ("awarded", AWARDED, RECOGNISED),
            "Công nhận": ("recognised_with_awards", RECOGNISED, AWARDED),
        },
        key="ty_le_khen_thuong",
        name="Tỷ lệ khen thưởng",
        title="Chưa có đủ số liệu công nhận và khen thưởng"
        if overall is None
        else f"Cứ 100 mô hình được công nhận có {number(overall * 100)} mô hình được khen thưởng",
        subtitle=f"Mô hình được khen thưởng trên mô hình được công nhận, {scope.place}, {scope.period}",
        completeness=scope.completeness(AWARDED),
    )


def models_per_inspection(warehouse: Warehouse, choice: Choice) -> Exhibit:
    """Show how many recognised models stand behind one inspection, year by year."""
    scope = Scope.of(warehouse, choice)
    ratios = scope.query("ratios")
    overall = ratios["period_models_per_inspection"].iloc[0]
    return _ratio(
        scope,
        ratios,
        column="models_per_inspection",
        overall=overall,
        parts={
            "Công nhận": ("recognised_with_inspections", RECOGNISED, INSPECTIONS),
            "Kiểm tra": ("inspected", INSPECTIONS, RECOGNISED),
        },
        key="mo_hinh_moi_cuoc_kiem_tra",
        name="Mô hình mỗi cuộc kiểm tra",
        title="Chưa có đủ số liệu công nhận và kiểm tra"
        if overall is None
        else f"Mỗi cuộc kiểm tra ứng với {number(overall, 1)} mô hình được công nhận",
        subtitle=f"Mô hình được công nhận trên mỗi cuộc kiểm tra, đánh giá, {scope.place}, {scope.period}",
        completeness=scope.completeness(INSPECTIONS),
    )


def _units_by_indicator(
    warehouse: Warehouse, choice: Choice, indicator_id: str, *, of_districts: bool, most: int | None = MOST_UNITS
) -> Exhibit:
    scope = Scope.of(warehouse, replace(choice, don_vi_id=None))
    indicator = indicator_facts(scope, indicator_id)
    units = scope.query("unit_totals", indicator_id=indicator_id)
    every = units[units["is_district"].astype(bool) == of_districts]
    few = both_ends(every["don_vi_id"], every["value"], choice.don_vi_id, most)
    rows = few.of(every).sort_values("value", ascending=False, na_position="last", kind="stable")
    slices = known_slices(rows["value"], [scope.slice(indicator_id, don_vi_id=unit) for unit in rows["don_vi_id"]])
    frame = pd.DataFrame(
        {
            "label": rows["label"],
            "value": rows["value"],
            "text": [_unit_text(row) for row in records(rows)],
            "colour": [HIGHLIGHT if unit == choice.don_vi_id else ACCENT for unit in rows["don_vi_id"]],
            "link": links(slices),
        },
        dtype=object,
    )
    table = pd.DataFrame(
        {
            "Đơn vị": rows["label"],
            labels.sentence(indicator["unit_label"]): rows["value"],
            "Năm có số liệu": rows["covered_years"],
            "Năm phải có": rows["expected_years"],
        },
        dtype=object,
    )
    group = "đơn vị cấp huyện" if of_districts else "cơ quan cấp tỉnh và đảng bộ trực thuộc"
    known = int(every["value"].notna().sum())
    title = f"{number(known)}/{number(len(every))} {group} có số liệu"
    if known:
        title += f": {number(int(every['value'].sum()))} {indicator['unit_label']}"
    notes = ["* chưa đủ số liệu các năm."] if (rows["value"].notna() & ~rows["is_complete"].astype(bool)).any() else []
    if indicator["aggregation"] == "stock":
        notes.append(f"Số cuối năm {choice.to_year}, không cộng qua các năm.")
    return exhibit_of(
        scope,
        key=f"{'huyen' if of_districts else 'co_quan'}_{indicator_id}",
        title=title,
        subtitle=f"{indicator['label']} ({indicator['unit_label']}), {group}, {scope.period}",
        figure=figures.bars(frame, row_height=26),
        table=table,
        slices=slice_table(table, {labels.sentence(indicator["unit_label"]): slices}),
        unit=indicator["unit_label"],
        completeness=scope.completeness(indicator_id),
        notes=(*notes, *few.notes),
        whole=few.whole(
            lambda: _units_by_indicator(warehouse, choice, indicator_id, of_districts=of_districts, most=None)
        ),
    )


def _ratio(
    scope: Scope,
    ratios: pd.DataFrame,
    *,
    column: str,
    overall: float | None,
    parts: dict[str, tuple[str, str, str]],
    name: str,
    **texts: Any,
) -> Exhibit:
    """Show a ratio year by year. parts: label -> column, indicator, the indicator a unit must have given beside it.

    The first part is the numerator.
    """

    def shown(value: float | None) -> str:
        return percent(value) if column == "awarded_share" else number(value, 1)

    slices = {
        label: [
            scope.slice(own, from_year=year, to_year=year, with_indicator_id=beside) for year in ratios["year"].tolist()
        ]
        for label, (_, own, beside) in parts.items()
    }
    slices[name] = next(iter(slices.values()))
    texts_shown = [shown(value) for value in ratios[column]]
    leads = links(known_slices(ratios[column], slices[name]))
    frame = ratios[["year"]].assign(value=ratios[column], text=texts_shown, link=leads)
    columns = {label: ratios[part] for label, (part, _, _) in parts.items()}
    table = pd.DataFrame({"Năm": ratios["year"].astype(str), **columns, name: ratios[column]}, dtype=object)
    return exhibit_of(
        scope,
        figure=figures.year_line(frame, level=overall),
        table=table,
        slices=slice_table(table, slices),
        shares=(name,) if column == "awarded_share" else (),
        unit="%" if column == "awarded_share" else "mô hình/cuộc",
        notes=(f"Đường chấm: cả giai đoạn ({shown(overall)}). Chỉ tính đơn vị có cả hai số liệu.",)
        if overall is not None
        else (),
        **texts,
    )


def _unit_year_slice(scope: Scope, indicator_id: str, row: dict[str, Any]) -> Slice:
    return scope.slice(indicator_id, don_vi_id=row["don_vi_id"], from_year=row["year"], to_year=row["year"])


def _unit_text(row: dict[str, Any]) -> str:
    if row["value"] is None:
        return labels.MISSING
    text = number(row["value"]) if row["is_complete"] else f"{number(row['value'])}*"
    return f"{text} (tạm tính)" if row["is_provisional"] else text


def _cell_text(row: dict[str, Any]) -> str:
    if row["value"] is None:
        return labels.MISSING
    return f"{number(row['value'])}{'' if row['is_complete'] else '*'}{'~' if row['is_provisional'] else ''}"
