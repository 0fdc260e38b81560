"""Exhibits of the years: how an indicator moved, with the events around it."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from dashboard import figures, labels
from dashboard.choice import Choice
from dashboard.exhibit import Exhibit, exhibit_of
from dashboard.figures.events import Mark
from dashboard.labels import number
from dashboard.provenance.tables import known_slices, links, slice_table
from dashboard.scope import RECOGNISED, Scope, indicator_facts
from dashboard.warehouse import Warehouse, records


def years_recognised(warehouse: Warehouse, choice: Choice, *, brief: bool = False) -> Exhibit:
    """Show recognised models year by year with the events around them; `brief`: only reviews and the epidemic."""
    return indicator_years(warehouse, choice, RECOGNISED, brief=brief)


def indicator_years(
    warehouse: Warehouse, choice: Choice, indicator_id: str, *, brief: bool = False, with_events: bool = True
) -> Exhibit:
    """Show one indicator year by year."""
    scope = Scope.of(warehouse, choice)
    indicator = indicator_facts(scope, indicator_id)
    years = scope.query("years", indicator_id=indicator_id)
    texts = [_year_text(row) for row in records(years)]
    own = [scope.slice(indicator_id, from_year=year, to_year=year) for year in years["year"]]
    slices = known_slices(years["value"], own)
    frame = years[["year", "value", "is_provisional"]].assign(text=texts, link=links(slices))
    marks = event_marks(scope, brief=brief) if with_events else []
    table = pd.DataFrame(
        {
            "Năm": years["year"].astype(str),
            labels.sentence(indicator["unit_label"]): years["value"],
            "Đơn vị có số liệu": years["given_count"],
            "Đơn vị phải báo cáo": years["expected_count"],
            "Ghi chú": [_year_state(row) for row in records(years)],
        },
        dtype=object,
    )
    return exhibit_of(
        scope,
        key=f"nam_{indicator_id}",
        title=_years_title(years, indicator),
        subtitle=f"{indicator['label']} theo năm ({indicator['unit_label']}), {scope.place}, {scope.period}",
        figure=figures.year_columns(frame, marks, height=230 if brief else 280, width=330 if brief else 660),
        table=table,
        slices=slice_table(table, {labels.sentence(indicator["unit_label"]): slices}),
        unit=indicator["unit_label"],
        completeness=scope.completeness(indicator_id),
        notes=_years_notes(years, marks),
    )


def event_marks(scope: Scope, *, brief: bool) -> list[Mark]:
    """Return the events of a period as marks on an axis of years; `brief`: only reviews and the epidemic."""
    events = scope.query("events")
    if brief:
        events = events[events["kind"].isin(["tong_ket", "dich_benh"])]
    return [
        Mark(
            start=float(row["from_position"]),
            until=float(row["to_position"]) if row["kind"] == "dich_benh" and row["to_position"] is not None else None,
            label=f"{row['label']} (suy ra)" if row["is_inferred"] and not brief else row["label"],
        )
        for row in records(events)
    ]


def _years_title(years: pd.DataFrame, indicator: dict[str, Any]) -> str:
    """Compare whole years with each other; a year that is not over is told apart, with its cut-off day."""
    known = [row for row in records(years) if row["value"] is not None]
    whole = [row for row in known if not row["is_part_year"]]
    unit = indicator["unit_label"]
    part = ""
    if known and known[-1]["is_part_year"]:
        last = known[-1]
        part = f"năm {last['year']} đến {labels.day_of_year(last['as_of_on'])}: {number(last['value'])}"
    if not whole:
        missing = f"Chưa có số liệu từng năm: {indicator['label']}"
        return labels.sentence(f"{part} {unit}") if part else missing
    return "; ".join(text for text in (_whole_years(whole, unit), part) if text)


def _whole_years(years: Sequence[dict[str, Any]], unit: str) -> str:
    first, last = years[0], years[-1]
    states = ("tạm tính", last["is_provisional"]), ("chưa đủ", not last["is_complete"])
    when = ", ".join([str(last["year"]), *(text for text, holds in states if holds)])
    said = f"{number(last['value'])} {unit} ({when})"
    if len(years) == 1:
        return labels.sentence(said)
    change = last["value"] - first["value"]
    verb = "lên" if change > 0 else "xuống" if change < 0 else "và vẫn"
    title = f"Từ {number(first['value'])} ({first['year']}) {verb} {said}"
    peak = max(years, key=lambda row: row["value"])  # the first of equal ones
    if peak["year"] in (first["year"], last["year"]):
        return title
    return f"{title}; cao nhất {number(peak['value'])} ({peak['year']})"


def _year_text(row: dict[str, Any]) -> str:
    if row["value"] is None:
        return labels.MISSING
    return f"{number(row['value'])}{'' if row['is_complete'] else '*'}{'†' if row['is_part_year'] else ''}"


def _year_state(row: dict[str, Any]) -> str:
    if row["value"] is None:
        return labels.MISSING
    states = [
        ("tạm tính", row["is_provisional"]),
        ("chưa đủ", not row["is_complete"]),
        (f"số đến {labels.day(row['as_of_on'])}" if row["is_part_year"] else "", row["is_part_year"]),
    ]
    return ", ".join(text for text, holds in states if holds)


def _years_notes(years: pd.DataFrame, marks: Sequence[Mark]) -> tuple[str, ...]:
    known = years.dropna(subset=["value"])
    notes = [
        ("* chưa đủ đơn vị báo cáo.", bool((~known["is_complete"].astype(bool)).any())),
        ("Cột chấm: tạm tính, theo số 6 tháng.", bool(years["is_provisional"].astype(bool).any())),
        ("Cột gạch chéo “?”: chưa có số liệu.", bool(years["value"].isna().any())),
        ("Vùng xám: dịch bệnh.", any(mark.until for mark in marks)),
    ]
    return tuple(text for text, holds in notes if holds)
