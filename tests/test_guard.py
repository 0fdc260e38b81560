"""A guarded child may die, hang or swell; the pool answers for that one call and goes on."""

import gc
import os
import pickle
import subprocess
import sys
import threading
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import xlsxwriter

from etl.conform.returns import Conformed
from etl.examining import Examiner
from etl.guard import GaveUp, GuardedPool, Limits, Spare
from etl.guard import pool as pooling
from etl.guard.pool import _Held, _unpack
from etl.sheets import Odd, Sheet, Workbook

CATALOGUE = Path(__file__).resolve().parent.parent / "data" / "catalogue"
ANSWERS = (Workbook, Sheet, Odd)
POSIX_ONLY = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit or signal")

# What the children run in these tests: a task that does what it is told.
OBEDIENT_TASK = """
import os, signal, sys, time
from etl.sheets import Odd, Sheet, Workbook

class Stowaway:
    def __reduce__(self):
        return (open, (os.environ["STOWAWAY"], "w"))

def obey(name):
    if name == "exit": os._exit(0)
    if name == "abort": os.abort()
    if name == "kill": os.kill(os.getpid(), signal.SIGKILL)
    if name == "hang": time.sleep(600)
    if name == "spin":
        while True: pass
    if name == "work":
        end = time.process_time() + 2
        while time.process_time() < end: pass
    if name == "swell": return Workbook("csv", [bytearray(3 * 2**30)])
    if name == "long": return "x" * 40_000_000
    if name == "raise": raise KeyError("a bug")
    if name == "print": print("noise"); os.write(1, b"noise"); sys.stderr.write("noise")
    if name == "code": return Stowaway()
    if name == "slow": time.sleep(0.3)
    return Workbook("csv", [Sheet(name, {(0, 0): str(os.getpid()), (0, 1): Odd("error", "#REF!")})])
"""


@pytest.fixture
def obedient(tmp_path, monkeypatch):
    """Return the dotted name of a task that obeys."""
    (tmp_path / "obedient_task.py").write_text(OBEDIENT_TASK, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("STOWAWAY", str(tmp_path / "stowaway"))
    return "obedient_task:obey"


@pytest.fixture
def pool(obedient):
    with GuardedPool(obedient, ANSWERS, limits=Limits(cpu_seconds=1, wall_seconds=30)) as pool:
        yield pool


def calls(*wanted: str) -> list[tuple[str]]:
    return [(name,) for name in wanted]


def reason_of(pool: GuardedPool, name: str) -> str:
    with pytest.raises(GaveUp) as caught:
        pool.call(name)
    return caught.value.reason


def process_of(workbook: object) -> str:
    assert isinstance(workbook, Workbook)
    return str(workbook.sheets[0].cells[0, 0])


def test_a_workbook_comes_back_whole(pool):
    workbook = pool.call("a.csv")

    process = process_of(workbook)
    assert workbook == Workbook("csv", [Sheet("a.csv", {(0, 0): process, (0, 1): Odd("error", "#REF!")})])
    assert int(process) != os.getpid()


def test_one_child_serves_one_call_after_another(pool):
    assert len({process_of(pool.call("a")) for _ in range(3)}) == 1


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("exit", "died"),
        ("abort", "died"),
        ("raise", "failed"),
        ("long", "too large"),
        ("code", "garbled"),
        pytest.param("kill", "died", marks=POSIX_ONLY),
        pytest.param("spin", "time", marks=POSIX_ONLY),
        pytest.param(
            "swell",
            "memory",
            marks=[POSIX_ONLY, pytest.mark.skipif(sys.platform == "darwin", reason="macOS does not hold RLIMIT_AS")],
        ),
    ],
)
def test_one_bad_call_is_one_refusal_and_the_pool_goes_on(pool, name, reason):
    assert reason_of(pool, name) == reason
    assert process_of(pool.call("a"))


def test_a_silent_child_is_given_up(obedient):
    with GuardedPool(obedient, ANSWERS, processes=1, limits=Limits(wall_seconds=3)) as pool:
        assert reason_of(pool, "hang") == "time"
        assert process_of(pool.call("a"))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells whether a process is at work")
