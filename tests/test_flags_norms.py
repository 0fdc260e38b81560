"""Rules on written norms and on data quality (F4, F5, F6, F9, F11), and the funnels of shares (F8, F12)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.choice import Choice
from dashboard.topics.reporting import grid
from dashboard.warehouse import Warehouse, records
from etl.flags import norms, shares
from etl.flags.facts import RECOGNISED, Facts, FloatArray
from etl.flags.flag import Flag
from etl.flags.rules import f04_communes_without_model as f04
from etl.flags.rules import f05_no_activity as f05
from etl.flags.rules import f06_returns as f06
from etl.flags.rules import f08_unrewarded as f08
from etl.flags.rules import f09_empty_field as f09
from etl.flags.rules import f11_disagreement as f11
from etl.flags.rules import f12_survival as f12
from etl.settings import ROOT
from tests import warehouses
from tests.facts import FIELDS, due, level_districts, province

NAN = float("nan")
GREY = "chua_du_so_lieu"
DISTRICT_RULES = (f04, f05, f06, f08, f09, f12)


def levels(flags: list[Flag]) -> dict[str | None, str]:
    return {flag.don_vi_id: flag.level for flag in flags}


def alarms(flags: list[Flag]) -> dict[str | None, str]:
    return {unit: level for unit, level in levels(flags).items() if level != GREY}


def one_district(**series: list[float]) -> Facts:
    """Return one district with these indicators, a figure a year up to 2024, and 20 models a year."""
    length = len(next(iter(series.values())))
    totals = {name: np.array([values], dtype=float) for name, values in series.items()}
    return province(np.full((1, length), 20.0), totals=totals)


# --- years of zero in a row


@pytest.mark.parametrize(
    ("series", "length"),
    [([0, 0, 0], 3), ([0, 0, 1], 0), ([0, 1, 0], 1), ([0, NAN, 0], 1), ([0, 0, NAN], 0), ([NAN], 0)],
)
def test_zeros_are_counted_from_the_last_year_back_to_the_first_that_is_none_or_unknown(
    series: list[float], length: int
) -> None:
    assert norms.zero_years(np.array(series)) == length


# --- F4


@pytest.mark.parametrize(
    ("covered", "level"),
    [
        ([10, 10], None),
        ([7, 10], None),
        ([20, 19], "theo_doi"),  # 19 of 20 for the first time
        ([19, 19], "canh_bao"),
        ([20, 18], "theo_doi"),  # just 90 %
        ([20, 17], "canh_bao"),
        ([14, 14], "canh_bao"),  # just 70 %
        ([20, 13], "nghiem_trong"),
        ([NAN, 19], "theo_doi"),  # what is not known makes no second year
    ],
)
def test_communes_with_a_model_are_held_against_all_communes(covered: list[float], level: str | None) -> None:
    communes = 10 if max(covered) == 10 else 20
    facts = province(np.full((1, 2), 30.0), communes=communes, totals={f04.COVERED: np.array([covered])})

    assert alarms(f04.flags(facts)) == ({"huyen_0": level} if level else {})


def test_without_the_number_of_communes_the_models_at_work_are_the_most_there_can_be() -> None:
    facts = province([[3.0]], communes=10, totals={f04.KEPT: np.array([[2.0]])})
    found = f04.flags(facts)[0]

    assert (found.level, found.observed, found.ratio) == ("nghiem_trong", 5, 0.5)
    assert "nhiều nhất 50% số xã" in found.statement
    assert found.evidence["is_upper_bound"] is True


def test_as_many_models_as_communes_prove_nothing() -> None:
    assert f04.flags(province([[8.0]], communes=10, totals={f04.KEPT: np.array([[2.0]])})) == []


def test_more_communes_with_a_model_than_there_are_is_no_cover_of_over_100_percent() -> None:
    covered = {f04.COVERED: np.array([[12.0]])}

    assert levels(f04.flags(province([[8.0]], communes=10, totals=covered))) == {"huyen_0": GREY}
    few = f04.flags(province([[3.0]], communes=10, totals={**covered, f04.KEPT: np.array([[0.0]])}))
    assert (few[0].ratio, few[0].evidence["is_upper_bound"]) == (0.3, True)


def test_a_district_without_either_figure_is_grey_and_says_which_year() -> None:
    found = f04.flags(province([[8.0]]))

    assert levels(found) == {"huyen_0": GREY}
    assert "2024" in found[0].statement


# --- F5


@pytest.mark.parametrize(
    ("series", "level"),
    [
        ([1, 1, 0], "theo_doi"),
        ([1, 0, 0], "canh_bao"),
        ([0, 0, 0], "nghiem_trong"),
        ([0, 0, 1], None),
        ([0, NAN, 0], "theo_doi"),
    ],
)
def test_an_activity_left_out_for_years_rises_a_level_a_year(series: list[float], level: str | None) -> None:
    facts = one_district(kiem_tra=series, hoi_nghi=[1, 1, 1], mo_hinh_khen_thuong=[1, 1, 1])

    found = f05.flags(facts)
    assert [(flag.evidence["indicator_id"], flag.level) for flag in found] == ([("kiem_tra", level)] if level else [])


def test_each_activity_has_a_flag_of_its_own() -> None:
    found = f05.flags(one_district(kiem_tra=[0], hoi_nghi=[0], mo_hinh_khen_thuong=[0]))

    assert [flag.evidence["indicator_id"] for flag in found] == ["kiem_tra", "hoi_nghi", "mo_hinh_khen_thuong"]
    assert {flag.level for flag in found} == {"theo_doi"}


def test_an_activity_that_is_not_reported_raises_nothing_and_no_report_at_all_is_one_grey_row() -> None:
    assert f05.flags(one_district(kiem_tra=[0, NAN], hoi_nghi=[1, 1])) == []
    assert [flag.level for flag in f05.flags(one_district(kiem_tra=[0, NAN], hoi_nghi=[0, NAN]))] == [GREY]


def test_a_year_that_is_not_over_is_said_to_be_so() -> None:
    cut_off = [{"don_vi_id": "huyen_0", "year": 2024, "as_of_on": date(2024, 9, 30)}]
    whole = f05.flags(one_district(kiem_tra=[1, 0]))[0]
    part = f05.flags(replace(one_district(kiem_tra=[1, 0]), tables={"part_years": cut_off}))[0]

    assert "tính đến" not in whole.statement
    assert "chưa trọn" not in whole.certainty
    assert "tính đến 30/9/2024" in part.statement
    assert "chưa trọn" in part.certainty


# --- F6


def returns_of(states: str, kind: str = "nam") -> list[dict[str, Any]]:
    """Return the periods of one unit, the last that of 2024; a letter a year."""
    named = {"d": "dung_han", "c": "cham", "k": "khong_ngay", "t": "trong", "-": "thieu"}
    return [due("a", 2025 - len(states) + place, named[letter], kind) for place, letter in enumerate(states)]


def late_or_missing(rows: list[dict[str, Any]]) -> list[Flag]:
    return f06.flags(province(level_districts(), tables={"returns_due": rows}))


@pytest.mark.parametrize(
    ("states", "level"),
    [
        ("dddddd", None),
        ("cccc" + "dd", None),  # long ago
        ("dddd" + "kk", None),  # nobody knows when they came
        ("dddd" + "kc", "canh_bao"),  # of those that say when, none was on time
        ("dddd" + "cd", "canh_bao"),
        ("-ddddd", "theo_doi"),
        ("dddtdd", "theo_doi"),
        ("ddddd-", "canh_bao"),
        ("dddddt", "canh_bao"),
        ("---ddd", "theo_doi"),
        ("----dd", "nghiem_trong"),
        ("tttt" + "dd", "nghiem_trong"),
    ],
)
def test_returns_are_judged_by_what_is_missing_empty_and_late(states: str, level: str | None) -> None:
    assert alarms(late_or_missing(returns_of(states))) == ({"a": level} if level else {})


def test_one_late_half_year_of_four_returns_is_watched_only() -> None:
    rows = [*returns_of("dddddd"), *returns_of("dc", "6_thang")]

    assert alarms(late_or_missing(rows)) == {"a": "theo_doi"}


def test_what_came_empty_is_said_apart_from_what_never_came() -> None:
    found = late_or_missing(returns_of("d-tdcd"))[0]

    assert "chưa gửi báo cáo năm 2020" in found.statement
    assert "gửi báo cáo năm 2021 nhưng để trống" in found.statement
    assert "gửi chậm báo cáo năm 2023 (ngày 19/1/2024, sau hạn 30 ngày)" in found.statement
    assert "4/6" in found.statement
    assert "báo cáo năm 2020 và 2021" in found.action
    assert found.evidence["missing"] == [{"period_kind": "nam", "year": 2020}]
    assert found.evidence["empty"] == [{"period_kind": "nam", "year": 2021}]


def test_a_half_year_whose_year_is_due_is_not_asked_for_any_more() -> None:
    found = late_or_missing([*returns_of("dddddd"), *returns_of("-d", "6_thang")])[0]

    assert "6 tháng đầu năm 2023" in found.statement
    assert "Đôn đốc" not in found.action


@given(st.lists(st.sampled_from("dck t-".replace(" ", "")), min_size=6, max_size=6), st.integers(0, 5))
@settings(max_examples=100)
def test_leaving_out_a_return_never_makes_its_units_flag_milder(states: list[str], place: int) -> None:
    order = (None, "theo_doi", "canh_bao", "nghiem_trong")
    without = [*states[:place], "-", *states[place + 1 :]]
    before, after = (alarms(late_or_missing(returns_of("".join(told)))).get("a") for told in (states, without))

    assert order.index(after) >= order.index(before)


# --- which periods are due, and what became of them


def sent(unit: str, year: int, received: date | None, **other: Any) -> dict[str, Any]:
    row = {
        "return_id": f"{unit}-{year}-{received}",
        "don_vi_id": unit,
        "period_kind": "nam",
        "from_year": year,
        "to_year": year,
        "due_on": date(year, 12, 20),
        "received_at": datetime.combine(received, datetime.min.time()) if received else None,
        "state": "co_so_lieu",
        "file_name": "a.xlsx",
        "sha256": "0",
        "layout": "periodic",
        "is_simulated": False,
        "superseded_by": None,
        "as_of_on": None,
    }
    return {**row, **other}


def snapshot(folder: Path, returns: list[dict[str, Any]], **more: list[dict[str, Any]]) -> Path:
    rows = {**warehouses.dimensions(), "snapshot_info": warehouses.info(returns=len(returns), simulated=False)}
    return warehouses.publish(folder, {**rows, "core_return": returns, **more})


def asked(path: Path, name: str) -> list[dict[str, Any]]:
    """Return the rows of one query of the rules."""
    query = (ROOT / "etl" / "flags" / "tables" / f"{name}.sql").read_text(encoding="utf-8")
    with duckdb.connect(str(path), read_only=True) as connection:
        return records(connection.execute(query).df())


def test_a_period_is_due_once_the_returns_speak_of_a_later_day(tmp_path: Path) -> None:
    both = [sent("tam_ky", 2022, date(2022, 12, 10)), sent("nam_giang", 2022, date(2022, 12, 20))]
    later = [sent("tam_ky", 2023, date(2023, 12, 1)), sent("nam_giang", 2023, None, as_of_on=date(2023, 12, 21))]

    assert asked(snapshot(tmp_path / "a", both), "returns_due") == [], "not on the day itself"
    found = asked(snapshot(tmp_path / "b", [*both, *later]), "returns_due")
    assert {row["year"] for row in found} == {2022}, "two units must speak of the day"


def test_one_return_dated_far_ahead_puts_nobody_in_arrears(tmp_path: Path) -> None:
    returns = [sent("tam_ky", 2022, date(2042, 12, 10)), sent("nam_giang", 2022, date(2022, 12, 21))]

    assert {row["year"] for row in asked(snapshot(tmp_path, returns), "returns_due")} == {2022}


def test_what_is_due_late_and_missing_is_the_same_as_on_the_page_of_returns(tmp_path: Path) -> None:
    returns = [
        sent("tam_ky", 2022, date(2022, 12, 1)),
        sent("tam_ky", 2022, date(2023, 2, 1)),  # a correction makes nobody late
        sent("tam_ky", 2023, date(2023, 12, 1), state="trong"),
        sent("nam_giang", 2022, date(2023, 1, 5)),
        sent("nam_giang", 2023, None),
        sent("hoi_an", 2022, date(2022, 12, 1), state="trong", superseded_by="x"),
        sent("hoi_an", 2022, date(2022, 12, 30)),
        sent("hoi_an", 2023, date(2024, 3, 1)),
        sent("tam_ky", 2024, date(2024, 3, 1)),
    ]
    path = snapshot(tmp_path, returns)
    found = {(row["don_vi_id"], row["year"]): row for row in asked(path, "returns_due")}
    shown = records(grid(Warehouse(path), Choice(2022, 2024, None), "nam", date(2024, 3, 1)))

    names = ("is_received", "is_reported", "is_on_time", "is_late")
    told = {
        (row["don_vi_id"], row["year"]): [row[name] for name in names]
        for row in shown
        if row["is_expected"] and row["is_due"]
    }
    assert {key: [row[name] for name in names] for key, row in found.items()} == told
    assert found["nam_giang", 2022]["is_late"]
    assert not found["nam_giang", 2023]["is_on_time"]


# --- F8, F12: the funnel of shares


def awarded(each: list[float], recognised: float = 40) -> Facts:
    """Return 18 districts with so many models a year over six years, the awards of the window's years given."""
    counts = level_districts(each=recognised)
    awards = np.tile(np.array(each, dtype=float)[:, None], (1, 6))
    return province(counts, totals={f08.AWARDED: awards})


