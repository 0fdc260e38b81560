"""The statistics behind the flags, against published numbers and against what must always hold.

The files in vectors/ also quote numbers of methods this product does not use (Heip's evenness, differences
of proportions, comparisons of two rates): nothing here computes them, so nothing here tests them.
"""

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from scipy.stats import chi2, false_discovery_control, nbinom, norm

from etl.statistics import (
    adjusted_residuals,
    benjamini_hochberg,
    empirical_bayes,
    empirical_bayes_variances,
    funnel_limits,
    garwood_interval,
    gini,
    hhi,
    location_quotient,
    mann_kendall,
    overdispersion_tau2,
    pielou_evenness,
    rank_bounds,
    sen_slope,
    tail_probabilities,
    theil,
    wilson_interval,
)

ROOT = Path(__file__).resolve().parent.parent
READ_ONLY = ROOT.parent / "shared" / "vectors" / "read_only"

pytestmark = pytest.mark.filterwarnings("error")  # an answer that is not defined is said by NaN, not on the console


def published(name: str) -> Any:
    return json.loads((ROOT / "tests" / "vectors" / f"{name}.json").read_text(encoding="utf-8"))


def elsewhere(name: str) -> Any:
    """Return a data set of another project's tests, read where it lies."""
    path = READ_ONLY / f"{name}.json"
    if not path.is_file():
        pytest.skip(f"other projects' test data are not here: {name}.json in {READ_ONLY.name}/")
    return json.loads(path.read_text(encoding="utf-8"))


amounts = st.lists(st.integers(0, 500), min_size=1, max_size=20)
tables = st.tuples(st.integers(2, 6), st.integers(2, 6)).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, 60), min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
    )
)
confidences = st.sampled_from([0.8, 0.9, 0.95, 0.998])
expectations = st.floats(0.01, 2_000)
swings = st.one_of(st.just(0.0), st.floats(0, 1))


# --- tables of counts

AGRESTI = published("adjusted_residuals_agresti")
EMPTY_ROW = [[0, 0, 0], [3, 4, 5], [6, 2, 1]]


def test_adjusted_residuals_are_agresti_s() -> None:
    residuals = adjusted_residuals(AGRESTI["table"])

    assert residuals == pytest.approx(np.array(AGRESTI["adjusted_residuals"]), abs=AGRESTI["tolerance"])


def test_adjusted_residuals_put_nothing_into_an_empty_cell() -> None:
    # N = 20, E = 2,5, sqrt(2,5 . 3/4 . 1/2): by hand
    residuals = adjusted_residuals([[0, 5], [10, 5]])

    assert residuals[0, 0] == pytest.approx(-2.5 / math.sqrt(2.5 * 0.75 * 0.5))


@pytest.mark.parametrize("function", [adjusted_residuals, location_quotient])
def test_a_row_without_any_model_has_no_answer_and_leaves_the_others_theirs(function: Any) -> None:
    answers = function(EMPTY_ROW)

    assert np.isnan(answers[0]).all()
    assert answers[1:] == pytest.approx(function(EMPTY_ROW[1:]))


@pytest.mark.parametrize("table", [[[0, 0], [0, 0]], [[7, 3, 1]], [[29, 4, 12]], [[7], [3]], [[4]]])
def test_a_cell_that_could_not_come_out_otherwise_has_no_residual(table: list[list[int]]) -> None:
    assert np.isnan(adjusted_residuals(table)).all()


def test_a_row_or_column_of_one_model_has_residuals() -> None:
    # E = 1 x 3 / 6, sqrt(E (1 - 1/6) (1 - 3/6)), by hand
    table = [[1, 0], [2, 3]]

    assert adjusted_residuals(table)[0, 0] == pytest.approx(0.5 / math.sqrt(0.5 * (5 / 6) * 0.5))
    assert adjusted_residuals(np.transpose(table))[0, 0] == pytest.approx(0.5 / math.sqrt(0.5 * (5 / 6) * 0.5))


@pytest.mark.parametrize("only", [[3], [7, 1, 9], [8, 27, 58, 8], [1, 2, 3, 5, 8, 13, 40]])
def test_where_one_row_or_column_holds_all_nothing_could_have_come_out_otherwise(only: list[int]) -> None:
    table = np.pad([only], ((1, 1), (0, 0)))

    assert np.isnan(adjusted_residuals(table)).all()
    assert np.isnan(adjusted_residuals(table.T)).all()


@given(tables, st.randoms(use_true_random=False))
def test_reordering_a_table_reorders_its_answers(table: list[list[int]], random: Any) -> None:
    counts = np.array(table)
    rows, columns = random.sample(range(len(table)), len(table)), random.sample(range(len(table[0])), len(table[0]))
    shuffled = counts[np.ix_(rows, columns)]

    for function in (adjusted_residuals, location_quotient):
        assert function(shuffled) == pytest.approx(function(counts)[np.ix_(rows, columns)], nan_ok=True)
    assert overdispersion_tau2(shuffled) == pytest.approx(overdispersion_tau2(counts), nan_ok=True)


def test_the_location_quotient_is_farhauer_and_kroell_s() -> None:
    v = published("location_quotient")
    table = [[v["e_ij"], v["e_j"] - v["e_ij"]], [v["e_i"] - v["e_ij"], v["e"] - v["e_j"] - v["e_i"] + v["e_ij"]]]

    assert location_quotient(table)[0, 0] == pytest.approx(v["LQ"], abs=v["tolerance"])


