"""Phones with the electronic health book: a stock that only grows, from the opening of the platform in July."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from data_sources.demo import places, published
from data_sources.demo.clock import DAY_COUNT, IS_HOLIDAY, WEEKDAYS, days, index, level_between
from data_sources.demo.draws import FloatArray, IntArray, in_proportion, stream
from data_sources.demo.reporting import in_by_deadlines, issue_times, issued

# The platform was opened with the national vaccination campaign of 10/7/2021.
OPENED = date(2021, 7, 10)
# New installs a day relative to the whole stock of 29/8; by the end of the year the stock is about six times that.
NEW_INSTALLS = {
    OPENED: 0.002,
    date(2021, 8, 5): 0.012,
    date(2021, 8, 29): 0.045,
    date(2021, 10, 1): 0.06,
    date(2021, 10, 25): 0.05,
    date(2021, 12, 31): 0.02,
}
WEEKDAY_PACE = np.array([1.05, 1.05, 1.05, 1.05, 1.0, 0.9, 0.8])
PACE_SD = 0.18
MOST_OF_ADULTS = 0.93
ACTIVE_SHARE = {OPENED: 0.80, date(2021, 12, 31): 0.58}
# Installs by residents 18+ in the districts relative to each other, in the order of places.DISTRICTS.
EAGERNESS = np.array([1.18, 1.12, 0.83, 0.74, 0.86, 0.96, 1.06, 1.25])
FORM_HOURS = (20.0, 21.4)


def stock(rng: np.random.Generator, as_of_stock: IntArray, adults: IntArray) -> IntArray:
    """Installs by the end of each day, units x days; exactly `as_of_stock` on 29/8/2021 and never falling."""
    pace: FloatArray = level_between(NEW_INSTALLS) * WEEKDAY_PACE[WEEKDAYS] * np.where(IS_HOLIDAY, 0.8, 1.0)
    pace[: index(OPENED)] = 0.0
    grown = np.cumsum(pace[None, :] * rng.lognormal(0.0, PACE_SD, (len(as_of_stock), DAY_COUNT)), axis=1)
    as_of = index(published.PLATFORMS_AS_OF)
    grown[:, : as_of + 1] /= grown[:, as_of : as_of + 1].copy()
    later = grown[:, as_of + 1 :]
    later += 1.0 - (later[:, :1] - pace[as_of + 1])
    wanted = as_of_stock[:, None] * grown
    # Growth slows as few adults are left.
    limit = MOST_OF_ADULTS * adults[:, None] - as_of_stock[:, None]
    extra = np.maximum(wanted - as_of_stock[:, None], 0.0)
    slowed = as_of_stock[:, None] + limit * (1 - np.exp(-extra / limit))
    installs = np.floor(np.where(extra > 0, slowed, wanted) + 1e-6).astype(np.int64)
    installs[:, as_of] = as_of_stock
    return np.maximum.accumulate(installs, axis=1)


def by_district() -> IntArray:
    """Installs by district as of 29/8/2021; they sum to the published number."""
    return in_proportion(published.HEALTH_BOOK_INSTALLS, places.RESIDENTS_18_PLUS * EAGERNESS)


def forms(seed: int) -> pd.DataFrame:
    """Rows of `health_book` of the eight districts, one a day from the opening of the platform."""
    rng = stream(seed, "health book")
    installs = stock(rng, by_district(), places.RESIDENTS_18_PLUS)
    share = level_between(ACTIVE_SHARE)[None, :] + rng.normal(0, 0.008, installs.shape)
    unit, day = (array.ravel() for array in np.mgrid[0 : places.UNIT_COUNT, index(OPENED) : DAY_COUNT])
    return issued(
        pd.DataFrame(
            {
                "unit": np.array(places.CODES, dtype=object)[unit],
                "day": days(day),
                "installs": installs[unit, day],
                "active": np.floor(installs * share).astype(np.int64)[unit, day],
                "issued_at": in_by_deadlines(issue_times(rng, unit, day, FORM_HOURS), day),
            }
        )
    )
