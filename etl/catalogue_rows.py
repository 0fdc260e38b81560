"""The shape of every catalogue file but layouts.toml: one model a file, one attribute a column or key.

Columns and keys that are not named here, or are missing, are errors. It knows nothing of what must hold between files:
that is for `catalogue_checks`.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Blank = BeforeValidator(lambda value: None if value == "" else value)
OptionalText = Annotated[str | None, Blank]
OptionalInt = Annotated[int | None, Blank]
OptionalFloat = Annotated[float | None, Blank]
OptionalDate = Annotated[date | None, Blank]
UnitKind = Literal["huyen", "thi_xa", "thanh_pho", "dang_bo_truc_thuoc", "co_quan_tinh", "cum"]
DISTRICT_KINDS = frozenset({"huyen", "thi_xa", "thanh_pho"})
PeriodKind = Literal["nam", "6_thang", "giai_doan"]


class Row(BaseModel):
    """A row of a catalogue file: unknown or missing columns are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class LinhVuc(Row):
    """A field of the movement."""

    linh_vuc_id: str
    label: str
    short_label: str
    position: int
    colour: str
    definition: str


class DonVi(Row):
    """A unit that may send returns, with the dates between which it existed."""

    don_vi_id: str
    label: str
    full_label: str
    kind: UnitKind
    former_kind: Annotated[UnitKind | None, Blank]
    gso_code: OptionalText
    terrain: Annotated[Literal["dong_bang", "mien_nui"] | None, Blank]
    valid_from: OptionalDate
    valid_to: OptionalDate
    successor_id: OptionalText
    tile_row: OptionalInt
    tile_col: OptionalInt
    note: str

    @property
    def is_district(self) -> bool:
        """Whether the unit is compared with districts."""
        return self.kind in DISTRICT_KINDS


class DonViYear(Row):
    """A unit's communes and population in one year."""

    don_vi_id: str
    year: int
    commune_count: OptionalInt
    population: OptionalInt
    note: str


class Indicator(Row):
    """Something a return counts. aggregation: a `flow` adds up over years, a `stock` does not."""

    indicator_id: str
    label: str
    short_label: str
    unit_label: str
    by_linh_vuc: bool
    aggregation: Literal["flow", "stock"]
    position: int
    definition: str


class Label(Row):
    """A spelling: accepted, a known misspelling, or refused with the reason in `note`."""

    kind: Literal["linh_vuc", "don_vi", "chi_tieu", "ky"]
    id: str
    label: str
    use: Literal["accepted", "misspelt", "refused"]
    note: str


class TypeWord(Row):
    """A word that may stand before the name of a unit of this kind ("huyện", "Thành ủy")."""

    kind: UnitKind
    word: Annotated[str, Field(min_length=1)]


class Choice(Row):
    """An entry of one of the register's lists."""

    list: Literal["loai", "tinh_trang", "cap_khen_thuong", "chu_de", "dia_ban_dac_thu"]
    id: str
    label: str
    position: int
    note: str


class Source(Row):
    """A published document."""

    source_id: str
    label: str
    published_on: OptionalDate
    note: str


class Measure(Row):
    """Something published that is none of our indicators, and the indicator it may be laid beside.

    relation: `trong_do` a part of that indicator's count, `ten_khac` its count by another name, `khac` something else.
    """

    measure_id: str
    label: str
    unit_label: str
    nearest_indicator_id: OptionalText
    relation: Annotated[Literal["trong_do", "ten_khac", "khac"] | None, Blank]
    note: str


class PublishedTotal(Row):
    """A figure as a source prints it. value: None where the source prints no whole count."""

    source_id: str
    territory: str
    don_vi_id: OptionalText
    indicator_id: str
    linh_vuc_id: OptionalText
    from_year: OptionalInt
    to_year: OptionalInt
    value: OptionalInt
    value_text: str
    citation: str
    note: str


class Deadline(Row):
    """The day of the period's last year by which a return is due."""

    period_kind: PeriodKind
    due_month: Annotated[int, Field(ge=1, le=12)]
    due_day: Annotated[int, Field(ge=1, le=28)]
    decided_by: str
    decided_on: date
    reason: str


class Event(Row):
    """Something dated that a chart of years marks."""

    event_id: str
    from_on: date
    to_on: OptionalDate
    kind: Literal["phong_trao", "tong_ket", "dia_gioi", "dich_benh", "to_chuc"]
    label: str
    detail: str
    legal_basis: str
    confidence: Literal["high", "medium", "low"]
    note: str


class Threshold(Row):
    """A number a rule compares with, who decided it and why."""

    rule: str
    level: str
    value: float
    unit: str
    label: str
    decided_by: str
    decided_on: date
    reason: str


class NamedModel(Row):
    """A model that the signed report names, once for each district it names it in."""

    model_no: int
    name: str
    linh_vuc_id: str
    don_vi_id: OptionalText
    commune: OptionalText
    host: str
    footnote: int
    note: str


class LeadershipAction(Row):
    """Something a unit's leadership did for the movement, as the signed report says in a footnote which units did.

    citation: the report's sentence. printed: the footnote as it is printed.
    """

    action_id: str
    label: str
    short_label: str
    position: int
    footnote: int
    section: str
    citation: str
    printed: str
    note: str


class LeadershipMention(Row):
    """A unit that the signed report names for a leadership action; a unit it does not name has no row."""

    action_id: str
    don_vi_id: str


class TypicalModel(Row):
    """A model chosen to be replicated over the province, as the document that chose it names it."""

    name: Annotated[str, Field(min_length=1)]
    linh_vuc_id: str
    don_vi_id: OptionalText
    citation: str
    note: str


class Geometry(Row):
    """A unit's official borders: a GeoJSON geometry, as text."""

    don_vi_id: str
    geojson: str


class FlagBench(Row):
    """What a rule did on simulated provinces whose truth is known, as `python -m bench flags --write` counted it.

    measure: `bao_nham` innocents named a review (mean), `phat_hien` how often the planted district was named. level:
    this one or worse; None for a naive rule. error: standard error of value. bound: what it must not exceed.
    """

    scenario: str
    scenario_label: str
    rule: str
    rule_label: str
    level: Annotated[Literal["theo_doi", "canh_bao", "nghiem_trong"] | None, Blank]
    measure: Literal["bao_nham", "phat_hien"]
    value: float
    error: float
    bound: OptionalFloat
    provinces: int
    seed: int
    measured_on: date


class Issuer(Row):
    """Who issues a paper: the body above and its own name, the sign behind the number, who signs and who reads."""

    parent: str
    name: str
    sign: str
    place: str
    signature: tuple[str, ...]
    copies: tuple[str, ...]


class Letter(Issuer):
    """Who writes to the units, and how each kind of unit is addressed."""

    short_commission: str
    addressees: dict[UnitKind, str]


class Province(Row):
    """Whose movement this is. letter, report: None where the program writes no letters, or drafts no report."""

    name: str
    level: str
    movement: str
    commission: str
    first_year: int
    signed_report: str
    letter: Letter | None = None
    report: Issuer | None = None
