"""Administrative units with dates of validity, and the questions a register of them answers.

A code identifies a unit only with a date: 753 is Huyện Đất Đỏ until 31/12/2024 and Huyện Long Đất after it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from data_sources.refusal import Refused

LEVELS = ("country", "province", "district", "commune")
"""From the largest to the smallest; a country is the root above the provinces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One unit during one period; both ends of the period belong to it, None is open."""

    code: str
    name: str
    short_name: str
    kind: str
    level: str
    parent: str | None
    valid_from: date | None = None
    valid_to: date | None = None
    successors: tuple[str, ...] = ()
    """The codes that have its territory on the day after `valid_to`."""
    population: int | None = None
    population_18_plus: int | None = None

    def valid_on(self, day: date) -> bool:
        """Whether the unit exists on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class Register:
    """All units that an installation knows, in every period; immutable after it is built."""

    def __init__(
        self,
        units: Iterable[Unit],
        *,
        reference_day: date | None = None,
        other_names: Mapping[str, tuple[str, ...]] | None = None,
        where: str = "unit register",
    ) -> None:
        """Index `units`; Refused for a code that is two units on one day, a parent that is no unit, or a circle.

        `reference_day` answers the questions asked without a day; without it the newest period of a code does.
        `other_names`: for a code the names in use that no rule of spelling leads to.
        """
        self.other_names = other_names or {}
        self.reference_day = reference_day
        self.where = where
        self._periods: dict[str, list[Unit]] = defaultdict(list)
        for unit in units:
            self._periods[unit.code].append(unit)
        self._below: dict[str, list[Unit]] = defaultdict(list)
        for code, periods in self._periods.items():
            periods.sort(key=lambda unit: unit.valid_from or date.min)
            for earlier, later in pairwise(periods):
                if earlier.valid_to is None or later.valid_from is None or later.valid_from <= earlier.valid_to:
                    raise self._refused(
                        "one unit for a code on any day",
                        f"{earlier.name} and {later.name} with the code {code}",
                        "Give the earlier a valid_to before the later's valid_from, or give one of them another code.",
                    )
            for unit in periods:
                if unit.parent is not None:
                    self._below[unit.parent].append(unit)
        self._check_parents()

    def _refused(self, needed: str, found: str, remedy: str) -> Refused:
        return Refused(needed=needed, found=found, where=self.where, remedy=remedy)

    def _check_parents(self) -> None:
        for code, periods in self._periods.items():
            for unit in periods:
                if unit.parent is not None and unit.parent not in self._periods:
                    raise self._refused(
                        "a parent that is a unit of the register",
                        f"{unit.parent} as the parent of {unit.name} ({code})",
                        "Add a row for the parent, or leave the parent empty for a unit right below the province.",
                    )
            seen = {code}
            above = periods[-1].parent
            while above is not None:
                if above in seen:
                    raise self._refused(
                        "parents that end at the top", f"a circle through {code}", "Correct the column of parents."
                    )
                seen.add(above)
                above = self._periods[above][-1].parent

    def __contains__(self, code: object) -> bool:
        return code in self._periods

    def units(self, day: date | None = None) -> tuple[Unit, ...]:
        """Every unit that exists on `day`; without a day every period of every unit."""
        return tuple(
            unit for periods in self._periods.values() for unit in periods if day is None or unit.valid_on(day)
        )

    def periods(self, code: str) -> tuple[Unit, ...]:
        """The units that have had `code`, oldest first; empty for an unknown code."""
        return tuple(self._periods.get(code, ()))

    def get(self, code: str, day: date | None = None) -> Unit | None:
        """The unit that `code` stands for on `day`, or None; without a day on the register's reference day."""
        periods = self._periods.get(code)
        if not periods:
            return None
        day = day or self.reference_day
        if day is None:
            return periods[-1]
        return next((unit for unit in periods if unit.valid_on(day)), None)

    def children(self, code: str, day: date | None = None) -> tuple[Unit, ...]:
        """The units right below `code` on `day`, by code; empty where there are none."""
        day = day or self.reference_day
        if day is None:
            found = {unit.code: unit for unit in self._below.get(code, ())}
            below = [unit for unit in found.values() if self._periods[unit.code][-1] is unit]
        else:
            below = [unit for unit in self._below.get(code, ()) if unit.valid_on(day)]
        return tuple(sorted(below, key=lambda unit: unit.code))

    def leaves(self, code: str, level: str, day: date | None = None) -> tuple[Unit, ...]:
        """The units of `level` below `code` on `day`, by code: those that must report.

        A unit above the level that has nothing below it stands for itself (Huyện Côn Đảo has no commune).
        Empty where `code` is no unit on that day; Refused where it never is.
        """
        if code not in self._periods:
            raise self._refused("the code of a unit of the register", repr(code), "Correct the code, or add the unit.")
        top = self.get(code, day)
        if top is None:
            return ()
        if LEVELS.index(top.level) >= LEVELS.index(level):
            return (top,)
        below = self.children(code, day)
        if not below:
            return (top,)
        return tuple(leaf for unit in below for leaf in self.leaves(unit.code, level, day))

    def lineage(self, unit: Unit, day: date | None = None) -> tuple[Unit, ...]:
        """The unit and everything above it, from the smallest to the largest, on `day`."""
        day = day or self.reference_day
        line = [unit]
        while line[-1].parent is not None:
            above = line[-1].parent
            found = self.get(above, day) or self._periods[above][-1]
            line.append(found)
        return tuple(line)

    def province_of(self, code: str, day: date | None = None) -> Unit | None:
        """The province that `code` lies in (itself, for a province) on `day`; None above provinces or where unknown."""
        unit = self.get(code, day)
        if unit is None:
            return None
        return next((above for above in self.lineage(unit, day) if above.level == "province"), None)

    def change_days(self, code: str) -> tuple[date, ...]:
        """The days on which a unit at or below `code` begins or is first gone, oldest first.

        Between two of them a code below `code` stands for one unit; names of rows are resolved for each stretch apart.
        """
        days: set[date] = set()
        waiting, seen = [code], {code}
        while waiting:
            current = waiting.pop()
            for unit in self._periods.get(current, ()):
                if unit.valid_from is not None:
                    days.add(unit.valid_from)
                if unit.valid_to is not None:
                    days.add(unit.valid_to + timedelta(days=1))
            for unit in self._below.get(current, ()):
                if unit.code not in seen:
                    seen.add(unit.code)
                    waiting.append(unit.code)
        return tuple(sorted(days))
