"""The field with the fewest models explained: since when, in how many districts there is none, what it would take.

Always the whole province, as the thresholds were decided for it.
"""

from dataclasses import replace
from fractions import Fraction
from math import ceil
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from dashboard import figures, labels
from dashboard.choice import Choice
from dashboard.exhibit import Exhibit, exhibit_of
from dashboard.exhibits.fields import Counted, settled_fields
from dashboard.figures.base import UNKNOWN
from dashboard.labels import number, percent
from dashboard.provenance.tables import known_slices, links, slice_table
from dashboard.provenance.trace import PARAMS
from dashboard.scope import MODELS, RECOGNISED, Scope
from dashboard.topics.headlines import Headline, reckoned
from dashboard.topics.targets import GOAL, GOAL_FIELD, GOAL_PAGE, goal_text, models_needed
from dashboard.warehouse import Warehouse, records


def weak_field_years(warehouse: Warehouse, choice: Choice) -> Exhibit:
    """Show the weakest field's share in every few years against the limit under which it is watched."""
    scope = Scope.of(warehouse, replace(choice, don_vi_id=None))
    counted = settled_fields(scope)
    if counted is None or not scope.is_enough:
        return _unexplained(scope, counted)
    field = counted.weakest
    blocks = scope.query("field_blocks", linh_vuc_id=field["linh_vuc_id"])
    spans = list(zip(blocks["from_year"], blocks["to_year"], strict=True))
    own = [
        scope.slice(RECOGNISED, linh_vuc_id=field["linh_vuc_id"], from_year=start, to_year=end) for start, end in spans
    ]
    slices = known_slices(blocks["value"], own)
    frame = pd.DataFrame(
        {
            "label": [labels.years(start, end) for start, end in spans],
            "value": blocks["value_share"],
            "text": [_block_text(row) for row in records(blocks)],
            "colour": field["colour"],
            "link": links(slices),
        },
        dtype=object,
    )
    table = pd.DataFrame(
        {
            "Các năm": frame["label"],
            field["label"]: blocks["value"],
            "Mọi mô hình": blocks["base"],
            "Tỷ trọng": blocks["value_share"],
        },
        dtype=object,
    )
    watched = _watched(scope, counted)
    limits = [(float(share), f"{name} {goal_text(share)}") for name, _, share in _limits(scope, counted)]
    return exhibit_of(
        scope,
        key="linh_vuc_yeu_tu_bao_gio",
        title=f"{field['label']} {_since(blocks, watched)}",
        subtitle=f"Tỷ trọng của {field['label']} qua các năm, {scope.place}, {scope.period}",
        figure=figures.bars(frame, limits=limits),
        table=table,
        slices=slice_table(table, {field["label"]: slices, "Tỷ trọng": slices}),
        shares=("Tỷ trọng",),
        unit=MODELS,
        base="trên số mô hình của chính các năm đó",
        completeness=counted.completeness,
        source=counted.source,
        notes=("Số nhỏ: vài mô hình cũng làm tỷ trọng một khối năm nhích lên xuống.",),
    )


def weak_field_cards(warehouse: Warehouse, choice: Choice) -> list[Headline]:
    """Return what the weakest field lacks: models to each limit, and the districts that have none."""
    scope = Scope.of(warehouse, replace(choice, don_vi_id=None))
    counted = settled_fields(scope)
    if counted is None:
        return []
    field = counted.weakest
    found = [
        reckoned(
            f"Thiếu để {reached}",
            number(models_needed(field["value"], counted.base, share)),
            MODELS,
            f"{goal_text(share)} số mô hình, lĩnh vực khác giữ nguyên",
        )
        for _, reached, share in _limits(scope, counted)
    ]
    districts = scope.query("field_districts", linh_vuc_id=field["linh_vuc_id"])
    if scope.warehouse.has_returns and len(districts):
        found += _empty_cards(districts, choice.to_year, is_part_year=len(scope.query("part_years")) > 0)
    return found


