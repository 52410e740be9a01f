"""What people add to the picture: measures, events, and comments at a figure and a day, kept through releases.

One SQLite file beside the releases, `<data>/annotations.sqlite`. Nothing in it is ever changed or deleted: a record is
written once, and a withdrawal is one more row, so that the picture can be read as it was annotated at any moment.
Editing is withdrawing and writing anew, both or neither. The file is opened for each call and closed after it, when
SQLite has taken its journal back into it: a copy of this one file is then a whole backup.
"""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from data_sources.messages import Message
from data_sources.personal_text import find_personal
from data_sources.refusal import Refused

Kind = Literal["measure", "event", "comment"]
KINDS: tuple[Kind, ...] = get_args(Kind)
FILE = "annotations.sqlite"
LONGEST: dict[str, int] = {"measure": 120, "event": 120, "comment": 400}
"""Letters of a text: two lines beside a curve; of a comment, what is read at one look under a figure."""
LONGEST_SOURCE = 200
WAIT_SECONDS = 5.0
"""How long a writer waits for another: a write takes milliseconds."""
MOST_PAGES = 16_384
"""64 MB in pages of 4 KB: a hundred thousand records; a file that grows past it is being filled by a fault."""
SCHEMA = """
CREATE TABLE IF NOT EXISTS annotation (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, first_day TEXT NOT NULL, last_day TEXT,
    units TEXT NOT NULL, indicator TEXT NOT NULL, vi TEXT NOT NULL, en TEXT NOT NULL, source TEXT NOT NULL,
    author TEXT NOT NULL, written TEXT NOT NULL, replaces INTEGER);
CREATE TABLE IF NOT EXISTS withdrawal (id INTEGER PRIMARY KEY REFERENCES annotation, author TEXT NOT NULL,
    withdrawn TEXT NOT NULL);
CREATE TRIGGER IF NOT EXISTS annotation_kept BEFORE DELETE ON annotation BEGIN SELECT RAISE(ABORT, 'kept'); END;
CREATE TRIGGER IF NOT EXISTS annotation_same BEFORE UPDATE ON annotation BEGIN SELECT RAISE(ABORT, 'kept'); END;
CREATE TRIGGER IF NOT EXISTS withdrawal_kept BEFORE DELETE ON withdrawal BEGIN SELECT RAISE(ABORT, 'kept'); END;
CREATE TRIGGER IF NOT EXISTS withdrawal_same BEFORE UPDATE ON withdrawal BEGIN SELECT RAISE(ABORT, 'kept'); END;
"""
FIELDS = {
    "vi": Message("annotation.vi"),
    "en": Message("annotation.en"),
    "source": Message("annotation.source"),
    "units": Message("annotation.units"),
    "where": Message("annotation.where"),
}
PERSONAL = {
    "phone": Message("personal.phone"),
    "identity": Message("personal.identity"),
    "mail": Message("personal.mail"),
}
COLUMNS = "id, kind, first_day, last_day, units, indicator, vi, en, source, a.author, written, withdrawn"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What someone wants to add; `checked` says what is wrong with it."""

    kind: Kind
    first_day: date
    last_day: date | None
    """None for what goes on; a comment stands at one day."""
    units: tuple[str, ...]
    vi: str
    en: str = ""
    """Empty where nobody wrote it in English; the Vietnamese is then shown."""
    source: str = ""
    indicator: str = ""
    """What a comment is pinned to."""
    author: str
    """The role of who writes it, never a name."""


@dataclass(frozen=True, kw_only=True)
class Annotation(Draft):
    """One record."""

    id: int
    written: datetime
    withdrawn: datetime | None = None


def checked(draft: Draft) -> Draft:
    """`draft` with its texts tidied; Refused with what is missing, too long, the wrong way round, or personal."""
    texts = {name: _tidy(getattr(draft, name)) for name in ("vi", "en", "source")}
    needed = ("vi",) if draft.kind == "comment" else ("vi", "source")
    for name in needed:
        if not texts[name]:
            raise Refused("annotation_missing", field=FIELDS[name])
    if draft.kind == "comment" and (len(draft.units) != 1 or not draft.indicator):
        raise Refused("annotation_missing", field=FIELDS["where"])
    if not draft.units:
        raise Refused("annotation_missing", field=FIELDS["units"])
    for name, text in texts.items():
        most = LONGEST_SOURCE if name == "source" else LONGEST[draft.kind]
        if len(text) > most:
            raise Refused("annotation_long", field=FIELDS[name], most=most, letters=len(text))
        found = find_personal(text)
        if found:
            raise Refused("annotation_personal", field=FIELDS[name], what=PERSONAL[found.kind], shown=found.shown)
    last = draft.first_day if draft.kind == "comment" else draft.last_day
    if last is not None and last < draft.first_day:
        raise Refused("annotation_days", first=draft.first_day.isoformat(), last=last.isoformat())
    units = tuple(dict.fromkeys(draft.units))
    return Draft(**{**_plain(draft), **texts, "last_day": last, "units": units})


def write(data: Path, draft: Draft, at: datetime, replaces: int | None = None) -> Annotation:
    """The record of `draft`, which is on the disk then; with `replaces`, the record it stands for is withdrawn with it.

    Refused as `checked` says, where the record to replace is withdrawn already, and where the file cannot be written.
    """
    right, written = checked(draft), _stored(at)
    values = (
        right.kind,
        right.first_day.isoformat(),
        right.last_day.isoformat() if right.last_day else None,
        json.dumps(right.units),
        *(right.indicator, right.vi, right.en, right.source, right.author, written, replaces),
    )
    with _written(data) as connection:
        if replaces is not None:
            _withdraw(connection, replaces, right.author, written)
        cursor = connection.execute(
            "INSERT INTO annotation (kind, first_day, last_day, units, indicator, vi, en, source, author, written,"
            " replaces) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        )
        number = int(cursor.lastrowid or 0)
    return Annotation(**_plain(right), id=number, written=datetime.fromisoformat(written))


def withdraw(data: Path, number: int, author: str, at: datetime) -> None:
    """Take a record out of the picture from `at` on; Refused where there is none or it is withdrawn already."""
    with _written(data) as connection:
        _withdraw(connection, number, author, _stored(at))


def held_annotations(data: Path, as_of: datetime | None = None) -> list[Annotation]:
    """The records that hold at `as_of` (None: now), by their first day; empty before the first one was written.

    Refused where the file is there and cannot be read.
    """
    moment = None if as_of is None else _stored(as_of)
    rows = _read(
        data,
        f"SELECT {COLUMNS} FROM annotation a LEFT JOIN withdrawal USING (id)"
        " WHERE CASE WHEN :moment IS NULL THEN withdrawn IS NULL"
        " ELSE written <= :moment AND (withdrawn IS NULL OR withdrawn > :moment) END ORDER BY first_day, id",
        {"moment": moment},
    )
    return [_annotation(row, seen=as_of) for row in rows]


def last_change(data: Path) -> int:
    """A number that is another one after each record and withdrawal; 0 before the first."""
    path = data / FILE
    return path.stat().st_mtime_ns if path.is_file() else 0


def every_annotation(data: Path) -> list[Annotation]:
    """Every record that was ever written, in order of writing, with when it was withdrawn."""
    rows = _read(data, f"SELECT {COLUMNS} FROM annotation a LEFT JOIN withdrawal USING (id) ORDER BY id", {})
    return [_annotation(row) for row in rows]


def _withdraw(connection: sqlite3.Connection, number: int, author: str, at: str) -> None:
    known = connection.execute("SELECT 1 FROM annotation WHERE id = ?", [number]).fetchone()
    gone = connection.execute("SELECT 1 FROM withdrawal WHERE id = ?", [number]).fetchone()
    if not known or gone:
        raise Refused("annotation_gone", number=number)
    connection.execute("INSERT INTO withdrawal (id, author, withdrawn) VALUES (?, ?, ?)", [number, author, at])


def _annotation(row: tuple[Any, ...], seen: datetime | None = None) -> Annotation:
    number, kind, first, last, units, indicator, vi, en, source, author, written, withdrawn = row
    gone = datetime.fromisoformat(withdrawn) if withdrawn else None
    return Annotation(
        id=number,
        kind=kind,
        first_day=date.fromisoformat(first),
        last_day=date.fromisoformat(last) if last else None,
        units=tuple(json.loads(units)),
        indicator=indicator,
        vi=vi,
        en=en,
        source=source,
        author=author,
        written=datetime.fromisoformat(written),
        withdrawn=None if seen is not None and gone is not None and gone > seen else gone,
    )


def _plain(draft: Draft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in Draft.__dataclass_fields__}


def _tidy(text: str) -> str:
    """One line of letters: what cannot be seen and could hide something is taken out."""
    kept = (" " if letter.isspace() else letter for letter in unicodedata.normalize("NFC", text))
    return " ".join("".join(letter for letter in kept if unicodedata.category(letter)[0] != "C").split())


def _stored(at: datetime) -> str:
    """A time as it is stored: UTC, all of one width, so that text compares as time."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


