"""GeoJSON files of units: which feature is which unit, what is wrong with them, and how a file is taken into use."""

from __future__ import annotations

import hashlib
import ipaddress
import json
import math
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import numpy as np
import requests
import shapely
from pyproj import Geod
from shapely.geometry import Polygon, shape
from shapely.geometry.base import BaseGeometry

from data_sources.refusal import Refused, Unreachable
from data_sources.settings import Settings
from data_sources.units import Register, Unit, load_register, resolve_names

INSTALLED_NAME = "boundaries.geojson"
"""The file in the data folder that `install` writes and that goes before every other."""

LEAST_AREA_KM2 = 0.01
"""Overlaps and gaps below one hectare come from the rounding of coordinates, not from a wrong border."""
LARGEST_MEGABYTES = 256
"""Ten times the largest national file that was met; more would not fit in the memory of a small server."""
CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0
TOTAL_SECONDS = 300.0
"""A server that sends a byte now and then must not hold the command for ever."""
WGS_84_NAMES = ("4326", "CRS84", "4979")

FindingKind = Literal["invalid_geometry", "overlap", "gap", "unit_without_polygon", "polygon_without_unit"]

GEOD = Geod(ellps="WGS84")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong with a boundary file, in a sentence; `area_km2` for overlaps and gaps."""

    kind: FindingKind
    units: tuple[str, ...]
    message: str
    area_km2: float | None = None

    def __str__(self) -> str:
        return f"{self.kind}: {self.message}"


@dataclass(frozen=True, kw_only=True)
class Feature:
    """One polygon of a file with the unit it is of; `unit` is None where it is of none."""

    unit: str | None
    written: str
    geometry: BaseGeometry
    fault: str | None
    label: tuple[float, float] | None


@dataclass(frozen=True, kw_only=True)
class Installed:
    """What `install` did: the units that now have a boundary, and what is wrong but bearable."""

    path: Path
    units: tuple[str, ...]
    findings: tuple[Finding, ...]


def area_km2(geometry: BaseGeometry) -> float:
    """The geodesic area of a polygon on WGS 84, in square kilometres."""
    return abs(float(GEOD.geometry_area_perimeter(shapely.orient_polygons(geometry))[0])) / 1e6


def parse(data: bytes, where: str) -> dict[str, Any]:
    """The FeatureCollection in `data`; Refused for anything else."""
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise _refused("a GeoJSON FeatureCollection", f"{_opening(data)}, which is not JSON", where) from None
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        kind = document.get("type") if isinstance(document, dict) else type(document).__name__
        raise _refused("a GeoJSON FeatureCollection", f"JSON of the type {str(kind)[:40]}", where)
    features = document.get("features")
    if not isinstance(features, list) or not features:
        raise _refused("at least one feature", "none", where)
    crs = json.dumps(document.get("crs"))
    if document.get("crs") is not None and not any(name in crs for name in WGS_84_NAMES):
        raise _refused("longitude and latitude (WGS 84)", f"the reference system {crs[:80]}", where)
    return document


def _opening(data: bytes) -> str:
    return repr(data[:40].decode("utf-8", "replace"))


def _refused(needed: str, found: str, where: str) -> Refused:
    return Refused(
        needed=needed, found=found, where=where, remedy="Export the boundaries as GeoJSON in WGS 84 and try again."
    )


def _geometry(raw: Any) -> tuple[BaseGeometry, str | None]:
    """The geometry of a feature and what is wrong with it."""
    try:
        with np.errstate(invalid="ignore"):  # a coordinate that is no number is found below
            geometry = shapely.force_2d(shape(raw))
    except (TypeError, ValueError, AttributeError, KeyError, IndexError, shapely.errors.ShapelyError):
        return Polygon(), "its geometry cannot be read"
    if geometry.is_empty or geometry.geom_type not in ("Polygon", "MultiPolygon"):
        return Polygon(), f"it is no polygon but {'empty' if geometry.is_empty else geometry.geom_type}"
    west, south, east, north = geometry.bounds
    if not all(map(math.isfinite, geometry.bounds)):
        return Polygon(), "a coordinate is not a number"
    if west < -180 or east > 180 or south < -90 or north > 90:
        return Polygon(), f"its coordinates are not longitude and latitude ({west:.0f}, {south:.0f} is among them)"
    return geometry, None if geometry.is_valid else shapely.is_valid_reason(geometry)


def _label(properties: dict[str, Any]) -> tuple[float, float] | None:
    label = properties.get("label")
    if isinstance(label, list) and len(label) == 2 and all(isinstance(part, int | float) for part in label):
        return float(label[0]), float(label[1])
    return None


def read_features(collection: dict[str, Any], codes: Sequence[str | None], written: Sequence[str]) -> list[Feature]:
    """The features of a parsed file, each with the unit in `codes` and what the file calls it."""
    found: list[Feature] = []
    for raw, code, name in zip(collection["features"], codes, written, strict=True):
        geometry, fault = _geometry(raw.get("geometry") if isinstance(raw, dict) else None)
        found.append(Feature(unit=code, written=name, geometry=geometry, fault=fault, label=_label(_properties(raw))))
    return found


def _properties(raw: Any) -> dict[str, Any]:
    properties = raw.get("properties") if isinstance(raw, dict) else None
    return properties if isinstance(properties, dict) else {}


def _codes_of(collection: dict[str, Any], code_property: str, known: set[str]) -> list[str | None]:
    """For each feature the unit its code property names, where that is one of `known`."""
    lengths = {len(code) for code in known}
    codes: list[str | None] = []
    for raw in collection["features"]:
        text = str(_properties(raw).get(code_property, "")).strip()
        spellings = [text, *(text.zfill(length) for length in sorted(lengths) if text.isdigit())]
        codes.append(next((spelling for spelling in spellings if spelling in known), None))
    return codes


def match(
    collection: dict[str, Any],
    settings: Settings,
    register: Register,
    units: Sequence[Unit],
    day: date | None,
    where: str,
) -> list[Feature]:
    """The features with their units: by the code property where the file has it, else by certain names.

    Refused where the file has neither property.
    """
    code_property, name_property = settings.units.boundaries_code, settings.units.boundaries_name
    properties = [_properties(raw) for raw in collection["features"]]
    written = [
        str(each.get(name_property) or each.get(code_property) or f"feature {number}")
        for number, each in enumerate(properties, start=1)
    ]
    if any(each.get(code_property) not in (None, "") for each in properties):
        codes = _codes_of(collection, code_property, {unit.code for unit in units})
        return read_features(collection, codes, written)
    if not any(each.get(name_property) for each in properties):
        names = ", ".join(sorted({name for each in properties for name in each})[:20]) or "none"
        raise Refused(
            needed=f"a property {code_property} or {name_property}",
            found=f"the properties {names}",
            where=where,
            remedy="Name the right ones in units.boundaries_code or units.boundaries_name.",
        )
    level = settings.province.level
    answers = resolve_names(register, written, parent=settings.province.code, level=level, day=day)
    return read_features(collection, [answers[name].code for name in written], written)


def check_geojson(collection: dict[str, Any], units: Sequence[Unit], code_property: str = "code") -> list[Finding]:
    """What is wrong with a FeatureCollection as the boundaries of `units`; empty where nothing is.

    Invalid geometries with why, overlaps and gaps with their geodesic area, units without polygon, polygons without
    unit. Areas under `LEAST_AREA_KM2` are not counted.
    """
    written = [str(_properties(raw).get(code_property, number)) for number, raw in enumerate(collection["features"])]
    codes = _codes_of(collection, code_property, {unit.code for unit in units})
    return findings_of(read_features(collection, codes, written), units)


def findings_of(features: Sequence[Feature], units: Sequence[Unit]) -> list[Finding]:
    """As `check_geojson`, for features whose units are known."""
    names = {unit.code: unit.name for unit in units}
    found = [
        Finding(
            kind="invalid_geometry",
            units=(feature.unit,) if feature.unit else (),
            message=f"{names.get(feature.unit or '', feature.written)}: {feature.fault}",
        )
        for feature in features
        if feature.fault
    ]
    found += [
        Finding(kind="polygon_without_unit", units=(), message=f"{feature.written}: no unit has this code or name")
        for feature in features
        if feature.unit is None
    ]
    drawn = {feature.unit for feature in features}
    found += [
        Finding(kind="unit_without_polygon", units=(code,), message=f"{name} ({code}): no polygon")
        for code, name in names.items()
        if code not in drawn
    ]
    sound = [feature for feature in features if feature.unit and not feature.fault]
    return [*found, *_overlaps(sound, names), *_gaps(sound)] if sound else found


def _overlaps(features: list[Feature], names: dict[str, str]) -> Iterator[Finding]:
    geometries = [feature.geometry for feature in features]
    for first, second in shapely.STRtree(geometries).query(geometries, predicate="intersects").T.tolist():
        if first >= second:
            continue
        area = area_km2(_polygons(geometries[first].intersection(geometries[second])))
        if area >= LEAST_AREA_KM2:
            codes = tuple(str(features[place].unit) for place in (first, second))
            text = f"{names[codes[0]]} and {names[codes[1]]} overlap by {area:.2f} km2"
            yield Finding(kind="overlap", units=codes, message=text, area_km2=area)


def _gaps(features: list[Feature]) -> Iterator[Finding]:
    union = _polygons(shapely.union_all([feature.geometry for feature in features]))
    for part in union.geoms:
        for hole in part.interiors:
            area = area_km2(Polygon(hole))
            if area >= LEAST_AREA_KM2:
                point = Polygon(hole).representative_point()
                text = f"{area:.2f} km2 at {point.y:.4f} N, {point.x:.4f} E inside the province belong to no unit"
                yield Finding(kind="gap", units=(), message=text, area_km2=area)


def _polygons(geometry: BaseGeometry) -> shapely.MultiPolygon:
    """The polygons in `geometry`; the lines and points in which polygons merely touch are left out."""
    parts = getattr(geometry, "geoms", [geometry])
    return shapely.MultiPolygon([part for part in parts if part.geom_type == "Polygon" and not part.is_empty])


def install(source: str, settings: Settings, data_dir: Path, register: Register | None = None) -> Installed:
    """Take the GeoJSON at `source`, a path or a URL (https, or http on loopback), as the boundaries of the province.

    Overlaps, gaps and missing units are reported and borne; Refused, and nothing changed, where a unit's polygon is
    invalid or no unit has one. Unreachable for a URL that does not answer.
    """
    register = register or load_register(settings)
    units = register.leaves(settings.province.code, settings.province.level)
    data = _fetched(source) if "://" in source else _read(Path(source))
    where = source.split("?", 1)[0] if "://" in source else Path(source).name
    features = match(parse(data, where), settings, register, units, None, where)
    findings = findings_of(features, units)
    kept = [feature for feature in features if feature.unit]
    broken = [finding.message for finding in findings if finding.kind == "invalid_geometry" and finding.units]
    if broken:
        raise _refused("valid polygons", "; ".join(broken[:5]), where)
    if not kept:
        raise Refused(
            needed=f"a polygon for at least one of {len(units)} units",
            found="; ".join(finding.message for finding in findings[:3]),
            where=where,
            remedy="Name the property with the units' codes in units.boundaries_code, or with their names in"
            " units.boundaries_name.",
        )
    document = {
        "type": "FeatureCollection",
        "name": where,
        "sha256": hashlib.sha256(data).hexdigest(),
        "features": [
            {
                "type": "Feature",
                "properties": {"code": feature.unit, "name": feature.written},
                "geometry": json.loads(shapely.to_geojson(feature.geometry)),
            }
            for feature in kept
        ],
    }
    path = data_dir / INSTALLED_NAME
    _write(path, json.dumps(document, ensure_ascii=False).encode())
    drawn = {feature.unit for feature in kept}
    return Installed(
        path=path, units=tuple(unit.code for unit in units if unit.code in drawn), findings=tuple(findings)
    )


def _too_large(where: str) -> Refused:
    return Refused(
        needed=f"at most {LARGEST_MEGABYTES} MB",
        found="more",
        where=where,
        remedy="Cut the file to the province, or simplify it.",
    )


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise Refused(needed="a file", found="none", where=str(path), remedy="Give the path of a GeoJSON file.")
    if path.stat().st_size > LARGEST_MEGABYTES * 2**20:
        raise _too_large(path.name)
    return path.read_bytes()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _fetched(url: str) -> bytes:
    """The body at `url`, decoded; no redirect is followed, so that what was checked is what is asked."""
    parts = urlsplit(url)
    where, loopback = url.split("?", 1)[0], _is_loopback(parts.hostname or "")
    if parts.scheme != "https" and not (parts.scheme == "http" and loopback):
        raise Refused(
            needed="an https address, or http on this machine", found=url[:80], where=where, remedy="Use https."
        )
    deadline = time.monotonic() + TOTAL_SECONDS
    data = bytearray()
    try:
        with requests.Session() as session:
            session.trust_env = not loopback
            with session.get(
                url, stream=True, allow_redirects=False, timeout=(CONNECT_SECONDS, READ_SECONDS)
            ) as response:
                if response.status_code != requests.codes.ok:
                    found = f"the answer {response.status_code} {response.headers.get('Location', '')[:80]}".rstrip()
                    raise Refused(
                        needed="the answer 200", found=found, where=where, remedy="Give the file's own address."
                    )
                for part in response.iter_content(65536):
                    data += part
                    if len(data) > LARGEST_MEGABYTES * 2**20:
                        raise _too_large(where)
                    if time.monotonic() > deadline:
                        raise Unreachable(
                            needed=f"the whole file within {TOTAL_SECONDS:.0f} s",
                            found="a part",
                            where=where,
                            remedy="Try again, or fetch the file yourself and give its path.",
                        )
    except requests.RequestException as error:
        raise Unreachable(
            needed="an answer", found=type(error).__name__, where=where, remedy="Check the address and the network."
        ) from None
    return bytes(data)


def _write(path: Path, data: bytes) -> None:
    """Replace `path` by `data` in one step that survives a power cut: the old file or the new, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
