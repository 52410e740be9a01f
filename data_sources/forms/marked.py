"""The same file given back with its bad cells marked: painted, with a note that says what is needed."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path

import duckdb
import xlsxwriter

from data_sources.mapping import quoted
from data_sources.readers import Loaded

CHILD = Path(__file__).with_name("marking_child.py")
CHILD_MEGABYTES = 2_048
CHILD_SECONDS = 60
LARGEST_MEGABYTES = 8
"""openpyxl takes about 50 times a workbook's size in memory; a larger one is given back as a plain table."""
AUTHOR = "Toàn cảnh"
BAD = "#F9D6D2"


@dataclass(frozen=True)
class Mark:
    """One bad cell, by numbers from 1 as a person counts, and what to write beside it."""

    sheet: str | None
    row: int
    column: int
    text: str


def marked_workbook(file: Path, marks: Sequence[Mark]) -> bytes | None:
    """The workbook with its marks; None where it is too large or cannot be opened, and a table must do."""
    if file.stat().st_size > LARGEST_MEGABYTES * 1_048_576:
        return None
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "marked.xlsx"
        request = {
            "workbook": str(file.resolve()),
            "target": str(target),
            "marks": [asdict(mark) for mark in marks],
            "author": AUTHOR,
            "megabytes": CHILD_MEGABYTES,
            "seconds": CHILD_SECONDS,
        }
        try:
            done = subprocess.run(
                [sys.executable, "-I", str(CHILD)],
                input=json.dumps(request).encode(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=folder,
                env={"LANG": "C.UTF-8"},
                timeout=CHILD_SECONDS * 2,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None
        return target.read_bytes() if done.returncode == 0 and target.exists() else None


def marked_table(con: duckdb.DuckDBPyConnection, staging: str, loaded: Loaded, marks: Sequence[Mark]) -> bytes:
    """A workbook of the table as it was read, all as text, with the marks; for files that are no workbooks."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bad = book.add_format({"bg_color": BAD})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Dòng", *loaded.columns])
    columns = ", ".join(map(quoted, loaded.columns))
    rows = con.execute(f"SELECT _sheet, _row, {columns} FROM {quoted(staging)} ORDER BY _sheet, _row").fetchall()
    line_of = {}
    for line, written in enumerate(rows, start=1):
        line_of[written[0], written[1]] = line
        sheet.write_number(line, 0, written[1])
        for place, text in enumerate(written[2:], start=1):
            if text is not None:
                sheet.write_string(line, place, text)
    shown = {loaded.places[sheet_name, name]: place for place, name in enumerate(loaded.columns, start=1)
             for sheet_name, known in loaded.places if known == name}  # fmt: skip
    for mark in marks:
        here = line_of.get((mark.sheet, mark.row))
        if here is None:
            continue
        place = shown.get(mark.column, 0)
        if place:
            sheet.write_string(here, place, rows[here - 1][place + 1] or "", bad)
        else:
            sheet.write_number(here, 0, mark.row, bad)
        sheet.write_comment(here, place, mark.text, {"author": AUTHOR, "x_scale": 2})
    book.close()
    return target.getvalue()
