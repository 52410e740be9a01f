"""Rows set aside by unit and day: what each unit must mend, also where nobody keeps a register of reports."""

from __future__ import annotations

import duckdb

from data_sources.judgement import Judged
from data_sources.settings import Settings


def load_rejected_rows(con: duckdb.DuckDBPyConnection, settings: Settings, judged: list[Judged]) -> None:
    """The temporary table `set_aside_part` (source, dataset, reason, unit, day, rows) of the deliveries in the picture.

    `unit` is NULL where it could not be read; where the day could not, or cannot be, it is the one on which the row
    came. A row counts once,
    under the first rule it broke. A source that sends everything each time sends what it did not mend again: of each
    of its files only the newest delivery counts.
    """
    complete = {source.name for source in settings.sources if source.complete}
    counted = {}
    for one in judged:
        if one.held is None:
            counted[(one.source, one.delivery) if one.source in complete else (one.source, one.content)] = one
    con.execute(
        "CREATE OR REPLACE TEMP TABLE set_aside_part AS"
        " WITH counted AS (SELECT content, min(issued_at) AS issued_at FROM (SELECT unnest(?::INTEGER[]) AS content,"
        " unnest(?::TIMESTAMPTZ[]) AS issued_at) GROUP BY content),"
        " wrong AS (SELECT c.source, c.dataset, first(s.reason ORDER BY s.rowid) AS reason, max(s.unit) AS unit,"
        " CASE WHEN max(s.day) IS NULL OR bool_or(s.reason = 'day_out_of_range')"
        " THEN CAST(any_value(k.issued_at) AS DATE) ELSE max(s.day) END AS day FROM set_aside AS s"
        " JOIN counted AS k ON k.content = s.content JOIN content AS c ON c.content = s.content"
        " GROUP BY s.content, c.source, c.dataset, s.sheet, s.row)"
        " SELECT source, dataset, reason, unit, day, count(*) AS rows FROM wrong GROUP BY ALL ORDER BY ALL",
        [[one.content for one in counted.values()], [one.issued_at for one in counted.values()]],
    )
