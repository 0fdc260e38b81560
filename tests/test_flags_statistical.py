"""Rules F2, F7 and F10: where they fire and where they must not, and that names and order move nothing."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from statsmodels.api import GLM, families

from etl.flags.compare import mended_correlation, window_tau2, year_tau2
from etl.flags.facts import RECOGNISED, Facts
from etl.flags.flag import Flag
from etl.flags.rules import f02_weak_field_district as f02
from etl.flags.rules import f07_decline as f07
from etl.flags.rules import f10_concentration as f10
from etl.statistics import sen_slope
from tests.facts import FIELDS, level_districts, province

NAN = float("nan")

Counts = NDArray[np.float64]
RULES = (f02, f07, f10)


def mixed(years: int = 10, mix: tuple[float, ...] = (10, 20, 6, 4), size: int = 18) -> Counts:
    """Return counts by district, field and year in which every district has the same mix."""
    return np.broadcast_to(np.array(mix, dtype=np.float64)[None, :, None], (size, len(mix), years)).copy()


def of_fields(counts: Counts, **more: object) -> Facts:
    return province(counts.sum(axis=1), by_field={RECOGNISED: counts}, **more)  # type: ignore[arg-type]


def levels(flags: list[Flag]) -> dict[tuple[str | None, str | None], str]:
    return {(flag.don_vi_id, flag.linh_vuc_id): flag.level for flag in flags}


def only(flags: list[Flag]) -> Flag:
    (flag,) = flags
    return flag


# --- F2: fields a district leaves almost empty


def test_a_field_left_empty_for_five_years_is_named_with_what_would_be_usual() -> None:
    counts = mixed()
    counts[3, 3, -5:] = [1, 0, 0, 1, 0]

    flag = only(f02.flags(of_fields(counts)))

    assert (flag.don_vi_id, flag.linh_vuc_id, flag.level) == ("huyen_3", FIELDS[3], "canh_bao")
    assert (flag.from_year, flag.to_year, flag.observed) == (2020, 2024, 2)
    assert flag.expected == pytest.approx(182 * 342 / 3582)
    assert flag.ratio == pytest.approx((2 / 182) / (342 / 3582))
    assert "2 mô hình (1,1%)" in flag.statement
    assert "17,4 mô hình" in flag.usual
    assert flag.evidence["returns"] == [f"huyen_3-{year}" for year in range(2020, 2025)]


def test_a_field_that_was_as_empty_in_the_five_years_before_is_severe() -> None:
    counts = mixed()
    counts[3, 3] = 0

    flag = only(f02.flags(of_fields(counts)))

    assert flag.level == "nghiem_trong"
    assert "không có mô hình" in flag.statement
    assert "5 năm trước đó cũng vậy" in flag.statement


def test_a_share_little_below_the_common_one_is_not_named_however_certain() -> None:
    counts = mixed(mix=(1000, 2000, 600, 400))
    counts[3, 3] = 340

    found = f02.judge(of_fields(counts), list(range(5, 10)))

    assert found is not None
    assert found.p_low[3, 3] < 1e-6
    assert found.quotient[3, 3] > 0.8
    assert f02.flags(of_fields(counts)) == []


def test_a_field_in_which_few_models_are_due_names_nobody() -> None:
    counts = mixed(mix=(10, 20, 6, 0.8))
    counts[3, 3] = 0

    assert f02.flags(of_fields(counts)) == []


def test_counts_as_the_common_mix_and_the_size_of_districts_name_nobody() -> None:
    sizes = np.arange(1, 19, dtype=np.float64)[:, None, None]

    assert f02.flags(of_fields(mixed() * sizes)) == []


def test_a_mix_that_swings_everywhere_makes_a_low_field_ordinary() -> None:
    steady, swinging = mixed(), mixed()
    away = (np.add.outer(np.arange(18), np.arange(10)) % 2).astype(bool)
    swinging[:, 3, :] = np.where(away, 12, 0)
    swinging[:, 2, :] = np.where(away, 0, 14)
    for counts in (steady, swinging):
        counts[3, 3, -5:] = [0, 6, 0, 0, 0]

    assert levels(f02.flags(of_fields(steady))) == {("huyen_3", FIELDS[3]): "theo_doi"}
    assert f02.dispersion(swinging[:, :, -5:])[0] > 3
    assert f02.flags(of_fields(swinging)) == []


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=10)
def test_the_dispersion_is_that_of_the_poisson_model_without_three_way_interaction(seed: int) -> None:
    counts = np.random.default_rng(seed).poisson(6, (4, 3, 3)).astype(np.float64) + 1
    at = np.array(list(product(*map(range, counts.shape)))).T
    single = [(at[axis] == i).astype(float) for axis in range(3) for i in range(1, counts.shape[axis])]
    double = [
        (at[a] == i) * (at[b] == j).astype(float)
        for a, b in ((0, 1), (0, 2), (1, 2))
        for i in range(1, counts.shape[a])
        for j in range(1, counts.shape[b])
    ]
    design = np.column_stack([np.ones(at.shape[1]), *single, *double])
    fit = GLM(counts[tuple(at)], design, family=families.Poisson()).fit(tol=1e-10)

    assert f02.dispersion(counts)[0] == pytest.approx(max(1.0, fit.pearson_chi2 / (3 * 2 * 2)), rel=1e-6)


def test_a_district_without_any_model_changes_no_dispersion() -> None:
    counts = np.random.default_rng(1).poisson(3 * np.random.default_rng(2).gamma(1, 1, (9, 4, 5))).astype(np.float64)

    whole, by_field = f02.dispersion(counts)
    beside, beside_by_field = f02.dispersion(np.concatenate([counts, np.zeros((1, 4, 5))]))
    assert beside == whole > 1
    assert beside_by_field.tolist() == by_field.tolist()


@pytest.mark.parametrize("empty", [np.s_[:, :, 1], np.s_[:, 0, 0], np.s_[0, 0, :]])
def test_where_nothing_is_free_to_swing_there_is_no_dispersion(empty: tuple[slice | int, ...]) -> None:
    counts = np.full((2, 2, 2), 9.0)
    counts[empty] = 0

    assert f02.dispersion(counts)[0] == 1
    assert f02.dispersion(counts)[1].tolist() == [1, 1]


def test_a_model_that_never_settles_still_has_a_dispersion() -> None:
    counts = np.ones((2, 2, 2))
    counts[0, 0, 0] = counts[1, 1, 1] = 0  # its fit goes to the edge, ever slower

    assert f02.dispersion(counts)[0] == pytest.approx(1, abs=1e-3)


def test_a_field_that_swings_more_than_the_others_has_a_dispersion_of_its_own() -> None:
    rng = np.random.default_rng(4)
    steady = rng.poisson(10, (18, 3, 5)).astype(np.float64)
    swinging = rng.poisson(10 * rng.gamma(2, 1 / 2, (18, 1, 5))).astype(np.float64)

    whole, by_field = f02.dispersion(np.concatenate([steady, swinging], axis=1))

    assert by_field[3] > 1.5 * whole
    assert by_field[:3].max() < 1.5 * whole


@pytest.mark.parametrize("mix", [(10, 20, 6, 4), (3, 60, 3, 3)])
def test_by_chance_alone_no_field_swings_beyond_chance(mix: tuple[float, ...]) -> None:
    drawn = [np.random.default_rng(seed).poisson(mixed(5, mix)).astype(np.float64) for seed in range(40)]

    found = np.array([f02.dispersion(counts)[1] for counts in drawn])

    assert np.all(found.mean(axis=0) < 1.2)


def test_a_district_that_owes_a_return_or_its_fields_is_grey_and_the_others_are_judged() -> None:
    counts = mixed()
    counts[3, 3, -5:] = 0
    counts[4, :, -2] = np.nan
    facts = of_fields(counts)
    facts.totals[RECOGNISED][5, -1] = 40
    facts.by_field[RECOGNISED][5, :, -1] = np.nan

    found = {flag.don_vi_id: flag for flag in f02.flags(facts)}

    assert {unit: flag.level for unit, flag in found.items()} == {
        "huyen_3": "canh_bao",
        "huyen_4": "chua_du_so_lieu",
        "huyen_5": "chua_du_so_lieu",
    }
    assert "thiếu báo cáo năm 2023" in found["huyen_4"].statement
    assert "thiếu số liệu theo lĩnh vực năm 2024" in found["huyen_5"].statement


@pytest.mark.parametrize("counts", [mixed(years=4), mixed(size=9), np.full((18, 4, 10), np.nan)])
def test_without_five_years_of_ten_districts_fields_are_not_judged(counts: Counts) -> None:
    flag = only(f02.flags(of_fields(counts)))

    assert (flag.level, flag.don_vi_id) == ("chua_du_so_lieu", None)


# --- F7: decline over years


def falling(start: float, end: float, years: int = 12, others: float = 40) -> Counts:
    """Return counts of a province in which the first district goes from one number a year to another."""
    counts = level_districts(length=years, each=others)
    counts[0] = np.round(np.linspace(start, end, years))
    return counts


def test_a_district_whose_part_shrinks_to_the_common_level_is_warned_of() -> None:
    flag = only(f07.flags(province(falling(80, 40))))

    assert (flag.don_vi_id, flag.level, flag.from_year, flag.to_year) == ("huyen_0", "canh_bao", 2013, 2024)
    assert flag.ratio == pytest.approx(0.5, abs=0.01)
    assert flag.statement.endswith("từ khoảng 2,00 lần năm 2013 xuống 1,00 lần năm 2024, tức giảm 50% trong 12 năm.")


def test_one_that_also_ends_far_below_the_others_is_severe() -> None:
    flag = only(f07.flags(province(falling(40, 12))))

    assert flag.level == "nghiem_trong"
    assert "F3" in flag.statement


@pytest.mark.parametrize(
    "counts",
    [
        falling(40, 30),  # by a quarter
        np.broadcast_to(np.linspace(60, 20, 12).round(), (18, 12)),  # all together
        np.concatenate([level_districts(length=9, each=40), np.tile([36.0, 30, 24], (18, 1))], axis=1),
    ],
)
def test_a_small_fall_or_one_of_the_whole_province_names_nobody(counts: Counts) -> None:
    assert f07.flags(province(counts)) == []


def test_a_province_of_two_years_says_how_many_years_it_has() -> None:
    assert "Mới có 2 năm" in only(f07.flags(province(level_districts(length=2)))).statement


def test_a_district_whose_communes_are_not_known_is_grey_for_its_trend() -> None:
    flag = only(f07.flags(province(level_districts(length=12), communes=[NAN, *[10] * 17])))

    assert (flag.don_vi_id, flag.level) == ("huyen_0", "chua_du_so_lieu")
    assert "Kiểm tra số xã" in flag.action


def test_three_falls_in_a_row_are_no_decline() -> None:
    counts = level_districts(length=12, each=40)
    counts[0] = [38, 44, 41, 36, 43, 39, 42, 37, 44, 40, 34, 26]

    assert f07.flags(province(counts)) == []


def test_the_trend_is_mann_kendall_s_of_the_epa_example_widened_by_what_carries_over() -> None:
    epa = np.array([10, 10, 10, 5, 10, 20, 18, 17, 15, 24, 15], dtype=np.float64)[::-1]  # S = 22, Z = 1,685
    counts = level_districts(length=11, each=1e6)
    counts[0] = epa

    found = f07.trends(province(counts))

    z = NormalDist().inv_cdf(found.p_low[0])
    assert z * ((1 + found.correlation) / (1 - found.correlation)) ** 0.5 == pytest.approx(-1.685, abs=5e-4)
    slope = sen_slope(epa) / 1e6  # the others' common level is 1
    assert found.end[0] - found.start[0] == pytest.approx(10 * slope)


@pytest.mark.parametrize(("raw", "mended"), [(-0.3, 0.0), (0.0, 0.1), (0.25, 0.45), (0.9, 0.7)])
def test_a_correlation_is_mended_for_the_trend_taken_out_and_kept_within_bounds(raw: float, mended: float) -> None:
    assert mended_correlation(raw, 10) == pytest.approx(mended)


def test_less_than_eight_years_in_a_row_are_too_few_for_a_trend() -> None:
    assert only(f07.flags(province(falling(80, 40, years=7)))).don_vi_id is None

    counts = falling(80, 40)
    counts[:, 3] = np.nan  # eight years are left at the end
    assert levels(f07.flags(province(counts))) == {("huyen_0", None): "canh_bao"}
    counts[1, 5] = np.nan
    flag = next(flag for flag in f07.flags(province(counts)) if flag.don_vi_id == "huyen_1")
    assert flag.level == "chua_du_so_lieu"
    assert "năm 2018" in flag.statement


def test_years_that_too_few_districts_gave_end_the_run() -> None:
    counts = falling(80, 40)
    counts[9:, 6] = np.nan

    assert only(f07.flags(province(counts))).don_vi_id is None


# --- F10: concentration


def test_models_that_crowd_into_a_few_districts_are_warned_of() -> None:
    counts = level_districts()
    counts[:5] = 120

    flag = only(f10.flags(province(counts)))

    assert (flag.level, flag.don_vi_id) == ("canh_bao", None)
    assert flag.observed == pytest.approx((5 * 120) / (5 * 120 + 13 * 20) - 5 / 18)
    assert "5 huyện có nhiều mô hình nhất giữ 70% số mô hình" in flag.statement
    assert "cùng vùng" in flag.statement


def test_a_gap_between_terrains_is_said_to_be_one() -> None:
    counts = level_districts()
    counts[1::2] = 8

    flag = only(f10.flags(province(counts)))

    assert "giữa miền núi và đồng bằng" in flag.statement
    assert flag.evidence["theil_between"] == pytest.approx(flag.evidence["theil"])


def test_as_many_models_as_communes_are_no_concentration_however_unequal_the_districts() -> None:
    communes = np.arange(6, 24, dtype=np.float64)

    assert f10.flags(province(np.outer(communes * 2, np.ones(6)), communes=communes)) == []


def test_swings_that_all_districts_have_are_no_concentration() -> None:
    rng = np.random.default_rng(3)
    counts = rng.poisson(20 * rng.gamma(4, 1 / 4, (18, 6))).astype(np.float64)  # ±50 %
    steady = level_districts()
    steady[:, 3:] = np.sort(counts[:, 3:].sum(axis=1) / 3).round()[:, None]
    steady[:, :3] = steady[:, 3:]

    assert f10.flags(province(counts)) == []
    assert only(f10.flags(province(steady))).level == "canh_bao"  # the same totals every year are no swing


@pytest.mark.parametrize("counts", [level_districts(size=9), np.full((18, 6), np.nan), np.zeros((18, 6))])
def test_too_few_districts_or_no_model_say_nothing_of_concentration(counts: Counts) -> None:
    assert only(f10.flags(province(counts))).level == "chua_du_so_lieu"


def test_the_lorenz_curve_lies_in_the_balanced_band_unless_models_crowd() -> None:
    even, crowded = level_districts(), level_districts()
    crowded[:5] = 120

    drawn = {name: f10.pictures(province(counts)) for name, counts in {"even": even, "crowded": crowded}.items()}

    for pictures in drawn.values():
        curve = pictures["flag_lorenz"]
        assert [curve[0][name] for name in ("commune_share", "model_share")] == [0, 0]
        assert [curve[-1][name] for name in ("commune_share", "model_share")] == pytest.approx([1, 1])
        assert all(point["low"] <= point["high"] <= point["commune_share"] + 1e-9 for point in curve)
    middle = {name: pictures["flag_lorenz"][20] for name, pictures in drawn.items()}
    assert middle["even"]["model_share"] == pytest.approx(0.5)
    assert middle["crowded"]["model_share"] < middle["crowded"]["low"]
    measured = {row["measure_id"]: row for row in drawn["crowded"]["flag_measure"]}
    assert set(measured) == {"tau2_nam", "gini", "top5", "theil", "theil_giua_vung"}
    assert measured["gini"]["value"] > measured["gini"]["high"]


# --- how much districts swing


def _swinging(carried: float, seed: int, years: int = 15) -> Counts:
    """Return counts of districts that swing ±35 % a year, a part of it kept the next year."""
    rng = np.random.default_rng(seed)
    log = rng.normal(0, 0.34, (18, years))
    for year in range(1, years):
        log[:, year] = carried * log[:, year - 1] + (1 - carried**2) ** 0.5 * log[:, year]
    return np.asarray(rng.poisson(60 * np.exp(log)), dtype=np.float64)


@pytest.mark.parametrize(("carried", "share"), [(0.0, 1 / 3), (0.5, 0.611)])
def test_swings_that_carry_over_do_not_average_out_within_a_window(carried: float, share: float) -> None:
    found = [window_tau2(province(_swinging(carried, seed))) for seed in range(20)]

    assert np.mean(found) == pytest.approx(share * np.expm1(0.34**2), rel=0.2)


def test_without_two_windows_there_is_nothing_to_carry_and_without_districts_nothing_is_known() -> None:
    assert year_tau2(province(_swinging(0.0, 1, years=3))) == pytest.approx(np.expm1(0.34**2), rel=0.5)
    assert year_tau2(province(level_districts(size=5))) is None
    assert window_tau2(province(level_districts(size=5))) == 0


# --- what must move nothing


def _drawn(seed: int) -> Counts:
    """Return counts in which something is found by every rule now and then."""
    rng = np.random.default_rng(seed)
    level = rng.gamma(3, 1 / 3, (18, 1, 1)) * np.array([4.0, 9, 3, 2])[None, :, None] * np.ones(12)
    level[rng.integers(18)] *= np.linspace(3, 0.3, 12)
    level[rng.integers(18), rng.integers(4)] *= 0.05
    return rng.poisson(level).astype(np.float64)


def _shuffled(facts: Facts, order: list[int]) -> Facts:
    """Return the same districts in another order, each called by another's name."""
    names = sorted(district.don_vi_id for district in facts.districts)
    return replace(
        facts,
        districts=tuple(
            replace(facts.districts[place], don_vi_id=f"{names[-1 - rank]}x") for rank, place in enumerate(order)
        ),
        existed=facts.existed[order],
        communes=facts.communes[order],
        population=facts.population[order],
        totals={name: values[order] for name, values in facts.totals.items()},
        by_field={name: values[order] for name, values in facts.by_field.items()},
        return_ids={},
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.RULE.rule))
@given(seed=st.integers(0, 10**6), order=st.permutations(range(18)))
@settings(max_examples=15)
def test_how_districts_are_called_or_ordered_moves_no_flag(rule: object, seed: int, order: list[int]) -> None:
    judge: Callable[[Facts], list[Flag]] = rule.flags  # type: ignore[attr-defined]
    communes = np.random.default_rng(seed).integers(6, 23, 18).astype(np.float64)
    facts = of_fields(_drawn(seed), communes=communes)
    shuffled = _shuffled(facts, order)
    back = {
        new.don_vi_id: facts.districts[place].don_vi_id for new, place in zip(shuffled.districts, order, strict=True)
    }

    def said(flags: list[Flag], called: dict[str, str]) -> dict[tuple[str | None, str | None], tuple[object, ...]]:
        return {
            (called.get(str(flag.don_vi_id), flag.don_vi_id), flag.linh_vuc_id): (
                flag.level,
                pytest.approx(flag.observed),
                pytest.approx(flag.expected),
                pytest.approx(flag.p_value),
            )
            for flag in flags
        }

    plainly = {key: tuple(getattr(v, "expected", v) for v in value) for key, value in said(judge(facts), {}).items()}
    assert said(judge(shuffled), back) == plainly


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.RULE.rule))
@given(seed=st.integers(0, 10**6), row=st.integers(0, 17), year=st.integers(0, 5))
@settings(max_examples=15)
def test_a_return_left_out_of_the_two_windows_makes_its_district_grey(
    rule: object, seed: int, row: int, year: int
) -> None:
    counts = _drawn(seed)
    counts[row, :, -1 - year] = np.nan

    own = [flag for flag in rule.flags(of_fields(counts)) if flag.don_vi_id == f"huyen_{row}"]  # type: ignore[attr-defined]

    assert [flag.level for flag in own] == ([] if rule is f10 else ["chua_du_so_lieu"])
