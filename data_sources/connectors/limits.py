"""The limits of one HTTP pull: which hosts may be asked, until when, and how a connection is ended at the deadline."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import SplitResult, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from data_sources.connectors.clock import Clock
from data_sources.refusal import Refused, Unreachable
from data_sources.settings import HttpSettings

DEFAULT_PORTS = {"http": 80, "https": 443}


def shown_url(url: str) -> str:
    """`url` without user, query and fragment, which may hold secrets or names."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{host}{port}{parts.path}"


def is_loopback(host: str) -> bool:
    """True for this machine itself."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Hosts:
    """The hosts, each with its port, that a source may ask."""

    def __init__(self, settings: HttpSettings) -> None:
        """Take them from the settings; Refused for a URL that must not be asked at all."""
        parts = _split(settings.url)
        if parts.username or parts.password:
            raise Refused("password_in_url", url=shown_url(settings.url))
        self._allowed = {(parts.hostname, _port(parts))}
        for host in settings.hosts:
            other = urlsplit(f"//{host}")
            self._allowed.add((other.hostname, other.port or _port(parts)))
        self._secure = parts.scheme == "https"
        self.check(settings.url)

    def check(self, url: str) -> None:
        """Refused unless `url` is HTTPS (or HTTP on this machine), to an allowed host."""
        parts = _split(url)
        host = parts.hostname or ""
        if parts.scheme not in DEFAULT_PORTS or (parts.scheme == "http" and (not is_loopback(host) or self._secure)):
            raise Refused("not_https", url=shown_url(url), found=f"{parts.scheme}://{host}")
        if (host, _port(parts)) not in self._allowed:
            raise Refused("other_host", url=shown_url(url), found=f"{host}:{_port(parts)}")
        with contextlib.suppress(ValueError):
            address = ipaddress.ip_address(host)
            if address.is_link_local or address.is_multicast or address.is_unspecified:
                raise Refused("no_server_address", url=shown_url(url), found=str(address))


def same_origin(one: str, other: str) -> bool:
    """True when both URLs have the same scheme, host and port, so that a token for one may go to the other."""
    a, b = _split(one), _split(other)
    return (a.scheme, a.hostname, _port(a)) == (b.scheme, b.hostname, _port(b))


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise Refused("no_url", setting="url") from None
    return parts


def _port(parts: SplitResult) -> int:
    return parts.port or DEFAULT_PORTS.get(parts.scheme, 0)


class Deadline:
    """The end of a whole pull: waits are cut at it, and open connections are closed when it comes.

    A read timeout is no limit: a server that sends one byte a second, of headers or body, never lets it pass.
    """

    def __init__(self, seconds: float, clock: Clock) -> None:
        """Begin to count."""
        self.seconds = seconds
        self._clock = clock
        self._end = clock.monotonic() + seconds
        self._sockets: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.closed = False

    @property
    def left(self) -> float:
        """Seconds that are left, 0 when it has passed."""
        return max(0.0, self._end - self._clock.monotonic())

    @property
    def passed(self) -> bool:
        """True from the deadline on."""
        return self.closed or self.left <= 0

    def watch(self, connection: socket.socket) -> None:
        """Close this connection, too, when the deadline comes."""
        with self._lock:
            self._sockets.add(connection)
        if self.closed:
            _shut(connection)

    def expire(self) -> None:
        """Close every watched connection now."""
        self.closed = True
        with self._lock:
            for connection in self._sockets:
                _shut(connection)

    @contextmanager
    def enforced(self) -> Iterator[None]:
        """While this lasts, a thread waits for the deadline and closes the connections then."""
        timer = threading.Timer(self.left, self.expire)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()

    def error(self, where: str) -> Unreachable:
        """What is raised when it has passed."""
        return Unreachable("deadline", url=where, seconds=self.seconds)


def _shut(connection: socket.socket) -> None:
    """End a connection under the thread that reads it; the reader sees its end. TLS is left alone."""
    with contextlib.suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


class DeadlineAdapter(HTTPAdapter):
    """A transport whose connections end at a deadline, header lines included."""

    def __init__(self, deadline: Deadline) -> None:
        """Watch every connection that is opened for `deadline`."""
        self._deadline = deadline
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Make pools whose connections report to the deadline."""
        super().init_poolmanager(*args, **options)
        deadline = self._deadline

        class WatchedHTTP(HTTPConnection):
            def connect(self) -> None:
                super().connect()
                deadline.watch(self.sock)

        class WatchedHTTPS(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                connection = super()._new_conn()
                deadline.watch(connection)
                return connection

            def connect(self) -> None:
                super().connect()
                deadline.watch(self.sock)

        class WatchedPool(HTTPConnectionPool):
            ConnectionCls = WatchedHTTP

        class WatchedSecurePool(HTTPSConnectionPool):
            ConnectionCls = WatchedHTTPS

        self.poolmanager.pool_classes_by_scheme = {"http": WatchedPool, "https": WatchedSecurePool}


def open_session(deadline: Deadline) -> requests.Session:
    """A session that takes no proxy, netrc or certificate setting from the environment."""
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", DeadlineAdapter(deadline))
    session.mount("http://", DeadlineAdapter(deadline))
    return session
