"""Two loads at once, from two processes and from the screen: one waits, both end right; one that gives up says why."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from etl import lock
from etl.desk import Desk
from etl.settings import Settings
from tests.browsing import served, settled
from tests.files import ROOT, all_tables, load, periodic, run_etl, write_file

HOLD = (
    "import sys; from pathlib import Path; from etl.lock import writer_lock\n"
    "with writer_lock(Path(sys.argv[1])):\n"
    "    print('held', flush=True); sys.stdin.read()"
)
IMPATIENT = "import etl.lock; etl.lock.WAIT_SECONDS = 0.3; from etl.cli import app; app()"
DROPZONE = "[data-testid=stFileUploaderDropzoneInput]"


@contextmanager
def held(data: Path) -> Iterator[subprocess.Popen[str]]:
    """Let another process hold the store until its input is closed, at the latest here."""
    (data / "store").mkdir(parents=True, exist_ok=True)
    order = [sys.executable, "-c", HOLD, str(data / "store")]
    with subprocess.Popen(order, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdin is not None and holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield holder


def begin(data: Path, *arguments: object) -> subprocess.Popen[str]:
    order = [sys.executable, "-m", "etl", *map(str, arguments)]
    return subprocess.Popen(
        order,
        cwd=ROOT,
        env=os.environ | {"DVK_DATA": str(data), "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Returns of three districts."""
    units = ("Huyện Thăng Bình", "Huyện Núi Thành", "Huyện Đại Lộc")
    return [write_file(tmp_path / "in" / f"{number}.xlsx", periodic(unit)) for number, unit in enumerate(units)]


def test_two_processes_load_at_once_one_waits_and_both_end_right(tmp_path: Path, files: list[Path]) -> None:
    data = tmp_path / "data"
    with held(data) as holder:
        loads = [begin(data, "load", file) for file in files]
        nothing_yet = not (data / "store" / "receipts").exists() and all(one.poll() is None for one in loads)
        holder.stdin.close()  # type: ignore[union-attr]
        ended = [(one.communicate()[1], one.returncode) for one in loads]

    assert nothing_yet
    assert ended == [("", 0)] * 3
    load(*files, data=tmp_path / "in_a_row")
    assert all_tables(data) == all_tables(tmp_path / "in_a_row")
    assert len(list((data / "store" / "receipts").glob("*.json"))) == 3
    assert run_etl("verify", data=data).returncode == 0


def test_the_same_file_loaded_twice_at_once_is_taken_once(tmp_path: Path, files: list[Path]) -> None:
    data = tmp_path / "data"
    with held(data) as holder:
        loads = [begin(data, "load", files[0]) for _ in range(2)]
        holder.stdin.close()  # type: ignore[union-attr]
        told = sorted(one.communicate()[0].splitlines()[-1] for one in loads)

    assert [one.returncode for one in loads] == [0, 0]
    assert any("Kho không thay đổi" in line for line in told)
    assert len(list((data / "store" / "receipts").glob("*.json"))) == 1


def test_a_wait_longer_than_the_limit_says_who_holds_the_store(tmp_path: Path, files: list[Path]) -> None:
    data = tmp_path / "data"
    with held(data) as holder:
        done = subprocess.run(
            [sys.executable, "-c", IMPATIENT, "load", str(files[0])],
            cwd=ROOT,
            env={"DVK_DATA": str(data), "PYTHONUTF8": "1", "PATH": ""},
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        holder.stdin.close()  # type: ignore[union-attr]

    assert done.returncode == 3
    assert f"(tiến trình {holder.pid}) ghi: đợi lần nạp đó xong rồi chạy lại" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (data / "store" / "receipts").exists()


def test_the_desk_says_who_holds_the_store(tmp_path: Path, files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "WAIT_SECONDS", 0.3)
    data = tmp_path / "data"
    desk = Desk(Settings(data, ROOT / "data" / "catalogue"), data)
    with held(data) as holder, pytest.raises(Desk.Refused, match=rf"tiến trình {holder.pid}\) ghi: đợi"):
        desk.take([(files[0].name, files[0].read_bytes())])


@pytest.mark.browser
def test_the_screen_waits_for_a_load_of_the_command_and_both_end_right(
    tmp_path: Path, files: list[Path], page: Page
) -> None:
    data = tmp_path / "data"
    load(files[0], data=data)
    with served(data) as address:
        page.goto(f"{address}/nop_bao_cao?muc=nop")
        page.set_input_files(DROPZONE, files[1])
        button = page.get_by_role("button", name="Nạp 1 tệp nhận được")
        expect(button).to_be_enabled()
        settled(page)
        with held(data) as holder:
            command = begin(data, "load", files[2])
            button.click()
            expect(page.get_by_text("Đang nạp")).to_be_visible()
            waiting = command.poll() is None and len(list((data / "store" / "receipts").glob("*.json"))) == 1
            holder.stdin.close()  # type: ignore[union-attr]
            said = command.communicate()
        expect(page.get_by_role("heading", name="Kết quả lần nạp vừa rồi")).to_be_visible()
        expect(page.get_by_text("Traceback")).to_have_count(0)

    assert waiting
    assert command.returncode == 0, said
    load(*files, data=tmp_path / "in_a_row")
    assert all_tables(data) == all_tables(tmp_path / "in_a_row")
    assert run_etl("verify", data=data).returncode == 0
