"""Vaccination: doses given by unit, day, dose, age group and vaccine, and doses entered on the national platform later.

The oldest doses are entered first; the backlog of 29/8/2021 is the published one in the province and in the three
districts that were named, and was worked off by volunteers.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from data_sources.demo import places, published
from data_sources.demo.clock import DAY_COUNT, FIRST_DAY, IS_HOLIDAY, WEEKDAYS, days, index, level_between
from data_sources.demo.draws import IntArray, in_proportion, stream
from data_sources.demo.reporting import correction_times, in_by_deadlines, is_deadline, issue_times, issued

DOSES = ("1", "2", "3")
AGE_GROUPS = ("12-17", "18-49", "50-64", "65+")
VACCINES = ("AstraZeneca", "Vero Cell", "Pfizer", "Moderna")

# Doses given and entered as of 29/8/2021 by district, in the order of places.DISTRICTS. Published are the two sums,
# the shares of Đất Đỏ (99.02%), Vũng Tàu and Phú Mỹ (88%); the rest is the demonstration's own.
GIVEN = np.array([61_500, 27_400, 33_900, 31_300, 32_600, 14_200, 31_000, 2_737])
ENTERED = np.array([54_120, 26_825, 33_053, 30_330, 31_698, 14_061, 27_280, 2_699])
SECOND_DOSES = 16_400
SNAPSHOT_SECOND_DOSES = published.SNAPSHOT_DOSES - published.SNAPSHOT_FIRST_DOSES

# Share of residents 18+ (12-17: of that age) reached by the end of the year, and how each campaign proceeded.
ADULTS_BY_YEAR_END = {"1": 0.975, "2": 0.925, "3": 0.11}
TEENS_BY_YEAR_END = {"1": 0.94, "2": 0.72}
TEENS_PER_RESIDENT = 0.091
UNIT_SPREAD = np.array([1.0, 1.01, 0.99, 0.985, 0.99, 1.005, 1.01, 1.02])
PACE = {
    "1": {
        date(2021, 8, 30): 1.0,
        date(2021, 9, 20): 2.2,
        date(2021, 10, 12): 2.0,
        date(2021, 10, 28): 0.5,
        date(2021, 12, 31): 0.05,
    },
    "2": {
        date(2021, 8, 30): 0.15,
        date(2021, 9, 25): 0.5,
        date(2021, 10, 25): 2.2,
        date(2021, 11, 20): 1.9,
        date(2021, 12, 31): 0.25,
    },
    "3": {date(2021, 12, 4): 0.0, date(2021, 12, 20): 1.0, date(2021, 12, 31): 2.2},
}
TEEN_PACE = {
    "1": {date(2021, 11, 1): 0.0, date(2021, 11, 5): 2.0, date(2021, 11, 25): 1.0, date(2021, 12, 31): 0.1},
    "2": {date(2021, 11, 29): 0.0, date(2021, 12, 8): 1.0, date(2021, 12, 31): 1.4},
}
SPRING_PACE = {date(2021, 4, 1): 0.05, date(2021, 6, 20): 0.4, date(2021, 8, 5): 1.6}
AUGUST_PACE = {date(2021, 8, 6): 0.7, date(2021, 8, 15): 1.2, date(2021, 8, 29): 1.1}
WEEKDAY_PACE = np.array([0.9, 1.05, 1.1, 1.1, 1.05, 0.95, 0.6])
HOLIDAY_PACE, PACE_SD = 0.35, 0.3
# Share of days on which a district holds no session, before the campaign of August and after.
NO_SESSION_SHARE_BEFORE, NO_SESSION_SHARE_AFTER = 0.55, 0.06

ADULT_AGES = {
    date(2021, 4, 1): (0.85, 0.14, 0.01),
    date(2021, 8, 5): (0.70, 0.20, 0.10),
    date(2021, 10, 1): (0.64, 0.23, 0.13),
}
VACCINE_SHARES = {
    date(2021, 4, 1): (1.0, 0.0, 0.0, 0.0),
    date(2021, 7, 5): (0.75, 0.0, 0.10, 0.15),
    date(2021, 8, 10): (0.42, 0.30, 0.08, 0.20),
    date(2021, 9, 15): (0.27, 0.52, 0.16, 0.05),
    date(2021, 11, 15): (0.38, 0.30, 0.30, 0.02),
}
# Share of doses entered: before the campaign, before 29/8, after the volunteers' days, later.
ENTERED_EARLY, ENTERED_BEFORE = 0.90, 0.955
GAP_CLOSED_BY_VOLUNTEERS, GAP_CLOSED_BY_OCTOBER, GAP_CLOSED_BY_YEAR_END = 0.45, 0.72, 0.93
CORRECTED_SHARE = 0.015
# Registration for a vaccination on the national platform: share of residents 18+ by day.
REGISTRATION_OPENED = date(2021, 7, 10)
REGISTERED_SHARE = {
    REGISTRATION_OPENED: 0.01,
    date(2021, 8, 29): 0.24,
    date(2021, 10, 15): 0.52,
    date(2021, 12, 31): 0.63,
}
FORM_HOURS = (18.0, 21.4)


def _over_days(
    rng: np.random.Generator, totals: IntArray, pace: dict[date, float], first: date, last: date
) -> IntArray:
    """Each unit's total spread over the days from `first` to `last`; units x days."""
    size = (len(totals), DAY_COUNT)
    weight = level_between(pace) * WEEKDAY_PACE[WEEKDAYS] * np.where(IS_HOLIDAY, HOLIDAY_PACE, 1.0)
    weights = weight[None, :] * rng.lognormal(0.0, PACE_SD, size)
    campaign = np.arange(DAY_COUNT) > index(published.SNAPSHOT_DAY)
    closed = rng.random(size) < np.where(campaign, NO_SESSION_SHARE_AFTER, NO_SESSION_SHARE_BEFORE)
    weights[closed] = 0.0
    weights[:, : index(first)], weights[:, index(last) + 1 :] = 0.0, 0.0
    return rng.multinomial(totals, weights / weights.sum(axis=1, keepdims=True))


