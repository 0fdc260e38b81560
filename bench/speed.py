"""All benches of speed one after the other, `python -m bench speed`; with --write their tables become docs/SPEED.md.

Each is a process of its own, so that none finds the machine warm from another. What they measured last stands in
docs/speed.json, part by part, and the page is written from that. The names of rows are the benches' own.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import typer

from bench.report import ROW_HEADS, Row, cells
from bench.screens import RERUN
from etl.settings import ROOT

PAGE, MEASURED = ROOT / "docs" / "SPEED.md", ROOT / "docs" / "speed.json"
_GROWTH = ("--pages", "", "--small", "100000")
PARTS = {
    "start": ("Starting", ()),
    "load": ("Loading 300 workbooks", ()),
    "screens": ("The first screen, and a run of every page on the server", ()),
    "hall": ("A hall of viewers", ()),
    "growth": ("How the cost grows", (*_GROWTH, "--scales", "1,10,100")),
}
_LONG = (*_GROWTH, "--scales", "1,10,100,1000")
_KEPT = ("measured_on", "cores", "system", "rows", "reruns")
_HEAD = """# Speed

Written by `python -m bench speed --write`. Medians of `n` measurements; ratios are taken in one run on one machine.
What the figures mean, and why a target is missed, is in the [README](../README.md#commands).
"""


def main(
    only: Annotated[str, typer.Option(help="Chỉ các phần này, cách nhau bằng dấu phẩy.")] = ",".join(PARTS),
    long: Annotated[bool, typer.Option("--long", help="Cả 1000 lần tỉnh mẫu: rất lâu, nhiều gigabyte.")] = False,
    write: Annotated[bool, typer.Option("--write", help="Ghi các bảng vào docs/SPEED.md.")] = False,
) -> None:
    """Đo mọi mặt về tốc độ, lần lượt từng phần."""
    found: dict[str, dict[str, Any]] = {}
    failed = False
    with tempfile.TemporaryDirectory(prefix="dvk-bench-") as folder:
        for name in only.split(","):
            arguments = _LONG if long and name == "growth" else PARTS[name][1]
            file = Path(folder) / f"{name}.json"
            command = [sys.executable, "-m", "bench", name, *arguments, "--json", str(file)]
            failed |= subprocess.run(command, cwd=ROOT).returncode != 0
            if file.exists():
                told = json.loads(file.read_text(encoding="utf-8"))
                found[name] = {key: told[key] for key in _KEPT if key in told}
    if write:
        found = {**json.loads(MEASURED.read_text(encoding="utf-8")), **found} if MEASURED.exists() else found
        MEASURED.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        PAGE.write_text(page(found), encoding="utf-8")
    if failed:
        raise typer.Exit(1)


def page(found: Mapping[str, Mapping[str, Any]]) -> str:
    """Return what the benches measured, by their names, as a page of tables."""
    text = [_HEAD]
    for name in (part for part in PARTS if part in found):
        one = found[name]
        where = f"{one['measured_on']}, {one['cores']} cores, {one['system'].split('-')[0]}."
        text += [f"## {PARTS[name][0]}\n", f"{where}\n", _table(list(_rows(one)))]
        if "reruns" in one:
            text += [f"A run on the server, ms; target {RERUN:.0f} ms:\n", _reruns(one["reruns"])]
    return "\n".join(text)


def _rows(one: Mapping[str, Any]) -> Iterator[Row]:
    """Yield the rows of a bench, and of a hall those of every size."""
    rows = one.get("rows", [])
    for size, held in rows.items() if isinstance(rows, Mapping) else [("", rows)]:
        for row in held:
            told = {item.name: row[item.name] for item in fields(Row)}
            yield Row(**told | {"what": f"{size}: {row['what']}" if size else row["what"]})


def _table(rows: Sequence[Row]) -> str:
    return _markdown([ROW_HEADS, *([row.what, *cells(row)] for row in rows)])


def _reruns(reruns: Sequence[Mapping[str, Any]]) -> str:
    lines = [["", "n", "đổi lựa chọn", "chậm nhất", "chạy lại", "đạt"]]
    for one in reruns:
        changed, again = median(one["changed"]), median(one["again"])
        reached = "đạt" if max(changed, again) < RERUN else "chưa"
        figures = (f"{value:.0f}" for value in (changed, max(one["changed"]), again))
        lines.append([one["page"], str(len(one["again"])), *figures, reached])
    return _markdown(lines)


def _markdown(lines: Sequence[Sequence[str]]) -> str:
    head, *rest = ("| " + " | ".join(line) + " |" for line in lines)
    return "\n".join([head, "|" + "---|" * len(lines[0]), *rest]) + "\n"
