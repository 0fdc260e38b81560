"""Exhibits of the places: districts beside each other, never a district beside a provincial body."""

import pandas as pd

from dashboard import figures
from dashboard.choice import Choice
from dashboard.exhibits.base import (
    MODELS,
    RECOGNISED,
    ZERO_AND_MISSING,
    Exhibit,
    Scope,
    known_slices,
    links,
    slice_table,
    used_fields,
    wide,
    wide_slices,
)
from dashboard.labels import number
from dashboard.warehouse import Warehouse


def district_map(warehouse: Warehouse, choice: Choice) -> Exhibit:
    """Show districts as tiles: recognised models per commune and year."""
    scope = Scope.of(warehouse, choice)
    units = scope.query("unit_totals", indicator_id=RECOGNISED)
    rows = units[units["is_district"].astype(bool) & units["tile_row"].notna()]
    slices = known_slices(rows["value"], [scope.slice(RECOGNISED, don_vi_id=unit) for unit in rows["don_vi_id"]])
    frame = pd.DataFrame(
        {
            "label": rows["label"],
            "tile_row": rows["tile_row"],
            "tile_col": rows["tile_col"],
            "value": rows["rate"],
            "text": [number(rate, 2) for rate in rows["rate"]],
            "is_highlighted": rows["don_vi_id"] == choice.don_vi_id,
            "link": links(slices),
        },
        dtype=object,
    )
    table = pd.DataFrame(
        {
            "Đơn vị": rows["label"],
            "Mô hình": rows["value"],
            "Xã × năm có số liệu": rows["commune_years"],
            "Mô hình mỗi xã mỗi năm": rows["rate"],
            "Năm có số liệu": rows["covered_years"],
            "Năm phải có": rows["expected_years"],
        },
        dtype=object,
    )
    known = rows["rate"].dropna()
    title = "Chưa có số liệu của từng huyện"
    if len(known) > 1:
        title = f"Mỗi xã mỗi năm có {number(rows['district_rate'].iloc[0], 2)} mô hình; các huyện từ {number(known.min(), 2)} đến {number(known.max(), 2)}"  # noqa: E501
    elif len(known) == 1:
        title = (
            f"Mới có số liệu của {rows.loc[known.index[0], 'label']}: {number(known.iloc[0], 2)} mô hình mỗi xã mỗi năm"
        )
    province = Scope(warehouse, Choice(choice.from_year, choice.to_year, None), "", scope.report_label)
    return province.exhibit(
        key="ban_do_o",
        title=title,
        subtitle=f"Mô hình được công nhận trên mỗi xã, phường, thị trấn mỗi năm, {scope.period}",
        figure=figures.tile_map(frame, height=330),
        table=table,
        slices=slice_table(table, {"Mô hình": slices, "Mô hình mỗi xã mỗi năm": slices}),
        unit="mô hình/xã/năm",
        completeness=province.completeness(RECOGNISED),
        notes=(
            "Mỗi ô một đơn vị cấp huyện, vị trí gần đúng; đậm hơn là nhiều hơn. Chênh lệch có thể chỉ là dao động.",
        ),
    )


def district_field_heat(warehouse: Warehouse, choice: Choice) -> Exhibit:
    """Show every district's models by field as a table of shaded cells."""
    scope = Scope.of(warehouse, Choice(choice.from_year, choice.to_year, None))
    found = scope.query("unit_fields")
    found = used_fields(found[found["is_district"].astype(bool)])
    chosen = found["don_vi_id"] == choice.don_vi_id
    pairs = zip(found["don_vi_id"], found["linh_vuc_id"], strict=True)
    slices = [scope.slice(RECOGNISED, don_vi_id=unit, linh_vuc_id=field) for unit, field in pairs]
    found = found.assign(slice=known_slices(found["value"], slices))
    frame = found.assign(
        row=found["unit_label"].where(~chosen, "▸ " + found["unit_label"]),
        column=found["short_label"],
        text=[number(value) for value in found["value"]],
        link=links(found["slice"]),
    )
    main = found[found["is_main"].astype(bool)]
    empty = main.loc[main["value"] == 0, "unit_label"].nunique()
    title = "Đơn vị nào có số liệu cũng có mô hình ở cả bốn lĩnh vực"
    if found["value"].isna().all():
        title = "Chưa có số liệu của từng huyện"
    elif not scope.is_enough:
        title = "Mới có số liệu của một phần các đơn vị"
    elif empty:
        title = f"{empty} đơn vị cấp huyện còn lĩnh vực chưa có mô hình nào"
    return scope.exhibit(
        key="huyen_linh_vuc",
        title=title,
        subtitle=f"Số mô hình được công nhận, đơn vị cấp huyện × lĩnh vực, {scope.period}",
        figure=figures.heat_map(frame),
        table=wide(found, "unit_label", "label", "Đơn vị"),
        slices=wide_slices(found, "unit_label", "label", "Đơn vị"),
        unit=MODELS,
        completeness=scope.completeness(RECOGNISED),
        notes=(ZERO_AND_MISSING, "Ô đậm hơn: nhiều hơn."),
    )
