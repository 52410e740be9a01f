"""How many cases the province reports on each day: a drawn curve that passes through every published count."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from data_sources.demo import published
from data_sources.demo.clock import DAY_COUNT, IS_HOLIDAY, WEEKDAYS, index, level_between
from data_sources.demo.draws import FloatArray, IntArray

# Expected cases a day, drawn by eye from the published points: a first wave of July and August, fewer than ten a day
# at the end of September, and the wave after the reopening. Only the shape matters; each part is scaled to its sum.
EXPECTED_A_DAY = {
    date(2021, 6, 27): 0.8,
    date(2021, 7, 2): 2.5,
    date(2021, 7, 8): 6,
    date(2021, 7, 13): 17,
    date(2021, 7, 18): 36,
    date(2021, 7, 23): 68,
    date(2021, 7, 27): 96,
    date(2021, 7, 31): 112,
    date(2021, 8, 4): 108,
    date(2021, 8, 8): 92,
    date(2021, 8, 12): 74,
    date(2021, 8, 16): 61,
    date(2021, 8, 21): 56,
    date(2021, 8, 25): 60,
    date(2021, 8, 31): 54,
    date(2021, 9, 6): 38,
    date(2021, 9, 14): 21,
    date(2021, 9, 21): 9,
    date(2021, 10, 4): 6.5,
    date(2021, 10, 14): 8,
    date(2021, 10, 24): 21,
    date(2021, 11, 1): 48,
    date(2021, 11, 8): 104,
    date(2021, 11, 15): 205,
    date(2021, 11, 22): 345,
    date(2021, 11, 29): 490,
    date(2021, 12, 6): 590,
    date(2021, 12, 11): 610,
    date(2021, 12, 17): 540,
    date(2021, 12, 24): 370,
    date(2021, 12, 31): 215,
}
# Fewer samples are read on Sundays and the results come on Tuesdays.
WEEKDAY_FACTOR = np.array([0.95, 1.05, 1.04, 1.03, 1.03, 1.0, 0.9])
HOLIDAY_FACTOR = 0.8
DAY_TO_DAY_SD = 0.13
FIRST_CASES = 1

# Ships' crews and experts found on arrival: apart from the local epidemic, none while the province was closed.
ARRIVALS_BEFORE_WAVE, ARRIVALS_TO_OUTBREAK, ARRIVALS_AFTER_REOPENING = 3, 6, 24
REOPENING = date(2021, 10, 11)


@dataclass(frozen=True)
class Part:
    """Some days, the cases they hold in all, and the days among them whose count was published."""

    first: date
    last: date
    total: int
    fixed: dict[date, int] = field(default_factory=dict)


def parts() -> tuple[Part, ...]:
    """The parts of the local epidemic, each with its exact sum."""
    bulletin = sum(published.BULLETIN_CASES.values())
    before = published.BULLETIN_DAY - timedelta(days=1)
    after = published.BULLETIN_DAY + timedelta(days=1)
    known = published.CASES_OF_DAY
    summer = published.CASES_TO_SUMMER_END - ARRIVALS_TO_OUTBREAK
    rest = published.CASES_BY_YEAR_END - published.CASES_TO_SUMMER_END - ARRIVALS_AFTER_REOPENING
    return (
        Part(
            published.OUTBREAK_START,
            before,
            published.CASES_SINCE_START - bulletin,
            {published.OUTBREAK_START: FIRST_CASES} | {day: count for day, count in known.items() if day <= before},
        ),
        Part(published.BULLETIN_DAY, published.BULLETIN_DAY, bulletin, {published.BULLETIN_DAY: bulletin}),
        Part(
            after,
            published.SUMMER_END,
            summer - published.CASES_SINCE_START,
            {day: count for day, count in known.items() if day >= after},
        ),
        Part(published.SUMMER_END + timedelta(days=1), date(2021, 12, 31), rest),
    )


def expected() -> FloatArray:
    """Expected local cases a day before any noise, one value a day."""
    logarithms = {day: float(np.log(count)) for day, count in EXPECTED_A_DAY.items()}
    curve = np.exp(level_between(logarithms))
    curve[: index(published.OUTBREAK_START)] = 0.0
    return curve


def local_cases(rng: np.random.Generator) -> IntArray:
    """Local cases by day of result, one count a day; every part has its published sum and its published days."""
    weights = expected() * WEEKDAY_FACTOR[WEEKDAYS] * np.where(IS_HOLIDAY, HOLIDAY_FACTOR, 1.0)
    weights = weights * rng.lognormal(0.0, DAY_TO_DAY_SD, DAY_COUNT)
    counts = np.zeros(DAY_COUNT, dtype=np.int64)
    for part in parts():
        numbers = np.arange(index(part.first), index(part.last) + 1)
        free = ~np.isin(numbers, [index(day) for day in part.fixed])
        for day, count in part.fixed.items():
            counts[index(day)] = count
        left = part.total - sum(part.fixed.values())
        if free.any():
            share = weights[numbers[free]] / weights[numbers[free]].sum()
            counts[numbers[free]] = rng.multinomial(left, share)
    return counts


def arrivals(rng: np.random.Generator) -> IntArray:
    """Cases found on arrival from abroad by day, one count a day."""
    counts = np.zeros(DAY_COUNT, dtype=np.int64)
    periods = (
        (0, index(published.WAVE_START), ARRIVALS_BEFORE_WAVE),
        (index(published.WAVE_START), index(published.OUTBREAK_START) - 3, ARRIVALS_TO_OUTBREAK),
        (index(REOPENING), DAY_COUNT, ARRIVALS_AFTER_REOPENING),
    )
    for first, end, total in periods:
        np.add.at(counts, rng.integers(first, end, total), 1)
    return counts
