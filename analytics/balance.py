"""Occupancy against transfers: who is in quarantine and treatment, against yesterday with who came and went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from analytics.cube import day_number
from analytics.release import Release
from analytics.sql import query

DAYS = 7


@dataclass(frozen=True)
class Occupancy:
    """Of a dataset of sites, the columns that must agree from one day to the next."""

    dataset: str
    present: str
    came: str
    left: tuple[str, ...]
    """Who left without being moved elsewhere; the first is always told, the others where a form has them."""
    transferred: str
    """Who was moved elsewhere; blank is none where a unit never tells it."""
    within_left: bool = False
    """True where the first of `left` counts those who were moved too."""


OCCUPANCIES = (
    Occupancy("quarantine_sites", "present", "arrived", ("left",), "transferred", within_left=True),
    Occupancy("treatment", "in_treatment", "admitted", ("discharged", "deaths"), "f0_transferred"),
)


@dataclass(frozen=True)
class Balance:
    """One day of a unit's sites, or of one site: those of the day before, who came and went, and who is there."""

    dataset: str
    unit: str
    site: str
    """Empty for all sites of the unit."""
    day: date
    before: int
    came: int
    transferred: int
    left: int
    """Without those who were moved elsewhere."""
    present: int

    @property
    def expected(self) -> int:
        """Who would be there by the day before and the flows."""
        return self.before + self.came - self.transferred - self.left

    @property
    def apart(self) -> int:
        """How many more are reported than follow from the day before; below 0: fewer."""
        return self.present - self.expected


def balances(release: Release, day: date) -> list[Balance]:
    """Each unit and day of the DAYS up to `day` on which it can be reckoned, by site where the role may see sites.

    A unit's day can be where both days are told with equally many sites, and who came and left is told.
    """
    if release.role == "analyst" and "analysis.site_count_exact" in release.tables:
        return [found for kind in OCCUPANCIES for found in _by_site(release, kind, day)]
    return [found for kind in OCCUPANCIES for found in _by_unit(release, kind, day)]


def most_apart(found: Iterable[Balance]) -> list[tuple[str, int]]:
    """Units by how many people their days lie apart in all, the most first; those that agree are left out."""
    sums: Counter[str] = Counter()
    for item in found:
        sums[item.unit] += abs(item.apart)
    return sorted(((unit, apart) for unit, apart in sums.items() if apart), key=lambda pair: (-pair[1], pair[0]))


def _by_unit(release: Release, kind: Occupancy, day: date) -> list[Balance]:
    last = day_number(day)
    found = []
    names = ("sites", kind.present, kind.came, *kind.left, kind.transferred)
    for unit in release.units.reporting():
        told = {
            name: release.evaluation.cube.daily((f"{kind.dataset}.{name}", ""), [unit.code], last - DAYS, last)[0]
            for name in names
        }
        cells = [
            {name: int(values[place]) for name, values in told.items() if not np.isnan(values[place])}
            for place in range(DAYS + 1)
        ]
        found += _days(kind, unit.code, "", day, cells)
    return found


def _by_site(release: Release, kind: Occupancy, day: date) -> list[Balance]:
    values = {"dataset": kind.dataset, "first_day": day - timedelta(days=DAYS), "last_day": day, "at": release.as_of}
    sites: dict[tuple[str, str], list[dict[str, int]]] = {}
    for unit, site, on, name, value in release.cursor().execute(query("site_counts_exact"), values).fetchall():
        cells = sites.setdefault((unit, site), [{"sites": 1} for _ in range(DAYS + 1)])
        cells[(on - day).days + DAYS][name] = value
    return [item for (unit, site), cells in sites.items() for item in _days(kind, unit, site, day, cells)]


def _days(kind: Occupancy, unit: str, site: str, day: date, cells: list[dict[str, int]]) -> list[Balance]:
    """The days that can be reckoned; `cells` are those of the day before the first, and of each day, by column."""
    tells = {name for cell in cells for name in cell}
    found = []
    for place in range(1, DAYS + 1):
        before, now = cells[place - 1], cells[place]
        needed = {"sites", kind.present, kind.came, kind.left[0], *({kind.transferred, *kind.left} & tells)}
        if kind.present not in before or not needed <= now.keys() or before.get("sites") != now["sites"]:
            continue
        found.append(_reckoned(kind, unit, site, day - timedelta(days=DAYS - place), before[kind.present], now))
    return found


def _reckoned(kind: Occupancy, unit: str, site: str, day: date, before: int, now: Mapping[str, int]) -> Balance:
    moved = now.get(kind.transferred, 0)
    left = sum(now.get(name, 0) for name in kind.left) - (moved if kind.within_left else 0)
    return Balance(kind.dataset, unit, site, day, before, now[kind.came], moved, left, now[kind.present])
