"""Every rule's flags and pictures of made-up provinces, word for word and figure for figure.

The other tests of flags say when a rule speaks; this one holds all that it then says, as `whole_flags.json` has it.
Where words or figures are meant to change: `python -m tests.test_flags_whole` writes the file anew, and its
difference is read like any other.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from etl.flags import RULES, flag_tables
from etl.flags.facts import RECOGNISED, Facts
from etl.flags.rules.f04_communes_without_model import COVERED
from etl.flags.rules.f08_unrewarded import AWARDED
from etl.flags.rules.f12_survival import KEPT
from tests.facts import FIELDS, due, level_districts, province

KNOWN = Path(__file__).with_name("whole_flags.json")
YEARS = range(2015, 2025)
SIZE = 18
NAN = float("nan")

Row = dict[str, Any]


def troubled() -> Facts:
    """Return a province in which every rule finds something, each trouble in a district of its own."""
    random = np.random.default_rng(8)
    communes = random.integers(8, 20, SIZE)
    length = len(YEARS)
    fields = random.poisson(np.multiply.outer(communes, [0.5, 1.0, 0.4, 0.3])[:, :, None], (SIZE, 4, length))
    fields = fields.astype(float)
    fields[0] = np.floor(fields[0] * 0.4)
    fields[1] = np.round(fields[1] * np.linspace(3, 0.1, length))
    fields[2, 1, -3:] = 0
    fields[3, :, -2] = NAN
    fields[4] *= 4
    recognised = fields.sum(axis=1)
    awarded = random.binomial(np.nan_to_num(recognised).astype(int), 0.2).astype(float)
    awarded[5, -3:] = [1, 0, 0]
    awarded[6, -3:] = 0
    awarded[7, -3:] = recognised[7, -3:] + 5
    kept = np.round(np.roll(np.nan_to_num(recognised), 1, axis=1) * 0.7)
    kept[8, -3:] = np.round(kept[8, -3:] * 0.4)
    kept[9, -3:] = recognised[9, -3:] * 9
    covered = np.repeat(communes[:, None], length, axis=1).astype(float)
    covered[10, -2:] = communes[10] // 2
    covered[11, -1] = communes[11] - 2
    inspected = random.poisson(3, (SIZE, length)).astype(float) + 1
    inspected[12, -3:] = 0
    met = inspected + 1
    met[13, -1] = 0
    facts = province(
        recognised,
        communes=communes.tolist(),
        population=(communes * random.integers(4_000, 9_000, SIZE)).tolist(),
        terrain=[*["dong_bang"] * 8, *["mien_nui"] * 10],
        by_field={RECOGNISED: fields, KEPT: np.minimum(fields, 1)},
        totals={AWARDED: awarded, KEPT: kept, COVERED: covered, "kiem_tra": inspected, "hoi_nghi": met},
        tables=tables(),
        thresholds={"score_draws": 200},
    )
    every = {
        (unit, year, indicator): f"{unit}-{year}"
        for unit, year, _ in facts.return_ids
        for indicator in (RECOGNISED, *facts.totals)
    }
    return replace(facts, return_ids=every)


def tables() -> dict[str, list[Row]]:
    """Return what stands beside the figures: the signed report, checks, returns due, models."""
    total = {"source_id": "bc", "don_vi_id": None, "from_year": 2009, "to_year": 2024, "territory": "Tỉnh"}
    printed = [
        {**total, "indicator_id": RECOGNISED, "linh_vuc_id": field, "value": value}
        for field, value in zip((None, *FIELDS), (1007, 480, 300, 160, 60), strict=True)
    ]
    named = {"indicator_id": RECOGNISED, "label": "Mô hình công nhận", "unit_label": "mô hình"}
    return {
        "snapshot_info": [{"key": "signed_report", "value": "bc"}],
        "dim_source": [{"source_id": "bc", "label": "Báo cáo"}, {"source_id": "bao", "label": "Báo Quảng Nam"}],
        "dim_indicator": [{**named, "short_label": "Công nhận"}],
        "dim_measure": [
            {"measure_id": "xay_dung", "label": "Xây", "relation": "ten_khac", "nearest_indicator_id": RECOGNISED}
        ],
        "dim_don_vi": [{"don_vi_id": f"huyen_{place}", "label": f"Huyện {place}"} for place in range(SIZE)],
        "published_total": [
            *printed,
            {**total, "source_id": "bao", "indicator_id": "xay_dung", "linh_vuc_id": None, "value": 950},
            {**total, "source_id": "bao", "indicator_id": RECOGNISED, "linh_vuc_id": None, "value": 1002},
        ],
        "published_sums": [
            {**total, **named, "linh_vuc_id": None, "field_label": None, "value": 1000}
            | {"added": 1200, "given": 50, "expected": 100},
            {**total, **named, "linh_vuc_id": "kinh_te", "field_label": "Kinh tế", "value": 480}
            | {"added": 478, "given": 100, "expected": 100},
        ],
        "province_steps": [
            {**named, "year": 2023, "value": 201, "value_before": 100, "given": 29, "expected": 29, "is_part": False}
        ],
        "check_result": [
            {"rule": rule, "level": "canh_bao", "don_vi_id": unit, "year": 2024, "message": message}
            | {"sheet": "Biểu 01", "cell": cell, "return_id": "r14"}
            for rule, message, cell, unit in (
                ("register_matches_summary", "Biểu 03 khác Biểu 01", "C5", "huyen_14"),
                ("awarded_recognised_registered", "5 nhiều hơn 3", "D6", "huyen_14"),
                ("register_matches_summary", "Biểu 03 khác Biểu 01.", "C5", "huyen_13"),
            )
        ],
        "returns_due": [
            *(due("huyen_15", year, "thieu" if year in (2022, 2023) else "dung_han") for year in YEARS),
            *(due("huyen_16", year, {2023: "cham", 2024: "trong"}.get(year, "dung_han")) for year in YEARS),
            *(due("huyen_17", year, "thieu" if year > 2019 else "cham") for year in YEARS),
            due("huyen_17", 2024, "thieu", "6_thang"),
            due("huyen_14", 2024, "thieu"),
        ],
        "part_years": [{"don_vi_id": "huyen_12", "year": 2024, "as_of_on": date(2024, 9, 30)}],
        "typical_models": [
            {"name": "Vườn mẫu", "don_vi_id": unit, "linh_vuc_id": "kinh_te", "since_year": since}
            | {"return_id": "r1" if unit else None, "is_replicated": False}
            for unit, since in (("huyen_1", 2019), (None, 2021))
        ],
    }


def silent() -> Facts:
    """Return a province of which nothing has been reported."""
    return province(np.full((SIZE, 2), NAN), thresholds={"score_draws": 200})


def said(facts: Facts) -> dict[str, list[Row]]:
    """Return the tables of flags, evidence opened; of the long ones every so many rows."""
    found = flag_tables(facts)
    for row in found["flag"]:
        row["evidence"] = json.loads(row["evidence"])
    for name, each in (("flag_funnel", 5), ("flag_funnel_limit", 20), ("flag_lorenz", 20), ("score_indicator", 5)):
        found[name] = found.get(name, [])[::each]
    return json.loads(json.dumps(found, ensure_ascii=False, default=str))


def leaves(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Return every text, number and nothing in nested rows, with its place."""
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(part, f"{place}/{key}")
        yield (f"{place}/", len(value))
    else:
        yield (place, value)


