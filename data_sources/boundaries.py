"""The boundaries of the reporting units: their polygons, where their labels stand, which of them are islands."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from data_sources.boundary_files import (
    GEOD,
    INSTALLED_NAME,
    Feature,
    Finding,
    Installed,
    area_km2,
    check_geojson,
    install,
    match,
    parse,
    read_features,
)
from data_sources.settings import SettingError, Settings
from data_sources.units import Register, Unit, load_register

__all__ = [
    "Boundaries",
    "Boundary",
    "Finding",
    "Installed",
    "area_km2",
    "check_geojson",
    "install",
    "load_boundaries",
]

ISLAND_KM = 50.0
"""A unit farther than this from every other needs an inset: fitting it in shrinks the rest to a corner. Côn Đảo lies
180 km off; no district or province of the files we met that is reached over land is farther than 1 km from the next."""
DRAWN_VERTICES = 12_000
"""Vertices of a whole map beyond which it is simplified: about 280 KB, so that a page stays within its 500 KB."""
DRAWN_DECIMALS = 5
"""About a metre, far under a pixel."""
LABEL_STEP = 0.01
"""How near to its best place a label is put, as a share of the width of its unit."""

OUTLINES = Path(__file__).resolve().parent.parent / "assets" / "boundaries" / "brvt_2021.geojson"

OUTLINED_PROVINCE = "77"

Origin = Literal["installed", "settings", "outlines", "none"]


@dataclass(frozen=True, kw_only=True)
class Boundary:
    """One unit on the map; `geometry` is a GeoJSON geometry in longitude and latitude, the label stands inside it."""

    unit: str
    geometry: dict[str, Any]
    label_longitude: float
    label_latitude: float
    island: bool


@dataclass(frozen=True, kw_only=True)
class Boundaries:
    """The boundaries of the units of one day; `missing` are the units without one, the notes say how exact they are."""

    by_unit: dict[str, Boundary]
    missing: tuple[str, ...]
    origin: Origin
    note_vi: str
    note_en: str

    @property
    def note(self) -> str:
        """How exact they are, in the language of the screens."""
        return self.note_vi

    def geometry(self, unit: str) -> dict[str, Any] | None:
        """The unit's GeoJSON geometry, or None."""
        found = self.by_unit.get(unit)
        return found.geometry if found else None

    def label(self, unit: str) -> tuple[float, float] | None:
        """Longitude and latitude of the unit's label, or None for a unit without boundary."""
        found = self.by_unit.get(unit)
        return (found.label_longitude, found.label_latitude) if found else None

    def is_island(self, unit: str) -> bool:
        """Whether the unit is drawn in an inset."""
        found = self.by_unit.get(unit)
        return found is not None and found.island


def load_boundaries(
    settings: Settings, data_dir: Path, register: Register | None = None, day: date | None = None
) -> Boundaries:
    """The boundaries of the units that report to the province on `day`: the best there are, possibly none.

    In order: the file that `install` put into `data_dir`, the file in the settings, the product's own outlines. Without
    a day the register's reference day is meant. Refused for a file that cannot be read; SettingError for a file that is
    not there, and for an island that is no unit.
    """
    register = register or load_register(settings)
    units = register.leaves(settings.province.code, settings.province.level, day)
    origin, features, note = _first_found(settings, data_dir, register, units, day)
    shapes = {code: shapely.union_all([part.geometry for part in parts]) for code, parts in _by_unit(features).items()}
    labels = {feature.unit: feature.label for feature in features if feature.unit}
    shapes, simplified = _drawable(shapes)
    if simplified:
        note = (f"{note[0]} Đã giản lược để vẽ.", f"{note[1]} Simplified for drawing.")
    islands = _islands(shapes, settings, units)
    by_unit = {code: _boundary(code, shapes[code], labels.get(code), code in islands) for code in shapes}
    return Boundaries(
        by_unit=by_unit,
        missing=tuple(unit.code for unit in units if unit.code not in by_unit),
        origin=origin,
        note_vi=note[0],
        note_en=note[1],
    )


def _first_found(
    settings: Settings, data_dir: Path, register: Register, units: Sequence[Unit], day: date | None
) -> tuple[Origin, list[Feature], tuple[str, str]]:
    """Where the polygons come from, those that are a unit's, and the note in Vietnamese and English."""
    installed = data_dir / INSTALLED_NAME
    if installed.is_file():
        # Written by `install` with the units' codes under "code", whatever the settings call them in the original.
        collection = parse(installed.read_bytes(), INSTALLED_NAME)
        known = {unit.code for unit in units}
        codes = [str(raw["properties"]["code"]) for raw in collection["features"]]
        codes_or_none = [code if code in known else None for code in codes]
        features = _sound(read_features(collection, codes_or_none, codes))
        if features:
            name = collection.get("name", INSTALLED_NAME)
            return "installed", features, (f"Ranh giới theo tệp {name}.", f"Boundaries from {name}.")
    if settings.units.boundaries is not None:
        path = settings.path(settings.units.boundaries)
        if not path.is_file():
            raise SettingError(
                f"units.boundaries = {settings.units.boundaries!r}: there is no such file; name a GeoJSON file"
            )
        collection = parse(path.read_bytes(), path.name)
        features = _sound(match(collection, settings, register, units, day, path.name))
        if features:
            note = (f"Ranh giới theo tệp {path.name}.", f"Boundaries from {path.name}.")
            return "settings", features, note
    features, note = _outlines(register, units)
    if features:
        return "outlines", features, note
    return "none", [], ("Chưa có ranh giới của các đơn vị.", "There are no boundaries of these units.")


