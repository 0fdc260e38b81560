"""F11: figures that do not agree: within the signed report, between sources, between the returns and the report."""

from collections import defaultdict
from itertools import combinations
from typing import Any

from etl.flags.facts import Facts
from etl.flags.flag import Flag, Level, evidence
from etl.flags.rule import Rule
from etl.flags.words import decimal, listed, percent, plain
from etl.labels import count_text

RULE = Rule(
    "F11",
    "DL",
    "Số liệu không khớp",
    "Các con số có khớp nhau không?",
    "Lĩnh vực cộng lại so với tổng, các đơn vị cộng lại so với Báo cáo, hai nguồn cùng in một số: lệch tới "
    "{published_gap_note} → Theo dõi; tới {published_gap_warn} → Cảnh báo; hơn nữa, hoặc số liệu không thể có (khen "
    "thưởng nhiều hơn công nhận, công nhận nhiều hơn đăng ký, xã có mô hình nhiều hơn số xã) → Nghiêm trọng. Toàn tỉnh "
    "sau một năm còn dưới {province_jump_low} hoặc hơn {province_jump_high} lần, số liệu đáng ngờ của một đơn vị → "
    "Theo dõi.",
    "Có con số nào xét con số ấy; so với Báo cáo chỉ khi đủ báo cáo, hoặc khi cộng lại đã vượt Báo cáo.",
)
IMPOSSIBLE = {"awarded_recognised_registered", "communes_within_unit"}
"""Checks of the load whose findings cannot be true figures."""
DOUBTFUL = {
    "register_matches_summary",
    "status_moves_forward",
    "units_differ",
    "years_differ",
    "no_jump_of_magnitude",
    "year_is_no_running_total",
    "year_is_no_sum_of_years",
}
"""Checks whose findings are to be asked about: the figures may be true."""

Row = dict[str, Any]


def flags(facts: Facts) -> list[Flag]:
    """Name every disagreement that the printed figures and the returns show."""
    return [
        *_fields_of_report(facts),
        *_two_figures(facts),
        *_returns_against_report(facts),
        *_province_steps(facts),
        *_findings(facts),
    ]


def gap_level(facts: Facts, first: float, second: float) -> Level:
    """Return the level of a gap between two figures, measured by the larger."""
    share = abs(first - second) / max(first, second)
    if share <= facts.thresholds["published_gap_note"]:
        return "theo_doi"
    return "canh_bao" if share <= facts.thresholds["published_gap_warn"] else "nghiem_trong"


# --- what was printed


def _printed(facts: Facts) -> list[Row]:
    """Return the printed counts: fractions, shares and "more than" are none."""
    return [row for row in facts.tables.get("published_total", []) if row["value"] is not None]


def _label(facts: Facts, row: Row) -> str:
    """Return what a printed figure counts, as it stands in a sentence."""
    names = {item["indicator_id"]: item["label"] for item in facts.tables.get("dim_indicator", [])}
    names |= {item["measure_id"]: item["label"] for item in facts.tables.get("dim_measure", [])}
    fields = {item.linh_vuc_id: item.label for item in facts.fields}
    label = _lower(str(names.get(row["indicator_id"], row["indicator_id"])))
    return f"{label} lĩnh vực {fields.get(row['linh_vuc_id'], row['linh_vuc_id'])}" if row["linh_vuc_id"] else label