def test_an_empty_cell_of_a_living_row_and_column_has_a_quotient_of_zero() -> None:
    assert location_quotient([[0, 5], [10, 5]]).tolist() == [[0.0, 2.0], [4 / 3, 2 / 3]]


# --- extra variation


def test_extra_variation_is_the_moment_estimate() -> None:
    # m = 15 everywhere: (4 . 25 / 0,25 - 60) / (4 . 225), by hand
    assert overdispersion_tau2([[10, 20], [20, 10]]) == pytest.approx(340 / 900)


@pytest.mark.parametrize(
    ("table", "window", "tau2"),
    [
        ([[10, 20, 20, 10], [20, 10, 10, 20]], 2, (200 / 0.375 - 120) / 1800 / 2),  # blocks agree: the yearly over 2
        ([[10, 10, 20, 20], [20, 20, 10, 10]], 2, (400 / 0.25 - 120) / 3600),  # swings that last: the blocks
        ([[10, 10, 10, 20, 20], [20, 20, 20, 10, 10]], 2, (400 / 0.25 - 120) / 3600),  # left over: the first year
        ([[10, 20], [20, 10]], 2, 340 / 900 / 2),  # one block tells nothing
    ],
)
def test_a_window_takes_the_larger_of_the_yearly_share_and_its_blocks(
    table: list[list[int]], window: int, tau2: float
) -> None:
    assert overdispersion_tau2(table, window) == pytest.approx(tau2)


def test_extra_variation_that_was_put_in_is_found_again() -> None:
    random = np.random.default_rng(20241010)
    gammas = random.gamma(1 / 0.12, 0.12, size=(400, 40))
    table = random.poisson(20 * gammas)

    assert overdispersion_tau2(table) == pytest.approx(0.12, rel=0.05)


def test_pure_chance_has_next_to_no_extra_variation() -> None:
    table = np.random.default_rng(20241010).poisson(20, size=(400, 40))

    assert overdispersion_tau2(table) < 0.002


@given(st.lists(st.integers(1, 40), min_size=2, max_size=8), st.lists(st.integers(1, 9), min_size=2, max_size=8))
def test_a_table_that_is_exactly_as_expected_has_no_extra_variation(rows: list[int], columns: list[int]) -> None:
    assert overdispersion_tau2(np.outer(rows, columns)) == 0
    assert overdispersion_tau2(np.outer(rows, columns), 3) == 0


@given(tables)
def test_a_district_that_never_counted_anything_changes_no_extra_variation(table: list[list[int]]) -> None:
    counts = np.array(table)
    longer = np.vstack([counts, np.zeros_like(counts[:1])])

    assert overdispersion_tau2(longer) == pytest.approx(overdispersion_tau2(counts), nan_ok=True)
    assert overdispersion_tau2(longer.T) == pytest.approx(overdispersion_tau2(counts.T), nan_ok=True)


def test_a_district_or_year_of_one_model_counts_towards_extra_variation() -> None:
    # k = (1 x 2) / (2 x 3), by hand
    table = [[1, 0, 0], [0, 2, 2]]
    usual = np.outer([1, 4], [1, 2, 2]) / 5
    by_hand = (((np.array(table) - usual) ** 2).sum() / (1 / 3) - 5) / (usual**2).sum()

    assert by_hand > 0
    assert overdispersion_tau2(table) == pytest.approx(by_hand)
    assert overdispersion_tau2(np.transpose(table)) == pytest.approx(by_hand)


@pytest.mark.parametrize("table", [[[0, 0], [0, 0]], [[5, 6, 7]], [[5], [6]], [[5, 6], [0, 0]], [[4]]])
@pytest.mark.parametrize("window", [1, 3])
def test_extra_variation_is_unknown_where_nothing_could_vary(table: list[list[int]], window: int) -> None:
    assert math.isnan(overdispersion_tau2(table, window))


# --- many tests at once

BH = published("fdr_benjamini_hochberg_1995")


def test_benjamini_and_hochberg_s_example_rejects_four_of_fifteen() -> None:
    rejected = benjamini_hochberg(BH["p"], BH["alpha"])

    assert rejected.tolist() == [True] * BH["n_rejected_bh"] + [False] * (15 - BH["n_rejected_bh"])


@pytest.mark.parametrize("rank", range(15))
def test_a_test_is_rejected_from_its_published_adjusted_p(rank: int) -> None:
    adjusted = BH["scipy_doc_adjusted"][rank]

    if adjusted < 1:
        assert benjamini_hochberg(BH["p"], adjusted + 1e-7)[rank]
    assert not benjamini_hochberg(BH["p"], adjusted - 1e-7)[rank]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.sampled_from([0.05, 0.1, 0.2]))
