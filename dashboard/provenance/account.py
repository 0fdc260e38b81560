"""What the page of sources says of one number: in words, cell by cell, who is missing, what was warned about."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard import labels
from dashboard.boundaries import boundary_note, named
from dashboard.choice import Choice
from dashboard.labels import number
from dashboard.provenance.cautions import warnings_of_slice
from dashboard.provenance.tables import slice_table
from dashboard.provenance.trace import ALL_UNITS, GROUPS, Slice, cells_behind
from dashboard.scope import Scope, indicator_facts
from dashboard.units import unit_names
from dashboard.warehouse import Warehouse, records


@dataclass(frozen=True)
class Provenance:
    """One number and everything it comes from.

    cells: a row per cell, Vietnamese columns. units: a row per unit with its part of the number, `unit_slices` where
    each part leads. files: a row per file, with sha256 and label. fault: what is wrong when the cells do not add up.
    """

    slice: Slice
    words: str
    value: int | None
    value_text: str
    summary: str
    completeness: str
    missing: str
    notes: tuple[str, ...]
    cells: pd.DataFrame
    units: pd.DataFrame
    unit_slices: pd.DataFrame
    files: pd.DataFrame
    warnings: pd.DataFrame
    source: str
    fault: str
    is_simulated: bool


def provenance(warehouse: Warehouse, slice_: Slice) -> Provenance:
    """Return all that stands behind a slice's number."""
    scope = Scope.of(warehouse, Choice(slice_.from_year, slice_.to_year, slice_.don_vi_id, slice_.boundary_on))
    indicator = indicator_facts(scope, slice_.indicator_id)
    total = records(scope.query("slice_total", **slice_.params))[0]
    coverage = records(scope.query("slice_coverage", **slice_.params))
    cells = cells_behind(warehouse, slice_)
    added = sum(cells["value"]) if len(cells) else None
    units, unit_slices = _by_unit(cells, slice_)
    return Provenance(
        slice=slice_,
        words=in_words(warehouse, slice_),
        value=total["value"],
        value_text=labels.MISSING if total["value"] is None else f"{number(total['value'])} {indicator['unit_label']}",
        summary=summary(cells),
        completeness=_completeness(coverage),
        missing=_missing(coverage),
        notes=_notes(scope, slice_, indicator, is_provisional=total["is_provisional"]),
        cells=_cell_table(cells, by_field=indicator["by_linh_vuc"]),
        units=units,
        unit_slices=unit_slices,
        files=_files(cells),
        warnings=warning_table(warnings_of_slice(warehouse, slice_)),
        source=scope.source,
        fault="" if added == total["value"] else f"Các ô cộng lại được {number(added)}, khác con số trên trang.",
        is_simulated=warehouse.is_simulated,
    )


def in_words(warehouse: Warehouse, slice_: Slice) -> str:
    """Return what a slice counts: "Mô hình công nhận · Kinh tế · Hội An · năm 2024"."""
    indicators = {row["indicator_id"]: row["label"] for row in records(warehouse.query("indicators"))}
    fields = {row["linh_vuc_id"]: row["label"] for row in records(warehouse.query("field_list"))}
    group = "Toàn tỉnh" if slice_.units == ALL_UNITS else GROUPS[slice_.units]
    beside = slice_.with_indicator_id
    parts = [
        indicators[slice_.indicator_id],
        fields[slice_.linh_vuc_id] if slice_.linh_vuc_id else "",
        unit_names(warehouse)[slice_.don_vi_id] if slice_.don_vi_id else group,
        labels.period(slice_.from_year, slice_.to_year),
        f"chỉ tính đơn vị có cả số “{indicators[beside]}”" if beside else "",
        named(slice_.boundary_on) if slice_.boundary_on else "",
    ]
    return " · ".join(part for part in parts if part)


def summary(cells: pd.DataFrame) -> str:
    """Return "cộng từ 64 ô của 60 báo cáo"."""
    return f"cộng từ {number(len(cells))} ô của {number(cells['return_id'].nunique())} báo cáo"


def facts(found: Provenance) -> list[tuple[str, str]]:
    """Return what a file of the cells says above them."""
    return [
        ("Con số", found.words),
        ("Giá trị", found.value_text),
        ("Mức đầy đủ", found.completeness),
        ("Chưa có số liệu", found.missing),
        ("Nguồn", found.source),
        *(("Chú thích", note) for note in found.notes),
        *(("Cảnh báo", text) for text in found.warnings["Cảnh báo"]),
    ]


