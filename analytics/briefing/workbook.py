"""A briefing as a workbook: one sheet for each slide, its numbers as numbers, then the definitions behind them.

    to_xlsx(briefing) -> bytes

The same briefing gives the same bytes. Texts are texts: nothing in them is run as a formula or opened as a link.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any

import xlsxwriter

from analytics.briefing.model import Briefing, Curve, Map, Note, Slide, Table, Tiles
from analytics.briefing.workbook_cells import Column, Formats, Sheet, columns_of, decimals_of, formats
from analytics.export import FORBIDDEN_IN_SHEET_NAME, SHEET_NAME_LENGTH
from analytics.palette import Palette, palettes
from analytics.wording import day, text

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}
A4 = 9
"""The number of the paper in spreadsheet files."""
CHART_PX = (860, 360)
CHART_ROWS = 19
"""Rows of 20 pixels, the usual height, that a chart covers."""
LINE_COLOURS = ("curve", "ink", "trail", "soft")


@dataclass(frozen=True)
class _Book:
    """The workbook under way."""

    book: Any
    briefing: Briefing
    styles: Formats
    palette: Palette

    def say(self, key: str, **values: object) -> str:
        return text(key, self.briefing.language, **values)

    def sheet(self, name: str) -> Sheet:
        made = self.book.add_worksheet(name)
        made.set_landscape()
        made.set_paper(A4)
        made.fit_to_pages(1, 0)
        return Sheet(made, self.styles, self.briefing.language)


def to_xlsx(briefing: Briefing) -> bytes:
    """The briefing as an .xlsx file: contents, a sheet for each slide, every definition."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as workbook:
        made = _Book(workbook, briefing, formats(workbook), palettes()["light"])
        _properties(made)
        names = sheet_names(
            [made.say("briefing_files.contents"), *(slide.name for slide in briefing.slides)],
            last=made.say("briefing_files.definitions"),
        )
        _contents(made, names)
        for number, slide in enumerate(briefing.slides, start=1):
            _slide(made, slide, names[number], names[0])
        _definitions(made, names[-1])
    return out.getvalue()


def sheet_names(wanted: Sequence[str], *, last: str) -> list[str]:
    """Names a spreadsheet takes, no two the same in capitals or small: at most 31 letters, a number where needed."""
    taken: list[str] = []
    for one in (*wanted, last):
        plain = one.translate(FORBIDDEN_IN_SHEET_NAME).strip()[:SHEET_NAME_LENGTH] or "-"
        name, number = plain, 2
        while name.casefold() in {other.casefold() for other in taken}:
            ending = f" {number}"
            name, number = plain[: SHEET_NAME_LENGTH - len(ending)] + ending, number + 1
        taken.append(name)
    return taken


def _properties(made: _Book) -> None:
    briefing = made.briefing
    made.book.set_properties(
        {
            "title": f"{briefing.title} · {briefing.place} · {day(briefing.day, briefing.language)}",
            "subject": briefing.stamp,
            "author": briefing.place,
            "comments": " · ".join(part for part in (briefing.release_id, briefing.demonstration) if part),
            "created": briefing.as_of.astimezone(UTC).replace(tzinfo=None),
        }
    )


def _stamped(made: _Book, sheet: Sheet) -> None:
    """Until when the figures reach, from which release, and that they are generated where they are."""
    briefing = made.briefing
    sheet.line(briefing.stamp, "amber" if briefing.history else "soft")
    sheet.line(made.say("briefing_files.release", id=briefing.release_id), "soft")
    if briefing.demonstration:
        sheet.line(briefing.demonstration, "soft")


def _contents(made: _Book, names: Sequence[str]) -> None:
    briefing = made.briefing
    sheet = made.sheet(names[0])
    sheet.line(f"{briefing.title} · {briefing.place}", "title")
    sheet.line(day(briefing.day, briefing.language), "strong")
    _stamped(made, sheet)
    sheet.skip()
    sheet.heads([made.say("briefing_files.slide"), "", made.say("briefing_files.finding")])
    for number, slide in enumerate(briefing.slides, start=1):
        sheet.write(0, number, "whole")
        sheet.link(1, names[number], slide.name)
        sheet.write(2, slide.missing or slide.title, "text")
        sheet.next()
    sheet.link(1, names[-1], names[-1])
    sheet.next()
    if briefing.faults:
        sheet.skip()
        sheet.line(made.say("briefing_files.faults"), "strong")
        for fault in briefing.faults:
            sheet.line(fault.text, "amber")
    sheet.widths([8, 34, 90])


