"""The layout of the map: every unit inside it, the island in a frame over water, its distance worked out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from shapely.geometry import Polygon, box
from shapely.ops import unary_union

from analytics.release import Release, open_release
from pages.components.outlines import outlines
from tests.analytics.release_fixture import SmallRelease
from tests.pages.steady_province import SHORT

SQUARE = '{{"type":"Polygon","coordinates":[[[{0},10],[{1},10],[{1},10.2],[{0},10.2],[{0},10]]]}}'


@pytest.fixture
def release(steady_data: Path) -> Iterator[Release]:
    found = open_release(steady_data, "leader")
    yield found
    found.close()


def test_every_unit_has_an_outline_inside_the_map(release: Release) -> None:
    laid = outlines(release, tuple(SHORT))
    assert {unit.code for unit in laid.units} == set(SHORT)
    assert laid.without_outline == ()
    for unit in laid.units:
        for part in unit.parts:
            assert all(-1 <= x <= laid.wide + 1 and -1 <= y <= laid.tall + 1 for ring in part for x, y in ring)


def test_labels_lie_inside_their_unit(release: Release) -> None:
    for unit in outlines(release, tuple(SHORT)).units:
        shapes = [Polygon(part[0], part[1:]).buffer(1.0) for part in unit.parts]
        assert any(
            shape.contains(Polygon.from_bounds(unit.label_x, unit.label_y, unit.label_x + 0.1, unit.label_y + 0.1))
            for shape in shapes
        )


def test_the_island_has_a_frame_over_water_and_its_distance(release: Release) -> None:
    laid = outlines(release, tuple(SHORT))
    (inset,) = laid.insets
    assert inset.code == "755"
    frame = box(inset.x, inset.y, inset.x + inset.wide, inset.y + inset.tall)
    land = unary_union([Polygon(part[0]).buffer(0) for unit in laid.units if not unit.inset for part in unit.parts])
    assert frame.intersection(land).area == 0
    island = next(unit for unit in laid.units if unit.code == "755")
    assert all(frame.contains(Polygon(part[0])) for part in island.parts)
    # 8.7 N 106.6 E to the cape of Vũng Tàu at 10.33 N 107.08 E: 1.63 degrees of latitude and 0.48 of longitude.
    assert 170 <= inset.distance_km <= 195


def test_units_without_a_boundary_are_named(tmp_path: Path) -> None:
    made = SmallRelease().unit("1", "Huyện Một").unit("2", "Huyện Hai")
    made.insert("boundary", ("1", SQUARE.format(107.0, 107.2))).write(tmp_path)
    release = open_release(tmp_path, "leader")
    laid = outlines(release, ("1", "2"))
    assert laid.without_outline == ("2",)
    assert [unit.code for unit in laid.units] == ["1"]
    release.close()


def test_neighbours_still_share_their_edge_after_simplification(release: Release) -> None:
    laid = outlines(release, tuple(SHORT))
    shapes = [Polygon(part[0]).buffer(0) for unit in laid.units if not unit.inset for part in unit.parts]
    overlap = sum(one.intersection(other).area for place, one in enumerate(shapes) for other in shapes[place + 1 :])
    assert overlap < 0.001 * unary_union(shapes).area
