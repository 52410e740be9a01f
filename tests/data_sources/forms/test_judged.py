"""A form is judged cell by cell: what is wrong, where, what is needed, what is doubtful, and what the rest says."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from data_sources.forms.judged import Judgement, judge_form
from data_sources.forms.template import SHEET
from data_sources.settings import ProvinceSettings, Settings, UnitSettings
from data_sources.units import Register, load_register
from tests.data_sources.forms.filled import DAY, FIRST_ROW, PLACES, SENT, blank, counts, filled, saved

PROVINCE = ProvinceSettings(code="77", name="Bà Rịa - Vũng Tàu")


@pytest.fixture(scope="module")
def register() -> Register:
    return load_register(Settings(province=PROVINCE, units=UnitSettings(), sources=(), directory=Path()))


def judged(content: bytes, register: Register, dataset: str = "case_counts", **options: Any) -> Judgement:
    asked = {"unit": None, "issued_at": SENT, **options}
    return judge_form(content, "bao-cao.xlsx", dataset, register, PROVINCE, **asked)


def test_a_good_form_says_its_sums(register: Register) -> None:
    found = judged(filled("case_counts", counts), register)
    assert (found.rows_in, found.rows_kept, found.rows_wrong, found.rows_blank) == (20, 20, 0, 0)
    said = {(one.measure, one.unit, one.day, one.stratum): one.value for one in found.said}
    assert said["cases", "747", DAY, "detection=community"] == 3
    assert said["deaths", "755", DAY, "detection=arrival"] == 0
    assert sum(one.value for one in found.said if (one.measure, one.unit) == ("cases", "748")) == 15


def test_rows_left_blank_are_no_mistakes(register: Register) -> None:
    found = judged(filled("case_counts", lambda row: counts(row) if "Vũng Tàu" in row["unit"] else {}), register)
    assert (found.rows_kept, found.rows_blank, found.rows_wrong) == (5, 15, 0)
    assert found.bad_cells == ()


def test_each_bad_cell_is_named_by_sheet_row_and_column_and_marked(register: Register) -> None:
    book = load_workbook(BytesIO(filled("case_counts", counts)))
    sheet = book[SHEET]
    sheet.cell(FIRST_ROW, 4).value = "1O"
    sheet.cell(FIRST_ROW + 1, 2).value = "31/02/2021"
    sheet.cell(FIRST_ROW + 2, 3).value = "trên trời"
    sheet.cell(FIRST_ROW + 3, 5).value = 999999999
    found = judged(saved(book), register)
    places = {(cell.sheet, cell.row, cell.letter, cell.found, cell.reason) for cell in found.bad_cells}
    assert places == {
        (SHEET, FIRST_ROW, "D", "1O", "number_unreadable"),
        (SHEET, FIRST_ROW + 1, "B", "31/02/2021", "day_unreadable"),
        (SHEET, FIRST_ROW + 2, "C", "trên trời", "choice_unreadable"),
        (SHEET, FIRST_ROW + 3, "E", "999999999", "out_of_range"),
    }
    assert (found.rows_kept, found.rows_wrong, found.bad_cells_in_all) == (16, 4, 4)
    assert found.marked is not None
    returned = load_workbook(BytesIO(found.marked))[SHEET]
    for row, column in ((FIRST_ROW, 4), (FIRST_ROW + 1, 2), (FIRST_ROW + 2, 3), (FIRST_ROW + 3, 5)):
        cell = returned.cell(row, column)
        assert cell.fill.start_color.rgb == "FFF9D6D2"
        assert cell.comment is not None
        assert "cần" in cell.comment.text
    assert returned.cell(FIRST_ROW + 4, 4).comment is None
    assert returned.cell(FIRST_ROW, 4).value == "1O"


def test_a_csv_is_given_back_as_a_table_with_its_bad_cells_marked(register: Register) -> None:
    content = "Đơn vị;Ngày;Ca mắc mới\nVũng Tàu;29/08/2021;5\nBà Rịa;29/08/2021;=1+1\n".encode()
    found = judged(content, register)
    assert [(cell.row, cell.letter, cell.found) for cell in found.bad_cells] == [(3, "C", "=1+1")]
    assert found.marked is not None
    sheet = load_workbook(BytesIO(found.marked)).worksheets[0]
    assert [cell.value for cell in sheet[3]] == [3, "Bà Rịa", "29/08/2021", "=1+1"]
    assert sheet["D3"].data_type == "s"
    assert sheet["D3"].comment is not None


def test_a_doubtful_name_is_offered_its_nearest_units_and_taken_when_chosen(register: Register) -> None:
    content = "Đơn vị,Ngày,Ca mắc mới\nVũng Tầu,2021-08-29,5\nBà Rịa,2021-08-29,2\n".encode()
    found = judged(content, register)
    assert [(one.written, one.rows) for one in found.doubtful] == [("Vũng Tầu", 1)]
    assert "747" in [code for code, _ in found.doubtful[0].guesses]
    assert found.rows_kept == 1
    again = judged(content, register, units={"Vũng Tầu": "747"})
    assert (again.rows_kept, again.doubtful, again.bad_cells) == (2, (), ())


def test_rows_of_another_district_are_not_taken_from_this_one(register: Register) -> None:
    content = "Đơn vị,Ngày,Ca mắc mới\nVũng Tàu,2021-08-29,5\nBà Rịa,2021-08-29,2\n".encode()
    found = judged(content, register, unit="747")
    assert found.rows_kept == 1
    assert [(cell.row, cell.reason) for cell in found.bad_cells] == [(3, "unit_of_another")]


def test_a_template_of_another_form_version_or_district_is_refused(register: Register) -> None:
    other = judged(blank("tests"), register)
    assert other.refused is not None
    assert "tests" in other.refused.parts("vi").found
    book = load_workbook(BytesIO(blank("case_counts")))
    book[SHEET]["A2"].value = "Mẫu biểu case_counts, phiên bản 1-00000000"
    old = judged(saved(book), register)
    assert old.refused is not None
    assert "1-00000000" in old.refused.parts("vi").found
    district = judged(blank("case_counts", unit="748", places=PLACES[1:2]), register, unit="747")
    assert district.refused is not None
    assert "748" in district.refused.parts("vi").found


@pytest.mark.parametrize("content", [b"<html>login</html>", b"MZ\x90\x00" + b"\0" * 64, b"", b"PK\x03\x04broken"])
def test_what_is_no_form_is_refused_with_a_reason(content: bytes, register: Register) -> None:
    found = judged(content, register)
    assert found.refused is not None
    assert found.rows_kept == 0


def test_personal_fields_are_never_told_back_but_in_the_senders_own_file(register: Register) -> None:
    content = "Mã ca,Đơn vị,Ngày,Loại,Ngày sinh,Điện thoại\nBN1,Vũng Tàu,2021-08-29,F0,31/02/1990,0900000001\n".encode()
    found = judged(content, register, dataset="cases")
    assert found.bad_cells
    assert all(cell.found is None for cell in found.bad_cells if cell.header in ("Ngày sinh", "Điện thoại", "Mã ca"))
