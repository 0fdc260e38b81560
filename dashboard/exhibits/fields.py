"""Exhibits of the fields: how recognised models divide over them, and which field is weak."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from dashboard import figures, labels
from dashboard.choice import Choice
from dashboard.exhibit import Exhibit, exhibit_of, main_fields, used_fields
from dashboard.labels import number, percent
from dashboard.provenance.tables import known_slices, links, slice_table
from dashboard.scope import LEVELS, MODELS, RECOGNISED, Scope
from dashboard.warehouse import Warehouse, records


@dataclass(frozen=True)
class Counted:
    """Figures of the fields that can be reckoned with. main: a row of the metric `fields` for each of the four.

    base: all models, those of no field included. from_report: they are the signed report's, for want of enough returns.
    """

    main: pd.DataFrame
    base: int
    from_report: bool
    completeness: str
    source: str

    def slices(self, scope: Scope, rows: pd.DataFrame) -> pd.Series:
        """Return the slice of each row's figure; the signed report's own figures come from no return."""
        return _field_slices(scope, rows, self.from_report)

    @property
    def weakest(self) -> dict[str, Any]:
        """The field with the smallest share."""
        return records(self.main.sort_values("value_share", kind="stable"))[0]


def settled_fields(scope: Scope) -> Counted | None:
    """Return the fields' figures of returns where enough units sent them, else the signed report's of the same period.

    None where neither knows all four fields.
    """
    fields, from_report = _fields(scope)
    if not from_report and not scope.is_enough:
        if not _printed_fields(scope):
            return None
        fields, from_report = scope.query("published_fields"), True
    main = main_fields(fields)
    if main.empty or main["value"].isna().any() or not fields["base"].iloc[0]:
        return None
    source = scope.report_label if from_report else scope.source
    completeness = _fields_completeness(scope, from_report)
    return Counted(main, int(fields["base"].iloc[0]), from_report, completeness, source)


def field_shares(warehouse: Warehouse, choice: Choice) -> Exhibit:
    """Show how recognised models divide over the fields, against the signed report."""
    scope = Scope.of(warehouse, choice)
    fields, from_report = _fields(scope)
    printed = {} if from_report else _printed_fields(scope)
    base = fields["base"].iloc[0]
    rows = used_fields(fields)
    slices = _field_slices(scope, rows, from_report)
    frame = pd.DataFrame(
        {
            "label": rows["label"],
            "value": rows["value"],
            "text": [_count_and_share(row, printed.get(row["linh_vuc_id"])) for row in records(rows)],
            "colour": rows["colour"],
            "link": links(slices),
        },
        dtype=object,
    )
    columns = {"Lĩnh vực": rows["label"], "Mô hình": rows["value"], "Tỷ trọng": rows["value_share"]}
    if printed:
        columns[scope.report_label] = pd.Series([printed.get(key) for key in rows["linh_vuc_id"]], rows.index, object)
    notes = [_gap_note(rows)] if "chua_phan" in set(rows["linh_vuc_id"]) else []
    if fields["is_provisional"].astype(bool).any():
        notes.append("Có số tạm tính (6 tháng).")
    table = pd.DataFrame(columns, dtype=object)
    return exhibit_of(
        scope,
        key="linh_vuc_ty_trong",
        title=_fields_title(scope, fields, from_report),
        subtitle=f"Mô hình được công nhận theo lĩnh vực, {scope.place}, {scope.period}",
        figure=figures.bars(frame, labels_above=True),
        table=table,
        slices=slice_table(table, {"Mô hình": slices, "Tỷ trọng": slices}),
        shares=("Tỷ trọng",),
        unit=MODELS,
        base=f"trên {number(base)} mô hình" if base else "",
        completeness=_fields_completeness(scope, from_report),
        source=scope.report_label if from_report else scope.source,
        notes=tuple(notes),
    )


def weak_fields(warehouse: Warehouse, choice: Choice) -> Exhibit:
    """Hold every field's share against an even share, with the thresholds of the catalogue.

    Always the whole province: the thresholds were decided for it, and a district's few models swing by chance.
    """
    scope = Scope.of(warehouse, replace(choice, don_vi_id=None))
    fields, from_report = _fields(scope)
    is_enough = from_report or scope.is_enough
    rows = main_fields(fields).sort_values("even_ratio", ascending=False, na_position="last")
    slices = _field_slices(scope, rows, from_report)
    frame = pd.DataFrame(
        {
            "label": rows["label"],
            "value": rows["even_ratio"],
            "text": [_ratio_text(row, is_enough) for row in records(rows)],
            "colour": rows["colour"],
            "link": links(slices),
        },
        dtype=object,
    )
    table = pd.DataFrame(
        {
            "Lĩnh vực": rows["label"],
            "Mô hình": rows["value"],
            "Tỷ trọng": rows["value_share"],
            "So với chia đều (lần)": rows["even_ratio"],
            "Mức": [
                LEVELS.get(level, "Bình thường") if known and is_enough else LEVELS["chua_du_so_lieu"]
                for level, known in zip(rows["level"], rows["even_ratio"].notna(), strict=True)
            ],
        },
        dtype=object,
    )
    thresholds = [
        (row["value"], LEVELS.get(row["level"], row["level"]), f"dưới {number(row['value'], 2)}")
        for row in records(scope.query("weak_field_level"))
    ]
    return exhibit_of(
        scope,
        key="linh_vuc_yeu",
        title=_weak_title(rows, is_enough),
        subtitle=f"Tỷ trọng so với mức chia đều bốn lĩnh vực (1,00 = chia đều), {scope.place}, {scope.period}",
        figure=figures.bars(
            frame, limits=[(value, f"{level}: {below}") for value, level, below in thresholds], labels_above=True
        ),
        table=table,
        slices=slice_table(table, dict.fromkeys(("Mô hình", "Tỷ trọng", "So với chia đều (lần)"), slices)),
        shares=("Tỷ trọng",),
        unit="lần",
        base=f"trên {number(fields['base'].iloc[0])} mô hình" if fields["base"].iloc[0] else "",
        completeness=_fields_completeness(scope, from_report),
        source=scope.report_label if from_report else scope.source,
        notes=(
            f"Ngưỡng: {'; '.join(f'{level} {below}' for _, level, below in thresholds)}. "
            "Lý do của từng ngưỡng ở trang Từ điển.",
        ),
    )


def _field_slices(scope: Scope, rows: pd.DataFrame, from_report: bool) -> pd.Series:
    """Return the slice of every field's figure; the signed report's own figures come from no return."""
    own = [None if from_report else scope.slice(RECOGNISED, linh_vuc_id=field) for field in rows["linh_vuc_id"]]
    return known_slices(rows["value"], own)


def _fields(scope: Scope) -> tuple[pd.DataFrame, bool]:
    """Return the fields' figures and whether they are the signed report's, for want of any return."""
    fields = scope.query("fields")
    printed = _printed_fields(scope)
    if fields["value"].isna().all() and printed:
        return scope.query("published_fields"), True
    return fields, False


def _printed_fields(scope: Scope) -> dict[str, Any]:
    """Return the signed report's figure of every field when it counts the same place and period."""
    report = scope.query("signed_report")
    same = len(report) and (report["from_year"].iloc[0], report["to_year"].iloc[0]) == (
        scope.choice.from_year,
        scope.choice.to_year,
    )
    if not (same and scope.is_province):
        return {}
    printed = scope.query("published_fields").dropna(subset=["value"])
    return dict(zip(printed["linh_vuc_id"], printed["value"], strict=True))


