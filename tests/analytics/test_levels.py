"""The level of risk, what raises it, and figures broken down by their strata."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.breakdown import by_stratum, strata
from analytics.indicators.combinations import DaysToTarget
from analytics.indicators.methods import ChangeOnWeekday, Slope
from analytics.readings import read
from analytics.release import Release
from analytics.risk import outlook
from analytics.risk_rules import RULES_4800, RuleError, read_level_rules
from tests.analytics.release_fixture import SmallRelease

Opened = Callable[..., Release]
DAY = date(2021, 10, 20)
WEEK = DAY - timedelta(days=6)


@pytest.mark.parametrize(
    ("incidence", "covered", "uncovered"),
    [(0, 1, 1), (19.9, 1, 1), (20, 1, 2), (49.9, 1, 2), (50, 2, 3), (149.9, 2, 3), (150, 3, 4), (1000, 3, 4)],
)
def test_levels_by_the_table(incidence: float, covered: int, uncovered: int) -> None:
    for coverage, expected in ((70.0, covered), (69.9, uncovered)):
        for older in (80.0, None):
            assert RULES_4800.level(incidence, coverage, older, DAY) == expected


@pytest.mark.parametrize(
    ("incidence", "coverage", "older", "level"),
    [
        (30, 50.0, 79.9, 3),
        (30, 50.0, 80.0, 2),
        (30, 90.0, 79.9, 2),
        (500, 90.0, 10.0, 4),
        (500, 50.0, 10.0, 4),  # never above the highest
        (0, 50.0, 10.0, 1),  # an area without community cases is spared
        (0.1, 50.0, 10.0, 2),
    ],
)
def test_missing_the_target_for_older_residents_raises_the_level_by_one(
    incidence: float, coverage: float, older: float, level: int
) -> None:
    assert RULES_4800.level(incidence, coverage, older, DAY) == level


@given(
    st.lists(st.tuples(st.sampled_from([0.0, 1e-9, 19.9, 20.0, 49.9, 50.0, 149.9, 150.0, 900.0]), st.floats(0, 120),
                       st.one_of(st.none(), st.floats(0, 120))), min_size=1, max_size=9),
    st.sampled_from([DAY, date(2021, 12, 31), date(2022, 1, 1), date(2022, 6, 1)]),
)  # fmt: skip
def test_the_level_of_one_unit_is_that_of_many(units: list[tuple[float, float, float | None]], day: date) -> None:
    known = [np.array([np.nan if one is None else one for one in column]) for column in zip(*units, strict=True)]
    assert [RULES_4800.level(*unit, day) for unit in units] == RULES_4800.judge(*known, day).tolist()


def test_the_top_class_moved_in_january_2022() -> None:
    assert RULES_4800.level(200, 50, 85, date(2021, 12, 31)) == 4
    assert RULES_4800.level(200, 50, 85, date(2022, 1, 1)) == 3
    assert RULES_4800.cuts_on(date(2021, 8, 29)) == (20, 50, 150), "earlier days are judged by the first rule"


def test_without_a_figure_there_is_no_level() -> None:
    missing = RULES_4800.judge(np.array([np.nan, 10.0]), np.array([80.0, np.nan]), np.array([90.0, 90.0]), DAY)
    assert np.isnan(missing).all()


def test_rules_that_are_not_whole_are_refused(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "assets/thresholds/decision_4800.toml").read_text(encoding="utf-8")
    (tmp_path / "rules.toml").write_text(text.replace("percent = 70", ""), encoding="utf-8")
    with pytest.raises(RuleError, match="'percent'"):
        read_level_rules(tmp_path / "rules.toml")
    (tmp_path / "rules.toml").write_text(text.replace("[20, 50, 150]", "[20, 50]"), encoding="utf-8")
    with pytest.raises(RuleError, match="4 classes need 3 limits"):
        read_level_rules(tmp_path / "rules.toml")
    (tmp_path / "rules.toml").write_text(text.replace("[1, 2, 3, 4]", "[1, 2, 3, 5]"), encoding="utf-8")
    with pytest.raises(RuleError, match="does not name"):
        read_level_rules(tmp_path / "rules.toml")


def community(
    cases: list[float], adults: int, vaccinated: float, older: tuple[float, float] | None = None
) -> SmallRelease:
    made = SmallRelease().unit("752", population=100_000, population_18_plus=adults)
    made.observe("case_counts.cases", "752", WEEK, cases)
    made.observe("case_counts.cases", "752", WEEK, cases, stratum="detection=community")
    if older:
        made.observe("population.residents_65_plus", "752", date(2019, 4, 1), [older[1]])
        made.observe("vaccination.people_full", "752", WEEK, [older[0]] + [0] * 6)
        made.observe("vaccination.people_full", "752", WEEK, [older[0]] + [0] * 6, stratum="age_group=65+")
    return made.observe("vaccination.people_first", "752", WEEK, [vaccinated] + [0] * 6)


def test_the_cases_missing_to_the_next_level_are_just_enough(opened: Opened, tmp_path: Path) -> None:
    found = outlook(opened(community([6] * 7, 70_000, 1000)), "752", DAY)
    assert (found.level, found.covered, found.next_limit_per_100k, found.cases_to_next) == (2, False, 50, 8)
    assert len(found.history) == 10
    assert found.history[-1] == (DAY, 2) and found.history[0][1] is None


@pytest.mark.parametrize(("more", "level"), [(7, 2), (8, 3)])
def test_that_many_cases_more_do_raise_the_level(opened: Opened, more: int, level: int) -> None:
    assert outlook(opened(community([6.0] * 6 + [6.0 + more], 70_000, 1000)), "752", DAY).level == level


def test_at_the_top_there_is_no_next_level(opened: Opened) -> None:
    found = outlook(opened(community([40] * 7, 70_000, 1000)), "752", DAY)
    assert (found.level, found.next_limit_per_100k, found.cases_to_next) == (4, None, None)


def test_coverage_lowers_the_level(opened: Opened) -> None:
    found = outlook(opened(community([6] * 7, 70_000, 50_000)), "752", DAY)
    assert (found.level, found.covered, found.next_limit_per_100k) == (1, True, 50)


def test_older_residents_unknown_leaves_the_level_on_two_conditions_and_says_so(opened: Opened) -> None:
    found = outlook(opened(community([6] * 7, 70_000, 1000)), "752", DAY)
    assert (found.older.value, found.older.absence) == (None, "no_data")
    assert (found.older_met, found.raised, found.level, found.level_if_older_missed) == (None, False, 2, 3)


def test_older_residents_below_the_target_raise_the_level(opened: Opened) -> None:
    found = outlook(opened(community([6] * 7, 70_000, 1000, (6_399, 8_000))), "752", DAY)
    assert found.older.value == pytest.approx(100 * 6_399 / 8_000)
    assert (found.older_met, found.raised, found.level, found.cases_to_next) == (False, True, 3, 8)


def test_older_residents_at_the_target_leave_the_level(opened: Opened) -> None:
    found = outlook(opened(community([6] * 7, 70_000, 1000, (6_400, 8_000))), "752", DAY)
    assert (found.older.value, found.older_met, found.raised, found.level) == (80.0, True, False, 2)


def test_without_a_case_one_case_ends_the_sparing(opened: Opened) -> None:
    found = outlook(opened(community([0] * 7, 70_000, 1000, (100, 8_000))), "752", DAY)
    assert (found.level, found.next_limit_per_100k, found.cases_to_next, found.next_level) == (1, 0.0, 1, 2)


def test_with_one_case_an_area_is_spared_no_more(opened: Opened) -> None:
    found = outlook(opened(community([0.0] * 6 + [1.0], 70_000, 1000, (100, 8_000))), "752", DAY)
    assert (found.level, found.raised) == (2, True)


def test_doses_without_an_age_say_nothing_of_older_residents(opened: Opened) -> None:
    made = community([6] * 7, 70_000, 1000, (6_400, 8_000))
    made.unit("753", population=50_000, population_18_plus=30_000)
    made.observe("population.residents_65_plus", "753", date(2019, 4, 1), [4_000])
    made.observe("vaccination.people_full", "753", WEEK, [900] * 7)
    reading = read(opened(made), ["coverage_full_65"], ["753"], DAY)["coverage_full_65", "753"]
    assert (reading.value, reading.absence) == (None, "no_data"), "not stated is not 0"


def test_days_to_a_target() -> None:
    days = DaysToTarget(target_percent=70).combine(
        (np.array([60.0, 75.0, 60.0, np.nan]), np.array([0.5, 0.0, 0.0, 1.0])), ()
    )
    assert days[:2].tolist() == [20.0, 0.0]
    assert np.isnan(days[2:]).all()


def test_a_baseline_of_too_few_weeks_is_none() -> None:
    shares = np.array([[0.5, 0.4, 0.4, 0.4, np.nan, np.nan, np.nan, np.nan, np.nan]])
    assert np.isnan(ChangeOnWeekday().estimate(shares, None, 1.0).value).all()
    shares[0, 4] = 0.4
    assert ChangeOnWeekday().estimate(shares, None, 1.0).value.tolist() == [pytest.approx(25.0)]


def test_the_slope_of_steady_counts_is_within_its_noise_as_often_as_said() -> None:
    random = np.random.default_rng(11)
    daily = random.poisson(30, size=(4000, 13)).astype(float)
    means = np.stack([daily[:, 6 - lag : 13 - lag].mean(axis=1) for lag in range(7)], axis=-1)
    found = Slope().estimate(means, None, 1.0)
    assert found.low is not None and found.high is not None
    assert 0.93 < ((found.low < 0) & (found.high > 0)).mean() < 0.97


def test_rt_is_not_shown_below_eleven_cases(opened: Opened) -> None:
    start = DAY - timedelta(days=40)
    made = SmallRelease().unit("747", population=1000).unit("748", population=1000)
    made.observe("case_counts.cases", "747", start, [3] * 34 + [2, 2, 2, 2, 1, 1, 1])
    made.observe("case_counts.cases", "748", start, [3] * 34 + [2, 2, 2, 2, 1, 1, 0])
    readings = read(opened(made), ["rt"], ["747", "748"], DAY)
    assert readings["rt", "747"].value is not None
    assert (readings["rt", "748"].value, readings["rt", "748"].absence) == (None, "too_small")
    shown = readings["rt", "747"]
    assert shown.low is not None and shown.high is not None
    assert shown.low < shown.value < shown.high  # type: ignore[operator]


def test_cases_by_place_of_detection_add_up(province: Release) -> None:
    last = province.last_day
    frame = by_stratum(province, "cases_new_all", "detection", "77", last - timedelta(days=13), last)
    assert set(frame["stratum"]) == {"community", "quarantine", "locked_down_area", "arrival"}
    parts = frame.groupby("day")["value"].sum()
    for stamp, value in parts.items():
        whole = read(province, ["cases_new_all"], ["77"], stamp.date())["cases_new_all", "77"].value  # type: ignore[attr-defined]
        assert value == whole
    assert frame.groupby("stratum")["provisional"].sum().tolist() == [3, 3, 3, 3]


def test_a_share_is_broken_down_in_both_its_terms(province: Release) -> None:
    last = province.last_day
    frame = by_stratum(province, "positivity_7d", "method", "747", last, last).set_index("stratum")["value"]
    alone = read(province, ["positivity_pcr_7d"], ["747"], last)["positivity_pcr_7d", "747"].value
    assert frame["pcr"] == pytest.approx(alone)


def test_only_what_is_published_can_be_broken_down() -> None:
    assert len(strata("positivity_7d", "target_group")) == 11
    with pytest.raises(KeyError, match="not published by"):
        strata("health_book_share", "detection")
