"""Workbooks as districts send them, read in a child process: layout, hidden parts, values that are not plain text."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_sources.readers.formats import find_day_format, find_number_format
from data_sources.refusal import Held, Refused
from tests.data_sources.readers.samples import connect, read_text, simple_workbook, workbook_bytes


def report_form() -> bytes:
    """A district's form: letterhead, title, header of two rows, numbering, data, totals, note and signature."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Báo cáo"
    cells: dict[str, Any] = {
        "A1": "SỞ Y TẾ",
        "D1": "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "A2": "BÁO CÁO XÉT NGHIỆM",
        "A3": "Ngày 21 tháng 8 năm 2021",
        "A5": "STT",
        "B5": "Đơn vị",
        "C5": "Test nhanh",
        "E5": "PCR",
        "C6": "Mẫu",
        "D6": "Dương tính",
        "E6": "Mẫu",
        "F6": "Dương tính",
        "A12": "Tổng cộng",
        "C12": 300,
        "D12": 4,
        "E12": 70,
        "F12": 3,
        "A14": "Ghi chú: số liệu tạm tính",
        "E16": "Người lập biểu",
        "E19": "Trần Thị B",
    }
    for place, value in cells.items():
        sheet[place] = value
    for merged in ("A1:C1", "D1:F1", "A2:F2", "A3:F3", "A5:A6", "B5:B6", "C5:D5", "E5:F5", "A12:B12", "A14:F14"):
        sheet.merge_cells(merged)
    for column, number in zip("ABCDEF", range(1, 7), strict=True):
        sheet[f"{column}7"] = f"({number})"
    rows = [
        (1, "TP Vũng Tàu", 100, 1, 50, 2),
        (2, "Huyện Long Điền", 200, 3, 20, 1),
        (3, "Côn Đảo", None, None, None, None),
    ]
    for offset, row in enumerate(rows):
        for place, value in enumerate(row, start=1):
            sheet.cell(8 + offset, place, value)
    sheet.row_dimensions[9].hidden = True
    return workbook_bytes(book)


def test_a_form_is_read_as_a_person_reads_it(tmp_path: Path) -> None:
    read = read_text(tmp_path, report_form(), "form.xlsx")
    assert read.loaded.format == "xlsx"
    assert read.loaded.sheets == ("Báo cáo",)
    assert read.loaded.header_row == 6
    assert read.loaded.columns == (
        "STT",
        "Đơn vị",
        "Test nhanh / Mẫu",
        "Test nhanh / Dương tính",
        "PCR / Mẫu",
        "PCR / Dương tính",
    )
    assert read.data == [
        ("1", "TP Vũng Tàu", "100", "1", "50", "2"),
        ("2", "Huyện Long Điền", "200", "3", "20", "1"),
        ("3", "Côn Đảo", None, None, None, None),
    ]
    assert [(number, role) for number, role, _ in read.rows if role != "data"] == [
        (12, "total"),
        (14, "note"),
        (16, "note"),
        (19, "note"),
    ]
    said = " ".join(read.notes)
    assert "1 hidden rows" in said
    assert "header of 2 rows joined" in said
    assert "titles above the header in rows 1-3" in said


def test_values_become_text_that_can_be_read_in_one_way(tmp_path: Path) -> None:
    rows: list[tuple[Any, ...]] = [
        ("đơn vị", "ngày", "lúc", "số", "tỷ lệ", "có"),
        ("A", date(2021, 8, 21), datetime.fromisoformat("2021-08-21 10:05"), 3.0, 1.234, True),
        ("B", 44409, time(7, 30), 12345678, 0.5, False),
        ("C", "21/08/2021", None, "1.234", -0.25, None),
    ]
    read = read_text(tmp_path, simple_workbook(*rows), "values.xlsx")
    assert read.data == [
        ("A", "2021-08-21", "2021-08-21 10:05:00", "3", "1.2340", "true"),
        ("B", "44409", "07:30:00", "12345678", "0.5", "false"),
        ("C", "21/08/2021", None, "1.234", "-0.25", None),
    ]
    con = connect()
    con.execute(
        "CREATE TEMP TABLE t AS SELECT unnest(?) AS d, unnest(?) AS n",
        [["2021-08-21", "44409", "21/08/2021"], ["1.2340", "0.5", "-0.25"]],
    )
    sql = find_day_format(con, "t", "d", None).sql("d")
    assert [row[0] for row in con.execute(f"SELECT {sql} FROM t").fetchall()] == [
        date(2021, 8, 21),
        date(2021, 8, 1),
        date(2021, 8, 21),
    ]
    sql = find_number_format(con, "t", "n", None).number_sql("n")
    assert [row[0] for row in con.execute(f"SELECT {sql} FROM t").fetchall()] == [1.234, 0.5, -0.25]


