"""The follow-up of close contacts: the same people as on the F1 list, and those that only Bluezone or QR found.

A contact is written when listed, again after every third day's visit, and when the follow-up ends: completed, lost
after three days without being seen, become a case, or died of something else. Some visits are missed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from data_sources.demo import places
from data_sources.demo.clock import DAY_COUNT, at, days, durations, level_between, number_of_day
from data_sources.demo.contacts import Contacts, Turned
from data_sources.demo.course import Course
from data_sources.demo.draws import BoolArray, IntArray, ObjectArray, TimeArray, stream
from data_sources.demo.line_list import NEVER, Registry
from data_sources.demo.reporting import issued
from data_sources.demo.spread import Epidemic

FOLLOW_UP_DAYS, VISITED_AFTER_DAYS, MISSED_SHARE = 14, (3, 6, 9, 12), 0.04
# Share of contacts who were lost: hardly anyone in the sites of summer, many at home in winter.
LOST_SHARE = {date(2021, 8, 1): 0.015, date(2021, 10, 1): 0.03, date(2021, 11, 20): 0.07, date(2021, 12, 15): 0.13}
LOST_UNSEEN_DAYS, LOST_AFTER_DAYS = 3, (4, 11)
# Of the lost, the share nobody ever saw; of all, the share that died of something else during follow-up.
NEVER_SEEN_SHARE_OF_LOST, DIED_SHARE = 0.35, 0.0002
# Of those taken to quarantine, how long after being named they were told: a share of the wait.
TOLD_AFTER_SHARE = (0.1, 0.9)
NAMED_BEFORE_ISOLATION_SHAPE, NAMED_BEFORE_ISOLATION_SCALE_HOURS = 2.0, 4.0
# Contacts that an app found and nobody put on the list, by each case that was traced by an app.
UNLISTED_PER_TRACED = 0.75
# Of the listed contacts found by interview, the share that an app found as well, once the apps were in use.
ALSO_AUTOMATIC_SHARE = 0.09
EMPTY_SHARE = {"told_at": 0.045, "named_at": 0.015, "found_by": 0.03, "last_seen_day": 0.004}
REVIEW_HOURS, ENDED_HOURS, UNLISTED_AFTER_HOURS = (9.0, 18.0), (15.0, 21.0), (0.5, 5.0)

COLUMNS = (
    "contact_code", "source_case", "unit", "day", "named_at", "told_at", "quarantined_at", "found_by",
    "found_automatically", "on_f1_list", "follow_up_status", "ended_on", "last_seen_day", "issued_at",
)  # fmt: skip


@dataclass(frozen=True)
class Followed:
    """Close contacts on the F1 list as parallel arrays, the cases among them first.

    `person` is the number in the registry, `source` the number of the case that named them.
    """

    person: IntArray
    source: IntArray
    unit: IntArray
    commune: IntArray
    named_at: TimeArray
    quarantined_at: TimeArray
    case: IntArray
    """The number of the case they became, or -1."""


def followed(epidemic: Epidemic, course: Course, contacts: Contacts, turned: Turned) -> Followed:
    """Everyone who is on the line list as F1 at some time."""
    rng = stream(epidemic.seed, "follow-up times")
    f1 = np.flatnonzero(contacts.is_f1)
    hours = rng.gamma(NAMED_BEFORE_ISOLATION_SHAPE, NAMED_BEFORE_ISOLATION_SCALE_HOURS, len(turned.case))
    source = epidemic.source[turned.case]
    named = np.maximum(turned.isolated_at - durations(hours), course.result_at[source])
    named = np.maximum(np.minimum(named, turned.isolated_at), at(turned.named_on, np.zeros(len(turned.case))))
    return Followed(
        person=np.concatenate((turned.case, epidemic.size + f1)),
        source=np.concatenate((source, contacts.source[f1])),
        unit=np.concatenate((epidemic.unit[turned.case], contacts.unit[f1])),
        commune=np.concatenate((epidemic.commune[turned.case], contacts.commune[f1])),
        named_at=np.concatenate((named, contacts.named_at[f1])),
        quarantined_at=np.concatenate((turned.isolated_at, contacts.isolated_at[f1])),
        case=np.concatenate((turned.case, np.full(len(f1), -1))),
    )


def found_by(people: Followed, traced: pd.DataFrame, codes: ObjectArray) -> ObjectArray:
    """How each contact on the list was found: those of a traced case as that case's contacts were, by its number."""
    newest = traced.drop_duplicates("case_code", keep="last").set_index("case_code")
    source = codes[people.source]
    way = newest["found_by"].reindex(source).to_numpy(dtype=object)
    most = newest["contacts_found"].reindex(source).fillna(0).to_numpy(dtype=float)
    place = pd.Series(source).groupby(source).cumcount().to_numpy()
    return np.where((place < most) & pd.notna(way), way, "interview").astype(object)


