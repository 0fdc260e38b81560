"""Each check on the smallest returns that break it, and on some that do not."""

from pathlib import Path

import pytest

from tests.files import ROOT, load, periodic, query, write_file

HEADINGS = ["TT", "Đơn vị", "Công nhận", "Đăng ký", "Khen thưởng", "Kiểm tra", "Xã có mô hình"]
CASES = {
    "awarded_recognised_registered": [("2023", [5, 6, 9, 1, 3])],
    "communes_within_unit": [("2023", [5, 6, 2, 1, 14])],
    "no_jump_of_magnitude": [("2022", [5, 6, 2, 12, 3]), ("2023", [4, 7, 2, 1236, 3])],
    "years_differ": [("2022", [5, 6, 2, 12, 3]), ("2023", [5, 6, 2, 12, 3])],
    "returns_sum_to_published": [("2023", [5, 6, 2, 1, 3])],
}


def load_years(folder: Path, years: list[tuple[str, list[int]]]) -> dict[str, object]:
    files = [
        write_file(folder / f"{year}.csv", {"": [[f"TỔNG HỢP NĂM {year}"], HEADINGS, [1, "Tam Kỳ", *values]]})
        for year, values in years
    ]
    return load(*files, data=folder / "data")


def findings(folder: Path) -> set[str]:
    return {rule for (rule,) in query(folder / "data", "SELECT DISTINCT rule FROM check_result")}


@pytest.mark.parametrize("rule", CASES)
def test_check_finds_the_return_that_breaks_it(tmp_path: Path, rule: str) -> None:
    answer = load_years(tmp_path, CASES[rule])

    assert rule in findings(tmp_path)
    if rule != "returns_sum_to_published":
        assert rule in {issue["rule"] for file in answer["files"] for issue in file["issues"]}
        assert "accepted_with_warnings" in {file["status"] for file in answer["files"]}


def test_more_recognised_than_registered_names_both_figures(tmp_path: Path) -> None:
    load_years(tmp_path, [("2023", [5, 4, 2, 1, 3])])

    (message,) = query(
        tmp_path / "data", "SELECT message FROM check_result WHERE rule = 'awarded_recognised_registered'"
    )
    assert message == ("Mô hình công nhận (5) nhiều hơn mô hình đăng ký (4)",)


def test_sound_returns_break_no_check(tmp_path: Path) -> None:
    load_years(tmp_path, [("2022", [5, 6, 2, 12, 13]), ("2023", [6, 6, 6, 13, 13])])

    assert findings(tmp_path) == {"returns_sum_to_published"}


def test_register_that_lists_other_than_counted_is_found(tmp_path: Path) -> None:
    sheets = periodic() | {
        "Biểu 03": [["STT", "Tên mô hình", "Lĩnh vực", "Năm bắt đầu"], [1, "Vườn ươm", "Kinh tế", 2023]]
    }

    load(write_file(tmp_path / "a.xlsx", sheets), data=tmp_path / "data")

    assert "register_matches_summary" in findings(tmp_path)


def test_warning_of_a_file_is_a_check_result_with_its_cell(tmp_path: Path) -> None:
    sheets = periodic()
    sheets["Biểu 01"][5][2] = 16

    load(write_file(tmp_path / "a.xlsx", sheets), data=tmp_path / "data")

    found = query(
        tmp_path / "data", "SELECT rule, don_vi_id, year, sheet, cell FROM check_result WHERE rule LIKE 'tong%'"
    )
    assert found == [("tong_khong_khop", "thang_binh", 2023, "Biểu 01", "C6")]


def test_every_check_has_a_case_a_level_and_says_what_holds() -> None:
    for check in (ROOT / "etl" / "checks").glob("*.sql"):
        first, second = check.read_text(encoding="utf-8").splitlines()[:2]
        assert first in ("-- level: canh_bao", "-- level: ghi_chu")
        assert second.startswith("-- holds: ")
        assert check.stem in CASES or check.stem == "register_matches_summary"
