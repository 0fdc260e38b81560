"""The lines of the reconciliation ledger: a printed figure, what it is held against, the gap, the sentence.

Nothing is adjusted: a printed figure stays as printed, a sum stays a sum, and their difference is a column of its own.
"""

from typing import Any

from dashboard import labels
from dashboard.labels import number
from dashboard.provenance.trace import Slice
from dashboard.warehouse import Warehouse, records

STATES = {
    "khop": "Khớp",
    "lech": "Lệch",
    "chua_du": "Chưa đủ báo cáo",
    "chua_co": "Chưa có báo cáo",
    "mo_phong": "Số mô phỏng, không so được",
    "khong_so": "Không so được",
}
UNDER = ("Nguồn", "Câu trong nguồn", "Ghi chú")
SUM_COLUMNS = ("Phép cộng", "Số đã in", "Đem so", "Cộng lại", "Chênh", "Kết quả", *UNDER)
ADDED = {False: "Báo cáo cộng lại", True: "Báo cáo cộng lại (mô phỏng)"}
"""The column of what the returns add up to, by whether they are simulated."""
COMPLETENESS = "Mức đầy đủ"
_JUDGED = ("khop", "lech", "chua_du")
_PAIRS = {"ten_khac": "gọi cách khác", "nguon_khac": "nguồn khác ghi", "trong_do": "trong đó"}

Row = dict[str, Any]


def figures(warehouse: Warehouse) -> list[Row]:
    """Return every printed figure once, held against the returns of its own period as sent, in catalogue order."""
    printed = warehouse.query("ledger_printed")
    periods = set(zip(printed["from_year"], printed["to_year"], strict=True))
    rows = [
        row
        for first, last in periods
        for row in records(warehouse.query("ledger_figures", from_year=first, to_year=last, boundary_on=None))
    ]
    return sorted(rows, key=lambda row: int(row["figure_no"]))


def sources(warehouse: Warehouse) -> dict[str, str]:
    """Return the sources that printed a figure: id -> name."""
    return {row["source_id"]: source(row) for row in records(warehouse.query("ledger_printed"))}


def states(warehouse: Warehouse) -> dict[str, str]:
    """Return the states that some figure is in: id -> name."""
    found = {row["state"] for row in figures(warehouse)}
    return {state: name for state, name in STATES.items() if state in found}


def figure_columns(*, of_places: bool, is_simulated: bool) -> list[str]:
    """Return the columns of a figure's line, the place where it is not always the province."""
    before, after = ("Con số", "Kỳ", "Đơn vị tính", "Công bố"), ("Chênh", "Kết quả")
    return [*(("Địa bàn",) if of_places else ()), *before, ADDED[is_simulated], *after, *UNDER, COMPLETENESS]


def figure_line(row: Row, *, is_simulated: bool) -> Row:
    """Return a figure's line: as printed, what the returns add up to, the gap, how complete, the sentence."""
    return {
        "Con số": figure_name(row),
        "Địa bàn": row["territory"],
        "Kỳ": "không ghi" if row["from_year"] is None else labels.years(row["from_year"], row["to_year"]),
        "Đơn vị tính": row["unit_label"],
        "Công bố": row["value_text"] if row["value"] is None else row["value"],
        ADDED[is_simulated]: _added(row),
        "Chênh": "" if row["gap"] is None else row["gap"],
        "Kết quả": _result(row, is_simulated=is_simulated),
        "Nguồn": source(row),
        "Câu trong nguồn": row["citation"],
        "Ghi chú": _note(row),
        COMPLETENESS: _completeness(row),
    }


def sum_line(row: Row) -> Row:
    """Return the line of a printed total and what its printed fields add up to."""
    return {
        "Phép cộng": f"{row['territory']}: {row['label']}, {row['field_count']} lĩnh vực",
        "Số đã in": row["value"],
        "Đem so": row["parts"],
        "Cộng lại": row["added"],
        "Chênh": row["gap"],
        "Kết quả": verdict(row),
        "Nguồn": source(row),
        "Câu trong nguồn": _joined(" / ", row["citation"], *row["part_citations"]),
        "Ghi chú": row["note"],
    }


