"""Exhibits of who needs support: ranks with their intervals, never a rank alone, and one unit among all districts."""

from collections.abc import Collection
from typing import Any

import pandas as pd

from dashboard import figures
from dashboard.choice import Choice
from dashboard.exhibit import Exhibit, exhibit_of
from dashboard.exhibits.few import MOST_UNITS, first_ones
from dashboard.labels import MISSING, number, percent, whole
from dashboard.provenance.links import unit_link
from dashboard.provenance.tables import known_slices, links, slice_table
from dashboard.provenance.trace import Slice
from dashboard.scope import RECOGNISED, TERRAINS, Scope
from dashboard.topics.review import reviewed
from dashboard.units import unit_rows
from dashboard.warehouse import Warehouse, records

OWING, SUPPORT, WATCH, OPEN = "Chưa đủ báo cáo", "Cần hỗ trợ", "Cần theo dõi", "Chưa phân định"
SWINGS = "Vạch giữa: mức toàn tỉnh. Hơn kém mức ấy có thể chỉ là dao động; chỉ điểm có cảnh báo mới khác màu."
_COUNTED_CELLS = "o_linh_vuc"
_ORDER = (OWING, SUPPORT, WATCH)
INTERNAL = "Danh sách này chỉ dùng nội bộ, không đưa vào tài liệu hội nghị."
NOT_A_TABLE = (
    "Không phải bảng xếp hạng: khoảng của hai huyện chồng lên nhau thì không nói được huyện nào hơn. "
    "Hạng 1 là cao nhất; khoảng ghi nơi 9 trong 10 lần thử rơi vào."
)


def support_ranks(warehouse: Warehouse, choice: Choice, most: int | None = MOST_UNITS) -> Exhibit:
    """Show in which range each district's rank lies; those with returns missing first, unranked."""
    scope = reviewed(warehouse, Choice(choice.from_year, choice.to_year, None))
    every = _in_order(scope.query("scores"))
    few = first_ones(every["don_vi_id"], "đơn vị, nơi thiếu báo cáo và cần hỗ trợ trước,", choice.don_vi_id, most)
    rows = few.of(every)
    highest = max(rows["ranked_count"].dropna(), default=0) or max(len(rows), 1)
    frame = pd.DataFrame(
        {
            "label": [_marked(row, choice) for row in records(rows)],
            "low": rows["rank_low"],
            "mid": rows["rank_mid"],
            "high": rows["rank_high"],
            "text": [_said(row) for row in records(rows)],
            "is_highlighted": rows["label"] == SUPPORT,
            "link": [unit_link(unit, choice) for unit in rows["don_vi_id"]],
        },
        dtype=object,
    )
    table = pd.DataFrame(
        {
            "Đơn vị": rows["don_vi"],
            "Kết luận": rows["label"],
            "Khoảng thứ hạng": [interval(row) for row in records(rows)],
            "Khoảng trong vùng": [interval(row, "peer_") for row in records(rows)],
            "Điểm (0-100)": [_score(row) for row in records(rows)],
            "Khả năng thuộc nhóm thấp nhất": rows["p_lowest_six"],
            "Vì sao": rows["reason"],
        },
        dtype=object,
    )
    return exhibit_of(
        scope,
        key="can_ho_tro",
        title=_ranks_title(every),
        subtitle=f"Khoảng thứ hạng theo điểm tổng hợp sáu chỉ tiêu, đơn vị cấp huyện, {scope.period}",
        figure=figures.intervals(frame, axis=(float(highest), 1.0), axis_title="Thứ hạng (phải là cao)")
        if rows["rank_mid"].notna().any()
        else None,
        table=table,
        shares=("Khả năng thuộc nhóm thấp nhất",),
        unit="thứ hạng",
        completeness=scope.completeness(RECOGNISED),
        notes=(INTERNAL, NOT_A_TABLE, *few.notes),
        whole=few.whole(lambda: support_ranks(warehouse, choice, most=None)),
    )


