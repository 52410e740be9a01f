"""The map beneath trails: the first view, the districts, paths with their direction, stops with order and time.

Longitude and latitude are the axes of an ECharts figure; their ranges are chosen so that a kilometre is as long both
ways on the reader's screen. No tooltip: it would be a template that data fill.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import shapely
import streamlit as st
from shapely.geometry import Point, box, shape

from analytics.release import Release
from pages.components import cached, text
from pages.components.outlines import geometries
from pages.components.theme import readable_on
from pages.components.trail_rows import Followed, Place, Stop, is_day, place_key

if TYPE_CHECKING:
    from pages.components.frame import View
    from pages.components.theme import Palette

TALL_PX, TALL_PHONE_PX = 640, 520
PHONE_PX = 640
"""Up to this width Streamlit puts columns under each other."""
CLOCK_PX = 62
"""Room for the timeline under the map."""
SHARE_BESIDE, PAGE_EDGE, CARD_EDGE = 0.575, 60, 36
USUAL_SCREEN = 1440
LEAST_SPAN_DEGREES = 0.02
"""2 km: a trail within one street is still shown with something around it."""
MARGIN = 0.14
AROUND = 2.0
"""How far beyond the first view the districts reach, for those who drag it."""
KM_PER_DEGREE = 111.195
LEAST_SQUEEZE = 0.2
MOST_ORDERS = 3
"""Numbers on one badge; a place visited more often says how often."""
DASHES: tuple[str | list[int], ...] = ("solid", [10, 5], [3, 4], [14, 4, 3, 4])
COLOURS = ("curve", "ink", "trail", "soft")
FONT = "Be Vietnam Pro"
Series = dict[str, Any]


class Extent(NamedTuple):
    """The first view in degrees, its shape that of the figure."""

    west: float
    south: float
    east: float
    north: float

    @property
    def squeeze(self) -> float:
        """How much shorter a degree of longitude is than one of latitude here."""
        return max(math.cos(math.radians((self.south + self.north) / 2)), LEAST_SQUEEZE)


def colour(colours: Palette, place: int) -> str:
    """The colour of the trail at this place of the choice; dashes tell apart what colours do not."""
    return colours[COLOURS[place % len(COLOURS)]]


def is_phone() -> bool:
    """True on a screen too narrow for two columns; there a finger on the map scrolls the page and drags nothing."""
    return _screen() <= PHONE_PX


def height() -> int:
    """Pixels of the figure, by the reader's screen."""
    return TALL_PHONE_PX if is_phone() else TALL_PX


def _screen() -> int:
    told = st.context.cookies.get("tc_screen", "").partition("x")[0]
    return int(told) if told.isascii() and told.isdigit() and 0 < len(told) < 6 else USUAL_SCREEN


def extent(places: Sequence[Place]) -> Extent:
    """The view that holds every place, widened to the shape of the figure on this screen."""
    wide_px = (_screen() - PAGE_EDGE) * (1.0 if is_phone() else SHARE_BESIDE) - CARD_EDGE
    tall_px = height() - CLOCK_PX
    longitudes, latitudes = [place[0] for place in places], [place[1] for place in places]
    west, east, south, north = min(longitudes), max(longitudes), min(latitudes), max(latitudes)
    squeeze = Extent(west, south, east, north).squeeze
    room = 1 + 2 * MARGIN
    tall = max((north - south) * room, (east - west) * room * squeeze * tall_px / wide_px, LEAST_SPAN_DEGREES)
    wide = tall * wide_px / tall_px / squeeze
    x, y = (west + east) / 2, (south + north) / 2
    return Extent(*(round(edge, 5) for edge in (x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)))


@cached.per_release
def districts(release: Release, seen: Extent) -> tuple[tuple[Place, ...], ...]:
    """The rings of the units around the view, no finer than the screen shows."""
    wide, tall = AROUND * (seen.east - seen.west), AROUND * (seen.north - seen.south)
    around = box(seen.west - wide, seen.south - tall, seen.east + wide, seen.north + tall)
    found = []
    for area in _areas(release).values():
        near = area.simplify((seen.north - seen.south) / 900).intersection(around)
        for part in getattr(near, "geoms", [near]):
            if part.geom_type == "Polygon" and not part.is_empty:
                found.append(tuple((round(x, 5), round(y, 5)) for x, y in part.exterior.coords))
    return tuple(found)


@cached.per_release
def unit_at(release: Release, places: tuple[Place, ...]) -> dict[Place, str]:
    """The code of the unit each place lies in; places in none are left out."""
    areas = _areas(release)
    return {place: code for place in places for code, area in areas.items() if area.covers(Point(place))}


def _areas(release: Release) -> dict[str, Any]:
    codes = tuple(unit.code for unit in release.units.reporting())
    return {code: shapely.make_valid(shape(json.loads(text))) for code, text in geometries(release, codes).items()}


