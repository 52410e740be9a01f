"""The line list: every version of every row of cases, close contacts and their contacts.

A close contact who becomes a case keeps the code: first a row of class F1, later the same code as F0. Cases are
written again when their illness worsens and when it ends. Rows about days before the reporting software was in use
came from spreadsheets, a day to three later and with more gaps.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from data_sources.demo import people, places, published
from data_sources.demo.clock import at, days, durations, level_between
from data_sources.demo.contacts import Contacts, Turned, isolation_times
from data_sources.demo.course import Course
from data_sources.demo.draws import BoolArray, DurationArray, IntArray, ObjectArray, TimeArray, stream
from data_sources.demo.people import Identities, People
from data_sources.demo.reporting import issued
from data_sources.demo.spread import ARRIVAL, DETECTIONS, HOSPITAL, QUARANTINE, Epidemic

# Hours from the event to its row: the software's (gamma, few a day or more late) and the spreadsheets' before it.
ENTRY_SHAPE, ENTRY_SCALE_HOURS, LATE_ENTRY_SHARE, LATE_ENTRY_HOURS = 1.6, 2.6, 0.04, (24.0, 70.0)
SPREADSHEET_HOURS = (18.0, 66.0)
WORSENED_AFTER_DAYS = (3, 6)
# Share of cases whose interview has a time on record, and the hours from the result to it (gamma).
INTERVIEWED_SHARE = {date(2021, 7, 1): 0.85, date(2021, 11, 1): 0.9, date(2021, 12, 5): 0.35}
INTERVIEW_SHAPE, INTERVIEW_SCALE_HOURS = 1.7, 5.0
OUTCOME_HOURS = (14.0, 20.0)

# Share of rows in which a field stays empty, and the further share in which it is empty at first.
NEVER_FILLED = {
    "occupation": 0.03,
    "exposure": 0.02,
    "onset": 0.03,
    "commune": 0.006,
    "phone": 0.03,
    "birth_date": 0.07,
}
FILLED_LATER = {"occupation": 0.09, "exposure": 0.10, "onset": 0.04, "severity": 0.05, "birth_date": 0.05}
SPREADSHEET_FACTOR = 2.5

EXPOSURES = ("household", "workplace", "market", "health_facility", "travel", "other")
SAME_COMMUNE_EXPOSURE = (0.66, 0.10, 0.14, 0.01, 0.01, 0.08)
OTHER_PLACE_EXPOSURE = (0.17, 0.42, 0.25, 0.04, 0.03, 0.09)

NEVER = np.datetime64("NaT", "s")

COLUMNS = (
    "case_code",
    "f_class",
    "source_case",
    "unit",
    "commune",
    "day",
    "detection",
    "onset",
    "sampled_at",
    "result_at",
    "interviewed_at",
    "isolated_at",
    "outcome",
    "outcome_day",
    "severity",
    "symptoms",
    "age",
    "sex",
    "occupation",
    "exposure",
    "name",
    "phone",
    "address",
    "birth_date",
    "issued_at",
)


@dataclass(frozen=True)
class Registry:
    """Everyone on the list: the cases first, then the contacts who stayed negative; codes by order of first row."""

    code: ObjectArray
    people: People
    identities: Identities
    first_issued: TimeArray
    confirmed_at: TimeArray
    """For each case, the time of its first row as F0."""


def _entry_delay(rng: np.random.Generator, event: TimeArray) -> DurationArray:
    """Hours from each event to its row, as timedeltas to the minute."""
    size = len(event)
    hours = rng.gamma(ENTRY_SHAPE, ENTRY_SCALE_HOURS, size)
    hours = np.where(rng.random(size) < LATE_ENTRY_SHARE, rng.uniform(*LATE_ENTRY_HOURS, size), hours)
    spreadsheet = event < np.datetime64(published.SOFTWARE_START, "s")
    hours = np.where(spreadsheet, rng.uniform(*SPREADSHEET_HOURS, size), hours)
    return durations(hours)


def registry(epidemic: Epidemic, course: Course, contacts: Contacts, turned: Turned, of_cases: People) -> Registry:
    """Codes and invented identities of everyone on the list."""
    rng = stream(epidemic.seed, "registry")
    of_contacts = people.draw(rng, contacts.unit)
    everyone = People(
        *(np.concatenate((getattr(of_cases, n), getattr(of_contacts, n))) for n in People.__annotations__)
    )
    commune = np.concatenate((epidemic.commune, contacts.commune))
    first_day = np.concatenate((epidemic.day, contacts.named_on))
    names = people.identities(rng, everyone, commune, first_day, places.communes())
    first = np.concatenate((course.result_at, contacts.isolated_at))
    first[turned.case] = turned.isolated_at
    first = first + _entry_delay(rng, first)
    # The row is written when the patient has been isolated, unless that takes more than a day.
    isolated = isolation_times(course, turned)
    prompt = isolated <= course.result_at + np.timedelta64(24, "h")
    event: TimeArray = np.where(prompt, np.maximum(isolated, course.result_at), course.result_at)
    confirmed: TimeArray = event + _entry_delay(rng, event)
    was_f1 = np.zeros(epidemic.size, dtype=bool)
    was_f1[turned.case] = True
    first[: epidemic.size][~was_f1] = confirmed[~was_f1]
    named, confirmed = _after_their_sources(epidemic, contacts, first, confirmed, was_f1)
    number = np.empty(len(named), dtype=np.int64)
    number[np.argsort(named, kind="stable")] = np.arange(1, len(named) + 1)
    code = np.asarray("BRVT-" + np.char.zfill(number.astype(str), 6).astype(object), dtype=object)
    return Registry(code, everyone, names, named, confirmed)


def _after_their_sources(
    epidemic: Epidemic, contacts: Contacts, first: TimeArray, confirmed: TimeArray, was_f1: BoolArray
) -> tuple[TimeArray, TimeArray]:
    """Times of first rows and of the cases' first rows as F0; nobody is listed before the case that named them.

    Worked out in order of onset, because the case that infected another fell ill before it.
    """
    first, confirmed, start = first.copy(), confirmed.copy(), epidemic.size
    one_hour = np.timedelta64(1, "h")
    for when in np.unique(epidemic.onset):
        now = np.flatnonzero(epidemic.onset == when)
        linked = now[epidemic.source[now] >= 0]
        first[linked] = np.maximum(first[linked], confirmed[epidemic.source[linked]])
        confirmed[now] = np.where(was_f1[now], np.maximum(confirmed[now], first[now] + one_hour), first[now])
    f1, f2 = np.flatnonzero(contacts.is_f1), np.flatnonzero(~contacts.is_f1)
    first[start + f1] = np.maximum(first[start + f1], confirmed[contacts.source[f1]])
    first[start + f2] = np.maximum(first[start + f2], first[start + contacts.source[f2]])
    return first, confirmed


def _exposures(rng: np.random.Generator, epidemic: Epidemic) -> ObjectArray:
    """How each case met the infection: by where its source lives; travel for arrivals and travellers in quarantine."""
    size = epidemic.size
    near = rng.choice(np.array(EXPOSURES, dtype=object), size=size, p=SAME_COMMUNE_EXPOSURE)
    far = rng.choice(np.array(EXPOSURES, dtype=object), size=size, p=OTHER_PLACE_EXPOSURE)
    listed = epidemic.source >= 0
    same = listed & (epidemic.commune == epidemic.commune[epidemic.source])
    exposure = np.where(same, near, np.where(listed, far, "unknown")).astype(object)
    exposure[(epidemic.detection == ARRIVAL) | (~listed & (epidemic.detection == QUARANTINE))] = "travel"
    exposure[~listed & (epidemic.detection == HOSPITAL) & (rng.random(size) < 0.3)] = "health_facility"
    return exposure


def _base(rng: np.random.Generator, everyone: Registry, unit: IntArray, commune: IntArray) -> pd.DataFrame:
    table = places.communes()
    who = everyone.people
    named = everyone.identities
    frame = pd.DataFrame(
        {
            "case_code": everyone.code,
            "unit": np.array(places.CODES, dtype=object)[unit],
            "commune": table.name[commune],
            "age": pd.array(who.age, dtype="Int64"),
            "sex": np.where(who.female, "female", "male"),
            "occupation": who.occupation,
            "name": named.name,
            "phone": named.phone,
            "address": named.address,
            "birth_date": named.birth_date,
        }
    )
    frame.loc[frame["commune"] == "", "commune"] = None
    for field in ("commune", "occupation", "phone", "birth_date"):
        frame.loc[rng.random(len(frame)) < NEVER_FILLED[field], field] = None
    return frame


def rows(epidemic: Epidemic, course: Course, contacts: Contacts, turned: Turned, everyone: Registry) -> pd.DataFrame:
    """Rows of `cases`, all versions, in order of issue."""
    rng = stream(epidemic.seed, "line list")
    unit = np.concatenate((epidemic.unit, contacts.unit))
    commune = np.concatenate((epidemic.commune, contacts.commune))
    base = _base(rng, everyone, unit, commune)
    cases, others = base.iloc[: epidemic.size], base.iloc[epidemic.size :]
    final = _cases(rng, epidemic, course, turned, everyone, cases)
    parts = [
        _named(turned, everyone, epidemic, cases),
        *_case_versions(rng, epidemic, course, turned, everyone, final),
        _contacts(contacts, everyone, others),
    ]
    return issued(pd.concat([part[list(COLUMNS)] for part in parts], ignore_index=True))


def _cases(
    rng: np.random.Generator,
    epidemic: Epidemic,
    course: Course,
    turned: Turned,
    everyone: Registry,
    base: pd.DataFrame,
) -> pd.DataFrame:
    """One finished row a case."""
    isolated = isolation_times(course, turned)
    onset = pd.Series(days(epidemic.onset)).where(epidemic.symptomatic)
    onset[rng.random(len(onset)) < NEVER_FILLED["onset"]] = pd.NaT
    exposure = _exposures(rng, epidemic)
    exposure[rng.random(len(exposure)) < NEVER_FILLED["exposure"]] = None
    return base.assign(
        f_class="F0",
        source_case=pd.Series(everyone.code[epidemic.source]).where(epidemic.source >= 0, None),
        day=days(epidemic.day),
        detection=np.array(DETECTIONS, dtype=object)[epidemic.detection],
        onset=onset.to_numpy(),
        sampled_at=course.sampled_at,
        result_at=course.result_at,
        interviewed_at=_interviewed_at(epidemic, course),
        isolated_at=isolated,
        outcome=course.outcome,
        outcome_day=days(np.maximum(course.outcome_day, 0)),
        severity=course.severity,
        symptoms=pd.Series(course.symptoms).where(course.symptoms != "", None),
        exposure=exposure,
    )


def _interviewed_at(epidemic: Epidemic, course: Course) -> TimeArray:
    """When each case was asked about contacts and places: mostly within hours, hardly any more in the winter wave."""
    rng = stream(epidemic.seed, "interviews")
    waited = rng.gamma(INTERVIEW_SHAPE, INTERVIEW_SCALE_HOURS, epidemic.size)
    asked = rng.random(epidemic.size) < level_between(INTERVIEWED_SHARE)[epidemic.day]
    return np.where(asked, course.result_at + durations(waited), NEVER)


def _case_versions(
    rng: np.random.Generator,
    epidemic: Epidemic,
    course: Course,
    turned: Turned,
    everyone: Registry,
    final: pd.DataFrame,
) -> list[pd.DataFrame]:
    """The row at the result, the rows at a late isolation and when it became severe, and the row at the end."""
    size = epidemic.size
    grave = np.isin(course.severity, ["severe", "critical"])
    first_at = everyone.confirmed_at
    first = final.assign(outcome="in_treatment", outcome_day=NEVER, issued_at=first_at)
    first["severity"] = np.where(grave, "moderate", first["severity"])
    early = np.where(first_at < np.datetime64(published.SOFTWARE_START, "s"), SPREADSHEET_FACTOR, 1.0)
    for field, share in FILLED_LATER.items():
        first.loc[rng.random(size) < share * early, field] = None
    first.loc[first["interviewed_at"].to_numpy() > first_at, "interviewed_at"] = NEVER
    # A row cannot say that someone was isolated before it happened.
    isolated: TimeArray = final["isolated_at"].to_numpy().astype("datetime64[s]")
    not_yet = isolated > first_at
    first.loc[not_yet, "isolated_at"] = NEVER
    ended = course.outcome_day >= 0
    ended_at = at(course.outcome_day, rng.uniform(*OUTCOME_HOURS, size))
    ended_at = np.maximum(ended_at + _entry_delay(rng, ended_at), first_at + np.timedelta64(6, "h"))
    isolated_at = np.maximum(isolated + _entry_delay(rng, isolated), first_at + np.timedelta64(1, "h"))
    update = not_yet & ~grave & (~ended | (isolated_at < ended_at))
    worse_at = at(epidemic.day + rng.integers(*WORSENED_AFTER_DAYS, size), rng.uniform(8.0, 18.0, size))
    worse_at = np.maximum(worse_at, first_at + np.timedelta64(3, "h"))
    worse = grave & (~ended | (worse_at < ended_at))
    return [
        first,
        first[update].assign(isolated_at=isolated[update], issued_at=isolated_at[update]),
        final[worse].assign(outcome="in_treatment", outcome_day=NEVER, issued_at=worse_at[worse]),
        final[ended].assign(issued_at=ended_at[ended]),
    ]


def _named(turned: Turned, everyone: Registry, epidemic: Epidemic, base: pd.DataFrame) -> pd.DataFrame:
    """The rows of class F1 of people who became cases later."""
    return base.iloc[turned.case].assign(
        f_class="F1",
        source_case=everyone.code[epidemic.source[turned.case]],
        day=days(turned.named_on),
        **_not_yet(isolated_at=turned.isolated_at),
        issued_at=everyone.first_issued[turned.case],
    )


def _contacts(contacts: Contacts, everyone: Registry, base: pd.DataFrame) -> pd.DataFrame:
    """The rows of F1 and F2 who stayed negative."""
    number = np.where(contacts.is_f1, contacts.source, len(everyone.confirmed_at) + contacts.source)
    first = everyone.first_issued[len(everyone.confirmed_at) :]
    isolated: BoolArray = contacts.is_f1 & (contacts.isolated_at <= first)
    return base.assign(
        f_class=np.where(contacts.is_f1, "F1", "F2"),
        source_case=everyone.code[number],
        day=days(contacts.named_on),
        **_not_yet(isolated_at=np.where(isolated, contacts.isolated_at, NEVER)),
        issued_at=first,
    )


def _not_yet(isolated_at: TimeArray) -> dict[str, Any]:
    """The fields that only a case has, empty."""
    empty = dict.fromkeys(("detection", "outcome", "severity", "symptoms", "exposure"))
    times = dict.fromkeys(("onset", "sampled_at", "result_at", "interviewed_at", "outcome_day"), NEVER)
    return {**empty, **times, "isolated_at": isolated_at}


def listed_contacts(epidemic: Epidemic, contacts: Contacts, turned: Turned) -> IntArray:
    """How many close contacts of each case are on the list."""
    f1 = contacts.source[contacts.is_f1]
    counts = np.bincount(f1, minlength=epidemic.size) + np.bincount(
        epidemic.source[turned.case], minlength=epidemic.size
    )
    return counts.astype(np.int64)
