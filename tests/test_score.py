"""The "Cần hỗ trợ" score: who is ranked, what the draws say, and that silence never helps anybody."""

import csv
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.flags import all_flags, score, scores
from etl.flags.facts import RECOGNISED, District, Facts, FloatArray, ordered
from etl.flags.flag import Flag
from etl.flags.score import LABELS, LACKS_FIGURES, LACKS_RETURNS, NEEDS_SUPPORT, NOT_TOLD_APART, TO_WATCH
from tests.facts import FIELDS, THRESHOLDS, level_districts, province
from tests.files import load, query, run_etl, write_file

PARTS = ("mo_hinh", "xa_co_mo_hinh", "o_linh_vuc", "kiem_tra", "hoi_nghi", "khen_thuong")
BADNESS = {LACKS_RETURNS: 3, NEEDS_SUPPORT: 2, TO_WATCH: 1, NOT_TOLD_APART: 0, LACKS_FIGURES: 0}
quick = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])


def full_province(
    size: int = 18, length: int = 8, *, weak: float = 1.0, seed: int = 1, last_year: int = 2024, draws: float = 2000
) -> Facts:
    """Return a balanced province with every indicator, the first district at `weak` times the level of the others."""
    random = np.random.default_rng(seed)
    level = np.array([weak, *[1.0] * (size - 1)])
    communes = random.integers(8, 20, size).astype(float)

    def counts(rate: float) -> FloatArray:
        return random.poisson(rate * (communes * level)[:, None], (size, length)).astype(float)

    recognised = counts(2.0)
    split = [[random.multinomial(int(count), (0.3, 0.4, 0.2, 0.1)) for count in row] for row in recognised]
    covered = np.broadcast_to(np.floor(communes * np.minimum(1, level * 0.95))[:, None], recognised.shape)
    return province(
        recognised,
        communes=communes.tolist(),
        last_year=last_year,
        by_field={RECOGNISED: np.array(split, dtype=float).transpose(0, 2, 1)},
        totals={
            "xa_co_mo_hinh": covered.copy(),
            "kiem_tra": counts(0.5),
            "hoi_nghi": counts(0.3),
            "mo_hinh_khen_thuong": random.binomial(recognised.astype(int), 0.2).astype(float),
        },
        thresholds={"score_draws": draws},
    )


def without(facts: Facts, index: int, year: int, indicators: Sequence[str] = ()) -> Facts:
    """Return the facts as if a district had never given some indicators of a year; all of them unless named."""
    place = facts.years.index(year)

    def left(tables: dict[str, FloatArray]) -> dict[str, FloatArray]:
        found = {key: figures.copy() for key, figures in tables.items()}
        for key in indicators or found:
            if key in found:
                found[key][index, ..., place] = np.nan
        return found

    return shortened(replace(facts, totals=left(dict(facts.totals)), by_field=left(dict(facts.by_field))))


def shortened(facts: Facts) -> Facts:
    """Return the facts from the first year in which anything is known to the last, as a snapshot has them."""
    known = np.any([~np.isnan(figures).all(axis=0) for figures in facts.totals.values()], axis=0)
    if not known.any():
        return facts
    kept = list(range(np.flatnonzero(known)[0], np.flatnonzero(known)[-1] + 1))
    return replace(
        facts,
        years=tuple(facts.years[place] for place in kept),
        existed=facts.existed[:, kept],
        communes=facts.communes[:, kept],
        totals={key: figures[:, kept] for key, figures in facts.totals.items()},
        by_field={key: figures[:, :, kept] for key, figures in facts.by_field.items()},
    )


def scored(facts: Facts, reasons: Sequence[Flag] | None = None) -> dict[str, dict[str, Any]]:
    """Return the rows of `district_score` by district; the rules' own flags are the reasons unless some are given."""
    tables = scores(facts) if reasons is None else score.tables(facts, reasons, {"F3": "Tỷ lệ mô hình thấp"})
    return {row["don_vi_id"]: row for row in tables.get("district_score", [])}


def parts_of(facts: Facts, unit: str) -> dict[str, dict[str, Any]]:
    return {row["part"]: row for row in scores(facts)["score_indicator"] if row["don_vi_id"] == unit}


def low_rate(unit: str, kind: Any = "TH", level: Any = "canh_bao") -> Flag:
    return Flag("F3", kind, level, "", "", "", "", don_vi_id=unit)


