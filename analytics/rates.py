"""Intervals of counts, rates and proportions; every function is total: no infinity, NaN where nothing can be said."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

Floats = NDArray[np.float64]

# The two-sided 95% level every interval of the product uses; 1.96 is its normal quantile.
CONFIDENCE = 0.95
Z_95 = 1.959963984540054


def poisson_interval(count: Floats) -> tuple[Floats, Floats]:
    """The exact 95% interval of a Poisson mean from one count (Garwood 1936); a negative count is taken as 0."""
    n = np.maximum(np.asarray(count, dtype=np.float64), 0.0)
    tail = (1 - CONFIDENCE) / 2
    low = np.where(n > 0, gammaincinv(np.maximum(n, 1e-300), tail), 0.0)
    high = gammaincinv(n + 1, 1 - tail)
    return np.where(np.isnan(n), np.nan, low), np.where(np.isnan(n), np.nan, high)


def wilson_interval(part: Floats, whole: Floats) -> tuple[Floats, Floats]:
    """The 95% score interval of a proportion (Wilson 1927), between 0 and 1; NaN where the whole is 0 or missing."""
    n = np.where(np.asarray(whole, dtype=np.float64) > 0, whole, np.nan)
    share = np.clip(np.asarray(part, dtype=np.float64) / n, 0.0, 1.0)
    spread = Z_95**2 / n
    centre = (share + spread / 2) / (1 + spread)
    half = Z_95 * np.sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    return np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)


def interval(
    kind: Literal["poisson", "wilson", "none"],
    value: Floats,
    events: Floats,
    denominator: Floats,
    exposure: Floats,
    scale: float,
) -> tuple[Floats, Floats]:
    """The 95% interval of `value`.

    `events` are the counted events of the window, `exposure` is what a single event adds to the value divided by
    the scale, as in events / exposure * scale = value. NaN for kind none.
    """
    missing = np.full(value.shape, np.nan)
    if kind == "none":
        return missing, missing
    if kind == "wilson":
        low, high = wilson_interval(events, denominator)
        return low * scale, high * scale
    low, high = poisson_interval(events)
    usable = exposure > 0
    per_event = np.divide(scale, exposure, out=missing.copy(), where=usable)
    # Days that were not reported shorten the exposure; the value knows by how much.
    known = np.where(events > 0, np.divide(value, np.where(events > 0, events, 1.0)), per_event)
    return np.where(np.isnan(value), np.nan, low * known), np.where(np.isnan(value), np.nan, high * known)
