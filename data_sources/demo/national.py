"""The other 62 provinces, for national ranks: invented series with roughly the shape and size of each region's year.

Only two ranks are published ones: as of 29/8/2021 five provinces have a larger share of health books, and eleven have
entered a larger share of their doses.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from data_sources.demo import health_books, published
from data_sources.demo.clock import DAY_COUNT, IS_HOLIDAY, WEEKDAYS, at, days, index, level_between
from data_sources.demo.draws import FloatArray, IntArray, TimeArray, stream
from data_sources.demo.residents import Provinces, provinces

# Shares as of 29/8/2021: above and below the province's 10.02% of adults and 93.79% of doses, clear of rounding.
BOOKS_ABOVE, BOOKS_BELOW = (0.106, 0.21), (0.012, 0.0965)
ENTERED_ABOVE, ENTERED_BELOW = (0.943, 0.997), (0.55, 0.932)
EARLY_ENTERED_FACTOR, LATE_ENTERED = 0.9, (0.955, 0.999)

# Waves of cases: peak day and width in days of the two sides of each.
SPRING, SUMMER, WINTER = (
    (date(2021, 5, 26), 11.0, 16.0),
    (date(2021, 8, 26), 18.0, 21.0),
    (date(2021, 12, 14), 22.0, 40.0),
)
SHIFT_SD_DAYS = 6.0
CASE_FATALITY = {
    date(2021, 4, 1): 0.004,
    date(2021, 8, 10): 0.026,
    date(2021, 10, 15): 0.014,
    date(2021, 12, 31): 0.012,
}
DEATH_LAG_DAYS, RECOVERY_LAG_DAYS, RECOVERED_SHARE = 13, 15, 0.97
DISPERSION = 12.0
# How cases were found: community, and half of the others each in quarantine and in locked-down areas.
FOUND_IN = ("community", "quarantine", "locked_down_area")
COMMUNITY_SHARE = {date(2021, 4, 1): 0.35, date(2021, 8, 15): 0.28, date(2021, 10, 15): 0.45, date(2021, 12, 1): 0.62}
COMMUNITY_SPREAD, COMMUNITY_LIMITS = (0.6, 1.4), (0.08, 0.9)

# Doses: first doses by the end of the year and the pace of both.
FIRST_BY_YEAR_END, SECOND_BY_YEAR_END = (0.93, 0.99), (0.80, 0.95)
FIRST_PACE = {
    date(2021, 4, 1): 0.05,
    date(2021, 6, 20): 0.35,
    date(2021, 8, 5): 1.4,
    date(2021, 9, 15): 2.0,
    date(2021, 11, 1): 1.0,
    date(2021, 12, 31): 0.1,
}
SECOND_SHARE_OF_FIRST, SECOND_LAG_DAYS = (0.25, 0.75), 49
BOOSTERS_BY_YEAR_END = (0.01, 0.16)
BOOSTER_PACE = {date(2021, 12, 6): 0.0, date(2021, 12, 31): 1.0}
ISSUE_HOURS = (19.0, 21.0)


def _long(table: Provinces, first: int, values: dict[str, IntArray], issued_at: TimeArray) -> pd.DataFrame:
    """One row a province and day from arrays provinces x days; `issued_at` has one time a day."""
    province, day = (array.ravel() for array in np.mgrid[0 : len(table.code), first:DAY_COUNT])
    frame = pd.DataFrame(
        {
            "unit": np.array(table.code, dtype=object)[province],
            "day": days(day),
            **{name: array[province, day] for name, array in values.items()},
            "issued_at": issued_at[day],
        }
    )
    return frame.sort_values("issued_at", kind="stable").reset_index(drop=True)


def _evenings(rng: np.random.Generator) -> TimeArray:
    return at(np.arange(DAY_COUNT), rng.uniform(*ISSUE_HOURS, DAY_COUNT))


def _around(
    rng: np.random.Generator, size: int, above: int, high: tuple[float, float], low: tuple[float, float]
) -> FloatArray:
    """`size` shares, exactly `above` of them within `high`, the others within `low`, in random order."""
    shares = np.concatenate((rng.uniform(*high, above), rng.uniform(*low, size - above)))
    return rng.permutation(shares)


def health_book(seed: int) -> pd.DataFrame:
    """Rows of `health_book` of the other provinces."""
    rng, table = stream(seed, "national health book"), provinces()
    above = published.HEALTH_BOOK_RANK - 1
    share = _around(rng, len(table.code), above, BOOKS_ABOVE, BOOKS_BELOW)
    as_of = np.round(share * table.residents_18_plus).astype(np.int64)
    installs = health_books.stock(rng, as_of, table.residents_18_plus)
    return _long(table, index(health_books.OPENED), {"installs": installs}, _evenings(rng))


def vaccination(seed: int) -> pd.DataFrame:
    """Rows of `vaccination` of the other provinces: all doses, ages and vaccines together."""
    rng, table = stream(seed, "national vaccination"), provinces()
    size, as_of = len(table.code), index(published.PLATFORMS_AS_OF)
    adults = table.residents_18_plus
    pace = level_between(FIRST_PACE) * np.where((WEEKDAYS == 6) | IS_HOLIDAY, 0.7, 1.0)
    weights = pace[None, :] * rng.lognormal(0.0, 0.2, (size, DAY_COUNT))
    by_august = np.round(adults * table.first_dose_percent / 100).astype(np.int64)
    by_year_end = np.round(adults * rng.uniform(*FIRST_BY_YEAR_END, size)).astype(np.int64)
    early, late = weights[:, : as_of + 1], weights[:, as_of + 1 :]
    first = np.concatenate(
        (
            rng.multinomial(by_august, early / early.sum(axis=1, keepdims=True)),
            rng.multinomial(by_year_end - by_august, late / late.sum(axis=1, keepdims=True)),
        ),
        axis=1,
    )
    second = _second_doses(rng, first, adults)
    booster_total = np.round(adults * rng.uniform(*BOOSTERS_BY_YEAR_END, size)).astype(np.int64)
    booster_pace = level_between(BOOSTER_PACE)
    booster = rng.multinomial(booster_total, booster_pace / booster_pace.sum())
    given = first + second + booster
    total = np.cumsum(given, axis=1)
    entered = _entered(rng, total, as_of)
    values = {
        "doses_given": given,
        "doses_entered": np.diff(entered, axis=1, prepend=0),
        "people_first": first,
        "people_full": second,
        "people_booster": booster,
    }
    return _long(table, 0, values, _evenings(rng))


def _second_doses(rng: np.random.Generator, first: IntArray, adults: IntArray) -> IntArray:
    """Second doses follow the first ones by seven weeks; most of them in autumn."""
    lagged = np.zeros_like(first)
    lagged[:, SECOND_LAG_DAYS:] = first[:, :-SECOND_LAG_DAYS]
    early = rng.binomial(lagged, rng.uniform(*SECOND_SHARE_OF_FIRST, (len(adults), 1)))
    missing = np.round(adults * rng.uniform(*SECOND_BY_YEAR_END, len(adults))).astype(np.int64) - early.sum(axis=1)
    autumn = level_between({date(2021, 9, 25): 0.0, date(2021, 11, 5): 1.0, date(2021, 12, 31): 0.3})
    return np.asarray(early + rng.multinomial(np.maximum(missing, 0), autumn / autumn.sum()), dtype=np.int64)


def _entered(rng: np.random.Generator, given: IntArray, as_of: int) -> IntArray:
    """Cumulative doses entered, provinces x days; the shares as of 29/8 put the province in its published rank."""
    above = published.DOSES_ENTERED_RANK - 1
    share = _around(rng, len(given), above, ENTERED_ABOVE, ENTERED_BELOW)
    final = np.maximum(rng.uniform(*LATE_ENTERED, len(given)), share)
    knots = np.array([0, as_of, DAY_COUNT - 1])
    curve = np.array(
        [
            np.interp(np.arange(DAY_COUNT), knots, [at_end * EARLY_ENTERED_FACTOR, at_end, last])
            for at_end, last in zip(share, final, strict=True)
        ]
    )
    return np.maximum.accumulate(np.round(curve * given).astype(np.int64), axis=1)


def _wave(peak: tuple[date, float, float], shift: FloatArray) -> FloatArray:
    """A two-sided bell that sums to 1 over the days of the year, one row for each shift of its peak."""
    day, rise, fall = peak
    distance = np.arange(DAY_COUNT)[None, :] - (index(day) + shift[:, None])
    bell = np.exp(-0.5 * (distance / np.where(distance < 0, rise, fall)) ** 2)
    return np.asarray(bell / bell.sum(axis=1, keepdims=True), dtype=np.float64)


def case_counts(seed: int) -> pd.DataFrame:
    """Rows of `case_counts` of the other provinces by how cases were found; a day without any is one row of zeros."""
    rng, table = stream(seed, "national cases"), provinces()
    size = len(table.code)
    people = table.residents[:, None] / 100_000
    expected = np.zeros((size, DAY_COUNT))
    waves = ((SPRING, table.spring_per_100k), (SUMMER, table.summer_per_100k), (WINTER, table.winter_per_100k))
    for peak, per_100k in waves:
        expected += people * per_100k[:, None] * _wave(peak, rng.normal(0.0, SHIFT_SD_DAYS, size))
    cases = rng.poisson(expected * rng.gamma(DISPERSION, 1 / DISPERSION, expected.shape))
    deaths, recovered = np.zeros_like(cases), np.zeros_like(cases)
    dying = rng.binomial(cases, level_between(CASE_FATALITY)[None, :])
    deaths[:, DEATH_LAG_DAYS:] = dying[:, :-DEATH_LAG_DAYS]
    well = rng.binomial(cases - dying, RECOVERED_SHARE)
    recovered[:, RECOVERY_LAG_DAYS:] = well[:, :-RECOVERY_LAG_DAYS]
    return _by_detection(rng, table, {"cases": cases, "deaths": deaths, "recovered": recovered})


def _by_detection(rng: np.random.Generator, table: Provinces, totals: dict[str, IntArray]) -> pd.DataFrame:
    """The totals, provinces x days, drawn apart by how cases were found, in the manner of the districts' forms."""
    spread = rng.uniform(*COMMUNITY_SPREAD, (len(table.code), 1))
    community = np.clip(level_between(COMMUNITY_SHARE)[None, :] * spread, *COMMUNITY_LIMITS)
    shares = np.stack((community, (1 - community) / 2, (1 - community) / 2), axis=2)
    parts = {name: rng.multinomial(array, shares) for name, array in totals.items()}
    something = np.stack(list(totals.values())).sum(axis=0) > 0
    evenings = _evenings(rng)
    province, day = np.nonzero(something)
    quiet_province, quiet_day = np.nonzero(~something)
    each = np.tile(np.arange(len(FOUND_IN)), len(day))
    row, when = np.repeat(province, len(FOUND_IN)), np.repeat(day, len(FOUND_IN))
    codes = np.array(table.code, dtype=object)
    counted = pd.DataFrame(
        {
            "unit": codes[row],
            "day": days(when),
            "detection": np.array(FOUND_IN, dtype=object)[each],
            **{name: array[row, when, each] for name, array in parts.items()},
            "issued_at": evenings[when],
        }
    )
    nothing = pd.DataFrame(
        {
            "unit": codes[quiet_province],
            "day": days(quiet_day),
            "detection": "unknown",
            **dict.fromkeys(totals, 0),
            "issued_at": evenings[quiet_day],
        }
    )
    both = pd.concat([counted, nothing], ignore_index=True)
    return both.sort_values("issued_at", kind="stable").reset_index(drop=True)
