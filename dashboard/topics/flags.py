"""Flags as a leader reads them: what was seen, what would be usual, how sure, what to do, and where to check it.

A flag belongs to the review of its snapshot: neither the sidebar's period nor its boundaries change one.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from dashboard import labels
from dashboard.choice import Choice
from dashboard.labels import number
from dashboard.provenance import links
from dashboard.provenance.trace import Slice, known_years
from dashboard.scope import LEVELS
from dashboard.units import unit_rows
from dashboard.warehouse import Warehouse, records

PAGE = "mat_can_doi"
KINDS = {"DL": "Số liệu", "QD": "Quy định", "TH": "Thống kê"}
MEANINGS = {
    "DL": "xem trước hết: số liệu thiếu hoặc không khớp thì chưa kết luận được gì thêm",
    "QD": "điều đã định mà chưa đạt, không có yếu tố may rủi",
    "TH": "khác hẳn mức chung, sau khi đã trừ dao động ngẫu nhiên",
}
GREY = "chua_du_so_lieu"
SEVERITY = {level: place for place, level in enumerate(("theo_doi", "canh_bao", "nghiem_trong"), 1)}
FALSE_ALARMS = "Cứ khoảng 10 kỳ rà soát có thể có 1 cảnh báo nhầm ở mỗi quy tắc thống kê."
PROVINCE = "Toàn tỉnh"
_SLICES_SHOWN = 3


@dataclass(frozen=True)
class Card:
    """One flag in words. find_basis: looks up what it rests on, asked of the few cards that are shown.

    figures: observed, expected, ratio, p_value as the rule found them.
    """

    rule: str
    rule_label: str
    question: str
    kind: str
    level: str
    who: str
    about: str
    statement: str
    usual: str
    certainty: str
    action: str
    don_vi_id: str | None = None
    linh_vuc_id: str | None = None
    from_year: int | None = None
    to_year: int | None = None
    figures: Mapping[str, float | None] = field(default_factory=dict)
    find_basis: "Callable[[], Basis]" = field(default=lambda: Basis(), repr=False, compare=False)

    @cached_property
    def basis(self) -> "Basis":
        """What the flag rests on."""
        return self.find_basis()

    @property
    def severity(self) -> int:
        """How severe, to sort by."""
        return SEVERITY.get(self.level, 0)

    @property
    def level_label(self) -> str:
        """The level in words."""
        return LEVELS.get(self.level, self.level)


@dataclass(frozen=True)
class Basis:
    """What a flag rests on. slices: figures; ways: where it can be checked, (text, address)."""

    slices: tuple[Slice, ...] = ()
    ways: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Group:
    """The cards of one rule and kind, the severest first."""

    rule: str
    label: str
    question: str
    kind: str
    cards: tuple[Card, ...]


def cards(warehouse: Warehouse, choice: Choice) -> list[Card]:
    """Return every flag of the snapshot, or of the chosen unit, in reading order.

    Data quality comes first, then norms, then statistics; in a rule the severest first. A district is also told which
    rules could judge nobody: not to be named then means nothing.
    """
    return list(warehouse.listed(_cards, choice))


def _cards(warehouse: Warehouse, choice: Choice) -> tuple[Card, ...]:
    words = warehouse.once(_Words.of)
    return tuple(_card(row, choice, words) for row in warehouse.once(_Rows.of).concerning(choice.don_vi_id, words))


def filters(found: Sequence[Card]) -> dict[str, tuple[str, Mapping[str, str]]]:
    """Return what cards can be narrowed by: name in the link -> (label, id -> name)."""
    levels = {card.level for card in found}
    kinds = {card.kind for card in found}
    return {
        "muc_do": ("Mức", {level: name for level, name in reversed(LEVELS.items()) if level in levels}),
        "loai": ("Loại cảnh báo", {kind: name for kind, name in KINDS.items() if kind in kinds}),
    }


def narrowed(found: Sequence[Card], level: str, kind: str) -> list[Card]:
    """Return the cards of a level and a kind, "" for all."""
    return [card for card in found if level in ("", card.level) and kind in ("", card.kind)]


def groups(found: Sequence[Card]) -> list[Group]:
    """Return the cards that name something, by kind and rule; grey ones apart, see `unjudged`."""
    return [
        Group(rule, own[0].rule_label, own[0].question, kind, tuple(own))
        for (kind, rule), part in groupby(named(found), key=lambda card: (card.kind, card.rule))
        for own in [list(part)]
    ]


def flagged_indicators(found: Sequence[Card]) -> set[tuple[str, bool]]:
    """Return the indicators that flags are about, the first that each rests on, with whether it is in a field."""
    first = [card.basis.slices[0] for card in named(found) if card.basis.slices]
    return {(held.indicator_id, held.linh_vuc_id is not None) for held in first}


def seen_by(found: Sequence[Card], units: Collection[str] | None) -> list[Card]:
    """Return the flags that someone may see who sees what these units sent (None: all): theirs and the province's."""
    return [card for card in found if units is None or card.don_vi_id is None or card.don_vi_id in units]


