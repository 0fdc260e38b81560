"""The catalogue: what the program knows about fields, units, indicators, workbook shapes and published figures.

Every fact is a row in a file a clerk can edit; `catalogue_rows` gives each file's columns. An unknown,
missing or contradictory entry stops the program with the file, the line and the reason.
"""

import csv
import functools
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from pydantic import ValidationError

from etl import catalogue_rows as rows
from etl.text import fold

RowT = TypeVar("RowT", bound=rows.Row)


class CatalogueError(Exception):
    """A catalogue file is missing or says something the program cannot use; the message names file and line."""


@dataclass(frozen=True)
class Catalogue:
    """Everything the program knows, checked. Lists keep the order of their files."""

    folder: Path
    province: rows.Province
    layouts: rows.Layouts
    linh_vuc: list[rows.LinhVuc]
    don_vi: list[rows.DonVi]
    don_vi_year: list[rows.DonViYear]
    indicators: list[rows.Indicator]
    labels: list[rows.Label]
    type_words: list[rows.TypeWord]
    lists: list[rows.Choice]
    sources: list[rows.Source]
    measures: list[rows.Measure]
    published_totals: list[rows.PublishedTotal]
    deadlines: list[rows.Deadline]
    events: list[rows.Event]
    thresholds: list[rows.Threshold]
    named_models: list[rows.NamedModel]

    @functools.cached_property
    def unit_by_id(self) -> dict[str, rows.DonVi]:
        """Units by id."""
        return {unit.don_vi_id: unit for unit in self.don_vi}

    @functools.cached_property
    def indicator_by_id(self) -> dict[str, rows.Indicator]:
        """Indicators by id."""
        return {indicator.indicator_id: indicator for indicator in self.indicators}

    @functools.cached_property
    def linh_vuc_by_id(self) -> dict[str, rows.LinhVuc]:
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
        "linh_vuc": _read_csv(folder / "linh_vuc.csv", rows.LinhVuc),
        "don_vi": _read_csv(folder / "don_vi.csv", rows.DonVi),
        "don_vi_year": _read_csv(folder / "don_vi_year.csv", rows.DonViYear),
        "indicators": _read_csv(folder / "indicators.csv", rows.Indicator),
        "labels": _read_csv(folder / "labels.csv", rows.Label),
        "type_words": _read_csv(folder / "type_words.csv", rows.TypeWord),
        "lists": _read_csv(folder / "lists.csv", rows.Choice),
        "sources": _read_csv(folder / "sources.csv", rows.Source),
        "measures": _read_csv(folder / "published_measures.csv", rows.Measure),
        "published_totals": _read_csv(folder / "published_totals.csv", rows.PublishedTotal),
        "deadlines": _read_csv(folder / "deadlines.csv", rows.Deadline),
        "events": _read_csv(folder / "events.csv", rows.Event),
        "thresholds": _read_csv(folder / "thresholds.csv", rows.Threshold),
        "named_models": _read_csv(folder / "named_models.csv", rows.NamedModel),
    }
    catalogue = Catalogue(
        folder=folder,
        province=_read_toml(folder / "province.toml", rows.Province),
        layouts=_read_toml(folder / "layouts.toml", rows.Layouts),
        **{name: [row for _, row in found] for name, found in tables.items()},
    )
    _check_references(folder, tables, catalogue)
    return catalogue


def _read_csv(path: Path, model: type[RowT]) -> list[tuple[int, RowT]]:
    found = []
    for line, values in _csv_lines(path):
        try:
            found.append((line, model.model_validate(values)))
        except ValidationError as error:
            raise CatalogueError(f"{path.name}, dòng {line}: {_first_problem(error)}") from None
    return found


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
    def stop(table: str, line: int, problem: str) -> NoReturn:
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
                reference = getattr(row, name, None)
                if reference is not None and reference not in allowed:
                    stop(table, line, f"{name} = {reference!r} không có trong danh mục")
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