@example([0.01, 0.02, 0.9], 0.05)
def test_rejection_is_the_adjusted_p_and_falls_with_it(p_values: list[float], alpha: float) -> None:
    rejected = benjamini_hochberg(p_values, alpha)

    assert rejected.tolist() == (false_discovery_control(p_values) <= alpha).tolist()
    assert all(r for p, r in zip(p_values, rejected, strict=True) if p <= max(np.array(p_values)[rejected], default=-1))


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=40))
def test_rejection_is_the_step_up_rule(thousandths: list[int]) -> None:
    ordered, m = sorted(thousandths), len(thousandths)
    assume(all(p * m != 100 * rank for rank, p in enumerate(ordered, 1)))  # a tie is a matter of the last bit
    step = max((p for rank, p in enumerate(ordered, 1) if p * m <= 100 * rank), default=-1)

    assert benjamini_hochberg(np.array(thousandths) / 1000, 0.1).tolist() == [p <= step for p in thousandths]


def test_a_p_of_exactly_alpha_is_rejected() -> None:
    assert benjamini_hochberg([0.1, 0.9], 0.2).tolist() == [True, False]


def test_no_tests_give_no_rejections() -> None:
    none = benjamini_hochberg([], 0.1)

    assert (none.tolist(), none.dtype) == ([], np.bool_)


# --- counts


@pytest.mark.parametrize(
    "case", published("poisson_intervals_rates")["garwood"], ids=lambda v: f"{v['k']}-{v['level']}"
)
def test_the_exact_interval_of_a_count_is_the_published_one(case: dict[str, float]) -> None:
    low, high = garwood_interval(case["k"], case["level"])

    assert (low, high) == pytest.approx((case["low"], case["high"]), abs=0.006)


@given(st.integers(0, 500), confidences)
@example(0, 0.95)
def test_the_exact_interval_ends_where_the_count_becomes_that_unusual(count: int, confidence: float) -> None:
    low, high = garwood_interval(count, confidence)

    assert tail_probabilities(count, high)[0] == pytest.approx((1 - confidence) / 2)
    assert low == 0 if count == 0 else tail_probabilities(count, low)[1] == pytest.approx((1 - confidence) / 2)


def test_tails_are_those_of_the_poisson_counted_by_hand() -> None:
    low, high = tail_probabilities([0, 2], [3.0, 1.0])

    assert low == pytest.approx([math.exp(-3), 2.5 * math.exp(-1)])
    assert high == pytest.approx([1, 1 - 2 * math.exp(-1)])


def test_tails_widen_with_extra_variation_as_the_negative_binomial_says() -> None:
    # size 1/0,5 = 2, chance 2/(2 + 6) = 1/4: P(0) = 1/16, P(1) = 2 . 1/16 . 3/4
    low, high = tail_probabilities(1, 6, 0.5)

    assert (low, high) == pytest.approx((1 / 16 + 3 / 32, 1 - 1 / 16))


def test_a_little_extra_variation_counts() -> None:
    assert tail_probabilities(0, 10, 0.01)[0] == pytest.approx((100 / 110) ** 100)


def test_a_trace_of_extra_variation_is_none() -> None:
    assert tail_probabilities(12, 20.0, 1e-7) == tail_probabilities(12, 20.0)
    assert tail_probabilities(12, 20.0, 2e-6) == pytest.approx(tail_probabilities(12, 20.0), rel=1e-4)


@pytest.mark.parametrize("tau2", [0.0, 0.1])
def test_with_nothing_expected_only_nothing_is_possible(tau2: float) -> None:
    assert tail_probabilities(0, 0, tau2) == (1, 1)
    assert tail_probabilities(1, 0, tau2) == (1, 0)


@given(st.integers(0, 3_000), expectations, swings)
def test_tails_overlap_in_the_count_itself(observed: int, expected: float, tau2: float) -> None:
    low, high = tail_probabilities(observed, expected, tau2)

    assert 0 <= low <= 1
    assert 0 <= high <= 1
    assert low + high >= 1 - 1e-9


def test_numbers_give_numbers_and_arrays_arrays() -> None:
    for low, high in (
        tail_probabilities(3, 4.0),
        funnel_limits(4.0, 0.95),
        wilson_interval(3, 4, 0.95),
        garwood_interval(3, 0.95),
    ):
        assert isinstance(low, float)
        assert isinstance(high, float)
    assert tail_probabilities([3, 4], 4.0, [[0.0], [0.1], [0.2]])[0].shape == (3, 2)


# --- the funnel


def test_funnel_limits_are_funnelplotr_s() -> None:
    v = elsewhere("funnel_limits_funnelplotr")

    for confidence, digits in ((0.95, "95"), (0.998, "998")):
        low, high = funnel_limits(v["expected_counts"], confidence)
        assert low == pytest.approx(v[f"lower{digits}"], abs=v["tolerance"])
        assert high == pytest.approx(v[f"upper{digits}"], abs=v["tolerance"])


@given(expectations, confidences, swings)
@example(0.01, 0.95, 1.0)
@example(0.85, 0.1, 0.001)
def test_the_funnel_holds_the_usual_ratio(expected: float, confidence: float, tau2: float) -> None:
    low, high = funnel_limits(expected, confidence, tau2)

    assert 0 <= low <= 1 <= high


@given(st.floats(7, 500), confidences, st.floats(0.001, 0.5), st.integers(0, 1500))
def test_a_count_outside_the_widened_funnel_is_one_its_tail_calls_unusual(
    expected: float, confidence: float, tau2: float, observed: int
) -> None:
    alpha = 1 - confidence
    low, high = funnel_limits(expected, confidence, tau2)
    p_low, p_high = tail_probabilities(observed, expected, tau2)
    assume(min(abs(p_low - alpha / 2), abs(p_high - alpha / 2)) > 1e-9)

    assert (observed < round(low * expected)) == (p_low < alpha / 2)
    assert (observed > round(high * expected)) == (p_high < alpha / 2)


