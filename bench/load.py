"""How long loading takes, `python -m bench load`: the whole safe path beside programs that only read the workbooks.

300 simulated periodic workbooks, each way in a fresh process, in turn: raw calamine reading every cell, which is the
limit; pandas over openpyxl reading every sheet, what people write today; the same with a usual script's groupby and
to_sql; and `etl.loading.load`, which reads them in guarded children, understands, checks, keeps and publishes. What a
process imports before is not measured; what it imports on the way is. Then one more return into the store of 300, and
one that was examined before, as on screen, where a child then stands ready.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.report import Row, show, write_json
from etl.catalogue import load_catalogue
from etl.examining import get_ready
from etl.loading import load
from etl.sample import write_sample
from etl.settings import ROOT, Settings, read_settings

LIMIT, READING, ONE_MORE = 6.0, 1 / 3, 1.0
"""Targets: times raw calamine; times pandas over openpyxl; seconds."""
_LOOKED_AT = 2.0
"""Seconds for which a clerk at least looks at what an examination said."""


def main(
    files: Annotated[int, typer.Option(help="Số tệp.", min=2)] = 300,
    times: Annotated[int, typer.Option(help="Số lần đo mỗi cách.", min=1)] = 3,
    json_file: Annotated[Path | None, typer.Option("--json", help="Ghi kết quả ra tệp JSON.")] = None,
) -> None:
    """Đo thời gian nạp: cả đường an toàn, so với calamine chỉ đọc và với pandas, openpyxl."""
    with tempfile.TemporaryDirectory(prefix="dvk-bench-", ignore_cleanup_errors=True) as folder:
        write_sample(load_catalogue(read_settings().catalogue), Path(folder) / "sample")
        found: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
        for _ in range(times):
            for way in WAYS:
                found[way].append(_in_a_process(way, Path(folder), files))
    rows = rows_of(found)
    show(Console(), f"Nạp {files} biểu mẫu định kỳ (trung vị)", rows)
    write_json(json_file, rows=rows, found=found)


def rows_of(found: dict[str, list[dict[str, float]]]) -> list[Row]:
    """Return the medians beside their targets. found: what each process told, by way."""
    seconds, n = {way: _median(runs, "seconds") for way, runs in found.items()}, len(found["load"])
    ours = seconds["load"]
    return [
        Row("cả đường an toàn (calamine chỉ đọc)", "s", n, ours, seconds["calamine"], most_times=LIMIT),
        Row("cả đường an toàn (pandas + openpyxl chỉ đọc)", "s", n, ours, seconds["pandas"], most_times=READING),
        Row("cả đường an toàn (pandas + openpyxl + groupby + to_sql)", "s", n, ours, seconds["script"]),
        Row("thời gian bộ xử lý của tiến trình chính", "s", n, _median(found["load"], "own")),
        Row("thời gian bộ xử lý của các tiến trình đọc", "s", n, _median(found["load"], "children")),
        Row("thêm một báo cáo, chương trình đang mở", "s", n, _median(found["load"], "one_more"), most=ONE_MORE),
        Row("thêm một báo cáo đã kiểm tra thử", "s", n, _median(found["load"], "examined"), most=ONE_MORE),
    ]


def _median(runs: list[dict[str, float]], name: str) -> float:
    return statistics.median(run[name] for run in runs)


def _in_a_process(way: str, folder: Path, files: int) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.load", way, str(folder), str(files)]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    answer: dict[str, float] = json.loads(told)
    return answer


# --- the ways, each in a process of its own


def _calamine(paths: list[Path], _: Path) -> dict[str, float]:
    import python_calamine

    def read() -> None:
        for path in paths:
            book = python_calamine.CalamineWorkbook.from_path(str(path))
            for name in book.sheet_names:
                book.get_sheet_by_name(name).to_python(skip_empty_area=False)

    return {"seconds": _seconds(read)}


def _pandas(paths: list[Path], _: Path) -> dict[str, float]:
    import pandas as pd
    from openpyxl import load_workbook

    del load_workbook  # pandas imports it on the way

    def read() -> None:
        for path in paths:
            pd.read_excel(path, sheet_name=None, header=None, engine="openpyxl")

    return {"seconds": _seconds(read)}


def _script(paths: list[Path], folder: Path) -> dict[str, float]:
    """Do what a usual script does: a table of all models, summed, into a database."""
    import sqlite3

    import pandas as pd
    from openpyxl import load_workbook

    del load_workbook
    fields = ("Kinh tế", "Văn hóa - xã hội", "Quốc phòng - an ninh", "Xây dựng hệ thống chính trị")

    def run() -> None:
        tables = []
        for path in paths:
            sheets = pd.read_excel(path, sheet_name=None, header=None, engine="openpyxl")
            table = sheets["Biểu 01"]
            models = table[table[0].isin(fields)].iloc[:, :3].set_axis(["linh_vuc", "dang_ky", "cong_nhan"], axis=1)
            tables.append(models.assign(don_vi=path.stem.rpartition("_")[0], nam=path.parent.name))
        summed = pd.concat(tables).groupby(["don_vi", "nam", "linh_vuc"], as_index=False).sum()
        with sqlite3.connect(folder / f"{time.time_ns()}.sqlite") as connection:
            summed.to_sql("mo_hinh", connection, if_exists="replace")

    return {"seconds": _seconds(run)}


def _load(paths: list[Path], folder: Path) -> dict[str, float]:
    settings = Settings(Path(tempfile.mkdtemp(dir=folder)), read_settings().catalogue)
    catalogue = load_catalogue(settings.catalogue)
    before = _cpu()
    seconds = _seconds(lambda: load(paths[2:], settings, catalogue))
    own, children = (after - first for after, first in zip(_cpu(), before, strict=True))
    one_more = _seconds(lambda: load(paths[:1], settings, catalogue))
    load(paths[1:2], settings, catalogue, dry_run=True)
    get_ready()
    time.sleep(_LOOKED_AT)
    examined = _seconds(lambda: load(paths[1:2], settings, catalogue))
    return {"seconds": seconds, "own": own, "children": children, "one_more": one_more, "examined": examined}


def _cpu() -> tuple[float, ...]:
    import resource  # not on Windows: there only this bench is missing

    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return tuple(found.ru_utime + found.ru_stime for found in used)


def _seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


WAYS = {"calamine": _calamine, "pandas": _pandas, "script": _script, "load": _load}


if __name__ == "__main__":
    way, folder, count = sys.argv[1:]
    workbooks = sorted((Path(folder) / "sample").rglob("*.xlsx"))[-int(count) - 2 :]
    print(json.dumps(WAYS[way](workbooks if way == "load" else workbooks[2:], Path(folder))))
