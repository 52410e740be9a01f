"""The demonstration's HTTP server: every feed on loopback, behind a token, as the real systems would answer.

JSON feeds are paged (`page`, `page_size`) inside an envelope; CSV feeds are whole files with ETag and Last-Modified.
Both take `updated_after` (exclusive) and `updated_until` (inclusive), compared with each row's issue time.
"""

from __future__ import annotations

import gzip
import hashlib
import hmac
import json
import secrets
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from data_sources.demo.generator import SEED
from data_sources.demo.store import Store, Stretch, ensure

HOST = "127.0.0.1"
VIETNAM = timezone(timedelta(hours=7))
PAGE_SIZE, LARGEST_PAGE = 5_000, 20_000
# Below this a compressed answer is no shorter; level 1 keeps the server's share of a pull small.
COMPRESSED_FROM_BYTES, COMPRESSION_LEVEL = 1_400, 1
IDLE_SECONDS = 60


class BadRequest(ValueError):
    """A query parameter that is not understood; the message names it and says what is allowed."""


def _time(query: dict[str, list[str]], name: str) -> datetime | None:
    """The aware time in a query parameter; without a zone it is Asia/Ho_Chi_Minh."""
    if name not in query:
        return None
    # A plus sign that was not escaped arrives as a space.
    text = query[name][-1].replace(" ", "+") if "T" in query[name][-1] else query[name][-1]
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise BadRequest(f"{name} = {text!r}: needed an ISO time such as 2021-08-21T23:59:59+07:00") from None
    return time if time.tzinfo else time.replace(tzinfo=VIETNAM)


def _whole(query: dict[str, list[str]], name: str, default: int, largest: int | None = None) -> int:
    text = query.get(name, [str(default)])[-1]
    if not text.isdigit() or int(text) < 1:
        raise BadRequest(f"{name} = {text!r}: needed a whole number from 1")
    return int(text) if largest is None else min(int(text), largest)


class Handler(BaseHTTPRequestHandler):
    """Answers GET requests for the feeds of one store."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    server: _Server

    def do_GET(self) -> None:
        """Answer one request: 200, 304, 400, 401 or 404."""
        address = urlsplit(self.path)
        given = self.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self.server.token}".encode()):
            self._refuse(HTTPStatus.UNAUTHORIZED, "a bearer token is needed", {"WWW-Authenticate": "Bearer"})
            return
        stored = self.server.store.feeds.get(address.path)
        if stored is None:
            known = ", ".join(sorted(self.server.store.feeds))
            self._refuse(HTTPStatus.NOT_FOUND, f"no such feed; there are {known}")
            return
        query = parse_qs(address.query)
        try:
            stretch = stored.between(_time(query, "updated_after"), _time(query, "updated_until"))
            if stored.feed.format == "json":
                self._page(stretch, query)
            else:
                self._file(stretch)
        except BadRequest as error:
            self._refuse(HTTPStatus.BAD_REQUEST, str(error))

    def _page(self, stretch: Stretch, query: dict[str, list[str]]) -> None:
        size = _whole(query, "page_size", PAGE_SIZE, LARGEST_PAGE)
        page = _whole(query, "page", 1)
        newest = stretch.issued_at
        envelope = {
            "issued_at": newest.astimezone(VIETNAM).isoformat() if newest else None,
            "total": stretch.size,
            "page": page,
            "pages": max(1, -(-stretch.size // size)),
        }
        # Rows are stored as JSON objects, one a line: the page is put together without reading them.
        rows = stretch.lines((page - 1) * size, page * size).replace(b"\n", b",\n")
        head = json.dumps(envelope)[:-1].encode()
        self._answer(b"".join((head, b', "rows": [', rows, b"]}")), {"Content-Type": "application/json; charset=utf-8"})

    def _file(self, stretch: Stretch) -> None:
        newest = stretch.issued_at or datetime.fromtimestamp(0, UTC)
        stored, store = stretch.feed, self.server.store
        identity = f"{store.version}/{store.seed}/{stored.feed.name}/{stretch.first}/{stretch.end}"
        tag = f'"{hashlib.sha256(identity.encode()).hexdigest()[:20]}"'
        headers = {
            "Content-Type": "text/csv; charset=utf-8",
            "ETag": tag,
            "Last-Modified": format_datetime(newest, usegmt=True),
        }
        if self._unchanged(tag, newest):
            self._send(HTTPStatus.NOT_MODIFIED, headers, b"")
            return
        lines = stretch.lines()
        self._answer(stored.header + lines + (b"\n" if lines else b""), headers)

    def _unchanged(self, tag: str, newest: datetime) -> bool:
        """Whether the client's copy is the file; its tag decides where it sent one."""
        known = self.headers.get("If-None-Match")
        if known is not None:
            return tag in [item.strip().removeprefix("W/") for item in known.split(",")]
        since = self.headers.get("If-Modified-Since")
        if since is None:
            return False
        try:
            return newest <= parsedate_to_datetime(since)
        except (TypeError, ValueError):
            return False

    def _refuse(self, status: HTTPStatus, message: str, headers: dict[str, str] | None = None) -> None:
        body = json.dumps({"error": message}).encode()
        self._send(status, {"Content-Type": "application/json", **(headers or {})}, body)

    def _answer(self, body: bytes, headers: dict[str, str]) -> None:
        accepted = self.headers.get("Accept-Encoding", "")
        headers = {**headers, "Vary": "Accept-Encoding"}
        if "gzip" in accepted and len(body) >= COMPRESSED_FROM_BYTES:
            body = gzip.compress(body, compresslevel=COMPRESSION_LEVEL, mtime=0)
            headers["Content-Encoding"] = "gzip"
        self._send(HTTPStatus.OK, headers, body)

    def _send(self, status: HTTPStatus, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: request lines belong to whoever pulls."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int, store: Store, token: str) -> None:
        self.store = store
        self.token = token
        super().__init__((HOST, port), Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that went away in the middle of an answer; report anything else as usual."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class DemoServer:
    """The demonstration served for as long as the `with` block lasts.

    `url` and `token` are what a puller needs (TOANCANH_DEMO_URL, TOANCANH_DEMO_TOKEN). The rows are generated on
    first use and kept under `cache_dir`.
    """

    def __init__(
        self,
        cache_dir: Path,
        *,
        port: int = 0,
        token: str | None = None,
        seed: int = SEED,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.token = token or secrets.token_urlsafe(24)
        self.store = ensure(cache_dir, seed, tell)
        self._server = _Server(port, self.store, self.token)
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The address, without a slash at its end."""
        return f"http://{HOST}:{self._server.server_address[1]}"

    def __enter__(self) -> DemoServer:
        self._thread = threading.Thread(target=self._server.serve_forever, name="demonstration", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        if self._thread is not None:
            self._thread.join()


def serve(
    port: int,
    cache_dir: Path,
    *,
    token: str | None = None,
    seed: int = SEED,
    tell: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve the demonstration until the process is interrupted; `tell` is given the address and the token."""
    with DemoServer(cache_dir, port=port, token=token, seed=seed, tell=tell) as server:
        tell(f"TOANCANH_DEMO_URL={server.url} TOANCANH_DEMO_TOKEN={server.token}")
        stopped = threading.Event()
        try:
            stopped.wait()
        except KeyboardInterrupt:
            tell("the demonstration has stopped")
