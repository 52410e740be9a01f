"""Treatment facilities: the beds each opened and the patients in them, day by day, from the courses of the cases.

The severe are taken to the three large hospitals; from the middle of November those without or with mild symptoms
are treated more and more at home, and are then in no facility.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from data_sources.demo import places
from data_sources.demo.clock import DAY_COUNT, days, index, level_between, number_of_day
from data_sources.demo.course import Course
from data_sources.demo.draws import BoolArray, IntArray, TimeArray, stream
from data_sources.demo.reporting import in_by_deadlines, issue_times, issued
from data_sources.demo.spread import Epidemic


@dataclass(frozen=True)
class Facility:
    """A facility; the large ones take the severe of their own and of the other districts given."""

    unit: str
    name: str
    longitude: float
    latitude: float
    severe_of: tuple[str, ...] = ()


# Invented facilities; coordinates are near the towns, to about a kilometre.
FACILITIES = (
    Facility("747", "Bệnh viện điều trị số 1 TP Vũng Tàu", 107.096, 10.374, ("747", "755")),
    Facility("747", "Cơ sở thu dung số 2 TP Vũng Tàu", 107.131, 10.402),
    Facility("747", "Cơ sở thu dung số 3 TP Vũng Tàu", 107.118, 10.388),
    Facility("748", "Bệnh viện điều trị số 1 TP Bà Rịa", 107.178, 10.503, ("748", "750", "751", "752", "753")),
    Facility("748", "Cơ sở thu dung số 2 TP Bà Rịa", 107.192, 10.511),
    Facility("750", "Cơ sở thu dung huyện Châu Đức", 107.246, 10.648),
    Facility("751", "Cơ sở thu dung huyện Xuyên Mộc", 107.402, 10.551),
    Facility("752", "Cơ sở thu dung số 1 huyện Long Điền", 107.211, 10.483),
    Facility("752", "Cơ sở thu dung số 2 huyện Long Điền", 107.229, 10.437),
    Facility("753", "Cơ sở thu dung huyện Đất Đỏ", 107.271, 10.492),
    Facility("754", "Bệnh viện điều trị số 1 TX Phú Mỹ", 107.054, 10.594, ("754",)),
    Facility("754", "Cơ sở thu dung số 2 TX Phú Mỹ", 107.041, 10.611),
    Facility("755", "Cơ sở thu dung huyện Côn Đảo", 106.607, 8.687),
)
OPENED = date(2021, 6, 28)
# Share of cases without or with mild symptoms who were treated at home.
HOME_SHARE = {date(2021, 11, 14): 0.0, date(2021, 11, 25): 0.45, date(2021, 12, 10): 0.8}
# Days from the result to the severe and to the critical state; the critical are severe first.
SEVERE_AFTER_DAYS, CRITICAL_AFTER_DAYS = 4, 6
VENTILATED_SHARE = 0.62
# Beds are planned for weeks ahead: the fullest day of the period fills this share of them.
PLANNED_DAYS, FULLEST_SHARE, LEAST_BEDS, LEAST_ICU_BEDS = 28, (0.72, 1.04), 30, 8
ICU_SPARE = 1.35
FORM_HOURS = (17.5, 20.2)
# Share of facilities' days on which those who left that day still count as patients.
STILL_COUNTED_SHARE = 0.015
# Share of forms in which the ventilated, or the beds for intensive care, were left blank.
BLANK_SHARE = 0.02


@dataclass(frozen=True)
class Stays:
    """Patients in facilities as parallel arrays; days are day numbers, `left` DAY_COUNT while still there."""

    case: IntArray
    facility: IntArray
    admitted: IntArray
    left: IntArray
    severe_from: IntArray
    critical_from: IntArray
    died: BoolArray


def stays(epidemic: Epidemic, course: Course, isolated_at: TimeArray) -> Stays:
    """Every stay in a facility: from the result, or from isolation where that came later, to the outcome."""
    rng = stream(epidemic.seed, "wards")
    level = pd.Categorical(course.severity, ["asymptomatic", "mild", "moderate", "severe", "critical"]).codes
    grave = level >= 3
    home = (level <= 1) & (rng.random(epidemic.size) < level_between(HOME_SHARE)[epidemic.day])
    inside = np.flatnonzero(~home | (course.outcome == "died"))
    admitted = np.maximum(epidemic.day, number_of_day(isolated_at))[inside]
    left = np.where(course.outcome_day[inside] < 0, DAY_COUNT, course.outcome_day[inside])
    admitted = np.minimum(admitted, left)
    never = np.full(len(inside), DAY_COUNT)
    return Stays(
        case=inside,
        facility=_facilities(rng, epidemic.unit[inside], grave[inside]),
        admitted=admitted,
        left=left,
        severe_from=np.where(grave[inside], np.minimum(epidemic.day[inside] + SEVERE_AFTER_DAYS, left), never),
        critical_from=np.where(level[inside] == 4, np.minimum(epidemic.day[inside] + CRITICAL_AFTER_DAYS, left), never),
        died=np.asarray(course.outcome[inside] == "died", dtype=bool),
    )


def _facilities(rng: np.random.Generator, unit: IntArray, grave: BoolArray) -> IntArray:
    """The facility of each patient: the large hospital for the severe, the district's own for the others."""
    chosen = np.zeros(len(unit), dtype=np.int64)
    for number, code in enumerate(places.CODES):
        own = np.array([n for n, item in enumerate(FACILITIES) if item.unit == code])
        large = next(n for n, item in enumerate(FACILITIES) if code in item.severe_of)
        share = np.array([0.6 if FACILITIES[n].severe_of else 1.0 for n in own])
        mine = np.flatnonzero(unit == number)
        chosen[mine] = np.where(grave[mine], large, rng.choice(own, size=len(mine), p=share / share.sum()))
    return chosen


