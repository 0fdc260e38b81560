"""What the rules look at, read from a small snapshot: three districts over three years, whose figures are known."""

import numpy as np
import pytest

from etl.build import open_read_only
from etl.flags.facts import RECOGNISED, Facts, read_facts
from tests import warehouses


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    """Facts of the usual snapshot, with a year's count given without fields and one given by some of them."""
    rows = warehouses.three_districts()
    hoi_an = next(
        row
        for row in rows["core_year_value"]
        if (row["don_vi_id"], row["year"]) == ("hoi_an", 2024) and row["value"] == 6
    )
    rows["core_year_value"] = [
        *rows["core_year_value"],
        {**hoi_an, "year": 2023, "linh_vuc_id": "chua_phan", "value": 11},
        {**hoi_an, "linh_vuc_id": "chua_phan", "value": 2},
        {**hoi_an, "don_vi_id": "nam_giang", "year": 2022, "linh_vuc_id": "kinh_te", "value": 5},
        {**hoi_an, "don_vi_id": "nam_giang", "year": 2022, "linh_vuc_id": "chua_phan", "value": 1},
    ]
    path = warehouses.publish(tmp_path_factory.mktemp("facts"), rows)
    with open_read_only(path) as connection:
        return read_facts(connection)


def row_of(facts: Facts, don_vi_id: str) -> int:
    return [district.don_vi_id for district in facts.districts].index(don_vi_id)


def test_only_districts_are_compared(facts: Facts) -> None:
    assert {district.don_vi_id for district in facts.districts} == {"tam_ky", "hoi_an", "nam_giang"}
    assert facts.years == (2022, 2023, 2024)


def test_a_total_is_known_where_every_field_is_or_where_none_is_and_the_count_has_no_fields(facts: Facts) -> None:
    totals = facts.total(RECOGNISED)

    assert totals[row_of(facts, "tam_ky")].tolist()[:2] == [18, 19]
    assert totals[row_of(facts, "hoi_an")].tolist() == [13, 11, 20]
    assert np.isnan(totals[row_of(facts, "nam_giang"), 0]), "one field of five does not make a total"


def test_figures_by_field_leave_out_what_has_no_field(facts: Facts) -> None:
    fields = [field.linh_vuc_id for field in facts.fields]
    of_hoi_an = facts.by_field[RECOGNISED][row_of(facts, "hoi_an")]

    assert "chua_phan" not in fields
    assert of_hoi_an[fields.index("kinh_te")].tolist()[::2] == [3, 6]
    assert np.isnan(of_hoi_an[:, 1]).all()
    assert "mo_hinh_khen_thuong" not in facts.by_field, "given without fields alone"
    assert facts.total("mo_hinh_khen_thuong")[row_of(facts, "tam_ky")].tolist()[0] == 9
