"""CSV files: dialect and header found out, the cells read by DuckDB in parallel and in constant memory.

What DuckDB cannot read as it stands (another encoding, mixed line ends) is first written again as plain UTF-8, record
by record; then it goes the same way.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from data_sources.messages import Message
from data_sources.readers import staging
from data_sources.readers.columns import literal
from data_sources.readers.dialect import Dialect, Record, find_dialect, records
from data_sources.readers.encodings import SAMPLE_BYTES, Encoding, find_encoding, may_be_a_font, sample_of
from data_sources.readers.file_facts import Facts, blank_records, facts_of, record_ends
from data_sources.readers.layout import MOST_TITLE_ROWS, Layout, Row, cell, find_layout
from data_sources.readers.loaded import Loaded
from data_sources.readers.names import quoted
from data_sources.readers.rewriting import NEW_DIALECT, rewrite
from data_sources.readers.roles import cell_names, is_remark
from data_sources.readers.staging import Reject
from data_sources.refusal import Held, Refused
from data_sources.settings import ReadSettings

SPACE = " \t\r\n\u00a0\u200b\ufeff"
ROWS_LOOKED_AT = 1_000
"""Below the titles; enough to tell the kinds of the columns."""
REASONS = {"MISSING COLUMNS": "too_few_fields", "TOO MANY COLUMNS": "too_many_fields", "UNQUOTED VALUE": "bad_quoting"}


def load_csv(con: duckdb.DuckDBPyConnection, path: Path, table: str, read: ReadSettings, where: str) -> Loaded:
    """The staging table of a CSV file; Refused or Held when it cannot be used as a whole."""
    if path.stat().st_size == 0:
        raise Held("empty_file", file=where)
    sample = sample_of(path)
    encoding = find_encoding(sample, read.encoding, where)
    text = encoding.decode(sample[:SAMPLE_BYTES])
    whole = path.stat().st_size <= SAMPLE_BYTES
    dialect = find_dialect(text, read.delimiter, whole=whole)
    found = records(text, dialect, whole=whole)
    width = _width(found)
    if width == 0:
        raise Held("blank_file", file=where)
    looked_at = found[: MOST_TITLE_ROWS + ROWS_LOOKED_AT]
    rows = [Row(record.number, tuple(map(cell, _fitted(record.fields, width)))) for record in looked_at]
    layout = find_layout(rows, width, header=read.header, header_row=read.header_row, where=where)
    _refuse_other_width(found, layout, width, where)
    notes = [Message("note.titles", first=layout.titles[0], last=layout.titles[-1])] if layout.titles else []
    first = found[layout.first] if layout.first < len(found) else None
    staged = _stage_directly(con, path, table, encoding, dialect, found, first, width, where)
    if staged is None:
        staged = _stage_rewritten(con, path, table, encoding, dialect, found, first, width, where)
    fonts = encoding.transform is None and may_be_a_font(encoding.decode(sample))
    return _finish(con, table, layout, staged, fonts, Loaded(
        format="csv",
        encoding=encoding.name,
        delimiter=dialect.delimiter,
        header_row=layout.header_row,
        sheets=(),
        columns=(),
        rows=0,
        notes=tuple(notes),
        written_above=layout.written_above,
        places={(None, name): place for place, name in enumerate(layout.names, start=1)},
    ), where)  # fmt: skip


@dataclass(frozen=True)
class Staged:
    """Cells that lie in `<table>_cells`: how a row's number is computed, how many records, and what was left out."""

    row_sql: str
    records: int
    rejects: tuple[Reject, ...]
    may_have_lost_letters: bool
    blank_rows: bool = True


def _finish(
    con: duckdb.DuckDBPyConnection,
    table: str,
    layout: Layout,
    staged: Staged,
    fonts: bool,
    loaded: Loaded,
    where: str,
) -> Loaded:
    width = len(layout.names)
    staging.drop_blank(con, table, width)
    rejects = list(staged.rejects)
    if staged.may_have_lost_letters:
        rejects += staging.drop_lost_letters(con, table, width, staged.row_sql)
    names = layout.names
    notes = [*loaded.notes, *(staging.repair_fonts(con, table, names) if fonts else [])]
    staging.keep_rejects(con, table, rejects)
    columns, rows, more = staging.publish(
        con, table, names, layout.kinds, sheet_sql="NULL::VARCHAR", row_sql=staged.row_sql, marked=True
    )
    notes += more
    staging.refuse_ragged(rows, len(rejects), width, where)
    staging.refuse_empty(rows, len(rejects), where)
    if rejects:
        notes.append(Message("note.torn_rows", rows=len(rejects), width=width))
    notes += staging.limit_note(staged.records, rows)
    return replace(loaded, columns=columns, rows=rows, notes=tuple(notes))


