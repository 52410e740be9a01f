"""What a release says of its own sources: age, rows, reasons, held deliveries, completeness, formats."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from analytics.release import Release

Freshness = Literal["fresh", "late", "never"]
# A source is late once it has missed its turn twice; one missed turn is a slow network.
MISSED_TURNS = 2
FLAG = "flag:"


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
    held: str | None
    error: str | None
    every_seconds: int
    age_hours: float | None
    """From the newest issue to the moment asked about."""
    freshness: Freshness
    reasons: dict[str, int]
    """Rows set aside by reason, most frequent first."""
    flags: dict[str, int]
    """Rows kept but marked, such as corrections below 0, by kind."""
    notes: tuple[str, ...]
    """What the reader found out: encoding, delimiter, format of dates."""


@dataclass(frozen=True)
class HeldBatch:
    """A delivery kept back until someone decides."""

    source: str
    delivery: str
    issued: datetime
    rows: int
    reason: str


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


def source_statuses(release: Release, at: datetime | None = None) -> list[SourceStatus]:
    """Every source in the order of the settings, its age at `at` (the release's own time by default)."""
    moment = at or release.as_of
    cursor = release.cursor()
    reasons: dict[str, dict[str, int]] = {}
    for source, reason, rows in cursor.execute(
        "SELECT source, reason, rows FROM picture.set_aside_reason ORDER BY rows DESC, reason"
    ).fetchall():
        reasons.setdefault(source, {})[reason] = rows
    notes: dict[str, list[str]] = {}
    for source, note in cursor.execute("SELECT source, note FROM picture.format_note ORDER BY source, note").fetchall():
        notes.setdefault(source, []).append(note)
    rows = cursor.execute(
        "SELECT source, title, dataset, kind, last_issued, newest_day, rows_in, rows_kept, rows_set_aside, held, error,"
        " every_seconds FROM picture.source_status"
    ).fetchall()
    found = []
    for source, title, dataset, kind, issued, newest_day, came, kept, aside, held, error, every in rows:
        age = None if issued is None else max(0.0, (moment - issued).total_seconds() / 3600)
        late = age is not None and age * 3600 > MISSED_TURNS * every
        own = reasons.get(source, {})
        found.append(
            SourceStatus(
                source=source,
                title=title,
                dataset=dataset,
                kind=kind,
                last_issued=issued,
                newest_day=newest_day,
                rows_in=came,
                rows_kept=kept,
                rows_set_aside=aside,
                held=held,
                error=error,
                every_seconds=every,
                age_hours=age,
                freshness="never" if age is None else "late" if late else "fresh",
                reasons={reason: count for reason, count in own.items() if not reason.startswith(FLAG)},
                flags={reason.removeprefix(FLAG): count for reason, count in own.items() if reason.startswith(FLAG)},
                notes=tuple(notes.get(source, ())),
            )
        )
    return found


def held_batches(release: Release) -> list[HeldBatch]:
    """Deliveries that are held, the newest first."""
    rows = release.cursor().execute(
        "SELECT source, delivery, issued, rows, reason FROM picture.held_batch ORDER BY issued DESC, source, delivery"
    )
    return [HeldBatch(*row) for row in rows.fetchall()]


def completeness(release: Release) -> list[FieldCompleteness]:
    """How complete each field of each dataset is, the emptiest first within a dataset."""
    rows = release.cursor().execute(
        "SELECT dataset, field, filled, total FROM picture.completeness"
        " ORDER BY dataset, filled::DOUBLE / NULLIF(total, 0), field"
    )
    return [FieldCompleteness(*row) for row in rows.fetchall()]
