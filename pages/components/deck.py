"""The district map as a pydeck deck: to be panned, zoomed and clicked. No base map, no tile server, no tooltip.

It draws the same layout as the SVG map, in the plane's own coordinates, so the inset and the labels stand where
they stand there. Names and values are labels; a tooltip would be a template that runs what the data say.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pydeck as pdk
import streamlit as st
from shapely.geometry import LineString, Polygon

from analytics.indicators.model import Indicator
from analytics.map_classes import NONE, ZERO, Classes, classes, colour_name
from analytics.readings import Reading
from pages.components import text
from pages.components.maps import LEAST_ROOM
from pages.components.outlines import Outline, Outlines, outlines
from pages.components.theme import Palette, palettes, readable_on

if TYPE_CHECKING:
    from pages.components.frame import View

UNITS = "units"
"""Id of the layer whose objects can be picked."""
HATCH_APART = 9.0
LABEL_TYPE, INSET_TYPE, NOTE_TYPE = 25, 20, 17
"""Sizes of labels in thousandths of the map's width."""
SCREEN = re.compile(r"^(\d{2,5})x(\d{2,5})$")
WIDE_SCREEN = 1200
"""Pixels from which the map shares the width with a column beside it (frame.css)."""
SHARE_BESIDE = 0.58
PAGE_EDGE = 60
MOST_TALL = 640
USUAL_SCREEN, LEAST_SCREEN, MOST_SCREEN = 1440, 320, 7680


class CompactDeck(pdk.Deck):  # type: ignore[misc]
    """A deck whose JSON has no white space: pydeck puts each number on a line of its own, 330 KB instead of 90."""

    def to_json(self) -> str:
        """The deck as deck.gl reads it."""
        return json.dumps(json.loads(super().to_json()), separators=(",", ":"), ensure_ascii=False)


def palette_of(view: View) -> Palette:
    """The palette of the theme on the screen: the address's, or the browser's own."""
    if view.selection.theme:
        return palettes()[view.selection.theme]
    return palettes()["dark" if st.context.theme.type == "dark" else "light"]


def size_px() -> tuple[float, int]:
    """Width and height for the map on the reader's screen, which frame.js told in a cookie."""
    told = SCREEN.match(str(st.context.cookies.get("tc_screen", "")))
    screen = min(max(int(told.group(1)), LEAST_SCREEN), MOST_SCREEN) if told else USUAL_SCREEN
    wide = (screen - PAGE_EDGE) * (SHARE_BESIDE if screen >= WIDE_SCREEN else 1.0)
    return wide, min(MOST_TALL, round(wide))


def choropleth(view: View, indicator: Indicator, readings: Mapping[str, Reading]) -> pdk.Deck | None:
    """The deck of `readings`, fitted to the reader's screen; None where no unit has an outline."""
    laid = outlines(view.release, tuple(readings))
    if not laid.units:
        return None
    colours = palette_of(view)
    steps = classes(indicator, [reading.value for reading in readings.values()])
    shapes = [_shape(view, outline, part, readings, steps, colours) for outline in laid.units for part in outline.parts]
    layers = [
        _layer(
            "SolidPolygonLayer",
            UNITS,
            shapes,
            get_polygon="polygon",
            get_fill_color="fill",
            pickable=True,
            auto_highlight=True,
        ),
        _layer(
            "PathLayer",
            "edges",
            _edges(view, laid, colours),
            get_path="path",
            get_color="colour",
            get_width="wide",
            width_units="'pixels'",
        ),
        _layer(
            "PathLayer",
            "hatching",
            _hatching(laid, readings, colours),
            get_path="path",
            get_color="colour",
            get_width=1.2,
            width_units="'pixels'",
        ),
        _layer("TextLayer", "labels", _labels(view, indicator, laid, readings, steps, colours), **_type(view)),
    ]
    return CompactDeck(
        layers=layers,
        views=[pdk.View(type="OrthographicView", controller=True)],
        initial_view_state=pdk.ViewState(
            target=[laid.wide / 2, laid.tall / 2, 0], zoom=_zoom(laid), min_zoom=-3, max_zoom=4
        ),
        map_provider=None,
        tooltip=False,
    )


def _layer(kind: str, name: str, data: list[dict[str, Any]], **options: Any) -> pdk.Layer:
    return pdk.Layer(kind, data=data, id=name, **options)


