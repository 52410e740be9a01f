"""Requests for help and offers of it: requests follow locked-down areas and long closing, offers follow the requests.

Every entry is told again when somebody takes it up and when it ends; some people tell days later, some never.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from data_sources.demo import people, places, published
from data_sources.demo.clock import DAY_COUNT, at, days, durations, index, level_between
from data_sources.demo.draws import BoolArray, FloatArray, IntArray, ObjectArray, TimeArray, stream
from data_sources.demo.reporting import issued
from data_sources.demo.spread import DETECTIONS, Epidemic
from data_sources.demo.telecom import strictness

# The application was opened in the province in August; half of those who would use it knew of it after ten days.
OPENED, KNOWN_AFTER_DAYS = date(2021, 8, 9), 10.0
CATEGORIES = ("food", "necessities", "medicine", "doctor", "school_supplies")
# Requests a day and 100,000 residents: under the strictest measures, at ten cases a week found in locked-down areas,
# and at a hundred cases a week, most of them ill at home since October.
STRICTEST_PER_100K = np.array([4.6, 1.7, 0.9, 0.8, 0.0])
LOCKED_DOWN_PER_100K = np.array([5.0, 2.0, 1.2, 1.0, 0.0])
LEAST_SHARE_WHEN_OPEN = 0.12
SICK_AT_HOME_PER_100K = np.array([0.1, 0.05, 0.35, 0.5, 0.0])
SCHOOL_PER_100K = {
    published.SCHOOL_SUPPLIES_SINCE: 2.8,
    date(2021, 10, 15): 1.7,
    date(2021, 12, 31): 0.3,
}
# Offers as a share of the requests of the last week: more food than doctors, and more of it in the towns.
OFFER_SHARE = np.array([0.85, 0.7, 0.45, 0.4, 0.55])
OFFERED_IN = np.array([1.3, 1.2, 0.8, 0.75, 0.9, 0.85, 1.1, 0.5])
GENEROUS_SD = 0.2
DISPERSION = 10.0
OPENED_HOURS = (6.5, 21.5)

MATCHED_MEDIAN_HOURS, MATCHED_SD = np.array([5.0, 7.0, 10.0, 9.0, 26.0]), 1.0
MET_MEDIAN_HOURS, MET_SD = np.array([7.0, 9.0, 8.0, 3.0, 40.0]), 0.8
# How the wait grows where offers are few.
WAIT_BY_SCARCITY = 1.2
CANCELLED_SHARE, FORGOTTEN_SHARE, OFFER_FORGOTTEN_SHARE = 0.11, 0.035, 0.14
CANCELLED_MEDIAN_HOURS = 30.0
# The application closes an entry that nobody has touched for so many days.
CLOSED_AFTER_DAYS = (20.0, 22.0)
TOLD_AFTER_HOURS = (0.02, 0.3)
LATE_SHARE, LATE_HOURS = 0.09, (18.0, 90.0)

PLACE_RADIUS_DEGREES = 0.018
NO_PLACE_SHARE, NO_NAME_SHARE = 0.05, 0.06
SAME_ACCOUNT_SHARE = 0.18


def expected_requests(epidemic: Epidemic) -> FloatArray:
    """Requests to be expected, units x days x categories."""
    known = np.arange(DAY_COUNT) - index(OPENED)
    known_share = np.where(known >= 0, 1 - 0.5 ** ((known + 1) / KNOWN_AFTER_DAYS), 0.0)
    found = np.zeros((places.UNIT_COUNT, DAY_COUNT))
    inside = epidemic.detection == DETECTIONS.index("locked_down_area")
    np.add.at(found, (epidemic.unit[inside], epidemic.day[inside]), 1.0)
    week = np.cumsum(found, axis=1)
    week[:, 7:] -= week[:, :-7].copy()
    every = np.cumsum(epidemic.by_unit_and_day(), axis=1).astype(float)
    every[:, 7:] -= every[:, :-7].copy()
    per_100k = 1e5 / places.RESIDENTS[:, None]
    locked = np.minimum(week * per_100k / 10, 4.0)
    at_home = np.minimum(every * per_100k / 100, 4.0) * level_between({date(2021, 10, 1): 0.0, date(2021, 11, 1): 1.0})
    closed = strictness() ** 2
    # Under looser measures a locked-down house is one lane, and neighbours bring what it needs.
    helped_less = LEAST_SHARE_WHEN_OPEN + (1 - LEAST_SHARE_WHEN_OPEN) * closed
    wanted = (
        closed[:, :, None] * STRICTEST_PER_100K
        + (locked * helped_less)[:, :, None] * LOCKED_DOWN_PER_100K
        + at_home[:, :, None] * SICK_AT_HOME_PER_100K
    )
    school = level_between(SCHOOL_PER_100K)
    school[: index(published.SCHOOL_SUPPLIES_SINCE)] = 0.0
    wanted[:, :, CATEGORIES.index("school_supplies")] = school
    people_100k = places.RESIDENTS[:, None, None] / 1e5
    return np.asarray(wanted * known_share[None, :, None] * people_100k, dtype=np.float64)


def expected_offers(requests: FloatArray) -> FloatArray:
    """Offers to be expected, units x days x categories, from the requests of the week before."""
    week = np.cumsum(requests, axis=1)
    week[:, 7:] -= week[:, :-7].copy()
    return np.asarray(week / 7 * OFFER_SHARE * OFFERED_IN[:, None, None], dtype=np.float64)


def rows(epidemic: Epidemic) -> pd.DataFrame:
    """Rows of `aid`, every entry at each of its steps."""
    rng = stream(epidemic.seed, "aid")
    wanted = expected_requests(epidemic)
    offered = expected_offers(wanted) * rng.lognormal(0.0, GENEROUS_SD, wanted.shape[:1])[:, None, None]
    cells = [rng.poisson(mean * rng.gamma(DISPERSION, 1 / DISPERSION, mean.shape)) for mean in (wanted, offered)]
    entries = [np.repeat(np.indices(count.shape).reshape(3, -1), count.ravel(), axis=1) for count in cells]
    unit, day, category = np.concatenate(entries, axis=1)
    is_offer: BoolArray = np.repeat([False, True], [int(count.sum()) for count in cells])
    opened = at(day, rng.uniform(*OPENED_HOURS, len(day)))
    order = np.argsort(opened, kind="stable")
    unit, day, category = unit[order], day[order], category[order]
    is_offer, opened = is_offer[order], opened[order]
    scarcity = 1 / OFFERED_IN[unit] ** WAIT_BY_SCARCITY
    matched, met, cancelled = _course(rng, category, is_offer, opened, scarcity)
    fixed = _fixed(rng, unit, day, category, is_offer)
    none = np.full(len(day), np.datetime64("NaT", "s"))
    steps = (
        (opened, np.ones(len(day), dtype=bool), none, none, none),
        (matched, ~np.isnat(matched), matched, none, none),
        (np.where(np.isnat(met), cancelled, met), ~(np.isnat(met) & np.isnat(cancelled)), matched, met, cancelled),
    )
    parts = []
    for place, (when, which, matched_at, met_at, cancelled_at) in enumerate(steps):
        late = rng.random(len(day)) < (LATE_SHARE if place else 0.0)
        waited = np.where(late, rng.uniform(*LATE_HOURS, len(day)), rng.uniform(*TOLD_AFTER_HOURS, len(day)))
        times = {"opened_at": opened, "matched_at": matched_at, "met_at": met_at, "cancelled_at": cancelled_at}
        told = np.where(which, when, opened) + durations(waited)
        parts.append(fixed.assign(**times, issued_at=told, _place=place)[which])
    table = pd.concat(parts, ignore_index=True).sort_values(["aid_id", "_place"], kind="stable")
    table["issued_at"] = table.groupby("aid_id")["issued_at"].cummax()
    table = table.drop_duplicates(["aid_id", "issued_at"], keep="last")
    return issued(table.drop(columns="_place"))


def _course(
    rng: np.random.Generator, category: IntArray, is_offer: BoolArray, opened: TimeArray, scarcity: FloatArray
) -> tuple[TimeArray, TimeArray, TimeArray]:
    """When each entry was taken up, met or cancelled; NaT where it was not."""
    size = len(opened)
    to_match = rng.lognormal(np.log(MATCHED_MEDIAN_HOURS[category]), MATCHED_SD) * np.where(is_offer, 1.4, scarcity)
    to_end = rng.lognormal(np.log(MET_MEDIAN_HOURS[category]), MET_SD)
    matched = opened + durations(to_match)
    met = matched + durations(to_end)
    given_up = opened + durations(rng.lognormal(np.log(CANCELLED_MEDIAN_HOURS), 0.9, size))
    forgotten = rng.random(size) < np.where(is_offer, OFFER_FORGOTTEN_SHARE, FORGOTTEN_SHARE)
    cancels = (rng.random(size) < CANCELLED_SHARE) & ~forgotten
    never = np.datetime64("NaT", "s")
    closed = opened + durations(24 * rng.uniform(*CLOSED_AFTER_DAYS, size))
    cancelled = np.where(cancels, given_up, np.where(forgotten, closed, never))
    matched = np.where(forgotten | (cancels & (given_up <= matched)), never, matched)
    met = np.where(forgotten | cancels, never, met)
    return matched, met, cancelled


def _fixed(
    rng: np.random.Generator, unit: IntArray, day: IntArray, category: IntArray, is_offer: BoolArray
) -> pd.DataFrame:
    """What an entry says from the first: who, where, and what of."""
    table = places.communes()
    size = len(unit)
    commune = places.random_communes(rng, unit, table)
    angle, radius = rng.uniform(0, 2 * np.pi, size), PLACE_RADIUS_DEGREES * np.sqrt(rng.random(size))
    longitude = np.round(table.longitude[commune] + radius * np.cos(angle), 6)
    latitude = np.round(table.latitude[commune] + radius * np.sin(angle), 6)
    nowhere, nameless = rng.random(size) < NO_PLACE_SHARE, rng.random(size) < NO_NAME_SHARE
    again = rng.random(size) < SAME_ACCOUNT_SHARE
    account = np.where(again, rng.integers(0, np.arange(size) + 1), np.arange(size))
    someone = people.draw(rng, unit)
    known = people.identities(rng, someone, commune, day, table)
    names: ObjectArray = known.name[account]
    names[nameless] = None
    return pd.DataFrame(
        {
            "aid_id": [f"ZC-{number:07d}" for number in range(1, size + 1)],
            "account": [f"zl{number * 7 + 100_003:08d}" for number in account],
            "unit": np.array(places.CODES, dtype=object)[unit],
            "day": days(day),
            "kind": np.where(is_offer, "offer", "request"),
            "category": np.array(CATEGORIES, dtype=object)[category],
            "longitude": np.where(nowhere, np.nan, longitude),
            "latitude": np.where(nowhere, np.nan, latitude),
            "name": names,
            "phone": known.phone[account],
        }
    )
