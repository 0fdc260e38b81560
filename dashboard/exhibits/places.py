"""Exhibits of the places: districts beside each other, never a district beside a provincial body."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from dashboard import figures, labels
from dashboard.choice import Choice
from dashboard.exhibit import (
    FLAGGED,
    ZERO_AND_MISSING,
    Exhibit,
    exhibit_of,
    main_fields,
    used_fields,
    wide,
    wide_slices,
)
from dashboard.exhibits.few import MOST_POINTS, MOST_UNITS, Few, both_ends, first_ones
from dashboard.labels import number, percent
from dashboard.provenance.links import unit_link
from dashboard.provenance.tables import known_slices, links, slice_table
from dashboard.scope import MODELS, RECOGNISED, Scope, indicator_facts
from dashboard.theme import ACCENT, HIGHLIGHT
from dashboard.warehouse import Warehouse, records

COMMUNES = "xa_co_mo_hinh"
SMALL_RATE = 0.1  # below it a rate is shown with a digit more


def district_map(
    warehouse: Warehouse, choice: Choice, indicator_id: str = RECOGNISED, most: int | None = MOST_POINTS
) -> Exhibit:
    """Show every district's rate per commune of an indicator: on its official borders, else as a tile."""
    scope = Scope.of(warehouse, replace(choice, don_vi_id=None))
    found = district_rates_of(scope, indicator_id)
    few = found.few(choice, most)
    rows = few.of(found.rows)
    rows = rows[rows["tile_row"].notna()]
    borders = {row["don_vi_id"]: row["geojson"] for row in records(scope.query("geometry"))}
    undrawn = [row["label"] for row in records(rows) if row["don_vi_id"] not in borders] if borders else []
    frame = pd.DataFrame(
        {
            "label": rows["label"],
            "tile_row": rows["tile_row"],
            "tile_col": rows["tile_col"],
            "value": rows["rate"],
            "text": [found.text(rate) for rate in rows["rate"]],
            "is_highlighted": rows["don_vi_id"] == choice.don_vi_id,
            "geojson": [borders.get(unit) for unit in rows["don_vi_id"]],
            "link": _leads(scope, found, rows),
        },
        dtype=object,
    )
    notes = ["Đậm hơn là nhiều hơn; chênh lệch có thể chỉ là dao động. Bấm vào một huyện để mở trang của huyện ấy."]
    if undrawn:
        notes.append(f"dia_gioi.geojson chưa có {', '.join(undrawn)}: vẽ bằng ô.")
    if undrawn or not borders:
        notes.insert(0, "Mỗi ô một đơn vị cấp huyện, vị trí gần đúng.")
    return _of_rates(
        scope,
        found,
        few,
        key="ban_do_o",
        figure=figures.district_map(frame, height=330),
        title=found.title,
        notes=notes,
        whole=few.whole(lambda: district_map(warehouse, choice, indicator_id, most=None)),
    )


def district_rates(
    warehouse: Warehouse, choice: Choice, indicator_id: str = RECOGNISED, most: int | None = MOST_UNITS
) -> Exhibit:
    """Show every district's rate per commune of an indicator as bars, highest first, beside that of all districts."""
    scope = Scope.of(warehouse, replace(choice, don_vi_id=None))
    found = district_rates_of(scope, indicator_id)
    few = found.few(choice, most)
    rows = few.of(found.rows).sort_values("rate", ascending=False, na_position="last", kind="stable")
    frame = pd.DataFrame(
        {
            "label": rows["label"],
            "value": rows["rate"],
            "text": [
                found.text(row["rate"]) + ("" if row["is_complete"] or row["rate"] is None else "*")
                for row in records(rows)
            ],
            "colour": [HIGHLIGHT if unit == choice.don_vi_id else ACCENT for unit in rows["don_vi_id"]],
            "link": _leads(scope, found, rows),
        },
        dtype=object,
    )
    known = found.rows.dropna(subset=["rate"])
    limits = [(found.overall, f"Chung các huyện: {found.text(found.overall)}")] if found.overall else []
    title = f"{number(len(known))}/{number(len(found.rows))} đơn vị cấp huyện có số liệu"
    title += ", xếp từ cao xuống thấp" if len(known) > 1 else ""
    notes = ["Chênh lệch có thể chỉ là dao động: trang Mất cân đối xét chênh lệch nào đáng kể."]
    if not known["is_complete"].astype(bool).all():
        notes.append("* chưa đủ số liệu các năm.")
    return _of_rates(
        scope,
        found,
        few,
        key="huyen_moi_xa",
        figure=figures.bars(frame, limits=limits, row_height=20),
        title=title,
        notes=notes,
        whole=few.whole(lambda: district_rates(warehouse, choice, indicator_id, most=None)),
    )


