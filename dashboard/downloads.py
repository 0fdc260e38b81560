"""What can be taken away from a snapshot, for the screen and the command alike: names of files and what makes them."""

from collections.abc import Callable
from dataclasses import dataclass

from dashboard import documents, labels
from dashboard.choice import Choice
from dashboard.exports import safe_file_name
from dashboard.slides import PRESETS
from dashboard.warehouse import Warehouse

OFFICE = "application/vnd.openxmlformats-officedocument."
DECK = f"{OFFICE}presentationml.presentation"
PAPER = f"{OFFICE}wordprocessingml.document"
SHEETS = f"{OFFICE}spreadsheetml.sheet"
ZIP = "application/zip"
DAYS_TO_REPLY = 10
"""How long a unit has to answer a letter."""


@dataclass(frozen=True)
class Wanted:
    """How a file is to be made. slides: keys of slides, in their order. wide: 16:9, else 4:3."""

    with_support: bool = False
    slides: tuple[str, ...] = PRESETS["day_du"]
    wide: bool = True


@dataclass(frozen=True)
class Download:
    """A file that can be made at once. is_of_one: of the chosen unit when one is chosen, else always the province."""

    key: str
    label: str
    suffix: str
    mime: str
    make: Callable[[Warehouse, Choice, Wanted], bytes]
    is_of_one: bool


def _deck(warehouse: Warehouse, choice: Choice, wanted: Wanted) -> bytes:
    from dashboard.deck import to_pptx  # half a second that a start of the screens need not wait for

    return to_pptx(warehouse, choice, wanted.slides, wide=wanted.wide, with_support=wanted.with_support)


def _handout(warehouse: Warehouse, choice: Choice, _: Wanted) -> bytes:
    return documents.handout(warehouse, choice)


def _report(warehouse: Warehouse, choice: Choice, _: Wanted) -> bytes:
    return documents.report_section(warehouse, choice)


def _data(warehouse: Warehouse, choice: Choice, wanted: Wanted) -> bytes:
    from dashboard.workbooks import workbook

    return workbook(warehouse, choice, with_support=wanted.with_support)


DOWNLOADS = {
    found.key: found
    for found in (
        Download("deck", "Bộ trang chiếu", ".pptx", DECK, _deck, is_of_one=True),
        Download("handout", "Tài liệu phát", ".docx", PAPER, _handout, is_of_one=False),
        Download("report", "Phần kết quả của báo cáo", ".docx", PAPER, _report, is_of_one=False),
        Download("data", "Số liệu", ".xlsx", SHEETS, _data, is_of_one=True),
    )
}
_STEMS = {
    "deck": "trang_chieu",
    "handout": "tai_lieu_phat",
    "report": "phan_ket_qua",
    "data": "so_lieu",
    "letters": "cong_van_nhac",
    "profiles": "ho_so_don_vi",
}


def file_name(key: str, suffix: str, warehouse: Warehouse, choice: Choice, *, with_support: bool = False) -> str:
    """Return a file's name: what it holds, of whom and when; that it is simulated, and that it is internal."""
    parts = (
        _STEMS[key],
        choice.don_vi_id or "",
        labels.years(choice.from_year, choice.to_year),
        "noi_bo" if with_support else "",
        "mo_phong" if warehouse.is_simulated else "",
    )
    return safe_file_name("_".join(part for part in parts if part) + suffix)
