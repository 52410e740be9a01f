"""The ministry's table: every unit and column, missing in words and never 0, totals that say of how many."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta

import openpyxl
import pytest

from analytics.briefing.ministry_table import COLUMNS, ministry_table, to_csv, to_xlsx
from analytics.indicators import INDICATORS
from analytics.readings import read
from analytics.release import Release
from tests.analytics.release_fixture import SmallRelease, at

DAY = date(2021, 8, 29)
CASES = next(place for place, column in enumerate(COLUMNS) if column.indicator == "cases_new")
SEVERE = next(place for place, column in enumerate(COLUMNS) if column.indicator == "severe")


@pytest.fixture
def two_units(opened: Callable[..., Release]) -> Release:
    """One unit reported 0 cases, the other nothing; neither reported anything else."""
    made = SmallRelease(as_of=at("2021-08-29 18:00"))
    made.unit("77", "Tỉnh Bà Rịa - Vũng Tàu", level="province", parent=None, reporting=False, population=1000)
    made.unit("752", "Huyện Long Điền", population=600)
    made.unit("755", "=HYPERLINK(1)", population=400)
    made.observe("case_counts.cases", "752", DAY - timedelta(days=2), (4, 4, 0))
    return opened(made)


def test_every_value_is_the_indicators_own(province: Release) -> None:
    table = ministry_table(province, DAY, "vi")
    units = [leaf.code for leaf in province.units.leaves(province.province.code, DAY)]
    readings = read(province, [column.indicator for column in COLUMNS], [*units, "77"], DAY)

    assert [name for name, _ in table.rows] == [province.units.get(unit, DAY).short_name for unit in units]
    seen = 0
    for unit, (_, entries) in zip(units, table.rows, strict=True):
        for column, entry in zip(COLUMNS, entries, strict=True):
            reading = readings[column.indicator, unit]
            expected = reading.numerator if column.part == "count" else reading.value
            assert entry.value == expected
            assert (entry.value is None) == bool(entry.why)
            seen += entry.value is not None
    assert seen > len(units) * len(COLUMNS) / 2
    for place, (column, total) in enumerate(zip(COLUMNS, table.totals[1], strict=True)):
        values = [entries[place].value for _, entries in table.rows]
        if total.value is not None and None not in values:
            assert total.value == pytest.approx(sum(value for value in values if value is not None)), column
            assert "/8" not in total.part


def test_missing_is_said_and_never_0_and_a_total_says_of_how_many(two_units: Release) -> None:
    table = ministry_table(two_units, DAY, "vi")
    (_, reported), (_, silent) = table.rows

    assert reported[CASES].value == 0
    assert silent[CASES].value is None
    assert silent[CASES].why == "chưa báo cáo"
    assert table.totals[1][CASES].value == 0
    assert table.totals[1][CASES].part == "1/2 đơn vị"
    assert table.totals[1][SEVERE].value is None


def test_the_workbook_holds_numbers_words_and_definitions(two_units: Release) -> None:
    table = ministry_table(two_units, DAY, "vi")
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(table)))
    sheet = book.worksheets[0]

    heads = [cell.value for cell in sheet[4]]
    assert heads == ["Đơn vị", *table.heads]
    assert sheet.cell(5, CASES + 2).value == 0
    assert sheet.cell(6, CASES + 2).value == "chưa báo cáo"
    assert sheet.cell(6, 1).data_type == "s"
    assert sheet.cell(7, CASES + 2).value == 0
    assert sheet.cell(7, CASES + 2).number_format == '#,##0" (1/2 đơn vị)"'
    assert INDICATORS["cases_new"].definition_vi in sheet.cell(4, CASES + 2).comment.text
    assert [row[0].value for row in book.worksheets[1].iter_rows()] == list(table.heads)
    assert table.demonstration in sheet.cell(2, 1).value
    assert table.stamp in sheet.cell(2, 1).value
    assert to_xlsx(table) == to_xlsx(table)


def test_the_csv_says_the_same_and_runs_nothing(two_units: Release) -> None:
    table = ministry_table(two_units, DAY, "en")
    rows = list(csv.reader(io.StringIO(to_csv(table).decode("utf-8-sig"))))

    assert rows[0] == ["Unit", *table.heads]
    assert rows[1][CASES + 1] == "0"
    assert rows[2][CASES + 1] == "not reported"
    assert rows[2][0].startswith("'=")
    assert rows[3][CASES + 1] == "0 (1 of 2 units)"


def test_as_of_an_earlier_moment_it_says_so_and_what_was_known(opened: Callable[..., Release]) -> None:
    made = SmallRelease(as_of=at("2021-08-29 18:00"))
    made.unit("77", "Tỉnh", level="province", parent=None, reporting=False)
    made.unit("752", "Huyện Long Điền")
    day = date(2021, 8, 27)
    made.observe("case_counts.cases", "752", day, [5], issued=at("2021-08-27 17:00"))
    made.observe("case_counts.cases", "752", day, [9], issued=at("2021-08-29 17:00"))
    release = opened(made)

    before, now = ministry_table(release, day, "vi", day), ministry_table(release, day, "vi")
    assert (before.rows[0][1][CASES].value, now.rows[0][1][CASES].value) == (5, 9)
    assert before.stamp != now.stamp
