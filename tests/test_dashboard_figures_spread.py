"""Figures of spread (funnel, Lorenz curve, intervals, spine), looked at by their traces and texts."""

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import figures
from dashboard.theme import ACCENT, HIGHLIGHT, MISSING_PATTERN
from tests.test_dashboard_figures import Rows, frame, traces

LIMITS = [
    {"x": x, "low95": 1 - width, "high95": 1 + width, "low998": 1 - 1.6 * width, "high998": 1 + 1.6 * width}
    for x, width in ((5, 0.6), (20, 0.4), (60, 0.2))
]


def point(label: str, x: float | None, y: float | None, **more: Any) -> dict[str, Any]:
    return {"label": label, "x": x, "y": y, "text": f"{y} lần", "is_named": False, "link": f"nguon?{label}", **more}


def draw_funnel(points: Rows, **options: Any) -> Any:
    return figures.funnel(frame(points), frame(LIMITS), x_title="Mong đợi", y_title="Tỷ số", **options)


def test_funnel_names_only_what_lies_outside_and_the_unit_looked_at() -> None:
    figure = draw_funnel(
        [
            point("Tam Kỳ", 20, 1.1),
            point("Núi Thành", 50, 0.5, is_named=True),
            point("Hội An", 30, 1.0, is_highlighted=True),
        ]
    )

    found = traces(figure)
    assert list(found["Trong mức dao động"].text) == [""]
    assert list(found["Ngoài mức dao động"].text) == ["Núi Thành"]
    assert list(found["Đơn vị đang xem"].text) == ["Hội An"]
    assert list(found["Ngoài mức dao động"].customdata) == ["nguon?Núi Thành"]
    symbols = {str(found[name].marker.symbol) for name in ("Trong mức dao động", "Ngoài mức dao động")}
    assert len(symbols) == 2  # not told apart by colour alone
    assert found["Trong mức dao động"].hovertext[0] == "Tam Kỳ: 1.1 lần"


def test_unit_looked_at_keeps_the_diamond_of_what_lies_outside() -> None:
    figure = draw_funnel([point("Hội An", 30, 0.2, is_named=True, is_highlighted=True)])

    assert list(traces(figure)["Đơn vị đang xem"].marker.symbol) == ["diamond"]


def test_funnel_draws_both_bands_as_given_and_a_line_at_the_level() -> None:
    figure = draw_funnel([point("Tam Kỳ", 20, 0.3)], level=0.25, level_text="Toàn tỉnh 25%", is_share=True)

    found = traces(figure)
    assert list(found["Vùng 95%"].y) == [row["high95"] for row in LIMITS]
    assert list(found["Vùng 99,8%, dưới"].y) == [row["low998"] for row in LIMITS]
    assert found["Vùng 95%"].line.dash != found["Vùng 99,8%"].line.dash
    assert [shape.y0 for shape in figure.layout.shapes] == [0.25]
    assert "Toàn tỉnh 25%" in {note.text for note in figure.layout.annotations}
    assert figure.layout.yaxis.tickformat == ".0%"


def test_funnel_leaves_out_a_unit_without_figures_and_shows_every_other() -> None:
    figure = draw_funnel([point("Tam Kỳ", 20, None), point("Hội An", 30, 3.5), point("Nam Giang", None, 1)])

    (trace,) = [trace for trace in figure.data if trace.mode == "markers+text"]
    assert list(trace.y) == [3.5]
    assert figure.layout.yaxis.range[1] > 3.5


@given(st.lists(st.tuples(st.floats(5, 60), st.floats(0, 2)), min_size=2, max_size=2, unique=True))
def test_two_names_in_a_funnel_take_different_sides_where_they_would_touch(at: list[tuple[float, float]]) -> None:
    (x, y), (x2, y2) = at
    figure = draw_funnel([point("Nam Trà My", x, y, is_named=True), point("Bắc Trà My", x2, y2, is_named=True)])

    first, second = traces(figure)["Ngoài mức dao động"].textposition
    if abs(x - x2) < 0.1 and abs(y - y2) < 0.01:
        assert first != second


def test_lorenz_draws_the_curve_the_line_of_equality_and_the_band() -> None:
    curve = [
        {"x": 0, "y": 0, "label": "Bắt đầu", "text": "0%", "link": None},
        {"x": 0.4, "y": 0.1, "label": "Tây Giang", "text": "40% số xã có 10% số mô hình", "link": "nguon?a"},
        {"x": 1, "y": 1, "label": "Tam Kỳ", "text": "100%", "link": "nguon?b"},
    ]
    band = [{"x": 0, "low": 0, "high": 0}, {"x": 0.4, "low": 0.3, "high": 0.36}, {"x": 1, "low": 1, "high": 1}]

    figure = figures.lorenz(frame(curve), frame(band), x_title="Xã", y_title="Mô hình")

    found = traces(figure)
    assert (list(found["Thực tế"].x), list(found["Thực tế"].y)) == ([0, 0.4, 1], [0, 0.1, 1])
    assert (list(found["Chia đều tuyệt đối"].x), list(found["Chia đều tuyệt đối"].y)) == ([0, 1], [0, 1])
    assert list(found["Một tỉnh cân bằng"].y) == [0, 0.36, 1]
    assert list(found["Thực tế"].customdata) == ["", "nguon?a", "nguon?b"]
    assert "Tây Giang: 40% số xã có 10% số mô hình" in found["Thực tế"].hovertext


