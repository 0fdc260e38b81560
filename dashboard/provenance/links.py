"""Addresses of pages: a unit's, and a part of the register."""

from urllib.parse import urlencode

from dashboard.choice import Choice
from dashboard.provenance.trace import PARAMS

UNIT_PAGE = "don_vi"
REGISTER_PAGE = "mo_hinh"


def unit_link(don_vi_id: str, choice: Choice) -> str:
    """Return the address of a unit's page, with the choice's period and boundaries."""
    return _address(UNIT_PAGE, choice, don_vi=don_vi_id)


def register_link(choice: Choice, **filters: str) -> str:
    """Return the address of the models of the choice's registers that `filters` (names in the link) ask for."""
    return _address(REGISTER_PAGE, choice, **filters)


def _address(page: str, choice: Choice, **told: str) -> str:
    period = {PARAMS[name]: value for name, value in choice.params.items() if name != "don_vi_id" and value is not None}
    return f"{page}?{urlencode({**told, **period})}"
