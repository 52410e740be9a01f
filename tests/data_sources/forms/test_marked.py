"""A form given back with its bad cells marked is the same file but for the marks, however it is written."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import xlsxwriter
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment

from data_sources.forms import marking_in_place
from data_sources.forms.marked import IN_PLACE, Mark, marked_workbook
from data_sources.forms.template import SHEET
from tests.data_sources.forms.filled import FIRST_ROW, counts, filled, saved

PAINT = "FFF9D6D2"
NOT_PLAIN = 2


def in_place(folder: Path, content: bytes, *marks: Mark) -> tuple[int, bytes]:
    """The exit code and what was written by the program that changes the XML in place."""
    (folder / "form.xlsx").write_bytes(content)
    request = {
        "workbook": str(folder / "form.xlsx"),
        "target": str(folder / "marked.xlsx"),
        "marks": [vars(mark) for mark in marks],
        "author": "Toàn cảnh",
        "megabytes": 1_024,
        "seconds": 60,
    }
    done = subprocess.run([sys.executable, "-I", str(IN_PLACE)], input=json.dumps(request).encode(), check=False)
    target = folder / "marked.xlsx"
    return done.returncode, target.read_bytes() if target.exists() else b""


def parts(content: bytes) -> dict[str, bytes]:
    """The parts of a workbook."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sheet_of(content: bytes, name: str) -> Any:
    """A sheet of a workbook as openpyxl reads it."""
    return load_workbook(BytesIO(content))[name]


def test_nothing_but_the_marks_changes(tmp_path: Path) -> None:
    form = filled("case_counts", counts)
    code, marked = in_place(tmp_path, form, Mark(SHEET, FIRST_ROW, 4, "cần một số"), Mark(SHEET, FIRST_ROW, 40, "mới"))
    assert code == 0
    before, after = parts(form), parts(marked)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"[Content_Types].xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"}
    assert len(after.keys() - before.keys()) == 3
    for name, xml in after.items():
        if name.endswith((".xml", ".vml", ".rels")):
            ElementTree.fromstring(xml)  # noqa: S314 (our own)
    old, new = sheet_of(form, SHEET), sheet_of(marked, SHEET)
    width = old.max_column
    assert [[cell.value for cell in row] for row in old.rows] == [[c.value for c in row[:width]] for row in new.rows]
    assert len(new.data_validations.dataValidation) == len(old.data_validations.dataValidation) > 0
    cell = new.cell(FIRST_ROW, 4)
    assert (cell.fill.start_color.rgb, cell.comment and cell.comment.text) == (PAINT, "cần một số")
    assert cell.font.name == old.cell(FIRST_ROW, 4).font.name
    assert (new.cell(FIRST_ROW, 40).value, new.cell(FIRST_ROW, 40).fill.start_color.rgb) == (None, PAINT)
    assert sum(cell.comment is not None for row in new.rows for cell in row) == 2


def test_two_marks_on_one_cell_on_a_joined_cell_and_on_a_second_sheet(tmp_path: Path) -> None:
    book = Workbook()
    first: Any = book.active
    first.title = "một"
    first.append(["a", "b", "c"])
    first.append([1, 2, None])
    first.merge_cells("B2:C3")
    first["A2"].number_format = "dd/mm/yyyy"
    book.create_sheet("hai").append(["<x>", 5])
    code, marked = in_place(
        tmp_path, saved(book), Mark("một", 2, 3, "& <b>\x00"), Mark("một", 2, 1, "1"), Mark("một", 2, 1, "2"),
        Mark("hai", 1, 2, "3"),
    )  # fmt: skip
    assert code == 0
    read: Any = load_workbook(BytesIO(marked))
    cells = [(sheet.title, cell) for sheet in read for row in sheet for cell in row]
    told = {(title, cell.coordinate): cell.comment.text for title, cell in cells if cell.comment}
    assert told == {("một", "B2"): "& <b> ", ("một", "A2"): "1\n2", ("hai", "B1"): "3"}
    assert read["một"]["A2"].number_format == "dd/mm/yyyy"
    assert {read[sheet][place].fill.start_color.rgb for sheet, place in told} == {PAINT}
    ids = [re.findall(rb'id="(_x0000_s\d+)"', xml) for name, xml in parts(marked).items() if name.endswith(".vml")]
    assert len(ids) == 2
    assert not set(ids[0]) & set(ids[1])


def test_a_sheet_of_many_pieces_with_a_table_below_has_its_marks_in_their_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marking_in_place, "CHUNK_BYTES", 1_000)
    source, target = tmp_path / "form.xlsx", tmp_path / "marked.xlsx"
    book = xlsxwriter.Workbook(source)
    rows = book.add_worksheet("Báo cáo")
    for row in range(600):
        rows.write_row(row, 0, [f"Đơn vị {row}", row, row * 2])
    rows.add_table(0, 4, 3, 5)
    book.close()
    wanted = [1, 2, 299, 300, 599, 600]
    marks = [{"sheet": "Báo cáo", "row": row, "column": 2, "text": str(row)} for row in wanted]
    marking_in_place.mark_workbook(source, target, marks, "Toàn cảnh")
    sheet = sheet_of(target.read_bytes(), "Báo cáo")
    assert [row for row in range(1, 601) if sheet.cell(row, 2).comment] == wanted
    assert [sheet.cell(row, 2).comment.text for row in wanted] == [str(row) for row in wanted]
    assert [sheet.cell(row, 2).value for row in range(1, 601)] == list(range(600))
    assert len(sheet.tables) == 1


@pytest.mark.parametrize("other", ["notes", "prefixes", "no places"])
def test_what_is_written_in_another_way_is_marked_by_the_second_program(tmp_path: Path, other: str) -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["a", "b"])
    sheet.append([1, 2])
    if other == "notes":
        sheet["A1"].comment = Comment("của người gửi", "x")
    content = parts(saved(book))
    name = "xl/worksheets/sheet1.xml"
    if other == "prefixes":
        content[name] = re.sub(rb"<(/?)(\w+)", rb"<\1x:\2", content[name]).replace(b" xmlns=", b" xmlns:x=")
    elif other == "no places":
        content[name] = re.sub(rb'(<(?:row|c)) r="\w+"', rb"\1", content[name])
    path = tmp_path / "form.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for part, xml in content.items():
            archive.writestr(part, xml)
    mark = Mark("Sheet", 2, 2, "cần một số")
    assert in_place(tmp_path, path.read_bytes(), mark) == (NOT_PLAIN, b"")
    marked = marked_workbook(path, [mark])
    assert marked is not None
    sheet = sheet_of(marked, "Sheet")
    assert (sheet["B2"].value, sheet["B2"].fill.start_color.rgb, sheet["B2"].comment.text) == (2, PAINT, "cần một số")
    assert (sheet["A1"].comment is not None) == (other == "notes")
