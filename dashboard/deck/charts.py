"""Charts that PowerPoint itself draws and edits: their figures lie in a workbook inside the deck."""

import io
from datetime import datetime
from math import ceil, floor, log10
from typing import Any

import xlsxwriter
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Pt

from dashboard.deck import page
from dashboard.deck.page import Box
from dashboard.figures.events import Mark, place_labels
from dashboard.fitting import count_lines, fitted, text_width
from dashboard.labels import number, percent
from dashboard.paper import plain
from dashboard.slides.slide import Chart, Slide

COUNTS = '[>=1000000]0"."000"."000;[>=1000]0"."000;0'
"""The number format that writes 1.236 whatever language Office speaks."""

_KINDS = {
    "bars": XL_CHART_TYPE.BAR_CLUSTERED,
    "columns": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "stacked_columns": XL_CHART_TYPE.COLUMN_STACKED,
    "stacked_bars": XL_CHART_TYPE.BAR_STACKED,
    "line": XL_CHART_TYPE.LINE_MARKERS,
}
_MOST_WORDS = 6
_FIRST_DAY = datetime(2000, 1, 1)  # no moment: the same figures give the same bytes
_UNKNOWN = "?"
_LONGEST_NAME = 40  # of a series: longer ones would fill the chart with its legend


def add_chart(slide: Any, found: Slide, box: Box) -> None:
    """Draw a slide's chart into a place, with its limits and events."""
    chart = found.chart
    assert chart is not None
    names, values = _figures(found, chart)
    frame = _Frame.of(chart, names, values, box)
    for mark in chart.marks:
        if mark.until is not None:
            _add_span(slide, mark, frame, names)
    # Before the chart, so that no line crosses a figure.
    _add_events(slide, chart.marks, frame, names)
    _add_limits(slide, chart, frame)
    data = CategoryChartData(number_format=COUNTS if not chart.digits else "General")
    data.categories = names
    for label, figures in zip(chart.series, values, strict=True):
        data.add_series(plain(label, _LONGEST_NAME), figures)
    shape = slide.shapes.add_chart(_KINDS[chart.kind], *box.emu, data)
    shape.name = plain(f"Biểu đồ {found.key}")
    shape._element.nvGraphicFramePr.cNvPr.set("descr", plain(f"{found.title}. {found.subtitle}", 500))
    shape.chart.part.chart_workbook.update_from_xlsx_blob(_workbook(names, chart, values))
    _style(shape.chart, found, chart, values, frame)


def _figures(found: Slide, chart: Chart) -> tuple[list[str], list[list[float | None]]]:
    """Return the names of the categories, "?" at those without any figure, and the figures of every series."""
    table = found.table
    values = [[None if value is None else value for value in table[name]] for name in chart.series]
    names = [_words(str(name)) for name in table[chart.category]]
    unknown = [all(column[place] is None for column in values) for place in range(len(names))]
    return [f"{name} {_UNKNOWN}" if lost else name for name, lost in zip(names, unknown, strict=True)], values


def _words(text: str) -> str:
    """Return a label short enough for an axis."""
    words = plain(text, 60).split(" ")
    return " ".join(words) if len(words) <= _MOST_WORDS else " ".join(words[:_MOST_WORDS]) + "…"


