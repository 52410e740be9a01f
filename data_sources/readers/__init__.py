"""Readers: the bytes of a delivery turned into a staging table of text, with everything that was found out said.

`load` reads one file; `formats` finds out how its days, times and numbers are written.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import duckdb

from data_sources.messages import Message
from data_sources.readers.content import find_format
from data_sources.readers.csv import load_csv
from data_sources.readers.json import load_json
from data_sources.readers.loaded import Loaded
from data_sources.readers.names import shortened
from data_sources.readers.staging import forget, in_file_order
from data_sources.readers.xlsx import load_xlsx
from data_sources.settings import ReadSettings

SPOOLED = re.compile(r"[0-9a-f]{64}")
"""A file in the spool bears its hash, which says nothing to the person who sent it."""

__all__ = ["Loaded", "forget", "load"]


def load(
    con: duckdb.DuckDBPyConnection, path: Path, table: str, read: ReadSettings, format: str | None = None
) -> Loaded:
    """The staging table `table` of one file in `con`, and what was found out about the file.

    The table (a temporary view over stored cells) has `_sheet VARCHAR, _row BIGINT, _role VARCHAR` ('data', 'total' or
    'note') and one VARCHAR column for each of theirs, blank cells NULL; `<table>_rejects (_row, needed, reason)` holds
    the rows that could not be cut into columns. A table loaded before under the same name is dropped.

    Raises Refused when the file cannot be used as it is, Held when it has no rows of data.
    """
    forget(con, table)
    where = "" if SPOOLED.fullmatch(path.name) else shortened(path.name)
    kind = find_format(path, where, format or read.format)
    readers = {"csv": load_csv, "json": load_json, "xlsx": load_xlsx}
    try:
        with in_file_order(con):
            loaded = readers[kind](con, path, table, read, where)
            return replace(loaded, notes=(_how_written(loaded), *loaded.notes))
    except BaseException:
        forget(con, table)
        raise


def _how_written(loaded: Loaded) -> Message:
    format = loaded.format.upper()
    if loaded.format == "xlsx":
        return Message("note.workbook", sheets=loaded.sheets)
    if loaded.delimiter is None:
        return Message("note.file", format=format, encoding=loaded.encoding)
    delimiter = Message("form_of.tab") if loaded.delimiter == "\t" else Message("form_of.sign", sign=loaded.delimiter)
    return Message("note.delimited_file", format=format, encoding=loaded.encoding, delimiter=delimiter)
