"""Classes of a map: a reported 0 and no data are their own; cuts are round and can be said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.indicators import INDICATORS
from analytics.map_classes import classes, round_number
from analytics.wording import Language, text

INCIDENCE = INDICATORS["incidence_7d"]
CASES = INDICATORS["cases_new"]
CHANGE = INDICATORS["mobility_change"]


def say(key: str, **values: object) -> str:
    return text(key, "vi", **values)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "none"),
        (0.0, "zero"),
        (0.1, "1"),
        (9.99, "1"),
        (10.0, "2"),
        (49.9, "3"),
        (50.0, "4"),
        (150.0, "5"),
        (900.0, "5"),
    ],
)
def test_a_value_at_a_limit_belongs_to_the_class_above(value: float | None, expected: str) -> None:
    assert classes(INCIDENCE, [value]).of(value) == expected


def test_the_legend_names_each_class() -> None:
    named = classes(INCIDENCE, [1.0]).named(say, "vi")
    assert [name for _, name in named] == ["0", "dưới 10", "10 – dưới 20", "20 – dưới 50", "50 – dưới 150", "từ 150"]


def test_a_change_of_zero_is_a_value_like_another() -> None:
    steps = classes(CHANGE, [0.0, 4.0])
    assert steps.of(0.0) != "zero"


@given(st.lists(st.one_of(st.none(), st.integers(0, 5000).map(float)), min_size=1, max_size=80))
def test_classes_from_values_rise_and_hold_every_value(values: list[float | None]) -> None:
    steps = classes(CASES, values)
    assert list(steps.cuts) == sorted(set(steps.cuts))
    assert len(steps.cuts) <= 4
    language: Language = "en"
    named = {step for step, _ in steps.named(say, language)} | {"none"}
    assert {steps.of(value) for value in values} <= named


@given(st.floats(1e-6, 1e9))
def test_a_round_number_is_near_and_short(value: float) -> None:
    rounded = round_number(value)
    assert abs(rounded - value) <= 0.26 * value + 1e-9
