"""The workbook as another program reads it: numbers are numbers, days are days, nothing in it is run."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from analytics.briefing.model import Briefing, Cell, Curve, Map, Slide, Table, Tiles
from analytics.briefing.workbook import sheet_names, to_xlsx
from analytics.briefing.workbook_cells import columns_of, decimals_of
from tests.analytics.briefing.sample_slides import DAY, FORMULA, curve, note, sample, table, tile


def opened(made: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(made))


@pytest.fixture(scope="module")
def briefing() -> Briefing:
    return sample()


@pytest.fixture(scope="module")
def book(briefing: Briefing) -> Any:
    return opened(to_xlsx(briefing))


def values(sheet: Any) -> list[Any]:
    return [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]


def column(sheet: Any, head: str) -> list[Any]:
    """What stands under the first cell with that head, down to the first empty cell."""
    at = next(cell for row in sheet.iter_rows() for cell in row if cell.value == head)
    below = [sheet.cell(row, at.column).value for row in range(at.row + 1, sheet.max_row + 1)]
    return below[: below.index(None)] if None in below else below


def test_a_sheet_for_each_slide_between_contents_and_definitions(briefing: Briefing, book: Any) -> None:
    assert len(book.sheetnames) == len(briefing.slides) + 2
    assert (book.sheetnames[0], book.sheetnames[-1]) == ("Mục lục", "Định nghĩa")
    assert all(len(name) <= 31 for name in book.sheetnames)
    for sheet, slide in zip(book.worksheets[1:-1], briefing.slides, strict=True):
        told = values(sheet)
        assert told[0] == slide.title
        assert briefing.stamp in told
        assert briefing.demonstration in told
        assert any(briefing.release_id in str(value) for value in told)
        assert {statement.text for statement in slide.statements} - {FORMULA} <= set(told)


def test_contents_lead_to_every_sheet_and_say_what_is_missing(briefing: Briefing, book: Any) -> None:
    sheet = book.worksheets[0]
    links = [cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert [link.split("!")[0].strip("'") for link in links] == book.sheetnames[1:]
    told = values(sheet)
    assert "Bản này chưa có số liệu mưa. Xem trang Nguồn." in told
    assert "Dòng 7: không có chỉ số mưa" in told
    assert "Bản này chưa có số liệu mưa. Xem trang Nguồn." in values(book.worksheets[-2])


def test_figures_are_numbers_with_their_decimals_and_a_missing_one_is_empty(briefing: Briefing, book: Any) -> None:
    sheet = book.worksheets[2]
    tiles = briefing.slides[1].blocks[0]
    assert isinstance(tiles, Tiles)
    heads = {cell.value: cell for row in sheet.iter_rows() for cell in row if cell.value in ("Chỉ số", "Giá trị")}
    first = min(cell.row for cell in heads.values()) + 1
    place = heads["Giá trị"].column
    found = [sheet.cell(first + number, place) for number in range(len(tiles.tiles))]
    assert [cell.value for cell in found] == [one.value for one in tiles.tiles]
    assert {cell.number_format for cell in found if cell.value is not None} == {"#,##0.0"}
    told = values(sheet)
    for one in tiles.tiles:
        assert {one.label, one.written, one.measured_in, one.state_word, one.limit, one.change, one.quality} <= set(
            told
        )
    for number, one in enumerate(tiles.tiles):
        at = next(cell for row in sheet.iter_rows(min_row=first + 9) for cell in row if cell.value == one.label)
        recent = [sheet.cell(at.row + 1 + back, at.column).value for back in range(28)]
        assert recent == list(one.recent), number
    days = [sheet.cell(at.row + 1 + back, 1).value for back in range(28)]
    assert (days[0], days[-1]) == (datetime(2021, 8, 2), datetime(2021, 8, 29))  # noqa: DTZ001


def test_a_maps_units_and_a_tables_rows_are_all_there(briefing: Briefing, book: Any) -> None:
    by_id = dict(zip([slide.id for slide in briefing.slides], book.worksheets[1:-1], strict=True))
    drawn = briefing.slides[2].blocks[0]
    assert isinstance(drawn, Map)
    assert column(by_id["map"], "Đơn vị") == [unit.name for unit in drawn.units]
    assert column(by_id["map"], "Giá trị")[:2] == [6.9, 96.5]
    assert column(by_id["map"], "Nhóm") == ["dưới 10", "từ 50", "chưa có", "0"]
    ranked = briefing.slides[5].blocks[0]
    assert isinstance(ranked, Table)
    assert column(by_id["long"], "Đơn vị") == [row[1].text for row in ranked.rows]
    assert column(by_id["long"], "ca/100.000 dân/tuần") == [row[2].value for row in ranked.rows]
    change = column(by_id["long"], "Thay đổi so với tuần trước")
    assert change == [row[3].text for row in ranked.rows]
    assert ranked.note in values(by_id["long"])


def test_a_curve_has_its_days_its_numbers_and_a_chart_on_them(briefing: Briefing, book: Any) -> None:
    by_id = dict(zip([slide.id for slide in briefing.slides], book.worksheets[1:-1], strict=True))
    sheet, drawn = by_id["curve"], curve()
    assert isinstance(drawn, Curve)
    days = [cell for row in sheet.iter_rows() for cell in row if cell.value == "Ngày"]
    at = days[-1]
    heads = {sheet.cell(at.row, place).value: place for place in range(1, 8)}
    told = [sheet.cell(at.row + 1 + number, 1).value.date() for number in range(60)]
    assert told == list(drawn.days)
    for line in drawn.lines:
        found = [sheet.cell(at.row + 1 + number, heads[line.name]).value for number in range(60)]
        assert found == [None if value is None else pytest.approx(value, rel=1e-14) for value in line.values]
    states = [sheet.cell(at.row + 1 + number, heads["Trạng thái"]).value for number in range(60)]
    assert states[-4:] == [None, "tạm tính", "tạm tính", "tạm tính"]
    (chart,) = sheet._charts
    refs = [series.val.numRef.f for part in chart._charts for series in part.series]
    assert all(f"${at.row + 1}:" in ref and ref.endswith(f"${at.row + 60}") for ref in refs)
    assert len(refs) == len(drawn.lines)
    assert chart.anchor._from.row + 19 <= at.row
    assert {"Chỉ thị 16", "Giãn cách"} <= set(values(sheet))


def test_definitions_stand_on_the_slides_sheet_and_once_on_the_last(book: Any) -> None:
    said = note()
    assert {said.name, said.definition, said.source, said.quality, said.caveat} <= set(values(book.worksheets[1]))
    last = book.worksheets[-1]
    assert column(last, "Chỉ số") == ["Ca mắc mới", "Ca mắc mới"]  # cases_new and incidence of the sample
    assert column(last, "Nguồn") == [said.source] * 2


def test_nothing_is_a_formula(briefing: Briefing) -> None:
    evil = "=cmd|'/c calc'!A1"
    hostile = Slide(
        evil,
        evil,
        evil,
        "+1",
        (
            Tiles((tile(label=evil, written="-1", quality="@x"),)),
            Table(("=A1", evil), ((Cell(evil), Cell("=1+1", 2.0)),), figures=()),
        ),
        notes=(note(),),
    )
    made = opened(to_xlsx(sample(hostile, place=evil)))
    kinds = {cell.data_type for sheet in made.worksheets for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    texts = [str(value) for sheet in made.worksheets for value in values(sheet)]
    assert f"'{evil}" in texts
    assert not [text for text in texts if text.startswith(("=", "+", "@"))]


def test_sheet_names_are_ones_a_spreadsheet_takes() -> None:
    wanted = ["Mục lục", "Bản đồ", "bản ĐỒ", "a/b:c*d?[e]", "x" * 40, "x" * 41, "", "'"]
    made = sheet_names(wanted, last="Mục lục")
    assert made == ["Mục lục", "Bản đồ", "bản ĐỒ 2", "abcde", "x" * 31, "x" * 29 + " 2", "-", "- 2", "Mục lục 2"]


def test_the_same_briefing_gives_the_same_bytes_and_names_nobody(briefing: Briefing, book: Any) -> None:
    assert to_xlsx(briefing) == to_xlsx(sample())
    assert book.properties.creator == briefing.place
    assert book.properties.created == datetime(2021, 8, 29, 7, 5)  # noqa: DTZ001


def test_a_column_is_numbers_only_where_its_words_say_nothing_else() -> None:
    plain = columns_of("Tỷ lệ", [Cell("12,3%", 12.3), Cell("chưa có")], "số", "vi")
    assert [(one.head, list(one.cells)) for one in plain] == [("Tỷ lệ", [12.3, "chưa có"])]
    worded = columns_of("Thay đổi", [Cell("tăng 5%", 5.0), Cell("đi ngang", 0.25)], "số", "vi")
    assert [(one.head, list(one.cells)) for one in worded] == [
        ("Thay đổi", ["tăng 5%", "đi ngang"]),
        ("số", [5.0, 0.25]),
    ]
    assert [decimals_of("1.234,50", "vi"), decimals_of("1,234.5", "en"), decimals_of("1.234", "vi")] == [2, 1, 0]
    assert date(2021, 8, 29) == DAY
    assert table(3).rows[0][0].value == 1.0