def unit_spine(warehouse: Warehouse, choice: Choice, flagged: Collection[tuple[str, bool]] = ()) -> Exhibit:
    """Show one district among all, an indicator a row, with the province's and its peers' level.

    flagged: the indicators that flags of the unit rest on, each with whether they are in a field.
    """
    scope = reviewed(warehouse, choice)
    rows = scope.query("score_indicators")
    years = f"{scope.choice.from_year}-{scope.choice.to_year}"
    slices = known_slices(rows["numerator"], [_counted(scope, row) for row in records(rows)])
    frame = pd.DataFrame(
        [_spine_row(row, (row["indicator_id"], row["part"] == _COUNTED_CELLS) in flagged) for row in records(rows)],
        dtype=object,
    )
    frame = frame.assign(link=links(slices).to_list()) if len(frame) else frame
    table = pd.DataFrame(
        {
            "Chỉ tiêu": rows["label"],
            "Tử số": [whole(value) for value in rows["numerator"]],
            "Mẫu số": [whole(value) for value in rows["denominator"]],
            scope.unit_label: [_shown(row, row["value"]) for row in records(rows)],
            "Toàn tỉnh": [_shown(row, row["province"]) for row in records(rows)],
            "Cùng vùng": [_shown(row, row["peers"]) for row in records(rows)],
            "Huyện thấp nhất": [_shown(row, row["lowest"]) for row in records(rows)],
            "Huyện cao nhất": [_shown(row, row["highest"]) for row in records(rows)],
            "Số huyện có số liệu": rows["known_count"],
            "Đơn vị tính": rows["unit_label"],
        },
        dtype=object,
    )
    return exhibit_of(
        scope,
        key="so_voi_tinh",
        title=_spine_title(rows),
        subtitle=f"Các chỉ tiêu của điểm tổng hợp so với mọi đơn vị cấp huyện, {years}",
        figure=figures.spine(frame, unit=scope.unit_label, peers=_peers(scope)) if len(frame) else None,
        table=table,
        slices=slice_table(table, {"Tử số": slices}),
        unit="theo từng chỉ tiêu",
        completeness=scope.completeness(RECOGNISED),
        notes=(SWINGS,),
    )


def reasons(warehouse: Warehouse) -> dict[str, list[str]]:
    """Return why districts are held to lack returns, to need support or to be watched: label -> sentences."""
    rows = records(warehouse.query("scores"))
    found = {label: [row["reason"] for row in rows if row["label"] == label] for label in _ORDER}
    return {label: sentences for label, sentences in found.items() if sentences}


def rank_sentence(warehouse: Warehouse, choice: Choice) -> str:
    """Say in which range a unit's rank lies, or what is missing to say it; "" where nothing was scored."""
    found = [row for row in records(warehouse.query("scores")) if row["don_vi_id"] == choice.don_vi_id]
    if not found:
        return ""
    (row,) = found
    if row["rank_mid"] is None:
        return f"{row['label']}: {row['reason']}"
    peers = f" Trong vùng: thứ hạng {interval(row, 'peer_')}." if row["peer_rank_mid"] is not None else ""
    return f"{row['label']}: {row['reason']}{peers}"


def interval(row: dict[str, Any], of: str = "") -> str:
    """Return a rank as it may be shown: "từ 5 đến 17 trên 18", never alone."""
    low, high, count = (row[f"{of}{name}"] for name in ("rank_low", "rank_high", "ranked_count"))
    if low is None:
        return "không xếp"
    return f"từ {number(low)} đến {number(high)} trên {number(count)}"


def _counted(scope: Scope, row: dict[str, Any]) -> Slice | None:
    """Return the figure that an indicator's numerator is; cells with a model are counted, not added up."""
    if row["part"] == _COUNTED_CELLS:
        return None
    return scope.slice(row["indicator_id"], from_year=row["from_year"], to_year=row["to_year"])


