"""The catalogue: what the program knows about fields, units, indicators, workbook shapes and published figures.

Every fact is a row in a file a clerk can edit; `catalogue_rows` and `catalogue_layouts` give each file's columns and
keys. An unknown, missing or contradictory entry stops the program with the file, the line and the reason.
"""

import csv
import functools
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from etl import catalogue_rows as rows
from etl.catalogue_checks import CatalogueError, check
from etl.catalogue_layouts import Layouts
from etl.geometry import read_geometry

RowT = TypeVar("RowT", bound=rows.Row)


@dataclass(frozen=True)
class Catalogue:
    """Everything the program knows, checked. Lists keep the order of their files."""

    folder: Path
    province: rows.Province
    layouts: Layouts
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
    leadership_actions: list[rows.LeadershipAction]
    leadership_mentions: list[rows.LeadershipMention]
    typical_models: list[rows.TypicalModel]
    flag_bench: list[rows.FlagBench]
    geometry: list[rows.Geometry]

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
        return {row.rule: row.value for row in self.thresholds}[rule]


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
        "leadership_actions": _read_optional(folder / "leadership_actions.csv", rows.LeadershipAction),
        "leadership_mentions": _read_optional(folder / "leadership_mentions.csv", rows.LeadershipMention),
        "typical_models": _read_optional(folder / "typical_models.csv", rows.TypicalModel),
        "flag_bench": _read_optional(folder / "flag_bench.csv", rows.FlagBench),
    }
    catalogue = Catalogue(
        folder=folder,
        province=_read_toml(folder / "province.toml", rows.Province),
        layouts=_read_toml(folder / "layouts.toml", Layouts),
        geometry=read_geometry(folder / "dia_gioi.geojson", {row.don_vi_id for _, row in tables["don_vi"]}),
        **{name: [row for _, row in found] for name, found in tables.items()},
    )
    check(tables, catalogue)
    return catalogue


def _read_csv(path: Path, model: type[RowT]) -> list[tuple[int, RowT]]:
    found = []
    for line, values in _csv_lines(path):
        try:
            found.append((line, model.model_validate(values)))
        except ValidationError as error:
            raise CatalogueError(f"{path.name}, dòng {line}: {_first_problem(error)}") from None
    return found


def _read_optional(path: Path, model: type[RowT]) -> list[tuple[int, RowT]]:
    """Read a file that a catalogue may do without."""
    return _read_csv(path, model) if path.exists() else []


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
    """Return the line of the key at `location`, or of the nearest table above it that the text has."""
    tables = {content.strip(): number for number, content in enumerate(text.splitlines(), 1) if content[:1] == "["}
    names = [str(part) for part in location if isinstance(part, str)]
    for depth in range(len(names), 0, -1):
        if f"[{'.'.join(names[:depth])}]" in tables:
            return tables[f"[{'.'.join(names[:depth])}]"]
        start = tables.get(f"[{'.'.join(names[: depth - 1])}]", 0)
        end = min((number for number in tables.values() if number > start), default=len(text.splitlines()) + 1)
        for number, content in enumerate(text.splitlines()[start : end - 1], start + 1):
            if content.split("=")[0].strip() == names[depth - 1]:
                return number
    return 1


def _first_problem(error: ValidationError) -> str:
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    if first["type"] == "missing":
        return f"thiếu cột hoặc khóa {name!r}"
    if first["type"] == "extra_forbidden":
        return f"cột hoặc khóa lạ {name!r}"
    return f"{name} = {first['input']!r} không dùng được ({first['msg']})"
