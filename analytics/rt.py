"""The reproduction number Rt with its 95% interval, after Cori et al. 2013 (Am J Epidemiol 178:1505).

Cases of a window given the infectivity of the cases before it: a gamma prior on R makes the posterior
Gamma(shape = a0 + local cases, rate = 1/b0 + infectivity), infectivity of day t being the sum over s of
w_s * cases of day t - s.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc, gammaincinv

Floats = NDArray[np.float64]

# Prior mean 5 and standard deviation 5: a gamma of shape (mean/sd)^2 and scale sd^2/mean. High, so that a small R is
# never an artefact of the prior (Cori et al. 2013, web appendix 1).
PRIOR_SHAPE = 1.0
PRIOR_SCALE = 5.0
# With 11 cases in the window the posterior's coefficient of variation, 1/sqrt(1 + cases), is below 0.3
# (Cori et al. 2013, web appendix 1).
LEAST_CASES = 11
QUANTILES = (0.025, 0.5, 0.975)


@dataclass(frozen=True)
class Reproduction:
    """Estimates by window, arrays of one length; the window of position i covers the days first[i] to last[i]."""

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    cases: Floats
    """Local cases in the window; below LEAST_CASES the estimate should not be shown."""
    mean: Floats
    sd: Floats
    q025: Floats
    q50: Floats
    q975: Floats


def serial_interval(mean: float, sd: float, days: int) -> Floats:
    """The probabilities w_0 ... w_(days-1) of a serial interval of 0, 1, ... days.

    A gamma distribution shifted by one day and made discrete by integrating a triangle around each day (Cori et al.
    2013, web appendix 11), so w_0 = 0. Needs mean > 1 and sd > 0.
    """
    if not (mean > 1 and sd > 0):
        raise ValueError(f"a serial interval needs a mean above 1 day and a positive sd, found mean {mean}, sd {sd}")
    shape, scale = ((mean - 1) / sd) ** 2, sd**2 / (mean - 1)
    day = np.arange(days, dtype=np.float64)

    def first_moments(at: Floats, order: float) -> Floats:
        return np.asarray(gammainc(shape + order, np.maximum(at, 0.0) / scale), dtype=np.float64)

    weights = (
        day * first_moments(day, 0) + (day - 2) * first_moments(day - 2, 0) - 2 * (day - 1) * first_moments(day - 1, 0)
    )
    weights += shape * scale * (2 * first_moments(day - 1, 1) - first_moments(day - 2, 1) - first_moments(day, 1))
    return np.maximum(weights, 0.0)


def infectivity(cases: Floats, weights: Floats) -> Floats:
    """The infectivity of each day: the sum over s >= 1 of w_s times the cases s days before."""
    later = np.concatenate([[0.0], weights[1:]])
    return np.convolve(cases, later)[: len(cases)]


def posterior(local_cases: Floats, infectivity_sum: Floats) -> tuple[Floats, Floats, tuple[Floats, ...]]:
    """Mean, standard deviation and QUANTILES of R given a window's local cases and infectivity."""
    shape = PRIOR_SHAPE + local_cases
    scale = 1.0 / (1.0 / PRIOR_SCALE + infectivity_sum)
    quantiles = tuple(np.asarray(gammaincinv(shape, level) * scale, dtype=np.float64) for level in QUANTILES)
    return shape * scale, np.sqrt(shape) * scale, quantiles


def reproduction_number(
    cases: Floats, weights: Floats, window: int = 7, imported: Floats | None = None
) -> Reproduction:
    """Rt for every window of `window` days of a daily series, the first window beginning on the second day.

    `imported` are the cases among `cases` that were infected elsewhere; by default those of the first day, because
    nobody in the series can have infected them. Positions count from 0. Raises ValueError for a series shorter than
    one window and a day, or with missing or negative counts.
    """
    if len(cases) < window + 1:
        raise ValueError(f"Rt over {window} days needs at least {window + 1} days of cases, found {len(cases)}")
    if not np.isfinite(cases).all() or (cases < 0).any():
        raise ValueError("Rt needs a count of 0 or more for every day; a missing or negative day was found")
    if imported is None:
        imported = np.zeros(len(cases))
        imported[0] = cases[0]
    local, force = cases - imported, infectivity(cases, weights)
    ones = np.ones(window)
    local_sum = np.convolve(local, ones, mode="valid")[1:]
    force_sum = np.convolve(force, ones, mode="valid")[1:]
    mean, sd, (low, middle, high) = posterior(local_sum, force_sum)
    first = np.arange(1, len(cases) - window + 1)
    return Reproduction(first, first + window - 1, local_sum, mean, sd, low, middle, high)
