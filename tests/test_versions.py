"""Versions of one unit's figures for one period: order, refusal of older ones, what changed, closed years."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from etl.catalogue import Catalogue
from etl.decisions import Impossible, close_year, reopen_year, withdraw
from etl.loading import LoadResult
from etl.loading import load as load_paths
from etl.settings import Settings
from etl.versions import change_text
from tests.files import periodic, query, run_etl, write_file


@pytest.fixture
def settings(tmp_path: Path, catalogue: Catalogue) -> Settings:
    return Settings(tmp_path / "data", catalogue.folder)


def a_return(path: Path, inspections: object, as_of: str | None = None, **changes: Any) -> Path:
    """Write Thăng Bình's return of 2023 with its number of inspections and its day of closing."""
    sheets = periodic(**changes)
    sheets["Thông tin"] = [*sheets["Thông tin"], *([["Ngày chốt số liệu", as_of]] if as_of else [])]
    sheets["Biểu 02"] = [
        [*row[:2], inspections, *row[3:]] if row[0] == "Kiểm tra, đánh giá" else row for row in sheets["Biểu 02"]
    ]
    return write_file(path, sheets)


def load(settings: Settings, catalogue: Catalogue, *paths: Path, **options: Any) -> LoadResult:
    return load_paths(paths, settings, catalogue, **options)


def inspections(settings: Settings) -> list[tuple[Any, ...]]:
    return query(settings.data, "SELECT value FROM core_year_value WHERE indicator_id = 'kiem_tra'")


def rules(result: LoadResult) -> list[tuple[str, str]]:
    return [(issue.rule, issue.level) for item in result.files for issue in item.issues]


def test_a_version_closed_earlier_than_the_one_in_force_is_refused(
    tmp_path: Path, settings: Settings, catalogue: Catalogue
) -> None:
    load(settings, catalogue, a_return(tmp_path / "moi.xlsx", 6, "31/12/2023"))

    result = load(settings, catalogue, a_return(tmp_path / "cu.xlsx", 4, "30/11/2023"))

    assert rules(result) == [("cu_hon_ban_dang_dung", "loi")]
    assert "chốt ngày 30/11/2023, cũ hơn bản đang dùng (chốt ngày 31/12/2023)" in result.files[0].issues[0].message
    assert inspections(settings) == [(6,)]


def test_with_a_reason_the_older_version_is_taken_and_the_reason_kept(
    tmp_path: Path, settings: Settings, catalogue: Catalogue
) -> None:
    load(settings, catalogue, a_return(tmp_path / "moi.xlsx", 6, "31/12/2023"))

    result = load(settings, catalogue, a_return(tmp_path / "cu.xlsx", 4, "30/11/2023"), reason="bản sau gửi nhầm")

    assert result.files[0].status == "accepted_with_warnings"
    assert inspections(settings) == [(4,)]
    receipt = (settings.store / "receipts" / "00000002.json").read_text(encoding="utf-8")
    assert '"reason": "bản sau gửi nhầm"' in receipt
    messages = query(settings.data, "SELECT message FROM check_result WHERE rule = 'cu_hon_ban_dang_dung'")
    assert "vẫn nhận vì: bản sau gửi nhầm" in messages[0][0]


def test_the_same_day_of_closing_is_not_older(tmp_path: Path, settings: Settings, catalogue: Catalogue) -> None:
    load(settings, catalogue, a_return(tmp_path / "a.xlsx", 6, "31/12/2023"))

    result = load(settings, catalogue, a_return(tmp_path / "b.xlsx", 4, "31/12/2023"))

    assert rules(result) == []
    assert inspections(settings) == [(4,)]


def test_a_version_without_a_day_over_one_with_a_day_is_warned_about(
    tmp_path: Path, settings: Settings, catalogue: Catalogue
) -> None:
    load(settings, catalogue, a_return(tmp_path / "a.xlsx", 6, "31/12/2023"))

    result = load(settings, catalogue, a_return(tmp_path / "b.xlsx", 4))

    assert rules(result) == [("khong_ngay_chot", "canh_bao")]


