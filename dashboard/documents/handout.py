"""The handout: where the movement stands, on one sheet of paper, from the exhibits of the screens."""

from collections.abc import Sequence

from docx.document import Document as DocumentType

from dashboard import exhibits, labels, paper
from dashboard.choice import Choice
from dashboard.documents import sheet
from dashboard.exhibit import Exhibit
from dashboard.exhibits.targets import Goals
from dashboard.labels import number
from dashboard.scope import Scope
from dashboard.topics import flags
from dashboard.topics.flags import Card
from dashboard.topics.headlines import Headline, freshness, headlines
from dashboard.warehouse import Warehouse, records

_ACTIVITIES = ("van_ban", "kiem_tra", "hoi_nghi", "mo_hinh_khen_thuong", "hoi_thi", "toa_dam", "cam_nang", "tin_bai")
_FLAGS = 4
_YEARS_A_ROW = 16
_RATE = 3  # the column of the districts' table


def handout(warehouse: Warehouse, choice: Choice) -> bytes:
    """Return the handout of the whole province for the chosen period as a .docx file."""
    choice = Choice(choice.from_year, choice.to_year, None, choice.boundary_on)
    scope = Scope.of(warehouse, choice)
    movement = warehouse.info["movement"]
    document = sheet.new_sheet(warehouse, f"Tài liệu phát: phong trào thi đua “{movement}”", scope)
    sheet.add_title(
        document,
        f"PHONG TRÀO THI ĐUA “{movement.upper()}”",
        f"{scope.place}, {scope.period} · {freshness(warehouse, choice)}",
    )
    found = flags.cards(warehouse, choice)
    for part in (_standing, _fields, _weak_field, _years, _places, _activities, _typical):
        part(document, scope)
    _flags(document, found)
    _to_do(document, scope, found)
    return paper.packed(document)


def _standing(document: DocumentType, scope: Scope) -> None:
    found = headlines(scope.warehouse, scope.choice, with_trend=False)
    sheet.add_heading(document, f"Đứng ở đâu so với {scope.report_label}")
    _cards(document, scope, found)


def _activities(document: DocumentType, scope: Scope) -> None:
    sheet.add_heading(document, "Hoạt động của phong trào")
    _cards(document, scope, headlines(scope.warehouse, scope.choice, _ACTIVITIES, with_trend=False))


def _cards(document: DocumentType, scope: Scope, found: Sequence[Headline]) -> None:
    rows = [(card.label, card.value, card.unit, card.comparison, _completeness(scope, card)) for card in found]
    heads = ("Chỉ tiêu", "Số", "Đơn vị tính", "So với Báo cáo đã ký", "Mức đầy đủ")
    aligns = (paper.LEFT, paper.RIGHT, paper.LEFT, paper.LEFT, paper.LEFT)
    sheet.add_rows(document, heads, rows, (42, 16, 22, 54, 48), aligns=aligns)
    printed = [card.is_published and card.slice is None for card in found]
    sources = [(scope.report_label, any(printed)), (scope.source, not all(printed))]
    source = "; ".join(text for text, holds in sources if holds)
    sheet.add_small(document, labels.sentence(scope.period), f"Nguồn: {source}", *scope.part_year_notes)


def _completeness(scope: Scope, card: Headline) -> str:
    if card.slice is None and card.is_published:
        return "số công bố"
    given = {row["indicator_id"]: row for row in records(scope.query("completeness"))}.get(card.indicator_id)
    text = sheet.completeness(given) if given else labels.MISSING
    return f"{text}; tạm tính" if "tạm tính" in card.marks else text


def _fields(document: DocumentType, scope: Scope) -> None:
    exhibit = exhibits.field_shares(scope.warehouse, scope.choice)
    _exhibit(document, exhibit, (70, 30, 30, 40), exhibit.notes[:1])


def _weak_field(document: DocumentType, scope: Scope) -> None:
    level = exhibits.weak_fields(scope.warehouse, scope.choice)
    _exhibit(document, level, (70, 25, 25, 40, 30), level.notes[:1])
    since = exhibits.weak_field_years(scope.warehouse, scope.choice)
    if since.table.empty:
        sheet.add_text(document, f"{since.title}.")
    else:
        _exhibit(document, since, (30, 50, 40, 30))
    for card in exhibits.weak_field_cards(scope.warehouse, scope.choice):
        sheet.add_text(
            document,
            f"{card.value} {card.unit} ({card.comparison}{'; ' + card.marks if card.marks else ''}).",
            f"{card.label}:",
        )


def _years(document: DocumentType, scope: Scope) -> None:
    exhibit = exhibits.years_recognised(scope.warehouse, scope.choice)
    sheet.add_heading(document, exhibit.title)
    values = exhibit.table.iloc[:, 1]
    if values.isna().all():
        _nothing(document, exhibit)
        return
    marks = [_year_mark(note) for note in exhibit.table["Ghi chú"]]
    cells = [("?" if value is None else number(value)) + mark for value, mark in zip(values, marks, strict=True)]
    years = list(exhibit.table["Năm"])
    for first in range(0, len(years), _YEARS_A_ROW):
        part = slice(first, first + _YEARS_A_ROW)
        widths = (16, *[10] * len(years[part]))
        sheet.add_rows(document, ("Năm", *years[part]), [(labels.sentence(exhibit.unit), *cells[part])], widths, size=8)
    sheet.add_basis(document, exhibit, ("* chưa đủ đơn vị báo cáo", "?: chưa có số liệu", *scope.part_year_notes))