def test_a_child_that_works_is_given_time_where_one_that_hangs_is_not(
    obedient: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pooling, "_STARVED_TIMES", 100)  # however busy the machine is
    with GuardedPool(obedient, ANSWERS, processes=1, limits=Limits(wall_seconds=1)) as held:
        assert held.call("work").sheets[0].name == "work"
        assert reason_of(held, "hang") == "time"

    monkeypatch.setattr(pooling, "_STARVED_TIMES", 2)
    with GuardedPool(obedient, ANSWERS, processes=1, limits=Limits(cpu_seconds=600, wall_seconds=1)) as held:
        assert reason_of(held, "spin") == "time"


def test_a_failed_call_tells_the_program_where_it_failed(pool):
    with pytest.raises(GaveUp) as caught:
        pool.call("raise")

    assert "KeyError: 'a bug'" in caught.value.detail


def test_answers_keep_the_order_of_the_questions(pool):
    wanted = ["slow", "a", "exit", "b", "raise", "slow", "c", *"defghijk"]

    answers = list(pool.call_many(calls(*wanted)))

    assert [answer.sheets[0].name if isinstance(answer, Workbook) else None for answer in answers] == [
        None if name in ("exit", "raise") else name for name in wanted
    ]


def test_many_calls_are_made_by_as_many_children_as_allowed(pool):
    answers = pool.call_many(calls(*["slow"] * 6))

    assert len({process_of(answer) for answer in answers}) == 2


def test_questions_are_taken_only_a_few_ahead(pool):
    taken: list[str] = []

    def endless():
        while True:
            taken.append("a")
            yield ("a",)

    answers = pool.call_many(endless())
    assert process_of(next(answers))

    assert len(taken) < 40


class Counted(GuardedPool):
    """A pool that notes what its children are asked."""

    def _ask(self, arguments):
        self.asked = [*getattr(self, "asked", []), arguments]
        return super()._ask(arguments)


def test_children_work_ahead_of_a_slow_taker(obedient):
    with Counted(obedient, ANSWERS) as pool:
        answers = pool.call_many(calls(*"abcdefghijklmnopqrst"))
        next(answers)

        while len(pool.asked) < 20:  # would wait for ever
            time.sleep(0.01)
        assert [answer.sheets[0].name for answer in answers] == list("bcdefghijklmnopqrst")


def test_children_wait_while_large_answers_are_not_taken(obedient, monkeypatch):
    monkeypatch.setattr("etl.guard.pool._HELD_BYTES", 1)
    with Counted(obedient, ANSWERS) as pool:
        answers = pool.call_many(calls(*"abcdefghijklmnopqrst"))
        next(answers)
        time.sleep(0.5)

        assert len(pool.asked) <= 5
        assert [answer.sheets[0].name for answer in answers] == list("bcdefghijklmnopqrst")


def test_the_call_that_is_taken_next_never_waits_for_room_that_later_ones_have_filled():
    held = _Held()
    held.put(10**9)  # the answer of call 1, while call 0 has not begun
    held.wait_for_room(0)
    late = threading.Thread(target=held.wait_for_room, args=(1,), daemon=True)
    late.start()

    held.taken(("answer", 0))

    late.join(10)
    assert not late.is_alive()


def test_a_pool_that_is_left_lets_its_waiting_threads_end(obedient, monkeypatch):
    monkeypatch.setattr("etl.guard.pool._HELD_BYTES", 1)
    before = threading.active_count()
    with GuardedPool(obedient, ANSWERS) as pool:
        answers = pool.call_many(calls(*"abcdefghij"))
        next(answers)
        answers.close()

    while threading.active_count() > before:  # would wait for ever
        time.sleep(0.01)


def test_a_spare_child_serves_the_next_pool_and_ends_with_it(obedient):
    spare = Spare(obedient)
    spare.start()
    ready = spare._child._process
    with GuardedPool(obedient, ANSWERS, spare=spare) as pool:
        assert process_of(pool.call("a")) == str(ready.pid)
    with GuardedPool(obedient, ANSWERS, spare=spare) as pool:
        assert process_of(pool.call("a")) != str(ready.pid)

    assert ready.poll() is not None


def test_a_spare_child_that_died_is_not_handed_over(obedient):
    spare = Spare(obedient)
    spare.start()
    spare._child._process.kill()
    spare._child._process.wait()

    with GuardedPool(obedient, ANSWERS, spare=spare) as pool:
        assert process_of(pool.call("a"))