def named(found: Sequence[Card]) -> list[Card]:
    """Return the cards that name something."""
    return [card for card in found if card.level != GREY]


def unjudged(found: Sequence[Card]) -> list[Card]:
    """Return the cards of what could not be judged."""
    return [card for card in found if card.level == GREY]


def counted(found: Sequence[Card]) -> list[str]:
    """Return how many flags there are of each level, the worst first: "2 Cảnh báo"."""
    levels = Counter(card.level for card in named(found))
    return [f"{number(levels[level])} {LEVELS[level]}" for level in reversed(SEVERITY) if levels[level]]


def foremost(found: Sequence[Card], limit: int = 4) -> list[tuple[Card, int]]:
    """Return what a leader must see first, each with how many more its rule names: severest, then the province.

    Of equals norms come before statistics, and data quality last: it is no finding about the movement. At most one of
    a rule; nothing that could not be judged.
    """
    kinds, judged = ["QD", "TH", "DL"], named(found)
    counts = Counter(card.rule for card in judged)
    ranked = sorted(judged, key=lambda card: (-card.severity, card.don_vi_id is not None, kinds.index(card.kind)))
    first: dict[str, Card] = {}
    for card in ranked:
        first.setdefault(card.rule, card)
    return [(card, counts[card.rule] - 1) for card in list(first.values())[:limit]]


def flagged_years(found: Sequence[Card], don_vi_id: str | None) -> set[tuple[str, int]]:
    """Return the fields and years that flags name: of one unit, or of the whole province."""
    return {
        (card.linh_vuc_id, year)
        for card in named(found)
        if card.linh_vuc_id and card.don_vi_id == don_vi_id and card.from_year and card.to_year
        for year in range(card.from_year, card.to_year + 1)
    }


def flagged_fields(found: Sequence[Card]) -> set[tuple[str, str]]:
    """Return the units and fields that flags name."""
    return {(card.don_vi_id, card.linh_vuc_id) for card in named(found) if card.don_vi_id and card.linh_vuc_id}


@dataclass(frozen=True)
class _Words:
    """What the ids in evidence are called, which years there are and which units are districts."""

    indicators: Mapping[str, str]
    fields: Mapping[str, str]
    sources: Mapping[str, str]
    years: Sequence[int]
    districts: frozenset[str]

    @classmethod
    def of(cls, warehouse: Warehouse) -> "_Words":
        """Look them up in the snapshot."""
        return cls(
            {row["indicator_id"]: row["label"] for row in records(warehouse.query("indicators"))},
            {row["linh_vuc_id"]: row["short_label"] for row in records(warehouse.query("field_list"))},
            {row["source_id"]: row["label"].split(",")[0] for row in records(warehouse.query("sources"))},
            known_years(warehouse),
            frozenset(key for key, row in unit_rows(warehouse).items() if row["is_district"]),
        )