def test_where_every_district_has_too_few_models_to_judge_a_share_nobody_is_named_and_nothing_drawn() -> None:
    facts = awarded([1] * 18, recognised=2)

    assert f08.flags(facts) == []
    assert f08.pictures(facts) == {}


def test_a_district_that_awards_far_less_than_is_common_is_named() -> None:
    found = f08.flags(awarded([8] * 17 + [2]))  # 6 of 120 against 24 of 120

    assert levels(found) == {"huyen_17": "canh_bao"}
    assert found[0].kind == "TH"
    assert found[0].ratio == pytest.approx((6 / 120) / (414 / 2160))
    assert found[0].p_value is not None
    assert found[0].p_value < 0.001


def test_a_share_that_chance_may_explain_is_not_named_and_one_between_is_watched() -> None:
    assert f08.flags(awarded([8] * 17 + [6])) == []
    assert levels(f08.flags(awarded([8] * 17 + [4]))) == {"huyen_17": "theo_doi"}


def test_a_small_difference_is_not_named_however_certain() -> None:
    assert f08.flags(awarded([800] * 17 + [660], recognised=4000)) == []  # 0,83 of the common share


def test_differences_that_all_districts_have_widen_the_funnel() -> None:
    uneven = f08.flags(awarded([4, 12] * 8 + [8, 3]))

    assert levels(f08.flags(awarded([8] * 17 + [3]))) == {"huyen_17": "canh_bao"}
    assert alarms(uneven) == {}


