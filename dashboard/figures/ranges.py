"""Rows on a scale: a value with its interval, and a unit among all others."""

from textwrap import wrap
from typing import Any

import pandas as pd

from dashboard.drawing import Figure
from dashboard.figures.base import UNKNOWN, destinations, missing_marker, new_figure, plain
from dashboard.theme import ACCENT, GREY, HIGHLIGHT

_LETTER = 7  # pixels
_HEAD, _FOOT = 24, 48  # pixels the names of the columns and the legend take
_NAMES, _COLUMNS = 170, (64, 72)  # pixels the names of the rows and the two columns of values take
_NAME_LETTERS = 25  # on a line
_FAR, _NEAR = "rgba(138,146,156,0.26)", "rgba(138,146,156,0.6)"


def intervals(
    rows: pd.DataFrame,
    *,
    axis: tuple[float, float],
    axis_title: str,
    level: float | None = None,
    row_height: int = 26,
) -> Figure:
    """Draw a dot with its interval a row, in the order given, its text at the right edge.

    Columns: label, low, mid, high, text, is_highlighted; optional link. A row without `mid` is hatched with "?".
    axis: both ends of the scale, (18, 1) for ranks read from right to left. level: a vertical line.
    """
    figure = new_figure(height=row_height * len(rows) + 62)
    rows = rows.assign(place=range(len(rows)))
    known, missing = rows[rows["mid"].notna()], rows[rows["mid"].isna()]
    chosen = known["is_highlighted"].astype(bool)
    if level is not None:
        figure.add_vline(x=level, layer="below", line={"color": GREY, "width": 1, "dash": "dash"})
    _add_dots(figure, known[~chosen], "Số liệu", ACCENT, "circle")
    _add_dots(figure, known[chosen], "Đơn vị được nêu", HIGHLIGHT, "diamond")
    if len(missing):
        _add_unknown(figure, missing["place"].tolist(), axis[0], (axis[1] - axis[0]) * 0.06)
    marked = zip(rows["label"], rows["is_highlighted"].astype(bool), strict=True)
    bold = [f"<b>{plain(label)}</b>" if is_marked else plain(label) for label, is_marked in marked]
    _rows_axis(figure, [text + "  " for text in bold], top=-0.6)
    for place, text in enumerate(rows["text"]):
        note: dict[str, Any] = {"xref": "paper", "x": 1, "xanchor": "left", "xshift": 14, "showarrow": False}
        figure.add_annotation(y=place, text=plain(text), font_size=12, **note)
    room = abs(axis[1] - axis[0]) * 0.03 * (1 if axis[1] > axis[0] else -1)
    figure.update_xaxes(title_text=plain(axis_title), range=[axis[0] - room, axis[1] + room], separatethousands=True)
    width = max((len(str(text)) for text in rows["text"]), default=0) * _LETTER
    return figure.update_layout(margin_r=width + 22, barmode="overlay", bargap=0.5)


def spine(
    rows: pd.DataFrame,
    *,
    unit: str,
    province: str = "Toàn tỉnh",
    peers: str = "Nhóm tương đồng",
    row_height: int = 34,
) -> Figure:
    """Draw one unit among all districts, a row an indicator, each row on its own scale from 0 to 1.

    Columns: label; low, q25, q75, high (all districts), level (the province, the same in every row so that its marks
    make one line), peers, value (the unit): positions 0-1, None where missing; value_text, level_text (two columns
    beside the names), low_text, high_text (at the ends of the bar), hover; optional is_flagged (a diamond in the
    colour of what is to be seen to), link. A missing `value` has no dot and "?" in its column; a row without `low`
    is hatched with "?".
    """
    figure = new_figure(height=row_height * len(rows) + _HEAD + _FOOT)
    rows = rows.assign(place=range(len(rows)))
    drawn = rows[rows["low"].notna() & rows["high"].notna()]
    _add_span(figure, drawn, ("low", "high"), "Mọi huyện", _FAR)
    _add_span(figure, drawn[drawn["q25"].notna() & drawn["q75"].notna()], ("q25", "q75"), "Nửa ở giữa", _NEAR)
    blank = rows[rows["low"].isna() | rows["high"].isna()]
    if len(blank):
        _add_unknown(figure, blank["place"].tolist(), 0, 0.06)
    line = {"symbol": "line-ns", "size": row_height, "line": {"width": 2.5, "color": GREY}}
    _add_marks(figure, drawn[drawn["level"].notna()], "level", province, line, answers=False)
    tick = {"symbol": "triangle-down-open", "size": 9, "color": GREY, "line": {"width": 1.8}}
    _add_marks(figure, drawn[drawn["peers"].notna()], "peers", peers, tick, answers=False)
    known = drawn[drawn["value"].notna()]
    flagged = known["is_flagged"].astype(bool) if "is_flagged" in known else known["value"].isna()
    _add_marks(figure, known[~flagged], "value", unit, {"size": 12, "color": ACCENT})
    warned = {"symbol": "diamond", "size": 13, "color": HIGHLIGHT}
    _add_marks(figure, known[flagged], "value", f"{unit}: có cảnh báo", warned)
    _add_texts(figure, rows, unit, province)
    figure.update_xaxes(range=[-0.16, 1.16], visible=False)
    figure.update_yaxes(range=[len(rows) - 0.5, -0.5], visible=False)
    place = {"xref": "container", "yref": "container", "x": 0, "y": 0, "yanchor": "bottom"}
    legend = {"itemclick": False, "itemdoubleclick": False, "font_size": 12, **place}
    margin = {"l": _NAMES + sum(_COLUMNS), "t": _HEAD, "b": _FOOT}
    return figure.update_layout(barmode="overlay", margin=margin, showlegend=True, legend=legend)


