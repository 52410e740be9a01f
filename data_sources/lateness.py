"""Which sources are late: by their newest delivery, or because nobody asks them any more.

Two things may be wrong. A system may have nothing newer than its allowance permits, although it answers. And a source
may not be asked: it is down, or the watch itself is dead; then no new release is built, so only a comparison with the
present time shows it. The present time is always an argument.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from data_sources import pointer
from data_sources.contracts import CONTRACTS
from data_sources.settings import SourceSettings
from data_sources.turns import Turn, read_turns

Why = Literal["no_news", "not_asked"]

MISSED_TURNS = 3
"""A source is late once it has missed three of its turns: one is a slow network, two a restart."""
UNASKED_SECONDS = 3600
"""Nor is it late before an hour without an answer: short outages of a system that reports by the day are no news."""


@dataclass(frozen=True)
class Known:
    """What a release says of one source."""

    source: str
    title: str
    dataset: str
    last_issued: datetime | None
    every_seconds: int
    late_after_seconds: int | None
    """How old its newest delivery may grow; None for any age."""

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Known:
        """A row of a release's source_status; one of before there was an allowance has its dataset's."""
        values = {name: row[name] for name in ("source", "title", "dataset", "last_issued", "every_seconds")}
        if "late_after_seconds" in row:
            return cls(**values, late_after_seconds=row["late_after_seconds"])
        return cls(**values, late_after_seconds=allowance_seconds(row["dataset"], row["every_seconds"]))


@dataclass(frozen=True)
class Late:
    """A source that is late: since when nothing came (or nobody asked), and how long that may last."""

    source: str
    title: str
    dataset: str
    why: Why
    since: datetime
    allowance_seconds: int


@dataclass(frozen=True)
class Signs:
    """Signs of life that came after the release was built: who was asked when, and what was issued again unchanged."""

    turns: Mapping[str, Turn] = field(default_factory=dict)
    issued: Mapping[str, datetime] = field(default_factory=dict)


def read_signs(data: Path) -> Signs:
    """The signs of life in a data folder; none where there are none. Reads two small files."""
    issued = {}
    for attempt in pointer.read_attempts(data):
        if attempt.get("last_issued"):
            issued[str(attempt["source"])] = datetime.fromisoformat(attempt["last_issued"])
    return Signs(read_turns(data), issued)


def allowance_seconds(dataset: str, every_seconds: int) -> int | None:
    """How old the newest delivery of a dataset may grow: its duty, or three turns where it is asked less often."""
    contract = CONTRACTS.get(dataset)
    if contract is None or contract.late_after_hours is None:
        return None
    return max(MISSED_TURNS * every_seconds, contract.late_after_hours * 3600)


def late_after_seconds(source: SourceSettings) -> int | None:
    """What the settings say, or the dataset's own allowance."""
    if source.late_after_seconds is not None:
        return source.late_after_seconds
    return allowance_seconds(source.dataset, source.every_seconds)


def late_sources(known: Iterable[Known], signs: Signs, now: datetime) -> list[Late]:
    """The sources that are late at `now`, in the order of the settings; a source that never delivered is not late."""
    found = []
    for one in known:
        turn = signs.turns.get(one.source)
        unasked = max(MISSED_TURNS * one.every_seconds, UNASKED_SECONDS)
        if turn is not None and turn.last_success is not None and now - turn.last_success > timedelta(seconds=unasked):
            # First, because it explains the other: what is not asked cannot have news.
            found.append(Late(one.source, one.title, one.dataset, "not_asked", turn.last_success, unasked))
            continue
        allowed = one.late_after_seconds
        newest = max((at for at in (one.last_issued, signs.issued.get(one.source)) if at is not None), default=None)
        if allowed is not None and newest is not None and now - newest > timedelta(seconds=allowed):
            found.append(Late(one.source, one.title, one.dataset, "no_news", newest, allowed))
    return found
