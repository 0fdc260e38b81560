"""The benches of screens, hall and start run at their smallest and say what they measured beside its target."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import run
from bench.__main__ import app
from bench.browser import chromium
from bench.report import Row, said
from bench.screens import APPS, COLD, WARM, Seen, rows_of, visit
from bench.served import OURS, staged
from bench.sessions import session
from bench.speed import MEASURED, PAGE, page
from tests import warehouses


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with a published snapshot of three districts, which the benches find."""
    warehouses.publish(tmp_path / "data" / "sample" / "warehouse", warehouses.three_districts())
    monkeypatch.setenv("DVK_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def measured(tmp_path: Path, *arguments: str) -> dict[str, Any]:
    """Run a bench and return what it wrote as JSON."""
    done = CliRunner().invoke(app, [*arguments, "--json", str(tmp_path / "found.json")], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert "mục tiêu" in done.output
    return json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))


@pytest.mark.browser
def test_a_visit_takes_the_times_of_heading_chart_and_three_choices_in_a_browser(data: Path) -> None:
    with chromium() as browser, staged() as stage, stage.serving(OURS) as server:
        first, choices = visit(browser, server)

    assert 0 < first.heading <= first.chart
    assert len(choices) == 3
    assert all(taken > 0 for taken in choices)
    assert not (data / "log").exists(), "the data folder is left as it was"


def test_the_first_screen_is_held_against_the_app_that_each_target_names() -> None:
    ours, title, tutorial = Seen([130], [400], [50]), Seen([100]), Seen([999], [500], [200])

    rows = rows_of(
        {(app, state): one for app, one in zip(APPS, (ours, title, tutorial), strict=True) for state in (COLD, WARM)}
    )

    assert [(row.times, row.most_times, row.is_reached) for row in rows] == [
        (1.3, 1.3, True),
        (0.8, 0.8, True),
        (0.25, 0.5, True),
    ] * 2


def test_screens_measures_the_runs_of_a_page_part_by_part_on_the_server(data: Path, tmp_path: Path) -> None:
    found = measured(tmp_path, "screens", "--times", "1", "--only", "may_chu", "--pages", "dia_ban")

    pages = [one["page"] for one in found["reruns"]]
    assert pages[0] == "dia_ban: Bản đồ"
    assert len(pages) > 3
    assert all(len(one["again"]) == 1 and not one["errors"] for one in found["reruns"])


def test_hall_lets_viewers_come_at_once_and_counts_what_goes_wrong(data: Path, tmp_path: Path) -> None:
    found = measured(tmp_path, "hall", "--sessions", "2", "--rounds", "2", "--actions", "1")

    ours, tutorial = found["halls"]["dashboard"][0], found["halls"]["tutorial"][0]
    assert (len(ours["first"]), len(ours["own_ways"]), ours["errors"]) == (2, 2, [])
    assert [len(one) for one in tutorial["choices"]] == [2, 2]
    assert sys.platform != "linux" or ours["memory"] > 50


async def opened(address: str, page: str) -> tuple[str, ...]:
    """Open a page by its link and return what went wrong."""
    viewer = await session(address)
    errors = (await viewer.open(page)).errors
    await viewer.socket.close()
    return errors


def test_a_session_sees_what_a_viewer_would_be_told_went_wrong(data: Path) -> None:
    with staged() as stage, stage.serving(OURS) as server:
        assert set(asyncio.run(opened(server.address, "khong_co_trang_nay"))) == {"there is no such page"}


def test_a_link_to_a_page_may_be_the_first_that_a_server_just_started_is_asked_for(data: Path) -> None:
    with staged() as stage, stage.serving(OURS) as server:
        assert asyncio.run(opened(server.address, "trinh_chieu")) == ()


@pytest.mark.skipif(
    not run.is_installed(run.VENV, run.ROOT / "requirements.lock"), reason="run.py has not set this environment up"
)
def test_start_measures_the_second_start_of_the_program_beside_streamlit_hello(data: Path, tmp_path: Path) -> None:
    found = measured(tmp_path, "start", "--times", "1")

    assert found["rows"][0]["most_times"] == 1.5
    assert len(found["run"]) == len(found["hello"]) == 1


def test_a_row_reaches_its_targets_only_when_it_reaches_all() -> None:
    assert Row("", "s", 1, measured=1.0, other=4.0, most=2.0, most_times=0.4).is_reached is True
    assert Row("", "s", 1, measured=1.9, other=4.0, most=2.0, most_times=0.4).is_reached is False
    assert Row("", "s", 1, measured=1.0).is_reached is None
    assert said(1234.5, "ms") == "1234 ms"
    assert said(1.26, "×") == "1,26 ×"


def test_all_benches_of_speed_are_put_on_one_page_part_by_part() -> None:
    machine = {"measured_on": "2026-11-23", "cores": 2, "system": "Linux-6"}
    row = {"what": "mở", "unit": "s", "n": 3, "measured": 1.5, "other": 1.0, "most": None, "most_times": 1.2}
    runs = {"page": "nam", "changed": [70.0, 50.0, 65.0], "again": [20.0, 10.0, 30.0]}

    text = page({"hall": machine | {"rows": {"30": [row]}}, "screens": machine | {"rows": [row], "reruns": [runs]}})

    assert "| 30: mở | 3 | 1,50 s | 1,00 s | 1,50 × | ≤ 1,20 × | chưa |" in text
    assert "| nam | 3 | 65 | 70 | 20 | chưa |" in text
    assert text.index("The first screen") < text.index("A hall of viewers")


def test_the_page_of_speed_is_what_was_measured_last() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(json.loads(MEASURED.read_text(encoding="utf-8")))
