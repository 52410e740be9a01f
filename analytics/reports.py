"""When each unit's report about each day was issued, and what each line list covers; now and as known earlier."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import repeat
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from analytics.daily_table import Days
from analytics.sql import query
from analytics.versions import EPOCH_TIME, NEVER, Times, day_number, microseconds

Bools = NDArray[np.bool_]
Key = tuple[str, str]
"""A dataset and a unit."""
MICROSECONDS = 1e6
MOST_KEPT = 512
"""Datasets, days and moments whose newest issues are kept: those of a page and of the next."""
LATEST = 32
"""Reports of each unit that are looked at first."""


@dataclass(frozen=True)
class Coverage:
    """Days for which a line list is complete: within them no row means a reported 0."""

    dataset: str
    first_day: date
    last_day: date
    issued: datetime


class Covered:
    """The coverage of every line list, as known after each of its deliveries."""

    def __init__(self, coverage: Iterable[Coverage]) -> None:
        found: dict[str, list[tuple[int, int, int]]] = {}
        for item in coverage:
            span = (day_number(item.first_day), day_number(item.last_day), microseconds(item.issued))
            found.setdefault(item.dataset, []).append(span)
        self._spans = {dataset: np.array(spans, dtype=np.int64).T for dataset, spans in found.items()}

    @classmethod
    def read(cls, cursor: duckdb.DuckDBPyConnection) -> Covered:
        """The coverage in the attached picture."""
        rows = cursor.execute("SELECT dataset, first_day, last_day, issued FROM picture.coverage").fetchall()
        return cls(Coverage(*row) for row in rows)

    @property
    def datasets(self) -> frozenset[str]:
        """The line lists."""
        return frozenset(self._spans)

    def until(self, moment: datetime) -> Covered:
        """The coverage as it was known at `moment`."""
        known, at = Covered(()), microseconds(moment)
        cut = {dataset: spans[:, spans[2] <= at] for dataset, spans in self._spans.items()}
        known._spans = {dataset: spans for dataset, spans in cut.items() if spans.shape[1]}
        return known

    def days(self, dataset: str, first: int, last: int, moment: int = NEVER) -> Bools:
        """Which of the days from first to last a line list covered, as known at `moment`."""
        if dataset not in self._spans:
            return np.zeros(last - first + 1, dtype=bool)
        begin, end, issued = self._spans[dataset]
        known = (issued <= moment) & (end >= first) & (begin <= last)
        width = last - first + 2
        begun = np.bincount(np.maximum(begin[known] - first, 0), minlength=width)
        ended = np.bincount(np.minimum(end[known], last) - first + 1, minlength=width)
        return np.cumsum(begun - ended)[:-1] > 0

    def newest_issue(self, dataset: str, day: int, moment: int = NEVER) -> int | None:
        """When a line list was last delivered, in microseconds since 1970, if it covers anything up to `day`."""
        if dataset not in self._spans:
            return None
        begin, _, issued = self._spans[dataset]
        known = issued <= moment
        if not known.any() or int(begin[known].min()) > day:
            return None
        return int(issued[known].max())


@dataclass(frozen=True)
class ByIssue:
    """The reports of one dataset in the order of issue."""

    units: tuple[str, ...]
    unit_no: Days
    day: Days
    issued: Times

    @classmethod
    def of(cls, reports: Mapping[str, tuple[Days, Times]]) -> ByIssue:
        """The days and times of issue of each unit's reports, put in order."""
        numbers = np.repeat(np.arange(len(reports), dtype=np.int32), [len(days) for days, _ in reports.values()])
        nothing = np.array([], dtype=np.int32)
        day = np.concatenate([nothing, *(days for days, _ in reports.values())])
        issued = np.concatenate([nothing.astype(np.int64), *(issued for _, issued in reports.values())])
        order = issued.argsort(kind="stable")
        return cls(tuple(reports), numbers[order], day[order], issued[order])

    def newest(self, day: int, moment: int) -> dict[str, int]:
        """The newest issue until `moment` of each unit's reports about days up to `day`."""
        end = int(self.issued.searchsorted(moment, side="right"))
        if not end:
            return {}
        if end == len(self.issued):
            found = self._newest_until[:, int(self._days.searchsorted(day, side="right"))]
        else:
            found = self._newest_among(end, day)
        return {unit: issued for unit, issued in zip(self.units, found.tolist(), strict=True) if issued}

    @cached_property
    def _days(self) -> Days:
        """The days there are reports about."""
        return np.unique(self.day)

    @cached_property
    def _newest_about(self) -> Times:
        """Each unit's newest issue about each of those days; 0 where there is none."""
        table = np.zeros((len(self.units), len(self._days)), dtype=np.int64)
        np.maximum.at(table, (self.unit_no, self._days.searchsorted(self.day)), self.issued)
        return table

    @cached_property
    def _newest_until(self) -> Times:
        """Each unit's newest issue about no day, about the first of those days, about the first two, and so on."""
        none = np.zeros((len(self.units), 1), dtype=np.int64)
        return np.hstack((none, np.maximum.accumulate(self._newest_about, axis=1)))

    def _newest_among(self, end: int, day: int) -> Times:
        """Each unit's newest issue about days up to `day`, among the first `end` reports; 0 where there is none."""
        found = np.zeros(len(self.units), dtype=np.int64)
        step = LATEST * max(len(self.units), 1)
        while end > 0 and not found.all():
            # From the newest backwards: a day's own reports are nearly always among the latest.
            begin = max(end - step, 0)
            chosen = (self.day[begin:end] <= day).nonzero()[0] + begin
            latest = np.zeros_like(found)
            np.maximum.at(latest, self.unit_no[chosen], self.issued[chosen])
            found = np.where(found > 0, found, latest)
            end, step = begin, 4 * step
        return found

    def units_about(self, first: int, last: int, moment: int) -> frozenset[str]:
        """The units with a report about any of the days from first to last, issued until `moment`."""
        end = int(self.issued.searchsorted(moment, side="right"))
        if end == len(self.issued):
            begin, stop = self._days.searchsorted((first, last + 1))
            found = np.flatnonzero(self._newest_about[:, begin:stop].any(axis=1))
        else:
            about = self.day[:end]
            found = np.unique(self.unit_no[:end][(about >= first) & (about <= last)])
        return frozenset(self.units[number] for number in found.tolist())


