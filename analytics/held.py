"""What was known at all at an earlier moment: measures, strata, the units that report them, and the days of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from analytics.sql import query
from analytics.versions import Part

REFERENCE = ("population.", "submissions.")
"""Measures that do not say how far a picture reaches, as in data_sources/releases.py."""


@dataclass(frozen=True)
class Held:
    """What the picture of a moment holds; a part and a unit belong to it while any value of them stood then."""

    parts: frozenset[Part]
    units_of: dict[str, frozenset[str]]
    """The units that had reported a measure, in any stratum."""
    first_day: date | None
    last_day: date | None

    @classmethod
    def at(cls, cursor: duckdb.DuckDBPyConnection, moment: datetime) -> Held:
        """What held at `moment` in the attached picture; one pass over every version."""
        rows = cursor.execute(query("held_parts"), {"known": moment}).fetchall()
        units_of: dict[str, set[str]] = {}
        for measure, _, unit, _, _ in rows:
            units_of.setdefault(measure, set()).add(unit)
        news = [row for row in rows if not row[0].startswith(REFERENCE)]
        return cls(
            parts=frozenset((measure, stratum) for measure, stratum, *_ in rows),
            units_of={measure: frozenset(units) for measure, units in units_of.items()},
            first_day=min((row[3] for row in news), default=None),
            last_day=max((row[4] for row in news), default=None),
        )