def test_ten_recognised_and_none_awarded_breaks_the_norm_once() -> None:
    found = f08.flags(awarded([8] * 17 + [0]))

    assert [(flag.don_vi_id, flag.kind, flag.level) for flag in found] == [("huyen_17", "QD", "canh_bao")]


def test_nine_recognised_and_none_awarded_or_an_unknown_year_break_none() -> None:
    few = awarded([1] * 17 + [0], recognised=3)
    unknown = awarded([8] * 17 + [0])
    unknown.totals[f08.AWARDED][17, 4] = NAN

    assert alarms(f08.flags(few)) == {}
    assert alarms(f08.flags(unknown)) == {}


def test_under_twenty_models_no_share_is_judged() -> None:
    facts = awarded([8] * 18)
    facts.total(RECOGNISED)[17], facts.totals[f08.AWARDED][17] = 6, 0
    facts.totals[f08.AWARDED][17, 5] = 1

    assert f08.flags(facts) == [], "1 of 18 models"


def test_more_awards_than_models_are_grey_and_count_in_no_province_share() -> None:
    facts = awarded([8] * 17 + [50])
    found = f08.flags(facts)

    assert levels(found) == {"huyen_17": GREY}
    measures = {row["measure_id"]: row["value"] for row in f08.pictures(facts)["flag_measure"]}
    assert measures["ty_le_khen_thuong"] == pytest.approx(0.2)


