"""How often the rules name an innocent, and how often they find whom they should: `python -m bench flags`.

Draws provinces whose truth is known and asks the rules themselves. Nothing here is a promise: it is what was counted.
"""

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from bench.naive import NAIVE
from bench.provinces import SCENARIOS, Frame, Scenario, Truth, draw, make_frame
from etl.catalogue import load_catalogue
from etl.flags import RULES
from etl.flags.facts import Facts
from etl.flags.flag import LEVELS, severity
from etl.settings import read_settings

BOUNDS = {("F2", 1): 0.12, ("F3", 1): 0.4, ("F3", 2): 0.12, ("F3", 3): 0.01, ("F7", 2): 0.25}
"""False flags a review that a rule must stay under in every balanced province: (rule, level and worse) -> mean."""

FALSE, FOUND = "bao_nham", "phat_hien"
_CHUNK = 25


@dataclass(frozen=True)
class Row:
    """One row of the result, as the catalogue ships it.

    measure: `bao_nham` false flags a review (mean of all provinces), `phat_hien` how often the planted district was
    named. level: this one or a worse one; empty for a naive rule. error: standard error of the simulation. bound:
    what a false rate must not exceed, where the method says.
    """

    scenario: str
    scenario_label: str
    rule: str
    rule_label: str
    level: str
    measure: str
    value: float
    error: float
    bound: float | None
    provinces: int
    seed: int
    measured_on: str

    @property
    def is_over(self) -> bool:
        """Whether the figure breaks its bound."""
        return self.bound is not None and self.value > self.bound


# --- one province


def examine(facts: Facts, truth: Truth) -> dict[tuple[str, int, str], int]:
    """Return what each rule says of one province: (rule, level, measure) -> innocents, or 1 if the truth was found."""
    counts: dict[tuple[str, int, str], int] = {}
    for rule, judge in RULES.items():
        if rule.kind != "TH":
            continue
        named = [
            (severity(flag.level), flag.don_vi_id, flag.linh_vuc_id)
            for flag in judge(facts)
            if flag.kind == "TH" and severity(flag.level)
        ]
        for level in range(1, len(LEVELS) + 1):
            reached = [(unit, field) for found, unit, field in named if found >= level]
            counts |= _counted(rule.rule, level, reached, truth)
    for name, (_, judge_naively) in NAIVE.items():
        units = [facts.districts[place].don_vi_id for place in np.flatnonzero(judge_naively(facts))]
        counts |= _counted(name, 0, [(unit, None) for unit in units], truth)
    return counts


def _counted(
    rule: str, level: int, named: Sequence[tuple[str | None, str | None]], truth: Truth
) -> dict[tuple[str, int, str], int]:
    """Count the flags on innocents, and whether the planted district (its planted field) is named.

    A flag on the whole province is right where the province is unequal.
    """
    innocent, found = 0, False
    for unit, field in named:
        if unit is None:
            innocent, found = innocent + (not truth.is_unequal), found or truth.is_unequal
        elif unit != truth.don_vi_id:
            innocent += 1
        else:
            found = found or truth.linh_vuc_id is None or field in (truth.linh_vuc_id, None)
    return {(rule, level, FALSE): innocent, (rule, level, FOUND): int(found)}


# --- many provinces


def run(frame: Frame, scenarios: Iterable[Scenario], provinces: int, seed: int, workers: int = 1) -> list[Row]:
    """Examine so many provinces of every scenario; the same seed gives the same rows, whatever the workers."""
    tasks = [
        (frame, scenario, seed, range(first, min(first + _CHUNK, provinces)))
        for scenario in scenarios
        for first in range(0, provinces, _CHUNK)
    ]
    if workers > 1:
        with ProcessPoolExecutor(workers) as pool:
            parts = list(pool.map(_examine_chunk, tasks))
    else:
        parts = [_examine_chunk(task) for task in tasks]
    found: dict[str, list[dict[tuple[str, int, str], int]]] = {}
    for (_, scenario, _, _), part in zip(tasks, parts, strict=True):
        found.setdefault(scenario.name, []).extend(part)
    by_name = {scenario.name: scenario for scenario in SCENARIOS}
    return [row for name, counts in found.items() for row in _rows(by_name[name], counts, seed)]


def _examine_chunk(task: tuple[Frame, Scenario, int, range]) -> list[dict[tuple[str, int, str], int]]:
    frame, scenario, seed, numbers = task
    place = [item.name for item in SCENARIOS].index(scenario.name)
    return [examine(*draw(frame, scenario, np.random.default_rng([seed, place, number]))) for number in numbers]


