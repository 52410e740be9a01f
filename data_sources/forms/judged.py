"""What is right, wrong and doubtful in a form before it is handed in, cell by cell, and what its good rows say."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from data_sources import readers
from data_sources.checks import check
from data_sources.forms import FORMS
from data_sources.forms.marked import Mark, marked_table, marked_workbook
from data_sources.forms.model import check_stamp
from data_sources.inbox import source_of
from data_sources.mapping import find_mapping, quoted
from data_sources.messages import Message, is_of_unit, read_message
from data_sources.pseudonym import Key
from data_sources.readers import Loaded
from data_sources.refusal import Refused
from data_sources.settings import ProvinceSettings
from data_sources.units import Register, resolve_names
from data_sources.warehouse import connect

MOST_CELLS_SHOWN = 2_000
"""More bad cells than anyone mends one by one; the number of all is always said."""
LARGEST_FORM_MEGABYTES = 32
NO_KEY = Key(b"\0" * 32)
"""Nothing judged here is stored, so the pseudonyms made on the way need no secret."""
LEFT_BLANK = "no_report"
"""The reason of a prefilled row that was left blank: a unit that has not reported, not a mistake of the form."""


@dataclass(frozen=True)
class BadCell:
    """One cell, or one row where `column` is None, that cannot be taken, with the place a person finds it by."""

    sheet: str | None
    row: int
    column: int | None
    """The number of the column from 1; `letter` names it as a spreadsheet does."""
    header: str
    found: str | None
    needed: Message
    reason: str

    @property
    def letter(self) -> str:
        """The column as a spreadsheet names it: 1 is A, 27 is AA."""
        number, letters = self.column or 0, ""
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(65 + rest) + letters
        return letters


@dataclass(frozen=True)
class DoubtfulName:
    """A unit's name that may mean several units, or none: the sender chooses."""

    written: str
    guesses: tuple[tuple[str, str], ...]
    """The nearest units: code and name."""
    rows: int


@dataclass(frozen=True)
class Said:
    """What the good rows say of one measure, unit, day and stratum of the contract's finest cut."""

    measure: str
    unit: str
    day: date
    value: float
    stratum: str = ""


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """A form as it would be taken in now."""

    dataset: str
    rows_in: int = 0
    rows_kept: int = 0
    rows_blank: int = 0
    bad_cells: tuple[BadCell, ...] = ()
    bad_cells_in_all: int = 0
    rows_wrong: int = 0
    doubtful: tuple[DoubtfulName, ...] = ()
    said: tuple[Said, ...] = ()
    notes: tuple[Message, ...] = ()
    refused: Refused | None = None
    marked: bytes | None = None
    """The file with its bad cells marked, as XLSX; None where nothing is wrong."""


def judge_form(
    content: bytes,
    name: str,
    dataset: str,
    register: Register,
    province: ProvinceSettings,
    *,
    unit: str | None,
    units: Mapping[str, str] | None = None,
    issued_at: datetime,
) -> Judgement:
    """The judgement of one file as the form of `dataset`, handed in for `unit` (None: the whole province).

    `units` are names the sender has decided. Nothing is kept: what was written on the way is removed.
    """
    with tempfile.TemporaryDirectory(prefix="form-") as folder:
        path = Path(folder) / "form"
        path.write_bytes(content)
        con = connect(spill=Path(folder))
        try:
            return _judged(con, path, name, dataset, register, province, unit, dict(units or {}), issued_at)
        except Refused as refused:
            return Judgement(dataset=dataset, refused=refused.at(file=name))
        finally:
            con.close()


