"""The slides that a chart or a map carries."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pandas as pd

from dashboard import exhibits, labels
from dashboard.boundaries import as_sent_note, boundary_note
from dashboard.exhibit import Exhibit
from dashboard.exhibits.activities import AWARDED, INSPECTIONS
from dashboard.exhibits.fields import settled_fields
from dashboard.exhibits.place_years import AS_SENT
from dashboard.exhibits.places import district_rates_of
from dashboard.exhibits.targets import NOT_SET, Goals
from dashboard.exhibits.years import event_marks
from dashboard.labels import number
from dashboard.scope import LEVELS, RECOGNISED, TERRAINS, Scope
from dashboard.slides.slide import Chart, Slide, Talk, Tile
from dashboard.theme import ACCENT, GREY, shade
from dashboard.topics.targets import Need, goal_text, in_years, per_year, share_of, years_left
from dashboard.warehouse import records

CONFERENCES = "hoi_nghi"
SWINGS = "Chênh lệch giữa các nơi có thể chỉ là dao động."
_TERRAIN_COLOURS = {"dong_bang": ACCENT, "mien_nui": "#A85A12"}
_OF_DRAWING = ("gạch chéo", "Cột chấm", "Vùng xám", "Đường chấm", "Lý do của từng ngưỡng")


def fields(talk: Talk) -> Slide | None:
    """Return how the models divide over the fields."""
    exhibit = exhibits.field_shares(talk.warehouse, talk.choice)
    if not has_figures(exhibit, "Mô hình"):
        return None
    beside = [name for name in exhibit.table.columns if name not in ("Mô hình",)]
    return talk.slide(
        "linh_vuc",
        "chart",
        exhibit,
        chart=Chart("bars", "Lĩnh vực", ("Mô hình",), _field_colours(talk.scope, exhibit.table["Lĩnh vực"])),
        beside=tuple(beside),
    )


def weak_field(talk: Talk) -> Slide | None:
    """Return every field's share against an even share, with the limits under which a field is weak."""
    exhibit = exhibits.weak_fields(talk.warehouse, talk.choice)
    column = "So với chia đều (lần)"
    if not talk.is_province or not has_figures(exhibit, column):
        return None
    limits = [
        (float(row["value"]), f"{LEVELS.get(row['level'], row['level'])}: dưới {number(row['value'], 2)}")
        for row in records(talk.warehouse.query("weak_field_level"))
    ]
    colours = _field_colours(talk.scope, exhibit.table["Lĩnh vực"])
    return talk.slide(
        "linh_vuc_yeu",
        "chart",
        exhibit,
        method=("Ngưỡng do danh mục quy định (thresholds.csv), lý do ghi ở trang Từ điển.",),
        notes=_said(exhibit),
        chart=Chart("bars", "Lĩnh vực", (column,), colours, limits=tuple(limits[:1]), digits=2),
        beside=("Lĩnh vực", "Tỷ trọng", "Mức"),
    )


def weak_field_years(talk: Talk) -> Slide | None:
    """Return the weakest field's share over the years."""
    exhibit = exhibits.weak_field_years(talk.warehouse, talk.choice)
    counted = settled_fields(talk.scope) if talk.is_province else None
    if counted is None or not has_figures(exhibit, "Tỷ trọng"):
        return None
    mildest = records(talk.warehouse.query("weak_field_level"))[0]
    watched = float(Fraction(str(mildest["value"])) / len(counted.main))
    limit = (watched, f"Ngưỡng theo dõi {labels.percent(watched, 0)}")
    return talk.slide(
        "linh_vuc_yeu_cac_nam",
        "chart",
        exhibit,
        chart=Chart("columns", "Các năm", ("Tỷ trọng",), (counted.weakest["colour"],), limits=(limit,), digits=1),
    )


def years(talk: Talk) -> Slide | None:
    """Return the models year by year with the events around them."""
    return _by_year(talk, "cac_nam", RECOGNISED, with_events=True)


def inspections(talk: Talk) -> Slide | None:
    """Return the inspections year by year."""
    return _by_year(talk, "kiem_tra", INSPECTIONS)


def conferences(talk: Talk) -> Slide | None:
    """Return the conferences year by year."""
    return _by_year(talk, "hoi_nghi", CONFERENCES)


def awards(talk: Talk) -> Slide | None:
    """Return the awarded models year by year."""
    return _by_year(talk, "khen_thuong", AWARDED)


