"""The command: makes the pictures, or says which of those in docs/ the program would draw otherwise by now."""

import tempfile
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from bench.browser import chromium, window
from bench.pictures import png
from bench.pictures.scenes import SCENES
from bench.pictures.shots import SHOTS, Shot
from bench.served import ROOT

DOCS = ROOT / "docs"
STALE = 0.02
"""A picture of which more pixels differ than this share is stale; a day, a clock or another font differ in fewer."""


def main(
    only: Annotated[list[str] | None, typer.Option(help="Chỉ ảnh có tên này; lặp lại được.")] = None,
    to: Annotated[Path, typer.Option(help="Thư mục ghi ảnh.", file_okay=False)] = DOCS,
    check: Annotated[bool, typer.Option("--check", help="Không ghi; cho biết ảnh nào trong docs/ đã cũ.")] = False,
) -> None:
    """Làm lại các ảnh trong README.md và HUONG_DAN.md từ chính chương trình đang chạy với dữ liệu mô phỏng."""
    chosen = [shot for shot in SHOTS if not only or shot.name in only]
    unknown = set(only or ()) - {shot.name for shot in chosen}
    if unknown:
        typer.echo(f"Không có ảnh {', '.join(sorted(unknown))}. Có: {', '.join(shot.name for shot in SHOTS)}.")
        raise typer.Exit(2)
    with tempfile.TemporaryDirectory(prefix="dvk-pictures-", ignore_cleanup_errors=True) as folder:
        fresh = Path(folder) / "fresh" if check else to
        fresh.mkdir(parents=True, exist_ok=True)
        _take(chosen, Path(folder), fresh)
        wrong = [shot.name for shot in chosen if not _told(fresh / f"{shot.name}.png", is_checked=check)]
    if wrong:
        typer.echo(f"Cần xem lại: {', '.join(wrong)}.")
        raise typer.Exit(1)


def _take(shots: Sequence[Shot], folder: Path, place: Path) -> None:
    """Make pictures in a folder, scene by scene."""
    with chromium() as browser:
        for scene, its_shots in groupby(shots, lambda shot: shot.scene):
            with SCENES[scene](folder) as served:
                for shot in its_shots:
                    with window(browser) as page:
                        shot.make(page, served, place / f"{shot.name}.png")


def _told(picture: Path, *, is_checked: bool) -> bool:
    """Say a picture's size, or how far the one in docs/ is from it; return whether it will do."""
    size = picture.stat().st_size
    if not is_checked:
        typer.echo(f"{picture.name}: {size / 1000:.0f} kB (tối đa {png.LIMIT / 1000:.0f})")
        return size <= png.LIMIT
    share = png.difference(picture, DOCS / picture.name)
    typer.echo(f"{picture.name}: khác {share:.1%} số điểm ảnh (tối đa {STALE:.0%})")
    return share <= STALE
