"""False stories on the networks: more of them while cases rise and measures change, fewer after a bulletin.

Each is told again at every step: found, checked, passed to the police, answered, closed. Some are never closed.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from data_sources.demo import channel
from data_sources.demo.channel import Posts
from data_sources.demo.clock import DAY_COUNT, at, days, durations, level_between, number_of_day
from data_sources.demo.draws import FloatArray, choose, stream
from data_sources.demo.reporting import issued
from data_sources.demo.spread import Epidemic
from data_sources.demo.telecom import strictness

# Stories a day at 100 cases a day; they grow with the square root of cases, for people grow used to the figures.
STORIES_AT_100_CASES, STORIES_WITHOUT_CASES = 6.0, 0.2
MORE_BY_CHANGED_MEASURE, LESS_BY_BULLETIN, LEAST_SHARE = 2.2, 0.28, 0.4
TOPICS = ("vaccine", "treatment", "figures", "measures", "supplies", "relief", "other")
TOPIC_SHARES = {
    date(2021, 4, 1): (0.30, 0.20, 0.20, 0.08, 0.06, 0.02, 0.14),
    date(2021, 7, 10): (0.14, 0.15, 0.19, 0.22, 0.18, 0.04, 0.08),
    date(2021, 8, 20): (0.15, 0.16, 0.16, 0.16, 0.14, 0.16, 0.07),
    date(2021, 10, 20): (0.24, 0.27, 0.20, 0.09, 0.05, 0.06, 0.09),
}
NETWORKS = ("facebook", "zalo", "tiktok", "youtube", "website", "other")
NETWORK_SHARES = (0.52, 0.2, 0.12, 0.07, 0.05, 0.04)
FOUND_HOURS = (7.0, 22.0)
ACTED_MEDIAN_HOURS, ACTED_SD, BUSY_FACTOR = 6.5, 0.95, 0.06
TO_POLICE_SHARE, ANSWERED_SHARE = 0.13, 0.86
# Some are left lying until the register is gone through at the end of the next month or so.
LEFT_LYING_SHARE, LEFT_LYING_DAYS = 0.04, (12.0, 45.0)
STEP_MEDIAN_HOURS, STEP_SD = 15.0, 0.8
REACH_MEDIAN, REACH_SD, REACH_GROWS = 1_900.0, 1.1, 1.35
TOLD_AFTER_HOURS = (0.05, 1.2)
# The register is sometimes filled in a day or two after the fact.
LATE_SHARE, LATE_HOURS = 0.07, (20.0, 60.0)


def per_day(epidemic: Epidemic, made: Posts) -> FloatArray:
    """How many stories are to be expected each day."""
    cases = channel.week_mean(epidemic)
    closed = strictness().mean(axis=0)
    change = np.convolve(np.abs(np.diff(closed, prepend=closed[:1])), np.ones(3))[:DAY_COUNT]
    rate = STORIES_WITHOUT_CASES + STORIES_AT_100_CASES * np.sqrt(cases / 100)
    calm = np.maximum(1 - LESS_BY_BULLETIN * made.bulletins_until_noon(), LEAST_SHARE)
    return np.asarray(rate * (1 + MORE_BY_CHANGED_MEASURE * change) * calm, dtype=np.float64)


def rows(epidemic: Epidemic, made: Posts) -> pd.DataFrame:
    """Rows of `misinformation`, every item at each of its steps."""
    rng = stream(epidemic.seed, "rumours")
    expected = per_day(epidemic, made)
    day = np.repeat(np.arange(DAY_COUNT), rng.poisson(expected))
    size = len(day)
    found = np.sort(at(day, rng.uniform(*FOUND_HOURS, size)))
    day = number_of_day(found)
    by_topic = [{when: row[n] for when, row in TOPIC_SHARES.items()} for n in range(len(TOPICS))]
    shares = np.array([level_between(knots) for knots in by_topic]).T
    topic = np.array(TOPICS, dtype=object)[choose(rng, shares[day])]
    network = np.array(NETWORKS, dtype=object)[rng.choice(len(NETWORKS), size=size, p=NETWORK_SHARES)]
    busy = 1 + BUSY_FACTOR * expected[day] ** 1.5
    acted = found + durations(rng.lognormal(np.log(ACTED_MEDIAN_HOURS), ACTED_SD, size) * busy)
    to_police = rng.random(size) < TO_POLICE_SHARE
    answered = rng.random(size) < ANSWERED_SHARE
    lying = np.where(rng.random(size) < LEFT_LYING_SHARE, rng.uniform(*LEFT_LYING_DAYS, size), 0.0)
    reach = np.floor(rng.lognormal(np.log(REACH_MEDIAN), REACH_SD, size)).astype(np.int64)
    step = durations(rng.lognormal(np.log(STEP_MEDIAN_HOURS), STEP_SD, (4, size)).ravel()).reshape(4, size)
    at_police, at_answer = acted + step[0], acted + np.where(to_police, step[0] + step[1], step[1])
    closed = np.where(answered, at_answer, np.where(to_police, at_police, acted)) + step[2] + durations(24 * lying)
    none = np.full(size, np.datetime64("NaT", "s"))
    steps = (
        ("new", np.ones(size, dtype=bool), found, none, none),
        ("verified", np.ones(size, dtype=bool), acted, acted, none),
        ("passed_to_police", to_police, at_police, acted, none),
        ("answered", answered, at_answer, acted, none),
        ("closed", np.ones(size, dtype=bool), closed, acted, closed),
    )
    number = np.arange(1, size + 1)
    parts = []
    for place, (status, which, when, acted_at, closed_at) in enumerate(steps):
        late = rng.random(size) < LATE_SHARE
        waited = np.where(late, rng.uniform(*LATE_HOURS, size), rng.uniform(*TOLD_AFTER_HOURS, size))
        parts.append(
            pd.DataFrame(
                {
                    "item_id": [f"TG-{one:05d}" for one in number],
                    "day": days(day),
                    "topic": topic,
                    "platform": network,
                    "found_at": found,
                    "reach": np.floor(reach * REACH_GROWS**place).astype(np.int64),
                    "status": status,
                    "acted_at": acted_at,
                    "closed_at": closed_at,
                    "issued_at": when + durations(waited),
                    "_place": place,
                }
            )[which]
        )
    table = pd.concat(parts, ignore_index=True)
    # A step is never told before the one it follows, however late that came.
    table = table.sort_values(["item_id", "_place"], kind="stable")
    table["issued_at"] = table.groupby("item_id")["issued_at"].cummax()
    table = table.drop_duplicates(["item_id", "issued_at"], keep="last")
    return issued(table.drop(columns="_place"))
