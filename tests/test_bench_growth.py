"""The benches of loading and of growth run, in their smallest sizes, and put what they measured beside the targets."""

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bench.__main__ import app
from bench.growth import Cost, Size, rows_of
from bench.screens import Reruns


def measured(folder: Path, *arguments: str) -> dict[str, list[dict[str, object]]]:
    done = CliRunner().invoke(app, [*arguments, "--json", str(folder / "found.json")])
    assert done.exit_code == 0, done.output
    found: dict[str, list[dict[str, object]]] = json.loads((folder / "found.json").read_text(encoding="utf-8"))
    return found


def test_load_is_measured_beside_calamine_and_pandas(tmp_path: Path) -> None:
    found = measured(tmp_path, "load", "--files", "3", "--times", "1")

    rows = found["rows"]
    assert [row["most_times"] for row in rows[:2]] == [6.0, 1 / 3]
    assert all(row["measured"] and row["other"] for row in rows[:3])
    assert rows[-1]["most"] == 1.0


@pytest.mark.skipif(sys.platform == "win32", reason="memory of a finished process is known on POSIX only")
def test_growth_is_measured_from_the_load_to_a_page(tmp_path: Path) -> None:
    found = measured(tmp_path, "growth", "--scales", "1", "--pages", "tu_dien", "--times", "1", "--small", "3")

    assert [row["what"] for row in found["rows"]] == [
        "×1 nạp",
        "×1 nạp: bộ nhớ",
        "×1 dựng lại",
        "×1 dựng lại: bộ nhớ",
        "×1 dựng từ kho, không còn gì của kho số liệu",
        "×1 dựng từ kho, không còn gì của kho số liệu: bộ nhớ",
        "×1 bản số liệu",
        "×1 tu_dien, lựa chọn mới",
        "×1 tu_dien, lại",
        "dựng từ các tệp nhỏ",
        "dựng lại, khi số liệu đã gộp (từ các tệp nhỏ)",
    ]
    assert all(row["measured"] for row in found["rows"])


def test_a_build_may_grow_as_the_data_does_and_a_page_by_a_third() -> None:
    def size(provinces: int, seconds: float, page: float) -> Size:
        cost = Cost(seconds, seconds, 100.0)
        return Size(provinces, 464 * provinces, cost, cost, cost, 10.0, [Reruns("nam", [page], [page])])

    rows = {
        row.what: row.is_reached for row in rows_of([size(1, 1.0, 50.0), size(10, 10.0, 60.0), size(100, 110.0, 70.0)])
    }

    assert (rows["×10 dựng lại"], rows["×100 dựng lại"]) == (True, False)
    assert (rows["×10 nam, lại"], rows["×100 nam, lại"]) == (True, False)
    assert rows["×100 nạp: bộ nhớ"] is True