@dataclass(frozen=True)
class Reports:
    """The reports issued by a moment, by dataset and unit."""

    days: dict[Key, Days]
    """The days the reports are about, ascending; a corrected report stands there again."""
    issued: dict[Key, Times]
    """When each of them was issued, in microseconds since 1970."""
    covered: Covered
    moment: int = NEVER
    _by_issue: dict[str, ByIssue] = field(default_factory=dict, repr=False)
    _newest: dict[tuple[str, int, int], dict[str, int]] = field(default_factory=dict, repr=False)
    """For a dataset, a day and a moment: the newest issue of each unit, and of the whole under no unit's code."""

    @classmethod
    def read(cls, cursor: duckdb.DuckDBPyConnection, covered: Covered) -> Reports:
        """Every report in the attached picture."""
        columns: dict[str, Any] = cursor.execute(query("reports")).fetchnumpy()
        keys = [(str(dataset), str(unit)) for dataset, unit in zip(columns["dataset"], columns["unit"], strict=True)]
        days = {key: np.asarray(value, dtype=np.int32) for key, value in zip(keys, columns["days"], strict=True)}
        issued = {key: np.asarray(value, dtype=np.int64) for key, value in zip(keys, columns["issued"], strict=True)}
        return cls(days, issued, covered)

    def at(self, moment: datetime) -> Reports:
        """The reports that had been issued by `moment`."""
        return replace(self, moment=microseconds(moment))

    def until(self, moment: datetime, covered: Covered) -> Reports:
        """The reports issued until `moment` and no others; `covered` is what was known to be covered then."""
        at = microseconds(moment)
        told = {key: issued <= at for key, issued in self.issued.items()}
        days = {key: self.days[key][known] for key, known in told.items() if known.any()}
        return Reports(days, {key: self.issued[key][told[key]] for key in days}, covered)

    def newest_until(self, moment: datetime, without: Collection[str] = ()) -> datetime | None:
        """When the newest report until `moment` of any dataset but `without` was issued; None where there is none."""
        at = microseconds(moment)
        told = (issued for (dataset, _), issued in self.issued.items() if dataset not in without)
        newest = max((int(issued[issued <= at].max(initial=0)) for issued in told), default=0)
        return EPOCH_TIME + timedelta(microseconds=newest) if newest else None

    def newest_issue(self, datasets: Iterable[str], units: Collection[str], day: int) -> float | None:
        """The newest issue, in seconds since 1970, among reports about days up to `day`; None where there is none."""
        newest = 0
        for dataset in datasets:
            known = self._newest_of(dataset, day)
            newest = max(newest, known.get("", 0), *map(known.get, units, repeat(0)))
        return newest / MICROSECONDS if newest else None

    def units_about(self, dataset: str, first: int, last: int) -> frozenset[str]:
        """The units that had sent a report about any of the days from first to last."""
        return self._ordered(dataset).units_about(first, last, self.moment)

    def _newest_of(self, dataset: str, day: int) -> dict[str, int]:
        """The newest issue of each unit's reports about days up to `day`; under "" that of a line list's delivery."""
        key = (dataset, day, self.moment)
        found = self._newest.get(key)
        if found is None:
            found = self._ordered(dataset).newest(day, self.moment)
            whole = self.covered.newest_issue(dataset, day, self.moment)
            if whole is not None:
                found[""] = whole
            if len(self._newest) >= MOST_KEPT:
                self._newest.clear()
            self._newest[key] = found
        return found

    def _ordered(self, dataset: str) -> ByIssue:
        if dataset not in self._by_issue:
            self._by_issue[dataset] = ByIssue.of(
                {unit: (self.days[name, unit], self.issued[name, unit]) for name, unit in self.days if name == dataset}
            )
        return self._by_issue[dataset]