def rows(
    epidemic: Epidemic, people: Followed, ways: ObjectArray, everyone: Registry, traced: pd.DataFrame
) -> pd.DataFrame:
    """Rows of `contacts`, all versions, in order of issue."""
    rng = stream(epidemic.seed, "follow-up")
    size = len(people.person)
    named_on = number_of_day(people.named_at)
    ended_on, last_seen, status = _ends(rng, epidemic, people, named_on)
    wait = (people.quarantined_at - people.named_at).astype(np.float64) / 3600
    told = people.named_at + durations(wait * rng.uniform(*TOLD_AFTER_SHARE, size))
    automatic = (
        (ways == "qr")
        | (ways == "bluezone")
        | (
            (rng.random(size) < ALSO_AUTOMATIC_SHARE)
            & pd.Series(everyone.code[people.source]).isin(traced["case_code"]).to_numpy()
        )
    )
    frame = pd.DataFrame(
        {
            "contact_code": everyone.code[people.person],
            "source_case": everyone.code[people.source],
            "unit": np.array(places.CODES, dtype=object)[people.unit],
            "day": days(named_on),
            "named_at": people.named_at,
            "told_at": told,
            "quarantined_at": people.quarantined_at,
            "found_by": ways,
            "found_automatically": automatic,
            "on_f1_list": True,
        }
    )
    for field in ("told_at", "named_at", "found_by"):
        frame.loc[rng.random(size) < EMPTY_SHARE[field], field] = None
    listed_at = everyone.first_issued[people.person]
    taken_by_then = (last_seen >= 0) & (people.quarantined_at <= listed_at)
    seen_first = np.where(taken_by_then, np.minimum(number_of_day(people.quarantined_at), last_seen), -1)
    first = _version(frame, "under_follow_up", -1, seen_first, listed_at)
    # A row cannot say what had not happened when it was written.
    for field in ("told_at", "quarantined_at"):
        late = frame[field].to_numpy() > listed_at
        first.loc[late, field] = NEVER
    visits, seen, newest_at = [], seen_first, listed_at
    for after in VISITED_AFTER_DAYS:
        visit_on = named_on + after
        made = ((ended_on < 0) | (ended_on > visit_on)) & (rng.random(size) >= MISSED_SHARE)
        visited_at = np.maximum(at(visit_on, rng.uniform(*REVIEW_HOURS, size)), newest_at + np.timedelta64(1, "h"))
        seen_then = np.where(last_seen < 0, -1, np.minimum(visit_on, last_seen))
        seen = np.where(made, np.maximum(seen_then, seen), seen)
        newest_at = np.where(made, visited_at, newest_at)
        visits.append(_version(frame, "under_follow_up", -1, seen, visited_at)[made])
    ended_at = at(np.maximum(ended_on, 0), rng.uniform(*ENDED_HOURS, size))
    became = people.case >= 0
    ended_at[became] = everyone.confirmed_at[people.case[became]]
    ended_at = np.maximum(ended_at, newest_at + np.timedelta64(1, "h"))
    last_seen = np.where(rng.random(size) < EMPTY_SHARE["last_seen_day"], -1, last_seen)
    end = _version(frame, status, ended_on, last_seen, ended_at)
    parts = [first, *visits, end[ended_on >= 0], _unlisted(rng, epidemic, everyone, traced)]
    return issued(pd.concat([part[list(COLUMNS)] for part in parts], ignore_index=True))


def _ends(
    rng: np.random.Generator, epidemic: Epidemic, people: Followed, named_on: IntArray
) -> tuple[IntArray, IntArray, ObjectArray]:
    """For each contact the day the follow-up ended and the day last seen (-1 for none), and how it ended."""
    size = len(people.person)
    became: BoolArray = people.case >= 0
    lost = ~became & (rng.random(size) < level_between(LOST_SHARE)[np.clip(named_on, 0, DAY_COUNT - 1)])
    died = ~became & ~lost & (rng.random(size) < DIED_SHARE)
    ended_on = named_on + FOLLOW_UP_DAYS
    early = rng.integers(*LOST_AFTER_DAYS, size)
    ended_on = np.where(lost | died, named_on + early, ended_on)
    ended_on[became] = epidemic.day[people.case[became]]
    last_seen = np.where(lost, ended_on - LOST_UNSEEN_DAYS, ended_on)
    last_seen[lost & (rng.random(size) < NEVER_SEEN_SHARE_OF_LOST)] = -1
    status = np.select([became, lost, died], ["became_case", "lost", "died"], "completed").astype(object)
    return np.where(ended_on >= DAY_COUNT, -1, ended_on), last_seen, status


def _version(
    frame: pd.DataFrame, status: ObjectArray | str, ended_on: IntArray | int, last_seen: IntArray, issued_at: TimeArray
) -> pd.DataFrame:
    """The rows as written at `issued_at`."""
    ended, seen = np.broadcast_to(ended_on, last_seen.shape), last_seen
    return frame.assign(
        follow_up_status=status,
        ended_on=pd.Series(days(np.maximum(ended, 0))).where(ended >= 0).to_numpy(),
        last_seen_day=pd.Series(days(np.maximum(seen, 0))).where(seen >= 0).to_numpy(),
        issued_at=issued_at,
    )


def _unlisted(rng: np.random.Generator, epidemic: Epidemic, everyone: Registry, traced: pd.DataFrame) -> pd.DataFrame:
    """Contacts that an app found around the cases it helped to trace, and that are not on the F1 list."""
    by_app = traced.drop_duplicates("case_code")
    by_app = by_app[by_app["found_by"].isin(["qr", "bluezone"])].reset_index(drop=True)
    which = np.repeat(np.arange(len(by_app)), rng.poisson(UNLISTED_PER_TRACED, len(by_app)))
    source = by_app.iloc[which].reset_index(drop=True)
    codes = np.asarray("TX-" + np.char.zfill(np.arange(1, len(source) + 1).astype(str), 6).astype(object))
    named_at = source["traced_at"].to_numpy().astype("datetime64[s]")
    return pd.DataFrame(
        {
            "contact_code": codes,
            "source_case": source["case_code"].to_numpy(),
            "unit": source["unit"].to_numpy(),
            "day": days(number_of_day(named_at)),
            "named_at": named_at,
            "told_at": NEVER,
            "quarantined_at": NEVER,
            "found_by": source["found_by"].to_numpy(),
            "found_automatically": True,
            "on_f1_list": False,
            "follow_up_status": "unknown",
            "ended_on": NEVER,
            "last_seen_day": NEVER,
            "issued_at": named_at + durations(rng.uniform(*UNLISTED_AFTER_HOURS, len(source))),
        }
    )
