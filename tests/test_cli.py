"""The commands' contract: exit statuses, sentences in Vietnamese, no tracebacks."""

import json
import shutil
from pathlib import Path

import pytest
from filelock import FileLock

from etl import examining, loading, lock
from etl.catalogue import Catalogue
from etl.settings import Settings
from tests.files import LONG, load, periodic, run_etl, write_file


def test_accepted_files_exit_0_and_say_what_to_do_next(tmp_path: Path) -> None:
    done = run_etl("load", write_file(tmp_path / "a.xlsx", periodic()), data=tmp_path / "data")

    assert done.returncode == 0
    assert "nhận: 1" in done.stdout
    assert "python run.py" in done.stdout


def test_load_prints_one_json_object_for_other_programs(tmp_path: Path) -> None:
    file = write_file(tmp_path / "a.csv", LONG)

    done = run_etl("load", file, "--json", data=tmp_path / "data")

    answer = json.loads(done.stdout)
    assert answer["snapshot_id"] == (tmp_path / "data" / "warehouse" / "CURRENT").read_text(encoding="utf-8")
    assert [(item["path"], item["status"]) for item in answer["files"]] == [(str(file), "accepted")]
    assert [found["don_vi_id"] for found in answer["files"][0]["returns"]] == ["tam_ky", "hoi_an"]


def test_one_rejected_file_exits_1_but_the_others_are_loaded(tmp_path: Path) -> None:
    good = write_file(tmp_path / "a.xlsx", periodic())
    bad = write_file(tmp_path / "b.xlsx", periodic(unit="Trà My"))

    done = run_etl("load", good, bad, data=tmp_path / "data")

    assert done.returncode == 1
    assert "nhận: 1; TỪ CHỐI: 1" in done.stdout
    assert "Bắc Trà My và Nam Trà My" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["load"],
        ["khong-co-lenh"],
        ["load", "--sai", "a"],
        ["template", "--don-vi", "thang_binh", "--ky", "2025", "-o", "x.xlsx"],
        ["template", "--don-vi", "xyz", "--ky", "2023", "-o", "x.xlsx"],
        ["template", "--don-vi", "thang_binh", "--ky", "23", "-o", "x.xlsx"],
    ],
)
def test_wrong_use_exits_2_without_a_traceback(tmp_path: Path, arguments: list[str]) -> None:
    done = run_etl(*arguments, data=tmp_path / "data")

    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_damaged_catalogue_exits_2_naming_file_and_line(tmp_path: Path, repo: Path) -> None:
    catalogue = shutil.copytree(repo / "data" / "catalogue", tmp_path / "catalogue")
    with (catalogue / "deadlines.csv").open("a", encoding="utf-8") as rows:
        rows.write("quy,3,31,x,2026-01-01,x\n")

    done = run_etl("status", data=tmp_path / "data", catalogue=catalogue)

    assert done.returncode == 2
    assert "deadlines.csv, dòng 4" in done.stderr


def test_second_writer_waits_then_says_who_holds_the_store(
    tmp_path: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "WAIT_SECONDS", 0.2)
    settings = Settings(data=tmp_path, catalogue=catalogue.folder)
    settings.store.mkdir()
    (settings.store / "writer.txt").write_text("thư ký (tiến trình 12)", encoding="utf-8")

    with FileLock(settings.store / "writer.lock"), pytest.raises(lock.StoreBusy, match="thư ký"):
        loading.load([tmp_path / "a.xlsx"], settings, catalogue)


def test_damaged_store_exits_4(tmp_path: Path) -> None:
    load(write_file(tmp_path / "a.csv", LONG), data=tmp_path / "data")
    receipt = tmp_path / "data" / "store" / "receipts" / "00000001.json"
    receipt.write_text(receipt.read_text(encoding="utf-8").replace("tam_ky", "hoi_an"), encoding="utf-8")

    done = run_etl("build", data=tmp_path / "data")

    assert done.returncode == 4
    assert "00000001.json" in done.stderr


def test_path_that_is_not_there_is_not_said_to_be_kept(tmp_path: Path) -> None:
    done = run_etl("load", tmp_path / "khong_co.xlsx", data=tmp_path / "data")

    assert done.returncode == 1
    assert "quarantine" not in done.stdout


def test_fault_of_the_program_costs_one_file_and_not_the_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "faulty.py").write_text(
        "from etl.examining import examine\n"
        "def faulty(path, name, folder): return 1 / 0 if name == 'a.csv' else examine(path, name, folder)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    pool = examining.GuardedPool
    monkeypatch.setattr(examining, "GuardedPool", lambda task, *rest, **more: pool("faulty:faulty", *rest, **more))

    answer = load(*(write_file(tmp_path / f"{name}", LONG) for name in ("a.csv", "b.xlsx")), data=tmp_path / "data")

    assert [item["status"] for item in answer["files"]] == ["rejected", "accepted"]
    assert answer["files"][0]["issues"][0]["rule"] == "loi_chuong_trinh"
    assert "ZeroDivisionError" in caplog.text


def test_data_folder_that_cannot_be_written_is_a_sentence_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file stands where the folder should be", encoding="utf-8")

    done = run_etl("load", write_file(tmp_path / "a.csv", LONG), data=tmp_path / "data")

    assert done.returncode == 4
    assert "Traceback" not in done.stderr
    assert "kiểm tra quyền ghi" in done.stderr


def test_status_never_names_a_snapshot_that_is_not_there(tmp_path: Path) -> None:
    load(write_file(tmp_path / "a.csv", LONG), data=tmp_path / "data")
    (tmp_path / "data" / "warehouse" / "CURRENT").write_text("khong-co", encoding="utf-8")

    done = run_etl("status", data=tmp_path / "data")

    assert done.returncode == 4
    assert "khong-co" in done.stderr
    assert done.stdout == ""


def test_verify_lists_every_damaged_receipt_and_the_snapshot_too(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        rows = [LONG["so_lieu"][0], ["tam_ky", "nam", 2020 + ord(name) - 97, 2020 + ord(name) - 97, "kiem_tra", "", 1]]
        load(write_file(tmp_path / f"{name}.csv", {"": rows}), data=tmp_path / "data")
    receipts = tmp_path / "data" / "store" / "receipts"
    (receipts / "00000001.json").write_text("{}", encoding="utf-8")
    (receipts / "00000002.json").unlink()
    (tmp_path / "data" / "warehouse" / "CURRENT").write_text("khong-co", encoding="utf-8")

    done = run_etl("verify", data=tmp_path / "data")

    assert done.returncode == 4
    assert all(name in done.stderr for name in ("00000001.json", "00000002.json", "khong-co"))
    assert "00000003.json" not in done.stderr


def test_template_takes_id_code_or_name_and_half_years(tmp_path: Path) -> None:
    for unit in ("thang_binh", "513", "Huyện Thăng Bình"):
        done = run_etl(
            "template", "--don-vi", unit, "--ky", "2025", "--6-thang", "-o", tmp_path / "a.xlsx", data=tmp_path
        )
        assert done.returncode == 0
        assert "6 tháng đầu năm 2025 của Huyện Thăng Bình" in done.stdout


def test_status_of_an_empty_store_says_what_to_do(tmp_path: Path) -> None:
    done = run_etl("status", data=tmp_path / "data")

    assert done.returncode == 0
    assert "python -m etl load" in done.stdout
