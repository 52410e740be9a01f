"""The levels of risk with what they rest on, and how many cases more would raise them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from analytics.province_rules import RULES_2686, Condition, Judged, ProvinceRules, cases_to_exceed
from analytics.readings import Counts, Reading, counts, history, read
from analytics.release import AsOf, Release
from analytics.risk_rules import RULES_4800, LevelRules

LEVEL_ID = "risk_level"
INCIDENCE_ID = "community_incidence_7d"
COVERAGE_ID = "coverage_first"
OLDER_ID = "coverage_full_65"
PROVINCE_LEVEL_ID = "risk_level_province"
PROVINCE_INCIDENCE_ID = "incidence_14d"
HISTORY_DAYS = 10

History = tuple[tuple[date, int | None], ...]


@dataclass(frozen=True, kw_only=True)
class Prospect:
    """A unit's level on a day by Decision 4800, and the way to the next one."""

    unit: str
    day: date
    level: int | None
    cases: Counts
    """Community cases of the week: per 100,000 residents, their number, and the residents."""
    coverage_percent: float | None
    older_percent: float | None
    next_limit_per_100k: float | None
    """Community cases per 100,000 per week from which the level is higher; None at the highest or unknown."""
    next_level: int | None
    cases_to_next: int | None
    """How many community cases more in the week would raise the level, to `next_level`."""
    history: History
    """The level of each of the last HISTORY_DAYS days."""
    rules: LevelRules

    def cases_to(self, level: int) -> int | None:
        """How many community cases more in the week would give at least `level`; None where none or not known."""
        events, residents, coverage = self.cases.numerator, self.cases.denominator, self.coverage_percent
        if events is None or not residents or coverage is None or self.level is None:
            return None
        return self.rules.cases_to(level, events, residents, coverage, self.older_percent, self.day)


@dataclass(frozen=True, kw_only=True)
class Outlook(Prospect):
    """The same with the readings it rests on, and which conditions are met."""

    reading: Reading
    incidence: Reading
    coverage: Reading
    older: Reading
    covered: bool | None
    """True where first-dose coverage reaches the rule's share, which lowers the level; None where it is unknown."""
    older_met: bool | None
    """True where older residents' coverage reaches its target; None where unknown, and the level leaves it out."""
    raised: bool
    """True where the level is higher because that target was missed."""
    level_if_older_missed: int | None
    """The level it would be if the target were missed; where `older_met` is None the level may be this one."""


@dataclass(frozen=True)
class ProvinceOutlook:
    """An area's level on a day by Decision 2686, the conditions behind it, and the way to the next one."""

    unit: str
    day: date
    level: int | None
    reading: Reading
    incidence: Reading
    conditions: tuple[Judged, ...]
    """Every condition of the rule with what was found, from the highest level to the lowest."""
    at_most: int
    """The level if everything unknown were met, what no source sends left out; `level` itself where all is known."""
    next_level: int | None
    cases_to_next: int | None
    """The least number of new community cases that would raise the level, to `next_level`."""
    next_condition: Condition | None
    """The condition that this number of cases would meet."""
    history: History
    rules: ProvinceRules

    @property
    def resting_on(self) -> tuple[Judged, ...]:
        """The conditions that are met at the level found."""
        return tuple(item for item in self.conditions if item.met and item.condition.level == self.level)


def outlook(release: Release, unit: str, day: date, as_of: AsOf = None) -> Outlook:
    """The level of `unit` on `day` by Decision 4800, the conditions met, and the cases missing to the next level."""
    return outlooks(release, (unit,), day, as_of)[unit]


def outlooks(release: Release, units: Sequence[str], day: date, as_of: AsOf = None) -> dict[str, Outlook]:
    """The outlook of each unit."""
    # The last days first: the day's own levels and what they rest on are among them.
    told = _histories(release, LEVEL_ID, units, day, as_of)
    readings = read(release, (LEVEL_ID, INCIDENCE_ID, COVERAGE_ID, OLDER_ID), units, day, as_of)
    return {unit: _outlook(unit, day, readings, told[unit]) for unit in units}


def prospects(release: Release, units: Sequence[str], day: date, as_of: AsOf = None) -> dict[str, Prospect]:
    """The outlook of each unit without its readings, in half the time."""
    told = _histories(release, LEVEL_ID, units, day, as_of)
    cases = counts(release, INCIDENCE_ID, units, day, as_of)
    coverage, older = (counts(release, name, units, day, as_of) for name in (COVERAGE_ID, OLDER_ID))
    return {
        unit: _prospect(unit, day, cases[unit], coverage[unit].value, older[unit].value, told[unit]) for unit in units
    }


