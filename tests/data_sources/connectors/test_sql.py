"""Pulls of a real PostgreSQL server: what is read, what is new, what is refused, and that nothing is ever written."""

from __future__ import annotations

import json
import os
import signal
import stat
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from data_sources.connectors import Delivery
from data_sources.connectors.clock import Clock
from data_sources.connectors.sql import fetch_sql
from data_sources.refusal import Held, Refused, Unreachable
from data_sources.settings import SourceSettings, SqlSettings
from tests.data_sources.connectors.loopback import raw_server
from tests.data_sources.readers.samples import read_file
from tests.postgresql import PASSWORD, PostgresServer, free_port

pytestmark = pytest.mark.xdist_group("postgresql")
Pull = Callable[..., list[Delivery]]
EVERYTHING = "SELECT * FROM sampling ORDER BY id"


@pytest.fixture(scope="module")
def server(postgresql: PostgresServer) -> PostgresServer:
    """The server with a table that the reading role may only read."""
    postgresql.execute(
        "CREATE SEQUENCE written",
        "GRANT ALL ON SEQUENCE written TO PUBLIC",
        "CREATE TABLE owned (a INTEGER)",
        "GRANT ALL ON owned TO PUBLIC",
        "CREATE FUNCTION writes() RETURNS integer LANGUAGE sql AS 'INSERT INTO owned VALUES (1) RETURNING a'",
    )
    return postgresql


@pytest.fixture
def table(server: PostgresServer) -> PostgresServer:
    """The table `sampling` with three rows of yesterday."""
    server.execute(
        "DROP TABLE IF EXISTS sampling",
        "CREATE TABLE sampling (id BIGINT, unit TEXT, cases INTEGER, changed TIMESTAMPTZ)",
        "INSERT INTO sampling SELECT n, '74' || n, n * 10, now() - interval '1 day' + n * interval '1 minute'"
        " FROM generate_series(7, 9) AS n",
    )
    return server