def _width(found: list[Record]) -> int:
    """The number of fields that most records have, blank lines and title lines apart."""
    widths = Counter(len(record.fields) for record in found if record.fields)
    several = Counter({width: number for width, number in widths.items() if width > 1})
    if several and several.total() * 2 >= widths.total() - min(widths[1], 60):
        return several.most_common(1)[0][0]
    return widths.most_common(1)[0][0] if widths else 0


def _fitted(fields: tuple[str, ...], width: int) -> list[str | None]:
    return [*fields[:width], *[None] * (width - len(fields))]


def _refuse_other_width(found: list[Record], layout: Layout, width: int, where: str) -> None:
    """Refused when the header names more columns than the rows have: one of them would be read under a wrong name."""
    header = next((record for record in found if record.number == layout.header_row), None)
    if header is not None and any(cell(text) for text in header.fields[width:]):
        raise Refused("wider_header", file=where, width=width, columns=len(header.fields))


# The line end is left to DuckDB: given new_line = '\\r\\n', version 1.5.5 joins rows without a word.
def _read_sql(table: str, expressions: str) -> str:
    return (
        f"CREATE TEMP TABLE {quoted(f'{table}_cells')} AS SELECT {expressions}"
        " FROM read_csv($path, columns = $columns,"
        " auto_detect = false, header = false, compression = 'none', delim = $delimiter, quote = '\"', "
        " escape = $escape, skip = $skip, strict_mode = true, null_padding = false, store_rejects = true,"
        " rejects_table = $errors, rejects_scan = $scans, rejects_limit = $limit)"
    )


def _bound(path: Path, table: str, columns: list[str], dialect: Dialect, skip: int) -> dict[str, Any]:
    return {
        "path": str(path),
        "columns": dict.fromkeys(columns, "VARCHAR"),
        "delimiter": dialect.delimiter,
        "escape": dialect.escape,
        "skip": skip,
        "errors": f"{table}_errors",
        "scans": f"{table}_scans",
        "limit": staging.MOST_REJECTS,
    }


def _stage_directly(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    table: str,
    encoding: Encoding,
    dialect: Dialect,
    found: list[Record],
    first: Record | None,
    width: int,
    where: str,
) -> Staged | None:
    """The cells as DuckDB reads them from the file itself; None when the file must be written again first."""
    above = [record for record in found if first is None or record.number < first.number]
    plain_bytes = encoding.is_utf8 or encoding.name == "utf-8-sig"
    if not plain_bytes or dialect.newline is None or any(record.lines > 1 for record in above):
        return None
    facts = facts_of(path, dialect.newline, dialect.delimiter)
    if facts.has_nul:
        raise Refused("nul_bytes", file=where)
    skip = len(above)
    last = facts.lines if not facts.has_quotes else sum(len(ends) for ends in record_ends(path, dialect.newline))
    blanks = SPACE if facts.has_odd_space or facts.has_quotes else " "
    expressions = ", ".join(f"{_trimmed(_composed(name, facts), blanks)} AS {name}" for name in cell_names(width))
    try:
        with _plain_path(path) as readable:
            con.execute(_read_sql(table, expressions), _bound(readable, table, cell_names(width), dialect, skip))
    except duckdb.Error:
        staging.forget(con, table)
        return None
    errors = _errors(con, table, dialect.newline)
    if any(error.kind == "INVALID ENCODING" for error in errors):
        raise _not_utf8(errors, where)
    open_ones = [
        error.line
        for error in errors
        if error.kind not in REASONS or (error.kind == "UNQUOTED VALUE" and error.swallows)
    ]
    if open_ones:
        raise staging.open_quote(open_ones[0], where)
    counted = con.execute(f"SELECT count(*) FROM {quoted(f'{table}_cells')}").fetchone()
    rows = int(counted[0]) if counted else 0
    if errors and errors[-1].line == last and not facts.ends_with_newline and errors[-1].is_cut:
        raise staging.half_a_file(last, where)
    rejects = tuple(error.reject(width) for error in errors)
    removed = {reject.row for reject in rejects}
    if skip + rows + len(removed) != last:
        removed |= set(blank_records(path, dialect.newline, skip))
    if skip + rows + len(removed) != last:
        # DuckDB loses a row above a broken quote without a word: the sum must come out, or each record is read anew.
        staging.forget(con, table)
        return None
    _number_rows(con, table, sorted(removed), skip)
    row_sql = "_row" if removed else f"rowid + {skip + 1}"
    return Staged(row_sql, last, rejects, facts.has_lost_letters)


def _composed(name: str, facts: Facts) -> str:
    return f"nfc_normalize({name})" if facts.has_combining else name


