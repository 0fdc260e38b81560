"""The bench of coverage runs tests of its own and says which branches they took."""

import json
from pathlib import Path

from typer.testing import CliRunner

from bench.__main__ import app
from bench.coverage import Covered, places, share


def test_coverage_finds_the_branches_that_were_taken_and_fails_with_the_tests(tmp_path: Path) -> None:
    failing, file = tmp_path / "test_wrong.py", tmp_path / "found.json"
    failing.write_text("def test_wrong():\n    assert False\n", encoding="utf-8")

    done = CliRunner().invoke(
        app, ["coverage", "tests/test_counts.py", str(failing), "--jobs", "0", "--json", str(file)]
    )

    assert done.exit_code == 1
    assert "Nhánh đã đi qua: " in done.output
    assert "Kiểm thử kết thúc với mã 1" in done.output
    found = {one["file"]: one for one in json.loads(file.read_text(encoding="utf-8"))["files"]}
    counts, statistics = found["etl/counts.py"], found["etl/statistics.py"]
    assert (counts["taken"], counts["lines"], counts["branches"]) == (counts["all_branches"], [], [])
    assert counts["taken"] > 40
    assert statistics["taken"] == 0
    assert len(statistics["lines"]) == statistics["statements"]


def test_what_was_not_run_is_said_in_ranges_and_by_where_a_branch_leads() -> None:
    one = Covered("etl/a.py", 9, 6, 4, (3, 4, 5, 9), ((2, 3), (7, -1)))

    assert places(one) == ("3-5, 9", "2→3, 7→ra")
    assert (share(1, 8), share(0, 0)) == ("12,5 %", "không có gì để đo")