def _add_dots(figure: Figure, rows: pd.DataFrame, name: str, colour: str, symbol: str) -> None:
    if rows.empty:
        return
    reach = {
        "array": [high - mid for high, mid in zip(rows["high"], rows["mid"], strict=True)],
        "arrayminus": [mid - low for mid, low in zip(rows["mid"], rows["low"], strict=True)],
    }
    figure.add_scatter(
        x=rows["mid"].tolist(),
        y=rows["place"].tolist(),
        mode="markers",
        error_x={"type": "data", "symmetric": False, "color": colour, "thickness": 2, "width": 4, **reach},
        marker={"size": 10, "color": colour, "symbol": symbol},
        hovertext=[f"{plain(label)}: {plain(text)}" for label, text in zip(rows["label"], rows["text"], strict=True)],
        hoverinfo="text",
        customdata=destinations(rows),
        cliponaxis=False,
        name=name,
    )


def _add_span(figure: Figure, rows: pd.DataFrame, ends: tuple[str, str], name: str, colour: str) -> None:
    low, high = ends
    figure.add_bar(
        orientation="h",
        y=rows["place"].tolist(),
        base=rows[low].tolist(),
        x=[end - start for start, end in zip(rows[low], rows[high], strict=True)],
        width=0.62,
        marker={"color": colour, "line": {"width": 0}},
        hoverinfo="skip",
        name=name,
    )


def _add_marks(
    figure: Figure, rows: pd.DataFrame, column: str, name: str, marker: dict[str, Any], *, answers: bool = True
) -> None:
    """Draw a mark a row; `answers`: it leads on when it is clicked."""
    if rows.empty:
        return
    figure.add_scatter(
        x=rows[column].tolist(),
        y=rows["place"].tolist(),
        mode="markers",
        marker=marker,
        hovertext=[f"{plain(label)}: {plain(text)}" for label, text in zip(rows["label"], rows["hover"], strict=True)],
        hoverinfo="text",
        customdata=destinations(rows) if answers else None,
        cliponaxis=False,
        name=plain(name),
    )


def _add_unknown(figure: Figure, places: list[int], start: float, length: float) -> None:
    figure.add_bar(
        orientation="h",
        y=places,
        base=start,
        x=[length] * len(places),
        text=[UNKNOWN] * len(places),
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        constraintext="none",
        marker=missing_marker(),
        hoverinfo="skip",
        name="Chưa có số liệu",
    )


def _add_texts(figure: Figure, rows: pd.DataFrame, unit: str, province: str) -> None:
    """Write the rows' names and the values of unit and province left of the scale, those of its ends beside the bar."""
    own = [UNKNOWN if value is None else text for value, text in zip(rows["value"], rows["value_text"], strict=True)]
    first, second = _COLUMNS
    columns: tuple[tuple[int, str, str, list[str]], ...] = (
        (
            _NAMES + first + second,
            "left",
            "",
            ["<br>".join(wrap(plain(name), _NAME_LETTERS)) for name in rows["label"]],
        ),
        (second + first // 2, "center", plain(unit), [f"<b>{plain(text)}</b>" for text in own]),
        (second // 2, "center", plain(province), [plain(text) for text in rows["level_text"]]),
    )
    notes: list[dict[str, Any]] = []
    for shift, anchor, head, texts in columns:
        common: dict[str, Any] = {"xref": "paper", "x": 0, "xshift": -shift, "xanchor": anchor, "showarrow": False}
        top = {"yref": "paper", "y": 1, "yanchor": "bottom", "text": f"<b>{head}</b>", "font": {"size": 11}}
        notes.append(common | top)
        side = common | {"yanchor": "middle", "align": "left", "font": {"size": 12}}
        notes += [side | {"y": place, "text": text} for place, text in enumerate(texts)]
    for row in rows[rows["low"].notna() & rows["high"].notna()].itertuples():
        end: dict[str, Any] = {"y": row.place, "showarrow": False, "font": {"size": 11}}
        notes.append(end | {"x": row.low, "text": plain(row.low_text), "xanchor": "right", "xshift": -9})
        notes.append(end | {"x": row.high, "text": plain(row.high_text), "xanchor": "left", "xshift": 9})
    for note in notes:
        figure.add_annotation(**note)


def _rows_axis(figure: Figure, names: list[str], *, top: float) -> None:
    figure.update_yaxes(tickvals=list(range(len(names))), ticktext=names, range=[len(names) - 0.5, top], showgrid=False)
