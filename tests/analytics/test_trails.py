"""Trails: points, stops, lengths, and who else was there, on exact and on coarse points."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analytics.release import Release, open_release
from analytics.trails import distance_km, length_km, places, shared_places, stops, together, trail_points, trails
from tests.analytics.release_fixture import SmallRelease, at

Opened = Callable[..., Release]
MARKET = (107.2431, 10.4012)
NEAR_MARKET = (107.2434, 10.4013)
FAR = (107.3000, 10.5000)
EIGHT = at("2021-08-19 08:00")


def exact(*points: tuple[str, datetime, tuple[float, float]], kind: str = "market") -> SmallRelease:
    made = SmallRelease().unit("747")
    made.insert("analysis.trail_point", *((who, when, *place, kind, "interview") for who, when, place in points))
    made.insert("analysis.traces", ("an", "747", EIGHT.date(), EIGHT, "interview", 1, True))
    return made


def coarse(*points: tuple[int, datetime, tuple[float, float], str]) -> SmallRelease:
    made = SmallRelease().unit("747")
    seen: dict[int, int] = {}
    for trail, hour, place, kind in points:
        seen[trail] = seen.get(trail, 0) + 1
        made.insert("trail_point", (trail, seen[trail], hour, *place, kind))
    for trail, count in seen.items():
        hours = [hour for number, hour, *_ in points if number == trail]
        made.insert("trail", (trail, "747", "Phường 1", min(hours), max(hours), count))
    return made


def hours_later(hours: float) -> datetime:
    return EIGHT + timedelta(hours=hours)


def test_a_distance_known_from_the_map() -> None:
    # Vũng Tàu to Côn Sơn: 1.66 degrees of latitude and 0.48 of longitude.
    found = distance_km(*(np.array([degrees]) for degrees in (107.0843, 10.3460, 106.6074, 8.6834)))
    assert found[0] == pytest.approx(192, abs=5)
    one_degree = distance_km(*(np.array([degrees]) for degrees in (107.0, 10.0, 107.0, 11.0)))
    assert one_degree[0] == pytest.approx(111.195, abs=0.01)


def test_the_points_of_a_trail_are_in_order(opened: Opened) -> None:
    release = opened(exact(("an", hours_later(2), FAR), ("an", EIGHT, MARKET), ("ba", EIGHT, FAR)), "analyst")
    assert {item.id: (item.unit, item.points) for item in trails(release)} == {"an": ("747", 2), "ba": (None, 1)}
    points = trail_points(release, ["an"])
    assert points["order"].tolist() == [1, 2]
    assert points["step_km"].tolist()[0] == 0
    assert length_km(points)["an"] == pytest.approx(points["step_km"][1])
    assert 12 < length_km(points)["an"] < 13


def test_points_close_together_are_one_stop(opened: Opened) -> None:
    made = exact(
        ("an", EIGHT, MARKET),
        ("an", hours_later(1.5), NEAR_MARKET),
        ("an", hours_later(3), FAR),
        ("an", hours_later(4), MARKET),
    )
    found = stops(trail_points(opened(made, "analyst"), ["an"]))
    assert found["stop"].tolist() == [1, 2, 3]
    assert found["hours"].tolist() == [1.5, 0, 0]
    assert found["points"].tolist() == [2, 1, 1]


@pytest.mark.parametrize(
    ("when", "where", "met"),
    [
        (hours_later(0.9), MARKET, True),
        (hours_later(-1), NEAR_MARKET, True),
        (hours_later(1.1), MARKET, False),
        (hours_later(0.5), FAR, False),
    ],
)
def test_two_people_met_within_the_hour_and_the_radius(
    opened: Opened, when: datetime, where: tuple[float, float], met: bool
) -> None:
    made = exact(("an", EIGHT, MARKET), ("ba", when, where), ("ba", hours_later(9.25), FAR))
    found = together(opened(made, "analyst"), ["an"])
    assert found["other"].tolist() == (["ba"] if met else [])
    if met:
        assert found["apart_m"][0] <= 50


def test_a_radius_across_the_edge_of_a_cell(opened: Opened) -> None:
    """Pairs 40 m apart in every direction are found wherever the grid's lines fall."""
    random = np.random.default_rng(3)
    points: list[tuple[str, datetime, tuple[float, float]]] = []
    for number in range(60):
        x, y = 107 + random.random() / 10, 10 + random.random() / 10
        turn = random.random() * 2 * np.pi
        east, north = 40 * np.cos(turn) / 109_500, 40 * np.sin(turn) / 111_195
        points += [(f"a{number}", EIGHT, (x, y)), (f"b{number}", EIGHT, (x + east, y + north))]
    release = opened(exact(*points), "analyst")
    found = together(release, [f"a{number}" for number in range(60)])
    assert {(row.trail, row.other) for row in found.itertuples()} >= {(f"a{n}", f"b{n}") for n in range(60)}


