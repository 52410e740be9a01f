"""The outlines of a release's units, laid out for a screen: the mainland fitted, island units in an inset of their own.

Longitudes and latitudes are laid on a plane that keeps shapes at the province's latitude; the result is numbers
between 0 and `WIDE`, ready for SVG, with a place for each unit's label.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from pyproj import Geod
from shapely.affinity import affine_transform
from shapely.geometry import MultiPolygon, Point, Polygon, box, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points, unary_union

from analytics.release import Release

Ring = tuple[tuple[float, float], ...]
Bounds = tuple[float, float, float, float]
Plane = tuple[float, float, float, float, float, float]

WIDE = 1000.0
EDGE = 8.0
TOLERANCE = 0.9
"""Half a screen pixel at 550 px: finer vertices cost bytes and cannot be seen."""
INSET = (170.0, 150.0)
"""Width and height of an inset: 17% of the map, as in the sketch, its label included."""
INSET_LABEL = 44.0
ISLET = 0.02
"""Parts of an island unit below this share of its largest are not drawn: at 100 px they would be specks."""
ROUND_KM = 10
"""A distance to an island is told to the nearest 10 km; the outlines know no better."""


@dataclass(frozen=True)
class Outline:
    """One unit on the plane."""

    code: str
    parts: tuple[tuple[Ring, ...], ...]
    """Polygons, each a shell and its holes, as rings of (x, y)."""
    label_x: float
    label_y: float
    room: float
    """Radius of the largest circle that fits inside: whether a label has room."""
    inset: bool = False

    @property
    def path(self) -> str:
        """SVG path data."""
        rings = (ring for part in self.parts for ring in part)
        return "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z" for ring in rings)


@dataclass(frozen=True)
class Inset:
    """The frame around an island unit, and how far from the coast it lies."""

    code: str
    x: float
    y: float
    wide: float
    tall: float
    distance_km: int


@dataclass(frozen=True)
class Outlines:
    """The map of a release without its figures."""

    wide: float
    tall: float
    units: tuple[Outline, ...]
    insets: tuple[Inset, ...]
    without_outline: tuple[str, ...]
    """Units that should be on the map and have no boundary."""
    planes: tuple[tuple[Bounds, Plane], ...] = ()
    """How a place is laid on the map: within these bounds, by this plane; islands first, the mainland last."""

    def at(self, longitude: float, latitude: float) -> tuple[float, float] | None:
        """Where a place lies on the map; None where it lies off it."""
        for (west, south, east, north), (a, b, d, e, x0, y0) in self.planes:
            if west <= longitude <= east and south <= latitude <= north:
                return a * longitude + b * latitude + x0, d * longitude + e * latitude + y0
        return None


def geometries(release: Release, codes: tuple[str, ...]) -> dict[str, str]:
    """GeoJSON geometry text of each of `codes` that has a boundary."""
    found = release.cursor().execute(
        "SELECT unit, geometry FROM picture.boundary WHERE unit IN (SELECT unnest(?))", [list(codes)]
    )
    return {str(unit): str(text) for unit, text in found.fetchall()}


def lay_out(release: Release, codes: tuple[str, ...]) -> Outlines:
    """The units of `codes` laid out; without any boundary, an empty layout that names every unit as missing."""
    shapes = {code: shapely.make_valid(shape(json.loads(text))) for code, text in geometries(release, codes).items()}
    missing = tuple(code for code in codes if code not in shapes)
    if not shapes:
        return Outlines(WIDE, WIDE, (), (), missing)
    islands = [code for code in codes if code in shapes and release.units.get(code).island]
    main = {code: geometry for code, geometry in shapes.items() if code not in islands} or shapes
    islands = [code for code in islands if code not in main]
    west, south, east, north = unary_union(list(main.values())).bounds
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = (WIDE - 2 * EDGE) / ((east - west) * squeeze)
    plane = [scale * squeeze, 0, 0, -scale, EDGE - west * squeeze * scale, EDGE + north * scale]
    drawn = _simplified({code: affine_transform(geometry, plane) for code, geometry in main.items()})
    tall = (north - south) * scale + 2 * EDGE
    land = unary_union(list(drawn.values()))
    places, wide, tall = _inset_places(land, WIDE, tall, len(islands))
    units = [_outline(code, drawn[code]) for code in codes if code in drawn]
    insets: list[Inset] = []
    planes: list[tuple[Bounds, Plane]] = []
    for code, (left, top) in zip(islands, places, strict=True):
        kept, fitted = _fitted(shapes[code], squeeze, left, top)
        units.append(_outline(code, affine_transform(kept, list(fitted)).simplify(TOLERANCE / 2), inset=True))
        planes.append((kept.bounds, fitted))
        insets.append(Inset(code, left, top, *INSET, distance_km=_distance_km(shapes[code], list(main.values()))))
    planes.append(((west, south, east, north), (plane[0], plane[1], plane[2], plane[3], plane[4], plane[5])))
    return Outlines(wide, tall, tuple(units), tuple(insets), missing, tuple(planes))


def _simplified(drawn: dict[str, BaseGeometry]) -> dict[str, BaseGeometry]:
    """The shapes with fewer vertices, shared edges still shared."""
    codes = list(drawn)
    simple = shapely.coverage_simplify([drawn[code] for code in codes], tolerance=TOLERANCE)
    return dict(zip(codes, simple, strict=True))


def _outline(code: str, geometry: BaseGeometry, *, inset: bool = False) -> Outline:
    parts = [part for part in _polygons(geometry) if part.area > 1.0] or _polygons(geometry)
    largest = max(parts, key=lambda part: part.area)
    line = shapely.maximum_inscribed_circle(largest, tolerance=2.0)
    centre = Point(line.coords[0])
    drawn = tuple(tuple(_ring(ring) for ring in (part.exterior, *part.interiors)) for part in parts)
    return Outline(code, drawn, centre.x, centre.y, line.length, inset)


def _polygons(geometry: BaseGeometry) -> list[Polygon]:
    if isinstance(geometry, Polygon):
        return [geometry]
    if isinstance(geometry, MultiPolygon):
        return list(geometry.geoms)
    return [part for item in getattr(geometry, "geoms", []) for part in _polygons(item)]


def _ring(ring: shapely.LinearRing) -> Ring:
    return tuple((round(x, 1), round(y, 1)) for x, y in list(ring.coords)[:-1])


def _inset_places(
    land: BaseGeometry, wide: float, tall: float, count: int
) -> tuple[list[tuple[float, float]], float, float]:
    """Where the insets go: the corner with most water, side by side; the map grows to the right where none has room."""
    if not count:
        return [], wide, tall
    gap = 12.0
    row = count * INSET[0] + (count - 1) * gap
    bottom, right = tall - INSET[1] - EDGE, wide - row - EDGE
    corners = [(right, bottom), (EDGE, bottom), (right, EDGE), (EDGE, EDGE)]
    covered = [land.intersection(box(x, y, x + row, y + INSET[1])).area for x, y in corners]
    best = min(range(len(corners)), key=lambda place: covered[place])
    if covered[best] > 0:
        corners[best] = (wide + gap, bottom)
        wide += row + 2 * gap
    x, y = corners[best]
    return [(x + number * (INSET[0] + gap), y) for number in range(count)], wide, tall


def _fitted(geometry: BaseGeometry, squeeze: float, left: float, top: float) -> tuple[BaseGeometry, Plane]:
    """The parts of an island unit that are drawn, and the plane that lays them in its inset, beneath the label."""
    parts = _polygons(geometry)
    largest = max(part.area for part in parts)
    kept = MultiPolygon([part for part in parts if part.area >= ISLET * largest])
    west, south, east, north = kept.bounds
    room_wide, room_tall = INSET[0] - 40.0, INSET[1] - 2 * INSET_LABEL
    scale = min(room_wide / ((east - west) * squeeze), room_tall / (north - south))
    x0 = left + INSET[0] / 2 - (west + east) / 2 * squeeze * scale
    y0 = top + INSET[1] / 2 + (south + north) / 2 * scale
    return kept, (scale * squeeze, 0.0, 0.0, -scale, x0, y0)


def _distance_km(island: BaseGeometry, coast: Sequence[BaseGeometry]) -> int:
    """Shortest distance on the ellipsoid from the island to the other units, to the nearest ROUND_KM."""
    here, there = nearest_points(island, unary_union(list(coast)))
    _, _, metres = Geod(ellps="WGS84").inv(here.x, here.y, there.x, there.y)
    return int(round(metres / 1000 / ROUND_KM) * ROUND_KM)
