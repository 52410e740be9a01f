"""SQL sources: the rows of one query on a PostgreSQL server, in one state of the data, asked only for what is new.

Rows come as JSON objects that the server itself writes: NULL stays apart from an empty text, numbers keep every digit,
times carry their zone. A pull is one delivery, whole or not at all.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from psycopg.adapt import Buffer, Loader

from data_sources.connectors import Delivery
from data_sources.connectors.asking import FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS
from data_sources.connectors.clock import REAL_CLOCK, ZONE, Clock
from data_sources.connectors.limits import Deadline
from data_sources.connectors.spool import SpoolFile
from data_sources.connectors.sql_session import (
    Connection,
    Server,
    TransientError,
    Watchdog,
    connect,
    server_of,
    snapshot,
    told,
)
from data_sources.messages import Message
from data_sources.readers.names import shortened
from data_sources.refusal import Held, Refused, Unreachable
from data_sources.settings import SourceSettings, SqlSettings

MEGABYTE = 1_048_576
ROWS_A_CHUNK = 1_000
MICROSECONDS = 1_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DIGEST_BYTES = 32
ALIAS = '"toancanh_rows"'
TIME_TYPES = {1184: "timestamptz", 1114: "timestamp", 1082: "timestamp"}
"""Types of PostgreSQL that a time cursor may have (timestamptz, timestamp, date), and what it is compared as."""
KEY_TYPES = (20, 21, 23)
"""bigint, smallint, integer."""


class JsonText(Loader):
    """A JSON value as the bytes that the server sent: every digit and every letter as it was."""

    def load(self, data: Buffer) -> bytes:
        """The bytes of one value, on one line; a raw line break in JSON can only be space between its parts."""
        return bytes(data).replace(b"\r", b" ").replace(b"\n", b" ")


@dataclass(frozen=True)
class Cursor:
    """By what only newer rows are asked for: a column, what it is compared as, and how far back is asked again."""

    column: str
    compared_as: str
    overlap: int
    """In microseconds for a time, in keys for a number."""

    @property
    def is_time(self) -> bool:
        """True for a time or a day."""
        return self.compared_as != "bigint"

    @property
    def position(self) -> str:
        """SQL of a row's place: microseconds since 1970, or its number; NULL where it has none."""
        if not self.is_time:
            return f"{self.column}::text"
        micros = f"(extract(epoch FROM {self.column}::timestamptz) * {MICROSECONDS})::bigint::text"
        return f"CASE WHEN isfinite({self.column}) THEN {micros} END"

    @property
    def newer(self) -> str:
        """SQL of the rows after $1; those without a place are always among them, or they would be lost."""
        if not self.is_time:
            return f"({self.column} > $1::bigint OR {self.column} IS NULL)"
        start = f"(timestamptz 'epoch' + $1::bigint * interval '1 microsecond')::{self.compared_as}"
        return f"({self.column} > {start} OR {self.column} IS NULL OR {self.column} = '-infinity')"


class RowSet:
    """A set of rows, known by a digest that does not depend on their order."""

    def __init__(self) -> None:
        """Begin without rows."""
        self.rows = 0
        self._sum = 0

    def add(self, digest: int) -> None:
        """Count one row in."""
        self.rows += 1
        self._sum = (self._sum + digest) % (1 << (8 * DIGEST_BYTES))

    @property
    def text(self) -> str:
        """What is remembered of it."""
        return f"{self.rows}:{self._sum:064x}"


@dataclass
class Taken:
    """What one attempt took from the server."""

    rows: int
    issued_at: datetime
    state: dict[str, str]
    fresh: bool


