"""What counts as a reported 0 without being written, and what stays unknown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from analytics.readings import read
from analytics.release import Release
from tests.analytics.release_fixture import SmallRelease, at

Opened = Callable[..., Release]
DAY = date(2021, 8, 29)
WEEK = DAY - timedelta(days=6)


def units() -> SmallRelease:
    made = SmallRelease().unit("747", population=100_000, population_18_plus=70_000)
    return made.unit("748", population=50_000, population_18_plus=30_000)


def test_a_total_whose_place_of_detection_nobody_stated_has_no_community_share(opened: Opened) -> None:
    made = units().observe("case_counts.cases", "747", WEEK, [10] * 7)
    made.observe("case_counts.cases", "747", WEEK, [10] * 7, stratum="detection=unknown")
    made.observe("case_counts.cases", "748", WEEK, [10] * 7)
    made.observe("case_counts.cases", "748", WEEK, [4] * 7, stratum="detection=community")
    made.observe("case_counts.cases", "748", WEEK, [6] * 7, stratum="detection=quarantine")
    release = opened(made)
    found = read(release, ["community_share", "cases_community_new"], ["747", "748"], DAY)
    assert found["community_share", "748"].value == 40
    assert found["cases_community_new", "747"].value is None


def test_a_day_without_any_case_has_no_community_case_either(opened: Opened) -> None:
    made = units().observe("case_counts.cases", "747", WEEK, [0] * 7)
    made.observe("case_counts.cases", "748", WEEK, [1] * 7)
    made.observe("case_counts.cases", "748", WEEK, [1] * 7, stratum="detection=community")
    assert read(opened(made), ["cases_community_new"], ["747"], DAY)["cases_community_new", "747"].value == 0


def test_a_unit_is_in_the_tracing_list_from_its_own_first_row_on(opened: Opened) -> None:
    made = units().observe("traces.traced_f0", "747", DAY - timedelta(days=2), [3])
    made.insert("coverage", ("traces", WEEK, DAY, at("2021-08-29T17:00")))
    release = opened(made)
    readings = {day: read(release, ["traced_f0"], ["747", "748"], day) for day in (DAY - timedelta(days=3), DAY)}
    assert readings[DAY]["traced_f0", "747"].value == 3
    assert readings[DAY - timedelta(days=3)]["traced_f0", "747"].value is None  # not begun is not 0
    assert readings[DAY]["traced_f0", "748"].value is None


def test_known_zeros_of_tracing_are_known_in_history_too(opened: Opened) -> None:
    made = units().observe("traces.traced_f0", "747", WEEK, [2]).observe("traces.f1_found", "747", WEEK, [4])
    made.insert("coverage", ("traces", WEEK, DAY, at("2021-08-29T17:00")))
    release = opened(made)
    for as_of in (None, at("2021-08-29T17:59")):
        found = read(release, ["f1_found"], ["747"], DAY, as_of)["f1_found", "747"]
        assert (found.value, found.quality.reported_days) == (4, 7), as_of


def test_people_of_12_to_17_are_not_counted_among_adults(opened: Opened) -> None:
    made = units().observe("vaccination.people_first", "747", DAY, [7_000])
    made.observe("vaccination.people_first", "747", DAY, [6_300], stratum="age_group=18-49")
    made.observe("vaccination.people_first", "747", DAY, [700], stratum="age_group=12-17")
    found = read(opened(made), ["coverage_first", "coverage_first_all_ages"], ["747"], DAY)
    assert found["coverage_first", "747"].value == 9.0
    assert found["coverage_first_all_ages", "747"].value == pytest.approx(7.0)
