"""Opening a release: by role, locked, with what to do when it cannot be read."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from analytics.release import Release, current_id, moment, open_release, release_ids
from data_sources.refusal import Refused
from tests.analytics.release_fixture import SmallRelease, at

DAY = date(2021, 8, 29)


def small() -> SmallRelease:
    made = SmallRelease().unit("747", population=100_000).unit("748", population=50_000)
    return made.observe("case_counts.cases", "747", DAY, [3]).observe("case_counts.cases", "748", DAY, [4])


def test_a_release_says_what_it_is(opened: Callable[..., Release]) -> None:
    release = opened(small())
    assert (release.id, release.as_of, release.first_day, release.last_day) == (
        "20210829T180000-0123456789ab", at("2021-08-29 18:00"), DAY, DAY,
    )  # fmt: skip
    assert release.province.name == "Tỉnh Thử"
    assert [unit.code for unit in release.units.leaves("77")] == ["747", "748"]
    assert release.demonstration


def test_no_release_yet_says_how_to_make_one(tmp_path: Path) -> None:
    assert current_id(tmp_path) is None
    with pytest.raises(Refused, match="data_sources pull"):
        open_release(tmp_path, "leader")


@pytest.mark.parametrize("written", ["../../etc", "", "a b", "\x00"])
def test_a_pointer_that_is_no_id_points_at_nothing(tmp_path: Path, written: str) -> None:
    (tmp_path / "CURRENT").write_text(written, encoding="ascii")
    assert current_id(tmp_path) is None


@pytest.mark.parametrize("role", ["leader", "briefing"])
def test_leaders_and_briefings_have_no_rows_about_persons(opened: Callable[..., Release], role: str) -> None:
    release = opened(small(), role)
    attached = {name for (name,) in release.cursor().execute("SELECT database_name FROM duckdb_databases()").fetchall()}
    assert "picture" in attached
    assert "analysis" not in attached
    with pytest.raises(duckdb.Error):
        release.cursor().execute("SELECT * FROM analysis.cases")


def test_analysts_have_both_files(opened: Callable[..., Release]) -> None:
    assert opened(small(), "analyst").cursor().execute("SELECT count(*) FROM analysis.cases").fetchall() == [(0,)]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_text('/etc/passwd')",
        "ATTACH '/tmp/other.duckdb' AS other",
        "COPY (SELECT 1) TO '/tmp/out.csv'",
        "SET enable_external_access = true",
        "SET memory_limit = '10GB'",
        "INSTALL httpfs",
        "INSERT INTO picture.meta VALUES ('a', 'b')",
    ],
)
def test_the_connection_is_read_only_and_locked(opened: Callable[..., Release], statement: str) -> None:
    with pytest.raises(duckdb.Error):
        opened(small()).cursor().execute(statement)


def test_times_are_those_of_the_province(opened: Callable[..., Release]) -> None:
    release = opened(small())
    assert release.cursor().execute("SELECT current_setting('TimeZone')").fetchall() == [("Asia/Ho_Chi_Minh",)]
    assert moment(DAY) > at("2021-08-29 23:59")
    assert moment(DAY) < at("2021-08-30 00:00")


def test_threads_with_a_cursor_each_read_their_own_rows(opened: Callable[..., Release]) -> None:
    release = opened(small())
    wrong: list[int] = []

    def ask(number: int) -> None:
        for _ in range(50):
            if release.cursor().execute("SELECT ?::INTEGER", [number]).fetchall() != [(number,)]:
                wrong.append(number)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_damaged_current_release_falls_back_to_the_newest_readable_one(tmp_path: Path) -> None:
    older = small().write(tmp_path, "20210828T180000-aaaaaaaaaaaa")
    current = small().write(tmp_path, "20210829T180000-bbbbbbbbbbbb")
    assert release_ids(tmp_path) == [current, older]
    (tmp_path / "releases" / current / "picture.duckdb").write_bytes(b"not a database at all" * 400)
    release = open_release(tmp_path, "leader")
    assert (release.id, release.fallback_from) == (older, current)
    with pytest.raises(Refused, match="readable files"):
        open_release(tmp_path, "leader", current)


def test_a_release_of_another_schema_is_refused(tmp_path: Path) -> None:
    release_id = small().write(tmp_path)
    with duckdb.connect(str(tmp_path / "releases" / release_id / "picture.duckdb")) as con:
        con.execute("UPDATE meta SET value = '1' WHERE key = 'schema_version'")
    with pytest.raises(Refused, match="schema version 2, found version 1"):
        open_release(tmp_path, "leader")


def test_a_code_is_looked_up_with_a_day(opened: Callable[..., Release]) -> None:
    made = small()
    made.unit("753", "Huyện Đất Đỏ", valid_to=date(2024, 12, 31))
    made.unit("753", "Huyện Long Đất", valid_from=date(2025, 1, 1))
    tree = opened(made).units
    assert tree.get("753", date(2021, 8, 29)).name == "Huyện Đất Đỏ"
    assert tree.get("753", date(2025, 3, 1)).name == "Huyện Long Đất"
    with pytest.raises(KeyError, match="999"):
        tree.get("999")
