"""The official channel: bulletins and flashes that follow the epidemic, and how many people saw each of them.

A post is told four times, as its views grow: minutes after it appears, that evening, the next day and after three days.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from data_sources.demo.clock import DAY_COUNT, WEEKDAYS, at, days, durations, index, level_between
from data_sources.demo.draws import FloatArray, IntArray, ObjectArray, TimeArray, stream
from data_sources.demo.reporting import issued
from data_sources.demo.spread import Epidemic
from data_sources.demo.telecom import CALENDAR

# A morning and an evening bulletin while the province was closed; before and after, one in the evening or none.
EVENING_SHARE = {
    date(2021, 4, 1): 0.3,
    date(2021, 6, 27): 0.3,
    date(2021, 6, 28): 0.88,
    date(2021, 9, 30): 0.93,
    date(2021, 10, 10): 0.62,
    date(2021, 11, 10): 0.9,
}
MORNING_FIRST, MORNING_LAST, MORNING_SHARE = date(2021, 7, 14), date(2021, 9, 22), 0.8
SUNDAY_FACTOR = 0.7
EVENING_HOURS, MORNING_HOURS, OTHER_HOURS = (17.6, 19.2), (6.3, 7.1), (9.0, 21.0)
# Flashes: more of them the faster cases rise, and one on the evening before a measure begins.
FLASHES_A_DAY, FLASHES_AT_DOUBLING = 0.06, 0.8
OTHERS_A_DAY = 0.35

FOLLOWERS = {
    date(2021, 4, 1): 38_400.0,
    date(2021, 6, 28): 46_900.0,
    date(2021, 7, 20): 121_000.0,
    date(2021, 8, 29): 186_000.0,
    date(2021, 10, 15): 207_000.0,
    date(2021, 12, 31): 231_000.0,
}
# Of a hundred followers so many open a post within three days.
SEEN_PERCENT = {"bulletin": 27.0, "flash": 41.0, "other": 13.0}
SEEN_MORE_AT_100_CASES = 0.35
SEEN_SD, SHARED_SHARE, SHARED_SD = 0.22, 0.032, 0.35
TOLD_AFTER_HOURS = np.array([0.1, 4.0, 24.0, 72.0])
TOLD_SHARE = np.array([0.04, 0.55, 0.88, 1.0])


@dataclass(frozen=True)
class Posts:
    """Posts as parallel arrays in order of time."""

    kind: ObjectArray
    published_at: TimeArray
    day: IntArray

    def bulletins_until_noon(self) -> IntArray:
        """For each day, how many bulletins and flashes appeared in the 24 hours before its noon."""
        counts = np.zeros(DAY_COUNT, dtype=np.int64)
        hour = (self.published_at - self.published_at.astype("datetime64[D]")).astype(np.int64) / 3600
        heard = self.day + (hour >= 12)
        used = (self.kind != "other") & (heard < DAY_COUNT)
        np.add.at(counts, heard[used], 1)
        return counts


def week_mean(epidemic: Epidemic) -> FloatArray:
    """The province's mean of cases a day over the seven days to each day."""
    daily = epidemic.by_unit_and_day().sum(axis=0).astype(float)
    return np.convolve(daily, np.ones(7) / 7)[:DAY_COUNT]


def posts(epidemic: Epidemic) -> Posts:
    """The posts of the whole period."""
    rng = stream(epidemic.seed, "channel")
    evening = rng.random(DAY_COUNT) < level_between(EVENING_SHARE) * np.where(WEEKDAYS == 6, SUNDAY_FACTOR, 1.0)
    morning = np.zeros(DAY_COUNT, dtype=bool)
    morning[index(MORNING_FIRST) : index(MORNING_LAST) + 1] = True
    morning &= rng.random(DAY_COUNT) < MORNING_SHARE
    mean = week_mean(epidemic)
    before = np.concatenate((np.zeros(7), mean[:-7]))
    doublings = np.clip(np.log2((mean + 4) / (before + 4)), 0.0, 2.0)
    flashes = rng.poisson(FLASHES_A_DAY + FLASHES_AT_DOUBLING * doublings)
    flashes += _eves()
    numbers = np.arange(DAY_COUNT)
    groups = (
        ("bulletin", np.flatnonzero(evening), EVENING_HOURS),
        ("bulletin", np.flatnonzero(morning), MORNING_HOURS),
        ("flash", np.repeat(numbers, flashes), OTHER_HOURS),
        ("other", np.repeat(numbers, rng.poisson(OTHERS_A_DAY, DAY_COUNT)), OTHER_HOURS),
    )
    kind = np.concatenate([np.full(len(when), name, dtype=object) for name, when, _ in groups])
    day = np.concatenate([when for _, when, _ in groups])
    hours = np.concatenate([rng.uniform(*between, len(when)) for _, when, between in groups])
    published_at = at(day, hours)
    order = np.argsort(published_at, kind="stable")
    return Posts(kind=kind[order], published_at=published_at[order], day=day[order])


def _eves() -> IntArray:
    """For each day, 1 where a measure begins the next day."""
    eves = np.zeros(DAY_COUNT, dtype=np.int64)
    with CALENDAR.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            before = index(date.fromisoformat(row["first_day"])) - 1
            if 0 <= before < DAY_COUNT:
                eves[before] = 1
    return eves


def rows(epidemic: Epidemic, made: Posts) -> pd.DataFrame:
    """Rows of `channel_posts`, every post as often as it was told."""
    rng = stream(epidemic.seed, "channel views")
    size = len(made.kind)
    followers = level_between(FOLLOWERS)[made.day] * rng.normal(1.0, 0.002, size)
    seen = np.array([SEEN_PERCENT[kind] for kind in made.kind]) / 100 * rng.lognormal(0.0, SEEN_SD, size)
    seen = np.minimum(seen * (1 + SEEN_MORE_AT_100_CASES * np.minimum(week_mean(epidemic)[made.day] / 100, 1.5)), 0.92)
    shared = seen * SHARED_SHARE * rng.lognormal(0.0, SHARED_SD, size)
    post = np.repeat(np.arange(size), len(TOLD_SHARE))
    told = np.tile(np.arange(len(TOLD_SHARE)), size)
    audience = followers[post] * TOLD_SHARE[told]
    waited = durations(TOLD_AFTER_HOURS[told] + rng.uniform(0.0, 0.5, len(post)))
    return issued(
        pd.DataFrame(
            {
                "post_id": np.array([f"ZOA-{number:06d}" for number in range(1, size + 1)], dtype=object)[post],
                "day": days(made.day[post]),
                "kind": made.kind[post],
                "published_at": made.published_at[post],
                "followers": np.floor(followers).astype(np.int64)[post],
                "views": np.floor(audience * seen[post]).astype(np.int64),
                "shares": np.floor(audience * shared[post]).astype(np.int64),
                "issued_at": made.published_at[post] + waited,
            }
        )
    )
