"""The additive observations of a release as arrays: the daily values of every measure, stratum and unit.

The newest versions are read once, when a release is opened (0.1 s and 14 MB for 700,000 observations); a page's
figures are then sums over slices of them. What was known at an earlier moment is read from the history by one query.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from analytics.sql import query

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Days = NDArray[np.int32]
Part = tuple[str, str]
"""A measure and a stratum of it, such as ("tests.positives", "method=pcr"); "" is the total."""

EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Days since 1/1/1970."""
    return (day - EPOCH).days


@dataclass(frozen=True)
class Coverage:
    """Days for which a line list is complete: within them no row means a reported 0."""

    dataset: str
    first_day: date
    last_day: date
    issued: datetime


@dataclass(frozen=True)
class PartRows:
    """The observations of one part, sorted by unit and day."""

    unit_no: Days
    day_no: Days
    value: Floats


@dataclass(frozen=True)
class Shape:
    """What a release holds at all, whatever the day: the same for the newest versions and for any earlier moment."""

    parts: frozenset[Part]
    units_of: dict[str, frozenset[str]]
    """The units that ever reported a measure, in any stratum."""
    line_lists: frozenset[str]
    """Datasets with a coverage."""


@dataclass(frozen=True)
class Cube:
    """Observations by part; units and days are numbers."""

    rows: dict[Part, PartRows]
    unit_numbers: dict[str, int]
    coverage: tuple[Coverage, ...]
    shape: Shape

    @classmethod
    def newest(cls, cursor: duckdb.DuckDBPyConnection) -> Cube:
        """The newest version of every observation of the attached picture."""
        units = [
            unit for (unit,) in cursor.execute("SELECT DISTINCT unit FROM picture.observation ORDER BY unit").fetchall()
        ]
        values = {"unit": units, "unit_no": list(range(len(units))), "origin": EPOCH}
        rows = _part_rows(cursor.execute(query("cube_newest"), values).fetchnumpy())
        coverage = read_coverage(cursor)
        reporters: dict[str, set[int]] = {}
        for (measure, _), part in rows.items():
            reporters.setdefault(measure, set()).update(np.unique(part.unit_no).tolist())
        shape = Shape(
            parts=frozenset(rows),
            units_of={measure: frozenset(units[number] for number in found) for measure, found in reporters.items()},
            line_lists=frozenset(item.dataset for item in coverage),
        )
        return cls(rows, {unit: number for number, unit in enumerate(units)}, coverage, shape)

    def as_of(
        self,
        cursor: duckdb.DuckDBPyConnection,
        moment: datetime,
        *,
        first_days: Mapping[Part, date],
        units: Sequence[str],
        last_day: date,
    ) -> Cube:
        """The parts of `first_days`, each from its own first day, of `units` as they were known at `moment`."""
        values = {
            "measure": [measure for measure, _ in first_days],
            "stratum": [stratum for _, stratum in first_days],
            "first_day": list(first_days.values()),
            "part_no": list(range(len(first_days))),
            "first_measure": min(measure for measure, _ in first_days),
            "last_measure": max(measure for measure, _ in first_days),
            "unit": list(units),
            "unit_no": list(range(len(units))),
            "last_day": last_day,
            "moment": moment,
            "origin": EPOCH,
        }
        rows = _part_rows(cursor.execute(query("cube_as_of"), values).fetchnumpy())
        known = tuple(item for item in self.coverage if item.issued <= moment)
        return Cube(rows, {unit: number for number, unit in enumerate(units)}, known, self.shape)

    def daily(self, part: Part, units: Sequence[str], first: int, last: int) -> Floats:
        """Daily values, shape (units, days from first to last); NaN where there is no observation."""
        out = np.full((len(units), last - first + 1), np.nan)
        rows = self.rows.get(part)
        if rows is None or not len(units) or last < first:
            return out
        position = self._positions(units)
        place, day = position[rows.unit_no], rows.day_no - first
        chosen = (place >= 0) & (day >= 0) & (day <= last - first)
        out[place[chosen], day[chosen]] = rows.value[chosen]
        return out

    def newest_until(self, part: Part, units: Sequence[str], days: Days) -> Floats:
        """The newest value on or before each day, shape (units, days); NaN where nothing was reported by then."""
        out = np.full((len(units), len(days)), np.nan)
        rows = self.rows.get(part)
        if rows is None:
            return out
        for row, unit in enumerate(units):
            number = self.unit_numbers.get(unit)
            if number is None:
                continue
            begin, end = np.searchsorted(rows.unit_no, [number, number + 1])
            at = np.searchsorted(rows.day_no[begin:end], days, side="right") - 1
            out[row] = np.where(at >= 0, rows.value[begin:end][np.maximum(at, 0)] if end > begin else np.nan, np.nan)
        return out

    def first_day(self, part: Part) -> int | None:
        """The number of the first day observed for a part, or None."""
        rows = self.rows.get(part)
        return None if rows is None or not len(rows.day_no) else int(rows.day_no.min())

    def first_days(self, part: Part, units: Sequence[str]) -> NDArray[np.float64]:
        """The number of the first day observed for a part in each unit; infinite where there is none."""
        out = np.full(len(units), np.inf)
        rows = self.rows.get(part)
        for row, unit in enumerate(units):
            number = self.unit_numbers.get(unit)
            if rows is None or number is None:
                continue
            begin, end = np.searchsorted(rows.unit_no, [number, number + 1])
            if end > begin:
                out[row] = rows.day_no[begin]
        return out

    def covered(self, dataset: str, first: int, last: int) -> Bools:
        """Which of the days from first to last a line list covers."""
        days = np.zeros(last - first + 1, dtype=bool)
        for begin, end in self._spans.get(dataset, ()):
            days[max(begin - first, 0) : max(end - first + 1, 0)] = True
        return days

    @cached_property
    def _spans(self) -> dict[str, list[tuple[int, int]]]:
        """The covered days of each line list, its many overlapping deliveries merged."""
        merged: dict[str, list[tuple[int, int]]] = {}
        for item in sorted(self.coverage, key=lambda item: (item.dataset, item.first_day)):
            spans = merged.setdefault(item.dataset, [])
            begin, end = day_number(item.first_day), day_number(item.last_day)
            if spans and begin <= spans[-1][1] + 1:
                spans[-1] = (spans[-1][0], max(spans[-1][1], end))
            else:
                spans.append((begin, end))
        return merged

    def _positions(self, units: Sequence[str]) -> NDArray[np.int64]:
        position = np.full(max(len(self.unit_numbers), 1), -1, dtype=np.int64)
        for row, unit in enumerate(units):
            number = self.unit_numbers.get(unit)
            if number is not None:
                position[number] = row
        return position


