"""What must hold between the catalogue's files: keys are unique, references exist, a spelling means one thing.

Each check stops at the first row that breaks it, naming the file and the line.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NoReturn, get_args

from etl.catalogue_rows import PeriodKind
from etl.text import fold

if TYPE_CHECKING:
    from etl.catalogue import Catalogue

Tables = dict[str, list[tuple[int, Any]]]
"""Every table's rows with the line each stands on."""

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
    "leadership_actions": ("action_id",),
    "leadership_mentions": ("action_id", "don_vi_id"),
    "flag_bench": ("scenario", "rule", "level", "measure"),
}
_FILES = {"measures": "published_measures"}
_REFERRING = (
    "don_vi",
    "don_vi_year",
    "published_totals",
    "named_models",
    "measures",
    "leadership_mentions",
    "typical_models",
)
_COMPARED_WITH = """
    cell_max communes_cover_severe communes_cover_warn communes_cover_watch communes_cover_years complete_enough
    concentration_warn concentration_watch cumulative_fields cumulative_growth cumulative_years decline_p
    decline_share decline_years districts_needed effect_ratio empty_field_severe empty_field_warn
    empty_field_watch false_discovery field_window_years identical_figures identical_min jump_min jump_ratio
    low_rate_expected low_rate_p no_activity_severe no_activity_warn no_activity_watch on_time_share
    on_time_years part_year peers_needed province_jump_high province_jump_low province_jump_min
    published_gap_note published_gap_warn returns_severe score_concentration score_draws score_floor score_full
    score_level_from score_level_to score_lowest score_lowest_from score_support score_watch
    score_weight_hoi_nghi score_weight_khen_thuong score_weight_kiem_tra score_weight_mo_hinh
    score_weight_o_linh_vuc score_weight_xa_co_mo_hinh share_confidence_warn share_confidence_watch share_trials
    structural_share target_from_year target_pace_years target_share_high target_share_low target_to_year
    typical_warn typical_watch unrewarded_recognised weak_cell_expected weak_cell_warn weak_cell_watch
    weak_field_severe weak_field_warn weak_field_watch window_years
"""
NEEDED_THRESHOLDS = tuple(_COMPARED_WITH.split())
"""Every threshold that a check, a rule or a page compares with; a catalogue that lacks one is refused at once."""


class CatalogueError(Exception):
    """A catalogue file is missing or says something the program cannot use; the message names file and line."""


def check(tables: Tables, catalogue: "Catalogue") -> None:
    """Raise CatalogueError at the first contradiction between the files."""
    _check_keys(tables)
    _check_references(tables, catalogue)
    _check_settings(catalogue)
    _check_labels(tables, catalogue)
    _check_places(tables)
    _check_territories(tables, catalogue)


def _check_keys(tables: Tables) -> None:
    for table, names in _KEYS.items():
        _check_unique(table, tables[table], names)
    placed = [(line, row) for line, row in tables["don_vi"] if row.tile_row is not None]
    _check_unique("don_vi", placed, ("tile_row", "tile_col"))


def _check_unique(table: str, rows: Iterable[tuple[int, Any]], names: tuple[str, ...]) -> None:
    seen: set[tuple[Any, ...]] = set()
    for line, row in rows:
        key = tuple(getattr(row, name) for name in names)
        if key in seen:
            _stop(table, line, f"{', '.join(names)} = {', '.join(map(str, key))} đã có ở một dòng trên")
        seen.add(key)


def _check_references(tables: Tables, catalogue: "Catalogue") -> None:
    units = set(catalogue.unit_by_id)
    known = {
        "linh_vuc_id": set(catalogue.linh_vuc_by_id),
        "don_vi_id": units,
        "successor_id": units,
        "source_id": {row.source_id for row in catalogue.sources},
        "indicator_id": set(catalogue.indicator_by_id) | {row.measure_id for row in catalogue.measures},
        "nearest_indicator_id": set(catalogue.indicator_by_id),
        "action_id": {row.action_id for row in catalogue.leadership_actions},
    }
    for table in _REFERRING:
        for line, row in tables[table]:
            for name, allowed in known.items():
                reference = getattr(row, name, None)
                if reference is not None and reference not in allowed:
                    _stop(table, line, f"{name} = {reference!r} không có trong danh mục")


def _check_settings(catalogue: "Catalogue") -> None:
    report = catalogue.province.signed_report
    if report not in {row.source_id for row in catalogue.sources}:
        raise CatalogueError(f"province.toml: signed_report = {report!r} không có trong sources.csv")
    models = catalogue.layouts.periodic.models
    for field_id in (*models.required_rows, *models.repeatable_rows):
        if field_id not in catalogue.linh_vuc_by_id:
            raise CatalogueError(f"layouts.toml, [periodic.models]: {field_id!r} không có trong linh_vuc.csv")
    for rule in NEEDED_THRESHOLDS:
        if not any(row.rule == rule for row in catalogue.thresholds):
            raise CatalogueError(f"thresholds.csv: thiếu ngưỡng {rule!r}")


def _check_labels(tables: Tables, catalogue: "Catalogue") -> None:
    targets: dict[str, dict[str, tuple[str, ...]]] = {
        "linh_vuc": {item.linh_vuc_id: (item.label, item.short_label) for item in catalogue.linh_vuc},
        "don_vi": {item.don_vi_id: (item.label, item.full_label) for item in catalogue.don_vi},
        "chi_tieu": {item.indicator_id: (item.label, item.short_label) for item in catalogue.indicators},
        "ky": dict.fromkeys(get_args(PeriodKind), ()),
    }
    meaning: dict[tuple[str, str], str] = {}
    for kind, items in targets.items():
        for item_id, labels in items.items():
            for label in (item_id, *labels):
                if meaning.setdefault((kind, fold(label)), item_id) != item_id:
                    raise CatalogueError(
                        f"Hai mục {kind} cùng mang tên {label!r}: {item_id} và {meaning[kind, fold(label)]}"
                    )
    for line, row in tables["labels"]:
        if row.use == "refused" and (row.id or not row.note):
            _stop("labels", line, "nhãn bị từ chối phải để trống id và nêu lý do ở note")
        if row.use != "refused" and row.id not in targets[row.kind]:
            _stop("labels", line, f"id = {row.id!r} không có trong danh mục")
        if meaning.setdefault((row.kind, fold(row.label)), row.id) != row.id:
            _stop("labels", line, f"nhãn {row.label!r} đã chỉ một mục khác")


def _check_places(tables: Tables) -> None:
    for line, row in tables["don_vi"]:
        if row.is_district and None in (row.tile_row, row.tile_col):
            _stop("don_vi", line, "đơn vị cấp huyện phải có ô trên bản đồ (tile_row, tile_col)")
        if row.valid_from and row.valid_to and row.valid_from > row.valid_to:
            _stop("don_vi", line, f"valid_from {row.valid_from} sau valid_to {row.valid_to}")


def _check_territories(tables: Tables, catalogue: "Catalogue") -> None:
    """A figure without a unit is the whole province's: one of another province would be held against our returns."""
    name = catalogue.province.name
    for line, row in tables["published_totals"]:
        if row.don_vi_id is None and row.territory != name:
            _stop("published_totals", line, f"territory = {row.territory!r}: số không ghi don_vi_id là số của {name}")


def _stop(table: str, line: int, problem: str) -> NoReturn:
    raise CatalogueError(f"{_FILES.get(table, table)}.csv, dòng {line}: {problem}")
