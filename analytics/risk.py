"""The level of risk of a unit with what it rests on, and how far the next level is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

from analytics.readings import Reading, history, read
from analytics.release import AsOf, Release
from analytics.risk_rules import RULES_4800, LevelRules

LEVEL_ID = "risk_level"
INCIDENCE_ID = "community_incidence_7d"
COVERAGE_ID = "coverage_first"
HISTORY_DAYS = 10


@dataclass(frozen=True)
class Outlook:
    """A unit's level on a day and the way to the next one."""

    unit: str
    day: date
    level: int | None
    reading: Reading
    incidence: Reading
    coverage: Reading
    covered: bool | None
    """True where first-dose coverage reaches the rule's share, which lowers the level."""
    next_limit_per_100k: float | None
    """Community cases per 100,000 per week from which the level is higher; None at the highest or unknown."""
    cases_to_next: int | None
    """How many community cases more in the week would raise the level."""
    history: tuple[tuple[date, int | None], ...]
    """The level of each of the last HISTORY_DAYS days."""
    rules: LevelRules


def outlook(release: Release, unit: str, day: date, as_of: AsOf = None) -> Outlook:
    """The level of `unit` on `day` by Decision 4800, the conditions met, and the cases missing to the next level."""
    return outlooks(release, (unit,), day, as_of)[unit]


def outlooks(release: Release, units: tuple[str, ...], day: date, as_of: AsOf = None) -> dict[str, Outlook]:
    """The outlook of each unit."""
    readings = read(release, (LEVEL_ID, INCIDENCE_ID, COVERAGE_ID), units, day, as_of)
    days = [day - timedelta(days=number) for number in reversed(range(HISTORY_DAYS))]
    levels = history(release, LEVEL_ID, units, days[0], day, as_of)
    found = {}
    for unit in units:
        level, incidence, coverage = (readings[name, unit] for name in (LEVEL_ID, INCIDENCE_ID, COVERAGE_ID))
        limit = missing = None
        if incidence.value is not None and coverage.value is not None:
            limit = RULES_4800.next_limit(incidence.value, coverage.value, day)
            missing = None if limit is None else _cases_to(limit, incidence)
        found[unit] = Outlook(
            unit=unit,
            day=day,
            level=None if level.value is None else int(level.value),
            reading=level,
            incidence=incidence,
            coverage=coverage,
            covered=None if coverage.value is None else coverage.value >= RULES_4800.coverage_percent,
            next_limit_per_100k=limit,
            cases_to_next=missing,
            history=tuple(
                (about, None if known is None else int(known)) for about, known in zip(days, levels[unit], strict=True)
            ),
            rules=RULES_4800,
        )
    return found


def _cases_to(limit: float, incidence: Reading) -> int | None:
    """Whole cases from the week's count up to the limit; None where the count or the population is not known."""
    if incidence.numerator is None or not incidence.denominator:
        return None
    needed = limit * incidence.denominator / 100_000 - incidence.numerator
    return max(1, math.ceil(needed - 1e-9))