def _lower(label: str) -> str:
    """Return a label as it stands inside a sentence; one that begins with an abbreviation stays."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _source(facts: Facts, row: Row) -> str:
    if row["source_id"] == facts.info.get("signed_report"):
        return "Báo cáo đã ký"
    names = {item["source_id"]: item["label"] for item in facts.tables.get("dim_source", [])}
    return str(names.get(row["source_id"], row["source_id"]))


def _key(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in ("source_id", "indicator_id", "linh_vuc_id")}


def _fields_of_report(facts: Facts) -> list[Flag]:
    """Compare each total of the signed report with the fields it prints."""
    own = [row for row in _printed(facts) if row["source_id"] == facts.info.get("signed_report")]
    place_of = {item.linh_vuc_id: place for place, item in enumerate(facts.fields)}
    raised = []
    for total in (row for row in own if row["linh_vuc_id"] is None):
        parts = [row for row in own if row["linh_vuc_id"] is not None and _same_count(row, total)]
        parts.sort(key=lambda row: place_of.get(row["linh_vuc_id"], len(place_of)))
        complete = {item.linh_vuc_id for item in facts.fields} <= {row["linh_vuc_id"] for row in parts}
        if complete and sum(row["value"] for row in parts) != total["value"]:
            raised.append(_parts_differ(facts, total, parts))
    return raised


def _same_count(row: Row, other: Row) -> bool:
    """Say whether two figures count the same measure in the same place and period."""
    names = ("indicator_id", "don_vi_id", "from_year", "to_year")
    return all(row.get(name) == other.get(name) for name in names)


def _parts_differ(facts: Facts, total: Row, parts: list[Row]) -> Flag:
    added, whole = sum(row["value"] for row in parts), total["value"]
    gap = abs(whole - added)
    way = "thiếu" if added < whole else "thừa"
    sums = " + ".join(count_text(row["value"]) for row in parts)
    return Flag(
        rule=RULE.rule,
        kind=RULE.kind,
        level=gap_level(facts, added, whole),
        don_vi_id=total["don_vi_id"],
        from_year=total["from_year"],
        to_year=total["to_year"],
        observed=added,
        expected=whole,
        ratio=added / whole if whole else None,
        statement=f"{_source(facts, total)} ghi tổng {count_text(whole)} {_label(facts, total)}, nhưng {len(parts)} "
        f"lĩnh vực cộng lại được {count_text(added)} ({sums}): {way} {count_text(gap)}, bằng "
        f"{percent(gap / max(added, whole), 2)}.",
        usual="Các lĩnh vực cộng lại bằng đúng tổng.",
        certainty="Chắc chắn: cộng các số đã in. Chưa rõ sai ở tổng hay ở lĩnh vực nào, nên không sửa số nào.",
        action=f"Đối chiếu danh sách gốc để biết {count_text(gap)} chênh lệch này thuộc lĩnh vực nào, rồi đính chính.",
        evidence=evidence(published=[_key(row) for row in (total, *parts)], gap=added - whole),
    )


def _two_figures(facts: Facts) -> list[Flag]:
    """Compare what is printed twice: by two sources, or by one source under two names of the same thing."""
    measures = {row["measure_id"]: row for row in facts.tables.get("dim_measure", [])}
    signed = facts.info.get("signed_report")
    printed = sorted(_printed(facts), key=lambda row: row["source_id"] != signed)
    return [
        _printed_twice(facts, first, second)
        for first, second in combinations(printed, 2)
        if first["from_year"] is not None
        and first["linh_vuc_id"] == second["linh_vuc_id"]
        and first["value"] != second["value"]
        and _is_same_thing(first, second, measures)
    ]


def _is_same_thing(first: Row, second: Row, measures: dict[str, Row]) -> bool:
    """Say whether two figures of two sources count the same, or two of one source are two names of one thing."""
    if first["source_id"] != second["source_id"]:
        return _same_count(first, second)
    called = [_plain_name(row, measures) for row in (first, second)]
    return first["indicator_id"] != second["indicator_id"] and _same_count(*called)


def _plain_name(row: Row, measures: dict[str, Row]) -> Row:
    """Return a figure under the indicator that its measure is another name of."""
    measure = measures.get(row["indicator_id"], {})
    is_name = measure.get("relation") == "ten_khac" and measure.get("nearest_indicator_id")
    return {**row, "indicator_id": measure["nearest_indicator_id"]} if is_name else row


def _printed_twice(facts: Facts, first: Row, second: Row) -> Flag:
    gap = abs(first["value"] - second["value"])
    share = percent(gap / max(first["value"], second["value"]), 1)
    return Flag(
        rule=RULE.rule,
        kind=RULE.kind,
        level=gap_level(facts, first["value"], second["value"]),
        don_vi_id=first["don_vi_id"],
        linh_vuc_id=first["linh_vuc_id"],
        from_year=first["from_year"],
        to_year=first["to_year"],
        observed=second["value"],
        expected=first["value"],
        ratio=second["value"] / first["value"] if first["value"] else None,
        statement=f"{first['territory']}: {_source(facts, first)} ghi {count_text(first['value'])} "
        f"{_label(facts, first)}, còn {_source(facts, second)} ghi {count_text(second['value'])}: chênh "
        f"{count_text(gap)} ({share} của số lớn hơn).",
        usual="Cùng một việc, cùng một kỳ thì các nguồn ghi cùng một số.",
        certainty="Chắc chắn là hai số đã in khác nhau. Chưa rõ số nào đúng, nên không sửa số nào.",
        action="Xác minh với nơi ban hành con số, dùng thống nhất một số và đính chính nguồn còn lại.",
        evidence=evidence(published=[_key(first), _key(second)], gap=second["value"] - first["value"]),
    )


# --- what the returns add up to


def _returns_against_report(facts: Facts) -> list[Flag]:
    """Compare what all units' returns add up to with the signed report: one flag for all figures that differ.

    Where returns are missing, a smaller sum is no difference yet; a larger one is.
    """
    differ = [
        row
        for row in facts.tables.get("published_sums", [])
        if row["added"] > row["value"] or (row["added"] < row["value"] and row["given"] == row["expected"])
    ]
    if not differ:
        return []
    levels = [gap_level(facts, row["added"], row["value"]) for row in differ]
    worst: Level = next(level for level in ("nghiem_trong", "canh_bao", "theo_doi") if level in levels)
    told = listed(
        f"{_named(row)} {count_text(row['added'])} (Báo cáo ghi {count_text(row['value'])}, "
        f"{'thừa' if row['added'] > row['value'] else 'thiếu'} {count_text(abs(row['added'] - row['value']))})"
        for row in differ
    )
    simulated = " Số của các đơn vị là dữ liệu mô phỏng." if facts.info.get("is_simulated") == "true" else ""
    return [
        Flag(
            rule=RULE.rule,
            kind=RULE.kind,
            level=worst,
            from_year=min(row["from_year"] for row in differ),
            to_year=max(row["to_year"] for row in differ),
            observed=differ[0]["added"] if len(differ) == 1 else None,
            expected=differ[0]["value"] if len(differ) == 1 else None,
            statement=f"Báo cáo của các đơn vị cộng lại khác Báo cáo đã ký ở {len(differ)} con số: {told}.",
            usual="Số các đơn vị gửi cộng lại bằng số Báo cáo đã ký.",
            certainty="Chắc chắn: phép cộng trên các báo cáo đã nhận; còn thiếu báo cáo thì chỉ nêu số đã cộng vượt."
            f"{simulated}",
            action="Mở từng con số ở trang Đối chiếu, tìm đơn vị báo cáo trùng hoặc sót, đề nghị gửi bản đính chính.",
            evidence=evidence(
                slices=[
                    {name: row[name] for name in ("indicator_id", "linh_vuc_id", "from_year", "to_year") if row[name]}
                    for row in differ
                ],
                published=[_key(row) for row in differ],
            ),
        )
    ]


def _named(row: Row) -> str:
    return f"{_lower(row['label'])} lĩnh vực {row['field_label']}" if row["field_label"] else _lower(row["label"])


def _province_steps(facts: Facts) -> list[Flag]:
    """Compare the province's last two whole years, of the units that gave both: one flag for all that jump."""
    limits = facts.thresholds
    whole = [
        row
        for row in facts.tables.get("province_steps", [])
        if not row["is_part"] and row["expected"] and row["given"] >= limits["complete_enough"] * row["expected"]
    ]
    if not whole:
        return []
    last = max(row["year"] for row in whole)
    jumps = [
        row
        for row in whole
        if row["year"] == last
        and max(row["value"], row["value_before"]) >= limits["province_jump_min"]
        and not limits["province_jump_low"] * row["value_before"]
        <= row["value"]
        <= limits["province_jump_high"] * row["value_before"]
    ]
    if not jumps:
        return []
    told = listed(_step(row) for row in jumps)
    names = {"from_year": last - 1, "to_year": last}
    return [
        Flag(
            rule=RULE.rule,
            kind=RULE.kind,
            level="theo_doi",
            from_year=last - 1,
            to_year=last,
            statement=f"Năm {last} so với năm {last - 1}, cộng các đơn vị báo cáo đủ hai năm, toàn tỉnh có số thay đổi "
            f"bất thường: {told}.",
            usual=f"Số của toàn tỉnh một năm thường không dưới {plain(limits['province_jump_low'])} lần và không quá "
            f"{plain(limits['province_jump_high'])} lần năm trước.",
            certainty=f"Chắc chắn theo {facts.source}; có thể là thật (năm tổng kết, dịch bệnh), nên chỉ để hỏi lại.",
            action="Hỏi lại các đơn vị có số thay đổi nhiều nhất: đếm khác cách, gộp nhiều năm, hay việc làm có thật.",
            evidence=evidence(slices=[{"indicator_id": row["indicator_id"], **names} for row in jumps]),
        )
    ]


