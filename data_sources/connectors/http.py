"""An HTTP source asked with deadlines, retries and limits; all pages of a pull are one delivery or none."""

from __future__ import annotations

import csv
import email.utils
import hashlib
import io
import json
import os
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from data_sources.connectors import Delivery
from data_sources.refusal import Held, Refused, Unreachable
from data_sources.settings import HttpSettings, SettingError, SourceSettings, expand

AGAIN = {429, 500, 502, 503, 504}
"""Answers that say 'later': too many requests, and a server or gateway in trouble (RFC 9110, RFC 6585)."""
LONGEST_WAIT_SECONDS = 60.0
MOST_REDIRECTS = 5
MOST_PAGES = 100_000
CHUNK_BYTES = 64 * 1024
LOOPBACK = ("127.", "localhost", "::1")


@dataclass
class Asking:
    """One pull of one source: its settings, its deadline, and what is counted over all its pages."""

    source: SourceSettings
    http: HttpSettings
    session: requests.Session
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    deadline: float
    bytes_left: int
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def where(self) -> str:
        """Where a message is about: never the query, which may hold what it should not."""
        return f"source {self.source.name} ({urlsplit(self.http.url).hostname})"


def fetch_http(
    source: SourceSettings,
    spool: Path,
    state: dict[str, str],
    until: datetime | None = None,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Delivery]:
    """One delivery of everything the source has since `state`, or none when it says that nothing changed.

    Unreachable when it does not answer in time, Refused for an answer that is not data, Held for an answer without
    rows where rows were due.
    """
    if source.http is None:
        raise SettingError(f"source {source.name}: a source of kind http needs [source.http]")
    http = source.http
    url = expand(http.url)
    with requests.Session() as session:
        session.trust_env = False
        asking = Asking(
            source, http, session, clock, sleep, clock() + http.total_seconds, http.megabytes * 1024 * 1024,
            {"Authorization": f"Bearer {_secret(source, http.auth)}"} if http.auth else {},
        )  # fmt: skip
        _allow(asking, url)
        parameters = _parameters(http, state, until)
        first = _ask(asking, url, parameters, _conditions(state, until))
        if first.status == 304:
            return
        if first.is_json:
            delivery = _json_pages(asking, url, parameters, first, spool, state)
        else:
            delivery = _whole_file(asking, first, spool, state)
    if delivery is not None:
        yield delivery


