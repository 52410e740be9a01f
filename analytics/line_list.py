"""The pseudonymous line list of cases and contacts, a page at a time; for analysts only."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any, Literal

import pandas as pd

from analytics.cube import day_number
from analytics.release import Release
from analytics.sql import query
from data_sources.refusal import Refused

COLUMNS = (
    "person",
    "source_person",
    "f_class",
    "unit",
    "commune",
    "day",
    "detection",
    "onset",
    "sampled_at",
    "result_at",
    "isolated_at",
    "outcome",
    "outcome_day",
    "severity",
    "symptoms",
    "age",
    "sex",
    "occupation",
    "exposure",
)
# More rows than a person reads; a whole list leaves by an export, not by a page.
MOST_ROWS = 5_000
CELLS = "analysis.cases_by_day"
"""How many rows there are of each day, unit and class; releases built before it was introduced are without."""


@dataclass(frozen=True)
class Listed:
    """One page of the list and how many rows match in all."""

    rows: pd.DataFrame
    total: int


def line_list(
    release: Release,
    *,
    units: Iterable[str] | None = None,
    first_day: date | None = None,
    last_day: date | None = None,
    f_class: Literal["F0", "F1", "F2"] | None = None,
    detection: str | None = None,
    person: str | None = None,
    order_by: str = "day",
    descending: bool = True,
    offset: int = 0,
    limit: int = 100,
) -> Listed:
    """Rows of the line list that match, in the order asked, with COLUMNS; those of one day by unit.

    `person` finds a pseudonym and those infected by it. Refused for a role without row-level data, ValueError for an
    unknown column to order by.
    """
    if release.role != "analyst":
        raise Refused(
            needed="the analyst role",
            found=release.role,
            where="line list",
            remedy="Rows about persons are open to analysts only; use the counts by unit and day.",
        )
    if order_by not in COLUMNS:
        raise ValueError(f"the line list has no column {order_by!r}; it has {', '.join(COLUMNS)}")
    values = {
        "units": None if units is None else list(units),
        "first_day": first_day,
        "last_day": last_day,
        "f_class": f_class,
        "detection": detection,
        "person": person,
    }
    limit, offset = min(limit, MOST_ROWS), max(offset, 0)
    if order_by == "day" and person is None and CELLS in release.tables:
        rows, total = _page_of_days(release, values, descending, offset, limit)
    else:
        rows = _page(release, values, order_by, descending, offset, limit)
        counted = release.cursor().execute(f"SELECT count(*) FROM ({query('line_list')})", values).fetchone()  # noqa: S608
        total = int(counted[0]) if counted else 0
    return Listed(rows, total)


def _page(
    release: Release, values: dict[str, Any], order_by: str, descending: bool, offset: int, limit: int
) -> pd.DataFrame:
    direction = "DESC" if descending else "ASC"
    # Only names from COLUMNS reach the text; everything a person typed is bound.
    order = f'"{order_by}" {direction} NULLS LAST, unit, person'
    page = f"{query('line_list')}\nORDER BY {order} LIMIT $limit OFFSET $offset"
    return release.cursor().execute(page, {**values, "limit": limit, "offset": offset}).df()


def _page_of_days(
    release: Release, values: dict[str, Any], descending: bool, offset: int, limit: int
) -> tuple[pd.DataFrame, int]:
    """A page in the order of days, and how many rows match: only the days and units that stand on it are read."""
    told = {name: value for name, value in values.items() if name != "person"}
    cells = release.cursor().execute(query("line_list_cells"), told).fetchall()
    if descending:
        cells.sort(key=lambda cell: -day_number(cell[0]))
    ends = list(accumulate(rows for _, _, rows in cells))
    total = ends[-1] if ends else 0
    first, last = bisect_right(ends, offset), bisect_left(ends, min(offset + limit, total))
    on_page = cells[first : last + 1]
    days, units = {day for day, _, _ in on_page}, {unit for _, unit, _ in on_page}
    among = [place for place, (day, unit, _) in enumerate(cells) if day in days and unit in units and place < first]
    before = sum(cells[place][2] for place in among)
    skipped = offset - (ends[first - 1] if first else 0)
    narrow = {"units": sorted(units), "first_day": min(days, default=None), "last_day": max(days, default=None)}
    return _page(release, {**values, **narrow}, "day", descending, before + skipped, limit), total
