"""Figures, looked at by their traces and texts."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard import figures
from dashboard.figures.events import Mark, place_labels
from dashboard.figures.maps import _middle
from dashboard.figures.panels import _apart
from dashboard.theme import DARK, LIGHT, MISSING_PATTERN, text_on, themed

Rows = list[dict[str, Any]]


def frame(rows: Rows) -> pd.DataFrame:
    return pd.DataFrame(rows, dtype=object)


def traces(figure: Any) -> dict[str, Any]:
    go.Figure(themed(figure, dark=False).to_dict())  # where plotly knows a property not, or its value, it raises
    return {trace.name: trace for trace in figure.data}


def test_bars_keep_order_and_set_missing_apart_from_zero() -> None:
    figure = figures.bars(
        frame(
            [
                {"label": "Kinh tế", "value": 1621, "text": "1.621 · 24,8%"},
                {"label": "HTCT", "value": 0, "text": "0 · 0,0%"},
                {"label": "Khác", "value": None, "text": "chưa có số liệu"},
            ]
        )
    )

    known, missing = traces(figure)["Số liệu"], traces(figure)["Chưa có số liệu"]
    assert list(known.text) == ["1.621 · 24,8%", "0 · 0,0%"]
    assert list(known.x) == [1621, 0]
    assert list(missing.text) == ["? chưa có số liệu"]
    assert missing.marker.pattern.shape == MISSING_PATTERN["shape"]
    assert known.marker.pattern.shape is None
    assert [text.strip() for text in figure.layout.yaxis.ticktext] == ["Kinh tế", "HTCT", "Khác"]


def test_bars_draw_every_limit_with_its_name() -> None:
    figure = figures.bars(
        frame([{"label": "HTCT", "value": 0.345, "text": "0,35"}]),
        limits=[(0.6, "Theo dõi"), (0.5, "Cảnh báo")],
        labels_above=True,
    )

    assert [shape.x0 for shape in figure.layout.shapes] == [0.6, 0.5]
    assert [note.text for note in figure.layout.annotations] == ["Theo dõi", "Cảnh báo", "HTCT"]


def test_year_columns_tell_provisional_and_missing_years_apart() -> None:
    figure = figures.year_columns(
        frame(
            [
                {"year": 2022, "value": 34, "text": "34*", "is_provisional": False},
                {"year": 2023, "value": None, "text": "chưa có số liệu", "is_provisional": False},
                {"year": 2024, "value": 31, "text": "31", "is_provisional": True},
            ]
        ),
        [Mark(2022.1, 2023.2, "Covid-19"), Mark(2023.9, None, "Tổng kết")],
    )

    found = traces(figure)
    assert (list(found["Số liệu"].x), list(found["Số liệu"].text)) == ([2022], ["34*"])
    assert (list(found["Tạm tính"].x), found["Tạm tính"].marker.pattern.shape) == ([2024], ".")
    assert (list(found["Chưa có số liệu"].x), list(found["Chưa có số liệu"].text)) == ([2023], ["?"])
    assert {note.text for note in figure.layout.annotations} == {"Covid-19", "Tổng kết"}
    assert [(shape.x0, shape.x1) for shape in figure.layout.shapes if shape.type == "rect"] == [(2022.1, 2023.2)]


def test_event_labels_never_cover_each_other() -> None:
    marks = [Mark(2009 + step / 3, None, f"Sự kiện thứ {step}") for step in range(20)]

    placed = place_labels(marks, 2009, 2016, 600)

    lanes: dict[int, list[tuple[float, float]]] = {}
    for place in placed:
        line = (place.mark.start - 2009 + 0.6) * 600 / 8.2
        length = len(place.mark.label) * 5.7
        start = line if place.anchor == "left" else line - length
        assert all(start >= end or start + length <= begin for begin, end in lanes.get(place.level, []))
        lanes.setdefault(place.level, []).append((start, start + length))


def test_heat_map_hatches_missing_shows_zero_and_leaves_absent_pairs_blank() -> None:
    figure = figures.heat_map(
        frame(
            [
                {"row": "Tam Kỳ", "column": "2022", "value": 18, "text": "18"},
                {"row": "Tam Kỳ", "column": "2023", "value": 0, "text": "0"},
                {"row": "Hội An", "column": "2022", "value": None, "text": "chưa có số liệu"},
            ]
        )
    )

    dark, light, missing = (traces(figure)[name] for name in ("Số liệu, ô đậm", "Số liệu", "Chưa có số liệu"))
    assert (list(dark.text), list(light.text)) == (["18"], ["0"])
    assert light.marker.color[0] == "#FFFFFF"
    assert list(missing.text) == ["?"]
    assert missing.marker.pattern.shape
    assert len(dark.x) + len(light.x) + len(missing.x) == 3


def test_stacked_years_hatch_a_year_without_any_field() -> None:
    figure = figures.stacked_years(
        frame(
            [
                {"short_label": "Kinh tế", "colour": "#E08E0B", "year": 2022, "value": 8},
                {"short_label": "Kinh tế", "colour": "#E08E0B", "year": 2023, "value": None},
                {"short_label": "HTCT", "colour": "#8E1B3A", "year": 2022, "value": 2},
                {"short_label": "HTCT", "colour": "#8E1B3A", "year": 2023, "value": None},
            ]
        )
    )

    assert list(traces(figure)) == ["Kinh tế", "HTCT", "Chưa có số liệu"]
    assert list(traces(figure)["Kinh tế"].text) == ["8", ""]
    assert list(traces(figure)["Chưa có số liệu"].x) == [2023]


def test_tile_map_names_districts_outlines_the_chosen_one_and_hatches_missing_ones() -> None:
    tile = {"tile_row": 0, "is_highlighted": False}
    figure = figures.tile_map(
        frame(
            [
                {**tile, "label": "Tam Kỳ", "tile_col": 0, "value": 1.2, "text": "1,20", "is_highlighted": True},
                {**tile, "label": "Hội An", "tile_col": 1, "value": None, "text": "chưa có số liệu"},
            ]
        )
    )

    assert list(traces(figure)["Số liệu, ô đậm"].text) == ["Tam<br>Kỳ<br><b>1,20</b>"]
    assert list(traces(figure)["Chưa có số liệu"].text) == ["Hội<br>An<br><b>?</b>"]
    assert len(figure.layout.shapes) == 1


def test_line_breaks_at_a_missing_year() -> None:
    rows = [
        {"year": year, "value": value, "text": str(value)} for year, value in ((2022, 0.5), (2023, None), (2024, 0.2))
    ]

    figure = figures.year_line(frame(rows))

    assert list(figure.data[0].y) == [0.5, None, 0.2]
    assert [note.text for note in figure.layout.annotations] == ["?"]


def test_text_from_data_is_shown_and_not_read_as_markup() -> None:
    figure = figures.bars(frame([{"label": '<a href="http://x">y</a>', "value": 1, "text": "1"}]))

    assert "<a" not in figure.layout.yaxis.ticktext[0]


@pytest.mark.parametrize("dark", [False, True])
def test_figures_take_text_and_ground_from_the_theme(dark: bool) -> None:
    figure = themed(figures.bars(frame([{"label": "a", "value": 1, "text": "1"}])), dark=dark).objects

    template = DARK if dark else LIGHT
    assert figure.layout.template.layout.font.color == template["layout"]["font"]["color"]
    assert figure.layout.separators == ",."


def test_short_names_lead_into_groups_and_what_is_none_is_left_out() -> None:
    figure = figures.Figure(height=100, margin={"l": 8}, margin_t=9, plot_bgcolor="#FFFFFF")
    figure.add_bar(x=[1], customdata=None, textfont_size=11)

    assert figure.properties == {"height": 100, "margin": {"l": 8, "t": 9}, "plot_bgcolor": "#FFFFFF"}
    assert figure.traces == [{"type": "bar", "x": [1], "textfont": {"size": 11}}]


def test_text_on_a_colour_is_the_readable_one() -> None:
    assert (text_on("#FFFFFF"), text_on("#153B5E")) == ("#111111", "#FFFFFF")


def test_mark_carries_where_it_leads_and_a_missing_one_leads_nowhere() -> None:
    rows = [
        {"label": "Kinh tế", "value": 5, "text": "5", "link": "nguon?chi_tieu=a"},
        {"label": "Khác", "value": None, "text": "chưa có số liệu", "link": None},
    ]

    figure = figures.bars(frame(rows))

    assert list(traces(figure)["Số liệu"].customdata) == ["nguon?chi_tieu=a"]
    assert traces(figure)["Chưa có số liệu"].customdata is None


@pytest.mark.parametrize("dark", [False, True])
def test_marks_beside_a_clicked_one_do_not_fade(dark: bool) -> None:
    rows = [
        {"row": "Tam Kỳ", "column": "2022", "value": 18, "text": "18"},
        {"row": "Tam Kỳ", "column": "2023", "value": 1, "text": "1"},
    ]

    figure = themed(figures.heat_map(frame(rows)), dark=dark).objects

    assert figure.layout.template.data.bar[0].unselected.marker.opacity == 1
    assert all(trace.unselected.textfont.color == trace.textfont.color for trace in figure.data)


def test_the_legend_of_a_grid_shows_a_state_without_the_outline_of_a_late_cell() -> None:
    cell = {"state": "co", "text": "✓", "hover": "", "link": ""}
    rows = [
        {"row": "A", "column": "2023", "is_outlined": True, **cell},
        {"row": "A", "column": "2024", "is_outlined": False, **cell},
    ]

    (trace,) = figures.state_grid(frame(rows), (figures.State("co", "có số liệu", "✓", "#123456"),)).data

    assert list(trace.x) == [1, 0]  # the legend takes the look of the first
    assert list(trace.marker.line.width) == [1, 3]


def test_names_beside_lines_that_would_touch_move_apart_alike() -> None:
    assert _apart([10, 50], high=60, height=400) == [0, 0]

    lower, upper = _apart([10, 10], high=60, height=400)
    assert (lower, upper) == (-8, 8)


def test_the_middle_of_a_shape_without_area_is_its_first_corner() -> None:
    assert _middle([[[(1, 2), (3, 4), (1, 2)]]]) == (1, 2)


def test_a_tile_map_of_no_district_is_an_empty_picture() -> None:
    columns = ["label", "tile_row", "tile_col", "value", "text", "is_highlighted"]

    drawn = figures.tile_map(pd.DataFrame([], columns=columns))

    assert not any(trace.x for trace in drawn.data)
