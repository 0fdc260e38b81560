"""Exhibits of the page of targets: what a share of all models asks of a field, in which years and in which places.

Always the whole province. No document has set a target: what is shown is a calculation of the viewer's own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd

from dashboard import figures, labels
from dashboard.choice import Choice
from dashboard.exhibit import Exhibit, exhibit_of
from dashboard.exhibits.few import MOST_UNITS, first_ones
from dashboard.exhibits.fields import Counted, settled_fields
from dashboard.labels import number, percent
from dashboard.provenance.tables import known_slices, links, slice_table
from dashboard.scope import MODELS, RECOGNISED, Scope
from dashboard.theme import ACCENT, GREY
from dashboard.topics.headlines import Headline, reckoned
from dashboard.topics.targets import (
    Need,
    divided,
    goal_text,
    in_years,
    models_needed,
    models_needed_together,
    per_year,
    share_of,
    years_left,
)
from dashboard.warehouse import Warehouse, records

NOT_SET = "Chưa có văn bản nào giao chỉ tiêu tỷ trọng theo lĩnh vực; đây là phép tính thử để bàn."
NO_GOAL = "Danh mục chưa nêu tỷ trọng và giai đoạn mục tiêu (thresholds.csv: target_share_…, target_from_year, target_to_year)."  # noqa: E501
_TOO_LITTLE = "Chưa đủ số liệu để tính mục tiêu"
_NO_PACE = "Chưa tính được khi các lĩnh vực khác cũng tăng: thiếu số liệu những năm trọn gần đây, hoặc giai đoạn đã hết"


@dataclass(frozen=True)
class Goal:
    """What a viewer asks for: a field, and the share of all models it should have, in percent."""

    linh_vuc_id: str
    percents: int
    from_year: int
    to_year: int

    @property
    def share(self) -> Fraction:
        """The share, exact."""
        return share_of(self.percents)

    @property
    def text(self) -> str:
        """The share as shown: "12%"."""
        return goal_text(self.share)


@dataclass(frozen=True)
class Goals:
    """What can be asked for: the fields by id, the weakest of them, the share to begin with, the years it is for."""

    fields: dict[str, str]
    weakest: str
    first: int
    from_year: int
    to_year: int

    @classmethod
    def of(cls, warehouse: Warehouse, choice: Choice) -> "Goals | None":
        """Return what can be asked of the catalogue's targets; None where it names none."""
        found = records(warehouse.query("goals"))
        if not found:
            return None
        rows = records(warehouse.query("field_list"))
        main = {row["linh_vuc_id"]: row["label"] for row in rows if row["is_main"]}
        counted = settled_fields(_province(warehouse, choice))
        weakest = counted.weakest["linh_vuc_id"] if counted else list(main)[-1]
        return cls(main, weakest, round(found[0]["first_share"] * 100), found[0]["from_year"], found[0]["to_year"])

    def goal(self, linh_vuc_id: str, percents: int) -> Goal:
        """Return the goal of a field and a share."""
        return Goal(linh_vuc_id, percents, self.from_year, self.to_year)


