"""The district map: as SVG for the overview, the projector and machines without WebGL; as a deck for the map page.

Each unit is a link that takes it as the filter; its label stands in light or dark ink by the fill beneath; a
reported 0 and no data have classes of their own, so that neither looks like little.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from analytics.indicators.model import Indicator
from analytics.map_classes import NONE, Classes, classes
from analytics.readings import Reading
from pages.components import text
from pages.components.figures import readable
from pages.components.markup import escape, join, link
from pages.components.outlines import Inset, Outline, Outlines, outlines

if TYPE_CHECKING:
    from pages.components.frame import View

LEAST_ROOM = 17.0
"""Radius, in thousandths of the map's width, below which a label would lie over its neighbours'."""
HATCH = (
    '<pattern id="tc-hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="tc-hatch-ground" width="8" height="8"/>'
    '<line class="tc-hatch-line" x1="0" y1="0" x2="0" y2="8"/></pattern>'
)


def choropleth(view: View, indicator: Indicator, readings: Mapping[str, Reading], *, alt: str) -> str:
    """The units of `readings` coloured by class and labelled with name and value; the legend is `legend_of`."""
    codes = tuple(readings)
    laid = outlines(view.release, codes)
    steps = classes(indicator, [reading.value for reading in readings.values()])
    if not laid.units:
        return squares(view, indicator, readings, steps, alt)
    chosen = view.selection.unit
    order = sorted(laid.units, key=lambda outline: outline.code == chosen)
    shapes = join(_shape(view, indicator, outline, readings[outline.code], steps) for outline in order)
    frames = join(
        f'<rect class="tc-inset-frame" x="{inset.x:.1f}" y="{inset.y:.1f}" width="{inset.wide}" height="{inset.tall}"/>'
        for inset in laid.insets
    )
    labels = join(_label(view, indicator, outline, readings[outline.code], steps, laid) for outline in laid.units)
    notes = join(_inset_note(view, inset, laid) for inset in laid.insets)
    return (
        f'<div class="tc-map"{readable(alt, (), view.language)}>'
        f'<div class="tc-map-box" style="--wide:{laid.wide:.0f};--tall:{laid.tall:.0f}">'
        f'<svg viewBox="0 0 {laid.wide:.0f} {laid.tall:.0f}">'
        f"<defs>{HATCH}</defs>{frames}{shapes}</svg>{labels}{notes}</div></div>"
    )


def squares(view: View, indicator: Indicator, readings: Mapping[str, Reading], steps: Classes, alt: str) -> str:
    """A box for each unit in the colour of its class, where there are no outlines to draw; and how to get them."""
    boxes = []
    for unit, reading in readings.items():
        name = view.release.units.get(unit).short_name
        chosen = " is-chosen" if unit == view.selection.unit else ""
        step = steps.of(reading.value)
        inner = f"<b>{escape(name)}</b><span>{text.figure(reading.value, indicator, view.language)}</span>"
        address = view.selection.href(unit=None if chosen else unit)
        spoken = f"{name}: {said(view, indicator, reading)}"
        boxes.append(link(address, inner, css=f"tc-square tc-ground-{step} tc-on-{step}{chosen}", label=spoken))
    note = f'<p class="tc-foot">{escape(view.say("frame.no_boundaries"))}</p>'
    return f'<div class="tc-squares"{readable(alt, (), view.language)}>{join(boxes)}</div>{note}'


def said(view: View, indicator: Indicator, reading: Reading) -> str:
    """A reading's value with its unit, or why it is missing."""
    if reading.value is None:
        return view.say(f"indicators.absence.{reading.absence or 'no_data'}")
    return text.figure_with_unit(reading.value, indicator, view.language)


def _shape(view: View, indicator: Indicator, outline: Outline, reading: Reading, steps: Classes) -> str:
    chosen = " is-chosen" if outline.code == view.selection.unit else ""
    name = view.release.units.get(outline.code).short_name
    spoken = f"{name}: {said(view, indicator, reading)}"
    drawn = (
        f'<path class="tc-unit tc-fill-{steps.of(reading.value)}{chosen}" d="{outline.path}">'
        f"<title>{escape(spoken)}</title></path>"
    )
    back = None if chosen else outline.code
    return link(view.selection.href(unit=back), drawn, label=spoken)


def _label(view: View, indicator: Indicator, outline: Outline, reading: Reading, steps: Classes, laid: Outlines) -> str:
    if outline.room < LEAST_ROOM and not outline.inset:
        return ""
    x, y = outline.label_x, outline.label_y
    ink = f"tc-on-{steps.of(reading.value)}"
    if outline.inset:
        frame = next(inset for inset in laid.insets if inset.code == outline.code)
        x, y, ink = frame.x + frame.wide / 2, frame.y + 24.0, "tc-on-out"
    value = text.figure(reading.value, indicator, view.language)
    name = view.release.units.get(outline.code).short_name
    inner = f"<b>{escape(name)}</b><span>{value}</span>" if not outline.inset else f"<b>{escape(name)} {value}</b>"
    ink = f"{ink} is-inset" if outline.inset else ink
    return f'<div class="tc-place {ink}" aria-hidden="true" style="{_at(x, y, laid)}">{inner}</div>'


def _inset_note(view: View, inset: Inset, laid: Outlines) -> str:
    far = view.say("frame.from_coast", km=inset.distance_km)
    place = _at(inset.x + inset.wide / 2, inset.y + inset.tall - 16.0, laid)
    return f'<div class="tc-place tc-inset-note" style="{place}">{escape(far)}</div>'


def _at(x: float, y: float, laid: Outlines) -> str:
    return f"left:{100 * x / laid.wide:.2f}%;top:{100 * y / laid.tall:.2f}%"


def legend_of(view: View, indicator: Indicator, readings: Mapping[str, Reading]) -> str:
    """The classes with their names; the one for no data only where a unit is in it."""
    steps = classes(indicator, [reading.value for reading in readings.values()])
    named = steps.named(view.say, view.language)
    if any(reading.value is None for reading in readings.values()):
        named.append((NONE, view.say("frame.class_none")))
    keys = join(
        f'<span><svg viewBox="0 0 18 12" aria-hidden="true"><defs>{HATCH}</defs>'
        f'<rect class="tc-fill-{step}" x="0.5" y="0.5" width="17" height="11"/></svg>{escape(name)}</span>'
        for step, name in named
    )
    return f'<div class="tc-legend">{keys}</div>'
