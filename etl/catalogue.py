"""The catalogue: what the program knows about fields, units, indicators, workbook shapes and published figures.

Every fact is a row in a file a clerk can edit. Each file has one row model here; an unknown, missing
or contradictory entry stops the program with the file, the line and the reason.
"""

import csv
import functools
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from etl.text import fold

Blank = BeforeValidator(lambda value: None if value == "" else value)
OptionalText = Annotated[str | None, Blank]
OptionalInt = Annotated[int | None, Blank]
OptionalDate = Annotated[date | None, Blank]
UnitKind = Literal["huyen", "thi_xa", "thanh_pho", "dang_bo_truc_thuoc", "co_quan_tinh", "cum"]
DISTRICT_KINDS = frozenset({"huyen", "thi_xa", "thanh_pho"})
PeriodKind = Literal["nam", "6_thang", "giai_doan"]


class CatalogueError(Exception):
    """A catalogue file is missing or says something the program cannot use; the message names file and line."""


class Row(BaseModel):
    """A row of a catalogue file: unknown or missing columns are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


RowT = TypeVar("RowT", bound=Row)


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
    word: str


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
    """Something published that is none of our indicators."""

    measure_id: str
    label: str
    unit_label: str
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
    due_month: int
    due_day: int
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


class Province(Row):
    """Whose movement this is."""

    name: str
    level: str
    movement: str
    commission: str
    first_year: int
    signed_report: str


class Words(Row):
    """Words with one meaning in every layout."""

    total: tuple[str, ...]
    ignored: tuple[str, ...]
    subtotal_starts: tuple[str, ...]
    simulated: str
    not_arising: tuple[str, ...]


class InfoLabels(Row):
    """Labels of the sheet "Thông tin"."""

    sheet: tuple[str, ...]
    unit: tuple[str, ...]
    period: tuple[str, ...]
    year: tuple[str, ...]
    from_year: tuple[str, ...]
    to_year: tuple[str, ...]
    as_of_on: tuple[str, ...]
    sent_on: tuple[str, ...]
    prepared_by: tuple[str, ...]
    signed_by: tuple[str, ...]
    not_arising: tuple[str, ...]
    layout_version: tuple[str, ...]
    simulated: tuple[str, ...]


class ModelsTable(Row):
    """Biểu 01: a row a field, a column an indicator."""

    sheet: tuple[str, ...]
    key: tuple[str, ...]
    required_rows: tuple[str, ...]
    repeatable_rows: tuple[str, ...]


class ActivitiesTable(Row):
    """Biểu 02: a row an indicator without fields."""

    sheet: tuple[str, ...]
    key: tuple[str, ...]
    value: tuple[str, ...]


class RegisterTable(Row):
    """Biểu 03: a row a model."""

    sheet: tuple[str, ...]
    name: tuple[str, ...]
    linh_vuc: tuple[str, ...]
    commune: tuple[str, ...]
    host: tuple[str, ...]
    kind: tuple[str, ...]
    start_year: tuple[str, ...]
    status: tuple[str, ...]
    award_level: tuple[str, ...]
    theme: tuple[str, ...]
    area_kind: tuple[str, ...]
    note: tuple[str, ...]


class PeriodicLayout(Row):
    """The periodic return's tables."""

    models: ModelsTable
    activities: ActivitiesTable
    register: RegisterTable


class KeyedLayout(Row):
    """A layout known by the heading of its first column."""

    key: tuple[str, ...]


class LongLayout(Row):
    """The long table's columns."""

    don_vi: tuple[str, ...]
    ky: tuple[str, ...]
    tu_nam: tuple[str, ...]
    den_nam: tuple[str, ...]
    chi_tieu: tuple[str, ...]
    linh_vuc: tuple[str, ...]
    gia_tri: tuple[str, ...]
    ghi_chu: tuple[str, ...]


class Layouts(Row):
    """layouts.toml: the workbook shapes."""

    version: int
    words: Words
    info: InfoLabels
    periodic: PeriodicLayout
    retrospective: KeyedLayout
    compiled: KeyedLayout
    long: LongLayout


