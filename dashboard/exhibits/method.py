"""Exhibits of how flags come about: each rule with its formula, the thresholds and who set them, the bench's result."""

import re
from dataclasses import replace
from typing import Any

import pandas as pd

from dashboard import labels
from dashboard.choice import Choice
from dashboard.exhibit import Exhibit, exhibit_of, wide
from dashboard.labels import number, percent
from dashboard.scope import LEVELS, Scope
from dashboard.topics.flags import KINDS
from dashboard.warehouse import Warehouse, records

_RULE = re.compile(r"quy tắc (F\d+)")
_ALL_RULES, _LAST = "Chung", 1_000


def rule_book(warehouse: Warehouse, choice: Choice) -> Exhibit:
    """List the rules: what each asks, how it decides, what it needs."""
    rows = records(warehouse.query("rules"))
    table = [
        {
            "Quy tắc": f"{row['rule']} {row['label']}",
            "Loại": KINDS.get(row["kind"], row["kind"]),
            "Câu hỏi": row["question"],
            "Cách xét": f"Cách xét: {row['formula']}",
            "Cần có": f"Cần có: {row['needs']}",
        }
        for row in rows
    ]
    return _of_method(
        warehouse,
        choice,
        key="quy_tac",
        title=f"{number(len(rows))} quy tắc, mỗi quy tắc một câu hỏi",
        subtitle="Câu hỏi, cách xét và số liệu cần có của từng quy tắc",
        table=pd.DataFrame(table, dtype=object),
        under=("Cách xét", "Cần có"),
        unit="quy tắc",
    )


def threshold_table(warehouse: Warehouse, choice: Choice) -> Exhibit:
    """List the thresholds the rules decide with, who set each, when and why."""
    rows = sorted(records(warehouse.query("thresholds")), key=lambda row: _place(_rule_of(row)))
    table = [
        {
            "Quy tắc": _rule_of(row),
            "Ngưỡng": row["label"],
            "Mức": LEVELS.get(row["level"], "–"),
            "Giá trị": _value(row),
            "Vì sao": row["reason"],
            "Ai đặt, ngày": f"{row['decided_by']}, {labels.day(row['decided_on'])}",
        }
        for row in rows
    ]
    return _of_method(
        warehouse,
        choice,
        key="nguong",
        title="Mỗi ngưỡng là một dòng của danh mục, có người đặt và lý do",
        subtitle="Ngưỡng của các quy tắc và của chương trình",
        table=pd.DataFrame(table, dtype=object),
        unit="ngưỡng",
    )


def false_alarms(warehouse: Warehouse, choice: Choice) -> Exhibit:
    """Show how many innocent districts each rule names a review in simulated balanced provinces, beside naive rules."""
    rows = warehouse.query("bench")
    found = rows[rows["measure"] == "bao_nham"]
    # A bound is set where nobody lags in truth: only there every district named is named by mistake.
    balanced = found[found["scenario"].isin(found.loc[found["bound"].notna(), "scenario"])]
    table = _bench_table(balanced)
    bounds = {_tried(row): row["bound"] for row in records(balanced) if row["bound"] is not None}
    if len(table):
        table["Không được vượt"] = pd.Series([bounds.get(name, "") for name in table["Quy tắc"]], dtype=object)
    return _of_method(
        warehouse,
        choice,
        key="bao_nham",
        title=_false_title(balanced),
        subtitle="Số lần nêu nhầm bình quân mỗi kỳ rà soát, trên các tỉnh mô phỏng mà không huyện nào kém thật",
        table=table,
        unit="lần mỗi kỳ",
        notes=(_measured_on(balanced), "Quy tắc đơn giản (cuối bảng) chỉ để so, chương trình không dùng."),
    )


