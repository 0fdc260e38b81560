"""The facts rules look at, the rules F1 and F3, and the way of flags into the snapshot."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.flags import RULES
from etl.flags.facts import Facts, once
from etl.flags.flag import Flag
from etl.flags.rules import f01_weak_field as f01
from etl.flags.rules import f03_low_rate as f03
from etl.flags.words import how_likely, listed, one_in
from tests.facts import level_districts, province

REPORT = {"kinh_te": 1621, "van_hoa_xa_hoi": 3391, "quoc_phong_an_ninh": 957, "he_thong_chinh_tri": 564}


def published(total: int | None, fields: dict[str, int]) -> list[dict[str, object]]:
    figures = {None: total, **fields}
    common = {
        "source_id": "bc",
        "indicator_id": "mo_hinh_cong_nhan",
        "don_vi_id": None,
        "from_year": 2009,
        "to_year": 2024,
    }
    return [{**common, "linh_vuc_id": key, "value": value} for key, value in figures.items()]


def report_alone(total: int | None = 6540, fields: dict[str, int] | None = None) -> Facts:
    tables = {
        "published_total": published(total, REPORT if fields is None else fields),
        "snapshot_info": [{"key": "signed_report", "value": "bc"}],
        "dim_source": [{"source_id": "bc", "label": "Báo cáo"}],
    }
    return province(np.full((18, 1), np.nan), tables=tables)


def named(flags: list[Flag]) -> dict[str | None, str]:
    return {flag.don_vi_id: flag.level for flag in flags}


# --- which year is under review, and who owes what


def test_what_is_worked_out_of_facts_is_worked_out_once_and_anew_for_other_facts() -> None:
    asked: list[Facts] = []

    @once
    def question(facts: Facts) -> int:
        asked.append(facts)
        return len(facts.tables)

    facts = report_alone()
    fewer = replace(facts, tables={})

    assert [question(facts), question(facts), question(fewer)] == [3, 3, 0]
    assert len(asked) == 2


def test_the_year_under_review_is_the_last_that_enough_districts_gave() -> None:
    counts = level_districts()
    counts[:9, -1] = np.nan  # 9 of 18 gave 2024: one too few to compare

    assert province(counts).to_year == 2023
    counts[0, -1] = 20
    assert province(counts).to_year == 2024


def test_without_a_year_that_enough_districts_gave_the_last_given_is_under_review() -> None:
    assert province(level_districts(size=3)).to_year == 2024
    assert province(np.full((3, 2), np.nan)).to_year is None


def test_a_district_owes_what_enough_others_gave_in_the_two_windows() -> None:
    counts = level_districts(length=8)
    counts[0, [0, 2, 7]] = np.nan  # 2017, 2019, 2024

    assert province(counts).owes(0) == [2019, 2024], "2017 lies before the two windows"
    assert province(counts).owes(1) == []


def test_a_year_that_hardly_anybody_gave_is_owed_by_nobody() -> None:
    counts = level_districts()
    counts[3:, 0] = np.nan

    assert [province(counts).owes(index) for index in range(18)] == [[]] * 18


def test_a_year_in_which_a_district_did_not_exist_is_not_owed() -> None:
    facts = province(level_districts())
    counts, existed = facts.total("mo_hinh_cong_nhan"), facts.existed
    counts[0, 5], existed[0, 5] = np.nan, False

    assert facts.owes(0) == []


@given(st.integers(0, 17), st.sets(st.integers(0, 8), max_size=9), st.sets(st.integers(0, 8), min_size=1))
@settings(max_examples=50)
def test_leaving_out_a_return_never_makes_a_district_owe_less(index: int, others: set[int], own: set[int]) -> None:
    counts = level_districts(length=9)
    for year in others:
        counts[9:, year] = np.nan  # half the province is missing that year
    before = set(province(counts).owes(index))
    counts[index, list(own)] = np.nan

    assert before <= set(province(counts).owes(index))


# --- F1


def test_from_the_report_alone_the_political_system_is_a_warning_and_defence_is_watched() -> None:
    found = f01.flags(report_alone())

    assert {flag.linh_vuc_id: (flag.level, round(flag.ratio or 0, 3)) for flag in found} == {
        "he_thong_chinh_tri": ("canh_bao", 0.345),
        "quoc_phong_an_ninh": ("theo_doi", 0.585),
    }


def test_the_more_that_is_asked_for_is_the_fewest_that_reach_the_limit() -> None:
    weak = f01.flags(report_alone())[0].evidence

    assert weak["base"] == 6540
    assert weak["more_needed"] == 29  # (957 + 29) / (6540 + 29) = 15,01 %
    assert (957 + 28) / (6540 + 28) < 0.15 <= (957 + 29) / (6540 + 29)


@pytest.mark.parametrize(("count", "level"), [(600, None), (599, "theo_doi"), (499, "canh_bao"), (329, "nghiem_trong")])
def test_each_level_begins_just_under_its_limit(count: int, level: str | None) -> None:
    rest = (4000 - count) // 3
    facts = report_alone(4000, dict(zip(REPORT, (rest, rest, 4000 - count - 2 * rest, count), strict=True)))

    found = {flag.linh_vuc_id: flag.level for flag in f01.flags(facts)}
    assert found.get("he_thong_chinh_tri") == level


def test_a_report_without_its_total_leaves_the_fields_unjudged() -> None:
    assert [flag.level for flag in f01.flags(report_alone(None))] == ["chua_du_so_lieu"]


@pytest.mark.parametrize(("given_years", "from_returns"), [(80, True), (79, False)])
def test_returns_are_judged_once_four_fifths_of_them_are_there(given_years: int, from_returns: bool) -> None:
    facts = report_alone()
    returns = {
        "province_fields": [
            {"linh_vuc_id": key, "from_year": 2009, "to_year": 2024, "value": 100 if key != "kinh_te" else 10}
            for key in REPORT
        ],
        "province_coverage": [{"year": 2009, "expected": 100, "given": given_years}],
    }
    found = f01.flags(province(facts.total("mo_hinh_cong_nhan"), tables={**facts.tables, **returns}))

    assert ({flag.linh_vuc_id for flag in found} == {"kinh_te"}) == from_returns
    source = "báo cáo của các đơn vị" if from_returns else "Báo cáo"
    assert all(f"Nguồn: {source}, " in flag.certainty for flag in found)


def test_what_has_no_field_is_no_weak_field() -> None:
    facts = report_alone()
    fields = [{"linh_vuc_id": key, "from_year": 2009, "to_year": 2024, "value": 100} for key in REPORT]
    without = {"linh_vuc_id": "chua_phan", "from_year": 2009, "to_year": 2024, "value": 1}
    coverage = [{"year": 2009, "expected": 100, "given": 100}]
    returns = {"province_fields": [*fields, without], "province_coverage": coverage}

    assert f01.flags(province(facts.total("mo_hinh_cong_nhan"), tables={**facts.tables, **returns})) == []


def test_returns_of_fewer_years_than_the_signed_report_s_leave_the_word_to_it() -> None:
    facts = report_alone()
    fields = [{"linh_vuc_id": key, "from_year": 2010, "to_year": 2024, "value": 100} for key in REPORT]
    returns = {"province_fields": fields, "province_coverage": [{"year": 2010, "expected": 100, "given": 100}]}
    found = f01.flags(province(facts.total("mo_hinh_cong_nhan"), tables={**facts.tables, **returns}))

    assert {(flag.from_year, flag.to_year) for flag in found} == {(2009, 2024)}


# --- F3


def test_districts_that_are_alike_raise_nothing() -> None:
    assert f03.flags(province(level_districts())) == []


def test_a_district_at_a_third_of_the_others_is_named_and_twice_in_a_row_severely() -> None:
    counts = level_districts()
    counts[4, 3:] = 7
    once = f03.flags(province(counts))
    counts[4, :3] = 7
    twice = f03.flags(province(counts))

    assert named(once) == {"huyen_4": "canh_bao"}
    assert named(twice) == {"huyen_4": "nghiem_trong"}
    assert once[0].observed == 21
    assert once[0].expected == pytest.approx(60)
    assert once[0].evidence["returns"] == ["huyen_4-2022", "huyen_4-2023", "huyen_4-2024"]


def test_a_small_effect_is_not_named_however_certain() -> None:
    counts = level_districts(each=2000)
    counts[4, 3:] = 1700  # 0,85 of the common level

    assert f03.flags(province(counts)) == []


def test_a_district_low_only_against_the_other_terrain_is_not_named() -> None:
    counts = level_districts(each=40)
    counts[1::2] = 24  # all mountain districts alike, 0,6 of the plain
    counts[1, 3:] = 20

    assert all(flag.don_vi_id is None for flag in f03.flags(province(counts)))


def test_when_over_a_quarter_lie_outside_nobody_is_named() -> None:
    counts = level_districts(each=40)
    counts[:6] = 10

    found = f03.flags(province(counts))
    assert [(flag.level, flag.don_vi_id) for flag in found] == [("chua_du_so_lieu", None)]
    assert "cơ cấu" in found[0].statement


def test_a_full_share_by_population_takes_a_level_off() -> None:
    counts = level_districts()
    counts[4, 3:] = 7
    few_people = [60_000.0] * 18
    few_people[4] = 20_000.0

    assert named(f03.flags(province(counts, population=few_people))) == {"huyen_4": "theo_doi"}


def test_fewer_than_ten_districts_are_not_compared() -> None:
    counts = level_districts(size=9)
    counts[4] = 5

    assert [(flag.level, flag.don_vi_id) for flag in f03.flags(province(counts))] == [("chua_du_so_lieu", None)]


def test_ten_districts_are_compared() -> None:
    counts = level_districts(size=10)
    counts[4] = 5

    assert set(named(f03.flags(province(counts, terrain=["dong_bang"] * 10)))) == {"huyen_4"}


def test_a_terrain_of_too_few_districts_has_no_funnel() -> None:
    facts = province(level_districts(), terrain=["mien_nui"] * 3 + ["dong_bang"] * 15)

    assert {row["terrain"] for row in f03.pictures(facts)["flag_funnel"]} == {None, "dong_bang"}


def test_a_district_that_owes_a_return_is_grey_and_the_return_is_named() -> None:
    counts = level_districts()
    counts[4, 3:] = 5
    counts[4, 1] = np.nan

    found = f03.flags(province(counts))
    assert named(found) == {"huyen_4": "chua_du_so_lieu"}
    assert "2020" in found[0].statement


def test_swings_that_all_districts_have_make_a_low_count_ordinary() -> None:
    counts = level_districts()
    counts[4, 3:] = 11
    calm = named(f03.flags(province(counts)))
    swinging = counts * np.where(np.add.outer(np.arange(18), np.arange(6)) % 2, 1.6, 0.4)

    assert "huyen_4" in calm
    assert f03.flags(province(np.round(swinging))) == []


# --- words, and what every rule says of itself


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (0.024, "khoảng 1 trong 40 lần"),
        (0.1, "khoảng 1 trong 10 lần"),
        (0.0012, "khoảng 1 trong 850 lần"),
        (0.00001, "chưa tới 1 trong 10.000 lần"),
        (0.5, "khoảng 5 trong 10 lần"),
    ],
)
def test_a_chance_is_said_as_one_in_so_many(p: float, words: str) -> None:
    assert one_in(p) == words


def test_probabilities_have_three_words() -> None:
    assert [how_likely(p) for p in (0.8, 0.79, 0.5, 0.49)] == [
        "nhiều khả năng (khoảng 8 trong 10)",
        "có dấu hiệu, chưa chắc",
        "có dấu hiệu, chưa chắc",
        "chưa thể phân định",
    ]


def test_lists_end_with_and() -> None:
    assert [listed(names) for names in (["A"], ["A", "B"], ["A", "B", "C"])] == ["A", "A và B", "A, B và C"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.rule)
def test_every_rule_states_its_numbers_from_the_catalogue(rule: object) -> None:
    facts = province(level_districts())
    row = rule.row(facts.thresholds)  # type: ignore[attr-defined]

    assert "{" not in row["formula"] + row["needs"]
    assert row["question"].endswith("?")
    assert row["kind"] in ("QD", "TH", "DL")


@pytest.mark.parametrize("judge", RULES.values(), ids=[rule.rule for rule in RULES])
def test_no_rule_fails_on_a_province_without_any_figure(judge: object) -> None:
    found = judge(province(np.full((18, 2), np.nan)))  # type: ignore[operator]

    assert all(flag.level == "chua_du_so_lieu" for flag in found)
    json.dumps([flag.evidence for flag in found])
