"""Movement trails of confirmed cases: points, stops, places, and who else was there.

Leaders and briefings have coarse trails (numbers that change with every release, a 500 m grid, whole hours);
analysts have exact ones by pseudonym. The functions are the same; `Release.role` decides which file is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.release import Release
from analytics.sql import query

# Two people count as having been there together within an hour of each other: the interval of the tracing form.
TOGETHER_HOURS = 1.0
# Exact points of one venue scatter by the length of a market hall or a hospital block.
TOGETHER_METRES = 50.0
# Consecutive points nearer than this are one stop: twice the scatter of a phone's position indoors.
STOP_METRES = 100.0
EARTH_METRES = 6_371_008.8
METRES_PER_DEGREE = 111_195.0
# East-west degrees shrink with latitude; twice the north-south step is enough up to 60 degrees.
WIDEST_CELL = 2.0


@dataclass(frozen=True)
class Trail:
    """One person's trail as the role may see it."""

    id: str
    unit: str | None
    commune: str | None
    first_at: datetime
    last_at: datetime
    points: int


def is_exact(release: Release) -> bool:
    """True where the role sees exact points under a pseudonym, False for the coarse grid under a number."""
    return release.role == "analyst"


def trails(
    release: Release,
    units: Iterable[str] | None = None,
    first_day: date | None = None,
    last_day: date | None = None,
) -> list[Trail]:
    """The trails of people living in `units` with a point between the two days, the newest first; all by default."""
    values = {
        "units": list(units) if units is not None else None,
        "first_day": first_day,
        "last_day": last_day,
    }
    rows = release.cursor().execute(query(_of(release, "trails")), values).fetchall()
    return [Trail(*row) for row in rows]


def trail_points(release: Release, trail_ids: Sequence[str]) -> pd.DataFrame:
    """The points of the trails in order: trail, order, visited_at, longitude, latitude, place_kind, step_km.

    `order` counts from 1 within a trail; `step_km` is the distance from the point before, 0 for the first.
    """
    frame = release.cursor().execute(query(_of(release, "trail_points")), {"trails": list(trail_ids)}).df()
    frame.insert(1, "order", frame.groupby("trail").cumcount() + 1)
    frame["step_km"] = _steps_km(frame)
    return frame


def stops(points: pd.DataFrame, radius_m: float = STOP_METRES) -> pd.DataFrame:
    """Where each trail stayed: trail, stop, arrived_at, left_at, hours, longitude, latitude, place_kind, points.

    Consecutive points of a trail within `radius_m` of the one before are one stop, at their mean position.
    """
    if points.empty:
        return pd.DataFrame(
            columns=["trail", "stop", "arrived_at", "left_at", "hours", "longitude", "latitude", "place_kind", "points"]
        )
    begins = (points["order"] == 1) | (points["step_km"] * 1000 > radius_m)
    grouped = points.assign(stay=begins.cumsum()).groupby("stay", sort=True)
    found = grouped.agg(
        trail=("trail", "first"),
        arrived_at=("visited_at", "first"),
        left_at=("visited_at", "last"),
        longitude=("longitude", "mean"),
        latitude=("latitude", "mean"),
        place_kind=("place_kind", "first"),
        points=("visited_at", "size"),
    ).reset_index(drop=True)
    found.insert(1, "stop", found.groupby("trail").cumcount() + 1)
    found.insert(4, "hours", (found["left_at"] - found["arrived_at"]).dt.total_seconds() / 3600)
    return found


def places(points: pd.DataFrame) -> pd.DataFrame:
    """The places visited, most visited first: longitude, latitude, place_kind, trails, visits, first_at, last_at."""
    if points.empty:
        return pd.DataFrame(columns=["longitude", "latitude", "place_kind", "trails", "visits", "first_at", "last_at"])
    found = (
        points.groupby(["longitude", "latitude", "place_kind"], sort=False)
        .agg(
            trails=("trail", "nunique"),
            visits=("visited_at", "size"),
            first_at=("visited_at", "min"),
            last_at=("visited_at", "max"),
        )
        .reset_index()
    )
    return found.sort_values(["trails", "visits", "first_at"], ascending=[False, False, True], ignore_index=True)


def together(
    release: Release, trail_ids: Sequence[str], hours: float = TOGETHER_HOURS, radius_m: float = TOGETHER_METRES
) -> pd.DataFrame:
    """Who else was there within the hour.

    One row for each point of the trails and point of another: trail, visited_at, other, other_visited_at, longitude,
    latitude, place_kind, apart_m, day_only. Coarse trails compare cells of the grid, exact ones distances up to
    `radius_m`; `day_only` marks trails that tell days and no hours, which share a place with whoever was there that
    day.
    """
    values: dict[str, object] = {"trails": list(trail_ids), "hours": hours}
    if is_exact(release):
        step = radius_m / METRES_PER_DEGREE
        values |= {"radius": radius_m, "step_x": WIDEST_CELL * step, "step_y": step}
    return release.cursor().execute(query(_of(release, "shared")), values).df()


def shared_places(release: Release) -> pd.DataFrame:
    """Places where two people or more were on one day: day, longitude, latitude, place_kind, people."""
    return release.cursor().execute(query(_of(release, "shared_places"))).df()


def length_km(points: pd.DataFrame) -> dict[str, float]:
    """The length of each trail in kilometres, point to point."""
    return {str(trail): float(total) for trail, total in points.groupby("trail", sort=False)["step_km"].sum().items()}


def distance_km(
    longitude: NDArray[np.float64],
    latitude: NDArray[np.float64],
    other_longitude: NDArray[np.float64],
    other_latitude: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Great-circle distances in kilometres between points in degrees (haversine, mean radius of the earth)."""
    x, y, other_x, other_y = (np.radians(item) for item in (longitude, latitude, other_longitude, other_latitude))
    half = np.sin((other_y - y) / 2) ** 2 + np.cos(y) * np.cos(other_y) * np.sin((other_x - x) / 2) ** 2
    return np.asarray(2 * EARTH_METRES / 1000 * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))))


def _steps_km(frame: pd.DataFrame) -> NDArray[np.float64]:
    if frame.empty:
        return np.array([], dtype=np.float64)
    longitude, latitude = frame["longitude"].to_numpy(np.float64), frame["latitude"].to_numpy(np.float64)
    steps = np.zeros(len(frame))
    steps[1:] = distance_km(longitude[:-1], latitude[:-1], longitude[1:], latitude[1:])
    steps[frame["order"].to_numpy() == 1] = 0.0
    return steps


def _of(release: Release, name: str) -> str:
    if name == "trails" and is_exact(release) and "analysis.trail" not in release.tables:
        return "trails_exact_unprepared"
    return f"{name}_{'exact' if is_exact(release) else 'coarse'}"