def test_lorenz_without_a_band_still_draws_the_curve() -> None:
    curve = [{"x": 0, "y": 0, "label": "", "text": ""}, {"x": 1, "y": 1, "label": "Tam Kỳ", "text": "100%"}]

    figure = figures.lorenz(frame(curve), pd.DataFrame(columns=["x", "low", "high"]), x_title="Xã", y_title="Mô hình")

    assert list(traces(figure)) == ["Chia đều tuyệt đối", "Thực tế"]


def row(label: str, reach: tuple[float, float, float] | None, **more: Any) -> dict[str, Any]:
    low, mid, high = reach or (None, None, None)
    return {
        "label": label,
        "low": low,
        "mid": mid,
        "high": high,
        "text": f"hạng {mid}",
        "is_highlighted": False,
        **more,
    }


def test_intervals_reach_from_low_to_high_in_the_order_given() -> None:
    figure = figures.intervals(
        frame([row("Hội An", (2, 3, 9)), row("Tam Kỳ", (1, 4, 6), is_highlighted=True)]),
        axis=(1, 18),
        axis_title="Thứ hạng",
    )

    found = traces(figure)
    assert list(found["Số liệu"].error_x.array) == [6]
    assert list(found["Số liệu"].error_x.arrayminus) == [1]
    assert (list(found["Số liệu"].y), list(found["Đơn vị được nêu"].y)) == ([0], [1])
    assert found["Số liệu"].marker.symbol != found["Đơn vị được nêu"].marker.symbol
    assert [text.strip() for text in figure.layout.yaxis.ticktext] == ["Hội An", "<b>Tam Kỳ</b>"]
    assert figure.layout.xaxis.range[0] < 1 < 18 < figure.layout.xaxis.range[1]


def test_row_without_an_interval_is_hatched_and_says_why() -> None:
    figure = figures.intervals(
        frame([row("Hội An", (2, 3, 9)), row("Nông Sơn", None, text="thiếu 2 báo cáo")]),
        axis=(18, 1),
        axis_title="Thứ hạng",
    )

    missing = traces(figure)["Chưa có số liệu"]
    assert (list(missing.y), list(missing.text)) == ([1], ["?"])
    assert missing.marker.pattern.shape == MISSING_PATTERN["shape"]
    assert "thiếu 2 báo cáo" in [note.text for note in figure.layout.annotations]
    assert figure.layout.xaxis.range[0] > 18 > 1 > figure.layout.xaxis.range[1]


SPINE = {
    "label": "Mô hình mỗi xã mỗi năm",
    "low": 0.1,
    "q25": 0.3,
    "q75": 0.7,
    "high": 0.9,
    "level": 0.5,
    "peers": 0.45,
    "value": 0.2,
    "value_text": "0,52",
    "level_text": "0,82",
    "low_text": "0,31",
    "high_text": "1,90",
    "hover": "0,52; toàn tỉnh 0,82",
    "link": "nguon?a",
}


def spine(*changes: dict[str, Any]) -> Any:
    return figures.spine(frame([{**SPINE, **change} for change in changes]), unit="Nam Giang")


def test_spine_draws_range_middle_half_province_peers_and_unit() -> None:
    figure = spine({}, {"label": "Hội nghị", "value": 0.6})

    found = traces(figure)
    assert (list(found["Mọi huyện"].base), list(found["Mọi huyện"].x)) == ([0.1, 0.1], [0.8, 0.8])
    assert list(found["Nửa ở giữa"].x) == pytest.approx([0.4, 0.4])
    assert list(found["Toàn tỉnh"].x) == [0.5, 0.5]
    assert list(found["Nhóm tương đồng"].x) == [0.45, 0.45]
    assert list(found["Nam Giang"].x) == [0.2, 0.6]
    assert list(found["Nam Giang"].customdata) == ["nguon?a", "nguon?a"]
    texts = [note.text for note in figure.layout.annotations]
    assert {"<b>0,52</b>", "0,82", "0,31", "1,90"} <= set(texts)


def test_spine_without_the_units_value_shows_a_question_mark_and_no_dot() -> None:
    figure = spine({}, {"value": None, "value_text": "0,00"})

    assert list(traces(figure)["Nam Giang"].y) == [0]
    assert [note.text for note in figure.layout.annotations if note.text in ("<b>?</b>", "<b>0,00</b>")] == ["<b>?</b>"]


def test_spine_row_that_nobody_reported_is_hatched() -> None:
    none = dict.fromkeys(("low", "q25", "q75", "high", "level", "peers", "value"))
    figure = spine({}, none)

    assert list(traces(figure)["Chưa có số liệu"].y) == [1]
    assert list(traces(figure)["Mọi huyện"].y) == [0]


def test_spine_marks_a_flagged_indicator_by_shape_and_colour() -> None:
    figure = spine({"is_flagged": True}, {"is_flagged": False})

    flagged, plain = traces(figure)["Nam Giang: có cảnh báo"], traces(figure)["Nam Giang"]
    assert (list(flagged.y), list(plain.y)) == ([0], [1])
    assert (flagged.marker.symbol, flagged.marker.color, plain.marker.color) == ("diamond", HIGHLIGHT, ACCENT)