def fetch_sql(
    source: SourceSettings,
    spool: Path,
    state: dict[str, str],
    until: datetime | None,
    *,
    clock: Clock = REAL_CLOCK,
) -> Iterator[Delivery]:
    """The one delivery of a SQL source, or none when its rows are the ones known already.

    Raises Unreachable when the server did not answer in time, Refused when it cannot be asked or the answer cannot be
    used, Held when there are no rows. Nothing is left in `spool` but whole deliveries.
    """
    settings = source.sql
    if settings is None:
        raise Refused("no_sql_table", source=source.name)
    server = server_of(settings, source.name)
    if until is not None and until < clock.now():
        raise Refused("database_as_of", url=server.where)
    deadline = Deadline(settings.total_seconds, clock)
    with SpoolFile(spool) as file:
        taken = _take(server, settings, state, deadline, clock, file)
        if not taken.fresh:
            return
        if taken.rows == 1:
            # One object alone could be an envelope; in a list it is a row.
            only = file.read().strip()
            file.restart()(b"[" + only + b"]\n")
        path, sha256 = file.keep()
    yield Delivery(
        source=source.name,
        name=f"{shortened(server.database)}, query",
        path=path,
        sha256=sha256,
        issued_at=taken.issued_at.astimezone(ZONE),
        format="json",
        declared_rows=taken.rows,
        state=taken.state,
    )


def _take(
    server: Server, settings: SqlSettings, state: dict[str, str], deadline: Deadline, clock: Clock, file: SpoolFile
) -> Taken:
    """All rows in `file`; tried again, with longer waits, while the server cannot be reached."""
    trouble = Message("trouble.connection")
    for attempt in range(settings.retries + 1):
        if attempt:
            _wait(attempt, deadline, clock, server.where)
        file.restart()
        try:
            with closing(connect(server, settings, deadline)) as connection:
                return _ask(connection, server, settings, state, deadline, file)
        except TransientError as error:
            if deadline.passed:
                raise deadline.error(server.where) from None
            trouble = error.why
    raise Unreachable("no_answer", url=server.where, attempts=settings.retries + 1, trouble=trouble)


def _wait(attempt: int, deadline: Deadline, clock: Clock, where: str) -> None:
    """Wait twice as long each time, with a random part; never past the deadline."""
    seconds = min(FIRST_WAIT_SECONDS * 2 ** (attempt - 1) * (0.5 + 0.5 * clock.jitter()), LONGEST_WAIT_SECONDS)
    if seconds >= deadline.left:
        raise Unreachable("no_time_to_wait", url=where, seconds=deadline.seconds)
    clock.sleep(seconds)


def _ask(
    connection: Connection,
    server: Server,
    settings: SqlSettings,
    state: dict[str, str],
    deadline: Deadline,
    file: SpoolFile,
) -> Taken:
    """One attempt: look at the columns, then read the rows, both in one state of the data."""
    with Watchdog(connection, deadline) as watchdog:
        try:
            watchdog.allow(settings.statement_seconds + settings.read_seconds)
            with snapshot(connection, settings) as now:
                cursor = _cursor(connection, settings, server)
                if cursor is not None:
                    return _new_rows(connection, server, settings, cursor, state, watchdog, file, now)
                return _all_rows(connection, server, settings, state, watchdog, file, now)
        except psycopg.Error as error:
            if deadline.passed:
                raise deadline.error(server.where) from None
            if watchdog.silent:
                raise Unreachable("silent_server", url=server.where) from None
            raise told(error, server, settings) from None


def _query(settings: SqlSettings) -> str:
    """The query as a table; on lines of its own, so that a comment at its end ends there."""
    return f"(\n{settings.query.strip().rstrip(';')}\n) AS {ALIAS}"


def _cursor(connection: Connection, settings: SqlSettings, server: Server) -> Cursor | None:
    """The cursor, its type as the server says; Refused for columns that could not be told apart."""
    described = psycopg.RawCursor(connection).execute(f"SELECT * FROM {_query(settings)} LIMIT 0").description or []
    types = {column.name: column.type_code for column in described}
    twice = [name for name, count in Counter(column.name for column in described).items() if count > 1]
    if twice or not types:
        found = Message("part.twice", columns=twice) if twice else Message("part.no_columns")
        raise Refused("unnamed_columns", url=server.where, found=found)
    name = settings.cursor_column
    if name is None:
        return None
    if name not in types:
        raise Refused("no_cursor_column", url=server.where, name=name, columns=list(types))
    column = f"{ALIAS}.{psycopg.sql.Identifier(name).as_string(connection)}"
    if types[name] in TIME_TYPES:
        return Cursor(column, TIME_TYPES[types[name]], settings.overlap_seconds * MICROSECONDS)
    if types[name] in KEY_TYPES:
        return Cursor(column, "bigint", settings.overlap_keys)
    kind = psycopg.adapters.types.get(types[name])
    raise Refused("odd_cursor", url=server.where, name=name, kind=kind.name if kind else str(types[name]))


