"""The pseudonymous line list of cases and contacts, a page at a time; for analysts only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

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
# More rows than a person reads; a whole list leaves by an export, not by a page.
MOST_ROWS = 5_000


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
    """Rows of the line list that match, in the order asked, with COLUMNS.

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
    cursor = release.cursor()
    direction = "DESC" if descending else "ASC"
    # Only names from COLUMNS reach the text; everything a person typed is bound.
    page = f'{query("line_list")}\nORDER BY "{order_by}" {direction} NULLS LAST, person LIMIT $limit OFFSET $offset'
    rows = cursor.execute(page, {**values, "limit": min(limit, MOST_ROWS), "offset": max(offset, 0)}).df()
    counted = cursor.execute(f"SELECT count(*) FROM ({query('line_list')})", values).fetchone()  # noqa: S608
    return Listed(rows, int(counted[0]) if counted else 0)
