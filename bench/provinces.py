"""Simulated provinces whose truth is known, at the scale of the signed report: what the rules are tried on.

Districts, their communes and terrain, the fields and their shares are the catalogue's; everything else is drawn.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from etl.catalogue import Catalogue
from etl.flags.facts import RECOGNISED, District, Facts, LinhVuc
from etl.periods import Period, unit_existed
from etl.sample_figures import signed_totals

Floats: TypeAlias = NDArray[np.float64]

YEARS = 15
AWARDED, KEPT = "mo_hinh_khen_thuong", "mo_hinh_duy_tri"
_KEPT_SHARE = 0.7
_LAGGARD, _LAGGING_YEARS = 0.5, 3
_EMPTY_FIELD = 0.3
_DECLINE, _DECLINING_YEARS = 0.5, 10


@dataclass(frozen=True)
class Scenario:
    """What is true of a province.

    swing: tau2 of every district and year, 0,12 is ±35 %. field_swing: the same of every field of them. carried: how
    much of a swing's logarithm stays the next year. mountain: the level of mountain districts against the others.
    planted: what one district, drawn at random, really is: `tut_lai` half its rate for 3 years, `trong_linh_vuc` 30 %
    of a field drawn at random, `giam_dan` down to half over 10 years.
    """

    name: str
    label: str
    swing: float = 0.0
    field_swing: float = 0.0
    carried: float = 0.0
    mountain: float = 1.0
    planted: Literal["tut_lai", "trong_linh_vuc", "giam_dan"] | None = None


SCENARIOS = (
    Scenario("ngau_nhien", "Chỉ có ngẫu nhiên"),
    Scenario("dao_dong", "Mỗi huyện tự dao động ±35% từng năm", swing=0.12),
    Scenario("dao_dong_linh_vuc", "Mỗi lĩnh vực của mỗi huyện tự dao động ±35%", field_swing=0.12),
    Scenario("mien_nui", "Miền núi bằng 65% đồng bằng", mountain=0.65),
    Scenario("mien_nui_dao_dong", "Miền núi bằng 65% đồng bằng, dao động ±35%", swing=0.12, mountain=0.65),
    Scenario("tuong_quan", "Dao động ±35%, một nửa kéo sang năm sau", swing=0.12, carried=0.5),
    Scenario("tut_lai", "Một huyện bằng nửa mức chung 3 năm", planted="tut_lai"),
    Scenario("tut_lai_dao_dong", "Một huyện bằng nửa mức chung 3 năm, dao động ±35%", swing=0.12, planted="tut_lai"),
    Scenario("trong_linh_vuc", "Một huyện bằng 30% ở một lĩnh vực", planted="trong_linh_vuc"),
    Scenario(
        "trong_linh_vuc_dao_dong",
        "Một huyện bằng 30% ở một lĩnh vực, dao động ±35%",
        swing=0.12,
        planted="trong_linh_vuc",
    ),
    Scenario("giam_dan", "Một huyện giảm còn một nửa trong 10 năm", planted="giam_dan"),
    Scenario(
        "giam_dan_dao_dong", "Một huyện giảm còn một nửa trong 10 năm, dao động ±35%", swing=0.12, planted="giam_dan"
    ),
)


@dataclass(frozen=True)
class Truth:
    """Who a rule should find. don_vi_id, linh_vuc_id: what was planted; is_unequal: whether the province is, by that
    or by its terrains.
    """

    don_vi_id: str | None = None
    linh_vuc_id: str | None = None
    is_unequal: bool = False


@dataclass(frozen=True)
class Frame:
    """What every simulated province shares. expected: I x F x Y, of a balanced province with the report's totals."""

    districts: tuple[District, ...]
    fields: tuple[LinhVuc, ...]
    years: tuple[int, ...]
    communes: Floats
    expected: Floats
    awarded_share: float
    thresholds: dict[str, float]


