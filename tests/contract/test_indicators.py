"""Every record is complete, and every indicator works on every surface."""

from __future__ import annotations

import ast
import dataclasses
import math
from datetime import timedelta
from pathlib import Path

import pytest

from analytics.indicators import INDICATORS
from analytics.indicators.model import (
    Formula,
    Indicator,
    IndicatorError,
    Part,
    Term,
    Threshold,
    Window,
    of,
)
from analytics.ranking import rank
from analytics.readings import Reading, read, series
from analytics.release import Release, open_release
from analytics.wording import LANGUAGES, catalogue
from data_sources.contracts import CONTRACTS
from tests.analytics.small_province import LAST, UNITS, small_province

ROOT = Path(__file__).parents[2]
PROVINCE = "77"
AREA_ONLY = {name for name, indicator in INDICATORS.items() if indicator.leaf_inputs or indicator.province_wide}
"""What only an area made of units has, the level of a province; and what is told of the province as a whole."""
PUBLISHED_ONLY = {"movement_change_published", "residential_change_published"}
# The indicators the design asks for from these datasets.
REQUIRED = [
    "cases_new", "cases_new_7d_mean", "cases_slope_7d", "cases_cumulative", "incidence_7d", "incidence_14d",
    "community_share", "f1_new", "f2_new", "f1_per_f0", "tests_per_100k_14d", "people_tested",
    "results_returned", "positivity_rapid_7d", "positivity_pcr_7d", "positivity_7d", "result_backlog",
    "in_quarantine", "quarantine_occupancy", "case_fatality", "deaths_per_million", "coverage_first",
    "coverage_full", "coverage_booster", "doses_per_day_7d", "days_to_70pct_first", "doses_entered_share",
    "doses_per_resident_18", "health_book_share", "traced_f0", "f1_found", "f0_needing_map",
    "contacts_per_traced_f0", "f0_no_contact_share", "isolated_within_24h_share", "tested_within_72h_share",
    "stationary_ratio", "out_of_home_ratio", "mobility_change", "movement_change_published",
    "in_treatment", "severe", "critical", "severe_share", "critical_share", "beds_in_use", "days_to_beds_full",
    "in_quarantine_site", "in_quarantine_home", "days_to_quarantine_full", "result_hours_p50", "result_hours_p90",
    "entry_backlog", "vaccine_stock", "vaccine_days_of_stock", "symptomatic_share", "symptomatic_checked_share",
    "interviewed_isolated_24h_share", "contacts_quarantined_24h_share", "f0_known_as_f1_share", "followup_done_share",
    "followup_lost_share", "followup_completed_share", "automatic_on_list_share", "list_found_by_apps_share",
    "on_time_share", "rows_rejected", "f0_received", "f0_transferred",
    "residential_change_published", "deaths_new", "recovered_new", "risk_level", "risk_level_province",
    "coverage_full_65", "rt",
    "hotline_calls", "hotline_answered_share", "hotline_waiting", "bulletin_age_hours", "channel_reach", "sms_reach",
    "misinformation_open", "misinformation_hours_to_action", "aid_open", "aid_age_p50_hours", "aid_met_share",
    "aid_supply_over_demand", "device_gap", "devices_days_to_close", "rollout_share",
]  # fmt: skip


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    data = tmp_path_factory.mktemp("contract")
    small_province(seed=2).write(data)
    return open_release(data, "leader")


def test_the_indicators_of_the_design_are_there() -> None:
    assert set(REQUIRED) <= set(INDICATORS)
    assert len(INDICATORS) >= 25


@pytest.mark.parametrize("indicator", INDICATORS.values(), ids=list(INDICATORS))
def test_a_record_is_complete(indicator: Indicator) -> None:
    for field in dataclasses.fields(indicator):
        value = getattr(indicator, field.name)
        if isinstance(value, str):
            assert value.strip(), f"{indicator.id}.{field.name} is empty"
    for language in LANGUAGES:
        assert indicator.name(language) and indicator.definition(language) and indicator.measured_in(language)
        assert catalogue().has(f"indicators.theme.{indicator.theme}"), f"no name for the theme {indicator.theme}"
        assert catalogue().text(f"indicators.rank_order.{indicator.rank_first}.{indicator.polarity}", language)
    assert indicator.definition_vi.endswith(".") and indicator.definition_en.endswith(".")
    assert len(indicator.vi) <= 45 and len(indicator.en) <= 45, "a name must fit a tile"
    if indicator.interval == "wilson":
        assert all(formula.denominator is not None for formula in indicator.formulas)


