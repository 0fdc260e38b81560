"""Exhibits of what differs between two snapshots: totals, figure by figure, flags."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard import labels
from dashboard.choice import Choice
from dashboard.exhibit import Exhibit, exhibit_of
from dashboard.labels import number
from dashboard.provenance.cautions import caution
from dashboard.provenance.tables import slice_table
from dashboard.provenance.trace import Slice, known_years
from dashboard.scope import RECOGNISED, Scope
from dashboard.topics.differences import (
    CHANGED,
    GONE,
    NEW,
    Difference,
    TotalDifference,
    counted,
    differences,
    flag_differences,
    total_differences,
    whole_choice,
)
from dashboard.warehouse import Warehouse

BEFORE, AFTER, GAP = "Trước", "Sau", "Chênh"
KINDS = {NEW: "mới có", GONE: "không còn", CHANGED: "đổi số"}
_CAUSE, _COMPLETENESS = "Do", "Mức đầy đủ"
_FIGURE_COLUMNS = ("Đơn vị", "Kỳ", "Chỉ tiêu", "Lĩnh vực", BEFORE, AFTER, "Thay đổi", _CAUSE)
_TOTAL_COLUMNS = ("Chỉ tiêu", "Đơn vị tính", BEFORE, AFTER, GAP, _COMPLETENESS)
_FLAG_COLUMNS = ("Quy tắc", BEFORE, AFTER, "Mới nêu", "Không còn nêu")
_CAUSES_TOLD = 3


@dataclass(frozen=True)
class Side:
    """A snapshot to compare. name: as a sentence calls it; link: as the parameter `ban` of a link does."""

    warehouse: Warehouse
    name: str
    link: str


@dataclass(frozen=True)
class SliceAsOf(Slice):
    """A number as a snapshot has it, whichever one the page itself is viewed as of."""

    snapshot: str = ""

    @property
    def link(self) -> str:
        """The address of the page that lists the slice's cells, as of its snapshot."""
        return f"{super().link}&ban={self.snapshot}"


def total_changes(before: Side, after: Side, don_vi_id: str | None) -> Exhibit:
    """Show each indicator's total over all years of both snapshots, before, after and the gap."""
    scope = _scope(before, after, don_vi_id)
    found = total_differences(before.warehouse, after.warehouse, scope.choice)
    rows = [
        (one.label, one.unit_label, one.before, one.after, one.gap, _completeness(one, scope.is_province))
        for one in found
    ]
    table = pd.DataFrame(rows, columns=list(_TOTAL_COLUMNS), dtype=object)
    leads = [[_slice(side, one.indicator_id, scope.choice) for one in found] for side in (before, after)]
    return _exhibit(
        scope,
        before,
        after,
        key="tong_so_khac",
        title=_totals_title(found, before),
        subtitle=f"Tổng số {scope.place}, {scope.period}",
        table=table,
        slices=slice_table(table, dict(zip((BEFORE, AFTER), leads, strict=True))),
        under=(_COMPLETENESS,),
        notes=("Chênh là số sau trừ số trước.",),
    )


def figure_changes(before: Side, after: Side, don_vi_id: str | None, *, limit: int | None = None) -> Exhibit:
    """Show every figure that came, went or changed, with the returns that caused it; the first `limit` of them."""
    scope = _scope(before, after, don_vi_id)
    found = differences(before.warehouse, after.warehouse, don_vi_id)
    shown = found[:limit]
    table = pd.DataFrame([_figure_row(one) for one in shown], columns=list(_FIGURE_COLUMNS), dtype=object)
    leads = [[_figure_slice(side, one) for one in shown] for side in (before, after)]
    return _exhibit(
        scope,
        before,
        after,
        key="con_so_khac",
        title=_figures_title(found, before),
        subtitle=f"Từng con số trong báo cáo của {scope.unit_label or 'các đơn vị'}, mọi kỳ",
        table=table,
        slices=slice_table(table, dict(zip((BEFORE, AFTER), leads, strict=True))),
        under=(_CAUSE,),
        notes=_figure_notes(found, shown),
    )


def flag_changes(before: Side, after: Side) -> Exhibit:
    """Show how many units and fields each rule named before and names after."""
    found = flag_differences(before.warehouse, after.warehouse)
    rows = [(one.label, one.before, one.after, one.appeared, one.cleared) for one in found]
    appeared, cleared = sum(one.appeared for one in found), sum(one.cleared for one in found)
    title = f"{number(appeared)} nơi mới bị nêu cảnh báo, {number(cleared)} nơi không còn"
    return _exhibit(
        _scope(before, after, None),
        before,
        after,
        key="canh_bao_khac",
        title=title if appeared or cleared else "Không cảnh báo nào đổi chỗ",
        subtitle="Số đơn vị và lĩnh vực mỗi quy tắc nêu, trong kỳ rà soát của từng bản",
        table=pd.DataFrame(rows, columns=list(_FLAG_COLUMNS), dtype=object),
        notes=(
            "Một nơi là một đơn vị, một lĩnh vực hoặc toàn tỉnh; không tính năm, vì kỳ rà soát dời theo năm. "
            "Không kể chỗ chưa đủ số liệu để xét.",
        ),
    )


