"""F6: units whose returns are missing, came empty or came late."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from etl.flags.facts import Facts
from etl.flags.flag import Flag, Level, evidence, grey
from etl.flags.rule import Rule
from etl.flags.words import listed, percent
from etl.labels import date_text

RULE = Rule(
    "F6",
    "DL",
    "Báo cáo thiếu, chậm",
    "Đã gửi đủ, đúng hạn chưa?",
    "Có báo cáo chậm trong {on_time_years} năm gần nhất, hoặc còn thiếu báo cáo của hai cửa sổ {window_years} năm → "
    "Theo dõi; thiếu báo cáo của kỳ gần nhất, hoặc đúng hạn dưới {on_time_share} trong {on_time_years} năm → Cảnh báo; "
    "có số liệu dưới {returns_severe} số báo cáo phải gửi của hai cửa sổ → Nghiêm trọng. Báo cáo không ghi ngày gửi "
    "không tính là đúng hạn, cũng không tính là chậm.",
    "Báo cáo có ghi ngày gửi hoặc ngày chốt số liệu, để biết kỳ nào đã đến hạn.",
)
_KINDS = {"nam": "năm", "6_thang": "6 tháng đầu năm"}

Row = dict[str, Any]
"""A unit and period that was due: a row of `returns_due`."""


def flags(facts: Facts) -> list[Flag]:
    """Name the units that owe returns or sent them late, one flag a unit."""
    due: list[Row] = facts.tables.get("returns_due", [])
    if not due:
        action = "Đôn đốc các đơn vị gửi báo cáo, ghi rõ ngày gửi và ngày chốt số liệu."
        return [grey(RULE.rule, RULE.kind, "Chưa có báo cáo nào, hoặc chưa rõ kỳ nào đã đến hạn.", action)]
    last = max(row["year"] for row in due)
    first = (facts.to_year or last) - 2 * int(facts.thresholds["window_years"]) + 1
    units: dict[str, list[Row]] = defaultdict(list)
    for row in due:
        if row["year"] >= first:
            units[row["don_vi_id"]].append(row)
    latest = {kind: max((row["due_on"] for row in due if row["period_kind"] == kind), default=None) for kind in _KINDS}
    return [
        _behind(facts, rows, recent, level)
        for _, rows in sorted(units.items())
        for recent in [[row for row in rows if row["year"] > last - facts.thresholds["on_time_years"]]]
        if (level := _level(facts, rows, recent, latest))
    ]


def _level(facts: Facts, rows: list[Row], recent: list[Row], latest: dict[str, Any]) -> Level | None:
    limits = facts.thresholds
    reported = [row for row in rows if row["is_reported"]]
    if len(reported) < limits["returns_severe"] * len(rows):
        return "nghiem_trong"
    is_current_missing = any(not row["is_reported"] and row["due_on"] == latest[row["period_kind"]] for row in rows)
    known = [row for row in recent if row["is_on_time"] or row["is_late"] or not row["is_received"]]
    on_time = sum(row["is_on_time"] for row in known)
    if is_current_missing or on_time < limits["on_time_share"] * len(known):
        return "canh_bao"
    return "theo_doi" if len(reported) < len(rows) or any(row["is_late"] for row in recent) else None


def _behind(facts: Facts, rows: list[Row], recent: list[Row], level: Level) -> Flag:
    label, day = rows[0]["label"], date_text(rows[0]["stated_on"])
    missing = [row for row in rows if not row["is_received"]]
    empty = [row for row in rows if row["is_received"] and not row["is_reported"]]
    late = [row for row in recent if row["is_late"]]
    reported = [row for row in rows if row["is_reported"]]
    seen = [
        f"chưa gửi {_periods(missing)}" if missing else "",
        f"gửi {_periods(empty)} nhưng để trống" if empty else "",
        f"gửi chậm {listed(_came(row) for row in late)}" if late else "",
    ]
    told = "; ".join(part for part in seen if part)
    first, last = min(row["year"] for row in rows), max(row["year"] for row in rows)
    return Flag(
        rule=RULE.rule,
        kind=RULE.kind,
        level=level,
        don_vi_id=rows[0]["don_vi_id"],
        from_year=first,
        to_year=last,
        observed=float(len(reported)),
        expected=float(len(rows)),
        ratio=len(reported) / len(rows),
        statement=f"{label} {told}. {_completeness(len(reported), rows)}",
        usual=f"Mỗi kỳ gửi một báo cáo có số liệu (hoặc ghi “không phát sinh”), chậm nhất {_deadlines(rows)}.",
        certainty=f"Chắc chắn theo các báo cáo đã nhận, tính đến ngày {day}; không ghi ngày gửi thì không coi là chậm.",
        action=_action(label, rows, [*missing, *empty]),
        evidence=evidence(
            [name for row in (*empty, *late) for name in row["return_ids"]],
            missing=[{"period_kind": row["period_kind"], "year": row["year"]} for row in missing],
            empty=[{"period_kind": row["period_kind"], "year": row["year"]} for row in empty],
            late=[{"period_kind": row["period_kind"], "year": row["year"]} for row in late],
        ),
    )


def _completeness(reported: int, rows: Sequence[Row]) -> str:
    due, span = len(rows), sorted({row["year"] for row in rows})
    since = f"năm {span[0]}" if len(span) == 1 else f"từ năm {span[0]} đến {span[-1]}"
    if reported == due:
        return f"Cả {due} báo cáo phải gửi {since} đều đã có số liệu."
    if not reported:
        return f"Chưa có số liệu của báo cáo nào trong {due} báo cáo phải gửi {since}."
    return f"Mới có số liệu của {reported}/{due} báo cáo phải gửi {since} ({percent(reported / due, 0)})."


def _periods(rows: Sequence[Row]) -> str:
    """Return "báo cáo năm 2019-2022 và báo cáo 6 tháng đầu năm 2023"."""
    kinds = [(name, sorted(row["year"] for row in rows if row["period_kind"] == kind)) for kind, name in _KINDS.items()]
    return listed(f"báo cáo {name} {_run(years)}" for name, years in kinds if years)


def _run(years: Sequence[int]) -> str:
    """Return "2019-2022" for more than two years in a row, else "2019 và 2021"."""
    is_run = len(years) > 2 and years[-1] - years[0] == len(years) - 1
    return f"{years[0]}-{years[-1]}" if is_run else listed(map(str, years))


def _came(row: Row) -> str:
    days = (row["received_on"] - row["due_on"]).days
    return f"{_periods([row])} (ngày {date_text(row['received_on'])}, sau hạn {days} ngày)"


def _deadlines(rows: Sequence[Row]) -> str:
    """Return each kind of period with the day it is due."""
    days = {row["period_kind"]: row["due_on"] for row in rows}
    return ", ".join(
        f"ngày {days[kind].day}/{days[kind].month} với báo cáo {name}" for kind, name in _KINDS.items() if kind in days
    )


def _action(label: str, rows: Sequence[Row], lacking: Sequence[Row]) -> str:
    """Ask for what is lacking, but for no half-year whose year has come or is asked for itself."""
    years = {row["year"] for row in rows if row["period_kind"] == "nam"}
    asked = [row for row in lacking if row["period_kind"] == "nam" or row["year"] not in years]
    if asked:
        return f"Đôn đốc {label} gửi {_periods(asked)}; không có gì để báo thì ghi “không phát sinh”."
    return f"Nhắc {label} gửi báo cáo đúng hạn ở kỳ tới."
