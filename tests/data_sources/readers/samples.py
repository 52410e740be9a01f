"""Files made inside a test, read back at once: what the reader found out, the rows and what it set aside."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import duckdb
import openpyxl

from data_sources.messages import read_message
from data_sources.readers import Loaded, load
from data_sources.settings import ReadSettings


def connect() -> duckdb.DuckDBPyConnection:
    """A connection in the product's time zone."""
    con = duckdb.connect()
    con.execute("SET TimeZone = 'Asia/Ho_Chi_Minh'")
    return con


@dataclass(frozen=True)
class Read:
    """A file that was read: `rows` are (row number, role, cells), `rejects` (row number, needed, reason)."""

    loaded: Loaded
    rows: list[tuple[int, str, tuple[str | None, ...]]]
    rejects: list[tuple[int, str, str]]
    sheets: list[str | None]

    @property
    def data(self) -> list[tuple[str | None, ...]]:
        """The cells of the rows of data."""
        return [cells for _, role, cells in self.rows if role == "data"]

    @property
    def notes(self) -> list[str]:
        """What was found out, in English, but for how the file is written as a whole."""
        return [note.text("en") for note in self.loaded.notes[1:]]

    @property
    def numbers(self) -> list[int]:
        """The numbers of the rows of data, as a person sees them."""
        return [number for number, role, _ in self.rows if role == "data"]


def read_file(path: Path, format: str | None = None, **settings: Any) -> Read:
    """The file at `path` through `load`."""
    con = connect()
    try:
        loaded = load(con, path, "staging", ReadSettings(**settings), format)
        found = con.execute("SELECT * FROM staging ORDER BY _sheet NULLS FIRST, _row").fetchall()
        rejects = con.execute("SELECT _row, needed, reason FROM staging_rejects ORDER BY _row").fetchall()
    finally:
        con.close()
    said = [(row, read_message(needed).text("en"), reason) for row, needed, reason in rejects]
    return Read(loaded, [(row[1], row[2], row[3:]) for row in found], said, [row[0] for row in found])


def read_text(folder: Path, content: str | bytes, name: str = "table.csv", **settings: Any) -> Read:
    """A file with this content through `load`; text is written as UTF-8."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_file(path, **settings)


def workbook_bytes(book: openpyxl.Workbook) -> bytes:
    """The bytes of a workbook."""
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def simple_workbook(*rows: tuple[Any, ...]) -> bytes:
    """A workbook of one sheet with these rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    return workbook_bytes(book)


def with_parts(
    workbook: bytes, parts: dict[str, bytes], *, replace: dict[str, tuple[bytes, bytes]] | None = None
) -> bytes:
    """The workbook with more parts in its archive, and with bytes replaced in some that it has."""
    source = zipfile.ZipFile(BytesIO(workbook))
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            content = source.read(item)
            old, new = (replace or {}).get(item.filename, (b"", b""))
            assert not old or old in content, f"{item.filename} has no {old!r}"
            target.writestr(item.filename, content.replace(old, new, 1) if old else content)
        for name, content in parts.items():
            target.writestr(name, content)
    return stream.getvalue()
