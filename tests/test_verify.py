"""`verify` finds every flipped bit, every cut and every loss, names the file and says what to do."""

import json
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from etl.catalogue import Catalogue
from etl.decisions import close_year, withdraw
from etl.frozen import freeze, frozen_path
from etl.publish import current, older_damage, snapshot_damage
from etl.settings import Settings
from etl.verify import Findings, examine, quarantine_damage
from tests.files import load, periodic, run_etl, write_file

LOCKS = {"writer.lock", "writer.txt"}


def full(folder: Path, catalogue: Catalogue) -> Settings:
    """Return a data folder with everything in it: returns in force, superseded and withdrawn whole, a closed year, a
    rejected file, a frozen snapshot, several published ones and an audit trail."""
    settings = Settings(folder / "data", catalogue.folder)
    load(write_file(folder / "a.xlsx", periodic()), data=settings.data)
    freeze(settings, "Tổng duyệt", "Chánh Văn phòng")
    newer = periodic()
    newer["Biểu 02"][2][2] = 9
    load(write_file(folder / "b.xlsx", newer), data=settings.data)
    answer = load(write_file(folder / "c.xlsx", periodic("Tam Kỳ")), data=settings.data)
    load(write_file(folder / "sai.xlsx", periodic("Trà My")), data=settings.data)
    withdraw([answer["files"][0]["returns"][0]["return_id"]], "gửi nhầm", settings, catalogue)
    close_year(2023, "đã duyệt", settings, catalogue)
    for older in sorted(settings.warehouse.glob("*.duckdb"))[:-2]:  # two will do, and are read faster
        older.unlink()
        older.with_suffix(".sha256").unlink()
    audit = settings.data / "audit"
    audit.mkdir()
    (audit / "2026-11.jsonl").write_text('{"what": "nạp"}\n{"what": "xem"}\n', encoding="utf-8")
    return settings


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Settings:
    """One of them, to be damaged and put right again."""
    return full(tmp_path_factory.mktemp("full"), catalogue)


def data_files(settings: Settings) -> list[Path]:
    return [path for path in sorted(settings.data.rglob("*")) if path.is_file() and path.name not in LOCKS]


@contextmanager
def changed(path: Path, content: bytes | None) -> Iterator[None]:
    """Let a file hold something else for a while, or be gone."""
    before = path.read_bytes()
    path.unlink() if content is None else path.write_bytes(content)
    try:
        yield
    finally:
        path.write_bytes(before)


def flipped(content: bytes, offset: int, bit: int) -> bytes:
    return content[:offset] + bytes([content[offset] ^ 1 << bit]) + content[offset + 1 :]


def names(found: Findings, path: Path) -> bool:
    """Whether some sentence names a file, by its folder's name too where that is its own: a pack's in the notes."""
    by_folder = path.parent.parent.name in ("files", "quarantine")
    said = f"{path.parent.name}/{path.name.split('.')[0] if path.name.startswith('original') else path.name}"
    sentences = found.notes if path.parent.name == "packs" else found.damage
    return any((said if by_folder else path.name) in sentence for sentence in sentences)


def test_a_store_with_everything_in_it_is_whole(settings: Settings) -> None:
    kinds = {path.relative_to(settings.data).parts[-1 - ("frozen" in path.parts)] for path in data_files(settings)}
    assert {"figures.parquet", "issues.json", "CURRENT", "frozen", "00000005.json", "2026-11.jsonl"} <= kinds

    assert examine(settings) == Findings()