def _year_mark(note: str) -> str:
    marks = (("chưa đủ", "*"), ("tạm tính", "~"), ("số đến", "†"))
    return "" if note == labels.MISSING else "".join(mark for word, mark in marks if word in note)


def _places(document: DocumentType, scope: Scope) -> None:
    """Set the districts' rates in two blocks beside each other, in the usual order: nobody is ranked."""
    exhibit = exhibits.district_map(scope.warehouse, scope.choice)
    sheet.add_heading(document, exhibit.title)
    table = exhibit.table
    count, rate = table.columns[1], table.columns[_RATE]
    if table[rate].isna().all():
        _nothing(document, exhibit)
        return
    rows = [
        (
            row["Đơn vị"],
            sheet.shown(row[count]),
            sheet.shown(row[rate]),
            f"{row['Năm có số liệu']}/{row['Năm phải có']}",
        )
        for _, row in table.iterrows()
    ]
    half = (len(rows) + 1) // 2
    right = [*rows[half:], *[("", "", "", "")] * (2 * half - len(rows))]
    heads = ("Đơn vị", count, rate, "Năm có số liệu")
    beside = [(*left, *other) for left, other in zip(rows[:half], right, strict=True)]
    aligns = [paper.LEFT, *[paper.RIGHT] * 3] * 2
    sheet.add_rows(document, (*heads, *heads), beside, (30, 17, 22, 22) * 2, size=8, aligns=aligns)
    sheet.add_basis(document, exhibit, ("Chênh lệch có thể chỉ là dao động",))


def _typical(document: DocumentType, scope: Scope) -> None:
    exhibit = exhibits.typical_models(scope.warehouse, scope.choice)
    sheet.add_heading(document, exhibit.title)
    rows = [(row["Lĩnh vực"], sheet.shown(row["Được chọn"])) for _, row in exhibit.table.iterrows()]
    if exhibit.table["Được chọn"].notna().any():
        heads, values = zip(*rows, strict=True)
        aligns = [paper.CENTRE] * len(rows)
        sheet.add_rows(document, heads, [values], [45] * len(rows), aligns=aligns)
    sheet.add_small(
        document,
        f"Đơn vị tính: {exhibit.unit}",
        f"Nguồn: {scope.report_label}; số do cấp tỉnh chọn, không phải số các đơn vị báo cáo",
    )


def _flags(document: DocumentType, found: Sequence[Card]) -> None:
    """Name what stands out of the whole province; units are only counted: they are told by themselves."""
    sheet.add_heading(document, "Cảnh báo đáng chú ý")
    foremost = flags.foremost(found, _FLAGS)
    for card, more in foremost:
        if card.don_vi_id is None:
            others = f" (và {number(more)} cảnh báo khác cùng quy tắc)" if more else ""
            sheet.add_text(document, f"{card.statement} {card.certainty}{others}", f"{card.level_label} · {card.who}:")
        else:
            lead = f"{card.level_label} · {_units(card, found)}:"
            sheet.add_text(document, f"{card.question} ({card.rule_label}; báo riêng từng đơn vị).", lead)
    if not foremost:
        sheet.add_text(document, "Không có cảnh báo nào đủ căn cứ để nêu.")
    sheet.add_small(document, flags.FALSE_ALARMS)


def _units(card: Card, found: Sequence[Card]) -> str:
    """Return how many units a card's rule names."""
    count = len({other.don_vi_id for other in flags.named(found) if other.rule == card.rule and other.don_vi_id})
    return f"{number(count)} đơn vị"


def _to_do(document: DocumentType, scope: Scope, found: Sequence[Card]) -> None:
    sheet.add_heading(document, "Nên làm gì")
    goals = Goals.of(scope.warehouse, scope.choice)
    if goals:
        goal = goals.goal(goals.weakest, goals.first)
        sheet.add_text(document, exhibits.target_arithmetic(scope.warehouse, scope.choice, goal), "Mục tiêu thử tính:")
    actions = [
        card.action
        if card.don_vi_id is None
        else f"Làm việc riêng với {_units(card, found)} có cảnh báo “{card.rule_label}”."
        for card, _ in flags.foremost(found, _FLAGS)
    ]
    for place, action in enumerate(dict.fromkeys(actions), 1):
        sheet.add_text(document, action, f"{place}.")


def _exhibit(document: DocumentType, exhibit: Exhibit, widths: Sequence[float], notes: Sequence[str] = ()) -> None:
    """Add an exhibit's message, its table and what it rests on."""
    sheet.add_heading(document, exhibit.title)
    table = exhibit.table
    rows = [
        [sheet.shown(value, is_share=name in exhibit.shares) for name, value in row.items()]
        for _, row in table.iterrows()
    ]
    fitting = (*widths, *[30] * len(table.columns))[: len(table.columns)]
    sheet.add_rows(document, list(table.columns), rows, fitting)
    sheet.add_basis(document, exhibit, notes)


def _nothing(document: DocumentType, exhibit: Exhibit) -> None:
    sheet.add_small(document, exhibit.subtitle, f"Mức đầy đủ: {exhibit.completeness}")
