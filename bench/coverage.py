"""Which branches of etl/ and dashboard/ no test takes, `python -m bench coverage`: lines and branches of each file.

Runs the tests with the settings of pyproject.toml ([tool.coverage.*]), so that the commands and servers they start
count too. The guarded children that read files do not, as they are killed; tests of reading read in their own process.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer
from coverage import Coverage
from rich.console import Console
from rich.table import Table

from bench.report import write_json
from etl.settings import ROOT

SETTINGS = ROOT / "pyproject.toml"
SLOW = (
    "test_bench_coverage,test_bench_flags,test_bench_growth,test_bench_speed,test_faults,test_mutations,test_no_leaks,"
    "test_spark,test_supply,test_two_loads"
)
"""What takes long and is about other things than branches: faults, leaks, other programs, coverage itself."""


@dataclass(frozen=True)
class Covered:
    """What tests ran of a file.

    lines: never run. branches: never taken although the line was run, as (from, to); `to` below 0 leaves the function.
    """

    file: str
    statements: int
    all_branches: int
    taken: int
    lines: tuple[int, ...]
    branches: tuple[tuple[int, int], ...]


def main(
    tests: Annotated[list[str] | None, typer.Argument(help="Tệp kiểm thử; không ghi là tất cả trừ --without.")] = None,
    without: Annotated[str, typer.Option(help="Bỏ các tệp kiểm thử này, cách nhau bằng dấu phẩy.")] = SLOW,
    jobs: Annotated[int, typer.Option(help="Số tiến trình kiểm thử cùng lúc; 0 là trong một tiến trình.", min=0)] = 2,
    json_file: Annotated[Path | None, typer.Option("--json", help="Ghi kết quả ra tệp JSON.")] = None,
) -> None:
    """Chạy kiểm thử và chỉ ra từng nhánh của etl/ và dashboard/ mà không kiểm thử nào đi qua."""
    left_out = [] if tests else [f"--ignore=tests/{name}.py" for name in without.split(",") if name]
    with tempfile.TemporaryDirectory(prefix="dvk-coverage-") as folder:
        code = run_tests(Path(folder) / "data", [*(tests or []), *left_out], jobs)
        found = covered(Path(folder) / "data")
    console = Console()
    console.print(table_of(found))
    taken, branches = sum(one.taken for one in found), sum(one.all_branches for one in found)
    lines, statements = sum(len(one.lines) for one in found), sum(one.statements for one in found)
    console.print(
        f"Nhánh đã đi qua: {taken}/{branches} ({share(taken, branches)}); dòng chưa chạy: {lines}/{statements}."
    )
    write_json(json_file, tests=tests, without=left_out, branches=branches, taken=taken, files=found)
    if code != 0:
        console.print(f"Kiểm thử kết thúc với mã {code}: số trên chưa đủ.")
        raise typer.Exit(1)


def run_tests(data: Path, arguments: Sequence[str], jobs: int) -> int:
    """Run pytest and everything it starts under branch coverage, into files beside `data`; return its exit status."""
    measured = [sys.executable, "-m", "coverage", "run", f"--data-file={data}", f"--rcfile={SETTINGS}"]
    command = [*measured, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", str(jobs), *arguments]
    return subprocess.run(command, cwd=ROOT).returncode


def covered(data: Path) -> list[Covered]:
    """Return what the processes of a run took of each file, in the order of files."""
    measured = Coverage(data_file=str(data), config_file=str(SETTINGS))
    measured.combine([str(data.parent)])
    report = data.parent / "report.json"
    measured.json_report(outfile=str(report))
    files = json.loads(report.read_text(encoding="utf-8"))["files"]
    return [_covered(name, told) for name, told in sorted(files.items())]


def _covered(name: str, told: Mapping[str, Any]) -> Covered:
    summary, lines = told["summary"], told["missing_lines"]
    # without a single line of ours run, nothing is said of branches
    branches = [(start, end) for start, end in told.get("missing_branches", ()) if start not in set(lines)]
    numbers = summary["num_statements"], summary.get("num_branches", 0), summary.get("covered_branches", 0)
    path = Path(name)
    file = path.relative_to(ROOT) if path.is_absolute() else path
    return Covered(file.as_posix(), *numbers, tuple(lines), tuple(branches))


def table_of(found: Iterable[Covered]) -> Table:
    """Return the files of which something was not run, and what."""
    table = Table("tệp", "nhánh", "chưa qua", "dòng chưa chạy; nhánh chưa qua", title="Chưa kiểm thử nào đi qua")
    for one in found:
        if one.lines or one.branches:
            missed = one.all_branches - one.taken
            table.add_row(one.file, str(one.all_branches), str(missed), "; ".join(filter(None, places(one))))
    return table


def places(one: Covered) -> tuple[str, str]:
    """Return the lines never run as ranges, and the branches never taken as from→to."""
    runs = [list(run) for _, run in groupby(enumerate(one.lines), key=lambda pair: pair[1] - pair[0])]
    lines = ", ".join(f"{run[0][1]}-{run[-1][1]}" if len(run) > 1 else str(run[0][1]) for run in runs)
    branches = ", ".join(f"{start}→{'ra' if end < 0 else end}" for start, end in one.branches)
    return lines, branches


def share(part: int, whole: int) -> str:
    """Return a share in per cent with a decimal comma."""
    return f"{100 * part / whole:.1f} %".replace(".", ",") if whole else "không có gì để đo"
