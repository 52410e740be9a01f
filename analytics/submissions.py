"""The reporting duty: which units sent their report about a day, and how far the others have got."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from analytics.cube import EPOCH, day_number
from analytics.release import Release
from data_sources.contracts import CONTRACTS


@dataclass(frozen=True)
class Missing:
    """A unit that has not reported about the day; `newest_day` is the last one it did report about."""

    unit: str
    newest_day: date


@dataclass(frozen=True)
class Submission:
    """One dataset's reports about one day, from the units that take part in it."""

    dataset: str
    day: date
    reported: tuple[str, ...]
    missing: tuple[Missing, ...]
    """The longest silent first."""

    @property
    def expected(self) -> int:
        """Units that have ever reported the dataset up to the day."""
        return len(self.reported) + len(self.missing)


def submissions(release: Release, day: date, units: tuple[str, ...] | None = None) -> list[Submission]:
    """For each dataset reported by unit and day: who of `units` sent it for `day`, in the order of the contracts.

    Without `units` all units that must report are looked at. Line lists are left out, because a unit without a case
    has nothing to send; so are datasets no unit has reported up to `day`, and registers, which are not daily.
    """
    codes = units or tuple(unit.code for unit in release.units.reporting())
    at = day_number(day)
    found = []
    for dataset, contract in CONTRACTS.items():
        if contract.line_list or not contract.measures or dataset == "population":
            continue
        newest = {}
        for unit in codes:
            known = release.reports.days.get((dataset, unit))
            place = int(np.searchsorted(known, at, side="right")) if known is not None else 0
            if known is not None and place:
                newest[unit] = int(known[place - 1])
        if not newest:
            continue
        late = sorted((number, unit) for unit, number in newest.items() if number < at)
        found.append(
            Submission(
                dataset,
                day,
                tuple(unit for unit, number in newest.items() if number == at),
                tuple(Missing(unit, EPOCH + timedelta(days=number)) for number, unit in late),
            )
        )
    return found
