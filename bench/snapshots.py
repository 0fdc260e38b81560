"""The snapshot that benches of exports measure on."""

import typer

from dashboard.data_folder import data_folder
from dashboard.warehouse import Warehouse, WarehouseError, open_snapshot


def published() -> Warehouse:
    """Open what viewers see; without a snapshot, say so and end with status 4."""
    try:
        return open_snapshot(data_folder())[0]
    except WarehouseError as problem:
        typer.echo(f"{problem} Chạy python run.py một lần, hoặc đặt DVK_DATA.", err=True)
        raise typer.Exit(4) from None
