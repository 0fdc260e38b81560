"""How long the whole deck takes to make: `python -m bench deck`, on the snapshot that the screens show."""

import sys
import time
from typing import Annotated

import typer
from rich.console import Console

from bench.snapshots import published
from dashboard.choice import Choice
from dashboard.deck import to_pptx
from dashboard.provenance.trace import known_years
from dashboard.slides import PRESETS, picked
from dashboard.warehouse import Warehouse

LIMIT = 3.0
"""Seconds that nobody minds waiting for a deck, the snapshot just opened."""


def main(times: Annotated[int, typer.Option(help="Số lần đo, mỗi lần mở lại bản số liệu", min=1)] = 3) -> None:
    """Đo thời gian làm bài trình chiếu đầy đủ (.pptx)."""
    console = Console()
    shown = published()
    years = known_years(shown)
    choice = Choice(years[0], years[-1], None)
    count = len(picked(shown, choice, PRESETS["day_du"]))
    taken = sorted(_seconds(shown, choice) for _ in range(times))
    console.print(
        f"Bài đầy đủ {count} trang: nhanh nhất {taken[0]:.2f} giây, chậm nhất {taken[-1]:.2f} giây trong {times} lần "
        f"(giới hạn {LIMIT:.0f} giây)"
    )
    if taken[0] > LIMIT:
        sys.exit(1)


def _seconds(shown: Warehouse, choice: Choice) -> float:
    """Return how long the deck takes on a snapshot opened anew: nothing has been asked of it before."""
    warehouse = Warehouse(shown.path)
    start = time.perf_counter()
    to_pptx(warehouse, choice, PRESETS["day_du"])
    taken = time.perf_counter() - start
    warehouse.close()
    return taken


if __name__ == "__main__":
    typer.run(main)
