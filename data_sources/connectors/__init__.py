"""Connectors: bytes fetched from a source, kept as they came, with what is needed to ask only for what is new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from data_sources.readers.content import Format

__all__ = ["Delivery"]


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What one source delivered at one time: a file in the spool, whole, under its hash.

    `name` is the file's name or the endpoint with its pages, safe to show; `issued_at` is aware; `format` is told by
    the content; `declared_rows` is what the source says it sent in all; `state` is all that the next pull remembers.
    """

    source: str
    name: str
    path: Path
    sha256: str
    issued_at: datetime
    format: Format
    declared_rows: int | None
    state: dict[str, str]
