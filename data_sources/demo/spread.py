"""The epidemic: which district each case belongs to, how it was found, when it began and who passed it on.

A renewal process with spill-over between districts, conditioned on the province's daily counts: the more recent
infection presses on a district, from itself and from its neighbours, the larger its part of the day's cases.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from data_sources.demo import curve, places, published
from data_sources.demo.clock import DAY_COUNT, index, level_between
from data_sources.demo.draws import BoolArray, FloatArray, IntArray, choose, stream

DETECTIONS = ("community", "quarantine", "locked_down_area", "hospital_screening", "arrival")
COMMUNITY, QUARANTINE, LOCKED_DOWN, HOSPITAL, ARRIVAL = range(5)

# How strongly each district was pressed upon beyond what its own cases explain (markets, fishing ports, factories).
PRESSURE = {
    "747": {date(2021, 6, 28): 0.25, date(2021, 7, 20): 0.34, date(2021, 8, 21): 0.25, date(2021, 11, 1): 0.30},
    "748": {date(2021, 6, 28): 0.05, date(2021, 8, 1): 0.05, date(2021, 8, 21): 0.03, date(2021, 11, 1): 0.10},
    "750": {date(2021, 6, 28): 0.05, date(2021, 8, 1): 0.03, date(2021, 8, 21): 0.01, date(2021, 11, 1): 0.10},
    "751": {date(2021, 6, 28): 0.02, date(2021, 8, 1): 0.02, date(2021, 8, 21): 0.01, date(2021, 11, 1): 0.10},
    "752": {date(2021, 6, 28): 0.13, date(2021, 8, 1): 0.42, date(2021, 8, 21): 0.64, date(2021, 11, 1): 0.12},
    "753": {date(2021, 6, 28): 0.10, date(2021, 8, 1): 0.08, date(2021, 8, 21): 0.03, date(2021, 11, 1): 0.06},
    "754": {date(2021, 6, 28): 0.40, date(2021, 8, 1): 0.07, date(2021, 8, 21): 0.03, date(2021, 11, 1): 0.21},
    "755": {date(2021, 11, 1): 0.0, date(2021, 11, 20): 0.003},
}
OWN_DISTRICT_SHARE = 0.88
MAINLAND_NEIGHBOUR, ISLAND_NEIGHBOUR = 1.0, 0.02

# How cases were found, by period: community, quarantine, locked-down area, hospital screening.
FOUND_IN = {
    date(2021, 6, 28): (0.30, 0.45, 0.15, 0.10),
    date(2021, 7, 25): (0.14, 0.58, 0.24, 0.04),
    date(2021, 8, 21): (0.10, 0.24, 0.63, 0.03),
    date(2021, 9, 14): (0.27, 0.22, 0.45, 0.06),
    date(2021, 10, 20): (0.42, 0.30, 0.16, 0.12),
    date(2021, 12, 1): (0.58, 0.20, 0.11, 0.11),
}
# Days from onset to the positive result, by how the case was found.
DELAYS = np.arange(8)
DELAY_SHARES = np.array(
    [
        [0.02, 0.14, 0.25, 0.25, 0.17, 0.10, 0.05, 0.02],
        [0.12, 0.40, 0.30, 0.13, 0.05, 0.0, 0.0, 0.0],
        [0.08, 0.27, 0.30, 0.20, 0.10, 0.05, 0.0, 0.0],
        [0.03, 0.15, 0.25, 0.25, 0.17, 0.10, 0.05, 0.0],
        [0.20, 0.40, 0.30, 0.10, 0.0, 0.0, 0.0, 0.0],
    ]
)
SYMPTOMATIC_SHARE = np.array([0.72, 0.46, 0.50, 0.85, 0.40])
SOURCE_LISTED_SHARE = np.array([0.48, 0.95, 0.72, 0.38, 0.0])

# The serial interval shortens as contacts are found sooner. Among listed pairs the mean differs from the drawn one:
# while cases rise fast few old sources exist (shorter), and a source found after the case it infected is not listed
# (longer). The shifts bring the listed means of the seed to the published ones; measured over 15 seeds.
SERIAL_INTERVAL_FALLS = (date(2021, 7, 22), date(2021, 9, 8))
SERIAL_INTERVAL_SD_SHARE = 0.48
LISTED_SHIFT_FIRST_DAYS, LISTED_SHIFT_LAST_DAYS = 0.22, -0.17
LONGEST_LAG = 14
# Few cases infect many: shape of the gamma distribution of infectiousness.
INFECTIOUSNESS_SHAPE = 0.35
SOURCE_ATTEMPTS = 14


@dataclass(frozen=True)
class Epidemic:
    """Every confirmed case as parallel arrays, ordered by day of result and unit; days are day numbers."""

    seed: int
    day: IntArray
    unit: IntArray
    detection: IntArray
    onset: IntArray
    symptomatic: BoolArray
    source: IntArray
    """The case that passed it on, or -1 where nobody found it."""
    commune: IntArray
    infectiousness: FloatArray

    @property
    def size(self) -> int:
        """The number of confirmed cases."""
        return len(self.day)

    def by_unit_and_day(self) -> IntArray:
        """Confirmed cases, units x days."""
        counts = np.zeros((places.UNIT_COUNT, DAY_COUNT), dtype=np.int64)
        np.add.at(counts, (self.unit, self.day), 1)
        return counts


def serial_interval_mean() -> FloatArray:
    """The mean of the drawn serial interval in days, one value a day of onset."""
    first, last = SERIAL_INTERVAL_FALLS
    return level_between(
        {
            first: published.SERIAL_INTERVAL_FIRST_DAYS + LISTED_SHIFT_FIRST_DAYS,
            last: published.SERIAL_INTERVAL_LAST_DAYS + LISTED_SHIFT_LAST_DAYS,
        }
    )


def interval_weights(mean: FloatArray) -> FloatArray:
    """Probability of each lag 1..LONGEST_LAG in days, one row for each mean: a gamma density, discretised."""
    lags = np.arange(1, LONGEST_LAG + 1)
    shape = 1 / SERIAL_INTERVAL_SD_SHARE**2
    density = lags ** (shape - 1) * np.exp(-lags * shape / mean[:, None])
    return np.asarray(density / density.sum(axis=1, keepdims=True), dtype=np.float64)


def mixing() -> FloatArray:
    """The share of a district's pressure (row: from, column: to) on each district; columns sum to 1."""
    island = places.NUMBER_OF["755"]
    weights = np.repeat(places.RESIDENTS[:, None].astype(float), places.UNIT_COUNT, axis=1) * MAINLAND_NEIGHBOUR
    weights[island, :] *= ISLAND_NEIGHBOUR
    np.fill_diagonal(weights, 0.0)
    weights = weights / weights.sum(axis=0) * (1 - OWN_DISTRICT_SHARE)
    np.fill_diagonal(weights, OWN_DISTRICT_SHARE)
    return np.asarray(weights, dtype=np.float64)


