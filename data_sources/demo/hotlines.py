"""The hotlines: calls rise with cases and with every change of measures, and fall on the days after a bulletin.

What people ask follows what happens to them: symptoms follow their district's cases, travel its closing, aid the weeks
it has been closed, vaccination the campaign. Lines are few at first, so that in July many calls are not answered.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from data_sources.demo import places
from data_sources.demo.channel import Posts
from data_sources.demo.clock import DAY_COUNT, IS_HOLIDAY, WEEKDAYS, days, level_between
from data_sources.demo.draws import BoolArray, FloatArray, IntArray, TimeArray, stream
from data_sources.demo.reporting import correction_times, issue_times, issued
from data_sources.demo.spread import Epidemic
from data_sources.demo.telecom import strictness

TOPICS = ("symptoms", "testing", "vaccination", "quarantine", "travel", "aid", "report", "other")
# Calls a day and 100,000 residents: always, and more at 100 cases per 100,000 and week (with the root of the cases).
ALWAYS_PER_100K = np.array([1.1, 0.7, 0.5, 0.4, 0.3, 0.2, 0.5, 0.9])
AT_100_CASES_PER_100K = np.array([15.0, 10.0, 1.0, 12.0, 2.0, 3.0, 4.0, 3.0])
OWN_SHARE = 0.7
# More at full strictness of measures, and more by how much it changed within three days.
AT_STRICTEST_PER_100K = np.array([0.5, 1.0, 0.3, 1.5, 6.5, 4.0, 3.2, 1.0])
AT_CHANGE_PER_100K = np.array([0.5, 1.5, 0.5, 4.0, 26.0, 6.0, 4.0, 3.0])
# Households run out of food and money the longer they are closed in; half of it after this many days.
AID_WHEN_CLOSED_LONG_PER_100K, LONG_DAYS = 13.0, 25.0
VACCINATION_PER_100K = {
    date(2021, 6, 20): 0.2,
    date(2021, 7, 15): 3.5,
    date(2021, 9, 10): 9.0,
    date(2021, 10, 25): 6.0,
    date(2021, 12, 10): 3.0,
    date(2021, 12, 31): 4.5,
}
LESS_BY_BULLETIN, LEAST_SHARE = 0.13, 0.7
WEEKDAY_FACTOR = np.array([1.12, 1.05, 1.0, 1.0, 0.98, 0.93, 0.86])
HOLIDAY_FACTOR = 0.85
DISPERSION = 14.0

# Calls a day and 100,000 residents that the operators of a unit can answer, and how waiting grows with the load.
CAPACITY_PER_100K = {date(2021, 4, 1): 22.0, date(2021, 7, 25): 30.0, date(2021, 8, 20): 62.0, date(2021, 12, 31): 74.0}
BEST_SHARE, SHARE_STEEPNESS = 0.97, 3.0
WAIT_IDLE_SECONDS, WAIT_LOADED_SECONDS, WAIT_SD = 9.0, 38.0, 0.12
P90_FACTOR = (2.6, 4.2)
PASSED_ON_SHARE = np.array([0.03, 0.0, 0.0, 0.06, 0.01, 0.46, 0.0, 0.05])

FORM_HOURS = (17.5, 21.0)
CORRECTED_SHARE, CORRECTED_FACTOR = 0.02, (0.85, 0.97)
# Now and then a form lacks the waiting times: the exchange did not print them.
NO_WAITING_SHARE = 0.025


def _trailing(values: FloatArray, length: int) -> FloatArray:
    """The sum of each row over `length` days to each day."""
    sums = np.cumsum(values, axis=1)
    sums[:, length:] -= sums[:, :-length].copy()
    return sums


def expected(epidemic: Epidemic, made: Posts) -> FloatArray:
    """Calls to be expected, units x days x topics."""
    week = _trailing(epidemic.by_unit_and_day().astype(float), 7)
    own = week / places.RESIDENTS[:, None] * 1e5
    whole = week.sum(axis=0) / places.RESIDENTS.sum() * 1e5
    worry = np.sqrt((OWN_SHARE * own + (1 - OWN_SHARE) * whole) / 100)
    closed = strictness()
    change = _trailing(np.abs(np.diff(closed, axis=1, prepend=closed[:, :1])), 3)
    weary = 1 - np.exp(-np.cumsum((closed >= 0.4).astype(float), axis=1) * np.log(2) / LONG_DAYS)
    per_100k = (
        ALWAYS_PER_100K
        + worry[:, :, None] * AT_100_CASES_PER_100K
        + closed[:, :, None] * AT_STRICTEST_PER_100K
        + change[:, :, None] * AT_CHANGE_PER_100K
    )
    per_100k[:, :, TOPICS.index("aid")] += AID_WHEN_CLOSED_LONG_PER_100K * closed * weary
    per_100k[:, :, TOPICS.index("vaccination")] += level_between(VACCINATION_PER_100K)[None, :]
    calm = np.maximum(1 - LESS_BY_BULLETIN * made.bulletins_until_noon(), LEAST_SHARE)
    of_day = calm * WEEKDAY_FACTOR[WEEKDAYS] * np.where(IS_HOLIDAY, HOLIDAY_FACTOR, 1.0)
    return np.asarray(per_100k * of_day[None, :, None] * places.RESIDENTS[:, None, None] / 1e5, dtype=np.float64)


def forms(epidemic: Epidemic, made: Posts) -> pd.DataFrame:
    """Rows of `hotline`: every topic of every unit's day, zeros said as zeros, corrected forms told twice."""
    rng = stream(epidemic.seed, "hotline")
    mean = expected(epidemic, made)
    shape = mean.shape
    calls = rng.poisson(mean * rng.gamma(DISPERSION, 1 / DISPERSION, shape))
    capacity = level_between(CAPACITY_PER_100K)[None, :] * places.RESIDENTS[:, None] / 1e5
    load = calls.sum(axis=2) / np.maximum(capacity, 4.0)
    share = BEST_SHARE / (1 + (load / 1.9) ** SHARE_STEEPNESS)
    answered = rng.binomial(calls, share[:, :, None])
    wait = WAIT_IDLE_SECONDS + WAIT_LOADED_SECONDS * load**2
    p50 = np.maximum(np.round(wait[:, :, None] * rng.lognormal(0.0, WAIT_SD, shape)), 2).astype(np.int64)
    p90 = np.round(p50 * rng.uniform(*P90_FACTOR, shape)).astype(np.int64)
    passed_on = rng.binomial(answered, PASSED_ON_SHARE)
    unit, day = (array.ravel() for array in np.mgrid[0 : places.UNIT_COUNT, 0:DAY_COUNT])
    stated = rng.random(len(unit)) >= NO_WAITING_SHARE
    sent_at = issue_times(rng, unit, day, FORM_HOURS)
    corrected_at = correction_times(rng, day)
    corrected = (rng.random(len(unit)) < CORRECTED_SHARE) & (corrected_at > sent_at + np.timedelta64(2, "h"))
    counts = {"calls": calls, "answered": answered, "p50": p50, "p90": p90, "passed_on": passed_on}
    first = {**counts, "passed_on": np.floor(passed_on * rng.uniform(*CORRECTED_FACTOR, shape)).astype(np.int64)}
    parts = [
        _rows(counts, unit[~corrected], day[~corrected], stated[~corrected], sent_at[~corrected]),
        _rows(first, unit[corrected], day[corrected], stated[corrected], sent_at[corrected]),
        _rows(counts, unit[corrected], day[corrected], stated[corrected], corrected_at[corrected]),
    ]
    return issued(pd.concat(parts, ignore_index=True))


def _rows(
    counts: dict[str, IntArray], unit: IntArray, day: IntArray, stated: BoolArray, issued_at: TimeArray
) -> pd.DataFrame:
    form, topic = (array.ravel() for array in np.mgrid[0 : len(unit), 0 : len(TOPICS)])
    values = {name: array[unit[form], day[form], topic] for name, array in counts.items()}
    # Nobody waited where nobody was answered.
    waited = (values["answered"] > 0) & stated[form]
    return pd.DataFrame(
        {
            "unit": np.array(places.CODES, dtype=object)[unit[form]],
            "day": days(day[form]),
            "topic": np.array(TOPICS, dtype=object)[topic],
            "calls": values["calls"],
            "answered": values["answered"],
            "waiting_seconds_p50": pd.Series(values["p50"], dtype="Int64").where(pd.Series(waited)),
            "waiting_seconds_p90": pd.Series(values["p90"], dtype="Int64").where(pd.Series(waited)),
            "passed_on_for_aid": values["passed_on"],
            "issued_at": issued_at[form],
        }
    )
