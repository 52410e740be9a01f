"""Contacts under follow-up whom nobody has met for more than three days: when that began and when it ended.

A row tells the last visit only, but its versions tell all that were ever reported. Between a visit and the next one, or
the end of the follow-up, a contact is out of sight from the fourth day after the visit on. Both ends are flows, so the
contacts out of sight at the end of a day are those who began until then less those who ended, in any area; and as both
are dated by when they could be known, also as of any earlier time.
"""

from __future__ import annotations

import duckdb

from data_sources.contracts import CONTRACTS
from data_sources.contracts.contacts import ENDED
from data_sources.mapping import quoted

UNSEEN_DAYS = 3
"""Not seen for more than three days is out of sight (the design's indicators, and Go.Data's own report)."""

GAPS = f"""
CREATE OR REPLACE TEMP TABLE sight_gap AS
WITH told AS (
    SELECT rank, contact_code, last_seen_day AS seen, CASE WHEN {ENDED} THEN COALESCE(ended_on, day) END AS ended,
        issued_at
    FROM version_contacts
    WHERE follow_up_status <> 'unknown'
),
person AS (
    SELECT rank, contact_code, arg_max(unit, issued_at) AS unit, arg_max(found_by, issued_at) AS found_by
    FROM version_contacts GROUP BY rank, contact_code
),
finish AS (
    SELECT rank, contact_code, arg_max_null(ended, issued_at) AS ended,
        min(issued_at) FILTER (WHERE ended IS NOT NULL) AS issued_at
    FROM told GROUP BY rank, contact_code
),
visit AS (
    SELECT rank, contact_code, seen, min(issued_at) AS issued_at
    FROM told WHERE seen IS NOT NULL GROUP BY rank, contact_code, seen
),
followed AS (
    SELECT v.rank, v.contact_code, v.seen + {UNSEEN_DAYS + 1} AS began, v.issued_at,
        lead(v.seen) OVER later AS next_seen, lead(v.issued_at) OVER later AS next_issued,
        f.ended, f.issued_at AS finished
    FROM visit AS v LEFT JOIN finish AS f USING (rank, contact_code)
    WINDOW later AS (PARTITION BY v.rank, v.contact_code ORDER BY v.seen)
),
closed AS (
    SELECT rank, contact_code, began, issued_at, least(next_seen, ended) AS ended,
        greatest(issued_at, CASE WHEN next_seen <= COALESCE(ended, next_seen) THEN next_issued ELSE finished END)
            AS closed_at
    FROM followed
)
SELECT p.unit, p.found_by, c.rank, c.began, c.ended, c.issued_at,
    CASE WHEN c.ended IS NOT NULL THEN c.closed_at END AS closed_at
FROM closed AS c JOIN person AS p USING (rank, contact_code)
WHERE c.began <= (SELECT CAST(max(issued_at) AS DATE) FROM version_contacts)
"""
"""For each visit: from which day the contact was out of sight if nobody came, the day somebody did or the follow-up
ended, when the visit was told, and when its end was."""

CHANGES = """
SELECT 'contacts.unseen_began' AS measure, unit, found_by, rank, began AS day, issued_at AS since, 1 AS change
FROM sight_gap
UNION ALL
SELECT 'contacts.unseen_began', unit, found_by, rank, began, closed_at, -1 FROM sight_gap WHERE ended <= began
UNION ALL
SELECT 'contacts.unseen_ended', unit, found_by, rank, ended, closed_at, 1 FROM sight_gap WHERE ended > began
"""


def add_out_of_sight(con: duckdb.DuckDBPyConnection, present: list[str]) -> None:
    """Add both flows, by unit and by how the contact was found, to the temporary table `history`."""
    if "contacts" not in present:
        return
    con.execute(GAPS)
    for cut in CONTRACTS["contacts"].cuts:
        label = " || '|' || ".join(f"'{name}=' || {quoted(name)}" for name in cut) or "''"
        con.execute(
            "INSERT INTO history SELECT measure, stratum, unit, day, rank, since,"
            " CASE WHEN value > 0 THEN CAST(value AS DOUBLE) END FROM (SELECT *,"
            " sum(change) OVER (PARTITION BY measure, stratum, unit, day, rank ORDER BY since) AS value"
            " FROM (SELECT measure, stratum, unit, day, rank, since,"
            f" sum(change) AS change FROM (SELECT *, {label} AS stratum FROM ({CHANGES})) GROUP BY ALL))"
        )
