"""How many rows the line list has of each day and unit, so that a page reads only the days and units that are on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np
import numpy.typing as npt

from analytics.sql import query

Integers = npt.NDArray[np.int64]
TABLE = "analysis.cases_by_day"
"""Releases built before it was introduced are without."""
EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Wanted:
    """The rows of the list that are asked for; None does not filter."""

    units: tuple[str, ...] | None = None
    first_day: date | None = None
    last_day: date | None = None
    f_class: str | None = None
    detection: str | None = None


@dataclass(frozen=True)
class Narrowed:
    """The days and units on one page of the list: between them it has rows that come before the page."""

    units: tuple[str, ...]
    first_day: date
    last_day: date
    before: int
    """Rows of these days and units that stand before the page."""


@dataclass(frozen=True)
class LineListDays:
    """The cells of the list in the order of days and units, by number; 12 bytes each, 4 MB at 10 million cases.

    They are kept, because the query that counted them anew took a third of the time of a page.
    """

    names: dict[str, tuple[str, ...]]
    """The unit, class and detection behind each number."""
    day: npt.NDArray[np.int32]
    unit: npt.NDArray[np.int16]
    f_class: npt.NDArray[np.int8]
    detection: npt.NDArray[np.int8]
    rows: npt.NDArray[np.int32]

    @classmethod
    def read(cls, cursor: duckdb.DuckDBPyConnection) -> LineListDays:
        """Every cell of the attached release."""
        names = {}
        for column in ("unit", "f_class", "detection"):
            asked = f"SELECT DISTINCT {column} FROM {TABLE} WHERE {column} IS NOT NULL ORDER BY 1"  # noqa: S608 (constants)
            told = cursor.execute(asked).fetchall()
            names[column] = tuple(name for (name,) in told)
        cells = cursor.execute(query("line_list_days"), {key: list(told) for key, told in names.items()}).fetchnumpy()
        columns = {key: np.ma.filled(cells[key], -1) for key in ("day", "unit", "f_class", "detection", "rows")}
        order = np.lexsort((columns["unit"], columns["day"]))
        return cls(names, **{key: column[order] for key, column in columns.items()})

    def page(self, wanted: Wanted, descending: bool, offset: int, limit: int) -> tuple[int, Narrowed | None]:
        """How many rows match, and what a page in the order of days, then units, has to read; None for no row."""
        days, places, rows = self._matching(wanted)
        if descending:
            # The days backwards, the units of a day forwards.
            order = np.lexsort((places, -days))
            days, places, rows = days[order], places[order], rows[order]
        ends = np.cumsum(rows)
        total = int(ends[-1]) if len(ends) else 0
        if offset >= total or limit <= 0:
            return total, None
        first = int(ends.searchsorted(offset, side="right"))
        last = int(ends.searchsorted(min(offset + limit, total))) + 1
        # Every unit on the page is read on every day on the page: those that are in the order before it too.
        among = np.isin(days[:first], days[first:last]) & np.isin(places[:first], places[first:last])
        skipped = offset - (int(ends[first - 1]) if first else 0)
        on_page = days[first:last]
        return total, Narrowed(
            units=tuple(self.names["unit"][number] for number in np.unique(places[first:last])),
            first_day=date.fromordinal(int(on_page.min()) + EPOCH),
            last_day=date.fromordinal(int(on_page.max()) + EPOCH),
            before=int(rows[:first][among].sum()) + skipped,
        )

    def _matching(self, wanted: Wanted) -> tuple[Integers, Integers, Integers]:
        """Day, unit and rows of each day and unit with a row that matches, the oldest first."""
        first, last = wanted.first_day, wanted.last_day
        start = 0 if first is None else int(self.day.searchsorted(_number(first)))
        end = len(self.day) if last is None else int(self.day.searchsorted(_number(last), side="right"))
        taken = np.ones(max(end - start, 0), dtype=bool)
        if wanted.units is not None:
            taken &= self._is_among("unit", wanted.units, start, end)
        if wanted.f_class is not None:
            taken &= self._is_among("f_class", (wanted.f_class,), start, end)
        if wanted.detection is not None:
            taken &= self._is_among("detection", (wanted.detection,), start, end)
        days = self.day[start:end][taken].astype(np.int64)
        places = self.unit[start:end][taken].astype(np.int64)
        rows = self.rows[start:end][taken].astype(np.int64)
        begins = np.flatnonzero(np.diff(days, prepend=-1) | np.diff(places, prepend=-1))
        if not len(begins):
            return days, places, rows
        return days[begins], places[begins], np.add.reduceat(rows, begins)

    def _is_among(self, column: str, names: Sequence[str], start: int, end: int) -> npt.NDArray[np.bool_]:
        known = self.names[column]
        return np.isin(getattr(self, column)[start:end], [known.index(name) for name in names if name in known])


def _number(day: date) -> np.int32:
    """The day as the table has it: of another width, the whole column would be converted to look it up."""
    return np.int32(day.toordinal() - EPOCH)