def land(view: View, seen: Extent, colours: Palette) -> list[Series]:
    """The districts as filled rings, and their names. A closed line's area is its inside, whatever lies below it."""
    drawn: list[Series] = [
        {
            "id": f"land{number}",
            "type": "line",
            "data": [list(point) for point in ring],
            "showSymbol": False,
            "silent": True,
            "areaStyle": {"color": colours["data-1"], "opacity": 1},
            "lineStyle": {"color": colours["hatch"], "width": 1.2},
            "z": 1,
        }
        for number, ring in enumerate(districts(view.release, seen))
    ]
    names = [
        {"value": [unit.label_longitude, unit.label_latitude], "name": unit.short_name}
        for unit in view.release.units.reporting()
        if unit.label_longitude is not None and unit.label_latitude is not None
    ]
    drawn.append(_words("names", names, {"color": colours["soft"], "fontSize": 14, "position": "inside"}, z=2))
    return drawn


def _words(name: str, data: list[Series], style: Series, *, z: int) -> Series:
    """Words at places, without marks."""
    label = {"show": True, "formatter": "{b}", "fontFamily": FONT, **style}
    return {"id": name, "type": "scatter", "data": data, "symbolSize": 0.1, "silent": True, "label": label, "z": z}


def path(place: int, coords: Sequence[Place], colours: Palette) -> Series:
    """The way of one trail, each leg with an arrow at its end."""
    legs = [[list(start), list(end)] for start, end in pairwise(coords) if start != end]
    return {
        "id": f"path{place}",
        "type": "lines",
        "coordinateSystem": "cartesian2d",
        "data": [{"coords": leg} for leg in legs],
        "symbol": ["none", "arrow"],
        "symbolSize": 9,
        "silent": True,
        "lineStyle": {
            "color": colour(colours, place),
            "width": 2,
            "opacity": 0.65,
            "type": DASHES[place % len(DASHES)],
        },
        "z": 3,
    }


def badges(view: View, place: int, stops: Sequence[Stop], colours: Palette) -> Series:
    """A dot at each place, its orders in a badge and the first time there beside it; labels that collide hide."""
    grouped: dict[tuple[int, int], list[Stop]] = {}
    for stop in stops:
        grouped.setdefault(place_key(stop.place), []).append(stop)
    data: list[Series] = []
    for here in grouped.values():
        orders = ", ".join(str(stop.number) for stop in here)
        if len(here) > MOST_ORDERS:
            orders = f"{here[0].number}–{here[-1].number} ({len(here)}×)"
        said = f"{{n|{orders}}}{{t|{moment(view, here[0])}}}"
        data.append({"value": list(here[0].place), "label": {"formatter": said}})
    fill = colour(colours, place)
    ground = {
        "backgroundColor": fill,
        "color": readable_on(fill, colours),
        "borderRadius": 10,
        "padding": [0, 7],
        "height": 20,
    }
    rich = {
        "n": {**ground, "fontSize": 13, "fontWeight": 600, "fontFamily": FONT},
        "t": {"color": colours["ink"], "fontSize": 12, "padding": [0, 0, 0, 4], "fontFamily": FONT},
    }
    return {
        "id": f"badge{place}",
        "type": "scatter",
        "data": data,
        "symbolSize": 10,
        "itemStyle": {"color": fill, "borderColor": colours["card"], "borderWidth": 1.5, "opacity": 1},
        "label": {"show": True, "position": "right", "rich": rich},
        "labelLayout": {"hideOverlap": True},
        "silent": True,
        "z": 5,
    }


def moment(view: View, stop: Stop) -> str:
    """When the place was first reached: the day alone where no hour is told."""
    day = text.day(stop.arrived.date(), view.language, year=False)
    if is_day(stop.arrived) and is_day(stop.left):
        return day
    return view.say("trails.at", clock=text.clock(stop.arrived, view.language), day=day)


def rings(shown: Followed, colours: Palette) -> Series:
    """Amber rings around the places where another F0 was."""
    places = sorted({one.place for one in shown.meetings})
    ring = {"color": "transparent", "borderColor": colours["near_edge"], "borderWidth": 3}
    data = [list(place) for place in places]
    return {"id": "met", "type": "scatter", "data": data, "symbolSize": 24, "itemStyle": ring, "silent": True, "z": 4}


def scale(view: View, seen: Extent, colours: Palette) -> list[Series]:
    """A bar of a round length at the lower left, with its name."""
    wide_km = (seen.east - seen.west) * KM_PER_DEGREE * seen.squeeze
    power = 10 ** math.floor(math.log10(wide_km / 6))
    length_km = max(step * power for step in (1, 2, 5) if step * power <= wide_km / 6)
    x, y = seen.west + 0.03 * (seen.east - seen.west), seen.south + 0.05 * (seen.north - seen.south)
    end = x + length_km / KM_PER_DEGREE / seen.squeeze
    said = view.say("trails.scale_km", km=text.number(length_km, view.language, 0 if length_km >= 1 else 1))
    style = {"color": colours["ink"], "fontSize": 13, "position": "top"}
    line: Series = {
        "id": "scale",
        "type": "line",
        "data": [[x, y], [end, y]],
        "showSymbol": False,
        "silent": True,
        "lineStyle": {"color": colours["ink"], "width": 3},
        "z": 8,
    }
    return [line, _words("scale_name", [{"value": [(x + end) / 2, y], "name": said}], style, z=8)]
