"""XLSX workbooks: parsed in a child process with limits, its text staged like that of any other table."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from data_sources.messages import Message
from data_sources.readers import staging
from data_sources.readers.layout import Layout, Row, cell, find_layout
from data_sources.readers.loaded import Loaded
from data_sources.readers.names import quoted, shortened
from data_sources.readers.roles import cell_names
from data_sources.refusal import Refused
from data_sources.settings import ReadSettings

CHILD = Path(__file__).with_name("xlsx_child.py")
MOST_FILE_MEGABYTES = 64
"""A full sheet of a million rows and eight columns is about 30 MB; forms are under one."""
CHILD_MEGABYTES = 2_048
CHILD_SECONDS = 120
"""A million rows of eight columns take about 30 s of processor time."""
CHILD_WALL_SECONDS = 300
"""On a machine that is busy otherwise; a child that only waits is ended then."""
SAMPLE_ROWS = 1_000
MOST_RESULT_BYTES = 4 * 1_048_576


@dataclass(frozen=True)
class Sheet:
    """One sheet as the child wrote it: its text, its size, and where its table lies."""

    name: str
    file: Path
    rows: int
    width: int
    layout: Layout
    notes: tuple[Message, ...]


def load_xlsx(con: duckdb.DuckDBPyConnection, path: Path, table: str, read: ReadSettings, where: str) -> Loaded:
    """The staging table of a workbook; Refused when it is hostile, damaged, or its sheets do not fit together."""
    if path.stat().st_size > MOST_FILE_MEGABYTES * 1_048_576:
        megabytes = path.stat().st_size // 1_048_576
        raise Refused("large_workbook", file=where, most=MOST_FILE_MEGABYTES, megabytes=megabytes)
    with tempfile.TemporaryDirectory() as folder:
        result = _run_child(path, Path(folder), read.sheet, where)
        sheets, notes = _tables(result, Path(folder), read, where)
        names, kinds = _columns(sheets, where)
        _stage(con, table, sheets, names)
    notes += staging.repair_fonts(con, table, names)
    rejects = staging.drop_lost_letters(con, table, len(names), "_row")
    staging.keep_rejects(con, table, rejects)
    columns, rows, more = staging.publish(con, table, names, kinds, sheet_sql="_sheet", row_sql="_row", marked=True)
    staging.refuse_empty(rows, len(rejects), where)
    for sheet in sheets:
        notes += staging.limit_note(sheet.rows, sheet.rows - sheet.layout.header_rows)
    return Loaded(
        format="xlsx",
        encoding="utf-8",
        delimiter=None,
        header_row=sheets[0].layout.header_row,
        sheets=tuple(shortened(sheet.name) for sheet in sheets),
        columns=columns,
        rows=rows,
        notes=(*notes, *more),
        written_above=tuple(text for sheet in sheets for text in sheet.layout.written_above),
        places={
            (shortened(sheet.name), name): place
            for sheet in sheets
            for place, name in enumerate(_as_in(sheets[0], sheet), start=1)
        },
    )


def _run_child(path: Path, folder: Path, sheet: str | None, where: str) -> dict[str, Any]:
    """What the child wrote; Refused when it refused the file, died of it, or took too long."""
    request = {
        "workbook": str(path.resolve()),
        "folder": str(folder),
        "sheet": sheet,
        "megabytes": CHILD_MEGABYTES,
        "seconds": CHILD_SECONDS,
    }
    try:
        # No environment: keys and tokens of the parent are none of a parser's business.
        done = subprocess.run(
            [sys.executable, "-I", str(CHILD), json.dumps(request)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={"LANG": "C.UTF-8"},
            timeout=CHILD_WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Refused("slow_workbook", file=where, seconds=CHILD_WALL_SECONDS) from None
    result = folder / "result.json"
    if done.returncode != 0 or not result.is_file() or result.stat().st_size > MOST_RESULT_BYTES:
        raise Refused("deadly_workbook", file=where, how=_death(done.returncode))
    described: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
    if "refused" in described:
        raise Refused(described["refused"], file=where, **described["values"])
    return described


def _death(code: int) -> Message:
    """How a child ended, in words."""
    if code == 3:
        return Message("part.memory", most=CHILD_MEGABYTES)
    return Message("part.signal", signal=-code) if code < 0 else Message("part.exit_code", exit=code)


def _tables(result: dict[str, Any], folder: Path, read: ReadSettings, where: str) -> tuple[list[Sheet], list[Message]]:
    """The sheets that hold a table, and what is worth saying of the workbook."""
    hidden = [shortened(name) for name in result["hidden_sheets"]]
    notes = [Message("note.hidden_sheet", sheet=name) for name in hidden]
    if read.sheet is not None and not result["sheets"]:
        names = [shortened(name) for name in result["names"][:20]]
        raise Refused("no_such_sheet", file=where, wanted=read.sheet, sheets=names or Message("part.no_sheets"))
    sheets: list[Sheet] = []
    refusals: list[Refused] = []
    for described in result["sheets"]:
        if not described["rows"]:
            continue
        try:
            sheets.append(_sheet(described, folder, read, where))
        except Refused as refusal:
            refusals.append(refusal)
            notes.append(Message("note.sheet_without_table", sheet=shortened(described["name"])))
    if not sheets:
        if refusals:
            raise refusals[0]
        raise Refused("no_visible_sheet", file=where, hidden=hidden or Message("part.no_sheets"))
    tables = [sheet for sheet in sheets if sheet.width > 1] or sheets
    notes += [Message("note.sheet_of_text", sheet=shortened(sheet.name)) for sheet in sheets if sheet not in tables]
    for sheet in tables:
        notes += sheet.notes
    return tables, notes


def _sheet(described: dict[str, Any], folder: Path, read: ReadSettings, where: str) -> Sheet:
    file = folder / described["file"]
    name = described["name"]
    sample = _sample(file, described["width"])
    try:
        layout = find_layout(sample, described["width"], header=read.header, header_row=read.header_row, where=where)
    except Refused as refusal:
        raise refusal.at(sheet=shortened(name)) from None
    notes = []
    if layout.titles:
        notes.append(Message("note.titles", first=layout.titles[0], last=layout.titles[-1]))
    if layout.header_rows > 1:
        notes.append(Message("note.joined_header", rows=layout.header_rows))
    if hidden := described["hidden_rows"]:
        notes.append(Message("note.hidden_rows", rows=len(hidden), first=[str(row) for row in hidden[:5]]))
    if described["hidden_columns"]:
        notes.append(Message("note.hidden_columns", columns=described["hidden_columns"]))
    if described["merged_numbers"]:
        notes.append(Message("note.merged_numbers", numbers=described["merged_numbers"]))
    if described["uncalculated"]:
        notes.append(Message("note.uncalculated", formulas=described["uncalculated"]))
    said = tuple(Message("note.of_sheet", sheet=shortened(name), note=note) for note in notes)
    return Sheet(name, file, described["rows"], described["width"], layout, said)


def _sample(file: Path, width: int) -> list[Row]:
    rows = []
    csv.field_size_limit(1_048_576)
    with file.open(encoding="utf-8", newline="") as stream:
        for number, *fields in csv.reader(stream):
            cells = [cell(text) for text in fields[:width]]
            rows.append(Row(int(number), (*cells, *[None] * (width - len(cells)))))
            if len(rows) >= SAMPLE_ROWS:
                break
    return rows


def _columns(sheets: list[Sheet], where: str) -> tuple[list[str], list[str]]:
    """The columns of all sheets and their kinds; Refused when the sheets are different tables."""
    first = sheets[0]
    for sheet in sheets[1:]:
        if {name.casefold() for name in sheet.layout.names} != {name.casefold() for name in first.layout.names}:
            raise Refused("unlike_sheets", file=where, first=shortened(first.name), second=shortened(sheet.name))
    return list(first.layout.names), list(first.layout.kinds)


def _as_in(first: Sheet, sheet: Sheet) -> list[str]:
    """The columns of a sheet in its own order, named as the first sheet names them."""
    called = {name.casefold(): name for name in first.layout.names}
    return [called[name.casefold()] for name in sheet.layout.names]


def _stage(con: duckdb.DuckDBPyConnection, table: str, sheets: list[Sheet], names: list[str]) -> None:
    """The cells of all sheets under the columns of the first."""
    cells = quoted(f"{table}_cells")
    columns = ", ".join(f"{name} VARCHAR" for name in cell_names(len(names)))
    con.execute(f"CREATE TEMP TABLE {cells} (_sheet VARCHAR, _row BIGINT, {columns})")
    folded = [name.casefold() for name in names]
    for sheet in sheets:
        with sheet.file.open(encoding="utf-8", newline="") as stream:
            written = len(next(csv.reader(stream)))
        placed = {folded.index(name.casefold()): place for place, name in enumerate(sheet.layout.names)}
        selected = ", ".join(f"nullif(trim(f{placed[place] + 1}, $blanks), '')" for place in range(len(names)))
        first = _first_data_row(sheet)
        con.execute(
            f"INSERT INTO {cells} SELECT $sheet, n::BIGINT, {selected} FROM read_csv($file, columns = $columns,"
            " auto_detect = false, header = false, compression = 'none', delim = ',', quote = '\"', escape = '\"',"
            " strict_mode = true)"
            " WHERE n::BIGINT >= $first",
            {
                "sheet": shortened(sheet.name),
                "file": str(sheet.file),
                "columns": dict.fromkeys(["n", *(f"f{place}" for place in range(1, written))], "VARCHAR"),
                "blanks": " \t\r\n\u00a0\u200b\ufeff",
                "first": first,
            },
        )
    staging.drop_blank(con, table, len(names))


def _first_data_row(sheet: Sheet) -> int:
    """The number of the row below the header and the row that numbers the columns."""
    return max(sheet.layout.header_row, sheet.layout.numbering_row or 0) + 1
