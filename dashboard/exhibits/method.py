"""Exhibits of how flags come about: each rule with its formula, the thresholds and who set them, the bench's result."""

import re
from dataclasses import replace
from typing import Any

import pandas as pd

from dashboard import labels
from dashboard.choice import Choice
from dashboard.exhibits.base import LEVELS, Exhibit, Scope
from dashboard.flags import KINDS
from dashboard.labels import number
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


def _of_method(warehouse: Warehouse, choice: Choice, **parts: Any) -> Exhibit:
    scope = Scope.of(warehouse, Choice(choice.from_year, choice.to_year, None))
    made = scope.exhibit(
        figure=None,
        completeness="đủ, theo danh mục",
        source="Danh mục và quy tắc của chương trình",
        caution=None,
        **parts,
    )
    # A method is neither of a period nor simulated.
    return replace(made, notes=(), is_simulated=False, period="Không theo kỳ")


def _rule_of(row: dict[str, Any]) -> str:
    found = _RULE.search(row["decided_by"])
    return found[1] if found else _ALL_RULES


def _place(rule: str) -> int:
    return int(rule[1:]) if rule != _ALL_RULES else _LAST


def _value(row: dict[str, Any]) -> str:
    value = float(row["value"])
    if value == int(value):
        return f"{int(value)} {row['unit']}" if value < 10_000 else f"{number(value)} {row['unit']}"
    return f"{number(value, 3).rstrip('0')} {row['unit']}"
