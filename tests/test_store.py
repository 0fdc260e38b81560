"""What the store keeps, in which order versions count, and what the tables make of it."""

import json
from pathlib import Path

import pytest

from tests.files import COMPILED, LONG, RETROSPECTIVE, all_tables, load, periodic, query, run_etl, statuses, write_file

TITLE = "TỔNG HỢP MÔ HÌNH “DÂN VẬN KHÉO” {}"


def year_table(value: object, period: str = "NĂM 2023", heading: str = "Kiểm tra") -> dict[str, list[list[object]]]:
    return {"Tổng hợp": [[TITLE.format(period)], ["TT", "Đơn vị", heading], [1, "Tam Kỳ", value]]}


def inspections(data: Path) -> list[tuple[object, ...]]:
    return query(data, "SELECT year, value, is_provisional FROM core_year_value WHERE indicator_id = 'kiem_tra'")


def test_same_file_again_is_a_duplicate_and_changes_nothing(tmp_path: Path) -> None:
    file = write_file(tmp_path / "a.xlsx", periodic())
    first = load(file, data=tmp_path / "data")
    before = sorted(
        (path, path.stat().st_mtime_ns) for path in (tmp_path / "data").rglob("*") if path.suffix != ".lock"
    )

    second = load(file, data=tmp_path / "data")
    told = run_etl("load", file, data=tmp_path / "data").stdout

    after = sorted((path, path.stat().st_mtime_ns) for path in (tmp_path / "data").rglob("*") if path.suffix != ".lock")
    assert [path for path in after if path[0].name != "writer.txt"] == [
        path for path in before if path[0].name != "writer.txt"
    ]
    assert (second["snapshot_id"], statuses(second)) == (first["snapshot_id"], {"a.xlsx": "duplicate"})
    assert "Kho không thay đổi" in told


def test_newer_return_supersedes_and_names_the_older(tmp_path: Path) -> None:
    old, new = write_file(tmp_path / "a.xlsx", year_table(4)), write_file(tmp_path / "b.xlsx", year_table(6))

    first, second = load(old, data=tmp_path / "data"), load(new, data=tmp_path / "data")

    older, newer = first["files"][0]["returns"][0]["return_id"], second["files"][0]["returns"][0]
    assert newer["supersedes"] == older
    assert query(tmp_path / "data", "SELECT return_id, superseded_by FROM core_return ORDER BY ALL") == sorted(
        [(older, newer["return_id"]), (newer["return_id"], None)]
    )
    assert inspections(tmp_path / "data") == [(2023, 6, False)]


def test_blank_in_a_newer_return_makes_a_figure_unknown_again(tmp_path: Path) -> None:
    load(write_file(tmp_path / "a.xlsx", year_table(4)), data=tmp_path / "data")

    load(write_file(tmp_path / "b.xlsx", year_table("")), data=tmp_path / "data")

    assert inspections(tmp_path / "data") == []


def test_compiled_table_of_models_does_not_erase_earlier_inspections(tmp_path: Path) -> None:
    load(write_file(tmp_path / "a.xlsx", year_table(4)), data=tmp_path / "data")

    load(write_file(tmp_path / "b.xlsx", COMPILED), data=tmp_path / "data")

    assert inspections(tmp_path / "data") == [(2023, 4, False)]
    assert query(tmp_path / "data", "SELECT count(*) FROM core_return WHERE superseded_by IS NOT NULL") == [(0,)]


def test_older_bytes_after_newer_ones_are_a_duplicate_and_the_newer_stand(tmp_path: Path) -> None:
    old, new = write_file(tmp_path / "a.xlsx", year_table(4)), write_file(tmp_path / "b.xlsx", year_table(6))
    load(old, data=tmp_path / "data")
    load(new, data=tmp_path / "data")

    assert statuses(load(old, data=tmp_path / "data")) == {"a.xlsx": "duplicate"}
    assert inspections(tmp_path / "data") == [(2023, 6, False)]