def _standing(facility: IntArray, first: IntArray, end: IntArray) -> IntArray:
    """How many are there at the end of each day, facilities x days: from `first` until the day before `end`."""
    steps = np.zeros((len(FACILITIES), DAY_COUNT + 1), dtype=np.int64)
    np.add.at(steps, (facility, np.clip(first, 0, DAY_COUNT)), 1)
    np.add.at(steps, (facility, np.clip(np.maximum(end, first), 0, DAY_COUNT)), -1)
    return np.asarray(np.cumsum(steps, axis=1)[:, :DAY_COUNT], dtype=np.int64)


def _events(facility: IntArray, day: IntArray) -> IntArray:
    tally = np.zeros((len(FACILITIES), DAY_COUNT), dtype=np.int64)
    inside = (day >= 0) & (day < DAY_COUNT)
    np.add.at(tally, (facility[inside], day[inside]), 1)
    return tally


def _planned(rng: np.random.Generator, standing: IntArray, least: int, spare: float) -> IntArray:
    """Beds, constant over four weeks and never fewer than before, for the fullest day of those weeks."""
    beds = np.zeros_like(standing)
    before = np.full(len(standing), least)
    for first in range(0, DAY_COUNT, PLANNED_DAYS):
        fullest = standing[:, first : first + PLANNED_DAYS].max(axis=1)
        wanted = np.ceil(fullest * spare / rng.uniform(*FULLEST_SHARE, len(standing)) / 10).astype(np.int64) * 10
        before = np.maximum(before, wanted)
        beds[:, first : first + PLANNED_DAYS] = before[:, None]
    return beds


def forms(epidemic: Epidemic, course: Course, patients: Stays) -> pd.DataFrame:
    """Rows of `treatment`: every facility every day from the outbreak on, one form a district and day."""
    rng = stream(epidemic.seed, "treatment forms")
    facility = patients.facility
    present = _standing(facility, patients.admitted, patients.left)
    critical = _standing(facility, patients.critical_from, patients.left)
    grave = _standing(facility, patients.severe_from, patients.left)
    beds = _planned(rng, present, LEAST_BEDS, 1.0)
    icu_beds = _planned(rng, critical, LEAST_ICU_BEDS, ICU_SPARE)
    large = np.array([bool(item.severe_of) for item in FACILITIES])
    died = patients.died
    moved = np.asarray(course.outcome[patients.case] == "transferred", dtype=bool) & ~died
    discharged = _events(facility[~died & ~moved], patients.left[~died & ~moved])
    slips = stream(epidemic.seed, "treatment slips").random(present.shape) < STILL_COUNTED_SHARE
    counted = present + np.where(slips, discharged, 0)
    number, day = (array.ravel() for array in np.mgrid[0 : len(FACILITIES), index(OPENED) : DAY_COUNT])
    unit_of = np.array([places.NUMBER_OF[item.unit] for item in FACILITIES])
    afar = epidemic.unit[patients.case] != unit_of[facility]
    form, back = np.unique(unit_of[number] * DAY_COUNT + day, return_inverse=True)
    form_unit, form_day = form // DAY_COUNT, form % DAY_COUNT
    sent_at = in_by_deadlines(issue_times(rng, form_unit, form_day, FORM_HOURS), form_day)
    frame = pd.DataFrame(
        {
            "unit": np.array(places.CODES, dtype=object)[unit_of[number]],
            "day": days(day),
            "site": np.array([item.name for item in FACILITIES], dtype=object)[number],
            "longitude": np.array([item.longitude for item in FACILITIES])[number],
            "latitude": np.array([item.latitude for item in FACILITIES])[number],
            "beds": beds[number, day],
            "icu_beds": np.where(large[number], icu_beds[number, day], 0),
            "in_treatment": counted[number, day],
            "severe": (grave - critical)[number, day],
            "critical": critical[number, day],
            "ventilated": rng.binomial(critical, VENTILATED_SHARE)[number, day],
            "admitted": _events(facility, patients.admitted)[number, day],
            "discharged": discharged[number, day],
            "deaths": _events(facility[died], patients.left[died])[number, day],
            "f0_received": _events(facility[afar], patients.admitted[afar])[number, day],
            "f0_transferred": _events(facility[moved], patients.left[moved])[number, day],
            "issued_at": sent_at[back],
        }
    )
    for name in ("ventilated", "icu_beds"):
        frame[name] = frame[name].astype("Int64")
        frame.loc[(rng.random(len(form)) < BLANK_SHARE)[back] & ~large[number], name] = pd.NA
    return issued(frame)
