"""A sheet of the workbook: what the exhibit says and rests on, its table, its native chart."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from numbers import Real
from typing import Any

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dashboard import labels
from dashboard.exhibit import Exhibit
from dashboard.exports import facts_of, safe_text
from dashboard.labels import SIMULATED
from dashboard.theme import ACCENT, GREY
from dashboard.warehouse import Warehouse
from dashboard.workbooks.contents import Page

INDEX = "Mục lục"
COUNTS = '[>=1000000]0"."000"."000;[>=1000]0"."000;0'
"""Vietnamese thousands whatever the reader's system: 1236 shows as 1.236."""
SHARES, RATIOS, YEARS = "0.0%", "0.00", "0"
_LONGEST = 32_000  # Excel takes 32 767
_LINE = 14.0  # points
# What XML cannot hold, and marks that turn the direction of writing: a name could pose as another by them.
_UNFIT = re.compile("[\ud800-\udfff\ufffe\uffff\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_NARROWEST, _WIDEST, _FACTS_WIDTH = 9, 60, 110
_WIDEST_SHEET, _NARROWED = 220, 32.0
_MOST_LABELS = 24  # of columns beside each other, before their figures run into one another
_HIGHEST_CHART = 740  # a printed page holds it
_OTHER_COLOURS = (ACCENT, "#A85A12", GREY)
_PRINTED_MARK = f"&C&B&14&KC00000{SIMULATED}"


@dataclass(frozen=True)
class Looks:
    """The formats of cells."""

    mark: Format
    title: Format
    under: Format
    name: Format
    fact: Format
    head: Format
    text: Format
    link: Format
    missing: Format
    count: Format
    share: Format
    ratio: Format
    year: Format
    day: Format

    @classmethod
    def of(cls, book: Workbook) -> "Looks":
        """Make them in a workbook."""

        def look(**parts: Any) -> Format:
            return book.add_format({"font_name": "Arial", "font_size": 10, "valign": "top", **parts})

        ruled = {"border": 1, "border_color": "#C9D0D8"}
        return cls(
            mark=look(bold=True, font_size=14, font_color="#C00000"),
            title=look(bold=True, font_size=14),
            under=look(font_color="#505862"),
            name=look(font_color="#505862"),
            fact=look(text_wrap=True),
            head=look(bold=True, text_wrap=True, bg_color="#E8EDF3", **ruled),
            text=look(text_wrap=True, align="left", indent=1, **ruled),
            link=look(font_color="#0B5CAD", underline=1, **ruled),
            missing=look(pattern=14, fg_color="#B4BAC2", bg_color="#FFFFFF", **ruled),  # thin diagonal stripes
            count=look(num_format=COUNTS, **ruled),
            share=look(num_format=SHARES, **ruled),
            ratio=look(num_format=RATIOS, **ruled),
            year=look(num_format=YEARS, **ruled),
            day=look(num_format="dd/mm/yyyy", **ruled),
        )


def cell_text(text: str, longest: int = _LONGEST) -> str:
    """Return text as a cell can hold it, cut where it is too long."""
    clean = _UNFIT.sub("", str(text))
    return clean if len(clean) <= longest else clean[: longest - 1] + "…"


def row_height(values: Sequence[Any], widths: Sequence[float]) -> float:
    """Return how high a row must be for its texts to fit into columns: not every program finds that by itself."""
    pairs = zip(values, widths, strict=True)
    return _LINE * max((ceil(1.05 * len(text) / width) for text, width in pairs if isinstance(text, str)), default=1)


def set_up(sheet: Worksheet, warehouse: Warehouse) -> None:
    """Set how a sheet is printed: A4 across, its snapshot and page under it, and any simulation above it."""
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    snapshot = cell_text(warehouse.info.get("snapshot_id", ""), 80).replace("&", "&&")
    sheet.set_footer(f"&L&9Bản số liệu {snapshot}&R&9&A · trang &P/&N")
    if warehouse.is_simulated:
        sheet.set_header(_PRINTED_MARK)


def add_page(book: Workbook, looks: Looks, page: Page, warehouse: Warehouse, colours: Mapping[str, str]) -> None:
    """Add the sheet of an exhibit. colours: of fields, by their names."""
    exhibit, table = page.exhibit, page.exhibit.table
    sheet = book.add_worksheet(page.name)
    set_up(sheet, warehouse)
    widths = [_width(table, column) for column in table.columns]
    if sum(widths) > _WIDEST_SHEET:  # printed on one page's width, it could not be read
        widths = [min(width, _NARROWED) for width in widths]
    widths[0] = max(widths[0], 18)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    row = 0
    if warehouse.is_simulated:  # also over what was published: the file as a whole is simulated
        sheet.write_string(row, 0, SIMULATED, looks.mark)
        row += 1
    sheet.write_string(row, 0, safe_text(cell_text(exhibit.title)), looks.title)
    sheet.write_string(row + 1, 0, safe_text(cell_text(exhibit.subtitle)), looks.under)
    row = _add_facts(sheet, looks, row + 2, _facts(exhibit, warehouse), widths)
    sheet.write_url(row, 0, f"internal:'{INDEX}'!A1", looks.link, "Về mục lục")
    top = row + 2
    _add_table(sheet, looks, exhibit, top, widths)
    # What is typed as text although it is a number ("2009" on an axis) needs no green corner.
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{top + 1 + len(table)}"})
    sheet.repeat_rows(top)
    if exhibit.figure is None and len(table) > 1:
        sheet.autofilter(top, 0, top + len(table), len(table.columns) - 1)
    if page.kind:
        _add_chart(book, sheet, page, top, colours, mark=SIMULATED if warehouse.is_simulated else "")


def _facts(exhibit: Exhibit, warehouse: Warehouse) -> list[tuple[str, str]]:
    """Return what a reader must know of a table: its title and content apart, which stand above."""
    missing = exhibit.table.isna().to_numpy().any()
    told = [(name, text) for name, text in facts_of(exhibit)[2:] if text]
    if missing:
        told.append(("Ô trống", f"Ô gạch chéo để trống: {labels.MISSING}, không phải số 0."))
    return [*told, ("Bản số liệu", warehouse.info.get("snapshot_id", ""))]


def _add_facts(
    sheet: Worksheet, looks: Looks, row: int, facts: Sequence[tuple[str, str]], widths: Sequence[float]
) -> int:
    """Write facts a row each, their texts over as many columns as they need; return the row after them."""
    last, width = 1, 0.0
    for column in range(1, 16):
        last, width = column, width + (widths[column] if column < len(widths) else 8.4)
        if width >= _FACTS_WIDTH:
            break
    for name, text in facts:
        sheet.write_string(row, 0, name, looks.name)
        if last > 1:
            sheet.merge_range(row, 1, row, last, "", looks.fact)
        sheet.write_string(row, 1, safe_text(cell_text(text)), looks.fact)
        sheet.set_row(row, row_height([text], [width]))
        row += 1
    return row


def _add_table(sheet: Worksheet, looks: Looks, exhibit: Exhibit, top: int, widths: Sequence[float]) -> None:
    table = exhibit.table
    names = [str(name) for name in table.columns]
    numbers = [_number_look(looks, table, name, is_share=name in exhibit.shares) for name in names]
    for column, name in enumerate(names):
        sheet.write_string(top, column, safe_text(cell_text(name)), looks.head)
    sheet.set_row(top, row_height(names, [width - 2 for width in widths]))
    for row, values in enumerate(table.itertuples(index=False, name=None), top + 1):
        for column, value in enumerate(values):
            _write(sheet, looks, (row, column), value, numbers[column])
        sheet.set_row(row, row_height(values, widths))


def _write(sheet: Worksheet, looks: Looks, at: tuple[int, int], value: Any, number_look: Format) -> None:
    """Write a value as what it is: a number as a number, a text as a text, nothing as nothing."""
    if value is None or value is pd.NA or value != value:
        sheet.write_blank(*at, None, looks.missing)
    elif isinstance(value, Real):
        sheet.write_number(*at, float(value), number_look)
    elif value == "":
        sheet.write_blank(*at, None, looks.text)
    elif isinstance(value, date):
        sheet.write_datetime(*at, value, looks.day)
    else:
        sheet.write_string(*at, safe_text(cell_text(value)), looks.text)


def _number_look(looks: Looks, table: pd.DataFrame, name: str, *, is_share: bool) -> Format:
    """Return how a column's numbers are shown: all of them alike."""
    if is_share:
        return looks.share
    if name.startswith("Năm"):
        return looks.year
    return looks.count if are_whole(table[name]) else looks.ratio


def are_whole(values: Iterable[Any]) -> bool:
    """Return whether all numbers among these are whole."""
    return all(float(value).is_integer() for value in values if isinstance(value, Real) and value == value)


def _width(table: pd.DataFrame, column: str) -> float:
    """Return a column's width in characters: of its longest text, within limits, or of half its heading."""
    longest = max((len(value) if isinstance(value, str) else 8 for value in table[column]), default=0)
    return float(min(max(longest + 3, ceil(len(str(column)) / 2) + 4, _NARROWEST), _WIDEST))


def _add_chart(
    book: Workbook, sheet: Worksheet, page: Page, top: int, colours: Mapping[str, str], *, mark: str
) -> None:
    """Draw the table's figures beside it, with their unit and source in the chart itself."""
    table, exhibit = page.exhibit.table, page.exhibit
    is_across = page.kind == "bars"
    stacked = {"subtype": "stacked"} if page.kind == "stacked_columns" else {}
    chart = book.add_chart({"type": {"bars": "bar", "line": "line"}.get(str(page.kind), "column"), **stacked})
    first, last = top + 1, top + len(table)
    is_labelled = is_across or (page.kind == "columns" and len(table) * len(page.series) <= _MOST_LABELS)
    by_point = len(page.series) == 1 and all(name in colours for name in table.iloc[:, 0])
    for place, name in enumerate(page.series):
        column = list(table.columns).index(name)
        colour = colours.get(name, _OTHER_COLOURS[place % len(_OTHER_COLOURS)])
        shown = {"data_labels": _labels(table, exhibit, name)} if is_labelled else {}
        drawn = {"line": {"color": colour, "width": 2.25}} if page.kind == "line" else {"fill": {"color": colour}}
        points = [{"fill": {"color": colours[label]}} for label in table.iloc[:, 0]] if by_point else None
        chart.add_series(
            {
                "name": [page.name, top, column],
                "categories": [page.name, first, 0, last, 0],
                "values": [page.name, first, column, last, column],
                "gap": 50,
                **({"points": points} if points else {}),
                **drawn,
                **shown,
            }
        )
    title = " · ".join(part for part in (mark, exhibit.title) if part)
    chart.set_title({"name": safe_text(cell_text(title, 200)), "name_font": {"size": 11}})
    small = {"size": 8, "bold": False, "color": "#505862"}
    figures = {
        "name": safe_text(cell_text(_unit(exhibit, page), 120)),
        "name_font": small,
        "num_format": SHARES
        if page.series[0] in exhibit.shares
        else COUNTS
        if all(are_whole(table[name]) for name in page.series)
        else RATIOS,
        "major_gridlines": {"visible": True, "line": {"color": "#E3E7EC"}},
        "min": 0,
    }
    source = safe_text(cell_text(f"{exhibit.period}. Nguồn: {exhibit.source}", 160))
    names: dict[str, Any] = {"num_font": {"size": 9}}
    if is_across:
        names |= {"reverse": True, "crossing": "max"}
        figures["name"] = f"{figures['name']} · {source}"
    else:
        names |= {"name": source, "name_font": small}
    (chart.set_y_axis if is_across else chart.set_x_axis)(names)
    (chart.set_x_axis if is_across else chart.set_y_axis)(figures)
    chart.set_legend({"position": "top"} if len(page.series) > 1 else {"none": True})
    chart.show_blanks_as("gap")
    height = min(max(320, 110 + (8 + 16 * len(page.series)) * len(table)), _HIGHEST_CHART) if is_across else 360
    chart.set_size({"width": 720, "height": height})
    sheet.insert_chart(top, len(table.columns) + 1, chart, {"object_position": 3, "description": exhibit.title[:250]})


def _labels(table: pd.DataFrame, exhibit: Exhibit, name: str) -> dict[str, Any]:
    form = SHARES if name in exhibit.shares else COUNTS if are_whole(table[name]) else RATIOS
    return {"value": True, "num_format": form, "font": {"size": 9}}


def _unit(exhibit: Exhibit, page: Page) -> str:
    """Return what the figures' axis says: the unit, or of a share what it is taken of."""
    if page.series[0] in exhibit.shares:
        return f"{page.series[0]} {exhibit.base}".strip()
    return labels.sentence(exhibit.unit)
