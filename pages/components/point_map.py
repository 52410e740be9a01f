"""Places on the map of units: sites, requests and offers as discs on the outlines, each with its words.

The units lie beneath in one plain colour; a disc's area says how much, its colour the state, its outline and the
words beside the map say the same again. Places off the outlines are counted, not dropped without a word.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pages.components.figures import readable
from pages.components.markup import escape, join
from pages.components.outlines import Outlines, outlines

if TYPE_CHECKING:
    from pages.components.frame import View

LEAST_RADIUS, MOST_RADIUS = 7.0, 26.0
"""In thousandths of the map's width: a disc of 4 px is seen at 550 px, one of 14 px hides no district."""


@dataclass(frozen=True)
class Point:
    """One place: where, how much, its colour (`past`, `near`, `ok`, `none`, `kind-0`, `kind-1`) and its words."""

    longitude: float
    latitude: float
    size: float
    css: str
    words: str
    label: str = ""


def drawing(view: View, points: Sequence[Point], *, alt: str) -> str:
    """The map with its points, the largest first so that small ones lie on top; "" without outlines."""
    codes = tuple(unit.code for unit in view.release.units.reporting())
    laid = outlines(view.release, codes)
    if not laid.units:
        return ""
    most = max((point.size for point in points), default=0.0)
    discs = [
        _disc(point, place, most)
        for point in sorted(points, key=lambda point: -point.size)
        if (place := laid.at(point.longitude, point.latitude)) is not None
    ]
    land = join(f'<path class="tc-land" d="{outline.path}"/>' for outline in laid.units)
    frames = join(
        f'<rect class="tc-inset-frame" x="{inset.x:.1f}" y="{inset.y:.1f}" width="{inset.wide}" height="{inset.tall}"/>'
        for inset in laid.insets
    )
    names = join(_name(view, laid, outline.code) for outline in laid.units)
    return (
        f'<div class="tc-map"{readable(alt, (), view.language)}>'
        f'<div class="tc-map-box" style="--wide:{laid.wide:.0f};--tall:{laid.tall:.0f}">'
        f'<svg viewBox="0 0 {laid.wide:.0f} {laid.tall:.0f}">'
        f"{frames}{land}{join(discs)}</svg>{names}</div></div>"
    )


def off_the_map(view: View, points: Sequence[Point]) -> int:
    """How many of the points lie on no unit's map."""
    laid = outlines(view.release, tuple(unit.code for unit in view.release.units.reporting()))
    return sum(laid.at(point.longitude, point.latitude) is None for point in points)


def legend(keys: Sequence[tuple[str, str]]) -> str:
    """The colours with their names: (css, words)."""
    disc = '<svg viewBox="0 0 14 14" aria-hidden="true"><circle class="tc-point is-{}" cx="7" cy="7" r="6"/></svg>'
    drawn = join(f"<span>{disc.format(escape(css))}{escape(words)}</span>" for css, words in keys)
    return f'<div class="tc-legend">{drawn}</div>'


def _disc(point: Point, place: tuple[float, float], most: float) -> str:
    share = math.sqrt(max(point.size, 0.0) / most) if most > 0 else 0.0
    radius = LEAST_RADIUS + (MOST_RADIUS - LEAST_RADIUS) * share
    return (
        f'<circle class="tc-point is-{escape(point.css)}" cx="{place[0]:.1f}" cy="{place[1]:.1f}" r="{radius:.1f}">'
        f"<title>{escape(point.words)}</title></circle>"
    )


def _name(view: View, laid: Outlines, code: str) -> str:
    outline = next(item for item in laid.units if item.code == code)
    x, y = outline.label_x, outline.label_y
    if outline.inset:
        frame = next(inset for inset in laid.insets if inset.code == code)
        x, y = frame.x + frame.wide / 2, frame.y + 20.0
    at = f"left:{100 * x / laid.wide:.2f}%;top:{100 * y / laid.tall:.2f}%"
    name = escape(view.release.units.get(code).short_name)
    return f'<div class="tc-place is-quiet" aria-hidden="true" style="{at}">{name}</div>'