def target_fields(warehouse: Warehouse, choice: Choice, goal: Goal) -> Exhibit:
    """Show every field's share against the target, and how many more models it needs for it."""
    scope = _province(warehouse, choice)
    counted = settled_fields(scope)
    if counted is None:
        return _too_little(scope, "muc_tieu_linh_vuc", goal)
    rows = counted.main
    alone = [models_needed(count, counted.base, goal.share) for count in rows["value"]]
    together = models_needed_together(
        dict(zip(rows["linh_vuc_id"], rows["value"], strict=True)), counted.base, goal.share
    )
    slices = counted.slices(scope, rows)
    frame = pd.DataFrame(
        {
            "label": rows["label"],
            "value": rows["value_share"],
            "text": [_share_text(row, more) for row, more in zip(records(rows), alone, strict=True)],
            "colour": rows["colour"],
            "link": links(slices),
        },
        dtype=object,
    )
    years = years_left(goal.from_year, goal.to_year, choice.to_year)
    table = pd.DataFrame(
        {
            "Lĩnh vực": rows["label"],
            "Mô hình": rows["value"],
            "Tỷ trọng": rows["value_share"],
            "Cần thêm (chỉ lĩnh vực này tăng)": alone,
            f"Bình quân {in_years(years)}" if years else "Bình quân mỗi năm": [_a_year(more, years) for more in alone],
            f"Cần thêm (mọi lĩnh vực cùng đạt {goal.text})": _in_order(together, rows["linh_vuc_id"]),
        },
        index=rows.index,
        dtype=object,
    )
    label, more = _chosen(counted, goal)["label"], _need(counted, goal).more
    return exhibit_of(
        scope,
        key="muc_tieu_linh_vuc",
        title=f"{label} cần thêm {number(more)} mô hình để chiếm {goal.text}"
        if more
        else f"{label} đã đạt {goal.text}",
        subtitle=f"Tỷ trọng trong tổng số mô hình được công nhận, {scope.place}, {scope.period}",
        figure=figures.bars(frame, limits=[(float(goal.share), f"Mục tiêu {goal.text}")], labels_above=True),
        table=table,
        slices=slice_table(table, {"Mô hình": slices, "Tỷ trọng": slices}),
        shares=("Tỷ trọng",),
        unit=MODELS,
        base=f"trên {number(counted.base)} mô hình, kể cả mô hình chưa rõ lĩnh vực",
        completeness=counted.completeness,
        source=counted.source,
        notes=("Mỗi lĩnh vực được tính riêng, các lĩnh vực khác giữ nguyên; bảng có cả trường hợp cùng tăng.", NOT_SET),
    )


def target_cards(warehouse: Warehouse, choice: Choice, goal: Goal) -> list[Headline]:
    """Return the answer's main figures: how many more, how many a year, what there is; none where figures do not do."""
    scope = _province(warehouse, choice)
    counted = settled_fields(scope)
    if counted is None:
        return []
    row, need = _chosen(counted, goal), _need(counted, goal)
    years = years_left(goal.from_year, goal.to_year, choice.to_year)
    own = counted.slices(scope, counted.main).loc[counted.main["linh_vuc_id"] == goal.linh_vuc_id].iloc[0]
    told = f"để {row['short_label']} đạt {goal.text}, lĩnh vực khác giữ nguyên"
    each = in_years(years) if years else "giai đoạn mục tiêu đã hết"
    share = f"{percent(row['value_share'])} của {number(counted.base)}"
    return [
        reckoned("Cần thêm", number(need.more), MODELS, told),
        reckoned("Bình quân", _a_year(need.more, years), MODELS, each),
        reckoned("Hiện có", number(row["value"]), MODELS, share, own),
    ]


def target_arithmetic(warehouse: Warehouse, choice: Choice, goal: Goal) -> str:
    """Write the calculation out, and say that nobody has set the target."""
    counted = settled_fields(_province(warehouse, choice))
    if counted is None:
        return f"{_TOO_LITTLE}: chọn cả giai đoạn của Báo cáo đã ký, hoặc nạp thêm báo cáo của các đơn vị. {NOT_SET}"
    return f"{_chosen(counted, goal)['label']}. {_need(counted, goal).sentence} {NOT_SET}"