class _Frame:
    """Where the plot lies inside its chart, and which value reaches its end: what is drawn over it must meet it."""

    def __init__(self, box: Box, plot: Box, high: float, *, is_across: bool, label_size: float) -> None:
        self.box, self.plot, self.high = box, plot, high
        self.is_across, self.label_size = is_across, label_size

    @classmethod
    def of(cls, chart: Chart, names: list[str], values: list[list[float | None]], box: Box) -> "_Frame":
        """Leave room for the labels of the categories, a legend, the texts of limits and events."""
        is_across = chart.kind in ("bars", "stacked_bars")
        stacked = chart.kind.startswith("stacked")
        rows = zip(*values, strict=True) if stacked else ([value] for column in values for value in column)
        highest = max((sum(value for value in row if value is not None) for row in rows), default=0)
        highest = max(highest, *(value for value, _ in chart.limits)) if chart.limits else highest
        top = 0.42 if len(chart.series) > 1 else 0.1
        top += 0.3 if chart.limits else 0.0
        top += 0.26 * _lanes(chart.marks, names, box) if chart.marks else 0.0
        if is_across:
            size = 14.0 if box.width > 6 else 11.0
            left = min(box.width * 0.5, max(text_width(name, size) for name in names) + 0.3)
            plot = Box(box.left + left, box.top + top, box.width - left - 0.15, box.height - top - 0.05)
            return cls(box, plot, _nice(highest * (1.02 if stacked else 1.16)), is_across=True, label_size=size)
        left = 0.15 if chart.kind == "columns" else 0.75
        each = (box.width - left - 0.15) / max(1, len(names))
        size = next((s for s in (14.0, 13.0, 12.0, 11.0, 10.0) if _one_line(names, each, s)), 9.0)
        plot = Box(box.left + left, box.top + top, box.width - left - 0.15, box.height - top - 0.42)
        high = ceil(highest * 1.05) if chart.kind == "line" else _nice(highest * 1.12)
        return cls(box, plot, high, is_across=False, label_size=size)

    def across(self, year: float, first: float, count: int) -> float:
        """Return where a moment stands on an axis of years."""
        share = (year - first + 0.5) / count
        return self.plot.left + min(1.0, max(0.0, share)) * self.plot.width


def _one_line(names: list[str], width: float, size: float) -> bool:
    return all(count_lines(name, width * 0.97, size) == 1 for name in names)


def _nice(value: float) -> float:
    """Return a round number not below a value, for the end of an axis."""
    if value <= 0:
        return 1.0
    step = float(10 ** floor(log10(value))) / 5
    return round(ceil(value / step) * step, 10)


def _lanes(marks: tuple[Mark, ...], names: list[str], box: Box) -> int:
    first, last = _years(names)
    placed = place_labels(marks, first, last, round((box.width - 0.3) * 80))
    return max((one.level for one in placed), default=-1) + 1


def _years(names: list[str]) -> tuple[int, int]:
    return int(names[0][:4]), int(names[-1][:4])


