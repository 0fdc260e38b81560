"""The shape of layouts.toml: the words by which workbooks are recognised, and which the forms are written with.

One model a section, one attribute a key. It knows no word itself: they all stand in the catalogue.
"""

from typing import Annotated, Literal

from pydantic import Field

from etl.catalogue_rows import Row


class Words(Row):
    """Words with one meaning in every layout."""

    total: tuple[str, ...]
    numbering: tuple[str, ...]
    ignored: tuple[str, ...]
    subtotal_starts: tuple[str, ...]
    simulated: str
    not_arising: tuple[str, ...]
    grouping: tuple[str, ...]
    signature: tuple[str, ...]
    not_names: tuple[str, ...]
    not_the_unit: tuple[str, ...]
    below_unit: tuple[str, ...]
    other_counts: tuple[str, ...] = ()
    running_totals: tuple[str, ...] = ()
    unit_of_measure: tuple[str, ...] = ()
    scales: tuple[str, ...] = ()
    commune: tuple[str, ...] = ()


class InfoLabels(Row):
    """Labels of the sheet "Thông tin"."""

    sheet: tuple[str, ...]
    unit: tuple[str, ...]
    period: tuple[str, ...]
    year: tuple[str, ...]
    from_year: tuple[str, ...]
    to_year: tuple[str, ...]
    as_of_on: tuple[str, ...]
    sent_on: tuple[str, ...]
    prepared_by: tuple[str, ...]
    signed_by: tuple[str, ...]
    not_arising: tuple[str, ...]
    layout_version: tuple[str, ...]
    simulated: tuple[str, ...]


class ModelsTable(Row):
    """Biểu 01: a row a field, a column an indicator."""

    sheet: tuple[str, ...]
    key: tuple[str, ...]
    required_rows: tuple[str, ...]
    repeatable_rows: tuple[str, ...]


class ActivitiesTable(Row):
    """Biểu 02: a row an indicator without fields."""

    sheet: tuple[str, ...]
    key: tuple[str, ...]
    value: tuple[str, ...]


class RegisterTable(Row):
    """Biểu 03: a row a model."""

    sheet: tuple[str, ...]
    name: tuple[str, ...]
    linh_vuc: tuple[str, ...]
    commune: tuple[str, ...]
    host: tuple[str, ...]
    kind: tuple[str, ...]
    start_year: tuple[str, ...]
    status: tuple[str, ...]
    award_level: tuple[str, ...]
    theme: tuple[str, ...]
    area_kind: tuple[str, ...]
    note: tuple[str, ...]


REGISTER_LISTS = {
    "linh_vuc": "linh_vuc",
    "kind": "loai",
    "status": "tinh_trang",
    "award_level": "cap_khen_thuong",
    "theme": "chu_de",
    "area_kind": "dia_ban_dac_thu",
}
"""The register's columns that take an entry of a list: of lists.csv by its name, or of the fields."""


class PeriodicLayout(Row):
    """The periodic return's tables."""

    models: ModelsTable
    activities: ActivitiesTable
    model_register: RegisterTable


class KeyedLayout(Row):
    """A layout known by the heading of its first column."""

    key: tuple[str, ...]


class LongLayout(Row):
    """The long table's columns."""

    don_vi: tuple[str, ...]
    ky: tuple[str, ...]
    tu_nam: tuple[str, ...]
    den_nam: tuple[str, ...]
    chi_tieu: tuple[str, ...]
    linh_vuc: tuple[str, ...]
    gia_tri: tuple[str, ...]
    ghi_chu: tuple[str, ...]


class Correction(Row):
    """What `correction` calls its sheet, its comments' author and the levels of an issue."""

    sheet: Annotated[str, Field(max_length=31)]
    title: str
    author: str
    levels: dict[Literal["loi", "canh_bao", "ghi_chu"], str]


class Layouts(Row):
    """layouts.toml: the workbook shapes."""

    version: int
    words: Words
    info: InfoLabels
    correction: Correction
    periodic: PeriodicLayout
    retrospective: KeyedLayout
    compiled: KeyedLayout
    long: LongLayout
    choices: dict[str, dict[str, tuple[str, ...]]]
