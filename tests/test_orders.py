"""The order in which files arrive never shows, except where a later return replaces an earlier one."""

import random
import shutil
from pathlib import Path

import pytest

from bench.table_digests import table_digests
from etl.catalogue import Catalogue, load_catalogue
from etl.publish import current, path_of, publish
from etl.sample import write_sample
from etl.settings import Settings
from etl.store import Store
from tests.files import ROOT, load, periodic, query, write_file

FILES = 300
ORDERS = 5


@pytest.fixture(scope="module")
def returns(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> list[Path]:
    """Return 300 files of the simulated sample, no unit and period twice."""
    folder = tmp_path_factory.mktemp("returns")
    write_sample(catalogue, folder)
    return random.Random(300).sample(sorted(folder.rglob("*.xlsx")), FILES)


def digests(data: Path) -> dict[str, str]:
    """Return the sha256 of every table of the current snapshot, exported with its rows sorted."""
    return table_digests(path_of(data / "warehouse", str(current(data / "warehouse"))))


def rebuilt(data: Path) -> Path:
    """Build the snapshot again from the store alone; return the data folder."""
    settings = Settings(data=data, catalogue=ROOT / "data" / "catalogue")
    shutil.rmtree(settings.warehouse)
    publish(settings.warehouse, Store(settings.store), load_catalogue(settings.catalogue))
    return data


def test_five_orders_of_the_same_files_give_the_same_tables(returns: list[Path], tmp_path: Path) -> None:
    found = []
    for number in range(ORDERS):
        order = random.Random(number).sample(returns, len(returns))
        answer = load(*order, data=tmp_path / str(number))
        assert "rejected" not in {file["status"] for file in answer["files"]}
        found.append(digests(tmp_path / str(number)))

    assert [digest for digest in found if digest != found[0]] == []
    assert query(tmp_path / "0", "SELECT count(*), count(DISTINCT (don_vi_id, from_year)) FROM core_return") == [
        (FILES, FILES)
    ]
    assert digests(rebuilt(tmp_path / "0")) == found[0]


def versions(folder: Path) -> list[Path]:
    """Write three versions of two units' return, and a compiled table that speaks for some of the same indicators."""
    files = []
    for number in range(3):
        for unit in ("Huyện Thăng Bình", "Thành phố Tam Kỳ"):
            sheets = periodic(unit)
            sheets["Biểu 02"][1][2] = 7 + number
            if number == 2:
                del sheets["Biểu 02"][3]  # the last version says nothing of conferences
            files.append(write_file(folder / f"{number} {unit}.xlsx", sheets))
    table = [
        ["TỔNG HỢP NĂM 2023"],
        ["TT", "Đơn vị", "Kinh tế", "Văn hóa - xã hội", "Quốc phòng - an ninh", "HTCT"],
        [1, "Tam Kỳ", 6, 2, 3, 9],
    ]
    return [*files[:3], write_file(folder / "tong_hop.csv", {"": table}), *files[3:]]


def test_versions_received_in_one_order_give_one_result_in_one_load_or_many(tmp_path: Path) -> None:
    files = versions(tmp_path / "in")
    load(*files, data=tmp_path / "at_once")
    for path in files:
        load(path, data=tmp_path / "one_by_one")

    at_once, one_by_one = digests(tmp_path / "at_once"), digests(tmp_path / "one_by_one")

    assert at_once == one_by_one
    assert digests(rebuilt(tmp_path / "at_once")) == at_once
    assert query(tmp_path / "at_once", "SELECT count(*), count(superseded_by) FROM core_return") == [(7, 3)]


def test_versions_received_in_another_order_give_another_result(tmp_path: Path) -> None:
    files = versions(tmp_path / "in")
    load(*files, data=tmp_path / "forward")
    load(*reversed(files), data=tmp_path / "backward")

    assert digests(tmp_path / "forward")["core_value"] != digests(tmp_path / "backward")["core_value"]
