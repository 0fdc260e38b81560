"""Each check on the smallest returns that break it, and on some that do not."""

from pathlib import Path

import pytest

from tests.files import ROOT, load, periodic, query, write_file

HEADINGS = ["TT", "Đơn vị", "Công nhận", "Đăng ký", "Khen thưởng", "Kiểm tra", "Xã có mô hình"]
FIELDS = ["TT", "Đơn vị", "Kinh tế", "Văn hóa - xã hội", "Quốc phòng - an ninh", "HTCT", "Kiểm tra"]
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


def load_fields(folder: Path, years: dict[int, dict[str, list[object]]]) -> dict[str, object]:
    """Load a compiled table of models by field for each year: {year: {unit: figures}}."""
    files = [
        write_file(
            folder / f"{year}.csv",
            {
                "": [
                    [f"TỔNG HỢP NĂM {year}"],
                    FIELDS,
                    *([n, unit, *row] for n, (unit, row) in enumerate(units.items(), 1)),
                ]
            },
        )
        for year, units in years.items()
    ]
    return load(*files, data=folder / "data")


def findings(folder: Path) -> set[str]:
    return {rule for (rule,) in query(folder / "data", "SELECT DISTINCT rule FROM check_result")}


def messages(folder: Path, rule: str) -> list[tuple[str, int, str]]:
    """Return (unit, year, message) of every finding of a rule."""
    columns = "don_vi_id, year, message"
    return query(folder / "data", f"SELECT {columns} FROM check_result WHERE rule = '{rule}' ORDER BY ALL")


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


# --- the same figures from two units


def test_figures_of_another_unit_are_found_in_both_returns(tmp_path: Path) -> None:
    same = [3, 7, 2, 1, 4]

    answer = load_fields(tmp_path, {2023: {"Tam Kỳ": same, "Hội An": same, "Thăng Bình": [3, 7, 2, 1, 5]}})

    said = "Mọi số liệu giống hệt báo cáo cùng kỳ của {}: có gửi nhầm số liệu của đơn vị khác không?"
    assert messages(tmp_path, "units_differ") == [
        ("hoi_an", 2023, said.format("Tam Kỳ")),
        ("tam_ky", 2023, said.format("Hội An")),
    ]
    assert [file["status"] for file in answer["files"]] == ["accepted_with_warnings"]


@pytest.mark.parametrize(
    ("own", "other"),
    [
        ([3, 7, 2, 1, 4], [7, 3, 2, 1, 4]),  # the same figures in other fields
        ([3, 7, 2, 1, 4], [3, 7, 2, 1, ""]),  # one of them says nothing of inspections
        ([9, 7, 0, 0, 4], [9, 7, 0, 0, 4]),  # three figures above zero: chance
        ([1, 1, 1, 1, 1], [1, 1, 1, 1, 1]),  # too small a total to ask about
    ],
)
def test_figures_that_only_resemble_another_units_are_no_finding(
    tmp_path: Path, own: list[object], other: list[object]
) -> None:
    load_fields(tmp_path, {2023: {"Tam Kỳ": own, "Hội An": other}})

    assert "units_differ" not in findings(tmp_path)


def test_same_figures_of_other_periods_are_no_units_finding(tmp_path: Path) -> None:
    load_fields(tmp_path, {2021: {"Tam Kỳ": [3, 7, 2, 1, 4]}, 2023: {"Hội An": [3, 7, 2, 1, 4]}})

    assert "units_differ" not in findings(tmp_path)


# --- figures that hold the years before


def years_of(*rows: list[int]) -> dict[int, dict[str, list[object]]]:
    return {year: {"Tam Kỳ": [*row, 0]} for year, row in enumerate(rows, 2020)}


def test_running_total_is_found_once_three_years_only_added(tmp_path: Path) -> None:
    load_fields(tmp_path, years_of([3, 7, 2, 1], [5, 13, 3, 1], [9, 21, 5, 2], [12, 27, 8, 2], [4, 6, 3, 1]))

    assert messages(tmp_path, "year_is_no_running_total") == [
        (
            "tam_ky",
            2023,
            "Mô hình công nhận năm nào cũng bằng hoặc hơn năm trước ở mọi lĩnh vực, "
            "từ 13 (năm 2020) lên 49 (năm 2023): có ghi số cộng dồn thay vì số của riêng năm không?",
        )
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [[3, 7, 2, 1], [5, 13, 3, 1], [9, 21, 5, 2], [12, 27, 4, 2]],  # one field fell once
        [[30, 70, 20, 10], [32, 74, 21, 10], [35, 80, 22, 11], [38, 84, 24, 11]],  # a slow growth
        [[3, 7, 2, 1], [5, 13, 3, 1], [9, 21, 5, 2]],  # two steps only
        [[3, 7, 2, 1], [9, 21, 5, 2], [9, 21, 5, 2], [12, 27, 8, 2]],  # a year that added nothing
        [[0, 7, 0, 0], [0, 13, 0, 0], [0, 21, 0, 0], [0, 27, 0, 0]],  # one field is chance
        [[0, 1, 0, 0], [1, 1, 1, 0], [2, 2, 1, 0], [3, 3, 2, 0]],  # too few models to ask about
    ],
)
def test_growth_that_may_be_real_is_no_running_total(tmp_path: Path, rows: list[list[int]]) -> None:
    load_fields(tmp_path, years_of(*rows))

    assert "year_is_no_running_total" not in findings(tmp_path)


