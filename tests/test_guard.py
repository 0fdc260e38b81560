"""A reading child may die, hang or swell; the pool answers for that one file and goes on."""

import gc
import os
import subprocess
import sys
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import xlsxwriter

from etl.guard import Limits, ReaderPool, Unreadable
from etl.sheets import Odd, Sheet, Workbook

POSIX_ONLY = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit or signal")

# What the children run in these tests: a reader that does what the file's name says.
OBEDIENT_READER = """
import os, signal, sys, time
from etl.sheets import Odd, Sheet, Workbook
from etl.reading.errors import Unreadable

class Stowaway:
    def __reduce__(self):
        return (open, (os.environ["STOWAWAY"], "w"))

def read(path, name):
    if name == "exit": os._exit(0)
    if name == "abort": os.abort()
    if name == "kill": os.kill(os.getpid(), signal.SIGKILL)
    if name == "hang": time.sleep(600)
    if name == "spin":
        while True: pass
    if name == "swell": return Workbook("csv", [bytearray(3 * 2**30)])
    if name == "raise": raise KeyError("a bug")
    if name == "refuse": raise Unreadable("tep_rong", "Tệp rỗng.")
    if name == "print": print("noise"); os.write(1, b"noise"); sys.stderr.write("noise")
    if name == "code": return Stowaway()
    if name == "text": return "not a workbook"
    if name == "slow": time.sleep(0.3)
    return Workbook("csv", [Sheet(name, {(0, 0): str(os.getpid()), (0, 1): Odd("error", "#REF!")})])
"""


@pytest.fixture
def obedient(tmp_path, monkeypatch):
    """Return the dotted name of a reader that obeys file names."""
    (tmp_path / "obedient_reader.py").write_text(OBEDIENT_READER, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("STOWAWAY", str(tmp_path / "stowaway"))
    return "obedient_reader:read"


@pytest.fixture
def pool(obedient):
    with ReaderPool(2, reader=obedient, limits=Limits(cpu_seconds=1, wall_seconds=30)) as pool:
        yield pool


def names(*wanted: str) -> list[tuple[Path, str]]:
    return [(Path("nowhere"), name) for name in wanted]


def rule_of(pool: ReaderPool, name: str) -> str:
    with pytest.raises(Unreadable) as caught:
        pool.read(Path("nowhere"), name)
    return caught.value.rule


def process_of(workbook: Workbook | Unreadable) -> str:
    assert isinstance(workbook, Workbook)
    return str(workbook.sheets[0].cells[0, 0])


def test_a_workbook_comes_back_whole(pool):
    workbook = pool.read(Path("nowhere"), "a.csv")

    process = process_of(workbook)
    assert workbook == Workbook("csv", [Sheet("a.csv", {(0, 0): process, (0, 1): Odd("error", "#REF!")})])
    assert int(process) != os.getpid()


def test_one_child_serves_one_file_after_another(pool):
    assert len({process_of(pool.read(Path("nowhere"), "a")) for _ in range(3)}) == 1


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("exit", "lam_dung_trinh_doc"),
        ("abort", "lam_dung_trinh_doc"),
        ("raise", "khong_doc_duoc"),
        ("refuse", "tep_rong"),
        ("text", "lam_dung_trinh_doc"),
        pytest.param("kill", "lam_dung_trinh_doc", marks=POSIX_ONLY),
        pytest.param("spin", "qua_thoi_gian", marks=POSIX_ONLY),
        pytest.param(
            "swell",
            "qua_bo_nho",
            marks=[POSIX_ONLY, pytest.mark.skipif(sys.platform == "darwin", reason="macOS does not hold RLIMIT_AS")],
        ),
    ],
)
def test_one_bad_file_is_one_refusal_and_the_pool_goes_on(pool, name, rule):
    assert rule_of(pool, name) == rule
    assert process_of(pool.read(Path("nowhere"), "a"))


def test_a_silent_child_is_given_up(obedient):
    with ReaderPool(1, reader=obedient, limits=Limits(wall_seconds=3)) as pool:
        assert rule_of(pool, "hang") == "qua_thoi_gian"
        assert process_of(pool.read(Path("nowhere"), "a"))


def test_every_refusal_says_what_to_do_in_vietnamese(pool):
    with pytest.raises(Unreadable, match=r"lưu lại dạng \.xlsx rồi gửi lại"):
        pool.read(Path("nowhere"), "abort")


def test_answers_keep_the_order_of_the_questions(pool):
    wanted = ["slow", "a", "exit", "b", "refuse", "slow", "c", *"defghijk"]

    answers = list(pool.read_many(names(*wanted)))

    assert [answer.sheets[0].name if isinstance(answer, Workbook) else None for answer in answers] == [
        None if name in ("exit", "refuse") else name for name in wanted
    ]


def test_many_files_are_read_by_as_many_children_as_allowed(pool):
    answers = pool.read_many(names(*["slow"] * 6))

    assert len({process_of(answer) for answer in answers}) == 2