# --- who is ranked


def test_a_district_that_owes_a_return_has_no_rank_and_the_return_is_named() -> None:
    row = scored(without(full_province(), 4, 2021))["huyen_4"]

    assert (row["label"], row["score_mid"], row["rank_mid"], row["p_lowest_six"]) == (LACKS_RETURNS, None, None, None)
    assert "báo cáo năm 2021" in row["reason"]


def test_a_district_that_left_out_an_indicator_others_gave_has_no_rank_and_the_indicator_is_named() -> None:
    row = scored(without(full_province(), 4, 2023, ["hoi_nghi"]))["huyen_4"]

    assert (row["label"], row["rank_mid"]) == (LACKS_RETURNS, None)
    assert "“Hội nghị mỗi xã mỗi năm” năm 2023" in row["reason"]


def test_an_indicator_that_nobody_reports_drops_out_for_all_and_the_weights_still_sum_to_one() -> None:
    facts = full_province()
    blank = np.full(facts.communes.shape, np.nan)
    parts = parts_of(replace(facts, totals={**facts.totals, "xa_co_mo_hinh": blank}), "huyen_1")

    weights = {name: row["weight"] for name, row in parts.items()}
    assert weights.pop("xa_co_mo_hinh") is None and parts["xa_co_mo_hinh"]["score"] is None
    assert weights == pytest.approx(
        {"mo_hinh": 0.3125, "o_linh_vuc": 0.125, "kiem_tra": 0.1875, "hoi_nghi": 0.1875, "khen_thuong": 0.1875}
    )


def test_with_too_few_districts_nobody_is_ranked_and_nothing_is_claimed() -> None:
    rows = scored(full_province(size=9))

    assert {row["label"] for row in rows.values()} == {LACKS_FIGURES}
    assert {row["rank_mid"] for row in rows.values()} == {None}
    assert all("10 huyện" in row["reason"] for row in rows.values())


def test_a_district_founded_within_the_window_lacks_figures_not_returns() -> None:
    facts = full_province()
    facts.existed[3, :-1] = False

    row = scored(facts)["huyen_3"]

    assert (row["label"], row["rank_mid"]) == (LACKS_FIGURES, None)


def test_a_district_that_is_gone_is_not_listed() -> None:
    facts = full_province()
    facts.existed[3, -1] = False

    assert "huyen_3" not in scored(facts)


def test_without_a_single_return_there_are_no_rows() -> None:
    assert scores(province(np.full((18, 3), np.nan))) == {}


# --- what the draws say


def test_districts_that_are_all_alike_have_one_score_and_the_same_even_chance_of_the_lowest_six() -> None:
    rows = scored(province(level_districts(length=8), by_field={RECOGNISED: np.full((18, 4, 8), 5.0)})).values()

    assert [row["p_lowest_six"] for row in rows] == pytest.approx([1 / 3] * 18)
    assert {row["label"] for row in rows} == {NOT_TOLD_APART}
    assert len({(row["score_mid"], row["rank_low"], row["rank_high"]) for row in rows}) == 1


def test_in_a_balanced_province_rank_intervals_are_wide_and_nobody_needs_support() -> None:
    labels, widths = [], []
    for seed in range(8):
        rows = scored(full_province(seed=seed)).values()
        labels += [row["label"] for row in rows]
        widths += [row["rank_high"] - row["rank_low"] for row in rows]

    assert NEEDS_SUPPORT not in labels
    assert labels.count(NOT_TOLD_APART) > 0.85 * len(labels)
    assert np.median(widths) >= 13


def test_a_district_at_a_third_of_the_others_level_needs_support_and_the_flags_that_say_why_are_named() -> None:
    row = scored(full_province(weak=0.33))["huyen_0"]

    assert row["label"] == NEEDS_SUPPORT
    assert row["p_lowest_six"] >= 0.8
    assert row["rank_high"] == 18
    assert "nhiều khả năng (khoảng 8 trong 10)" in row["reason"]
    assert "Tỷ lệ mô hình thấp (F3, " in row["reason"]