def _sound(features: list[Feature]) -> list[Feature]:
    return [feature for feature in features if feature.unit and not feature.fault]


def _by_unit(features: Sequence[Feature]) -> dict[str, list[Feature]]:
    parts: dict[str, list[Feature]] = {}
    for feature in features:
        if feature.unit:
            parts.setdefault(feature.unit, []).append(feature)
    return parts


@cache
def _own_collection() -> dict[str, Any]:
    return parse(OUTLINES.read_bytes(), OUTLINES.name)


def _outlines(register: Register, units: Sequence[Unit]) -> tuple[list[Feature], tuple[str, str]]:
    """The product's own outlines of `units`; a unit that unites others of the outlines has theirs together."""
    collection = _own_collection()
    codes = [str(raw["properties"]["code"]) for raw in collection["features"]]
    drawn = dict(zip(codes, read_features(collection, codes, codes), strict=True))
    last_days = {
        str(raw["properties"]["code"]): date.fromisoformat(raw["properties"]["valid_to"])
        for raw in collection["features"]
        if "valid_to" in raw["properties"]
    }
    found: list[Feature] = []
    for unit in units:
        if all(above.code != OUTLINED_PROVINCE for above in register.lineage(unit, unit.valid_to)):
            continue
        outline = drawn.get(unit.code)
        ended = last_days.get(unit.code)
        if outline and (unit.valid_from is None or ended is None or unit.valid_from <= ended):
            found.append(outline)
        elif unit.valid_from is not None:
            found += _united(unit, register, drawn)
    note = collection["note"]
    return found, (note["vi"], note["en"])


def _united(unit: Unit, register: Register, drawn: dict[str, Feature]) -> list[Feature]:
    """The outline of a unit made of whole others the day before; nothing where one of them has no outline."""
    eve = unit.valid_from - timedelta(days=1) if unit.valid_from else None
    parts = [other for other in register.units(eve) if other.valid_to == eve and unit.code in other.successors]
    if not parts or any(part.code not in drawn or part.successors != (unit.code,) for part in parts):
        return []
    geometry = shapely.union_all([drawn[part.code].geometry for part in parts])
    return [Feature(unit=unit.code, written=unit.code, geometry=geometry, fault=None, label=None)]


def _drawable(shapes: dict[str, BaseGeometry]) -> tuple[dict[str, BaseGeometry], bool]:
    """The shapes with at most about `DRAWN_VERTICES` vertices, shared borders simplified alike; whether any was."""
    geometries = np.array(list(shapes.values()), dtype=object)
    total = int(shapely.get_num_coordinates(geometries).sum()) if len(geometries) else 0
    if total <= DRAWN_VERTICES:
        return shapes, False
    bounds = shapely.total_bounds(geometries)
    tolerance = max(bounds[2] - bounds[0], bounds[3] - bounds[1]) / 10_000
    simple = geometries
    while int(shapely.get_num_coordinates(simple).sum()) > DRAWN_VERTICES and tolerance < 1:
        simple = shapely.coverage_simplify(geometries, tolerance)
        tolerance *= 1.5
    return dict(zip(shapes, simple.tolist(), strict=True)), True


def _islands(shapes: dict[str, BaseGeometry], settings: Settings, units: Sequence[Unit]) -> set[str]:
    """The units that need an inset: those the settings name, and those far from every other."""
    known = {unit.code for unit in units}
    for code in settings.units.island:
        if code not in known:
            raise SettingError(f"units.island = {code!r}: no reporting unit; allowed are {', '.join(sorted(known))}")
    named = set(settings.units.island) & set(shapes)
    codes = list(shapes)
    if len(codes) < 2:
        return named
    geometries = list(shapes.values())
    # The nearest in degrees is near enough to the nearest in kilometres for a threshold as coarse as this one.
    nearest = shapely.STRtree(geometries).query_nearest(geometries, exclusive=True, all_matches=False)
    far: set[str] = set()
    for place, other in nearest.T.tolist():
        line = shapely.shortest_line(geometries[place], geometries[other])
        if GEOD.geometry_length(line) / 1000 > ISLAND_KM:
            far.add(codes[place])
    # Where most units are islands there is no mainland to make room for.
    return named | (far if 2 * len(far) < len(codes) else set())


def _boundary(code: str, geometry: BaseGeometry, label: tuple[float, float] | None, island: bool) -> Boundary:
    parts = shapely.get_parts(geometry)
    largest = parts[int(np.argmax(shapely.area(parts)))]
    if label is None or not shapely.Point(label).within(geometry):
        width = max(largest.bounds[2] - largest.bounds[0], largest.bounds[3] - largest.bounds[1])
        circle = shapely.maximum_inscribed_circle(largest, tolerance=width * LABEL_STEP)
        label = tuple(circle.coords[0])
    rounded = shapely.transform(geometry, lambda points: np.round(points, DRAWN_DECIMALS))
    return Boundary(
        unit=code,
        geometry=json.loads(shapely.to_geojson(rounded)),
        label_longitude=round(float(label[0]), DRAWN_DECIMALS),
        label_latitude=round(float(label[1]), DRAWN_DECIMALS),
        island=island,
    )