@dataclass(frozen=True)
class Catalogue:
    """Everything the program knows, checked. Lists keep the order of their files."""

    folder: Path
    province: Province
    layouts: Layouts
    linh_vuc: list[LinhVuc]
    don_vi: list[DonVi]
    don_vi_year: list[DonViYear]
    indicators: list[Indicator]
    labels: list[Label]
    type_words: list[TypeWord]
    lists: list[Choice]
    sources: list[Source]
    measures: list[Measure]
    published_totals: list[PublishedTotal]
    deadlines: list[Deadline]
    events: list[Event]
    thresholds: list[Threshold]
    named_models: list[NamedModel]

    @functools.cached_property
    def unit_by_id(self) -> dict[str, DonVi]:
        """Units by id."""
        return {unit.don_vi_id: unit for unit in self.don_vi}

    @functools.cached_property
    def indicator_by_id(self) -> dict[str, Indicator]:
        """Indicators by id."""
        return {indicator.indicator_id: indicator for indicator in self.indicators}

    @functools.cached_property
    def linh_vuc_by_id(self) -> dict[str, LinhVuc]:
        """Fields by id."""
        return {item.linh_vuc_id: item for item in self.linh_vuc}

    def threshold(self, rule: str) -> float:
        """Return the value of a rule that has one level; KeyError when the catalogue has no such rule."""
        for row in self.thresholds:
            if row.rule == rule:
                return row.value
        raise KeyError(rule)


def load_catalogue(folder: Path) -> Catalogue:
    """Read and check every file of a catalogue folder.

    Raises CatalogueError naming file and line at the first entry that is unknown, missing or contradictory.
    """
    tables: dict[str, Any] = {
        "linh_vuc": _read_csv(folder / "linh_vuc.csv", LinhVuc),
        "don_vi": _read_csv(folder / "don_vi.csv", DonVi),
        "don_vi_year": _read_csv(folder / "don_vi_year.csv", DonViYear),
        "indicators": _read_csv(folder / "indicators.csv", Indicator),
        "labels": _read_csv(folder / "labels.csv", Label),
        "type_words": _read_csv(folder / "type_words.csv", TypeWord),
        "lists": _read_csv(folder / "lists.csv", Choice),
        "sources": _read_csv(folder / "sources.csv", Source),
        "measures": _read_csv(folder / "published_measures.csv", Measure),
        "published_totals": _read_csv(folder / "published_totals.csv", PublishedTotal),
        "deadlines": _read_csv(folder / "deadlines.csv", Deadline),
        "events": _read_csv(folder / "events.csv", Event),
        "thresholds": _read_csv(folder / "thresholds.csv", Threshold),
        "named_models": _read_csv(folder / "named_models.csv", NamedModel),
    }
    catalogue = Catalogue(
        folder=folder,
        province=_read_toml(folder / "province.toml", Province),
        layouts=_read_toml(folder / "layouts.toml", Layouts),
        **{name: [row for _, row in rows] for name, rows in tables.items()},
    )
    _check_references(folder, tables, catalogue)
    return catalogue


def _read_csv(path: Path, model: type[RowT]) -> list[tuple[int, RowT]]:
    rows = []
    for line, values in _csv_lines(path):
        try:
            rows.append((line, model.model_validate(values)))
        except ValidationError as error:
            raise CatalogueError(f"{path.name}, dòng {line}: {_first_problem(error)}") from None
    return rows


def _csv_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, restkey="(thừa)", restval=None)
            for values in reader:
                # A missing cell must read as a missing key, not as a value.
                yield reader.line_num, {key: value for key, value in values.items() if value is not None}
    except FileNotFoundError:
        raise CatalogueError(f"{path.name}: không có tệp này trong thư mục danh mục {path.parent}") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise CatalogueError(f"{path.name}: không đọc được ({error})") from None


