"""Answers that are kept while all of them fit into a bound of bytes; the one asked for longest ago goes first.

Who asks for an answer that another thread is working out waits for that one instead of working it out again.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Question = TypeVar("Question", bound=Hashable)
Answer = TypeVar("Answer")


class Kept(Generic[Question, Answer]):
    """What `work_out` answers, kept up to `most` bytes as `size_of` counts them. Threads may share it."""

    def __init__(self, work_out: Callable[[Question], Answer], size_of: Callable[[Answer], int], most: int) -> None:
        self._work_out, self._size_of, self._most = work_out, size_of, most
        self._answers: OrderedDict[Question, tuple[Answer, int]] = OrderedDict()
        self._lock = threading.Lock()
        self._asked: dict[Question, threading.Lock] = {}
        self.size = 0
        """Bytes of what is kept."""

    def __call__(self, question: Question) -> Answer:
        """Return the answer. What `work_out` raises is raised and not kept."""
        with self._lock:
            if question in self._answers:
                self._answers.move_to_end(question)
                return self._answers[question][0]
            asked = self._asked.setdefault(question, threading.Lock())
        with asked:
            with self._lock:
                if question in self._answers:
                    return self._answers[question][0]
            try:
                answer = self._work_out(question)
                self._keep(question, answer)
            finally:
                with self._lock:
                    self._asked.pop(question, None)
        return answer

    def _keep(self, question: Question, answer: Answer) -> None:
        size = self._size_of(answer)
        with self._lock:
            if size > self._most or question in self._answers:
                return
            self._answers[question] = answer, size
            self.size += size
            while self.size > self._most:
                _, (_, gone) = self._answers.popitem(last=False)
                self.size -= gone
