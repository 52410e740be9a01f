"""Boundaries: the product's own outlines, the choice among files, the checks, and taking a file into use."""

from __future__ import annotations

import gzip
import itertools
import json
import socket
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from pytest_httpserver import HTTPServer
from shapely.geometry import LineString, Point, Polygon, box, mapping, shape
from werkzeug import Request, Response

from data_sources import boundary_files
from data_sources.boundaries import (
    DRAWN_VERTICES,
    OUTLINES,
    area_km2,
    check_geojson,
    install,
    load_boundaries,
)
from data_sources.refusal import Refused, Unreachable
from data_sources.settings import SettingError, Settings, parse
from data_sources.unit_national import national_register

COLLECTION = json.loads(OUTLINES.read_text(encoding="utf-8"))
SHAPES = {feature["properties"]["code"]: shape(feature["geometry"]) for feature in COLLECTION["features"]}
MAINLAND = ["747", "748", "750", "751", "752", "753", "754"]


def settings(tmp_path: Path, code: str = "77", **units: Any) -> Settings:
    return parse({"province": {"code": code, "name": "Nơi này"}, "units": units}, tmp_path)


def collection(shapes: dict[str, Any], key: str = "code") -> dict[str, Any]:
    features = [
        {"type": "Feature", "properties": {key: code}, "geometry": mapping(geometry) if geometry else None}
        for code, geometry in shapes.items()
    ]
    return {"type": "FeatureCollection", "features": features}


def write(path: Path, document: dict[str, Any]) -> Path:
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def rings(geometry: dict[str, Any]) -> list[list[list[float]]]:
    parts = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return [ring for part in parts for ring in part]


def own_rings() -> dict[str, list[list[list[float]]]]:
    return {feature["properties"]["code"]: rings(feature["geometry"]) for feature in COLLECTION["features"]}


# --- the product's own outlines ---


def test_the_outlines_are_the_eight_units_and_valid() -> None:
    units = national_register().leaves("77", "district")
    assert check_geojson(COLLECTION, units) == []
    assert {feature["properties"]["code"]: feature["properties"]["name"] for feature in COLLECTION["features"]} == {
        unit.code: unit.name for unit in units
    }


def test_no_outline_has_more_than_60_vertices_and_all_are_rounded() -> None:
    for code, parts in own_rings().items():
        assert sum(len(ring) for ring in parts) <= 60, code
        for ring in parts:
            assert ring[0] == ring[-1]
            assert all(round(value, 3) == value for point in ring for value in point)


def test_neighbours_share_their_vertices_exactly() -> None:
    edges: dict[tuple[tuple[float, ...], ...], list[str]] = {}
    for code, parts in own_rings().items():
        for ring in parts:
            for start, end in itertools.pairwise(map(tuple, ring)):
                edges.setdefault(tuple(sorted((start, end))), []).append(code)
    assert all(len(set(owners)) == len(owners) <= 2 for owners in edges.values())
    shared = {tuple(sorted(owners)) for owners in edges.values() if len(owners) == 2}
    touching = {
        pair
        for pair in itertools.combinations(sorted(SHAPES), 2)
        if SHAPES[pair[0]].intersection(SHAPES[pair[1]]).length > 0
    }
    assert shared == touching, "every border that two units have is made of edges that both have"
    for code, parts in own_rings().items():
        for point in {tuple(point) for ring in parts for point in ring}:
            for (start, end), owners in edges.items():
                if code not in owners and point not in (start, end):
                    assert LineString([start, end]).distance(Point(point)) > 1e-6, (code, point, owners)


def test_the_mainland_is_one_piece_without_gap_and_con_dao_lies_apart() -> None:
    land = shapely.union_all([SHAPES[code] for code in MAINLAND])
    assert land.geom_type == "Polygon"
    assert len(land.interiors) == 0
    assert len(SHAPES["755"].geoms) == 4
    total = sum(area_km2(geometry) for geometry in SHAPES.values())
    assert total == pytest.approx(1964.7, rel=0.02), "the province's area as published"


