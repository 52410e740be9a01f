"""What was known at a moment, against a walk through every version; Hypothesis draws the versions."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import versions
from analytics.daily_table import UnitRows
from analytics.reports import Coverage, Covered, Reports
from analytics.versions import PartVersions, day_number, microseconds

UNITS = UnitRows("abc")
START = date(2021, 8, 1)
FIRST = day_number(START)
VIETNAM = timezone(timedelta(hours=7))


def moment(hours: int) -> datetime:
    return datetime(2021, 8, 1, tzinfo=VIETNAM) + timedelta(hours=hours)


CELLS = st.tuples(st.sampled_from(sorted(UNITS)), st.sampled_from([0, 1, 2, 5, 9]))
VERSIONS = st.dictionaries(
    st.tuples(CELLS, st.integers(0, 40)), st.one_of(st.none(), st.integers(-3, 50)), min_size=0, max_size=25
)


@pytest.mark.parametrize("cost_of_search", [-1_000, versions.SEARCH])
@given(VERSIONS, st.integers(-1, 41), st.integers(-2, 8), st.integers(0, 5), st.randoms(use_true_random=False))
def test_what_held_at_a_moment(  # type: ignore[no-untyped-def]
    cost_of_search: int,
    told: dict,  # type: ignore[type-arg]
    hours: int,
    begin: int,
    length: int,
    shuffler,
) -> None:
    """Whether each cell is searched (for nothing) or the versions are looked at one after another."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(versions, "SEARCH", cost_of_search)
        _compare(told, hours, begin, length, shuffler)


def _compare(told: dict, hours: int, begin: int, length: int, shuffler) -> None:  # type: ignore[no-untyped-def,type-arg]
    rows = list(told.items())
    shuffler.shuffle(rows)
    part = PartVersions.of(
        UNITS,
        np.array([UNITS[unit] for ((unit, _), _), _ in rows], dtype=np.int32),
        np.array([FIRST + day for ((_, day), _), _ in rows], dtype=np.int32),
        np.array([microseconds(moment(issued)) for (_, issued), _ in rows], dtype=np.int64),
        np.array([np.nan if value is None else value for _, value in rows], dtype=np.float64),
    )
    expected: dict[tuple[str, int], float] = {}
    for ((unit, day), _), value in sorted(
        (row for row in rows if row[0][1] <= hours), key=lambda row: (row[0][1], row[0][0])
    ):
        expected[unit, day] = np.nan if value is None else value
    table = part.at(microseconds(moment(hours)))
    asked = [*UNITS, "nobody"]
    whole = np.array([[expected.get((unit, day), np.nan) for day in range(-3, 14)] for unit in asked])
    np.testing.assert_array_equal(table.daily(asked, FIRST - 3, FIRST + 13), whole)
    place_of = slice(begin + 3, begin + length + 4)
    cut = part.at(microseconds(moment(hours)), FIRST + begin, FIRST + begin + length)
    np.testing.assert_array_equal(cut.daily(asked, FIRST + begin, FIRST + begin + length), whole[:, place_of])
    filled = np.array([[_last(row[: place + 1]) for place in range(len(row))] for row in whole])
    days = np.arange(FIRST - 3, FIRST + 14, dtype=np.int32)
    np.testing.assert_array_equal(table.newest_until(asked, days), filled)
    present = {unit: [day for other, day in expected if other == unit and expected[other, day] == expected[other, day]]
               for unit in asked}  # fmt: skip
    firsts = [FIRST + min(present[unit]) if present[unit] else np.inf for unit in asked]
    np.testing.assert_array_equal(table.first_days(asked), firsts)
    assert table.first_day() == (None if min(firsts) == np.inf else min(firsts))
    np.testing.assert_array_equal(part.first_days(asked, microseconds(moment(hours))), firsts)
    assert part.first_day(microseconds(moment(hours))) == table.first_day()


def _last(values: np.ndarray) -> float:
    known = values[~np.isnan(values)]
    return float(known[-1]) if len(known) else np.nan


WHO = st.sampled_from([("tests", "a"), ("tests", "b"), ("mobility", "a")])
REPORTS = st.lists(st.tuples(WHO, st.integers(0, 9), st.integers(0, 99)), max_size=90)
SPANS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 40)), max_size=6)


@given(REPORTS, SPANS, st.one_of(st.none(), st.integers(-1, 100)), st.integers(-1, 10))
def test_reports_and_coverage_at_a_moment(
    reports: list[tuple[tuple[str, str], int, int]], spans: list[tuple[int, int, int]], hours: int | None, day: int
) -> None:
    spans = [(min(begin, end), max(begin, end), issued) for begin, end, issued in spans]
    covered = Covered(
        Coverage("cases", START + timedelta(days=begin), START + timedelta(days=end), moment(issued))
        for begin, end, issued in spans
    )
    found = Reports({}, {}, covered)
    for key in {who for who, _, _ in reports}:
        own = sorted((about, microseconds(moment(issued))) for who, about, issued in reports if who == key)
        found.days[key] = np.array([FIRST + about for about, _ in own], dtype=np.int32)
        found.issued[key] = np.array([issued for _, issued in own], dtype=np.int64)
    known = found if hours is None else found.at(moment(hours))
    latest = 1000 if hours is None else hours
    own = [(about, issued) for who, about, issued in reports if who == ("tests", "a") and issued <= latest]
    newest = max((issued for about, issued in own if about <= day), default=None)
    assert known.newest_issue(["tests"], ["a"], FIRST + day) == _seconds(newest)
    for first in (day, day - 3):
        sent = any(first <= about <= day for about, _ in own)
        assert ("a" in known.units_about("tests", FIRST + first, FIRST + day)) == sent
    delivered = [(begin, issued) for begin, _, issued in spans if issued <= latest]
    begun = bool(delivered) and min(begin for begin, _ in delivered) <= day
    newest = max(issued for _, issued in delivered) if begun else None
    assert known.newest_issue(["cases"], [], FIRST + day) == _seconds(newest)
    days = covered.days("cases", FIRST - 1, FIRST + 10, known.moment)
    expected = [
        any(begin <= about <= end and issued <= latest for begin, end, issued in spans) for about in range(-1, 11)
    ]
    assert days.tolist() == expected


def _seconds(hours: int | None) -> float | None:
    return None if hours is None else moment(hours).timestamp()
