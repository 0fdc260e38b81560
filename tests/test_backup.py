"""Backups hold all that cannot be made again; a restore brings it back, loses nothing and can be cut short anywhere."""

import hashlib
import json
import os
import random
import shutil
import stat
import subprocess
import sys
import time
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bench.drill import drill
from bench.table_digests import table_digests
from etl import backup as backing_up
from etl import build as building
from etl.backup import make_backup
from etl.backup_file import MANIFEST, DamagedBackup, read_backup
from etl.catalogue import Catalogue
from etl.decisions import Impossible, close_year
from etl.publish import current, path_of, publish
from etl.receipts import DamagedStore, json_bytes, sealed
from etl.restore import TO_DO, restore
from etl.settings import Settings
from etl.store import Store, digest_of
from etl.verify import Findings, examine
from tests.files import ROOT, load, periodic, run_etl, write_file
from tests.test_store import Killed, keep_and_publish, kill_at, year_table
from tests.test_verify import LOCKS, flipped, full


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> tuple[Settings, Path]:
    """A data folder with everything in it, and its backup."""
    folder = tmp_path_factory.mktemp("whole")
    settings = full(folder, catalogue)
    make_backup(settings, folder / "backup.zip")
    return settings, folder / "backup.zip"


@pytest.fixture
def settings(whole: tuple[Settings, Path], tmp_path: Path) -> Settings:
    """A copy of the data folder to harm."""
    return replace(whole[0], data=shutil.copytree(whole[0].data, tmp_path / "data"))


@pytest.fixture
def backup(whole: tuple[Settings, Path]) -> Path:
    """The backup; nobody writes to it."""
    return whole[1]