def test_a_district_that_owes_a_return_has_no_share_but_its_zeros_stand() -> None:
    facts = awarded([8] * 16 + [2, 0])
    facts.total(RECOGNISED)[16:, 1] = NAN

    found = f08.flags(facts)
    assert levels(found) == {"huyen_16": GREY, "huyen_17": "canh_bao"}


def test_the_limits_of_a_funnel_of_shares_lie_within_none_and_all() -> None:
    limits = f08.pictures(awarded([9] * 9 + [9.5] * 9, recognised=10))["flag_funnel_limit"]

    assert {row["high998"] for row in limits} == {1.0}
    assert all(0 <= row["low998"] < row["low95"] < 1 for row in limits)


def test_the_funnel_drawn_is_the_one_that_judges() -> None:
    facts = awarded([8] * 17 + [4])
    drawn = f08.pictures(facts)
    points = {row["don_vi_id"]: row for row in drawn["flag_funnel"]}
    limits = drawn["flag_funnel_limit"]
    near = min(limits, key=lambda row: abs(row["expected"] - 120))

    assert len(points) == 18
    assert (
        points["huyen_17"] | {"ratio": 0.1, "expected": 120, "observed": 12, "is_outside": True} == points["huyen_17"]
    )
    assert near["low998"] < points["huyen_17"]["ratio"] < near["low95"]
    assert not points["huyen_0"]["is_outside"]


def test_a_unit_is_outside_just_where_its_wilson_interval_leaves_out_the_provinces_share() -> None:
    rng = np.random.default_rng(7)
    facts = awarded(list(rng.binomial(40, 0.2, 18)))
    drawn = f08.pictures(facts)
    found = f08._found(facts)
    assert found is not None

    lower = found.share < found.province
    by_interval = {int(place) for place in np.flatnonzero((found.upper(0.95) < found.province) & lower)}
    by_limit = {
        place
        for place in range(18)
        if lower[place] and shares._limits(found, float(found.trials[place]))["low95"] > found.share[place]
    }
    assert by_interval == by_limit
    assert {row["rule"] for row in drawn["flag_funnel"]} == {"F8"}


