"""The additive observations of a release as tables: the daily values of every measure, stratum and unit.

The newest versions are read once, when a release is opened (0.5 s and 8 bytes each); a page's figures are then sums
over slices of them. What was known at an earlier moment is a slice of the versions (analytics/versions.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from analytics.daily_table import DailyTable, Days, Floats, UnitRows
from analytics.held import Held
from analytics.indicators.model import Term
from analytics.reports import Bools, Covered
from analytics.sql import query
from analytics.versions import EPOCH, NEVER, NO_DAY, Part, Versions, day_number, microseconds

__all__ = ["EPOCH", "Cube", "DailyTable", "Days", "Floats", "Part", "Shape", "day_number"]


@dataclass(frozen=True)
class Shape:
    """What a release holds at all, whatever the day: the same for the newest versions and for any earlier moment."""

    parts: frozenset[Part]
    units_of: dict[str, frozenset[str]]
    """The units that ever reported a measure, in any stratum."""
    line_lists: frozenset[str]
    """Datasets with a coverage."""


class TablesAt(Mapping[Part, DailyTable]):
    """What held of each part at a moment; a part is worked out when it is first asked for."""

    def __init__(
        self, versions: Versions, cursor: duckdb.DuckDBPyConnection, moment: int, parts: frozenset[Part]
    ) -> None:
        self._versions, self._cursor, self._moment, self._parts = versions, cursor, moment, parts
        self._found: dict[Part, DailyTable] = {}

    def __getitem__(self, part: Part) -> DailyTable:
        if part not in self._parts:
            raise KeyError(part)
        if part not in self._found:
            self._found[part] = self._versions.of(self._cursor, part).at(self._moment)
        return self._found[part]

    def __contains__(self, part: object) -> bool:
        return part in self._parts

    def __iter__(self) -> Iterator[Part]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)


@dataclass(frozen=True)
class Sums:
    """Sums of a term's daily values from the first day of all to each day, and how many of the days were reported."""

    row_of: UnitRows
    sums: Floats
    counts: NDArray[np.int64]


@dataclass(frozen=True)
class Daily:
    """A term's values of every day from the first it was observed on, its known zeros among them."""

    row_of: UnitRows
    begin: int
    values: Floats