def power(warehouse: Warehouse, choice: Choice) -> Exhibit:
    """Show how often each rule finds the one district that was made to lag in simulated provinces."""
    rows = warehouse.query("bench")
    found = rows[rows["measure"] == "phat_hien"]
    texts = [percent(value, 0) for value in found["value"]]
    table = _bench_table(found.assign(value=pd.Series(texts, found.index, object))).fillna("không xét")
    return _of_method(
        warehouse,
        choice,
        key="phat_hien",
        title="Không quy tắc nào tìm ra mọi huyện kém thật: dao động càng lớn càng khó thấy"
        if len(found)
        else "Chưa có kết quả kiểm nghiệm",
        subtitle="Phần số lần tìm ra đúng huyện được dựng cho kém, trên các tỉnh mô phỏng",
        table=table,
        unit="% số tỉnh mô phỏng",
        notes=(_measured_on(found), "Quy tắc đơn giản tìm ra nhiều hơn vì nêu tên cả những huyện không kém."),
    )


def _bench_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Return a row a rule and level, the simple rules last, and a column a scenario."""
    if rows.empty:
        return pd.DataFrame()
    named = rows.assign(
        tried=[_tried(row) for row in records(rows)], place=[_bench_place(row) for row in records(rows)]
    )
    ordered = named.sort_values("place", kind="stable")
    return wide(ordered, "tried", "scenario_label", "Quy tắc")


def _bench_place(row: dict[str, Any]) -> int:
    return _LAST if row["is_naive"] else _place(row["rule"])


def _tried(row: dict[str, Any]) -> str:
    """Return a rule and the level from which it is counted, on one line."""
    name = f"{row['rule']} {row['rule_label']}, từ mức {LEVELS.get(row['level'], '')}"
    if row["is_naive"]:
        name = f"Quy tắc đơn giản: {row['rule_label']}"
    return name.replace(" ", "\N{NO-BREAK SPACE}")


def _false_title(rows: pd.DataFrame) -> str:
    """Say how many districts the rules name by mistake at most, beside the worst of the simple rules."""
    own, naive = (rows[rows["is_naive"].astype(bool) == is_naive] for is_naive in (False, True))
    if own.empty or naive.empty:
        return "Chưa có kết quả kiểm nghiệm"
    return (
        f"Nêu nhầm nhiều nhất {number(max(own['value']), 2)} lần mỗi kỳ; quy tắc đơn giản nêu nhầm tới "
        f"{number(max(naive['value']), 1)} huyện"
    )


def _measured_on(rows: pd.DataFrame) -> str:
    if rows.empty:
        return "Danh mục chưa có kết quả kiểm nghiệm (flag_bench.csv)."
    first = records(rows)[0]
    return f"Đo ngày {labels.day(first['measured_on'])} trên {number(first['provinces'])} tỉnh mô phỏng mỗi trường hợp."


def _of_method(warehouse: Warehouse, choice: Choice, *, notes: tuple[str, ...] = (), **parts: Any) -> Exhibit:
    scope = Scope.of(warehouse, Choice(choice.from_year, choice.to_year, None))
    made = exhibit_of(
        scope,
        figure=None,
        completeness="đủ, theo danh mục",
        source="Danh mục và quy tắc của chương trình",
        caution=None,
        **parts,
    )
    # A method is neither of a period nor simulated.
    return replace(made, notes=notes, is_simulated=False, period="Không theo kỳ")


def _rule_of(row: dict[str, Any]) -> str:
    found = _RULE.search(row["decided_by"])
    return found[1] if found else _ALL_RULES


def _place(rule: str) -> int:
    return int(rule[1:]) if rule != _ALL_RULES else _LAST


def _value(row: dict[str, Any]) -> str:
    """Return a threshold's value with its unit; shares as percentages, calendar years without a point."""
    value = float(row["value"])
    if row["unit"] == "tỷ lệ":
        return percent(value, 0 if value * 100 == round(value * 100) else 1)
    if row["unit"] == "năm dương lịch":
        return str(int(value))
    return f"{number(value) if value == int(value) else number(value, 3).rstrip('0')} {row['unit']}"