def test_chance_alone_names_hardly_anybody() -> None:
    rng = np.random.default_rng(11)
    warned = [
        level
        for _ in range(200)
        for level in alarms(f08.flags(awarded(list(rng.binomial(40, 0.2, 18))))).values()
        if level == "canh_bao"
    ]
    assert len(warned) <= 4, "0,001 a district and review would be 3 to 4"


def surviving(share: list[float]) -> Facts:
    """Return 18 districts with 20 new models a year that keep these shares of the models of the year before."""
    counts = level_districts(each=20)
    kept = np.zeros_like(counts)
    for year in range(1, 6):
        kept[:, year] = np.round((kept[:, year - 1] + 20) * np.array(share))
    return province(counts, totals={f12.KEPT: kept})


def test_a_district_that_keeps_far_fewer_of_last_years_models_is_named() -> None:
    found = f12.flags(surviving([0.7] * 17 + [0.3]))

    assert levels(found) == {"huyen_17": "canh_bao"}
    assert found[0].observed == 8 + 8 + 8
    assert found[0].evidence["slices"][1] == {
        "indicator_id": f12.KEPT,
        "don_vi_id": "huyen_17",
        "from_year": 2021,
        "to_year": 2023,
    }


def test_models_kept_are_held_against_those_of_the_year_before() -> None:
    facts = surviving([0.7] * 18)
    kept, possible = f12._counts(facts)

    assert possible[0] == sum(facts.total(f12.KEPT)[0, place] + 20 for place in (2, 3, 4))
    assert kept[0] == facts.total(f12.KEPT)[0, 3:].sum()


def test_more_models_kept_than_there_were_are_grey() -> None:
    facts = surviving([0.7] * 18)
    facts.totals[f12.KEPT][3, 5] = 500

    assert levels(f12.flags(facts)) == {"huyen_3": GREY}


@pytest.mark.parametrize(
    ("since", "is_replicated", "level"),
    [
        (2024, False, None),
        (2023, False, None),
        (2022, False, "theo_doi"),
        (2020, False, "canh_bao"),
        (2020, True, None),
    ],
)
def test_a_typical_model_that_nobody_took_over_is_named_after_two_and_four_years(
    since: int, is_replicated: bool, level: str | None
) -> None:
    model = {
        "name": "Vườn mẫu",
        "linh_vuc_id": "kinh_te",
        "don_vi_id": "huyen_1",
        "since_year": since,
        "return_id": None,
        "is_replicated": is_replicated,
    }
    facts = replace(surviving([0.7] * 18), tables={"typical_models": [model]})

    found = [(flag.kind, flag.linh_vuc_id, flag.level) for flag in f12.flags(facts)]
    assert found == ([("QD", "kinh_te", level)] if level else [])


def model(mo_hinh_id: str, unit: str, place: str, start: int) -> dict[str, Any]:
    return {
        "mo_hinh_id": mo_hinh_id,
        "don_vi_id": unit,
        "name": "Vườn mẫu",
        "linh_vuc_id": "kinh_te",
        "start_year": start,
        "status": "dien_hinh",
        "return_id": "r",
        "named_in_report": False,
        "name_key": "vuon mau",
        "place_key": place,
        "search_key": "vuon mau",
    }


def told(mo_hinh_id: str, unit: str, year: int, status: str) -> dict[str, Any]:
    period = {"period_kind": "nam", "from_year": year, "to_year": year}
    source = {"return_id": "r", "source_sheet": "Biểu 03", "source_cell": "A1"}
    return {"mo_hinh_id": mo_hinh_id, "don_vi_id": unit, "status": status, **period, **source}


@pytest.mark.parametrize(
    ("models", "statuses", "is_replicated"),
    [
        ([], [], False),
        ([], [told("m", "tam_ky", 2024, "nhan_rong")], True),
        ([model("n", "nam_giang", "y", 2023)], [], True),
        ([model("n", "tam_ky", "x", 2023)], [], False),  # the same place: the same model
        ([model("n", "nam_giang", "y", 2020)], [], False),  # older than the choice
    ],
)
def test_a_replica_is_the_same_name_elsewhere_and_later_or_what_the_register_says(
    tmp_path: Path, models: list[dict[str, Any]], statuses: list[dict[str, Any]], is_replicated: bool
) -> None:
    path = snapshot(
        tmp_path,
        [],
        core_mo_hinh=[model("m", "tam_ky", "x", 2019), *models],
        core_mo_hinh_status=[told("m", "tam_ky", 2022, "dien_hinh"), *statuses],
    )
    found = asked(path, "typical_models")

    assert [(row["since_year"], row["is_replicated"]) for row in found] == [(2022, is_replicated)]