def test_labels_stand_inside_their_units_and_clear_of_each_other(tmp_path: Path) -> None:
    boundaries = load_boundaries(settings(tmp_path), tmp_path)
    places = {code: boundaries.label(code) for code in SHAPES}
    for code, place in places.items():
        assert place is not None
        assert SHAPES[code].contains(Point(place))
    west, _, east, _ = shapely.union_all([SHAPES[code] for code in MAINLAND]).bounds
    for map_width, letter_height in ((358, 12), (760, 14)):
        scale = map_width / (east - west)
        boxes = {}
        for code in MAINLAND:
            x, y = places[code]  # type: ignore[misc]
            half = 0.29 * letter_height * len((national_register().get(code) or pytest.fail(code)).short_name)
            boxes[code] = box(
                x * scale - half, y * scale - letter_height / 2, x * scale + half, y * scale + letter_height / 2
            )
        for first, second in itertools.combinations(MAINLAND, 2):
            assert not boxes[first].intersects(boxes[second]), (map_width, first, second)


def test_con_dao_alone_is_an_island(tmp_path: Path) -> None:
    boundaries = load_boundaries(settings(tmp_path), tmp_path)
    assert [code for code in SHAPES if boundaries.is_island(code)] == ["755"]
    assert (boundaries.origin, boundaries.missing) == ("outlines", ())
    assert "phác họa" in boundaries.note
    assert "not administrative boundaries" in boundaries.note_en


def test_the_settings_may_name_an_island(tmp_path: Path) -> None:
    boundaries = load_boundaries(settings(tmp_path, island=["747"]), tmp_path)
    assert [code for code in SHAPES if boundaries.is_island(code)] == ["747", "755"]
    with pytest.raises(SettingError, match=r"units.island = '999': no reporting unit; allowed are 747, 748"):
        load_boundaries(settings(tmp_path, island=["999"]), tmp_path)


def test_after_the_merger_a_unit_has_the_outlines_of_those_it_unites(tmp_path: Path) -> None:
    before = load_boundaries(settings(tmp_path), tmp_path, day=date(2024, 12, 31))
    after = load_boundaries(settings(tmp_path), tmp_path, day=date(2025, 1, 1))
    assert (sorted(before.by_unit), sorted(after.by_unit)) == (sorted(SHAPES), sorted(set(SHAPES) - {"752"}))
    merged = shape(after.geometry("753"))
    assert merged.equals(shapely.union_all([SHAPES["752"], SHAPES["753"]]))
    assert shape(before.geometry("753")).equals(SHAPES["753"])
    assert merged.contains(Point(after.label("753")))
    assert sorted(load_boundaries(settings(tmp_path), tmp_path, day=date(2025, 3, 1)).by_unit) == sorted(after.by_unit)


def test_units_without_polygon_are_named_and_codes_of_elsewhere_get_no_outline(tmp_path: Path) -> None:
    none = load_boundaries(settings(tmp_path, "75"), tmp_path)
    assert (none.origin, len(none.missing), none.by_unit) == ("none", 11, {})
    assert none.geometry("731") is None and none.label("731") is None
    assert none.note == "Chưa có ranh giới của các đơn vị."
    (tmp_path / "own.csv").write_text("code,name\n747,Elsewhere\n748,Far\n", encoding="utf-8")
    assert load_boundaries(settings(tmp_path, "XX", register="own.csv"), tmp_path).missing == ("747", "748")


# --- which file is used ---


