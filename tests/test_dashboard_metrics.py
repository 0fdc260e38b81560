"""The metrics on three districts and a provincial body, where every figure can be added up by hand."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboard.choice import Choice
from dashboard.exhibits import field_shares, years_recognised
from dashboard.topics.register import Search
from dashboard.warehouse import (
    METRICS,
    NoSnapshotError,
    UnreadableSnapshotError,
    Warehouse,
    open_snapshot,
    parameters,
    records,
)
from tests import warehouses

WHOLE = {
    "from_year": 2022,
    "to_year": 2024,
    "don_vi_id": None,
    "boundary_on": None,
    "indicator_id": "mo_hinh_cong_nhan",
    "period_kind": "nam",
    "as_of": date(2025, 1, 15),
    "terrain": None,
    "rule": "F3",
    "list_id": "chu_de",
    "don_vi_ids": None,
}

SLICE = {"linh_vuc_id": None, "units": "tat_ca", "with_indicator_id": None}
SEARCH = {**Search(words="an ninh").params, "row_limit": 3}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return Warehouse(warehouses.publish(tmp_path_factory.mktemp("warehouse"), warehouses.three_districts()))


def rows_by(warehouse: Warehouse, metric: str, key: str, **params: Any) -> dict[Any, dict[str, Any]]:
    return {row[key]: row for row in records(warehouse.query(metric, **{**WHOLE, **params}))}


@pytest.mark.parametrize("path", sorted(METRICS.glob("*.sql")), ids=lambda path: path.stem)
def test_metric_says_its_grain_and_runs_for_all_and_for_one_unit(path: Path, warehouse: Warehouse) -> None:
    assert path.read_text(encoding="utf-8").startswith("-- grain: one row")
    for unit in (None, "tam_ky"):
        warehouse.query(path.stem, **{**WHOLE, **SEARCH, **SLICE, "don_vi_id": unit})


@pytest.mark.parametrize("path", sorted(METRICS.glob("*.sql")), ids=lambda path: path.stem)
def test_a_metric_answers_of_a_large_snapshot_as_it_does_of_a_small_one(path: Path, warehouse: Warehouse) -> None:
    large = Warehouse(warehouse.path)
    large.is_large = True
    asked = {**WHOLE, **SEARCH, **SLICE, "from_year": 2022}
    small, other = warehouse.query(path.stem, **asked), large.query(path.stem, **asked)
    large.close()
    assert sorted(map(repr, records(small))) == sorted(map(repr, records(other)))


def test_total_adds_years_and_the_span_that_lies_inside(warehouse: Warehouse) -> None:
    assert rows_by(warehouse, "totals", "indicator_id")["mo_hinh_cong_nhan"]["value"] == 118
    assert rows_by(warehouse, "totals", "indicator_id", to_year=2023)["mo_hinh_cong_nhan"]["value"] == 87
    assert rows_by(warehouse, "totals", "indicator_id", to_year=2022)["mo_hinh_cong_nhan"]["value"] == 34


def test_longest_of_overlapping_spans_counts(tmp_path: Path) -> None:
    rows = warehouses.three_districts()
    longer = [{**row, "to_year": 2024, "value": 100, "return_id": "x"} for row in rows["core_span_value"][:1]]
    rows["core_span_value"] += longer
    warehouse = Warehouse(warehouses.publish(tmp_path, rows))

    assert rows_by(warehouse, "totals", "indicator_id")["mo_hinh_cong_nhan"]["value"] == 118 - 30 + 100


def test_stock_is_the_last_years_and_never_a_sum(warehouse: Warehouse) -> None:
    assert rows_by(warehouse, "totals", "indicator_id")["mo_hinh_duy_tri"]["value"] == 7
    assert rows_by(warehouse, "totals", "indicator_id", to_year=2023)["mo_hinh_duy_tri"]["value"] == 25


def test_year_that_is_not_over_is_told_apart_and_never_compared(tmp_path: Path) -> None:
    rows = warehouses.three_districts()
    threshold = {**rows["dim_threshold"][0], "rule": "part_year", "value": 45}
    rows["dim_threshold"] = [*rows["dim_threshold"], threshold]
    for found in rows["core_return"]:
        found["as_of_on"] = date(found["to_year"], 9 if found["to_year"] == 2024 else 12, 30)
        found["period_kind"] = "nam"
    warehouse = Warehouse(warehouses.publish(tmp_path, rows))

    exhibit = years_recognised(warehouse, Choice(2022, 2024, None))

    assert [row["is_part_year"] for row in records(warehouse.query("years", **WHOLE))] == [False, False, True]
    assert exhibit.title == "Từ 34 (2022) xuống 23 mô hình (2023, chưa đủ); năm 2024 đến 30/9: 31"
    for found in (exhibit, field_shares(warehouse, Choice(2022, 2024, None))):
        assert found.notes[-1].startswith("† Năm 2024: số đến 30/9/2024, chưa trọn năm")
    assert not any("†" in text for text in field_shares(warehouse, Choice(2022, 2023, None)).notes)
    assert exhibit.table["Ghi chú"].iloc[-1].endswith("số đến 30/9/2024")


def test_nothing_reported_is_missing_and_an_explicit_zero_is_zero(warehouse: Warehouse) -> None:
    assert rows_by(warehouse, "totals", "indicator_id")["hoi_nghi"]["value"] is None
    nam_giang = rows_by(warehouse, "years", "year", don_vi_id="nam_giang")
    assert nam_giang[2024]["value"] == 0
    assert nam_giang[2023]["value"] is None


def test_total_is_held_against_the_signed_report_for_the_same_place_and_period_only(warehouse: Warehouse) -> None:
    total = rows_by(warehouse, "totals", "indicator_id")
    assert (total["mo_hinh_cong_nhan"]["gap"], total["kiem_tra"]["gap"], total["mo_hinh_khen_thuong"]["gap"]) == (
        11,
        9,
        0,
    )
    assert rows_by(warehouse, "totals", "indicator_id", to_year=2023)["kiem_tra"]["gap"] is None
    assert rows_by(warehouse, "totals", "indicator_id", don_vi_id="hoi_an")["mo_hinh_cong_nhan"]["gap"] is None


def test_completeness_counts_units_with_every_year_of_the_period(warehouse: Warehouse) -> None:
    found = rows_by(warehouse, "completeness", "indicator_id")["mo_hinh_cong_nhan"]

    assert (found["complete_district_count"], found["district_count"]) == (2, 3)  # Hội An has no 2023
    assert (found["complete_other_count"], found["other_count"]) == (1, 1)
    assert (found["covered_years"], found["expected_years"]) == (11, 12)
    assert found["is_complete"] is False


def test_unit_is_expected_only_in_years_it_existed(tmp_path: Path) -> None:
    rows = warehouses.three_districts()
    rows["dim_don_vi"] = [
        {**row, "valid_to": "2023-12-31"} if row["don_vi_id"] == "hoi_an" else row for row in rows["dim_don_vi"]
    ]
    warehouse = Warehouse(warehouses.publish(tmp_path, rows))

    found = warehouse.query("freshness", **WHOLE).iloc[0]

    assert (found["reported_district_count"], found["district_count"]) == (2, 2)


def test_fields_share_their_base_and_name_the_weak_ones(warehouse: Warehouse) -> None:
    fields = rows_by(warehouse, "fields", "linh_vuc_id")

    assert [fields[key]["value"] for key in warehouses.FIELDS] == [32, 61, 17, 7, None, 1]
    assert fields["kinh_te"]["base"] == 118
    assert fields["he_thong_chinh_tri"]["value_share"] == pytest.approx(7 / 118)
    assert fields["he_thong_chinh_tri"]["level"] == "nghiem_trong"
    assert fields["quoc_phong_an_ninh"]["level"] == "theo_doi"
    assert fields["kinh_te"]["level"] is None
    assert fields["chua_phan"]["even_ratio"] is None


def test_what_no_field_of_the_signed_report_accounts_for_is_chua_phan(warehouse: Warehouse) -> None:
    printed = rows_by(warehouse, "published_fields", "linh_vuc_id")

    assert printed["chua_phan"]["value"] == 107 - 106
    assert printed["kinh_te"]["value_share"] == pytest.approx(32 / 107)


def test_rate_is_taken_of_the_commune_years_that_were_reported(warehouse: Warehouse) -> None:
    units = rows_by(warehouse, "unit_totals", "don_vi_id")

    assert units["hoi_an"]["rate"] == pytest.approx(31 / 26)
    assert units["nam_giang"]["rate"] == pytest.approx(30 / 36)
    assert units["mttq"]["rate"] is None


def test_half_years_figure_is_provisional(warehouse: Warehouse) -> None:
    years = rows_by(warehouse, "years", "year")

    assert [years[year]["is_provisional"] for year in (2022, 2023, 2024)] == [False, False, True]
    assert [years[year]["value"] for year in (2022, 2023, 2024)] == [34, 23, 31]


def test_ratio_leaves_out_units_with_only_one_of_its_figures(warehouse: Warehouse) -> None:
    ratios = rows_by(warehouse, "ratios", "year")

    assert ratios[2022]["awarded_share"] == pytest.approx(9 / 18)
    assert ratios[2022]["models_per_inspection"] == pytest.approx((18 + 13) / (6 + 5))
    assert ratios[2023]["awarded_share"] is None


def test_metric_asks_for_the_parameters_of_those_that_it_refers_to() -> None:
    assert parameters("completeness") == {"from_year", "to_year", "don_vi_id", "boundary_on"}
    assert parameters("units") == set()


def test_snapshot_is_opened_read_only_and_reaches_no_other_file(warehouse: Warehouse, tmp_path: Path) -> None:
    other = tmp_path / "x.csv"
    other.write_text("a\n1\n")
    for statement in (f"SELECT * FROM '{other}'", "DELETE FROM core_value", "SET enable_external_access = true"):
        with pytest.raises(Exception, match=r"(?i)disabled|read-only|locked"):
            warehouse._connection.cursor().execute(statement)


def test_real_snapshot_is_opened_once_it_holds_returns_and_the_sample_until_then(tmp_path: Path) -> None:
    with pytest.raises(NoSnapshotError):
        open_snapshot(tmp_path)
    warehouses.publish(tmp_path / "warehouse", warehouses.published_only(), "that")
    assert open_snapshot(tmp_path)[0].path.stem == "that"
    warehouses.publish(tmp_path / "sample" / "warehouse", warehouses.three_districts(), "mau")
    assert open_snapshot(tmp_path)[0].is_simulated
    warehouses.publish(tmp_path / "warehouse", warehouses.one_district(), "that_2")
    assert open_snapshot(tmp_path)[0].path.stem == "that_2"


def test_damaged_snapshot_gives_way_to_the_one_before_with_a_notice(tmp_path: Path) -> None:
    folder = tmp_path / "warehouse"
    warehouses.publish(folder, warehouses.one_district(), "cu")
    (folder / "moi.duckdb").write_bytes(b"x" * 5000)
    (folder / "CURRENT").write_text("moi")

    opened, notices = open_snapshot(tmp_path)

    assert opened.path.stem == "cu"
    assert "cu" in notices[0]
    opened.close()
    (folder / "cu.duckdb").unlink()
    with pytest.raises(UnreadableSnapshotError, match="python -m etl verify"):
        open_snapshot(tmp_path)
