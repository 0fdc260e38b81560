"""What screens remember of a folder: read once while its files are the same ones, and never beyond that."""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from etl.catalogue import Catalogue
from etl.desk import Desk, Refused
from etl.remembered import Remembered
from etl.settings import Settings
from etl.store import Store
from tests.files import periodic, write_file


class Texts:
    """Reads a folder's texts, and counts how often."""

    def __init__(self) -> None:
        self.read = 0

    def __call__(self, folder: Path) -> str:
        self.read += 1
        return "|".join(path.read_text() for path in sorted(folder.iterdir()))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a", "b"):
        (tmp_path / "x" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "x" / name).write_text(name)
    return tmp_path / "x"


def test_a_folder_that_stays_as_it_is_is_read_once(folder: Path) -> None:
    texts = Texts()
    remembered = Remembered(texts, settled=0)

    assert [remembered(folder) for _ in range(3)] == ["a|b"] * 3 and texts.read == 1


def altered_in_disguise(folder: Path) -> None:
    """Alter a file, and give it back its size and the time of its last change."""
    before = (folder / "b").stat()
    time.sleep(0.05)  # a file system's clock does not tick with every write
    (folder / "b").write_text("B")
    os.utime(folder / "b", ns=(before.st_atime_ns, before.st_mtime_ns))


def replaced(folder: Path) -> None:
    (folder / "new").write_text("new")
    (folder / "new").replace(folder / "b")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda folder: (folder / "b").write_text("longer"), "a|longer"),
        (lambda folder: (folder / "c").write_text("c"), "a|b|c"),
        (lambda folder: (folder / "b").unlink(), "a"),
        (lambda folder: (folder / "b").rename(folder / "c"), "a|b"),
        (replaced, "a|new"),
        (altered_in_disguise, "a|B"),
    ],
)
def test_a_file_that_is_another_is_noticed(folder: Path, change: Callable[[Path], object], told: str) -> None:
    texts = Texts()
    remembered = Remembered(texts, settled=0)
    remembered(folder)

    change(folder)

    assert remembered(folder) == told and texts.read == 2


def test_what_was_changed_a_moment_ago_may_change_again_unseen_and_is_read_again(folder: Path) -> None:
    texts = Texts()
    remembered = Remembered(texts, settled=60 * 10**9)

    assert [remembered(folder) for _ in range(2)] == ["a|b"] * 2 and texts.read == 2


def test_what_could_not_be_read_is_not_remembered(folder: Path) -> None:
    remembered = Remembered(Texts(), settled=0)
    (folder / "b").write_bytes(b"\xff")
    for _ in range(2):
        with pytest.raises(UnicodeDecodeError):
            remembered(folder)

    (folder / "b").write_text("b")
    assert remembered(folder) == "a|b"


def test_only_the_folders_used_last_are_remembered(tmp_path: Path) -> None:
    texts = Texts()
    remembered = Remembered(texts, most=2, settled=0)
    for name in ("1", "2", "3"):
        (tmp_path / name).mkdir()
    for name in ("1", "2", "1", "3", "1", "2"):
        remembered(tmp_path / name)

    assert texts.read == 4, "the second had to give way to the third"


def test_a_folder_of_too_many_files_is_read_each_time(folder: Path) -> None:
    texts = Texts()
    remembered = Remembered(texts, largest=1, settled=0)

    assert [remembered(folder) for _ in range(2)] == ["a|b"] * 2 and texts.read == 2


def test_many_who_ask_at_once_wait_for_one_reading(folder: Path) -> None:
    texts = Texts()
    remembered = Remembered(texts, settled=0)
    started = threading.Barrier(8)
    found = []

    def ask() -> None:
        started.wait()
        found.append(remembered(folder))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == ["a|b"] * 8 and texts.read == 1


@pytest.fixture
def desk(tmp_path: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr("etl.desk._store_in", Remembered(Store, "receipts", settled=0))
    settings = Settings(tmp_path / "data", catalogue.folder)
    desk = Desk(settings, settings.data)
    for year in (2022, 2023):
        sent = write_file(tmp_path / f"{year}.xlsx", periodic(year=year))
        desk.take([(sent.name, sent.read_bytes())])
    return desk


def test_a_receipt_that_was_altered_or_lost_is_noticed_at_the_next_look(desk: Desk, tmp_path: Path) -> None:
    last = tmp_path / "data" / "store" / "receipts" / "00000002.json"
    whole = last.read_bytes()
    assert len(desk.subjects()) == 2 and len(desk.acts()) == 2

    for harm in (lambda: last.write_bytes(whole.replace(b"2023", b"2021 ")), lambda: last.write_bytes(b"{")):
        harm()
        with pytest.raises(Refused, match=r"00000002\.json"):
            desk.acts()
        last.write_bytes(whole)
        assert len(desk.acts()) == 2
    last.with_name("00000001.json").unlink()
    with pytest.raises(Refused, match=r"00000001\.json"):
        desk.subjects()


def test_what_another_process_adds_is_seen_at_the_next_look(desk: Desk, tmp_path: Path, catalogue: Catalogue) -> None:
    assert desk.closed_years() == {}

    Store(tmp_path / "data" / "store").close_year(2023, "đã duyệt")

    assert desk.closed_years() == {2023: "đã duyệt"} and len(desk.subjects()) == 2
