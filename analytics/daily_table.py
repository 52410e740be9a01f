"""The daily values of one measure and stratum as a table: a row for each unit, a column for each day observed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Days = NDArray[np.int32]
Rows = NDArray[np.int32]
Number = TypeVar("Number", np.int32, np.int64)

MOST_KEPT = 1024
"""Different groups of units that are asked about, as in UnitTree."""


class UnitRows(dict[str, int]):
    """The row of each unit; tables of the same units share one."""

    def __init__(self, units: Iterable[str] = ()) -> None:
        super().__init__({unit: row for row, unit in enumerate(units)})
        self._found: dict[tuple[str, ...], tuple[Rows | slice, bool]] = {}

    def of(self, units: Sequence[str]) -> Rows | slice:
        """The rows of `units`, the one after the last for those that have none; not to be written to.

        A slice where they stand one after another, which costs no copy of what it is taken from.
        """
        return self._find(units)[0]

    def of_all(self, units: Sequence[str]) -> Rows | slice | None:
        """The rows of `units`, None where one of them has none."""
        rows, every = self._find(units)
        return rows if every else None

    def _find(self, units: Sequence[str]) -> tuple[Rows | slice, bool]:
        key = tuple(units)
        found = self._found.get(key)
        if found is None:
            if len(self._found) >= MOST_KEPT:
                self._found.clear()
            numbers = np.array([self.get(unit, len(self)) for unit in units], dtype=np.int32)
            found = self._found[key] = together(numbers), bool((numbers < len(self)).all())
        return found


def together(numbers: NDArray[Number]) -> NDArray[Number] | slice:
    """The numbers as a slice where they follow one another."""
    follow = len(numbers) > 0 and bool((np.diff(numbers) == 1).all())
    return slice(int(numbers[0]), int(numbers[-1]) + 1) if follow else numbers


@dataclass(frozen=True)
class DailyTable:
    """Daily values; NaN is a day of a unit without an observation."""

    row_of: UnitRows
    """Of each unit that has any observation."""
    days: Days
    """The days that may have an observation, ascending; a census has two columns and not ten years of them."""
    value: Floats
    """Shape (units + 1, days); the last row is empty and stands for every unit that is not in `row_of`."""

    @classmethod
    def of(cls, row_of: UnitRows, row: Rows, day: Days, value: Floats) -> DailyTable:
        """The table of single observations, each cell given once."""
        if not len(day):
            return cls(row_of, day, np.full((len(row_of) + 1, 0), np.nan))
        first = int(day.min())
        seen = np.zeros(int(day.max()) - first + 1, dtype=bool)
        seen[day - first] = True
        column = np.cumsum(seen, dtype=np.int32) - 1
        days = np.asarray(np.flatnonzero(seen) + first, dtype=np.int32)
        table = np.full((len(row_of) + 1, len(days)), np.nan)
        table[row, column[day - first]] = value
        return cls(row_of, days, table)

    @classmethod
    def empty(cls) -> DailyTable:
        """No unit and no day."""
        return cls(UnitRows(), np.array([], dtype=np.int32), np.full((1, 0), np.nan))

    def replaced(self, cells: Mapping[tuple[str, int], float]) -> DailyTable:
        """The table with some values of units and days in place of its own, or added to them."""
        row_of = UnitRows(dict.fromkeys((*self.row_of, *(unit for unit, _ in cells))))
        days = np.union1d(self.days, np.array([day for _, day in cells], dtype=np.int32))
        value = np.full((len(row_of) + 1, len(days)), np.nan)
        value[: len(self.row_of), days.searchsorted(self.days)] = self.value[:-1]
        for (unit, day), one in cells.items():
            value[row_of[unit], days.searchsorted(day)] = one
        return DailyTable(row_of, days, value)

    def daily(self, units: Sequence[str], first: int, last: int) -> Floats:
        """Daily values, shape (units, days from first to last), not to be written to; NaN without an observation."""
        begin, end = self.days.searchsorted((first, last + 1))
        known = self.value[self.row_of.of(units), begin:end]
        if end - begin == last - first + 1:
            return known
        out = np.full((len(units), max(last - first + 1, 0)), np.nan)
        out[:, self.days[begin:end] - first] = known
        return out

    def newest_until(self, units: Sequence[str], days: NDArray[np.int32]) -> Floats:
        """The newest value on or before each day, shape (units, days); NaN where nothing was reported by then."""
        if not len(self.days):
            return np.full((len(units), len(days)), np.nan)
        found = self.days.searchsorted(days, side="right") - 1
        rows = self.row_of.of(units)
        column, place = found[:1], np.zeros(len(days), dtype=np.intp)
        if (found != found[:1]).any():
            column, place = np.unique(found, return_inverse=True)
        newest = np.where(column >= 0, self._newest_column[rows][:, np.maximum(column, 0)], -1)
        values = np.take_along_axis(self.value[rows], np.maximum(newest, 0), axis=1)
        return np.where(newest >= 0, values, np.nan)[:, place]

    def first_day(self) -> int | None:
        """The number of the first day observed, or None."""
        return self._first_day

    def first_days(self, units: Sequence[str]) -> Floats:
        """The number of the first day observed in each unit; infinite where there is none."""
        return self._first_days[self.row_of.of(units)]

    @cached_property
    def _newest_column(self) -> NDArray[np.int32]:
        """For each cell, the column of the newest value up to it; -1 where there is none."""
        columns = np.arange(len(self.days), dtype=np.int32)
        return np.maximum.accumulate(np.where(np.isnan(self.value), np.int32(-1), columns), axis=1)

    @cached_property
    def _first_day(self) -> int | None:
        first = self._first_days.min()
        return int(first) if np.isfinite(first) else None

    @cached_property
    def _first_days(self) -> Floats:
        if not len(self.days):
            return np.full(len(self.row_of) + 1, np.inf)
        present = ~np.isnan(self.value)
        return np.where(present.any(axis=1), self.days[present.argmax(axis=1)], np.inf)
