"""Servers on loopback for the connectors' tests: a socket that says exactly what a test wants, and a pull of it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data_sources.connectors import Delivery
from data_sources.connectors.clock import Clock
from data_sources.connectors.http import fetch_http
from data_sources.settings import HttpSettings, ReadSettings, SourceSettings

NOW = datetime(2021, 8, 29, 11, tzinfo=UTC)


@dataclass
class FakeClock:
    """A clock whose waits take no time but are kept, while the time that passes is real."""

    waits: list[float] = field(default_factory=list)

    def clock(self) -> Clock:
        """The clock for a connector."""
        return Clock(monotonic=time.monotonic, sleep=self.waits.append, now=lambda: NOW, jitter=lambda: 1.0)


@contextmanager
def raw_server(answer: Callable[[socket.socket, bytes], None]) -> Iterator[str]:
    """The URL of a server that reads one request per connection and lets `answer` write whatever it wants."""
    listener = socket.create_server(("127.0.0.1", 0))
    stopping = threading.Event()

    def serve() -> None:
        while not stopping.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=talk, args=(connection,), daemon=True).start()

    def talk(connection: socket.socket) -> None:
        with connection:
            try:
                request = b""
                while b"\r\n\r\n" not in request:
                    piece = connection.recv(65_536)
                    if not piece:
                        return
                    request += piece
                answer(connection, request)
            except OSError:
                return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/data"
    finally:
        stopping.set()
        listener.close()
        thread.join(1)


def source_of(url: str, *, rows_at: str | None = None, **http: Any) -> SourceSettings:
    """A source of this URL, with short deadlines unless a test says otherwise."""
    options: dict[str, Any] = {"connect_seconds": 1.0, "read_seconds": 1.0, "total_seconds": 10.0, "retries": 2} | http
    settings = HttpSettings(url=url, **options)
    return SourceSettings(
        name="s", dataset="case_counts", kind="http", http=settings, read=ReadSettings(rows_at=rows_at)
    )


def pull(
    source: SourceSettings,
    spool: Path,
    state: dict[str, str] | None = None,
    until: datetime | None = None,
    clock: FakeClock | None = None,
) -> list[Delivery]:
    """All deliveries of one pull."""
    return list(fetch_http(source, spool, state or {}, until, clock=(clock or FakeClock()).clock()))
