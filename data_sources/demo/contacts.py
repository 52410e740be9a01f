"""The people around each case: close contacts (F1), those of them who became cases, and contacts of contacts (F2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from data_sources.demo import places
from data_sources.demo.clock import DAY_COUNT, at, durations, level_between, number_of_day
from data_sources.demo.course import Course
from data_sources.demo.draws import BoolArray, IntArray, TimeArray, choose, stream
from data_sources.demo.spread import LOCKED_DOWN, QUARANTINE, Epidemic

# Negative close contacts named by each case, and contacts of contacts named by each of them: tracing was wide in
# summer and was given up by degrees in the winter wave. Negative binomial: a few cases name very many.
F1_PER_CASE = {
    date(2021, 6, 28): 3.4,
    date(2021, 8, 5): 1.9,
    date(2021, 9, 20): 2.8,
    date(2021, 11, 15): 1.3,
    date(2021, 12, 10): 0.8,
}
F2_PER_F1 = {date(2021, 6, 28): 1.0, date(2021, 8, 5): 0.55, date(2021, 10, 15): 0.6, date(2021, 11, 20): 0.12}
DISPERSION = 0.9
NAMED_AFTER_DAYS_SHARES = np.array([[0.62, 0.30, 0.08]])
# Cases found in a locked-down area that were on the list of close contacts before.
LOCKED_DOWN_LISTED_SHARE = 0.35
# Hours from being named to being taken to quarantine (gamma), with few over a day.
TAKEN_SHAPE, TAKEN_SCALE_HOURS = 2.0, 4.5
SAMPLED_AFTER_HOURS = (6.0, 40.0)
NEGATIVE_AFTER_HOURS = (10.0, 32.0)


@dataclass(frozen=True)
class Contacts:
    """Contacts who stayed negative, as parallel arrays; F1 first, then F2.

    `source` is the number of a case for an F1 and, for an F2, the number of an F1 within these arrays.
    """

    is_f1: BoolArray
    source: IntArray
    named_on: IntArray
    named_at: TimeArray
    unit: IntArray
    commune: IntArray
    isolated_at: TimeArray
    sampled_at: TimeArray
    result_at: TimeArray

    @property
    def size(self) -> int:
        """The number of contacts who stayed negative."""
        return len(self.named_on)


@dataclass(frozen=True)
class Turned:
    """Cases that were named as F1 before their own result: case number, day named, hour of isolation."""

    case: IntArray
    named_on: IntArray
    isolated_at: TimeArray


def turned(epidemic: Epidemic) -> Turned:
    """Every case found in quarantine with a listed source was an F1 there; some of the locked-down areas too."""
    rng = stream(epidemic.seed, "turned")
    listed = (epidemic.source >= 0) & (epidemic.day - epidemic.day[epidemic.source] >= 1)
    lucky = rng.random(epidemic.size) < LOCKED_DOWN_LISTED_SHARE
    case = np.flatnonzero(listed & ((epidemic.detection == QUARANTINE) | ((epidemic.detection == LOCKED_DOWN) & lucky)))
    found = epidemic.day[epidemic.source[case]]
    named_on = np.minimum(found + rng.integers(0, 2, len(case)), epidemic.day[case] - 1)
    isolated_at = at(named_on, rng.uniform(9.0, 23.5, len(case)))
    return Turned(case=case, named_on=named_on, isolated_at=isolated_at)


def isolation_times(course: Course, turned: Turned) -> TimeArray:
    """When each case was isolated: as a close contact, where it was one."""
    isolated = course.isolated_at.copy()
    isolated[turned.case] = turned.isolated_at
    return isolated


def contacts(epidemic: Epidemic, course: Course) -> Contacts:
    """The contacts who stayed negative; nobody is named before the result of the case that named them."""
    rng = stream(epidemic.seed, "contacts")
    mean = level_between(F1_PER_CASE)[epidemic.day]
    # People who infect many also met many.
    met = 0.5 + 0.5 * np.minimum(epidemic.infectiousness / epidemic.infectiousness.mean(), 6.0)
    f1_count = rng.poisson(mean * met * rng.gamma(DISPERSION, 1 / DISPERSION, epidemic.size))
    f1_source = np.repeat(np.arange(epidemic.size), f1_count)
    f1_named = epidemic.day[f1_source] + choose(rng, np.repeat(NAMED_AFTER_DAYS_SHARES, len(f1_source), axis=0))
    kept = f1_named < DAY_COUNT
    f1_source, f1_named = f1_source[kept], f1_named[kept]
    f1_unit, f1_commune = _live_near(rng, epidemic.unit[f1_source], epidemic.commune[f1_source])
    f2_count = rng.poisson(level_between(F2_PER_F1)[f1_named])
    f2_source = np.repeat(np.arange(len(f1_source)), f2_count)
    f2_named = np.minimum(f1_named[f2_source] + rng.integers(0, 2, len(f2_source)), DAY_COUNT - 1)
    f2_unit, f2_commune = _live_near(rng, f1_unit[f2_source], f1_commune[f2_source])
    is_f1 = np.arange(len(f1_source) + len(f2_source)) < len(f1_source)
    named_on = np.concatenate((f1_named, f2_named))
    told = at(named_on, rng.uniform(8.0, 20.0, len(named_on)))
    # An F1 is named after the result of its source.
    told[: len(f1_source)] = np.maximum(told[: len(f1_source)], course.result_at[f1_source])
    isolated_at = told + durations(rng.gamma(TAKEN_SHAPE, TAKEN_SCALE_HOURS, len(named_on)))
    sampled_at = isolated_at + durations(rng.uniform(*SAMPLED_AFTER_HOURS, len(named_on)))
    return Contacts(
        is_f1=is_f1,
        source=np.concatenate((f1_source, f2_source)),
        named_on=number_of_day(told),
        named_at=told,
        unit=np.concatenate((f1_unit, f2_unit)),
        commune=np.concatenate((f1_commune, f2_commune)),
        isolated_at=isolated_at,
        sampled_at=sampled_at,
        result_at=sampled_at + durations(rng.uniform(*NEGATIVE_AFTER_HOURS, len(named_on))),
    )


# Contacts who live in another district than the person who met them.
OTHER_DISTRICT_SHARE = 0.07
SAME_COMMUNE_SHARE = 0.7


def _live_near(rng: np.random.Generator, unit: IntArray, commune: IntArray) -> tuple[IntArray, IntArray]:
    """Unit and commune of contacts of people who live in `unit` and `commune`."""
    mainland = places.RESIDENTS.astype(float).copy()
    mainland[places.NUMBER_OF["755"]] = 0.0
    elsewhere = rng.choice(places.UNIT_COUNT, size=len(unit), p=mainland / mainland.sum())
    away = (rng.random(len(unit)) < OTHER_DISTRICT_SHARE) & (unit != places.NUMBER_OF["755"])
    their_unit = np.where(away, elsewhere, unit)
    drawn = places.random_communes(rng, their_unit, places.communes())
    near = (their_unit == unit) & (rng.random(len(unit)) < SAME_COMMUNE_SHARE)
    return their_unit, np.where(near, commune, drawn)
