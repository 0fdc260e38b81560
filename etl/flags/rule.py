"""What every rule is called and asks: the heading its flags stand under."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from etl.flags.flag import Kind
from etl.flags.words import plain


@dataclass(frozen=True)
class Rule:
    """One row of the table `dim_rule`, in Vietnamese.

    formula and needs name thresholds as `{threshold}`: the numbers themselves stand in the catalogue alone.
    """

    rule: str
    kind: Kind
    label: str
    question: str
    formula: str
    needs: str

    @property
    def position(self) -> int:
        """The rule's place among the others: F3 is the third."""
        return int(self.rule.removeprefix("F"))

    def row(self, thresholds: Mapping[str, float]) -> dict[str, Any]:
        """Return the row with the thresholds' numbers in their places; KeyError for one the catalogue lacks."""
        numbers = {name: plain(value) for name, value in thresholds.items()}
        texts = {name: getattr(self, name).format_map(numbers) for name in ("formula", "needs")}
        return {**asdict(self), **texts, "position": self.position}
