"""Quarantine sites: stays of close contacts and of travellers, and the daily form of each site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from data_sources.demo import places, published
from data_sources.demo.clock import DAY_COUNT, at, days, index, level_between, number_of_day
from data_sources.demo.contacts import Contacts, Turned, isolation_times
from data_sources.demo.course import Course
from data_sources.demo.draws import BoolArray, FloatArray, IntArray, ObjectArray, stream
from data_sources.demo.reporting import issued
from data_sources.demo.spread import QUARANTINE, Epidemic

SITES_PER_UNIT = (6, 3, 3, 3, 5, 2, 4, 1)
STAY_DAYS = 14
SITE_ASIDE_DEGREES = 0.008
# Share of close contacts who are taken to a site; the others stay at home, which was allowed from October.
SITE_SHARE = {date(2021, 9, 30): 1.0, date(2021, 10, 1): 0.45, date(2021, 12, 1): 0.12}
# Travellers from affected areas who enter the sites, a day.
TRAVELLERS_A_DAY = {
    date(2021, 4, 1): 9.0,
    date(2021, 6, 1): 20.0,
    date(2021, 7, 10): 55.0,
    date(2021, 8, 1): 45.0,
    date(2021, 9, 20): 25.0,
    date(2021, 10, 5): 60.0,
    date(2021, 11, 1): 8.0,
    date(2021, 12, 31): 4.0,
}
BUSIEST_OCCUPANCY = (0.78, 1.02)
HOME = "Tại nhà"
# Share of forms in which people found positive and taken to treatment that day still count as present; the next day's
# form has them no more.
STILL_COUNTED_SHARE = 0.03
# The form is filled in after the evening count; every site reports every day.
FORM_HOURS = (18.0, 20.5)


@dataclass(frozen=True)
class Stays:
    """Stays as parallel arrays: unit, first and last day number, whether it ended with a positive result, at home."""

    unit: IntArray
    first: IntArray
    left: IntArray
    found: BoolArray
    home: BoolArray


def _join(parts: list[Stays]) -> Stays:
    return Stays(*(np.concatenate([getattr(part, name) for part in parts]) for name in Stays.__annotations__))


def stays(epidemic: Epidemic, course: Course, contacts: Contacts, turned: Turned) -> Stays:
    """Every stay; on the bulletin's day exactly the published number of people are in the sites."""
    rng = stream(epidemic.seed, "stays")
    found = np.flatnonzero(epidemic.detection == QUARANTINE)
    isolated = isolation_times(course, turned)
    inside = _stay(rng, epidemic.unit[found], number_of_day(isolated[found]), epidemic.day[found], found=True)
    f1 = np.flatnonzero(contacts.is_f1)
    first = number_of_day(contacts.isolated_at[f1])
    negative = _stay(rng, contacts.unit[f1], first, first + STAY_DAYS, found=False)
    known = _join([inside, negative])
    bulletin = index(published.BULLETIN_DAY)
    present = int(((known.first <= bulletin) & (known.left > bulletin) & ~known.home).sum())
    return _join([known, _travellers(rng, published.BULLETIN_IN_QUARANTINE_SITES - present)])


def _stay(rng: np.random.Generator, unit: IntArray, first: IntArray, left: IntArray, *, found: bool) -> Stays:
    share = level_between(SITE_SHARE)[np.clip(first, 0, DAY_COUNT - 1)]
    home = rng.random(len(first)) >= share
    return Stays(unit, first, left, np.full(len(first), found), home)


def _travellers(rng: np.random.Generator, on_bulletin_day: int) -> Stays:
    """Stays of travellers, of which exactly `on_bulletin_day` include the bulletin's day."""
    rate = level_between(TRAVELLERS_A_DAY)
    numbers = np.arange(-STAY_DAYS, DAY_COUNT)
    first = np.repeat(numbers, rng.poisson(rate[np.maximum(numbers, 0)]))
    bulletin = index(published.BULLETIN_DAY)
    spans = (first <= bulletin) & (first + STAY_DAYS > bulletin)
    if on_bulletin_day < 0:
        raise ValueError(f"close contacts alone exceed the published number in quarantine by {-on_bulletin_day}")
    # Travellers are drawn anew around that day, as evenly as before.
    around = rng.integers(bulletin - STAY_DAYS + 1, bulletin + 1, on_bulletin_day)
    first = np.concatenate((first[~spans], around))
    share = places.RESIDENTS / places.RESIDENTS.sum()
    unit = rng.choice(places.UNIT_COUNT, size=len(first), p=share)
    none = np.zeros(len(first), dtype=bool)
    return Stays(unit, first, first + STAY_DAYS, none, none)


