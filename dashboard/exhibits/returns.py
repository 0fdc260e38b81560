"""Exhibits of the returns themselves: who has sent what, how many in time, whom to ask."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from dashboard import figures, labels
from dashboard.boundaries import as_sent_note
from dashboard.choice import Choice
from dashboard.exhibit import Exhibit, exhibit_of, wide
from dashboard.exhibits.few import MOST_UNITS, first_ones
from dashboard.figures import State
from dashboard.labels import number, percent
from dashboard.scope import RECOGNISED, Scope
from dashboard.theme import SCALE
from dashboard.topics import reporting
from dashboard.topics.reporting import STATES, Counts
from dashboard.warehouse import Warehouse, records

UNIT = "lượt báo cáo"
NOT_OWED = "không phải gửi"
LOOKS = (
    State("co_so_lieu", STATES["co_so_lieu"], "✓", SCALE[4]),
    State("khong_phat_sinh", STATES["khong_phat_sinh"], "0", SCALE[1]),
    State("trong", STATES["trong"], "□", "#F3DDB3"),
    State("chua_gui", STATES["chua_gui"], "?", None),
    State("chua_den_han", STATES["chua_den_han"], "…", "#FFFFFF"),
)
MARKS = {look.key: look.mark for look in LOOKS}
LATE, UNDATED = "M", "*"
IN_TIME = "Đúng hạn: bản gửi đầu tiên có ngày gửi không quá hạn nộp; không ghi ngày gửi thì không tính là đúng hạn."
_CHASE_COLUMNS = (
    "Đơn vị",
    "Kỳ",
    "Hạn nộp",
    "Quá hạn (ngày)",
    "Tình trạng",
    "Cảnh báo",
    "Lần gửi gần nhất",
    "Lưu ý",
)
GROUPS = {True: "Đơn vị cấp huyện", False: "Đơn vị khác"}


def returns_grid(
    warehouse: Warehouse, choice: Choice, kind: str, *, as_of: date, most: int | None = MOST_UNITS
) -> Exhibit:
    """Show for every unit and period whether its return came, said something, and came in time."""
    scope = _followed(warehouse, choice, as_of)
    owing = scope.query("returns_owing", period_kind=kind, as_of=as_of)["don_vi_id"]
    few = first_ones(owing, "đơn vị còn nợ nhiều báo cáo nhất", choice.don_vi_id, most)
    found = _grid(scope, kind, as_of, few.units)
    chosen = found["don_vi_id"] == choice.don_vi_id
    frame = found.assign(
        row=found["unit_label"].where(~chosen, "▸ " + found["unit_label"]),
        column=found["year"].astype(str),
        text=[MARKS[row["state"]] + _time_mark(row) for row in records(found)],
        hover=[f"{row['unit_label']}, {row['year']}: {_state_text(row)}" for row in records(found)],
        is_outlined=found["is_late"],
        link=pd.Series([_link(scope, row) for row in records(found)], index=found.index, dtype=object),
    )
    table = wide(found.assign(value=[_state_text(row) for row in records(found)]), "unit_label", "year", "Đơn vị")
    counts = _counts(scope, kind, as_of)
    return exhibit_of(
        scope,
        key=f"nop_bao_cao_{kind}",
        title=_title(counts, kind),
        subtitle=(
            f"Việc gửi báo cáo {_kind_name(kind)}, đơn vị × năm, {scope.period}, tính đến {labels.day(as_of)}; "
            f"{LATE}: gửi muộn"
        ),
        figure=figures.state_grid(frame, LOOKS, line_after=int(found.loc[_districts(found), "don_vi_id"].nunique())),
        table=table.fillna(NOT_OWED),
        unit=UNIT,
        completeness=_completeness(counts),
        notes=(
            f"Viền đậm, chữ {LATE}: gửi muộn. Dấu {UNDATED}: không ghi ngày gửi, không rõ đúng hạn hay muộn. "
            "Ô để trống: đơn vị không tồn tại trọn kỳ nên không phải gửi.",
            IN_TIME,
            *_never_sent(counts, kind),
            *as_sent_note(choice),
            *few.notes,
        ),
        whole=few.whole(lambda: returns_grid(warehouse, choice, kind, as_of=as_of, most=None)),
    )


def reporting_rates(warehouse: Warehouse, choice: Choice, kind: str, *, as_of: date) -> Exhibit:
    """Show, year by year, which share of the expected returns came, came in time and said something."""
    scope = _followed(warehouse, choice, as_of)
    counts = _counts(scope, kind, as_of)
    due = counts[counts["is_due"].astype(bool)]
    overall = reporting.total(records(due))
    years = sorted(set(due["year"])) or [scope.choice.to_year]
    rates = [reporting.total(records(due[due["year"] == year])).reporting_rate for year in years]
    frame = pd.DataFrame({"year": years, "value": rates, "text": [percent(rate) for rate in rates]}, dtype=object)
    title = "Chưa kỳ nào đến hạn"
    if overall.expected:
        title = f"Nhận {percent(overall.reporting_rate)} số báo cáo phải gửi; đúng hạn {percent(overall.on_time_rate)}"
    return exhibit_of(
        scope,
        key=f"ty_le_gui_{kind}",
        title=title,
        subtitle=f"Báo cáo {_kind_name(kind)} đã nhận trên báo cáo phải gửi, toàn tỉnh, {scope.period}",
        figure=figures.year_columns(frame.assign(is_provisional=False), height=220),
        table=_rate_table(counts),
        shares=("Tỷ lệ nhận", "Tỷ lệ đúng hạn", "Tỷ lệ có nội dung"),
        unit=UNIT,
        base="trên số báo cáo phải gửi của các kỳ đã đến hạn",
        completeness=_completeness(counts),
        notes=(
            "Phải gửi: đơn vị tồn tại trọn kỳ. Gửi nhưng trống vẫn tính là đã nhận, không tính là có nội dung.",
            IN_TIME,
            *([f"Không rõ ngày gửi: {number(overall.undated)} báo cáo."] if overall.undated else []),
            *as_sent_note(choice),
        ),
    )


def returns_to_chase(
    warehouse: Warehouse, kind: str, year: int, *, as_of: date, most: int | None = MOST_UNITS
) -> Exhibit:
    """List who owes one period's return, or has warnings about it to confirm: a row a unit, districts first."""
    scope = Scope.of(warehouse, Choice(year, year, None))
    owing = {found.don_vi_id: found for found in reporting.owed(warehouse, scope.choice, kind, as_of)}
    warned = scope.query("returns_warnings")
    warnings = warned.loc[warned["period_kind"] == kind, "don_vi_id"].value_counts().to_dict()
    last = {row["don_vi_id"]: row["last_received_on"] for row in records(scope.query("returns_last"))}
    every = _grid(scope, kind, as_of)
    every = every[every["don_vi_id"].isin([*owing, *warnings])]
    few = first_ones(every["don_vi_id"], "đơn vị đầu", None, most)
    rows = [
        (
            row["unit_label"],
            labels.sentence(reporting.period_label(kind, year)),
            labels.day(row["due_on"]),
            _overdue(owing.get(row["don_vi_id"]), as_of),
            labels.sentence(_state_text(row)),
            int(warnings.get(row["don_vi_id"], 0)),
            _last(last.get(row["don_vi_id"]), row["don_vi_id"] in last),
            _remark(owing.get(row["don_vi_id"])),
        )
        for row in records(few.of(every))
    ]
    return exhibit_of(
        scope,
        key=f"can_don_doc_{kind}_{year}",
        title=_chase_title(len(owing), len(warnings), reporting.period_label(kind, year)),
        subtitle=f"Đơn vị còn nợ báo cáo {reporting.period_label(kind, year)} hoặc còn số liệu phải xác nhận, "
        f"tính đến {labels.day(as_of)}",
        figure=None,
        table=pd.DataFrame(rows, columns=list(_CHASE_COLUMNS), dtype=object),
        unit="đơn vị",
        completeness=_completeness(_counts(scope, kind, as_of)),
        notes=few.notes,
        whole=few.whole(lambda: returns_to_chase(warehouse, kind, year, as_of=as_of, most=None)),
    )


