"""Subscribers who stay in one place and subscribers who leave home, by district and day."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from data_sources.demo import places
from data_sources.demo.clock import DAY_COUNT, IS_HOLIDAY, WEEKDAYS, at, days, index, level_between
from data_sources.demo.draws import FloatArray, stream
from data_sources.demo.reporting import issued
from data_sources.demo.spread import Epidemic

CALENDAR = Path(__file__).parents[2] / "assets" / "calendar" / "measures.csv"
# How strictly people stay at home under each measure, 0 to 1; people are slower to return than to obey.
STRICTNESS = {"directive_16": 1.0, "directive_15": 0.5, "resolution_128": 0.08}
DAYS_TO_OBEY = 2
WEARINESS_A_DAY, MOST_WEARINESS = 0.0035, 0.22
# Fear of reported cases acts as a measure does: this much at 100 cases per 100,000 in a week.
FEAR_AT_100_PER_100K = 0.12

SUBSCRIBERS_PER_RESIDENT = np.array([0.88, 0.86, 0.73, 0.71, 0.75, 0.73, 0.89, 0.92])
# Visitors at weekends while travel was free, in the order of places.DISTRICTS.
WEEKEND_VISITORS = np.array([0.10, 0.02, 0.0, 0.04, 0.05, 0.03, -0.02, 0.06])
STATIONARY_FREE = np.array([0.33, 0.34, 0.40, 0.42, 0.37, 0.39, 0.31, 0.44])
STATIONARY_GAIN = 0.25
OUT_FREE = np.array([0.47, 0.46, 0.40, 0.38, 0.43, 0.41, 0.50, 0.33])
OUT_LOSS = 0.24
KNOWN_HOME_SHARE = {date(2021, 4, 1): 0.905, date(2021, 8, 1): 0.945, date(2021, 12, 31): 0.93}
# Monday to Sunday, in points of the ratio.
STATIONARY_BY_WEEKDAY = np.array([0.0, -0.004, -0.003, 0.0, -0.006, 0.018, 0.062])
HOLIDAY_STATIONARY = 0.035
DAILY_SD = 0.006
# Days on which the operator sent nothing for a district: missing is not zero.
MISSING_SHARE = 0.004
FILE_HOURS = (22.4, 23.4)


def strictness() -> FloatArray:
    """How strictly each district was closed, units x days, 0 to 1, from the measures calendar."""
    level = np.zeros((places.UNIT_COUNT, DAY_COUNT))
    with CALENDAR.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            first, last = (index(date.fromisoformat(row[name])) for name in ("first_day", "last_day"))
            units = [places.NUMBER_OF[row["unit"]]] if row["unit"] in places.NUMBER_OF else range(places.UNIT_COUNT)
            for unit in units:
                level[unit, max(first, 0) : last + 1] = STRICTNESS[row["measure"]]
    closed = np.cumsum(level >= STRICTNESS["directive_16"], axis=1)
    level = level * (1 - np.minimum(closed * WEARINESS_A_DAY, MOST_WEARINESS))
    kernel = np.ones(DAYS_TO_OBEY + 1) / (DAYS_TO_OBEY + 1)
    padded = np.pad(level, ((0, 0), (DAYS_TO_OBEY, 0)), mode="edge")
    return np.array([np.convolve(row, kernel, mode="valid") for row in padded])


def _fear(epidemic: Epidemic) -> FloatArray:
    counts = epidemic.by_unit_and_day().astype(float)
    week = np.cumsum(counts, axis=1)
    week[:, 7:] = week[:, 7:] - week[:, :-7].copy()
    per_100k = week / places.RESIDENTS[:, None] * 100_000
    return np.minimum(per_100k / 100 * FEAR_AT_100_PER_100K, 2 * FEAR_AT_100_PER_100K)


def forms(epidemic: Epidemic) -> pd.DataFrame:
    """Rows of `mobility`: one a district and day, from the operator's file of the late evening."""
    rng = stream(epidemic.seed, "telecom")
    shape = (places.UNIT_COUNT, DAY_COUNT)
    closed = np.minimum(strictness() + _fear(epidemic), 1.0)
    weekend = (WEEKDAYS >= 5) | IS_HOLIDAY
    visitors = WEEKEND_VISITORS[:, None] * weekend * (1 - closed)
    residents = places.RESIDENTS * SUBSCRIBERS_PER_RESIDENT
    active = residents[:, None] * (1 + visitors - 0.03 * closed) * rng.normal(1.0, DAILY_SD, shape)
    by_day = STATIONARY_BY_WEEKDAY[WEEKDAYS] + HOLIDAY_STATIONARY * IS_HOLIDAY
    stationary = STATIONARY_FREE[:, None] + STATIONARY_GAIN * closed + by_day * (1 - 0.6 * closed)
    out = OUT_FREE[:, None] - OUT_LOSS * closed - 0.8 * by_day * (1 - 0.6 * closed)
    stationary = np.clip(stationary + rng.normal(0, DAILY_SD, shape), 0.02, 0.98)
    out = np.clip(out + rng.normal(0, DAILY_SD, shape), 0.02, 0.98)
    active_count = rng.poisson(active)
    home_count = rng.binomial(active_count, level_between(KNOWN_HOME_SHARE)[None, :])
    unit, day = (array.ravel() for array in np.mgrid[0 : places.UNIT_COUNT, 0:DAY_COUNT])
    frame = pd.DataFrame(
        {
            "unit": np.array(places.CODES, dtype=object)[unit],
            "day": days(day),
            "active_subscribers": active_count.ravel(),
            "stationary_subscribers": rng.binomial(active_count, stationary).ravel(),
            "known_home_subscribers": home_count.ravel(),
            "out_of_home_subscribers": rng.binomial(home_count, out).ravel(),
            "issued_at": at(day, rng.uniform(*FILE_HOURS, DAY_COUNT)[day]),
        }
    )
    return issued(frame[rng.random(len(frame)) >= MISSING_SHARE])