@dataclass(frozen=True)
class Reports:
    """When each unit's report about each day of each dataset was last issued."""

    days: dict[tuple[str, str], Days]
    issued: dict[tuple[str, str], Floats]
    coverage: tuple[Coverage, ...]

    @classmethod
    def read(
        cls, cursor: duckdb.DuckDBPyConnection, moment: datetime | None = None, first_day: date | None = None
    ) -> Reports:
        """The reports about days from `first_day` that had been issued by `moment`; all of them by default."""
        known = tuple(item for item in read_coverage(cursor) if moment is None or item.issued <= moment)
        values = {"moment": moment, "first_day": first_day}
        return cls._of(cursor.execute(query("reports"), values).fetchnumpy(), known)

    @classmethod
    def newest(
        cls, cursor: duckdb.DuckDBPyConnection, moment: datetime, datasets: Iterable[str], last_day: date
    ) -> Reports:
        """Only the newest report of each dataset and unit about days up to `last_day`, issued by `moment`."""
        known = tuple(item for item in read_coverage(cursor) if item.issued <= moment)
        values = {"datasets": sorted(set(datasets)), "moment": moment, "last_day": last_day}
        return cls._of(cursor.execute(query("newest_issues"), values).fetchnumpy(), known)

    @classmethod
    def _of(cls, columns: dict[str, Any], coverage: tuple[Coverage, ...]) -> Reports:
        keys = [(str(dataset), str(unit)) for dataset, unit in zip(columns["dataset"], columns["unit"], strict=True)]
        days = {key: np.asarray(value, dtype=np.int32) for key, value in zip(keys, columns["days"], strict=True)}
        # Running maximum: the newest issue among the reports about days up to a given one.
        issued = {
            key: np.maximum.accumulate(np.asarray(value, dtype=np.float64))
            for key, value in zip(keys, columns["issued"], strict=True)
        }
        return cls(days, issued, coverage)

    def newest_issue(self, datasets: Iterable[str], units: Iterable[str], day: int) -> float | None:
        """The newest issue, in seconds since 1970, among reports about days up to `day`; None where there is none."""
        wanted = set(datasets)
        times = [self._newest_delivery[name] for name in wanted if name in self._newest_delivery]
        newest = [issued for first, issued in times if first <= day]
        for unit in units:
            for dataset in wanted:
                known = self.days.get((dataset, unit))
                at = int(np.searchsorted(known, day, side="right")) if known is not None else 0
                if at:
                    newest.append(float(self.issued[dataset, unit][at - 1]))
        return max(newest) if newest else None

    @cached_property
    def _newest_delivery(self) -> dict[str, tuple[int, float]]:
        """For each line list, the first day it covers and when it was last delivered, in seconds since 1970."""
        found: dict[str, tuple[int, float]] = {}
        for item in self.coverage:
            first, issued = found.get(item.dataset, (day_number(item.first_day), 0.0))
            found[item.dataset] = (min(first, day_number(item.first_day)), max(issued, item.issued.timestamp()))
        return found

    def has(self, dataset: str, unit: str, day: int) -> bool:
        """True where the unit sent a report about that day."""
        known = self.days.get((dataset, unit))
        if known is None:
            return False
        at = int(np.searchsorted(known, day))
        return at < len(known) and int(known[at]) == day


def _part_rows(columns: dict[str, Any]) -> dict[Part, PartRows]:
    """Columns with a list for each part as arrays sorted by unit and day."""
    found: dict[Part, PartRows] = {}
    names = ("measure", "stratum", "unit_no", "day_no", "value")
    for measure, stratum, unit_no, day_no, value in zip(*(columns[name] for name in names), strict=True):
        order = np.lexsort((day_no, unit_no))
        values = np.asarray(value, dtype=np.float64)[order]
        found[str(measure), str(stratum)] = PartRows(np.asarray(unit_no)[order], np.asarray(day_no)[order], values)
    return found


def read_coverage(cursor: duckdb.DuckDBPyConnection) -> tuple[Coverage, ...]:
    """The coverage of every line list, as known after each of its deliveries."""
    rows = cursor.execute("SELECT dataset, first_day, last_day, issued FROM picture.coverage ORDER BY ALL").fetchall()
    return tuple(Coverage(*row) for row in rows)