@dataclass(frozen=True)
class DistrictRates:
    """Districts with their rate per commune of one indicator. overall: the rate of all that gave a figure.

    rows: as metric unit_totals.
    """

    rows: pd.DataFrame
    indicator: dict[str, Any]
    overall: float | None
    to_year: int

    @property
    def is_stock(self) -> bool:
        """Whether the indicator counts what there is at the end of the period."""
        return bool(self.indicator["aggregation"] == "stock")

    @property
    def is_share(self) -> bool:
        """Whether communes are counted: then the rate is a share of them."""
        return bool(self.indicator["indicator_id"] == COMMUNES)

    @property
    def per(self) -> str:
        """What the rate is taken of."""
        if self.is_share:
            return f"tỷ lệ xã, cuối năm {self.to_year}"
        return f"mỗi xã, cuối năm {self.to_year}" if self.is_stock else "mỗi xã mỗi năm"

    @property
    def counted(self) -> str:
        """What a sentence says behind a rate: "mô hình mỗi xã mỗi năm"."""
        return f"{self.counted_there}, cuối năm {self.to_year}" if self.is_share else f"{self._unit} {self.per}"

    @property
    def counted_there(self) -> str:
        """The same without saying when: "mô hình mỗi xã"."""
        return "số xã có mô hình" if self.is_share else f"{self._unit} mỗi xã"

    @property
    def _unit(self) -> str:
        return str(self.indicator["unit_label"])

    def text(self, rate: float | None) -> str:
        """Return a rate as shown; small ones with a digit more."""
        if self.is_share:
            return percent(rate, 0)
        return number(rate, 2 if (self.overall or 0) >= SMALL_RATE else 3)

    def few(self, choice: Choice, most: int | None) -> Few:
        """Return which districts to draw."""
        return both_ends(self.rows["don_vi_id"], self.rows["rate"], choice.don_vi_id, most)

    @property
    def subtitle(self) -> str:
        """What the rates measure, but for the period."""
        of = "trên tổng số xã, phường, thị trấn" if self.is_share else "trên mỗi xã, phường, thị trấn"
        return f"{self.indicator['label']} {of}"

    @property
    def title(self) -> str:
        """The message of the rates."""
        known = self.rows["rate"].dropna()
        if not len(known):
            return "Chưa có số liệu của từng huyện"
        if len(known) == 1:
            label = self.rows.loc[known.index[0], "label"]
            return f"Mới có số liệu của {label}: {self.text(known.iloc[0])} {self.counted}"
        spread = f"các huyện từ {self.text(known.min())} đến {self.text(known.max())}"
        if self.is_stock:
            return f"Cuối năm {self.to_year}: {self.text(self.overall)} {self.counted_there}; {spread}"
        return f"Mỗi xã mỗi năm có {self.text(self.overall)} {self._unit}; {spread}"


def district_rates_of(scope: Scope, indicator_id: str) -> DistrictRates:
    """Return every district's rate per commune of an indicator in a scope's period."""
    units = scope.query("unit_totals", indicator_id=indicator_id)
    rows = units[units["is_district"].astype(bool)]
    overall = rows["district_rate"].iloc[0] if len(rows) else None
    return DistrictRates(rows, indicator_facts(scope, indicator_id), overall, scope.choice.to_year)


def _slices(scope: Scope, found: DistrictRates, rows: pd.DataFrame) -> "pd.Series[Any]":
    """Return where the figures of rows lead."""
    indicator_id = found.indicator["indicator_id"]
    return known_slices(rows["value"], [scope.slice(indicator_id, don_vi_id=unit) for unit in rows["don_vi_id"]])


