"""The direction of a figure: up, down or flat, and unknown where either side is missing."""

from __future__ import annotations

import math
from typing import Literal

from analytics.indicators.model import Indicator
from analytics.rates import Z_95

Trend = Literal["up", "down", "flat", "unknown"]


def trend(
    indicator: Indicator,
    value: float | None,
    previous: float | None,
    *,
    events: float | None = None,
    previous_events: float | None = None,
) -> Trend:
    """How the figure moved since `compare_days` ago.

    Flat is a change below `flat_percent` of the earlier value or, for figures with chance in them, a change within
    the noise of two Poisson counts: with n events each adds value/n, so the change's standard deviation is
    sqrt(value^2/n + previous^2/n0), which for two counts is sqrt(n + n0). Both are tested at the 95% level.
    """
    if value is None or previous is None:
        return "unknown"
    change = value - previous
    if abs(change) <= abs(previous) * indicator.flat_percent / 100:
        return "flat"
    if indicator.interval != "none" and events is not None and previous_events is not None:
        noise = math.sqrt(_variance(value, events) + _variance(previous, previous_events))
        if abs(change) < Z_95 * noise:
            return "flat"
    return "up" if change > 0 else "down"


def _variance(value: float, events: float) -> float:
    """Variance of a value from its own count; a count of 0 has none of its own to tell."""
    return value * value / events if events > 0 else 0.0