def _stream(
    connection: Connection,
    sql: str,
    values: list[Any],
    server: Server,
    settings: SqlSettings,
    watchdog: Watchdog,
    file: SpoolFile,
) -> Iterator[tuple[int, int | None]]:
    """Write each row into `file`; its digest and its place. Refused beyond the most that is accepted."""
    asked = psycopg.RawCursor(connection)
    asked.adapters.register_loader("json", JsonText)
    for count, row in enumerate(asked.stream(sql, values, size=ROWS_A_CHUNK), start=1):
        line: bytes = row[0] + b"\n"
        file.write(line)
        if count > settings.rows or file.size > settings.megabytes * MEGABYTE:
            if count > settings.rows:
                raise Refused("too_many_rows", url=server.where, most=settings.rows)
            raise Refused("too_many_megabytes", url=server.where, most=settings.megabytes)
        if count % ROWS_A_CHUNK == 1:
            watchdog.allow(settings.read_seconds)
        digest = int.from_bytes(hashlib.sha256(line).digest(), "big")
        yield digest, (None if row[1] is None else int(row[1]))


def _all_rows(
    connection: Connection,
    server: Server,
    settings: SqlSettings,
    state: dict[str, str],
    watchdog: Watchdog,
    file: SpoolFile,
    now: datetime,
) -> Taken:
    """Every row of the query; nothing fresh when they are the ones of the last pull, in whatever order."""
    everything = RowSet()
    sql = f"SELECT row_to_json({ALIAS}.*), NULL FROM {_query(settings)}"
    for digest, _ in _stream(connection, sql, [], server, settings, watchdog, file):
        everything.add(digest)
    if not everything.rows:
        raise _no_rows(server)
    return Taken(everything.rows, now, {"rows": everything.text}, everything.text != state.get("rows"))


def _new_rows(
    connection: Connection,
    server: Server,
    settings: SqlSettings,
    cursor: Cursor,
    state: dict[str, str],
    watchdog: Watchdog,
    file: SpoolFile,
    now: datetime,
) -> Taken:
    """The rows after the cursor, and once more those a little before it.

    A transaction may take its time (or its number) long before it commits, so rows appear behind the cursor. What lies
    within the overlap is read again at each pull; if it is the same as before and nothing came after it, there is
    nothing new.
    """
    known = int(state["cursor"]) if "cursor" in state else None
    sql = f"SELECT row_to_json({ALIAS}.*), {cursor.position} FROM {_query(settings)}"
    values: list[Any] = []
    if known is not None:
        sql += f" WHERE {cursor.newer}"
        values = [known - cursor.overlap]
    # The newest first, so that it is known from the first row on which of the others the next pull reads again.
    sql += f" ORDER BY {cursor.column} DESC NULLS FIRST"
    fetched, window, newest = RowSet(), RowSet(), known
    latest = (now - EPOCH) // timedelta(microseconds=1) if cursor.is_time else None
    for digest, place in _stream(connection, sql, values, server, settings, watchdog, file):
        fetched.add(digest)
        if place is not None:
            # A time that is still to come does not move the cursor, or everything until then would be passed over.
            reached = place if latest is None else min(place, latest)
            newest = reached if newest is None else max(newest, reached)
        if place is None or newest is None or place > newest - cursor.overlap:
            window.add(digest)
    if not fetched.rows:
        if known is None:
            raise _no_rows(server)
        if not state.get("window", "0:").startswith("0:"):
            raise Refused("emptied_table", url=server.where)
    remembered = {"window": window.text} | ({} if newest is None else {"cursor": str(newest)})
    return Taken(fetched.rows, now, remembered, bool(fetched.rows) and fetched.text != state.get("window"))


def _no_rows(server: Server) -> Held:
    return Held("no_rows_sent", url=server.where)