@pytest.mark.parametrize(("expected", "tau2"), [(8.0, 0.12), (40.0, 0.05), (300.0, 0.3)])
def test_the_widened_funnel_ends_where_a_tail_passes_half_of_what_is_left(expected: float, tau2: float) -> None:
    size, (low, high) = 1 / tau2, funnel_limits(expected, 0.9, tau2)

    def at_most(count: float) -> float:
        return float(nbinom.cdf(round(count), size, size / (size + expected)))

    assert at_most(low * expected - 1) < 0.05 <= at_most(low * expected)
    assert at_most(high * expected - 1) < 0.95 <= at_most(high * expected)


def test_less_than_one_expected_has_a_funnel() -> None:
    low, high = funnel_limits(0.5, 0.95)

    assert (low, high) == pytest.approx((chi2.ppf(0.025, 1) / 1, chi2.ppf(0.975, 3) / 1))


@given(st.floats(7, 500), st.floats(0.01, 0.5))
def test_extra_variation_widens_the_funnel(expected: float, tau2: float) -> None:
    calm, restless = funnel_limits(expected, 0.95, tau2), funnel_limits(expected, 0.95, tau2 * 4)

    assert restless[0] <= calm[0]
    assert restless[1] >= calm[1]


@pytest.mark.parametrize("tau2", [0.0, 0.1])
def test_nothing_expected_allows_no_judgement(tau2: float) -> None:
    assert funnel_limits(0, 0.95, tau2) == (0, math.inf)


UKHSA_RATIO_LIMITS = [
    ("upper_2s_exp_events", 0.95, 0),
    ("lower_2s_exp_events", 0.95, 1),
    ("upper_3s_exp_events", 0.998, 0),
    ("lower_3s_exp_events", 0.998, 1),
]


@pytest.mark.parametrize(("column", "confidence", "end"), UKHSA_RATIO_LIMITS)
def test_the_exact_interval_ends_at_ukhsa_s_expectations(column: str, confidence: float, end: int) -> None:
    v = elsewhere("funnel_ratio_ukhsa")
    limits = garwood_interval([row["Observed_events"] for row in v["limits"]], confidence)[end]

    assert limits == pytest.approx([row[column] for row in v["limits"]], rel=v["tolerance"])


def significance(beyond_low: dict[float, Any], beyond_high: dict[float, Any]) -> list[str]:
    """Return UKHSA's five classes from what lies beyond the outer (0,001) and the inner (0,025) limits."""
    classes = np.full(len(beyond_low[0.025]), "Not significant", dtype=object)
    for tail in (0.025, 0.001):
        classes[beyond_low[tail]] = f"Low ({tail:.3f})"
        classes[beyond_high[tail]] = f"High ({tail:.3f})"
    return list(classes)


def by_tails(observed: Any, expected: Any) -> list[str]:
    low, high = tail_probabilities(observed, expected)
    return significance({t: low < t for t in (0.025, 0.001)}, {t: high < t for t in (0.025, 0.001)})


def test_tails_class_every_unit_of_ukhsa_s_ratios_as_published() -> None:
    units = pd.DataFrame(elsewhere("funnel_ratio_ukhsa")["units"])

    assert by_tails(units["obs"], units["expected"]) == units["significance"].tolist()


def test_tails_class_every_unit_of_ukhsa_s_rates_as_published() -> None:
    units = pd.DataFrame(elsewhere("funnel_rate_ukhsa")["units"])
    expected = units["population"] * units["count"].sum() / units["population"].sum()

    assert by_tails(units["count"], expected) == units["significance"].tolist()


def test_wilson_classes_every_unit_of_ukhsa_s_proportions_as_published() -> None:
    units = pd.DataFrame(elsewhere("funnel_proportion_ukhsa")["units"])
    share = units["numerator"].sum() / units["denominator"].sum()
    ends = {t: wilson_interval(units["numerator"], units["denominator"], 1 - 2 * t) for t in (0.025, 0.001)}

    classes = significance({t: e[1] < share for t, e in ends.items()}, {t: e[0] > share for t, e in ends.items()})

    assert classes == units["significance"].tolist()


UKHSA_SHARE_LIMITS = [
    ("Lower2s0025limit", 0.95, 1),
    ("Upper2s0025limit", 0.95, 0),
    ("Lower3s0001limit", 0.998, 1),
    ("Upper3s0001limit", 0.998, 0),
]


@pytest.mark.parametrize(("column", "confidence", "end"), UKHSA_SHARE_LIMITS)
def test_a_share_on_ukhsa_s_limit_has_a_wilson_interval_ending_at_the_baseline(
    column: str, confidence: float, end: int
) -> None:
    v = elsewhere("funnel_proportion_ukhsa")
    rows = pd.DataFrame([row for row in v["limits"] if 0 < row[column] < 100])
    ends = wilson_interval(rows[column] / 100 * rows["Population"], rows["Population"], confidence)[end]

    assert len(rows) > 70
    assert ends * 100 == pytest.approx(rows["Baseline"].to_numpy(), abs=v["tolerance"])


# --- shares


