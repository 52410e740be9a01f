"""What a release says of its sources: age, rows in, kept and set aside with reasons, held deliveries."""

from __future__ import annotations

import duckdb

from data_sources.judgement import Judged
from data_sources.lateness import late_after_seconds
from data_sources.settings import Settings

SCHEMA = """
CREATE OR REPLACE TEMP TABLE source_status (source VARCHAR, title VARCHAR, dataset VARCHAR, kind VARCHAR,
    last_issued TIMESTAMPTZ, newest_day DATE, rows_in BIGINT, rows_kept BIGINT, rows_set_aside BIGINT,
    held VARCHAR, error VARCHAR, every_seconds BIGINT, late_after_seconds BIGINT);
CREATE OR REPLACE TEMP TABLE set_aside_reason (source VARCHAR, reason VARCHAR, rows BIGINT);
CREATE OR REPLACE TEMP TABLE held_batch (source VARCHAR, delivery VARCHAR, issued TIMESTAMPTZ, rows BIGINT,
    reason VARCHAR);
CREATE OR REPLACE TEMP TABLE format_note (source VARCHAR, note VARCHAR);
"""


def build_status(con: duckdb.DuckDBPyConnection, settings: Settings, judged: list[Judged]) -> None:
    """Temporary tables on the state of the sources, ready to be copied into a picture."""
    con.execute(SCHEMA)
    for source in settings.sources:
        of_source = [one for one in judged if one.source == source.name]
        held = next((one.held_stored for one in reversed(of_source) if one.held), None)
        contents = sorted({one.content for one in of_source})
        con.execute(
            "INSERT INTO source_status SELECT ?, ?, ?, ?, ?, max(newest_day), COALESCE(sum(rows_in), 0),"
            " COALESCE(sum(rows_kept), 0), COALESCE(sum(rows_set_aside), 0), ?,"
            " (SELECT error FROM source_state WHERE source = ?), ?, ?"
            " FROM content WHERE list_contains(?::INTEGER[], content)",
            [
                source.name,
                source.title or source.name,
                source.dataset,
                source.kind,
                max((one.issued_at for one in of_source), default=None),
                held,
                source.name,
                source.every_seconds,
                late_after_seconds(source),
                contents,
            ],
        )
        con.execute(
            "INSERT INTO set_aside_reason SELECT ?, key, sum(CAST(value AS BIGINT)) FROM content,"
            " json_each(content.reasons) WHERE list_contains(?::INTEGER[], content) GROUP BY key ORDER BY 3 DESC, key",
            [source.name, contents],
        )
        con.execute(
            "INSERT INTO set_aside_reason SELECT ?, 'flag:' || key, sum(CAST(value AS BIGINT)) FROM content,"
            " json_each(content.flags) WHERE list_contains(?::INTEGER[], content) GROUP BY key ORDER BY 3 DESC, key",
            [source.name, contents],
        )
        con.execute(
            "INSERT INTO format_note SELECT DISTINCT ?, json_extract_string(value, '$') FROM content,"
            " json_each(content.notes) WHERE list_contains(?::INTEGER[], content)",
            [source.name, contents],
        )
        for one in of_source:
            if one.held:
                con.execute(
                    "INSERT INTO held_batch VALUES (?, ?, ?, ?, ?)",
                    [one.source, one.delivery, one.issued_at, one.rows, one.held_stored],
                )
