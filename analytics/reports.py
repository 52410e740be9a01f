"""When each unit's report about each day was issued, and what each line list covers; now and as known earlier."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from analytics.daily_table import Days
from analytics.sql import query
from analytics.versions import NEVER, Times, day_number, microseconds

Bools = NDArray[np.bool_]
Key = tuple[str, str]
"""A dataset and a unit."""
MICROSECONDS = 1e6
LATEST = 64
"""Reports looked at first, from the newest issue backwards: a day's own report is nearly always among them."""


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

    def days(self, dataset: str, first: int, last: int, moment: int = NEVER) -> Bools:
        """Which of the days from first to last a line list covered, as known at `moment`."""
        if dataset not in self._spans:
            return np.zeros(last - first + 1, dtype=bool)
        begin, end, issued = self._spans[dataset]
        known = (issued <= moment) & (end >= first) & (begin <= last)
        steps = np.zeros(last - first + 2, dtype=np.int64)
        np.add.at(steps, np.maximum(begin[known] - first, 0), 1)
        np.subtract.at(steps, np.minimum(end[known], last) - first + 1, 1)
        return np.cumsum(steps[:-1]) > 0

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
class Reports:
    """The reports issued by a moment, by dataset and unit."""

    days: dict[Key, Days]
    """The days the reports are about, ascending; a corrected report stands there again."""
    issued: dict[Key, Times]
    """When each of them was issued, in microseconds since 1970."""
    covered: Covered
    moment: int = NEVER
    _by_issue: dict[Key, tuple[Times, Days]] = field(default_factory=dict, repr=False)

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

    def newest_issue(self, datasets: Iterable[str], units: Iterable[str], day: int) -> float | None:
        """The newest issue, in seconds since 1970, among reports about days up to `day`; None where there is none."""
        wanted = set(datasets)
        members = list(units)
        found = [self.covered.newest_issue(dataset, day, self.moment) for dataset in wanted]
        found += [self._newest((dataset, unit), day) for dataset in wanted for unit in members]
        newest = max((issued for issued in found if issued is not None), default=None)
        return None if newest is None else newest / MICROSECONDS

    def has(self, dataset: str, unit: str, first: int, last: int) -> bool:
        """True where the unit had sent a report about any of the days from first to last."""
        known = self.days.get((dataset, unit))
        if known is None:
            return False
        begin, end = known.searchsorted((first, last + 1))
        return bool(end > begin and (self.issued[dataset, unit][begin:end] <= self.moment).any())

    def _newest(self, key: Key, day: int) -> int | None:
        days = self.days.get(key)
        if days is None:
            return None
        if self.moment == NEVER:
            at = int(days.searchsorted(day, side="right"))
            return int(self._running[key][at - 1]) if at else None
        if key not in self._by_issue:
            order = self.issued[key].argsort()
            self._by_issue[key] = self.issued[key][order], days[order]
        issued, about = self._by_issue[key]
        end = int(issued.searchsorted(self.moment, side="right"))
        for begin in (max(end - LATEST, 0), 0):
            among = np.flatnonzero(about[begin:end] <= day)
            if len(among):
                return int(issued[begin + among[-1]])
        return None

    @cached_property
    def _running(self) -> dict[Key, Times]:
        """The newest issue among the reports about days up to a given one."""
        return {key: np.maximum.accumulate(issued) for key, issued in self.issued.items()}
