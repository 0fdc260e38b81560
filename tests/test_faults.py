"""What readers are shown of a damaged snapshot, and that nothing acknowledged is lost when a command is cut short."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from dashboard import cli, frozen
from dashboard.ui.frame import open_once
from dashboard.warehouse import UnreadableSnapshotError, Warehouse, open_snapshot
from etl import build as building
from etl import decisions
from etl.catalogue import Catalogue
from etl.publish import current, publish
from etl.settings import Settings
from etl.store import Store
from tests import warehouses
from tests.files import COMPILED, ROOT, all_tables, load, periodic, query, run_etl, write_file
from tests.test_frozen import freeze_rows
from tests.test_pages import open_page, text_of

FIRST, SECOND, THIRD = (f"2026010{day}T080000000000-0000000{day}" for day in (1, 2, 3))


def flip(path: Path, place: float = 0.5) -> None:
    """Flip one bit at a place of a file, 0 its first byte and 1 its last."""
    content = bytearray(path.read_bytes())
    content[int(place * (len(content) - 1))] ^= 4
    path.write_bytes(content)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three snapshots of real returns; the last is current."""
    monkeypatch.setenv("DVK_DATA", str(tmp_path))
    for snapshot_id in (FIRST, SECOND, THIRD):
        rows = warehouses.three_districts(simulated=False)
        rows["snapshot_info"] = warehouses.info(returns=9, simulated=False, snapshot_id=snapshot_id)
        warehouses.publish(tmp_path / "warehouse", rows, snapshot_id)
    return tmp_path


def shown(data: Path, opener: Callable[[Path], Warehouse] = open_once) -> tuple[str, list[str]]:
    opened, notices = open_snapshot(data, opener)
    return opened.info["snapshot_id"], notices


# --- what readers are shown


@pytest.mark.parametrize("place", [0, 0.3, 0.6, 0.9, 1])
def test_one_flipped_bit_in_the_current_snapshot_shows_the_one_before_and_says_since_when(
    data: Path, place: float
) -> None:
    flip(data / "warehouse" / f"{THIRD}.duckdb", place)

    snapshot_id, (notice,) = shown(data)

    assert snapshot_id == SECOND
    assert notice.startswith(f"Bản số liệu mới nhất bị hỏng; đang dùng bản {SECOND}, dựng lúc 12/10/2024 ")
    assert "python -m etl verify" in notice


@pytest.mark.parametrize("damage", ["no seal", "flipped seal", "odd seal", "cut short", "empty"])
def test_a_snapshot_that_is_not_as_its_seal_says_is_not_shown(data: Path, damage: str) -> None:
    path = data / "warehouse" / f"{THIRD}.duckdb"
    seal = path.with_suffix(".sha256")
    match damage:
        case "no seal":
            seal.unlink()
        case "flipped seal":
            flip(seal)
        case "odd seal":
            seal.write_bytes(b"\xff\x00")
        case "cut short":
            path.write_bytes(path.read_bytes()[:-4096])
        case "empty":
            path.write_bytes(b"")

    snapshot_id, (notice,) = shown(data)

    assert snapshot_id == SECOND and "mới nhất bị hỏng" in notice


@pytest.mark.parametrize("pointer", [None, b"", b"\xff\x00", b"khong-co", b"../../x", b"a\x00b", THIRD[:-1].encode()])
def test_without_a_pointer_to_go_by_the_snapshot_published_last_is_shown_with_a_notice(
    data: Path, pointer: bytes | None
) -> None:
    target = data / "warehouse" / "CURRENT"
    target.unlink() if pointer is None else target.write_bytes(pointer)

    snapshot_id, (notice,) = shown(data)

    assert snapshot_id == THIRD and "Không tìm thấy bản số liệu mới nhất" in notice


def test_which_was_published_last_is_told_by_names_not_by_clocks(data: Path) -> None:
    (data / "warehouse" / f"{THIRD}.duckdb").unlink()
    os.utime(data / "warehouse" / f"{FIRST}.duckdb", (4e9, 4e9))

    assert shown(data)[0] == SECOND


def test_a_snapshot_damaged_while_it_is_open_is_not_shown_again_and_a_new_one_is(data: Path) -> None:
    before = shown(data)
    flip(data / "warehouse" / f"{THIRD}.duckdb")
    damaged = shown(data)
    rows = warehouses.three_districts(simulated=False)
    rows["snapshot_info"] = warehouses.info(returns=9, simulated=False, snapshot_id="20260104T080000000000-00000004")
    warehouses.publish(data / "warehouse", rows, "20260104T080000000000-00000004")

    assert before == (THIRD, [])
    assert damaged[0] == SECOND and damaged[1]
    assert shown(data) == ("20260104T080000000000-00000004", [])


def test_bits_that_rot_unseen_under_an_open_snapshot_are_found_when_a_query_meets_them(data: Path) -> None:
    path = data / "warehouse" / f"{THIRD}.duckdb"
    opened, _ = open_snapshot(data, open_once)
    before = path.stat()
    content = path.read_bytes()
    path.write_bytes(content[:12288] + bytes(byte ^ 4 for byte in content[12288:]))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    unseen = shown(data)

    with pytest.raises(duckdb.Error):
        opened.query("totals", from_year=2022, to_year=2024, don_vi_id=None, boundary_on=None)

    assert unseen == (THIRD, [])
    assert shown(data)[0] == SECOND