def awarded_shares(talk: Talk) -> Slide | None:
    """Return which share of the models was awarded, year by year."""
    exhibit = exhibits.awarded_shares(talk.warehouse, talk.choice)
    name = "Tỷ lệ khen thưởng"
    if not has_figures(exhibit, name):
        return None
    return talk.slide(
        "ty_le_khen_thuong",
        "chart",
        exhibit,
        notes=("Chỉ tính đơn vị có cả hai số liệu.", *_said(exhibit)),
        table=_marked(talk.scope, exhibit.table),
        chart=Chart("columns", "Năm", (name,), (ACCENT,), digits=1),
    )


def field_years(talk: Talk) -> Slide | None:
    """Return the fields stacked year by year."""
    exhibit = exhibits.field_years(talk.warehouse, talk.choice)
    names = tuple(exhibit.table.columns[1:])
    if not has_figures(exhibit, *names):
        return None
    return talk.slide(
        "linh_vuc_cac_nam",
        "chart",
        exhibit,
        table=_marked(talk.scope, exhibit.table),
        chart=Chart("stacked_columns", "Năm", names, _field_colours(talk.scope, names)),
    )


def places(talk: Talk) -> Slide | None:
    """Return the districts on a map of tiles, darker for more."""
    exhibit = exhibits.district_map(talk.warehouse, talk.choice)
    scope = Scope.of(talk.warehouse, replace(talk.choice, don_vi_id=None))
    found = district_rates_of(scope, RECOGNISED)
    rows = found.rows[found.rows["tile_row"].notna()]
    if rows["rate"].isna().all():
        return None
    high = max(rows["rate"].dropna()) * 1.25
    tiles = tuple(
        Tile(
            label=row["label"],
            row=int(row["tile_row"]),
            col=int(row["tile_col"]),
            value=row["rate"],
            text="?" if row["rate"] is None else found.text(row["rate"]),
            fill=None if row["rate"] is None else shade(row["rate"], high),
            is_chosen=row["don_vi_id"] == talk.choice.don_vi_id,
        )
        for row in records(rows)
    )
    notes = [f"Mỗi ô một đơn vị cấp huyện, vị trí gần đúng; ô đậm hơn là nhiều hơn. {SWINGS}"]
    if any(tile.value is None for tile in tiles):
        notes.append("Ô gạch chéo “?”: chưa có số liệu, không phải số 0.")
    notes += boundary_note(talk.warehouse, talk.choice)
    return talk.slide("dia_ban", "tiles", exhibit, notes=(*notes, *scope.part_year_notes), tiles=tiles)


def terrain(talk: Talk) -> Slide | None:
    """Return mountain districts beside those of the plain."""
    exhibit = exhibits.terrain_years(talk.warehouse, talk.choice)
    names = {TERRAINS[key]: colour for key, colour in _TERRAIN_COLOURS.items() if TERRAINS[key] in exhibit.table}
    if not talk.is_province or not has_figures(exhibit, *names):
        return None
    said = (
        "Số của các huyện có số liệu chia cho số xã của chính các huyện ấy; hai nhóm chênh nhau có thể chỉ là dao động."
    )
    return talk.slide(
        "mien_nui_dong_bang",
        "chart",
        exhibit,
        notes=(said, *as_sent_note(talk.choice, AS_SENT), *talk.scope.part_year_notes),
        chart=Chart("line", "Năm", tuple(names), tuple(names.values()), digits=2),
    )


def typical_models(talk: Talk) -> Slide | None:
    """Return how many typical models were chosen to be replicated in each field."""
    exhibit = exhibits.typical_models(talk.warehouse, talk.choice)
    if not talk.is_province or not has_figures(exhibit, "Được chọn"):
        return None
    beside = ["Lĩnh vực", "Báo cáo nêu tên"]
    beside += [name for name in ("Thấy ở nơi khác",) if has_figures(exhibit, name)]
    return talk.slide(
        "mo_hinh_dien_hinh",
        "chart",
        exhibit,
        notes=("“Được chọn”, “nêu tên”: theo Báo cáo; “thấy ở nơi khác”: theo danh sách các đơn vị gửi.",)
        if len(beside) > 2
        else ("Cả hai số đều theo Báo cáo.",),
        chart=Chart("bars", "Lĩnh vực", ("Được chọn",), _field_colours(talk.scope, exhibit.table["Lĩnh vực"])),
        beside=tuple(beside),
    )


