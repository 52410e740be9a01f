"""The places of the demonstration lie where they say they do."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
from shapely import contains_xy
from shapely.geometry import shape

from data_sources.demo import places
from data_sources.demo.residents import provinces

CENSUS_2019 = 1_148_313
ADULTS = 823_373
DEGREES_PER_KM = 1 / 111


def test_districts_have_the_published_residents() -> None:
    assert places.RESIDENTS.sum() == CENSUS_2019
    assert places.RESIDENTS_18_PLUS.sum() == ADULTS
    assert (places.RESIDENTS_18_PLUS < places.RESIDENTS).all()


def test_there_are_the_82_communes_of_2021(shared_data: Path) -> None:
    table = places.communes()
    document = json.loads((shared_data / "boundaries_dvhcvn" / "admin_77_2021-11.json").read_text(encoding="utf-8"))
    theirs = Counter(unit["level2_id"] for unit in document["level2s"] for _ in unit["level3s"])
    ours = Counter(places.CODES[unit] for unit, name in zip(table.unit, table.name, strict=True) if name)
    assert sum(ours.values()) == 82
    assert ours == theirs


def test_communes_and_meeting_places_lie_in_their_district(shared_data: Path) -> None:
    document = json.loads((shared_data / "boundaries_dvhcvn" / "77_districts.geojson").read_text(encoding="utf-8"))
    shapes = {feature["properties"]["level2_id"]: shape(feature["geometry"]) for feature in document["features"]}
    table = places.communes()
    spots = places.meeting_places(2021, table)
    for number, code in enumerate(places.CODES):
        mine = table.unit == number
        assert contains_xy(shapes[code], table.longitude[mine], table.latitude[mine]).all(), code
        near = shapes[code].buffer(0.3 * DEGREES_PER_KM)
        visited = np.isin(spots.commune, np.flatnonzero(mine))
        assert contains_xy(near, spots.longitude[visited], spots.latitude[visited]).all(), code


def test_the_other_provinces_are_62() -> None:
    table = provinces()
    assert len(set(table.code)) == len(set(table.name)) == 62
    assert "77" not in table.code
    assert (table.residents % 1000 == 0).all()
    assert (table.residents_18_plus < table.residents).all()
    assert 90_000_000 < table.residents.sum() + CENSUS_2019 < 100_000_000
