"""What a page needs to know of some trails, as typed rows: visits, stops, meetings with others."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from analytics.release import Release
from analytics.trails import distance_km, is_exact, length_km, stops, together, trail_points
from pages.components import cached

HOME = "home"
SAME_PLACE_DEGREES = 0.0009
"""100 m, the length of a stop (analytics/trails.py): what lies that near is one place."""
Place = tuple[float, float]


@dataclass(frozen=True)
class Visit:
    """One point of a trail."""

    trail: str
    at: datetime
    place: Place
    kind: str


@dataclass(frozen=True)
class Stop:
    """Consecutive points at one place; `number` counts from 1 within the trail."""

    trail: str
    number: int
    arrived: datetime
    left: datetime
    hours: float
    place: Place
    kind: str


@dataclass(frozen=True)
class Meeting:
    """A point of a chosen trail and one of another, near each other within the hour or on the same day."""

    trail: str
    at: datetime
    other: str
    other_at: datetime
    place: Place
    kind: str
    apart_m: float
    day_only: bool


@dataclass(frozen=True)
class Followed:
    """Some trails in order of choice, with who else was there."""

    visits: tuple[Visit, ...]
    stops: tuple[Stop, ...]
    meetings: tuple[Meeting, ...]
    length_km: dict[str, float]
    exact: bool

    @property
    def day_only(self) -> bool:
        """True where every point tells its day and no hour."""
        return all(is_day(visit.at) for visit in self.visits)

    def is_located(self, kind: str) -> bool:
        """True where a kind of place stands where it really is; the home of a coarse trail does not."""
        return self.exact or kind != HOME

    def drawn(self, trail: str) -> list[Visit]:
        """The visits of one trail that can be drawn."""
        return [visit for visit in self.visits if visit.trail == trail and self.is_located(visit.kind)]

    def stops_of(self, trail: str) -> list[Stop]:
        """The stops of one trail in order."""
        return [stop for stop in self.stops if stop.trail == trail]

    def others(self, ids: Sequence[str]) -> set[str]:
        """The trails outside `ids` that were there too."""
        return {one.other for one in self.meetings} - set(ids)

    def places_shared(self, ids: Sequence[str]) -> int:
        """At how many places trails of `ids` met each other."""
        return len({place_key(one.place) for one in self.meetings if one.other in ids})

    def places_away(self) -> int:
        """How many different places away from home they went to."""
        return len({place_key(stop.place) for stop in self.stops if stop.kind != HOME})

    def ways_km(self, trail: str) -> list[float | None]:
        """Kilometres from the stop before; None for the first, and where either end is only known as a unit."""
        own = self.stops_of(trail)
        x, y = np.array([stop.place[0] for stop in own]), np.array([stop.place[1] for stop in own])
        steps = distance_km(x[:-1], y[:-1], x[1:], y[1:]).tolist() if len(own) > 1 else []
        known = [self.is_located(stop.kind) for stop in own]
        return [None, *(step if known[n] and known[n + 1] else None for n, step in enumerate(steps))][: len(own)]


def is_day(at: datetime) -> bool:
    """True for midnight, which stands for a day told without its hour."""
    return (at.hour, at.minute, at.second) == (0, 0, 0)


def place_key(place: Place) -> tuple[int, int]:
    """The same for places within about 100 m of each other."""
    return round(place[0] / SAME_PLACE_DEGREES), round(place[1] / SAME_PLACE_DEGREES)


@cached.per_release
def followed(release: Release, ids: tuple[str, ...]) -> Followed:
    """The trails `ids` with their stops, and who else was there."""
    points = trail_points(release, ids)
    rows = points.to_dict("records")
    visits = [Visit(row["trail"], _time(row["visited_at"]), _place(row), row["place_kind"]) for row in rows]
    stopped = [
        Stop(
            row["trail"],
            int(row["stop"]),
            _time(row["arrived_at"]),
            _time(row["left_at"]),
            float(row["hours"]),
            _place(row),
            row["place_kind"],
        )
        for row in stops(points).to_dict("records")
    ]
    met = [
        Meeting(
            row["trail"],
            _time(row["visited_at"]),
            row["other"],
            _time(row["other_visited_at"]),
            _place(row),
            row["place_kind"],
            float(row["apart_m"]),
            bool(row["day_only"]),
        )
        for row in together(release, ids).to_dict("records")
    ]
    return Followed(tuple(visits), tuple(stopped), _each_once(met, ids), length_km(points), is_exact(release))


def _each_once(met: Sequence[Meeting], ids: Sequence[str]) -> tuple[Meeting, ...]:
    """One meeting for each two trails, place and time of the chosen one: the other's nearest time stands for all.

    Two chosen trails that met are told once, from the side of the one chosen first.
    """
    nearest: dict[tuple[object, ...], Meeting] = {}
    for one in met:
        if one.other in ids and ids.index(one.other) < ids.index(one.trail):
            continue
        key = (one.trail, one.other, place_key(one.place), one.at)
        apart = abs(one.at - one.other_at)
        if key not in nearest or apart < abs(nearest[key].at - nearest[key].other_at):
            nearest[key] = one
    return tuple(nearest.values())


def _time(at: pd.Timestamp) -> datetime:
    return at.to_pydatetime()


def _place(row: Mapping[Hashable, Any]) -> Place:
    return round(float(row["longitude"]), 5), round(float(row["latitude"]), 5)
