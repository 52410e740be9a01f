"""The ministry's report table of a day: a row for each reporting unit and their total, the columns it is told daily.

Each column is an indicator of the catalogue, or the counts beneath one, with its definition in a note. What was not
reported says so and is never 0; a total of fewer than all units says of how many.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

import pandas as pd
import xlsxwriter

from analytics import export
from analytics.indicators import INDICATORS
from analytics.phrases import leaf_codes, short_name
from analytics.readings import Reading, read
from analytics.release import AsOf, Release
from analytics.wording import TIME_ZONE, Language, moment, number, text
from analytics.wording import day as written_day


@dataclass(frozen=True)
class Column:
    """One column: an indicator's value, or the count that stands above the fraction line of a share."""

    indicator: str
    part: Literal["value", "count"] = "value"
    name: str = ""
    """Of a count: its key in printed.toml."""


COLUMNS = (
    Column("cases_new"),
    Column("cases_community_new"),
    Column("cases_cumulative"),
    Column("recovered_new"),
    Column("deaths_new"),
    Column("case_fatality", "count", "deaths_cumulative"),
    Column("in_treatment"),
    Column("severe"),
    Column("critical"),
    Column("in_quarantine_site"),
    Column("in_quarantine_home"),
    Column("people_tested"),
    Column("results_returned"),
    Column("positivity_7d", "count", "positives_7d"),
    Column("coverage_first_all_ages", "count", "first_doses"),
    Column("coverage_full_all_ages", "count", "full_doses"),
)
"""What the national reporting specification of 7/2021 and the daily tables of provinces ask for."""
NOT_REPORTED = "printed.not_reported"
COUNTED = (None, "too_small", "no_denominator")
"""A share may be withheld for its denominator although its count is known."""


@dataclass(frozen=True)
class Entry:
    """One number of the table; None is missing, and `why` says so in words."""

    value: float | None
    why: str = ""
    part: str = ""
    """What the number stands for where that is not all: 7/8 units, 6/7 days."""


@dataclass(frozen=True)
class MinistryTable:
    """The table with its words."""

    title: str
    stamp: str
    demonstration: str
    language: Language
    as_of: datetime
    heads: tuple[str, ...]
    definitions: tuple[str, ...]
    """Of each head: how it is defined, and from which source."""
    rows: tuple[tuple[str, tuple[Entry, ...]], ...]
    totals: tuple[str, tuple[Entry, ...]]


def ministry_table(
    release: Release, day: date | None, language: Language, as_of: AsOf = None, *, past: bool = False
) -> MinistryTable:
    """The table of `day`, the newest by default, as known at `as_of`; `past` says that the release is not current."""
    release = release if as_of is None else release.known_at(as_of)
    asked = day or release.last_day
    units, whole = leaf_codes(release, asked), release.province.code
    ids = list(dict.fromkeys(column.indicator for column in COLUMNS))
    readings = read(release, ids, (*units, whole), asked)
    rows = tuple(
        (short_name(release, unit, asked), tuple(_entry(readings, column, unit, language) for column in COLUMNS))
        for unit in units
    )
    totals = []
    for place, column in enumerate(COLUMNS):
        known = sum(entries[place].value is not None for _, entries in rows)
        total = _entry(readings, column, whole, language)
        whole_of = known == len(units)
        part = "" if whole_of else text("common.reported_units", language, reported=known, expected=len(units))
        totals.append(replace(total, part=part))
    history = "stamp_history" if past or release.known else "stamp"
    known_at = release.known or release.as_of
    return MinistryTable(
        title=text("printed.ministry", language, place=release.province.name, day=written_day(asked, language)),
        stamp=text(f"briefing.{history}", language, moment=moment(known_at, language)),
        demonstration=text("common.demonstration", language) if release.demonstration else "",
        language=language,
        as_of=known_at,
        heads=tuple(_head(column, language) for column in COLUMNS),
        definitions=tuple(_definition(column, language) for column in COLUMNS),
        rows=rows,
        totals=(text("briefing.province_row", language, place=short_name(release, whole, asked)), tuple(totals)),
    )


