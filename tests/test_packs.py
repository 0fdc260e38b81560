"""Packs: a build reads few files, and never anything but what the store holds."""

import random
from pathlib import Path

import duckdb
import pytest

from etl import packs
from etl.build import in_parquet
from etl.conform.returns import Figure, Return
from etl.packs import Files, altered_packs, packed
from etl.parsed import parsed_files
from etl.periods import Period


def keep(folder: Path, sha256: str, value: int, count: int = 1) -> tuple[str, Path]:
    """Write a stored file's figures; return what the store says of them."""
    figures = tuple(Figure("kiem_tra", None, value, "B", f"A{row}") for row in range(count))
    found = Return("tam_ky", Period("nam", 2023, 2023), "long", "co_so_lieu", frozenset({"kiem_tra"}), figures)
    path = folder / f"{sha256}.parquet"
    path.write_bytes(parsed_files([found])["figures.parquet"])
    return f"digest of {sha256} {value}", path


def rows(paths: list[Path]) -> list[tuple[str, int]]:
    return duckdb.sql(f"SELECT sha256, value FROM ({in_parquet(paths)}) ORDER BY ALL").fetchall() if paths else []


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return {name: keep(tmp_path, name, number, 3) for number, name in enumerate("abcde")}


def held(files: Files) -> list[tuple[str, int]]:
    return [(name, number) for number, name in enumerate(sorted(files)) for _ in range(3)]


def test_packs_hold_every_row_of_every_file_once(tmp_path: Path, files: Files) -> None:
    assert rows(packed(tmp_path / "packs", "figures", files)) == held(files)
    assert packed(tmp_path / "packs", "models", {}) == []


def test_files_that_come_one_by_one_end_in_few_packs_and_none_is_read_twice(tmp_path: Path, files: Files) -> None:
    seen: dict[str, tuple[str, Path]] = {}
    for name, kept in files.items():
        seen[name] = kept
        found = packed(tmp_path / "packs", "figures", seen)
        kept[1].unlink()  # what is packed needs no file any more

    assert rows(found) == held(files)
    assert sorted((tmp_path / "packs").iterdir()) == sorted(found) and len(found) <= 3


def test_full_packs_are_left_alone(tmp_path: Path, files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs, "_FULL", 6)

    found = packed(tmp_path / "packs", "figures", files)

    assert [len(rows([path])) for path in found] == [6, 6, 3]
    assert rows(found) == held(files)


def test_an_altered_pack_is_read_anew_from_the_store(tmp_path: Path, files: Files) -> None:
    (pack,) = packed(tmp_path / "packs", "figures", files)
    content = bytearray(pack.read_bytes())
    draw = random.Random(2024)
    for place in (0, len(content) - 1, *(draw.randrange(len(content)) for _ in range(10))):
        altered = bytearray(content)
        altered[place] ^= 1
        pack.write_bytes(altered)
        assert altered_packs(tmp_path / "packs") == [pack]
        assert rows(packed(tmp_path / "packs", "figures", files)) == held(files)
    assert altered_packs(tmp_path / "packs") == []


def test_a_file_that_the_store_tells_otherwise_is_read_anew(tmp_path: Path, files: Files) -> None:
    packed(tmp_path / "packs", "figures", files)

    again = {**files, "a": keep(tmp_path, "a", 9, 3)}

    expected = sorted([("a", 9)] * 3 + [row for row in held(files) if row[0] != "a"])
    assert rows(packed(tmp_path / "packs", "figures", again)) == expected


def test_a_merge_that_was_cut_short_counts_nothing_twice(tmp_path: Path, files: Files) -> None:
    some = dict(list(files.items())[:2])
    (small,) = packed(tmp_path / "packs", "figures", some)
    before = small.read_bytes()
    packed(tmp_path / "packs", "figures", files)
    small.write_bytes(before)

    assert rows(packed(tmp_path / "packs", "figures", files)) == held(files)


def test_a_file_that_was_withdrawn_stays_packed_and_is_not_asked_for(tmp_path: Path, files: Files) -> None:
    (pack,) = packed(tmp_path / "packs", "figures", files)
    left = {name: kept for name, kept in files.items() if name != "a"}

    assert packed(tmp_path / "packs", "figures", left) == [pack]
