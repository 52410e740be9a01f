"""Every version of the observations of a release, in memory for the measures that were asked about.

A version holds from its issue until the next one of the same cell. What was known at a moment is the newest values
with what was issued later undone: a few comparisons over an array for each measure and stratum, where DuckDB took 35
to 100 ms for a page's question. A part is read from the file once, when it is first asked about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from threading import Lock
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from analytics.daily_table import DailyTable, Days, Floats, Rows, UnitRows
from analytics.sql import query

Times = NDArray[np.int64]
Part = tuple[str, str]
"""A measure and a stratum of it, such as ("tests.positives", "method=pcr"); "" is the total."""

EPOCH = date(1970, 1, 1)
EPOCH_TIME = datetime(1970, 1, 1, tzinfo=UTC)
NO_DAY = np.iinfo(np.int32).max
SEARCH, SEARCH_OF_CELL = 25_000, 25
"""What a search in cells costs, and what each cell adds, in versions looked at one after another; measured."""
ALWAYS, NEVER = np.iinfo(np.int64).min, np.iinfo(np.int64).max


def day_number(day: date) -> int:
    """Days since 1970."""
    return (day - EPOCH).days


def microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970, as exact as the release's times of issue."""
    return (moment - EPOCH_TIME) // timedelta(microseconds=1)


@dataclass(frozen=True)
class PartVersions:
    """The newest values of one part, and every version with what held before it, in the order of days."""

    newest: DailyTable
    """With a column for every day that ever had a version."""
    told: NDArray[np.bool_]
    """The rows that ever had a version; the one after the last is of those that have no row."""
    row: Rows
    column: Rows
    """Of the cell in `newest`."""
    issued: Times
    before_issued: Times
    """When the version before of the same cell was issued; ALWAYS for the first."""
    before: Floats
    """The value that held until then; NaN where there was none."""
    cells: Rows
    """Where the versions of each cell begin, and where the last ends."""
    starts: NDArray[np.int64]
    """Where the versions of each column begin, and where the last ends."""
    by_issue: Rows
    """The places of the versions in the order of issue."""
    times: Times
    """Their times of issue in that order."""
    earliest: Rows
    """The first column that each of them, or one issued later, is about."""

    @classmethod
    def of(cls, row_of: UnitRows, row: Rows, day: Days, issued: Times, value: Floats) -> PartVersions:
        """The versions in whatever order they come; NaN withdraws the observation."""
        cell = day.astype(np.int64) * (len(row_of) + 1) + row
        # The file has each cell's versions in the order of issue, unit by unit: runs that a stable sort only merges.
        order = cell.argsort(kind="stable")
        follows = np.zeros(len(order), dtype=bool)
        follows[1:] = np.diff(cell[order]) == 0
        if (follows[1:] & (np.diff(issued[order]) < 0)).any():
            order = np.lexsort((issued, cell))
        row, day, issued, value = row[order], day[order], issued[order], value[order]
        newest = np.ones(len(order), dtype=bool)
        newest[:-1] = ~follows[1:]
        table = DailyTable.of(row_of, row[newest], day[newest], value[newest])
        told = np.zeros(len(row_of) + 1, dtype=bool)
        told[row] = True
        column = np.asarray(table.days.searchsorted(day), dtype=np.int32)
        by_issue = np.asarray(issued.argsort(kind="stable"), dtype=np.int32)
        return cls(
            newest=table,
            told=told,
            row=row,
            column=column,
            issued=issued,
            before_issued=np.where(follows, np.roll(issued, 1), ALWAYS),
            before=np.where(follows, np.roll(value, 1), np.nan),
            cells=np.append(np.flatnonzero(~follows), len(order)).astype(np.int32),
            starts=column.searchsorted(np.arange(len(table.days) + 1, dtype=np.int32)),
            by_issue=by_issue,
            times=issued[by_issue],
            earliest=np.minimum.accumulate(column[by_issue][::-1])[::-1],
        )

    def same_before(self, moment: int) -> int:
        """The number of a day before which nothing was issued after `moment`; NO_DAY where nothing was at all."""
        later = int(self.times.searchsorted(moment, side="right"))
        return int(self.newest.days[self.earliest[later]]) if later < len(self.times) else NO_DAY

    def first_day(self, moment: int) -> int | None:
        """The number of the first day of which anything held at `moment`, or None."""
        first = self.newest.first_day()
        if first is not None and first < self.same_before(moment):
            return first
        days, begin = self.newest.days, 0
        while begin < len(days):
            # Nearly always among the first: a few days, and more only where they were empty then.
            end = min(max(8, 4 * begin), len(days)) - 1
            found = self.at(moment, int(days[begin]), int(days[end])).first_day()
            if found is not None:
                return found
            begin = end + 1
        return None

    def first_days(self, units: Sequence[str], moment: int) -> Floats:
        """The number of the first day of each unit of which anything held at `moment`; infinite where there is none."""
        newest, same = self.newest.first_days(units), self.same_before(moment)
        # A unit of which nothing was ever told, as the province above its districts, has no first day at any moment.
        later = (newest >= same) & self.told[self.newest.row_of.of(units)]
        if not later.any():
            return newest
        return np.where(later, self.at(moment, same).first_days(units), newest)

    def at(self, moment: int, first: int | None = None, last: int | None = None) -> DailyTable:
        """What held at `moment`, in microseconds since 1970, about the days from first to last; None is no limit.

        That is the newest values, and where a version was issued later, what held before the first such version.
        """
        days = self.newest.days
        begin = 0 if first is None else int(days.searchsorted(first))
        end = len(days) if last is None else int(days.searchsorted(last, side="right"))
        later = int(self.times.searchsorted(moment, side="right"))
        if later == len(self.times) or end <= int(self.earliest[later]):
            # Nothing was issued later about these days.
            whole = end - begin == len(days)
            return (
                self.newest
                if whole
                else DailyTable(self.newest.row_of, days[begin:end], self.newest.value[:, begin:end])
            )
        value = self.newest.value[:, begin:end].copy()
        chosen = self._first_later(
            moment, later, int(self.starts[max(begin, int(self.earliest[later]))]), int(self.starts[end])
        )
        value[self.row[chosen], self.column[chosen] - begin] = self.before[chosen]
        return DailyTable(self.newest.row_of, days[begin:end], value)

    def _first_later(self, moment: int, later: int, start: int, stop: int) -> NDArray[np.integer]:
        """The first version of each cell after `moment`, among the versions from start to stop.

        The way that looks at the fewest is taken: those issued later, all from start to stop, or a search in each cell.
        """
        first, last = (int(place) for place in self.cells.searchsorted((start, stop)))
        if SEARCH + SEARCH_OF_CELL * (last - first) < min(stop - start, len(self.times) - later):
            return self._searched(moment, self.cells[first:last], self.cells[first + 1 : last + 1])
        if stop - start <= len(self.times) - later:
            undone = (self.issued[start:stop] > moment) & (self.before_issued[start:stop] <= moment)
            return undone.nonzero()[0] + start
        among = self.by_issue[later:]
        among = among[(among >= start) & (among < stop)]
        return among[self.before_issued[among] <= moment]

    def _searched(self, moment: int, begins: Rows, ends: Rows) -> NDArray[np.integer]:
        """The first version after `moment` of the cells that have one, found by halving what is left of each."""
        low, high = begins.copy(), ends.copy()
        while (low < high).any():
            middle = (low + high) >> 1
            # A cell that is done stays as it is: its middle is its end, which may be no version at all.
            held = (self.issued[np.minimum(middle, len(self.issued) - 1)] <= moment) & (low < high)
            high = np.where(held, high, np.minimum(high, middle))
            low = np.where(held, middle + 1, low)
        return low[low < ends]