@pytest.mark.parametrize(
    ("reasons", "label"),
    [
        ([], TO_WATCH),
        ([low_rate("huyen_0")], NEEDS_SUPPORT),
        ([low_rate("huyen_0", level="theo_doi")], TO_WATCH),
        ([low_rate("huyen_0", kind="DL")], TO_WATCH),
        ([low_rate("huyen_1")], TO_WATCH),
    ],
    ids=["none", "own warning", "too mild", "of data quality alone", "of another district"],
)
def test_only_a_warning_of_the_district_itself_makes_the_lowest_one_in_need(reasons: list[Flag], label: str) -> None:
    assert scored(full_province(weak=0.33), reasons)["huyen_0"]["label"] == label


def test_a_warning_alone_makes_nobody_in_need_of_support() -> None:
    assert scored(full_province(), [low_rate("huyen_5")])["huyen_5"]["label"] == NOT_TOLD_APART


def test_without_a_reason_but_with_an_older_return_missing_the_reason_is_not_ruled_out() -> None:
    facts = without(full_province(weak=0.33, length=12), 0, 2014)
    row = scored(facts, [])["huyen_0"]

    assert (row["label"], row["rank_mid"]) == (LACKS_RETURNS, None)
    assert "báo cáo năm 2014" in row["reason"]


def test_of_fewer_than_twelve_districts_the_lowest_third_is_meant_and_so_it_is_among_peers() -> None:
    many, few = scored(full_province())["huyen_1"], scored(full_province(size=11))["huyen_1"]

    assert (many["ranked_count"], many["lowest_count"]) == (18, 6)
    assert (few["ranked_count"], few["lowest_count"]) == (11, 4)
    assert (many["peer_ranked_count"], many["peer_lowest_count"]) == (9, 3)


def test_scores_are_whole_numbers_and_lie_in_their_interval() -> None:
    rows = scored(full_province(weak=0.5)).values()

    for row in rows:
        assert 0 < row["score_low"] <= row["score_mid"] <= row["score_high"] <= 100
        assert 1 <= row["rank_low"] <= row["rank_mid"] <= row["rank_high"] <= 18
        assert row["score_mid"] == int(row["score_mid"])
    assert sum(row["p_lowest_six"] for row in rows) == pytest.approx(6)


def test_a_province_without_terrains_has_no_peers() -> None:
    facts = full_province()
    districts = tuple(replace(district, terrain=None) for district in facts.districts)
    rows = scored(replace(facts, districts=districts)).values()

    assert {row["peer_rank_mid"] for row in rows} == {None}
    assert {row["rank_mid"] is None for row in rows} == {False}


# --- the indicators beside it


def test_every_part_is_the_ratio_of_its_own_counts_beside_province_peers_and_the_spread_of_all() -> None:
    counts = level_districts(length=6, each=20)
    counts[0, -3:] = 10
    part = parts_of(province(counts, communes=10), "huyen_0")["mo_hinh"]

    assert (part["numerator"], part["denominator"], part["value"]) == (30, 30, 1)
    assert part["province"] == pytest.approx((17 * 60 + 30) / (18 * 30))
    assert part["peers"] == pytest.approx((8 * 60 + 30) / (9 * 30))
    assert (part["lowest"], part["median"], part["highest"], part["known_count"]) == (1, 2, 2, 18)
    assert (part["from_year"], part["to_year"]) == (2022, 2024)


def test_what_a_district_has_not_reported_is_unknown_in_its_part_and_out_of_everybody_elses() -> None:
    facts = without(full_province(), 0, 2023)
    rows = scores(facts)["score_indicator"]
    own = [row for row in rows if row["don_vi_id"] == "huyen_0" and row["part"] != "xa_co_mo_hinh"]

    assert {row["part"] for row in rows} == set(PARTS)
    assert {(row["numerator"], row["value"], row["score"]) for row in own} == {(None, None, None)}
    assert {row["known_count"] for row in own} == {17}


def test_the_level_is_that_of_2019_to_2023_and_stays_when_a_year_is_added() -> None:
    facts = full_province(length=10, last_year=2026)
    later = parts_of(facts, "huyen_1")["mo_hinh"]
    sooner = parts_of(facts.until(2025), "huyen_1")["mo_hinh"]

    assert (later["level_from_year"], later["level_to_year"]) == (2019, 2023)
    assert (later["level"], later["to_year"], sooner["to_year"]) == (sooner["level"], 2026, 2025)
    counts, communes = facts.total(RECOGNISED)[:, 2:7], facts.communes[:, 2:7]
    assert later["level"] == pytest.approx(counts.sum() / communes.sum())


