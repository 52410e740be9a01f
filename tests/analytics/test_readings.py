"""Readings on tables small enough to be worked out by hand."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from analytics.indicators import INDICATORS
from analytics.readings import Reading, history, read, series
from analytics.release import Release
from analytics.versions import Part, Versions
from tests.analytics.release_fixture import SmallRelease, at
from tests.analytics.small_province import small_province

Opened = Callable[..., Release]
DAY = date(2021, 8, 29)
WEEK = DAY - timedelta(days=6)
TWO_WEEKS = DAY - timedelta(days=13)


def two_units() -> SmallRelease:
    made = SmallRelease().unit("747", population=100_000, population_18_plus=70_000)
    return made.unit("748", population=50_000, population_18_plus=30_000)


def reading(release: Release, indicator: str, unit: str = "747", day: date = DAY, as_of: date | None = None) -> Reading:
    return read(release, [indicator], [unit], day, as_of)[indicator, unit]


def test_a_window_is_summed_over_its_days_and_divided_by_the_residents(opened: Opened) -> None:
    release = opened(two_units().observe("case_counts.cases", "747", WEEK, [1, 2, 3, 4, 5, 6, 7]))
    found = reading(release, "incidence_7d")
    assert (found.numerator, found.denominator) == (28, 100_000)
    assert found.value == pytest.approx(28.0)


@pytest.mark.parametrize(
    ("days", "mean", "absence"),
    [
        ([7, 7, 7, 7, 7, 7, 7], 7.0, None),
        ([None, 7, 7, 7, 7, 7, None], 7.0, None),
        ([None, 7, 7, 7, 7, None, None], None, "not_enough_days"),
        ([0, 0, 0, 0, 0, 0, 0], 0.0, None),
    ],
)
def test_a_mean_is_over_the_days_reported_and_needs_five_of_seven(
    opened: Opened, days: list[int | None], mean: float | None, absence: str | None
) -> None:
    made = (
        two_units().observe("case_counts.cases", "747", WEEK, days).observe("case_counts.cases", "748", WEEK, [1] * 7)
    )
    found = reading(opened(made), "cases_new_7d_mean")
    assert (found.value, found.absence) == (mean, absence)
    assert found.quality.reported_days == sum(day is not None for day in days)
    assert found.quality.expected_days == 7


def test_missing_is_not_zero_and_zero_is(opened: Opened) -> None:
    release = opened(two_units().observe("case_counts.cases", "747", DAY, [0]))
    assert reading(release, "cases_new").value == 0
    missing = reading(release, "cases_new", "748")
    assert (missing.value, missing.absence, missing.trend) == (None, "no_data", "unknown")


def test_no_trend_between_different_numbers_of_units(opened: Opened) -> None:
    """Two units of 40 a week ago, one of 40 today: half as many cases are told, and no fall is known."""
    made = two_units().observe("case_counts.cases", "747", DAY - timedelta(days=7), [40.0] * 8)
    release = opened(made.observe("case_counts.cases", "748", DAY - timedelta(days=7), [40.0]))
    whole = reading(release, "cases_new", "77")
    assert (whole.value, whole.previous, whole.change, whole.trend) == (40.0, 80.0, -40.0, "unknown")
    assert reading(release, "cases_new").trend == "flat"


def test_a_province_is_the_ratio_of_sums_of_the_units_that_reported(opened: Opened) -> None:
    made = two_units().unit("749", population=1_000_000)
    made.observe("case_counts.cases", "747", WEEK, [10] * 7).observe("case_counts.cases", "748", WEEK, [1] * 7)
    made.observe("case_counts.cases", "749", DAY, [500])
    found = reading(opened(made), "incidence_7d", "77")
    assert (found.numerator, found.denominator) == (77, 150_000)
    assert found.value == pytest.approx(77 / 150_000 * 100_000)
    assert (found.quality.reported_units, found.quality.expected_units) == (2, 3)


def test_a_province_reports_itself_only_where_none_of_its_units_does(opened: Opened) -> None:
    made = two_units().observe("case_counts.cases", "77", DAY, [99]).observe("case_counts.deaths", "77", DAY, [3])
    made.observe("case_counts.cases", "747", DAY - timedelta(days=40), [1])
    release = opened(made)
    assert reading(release, "cases_new", "77").absence == "no_data"
    own = reading(release, "deaths_new", "77")
    assert (own.value, own.quality.reported_units, own.quality.expected_units) == (3, 1, 1)


def test_a_denominator_known_for_the_province_only_stands_for_all_its_units(opened: Opened) -> None:
    made = two_units().observe("quarantine_sites.present", "747", DAY, [30], stratum="site_kind=site")
    made.observe("quarantine_sites.present", "747", DAY, [30]).observe("quarantine_sites.capacity", "77", DAY, [100])
    made.observe("quarantine_sites.capacity", "77", DAY, [100], stratum="site_kind=site")
    release = opened(made)
    assert reading(release, "quarantine_occupancy", "77").value == pytest.approx(30)
    assert reading(release, "quarantine_occupancy", "747").absence == "no_denominator"


def test_residents_come_from_the_dataset_and_else_from_the_register(opened: Opened) -> None:
    made = two_units()
    for unit in ("747", "748"):
        made.observe("case_counts.cases", unit, WEEK, [10] * 7)
    made.observe("population.residents", "747", date(2019, 4, 1), [200_000])
    made.observe("population.residents", "747", date(2021, 12, 1), [1])
    release = opened(made)
    assert reading(release, "incidence_7d").denominator == 200_000
    assert reading(release, "incidence_7d", "748").denominator == 50_000


@pytest.mark.parametrize(("residents", "absence"), [(None, "no_denominator"), (0, "no_denominator")])
def test_without_residents_there_is_no_rate(opened: Opened, residents: int | None, absence: str) -> None:
    made = SmallRelease().unit("747", population=residents).observe("case_counts.cases", "747", WEEK, [10] * 7)
    assert reading(opened(made), "incidence_7d").absence == absence


def test_a_share_of_too_few_is_not_shown_but_counts_for_the_province(opened: Opened) -> None:
    made = two_units()
    for unit, results, positives in (("747", 2, 1), ("748", 100, 2)):
        made.observe("tests.results_returned", unit, WEEK, [results] * 7)
        made.observe("tests.positives", unit, WEEK, [positives] * 7)
    release = opened(made)
    assert reading(release, "positivity_7d").absence == "too_small"
    assert reading(release, "positivity_7d", "77").value == pytest.approx(100 * 21 / 714)
    assert reading(release, "positivity_7d", "77").quality.reported_units == 2


def test_days_without_a_denominator_do_not_thin_out_a_share(opened: Opened) -> None:
    made = two_units().observe("tests.results_returned", "747", WEEK, [100, 100, 100, 100, 100, 100, 100])
    made.observe("tests.positives", "747", WEEK, [4, 4, 4, 4, 4, None, None])
    found = reading(opened(made), "positivity_7d")
    assert (found.value, found.denominator, found.quality.reported_days) == (pytest.approx(4.0), 500, 5)


def test_a_stock_is_carried_only_as_far_as_the_record_says(opened: Opened) -> None:
    made = two_units().observe("health_book.installs", "747", DAY - timedelta(days=7), [7_000])
    made.observe("quarantine_sites.present", "747", DAY - timedelta(days=1), [40])
    release = opened(made)
    assert reading(release, "health_book_share").value == pytest.approx(10.0)
    assert reading(release, "health_book_share", day=DAY + timedelta(days=1)).absence == "no_data"
    assert reading(release, "in_quarantine").absence == "no_data"
    assert reading(release, "in_quarantine", day=DAY - timedelta(days=1)).value == 40


def test_a_published_ratio_is_never_summed(opened: Opened) -> None:
    made = two_units().observe("mobility.movement_change_percent", "747", DAY, [-20])
    made.observe("mobility.movement_change_percent", "748", DAY, [-30])
    release = opened(made)
    assert reading(release, "movement_change_published").value == -20
    assert reading(release, "movement_change_published", "77").absence == "no_data"
    assert reading(release, "movement_change_published").numerator is None


def test_a_parent_shows_the_ratio_it_published_itself(opened: Opened) -> None:
    made = two_units().observe("mobility.movement_change_percent", "747", DAY, [-20])
    made.observe("mobility.movement_change_percent", "77", DAY, [-25])
    assert reading(opened(made), "movement_change_published", "77").value == -25


def test_counts_of_subscribers_come_before_a_published_ratio(opened: Opened) -> None:
    made = two_units().observe("mobility.active_subscribers", "747", DAY, [1000])
    made.observe("mobility.stationary_subscribers", "747", DAY, [400])
    made.observe("mobility.stationary_ratio_percent", "747", DAY, [55])
    assert reading(opened(made), "stationary_ratio").value == pytest.approx(40)


def test_arrivals_stand_apart_where_they_are_stated(opened: Opened) -> None:
    made = two_units().observe("case_counts.cases", "747", DAY, [10]).observe("case_counts.cases", "748", DAY, [5])
    made.observe("case_counts.cases", "747", DAY, [4], stratum="detection=arrival")
    release = opened(made)
    assert [reading(release, name).value for name in ("cases_new", "cases_new_all", "cases_arrival_new")] == [6, 10, 4]
    assert reading(release, "cases_new", "748").value == 5
    assert reading(release, "cases_arrival_new", "748").value == 0
    assert reading(release, "cases_new", "77").value == 11


def test_a_source_that_never_states_the_detection_counts_all_its_cases(opened: Opened) -> None:
    release = opened(two_units().observe("case_counts.cases", "747", DAY, [10]))
    assert reading(release, "cases_new").value == 10
    assert reading(release, "cases_arrival_new").absence == "no_data"


def test_cases_come_from_the_line_list_where_there_are_no_counts(opened: Opened) -> None:
    made = two_units().observe("cases.f0", "747", WEEK, [3, None, 2])
    made.insert("coverage", ("cases", WEEK, DAY - timedelta(days=1), at("2021-08-28 17:00")))
    release = opened(made)
    assert reading(release, "cases_new", day=WEEK).value == 3
    assert reading(release, "cases_new", day=WEEK + timedelta(days=1)).value == 0, "a covered day without a row is a 0"
    assert reading(release, "cases_new", "748", day=WEEK).value == 0
    assert reading(release, "cases_new").absence == "no_data", "the last day is not covered yet"
    assert reading(release, "cases_new_7d_mean", "77").value == pytest.approx(5 / 6)


def test_a_line_list_says_nothing_about_units_that_are_not_in_it(opened: Opened) -> None:
    made = two_units().unit("01", "Thành phố Hà Nội", level="province", parent=None, reporting=False)
    made.observe("cases.f0", "747", DAY, [3]).insert("coverage", ("cases", WEEK, DAY, at("2021-08-29 17:00")))
    release = opened(made)
    assert reading(release, "cases_new", "748").value == 0
    assert reading(release, "cases_new", "01").absence == "no_data"


def test_positives_without_any_result_belong_to_no_share(opened: Opened) -> None:
    made = two_units()
    for unit, results, positives in (("747", 0, 5), ("748", 100, 2)):
        made.observe("tests.results_returned", unit, WEEK, [results] * 7)
        made.observe("tests.positives", unit, WEEK, [positives] * 7)
    release = opened(made)
    assert reading(release, "positivity_7d").absence == "no_denominator"
    whole = reading(release, "positivity_7d", "77")
    assert (whole.value, whole.numerator, whole.quality.reported_units) == (pytest.approx(2.0), 14, 2)


def test_rt_rests_on_units_without_a_gap(opened: Opened) -> None:
    start = DAY - timedelta(days=40)
    steady = [3.0 + number % 4 for number in range(41)]
    made = two_units().observe("case_counts.cases", "747", start, steady)
    made.observe("case_counts.cases", "748", start, [None if number == 20 else 9 for number in range(41)])
    release = opened(made)
    whole, alone = reading(release, "rt", "77"), reading(release, "rt", "747")
    assert whole.value == pytest.approx(alone.value)
    assert (whole.quality.reported_units, whole.quality.expected_units) == (1, 2)
    assert reading(release, "rt", "748").absence == "not_enough_days"


def test_a_weekday_needs_four_weeks_before_it(opened: Opened) -> None:
    made = two_units()
    for unit, weeks in (("747", 4), ("748", 3)):
        for week in range(weeks + 1):
            made.observe("mobility.active_subscribers", unit, DAY - timedelta(weeks=week), [1000])
            made.observe("mobility.stationary_subscribers", unit, DAY - timedelta(weeks=week), [400 if week else 500])
    release = opened(made)
    assert reading(release, "mobility_change").value == pytest.approx(25)
    assert reading(release, "mobility_change", "748").absence == "not_enough_days"
    assert reading(release, "mobility_change", "77").value == pytest.approx(25)


def test_since_the_start_every_reported_day_counts(opened: Opened) -> None:
    made = two_units().observe("vaccination.doses_given", "747", WEEK, [100, None, 100, None, None, None, 34])
    made.observe("vaccination.doses_entered", "747", WEEK, [50, None, 150])
    found = reading(opened(made), "doses_entered_share")
    assert (found.numerator, found.denominator, found.value) == (200, 234, pytest.approx(100 * 200 / 234))


def test_a_cumulative_stock_comes_before_a_sum_of_days(opened: Opened) -> None:
    made = two_units().observe("vaccination.doses_given", "747", WEEK, [10] * 7)
    made.observe("vaccination.doses_given_cumulative", "747", DAY, [35_000])
    assert reading(opened(made), "doses_per_resident_18").value == pytest.approx(50)


def test_the_backlog_is_a_difference_of_two_measures(opened: Opened) -> None:
    made = two_units().observe("tests.samples", "747", WEEK, [100] * 7)
    made.observe("tests.results_returned", "747", WEEK, [90, 90, 90, 90, 90, 90, None])
    assert reading(opened(made), "result_backlog").value == 60


def test_as_of_shows_what_was_known(opened: Opened) -> None:
    made = two_units().observe("case_counts.cases", "747", DAY - timedelta(days=1), [5], issued=at("2021-08-28 17:00"))
    made.observe("case_counts.cases", "747", DAY - timedelta(days=1), [8], issued=at("2021-08-29 09:00"))
    release = opened(made)
    yesterday = DAY - timedelta(days=1)
    assert reading(release, "cases_new", day=yesterday).value == 8
    assert reading(release, "cases_new", day=yesterday, as_of=yesterday).value == 5
    assert reading(release, "cases_new", day=yesterday, as_of=DAY).value == 8
    assert reading(release, "cases_new", day=yesterday, as_of=yesterday - timedelta(days=1)).absence == "no_data"
    age = reading(release, "cases_new", day=yesterday, as_of=yesterday).quality.newest_report_age_hours
    assert age == pytest.approx(7, abs=0.01)


def test_a_withdrawn_observation_is_missing_again(opened: Opened) -> None:
    made = two_units().observe("case_counts.cases", "747", DAY, [5], issued=at("2021-08-29 09:00"))
    made.observe("case_counts.cases", "747", DAY, [None], issued=at("2021-08-29 12:00"), withdrawn=True)
    release = opened(made)
    assert reading(release, "cases_new").absence == "no_data"
    asked = {
        hour: read(release, ["cases_new"], ["747"], DAY, at(f"2021-08-29 {hour:02}:00"))["cases_new", "747"].value
        for hour in (8, 10, 13)
    }
    assert asked == {8: None, 10: 5, 13: None}


def test_a_line_list_is_complete_only_as_far_as_was_known(opened: Opened) -> None:
    made = two_units().observe("cases.f0", "747", WEEK, [3], issued=at("2021-08-23 17:00"))
    made.insert(
        "coverage",
        ("cases", WEEK, WEEK, at("2021-08-23 17:00")),
        ("cases", WEEK, DAY, at("2021-08-29 17:00")),
    )
    release = opened(made)
    assert reading(release, "cases_new").value == 0
    assert reading(release, "cases_new", as_of=DAY - timedelta(days=1)).absence == "no_data"


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (100, 200, "up"),
        (200, 100, "down"),
        (1000, 1040, "flat"),
        (4, 9, "flat"),
        (0, 3, "flat"),
        (0, 4, "up"),
        (None, 50, "unknown"),
    ],
)
def test_a_trend_is_told_only_beyond_the_noise(opened: Opened, before: int | None, now: int, expected: str) -> None:
    made = two_units().observe("case_counts.cases", "747", TWO_WEEKS + timedelta(days=6), [before])
    made.observe("case_counts.cases", "747", DAY, [now])
    found = reading(opened(made), "cases_new")
    assert found.trend == expected
    assert found.change == (None if before is None else now - before)


@pytest.mark.parametrize(
    ("positives", "state", "named"),
    [(29, "ok", 3.0), (30, "near", 3.0), (40, "past", 4.0), (49, "past", 4.0), (50, "past", 5.0), (900, "past", 5.0)],
)
def test_a_state_names_the_threshold_it_passed_or_the_next(
    opened: Opened, positives: int, state: str, named: float
) -> None:
    made = two_units().observe("tests.results_returned", "747", WEEK, [1000] * 7)
    found = reading(opened(made.observe("tests.positives", "747", WEEK, [positives] * 7)), "positivity_7d")
    assert found.threshold is not None
    assert (found.state, found.threshold.at) == (state, named)


def test_the_last_days_are_provisional(opened: Opened) -> None:
    release = opened(two_units().observe("case_counts.cases", "747", TWO_WEEKS, [5] * 14))
    frame = series(release, "cases_new", ["747"], TWO_WEEKS, DAY)
    assert frame["provisional"].sum() == 3
    assert not reading(release, "cases_new", day=DAY - timedelta(days=3)).quality.provisional
    assert reading(release, "cases_new", day=DAY - timedelta(days=2)).quality.provisional


def test_a_gap_in_a_series_is_a_gap(opened: Opened) -> None:
    release = opened(two_units().observe("case_counts.cases", "747", WEEK, [5, None, 0]))
    frame = series(release, "cases_new", ["747", "748"], WEEK, WEEK + timedelta(days=2))
    assert list(frame.columns) == ["unit", "day", "value", "low", "high", "numerator", "denominator", "provisional"]
    assert frame["value"].fillna(-1).tolist() == [5, -1, 0, -1, -1, -1]


def test_a_series_says_what_a_reading_says(province: Release) -> None:
    for name in ("incidence_7d", "rt", "mobility_change", "coverage_first", "risk_level"):
        frame = series(province, name, ["77", "747"], DAY - timedelta(days=3), DAY)
        for row in frame.itertuples():
            alone = reading(province, name, row.unit, row.day.date())
            assert row.value == pytest.approx(alone.value, rel=1e-12)


def test_the_values_alone_are_those_of_the_series(province: Release) -> None:
    first, units = DAY - timedelta(days=20), ["77", "752"]
    frame = series(province, "positivity_7d", units, first, DAY)
    for unit, values in history(province, "positivity_7d", units, first, DAY).items():
        theirs = frame.loc[frame["unit"] == unit, "value"]
        assert values == [None if value != value else value for value in theirs]


def test_rt_within_its_interval_is_flat(opened: Opened) -> None:
    start = DAY - timedelta(days=60)
    steady = [12.0 + (number * 5) % 7 for number in range(61)]
    doubled = [2.0] * 40 + [4.0] * 7 + [10.0] * 7 + [60.0] * 7
    made = (
        two_units()
        .observe("case_counts.cases", "747", start, steady)
        .observe("case_counts.cases", "748", start, doubled)
    )
    release = opened(made)
    assert reading(release, "rt").trend == "flat"
    assert reading(release, "rt", "748").trend == "up"


def test_versions_are_read_by_one_query_for_everything_asked(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    real = Versions._read

    def counted(self: Versions, cursor: Any, parts: list[Part]) -> None:
        asked.append(len(parts))
        real(self, cursor, parts)

    monkeypatch.setattr(Versions, "_read", counted)
    fresh = opened(small_province())
    found = read(fresh, INDICATORS, ["77", "747", "752"], DAY, DAY - timedelta(days=1))
    assert len(found) == 3 * len(INDICATORS)
    assert read(fresh, INDICATORS, ["77"], DAY - timedelta(days=2), DAY - timedelta(days=2))
    assert len(asked) == 1, "what was read stays"
    assert asked[0] > 40


def test_what_was_known_a_moment_ago_is_what_is_known(province: Release) -> None:
    """Nothing was issued in the last second, so history and the newest versions say the same of every figure."""
    units = ["77", *(unit.code for unit in province.units.reporting())]
    before = province.as_of - timedelta(seconds=1)
    for day in (DAY, DAY - timedelta(days=3)):
        now, then = read(province, INDICATORS, units, day), read(province, INDICATORS, units, day, before)
        for key, reading in now.items():
            assert without_age(then[key]) == without_age(reading), key
            age, older = then[key].quality.newest_report_age_hours, reading.quality.newest_report_age_hours
            assert age == (None if older is None else pytest.approx(older - 1 / 3600)), key


def without_age(reading: Reading) -> Reading:
    return dataclasses.replace(reading, quality=dataclasses.replace(reading.quality, newest_report_age_hours=None))


def test_a_unit_nobody_knows_has_no_data(province: Release) -> None:
    assert reading(province, "incidence_7d", "00000").absence == "no_data"


def test_an_unknown_indicator_is_an_error(province: Release) -> None:
    with pytest.raises(KeyError, match="no_such"):
        read(province, ["no_such"], ["77"], DAY)


def test_fields_and_ages_stand_beside_a_figure(province: Release) -> None:
    found = reading(province, "positivity_7d", "77").quality
    assert found.fields_complete_share == pytest.approx(90)
    assert found.newest_report_age_hours == pytest.approx(1)