@dataclass
class Versions:
    """The versions of a release's observations; what was read stays, and is the same for every thread."""

    parts: dict[Part, PartVersions] = field(default_factory=dict)
    row_of: UnitRows = field(default_factory=UnitRows)
    """Every unit that ever had a version."""
    _reading: Lock = field(default_factory=Lock, repr=False)

    def of(self, cursor: duckdb.DuckDBPyConnection, part: Part) -> PartVersions:
        """The versions of one part, none for a part that never had any."""
        if part not in self.parts:
            self.load(cursor, (part,))
        return self.parts[part]

    def load(self, cursor: duckdb.DuckDBPyConnection, parts: Iterable[Part]) -> None:
        """Have the versions of `parts`: a query for each that was not asked about before."""
        wanted = set(parts)
        if wanted <= self.parts.keys():
            return
        with self._reading:
            missing = sorted(wanted - self.parts.keys())
            if missing:
                self._read(cursor, missing)

    def _read(self, cursor: duckdb.DuckDBPyConnection, parts: list[Part]) -> None:
        if not self.row_of:
            rows = cursor.execute("SELECT DISTINCT unit FROM picture.observation_history ORDER BY unit").fetchall()
            self.row_of = UnitRows(unit for (unit,) in rows)
        places = {"unit": list(self.row_of), "unit_no": list(self.row_of.values())}
        found = {}
        for measure, stratum in parts:
            # One after another: a few parts of millions of versions at once took more memory than the database may.
            values = {"measure": measure, "stratum": stratum, **places}
            columns: dict[str, Any] = cursor.execute(query("cube_versions"), values).fetchnumpy()
            found[measure, stratum] = PartVersions.of(
                self.row_of,
                np.asarray(columns["unit_no"], dtype=np.int32),
                np.asarray(columns["day_no"], dtype=np.int32),
                np.asarray(columns["issued"], dtype=np.int64),
                np.ma.filled(np.ma.asarray(columns["value"], dtype=np.float64), np.nan),
            )
        self.parts.update(found)