def _slide(made: _Book, slide: Slide, name: str, contents: str) -> None:
    sheet = made.sheet(name)
    sheet.line(slide.title, "title")
    if slide.what:
        sheet.line(slide.what, "soft")
    _stamped(made, sheet)
    sheet.link(0, contents, made.say("briefing_files.back"))
    sheet.next()
    sheet.skip()
    if slide.missing:
        sheet.line(slide.missing, "amber")
        return
    for block in slide.blocks:
        if isinstance(block, Tiles):
            _tiles(made, sheet, block)
        elif isinstance(block, Map):
            _map(made, sheet, block)
        elif isinstance(block, Table):
            _table(made, sheet, block)
        else:
            _curve(made, sheet, block, slide.title)
        sheet.skip()
    if slide.statements:
        sheet.heads([made.say("briefing_files.statement")])
        for one in slide.statements:
            sheet.line(one.text, "line")
        sheet.skip()
    if slide.notes:
        sheet.table(_behind(made, slide.notes))
    sheet.fitted()


def _tiles(made: _Book, sheet: Sheet, drawn: Tiles) -> None:
    tiles = drawn.tiles
    language = made.briefing.language
    value = Column(
        made.say("common.value"),
        [tile.value for tile in tiles],
        decimals=tuple(decimals_of(tile.written, language) for tile in tiles),
    )
    sheet.table(
        [
            Column(made.say("briefing_files.indicator"), [tile.label for tile in tiles]),
            value,
            Column(made.say("briefing_files.written"), [tile.written for tile in tiles]),
            Column(made.say("briefing_files.measured_in"), [tile.measured_in for tile in tiles]),
            Column(made.say("briefing_files.state"), [tile.state_word for tile in tiles]),
            Column(made.say("briefing_files.limit"), [tile.limit for tile in tiles]),
            Column(made.say("briefing_files.change"), [tile.change for tile in tiles]),
            Column(made.say("briefing_files.quality"), [tile.quality for tile in tiles]),
        ]
    )
    count = max((len(tile.recent) for tile in tiles), default=0)
    if not count:
        return
    sheet.skip()
    sheet.line(made.say("briefing_files.recent", days=count), "strong")
    span = [made.briefing.day - timedelta(days=back) for back in range(count - 1, -1, -1)]
    sheet.table(
        [
            Column(made.say("common.day"), span),
            *(
                Column(
                    tile.label,
                    [None] * (count - len(tile.recent)) + list(tile.recent),
                    decimals=(decimals_of(tile.written, language),) * count,
                    light=(False,) * (count - len(tile.provisional)) + tile.provisional,
                )
                for tile in tiles
            ),
        ]
    )
    if any(any(tile.provisional) for tile in tiles):
        sheet.line(made.say("common.provisional"), "light")


def _map(made: _Book, sheet: Sheet, drawn: Map) -> None:
    classes = {entry.step: entry.label for entry in drawn.legend}
    language = made.briefing.language
    sheet.table(
        [
            Column(made.say("common.unit"), [unit.name for unit in drawn.units]),
            Column(
                made.say("common.value"),
                [unit.value for unit in drawn.units],
                decimals=tuple(decimals_of(unit.written, language) for unit in drawn.units),
            ),
            Column(made.say("briefing_files.written"), [unit.written for unit in drawn.units]),
            Column(made.say("briefing_files.class"), [classes.get(unit.step, "") for unit in drawn.units]),
        ]
    )


def _table(made: _Book, sheet: Sheet, drawn: Table) -> None:
    columns: list[Column] = []
    for place, head in enumerate(drawn.heads):
        cells = [row[place] for row in drawn.rows]
        as_number = made.say("briefing_files.as_number", head=head or made.say("common.rank"))
        columns += columns_of(head, cells, as_number, made.briefing.language)
    sheet.table(columns)
    if drawn.note:
        sheet.line(drawn.note, "soft")