def _fields_title(scope: Scope, fields: pd.DataFrame, from_report: bool) -> str:
    main = main_fields(fields).dropna(subset=["value_share"])
    if main.empty:
        return "Chưa có số liệu theo lĩnh vực"
    if not from_report and not scope.is_enough:
        return "Chưa đủ số liệu để kết luận về cơ cấu lĩnh vực"
    ranked = records(main.sort_values("value_share"))
    least, most = ranked[0], ranked[-1]
    if not scope.is_province:
        return f"{least['label']} ít nhất, {percent(least['value_share'])} số mô hình"
    if least["level"]:
        return f"{least['label']} chỉ chiếm {percent(least['value_share'])} số mô hình"
    return f"{most['label']} chiếm nhiều nhất: {percent(most['value_share'])} số mô hình"


def _fields_completeness(scope: Scope, from_report: bool) -> str:
    if from_report and scope.warehouse.has_returns:
        return "Số công bố của toàn tỉnh; báo cáo của các đơn vị chưa đủ để tính"
    if from_report:
        return "Số công bố của toàn tỉnh; chưa có báo cáo của từng đơn vị"
    return scope.completeness(RECOGNISED)


def _gap_note(rows: pd.DataFrame) -> str:
    gap = rows.loc[rows["linh_vuc_id"] == "chua_phan", "value"].iloc[0]
    return (
        f"{number(gap)} mô hình được đếm trong tổng số nhưng không ghi thuộc lĩnh vực nào; không chia vào bốn lĩnh vực."
    )


def _count_and_share(row: dict[str, Any], printed: int | None) -> str:
    """Return "1.621 · 24,8%", and the signed report's figure where it is another."""
    text = labels.MISSING if row["value"] is None else f"{number(row['value'])} · {percent(row['value_share'])}"
    return text if printed in (None, row["value"]) else f"{text} (Báo cáo: {number(printed)})"


def _ratio_text(row: dict[str, Any], is_enough: bool) -> str:
    if row["even_ratio"] is None:
        return labels.MISSING
    level = f" · {LEVELS[row['level']]}" if row["level"] and is_enough else ""
    return f"{number(row['even_ratio'], 2)} ({percent(row['value_share'])}){level}"


def _weak_title(rows: pd.DataFrame, is_enough: bool) -> str:
    weak = rows[rows["level"].notna()].sort_values("even_ratio")
    if not is_enough:
        return "Chưa đủ số liệu để kết luận lĩnh vực nào yếu"
    if weak.empty:
        return "Không lĩnh vực nào dưới ngưỡng theo dõi"
    return f"{_joined(weak['label'].tolist())} dưới ngưỡng theo dõi"


def _joined(names: Sequence[str]) -> str:
    """Return "A, B và C"."""
    *before, last = names
    return f"{', '.join(before)} và {last}" if before else last
