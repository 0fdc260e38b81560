"""What the pages draw beside the flags: funnels with their limits, and the figures that the rules estimated."""

from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from etl.flags.compare import Comparison
from etl.flags.facts import Facts
from etl.statistics import funnel_limits

Pictures: TypeAlias = dict[str, list[dict[str, Any]]]
"""Rows of the tables flag_funnel, flag_funnel_limit, flag_lorenz, flag_measure, by table."""

_GRID = 60


def funnel(rule: str, terrain: str | None, found: Comparison, facts: Facts) -> Pictures:
    """Return a funnel of ratios O/E: a point a district, and the limits along the expectations.

    terrain: whose funnel it is, None for the province. The limits are drawn with the extra variation of a
    typical district; whether a district lies outside is decided by its own tails.
    """
    span = [facts.years[place] for place in facts.review.window]
    held = np.flatnonzero(found.members)
    tails = np.fmin(found.p_low, found.p_high)
    subject = {"rule": rule, "terrain": terrain}
    points = [
        {
            **subject,
            "don_vi_id": facts.districts[index].don_vi_id,
            "from_year": span[0],
            "to_year": span[-1],
            "observed": found.observed[index],
            "expected": found.expected[index],
            "ratio": found.ratio[index],
            "is_outside": bool(tails[index] < (1 - 0.95) / 2),
        }
        for index in held
    ]
    if not points:
        return {}
    reach = np.linspace(found.expected[held].min() * 0.8, found.expected[held].max() * 1.1, _GRID)
    extra = float(np.median(found.tau2[held]))
    low95, high95 = funnel_limits(reach, 0.95, extra)
    low998, high998 = funnel_limits(reach, 0.998, extra)
    columns = {"expected": reach, "low95": low95, "high95": high95, "low998": low998, "high998": high998}
    limits = [{**subject, **{name: float(values[place]) for name, values in columns.items()}} for place in range(_GRID)]
    return {"flag_funnel": points, "flag_funnel_limit": limits}


def measure(
    measure_id: str, value: float, label: str, low: float | None = None, high: float | None = None
) -> dict[str, Any]:
    """Return one figure that a rule estimated, with the band in which it would be usual."""
    return {"measure_id": measure_id, "label": label, "value": value, "low": low, "high": high}


def only(found: Comparison, members: NDArray[np.bool_]) -> Comparison:
    """Return the comparison of some of its members."""
    return replace(found, members=found.members & members)


def merged(*parts: Pictures) -> Pictures:
    """Return the rows of several pictures, table by table."""
    tables = sorted({table for part in parts for table in part})
    return {table: [row for part in parts for row in part.get(table, [])] for table in tables}
