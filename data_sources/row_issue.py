"""When each row was issued: by its own column where a source states it, else with its delivery; never after that."""

from __future__ import annotations

from datetime import timedelta

import duckdb

from data_sources.readers.formats import find_time_format

CLOCKS_MAY_DIFFER = timedelta(hours=1)
"""Two clocks may differ by this much; an issue later than the delivery that holds it counts as issued with it."""
DELIVERED = "(SELECT issued_at FROM delivery)"


def issued_sql(con: duckdb.DuckDBPyConnection, table: str, *, has_own: bool) -> str:
    """SQL of a row's time of issue; `delivery` is the table with its delivery's, `m` the row of `table`."""
    if not has_own:
        return DELIVERED
    own = find_time_format(con, table, "_issued", None).sql("m._issued")
    return f"CASE WHEN {own} <= {_latest()} THEN {own} ELSE {DELIVERED} END"


def count_misdated(con: duckdb.DuckDBPyConnection, table: str, *, has_own: bool) -> dict[str, int]:
    """How many rows of `table` state a time of issue that is still to come, or none that can be read, by flag."""
    if not has_own:
        return {}
    own = find_time_format(con, table, "_issued", None).sql("m._issued")
    row = con.execute(
        f"SELECT count(*) FILTER (WHERE {own} > {_latest()}),"
        f" count(*) FILTER (WHERE m._issued IS NOT NULL AND {own} IS NULL) FROM {table} AS m"
    ).fetchone()
    counts = dict(zip(("issued_after_delivery", "issue_unreadable"), row or (), strict=False))
    return {flag: rows for flag, rows in counts.items() if rows}


def _latest() -> str:
    return f"{DELIVERED} + INTERVAL {int(CLOCKS_MAY_DIFFER.total_seconds())} SECOND"
