"""Health declarations at the checkpoints: cough and fever of ordinary colds, all of them checked and found ordinary."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from data_sources.demo import places, telecom
from data_sources.demo.clock import DAY_COUNT, IS_HOLIDAY, WEEKDAYS, at, days, index, level_between
from data_sources.demo.draws import FloatArray, ObjectArray, stream
from data_sources.demo.reporting import in_by_deadlines, is_deadline, issue_times, issued
from data_sources.demo.spread import Epidemic

# Invented checkpoints by district, in the order of places.DISTRICTS.
CHECKPOINTS_PER_UNIT = (4, 3, 3, 3, 3, 2, 4, 1)
OPENED = date(2021, 5, 10)
DECLARATIONS_A_RESIDENT, LESS_WHEN_CLOSED, LEAST_A_DAY = 0.006, 0.55, 25
WEEKDAY_PACE = np.array([1.05, 0.97, 0.96, 0.98, 1.08, 1.1, 0.9])
HOLIDAY_PACE, DAILY_SD = 1.25, 0.12
# Share of declarations with a symptom: colds of the rainy season, and a wave of colds in November.
SYMPTOMATIC_SHARE = {
    date(2021, 5, 10): 0.0030,
    date(2021, 7, 20): 0.0042,
    date(2021, 9, 20): 0.0036,
    date(2021, 10, 25): 0.0040,
    date(2021, 11, 14): 0.0085,
    date(2021, 12, 5): 0.0048,
    date(2021, 12, 31): 0.0052,
}
COUGH_SHARE, FEVER_SHARE, SMELL_SHARE, OTHER_SHARE = 0.66, 0.38, 0.03, 0.17
TESTED_SHARE = 0.42
# Some checks are entered on the next morning; a few forms leave a column blank.
CHECKED_LATER_SHARE, CHECKED_LATER_HOURS, BLANK_SHARE = 0.10, (32.0, 35.0), 0.012
FORM_HOURS = (17.0, 20.0)
SPREAD_DEGREES = 0.035


def _checkpoints(rng: np.random.Generator) -> tuple[np.ndarray, ObjectArray, FloatArray, FloatArray, FloatArray]:
    """Unit, name, coordinates and share of the district's declarations of each checkpoint."""
    table = places.communes()
    unit = np.repeat(np.arange(places.UNIT_COUNT), CHECKPOINTS_PER_UNIT)
    names = [
        f"Chốt số {number + 1} {district.written[0]}"
        for district, count in zip(places.DISTRICTS, CHECKPOINTS_PER_UNIT, strict=True)
        for number in range(count)
    ]
    near = np.array([rng.choice(np.flatnonzero(table.unit == number)) for number in unit])
    longitude = np.round(table.longitude[near] + rng.uniform(-1, 1, len(unit)) * SPREAD_DEGREES / 4, 4)
    latitude = np.round(table.latitude[near] + rng.uniform(-1, 1, len(unit)) * SPREAD_DEGREES / 4, 4)
    share = np.concatenate([rng.dirichlet(np.full(count, 6.0)) for count in CHECKPOINTS_PER_UNIT])
    return unit, np.array(names, dtype=object), longitude, latitude, share


def forms(epidemic: Epidemic) -> pd.DataFrame:
    """Rows of `declarations`, all versions: every checkpoint every day, one form a district and day."""
    rng = stream(epidemic.seed, "declarations")
    unit, names, longitude, latitude, share = _checkpoints(rng)
    opened = index(OPENED)
    pace = WEEKDAY_PACE[WEEKDAYS] * np.where(IS_HOLIDAY, HOLIDAY_PACE, 1.0)
    expected = places.RESIDENTS[unit, None] * DECLARATIONS_A_RESIDENT * share[:, None] * pace
    expected = expected * (1 - LESS_WHEN_CLOSED * telecom.strictness()[unit])
    expected = expected * rng.lognormal(0.0, DAILY_SD, expected.shape)
    told = rng.poisson(np.maximum(expected, LEAST_A_DAY))
    ill = rng.binomial(told, level_between(SYMPTOMATIC_SHARE)[None, :])
    cough = rng.binomial(ill, COUGH_SHARE)
    fever = np.maximum(rng.binomial(ill, FEVER_SHARE), ill - cough)
    number, day = (array.ravel() for array in np.mgrid[0 : len(unit), opened:DAY_COUNT])
    form, back = np.unique(unit[number] * DAY_COUNT + day, return_inverse=True)
    form_unit, form_day = form // DAY_COUNT, form % DAY_COUNT
    sent_at = in_by_deadlines(issue_times(rng, form_unit, form_day, FORM_HOURS), form_day)
    frame = pd.DataFrame(
        {
            "unit": np.array(places.CODES, dtype=object)[unit[number]],
            "day": days(day),
            "checkpoint": names[number],
            "longitude": longitude[number],
            "latitude": latitude[number],
            "declarations": told[number, day],
            "symptomatic": ill[number, day],
            "cough": cough[number, day],
            "fever": fever[number, day],
            "loss_of_smell": rng.binomial(ill, SMELL_SHARE)[number, day],
            "other_symptoms": rng.binomial(ill, OTHER_SHARE)[number, day],
            "checked": ill[number, day],
            "confirmed_ordinary": ill[number, day],
            "tested": rng.binomial(ill, TESTED_SHARE)[number, day],
            "positives": 0,
            "issued_at": sent_at[back],
        }
    )
    blank = (rng.random(len(form)) < BLANK_SHARE)[back]
    for name in ("loss_of_smell", "other_symptoms"):
        frame[name] = frame[name].astype("Int64").mask(blank)
    later = (rng.random(len(frame)) < CHECKED_LATER_SHARE) & (frame["symptomatic"] > 0) & ~is_deadline(day)
    corrected_at = in_by_deadlines(at(day, rng.uniform(*CHECKED_LATER_HOURS, len(day))), day)
    later &= corrected_at > sent_at[back] + np.timedelta64(1, "h")
    first = frame.copy()
    for name in ("checked", "confirmed_ordinary"):
        first[name] = first[name].where(~later, first[name] - 1)
    first["tested"] = np.minimum(first["tested"], first["checked"])
    frame["tested"] = np.minimum(frame["tested"], frame["checked"])
    second = frame[later].assign(issued_at=corrected_at[later])
    return issued(pd.concat([first, second], ignore_index=True))