def test_the_installed_file_goes_before_the_settings_and_these_before_the_outlines(tmp_path: Path) -> None:
    write(tmp_path / "mine.geojson", collection({"747": box(107, 10, 107.1, 10.1), "748": box(107.1, 10, 107.2, 10.1)}))
    data = tmp_path / "var"
    asked = settings(tmp_path, boundaries="mine.geojson")
    found = load_boundaries(asked, data)
    assert (found.origin, sorted(found.by_unit), found.missing) == (
        "settings",
        ["747", "748"],
        ("750", "751", "752", "753", "754", "755"),
    )
    assert found.note == "Ranh giới theo tệp mine.geojson."
    install(str(write(tmp_path / "better.geojson", collection({"747": box(107, 10, 107.2, 10.2)}))), asked, data)
    best = load_boundaries(asked, data)
    assert (best.origin, sorted(best.by_unit)) == ("installed", ["747"])
    assert best.note_en == "Boundaries from better.geojson."
    other = load_boundaries(settings(tmp_path, "75"), data)
    assert other.origin == "none", "a file of another province is not used"


def test_units_are_found_by_name_where_the_file_has_no_code(tmp_path: Path) -> None:
    named = collection({"TP. Vung Tau": box(107, 10, 107.1, 10.1), "Biên Hòa": box(106, 10, 106.1, 10.1)}, key="name")
    write(tmp_path / "mine.geojson", named)
    assert sorted(load_boundaries(settings(tmp_path, boundaries="mine.geojson"), tmp_path).by_unit) == ["747"]
    write(tmp_path / "mine.geojson", collection({"x": box(107, 10, 107.1, 10.1)}, key="NAME_2"))
    with pytest.raises(Refused, match="needed a property code or name, found the properties NAME_2"):
        load_boundaries(settings(tmp_path, boundaries="mine.geojson"), tmp_path)
    with pytest.raises(SettingError, match=r"units.boundaries = 'gone.geojson': there is no such file"):
        load_boundaries(settings(tmp_path, boundaries="gone.geojson"), tmp_path)


def test_codes_that_lost_their_leading_zeros_are_found(tmp_path: Path) -> None:
    document = collection({"1": box(105, 21, 106, 22), "77": box(107, 10, 108, 11)})
    for feature in document["features"]:
        feature["properties"]["code"] = int(feature["properties"]["code"])
    write(tmp_path / "mine.geojson", document)
    country = {"province": {"code": "VN", "name": "Việt Nam", "level": "province"}}
    asked = parse({**country, "units": {"boundaries": "mine.geojson"}}, tmp_path)
    assert sorted(load_boundaries(asked, tmp_path).by_unit) == ["01", "77"]


def test_a_detailed_map_is_simplified_and_its_borders_stay_shared(tmp_path: Path) -> None:
    wave = [(107.1 + 0.001 * ((step * 7919) % 13) / 13, 10 + step / 40_000) for step in range(20_001)]
    shapes = {
        "747": Polygon([(107, 10), *wave, (107, 10.5)]),
        "748": Polygon([*wave, (107.2, 10.5), (107.2, 10)]),
    }
    write(tmp_path / "mine.geojson", collection(shapes))
    found = load_boundaries(settings(tmp_path, boundaries="mine.geojson"), tmp_path)
    first, second = (shape(found.geometry(code)) for code in ("747", "748"))
    assert first.is_valid and second.is_valid
    assert shapely.get_num_coordinates([first, second]).sum() <= DRAWN_VERTICES
    assert first.intersection(second).area < 1e-9
    assert shapely.union_all([first, second]).geom_type == "Polygon"
    assert found.note.endswith("Đã giản lược để vẽ.")


# --- the checks ---

UNITS = national_register().leaves("77", "district")[:2]


def findings(shapes: dict[str, Any]) -> dict[str, str]:
    return {found.kind: found.message for found in check_geojson(collection(shapes), UNITS)}


def test_areas_are_geodesic() -> None:
    assert area_km2(box(0, 0, 1, 1)) == pytest.approx(12_308.8, abs=0.1), "a square degree at the equator"
    with_hole = Polygon(box(0, 0, 1, 1).exterior, [box(0.25, 0.25, 0.75, 0.75).exterior])
    assert area_km2(with_hole) == pytest.approx(12_308.8 * 0.75, abs=1)


