"""The rows that no delivery could be read from: file, sheet, row, column, what was found and what was needed."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analytics.release import Release
from analytics.sql import query
from data_sources.refusal import Refused

COLUMNS = ("source", "delivery", "sheet", "row", "field", "found", "needed", "reason")
# More rows than anybody corrects by hand; the whole list leaves as a file, a piece at a time.
MOST_ROWS = 5_000


@dataclass(frozen=True)
class SetAside:
    """One page of the rows set aside and how many match in all."""

    rows: pd.DataFrame
    total: int


def set_aside(
    release: Release, *, source: str | None = None, reason: str | None = None, offset: int = 0, limit: int = 50
) -> SetAside:
    """Rows set aside that match, in the order of their files, with COLUMNS; `found` is empty for personal fields.

    Refused for a role other than analysts: the text of a cell may be about a person.
    """
    if release.role != "analyst":
        raise Refused(
            needed="the analyst role",
            found=release.role,
            where="rows set aside",
            remedy="Cells as they were written are open to analysts only; use the counts by reason.",
        )
    values = {"source": source, "reason": reason}
    cursor = release.cursor()
    page = {**values, "limit": min(limit, MOST_ROWS), "offset": max(offset, 0)}
    rows = cursor.execute(f"{query('set_aside')}\nLIMIT $limit OFFSET $offset", page).df()
    counted = cursor.execute(f"SELECT count(*) FROM ({query('set_aside')})", values).fetchone()  # noqa: S608 (a file's text)
    return SetAside(rows, int(counted[0]) if counted else 0)