def warning_table(found: pd.DataFrame) -> pd.DataFrame:
    """Return warnings as a viewer reads them: whose return, where in it, what is wrong."""
    rows = [
        {
            "Đơn vị": row["don_vi"] or "chưa rõ",
            "Kỳ báo cáo": "chưa rõ" if row["return_id"] is None else _period(row),
            "Trang tính": row["sheet"] or "",
            "Ô": row["cell"] or "",
            "Cảnh báo": row["message"],
        }
        for row in records(found)
    ]
    return pd.DataFrame(rows, columns=["Đơn vị", "Kỳ báo cáo", "Trang tính", "Ô", "Cảnh báo"], dtype=object)


def _by_unit(cells: pd.DataFrame, slice_: Slice) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return each unit's part of the number, and the slices these parts are."""
    grouped = cells.groupby("don_vi_id", sort=False)
    table = pd.DataFrame(
        {
            "Đơn vị": grouped["don_vi"].first(),
            "Báo cáo": grouped["return_id"].nunique(),
            "Ô": grouped.size(),
            "Giá trị": grouped["value"].sum(),
        },
        dtype=object,
    )
    parts = [Slice(**{**slice_.params, "don_vi_id": unit, "units": ALL_UNITS}) for unit in table.index]
    return table, slice_table(table, {"Giá trị": parts})


def _cell_table(cells: pd.DataFrame, *, by_field: bool) -> pd.DataFrame:
    columns = {
        "Đơn vị": cells["sender"],
        "Kỳ báo cáo": cells["period"],
        **({"Lĩnh vực": cells["linh_vuc"]} if by_field else {}),
        "Tệp": cells["file_name"],
        "Trang tính": cells["sheet"],
        "Ô": cells["cell"],
        "Giá trị": cells["value"],
        "Ghi chú": pd.Series([_remark(row) for row in records(cells)], cells.index, object),
    }
    return pd.DataFrame(columns, dtype=object)


def _remark(row: dict[str, Any]) -> str:
    remarks = (("tạm tính", row["is_provisional"]), ("không phát sinh", row["state"] == "khong_phat_sinh"))
    return ", ".join(text for text, holds in remarks if holds)


def _files(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the files the cells stand in, each with the label a viewer picks it by."""
    rows = []
    for sha256, found in cells.groupby("sha256", sort=False):
        first = found.iloc[0]
        count = found["return_id"].nunique()
        what = f"{first['sender']} · {first['period']}" if count == 1 else f"{number(count)} báo cáo"
        rows.append({"sha256": sha256, "file_name": first["file_name"], "label": f"{first['file_name']} · {what}"})
    return pd.DataFrame(rows, columns=["sha256", "file_name", "label"], dtype=object)


def _period(row: dict[str, Any]) -> str:
    return labels.return_period(row["period_kind"], row["from_year"], row["to_year"])


def _completeness(coverage: Sequence[dict[str, Any]]) -> str:
    owed, given = (sum(row[name] for row in coverage) for name in ("expected_years", "covered_years"))
    if len(coverage) == 1:
        return f"{given}/{owed} năm có số liệu"
    complete = sum(row["expected_years"] == row["covered_years"] for row in coverage)
    text = f"{complete}/{len(coverage)} đơn vị đủ số liệu"
    return text if owed == given else f"{text} (thiếu {number(owed - given)} trên {number(owed)} lượt số liệu năm)"


def _missing(coverage: Sequence[dict[str, Any]]) -> str:
    """Name the units that gave no figure, with the years: what is missing is no zero."""
    lacking = [row for row in coverage if row["missing_years"]]
    return "; ".join(f"{row['don_vi']} ({_runs(row['missing_years'])})" for row in lacking)


def _runs(years: Sequence[int]) -> str:
    """Return 2009, 2010, 2011, 2015 as "2009-2011, 2015"."""
    runs: list[list[int]] = []
    for year in years:
        if runs and runs[-1][1] == year - 1:
            runs[-1][1] = year
        else:
            runs.append([year, year])
    return ", ".join(labels.years(first, last) for first, last in runs)


def _notes(scope: Scope, slice_: Slice, indicator: dict[str, Any], *, is_provisional: bool) -> tuple[str, ...]:
    is_stock = indicator["aggregation"] == "stock"
    notes = [
        (f"Số cuối năm {slice_.to_year}, không cộng qua các năm.", is_stock and slice_.from_year < slice_.to_year),
        ("Có số tạm tính, theo báo cáo 6 tháng.", is_provisional),
    ]
    said = (text for text, holds in notes if holds)
    return (*said, *boundary_note(scope.warehouse, scope.choice), *scope.part_year_notes)