@pytest.mark.parametrize(("length", "years"), [(6, (2030, 2032)), (3, (2033, 2035))])
def test_without_the_years_of_the_fixed_level_the_window_before_stands_in_then_the_window(
    length: int, years: tuple[int, int]
) -> None:
    part = parts_of(full_province(length=length, last_year=2035), "huyen_1")["mo_hinh"]

    assert (part["level_from_year"], part["level_to_year"]) == years


def test_one_and_a_half_times_the_level_is_full_marks_and_more_is_no_more() -> None:
    counts = level_districts(length=8, each=20)
    counts[:, -1] = 2000
    rows = [row for row in scores(province(counts))["score_indicator"] if row["part"] == "mo_hinh"]

    assert {row["score"] for row in rows} == {100}


# --- silence never helps


@st.composite
def silences(draw: st.DrawFn) -> tuple[Facts, int, int, list[str]]:
    """Draw a province with gaps, a district, and what of a year of it is left out."""
    size, length = draw(st.integers(9, 13)), draw(st.integers(3, 12))
    facts = full_province(
        size,
        length,
        weak=draw(st.sampled_from([0.1, 0.3, 0.45, 0.6, 1.0])),
        seed=draw(st.integers(0, 30)),
        last_year=draw(st.integers(2022, 2030)),
        draws=300,
    )
    index = draw(st.sampled_from([0, 0, 0, 1]))
    if draw(st.booleans()):  # the weak district leaves a field empty
        facts.by_field[RECOGNISED][0, 3, draw(st.integers(0, length - 1)) :] = 0
    if draw(st.booleans()):  # a district less or more in its own terrain
        first = replace(facts.districts[0], terrain="mien_nui")
        facts = replace(facts, districts=(first, *facts.districts[1:]))
    given_by = draw(st.lists(st.integers(0, size), min_size=length, max_size=length))
    if draw(st.booleans()):  # in each year only so many others gave anything
        for year, count in zip(facts.years, given_by, strict=True):
            for other in list(range(size))[max(count, 2) + draw(st.integers(0, 9)) :]:
                facts = gap(facts, other, year, [])
    for _ in range(draw(st.integers(0, 4))):
        others = draw(st.integers(0, size - 1))
        facts = gap(facts, others, draw(st.sampled_from(facts.years)), draw(st.sampled_from([[], ["kiem_tra"]])))
    year = draw(st.sampled_from(facts.years))
    what = draw(st.sampled_from([[], [], [], ["kiem_tra"], ["mo_hinh_khen_thuong"], ["xa_co_mo_hinh"], [RECOGNISED]]))
    return shortened(facts), index, year, what


def gap(facts: Facts, index: int, year: int, indicators: list[str]) -> Facts:
    place = facts.years.index(year)
    for tables in (facts.totals, facts.by_field):
        for key in indicators or tables:
            if key in tables:
                tables[key][index, ..., place] = np.nan
    return facts


@quick
@given(silences())
def test_leaving_out_a_return_or_a_figure_never_improves_the_label(case: tuple[Facts, int, int, list[str]]) -> None:
    facts, index, year, indicators = case
    if year not in facts.years:
        return
    unit = facts.districts[index].don_vi_id

    before, after = scored(facts).get(unit), scored(without(facts, index, year, indicators)).get(unit)

    held = BADNESS[before["label"]] if before else 0
    assert held <= (BADNESS[after["label"]] if after else 0), (before, after)


@pytest.mark.parametrize("year", range(2013, 2025))
def test_whichever_return_a_district_in_need_withholds_it_is_not_spared(year: int) -> None:
    facts = full_province(weak=0.33, length=12)
    assert scored(facts)["huyen_0"]["label"] == NEEDS_SUPPORT

    assert BADNESS[scored(without(facts, 0, year))["huyen_0"]["label"]] >= BADNESS[NEEDS_SUPPORT]


def test_the_return_that_makes_a_year_the_one_under_review_cannot_be_withheld() -> None:
    facts = full_province(size=10, weak=0.33)
    after = scored(without(facts, 0, 2024))

    assert scored(facts)["huyen_0"]["to_year"] == 2024
    assert (after["huyen_0"]["label"], after["huyen_0"]["to_year"]) == (LACKS_RETURNS, 2023)


