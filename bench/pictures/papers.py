"""Pictures of files: a slide of the deck and a correction workbook, as LibreOffice draws their first page."""

import subprocess
import tempfile
from pathlib import Path

import openpyxl

from bench.pictures import png
from bench.pictures.scenes import Scene
from dashboard.choice import Choice
from dashboard.deck import to_pptx
from dashboard.provenance.trace import known_years
from dashboard.warehouse import open_snapshot
from tests.conftest import find_office

_WIDTH = 900
_MARGIN = 12


def slide(key: str, scene: Scene, place: Path) -> None:
    """Draw a slide of the deck."""
    warehouse = open_snapshot(scene.data)[0]
    years = known_years(warehouse)
    made = to_pptx(warehouse, Choice(years[0], years[-1], None), (key,))
    warehouse.close()
    with tempfile.TemporaryDirectory() as folder:
        paper = Path(folder) / "trang.pptx"
        paper.write_bytes(made)
        png.reduce(_drawn(paper), place, width=_WIDTH)


def sheet(name: str, scene: Scene, place: Path) -> None:
    """Draw a sheet of the scene's correction workbook."""
    assert scene.correction is not None, "ask a clerk's scene"
    with tempfile.TemporaryDirectory() as folder:
        paper = Path(folder) / "trang.xlsx"
        book = openpyxl.load_workbook(scene.correction)
        book.move_sheet(name, -book.sheetnames.index(name))
        book.active = 0
        book[name].oddFooter.center.text = book[name].oddFooter.left.text = book[name].oddFooter.right.text = None
        book.save(paper)
        drawn = _drawn(paper)
        left, top, right, bottom = png.inked(drawn) or (0, 0, 1, 1)
        box = (max(left - _MARGIN, 0), max(top - _MARGIN, 0), right + _MARGIN, bottom + _MARGIN)
        png.reduce(drawn, place, box, _WIDTH)


def _drawn(paper: Path) -> Path:
    """Let LibreOffice draw the first page of a file beside it. Raises RuntimeError where it does not."""
    office = find_office()
    if office is None:
        raise RuntimeError("no LibreOffice (soffice) on this machine")
    profile = f"-env:UserInstallation={(paper.parent / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "png", "--outdir", str(paper.parent), str(paper)]
    subprocess.run(command, capture_output=True, timeout=180, check=False)
    drawn = paper.with_suffix(".png")
    if not drawn.is_file():
        raise RuntimeError(f"LibreOffice drew nothing of {paper.name}")
    return drawn
