"""Whose figures are shown, in words: place, period, source, how complete; and words of the catalogue's codes.

It knows the snapshot and what was chosen, no chart.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard import labels
from dashboard.choice import Choice
from dashboard.labels import number
from dashboard.provenance.trace import Slice
from dashboard.units import unit_name
from dashboard.warehouse import Warehouse, records

RECOGNISED = "mo_hinh_cong_nhan"
MODELS = "mô hình"
LEVELS = {
    "theo_doi": "Theo dõi",
    "canh_bao": "Cảnh báo",
    "nghiem_trong": "Nghiêm trọng",
    "chua_du_so_lieu": "Chưa đủ số liệu",
}
TERRAINS = {"dong_bang": "Đồng bằng", "mien_nui": "Miền núi"}


@dataclass(frozen=True)
class Scope:
    """Whose figures these are, in words, and where they come from."""

    warehouse: Warehouse
    choice: Choice
    unit_label: str
    report_label: str

    @classmethod
    def of(cls, warehouse: Warehouse, choice: Choice) -> "Scope":
        """Look up the names behind a choice."""
        return cls(warehouse, choice, unit_name(warehouse, choice.don_vi_id), report_label(warehouse))

    def query(self, name: str, **params: Any) -> pd.DataFrame:
        """Run a metric for this choice; `params` override it."""
        return self.warehouse.query(name, **{**self.choice.params, **params})

    def slice(self, indicator_id: str, **parts: Any) -> Slice:
        """Return the slice of an indicator's figure of this choice; `parts` narrow it."""
        return Slice(indicator_id, **{**self.choice.params, **parts})

    @property
    def is_province(self) -> bool:
        """Whether the whole province was chosen."""
        return self.choice.don_vi_id is None

    @property
    def place(self) -> str:
        """The place as a subtitle names it."""
        return self.unit_label or "toàn tỉnh"

    @property
    def period(self) -> str:
        """The period as a subtitle names it."""
        return labels.period(self.choice.from_year, self.choice.to_year)

    @property
    def source(self) -> str:
        """The sentence that says where figures of returns come from."""
        if self.warehouse.is_simulated:
            return f"Dữ liệu mô phỏng, dựng theo các số tổng của {self.report_label}"
        return f"Báo cáo của các đơn vị (bản số liệu {labels.snapshot(self.warehouse.info)})"

    def completeness(self, indicator_id: str) -> str:
        """Say how complete an indicator's figures of this choice are."""
        rows = {row["indicator_id"]: row for row in records(self.query("completeness"))}
        return completeness_text(rows[indicator_id], self.is_province) if indicator_id in rows else labels.MISSING

    @property
    def is_enough(self) -> bool:
        """Whether enough units gave recognised models to judge them."""
        found = records(self.query("completeness"))
        return any(row["is_enough"] for row in found if row["indicator_id"] == RECOGNISED)

    @property
    def part_year_notes(self) -> tuple[str, ...]:
        """What every exhibit of a period says when a year in it is not over."""
        return tuple(
            f"† Năm {row['year']}: số đến {labels.day(row['as_of_on'])}, chưa trọn năm, không so ngang với năm đủ."
            for row in records(self.query("part_years"))
        )


def report_label(warehouse: Warehouse) -> str:
    """Return the signed report's short name: "Báo cáo 10/10/2024"."""
    report = records(warehouse.query("signed_report"))
    return f"Báo cáo {labels.day(report[0]['published_on'])}" if report else "Báo cáo tổng kết"


def completeness_text(row: Mapping[str, Any], is_province: bool) -> str:
    """Say in how many units (or, for one unit, years) the figures are complete."""
    if is_province:
        text = f"{row['complete_district_count']}/{row['district_count']} đơn vị cấp huyện đủ số liệu"
        if row["other_count"]:
            text += f", {row['complete_other_count']}/{row['other_count']} đơn vị khác"
    else:
        text = f"{row['covered_years']}/{row['expected_years']} năm có số liệu"
    if row["is_complete"]:
        return text
    missing = row["expected_years"] - row["covered_years"]
    return f"{text} (chưa đủ: thiếu {number(missing)} trên {number(row['expected_years'])} lượt số liệu năm)"


def indicator_facts(scope: Scope, indicator_id: str) -> dict[str, Any]:
    """Return what the catalogue says of an indicator."""
    return next(row for row in records(scope.query("indicators")) if row["indicator_id"] == indicator_id)
