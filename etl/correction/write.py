"""Writing a correction: in a guarded child, since openpyxl may take endless memory over a hostile file."""

import logging
from collections.abc import Callable
from pathlib import Path

import openpyxl

from etl.catalogue_layouts import Layouts
from etl.correction.book import Marked, made_again, own_workbook
from etl.correction.listing import add_list
from etl.correction.marks import clear_earlier, mark
from etl.durable import write_durably
from etl.guard import GaveUp, GuardedPool, Limits
from etl.issues import Issue
from etl.reading import Unreadable, read_workbook

_LOG = logging.getLogger(__name__)
_LIMITS = Limits(cpu_seconds=40, wall_seconds=60)  # openpyxl needs several times as long as our reader


def write_correction(original: Path, name: str, issues: list[Issue], output: Path, layouts: Layouts) -> bool:
    """Write to `output` the file `original`, which its sender called `name`, marked with its issues.

    Return whether the sender's cells are there: of a file that cannot be opened only the list is written.
    """
    is_marked = False

    def write(temporary: Path) -> None:
        nonlocal is_marked
        try:
            with GuardedPool("etl.correction.write:mark_file", processes=1, limits=_LIMITS) as pool:
                is_marked = bool(pool.call(original, name, issues, temporary, layouts))
        except GaveUp as problem:
            _LOG.info("a correction is only a list: %s %s", problem.reason, problem.detail)
            _save(_nothing(), name, issues, temporary, layouts)

    write_durably(output, write)
    return is_marked


def mark_file(original: Path, name: str, issues: list[Issue], output: Path, layouts: Layouts) -> bool:
    """Write the marked file and return whether it holds the sender's cells. Runs in the child.

    Our own reader looks first: what it refuses, openpyxl never sees. Where openpyxl stumbles over a file that we
    could read, its values are written anew.
    """
    try:
        workbook = read_workbook(original, name)
    except Unreadable:
        _save(_nothing(), name, issues, output, layouts)
        return False
    ways: list[Callable[[], Marked]] = [lambda: made_again(workbook)]
    if workbook.kind in ("xlsx", "xlsm"):
        ways.insert(0, lambda: own_workbook(original, workbook))
    for way in ways:
        try:
            _save(way(), name, issues, output, layouts)
        except MemoryError:
            raise
        except Exception:  # openpyxl raises whatever the parts of a file happen to raise
            continue
        return True
    raise ValueError("neither the workbook nor its values can be written")


def _nothing() -> Marked:
    book = openpyxl.Workbook()
    book.remove(book.active)
    return Marked(book)


def _save(marked: Marked, name: str, issues: list[Issue], output: Path, layouts: Layouts) -> None:
    words = layouts.correction
    clear_earlier(marked, words)
    add_list(marked, mark(marked, issues, words), name, words, layouts.words.simulated)
    marked.save(output)
