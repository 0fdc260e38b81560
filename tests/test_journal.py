"""The journal of the audit trail: lines are only added, whole, and nothing in them can pass for another line."""

import json
import multiprocessing
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from dashboard import journal


def write_many(data: Path, who: str) -> None:
    for number in range(50):
        journal.record(data, journal.EXPORTED, who, f"{number} " + "x" * 200)


def test_what_is_recorded_is_read_back_the_latest_first(tmp_path: Path) -> None:
    journal.record(tmp_path, journal.SIGNED_IN, "a@example.org", "lanh_dao", "10.0.0.1")
    journal.record(tmp_path, journal.REFUSED, "a@example.org", "rút báo cáo")

    told = [(entry.event, entry.who, entry.what, entry.address) for entry in journal.entries(tmp_path)]
    assert told == [
        ("tu_choi", "a@example.org", "rút báo cáo", ""),
        ("dang_nhap", "a@example.org", "lanh_dao", "10.0.0.1"),
    ]


def test_a_new_line_leaves_those_before_it_as_they_were(tmp_path: Path) -> None:
    journal.record(tmp_path, journal.EXPORTED, "a")
    (path,) = journal.folder(tmp_path).glob("*.jsonl")
    before = path.read_bytes()
    journal.record(tmp_path, journal.EXPORTED, "b")

    assert path.read_bytes().startswith(before)


@given(text=st.text(max_size=400))
def test_no_text_can_forge_a_line(tmp_path_factory, text: str) -> None:  # type: ignore[no-untyped-def]
    data = tmp_path_factory.mktemp("journal")
    journal.record(data, journal.REFUSED, text, text + '\n{"event": "dang_nhap"}', text)
    (path,) = journal.folder(data).glob("*.jsonl")

    assert len(path.read_bytes().splitlines()) == len(path.read_text().splitlines()) == 1
    assert [entry.who for entry in journal.entries(data)] == [text[:300]]


def test_processes_that_write_at_once_keep_every_line_whole(tmp_path: Path) -> None:
    writers = [
        multiprocessing.get_context("spawn").Process(target=write_many, args=(tmp_path, str(n))) for n in range(3)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)

    written = [line for path in journal.folder(tmp_path).glob("*.jsonl") for line in path.read_text().splitlines()]
    lines = [json.loads(line) for line in written if line]  # a line begins anew where another was half written
    assert sorted((line["who"], int(line["what"].split()[0])) for line in lines) == sorted(
        (str(n), number) for n in range(3) for number in range(50)
    )


def test_a_line_that_a_crash_cut_short_hides_no_other(tmp_path: Path) -> None:
    journal.record(tmp_path, journal.EXPORTED, "a")
    (path,) = journal.folder(tmp_path).glob("*.jsonl")
    with path.open("ab") as stream:
        stream.write(b'{"at": "2026-1')
    journal.record(tmp_path, journal.EXPORTED, "b")

    assert [entry.who for entry in journal.entries(tmp_path)] == ["b", "a"]


def told(data: Path) -> list[str]:
    return [entry.who for entry in journal.entries(data)]


def test_lines_that_came_since_the_last_look_are_told_and_none_twice(tmp_path: Path) -> None:
    for who in ("a", "b", "c"):
        journal.record(tmp_path, journal.EXPORTED, who)
        assert told(tmp_path)[0] == who

    assert told(tmp_path) == told(tmp_path) == ["c", "b", "a"]


def test_a_line_altered_or_taken_away_since_the_last_look_is_not_told_as_it_was(tmp_path: Path) -> None:
    for who in ("a", "b", "c"):
        journal.record(tmp_path, journal.EXPORTED, who)
    (path,) = journal.folder(tmp_path).glob("*.jsonl")
    whole = path.read_bytes()
    assert told(tmp_path) == ["c", "b", "a"]

    path.write_bytes(whole.replace(b'"b"', b'"x"'))
    assert told(tmp_path) == ["c", "x", "a"]
    path.write_bytes(whole[: whole.index(b"\n") + 1])
    assert told(tmp_path) == ["a"]
    path.unlink()
    assert told(tmp_path) == []


def test_a_line_is_told_once_it_is_whole(tmp_path: Path) -> None:
    journal.record(tmp_path, journal.EXPORTED, "a")
    journal.record(tmp_path, journal.EXPORTED, "b")
    (path,) = journal.folder(tmp_path).glob("*.jsonl")
    whole = path.read_bytes()

    path.write_bytes(whole[:-9])
    assert told(tmp_path) == ["a"]
    path.write_bytes(whole)
    assert told(tmp_path) == ["b", "a"]
