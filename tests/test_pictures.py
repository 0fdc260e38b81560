"""The pictures of README and guide are what the program draws, all of them and no others, and stay small."""

import re
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from bench.__main__ import app
from bench.pictures.png import LIMIT, difference
from bench.pictures.scenes import SCENES
from bench.pictures.shots import SHOTS
from tests.files import ROOT

DOCS = ROOT / "docs"
SHOWN = {
    (path, alt)
    for name in ("README.md", "HUONG_DAN.md", "CONTRIBUTING.md")
    for alt, path in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", (ROOT / name).read_text(encoding="utf-8"))
}


def test_every_picture_that_is_shown_can_be_made_again_and_every_one_that_is_made_is_shown() -> None:
    made = {f"docs/{shot.name}.png" for shot in SHOTS}

    assert {path for path, _ in SHOWN} == made
    assert {f"docs/{path.name}" for path in DOCS.glob("*.png")} == made
    assert {shot.scene for shot in SHOTS} == set(SCENES)


def test_every_picture_says_in_words_what_it_shows() -> None:
    assert [path for path, alt in SHOWN if len(alt) < 20] == []


@pytest.mark.parametrize("path", sorted(path for path, _ in SHOWN))
def test_a_picture_is_small(path: str) -> None:
    assert (ROOT / path).stat().st_size <= LIMIT
    with Image.open(ROOT / path) as picture:
        assert picture.mode == "P" and picture.width <= 1440


def test_a_picture_of_another_size_or_other_marks_is_told_apart(tmp_path: Path) -> None:
    white, marked, narrow = tmp_path / "white.png", tmp_path / "marked.png", tmp_path / "narrow.png"
    Image.new("RGB", (100, 10), "white").save(white)
    Image.new("RGB", (50, 10), "white").save(narrow)
    with Image.open(white) as picture:
        picture.paste("#1f4e79", (0, 0, 5, 10))
        picture.save(marked)

    assert difference(white, white) == 0.0
    assert difference(white, marked) == 0.05
    assert difference(white, narrow) == difference(white, tmp_path / "none.png") == 1.0


@pytest.mark.browser
def test_a_picture_is_made_of_the_running_program(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["pictures", "--only", "nguon", "--to", str(tmp_path)])

    assert done.exit_code == 0, done.output
    assert [path.name for path in tmp_path.iterdir()] == ["nguon.png"]
    with Image.open(tmp_path / "nguon.png") as picture:
        assert picture.width > 900 and picture.height > 500 and len(picture.getcolors() or ()) > 20


def test_an_unknown_picture_is_refused_with_the_names_there_are(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["pictures", "--only", "khong_co", "--to", str(tmp_path)])

    assert done.exit_code == 2 and "tong_quan" in done.output
