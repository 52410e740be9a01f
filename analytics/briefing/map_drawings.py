"""The map of a briefing as SVG for paper, in the layout of every other map of the product."""

from __future__ import annotations

import math
from collections.abc import Sequence

from analytics.briefing import svg
from analytics.briefing.model import Map, MapUnit
from analytics.outlines import Outline
from analytics.palette import Palette, readable_on

LEAST_ROOM = 1.5
"""Radius, over the size of the type, of an area that holds its name and value."""
HATCH_PITCH = 8
TYPE = 22.0
"""Type of a map's labels, in thousandths of its width: 9 pt on a map of 14 cm."""


def district_map(drawn: Map, palette: Palette, size: float = TYPE, *, values: bool = True) -> str:
    """The units by class with their names and values, island units in their insets, SVG in the layout's own size.

    Without outlines a box for each unit. A unit too small for its words has its value in the table beside it.
    """
    laid = drawn.laid
    if not laid.units:
        return _squares(drawn.units, palette)
    by_code = {unit.code: unit for unit in drawn.units}
    notes = dict(drawn.inset_notes)
    parts = [_hatch(palette)]
    for inset in laid.insets:
        edge = palette["strong_line"]
        parts.append(svg.box(inset.x, inset.y, inset.wide, inset.tall, "none", edge, "6 4", 1.5))
    for outline in laid.units:
        fill = _fill(by_code[outline.code].step, palette)
        parts.append(f'<path d="{outline.path}" fill="{fill}" stroke="{palette["strong_line"]}" stroke-width="1.4"/>')
    for outline in laid.units:
        unit = by_code[outline.code]
        if not outline.inset:
            parts.append(_label(outline, unit, palette, size, values))
            continue
        frame = next(inset for inset in laid.insets if inset.code == outline.code)
        middle = frame.x + frame.wide / 2
        words = f"{unit.name} {unit.written}" if values else unit.name
        fitted = min(size, frame.wide / (svg.LETTER * len(words)))
        parts.append(svg.text(middle, frame.y + 28, words, fitted, palette["ink"], "middle", bold=True))
        note = notes.get(outline.code, "")
        small = min(fitted * 0.85, frame.wide / svg.width_of(note or " ", 1.0))
        parts.append(svg.text(middle, frame.y + frame.tall - 12, note, small, palette["soft"], "middle"))
    return svg.document(laid.wide, laid.tall, "".join(parts))


def _label(outline: Outline, unit: MapUnit, palette: Palette, most: float, values: bool) -> str:
    """Name and value in the unit's area, smaller where it is narrow; "" where not even the name would be read."""
    if outline.room < LEAST_ROOM * most:
        return ""
    lines = [*_folded(unit.name, 2 * outline.room, most), *([unit.written] if values else [])]
    size = min(most, max(0.7 * most, 2.4 * outline.room / (svg.LETTER * max(map(len, lines)))))
    ink = readable_on(_ground(unit.step, palette), palette)
    top = outline.label_y - size * (0.55 * len(lines) - 0.9)
    return "".join(
        svg.text(
            outline.label_x, top + place * size * 1.08, line, size, ink, "middle", bold=place + values < len(lines)
        )
        for place, line in enumerate(lines)
    )


def _folded(name: str, room: float, size: float) -> list[str]:
    """A name in two lines where one is wider than `room`, split where the halves are most alike."""
    words = name.split()
    if svg.width_of(name, size) <= room or len(words) < 2:
        return [name]
    halves = [(" ".join(words[:place]), " ".join(words[place:])) for place in range(1, len(words))]
    return list(min(halves, key=lambda pair: max(map(len, pair))))


def _squares(units: Sequence[MapUnit], palette: Palette) -> str:
    """A box for each unit in the colour of its class."""
    across = max(1, math.ceil(math.sqrt(len(units))))
    wide, tall = 1000.0 / across, 120.0
    parts = [_hatch(palette)]
    for place, unit in enumerate(units):
        x, y = place % across * wide, place // across * tall
        ink = readable_on(_ground(unit.step, palette), palette)
        fill = _fill(unit.step, palette)
        parts.append(svg.box(x + 4, y + 4, wide - 8, tall - 8, fill, palette["strong_line"]))
        lines = [*_folded(unit.name, wide - 16, TYPE), unit.written]
        size = min(TYPE, (wide - 16) / (svg.LETTER * max(map(len, lines))))
        top = y + tall / 2 - size * (0.54 * len(lines) - 0.85)
        for number, said in enumerate(lines):
            last = number == len(lines) - 1
            parts.append(svg.text(x + wide / 2, top + number * size * 1.08, said, size, ink, "middle", bold=not last))
    return svg.document(1000.0, tall * math.ceil(len(units) / across), "".join(parts))


def swatch(step: str, palette: Palette) -> str:
    """The key of one class of a map, SVG."""
    box = svg.box(0.5, 0.5, 17, 11, _fill(step, palette), palette["strong_line"])
    return svg.document(18, 12, _hatch(palette) + box)


def _fill(step: str, palette: Palette) -> str:
    return "url(#hatch)" if step == "none" else palette[step]


def _ground(step: str, palette: Palette) -> str:
    return palette["card"] if step == "none" else palette[step]


def _hatch(palette: Palette) -> str:
    return (
        f'<defs><pattern id="hatch" width="{HATCH_PITCH}" height="{HATCH_PITCH}" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="{HATCH_PITCH}" height="{HATCH_PITCH}" fill="{palette["card"]}"/>'
        f'<path d="M0 0V{HATCH_PITCH}" stroke="{palette["hatch"]}" stroke-width="2"/></pattern></defs>'
    )