def _rows(scenario: Scenario, counts: list[dict[tuple[str, int, str], int]], seed: int) -> list[Row]:
    labels = {rule.rule: rule.label for rule in RULES} | {name: label for name, (label, _) in NAIVE.items()}
    rows = []
    for rule, level, measure in counts[0]:
        values = np.array([count[rule, level, measure] for count in counts], dtype=np.float64)
        if measure == FOUND and scenario.planted is None and not values.any():
            continue  # nothing was there to be found
        error = float(values.std(ddof=1) / values.size**0.5) if values.size > 1 else 0.0
        is_balanced = scenario.planted is None and measure == FALSE
        rows.append(
            Row(
                scenario.name,
                scenario.label,
                rule,
                labels[rule],
                LEVELS[level - 1] if level else "",
                measure,
                round(float(values.mean()), 4),
                round(error, 4),
                BOUNDS.get((rule, level)) if is_balanced else None,
                values.size,
                seed,
                date.today().isoformat(),
            )
        )
    return rows


# --- the command


def main(
    provinces: Annotated[int, typer.Option(help="Số tỉnh mô phỏng mỗi tình huống không cài huyện yếu.")] = 1000,
    planted: Annotated[int, typer.Option(help="Số tỉnh mô phỏng mỗi tình huống có cài một huyện yếu.")] = 400,
    seed: Annotated[int, typer.Option(help="Hạt giống của bộ sinh số ngẫu nhiên.")] = 20241010,
    scenario: Annotated[list[str] | None, typer.Option(help="Chỉ chạy tình huống này (lặp lại được).")] = None,
    workers: Annotated[int, typer.Option(help="Số tiến trình cùng chạy.")] = 2,
    json_file: Annotated[Path | None, typer.Option("--json", help="Ghi kết quả dạng JSON vào tệp.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Ghi kết quả vào danh mục (flag_bench.csv).")] = False,
) -> None:
    """Đếm báo động nhầm và khả năng phát hiện của các quy tắc trên những tỉnh mô phỏng đã biết sự thật."""
    folder = read_settings().catalogue
    chosen = [item for item in SCENARIOS if not scenario or item.name in scenario]
    frame = make_frame(load_catalogue(folder))
    rows = [
        row
        for is_planted, count in ((False, provinces), (True, planted))
        for row in run(
            frame, [item for item in chosen if (item.planted is not None) == is_planted], count, seed, workers
        )
    ]
    show(rows)
    if json_file:
        json_file.write_text(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1), encoding="utf-8")
    if write:
        write_csv(folder / "flag_bench.csv", rows)
    over = [row for row in rows if row.is_over]
    if over:
        names = "; ".join(f"{row.scenario}, {row.rule} {row.level}: {row.value} > {row.bound}" for row in over)
        print(f"Vượt mức cho phép: {names}", file=sys.stderr)
        raise typer.Exit(1)


def write_csv(path: Path, rows: Sequence[Row]) -> None:
    """Write the result as the catalogue file the program ships."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(asdict(rows[0])), lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(row) for row in rows)


def show(rows: Sequence[Row]) -> None:
    """Print a table a scenario: false flags a review and, where something was planted, how often it was found."""
    console = Console()
    for name in dict.fromkeys(row.scenario for row in rows):
        own = [row for row in rows if row.scenario == name]
        table = Table(title=f"{own[0].scenario_label} · {own[0].provinces} tỉnh", title_justify="left")
        is_planted = any(row.measure == FOUND for row in own)
        for heading in ("Quy tắc", "Mức", "Báo nhầm mỗi kỳ", *(["Tìm ra"] if is_planted else []), "Cho phép"):
            table.add_column(heading, justify="left" if heading in ("Quy tắc", "Mức") else "right")
        for row in own:
            if row.measure == FALSE:
                twin = [r for r in own if (r.rule, r.level, r.measure) == (row.rule, row.level, FOUND)]
                cells = [f"{row.rule} {row.rule_label}", row.level, f"{row.value:.3f} ± {row.error:.3f}"]
                cells += [f"{r.value:.0%} ± {r.error:.1%}" for r in twin] or ([""] if is_planted else [])
                cells.append("" if row.bound is None else f"{row.bound:g}{' VƯỢT' if row.is_over else ''}")
                table.add_row(*cells, style="bold red" if row.is_over else "")
        console.print(table)


if __name__ == "__main__":
    typer.run(main)
