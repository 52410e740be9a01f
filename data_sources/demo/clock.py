"""The demonstration's calendar: its days, weekdays and holidays, and times counted from its first day.

Times are naive and mean Asia/Ho_Chi_Minh until they are written; days are counted from FIRST_DAY.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from data_sources.demo.draws import BoolArray, DurationArray, FloatArray, IntArray, TimeArray

FIRST_DAY = date(2021, 4, 1)
LAST_DAY = date(2021, 12, 31)
DAY_COUNT = (LAST_DAY - FIRST_DAY).days + 1
DAYS: TimeArray = np.arange(np.datetime64(FIRST_DAY, "D"), np.datetime64(LAST_DAY, "D") + 1)
WEEKDAYS: IntArray = (DAYS.astype(np.int64) + 3) % 7  # 0 = Monday; 1/1/1970 was a Thursday
WORLD_ENDS = np.datetime64("2021-12-31T23:59:59", "s")
SECONDS_A_DAY = 86_400

# Hùng Kings (10th of the 3rd lunar month), Reunification and Labour days with the day in lieu, National Day.
HOLIDAYS = (
    date(2021, 4, 21),
    date(2021, 4, 30),
    date(2021, 5, 1),
    date(2021, 5, 3),
    date(2021, 9, 2),
    date(2021, 9, 3),
)


def index(day: date) -> int:
    """The number of days from FIRST_DAY to `day`."""
    return (day - FIRST_DAY).days


def day_of(number: int) -> date:
    """The day that is `number` days after FIRST_DAY."""
    return FIRST_DAY + timedelta(days=int(number))


IS_HOLIDAY: BoolArray = np.isin(np.arange(DAY_COUNT), [index(day) for day in HOLIDAYS])


def days(numbers: npt.ArrayLike) -> TimeArray:
    """Days (datetime64[D]) of day numbers; numbers outside the demonstration's period are allowed."""
    return np.datetime64(FIRST_DAY, "D") + np.asarray(numbers, dtype=np.int64).astype("timedelta64[D]")


def at(numbers: npt.ArrayLike, hours: npt.ArrayLike) -> TimeArray:
    """Times (datetime64[s]) `hours` after midnight of each day number, to the minute."""
    minutes = np.round(np.asarray(hours, dtype=np.float64) * 60).astype(np.int64)
    spans: DurationArray = (minutes * 60).astype("timedelta64[s]")
    return np.asarray(days(numbers).astype("datetime64[s]") + spans)


def durations(hours: FloatArray) -> DurationArray:
    """Spans of time of so many hours, to the minute."""
    return (np.round(hours * 60).astype(np.int64) * 60).astype("timedelta64[s]")


def number_of_day(times: TimeArray) -> IntArray:
    """The day number in which each time lies."""
    return np.asarray((times.astype("datetime64[D]") - np.datetime64(FIRST_DAY, "D")).astype(np.int64))


def level_between(knots: dict[date, float]) -> FloatArray:
    """One value for each day, linear between the knots and constant outside them."""
    positions = [index(day) for day in knots]
    return np.interp(np.arange(DAY_COUNT), positions, list(knots.values()))
