"""Who reports and for which period: from the labels of "Thông tin", a title, or a row of a table.

A unit or period is either certain or refused; two that disagree are never chosen between.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from etl.conform.tables import Findings, shown
from etl.periods import Period, unit_existed
from etl.sheets import Odd, Position, Sheet, Value
from etl.text import clean, fold
from etl.vocabulary import UnknownLabel, Vocabulary

_YEAR = re.compile(r"^(?:nam )?(20\d\d)$")
_YEARS = re.compile(r"^(?:nam |giai doan )?(20\d\d) (?:den )?(20\d\d)$")
_SPAN_TEXT = re.compile(r"\b(?:giai doan|tu nam|tu|nam) (20\d\d)(?: den)?(?: nam)? (20\d\d)\b")
_HALF_TEXT = re.compile(r"\b(?:0?6|sau) thang(?: dau)?(?: nam)? (20\d\d)\b")
_YEAR_TEXT = re.compile(r"\bnam (20\d\d)\b")
_OTHER_TEXT = re.compile(r"\b(?:thang cuoi nam|[39] thang|qui (?:\d|i{1,3}|iv))\b")
_DATE_TEXT = re.compile(r"\b(?:ngai \d{1,2} )?thang \d{1,2} nam 20\d\d\b")
_WRITTEN_DATE = re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-](20\d\d)$|^(20\d\d)-(\d{2})-(\d{2})$")


class UnclearPeriod(Exception):
    """A text from which the reporting period cannot be told; the message says why."""


@dataclass(frozen=True)
class Info:
    """The labelled facts of a file, each with the place of its value: {name: (sheet, position, value)}."""

    facts: dict[str, tuple[str, Position, Value]]

    def get(self, name: str) -> Value | None:
        """Return the value of a fact, None when absent or blank."""
        return self.facts[name][2] if name in self.facts else None

    def place(self, name: str) -> tuple[str, Position | None]:
        """Return (sheet, position) of a fact's value."""
        return self.facts[name][:2] if name in self.facts else ("", None)


def read_info(sheets: Iterable[Sheet], vocabulary: Vocabulary, above: dict[str, int] | None = None) -> Info:
    """Collect labelled facts: the label in one cell, its value right of it or after a colon.

    above: {sheet name: first row of its table}; only cells above it are taken as facts.
    """
    labels = vocabulary.catalogue.layouts.info.model_dump(exclude={"sheet"})
    names = {fold(label): name for name, spellings in labels.items() for label in spellings}
    facts: dict[str, tuple[str, Position, Value]] = {}
    for sheet in sheets:
        for row, cells in sheet.rows():
            if above is not None and row >= above.get(sheet.name, 0):
                break
            values_of_labels: set[int] = set()
            for column, value in cells.items():
                if not isinstance(value, str) or column in values_of_labels:
                    continue
                label, colon, rest = clean(value).partition(":")
                name = names.get(fold(label))
                right = next((other for other in cells if other > column), None)
                if name and colon and rest.strip():
                    facts.setdefault(name, (sheet.name, (row, column), rest.strip()))
                elif name and right is not None and (name == "period" or fold(cells[right]) not in names):
                    facts.setdefault(name, (sheet.name, (row, right), cells[right]))
                    values_of_labels.add(right)
    return Info(facts)


def unit_of(info: Info, vocabulary: Vocabulary, findings: Findings) -> str | None:
    """Return the reporting unit that "Thông tin" names, or None after noting why not."""
    value = info.get("unit")
    if value is None:
        findings.refuse("don_vi_trong", "Chưa ghi Đơn vị báo cáo: điền tên huyện, thị xã, thành phố hoặc cơ quan")
        return None
    try:
        return vocabulary.unit(shown(value))
    except UnknownLabel as problem:
        findings.refuse("don_vi_la", f"Đơn vị báo cáo: {problem}", *info.place("unit"))
        return None


def unit_of_titles(texts: list[tuple[str, Position, str]], vocabulary: Vocabulary, findings: Findings) -> str | None:
    """Return the one unit that title texts name, or None after noting why not."""
    units: set[str] = set()
    try:
        for _, _, text in texts:
            units |= vocabulary.units_in(text)
    except UnknownLabel as problem:
        findings.refuse("don_vi_la", f"Tiêu đề: {problem}")
        return None
    if len(units) == 1:
        return units.pop()
    if not units:
        findings.refuse("don_vi_trong", "Không thấy tên đơn vị ở tiêu đề hoặc trang “Thông tin”: ghi rõ đơn vị báo cáo")
        return None
    names = ", ".join(sorted(vocabulary.catalogue.unit_by_id[unit].label for unit in units))
    findings.refuse("nhieu_don_vi", f"Tiêu đề nêu nhiều đơn vị ({names}): mỗi biểu loại này chỉ dành cho một đơn vị")
    return None


