"""Small picture files: a palette instead of true colours; and how much of one differs from another."""

from pathlib import Path

from PIL import Image, ImageChops

COLOURS = 128
"""So many suffice for a screen: its own colours and the edges of its letters."""
LIMIT = 120_000
"""Bytes that a picture may have in the repository."""
_TO_THE_EYE = 48
"""A pixel differs when one of its channels (of 255) differs by more: letters are drawn a little otherwise elsewhere."""


def reduce(picture: Path, place: Path, box: tuple[int, int, int, int] | None = None, width: int | None = None) -> None:
    """Write a picture, or the box of it (left, top, right, bottom; pixels), with a palette, not wider than `width`."""
    with Image.open(picture) as found:
        shown = found.convert("RGB").crop(box)
    if width is not None and shown.width > width:
        shown = shown.resize((width, round(shown.height * width / shown.width)), Image.Resampling.LANCZOS)
    shown.quantize(COLOURS, dither=Image.Dither.NONE).save(place, optimize=True)


def inked(picture: Path) -> tuple[int, int, int, int] | None:
    """Return the box that holds all that is not white; None where all is."""
    with Image.open(picture) as found:
        shown = found.convert("RGB")
    return ImageChops.difference(shown, Image.new("RGB", shown.size, "white")).getbbox()


def difference(one: Path, other: Path) -> float:
    """Return the share of pixels that the eye tells apart; 1 where the sizes differ or a file is missing."""
    if not (one.is_file() and other.is_file()):
        return 1.0
    with Image.open(one) as first, Image.open(other) as second:
        if first.size != second.size:
            return 1.0
        channels = ImageChops.difference(first.convert("RGB"), second.convert("RGB")).split()
    most = ImageChops.lighter(ImageChops.lighter(channels[0], channels[1]), channels[2])
    counts = most.histogram()
    return sum(counts[_TO_THE_EYE + 1 :]) / sum(counts)
