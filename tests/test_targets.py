"""What a target share asks for: exact, the fewest that do, and whole parts that add up."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.topics import targets
from dashboard.topics.targets import Need, divided, models_needed, models_needed_together, years_left

SHARES = st.fractions(0, Fraction(99, 100), max_denominator=200)
FIELDS = {"kinh_te": 1621, "van_hoa_xa_hoi": 3391, "quoc_phong_an_ninh": 957, "he_thong_chinh_tri": 564}


@pytest.mark.parametrize(("percents", "more"), [(8, 0), (12, 251), (15, 491), (25, 1428)])
def test_the_reports_weakest_field_needs_this_many_more_of_its_6540_models(percents: int, more: int) -> None:
    assert models_needed(564, 6540, targets.share_of(percents)) == more


@given(st.integers(0, 5000), st.integers(0, 20_000), SHARES)
def test_need_is_the_fewest_that_reach_the_target(count: int, others: int, target: Fraction) -> None:
    base = count + others
    more = models_needed(count, base, target)

    assert more >= 0
    assert count + more >= target * (base + more)
    assert more == 0 or count + more - 1 < target * (base + more - 1)


@given(st.lists(st.integers(0, 4000), min_size=1, max_size=5), st.integers(0, 500), SHARES)
def test_fields_raised_together_all_reach_the_target_and_none_has_one_too_many(
    counts: list[int], apart: int, target: Fraction
) -> None:
    base = sum(counts) + apart
    named = {str(place): count for place, count in enumerate(counts)}
    found = models_needed_together(named, base, target)

    if found is None:
        assert target * len(counts) >= 1
        return
    whole = base + sum(found.values())
    for key, more in found.items():
        assert more >= models_needed(named[key], base, target)
        assert named[key] + more >= target * whole
        assert more == 0 or named[key] + more - 1 < target * (whole - 1)


def test_raising_two_fields_at_once_asks_for_more_than_each_alone() -> None:
    target = targets.share_of(15)

    assert {key: models_needed(count, 6540, target) for key, count in FIELDS.items()} == {
        "kinh_te": 0,
        "van_hoa_xa_hoi": 0,
        "quoc_phong_an_ninh": 29,
        "he_thong_chinh_tri": 491,
    }
    assert models_needed_together(FIELDS, 6540, target) == {
        "kinh_te": 0,
        "van_hoa_xa_hoi": 0,
        "quoc_phong_an_ninh": 119,
        "he_thong_chinh_tri": 512,
    }


def test_no_number_brings_four_fields_to_more_than_a_quarter_each() -> None:
    assert models_needed_together(FIELDS, 6540, targets.share_of(30)) is None


@given(st.integers(0, 5000), st.lists(st.integers(0, 40), min_size=1, max_size=20))
def test_parts_add_up_and_stay_within_one_of_their_due(whole: int, weights: list[int]) -> None:
    parts = divided(whole, weights)

    if not sum(weights):
        assert parts == [0] * len(weights)
        return
    assert sum(parts) == whole
    for part, weight in zip(parts, weights, strict=True):
        assert part >= 0
        assert abs(part - Fraction(whole * weight, sum(weights))) < 1


@given(st.integers(0, 5000), st.permutations([18, 13, 13, 9, 6]))
def test_same_number_of_communes_differs_by_one_at_most_in_any_order(whole: int, weights: list[int]) -> None:
    parts = divided(whole, weights)

    one, other = (part for part, weight in zip(parts, weights, strict=True) if weight == 13)
    assert abs(one - other) <= 1
    assert sorted(divided(whole, sorted(weights))) == sorted(parts)


def test_arithmetic_is_written_out_and_shows_that_one_fewer_falls_short() -> None:
    assert Need(564, 6540, targets.share_of(12)).sentence == (
        "Hiện có 564 / 6.540 = 8,62%. Thêm 251: (564 + 251) / (6.540 + 251) = 815 / 6.791 = 12,00%, đạt 12%; "
        "thêm 250 thì chưa: (564 + 250) / (6.540 + 250) = 814 / 6.790 = 11,99%."
    )


def test_field_above_its_target_needs_nothing_and_says_so() -> None:
    assert Need(1621, 6540, targets.share_of(15)).sentence == "1.621 / 6.540 = 24,79%: đã đạt 15%."


@given(st.integers(0, 500), st.integers(1, 20_000), st.sampled_from(targets.PERCENTS))
def test_percentage_that_falls_short_is_never_written_as_the_target(count: int, others: int, percents: int) -> None:
    found = Need(count, count + others, targets.share_of(percents))

    if found.more:
        short = found.sentence.rsplit("= ", 1)[1].rstrip("%.").replace(",", ".")
        assert Fraction(short) < percents


def test_years_left_start_after_the_figures_and_end_with_the_period() -> None:
    assert years_left(2025, 2030, 2024) == (2025, 2030)
    assert years_left(2025, 2030, 2026) == (2027, 2030)
    assert years_left(2025, 2030, 2030) is None
    assert targets.in_years((2025, 2030)) == "mỗi năm trong 6 năm 2025-2030"
    assert targets.in_years((2030, 2030)) == "trong năm 2030"
    assert (targets.per_year(251, 6), targets.per_year(252, 6)) == ("41,8", "42")