def _in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with returns missing first, then those to support and to watch, then the others.

    Inside a group they keep the usual order of units: an order by rank would read as the table it is not.
    """
    place = [_ORDER.index(label) if label in _ORDER else len(_ORDER) for label in rows["label"]]
    return rows.assign(place=place).sort_values(["place", "position"], kind="stable").reset_index(drop=True)


def _marked(row: dict[str, Any], choice: Choice) -> str:
    return f"▸ {row['don_vi']}" if row["don_vi_id"] == choice.don_vi_id else str(row["don_vi"])


def _said(row: dict[str, Any]) -> str:
    if row["rank_mid"] is None:
        return str(row["label"])
    return f"{row['label']} · {number(row['rank_low'])}-{number(row['rank_high'])}"


def _score(row: dict[str, Any]) -> str:
    if row["score_mid"] is None:
        return "không tính"
    return f"{number(row['score_mid'])} (từ {number(row['score_low'])} đến {number(row['score_high'])})"


def _ranks_title(rows: pd.DataFrame) -> str:
    if rows["rank_mid"].isna().all():
        return "Chưa đủ báo cáo để xét huyện nào cần hỗ trợ"
    counts = rows["label"].value_counts()
    held = [label for label in (SUPPORT, WATCH, OWING) if label in counts]
    said = [f"{number(int(counts[label]))} huyện {label.lower()}" for label in held]
    if SUPPORT not in counts:
        said.insert(0, "Không huyện nào đủ căn cứ để nói là cần hỗ trợ")
    ranked = rows.dropna(subset=["rank_low", "rank_high"])
    wide = float((ranked["rank_high"].astype(float) - ranked["rank_low"].astype(float) + 1).median())
    return f"{'; '.join(said)}; khoảng hạng thường rộng {number(wide)} bậc"


def _spine_row(row: dict[str, Any], is_flagged: bool) -> dict[str, Any]:
    """Return an indicator as the spine draws it: the province's level in the middle, the farther end at an edge."""
    level, low, high = row["province"], row["lowest"], row["highest"]
    reach = 0.0 if None in (level, low, high) else max(high - level, level - low)

    def at(value: float | None) -> float | None:
        if value is None or level is None or low is None:
            return None
        return 0.5 + 0.5 * (value - level) / reach if reach else 0.5

    named = {"low": low, "q25": row["q25"], "q75": row["q75"], "high": high, "level": level, "peers": row["peers"]}
    return {
        "label": row["label"],
        **{name: at(value) for name, value in named.items()},
        "value": at(row["value"]),
        "value_text": _shown(row, row["value"]),
        "level_text": _shown(row, level),
        "low_text": _shown(row, low),
        "high_text": _shown(row, high),
        "hover": f"{_shown(row, row['value'])} {row['unit_label']}; toàn tỉnh {_shown(row, level)}",
        "is_flagged": is_flagged,
    }


def _shown(row: dict[str, Any], value: float | None) -> str:
    if value is None:
        return MISSING
    return percent(value, 0) if row["is_share"] else number(value, 2)


def _spine_title(rows: pd.DataFrame) -> str:
    known = rows.dropna(subset=["value", "province"])
    if known.empty:
        return "chưa đủ số liệu để so với toàn tỉnh"
    low = int((known["value"].astype(float) < known["province"].astype(float)).sum())
    if len(known) < len(rows):
        return f"mới so được {len(known)}/{len(rows)} chỉ tiêu với toàn tỉnh, thấp hơn ở {low}"
    return f"thấp hơn mức toàn tỉnh ở {low}/{len(rows)} chỉ tiêu"


def _peers(scope: Scope) -> str:
    """Return what the districts like the chosen one are called: "Các huyện miền núi"."""
    unit = unit_rows(scope.warehouse).get(scope.choice.don_vi_id or "", {})
    return f"Các huyện {TERRAINS.get(str(unit.get('terrain')), 'cùng vùng').lower()}"