def targets(talk: Talk) -> Slide | None:
    """Return how many more models the weakest field needs for each target share of the catalogue."""
    goals = Goals.of(talk.warehouse, talk.choice) if talk.is_province else None
    counted = settled_fields(talk.scope) if talk.is_province else None
    if goals is None or counted is None:
        return None
    rule = "target_share_"
    found = [row for row in records(talk.warehouse.query("thresholds")) if row["rule"].startswith(rule)]
    asked = [round(row["value"] * 100) for row in found]
    weakest = counted.weakest
    needs = {percents: Need(weakest["value"], counted.base, share_of(percents)) for percents in sorted(set(asked))}
    span = years_left(goals.from_year, goals.to_year, talk.choice.to_year)
    table = pd.DataFrame(
        {
            "Tỷ trọng": ["Hiện nay", *(f"Để đạt {goal_text(need.target)}" for need in needs.values())],
            "Đã có": [weakest["value"]] * (len(needs) + 1),
            "Cần thêm": [None, *(need.more for need in needs.values())],
        },
        dtype=object,
    )
    exhibit = exhibits.target_fields(talk.warehouse, talk.choice, goals.goal(weakest["linh_vuc_id"], min(needs)))
    each = [_each_year(list(needs.values()), span)] if span else []
    when = f", {labels.period(*span)}" if span else ""
    return talk.slide(
        "muc_tieu",
        "chart",
        exhibit,
        method=tuple(need.sentence for need in needs.values()),
        subtitle=f"{weakest['label']}: số mô hình hiện có và cần thêm, các lĩnh vực khác giữ nguyên{when}",
        table=table,
        shares=(),
        notes=(*each, NOT_SET, *talk.scope.part_year_notes),
        chart=Chart("stacked_bars", "Tỷ trọng", ("Đã có", "Cần thêm"), (GREY, weakest["colour"])),
    )


def _each_year(needs: Sequence[Need], span: tuple[int, int]) -> str:
    """Return "Bình quân mỗi năm trong 6 năm 2025-2030: 41,8 mô hình để đạt 12%; ..."."""
    count = span[1] - span[0] + 1
    said = (f"{per_year(need.more, count)} mô hình để đạt {goal_text(need.target)}" for need in needs)
    return f"Bình quân {in_years(span)}: {'; '.join(said)}."


def has_figures(exhibit: Exhibit, *columns: str) -> bool:
    """Return whether any of these columns of an exhibit's table holds a figure."""
    return any(name in exhibit.table and exhibit.table[name].notna().any() for name in columns)


def _by_year(talk: Talk, key: str, indicator_id: str, *, with_events: bool = False) -> Slide | None:
    exhibit = exhibits.indicator_years(talk.warehouse, talk.choice, indicator_id, brief=True, with_events=with_events)
    column = labels.sentence(exhibit.unit)
    if not has_figures(exhibit, column):
        return None
    marks = event_marks(talk.scope, brief=True) if with_events else []
    return talk.slide(
        key,
        "chart",
        exhibit,
        notes=_said(exhibit),
        table=_marked(talk.scope, exhibit.table),
        chart=Chart("columns", "Năm", (column,), (ACCENT,), marks=tuple(marks)),
    )


def _marked(scope: Scope, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of years with the marks its notes explain: † a year not over, * not all units."""
    part = {str(year) for year in scope.query("part_years")["year"]}
    states = table["Ghi chú"] if "Ghi chú" in table else [""] * len(table)
    marked = [
        f"{year}{'*' if 'chưa đủ' in state else ''}{'†' if year in part else ''}"
        for year, state in zip(table["Năm"], states, strict=True)
    ]
    return table.assign(**{"Năm": marked})


def _said(exhibit: Exhibit) -> tuple[str, ...]:
    """Return an exhibit's notes but those that explain how the screen draws."""
    return tuple(note for note in exhibit.notes if not any(part in note for part in _OF_DRAWING))


def _field_colours(scope: Scope, names: Sequence[str] | pd.Series) -> tuple[str, ...]:
    """Return the colours of fields, by their names."""
    colours = {row["label"]: row["colour"] for row in records(scope.query("field_list"))}
    return tuple(colours.get(name, GREY) for name in names)