def test_any_flipped_bit_of_any_file_is_found_and_the_file_named(settings: Settings) -> None:
    rng, missed, tried = random.Random(2024), [], 0
    for path in data_files(settings):
        content = path.read_bytes()
        offsets = {0, len(content) // 2, len(content) - 1, *(rng.randrange(len(content)) for _ in range(2))}
        for offset in offsets if path.suffix != ".jsonl" else {0}:  # of the audit trail only its form can be told
            with changed(path, flipped(content, offset, rng.randrange(8))):
                tried += 1
                if not names(examine(settings), path):
                    missed.append((path, offset))

    assert missed == [] and tried > 100
    assert examine(settings) == Findings()


def test_every_bit_of_the_smallest_files_is_found(settings: Settings) -> None:
    seal = next(settings.warehouse.glob("*.sha256"))
    issues = next(settings.store.glob("quarantine/*/issues.json"))
    for path in (settings.warehouse / "CURRENT", seal):
        content = path.read_bytes()
        for offset in range(len(content)):
            with changed(path, flipped(content, offset, offset % 8)):
                damage = snapshot_damage(settings.warehouse) + older_damage(settings.warehouse)
            assert any(path.name in sentence for sentence in damage), (path.name, offset)
    content = issues.read_bytes()
    for offset in range(len(content)):
        with changed(issues, flipped(content, offset, offset % 8)):
            assert any("issues.json" in sentence for sentence in quarantine_damage(issues.parent)), offset


def test_any_file_cut_short_or_emptied_is_found(settings: Settings) -> None:
    for path in data_files(settings):
        content = path.read_bytes()
        cuts = [b"", content[: len(content) // 2], content[:-1]] if path.suffix != ".jsonl" else [content[:5] + b"\n"]
        for cut in cuts:
            with changed(path, cut):
                assert names(examine(settings), path), (path, len(cut))


def test_any_lost_file_is_found_but_what_pruning_takes(settings: Settings) -> None:
    now = str(current(settings.warehouse))
    for path in data_files(settings):
        with changed(path, None):
            found = examine(settings)
        if path.suffix == ".jsonl":
            assert found.damage == []  # nothing else tells that there was one
        elif path.parent.name == "packs":
            assert found == Findings()  # the next build reads its files from the store
        elif path.suffix == ".duckdb" and path.parent == settings.warehouse and path.stem != now:
            assert (found.damage, len(found.notes)) == ([], 1)  # what pruning cut short leaves
        else:
            assert names(found, path), path


def test_an_older_snapshot_pruned_with_its_seal_is_no_damage(settings: Settings) -> None:
    now = str(current(settings.warehouse))
    older = next(path for path in settings.warehouse.glob("*.duckdb") if path.stem != now)

    with changed(older, None), changed(older.with_suffix(".sha256"), None):
        assert examine(settings) == Findings()


def test_the_command_exits_4_and_says_what_to_do_and_0_once_it_is_undone(settings: Settings) -> None:
    whole = run_etl("verify", data=settings.data)
    original = next(settings.store.glob("quarantine/*/original.xlsx"))
    older = sorted(settings.warehouse.glob("*.duckdb"))[0]
    with changed(original, b"x"), changed(older, b"x"):
        done = run_etl("verify", data=settings.data)

    assert (whole.returncode, done.returncode) == (0, 4)
    assert "Traceback" not in done.stderr
    assert f"quarantine/{original.parent.name}/original.xlsx" in done.stderr and "python -m etl restore" in done.stderr
    assert older.name in done.stderr and "python -m etl build" in done.stderr
    assert "Có 2 chỗ hỏng" in done.stderr
    assert run_etl("verify", data=settings.data).returncode == 0


def test_a_build_clears_whatever_is_wrong_with_snapshots(settings: Settings, tmp_path: Path) -> None:
    own = replace(settings, data=shutil.copytree(settings.data, tmp_path / "data"))
    for path in own.warehouse.glob("*.duckdb"):
        path.write_bytes(b"x")
    (own.warehouse / "CURRENT").write_bytes(b"x")
    assert len(examine(own).damage) == 3  # CURRENT names none of them: both are older ones

    assert run_etl("build", data=own.data).returncode == 0
    assert examine(own) == Findings()


def test_what_a_restore_moved_aside_locks_and_leftovers_are_no_data(settings: Settings, tmp_path: Path) -> None:
    own = replace(settings, data=shutil.copytree(settings.data, tmp_path / "data"))
    for name in ("aside/20261122T000000000000/store/receipts/00000009.json", "writer.lock", "writer.txt", ".x.7.tmp"):
        path = own.store / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\xff")
    (own.store / "quarantine" / ("a" * 64)).mkdir()  # of a load that an earlier version of the program cut short

    assert examine(own) == Findings()


def test_a_list_of_issues_from_before_seals_is_noted_and_still_read(settings: Settings, tmp_path: Path) -> None:
    own = replace(settings, data=shutil.copytree(settings.data, tmp_path / "data"))
    issues = next(own.store.glob("quarantine/*/issues.json"))
    said = json.loads(issues.read_bytes())
    del said["receipt_sha256"]
    issues.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")

    found = examine(own)
    done = run_etl("verify", data=own.data)

    assert found.damage == [] and "chưa niêm phong" in found.notes[0]
    assert done.returncode == 0 and "Ghi chú: store/quarantine/" in done.stdout


def test_a_receipt_lost_at_the_end_is_told_by_the_snapshot(settings: Settings) -> None:
    last = sorted((settings.store / "receipts").glob("*.json"))[-1]

    with changed(last, None):
        (sentence,) = examine(settings).damage

    assert last.name in sentence and "python -m etl restore" in sentence


def test_a_frozen_copy_whose_record_is_lost_is_found_but_not_one_of_a_freeze_cut_short(settings: Settings) -> None:
    record = next((settings.store / "frozen").glob("*.json"))
    begun = record.with_name(f".{record.stem}.begun")

    with changed(record, None):
        (sentence,) = examine(settings).damage
        begun.touch()
        cut_short = examine(settings)
        begun.unlink()

    assert record.name in sentence
    assert cut_short == Findings() and frozen_path(settings.store, record.stem).exists()


def test_an_empty_line_between_lines_of_the_audit_trail_is_no_damage(settings: Settings) -> None:
    trail = settings.data / "audit" / "2026-11.jsonl"

    with changed(trail, trail.read_bytes().replace(b"\n", b"\n\n", 1)):
        assert examine(settings) == Findings()


def test_a_line_of_the_audit_trail_that_is_being_written_is_no_damage(settings: Settings) -> None:
    trail = settings.data / "audit" / "2026-11.jsonl"

    with changed(trail, trail.read_bytes() + b'{"what'):
        found = examine(settings)

    assert found.damage == [] and "dòng 3" in found.notes[0]
