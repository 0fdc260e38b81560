"""The review that a snapshot's flags belong to: its years, how it stands, and the figures it looked at."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dashboard import labels
from dashboard.choice import Choice
from dashboard.labels import number
from dashboard.provenance.trace import known_years
from dashboard.scope import RECOGNISED, Scope
from dashboard.topics.flags import GREY, KINDS, SEVERITY, Card, counted, named, unjudged
from dashboard.warehouse import Warehouse, records


@dataclass(frozen=True)
class Review:
    """The years under review as a choice, None where no districts could be compared. is_done: rules were run at all."""

    choice: Choice | None
    is_done: bool

    @property
    def text(self) -> str:
        """The review as a sentence names it."""
        if self.choice is None:
            return "Chưa có kỳ rà soát nào so được các huyện"
        return f"Kỳ rà soát {labels.years(self.choice.from_year, self.choice.to_year)}"


@dataclass(frozen=True)
class Summary:
    """How the review stands. counts: kind -> level -> flags, grey ones too."""

    title: str
    review: str
    completeness: str
    counts: Mapping[str, Mapping[str, int]]
    source: str


def review(warehouse: Warehouse) -> Review:
    """Return which years the snapshot's flags review."""
    found = records(warehouse.query("review"))[0]
    if found["to_year"] is None:
        return Review(None, found["rule_count"] > 0)
    return Review(Choice(found["from_year"], found["to_year"], None), True)


def summary(warehouse: Warehouse, choice: Choice, found: Sequence[Card]) -> Summary:
    """Say how many flags there are of each kind and level, of which review, and on how many returns it rests."""
    scope = Scope.of(warehouse, choice)
    held = review(warehouse)
    counts = Counter((card.kind, card.level) for card in found)
    return Summary(
        title=_title(found, held, scope.unit_label),
        review=_review_text(held, choice),
        completeness=_completeness(warehouse, choice, held),
        counts={kind: {level: counts[kind, level] for level in (*SEVERITY, GREY)} for kind in KINDS},
        source=scope.source,
    )


def reviewed(warehouse: Warehouse, choice: Choice) -> Scope:
    """Return the scope of the review: its years, the units as they sent; the choice's years where there is none."""
    held = review(warehouse).choice or choice
    asked = replace(choice, from_year=held.from_year, to_year=held.to_year, boundary_on=None)
    return Scope.of(warehouse, asked)


def field_window(warehouse: Warehouse, choice: Choice) -> Choice:
    """Return the years over which districts' fields are judged, up to the review's last, as a choice."""
    scope = reviewed(warehouse, choice)
    years = int(threshold(warehouse, "recent_field_years", 5))
    first = scope.choice.to_year - years + 1 if review(warehouse).choice else scope.choice.from_year
    return replace(scope.choice, from_year=max(first, known_years(warehouse)[0]))


def threshold(warehouse: Warehouse, rule: str, otherwise: float) -> float:
    """Return a threshold of the catalogue, `otherwise` where it has none."""
    found = {row["rule"]: row["value"] for row in records(warehouse.query("thresholds"))}
    return float(found.get(rule, otherwise))


def _title(found: Sequence[Card], held: Review, unit_label: str) -> str:
    """Say how many flags there are, by level."""
    place = f"{unit_label}: " if unit_label else ""
    if not held.is_done:
        return "Bản số liệu này chưa được rà soát"
    judged, grey = named(found), len(unjudged(found))
    if not judged:
        rest = f"; {number(grey)} việc chưa đủ số liệu để xét" if grey else ""
        return f"{place}không có cảnh báo nào{rest}" if place else f"Không có cảnh báo nào{rest}"
    return f"{place}{number(len(judged))} cảnh báo: {', '.join(counted(found))}"


def _review_text(held: Review, choice: Choice) -> str:
    """Name the review, and say that the sidebar does not change it where it shows something else."""
    shown = (choice.from_year, choice.to_year)
    if held.choice is None or (shown == (held.choice.from_year, held.choice.to_year) and choice.boundary_on is None):
        return held.text
    return f"{held.text}, không đổi theo kỳ và địa giới chọn ở cột bên trái"


def _completeness(warehouse: Warehouse, choice: Choice, held: Review) -> str:
    period = held.choice or choice
    asked = replace(choice, from_year=period.from_year, to_year=period.to_year, boundary_on=None)
    return Scope.of(warehouse, asked).completeness(RECOGNISED)
