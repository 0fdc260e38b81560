"""Answers kept within a bound of bytes, and worked out once however many ask at the same time."""

import threading
import time
from collections.abc import Callable

import pytest

from dashboard.kept import Kept


def counted(most: int, work: Callable[[str], str] = str.upper) -> tuple[Kept[str, str], list[str]]:
    asked: list[str] = []

    def work_out(question: str) -> str:
        asked.append(question)
        return work(question)

    return Kept(work_out, len, most), asked


def test_an_answer_is_worked_out_once_while_it_is_kept() -> None:
    kept, asked = counted(9)

    assert [kept("abc"), kept("abc"), kept("def")] == ["ABC", "ABC", "DEF"]
    assert (asked, kept.size) == (["abc", "def"], 6)


def test_what_was_asked_for_longest_ago_goes_first_when_bytes_run_out() -> None:
    kept, asked = counted(9)
    for question in ("abc", "def", "ghi", "abc", "jkl"):
        kept(question)

    assert kept.size == 9
    assert [kept("abc"), kept("def")] == ["ABC", "DEF"]
    assert asked == ["abc", "def", "ghi", "jkl", "def"]


def test_an_answer_larger_than_the_bound_is_given_and_not_kept() -> None:
    kept, asked = counted(2)

    assert [kept("abc"), kept("abc"), kept("d")] == ["ABC", "ABC", "D"]
    assert (asked, kept.size) == (["abc", "abc", "d"], 1)


def test_a_failure_is_told_and_the_next_who_asks_tries_again() -> None:
    answers = iter(["", "x"])
    kept, asked = counted(9, lambda _: next(answers) or 1 / 0)  # type: ignore[return-value]

    with pytest.raises(ZeroDivisionError):
        kept("abc")
    assert kept("abc") == "x"
    assert asked == ["abc", "abc"]


def test_who_asks_meanwhile_waits_for_the_answer_instead_of_working_it_out_again() -> None:
    begun = threading.Event()

    def slowly(question: str) -> str:
        begun.set()
        time.sleep(0.05)
        return question.upper()

    kept, asked = counted(9, slowly)
    found: list[str] = []
    viewers = [threading.Thread(target=lambda: found.append(kept("abc"))) for _ in range(8)]
    for viewer in viewers:
        viewer.start()
    assert begun.wait(5)
    for viewer in viewers:
        viewer.join(5)

    assert (asked, found) == (["abc"], ["ABC"] * 8)
