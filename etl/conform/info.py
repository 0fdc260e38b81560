"""The labelled facts of a file: "Thông tin", or what stands above a table in the same form."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from etl.conform.cells import shown
from etl.conform.findings import Findings
from etl.sheets import Position, Sheet, Value, Workbook
from etl.text import clean, fold, without_enumerator
from etl.vocabulary import Vocabulary

_WRITTEN_DATE = re.compile(r"^([0-9]{1,2})[/.-]([0-9]{1,2})[/.-](20[0-9]{2})$|^(20[0-9]{2})-([0-9]{2})-([0-9]{2})$")
_CERTAIN = ("unit", "period", "year", "from_year", "to_year", "not_arising")
_BRACKETS = re.compile(r"\([^()]*\)?")


@dataclass(frozen=True)
class Info:
    """Labelled facts, each with the place of its value: {name: (sheet, position, value)}.

    blanks: where the value of a label without one belongs.
    """

    facts: dict[str, tuple[str, Position, Value]] = field(default_factory=dict)
    blanks: dict[str, tuple[str, Position]] = field(default_factory=dict)

    def get(self, name: str) -> Value | None:
        """Return the value of a fact, None when absent or blank."""
        return self.facts[name][2] if name in self.facts else None

    def place(self, name: str) -> tuple[str, Position | None]:
        """Return (sheet, position) of a fact's value, or of the blank cell for it."""
        return self.facts[name][:2] if name in self.facts else self.blanks.get(name, ("", None))


def info_sheets(workbook: Workbook, vocabulary: Vocabulary) -> list[Sheet]:
    """Return the sheets named "Thông tin"."""
    names = {fold(name) for name in vocabulary.catalogue.layouts.info.sheet}
    return [sheet for sheet in workbook.sheets if fold(sheet.name) in names]


def has_facts(sheet: Sheet, vocabulary: Vocabulary) -> bool:
    """Whether a sheet, whatever its name, labels both the reporting unit and the period as the form does."""
    labels = vocabulary.catalogue.layouts.info
    texts = {fold(value) for value in sheet.cells.values() if isinstance(value, str)}
    return {fold(labels.unit[0]), fold(labels.period[0])} <= texts


def above_table(sheet: Sheet, top: int) -> Sheet:
    """Return the part of a sheet that stands above its table."""
    return Sheet(sheet.name, {position: value for position, value in sheet.cells.items() if position[0] < top})


def read_info(sheets: Iterable[Sheet], vocabulary: Vocabulary, findings: Findings) -> Info:
    """Collect labelled facts: the label in one cell, its value right of it or after a colon.

    A fact that is stated twice in two ways is refused.
    """
    labels = vocabulary.catalogue.layouts.info.model_dump(exclude={"sheet"})
    names = {fold(label): name for name, spellings in labels.items() for label in spellings}
    facts: dict[str, tuple[str, Position, Value]] = {}
    blanks: dict[str, tuple[str, Position]] = {}
    for sheet in sheets:
        for row, cells in sheet.rows():
            for name, label, column, value in _facts_of_row(cells, names):
                if value is None:
                    blanks.setdefault(name, (sheet.name, (row, column)))
                    continue
                if name == "unit" and vocabulary.is_grouping(shown(value)):
                    continue  # "Đơn vị: mô hình" over a table says what is counted, not who reports
                known = facts.setdefault(name, (sheet.name, (row, column), value))
                if name in _CERTAIN and fold(shown(known[2])) != fold(shown(value)):
                    message = f"“{label}” ghi hai lần khác nhau: “{shown(known[2])}” và “{shown(value)}”; chỉ giữ một"
                    findings.refuse("thong_tin_mau_thuan", message, sheet.name, (row, column))
    return Info(facts, blanks)


def dates_of(info: Info, findings: Findings) -> tuple[date | None, date | None]:
    """Return the day a file's figures stop and the day it was sent, None where "Thông tin" does not say."""
    return (
        _date_of(info, "as_of_on", "Ngày chốt số liệu", findings),
        _date_of(info, "sent_on", "Ngày gửi", findings),
    )


def _date_of(info: Info, name: str, what: str, findings: Findings) -> date | None:
    """Return a date that "Thông tin" states, None when blank; one that cannot be read is warned about."""
    value = info.get(name)
    if value is None:
        return None
    match = _WRITTEN_DATE.match(shown(value).split(" ")[0])
    try:
        if match and match[1]:
            return date(int(match[3]), int(match[2]), int(match[1]))
        if match:
            return date(int(match[4]), int(match[5]), int(match[6]))
    except ValueError:
        pass
    findings.warn("ngay_khong_ro", f"{what} “{shown(value)}” không đọc được: ghi dạng 31/12/2023", *info.place(name))
    return None


def check_layout_version(info: Info, vocabulary: Vocabulary, findings: Findings) -> None:
    """Say that a form is not the present one; its figures load all the same, since every heading was matched."""
    value, present = info.get("layout_version"), vocabulary.catalogue.layouts.version
    if value is None:  # tables typed without the form are welcome too
        return
    said, place = shown(value), info.place("layout_version")
    if not said.isdecimal() or len(said) > 4 or not 1 <= int(said) <= present:
        message = (
            f"Phiên bản biểu mẫu “{said}” lạ (mới nhất là {present}): kiểm tra số liệu đã vào đúng chỗ, tải mẫu mới"
        )
        findings.warn("bieu_mau_la", message, *place)
    elif int(said) < present:
        message = f"Biểu mẫu cũ (phiên bản {said}, mới nhất là {present}): kỳ sau tải mẫu mới"
        findings.inform("bieu_mau_cu", message, *place)


def _facts_of_row(cells: dict[int, Value], names: dict[str, str]) -> Iterable[tuple[str, str, int, Value | None]]:
    """Yield (name, label, column of the value, value or None); a value may be a label's word, as "Năm" is."""
    taken: set[int] = set()
    columns = list(cells)
    for index, column in enumerate(columns[:50]):
        value = cells[column]
        if not isinstance(value, str) or column in taken:
            continue
        label, colon, rest = clean(value).replace("：", ":").partition(":")
        name = names.get(_label_key(label)) or names.get(_label_key(_BRACKETS.sub("", label)))
        right = columns[index + 1] if index + 1 < len(columns) else None
        if name and colon and rest.strip():
            yield name, label, column, rest.strip()
        elif name and right is not None and (name == "period" or _label_key(shown(cells[right])) not in names):
            yield name, label, right, cells[right]
            taken.add(right)
        elif name:
            yield name, label, column + 1, None


def _label_key(label: str) -> str:
    return fold(without_enumerator(label))