@pytest.mark.parametrize("case", published("wilson_newcombe_1998")["single"], ids=lambda v: f"{v['k']}-{v['n']}")
def test_wilson_s_interval_is_newcombe_s(case: dict[str, float]) -> None:
    assert wilson_interval(case["k"], case["n"], 0.95) == pytest.approx((case["low"], case["high"]), abs=5e-5)


@given(st.integers(0, 5_000), st.integers(0, 5_000), confidences)
@example(0, 0, 0.95)
@example(7, 0, 0.95)
def test_wilson_s_interval_lies_in_0_to_1_and_holds_the_share(hits: int, misses: int, confidence: float) -> None:
    low, high = wilson_interval(hits, hits + misses, confidence)

    assert 0 <= low < high <= 1
    assert hits + misses == 0 or low - 1e-12 <= hits / (hits + misses) <= high + 1e-12


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.998])
@pytest.mark.parametrize(("hits", "trials"), [(0, 1), (1, 1), (1, 2), (3, 7), (40, 90)])
def test_an_end_of_wilson_s_interval_is_the_share_that_makes_the_sample_just_that_rare(
    hits: int, trials: int, confidence: float
) -> None:
    low, high = wilson_interval(hits, trials, confidence)
    z = norm.isf((1 - confidence) / 2)
    inner = [end for end in (low, high) if 1e-12 < end < 1 - 1e-12]

    assert inner
    for end in inner:
        assert abs(hits / trials - end) / math.sqrt(end * (1 - end) / trials) == pytest.approx(z)


def test_no_share_leaves_0_to_1_by_a_last_bit() -> None:
    trials = np.arange(1, 3000)

    assert wilson_interval(trials, trials, 0.95)[1].max() <= 1
    assert wilson_interval(0, trials, 0.95)[0].min() >= 0


def test_without_trials_every_share_is_possible() -> None:
    assert wilson_interval(0, 0, 0.95) == (0, 1)


# --- trends

MK = published("mann_kendall")
PRINTED = {"S": 0, "varS": 0.005, "Z": 0.0005, "p_one_sided": 0.00005}


@pytest.mark.parametrize("case", MK["cases"], ids=lambda v: v["name"])
def test_a_trend_is_the_published_one(case: dict[str, Any]) -> None:
    s, variance, p = mann_kendall(case["x"])
    found = {"S": s, "varS": variance, "Z": (s - np.sign(s)) / variance**0.5, "p_one_sided": p / 2}

    for name in PRINTED.keys() & case.keys():
        assert found[name] == pytest.approx(case[name], abs=PRINTED[name]), name


def with_s(n: int, s: int) -> list[int]:
    """Return an order of 0..n-1 whose rises less falls are `s`."""
    falls = (n * (n - 1) // 2 - s) // 2
    series: list[int] = []
    for value in range(n):  # every value up to then is smaller: each one to its right is a fall
        place = min(falls, value)
        series.insert(len(series) - place, value)
        falls -= place
    return series


SMALL = MK["small_sample_critical_abs_S"]


@pytest.mark.parametrize("cell", SMALL["exact_P_one_sided"])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_short_series_has_the_published_exact_probability(cell: str, sign: int) -> None:
    n, level = int(cell.split("/")[0]), cell.split("/")[1]
    critical = SMALL[level][SMALL["n"].index(n)]
    pairs = n * (n - 1) // 2
    reached = critical + (pairs - critical) % 2  # S is odd or even as the pairs are

    s, _, p = mann_kendall(with_s(n, sign * reached))

    assert s == sign * reached
    assert p / 2 == pytest.approx(SMALL["exact_P_one_sided"][cell], abs=0.00005)
    assert mann_kendall(with_s(n, sign * (reached - 2)))[2] / 2 > 1 - int(level[1:]) / 100


def test_a_longer_series_is_judged_by_the_normal_distribution() -> None:
    # S = 55, var S = 11 . 10 . 27 / 18 = 165
    assert mann_kendall(range(11)) == (55, 165, pytest.approx(math.erfc(54 / math.sqrt(2 * 165))))


def test_a_series_that_never_changes_has_no_trend() -> None:
    assert mann_kendall([4, 4, 4, 4, 4, 4, 4, 4]) == (0, 0, 1)
    assert sen_slope([4, 4, 4, 4]) == 0


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=20))
def test_a_series_turned_round_turns_its_trend_round(series: list[int]) -> None:
    s, variance, p = mann_kendall(series)

    assert mann_kendall(series[::-1]) == (-s, variance, pytest.approx(p))
    assert 0 < p <= 1
    assert sen_slope(series[::-1]) == pytest.approx(-sen_slope(series))


@given(st.lists(st.integers(0, 50), min_size=2, max_size=20))
def test_sen_s_slope_is_the_median_of_the_pairs_slopes(series: list[int]) -> None:
    slopes = [(series[j] - series[i]) / (j - i) for j in range(len(series)) for i in range(j)]

    assert sen_slope(series) == pytest.approx(float(np.median(slopes)))


def test_sen_s_slope_ignores_one_wild_year() -> None:
    assert sen_slope([1, 3, 5, 700, 9, 11, 13]) == 2


# --- concentration

INEQUALITY = published("inequality_gini_theil")
ROUNDING = INEQUALITY["tolerance"]