@dataclass(frozen=True)
class Cube:
    """Observations by part: the newest of them."""

    tables: Mapping[Part, DailyTable]
    covered_days: Covered
    shape: Shape
    versions: Versions = field(default_factory=Versions, repr=False)
    kept: dict[tuple[Term, int], Sums] = field(default_factory=dict, repr=False)
    """Sums since the first day, by term and period of the register."""
    kept_daily: dict[tuple[Term, int], Daily] = field(default_factory=dict, repr=False)
    """Daily values, by term and period of the register."""
    listed: dict[tuple[str, tuple[str, ...]], Bools] = field(default_factory=dict, repr=False)
    """Which of some units a measure belongs to."""
    observed_until: int | None = None
    """The number of the last day observed, where the tables are not all at hand."""

    @classmethod
    def newest(cls, cursor: duckdb.DuckDBPyConnection, covered: Covered) -> Cube:
        """The newest version of every observation of the attached picture."""
        units = [
            unit for (unit,) in cursor.execute("SELECT DISTINCT unit FROM picture.observation ORDER BY unit").fetchall()
        ]
        columns: dict[str, Any] = cursor.execute(
            query("cube_newest"), {"unit": units, "unit_no": list(range(len(units)))}
        ).fetchnumpy()
        tables: dict[Part, DailyTable] = {}
        units_of: dict[str, set[str]] = {}
        members: dict[bytes, UnitRows] = {}
        names = ("measure", "stratum", "unit_no", "day_no", "value")
        for measure, stratum, unit_no, day_no, value in zip(*(columns[name] for name in names), strict=True):
            occurs = np.zeros(len(units), dtype=bool)
            occurs[unit_no] = True
            # Most parts have the same units: they share one mapping.
            own = members.setdefault(occurs.tobytes(), UnitRows(units[number] for number in np.flatnonzero(occurs)))
            row = (np.cumsum(occurs, dtype=np.int32) - 1)[unit_no]
            tables[str(measure), str(stratum)] = DailyTable.of(own, row, np.asarray(day_no), np.asarray(value))
            units_of.setdefault(str(measure), set()).update(own)
        shape = Shape(
            parts=frozenset(tables),
            units_of={measure: frozenset(found) for measure, found in units_of.items()},
            line_lists=covered.datasets,
        )
        return cls(tables, covered, shape)

    def known_at(self, cursor: duckdb.DuckDBPyConnection, moment: datetime, held: Held, covered: Covered) -> Cube:
        """The cube as it was known at `moment`, for any number of questions; `covered` is what was covered then.

        A part is read when it is first asked for. What nobody had reported by then does not occur.
        """
        tables = TablesAt(self.versions, cursor, microseconds(moment), held.parts)
        shape = Shape(held.parts, held.units_of, covered.datasets)
        last = None if held.last_day is None else day_number(held.last_day)
        return Cube(tables, covered, shape, self.versions, observed_until=last or 0)

    def as_of(self, cursor: duckdb.DuckDBPyConnection, moment: datetime, parts: Iterable[Part]) -> CubeAsOf:
        """The cube as it was known at `moment`; `parts` are those that will be asked for, read by one query."""
        self.versions.load(cursor, parts)
        at = microseconds(moment)
        return CubeAsOf({}, self.covered_days, self.shape, self.versions, current=self, cursor=cursor, moment=at)

    def replaced(self, values: Mapping[Part, Mapping[tuple[str, date], float]]) -> Cube:
        """The cube with some values of units and days in place of its own, or added to them."""
        tables, units_of = dict(self.tables), dict(self.shape.units_of)
        for part, cells in values.items():
            table = tables.get(part, DailyTable.empty())
            tables[part] = table.replaced({(unit, day_number(day)): value for (unit, day), value in cells.items()})
            units_of[part[0]] = units_of.get(part[0], frozenset()) | {unit for unit, _ in cells}
        shape = replace(self.shape, parts=frozenset(tables), units_of=units_of)
        return replace(self, tables=tables, shape=shape, kept={}, kept_daily={}, listed={}, observed_until=None)

    @cached_property
    def last_day(self) -> int:
        """The number of the last day observed of anything."""
        if self.observed_until is not None:
            return self.observed_until
        return max((int(table.days[-1]) for table in self.tables.values() if len(table.days)), default=0)

    def daily(self, part: Part, units: Sequence[str], first: int, last: int) -> Floats:
        """Daily values, shape (units, days from first to last); NaN where there is no observation."""
        table = self._table(part, first, last)
        if table is None:
            return np.full((len(units), max(last - first + 1, 0)), np.nan)
        return table.daily(units, first, last)

    def newest_until(self, part: Part, units: Sequence[str], days: Days) -> Floats:
        """The newest value on or before each day, shape (units, days); NaN where nothing was reported by then."""
        table = self._table(part)
        return np.full((len(units), len(days)), np.nan) if table is None else table.newest_until(units, days)

    @property
    def now(self) -> Cube:
        """The newest figures."""
        return self

    def same_before(self, part: Part) -> int:
        """The number of a day before which the part is as it is now."""
        return NO_DAY

    def occurs(self, part: Part) -> bool:
        """True where the part was ever observed."""
        return part in self.tables

    def first_day(self, part: Part) -> int | None:
        """The number of the first day observed for a part, or None."""
        table = self._table(part)
        return None if table is None else table.first_day()

    def first_days(self, part: Part, units: Sequence[str]) -> Floats:
        """The number of the first day observed for a part in each unit; infinite where there is none."""
        table = self._table(part)
        return np.full(len(units), np.inf) if table is None else table.first_days(units)

    def covered(self, dataset: str, first: int, last: int) -> Bools:
        """Which of the days from first to last a line list covers."""
        return self.covered_days.days(dataset, first, last)

    def _table(self, part: Part, first: int | None = None, last: int | None = None) -> DailyTable | None:
        """The values of a part on the days from first to last at least; None is no limit."""
        return self.tables.get(part)


@dataclass(frozen=True)
class CubeAsOf(Cube):
    """Observations as they were known at a moment; made for one question and not shared between threads."""

    current: Cube = field(repr=False, kw_only=True)
    cursor: duckdb.DuckDBPyConnection = field(repr=False, kw_only=True)
    moment: int = field(default=NEVER, kw_only=True)
    """In microseconds since 1970."""
    _tables: dict[tuple[Part, int | None, int | None], DailyTable] = field(
        default_factory=dict, repr=False, kw_only=True
    )
    """Several figures of one question rest on the same days of a part, and of a list's coverage."""
    _covers: dict[tuple[str, int, int], Bools] = field(default_factory=dict, repr=False, kw_only=True)

    def covered(self, dataset: str, first: int, last: int) -> Bools:
        """Which of the days from first to last a line list was known to cover."""
        key = (dataset, first, last)
        if key not in self._covers:
            self._covers[key] = self.covered_days.days(dataset, first, last, self.moment)
        return self._covers[key]

    @property
    def now(self) -> Cube:
        """The newest figures."""
        return self.current

    def same_before(self, part: Part) -> int:
        """The number of a day before which nothing was issued since the moment."""
        return self.versions.of(self.cursor, part).same_before(self.moment)

    def occurs(self, part: Part) -> bool:
        """True where the part ever had a version, even one that was withdrawn since."""
        return len(self.versions.of(self.cursor, part).times) > 0

    def first_day(self, part: Part) -> int | None:
        """The number of the first day observed for a part as known then, or None."""
        return self.versions.of(self.cursor, part).first_day(self.moment)

    def first_days(self, part: Part, units: Sequence[str]) -> Floats:
        """The number of the first day observed for a part in each unit as known then; infinite where there is none."""
        return self.versions.of(self.cursor, part).first_days(units, self.moment)

    def _table(self, part: Part, first: int | None = None, last: int | None = None) -> DailyTable | None:
        key = (part, first, last)
        if key not in self._tables:
            self._tables[key] = self.versions.of(self.cursor, part).at(self.moment, first, last)
        return self._tables[key]