# --- F9


@pytest.mark.parametrize(
    ("series", "level"),
    [
        ([5, 5, 5, 5, 0], None),
        ([5, 5, 5, 0, 0], "theo_doi"),
        ([5, 5, 0, 0, 0], "canh_bao"),
        ([5, 0, 0, 0, 0], "canh_bao"),
        ([0, 0, 0, 0, 0], "nghiem_trong"),
        ([0, 0, NAN, 0, 0], "theo_doi"),
        ([0, 0, 0, 0, NAN], None),
    ],
)
def test_a_field_empty_for_two_three_and_five_years_is_named(series: list[float], level: str | None) -> None:
    cells = np.full((1, len(FIELDS), 5), 5.0)
    cells[0, 3] = series

    found = f09.flags(province(np.full((1, 5), 20.0), by_field={RECOGNISED: cells}))
    assert [(flag.linh_vuc_id, flag.level) for flag in found] == ([(FIELDS[3], level)] if level else [])


# --- F11


def printed(value: int | None, field: str | None = None, **other: Any) -> dict[str, Any]:
    row = {
        "source_id": "bc",
        "territory": "Tỉnh",
        "don_vi_id": None,
        "indicator_id": RECOGNISED,
        "linh_vuc_id": field,
        "from_year": 2009,
        "to_year": 2024,
        "value": value,
    }
    return {**row, **other}


def disagreeing(**tables: list[dict[str, Any]]) -> list[Flag]:
    given = {
        "snapshot_info": [{"key": "signed_report", "value": "bc"}],
        "dim_source": [{"source_id": "bc", "label": "Báo cáo"}, {"source_id": "bao", "label": "Báo Quảng Nam"}],
        "dim_indicator": [{"indicator_id": RECOGNISED, "label": "Mô hình công nhận"}],
        "dim_measure": [
            {"measure_id": "xay_dung", "label": "Xây", "relation": "ten_khac", "nearest_indicator_id": RECOGNISED}
        ],
    }
    return f11.flags(province(level_districts(), tables={**given, **tables}))


def of_fields(counts: list[int], **other: Any) -> list[dict[str, Any]]:
    return [printed(count, field, **other) for field, count in zip(FIELDS, counts, strict=True)]


@pytest.mark.parametrize(
    ("total", "level"),
    [
        (1000, None),
        (1010, "theo_doi"),
        (1011, "canh_bao"),
        (1052, "canh_bao"),
        (1053, "nghiem_trong"),
        (949, "nghiem_trong"),
    ],
)
def test_printed_fields_are_added_up_and_held_against_the_printed_total(total: int, level: str | None) -> None:
    found = disagreeing(published_total=[printed(total), *of_fields([400, 300, 200, 100])])

    assert [flag.level for flag in found] == ([level] if level else [])


def test_fields_of_which_one_is_not_printed_are_not_added_up() -> None:
    assert disagreeing(published_total=[printed(1000), *of_fields([400, 300, 200, 50])[:3]]) == []


def test_only_the_signed_report_is_held_to_its_own_fields() -> None:
    assert (
        disagreeing(published_total=[row | {"source_id": "bao"} for row in (printed(9), *of_fields([1, 1, 1, 1]))])
        == []
    )


@pytest.mark.parametrize(
    ("other", "level"),
    [
        (printed(20, source_id="bao"), "canh_bao"),  # 19 and 20: just 5 %
        (printed(19, source_id="bao"), None),
        (printed(25, source_id="bao"), "nghiem_trong"),
        (printed(None, source_id="bao"), None),  # no printed count
        (printed(20, source_id="bao", to_year=2023), None),  # another period
        (printed(20, source_id="bao", don_vi_id="tam_ky"), None),  # another place
        (printed(20, source_id="bao", indicator_id="khac"), None),  # something else
        (printed(20, source_id="bao", indicator_id="xay_dung"), None),  # its own name, of another source
        (printed(20, indicator_id="xay_dung"), "canh_bao"),  # another name of the same thing, in one report
    ],
)
def test_two_printed_figures_are_compared_only_where_they_count_the_same(
    other: dict[str, Any], level: str | None
) -> None:
    found = disagreeing(published_total=[printed(19), other])

    assert [flag.level for flag in found] == ([level] if level else [])


