"""The pages of one pull: their rows counted, compared with what the source declares, and written as lines."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from data_sources.connectors.clock import ZONE
from data_sources.messages import Message
from data_sources.readers.content import Format
from data_sources.readers.json import ROW_KEYS
from data_sources.refusal import Refused
from data_sources.settings import HttpSettings

MOST_PAGE_BYTES = 128 * 1_048_576
"""A page is parsed in memory."""
TOTAL_KEY = "total"
PLAIN_WORD = re.compile(r"[A-Za-z_]{1,30}")
CURSOR_FIELD = "issued_at"


class PageBody:
    """The body of one page, in memory."""

    def __init__(self, where: str) -> None:
        """Begin empty."""
        self.data = bytearray()
        self._where = where

    def restart(self) -> Callable[[bytes], None]:
        """Empty it for another attempt, and take bytes again."""
        self.data.clear()
        return self._write

    def _write(self, data: bytes) -> None:
        self.data += data
        if len(self.data) > MOST_PAGE_BYTES:
            raise Refused("large_page", url=self._where, most=MOST_PAGE_BYTES // 1_048_576)


@dataclass
class Pull:
    """What has been received of one pull, and what the source declared of it."""

    where: str
    settings: HttpSettings
    rows_at: str | None
    rows: int = 0
    pages: int = 0
    declared_rows: int | None = None
    declared_pages: int | None = None
    issued_at: datetime | None = None
    cursor: str | None = None
    format: Format = "json"
    headers: dict[str, str] = field(default_factory=dict)
    csv_header: bytes = b""
    latest: datetime | None = None
    """A cursor after this time is a slip: it would pass over everything until then, and is not remembered."""
    _last_page: bytes = b""

    def is_last(self, page: int, rows: int) -> bool:
        """True when no page follows: the declared number is reached, or this one is not full."""
        if rows == 0:
            return True
        if self.declared_pages is not None:
            return page >= self.declared_pages
        if self.declared_rows is not None:
            return self.rows >= self.declared_rows
        return rows < self.settings.page_size

    def reconcile(self) -> None:
        """Refused unless as many rows came as the source says there are."""
        if self.declared_rows is not None and self.declared_rows != self.rows:
            counted = {"declared": self.declared_rows, "rows": self.rows, "pages": max(self.pages, 1)}
            raise Refused("declared_rows", url=self.where, **counted)

    def refuse_repeated(self, body: bytes, page: int) -> None:
        """Refused when a page is the one before it again: the source does not know the page parameter."""
        digest = hashlib.sha256(body).digest()
        if digest == self._last_page:
            raise Refused("other_page", url=self.where, page=page, other=page - 1)
        self._last_page = digest


def take_json_page(pull: Pull, body: bytes, page: int) -> tuple[bytes, int]:
    """The rows of a page as one JSON object a line, and their number; what the envelope says goes into `pull`."""
    try:
        document = json.loads(body.decode("utf-8-sig"), parse_constant=_not_a_number)
    except (ValueError, RecursionError):
        raise Refused("cut_page", url=pull.where, page=page) from None
    rows = _rows(document, pull, page)
    if isinstance(document, dict):
        _take_envelope(document, pull, page)
    if rows:
        pull.refuse_repeated(body, page)
    pull.rows += len(rows)
    pull.cursor = _newest([pull.cursor, *_cursors(rows, pull.settings, pull.latest)])
    lines = b"".join(json.dumps(row, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n" for row in rows)
    if pull.declared_rows is None and pull.settings.page_parameter is None:
        pull.declared_rows = len(rows)
    return lines, len(rows)


def take_csv_page(pull: Pull, body: bytes, page: int) -> tuple[bytes, int]:
    """The lines of a page, without the header from the second page on, and their number."""
    text = body.removeprefix(b"\xef\xbb\xbf")
    header, _, lines = text.partition(b"\n")
    if page == 1:
        pull.csv_header = header.rstrip(b"\r")
        lines = text
    elif header.rstrip(b"\r") != pull.csv_header:
        raise Refused("other_page_header", url=pull.where, page=page)
    if lines and not lines.endswith(b"\n"):
        lines += b"\n"
    number = lines.count(b"\n") - (1 if page == 1 else 0)
    if number > 0:
        pull.refuse_repeated(body, page)
    pull.rows += max(number, 0)
    return (lines if number > 0 or page == 1 else b""), max(number, 0)


def _not_a_number(text: str) -> float:
    raise ValueError(text)


def _rows(document: Any, pull: Pull, page: int) -> list[Any]:
    """The list of rows of a document: the document itself, the declared key, or the one that envelopes use."""
    if isinstance(document, list):
        return document
    if isinstance(document, dict):
        if pull.rows_at is not None:
            found: Any = document
            for key in pull.rows_at.split("."):
                found = found.get(key) if isinstance(found, dict) else None
            if isinstance(found, list):
                return found
        else:
            lists = [key for key, value in document.items() if isinstance(value, list)]
            named = [key for key in ROW_KEYS if key in lists]
            if named or len(lists) == 1:
                rows: list[Any] = document[(named or lists)[0]]
                return rows
    # Keys that are plain words only: a document may be keyed by people.
    words = [key for key in document if PLAIN_WORD.fullmatch(key)] if isinstance(document, dict) else []
    keys = words[:10] or Message("part.no_keys")
    if pull.rows_at:
        raise Refused("no_list_of_rows_there", url=pull.where, key=pull.rows_at, keys=keys, page=page)
    raise Refused("no_list_of_rows", url=pull.where, keys=keys, page=page)


def _take_envelope(document: dict[str, Any], pull: Pull, page: int) -> None:
    """Keep what the envelope declares; Refused when it changes from page to page."""
    key = pull.settings.total_field or TOTAL_KEY
    total = document.get(key)
    if pull.settings.total_field is not None and not _is_count(total):
        raise Refused("no_total", url=pull.where, key=key)
    number = document.get("page")
    if pull.settings.page_parameter is not None and _is_count(number) and number != page:
        raise Refused("other_page", url=pull.where, page=page, other=number)
    for name, value in (("declared_rows", total), ("declared_pages", document.get("pages"))):
        if not _is_count(value):
            continue
        if page > 1 and getattr(pull, name) not in (None, value):
            raise Refused("changed_meanwhile", url=pull.where, before=getattr(pull, name), after=value)
        setattr(pull, name, value)
    issued = _time(document.get("issued_at"))
    if issued is not None:
        pull.issued_at = max(issued, pull.issued_at or issued)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _time(value: Any) -> datetime | None:
    """The time in an ISO text, in Vietnam where it names no zone."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=ZONE)


def _cursors(rows: list[Any], settings: HttpSettings, latest: datetime | None) -> list[str]:
    """The cursor of each row, for a source that is asked incrementally, but for times that are still to come."""
    if settings.cursor_parameter is None:
        return []
    name = settings.cursor_field or CURSOR_FIELD
    found = {str(row[name]) for row in rows if isinstance(row, dict) and row.get(name) is not None}
    if latest is None:
        return list(found)
    return [cursor for cursor in found if (_time(cursor) or latest) <= latest]


def _newest(cursors: list[str | None]) -> str | None:
    """The greatest cursor: as times where all are times, as numbers where all are numbers, else as text."""
    known = list({cursor for cursor in cursors if cursor is not None})
    if not known:
        return None
    times = {cursor: _time(cursor) for cursor in known}
    if all(moment is not None for moment in times.values()):
        return max(known, key=lambda cursor: (times[cursor] or datetime.min.replace(tzinfo=ZONE), cursor))
    if all(cursor.isdecimal() for cursor in known):
        return max(known, key=int)
    return max(known)
