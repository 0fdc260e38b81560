"""F1: fields of the province with far fewer models than an even share."""

from dataclasses import dataclass
from typing import Any

from etl.flags.facts import NOT_A_FIELD, RECOGNISED, Facts
from etl.flags.flag import Flag, Level, evidence, grey
from etl.flags.rule import Rule
from etl.flags.words import decimal, percent
from etl.labels import count_text

RULE = Rule(
    "F1",
    "QD",
    "Lĩnh vực yếu toàn tỉnh",
    "Lĩnh vực nào đang có quá ít mô hình?",
    "Tỷ trọng của lĩnh vực × số lĩnh vực (1 là chia đều): dưới {weak_field_watch} → Theo dõi; dưới {weak_field_warn} → "
    "Cảnh báo; dưới {weak_field_severe} → Nghiêm trọng.",
    "Từ {complete_enough} số báo cáo năm phải có của cả kỳ, hoặc số tổng của Báo cáo đã ký.",
)
_LEVELS: tuple[tuple[str, Level], ...] = (
    ("weak_field_severe", "nghiem_trong"),
    ("weak_field_warn", "canh_bao"),
    ("weak_field_watch", "theo_doi"),
)


@dataclass(frozen=True)
class Shares:
    """Models by field, and where they come from. base: all models, those without a field among them."""

    counts: dict[str, int]
    base: int
    from_year: int
    to_year: int
    source: str
    source_id: str | None


def flags(facts: Facts) -> list[Flag]:
    """Name every field whose share lies below a limit, from the returns or else from the signed report."""
    shares = _of_returns(facts) or _of_report(facts)
    if shares is None:
        action = "Đôn đốc các đơn vị gửi báo cáo, hoặc nhập số tổng của Báo cáo đã ký vào danh mục."
        return [grey(RULE.rule, RULE.kind, "Chưa đủ số liệu để tính tỷ trọng các lĩnh vực.", action)]
    found = []
    for item in facts.fields:
        ratio = shares.counts[item.linh_vuc_id] / shares.base * len(facts.fields)
        level = next((level for rule, level in _LEVELS if ratio < facts.thresholds[rule]), None)
        if level:
            found.append(_weak(facts, shares, item.linh_vuc_id, item.label, ratio, level))
    return found


def _of_returns(facts: Facts) -> Shares | None:
    """Return the shares of all returns, None unless enough units gave enough years of what they span."""
    coverage, fields = facts.tables.get("province_coverage", []), facts.tables.get("province_fields", [])
    expected = sum(row["expected"] for row in coverage)
    given = sum(row["given"] for row in coverage)
    base = sum(row["value"] for row in fields)
    if not base or given < facts.thresholds["complete_enough"] * expected:
        return None
    published = _of_report(facts)
    first, last = min(row["from_year"] for row in fields), max(row["to_year"] for row in fields)
    if published and (first > published.from_year or last < published.to_year):
        return None  # the signed report knows more years than the returns do
    counts = dict.fromkeys((item.linh_vuc_id for item in facts.fields), 0)
    counts |= {row["linh_vuc_id"]: row["value"] for row in fields if row["linh_vuc_id"] not in NOT_A_FIELD}
    return Shares(counts, base, first, last, facts.source, None)


def _of_report(facts: Facts) -> Shares | None:
    """Return the shares the signed report prints, None unless it prints every field and the total."""
    printed: dict[str | None, dict[str, Any]] = {
        row["linh_vuc_id"]: row
        for row in facts.tables.get("published_total", [])
        if row["source_id"] == facts.info.get("signed_report")
        and row["indicator_id"] == RECOGNISED
        and row["don_vi_id"] is None
        and row["value"] is not None
        and row["from_year"] is not None
    }
    if not {None, *(item.linh_vuc_id for item in facts.fields)} <= set(printed):
        return None
    whole = printed[None]
    names = {row["source_id"]: row["label"] for row in facts.tables.get("dim_source", [])}
    counts = {item.linh_vuc_id: printed[item.linh_vuc_id]["value"] for item in facts.fields}
    source = whole["source_id"]
    return Shares(counts, whole["value"], whole["from_year"], whole["to_year"], names.get(source, source), source)


def _weak(facts: Facts, shares: Shares, linh_vuc_id: str, label: str, ratio: float, level: Level) -> Flag:
    count, fields = shares.counts[linh_vuc_id], len(facts.fields)
    watched = facts.thresholds["weak_field_watch"] / fields
    wanted = _more_for(count, shares.base, watched)
    period = f"giai đoạn {shares.from_year}-{shares.to_year}"
    figure = {"indicator_id": RECOGNISED, "linh_vuc_id": linh_vuc_id}
    return Flag(
        rule=RULE.rule,
        kind=RULE.kind,
        level=level,
        linh_vuc_id=linh_vuc_id,
        from_year=shares.from_year,
        to_year=shares.to_year,
        observed=count,
        expected=shares.base / fields,
        ratio=ratio,
        statement=f"Lĩnh vực {label} có {count_text(count)} trên {count_text(shares.base)} mô hình "
        f"({percent(count / shares.base, 1)}), bằng {decimal(ratio)} lần mức chia đều.",
        usual=f"Chia đều {fields} lĩnh vực thì mỗi lĩnh vực {percent(1 / fields, 0)}, khoảng "
        f"{count_text(round(shares.base / fields))} mô hình; dưới {percent(watched, 0)} là phải theo dõi.",
        certainty=f"Chắc chắn: so với ngưỡng đã định, không phụ thuộc may rủi. Nguồn: {shares.source}, {period}.",
        action=f"Giao chỉ tiêu mô hình {label} cho từng địa phương: cần thêm {count_text(wanted)} mô hình (các lĩnh "
        f"vực khác giữ nguyên) để đạt {percent(watched, 0)}.",
        evidence=evidence(
            slices=[] if shares.source_id else [{**figure, "from_year": shares.from_year, "to_year": shares.to_year}],
            published=[{"source_id": shares.source_id, **figure}] if shares.source_id else [],
            base=shares.base,
            more_needed=wanted,
        ),
    )


def _more_for(count: int, base: int, share: float) -> int:
    """Return how many more models of one field bring it to a share, the others staying as they are."""
    more = max(0, int((share * base - count) / (1 - share)) - 1)
    while (count + more) < share * (base + more) - 1e-9:
        more += 1
    return more
