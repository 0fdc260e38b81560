"""The handful of totals a leader asks for first, each held against the signed report."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard import labels
from dashboard.boundaries import named
from dashboard.choice import Choice
from dashboard.labels import number, percent
from dashboard.provenance.trace import Slice
from dashboard.scope import Scope
from dashboard.warehouse import Warehouse, records

HEADLINES = ("mo_hinh_cong_nhan", "mo_hinh_khen_thuong", "kiem_tra", "hoi_nghi")


@dataclass(frozen=True)
class Headline:
    """One total. state: `khop` (as published), `lech` (differs), or "" where there is nothing to hold it against.

    trend: its figure year by year, None where there is none. slice: where the figure leads, None for a published one.
    is_published: a figure of the signed report is named, which leads to the ledger.
    """

    indicator_id: str
    label: str
    value: str
    unit: str
    marks: str
    comparison: str
    state: str
    trend: tuple[int | None, ...]
    slice: Slice | None = None
    is_published: bool = False


def headlines(
    warehouse: Warehouse, choice: Choice, indicator_ids: tuple[str, ...] = HEADLINES, *, with_trend: bool = True
) -> list[Headline]:
    """Return the totals of these indicators, in this order, leaving out what the catalogue does not know."""
    scope = Scope.of(warehouse, choice)
    totals = {row["indicator_id"]: row for row in records(scope.query("totals"))}
    trends: dict[str, list[int | None]] = {}
    for row in records(scope.query("indicator_years")) if with_trend else ():
        trends.setdefault(row["indicator_id"], []).append(row["value"])
    return [_headline(scope, totals[key], trends.get(key, [])) for key in indicator_ids if key in totals]


def reckoned(label: str, value: str, unit: str, comparison: str, lead: Slice | None = None) -> Headline:
    """Return a card of a figure that was reckoned from others; `lead` where one slice holds all of it."""
    return Headline("", label, value, unit, "", comparison, "", (), slice=lead)


def freshness(warehouse: Warehouse, choice: Choice) -> str:
    """Say up to which day the figures run and how many districts have reported the period's last year."""
    found = warehouse.query("freshness", **choice.params).iloc[0]
    if not found["return_count"]:
        return "Chưa có báo cáo nào của các đơn vị"
    parts = [
        f"{found['reported_district_count']}/{found['district_count']} đơn vị cấp huyện đã báo cáo năm {found['year']}"
    ]
    if found["as_of_on"] is not None:
        parts.insert(0, f"Số liệu chốt đến {labels.day(found['as_of_on'])}")
    if found["is_provisional"]:
        parts.append("có số tạm tính")
    if choice.boundary_on is not None:
        parts.append(named(choice.boundary_on))
    return " · ".join(parts)


def _headline(scope: Scope, row: dict[str, Any], trend: Sequence[int | None]) -> Headline:
    value, published = row["value"], row["published_value"]
    if value is None and published is not None and row["is_comparable"]:
        comparison, state = f"Số của {scope.report_label}; chưa có báo cáo của các đơn vị", ""
        name, unit = row["label"], row["unit_label"]
        return Headline(
            row["indicator_id"], name, number(published), unit, "", comparison, state, (), is_published=True
        )
    comparison, state = _comparison(scope, row)
    marks = [
        text for text, holds in (("tạm tính", row["is_provisional"]), ("chưa đủ", not row["is_complete"])) if holds
    ]
    return Headline(
        indicator_id=row["indicator_id"],
        label=row["label"],
        value="?" if value is None else number(value),
        unit=row["unit_label"],
        marks=labels.MISSING if value is None else ", ".join(marks),
        comparison=comparison,
        state=state,
        trend=tuple(trend),
        slice=None if value is None else scope.slice(row["indicator_id"]),
        is_published=published is not None and scope.is_province,
    )


def _comparison(scope: Scope, row: dict[str, Any]) -> tuple[str, str]:
    """Return the sentence under the figure, and whether it agrees with the signed report."""
    published, gap = row["published_value"], row["gap"]
    if not scope.is_province:
        share = row["province_share"]
        if share == 1:  # nobody else gave any
            return "bằng cả số hiện có của tỉnh", ""
        return ("" if share is None else f"{percent(share)} của các đơn vị có số liệu"), ""
    if published is None:
        return f"{scope.report_label} không nêu", ""
    if not row["is_comparable"]:
        years = labels.years(row["published_from_year"], row["published_to_year"])
        return f"{scope.report_label}: {number(published)} ({years})", ""
    if gap is None:
        return f"{scope.report_label}: {number(published)}", ""
    if gap == 0:
        return f"{scope.report_label}: {number(published)}; khớp", "khop"
    word = "thừa" if gap > 0 else "thiếu"
    return f"{scope.report_label}: {number(published)}; {word} {number(abs(gap))}", "lech"
