"""Samples and results: PCR positives of a day are exactly the cases of that day, by the group they were sampled in."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from data_sources.demo import places
from data_sources.demo.clock import DAY_COUNT, IS_HOLIDAY, WEEKDAYS, at, days, index, level_between, number_of_day
from data_sources.demo.contacts import Contacts, Turned
from data_sources.demo.course import TURNAROUND_MEDIAN_HOURS, Course
from data_sources.demo.draws import FloatArray, IntArray, ObjectArray, stream
from data_sources.demo.reporting import correction_times, issue_times, issued
from data_sources.demo.spread import COMMUNITY, HOSPITAL, Epidemic

GROUPS = (
    "F1",
    "F2",
    "health_worker",
    "suspect",
    "hospital_screening",
    "community_screening",
    "locked_down_area",
    "quarantine",
    "arrival",
)
NUMBER = {group: number for number, group in enumerate(GROUPS)}
# In the order of spread.DETECTIONS.
GROUP_OF_DETECTION = ("community_screening", "quarantine", "locked_down_area", "hospital_screening", "arrival")
# Share of PCR results in each group that are positive in the first wave, where the group's size follows its cases.
POSITIVE_SHARE = np.array([0.08, 1.0, 0.012, 0.11, 0.014, 0.016, 0.03, 0.035, 0.02])
# In the winter wave testing did not keep up: positivity rises by this factor.
STRAIN = {date(2021, 10, 20): 1.0, date(2021, 12, 5): 2.3, date(2021, 12, 31): 1.9}
# Where a district has more than its share of cases its positivity is higher too, by this power of the ratio.
UNEVENNESS, STRAIN_LIMITS = 0.45, (0.6, 2.4)
# PCR results a day per 100,000 residents that do not depend on the day's cases.
BASE_PER_100K = np.array([0.5, 0.2, 3.0, 2.5, 9.0, 6.0, 0.0, 1.5, 0.3])
# Samples of each contact: on arrival, once inside, before leaving.
SAMPLES_PER_F1, SAMPLES_PER_F2 = 1.9, 0.8
# Rapid tests a day per 100,000 residents in campaigns, and the groups that are tested so.
RAPID_PER_100K = {
    date(2021, 4, 1): 2.0,
    date(2021, 7, 1): 15.0,
    date(2021, 7, 25): 120.0,
    date(2021, 8, 20): 260.0,
    date(2021, 9, 20): 120.0,
    date(2021, 10, 15): 45.0,
    date(2021, 12, 10): 190.0,
    date(2021, 12, 31): 150.0,
}
RAPID_SHARES = np.array([0.0, 0.0, 0.03, 0.07, 0.17, 0.55, 0.18, 0.0, 0.0])
RAPID_FIRST_SHARE = np.array([0.45, 0.0, 0.40, 0.35, 0.0])
FALSE_POSITIVE_SHARE = 0.0006
SAME_DAY_SHARE, NEXT_DAY_SHARE = 0.42, 0.86
SUSPECT_SHARE_OF_COMMUNITY, WORKER_SHARE_OF_HOSPITAL = 0.55, 0.08
DAY_OFF_VOLUME = 0.72
P90_FACTOR, HOURS_SPREAD = 1.6, 0.12
CORRECTED_SHARE = 0.03
# The Phú Mỹ laboratory's forms of these days came two days late: what a missing unit looks like.
LATE_UNIT, LATE_DAYS, LATE_BY_DAYS = "754", (date(2021, 8, 29), date(2021, 12, 30)), 2


def _groups(epidemic: Epidemic, turned: Turned, occupation: ObjectArray) -> IntArray:
    """The group in which each case was sampled."""
    rng = stream(epidemic.seed, "sampling groups")
    group = np.array([NUMBER[name] for name in GROUP_OF_DETECTION])[epidemic.detection]
    ill = (epidemic.detection == COMMUNITY) & (rng.random(epidemic.size) < SUSPECT_SHARE_OF_COMMUNITY)
    staff = (epidemic.detection == HOSPITAL) & (occupation == "health_worker")
    group[ill], group[staff], group[turned.case] = NUMBER["suspect"], NUMBER["health_worker"], NUMBER["F1"]
    return group


def _tally(unit: IntArray, day: IntArray, group: IntArray) -> IntArray:
    counts = np.zeros((places.UNIT_COUNT, DAY_COUNT, len(GROUPS)), dtype=np.int64)
    inside = (day >= 0) & (day < DAY_COUNT)
    np.add.at(counts, (unit[inside], day[inside], group[inside]), 1)
    return counts


def _smooth(counts: IntArray) -> FloatArray:
    """A centred seven-day mean along the days."""
    padded = np.pad(counts.astype(float), ((0, 0), (3, 3), (0, 0)), mode="edge")
    running = np.cumsum(np.pad(padded, ((0, 0), (1, 0), (0, 0))), axis=1)
    return np.asarray((running[:, 7:] - running[:, :-7]) / 7, dtype=np.float64)


def _pcr(rng: np.random.Generator, positives: IntArray, contacts: Contacts) -> tuple[IntArray, IntArray]:
    """Samples and results of PCR, units x days x groups; never more results than samples so far."""
    per_resident = places.RESIDENTS[:, None, None] / 100_000
    smooth = _smooth(positives)
    cases = smooth.sum(axis=2, keepdims=True)
    ratio = cases / per_resident / np.maximum(cases.sum(axis=0) / per_resident.sum(), 1e-9)
    uneven = np.clip(np.maximum(ratio, 1e-9) ** UNEVENNESS, *STRAIN_LIMITS)
    strain = level_between(STRAIN)[None, :, None] * uneven
    expected = smooth / np.minimum(POSITIVE_SHARE * strain, 0.5) + BASE_PER_100K * per_resident
    sampled = number_of_day(contacts.sampled_at)
    who = np.where(contacts.is_f1, NUMBER["F1"], NUMBER["F2"])
    named = _smooth(_tally(contacts.unit, sampled, who))
    expected[:, :, NUMBER["F1"]] += named[:, :, NUMBER["F1"]] * SAMPLES_PER_F1 / strain[:, :, 0]
    expected[:, :, NUMBER["F2"]] += named[:, :, NUMBER["F2"]] * SAMPLES_PER_F2 / strain[:, :, 0]
    day_off = np.where((WEEKDAYS >= 6) | IS_HOLIDAY, DAY_OFF_VOLUME, 1.0)[None, :, None]
    samples = rng.poisson(expected * day_off * rng.gamma(25.0, 1 / 25.0, expected.shape))
    same = rng.binomial(samples, SAME_DAY_SHARE)
    following = rng.binomial(samples - same, (NEXT_DAY_SHARE - SAME_DAY_SHARE) / (1 - SAME_DAY_SHARE))
    results = same.copy()
    results[:, 1:] += following[:, :-1]
    results[:, 2:] += (samples - same - following)[:, :-2]
    short = np.maximum(positives - results, 0)
    return samples + short, results + short


def _rapid(rng: np.random.Generator, epidemic: Epidemic, course: Course, group: IntArray) -> tuple[IntArray, IntArray]:
    """Rapid tests and their positives, units x days x groups: cases found so first, and a few false alarms."""
    first = rng.random(epidemic.size) < RAPID_FIRST_SHARE[epidemic.detection]
    first &= np.isin(group, np.flatnonzero(RAPID_SHARES))
    found = _tally(epidemic.unit[first], number_of_day(course.sampled_at[first]), group[first])
    expected = (level_between(RAPID_PER_100K)[None, :, None] * places.RESIDENTS[:, None, None] / 100_000) * RAPID_SHARES
    # Campaigns follow the cases: half of a district's tests go where it has more than its share of them.
    cases = _smooth(found).sum(axis=2)
    share = cases / np.maximum(cases.sum(axis=0), 1e-9) / (places.RESIDENTS / places.RESIDENTS.sum())[:, None]
    expected = expected * (0.5 + 0.5 * np.clip(share, 0, 4))[:, :, None]
    tests = rng.poisson(expected * rng.gamma(8.0, 1 / 8.0, expected.shape)) + 3 * found
    return tests, found + rng.binomial(tests - found, FALSE_POSITIVE_SHARE)


def forms(
    epidemic: Epidemic, course: Course, contacts: Contacts, turned: Turned, occupation: ObjectArray
) -> pd.DataFrame:
    """Rows of `tests`, all versions."""
    rng = stream(epidemic.seed, "sampling")
    group = _groups(epidemic, turned, occupation)
    positives = _tally(epidemic.unit, epidemic.day, group)
    samples, results = _pcr(rng, positives, contacts)
    rapid, rapid_positives = _rapid(rng, epidemic, course, group)
    frame = pd.concat(
        [_rows(rng, "pcr", samples, results, positives), _rows(rng, "rapid", rapid, rapid, rapid_positives)],
        ignore_index=True,
    )
    return _issued_versions(rng, frame)


def _rows(
    rng: np.random.Generator, method: str, samples: IntArray, results: IntArray, positives: IntArray
) -> pd.DataFrame:
    unit, day, group = np.nonzero((samples > 0) | (results > 0))
    cell = (unit, day, group)
    median = level_between(TURNAROUND_MEDIAN_HOURS)[day] if method == "pcr" else np.full(len(day), 0.5)
    hours = np.round(median * np.exp(rng.normal(0, HOURS_SPREAD, len(day))) * 2) / 2
    late = np.round(np.maximum(hours, 0.5) * P90_FACTOR * 2) / 2
    none = results[cell] == 0
    extra = rng.binomial(samples[cell], 0.03) if method == "pcr" else np.zeros(len(day), dtype=np.int64)
    return pd.DataFrame(
        {
            "unit_number": unit,
            "day_number": day,
            "method": method,
            "target_group": np.array(GROUPS, dtype=object)[group],
            "people_sampled": samples[cell] + extra,
            "samples": samples[cell],
            "results_returned": results[cell],
            "positives": positives[cell],
            "result_hours_p50": np.where(none, np.nan, np.maximum(hours, 0.5)),
            "result_hours_p90": np.where(none, np.nan, late),
        }
    )


def _issued_versions(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """One form a unit and day; some first come with too few results and are corrected."""
    form = frame["unit_number"].to_numpy() * DAY_COUNT + frame["day_number"].to_numpy()
    forms_there, back = np.unique(form, return_inverse=True)
    unit, day = forms_there // DAY_COUNT, forms_there % DAY_COUNT
    sent_at = issue_times(rng, unit, day, hours=(18.0, 22.0))
    awaited = (unit == places.NUMBER_OF[LATE_UNIT]) & np.isin(day, [index(when) for when in LATE_DAYS])
    sent_at = np.where(awaited, at(day + LATE_BY_DAYS, np.full(len(day), 9.0)), sent_at)
    corrected_at = np.maximum(correction_times(rng, day), sent_at + np.timedelta64(12, "h"))
    frame = frame.assign(unit=np.array(places.CODES, dtype=object)[unit[back]], day=days(day[back]))
    frame = frame.drop(columns=["unit_number", "day_number"])
    wrong = (rng.random(len(frame)) < CORRECTED_SHARE) & (frame["results_returned"] > frame["positives"] + 4)
    first = frame.assign(issued_at=sent_at[back])
    short = (first["results_returned"] - first["positives"]) // 4
    first["results_returned"] = np.where(wrong, first["results_returned"] - short, first["results_returned"])
    second = frame[wrong].assign(issued_at=corrected_at[back][wrong])
    columns = ["unit", "day", *(name for name in frame.columns if name not in ("unit", "day")), "issued_at"]
    return issued(pd.concat([first, second], ignore_index=True)[columns])