def test_withdrawn_return_brings_the_one_before_back_and_may_be_sent_again(tmp_path: Path) -> None:
    old, new = write_file(tmp_path / "a.xlsx", year_table(4)), write_file(tmp_path / "b.xlsx", year_table(6))
    load(old, data=tmp_path / "data")
    return_id = load(new, data=tmp_path / "data")["files"][0]["returns"][0]["return_id"]

    done = run_etl("withdraw", return_id, "--reason", "gửi nhầm", data=tmp_path / "data")
    withdrawn = inspections(tmp_path / "data")
    again = load(new, data=tmp_path / "data")

    assert (done.returncode, withdrawn) == (0, [(2023, 4, False)])
    assert statuses(again) == {"b.xlsx": "accepted"}
    assert again["files"][0]["returns"][0]["return_id"] != return_id
    assert inspections(tmp_path / "data") == [(2023, 6, False)]


def test_withdrawing_what_is_not_in_the_store_is_wrong_use(tmp_path: Path) -> None:
    assert run_etl("withdraw", "tam_ky-2023-00000000", "--reason", "x", data=tmp_path / "data").returncode == 2


def test_half_year_counts_until_the_annual_return_comes(tmp_path: Path) -> None:
    load(write_file(tmp_path / "a.xlsx", year_table(3, "6 THÁNG ĐẦU NĂM 2023")), data=tmp_path / "data")
    provisional = inspections(tmp_path / "data")

    load(write_file(tmp_path / "b.xlsx", year_table(7)), data=tmp_path / "data")

    assert provisional == [(2023, 3, True)]
    assert inspections(tmp_path / "data") == [(2023, 7, False)]
    assert query(tmp_path / "data", "SELECT count(*) FROM core_value") == [(2,)]


def test_span_counts_only_where_no_year_in_it_is_known(tmp_path: Path) -> None:
    load(write_file(tmp_path / "a.xlsx", year_table(90, "GIAI ĐOẠN 2009-2024")), data=tmp_path / "data")
    alone = query(tmp_path / "data", "SELECT from_year, to_year, value FROM core_span_value")

    load(write_file(tmp_path / "b.xlsx", year_table(7)), data=tmp_path / "data")

    assert alone == [(2009, 2024, 90)]
    assert query(tmp_path / "data", "SELECT count(*) FROM core_span_value") == [(0,)]
    assert inspections(tmp_path / "data") == [(2023, 7, False)]


def test_order_of_loading_does_not_change_a_row(tmp_path: Path) -> None:
    files = [
        write_file(tmp_path / "a.xlsx", periodic()),
        write_file(tmp_path / "b.csv", RETROSPECTIVE),
        write_file(tmp_path / "c.xls", COMPILED | {"Tổng hợp": COMPILED["Tổng hợp"][:-2]}),
        write_file(tmp_path / "d.ods", {"so_lieu": [LONG["so_lieu"][0], LONG["so_lieu"][3]]}),
    ]

    load(*files, data=tmp_path / "one")
    load(*reversed(files), data=tmp_path / "two")

    assert all_tables(tmp_path / "one") == all_tables(tmp_path / "two")


def test_warehouse_deleted_is_built_again_row_for_row(tmp_path: Path) -> None:
    load(write_file(tmp_path / "a.xlsx", periodic()), write_file(tmp_path / "b.csv", LONG), data=tmp_path / "data")
    before = all_tables(tmp_path / "data")
    for path in (tmp_path / "data" / "warehouse").iterdir():
        path.unlink()

    assert run_etl("build", data=tmp_path / "data").returncode == 0
    assert all_tables(tmp_path / "data") == before


def test_interrupted_publishing_is_made_up_for_by_the_next_load(tmp_path: Path) -> None:
    file = write_file(tmp_path / "a.xlsx", periodic())
    load(file, data=tmp_path / "data")
    (tmp_path / "data" / "warehouse" / "CURRENT").unlink()

    answer = load(file, data=tmp_path / "data")

    assert statuses(answer) == {"a.xlsx": "duplicate"}
    assert query(tmp_path / "data", "SELECT count(*) FROM core_return") == [(1,)]