@pytest.mark.parametrize("case", ["a", "b"])
def test_gini_is_the_published_one(case: str) -> None:
    v = INEQUALITY[case]
    n = len(v["x"])

    assert gini(v["x"]) == pytest.approx(v["gini"], abs=ROUNDING)
    assert gini(v["x"]) * n / (n - 1) == pytest.approx(v.get("gini_corrected", v["gini"] * n / (n - 1)), abs=ROUNDING)


@pytest.mark.parametrize("case", ["a", "d"])
def test_theil_is_the_published_one(case: str) -> None:
    assert theil(INEQUALITY[case]["x"]) == pytest.approx(INEQUALITY[case]["theil"], abs=ROUNDING)


def between(values: Any, groups: Any) -> float:
    members = [np.array(values)[np.array(groups) == group] for group in sorted(set(groups))]
    return theil([m.mean() for m in members], [m.size for m in members])


def within(values: Any, groups: Any) -> float:
    members = [np.array(values)[np.array(groups) == group] for group in sorted(set(groups))]
    return sum(m.sum() * theil(m) for m in members if m.any()) / sum(m.sum() for m in members)


def test_theil_splits_into_the_published_parts() -> None:
    v = INEQUALITY["d"]

    assert between(v["x"], v["region"]) == pytest.approx(v["between"], abs=ROUNDING)
    assert within(v["x"], v["region"]) == v["within"]


def test_inequality_of_mexican_states_is_pysal_s() -> None:
    v = elsewhere("inequality_pysal_mexico")["c"]
    years = np.array(v["data"]).T

    assert gini(years[0]) == pytest.approx(v["gini_1940"], abs=1e-12)
    assert [theil(x) for x in years] == pytest.approx(v["theil"], abs=5e-9)
    assert [between(x, v["regions"]) for x in years] == pytest.approx(v["theil_between"], abs=5e-9)
    assert [between(x, v["regions"]) + within(x, v["regions"]) for x in years] == pytest.approx(v["theil"], abs=5e-9)


@pytest.mark.parametrize("function", [gini, theil])
@given(values=amounts, scale=st.floats(0.01, 100), random=st.randoms(use_true_random=False))
def test_inequality_knows_neither_scale_nor_order(function: Any, values: list[int], scale: float, random: Any) -> None:
    assume(any(values))
    shuffled = random.sample(values, len(values))

    assert function(np.array(shuffled) * scale) == pytest.approx(function(values), abs=1e-9)
    assert 0 <= function(values) <= (1 if function is gini else math.log(len(values)) + 1e-12)


@pytest.mark.parametrize("function", [gini, theil])
@given(pairs=st.lists(st.tuples(st.integers(0, 50), st.integers(0, 9)), min_size=1, max_size=12))
def test_a_weight_is_so_many_equal_members(function: Any, pairs: list[tuple[int, int]]) -> None:
    values, weights = zip(*pairs, strict=True)
    assume(any(value * weight for value, weight in pairs))

    assert function(values, weights) == pytest.approx(function(np.repeat(values, weights)), abs=1e-9)


@pytest.mark.parametrize("function", [gini, theil])
def test_many_rows_have_the_inequality_of_each(function: Any) -> None:
    rows = [[1, 2, 3], [0, 0, 5], [4, 4, 4], [0, 0, 0]]
    communes = [6, 13, 22]

    assert function(rows, communes) == pytest.approx([function(row, communes) for row in rows], nan_ok=True)
    assert function([rows], communes).shape == (1, 4)
    with pytest.raises(ValueError, match="weights"):
        function(rows, [6, 13])


@given(st.lists(st.integers(0, 50), min_size=1, max_size=12))
def test_gini_is_the_mean_difference_of_all_pairs(values: list[int]) -> None:
    assume(any(values))
    differences = sum(abs(a - b) for a in values for b in values)

    assert gini(values) == pytest.approx(differences / (2 * len(values) * sum(values)), abs=1e-12)


@pytest.mark.parametrize("function", [gini, theil])
def test_nothing_to_share_has_no_inequality_and_one_holder_none(function: Any) -> None:
    assert math.isnan(function([0, 0, 0]))
    assert math.isnan(function([1, 2], weights=[0, 0]))
    assert function([7]) == 0
    assert function([7, 7, 7]) == 0


@pytest.mark.parametrize("case", published("evenness_hhi")["pielou"], ids=lambda v: str(v["x"]))
def test_evenness_is_scikit_bio_s(case: dict[str, Any]) -> None:
    expected = math.nan if case["J"] is None else case["J"]

    assert pielou_evenness(case["x"]) == pytest.approx(expected, abs=case.get("tol", 5e-11), nan_ok=True)


def test_two_fields_have_an_evenness() -> None:
    # H = ln 4 - 3/4 ln 3, by hand
    assert pielou_evenness([1, 3]) == pytest.approx((math.log(4) - 0.75 * math.log(3)) / math.log(2))


def test_no_models_at_all_have_no_evenness() -> None:
    assert math.isnan(pielou_evenness([0, 0, 0, 0]))


@pytest.mark.parametrize("case", published("evenness_hhi")["hhi"], ids=lambda v: str(v["HHI"]))
def test_concentration_of_shares_is_the_published_one(case: dict[str, Any]) -> None:
    shares = np.array(case["shares_pct"]) / 100

    assert hhi(shares) * 10_000 == pytest.approx(case["HHI"])


