"""From a written label to the id it means: units, fields, indicators, period kinds and register choices.

A label is matched whole after folding, through the catalogue's spellings; never by likeness. Likeness
only chooses which accepted spellings an error suggests.
"""

import difflib
import functools
import re
from collections.abc import Iterable

from etl.catalogue import Catalogue
from etl.catalogue_rows import DonVi
from etl.text import clean, fold, without_enumerator

# Words before a unit's name that make it something else: a commune, or the government side of the place.
_NOT_THE_UNIT = re.compile(r"\b(phuong|xa|thi tran|ubnd|ubnd (?:huien|thi xa|thanh pho|tinh)|hdnd)\s*$")


class UnknownLabel(Exception):
    """A label that the catalogue does not accept; the message says why and names the closest accepted spellings."""


class Terms:
    """The accepted spellings of one kind of label. what: the kind's Vietnamese name, for messages."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.ids: dict[str, str] = {}
        self.shown: dict[str, str] = {}
        self.refused: dict[str, str] = {}

    def add(self, item_id: str, *labels: str) -> None:
        """Accept each of `labels` for `item_id`."""
        for label in labels:
            self.ids.setdefault(fold(label), item_id)
            self.shown.setdefault(fold(label), label)

    def find(self, label: object) -> str | None:
        """Return the id that `label` means, or None."""
        return self.ids.get(fold(without_enumerator(label))) or self.ids.get(fold(label))

    def match(self, label: object) -> str:
        """Return the id that `label` means; raises UnknownLabel with the reason or the closest spellings."""
        found = self.find(label)
        if found is not None:
            return found
        key, read = fold(without_enumerator(label)), clean(label)
        if key in self.refused:
            raise UnknownLabel(f"“{read}” không dùng được cho {self.what}: {self.refused[key]}")
        raise UnknownLabel(f"không có {self.what} “{read}” trong danh mục{self._suggestion(key)}")

    def _suggestion(self, key: str) -> str:
        close = difflib.get_close_matches(key, self.shown, n=6, cutoff=0.5)
        names = list(dict.fromkeys(self.shown[item] for item in close))[:3]
        return f"; gần nhất là: {', '.join(names)}" if names else ""


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
        self._add_labels()
        words = catalogue.layouts.words
        self.totals = frozenset(fold(word) for word in words.total)
        self.ignored = frozenset(fold(word) for word in words.ignored)

    def unit(self, label: object) -> str:
        """Return the id of the unit that `label` names; raises UnknownLabel."""
        found = self.units.find(self._without_province(label))
        return found if found is not None else self.units.match(label)

    def units_in(self, text: object) -> set[str]:
        """Return the ids of all units named in a running text, such as a title or a file name.

        Raises UnknownLabel when a name stands there as a commune's or a People's Committee's.
        """
        key, found = fold(text), set()
        for match in self._unit_pattern.finditer(key):
            if _NOT_THE_UNIT.search(key[: match.start()]):
                raise UnknownLabel(f"“{clean(text)}” không nêu một đơn vị báo cáo{self.units._suggestion(match[0])}")
            found.add(self.units.ids[match[0]])
        return found

    def is_total(self, label: object) -> bool:
        """Whether `label` is a word for the total."""
        return fold(without_enumerator(label)) in self.totals

    def is_subtotal(self, label: object) -> bool:
        """Whether `label` starts like a total ("Cộng khối huyện"), told from "Công an" by its diacritics."""
        starts = self.catalogue.layouts.words.subtotal_starts
        return without_enumerator(label).casefold().startswith(tuple(f"{word.casefold()} " for word in starts))

    def is_ignored(self, label: object) -> bool:
        """Whether a column with this heading carries nothing to load."""
        return fold(label) in self.ignored

    def _add_labels(self) -> None:
        targets = {
            "linh_vuc": self.fields,
            "chi_tieu": self.indicators,
            "ky": self.periods,
            "don_vi": self.units,
        }
        for row in self.catalogue.labels:
            if row.use == "refused":
                targets[row.kind].refused[fold(row.label)] = row.note
            else:
                targets[row.kind].add(row.id, row.label)

    def _unit_spellings(self, unit: DonVi) -> Iterable[str]:
        kinds = {unit.kind, unit.former_kind}
        words = [word.word for word in self.catalogue.type_words if word.kind in kinds]
        return [unit.label, unit.full_label, unit.don_vi_id, *(f"{word} {unit.label}" for word in words)]

    def _without_province(self, label: object) -> str:
        key, province = fold(without_enumerator(label)), fold(self.catalogue.province.name)
        level = fold(self.catalogue.province.level)
        return key.removesuffix(f" {level} {province}").removesuffix(f" {province}")

    @functools.cached_property
    def _unit_pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self.units.ids, key=len, reverse=True)
        return re.compile(r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")\b")
