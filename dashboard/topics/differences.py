"""What differs between two snapshots, figure by figure, and the returns that caused it.

A figure is one of a unit, period, indicator and field, as the return in force gave it. Both snapshots are of one store,
so a return has the same id in both.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.choice import Choice
from dashboard.provenance.trace import known_years
from dashboard.warehouse import Warehouse, records

NEW, GONE, CHANGED = "moi", "mat", "doi"
BY_NO_RETURN = "không do báo cáo nào: chương trình hoặc danh mục đã đổi"
_KEY = ("don_vi_id", "period_kind", "from_year", "to_year", "indicator_id", "linh_vuc_id")
_SUBJECT = _KEY[:4]
_GREY = "chua_du_so_lieu"

Row = dict[str, Any]
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Difference:
    """One figure that came (before None), went (after None) or changed; cause: which returns did it, in words."""

    don_vi_id: str
    don_vi: str
    period_kind: str
    from_year: int
    to_year: int
    indicator_id: str
    indicator: str
    linh_vuc_id: str | None
    linh_vuc: str
    before: int | None
    after: int | None
    cause: str

    @property
    def kind(self) -> str:
        """Whether it is new, gone or changed."""
        return NEW if self.before is None else GONE if self.after is None else CHANGED


@dataclass(frozen=True)
class TotalDifference:
    """An indicator's total in both snapshots, None where nobody gave a figure, and how complete each is."""

    indicator_id: str
    label: str
    unit_label: str
    before: int | None
    after: int | None
    before_row: Row
    after_row: Row

    @property
    def gap(self) -> int | None:
        """By how much the total grew; None where one of them is unknown."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True)
class FlagDifference:
    """The flags of a rule in both snapshots, and how many units and fields came to be named or no longer are."""

    rule: str
    label: str
    before: int
    after: int
    appeared: int
    cleared: int


def whole_choice(before: Warehouse, after: Warehouse, don_vi_id: str | None) -> Choice:
    """Return the choice that spans every year of both snapshots, of one unit or the province."""
    years = [*known_years(before), *known_years(after)]
    return Choice(min(years), max(years), don_vi_id)


def differences(before: Warehouse, after: Warehouse, don_vi_id: str | None = None) -> list[Difference]:
    """Return every figure that differs, by unit, the latest period first."""
    old, new = (_figures(warehouse, don_vi_id) for warehouse in (before, after))
    causes = _Causes(before, after)
    # what is gone stands after what is there, unit by unit: its place in the other snapshot's order is not known
    places = {key: place for place, key in enumerate(dict.fromkeys([*new, *old]))}
    units = {unit: place for place, unit in enumerate(dict.fromkeys(key[0] for key in places))}
    found = [key for key in places if _value(old.get(key)) != _value(new.get(key))]
    found.sort(key=lambda key: (units[key[0]], -key[3], places[key]))
    return [_difference(key, old.get(key), new.get(key), causes) for key in found]


def total_differences(before: Warehouse, after: Warehouse, choice: Choice) -> list[TotalDifference]:
    """Return every indicator's total of a choice in both snapshots, in the later one's order."""
    old, new = (
        {row["indicator_id"]: row for row in records(warehouse.query("totals", **choice.params))}
        for warehouse in (before, after)
    )
    return [
        TotalDifference(key, row["label"], row["unit_label"], old[key]["value"], row["value"], old[key], row)
        for key, row in new.items()
        if key in old
    ]


def flag_differences(before: Warehouse, after: Warehouse) -> list[FlagDifference]:
    """Return how many units and fields each rule names in both snapshots; grey flags name nobody.

    The years of a flag are no part of it: a review moves on by a year, and a unit that stays named stays named.
    """
    old, new = _named(before), _named(after)
    labels = {row["rule"]: row["label"] for warehouse in (before, after) for row in records(warehouse.query("rules"))}
    return [
        FlagDifference(
            rule, label, len(old[rule]), len(new[rule]), len(new[rule] - old[rule]), len(old[rule] - new[rule])
        )
        for rule, label in labels.items()
        if old[rule] or new[rule]
    ]


def counted(found: list[Difference]) -> dict[str, int]:
    """Return how many figures are new, gone and changed."""
    counts = Counter(one.kind for one in found)
    return {kind: counts[kind] for kind in (NEW, GONE, CHANGED)}


class _Causes:
    """Which returns came and went between two snapshots."""

    def __init__(self, before: Warehouse, after: Warehouse) -> None:
        old, new = (
            {row["return_id"]: row for row in records(warehouse.query("returns_held"))} for warehouse in (before, after)
        )
        self._came = {key: row for key, row in new.items() if key not in old}
        self._went = {key: row for key, row in old.items() if key not in new}
        self._came_for, self._went_for = _by_subject(self._came), _by_subject(self._went)

    def of(self, key: Key, before: Row | None, after: Row | None) -> str:
        """Say which returns made a figure another one."""
        came = after and self._came.get(after["return_id"])
        went = before and self._went.get(before["return_id"])
        if came or went:
            return "; ".join([*([f"rút {_named_file(went)}"] if went else []), *([_loaded(came)] if came else [])])
        subject = key[:4]
        if self._came_for[subject]:
            files = ", ".join(_named_file(row) for row in self._came_for[subject])
            return f"nạp sau và để trống số này: {files}"
        if self._went_for[subject]:
            return f"rút {', '.join(_named_file(row) for row in self._went_for[subject])}"
        return BY_NO_RETURN


def _loaded(row: Row) -> str:
    return f"nạp sau: {_named_file(row)}"


def _named_file(row: Row) -> str:
    return f"{row['file_name']} (báo cáo {row['return_id']})"


def _by_subject(rows: Mapping[str, Row]) -> defaultdict[Key, list[Row]]:
    found: defaultdict[Key, list[Row]] = defaultdict(list)
    for row in rows.values():
        found[tuple(row[name] for name in _SUBJECT)].append(row)
    return found


def _figures(warehouse: Warehouse, don_vi_id: str | None) -> dict[Key, Row]:
    rows = records(warehouse.query("figures_in_force", don_vi_id=don_vi_id))
    return {tuple(row[name] for name in _KEY): row for row in rows}


def _value(row: Row | None) -> int | None:
    return row["value"] if row else None


def _difference(key: Key, before: Row | None, after: Row | None, causes: _Causes) -> Difference:
    row = after or before or {}
    return Difference(
        **dict(zip(_KEY, key, strict=True)),
        don_vi=row["don_vi"] or row["don_vi_id"],
        indicator=row["indicator"] or row["indicator_id"],
        linh_vuc=row["linh_vuc"] or "",
        before=_value(before),
        after=_value(after),
        cause=causes.of(key, before, after),
    )


def _named(warehouse: Warehouse) -> defaultdict[str, set[Key]]:
    found: defaultdict[str, set[Key]] = defaultdict(set)
    for row in records(warehouse.query("flags")):
        if row["level"] != _GREY:
            found[row["rule"]].add((row["don_vi_id"], row["linh_vuc_id"]))
    return found
