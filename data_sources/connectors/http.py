"""HTTP sources: paged rows or whole files, asked only for what is new, taken whole or not at all."""

from __future__ import annotations

import email.utils
import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from data_sources.connectors import Delivery
from data_sources.connectors.asking import Asker
from data_sources.connectors.clock import REAL_CLOCK, ZONE, Clock
from data_sources.connectors.limits import Deadline, shown_url
from data_sources.connectors.pages import PageBody, Pull, take_csv_page, take_json_page
from data_sources.connectors.spool import SpoolFile
from data_sources.messages import Message
from data_sources.readers.content import HEAD_BYTES, format_of
from data_sources.readers.names import shortened
from data_sources.refusal import Held, Refused
from data_sources.row_issue import CLOCKS_MAY_DIFFER
from data_sources.settings import HttpSettings, SourceSettings

MOST_DOCUMENT_BYTES = 256 * 1_048_576
"""A whole JSON document is parsed in memory to reconcile it; a larger one is asked for in pages."""
MOST_PAGES = 100_000
MOST_HEADER_BYTES = 1_048_576
LINE_END = re.compile(rb"[\r\n]")


def fetch_http(
    source: SourceSettings,
    spool: Path,
    state: dict[str, str],
    until: datetime | None,
    *,
    clock: Clock = REAL_CLOCK,
) -> Iterator[Delivery]:
    """The one delivery of an HTTP source, or none when nothing is new; all pages are one file of rows.

    `until` (aware) asks for the data as they stood then. Raises Unreachable when the source did not answer in time,
    Refused when the answer cannot be used, Held when it has no rows. Nothing is left in `spool` but whole deliveries.
    """
    settings = source.http
    if settings is None:
        raise Refused("no_http_table", source=source.name)
    deadline = Deadline(settings.total_seconds, clock)
    with ExitStack() as stack:
        asker = Asker(settings, deadline, clock)
        stack.callback(asker.close)
        stack.enter_context(deadline.enforced())
        file = stack.enter_context(SpoolFile(spool))
        latest = clock.now() + CLOCKS_MAY_DIFFER
        pull = Pull(shown_url(settings.url), settings, source.read.rows_at, latest=latest)
        if settings.page_parameter is None:
            fresh = _fetch_whole(asker, settings, state, until, file, pull)
        else:
            fresh = _fetch_pages(asker, settings, state, until, file, pull)
        if not fresh or not _has_rows(settings, state, until, pull):
            return
        issued_at = _issued_at(settings, pull, until, clock)
        path, sha256 = file.keep()
    yield Delivery(
        source=source.name,
        name=_name(settings, pull),
        path=path,
        sha256=sha256,
        issued_at=issued_at.astimezone(ZONE),
        format=pull.format,
        declared_rows=pull.declared_rows,
        state=_remembered(state, pull),
    )


def _parameters(settings: HttpSettings, state: dict[str, str], until: datetime | None) -> dict[str, str]:
    """What is asked for: only what is newer than the last pull, and only what stood at `until`."""
    parameters = {}
    if settings.cursor_parameter is not None and "cursor" in state:
        parameters[settings.cursor_parameter] = state["cursor"]
    if settings.until_parameter is not None and until is not None:
        parameters[settings.until_parameter] = until.astimezone(ZONE).isoformat()
    return parameters