def test_questions_are_taken_only_a_few_ahead(pool):
    taken: list[str] = []

    def endless():
        while True:
            taken.append("a")
            yield Path("nowhere"), "a"

    answers = pool.read_many(endless())
    assert process_of(next(answers))

    assert len(taken) < 10


def test_threads_may_share_a_pool(pool):
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda name: pool.read(Path("nowhere"), name).sheets[0].name, map(str, range(40))))

    assert found == [str(number) for number in range(40)]


def test_output_of_a_library_does_not_reach_anybody(pool, capfd):
    workbook = pool.read(Path("nowhere"), "print")

    assert workbook.sheets[0].name == "print"
    assert capfd.readouterr() == ("", "")


def test_a_child_cannot_run_code_in_the_program(pool, tmp_path):
    assert rule_of(pool, "code") == "lam_dung_trinh_doc"
    assert not (tmp_path / "stowaway").exists()


@POSIX_ONLY
def test_closing_leaves_no_process_behind_even_while_one_reads(obedient):
    pool = ReaderPool(2, reader=obedient)
    process = int(process_of(pool.read(Path("nowhere"), "a")))
    answer: list[str] = []
    reading = threading.Thread(target=lambda: answer.append(rule_of(pool, "hang")))
    reading.start()
    while pool._idle:
        pass

    pool.close()
    reading.join()

    assert answer == ["lam_dung_trinh_doc"]
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_a_closed_pool_says_so(obedient):
    with ReaderPool(1, reader=obedient) as pool:
        pass
    with pytest.raises(RuntimeError, match="closed"):
        pool.read(Path("nowhere"), "a")


@POSIX_ONLY
def test_a_child_that_died_while_idle_is_replaced_unnoticed(pool):
    process = int(process_of(pool.read(Path("nowhere"), "a")))
    os.kill(process, 9)
    while any(child.is_alive() for child in pool._idle):
        pass

    assert process_of(pool.read(Path("nowhere"), "a")) != str(process)


def test_no_child_starts_before_the_first_file(obedient):
    with ReaderPool(2, reader=obedient) as pool:
        assert not pool._all
        pool.read(Path("nowhere"), "a")
        assert len(pool._all) == 1
    gc.collect()


def test_the_child_imports_nothing_heavy():
    code = "import sys, etl.reading.child, etl.reading; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()

    assert not {"pandas", "numpy", "duckdb", "pyarrow", "streamlit", "pydantic", "xlrd", "openpyxl"} & set(loaded)


# --- hostile files through the real reader


def rewritten(source: Path, target: Path, part: str, content: bytes) -> Path:
    """Copy a workbook with one of its parts replaced."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, content if info.filename == part else old.read(info))
    return target


def test_hostile_workbooks_are_refused_and_a_good_one_is_read_after_them(tmp_path):
    good = tmp_path / "good.xlsx"
    with xlsxwriter.Workbook(good) as book:
        book.add_worksheet().write_column("A1", [1236, "Kinh tế"])
    sheet = "xl/worksheets/sheet1.xml"
    laughs = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><worksheet>&c;</worksheet>'
    deep = b"<a>" * 1_000_000
    strings = b"<sst>" + b"<si/>" * 1_500_000 + b"</sst>"
    hostile = [
        rewritten(good, tmp_path / "laughs.xlsx", sheet, laughs),
        rewritten(good, tmp_path / "deep.xlsx", sheet, deep),
        rewritten(good, tmp_path / "strings.xlsx", "xl/sharedStrings.xml", strings),
    ]

    with ReaderPool(2) as pool:
        *refused, read = list(pool.read_many([(path, path.name) for path in [*hostile, good]]))

    assert all(isinstance(answer, Unreadable) for answer in refused)
    assert isinstance(read, Workbook)
    assert read.sheets[0].cells == {(0, 0): 1236, (1, 0): "Kinh tế"}


@POSIX_ONLY
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_does_not_hold_the_pool(tmp_path):
    os.mkfifo(tmp_path / "a.xlsx")

    with ReaderPool(1) as pool, pytest.raises(Unreadable, match="không phải một tệp thường"):
        pool.read(tmp_path / "a.xlsx", "a.xlsx")


@POSIX_ONLY
def test_an_interrupted_load_ends_at_once_and_quietly(obedient, tmp_path):
    script = """
import os, signal, threading
from pathlib import Path
from etl.guard import ReaderPool
with ReaderPool(2, reader="obedient_reader:read") as pool:
    threading.Timer(1, os.kill, [os.getpid(), signal.SIGINT]).start()
    try:
        list(pool.read_many([(Path("x"), "hang")] * 4))
    except KeyboardInterrupt:
        print("interrupted")
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(Path.cwd())])}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=14, env=environment, check=True
    )

    assert (done.stdout.strip(), done.stderr) == ("interrupted", "")