def adult_doses(rng: np.random.Generator) -> IntArray:
    """Doses to residents 18+, units x days x doses; the published sums hold on 5/8 and 29/8."""
    snapshot, as_of = published.SNAPSHOT_DAY, published.PLATFORMS_AS_OF
    given_before = in_proportion(published.SNAPSHOT_DOSES, GIVEN)
    second_before = in_proportion(SNAPSHOT_SECOND_DOSES, GIVEN)
    second = in_proportion(SECOND_DOSES, GIVEN)
    doses = np.zeros((places.UNIT_COUNT, DAY_COUNT, len(DOSES)), dtype=np.int64)
    late_second = (date(2021, 6, 25), date(2021, 8, 6))
    doses[:, :, 0] += _over_days(rng, given_before - second_before, SPRING_PACE, FIRST_DAY, snapshot)
    doses[:, :, 1] += _over_days(rng, second_before, SPRING_PACE, late_second[0], snapshot)
    first_in_august = GIVEN - second - (given_before - second_before)
    doses[:, :, 0] += _over_days(rng, first_in_august, AUGUST_PACE, late_second[1], as_of)
    doses[:, :, 1] += _over_days(rng, second - second_before, AUGUST_PACE, late_second[1], as_of)
    for number, dose in enumerate(DOSES):
        reached = ADULTS_BY_YEAR_END[dose] * np.minimum(UNIT_SPREAD, 1 / ADULTS_BY_YEAR_END[dose])
        left = np.round(places.RESIDENTS_18_PLUS * reached).astype(np.int64) - doses[:, :, number].sum(axis=1)
        doses[:, :, number] += _over_days(rng, left, PACE[dose], as_of + timedelta(days=1), date(2021, 12, 31))
    return doses


