"""What is out of balance: rules from the facts of a snapshot to flags that survive a challenge.

`rules/` holds a module a rule. They see `Facts` alone, never a file, the catalogue or a database; the build calls
`read_facts`, then `flag_tables`.
"""

import importlib
import json
import pkgutil
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from etl.flags import rules, score
from etl.flags.facts import Facts, read_facts
from etl.flags.flag import Flag, severity
from etl.flags.pictures import Pictures, merged
from etl.flags.rule import Rule

__all__ = ["RULES", "Facts", "Flag", "all_flags", "read_facts", "scores"]

_MODULES = sorted(
    (importlib.import_module(f"{rules.__name__}.{item.name}") for item in pkgutil.iter_modules(rules.__path__)),
    key=lambda module: module.RULE.position,
)

RULES: dict[Rule, Callable[[Facts], list[Flag]]] = {module.RULE: module.flags for module in _MODULES}
"""Every rule with the function that raises its flags, in order of their numbers."""


def all_flags(facts: Facts) -> list[Flag]:
    """Return what every rule finds, in order of the rules, the severest first."""
    found = [flag for judge in RULES.values() for flag in judge(facts)]
    position = {rule.rule: rule.position for rule in RULES}
    return sorted(found, key=lambda flag: _order(position[flag.rule], flag))


def _order(position: int, flag: Flag) -> tuple[Any, ...]:
    subject = (flag.don_vi_id or "", flag.linh_vuc_id or "", flag.to_year or 0, flag.statement)
    return position, -severity(flag.level), *subject


def rows(flags: list[Flag]) -> list[dict[str, Any]]:
    """Return flags as rows of the table `flag`."""
    return [
        {**asdict(flag), "evidence": json.dumps(flag.evidence, ensure_ascii=False, sort_keys=True)} for flag in flags
    ]


def flag_tables(facts: Facts) -> dict[str, list[dict[str, Any]]]:
    """Return the rows that a snapshot's flags fill, by table."""
    drawn = [module.pictures(facts) for module in _MODULES if hasattr(module, "pictures")]
    return {
        "dim_rule": [rule.row(facts.thresholds) for rule in RULES],
        "flag": rows(all_flags(facts)),
        **merged(*drawn, scores(facts)),
    }


def scores(facts: Facts) -> Pictures:
    """Return the rows of `district_score` and `score_indicator`: who probably needs support, and which flags say so."""
    return score.tables(facts, all_flags(facts.commonly_given()), {rule.rule: rule.label for rule in RULES})