@pytest.fixture
def light_builds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Snapshots without catalogue and flags, for what is not about them."""
    monkeypatch.setattr(building, "dimensions", lambda _: {})
    monkeypatch.setattr("etl.flags.flag_tables", lambda _: {})


def digests(folder: Path) -> dict[str, str]:
    """Return the sha256 of every file of the store and of the audit trail, apart from what was set aside."""
    paths = [path for name in ("store", "audit") for path in (folder / name).rglob("*") if path.is_file()]
    names = {path.relative_to(folder).as_posix(): path for path in paths if path.name not in LOCKS}
    return {name: digest_of(path) for name, path in names.items() if not name.startswith("store/aside/")}


def tables(settings: Settings) -> dict[str, str]:
    return table_digests(path_of(settings.warehouse, str(current(settings.warehouse))))


def test_into_an_empty_folder_everything_comes_back(whole: tuple[Settings, Path], backup: Path, tmp_path: Path) -> None:
    made = run_etl("backup", tmp_path / "b.zip", data=whole[0].data)
    done = run_etl("restore", tmp_path / "b.zip", data=tmp_path / "data")
    own = replace(whole[0], data=tmp_path / "data")

    assert (made.returncode, done.returncode) == (0, 0), done.stderr
    assert f"sha256: {digest_of(tmp_path / 'b.zip')}" in made.stdout and "Đã sao lưu 5 biên nhận" in made.stdout
    assert "kho có 5 biên nhận" in done.stdout
    assert digests(own.data) == digests(whole[0].data)
    assert tables(own) == tables(whole[0])
    assert examine(own) == Findings()


@pytest.mark.parametrize("seed", [1, 2])
def test_half_lost_and_some_damaged_is_repaired_in_place_and_what_was_damaged_is_kept_aside(
    seed: int, settings: Settings, backup: Path, catalogue: Catalogue
) -> None:
    before, rng = digests(settings.data), random.Random(seed)
    harmed = rng.sample(sorted(before), len(before) * 2 // 3)
    for name in harmed[::2]:
        (settings.data / name).unlink()
    for name in harmed[1::2]:
        (settings.data / name).write_bytes(b"rotten " + (settings.data / name).read_bytes())

    done = restore(backup, settings, catalogue)

    after = digests(settings.data)
    audit = {name for name in before if name.startswith("audit/")}  # one that says otherwise is left for a person
    assert {name: after[name] for name in before if name not in audit} == {
        name: digest for name, digest in before.items() if name not in audit
    }
    assert done.aside is not None
    for name in set(harmed[1::2]) - audit:
        assert (done.aside / name).read_bytes().startswith(b"rotten ")


def test_a_whole_store_is_left_as_it_is(settings: Settings, backup: Path, catalogue: Catalogue) -> None:
    before, snapshot_id = digests(settings.data), current(settings.warehouse)

    done = restore(backup, settings, catalogue)

    assert (done.files, done.aside, done.again, done.snapshot_id) == (0, None, [], snapshot_id)
    assert digests(settings.data) == before


def test_what_is_newer_and_whole_stays(settings: Settings, backup: Path, catalogue: Catalogue, tmp_path: Path) -> None:
    load(write_file(tmp_path / "moi.xlsx", periodic(year=2022)), data=settings.data)
    before, shown = digests(settings.data), tables(settings)
    for number in (1, 2, 4):
        (settings.store / "receipts" / f"{number:08}.json").unlink()
    shutil.rmtree(settings.warehouse)

    done = restore(backup, settings, catalogue)

    assert (done.receipts, done.newer, done.again) == (6, 1, [])
    assert (digests(settings.data), tables(settings)) == (before, shown)


def test_what_is_newer_but_has_a_gap_before_it_is_set_aside_and_can_be_loaded_again(
    settings: Settings, backup: Path, catalogue: Catalogue, tmp_path: Path
) -> None:
    for year in (2022, 2021):
        load(write_file(tmp_path / f"thang_binh_{year}.xlsx", periodic(year=year)), data=settings.data)
    close_year(2021, "đã duyệt", settings, catalogue)
    (settings.store / "receipts" / "00000006.json").write_bytes(b"{")
    shown = {name for name in digests(settings.data) if "files/" in name}

    done = restore(backup, settings, catalogue)

    assert (done.receipts, done.newer, len(done.again)) == (5, 0, 3)
    assert "khóa lại năm 2021" in done.again[2] and "thang_binh_2021.xlsx" in done.again[1]
    assert examine(settings) == Findings()
    assert done.aside is not None and done.lists == [done.aside / TO_DO]
    answer = load(done.aside / "load_again", data=settings.data)
    assert [Path(item["path"]).name for item in answer["files"]] == ["thang_binh_2021.xlsx"]
    assert [item["status"] for item in answer["files"]] == ["accepted"]
    assert {name for name in digests(settings.data) if "files/" in name} == shown


def test_a_newer_receipt_without_its_files_is_listed_for_asking_again(
    settings: Settings, backup: Path, catalogue: Catalogue, tmp_path: Path
) -> None:
    load(write_file(tmp_path / "moi.xlsx", periodic(year=2022)), data=settings.data)
    receipt = Store(settings.store).receipts[-1]
    shutil.rmtree(settings.store / "files" / receipt["sha256"])

    done = restore(backup, settings, catalogue)

    assert done.again == ["Biên nhận 00000006.json: mất “moi.xlsx”, xin lại đơn vị rồi nạp"]
    assert examine(settings) == Findings()


def test_another_history_is_refused_and_nothing_changes(settings: Settings, backup: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    load(write_file(tmp_path / "x.xlsx", periodic("Hội An")), data=other)
    simulated = year_table(4)
    simulated["Tổng hợp"].insert(0, ["DỮ LIỆU MÔ PHỎNG"])
    load(write_file(tmp_path / "s.csv", simulated), data=tmp_path / "sample")
    shutil.rmtree(tmp_path / "sample" / "store" / "receipts")  # nothing left to compare but the snapshot

    for data, reason in ((other, "không phải kho đã sao lưu"), (tmp_path / "sample", "mô phỏng")):
        before = digests(data)
        done = run_etl("restore", backup, data=data)
        assert (done.returncode, digests(data)) == (2, before)
        assert reason in done.stderr and "DVK_DATA" in done.stderr


def test_a_flipped_bit_or_a_cut_is_refused_or_harmless(
    backup: Path, settings: Settings, tmp_path: Path, catalogue: Catalogue
) -> None:
    content, rng, refused = backup.read_bytes(), random.Random(5), 0
    expected, harmed = read_backup(backup).digests, tmp_path / "harmed.zip"
    cuts = [content[:n] for n in (0, 1, 1000, len(content) // 2, len(content) - 1)]
    for damaged in [*cuts, *(flipped(content, rng.randrange(len(content)), rng.randrange(8)) for _ in range(150))]:
        harmed.write_bytes(damaged)
        try:
            assert read_backup(harmed).digests == expected  # the zip's own dates and the like hold no data
        except DamagedBackup:
            refused += 1
    assert refused >= len(cuts) + 100

    before = digests(settings.data)
    harmed.write_bytes(cuts[3])
    with pytest.raises(DamagedBackup):
        restore(harmed, settings, catalogue)
    done = run_etl("restore", harmed, data=settings.data)
    assert (done.returncode, digests(settings.data)) == (4, before)
    assert "Chưa có gì trong kho bị thay đổi" in done.stderr and "Traceback" not in done.stderr


def rewritten(backup: Path, target: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    """Write a backup anew with other files and a manifest that is true of them."""
    with zipfile.ZipFile(backup) as book:
        files = {name: book.read(name) for name in book.namelist()}
        manifest = json.loads(files.pop(MANIFEST))
    change(files)
    told = [
        {"path": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in files.items()
    ]
    del manifest["receipt_sha256"]
    with zipfile.ZipFile(target, "w") as book:
        for name, content in files.items():
            book.writestr(zipfile.ZipInfo(name), content)
        book.writestr(MANIFEST, json_bytes(sealed(manifest | {"files": told})))
    return target


@pytest.mark.parametrize(
    "name",
    [
        "../ngoai.json",
        "/etc/ngoai.json",
        "store/receipts/../../ngoai.json",
        "C:\\ngoai.json",
        "store/frozen/..\\..\\ngoai.json",
        "store/writer.lock",
        f"store/files/{'0' * 64}/original.xlsx:x",
        "warehouse/CURRENT",
        f"store/files/{'0' * 64}/original.xlsx",
    ],
)
def test_names_that_are_none_of_a_store_are_refused(name: str, backup: Path, tmp_path: Path) -> None:
    harmed = rewritten(backup, tmp_path / "b.zip", lambda files: files.update({name: b"x"}))

    with pytest.raises(DamagedBackup, match=r"không phải tệp của một kho|không biên nhận nào nói tới"):
        read_backup(harmed)


def test_links_twins_and_lost_or_exchanged_files_are_refused(backup: Path, tmp_path: Path) -> None:
    names = list(read_backup(backup).digests)
    for start in ("store/files", "store/quarantine", "store/frozen", "store/receipts"):
        lost = next(name for name in names if name.startswith(start))
        with pytest.raises(DamagedBackup):
            read_backup(rewritten(backup, tmp_path / "b.zip", lambda files, lost=lost: files.pop(lost)))
        with pytest.raises(DamagedBackup):
            read_backup(rewritten(backup, tmp_path / "b.zip", lambda files, lost=lost: files.update({lost: b"x"})))
    link = zipfile.ZipInfo("audit/lien_ket.jsonl")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    twin = zipfile.ZipInfo("audit/2026-11.jsonl")
    for entry in (link, twin):
        shutil.copy(backup, tmp_path / "b.zip")
        with warnings.catch_warnings(), zipfile.ZipFile(tmp_path / "b.zip", "a") as book:
            warnings.simplefilter("ignore")  # that the name is there already
            book.writestr(entry, b"/etc/passwd")
        with pytest.raises(DamagedBackup, match=r"không phải tệp của một kho|cùng tên"):
            read_backup(tmp_path / "b.zip")


def test_a_damaged_store_is_not_backed_up_and_the_file_is_named(settings: Settings, tmp_path: Path) -> None:
    receipt = Store(settings.store).receipts[0]
    harms = [
        settings.store / "files" / receipt["sha256"] / "figures.parquet",
        next(settings.store.glob("quarantine/*/issues.json")),
        next(settings.store.glob("frozen/*.duckdb")),
        settings.store / "receipts" / "00000005.json",
    ]
    for number, path in enumerate(harms):
        content = path.read_bytes()
        path.unlink() if number == 3 else path.write_bytes(flipped(content, len(content) // 2, 3))
        done = run_etl("backup", tmp_path / "b.zip", data=settings.data)
        path.write_bytes(content)
        assert done.returncode == 4 and path.name in done.stderr and "verify" in done.stderr
        assert not list(tmp_path.glob("*b.zip*"))


def test_a_file_that_is_there_and_the_data_folder_are_no_place_for_a_backup(settings: Settings, tmp_path: Path) -> None:
    there = tmp_path / "b.zip"
    there.write_bytes(b"kept")

    with pytest.raises(Impossible, match="--force"):
        make_backup(settings, there)
    with pytest.raises(Impossible, match="nơi khác"):
        make_backup(settings, settings.store / "b.zip")
    assert there.read_bytes() == b"kept"
    assert run_etl("backup", there, "--force", data=settings.data).returncode == 0
    assert len(read_backup(there).receipts) == 5
    assert run_etl("restore", tmp_path / "khong_co.zip", data=settings.data).returncode == 2


def test_audit_files_are_only_ever_made_longer(settings: Settings, backup: Path, catalogue: Catalogue) -> None:
    trail = settings.data / "audit" / "2026-11.jsonl"
    content = trail.read_bytes()
    for here, there in (
        (content + b'{"what": "them"}\n', None),
        (content.splitlines(keepends=True)[0], content),
    ):
        trail.write_bytes(here)
        assert restore(backup, settings, catalogue).again == []
        assert trail.read_bytes() == (there or here)
    trail.write_bytes(b'{"what": "other"}\n')
    (said,) = restore(backup, settings, catalogue).again
    assert trail.read_bytes() == b'{"what": "other"}\n'
    assert Path(said.split("bản kia ở ")[1]).read_bytes() == content


def test_killed_at_any_step_a_restore_is_finished_by_the_next(
    tmp_path: Path, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, light_builds: None
) -> None:
    before, backup = Settings(tmp_path / "before", catalogue.folder), tmp_path / "b.zip"
    for name in ("a.csv", "bc.csv"):
        keep_and_publish(before, catalogue, write_file(tmp_path / name, year_table(len(name))))
    make_backup(before, backup)
    whole, shown = digests(before.data), tables(before)
    (before.store / "receipts" / "00000001.json").unlink()
    for path in (before.store / "receipts" / "00000002.json", *before.store.glob("files/*/figures.parquet")):
        path.write_bytes(b"rotten")
    next(before.store.glob("files/*/original.csv")).unlink()
    ended, step = False, 0
    while not ended:
        step += 1
        settings = replace(before, data=shutil.copytree(before.data, tmp_path / f"{step}"))
        with monkeypatch.context() as patches:
            kill_at(step, patches)
            try:
                restore(backup, settings, catalogue)
                ended = True
            except Killed:
                pass
        restore(backup, settings, catalogue)
        assert (digests(settings.data), tables(settings)) == (whole, shown)
        assert examine(settings).damage == []
        aside = [path.read_bytes() for path in settings.store.glob("aside/**/*") if path.is_file()]
        assert aside.count(b"rotten") >= 3  # nothing that stood there is gone
        shutil.rmtree(settings.data)
    assert step > 15


def test_every_backup_made_while_another_process_loads_restores_to_a_prefix_of_its_receipts(
    tmp_path: Path, catalogue: Catalogue, light_builds: None
) -> None:
    settings = Settings(tmp_path / "data", catalogue.folder)
    load(write_file(tmp_path / "first.xlsx", periodic(year=2010)), data=settings.data)
    for number in range(20):
        unit, year = ("Tam Kỳ", "Hội An")[number % 2], 2012 + number // 2
        write_file(tmp_path / "in" / f"{number:02}.xlsx", periodic(unit, year))
    loading = subprocess.Popen(
        [sys.executable, "-m", "etl", "load", str(tmp_path / "in")],
        cwd=ROOT,
        env={**os.environ, "DVK_DATA": str(settings.data)},
        stdout=subprocess.DEVNULL,
    )
    backups = []
    while loading.poll() is None or len(backups) < 2:
        held = len(list((settings.store / "receipts").glob("[0-9]*.json")))
        if not backups or held != backups[-1][1] or loading.poll() is not None:
            backups.append((tmp_path / f"{len(backups)}.zip", held))
            make_backup(settings, backups[-1][0])
        time.sleep(0.01)
    assert loading.returncode == 0
    make_backup(settings, tmp_path / "last.zip")

    for number, file in enumerate([path for path, _ in backups] + [tmp_path / "last.zip"]):
        own = replace(settings, data=tmp_path / f"restored_{number}")
        receipts = restore(file, own, catalogue).receipts
        assert examine(own) == Findings()
        prefix = replace(settings, data=tmp_path / f"prefix_{number}")
        shutil.copytree(settings.store / "files", prefix.store / "files")
        for path in sorted((settings.store / "receipts").glob("*.json"))[:receipts]:
            (prefix.store / "receipts").mkdir(exist_ok=True)
            shutil.copy(path, prefix.store / "receipts")
        publish(prefix.warehouse, Store(prefix.store), catalogue)
        assert tables(own) == tables(prefix)
    assert receipts == 21


def test_a_file_replaced_while_it_is_backed_up_is_read_again(settings: Settings, tmp_path: Path) -> None:
    receipt = Store(settings.store).receipts[0]
    path = settings.store / "files" / receipt["sha256"] / "figures.parquet"
    content = path.read_bytes()
    path.write_bytes(b"half")
    waited = []

    def settle(_: float) -> None:
        waited.append(path.write_bytes(content))

    with pytest.MonkeyPatch.context() as patches:
        patches.setattr(backing_up.time, "sleep", settle)
        made = make_backup(settings, tmp_path / "b.zip")
        patches.setattr(backing_up.time, "sleep", lambda _: None)
        path.write_bytes(b"half")
        with pytest.raises(DamagedStore, match=r"figures\.parquet"):
            make_backup(settings, tmp_path / "c.zip")

    assert (made.receipts, len(waited)) == (5, 1)


def test_the_drill_finds_every_table_identical(tmp_path: Path, catalogue: Catalogue) -> None:
    found = drill(tmp_path, catalogue, files=8, seed=7)

    assert found.is_passed and found.lost > 10 and found.seen > 5
    assert len(found.tables) > 25
