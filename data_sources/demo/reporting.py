"""When forms arrive: on time, late, corrected; and by when they must be in for the published figures to hold."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from data_sources.demo import published
from data_sources.demo.clock import IS_HOLIDAY, WEEKDAYS, WORLD_ENDS, at, index
from data_sources.demo.draws import BoolArray, IntArray, TimeArray, choose

# Share of a district's forms that come late, in the order of places.DISTRICTS; twice as many on days off.
LATE_SHARE = np.array([0.03, 0.03, 0.08, 0.10, 0.05, 0.05, 0.06, 0.12])
DAY_OFF_FACTOR = 2.0
LATE_DAYS, LATE_DAY_SHARES = (1, 2, 3, 4), np.array([[0.60, 0.25, 0.10, 0.05]])
FORM_HOURS, LATE_HOURS = (16.5, 20.5), (7.5, 11.5)
CORRECTED_AFTER_DAYS = (1, 6)

# Days as of which a figure was published: what is about a day up to these is in by that evening.
DEADLINES = tuple(
    sorted(
        {
            published.SNAPSHOT_DAY,
            published.BULLETIN_DAY,
            published.PLATFORMS_AS_OF,
            published.VOLUNTEERS_AS_OF,
            published.SUMMER_END,
            *published.CASES_OF_DAY,
        }
    )
)
DEADLINE_HOUR = 21.5


def is_day_off(day: IntArray) -> BoolArray:
    """Whether each day is a Saturday, a Sunday or a holiday."""
    return (WEEKDAYS[day] >= 5) | IS_HOLIDAY[day]


def issue_times(
    rng: np.random.Generator, unit: IntArray, day: IntArray, hours: tuple[float, float] = FORM_HOURS
) -> TimeArray:
    """When each unit's form about each day is issued: that evening, or on a later morning."""
    share = LATE_SHARE[unit] * np.where(is_day_off(day), DAY_OFF_FACTOR, 1.0)
    late = rng.random(len(day)) < share
    by = np.array(LATE_DAYS)[choose(rng, np.repeat(LATE_DAY_SHARES, len(day), axis=0))]
    on_time = at(day, rng.uniform(*hours, len(day)))
    return np.where(late, at(day + by, rng.uniform(*LATE_HOURS, len(day))), on_time)


def correction_times(rng: np.random.Generator, day: IntArray) -> TimeArray:
    """When the correction of a form about each day is issued: during the working day, one to five days later."""
    return at(day + rng.integers(*CORRECTED_AFTER_DAYS, len(day)), rng.uniform(8.0, 16.0, len(day)))


def in_by_deadlines(times: TimeArray, day: IntArray) -> TimeArray:
    """`times`, none later than the evening of the first deadline on or after the day it is about."""
    times = times.copy()
    for deadline in DEADLINES:
        latest = at(index(deadline), DEADLINE_HOUR)
        times = np.where(day <= index(deadline), np.minimum(times, latest), times)
    return times


def is_deadline(day: IntArray) -> BoolArray:
    """Whether each day is one as of which a figure was published: its forms come on time and are not corrected."""
    return np.isin(day, [index(deadline) for deadline in DEADLINES])


def issued(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows issued within the demonstration's period, in order of issue; the order of equals is kept."""
    inside = frame[frame["issued_at"] <= pd.Timestamp(WORLD_ENDS)]
    return inside.sort_values("issued_at", kind="stable").reset_index(drop=True)


def up_to(day: date) -> pd.Timestamp:
    """The last second of a day, for reading rows as of its end."""
    return pd.Timestamp(day) + pd.Timedelta(days=1) - pd.Timedelta(seconds=1)