@dataclass(frozen=True)
class Answer:
    """The whole body of one answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def is_json(self) -> bool:
        """True when the body is a JSON document; the content decides, not the label."""
        return self.body.lstrip()[:1] in (b"{", b"[")


def _secret(source: SourceSettings, auth: str) -> str:
    name = auth.removeprefix("env:")
    if not auth.startswith("env:"):
        raise SettingError(f"source {source.name}.http.auth: allowed is env:NAME, the name of an environment variable")
    if not os.environ.get(name):
        raise SettingError(f"source {source.name}.http.auth: the environment variable {name} is not set")
    return os.environ[name]


def _parameters(http: HttpSettings, state: dict[str, str], until: datetime | None) -> dict[str, str]:
    parameters: dict[str, str] = {}
    if http.cursor_parameter and state.get("cursor"):
        parameters[http.cursor_parameter] = state["cursor"]
    if http.until_parameter and until is not None:
        parameters[http.until_parameter] = until.isoformat()
    if http.page_size_parameter:
        parameters[http.page_size_parameter] = str(http.page_size)
    return parameters


def _conditions(state: dict[str, str], until: datetime | None) -> dict[str, str]:
    """Ask for changes only; a pull until another day asks for another document, so its conditions do not count."""
    if state.get("until", "") != (until.isoformat() if until else ""):
        return {}
    pairs = {"If-None-Match": state.get("etag"), "If-Modified-Since": state.get("last_modified")}
    return {name: value for name, value in pairs.items() if value}


def _allow(asking: Asking, url: str) -> None:
    """Refused for a host outside the list, and for plain HTTP to anything but this machine."""
    parts = urlsplit(url)
    allowed = {urlsplit(expand(asking.http.url)).hostname, *asking.http.hosts}
    local = (parts.hostname or "").startswith(LOOPBACK)
    if parts.hostname not in allowed:
        raise Refused(
            needed=f"one of the hosts {', '.join(sorted(str(host) for host in allowed))}",
            found=str(parts.hostname),
            where=asking.where,
            remedy="If that host is right, add it to hosts in [source.http].",
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        raise Refused(
            needed="https", found=parts.scheme, where=asking.where, remedy="Use the source's https address in url."
        )


def _ask(asking: Asking, url: str, parameters: dict[str, str], conditions: dict[str, str]) -> Answer:
    """One answer, after as many tries as the settings allow; Unreachable when none succeeds before the deadline."""
    reason = "no answer"
    for attempt in range(asking.http.retries + 1):
        wait = 0.0
        try:
            answer = _once(asking, url, parameters, conditions)
        except (requests.ConnectionError, requests.Timeout) as error:
            reason = type(error).__name__
        else:
            if answer.status not in AGAIN:
                return _accept(asking, answer)
            reason = f"status {answer.status}"
            wait = _retry_after(answer.headers.get("retry-after", ""))
        if attempt == asking.http.retries:
            break
        pause = max(wait, min(LONGEST_WAIT_SECONDS, 0.5 * 2**attempt) * random.uniform(0.5, 1.0))  # noqa: S311
        pause = min(pause, LONGEST_WAIT_SECONDS)
        if asking.clock() + pause >= asking.deadline:
            break
        asking.sleep(pause)
    raise Unreachable(f"{asking.where}: {reason} after {attempt + 1} tries; what it delivered before stays")


def _accept(asking: Asking, answer: Answer) -> Answer:
    if answer.status in (200, 304):
        return answer
    remedy = "Check the token." if answer.status in (401, 403) else "Check url with whoever runs the source."
    raise Refused(needed="an answer with data", found=f"status {answer.status}", where=asking.where, remedy=remedy)


def _retry_after(text: str) -> float:
    """Seconds asked for by Retry-After, as a number or as a date (RFC 9110, 10.2.3); 0 for anything else."""
    if text.isdigit():
        return float(text)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return 0.0
    return max(0.0, moment.timestamp() - time.time())


def _once(asking: Asking, url: str, parameters: dict[str, str], conditions: dict[str, str]) -> Answer:
    """One request with its redirects within the same host, read in pieces under the deadline and the size limit."""
    for _ in range(MOST_REDIRECTS + 1):
        left = asking.deadline - asking.clock()
        if left <= 0:
            raise requests.Timeout
        answer = asking.session.get(
            url,
            params=parameters,
            headers=asking.headers | conditions,
            timeout=(min(asking.http.connect_seconds, left), min(asking.http.read_seconds, left)),
            allow_redirects=False,
            stream=True,
        )
        with answer:
            if not answer.is_redirect:
                body = _body(asking, answer)
                return Answer(answer.status_code, {name.lower(): value for name, value in answer.headers.items()}, body)
            url, parameters = urljoin(url, answer.headers["location"]), {}
            _allow(asking, url)
    raise Refused(
        needed="an answer", found=f"more than {MOST_REDIRECTS} redirects", where=asking.where, remedy="Correct url."
    )


def _body(asking: Asking, answer: requests.Response) -> bytes:
    parts = []
    # read1 hands over what has come, so that a body that drips cannot hold the clock past the deadline.
    stream = answer.raw
    while True:
        if asking.clock() > asking.deadline:
            raise Unreachable(f"{asking.where}: not finished after {asking.http.total_seconds:g} s; nothing was taken")
        try:
            chunk = stream.read1(CHUNK_BYTES, decode_content=True)
        except Exception as error:
            if "timed out" in str(error).lower():
                raise requests.Timeout from None
            raise Refused(
                needed="the whole body",
                found=f"it broke off ({type(error).__name__})",
                where=asking.where,
                remedy="The next pull asks again; nothing of this one was taken.",
            ) from None
        if not chunk:
            break
        asking.bytes_left -= len(chunk)
        if asking.bytes_left < 0:
            raise Refused(
                needed=f"at most {asking.http.megabytes} MB",
                found="more",
                where=asking.where,
                remedy="If that is right, raise megabytes in [source.http].",
            )
        parts.append(chunk)
    return b"".join(parts)


def _document(asking: Asking, answer: Answer) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The rows of a page and the envelope around them."""
    try:
        document = json.loads(answer.body)
    except ValueError:
        raise Refused(
            needed="a whole JSON document",
            found="one that breaks off or is damaged",
            where=asking.where,
            remedy="The next pull asks again; nothing of this one was taken.",
        ) from None
    if isinstance(document, list):
        return document, {}
    key = asking.source.read.rows_at or next((name for name, part in document.items() if isinstance(part, list)), None)
    if key is None or not isinstance(document.get(key), list):
        raise Refused(
            needed="a list of rows",
            found=", ".join(map(str, document))[:200] or "an empty document",
            where=asking.where,
            remedy="Name the list in [source.read] rows_at.",
        )
    return document[key], document


