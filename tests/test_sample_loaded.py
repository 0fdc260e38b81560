"""The whole sample through the real commands: accepted, adding up to the signed report, each figure in its cell."""

import json
import random
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from babel.numbers import format_decimal

from tests.files import load, query, run_etl, statuses
from tests.test_pages import open_page, text_of


@pytest.fixture(scope="module")
def data(loaded_sample: Path) -> Path:
    return loaded_sample


def test_every_file_of_the_sample_is_accepted(data: Path) -> None:
    answer = json.loads((data / "answer.json").read_text(encoding="utf-8"))

    assert Counter(statuses(answer).values()) == {"accepted": 464}
    assert not [issue for file in answer["files"] for issue in file["issues"]]


def test_recognised_models_add_up_to_the_signed_report(data: Path) -> None:
    fields = """
        SELECT linh_vuc_id, CAST(sum(value) AS BIGINT)
        FROM core_year_value
        WHERE indicator_id = 'mo_hinh_cong_nhan'
        GROUP BY ALL
    """

    assert dict(query(data, fields)) == {
        "kinh_te": 1621,
        "van_hoa_xa_hoi": 3391,
        "quoc_phong_an_ninh": 957,
        "he_thong_chinh_tri": 564,
        "chua_phan": 7,
    }


def test_awards_and_activities_add_up_to_the_signed_report(data: Path) -> None:
    totals = dict(query(data, "SELECT indicator_id, CAST(sum(value) AS BIGINT) FROM core_year_value GROUP BY ALL"))

    expected = {
        "mo_hinh_cong_nhan": 6540,
        "mo_hinh_khen_thuong": 1360,
        "kiem_tra": 1236,
        "hoi_nghi": 793,
        "van_ban": 2229,
        "hoi_thi": 93,
        "toa_dam": 563,
        "cam_nang": 30,
        "tin_bai": 1577,
    }
    assert {name: totals[name] for name in expected} == expected
    assert query(data, "SELECT min(year), max(year) FROM core_year_value") == [(2009, 2024)]


def test_sample_breaks_no_check_and_is_marked_simulated(data: Path) -> None:
    assert query(data, "SELECT count(*) FROM check_result") == [(0,)]
    assert query(data, "SELECT DISTINCT is_simulated FROM core_return") == [(True,)]
    assert query(data, "SELECT value FROM snapshot_info WHERE key = 'is_simulated'") == [("true",)]


def test_figures_stand_in_the_cells_they_name(data: Path) -> None:
    files = query(data, "SELECT return_id, sha256, state FROM core_return ORDER BY ALL")
    for return_id, sha256, state in random.Random(2024).sample(files, 25):
        book = openpyxl.load_workbook(data / "store" / "files" / sha256 / "original.xlsx", data_only=True)
        figures = query(
            data, f"SELECT source_sheet, source_cell, value FROM core_value WHERE return_id = '{return_id}'"
        )
        assert bool(figures) == (state != "trong")
        for sheet, cell, value in figures:
            assert book[sheet][cell].value == ("x" if state == "khong_phat_sinh" else value)


def test_overview_shows_the_samples_totals_agreeing_with_the_signed_report(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DVK_DATA", str(data))

    text = text_of(open_page("tong_quan"))

    for total in ("6.540", "1.360", "1.236", "793"):
        assert f"{total} " in text
        assert f"Báo cáo 10/10/2024: {total}; khớp" in text
    assert "DỮ LIỆU MÔ PHỎNG" in text
    assert "chỉ chiếm 8,6% số mô hình" in text


def test_activities_page_shows_every_indicator_as_the_warehouse_holds_it(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DVK_DATA", str(data))
    flows = """
        SELECT indicator_id, any_value(label), any_value(unit_label), CAST(sum(value) AS BIGINT)
        FROM core_year_value
        JOIN dim_indicator USING (indicator_id)
        WHERE aggregation = 'flow'
        GROUP BY indicator_id
    """

    for indicator_id, label, unit, total in query(data, flows):
        text = text_of(open_page("hoat_dong", chi_tieu=indicator_id))
        assert f"{label} {format_decimal(total, locale='vi')} {unit}" in text


def test_every_district_has_one_label_and_six_parts_and_who_lacks_a_return_has_no_rank(data: Path) -> None:
    counted = "SELECT (SELECT count(*) FROM district_score), (SELECT count(*) FROM score_indicator)"
    ranked = "SELECT DISTINCT label = 'Chưa đủ báo cáo', rank_mid IS NULL FROM district_score ORDER BY ALL"

    assert query(data, counted) == [(18, 18 * 6)]
    assert query(data, ranked) == [(False, False), (True, True)]


def test_loading_the_folder_again_changes_nothing_and_says_so(data: Path) -> None:
    before = (data / "warehouse" / "CURRENT").read_text(encoding="utf-8")

    answer = load(data / "in", data=data)

    assert Counter(statuses(answer).values()) == {"duplicate": 464}
    assert answer["snapshot_id"] == before == (data / "warehouse" / "CURRENT").read_text(encoding="utf-8")


def test_status_tells_the_latest_year_and_who_reported(data: Path) -> None:
    status = json.loads(run_etl("status", "--json", data=data).stdout)

    assert status["returns"] == 464
    assert (status["latest_year"], status["reported_districts"], status["expected_districts"]) == (2024, 18, 18)


def test_the_snapshot_says_how_much_its_districts_swing_in_a_year(data: Path) -> None:
    ((tau,),) = query(data, "SELECT value FROM snapshot_info WHERE key = 'tau'")
    ((tau2,),) = query(data, "SELECT value FROM flag_measure WHERE measure_id = 'tau2_nam'")

    assert float(tau) == pytest.approx(tau2**0.5, abs=1e-4)
    assert 0.15 < float(tau) < 0.25  # the sample was drawn with swings of 20 %