def test_the_screen_says_which_snapshot_stands_in_and_no_more_once_a_new_one_is_published(data: Path) -> None:
    flip(data / "warehouse" / f"{THIRD}.duckdb")
    damaged = open_page("tong_quan")
    (data / "warehouse" / "CURRENT").write_text(SECOND)
    mended = open_page("tong_quan")

    assert f"đang dùng bản {SECOND}" in text_of(damaged) and not damaged.exception and not damaged.error
    assert "đang dùng bản" not in text_of(mended)


def test_the_export_is_of_a_whole_snapshot_and_says_which(data: Path, tmp_path: Path) -> None:
    flip(data / "warehouse" / f"{THIRD}.duckdb")

    done = CliRunner().invoke(cli.app, ["export", "data", "-o", str(tmp_path / "ra.xlsx")])

    assert done.exit_code == 0
    assert f"đang dùng bản {SECOND}" in done.output and f"bản số liệu {SECOND})" in done.output


def test_simulated_figures_never_stand_in_for_damaged_real_ones(data: Path) -> None:
    warehouses.publish(data / "sample" / "warehouse", warehouses.three_districts(), "mau")
    before = warehouses.published_only()
    before["snapshot_info"] = warehouses.info(returns=0, simulated=False, snapshot_id=FIRST)
    (data / "warehouse" / f"{FIRST}.duckdb").unlink()
    warehouses.publish(data / "warehouse", before, FIRST)
    (data / "warehouse" / "CURRENT").write_text(THIRD)
    for snapshot_id in (SECOND, THIRD):
        flip(data / "warehouse" / f"{snapshot_id}.duckdb")
    older = shown(data)
    flip(data / "warehouse" / f"{FIRST}.duckdb")

    assert older[0] == FIRST and older[1]
    with pytest.raises(UnreadableSnapshotError):
        shown(data)


def test_a_store_whose_snapshots_are_all_gone_says_so_over_the_sample(tmp_path: Path) -> None:
    load(write_file(tmp_path / "a.xlsx", periodic()), data=tmp_path)
    warehouses.publish(tmp_path / "sample" / "warehouse", warehouses.three_districts(), "mau")
    shutil.rmtree(tmp_path / "warehouse")

    snapshot_id, (notice,) = shown(tmp_path)

    assert snapshot_id == "thu" and "python -m etl build" in notice


def test_a_frozen_snapshot_that_is_not_as_its_record_says_is_not_shown(tmp_path: Path, catalogue: Catalogue) -> None:
    freeze_rows(tmp_path, warehouses.one_district(), "Tổng duyệt", "ban-1", catalogue)
    (one,) = frozen.frozen_snapshots(tmp_path)
    assert frozen.open_frozen(one).path == one.path

    flip(one.path, 0.9)
    with pytest.raises(frozen.FrozenUnreadableError):
        frozen.open_frozen(one)
    record = one.path.with_suffix(".json")
    record.write_text(record.read_text(encoding="utf-8").replace("Tổng duyệt", "Tổng duyêt"), encoding="utf-8")
    assert frozen.frozen_snapshots(tmp_path) == []


# --- commands that are cut short


