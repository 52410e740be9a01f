"""Figures, sentences and tables on a slide: sizes are chosen so that every text fits where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn

from analytics.briefing.model import Cell, Statement, Table, Tile, Tiles
from analytics.briefing.pptx_shapes import Canvas, Paragraph, Span, describe, emu, rgb, tall
from analytics.briefing.typesetting import LINE_SPACING, Box, height, line_count, width

GAP = 10.0
TILE_MARGIN = 9.0
TILE_BAR = 4.0
VALUE, UNIT, LABEL, STATE, CHANGE, QUALITY = 28.0, 14.0, 15.0, 14.0, 14.0, 12.0
"""Sizes in a tile before they are fitted, in points."""
LEAST_SHARE = 0.62
"""Of those sizes: below this the quality would be under 7 points."""
MOST_SHARE = 1.2
LEAST_LINE_WIDE = 48.0
"""Room beside the value for the line of the last days; below this it would say nothing."""
TILE_TOP = 6.0
MOST_COLUMNS = 4
MOST_STATEMENT, LEAST_STATEMENT = 22.0, 12.0
STATEMENT_BAR, STATEMENT_GAP = 4.0, 14.0
SEVERITY_COLOURS = {"past": "past", "near": "near_edge", "information": "curve"}
STATE_COLOURS = {"past": "past", "near": "near", "ok": "within"}
JUDGEMENT_COLOURS = {"worse": "past", "better": "within"}
MOST_ROW, LEAST_ROW = 18.0, 9.0
"""Sizes of type in a table; where the least does not fit, the rest of the rows goes on on a slide of its own."""
CELL_MARGIN = 5.0
LEAST_UNWRAPPED = 12.0
"""Down to this size the type is made smaller so that every cell stands on one line."""
ROW_AIR = 1.6
"""Height of a row in sizes of its type, the margins included."""
BAR_SHARE = 0.22
"""Of a table's width: room for the bars of the column that is drawn as bars too."""


def draw_tiles(canvas: Canvas, drawn: Tiles, box: Box) -> None:
    """The figures side by side, in as many rows as let their type be largest."""
    count = len(drawn.tiles)
    share, columns = max((_share(drawn.tiles, box, one), one) for one in range(1, min(count, MOST_COLUMNS) + 1))
    wide, high = _cell(box, count, columns)
    for number, tile in enumerate(drawn.tiles):
        row, column = divmod(number, columns)
        place = Box(box.left + column * (wide + GAP), box.top + row * (high + GAP), wide, high)
        _tile(canvas, tile, place, share)