def test_a_spare_child_of_other_limits_is_not_handed_over(obedient):
    spare = Spare(obedient, Limits(cpu_seconds=7))
    spare.start()
    try:
        ready = spare._child._process
        with GuardedPool(obedient, ANSWERS, spare=spare) as pool:
            assert process_of(pool.call("a")) != str(ready.pid)
        assert ready.poll() is None
    finally:
        spare.close()


def test_closing_a_spare_ends_its_child(obedient):
    spare = Spare(obedient)
    spare.start()
    ready = spare._child._process

    spare.close()

    assert ready.poll() is not None and spare._child is None


def test_threads_may_share_a_pool(pool):
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda name: pool.call(name).sheets[0].name, map(str, range(40))))

    assert found == [str(number) for number in range(40)]


def test_output_of_a_library_does_not_reach_anybody(pool, capfd):
    workbook = pool.call("print")

    assert workbook.sheets[0].name == "print"
    assert capfd.readouterr() == ("", "")


def test_a_child_cannot_run_code_in_the_program(pool, tmp_path):
    assert reason_of(pool, "code") == "garbled"
    assert not (tmp_path / "stowaway").exists()


def test_an_answer_of_a_kind_that_no_child_gives_is_garbled():
    with pytest.raises(GaveUp) as caught:
        _unpack(pickle.dumps(("a greeting", None)), {})

    assert caught.value.reason == "garbled"


@POSIX_ONLY
def test_closing_leaves_no_process_behind_even_while_one_is_busy(obedient):
    pool = GuardedPool(obedient, ANSWERS)
    process = int(process_of(pool.call("a")))
    answer: list[str] = []
    reading = threading.Thread(target=lambda: answer.append(reason_of(pool, "hang")))
    reading.start()
    while pool._idle:
        pass

    pool.close()
    reading.join()

    assert answer == ["died"]
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_a_closed_pool_says_so(obedient):
    with GuardedPool(obedient, ANSWERS, processes=1) as pool:
        pass
    with pytest.raises(RuntimeError, match="closed"):
        pool.call("a")


@POSIX_ONLY
def test_a_child_that_died_while_idle_is_replaced_unnoticed(pool):
    process = int(process_of(pool.call("a")))
    os.kill(process, 9)
    while any(child.is_alive() for child in pool._idle):
        pass

    assert process_of(pool.call("a")) != str(process)


def test_no_child_starts_before_the_first_call(obedient):
    with GuardedPool(obedient, ANSWERS) as pool:
        assert not pool._all
        pool.call("a")
        assert len(pool._all) == 1
    gc.collect()


def test_the_guard_knows_nothing_of_the_program():
    code = "import sys, etl.guard.child; print(*sys.modules)"
    without_site = [sys.executable, "-S", "-c", code]  # as the pool starts it
    loaded = subprocess.run(without_site, capture_output=True, text=True, check=True).stdout.split()

    assert {name.split(".")[0] for name in loaded} - set(sys.stdlib_module_names) <= {"etl", "__main__"}


# --- hostile files through the real examiner


def rules(answer: Conformed) -> list[str]:
    return [issue.rule for issue in answer.issues]


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

    with Examiner(CATALOGUE) as examiner:
        *refused, read = list(examiner.many((path, path.name) for path in [*hostile, good]))

    assert [rules(answer) for answer in refused] == [["xml_nguy_hiem"], ["tep_hong"], ["qua_nhieu_chu"]]
    assert rules(read) == ["khong_ro_bieu"]


@POSIX_ONLY
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_does_not_hold_the_pool(tmp_path):
    os.mkfifo(tmp_path / "a.xlsx")

    with Examiner(CATALOGUE) as examiner:
        (answer,) = examiner.many([(tmp_path / "a.xlsx", "a.xlsx")])

    assert rules(answer) == ["khong_phai_tep"]


@POSIX_ONLY
def test_an_interrupted_load_ends_at_once_and_quietly(obedient, tmp_path):
    script = """
import os, signal, threading
from etl.guard import GuardedPool
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored by what runs in a shell's background
with GuardedPool("obedient_task:obey") as pool:
    threading.Timer(1, os.kill, [os.getpid(), signal.SIGINT]).start()
    try:
        list(pool.call_many([("hang",)] * 4))
    except KeyboardInterrupt:
        print("interrupted")
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(Path.cwd())])}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=14, env=environment, check=True
    )

    assert (done.stdout.strip(), done.stderr) == ("interrupted", "")