def unit_returns(warehouse: Warehouse, choice: Choice, *, as_of: date) -> Exhibit:
    """Show for the chosen unit and every period whether its return came, said something, and came in time."""
    scope = Scope.of(warehouse, replace(reporting.followed(warehouse, choice, as_of), boundary_on=None))
    kinds = reporting.period_kinds(warehouse)
    unasked = {kind: _never_sent(_counts(scope, kind, as_of), kind) for kind in kinds}
    own = [choice.don_vi_id or ""]
    parts = [(name, _grid(scope, kind, as_of, own)) for kind, name in kinds.items() if not unasked[kind]]
    found = pd.concat([grid.assign(row=name) for name, grid in parts])
    rows = records(found)
    frame = found.assign(
        column=found["year"].astype(str),
        text=[MARKS[row["state"]] + _time_mark(row) for row in rows],
        hover=[f"{row['row']} {row['year']}: {_state_text(row)}" for row in rows],
        is_outlined=found["is_late"],
        link=pd.Series([_link(scope, row) for row in rows], index=found.index, dtype=object),
    )
    years = [row for row in rows if row["period_kind"] == "nam" and row["is_due"] and row["is_expected"]]
    held = sum(bool(row["is_received"]) for row in years)
    return exhibit_of(
        scope,
        key="bao_cao_cua_don_vi",
        title=f"đã gửi {number(held)}/{number(len(years))} báo cáo năm đến hạn" if years else "chưa kỳ nào đến hạn",
        subtitle=f"Việc gửi báo cáo, kỳ × năm, {scope.period}, tính đến {labels.day(as_of)}",
        figure=figures.state_grid(frame, LOOKS) if rows else None,
        table=wide(found.assign(value=[_state_text(row) for row in rows]), "row", "year", "Kỳ").fillna(NOT_OWED)
        if rows
        else pd.DataFrame(),
        unit=UNIT,
        completeness=f"đã nhận {number(held)}/{number(len(years))} báo cáo năm đến hạn",
        notes=(
            f"Viền đậm, chữ {LATE}: gửi muộn. Dấu {UNDATED}: không ghi ngày gửi.",
            *(note for notes in unasked.values() for note in notes),
            *as_sent_note(choice),
        ),
    )