def few() -> Facts:
    """Return a simulated province of which too few districts report to compare them."""
    simulated = [{"key": "is_simulated", "value": "true"}]
    return province(level_districts(size=3, length=8), tables={"snapshot_info": simulated})


def uneven() -> Facts:
    """Return a province in which half the districts have far fewer models than the others: no chance, a structure."""
    counts = level_districts(size=10)
    counts[:5] = 2
    return province(counts, totals={COVERED: np.full((10, 6), 10.0)}, thresholds={"score_draws": 200})


PROVINCES = {"troubled": troubled, "silent": silent, "few": few, "uneven": uneven}


@pytest.mark.parametrize("name", PROVINCES)
def test_flags_and_pictures_are_word_for_word_and_figure_for_figure_the_known_ones(name: str) -> None:
    found = dict(leaves(said(PROVINCES[name]())))
    known = dict(leaves(json.loads(KNOWN.read_text(encoding="utf-8"))[name]))

    def figures(values: dict[str, Any]) -> dict[str, float]:
        return {place: value for place, value in values.items() if isinstance(value, float)}

    assert {place: value for place, value in found.items() if place not in figures(found)} == {
        place: value for place, value in known.items() if place not in figures(known)
    }
    assert figures(found) == pytest.approx(figures(known), rel=1e-6, abs=1e-9, nan_ok=True)


def test_every_rule_speaks_in_the_troubled_province_and_none_judges_where_little_is_reported() -> None:
    known = json.loads(KNOWN.read_text(encoding="utf-8"))

    assert {row["rule"] for row in known["troubled"]["flag"] if row["level"] != "chua_du_so_lieu"} == {
        rule.rule for rule in RULES
    }
    for name in ("silent", "few"):
        assert {row["level"] for row in known[name]["flag"]} == {"chua_du_so_lieu"}


if __name__ == "__main__":
    told = {name: said(made()) for name, made in PROVINCES.items()}
    KNOWN.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