def _json_pages(
    asking: Asking, url: str, parameters: dict[str, str], first: Answer, spool: Path, state: dict[str, str]
) -> Delivery | None:
    """All pages as one file of JSON lines."""
    http = asking.http
    path = spool / f"{hashlib.sha256(asking.source.name.encode()).hexdigest()[:16]}.json"
    digest, count, newest, cursor = hashlib.sha256(), 0, "", state.get("cursor", "")
    envelope: dict[str, Any] = {}
    with path.open("wb") as file:
        answer = first
        for page in range(1, MOST_PAGES):
            rows, envelope = _document(asking, answer)
            for row in rows:
                line = json.dumps(row, ensure_ascii=False).encode() + b"\n"
                digest.update(line)
                file.write(line)
                if http.cursor_field:
                    cursor = max(cursor, str(row.get(http.cursor_field, "")))
            count += len(rows)
            newest = max(newest, str(envelope.get("issued_at", "")))
            last = envelope.get("pages")
            if not http.page_parameter or not rows or (last is not None and page >= int(last)):
                break
            if last is None and len(rows) < http.page_size:
                break
            answer = _ask(asking, url, parameters | {http.page_parameter: str(page + 1)}, {})
    declared = envelope.get(http.total_field) if http.total_field else None
    if declared is not None and int(declared) != count:
        raise Refused(
            needed=f"{declared} rows, as the source says",
            found=f"{count} rows",
            where=asking.where,
            remedy="The next pull asks again; nothing of this one was taken.",
        )
    if count == 0:
        if http.cursor_parameter and state.get("cursor"):
            return None
        raise Held(
            needed="rows", found="none", where=asking.where, remedy="No rows does not mean no cases: ask the source."
        )
    issued = newest or cursor or first.headers.get("last-modified", "")
    return Delivery(
        source=asking.source.name,
        name=urlsplit(url).path.rsplit("/", 1)[-1] or asking.source.name,
        path=path,
        sha256=digest.hexdigest(),
        issued_at=_moment(issued, first),
        format="json",
        declared_rows=int(declared) if declared is not None else None,
        state={"cursor": cursor} if cursor else _validators(first),
    )


def _whole_file(asking: Asking, answer: Answer, spool: Path, state: dict[str, str]) -> Delivery:
    head = answer.body[:2048].lstrip().lower()
    if head.startswith((b"<!doctype", b"<html", b"<?xml")) or b"<html" in head:
        raise Refused(
            needed="CSV or JSON",
            found="a web page, perhaps a sign-in page",
            where=asking.where,
            remedy="Check the token and the address.",
        )
    if not answer.body.strip():
        raise Held(
            needed="rows", found="none", where=asking.where, remedy="No rows does not mean no cases: ask the source."
        )
    path = spool / f"{hashlib.sha256(asking.source.name.encode()).hexdigest()[:16]}.data"
    path.write_bytes(answer.body)
    cursor = _newest_in_csv(asking, answer.body)
    return Delivery(
        source=asking.source.name,
        name=urlsplit(asking.http.url).path.rsplit("/", 1)[-1] or asking.source.name,
        path=path,
        sha256=hashlib.sha256(answer.body).hexdigest(),
        issued_at=_moment(answer.headers.get("last-modified", ""), answer),
        format="xlsx" if answer.body[:2] == b"PK" else "csv",
        declared_rows=None,
        state=_validators(answer) | ({"cursor": cursor} if cursor else {}),
    )


def _newest_in_csv(asking: Asking, body: bytes) -> str:
    """The newest time of issue in a CSV with a cursor column, for asking what came after it."""
    if not (asking.http.cursor_field and asking.http.cursor_parameter):
        return ""
    reader = csv.DictReader(io.StringIO(body.decode("utf-8-sig", errors="replace")))
    return max((row.get(asking.http.cursor_field) or "" for row in reader), default="")


def _validators(answer: Answer) -> dict[str, str]:
    pairs = {"etag": answer.headers.get("etag"), "last_modified": answer.headers.get("last-modified")}
    return {name: value for name, value in pairs.items() if value}


def _moment(text: str, answer: Answer) -> datetime:
    """The time of issue the source states; without one, the time of its answer."""
    for stated in (text, answer.headers.get("date", "")):
        try:
            moment = datetime.fromisoformat(stated)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        except ValueError:
            pass
        try:
            return email.utils.parsedate_to_datetime(stated)
        except (TypeError, ValueError):
            continue
    return datetime.now(UTC)