def _prospect(
    unit: str, day: date, cases: Counts, coverage: float | None, older: float | None, told: History
) -> Prospect:
    rules, now = RULES_4800, told[-1][1]
    events, residents, shares = cases.numerator, cases.denominator, (coverage or 0.0, older)
    limit = next_level = missing = None
    if now is not None and cases.value is not None:
        limit = rules.next_limit(cases.value, *shares, day)
    if now is not None and limit is not None and events is not None and residents:
        missing = rules.cases_to(now + 1, events, residents, *shares, day)
        next_level = None if missing is None else rules.level_at(events + missing, residents, *shares, day)
    return Prospect(
        unit=unit,
        day=day,
        level=now,
        cases=cases,
        coverage_percent=coverage,
        older_percent=older,
        next_limit_per_100k=limit,
        next_level=next_level,
        cases_to_next=missing,
        history=told,
        rules=rules,
    )


def _outlook(unit: str, day: date, readings: dict[tuple[str, str], Reading], told: History) -> Outlook:
    names = (LEVEL_ID, INCIDENCE_ID, COVERAGE_ID, OLDER_ID)
    level, incidence, coverage, older = (readings[name, unit] for name in names)
    cases = Counts(incidence.value, incidence.numerator, incidence.denominator)
    prospect = _prospect(unit, day, cases, coverage.value, older.value, told)
    rules, now = prospect.rules, prospect.level
    missed, raised = None, False
    if now is not None and incidence.value is not None:
        missed = rules.level(incidence.value, coverage.value or 0.0, 0.0, day)
        raised = now > rules.level(incidence.value, coverage.value or 0.0, None, day)
    return Outlook(
        **vars(prospect),
        reading=level,
        incidence=incidence,
        coverage=coverage,
        older=older,
        covered=None if coverage.value is None else coverage.value >= rules.coverage_percent,
        older_met=None if older.value is None else older.value >= rules.older.percent,
        raised=raised,
        level_if_older_missed=missed,
    )


def province_outlook(
    release: Release, unit: str, day: date, as_of: AsOf = None, districts: Mapping[str, Prospect] | None = None
) -> ProvinceOutlook | None:
    """The level of `unit` on `day` by Decision 2686; None for a unit that is not made of units that report.

    `districts` are the prospects of those units where they are at hand already.
    """
    leaves = tuple(leaf.code for leaf in release.units.leaves(unit, day) if leaf.code != unit)
    if not leaves:
        return None
    rules = RULES_2686
    told = _histories(release, PROVINCE_LEVEL_ID, (unit,), day, as_of)[unit]
    readings = read(release, (PROVINCE_LEVEL_ID, PROVINCE_INCIDENCE_ID), (unit,), day, as_of)
    reading, incidence = readings[PROVINCE_LEVEL_ID, unit], readings[PROVINCE_INCIDENCE_ID, unit]
    districts = districts if districts is not None else prospects(release, leaves, day, as_of)
    levels = np.array([np.nan if item.level is None else item.level for item in districts.values()], dtype=float)
    judged = rules.judge(levels, np.nan if incidence.value is None else incidence.value)
    level = None if reading.value is None else int(reading.value)
    missing, following = _cheapest(judged, level, tuple(districts.values()), incidence)
    return ProvinceOutlook(
        unit=unit,
        day=day,
        level=level,
        reading=reading,
        incidence=incidence,
        conditions=judged,
        at_most=rules.at_most(judged),
        next_level=None if following is None else following.level,
        cases_to_next=missing,
        next_condition=following,
        history=told,
        rules=rules,
    )


def _cheapest(
    judged: Sequence[Judged], level: int | None, districts: Sequence[Prospect], incidence: Reading
) -> tuple[int | None, Condition | None]:
    """The fewest cases that meet a condition of a higher level, and that condition; the highest level among equals."""
    found: list[tuple[int, int, Condition]] = []
    for item in judged:
        condition = item.condition
        if level is None or condition.level <= level:
            continue
        cases = _cases_to_meet(condition, districts, incidence)
        if cases is not None:
            found.append((cases, -condition.level, condition))
    if not found:
        return None, None
    cases, _, condition = min(found, key=lambda way: way[:2])
    return cases, condition


def _cases_to_meet(condition: Condition, districts: Sequence[Prospect], incidence: Reading) -> int | None:
    """The fewest cases that meet `condition`; None where no number of them does or it is not known."""
    if condition.kind == "new_f0":
        if incidence.numerator is None or not incidence.denominator:
            return None
        return cases_to_exceed(condition, incidence.numerator, incidence.denominator)
    if not condition.district_level:
        return None
    costs = [cost for item in districts if (cost := item.cases_to(condition.district_level)) is not None]
    needed = condition.districts_needed(len(districts))
    return sum(sorted(costs)[:needed]) if len(costs) >= needed else None


def _histories(release: Release, name: str, units: Sequence[str], day: date, as_of: AsOf) -> dict[str, History]:
    days = [day - timedelta(days=number) for number in reversed(range(HISTORY_DAYS))]
    levels = history(release, name, units, days[0], day, as_of)
    return {
        unit: tuple(
            (about, None if known is None else int(known)) for about, known in zip(days, levels[unit], strict=True)
        )
        for unit in units
    }
