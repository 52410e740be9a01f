"""Fields over time and rows set aside by unit, from a release, against shares counted apart."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from analytics.field_course import FieldCourse, datasets_told, field_course, rejected_by_unit
from analytics.release import Release, open_release
from tests.deliveries import Installation, at, counts_source, settings_of

Cells = dict[tuple[str, date], tuple[str, str]]
"""Deaths and recovered as written, by unit and day."""
LAST = date(2021, 8, 29)
FIRST = LAST - timedelta(days=59)
UNITS = ("747", "748")
COUNTS = counts_source()
HEALTH = {"name": "book", "dataset": "health_book", "kind": "files", "path": "book/*.csv"}
TORN = "unit,day,installs\n747,2021-08-20,nhiều\n747,2021-08-21,vài\n748,2021-08-20,năm\nHuyện Lạ,2021-08-22,4\n"
TORN += "".join(f"{unit},2021-08-{day},{day}\n" for unit in UNITS for day in (23, 24))


@pytest.fixture(scope="module")
def cells() -> Cells:
    rng = random.Random(11)
    return {
        (unit, FIRST + timedelta(days=number)): (rng.choice(("", "0", "2")), "1" if unit == "747" else "")
        for unit in UNITS
        for number in range(60)
    }


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory, cells: Cells) -> Iterator[Release]:
    folder = tmp_path_factory.mktemp("fields")
    made = Installation(folder / "var", settings_of(folder, COUNTS, HEALTH))
    rows = [f"{unit},{day},3,{deaths},{recovered}" for (unit, day), (deaths, recovered) in cells.items()]
    counts = "unit,day,cases,deaths,recovered\n" + "\n".join(rows) + "\n"
    made.deliver(("counts", counts, at("2021-08-30 08:00")), ("book", TORN, at("2021-08-30 08:00")))
    made.build()
    opened = open_release(made.data, "leader")
    yield opened
    opened.close()


def course(release: Release, unit: str, first: date) -> FieldCourse:
    found = field_course(release, "case_counts", unit, first, LAST)
    assert found is not None
    return found


@pytest.mark.parametrize("unit", ["77", "747", "748"])
def test_weeks_of_a_long_period(release: Release, cells: Cells, unit: str) -> None:
    found = course(release, unit, FIRST)
    assert found.by_week
    assert found.starts[0] == date(2021, 6, 28), "the Monday on or before the first day"
    expected: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    for (code, day), (deaths, _) in cells.items():
        if unit in ("77", code):
            week = expected[day - timedelta(days=day.weekday())]
            week[0] += bool(deaths)
            week[1] += 1
    assert {
        start: [found.filled["deaths"][i], found.rows["deaths"][i]] for i, start in enumerate(found.starts)
    } == expected
    share = 100 * sum(filled for filled, _ in expected.values()) / sum(rows for _, rows in expected.values())
    assert found.overall("deaths") == pytest.approx(share)


def test_days_of_a_short_period_and_what_nobody_states(release: Release) -> None:
    found = course(release, "748", LAST - timedelta(days=13))
    assert not found.by_week
    assert len(found.starts) == 14
    assert "recovered" in found.never_stated
    assert found.stated[0] == "deaths"
    assert found.share("cases", 0) == 100
    assert course(release, "77", LAST - timedelta(days=13)).overall("recovered") == 50


def test_days_without_a_row_have_no_share(release: Release) -> None:
    found = field_course(release, "health_book", "747", date(2021, 8, 20), LAST)
    assert found is not None
    told = {start: found.share("installs", place) for place, start in enumerate(found.starts)}
    assert told == {start: 100.0 if start.day in (23, 24) else None for start in found.starts}
    assert field_course(release, "tests", "77", FIRST, LAST) is None


def test_the_least_complete_form_is_named_first(release: Release) -> None:
    assert datasets_told(release, "77", FIRST, LAST) == ("case_counts", "health_book")
    assert datasets_told(release, "755", FIRST, LAST) == ()


def test_rows_set_aside_are_told_by_unit_and_the_unknown_stand_last(release: Release) -> None:
    found = [(item.unit, item.rows, item.datasets, item.reasons) for item in rejected_by_unit(release, FIRST, LAST)]
    assert found == [
        ("747", 2, {"health_book": 2}, {"number_unreadable": 2}),
        ("748", 1, {"health_book": 1}, {"number_unreadable": 1}),
        (None, 1, {"health_book": 1}, {"unit_unknown": 1}),
    ]
    assert [item.rows for item in rejected_by_unit(release, date(2021, 8, 21), date(2021, 8, 21))] == [1]
