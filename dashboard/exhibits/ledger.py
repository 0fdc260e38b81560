"""Exhibits of the reconciliation ledger: printed figures among themselves, and beside what the returns add up to."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pandas as pd

from dashboard import labels
from dashboard.boundaries import as_sent_note
from dashboard.choice import Choice
from dashboard.exhibit import Exhibit
from dashboard.labels import number
from dashboard.provenance.cautions import caution
from dashboard.provenance.tables import slice_table
from dashboard.scope import RECOGNISED, Scope
from dashboard.topics import ledger
from dashboard.topics.headlines import Headline
from dashboard.topics.ledger import Row
from dashboard.warehouse import Warehouse, records

_EACH = "ghi ở từng dòng"
_SAYS_SIMULATED = (
    "Số các báo cáo cộng lại ở đây là số mô phỏng: khớp hay lệch với số thật đã in đều không chứng minh gì."
)
_RESULTS = (
    "Chênh là số cộng lại trừ số công bố. “Chưa đủ báo cáo”: tổng còn thấp hơn số công bố nhưng còn đơn vị chưa gửi.",
    "“Không so được”: nguồn đếm điều khác, không in số đếm hoặc không ghi kỳ.",
)
_SAYS_REAL = "Bảng này chỉ có số thật đã in, không có số mô phỏng."


def printed_parts(warehouse: Warehouse) -> list[Headline]:
    """Return the signed report's recognised models: the total it prints, its fields, and what these add up to."""
    found = _signed_sum(warehouse)
    if not found:
        return []
    printed = warehouse.query("ledger_printed")
    of_total = (printed["source_id"] == found["source_id"]) & (printed["indicator_id"] == RECOGNISED)
    fields = records(printed[of_total & printed["linh_vuc_id"].notna()].sort_values("field_position"))
    added = f"{found['field_count']} lĩnh vực cộng lại"
    return [
        _card(found, "Tổng đã in", found["value"], ledger.place_in_text(found)),
        _card(found, added, found["added"], ledger.verdict(found), found["state"]),
        *(_card(row, row["field_label"], row["value"], ledger.place_in_text(row)) for row in fields),
    ]


def printed_sums(warehouse: Warehouse, choice: Choice) -> Exhibit:
    """Show which printed figures add up with each other: totals and fields, names, parts, sources."""
    sums = [ledger.sum_line(row) for row in records(warehouse.query("ledger_sums"))]
    pairs = [ledger.pair_line(row) for row in records(warehouse.query("ledger_pairs"))]
    return _exhibit(
        Scope.of(warehouse, choice),
        pd.DataFrame(sums + pairs, columns=list(ledger.SUM_COLUMNS), dtype=object),
        key="nguon_tu_cong",
        title=_signed_sum_title(warehouse),
        subtitle="Các số đã in, cộng và so với nhau; không con số nào được sửa cho khớp",
        completeness="không dùng báo cáo của đơn vị",
        source=f"các nguồn đã công bố, {_EACH}",
        notes=(_SAYS_REAL,) if warehouse.is_simulated else (),
        is_simulated=False,
    )


def province_ledger(warehouse: Warehouse, choice: Choice, source_id: str = "", state: str = "") -> Exhibit:
    """Show every figure printed for the whole province beside what the returns add up to."""
    figures = [row for row in ledger.figures(warehouse) if row["don_vi_id"] is None]
    return _ledger(
        Scope.of(warehouse, choice),
        figures,
        (source_id, state),
        of_places=False,
        key="doi_chieu_toan_tinh",
        title=_province_title(figures, is_simulated=warehouse.is_simulated),
        subtitle="Số toàn tỉnh đã công bố và số các báo cáo cộng lại, đúng kỳ của từng con số",
    )


def place_ledger(warehouse: Warehouse, choice: Choice, source_id: str = "", state: str = "") -> Exhibit:
    """Show every figure printed for one place, or for the chosen one, beside what its own returns say."""
    scope = Scope.of(warehouse, choice)
    figures = [
        row
        for row in ledger.figures(warehouse)
        if row["don_vi_id"] is not None and choice.don_vi_id in (None, row["don_vi_id"])
    ]
    return _ledger(
        scope,
        figures,
        (source_id, state),
        of_places=True,
        key="doi_chieu_dia_phuong",
        title=_place_title(figures, scope),
        subtitle="Số đã đăng về từng địa phương và số trong báo cáo của chính địa phương đó, ở chỉ tiêu và kỳ gần nhất",
    )


