"""The administrative units of a release: names, parents, populations and who must report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


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

    def holds_on(self, day: date) -> bool:
        """True where the unit existed on `day`; an open end of its validity counts as still standing."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


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
        self._leaves: dict[tuple[str, date], tuple[Unit, ...]] = {}
        self.province_code = province_code
        self.level = level
        self.day = day

    def __contains__(self, code: object) -> bool:
        return code in self._rows

    def __len__(self) -> int:
        return len(self._rows)

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
        if (code, at) not in self._leaves:
            self._leaves[code, at] = self._find_leaves(code, at)
        return self._leaves[code, at]

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

    def is_parent(self, code: str, day: date | None = None) -> bool:
        """True where the figure of `code` is put together from other units."""
        return any(unit.code != code for unit in self.leaves(code, day))