def district_counts(rng: np.random.Generator, totals: IntArray) -> IntArray:
    """Local cases, units x days; each day's column sums to that day's total."""
    pressure = np.array([level_between(PRESSURE[code]) for code in places.CODES])
    weights, mixed = interval_weights(serial_interval_mean()), mixing()
    counts = np.zeros((places.UNIT_COUNT, DAY_COUNT), dtype=np.int64)
    bulletin = index(published.BULLETIN_DAY)
    for day in range(DAY_COUNT):
        if totals[day] == 0:
            continue
        if day == bulletin:
            for code, count in published.BULLETIN_CASES.items():
                counts[places.NUMBER_OF[code], day] = count
            continue
        past = counts[:, max(0, day - LONGEST_LAG) : day][:, ::-1]
        force = mixed.T @ (past @ weights[day, : past.shape[1]])
        force = force / force.sum() if force.sum() > 0 else np.full(places.UNIT_COUNT, 1.0)
        share = np.sqrt(force * pressure[:, day])
        counts[:, day] = rng.multinomial(totals[day], share / share.sum())
    return counts


def _detections(rng: np.random.Generator, day: IntArray, unit: IntArray) -> IntArray:
    shares = np.array([level_between({when: row[way] for when, row in FOUND_IN.items()}) for way in range(4)]).T
    found = choose(rng, shares[day])
    named = np.flatnonzero((day == index(published.BULLETIN_DAY)) & (unit == places.NUMBER_OF["752"]))
    ways = [DETECTIONS.index(way) for way, count in published.BULLETIN_LONG_DIEN.items() for _ in range(count)]
    found[named] = ways
    return found