def test_nor_when_a_district_withholds_so_much_that_another_year_comes_under_review() -> None:
    facts = full_province(size=10, weak=0.33, length=15)
    for index in range(10):
        for year in range(2014 if index == 1 else 2013, 2024 if index == 1 else 2025):
            gap(facts, index, year, [])

    silent = facts
    for year in (2010, 2011, 2012):
        silent = without(silent, 0, year)
    before, after = scored(facts)["huyen_0"], scored(silent)["huyen_0"]

    assert (before["to_year"], before["label"]) == (2012, NEEDS_SUPPORT)
    assert (after["to_year"], after["label"]) == (2024, LACKS_RETURNS)


def test_a_return_of_the_years_that_fix_the_level_is_owed_even_when_they_lie_far_back() -> None:
    row = scored(without(full_province(length=14, last_year=2030), 4, 2019))["huyen_4"]

    assert (row["label"], row["rank_mid"]) == (LACKS_RETURNS, None)
    assert "2019" in row["reason"]


def test_an_older_return_that_is_withheld_moves_no_score() -> None:
    facts = full_province(length=12)
    facts.totals[RECOGNISED][...] *= np.random.default_rng(5).integers(1, 5, (18, 12))
    kept, withheld = scored(facts, []), scored(without(facts, 3, 2015), [])

    numbers = ("score_low", "score_mid", "score_high", "rank_low", "rank_mid", "rank_high", "p_lowest_six")
    assert [[row[name] for name in numbers] for row in withheld.values()] == [
        [row[name] for name in numbers] for row in kept.values()
    ]


def test_reasons_rest_on_what_enough_districts_gave_and_on_no_register() -> None:
    facts = full_province(length=8)
    for index in range(9, 18):
        gap(facts, index, 2018, ["kiem_tra", RECOGNISED])
    agreed = replace(facts, tables={"typical_models": [{}], "snapshot_info": []}).commonly_given()

    place = facts.years.index(2018)
    assert np.isnan(agreed.totals["kiem_tra"][:, place]).all()
    assert np.isnan(agreed.by_field[RECOGNISED][..., place]).all()
    assert np.array_equal(agreed.totals["hoi_nghi"], facts.totals["hoi_nghi"])
    assert agreed.tables == {"snapshot_info": []}


# --- names and order


@quick
@given(st.integers(0, 50), st.sampled_from([0.3, 1.0]), st.permutations(range(12)), st.permutations(range(12)))
def test_renaming_and_reordering_districts_changes_no_flag_and_no_score(
    seed: int, weak: float, order: list[int], numbers: list[int]
) -> None:
    facts = full_province(size=12, weak=weak, seed=seed, draws=300)
    renamed = {facts.districts[old].don_vi_id: f"don_vi_{new}" for old, new in zip(order, numbers, strict=True)}

    moved = ordered(reordered(facts, order, renamed))

    assert comparable(scores(moved)) == comparable(scores(facts), renamed)
    assert findings(all_flags(moved)) == findings(all_flags(ordered(facts)), renamed)


def test_districts_with_the_same_figures_have_the_same_score_whatever_their_names() -> None:
    facts = full_province()
    for tables in (facts.totals, facts.by_field):
        for figures in tables.values():
            figures[4] = figures[7]
    facts.communes[4] = facts.communes[7]
    rows = scored(facts)

    ignored = {"don_vi_id", "reason"} | {name for name in rows["huyen_4"] if name.startswith("peer_")}
    assert {k: v for k, v in rows["huyen_4"].items() if k not in ignored} == {
        k: v for k, v in rows["huyen_7"].items() if k not in ignored
    }


def reordered(facts: Facts, order: list[int], names: dict[str, str]) -> Facts:
    units = [facts.districts[old] for old in order]
    return replace(
        facts,
        districts=tuple(District(names[unit.don_vi_id], unit.label, unit.full_label, unit.terrain) for unit in units),
        existed=facts.existed[order],
        communes=facts.communes[order],
        population=facts.population[order],
        totals={key: figures[order] for key, figures in facts.totals.items()},
        by_field={key: figures[order] for key, figures in facts.by_field.items()},
    )


