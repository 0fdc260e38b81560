"""Where a mark that is clicked leads: to the cells behind a number, to a unit's page, to a part of the register."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from dashboard.choice import Choice
from dashboard.provenance import trace
from dashboard.provenance.account import in_words, summary
from dashboard.provenance.links import REGISTER_PAGE, UNIT_PAGE, unit_link
from dashboard.provenance.trace import Slice, cells_behind
from dashboard.units import unit_names
from dashboard.warehouse import Warehouse


@dataclass(frozen=True)
class Answer:
    """What is said of a mark that was clicked, and the ways from it: (text, address)."""

    said: str
    ways: tuple[tuple[str, str], ...]


def answer(warehouse: Warehouse, choice: Choice, link: str) -> Answer | None:
    """Return what a clicked mark's link leads to; None when the snapshot knows nothing of it."""
    page, told = urlsplit(link).path, dict(parse_qsl(urlsplit(link).query))
    units = unit_names(warehouse)
    if page == UNIT_PAGE and told.get("don_vi") in units:
        label = units[told["don_vi"]]
        return Answer(f"{label}: chưa có số liệu.", ((f"Mở trang {label}", link),))
    if page == REGISTER_PAGE:
        return Answer("Mô hình trong danh sách các đơn vị gửi.", (("Xem các mô hình, ở mọi tình trạng", link),))
    found = Slice.from_link(warehouse, link) if page == trace.PAGE else None
    if found is None:
        return None
    said = f"{in_words(warehouse, found)}: số này {summary(cells_behind(warehouse, found))}."
    ways = [("Xem các ô", found.link)]
    if found.don_vi_id is not None and found.don_vi_id != choice.don_vi_id:
        ways.append((f"Mở trang {units[found.don_vi_id]}", unit_link(found.don_vi_id, choice)))
    return Answer(said, tuple(ways))
