"""Cells, columns and tables of a briefing's workbook: numbers as numbers with their decimals, days as days."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from analytics.briefing.model import Cell
from analytics.briefing.typesetting import line_count, width
from analytics.export import neutral
from analytics.palette import palettes
from analytics.wording import Language

Value = str | float | date | None

FONT, SIZE = "Arial", 10
"""Every spreadsheet program has it, with all Vietnamese letters; cells cannot be fitted as slides are."""
TITLE_TALL = 26
MOST_DECIMALS = 4
LEAST_WIDE, MOST_WIDE = 10, 36
"""Width of a column in letters: beyond the most a cell wraps."""
POINTS_PER_LETTER = 5.6
_A_NUMBER = re.compile(r"^[+-]?[\d.,]+%?$")


@dataclass(frozen=True)
class Column:
    """One column under its head: its cells, decimals of each number, and which of them are still provisional."""

    head: str
    cells: Sequence[Value]
    decimals: tuple[int, ...] = ()
    light: tuple[bool, ...] = ()


@dataclass(frozen=True)
class Formats:
    """The looks of cells, by name; numbers by their decimals."""

    named: dict[str, Any]
    numbers: tuple[Any, ...]
    light_numbers: tuple[Any, ...]


def formats(book: Any) -> Formats:
    """The workbook's looks."""
    palette = palettes()["light"]
    base = {"font_name": FONT, "font_size": SIZE, "valign": "top", "font_color": palette["ink"]}
    looks: dict[str, dict[str, Any]] = {
        "line": {"align": "left", "indent": 1},
        "text": {"text_wrap": True, "align": "left", "indent": 1},
        "title": {"bold": True, "font_size": 16},
        "strong": {"bold": True},
        "soft": {"font_color": palette["soft"]},
        "amber": {"font_color": palette["near"], "bold": True},
        "head": {
            "bold": True,
            "bottom": 1,
            "text_wrap": True,
            "bg_color": palette["paper"],
            "align": "left",
            "indent": 1,
        },
        "head_right": {"bold": True, "bottom": 1, "text_wrap": True, "bg_color": palette["paper"], "align": "right"},
        "day": {"num_format": "dd/mm/yyyy", "align": "left"},
        "whole": {"num_format": "0", "align": "left"},
        "link": {"font_color": palette["focus"], "underline": 1},
        "light": {"font_color": palette["soft"], "italic": True},
    }
    named = {name: book.add_format({**base, **look}) for name, look in looks.items()}
    masks = ["#,##0" + (f".{'0' * places}" if places else "") for places in range(MOST_DECIMALS + 1)]
    light = {"italic": True, "font_color": palette["soft"]}
    return Formats(
        named,
        tuple(book.add_format({**base, "num_format": mask}) for mask in masks),
        tuple(book.add_format({**base, **light, "num_format": mask}) for mask in masks),
    )


def decimals_of(written: str, language: Language) -> int:
    """The decimals a number is written with."""
    mark = "," if language == "vi" else "."
    found = re.search(rf"\d{re.escape(mark)}(\d+)", written)
    return min(len(found.group(1)), MOST_DECIMALS) if found else 0


def columns_of(head: str, cells: Sequence[Cell], as_number: str, language: Language) -> list[Column]:
    """A table's column: numbers where every cell with a number says nothing else, else its words and the numbers."""
    numbers = [cell.value for cell in cells]
    decimals = tuple(decimals_of(cell.text, language) for cell in cells)
    if all(value is None for value in numbers):
        return [Column(head, [cell.text for cell in cells])]
    if all(cell.value is None or _A_NUMBER.match(cell.text) for cell in cells):
        return [Column(head, [cell.text if cell.value is None else cell.value for cell in cells], decimals)]
    found = [_decimals_needed(cell.value) for cell in cells]
    return [Column(head, [cell.text for cell in cells]), Column(as_number, numbers, tuple(found))]


def _decimals_needed(value: float | None) -> int:
    if value is None or float(value).is_integer():
        return 0
    return 1 if abs(value) >= 1 else 2


