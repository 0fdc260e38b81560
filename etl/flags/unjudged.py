"""Grey rows that rules comparing districts share: a district that owes returns, too few districts to compare."""

from collections.abc import Sequence

from etl.flags.facts import Facts
from etl.flags.flag import Flag, evidence, grey
from etl.flags.rule import Rule
from etl.flags.words import listed


def owing(rule: Rule, facts: Facts, index: int, lacking: Sequence[int], what: str, hence: str) -> Flag:
    """Return the row of a district that lacks something. lacking: the years; what: of what; hence: what is not done."""
    label, named = facts.districts[index].label, f"năm {listed(map(str, lacking))}"
    return grey(
        rule.rule,
        rule.kind,
        f"{label} còn thiếu {what} {named}, nên {hence}.",
        f"Đôn đốc {label} gửi {what} {named}.",
        don_vi_id=facts.districts[index].don_vi_id,
        to_year=facts.to_year,
        evidence=evidence(owed=list(lacking)),
    )


def too_few(rule: Rule, facts: Facts, reason: str, needed: str) -> Flag:
    """Return the one row of a rule that can compare nobody. reason: why, unless nothing at all was reported."""
    why = "Chưa có báo cáo của huyện nào" if facts.to_year is None else reason
    action = "Đôn đốc các báo cáo còn thiếu, rồi xét lại."
    return grey(rule.rule, rule.kind, f"{why} (cần {needed}).", action, to_year=facts.to_year)
