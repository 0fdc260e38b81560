"""The statistics behind the flags: pure functions, arrays in, plain values out.

One policy for what cannot be computed. What cannot be a true input (missing, masked, infinite, negative
where a count is meant, no value at all) is refused with a ValueError: missing is never zero. A true input
whose answer is not defined (0/0: a unit and field without any model, an evenness of one field) gives NaN,
which says nothing, rather than a number that would say "as usual".

Only the build imports this module: scipy and statsmodels take seconds to load.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats
from statsmodels.stats.contingency_tables import Table
from statsmodels.stats.proportion import proportion_confint

FloatArray: TypeAlias = NDArray[np.float64]

POISSON_BELOW = 1e-6
"""Extra variation under this is none: the negative binomial is the Poisson to the last printed digit."""

EXACT_UP_TO = 10
"""The longest series without ties whose trend is judged by its exact distribution (EPA's tables end here)."""

SHARES_ROUND_TO = 1e-3
"""How far shares printed with rounding may sum from 1."""


# --- what is accepted


def _finite(values: ArrayLike, name: str) -> FloatArray:
    """Return the values as floats; refuse missing and infinite ones, and none at all."""
    if np.ma.is_masked(values):  # what DuckDB hands over for NULL; asarray would bare the filler under the mask
        raise ValueError(f"{name}: a value is missing")
    try:
        numbers = np.asarray(values, dtype=np.float64)
    except TypeError as error:  # pandas' NA
        raise ValueError(f"{name}: a value is not a number") from error
    if numbers.size == 0:
        raise ValueError(f"{name}: no values")
    if not np.isfinite(numbers).all():
        raise ValueError(f"{name}: a value is missing or infinite")
    return numbers


def _amounts(values: ArrayLike, name: str) -> FloatArray:
    """Return the values as floats that are present and not negative."""
    numbers = _finite(values, name)
    if (numbers < 0).any():
        raise ValueError(f"{name}: a value is negative")
    return numbers


def _line(numbers: FloatArray, name: str, at_least: int = 1) -> FloatArray:
    """Return the numbers if they are one row of enough of them."""
    if numbers.ndim != 1 or numbers.size < at_least:
        raise ValueError(f"{name}: a one-dimensional array of at least {at_least} is needed, not {numbers.shape}")
    return numbers


def _table(table: ArrayLike) -> FloatArray:
    """Return the counts if they are a table of two dimensions."""
    counts = _amounts(table, "table")
    if counts.ndim != 2:
        raise ValueError(f"table: two dimensions are needed, not {counts.ndim}")
    return counts


def _between_0_and_1(value: float, name: str) -> float:
    if not 0 < value < 1:
        raise ValueError(f"{name}: must lie between 0 and 1, not {value}")
    return value


def _weighted(values: ArrayLike, weights: ArrayLike | None) -> tuple[FloatArray, FloatArray]:
    """Return values (a row, or many rows) and their weights, one row for all; every weight 1 unless given."""
    numbers = np.atleast_1d(_amounts(values, "values"))
    weighing = np.ones(numbers.shape[-1]) if weights is None else _amounts(weights, "weights")
    if weighing.shape != numbers.shape[-1:]:
        raise ValueError(f"weights: {weighing.shape} do not fit values {numbers.shape}")
    return numbers, weighing


# --- tables of counts


def adjusted_residuals(table: ArrayLike) -> FloatArray:
    """Return how far each cell of a table of counts (r x c) lies from independence, in standard errors.

    (O - E) / sqrt(E (1 - row/N) (1 - col/N)), E = row col / N: about standard normal where E >= 5.
    No 0,5 is put into empty cells. A cell whose row or column is empty, or is the whole table, is NaN:
    it could not have come out otherwise. Source: Haberman (1973), Biometrics 29:205-220; Agresti (2007) p. 38.
    """
    counts = _table(table)
    rows, columns, total = counts.sum(axis=1), counts.sum(axis=0), counts.sum()
    free = np.outer(rows < total, columns < total)  # an empty row or column is 0/0 by itself
    with np.errstate(divide="ignore", invalid="ignore"):
        residuals = Table(counts, shift_zeros=False).standardized_resids
    return np.where(free, residuals, np.nan)


def location_quotient(table: ArrayLike) -> FloatArray:
    """Return each cell's share of its row over the column's share of the whole: 1 is the common structure.

    (x_ij / x_i.) / (x_.j / x_..), without unit. 0 is a true empty cell; a cell whose row or column is
    empty is NaN. Source: Farhauer & Kroell (2013), Standorttheorien.
    """
    counts = _table(table)
    with np.errstate(invalid="ignore"):
        own: FloatArray = counts / counts.sum(axis=1, keepdims=True)
        common: FloatArray = counts.sum(axis=0) / counts.sum()
        return own / common


def overdispersion_tau2(table: ArrayLike, window: int = 1) -> float:
    """Return the extra variation of districts' counts (district x year) beyond chance, as a squared share.

    Moments of the negative binomial: m = row col / N, k = (I - 1)(Y - 1) / (I Y),
    tau2 = max(0, (sum (T - m)^2 / k - sum m) / sum m^2); 0,12 is a swing of about 35 % a year.
    For a window of w years: the larger of tau2/w and the same estimate on blocks of w years that do not
    overlap, the latest block ending with the last column and the years left over at the start unused;
    with fewer than two blocks tau2/w alone. The 1/(sum O - O_i) of the expectation is the caller's to add.
    Empty rows and columns are left out, as they carry no variation; NaN when under two of either remain.
    Source: method of moments for the negative binomial, after Spiegelhalter (2005), Stat Med 24:1185-1202.
    """
    if window < 1:
        raise ValueError(f"window: at least one year is needed, not {window}")
    counts = _table(table)
    units, years = counts.shape
    blocks = years // window
    yearly = _moments_tau2(counts) / window
    latest = counts[:, years - blocks * window :]
    return float(np.fmax(yearly, _moments_tau2(latest.reshape(units, blocks, window).sum(axis=2))))


def _moments_tau2(counts: FloatArray) -> float:
    """Return the moment estimate of tau2 for a table of independent columns."""
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    rows, columns = counts.shape
    if rows < 2 or columns < 2:
        return float("nan")
    usual = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    freedom = (rows - 1) * (columns - 1) / (rows * columns)
    excess = ((counts - usual) ** 2).sum() / freedom - usual.sum()
    return max(0.0, float(excess / (usual**2).sum()))


# --- is it chance?


def benjamini_hochberg(p_values: ArrayLike, alpha: float) -> NDArray[np.bool_]:
    """Return which tests to reject so that at most the share `alpha` of them is expected to be false.

    The step-up rule: all p up to the largest p_(i) <= i alpha / m. No tests, no rejections.
    Source: Benjamini & Hochberg (1995), JRSS-B 57:289-300.
    """
    _between_0_and_1(alpha, "alpha")
    if np.size(p_values) == 0:  # no cell was large enough to test
        return np.zeros(0, dtype=np.bool_)
    p = _line(_amounts(p_values, "p_values"), "p_values")
    if (p > 1).any():
        raise ValueError("p_values: a value is over 1")
    return stats.false_discovery_control(p, method="bh") <= alpha


def tail_probabilities(
    observed: ArrayLike, expected: ArrayLike, tau2: ArrayLike = 0.0
) -> tuple[FloatArray, FloatArray]:
    """Return P(X <= O) and P(X >= O) for counts with expectation E: how unusual so few, or so many, are.

    X is Poisson(E), or for tau2 >= 1e-6 negative binomial with mean E and variance E + tau2 E^2. Both
    tails hold P(X = O), so they sum to more than 1. The three broadcast: numbers give numbers, arrays
    arrays. Counts must be whole (scipy would cut 2,9 to 2 unsaid). With E = 0 only O = 0 is possible:
    (1, 1), else (1, 0). Source: Spiegelhalter (2005), Stat Med 24:1185-1202; `scipy.stats.nbinom`.
    """
    counts = _amounts(observed, "observed")
    if (counts != np.floor(counts)).any():
        raise ValueError("observed: a count is not whole")
    counts, mean, extra = np.broadcast_arrays(counts, _amounts(expected, "expected"), _amounts(tau2, "tau2"))
    size = 1 / np.maximum(extra, POISSON_BELOW)
    chance = size / (size + mean)
    poisson = extra < POISSON_BELOW
    low = np.where(poisson, stats.poisson.cdf(counts, mean), stats.nbinom.cdf(counts, size, chance))
    high = np.where(poisson, stats.poisson.sf(counts - 1, mean), stats.nbinom.sf(counts - 1, size, chance))
    return low[()], high[()]


def funnel_limits(expected: ArrayLike, confidence: float, tau2: ArrayLike = 0.0) -> tuple[FloatArray, FloatArray]:
    """Return the limits of the ratio O/E to draw round 1 for units with expectation E.

    Poisson: the exact interval of a count equal to E, divided by E (FunnelPlotR's inversion):
    chi2(a/2; 2E) / 2E and chi2(1 - a/2; 2E + 2) / 2E. For tau2 >= 1e-6 the quantiles of the negative
    binomial over E: a count under the lower one has P(X <= O) < a/2, so the picture and
    `tail_probabilities` agree; by Poisson they may differ by one count, and significance is always the
    tails. The limits are never on one side of 1. E = 0 allows no judgement: (0, inf).
    Source: Spiegelhalter (2005), Stat Med 24:1185-1202; github.com/nhs-r-community/FunnelPlotR.
    """
    tail = (1 - _between_0_and_1(confidence, "confidence")) / 2
    mean, extra = np.broadcast_arrays(_amounts(expected, "expected"), _amounts(tau2, "tau2"))
    size = 1 / np.maximum(extra, POISSON_BELOW)
    chance = size / (size + mean)
    exact_low, exact_high = garwood_interval(mean, confidence)
    poisson = extra < POISSON_BELOW
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.where(poisson, exact_low, stats.nbinom.ppf(tail, size, chance)) / mean
        high = np.where(poisson, exact_high, stats.nbinom.ppf(1 - tail, size, chance)) / mean
    low = np.where(mean > 0, np.minimum(low, 1.0), 0.0)
    high = np.where(mean > 0, np.maximum(high, 1.0), np.inf)
    return low[()], high[()]


def wilson_interval(successes: ArrayLike, trials: ArrayLike, confidence: float) -> tuple[FloatArray, FloatArray]:
    """Return the score interval of a share (0-1), without continuity correction.

    (p + z^2/2n -+ z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n). Numbers give numbers, arrays arrays;
    fractional successes are allowed. No trials, nothing known: (0, 1), the formula's own limit.
    It leaves out a province's share P exactly when the unit's share lies outside the funnel
    P -+ z sqrt(P(1-P)/n). Source: Wilson (1927); Newcombe (1998), Stat Med 17:857-872, method 3.
    """
    _between_0_and_1(confidence, "confidence")
    hits, tries = map(np.array, np.broadcast_arrays(_amounts(successes, "successes"), _amounts(trials, "trials")))
    if (hits > tries).any():
        raise ValueError("successes: more than there were trials")
    known = tries > 0
    low, high = proportion_confint(hits, np.where(known, tries, 1.0), alpha=1 - confidence, method="wilson")
    low, high = np.where(known, low, 0.0), np.where(known, high, 1.0)
    return low[()], high[()]


def garwood_interval(count: ArrayLike, confidence: float) -> tuple[FloatArray, FloatArray]:
    """Return the exact Poisson interval of the expectation behind a count, in counts.

    chi2(a/2; 2k) / 2 and chi2(1 - a/2; 2k + 2) / 2; a count of 0 has the lower limit 0. Numbers give
    numbers, arrays arrays; fractional counts are allowed, as the funnel asks at k = E.
    Source: Garwood (1936), Biometrika 28:437-442.
    """
    tail = (1 - _between_0_and_1(confidence, "confidence")) / 2
    counts = _amounts(count, "count")
    low = np.where(counts > 0, stats.chi2.ppf(tail, 2 * counts) / 2, 0.0)
    high = np.asarray(stats.chi2.ppf(1 - tail, 2 * counts + 2) / 2)
    return low[()], high[()]


# --- trends


def mann_kendall(series: ArrayLike) -> tuple[int, float, float]:
    """Return S (rises less falls over all pairs), its variance corrected for ties, and the two-sided p of no trend.

    var S = (n(n-1)(2n+5) - sum t(t-1)(2t+5)) / 18 over groups of t equal values. Up to 10 values without
    ties p is exact (Kendall's distribution, as in EPA's tables); else normal, z = (|S| - 1) / sqrt(var S).
    One value a period, in order of time; two at least. Equal values throughout: (0, 0, 1).
    Source: Mann (1945), Kendall (1975); EPA QA/G-9S.
    """
    values = _line(_finite(series, "series"), "series", at_least=2)
    n = values.size
    earlier, later = np.triu_indices(n, k=1)
    s = int(np.sign(values[later] - values[earlier]).sum())
    ties = np.unique(values, return_counts=True)[1].astype(np.float64)
    variance = float((n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18)
    if n <= EXACT_UP_TO and ties.max() == 1:
        return s, variance, float(stats.kendalltau(np.arange(n), values, method="exact").pvalue)
    if s == 0:
        return s, variance, 1.0
    return s, variance, float(2 * stats.norm.sf((abs(s) - 1) / variance**0.5))


def sen_slope(series: ArrayLike) -> float:
    """Return the median of the slopes between all pairs of values, in the series' units a period.

    One value a period, in order of time; two at least. Source: Sen (1968), JASA 63:1379-1389.
    """
    return float(stats.theilslopes(_line(_finite(series, "series"), "series", at_least=2)).slope)


# --- concentration


def gini(values: ArrayLike, weights: ArrayLike | None = None) -> FloatArray:
    """Return the Gini coefficient, 0 (all equal) to 1: twice the area between the Lorenz curve and equality.

    sum_ij w_i w_j |x_i - x_j| / (2 W^2 mean), not corrected for n, so one holder of n has 1 - 1/n; with
    weights (communes) it is that of rates, each counted for its communes. All zero: NaN. A row gives a number,
    many rows (the last axis) an array. Source: R package ineq, `Gini`; PySAL inequality.
    """
    numbers, weighing = _weighted(values, weights)
    order = np.argsort(numbers, axis=-1)
    weight = weighing[order]
    amounts = np.take_along_axis(numbers, order, axis=-1) * weight
    held = np.cumsum(amounts, axis=-1)
    with np.errstate(invalid="ignore"):
        # the trapezoids under the Lorenz curve, each as wide as its weight
        area: FloatArray = ((2 * held - amounts) * weight).sum(axis=-1) / (held[..., -1] * weighing.sum())
    return np.maximum(0.0, 1 - area)


def theil(values: ArrayLike, weights: ArrayLike | None = None) -> FloatArray:
    """Return Theil's T in nats, from 0 (all equal) to ln n: it splits exactly into between and within groups.

    sum w (x/mean) ln(x/mean) / W, where 0 ln 0 = 0. Between groups: the same of the groups' means, weighted
    by their weights. All zero: NaN. A row gives a number, many rows (the last axis) an array.
    Source: Theil (1967); R package ineq, `Theil`; PySAL inequality.
    """
    numbers, weighing = _weighted(values, weights)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = numbers * (weighing.sum() / (numbers * weighing).sum(axis=-1, keepdims=True))
        spread: FloatArray = (weighing * special.xlogy(ratios, ratios)).sum(axis=-1) / weighing.sum()
    return np.maximum(0.0, spread)


def pielou_evenness(counts: ArrayLike) -> float:
    """Return Pielou's J, 0 to 1: Shannon's entropy over that of the same number of equal categories.

    J = H / ln S, S the categories that are not empty: an empty field does not lower it, so show it beside.
    One category, or none, has no evenness: NaN. Source: Pielou (1966); scikit-bio `pielou_e`.
    """
    numbers = _line(_amounts(counts, "counts"), "counts")
    categories = int((numbers > 0).sum())
    return float(stats.entropy(numbers) / np.log(categories)) if categories > 1 else float("nan")


def hhi(shares: ArrayLike) -> float:
    """Return the Herfindahl-Hirschman index of shares (0-1): 1/n when equal, 1 when one holds all.

    sum s^2, times 10.000 the index of competition law. Shares that do not sum to 1 (one is left out, or they
    are per cent) are refused, not rescaled. Source: US DOJ & FTC merger guidelines.
    """
    numbers = _line(_amounts(shares, "shares"), "shares")
    if abs(numbers.sum() - 1) > SHARES_ROUND_TO:
        raise ValueError(f"shares: they sum to {numbers.sum():g}, not to 1")
    return float((numbers**2).sum())


# --- shrinkage


def rank_bounds(values: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return the first and the last rank, from 1 up, that each value of a row may take: several where some are equal.

    Shapes: R x n. Source: `scipy.stats.rankdata`, methods `min` and `max`.
    """
    given = np.asarray(values, dtype=np.float64)
    first, last = (stats.rankdata(given, method="min", axis=-1), stats.rankdata(given, method="max", axis=-1))
    return np.asarray(first, dtype=np.float64), np.asarray(last, dtype=np.float64)


def empirical_bayes(estimates: ArrayLike, variances: ArrayLike) -> FloatArray:
    """Return the estimates drawn towards their mean, the more so the less certain each is, in their own unit.

    mean + w (x - mean), w = a / (a + v), with weights p = 1/v: mean = sum px / sum p, and
    a = max(0, sum p (x - mean)^2 / sum p - n / sum p) the true variance between units; a = 0 draws all to the
    mean. With v = rate/base this is Marshall's global smoother. A variance of 0 means known exactly: that
    estimate stays, and out of the mean, which it would otherwise become alone.
    Source: Marshall (1991), Applied Statistics 40:283-294; PySAL esda `Empirical_Bayes`.
    """
    values, _, deviations, kept = _drawn(estimates, variances)
    return values - (1 - kept) * deviations


def empirical_bayes_variances(estimates: ArrayLike, variances: ArrayLike) -> FloatArray:
    """Return how uncertain the drawn estimates still are: the variances that belong to `empirical_bayes`.

    v (1 - (n-1)/n (1 - w)) + 2/(n-3) (1 - w)^2 (x - mean)^2: less than v by what the others lend, more than w v as mean
    and a are themselves estimated (with n < 4 as with 4). 0 where the estimate is known exactly.
    Source: Morris (1983), JASA 78:47-55, eq. 4.2.
    """
    _, spread, deviations, kept = _drawn(estimates, variances)
    count = max(int((spread > 0).sum()), 1)
    drawn = (1 - kept) * deviations
    found: FloatArray = spread * (1 - (count - 1) / count * (1 - kept)) + 2 / max(count - 3, 1) * drawn**2
    return found


def _drawn(estimates: ArrayLike, variances: ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return estimates and variances, how far each estimate lies from their mean, and the share w it keeps of that."""
    values = _line(_finite(estimates, "estimates"), "estimates")
    spread = _amounts(variances, "variances")
    if spread.shape != values.shape:
        raise ValueError(f"variances: {spread.shape} do not fit estimates {values.shape}")
    deviations, kept = np.zeros_like(values), np.ones_like(values)
    uncertain = spread > 0
    if not uncertain.any():
        return values, spread, deviations, kept
    x, v = values[uncertain], spread[uncertain]
    precision = 1 / v
    deviations[uncertain] = x - (precision * x).sum() / precision.sum()
    squares = (precision * deviations[uncertain] ** 2).sum()
    between = max(0.0, float(squares - x.size) / float(precision.sum()))
    kept[uncertain] = between / (between + v)
    return values, spread, deviations, kept