@dataclass(frozen=True)
class _Rows:
    """The flags as the snapshot has them, in reading order. places: where those of a unit (None: no unit's) stand."""

    every: Sequence[Mapping[str, Any]]
    places: Mapping[str | None, Sequence[int]]

    @classmethod
    def of(cls, warehouse: Warehouse) -> "_Rows":
        """Ask the snapshot for them."""
        every = records(warehouse.query("flags"))
        places: dict[str | None, list[int]] = {}
        for place, row in enumerate(every):
            places.setdefault(row["don_vi_id"], []).append(place)
        return cls(every, places)

    def concerning(self, don_vi_id: str | None, words: _Words) -> list[Mapping[str, Any]]:
        """Return the flags of a unit, or all; a district's with those of the province that could judge nobody."""
        if don_vi_id is None:
            return list(self.every)
        places = list(self.places.get(don_vi_id, ()))
        if don_vi_id in words.districts:
            places += [place for place in self.places.get(None, ()) if self.every[place]["level"] == GREY]
        return [self.every[place] for place in sorted(places)]


def _card(row: Mapping[str, Any], choice: Choice, words: _Words) -> Card:
    kept = {name: row[name] for name in ("rule", "rule_label", "question", "kind", "level", "don_vi_id", "linh_vuc_id")}
    return Card(
        **kept,
        who=row["don_vi"] or PROVINCE,
        about=" · ".join(filter(None, [row["linh_vuc"], _period(row)])),
        statement=row["statement"],
        usual=row["usual"],
        certainty=row["certainty"],
        action=row["action"],
        from_year=row["from_year"],
        to_year=row["to_year"],
        figures={name: row[name] for name in ("observed", "expected", "ratio", "p_value")},
        find_basis=lambda: _basis(row, choice, words),
    )


def _basis(row: Mapping[str, Any], choice: Choice, words: _Words) -> Basis:
    evidence = json.loads(row["evidence"] or "{}")
    slices = tuple(_slice(told) for told in evidence.get("slices", []) if told["indicator_id"] in words.indicators)
    return Basis(slices, tuple(_ways(row, evidence, slices, choice, words)))


def _period(row: Mapping[str, Any]) -> str:
    if row["to_year"] is None:
        return ""
    return labels.years(row["from_year"] or row["to_year"], row["to_year"])


def _ways(
    row: Mapping[str, Any], evidence: Mapping[str, Any], slices: Sequence[Slice], choice: Choice, words: _Words
) -> list[tuple[str, str]]:
    """Return where a flag can be checked: the cells it rests on, the returns, the published figures, the unit."""
    found = [(f"Ô số liệu: {_in_words(held, words)}", held.link) for held in slices[:_SLICES_SHOWN]]
    sources = sorted({printed["source_id"] for printed in evidence.get("published", [])} & set(words.sources))
    if evidence.get("returns") or evidence.get("owed") or (row["kind"] == "DL" and not slices and not sources):
        found.append(_to_returns(row, evidence, words.years))
    found += [
        (f"Đối chiếu: {words.sources[source]}", f"doi_chieu?{urlencode({'tai_lieu': source})}") for source in sources
    ]
    if row["don_vi_id"] is not None:
        found.append((f"Trang {row['don_vi']}", links.unit_link(row["don_vi_id"], choice)))
    return list(dict.fromkeys(found))


def _slice(told: Mapping[str, Any]) -> Slice:
    known = {item.name for item in fields(Slice)}
    return Slice(**{name: value for name, value in told.items() if name in known})


def _in_words(held: Slice, words: _Words) -> str:
    field_label = words.fields.get(held.linh_vuc_id or "", "")
    years = labels.years(held.from_year, held.to_year)
    return ", ".join(filter(None, [words.indicators[held.indicator_id], field_label, years]))


def _to_returns(row: Mapping[str, Any], evidence: Mapping[str, Any], years: Sequence[int]) -> tuple[str, str]:
    """Return the way to the page of who has sent what, over the years the flag speaks of."""
    spoken = [year for year in (*evidence.get("owed", []), row["from_year"], row["to_year"]) if year in years]
    told = {"don_vi": row["don_vi_id"] or "", "tu": min(spoken, default=""), "den": max(spoken, default="")}
    count = len(evidence.get("returns", []))
    text = f"{number(count)} báo cáo làm căn cứ" if count else "Tình trạng gửi báo cáo"
    address = urlencode({name: value for name, value in told.items() if value != ""})
    return text, f"nop_bao_cao?{address}" if address else "nop_bao_cao"
