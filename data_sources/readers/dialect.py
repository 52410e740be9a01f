"""How a text is cut into records and fields: delimiter, quotes and line ends, found out from its beginning."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

DELIMITERS = ("\t", ";", "|", ",")
"""In order of preference where two cut equally well: a comma is the likeliest to stand inside text and numbers."""
RECORDS_TRIED = 500
TRIED_LETTERS = 262_144
STEADY_SHARE = 0.6
"""A delimiter that does not give most records the same number of fields is only punctuation."""
_UNUSED_DELIMITERS = (",", ";", "\t", "|", "\x1f")
_QUOTED = re.compile(r'"[^"]*"')
_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True)
class Dialect:
    """The signs of a CSV text; `newline` is None where several line ends are mixed."""

    delimiter: str
    escape: str
    newline: str | None
    spaced: bool

    def reader(self, lines: Iterator[str], *, strict: bool) -> Iterator[list[str]]:
        """The records of `lines`; a blank line is an empty record."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            doublequote=self.escape == '"',
            escapechar=None if self.escape == '"' else self.escape,
            skipinitialspace=self.spaced,
            strict=strict,
        )


@dataclass(frozen=True)
class Record:
    """One record: its number in the file, the line it begins on, how many lines it takes, and its fields."""

    number: int
    line: int
    lines: int
    fields: tuple[str, ...]


def find_dialect(text: str, delimiter: str | None, *, whole: bool) -> Dialect:
    """The dialect of a CSV text of which `text` is the beginning (or the whole); a declared delimiter is taken."""
    spaced = re.search(r'[,;|\t] +"', text) is not None
    escape = "\\" if '\\"' in text and not _reads(text, '"') and _reads(text, "\\") else '"'
    newline = _newline(text)
    if delimiter is None:
        delimiter = _delimiter(text, escape, spaced, whole=whole)
    return Dialect(delimiter, escape, newline, spaced)


def records(text: str, dialect: Dialect, *, whole: bool) -> list[Record]:
    """The records of the beginning of a text; without `whole` the last one, which may be cut, is left out."""
    found: list[Record] = []
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=dialect.delimiter,
        doublequote=dialect.escape == '"',
        escapechar=None if dialect.escape == '"' else dialect.escape,
        skipinitialspace=dialect.spaced,
    )
    line = 0
    try:
        for number, fields in enumerate(reader, start=1):
            found.append(Record(number, line + 1, reader.line_num - line, tuple(fields)))
            line = reader.line_num
    except csv.Error:
        whole = True
    return found if whole else found[:-1]


def _newline(text: str) -> str | None:
    ends = Counter(_LINE_END.findall(_QUOTED.sub("", text[: text.rfind("\n") + 1] or text)))
    if len(ends) > 1:
        return None
    return next(iter(ends), "\n")


def _reads(text: str, escape: str) -> bool:
    """True when the first records keep the rules of quoting with this escape."""
    dialect = Dialect(",", escape, None, True)
    lines = io.StringIO(text[: text.rfind("\n") + 1] or text, newline="")
    try:
        for number, _ in enumerate(dialect.reader(lines, strict=True)):
            if number > RECORDS_TRIED:
                break
    except csv.Error:
        return False
    return True


def _delimiter(text: str, escape: str, spaced: bool, *, whole: bool) -> str:
    """The delimiter that cuts the earliest record like the most: the header and the rows below it."""
    whole = whole and len(text) <= TRIED_LETTERS
    text = text[:TRIED_LETTERS]
    best: tuple[int, float, int] | None = None
    found = ""
    for place, delimiter in enumerate(DELIMITERS):
        dialect = Dialect(delimiter, escape, None, spaced)
        widths = [len(record.fields) for record in records(text, dialect, whole=whole)[:RECORDS_TRIED] if record.fields]
        wide = Counter(width for width in widths if width > 1)
        if not wide:
            continue
        width, number = wide.most_common(1)[0]
        share = number / len(widths)
        titles = widths.index(width)
        if share < STEADY_SHARE and (number < 2 or number < len(widths) - titles):
            continue
        score = (titles, -round(share, 1), place)
        if best is None or score < best:
            best, found = score, delimiter
    return found or next(sign for sign in _UNUSED_DELIMITERS if sign not in text or sign == "\x1f")
