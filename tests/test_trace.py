"""From any figure to its cells: slices, the links they travel in, and the cells that add up to them."""

from pathlib import Path

import pytest

from dashboard.trace import Slice, cells_behind
from dashboard.warehouse import Warehouse
from tests import warehouses

ALL = Slice("mo_hinh_cong_nhan", 2022, 2024)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return Warehouse(warehouses.publish(tmp_path_factory.mktemp("warehouse"), warehouses.three_districts()))


@pytest.mark.parametrize(
    "slice_",
    [
        ALL,
        Slice("mo_hinh_cong_nhan", 2023, 2023, don_vi_id="tam_ky", linh_vuc_id="kinh_te"),
        Slice("kiem_tra", 2022, 2024, units="cap_huyen"),
        Slice("mo_hinh_khen_thuong", 2022, 2022, with_indicator_id="mo_hinh_cong_nhan"),
    ],
)
def test_slice_comes_back_from_its_link(slice_: Slice, warehouse: Warehouse) -> None:
    assert Slice.from_link(warehouse, slice_.link) == slice_


def test_link_of_a_slice_names_only_what_narrows_it() -> None:
    assert ALL.link == "nguon?chi_tieu=mo_hinh_cong_nhan&tu=2022&den=2024"


@pytest.mark.parametrize(
    "link",
    [
        "nguon?tu=2022&den=2024",
        "nguon?chi_tieu=la&tu=2022&den=2024",
        "nguon?chi_tieu=kiem_tra&tu=2022&den=2024&don_vi=cum_mien_nui",
        "nguon?chi_tieu=kiem_tra&tu=2022&den=2024&linh_vuc=';--",
        "nguon?chi_tieu=kiem_tra&tu=2022&den=2024&nhom=xa",
        "nguon?chi_tieu=kiem_tra&tu=2024&den=2022",
        "nguon?chi_tieu=kiem_tra&tu=1999&den=2024",
        "nguon?chi_tieu=kiem_tra&tu=2022",
    ],
)
def test_link_to_a_figure_the_snapshot_does_not_know_is_none(link: str, warehouse: Warehouse) -> None:
    assert Slice.from_link(warehouse, link) is None


def test_cells_of_a_total_are_those_of_years_and_of_the_span_inside(warehouse: Warehouse) -> None:
    cells = cells_behind(warehouse, ALL)

    assert sum(cells["value"]) == 118
    assert set(cells.loc[cells["don_vi_id"] == "nam_giang", "period"]) == {"giai đoạn 2022-2023", "năm 2024"}
    assert set(cells.loc[cells["is_provisional"].astype(bool), "period"]) == {"6 tháng đầu năm 2024"}


def test_cells_of_a_field_a_unit_and_a_group_are_its_own(warehouse: Warehouse) -> None:
    def total(**parts: str) -> int:
        return int(sum(cells_behind(warehouse, Slice("mo_hinh_cong_nhan", 2022, 2024, **parts))["value"]))

    assert total(linh_vuc_id="he_thong_chinh_tri") == 7
    assert total(don_vi_id="hoi_an") == 31
    assert (total(units="cap_huyen"), total(units="khac")) == (108, 10)


def test_stock_leads_to_the_cells_of_its_last_year(warehouse: Warehouse) -> None:
    cells = cells_behind(warehouse, Slice("mo_hinh_duy_tri", 2022, 2023))

    assert [(row.don_vi_id, row.period, row.value) for row in cells.itertuples()] == [("tam_ky", "năm 2023", 25)]


def test_ratio_counts_only_what_units_gave_beside_it(warehouse: Warehouse) -> None:
    cells = cells_behind(warehouse, Slice("mo_hinh_cong_nhan", 2022, 2022, with_indicator_id="mo_hinh_khen_thuong"))

    assert (set(cells["don_vi_id"]), sum(cells["value"])) == ({"tam_ky"}, 18)


def test_nothing_given_leads_to_no_cell(warehouse: Warehouse, tmp_path: Path) -> None:
    assert cells_behind(warehouse, Slice("hoi_nghi", 2022, 2024)).empty