def pair_line(row: Row) -> Row:
    """Return the line of two printed figures that speak of one thing."""
    is_part, is_elsewhere = row["kind"] == "trong_do", row["kind"] == "nguon_khac"
    rest = f"Nằm trong, không cộng thêm; còn lại {number(row['value'] - row['other_value'])}"
    return {
        "Phép cộng": f"{row['territory']}: {figure_name(row)}, {_PAIRS[row['kind']]}",
        "Số đã in": row["value"],
        "Đem so": row["other_source_label"] if is_elsewhere else row["other_label"],
        "Cộng lại": row["other_value"],
        "Chênh": "" if is_part else row["gap"],
        "Kết quả": rest if is_part else verdict(row),
        "Nguồn": _joined("; ", source(row), row["other_source_label"]) if is_elsewhere else source(row),
        "Câu trong nguồn": _joined(" / ", row["citation"], row["other_citation"]),
        "Ghi chú": row["note"],
    }


def slice_of(row: Row) -> Slice | None:
    """Return the number the returns add up to as something whose cells can be listed; None for none or a cluster's."""
    if row["added"] is None or (row["don_vi_id"] is not None and _unit_count(row) != 1):
        return None
    return Slice(row["counted_id"], row["from_year"], row["to_year"], row["don_vi_id"], row["linh_vuc_id"])


def figure_name(row: Row) -> str:
    """Return what a figure counts, with its field where it has one."""
    return f"{row['label']} · {row['field_label']}" if row["field_label"] else str(row["label"])


def source(row: Row) -> str:
    """Return the source of a figure, the signed report by its date."""
    return f"Báo cáo {labels.day(row['published_on'])}" if row["is_signed"] else str(row["source_label"])


def verdict(row: Row) -> str:
    """Return "✓ Khớp", or by how much a sum is above or below the printed figure: "Lệch: thiếu 7"."""
    if row["gap"] == 0:
        return f"✓ {STATES['khop']}"
    return f"{STATES['lech']}: {'thừa' if row['gap'] > 0 else 'thiếu'} {number(abs(row['gap']))}"


def place_in_text(row: Row) -> str:
    """Return the section or footnote that a citation begins with."""
    place, _, sentence = str(row["citation"]).partition(": ")
    return place if sentence else ""


def _added(row: Row) -> int | str:
    if row["added"] is not None:
        return int(row["added"])
    if row["counted_id"] is None:
        return "không tính được từ báo cáo"
    return "không rõ kỳ để cộng" if row["from_year"] is None else "chưa có báo cáo nào nêu"


def _completeness(row: Row) -> str:
    """Say how many of the units that owed the figure gave all of it: "Đủ số liệu: 16/18 cấp huyện, 11/11 khác"."""
    if row["added"] is None:
        return ""
    if _unit_count(row) == 1:
        parts = [f"{row['covered_years']}/{row['expected_years']} năm"]
    else:
        groups = (("district", "cấp huyện"), ("other", "khác"))
        parts = [
            f"{row[f'complete_{key}_count']}/{row[f'{key}_count']} {name}"
            for key, name in groups
            if row[f"{key}_count"]
        ]
    parts += ["có số tạm tính"] if row["is_provisional"] else []
    return f"Đủ số liệu: {', '.join(parts)}"


def _unit_count(row: Row) -> int:
    return int(row["district_count"] + row["other_count"])


def _result(row: Row, *, is_simulated: bool) -> str:
    """Return what the comparison comes to, and what speaks against it: returns missing, a sum made to agree."""
    if row["state"] not in _JUDGED:
        return STATES[row["state"]]
    is_short = row["state"] == "chua_du"
    text = f"{STATES['chua_du']}: mới thiếu {number(-row['gap'])}" if is_short else verdict(row)
    against = (("mô phỏng", is_simulated), ("chưa đủ báo cáo", not row["is_complete"] and not is_short))
    told = ", ".join(name for name, holds in against if holds)
    return f"{text} ({told})" if told else text


def _note(row: Row) -> str:
    parts = [row["note"], row["measure_note"]]
    if row["nearest_label"] and row["added"] is not None:
        parts.append(f"Số cộng lại là của chỉ tiêu {row['nearest_label']}, chỉ đặt cạnh")
    return ". ".join(part.rstrip(".") for part in dict.fromkeys(parts) if part)


def _joined(mark: str, *texts: str) -> str:
    """Return the different ones of these texts, one after the other."""
    return mark.join(dict.fromkeys(texts))