def added(value: int, printed_value: int, given_count: int, expected: int = 100) -> dict[str, Any]:
    names = {"source_id": "bc", "indicator_id": RECOGNISED, "linh_vuc_id": None, "field_label": None}
    span = {"from_year": 2009, "to_year": 2024, "label": "Mô hình công nhận", "unit_label": "mô hình"}
    return {**names, **span, "value": printed_value, "added": value, "given": given_count, "expected": expected}


@pytest.mark.parametrize(
    ("row", "level"),
    [
        (added(1000, 1000, 100), None),
        (added(995, 1000, 100), "theo_doi"),
        (added(995, 1000, 99), None),  # a return is missing: not a difference yet
        (added(1200, 1000, 50), "nghiem_trong"),  # what is missing only makes it worse
    ],
)
def test_the_returns_are_held_against_the_report_when_they_can_be(row: dict[str, Any], level: str | None) -> None:
    assert [flag.level for flag in disagreeing(published_sums=[row])] == ([level] if level else [])


def test_all_figures_that_the_returns_miss_are_one_card_of_the_worst_level() -> None:
    found = disagreeing(published_sums=[added(995, 1000, 100), added(800, 1000, 100)])

    assert [flag.level for flag in found] == ["nghiem_trong"]
    assert "2 con số" in found[0].statement


def test_simulated_sums_are_said_to_be_simulated() -> None:
    tables = {
        "published_sums": [added(995, 1000, 100)],
        "snapshot_info": [{"key": "is_simulated", "value": "true"}],
    }
    assert "mô phỏng" in disagreeing(**tables)[0].certainty


def finding(
    rule: str, year: int = 2024, unit: str | None = "huyen_1", message: str = "5 nhiều hơn 3"
) -> dict[str, Any]:
    place = {"sheet": "Biểu 01", "cell": "C5", "return_id": "r1"}
    return {"rule": rule, "level": "canh_bao", "don_vi_id": unit, "year": year, "message": message, **place}


@pytest.mark.parametrize(
    ("rule", "level"),
    [
        ("awarded_recognised_registered", "nghiem_trong"),
        ("communes_within_unit", "nghiem_trong"),
        ("register_matches_summary", "theo_doi"),
        ("returns_sum_to_published", None),
    ],
)
def test_what_the_checks_found_is_impossible_or_doubtful(rule: str, level: str | None) -> None:
    assert alarms(disagreeing(check_result=[finding(rule)])) == ({"huyen_1": level} if level else {})


def test_the_findings_of_a_unit_and_year_are_one_flag_and_old_ones_none() -> None:
    rows = [
        finding("register_matches_summary", message="Biểu 03 khác Biểu 01"),
        finding("awarded_recognised_registered"),
        finding("awarded_recognised_registered", year=2023),
        finding("awarded_recognised_registered", year=2018),
        finding("awarded_recognised_registered", unit=None),
    ]
    found = disagreeing(check_result=rows)

    assert [(flag.to_year, flag.level) for flag in found] == [(2023, "nghiem_trong"), (2024, "nghiem_trong")]
    assert "Biểu 03 khác Biểu 01. 5 nhiều hơn 3." in found[1].statement
    assert found[1].evidence["returns"] == ["r1"]


def test_every_check_that_the_rule_names_exists() -> None:
    checks = {path.stem for path in (ROOT / "etl" / "checks").glob("*.sql")}

    assert checks - {"returns_sum_to_published"} == f11.IMPOSSIBLE | f11.DOUBTFUL, "a new check is one or the other"


def step(year: int, value: int, before: int, **other: Any) -> dict[str, Any]:
    names = {"indicator_id": "kiem_tra", "label": "Kiểm tra, đánh giá", "unit_label": "cuộc"}
    counts = {"value": value, "value_before": before, "given": 29, "expected": 29, "is_part": False}
    return {**names, "year": year, **counts, **other}


@pytest.mark.parametrize(
    ("rows", "years"),
    [
        ([step(2023, 201, 100)], [2023]),
        ([step(2023, 200, 100)], []),
        ([step(2023, 49, 100)], [2023]),
        ([step(2023, 50, 100)], []),
        ([step(2023, 40, 10)], []),  # too small to tell
        ([step(2023, 300, 100, given=20)], []),  # too few gave both years
        ([step(2024, 30, 100, is_part=True), step(2023, 300, 100)], [2023]),
        ([step(2023, 100, 100), step(2022, 300, 100)], []),  # only the last two whole years
    ],
)
def test_a_province_that_halves_or_doubles_between_its_last_two_whole_years_is_asked_about(
    rows: list[dict[str, Any]], years: list[int]
) -> None:
    assert [flag.to_year for flag in disagreeing(province_steps=rows)] == years


