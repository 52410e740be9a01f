"""What a reader found out about a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from data_sources.messages import Message


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """A file as it was read: how it was written, where its header is, its columns and what is worth saying.

    `header_row` is the number of the lowest header row as a person sees it, 0 where there is none; `columns` are the
    headers as written (NFC, stripped, unique); `rows` counts the rows of data, without totals and notes;
    `written_above` is the text of the rows above the header; `places` is the number, from 1, of each column in each
    sheet (None for a file without sheets).
    """

    format: Literal["csv", "json", "xlsx"]
    encoding: str
    delimiter: str | None
    header_row: int
    sheets: tuple[str, ...]
    columns: tuple[str, ...]
    rows: int
    notes: tuple[Message, ...]
    written_above: tuple[str, ...] = ()
    places: Mapping[tuple[str | None, str], int] = field(default_factory=dict)