@pytest.mark.parametrize("shares", [[0.5, 0.3], [50, 50], [0, 0]])
def test_shares_that_are_not_all_there_are_refused(shares: list[float]) -> None:
    with pytest.raises(ValueError, match="shares: they sum to"):
        hhi(shares)


def test_shares_printed_with_rounding_are_shares() -> None:
    assert hhi([0.3333, 0.3333, 0.3333]) == pytest.approx(1 / 3, abs=1e-3)


# --- shrinkage


def test_shrinkage_is_marshall_s_of_the_sids_counties() -> None:
    v = elsewhere("empirical_bayes_sids")
    events, base = np.array(v["events"]), np.array(v["base"])

    shrunk = empirical_bayes(events / base, events.sum() / base.sum() / base)

    assert shrunk[:5] == pytest.approx(v["first5"], abs=v["tolerance"])


def test_equal_variances_shrink_all_alike() -> None:
    # mean 2, variance between 8/3 less 1: each keeps (5/3) / (8/3) of its distance, by hand
    assert empirical_bayes([0, 2, 4], [1, 1, 1]) == pytest.approx([2 - 1.25, 2, 2 + 1.25])


def test_differences_no_larger_than_chance_shrink_to_the_mean() -> None:
    assert empirical_bayes([1.9, 2.0, 2.1], [1, 1, 1]) == pytest.approx([2, 2, 2])


def test_what_is_known_exactly_stays_and_rules_nobody() -> None:
    assert empirical_bayes([9, 0, 2, 4], [0, 1, 1, 1]) == pytest.approx([9, 0.75, 2, 3.25])
    assert empirical_bayes([9, 1], [0, 0]).tolist() == [9, 1]


def test_one_unit_alone_stays_where_it_is() -> None:
    assert empirical_bayes([3], [2]).tolist() == [3]


@given(
    st.lists(st.tuples(st.floats(-100, 100), st.floats(0.001, 100)), min_size=1, max_size=18),
    st.randoms(use_true_random=False),
)
def test_a_shrunk_estimate_lies_between_itself_and_the_mean(pairs: list[tuple[float, float]], random: Any) -> None:
    estimates, variances = np.array(pairs).T
    mean = np.average(estimates, weights=1 / variances)

    shrunk = empirical_bayes(estimates, variances)

    assert (np.minimum(estimates, mean) - 1e-9 <= shrunk).all()
    assert (shrunk <= np.maximum(estimates, mean) + 1e-9).all()
    order = random.sample(range(len(pairs)), len(pairs))
    assert empirical_bayes(estimates[order], variances[order]) == pytest.approx(shrunk[order], abs=1e-9)


def test_equal_variances_leave_all_as_uncertain_as_morris_says() -> None:
    # n = 5, mean 4, a = 40/5 - 1 = 7, w = 7/8: v (1 - 4/5 x 1/8) + 2/2 (1/8)^2 (x - mean)^2, by hand
    left = empirical_bayes_variances([0, 2, 4, 6, 8], [1, 1, 1, 1, 1])

    assert left == pytest.approx([0.9 + 0.25, 0.9 + 0.0625, 0.9, 0.9 + 0.0625, 0.9 + 0.25])


def test_of_few_units_the_mean_is_as_uncertain_as_of_four() -> None:
    # n = 3, w = 5/8: v (1 - 2/3 x 3/8) + 2 (3/8)^2 (x - mean)^2, by hand
    assert empirical_bayes_variances([0, 2, 4], [1, 1, 1]) == pytest.approx([0.75 + 1.125, 0.75, 0.75 + 1.125])


def test_unequal_variances_leave_the_more_the_more_there_was() -> None:
    # p = (2, 1, 1), mean 3/2, a = (11 - 3) / 4 = 2, w = (4/5, 2/3, 2/3), by hand
    left = empirical_bayes_variances([0, 2, 4], [0.5, 1, 1])

    lent = [0.5 * (1 - 2 / 3 * 1 / 5), 1 - 2 / 3 * 1 / 3, 1 - 2 / 3 * 1 / 3]
    assert left == pytest.approx(np.add(lent, [2 * 0.3**2, 2 / 6**2, 2 * (2.5 / 3) ** 2]))


def test_what_is_known_exactly_stays_known_and_counts_for_nobody() -> None:
    assert empirical_bayes_variances([9, 0, 2, 4], [0, 1, 1, 1]) == pytest.approx([0, 1.875, 0.75, 1.875])
    assert empirical_bayes_variances([9, 1], [0, 0]).tolist() == [0, 0]


def test_one_unit_alone_is_lent_nothing() -> None:
    assert empirical_bayes_variances([3], [2]).tolist() == [2]


def test_equal_values_may_take_each_other_s_ranks() -> None:
    first, last = rank_bounds([[3, 1, 3, 2], [5, 5, 5, 5]])

    assert first.tolist() == [[3, 1, 3, 2], [1, 1, 1, 1]]
    assert last.tolist() == [[4, 1, 4, 2], [4, 4, 4, 4]]
    assert [ranks.tolist() for ranks in rank_bounds([3, 1])] == [[2, 1], [2, 1]]
    assert first.dtype == last.dtype == np.float64


# --- what is refused