def _ledger(scope: Scope, figures: list[Row], chosen: tuple[str, str], *, of_places: bool, **texts: str) -> Exhibit:
    """Return the chosen figures as an exhibit; `chosen` is (source_id, state), "" for all."""
    source_id, state = chosen
    rows = [row for row in figures if source_id in ("", row["source_id"]) and state in ("", row["state"])]
    if len(rows) < len(figures):
        texts["subtitle"] += f". Đang lọc: {len(rows)}/{len(figures)} con số"
    is_simulated = scope.warehouse.is_simulated
    lines = [ledger.figure_line(row, is_simulated=is_simulated) for row in rows]
    columns = ledger.figure_columns(of_places=of_places, is_simulated=is_simulated)
    table = pd.DataFrame(lines, columns=columns, dtype=object)
    return _exhibit(
        scope,
        table,
        slices=slice_table(table, {ledger.ADDED[is_simulated]: [ledger.slice_of(row) for row in rows]}),
        completeness=_EACH,
        source=f"các nguồn đã công bố, {_EACH}; số cộng lại: {scope.source}",
        caution=caution(scope.warehouse, _printed_years(scope)),
        notes=(*((_SAYS_SIMULATED,) if is_simulated else ()), *_RESULTS, *as_sent_note(scope.choice)),
        is_simulated=is_simulated,
        **texts,
    )


def _exhibit(scope: Scope, table: pd.DataFrame, **parts: Any) -> Exhibit:
    years = _printed_years(scope)
    return Exhibit(
        figure=None,
        table=table,
        under=tuple(name for name in (*ledger.UNDER, ledger.COMPLETENESS) if name in table),
        shares=(),
        unit=labels.sentence(_EACH),
        period=f"Kỳ của từng con số, trong {labels.years(years.from_year, years.to_year)}",
        base="",
        **parts,
    )


def _printed_years(scope: Scope) -> Choice:
    """Return the choice that spans every printed figure; the chosen period where none names its years."""
    years = scope.query("ledger_printed")[["from_year", "to_year"]].dropna()
    if years.empty:
        return replace(scope.choice, boundary_on=None)
    return Choice(int(years["from_year"].min()), int(years["to_year"].max()), scope.choice.don_vi_id)


def _card(row: Row, label: str, value: int, comparison: str, state: str = "") -> Headline:
    return Headline(
        indicator_id=row["indicator_id"],
        label=label,
        value=number(value),
        unit=row["unit_label"],
        marks="",
        comparison=comparison,
        state=state,
        trend=(),
    )


def _signed_sum(warehouse: Warehouse) -> Row | None:
    found = warehouse.query("ledger_sums")
    rows = records(found[found["is_signed"].astype(bool) & (found["indicator_id"] == RECOGNISED)])
    return rows[0] if rows else None


def _signed_sum_title(warehouse: Warehouse) -> str:
    """Say whether the signed report's fields add up to its total: "6.540 mô hình, bốn lĩnh vực cộng lại được 6.533"."""
    found = _signed_sum(warehouse)
    if not found:
        return "Báo cáo đã ký không in tổng số mô hình kèm số của từng lĩnh vực"
    unit = found["unit_label"]
    start = f"{ledger.source(found)} ghi {number(found['value'])} {unit}, {found['field_count']} lĩnh vực cộng lại"
    if found["gap"] == 0:
        return f"{start} đúng bằng số đó"
    rest = "chưa phân lĩnh vực" if found["gap"] < 0 else "thừa so với tổng"
    return f"{start} được {number(found['added'])}: {number(abs(found['gap']))} {unit} {rest}"


def _province_title(figures: list[Row], *, is_simulated: bool) -> str:
    states = Counter(row["state"] for row in figures)
    compared = _compared(states)
    if not figures:
        return "Chưa ghi con số toàn tỉnh nào đã công bố"
    if not compared:
        return f"Chưa có báo cáo của các đơn vị để so với {len(figures)} con số toàn tỉnh đã công bố"
    if is_simulated:
        return f"{states['khop']}/{compared} con số toàn tỉnh khớp, vì số mô phỏng được dựng theo chính các con số ấy"
    return f"{compared}/{len(figures)} con số toàn tỉnh so được với báo cáo: {_tally(states)}"


def _place_title(figures: list[Row], scope: Scope) -> str:
    states = Counter(row["state"] for row in figures)
    places = scope.unit_label or f"{len({row['territory'] for row in figures})} địa bàn"
    if not figures:
        return f"Chưa ghi con số nào đã đăng về {scope.unit_label or 'từng địa phương'}"
    if scope.warehouse.is_simulated:
        return f"Số từng huyện ở đây là mô phỏng: không so được với {len(figures)} con số đã đăng về {places}"
    if not _compared(states):
        return f"Chưa so được con số nào trong {len(figures)} con số đã đăng về {places}"
    return f"{_compared(states)}/{len(figures)} con số đã đăng về {places} so được với báo cáo: {_tally(states)}"


def _compared(states: Counter[str]) -> int:
    return states["khop"] + states["lech"] + states["chua_du"]


def _tally(states: Counter[str]) -> str:
    named = (("khop", "khớp"), ("lech", "lệch"), ("chua_du", "chưa đủ báo cáo"))
    return ", ".join(f"{states[key]} {name}" for key, name in named if states[key])