def target_readings(warehouse: Warehouse, choice: Choice, goal: Goal) -> Exhibit:
    """Show how much the answer hangs on what the target is of, and on what the other fields do meanwhile."""
    scope = _province(warehouse, choice)
    counted = settled_fields(scope)
    years = years_left(goal.from_year, goal.to_year, choice.to_year)
    pace = records(scope.query("field_pace", indicator_id=RECOGNISED, linh_vuc_id=goal.linh_vuc_id))
    if counted is None or years is None or not pace or not scope.is_enough:
        return _too_little(scope, "muc_tieu_cach_hieu", goal, _NO_PACE)
    rows = _readings(counted, goal, pace[0], years)
    frame = pd.DataFrame(rows, columns=["label", "value", "colour"], dtype=object)
    each = [_a_year(value, years) for value in frame["value"]]
    texts = [f"{number(value)} ({a_year} mỗi năm)" for value, a_year in zip(frame["value"], each, strict=True)]
    table = pd.DataFrame(
        {f"{goal.text} là tỷ trọng": frame["label"], "Cần thêm": frame["value"], "Bình quân mỗi năm": each},
        dtype=object,
    )
    return exhibit_of(
        scope,
        key="muc_tieu_cach_hieu",
        title=f"Nếu các lĩnh vực khác cũng tăng như gần đây thì cần {number(rows[1][1])} mô hình",
        subtitle=f"{_chosen(counted, goal)['label']}: mô hình mới cần có, {labels.period(*years)}",
        figure=figures.bars(frame.assign(text=texts), labels_above=True),
        table=table,
        unit=MODELS,
        completeness=counted.completeness,
        source=counted.source,
        notes=(_pace_note(pace[0]), NOT_SET),
    )


def target_districts(warehouse: Warehouse, choice: Choice, goal: Goal, most: int | None = MOST_UNITS) -> Exhibit:
    """Divide what the field needs over the districts by their communes, beside what each has."""
    year = warehouse.query("commune_year")["year"].iloc[0]
    as_of = choice.boundary_on or (date(year, 1, 1) if year else None)
    scope = _province(warehouse, replace(choice, boundary_on=as_of))
    counted = settled_fields(scope)
    rows = scope.query("goal_districts", linh_vuc_id=goal.linh_vuc_id)
    if counted is None or rows.empty:
        return _too_little(scope, "muc_tieu_huyen", goal)
    need = _need(counted, goal).more
    rows = rows.assign(need=divided(need, rows["commune_count"].tolist()))
    rows = rows.sort_values(["need", "commune_count"], ascending=False, kind="stable").reset_index(drop=True)
    communes = int(rows["commune_count"].sum())
    title, notes = _district_title(rows, need, choice.don_vi_id), _district_notes(rows, communes, need)
    few = first_ones(rows["don_vi_id"], "đơn vị có phần nhiều nhất", choice.don_vi_id, most)
    rows = few.of(rows)
    own = [scope.slice(RECOGNISED, don_vi_id=unit, linh_vuc_id=goal.linh_vuc_id) for unit in rows["don_vi_id"]]
    slices = known_slices(rows["value"], own)
    frame = pd.DataFrame(
        {
            "label": rows["label"],
            "first": rows["need"],
            "first_text": [number(value) for value in rows["need"]],
            "second": rows["value"],
            "second_text": [_held_text(row) for row in records(rows)],
            "link": links(slices),
        },
        dtype=object,
    )
    table = pd.DataFrame(
        {
            "Đơn vị": rows["label"],
            f"Số xã năm {year}": rows["commune_count"],
            "Phần cần thêm": rows["need"],
            "Đã có": rows["value"],
        },
        dtype=object,
    )
    short = _chosen(counted, goal)["short_label"]
    return exhibit_of(
        scope,
        key="muc_tieu_huyen",
        title=title if need else f"{short} đã đạt {goal.text}: không phải chia thêm",
        subtitle=f"{short}: phần cần thêm để đạt {goal.text} và số đã có, {scope.period}",
        figure=figures.paired_bars(
            frame, ("Phần cần thêm", f"Đã có, {labels.years(choice.from_year, choice.to_year)}")
        ),
        table=table,
        slices=slice_table(table, {"Đã có": slices}),
        unit=MODELS,
        completeness=scope.completeness(RECOGNISED),
        source=f"{counted.source}; số xã năm {year} trong danh mục",
        notes=(*notes, *few.notes),
        whole=few.whole(lambda: target_districts(warehouse, choice, goal, most=None)),
    )


