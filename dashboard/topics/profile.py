"""One unit's page: what stands on it, and the list to choose a unit from, which ranks nobody."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from dashboard import labels, units
from dashboard.choice import Choice
from dashboard.labels import number, percent
from dashboard.provenance.links import unit_link
from dashboard.provenance.trace import known_years
from dashboard.scope import RECOGNISED, TERRAINS, Scope
from dashboard.topics import flags
from dashboard.topics.flags import Card
from dashboard.topics.review import field_window, reviewed
from dashboard.units import unit_rows
from dashboard.warehouse import Warehouse, records

_OTHERS = "Cơ quan cấp tỉnh và đảng bộ trực thuộc (không so với các huyện)"


@dataclass(frozen=True)
class Entry:
    """A unit to choose: how many flags it has, how complete its figures of the review are, where its page is."""

    label: str
    flags: str
    completeness: str
    link: str


@dataclass(frozen=True)
class WeakField:
    """A field in which a unit is weak, and why it is held to be."""

    linh_vuc_id: str
    label: str
    why: str


def directory(warehouse: Warehouse, choice: Choice, seen: Collection[str] | None = None) -> dict[str, list[Entry]]:
    """Return the units to choose from (seen: of these alone), by terrain, in their usual order: nobody is ranked."""
    scope = reviewed(warehouse, replace(choice, don_vi_id=None))
    given = {row["don_vi_id"]: row for row in records(scope.query("coverage_of", indicator_id=RECOGNISED))}
    found: dict[str, list[Entry]] = {}
    cards: dict[str | None, list[flags.Card]] = {}
    for card in flags.cards(warehouse, scope.choice):
        cards.setdefault(card.don_vi_id, []).append(card)
    judged_nobody = flags.unjudged(cards.get(None, []))
    for row in unit_rows(warehouse).values():
        if row["don_vi_id"] not in given or (seen is not None and row["don_vi_id"] not in seen):
            continue
        group = TERRAINS.get(str(row["terrain"]), "Các huyện") if row["is_district"] else _OTHERS
        years = given[row["don_vi_id"]]
        own = [*cards.get(row["don_vi_id"], []), *(judged_nobody if row["is_district"] else [])]
        entry = Entry(
            label=row["label"],
            flags=_counted(own, row["is_district"]),
            completeness=f"{number(years['covered_years'])}/{number(years['expected_years'])} năm có số liệu",
            link=unit_link(row["don_vi_id"], choice),
        )
        found.setdefault(group, []).append(entry)
    return found


def is_district(warehouse: Warehouse, choice: Choice) -> bool:
    """Return whether the chosen unit is a district."""
    return units.is_district(warehouse, choice.don_vi_id)


def is_compared(warehouse: Warehouse, choice: Choice) -> bool:
    """Return whether the chosen unit is compared with others: a district with returns."""
    return is_district(warehouse, choice) and has_returns(warehouse, choice)


def has_returns(warehouse: Warehouse, choice: Choice) -> bool:
    """Return whether the chosen unit gave any figure of any year."""
    return bool(warehouse.query("has_figures", **_whole(warehouse, choice).params)["has_figures"].iloc[0])


def standing(warehouse: Warehouse, choice: Choice) -> str:
    """Say what cannot be said of a unit: without returns, or one that is compared with nobody; "" else."""
    label = Scope.of(warehouse, choice).unit_label
    if not has_returns(warehouse, choice):
        return f"Chưa có báo cáo nào của {label}: trang này không so sánh, không xếp hạng, cũng không coi là bằng 0."
    if not is_district(warehouse, choice):
        return (
            f"{label} là cơ quan cấp tỉnh hoặc đảng bộ trực thuộc: không so với các huyện; phần lớn quy tắc không xét."
        )
    return ""


def weak_fields(warehouse: Warehouse, choice: Choice, found: Sequence[Card]) -> list[WeakField]:
    """Return the fields a unit could learn for: those that flags name, else the empty, else the one it has least of.

    Least: its share against that of all districts (location quotient), in the years that fields are judged over.
    """
    if not is_compared(warehouse, choice):
        return []
    window = field_window(warehouse, choice)
    rows = records(warehouse.query("field_quotients", **window.params))
    named = {card.linh_vuc_id: card.rule_label for card in flags.named(found)}
    flagged = [
        WeakField(row["linh_vuc_id"], row["label"], named[row["linh_vuc_id"]])
        for row in rows
        if row["linh_vuc_id"] in named
    ]
    if flagged:
        return flagged
    years = labels.years(window.from_year, window.to_year)
    empty = [row for row in rows if row["value"] == 0]
    if empty:
        return [WeakField(row["linh_vuc_id"], row["label"], f"{years} chưa có mô hình nào") for row in empty]
    return [
        WeakField(
            row["linh_vuc_id"],
            row["label"],
            f"ít nhất so với cơ cấu chung: {percent(row['share'])} số mô hình {years} của đơn vị, "
            f"bằng {number(row['quotient'], 2)} lần tỷ trọng chung",
        )
        for row in rows[:1]
        if row["quotient"] is not None
    ]


def _whole(warehouse: Warehouse, choice: Choice) -> Choice:
    years = known_years(warehouse)
    return replace(choice, from_year=years[0], to_year=years[-1], boundary_on=None)


def _counted(found: Sequence[Card], is_compared: bool) -> str:
    """Say how many flags of each level a unit has; of one that is compared with nobody only those it has."""
    grey = len(flags.unjudged(found))
    said = flags.counted(found) or (["không có cảnh báo"] if is_compared and not grey else [])
    return " · ".join([*said, *([f"{number(grey)} việc chưa đủ số liệu"] if grey else [])])
