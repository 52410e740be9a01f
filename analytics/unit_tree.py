"""The administrative units of a release: names, parents, populations and who must report."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

EPOCH = date(1970, 1, 1)
MOST_KEPT = 4096
"""Different groups of units that are asked about; a process that meets more begins to keep them anew."""


@dataclass(frozen=True, kw_only=True)
class Unit:
    """One administrative unit as it was during its validity."""

    code: str
    name: str
    short_name: str
    kind: str
    level: str
    parent: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    population: int | None = None
    population_18_plus: int | None = None
    label_longitude: float | None = None
    label_latitude: float | None = None
    island: bool = False
    reporting: bool = False
    successors: tuple[str, ...] = ()
    """The codes that have its territory on the day after `valid_to`."""

    def holds_on(self, day: date) -> bool:
        """True where the unit existed on `day`; an open end of its validity counts as still standing."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Joint:
    """A day on which a unit began out of others: its figures of earlier days are put together from theirs."""

    unit: str
    since: date
    before: tuple[Unit, ...]
    """What it was formed from."""
    whole: bool
    """False where one of them was divided among several units: then nothing can be put together."""

    @property
    def since_no(self) -> int:
        """The day of `since` counted from 1/1/1970, as figures are counted."""
        return (self.since - EPOCH).days

    @property
    def eve(self) -> date:
        """The last day of what it was formed from."""
        return self.since - timedelta(days=1)