def cells(seed: int) -> IntArray:
    """Doses given, units x days x doses x age groups x vaccines."""
    rng = stream(seed, "doses")
    adults = adult_doses(rng)
    given = np.zeros((places.UNIT_COUNT, DAY_COUNT, len(DOSES), len(AGE_GROUPS), len(VACCINES)), dtype=np.int64)
    ages = np.array([level_between({when: row[n] for when, row in ADULT_AGES.items()}) for n in range(3)]).T
    kinds = np.array(
        [level_between({when: row[n] for when, row in VACCINE_SHARES.items()}) for n in range(len(VACCINES))]
    ).T
    joint = (ages[:, :, None] * kinds[:, None, :]).reshape(DAY_COUNT, -1)
    joint = joint / joint.sum(axis=1, keepdims=True)
    for number in range(len(DOSES)):
        drawn = rng.multinomial(adults[:, :, number], joint[None, :, :])
        given[:, :, number, 1:, :] = drawn.reshape(places.UNIT_COUNT, DAY_COUNT, 3, len(VACCINES))
    teens = places.RESIDENTS * TEENS_PER_RESIDENT
    for dose, share in TEENS_BY_YEAR_END.items():
        totals = np.round(teens * share).astype(np.int64)
        start = min(TEEN_PACE[dose])
        spread = _over_days(rng, totals, TEEN_PACE[dose], start, date(2021, 12, 31))
        given[:, :, DOSES.index(dose), 0, VACCINES.index("Pfizer")] += spread
    return given


def cumulative_entered(given: IntArray) -> IntArray:
    """Doses entered by the end of each day, units x days, from doses given by then; exact on 29/8/2021."""
    as_of = published.PLATFORMS_AS_OF
    share = np.zeros(given.shape)
    for unit, final in enumerate(ENTERED / GIVEN):
        gap = 1 - final
        share[unit] = level_between(
            {
                FIRST_DAY: final * ENTERED_EARLY,
                published.SNAPSHOT_DAY: final * ENTERED_BEFORE,
                as_of: final,
                published.VOLUNTEERS_AS_OF: 1 - gap * (1 - GAP_CLOSED_BY_VOLUNTEERS),
                date(2021, 9, 20): 1 - gap * (1 - GAP_CLOSED_BY_OCTOBER),
                date(2021, 12, 31): 1 - gap * (1 - GAP_CLOSED_BY_YEAR_END),
            }
        )
    entered = np.floor(share * given).astype(np.int64)
    exact = index(as_of)
    entered[:, exact] = ENTERED
    entered[:, :exact] = np.minimum(entered[:, :exact], ENTERED[:, None])
    entered[:, exact:] = np.maximum(entered[:, exact:], ENTERED[:, None])
    return np.minimum(np.maximum.accumulate(entered, axis=1), given)


def entered_cells(given: IntArray) -> IntArray:
    """Doses entered on each day in the shape of `given`: each unit enters its doses in the order they were given."""
    shape = given.shape[2:]
    entered = np.zeros_like(given)
    by_day = given.sum(axis=(2, 3, 4))
    until = cumulative_entered(np.cumsum(by_day, axis=1))
    for unit in range(given.shape[0]):
        stock = np.cumsum(given[unit].reshape(-1))
        cuts = np.unique(np.concatenate((stock[stock <= until[unit, -1]], until[unit])))
        cuts = cuts[cuts > 0]
        size = np.diff(np.concatenate(([0], cuts)))
        cell = np.searchsorted(stock, cuts, side="left") % int(np.prod(shape))
        day = np.searchsorted(until[unit], cuts, side="left")
        flat = entered[unit].reshape(DAY_COUNT, -1)
        np.add.at(flat, (day, cell), size)
    return entered


def forms(seed: int) -> pd.DataFrame:
    """Rows of `vaccination`, all versions: doses by cell, a row of zeros where nothing happened, stocks on Mondays."""
    rng = stream(seed, "vaccination forms")
    given = cells(seed)
    entered = entered_cells(given)
    unit, day, dose, age, kind = np.nonzero((given > 0) | (entered > 0))
    amount = given[unit, day, dose, age, kind]
    quiet_unit, quiet_day = np.nonzero((given + entered).sum(axis=(2, 3, 4)) == 0)
    rows = pd.DataFrame(
        {
            "unit_number": unit,
            "day_number": day,
            "dose_number": np.array(DOSES, dtype=object)[dose],
            "age_group": np.array(AGE_GROUPS, dtype=object)[age],
            "vaccine": np.array(VACCINES, dtype=object)[kind],
            "doses_given": amount,
            "doses_entered": entered[unit, day, dose, age, kind],
            "people_first": amount * (dose == 0),
            "people_full": amount * (dose == 1),
            "people_booster": amount * (dose == 2),
        }
    )
    nothing = ("doses_given", "doses_entered", "people_first", "people_full", "people_booster")
    quiet = pd.DataFrame({"unit_number": quiet_unit, "day_number": quiet_day, **dict.fromkeys(nothing, 0)})
    quiet = quiet.merge(_registered(seed), how="outer", on=["unit_number", "day_number"])
    quiet[["dose_number", "age_group", "vaccine"]] = "all"
    frame = pd.concat([rows, quiet, _stocks(rng, given)], ignore_index=True)
    counts = (*nothing, "registered_cumulative", "stock_received", "stock_left")
    return _versions(rng, frame.astype(dict.fromkeys(counts, "Int64")))