def _fetch_whole(
    asker: Asker, settings: HttpSettings, state: dict[str, str], until: datetime | None, file: SpoolFile, pull: Pull
) -> bool:
    """Fetch one document as it is; False when it has not changed."""
    conditions = {"If-None-Match": state.get("etag"), "If-Modified-Since": state.get("last_modified")}
    headers = {name: value for name, value in conditions.items() if value is not None}
    answer = asker.get(settings.url, _parameters(settings, state, until), headers, file.restart)
    if answer.status == 304:
        return False
    pull.headers = dict(answer.headers)
    pull.pages = 1
    pull.format = format_of(file.head(HEAD_BYTES), pull.where)
    if pull.format == "json":
        if file.size > MOST_DOCUMENT_BYTES:
            most, megabytes = MOST_DOCUMENT_BYTES // 1_048_576, file.size // 1_048_576
            raise Refused("large_answer", url=pull.where, most=most, megabytes=megabytes)
        take_json_page(pull, file.read(), 1)
        pull.reconcile()
    elif pull.format == "csv":
        # One line is a header without rows; how many rows there are is the reader's to count.
        pull.rows = 1 if LINE_END.search(file.head(MOST_HEADER_BYTES).strip()) else 0
    else:
        pull.rows = 1
    return True


def _fetch_pages(
    asker: Asker, settings: HttpSettings, state: dict[str, str], until: datetime | None, file: SpoolFile, pull: Pull
) -> bool:
    """Fetch page after page until there are no more; their rows are appended to one file."""
    parameters = _parameters(settings, state, until)
    if settings.page_size_parameter is not None:
        parameters[settings.page_size_parameter] = str(settings.page_size)
    only = b""
    for page in range(1, MOST_PAGES + 1):
        body = PageBody(pull.where)
        answer = asker.get(settings.url, parameters | {str(settings.page_parameter): str(page)}, {}, body.restart)
        if answer.status == 304:
            return False
        found = format_of(bytes(body.data[:HEAD_BYTES]), pull.where)
        if found == "xlsx" or (page > 1 and found != pull.format):
            formats = found if page == 1 else Message("part.two_formats", first=pull.format, second=found)
            raise Refused("mixed_pages", url=pull.where, formats=formats)
        pull.format = found
        pull.headers = pull.headers or dict(answer.headers)
        take = take_json_page if found == "json" else take_csv_page
        lines, number = take(pull, bytes(body.data), page)
        file.write(lines)
        only = lines or only
        pull.pages = page
        if pull.is_last(page, number):
            break
    pull.reconcile()
    if pull.format == "json" and pull.rows == 1:
        # One object alone could be an envelope; in a list it is a row.
        file.restart()(b"[" + only.strip() + b"]\n")
    return True


def _has_rows(settings: HttpSettings, state: dict[str, str], until: datetime | None, pull: Pull) -> bool:
    """False when an incremental pull has nothing new; Held when a whole one has nothing at all."""
    if pull.rows:
        return True
    incremental = settings.cursor_parameter is not None and "cursor" in state
    if incremental or (until is not None and not state):
        return False
    raise Held("no_rows_sent", url=pull.where)


def _issued_at(settings: HttpSettings, pull: Pull, until: datetime | None, clock: Clock) -> datetime:
    """When the source issued what it sent: by its envelope, by Last-Modified, by its clock, or else by ours."""
    issued_at = pull.issued_at or _header_time(pull, "last-modified") or _header_time(pull, "date") or clock.now()
    if until is None:
        return issued_at
    if settings.until_parameter is None and issued_at > until:
        raise Refused("not_as_of", url=pull.where, issued=issued_at.astimezone(ZONE).isoformat(timespec="seconds"))
    return min(issued_at, until)


def _header_time(pull: Pull, name: str) -> datetime | None:
    try:
        moment = email.utils.parsedate_to_datetime(pull.headers[name])
    except (KeyError, ValueError, TypeError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _name(settings: HttpSettings, pull: Pull) -> str:
    endpoint = shortened(urlsplit(settings.url).path.strip("/") or "/")
    return endpoint if settings.page_parameter is None else f"{endpoint}, pages 1-{pull.pages}"


def _remembered(state: dict[str, str], pull: Pull) -> dict[str, str]:
    remembered = dict(state)
    for key, header in (("etag", "etag"), ("last_modified", "last-modified")):
        remembered.pop(key, None)
        if header in pull.headers:
            remembered[key] = pull.headers[header]
    if pull.cursor is not None:
        remembered["cursor"] = pull.cursor
    return remembered
