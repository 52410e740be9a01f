"""Who has sent the day's report, counted against the reports themselves."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from analytics.release import Release, open_release
from analytics.submissions import Missing, submissions
from tests.analytics.release_fixture import SmallRelease, at

DAY = date(2021, 8, 29)


@pytest.fixture
def release(tmp_path: Path) -> Release:
    made = SmallRelease().unit("747").unit("748").unit("755")
    made.observe("case_counts.cases", "747", DAY - timedelta(days=2), [1, 0, 0])
    made.observe("case_counts.cases", "748", DAY - timedelta(days=3), [4, 2])
    made.observe("tests.samples", "748", DAY - timedelta(days=1), [10])
    made.observe("population.residents", "747", DAY, [100])
    made.observe("cases.f0", "747", DAY, [1])
    made.insert("coverage", ("cases", DAY - timedelta(days=3), DAY, at("2021-08-29 17:00")))
    made.write(tmp_path)
    return open_release(tmp_path, "leader")


def test_a_reported_zero_counts_as_a_report_and_silence_names_its_last_day(release: Release) -> None:
    cases, tests = submissions(release, DAY)
    assert (cases.dataset, cases.reported, cases.expected) == ("case_counts", ("747",), 2)
    assert cases.missing == (Missing("748", DAY - timedelta(days=2)),)
    assert (tests.dataset, tests.reported, tests.missing) == ("tests", (), (Missing("748", DAY - timedelta(days=1)),))


def test_reports_sent_later_do_not_count_for_an_earlier_day(release: Release) -> None:
    (cases,) = submissions(release, DAY - timedelta(days=2))
    assert (cases.reported, cases.missing) == (("747", "748"), ())


def test_only_the_units_asked_about(release: Release) -> None:
    assert [item.expected for item in submissions(release, DAY, ("755",))] == []
    assert [item.reported for item in submissions(release, DAY, ("747",))] == [("747",)]
