"""What a form is made of: the catalogue's side, the content it is filled with, the workbook being written."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from etl.carried import Carried
from etl.catalogue import Catalogue
from etl.catalogue_rows import DonVi
from etl.periods import Period
from etl.template_style import TitleBlock, begin_sheet


@dataclass(frozen=True)
class Content:
    """What a form is filled with.

    values: figures by (indicator_id, linh_vuc_id); the field is None for an indicator without fields.
    models: register rows by the column names of layouts.toml; listed columns hold the entry's id or label.
    carried, models_of: figures of an earlier period, and the period the models are from, "" for this one.
    """

    values: Mapping[tuple[str, str | None], int] = field(default_factory=dict)
    models: Iterable[Mapping[str, str | int]] = ()
    carried: Carried | None = None
    models_of: str = ""
    as_of_on: datetime.date | None = None
    sent_on: datetime.date | None = None
    not_arising: bool = False
    simulated: bool = False
    prepared_by: str = ""
    signed_by: str = ""


@dataclass(frozen=True)
class Form:
    """A form on its way to a file. styles: formats by name; choices: drop-down lists, each id -> label."""

    catalogue: Catalogue
    unit: DonVi
    period: Period
    content: Content
    workbook: Any
    styles: dict[str, Any]
    block: TitleBlock
    choices: dict[str, dict[str, str]]

    def add_sheet(self, name: str, title: str, note: str, widths: list[int]) -> Any:
        """Add a worksheet with its title block and page set up."""
        sheet = self.workbook.add_worksheet(name)
        begin_sheet(sheet, self.styles, self.block, title, note, widths)
        return sheet

    @property
    def cell_max(self) -> int:
        """The largest count a cell may hold."""
        return int(self.catalogue.threshold("cell_max"))


def list_choices(catalogue: Catalogue) -> dict[str, dict[str, str]]:
    """Return the drop-down lists, each id -> label in order: the fields, the periods and those of lists.csv."""
    fields = sorted(catalogue.linh_vuc, key=lambda item: item.position)
    choices: dict[str, dict[str, str]] = {"linh_vuc": {item.linh_vuc_id: item.label for item in fields}, "ky": {}}
    for label in catalogue.labels:
        if label.kind == "ky" and label.use == "accepted":
            choices["ky"].setdefault(label.id, label.label)
    for choice in sorted(catalogue.lists, key=lambda item: item.position):
        choices.setdefault(choice.list, {})[choice.id] = choice.label
    return choices
