"""The staging table of a file: their columns as text, each row with its sheet, its number and its role.

The cells lie in `<table>_cells`; `<table>` is a view over them, so that ten million rows are written once. Rows that
could not be cut into columns lie in `<table>_rejects`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from data_sources.messages import Message
from data_sources.readers.encodings import REPLACEMENT, find_font_code, in_unicode
from data_sources.readers.names import quoted
from data_sources.readers.roles import cell_names, mark_roles
from data_sources.refusal import Held, Refused

ROW_LIMITS = (65_536, 1_048_576)
"""The rows of an .xls and of an .xlsx sheet: a file that ends exactly there was perhaps cut by the program."""
MOST_REJECTS = 100_000


@dataclass(frozen=True)
class Reject:
    """A row that could not be cut into the table's columns; its text is not kept, for it may name a person."""

    row: int
    reason: str
    needed: Message


@contextmanager
def in_file_order(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Rows keep the file's order within, so that a row's place tells its number."""
    row = con.execute("SELECT current_setting('preserve_insertion_order')").fetchone()
    con.execute("SET preserve_insertion_order = true")
    try:
        yield
    finally:
        if row is not None and not row[0]:
            con.execute("SET preserve_insertion_order = false")


def forget(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """Drop the staging table called `table` and all that lies beneath it."""
    kinds = con.execute(
        "SELECT table_name, table_type FROM information_schema.tables"
        " WHERE table_catalog = 'temp' AND table_name IN (SELECT unnest(?::VARCHAR[]))",
        [[table, *(f"{table}_{part}" for part in ("plain", "cells", "marks", "ends", "rejects", "errors", "scans"))]],
    ).fetchall()
    views = [name for name, kind in kinds if kind == "VIEW"]
    for name in [table] + [view for view in views if view != table]:
        if name in views:
            con.execute(f"DROP VIEW {quoted(name)}")
    for name in (name for name, kind in kinds if kind != "VIEW"):
        con.execute(f"DROP TABLE {quoted(name)}")


def keep_rejects(con: duckdb.DuckDBPyConnection, table: str, rejects: Iterable[Reject]) -> None:
    """The table `<table>_rejects` (_row, needed, reason), empty when every row could be cut into columns."""
    name = quoted(f"{table}_rejects")
    con.execute(f"CREATE TEMP TABLE IF NOT EXISTS {name} (_row BIGINT, needed VARCHAR, reason VARCHAR)")
    listed = list(rejects)
    if listed:
        con.execute(
            f"INSERT INTO {name} SELECT unnest(?::BIGINT[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
            [[one.row for one in listed], [one.needed.stored() for one in listed], [one.reason for one in listed]],
        )


def drop_blank(con: duckdb.DuckDBPyConnection, table: str, width: int) -> None:
    """Remove rows in which nothing is written: the blank tail that spreadsheets save."""
    con.execute(f"DELETE FROM {quoted(f'{table}_cells')} WHERE coalesce({', '.join(cell_names(width))}) IS NULL")


def drop_lost_letters(con: duckdb.DuckDBPyConnection, table: str, width: int, row_sql: str) -> list[Reject]:
    """Remove and return the rows whose letters an earlier program had already lost and replaced by U+FFFD."""
    lost = " OR ".join(f"contains({name}, $mark)" for name in cell_names(width))
    cells = quoted(f"{table}_cells")
    rows = con.execute(f"SELECT {row_sql} FROM {cells} WHERE {lost} ORDER BY 1", {"mark": REPLACEMENT}).fetchall()
    con.execute(f"DELETE FROM {cells} WHERE {lost}", {"mark": REPLACEMENT})
    return [Reject(row[0], "lost_letters", Message("needed.all_letters")) for row in rows]


def repair_fonts(con: duckdb.DuckDBPyConnection, table: str, names: Sequence[str]) -> list[Message]:
    """Turn columns typed in an old Vietnamese font into Unicode; a note for each."""
    notes: list[Message] = []
    cells = quoted(f"{table}_cells")
    for place, name in enumerate(names, start=1):
        column = f"c{place}"
        written = [
            row[0]
            for row in con.execute(
                f"SELECT DISTINCT {column} FROM {cells} WHERE strlen({column}) > length({column})"
            ).fetchall()
        ]
        code = find_font_code(written[:5000])
        if code is None:
            continue
        pairs = [(text, in_unicode(text, code)) for text in written]
        pairs = [pair for pair in pairs if pair[0] != pair[1]]
        con.execute(
            f"UPDATE {cells} SET {column} = m.read FROM"
            " (SELECT unnest(?::VARCHAR[]) AS written, unnest(?::VARCHAR[]) AS read)"
            f" AS m WHERE {column} = m.written",
            [[pair[0] for pair in pairs], [pair[1] for pair in pairs]],
        )
        notes.append(Message("note.old_font", column=name, code=code))
    return notes


def publish(
    con: duckdb.DuckDBPyConnection,
    table: str,
    names: Sequence[str],
    kinds: Sequence[str],
    *,
    sheet_sql: str,
    row_sql: str,
    marked: bool,
) -> tuple[tuple[str, ...], int, list[Message]]:
    """The staging view; its columns, the number of data rows, and notes on totals and notes among the rows.

    A column without a header in which nothing is written is left out.
    """
    cells = quoted(f"{table}_cells")
    width = len(names)
    unnamed = [place for place in range(width) if names[place].startswith("cột ")]
    counts = "".join(f", count(c{place + 1})" for place in unnamed)
    counted = con.execute(f"SELECT count(*){counts} FROM {cells}").fetchone() or (0,)
    rows = int(counted[0])
    empty = {place for place, filled in zip(unnamed, counted[1:], strict=True) if not filled}
    kept = [place for place in range(width) if place not in empty]
    columns = ", ".join(f"c{place + 1} AS {quoted(names[place])}" for place in kept)
    plain = quoted(f"{table}_plain")
    con.execute(
        f"CREATE TEMP VIEW {plain} AS SELECT {sheet_sql} AS _sheet, {row_sql} AS _row, rowid AS _place,"
        f" {', '.join(cell_names(width))} FROM {cells}"
    )
    totals, others = mark_roles(con, table, names, kinds, rows) if marked else (0, 0)
    if totals or others:
        con.execute(
            f"CREATE TEMP VIEW {quoted(table)} AS SELECT p._sheet, p._row,"
            f" coalesce(m._role, 'data') AS _role, {columns}"
            f" FROM {plain} AS p LEFT JOIN {quoted(f'{table}_marks')} AS m"
            " ON m._row = p._row AND m._sheet IS NOT DISTINCT FROM p._sheet"
        )
    else:
        con.execute(f"CREATE TEMP VIEW {quoted(table)} AS SELECT _sheet, _row, 'data' AS _role, {columns} FROM {plain}")
    notes = []
    if totals:
        notes.append(Message("note.totals_rows", rows=totals))
    if others:
        notes.append(Message("note.note_rows", rows=others))
    return tuple(names[place] for place in kept), rows - totals - others, notes


def refuse_empty(rows: int, rejects: int, where: str) -> None:
    """Held when a file has a header and nothing below: not a report of zero."""
    if rows == 0 and rejects == 0:
        raise Held("no_rows", file=where)


def refuse_ragged(rows: int, rejects: int, width: int, where: str) -> None:
    """Refused when more rows than not do not fit the columns: the delimiter or the header is misread."""
    if rejects >= MOST_REJECTS or rejects > max(rows, 1):
        count = Message("part.at_least", number=rejects) if rejects >= MOST_REJECTS else rejects
        raise Refused("ragged", file=where, width=width, rows=count)


def open_quote(row: int, where: str) -> Refused:
    """The refusal of a file with a quote that is never closed: what follows it cannot be told apart."""
    return Refused("open_quote", file=where, row=row)


def half_a_file(row: int, where: str) -> Refused:
    """The refusal of a file whose last row is cut."""
    return Refused("half_a_file", file=where, row=row)


def limit_note(records: int, rows: int) -> list[Message]:
    """A note when a file ends exactly where the programs that save spreadsheets cut."""
    for limit in ROW_LIMITS:
        if limit in (records, rows):
            return [Message("note.exactly_full", rows=limit)]
    return []
