"""A table on a slide: native, as large as its rows allow, the rest of its rows for the next slide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn

from analytics.briefing.model import Table
from analytics.briefing.pptx_blocks import JUDGEMENT_COLOURS, STATE_COLOURS
from analytics.briefing.pptx_shapes import Canvas, Paragraph, Span, describe, emu, rgb
from analytics.briefing.typesetting import LINE_SPACING, Box, line_count, width

CELL_MARGIN = 5.0
NOTE_SIZE = 12.0
MOST_ROW, LEAST_ROW = 18.0, 9.0
"""Sizes of type in a table; where the least does not fit, the rest of the rows goes on on a slide of its own."""
CELL_MARGIN = 5.0
LEAST_UNWRAPPED = 12.0
"""Down to this size the type is made smaller so that every cell stands on one line."""
ROW_AIR = 1.6
"""Height of a row in sizes of its type, the margins included."""
LEAST_BAR_SHARE, BAR_SHARE = 0.09, 0.22
"""Of a table's width: room for the bars of the column that is drawn as bars too, as the other columns leave it."""


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


def draw_table(canvas: Canvas, drawn: Table, box: Box, finding: str) -> Table | None:
    """The table with its heads, bars and note; what is left of it for the next slide.

    A table of several slides has rows of one size and no bars, which would be compared from slide to slide.
    """
    note_tall = 0.0
    if drawn.note:
        note_tall = line_count(drawn.note, NOTE_SIZE, box.wide) * NOTE_SIZE * LINE_SPACING + 4.0
        words = Paragraph((Span(drawn.note, NOTE_SIZE, colour="soft"),))
        canvas.text(Box(box.left, box.bottom - note_tall + 4.0, box.wide, note_tall - 4.0), (words,), name=drawn.note)
    room = box.tall - note_tall
    grid = _largest_grid(drawn, box.wide, room)
    count = _fitting(grid, room)
    rest: Table | None = None
    if count < len(drawn.rows):
        # Shared out evenly: two rows alone on the last slide would be as large as the others are small.
        slides = -(-len(drawn.rows) // count)
        count = min(count, -(-len(drawn.rows) // slides))
        rest = replace(drawn, rows=drawn.rows[count:], bar=None)
        drawn = replace(drawn, rows=drawn.rows[:count], bar=None)
        grid = _largest_grid(drawn, box.wide, room)
    used = grid.head_tall + sum(grid.row_talls)
    made = canvas.shapes.add_table(
        len(drawn.rows) + 1, len(drawn.heads), emu(box.left), emu(box.top), emu(box.wide), emu(used)
    )
    describe(made, finding, finding)
    table = made.table
    _plain_style(table)
    for place, wide in enumerate(grid.widths):
        table.columns[place].width = emu(wide)
    for place, high in enumerate((grid.head_tall, *grid.row_talls)):
        table.rows[place].height = emu(high)
    for place, head in enumerate(drawn.heads):
        _cell_words(
            canvas, table.cell(0, place), drawn, place, Span(head, grid.size * 0.88, colour="soft"), grid, "paper"
        )
    for number, row in enumerate(drawn.rows, start=1):
        fill = "card" if number % 2 else "paper"
        for place, cell in enumerate(row):
            colour = STATE_COLOURS.get(cell.state) or JUDGEMENT_COLOURS.get(cell.judgement) or "ink"
            bold = place == 1 or place == drawn.bar or cell.state in ("past", "near")
            span = Span(cell.text, grid.size, bold=bold, colour="ink" if cell.state == "ok" else colour)
            _cell_words(canvas, table.cell(number, place), drawn, place, span, grid, fill)
    _bars(canvas, drawn, grid, box)
    return rest


def _largest_grid(drawn: Table, wide: float, room: float) -> _Grid:
    """The table in the largest type at which it fits, or in the least."""
    size = MOST_ROW
    grid = _grid(drawn, wide, size)
    while size > LEAST_ROW and (
        grid.head_tall + sum(grid.row_talls) > room or (grid.wrapped and size > LEAST_UNWRAPPED)
    ):
        size -= 0.5
        grid = _grid(drawn, wide, size)
    return grid


def _fitting(grid: _Grid, room: float) -> int:
    """How many rows fit, at least one."""
    count, used = 0, grid.head_tall
    while count < len(grid.row_talls) and (used + grid.row_talls[count] <= room + 0.5 or not count):
        used += grid.row_talls[count]
        count += 1
    return max(count, 1)


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
    bar_wide = 0.0
    if drawn.bar is not None and _largest(drawn) > 0:
        bar_wide = min(max(wide - sum(asked), LEAST_BAR_SHARE * wide), BAR_SHARE * wide)
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
        return [one * room / sum(asked) for one in asked]
    if sum(least) < room:
        share = (room - sum(least)) / (sum(asked) - sum(least))
        return [low + (high - low) * share for low, high in zip(least, asked, strict=True)]
    return [one * room / sum(least) for one in least]


def _largest(drawn: Table) -> float:
    """The value that the longest bar stands for; 0 where no bars are drawn, as beside a negative value."""
    values = [row[drawn.bar].value or 0.0 for row in drawn.rows] if drawn.bar is not None else []
    return 0.0 if not values or min(values) < 0 else max(values)


def _bars(canvas: Canvas, drawn: Table, grid: _Grid, box: Box) -> None:
    """The column's values as bars beside the numbers, from one line on."""
    if drawn.bar is None or not grid.bar_wide:
        return
    largest = _largest(drawn)
    left = box.left + sum(grid.widths[: drawn.bar + 1]) - grid.bar_wide + 2.0
    top = box.top + grid.head_tall
    for row, high in zip(drawn.rows, grid.row_talls, strict=True):
        value = row[drawn.bar].value
        if value is not None and value > 0:
            thick = min(high * 0.5, grid.size)
            bar = Box(left, top + (high - thick) / 2, max(1.0, (grid.bar_wide - 8.0) * value / largest), thick)
            canvas.rectangle(bar, "bar", name=f"{row[1].text if len(row) > 1 else ''} {row[drawn.bar].text}")
        top += high