def test_rejected_file_is_kept_with_its_issues_and_nothing_of_it_enters(tmp_path: Path) -> None:
    table = year_table("hơn 100")
    table["Tổng hợp"].append([2, "Hội An", 5])

    answer = load(write_file(tmp_path / "a.xlsx", table), data=tmp_path / "data")

    (issue,) = answer["files"][0]["issues"]
    (kept,) = (tmp_path / "data" / "store" / "quarantine").iterdir()
    assert (issue["level"], issue["sheet"], issue["cell"]) == ("loi", "Tổng hợp", "C3")
    assert "hơn 100" in issue["message"]
    assert (kept / "original.xlsx").read_bytes() == (tmp_path / "a.xlsx").read_bytes()
    assert json.loads((kept / "issues.json").read_text(encoding="utf-8"))["issues"][0]["cell"] == "C3"
    assert not (tmp_path / "data" / "store" / "receipts").exists()


def test_simulated_and_real_returns_never_share_a_store(tmp_path: Path) -> None:
    simulated = year_table(4)
    simulated["Tổng hợp"].insert(0, ["DỮ LIỆU MÔ PHỎNG"])
    first, second = write_file(tmp_path / "a.xlsx", simulated), write_file(tmp_path / "b.xlsx", year_table(6))
    load(first, data=tmp_path / "one")
    load(second, data=tmp_path / "two")

    refusals = [load(second, data=tmp_path / "one"), load(first, data=tmp_path / "two")]

    assert [item["files"][0]["issues"][0]["rule"] for item in refusals] == ["tron_mo_phong"] * 2
    assert query(tmp_path / "one", "SELECT DISTINCT is_simulated FROM core_return") == [(True,)]
    assert query(tmp_path / "two", "SELECT value FROM snapshot_info WHERE key = 'is_simulated'") == [("false",)]


@pytest.mark.parametrize("target", ["original", "figures.parquet", "receipts", ".duckdb", "missing original"])
def test_verify_finds_any_altered_file(tmp_path: Path, target: str) -> None:
    load(write_file(tmp_path / "a.xlsx", periodic()), data=tmp_path / "data")
    assert run_etl("verify", data=tmp_path / "data").returncode == 0
    victim = next(path for path in (tmp_path / "data").rglob("*") if path.is_file() and target.split()[-1] in str(path))
    if target.startswith("missing"):
        victim.unlink()
    else:
        content = bytearray(victim.read_bytes())
        content[len(content) // 2] ^= 1
        victim.write_bytes(content)

    done = run_etl("verify", data=tmp_path / "data")

    assert done.returncode == 4
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


def test_only_the_newest_snapshots_stay(tmp_path: Path) -> None:
    for value in range(7):
        load(write_file(tmp_path / f"{value}.csv", year_table(value)), data=tmp_path / "data")

    assert len(list((tmp_path / "data" / "warehouse").glob("*.duckdb"))) == 5
    assert inspections(tmp_path / "data") == [(2023, 6, False)]


def test_folder_is_walked_and_what_is_passed_over_is_listed(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    write_file(folder / "2023" / "a.xlsx", periodic())
    (folder / "~$a.xlsx").write_bytes(b"lock")
    (folder / ".an.csv").write_text("x")
    (folder / "thu.txt").write_text("x")
    (folder / "lien_ket.xlsx").symlink_to(folder / "2023" / "a.xlsx")

    answer = load(folder, data=tmp_path / "data")

    assert statuses(answer) == {"a.xlsx": "accepted"}
    assert {Path(item["path"]).name for item in answer["skipped"]} == {
        "~$a.xlsx",
        ".an.csv",
        "thu.txt",
        "lien_ket.xlsx",
    }


@pytest.mark.parametrize("name", ["khong_co.xlsx", "thu_muc_khac"])
def test_path_given_by_name_that_cannot_be_loaded_is_rejected(tmp_path: Path, name: str) -> None:
    done = run_etl("load", tmp_path / name, "--json", data=tmp_path / "data")

    assert done.returncode == 1
    assert json.loads(done.stdout)["files"][0]["status"] == "rejected"


def test_dry_run_says_what_would_happen_and_changes_nothing(tmp_path: Path) -> None:
    good, bad = write_file(tmp_path / "a.xlsx", periodic()), write_file(tmp_path / "b.csv", year_table("1.36"))

    done = run_etl("load", good, bad, "--dry-run", "--json", data=tmp_path / "data")

    assert statuses(json.loads(done.stdout)) == {"a.xlsx": "accepted", "b.csv": "rejected"}
    assert {path.name for path in (tmp_path / "data" / "store").iterdir()} <= {"writer.lock", "writer.txt"}
