"""The tracing platform: which cases were traced, how many contacts it found, and the trails that need a map."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from data_sources.demo import places, published
from data_sources.demo.clock import at, days, durations, index, level_between, number_of_day
from data_sources.demo.course import Course
from data_sources.demo.draws import BoolArray, IntArray, ObjectArray, TimeArray, stream
from data_sources.demo.reporting import issued
from data_sources.demo.spread import Epidemic

# The other districts began in September; these dates are the demonstration's own.
STARTS = {
    **published.TRACING_STARTS,
    "752": date(2021, 9, 6),
    "753": date(2021, 9, 8),
    "750": date(2021, 9, 13),
    "751": date(2021, 9, 15),
    "755": date(2021, 9, 20),
}
# Share of new cases traced after the published date; by December nearly nobody was.
TRACED_SHARE = {date(2021, 8, 30): 0.75, date(2021, 10, 20): 0.7, date(2021, 11, 15): 0.3, date(2021, 12, 10): 0.06}
TRACED_AFTER_SHAPE, TRACED_AFTER_SCALE_HOURS = 1.8, 7.0
BACKLOG_DAYS = 2
# A traced case has one contact, and this many more on average, where so many are listed; cases with no listed contact
# are traced this much less often.
MORE_CONTACTS, ALONE_WEIGHT = 0.55, 0.15
NEEDS_MAP_SHARE = 0.24
# Cases found in quarantine moved nowhere; those found in hospital or at large moved most.
MAP_WEIGHT = np.array([3.0, 0.15, 1.0, 3.0, 0.5])
FOUND_BY, FOUND_BY_SHARES = ("interview", "qr", "bluezone"), (0.74, 0.18, 0.08)
# More contacts come to light for some cases the day after.
REVISED_SHARE = 0.12

TRAIL_DAYS_BEFORE_ONSET = 3
VISITS_PER_DAY = (1, 4)
OWN_COMMUNE_SHARE, OWN_DISTRICT_SHARE = 0.62, 0.93
POINT_SOURCES, POINT_SOURCE_SHARES = ("interview", "qr", "bluezone"), (0.66, 0.22, 0.12)
HOME_JITTER_DEGREES = 0.0025


def _chosen(rng: np.random.Generator, epidemic: Epidemic, traced_at: TimeArray, listed: IntArray) -> IntArray:
    """Case numbers that were traced; exactly the published number by the published date."""
    start = np.array([index(STARTS[code]) for code in places.CODES])[epidemic.unit]
    as_of = index(published.PLATFORMS_AS_OF)
    day = number_of_day(traced_at)
    possible = (epidemic.day >= start - BACKLOG_DAYS) & (day >= start)
    early = np.flatnonzero(possible & (day <= as_of))
    first = np.array(
        [
            early[(epidemic.unit[early] == places.NUMBER_OF[code]) & (day[early] == index(when))][0]
            for code, when in published.TRACING_STARTS.items()
        ]
    )
    rest = np.setdiff1d(early, first)
    # Cases whose contacts are known come first: the others were mostly found alone.
    ease = np.where(listed > 0, 1.0, ALONE_WEIGHT)
    left = published.TRACED_F0 - len(first)
    early = np.concatenate((first, rng.choice(rest, size=left, replace=False, p=ease[rest] / ease[rest].sum())))
    share = level_between(TRACED_SHARE)[epidemic.day] * ease
    late = np.flatnonzero(possible & (day > as_of) & (rng.random(epidemic.size) < share))
    return np.concatenate((early, late))


def _exactly(rng: np.random.Generator, wanted: int, counts: IntArray, limits: IntArray) -> IntArray:
    """`counts` moved by ones, within 0 and `limits`, until they sum to `wanted`."""
    counts = counts.copy()
    while (gap := wanted - int(counts.sum())) != 0:
        room = np.flatnonzero(counts < limits) if gap > 0 else np.flatnonzero(counts > 0)
        if len(room) == 0:
            raise ValueError(f"the cases have {int(limits.sum())} listed contacts; {wanted} were wanted")
        moved = rng.choice(room, size=min(abs(gap), len(room)), replace=False)
        counts[moved] += 1 if gap > 0 else -1
    return counts


def traces(epidemic: Epidemic, course: Course, codes: ObjectArray, listed: IntArray) -> tuple[pd.DataFrame, IntArray]:
    """Rows of `traces`, all versions, and the numbers of the cases that need a movement map.

    `listed` is the number of close contacts of each case in the line list; the platform never finds more.
    """
    rng = stream(epidemic.seed, "tracing")
    waited = rng.gamma(TRACED_AFTER_SHAPE, TRACED_AFTER_SCALE_HOURS, epidemic.size)
    traced_at = course.result_at + durations(waited)
    start = np.array([index(STARTS[code]) for code in places.CODES])[epidemic.unit]
    opening = at(start, rng.uniform(8.0, 17.0, epidemic.size))
    # The backlog of the last days was traced on the first day.
    traced_at = np.where(epidemic.day < start, np.maximum(traced_at, opening), traced_at)
    case = _chosen(rng, epidemic, traced_at, listed)
    day, traced_at = number_of_day(traced_at)[case], traced_at[case]
    early = day <= index(published.PLATFORMS_AS_OF)
    found = np.minimum(listed[case], 1 + rng.poisson(MORE_CONTACTS, len(case)))
    found[early] = _exactly(rng, published.CONTACTS_FOUND, found[early], listed[case][early])
    needs = _needs_map(rng, epidemic.detection[case], early)
    issued_at = traced_at + durations(rng.uniform(0.5, 6.0, len(case)))
    issued_at = np.where(early, np.minimum(issued_at, at(index(published.PLATFORMS_AS_OF), 23.0)), issued_at)
    frame = pd.DataFrame(
        {
            "case_code": codes[case],
            "unit": np.array(places.CODES, dtype=object)[epidemic.unit[case]],
            "day": days(day),
            "traced_at": traced_at,
            "found_by": rng.choice(np.array(FOUND_BY, dtype=object), size=len(case), p=FOUND_BY_SHARES),
            "contacts_found": found,
            "needs_movement_map": needs,
            "issued_at": issued_at,
        }
    )
    more = ~early & (found < listed[case]) & (rng.random(len(case)) < REVISED_SHARE)
    second = frame[more].assign(contacts_found=found[more] + 1)
    second["issued_at"] = second["issued_at"] + pd.Timedelta(hours=24)
    return issued(pd.concat([frame, second], ignore_index=True)), case[needs]


def _needs_map(rng: np.random.Generator, detection: IntArray, early: BoolArray) -> BoolArray:
    """Which traced cases need a movement map; exactly the published number among the early ones."""
    lot = np.log(MAP_WEIGHT[detection]) + rng.gumbel(size=len(detection))
    needs = np.zeros(len(detection), dtype=bool)
    for group, count in (
        (np.flatnonzero(early), published.F0_NEEDING_MAP),
        (np.flatnonzero(~early), int(NEEDS_MAP_SHARE * (~early).sum())),
    ):
        needs[group[np.argsort(-lot[group])[:count]]] = True
    return needs


def trail_points(
    epidemic: Epidemic, course: Course, case: IntArray, codes: ObjectArray, traced: pd.DataFrame, isolated_at: TimeArray
) -> pd.DataFrame:
    """Rows of `trail_points` of the cases in `case`: home, and the places visited until isolation."""
    rng = stream(epidemic.seed, "trails")
    table = places.communes()
    last = number_of_day(isolated_at[case])
    first = np.minimum(epidemic.onset[case], last) - TRAIL_DAYS_BEFORE_ONSET
    length = last - first + 1
    who = np.repeat(np.arange(len(case)), length)
    day = np.concatenate([np.arange(a, b + 1) for a, b in zip(first, last, strict=True)]) if len(case) else first
    visits = rng.integers(*VISITS_PER_DAY, len(who), endpoint=True)
    visitor, visit_day = np.repeat(who, visits), np.repeat(day, visits)
    place = _visited(rng, epidemic, case, visitor)
    spots = places.meeting_places(epidemic.seed, table)
    commune = epidemic.commune[case]
    home_longitude = np.round(table.longitude[commune] + rng.uniform(-1, 1, len(case)) * HOME_JITTER_DEGREES, 4)
    home_latitude = np.round(table.latitude[commune] + rng.uniform(-1, 1, len(case)) * HOME_JITTER_DEGREES, 4)
    morning, evening = at(day, rng.uniform(5.5, 6.6, len(who))), at(day, rng.uniform(20.2, 22.5, len(who)))
    out = at(visit_day, rng.uniform(6.7, 20.0, len(visitor)))
    person = np.concatenate((who, who, visitor))
    frame = pd.DataFrame(
        {
            "case_code": codes[case][person],
            "visited_at": np.concatenate((morning, evening, out)),
            "longitude": np.concatenate((home_longitude[who], home_longitude[who], spots.longitude[place])),
            "latitude": np.concatenate((home_latitude[who], home_latitude[who], spots.latitude[place])),
            "place_kind": np.concatenate((np.full(2 * len(who), "home", dtype=object), spots.kind[place])),
            "point_source": rng.choice(np.array(POINT_SOURCES, dtype=object), size=len(person), p=POINT_SOURCE_SHARES),
        }
    )
    frame.loc[frame["place_kind"] == "home", "point_source"] = "interview"
    frame = frame[frame["visited_at"].to_numpy() < isolated_at[case][person]]
    listed_at = traced.drop_duplicates("case_code").set_index("case_code")["issued_at"]
    drawn = dict(zip(codes[case], rng.uniform(2.0, 28.0, len(case)), strict=True))
    hours = pd.to_timedelta((frame["case_code"].map(drawn) * 60).round(), unit="min")
    frame = frame.assign(issued_at=frame["case_code"].map(listed_at) + hours)
    return issued(frame.drop_duplicates(["case_code", "visited_at"]).sort_values(["case_code", "visited_at"]))


def _visited(rng: np.random.Generator, epidemic: Epidemic, case: IntArray, visitor: IntArray) -> IntArray:
    """A meeting place for each visit: mostly in one's own commune or district, and often the same one."""
    table = places.communes()
    per_commune = sum(places.PLACES_PER_COMMUNE)
    own, unit = epidemic.commune[case][visitor], epidemic.unit[case][visitor]
    island = places.NUMBER_OF["755"]
    near = places.random_communes(rng, unit, table)
    elsewhere_unit = rng.integers(0, island, len(visitor))
    elsewhere = places.random_communes(rng, np.where(unit == island, island, elsewhere_unit), table)
    lot = rng.random(len(visitor))
    commune = np.where(lot < OWN_COMMUNE_SHARE, own, np.where(lot < OWN_DISTRICT_SHARE, near, elsewhere))
    # Half of the visits go to two habitual places.
    habit = rng.integers(0, per_commune, (len(case), 2))[visitor, rng.integers(0, 2, len(visitor))]
    anywhere = rng.integers(0, per_commune, len(visitor))
    within = np.where(rng.random(len(visitor)) < 0.5, habit, anywhere)
    place = commune * per_commune + within
    return np.asarray(place, dtype=np.int64)