def _zoom(laid: Outlines) -> float:
    """The zoom at which the whole layout fits: one unit of the plane is one pixel at zoom 0."""
    wide, tall = size_px()
    return math.log2(0.97 * min(wide / laid.wide, tall / laid.tall))


def _fill(step: str, colours: Palette) -> list[int]:
    return colours.rgb(colour_name(step))


def _shape(
    view: View,
    outline: Outline,
    part: tuple[Any, ...],
    readings: Mapping[str, Reading],
    steps: Classes,
    colours: Palette,
) -> dict[str, Any]:
    return {
        "unit": outline.code,
        "polygon": [[list(point) for point in ring] for ring in part],
        "fill": _fill(steps.of(readings[outline.code].value), colours),
    }


def _edges(view: View, laid: Outlines, colours: Palette) -> list[dict[str, Any]]:
    chosen = view.selection.unit
    order = sorted(laid.units, key=lambda outline: outline.code == chosen)
    drawn: list[dict[str, Any]] = []
    for outline in order:
        front = outline.code == chosen
        colour = colours.rgb("ink") if front else colours.rgb("strong_line" if outline.inset else "card")
        for part in outline.parts:
            drawn += [{"path": [*ring, ring[0]], "colour": colour, "wide": 3 if front else 1.5} for ring in part]
    for inset in laid.insets:
        left, top, right, bottom = inset.x, inset.y, inset.x + inset.wide, inset.y + inset.tall
        frame = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
        drawn.append({"path": frame, "colour": colours.rgb("strong_line"), "wide": 1})
    return drawn


def _hatching(laid: Outlines, readings: Mapping[str, Reading], colours: Palette) -> list[dict[str, Any]]:
    """Diagonal lines over units without data; deck.gl's own patterns would need a picture."""
    drawn = []
    for outline in laid.units:
        if readings[outline.code].value is not None:
            continue
        for part in outline.parts:
            area = Polygon(part[0], part[1:])
            left, top, right, bottom = area.bounds
            tall = bottom - top
            start = left - tall
            while start < right:
                line = LineString([(start, bottom), (start + tall, top)]).intersection(area)
                for piece in getattr(line, "geoms", [line]):
                    if isinstance(piece, LineString) and not piece.is_empty:
                        drawn.append({"path": [list(point) for point in piece.coords], "colour": colours.rgb("hatch")})
                start += HATCH_APART
    return drawn


def _labels(
    view: View, indicator: Indicator, laid: Outlines, readings: Mapping[str, Reading], steps: Classes, colours: Palette
) -> list[dict[str, Any]]:
    drawn = []
    for outline in laid.units:
        reading = readings[outline.code]
        name = view.release.units.get(outline.code).short_name
        value = text.figure(reading.value, indicator, view.language)
        if outline.inset:
            inset = next(item for item in laid.insets if item.code == outline.code)
            far = view.say("frame.from_coast", km=inset.distance_km)
            x = inset.x + inset.wide / 2
            drawn.append(
                {"at": [x, inset.y + 20], "said": f"{name} {value}", "colour": colours.rgb("ink"), "size": INSET_TYPE}
            )
            drawn.append(
                {"at": [x, inset.y + inset.tall - 16], "said": far, "colour": colours.rgb("soft"), "size": NOTE_TYPE}
            )
        elif outline.room >= LEAST_ROOM:
            step = steps.of(reading.value)
            ink = colours["ink"] if step in (ZERO, NONE) else readable_on(colours[colour_name(step)], colours)
            rgb = [int(ink[place : place + 2], 16) for place in (1, 3, 5)]
            drawn.append(
                {
                    "at": [outline.label_x, outline.label_y],
                    "said": f"{name}\n{value}",
                    "colour": [*rgb, 255],
                    "size": LABEL_TYPE,
                }
            )
    return drawn


def _type(view: View) -> dict[str, Any]:
    """How labels are set: in the plane's units, so that they grow with the map and stay inside their district."""
    return {
        "get_position": "at",
        "get_text": "said",
        "get_color": "colour",
        "get_size": "size",
        "size_units": "'common'",
        "size_min_pixels": 8,
        "size_max_pixels": 34,
        "font_family": "'Be Vietnam Pro'",
        "font_weight": 600,
        "line_height": 1.2,
        "character_set": pdk.types.String("auto"),
        "get_text_anchor": "'middle'",
        "get_alignment_baseline": "'center'",
    }
