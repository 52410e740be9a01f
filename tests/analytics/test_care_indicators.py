"""Beds, declarations, stocks, turnaround and the reporting duty, each against a figure worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from analytics.readings import Reading, read
from analytics.release import Release, open_release
from tests.analytics.release_fixture import SmallRelease

DAY = date(2021, 8, 29)
WEEK = DAY - timedelta(days=6)
UNITS = ("747", "748", "77")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    made = SmallRelease().unit("747", population=300_000, population_18_plus=200_000)
    made.unit("748", population=100_000, population_18_plus=70_000)
    five_weeks = DAY - timedelta(days=34)
    made.observe("treatment.in_treatment", "747", WEEK, [140, 144, 148, 152, 156, 160, 164])
    made.observe("treatment.beds", "747", WEEK, [200] * 7)
    made.observe("treatment.severe", "747", WEEK, [20] * 7)
    made.observe("treatment.critical", "747", WEEK, [5] * 7)
    made.observe("treatment.in_treatment", "748", WEEK, [20, 18, 16, 14, 12, 10, 8])
    made.observe("treatment.beds", "748", WEEK, [40] * 7)
    made.observe("treatment.severe", "748", WEEK, [1] * 7)
    made.observe("quarantine_sites.present", "747", DAY, [260])
    made.observe("quarantine_sites.present", "747", DAY, [220], stratum="site_kind=site")
    made.observe("quarantine_sites.present", "747", DAY, [40], stratum="site_kind=home")
    # Four quiet weeks at 1%, 0.8%, 1.2% and 1%, then a week at 2.5%.
    for number, symptomatic in enumerate((10, 8, 12, 10, 25)):
        first = five_weeks + timedelta(days=7 * number)
        made.observe("declarations.declarations", "747", first, [1000] * 7)
        made.observe("declarations.symptomatic", "747", first, [symptomatic] * 7)
    made.observe("declarations.checked", "747", WEEK, [25] * 6 + [18])
    made.observe("declarations.confirmed_ordinary", "747", WEEK, [25] * 6 + [18])
    made.observe("declarations.declarations", "748", WEEK, [250] * 7)
    made.observe("declarations.symptomatic", "748", WEEK, [10] * 7)
    made.observe("declarations.checked", "748", WEEK, [10] * 7)
    made.observe("vaccination.doses_given", "747", WEEK, [100, 200, 300, 200, 100, 300, 200])
    made.observe("vaccination.doses_entered", "747", WEEK, [100, 150, 200, 200, 100, 200, 150])
    made.observe("vaccination.stock_left", "747", DAY - timedelta(days=2), [900])
    made.observe("vaccination.registered_cumulative", "747", DAY, [50_000])
    for stratum in ("", "method=pcr"):
        for unit, results, hours in (("747", 300, 20.0), ("748", 100, 12.0)):
            made.observe("tests.result_hours_p50_weighted", unit, WEEK, [results * hours] * 7, stratum=stratum)
            made.observe("tests.results_with_result_hours_p50", unit, WEEK, [results] * 7, stratum=stratum)
    made.observe("submissions.due", "747", WEEK, [7] * 7)
    made.observe("submissions.received", "747", WEEK, [7] * 6 + [5])
    made.observe("submissions.on_time", "747", WEEK, [7, 7, 6, 7, 7, 7, 4])
    made.observe("submissions.rows_rejected", "747", WEEK, [0, 0, 2, 0, 0, 1, 0])
    made.observe("contacts.became_case", "747", WEEK, [3] * 7)
    made.observe("cases.f0", "747", WEEK, [10] * 7)
    made.observe("contacts.ended", "747", DAY - timedelta(days=13), [10] * 14)
    made.observe("contacts.completed", "747", DAY - timedelta(days=13), [6] * 14)
    made.observe("contacts.lost", "747", DAY - timedelta(days=13), [1] * 14)
    data = tmp_path_factory.mktemp("care")
    made.write(data)
    return open_release(data, "leader")


def reading(release: Release, name: str, unit: str = "747") -> Reading:
    return read(release, [name], UNITS, DAY)[name, unit]


@pytest.mark.parametrize(
    ("name", "unit", "value"),
    [
        ("in_treatment", "77", 172),
        ("beds_in_use", "747", 82.0),
        ("beds_in_use", "748", 20.0),
        ("beds_in_use", "77", 100 * 172 / 240),  # of the sums, not the mean of 82 and 20
        ("beds_in_use_slope_7d", "747", 2.0),  # four more patients a day in 200 beds
        ("days_to_beds_full", "747", 9.0),  # 18 points left at 2 a day
        ("severe_share", "747", 100 * 20 / 164),
        ("critical_share", "747", 100 * 5 / 164),
        ("in_quarantine_home", "747", 40),
        ("in_quarantine_site", "747", 220),
        ("symptomatic_share", "747", 2.5),
        ("symptomatic_share", "77", 100 * (175 + 70) / (7000 + 1750)),
        ("symptomatic_checked_share", "747", 100 * 168 / 175),
        ("symptomatic_checked_share", "77", 100 * 238 / 245),
        ("symptomatic_change", "747", 150.0),  # 2.5% against the median of 1, 0.8, 1.2 and 1%
        ("vaccine_stock", "747", 900),
        ("vaccine_days_of_stock", "747", 4.5),  # 900 doses at 200 a day
        ("entry_backlog", "747", 300),
        ("registered_share", "747", 25.0),
        ("result_hours_p50", "748", 12.0),
        ("result_hours_p50", "77", 18.0),  # 300 results at 20 hours and 100 at 12
        ("on_time_share", "747", 100 * 45 / 49),
        ("reports_missing", "747", 2),
        ("rows_rejected", "747", 3),
        ("f0_known_as_f1_share", "747", 30.0),
        ("followup_lost_share", "747", 10.0),
        ("followup_completed_share", "747", 100 * 84 / (140 - 21)),  # the 21 who became cases are left out
    ],
)
def test_a_figure_worked_out_by_hand(release: Release, name: str, unit: str, value: float) -> None:
    found = reading(release, name, unit)
    assert found.value == pytest.approx(value)


@pytest.mark.parametrize(
    ("name", "unit", "state"),
    [
        ("beds_in_use", "747", "past"),
        ("beds_in_use", "77", "ok"),
        ("days_to_beds_full", "747", "ok"),
        ("symptomatic_change", "747", "past"),
        ("symptomatic_checked_share", "747", "ok"),
        ("vaccine_days_of_stock", "747", "ok"),
        ("result_hours_p50", "747", "ok"),
        ("on_time_share", "747", "ok"),
        ("followup_lost_share", "747", "near"),
    ],
)
def test_limits(release: Release, name: str, unit: str, state: str) -> None:
    assert reading(release, name, unit).state == state


def test_what_is_missing_says_why(release: Release) -> None:
    assert reading(release, "days_to_beds_full", "748").absence == "not_rising"
    assert reading(release, "severe_share", "748").absence == "too_small"  # eight patients
    assert reading(release, "symptomatic_change", "748").absence == "not_enough_days"
    assert reading(release, "confirmed_ordinary_share", "748").absence == "no_data"
    assert reading(release, "vaccine_stock", "748").absence == "no_data"


def test_an_old_count_of_stock_does_not_stand_for_ever(tmp_path: Path) -> None:
    made = SmallRelease().unit("747")
    made.observe("vaccination.stock_left", "747", DAY - timedelta(days=8), [900])
    made.observe("vaccination.doses_given", "747", WEEK, [100] * 7)
    made.write(tmp_path)
    old = open_release(tmp_path, "leader")
    assert reading(old, "vaccine_days_of_stock").value is None
    old.close()
