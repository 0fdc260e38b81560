"""HTML of flags: the summary, a card each, the short lines of the first page. Texts are escaped by `markup.escape`."""

import re
from collections.abc import Mapping, Sequence
from itertools import groupby

from dashboard.labels import number
from dashboard.markup import escape
from dashboard.provenance.links import UNIT_PAGE
from dashboard.scope import LEVELS
from dashboard.topics.flags import FALSE_ALARMS, GREY, KINDS, MEANINGS, PAGE, SEVERITY, Card, Group
from dashboard.topics.profile import Entry
from dashboard.topics.review import Summary

SHOWN = 3
MOST = 100
"""Flags of one rule that the page holds, in sight or behind a fold: a nation has thousands, a file to download all."""
_SENTENCE = re.compile(r"(?<=\.) (?=\w)")
_PARTS = (("Bình thường", "usual"), ("Chắc đến đâu", "certainty"), ("Nên làm gì", "action"))


def summary(found: Summary) -> str:
    """Return how the review stands: one sentence, its years, and how many flags there are of each kind and level."""
    kinds = "".join(_kind_count(kind, found) for kind in KINDS)
    return (
        f'<section class="dvk-review"><h2>{escape(found.title)}</h2>'
        f'<p class="dvk-sub">{escape(found.review)}. Mức đầy đủ: {escape(found.completeness)}. '
        f"Nguồn: {escape(found.source)}. {FALSE_ALARMS}</p>"
        f'<ul class="dvk-kinds">{kinds}</ul></section>'
    )


def groups(found: Sequence[Group]) -> str:
    """Return flags by kind and rule, a card each; of many, the severest in sight and the rest behind a fold."""
    parts = [
        f'<section class="dvk-kind {_kind_class(kind)}"><h2>{escape(KINDS.get(kind, kind))}'
        f"<small>{escape(MEANINGS.get(kind, ''))}</small></h2>{''.join(_group(group) for group in own)}</section>"
        for kind, own in groupby(found, key=lambda group: group.kind)
    ]
    return f'<div class="dvk-flags">{"".join(parts)}</div>'


def cards(found: Sequence[Card]) -> str:
    """Return the cards of one unit, each under the name of its rule."""
    return f'<div class="dvk-flags">{"".join(_card(card, of_one=True) for card in found)}</div>'


def unjudged(found: Sequence[Card]) -> str:
    """Return what could not be judged, by rule, folded up: each with its reason and what to do."""
    if not found:
        return ""
    rules = "".join(
        f"<li><strong>{escape(label)}</strong> <small>{escape(rule)} · {escape(KINDS.get(kind, kind))}</small>"
        f"<ul>{''.join(_reason(card) for card in own[:MOST])}</ul>{_left_out(len(own[MOST:]))}</li>"
        for (kind, rule, label), part in groupby(found, key=lambda card: (card.kind, card.rule, card.rule_label))
        for own in [list(part)]
    )
    return (
        f'<details class="dvk-unjudged"><summary>{LEVELS[GREY]}: {number(len(found))} việc chưa kết luận được'
        f"</summary><ul>{rules}</ul></details>"
    )


def lines(found: Sequence[tuple[Card, int]], more: str = "") -> str:
    """Return the foremost flags as one line each. more: the text of the way to all of them, "" on their own page."""
    items = "".join(
        f'<li class="{_class(card)}">{_badge(card)} {_line(card)}{_others(count)}</li>' for card, count in found
    )
    way = f'<p><a href="{PAGE}">{escape(more)}</a></p>' if more else ""
    return f'<section class="dvk-foremost" aria-label="Cảnh báo đáng chú ý"><ul>{items}</ul>{way}</section>'


def units(found: Mapping[str, Sequence[Entry]]) -> str:
    """Return units to choose from, by group, each with its flags and how complete its figures are."""
    parts = [
        f'<h2 class="dvk-section">{escape(group)}</h2><nav class="dvk-units" aria-label="{escape(group)}">'
        + "".join(_unit(entry) for entry in entries)
        + "</nav>"
        for group, entries in found.items()
    ]
    return "".join(parts)


def _unit(entry: Entry) -> str:
    said = "<br>".join(escape(text) for text in (entry.flags, entry.completeness) if text)
    return f'<a href="{escape(entry.link)}"><strong>{escape(entry.label)}</strong>{said}</a>'


def claim(text: str) -> str:
    """Return a sentence that says what figures allow to claim."""
    return f'<p class="dvk-claim">{escape(text)}</p>'


def ways(found: Sequence[tuple[str, str]]) -> str:
    """Return links to other pages in a line."""
    return f'<p class="dvk-evidence">{_links(found)}</p>'


def _links(found: Sequence[tuple[str, str]]) -> str:
    return " · ".join(f'<a href="{escape(link)}">{escape(text)}</a>' for text, link in found)


