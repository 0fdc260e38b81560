"""What a bench found, beside its targets: one table for the terminal, the same rows for JSON."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

ROW_HEADS = ("", "n", "đo được", "để so", "tỷ lệ", "mục tiêu", "đạt")


@dataclass(frozen=True)
class Row:
    """One figure, perhaps beside that of another program. n: how many measurements it is made of.

    most: the most it may be; most_times: the most it may be as a multiple of the other's. None: no such target.
    """

    what: str
    unit: str
    n: int
    measured: float
    other: float | None = None
    most: float | None = None
    most_times: float | None = None

    @property
    def times(self) -> float | None:
        """How many times the other's figure it is."""
        return self.measured / self.other if self.other else None

    @property
    def is_reached(self) -> bool | None:
        """Whether every target is reached, None where there is none."""
        pairs = [(self.measured, self.most), (self.times, self.most_times)]
        held = [(found, most) for found, most in pairs if most is not None and found is not None]
        return all(found <= most for found, most in held) if held else None


def show(console: Console, title: str, rows: Sequence[Row]) -> None:
    """Print rows as a table."""
    table = Table(*ROW_HEADS, title=title, title_justify="left")
    for column in table.columns[1:6]:
        column.justify = "right"
    for row in rows:
        *told, reached = cells(row)
        table.add_row(row.what, *told, f"[red]{reached}[/red]" if row.is_reached is False else reached)
    console.print(table)


def cells(row: Row) -> list[str]:
    """Return what stands in a row's columns but the first."""
    other, times = (said(value, unit) for value, unit in ((row.other, row.unit), (row.times, "×")))
    target = ", ".join(f"≤ {said(value, unit)}" for value, unit in _targets(row))
    reached = {None: "", True: "đạt", False: "chưa"}[row.is_reached]
    return [str(row.n), said(row.measured, row.unit), other, times, target, reached]


def _targets(row: Row) -> list[tuple[float, str]]:
    pairs = ((row.most, row.unit), (row.most_times, "×"))
    return [(value, unit) for value, unit in pairs if value is not None]


def said(value: float | None, unit: str) -> str:
    """Return a figure with its unit, with a decimal comma; "" for none."""
    if value is None:
        return ""
    digits = 2 if unit in ("×", "s") else 0 if value == int(value) or abs(value) >= 10 else 1
    return f"{value:.{digits}f} {unit}".replace(".", ",").strip()


def write_json(path: Path | None, **found: Any) -> None:
    """Write what was found, with the machine it was found on; nothing without a file."""
    if path is None:
        return
    machine = {"measured_on": date.today().isoformat(), "cores": os.cpu_count(), "system": platform.platform()}
    text = json.dumps({**machine, **found}, ensure_ascii=False, indent=1, default=_plain)
    path.write_text(text + "\n", encoding="utf-8")


def _plain(value: Any) -> Any:
    found = asdict(value)
    return {**found, "times": value.times, "is_reached": value.is_reached} if isinstance(value, Row) else found
