"""The reporting software's database through the example's settings alone, from a real server to the release."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest

from data_sources import pointer
from data_sources.ingest import PullReport, pull
from data_sources.settings import load
from tests.postgresql import PostgresServer

pytestmark = pytest.mark.xdist_group("postgresql")
EXAMPLE = Path(__file__).parents[2] / "examples" / "reporting_software_postgresql"
SECRET = "change-me"
COLUMNS = "ma_ca, phan_loai, ma_huyen, ngay_bao_cao, noi_phat_hien, tinh_trang, tuoi, ho_ten, dien_thoai"
CASE = f"INSERT INTO ca_benh ({COLUMNS})"


@pytest.fixture(scope="module")
def database(postgresql: PostgresServer) -> PostgresServer:
    """The tables of the example with a few rows."""
    with postgresql.administrator("postgres") as connection:
        connection.execute("CREATE DATABASE example_reporting")
    with postgresql.administrator("example_reporting") as connection:
        connection.execute((EXAMPLE / "schema.sql").read_bytes())
        connection.execute("INSERT INTO huyen VALUES ('747', '77', 'TP. Vũng Tàu'), ('752', '77', 'Huyện Long Điền')")
        connection.execute(
            f"{CASE} SELECT 'BN' || n, 'F0', CASE WHEN n % 3 = 0 THEN '752' ELSE '747' END, date '2021-08-20' + n % 5,"
            " CASE WHEN n % 2 = 0 THEN 'CD' ELSE 'KCL' END, 'DDT', n - 90, 'Zyxwv Canary ' || n, '0900000' || n"
            " FROM generate_series(100, 129) AS n"
        )
        connection.execute(f"{CASE} VALUES ('THU1', 'F0', '747', '2021-08-20', 'CD', 'DDT', 5, 'x', 'y')")
        connection.execute("INSERT INTO khu_cach_ly (ma_huyen, ten, suc_chua) VALUES ('752', 'Trường THCS', 120)")
        connection.execute(
            "INSERT INTO khu_cach_ly_ngay (khu, ngay, hien_co, moi_vao, hoan_thanh, so_f0)"
            " VALUES (1, '2021-08-20', 80, 5, 2, 1), (1, '2021-08-21', 90, 10, 0, 0)"
        )
    return postgresql


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reporting")


@pytest.fixture
def pulled(database: PostgresServer, data: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], PullReport]:
    """One pull of the example."""
    monkeypatch.setenv("REPORTING_DSN", database.dsn("example_reporting", user="toancanh_reader", password=SECRET))
    return lambda: pull(load(EXAMPLE / "config.toml"), data, received_at=datetime.now(UTC))


def current(data: Path, sql: str) -> list[tuple[Any, ...]]:
    """Rows of the current release."""
    release = pointer.current_id(data)
    assert release is not None
    with duckdb.connect(str(pointer.release_folder(data, release) / "picture.duckdb"), read_only=True) as con:
        con.execute("SET TimeZone = 'Asia/Ho_Chi_Minh'")
        return con.execute(sql).fetchall()


def cases(data: Path) -> dict[tuple[str, date], float]:
    """Cases by district and day."""
    sql = "SELECT unit, day, value FROM observation WHERE measure = 'cases.f0' AND stratum = ''"
    return {(unit, day): value for unit, day, value in current(data, sql)}


def test_the_database_becomes_a_release(pulled: Callable[[], PullReport], database: PostgresServer, data: Path) -> None:
    report = pulled()
    assert [(one.rows_in, one.rows_kept, one.error, one.held) for one in report.sources[:2]] == [
        (30, 30, None, None), (2, 2, None, None),
    ]  # fmt: skip
    with database.administrator("example_reporting") as connection:
        counted = connection.execute(
            "SELECT ma_huyen, ngay_bao_cao, count(*) FROM ca_benh WHERE ma_ca LIKE 'BN%' GROUP BY 1, 2"
        ).fetchall()
    assert cases(data) == {(unit, day): count for unit, day, count in counted}
    present = "SELECT day, value FROM observation WHERE measure = 'quarantine_sites.present' AND stratum = ''"
    assert current(data, present) == [(date(2021, 8, 20), 80), (date(2021, 8, 21), 90)]


def test_nothing_new_is_nothing_new(pulled: Callable[[], PullReport], data: Path) -> None:
    before = pulled().release
    report = pulled()
    assert (report.release, report.fresh, [one.rows_in for one in report.sources[:2]]) == (before, False, [0, 0])


def test_rows_seen_again_make_no_version_and_a_correction_makes_one(
    pulled: Callable[[], PullReport], database: PostgresServer, data: Path
) -> None:
    pulled()
    history = "SELECT count(*) FROM observation_history WHERE measure = 'quarantine_sites.present' AND stratum = ''"
    assert current(data, history) == [(2,)]
    add = "INSERT INTO khu_cach_ly_ngay (khu, ngay, hien_co, moi_vao, hoan_thanh, so_f0) VALUES"
    with database.administrator("example_reporting") as connection:
        connection.execute(f"{add} (1, '2021-08-22', 95, 5, 0, 0)")
    report = pulled()
    assert [one.rows_in for one in report.sources[:2]] == [0, 3]  # the two known ones lie within the overlap
    assert current(data, history) == [(3,)]

    before = cases(data)
    with database.administrator("example_reporting") as connection:
        connection.execute(f"{add} (1, '2021-08-22', 96, 6, 0, 0)")
        connection.execute(
            "UPDATE ca_benh SET ma_huyen = '752', cap_nhat_luc = clock_timestamp() WHERE ma_ca = 'BN100'"
        )
    pulled()
    assert current(data, history) == [(4,)]
    changed = {key: (before.get(key), value) for key, value in cases(data).items() if before.get(key) != value}
    day = date(2021, 8, 20)
    assert set(changed) == {("747", day), ("752", day)}
    assert sum(cases(data).values()) == 30


def test_names_lie_nowhere_in_the_clear_and_the_password_nowhere_at_all(
    pulled: Callable[[], PullReport], data: Path
) -> None:
    pulled()
    files = [path for path in data.rglob("*") if path.is_file()]
    assert len(files) > 6
    for path in files:
        content = path.read_bytes()
        assert b"Zyxwv" not in content, path.name
        assert SECRET.encode() not in content, path.name


def test_a_renamed_column_keeps_the_last_picture_and_its_rows_come_once_it_is_back(
    pulled: Callable[[], PullReport], database: PostgresServer, data: Path
) -> None:
    before = pulled().release
    with database.administrator("example_reporting") as connection:
        connection.execute("ALTER TABLE ca_benh RENAME co_ket_qua_luc TO ket_qua_luc")
        connection.execute(f"{CASE} VALUES ('BN200', 'F0', '747', '2021-08-26', 'CD', 'DDT', 5, 'x', 'y')")
    report = pulled()
    assert "column c.co_ket_qua_luc does not exist" in str(report.sources[0].error)
    assert (report.release, report.sources[1].error) == (before, None)
    with database.administrator("example_reporting") as connection:
        connection.execute("ALTER TABLE ca_benh RENAME ket_qua_luc TO co_ket_qua_luc")
    pulled()
    assert cases(data)["747", date(2021, 8, 26)] == 1


def test_a_server_that_is_down_keeps_the_last_picture(
    pulled: Callable[[], PullReport], data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = pulled().release
    dsn = psycopg.conninfo.make_conninfo("", host="127.0.0.1", port=1, dbname="d", user="u", password=SECRET)
    monkeypatch.setenv("REPORTING_DSN", dsn)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    monkeypatch.setattr("data_sources.connectors.sql._wait", lambda *arguments: None)
    report = pull(load(EXAMPLE / "config.toml"), data, received_at=datetime.now(UTC))
    assert report.release == before
    told = [one.error for one in report.sources[:2]]
    assert all(error is not None and "connection refused" in error.text("en") for error in told)
    assert all(SECRET not in str(error) for error in told)
    kept = [str(one["error"]) for one in pointer.read_attempts(data) if one["error"]]
    assert len(kept) == 2
    assert all("trouble.refused" in error and SECRET not in error for error in kept)
