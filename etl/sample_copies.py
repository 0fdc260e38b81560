"""A larger country for measuring: the sample's province copied, its copies' returns as long tables."""

import csv
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from etl.catalogue import Catalogue
from etl.template_form import list_choices

ReturnFigures = tuple[str, int, Mapping[tuple[str, str | None], int]]
"""A unit's id, a year and the figures of that year's return."""


def write_copies(
    catalogue: Catalogue, folder: Path, returns: list[ReturnFigures], scale: int, *, first: int = 2
) -> int:
    """Write a catalogue of `scale` provinces and the long tables from the `first` of them on; return how many tables.

    A copy has the first province's units under their own names, and its figures changed a little, so that no two
    units send the same; nothing is published about them. One copy is the same in any scale.
    """
    copies = range(first, scale + 1)
    if copies:
        _write_catalogue(catalogue, folder / "catalogue", range(2, scale + 1))
    for copy in copies:
        _write_long_table(catalogue, folder / f"ban_{copy:02d}.csv", returns, copy)
    return len(copies)


def _write_catalogue(catalogue: Catalogue, folder: Path, copies: Iterable[int]) -> None:
    shutil.copytree(catalogue.folder, folder, dirs_exist_ok=True)
    own = {unit.don_vi_id for unit in catalogue.don_vi if unit.kind != "cum"}
    depth = 1 + max((unit.tile_row for unit in catalogue.don_vi if unit.tile_row is not None), default=0)
    for name in ("don_vi.csv", "don_vi_year.csv"):
        with (folder / name).open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
        copied = [_copy_row(row, copy, depth) for copy in copies for row in rows if row["don_vi_id"] in own]
        with (folder / name).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows([*rows, *copied])


def _copy_row(row: Mapping[str, str], copy: int, depth: int) -> dict[str, str]:
    changed = dict(row) | {"don_vi_id": f"{row['don_vi_id']}_{copy}"}
    for name in ("label", "full_label"):
        if name in row:
            changed[name] = _copy_label(row[name], copy)
    if row.get("successor_id"):
        changed["successor_id"] = f"{row['successor_id']}_{copy}"
    if row.get("tile_row"):
        changed["tile_row"] = str(int(row["tile_row"]) + depth * (copy - 1))
    if "gso_code" in row:
        changed["gso_code"] = ""  # a copy is no place of the country's list
    return changed


def _copy_label(label: str, copy: int) -> str:
    return f"{label} (bản {copy})" if copy > 1 else label


def _write_long_table(catalogue: Catalogue, path: Path, returns: list[ReturnFigures], copy: int) -> None:
    layout, mark = catalogue.layouts.long, catalogue.layouts.words.simulated
    annual = list_choices(catalogue)["ky"]["nam"]
    fields = {None: ""} | {item.linh_vuc_id: item.label for item in catalogue.linh_vuc}
    rng = np.random.default_rng(copy)
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([spellings[0] for _, spellings in layout])
        for unit_id, year, values in returns:
            unit = _copy_label(catalogue.unit_by_id[unit_id].label, copy)
            more = rng.integers(0, [2 + value // 8 if value else 1 for value in values.values()])
            for ((indicator_id, field_id), value), added in zip(values.items(), more.tolist(), strict=True):
                indicator = catalogue.indicator_by_id[indicator_id].label
                writer.writerow([unit, annual, year, year, indicator, fields[field_id], value + added, mark])
