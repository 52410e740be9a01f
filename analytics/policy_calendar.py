"""The calendar of measures: which directive held where and when, for the band under a curve."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

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
    """The measures in force in `units` at any time between the two days, in order of their beginning.

    As of an earlier moment those that began later are not known, nor is an end that came later.
    """
    values = {"units": None if units is None else list(units), "first_day": first_day, "last_day": last_day}
    rows = release.cursor().execute(
        "SELECT unit, measure, first_day, last_day, vi, en, source FROM picture.calendar"
        " WHERE ($units::VARCHAR[] IS NULL OR unit IN (SELECT unnest($units::VARCHAR[])))"
        " AND ($last_day::DATE IS NULL OR first_day <= $last_day::DATE)"
        " AND ($first_day::DATE IS NULL OR last_day IS NULL OR last_day >= $first_day::DATE)"
        " ORDER BY first_day, unit, measure",
        values,
    )
    found = [Period(*row) for row in rows.fetchall()]
    return found if release.known is None else _until(found, release.as_of.date())


def _until(found: Iterable[Period], known: date) -> list[Period]:
    """The measures that had begun by a day, without the ends that came after it."""
    return [
        replace(one, last_day=None) if one.last_day is not None and one.last_day > known else one
        for one in found
        if one.first_day <= known
    ]


@dataclass(frozen=True)
class Stretch:
    """Days on which one measure was in force in at least half of an area's units; `units` is the most of them."""

    measure: str
    vi: str
    en: str
    first_day: date
    last_day: date
    units: int


def widely_in_force(
    known: Sequence[Period], units: Sequence[str], whole: str, first_day: date, last_day: date
) -> list[Stretch]:
    """The stretches between two days in which a measure held in at least half of `units`, in order of beginning.

    A period of `whole`, the area itself, counts for all of them.
    """
    found: list[Stretch] = []
    for measure in dict.fromkeys(period.measure for period in known):
        own = [period for period in known if period.measure == measure]
        begun, most = None, 0
        for day in (first_day + timedelta(days=number) for number in range((last_day - first_day).days + 2)):
            held = {one.unit for one in own if one.first_day <= day <= (one.last_day or last_day)}
            count = 0 if day > last_day else len(units) if whole in held else len(held & set(units))
            if count and 2 * count >= len(units):
                begun, most = begun or day, max(most, count)
            elif begun:
                found.append(Stretch(measure, own[0].vi, own[0].en, begun, day - timedelta(days=1), most))
                begun, most = None, 0
    return sorted(found, key=lambda one: (one.first_day, one.measure))
