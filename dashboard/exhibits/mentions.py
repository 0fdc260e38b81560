"""What the signed report names units for: leadership actions and models. Not named is not "did nothing"."""

from dataclasses import replace
from typing import Any

import pandas as pd

from dashboard import labels
from dashboard.choice import Choice
from dashboard.exhibit import Exhibit, exhibit_of
from dashboard.exhibits.few import MOST_UNITS, first_ones
from dashboard.labels import number
from dashboard.scope import Scope
from dashboard.warehouse import Warehouse, records

NAMED, NOT_NAMED = "● được nêu tên", "không nêu tên"
MODELS_NAMED = "Mô hình được nêu tên"


def mentions(warehouse: Warehouse, choice: Choice, most: int | None = MOST_UNITS) -> Exhibit:
    """Show for which leadership actions the signed report names districts, or the one unit of the choice."""
    # The report names units as they were: no boundaries to restate to, and its facts are real beside a sample.
    scope = Scope.of(warehouse, replace(choice, boundary_on=None))
    every = scope.query("report_mentions")
    if scope.is_province:
        every = every[every["is_district"].astype(bool)]
    few = first_ones(_named_first(every), "đơn vị, nơi được nêu tên trước,", None, most)
    found = records(few.of(every))
    actions = {row["action_id"]: row for row in found}
    made = exhibit_of(
        scope,
        key="bao_cao_neu_ten",
        title=_title(scope, every),
        subtitle=f"Việc lãnh đạo, chỉ đạo mà {scope.report_label} nêu kèm tên địa phương; không theo kỳ đang chọn",
        figure=None,
        table=_matrix(found) if scope.is_province else _of_unit(found),
        unit="",
        completeness=f"{len(actions)} việc có nêu tên địa phương",
        source=f"{_footnotes(actions)} của {scope.report_label}",
    )
    notes = _notes(list(actions.values()))
    whole = few.whole(lambda: mentions(warehouse, choice, most=None))
    return replace(
        made, notes=(*notes, *few.notes), whole=whole, is_simulated=False, caution=None, period=_period(scope)
    )


def _period(scope: Scope) -> str:
    """Return the years the signed report speaks of, whatever period was chosen."""
    report = records(scope.query("signed_report"))
    return labels.sentence(labels.period(report[0]["from_year"], report[0]["to_year"]) if report else scope.period)


def _named_first(rows: pd.DataFrame) -> "pd.Series[Any]":
    """Return the units, those that the report names first."""
    named = rows["is_named"].astype(bool) | (rows["model_count"].astype(int) > 0)
    return rows["don_vi_id"][named.sort_values(ascending=False, kind="stable").index]


def _title(scope: Scope, rows: pd.DataFrame) -> str:
    if rows.empty:
        return "Danh mục chưa ghi đơn vị nào được Báo cáo nêu tên"
    is_named = rows["is_named"].astype(bool)
    if not scope.is_province:
        if is_named.any():
            return f"được Báo cáo nêu tên ở {is_named.sum()}/{len(rows)} việc lãnh đạo, chỉ đạo"
        models = rows["model_count"].iloc[0]
        if models:
            return f"Báo cáo không nêu tên ở việc lãnh đạo, chỉ đạo nào; có nêu {models} mô hình"
        return "Báo cáo không nêu tên ở chỗ nào"
    units, named = rows["don_vi_id"].nunique(), rows.loc[is_named, "don_vi_id"]
    title = f"{number(named.nunique())}/{number(units)} đơn vị cấp huyện được Báo cáo nêu tên ở việc lãnh đạo, chỉ đạo"
    nowhere = ~rows["don_vi_id"].isin(named) & (rows["model_count"].astype(int) == 0)
    never = rows.loc[nowhere, "unit_label"].unique().tolist()
    if not never:
        return title
    who = ", ".join(never) if len(never) <= MOST_UNITS else f"{number(len(never))} đơn vị"
    return f"{title}; {who} không được nêu tên ở chỗ nào"


def _matrix(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return a row a unit, a column an action."""
    units: dict[str, dict[str, Any]] = {}
    for row in rows:
        unit = units.setdefault(row["don_vi_id"], {"Đơn vị": row["unit_label"]})
        unit[row["short_label"]] = NAMED if row["is_named"] else NOT_NAMED
    for row in rows:
        units[row["don_vi_id"]][MODELS_NAMED] = row["model_count"] or NOT_NAMED
    return pd.DataFrame([{k: str(v) for k, v in unit.items()} for unit in units.values()], dtype=object)


def _of_unit(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return a row an action, and one for the models."""
    table = [
        {
            "Việc": row["label"],
            "Báo cáo": NAMED if row["is_named"] else NOT_NAMED,
            "Cước chú": str(row["footnote"]),
            "Cước chú, đúng như in": row["printed"],
        }
        for row in rows
    ]
    if rows:
        count = rows[0]["model_count"]
        table.append(
            {
                "Việc": "Mô hình ở bốn lĩnh vực",
                "Báo cáo": f"● nêu tên {count} mô hình" if count else NOT_NAMED,
                "Cước chú": "",
                "Cước chú, đúng như in": "",
            }
        )
    return pd.DataFrame(table, dtype=object)


def _footnotes(actions: dict[str, dict[str, Any]]) -> str:
    numbers = sorted(row["footnote"] for row in actions.values())
    return f"cước chú {', '.join(map(str, numbers))}" if numbers else "các cước chú"


def _notes(actions: list[dict[str, Any]]) -> tuple[str, ...]:
    open_ended = [f"Cước chú {row['footnote']}: {row['note']}." for row in actions if row["note"]]
    return (
        "“Không nêu tên” không phải là không làm: Báo cáo chỉ nêu một số địa phương.",
        *open_ended,
    )
