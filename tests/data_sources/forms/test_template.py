"""A template comes back whole: what it asks for is what the reader takes, for every form there is."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from data_sources.forms import FORMS
from data_sources.forms.judged import judge_form
from data_sources.forms.model import STAMP
from data_sources.forms.template import LISTS, SHEET
from data_sources.settings import ProvinceSettings, Settings, UnitSettings
from data_sources.units import Register, load_register
from tests.data_sources.forms.filled import FIRST_ROW, PLACES, SENT, blank, saved

PROVINCE = ProvinceSettings(code="77", name="Bà Rịa - Vũng Tàu")


@pytest.fixture(scope="module")
def register() -> Register:
    return load_register(Settings(province=PROVINCE, units=UnitSettings(), sources=(), directory=Path()))


def example_row(dataset: str) -> dict[str, Any]:
    """The contract's example in the words of the form."""
    contract = FORMS[dataset].contract
    row: dict[str, Any] = {}
    for name, value in contract.example.items():
        column = contract.column(name)
        words = {choice.value: choice.vi for choice in column.choices}
        row[name] = PLACES[0].name if column.type == "unit" else words.get(value, value)
        if column.type in ("integer", "number"):
            row[name] = float(value)
        if column.type == "boolean":
            row[name] = "có" if value == "true" else "không"
    return row


@pytest.mark.parametrize("dataset", FORMS)
def test_the_example_of_the_contract_written_into_the_template_is_taken_whole(dataset: str, register: Register) -> None:
    book = load_workbook(BytesIO(blank(dataset)))
    sheet = book[SHEET]
    example = example_row(dataset)
    written = FIRST_ROW if not FORMS[dataset].contract.line_list else sheet.max_row + 1
    for place, column in enumerate(FORMS[dataset].columns, start=1):
        if column.name in example:
            sheet.cell(written, place).value = example[column.name]
    judged = judge_form(saved(book), f"{dataset}.xlsx", dataset, register, PROVINCE, unit=None, issued_at=SENT)
    assert judged.refused is None
    assert judged.bad_cells == ()
    assert judged.rows_kept == 1
    assert judged.rows_in == 1 + judged.rows_blank
    assert judged.marked is None


@pytest.mark.parametrize("dataset", FORMS)
def test_a_template_says_what_it_is_and_offers_every_choice(dataset: str) -> None:
    form = FORMS[dataset]
    book = load_workbook(BytesIO(blank(dataset, unit="747")))
    sheet = book[SHEET]
    stamp = STAMP.search(sheet["A2"].value)
    assert stamp is not None
    assert stamp.groupdict() == {"dataset": dataset, "version": form.version, "unit": "747"}
    headers = [sheet.cell(FIRST_ROW - 1, place).value for place in range(1, len(form.columns) + 1)]
    assert headers == [f"{column.vi} *" if column.required else column.vi for column in form.columns]
    assert book[LISTS].sheet_state == "hidden"
    for place, column in enumerate(form.columns, start=1):
        if column.choices:
            offered = [cell.value for (cell,) in book[LISTS].iter_rows(min_col=place, max_col=place) if cell.value]
            assert offered == [choice.vi for choice in column.choices]
    validated = {str(area)[0] for rule in sheet.data_validations.dataValidation for area in rule.sqref.ranges}
    asked = {chr(64 + place) for place, column in enumerate(form.columns, start=1) if column.choices and place <= 26}
    assert asked <= validated


def test_the_same_template_is_the_same_bytes_for_the_same_day() -> None:
    sheets = [load_workbook(BytesIO(blank("tests")))[SHEET] for _ in range(2)]
    assert [[cell.value for cell in row] for row in sheets[0]] == [[cell.value for cell in row] for row in sheets[1]]


def test_a_form_has_a_row_for_each_unit_and_group() -> None:
    sheet = load_workbook(BytesIO(blank("tests")))[SHEET]
    units = {sheet.cell(row, 1).value for row in range(FIRST_ROW, sheet.max_row + 1)}
    assert units == {place.name for place in PLACES}
    assert sheet.max_row - FIRST_ROW + 1 == len(PLACES) * 2 * 10