def test_days_without_hours_meet_on_the_same_day(opened: Opened) -> None:
    midnight = at("2021-08-19 00:00")
    made = exact(("an", midnight, MARKET), ("ba", EIGHT, MARKET), ("chi", midnight + timedelta(days=1), MARKET))
    found = together(opened(made, "analyst"), ["an"])
    assert found["other"].tolist() == ["ba"]
    assert found["day_only"].tolist() == [True]


def test_coarse_trails_meet_in_a_cell_but_never_at_home(opened: Opened) -> None:
    made = coarse(
        (1, EIGHT, MARKET, "market"), (1, hours_later(12), FAR, "home"),
        (2, hours_later(1), MARKET, "store"), (2, hours_later(12), FAR, "home"),
        (3, hours_later(2), MARKET, "market"), (3, hours_later(5), FAR, "work"), (4, EIGHT, MARKET, "home"),
    )  # fmt: skip
    release = opened(made)
    found = together(release, ["1"])
    assert found[["other", "place_kind"]].to_numpy().tolist() == [["2", "market"]]
    assert [item.id for item in trails(release, units=["747"])] == ["1", "2", "3", "4"]
    assert trails(release, units=["748"]) == []
    assert shared_places(release)["people"].tolist() == [3]


def test_the_places_of_a_trail(opened: Opened) -> None:
    release = opened(
        coarse((1, EIGHT, MARKET, "market"), (1, hours_later(1), FAR, "work"), (1, hours_later(2), FAR, "work"))
    )
    found = places(trail_points(release, ["1"]))
    assert found[["place_kind", "visits"]].to_numpy().tolist() == [["work", 2], ["market", 1]]


def test_places_shared_in_the_routes_of_korea(shared_data: Path, tmp_path: Path) -> None:
    """722 points of place and date are shared by two people or more, as published."""
    routes = pd.read_csv(shared_data / "korea_ds4c/PatientRoute.csv")
    made = SmallRelease(as_of=at("2020-06-30 18:00"), province="KOR", level="province")
    made.unit("KOR", "Hàn Quốc", level="country", parent=None, reporting=False)
    days = pd.to_datetime(routes["date"], format="%Y-%m-%d").dt.tz_localize("Asia/Ho_Chi_Minh")
    people = [f"p{number}" for number in routes["patient_id"]]
    rows = zip(people, days, routes["longitude"], routes["latitude"], routes["type"], strict=True)
    made.insert("analysis.trail_point", *((*row, "unknown") for row in rows))
    made.write(tmp_path)
    release = open_release(tmp_path, "analyst")
    found = trails(release)
    assert (len(found), sum(trail.points for trail in found)) == (1_211, 6_714)
    shared = shared_places(release)
    assert len(shared) == 722
    first = shared.iloc[0]
    there = [f"p{number}" for number in routes.loc[
        (routes["date"] == f"{first['day']:%Y-%m-%d}") & (routes["longitude"] == first["longitude"])
        & (routes["latitude"] == first["latitude"]), "patient_id"]]  # fmt: skip
    met = together(release, [there[0]], radius_m=0.01)
    same = met[(met["longitude"] == first["longitude"]) & (met["latitude"] == first["latitude"])]
    same = same[same["visited_at"].dt.date == first["day"].date()]
    assert set(same["other"]) == set(there) - {there[0]}


@pytest.mark.parametrize("derived", [True, False])
def test_a_trail_is_placed_by_the_list_or_else_by_the_tracing_form(tmp_path: Path, derived: bool) -> None:
    points = [(who, hours_later(2 * place), MARKET) for place, who in enumerate(("an", "ba", "chi", "an"))]
    made = exact(*points).unit("748")
    made.derived = derived
    blank = (None,) * 13
    made.insert("analysis.cases", ("an", None, "F0", "747", "Phường 1", EIGHT.date(), *blank, EIGHT))
    made.insert("analysis.traces", ("an", "748", EIGHT.date(), EIGHT, "qr", 3, False))
    made.insert("analysis.traces", ("ba", "748", EIGHT.date(), EIGHT, "qr", 3, False))
    made.write(tmp_path)
    release = open_release(tmp_path, "analyst")
    found = [(one.id, one.unit, one.commune, one.points) for one in trails(release)]
    assert found == [("an", "747", "Phường 1", 2), ("chi", None, None, 1), ("ba", "748", None, 1)]
    assert [one.id for one in trails(release, ["748"])] == ["ba"]
    assert trails(release, last_day=EIGHT.date() - timedelta(days=1)) == []