def _kind_count(kind: str, found: Summary) -> str:
    counts = found.counts[kind]
    said = [f"{number(counts[level])} {LEVELS[level]}" for level in reversed(SEVERITY) if counts[level]]
    if counts[GREY]:
        said.append(f"{number(counts[GREY])} chưa đủ số liệu")
    return (
        f'<li class="{_kind_class(kind)}"><strong>{escape(KINDS[kind])}</strong> '
        f"{escape(' · '.join(said) or 'không có cảnh báo')}</li>"
    )


def _group(group: Group) -> str:
    first, rest, left = group.cards[:SHOWN], group.cards[SHOWN:MOST], group.cards[MOST:]
    shared = _shared(group.cards)
    fold = ""
    if rest:
        hidden = "".join(_card(card, without=shared) for card in rest)
        said = _how_many(first, [*rest, *left])
        fold = f"<details><summary>{said}</summary>{hidden}{_left_out(len(left))}</details>"
    return (
        f'<section class="dvk-rule"><h3>{escape(group.question)} <small>{escape(group.rule)} · {escape(group.label)}'
        f"</small></h3>{_shared_text(first[0], shared)}"
        f"{''.join(_card(card, without=shared) for card in first)}{fold}</section>"
    )


def _left_out(count: int) -> str:
    """Return how many flags of a rule are not shown and where they are; "" for none."""
    return f'<p class="dvk-shared">Còn {number(count)} cảnh báo nữa: tệp tải về có đủ.</p>' if count else ""


def _how_many(first: Sequence[Card], rest: Sequence[Card]) -> str:
    """Return "và 7 đơn vị nữa", or how many flags where a unit has several or the province is meant."""
    units = [card.don_vi_id for card in (*first, *rest)]
    if None in units or len(set(units)) < len(units):
        return f"và {number(len(rest))} cảnh báo nữa"
    return f"và {number(len(rest))} đơn vị nữa"


def _shared(cards: Sequence[Card]) -> frozenset[str]:
    """Return the parts that several cards have word for word in common: said once, above them."""
    if len(cards) == 1:
        return frozenset()
    return frozenset(part for _, part in _PARTS if len({getattr(card, part) for card in cards}) == 1)


def _shared_text(card: Card, shared: frozenset[str]) -> str:
    said = [
        f"<strong>{name}:</strong> {escape(text)}"
        for name, part in _PARTS
        if part in shared and (text := getattr(card, part))
    ]
    return f'<p class="dvk-shared">{" ".join(said)}</p>' if said else ""


def _card(card: Card, *, of_one: bool = False, without: frozenset[str] = frozenset()) -> str:
    """Return a flag's card. of_one: it stands among the flags of one unit, which is not named again.

    without: the parts that are said above the card.
    """
    head = " · ".join(filter(None, [card.rule_label if of_one else card.who, card.about]))
    told = "".join(
        f"<div><dt>{name}</dt><dd>{escape(text)}</dd></div>"
        for name, part in _PARTS
        if part not in without and (text := getattr(card, part))
    )
    ways = [way for way in card.basis.ways if not (of_one and _is_unit(way[1]))]
    evidence = f'<p class="dvk-evidence">Bằng chứng: {_links(ways)}</p>' if ways else ""
    return (
        f'<article class="dvk-flag {_class(card)}"><h4>{_badge(card)} {escape(head)}</h4>'
        f'<p class="dvk-seen">{escape(card.statement)}</p><dl>{told}</dl>{evidence}</article>'
    )


def _reason(card: Card) -> str:
    return f"<li>{escape(card.statement)} <em>{escape(card.action)}</em></li>"


def _badge(card: Card) -> str:
    """Return the level: its name, with as many bars as it is severe, so that it reads without colour."""
    bars = "".join(f'<i class="{"dvk-on" if place <= card.severity else ""}"></i>' for place in SEVERITY.values())
    return f'<span class="dvk-level"><b aria-hidden="true">{bars}</b>{escape(card.level_label)}</span>'


def _line(card: Card) -> str:
    """Return the first sentence of what was seen, leading to the unit's page where it is about one."""
    text = escape(_SENTENCE.split(card.statement, maxsplit=1)[0])
    link = next((link for _, link in card.basis.ways if _is_unit(link)), "")
    return f'<a href="{escape(link)}">{text}</a>' if link else f"<span>{text}</span>"


def _is_unit(link: str) -> bool:
    return link.startswith(f"{UNIT_PAGE}?")


def _others(count: int) -> str:
    return f" <small>và {number(count)} cảnh báo cùng loại</small>" if count else ""


def _kind_class(kind: str) -> str:
    return f"dvk-{kind.lower()}" if kind in KINDS else "dvk-qd"


def _class(card: Card) -> str:
    return f"{_kind_class(card.kind)} dvk-severity-{card.severity}"
