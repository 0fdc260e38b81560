"""The log: one JSON object a line whatever is logged, a code with each failure, nothing else on the terminal."""

import json
import logging
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dashboard import log

ROOT = Path(__file__).resolve().parent.parent
FORGED = '{"time": "2026-01-01T00:00:00.000+00:00", "level": "INFO", "logger": "dashboard", "message": "all is well"}'


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    log.configure(tmp_path / "log")
    yield tmp_path / "log"
    for handler in [*logging.getLogger().handlers]:
        if handler.__class__.__module__ == log.__name__:
            logging.getLogger().removeHandler(handler)
    log._file = None


def lines_of(folder: Path) -> list[str]:
    """Return the lines of the log as any reader may part them."""
    text = (folder / log.FILE).read_bytes().decode("utf-8")
    assert text.endswith("\n")
    assert text[:-1].splitlines() == text[:-1].split("\n")
    return text[:-1].split("\n")


def records_of(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines_of(folder)]


def fails(text: str) -> BaseException:
    try:
        raise ValueError(text)
    except ValueError as problem:
        return problem


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(max_size=200), min_size=1, max_size=5))
@example(texts=[f"báo cáo.xlsx\n{FORGED}\n", f"\r\n{FORGED}\x85{FORGED}\u2028{FORGED}\u2029\x0b\x0c\x1c\x1d\x1e\x00"])
@example(texts=['"}\n{"', "\\n", "\\", "\x1b[2J\x9b2J\x7f", "\u202ecod.xslx"])
def test_a_record_is_one_line_that_reads_back_as_the_same_text(texts: list[str], folder: Path) -> None:
    (folder / log.FILE).unlink(missing_ok=True)

    for text in texts:
        logging.getLogger("dashboard.test").error("%s", text)

    assert [found["message"] for found in records_of(folder)] == texts


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200))
@example(text=f"\n{FORGED}")
@example(text="\ud800 no UTF-8 can write this")
def test_a_forged_line_in_an_exception_or_a_page_s_name_stays_inside_its_record(text: str, folder: Path) -> None:
    (folder / log.FILE).unlink(missing_ok=True)

    code = log.failure("a page failed", fails(text), page=text)

    (found,) = records_of(folder)
    assert found["code"] == code and found.get("page", "") == text
    assert "ValueError" in found["traceback"] and "in fails" in found["traceback"]


def test_no_sign_that_steers_a_terminal_or_turns_the_reading_direction_is_written_as_it_is(folder: Path) -> None:
    steering = "\x1b[2J\x00\x07\x7f\x9b\u200f\u202e\u2066"

    logging.getLogger("dashboard.test").error(steering)

    (line,) = lines_of(folder)
    assert not set(steering) & set(line) - set("[2J")


def test_a_failure_says_when_how_grave_where_and_why(folder: Path) -> None:
    before = datetime.now(UTC)

    code = log.failure("a page failed", fails("boom"), page="nam")

    (found,) = records_of(folder)
    assert list(found) == ["time", "level", "logger", "message", "code", "page", "traceback"]
    at = datetime.fromisoformat(found["time"])
    assert at.utcoffset() == before.utcoffset() and abs((at - before).total_seconds()) < 60
    assert re.fullmatch(r"[\d-]{10}T[\d:]{8}\.\d{3}\+00:00", found["time"])
    assert (found["level"], found["message"], found["code"], found["page"]) == ("ERROR", "a page failed", code, "nam")
    assert found["traceback"].splitlines()[-1] == "ValueError: boom"


def test_a_code_has_six_signs_none_of_which_is_taken_for_another() -> None:
    codes = {log.new_code() for _ in range(2000)}

    assert len(codes) > 1990
    assert all(re.fullmatch(r"[A-Z3-9]{6}", code) for code in codes)
    assert not set("".join(codes)) & set("0O1IL2Z5S8BDQGJ")


def test_a_record_whose_arguments_do_not_fit_is_kept_as_it_was_written(folder: Path) -> None:
    record = logging.LogRecord("dashboard.test", logging.ERROR, __file__, 1, "%d files", ("no number",), None)

    assert log._file is not None
    log._file.handle(record)

    assert [found["message"] for found in records_of(folder)] == ["%d files"]


def test_a_long_text_cannot_push_the_past_out_of_the_log(folder: Path) -> None:
    log.failure("x" * 10**7, fails("y" * 10**7))

    (line,) = lines_of(folder)
    assert len(line) < 50_000
    assert "ValueError: yyy" in json.loads(line)["traceback"] and json.loads(line)["traceback"].endswith("yyy")