def weak_field_goal(warehouse: Warehouse, choice: Choice) -> str:
    """Return the address of the page of targets asking what the weakest field needs to be watched no longer."""
    scope = Scope.of(warehouse, replace(choice, don_vi_id=None))
    counted = settled_fields(scope)
    told = {PARAMS[name]: value for name, value in choice.params.items() if value is not None}
    if counted is not None:
        told |= {GOAL_FIELD: counted.weakest["linh_vuc_id"], GOAL: ceil(_watched(scope, counted) * 100)}
    return f"{GOAL_PAGE}?{urlencode(told)}"


def _limits(scope: Scope, counted: Counted) -> list[tuple[str, str, Fraction]]:
    """Return the shares a field is held against: name, what reaching it means, share."""
    return [
        ("Ngưỡng theo dõi", "qua ngưỡng theo dõi", _watched(scope, counted)),
        ("Chia đều", "bằng mức chia đều", Fraction(1, len(counted.main))),
    ]


def _watched(scope: Scope, counted: Counted) -> Fraction:
    """Return the share under which a field is watched: the mildest threshold, as a part of an even share."""
    mildest = records(scope.query("weak_field_level"))[0]
    return Fraction(str(mildest["value"])) / len(counted.main)


def _since(blocks: pd.DataFrame, watched: Fraction) -> str:
    """Say since when the share has been under the limit, of the years that have a figure."""
    known = records(blocks.dropna(subset=["value_share"]))
    under: list[dict[str, Any]] = []
    for row in reversed(known):
        if row["value_share"] >= watched:
            break
        under.append(row)
    limit = goal_text(watched)
    if not known:
        return "chưa có số liệu từng năm"
    if len(under) == len(known):
        return f"dưới {limit} suốt các năm có số liệu"
    if under:
        return f"dưới {limit} từ năm {under[-1]['from_year']}"
    last = labels.years(known[-1]["from_year"], known[-1]["to_year"])
    return f"ít mô hình nhất, nhưng {last} đã đạt {percent(known[-1]['value_share'])}"


def _empty_cards(districts: pd.DataFrame, to_year: int, *, is_part_year: bool) -> list[Headline]:
    """Return in how many districts the field is empty: in the last year, and in all of the last years."""
    first = districts["from_year"].min()
    found = [_empty_card(districts["last_value"], f"năm {to_year}")]
    if is_part_year:
        found = [replace(found[0], marks=f"{to_year} chưa trọn năm")]
    if first < to_year:
        given = districts["missing_years"] == 0
        found.append(_empty_card(districts["value"].where(given), f"cả {to_year - first + 1} năm {first}-{to_year}"))
    return found


def _empty_card(values: pd.Series, when: str) -> Headline:
    """Return how many of the districts that gave figures have none; "?" where no district gave any."""
    known, missing = values.dropna(), int(values.isna().sum())
    told = f"{number(missing)} huyện chưa đủ số liệu để biết" if missing else "mọi huyện đều có số liệu"
    empty = f"{number(int((known == 0).sum()))}/{number(len(known))}" if len(known) else UNKNOWN
    return reckoned(f"Không có mô hình {when}", empty, "huyện có số liệu", told)


def _block_text(row: dict[str, Any]) -> str:
    if row["value_share"] is None:
        return labels.MISSING
    return f"{percent(row['value_share'])} · {number(row['value'])} trên {number(row['base'])}"


def _unexplained(scope: Scope, counted: Counted | None) -> Exhibit:
    known = f"{counted.weakest['label']} ít nhất; " if counted else ""
    return exhibit_of(
        scope,
        key="linh_vuc_yeu_tu_bao_gio",
        title=labels.sentence(f"{known}chưa đủ số liệu từng năm để biết từ bao giờ"),
        subtitle=f"Tỷ trọng của lĩnh vực ít nhất qua các năm, {scope.place}, {scope.period}",
        figure=None,
        table=pd.DataFrame(),
        unit=MODELS,
        completeness=counted.completeness if counted else scope.completeness(RECOGNISED),
        source=counted.source if counted else scope.source,
    )
