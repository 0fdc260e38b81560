"""Who has sent what: the grid of returns, DHIS2's reporting rates, whom to ask."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard import exhibits, exports
from dashboard.choice import Choice
from dashboard.theme import HIGHLIGHT, MISSING_PATTERN
from dashboard.topics import reporting
from dashboard.topics.reporting import Counts
from dashboard.warehouse import Warehouse, records
from tests import warehouses

VECTOR = json.loads((Path(__file__).parent / "vectors" / "reporting_rates_dhis2.json").read_text(encoding="utf-8"))
YEARS = Choice(2022, 2024, None)
AS_OF = date(2025, 1, 15)


def sent(unit: str, year: int, received: date | None = None, **changes: Any) -> dict[str, Any]:
    """Return a row of core_return: an annual return with figures unless `changes` say otherwise."""
    row = {
        "return_id": f"{unit}-{year}-{changes.get('period_kind', 'nam')}-{received}",
        "don_vi_id": unit,
        "period_kind": "nam",
        "from_year": year,
        "to_year": year,
        "due_on": date(year, 12, 20),
        "received_at": received and datetime(received.year, received.month, received.day, 9),
        "state": "co_so_lieu",
        "file_name": f"{unit}.xlsx",
        "sha256": "0" * 64,
        "layout": "periodic",
        "is_simulated": False,
        "superseded_by": None,
        "as_of_on": None,
    }
    return {**row, **changes}


def published(folder: Path, returns: list[dict[str, Any]], **tables: Any) -> Warehouse:
    rows = {**warehouses.dimensions(), "core_return": returns}
    half_year = {**rows["dim_deadline"][0], "period_kind": "6_thang", "due_month": 6}
    rows = {**rows, "dim_deadline": [*rows["dim_deadline"], half_year], **tables}
    rows["core_year_value"] = [
        {
            "don_vi_id": "tam_ky",
            "year": year,
            "indicator_id": "kiem_tra",
            "linh_vuc_id": None,
            "value": 1,
            "is_provisional": False,
            "return_id": "x",
        }
        for year in (2022, 2024)
    ]
    rows.setdefault("snapshot_info", warehouses.info(returns=len(returns), simulated=False))
    return Warehouse(warehouses.publish(folder, rows))


def cells(warehouse: Warehouse, kind: str = "nam", as_of: date = AS_OF) -> dict[tuple[str, int], dict[str, Any]]:
    found = reporting.grid(warehouse, YEARS, kind, as_of)
    return {(row["don_vi_id"], row["year"]): row for row in records(found)}


# --- DHIS2's definitions


@pytest.mark.parametrize("case", VECTOR["completeness"])
def test_reporting_rate_is_received_over_expected(case: dict[str, Any]) -> None:
    counts = Counts(expected=case["expected"], received=case["actual"], reported=0, on_time=0, late=0)

    assert counts.reporting_rate is not None
    assert counts.reporting_rate * 100 == pytest.approx(case["rate_pct"], abs=VECTOR["tolerance"])


@pytest.mark.parametrize("case", VECTOR["completeness"])
def test_reporting_rate_of_published_example_comes_out_of_a_snapshot(case: dict[str, Any], tmp_path: Path) -> None:
    """60 expected, 46 sent: twenty units over three years, as DHIS2's forum counts them."""
    units = [
        {**warehouses.dimensions()["dim_don_vi"][2], "don_vi_id": f"huyen_{place}", "label": f"Huyện {place}"}
        for place in range(case["expected"] // 3)
    ]
    owed = [(unit["don_vi_id"], year) for unit in units for year in (2022, 2023, 2024)]
    returns = [sent(unit, year, date(year, 12, 1)) for unit, year in owed[: case["actual"]]]
    warehouse = published(tmp_path, returns, dim_don_vi=units)

    rows = records(warehouse.query("reporting_counts", **YEARS.params, period_kind="nam", as_of=AS_OF))
    found = reporting.total(rows)
    assert (found.expected, found.received) == (case["expected"], case["actual"])
    assert found.reporting_rate == pytest.approx(case["rate_pct"] / 100, abs=VECTOR["tolerance"] / 100)


@pytest.mark.parametrize("case", VECTOR["timeliness"])
def test_a_return_a_day_after_the_deadline_is_complete_and_not_on_time(case: dict[str, Any], tmp_path: Path) -> None:
    due = date.fromisoformat(case["period_end"]) + timedelta(days=case["deadline_days"])
    submitted = date.fromisoformat(case["submitted"])
    deadlines = [{**warehouses.dimensions()["dim_deadline"][0], "period_kind": "nam"}]
    deadlines[0] |= {"due_month": due.month, "due_day": due.day}
    returns = [sent("tam_ky", due.year, submitted), sent("hoi_an", due.year, due)]
    warehouse = published(tmp_path, returns, dim_deadline=deadlines)

    after, on_the_day = (cells(warehouse)[unit, due.year] for unit in ("tam_ky", "hoi_an"))
    assert (after["is_received"], after["is_on_time"]) == (case["complete"], case["on_time"])
    assert (after["is_late"], after["days_after_due"]) == (True, (submitted - due).days)
    assert (on_the_day["is_on_time"], on_the_day["is_late"]) == (True, False)


def test_rates_of_nothing_expected_are_unknown_not_zero() -> None:
    counts = Counts(expected=0, received=0, reported=0, on_time=0, late=0)

    assert (counts.reporting_rate, counts.on_time_rate, counts.reported_rate) == (None, None, None)


def test_on_time_rate_divides_by_expected_and_an_undated_return_is_neither_on_time_nor_late(tmp_path: Path) -> None:
    returns = [
        sent("tam_ky", 2024, date(2024, 12, 20)),
        sent("hoi_an", 2024, date(2025, 1, 2)),
        sent("nam_giang", 2024, None),
    ]
    rows = records(
        published(tmp_path, returns).query(
            "reporting_counts", from_year=2024, to_year=2024, period_kind="nam", as_of=AS_OF
        )
    )

    found = reporting.total(rows)
    assert (found.expected, found.received, found.on_time, found.late, found.undated) == (4, 3, 1, 1, 1)
    assert found.on_time_rate == 0.25
    assert [(row["is_district"], row["expected"], row["received"]) for row in rows] == [(True, 3, 3), (False, 1, 0)]


# --- the grid


def test_each_state_is_told_apart_and_empty_counts_as_received_only(tmp_path: Path) -> None:
    warehouse = published(
        tmp_path,
        [
            sent("tam_ky", 2024, date(2024, 12, 1)),
            sent("hoi_an", 2024, date(2024, 12, 1), state="khong_phat_sinh"),
            sent("nam_giang", 2024, date(2024, 12, 1), state="trong"),
        ],
    )

    found = {unit: row for (unit, year), row in cells(warehouse).items() if year == 2024}
    assert {unit: row["state"] for unit, row in found.items()} == {
        "tam_ky": "co_so_lieu",
        "hoi_an": "khong_phat_sinh",
        "nam_giang": "trong",
        "mttq": "chua_gui",
    }
    assert (found["nam_giang"]["is_received"], found["nam_giang"]["is_reported"]) == (True, False)
    assert found["mttq"]["days_after_due"] == 26


def test_nothing_is_missing_before_its_deadline(tmp_path: Path) -> None:
    warehouse = published(tmp_path, [])

    assert cells(warehouse, as_of=date(2024, 12, 20))["tam_ky", 2024]["state"] == "chua_den_han"
    assert cells(warehouse, as_of=date(2024, 12, 21))["tam_ky", 2024]["state"] == "chua_gui"


def test_only_units_that_existed_over_the_whole_period_owe_it(tmp_path: Path) -> None:
    units = warehouses.dimensions()["dim_don_vi"]
    units[2] |= {"valid_from": date(2022, 3, 1), "valid_to": date(2024, 6, 30)}
    warehouse = published(tmp_path, [], dim_don_vi=units)

    assert [year for unit, year in cells(warehouse, "nam") if unit == "nam_giang"] == [2023]
    assert [year for unit, year in cells(warehouse, "6_thang") if unit == "nam_giang"] == [2023, 2024]
    assert "cum_mien_nui" not in {unit for unit, _ in cells(warehouse)}


def test_versions_of_a_return_count_once_and_a_correction_makes_nobody_late(tmp_path: Path) -> None:
    returns = [
        sent("tam_ky", 2024, date(2024, 12, 1), superseded_by="new"),
        sent("tam_ky", 2024, date(2025, 1, 5), return_id="new"),
        sent("hoi_an", 2024, date(2024, 12, 1), state="trong", superseded_by="full"),
        sent("hoi_an", 2024, date(2025, 1, 5), return_id="full"),
    ]
    warehouse = published(tmp_path, returns)

    corrected, filled = (cells(warehouse)[unit, 2024] for unit in ("tam_ky", "hoi_an"))
    assert (corrected["version_count"], corrected["is_on_time"], corrected["is_late"]) == (2, True, False)
    assert (filled["state"], filled["is_on_time"], filled["days_after_due"]) == ("co_so_lieu", False, 16)


def test_an_undated_first_version_leaves_open_whether_it_was_in_time(tmp_path: Path) -> None:
    returns = [
        sent("tam_ky", 2024, None, superseded_by="new"),
        sent("tam_ky", 2024, date(2025, 1, 5), return_id="new"),
    ]

    found = cells(published(tmp_path, returns))["tam_ky", 2024]
    assert (found["is_on_time"], found["is_late"], found["days_after_due"]) == (False, False, None)


def test_a_return_that_was_not_owed_is_shown_and_stands_in_no_rate(tmp_path: Path) -> None:
    units = warehouses.dimensions()["dim_don_vi"]
    units[2] |= {"valid_to": date(2024, 6, 30)}
    warehouse = published(tmp_path, [sent("nam_giang", 2024, date(2024, 12, 1))], dim_don_vi=units)

    counts = warehouse.query("reporting_counts", from_year=2024, to_year=2024, period_kind="nam", as_of=AS_OF)
    assert cells(warehouse)["nam_giang", 2024]["is_expected"] is False
    assert (reporting.total(records(counts)).expected, reporting.total(records(counts)).received) == (3, 0)


def test_only_warnings_about_returns_in_force_wait_for_an_answer(tmp_path: Path) -> None:
    returns = [
        sent("tam_ky", 2024, date(2024, 12, 1), return_id="old", superseded_by="new"),
        sent("tam_ky", 2024, date(2024, 12, 5), return_id="new"),
    ]
    warned = {"rule": "tong", "don_vi_id": "tam_ky", "year": 2024, "sheet": None, "cell": None}
    found = [
        {**warned, "level": "canh_bao", "return_id": "old", "message": "đã thay"},
        {**warned, "level": "canh_bao", "return_id": "new", "message": "cần hỏi"},
        {**warned, "level": "ghi_chu", "return_id": "new", "message": "không cần hỏi"},
    ]
    warehouse = published(tmp_path, returns, check_result=found)

    assert list(warehouse.query("returns_warnings", **YEARS.params)["message"]) == ["cần hỏi"]


@pytest.mark.parametrize("layout", ["retrospective", "compiled", "long"])
def test_returns_of_every_layout_fill_their_period(layout: str, tmp_path: Path) -> None:
    warehouse = published(tmp_path, [sent("tam_ky", 2023, date(2023, 12, 1), layout=layout)])

    assert cells(warehouse)["tam_ky", 2023]["state"] == "co_so_lieu"


def test_a_figure_for_several_years_is_no_return_of_one_of_them_but_is_mentioned(tmp_path: Path) -> None:
    rows = warehouses.three_districts()
    warehouse = published(
        tmp_path,
        [sent("nam_giang", 2022, date(2024, 1, 5), period_kind="giai_doan", to_year=2023, due_on=None)],
        core_span_value=rows["core_span_value"],
    )

    found = cells(warehouse)["nam_giang", 2022]
    assert found["state"] == "chua_gui"
    assert reporting.span_label(found) == "đã có số gộp giai đoạn 2022-2023"


# --- the exhibits


@pytest.fixture
def messy(tmp_path: Path) -> Warehouse:
    return published(
        tmp_path,
        [
            sent("tam_ky", 2024, date(2025, 1, 3)),
            sent("hoi_an", 2024, None, state="khong_phat_sinh"),
            sent("tam_ky", 2023, date(2023, 12, 1), state="trong"),
            sent("mttq", 2024, date(2024, 12, 1)),
        ],
        check_result=[
            {
                "rule": "tong",
                "level": "canh_bao",
                "return_id": "mttq-2024-nam-2024-12-01",
                "don_vi_id": "mttq",
                "year": 2024,
                "sheet": "Biểu 01",
                "cell": "C9",
                "message": "Tổng ghi 12, cộng được 11",
            }
        ],
    )


def test_grid_marks_every_state_by_a_sign_and_missing_by_a_hatch(messy: Warehouse) -> None:
    exhibit = exhibits.returns_grid(messy, YEARS, "nam", as_of=AS_OF)

    traces = {trace.name: trace for trace in exhibit.figure.data}
    assert exhibit.title == ("2/3 đơn vị cấp huyện đã gửi báo cáo năm 2024; 1 gửi muộn; 1 không ghi ngày gửi")
    assert list(traces["✓ có số liệu"].text) == ["✓", "✓M"]
    assert traces["✓ có số liệu"].marker.line.color[1] == HIGHLIGHT
    assert list(traces["0 không phát sinh"].text) == ["0*"]
    assert list(traces["□ gửi nhưng trống"].text) == ["□"]
    assert set(traces["? chưa gửi"].text) == {"?"}
    assert traces["? chưa gửi"].marker.pattern.shape == MISSING_PATTERN["shape"]
    assert traces["0 không phát sinh"].marker.pattern.shape is None


def test_years_above_the_grid_stand_upright_where_they_would_touch(messy: Warehouse) -> None:
    axis = exhibits.returns_grid(messy, YEARS, "nam", as_of=AS_OF).figure.layout.xaxis

    assert axis.tickangle is None
    assert list(axis.autotickangles) == [0, 90]


def test_grid_has_districts_first_and_a_table_in_words(messy: Warehouse) -> None:
    exhibit = exhibits.returns_grid(messy, YEARS, "nam", as_of=AS_OF)

    table = exhibit.table.set_index("Đơn vị")
    assert list(table.index)[-1] == "MTTQ Việt Nam tỉnh"
    assert table.loc["Tam Kỳ", "2024"] == "có số liệu, muộn 14 ngày"
    assert table.loc["Nam Giang", "2024"] == "chưa gửi"
    assert exhibit.figure.layout.shapes[0].y0 == 2.5
    assert "Tam Kỳ;chưa gửi" in exports.to_csv(exhibit).decode("utf-8-sig")


def test_a_cell_with_figures_leads_to_them_and_no_other_cell_leads_anywhere(messy: Warehouse) -> None:
    exhibit = exhibits.returns_grid(messy, YEARS, "nam", as_of=AS_OF)

    leads = {trace.name: list(trace.customdata) for trace in exhibit.figure.data}
    assert ["tam_ky" in link and "2024" in link for link in leads["✓ có số liệu"]] == [False, True]
    assert all(leads["✓ có số liệu"])
    assert not any(leads["? chưa gửi"] + leads["□ gửi nhưng trống"] + leads["0 không phát sinh"])


def test_grid_leaves_blank_what_nobody_owed(tmp_path: Path) -> None:
    units = warehouses.dimensions()["dim_don_vi"]
    units[2] |= {"valid_to": date(2023, 12, 31)}
    exhibit = exhibits.returns_grid(published(tmp_path, [], dim_don_vi=units), YEARS, "nam", as_of=AS_OF)

    assert exhibit.table.set_index("Đơn vị").loc["Nam Giang", "2024"] == "không phải gửi"
    assert sum(len(trace.x) for trace in exhibit.figure.data) == 4 * 4 - 2


def test_grid_of_real_returns_runs_on_to_today_and_of_the_sample_ends_with_it(tmp_path: Path) -> None:
    real = published(tmp_path / "real", [sent("tam_ky", 2024, date(2024, 12, 1))])
    info = warehouses.info(returns=1, simulated=True)
    sample = published(tmp_path / "sample", [sent("tam_ky", 2024, date(2024, 12, 1))], snapshot_info=info)

    assert reporting.followed(real, YEARS, date(2026, 2, 1)) == Choice(2022, 2026, None)
    assert reporting.followed(real, Choice(2022, 2023, None), date(2026, 2, 1)).to_year == 2023
    assert reporting.followed(sample, YEARS, date(2026, 2, 1)) == YEARS


def test_years_to_chase_are_those_that_are_due_the_last_first(tmp_path: Path) -> None:
    warehouse = published(tmp_path, [sent("tam_ky", 2024, date(2024, 12, 1))])

    assert reporting.due_years(warehouse, YEARS, "nam", AS_OF) == [2024, 2023, 2022]
    assert reporting.due_years(warehouse, YEARS, "nam", date(2024, 12, 1)) == [2023, 2022]
    assert reporting.due_years(warehouse, YEARS, "6_thang", date(2025, 6, 30))[0] == 2025


def test_rates_leave_out_what_is_not_due_and_say_how_many_are_undated(messy: Warehouse) -> None:
    exhibit = exhibits.reporting_rates(messy, YEARS, "nam", as_of=date(2025, 2, 1))

    last = exhibit.table.iloc[-1]
    assert (last["Phải gửi"], last["Đã nhận"], last["Đúng hạn"], last["Không rõ ngày gửi"]) == (12, 4, 2, 1)
    assert exhibit.title == "Nhận 33,3% số báo cáo phải gửi; đúng hạn 16,7%"
    assert "Không rõ ngày gửi: 1 báo cáo." in exhibit.notes
    assert list(exhibit.figure.data[0].x) == [2022, 2023, 2024]
    assert "2025 (chưa đến hạn)" in set(exhibit.table["Năm"])


def test_a_kind_of_period_that_nobody_ever_sent_is_said_to_be_so(messy: Warehouse) -> None:
    exhibit = exhibits.returns_grid(messy, YEARS, "6_thang", as_of=AS_OF)

    assert exhibit.title == "Chưa đơn vị nào gửi báo cáo 6 tháng đầu năm"
    assert any("có thể tỉnh chỉ thu báo cáo năm" in note for note in exhibit.notes)


def test_list_to_chase_names_who_owes_and_whose_warnings_wait(messy: Warehouse) -> None:
    exhibit = exhibits.returns_to_chase(messy, "nam", 2024, as_of=AS_OF)

    table = exhibit.table.set_index("Đơn vị")
    assert exhibit.title == "1 đơn vị còn nợ báo cáo năm 2024; 1 đơn vị có số liệu phải xác nhận"
    assert "Nam Giang;Năm 2024;20/12/2024;26;Chưa gửi;0" in exports.to_csv(exhibit).decode("utf-8-sig")
    assert list(table.index) == ["Nam Giang", "MTTQ Việt Nam tỉnh"]
    assert table.loc["Nam Giang"].tolist() == [
        "Năm 2024",
        "20/12/2024",
        26,
        "Chưa gửi",
        0,
        "chưa gửi lần nào",
        "–",
    ]
    assert table.loc["MTTQ Việt Nam tỉnh", ["Cảnh báo", "Lần gửi gần nhất", "Quá hạn (ngày)"]].tolist() == [
        1,
        "1/12/2024",
        "–",
    ]


def test_a_half_year_is_asked_for_only_until_its_year_came_or_is_overdue(tmp_path: Path) -> None:
    warehouse = published(tmp_path, [sent("tam_ky", 2023, date(2023, 12, 1))])

    asked = reporting.owed_by_unit(warehouse, YEARS, "tam_ky", date(2024, 7, 1))
    later = reporting.owed_by_unit(warehouse, YEARS, "tam_ky", AS_OF)
    assert [found.period for found in asked] == ["năm 2022", "6 tháng đầu năm 2024"]
    assert [found.period for found in later] == ["năm 2022", "năm 2024"]


def test_a_unit_that_is_no_more_is_asked_for_its_last_half_year_and_said_to_be_gone(tmp_path: Path) -> None:
    units = warehouses.dimensions()["dim_don_vi"]
    units[2] |= {"valid_to": date(2024, 6, 30), "successor_id": "tam_ky"}
    warehouse = published(tmp_path, [], dim_don_vi=units)

    asked = reporting.owed_by_unit(warehouse, YEARS, "nam_giang", AS_OF)
    exhibit = exhibits.returns_to_chase(warehouse, "6_thang", 2024, as_of=AS_OF)
    table = exhibit.table.set_index("Đơn vị")
    assert asked[-1].period == "6 tháng đầu năm 2024"
    assert table.loc["Nam Giang", "Lưu ý"] == "Đơn vị đã kết thúc ngày 30/6/2024, kế thừa: Tam Kỳ"