def _chase_title(owing: int, warned: int, period: str) -> str:
    parts = [f"{number(owing)} đơn vị còn nợ báo cáo {period}"] if owing else []
    parts += [f"{number(warned)} đơn vị có số liệu phải xác nhận"] if warned else []
    return "; ".join(parts) or f"Không đơn vị nào còn nợ báo cáo {period} đã đến hạn"


def _followed(warehouse: Warehouse, choice: Choice, as_of: date) -> Scope:
    """Return the whole province over the choice's years, on to today where figures end before it; as units sent it."""
    years = reporting.followed(warehouse, choice, as_of)
    return Scope.of(warehouse, Choice(years.from_year, years.to_year, None))


def _grid(scope: Scope, kind: str, as_of: date, units: Collection[str] | None = None) -> pd.DataFrame:
    """Return the returns of these units (None: of all), a row a period."""
    return reporting.grid(scope.warehouse, scope.choice, kind, as_of, units)


def _link(scope: Scope, row: Mapping[str, Any]) -> str | None:
    """Return where a cell leads: to the recognised models of that unit and year, where a year's return has figures."""
    if row["period_kind"] != "nam" or row["state"] != "co_so_lieu":
        return None
    year = row["year"]
    return scope.slice(RECOGNISED, don_vi_id=row["don_vi_id"], from_year=year, to_year=year).link


def _counts(scope: Scope, kind: str, as_of: date) -> pd.DataFrame:
    return scope.query("reporting_counts", period_kind=kind, as_of=as_of)


def _districts(found: pd.DataFrame) -> "pd.Series[bool]":
    return found["is_district"].astype(bool)


def _kind_name(kind: str) -> str:
    return reporting.KINDS[kind].lower()