@pytest.fixture
def quick_build(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the catalogue's tables and the flags out of snapshots."""
    monkeypatch.setattr(building, "dimensions", lambda _: {})
    monkeypatch.setattr("etl.flags.flag_tables", lambda _: {})


@pytest.mark.usefixtures("quick_build")
def test_a_snapshot_built_after_the_clock_was_set_back_sorts_last(tmp_path: Path, catalogue: Catalogue) -> None:
    for name in ("29990101T000000000000-00000000", "20200101T000000000000-00000000", "thu"):
        (tmp_path / "warehouse").mkdir(exist_ok=True)
        (tmp_path / "warehouse" / f"{name}.duckdb").write_bytes(b"later")

    snapshot_id = publish(tmp_path / "warehouse", Store(tmp_path / "store"), catalogue)

    assert snapshot_id > "29990101T000000000000-00000000"
    assert current(tmp_path / "warehouse") == snapshot_id


def withdrawn(settings: Settings) -> int:
    return sum(receipt["kind"] == "withdrawn" for receipt in Store(settings.store).receipts)


@pytest.mark.usefixtures("quick_build")
def test_a_withdrawal_cut_short_is_finished_by_asking_again_and_refused_for_another_reason(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    settings = Settings(tmp_path / "data", catalogue.folder)
    answer = load(write_file(tmp_path / "a.csv", COMPILED), data=settings.data)
    ids = [found["return_id"] for found in answer["files"][0]["returns"]]
    Store(settings.store).withdraw(ids[0], "gửi nhầm")  # killed before the second one, and before publishing
    seen = query(settings.data, "SELECT count(*) FROM core_return")

    snapshot_id = decisions.withdraw(ids, "gửi nhầm", settings, catalogue)

    assert seen == [(2,)]
    assert current(settings.warehouse) == snapshot_id
    assert query(settings.data, "SELECT count(*) FROM core_return") == [(0,)]
    assert withdrawn(settings) == 2
    decisions.withdraw(ids, "gửi nhầm", settings, catalogue)
    assert withdrawn(settings) == 2
    with pytest.raises(decisions.Impossible, match="Kho không có báo cáo"):
        decisions.withdraw(ids, "lý do khác", settings, catalogue)


@pytest.mark.usefixtures("quick_build")
def test_closing_and_opening_a_year_cut_short_are_finished_by_asking_again(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    settings = Settings(tmp_path / "data", catalogue.folder)
    load(write_file(tmp_path / "a.csv", COMPILED), data=settings.data)
    for cut_short, again in (
        (lambda store: store.close_year(2023, "đã duyệt"), decisions.close_year),
        (lambda store: store.reopen_year(2023, "sửa"), decisions.reopen_year),
    ):
        cut_short(Store(settings.store))
        count = len(Store(settings.store).receipts)

        again(2023, "lại", settings, catalogue)

        assert len(Store(settings.store).receipts) == count
        with pytest.raises(decisions.Impossible):
            again(2023, "lần nữa", settings, catalogue)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
def test_a_disk_that_fills_up_while_building_is_told_in_a_sentence_and_readers_keep_what_they_had(
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    load(write_file(tmp_path / "a.xlsx", periodic()), data=data)
    before, tables = current(data / "warehouse"), all_tables(data)
    full = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))\n"
        "from etl.cli import app; app(['build'])"
    )

    done = subprocess.run(
        [sys.executable, "-c", full],
        cwd=ROOT,
        env={**os.environ, "DVK_DATA": str(data), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )

    assert done.returncode == 4
    assert "kiểm tra quyền ghi và chỗ trống" in done.stderr and "Traceback" not in done.stderr
    assert (current(data / "warehouse"), all_tables(data)) == (before, tables)
    assert run_etl("build", data=data).returncode == 0
    assert not list(data.rglob(".building*"))
    assert all_tables(data) == tables


def test_what_a_killed_writer_left_in_the_store_is_cleared_by_the_next(tmp_path: Path) -> None:
    data = tmp_path / "data"
    load(write_file(tmp_path / "a.csv", COMPILED), data=data)
    left = [
        data / "store" / ".original.csv.7.tmp",
        data / "store" / "receipts" / ".00000002.json.7.tmp",
        data / "store" / "frozen" / ".x.duckdb.7.tmp",
    ]
    for path in left:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"half")

    load(tmp_path / "a.csv", data=data)

    assert not any(path.exists() for path in left)


def test_what_goes_to_one_of_many_folders_is_filled_where_the_next_writer_looks_for_leftovers(tmp_path: Path) -> None:
    store = Store(tmp_path)
    file, sha256 = write_file(tmp_path / "a.csv", COMPILED), "0" * 64
    filled: list[Path] = []

    def fill(temporary: Path) -> None:
        filled.append(temporary)
        shutil.copyfile(file, temporary)

    (tmp_path / "files" / sha256).mkdir(parents=True)  # of a load that was cut short
    store._decide({"kind": "accepted", "sha256": sha256, "parsed_sha256": {}, "returns": []}, {"figures.parquet": fill})

    assert [path.parent for path in filled] == [tmp_path]
    assert (tmp_path / "files" / sha256 / "figures.parquet").read_bytes() == file.read_bytes()


def test_a_load_does_not_look_through_the_folders_of_stored_files(tmp_path: Path) -> None:
    data = tmp_path / "data"
    load(write_file(tmp_path / "a.csv", COMPILED), data=data)
    unseen = next((data / "store" / "files").iterdir()) / ".original.csv.7.tmp"
    unseen.write_bytes(b"half")

    load(tmp_path / "a.csv", data=data)

    assert unseen.exists()


# --- the bench, in short


@pytest.mark.strace
def test_faults_at_write_side_calls_flipped_bits_kills_and_readers_leave_all_well(tmp_path: Path) -> None:
    order = [sys.executable, "-m", "bench", "faults", "--short", "--json", str(tmp_path / "found.json")]

    done = subprocess.run(order, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")

    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
    assert {row["operation"] for row in found["calls"]["rows"]} >= {"load", "build", "withdraw", "freeze"}
    assert all(row["tried"] == row["survived"] == row["converged"] for row in found["calls"]["rows"])
    assert found["calls"]["tried"] >= 20
    assert found["flips"]["tried"] == found["flips"]["found"] == 24
    assert found["flips"]["current"] == found["flips"]["previous_served"] > 0
    assert found["kills"]["tried"] == found["kills"]["survived"] == found["kills"]["converged"] == 4
    assert (found["reads"]["reads"], found["reads"]["torn"], found["reads"]["stale"], found["reads"]["wrong"]) == (
        300,
        0,
        0,
        0,
    )
