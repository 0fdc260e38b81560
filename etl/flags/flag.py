"""A flag: one imbalance that a rule found, or why the rule could not judge, ready to be read by a leader."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["QD", "TH", "DL"]
Level = Literal["theo_doi", "canh_bao", "nghiem_trong", "chua_du_so_lieu"]

LEVELS: tuple[Level, ...] = ("theo_doi", "canh_bao", "nghiem_trong")
"""From mild to severe; grey (`chua_du_so_lieu`) is no level of severity."""


@dataclass(frozen=True)
class Flag:
    """One row of the table `flag`.

    kind: `QD` a written norm is not met, `TH` a statistical signal, `DL` data quality. don_vi_id None: the whole
    province. statement: what was seen. usual: what would be usual. certainty: how sure. action: what to do. All four
    are Vietnamese sentences. evidence: what it rests on, as `evidence()` makes it, and what is the rule's own.
    """

    rule: str
    kind: Kind
    level: Level
    statement: str
    usual: str
    certainty: str
    action: str
    don_vi_id: str | None = None
    linh_vuc_id: str | None = None
    from_year: int | None = None
    to_year: int | None = None
    observed: float | None = None
    expected: float | None = None
    ratio: float | None = None
    p_value: float | None = None
    evidence: dict[str, Any] = field(default_factory=dict)


def evidence(
    returns: Sequence[str] = (),
    slices: Sequence[dict[str, Any]] = (),
    published: Sequence[dict[str, Any]] = (),
    **own: Any,
) -> dict[str, Any]:
    """Return the evidence of a flag.

    returns: return_ids. slices: figures it rests on, each `indicator_id, from_year, to_year` and where they narrow it
    `don_vi_id, linh_vuc_id, units` as the pages' links name them. published: `source_id, indicator_id, linh_vuc_id`.
    own: what only this rule knows, as JSON.
    """
    given = {"returns": sorted(set(returns)), "slices": list(slices), "published": list(published)}
    return {**{name: value for name, value in given.items() if value}, **own}


def severity(level: Level) -> int:
    """Return 1 for Theo dõi to 3 for Nghiêm trọng, 0 for grey."""
    return LEVELS.index(level) + 1 if level in LEVELS else 0


def grey(rule: str, kind: Kind, reason: str, action: str, **subject: Any) -> Flag:
    """Return the flag of a rule that cannot judge: the reason is what was seen, and nothing is claimed."""
    return Flag(
        rule,
        kind,
        "chua_du_so_lieu",
        statement=reason,
        usual="",
        certainty="Chưa kết luận: thiếu số liệu thì không nêu tên, cũng không coi là đạt.",
        action=action,
        **subject,
    )
