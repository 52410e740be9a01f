"""The reporting duty, cell by cell, and where two systems that must agree do not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

import numpy as np

from analytics.cube import day_number
from analytics.release import Release, moment
from analytics.sql import query

Punctuality = Literal["on_time", "late", "missing", "not_due"]
AGREE_PERCENT = 5.0
"""Two systems that differ by at most 5% agree: one counts by day of result, the other by day of report."""
LEAST_APART = 5.0
"""And by fewer than five of anything: in a small district one late report is no disagreement."""
WEEK_DAYS = 7


@dataclass(frozen=True)
class Due:
    """One report that was due: a form of a unit about a day."""

    form: str
    unit: str
    day: date
    due_at: datetime
    received_at: datetime | None
    rows: int | None
    required_fields: int | None
    required_filled: int | None
    rows_rejected: int | None

    def punctuality(self, known_at: datetime) -> Punctuality:
        """On time, late, missing, or not due yet at `known_at`."""
        if self.received_at is not None and self.received_at <= known_at:
            return "on_time" if self.received_at <= self.due_at else "late"
        return "missing" if self.due_at < known_at else "not_due"


@dataclass(frozen=True)
class Agreement:
    """Two systems' figures of one thing in one unit over a week, and whether they agree."""

    pair: str
    unit: str
    first: float | None
    second: float | None

    @property
    def agrees(self) -> bool | None:
        """True within AGREE_PERCENT or LEAST_APART; None where either is missing."""
        if self.first is None or self.second is None:
            return None
        apart = abs(self.first - self.second)
        return apart < LEAST_APART or apart <= AGREE_PERCENT / 100 * max(self.first, self.second)


PAIRS = {
    "f0_positives": ("cases.f0", "tests.positives"),
    "f0_counts": ("cases.f0", "case_counts.cases"),
    "given_entered": ("vaccination.doses_given", "vaccination.doses_entered"),
    "f0_admitted": ("cases.f0", "treatment.admitted"),
    "f1_quarantined": ("cases.f1", "quarantine_sites.arrived"),
}
"""What two systems must say alike over a week: F0 in the case list and positive tests, F0 and the daily counts, doses
given and entered, F0 and admissions, F1 and arrivals in quarantine."""


def duties(release: Release, first_day: date, last_day: date) -> list[Due]:
    """Every report due for the days from `first_day` to `last_day`, by form, unit and day."""
    if not release.has_table("row_submissions"):
        return []
    values = {"first_day": first_day, "last_day": last_day, "known": release.moment(None)}
    return [Due(*row) for row in release.cursor().execute(query("duty_cells"), values).fetchall()]


def known_at(release: Release, day: date) -> datetime:
    """The moment the matrix is judged at: the end of `day`, or the release's own where that is earlier."""
    return min(release.as_of, moment(day))


def agreements(release: Release, day: date) -> list[Agreement]:
    """Each pair of systems in each unit over the week up to `day`; pairs nobody reports both of are left out."""
    units = [unit.code for unit in release.units.reporting()]
    found = []
    for pair, measures in PAIRS.items():
        rows = [Agreement(pair, unit, *(_week(release, name, unit, day) for name in measures)) for unit in units]
        if any(row.agrees is not None for row in rows):
            found += rows
    return found


def completeness_course(release: Release, unit: str, first_day: date, last_day: date) -> dict[str, list[float | None]]:
    """For each form, the share of required fields filled on each day, in percent; None where no report came."""
    leaves = {leaf.code for leaf in release.units.leaves(unit, last_day)} | {unit}
    sums: dict[tuple[str, date], tuple[int, int]] = {}
    forms: dict[str, None] = {}
    for due in duties(release, first_day, last_day):
        if due.unit not in leaves or due.required_fields is None or due.required_filled is None:
            continue
        forms[due.form] = None
        filled, fields = sums.get((due.form, due.day), (0, 0))
        sums[due.form, due.day] = (filled + due.required_filled, fields + due.required_fields)
    days = [first_day + timedelta(days=number) for number in range((last_day - first_day).days + 1)]
    return {form: [_share(sums.get((form, day))) for day in days] for form in forms}


def _share(pair: tuple[int, int] | None) -> float | None:
    return 100 * pair[0] / pair[1] if pair and pair[1] else None


def _week(release: Release, measure: str, unit: str, day: date) -> float | None:
    number = day_number(day)
    values = release.evaluation.cube.daily((measure, ""), [unit], number - WEEK_DAYS + 1, number)
    return None if np.isnan(values).all() else float(np.nansum(values))