def comparable(tables: dict[str, list[dict[str, Any]]], names: dict[str, str] | None = None) -> list[Any]:
    """Return the rows of both tables under new names, floats to nine digits."""
    return sorted(
        [
            (names or {}).get(row["don_vi_id"], row["don_vi_id"]),
            row.get("part", ""),
            *(f"{value:.9g}" if isinstance(value, float) else str(value) for value in list(row.values())[1:]),
        ]
        for name in ("district_score", "score_indicator")
        for row in tables[name]
    )


def findings(flags: Sequence[Flag], names: dict[str, str] | None = None) -> list[Any]:
    return sorted(
        (
            flag.rule,
            flag.level,
            (names or {}).get(flag.don_vi_id or "", flag.don_vi_id) or "",
            flag.linh_vuc_id or "",
            flag.statement,
        )
        for flag in flags
    )


# --- through the store


@pytest.fixture(scope="module")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder of twelve districts of the catalogue that gave 2016-2024, Hội An at a quarter."""
    folder = tmp_path_factory.mktemp("score")
    units = (
        *("hoi_an", "tam_ky", "dien_ban", "dai_loc", "duy_xuyen", "que_son", "thang_binh", "tien_phuoc"),
        *("nui_thanh", "hiep_duc", "dong_giang", "bac_tra_my"),
    )
    rows: list[list[Any]] = [["don_vi", "ky", "tu_nam", "den_nam", "chi_tieu", "linh_vuc", "gia_tri"]]
    for place, unit in enumerate(units):
        for year in range(2016, 2025):
            swing = (place * 7 + year * 3) % 5
            counts = (2, 3, 1, 0) if unit == "hoi_an" else (8 + swing, 12 - swing, 5, 3)
            rows += [[unit, "nam", year, year, RECOGNISED, item, n] for item, n in zip(FIELDS, counts, strict=True)]
            own = (1, 1, 1) if unit == "hoi_an" else (6 + swing, 4, 5)
            named = zip(("kiem_tra", "hoi_nghi"), own, strict=False)
            rows += [[unit, "nam", year, year, key, "", n] for key, n in named]
            rows += [[unit, "nam", year, year, "mo_hinh_khen_thuong", FIELDS[0], own[2]]]
    path = folder / "so_lieu.csv"
    write_file(path, {"": rows})
    assert load(path, data=folder)["files"][0]["status"].startswith("accepted")
    return folder


@pytest.mark.parametrize(("year", "label"), [(2016, None), (2019, LACKS_RETURNS), (2024, LACKS_RETURNS)])
def test_withdrawing_a_return_from_the_store_never_spares_the_district(
    small_store: Path, tmp_path: Path, year: int, label: str | None
) -> None:
    data = tmp_path / "data"
    shutil.copytree(small_store, data)
    asked = "SELECT label, reason FROM district_score WHERE don_vi_id = 'hoi_an'"
    assert query(data, asked)[0][0] == NEEDS_SUPPORT
    ((return_id,),) = query(data, f"SELECT return_id FROM core_return WHERE don_vi_id = 'hoi_an' AND to_year = {year}")

    assert run_etl("withdraw", return_id, "--reason", "gửi nhầm", data=data).returncode == 0

    ((after, reason),) = query(data, asked)
    assert BADNESS[after] >= BADNESS[NEEDS_SUPPORT]
    assert label is None or (after == label and str(year) in reason)


def test_building_twice_gives_the_same_scores(small_store: Path) -> None:
    tables = ("district_score", "score_indicator")
    before = [query(small_store, f"SELECT * FROM {name}") for name in tables]

    assert run_etl("build", data=small_store).returncode == 0

    assert [query(small_store, f"SELECT * FROM {name}") for name in tables] == before


# --- words and settings


def test_every_weight_and_setting_is_a_row_of_the_catalogue_with_its_reason(repo: Path) -> None:
    with (repo / "data" / "catalogue" / "thresholds.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["rule"].startswith("score_")]

    assert sum(THRESHOLDS[f"score_weight_{part}"] for part in PARTS) == pytest.approx(1)
    assert all(row["decided_by"] and row["reason"] for row in rows)


def test_labels_are_listed_from_what_is_missing_to_what_claims_nothing() -> None:
    assert LABELS == (LACKS_RETURNS, NEEDS_SUPPORT, TO_WATCH, NOT_TOLD_APART, LACKS_FIGURES)
