"""Quarantine and treatment beyond their indicators: how full each site is, and which unit runs out first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from analytics.disclosure import Protected
from analytics.readings import read
from analytics.release import Release
from analytics.sites import Site, sites

FULL_PERCENT = 80.0
"""Over 80% of beds warns (leaders' specification of July 2021); the same is used for quarantine places."""
FILLING_PERCENT = 60.0
"""Three quarters of the limit: a site there reaches it within days at the pace of August 2021 (to be confirmed)."""
PEOPLE = {"quarantine_sites": "present", "treatment": "in_treatment"}
PLACES = {"quarantine_sites": "capacity", "treatment": "beds"}

Fullness = Literal["past", "near", "ok", "none"]


@dataclass(frozen=True)
class FilledSite:
    """One site: its people as they may be shown, its places, and how full it is in percent (of the middle)."""

    site: Site
    people: Protected | None
    places: float | None
    use: float | None

    @property
    def state(self) -> Fullness:
        """Past 80%, near from 60%, within below, none where it is not known."""
        if self.use is None:
            return "none"
        return "past" if self.use >= FULL_PERCENT else "near" if self.use >= FILLING_PERCENT else "ok"


@dataclass(frozen=True)
class RunsOut:
    """How full a unit's beds and places are, in percent, and in how many days they are full; None where not rising."""

    unit: str
    beds_use: float | None
    beds_days: float | None
    places_use: float | None
    places_days: float | None

    @property
    def first_days(self) -> float | None:
        """The fewer of the two numbers of days."""
        known = [days for days in (self.beds_days, self.places_days) if days is not None]
        return min(known) if known else None


def filled_sites(release: Release, day: date, units: tuple[str, ...] | None = None) -> list[FilledSite]:
    """Every quarantine site and treatment facility with what may be said of it, the fullest first."""
    found = []
    for dataset, people in PEOPLE.items():
        for site in sites(release, dataset, day, units):
            count, places = site.counts.get(people), site.middle(PLACES[dataset])
            use = 100 * count.middle / places if count is not None and places else None
            if count is not None or places is not None:
                found.append(FilledSite(site, count, places, use))
    return sorted(found, key=lambda item: (item.use is None, -(item.use or 0.0), item.site.site))


def running_out(release: Release, day: date) -> list[RunsOut]:
    """The units, who runs out first at the top; units of which nothing is known are left out."""
    units = [unit.code for unit in release.units.reporting()]
    names = ("beds_in_use", "days_to_beds_full", "quarantine_occupancy", "days_to_quarantine_full")
    found = read(release, names, units, day)
    rows = [RunsOut(unit, *(found[name, unit].value for name in names)) for unit in units]
    known = [row for row in rows if row.beds_use is not None or row.places_use is not None]
    return sorted(
        known,
        key=lambda row: (
            row.first_days is None,
            row.first_days or 0.0,
            -max(row.beds_use or 0.0, row.places_use or 0.0),
            row.unit,
        ),
    )
