"""The commands' contract: exit statuses, sentences in Vietnamese, no tracebacks."""

import shutil
from pathlib import Path

import pytest
from filelock import FileLock

from etl import loading
from etl.catalogue import Catalogue
from etl.settings import Settings
from tests.files import LONG, load, periodic, run_etl, write_file


def test_accepted_files_exit_0_and_say_what_to_do_next(tmp_path: Path) -> None:
    done = run_etl("load", write_file(tmp_path / "a.xlsx", periodic()), data=tmp_path / "data")

    assert done.returncode == 0
    assert "nhận: 1" in done.stdout
    assert "python run.py" in done.stdout


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
    monkeypatch.setattr(loading, "WAIT_SECONDS", 0.2)
    settings = Settings(data=tmp_path, catalogue=catalogue.folder)
    settings.store.mkdir()
    (settings.store / "writer.txt").write_text("thư ký (tiến trình 12)", encoding="utf-8")

    with FileLock(settings.store / "writer.lock"), pytest.raises(loading.StoreBusy, match="thư ký"):
        loading.load([tmp_path / "a.xlsx"], settings, catalogue)


def test_damaged_store_exits_4(tmp_path: Path) -> None:
    load(write_file(tmp_path / "a.csv", LONG), data=tmp_path / "data")
    receipt = tmp_path / "data" / "store" / "receipts" / "00000001.json"
    receipt.write_text(receipt.read_text(encoding="utf-8").replace("tam_ky", "hoi_an"), encoding="utf-8")

    done = run_etl("build", data=tmp_path / "data")

    assert done.returncode == 4
    assert "00000001.json" in done.stderr


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
