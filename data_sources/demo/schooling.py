"""Pupils who learn online and lack a device: the districts' daily forms, and the other provinces on one day.

The school year began online in September; pledges came with the national programme, deliveries weeks after them.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from data_sources.demo import places, published
from data_sources.demo.clock import DAY_COUNT, IS_HOLIDAY, WEEKDAYS, at, days, index, level_between
from data_sources.demo.draws import BoolArray, IntArray, in_proportion, stream
from data_sources.demo.reporting import DEADLINE_HOUR, issue_times, issued
from data_sources.demo.residents import provinces

SCHOOL_BEGAN = date(2021, 9, 6)
# Pupils of primary and secondary schools over residents, and those of them who lacked a device at first, by district in
# the order of places.DISTRICTS: more in the country and among fishers.
PUPIL_SHARE = np.array([0.176, 0.174, 0.188, 0.186, 0.183, 0.185, 0.171, 0.16])
LACKING_SHARE = np.array([0.085, 0.10, 0.21, 0.235, 0.18, 0.19, 0.145, 0.16])
# From November classes return by turns; on the island they returned first.
ONLINE_SHARE = {SCHOOL_BEGAN: 1.0, date(2021, 11, 7): 1.0, date(2021, 11, 20): 0.86, date(2021, 12, 31): 0.71}
# Devices promised a day, as a share of the devices lacking at first.
PLEDGED_SHARE = {
    SCHOOL_BEGAN: 0.003,
    date(2021, 9, 11): 0.004,
    date(2021, 9, 12): 0.045,
    date(2021, 9, 25): 0.016,
    date(2021, 10, 25): 0.006,
    date(2021, 12, 31): 0.002,
}
DELIVERED_AFTER_DAYS = (9, 34)
FOUND_LACKING_A_DAY = 0.0012
FORM_HOURS = (16.0, 20.5)
# Teaching online among the other 62: those with the most cases of the summer.
NATIONAL_HOUR = 21.0
NATIONAL_SPREAD = 0.12
ONLINE_BY_RESIDENTS = 0.155


def forms(seed: int) -> pd.DataFrame:
    """Rows of `devices` of the eight districts, one a day of the school year."""
    rng = stream(seed, "devices")
    first = index(SCHOOL_BEGAN)
    numbers = np.arange(first, DAY_COUNT)
    pupils = np.round(places.RESIDENTS * PUPIL_SHARE).astype(np.int64)
    lacking = np.round(pupils * LACKING_SHARE).astype(np.int64)
    working = ((WEEKDAYS < 6) & ~IS_HOLIDAY)[numbers]
    pace = level_between(PLEDGED_SHARE)[numbers] * np.where(working, 1.0, 0.3)
    pledged = rng.poisson(lacking[:, None] * pace[None, :])
    promised = np.zeros_like(pledged)
    for unit, place in np.argwhere(pledged > 0):
        on = place + rng.integers(*DELIVERED_AFTER_DAYS, pledged[unit, place])
        np.add.at(promised[unit], on[on < len(numbers)], 1)
    online = np.floor(pupils[:, None] * level_between(ONLINE_SHARE)[None, numbers]).astype(np.int64)
    newly = rng.poisson(lacking[:, None] * FOUND_LACKING_A_DAY, pledged.shape)
    delivered, without = _handed_out(promised, newly, lacking, online, working)
    unit, place = (array.ravel() for array in np.mgrid[0 : places.UNIT_COUNT, 0 : len(numbers)])
    day = numbers[place]
    times = issue_times(rng, unit, day, FORM_HOURS)
    known_by = index(published.SCHOOLING_DAY)
    times = np.where(day <= known_by, np.minimum(times, at(known_by, DEADLINE_HOUR)), times)
    return issued(
        pd.DataFrame(
            {
                "unit": np.array(places.CODES, dtype=object)[unit],
                "day": days(day),
                "pupils_online": online[unit, place],
                "pupils_without_device": without[unit, place],
                "devices_pledged": pledged[unit, place],
                "devices_delivered": delivered[unit, place],
                "issued_at": times,
            }
        )
    )


def _handed_out(
    promised: IntArray, newly: IntArray, lacking: IntArray, online: IntArray, working: BoolArray
) -> tuple[IntArray, IntArray]:
    """Devices handed out each day, never more than pupils who lack one, and the pupils who lack one at its end."""
    delivered, without = np.zeros_like(promised), np.zeros_like(promised)
    waiting, short = np.zeros(len(promised), dtype=np.int64), lacking.copy()
    for place in range(promised.shape[1]):
        waiting += promised[:, place]
        short = np.minimum(short + newly[:, place], online[:, place])
        delivered[:, place] = np.minimum(waiting, short) if working[place] else 0
        waiting -= delivered[:, place]
        short = short - delivered[:, place]
        without[:, place] = short
    return delivered, without


def others(seed: int, own: pd.DataFrame) -> pd.DataFrame:
    """Rows of `devices` of the other provinces that taught online on 12/9/2021.

    With the province's own forms of that day they make the published national sums.
    """
    rng = stream(seed, "national devices")
    day = index(published.SCHOOLING_DAY)
    ours = own[own["day"] == pd.Timestamp(published.SCHOOLING_DAY)].drop_duplicates("unit", keep="last")
    table = provinces()
    chosen = np.argsort(-table.summer_per_100k, kind="stable")[: published.SCHOOLING_PROVINCES - 1]
    weights = table.residents[chosen] * rng.uniform(1 - NATIONAL_SPREAD, 1 + NATIONAL_SPREAD, len(chosen))
    online = in_proportion(published.PUPILS_ONLINE - int(ours["pupils_online"].sum()), weights)
    lacking = online * rng.uniform(1 - 2 * NATIONAL_SPREAD, 1 + 2 * NATIONAL_SPREAD, len(chosen))
    without = in_proportion(published.PUPILS_WITHOUT_DEVICE - int(ours["pupils_without_device"].sum()), lacking)
    return pd.DataFrame(
        {
            "unit": [table.code[number] for number in chosen],
            "day": days(np.full(len(chosen), day)),
            "pupils_online": online,
            "pupils_without_device": without,
            "issued_at": at(np.full(len(chosen), day), np.full(len(chosen), NATIONAL_HOUR)),
        }
    )