MISSING: list[Any] = [
    [1.0, math.nan, 3.0],
    [1.0, None, 3.0],
    [1.0, pd.NA, 3.0],
    [1.0, math.inf, 3.0],
    np.ma.masked_array([1.0, 2.0, 3.0], mask=[False, True, False]),
    [],
]
TAKING_ONE_ROW: dict[str, Any] = {
    "p_values": lambda x: benjamini_hochberg(x if len(x) else [math.nan], 0.1),  # no test at all is no fault
    "successes": lambda x: wilson_interval(x, 10, 0.95),
    "trials": lambda x: wilson_interval(0, x, 0.95),
    "count": lambda x: garwood_interval(x, 0.95),
    "observed": lambda x: tail_probabilities(x, 2.0),
    "expected": lambda x: tail_probabilities(2, x),
    "tau2": lambda x: tail_probabilities(2, 2.0, x),
    "expected ": lambda x: funnel_limits(x, 0.95),
    "tau2 ": lambda x: funnel_limits(2.0, 0.95, x),
    "series": mann_kendall,
    "series ": sen_slope,
    "values": gini,
    "values ": theil,
    "weights": lambda x: gini([1, 2, 3], x),
    "weights ": lambda x: theil([1, 2, 3], x),
    "counts": pielou_evenness,
    "shares": hhi,
    "estimates": lambda x: empirical_bayes(x, [1, 1, 1]),
    "variances": lambda x: empirical_bayes([1, 2, 3], x),
    "table": lambda x: adjusted_residuals(np.ma.masked_array([x]) if np.ma.is_masked(x) else [x]),
    "table ": lambda x: location_quotient(np.ma.masked_array([x]) if np.ma.is_masked(x) else [x]),
    "table  ": lambda x: overdispersion_tau2(np.ma.masked_array([x]) if np.ma.is_masked(x) else [x]),
}
SIGNED = {"series", "series ", "estimates"}


@pytest.mark.parametrize("missing", MISSING, ids=["nan", "None", "NA", "inf", "masked", "nothing"])
@pytest.mark.parametrize("name", TAKING_ONE_ROW)
def test_a_missing_value_is_refused_by_name(name: str, missing: Any) -> None:
    with pytest.raises(ValueError, match=rf"^{name.strip()}: "):
        TAKING_ONE_ROW[name](missing)


@pytest.mark.parametrize("name", sorted(TAKING_ONE_ROW.keys() - SIGNED))
def test_a_negative_count_is_refused_by_name(name: str) -> None:
    with pytest.raises(ValueError, match=rf"^{name.strip()}: a value is negative"):
        TAKING_ONE_ROW[name]([1.0, -1.0, 3.0])


REFUSED: dict[str, Any] = {
    "^observed: a count is not whole$": lambda: tail_probabilities([2.9, 3], 3.0),
    "^successes: more than there were trials$": lambda: wilson_interval([3, 1], 2, 0.95),
    "^p_values: a value is over 1$": lambda: benjamini_hochberg([0.1, 1.1], 0.1),
    "^alpha: must lie between": lambda: benjamini_hochberg([0.1], 5),
    "^confidence: must lie between 0 and 1, not 95": lambda: wilson_interval(1, 2, 95),
    "^confidence: must lie between 0 and 1, not 1": lambda: garwood_interval(1, 1),
    "^confidence: must lie between 0 and 1, not 0": lambda: funnel_limits(1, 0),
    "window: at least one year": lambda: overdispersion_tau2([[1, 2], [3, 4]], 0),
    "^series: .* at least 2 is needed": lambda: mann_kendall([3]),
    "^series: .* at least 2 is": lambda: sen_slope([3]),
    "series: a one-dimensional": lambda: mann_kendall([[1, 2], [3, 4]]),
    "^p_values: a one-dimensional": lambda: benjamini_hochberg([[0.1, 0.2]], 0.1),
    "^counts: a one-dimensional": lambda: pielou_evenness([[1, 2]]),
    "^shares: a one-dimensional": lambda: hhi([[0.5, 0.5]]),
    "^estimates: a one-dimensional": lambda: empirical_bayes([[1, 2]], [[1, 2]]),
    "table: two dimensions": lambda: adjusted_residuals([1, 2, 3]),
    "^weights: .* do not fit": lambda: gini([1, 2, 3], [1, 2]),
    "^variances: .* do not fit": lambda: empirical_bayes([1, 2, 3], [1, 2]),
}


@pytest.mark.parametrize("message", REFUSED)
def test_what_cannot_be_meant_is_refused(message: str) -> None:
    with pytest.raises(ValueError, match=message):
        REFUSED[message]()


# --- what it costs the others


def test_neither_the_readers_nor_the_pages_load_the_statistics() -> None:
    script = (
        "import sys, etl.cli, etl.desk, etl.guard.child, dashboard.exhibits, dashboard.ui.desk\n"
        "print({name.split('.')[0] for name in sys.modules} & {'scipy', 'statsmodels'})"
    )

    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "set()"


@pytest.mark.parametrize("path", sorted((ROOT / "tests" / "vectors").glob("*.json")), ids=lambda path: path.stem)
def test_published_numbers_copied_here_name_their_source(path: Path) -> None:
    vector = json.loads(path.read_text(encoding="utf-8"))
    cited = [vector] if "source" in vector else vector["cases"]

    assert all(part["source"] for part in cited)
    assert "facts" in vector["licence"]
