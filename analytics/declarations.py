"""Health declarations beyond their indicators: this week against the same weekdays, and what each checkpoint saw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Literal

import numpy as np

from analytics.cube import day_number
from analytics.disclosure import Protected
from analytics.rates import poisson_interval
from analytics.release import Release
from analytics.sites import Site, sites
from analytics.sql import query
from data_sources.checked_shares import FIELD

WEEK_DAYS = 7
WEEKS_BEFORE = 4
"""Four weeks balance the weekdays and are short enough that the outbreak of a month ago does not count."""
LEAST_WEEKS = 3
"""Of four weekdays at least three must be known, or one holiday decides what is usual."""

Signal = Literal["above", "below", "usual", "unknown"]


@dataclass(frozen=True)
class AgainstWeekday:
    """One day's declarations and symptomatic ones, against the median of the same weekday of the past four weeks."""

    day: date
    declarations: float | None
    symptomatic: float | None
    expected: float | None
    low: float | None
    high: float | None
    """The 95% interval of a count around what is expected (Poisson)."""

    @property
    def signal(self) -> Signal:
        """Above or below what chance allows around the expected, usual within it."""
        if self.symptomatic is None or self.low is None or self.high is None:
            return "unknown"
        return "above" if self.symptomatic > self.high else "below" if self.symptomatic < self.low else "usual"


@dataclass(frozen=True)
class Checkpoint:
    """One checkpoint's day; people are told as the reader may know them, shares in percent."""

    site: Site
    declarations: Protected | None
    symptomatic: Protected | None
    checked_share: float | None
    """Of the day; None below analysts."""
    checked_4_weeks: Protected | None
    """The band of ten points in which the share of the last four whole weeks lies; None where too few had symptoms."""


def week_against_weekdays(release: Release, unit: str, day: date) -> list[AgainstWeekday]:
    """The seven days up to `day`, oldest first; empty where nothing was declared in five weeks.

    The symptomatic are expected as the median share of the same weekday of the past four weeks times the day's own
    declarations, so that a busy day is no signal.
    """
    span = WEEK_DAYS * (WEEKS_BEFORE + 1)
    declared, symptomatic = (_daily(release, name, unit, day, span) for name in ("declarations", "symptomatic"))
    if all(value is None for value in declared):
        return []
    found = []
    for place in range(span - WEEK_DAYS, span):
        shares = [
            part / whole
            for back in range(1, WEEKS_BEFORE + 1)
            if (whole := declared[place - WEEK_DAYS * back])
            and (part := symptomatic[place - WEEK_DAYS * back]) is not None
        ]
        expected = low = high = None
        today = declared[place]
        if len(shares) >= LEAST_WEEKS and today is not None:
            expected = median(shares) * today
            low, high = (float(edge) for edge in poisson_interval(np.array(expected)))
        on = day - timedelta(days=span - 1 - place)
        found.append(AgainstWeekday(on, declared[place], symptomatic[place], expected, low, high))
    return found


def checkpoints(release: Release, day: date, units: tuple[str, ...] | None = None) -> list[Checkpoint]:
    """The checkpoints with anything to say of `day`, most declarations first.

    Leaders have counts under the small-number rule. Of the share that was checked a day needs exact counts, which
    analysts have; four weeks pooled up to `pooled_until` are for everyone.
    """
    pooled = _checked_4_weeks(release, pooled_until(day))
    found = []
    for site in sites(release, "declarations", day, units):
        declared, symptomatic, checked = (site.counts.get(name) for name in ("declarations", "symptomatic", "checked"))
        if declared is None and symptomatic is None:
            continue
        share = None
        if checked is not None and symptomatic is not None and symptomatic.low == symptomatic.high > 0:
            share = 100 * checked.middle / symptomatic.middle
        found.append(Checkpoint(site, declared, symptomatic, share, pooled.get((site.unit, site.site))))
    return sorted(found, key=lambda item: (-(item.declarations.middle if item.declarations else 0.0), item.site.site))


def pooled_until(day: date) -> date:
    """The last Sunday until `day`: with it end the four weeks that are pooled."""
    return day - timedelta(days=day.isoweekday() % WEEK_DAYS)


def _checked_4_weeks(release: Release, last: date) -> dict[tuple[str, str], Protected]:
    values = {"field": FIELD, "day": last, "known": release.as_of}
    rows = release.cursor().execute(query("checked_shares"), values).fetchall()
    return {(unit, site): Protected(shown, low, high) for unit, site, shown, low, high in rows}


def _daily(release: Release, measure: str, unit: str, day: date, span: int) -> list[float | None]:
    """The sums over the unit's leaves of each of `span` days up to `day`; None where no leaf reported."""
    leaves = [leaf.code for leaf in release.units.leaves(unit, day)] or [unit]
    number = day_number(day)
    values = release.evaluation.cube.daily((f"declarations.{measure}", ""), leaves, number - span + 1, number)
    return [None if np.isnan(column).all() else float(np.nansum(column)) for column in values.T]
