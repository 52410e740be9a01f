"""Templates filled in as a district would, for tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl import load_workbook

from data_sources.forms import FORMS
from data_sources.forms.template import HEADER_ROW, SHEET, Place, template

DAY = date(2021, 8, 29)
SENT = datetime(2021, 10, 1, 8, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
PLACES = (
    Place("747", "Thành phố Vũng Tàu"),
    Place("748", "Thành phố Bà Rịa"),
    Place("750", "Huyện Châu Đức"),
    Place("755", "Huyện Côn Đảo"),
)
FIRST_ROW = HEADER_ROW + 2
"""The number of the first row of data, as a person counts."""


def blank(dataset: str, unit: str | None = None, places: tuple[Place, ...] = PLACES) -> bytes:
    """The template of a dataset for one day."""
    return template(FORMS[dataset], places, DAY, unit)


def filled(dataset: str, fill: Callable[[dict[str, Any]], dict[str, Any]], **options: Any) -> bytes:
    """The template with `fill` asked for each prefilled row: header of ours -> value."""
    book = load_workbook(BytesIO(blank(dataset, **options)))
    sheet = book[SHEET]
    columns = FORMS[dataset].columns
    for number in range(FIRST_ROW, sheet.max_row + 1):
        row = {column.name: sheet.cell(number, place).value for place, column in enumerate(columns, start=1)}
        if row["unit"] is None:
            continue
        for place, column in enumerate(columns, start=1):
            sheet.cell(number, place).value = fill(row).get(column.name, row[column.name])
    return saved(book)


def saved(book: Any) -> bytes:
    """The bytes of a workbook."""
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def counts(row: dict[str, Any]) -> dict[str, Any]:
    """A whole report of case counts."""
    return {"cases": 3, "deaths": 0, "recovered": 1}