def test_missing_year_breaks_a_running_total(tmp_path: Path) -> None:
    years = years_of([3, 7, 2, 1], [5, 13, 3, 1], [7, 15, 4, 1], [9, 21, 5, 2])
    del years[2021]

    load_fields(tmp_path, years)

    assert "year_is_no_running_total" not in findings(tmp_path)


def test_year_that_holds_all_years_before_it_is_found(tmp_path: Path) -> None:
    load_fields(tmp_path, years_of([3, 7, 2, 1], [4, 6, 1, 2], [2, 8, 2, 0], [12, 27, 6, 3]))

    assert messages(tmp_path, "year_is_no_sum_of_years") == [
        (
            "tam_ky",
            2023,
            "Mô hình công nhận năm 2023 (48) không ít hơn mọi năm trước cộng lại (38) ở mọi lĩnh vực: "
            "có ghi số lũy kế thay vì số của riêng năm không?",
        )
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [[3, 7, 2, 1], [4, 6, 1, 2], [2, 8, 2, 0], [12, 27, 4, 3]],  # one field holds less than its years
        [[3, 7, 2, 1], [4, 6, 1, 2], [12, 27, 6, 3]],  # two earlier years: a good year can be as large
        [[1, 2, 0, 0], [0, 1, 1, 0], [1, 2, 1, 0], [3, 6, 3, 1]],  # too few models to ask about
    ],
)
def test_large_year_that_may_be_real_is_no_sum_of_years(tmp_path: Path, rows: list[list[int]]) -> None:
    load_fields(tmp_path, years_of(*rows))

    assert "year_is_no_sum_of_years" not in findings(tmp_path)


# --- the register against the summary, which counts 15 models recognised


def load_register(folder: Path, start_years: list[object]) -> None:
    rows = [[n, f"Mô hình số {n}", "Kinh tế", year] for n, year in enumerate(start_years, 1)]
    sheets = periodic() | {"Biểu 03": [["STT", "Tên mô hình", "Lĩnh vực", "Năm bắt đầu"], *rows]}
    load(write_file(folder / "a.xlsx", sheets), data=folder / "data")


@pytest.mark.parametrize(
    ("start_years", "said"),
    [
        ([2023], "Biểu 03 liệt kê 1 mô hình bắt đầu trong năm nhưng Biểu 01 ghi công nhận 15"),
        ([2023] * 16, "Biểu 03 liệt kê 16 mô hình bắt đầu trong năm nhưng Biểu 01 ghi công nhận 15"),
        ([2021] * 15, "Biểu 03 liệt kê 0 mô hình bắt đầu trong năm nhưng Biểu 01 ghi công nhận 15"),
        (
            [2023] * 9 + [""] * 5,
            "Biểu 03 liệt kê 9 mô hình bắt đầu trong năm và 5 mô hình không ghi năm nhưng Biểu 01 ghi công nhận 15",
        ),
    ],
)
def test_register_that_lists_other_than_counted_is_found(tmp_path: Path, start_years: list[object], said: str) -> None:
    load_register(tmp_path, start_years)

    assert messages(tmp_path, "register_matches_summary") == [("thang_binh", 2023, said)]


@pytest.mark.parametrize("start_years", [[], [2023] * 15 + [2021] * 4, [2023] * 9 + [""] * 6])
def test_register_that_may_hold_what_is_counted_is_no_finding(tmp_path: Path, start_years: list[object]) -> None:
    load_register(tmp_path, start_years)

    assert "register_matches_summary" not in findings(tmp_path)


def test_warning_of_a_file_is_a_check_result_with_its_cell(tmp_path: Path) -> None:
    sheets = periodic()
    sheets["Biểu 01"][5][2] = 16

    load(write_file(tmp_path / "a.xlsx", sheets), data=tmp_path / "data")

    found = query(
        tmp_path / "data", "SELECT rule, don_vi_id, year, sheet, cell FROM check_result WHERE rule LIKE 'tong%'"
    )
    assert found == [("tong_khong_khop", "thang_binh", 2023, "Biểu 01", "C6")]


def test_every_check_has_a_case_a_level_and_says_what_holds() -> None:
    told_above = {
        "register_matches_summary",
        "status_moves_forward",  # in test_register.py
        "units_differ",
        "year_is_no_running_total",
        "year_is_no_sum_of_years",
    }
    for check in (ROOT / "etl" / "checks").glob("*.sql"):
        first, second = check.read_text(encoding="utf-8").splitlines()[:2]
        assert first in ("-- level: canh_bao", "-- level: ghi_chu")
        assert second.startswith("-- holds: ")
        assert check.stem in CASES or check.stem in told_above