def _trimmed(text: str, blanks: str) -> str:
    """SQL of a cell without surrounding blanks; looking at both its ends is almost free, cutting every cell is not."""
    ends = " OR ".join(f"prefix({text}, {literal(blank)}) OR suffix({text}, {literal(blank)})" for blank in blanks)
    return f"CASE WHEN {ends} THEN nullif(trim({text}, {literal(SPACE)}), '') ELSE {text} END"


@contextmanager
def _plain_path(path: Path) -> Iterator[Path]:
    """The path, or a link to it where its name holds the signs of a pattern, which DuckDB would expand."""
    if not any(sign in str(path) for sign in "*?[]{}"):
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        link = Path(folder) / "table.csv"
        link.symlink_to(path.resolve())
        yield link


@dataclass(frozen=True)
class ReadError:
    """A record that DuckDB could not cut into the columns."""

    line: int
    kind: str
    fewest: int
    most: int
    swallows: bool
    remark: bool

    @property
    def is_cut(self) -> bool:
        """True for a record with too few fields that does not read like a note."""
        return self.kind == "MISSING COLUMNS" and not self.remark

    def reject(self, width: int) -> Reject:
        """The same as a row that is set aside."""
        if self.kind == "UNQUOTED VALUE":
            return Reject(self.line, "bad_quoting", Message("needed.quotes"))
        fields = self.fewest if self.kind == "MISSING COLUMNS" else self.most
        return Reject(self.line, REASONS[self.kind], Message("needed.more_fields", width=width, fields=fields))


def _errors(con: duckdb.DuckDBPyConnection, table: str, newline: str) -> list[ReadError]:
    """The records that could not be read, by line; the text of the last one is looked at but not kept."""
    errors = quoted(f"{table}_errors")
    found = con.execute(
        "SELECT line, arg_min(error_type::VARCHAR, column_idx), min(column_idx), max(column_idx),"
        f" bool_or(contains(trim(csv_line, $ends), $newline)), count(*) FROM {errors} GROUP BY line ORDER BY line",
        {"newline": newline, "ends": "\r\n"},
    ).fetchall()
    if sum(row[5] for row in found) >= staging.MOST_REJECTS:
        found = found[:1] * staging.MOST_REJECTS
    last = con.execute(f"SELECT arg_max(csv_line, line) FROM {errors}").fetchone()
    text = str(last[0]) if last and last[0] is not None else ""
    return [ReadError(int(row[0]), row[1], row[2] or 0, row[3] or 0, bool(row[4]), is_remark(text)) for row in found]


def _not_utf8(errors: list[ReadError], where: str) -> Refused:
    line = next(error.line for error in errors if error.kind == "INVALID ENCODING")
    return Refused("row_not_utf8", file=where, row=line)


def _number_rows(con: duckdb.DuckDBPyConnection, table: str, removed: list[int], skip: int) -> None:
    """Write each row's number in the file where records between were left out; otherwise its place says it."""
    if not removed:
        return
    cells = quoted(f"{table}_cells")
    # The k-th record left out stands after (number - skip - k) rows that were kept.
    first = [number - skip - place for place, number in enumerate(removed, start=1)]
    con.execute(f"ALTER TABLE {cells} ADD COLUMN _row BIGINT")
    con.execute(
        f"UPDATE {cells} SET _row = {cells}.rowid + {skip + 1} + n.before FROM ("
        f"  SELECT c.rowid AS place, coalesce(b.before, 0) AS before FROM (SELECT rowid FROM {cells}) AS c"
        "   ASOF LEFT JOIN (SELECT first, max(before) AS before"
        "   FROM (SELECT unnest(?::BIGINT[]) AS first, unnest(?::BIGINT[]) AS before) GROUP BY first)"
        f"   AS b ON c.rowid >= b.first) AS n WHERE {cells}.rowid = n.place",
        [first, list(range(1, len(removed) + 1))],
    )


def _stage_rewritten(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    table: str,
    encoding: Encoding,
    dialect: Dialect,
    found: list[Record],
    first: Record | None,
    width: int,
    where: str,
) -> Staged:
    """The cells read from a copy in plain UTF-8 in which each row bears its number."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "table.csv"
        start = first.number if first else len(found) + 1
        written = rewrite(path, copy, encoding, dialect, start, width, where)
        columns = ["_row", *cell_names(width)]
        expressions = ", ".join(
            ["_row::BIGINT AS _row", *(f"{_trimmed(name, SPACE)} AS {name}" for name in cell_names(width))]
        )
        con.execute(_read_sql(table, expressions), _bound(copy, table, columns, NEW_DIALECT, 0))
    return Staged("_row", written.records, written.rejects, written.lost_letters)
