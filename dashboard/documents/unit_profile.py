"""One unit on one page of paper: what pages/don_vi.py shows, cut to what fits."""

from collections.abc import Iterator, Sequence

from docx.document import Document as DocumentType
from pandas import isna

from dashboard import exhibits, labels, paper
from dashboard.choice import Choice
from dashboard.documents import sheet
from dashboard.exhibit import Exhibit
from dashboard.exhibits.returns import LOOKS
from dashboard.exhibits.support import interval, rank_sentence
from dashboard.labels import number
from dashboard.scope import RECOGNISED, Scope
from dashboard.topics import flags, review
from dashboard.topics import profile as unit_page
from dashboard.topics.flags import Card
from dashboard.topics.headlines import headlines
from dashboard.units import unit_rows
from dashboard.warehouse import Warehouse, records

_INDICATORS = ("mo_hinh_cong_nhan", "mo_hinh_khen_thuong", "xa_co_mo_hinh", "kiem_tra", "hoi_nghi", "tin_bai")
_FLAG_LINES = 16  # of text, for all flags
_LINE = 118  # characters of a line of text
_FIELDS, _MODELS = 2, 4  # models of all fields together
_YEARS = 18  # columns that fit
_LONGEST = 900  # characters of a flag


class UnknownUnitError(Exception):
    """Không có đơn vị này trong bản số liệu."""

    def __init__(self, don_vi_id: str) -> None:
        """Name the unit."""
        super().__init__(f"{type(self).__doc__} ({don_vi_id})")


def profile(warehouse: Warehouse, choice: Choice, don_vi_id: str, *, with_support: bool) -> bytes:
    """Return the profile of a unit for the chosen period as a .docx file; UnknownUnitError for one nobody knows.

    with_support: say what the score holds of a district, with the range of its rank; such a page is internal.
    """
    units = unit_rows(warehouse)
    if don_vi_id not in units:
        raise UnknownUnitError(don_vi_id)
    choice = Choice(choice.from_year, choice.to_year, don_vi_id, choice.boundary_on)
    scope = Scope.of(warehouse, choice)
    found = flags.cards(warehouse, choice)
    document = sheet.new_sheet(warehouse, f"Hồ sơ đơn vị: {units[don_vi_id]['full_label']}", scope)
    movement = warehouse.info["movement"]
    sheet.add_title(document, units[don_vi_id]["full_label"], f"Phong trào thi đua “{movement}”, {scope.period}")
    if standing := unit_page.standing(warehouse, choice):
        sheet.add_text(document, standing)
    _add_headlines(document, scope)
    if unit_page.is_compared(warehouse, choice):
        _add_comparison(document, scope)
    if found or unit_page.is_compared(warehouse, choice):
        _add_flags(document, review.summary(warehouse, choice, found).title, flags.named(found))
    rank = rank_sentence(warehouse, choice) if with_support and unit_page.is_compared(warehouse, choice) else ""
    if rank:
        sheet.add_text(document, rank, f"Chỉ dùng nội bộ, {_rank(warehouse, don_vi_id)}:")
    _add_years(document, scope)
    _add_models(document, scope, found)
    return paper.packed(document)


def _rank(warehouse: Warehouse, don_vi_id: str) -> str:
    """Return in which range a district's rank lies, never a rank alone."""
    found = [row for row in records(warehouse.query("scores")) if row["don_vi_id"] == don_vi_id]
    rank = interval(found[0]) if found else "không xếp"
    return f"không phải bảng xếp hạng (thứ hạng: {rank})"


def _add_headlines(document: DocumentType, scope: Scope) -> None:
    cards = headlines(scope.warehouse, scope.choice, _INDICATORS, with_trend=False)
    rows = [(card.label, card.value, card.unit, card.comparison or "–", card.marks or "đủ") for card in cards]
    heads = ("Chỉ tiêu", "Số", "Đơn vị tính", "So với toàn tỉnh", "Mức đầy đủ")
    aligns = [paper.LEFT, paper.RIGHT, paper.LEFT, paper.LEFT, paper.LEFT]
    sheet.add_rows(document, heads, rows, (56, 20, 40, 40, 26), size=8, aligns=aligns)
    sheet.add_small(
        document, labels.sentence(scope.period), f"Mức đầy đủ: {scope.completeness(RECOGNISED)}",
        f"Nguồn: {scope.source}", *scope.part_year_notes,
    )  # fmt: skip


