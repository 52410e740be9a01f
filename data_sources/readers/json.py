"""JSON files: a list of objects, an envelope around one, or one object a line; the keys become columns.

An object within a row is flattened one level (`place.latitude`); a list within a row stays as its JSON text. Numbers
keep a dot as their decimal sign for certain, so one such as 10.401 is written 10.4010: no reader can take it for 10401.
"""

from __future__ import annotations

import codecs
import json
import mmap
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from data_sources.messages import Message
from data_sources.readers import staging
from data_sources.readers.encodings import SAMPLE_BYTES, Encoding, decoded_blocks, find_encoding
from data_sources.readers.layout import unique_names
from data_sources.readers.loaded import Loaded
from data_sources.readers.names import quoted
from data_sources.readers.staging import Reject
from data_sources.refusal import Refused
from data_sources.settings import ReadSettings

MOST_COLUMNS = 1_000
BLANKS = " \t\r\n\u00a0\u200b\ufeff"
ROW_KEYS = ("rows", "data", "items", "results", "records")
"""What envelopes call their list of rows, where they hold another list beside it."""
MEGABYTE = 1_048_576
LARGEST_DOCUMENT_BYTES = 512 * MEGABYTE
"""A single document is held in memory as a whole; a larger delivery comes in pages or one object a line."""


def load_json(con: duckdb.DuckDBPyConnection, path: Path, table: str, read: ReadSettings, where: str) -> Loaded:
    """The staging table of a JSON file; Refused when it is cut, not JSON, or without one list of rows."""
    with path.open("rb") as stream:
        encoding = find_encoding(stream.read(SAMPLE_BYTES), read.encoding, where)
    rows = f"{table}_scans"
    with _as_utf8(path, encoding, where) as readable:
        shape = _shape(readable)
        _stage_rows(con, readable, rows, shape, read.rows_at, where)
        composed = _is_composed(readable)
    rejects = [
        Reject(row[0], "not_an_object", Message("needed.object", kind=str(row[1]).lower()))
        for row in con.execute(
            f"SELECT rowid + 1 AS n, json_type(row) FROM {quoted(rows)} WHERE json_type(row) <> 'OBJECT' ORDER BY n"
        ).fetchall()
    ]
    keys = _keys(con, rows, where)
    names = unique_names([".".join(key.path) for key in keys])
    _stage_cells(con, table, rows, keys, composed=composed)
    con.execute(f"DROP TABLE {quoted(rows)}")
    staging.drop_blank(con, table, max(len(keys), 1))
    rejects += staging.drop_lost_letters(con, table, max(len(keys), 1), "_row")
    notes = staging.repair_fonts(con, table, names)
    staging.keep_rejects(con, table, rejects)
    columns, count, _ = staging.publish(
        con, table, names, ["text"] * len(names), sheet_sql="NULL::VARCHAR", row_sql="_row", marked=False
    )
    staging.refuse_ragged(count, len(rejects), len(names), where)
    staging.refuse_empty(count, len(rejects), where)
    if rejects:
        notes.append(Message("note.no_objects", rows=len(rejects)))
    return Loaded(
        format="json",
        encoding=encoding.name,
        delimiter=None,
        header_row=0,
        sheets=(),
        columns=columns,
        rows=count,
        notes=(*notes, *staging.limit_note(count, count)),
    )


@contextmanager
def _as_utf8(path: Path, encoding: Encoding, where: str) -> Iterator[Path]:
    """The file itself where DuckDB can read it, else a copy in UTF-8 under a plain name."""
    if encoding.name == "utf-8" and not any(sign in str(path) for sign in "*?[]{}"):
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "rows.json"
        with copy.open("w", encoding="utf-8", newline="") as stream:
            for block in decoded_blocks(path, encoding, where):
                stream.write(block.lstrip("\ufeff"))
        yield copy


def _shape(path: Path) -> str:
    """`array`, `newline_delimited` or `unstructured` (one document), by the beginning of the file."""
    with path.open("rb") as stream:
        head = stream.read(SAMPLE_BYTES).removeprefix(codecs.BOM_UTF8).decode("utf-8", "ignore").lstrip()
    if head.startswith("["):
        return "array"
    try:
        _, end = json.JSONDecoder().raw_decode(head)
    except (json.JSONDecodeError, RecursionError):
        return "unstructured"
    rest = head[end:]
    return "newline_delimited" if re.match(r"\s*\n\s*\{", rest) else "unstructured"