def make_frame(catalogue: Catalogue) -> Frame:
    """Return the frame of a catalogue: the last 15 years in which every district existed."""
    units = [unit for unit in catalogue.don_vi if unit.is_district]
    counted = {(row.don_vi_id, row.year): row.commune_count for row in catalogue.don_vi_year}
    whole = [
        year
        for year in sorted({row.year for row in catalogue.don_vi_year})
        if all(unit_existed(unit, Period("nam", year, year)) and counted.get((unit.don_vi_id, year)) for unit in units)
    ]
    years = tuple(whole[-YEARS:])
    communes = np.array([[counted[unit.don_vi_id, year] for year in years] for unit in units], dtype=np.float64)
    totals = signed_totals(catalogue)
    fields = [item for item in catalogue.linh_vuc if totals.get((RECOGNISED, item.linh_vuc_id))]
    by_field = np.array([totals[RECOGNISED, item.linh_vuc_id] for item in fields], dtype=np.float64)
    whole_total = totals[RECOGNISED, None]
    base = whole_total / len(years) * communes / communes.sum(axis=0)
    return Frame(
        tuple(District(unit.don_vi_id, unit.label, unit.full_label, unit.terrain) for unit in units),
        tuple(LinhVuc(item.linh_vuc_id, item.label) for item in fields),
        years,
        communes,
        base[:, None, :] * (by_field / by_field.sum())[None, :, None],
        totals.get((AWARDED, None), 0) / whole_total,
        {row.rule: row.value for row in catalogue.thresholds},
    )


def draw(frame: Frame, scenario: Scenario, rng: np.random.Generator) -> tuple[Facts, Truth]:
    """Draw a province; return its facts and what is true of it."""
    level = frame.expected * _swings(frame, scenario, rng)[:, None, :]
    if scenario.field_swing:
        level = level * rng.gamma(1 / scenario.field_swing, scenario.field_swing, level.shape)
    is_mountain = np.array([district.terrain == "mien_nui" for district in frame.districts])
    level[is_mountain] *= scenario.mountain
    truth = _plant(frame, scenario, level, rng)
    counts = rng.poisson(level).astype(np.float64)
    others = {
        AWARDED: rng.binomial(counts.astype(np.int64), frame.awarded_share).astype(np.float64),
        KEPT: _kept(counts, rng),
    }
    facts = Facts(
        districts=frame.districts,
        fields=frame.fields,
        years=frame.years,
        existed=np.ones(frame.communes.shape, dtype=np.bool_),
        communes=frame.communes,
        totals={name: figures.sum(axis=1) for name, figures in {RECOGNISED: counts, **others}.items()},
        by_field={RECOGNISED: counts, **others},
        thresholds=frame.thresholds,
        population=np.full(len(frame.districts), np.nan),
    )
    return facts, truth


def _swings(frame: Frame, scenario: Scenario, rng: np.random.Generator) -> Floats:
    """Return I x Y factors with mean 1: gamma, or lognormal where a part of a swing stays the next year."""
    shape = frame.communes.shape
    if not scenario.swing:
        return np.ones(shape)
    if not scenario.carried:
        return np.asarray(rng.gamma(1 / scenario.swing, scenario.swing, shape))
    spread = np.log1p(scenario.swing) ** 0.5
    shocks = rng.normal(0.0, spread, shape)
    log = shocks.copy()
    for year in range(1, shape[1]):
        log[:, year] = scenario.carried * log[:, year - 1] + (1 - scenario.carried**2) ** 0.5 * shocks[:, year]
    return np.asarray(np.exp(log - spread**2 / 2))


def _kept(counts: Floats, rng: np.random.Generator) -> Floats:
    """Return how many models are alive at each year's end, when every district keeps the same share of what it had."""
    kept = np.zeros_like(counts)
    alive = np.zeros(counts.shape[:2])
    for year in range(counts.shape[2]):
        alive = rng.binomial((alive + counts[:, :, year]).astype(np.int64), _KEPT_SHARE).astype(np.float64)
        kept[:, :, year] = alive
    return kept


def _plant(frame: Frame, scenario: Scenario, level: Floats, rng: np.random.Generator) -> Truth:
    """Lower the level of one district as the scenario says; return what is true then."""
    if scenario.planted is None:
        return Truth(is_unequal=scenario.mountain != 1)
    place, column = int(rng.integers(len(frame.districts))), int(rng.integers(len(frame.fields)))
    unit = frame.districts[place].don_vi_id
    if scenario.planted == "tut_lai":
        level[place, :, -_LAGGING_YEARS:] *= _LAGGARD
    elif scenario.planted == "giam_dan":
        level[place, :, -_DECLINING_YEARS:] *= np.linspace(1.0, _DECLINE, _DECLINING_YEARS)
    else:
        level[place, column] *= _EMPTY_FIELD
        return Truth(unit, frame.fields[column].linh_vuc_id, is_unequal=True)
    return Truth(unit, is_unequal=True)
