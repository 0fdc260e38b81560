"""Who reports and for which period.

A unit or period is either certain or refused; two that disagree are never chosen between.
"""

from datetime import date

from etl.conform.cells import shown
from etl.conform.findings import Findings
from etl.conform.info import Info
from etl.conform.period_text import UnclearPeriod, is_place_and_date, period_in_text, span, year_of
from etl.conform.titles import Title
from etl.labels import date_text
from etl.periods import Period, absence
from etl.sheets import Position
from etl.vocabulary import UnknownLabel, Vocabulary


def unit_of(info: Info, titles: list[Title], vocabulary: Vocabulary, findings: Findings) -> str | None:
    """Return the unit that "Thông tin" or else the titles name, or None after noting why there is none."""
    stated = _stated_unit(info, vocabulary, findings)
    if stated is None and info.get("unit") is not None:
        return None
    named: set[str] = set()
    place: tuple[str, Position | None] = ("", None)
    for sheet, position, text in titles:
        try:
            found = set() if is_place_and_date(text) else vocabulary.units_in(text)
            place = (sheet, position) if found else place
            named |= found
        except UnknownLabel as problem:
            if stated is None:
                findings.refuse("don_vi_la", f"Tiêu đề: {problem}", sheet, position)
                return None
    labels = vocabulary.catalogue.unit_by_id
    names = ", ".join(sorted(labels[unit].label for unit in named))
    if stated is not None and named - {stated}:
        message = f"Đơn vị báo cáo là {labels[stated].label} nhưng tiêu đề biểu nêu {names}: kiểm tra lại"
        findings.refuse("don_vi_mau_thuan", message, *info.place("unit"))
        return None
    if len(named) > 1:
        message = f"Tiêu đề nêu nhiều đơn vị ({names}): mỗi tệp loại này chỉ của một đơn vị, tách thành nhiều tệp"
        findings.refuse("nhieu_don_vi", message, *place)
        return None
    if stated is None and not named:
        message = "Chưa ghi đơn vị báo cáo: điền ở trang Thông tin hoặc tiêu đề biểu"
        findings.refuse("don_vi_trong", message, *info.place("unit"))
    return stated or next(iter(named), None)


def period_of(info: Info, vocabulary: Vocabulary, findings: Findings) -> Period | None:
    """Return the period that "Thông tin" states, or None after noting why not."""
    value = info.get("period")
    years = {name: _year_fact(info, name, findings) for name in ("year", "from_year", "to_year")}
    has_bad_year = any(years[name] is None and info.get(name) is not None for name in years)
    if value is None:
        message = "Chưa ghi Kỳ báo cáo: chọn Năm, 6 tháng đầu năm hoặc Giai đoạn"
        findings.refuse("ky_trong", message, *info.place("period"))
        return None
    try:
        kind = vocabulary.periods.find(shown(value))
        period = period_in_text(shown(value)) if kind is None else None
        if kind is not None and not has_bad_year:
            period = _period_of_kind(kind, years)
        elif kind is None and period is None:
            vocabulary.periods.match(shown(value))
    except (UnknownLabel, UnclearPeriod) as problem:
        findings.refuse("ky_la", f"Kỳ báo cáo: {problem}", *info.place("period"))
        return None
    if has_bad_year:
        return None
    if period is None:
        wanted, name = ("Từ năm và Đến năm", "from_year") if kind == "giai_doan" else ("Năm", "year")
        message = f"Chưa ghi {wanted} của kỳ báo cáo: điền đủ bốn chữ số, ví dụ 2023"
        findings.refuse("nam_trong", message, *info.place(name if name in info.blanks else "period"))
        return None
    return _agreeing(period, years, info, findings)


def warn_of_cut_off(period: Period, as_of_on: date | None, info: Info, findings: Findings) -> None:
    """Warn of a cut-off day before the period begins, or still to come: it decides which version is the later one."""
    if as_of_on is not None and not period.start <= as_of_on <= date.today():
        when = "trước khi kỳ báo cáo bắt đầu" if as_of_on < period.start else "còn chưa tới"
        message = f"Ngày chốt số liệu {date_text(as_of_on)} {when} ({period.label}): kiểm tra lại ngày hoặc năm"
        findings.warn("ngay_chot_khac_ky", message, *info.place("as_of_on"))


def check_period(
    don_vi_id: str | None,
    period: Period,
    vocabulary: Vocabulary,
    findings: Findings,
    place: tuple[str, Position | None],
) -> bool:
    """Say whether the unit could report on the period; refuse it, naming the successor, when not.

    Of a unit that could not be told only the years are checked.
    """
    catalogue = vocabulary.catalogue
    first, last = catalogue.province.first_year, date.today().year
    if not (first <= period.from_year and period.to_year <= last):
        message = f"Kỳ {period.label} nằm ngoài {first}-{last}: kiểm tra lại năm"
        findings.refuse("nam_ngoai_pham_vi", message, *place)
        return False
    if don_vi_id is None:
        return False
    unit = catalogue.unit_by_id[don_vi_id]
    reason = absence(unit, period, catalogue.unit_by_id)
    if not reason:
        return True
    findings.refuse("don_vi_khong_ton_tai", reason, *place)
    return False


def _stated_unit(info: Info, vocabulary: Vocabulary, findings: Findings) -> str | None:
    value = info.get("unit")
    if value is None:
        return None
    try:
        return vocabulary.unit(shown(value))
    except UnknownLabel as problem:
        findings.refuse("don_vi_la", f"Đơn vị báo cáo: {problem}", *info.place("unit"))
        return None


def _year_fact(info: Info, name: str, findings: Findings) -> int | None:
    value = info.get(name)
    if value is None:
        return None
    year = year_of(value)
    if year is None:
        message = f"Năm “{shown(value)}” không rõ: ghi đủ bốn chữ số, ví dụ 2023"
        findings.refuse("nam_la", message, *info.place(name))
    return year


def _period_of_kind(kind: str, years: dict[str, int | None]) -> Period | None:
    year, first, last = years["year"], years["from_year"], years["to_year"]
    if kind == "giai_doan":
        return span(first, last) if first is not None and last is not None else None
    if year is None and first == last:
        year = first
    return Period(kind, year, year) if year is not None else None  # type: ignore[arg-type]


def _agreeing(period: Period, years: dict[str, int | None], info: Info, findings: Findings) -> Period | None:
    expected = {"year": period.to_year, "from_year": period.from_year, "to_year": period.to_year}
    for name, year in years.items():
        if year is not None and year != expected[name]:
            message = f"Kỳ báo cáo là {period.label} nhưng ô này ghi {year}: sửa cho thống nhất"
            findings.refuse("ky_mau_thuan", message, *info.place(name))
            return None
    return period
