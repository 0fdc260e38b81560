"""Which themes and special areas of 2025-2030 have models, by field and by district, as the registers say."""

from collections.abc import Callable
from dataclasses import replace
from textwrap import wrap
from typing import Any

import pandas as pd

from dashboard import figures
from dashboard.choice import Choice
from dashboard.exhibit import Exhibit, exhibit_of, wide
from dashboard.exhibits.few import MOST_UNITS, both_ends
from dashboard.labels import number, sentence
from dashboard.provenance.links import register_link
from dashboard.scope import MODELS, Scope
from dashboard.topics.register import LATEST, coverage, none_sent
from dashboard.warehouse import Warehouse, records

THEMES, AREAS = "chu_de", "dia_ban_dac_thu"
_WORDS = {THEMES: ("chủ đề", "Chủ đề"), AREAS: ("địa bàn đặc thù", "Địa bàn đặc thù")}
_IN_LINK = {THEMES: "chu_de", AREAS: "dia_ban"}
_WHERE_NONE = {
    THEMES: (),
    AREAS: ("Số 0 cũng có thể vì huyện không có loại địa bàn ấy: danh mục chưa ghi huyện nào có loại nào.",),
}
_ROW = 40  # pixels: names of two lines
_COUNTED = "Tính mô hình trong danh sách, trừ mô hình đã dừng và mới đăng ký. Số 0: danh sách không có mô hình nào."


def covered_by_field(warehouse: Warehouse, choice: Choice, list_id: str) -> Exhibit:
    """Show how many living models each theme (or special area) has in each field."""
    scope = Scope.of(warehouse, choice)
    found = scope.query("register_entry_fields", list_id=list_id)
    frame = found.assign(
        row=[_in_lines(label) for label in found["entry_label"]],
        column=found["short_label"],
        text=[number(value) for value in found["value"]],
        link=_leads(
            found,
            lambda row: register_link(choice, linh_vuc=row["linh_vuc_id"], **_asked(row, list_id), **_unit(choice)),
        ),
    )
    return exhibit_of(
        scope,
        key=f"{list_id}_linh_vuc",
        title=_title(scope, found, list_id),
        subtitle=f"Mô hình theo {_WORDS[list_id][0]} 2025-2030 và lĩnh vực, {scope.place}, {scope.period}",
        figure=figures.heat_map(frame, row_height=_ROW),
        table=wide(found, "entry_label", "short_label", _WORDS[list_id][1]),
        unit=MODELS,
        completeness=coverage(scope),
        notes=(_COUNTED, LATEST),
    )


def covered_by_district(warehouse: Warehouse, choice: Choice, list_id: str, most: int | None = MOST_UNITS) -> Exhibit:
    """Show how many living models each district has of each theme (or special area)."""
    scope = Scope.of(warehouse, replace(choice, don_vi_id=None))
    every = scope.query("register_entry_units", list_id=list_id)
    totals = every["value"].astype(float).groupby(every["don_vi_id"], sort=False).sum(min_count=1).reset_index()
    few = both_ends(totals["don_vi_id"], totals["value"], choice.don_vi_id, most)
    found = few.of(every)
    chosen = found["don_vi_id"] == choice.don_vi_id
    frame = found.assign(
        row=[_in_lines(label) for label in found["entry_label"]],
        column=found["unit_label"].where(~chosen, "▸ " + found["unit_label"]),
        text=[number(value) for value in found["value"]],
        link=_leads(found, lambda row: register_link(choice, don_vi=row["don_vi_id"], **_asked(row, list_id))),
    )
    return exhibit_of(
        scope,
        key=f"{list_id}_huyen",
        title=_district_title(scope, every),
        subtitle=f"Mô hình theo {_WORDS[list_id][0]} 2025-2030, đơn vị cấp huyện, {scope.period}",
        figure=figures.heat_map(frame, row_height=_ROW),
        table=wide(found, "unit_label", "entry_label", "Đơn vị"),
        unit=MODELS,
        completeness=coverage(scope),
        notes=(_COUNTED, "Ô gạch chéo “?”: đơn vị chưa gửi danh sách.", *_WHERE_NONE[list_id], *few.notes),
        whole=few.whole(lambda: covered_by_district(warehouse, choice, list_id, most=None)),
    )


def _title(scope: Scope, found: pd.DataFrame, list_id: str) -> str:
    """Name the entries that the report asks for and no register has a model of."""
    known = found.dropna(subset=["value"])
    if not len(known):
        return none_sent(scope)
    asked = known[known["is_asked"].astype(bool)]
    totals: dict[str, int] = {}
    for row in records(asked):
        totals[row["entry_label"]] = totals.get(row["entry_label"], 0) + row["value"]
    bare = [_lower(label) for label, count in totals.items() if not count]
    word = _WORDS[list_id][0]
    if bare:
        return f"Chưa thấy mô hình nào thuộc {word}: {'; '.join(bare)}"
    most, least = max(totals, key=totals.__getitem__), min(totals, key=totals.__getitem__)
    return (
        f"{sentence(word)} nào cũng có mô hình: nhiều nhất {_lower(most)} ({number(totals[most])}), "
        f"ít nhất {_lower(least)} ({number(totals[least])})"
    )


def _district_title(scope: Scope, found: pd.DataFrame) -> str:
    """Name the entry that the fewest districts have a model of, and say who sent no register."""
    known = found.dropna(subset=["value"])
    if not len(known):
        return none_sent(scope)
    asked = known[known["is_asked"].astype(bool)]
    places = (asked["value"].astype(float) > 0).groupby(asked["entry_label"], sort=False).sum()
    fewest = int(places.min()) if len(places) else 0
    names = "; ".join(_lower(str(label)) for label, count in places.items() if count == fewest)
    units, every = known["don_vi_id"].nunique(), found["don_vi_id"].nunique()
    said = f"Ít nơi có nhất: {names} ({number(fewest)}/{number(units)} đơn vị có danh sách)"
    return said if units == every else f"{said}; {number(every - units)} đơn vị chưa gửi danh sách"


def _in_lines(label: str) -> str:
    """Return a long name in two lines."""
    return "\n".join(wrap(label, max(24, len(label) // 2 + 4)))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _leads(found: pd.DataFrame, lead: Callable[[dict[str, Any]], str]) -> pd.Series:
    """Return where each cell with models leads."""
    return pd.Series([lead(row) if row["value"] else None for row in records(found)], found.index, object)


def _asked(row: dict[str, Any], list_id: str) -> dict[str, str]:
    """Return an entry as the register's page is asked for it."""
    return {_IN_LINK[list_id]: row["entry_id"]}


def _unit(choice: Choice) -> dict[str, str]:
    return {"don_vi": choice.don_vi_id} if choice.don_vi_id else {}