def test_what_cannot_be_written_to_the_folder_goes_to_stderr(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    log.configure(tmp_path / "data" / "log")

    code = log.failure("a page failed", fails("\nboom"))

    first, second = capsys.readouterr().err.splitlines()
    assert json.loads(first)["code"] == code and json.loads(first)["traceback"].endswith("boom")
    assert code in second


def test_the_terminal_gets_one_short_line_with_the_code_and_nothing_else(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logging.getLogger("dashboard.test").warning("nothing to say aloud")

    code = log.failure("a page failed", fails("secret"))

    assert capsys.readouterr().err == f"Có lỗi, mã {code}: xem tệp log/dashboard.jsonl trong thư mục dữ liệu.\n"


def test_configuring_again_changes_nothing_and_another_folder_takes_the_place_of_the_first(folder: Path) -> None:
    for _ in range(3):
        log.configure(folder)
    logging.getLogger("dashboard.test").error("first")
    log.configure(folder.parent / "other")
    logging.getLogger("dashboard.test").error("second")

    assert [found["message"] for found in records_of(folder)] == ["first"]
    assert [found["message"] for found in records_of(folder.parent / "other")] == ["second"]


def test_the_file_is_made_again_when_someone_deletes_the_folder(folder: Path) -> None:
    logging.getLogger("dashboard.test").error("first")
    (folder / log.FILE).unlink()
    folder.rmdir()

    logging.getLogger("dashboard.test").error("second")

    assert [found["message"] for found in records_of(folder)] == ["second"]


def run_python(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


WRITES = """
import logging, sys
from pathlib import Path
from dashboard import log
log._BYTES = int(sys.argv[3])
log.configure(Path(sys.argv[1]))
for number in range(200):
    logging.getLogger("dashboard").error(f"{sys.argv[2]} {number} " + "x" * 300)
"""


def test_records_of_several_processes_do_not_mix(tmp_path: Path) -> None:
    writers = [run_python(WRITES, str(tmp_path), str(one), "5000000") for one in range(4)]

    assert [(writer.communicate()[1], writer.returncode) for writer in writers] == [("", 0)] * 4
    said = [" ".join(found["message"].split()[:2]) for found in records_of(tmp_path)]
    assert sorted(said) == sorted(f"{one} {number}" for one in range(4) for number in range(200))
    for one in range(4):
        assert [line for line in said if line.startswith(f"{one} ")] == [f"{one} {number}" for number in range(200)]


def test_full_files_are_renamed_five_are_kept_and_every_line_is_whole_while_several_processes_write(
    tmp_path: Path,
) -> None:
    writers = [run_python(WRITES, str(tmp_path), str(one), "20000") for one in range(3)]

    assert [(writer.communicate()[1], writer.returncode) for writer in writers] == [("", 0)] * 3
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept == [log.FILE, *(f"{log.FILE}.{number}" for number in range(1, 5))]
    for name in kept:
        lines = (tmp_path / name).read_text(encoding="utf-8").splitlines()
        assert all(json.loads(line)["message"].endswith("x" * 300) for line in lines)
        assert (tmp_path / name).stat().st_size < 25_000


LIBRARIES = """
import logging, sys, threading, warnings
from pathlib import Path
import streamlit, uvicorn
from streamlit.logger import get_logger
from dashboard import log
before = get_logger("streamlit.before")
uvicorn.Config("app:app")
log.configure(Path(sys.argv[1]))
get_logger("streamlit.after")
log.configure(Path(sys.argv[1]))
for name in ("streamlit.before", "streamlit.after", "uvicorn", "uvicorn.error", "asyncio"):
    try:
        1 / 0
    except ZeroDivisionError:
        logging.getLogger(name).exception("of a library")
warnings.warn("an old way")
thread = threading.Thread(target=lambda: [][0])
thread.start()
thread.join()
"""


def test_what_the_libraries_log_goes_the_same_way_and_no_traceback_to_the_terminal(tmp_path: Path) -> None:
    said, complained = run_python(LIBRARIES, str(tmp_path)).communicate()

    assert (said, complained) == ("", "")
    found = records_of(tmp_path)
    assert [one["logger"] for one in found] == [
        "streamlit.before",
        "streamlit.after",
        "uvicorn",
        "uvicorn.error",
        "asyncio",
        "py.warnings",
        "dashboard",
    ]
    assert all("ZeroDivisionError" in one["traceback"] for one in found[:5])
    assert "IndexError" in found[-1]["traceback"]


def test_threads_of_one_process_do_not_mix(folder: Path) -> None:
    def write(one: int) -> None:
        for number in range(100):
            logging.getLogger("dashboard.test").error("%s %s", one, number)

    threads = [threading.Thread(target=write, args=(one,)) for one in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({found["message"] for found in records_of(folder)}) == 500
