"""Where the table lies in a sheet: titles above, header rows, the columns' names and kinds.

Forms of districts begin with titles, have headers of two rows with joined cells, and a row that numbers the
columns. The header is the first row of labels as wide as the table, whose cells are not of the kind below them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from data_sources.messages import Message
from data_sources.readers.encodings import find_font_code, in_unicode
from data_sources.readers.names import shown
from data_sources.refusal import Refused

MOST_TITLE_ROWS = 60
ROWS_COMPARED = 40
LABEL_SHARE = 0.5
"""A header may hold years or codes above columns of text; a row mostly of numbers and dates is data."""
WIDE_SHARE = 0.5
MOST_COLUMNS = 4096
JOINT = " / "

Cells = Sequence[str | None]

_NUMBER = re.compile(r"[+\-−(]?[0-9０-９][0-9０-９.,\u00a0\u202f ]*(?:[eE][+-]?\d+)?\s*%?\)?")
_DAY = re.compile(r"\d{1,4}[/.\-]\d{1,2}[/.\-]\d{1,4}(?:[ T].*)?|\d{1,2}:\d{2}(?::\d{2})?")
_NUMBERING = re.compile(r"\(?(?:\d{1,2}|[A-Za-z])\)?(?:\s*=.*)?")


@dataclass(frozen=True)
class Row:
    """One row of the beginning of a sheet, with its number as a person sees it."""

    number: int
    cells: tuple[str | None, ...]


@dataclass(frozen=True)
class Layout:
    """The columns of a table and where its data begin.

    `names` are theirs as written (unique, blank ones named by place), `kinds` number, day or text,
    `header_row` the number of the lowest header row (0: none), `first` the place of the first data row in the rows
    looked at, `titles` the numbers of the rows above the header, `written_above` what stands in them.
    """

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    header_row: int
    header_rows: int
    first: int
    titles: tuple[int, ...]
    numbering_row: int | None
    written_above: tuple[str, ...] = ()


def cell(text: str | None) -> str | None:
    """`text` in NFC without surrounding space; None when nothing is left."""
    if text is None:
        return None
    stripped = unicodedata.normalize("NFC", text).strip(" \t\r\n\u00a0\u200b\ufeff")
    return stripped or None


def kind_of(text: str | None) -> str | None:
    """`number`, `day` or `text`, by the look of one cell; None for a blank one."""
    if text is None:
        return None
    if _DAY.fullmatch(text):
        return "day"
    return "number" if _NUMBER.fullmatch(text) else "text"


def find_layout(rows: Sequence[Row], width: int, *, header: bool, header_row: int | None, where: str) -> Layout:
    """The layout of the table in `rows`, the first rows of a sheet; Refused when no header can be found."""
    if width > MOST_COLUMNS:
        raise Refused("too_many_columns", file=where, most=MOST_COLUMNS, columns=width)
    if not header:
        first = next((place for place, row in enumerate(rows) if any(row.cells)), 0)
        names = tuple(str(place) for place in range(1, width + 1))
        return Layout(names, _kinds(rows[first:], width), 0, 0, first, (), None)
    if header_row is not None:
        top = bottom = _declared(rows, header_row, where)
    else:
        top, bottom = _find(rows, width, where)
    below = bottom + 1
    numbering = None
    if below < len(rows) and header_row is None and _is_numbering(rows, below, titled=top > 0):
        numbering = rows[below].number
        below += 1
    return Layout(
        names=unique_names(_joined(rows[top : bottom + 1], width)),
        kinds=_kinds(rows[below:], width),
        header_row=rows[bottom].number,
        header_rows=bottom - top + 1,
        first=below,
        titles=tuple(row.number for row in rows[:top] if any(row.cells)),
        numbering_row=numbering,
        written_above=tuple(text for row in rows[:top] for text in row.cells if text),
    )


def unique_names(headers: Sequence[str | None]) -> tuple[str, ...]:
    """Column names from headers in Unicode: a blank one is named by its place, a repeated one gets (2), (3) ..."""
    code = find_font_code(header for header in headers if header)
    taken: set[str] = {"_sheet", "_row", "_role"}
    names = []
    for place, header in enumerate(headers, start=1):
        wanted = shown(in_unicode(header, code) if code else header) if header else f"cột {place}"
        name, number = wanted, 1
        while name.lower() in taken:
            number += 1
            name = f"{wanted} ({number})"
        taken.add(name.lower())
        names.append(name)
    return tuple(names)


def _declared(rows: Sequence[Row], header_row: int, where: str) -> int:
    for place, row in enumerate(rows):
        if row.number == header_row and any(row.cells):
            return place
    raise Refused("no_header_there", file=where, row=header_row)


def _find(rows: Sequence[Row], width: int, where: str) -> tuple[int, int]:
    """The places of the first and last header row."""
    for place in range(min(len(rows), MOST_TITLE_ROWS)):
        if _is_header(rows, place, width):
            top = bottom = place
            while bottom + 1 < len(rows) and _is_second_header(rows, bottom, width):
                bottom += 1
            while top > 0 and _is_group_header(rows[top - 1].cells, rows[top].cells):
                top -= 1
            return top, bottom
    first = next((row for row in rows if any(row.cells)), None)
    found = Message("part.only_data") if first is not None else Message("part.no_rows")
    raise Refused("no_header", file=where, found=found)


def _at(cells: Cells, place: int) -> str | None:
    return cells[place] if place < len(cells) else None


def _is_header(rows: Sequence[Row], place: int, width: int) -> bool:
    cells = rows[place].cells
    filled = [text for text in cells if text is not None]
    distinct = {text.casefold() for text in filled}
    # A title merged over the table is one text, and the two halves of an official letterhead are two.
    least = 1 if width == 1 else 2 if width < 4 else 3
    if len(distinct) < least or len(filled) < WIDE_SHARE * width:
        return False
    labels = sum(kind_of(text) == "text" for text in filled)
    if labels < LABEL_SHARE * len(filled):
        return False
    kinds = _kinds(rows[place + 1 : place + 1 + ROWS_COMPARED], width)
    return not any(
        kind_of(text) in ("number", "day") and kind_of(text) == kinds[at] for at, text in enumerate(cells[:width])
    )


def _is_second_header(rows: Sequence[Row], upper: int, width: int) -> bool:
    """True when the row below completes joined cells of the one above and is not of the data's kind."""
    above, below = rows[upper].cells, rows[upper + 1].cells
    added = []
    for place in range(width):
        over, under = _at(above, place), _at(below, place)
        joined = over is None or over in (_at(above, place - 1) if place else None, _at(above, place + 1))
        if under is None or under == over:
            continue
        if not joined and over is not None and not _spans_right(above, place):
            return False
        if kind_of(under) != "text":
            return False
        added.append(place)
    kinds = _kinds(rows[upper + 2 : upper + 2 + ROWS_COMPARED], width)
    return len(added) >= 2 and any(kinds[place] in ("number", "day") for place in added)


