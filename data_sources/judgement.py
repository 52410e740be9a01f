"""Which deliveries go into the picture and which are held, as a function of all that was delivered.

The judgement reads the deliveries in the order of their times of issue, never of their arrival, so that the same
deliveries give the same picture in whatever order they came.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

import duckdb

from data_sources.messages import Message, read_message, reason_message
from data_sources.settings import Settings, SourceSettings
from data_sources.warehouse import settings_digest

LEAST_SHARE_OF_LAST_DELIVERY = 2 / 3
"""A complete delivery with a third fewer rows than the one before is held: England lost 15,841 cases in
September 2020 because a file format cut its rows off and nobody compared (Public Health England, 4/10/2020)."""


@dataclass(frozen=True)
class Judged:
    """One delivery with its verdict; `held` is None when it goes into the picture."""

    content: int
    source: str
    rank: int
    delivery: str
    issued_at: datetime
    rows: int
    held: Message | None

    @property
    def held_stored(self) -> str | None:
        """The verdict as a release keeps it."""
        return self.held.stored() if self.held else None


def judge(con: duckdb.DuckDBPyConnection, settings: Settings, cutoff: datetime | None) -> list[Judged]:
    """Every delivery issued until `cutoff` of the sources in the settings, in order of issue, each with its verdict."""
    judged: list[Judged] = []
    for source in settings.sources:
        rank = _rank(settings, source)
        rows = con.execute(
            "SELECT content, delivery, batch.issued_at, rows_in, rows_kept, refused, accepted_by, sha256, reasons"
            " FROM batch JOIN content USING (content)"
            " WHERE source = ? AND settings = ? ORDER BY batch.issued_at, sha256",
            [source.name, settings_digest(source)],
        ).fetchall()
        last: dict[str, int] = {}
        for content, delivery, issued_at, rows_in, kept, refused, accepted_by, _, reasons in rows:
            own_issue = source.issued_column is not None
            if cutoff is not None and issued_at > cutoff and not own_issue:
                continue
            why = read_message(refused).at(file=delivery) if refused else None
            held = None if accepted_by else _verdict(source, rows_in, kept, why, last.get(delivery), reasons)
            if held is None:
                last[delivery] = kept
            judged.append(Judged(content, source.name, rank, delivery, issued_at, kept, held))
    return judged


def _rank(settings: Settings, source: SourceSettings) -> int:
    """The place of the source among those that give the same figure; the first named counts.

    A form handed in stands beside the first source of its dataset: of the two the newer issue counts, whichever way
    it came.
    """
    if source.kind == "inbox":
        for place, other in enumerate(settings.sources):
            if (
                other.dataset == source.dataset
                and (other.unit_level or settings.province.level) == settings.province.level
            ):
                return place
    return settings.sources.index(source)


def _verdict(
    source: SourceSettings, rows_in: int, kept: int, refused: Message | None, before: int | None, reasons: str
) -> Message | None:
    if refused is not None:
        return refused
    if kept == 0 and rows_in == json.loads(reasons).get("erased"):
        return None  # everybody in it was erased, which is no fault of the sender
    if kept == 0:
        counts = json.loads(reasons)
        found = [Message("part.counted", what=reason_message(reason), rows=n) for reason, n in counts.items()]
        return Message("held.nothing_usable", rows=rows_in, found=found or Message("part.no_rows"))
    if source.complete and before and kept < before * LEAST_SHARE_OF_LAST_DELIVERY:
        return Message("held.shrank", rows=kept, before=before)
    return None