def _title(counts: pd.DataFrame, kind: str) -> str:
    """Say how the last period that is due stands: of the districts, or of the others where no district owed it."""
    due = counts[counts["is_due"].astype(bool)]
    if not len(due):
        return "Chưa kỳ nào đến hạn"
    if not due["received"].sum():
        return f"Chưa đơn vị nào gửi báo cáo {_kind_name(kind)}"
    last = due[due["year"] == due["year"].max()].iloc[0]
    found = reporting.total([last])
    who = "đơn vị cấp huyện" if last["is_district"] else "đơn vị phải gửi"
    parts = [f"{found.received}/{found.expected} {who} đã gửi báo cáo {reporting.period_label(kind, last['year'])}"]
    parts += [f"{number(count)} {what}" for count, what in _blemishes(found) if count]
    return "; ".join(parts)


def _never_sent(counts: pd.DataFrame, kind: str) -> list[str]:
    """Say what it means that no half-year came at all: a province may ask for whole years only."""
    if kind == "nam" or counts["received"].sum():
        return []
    return [f"Không ai gửi báo cáo {_kind_name(kind)}: có thể tỉnh chỉ thu báo cáo năm, vốn đã gồm 6 tháng đầu năm."]


def _blemishes(found: Counts) -> list[tuple[int, str]]:
    return [
        (found.late, "gửi muộn"),
        (found.undated, "không ghi ngày gửi"),
        (found.received - found.reported, "gửi nhưng trống"),
    ]


def _completeness(counts: pd.DataFrame) -> str:
    found = reporting.total(records(counts[counts["is_due"].astype(bool)]))
    return f"đã nhận {number(found.received)}/{number(found.expected)} {UNIT} đến hạn"


def _time_mark(row: Mapping[str, Any]) -> str:
    if row["is_late"]:
        return LATE
    return UNDATED if row["is_received"] and not row["is_on_time"] else ""


def _state_text(row: Mapping[str, Any]) -> str:
    """Say in words what a cell of the grid shows."""
    parts = [STATES[row["state"]]]
    if row["is_late"]:
        parts.append(f"muộn {number(row['days_after_due'])} ngày")
    elif row["is_received"] and not row["is_on_time"]:
        parts.append("không ghi ngày gửi")
    if row["state"] == "chua_den_han":
        parts.append(f"hạn {labels.day(row['due_on'])}")
    return ", ".join([*parts, *filter(None, [reporting.span_label(row)])])


def _overdue(found: reporting.Owed | None, as_of: date) -> int | str:
    return "–" if found is None else (as_of - found.due_on).days


def _last(received_on: date | None, has_sent: bool) -> str:
    if received_on is not None:
        return labels.day(received_on)
    return "có gửi, không ghi ngày" if has_sent else "chưa gửi lần nào"


def _remark(found: reporting.Owed | None) -> str:
    if found is None or found.ended_on is None:
        return "–"
    heir = f", kế thừa: {found.successor_label}" if found.successor_label else ""
    return f"Đơn vị đã kết thúc ngày {labels.day(found.ended_on)}{heir}"


def _rate_table(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the rates a row per year and group, then those of all periods that are due."""
    rows = [
        _rate_row(f"{row['year']}" + ("" if row["is_due"] else " (chưa đến hạn)"), GROUPS[row["is_district"]], [row])
        for row in records(counts)
    ]
    due = records(counts[counts["is_due"].astype(bool)])
    for is_district, name in GROUPS.items():
        rows.append(_rate_row("Các kỳ đã đến hạn", name, [row for row in due if row["is_district"] == is_district]))
    rows.append(_rate_row("Các kỳ đã đến hạn", "Tất cả", due))
    return pd.DataFrame(rows, dtype=object)


def _rate_row(year: str, group: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    found = reporting.total(rows)
    return {
        "Năm": year,
        "Nhóm": group,
        "Phải gửi": found.expected,
        "Đã nhận": found.received,
        "Có nội dung": found.reported,
        "Đúng hạn": found.on_time,
        "Muộn": found.late,
        "Không rõ ngày gửi": found.undated,
        "Tỷ lệ nhận": found.reporting_rate,
        "Tỷ lệ có nội dung": found.reported_rate,
        "Tỷ lệ đúng hạn": found.on_time_rate,
    }