def _spans_right(cells: Cells, place: int) -> bool:
    """True when the next cell to the right is blank, as under a label meant for several columns."""
    return place + 1 < len(cells) and cells[place + 1] is None


def _is_group_header(above: Cells, below: Cells) -> bool:
    """True when the row above names groups of the columns below: it shares joined cells or fills the blanks."""
    filled = [text for text in above if text is not None]
    if len({text.casefold() for text in filled}) < 2 or any(kind_of(text) != "text" for text in filled):
        return False
    blanks = [place for place, text in enumerate(below) if text is None]
    shared = any(text is not None and text == _at(below, place) for place, text in enumerate(above))
    return shared or (bool(blanks) and all(_at(above, place) is not None for place in blanks))


def _is_numbering(rows: Sequence[Row], place: int, *, titled: bool) -> bool:
    """True for the row (1) (2) (3) or A B 1 2 under the header of an official form.

    Without brackets it could be data, and is taken for numbering only under titles and above longer texts.
    """
    filled = [text for text in rows[place].cells if text is not None]
    if len(filled) < 3 or not all(_NUMBERING.fullmatch(text) for text in filled):
        return False
    numbers = [int(found.group()) for text in filled if (found := re.search(r"\d+", text))]
    letters = [found.group(1).upper() for text in filled if (found := re.match(r"\(?([A-Za-z])\)?$", text))]
    if numbers and numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return False
    if letters != [chr(ord("A") + number) for number in range(len(letters))]:
        return False
    if all(text.startswith("(") for text in filled):
        return True
    below = [row.cells for row in rows[place + 1 : place + 1 + ROWS_COMPARED]]
    first = next(at for at, text in enumerate(rows[place].cells) if text is not None)
    return titled and any(len(_at(cells, at) or "") > 2 for cells in below for at in (first, first + 1))


def _kinds(rows: Sequence[Row], width: int) -> tuple[str, ...]:
    """The kind of most cells of each column; text where all are blank."""
    counts = [Counter[str]() for _ in range(width)]
    for row in rows:
        for place, text in enumerate(row.cells[:width]):
            kind = kind_of(text)
            if kind is not None:
                counts[place][kind] += 1
    return tuple(count.most_common(1)[0][0] if count else "text" for count in counts)


def _joined(rows: Sequence[Row], width: int) -> list[str | None]:
    """One header for each column from one or more header rows; a group's label stands over its blanks."""
    if len(rows) == 1:
        return [_at(rows[0].cells, place) for place in range(width)]
    headers: list[str | None] = []
    group: dict[int, str | None] = {}
    for place in range(width):
        parts: list[str] = []
        lower = [_at(row.cells, place) for row in rows]
        for depth, text in enumerate(lower):
            if text is None and depth < len(rows) - 1 and any(lower[depth + 1 :]) and place:
                text = group.get(depth)
            group[depth] = text
            if text is not None and text not in parts:
                parts.append(text)
        headers.append(JOINT.join(parts) or None)
    return headers
