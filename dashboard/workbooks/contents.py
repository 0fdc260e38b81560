"""What the workbook holds: which exhibits, under which names, and how each is charted."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

import pandas as pd

from dashboard import exhibits
from dashboard.choice import Choice
from dashboard.exhibit import Exhibit
from dashboard.exhibits.coverage import AREAS, THEMES
from dashboard.topics import flags
from dashboard.topics.headlines import HEADLINES
from dashboard.topics.register import Search
from dashboard.warehouse import LacksDataError, Warehouse, records

Kind = Literal["bars", "columns", "stacked_columns", "line"]
Maker = Callable[[Warehouse, Choice], Exhibit]
Columns = Callable[[pd.DataFrame], Sequence[str]]

_LONGEST_NAME = 31
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")


@dataclass(frozen=True)
class Entry:
    """An exhibit the workbook offers: its sheet's name, how it is made, and how its table is charted natively.

    charted: which columns of its table are drawn over the first one; none of them with a figure: nothing to show.
    """

    name: str
    make: Maker
    kind: Kind | None = None
    charted: Columns = field(default=lambda table: list(table.columns[1:2]))


@dataclass(frozen=True)
class Page:
    """An exhibit with its sheet's name, and the columns of its native chart (None: it has none)."""

    name: str
    exhibit: Exhibit
    kind: Kind | None
    series: tuple[str, ...]


@dataclass(frozen=True)
class Contents:
    """The sheets there are, and the names of those that this snapshot and choice give no figure for."""

    pages: tuple[Page, ...]
    left_out: tuple[str, ...]


def contents(warehouse: Warehouse, choice: Choice, *, with_support: bool = False) -> Contents:
    """Return what the workbook of a choice holds; the units that need support only with_support."""
    pages, left_out, taken = [], [], {"mục lục"}
    for entry in _entries(warehouse, with_support=with_support):
        page = _page(entry, warehouse, choice)
        if page is None:
            left_out.append(entry.name)
        else:
            pages.append(Page(_free_name(entry.name, taken), page.exhibit, page.kind, page.series))
    return Contents(tuple(pages), tuple(left_out))


def _page(entry: Entry, warehouse: Warehouse, choice: Choice) -> Page | None:
    """Return an entry's page; None where it has no figure, or its snapshot is of a version that lacks its tables."""
    try:
        exhibit = entry.make(warehouse, choice).of_all()
    except LacksDataError:
        return None
    table = exhibit.table
    figures = list(entry.charted(table)) if entry.kind else list(table.columns[1:])
    if table.empty or table[figures].isna().to_numpy().all():
        return None
    return Page(entry.name, exhibit, entry.kind, tuple(figures) if entry.kind else ())


def _entries(warehouse: Warehouse, *, with_support: bool) -> Iterator[Entry]:
    """Yield what is offered, in the order of the pages."""
    yield from _FIELDS
    indicators = [(row["indicator_id"], row["short_label"]) for row in records(warehouse.query("indicators"))]
    for key, label in indicators:
        yield Entry(f"Năm - {label}", partial(_years, indicator_id=key), "columns")
    for key, label in indicators:
        yield Entry(f"Đơn vị x năm - {label}", partial(_unit_years, indicator_id=key))
    for key, label in indicators:
        if key in HEADLINES:  # of the others the sheets above hold every unit and year
            yield Entry(f"Huyện - {label}", partial(_districts, indicator_id=key), "bars")
            yield Entry(f"Cơ quan - {label}", partial(_others, indicator_id=key), "bars")
    yield from _REST
    if with_support:
        yield Entry("Cần hỗ trợ (nội bộ)", exhibits.support_ranks)
    yield from _METHOD


def _years(warehouse: Warehouse, choice: Choice, indicator_id: str) -> Exhibit:
    return exhibits.indicator_years(warehouse, choice, indicator_id, with_events=False)


def _districts(warehouse: Warehouse, choice: Choice, indicator_id: str) -> Exhibit:
    return exhibits.districts_by_indicator(warehouse, choice, indicator_id)


def _others(warehouse: Warehouse, choice: Choice, indicator_id: str) -> Exhibit:
    return exhibits.others_by_indicator(warehouse, choice, indicator_id)


def _unit_years(warehouse: Warehouse, choice: Choice, indicator_id: str) -> Exhibit:
    return exhibits.unit_years(warehouse, choice, indicator_id)


