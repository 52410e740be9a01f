"""Which rows of a staged table are not data: totals, notes under the table, headers printed again.

They are marked, not removed: a totals row can check the rows above it, and a note can be read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import duckdb

from data_sources.readers.names import quoted

ROWS_LOOKED_THROUGH = 500_000
"""Up to here notes, totals and repeated headers are looked for in every row. A longer file was not typed by a person:
there only both ends are looked at, and a totals row in between is set aside by the name of its unit."""
ENDS_LOOKED_AT = 1_000
LABEL_COLUMNS = 3
THIN_SHARE = 1 / 3
"""A row of a form that fills a third of its cells at most, and none of numbers or days, reports nothing."""
TOTALS = (
    r"(?i)[\s*]*(?:[ivx0-9]+[.)]\s*)?(?:t[ổôo]ng(?:\s*(?:c[ộo]ng|s[ốo]|chung))?(?:\s*to[àa]n.*)?|c[ộo]ng|to[àa]n\s+"
    r"(?:t[ỉi]nh|huy[ệe]n|th[ịi] x[ãa]|th[àa]nh ph[ốo]|qu[ốo]c|x[ãa])|c[ảa]\s+(?:t[ỉi]nh|n[ướu]{1,2}c|huy[ệe]n)"
    r"|(?:grand\s+|sub\s*)?totals?|whole country)\s*(?:\(.*\))?\s*[:.*]*\s*"
)
_NOTE = re.compile(
    r"(?i)[\s*(\-]*(?:ghi ch[úu]|ch[úu] th[íi]ch|ngu[ồo]n\b|l[ưu]u [ýy]|notes?\b|source\b|ng[ưu][ờo]i l[ậa]p"
    r"|ng[àa]y .* th[áa]ng|.*, ng[àa]y .* th[áa]ng .* n[ăa]m"
    r"|th[ủu] tr[ưu][ởo]ng|gi[áa]m [đd][ốo]c|l[ãa]nh [đd][ạa]o|ph[ụu] tr[áa]ch)|\*"
)


def cell_names(width: int) -> list[str]:
    """The names of the columns of `<table>_cells`: c1, c2 ..."""
    return [f"c{place}" for place in range(1, width + 1)]


def is_remark(text: str) -> bool:
    """True for a text that begins like a note or a totals row, which may be shorter than the rows of data."""
    return bool(_NOTE.match(text) or re.fullmatch(TOTALS, text))


def mark_roles(
    con: duckdb.DuckDBPyConnection, table: str, names: Sequence[str], kinds: Sequence[str], rows: int
) -> tuple[int, int]:
    """Write `<table>_marks` from `<table>_plain`; how many rows are totals, and how many notes or repeated headers."""
    plain, marks = quoted(f"{table}_plain"), quoted(f"{table}_marks")
    con.execute(f"CREATE TEMP TABLE {marks} (_sheet VARCHAR, _row BIGINT, _role VARCHAR)")
    if rows > ROWS_LOOKED_THROUGH:
        plain = _ends(con, table)
    _mark_totals(con, plain, marks, kinds)
    if len(names) >= 3:
        _mark_notes(con, plain, marks, kinds, rows)
        _mark_headers(con, plain, marks, names)
    counted = con.execute(
        f"SELECT count(*) FILTER (_role = 'total'), count(*) FILTER (_role = 'note') FROM {marks}"
    ).fetchone()
    return (int(counted[0]), int(counted[1])) if counted else (0, 0)


def _ends(con: duckdb.DuckDBPyConnection, table: str) -> str:
    """The name of a table with the first and the last rows of a long file."""
    ends = quoted(f"{table}_ends")
    cells = quoted(f"{table}_cells")
    last = con.execute(f"SELECT max(rowid) FROM {cells}").fetchone() or (0,)
    plain = f"SELECT * FROM {quoted(f'{table}_plain')}"
    con.execute(f"CREATE TEMP TABLE {ends} AS {plain} WHERE _place < ?", [ENDS_LOOKED_AT])
    con.execute(f"INSERT INTO {ends} {plain} WHERE _place > ?", [int(last[0]) - ENDS_LOOKED_AT])
    return ends


def _unmarked(marks: str) -> str:
    return f"NOT EXISTS (SELECT 1 FROM {marks} AS m WHERE m._row = p._row AND m._sheet IS NOT DISTINCT FROM p._sheet)"


def _mark_totals(con: duckdb.DuckDBPyConnection, plain: str, marks: str, kinds: Sequence[str]) -> None:
    """Mark rows whose label is a total and that name nothing else; `all doses` beside a unit is data."""
    texts = [place for place, kind in enumerate(kinds) if kind == "text"]
    for place in sorted({0, *texts[:LABEL_COLUMNS]}):
        column = f"p.c{place + 1}"
        others = "".join(f" AND (p.c{o + 1} IS NULL OR p.c{o + 1} = {column})" for o in texts if o != place)
        con.execute(
            f"INSERT INTO {marks} SELECT p._sheet, p._row, 'total' FROM {plain} AS p"
            f" WHERE regexp_full_match({column}, $totals){others} AND {_unmarked(marks)}",
            {"totals": TOTALS},
        )


def _mark_notes(con: duckdb.DuckDBPyConnection, plain: str, marks: str, kinds: Sequence[str], rows: int) -> None:
    """Mark captions, notes and signatures: rows that hardly fill a cell and hold no number or day of the table."""
    width = len(kinds)
    columns = [f"p.{name}" for name in cell_names(width)]
    filled = " + ".join(f"({column} IS NOT NULL)::INTEGER" for column in columns)
    distinct = f"len(list_distinct(list_filter([{', '.join(columns)}], lambda x: x IS NOT NULL)))"
    measured = [
        f"{columns[place]} IS NULL"
        for place, kind in enumerate(kinds)
        if kind == "day" or (kind == "number" and place > 0)
    ]
    thin = con.execute(
        f"SELECT p._sheet, p._row, {filled}, {distinct}, coalesce({', '.join(columns)}) FROM {plain} AS p"
        f" WHERE ({filled} <= {max(1, int(width * THIN_SHARE))} AND {' AND '.join(measured) or 'TRUE'}"
        f" OR ({distinct} = 1 AND NOT regexp_full_match(coalesce({', '.join(columns)}), '[-+0-9.,:/% ]+')))"
        f" AND {_unmarked(marks)} ORDER BY 1, 2"
    ).fetchall()
    if len(thin) > max(ENDS_LOOKED_AT, rows * THIN_SHARE):
        return
    notes = [(sheet, row) for sheet, row, cells, values, text in thin if _is_note(text, cells, values)]
    for sheet in {sheet for sheet, *_ in thin}:
        notes += _below_table(con, plain, marks, sheet, [row for its, row, *_ in thin if its == sheet], set(notes))
    unique = sorted(set(notes), key=str)
    con.execute(
        f"INSERT INTO {marks} SELECT unnest(?::VARCHAR[]), unnest(?::BIGINT[]), 'note'",
        [[note[0] for note in unique], [note[1] for note in unique]],
    )


def _is_note(text: str, cells: int, values: int) -> bool:
    """True for a text that begins like a note, or one that was merged over several cells."""
    return bool(_NOTE.match(text)) or (
        values == 1 and cells > 1 and not text.replace(".", "").replace(",", "").isdigit()
    )


def _below_table(
    con: duckdb.DuckDBPyConnection,
    plain: str,
    marks: str,
    sheet: str | None,
    thin: list[int],
    known: set[tuple[str | None, int]],
) -> list[tuple[str | None, int]]:
    """Thin rows under the table: all from the first that is a note, follows a gap, or follows the totals.

    A thin row right under the data stays data: it may be a unit that reported nothing.
    """
    last = con.execute(
        f"SELECT p._row, NOT {_unmarked(marks)} FROM {plain} AS p WHERE p._sheet IS NOT DISTINCT FROM ?"
        " AND NOT list_contains(?::BIGINT[], p._row) ORDER BY p._row DESC LIMIT 1",
        [sheet, thin],
    ).fetchone()
    if last is None:
        return []
    before, below = int(last[0]), bool(last[1])
    found: list[tuple[str | None, int]] = []
    for row in (row for row in thin if row > last[0]):
        below = below or row > before + 1 or (sheet, row) in known
        if below:
            found.append((sheet, row))
        before = row
    return found


def _mark_headers(con: duckdb.DuckDBPyConnection, plain: str, marks: str, names: Sequence[str]) -> None:
    """Mark the header where it is printed again among the rows, as on each page of a long form."""
    same = " + ".join(f"coalesce(p.c{place} = $h{place}, FALSE)::INTEGER" for place in range(1, len(names) + 1))
    con.execute(
        f"INSERT INTO {marks} SELECT p._sheet, p._row, 'note' FROM {plain} AS p"
        f" WHERE {same} > {len(names) // 2} AND {_unmarked(marks)}",
        {f"h{place}": name for place, name in enumerate(names, start=1)},
    )
