"""How long documents take: the profiles of thirty units must not take more than fifteen seconds."""

import time
from collections.abc import Callable
from typing import Annotated

import typer

from bench.snapshots import published
from dashboard import documents
from dashboard.choice import Choice
from dashboard.provenance.trace import known_years
from dashboard.warehouse import Warehouse

PROFILES, LIMIT = 30, 15.0  # seconds


def main(
    count: Annotated[int, typer.Option(help="Số hồ sơ đơn vị.")] = PROFILES,
    limit: Annotated[float, typer.Option(help="Số giây tối đa cho các hồ sơ.")] = LIMIT,
) -> None:
    """Đo thời gian dựng tài liệu phát, phần báo cáo và hồ sơ của các đơn vị từ bản số liệu hiện có."""
    warehouse = published()
    years = known_years(warehouse)
    choice = Choice(years[0], years[-1], None)
    units = documents.units_of(warehouse, choice)
    asked = [units[place % len(units)] for place in range(count)]
    _told("Tài liệu phát", lambda: documents.handout(warehouse, choice))
    _told("Phần báo cáo", lambda: documents.report_section(warehouse, choice))
    seconds = _told(f"{count} hồ sơ đơn vị", lambda: _profiles(warehouse, choice, asked))
    if seconds > limit:
        typer.echo(f"Quá {limit:g} giây.")
        raise typer.Exit(1)


def _profiles(warehouse: Warehouse, choice: Choice, units: list[str]) -> None:
    for unit in units:
        documents.profile(warehouse, choice, unit, with_support=True)


def _told(what: str, made: Callable[[], object]) -> float:
    """Say how many seconds something took, and return them."""
    start = time.perf_counter()
    made()
    seconds = time.perf_counter() - start
    typer.echo(f"{what}: {seconds:.1f} giây")
    return seconds