def test_a_sound_file_has_no_findings() -> None:
    assert findings({"747": box(107, 10, 107.1, 10.1), "748": box(107.1, 10, 107.2, 10.1)}) == {}


def test_an_overlap_is_found_with_its_area() -> None:
    (found,) = check_geojson(collection({"747": box(107, 10, 107.11, 10.1), "748": box(107.1, 10, 107.2, 10.1)}), UNITS)
    assert (found.kind, set(found.units)) == ("overlap", {"747", "748"})
    assert found.area_km2 == pytest.approx(area_km2(box(107.1, 10, 107.11, 10.1)))
    assert found.message.endswith("overlap by 12.13 km2")


def test_a_gap_is_found_with_its_area_and_place() -> None:
    hole = box(107.09, 10.04, 107.11, 10.06)
    shapes = {"747": box(107, 10, 107.1, 10.1) - hole, "748": box(107.1, 10, 107.2, 10.1) - hole}
    (found,) = check_geojson(collection(shapes), UNITS)
    assert found.kind == "gap"
    assert found.area_km2 == pytest.approx(area_km2(hole))
    assert "at 10.0500 N, 107.1000 E" in found.message


def test_slivers_from_rounding_are_not_reported() -> None:
    assert findings({"747": box(107, 10, 107.1000001, 10.1), "748": box(107.1, 10, 107.2, 10.1)}) == {}


def test_units_without_polygon_and_polygons_without_unit_are_named() -> None:
    assert findings({"747": box(107, 10, 107.1, 10.1), "999": box(108, 10, 108.1, 10.1)}) == {
        "polygon_without_unit": "999: no unit has this code or name",
        "unit_without_polygon": "Thành phố Bà Rịa (748): no polygon",
    }


@pytest.mark.parametrize(
    ("geometry", "why"),
    [
        (Polygon([(107, 10), (107.1, 10.1), (107.1, 10), (107, 10.1)]), r"Self-intersection\[107.05 10.05\]"),
        (box(705_000, 1_150_000, 710_000, 1_160_000), "its coordinates are not longitude and latitude"),
        (Point(107, 10), "it is no polygon but Point"),
        (Polygon(), "it is no polygon but empty"),
        (None, "its geometry cannot be read|it is no polygon"),
        ({"type": "Polygon", "coordinates": [[["a", 1]]]}, "its geometry cannot be read"),
        ({"type": "Polygon", "coordinates": [[[107, 10], [107, 11], [float("nan"), 11], [107, 10]]]}, "."),
        ({"type": "Polygon", "coordinates": "everywhere"}, "its geometry cannot be read"),
    ],
)
def test_an_invalid_geometry_is_found_with_why(geometry: Any, why: str, tmp_path: Path) -> None:
    document = collection({"747": None, "748": box(107.1, 10, 107.2, 10.1)})
    document["features"][0]["geometry"] = mapping(geometry) if hasattr(geometry, "geom_type") else geometry
    (found,) = check_geojson(document, UNITS)
    assert (found.kind, found.units) == ("invalid_geometry", ("747",))
    with pytest.raises(Refused, match=why):
        install(str(write(tmp_path / "bad.geojson", document)), settings(tmp_path), tmp_path / "var")
    assert not (tmp_path / "var" / "boundaries.geojson").exists()


# --- taking a file into use ---


