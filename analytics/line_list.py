"""The pseudonymous line list of cases and contacts, a page at a time; for analysts only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
import pandas as pd

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
DAYS = ("day", "onset", "outcome_day")
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
    told = ", ".join(f'"{name}"::TIMESTAMP AS "{name}"' if name in DAYS else f'"{name}"' for name in COLUMNS)
    page = f"SELECT {told} FROM ({query('line_list')}\nORDER BY {order} LIMIT $limit OFFSET $offset)"  # noqa: S608
    found = release.cursor().execute(page, {**values, "limit": limit, "offset": offset})
    # By way of Arrow: DuckDB's own frames of 19 columns, a third of them times, took 3 ms and these take 0.6.
    rows: pd.DataFrame = found.to_arrow_table().to_pandas(split_blocks=True)
    return rows


def _page_of_days(
    release: Release, values: dict[str, Any], descending: bool, offset: int, limit: int
) -> tuple[pd.DataFrame, int]:
    """A page in the order of days, and how many rows match: only the days and units that stand on it are read."""
    told = {name: value for name, value in values.items() if name != "person"} | {"sign": -1 if descending else 1}
    cells = release.cursor().execute(query("line_list_cells"), told).fetchnumpy()
    days, units, rows = (np.asarray(cells[name]) for name in ("day", "unit", "rows"))
    ends = np.cumsum(rows)
    total = int(ends[-1]) if len(ends) else 0
    first = int(ends.searchsorted(offset, side="right"))
    last = int(ends.searchsorted(min(offset + limit, total))) + 1
    # The query reads every unit on the page on every day on the page: those that are in the order before it too.
    on_page = set(days[first:last].tolist()), set(units[first:last].tolist())
    among = np.isin(days[:first], days[first:last]) & np.isin(units[:first], units[first:last])
    before = int(rows[:first][among].sum())
    skipped = offset - (int(ends[first - 1]) if first else 0)
    narrow = {
        "units": sorted(on_page[1]),
        "first_day": min(on_page[0], default=None),
        "last_day": max(on_page[0], default=None),
    }
    return _page(release, {**values, **narrow}, "day", descending, before + skipped, limit), total
