"""Bootstrap intervals over questions and paired randomisation tests. Seeded, so results are repeatable."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import bootstrap, permutation_test

from eval.measures import Values

RESAMPLES = 1000
PERMUTATIONS = 5000
CONFIDENCE = 0.95

Rows = npt.NDArray[np.int64]
Statistic = Callable[[Rows], float]
"""A statistic of the questions in these rows; NaN where it is undefined."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 95% interval over `n` questions; NaN without questions."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Second minus first over the same `n` questions, its 95% interval, and the two-sided p-value."""

    value: float
    low: float
    high: float
    p: float
    n: int


def mean_estimate(values: Values, seed: int = 0) -> Estimate:
    """The mean over the questions that have a value (the others are NaN), with a percentile bootstrap interval."""
    kept = values[~np.isnan(values)]
    if not len(kept):
        return Estimate(value=math.nan, low=math.nan, high=math.nan, n=0)
    low, high = _interval(kept, seed)
    return Estimate(value=float(kept.mean()), low=low, high=high, n=len(kept))


def estimate(statistic: Statistic, n: int, seed: int = 0) -> Estimate:
    """A statistic other than a mean, such as an area, with a percentile bootstrap interval."""
    value = statistic(np.arange(n)) if n else math.nan
    if math.isnan(value):
        return Estimate(value=value, low=value, high=value, n=0)
    rng = np.random.default_rng(seed)
    drawn = np.array([statistic(rng.integers(0, n, n)) for _ in range(RESAMPLES)])
    low, high = np.nanquantile(drawn, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Estimate(value=value, low=float(low), high=float(high), n=n)


def _interval(values: Values, seed: int) -> tuple[float, float]:
    if len(set(values.tolist())) == 1:  # nothing to resample; scipy would warn
        return float(values[0]), float(values[0])
    found = bootstrap(
        (values,),
        np.mean,
        n_resamples=RESAMPLES,
        confidence_level=CONFIDENCE,
        method="percentile",
        rng=np.random.default_rng(seed),
        batch=100,
    ).confidence_interval
    return float(found.low), float(found.high)


def mean_difference(first: Values, second: Values, seed: int = 0) -> Difference:
    """The difference of two systems' means over the same questions, by a paired randomisation test.

    A question with a value (not NaN) in one system only counts in that system's mean: which questions are answered is
    part of the difference. Source: Smucker, Allan and Carterette, CIKM 2007.
    """
    kept = ~(np.isnan(first) & np.isnan(second))
    first, second = first[kept], second[kept]
    n = len(first)

    def differ(before: Values, after: Values, axis: int) -> Values:
        return _nan_mean(after, axis) - _nan_mean(before, axis)

    value = float(differ(first, second, 0)) if n else math.nan
    if math.isnan(value):
        return Difference(value=value, low=value, high=value, p=math.nan, n=n)
    if n < 2 or np.array_equal(first, second, equal_nan=True):  # nothing to permute
        return Difference(value=value, low=value, high=value, p=1.0, n=n)
    tested = permutation_test(
        (first, second),
        differ,
        permutation_type="samples",
        vectorized=True,
        n_resamples=PERMUTATIONS,
        batch=250,
        rng=np.random.default_rng(seed),
    )
    rows = np.random.default_rng(seed).integers(0, n, (RESAMPLES, n))
    drawn = differ(first[rows], second[rows], 1)
    low, high = np.nanquantile(drawn, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Difference(value=value, low=float(low), high=float(high), p=float(tested.pvalue), n=n)


def difference(first: Statistic, second: Statistic, n: int, seed: int = 0) -> Difference:
    """The same for a statistic other than a mean: each permutation swaps some questions between the systems.

    `first` and `second` take rows of 0 to 2n - 1: row i below n is question i by the first system, n + i by the second.
    """
    own, other = np.arange(n), np.arange(n, 2 * n)
    value = second(other) - first(own) if n else math.nan
    if math.isnan(value):
        return Difference(value=value, low=value, high=value, p=math.nan, n=n)
    rng = np.random.default_rng(seed)
    swapped = []
    for _ in range(RESAMPLES):
        swap = rng.random(n) < 0.5
        swapped.append(second(np.where(swap, own, other)) - first(np.where(swap, other, own)))
    drawn = []
    for _ in range(RESAMPLES):
        rows = rng.integers(0, n, n)
        drawn.append(second(other[rows]) - first(own[rows]))
    as_far = np.abs(swapped) >= abs(value) - 1e-12
    low, high = np.nanquantile(drawn, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    p = float((as_far.sum() + 1) / (RESAMPLES + 1))
    return Difference(value=value, low=float(low), high=float(high), p=p, n=n)


def holm(p_values: dict[str, float]) -> dict[str, float]:
    """The p-values corrected for multiple tests by Holm's method (Scandinavian Journal of Statistics, 1979)."""
    corrected: dict[str, float] = {}
    highest = 0.0
    for number, (name, p) in enumerate(sorted(p_values.items(), key=lambda item: item[1])):
        highest = max(highest, min(1.0, p * (len(p_values) - number)))
        corrected[name] = highest
    return corrected


def _nan_mean(values: Values, axis: int) -> Values:
    known = ~np.isnan(values)
    count = known.sum(axis=axis)
    total = np.where(known, values, 0.0).sum(axis=axis)
    return np.asarray(np.divide(total, count, out=np.full(np.shape(count), np.nan), where=count > 0))