def period_of(info: Info, vocabulary: Vocabulary, findings: Findings) -> Period | None:
    """Return the period that "Thông tin" states, or None after noting why not."""
    kind_value = info.get("period")
    if kind_value is None:
        findings.refuse("ky_trong", "Chưa ghi Kỳ báo cáo: chọn Năm, 6 tháng đầu năm hoặc Giai đoạn")
        return None
    try:
        named = period_in_text(shown(kind_value))
    except UnclearPeriod as problem:
        findings.refuse("ky_la", f"Kỳ báo cáo: {problem}", *info.place("period"))
        return None
    stated = {name: _year_fact(info, name, findings) for name in ("year", "from_year", "to_year")}
    if named is not None:
        return _agreeing(named, stated, info, findings)
    try:
        kind = vocabulary.periods.match(shown(kind_value))
    except UnknownLabel as problem:
        findings.refuse("ky_la", f"Kỳ báo cáo: {problem}", *info.place("period"))
        return None
    first, last = (stated["from_year"], stated["to_year"]) if kind == "giai_doan" else (stated["year"],) * 2
    if first is None or last is None:
        if not any(issue.rule == "nam_la" for issue in findings.issues):
            wanted = "Từ năm và Đến năm" if kind == "giai_doan" else "Năm"
            findings.refuse("nam_trong", f"Chưa ghi {wanted} của kỳ báo cáo", *info.place("period"))
        return None
    try:
        return Period(kind, first, last)  # type: ignore[arg-type]
    except ValueError as problem:
        findings.refuse("nam_la", str(problem), *info.place("from_year"))
        return None


def period_in_text(text: str) -> Period | None:
    """Return the one period that a running text names, None when it names none.

    Raises UnclearPeriod when it names two, or one the program does not take (quarters, nine months).
    """
    key = _DATE_TEXT.sub(" ", fold(text))
    if _OTHER_TEXT.search(key):
        raise UnclearPeriod(f"“{clean(text)}” không phải kỳ Năm, 6 tháng đầu năm hoặc Giai đoạn")
    found: set[Period] = set()
    for match in _SPAN_TEXT.finditer(key):
        first, last = int(match[1]), int(match[2])
        if first > last:
            raise UnclearPeriod(f"“{clean(text)}” có năm đầu sau năm cuối")
        found.add(Period("giai_doan", first, last))
    key = _SPAN_TEXT.sub(" ", key)
    found |= {Period("6_thang", int(match[1]), int(match[1])) for match in _HALF_TEXT.finditer(key)}
    key = _HALF_TEXT.sub(" ", key)
    found |= {Period("nam", int(match[1]), int(match[1])) for match in _YEAR_TEXT.finditer(key)}
    if len(found) > 1:
        names = ", ".join(sorted(period.label for period in found))
        raise UnclearPeriod(f"nêu nhiều kỳ ({names}): ghi rõ một kỳ")
    return found.pop() if found else None


def period_of_row(value: Value) -> Period | None:
    """Return the year or span of years that a row's key cell names, None when it names neither."""
    key = fold(shown(value))
    if year := _YEAR.match(key):
        return Period("nam", int(year[1]), int(year[1]))
    if (years := _YEARS.match(key)) and int(years[1]) <= int(years[2]):
        return Period("giai_doan", int(years[1]), int(years[2]))
    return None


def check_period(
    don_vi_id: str,
    period: Period,
    vocabulary: Vocabulary,
    findings: Findings,
    sheet: str = "",
    position: Position | None = None,
) -> bool:
    """Say whether the unit could report on the period; refuse it, naming the successor, when not."""
    catalogue = vocabulary.catalogue
    unit = catalogue.unit_by_id[don_vi_id]
    first, last = catalogue.province.first_year, date.today().year
    if not (first <= period.from_year and period.to_year <= last):
        findings.refuse("nam_ngoai_pham_vi", f"Kỳ {period.label} nằm ngoài {first}-{last}", sheet, position)
        return False
    if unit_existed(unit, period):
        return True
    reason = f"{unit.full_label} không tồn tại suốt kỳ {period.label}"
    if unit.valid_to is not None and period.end > unit.valid_to:
        reason += f": đơn vị kết thúc ngày {unit.valid_to:%d/%m/%Y}"
        if unit.successor_id:
            reason += f", số liệu từ đó ghi ở {catalogue.unit_by_id[unit.successor_id].full_label}"
    elif unit.valid_from is not None:
        reason += f": đơn vị có từ ngày {unit.valid_from:%d/%m/%Y}"
    findings.refuse("don_vi_khong_ton_tai", reason, sheet, position)
    return False


def date_of(info: Info, name: str, what: str, findings: Findings) -> date | None:
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


def _year_fact(info: Info, name: str, findings: Findings) -> int | None:
    value = info.get(name)
    if value is None:
        return None
    match = _YEAR.match(fold(shown(value))) if not isinstance(value, Odd) else None
    if match is None:
        message = f"Năm “{shown(value)}” không rõ: ghi đủ bốn chữ số, ví dụ 2023"
        findings.refuse("nam_la", message, *info.place(name))
        return None
    return int(match[1])


def _agreeing(named: Period, stated: dict[str, int | None], info: Info, findings: Findings) -> Period | None:
    expected = {"year": named.to_year, "from_year": named.from_year, "to_year": named.to_year}
    for name, year in stated.items():
        if year is not None and year != expected[name]:
            message = f"Kỳ báo cáo ghi {named.label} nhưng ô năm ghi {year}"
            findings.refuse("ky_mau_thuan", message, *info.place(name))
            return None
    return named
