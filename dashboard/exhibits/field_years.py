"""Exhibits of the fields year by year: how they stack up, and in which years one has no model."""

from collections.abc import Collection

import pandas as pd

from dashboard import figures
from dashboard.choice import Choice
from dashboard.exhibit import (
    FLAGGED,
    ZERO_AND_MISSING,
    Exhibit,
    exhibit_of,
    main_fields,
    used_fields,
    wide,
    wide_slices,
)
from dashboard.labels import number, percent
from dashboard.provenance.tables import known_slices, links
from dashboard.scope import MODELS, RECOGNISED, Scope
from dashboard.warehouse import Warehouse, records


def field_years(warehouse: Warehouse, choice: Choice) -> Exhibit:
    """Show how the fields stack up year by year."""
    scope = Scope.of(warehouse, choice)
    frame = _field_years(scope)
    return exhibit_of(
        scope,
        key="linh_vuc_theo_nam",
        title=_leading_field_title(scope),
        subtitle=f"Mô hình được công nhận theo lĩnh vực và năm, {scope.place}, {scope.period}",
        figure=figures.stacked_years(frame),
        table=wide(frame, "year", "label", "Năm"),
        slices=wide_slices(frame, "year", "label", "Năm"),
        unit=MODELS,
        completeness=scope.completeness(RECOGNISED),
    )


def field_year_heat(warehouse: Warehouse, choice: Choice, flagged: Collection[tuple[str, int]] = ()) -> Exhibit:
    """Show every field in every year as a table of shaded cells; `flagged` fields and years are outlined."""
    scope = Scope.of(warehouse, choice)
    fields = _field_years(scope)
    frame = fields.assign(
        row=fields["label"],
        column=fields["year"].astype(str),
        text=[number(value) for value in fields["value"]],
        is_flagged=[pair in flagged for pair in zip(fields["linh_vuc_id"], fields["year"], strict=True)],
    )
    empty = int((main_fields(fields)["value"] == 0).sum())
    title = "Năm nào có số liệu cũng đủ cả bốn lĩnh vực"
    if fields["value"].isna().all():
        title = "Chưa có số liệu từng năm"
    elif not scope.is_enough:
        title = "Mới có một phần số liệu từng năm"
    elif empty:
        title = f"Có {empty} lần một lĩnh vực cả năm không có mô hình nào"
    return exhibit_of(
        scope,
        key="linh_vuc_nam_o",
        title=title,
        subtitle=f"Số mô hình được công nhận, lĩnh vực × năm, {scope.place}, {scope.period}",
        figure=figures.heat_map(frame, row_height=34),
        table=wide(fields, "label", "year", "Lĩnh vực"),
        slices=wide_slices(fields, "label", "year", "Lĩnh vực"),
        unit=MODELS,
        completeness=scope.completeness(RECOGNISED),
        notes=(ZERO_AND_MISSING, *((FLAGGED,) if frame["is_flagged"].any() else ())),
    )


def _field_years(scope: Scope) -> pd.DataFrame:
    """Return the fields' figures of every year, each with its slice and where a click on it leads."""
    frame = used_fields(scope.query("field_years"))
    pairs = zip(frame["linh_vuc_id"], frame["year"], strict=True)
    slices = [scope.slice(RECOGNISED, linh_vuc_id=field, from_year=year, to_year=year) for field, year in pairs]
    known = known_slices(frame["value"], slices)
    return frame.assign(slice=known, link=links(known))


def _leading_field_title(scope: Scope) -> str:
    main = main_fields(scope.query("fields")).dropna(subset=["value_share"])
    if main.empty:
        return "Chưa có số liệu từng năm"
    if not scope.is_enough:
        return "Chưa đủ số liệu để kết luận lĩnh vực nào dẫn đầu"
    most = records(main.sort_values("value_share"))[-1]
    return f"{most['label']} dẫn đầu với {percent(most['value_share'])} cả giai đoạn"
