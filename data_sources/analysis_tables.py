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
    "trail_point": "person, visited_at",
    "encounters": "person, started_at, other_person",
    "checkins": "venue, time_in, person",
}