def _entry(readings: Mapping[tuple[str, str], Reading], column: Column, unit: str, language: Language) -> Entry:
    reading = readings[column.indicator, unit]
    value = reading.value
    if column.part == "count":
        value = reading.numerator if reading.absence in COUNTED else None
    if value is None:
        reported = reading.absence not in (None, "no_data")
        return Entry(None, text(f"indicators.absence.{reading.absence}" if reported else NOT_REPORTED, language))
    days, expected = reading.quality.reported_days, reading.quality.expected_days
    if (INDICATORS[column.indicator].window.days or 1) > 1 and days < expected:
        return Entry(value, part=text("printed.of_days", language, days=days, expected=expected))
    return Entry(value)


def _head(column: Column, language: Language) -> str:
    if column.part == "count":
        return text(f"printed.{column.name}", language)
    return INDICATORS[column.indicator].name(language)


def _definition(column: Column, language: Language) -> str:
    indicator = INDICATORS[column.indicator]
    name = indicator.name(language)
    named = text("printed.count_of", language, name=name) if column.part == "count" else name
    parts = (named, indicator.definition(language), indicator.source, indicator.caveat(language))
    return " ".join(part if part.endswith(".") else f"{part}." for part in parts if part)


def to_csv(table: MinistryTable) -> bytes:
    """The table as CSV; what is missing in words, a total of fewer than all units with how many."""
    rows = [[name, *(_plain(entry, table.language) for entry in entries)] for name, entries in _all(table)]
    return export.to_csv(pd.DataFrame(rows, columns=[text("common.unit", table.language), *table.heads], dtype=object))


def _all(table: MinistryTable) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
    return (*table.rows, table.totals)


def _plain(entry: Entry, language: Language) -> object:
    if entry.value is None:
        return entry.why
    if entry.part:
        return f"{number(entry.value, language)} ({entry.part})"
    return int(entry.value) if entry.value == int(entry.value) else entry.value


def to_xlsx(table: MinistryTable) -> bytes:
    """The table as a workbook: numbers are numbers, each head has its definition as a note and on a second sheet."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        # The time of the figures and not of the making, so that the same figures give the same bytes.
        made = table.as_of.astimezone(TIME_ZONE).replace(tzinfo=None)
        book.set_properties({"title": table.title, "created": made})
        bold = book.add_format({"bold": True, "font_size": 14})
        line = {"border": 1, "valign": "vcenter"}
        head = book.add_format({**line, "bold": True, "text_wrap": True, "align": "center"})
        name = book.add_format(line)
        missing = book.add_format({**line, "italic": True, "align": "right"})
        total = {**line, "bold": True}
        sheet = book.add_worksheet(text("printed.table", table.language))
        sheet.write_string(0, 0, table.title, bold)
        sheet.write_string(1, 0, " · ".join(part for part in (table.stamp, table.demonstration) if part))
        sheet.write_string(3, 0, text("common.unit", table.language), head)
        for place, (said, definition) in enumerate(zip(table.heads, table.definitions, strict=True), start=1):
            sheet.write_string(3, place, said, head)
            sheet.write_comment(3, place, definition, {"x_scale": 2.5, "y_scale": 2})
        for row, (unit, entries) in enumerate(_all(table), start=4):
            last = row == 4 + len(table.rows)
            sheet.write_string(row, 0, export.neutral(unit), book.add_format(total) if last else name)
            for place, entry in enumerate(entries, start=1):
                if entry.value is None:
                    sheet.write_string(row, place, entry.why, missing)
                    continue
                mark = f'" ({entry.part})"' if entry.part else ""
                kind = book.add_format({**(total if last else line), "num_format": f"#,##0{mark}"})
                sheet.write_number(row, place, entry.value, kind)
        foot = 6 + len(table.rows)
        sheet.write_string(foot, 0, text("printed.ministry_note", table.language))
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, len(table.heads), 13)
        sheet.set_row(3, 62)
        sheet.freeze_panes(4, 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        notes = book.add_worksheet(text("printed.definition", table.language))
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        notes.set_column(0, 0, 32, wrapped)
        notes.set_column(1, 1, 110, wrapped)
        for row, (said, definition) in enumerate(zip(table.heads, table.definitions, strict=True)):
            notes.write_string(row, 0, said)
            notes.write_string(row, 1, definition)
    return out.getvalue()
