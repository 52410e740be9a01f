from __future__ import annotations

from datetime import date, timedelta

from analytics.policy_calendar import Period, Stretch, widely_in_force

FIRST, LAST = date(2021, 8, 1), date(2021, 8, 31)
UNITS = ("747", "748", "752", "753")


def period(unit: str, begun: int, ended: int | None, measure: str = "directive_16") -> Period:
    last = None if ended is None else date(2021, 8, ended)
    return Period(unit, measure, date(2021, 8, begun), last, "Chỉ thị 16", "Directive 16", "")


def test_a_measure_is_shown_while_at_least_half_of_the_units_have_it() -> None:
    known = [period("747", 5, 20), period("748", 8, 20), period("752", 10, 12)]
    assert widely_in_force(known, UNITS, "77", FIRST, LAST) == [
        Stretch("directive_16", "Chỉ thị 16", "Directive 16", date(2021, 8, 8), date(2021, 8, 20), 3)
    ]


def test_a_measure_of_the_whole_area_counts_for_all_and_an_open_one_lasts() -> None:
    found = widely_in_force([period("77", 25, None)], UNITS, "77", FIRST, LAST)
    assert [(one.first_day, one.last_day, one.units) for one in found] == [(date(2021, 8, 25), LAST, 4)]


def test_two_stretches_of_one_measure_stay_apart() -> None:
    known = [period("747", 1, 3), period("747", 10, 12)]
    found = widely_in_force(known, ("747",), "77", FIRST, LAST)
    assert [(one.last_day - one.first_day) for one in found] == [timedelta(days=2), timedelta(days=2)]
