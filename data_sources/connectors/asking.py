"""One HTTP request, asked again while that may help, and its body read within all limits."""

from __future__ import annotations

import email.utils
import os
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin

import requests
import urllib3

from data_sources.connectors.clock import Clock
from data_sources.connectors.limits import Deadline, Hosts, open_session, same_origin, shown_url
from data_sources.messages import Message
from data_sources.refusal import Refused, Unreachable
from data_sources.settings import HttpSettings

RETRIED = frozenset({429, 500, 502, 503, 504})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_REDIRECTS = 5
FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 60.0
"""Also for Retry-After: a server that asks for an hour is asked again at the next pull."""
CHUNK_BYTES = 65_536
MEGABYTE = 1_048_576
MOST_REFUSAL_BYTES = 4_096


@dataclass(frozen=True)
class Answer:
    """What one request gave: the status, the headers by lower-case name; the body went to the sink."""

    status: int
    headers: Mapping[str, str]
    bytes_read: int


class ShortBodyError(Exception):
    """A body that ended before its own length."""


class Gunzip:
    """Unpacks gzip in pieces of a bounded size, whatever one byte of it may grow to."""

    def __init__(self) -> None:
        """Begin before the first member."""
        self._member = zlib.decompressobj(wbits=31)
        self._begun = False

    @property
    def whole(self) -> bool:
        """True when the last member has ended as it says."""
        return self._member.eof or not self._begun

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """The unpacked bytes of the next piece; several members are one body."""
        while True:
            if self._member.eof:
                if not piece.strip(b"\x00"):
                    return
                self._member = zlib.decompressobj(wbits=31)
            self._begun = self._begun or bool(piece)
            decoded = self._member.decompress(piece, CHUNK_BYTES)
            if decoded:
                yield decoded
            piece = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
            if not piece and len(decoded) < CHUNK_BYTES:
                return


