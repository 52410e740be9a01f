"""A map on a slide: each unit a shape of its own, named, filled by its class; labels, insets and the legend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from analytics.briefing.model import Map, MapUnit
from analytics.briefing.pptx_shapes import HATCH, Canvas, Paragraph, Span
from analytics.briefing.typesetting import LINE_SPACING, Box, width
from analytics.map_classes import NONE
from analytics.outlines import Outline
from analytics.palette import readable_on

LEGEND_WIDE = 150.0
LEGEND_GAP = 16.0
LEGEND_SIZE = 14.0
INSET_ROOM = 60.0
"""Between the map and its legend, where an inset's frame may reach for its words."""
NAME_SIZE, LEAST_NAME_SIZE = 14.0, 9.0
FEW_UNITS = 12
"""With more units than this labels are set at the least size."""
INSET_SIZE, INSET_NOTE_SIZE = 12.0, 10.0
LABEL_MARGIN = 3.0
SHIFTS = (0.0, -0.25, 0.25, -0.5, 0.5, -0.75, 0.75, -1.0, 1.0)
"""Where a label may go from its unit's middle, in widths across and heights down."""
LEAST_ON_OWN = 0.15
"""Share of a label that lies on its own unit at least: with less it would seem to be the neighbour's."""
OWN_COSTS = 0.5
"""What hiding the whole of its own small unit costs beside that."""
FAR_COSTS = 0.25
"""What a whole step away costs beside hiding all of a label's ground of other units."""
SQUARE_TALL, SQUARE_GAP = 76.0, 8.0


@dataclass(frozen=True)
class _Laid:
    """Where the map lies on the slide: its corner, and points to a step of the outlines."""

    left: float
    top: float
    scale: float

    def at(self, x: float, y: float) -> tuple[float, float]:
        return self.left + x * self.scale, self.top + y * self.scale


def draw_map(canvas: Canvas, drawn: Map, box: Box, finding: str) -> None:
    """The map and its legend within `box`; boxes for the units where there are no outlines."""
    land = Box(box.left, box.top, box.wide - LEGEND_WIDE - LEGEND_GAP, box.tall)
    if not drawn.laid.units:
        _legend(canvas, drawn, Box(box.right - LEGEND_WIDE, box.top, LEGEND_WIDE, box.tall))
        _squares(canvas, drawn, land, finding)
        return
    scale = min(land.wide / drawn.laid.wide, land.tall / drawn.laid.tall)
    laid = _Laid(land.left + (land.wide - drawn.laid.wide * scale) / 2, land.top, scale)
    legend = min(laid.left + drawn.laid.wide * scale + INSET_ROOM, box.right - LEGEND_WIDE)
    _legend(canvas, drawn, Box(legend, box.top, LEGEND_WIDE, box.tall))
    units = {unit.code: unit for unit in drawn.units}
    group = canvas.group(finding, finding)
    for outline in drawn.laid.units:
        unit = units[outline.code]
        shape = group.outline(outline.parts, laid.left, laid.top, scale, _fill(unit), "strong_line")
        shape._element._nvXxPr.cNvPr.set("name", unit.name)
        shape._element._nvXxPr.cNvPr.set("descr", f"{unit.name}: {unit.written}")
    _insets(canvas, drawn, units, laid)
    without = [unit for unit in drawn.units if unit.code in drawn.laid.without_outline]
    if without:
        _squares(canvas, Map(tuple(without), (), drawn.laid, ()), _foot(land, len(without)), finding)
    _labels(canvas, drawn, units, laid, land)


