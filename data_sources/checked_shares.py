"""The share of people with symptoms that were checked, by checkpoint, as everyone may know it.

On one day hardly any checkpoint sees five people with symptoms, so four whole weeks are pooled, ending on a Sunday.
Below LEAST_SYMPTOMATIC there is no share: one person would be more than a band. A share is told as the band of
BAND_POINTS it lies in, so that "90–100" does not say whether anybody was left out; a district's only checkpoint has
none, for it would be the district's own.
"""

from __future__ import annotations

import duckdb

from data_sources.contracts import CONTRACTS
from data_sources.cube import version_table

FIELD = "checked_share_4_weeks"
POOLED_DAYS = 28
"""Four of each weekday, as the comparison with the usual week takes."""
BAND_POINTS = 10
LEAST_SYMPTOMATIC = 10
"""One in ten is ten points: no band then holds less than one person."""

SHARES = """
INSERT INTO site_count
WITH told AS (
    SELECT unit, checkpoint, day, symptomatic, checked, issued_at,
        -- A checkpoint that stands for the whole district leaves no site to tell apart.
        checkpoint <> 'all' AND symptomatic IS NOT NULL AND checked IS NOT NULL AS counts
    FROM {versions} WHERE until_at IS NULL
    QUALIFY rank = min(rank) OVER (PARTITION BY unit, day)
),
ending AS (
    SELECT last_day FROM (SELECT DISTINCT CAST(date_trunc('week', day) AS DATE) + 6 AS last_day FROM told)
    WHERE last_day <= (SELECT max(day) FROM told)
),
pooled AS (
    SELECT unit, checkpoint, last_day, sum(symptomatic) FILTER (counts) AS symptomatic,
        sum(checked) FILTER (counts) AS checked, max(max(issued_at)) OVER district AS whole_at,
        count(*) FILTER (checkpoint <> 'all') OVER district AS sites
    FROM told JOIN ending ON day BETWEEN last_day - ($days::INTEGER - 1) AND last_day
    GROUP BY unit, checkpoint, last_day
    WINDOW district AS (PARTITION BY unit, last_day)
),
banded AS (
    -- All of them belong to the highest band.
    SELECT *, least($band::INTEGER * (100 * checked // NULLIF($band::INTEGER * symptomatic, 0)), 100 - $band::INTEGER)
        AS low
    FROM pooled WHERE symptomatic >= $least AND sites > 1 AND checkpoint <> 'all'
)
SELECT 'declarations', unit, checkpoint, last_day, $field, low::INTEGER || '–' || (low::INTEGER + $band::INTEGER), low,
    low + $band::INTEGER, whole_at
FROM banded ORDER BY unit, checkpoint, last_day
"""


def add_checked_shares(con: duckdb.DuckDBPyConnection) -> None:
    """Add to the temporary table `site_count` the field FIELD of each Sunday: a band such as "80–90", in percent."""
    con.execute(
        SHARES.format(versions=version_table(CONTRACTS["declarations"])),
        {"days": POOLED_DAYS, "band": BAND_POINTS, "least": LEAST_SYMPTOMATIC, "field": FIELD},
    )