class Asker:
    """Asks one source within its deadlines, hosts, retries and size."""

    def __init__(self, settings: HttpSettings, deadline: Deadline, clock: Clock) -> None:
        """Check the address before anything is sent; the token is read from the environment now."""
        self._settings = settings
        self._deadline = deadline
        self._clock = clock
        self._hosts = Hosts(settings)
        self._token = _token(settings.auth)
        self._session = open_session(deadline)
        self._left_bytes = settings.megabytes * MEGABYTE

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def get(
        self,
        url: str,
        parameters: Mapping[str, str],
        headers: Mapping[str, str],
        sink: Callable[[], Callable[[bytes], None]],
    ) -> Answer:
        """The answer to one question; `sink` begins a new body at each attempt and takes its decoded bytes.

        Raises Unreachable when no answer came within deadlines and retries, Refused for one that must not be used.
        """
        where = shown_url(url)
        trouble = Message("trouble.cut")
        said: Mapping[str, str] = {}
        for attempt in range(self._settings.retries + 1):
            if attempt:
                self._wait(attempt, said, where)
            said = {}
            left_before = self._left_bytes
            try:
                answer = self._once(url, parameters, headers, sink())
            except ShortBodyError:
                trouble = Message("trouble.cut")
                self._left_bytes = left_before
                continue
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError, zlib.error) as error:
                if self._deadline.passed:
                    raise self._deadline.error(where) from None
                trouble = _trouble(error)
                self._left_bytes = left_before
                continue
            if answer.status not in RETRIED:
                self._refuse_status(answer.status, where)
                return answer
            trouble = Message("trouble.status", status=answer.status)
            said = answer.headers
        if trouble.code == "trouble.cut":
            raise Refused("short_body", url=where)
        raise Unreachable("no_answer", url=where, attempts=self._settings.retries + 1, trouble=trouble)

    def _once(
        self, url: str, parameters: Mapping[str, str], headers: Mapping[str, str], write: Callable[[bytes], None]
    ) -> Answer:
        """One attempt, redirects within the allowed hosts followed by hand."""
        asked: Mapping[str, str] | None = parameters
        for _ in range(MOST_REDIRECTS + 1):
            self._hosts.check(url)
            sent = {"Accept-Encoding": "gzip", **headers}
            if self._token and same_origin(url, self._settings.url):
                sent["Authorization"] = f"Bearer {self._token}"
            left = self._deadline.left
            if left <= 0:
                raise self._deadline.error(shown_url(url))
            timeout = (min(self._settings.connect_seconds, left), min(self._settings.read_seconds, left))
            with self._session.get(
                url, params=asked, headers=sent, stream=True, allow_redirects=False, timeout=timeout
            ) as response:
                if response.status_code not in REDIRECTS or "Location" not in response.headers:
                    return self._read(response, write)
                url, asked = urljoin(response.url, response.headers["Location"]), None
        raise Refused("many_redirects", url=shown_url(self._settings.url), most=MOST_REDIRECTS)

    def _read(self, response: requests.Response, write: Callable[[bytes], None]) -> Answer:
        """Read the body in pieces, the clock and the size looked at after each."""
        headers = {name.lower(): value for name, value in response.headers.items()}
        encoding = headers.get("content-encoding", "identity").strip().lower()
        if encoding not in ("identity", "gzip", "x-gzip", ""):
            raise Refused("body_encoding", url=shown_url(self._settings.url), encoding=encoding[:40])
        wanted = response.status_code == 200
        unpacker = Gunzip() if "gzip" in encoding else None
        raw_bytes = decoded_bytes = 0
        while True:
            if self._deadline.passed:
                raise self._deadline.error(shown_url(self._settings.url))
            try:
                piece = response.raw.read1(CHUNK_BYTES, decode_content=False)
            except urllib3.exceptions.ProtocolError:
                # The connection ended inside the body; by the deadline, or it was cut.
                if self._deadline.passed:
                    raise self._deadline.error(shown_url(self._settings.url)) from None
                raise ShortBodyError from None
            if not piece:
                break
            raw_bytes += len(piece)
            if not wanted:
                if raw_bytes > MOST_REFUSAL_BYTES:
                    break
                continue
            for decoded in unpacker.feed(piece) if unpacker else (piece,):
                decoded_bytes += len(decoded)
                self._left_bytes -= len(decoded)
                if self._left_bytes < 0:
                    raise Refused("too_large", url=shown_url(self._settings.url), most=self._settings.megabytes)
                write(decoded)
        if self._deadline.passed:
            raise self._deadline.error(shown_url(self._settings.url))
        length = headers.get("content-length")
        if wanted and ((length is not None and raw_bytes < int(length)) or (unpacker and not unpacker.whole)):
            raise ShortBodyError
        return Answer(response.status_code, headers, decoded_bytes)

    def _wait(self, attempt: int, headers: Mapping[str, str], where: str) -> None:
        """Wait as long as the server asks, or twice as long each time with a random part; never past the deadline."""
        asked = retry_after(headers.get("retry-after"), self._clock.now())
        seconds = (
            FIRST_WAIT_SECONDS * 2 ** (attempt - 1) * (0.5 + 0.5 * self._clock.jitter()) if asked is None else asked
        )
        seconds = min(seconds, LONGEST_WAIT_SECONDS)
        if seconds >= self._deadline.left:
            raise Unreachable("no_time_to_wait", url=where, seconds=self._deadline.seconds)
        self._clock.sleep(seconds)

    def _refuse_status(self, status: int, where: str) -> None:
        if status in (200, 304):
            return
        remedies = {401: Message("mend.token"), 403: Message("mend.rights"), 404: Message("mend.url")}
        remedy = remedies.get(status, Message("mend.ask_server"))
        raise Refused("status", url=where, status=status, remedy=remedy)


def _trouble(error: Exception) -> Message:
    """What went wrong, by the kind of the error only: its text holds the whole address."""
    if isinstance(error, requests.Timeout):
        return Message("trouble.timeout")
    if isinstance(error, requests.ConnectionError):
        return Message("trouble.connection")
    return Message("trouble.other", kind=type(error).__name__)


def retry_after(header: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks to wait, as a number or as a date; None when it says nothing usable."""
    if header is None:
        return None
    text = header.strip()
    if text.isdigit():
        return float(text)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def _token(auth: str | None) -> str | None:
    """The token that `auth` names; Refused when its variable is not set or holds something else."""
    if auth is None:
        return None
    name = auth.removeprefix("env:")
    if not auth.startswith("env:"):
        raise Refused("auth_form", setting="[source.http] auth")
    token = os.environ.get(name, "").strip()
    if not token:
        raise Refused("no_token", setting="[source.http] auth", name=name)
    if not token.isascii() or not token.isprintable():
        raise Refused("odd_token", setting="[source.http] auth", name=name)
    return token
