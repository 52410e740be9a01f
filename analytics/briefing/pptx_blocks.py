"""Figures and sentences on a slide: sizes are chosen so that every text fits where it stands."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.briefing.model import Statement, Tile, Tiles
from analytics.briefing.pptx_shapes import Canvas, Paragraph, Span, tall
from analytics.briefing.typesetting import Box, height, width

GAP = 10.0
TILE_MARGIN = 9.0
TILE_BAR = 4.0
VALUE, UNIT, LABEL, STATE, CHANGE, QUALITY = 28.0, 14.0, 15.0, 14.0, 14.0, 12.0
"""Sizes in a tile before they are fitted, in points."""
LEAST_SHARE = 0.62
"""Of those sizes: below this the quality would be under 7 points."""
MOST_SHARE, SHARE_STEP = 1.5, 0.03
MOST_AIR = 26.0
"""Empty room in the fullest tile: a tile is no taller than that, however few there are."""
LEAST_LINE_WIDE = 48.0
"""Room beside the value for the line of the last days; below this it would say nothing."""
TILE_TOP = 6.0
MOST_COLUMNS = 4
MOST_STATEMENT, LEAST_STATEMENT = 22.0, 12.0
STATEMENT_BAR, STATEMENT_GAP = 4.0, 14.0
SEVERITY_COLOURS = {"past": "past", "near": "near_edge", "information": "curve"}
STATE_COLOURS = {"past": "past", "near": "near", "ok": "within"}
JUDGEMENT_COLOURS = {"worse": "past", "better": "within"}


def draw_tiles(canvas: Canvas, drawn: Tiles, box: Box) -> float:
    """The figures side by side, in as many rows as let their type be largest; where the lowest of them ends."""
    count = len(drawn.tiles)
    if not count:
        return box.top
    share, columns = max((_share(drawn.tiles, box, one), one) for one in range(1, min(count, MOST_COLUMNS) + 1))
    wide, high = _cell(box, count, columns)
    inner = wide - 2 * TILE_MARGIN - TILE_BAR
    label_tall, rest_tall = _needed(drawn.tiles, share, inner)
    high = min(high, label_tall + rest_tall + 2 * TILE_TOP + MOST_AIR)
    for number, tile in enumerate(drawn.tiles):
        row, column = divmod(number, columns)
        place = Box(box.left + column * (wide + GAP), box.top + row * (high + GAP), wide, high)
        _tile(canvas, tile, place, share, label_tall)
    rows = -(-count // columns)
    return box.top + rows * (high + GAP) - GAP


def _cell(box: Box, count: int, columns: int) -> tuple[float, float]:
    rows = -(-count // columns)
    return (box.wide - (columns - 1) * GAP) / columns, (box.tall - (rows - 1) * GAP) / rows


def _share(tiles: Sequence[Tile], box: Box, columns: int) -> float:
    """The share of the full sizes at which every tile fits with that many columns."""
    wide, high = _cell(box, len(tiles), columns)
    inner = wide - 2 * TILE_MARGIN - TILE_BAR
    # What fits at a share fits at every lesser one: halving finds it in six looks where there are thirty shares.
    too_large, fits = int((MOST_SHARE - LEAST_SHARE) / SHARE_STEP) + 1, 0
    while too_large - fits > 1:
        middle = (too_large + fits) // 2
        if sum(_needed(tiles, LEAST_SHARE + middle * SHARE_STEP, inner)) <= high - 2 * TILE_TOP:
            fits = middle
        else:
            too_large = middle
    return LEAST_SHARE + fits * SHARE_STEP


def _needed(tiles: Sequence[Tile], share: float, inner: float) -> tuple[float, float]:
    """The height of the tallest label, which all take so that their values stand on one line, and of the rest."""
    told = [_words(tile, share, inner) for tile in tiles]
    return max(tall(one[:1], inner) for one in told), max(tall(one[1:], inner) for one in told)


def _words(tile: Tile, share: float, inner: float) -> tuple[Paragraph, ...]:
    """What a tile says: its label, value, state, change and quality; a long unit stands beneath the value."""
    value = Span(tile.written, VALUE * share, bold=True)
    told = [Paragraph((Span(tile.label, LABEL * share, bold=True),))]
    if _value_wide(tile, share) <= inner:
        unit = Span(f" {tile.measured_in}", UNIT * share, colour="soft")
        told.append(Paragraph((value, unit), before=2.0 * share))
    else:
        told.append(Paragraph((value,), before=2.0 * share))
        told.append(Paragraph((Span(tile.measured_in, UNIT * share, colour="soft"),)))
    state = " · ".join(part for part in (tile.state_word, tile.limit) if part)
    if state:
        colour = STATE_COLOURS.get(tile.state, "soft")
        told.append(Paragraph((Span(state, STATE * share, bold=True, colour=colour),), before=1.0))
    if tile.change:
        colour = JUDGEMENT_COLOURS.get(tile.judgement, "ink")
        told.append(Paragraph((Span(tile.change, CHANGE * share, colour=colour),), before=1.0))
    told.append(Paragraph((Span(tile.quality, QUALITY * share, colour="soft"),), before=2.0))
    return tuple(told)


def _value_wide(tile: Tile, share: float) -> float:
    return width(tile.written, VALUE * share, bold=True) + width(f" {tile.measured_in}", UNIT * share)


def _tile(canvas: Canvas, tile: Tile, box: Box, share: float, label_tall: float) -> None:
    spoken = " · ".join(
        part
        for part in (
            f"{tile.label}: {tile.written} {tile.measured_in}".strip(),
            tile.state_word,
            tile.limit,
            tile.change,
            tile.quality,
        )
        if part
    )
    group = canvas.group(tile.label, spoken)
    inner = box.wide - 2 * TILE_MARGIN - TILE_BAR
    label, *rest = _words(tile, share, inner)
    group.rectangle(box, "card", name=tile.label)
    # The label has a box of its own: the value and the line beside it then stand where they were measured to.
    left, top = box.left + TILE_BAR + TILE_MARGIN, box.top + TILE_TOP
    group.text(Box(left, top, inner, label_tall), (label,), name=tile.label)
    below = Box(left, top + label_tall, inner, box.tall - 2 * TILE_TOP - label_tall)
    group.text(below, rest, name=f"{tile.label}: {tile.written} {tile.measured_in}".strip())
    group.rectangle(
        Box(box.left, box.top, TILE_BAR, box.tall), STATE_COLOURS.get(tile.state, "strong_line"), name=tile.label
    )
    value = _value_wide(tile, share)
    value = value if value <= inner else width(tile.written, VALUE * share, bold=True)
    if inner - value - GAP >= LEAST_LINE_WIDE:
        line_left = left + max(value + GAP, inner * 0.45)
        line_wide = box.right - TILE_MARGIN - line_left
        _sparkline(group, tile, Box(line_left, below.top + VALUE * share * 0.25, line_wide, VALUE * share * 0.85))


def _sparkline(canvas: Canvas, tile: Tile, box: Box) -> None:
    """The last days as a line: gaps are gaps, the days that still fill up lighter."""
    values = [value for value in tile.recent if value is not None]
    if len(values) < 2:
        return
    low, high = min(values), max(values)
    step = box.wide / (len(tile.recent) - 1)
    span = (high - low) or 1.0
    settled: list[list[tuple[float, float]]] = [[]]
    late: list[list[tuple[float, float]]] = [[]]
    before: tuple[float, float] | None = None
    for place, value in enumerate(tile.recent):
        if value is None:
            before = None
            settled.append([])
            late.append([])
            continue
        point = (box.left + place * step, box.bottom - (value - low) / span * box.tall)
        if place < len(tile.provisional) and tile.provisional[place]:
            if not late[-1] and before is not None:
                late[-1].append(before)
            late[-1].append(point)
        else:
            settled[-1].append(point)
        before = point
    for runs, colour in ((settled, "curve"), (late, "bar")):
        if any(runs):
            canvas.polyline(runs, colour, name=tile.label)


def statement_size(statements: Sequence[Statement], box: Box, most: float = MOST_STATEMENT) -> float:
    """The largest size at which the sentences fit in the box, at least LEAST_STATEMENT."""
    size = most
    while size > LEAST_STATEMENT and statements_tall(statements, box.wide, size) > box.tall:
        size -= 0.5
    return size


def statements_tall(statements: Sequence[Statement], wide: float, size: float) -> float:
    """The height of the sentences at a size."""
    inner = wide - STATEMENT_BAR - STATEMENT_GAP
    return sum(height(one.text, size, inner) for one in statements) + (len(statements) - 1) * STATEMENT_GAP


def draw_statements(
    canvas: Canvas, statements: Sequence[Statement], box: Box, most: float = MOST_STATEMENT
) -> tuple[Statement, ...]:
    """The sentences under each other, a bar in the colour of their urgency before each; those that found no room."""
    size = statement_size(statements, box, most)
    top = box.top
    for number, statement in enumerate(statements):
        inner = box.wide - STATEMENT_BAR - STATEMENT_GAP
        high = height(statement.text, size, inner)
        if top + high > box.bottom + 0.5 and number:
            return tuple(statements[number:])
        bar = Box(box.left, top, STATEMENT_BAR, high)
        canvas.rectangle(bar, SEVERITY_COLOURS[statement.severity], name=statement.text)
        words = Box(box.left + STATEMENT_BAR + STATEMENT_GAP, top, inner, high)
        canvas.text(words, (Paragraph((Span(statement.text, size),)),), name=statement.text)
        top += high + STATEMENT_GAP
    return ()
