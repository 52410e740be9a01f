"""What a release says of its own sources: age, rows, reasons, held deliveries, completeness, formats."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from analytics.indicators import INDICATORS
from analytics.release import Release
from data_sources.lateness import Known, Late, Signs, late_sources
from data_sources.messages import FLAG, Message, read_message

Freshness = Literal["fresh", "late", "never"]


@dataclass(frozen=True)
class SourceStatus:
    """One source as it stood when the release was built."""

    source: str
    title: str
    dataset: str
    kind: str
    last_issued: datetime | None
    newest_day: date | None
    rows_in: int
    rows_kept: int
    rows_set_aside: int
    held: Message | None
    error: Message | None
    every_seconds: int
    late_after_seconds: int | None
    """How old its newest delivery may grow; None for any age."""
    age_hours: float | None
    """From the newest issue to the moment asked about."""
    freshness: Freshness
    reasons: dict[str, int]
    """Rows set aside by reason, most frequent first."""
    flags: dict[str, int]
    """Rows kept but marked, such as corrections below 0, by kind."""
    notes: tuple[Message, ...]
    """What the reader found out: encoding, delimiter, format of dates."""


@dataclass(frozen=True)
class HeldBatch:
    """A delivery kept back until someone decides."""

    source: str
    delivery: str
    issued: datetime
    rows: int
    reason: Message


@dataclass(frozen=True)
class FieldCompleteness:
    """How many of a dataset's rows fill a field."""

    dataset: str
    field: str
    filled: int
    total: int

    @property
    def share(self) -> float | None:
        """The filled share in percent; None where there are no rows."""
        return 100 * self.filled / self.total if self.total else None


def datasets_of(indicator_id: str) -> tuple[str, ...]:
    """Every dataset that an indicator, or what it is made of, may be read from."""
    indicator = INDICATORS[indicator_id]
    below = [name for item in indicator.made_of for name in datasets_of(item)]
    return tuple(dict.fromkeys([*indicator.datasets, *below]))


def source_statuses(
    release: Release, at: datetime | None = None, issued: Mapping[str, datetime] | None = None
) -> list[SourceStatus]:
    """Every source in the order of the settings, its age at `at` (when the release was built by default).

    `issued` tells of issues after the release was built, which brought nothing new and so made no release.
    """
    moment = at or release.built
    cursor = release.cursor()
    reasons: dict[str, dict[str, int]] = {}
    for source, reason, rows in cursor.execute(
        "SELECT source, reason, rows FROM picture.set_aside_reason ORDER BY rows DESC, reason"
    ).fetchall():
        reasons.setdefault(source, {})[reason] = rows
    notes: dict[str, list[Message]] = {}
    for source, note in cursor.execute("SELECT source, note FROM picture.format_note ORDER BY source, note").fetchall():
        notes.setdefault(source, []).append(read_message(note))
    rows = cursor.execute("SELECT * FROM picture.source_status")
    names = [column[0] for column in rows.description]
    found = []
    for values in rows.fetchall():
        row = dict(zip(names, values, strict=True))
        later = (issued or {}).get(row["source"])
        if later is not None and row["last_issued"] is not None:
            row["last_issued"] = max(row["last_issued"], later)
        known = Known.of(row)
        row["late_after_seconds"] = known.late_after_seconds
        row |= {name: read_message(row[name]) if row[name] else None for name in ("held", "error")}
        newest, allowed = known.last_issued, known.late_after_seconds
        age = None if newest is None else max(0.0, (moment - newest).total_seconds() / 3600)
        late = age is not None and allowed is not None and age * 3600 > allowed
        own = reasons.get(row["source"], {})
        found.append(
            SourceStatus(
                **row,
                age_hours=age,
                freshness="never" if age is None else "late" if late else "fresh",
                reasons={reason: count for reason, count in own.items() if not reason.startswith(FLAG)},
                flags={reason.removeprefix(FLAG): count for reason, count in own.items() if reason.startswith(FLAG)},
                notes=tuple(notes.get(row["source"], ())),
            )
        )
    return found


def late(statuses: Iterable[SourceStatus], signs: Signs, now: datetime, datasets: Collection[str] | None) -> list[Late]:
    """Those of the sources of `datasets` (None: of all) that are late at `now`, in the order of the settings."""
    known = [
        Known(one.source, one.title, one.dataset, one.last_issued, one.every_seconds, one.late_after_seconds)
        for one in statuses
        if datasets is None or one.dataset in datasets
    ]
    return late_sources(known, signs, now)


def held_batches(release: Release) -> list[HeldBatch]:
    """Deliveries that are held, the newest first."""
    rows = release.cursor().execute(
        "SELECT source, delivery, issued, rows, reason FROM picture.held_batch ORDER BY issued DESC, source, delivery"
    )
    return [
        HeldBatch(source, delivery, issued, count, read_message(reason))
        for source, delivery, issued, count, reason in rows.fetchall()
    ]


def completeness(release: Release) -> list[FieldCompleteness]:
    """How complete each field of each dataset is, the emptiest first within a dataset."""
    rows = release.cursor().execute(
        "SELECT dataset, field, filled, total FROM picture.completeness"
        " ORDER BY dataset, filled::DOUBLE / NULLIF(total, 0), field"
    )
    return [FieldCompleteness(*row) for row in rows.fetchall()]
