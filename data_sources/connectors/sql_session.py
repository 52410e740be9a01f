"""One session with a PostgreSQL server: who may be asked and how, read only, watched, its errors told without secrets.

A password stands in the connection string, which stands in the environment. No message of this module holds either:
what psycopg and the server say is put into words here, and their own text is used only where it can name nothing but
the query's own tables and columns.
"""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg import conninfo
from psycopg.rows import tuple_row

from data_sources.connectors.limits import Deadline, is_loopback
from data_sources.messages import Message
from data_sources.refusal import Refused, Unreachable
from data_sources.settings import SqlSettings

Connection = psycopg.Connection[tuple[Any, ...]]

ENCRYPTED = ("require", "verify-ca", "verify-full")
"""What sslmode may be on the way to another machine: the rows may name persons."""
NOT_YET: tuple[tuple[Message, tuple[str, ...]], ...] = (
    (Message("trouble.refused"), ("connection refused",)),
    (Message("trouble.timeout"), ("timeout expired", "connection timeout")),
    (Message("trouble.no_name"), ("could not translate host name", "name resolution", "name or service not known")),
    (Message("trouble.no_way"), ("no route to host", "network is unreachable")),
    (Message("trouble.not_ready"), ("starting up", "shutting down", "in recovery mode")),
    (Message("trouble.crowded"), ("too many clients", "too many connections", "remaining connection slots")),
    (Message("trouble.connection"), ("closed the connection unexpectedly", "connection reset")),
)
"""Signs in what libpq says of an attempt after which another may succeed; a connection has no SQLSTATE yet."""
NOT_LET_IN: tuple[tuple[Message, tuple[str, ...]], ...] = (
    (Message("refusal.password"), ("password authentication failed",)),
    (Message("refusal.no_password"), ("no password supplied",)),
    (Message("refusal.unknown"), ("does not exist",)),
    (Message("refusal.host_rules"), ("pg_hba.conf",)),
    (Message("refusal.no_tls"), ("does not support ssl",)),
    (Message("refusal.certificate"), ("certificate",)),
)
"""Signs of a refusal that no further attempt mends."""
TRANSIENT_CLASSES = ("08", "40", "53", "57P")
"""SQLSTATEs of lost connections, conflicts, exhausted resources and a server that goes down."""
SPOKEN_CLASSES = ("42", "0A", "3F", "3D")
"""SQLSTATEs whose message names the query's own words: syntax, tables, columns, rights. Others may quote a row."""
TIMED_OUT, READ_ONLY, WRONG_PASSWORD = "57014", "25006", "28P01"
CANCEL_SECONDS = 0.5
LOOK_SECONDS = 0.2
MOST_SHOWN = 200


class TransientError(Exception):
    """A pull that was cut and may be tried again; `why` is safe to show."""

    def __init__(self, why: Message) -> None:
        """Keep the reason."""
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Server:
    """A server to ask: libpq's parameters, and where it is, safe to show."""

    parameters: dict[str, Any]
    where: str
    database: str


def server_of(settings: SqlSettings, source: str) -> Server:
    """The server that the variable behind `dsn` names; Refused when it names none, or one asked without encryption."""
    variable = settings.dsn.removeprefix("env:")
    form = "host=... port=5432 dbname=... user=... password=... (or postgresql://...)"
    text = os.environ.get(variable, "").strip()
    try:
        parameters: dict[str, Any] = dict(conninfo.conninfo_to_dict(text))
    except psycopg.Error:
        # libpq quotes what it does not understand, which may be the password.
        raise Refused("no_connection_string", source=source, variable=variable, form=form) from None
    missing = [name for name in ("host", "dbname", "user") if not parameters.get(name)]
    if missing:
        raise Refused("short_connection_string", source=source, variable=variable, missing=missing, form=form)
    hosts = str(parameters["host"]).split(",")
    local = all(host.startswith("/") or is_loopback(host.strip("[]")) for host in hosts)
    mode = parameters.setdefault("sslmode", "prefer" if local else "require")
    if not local and mode not in ENCRYPTED:
        raise Refused("no_tls_asked", source=source, variable=variable, modes=ENCRYPTED, mode=str(mode))
    database = str(parameters["dbname"])
    shown = f"postgresql://{','.join(hosts)}:{parameters.get('port', 5432)}/{database}"
    return Server(parameters, shown, database)


