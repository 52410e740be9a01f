"""What happens to each case: samples, results, isolation, severity and outcome, in that order of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from data_sources.demo import published
from data_sources.demo.clock import DAY_COUNT, at, durations, index, level_between
from data_sources.demo.draws import FloatArray, IntArray, ObjectArray, TimeArray, choose, stream
from data_sources.demo.people import People
from data_sources.demo.spread import HOSPITAL, QUARANTINE, Epidemic

# Hours from sample to result (log-normal): laboratories were full in the waves.
TURNAROUND_MEDIAN_HOURS = {
    date(2021, 6, 28): 14.0,
    date(2021, 8, 1): 26.0,
    date(2021, 9, 1): 19.0,
    date(2021, 10, 15): 12.0,
    date(2021, 12, 10): 20.0,
}
TURNAROUND_SD = 0.35
SHORTEST_TURNAROUND_HOURS = 1.0
FIRST_SAMPLE_HOUR = 6.0
# Share of cases that were not isolated within a day of the result, and the hours the others waited (gamma).
LATE_ISOLATION_SHARE = 0.09
ISOLATION_SHAPE, ISOLATION_SCALE_HOURS = 2.0, 3.2
# Days in quarantine before the result, for travellers; contacts.py has the hour for those who were close contacts.
DAYS_IN_QUARANTINE = (1, 9)

SEVERITIES = ("asymptomatic", "mild", "moderate", "severe", "critical")
# Severity of symptomatic cases (mild, moderate, severe, critical) below each age.
SEVERITY_AGES = np.array([40, 60, 75, 200])
SEVERITY_SHARES = np.array(
    [[0.93, 0.06, 0.009, 0.001], [0.84, 0.12, 0.035, 0.005], [0.68, 0.20, 0.10, 0.02], [0.5, 0.27, 0.18, 0.05]]
)
# Deaths are drawn among cases with these weights; the number is the published one.
DEATH_WEIGHT = np.array([0.0002, 0.01, 0.2, 3.0, 12.0])
DEATH_WEIGHT_DOUBLES_YEARS = 9.0
DEATH_DELAY_SHAPE, DEATH_DELAY_SCALE_DAYS, SHORTEST_DEATH_DELAY_DAYS = 3.2, 3.8, 2

RECOVERY_DAYS = {date(2021, 8, 8): 23.5, date(2021, 9, 15): 17.0, date(2021, 12, 1): 12.5}
RECOVERY_SD_DAYS, SHORTEST_RECOVERY_DAYS = 2.8, 7
# Severe cases moved to hospitals of another province, days after the result.
TRANSFERRED_SHARE_OF_SEVERE, TRANSFER_DELAY_DAYS = 0.12, 3

SYMPTOMS = ("sốt", "ho", "đau họng", "mệt mỏi", "mất vị giác", "khó thở", "đau đầu", "sổ mũi")
SYMPTOM_SHARES = np.array([0.62, 0.55, 0.34, 0.38, 0.27, 0.06, 0.25, 0.22])
SEVERE_BREATHLESS_SHARE = 0.9


@dataclass(frozen=True)
class Course:
    """The course of each case as parallel arrays; `outcome_day` is -1 while in treatment at the end of the year."""

    sampled_at: TimeArray
    result_at: TimeArray
    isolated_at: TimeArray
    turnaround_hours: ObjectArray
    severity: ObjectArray
    symptoms: ObjectArray
    outcome: ObjectArray
    outcome_day: IntArray


def course(epidemic: Epidemic, people: People) -> Course:
    """The course of every case; deaths and the recoveries of 21/8/2021 meet the published counts."""
    rng = stream(epidemic.seed, "course")
    size, day = epidemic.size, epidemic.day
    result_at = at(day, rng.uniform(8.0, 21.5, size))
    median = level_between(TURNAROUND_MEDIAN_HOURS)[day]
    hours = np.maximum(median * np.exp(rng.normal(0.0, TURNAROUND_SD, size)), SHORTEST_TURNAROUND_HOURS)
    sampled_at = result_at - durations(hours)
    sampled_at = _by_daylight(sampled_at)
    # Nobody is sampled before symptoms begin.
    sampled_at = np.maximum(sampled_at, at(epidemic.onset, np.full(size, FIRST_SAMPLE_HOUR)))
    turnaround = (result_at - sampled_at).astype(np.float64) / 3600
    isolated_at = _isolated_at(rng, epidemic, sampled_at, result_at)
    severity = _severity(rng, epidemic, people)
    outcome, outcome_day = _outcomes(rng, epidemic, people, severity)
    return Course(
        sampled_at=sampled_at,
        result_at=result_at,
        isolated_at=isolated_at,
        turnaround_hours=turnaround.astype(object),
        severity=np.array(SEVERITIES, dtype=object)[severity],
        symptoms=_symptoms(rng, severity),
        outcome=outcome,
        outcome_day=outcome_day,
    )


def _by_daylight(times: TimeArray) -> TimeArray:
    """`times`, those of the small hours moved to the first hour and a half of sampling; results come after eight."""
    midnight = times.astype("datetime64[D]").astype("datetime64[s]")
    seconds = (times - midnight).astype(np.int64)
    first = int(FIRST_SAMPLE_HOUR * 3600)
    return np.where(seconds < first, midnight + (first + seconds // 240 * 60).astype("timedelta64[s]"), times)


def _isolated_at(
    rng: np.random.Generator, epidemic: Epidemic, sampled_at: TimeArray, result_at: TimeArray
) -> TimeArray:
    waited = rng.gamma(ISOLATION_SHAPE, ISOLATION_SCALE_HOURS, epidemic.size)
    late = rng.random(epidemic.size) < LATE_ISOLATION_SHARE
    waited = np.where(late, 24 + waited * 2.5, np.minimum(waited, 23.5))
    after = result_at + durations(waited)
    before = at(epidemic.day - rng.integers(*DAYS_IN_QUARANTINE, epidemic.size), rng.uniform(8.0, 23.0, epidemic.size))
    held = epidemic.detection == HOSPITAL
    return np.where(held, sampled_at, np.where(epidemic.detection == QUARANTINE, before, after))


def _severity(rng: np.random.Generator, epidemic: Epidemic, people: People) -> IntArray:
    row = np.searchsorted(SEVERITY_AGES, people.age, side="right")
    drawn = 1 + choose(rng, SEVERITY_SHARES[row])
    return np.where(epidemic.symptomatic, drawn, 0)


def _symptoms(rng: np.random.Generator, severity: IntArray) -> ObjectArray:
    """Symptoms of each symptomatic case, joined by commas; '' for the others."""
    has = rng.random((len(severity), len(SYMPTOMS))) < SYMPTOM_SHARES
    breathless = SYMPTOMS.index("khó thở")
    has[:, breathless] |= (severity >= SEVERITIES.index("severe")) & (
        rng.random(len(severity)) < SEVERE_BREATHLESS_SHARE
    )
    has[~has.any(axis=1), 0] = True
    codes = has @ (1 << np.arange(len(SYMPTOMS)))
    texts = {
        int(code): ", ".join(word for bit, word in enumerate(SYMPTOMS) if int(code) >> bit & 1)
        for code in np.unique(codes)
    }
    written = np.array([texts[int(code)] for code in codes], dtype=object)
    return np.where(severity > 0, written, "").astype(object)


def _deaths(rng: np.random.Generator, weight: FloatArray, delay: IntArray, day: IntArray) -> IntArray:
    """The numbers of the cases that die within the period: the published numbers of each wave, drawn by weight."""
    summer_end = index(published.SUMMER_END)
    lot = np.log(weight) + rng.gumbel(size=len(day))
    chosen: list[IntArray] = []
    first = np.flatnonzero(day + delay <= summer_end)
    chosen.append(first[np.argsort(-lot[first])[: published.DEATHS_TO_SUMMER_END]])
    second = np.flatnonzero((day + delay > summer_end) & (day + delay < DAY_COUNT))
    count = published.DEATHS_BY_YEAR_END - published.DEATHS_TO_SUMMER_END
    chosen.append(second[np.argsort(-lot[second])[:count]])
    return np.concatenate(chosen)


def _outcomes(
    rng: np.random.Generator, epidemic: Epidemic, people: People, severity: IntArray
) -> tuple[ObjectArray, IntArray]:
    size, day = epidemic.size, epidemic.day
    weight = DEATH_WEIGHT[severity] * 2 ** (people.age / DEATH_WEIGHT_DOUBLES_YEARS)
    drawn = np.round(rng.gamma(DEATH_DELAY_SHAPE, DEATH_DELAY_SCALE_DAYS, size)).astype(np.int64)
    death_delay = np.maximum(drawn, SHORTEST_DEATH_DELAY_DAYS)
    dead = np.zeros(size, dtype=bool)
    dead[_deaths(rng, weight, death_delay, day)] = True
    moved = (severity == SEVERITIES.index("severe")) & (rng.random(size) < TRANSFERRED_SHARE_OF_SEVERE) & ~dead
    recovery = np.round(rng.normal(level_between(RECOVERY_DAYS)[day], RECOVERY_SD_DAYS)).astype(np.int64)
    recovery = np.maximum(recovery + (severity >= SEVERITIES.index("severe")) * 7, SHORTEST_RECOVERY_DAYS)
    outcome = np.full(size, "recovered", dtype=object)
    outcome[dead], outcome[moved] = "died", "transferred"
    outcome_day = day + np.where(dead, death_delay, np.where(moved, TRANSFER_DELAY_DAYS, recovery))
    _meet_bulletin(rng, outcome, outcome_day, day)
    open_still = outcome_day >= DAY_COUNT
    outcome[open_still], outcome_day[open_still] = "in_treatment", -1
    return outcome, outcome_day


def _meet_bulletin(rng: np.random.Generator, outcome: ObjectArray, outcome_day: IntArray, day: IntArray) -> None:
    """Move recoveries by a day or two so that the bulletin's day has exactly the published number."""
    bulletin = index(published.BULLETIN_DAY)
    recovered = outcome == "recovered"
    today = np.flatnonzero(recovered & (outcome_day == bulletin))
    surplus = len(today) - published.BULLETIN_RECOVERED
    if surplus > 0:
        moved = rng.choice(today, size=surplus, replace=False)
        outcome_day[moved] += rng.integers(1, 4, surplus)
    elif surplus < 0:
        near = np.flatnonzero(recovered & (np.abs(outcome_day - bulletin) <= 4) & (outcome_day != bulletin))
        near = near[bulletin - day[near] >= SHORTEST_RECOVERY_DAYS]
        outcome_day[rng.choice(near, size=-surplus, replace=False)] = bulletin