def _step(row: Row) -> str:
    change = f"từ {count_text(row['value_before'])} {'lên' if row['value'] > row['value_before'] else 'còn'}"
    times = f" ({decimal(row['value'] / row['value_before'])} lần)" if row["value_before"] else ""
    return f"{_lower(row['label'])} {change} {count_text(row['value'])}{times}"


# --- what the checks of the load found


def _findings(facts: Facts) -> list[Flag]:
    """Join the findings of the two windows and later into one flag for each unit and year."""
    first = (facts.to_year or 0) - 2 * int(facts.thresholds["window_years"]) + 1
    found: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in facts.tables.get("check_result", []):
        is_named = row["don_vi_id"] is not None and row["year"] is not None
        if is_named and row["rule"] in IMPOSSIBLE | DOUBTFUL and row["year"] >= first:
            found[row["don_vi_id"], row["year"]].append(row)
    return [_finding(facts, unit, year, rows) for (unit, year), rows in sorted(found.items())]


def _finding(facts: Facts, don_vi_id: str, year: int, rows: list[Row]) -> Flag:
    label = facts.labels.get(don_vi_id, don_vi_id)
    is_impossible = any(row["rule"] in IMPOSSIBLE for row in rows)
    messages = list(dict.fromkeys(str(row["message"]) for row in rows))
    return Flag(
        rule=RULE.rule,
        kind=RULE.kind,
        level="nghiem_trong" if is_impossible else "theo_doi",
        don_vi_id=don_vi_id,
        from_year=year,
        to_year=year,
        observed=float(len(messages)),
        statement=f"Báo cáo năm {year} của {label}: "
        + " ".join(text if text.endswith("?") else f"{text.rstrip('.')}." for text in messages),
        usual="Khen thưởng không nhiều hơn công nhận, công nhận không nhiều hơn đăng ký, số xã có mô hình không nhiều "
        "hơn số xã; các biểu của một báo cáo khớp nhau.",
        certainty="Chắc chắn có ít nhất một số sai: các số này không thể cùng đúng."
        if is_impossible
        else "Chưa chắc là sai: số liệu đáng ngờ, cần đơn vị trả lời.",
        action=f"Đề nghị {label} kiểm tra và gửi bản đính chính; trước đó dùng các số này phải thận trọng.",
        evidence=evidence(
            [row["return_id"] for row in rows if row["return_id"]],
            cells=[{"sheet": row["sheet"], "cell": row["cell"]} for row in rows if row["cell"]],
            checks=sorted({row["rule"] for row in rows}),
        ),
    )