class UnitTree:
    """The units of a release; a code is looked up together with a day, because codes are given out again.

    `day` defaults to the release's last day everywhere. Order is the register's own (by code).
    """

    def __init__(self, units: Iterable[Unit], *, province_code: str, level: str, day: date) -> None:
        self._rows: dict[str, list[Unit]] = {}
        for unit in sorted(units, key=lambda item: (item.code, item.valid_from or date.min)):
            self._rows.setdefault(unit.code, []).append(unit)
        self._children: dict[str, list[str]] = {}
        for code, rows in self._rows.items():
            for parent in {row.parent for row in rows if row.parent is not None and row.parent != code}:
                self._children.setdefault(parent, []).append(code)
        every = [row for rows in self._rows.values() for row in rows]
        begun = {row.valid_from for row in every if row.valid_from is not None}
        ended = {row.valid_to + timedelta(days=1) for row in every if row.valid_to not in (None, date.max)}
        self._changes = sorted(begun | ended)
        self._leaves: dict[tuple[str, int], tuple[Unit, ...]] = {}
        self._joints: dict[tuple[str, date], Joint | None] = {}
        self._standing: dict[tuple[tuple[str, ...], str, int], tuple[float, ...]] = {}
        self._joined: dict[tuple[tuple[str, ...], int], dict[int, Joint]] = {}
        self.province_code = province_code
        self.level = level
        self.day = day

    def __contains__(self, code: object) -> bool:
        return code in self._rows

    def __len__(self) -> int:
        return len(self._rows)

    def on(self, day: date) -> UnitTree:
        """The same register with another default day."""
        if day == self.day:
            return self
        rows = [row for held in self._rows.values() for row in held]
        return UnitTree(rows, province_code=self.province_code, level=self.level, day=day)

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code of the register once."""
        return tuple(self._rows)

    def get(self, code: str, day: date | None = None) -> Unit:
        """The unit that bore `code` on `day`, or its nearest holder where none did; KeyError for an unknown code."""
        if code not in self._rows:
            raise KeyError(f"unit {code!r} is not in the release's register of {len(self._rows)} units")
        rows = self._rows[code]
        at = day or self.day
        for row in reversed(rows):
            if row.holds_on(at):
                return row
        return rows[-1]

    def period(self, day: date) -> int:
        """The number of the stretch of days around `day` in which no unit of the register begins or ends."""
        return bisect_right(self._changes, day)

    def end_of_period(self, day: date) -> date:
        """The last day of that stretch; date.max where nothing changes after `day`."""
        period = self.period(day)
        return self._changes[period] - timedelta(days=1) if period < len(self._changes) else date.max

    def children(self, code: str, day: date | None = None) -> tuple[Unit, ...]:
        """The units directly below `code` on `day`."""
        at = day or self.day
        found = (self.get(child, at) for child in self._children.get(code, ()))
        return tuple(unit for unit in found if unit.parent == code and unit.holds_on(at))

    def leaves(self, code: str, day: date | None = None) -> tuple[Unit, ...]:
        """The units at the reporting level within `code`; the unit itself where it has none below it.

        For the release's own province these are the units that must report, wherever the register says so.
        """
        at = day or self.day
        key = (code, self.period(at))
        if key not in self._leaves:
            self._leaves[key] = self._find_leaves(code, at)
        return self._leaves[key]

    def _find_leaves(self, code: str, at: date) -> tuple[Unit, ...]:
        if code == self.province_code:
            must_report = self.reporting(day=at)
            if must_report:
                return must_report
        below: list[Unit] = []
        waiting = list(self.children(code, at))
        while waiting:
            unit = waiting.pop(0)
            if unit.level == self.level:
                below.append(unit)
            else:
                waiting.extend(self.children(unit.code, at))
        if not below and code == self.province_code and self.level == "province":
            below = [unit for unit in self.at_level("province", at) if unit.code != code]
        return tuple(below) if below else ((self.get(code, at),) if code in self._rows else ())

    def reporting(self, code: str | None = None, day: date | None = None) -> tuple[Unit, ...]:
        """The units that must report, all of them or those within `code`."""
        at = day or self.day
        if code is None or code == self.province_code:
            rows = (self.get(item, at) for item in self._rows)
            return tuple(unit for unit in rows if unit.reporting and unit.holds_on(at))
        return tuple(unit for unit in self.leaves(code, at) if unit.reporting)

    def at_level(self, level: str, day: date | None = None) -> tuple[Unit, ...]:
        """Every unit of `level`, such as all provinces of the country."""
        at = day or self.day
        rows = (self.get(item, at) for item in self._rows)
        return tuple(unit for unit in rows if unit.level == level and unit.holds_on(at))

    def layers(self, code: str, day: date) -> tuple[tuple[Unit, ...], ...]:
        """The units below `code` on `day`, level by level; empty where there are none."""
        found: list[tuple[Unit, ...]] = []
        layer = self.children(code, day)
        while layer:
            found.append(layer)
            layer = tuple(unit for above in layer for unit in self.children(above.code, day))
        return tuple(found)

    def predecessors(self, unit: Unit) -> tuple[Unit, ...]:
        """The units whose territory became part of `unit` on its first day, those within another of them left out."""
        if unit.valid_from is None:
            return ()
        eve = unit.valid_from - timedelta(days=1)
        ended = [row for rows in self._rows.values() for row in rows if row.valid_to == eve]
        found = {row.code: row for row in ended if unit.code in row.successors and row != unit}
        return tuple(row for row in found.values() if not self._above(row, eve) & set(found))

    def _above(self, unit: Unit, day: date) -> set[str]:
        above: set[str] = set()
        parent = unit.parent
        while parent is not None and parent in self._rows and parent not in above:
            above.add(parent)
            parent = self.get(parent, day).parent
        return above

    def joint(self, code: str, day: date) -> Joint | None:
        """How the unit that bears `code` on `day` began, or None where it always was.

        None too where nothing is known of what it was formed from and nobody else bore its code before.
        """
        if code not in self._rows:
            return None
        unit = self.get(code, day)
        if unit.valid_from is None:
            return None
        if (code, unit.valid_from) not in self._joints:
            before = self.predecessors(unit)
            whole = bool(before) and all(row.successors == (code,) for row in before)
            reused = any(row.valid_to and row.valid_to < unit.valid_from for row in self._rows[code])
            known = Joint(code, unit.valid_from, before, whole)
            self._joints[code, unit.valid_from] = known if before or reused else None
        return self._joints[code, unit.valid_from]

    def joined(self, units: Sequence[str], day: date) -> dict[int, Joint]:
        """How each of `units` began, by its place, for those that were formed out of others before or on `day`."""
        key = (tuple(units), self.period(day))
        if key not in self._joined:
            found = {row: self.joint(unit, day) for row, unit in enumerate(units)}
            if len(self._joined) >= MOST_KEPT:
                self._joined.clear()
            self._joined[key] = {row: one for row, one in found.items() if one is not None and one.since <= day}
        return self._joined[key]

    def standing(self, units: Sequence[str], column: str, day: date) -> tuple[float, ...]:
        """A column of the register for each of `units` on `day`, such as `population`; NaN where it has none."""
        key = (tuple(units), column, self.period(day))
        if key not in self._standing:
            found = (getattr(self.get(unit, day), column) if unit in self else None for unit in units)
            if len(self._standing) >= MOST_KEPT:
                self._standing.clear()
            self._standing[key] = tuple(float(value) if value else math.nan for value in found)
        return self._standing[key]

    def joints(self, code: str, first_day: date, last_day: date) -> tuple[Joint, ...]:
        """Every joint that a series of the unit from `first_day` to `last_day` crosses, the newest first."""
        found: list[Joint] = []
        waiting = [(code, last_day)]
        while waiting:
            joint = self.joint(*waiting.pop(0))
            if joint is None or joint.since <= first_day or joint in found:
                continue
            found.append(joint)
            waiting.extend((unit.code, joint.eve) for unit in joint.before if joint.whole)
        return tuple(found)

    def ancestry(self, code: str, day: date) -> tuple[str, ...]:
        """The codes whose figures a series of `code` up to `day` may need: its own and all it was formed from."""
        codes = [code]
        for joint in self.joints(code, date.min, day):
            for unit in joint.before:
                codes.append(unit.code)
                codes.extend(below.code for layer in self.layers(unit.code, joint.eve) for below in layer)
        return tuple(dict.fromkeys(codes))

    def is_parent(self, code: str, day: date | None = None) -> bool:
        """True where the figure of `code` is put together from other units."""
        return any(unit.code != code for unit in self.leaves(code, day))
