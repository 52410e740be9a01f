"""Which sources are late at a given moment: by their newest delivery, or because nobody reaches them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import duckdb
import pytest

from analytics.indicators import INDICATORS
from analytics.release import Release
from analytics.sources import datasets_of, late, source_statuses
from data_sources.contracts import CONTRACTS
from data_sources.lateness import Signs, allowance_seconds, late_after_seconds
from data_sources.settings import SourceSettings
from data_sources.turns import Turn
from tests.analytics.release_fixture import SmallRelease, at

Opened = Callable[..., Release]
NOON = at("2021-08-29 12:00")


def made() -> SmallRelease:
    """Sources that last issued at noon; a census of 2019, and one that never delivered."""
    small = SmallRelease(demonstration=False).unit("747")
    day, rows = date(2021, 8, 29), (10, 10, 0, None, None)
    small.insert(
        "source_status",
        ("forms", "Biểu mẫu", "case_counts", "files", NOON, day, *rows, 300),
        ("lab", "Xét nghiệm", "tests", "http", NOON, day, *rows, 300, 2 * 3600),
        ("weekly", "Tuần", "tests", "files", NOON, day, *rows, 7 * 86_400),
        ("census", "Dân số", "population", "files", at("2019-04-01 00:00"), day, *rows, 3600),
        ("new", "Mới", "tests", "http", None, None, *rows, 300),
    )
    return small


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (2, []),
        (2.01, [("lab", 2)]),
        (26, [("lab", 2)]),
        (26.01, [("forms", 26), ("lab", 2)]),
        (21 * 24, [("forms", 26), ("lab", 2)]),
        (21 * 24 + 0.1, [("forms", 26), ("lab", 2), ("weekly", 21 * 24)]),
    ],
)
def test_a_source_is_late_by_more_than_its_allowance(
    opened: Opened, hours: float, expected: list[tuple[str, int]]
) -> None:
    statuses = source_statuses(opened(made()))
    found = late(statuses, Signs(), NOON + timedelta(hours=hours), None)
    assert [(one.source, one.allowance_seconds // 3600) for one in found] == expected
    assert {(one.why, one.since) for one in found} <= {("no_news", NOON)}


def test_only_the_sources_of_the_datasets_that_are_used_count(opened: Opened) -> None:
    statuses = source_statuses(opened(made()))
    then = NOON + timedelta(days=3)
    assert [one.source for one in late(statuses, Signs(), then, ("tests", "vaccination"))] == ["lab"]
    assert late(statuses, Signs(), then, ()) == []


def test_what_was_issued_again_without_anything_new_is_a_sign_of_life(opened: Opened) -> None:
    release = opened(made())
    later = {"forms": NOON + timedelta(hours=20)}
    then = NOON + timedelta(hours=30)
    assert [one.source for one in late(source_statuses(release), Signs(issued=later), then, None)] == ["lab"]
    forms = source_statuses(release, then, later)[0]
    assert (forms.age_hours, forms.freshness) == (10.0, "fresh")


def test_a_watch_that_died_is_told_after_an_hour_although_no_release_says_so(opened: Opened) -> None:
    statuses = source_statuses(opened(made()))

    def told(last_success: datetime | None, hours: float) -> list[tuple[str, str, int]]:
        turns = {
            name: Turn(source=name, next_due=NOON, last_attempt=NOON, last_success=last_success)
            for name in ("forms", "weekly", "census")
        }
        found = late(statuses, Signs(turns), NOON + timedelta(hours=hours), None)
        return [(one.source, one.why, one.allowance_seconds) for one in found if one.source != "lab"]

    assert told(NOON, 1) == []
    # An hour, or three turns: the weekly source is not expected before three weeks. A census is asked, too.
    assert told(NOON, 1.1) == [("forms", "not_asked", 3600)]
    assert told(NOON, 3.1) == [("forms", "not_asked", 3600), ("census", "not_asked", 3 * 3600)]
    assert told(None, 1.1) == []  # never reached: the page of sources says that it never delivered


def test_a_release_of_before_the_allowance_is_judged_by_the_dataset(opened: Opened) -> None:
    release = opened(made())
    con = release.cursor()
    columns = [row[0] for row in con.execute("DESCRIBE picture.source_status").fetchall()]
    assert columns[-1] == "late_after_seconds"
    path = con.execute("SELECT path FROM duckdb_databases() WHERE database_name = 'picture'").fetchone()[0]
    release.close()
    with duckdb.connect(path) as old:
        old.execute("ALTER TABLE source_status DROP COLUMN late_after_seconds")
    from pathlib import Path

    from analytics.release import open_release

    again = open_release(Path(path).parents[2], "leader")
    statuses = {one.source: one.late_after_seconds for one in source_statuses(again)}
    again.close()
    assert statuses == {"forms": 93_600, "lab": 93_600, "weekly": 21 * 86_400, "census": None, "new": 93_600}


def test_the_allowance_is_the_settings_or_the_duty_or_three_turns() -> None:
    source = SourceSettings(name="a", dataset="tests", kind="files", path="x", every_seconds=300)
    assert late_after_seconds(source) == 26 * 3600
    assert allowance_seconds("tests", 12 * 3600) == 36 * 3600
    assert allowance_seconds("population", 60) is None
    own = SourceSettings(name="a", dataset="population", kind="files", path="x", late_after_seconds=60)
    assert late_after_seconds(own) == 60


def test_every_indicator_names_the_datasets_it_may_be_read_from() -> None:
    for name in INDICATORS:
        found = datasets_of(name)
        assert found and set(found) <= set(CONTRACTS), name