def _cell(box: Box, count: int, columns: int) -> tuple[float, float]:
    rows = -(-count // columns)
    return (box.wide - (columns - 1) * GAP) / columns, (box.tall - (rows - 1) * GAP) / rows


def _share(tiles: Sequence[Tile], box: Box, columns: int) -> float:
    """The share of the full sizes at which every tile fits with that many columns."""
    wide, high = _cell(box, len(tiles), columns)
    share = MOST_SHARE
    while share > LEAST_SHARE:
        inner = wide - 2 * TILE_MARGIN - TILE_BAR
        if all(tall(_words(tile, share), inner) <= high - 2 * TILE_TOP for tile in tiles):
            return share
        share -= 0.03
    return LEAST_SHARE


def _words(tile: Tile, share: float) -> tuple[Paragraph, ...]:
    """What a tile says: its label, value, state, change and quality."""
    written = (Span(tile.written, VALUE * share, bold=True), Span(f" {tile.measured_in}", UNIT * share, colour="soft"))
    told = [Paragraph((Span(tile.label, LABEL * share, bold=True),)), Paragraph(written, before=2.0 * share)]
    state = " · ".join(part for part in (tile.state_word, tile.limit) if part)
    if state:
        colour = STATE_COLOURS.get(tile.state, "soft")
        told.append(Paragraph((Span(state, STATE * share, bold=True, colour=colour),), before=1.0))
    if tile.change:
        colour = JUDGEMENT_COLOURS.get(tile.judgement, "ink")
        told.append(Paragraph((Span(tile.change, CHANGE * share, colour=colour),), before=1.0))
    told.append(Paragraph((Span(tile.quality, QUALITY * share, colour="soft"),), before=2.0))
    return tuple(told)


def _tile(canvas: Canvas, tile: Tile, box: Box, share: float) -> None:
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
    label, *rest = _words(tile, share)
    inner = box.wide - 2 * TILE_MARGIN - TILE_BAR
    group.rectangle(box, "card", name=tile.label)
    # The label has a box of its own: the value and the line beside it then stand where they were measured to.
    label_tall = label.tall(inner)
    left, top = box.left + TILE_BAR + TILE_MARGIN, box.top + TILE_TOP
    group.text(Box(left, top, inner, label_tall), (label,), name=tile.label)
    below = Box(left, top + label_tall, inner, box.tall - 2 * TILE_TOP - label_tall)
    group.text(below, rest, name=f"{tile.label}: {tile.written} {tile.measured_in}".strip())
    group.rectangle(
        Box(box.left, box.top, TILE_BAR, box.tall), STATE_COLOURS.get(tile.state, "strong_line"), name=tile.label
    )
    value = width(tile.written, VALUE * share, bold=True) + width(f" {tile.measured_in}", UNIT * share)
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
        canvas.rectangle(bar, SEVERITY_COLOURS[statement.severity], name=statement.severity)
        words = Box(box.left + STATEMENT_BAR + STATEMENT_GAP, top, inner, high)
        canvas.text(words, (Paragraph((Span(statement.text, size),)),), name=statement.text)
        top += high + STATEMENT_GAP
    return ()


@dataclass(frozen=True)
class _Grid:
    """A table's type and its columns' widths."""

    size: float
    widths: tuple[float, ...]
    head_tall: float
    row_talls: tuple[float, ...]
    bar_wide: float
    wrapped: bool
    """Whether a cell takes more than one line."""


def draw_table(canvas: Canvas, drawn: Table, box: Box, finding: str) -> tuple[tuple[Cell, ...], ...]:
    """The table with its heads, bars and note; the rows that found no room, for the next slide."""
    note_tall = 0.0
    if drawn.note:
        note_tall = line_count(drawn.note, 12.0, box.wide) * 12.0 * LINE_SPACING + 4.0
        words = Paragraph((Span(drawn.note, 12.0, colour="soft"),))
        canvas.text(Box(box.left, box.bottom - note_tall + 4.0, box.wide, note_tall - 4.0), (words,), name=drawn.note)
    room = box.tall - note_tall
    size = MOST_ROW
    grid = _grid(drawn, box.wide, size)
    while size > LEAST_ROW and (
        grid.head_tall + sum(grid.row_talls) > room or (grid.wrapped and size > LEAST_UNWRAPPED)
    ):
        size -= 0.5
        grid = _grid(drawn, box.wide, size)
    count, used = 0, grid.head_tall
    while count < len(drawn.rows) and (used + grid.row_talls[count] <= room + 0.5 or not count):
        used += grid.row_talls[count]
        count += 1
    made = canvas.shapes.add_table(count + 1, len(drawn.heads), emu(box.left), emu(box.top), emu(box.wide), emu(used))
    describe(made, finding, finding)
    table = made.table
    _plain_style(table)
    for place, wide in enumerate(grid.widths):
        table.columns[place].width = emu(wide)
    for place, high in enumerate((grid.head_tall, *grid.row_talls[:count])):
        table.rows[place].height = emu(high)
    for place, head in enumerate(drawn.heads):
        _cell_words(
            canvas, table.cell(0, place), drawn, place, Span(head, grid.size * 0.88, colour="soft"), grid, "paper"
        )
    for number, row in enumerate(drawn.rows[:count], start=1):
        fill = "card" if number % 2 else "paper"
        for place, cell in enumerate(row):
            colour = STATE_COLOURS.get(cell.state) or JUDGEMENT_COLOURS.get(cell.judgement) or "ink"
            bold = place == 1 or place == drawn.bar or cell.state in ("past", "near")
            span = Span(cell.text, grid.size, bold=bold, colour="ink" if cell.state == "ok" else colour)
            _cell_words(canvas, table.cell(number, place), drawn, place, span, grid, fill)
    _bars(canvas, drawn, grid, box, count)
    return drawn.rows[count:]


def _plain_style(table: Any) -> None:
    """No style of the program's own: our fills alone."""
    properties = table._tbl.tblPr
    properties.set("bandRow", "0")
    style = properties.find(qn("a:tableStyleId"))
    if style is not None:
        style.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"


def _cell_words(canvas: Canvas, cell: Any, drawn: Table, place: int, span: Span, grid: _Grid, fill: str) -> None:
    right = place in drawn.figures
    cell.fill.solid()
    cell.fill.fore_color.rgb = rgb(canvas.palette[fill])
    room = grid.bar_wide if place == drawn.bar else 0.0
    words = Paragraph((span,), align="right" if right else "left")
    frame = cell.text_frame
    canvas.paragraph(frame.paragraphs[0], words)
    frame.word_wrap = True
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_left, cell.margin_right = emu(CELL_MARGIN), emu(CELL_MARGIN + room)
    cell.margin_top = cell.margin_bottom = emu(1.0)


def _grid(drawn: Table, wide: float, size: float) -> _Grid:
    """Columns as wide as their cells, the rest of the width shared; heads and cells wrap where they must."""
    bar_wide = wide * BAR_SHARE if drawn.bar is not None and _largest(drawn) > 0 else 0.0
    columns = range(len(drawn.heads))
    cells = [
        max((width(row[place].text, size, bold=True) for row in drawn.rows), default=0.0) + 2 * CELL_MARGIN
        for place in columns
    ]
    words = [
        max((width(word, size * 0.88, bold=True) for word in head.split()), default=0.0) + 2 * CELL_MARGIN
        for head in drawn.heads
    ]
    heads = [width(head, size * 0.88, bold=True) / 2 * 1.15 + 2 * CELL_MARGIN for head in drawn.heads]
    # A column of long sentences takes what the others leave; no cell asks for more than half the width at first.
    least = [min(max(pair), wide / 2) for pair in zip(cells, words, strict=True)]
    asked = [min(max(pair), wide / 2) for pair in zip(least, heads, strict=True)]
    room = wide - bar_wide
    widths = _shared(room, least, asked)
    if bar_wide and drawn.bar is not None:
        widths[drawn.bar] += bar_wide
    inner = [one - 2 * CELL_MARGIN - (bar_wide if place == drawn.bar else 0.0) for place, one in enumerate(widths)]
    head = max(line_count(text, size * 0.88, inner[place], bold=True) for place, text in enumerate(drawn.heads))
    lines = [
        max((line_count(cell.text, size, inner[place], bold=True) for place, cell in enumerate(row)), default=1)
        for row in drawn.rows
    ]
    talls = tuple((count - 1) * size * LINE_SPACING + size * ROW_AIR for count in lines)
    head_tall = head * size * 0.88 * LINE_SPACING + size * 0.5
    return _Grid(size, tuple(widths), head_tall, talls, bar_wide, any(count > 1 for count in lines))


def _shared(room: float, least: Sequence[float], asked: Sequence[float]) -> list[float]:
    """Columns' widths that fill the room, each between its least and what it asks for, or with a share of the rest."""
    if sum(asked) <= room:
        return [one + (room - sum(asked)) / len(asked) for one in asked]
    if sum(least) < room:
        share = (room - sum(least)) / (sum(asked) - sum(least))
        return [low + (high - low) * share for low, high in zip(least, asked, strict=True)]
    return [one * room / sum(least) for one in least]


def _largest(drawn: Table) -> float:
    if drawn.bar is None:
        return 0.0
    return max((row[drawn.bar].value or 0.0 for row in drawn.rows), default=0.0)


def _bars(canvas: Canvas, drawn: Table, grid: _Grid, box: Box, count: int) -> None:
    """The column's values as bars beside the numbers, from one line on; none where a value is negative."""
    if drawn.bar is None or not grid.bar_wide:
        return
    largest = _largest(drawn)
    left = box.left + sum(grid.widths[: drawn.bar + 1]) - grid.bar_wide + 2.0
    top = box.top + grid.head_tall
    for row, high in zip(drawn.rows[:count], grid.row_talls, strict=False):
        value = row[drawn.bar].value
        if value is not None and value > 0:
            thick = min(high * 0.5, grid.size)
            bar = Box(left, top + (high - thick) / 2, max(1.0, (grid.bar_wide - 8.0) * value / largest), thick)
            canvas.rectangle(bar, "bar", name=f"{row[1].text if len(row) > 1 else ''} {row[drawn.bar].text}")
        top += high
