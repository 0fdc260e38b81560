"""What a slide is, apart from any way of showing it: the deck and the presentation mode both draw these."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

import pandas as pd

from dashboard import labels
from dashboard.choice import Choice
from dashboard.exhibit import Exhibit
from dashboard.figures.events import Mark
from dashboard.scope import RECOGNISED, Scope
from dashboard.warehouse import Warehouse

UNKNOWN = "“?”: chưa có số liệu, không phải số 0."
PUBLISHED_ONLY = "Số công bố của toàn tỉnh; chưa có báo cáo của từng đơn vị"
Kind = Literal["cover", "numbers", "chart", "tiles", "table", "points"]
ChartKind = Literal["bars", "columns", "stacked_columns", "stacked_bars", "line"]


@dataclass(frozen=True)
class BigNumber:
    """A figure large enough for a hall: what it counts, the figure as shown, its unit, what it is held against."""

    label: str
    value: str
    unit: str
    note: str = ""


@dataclass(frozen=True)
class Tile:
    """A district's place on the tile map. fill: None where it has no figure; text: the figure as shown."""

    label: str
    row: int
    col: int
    value: float | None
    text: str
    fill: str | None
    is_chosen: bool = False


@dataclass(frozen=True)
class Chart:
    """How a slide's table is charted: which column names the categories, which hold the figures.

    colours: one a series; with a single series also one a category. limits: (value, text) of dashed lines across.
    marks: events on an axis of years. digits: decimals of the figures (shares: of percent).
    """

    kind: ChartKind
    category: str
    series: tuple[str, ...]
    colours: tuple[str, ...]
    limits: tuple[tuple[float, str], ...] = ()
    marks: tuple[Mark, ...] = ()
    digits: int = 0


@dataclass(frozen=True)
class Slide:
    """One message for a hall.

    kind says which part carries it: `numbers` (numbers), `chart` (chart over table), `tiles` (tiles), `table` (table),
    `points` (sentences), `cover` (title and subtitle, points above them). title: the message, one sentence. subtitle:
    measure, unit, period. table: typed values, None where missing, those of the columns in `shares` 0-1. beside: its
    columns that stand as a table beside a chart. exhibit: the screens' one whose figure says the same, of a chart or
    tiles alone. notes: what the audience must know. source, completeness: said on the slide. spoken: for the speaker.
    Texts come from returns as they were sent: whoever draws them must not let them act.
    """

    key: str
    kind: Kind
    title: str
    subtitle: str
    source: str = ""
    completeness: str = ""
    notes: tuple[str, ...] = ()
    spoken: tuple[str, ...] = ()
    numbers: tuple[BigNumber, ...] = ()
    points: tuple[str, ...] = ()
    table: pd.DataFrame = field(default_factory=pd.DataFrame)
    shares: tuple[str, ...] = ()
    chart: Chart | None = None
    beside: tuple[str, ...] = ()
    tiles: tuple[Tile, ...] = ()
    exhibit: Exhibit | None = None
    is_simulated: bool = False

    @property
    def foot(self) -> str:
        """The line of source and completeness that stands under every figure."""
        parts = (f"Nguồn: {self.source}" if self.source else "", self.completeness)
        return ". ".join(part.rstrip(".") for part in parts if part)


@dataclass(frozen=True)
class Talk:
    """What slides are made of: a snapshot, a period and place, and whether units may be named for what they lack."""

    warehouse: Warehouse
    choice: Choice
    with_support: bool = False

    @cached_property
    def scope(self) -> Scope:
        """The names behind the choice."""
        return Scope.of(self.warehouse, self.choice)

    @property
    def is_province(self) -> bool:
        """Whether the talk is of the whole province."""
        return self.choice.don_vi_id is None

    @property
    def snapshot_id(self) -> str:
        """The snapshot that every slide names."""
        return self.warehouse.info.get("snapshot_id") or ""

    @property
    def source(self) -> str:
        """Where the figures come from: returns, or the signed report alone."""
        return self.scope.source if self.warehouse.has_returns else self.scope.report_label

    @property
    def completeness(self) -> str:
        """How complete the recognised models are."""
        return self.scope.completeness(RECOGNISED) if self.warehouse.has_returns else PUBLISHED_ONLY

    def slide(self, key: str, kind: Kind, exhibit: Exhibit, method: Sequence[str] = (), **parts: Any) -> Slide:
        """Return a slide that shows an exhibit; `parts` are what it says otherwise."""
        if not self.warehouse.has_returns:
            exhibit = replace(exhibit, source=self.source, completeness=self.completeness)
        common = {
            "title": exhibit.title,
            "subtitle": exhibit.subtitle,
            "source": exhibit.source,
            "completeness": exhibit.completeness,
            "notes": exhibit.notes,
            "table": exhibit.table,
            "shares": exhibit.shares,
            "spoken": spoken_of(exhibit, self.snapshot_id, method),
            "exhibit": exhibit if kind in ("chart", "tiles") else None,
            "is_simulated": self.warehouse.is_simulated,
        }
        made = Slide(key=key, kind=kind, **{**common, **parts})
        return replace(made, notes=(*made.notes, UNKNOWN)) if _has_gaps(made) else made


def _has_gaps(slide: Slide) -> bool:
    """Return whether a chart has a category without any figure."""
    return slide.chart is not None and bool(slide.table[list(slide.chart.series)].isna().all(axis=1).any())


def spoken_of(exhibit: Exhibit, snapshot_id: str, method: Sequence[str] = ()) -> tuple[str, ...]:
    """Return what a speaker must be able to answer about an exhibit, a line each."""
    facts = (
        ("Cách đo", exhibit.subtitle),
        ("Đơn vị tính", exhibit.unit),
        ("Kỳ số liệu", exhibit.period),
        ("Tỷ trọng tính", exhibit.base),
        ("Mức đầy đủ", exhibit.completeness),
        ("Nguồn", exhibit.source),
        ("Cảnh báo của số liệu", exhibit.caution.text if exhibit.caution else ""),
        *(("Chú thích", note) for note in exhibit.notes),
        *(("Phương pháp", text) for text in method),
        ("Bản số liệu", snapshot_id),
    )
    simulated = (f"{labels.SIMULATED}: không phải số thật của đơn vị nào.",) if exhibit.is_simulated else ()
    return simulated + tuple(f"{name}: {text}" for name, text in facts if text)