def connect(server: Server, settings: SqlSettings, deadline: Deadline) -> Connection:
    """An open connection; TransientError when the server may answer later, Refused when it will not."""
    left = deadline.left
    if left <= 0:
        raise deadline.error(server.where)
    limits = {
        "connect_timeout": max(1, round(min(settings.connect_seconds, left))),
        "client_encoding": "UTF8",
        "application_name": "toan-canh",
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
    }
    try:
        # No prepared statements: a pooler between us and the server hands each transaction to another session.
        return psycopg.connect(
            "", **{**server.parameters, **limits}, autocommit=True, prepare_threshold=None, row_factory=tuple_row
        )
    except psycopg.Error as error:
        said = str(error).lower()
        later = _first_sign(NOT_YET, said)
        if later is not None or isinstance(error, psycopg.errors.ConnectionTimeout):
            raise TransientError(later or Message("trouble.timeout")) from None
        why = _first_sign(NOT_LET_IN, said) or Message("refusal.other")
        raise Refused("not_let_in", url=server.where, why=why) from None


def _first_sign(signs: tuple[tuple[Message, tuple[str, ...]], ...], said: str) -> Message | None:
    return next((message for message, words in signs if any(word in said for word in words)), None)


@contextmanager
def snapshot(connection: Connection, settings: SqlSettings) -> Iterator[datetime]:
    """While this lasts, one state of the data, read only, its times with their zone; the server's time of it."""
    limits = {
        "statement_timeout": f"{settings.statement_seconds * 1000:.0f}",
        "idle_in_transaction_session_timeout": f"{settings.total_seconds * 1000:.0f}",
        "TimeZone": "Asia/Ho_Chi_Minh",
        "DateStyle": "ISO, YMD",
        "IntervalStyle": "iso_8601",
    }
    connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    try:
        asked = ", ".join(["set_config(%s, %s, true)"] * len(limits))
        values = [value for pair in limits.items() for value in pair]
        row = connection.execute(f"SELECT now(), {asked}", values).fetchone()
        if row is None:
            raise TransientError(Message("trouble.connection"))
        yield row[0]
    finally:
        if not connection.closed:
            with contextlib.suppress(psycopg.Error):
                connection.execute("ROLLBACK")


class Watchdog:
    """Ends a connection at the deadline, or when its server is silent for longer than it may be just now.

    The server ends a slow statement by itself; a server that was stopped, or a network that swallows everything, says
    nothing at all, and libpq would wait for it for hours.
    """

    def __init__(self, connection: Connection, deadline: Deadline) -> None:
        """Begin to watch; `allow` says how long the server may be silent."""
        self._connection = connection
        self._deadline = deadline
        self._socket = socket.socket(fileno=os.dup(connection.fileno()))
        self._allowed = self._left = deadline.left
        self._changed = threading.Event()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.silent = False

    def __enter__(self) -> Watchdog:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._done.set()
        self._thread.join()
        self._socket.close()

    def allow(self, seconds: float) -> None:
        """From now on the server may be silent for this long."""
        self._allowed = seconds
        self._changed.set()

    def _look(self) -> None:
        left = self._allowed
        while not self._done.wait(LOOK_SECONDS):
            left -= LOOK_SECONDS
            if self._changed.is_set():
                self._changed.clear()
                left = self._allowed
            if left <= 0 or self._deadline.passed:
                self.silent = not self._deadline.passed
                # The server stops working for nobody; one that does not even take this is left alone.
                with contextlib.suppress(Exception):
                    self._connection.cancel_safe(timeout=CANCEL_SECONDS)
                with contextlib.suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)
                return


def told(error: psycopg.Error, server: Server, settings: SqlSettings) -> Refused | TransientError | Unreachable:
    """What a failed statement is told as, without any value of a row."""
    state = error.sqlstate or ""
    if state == TIMED_OUT:
        return Unreachable("slow_query", url=server.where, seconds=settings.statement_seconds)
    if not state or state.startswith(TRANSIENT_CLASSES):
        return TransientError(Message("trouble.lost", state=state) if state else Message("trouble.connection"))
    if state == READ_ONLY:
        return Refused("writing_query", url=server.where, state=state)
    spoken = (error.diag.message_primary or "") if state.startswith(SPOKEN_CLASSES) else ""
    said = spoken[:MOST_SHOWN] or type(error).__name__
    return Refused("query_error", url=server.where, said=said, state=state)
