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
from typing import Any

import duckdb
import xlsxwriter

from data_sources.mapping import quoted
from data_sources.readers import Loaded

IN_PLACE = Path(__file__).with_name("marking_in_place.py")
CHILD = Path(__file__).with_name("marking_child.py")
"""What the first leaves alone, the second loads and saves whole."""
CHILD_MEGABYTES = 2_048
CHILD_SECONDS = 60
LARGEST_MEGABYTES = 8
"""openpyxl takes about 50 times a workbook's size in memory; a larger one it does not get."""
ROWS_AT_ONCE = 10_000
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
    """The workbook with its marks; None where it cannot be written again, and a table must do."""
    if not marks:
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
        if _written(IN_PLACE, request, folder):
            return target.read_bytes()
        small = file.stat().st_size <= LARGEST_MEGABYTES * 1_048_576
        return target.read_bytes() if small and _written(CHILD, request, folder) else None


def _written(child: Path, request: dict[str, Any], folder: str) -> bool:
    """Whether the child wrote the marked workbook."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(child)],
            input=json.dumps(request).encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={"LANG": "C.UTF-8"},
            timeout=CHILD_SECONDS * 2,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0 and Path(request["target"]).exists()


def marked_table(con: duckdb.DuckDBPyConnection, staging: str, loaded: Loaded, marks: Sequence[Mark]) -> bytes:
    """A workbook of the table as it was read, all as text, with the marks; for files that are no workbooks."""
    target = BytesIO()
    # Rows are written once and in order, and not kept: 100,000 of them would take 350 MB.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(target, options)
    bad = book.add_format({"bg_color": BAD})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Dòng", *loaded.columns])
    shown = {loaded.places[sheet_name, name]: place for place, name in enumerate(loaded.columns, start=1)
             for sheet_name, known in loaded.places if known == name}  # fmt: skip
    of_row: dict[tuple[str | None, int], dict[int, list[str]]] = {}
    for mark in marks:
        of_row.setdefault((mark.sheet, mark.row), {}).setdefault(shown.get(mark.column, 0), []).append(mark.text)
    columns = ", ".join(map(quoted, loaded.columns))
    found = con.execute(f"SELECT _sheet, _row, {columns} FROM {quoted(staging)} ORDER BY _sheet, _row")
    line = 0
    while rows := found.fetchmany(ROWS_AT_ONCE):
        for written in rows:
            line += 1
            marked = of_row.get((written[0], written[1]), {})
            sheet.write_number(line, 0, written[1], bad if 0 in marked else None)
            for place, text in enumerate(written[2:], start=1):
                if text is not None or place in marked:
                    sheet.write_string(line, place, text or "", bad if place in marked else None)
            for place, texts in marked.items():
                sheet.write_comment(line, place, "\n".join(texts), {"author": AUTHOR, "x_scale": 2})
    book.close()
    return target.getvalue()