def test_what_is_wrong_but_bearable_is_reported_and_the_file_is_used(tmp_path: Path) -> None:
    shapes = {"747": box(107, 10, 107.11, 10.1), "748": box(107.1, 10, 107.2, 10.1), "999": box(108, 10, 109, 11)}
    done = install(str(write(tmp_path / "some.geojson", collection(shapes))), settings(tmp_path), tmp_path / "var")
    assert done.units == ("747", "748")
    kinds = [found.kind for found in done.findings]
    assert kinds == ["polygon_without_unit", *["unit_without_polygon"] * 6, "overlap"]
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["boundaries.geojson"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<html>Đăng nhập</html>", "which is not JSON"),
        ("[]", "JSON of the type list"),
        ('{"type": "Topology"}', "JSON of the type Topology"),
        ('{"type": "FeatureCollection", "features": []}', "needed at least one feature, found none"),
        ('{"type": "FeatureCollection", "features": ["x", 1, null]}', "needed a property code or name"),
        ("[" * 100_000, "which is not JSON"),
        (
            '{"type": "FeatureCollection", "crs": {"properties": {"name": "EPSG:9210"}}, "features": [{}]}',
            "needed longitude and latitude",
        ),
        (
            '{"type": "FeatureCollection", "features": [{"properties": {"code": "1"}, "geometry": null}]}',
            "needed a polygon for at least one of 8 units",
        ),
    ],
)
def test_an_unusable_file_is_refused_and_the_one_in_use_stays(tmp_path: Path, text: str, found: str) -> None:
    data = tmp_path / "var"
    install(str(write(tmp_path / "good.geojson", COLLECTION)), settings(tmp_path), data)
    before = (data / "boundaries.geojson").read_bytes()
    bad = tmp_path / "bad.geojson"
    bad.write_text(text, encoding="utf-8")
    with pytest.raises(Refused, match=found):
        install(str(bad), settings(tmp_path), data)
    assert (data / "boundaries.geojson").read_bytes() == before
    assert len(list(data.iterdir())) == 1


def test_a_file_that_is_not_there_or_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused, match="needed a file, found none"):
        install(str(tmp_path / "gone.geojson"), settings(tmp_path), tmp_path)
    monkeypatch.setattr(boundary_files, "LARGEST_MEGABYTES", 0)
    with pytest.raises(Refused, match="needed at most 0 MB"):
        install(str(OUTLINES), settings(tmp_path), tmp_path)


def test_a_url_on_this_machine_is_fetched(tmp_path: Path, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/units.geojson").respond_with_data(OUTLINES.read_bytes())
    done = install(httpserver.url_for("/units.geojson?token=secret"), settings(tmp_path), tmp_path)
    assert len(done.units) == 8 and not done.findings
    assert "secret" not in (tmp_path / "boundaries.geojson").read_text(encoding="utf-8")
    assert load_boundaries(settings(tmp_path), tmp_path).origin == "installed"


def test_other_addresses_redirects_and_errors_are_refused(tmp_path: Path, httpserver: HTTPServer) -> None:
    for url in ("http://boundaries.example/a.geojson", "ftp://127.0.0.1/a", "file:///etc/passwd"):
        with pytest.raises(Refused, match="needed an https address"):
            install(url, settings(tmp_path), tmp_path)
    httpserver.expect_request("/moved").respond_with_data("", 302, headers={"Location": "http://169.254.169.254/"})
    httpserver.expect_request("/gone").respond_with_data("", 404)
    for path, found in (("/moved", "found the answer 302 http://169.254.169.254/"), ("/gone", "found the answer 404")):
        with pytest.raises(Refused, match=found):
            install(httpserver.url_for(path), settings(tmp_path), tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_body_that_grows_beyond_the_cap_when_decoded_is_refused(
    tmp_path: Path, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boundary_files, "LARGEST_MEGABYTES", 1)
    packed = gzip.compress(b" " * 8 * 2**20)

    def respond(_: Request) -> Response:
        return Response(packed, headers={"Content-Encoding": "gzip"})

    httpserver.expect_request("/bomb").respond_with_handler(respond)
    with pytest.raises(Refused, match="needed at most 1 MB, found more"):
        install(httpserver.url_for("/bomb"), settings(tmp_path), tmp_path)


def test_a_server_that_does_not_answer_is_unreachable(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unreachable, match="ConnectionError"):
        install(f"http://127.0.0.1:{port}/a.geojson", settings(tmp_path), tmp_path)