def test_percentages_are_read_as_they_are_shown(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("unit", "share", "plain"), ("A", 0.1002, 0.1002), ("B", 1, 1)):
        sheet.append(row)
    for place, shown in (("B2", "0.00%"), ("B3", "0%")):
        sheet[place].number_format = shown
    read = read_text(tmp_path, workbook_bytes(book), "share.xlsx")
    assert read.data == [("A", "10.02%", "0.1002"), ("B", "100%", "1")]


def test_errors_and_formulas_without_a_value_are_not_blank(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "errors.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["unit", "cases", "deaths"])
        sheet.write_string(1, 0, "A")
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
        sheet.write_formula(1, 2, "=1+1", None, 2)
    read = read_text(tmp_path, path.read_bytes(), "errors.xlsx")
    assert read.data == [("A", "#DIV/0!", "2")]
    uncalculated = read_text(tmp_path, simple_workbook(("unit", "cases", "deaths"), ("A", "=1+1", 5)), "formula.xlsx")
    assert uncalculated.data == [("A", "#FORMULA", "5")]
    assert any("1 formulas were never calculated" in note for note in uncalculated.notes)


def test_merged_labels_fill_their_rows_and_merged_numbers_count_once(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("huyện", "xã", "ca"), ("Long Điền", "An Ngãi", 7), (None, "Phước Hưng", None), (None, "Tam Phước", 2)):
        sheet.append(row)
    sheet.merge_cells("A2:A4")
    sheet.merge_cells("C2:C3")
    read = read_text(tmp_path, workbook_bytes(book), "merged.xlsx")
    assert read.data == [
        ("Long Điền", "An Ngãi", "7"),
        ("Long Điền", "Phước Hưng", None),
        ("Long Điền", "Tam Phước", "2"),
    ]
    assert any("1 numbers in merged cells" in note for note in read.notes)


def test_a_table_away_from_the_corner_keeps_its_row_numbers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for place, value in {"C4": "unit", "D4": "cases", "E4": "day", "C6": "A", "D6": 5, "E6": "21/8/2021"}.items():
        sheet[place] = value
    read = read_text(tmp_path, workbook_bytes(book), "away.xlsx")
    assert read.loaded.header_row == 4
    assert read.loaded.columns == ("unit", "cases", "day")
    assert read.numbers == [6]


def sheets_of(*tables: tuple[str, str, list[tuple[Any, ...]]]) -> bytes:
    """A workbook of sheets (name, state, rows)."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, state, rows in tables:
        sheet = book.create_sheet(name)
        sheet.sheet_state = state
        for row in rows:
            sheet.append(row)
    return workbook_bytes(book)


TABLE: list[tuple[Any, ...]] = [("unit", "cases", "deaths"), ("A", 1, 2)]


def test_sheets_with_the_same_columns_in_any_order_are_one_table(tmp_path: Path) -> None:
    other: list[tuple[Any, ...]] = [("cases", "unit", "deaths"), (3, "B", 4)]
    read = read_text(tmp_path, sheets_of(("Một", "visible", TABLE), ("Hai", "visible", other)), "two.xlsx")
    assert read.loaded.sheets == ("Một", "Hai")
    assert set(zip(read.sheets, read.data, strict=True)) == {("Một", ("A", "1", "2")), ("Hai", ("B", "3", "4"))}


def test_sheets_with_different_columns_are_refused_unless_one_is_named(tmp_path: Path) -> None:
    other: list[tuple[Any, ...]] = [("unit", "beds", "free"), ("B", 4, 5)]
    content = sheets_of(("Ca", "visible", TABLE), ("Giường", "visible", other))
    with pytest.raises(Refused, match="different headers"):
        read_text(tmp_path, content, "two.xlsx")
    assert read_text(tmp_path, content, "two.xlsx", sheet="Giường").data == [("B", "4", "5")]
    with pytest.raises(Refused, match="Ca, Giường"):
        read_text(tmp_path, content, "two.xlsx", sheet="Khác")


def test_hidden_sheets_are_named_and_not_read(tmp_path: Path) -> None:
    content = sheets_of(("Ca", "visible", TABLE), ("Nháp", "hidden", TABLE), ("Sâu", "veryHidden", TABLE))
    read = read_text(tmp_path, content, "hidden.xlsx")
    assert read.loaded.rows == 1
    assert [note for note in read.notes if "hidden sheet" in note] == [
        "hidden sheet 'Nháp' is not read",
        "hidden sheet 'Sâu' is not read",
    ]


def test_a_sheet_without_a_table_is_named_and_not_read(tmp_path: Path) -> None:
    guide: list[tuple[Any, ...]] = [("Hướng dẫn điền biểu",), ("Mỗi dòng một đơn vị",)]
    read = read_text(tmp_path, sheets_of(("Ca", "visible", TABLE), ("Trống", "visible", [])), "guide.xlsx")
    assert read.data == [("A", "1", "2")]
    read = read_text(tmp_path, sheets_of(("Đọc", "visible", guide), ("Ca", "visible", TABLE)), "guide.xlsx")
    assert read.data == [("A", "1", "2")]
    assert "sheet 'Đọc' holds only text and is not read" in read.notes


def test_a_workbook_without_rows_is_held_or_refused(tmp_path: Path) -> None:
    with pytest.raises(Held):
        read_text(tmp_path, simple_workbook(("unit", "cases", "deaths")), "header.xlsx")
    with pytest.raises(Refused, match="a visible sheet with a table"):
        read_text(tmp_path, simple_workbook(), "empty.xlsx")


def test_declared_header_row_and_missing_header(tmp_path: Path) -> None:
    rows: list[tuple[Any, ...]] = [("x", "y", "z"), ("unit", "cases", "deaths"), ("A", 1, 2)]
    assert read_text(tmp_path, simple_workbook(*rows), "a.xlsx", header_row=2).loaded.columns == (
        "unit",
        "cases",
        "deaths",
    )
    assert read_text(tmp_path, simple_workbook(("A", 1, 2)), "a.xlsx", header=False).data == [("A", "1", "2")]


def test_text_typed_in_an_old_font_becomes_unicode(tmp_path: Path) -> None:
    rows: list[tuple[Any, ...]] = [
        ("Tªn huyÖn", "Sè ca", "Ngµy"),
        ("Bµ RÞa", 1, "21/8/2021"),
        ("Vòng Tµu", 2, "21/8/2021"),
    ]
    read = read_text(tmp_path, simple_workbook(*rows), "font.xlsx")
    assert read.loaded.columns == ("Tên huyện", "Số ca", "Ngày")
    assert [cells[0] for cells in read.data] == ["Bà Rịa", "Vũng Tàu"]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(
            st.integers(0, 10**12),
            st.dates(date(1950, 1, 1), date(2099, 1, 1)),
            st.floats(-1e6, 1e6).map(lambda value: round(value, 4)),
            st.text("aăđếọ ,;\"'\n=+@-", min_size=1, max_size=10).map(lambda text: "t" + text),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_what_was_written_is_read_back(tmp_path: Path, rows: list[tuple[int, date, float, str]]) -> None:
    read = read_text(tmp_path, simple_workbook(("số", "ngày", "tỷ lệ", "chữ"), *rows), "back.xlsx")
    for cells, (number, day, share, text) in zip(read.data, rows, strict=True):
        assert cells[0] == str(number)
        assert cells[1] == day.isoformat()
        assert float(str(cells[2])) == pytest.approx(share, abs=1e-9)
        assert cells[3] == text.strip()