def _scope(before: Side, after: Side, don_vi_id: str | None) -> Scope:
    return Scope.of(after.warehouse, whole_choice(before.warehouse, after.warehouse, don_vi_id))


def _exhibit(scope: Scope, before: Side, after: Side, **parts: Any) -> Exhibit:
    told = [f"{side.name} (bản số liệu {side.warehouse.info.get('snapshot_id', '')})" for side in (before, after)]
    return exhibit_of(
        scope,
        figure=None,
        unit="Ghi ở từng dòng",
        completeness="ghi ở từng dòng" if parts["key"] == "tong_so_khac" else "như từng bản",
        source=f"Trước: {told[0]}. Sau: {told[1]}. {scope.source}",
        caution=caution(after.warehouse, _own_years(after, scope.choice)),
        **parts,
    )


def _totals_title(found: Sequence[TotalDifference], before: Side) -> str:
    changed = [one for one in found if one.before != one.after]
    if not changed:
        return f"Không tổng số nào đổi so với {before.name}"
    first = min(changed, key=lambda one: one.indicator_id != RECOGNISED)
    said = f"{first.label} từ {number(first.before)} thành {number(first.after)}"
    return f"{len(changed)}/{len(found)} tổng số đổi so với {before.name}: {said}"


def _figures_title(found: list[Difference], before: Side) -> str:
    if not found:
        return f"Không con số nào khác với {before.name}"
    counts = ", ".join(f"{number(count)} {KINDS[kind]}" for kind, count in counted(found).items() if count)
    return f"{number(len(found))} con số khác với {before.name}: {counts}"


def _figure_notes(found: Sequence[Difference], shown: Sequence[Difference]) -> tuple[str, ...]:
    if not found:
        return ("Mọi con số của mọi đơn vị, mọi kỳ ở hai bản giống hệt nhau.",)
    causes = Counter(one.cause for one in found).most_common(_CAUSES_TOLD)
    notes = [f"Nhiều nhất: {'; '.join(f'{cause}: {number(count)} con số' for cause, count in causes)}."]
    if len(shown) < len(found):
        notes.append(f"Đang hiện {number(len(shown))}/{number(len(found))} con số; tệp tải về có đủ.")
    return tuple(notes)


def _figure_row(one: Difference) -> tuple[Any, ...]:
    period = labels.sentence(labels.return_period(one.period_kind, one.from_year, one.to_year))
    kind = KINDS[one.kind]
    cause = labels.sentence(one.cause)
    return one.don_vi, period, one.indicator, one.linh_vuc, one.before, one.after, kind, cause


def _figure_slice(side: Side, one: Difference) -> Slice | None:
    """Return where a figure leads; only a year's own figure is counted as it stands in every snapshot."""
    if one.period_kind != "nam":
        return None
    own = Choice(one.from_year, one.to_year, one.don_vi_id)
    return _slice(side, one.indicator_id, own, linh_vuc_id=one.linh_vuc_id)


def _slice(side: Side, indicator_id: str, choice: Choice, **parts: Any) -> Slice:
    return SliceAsOf(indicator_id, **{**_own_years(side, choice).params, **parts}, snapshot=side.link)


def _own_years(side: Side, choice: Choice) -> Choice:
    """Return the part of a choice's years that a snapshot knows."""
    years = known_years(side.warehouse)
    return Choice(max(choice.from_year, years[0]), min(choice.to_year, years[-1]), choice.don_vi_id)


def _completeness(one: TotalDifference, is_province: bool) -> str:
    """Say how complete a total is, in each snapshot where that differs."""
    before, after = (_complete(row, is_province) for row in (one.before_row, one.after_row))
    return f"Đủ số liệu ở cả hai bản: {before}" if before == after else f"Đủ số liệu: trước {before}; sau {after}"


def _complete(row: Mapping[str, Any], is_province: bool) -> str:
    if not is_province:
        return f"{row['covered_years']}/{row['expected_years']} năm"
    text = f"{row['complete_district_count']}/{row['district_count']} đơn vị cấp huyện"
    others = f", {row['complete_other_count']}/{row['other_count']} đơn vị khác" if row["other_count"] else ""
    return text + others