def _foot(land: Box, count: int) -> Box:
    columns = max(1, int(land.wide // 140))
    tall = -(-count // columns) * (SQUARE_TALL + SQUARE_GAP)
    return Box(land.left, land.bottom - tall, land.wide, tall)


def _fill(unit: MapUnit) -> str:
    return HATCH if unit.step == NONE else unit.step


def _ground(canvas: Canvas, unit: MapUnit) -> str:
    return canvas.palette["card"] if unit.step == NONE else canvas.palette[unit.step]


def _insets(canvas: Canvas, drawn: Map, units: dict[str, MapUnit], laid: _Laid) -> None:
    for unit, note, box in _frames(drawn, units, laid):
        canvas.frame(box, "strong_line", name=f"{unit.name} {unit.written}")
        above = Paragraph(
            (Span(f"{unit.name} ", INSET_SIZE, bold=True), Span(unit.written, INSET_SIZE)), align="centre"
        )
        line = INSET_SIZE * LINE_SPACING
        canvas.text(Box(box.left, box.top + 2.0, box.wide, line), (above,), name=f"{unit.name} {unit.written}")
        if note:
            below = Paragraph((Span(note, INSET_NOTE_SIZE, colour="soft"),), align="centre")
            line = INSET_NOTE_SIZE * LINE_SPACING
            canvas.text(Box(box.left, box.bottom - line - 2.0, box.wide, line), (below,), name=note)


def _frames(drawn: Map, units: dict[str, MapUnit], laid: _Laid) -> Iterator[tuple[MapUnit, str, Box]]:
    """Each island unit with its note and frame, which reaches out of the map where its words are wider."""
    notes = dict(drawn.inset_notes)
    for inset in drawn.laid.insets:
        unit, note = units[inset.code], notes.get(inset.code, "")
        left, top = laid.at(inset.x, inset.y)
        wide, high = inset.wide * laid.scale, inset.tall * laid.scale
        words = max(width(f"{unit.name} {unit.written}", INSET_SIZE, bold=True), width(note, INSET_NOTE_SIZE)) + 8.0
        more = max(0.0, words - wide)
        at_left = inset.x + inset.wide / 2 < drawn.laid.wide / 2
        yield unit, note, Box(left - (more if at_left else 0.0), top, wide + more, high)


def _size_for(text: str, wide: float, most: float) -> float:
    size = most
    while size > LEAST_NAME_SIZE and width(text, size, bold=True) > wide:
        size -= 0.5
    return size


def _labels(canvas: Canvas, drawn: Map, units: dict[str, MapUnit], laid: _Laid, land: Box) -> None:
    """Names and values at their units, the roomiest first; a label that finds no free place stays in the shape's text.

    A label wider than its unit stands on the unit's own colour, so that it is read wherever it lies.
    """
    taken = [box for _, _, box in _frames(drawn, units, laid)]
    shown = sorted((one for one in drawn.laid.units if not one.inset), key=lambda one: -one.room)
    size = NAME_SIZE if len(shown) <= FEW_UNITS else LEAST_NAME_SIZE
    shapes = {one.code: _shape(one, laid) for one in drawn.laid.units}
    for outline in shown:
        unit = units[outline.code]
        others = shapely.union_all([shape for code, shape in shapes.items() if code != outline.code])
        box = _free_place(outline, unit, laid, size, (shapes[outline.code], others), taken, land)
        if box is None:
            continue
        taken.append(box)
        ground = _ground(canvas, unit)
        ink = readable_on(ground, canvas.palette)
        inside = shapes[outline.code].contains(shapely.box(box.left, box.top, box.right, box.bottom))
        canvas.text(
            box,
            (
                Paragraph((Span(unit.name, size, bold=True, colour=ink),), align="centre"),
                Paragraph((Span(unit.written, size, colour=ink),), align="centre"),
            ),
            name=f"{unit.name} {unit.written}",
            fill=None if inside and unit.step != NONE else ground,
            wrap=False,
            anchor="middle",
        )


def _shape(outline: Outline, laid: _Laid) -> BaseGeometry:
    """The unit's outline where it lies on the slide."""
    parts = [
        Polygon([laid.at(*point) for point in part[0]], [[laid.at(*point) for point in hole] for hole in part[1:]])
        for part in outline.parts
    ]
    return shapely.make_valid(shapely.union_all(parts))


def _free_place(
    outline: Outline,
    unit: MapUnit,
    laid: _Laid,
    size: float,
    own_and_others: tuple[BaseGeometry, BaseGeometry],
    taken: Sequence[Box],
    land: Box,
) -> Box | None:
    """The label's place that hides least of other units, at or near its unit's own; None where none is free."""
    x, y = laid.at(outline.label_x, outline.label_y)
    wide = max(width(unit.name, size, bold=True), width(unit.written, size)) + 2 * LABEL_MARGIN
    tall = 2 * size * LINE_SPACING
    own, others = own_and_others
    tried: list[tuple[float, Box]] = []
    for across in SHIFTS:
        for down in SHIFTS:
            box = Box(x - wide / 2 + across * wide, y - tall / 2 + down * tall, wide, tall)
            if any(map(box.meets, taken)) or not _inside(box, land):
                continue
            ground = shapely.box(box.left, box.top, box.right, box.bottom)
            on_own = ground.intersection(own).area
            if on_own < LEAST_ON_OWN * wide * tall:
                continue
            hidden = ground.intersection(others).area / (wide * tall) + OWN_COSTS * on_own / own.area
            tried.append((hidden + FAR_COSTS * (abs(across) + abs(down)), box))
    return min(tried, key=lambda pair: pair[0])[1] if tried else None


def _inside(box: Box, land: Box) -> bool:
    return (
        box.left >= land.left
        and box.right <= land.right
        and box.top >= land.top - 4.0
        and box.bottom <= land.bottom + 8.0
    )


def _legend(canvas: Canvas, drawn: Map, box: Box) -> None:
    line = LEGEND_SIZE * LINE_SPACING + 6.0
    for number, entry in enumerate(drawn.legend):
        top = box.top + number * line
        fill = HATCH if entry.step == NONE else entry.step
        canvas.rectangle(Box(box.left, top + 2.0, 22.0, 14.0), fill, name=entry.label, edge="strong_line")
        words = Paragraph((Span(entry.label, _size_for(entry.label, box.wide - 30.0, LEGEND_SIZE)),))
        canvas.text(Box(box.left + 30.0, top, box.wide - 30.0, line), (words,), name=entry.label)


def _squares(canvas: Canvas, drawn: Map, box: Box, finding: str) -> None:
    """A box for each unit in the colour of its class, where there is no outline."""
    group = canvas.group(finding, finding)
    columns = max(1, min(len(drawn.units), int((box.wide + SQUARE_GAP) // 140)))
    wide = (box.wide - (columns - 1) * SQUARE_GAP) / columns
    rows = -(-len(drawn.units) // columns)
    tall = min(SQUARE_TALL, (box.tall - (rows - 1) * SQUARE_GAP) / rows)
    sizes = [_size_for(unit.name, wide - 12.0, NAME_SIZE) for unit in drawn.units]
    size = min([*sizes, (tall - 4.0) / 2 / LINE_SPACING])
    for number, unit in enumerate(drawn.units):
        row, column = divmod(number, columns)
        ground = _ground(canvas, unit)
        ink = readable_on(ground, canvas.palette)
        group.text(
            Box(box.left + column * (wide + SQUARE_GAP), box.top + row * (tall + SQUARE_GAP), wide, tall),
            (
                Paragraph((Span(unit.name, size, bold=True, colour=ink),), align="centre"),
                Paragraph((Span(unit.written, size, colour=ink),), align="centre"),
            ),
            name=unit.name,
            described=f"{unit.name}: {unit.written}",
            fill=ground,
            edge="strong_line",
            anchor="middle",
        )