def _judged(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    name: str,
    dataset: str,
    register: Register,
    province: ProvinceSettings,
    unit: str | None,
    units: dict[str, str],
    issued_at: datetime,
) -> Judgement:
    if path.stat().st_size > LARGEST_FORM_MEGABYTES * 1_048_576:
        raise Refused("large_form", most=LARGEST_FORM_MEGABYTES, megabytes=path.stat().st_size // 1_048_576)
    form, source = FORMS[dataset], source_of(dataset, units, unit)
    loaded = readers.load(con, path, "staging", source.read)
    check_stamp(loaded.written_above, form, unit, name)
    parent = province.code
    checked = check(con, loaded, "staging", source, form.contract, register, parent, province.level, issued_at, NO_KEY)
    theirs = find_mapping(loaded.columns, source, form.contract).theirs
    con.execute(
        "CREATE OR REPLACE TEMP TABLE blank_row AS SELECT sheet, row FROM set_aside_rows GROUP BY ALL"
        " HAVING bool_or(reason = $blank) AND bool_and(reason IN ($blank, 'missing_required'))",
        {"blank": LEFT_BLANK},
    )
    blank_rows = _count(con, "SELECT count(*) FROM blank_row")
    wrong = _bad_cells(con, loaded, theirs, dataset)
    marks = [Mark(cell.sheet, cell.row, cell.column or 1, _note(cell)) for cell in wrong]
    marked = None
    if marks:
        marked = marked_workbook(path, marks) if loaded.format == "xlsx" else None
        marked = marked or marked_table(con, "staging", loaded, marks)
    return Judgement(
        dataset=dataset,
        rows_in=checked.rows_in,
        rows_kept=checked.rows_kept,
        rows_blank=blank_rows,
        rows_wrong=checked.rows_set_aside - blank_rows,
        bad_cells=tuple(wrong),
        bad_cells_in_all=_count(con, f"SELECT count(*) FROM {WRONG}"),
        doubtful=_doubtful(con, register, parent, province.level, theirs),
        said=_said(con, dataset),
        notes=checked.notes,
        marked=marked,
    )


WRONG = "set_aside_rows AS s ANTI JOIN blank_row AS b ON b.row = s.row AND b.sheet IS NOT DISTINCT FROM s.sheet"


def _count(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = con.execute(sql).fetchone()
    return int(row[0]) if row else 0


def _bad_cells(
    con: duckdb.DuckDBPyConnection, loaded: Loaded, theirs: Mapping[str, str], dataset: str
) -> list[BadCell]:
    """The set-aside cells with their places; cells of one row in the order of the columns."""
    rows = con.execute(
        f"SELECT sheet, row, field, found, needed, reason FROM {WRONG} ORDER BY sheet, row, field LIMIT ?",
        [MOST_CELLS_SHOWN],
    ).fetchall()
    contract = FORMS[dataset].contract
    names = {column.name: column.vi for column in contract.columns}
    cells = []
    for sheet, row, field, found, needed, reason in rows:
        header = theirs.get(field, "") if field else ""
        place = loaded.places.get((sheet, header))
        cells.append(BadCell(sheet, row, place, header or names.get(field, ""), found, read_message(needed), reason))
    return cells


def _note(cell: BadCell) -> str:
    """What is pinned to a bad cell, in the language of the form."""
    if is_of_unit(cell.needed):
        return Message("form.note_of_unit", header=cell.header, why=cell.needed).text("vi")
    return Message("form.note", header=cell.header, needed=cell.needed).text("vi")


def _doubtful(
    con: duckdb.DuckDBPyConnection, register: Register, parent: str, level: str, theirs: Mapping[str, str]
) -> tuple[DoubtfulName, ...]:
    """The names that were not taken, most rows first, with the nearest units."""
    if "unit" not in theirs:
        return ()
    rows = con.execute(
        "SELECT u.written, count(*) FROM unit_of AS u JOIN staging AS s"
        f" ON s.{quoted(theirs['unit'])} = u.written AND s._role = 'data'"
        " WHERE u.certainty <> 'certain' GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall()
    found = resolve_names(register, [row[0] for row in rows], parent=parent, level=level)
    return tuple(DoubtfulName(written, found[written].guesses, count) for written, count in rows)


def _said(con: duckdb.DuckDBPyConnection, dataset: str) -> tuple[Said, ...]:
    """The sums of the good rows by measure, unit, day and finest stratum: what would go into the picture."""
    contract = FORMS[dataset].contract
    known = {row[0] for row in con.execute("DESCRIBE checked").fetchall()}
    cut = max(contract.cuts, key=len)
    stratum = " || '|' || ".join(f"'{name}=' || {quoted(name)}" for name in cut) or "''"
    said: list[Said] = []
    for measure in contract.measures:
        if measure.dated_by not in known or not _readable(measure.expression, contract, known):
            continue
        dated = quoted(measure.dated_by)
        values: list[tuple[Any, ...]] = con.execute(
            f"SELECT unit, CAST({dated} AS DATE) AS day, {stratum} AS stratum, sum({measure.expression})"
            f" FROM checked WHERE {dated} IS NOT NULL GROUP BY ALL HAVING count({measure.expression}) > 0"
            " ORDER BY day, unit, stratum"
        ).fetchall()
        said += [Said(measure.name, unit, day, float(value), cell) for unit, day, cell, value in values]
    return tuple(said)


def _readable(expression: str, contract: Any, known: set[str]) -> bool:
    """True where every column that an expression of the contract names came with the form."""
    missing = {column.name for column in contract.columns} - known
    return not any(name in expression.replace('"', " ").replace("(", " ").replace(")", " ").split() for name in missing)
