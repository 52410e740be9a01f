"""The last 28 days of a figure, for sparklines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from analytics.release import Release
from pages.components import cached

RECENT_DAYS = 28
"""Four whole weeks, so that weekday effects balance (screens.md, Rules)."""


def recent_of(
    release: Release, indicator_id: str, units: Sequence[str], day: date
) -> dict[str, tuple[tuple[float | None, ...], tuple[bool, ...]]]:
    """For each unit, the values of the 28 days up to `day`, None where missing, and which of them are provisional."""
    curves = cached.curves(release, indicator_id, tuple(units), day - timedelta(days=RECENT_DAYS - 1), day)
    return {unit: (curve.values, curve.provisional) for unit, curve in curves.items()}