def _readings(counted: Counted, goal: Goal, pace: dict[str, Any], years: tuple[int, int]) -> list[tuple[str, int, str]]:
    """Return what each reading of the target asks for: label, models, colour; last what the present pace brings."""
    span = Fraction(years[1] - years[0] + 1, pace["year_count"])
    own, others = round(pace["value"] * span), round((pace["base"] - pace["value"]) * span)
    need = _need(counted, goal)
    meanwhile = models_needed(need.count, need.base + others, goal.share)
    return [
        ("Của tổng cộng dồn; lĩnh vực khác giữ nguyên", need.more, ACCENT),
        ("Của tổng cộng dồn; lĩnh vực khác theo nhịp", meanwhile, ACCENT),
        ("Của riêng mô hình mới; lĩnh vực khác theo nhịp", models_needed(0, others, goal.share), ACCENT),
        ("Để so: lĩnh vực này cứ theo nhịp thì có", own, GREY),
    ]


def _pace_note(pace: dict[str, Any]) -> str:
    incomplete = "" if pace["is_complete"] else ", số chưa đủ"
    own, others = (per_year(value, pace["year_count"]) for value in (pace["value"], pace["base"] - pace["value"]))
    return (
        f"Nhịp: bình quân {labels.years(pace['from_year'], pace['to_year'])}{incomplete}, {own} mô hình mới mỗi năm ở "
        f"lĩnh vực này và {others} ở phần còn lại."
    )


def _district_title(rows: pd.DataFrame, need: int, don_vi_id: str | None) -> str:
    """Name the part of the district that was chosen, else the largest."""
    chosen = rows[rows["don_vi_id"] == don_vi_id]
    row = records(chosen if len(chosen) else rows)[0]
    part = "" if len(chosen) else " nhiều nhất"
    return f"Chia theo số xã: phần của {row['label']}{part}, {number(row['need'])} trên {number(need)} mô hình"


def _district_notes(rows: pd.DataFrame, communes: int, need: int) -> tuple[str, ...]:
    notes = [
        f"Chia {number(need)} theo {number(communes)} xã, phường, thị trấn, không theo số đã có; phần lẻ dành cho nơi "
        "có số dư lớn nhất, cộng lại đúng tổng.",
        "Ô gạch chéo “?”: chưa có số liệu, vẫn nhận phần theo số xã. Cơ quan cấp tỉnh không có xã nên không chia.",
    ]
    if (rows["value"].notna() & ~rows["is_complete"].astype(bool)).any():
        notes.append("Dấu *: còn thiếu số của một hay nhiều năm.")
    ends = set(rows["valid_to"])
    if None not in ends:
        notes.append(f"Cấp huyện kết thúc ngày {labels.day(max(ends))}: chia theo địa bàn huyện cũ, để tham khảo.")
    return tuple(notes)


def _province(warehouse: Warehouse, choice: Choice) -> Scope:
    return Scope.of(warehouse, replace(choice, don_vi_id=None))


def _need(counted: Counted, goal: Goal) -> Need:
    return Need(_chosen(counted, goal)["value"], counted.base, goal.share)


def _chosen(counted: Counted, goal: Goal) -> dict[str, Any]:
    """Return the row of the field that was chosen."""
    return records(counted.main[counted.main["linh_vuc_id"] == goal.linh_vuc_id])[0]


def _share_text(row: dict[str, Any], more: int) -> str:
    reached = f"cần thêm {number(more)}" if more else "đã đạt"
    return f"{percent(row['value_share'])} · {reached}"


def _held_text(row: dict[str, Any]) -> str:
    return number(row["value"]) + ("" if row["is_complete"] else "*")


def _a_year(more: int, years: tuple[int, int] | None) -> str:
    return per_year(more, years[1] - years[0] + 1) if years else "—"


def _in_order(found: dict[str, int] | None, keys: Iterable[str]) -> list[int | str]:
    return [found[key] if found else "không thể" for key in keys]


def _too_little(scope: Scope, key: str, goal: Goal, title: str = _TOO_LITTLE) -> Exhibit:
    return exhibit_of(
        scope,
        key=key,
        title=title,
        subtitle=f"Mục tiêu {goal.text}, {scope.place}, {scope.period}",
        figure=None,
        table=pd.DataFrame(),
        unit=MODELS,
        completeness=scope.completeness(RECOGNISED),
    )
