"""Doses beyond their indicators: what waits to be entered and with whom, people by age group, stock by unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Literal

import numpy as np

from analytics.cube import day_number
from analytics.indicators.vaccination import TARGET_PERCENT
from analytics.readings import read
from analytics.release import Release
from data_sources.contracts import CONTRACTS

PACE_DAYS = 7
ENTERED, PACE = "doses_entered_share", "doses_per_day_7d"
COVERAGE, COVERAGE_PACE = "coverage_first", "first_dose_pace_7d"
LONG_DAYS = 400
"""Past a year a pace of seven days says nothing of the day any more."""
NOT_AN_AGE = ("all", "unknown", "18+")


@dataclass(frozen=True)
class Backlog:
    """What a unit has given and entered since the start; `days_to_clear` at the pace of entry of the last 7 days."""

    unit: str
    given: float
    entered: float
    days_to_clear: float | None

    @property
    def waiting(self) -> float:
        """Doses given that nobody has entered yet; 0 where late corrections entered more than was given."""
        return max(self.given - self.entered, 0.0)


@dataclass(frozen=True)
class Stock:
    """What a unit has left, as last reported, and how long it lasts at the pace of the last 7 days."""

    unit: str
    left: float
    day: date
    """The day of the report."""
    days: float | None


Ahead = Literal["reached", "on", "far", "never", "unknown"]


@dataclass(frozen=True)
class Target:
    """When a unit reaches TARGET_PERCENT of its adults with a first dose, if the pace of the last 7 days goes on."""

    unit: str
    coverage_percent: float | None
    pace_points_a_day: float | None
    days: int | None
    """Whole days ahead where the day is known."""
    day: date | None

    @property
    def ahead(self) -> Ahead:
        """Reached, on a known day, past LONG_DAYS, never at this pace, or unknown where a figure is missing."""
        if self.coverage_percent is None:
            return "unknown"
        if self.coverage_percent >= TARGET_PERCENT:
            return "reached"
        if self.pace_points_a_day is None:
            return "unknown"
        if self.pace_points_a_day <= 0:
            return "never"
        return "on" if self.day is not None else "far"


def targets(release: Release, day: date, units: tuple[str, ...]) -> list[Target]:
    """The day each of `units` reaches the target: reached ones first, then by day, the unknown last."""
    found = read(release, [COVERAGE, COVERAGE_PACE], units, day)
    rows = []
    for unit in units:
        coverage, pace = found[COVERAGE, unit].value, found[COVERAGE_PACE, unit].value
        days = None
        if coverage is not None and pace is not None and coverage < TARGET_PERCENT and pace > 0:
            missing = (TARGET_PERCENT - coverage) / pace
            # The target is reached in the course of the last day; a day begun counts.
            days = ceil(round(missing, 6)) if missing <= LONG_DAYS else None
        rows.append(Target(unit, coverage, pace, days, day + timedelta(days=days) if days is not None else None))
    order: tuple[Ahead, ...] = ("reached", "on", "far", "never", "unknown")
    return sorted(rows, key=lambda row: (order.index(row.ahead), row.days or 0, -(row.coverage_percent or 0.0)))


def backlogs(release: Release, day: date) -> list[Backlog]:
    """The units with doses that wait to be entered, most first; units that report neither are left out."""
    units = [unit.code for unit in release.units.reporting()]
    found = read(release, [ENTERED], units, day)
    rows = []
    for unit in units:
        reading = found[ENTERED, unit]
        if reading.numerator is None or reading.denominator is None:
            continue
        waiting = reading.denominator - reading.numerator
        pace = _sum_of_days(release, "vaccination.doses_entered", unit, day) / PACE_DAYS
        given = _sum_of_days(release, "vaccination.doses_given", unit, day) / PACE_DAYS
        # What is entered of the new doses does not clear the old ones.
        spare = pace - given
        days = waiting / spare if spare > 0 and waiting > 0 else None
        rows.append(Backlog(unit, reading.denominator, reading.numerator, days))
    return sorted(rows, key=lambda row: (-row.waiting, row.unit))


def stocks(release: Release, day: date) -> list[Stock]:
    """What each unit has left, the shortest first; days are unknown where nothing was given in the last 7 days."""
    units = [unit.code for unit in release.units.reporting()]
    paces = read(release, [PACE], units, day)
    number = day_number(day)
    rows = []
    for unit in units:
        known = release.evaluation.cube.daily(("vaccination.stock_left", ""), [unit], number - PACE_DAYS + 1, number)[0]
        reported = np.flatnonzero(~np.isnan(known))
        if not len(reported):
            continue
        place = int(reported[-1])
        left, pace = float(known[place]), paces[PACE, unit].value
        rows.append(Stock(unit, left, day - timedelta(days=PACE_DAYS - 1 - place), left / pace if pace else None))
    return sorted(rows, key=lambda row: (row.days is None, row.days or 0.0, row.unit))


def people_by_age(release: Release, unit: str, day: date) -> dict[str, tuple[float, float]]:
    """People with a first dose and fully vaccinated since the start, by age group in its order; of those who say so."""
    choices = CONTRACTS["vaccination"].column("age_group").choices
    leaves = [leaf.code for leaf in release.units.leaves(unit, day)] or [unit]
    found = {}
    for choice in choices:
        if choice.value in NOT_AN_AGE:
            continue
        sums = [_until(release, measure, choice.value, leaves, day) for measure in ("people_first", "people_full")]
        if any(value is not None for value in sums):
            found[choice.value] = (sums[0] or 0.0, sums[1] or 0.0)
    return found


def _until(release: Release, measure: str, age: str, units: list[str], day: date) -> float | None:
    cube = release.evaluation.cube
    part = (f"vaccination.{measure}", f"age_group={age}")
    first = cube.first_day(part)
    if first is None:
        return None
    values = cube.daily(part, units, first, day_number(day))
    return float(np.nansum(values)) if not np.isnan(values).all() else None


def _sum_of_days(release: Release, measure: str, unit: str, day: date) -> float:
    number = day_number(day)
    values = release.evaluation.cube.daily((measure, ""), [unit], number - PACE_DAYS + 1, number)
    return float(np.nansum(values))