def value(unit: str, year: int, count: int, field: str | None = None) -> dict[str, Any]:
    names = {"don_vi_id": unit, "year": year, "indicator_id": "kiem_tra", "linh_vuc_id": field}
    return {**names, "value": count, "is_provisional": False, "return_id": f"{unit}-{year}"}


def test_a_year_is_held_against_the_one_before_by_those_who_gave_both(tmp_path: Path) -> None:
    values = [value("tam_ky", 2022, 10), value("tam_ky", 2023, 12), value("nam_giang", 2023, 50)]
    found = asked(snapshot(tmp_path, [], core_year_value=values), "province_steps")

    assert [(row["year"], row["value"], row["value_before"], row["given"]) for row in found] == [(2023, 12, 10, 1)]


def test_the_returns_add_up_over_years_and_spans_inside_the_printed_period(tmp_path: Path) -> None:
    span = {"don_vi_id": "nam_giang", "from_year": 2022, "to_year": 2023, "indicator_id": "kiem_tra"}
    path = snapshot(
        tmp_path,
        [],
        core_year_value=[value("tam_ky", 2022, 10), value("tam_ky", 2025, 99)],
        core_span_value=[{**span, "linh_vuc_id": None, "value": 5, "return_id": "r"}],
        published_total=[warehouses._published("kiem_tra", None, 40)],
    )
    found = asked(path, "published_sums")

    assert [(row["added"], row["value"], row["given"]) for row in found] == [(15, 40, 3)]


# --- all of them


@pytest.mark.parametrize("rule", DISTRICT_RULES, ids=lambda rule: rule.RULE.rule)
def test_without_any_return_a_district_rule_is_one_grey_row(rule: Any) -> None:
    found = rule.flags(province(np.full((18, 2), NAN)))

    assert [(flag.level, flag.don_vi_id) for flag in found] == [(GREY, None)]
    assert found[0].action


@pytest.mark.parametrize("rule", (f04, f05, f09), ids=lambda rule: rule.RULE.rule)
def test_a_district_that_did_not_exist_all_year_is_not_judged(rule: Any) -> None:
    totals = {name: np.zeros((2, 3)) for name in ("kiem_tra", "hoi_nghi", f04.COVERED)}
    facts = province(np.zeros((2, 3)), totals=totals, by_field={RECOGNISED: np.zeros((2, 4, 3))}, communes=[10, 10])
    facts.existed[0, 2] = False

    assert {flag.don_vi_id for flag in rule.flags(facts)} == {"huyen_1"}


def _random_province(rng: np.random.Generator, order: list[int], names: list[str]) -> Facts:
    """Return a random province whose districts stand in an order and are called by names: both are of the asker."""
    cells = rng.poisson(3, (18, 4, 7)).astype(float) * (rng.random((18, 4, 7)) > 0.25)
    counts = cells.sum(axis=1)
    totals: dict[str, FloatArray] = {
        f08.AWARDED: rng.binomial(counts.astype(int), 0.15).astype(float),
        f12.KEPT: rng.poisson(8, (18, 7)).astype(float),
        "kiem_tra": rng.poisson(0.8, (18, 7)).astype(float),
        "hoi_nghi": rng.poisson(0.8, (18, 7)).astype(float),
        f04.COVERED: rng.integers(6, 11, (18, 7)).astype(float),
    }
    for array in (counts, *totals.values()):
        array[rng.random(array.shape) < 0.04] = NAN
    return province(
        counts[order],
        names=[names[place] for place in order],
        terrain=[["dong_bang", "mien_nui"][place % 2] for place in order],
        totals={name: array[order] for name, array in totals.items()},
        by_field={RECOGNISED: cells[order]},
    )


@given(st.integers(0, 2**32 - 1), st.permutations(range(18)))
@settings(max_examples=40)
def test_neither_the_order_nor_the_names_of_districts_change_a_flag(seed: int, order: list[int]) -> None:
    plain = [f"huyen_{place:02}" for place in range(18)]
    other = [f"x{(7 * place) % 18:02}" for place in range(18)]
    back = dict(zip(other, plain, strict=True))

    def found(facts: Facts, called: Callable[[str], str]) -> set[tuple[Any, ...]]:
        return {
            (
                flag.rule,
                flag.kind,
                flag.level,
                flag.don_vi_id and called(flag.don_vi_id),
                flag.linh_vuc_id,
                flag.from_year,
                flag.observed,
                flag.p_value and round(flag.p_value, 9),
            )
            for rule in (f04, f05, f08, f09, f12)
            for flag in rule.flags(facts)
        }

    before = found(_random_province(np.random.default_rng(seed), list(range(18)), plain), str)
    after = found(_random_province(np.random.default_rng(seed), list(order), other), lambda name: back[name])
    assert before == after
