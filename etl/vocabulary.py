"""From a written label to the id it means: units, fields, indicators, period kinds and register choices.

A label is matched whole after folding, through the catalogue's spellings; never by likeness. Likeness
only chooses which accepted spellings an error suggests.
"""

import difflib
import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import BaseModel

from etl.catalogue import Catalogue
from etl.catalogue_rows import DISTRICT_KINDS, DonVi
from etl.text import (
    Phrase,
    PhraseIndex,
    clean,
    find_phrases,
    fold,
    index_phrases,
    remembered,
    stands_at,
    without_enumerator,
    words_of,
)

_SHORT = 60
_LONGEST_HEADING = 10
_LETTERS = re.compile(r"[^\W\d_]+")
_LETTER_MEETS_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")


class UnknownLabel(Exception):
    """A label that the catalogue does not accept; the message says why and names the closest accepted spellings."""


class Terms:
    """The accepted spellings of one kind of label. what: the kind's Vietnamese name, for messages."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.ids: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.spellings: dict[str, str] = {}
        self.refused: dict[str, str] = {}

    def add(self, item_id: str, *labels: str) -> None:
        """Accept each of `labels` for `item_id`; the first ever given is the one that messages show."""
        for label in labels:
            self.names.setdefault(item_id, label)
            self.ids.setdefault(fold(label), item_id)
            self.spellings.setdefault(fold(label), label)

    def find(self, label: object) -> str | None:
        """Return the id that `label` means, or None."""
        return self.ids.get(fold(without_enumerator(label))) or self.ids.get(fold(label))

    def match(self, label: object) -> str:
        """Return the id that `label` means; raises UnknownLabel with the reason or the closest spellings."""
        found = self.find(label)
        if found is not None:
            return found
        raise UnknownLabel(self.why_not(label))

    def why_not(self, label: object) -> str:
        """Return the message for a label that is not accepted."""
        key, read = fold(without_enumerator(label)), _quoted(label)
        reason = self.refused.get(key) or self._joined(label)
        if reason:
            return f"{read} không dùng được cho {self.what}: {reason}"
        close = self.suggestion(label) or f"; ghi {self.what} đúng như trong biểu mẫu"
        return f"không có {self.what} {read} trong danh mục{close}"

    def is_refused(self, label: object) -> bool:
        """Whether a label is known to be none of these, for a reason of its own."""
        return fold(without_enumerator(label)) in self.refused or bool(self._joined(label))

    def suggestion(self, label: object) -> str:
        """Return the end of a message that names up to three accepted labels like this one."""
        key = fold(without_enumerator(label))[:200]
        inside = [name for _, _, name in find_phrases(words_of(key), self.phrases)]
        close = [self.ids[item] for item in difflib.get_close_matches(key, self.ids, n=8, cutoff=0.5)]
        names = [self.names[item] for item in dict.fromkeys([*(self.ids[fold(name)] for name in inside), *close])][:3]
        return f"; gần nhất là: {', '.join(names)}" if names else ""

    @functools.cached_property
    def phrases(self) -> PhraseIndex:
        """The spellings, ready to be found in running text."""
        return index_phrases(self.spellings.values())

    def _joined(self, label: object) -> str:
        """Say that a label joins several items, when it holds the names of several."""
        found = {self.ids[fold(name)] for _, _, name in find_phrases(words_of(label), self.phrases)}
        if len(found) < 2 or len(clean(label)) > _SHORT * 2:
            return ""
        names = ", ".join(sorted(self.names[item] for item in found))
        return f"nêu nhiều {self.what} ({names}): tách riêng từng {self.what}"


class Vocabulary:
    """All spellings of a catalogue, ready to match."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.fields = Terms("lĩnh vực")
        self.indicators = Terms("chỉ tiêu")
        self.periods = Terms("kỳ báo cáo")
        self.units = Terms("đơn vị")
        self.choices: dict[str, Terms] = {}
        for item in catalogue.linh_vuc:
            self.fields.add(item.linh_vuc_id, item.label, item.short_label, item.linh_vuc_id)
        for indicator in catalogue.indicators:
            self.indicators.add(indicator.indicator_id, indicator.label, indicator.short_label, indicator.indicator_id)
        for unit in catalogue.don_vi:
            self.units.add(unit.don_vi_id, *self._unit_spellings(unit))
        for choice in catalogue.lists:
            self.choices.setdefault(choice.list, Terms("mục")).add(choice.id, choice.label, choice.id)
        for name, entries in catalogue.layouts.choices.items():
            for choice_id, labels in entries.items():
                self.choices[name].add(choice_id, *labels)
        self._add_labels()
        words = catalogue.layouts.words
        self._totals, self._ignored, self._numbering, self._grouping, self._signature = (
            frozenset(map(fold, group))
            for group in (words.total, words.ignored, words.numbering, words.grouping, words.signature)
        )
        self._grouping |= {fold(indicator.unit_label) for indicator in catalogue.indicators}
        self._not_names, self._below_unit = index_phrases(words.not_names), index_phrases(words.below_unit)
        self._other_counts, self._scales = index_phrases(words.other_counts), index_phrases(words.scales)
        self._running_totals = index_phrases(words.running_totals)
        self._named_in = remembered(lambda text: self._named(words_of(text)))

    def unit(self, label: object) -> str:
        """Return the id of the unit that `label` names; raises UnknownLabel."""
        return self.find_unit(label) or self.units.match(label)

    def find_unit(self, label: object) -> str | None:
        """Return the id of the unit that `label` names, with or without the province behind it, or None."""
        key, province = fold(without_enumerator(label)), self.catalogue.province
        shorter = key.removesuffix(f" {fold(province.name)}")
        shortest = shorter.removesuffix(f" {fold(province.level)}") if shorter != key else key
        found = (self.units.ids.get(candidate) for candidate in (key, shorter, shortest))
        return next((unit_id for unit_id in found if unit_id), None)

    def units_in(self, text: object) -> frozenset[str]:
        """Return the ids of all units named in a running text, such as a title.

        Raises UnknownLabel when a name stands there as a commune's, a People's Committee's or another body's.
        """
        units, others = self._named_in(text)
        if others:
            raise UnknownLabel(f"{_quoted(text)} không nêu một đơn vị báo cáo{self.units.suggestion(text)}")
        return units

    def units_of_file_name(self, stem: str) -> frozenset[str]:
        """Return the ids of all units that a file's name names, also written together ("BC_ThangBinh2023")."""
        words = words_of(_split_capitals(_LETTER_MEETS_DIGIT.sub(" ", clean(stem))))
        units, _ = self._named(words)
        return units | {self._glued[word.key] for word in words if word.key in self._glued}

    def mentions(self, text: object, word: str) -> bool:
        """Whether a running text holds `word`, diacritics respected."""
        return any(True for _ in find_phrases(words_of(text), _phrase(word)))

    def knows_words(self, text: object, *, bare_too: bool = False) -> bool:
        """Whether every word of `text` with a diacritic stands somewhere in the catalogue, diacritics alike.

        bare_too: whether words without diacritics must stand there as well.
        """
        words = ((letters, marks) for letters, marks in _spelt(text) if bare_too or marks or not letters.isascii())
        return all(word in self._words for word in words)

    def is_total(self, label: object) -> bool:
        """Whether `label` is a word for the total."""
        return fold(without_enumerator(label)) in self._totals

    def is_subtotal(self, label: object) -> bool:
        """Whether `label` starts like a total ("Cộng khối huyện"), told from "Công an" by its diacritics."""
        starts = self.catalogue.layouts.words.subtotal_starts
        return without_enumerator(label).casefold().startswith(tuple(f"{word.casefold()} " for word in starts))

    def is_ignored(self, label: object) -> bool:
        """Whether a column with this heading carries nothing to load."""
        return fold(label) in self._ignored or self.is_numbering(label)

    def is_numbering(self, label: object) -> bool:
        """Whether a column with this heading numbers the rows."""
        return fold(label) in self._numbering

    def is_grouping(self, label: object) -> bool:
        """Whether a heading over other headings says nothing about what is counted."""
        return fold(label) in self._grouping or self.is_total(label)

    def counts_otherwise(self, label: object) -> bool:
        """Whether a text over columns says that they count something else than the period: "Lũy kế", "Kế hoạch".

        A long text is a title ("Thực hiện Kế hoạch số…"), not a heading.
        """
        words = words_of(label)
        found = any(True for _ in find_phrases(words, self._other_counts))
        return len(words) <= _LONGEST_HEADING and (found or self.is_running_total(label))

    def title_counts_otherwise(self, title: object) -> Literal["", "opens", "holds"]:
        """Return how a title says that its figures are others than the period's: it opens with it, or only holds it.

        A document's number ("Kế hoạch số 12") says nothing of the kind, nor does a long text.
        """
        words = words_of(without_enumerator(title))
        found = find_phrases(words, self._other_counts) if len(words) <= _LONGEST_HEADING else ()
        starts = [start for start, end, _ in found if end == len(words) or words[end].key != "so"]
        return "" if not starts else "holds" if starts[0] else "opens"

    def is_running_total(self, title: object) -> bool:
        """Whether a title says that what stands under it was added up over several periods."""
        return any(True for _ in find_phrases(words_of(title), self._running_totals))

    def is_scaled(self, unit: object) -> bool:
        """Whether a unit of measure makes another number of a figure: "nghìn tin", "%"."""
        return "%" in str(unit) or any(True for _ in find_phrases(words_of(unit), self._scales))

    def is_signature(self, label: object) -> bool:
        """Whether `label` begins a signature block."""
        return fold(label) in self._signature

    def _add_labels(self) -> None:
        targets = {"linh_vuc": self.fields, "chi_tieu": self.indicators, "ky": self.periods, "don_vi": self.units}
        for row in self.catalogue.labels:
            if row.use == "refused":
                targets[row.kind].refused[fold(row.label)] = row.note
            else:
                targets[row.kind].add(row.id, row.label)

    def _unit_spellings(self, unit: DonVi) -> Iterable[str]:
        kinds = {unit.kind, unit.former_kind}
        words = [word.word for word in self.catalogue.type_words if word.kind in kinds]
        return [unit.label, unit.full_label, unit.don_vi_id, *(f"{word} {unit.label}" for word in words)]

    def _named(self, words: Phrase) -> tuple[frozenset[str], frozenset[str]]:
        """Return (units named in running text, units whose name stands there as somebody else's)."""
        units: set[str] = set()
        others: set[str] = set()
        has_body_below = any(True for _ in find_phrases(words, self._below_unit))
        masked = {place for start, end, _ in find_phrases(words, self._not_names) for place in range(start, end)}
        for start, end, name in find_phrases(words, self.units.phrases):
            if masked & set(range(start, end)):
                continue
            unit_id = self.units.ids[fold(name)]
            is_other = has_body_below or self._ends_as_another(words, start, unit_id)
            (others if is_other else units).add(unit_id)
        return frozenset(units), frozenset(others)

    def _ends_as_another(self, words: Phrase, start: int, unit_id: str) -> bool:
        """Whether the words before a unit's name make it another body's, as "Công an" or "Phường" do."""
        if any(char in ",;:()/" for char in words[start].gap):
            return False
        starters = self._starters[self.catalogue.unit_by_id[unit_id].kind]
        return any(start >= len(phrase) and stands_at(words, start - len(phrase), phrase) for phrase in starters)

    @functools.cached_property
    def _starters(self) -> dict[str, list[Phrase]]:
        """For each kind of unit the words that, before its name, make it another body's."""
        general = self.catalogue.layouts.words.not_the_unit
        found: dict[str, list[Phrase]] = {}
        for kind in {unit.kind for unit in self.catalogue.don_vi}:
            types = [row for row in self.catalogue.type_words if {row.kind, kind} <= DISTRICT_KINDS]
            foreign = [row.word for row in types if row.kind != kind]
            found[kind] = [words_of(word) for word in (*general, *foreign)]
        return found

    @functools.cached_property
    def _words(self) -> frozenset[tuple[str, str]]:
        """The words of the whole catalogue (labels, definitions, titles of sources); "kỳ" also as "kì"."""
        told = {name: held for name, held in vars(self.catalogue).items() if name not in _OF_THE_PROGRAM}
        found = {word for text in _texts_in(told) for word in _spelt(text)}
        return frozenset(found | {(f"{letters[:-1]}i", marks) for letters, marks in found if letters[-1:] == "y"})

    @functools.cached_property
    def _glued(self) -> dict[str, str]:
        names = {unit.label: unit.don_vi_id for unit in self.catalogue.don_vi if unit.is_district}
        return {fold(label).replace(" ", ""): unit_id for label, unit_id in names.items()}


