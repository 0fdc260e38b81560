"""What every chart carries wherever it is shown: its message, what it counts, and how far to trust it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard import labels
from dashboard.boundaries import boundary_note, named
from dashboard.choice import Choice
from dashboard.figures import Figure, watermarked
from dashboard.labels import number
from dashboard.provenance.cautions import Caution, caution
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
ZERO_AND_MISSING = "Số 0: có báo cáo, không có mô hình. Ô gạch chéo “?”: chưa có số liệu."
FLAGGED = "Khung cam: ô có cảnh báo."


@dataclass(frozen=True)
class Exhibit:
    """A chart with its table and everything a reader must know about it.

    title: the message, computed from the data. subtitle: measure, unit, period. table: Vietnamese column labels,
    typed values, None where missing; columns named in `shares` hold 0-1. base: what shares are taken of, else "".
    slices: as `table`, holding the Slice that each number leads to (of a ratio: its numerator), else None.
    caution: what loading and checks warned about in the returns used, None when nothing. figure: None where the
    table is the exhibit; its columns named in `under` are sentences and stand below each row. whole: makes the same
    exhibit of all units where this one shows some of them, else None.
    """

    key: str
    title: str
    subtitle: str
    figure: Figure | None
    table: pd.DataFrame
    shares: tuple[str, ...]
    unit: str
    period: str
    base: str
    completeness: str
    source: str
    notes: tuple[str, ...]
    is_simulated: bool
    slices: pd.DataFrame | None = None
    caution: Caution | None = None
    under: tuple[str, ...] = ()
    whole: "Callable[[], Exhibit] | None" = None

    def of_all(self) -> "Exhibit":
        """Return the exhibit with every unit it speaks of: what a file to download holds."""
        return self.whole() if self.whole else self


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

    def exhibit(self, **parts: Any) -> Exhibit:
        """Complete an exhibit with what all of this scope's exhibits share."""
        if self.unit_label:
            parts["title"] = f"{self.unit_label}: {parts['title']}"
        if self.warehouse.is_simulated and parts["figure"] is not None:
            parts["figure"] = watermarked(parts["figure"])
        common = {
            "period": labels.sentence(self.period),
            "base": "",
            "shares": (),
            "source": self.source,
            "caution": caution(self.warehouse, self.choice),
        }
        if self.choice.boundary_on is not None:
            parts["subtitle"] = f"{parts['subtitle']} · {named(self.choice.boundary_on)}"
        parts["notes"] = (*parts.get("notes", ()), *boundary_note(self.warehouse, self.choice), *self.part_year_notes)
        return Exhibit(**{**common, **parts, "is_simulated": self.warehouse.is_simulated})


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


def wide(frame: pd.DataFrame, index: str, columns: str, name: str, values: str = "value") -> pd.DataFrame:
    """Return `values` as a table with a row for every `index` and a column for every `columns`, in their order."""
    places = list(zip(frame[index], frame[columns], strict=True))
    held = {place: None if value != value else value for place, value in zip(places, frame[values], strict=True)}
    if len(held) < len(places):
        raise ValueError(f"several rows of one {index} and {columns}")
    heads = list(dict.fromkeys(column for _, column in places))
    rows = [[str(row), *(held.get((row, head)) for head in heads)] for row in dict.fromkeys(row for row, _ in places)]
    return pd.DataFrame(rows, columns=[name, *map(str, heads)], dtype=object)


def wide_slices(frame: pd.DataFrame, index: str, columns: str, name: str) -> pd.DataFrame:
    """Return the column `slice` in the shape that `wide` gives the values, and nothing where its names stand."""
    return wide(frame, index, columns, name, "slice").assign(**{name: None})


def known_slices(values: pd.Series, slices: Sequence[Slice | None]) -> pd.Series:
    """Return the slices of the figures that are there, as a column beside them: what is missing leads nowhere."""
    pairs = zip(values, slices, strict=True)
    return pd.Series([found if value is not None else None for value, found in pairs], values.index, object)


def links(slices: pd.Series) -> pd.Series:
    """Return where a chart's marks lead, as a column."""
    return pd.Series([found.link if found else None for found in slices], slices.index, object)


def slice_table(table: pd.DataFrame, columns: Mapping[str, Iterable[Slice | None]]) -> pd.DataFrame:
    """Return a frame as `table`, holding the slices of its `columns` and None elsewhere."""
    nowhere = [None] * len(table)
    held = {name: known_slices(table[name], list(columns.get(name, nowhere))) for name in table.columns}
    return pd.DataFrame(held, index=table.index, dtype=object)


def used_fields(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep the four fields, and the grey two where they have a figure: nobody owes a figure there."""
    return frame[frame["is_main"].astype(bool) | frame["value"].notna()]


def indicator_facts(scope: Scope, indicator_id: str) -> dict[str, Any]:
    """Return what the catalogue says of an indicator."""
    return next(row for row in records(scope.query("indicators")) if row["indicator_id"] == indicator_id)