def _registered(seed: int) -> pd.DataFrame:
    """People registered for a vaccination by the end of each day since registration opened: a stock that only grows."""
    rng = stream(seed, "registrations")
    opened = index(REGISTRATION_OPENED)
    wanted = level_between(REGISTERED_SHARE)[opened:] * places.RESIDENTS_18_PLUS[:, None]
    registered = np.maximum.accumulate(np.round(wanted * rng.normal(1.0, 0.004, wanted.shape)).astype(np.int64), axis=1)
    unit, day = (array.ravel() for array in np.mgrid[0 : places.UNIT_COUNT, 0 : registered.shape[1]])
    return pd.DataFrame(
        {"unit_number": unit, "day_number": day + opened, "registered_cumulative": registered[unit, day]}
    )


def _stocks(rng: np.random.Generator, given: IntArray) -> pd.DataFrame:
    """Doses left by vaccine at the end of each day, and received on Mondays: what the week needs and a little more."""
    by_kind = given.sum(axis=(2, 3))
    mondays = np.flatnonzero(WEEKDAYS == 0)
    week = np.array([by_kind[:, day : day + 7].sum(axis=1) for day in mondays]).transpose(1, 0, 2)
    received = np.ceil(week * rng.uniform(1.0, 1.12, week.shape) / 10).astype(np.int64) * 10
    arrived = np.zeros_like(by_kind)
    arrived[:, mondays] = received
    used = by_kind.copy()
    used[:, : mondays[0]] = 0  # what the days before the first delivery used had come before
    ever = np.cumsum(arrived, axis=1)
    unit, day, kind = np.nonzero(ever > 0)
    stocks = pd.DataFrame(
        {
            "unit_number": unit,
            "day_number": day,
            "dose_number": "all",
            "age_group": "all",
            "vaccine": np.array(VACCINES, dtype=object)[kind],
            "stock_received": pd.array(arrived[unit, day, kind], dtype="Int64"),
            "stock_left": (ever - np.cumsum(used, axis=1))[unit, day, kind],
        }
    )
    stocks.loc[stocks["stock_received"] == 0, "stock_received"] = pd.NA
    return stocks


def _versions(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """All rows of a unit's day come together; a few first have too few doses and are corrected."""
    form, back = np.unique(
        frame["unit_number"].to_numpy() * DAY_COUNT + frame["day_number"].to_numpy(), return_inverse=True
    )
    unit, day = form // DAY_COUNT, form % DAY_COUNT
    sent_at = in_by_deadlines(issue_times(rng, unit, day, FORM_HOURS), day)
    corrected_at = in_by_deadlines(correction_times(rng, day), day)
    frame = frame.assign(unit=np.array(places.CODES, dtype=object)[unit[back]], day=days(day[back]))
    wrong = (rng.random(len(frame)) < CORRECTED_SHARE) & (frame["doses_given"].fillna(0) > 9).to_numpy(dtype=bool)
    wrong &= ~is_deadline(day)[back] & (corrected_at > sent_at + np.timedelta64(2, "h"))[back]
    first = frame.assign(issued_at=sent_at[back])
    for name in ("doses_given", "people_first", "people_full", "people_booster"):
        first[name] = first[name].where(~wrong, first[name] * 9 // 10)
    second = frame[wrong].assign(issued_at=corrected_at[back][wrong])
    both = pd.concat([first, second], ignore_index=True).drop(columns=["unit_number", "day_number"])
    columns = ["unit", "day", *(name for name in both.columns if name not in ("unit", "day", "issued_at")), "issued_at"]
    return issued(both[columns])