# What the program says of itself: nobody writes these words, ids and letters into a return.
_OF_THE_PROGRAM = ("thresholds", "flag_bench")


def _spelt(text: object) -> Iterator[tuple[str, str]]:
    """Yield (letters, diacritics) of each word of a text, so that hòa and hoà are alike and "ý" is not "í"."""
    for word in _LETTERS.findall(clean(text).casefold()):
        plain = unicodedata.normalize("NFD", word.replace("ð", "đ"))
        marks = sorted(char for char in plain if unicodedata.combining(char))
        yield "".join(char for char in plain if not unicodedata.combining(char)), "".join(marks)


def _texts_in(item: object) -> Iterator[str]:
    """Yield every text inside rows, lists and tables of them."""
    if isinstance(item, str):
        yield item
    elif isinstance(item, BaseModel):
        yield from _texts_in(item.model_dump())
    elif isinstance(item, dict):
        yield from _texts_in(list(item.values()))
    elif isinstance(item, list | tuple):
        for part in item:
            yield from _texts_in(part)


@functools.lru_cache(maxsize=2**10)
def _phrase(word: str) -> PhraseIndex:
    return index_phrases([word])


def _split_capitals(text: str) -> str:
    """Return "BaoCaoThangBinh" as "Bao Cao Thang Binh"."""
    pairs = zip(text, text[1:] + " ", strict=True)
    return "".join(f"{char} " if char.islower() and following.isupper() else char for char, following in pairs)


def _quoted(label: object) -> str:
    read = clean(label)
    return f"“{read}”" if len(read) <= _SHORT else f"“{read[:_SHORT]}…”"
