"""Boundaries against the published ones: areas, overlaps, gaps, and how near the product's own outlines come."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import shape

from data_sources.boundaries import OUTLINES, area_km2, check_geojson, load_boundaries
from data_sources.settings import parse
from data_sources.unit_national import national_register

AREAS_77 = {
    "747": 137.6,
    "748": 90.9,
    "750": 425.5,
    "751": 639.5,
    "752": 78.3,
    "753": 188.0,
    "754": 330.4,
    "755": 74.5,
}


def read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def published(shared_data: Path, province: str) -> dict[str, Any]:
    return read(shared_data / "boundaries_dvhcvn" / f"{province}_districts.geojson")


def by_code(document: dict[str, Any], code_property: str) -> dict[str, Any]:
    return {feature["properties"][code_property]: shape(feature["geometry"]) for feature in document["features"]}


def test_areas_of_the_eight_units_of_ba_ria_vung_tau(shared_data: Path) -> None:
    areas = {code: area_km2(one) for code, one in by_code(published(shared_data, "77"), "level2_id").items()}
    assert {code: round(area, 1) for code, area in areas.items()} == AREAS_77
    assert round(sum(areas.values()), 1) == 1964.7


def test_area_of_dong_nai(shared_data: Path) -> None:
    shapes = by_code(published(shared_data, "75"), "level2_id")
    assert len(shapes) == 11
    assert round(sum(map(area_km2, shapes.values())), 1) == 5859.6


@pytest.mark.parametrize("province", ["77", "75"])
def test_the_published_boundaries_have_no_overlap_no_gap_and_every_unit(shared_data: Path, province: str) -> None:
    units = national_register().leaves(province, "district")
    assert check_geojson(published(shared_data, province), units, "level2_id") == []


@pytest.mark.parametrize("province", ["77", "75"])
def test_names_and_codes_of_november_2021_are_those_of_the_register(shared_data: Path, province: str) -> None:
    listed = json.loads((shared_data / "boundaries_dvhcvn" / f"admin_{province}_2021-11.json").read_text("utf-8"))
    districts = {one["level2_id"]: one["name"] for one in listed["level2s"]}
    assert districts == {unit.code: unit.name for unit in national_register().leaves(province, "district")}
    communes = {one["level3_id"] for two in listed["level2s"] for one in two["level3s"]}
    leaves = national_register().leaves(province, "commune")
    assert communes == {unit.code for unit in leaves if unit.level == "commune"}


def test_each_outline_overlaps_the_published_unit_as_far_as_it_says(shared_data: Path) -> None:
    reference = by_code(published(shared_data, "77"), "level2_id")
    outlines = read(OUTLINES)
    drawn = by_code(outlines, "code")
    stated = {
        feature["properties"]["code"]: feature["properties"]["measured_overlap"] for feature in outlines["features"]
    }
    assert set(drawn) == set(reference)
    for code, outline in drawn.items():
        overlap = outline.intersection(reference[code]).area / outline.union(reference[code]).area
        assert overlap >= 0.85, code
        assert stated[code] == pytest.approx(overlap, abs=0.01), code


def test_no_point_of_an_outline_is_a_published_point(shared_data: Path) -> None:
    def points(document: dict[str, Any]) -> set[tuple[float, float]]:
        found: set[tuple[float, float]] = set()
        waiting = [feature["geometry"]["coordinates"] for feature in document["features"]]
        while waiting:
            item = waiting.pop()
            if isinstance(item[0], list):
                waiting.extend(item)
            else:
                found.add((item[0], item[1]))
        return found

    assert not points(read(OUTLINES)) & points(published(shared_data, "77"))


def test_the_published_boundaries_of_dong_nai_are_drawn_whole(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "boundaries_dvhcvn" / "75_districts.geojson"
    units = {"boundaries": str(path), "boundaries_code": "level2_id"}
    found = load_boundaries(parse({"province": {"code": "75", "name": "Đồng Nai"}, "units": units}, tmp_path), tmp_path)
    assert (found.origin, found.missing, len(found.by_unit)) == ("settings", (), 11)
    assert not any(found.is_island(code) for code in found.by_unit)
    assert sum(area_km2(shape(found.geometry(code))) for code in found.by_unit) == pytest.approx(5859.6, abs=0.5)
