"""What a release prepares once for all questions is what each of them would have worked out for itself."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.cube import day_number
from analytics.daily_values import daily_values, put_together, standing_values
from analytics.indicators import INDICATORS
from analytics.indicators.methods import ChangeOnWeekday
from analytics.release import Release
from analytics.risk import outlooks, prospects

TERMS = sorted(
    {
        term
        for indicator in INDICATORS.values()
        for formula in indicator.formulas
        for term in (formula.numerator, formula.denominator)
        if term is not None
    },
    key=repr,
)
SPANS = ((-3, 0), (-40, -20), (-400, -1), (-1, 5))
"""Days from the last one on: within the data, from before them, and past them."""
ASKED: tuple[tuple[str, ...], ...] = (("752", "747"), ("77",), ("747", "748", "750", "77"), ("752",))


def test_counts_of_days_do_not_depend_on_what_was_asked_before(province: Release) -> None:
    cube, tree, last = province.evaluation.cube, province.units, day_number(province.last_day)
    compared = 0
    for term in (term for term in TERMS if term.kind == "flow"):
        for units in ASKED:
            for begin, end in SPANS:
                values = daily_values(cube, tree, term, units, last + begin, last + end)
                alone = put_together(cube, tree, term, units, last + begin, last + end)
                np.testing.assert_array_equal(values, alone)
                compared += int((~np.isnan(values)).sum())
    assert compared > 0


def test_what_stands_does_not_depend_on_what_was_asked_before(province: Release) -> None:
    cube, tree, last = province.evaluation.cube, province.units, day_number(province.last_day)
    compared = 0
    for term in (term for term in TERMS if term.kind != "flow"):
        for units in ASKED:
            for begin, end in SPANS:
                values = standing_values(cube, tree, term, units, last + begin, last + end)
                # A cube that has kept nothing, and one asked from before all data, which keeps nothing.
                fresh = standing_values(cube.replaced({}), tree, term, units, last + begin, last + end)
                before = standing_values(cube, tree, term, units, last - 9000, last + end)[:, begin - end - 1 :]
                np.testing.assert_array_equal(values, fresh)
                np.testing.assert_array_equal(values, before)
                compared += int((~np.isnan(values)).sum())
    assert compared > 0


def test_a_prospect_is_the_outlook_without_its_readings(province: Release) -> None:
    units = [unit.code for unit in province.units.reporting()]
    for back in (0, 1, 9):
        day = province.last_day - timedelta(days=back)
        whole, short = outlooks(province, units, day), prospects(province, units, day)
        for unit in units:
            assert {name: getattr(whole[unit], name) for name in vars(short[unit])} == vars(short[unit])
            assert whole[unit].reading.value == short[unit].level


@given(st.lists(st.one_of(st.none(), st.integers(1, 50)), min_size=8, max_size=8), st.integers(0, 60))
def test_the_change_on_a_weekday_is_against_the_median_of_the_weeks_there_are(
    before: list[int | None], now: int
) -> None:
    lags = np.array([[[float(now), *(np.nan if value is None else float(value) for value in before)]]])
    known = [value for value in before if value is not None]
    found = ChangeOnWeekday().estimate(lags, None, 1.0).value[0, 0]
    if len(known) < ChangeOnWeekday().least_weeks:
        assert np.isnan(found)
    else:
        assert found == pytest.approx(100 * (now / np.median(known) - 1))
