"""The calendar of measures: which directive held where and when, for the band under a curve."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from analytics.release import Release


@dataclass(frozen=True)
class Period:
    """One measure in one unit, both days included; an open end has no last day."""

    unit: str
    measure: str
    first_day: date
    last_day: date | None
    vi: str
    en: str
    source: str


def periods(
    release: Release, units: Iterable[str] | None = None, first_day: date | None = None, last_day: date | None = None
) -> list[Period]:
    """The measures in force in `units` at any time between the two days, in order of their beginning."""
    values = {"units": None if units is None else list(units), "first_day": first_day, "last_day": last_day}
    rows = release.cursor().execute(
        "SELECT unit, measure, first_day, last_day, vi, en, source FROM picture.calendar"
        " WHERE ($units::VARCHAR[] IS NULL OR unit IN (SELECT unnest($units::VARCHAR[])))"
        " AND ($last_day::DATE IS NULL OR first_day <= $last_day::DATE)"
        " AND ($first_day::DATE IS NULL OR last_day IS NULL OR last_day >= $first_day::DATE)"
        " ORDER BY first_day, unit, measure",
        values,
    )
    return [Period(*row) for row in rows.fetchall()]