def test_names_are_told_apart() -> None:
    for language in LANGUAGES:
        names = [indicator.name(language) for indicator in INDICATORS.values()]
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", INDICATORS)
def test_an_indicator_can_be_read_followed_and_ranked(release: Release, name: str) -> None:
    units = [PROVINCE, *UNITS]
    readings = read(release, [name], units, LAST)
    assert set(readings) == {(name, unit) for unit in units}
    for reading in readings.values():
        _is_sound(reading)
    own = [readings[name, unit] for unit in UNITS]
    known = [reading.value for reading in readings.values() if (reading.unit == PROVINCE) == (name in AREA_ONLY)]
    assert any(value is not None for value in known), "the fixture has data for every indicator"
    assert (readings[name, PROVINCE].value is None) == (name in PUBLISHED_ONLY)

    frame = series(release, name, units, LAST - timedelta(days=9), LAST)
    assert len(frame) == 10 * len(units)
    last = frame[frame["day"] == frame["day"].max()].set_index("unit")["value"]
    for unit in units:
        value = readings[name, unit].value
        assert (value is None and math.isnan(last[unit])) or last[unit] == pytest.approx(value)

    ranking = rank(release, name, LAST)
    assert {row.unit for row in ranking.rows} == {reading.unit for reading in own if reading.value is not None}
    assert {reading.unit for reading in ranking.not_reported} == {item.unit for item in own if item.value is None}
    assert [row.rank for row in ranking.rows[:1]] == [1][: len(ranking.rows)]
    assert bool(ranking.rows) == (name not in AREA_ONLY)
    for row in ranking.rows:
        assert row.rank_low is None or row.rank_high is None or row.rank_low <= row.rank <= row.rank_high


def _is_sound(reading: Reading) -> None:
    assert (reading.value is None) == (reading.absence is not None)
    for figure in (reading.value, reading.low, reading.high, reading.numerator, reading.denominator):
        assert figure is None or math.isfinite(figure)
    if reading.value is not None and reading.low is not None and reading.high is not None:
        assert reading.low <= reading.value + 1e-9 and reading.value <= reading.high + 1e-9
    assert reading.quality.reported_units <= reading.quality.expected_units
    assert reading.state in ("ok", "near", "past", "none")


COMPLETE: dict[str, object] = {
    "id": "trial",
    "theme": "cases",
    "vi": "Thử",
    "en": "Trial",
    "definition_vi": "Một phép thử.",
    "definition_en": "A trial.",
    "formulas": (Formula(of("case_counts.cases")),),
    "polarity": "neither",
    "measured_in_vi": "ca",
    "measured_in_en": "cases",
    "decimals": 0,
    "reporting_delay_days": 1,
    "caveat_vi": "Không.",
    "caveat_en": "None.",
    "source": "Thử",
}


def test_a_complete_record_is_taken() -> None:
    assert Indicator(**COMPLETE).confirmed_by == "chưa xác nhận"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"vi": ""}, "trial: vi is missing"),
        ({"definition_en": " "}, "trial: definition_en is missing"),
        ({"caveat_vi": ""}, "trial: caveat_vi is missing"),
        ({"source": ""}, "trial: source is missing"),
        ({"measured_in_vi": ""}, "trial: measured_in_vi is missing"),
        ({"confirmed_by": ""}, "trial: confirmed_by is missing"),
        ({"id": "Trial 1"}, "lower case"),
        ({"formulas": ()}, "either formulas or inputs"),
        ({"inputs": ("cases_new",)}, "either formulas or inputs"),
        ({"decimals": -1}, "must not be negative"),
        ({"window": Window(days=0)}, "at least one day"),
        ({"cuts": (1.0, 3.0, 2.0, 4.0)}, "rising"),
        ({"cuts": (1.0, 2.0)}, "four"),
        ({"measured_in_en": "%"}, "points"),
        ({"thresholds": (Threshold(at=1, state="near", vi="a", en="b", source="c"),)}, "needs a polarity"),
        (
            {
                "thresholds": (Threshold(at=1, state="near", vi="", en="b", source="c"),),
                "polarity": "higher_is_worse",
            },
            "needs vi, en and source",
        ),
    ],
)
def test_a_half_declared_record_is_refused_by_name(change: dict[str, object], named: str) -> None:
    with pytest.raises(IndicatorError, match=named):
        Indicator(**{**COMPLETE, **change})  # type: ignore[arg-type]


def test_a_record_without_a_required_field_does_not_exist() -> None:
    for name in ("polarity", "caveat_vi", "reporting_delay_days", "source", "decimals"):
        partial = {key: value for key, value in COMPLETE.items() if key != name}
        with pytest.raises(TypeError, match=name):
            Indicator(**partial)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("build", "named"),
    [
        (lambda: of("case_counts.no_such"), "no contract declares"),
        (lambda: of("case_counts.cases", "detection=moon"), "no choice 'moon'"),
        (lambda: of("health_book.installs", "detection=community"), "not one of the contract's cuts"),
        (lambda: Term((Part("case_counts.cases", sign=-1),)), "at least one part"),
        (lambda: Term((Part("case_counts.cases"), Part("health_book.installs"))), "cannot mix"),
        (lambda: Formula(of("mobility.movement_change_percent"), of("case_counts.cases")), "never divided"),
        (lambda: Formula(of("case_counts.cases"), scale=0), "scale"),
    ],
)
def test_a_formula_that_contradicts_the_contracts_is_refused(build: object, named: str) -> None:
    assert callable(build)
    with pytest.raises(IndicatorError, match=named):
        build()


def test_no_surface_asks_which_indicator_it_is() -> None:
    """The record drives every surface: nowhere is an id compared with a word."""
    found = []
    for package in ("analytics", "pages"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Compare):
                    continue
                sides = [node.left, *node.comparators]
                if any(isinstance(side, ast.Constant) and side.value in INDICATORS for side in sides):
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []


def test_every_daily_dataset_has_a_word_for_its_report() -> None:
    from analytics.decisions import REFERENCE

    for name, contract in CONTRACTS.items():
        if contract.measures and not contract.line_list and name not in REFERENCE:
            assert catalogue().has(f"sentences.dataset.{name}")
