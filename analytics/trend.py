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
    spread: float | None = None,
    previous_spread: float | None = None,
) -> Trend:
    """How the figure moved since `compare_days` ago.

    Flat is a change below `flat_percent` of the earlier value or, for figures with chance in them, a change within
    its noise at the 95% level. The noise of a rate is that of its Poisson counts: with n events each value has the
    variance value^2/n, so that two counts differ by noise while |n - n0| < 1.96 sqrt(n + n0). A method that knows its
    own interval gives its width as `spread` instead.
    """
    if value is None or previous is None:
        return "unknown"
    change = value - previous
    if abs(change) <= abs(previous) * indicator.flat_percent / 100:
        return "flat"
    noise = 0.0
    if indicator.interval != "none" and events is not None and previous_events is not None:
        noise = math.sqrt(_variance(value, events) + _variance(previous, previous_events))
    elif spread is not None and previous_spread is not None:
        # The width of a 95% interval is two times 1.96 standard deviations.
        noise = math.hypot(spread, previous_spread) / (2 * Z_95)
    if abs(change) < Z_95 * noise:
        return "flat"
    return "up" if change > 0 else "down"


def _variance(value: float, events: float) -> float:
    """Variance of a value from its own count; a count of 0 has none of its own to tell."""
    return value * value / events if events > 0 else 0.0