def _curve(made: _Book, sheet: Sheet, drawn: Curve, finding: str) -> None:
    lines = [Column(line.name, list(line.values), decimals=(drawn.decimals,) * len(drawn.days)) for line in drawn.lines]
    late = [made.say("common.provisional") if one else "" for one in drawn.provisional]
    more = [Column(made.say("briefing_files.state"), late)] if any(late) else []
    if drawn.measured_in:
        sheet.line(drawn.measured_in, "soft")
    chart = _chart(made, sheet, drawn, sheet.row + CHART_ROWS + 1, finding)
    if chart is not None:
        sheet.sheet.insert_chart(sheet.row, 0, chart, {"description": finding})
        sheet.row += CHART_ROWS
    sheet.table([Column(made.say("common.day"), list(drawn.days)), *lines, *more])
    if drawn.note:
        sheet.line(drawn.note, "soft")
    if drawn.bands:
        sheet.skip()
        sheet.table(
            [
                Column(made.say("briefing_files.measure"), [band.label for band in drawn.bands]),
                Column(made.say("briefing_files.first_day"), [band.first_day for band in drawn.bands]),
                Column(made.say("briefing_files.last_day"), [band.last_day for band in drawn.bands]),
            ]
        )


def _chart(made: _Book, sheet: Sheet, drawn: Curve, first: int, finding: str) -> Any:
    """The curve as a native chart on the sheet's own cells: columns and lines in one."""
    name, last = sheet.sheet.get_name(), first + len(drawn.days) - 1
    parts: dict[str, Any] = {}
    drawn_lines = 0
    for place, line in enumerate(drawn.lines, start=1):
        kind = "column" if line.drawn == "columns" else "line"
        if kind not in parts:
            parts[kind] = made.book.add_chart({"type": kind})
        told: dict[str, Any] = {
            "name": [name, first - 1, place],
            "categories": [name, first, 0, last, 0],
            "values": [name, first, place, last, place],
        }
        if line.drawn == "columns":
            told |= {"fill": {"color": made.palette["bar"]}, "gap": 25}
        elif line.drawn == "limit":
            colour = made.palette["past" if line.state == "past" else "near"]
            told |= {"line": {"color": colour, "width": 1.5, "dash_type": "dash"}}
        else:
            told |= {"line": {"color": made.palette[LINE_COLOURS[drawn_lines % 4]], "width": 2.25}}
            drawn_lines += 1
        parts[kind].add_series(told)
    if not parts:
        return None
    chart = parts.get("column") or parts["line"]
    if len(parts) > 1:
        chart.combine(parts["line"])
    chart.show_blanks_as("gap")
    chart.set_title({"name": finding, "overlay": False, "name_font": {"size": 12}})
    chart.set_x_axis({"date_axis": True, "num_format": "d/m", "major_unit": max(1, len(drawn.days) // 8)})
    chart.set_y_axis({"name": drawn.measured_in, "major_gridlines": {"visible": True, "line": {"color": "#E4E8EC"}}})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": CHART_PX[0], "height": CHART_PX[1]})
    return chart


def _behind(made: _Book, notes: Sequence[Note]) -> list[Column]:
    return [
        Column(made.say("briefing_files.indicator"), [note.name for note in notes]),
        Column(made.say("briefing_files.definition"), [note.definition for note in notes]),
        Column(made.say("common.source"), [note.source for note in notes]),
        Column(made.say("briefing_files.quality"), [note.quality for note in notes]),
        Column(made.say("briefing_files.caveat"), [note.caveat for note in notes]),
    ]


def _definitions(made: _Book, name: str) -> None:
    sheet = made.sheet(name)
    sheet.line(made.say("briefing_files.definitions"), "title")
    _stamped(made, sheet)
    sheet.skip()
    known = list({note.indicator: note for note in _every_note(made.briefing)}.values())
    if known:
        sheet.table(_behind(made, known))
    sheet.fitted()


def _every_note(briefing: Briefing) -> Iterator[Note]:
    for slide in briefing.slides:
        yield from slide.notes
