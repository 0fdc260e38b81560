"""The bench of the flags, in short: it finds rules that name everybody or nobody, and its shipped result is whole."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.flags import BOUNDS, FALSE, FOUND, Row, run, write_csv
from bench.provinces import SCENARIOS, Frame, make_frame
from etl.build import build, open_read_only
from etl.catalogue import Catalogue
from etl.flags import RULES
from etl.flags.flag import LEVELS
from etl.store import Store

PROVINCES = 30
BRIEFLY = ("dao_dong", "tut_lai", "giam_dan", "trong_linh_vuc", "mien_nui")


@pytest.fixture(scope="module")
def frame(catalogue: Catalogue) -> Frame:
    return make_frame(catalogue)


@pytest.fixture(scope="module")
def rows(frame: Frame) -> list[Row]:
    return run(frame, [item for item in SCENARIOS if item.name in BRIEFLY], PROVINCES, seed=7)


def value(rows: Sequence[Row], scenario: str, rule: str, level: str = "", measure: str = FALSE) -> float:
    (row,) = (r for r in rows if (r.scenario, r.rule, r.level, r.measure) == (scenario, rule, level, measure))
    return row.value


def test_simulated_provinces_have_the_size_of_the_report(frame: Frame) -> None:
    assert frame.communes.shape == (18, 15)
    assert frame.expected.shape == (18, 4, 15)
    assert frame.expected.sum() == pytest.approx(6540)
    assert (frame.communes[:, 0].min(), frame.communes[:, 0].max()) == (7, 22)


@pytest.mark.parametrize(("rule", "level"), list(BOUNDS), ids=str)
def test_on_balanced_provinces_the_rules_name_hardly_anybody(rows: list[Row], rule: str, level: int) -> None:
    for scenario in ("dao_dong", "mien_nui"):
        assert value(rows, scenario, rule, LEVELS[level - 1]) <= 0.1 + 2 * BOUNDS[rule, level]


def test_on_the_same_provinces_rules_of_thumb_name_district_after_district(rows: list[Row]) -> None:
    assert 5 <= value(rows, "dao_dong", "duoi_80") <= 8
    assert value(rows, "dao_dong", "ba_cuoi") == 3
    assert value(rows, "dao_dong", "pheu_95_1") > 1.5
    assert 0.6 <= value(rows, "dao_dong", "pheu_998_1") + value(rows, "dao_dong", "pheu_998_3") <= 3


@pytest.mark.parametrize(
    ("scenario", "rule", "at_least"),
    [("tut_lai", "F3", 0.75), ("giam_dan", "F7", 0.25), ("trong_linh_vuc", "F2", 0.25), ("mien_nui", "F10", 0.6)],
)
def test_what_was_planted_is_found_at_the_level_of_a_warning(
    rows: list[Row], scenario: str, rule: str, at_least: float
) -> None:
    assert value(rows, scenario, rule, "canh_bao", FOUND) >= at_least


def test_a_worse_level_is_never_reached_more_often(rows: list[Row]) -> None:
    for rule in (rule.rule for rule in RULES if rule.kind == "TH"):
        for scenario in BRIEFLY:
            counted = [value(rows, scenario, rule, level) for level in LEVELS]
            assert counted == sorted(counted, reverse=True)


def test_the_same_seed_gives_the_same_rows_whatever_the_workers(frame: Frame) -> None:
    chosen = [item for item in SCENARIOS if item.name in ("tuong_quan", "dao_dong_linh_vuc")]

    alone, together = (run(frame, chosen, 3, seed=11, workers=workers) for workers in (1, 2))

    assert alone == together
    assert alone != run(frame, chosen, 3, seed=12)


# --- the shipped result


def test_the_shipped_result_holds_every_scenario_and_rule_and_stays_under_the_bounds(catalogue: Catalogue) -> None:
    shipped = catalogue.flag_bench
    tried = {(row.scenario, row.rule, row.level) for row in shipped if row.measure == FALSE}
    rules = [rule.rule for rule in RULES if rule.kind == "TH"]

    assert tried >= {(item.name, rule, level) for item in SCENARIOS for rule in rules for level in LEVELS}
    assert {row.provinces for row in shipped if row.bound is not None} == {1000}
    bounded = [row for row in shipped if row.bound is not None]
    balanced = [item for item in SCENARIOS if item.planted is None]
    assert len(bounded) == len(BOUNDS) * len(balanced)
    assert [row for row in bounded if row.bound is not None and row.value > row.bound] == []


def test_what_is_written_is_what_the_catalogue_reads(rows: list[Row], tmp_path: Path, catalogue: Catalogue) -> None:
    write_csv(tmp_path / "flag_bench.csv", rows)

    written = (tmp_path / "flag_bench.csv").read_text(encoding="utf-8").splitlines()

    shipped = (catalogue.folder / "flag_bench.csv").read_text(encoding="utf-8").splitlines()
    assert written[0] == shipped[0]
    assert len(written) == len(rows) + 1


def test_the_shipped_result_reaches_the_snapshot_and_without_returns_no_swing_is_known(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    build(tmp_path / "thu.duckdb", Store(tmp_path / "store"), catalogue)

    with open_read_only(tmp_path / "thu.duckdb") as connection:
        rows = connection.execute("SELECT scenario, rule, level, measure, value FROM dim_flag_bench").fetchall()
        swing = connection.execute("SELECT value FROM snapshot_info WHERE key = 'tau'").fetchall()
    shipped = [(row.scenario, row.rule, row.level, row.measure, row.value) for row in catalogue.flag_bench]
    assert rows == shipped
    assert swing == [(None,)]
