"""Turns: how many go at once, who steps aside, and that nobody waits for ever."""

import threading
import time

import pytest

from dashboard.server.turns import Turns


def most_at_once(turns: Turns, viewers: int, *, aside: bool = False) -> int:
    inside, most, lock = 0, 0, threading.Lock()

    def view() -> None:
        nonlocal inside, most
        with turns.mine():
            if aside:
                with turns.aside():
                    stay()
            else:
                stay()

    def stay() -> None:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        time.sleep(0.1)
        with lock:
            inside -= 1

    threads = [threading.Thread(target=view) for _ in range(viewers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    return most


def test_no_more_go_at_once_than_there_are_turns() -> None:
    assert most_at_once(Turns(2, 5), 6) == 2


def test_who_steps_aside_holds_nobody_up() -> None:
    assert most_at_once(Turns(1, 5), 4, aside=True) == 4


def test_who_has_waited_long_enough_goes_without_a_turn() -> None:
    assert most_at_once(Turns(1, 0.01), 4) == 4


def test_a_turn_is_given_back_when_what_it_was_for_fails() -> None:
    turns = Turns(1, 5)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), turns.mine(), turns.aside():
            raise ZeroDivisionError

    assert most_at_once(turns, 3) == 1