def _style(chart: Any, found: Slide, said: Chart, values: list[list[float | None]], frame: _Frame) -> None:
    chart.has_title = False
    chart.font.name, chart.font.size = page.FONT, Pt(frame.label_size)
    chart.font.color.rgb = RGBColor.from_string(page.INK)
    chart.has_legend = len(said.series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
        chart.legend.font.size, chart.legend.font.name = Pt(13), page.FONT
    _place_plot(chart, frame)
    _clear(chart)
    _style_axes(chart, said, frame)
    plot = chart.plots[0]
    if said.kind != "line":
        plot.gap_width = 45
        plot.overlap = 100 if said.kind.startswith("stacked") else 0
    plot.vary_by_categories = False
    for place, series in enumerate(plot.series):
        _colour(series, said, place, len(values[place]))
    _label(plot, found, said, values)


def _clear(chart: Any) -> None:
    """Give the chart no ground of its own: spans of years are drawn behind it."""
    space = chart._chartSpace
    look = OxmlElement("c:spPr")
    page.child(look, "a:noFill")
    page.child(page.child(look, "a:ln"), "a:noFill")
    space.chart.addnext(look)


def _place_plot(chart: Any, frame: _Frame) -> None:
    """Fix where the plot lies, without a ground of its own: programs differ in what they choose themselves."""
    box, plot = frame.box, frame.plot
    area = chart._chartSpace.chart.plotArea
    layout = OxmlElement("c:layout")
    manual = page.child(layout, "c:manualLayout")
    page.child(manual, "c:layoutTarget").set("val", "inner")
    for mode in ("xMode", "yMode"):
        page.child(manual, f"c:{mode}").set("val", "edge")
    shares = (
        ("x", (plot.left - box.left) / box.width),
        ("y", (plot.top - box.top) / box.height),
        ("w", plot.width / box.width),
        ("h", plot.height / box.height),
    )
    for name, share in shares:
        page.child(manual, f"c:{name}").set("val", f"{share:.4f}")
    area.insert(0, layout)


def _style_axes(chart: Any, said: Chart, frame: _Frame) -> None:
    names, figures = chart.category_axis, chart.value_axis
    figures.minimum_scale, figures.maximum_scale = 0, frame.high
    # An axis shows whole numbers only: their format is ours, a decimal comma would be the reader's system's.
    is_shown = said.kind in ("stacked_columns", "line")
    figures.has_major_gridlines = figures.visible = is_shown
    if is_shown:
        if said.kind == "line":
            figures.major_unit = max(1, ceil(frame.high / 5))
        figures.tick_labels.number_format, figures.tick_labels.number_format_is_linked = COUNTS, False
        figures.tick_labels.font.size = Pt(12)
        figures.format.line.fill.background()
        figures.major_gridlines.format.line.color.rgb = RGBColor.from_string("E3E7EC")
    names.format.line.color.rgb = RGBColor.from_string(page.RULE)
    names.major_tick_mark = names.minor_tick_mark = XL_TICK_MARK.NONE
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.tick_labels.font.size = Pt(frame.label_size)
    names.has_major_gridlines = False
    names.reverse_order = frame.is_across


def _colour(series: Any, said: Chart, place: int, count: int) -> None:
    colours = [colour.lstrip("#") for colour in said.colours]
    if said.kind == "line":
        series.smooth = False
        series.format.line.color.rgb = RGBColor.from_string(colours[place])
        series.format.line.width = Pt(2.5)
        series.marker.size = 7
        series.marker.format.fill.solid()
        series.marker.format.fill.fore_color.rgb = RGBColor.from_string(colours[place])
        series.marker.format.line.color.rgb = RGBColor.from_string(colours[place])
        return
    by_category = len(said.series) == 1 and len(colours) == count > 1
    for point in range(count if by_category else 1):
        look = series.points[point].format if by_category else series.format
        look.fill.solid()
        look.fill.fore_color.rgb = RGBColor.from_string(colours[point] if by_category else colours[place])
    series.invert_if_negative = False


def _label(plot: Any, found: Slide, said: Chart, values: list[list[float | None]]) -> None:
    """Write the figures at their marks; shares and rates as text, since a format cannot fix the decimal comma."""
    if said.kind == "stacked_columns":
        return
    size = 12.0 if len(values[0]) > 12 else 14.0
    if said.digits:
        for place, series in enumerate(plot.series):
            shown = [_shown(value, found, said, said.series[place]) for value in values[place]]
            told = _told(values[place]) if said.kind == "line" else range(len(shown))
            for point, text in enumerate(shown):
                if text and point in told:
                    _write_label(series.points[point].data_label, text, size, _above(said, values, place, point))
        return
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.number_format, labels.number_format_is_linked = COUNTS, False
    labels.show_value = True
    inside = said.kind == "stacked_bars"
    labels.position = XL_LABEL_POSITION.CENTER if inside else XL_LABEL_POSITION.OUTSIDE_END
    page.set_font(labels.font, size, colour="FFFFFF" if inside else page.INK, bold=True)


def _told(values: list[float | None]) -> set[int]:
    """Return which points of a line are labelled: its ends and its highest; the axis tells the others."""
    known = [place for place, value in enumerate(values) if value is not None]
    return {known[0], known[-1], max(known, key=lambda place: values[place] or 0)} if known else set()


def _write_label(label: Any, text: str, size: float, position: XL_LABEL_POSITION) -> None:
    label.has_text_frame = True
    page.add_run(label.text_frame.paragraphs[0], text, size, bold=True)
    label.position = position


def _above(said: Chart, values: list[list[float | None]], place: int, point: int) -> XL_LABEL_POSITION:
    """Return where a point's label stands: of two lines the lower one's stands below it."""
    if said.kind != "line":
        return XL_LABEL_POSITION.OUTSIDE_END
    own = values[place][point] or 0
    if not own:
        return XL_LABEL_POSITION.ABOVE  # below it stands the axis
    others = [column[point] for other, column in enumerate(values) if other != place and column[point] is not None]
    is_lower = any(other > own or (other == own and place) for other in others if other is not None)
    return XL_LABEL_POSITION.BELOW if is_lower else XL_LABEL_POSITION.ABOVE


def _shown(value: float | None, found: Slide, said: Chart, column: str) -> str:
    if value is None:
        return ""
    return percent(value, said.digits) if column in found.shares else number(value, said.digits)


def _workbook(names: list[str], chart: Chart, values: list[list[float | None]]) -> bytes:
    """Return the chart's figures as a workbook: texts stay texts, nothing in it names a moment."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"created": _FIRST_DAY})
        sheet = book.add_worksheet("Sheet1")
        look = book.add_format({"num_format": "General" if chart.digits else COUNTS})
        sheet.set_column(0, 0, 30)
        for row, name in enumerate(names, 1):
            sheet.write_string(row, 0, name)
        for place, label in enumerate(chart.series, 1):
            sheet.write_string(0, place, plain(label, _LONGEST_NAME))
            for row, value in enumerate(values[place - 1], 1):
                if value is not None:
                    sheet.write_number(row, place, value, look)
    return stream.getvalue()


def _add_limits(slide: Any, chart: Chart, frame: _Frame) -> None:
    """Draw the limits as dashed lines with their names."""
    plot = frame.plot
    for value, text in chart.limits:
        share = value / frame.high
        if frame.is_across:
            at = plot.left + share * plot.width
            page.line(slide, (at, plot.top - 0.05), (at, plot.top + plot.height), page.RED, dashed=True)
            place = Box(at, plot.top - 0.36, max(0.5, frame.box.left + frame.box.width - at), 0.28)
        else:
            at = plot.top + plot.height * (1 - share)
            page.line(slide, (plot.left, at), (plot.left + plot.width, at), page.RED, dashed=True)
            place = Box(plot.left + plot.width - 3.2, at - 0.3, 3.2, 0.28)
        align = page.LEFT if frame.is_across else page.RIGHT
        page.write(slide, place, text, (13.0, 11.0, 10.0), colour=page.RED, bold=True, align=align)


def _add_span(slide: Any, mark: Mark, frame: _Frame, names: list[str]) -> None:
    """Shade the years of a lasting event, behind the columns."""
    first, _ = _years(names)
    assert mark.until is not None
    start, end = (frame.across(moment, first, len(names)) for moment in (mark.start, mark.until))
    if end > start:
        page.rectangle(slide, Box(start, frame.plot.top, end - start, frame.plot.height), "E9ECF0", name=mark.label)


def _add_events(slide: Any, marks: tuple[Mark, ...], frame: _Frame, names: list[str]) -> None:
    if not marks:
        return
    first, last = _years(names)
    top = frame.box.top + 0.1
    for placed in place_labels(marks, first, last, round((frame.box.width - 0.3) * 80)):
        at = frame.across(max(placed.mark.start, first - 0.5), first, len(names))
        height = top + 0.26 * placed.level
        page.line(slide, (at, height), (at, frame.plot.top + frame.plot.height), "9AA5B1", dashed=True)
        width = min(2.2, at - frame.box.left if placed.anchor == "right" else frame.box.left + frame.box.width - at)
        left = at + 0.05 if placed.anchor == "left" else at - width
        text = fitted(plain(placed.mark.label, 60), width - 0.05, 0.26, (12.0, 11.0, 10.0, 9.0))
        align = page.LEFT if placed.anchor == "left" else page.RIGHT
        page.write(slide, Box(left, height, width - 0.05, 0.24), text.text, (text.size,), colour=page.SOFT, align=align)