def _add_comparison(document: DocumentType, scope: Scope) -> None:
    """Hold the district against the province and its peers in the indicators of the score; nobody else is named."""
    exhibit = exhibits.unit_spine(scope.warehouse, scope.choice)
    if exhibit.table.empty:
        return
    sheet.add_heading(document, exhibit.title, before=3)
    columns = list(exhibit.table.columns)
    province = columns.index("Toàn tỉnh")
    places = [0, province - 1, province, province + 1, columns.index("Đơn vị tính")]
    rows = [[sheet.shown(row[place]) for place in places] for row in exhibit.table.itertuples(index=False, name=None)]
    aligns = [paper.LEFT, paper.RIGHT, paper.RIGHT, paper.RIGHT, paper.LEFT]
    heads = [columns[place] for place in places]
    sheet.add_rows(document, heads, rows, (56, 30, 30, 30, 36), size=8, aligns=aligns)
    sheet.add_small(
        document, exhibit.subtitle, f"Nguồn: {exhibit.source}", "Hơn kém mức toàn tỉnh có thể chỉ là dao động"
    )


def _add_flags(document: DocumentType, title: str, named: Sequence[Card]) -> None:
    sheet.add_heading(document, title, before=3)
    shown = list(_fitting(named))
    for card in shown:
        said = f"{card.statement} Nên làm: {card.action}"
        sheet.add_text(document, said, f"{card.level_label} · {card.rule_label}:", longest=_LONGEST)
    if len(shown) < len(named):
        sheet.add_small(document, f"Còn {number(len(named) - len(shown))} cảnh báo khác, xem trang Đơn vị")


def _fitting(named: Sequence[Card]) -> Iterator[Card]:
    """Yield the severest flags as long as the page has lines for them, the first in any case."""
    left = _FLAG_LINES
    for place, card in enumerate(sorted(named, key=lambda card: -card.severity)):
        left -= _lines(f"{card.level_label} · {card.rule_label}: {card.statement} Nên làm: {card.action}")
        if left < 0 and place:
            return
        yield card


def _lines(text: str) -> int:
    return -(-min(len(text), _LONGEST) // _LINE)


def _add_years(document: DocumentType, scope: Scope) -> None:
    """Set the models by field and year, and whether the returns came, into one table: the latest years that fit."""
    heat = exhibits.field_year_heat(scope.warehouse, scope.choice)
    returns = exhibits.unit_returns(scope.warehouse, scope.choice, as_of=sheet.built_on(scope.warehouse))
    sheet.add_heading(document, f"Mô hình được công nhận theo lĩnh vực và năm; {_after_name(returns, scope)}", before=3)
    years = list(heat.table.columns[1:])[-_YEARS:]
    rows = [(row["Lĩnh vực"], *(_cell(row[year]) for year in years)) for _, row in heat.table.iterrows()]
    for _, row in returns.table.iterrows():
        rows.append((f"Báo cáo {str(row['Kỳ']).lower()}", *(_mark(row.get(year)) for year in years)))
    aligns = [paper.LEFT, *[paper.CENTRE] * len(years)]
    sheet.add_rows(document, ("", *years), rows, (40, *[8.8] * len(years)), size=7, aligns=aligns)
    legend = "; ".join(f"{look.mark} {look.label}" for look in LOOKS)
    sheet.add_small(
        document,
        f"Đơn vị tính: {heat.unit}",
        f"Mức đầy đủ: {heat.completeness}",
        f"Nguồn: {heat.source}",
        "Dòng lĩnh vực: ? chưa có số liệu; 0 có báo cáo, không có mô hình",
        f"Dòng báo cáo: {legend}; tính đến {labels.day(sheet.built_on(scope.warehouse))}",
    )


def _after_name(exhibit: Exhibit, scope: Scope) -> str:
    return exhibit.title.removeprefix(f"{scope.unit_label}: ")


def _cell(value: float | None) -> str:
    return "?" if value is None or isna(value) else number(value)


def _mark(said: object) -> str:
    """Return the mark of a return's state: what is said begins with the state in words."""
    text = str(said or "")
    return next((look.mark for look in LOOKS if text.startswith(look.label)), "")


def _add_models(document: DocumentType, scope: Scope, found: Sequence[Card]) -> None:
    """Name models of districts like this one in its weak fields, with where each is told of."""
    fields = unit_page.weak_fields(scope.warehouse, scope.choice, found)[:_FIELDS]
    for field in fields:
        exhibit = exhibits.models_to_copy(scope.warehouse, scope.choice, field, limit=_MODELS // len(fields))
        if exhibit.table.empty:
            continue
        sheet.add_heading(document, f"Học theo: {_after_name(exhibit, scope)}", before=3)
        for _, row in exhibit.table.iterrows():
            place = row["Nơi"] if row["Nơi"] == row["Đơn vị"] else f"{row['Nơi']}; {row['Đơn vị']}"
            said = f"{paper.plain(place, 80)}; {row['Tình trạng'].lower()}; {row['Nguồn']}"
            sheet.add_text(document, f"“{paper.plain(row['Mô hình'], 120)}” ({said})", "-", longest=240)
