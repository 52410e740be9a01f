"""What is open, for how long, where there is too little help, and a request's nearest offers, worked out by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from analytics.aid import (
    EARTH_KM,
    MOST_PLACES,
    MOST_STEP,
    Offer,
    Supply,
    _put_together,
    nearest_offers,
    open_request,
    open_requests,
    places,
    supplies,
    waits,
)
from analytics.release import Release, open_release
from data_sources.aid_entries import TYPES
from data_sources.contracts.aid import GRID_DEGREES
from data_sources.settings import parse
from tests.deliveries import Installation, at

DAY = date(2021, 8, 29)
HEAD = "aid_id,unit,day,kind,category,longitude,latitude,opened_at,matched_at,met_at,cancelled_at\n"
MORNING = """
R1,747,2021-08-19,request,food,107.0843,10.3461,2021-08-19T18:00:00+07:00,,,
R2,747,2021-08-28,request,food,107.0843,10.3461,2021-08-28T18:00:00+07:00,2021-08-28T19:00:00+07:00,,
R3,747,2021-08-27,request,doctor,,,2021-08-27T18:00:00+07:00,,,
R4,752,2021-08-29,request,school_supplies,107.2431,10.4012,2021-08-29T06:00:00+07:00,,,
R5,747,2021-08-20,request,food,107.0843,10.3461,2021-08-20T08:00:00+07:00,,2021-08-25T08:00:00+07:00,
R6,747,2021-08-20,request,food,107.0843,10.3461,2021-08-20T08:00:00+07:00,,,
O1,752,2021-08-26,offer,food,107.2431,10.4012,2021-08-26T08:00:00+07:00,,,
O2,747,2021-08-28,offer,food,107.0852,10.3470,2021-08-28T08:00:00+07:00,,,
O3,747,2021-08-27,offer,food,107.0843,10.3461,2021-08-27T08:00:00+07:00,2021-08-27T09:00:00+07:00,,
O4,747,2021-08-28,offer,doctor,107.0843,10.3461,2021-08-28T08:00:00+07:00,,,
O5,747,2021-08-28,offer,food,,,2021-08-28T08:00:00+07:00,,,
O6,747,2021-08-01,offer,food,107.0843,10.3461,2021-08-01T08:00:00+07:00,,,2021-08-02T08:00:00+07:00
"""
EVENING = "R6,747,2021-08-20,request,food,107.0843,10.3461,2021-08-20T08:00:00+07:00,,,2021-08-29T10:00:00+07:00\n"
"""The same request, cancelled on the 29th: told in the evening."""


def write(folder: Path) -> Path:
    """A data folder told on the morning of the 29th, and one request again at 18:00."""
    source = {"name": "aid", "dataset": "aid", "kind": "files", "path": "aid/*.csv", "complete": False}
    settings = parse({"province": {"code": "77", "name": "Bà Rịa - Vũng Tàu"}, "source": [source]}, folder)
    installed = Installation(folder / "var", settings)
    installed.deliver(("aid", HEAD + MORNING.lstrip(), at("2021-08-29T07:00")), name="morning.csv")
    installed.deliver(("aid", HEAD + EVENING, at("2021-08-29T18:00")), name="evening.csv")
    installed.build()
    return folder / "var"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("aid"))


@pytest.fixture(scope="module")
def release(data: Path) -> Iterator[Release]:
    opened = open_release(data, "leader")
    yield opened
    opened.close()


def test_open_requests_are_those_opened_and_neither_met_nor_cancelled_the_oldest_first(release: Release) -> None:
    assert [row.aid_id for row in open_requests(release, DAY)] == ["R1", "R3", "R2", "R4"]
    assert [row.matched for row in open_requests(release, DAY)] == [False, False, True, False]
    assert [row.aid_id for row in open_requests(release, DAY, ("752",))] == ["R4"]
    assert [row.aid_id for row in open_requests(release, DAY, None, "food")] == ["R1", "R2"]
    assert [row.aid_id for row in open_requests(release, DAY, skip=1, most=2)] == ["R3", "R2"]
    assert [row.aid_id for row in open_requests(release, date(2021, 8, 24))] == ["R1", "R5", "R6"]


def test_what_was_known_in_the_morning_is_read_as_of_the_morning(release: Release) -> None:
    known = open_requests(release, DAY, as_of=at("2021-08-29T12:00"))
    assert [row.aid_id for row in known] == ["R1", "R6", "R3", "R2", "R4"]
    assert open_requests(release, DAY, as_of=date(2021, 8, 28)) == []


def test_places_are_middles_of_cells_and_what_states_none_is_counted(release: Release) -> None:
    found = {(place.kind, place.longitude): place.entries for place in places(release, DAY)}
    # 107.0843 / 0.0045 = 23796.5...: the cell's middle is 23796.5 x 0.0045.
    assert found == {
        ("request", round(23796.5 * GRID_DEGREES, 5)): 2,
        ("request", round(23831.5 * GRID_DEGREES, 5)): 1,
        ("request", None): 1,
        ("offer", round(23796.5 * GRID_DEGREES, 5)): 3,
        ("offer", round(23831.5 * GRID_DEGREES, 5)): 1,
        ("offer", None): 1,
    }


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1600), st.integers(0, 1600)), max_size=600, unique=True))
def test_places_put_together_hold_every_entry_in_the_cell_it_lies_in(cells: list[tuple[int, int, int]]) -> None:
    offered, x, y = np.array(cells, dtype=np.int64).reshape(-1, 3).T
    entries = np.arange(1, len(cells) + 1)
    step, found, sums = _put_together(offered, x, y, entries)
    held: Counter[tuple[int, ...]] = Counter()
    for (kind, column, row), count in zip(cells, entries.tolist(), strict=True):
        held[kind, column // step, row // step] += count
    assert {tuple(place): count for place, count in zip(found.tolist(), sums.tolist(), strict=True)} == dict(held)
    assert len(found) <= MOST_PLACES or step == MOST_STEP


def test_waits_are_medians_until_the_time_of_the_release(release: Release) -> None:
    food, doctor, school = waits(release, DAY)
    # R1 has waited ten days and R2 one at 18:00: the middle of the two is five and a half.
    assert (food.category, food.requests, food.offers) == ("food", 2, 4)
    assert (food.median_hours, food.oldest_hours) == (132.0, 240.0)
    assert (doctor.category, doctor.median_hours, doctor.offers) == ("doctor", 48.0, 1)
    assert (school.category, school.median_hours, school.offers) == ("school_supplies", 12.0, 0)


def test_the_nearest_offers_are_of_the_same_category_and_open_those_without_a_place_last(release: Release) -> None:
    found = nearest_offers(release, DAY, "R1")
    assert [offer.aid_id for offer in found] == ["O3", "O2", "O1", "O5"]
    assert [offer.matched for offer in found] == [True, False, False, False]
    near, beside, far, nowhere = (offer.distance_km for offer in found)
    assert (near, nowhere) == (0.0, None)
    # O3 and O2 lie in one cell: the older offer is first.
    assert beside == 0.0
    assert far == pytest.approx(18.2, abs=0.1)


def test_a_request_without_a_place_has_the_offers_of_its_own_unit_first(release: Release) -> None:
    assert [offer.aid_id for offer in nearest_offers(release, DAY, "R3")] == ["O4"]
    assert nearest_offers(release, DAY, "R4") == []


def test_an_entry_that_is_not_an_open_request_has_no_offers(release: Release) -> None:
    for name in ("R5", "O1", "R6", "nobody", "R1' OR '1'='1"):
        assert open_request(release, DAY, name) is None
        assert nearest_offers(release, DAY, name) == []


def test_supply_over_demand_is_what_the_indicators_count_and_silence_is_not_zero(release: Release) -> None:
    found = {
        (row.unit, row.category): (row.requests, row.offers)
        for row in supplies(release, DAY, ("747", "752", "748", "77"))
    }
    assert found["747", "food"] == (2, 3)
    assert found["752", "food"] == (0, 1)
    assert found["77", "food"] == (2, 4)
    assert found["752", "school_supplies"] == (1, 0)
    assert found["748", "food"] == (None, None)
    assert ("747", "medicine") not in found


@pytest.mark.parametrize(
    ("requests", "offers", "state"),
    [(4, 0, "none"), (5, 0, "past"), (10, 5, "near"), (10, 9, "near"), (10, 10, "ok"), (None, None, "none")],
)
def test_a_unit_is_short_below_one_offer_a_request_and_not_judged_below_five(
    requests: float | None, offers: float | None, state: str
) -> None:
    assert Supply("747", "food", requests, offers).state == state


CELLS = st.tuples(st.integers(22_600, 24_200), st.integers(1_850, 5_100))
SPHERE = Geod(a=EARTH_KM * 1000, b=EARTH_KM * 1000)


@settings(max_examples=40, deadline=None)
@given(CELLS, st.lists(st.tuples(CELLS, st.integers(0, 30)), max_size=12))
def test_nearest_offers_agree_with_distances_on_a_sphere(
    request: tuple[int, int], offers: list[tuple[tuple[int, int], int]]
) -> None:
    """Any places from Cà Mau to Hà Giang and as far as Hoàng Sa, and any times of opening."""
    rows = [("R", "request", *request, 0)] + [
        (f"O{number:02}", "offer", *cell, minute) for number, (cell, minute) in enumerate(offers)
    ]
    with closing(duckdb.connect()) as con:
        con.execute("ATTACH ':memory:' AS picture")
        con.execute(f"CREATE TABLE picture.aid_entry ({TYPES})")
        for name, kind, x, y, minute in rows:
            con.execute(
                "INSERT INTO picture.aid_entry VALUES (?, '747', ?, 'food', ?, ?, TIMESTAMPTZ '2021-08-01 00:00:00+07'"
                " + to_minutes(?), NULL, 'infinity', TIMESTAMPTZ '2021-08-02 00:00:00+07', 'infinity')",
                [name, kind, x, y, minute],
            )
        held = SimpleNamespace(cursor=con.cursor, moment=lambda as_of: at("2021-08-29T18:00"))
        found = nearest_offers(cast("Release", held), DAY, "R", most=5)
    here = [(number + 0.5) * GRID_DEGREES for number in request]
    told = []
    for number, (cell, minute) in enumerate(offers):
        there = [(part + 0.5) * GRID_DEGREES for part in cell]
        told.append((round(SPHERE.inv(here[0], here[1], there[0], there[1])[2] / 1000, 3), minute, f"O{number:02}"))
    told.sort()
    assert [offer.distance_km for offer in found] == pytest.approx([km for km, _, _ in told[:5]], abs=0.0015)
    assert [offer.aid_id for offer in found] == [name for _, _, name in told[:5]] or _tied(found, told)


def _tied(found: list[Offer], told: list[tuple[float, int, str]]) -> bool:
    """True where the order differs only between distances that round to neighbouring metres."""
    km = {name: distance for distance, _, name in told}
    ordered = [km[offer.aid_id] for offer in found]
    return all(later >= earlier - 0.0015 for earlier, later in pairwise(ordered))
