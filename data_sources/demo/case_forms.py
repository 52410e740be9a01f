"""The districts' daily forms: new cases by how they were found, deaths and recoveries, with zeros said as zeros."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data_sources.demo import places
from data_sources.demo.clock import DAY_COUNT, days
from data_sources.demo.course import Course
from data_sources.demo.draws import BoolArray, IntArray, TimeArray, stream
from data_sources.demo.reporting import correction_times, in_by_deadlines, is_deadline, issue_times, issued
from data_sources.demo.spread import ARRIVAL, COMMUNITY, DETECTIONS, Epidemic

# Share of forms with cases that are corrected later; of those, the share that had too few cases (the others had them
# in the wrong column).
CORRECTED_SHARE, TOO_FEW_SHARE = 0.06, 0.4
# Share of forms that never came, on days on which there was nothing to report, in the order of places.DISTRICTS.
NEVER_SENT_SHARE = np.array([0.0, 0.0, 0.02, 0.03, 0.0, 0.01, 0.0, 0.05])


def tallies(epidemic: Epidemic, course: Course) -> dict[str, IntArray]:
    """Cases, deaths and recoveries as arrays units x days x detections."""
    shape = (places.UNIT_COUNT, DAY_COUNT, len(DETECTIONS))
    counts = {name: np.zeros(shape, dtype=np.int64) for name in ("cases", "deaths", "recovered")}
    np.add.at(counts["cases"], (epidemic.unit, epidemic.day, epidemic.detection), 1)
    for name, outcome in (("deaths", "died"), ("recovered", "recovered")):
        who = np.flatnonzero(course.outcome == outcome)
        np.add.at(counts[name], (epidemic.unit[who], course.outcome_day[who], epidemic.detection[who]), 1)
    return counts


def forms(epidemic: Epidemic, course: Course) -> pd.DataFrame:
    """Rows of `case_counts`, all versions.

    A form with something to report names every way of detection, with zeros; a form with nothing to report is one
    row of zeros, detection unknown.
    """
    rng = stream(epidemic.seed, "case forms")
    counts = tallies(epidemic, course)
    something = sum(array.sum(axis=2) for array in counts.values()) > 0
    unit, day = (array.ravel() for array in np.mgrid[0 : places.UNIT_COUNT, 0:DAY_COUNT])
    has = something[unit, day]
    never = ~has & (rng.random(len(unit)) < NEVER_SENT_SHARE[unit]) & ~is_deadline(day)
    unit, day, has = unit[~never], day[~never], has[~never]
    sent_at = in_by_deadlines(issue_times(rng, unit, day), day)
    corrected = has & (rng.random(len(unit)) < CORRECTED_SHARE) & ~is_deadline(day)
    corrected_at = in_by_deadlines(correction_times(rng, day), day)
    corrected &= corrected_at > sent_at + np.timedelta64(2, "h")
    first, correct = _with_errors(rng, counts, unit, day, corrected)
    parts = [
        _nothing(unit[~has], day[~has], sent_at[~has]),
        _rows(first, unit[has], day[has], sent_at[has]),
        _rows(correct, unit[corrected], day[corrected], corrected_at[corrected]),
    ]
    return issued(pd.concat(parts, ignore_index=True))


def _with_errors(
    rng: np.random.Generator, counts: dict[str, IntArray], unit: IntArray, day: IntArray, corrected: BoolArray
) -> tuple[dict[str, IntArray], dict[str, IntArray]]:
    """The counts as first sent, wrong where they are corrected later, and the right ones."""
    first = {name: array.copy() for name, array in counts.items()}
    cases = first["cases"]
    for which in np.flatnonzero(corrected):
        row = cases[unit[which], day[which]]
        column = int(np.argmax(row[:ARRIVAL]))
        if row[column] == 0:
            continue
        size = int(min(row[column], rng.integers(1, 4)))
        row[column] -= size
        if rng.random() >= TOO_FEW_SHARE:
            row[COMMUNITY if column != COMMUNITY else COMMUNITY + 1] += size
    return first, counts


def _rows(counts: dict[str, IntArray], unit: IntArray, day: IntArray, issued_at: TimeArray) -> pd.DataFrame:
    local = np.ones(len(DETECTIONS), dtype=bool)
    local[ARRIVAL] = False
    any_arrival = sum(array[unit, day, ARRIVAL] for array in counts.values()) > 0
    form, way = np.nonzero(local[None, :] | any_arrival[:, None])
    return pd.DataFrame(
        {
            "unit": np.array(places.CODES, dtype=object)[unit[form]],
            "day": days(day[form]),
            "detection": np.array(DETECTIONS, dtype=object)[way],
            **{name: array[unit[form], day[form], way] for name, array in counts.items()},
            "issued_at": issued_at[form],
        }
    )


def _nothing(unit: IntArray, day: IntArray, issued_at: TimeArray) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "unit": np.array(places.CODES, dtype=object)[unit],
            "day": days(day),
            "detection": "unknown",
            "cases": 0,
            "deaths": 0,
            "recovered": 0,
            "issued_at": issued_at,
        }
    )