def test_an_older_table_of_other_indicators_is_no_older_version(
    tmp_path: Path, settings: Settings, catalogue: Catalogue
) -> None:
    compiled = {
        "Tổng hợp": [
            ["Ngày chốt số liệu", "30/11/2023"],
            ["TỔNG HỢP NĂM 2023"],
            ["TT", "Đơn vị", "Kinh tế", "Kiểm tra"],
            [1, "Thăng Bình", 4, 4],
        ]
    }
    only_contests = [
        ["don_vi", "ky", "tu_nam", "den_nam", "chi_tieu", "linh_vuc", "gia_tri"],
        ["thang_binh", "nam", 2023, 2023, "hoi_thi", "", 2],
    ]
    load(settings, catalogue, write_file(tmp_path / "hoi_thi.csv", {"a": only_contests}))

    result = load(settings, catalogue, write_file(tmp_path / "tong_hop.xlsx", compiled))

    assert rules(result) == []


def test_older_and_newer_in_one_folder_are_judged_by_what_was_taken_before(
    tmp_path: Path, settings: Settings, catalogue: Catalogue
) -> None:
    a_return(tmp_path / "in" / "a.xlsx", 6, "31/12/2023")
    a_return(tmp_path / "in" / "b.xlsx", 4, "30/11/2023")

    rehearsed = load(settings, catalogue, tmp_path / "in", dry_run=True)
    done = load(settings, catalogue, tmp_path / "in")

    assert [item.status for item in rehearsed.files] == [item.status for item in done.files] == ["accepted", "rejected"]


def test_what_a_newer_version_changed_is_said_figure_by_figure(
    tmp_path: Path, settings: Settings, catalogue: Catalogue
) -> None:
    load(settings, catalogue, a_return(tmp_path / "a.xlsx", 4, "30/11/2023"))
    newer = periodic()["Biểu 01"]
    newer[1] = ["Kinh tế", 5, 7, 9, 1, 1, ""]

    result = load(settings, catalogue, a_return(tmp_path / "b.xlsx", 6, "31/12/2023", models=newer))

    (taken,) = result.files[0].returns
    assert taken.supersedes is not None
    assert [change_text(change, catalogue) for change in taken.changes] == [
        "Kiểm tra, đánh giá: 4 → 6 (Biểu 02 C3)",
        "Mô hình công nhận · Kinh tế: 4 → 7 (Biểu 01 C2)",
        "Mô hình dừng · Kinh tế: 0 → trống (Biểu 01 G2)",
    ]


def test_a_dry_run_says_what_would_change_and_writes_nothing(
    tmp_path: Path, settings: Settings, catalogue: Catalogue
) -> None:
    load(settings, catalogue, a_return(tmp_path / "a.xlsx", 4))
    before = sorted(path for path in settings.data.rglob("*") if path.is_file())

    result = load(settings, catalogue, a_return(tmp_path / "b.xlsx", 6), dry_run=True)

    (taken,) = result.files[0].returns
    assert [(change.before, change.after) for change in taken.changes] == [(4, 6)]
    assert sorted(path for path in settings.data.rglob("*") if path.is_file()) == before
    assert inspections(settings) == [(4,)]