def _stage_rows(
    con: duckdb.DuckDBPyConnection, path: Path, rows: str, shape: str, rows_at: str | None, where: str
) -> None:
    """The table `rows` (row JSON), in the file's order: a row's place tells its number."""
    if shape == "unstructured" and path.stat().st_size > LARGEST_DOCUMENT_BYTES:
        most, megabytes = LARGEST_DOCUMENT_BYTES // MEGABYTE, path.stat().st_size // MEGABYTE
        raise Refused("large_document", file=where, most=most, megabytes=megabytes)
    if shape == "array" and not _ends_like_a_list(path):
        raise _cut(where, Message("part.at_the_end"))
    largest = max(path.stat().st_size if shape == "unstructured" else 16 * 1_048_576, 1_048_576)
    try:
        con.execute(
            f"CREATE TEMP TABLE {quoted(rows)} AS SELECT json AS row"
            " FROM read_json_objects(?, format = ?, maximum_object_size = ?)",
            [str(path), shape, largest],
        )
    except duckdb.Error as error:
        raise _cut(where, _place(str(error))) from None
    if shape == "unstructured":
        _open_envelope(con, rows, rows_at, where)


def _ends_like_a_list(path: Path) -> bool:
    """True when the last sign closes a list; DuckDB takes a list that is cut behind a comma for a whole one."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - SAMPLE_BYTES))
        end = stream.read().rstrip()
    return end.endswith(b"]") and not end[:-1].rstrip().endswith(b",")


def _cut(where: str, place: Message) -> Refused:
    return Refused("cut_json", file=where, place=place)


def _place(message: str) -> Message:
    """Where DuckDB stopped, without the text that stood there."""
    match = re.search(r"at byte (\d+) in (?:line|record/value) (\d+)", message)
    if match is None:
        return Message("part.in_the_middle")
    return Message("part.byte_of_row", byte=int(match.group(1)), number=int(match.group(2)))


def _open_envelope(con: duckdb.DuckDBPyConnection, rows: str, rows_at: str | None, where: str) -> None:
    """Replace the document in `rows` by the rows of its list; a document without one is itself the one row."""
    name = quoted(rows)
    if rows_at is not None:
        path = tuple(rows_at.split("."))
    else:
        found = _list_keys(con, name)
        if not found:
            return
        if len(found) > 1:
            raise Refused("several_lists", file=where, keys=[".".join(key) for key in found[:10]])
        path = found[0]
    pointer = _pointer(path)
    kind = _kind_at(con, name, path)
    if kind != "ARRAY":
        there = Message("part.nothing") if kind is None else Message("part.json_kind", kind=kind.lower())
        raise Refused("no_list_there", file=where, key=".".join(path), found=there)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT row FROM ("
        f" SELECT unnest(CAST(json_extract(row, $path) AS JSON[])) AS row FROM {name})",
        {"path": pointer},
    )


def _list_keys(con: duckdb.DuckDBPyConnection, name: str) -> list[tuple[str, ...]]:
    """The keys of the lists of objects in the one document of `name`, or one level deeper where it has none."""
    document = con.execute(f"SELECT row FROM {name}").fetchall()
    if len(document) != 1:
        return []
    top = con.execute(
        "SELECT key FROM (SELECT row, unnest(json_keys(row)) AS key, generate_subscripts(json_keys(row), 1) AS place"
        f" FROM {name} WHERE json_type(row) = 'OBJECT') ORDER BY place"
    ).fetchall()
    found: list[tuple[str, ...]] = []
    deeper: list[tuple[str, ...]] = []
    for (key,) in top:
        kind = _kind_at(con, name, (key,))
        if kind == "ARRAY" and _kind_at(con, name, (key, "0")) in ("OBJECT", None):
            found.append((key,))
        if kind == "OBJECT":
            inner = con.execute(
                f"SELECT unnest(json_keys(row, $path)) FROM {name}", {"path": _pointer((key,))}
            ).fetchall()
            deeper += [(key, below) for (below,) in inner if _kind_at(con, name, (key, below)) == "ARRAY"]
    named = [key for key in found if key[0] in ROW_KEYS]
    return named[:1] or found or deeper


def _kind_at(con: duckdb.DuckDBPyConnection, name: str, key: tuple[str, ...]) -> str | None:
    row = con.execute(f"SELECT json_type(row, $path) FROM {name}", {"path": _pointer(key)}).fetchone()
    return row[0] if row else None


def _pointer(key: tuple[str, ...]) -> str:
    """The JSON pointer of a key within its row."""
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in key)


@dataclass(frozen=True)
class Key:
    """One column: its path in a row, and whether a decimal number is among its values."""

    path: tuple[str, ...]
    fractions: bool


def _keys(con: duckdb.DuckDBPyConnection, rows: str, where: str) -> list[Key]:
    """The keys of the rows in order of first appearance, those of an object within a row beneath its own."""
    name = quoted(rows)
    lists = con.execute(
        f"SELECT json_keys(row), min(rowid) FROM {name} WHERE json_type(row) = 'OBJECT' GROUP BY 1 ORDER BY 2"
    ).fetchall()
    top = [(key,) for key in dict.fromkeys(key for keys, _ in lists for key in keys)]
    _refuse_many(top, where)
    found: list[Key] = []
    for path, (nested, plain, fractions) in zip(top, _kinds(con, name, top), strict=True):
        if plain or not nested:
            found.append(Key(path, fractions))
        if nested:
            inner = con.execute(
                "SELECT DISTINCT unnest(json_keys(json_extract(row, $path))) AS key FROM"
                f" (SELECT row FROM {name} WHERE json_type(row, $path) = 'OBJECT') ORDER BY 1",
                {"path": _pointer(path)},
            ).fetchall()
            below = [(*path, key) for (key,) in inner]
            _refuse_many(below, where)
            found += [Key(one, kinds[2]) for one, kinds in zip(below, _kinds(con, name, below), strict=True)]
    _refuse_many(found, where)
    return found


def _kinds(
    con: duckdb.DuckDBPyConnection, name: str, paths: Sequence[tuple[str, ...]]
) -> list[tuple[bool, bool, bool]]:
    """For each path: whether objects, other values, and decimal numbers stand there."""
    if not paths:
        return []
    asked = ", ".join(
        f"bool_or(k[{place}] = 'OBJECT'), bool_or(k[{place}] NOT IN ('OBJECT', 'NULL')), bool_or(k[{place}] = 'DOUBLE')"
        for place in range(1, len(paths) + 1)
    )
    row = con.execute(
        f"SELECT {asked} FROM (SELECT json_type(row, $paths) AS k FROM {name} WHERE json_type(row) = 'OBJECT')",
        {"paths": [_pointer(path) for path in paths]},
    ).fetchone()
    flags = [bool(flag) for flag in row or ()]
    return list(zip(flags[0::3], flags[1::3], flags[2::3], strict=True))


def _refuse_many(keys: Sequence[object], where: str) -> None:
    if len(keys) > MOST_COLUMNS:
        raise Refused("too_many_keys", file=where, most=MOST_COLUMNS, keys=len(keys))


def _stage_cells(con: duckdb.DuckDBPyConnection, table: str, rows: str, keys: list[Key], *, composed: bool) -> None:
    """The cells of all keys, each row parsed once."""
    columns = []
    for place, key in enumerate(keys, start=1):
        text = f"texts[{place}]"
        if key.fractions:
            three = f"kinds[{place}] = 'DOUBLE' AND regexp_full_match({text}, '-?\\d{{1,3}}\\.\\d{{3}}')"
            text = f"CASE WHEN {three} THEN {text} || '0' ELSE {text} END"
        text = text if composed else f"nfc_normalize({text})"
        columns.append(f"nullif(trim({text}, '{BLANKS}'), '') AS c{place}")
    kinds = "json_type(row, $paths)" if any(key.fractions for key in keys) else "NULL"
    selected = ", ".join(columns) or "NULL::VARCHAR AS c1"
    con.execute(
        f"CREATE TEMP TABLE {quoted(f'{table}_cells')} AS SELECT n AS _row, {selected}"
        f" FROM (SELECT rowid + 1 AS n, json_extract_string(row, $paths) AS texts, {kinds} AS kinds"
        f" FROM {quoted(rows)} WHERE json_type(row) = 'OBJECT')",
        {"paths": [_pointer(key.path) for key in keys]},
    )


def _is_composed(path: Path) -> bool:
    """True when no combining mark can be in the text, as such or escaped."""
    if path.stat().st_size == 0:
        return True
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as view:
        return all(view.find(sign) < 0 for sign in (b"\xcc", b"\xcd", b"\\u"))