def _read_toml(path: Path, model: type[RowT]) -> RowT:
    try:
        text = path.read_text(encoding="utf-8")
        return model.model_validate(tomllib.loads(text))
    except FileNotFoundError:
        raise CatalogueError(f"{path.name}: không có tệp này trong thư mục danh mục {path.parent}") from None
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{path.name}: {error}") from None
    except ValidationError as error:
        line = _toml_line(text, error.errors()[0]["loc"])
        raise CatalogueError(f"{path.name}, dòng {line}: {_first_problem(error)}") from None


def _toml_line(text: str, location: tuple[Any, ...]) -> int:
    """Return the line of the deepest part of `location` that stands in the text, its table before it."""
    line = 1
    lines = text.splitlines()
    table = ".".join(str(part) for part in location[:-1])
    for number, content in enumerate(lines, 1):
        if table and content.strip() == f"[{table}]":
            line = number
    for number, content in enumerate(lines[line - 1 :], line):
        if content.split("=")[0].strip() == str(location[-1]) or content.strip() == f"[{location[-1]}]":
            return number
    return line


def _first_problem(error: ValidationError) -> str:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    if first["type"] == "missing":
        return f"thiếu cột hoặc khóa {name!r}"
    if first["type"] == "extra_forbidden":
        return f"cột hoặc khóa lạ {name!r}"
    return f"{name} = {first['input']!r} không dùng được ({first['msg']})"


_KEYS = {
    "linh_vuc": ("linh_vuc_id",),
    "don_vi": ("don_vi_id",),
    "don_vi_year": ("don_vi_id", "year"),
    "indicators": ("indicator_id",),
    "lists": ("list", "id"),
    "sources": ("source_id",),
    "measures": ("measure_id",),
    "deadlines": ("period_kind",),
    "events": ("event_id",),
    "thresholds": ("rule", "level"),
}
_FILES = {"measures": "published_measures"}


def _check_references(folder: Path, tables: dict[str, Any], catalogue: Catalogue) -> None:
    def stop(table: str, line: int, problem: str) -> None:
        raise CatalogueError(f"{_FILES.get(table, table)}.csv, dòng {line}: {problem}")

    for table, key in _KEYS.items():
        seen: set[tuple[Any, ...]] = set()
        for line, row in tables[table]:
            value = tuple(getattr(row, name) for name in key)
            if value in seen:
                stop(table, line, f"khóa {value} đã có ở một dòng trên")
            seen.add(value)

    fields, units = set(catalogue.linh_vuc_by_id), set(catalogue.unit_by_id)
    counted = set(catalogue.indicator_by_id) | {row.measure_id for row in catalogue.measures}
    sources = {row.source_id for row in catalogue.sources}
    known = {"linh_vuc_id": fields, "don_vi_id": units, "successor_id": units, "source_id": sources}
    for table in ("don_vi", "don_vi_year", "published_totals", "named_models"):
        for line, row in tables[table]:
            for name, allowed in (known | {"indicator_id": counted}).items():
                value = getattr(row, name, None)
                if value is not None and value not in allowed:
                    stop(table, line, f"{name} = {value!r} không có trong danh mục")
    if catalogue.province.signed_report not in sources:
        raise CatalogueError(
            f"province.toml: signed_report = {catalogue.province.signed_report!r} không có trong sources.csv"
        )

    targets = {"linh_vuc": fields, "don_vi": units, "chi_tieu": set(catalogue.indicator_by_id)}
    meaning: dict[tuple[str, str], str] = {}
    for line, row in tables["labels"]:
        if row.use == "refused":
            if row.id or not row.note:
                stop("labels", line, "nhãn bị từ chối phải để trống id và nêu lý do ở note")
        elif row.id not in targets.get(row.kind, {row.id}):
            stop("labels", line, f"id = {row.id!r} không có trong danh mục")
        if meaning.setdefault((row.kind, fold(row.label)), row.id) != row.id:
            stop("labels", line, f"nhãn {row.label!r} đã chỉ một mục khác")
    for line, row in tables["don_vi"]:
        if row.is_district and None in (row.tile_row, row.tile_col):
            stop("don_vi", line, "đơn vị cấp huyện phải có ô trên bản đồ (tile_row, tile_col)")
