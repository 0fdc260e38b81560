"""What loading and checks warned about in the returns that a figure uses: said wherever the figure is shown."""

from dataclasses import dataclass
from urllib.parse import urlencode

import pandas as pd

from dashboard.choice import Choice
from dashboard.labels import number
from dashboard.provenance.trace import PAGE, PARAMS, Slice
from dashboard.warehouse import Warehouse, records


@dataclass(frozen=True)
class Caution:
    """How many warnings concern a place and period, in words, and where they are listed."""

    text: str
    link: str


def caution(warehouse: Warehouse, choice: Choice) -> Caution | None:
    """Return the warnings about the returns that this choice's figures use, None when there is none."""
    if not warehouse.query("has_warnings")["has_warnings"].iloc[0]:
        return None
    (found,) = records(warehouse.query("warning_count", **choice.params))
    if not found["warning_count"]:
        return None
    told = {PARAMS[name]: value for name, value in choice.params.items() if value is not None}
    # Where a file held many returns, it is not known which of them a warning is about.
    where = f"{number(found['return_count'])} báo cáo" if found["is_known"] else "các báo cáo"
    said = f"Có {number(found['warning_count'])} cảnh báo trong {where} của {_period(choice)}"
    return Caution(said, f"{PAGE}?{urlencode(told)}")


def warnings_of_choice(warehouse: Warehouse, choice: Choice) -> pd.DataFrame:
    """Return the warnings about every return that any figure of a place and period uses."""
    return warehouse.query("warnings_in_scope", **choice.params)


def warnings_of_slice(warehouse: Warehouse, slice_: Slice) -> pd.DataFrame:
    """Return the warnings about the returns whose cells add up to one number."""
    return warehouse.query("warnings_in_slice", **slice_.params)


def _period(choice: Choice) -> str:
    return "năm này" if choice.from_year == choice.to_year else "giai đoạn này"