def test_order_of_versions_is_the_receipts_and_not_the_clock(
    tmp_path: Path, settings: Settings, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(settings, catalogue, a_return(tmp_path / "a.xlsx", 4))
    monkeypatch.setattr("etl.receipts.now", lambda: "2001-01-01T00:00:00+00:00")

    load(settings, catalogue, a_return(tmp_path / "b.xlsx", 6))

    assert inspections(settings) == [(6,)]


def test_nothing_of_a_closed_year_is_taken_or_withdrawn_until_it_is_reopened(
    tmp_path: Path, settings: Settings, catalogue: Catalogue
) -> None:
    first = load(settings, catalogue, a_return(tmp_path / "a.xlsx", 4))
    return_id = first.files[0].returns[0].found.return_id
    close_year(2023, "Ban Thường vụ đã duyệt", settings, catalogue)

    refused = load(settings, catalogue, a_return(tmp_path / "b.xlsx", 6), reason="sửa")
    with pytest.raises(Impossible, match="Năm 2023 đã khóa số liệu"):
        withdraw([return_id], "gửi nhầm", settings, catalogue)
    reopen_year(2023, "đơn vị xin sửa", settings, catalogue)
    taken = load(settings, catalogue, a_return(tmp_path / "b.xlsx", 6))

    assert rules(refused) == [("nam_da_khoa", "loi")]
    assert "lý do: Ban Thường vụ đã duyệt" in refused.files[0].issues[0].message
    assert taken.files[0].status == "accepted"


def test_a_closed_year_is_said_together_with_every_other_problem_of_a_file(
    tmp_path: Path, settings: Settings, catalogue: Catalogue
) -> None:
    load(settings, catalogue, a_return(tmp_path / "a.xlsx", 4))
    close_year(2023, "đã duyệt", settings, catalogue)

    refused = load(settings, catalogue, a_return(tmp_path / "b.xlsx", "hơn 100"))

    assert [rule for rule, _ in rules(refused)] == ["so_khong_ro", "nam_da_khoa"]


def test_closing_changes_no_figure_and_is_in_the_snapshot(
    tmp_path: Path, settings: Settings, catalogue: Catalogue
) -> None:
    load(settings, catalogue, a_return(tmp_path / "a.xlsx", 4))

    close_year(2023, "đã duyệt", settings, catalogue)

    assert inspections(settings) == [(4,)]
    assert query(settings.data, "SELECT value FROM snapshot_info WHERE key = 'closed_years'") == [("2023",)]


def test_decisions_need_a_reason_and_something_to_decide(
    tmp_path: Path, settings: Settings, catalogue: Catalogue
) -> None:
    load(settings, catalogue, a_return(tmp_path / "a.xlsx", 4))

    for decide in (
        lambda: close_year(2023, "  ", settings, catalogue),
        lambda: close_year(2019, "chưa có gì", settings, catalogue),
        lambda: reopen_year(2023, "chưa khóa", settings, catalogue),
        lambda: withdraw(["khong_co"], "gửi nhầm", settings, catalogue),
    ):
        with pytest.raises(Impossible):
            decide()


def test_several_returns_are_withdrawn_together_or_not_at_all(
    tmp_path: Path, settings: Settings, catalogue: Catalogue
) -> None:
    result = load(settings, catalogue, a_return(tmp_path / "a.xlsx", 4), a_return(tmp_path / "b.xlsx", 6))
    ids = [taken.found.return_id for item in result.files for taken in item.returns]

    with pytest.raises(Impossible):
        withdraw([*ids, "khong_co"], "gửi nhầm", settings, catalogue)
    assert inspections(settings) == [(6,)]
    withdraw(ids, "gửi nhầm", settings, catalogue)

    assert inspections(settings) == []


def test_the_commands_close_reopen_and_load_with_a_reason(tmp_path: Path) -> None:
    data = tmp_path / "data"
    newer, older = a_return(tmp_path / "b.xlsx", 6, "31/12/2023"), a_return(tmp_path / "a.xlsx", 4, "30/11/2023")
    run_etl("load", newer, data=data)

    closed = run_etl("close", 2023, "--reason", "đã duyệt", data=data)
    refused = run_etl("load", older, "--reason", "dùng lại", data=data)
    reopened = run_etl("reopen", 2023, "--reason", "đơn vị xin sửa", data=data)
    taken = run_etl("load", older, "--reason", "dùng lại", data=data)

    assert [done.returncode for done in (closed, refused, reopened, taken)] == [0, 1, 0, 0]
    assert "Kiểm tra, đánh giá: 6 → 4 (Biểu 02 C3)" in taken.stdout
    assert "2023" in run_etl("close", 2023, "--reason", "đã duyệt", data=data).stdout
    assert "Năm đã khóa số liệu: 2023" in run_etl("status", data=data).stdout
    assert date(2023, 12, 31).isoformat() in (data / "store" / "receipts" / "00000001.json").read_text("utf-8")
