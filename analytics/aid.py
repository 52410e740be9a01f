"""Aid: where requests and offers are open, how long requests wait, supply over demand, and a request's nearest offers.

What is open on a day is asked of the table `aid_entry` of the picture, laid out for it (data_sources/aid_entries.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Literal

import duckdb
import numpy as np
from numpy.typing import NDArray

from analytics.communication import day_end
from analytics.indicators import INDICATORS
from analytics.indicators.aid import LEAST_REQUESTS, open_at_day_s_end
from analytics.indicators.model import Indicator, formulas
from analytics.readings import knowledge
from analytics.release import TIME_ZONE, AsOf, Release
from analytics.sql import query
from data_sources.contracts import CONTRACTS
from data_sources.contracts.aid import GRID_DEGREES

TABLE = "aid_entry"
EARTH_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""
MOST_PLACES = 240
"""Discs that a map of 550 px can hold apart from one another; with more, neighbouring cells become one disc."""
MOST_STEP = 64
"""Cells of 500 m put together each way at most: 32 km, a district."""
MOST_OFFERS = 8
SHORT_BELOW = 1.0
"""Fewer open offers than open requests: somebody goes without even if each offer helps one (to be confirmed)."""
FAR_SHORT_BELOW = 0.5
"""Fewer than one offer for two requests (to be confirmed)."""
CATEGORIES = tuple(choice.value for choice in CONTRACTS["aid"].column("category").choices)

KINDS = ("request", "offer")

Units = tuple[str, ...] | None
Integers = NDArray[np.int64]
Supplied = Literal["past", "near", "ok", "none"]


@dataclass(frozen=True)
class Place:
    """Open entries of one kind in one place; without a place where the sources state none."""

    kind: str
    longitude: float | None
    latitude: float | None
    entries: int
    wide_degrees: float = GRID_DEGREES
    """How wide the place is: one cell of the grid, or several that were put together."""


@dataclass(frozen=True)
class Request:
    """One open request; its place is the middle of a cell of about 500 m."""

    aid_id: str
    unit: str
    category: str
    longitude: float | None
    latitude: float | None
    opened_at: datetime
    matched: bool


@dataclass(frozen=True)
class Offer:
    """One open offer and how far from a request it is; None where either has no place."""

    aid_id: str
    unit: str
    opened_at: datetime
    matched: bool
    distance_km: float | None


@dataclass(frozen=True)
class Wait:
    """Open entries of one category; hours since half of the requests, and the oldest of them, were opened."""

    category: str
    requests: int
    offers: int
    median_hours: float | None
    oldest_hours: float | None


@dataclass(frozen=True)
class Supply:
    """Open requests and offers of one unit and category at the end of a day; None where the unit tells nothing."""

    unit: str
    category: str
    requests: float | None
    offers: float | None

    @property
    def ratio(self) -> float | None:
        """Offers over requests; None below LEAST_REQUESTS requests."""
        if self.requests is None or self.offers is None or self.requests < LEAST_REQUESTS:
            return None
        return self.offers / self.requests

    @property
    def state(self) -> Supplied:
        """Past where far short, near where short, ok where there are offers enough, none where it is not told."""
        if self.ratio is None:
            return "none"
        return "past" if self.ratio < FAR_SHORT_BELOW else "near" if self.ratio < SHORT_BELOW else "ok"


def told(release: Release) -> bool:
    """True where the release has the entries laid out by when they ended."""
    return release.has_table(TABLE)


def places(
    release: Release, day: date, units: Units = None, category: str | None = None, as_of: AsOf = None
) -> list[Place]:
    """Where entries are open at the end of `day`, by kind and place.

    Cells are put together, four in one, until there are no more than MOST_PLACES.
    """
    asked = {"units": _list(units), "category": category}
    found = _asked(release, "aid_places", day, as_of, **asked).fetchnumpy()
    cell, entries = np.unique(np.asarray(found["cell"], dtype=np.int64), return_counts=True)
    # One whole number a cell, counted here: grouping by three columns took twice as long.
    offered, x, y = cell >> 40, (cell >> 20 & 0xFFFFF) - 1, (cell & 0xFFFFF) - 1
    nowhere = x < 0
    rows = [
        Place(kind, None, None, int(entries[nowhere & (offered == number)].sum()))
        for number, kind in enumerate(KINDS)
        if (nowhere & (offered == number)).any()
    ]
    step, cells, sums = _put_together(offered[~nowhere], x[~nowhere], y[~nowhere], entries[~nowhere])
    for (number, column, row), count in zip(cells.tolist(), sums.tolist(), strict=True):
        rows.append(Place(KINDS[number], *_middle(column, row, step), count, step * GRID_DEGREES))
    return rows


def _put_together(offered: Integers, x: Integers, y: Integers, entries: Integers) -> tuple[int, Integers, Integers]:
    """How many cells make one place each way, the places (kind, x, y) in order, and their sums."""
    step = 1
    while True:
        keys = (offered << 40) | (x // step << 20) | (y // step)
        places_of, inverse = np.unique(keys, return_inverse=True)
        if len(places_of) <= MOST_PLACES or step >= MOST_STEP:
            cells = np.stack((places_of >> 40, places_of >> 20 & 0xFFFFF, places_of & 0xFFFFF), axis=1)
            return step, cells, np.bincount(inverse, weights=entries, minlength=len(places_of)).astype(np.int64)
        # Doubling the step leaves a quarter of the places at the least.
        step *= 2 ** max(1, int(np.log2(len(places_of) / MOST_PLACES) / 2))


def open_requests(
    release: Release,
    day: date,
    units: Units = None,
    category: str | None = None,
    skip: int = 0,
    most: int = 50,
    as_of: AsOf = None,
) -> list[Request]:
    """The requests open at the end of `day`, the oldest first: `most` of them after the first `skip`."""
    asked = {"units": _list(units), "category": category, "id": None, "skip": skip, "most": most}
    return [_request(row) for row in _rows(release, "aid_open", day, as_of, **asked)]


def open_request(release: Release, day: date, aid_id: str, as_of: AsOf = None) -> Request | None:
    """The request `aid_id` where it is open at the end of `day`; None otherwise."""
    asked = {"units": None, "category": None, "id": aid_id, "skip": 0, "most": 1}
    rows = _rows(release, "aid_open", day, as_of, **asked)
    return _request(rows[0]) if rows else None


def nearest_offers(
    release: Release, day: date, aid_id: str, most: int = MOST_OFFERS, as_of: AsOf = None
) -> list[Offer]:
    """The open offers of a request's category in the whole province, the nearest first; [] where it is not open.

    Distances lie between middles of cells of 500 m, so a difference of less than a kilometre says nothing.
    """
    asked = open_request(release, day, aid_id, as_of)
    if asked is None:
        return []
    rows = _rows(
        release,
        "aid_nearest",
        day,
        as_of,
        category=asked.category,
        unit=asked.unit,
        longitude=asked.longitude,
        latitude=asked.latitude,
        cell=GRID_DEGREES,
        earth_km=EARTH_KM,
        most=most,
    )
    return [
        Offer(name, unit, _moment(opened), bool(matched), distance) for name, unit, opened, matched, distance in rows
    ]


def waits(release: Release, day: date, units: Units = None, as_of: AsOf = None) -> list[Wait]:
    """How long the open requests of each category have waited at the end of `day`, most requests first."""
    moment = 1e6 * day_end(release, day, as_of).timestamp()
    asked = {"units": _list(units), "categories": list(CATEGORIES)}
    rows = _asked(release, "aid_waits", day, as_of, **asked).fetchnumpy()
    category, offered, opened = (np.asarray(rows[name]) for name in ("category", "offered", "opened"))
    found = []
    for number, name in enumerate(CATEGORIES, start=1):
        mine = category == number
        asking = opened[mine & ~offered]
        middle, earliest = (np.median(asking), asking.min()) if len(asking) else (None, None)
        hours = (None if at is None else float(moment - at) / 3.6e9 for at in (middle, earliest))
        if mine.any():
            found.append(Wait(name, len(asking), int(mine.sum()) - len(asking), *hours))
    return sorted(found, key=lambda row: (-row.requests, CATEGORIES.index(row.category)))


def supplies(release: Release, day: date, units: tuple[str, ...], as_of: AsOf = None) -> list[Supply]:
    """Open requests and offers of each unit and category at the end of `day`, as the indicators count them.

    Categories that nobody ever asked for or offered are left out.
    """
    asked = {(kind, category): _of_category(kind, category) for kind in ("request", "offer") for category in CATEGORIES}
    known = knowledge(release, asked.values(), as_of)
    parts = known.evaluation.cube.shape.parts
    occurs = {key for key in asked if ("aid.opened", _stratum(*key)) in parts}
    named = [name for name in CATEGORIES if any((kind, name) in occurs for kind in KINDS)]
    counts = {key: known.evaluation.values(asked[key], units, [day]).value[:, 0] for key in occurs}
    found = []
    for row, unit in enumerate(units):
        for name in named:
            told = {kind: _number(counts[kind, name][row]) for kind in KINDS if (kind, name) in occurs}
            # Whoever tells of requests of a category that nobody in the data ever offered has no offers, not no figure.
            whole = None if None in told.values() else 0.0
            found.append(Supply(unit, name, *(told.get(kind, whole) for kind in KINDS)))
    return found


def _stratum(kind: str, category: str) -> str:
    return f"kind={kind}|category={category}"


@cache
def _of_category(kind: str, category: str) -> Indicator:
    return replace(INDICATORS["aid_open"], formulas=formulas((open_at_day_s_end(_stratum(kind, category)),)))


def _rows(release: Release, name: str, day: date, as_of: AsOf, **values: object) -> list[tuple[Any, ...]]:
    return _asked(release, name, day, as_of, **values).fetchall()


def _asked(release: Release, name: str, day: date, as_of: AsOf, **values: object) -> duckdb.DuckDBPyConnection:
    end = datetime.combine(day + timedelta(days=1), datetime.min.time(), tzinfo=TIME_ZONE)
    return release.cursor().execute(query(name), {"end": end, "known": release.moment(as_of), **values})


def _request(row: tuple[Any, ...]) -> Request:
    name, unit, category, x, y, opened, matched = row
    return Request(name, unit, category, *_middle(x, y, 1), _moment(opened), bool(matched))


def _middle(x: int | None, y: int | None, step: int) -> tuple[float | None, float | None]:
    """Longitude and latitude of the middle of `step` times `step` cells."""
    if x is None or y is None:
        return None, None
    longitude, latitude = ((number + 0.5) * step * GRID_DEGREES for number in (x, y))
    return round(longitude, 5), round(latitude, 5)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, TIME_ZONE)


def _list(units: Units) -> list[str] | None:
    return None if units is None else list(units)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