@pytest.fixture
def pull(server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pull:
    """pull(query, state, cursor_column="changed", ...): the deliveries of one pull; waits take no time."""
    monkeypatch.setenv("REPORTING_DSN", server.dsn())

    def run(
        query: str = EVERYTHING,
        state: dict[str, str] | None = None,
        *,
        until: datetime | None = None,
        sleep: Callable[[float], None] = lambda _: None,
        **options: Any,
    ) -> list[Delivery]:
        settings = SqlSettings(dsn="env:REPORTING_DSN", query=query, **({"total_seconds": 20.0} | options))
        source = SourceSettings(name="reporting", dataset="case_counts", kind="sql", sql=settings, complete=False)
        clock = Clock(monotonic=time.monotonic, sleep=sleep, now=lambda: datetime.now(UTC), jitter=lambda: 1.0)
        return list(fetch_sql(source, tmp_path, state or {}, until, clock=clock))

    return run


def rows(delivery: Delivery) -> list[dict[str, Any]]:
    """The rows as they lie in the spool, every number as it is written."""
    text = delivery.path.read_text(encoding="utf-8")
    if text.startswith("["):
        return list(json.loads(text, parse_float=Decimal))
    return [json.loads(line, parse_float=Decimal) for line in text.splitlines()]


def ids(delivery: Delivery) -> list[int]:
    return sorted(row["id"] for row in rows(delivery))


def test_every_value_comes_without_loss(server: PostgresServer, pull: Pull, tmp_path: Path) -> None:
    [delivery] = pull(
        """SELECT 1 AS id, 1.10::numeric AS n, 12345678901234567890.123456789012345678901::numeric AS digits,
            'NaN'::numeric AS nothing, 0.1::float8 AS f, true AS yes, '' AS empty, NULL AS missing,
            timestamptz '2021-08-29 11:00:00.123456+00' AS at, timestamp '2021-08-29 18:00' AS local_time,
            date '2021-08-29' AS day, E'a\\n"b"\\t\\\\ Đất Đỏ' AS text, '{"k":
            null}'::json AS document, '0901234567' AS phone -- the last column
        UNION ALL SELECT 2, NULL, 0, 0, 0, NULL, NULL, 'x', NULL, NULL, NULL, NULL, NULL, NULL;"""
    )
    first, second = rows(delivery)
    assert first == {
        "id": 1, "n": Decimal("1.10"), "digits": Decimal("12345678901234567890.123456789012345678901"),
        "nothing": "NaN", "f": Decimal("0.1"), "yes": True, "empty": "", "missing": None,
        "at": "2021-08-29T18:00:00.123456+07:00", "local_time": "2021-08-29T18:00:00", "day": "2021-08-29",
        "text": 'a\n"b"\t\\ Đất Đỏ', "document": {"k": None}, "phone": "0901234567",
    }  # fmt: skip
    assert '"n":1.10,' in delivery.path.read_text(encoding="utf-8")
    assert (second["empty"], second["missing"], second["yes"]) == (None, "x", None)
    assert (delivery.format, delivery.declared_rows, delivery.name) == ("json", 2, "reporting, query")
    assert abs(delivery.issued_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert delivery.issued_at.utcoffset() == timedelta(hours=7)
    assert stat.S_IMODE(delivery.path.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [delivery.sha256]
    read = read_file(delivery.path, delivery.format)
    assert read.loaded.rows == 2
    assert dict(zip(read.loaded.columns, read.data[0], strict=True))["local_time"] == "2021-08-29T18:00:00"


def test_one_row_is_a_row_and_no_envelope(pull: Pull) -> None:
    [delivery] = pull("SELECT '747' AS unit, 3 AS cases")
    assert read_file(delivery.path, delivery.format).data == [("747", "3")]


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM owned RETURNING a",
        "WITH gone AS (DELETE FROM owned RETURNING a) SELECT * FROM gone",
        "SELECT writes() AS a",
        "SELECT nextval('written') AS a",
        "SELECT set_config('transaction_read_only', 'off', false) AS off, writes() AS a",
        "SELECT 1 AS a) AS x; INSERT INTO owned VALUES (2); SELECT * FROM (SELECT 1 AS a",
        "SELECT 1 AS a; COMMIT; INSERT INTO owned VALUES (3)",
    ],
)
def test_a_query_that_writes_is_refused_and_nothing_is_written(
    server: PostgresServer, pull: Pull, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Not even a role that may do anything can write through here.
    monkeypatch.setenv("REPORTING_DSN", server.dsn(user="postgres", password="only-for-this-test-server"))
    server.execute("TRUNCATE owned", "INSERT INTO owned VALUES (0)")
    with pytest.raises(Refused, match=r"SQLSTATE"):
        pull(query)
    with server.administrator() as connection:
        assert connection.execute("SELECT array_agg(a) FROM owned").fetchone() == ([0],)
        assert connection.execute("SELECT is_called FROM written").fetchone() == (False,)


def test_the_cursor_asks_only_for_newer_rows_and_late_commits_are_not_lost(table: PostgresServer, pull: Pull) -> None:
    cursor = {"cursor_column": "changed", "overlap_seconds": 600}
    [first] = pull(EVERYTHING, **cursor)
    assert ids(first) == [7, 8, 9]
    assert pull(EVERYTHING, first.state, **cursor) == []

    with table.administrator() as slow, slow.transaction():
        # It takes its time now, and commits after a row that came later was seen.
        slow.execute("INSERT INTO sampling VALUES (20, '747', 1, clock_timestamp())")
        table.execute("INSERT INTO sampling VALUES (21, '748', 1, clock_timestamp())")
        [second] = pull(EVERYTHING, first.state, **cursor)
        assert ids(second) == [7, 8, 9, 21]  # those within the overlap once more
    [third] = pull(EVERYTHING, second.state, **cursor)
    assert ids(third) == [20, 21]
    assert pull(EVERYTHING, third.state, **cursor) == []

    table.execute("UPDATE sampling SET cases = 99, changed = now() WHERE id = 7")
    [fourth] = pull(EVERYTHING, third.state, **cursor)
    assert [row["cases"] for row in rows(fourth) if row["id"] == 7] == [99]
    assert 8 not in ids(fourth)


def test_without_an_overlap_a_late_commit_would_be_lost(table: PostgresServer, pull: Pull) -> None:
    """The control of the test above: it is the overlap that finds the row."""
    cursor = {"cursor_column": "changed", "overlap_seconds": 0}
    [first] = pull(EVERYTHING, **cursor)
    table.execute("INSERT INTO sampling SELECT 20, '747', 1, max(changed) - interval '1 second' FROM sampling")
    assert pull(EVERYTHING, first.state, **cursor) == []


def test_numbers_given_out_early_and_committed_late_are_found(table: PostgresServer, pull: Pull) -> None:
    [first] = pull(EVERYTHING, cursor_column="id", overlap_keys=5)
    assert first.state["cursor"] == "9"
    table.execute("INSERT INTO sampling VALUES (12, '747', 1, NULL)")
    [second] = pull(EVERYTHING, first.state, cursor_column="id", overlap_keys=5)
    assert ids(second) == [7, 8, 9, 12]
    table.execute("INSERT INTO sampling VALUES (11, '747', 1, NULL)")
    [third] = pull(EVERYTHING, second.state, cursor_column="id", overlap_keys=5)
    assert ids(third) == [8, 9, 11, 12]
    assert pull(EVERYTHING, third.state, cursor_column="id", overlap_keys=5) == []


def test_rows_without_a_time_or_of_the_future_hide_nothing(table: PostgresServer, pull: Pull) -> None:
    table.execute(
        "INSERT INTO sampling VALUES (30, '747', 1, NULL), (31, '747', 1, 'infinity'), (32, '747', 1, '-infinity'),"
        " (33, '747', 1, now() + interval '9 years')"
    )
    [first] = pull(EVERYTHING, cursor_column="changed")
    assert ids(first) == [7, 8, 9, 30, 31, 32, 33]
    assert pull(EVERYTHING, first.state, cursor_column="changed") == []
    table.execute("INSERT INTO sampling VALUES (34, '747', 1, now()), (35, '747', 1, NULL)")
    [second] = pull(EVERYTHING, first.state, cursor_column="changed")
    assert ids(second) == [30, 31, 32, 33, 34, 35]


@pytest.mark.parametrize("kind", ["timestamp", "date"])
def test_a_time_without_a_zone_is_one_in_vietnam_whatever_the_server_thinks(
    server: PostgresServer, pull: Pull, kind: str
) -> None:
    name = 'cập nhật "lúc"'
    quoted = '"cập nhật ""lúc"""'
    query = f"SELECT * FROM (VALUES (1, {kind} '2021-08-28 10:00'), (2, {kind} '2021-08-29 18:00')) AS v(id, {quoted})"
    [first] = pull(query, cursor_column=name)
    moment = datetime.fromtimestamp(int(first.state["cursor"]) / 1_000_000, UTC)
    assert moment.isoformat() == ("2021-08-29T11:00:00+00:00" if kind == "timestamp" else "2021-08-28T17:00:00+00:00")
    assert pull(query, first.state, cursor_column=name) == []
    more = query.replace("18:00')", f"18:00'), (3, {kind} '2021-08-29 18:05')")
    [second] = pull(more, first.state, cursor_column=name)
    assert ids(second) == [2, 3]


def test_everything_again_is_nothing_new_in_whatever_order_it_comes(table: PostgresServer, pull: Pull) -> None:
    [first] = pull("SELECT * FROM sampling")
    assert pull("SELECT * FROM sampling ORDER BY id DESC", first.state) == []
    table.execute("DELETE FROM sampling WHERE id = 8")
    [second] = pull("SELECT * FROM sampling", first.state)
    assert ids(second) == [7, 9]
    table.execute("TRUNCATE sampling")
    with pytest.raises(Held, match="Zero rows are not zero cases"):
        pull("SELECT * FROM sampling", second.state)


def test_a_table_that_was_emptied_behind_the_cursor_is_said(table: PostgresServer, pull: Pull) -> None:
    [first] = pull(EVERYTHING, cursor_column="changed")
    table.execute("TRUNCATE sampling")
    with pytest.raises(Refused, match="emptied, or restored from a copy"):
        pull(EVERYTHING, first.state, cursor_column="changed")
    with pytest.raises(Held):
        pull(EVERYTHING, cursor_column="changed")


def test_a_changed_table_is_named(table: PostgresServer, pull: Pull) -> None:
    table.execute("ALTER TABLE sampling RENAME cases TO new_cases")
    with pytest.raises(Refused, match=r'column "cases" does not exist \(SQLSTATE 42703\)'):
        pull("SELECT unit, cases FROM sampling")
    with pytest.raises(Refused, match=r"needed the cursor column 'changed_at' among .*found id, unit, new_cases"):
        pull(EVERYTHING, cursor_column="changed_at")
    with pytest.raises(Refused, match="'unit' of type text"):
        pull(EVERYTHING, cursor_column="unit")
    with pytest.raises(Refused, match="id twice"):
        pull("SELECT a.id, b.id FROM sampling AS a, sampling AS b")
    table.execute("REVOKE SELECT ON sampling FROM PUBLIC, reporting_reader")
    with pytest.raises(Refused, match="permission denied for table sampling"):
        pull(EVERYTHING)


def test_what_a_row_holds_is_in_no_message(table: PostgresServer, pull: Pull) -> None:
    with pytest.raises(Refused, match="SQLSTATE 22P02") as error:
        pull("SELECT (unit || ' Nguyễn Văn A')::integer AS cases FROM sampling")
    assert "Nguyễn" not in str(error.value)


def test_more_than_is_accepted_is_refused_whole(table: PostgresServer, pull: Pull, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="needed at most 2 rows, found more"):
        pull(EVERYTHING, rows=2)
    with pytest.raises(Refused, match="at most 1 MB"):
        pull("SELECT repeat('x', 100000) AS a FROM generate_series(1, 20)", megabytes=1)
    assert list(tmp_path.iterdir()) == []


def test_a_slow_query_is_ended_by_the_server(server: PostgresServer, pull: Pull) -> None:
    started = time.monotonic()
    with pytest.raises(Unreachable, match=r"needed a query done within 0.3 s \(statement_seconds\)"):
        pull("SELECT 1 AS a, pg_sleep(30)::text AS b", statement_seconds=0.3)
    assert time.monotonic() - started < 5
    with pytest.raises(Unreachable, match=r"needed a whole answer within 0.5 s \(total_seconds\)"):
        pull("SELECT 1 AS a, pg_sleep(30)::text AS b", total_seconds=0.5)
    assert time.monotonic() - started < 10


def test_a_server_that_falls_silent_is_left_within_read_seconds(server: PostgresServer, pull: Pull) -> None:
    """The process that serves us is stopped: no error, no end, just silence."""
    stopped: list[int] = []

    def stop_it() -> None:
        asked = "SELECT pid FROM pg_stat_activity WHERE application_name = 'toan-canh' AND query LIKE '%pg_sleep(0.4)%'"
        with server.administrator() as connection:
            for _ in range(500):
                row = connection.execute(asked).fetchone()
                if row:
                    os.kill(row[0], signal.SIGSTOP)
                    stopped.append(row[0])
                    return
                time.sleep(0.002)

    thread = Thread(target=stop_it)
    thread.start()
    started = time.monotonic()
    try:
        with pytest.raises(Unreachable, match="fell silent"):
            pull("SELECT 1 AS a, pg_sleep(0.4)::text AS b", statement_seconds=0.5, read_seconds=0.5, retries=0)
        assert time.monotonic() - started < 5
    finally:
        thread.join()
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)
    assert stopped


def test_a_refused_connection_is_tried_again_with_longer_waits(
    server: PostgresServer, pull: Pull, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPORTING_DSN", server.dsn(port=free_port()))
    waits: list[float] = []
    with pytest.raises(Unreachable, match=r"after 4 attempts \(connection refused\)") as error:
        pull(EVERYTHING, retries=3, sleep=waits.append)
    assert waits == [0.5, 1.0, 2.0]
    assert PASSWORD not in str(error.value)
    assert "postgresql://127.0.0.1:" in str(error.value)

    monkeypatch.setenv("REPORTING_DSN", server.dsn())
    server.execute("ALTER ROLE reporting_reader CONNECTION LIMIT 0")
    healed = pull("SELECT 1 AS a", sleep=lambda _: server.execute("ALTER ROLE reporting_reader CONNECTION LIMIT -1"))
    assert rows(healed[0]) == [{"a": 1}]


def test_a_port_that_accepts_and_says_nothing_costs_connect_seconds(
    pull: Pull, monkeypatch: pytest.MonkeyPatch
) -> None:
    with raw_server(lambda connection, request: None) as url:
        port = url.split(":")[2].split("/")[0]
        monkeypatch.setenv("REPORTING_DSN", f"host=127.0.0.1 port={port} dbname=d user=u password=p4ss")
        started = time.monotonic()
        with pytest.raises(Unreachable):
            pull(EVERYTHING, connect_seconds=1, retries=0)
        assert time.monotonic() - started < 4


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"password": "sai-mật-khẩu"}, "found a user or password that the server does not know"),
        ({"database": "nowhere"}, "found a database or user that does not exist"),
        ({"sslmode": "require"}, "found a server without TLS"),
    ],
)
def test_a_connection_that_is_refused_says_why_without_the_password(
    server: PostgresServer, pull: Pull, monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], told: str
) -> None:
    monkeypatch.setenv("REPORTING_DSN", server.dsn(**changed))
    waits: list[float] = []
    with pytest.raises(Refused) as error:
        pull(EVERYTHING, sleep=waits.append)
    assert told in str(error.value)
    assert waits == []
    assert not [secret for secret in (PASSWORD, "sai-mật-khẩu") if secret in repr(error.value) + str(error.value)]
    assert error.value.__cause__ is None


@pytest.mark.parametrize(
    ("dsn", "told"),
    [
        ("", "found one without host, dbname, user"),
        ("host=127.0.0.1 password='s3cret", "found something else"),
        ("s3cret", "found something else"),
        ("dbname=a password=s3cret", "one without host, user"),
        ("host=db.example dbname=a user=u password=s3cret sslmode=disable", "found sslmode=disable"),
        ("host=127.0.0.1,db.example dbname=a user=u password=s3cret sslmode=prefer", "found sslmode=prefer"),
    ],
)
def test_a_wrong_connection_string_is_explained_and_never_repeated(
    pull: Pull, monkeypatch: pytest.MonkeyPatch, dsn: str, told: str
) -> None:
    monkeypatch.setenv("REPORTING_DSN", dsn)
    with pytest.raises(Refused, match="REPORTING_DSN") as error:
        pull(EVERYTHING)
    assert told in str(error.value)
    assert "s3cret" not in str(error.value)


def test_a_database_cannot_say_how_it_stood(pull: Pull) -> None:
    with pytest.raises(Refused, match="Pull this source without --until"):
        pull("SELECT 1 AS a", until=datetime(2021, 8, 29, tzinfo=UTC))