def _named(*names: str) -> Columns:
    return lambda _: names


def _all_but_first(table: pd.DataFrame) -> Sequence[str]:
    return list(table.columns[1:])


_RATE = _named("Mỗi xã mỗi năm")
_SHARE = _named("Tỷ trọng")
_BOTH_COUNTS = _named("Mô hình (không trùng)", "Lượt công nhận")

_FIELDS = (
    Entry("Lĩnh vực", exhibits.field_shares, "bars"),
    Entry("Lĩnh vực yếu", exhibits.weak_fields, "bars", _named("So với chia đều (lần)")),
    Entry("Lĩnh vực yếu qua các năm", exhibits.weak_field_years, "columns", _SHARE),
    Entry("Lĩnh vực theo năm", exhibits.field_years, "stacked_columns", _all_but_first),
    Entry("Lĩnh vực x năm", exhibits.field_year_heat),
    Entry("Huyện x lĩnh vực", exhibits.district_field_heat),
    Entry("Huyện - mỗi xã mỗi năm", exhibits.district_rates, "bars", _RATE),
    Entry("Huyện x năm - mỗi xã", exhibits.district_panels),
    Entry("Miền núi, đồng bằng", exhibits.terrain_years, "line", lambda table: list(table.columns[1::2])),
)
_REST = (
    Entry("Tỷ lệ khen thưởng", exhibits.awarded_shares, "columns", _named("Tỷ lệ khen thưởng")),
    Entry(
        "Mô hình mỗi cuộc kiểm tra",
        exhibits.models_per_inspection,
        "columns",
        _named("Mô hình mỗi cuộc kiểm tra"),
    ),
    Entry("Đối chiếu - phép cộng", exhibits.printed_sums),
    Entry("Đối chiếu - toàn tỉnh", exhibits.province_ledger),
    Entry("Đối chiếu - địa phương", exhibits.place_ledger),
    Entry("Mô hình theo tình trạng", exhibits.register_statuses, "bars"),
    Entry("Mô hình theo lĩnh vực", exhibits.register_by_field, "bars", _BOTH_COUNTS),
    Entry("Mô hình theo năm", exhibits.register_by_year, "columns", _BOTH_COUNTS),
    Entry("Mô hình theo đơn vị", exhibits.register_by_unit, "bars", _BOTH_COUNTS),
    Entry("Mô hình điển hình", exhibits.typical_models),
    Entry("Nhân rộng mô hình", exhibits.replicated_models),
    Entry("Mô hình được nêu tên", lambda warehouse, choice: exhibits.named_models(warehouse, choice, Search())),
    Entry("Danh sách mô hình", lambda warehouse, choice: exhibits.register_models(warehouse, choice, Search())),
    Entry("Mô hình có thể trùng", exhibits.likely_duplicates),
    Entry("Lãnh đạo, chỉ đạo", exhibits.mentions),
    Entry("Chủ đề x lĩnh vực", partial(exhibits.covered_by_field, list_id=THEMES)),
    Entry("Chủ đề x huyện", partial(exhibits.covered_by_district, list_id=THEMES)),
    Entry("Địa bàn đặc thù x lĩnh vực", partial(exhibits.covered_by_field, list_id=AREAS)),
    Entry("Địa bàn đặc thù x huyện", partial(exhibits.covered_by_district, list_id=AREAS)),
    Entry("Cảnh báo", lambda warehouse, choice: exhibits.flag_list(warehouse, choice, flags.cards(warehouse, choice))),
    Entry("Phễu tỷ lệ", exhibits.rate_funnel),
    Entry("Phễu khen thưởng", exhibits.award_funnel),
    Entry("Mức tập trung", exhibits.concentration_curve),
)
_METHOD = (Entry("Quy tắc", exhibits.rule_book), Entry("Ngưỡng", exhibits.threshold_table))


def _free_name(wanted: str, taken: set[str]) -> str:
    """Return a name that Excel takes for a sheet and none of `taken`, which it joins."""
    plain = " ".join(_NOT_IN_A_NAME.sub("-", wanted).split()) or "Trang"
    name, again = plain[:_LONGEST_NAME].rstrip(), 1
    while name.casefold() in taken:
        again += 1
        mark = f" ({again})"
        name = plain[: _LONGEST_NAME - len(mark)].rstrip() + mark
    taken.add(name.casefold())
    return name