def _sites() -> tuple[IntArray, ObjectArray]:
    unit = np.repeat(np.arange(places.UNIT_COUNT), SITES_PER_UNIT)
    names = [
        f"Khu cách ly số {number + 1} {district.name}"
        for district, count in zip(places.DISTRICTS, SITES_PER_UNIT, strict=True)
        for number in range(count)
    ]
    return unit, np.array(names, dtype=object)


def _coordinates(seed: int, site_unit: IntArray) -> tuple[FloatArray, FloatArray]:
    """Where each site stands: an invented place in one of the district's communes, to about ten metres."""
    rng, table = stream(seed, "quarantine places"), places.communes()
    commune = places.random_communes(rng, site_unit, table)
    aside = rng.uniform(-1, 1, (2, len(site_unit))) * SITE_ASIDE_DEGREES
    return np.round(table.longitude[commune] + aside[0], 4), np.round(table.latitude[commune] + aside[1], 4)


def forms(seed: int, all_stays: Stays) -> pd.DataFrame:
    """Rows of `quarantine_sites`: every site every day, and from October people quarantined at home by district."""
    rng = stream(seed, "quarantine forms")
    site_unit, names = _sites()
    longitude, latitude = _coordinates(seed, site_unit)
    place = rng.choice(len(site_unit), size=len(all_stays.unit))  # replaced below, unit by unit
    for unit in range(places.UNIT_COUNT):
        mine = np.flatnonzero(all_stays.unit == unit)
        own = np.flatnonzero(site_unit == unit)
        size = rng.dirichlet(np.full(len(own), 8.0))
        place[mine] = rng.choice(own, size=len(mine), p=size)
    place = np.where(all_stays.home, len(site_unit) + all_stays.unit, place)
    count = len(site_unit) + places.UNIT_COUNT
    arrived, left, found = (np.zeros((count, DAY_COUNT + 1), dtype=np.int64) for _ in range(3))
    opening = np.bincount(place[(all_stays.first < 0) & (all_stays.left >= 0)], minlength=count)
    inside = (all_stays.first >= 0) & (all_stays.first < DAY_COUNT)
    np.add.at(arrived, (place[inside], all_stays.first[inside]), 1)
    ended = (all_stays.left >= 0) & (all_stays.left < DAY_COUNT)
    np.add.at(left, (place[ended], all_stays.left[ended]), 1)
    np.add.at(found, (place[ended & all_stays.found], all_stays.left[ended & all_stays.found]), 1)
    present = opening[:, None] + np.cumsum(arrived - left, axis=1)
    busiest = present.max(axis=1)
    capacity = np.ceil(np.maximum(busiest / rng.uniform(*BUSIEST_OCCUPANCY, count), 40) / 10) * 10
    row, day = (array.ravel() for array in np.mgrid[0:count, 0:DAY_COUNT])
    is_home = row >= len(site_unit)
    counted = present.copy()
    slips = stream(seed, "quarantine slips").random(counted.shape) < STILL_COUNTED_SHARE
    slips[:, index(published.BULLETIN_DAY)] = False
    counted[slips] += found[slips]
    kept = ~is_home | (day >= index(date(2021, 10, 1)))
    row, day, is_home = row[kept], day[kept], is_home[kept]
    unit = np.where(is_home, row - len(site_unit), site_unit[np.minimum(row, len(site_unit) - 1)])
    site = np.where(is_home, HOME, names[np.minimum(row, len(site_unit) - 1)])
    frame = pd.DataFrame(
        {
            "unit": np.array(places.CODES, dtype=object)[unit],
            "day": days(day),
            "site": site,
            "site_kind": np.where(is_home, "home", "site"),
            "longitude": np.where(is_home, np.nan, longitude[np.minimum(row, len(site_unit) - 1)]),
            "latitude": np.where(is_home, np.nan, latitude[np.minimum(row, len(site_unit) - 1)]),
            "capacity": pd.array(np.where(is_home, 0, capacity[row]).astype(np.int64), dtype="Int64"),
            "present": counted[row, day],
            "arrived": arrived[row, day],
            "left": left[row, day],
            "f0_found": found[row, day],
            "transferred": found[row, day],
            "issued_at": at(day, rng.uniform(*FORM_HOURS, len(day))),
        }
    )
    frame.loc[is_home, "capacity"] = pd.NA
    return issued(frame)
