"""Trails made coarse for everyone who does not trace: places on a 500 m grid, whole hours, the home as its unit.

A trail's number changes with every release, so that two releases cannot be joined to follow one person for longer.
"""

from __future__ import annotations

import duckdb

GRID_DEGREES = 0.0045
"""500 m of latitude; a cell of that size holds hundreds of residents in a town, so a cell is not a house."""

BUILD = """
CREATE OR REPLACE TEMP TABLE coarse_point AS
WITH home AS (
    SELECT person, unit, commune FROM person_unit
),
placed AS (
    SELECT t.case_code AS person, date_trunc('hour', t.visited_at) AS hour, t.place_kind, h.unit, h.commune,
        CASE WHEN t.place_kind = 'home' THEN u.label_latitude
             ELSE (floor(t.latitude / $grid) + 0.5) * $grid END AS latitude,
        CASE WHEN t.place_kind = 'home' THEN u.label_longitude
             ELSE (floor(t.longitude / ($grid / $shrink)) + 0.5) * ($grid / $shrink) END AS longitude
    FROM version_trail_points AS t
    LEFT JOIN home AS h ON h.person = t.case_code
    LEFT JOIN unit AS u ON u.code = h.unit
    WHERE t.until_at IS NULL
),
merged AS (
    SELECT DISTINCT person, unit, commune, hour, place_kind,
        round(longitude, 5) AS longitude, round(latitude, 5) AS latitude
    FROM placed WHERE latitude IS NOT NULL AND longitude IS NOT NULL
)
SELECT dense_rank() OVER (ORDER BY hash(person || $release)) AS trail_no,
    unit, commune, hour, longitude, latitude, place_kind,
    row_number() OVER (PARTITION BY person ORDER BY hour, place_kind, longitude, latitude) AS seq
FROM merged
"""


def build_coarse_trails(con: duckdb.DuckDBPyConnection, release_salt: str, *, has_trails: bool) -> None:
    """Temporary tables `trail` and `trail_point` for the picture; empty when there are no trail points."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE trail (trail_no INTEGER, unit VARCHAR, commune VARCHAR, first_hour TIMESTAMPTZ,"
        " last_hour TIMESTAMPTZ, points INTEGER)"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE trail_point (trail_no INTEGER, seq INTEGER, hour TIMESTAMPTZ, longitude DOUBLE,"
        " latitude DOUBLE, place_kind VARCHAR)"
    )
    if not has_trails:
        return
    shrink_row = con.execute(
        "SELECT greatest(0.2, cos(radians(round(avg(latitude))))) FROM version_trail_points WHERE until_at IS NULL"
    ).fetchone()
    shrink = float(shrink_row[0]) if shrink_row and shrink_row[0] is not None else 1.0
    con.execute(BUILD, {"grid": GRID_DEGREES, "shrink": shrink, "release": release_salt})
    con.execute(
        "INSERT INTO trail SELECT trail_no, any_value(unit), any_value(commune), min(hour), max(hour), count(*)"
        " FROM coarse_point GROUP BY trail_no ORDER BY trail_no"
    )
    con.execute(
        "INSERT INTO trail_point SELECT trail_no, seq, hour, longitude, latitude, place_kind FROM coarse_point"
        " ORDER BY trail_no, seq"
    )
