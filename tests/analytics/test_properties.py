"""What must hold for any data: Hypothesis draws the observations, the units and their gaps."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.cube import Cube, DailyTable, Floats, Shape, day_number
from analytics.daily_table import UnitRows
from analytics.evaluation import Evaluation
from analytics.figures import PRESENT
from analytics.indicators import INDICATORS
from analytics.ranking import ranks
from analytics.rates import poisson_interval, wilson_interval
from analytics.readings import series
from analytics.release import open_release
from analytics.reports import Covered
from analytics.unit_tree import Unit, UnitTree
from tests.analytics.release_fixture import SmallRelease, at

LAST = date(2021, 8, 29)
DAYS = 16
UNITS = ("a", "b", "c")
MEASURES = (
    "case_counts.cases",
    "case_counts.deaths",
    "tests.positives",
    "tests.results_returned",
    "tests.samples",
    "vaccination.doses_given",
    "vaccination.doses_entered",
    "vaccination.people_first",
    "mobility.active_subscribers",
    "mobility.stationary_subscribers",
    "quarantine_sites.present",
)


class Row(NamedTuple):
    measure: str
    unit: str
    day: int
    value: float


ROWS = st.lists(
    st.builds(
        Row,
        st.sampled_from(MEASURES),
        st.sampled_from(UNITS),
        st.integers(day_number(LAST) - DAYS + 1, day_number(LAST)),
        st.integers(0, 400).map(float),
    ),
    unique_by=lambda row: row[:3],
    max_size=160,
)
POPULATIONS = st.lists(st.one_of(st.none(), st.integers(0, 500_000)), min_size=len(UNITS), max_size=len(UNITS))


def evaluation(rows: list[Row], populations: list[int | None]) -> Evaluation:
    units = [
        Unit(
            code=code, name=code, short_name=code, kind="", level="district", parent="p", reporting=True,
            population=people, population_18_plus=None if people is None else people // 2,
        )
        for code, people in zip(UNITS, populations, strict=True)
    ]  # fmt: skip
    tree = UnitTree(
        [*units, Unit(code="p", name="p", short_name="p", kind="", level="province")],
        province_code="p",
        level="district",
        day=LAST,
    )
    parts: dict[tuple[str, str], list[Row]] = defaultdict(list)
    units_of: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        parts[row.measure, ""].append(row)
        units_of[row.measure].add(row.unit)
    tables = {}
    for part, members in parts.items():
        tables[part] = DailyTable.of(
            UnitRows(UNITS),
            np.array([UNITS.index(row.unit) for row in members], dtype=np.int32),
            np.array([row.day for row in members], dtype=np.int32),
            np.array([row.value for row in members], dtype=np.float64),
        )
    shape = Shape(frozenset(parts), {name: frozenset(found) for name, found in units_of.items()}, frozenset())
    return Evaluation(Cube(tables, Covered(()), shape), tree)


@given(ROWS, POPULATIONS)
@settings(max_examples=60, deadline=None)
def test_never_infinite_never_silent(rows: list[Row], populations: list[int | None]) -> None:
    known = evaluation(rows, populations)
    for indicator in INDICATORS.values():
        found = known.values(indicator, [*UNITS, "p"], [LAST - timedelta(days=1), LAST])
        for figure in (found.value, found.low, found.high, found.numerator, found.denominator):
            assert not np.isinf(figure).any(), indicator.id
        assert (np.isnan(found.value) == (found.absence != PRESENT)).all(), indicator.id
        assert (found.reported_units <= found.expected_units).all()
        assert (found.reported_days <= found.expected_days).all()


@given(ROWS, POPULATIONS)
@settings(max_examples=20, deadline=None)
def test_a_day_is_the_same_whatever_was_asked_before(rows: list[Row], populations: list[int | None]) -> None:
    asked_before = evaluation(rows, populations)
    days = [LAST - timedelta(days=number) for number in range(12, -1, -1)]
    for indicator in INDICATORS.values():
        asked_before.values(indicator, [*UNITS, "p"], days)
        found = asked_before.values(indicator, [*UNITS, "p"], [days[3], days[-1]])
        alone = evaluation(rows, populations).values(indicator, [*UNITS, "p"], [days[3], days[-1]])
        for item in fields(found):
            np.testing.assert_array_equal(getattr(found, item.name), getattr(alone, item.name), f"{indicator.id}")


@given(ROWS, POPULATIONS)
@settings(max_examples=60, deadline=None)
def test_a_province_is_the_ratio_of_sums_of_its_units(rows: list[Row], populations: list[int | None]) -> None:
    known = evaluation(rows, populations)
    for name in ("incidence_7d", "positivity_7d", "doses_entered_share", "coverage_first", "stationary_ratio"):
        indicator = INDICATORS[name]
        own = known.values(indicator, UNITS, [LAST])
        whole = known.values(indicator, ["p"], [LAST])
        # A share of too few is not shown for its unit, but its counts are there and belong to the sum.
        counted = ~np.isnan(own.numerator[:, 0]) & (own.denominator[:, 0] > 0)
        top, bottom = own.numerator[counted, 0].sum(), own.denominator[counted, 0].sum()
        if not counted.any() or bottom < indicator.least_denominator:
            assert np.isnan(whole.value[0, 0])
        else:
            assert whole.value[0, 0] == pytest.approx(top / bottom * indicator.scale)
            assert whole.numerator[0, 0] == pytest.approx(top)


@given(ROWS, POPULATIONS, st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_the_order_of_the_rows_does_not_matter(rows: list[Row], populations: list[int | None], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = evaluation(rows, populations), evaluation(shuffled, populations)
    for indicator in INDICATORS.values():
        first, second = (item.values(indicator, [*UNITS, "p"], [LAST]) for item in (one, other))
        np.testing.assert_array_equal(first.value, second.value)
        np.testing.assert_array_equal(first.absence, second.absence)


@given(ROWS, POPULATIONS)
@settings(max_examples=30, deadline=None)
def test_a_unit_asked_alone_says_the_same_as_among_others(rows: list[Row], populations: list[int | None]) -> None:
    known = evaluation(rows, populations)
    for indicator in INDICATORS.values():
        together = known.values(indicator, [*UNITS, "p"], [LAST])
        for place, unit in enumerate([*UNITS, "p"]):
            alone = known.values(indicator, [unit], [LAST])
            np.testing.assert_array_equal(alone.value[0], together.value[place])


@given(st.dictionaries(st.text(min_size=1), st.floats(-1e9, 1e9), max_size=30))
def test_ranks_count_the_units_that_stand_before(values: dict[str, float]) -> None:
    found = ranks(INDICATORS["incidence_7d"], values)
    for unit, value in values.items():
        assert found[unit] == 1 + sum(other > value for other in values.values())


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_intervals_hold_their_value(part: int, more: int) -> None:
    whole = part + more
    low, high = poisson_interval(np.array([float(part)]))
    assert low[0] <= part <= high[0]
    share: Floats = np.array([part / whole if whole else np.nan])
    least, most = wilson_interval(np.array([float(part)]), np.array([float(whole)]))
    if whole:
        assert 0 <= least[0] <= share[0] + 1e-12 and share[0] - 1e-12 <= most[0] <= 1
    else:
        assert np.isnan(least[0]) and np.isnan(most[0])


VERSIONS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 6), st.one_of(st.none(), st.integers(0, 50))),
    min_size=1,
    max_size=12,
    unique_by=lambda version: version[:2],
)


@given(VERSIONS)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_as_of_is_the_newest_version_issued_by_then(
    tmp_path_factory: pytest.TempPathFactory, versions: list[tuple[int, int, int | None]]
) -> None:
    """As time goes on a figure changes only when a version is issued, and then to that version."""
    data: Path = tmp_path_factory.mktemp("versions")
    made = SmallRelease(as_of=at("2021-08-30 23:00")).unit("747", population=1000).unit("748", population=1000)
    start = date(2021, 8, 20)
    for day, issued, value in versions:
        made.observe(
            "case_counts.cases", "747", start + timedelta(days=day), [value],
            issued=at("2021-08-22 12:00") + timedelta(days=issued), withdrawn=True,
        )  # fmt: skip
    made.write(data)
    release = open_release(data, "leader")
    for asked in range(8):
        moment = date(2021, 8, 21) + timedelta(days=asked)
        frame = series(release, "cases_new_all", ["747"], start, start + timedelta(days=4), moment)
        for day, found in enumerate(frame["value"]):
            known = [(when, value) for about, when, value in versions if about == day and when < asked]
            expected = max(known)[1] if known else None
            assert found == expected or (expected is None and np.isnan(found))
