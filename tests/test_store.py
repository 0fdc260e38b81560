"""What the store keeps, in which order versions count, and what the tables make of it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from etl import build as building
from etl import loading, lock
from etl.catalogue import Catalogue
from etl.conform.returns import Conformed, Figure, Return
from etl.periods import Period
from etl.publish import DamagedSnapshot, _verify_built, current, path_of, publish, snapshot_damage
from etl.settings import Settings
from etl.store import Store, digest_of
from tests.files import (
    COMPILED,
    LONG,
    RETROSPECTIVE,
    ROOT,
    all_tables,
    load,
    periodic,
    query,
    run_etl,
    statuses,
    write_file,
)

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
    shutil.rmtree(tmp_path / "data" / "warehouse")

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


def test_a_built_snapshot_with_one_bad_block_in_any_table_is_not_published(tmp_path: Path) -> None:
    built = tmp_path / "built.duckdb"
    with duckdb.connect(str(built)) as connection:
        connection.execute("CREATE TABLE snapshot_info AS SELECT 'snapshot_id' AS key, 'x' AS value")
        for name in ("first", "second"):
            connection.execute(f"CREATE TABLE {name} AS SELECT range AS a, md5(range::VARCHAR) AS b FROM range(20000)")
    _verify_built(built, "x")
    whole = built.read_bytes()
    found = 0
    for place in range(20_000, len(whole), len(whole) // 25):
        content = bytearray(whole)
        content[place] ^= 4
        built.write_bytes(content)
        try:
            _verify_built(built, "x")
        except (duckdb.Error, DamagedSnapshot):
            found += 1
    assert found >= 20  # the others hit a block that is not used


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


# --- crashes and damage


class Killed(BaseException):
    """Stands for the end of the process."""


def kill_at(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """End the process just before its nth rename or wait for the disk, without any tidying up."""
    steps = {"left": step}

    def until_killed(act: Any) -> Any:
        def run(*arguments: Any) -> Any:
            steps["left"] -= 1
            if steps["left"] <= 0:
                monkeypatch.setattr(Path, "unlink", lambda *_, **__: None)
                raise Killed
            return act(*arguments)

        return run

    monkeypatch.setattr(os, "replace", until_killed(os.replace))
    monkeypatch.setattr(os, "fsync", until_killed(lambda _: None))


def keep_and_publish(settings: Settings, catalogue: Catalogue, original: Path) -> None:
    """Do what a load does with a file that says `kiem_tra` is as many as its name is long."""
    figure = Figure("kiem_tra", None, len(original.name), "B", "A1")
    found = Return("tam_ky", Period("nam", 2023, 2023), "long", "co_so_lieu", frozenset({"kiem_tra"}), (figure,))
    store = Store(settings.store)
    if not store.holds_all_of(digest_of(original)):
        store.accept(original, original.name, digest_of(original), Conformed(returns=[found]))
    loading._publish_if_needed(settings, store, catalogue, dry_run=False)


def test_killed_at_any_step_readers_find_a_whole_snapshot_and_the_next_run_makes_up(
    tmp_path: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "dimensions", lambda _: {})
    monkeypatch.setattr("etl.flags.flag_tables", lambda _: {})
    old, new = write_file(tmp_path / "a.csv", year_table(1)), write_file(tmp_path / "bc.csv", year_table(2))
    before = Settings(tmp_path / "before", catalogue.folder)
    keep_and_publish(before, catalogue, old)
    found, step = [], 0
    while found[-1:] != ["not killed"]:
        step += 1
        settings = Settings(shutil.copytree(before.data, tmp_path / f"{step}"), catalogue.folder)
        with monkeypatch.context() as patches:
            kill_at(step, patches)
            try:
                keep_and_publish(settings, catalogue, new)
                found.append("not killed")
            except Killed:
                found.append("killed")

        assert snapshot_damage(settings.warehouse) == []
        assert inspections(settings.data) in ([(2023, 5, False)], [(2023, 6, False)])
        assert Store(settings.store).damage() == []
        keep_and_publish(settings, catalogue, new)
        assert inspections(settings.data) == [(2023, 6, False)]
        assert len(Store(settings.store).receipts) == 2
        assert snapshot_damage(settings.warehouse) + Store(settings.store).damage() == []
        if step == 1:
            expected = all_tables(settings.data)
        assert all_tables(settings.data) == expected
    assert len(found) > 15


def test_leftovers_of_a_killed_process_are_never_counted(tmp_path: Path) -> None:
    data = tmp_path / "data"
    load(write_file(tmp_path / "a.xlsx", periodic()), data=data)
    (folder,) = (data / "store" / "files").iterdir()
    for leftover in (
        folder / ".original.xlsx.7.tmp",
        data / "store" / "receipts" / ".00000002.json.7.tmp",
        data / "store" / "receipts" / "._00000001.json",
        data / "warehouse" / ".CURRENT.7.tmp",
        data / "warehouse" / "packs" / ".figures-0.parquet.7.tmp",
        data / "warehouse" / ".building.duckdb.wal",
        data / "warehouse" / ".building.duckdb.tmp" / "duckdb_temp_storage-0.tmp",
        data / "warehouse" / "20200101T000000000000-00000000.sha256",
    ):
        leftover.parent.mkdir(exist_ok=True)
        leftover.write_bytes(b"half")

    answer = load(write_file(tmp_path / "b.csv", COMPILED), data=data)

    assert statuses(answer) == {"b.csv": "accepted"}
    assert run_etl("verify", data=data).returncode == 0
    assert len(list((data / "warehouse").iterdir())) == 6  # two snapshots with their digests, CURRENT, packs
    assert not list((data / "warehouse").rglob(".*"))


@pytest.mark.parametrize("damage", ["cut short", "missing", "no digest", "odd digest", "odd pointer", "no warehouse"])
def test_damaged_snapshot_is_built_anew_and_nothing_submitted_is_lost(tmp_path: Path, damage: str) -> None:
    data, warehouse = tmp_path / "data", tmp_path / "data" / "warehouse"
    load(write_file(tmp_path / "a.csv", year_table(4)), data=data)
    snapshot = path_of(warehouse, str(current(warehouse)))
    match damage:
        case "cut short":
            snapshot.write_bytes(snapshot.read_bytes()[:5000])
        case "missing":
            snapshot.unlink()
        case "no digest":
            snapshot.with_suffix(".sha256").unlink()
        case "odd digest":
            snapshot.with_suffix(".sha256").write_bytes(b"\xff\x00")
        case "odd pointer":
            (warehouse / "CURRENT").write_bytes(b"\xff\x00")
        case "no warehouse":
            shutil.rmtree(warehouse)
    seen = run_etl("verify", data=data)
    assert (seen.returncode, "Traceback" in seen.stderr) == (0 if damage == "no warehouse" else 4, False)

    answer = load(tmp_path / "a.csv", data=data)

    assert statuses(answer) == {"a.csv": "duplicate"}
    assert inspections(data) == [(2023, 4, False)]
    assert snapshot_damage(warehouse) == []


def test_changed_catalogue_is_in_the_next_snapshot_even_when_no_file_is_new(tmp_path: Path) -> None:
    catalogue = shutil.copytree(ROOT / "data" / "catalogue", tmp_path / "catalogue")
    file = write_file(tmp_path / "a.csv", year_table(4))
    first = load(file, data=tmp_path / "data", catalogue=catalogue)
    (catalogue / ".~lock.don_vi.csv#").write_text("open in an editor")
    (catalogue / "backup").mkdir()
    unchanged = load(file, data=tmp_path / "data", catalogue=catalogue)
    units = catalogue / "don_vi.csv"
    units.write_text(units.read_text(encoding="utf-8").replace("Tam Kỳ,", "Tam Kỳ (cũ),", 1), encoding="utf-8")

    load(file, data=tmp_path / "data", catalogue=catalogue)

    assert unchanged["snapshot_id"] == first["snapshot_id"]
    assert query(tmp_path / "data", "SELECT count(*) FROM dim_don_vi WHERE label = 'Tam Kỳ (cũ)'") == [(1,)]


def test_current_snapshot_stays_even_when_the_clock_went_back(
    tmp_path: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "dimensions", lambda _: {})
    monkeypatch.setattr("etl.flags.flag_tables", lambda _: {})
    for number in range(8):
        later = tmp_path / f"9999010{number}T000000000000-00000000.duckdb"
        later.write_bytes(b"later")
        later.with_suffix(".sha256").write_text(digest_of(later))

    snapshot_id = publish(tmp_path, Store(tmp_path / "store"), catalogue)

    assert current(tmp_path) == snapshot_id
    assert snapshot_damage(tmp_path) == []
    assert len(list(tmp_path.glob("*.duckdb"))) == 5


def test_store_of_a_killed_writer_is_free_at_once(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from etl.lock import writer_lock\n"
        "with writer_lock(Path(sys.argv[1])): os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, tmp_path / "store"], cwd=ROOT)
    assert (tmp_path / "store" / "writer.txt").exists()

    with lock.writer_lock(tmp_path / "store"):
        pass


# --- what came again, in part or under another name


def test_file_withdrawn_in_part_brings_just_that_part_again(tmp_path: Path) -> None:
    data = tmp_path / "data"
    file = write_file(tmp_path / "a.csv", COMPILED)
    _, withdrawn = load(file, data=data)["files"][0]["returns"]
    newer = year_table(9, heading="Công nhận")
    load(write_file(tmp_path / "b.csv", newer), data=data)
    run_etl("withdraw", withdrawn["return_id"], "--reason", "gửi nhầm", data=data)

    (answer,) = load(file, data=data)["files"]

    assert (answer["status"], [found["don_vi_id"] for found in answer["returns"]]) == ("accepted", ["nong_son"])
    assert answer["returns"][0]["return_id"] != withdrawn["return_id"]
    recognised = "SELECT don_vi_id, sum(value) FROM core_year_value WHERE indicator_id = 'mo_hinh_cong_nhan'"
    assert query(data, f"{recognised} GROUP BY ALL ORDER BY ALL") == [("nong_son", 6), ("tam_ky", 9)]
    assert statuses(load(file, data=data)) == {"a.csv": "duplicate"}
    assert run_etl("verify", data=data).returncode == 0


def test_file_withdrawn_and_read_otherwise_by_a_newer_program_leaves_the_store_whole(tmp_path: Path) -> None:
    store, original = Store(tmp_path / "store"), write_file(tmp_path / "a.csv", year_table(1))
    for value in (1, 2):
        figure = Figure("kiem_tra", None, value, "B", "A1")
        found = Return("tam_ky", Period("nam", 2023, 2023), "long", "co_so_lieu", frozenset({"kiem_tra"}), (figure,))
        (stored,) = store.accept(original, "a.csv", digest_of(original), Conformed(returns=[found]))
        assert store.damage() == []
        store.withdraw(stored.return_id, "thử")
    assert store.damage() == []


def test_one_load_takes_twins_once_and_versions_in_order(tmp_path: Path, catalogue: Catalogue) -> None:
    first, twin = write_file(tmp_path / "a.csv", year_table(4)), tmp_path / "b.csv"
    shutil.copyfile(first, twin)
    newer = write_file(tmp_path / "c.csv", year_table(6))
    settings, told = Settings(tmp_path / "data", catalogue.folder), []

    result = loading.load([first, twin, newer], settings, catalogue, progress=lambda *step: told.append(step))

    assert [item.status for item in result.files] == ["accepted", "duplicate", "accepted"]
    (first_taken,), (twin_taken,), (newer_taken,) = (item.returns for item in result.files)
    assert twin_taken.found == first_taken.found
    assert newer_taken.supersedes == first_taken.found.return_id
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert inspections(tmp_path / "data") == [(2023, 6, False)]


def test_dry_run_sees_that_its_own_files_do_not_mix(tmp_path: Path, catalogue: Catalogue) -> None:
    simulated = year_table(4)
    simulated["Tổng hợp"].insert(0, ["DỮ LIỆU MÔ PHỎNG"])
    files = [write_file(tmp_path / "a.csv", simulated), write_file(tmp_path / "b.csv", year_table(6))]

    result = loading.load(files, Settings(tmp_path / "data", catalogue.folder), catalogue, dry_run=True)

    assert [item.status for item in result.files] == ["accepted", "rejected"]


# --- odd names and odd paths


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not allow such names")
def test_odd_file_names_are_loaded_or_refused_but_never_stop_the_load(tmp_path: Path) -> None:
    folder, data = tmp_path / "in", tmp_path / "data"
    odd = [b"hai\ndong.csv", b"khong_utf8_\xff.csv", b"x." + b"y" * 200, b"d" * 251 + b".csv", b"\xff.txt"]
    for number, name in enumerate(odd):
        original = write_file(tmp_path / "a.csv", year_table(number))
        folder.mkdir(exist_ok=True)
        original.rename(os.fsdecode(bytes(folder / "x")[:-1] + name))
    (folder / "con").mkdir()
    named = [folder / "con" / ".." / "hai\ndong.csv", folder / odd[2].decode(), tmp_path / ("z" * 300)]

    done = run_etl("load", folder, *named, "--json", data=data)

    answer = json.loads(done.stdout)
    assert "Traceback" not in done.stderr
    assert [item["status"] for item in answer["files"]] == ["accepted"] * 3 + ["duplicate", "rejected", "rejected"]
    assert len(answer["skipped"]) == 2
    assert run_etl("load", folder, *named, data=data).returncode == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_odd_paths_given_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write_file(tmp_path / "a.csv", year_table(4))
    os.mkfifo(tmp_path / "ong.csv")
    (tmp_path / "lien_ket.csv").symlink_to(file)
    (tmp_path / "dut.csv").symlink_to(tmp_path / "khong_co.csv")
    shutil.copy(file, tmp_path / "~$a.csv")
    (tmp_path / "cam.csv").write_text("x")
    (tmp_path / "in" / "cam").mkdir(parents=True)
    copy = shutil.copyfile

    def refuse(source: Path, target: Path) -> Path:
        if Path(source).name == "cam.csv":
            raise PermissionError(13, "Permission denied")
        return copy(source, target)

    monkeypatch.setattr(shutil, "copyfile", refuse)
    monkeypatch.setattr(loading, "_may_walk", lambda folder: folder.name != "cam")
    names = ("ong.csv", "lien_ket.csv", "dut.csv", "~$a.csv", "cam.csv", "in", "in/cam")

    answer = load(*(tmp_path / name for name in names), data=tmp_path / "data")

    assert [(item["status"], [issue["rule"] for issue in item["issues"]]) for item in answer["files"]] == [
        ("rejected", ["khong_phai_tep"]),
        ("rejected", ["khong_phai_tep"]),
        ("rejected", ["khong_phai_tep"]),
        ("rejected", ["tep_khoa"]),
        ("rejected", ["khong_mo_duoc"]),
        ("rejected", ["khong_mo_duoc"]),
    ]
    assert [item["reason"] for item in answer["skipped"]] == ["thư mục không có quyền đọc"]