def _sources(
    rng: np.random.Generator,
    day: IntArray,
    unit: IntArray,
    detection: IntArray,
    onset: IntArray,
    infectiousness: FloatArray,
) -> IntArray:
    """The case that infected each case, or -1: its onset lies one lag earlier, its result came first."""
    weights, mixed = interval_weights(serial_interval_mean()), mixing()
    key = (onset + LONGEST_LAG) * places.UNIT_COUNT + unit
    order = np.argsort(key, kind="stable")
    sorted_key, running = key[order], np.concatenate(([0.0], np.cumsum(infectiousness[order])))
    source = np.full(len(day), -1, dtype=np.int64)
    waiting = np.flatnonzero(detection != ARRIVAL)
    for _ in range(SOURCE_ATTEMPTS):
        lag = choose(rng, weights[np.maximum(onset[waiting], 0)]) + 1
        home = choose(rng, mixed.T[unit[waiting]])
        wanted = (onset[waiting] - lag + LONGEST_LAG) * places.UNIT_COUNT + home
        low = np.searchsorted(sorted_key, wanted, side="left")
        high = np.searchsorted(sorted_key, wanted, side="right")
        point = running[low] + rng.random(len(waiting)) * (running[high] - running[low])
        place = np.minimum(np.searchsorted(running, point, side="right") - 1, len(order) - 1)
        candidate = order[np.clip(place, low, np.maximum(high - 1, low))] if len(waiting) else place
        earliest = day[waiting] - (detection[waiting] == QUARANTINE)
        accepted = (high > low) & (day[candidate] <= earliest) & (detection[candidate] != ARRIVAL)
        source[waiting[accepted]] = candidate[accepted]
        waiting = waiting[~accepted]
    listed = rng.random(len(day)) < SOURCE_LISTED_SHARE[detection]
    return np.where(listed, source, -1)


# A case lives in its source's commune this often, when both live in one district.
SAME_COMMUNE_SHARE = 0.6


def _communes(rng: np.random.Generator, unit: IntArray, onset: IntArray, source: IntArray) -> IntArray:
    """A commune for each case; clusters stay together, worked out in order of onset because sources come first."""
    commune = places.random_communes(rng, unit, places.communes())
    near = rng.random(len(unit)) < SAME_COMMUNE_SHARE
    linked = np.flatnonzero((source >= 0) & near)
    linked = linked[unit[linked] == unit[source[linked]]]
    for when in np.unique(onset[linked]):
        now = linked[onset[linked] == when]
        commune[now] = commune[source[now]]
    return commune


def epidemic(seed: int) -> Epidemic:
    """The whole epidemic of the demonstration for one seed."""
    rng = stream(seed, "epidemic")
    local = district_counts(rng, curve.local_cases(rng))
    abroad = curve.arrivals(rng)
    landed = rng.choice(places.UNIT_COUNT, size=int(abroad.sum()), p=_ports())
    unit = np.concatenate((np.repeat(np.arange(places.UNIT_COUNT), local.sum(axis=1)), landed))
    local_day = np.concatenate([np.repeat(np.arange(DAY_COUNT), row) for row in local])
    day = np.concatenate((local_day, np.repeat(np.arange(DAY_COUNT), abroad)))
    is_arrival = np.arange(len(day)) >= len(local_day)
    order = np.lexsort((unit, day))
    day, unit, is_arrival = day[order], unit[order], is_arrival[order]
    detection = np.full(len(day), ARRIVAL, dtype=np.int64)
    detection[~is_arrival] = _detections(rng, day[~is_arrival], unit[~is_arrival])
    delay = choose(rng, DELAY_SHARES[detection])
    onset = day - delay
    symptomatic = rng.random(len(day)) < SYMPTOMATIC_SHARE[detection]
    infectiousness = rng.gamma(INFECTIOUSNESS_SHAPE, 1.0, len(day)) + 1e-9
    source = _sources(rng, day, unit, detection, onset, infectiousness)
    commune = _communes(rng, unit, onset, source)
    return Epidemic(seed, day, unit, detection, onset, symptomatic, source, commune, infectiousness)


def _ports() -> FloatArray:
    """Where people who arrive from abroad are received: the ports of Vũng Tàu and Phú Mỹ."""
    share = np.zeros(places.UNIT_COUNT)
    share[places.NUMBER_OF["747"]], share[places.NUMBER_OF["754"]] = 0.55, 0.45
    return share
