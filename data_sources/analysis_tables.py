"""The tables of `analysis.duckdb`: pseudonymous rows and exact counts, the newest version of each, for analysts."""

from __future__ import annotations

ANALYSIS: dict[str, tuple[str, str]] = {
    "cases": (
        "cases",
        "case_code AS person, source_case AS source_person, f_class, unit, commune, day, detection, onset, sampled_at,"
        " result_at, isolated_at, outcome, outcome_day, severity, symptoms, age, sex, occupation, exposure,"
        " issued_at AS issued",
    ),
    "traces": ("traces", "case_code AS person, unit, day, traced_at, found_by, contacts_found, needs_movement_map"),
    "trail_point": ("trail_points", "case_code AS person, visited_at, longitude, latitude, place_kind, point_source"),
    "contacts": (
        "contacts",
        "contact_code AS person, source_case AS source_person, unit, day, named_at, told_at, quarantined_at, found_by,"
        " found_automatically, on_f1_list, follow_up_status, ended_on, last_seen_day, issued_at AS issued",
    ),
    "encounters": ("encounters", "device AS person, other_device AS other_person, started_at, minutes, rssi_class"),
    "checkins": ("checkins", "person_code AS person, venue, place_kind, unit, time_in, time_out"),
}
"""The table's name = its dataset and what of its rows it holds."""
ANALYSIS_ORDER = {
    "cases": "day, unit, person",
    "contacts": "day, unit, person",
    "trail_point": "person, visited_at",
    "encounters": "person, started_at, other_person",
    "checkins": "venue, time_in, person",
}
DERIVED = {
    # How many rows a page of the list has before it, so that a page reads only the days and units that are on it.
    "cases_by_day": """
        SELECT day, unit, f_class, detection, count(*) AS rows FROM analysis.cases GROUP BY ALL ORDER BY ALL
    """,
    # Every trail with the unit and commune that the line list or the tracing form gives.
    "trail": """
        WITH told AS (
            SELECT person, unit, commune, 0 AS place FROM analysis.cases
            UNION ALL
            SELECT person, unit, NULL, 1 FROM analysis.traces
        ),
        home AS (
            SELECT person, arg_min(unit, place) AS unit, arg_min(commune, place) AS commune FROM told
            WHERE person IN (SELECT person FROM analysis.trail_point) GROUP BY person
        )
        SELECT p.person, h.unit, h.commune, min(p.visited_at) AS first_at, max(p.visited_at) AS last_at,
            count(*) AS points
        FROM analysis.trail_point AS p LEFT JOIN home AS h ON h.person = p.person
        GROUP BY p.person, h.unit, h.commune ORDER BY last_at DESC, p.person
    """,
}
"""What is worked out once from the other tables instead of by every question: with 10 million cases a list of trails
took 4 s and a page of the list 60 ms."""