class Sheet:
    """A worksheet that is filled from its top downwards."""

    def __init__(self, sheet: Any, styles: Formats, language: Language) -> None:
        self.sheet, self.row, self._styles, self._language = sheet, 0, styles, language
        self._wide: dict[int, float] = {}
        self._rows: list[tuple[int, dict[int, str]]] = []

    def line(self, said: str, style: str) -> None:
        """A text of its own; it may run over the cells beside it."""
        self.sheet.write_string(self.row, 0, neutral(said), self._styles.named[style])
        if style == "title":
            self.sheet.set_row(self.row, TITLE_TALL)
        self.row += 1

    def skip(self) -> None:
        """An empty row."""
        self.row += 1

    next = skip

    def link(self, place: int, sheet: str, said: str) -> None:
        """A link to another sheet of the workbook."""
        address = f"internal:'{sheet}'!A1"
        self.sheet.write_url(self.row, place, address, self._styles.named["link"], neutral(said))

    def heads(self, heads: Sequence[str], right: Sequence[bool] = ()) -> None:
        """A row of heads; those above numbers stand at the right as the numbers do."""
        for place, head in enumerate(heads):
            style = "head_right" if place < len(right) and right[place] else "head"
            self.sheet.write_string(self.row, place, neutral(head), self._styles.named[style])
            self._grow(place, max((width(word, SIZE, bold=True) for word in head.split()), default=0.0))
        self._rows.append((self.row, dict(enumerate(heads))))
        self.row += 1

    def write(self, place: int, value: Value, style: str = "", decimals: int = 0, *, light: bool = False) -> None:
        """One cell of the current row; nothing for a missing value."""
        named = self._styles.named
        if value is None or value == "" or (isinstance(value, float) and not math.isfinite(value)):
            return
        if isinstance(value, str):
            self.sheet.write_string(self.row, place, neutral(value), named[style or "text"])
            self._grow(place, width(value, SIZE))
        elif isinstance(value, date):
            self.sheet.write_datetime(self.row, place, value, named["day"])
            self._grow(place, width("00/00/0000", SIZE))
        else:
            numbers = self._styles.light_numbers if light else self._styles.numbers
            self.sheet.write_number(self.row, place, value, named[style] if style else numbers[decimals])

    def table(self, columns: Sequence[Column]) -> None:
        """Heads and rows."""
        self.heads([column.head for column in columns], [bool(column.decimals) for column in columns])
        for number in range(max((len(column.cells) for column in columns), default=0)):
            said: dict[int, str] = {}
            for place, column in enumerate(columns):
                value = column.cells[number] if number < len(column.cells) else None
                decimals = column.decimals[number] if number < len(column.decimals) else 0
                light = column.light[number] if number < len(column.light) else False
                self.write(place, value, decimals=decimals, light=light)
                if isinstance(value, str):
                    said[place] = value
            self._rows.append((self.row, said))
            self.row += 1

    def widths(self, letters: Sequence[float]) -> None:
        """Widths of the first columns, in letters."""
        for place, wide in enumerate(letters):
            self.sheet.set_column(place, place, wide)

    def fitted(self) -> None:
        """Columns as wide as what is in them, long texts wrapped in rows that are tall enough for them."""
        letters = {
            place: min(max(points / POINTS_PER_LETTER + 2, LEAST_WIDE), MOST_WIDE)
            for place, points in self._wide.items()
        }
        for place, wide in letters.items():
            self.sheet.set_column(place, place, wide)
        for row, said in self._rows:
            lines = [
                line_count(one, SIZE, letters.get(place, LEAST_WIDE) * POINTS_PER_LETTER) for place, one in said.items()
            ]
            if max(lines, default=1) > 1:
                self.sheet.set_row(row, max(lines) * SIZE * 1.35)

    def _grow(self, place: int, points: float) -> None:
        self._wide[place] = max(self._wide.get(place, 0.0), points)