@contextmanager
def _written(data: Path) -> Iterator[sqlite3.Connection]:
    """A connection within one transaction, which is on the disk when this ends and undone where it fails."""
    path = data / FILE
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        with closing(sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(f"PRAGMA max_page_count = {MOST_PAGES:d}")
            connection.executescript(SCHEMA)
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
    except (sqlite3.Error, OSError) as error:
        raise _refused(error) from error


def _read(data: Path, query: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    path = data / FILE
    try:
        if not path.exists() or path.stat().st_size == 0:
            return []
        try:
            return _rows(path, "mode=ro", query, values)
        except sqlite3.OperationalError:
            journal = path.with_name(f"{FILE}-wal")
            if os.access(data, os.W_OK, effective_ids=True) or (journal.exists() and journal.stat().st_size):
                raise
            # On a medium that cannot be written SQLite cannot make the file it shares between readers; nobody writes.
            return _rows(path, "immutable=1", query, values)
    except (sqlite3.Error, OSError, ValueError) as error:
        raise _refused(error) from error


def _rows(path: Path, how: str, query: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    address = f"{path.resolve().as_uri()}?{how}"
    with closing(sqlite3.connect(address, uri=True, timeout=WAIT_SECONDS, isolation_level=None)) as connection:
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'withdrawal'").fetchone() is None:
            return []
        return connection.execute(query, values).fetchall()


def _refused(error: Exception) -> Refused:
    """What the system or SQLite says, as something a person can act on."""
    code = getattr(error, "sqlite_errorcode", None)
    primary = None if code is None else code & 0xFF
    if primary in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR) or getattr(error, "errno", None) == errno.ENOSPC:
        return Refused("annotation_full", file=FILE)
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR) or isinstance(
        error, ValueError
    ):
        return Refused("annotation_damaged", file=FILE)
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Refused("annotation_busy", file=FILE)
    return Refused("annotation_readonly", file=FILE)