def _of_rates(scope: Scope, found: DistrictRates, few: Few, *, key: str, notes: Sequence[str], **parts: Any) -> Exhibit:
    """Complete an exhibit of rates with its table and what it measures."""
    rows, unit = few.of(found.rows), found.indicator["unit_label"]
    slices = _slices(scope, found, rows)
    count, rate = labels.sentence(unit), labels.sentence(found.per)
    table = pd.DataFrame(
        {
            "Đơn vị": rows["label"],
            count: rows["value"],
            "Xã × năm có số liệu": rows["commune_years"],
            rate: rows["rate"],
            "Năm có số liệu": rows["covered_years"],
            "Năm phải có": rows["expected_years"],
        },
        dtype=object,
    )
    return exhibit_of(
        scope,
        key=f"{key}_{found.indicator['indicator_id']}",
        subtitle=found.subtitle + (f", cuối năm {found.to_year}" if found.is_stock else f" mỗi năm, {scope.period}"),
        table=table,
        slices=slice_table(table, dict.fromkeys((count, rate), slices)),
        shares=(rate,) if found.is_share else (),
        unit="%" if found.is_share else f"{unit}/xã" if found.is_stock else f"{unit}/xã/năm",
        completeness=scope.completeness(found.indicator["indicator_id"]),
        notes=(*notes, *few.notes),
        **parts,
    )


def _leads(scope: Scope, found: DistrictRates, rows: pd.DataFrame) -> list[str]:
    """Return where the marks of districts lead: to the cells of a figure; without one a district still has a page."""
    pairs = zip(rows["don_vi_id"], _slices(scope, found, rows), strict=True)
    return [lead.link if lead else unit_link(unit, scope.choice) for unit, lead in pairs]


def district_field_heat(
    warehouse: Warehouse,
    choice: Choice,
    flagged: Collection[tuple[str, str]] = (),
    most: int | None = MOST_UNITS,
) -> Exhibit:
    """Show every district's models by field as a table of shaded cells; `flagged` units and fields are outlined."""
    scope = Scope.of(warehouse, replace(choice, don_vi_id=None))
    found = scope.query("unit_fields")
    found = used_fields(found[found["is_district"].astype(bool)])
    main = main_fields(found)
    empty = main.loc[main["value"] == 0, "unit_label"].nunique()
    is_unknown = found["value"].isna().all()
    totals = main["value"].astype(float).groupby(main["don_vi_id"], sort=False).sum(min_count=1).reset_index()
    few = both_ends(totals["don_vi_id"], totals["value"], choice.don_vi_id, most)
    if flagged:
        units = {unit for unit, _ in flagged}
        ordered = pd.Series(sorted(totals["don_vi_id"], key=lambda unit: unit not in units), dtype=object)
        few = first_ones(ordered, "đơn vị, nơi có cảnh báo trước,", choice.don_vi_id, most)
    found = few.of(found)
    chosen = found["don_vi_id"] == choice.don_vi_id
    pairs = zip(found["don_vi_id"], found["linh_vuc_id"], strict=True)
    slices = [scope.slice(RECOGNISED, don_vi_id=unit, linh_vuc_id=field) for unit, field in pairs]
    found = found.assign(slice=known_slices(found["value"], slices))
    frame = found.assign(
        row=found["unit_label"].where(~chosen, "▸ " + found["unit_label"]),
        column=found["short_label"],
        text=[number(value) for value in found["value"]],
        link=links(found["slice"]),
        is_flagged=[pair in flagged for pair in zip(found["don_vi_id"], found["linh_vuc_id"], strict=True)],
    )
    title = "Đơn vị nào có số liệu cũng có mô hình ở cả bốn lĩnh vực"
    if is_unknown:
        title = "Chưa có số liệu của từng huyện"
    elif not scope.is_enough:
        title = "Mới có số liệu của một phần các đơn vị"
    elif empty:
        title = f"{number(empty)} đơn vị cấp huyện còn lĩnh vực chưa có mô hình nào"
    return exhibit_of(
        scope,
        key="huyen_linh_vuc",
        title=title,
        subtitle=f"Số mô hình được công nhận, đơn vị cấp huyện × lĩnh vực, {scope.period}",
        figure=figures.heat_map(frame),
        table=wide(found, "unit_label", "label", "Đơn vị"),
        slices=wide_slices(found, "unit_label", "label", "Đơn vị"),
        unit=MODELS,
        completeness=scope.completeness(RECOGNISED),
        notes=(
            ZERO_AND_MISSING,
            "Ô đậm hơn: nhiều hơn.",
            *((FLAGGED,) if frame["is_flagged"].any() else ()),
            *few.notes,
        ),
        whole=few.whole(lambda: district_field_heat(warehouse, choice, flagged, most=None)),
    )
